"""The assembled model: immutable, made of components, able to explain and to solve itself."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from . import balance
from .arguments import names_in, one_of, options_in, pairs_in, text_in, time_unit_in
from .assembly import assemble
from .compile import Kernel, compiled
from .component import Component
from .declarations import CONTEXTS
from .door import match_shapes
from .errors import ModelError, ParameterError, SolveError, nearest
from .naming import Named
from .program import REPORTED, Program

if TYPE_CHECKING:
    import pandas
    import xarray

    from .protocol import Protocol
    from .solvers.stepping import Setting

__all__ = ["CONTEXTS", "Model"]

DEPENDENT = ("values", "_conservation_laws", "reference_keys", "drugged", "values_text")
"""What a model remembers of itself and a changed copy works out anew."""

STRUCTURAL = ("program", "components", "statements", "kernel", "_parts")
"""What follows from the structure, which a pickled model builds again."""


class Model(Named):
    """A set of components wired together by the names of their laws' arguments.

    Parameters
    ----------
    *components : Component
        Each with a name of its own; see ``component.named``.
    name : str
        What results call the model.
    description : str
        One line on what it is for.
    references : iterable of str
        Keys of the bibliography, besides those of the parameters.
    initial : mapping, optional
        Start values of states, in place of the declared ones.
    time_unit : str
        Unit of the model's clock: of every rate it declares, and of the waits of a protocol run on it.

    Raises
    ------
    ModelError
        If a name is unknown or provided twice, quantities need each other in a circle, or a flux
        does not conserve what its pools contain.
    """

    def __init__(
        self,
        *components: Component,
        name: str = "model",
        description: str = "",
        references: Iterable[str] = (),
        initial: Mapping[str, float] | None = None,
        time_unit: str = "min",
    ) -> None:
        self.program: Program = assemble(components)
        balance.check_balance(self.program)
        self.components: Mapping[str, Component] = MappingProxyType({c.name: c for c in components})
        self.name, self.description = text_in(name, "name", ModelError), text_in(description, "description", ModelError)
        self.references = tuple(names_in(references, "references", ModelError))
        self.time_unit = time_unit_in(time_unit)
        self._initial: dict[str, float] = {}
        self._holds: dict[str, bool] = {}
        self._parts: dict[str, dict[str, tuple[Component, Any]]] = {}
        self._set_initial(pairs_in(initial, "initial"))

    # --- names and values -------------------------------------------------------------------

    @property
    def initial(self) -> dict[str, float]:
        """Start value of every state."""
        declared = {name: float(law.options["initial"]) for name, (_, law) in self.program.states.items()}
        return declared | self._initial

    def __getitem__(self, name: str) -> Any:
        """Value of a parameter, by address or by its bare name if shared."""
        kind, address = self.find(name)
        return self.values[address] if kind == "parameter" else self.initial[address]

    # --- variations -------------------------------------------------------------------------

    def replace(self, values: Mapping[str, Any]) -> Model:
        """The same model with other parameter values (by address) or start values (by state)."""
        changed: dict[str, dict[str, Any]] = {}
        initial: dict[str, Any] = {}
        for name, value in pairs_in(values, "values").items():
            kind, address = self.find(name)
            if kind == "state":
                initial[address] = value
            else:
                owner, parameter = address.split(".")
                changed.setdefault(owner, {})[parameter] = value
        twin = self._twin()
        twin.components = MappingProxyType(
            {name: c.replace(**changed[name]) if name in changed else c for name, c in self.components.items()}
        )
        if initial:
            twin._initial = dict(self._initial)
            twin._set_initial(initial)
        return twin

    def _twin(self) -> Model:
        """A shallow copy: same structure, free to differ in values."""
        twin = object.__new__(Model)
        twin.__dict__.update(self.__dict__)
        for name in DEPENDENT:
            twin.__dict__.pop(name, None)
        return twin

    def _set_initial(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            kind, address = self.find(name)
            if kind != "state":
                raise ParameterError(f"{name!r} is a parameter, not a state with a start value.")
            self._initial[address] = self.check(name, value)

    def _rebuilt(self, components: Iterable[Component]) -> Model:
        components = tuple(components)
        twin = Model(
            *components,
            name=self.name,
            description=self.description,
            references=self.references,
            time_unit=self.time_unit,
        )
        twin._initial = {k: v for k, v in self._initial.items() if k in twin.program.states}
        twin._holds = {k: v for k, v in self._holds.items() if k in twin.program.states}
        return twin

    def with_component(self, *components: Component) -> Model:
        """The model with further components; one of the same name takes the old one's place."""
        # What is no component has no name, and is refused when the model is wired.
        merged = dict(self.components) | {getattr(c, "name", repr(c)): c for c in components}
        return self._rebuilt(merged.values())

    def without(self, *names: str) -> Model:
        """The model without the named components."""
        for name in names:
            if not isinstance(name, str) or name not in self.components:
                raise ModelError(f"{self.name} has no component {name!r}." + nearest(name, self.components))
        return self._rebuilt(c for n, c in self.components.items() if n not in names)

    def renamed(self, name: str) -> Model:
        """The model under another name."""
        twin = self._twin()
        twin.name = text_in(name, "name", ModelError)
        return twin

    def clamp(self, *states: str) -> Model:
        """The model with these states held at their start values in every solve."""
        return self._hold(states, True)

    def release(self, *states: str) -> Model:
        """The model with states free that are held by default, such as the oxygen of an open chamber."""
        return self._hold(states, False)

    def _hold(self, states: tuple[str, ...], held: bool) -> Model:
        twin = self._twin()
        twin._holds = self._holds | {self.state(name): held for name in states}
        return twin

    def held(self, context: str) -> tuple[str, ...]:
        """States that are inputs in ``"simulate"``, ``"steady_state"`` or ``"titrate"``."""
        one_of(context, "context", CONTEXTS)
        return tuple(
            name
            for name, (_, law) in self.program.states.items()
            if self._holds.get(name, context in law.options["held"])
        )

    # --- what it says of itself ---------------------------------------------------------------

    @property
    def parameters(self) -> pandas.DataFrame:
        """Table of parameters: value, unit, legal bounds, plausible range, status, source."""
        from .tables import parameter_table

        return parameter_table(self)

    @property
    def states(self) -> pandas.DataFrame:
        """Table of states: start value, unit, what it is."""
        from .tables import state_table

        return state_table(self)

    @property
    def fluxes(self) -> pandas.DataFrame:
        """Table of fluxes: unit, posts, whether driven by an affinity."""
        from .tables import flux_table

        return flux_table(self)

    def equations(self, name: str = "") -> Any:
        """The equations as SymPy, in named-statement form; one quantity, or all of them."""
        from .tables import equations

        return equations(self, name)

    @property
    def stoichiometry(self) -> xarray.DataArray:
        """Coefficients (pool, flux) at the present parameters and start values."""
        return balance.stoichiometry(self.program, self.components, self.program.run(self.components, self.initial))

    @property
    def reported(self) -> tuple[str, ...]:
        """States, then derived quantities, totals, factors, affinities and fluxes: what a result shows."""
        return (*self.program.states, *(s.name for s in self.program.statements if s.kind in REPORTED))

    def conservation_laws(self) -> balance.ConservationLaws:
        """Weighted sums of states that nothing in the model changes, by name."""
        return self._conservation_laws

    @functools.cached_property
    def _conservation_laws(self) -> balance.ConservationLaws:
        return balance.conservation_laws(self.program, self.components, self.initial)

    def evaluate(self, states: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every quantity at one point; states not given have their start value.

        The values of states may be arrays, and then so are the results.
        """
        point = self._point(states)
        try:
            with np.errstate(all="ignore"):
                values = self.program.run(self.components, point)
        except ZeroDivisionError as error:
            raise SolveError(f"{error}.") from None
        except ValueError:
            match_shapes("evaluate", **{**self.values, **point})
            raise
        return {k: v for k, v in values.items() if not k.startswith(("net_", "standard_affinity_"))}

    def _point(self, states: Mapping[str, Any] | None) -> dict[str, Any]:
        """Value of every state: those given, and the start values of the others."""
        return self.initial | {self.state(k): self.check(k, v) for k, v in pairs_in(states, "states").items()}

    @functools.cached_property
    def kernel(self) -> Kernel:
        """Compiled rates and exact Jacobian of this structure."""
        return compiled(self.program, self.components)

    def jacobian(self, states: Mapping[str, float] | None = None) -> xarray.DataArray:
        """Exact d(rate)/d(state) at one point, dims (rate, state)."""
        import xarray

        point = self._point(states)
        for name, value in point.items():
            if np.size(value) != 1:
                raise ParameterError(f"{name} has {np.size(value)} values; a Jacobian is of one point.")
        kernel, values = self.kernel, self.values
        constants = kernel.prepare([values[a] for a in kernel.addresses])
        matrix = np.zeros((len(point), len(point)))
        matrix[kernel.rows, kernel.columns] = kernel.jacobian([float(point[s]) for s in self.program.states], constants)
        names = list(self.program.states)
        return xarray.DataArray(matrix, {"rate": names, "state": names}, ("rate", "state"), name="jacobian")

    @property
    def setting(self) -> Setting:
        """What solvers need to know of the states: scales, bounds and the clock."""
        from .solvers.stepping import Setting

        return Setting.of(self)

    def _of_each(self, what: str, make: Callable[[Component], Any]) -> list[Any]:
        """What there is to say of every component, remembered for the copies of this model that share it."""
        known = self._parts.setdefault(what, {})
        for name, item in self.components.items():
            if name not in known or known[name][0] is not item:
                known[name] = item, make(item)
        return [known[name][1] for name in self.components]

    @functools.cached_property
    def values_text(self) -> str:
        """Parameter values by address as JSON, for the provenance of results."""

        def told(item: Component) -> str:
            values = {
                f"{item.name}.{n}": v.tolist() if isinstance(v, np.ndarray) else v for n, v in item.values.items()
            }
            return json.dumps(values)[1:-1]

        return "{" + ", ".join(filter(None, self._of_each("values", told))) + "}"

    @functools.cached_property
    def drugged(self) -> dict[str, tuple[Component, Model]]:
        """Models made of this one by attaching a drug, so that a loop over doses assembles one once."""
        return {}

    @functools.cached_property
    def reference_keys(self) -> tuple[str, ...]:
        """Keys of all sources the model draws on."""
        from .bibliography import known
        from .library import source_of

        def keys(item: Component) -> list[str]:
            sources = [*(item.origin(name)[1] for name in item.declared_parameters), source_of(item)]
            return [key for source in sources for key in source.replace(",", " ").split() if key in known()]

        return tuple(dict.fromkeys([*self.references, *itertools.chain(*self._of_each("references", keys))]))

    def cite(self) -> str:
        """BibTeX of mitochem and of what this model actually uses."""
        from .bibliography import bibtex

        return bibtex(("mitochem", *self.reference_keys))

    # --- solving ------------------------------------------------------------------------------

    def simulate(self, protocol: Protocol | None = None, t_end: float | None = None, **options: Any) -> xarray.Dataset:
        """Run an experiment; see `mitochem.core.solvers.simulate.simulate` for the options."""
        from .solvers.simulate import simulate

        options_in(options, "simulate", simulate)
        return simulate(self, protocol, t_end, **options)

    def ensemble(
        self, parameters: Any = None, protocol: Any = None, t_end: float | None = None, **options: Any
    ) -> xarray.Dataset:
        """Run many members at once; see `mitochem.core.ensemble.ensemble` for tables, options and stores."""
        from .ensemble import ensemble

        options_in(options, "ensemble", ensemble)
        return ensemble(self, parameters, protocol, t_end, **options)

    def steady_state(self, conditions: Mapping[str, Any] | None = None, **options: Any) -> xarray.Dataset:
        """Steady states under conditions; see `mitochem.core.solvers.steady_state.steady_state`."""
        from .solvers.steady_state import steady_state

        options_in(options, "steady_state", steady_state)
        return steady_state(self, conditions, **options)

    def titrate(
        self, drug: str, doses: Any, conditions: Mapping[str, Any] | None = None, **options: Any
    ) -> xarray.Dataset:
        """Steady states along doses of a drug; see `mitochem.core.solvers.steady_state.titrate`."""
        from .solvers.steady_state import steady_state, titrate

        # Where a titration starts, and what it is, it says itself.
        options_in(options, "titrate", steady_state, without=("start", "context"))
        return titrate(self, drug, doses, conditions, **options)

    def sensitivities(
        self, parameters: Sequence[str], protocol: Protocol | None = None, t_end: float | None = None, **options: Any
    ) -> xarray.Dataset:
        """How a run moves with parameters; see `mitochem.core.solvers.sensitivities.sensitivities`."""
        from .solvers.sensitivities import sensitivities

        return sensitivities(self, parameters, protocol, t_end, **options)

    def linearise(self, at: Any = None, **options: Any) -> xarray.Dataset:
        """Eigenvalues, time constants and modes at a point; see `mitochem.analysis.linearise`."""
        from ..analysis import linearise

        return linearise(self, at, **options)

    # --- identity ------------------------------------------------------------------------------

    @property
    def per_minute(self) -> float:
        """Units of the model's clock in a minute."""
        return _units_in_a_minute(self.time_unit)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        mine = (self.name, dict(self.components), self.initial, self._holds, self.time_unit)
        return mine == (other.name, dict(other.components), other.initial, other._holds, other.time_unit)

    def __hash__(self) -> int:
        return hash((self.name, tuple(self.components.values())))

    def __reduce__(self) -> Any:
        facts = {k: v for k, v in vars(self).items() if k not in STRUCTURAL}
        for name in DEPENDENT:
            facts.pop(name, None)
        return _restored, (tuple(self.components.values()), facts)

    def __repr__(self) -> str:
        from .tables import model_text

        return model_text(self)

    def _repr_html_(self) -> str:
        from .tables import model_table

        return f"<b>{self.name}</b> {self.description}" + model_table(self).to_html(index=False)


@functools.cache
def _units_in_a_minute(time_unit: str) -> float:
    from .units import magnitude

    return 1.0 if time_unit == "min" else float(magnitude("1 min", time_unit, "time_unit"))


def _restored(components: tuple[Component, ...], facts: dict[str, Any]) -> Model:
    """A pickled model: wired again from its components."""
    model = Model(*components)
    vars(model).update(facts)
    return model
