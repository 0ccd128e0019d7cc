"""Steady states with all that a linear analysis needs around them: exact slopes, conserved totals, scales."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import balance
from ..core.compile import Kernel, _Writer
from ..core.errors import ParameterError, nearest
from ..core.library import with_drugs_of
from ..core.model import Model
from ..core.steady_state import _problem, steady_state

if TYPE_CHECKING:
    import xarray

__all__ = ["Point", "slopes_of", "solved"]


class Slopes(Kernel):
    """Generated code of some quantities: ``rates`` are their values, ``jacobian`` their slopes with the states."""

    def at(self, states: Any, constants: Any) -> tuple[Any, Any]:
        """Values, shape (quantity,), and slopes, shape (quantity, state); infinite where a logarithm is."""
        y = np.asarray(states, float)[:, None]
        with np.errstate(all="ignore"):
            values = [float(np.ravel(v)[0]) for v in self._batched["rates"](y, constants)]
            entries = [float(np.ravel(v)[0]) for v in self._batched["jacobian"](y, constants)]
        slopes = np.zeros((len(values), len(y)))
        slopes[self.rows, self.columns] = entries
        return np.array(values), slopes


_memory: dict[Any, Slopes] = {}


@dataclasses.dataclass(frozen=True)
class Point:
    """One point of a model: parameter values, states, and what is free to move there.

    Attributes
    ----------
    free : ndarray of int
        Indices of the states that are free to move.
    scale : ndarray, shape (free,)
        Typical size of each free state.
    laws : ndarray, shape (law, free)
        Orthonormal conservation laws of the scaled free states.
    """

    model: Model
    states: Any
    free: Any
    scale: Any
    laws: Any

    @property
    def names(self) -> list[str]:
        """Names of the free states."""
        every = list(self.model.program.states)
        return [every[i] for i in self.free]

    def slope(self) -> Any:
        """Exact d(scaled rate)/d(scaled state) of the free states."""
        matrix = self.model.jacobian(dict(zip(self.model.program.states, map(float, self.states)))).values
        return matrix[np.ix_(self.free, self.free)] * (self.scale[None, :] / self.scale[:, None])

    def rates(self) -> Any:
        """Scaled rates of the free states."""
        kernel, values = self.model.kernel, self.model.values
        constants = kernel.prepare([values[a] for a in kernel.addresses])
        return np.array(kernel.rates(list(map(float, self.states)), constants))[self.free] / self.scale

    def stoichiometry(self) -> Any:
        """d(scaled rate)/d(flux) of the free states, shape (free, flux)."""
        program = self.model.program
        states = dict(zip(program.states, map(float, self.states)))
        return balance.state_response(program, self.model.components, states)[0][self.free] / self.scale[:, None]

    def directions(self) -> Any:
        """Orthonormal directions that the conservation laws leave free, shape (free, direction)."""
        if not len(self.laws):
            return np.eye(len(self.free))
        return np.linalg.svd(self.laws, full_matrices=True)[2][len(self.laws) :].T

    def quantities(self, names: Iterable[str]) -> tuple[Any, Any]:
        """Values of some quantities, and their slopes with the scaled free states, shape (quantity, free)."""
        names = tuple(names)
        kernel, values = slopes_of(self.model, names), self.model.values
        constants = kernel.prepare([values[a] for a in kernel.addresses])
        found, slopes = kernel.at(self.states, constants)
        return found, slopes[:, self.free] * self.scale


def solved(
    model: Model, conditions: Mapping[str, Any] | None = None, clamped: Sequence[str] = ()
) -> tuple[xarray.Dataset, list[Point | None]]:
    """Steady states under conditions, and the point of each; None where there is no steady state."""
    conditions = dict(conditions or {})
    model = with_drugs_of(model, conditions)
    ds = steady_state(model, conditions, clamped=clamped)
    problem = _problem(model, conditions, {}, clamped, "steady_state")
    template = ds["success"]
    columns = np.array([ds[name].broadcast_like(template).values.ravel() for name in model.program.states])
    points: list[Point | None] = []
    for i, good in enumerate(template.values.ravel()):
        laws = problem.laws[0 if len(problem.laws) == 1 else i]
        here = Point(problem.at(i), columns[:, i], problem.free, problem.scale, laws)
        points.append(here if good else None)
    return ds, points


def at_states(model: Model, states: Mapping[str, float], clamped: Sequence[str] = ()) -> Point:
    """The point of given states, at rest or not."""
    values = {name: float(states[name]) for name in model.program.states}
    problem = _problem(model, values, {}, clamped, "steady_state")
    return Point(model, np.array(list(values.values())), problem.free, problem.scale, problem.laws[0])


def from_dataset(model: Model, ds: xarray.Dataset) -> Point:
    """The point that a Dataset of one point describes, with the conditions it was calculated under."""
    missing = [name for name in model.program.states if name not in ds.variables]
    if missing:
        raise ParameterError(f"the Dataset has no {missing[0]!r}, a state of {model.name}.")
    size = max(ds[name].size for name in model.program.states)
    if size > 1:
        raise ParameterError(f"the Dataset holds {size} points where one is needed; choose one, as with ds.isel(...).")
    changed: dict[str, float] = {}
    conditions = json.loads(ds.attrs["conditions"]) if "conditions" in ds.attrs else {}
    addresses = {str(name) for name in ds.variables if "." in str(name)} | set(conditions)
    for address in sorted(addresses - set(model.program.states)):
        coordinate = address.replace(".", "_")
        known = [ds[n].values for n in (address, coordinate) if n in ds.variables]
        given = np.ravel(known[0] if known else conditions[address])
        if given.size != 1:
            raise ParameterError(f"which {address} the point of the Dataset belongs to is not in it.")
        changed[address] = float(given[0])
    model = with_drugs_of(model, changed)
    states = {name: float(np.ravel(ds[name].values)[0]) for name in model.program.states}
    if bad := [name for name, value in states.items() if not np.isfinite(value)]:
        raise ParameterError(f"{bad[0]} of the Dataset is not a number: the point has no steady state.")
    held = json.loads(ds.attrs["clamped"]) if "clamped" in ds.attrs else []
    return at_states(model.replace(changed), states, [n for n in held if n in model.program.states])


def slopes_of(model: Model, names: tuple[str, ...]) -> Slopes:
    """Compiled values of quantities and their exact slopes with all states, once per structure."""
    for name in names:
        if name not in model.statements:
            raise ParameterError(f"{model.name} has no quantity {name!r}." + nearest(name, model.statements))
    structure = (names, *((type(c), c.name, c.wiring) for c in model.components.values()))
    if structure not in _memory:
        _memory[structure] = Slopes(_source(model, names))
    return _memory[structure]


def _source(model: Model, names: tuple[str, ...]) -> str:
    from ..core.symbolic import chain_derivatives, read_equations

    equations = read_equations(model.program, model.components, names)
    derivatives, symbols = chain_derivatives(equations)
    entries = {
        (i, j): symbols[name, state]
        for i, name in enumerate(names)
        for j, state in enumerate(equations.states)
        if (name, state) in symbols
    }
    definitions = {equations.quantities[name]: expression for name, expression in equations.statements.items()}
    slopes = {s: derivatives[k] for k, s in symbols.items() if not s.is_number}
    writer = _Writer(equations)
    shared, constant = writer.eliminate(definitions | slopes)
    return writer.module(
        header=[
            f"ADDRESSES = {json.dumps(list(equations.parameters))}",
            f"ROWS = {[r for r, _ in entries]}",
            f"COLUMNS = {[c for _, c in entries]}",
        ],
        assignments=shared,
        constant=constant,
        outputs={"rates": [equations.quantities[n] for n in names], "jacobian": list(entries.values())},
    )
