"""Forward sensitivities of time courses: how every quantity moves with a parameter, at every time.

Each parameter is moved a little up and down, and the two runs are solved side by side with one common sequence of
steps. What the steps leave of an error is then the same in both and falls out of their difference, so that the result
is as exact as the runs themselves.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import names_in
from ..dataset import assembled, attributes, outputs_of, provenance
from ..errors import ParameterError, SolveError
from ..lanes.trace import WIDTH
from ..library import with_drugs_of
from ..protocol import Protocol
from ..schedule import Segment, schedule
from . import backend
from .integrate import Tolerances, integrate, sample_times

if TYPE_CHECKING:
    import xarray

    from ..model import Model

__all__ = ["sensitivities"]

STEP = 1e-4
"""Relative change of a parameter: its square, the error of a central difference, is as small as a solver's."""

PAIRS = WIDTH // 2
"""Parameters of a tile, whose lanes share their steps."""


def sensitivities(
    model: Model,
    parameters: Sequence[str],
    protocol: Protocol | None = None,
    t_end: float | None = None,
    *,
    conditions: Mapping[str, float] | None = None,
    outputs: Sequence[str] | None = None,
    clamped: Sequence[str] = (),
    samples: int | Sequence[float] = 200,
    scaled: bool = False,
    rtol: float = 1e-8,
    solver: str = "auto",
) -> xarray.Dataset:
    """d(quantity)/d(parameter) along a run.

    Parameters
    ----------
    model : Model
    parameters : sequence of str
        Parameters by address, or states whose start values are meant.
    protocol, t_end, conditions, clamped, samples, rtol
        The run, as in `simulate`; conditions are single numbers here.
    outputs : sequence of str, optional
        Names of the states and quantities wanted; by default all.
    scaled : bool
        Per relative change of the parameter (unit of the quantity) rather than per unit of it.
    solver : {"auto", "rosenbrock", "lsoda"}
        Compiled where numba is installed; else SciPy, at a tighter tolerance since its steps are not shared.

    Returns
    -------
    Dataset
        Every quantity over (parameter, time).

    Raises
    ------
    ParameterError
        If a name or a value is not possible, or the protocol waits for an event, whose time would move too.
    SolveError
        If one of the runs fails.
    """
    parameters = names_in([parameters] if isinstance(parameters, str) else parameters, "parameters")
    if not len(parameters):
        raise ParameterError("parameters is empty; it names those to move, such as ['leak.amplitude'].")
    protocol = protocol if isinstance(protocol, Protocol) else Protocol(protocol or ())
    plan = schedule(with_drugs_of(model, [*parameters, *(conditions or {})]), protocol, t_end)
    if any(segment.until for segment in plan.segments):
        raise ParameterError("sensitivities need fixed times: the time at which a wait_until ends would move too.")
    if plan.columns():
        raise ParameterError("sensitivities follow one run at a time; the protocol has an array in it.")
    model = plan.model.release(*plan.model.held("steady_state")) if protocol.closed else plan.model
    model = model.replace({name: model.check(name, value) for name, value in (conditions or {}).items()})
    addresses = [model.find(name)[1] for name in parameters]
    held = {*model.held("simulate"), *(model.state(name) for name in clamped)}
    run = _Runs(model, plan.segments, held, samples, outputs_of(model, outputs))
    method = backend.for_sensitivities(solver)
    solve = run.compiled if method == "compiled" else run.one_by_one
    slopes, spans = _slopes(model, addresses, solve, rtol)
    if scaled:
        slopes = slopes * np.array([model[a] for a in addresses])[:, None, None]
    return run.dataset(addresses, slopes, scaled, method, rtol, spans)


def _slopes(model: Model, addresses: list[str], solve: Any, rtol: float) -> tuple[Any, list[float]]:
    """Central differences, shape (parameter, time, quantity), and the steps taken."""
    pairs = [_moved(model, address) for address in addresses]
    parts = []
    for first in range(0, len(pairs), PAIRS):
        group = list(zip(addresses[first : first + PAIRS], pairs[first : first + PAIRS]))
        members = [(address, value) for address, pair in group for value in pair]
        values = solve(members, rtol)
        span = np.array([high - low for _, (low, high) in group])
        with np.errstate(invalid="ignore"):  # an affinity without reactants is infinite before and after
            parts.append((values[1::2] - values[0::2]) / span[:, None, None])
    return np.concatenate(parts), [high - low for low, high in pairs]


def _moved(model: Model, address: str) -> tuple[float, float]:
    """A parameter a little lower and a little higher, inside its bounds."""
    value = float(model[address])
    step = STEP * abs(value) or STEP
    declared = model.declared(address)
    low, high = declared.options["bounds"] if hasattr(declared, "options") else declared.bounds
    below = value - step if low is None or value - step >= low else value
    above = value + step if high is None or value + step <= high else value
    return below, above


@dataclasses.dataclass
class _Runs:
    """The run whose parameters are moved."""

    model: Model
    segments: tuple[Segment, ...]
    held: set[str]
    samples: Any
    names: tuple[str, ...]

    @property
    def indices(self) -> list[int]:
        return [i for i, name in enumerate(self.model.program.states) if name in self.held]

    def grid(self, clock: Any, duration: float) -> Any:
        return sample_times(float(np.ravel(clock)[0]), duration, self.samples)

    def times(self) -> list[Any]:
        parts, t = [], 0.0
        for segment in self.segments:
            if segment.duration:
                parts.append(self.grid(t, segment.duration))
                t += segment.duration
        return parts

    def compiled(self, members: list[tuple[str, float]], rtol: float) -> Any:
        """Values of all members, shape (member, time, quantity), solved with common steps."""
        from .courses import march_members, quantities
        from .marching import FINISHED, STATUS

        columns: dict[str, Any] = {}
        for i, (address, value) in enumerate(members):
            columns.setdefault(address, np.full(len(members), float(self.model[address])))[i] = value
        tolerances = Tolerances(self.model, rtol, rtol / 100)
        course = march_members(
            self.model, self.segments, columns, len(members), self.indices, self.grid, tolerances, together=True
        )
        if (course.status != FINISHED).any():
            raise SolveError(f"the run fails near these parameters: {STATUS[course.status.max()]}.")
        for stretch in course.stretches:
            stretch.z[:, -1] = stretch.final
        return np.concatenate([quantities(self.model, s, self.names) for s in course.stretches], axis=1)

    def one_by_one(self, members: list[tuple[str, float]], rtol: float) -> Any:
        """The same with SciPy, at a tolerance that leaves the differences meaning something."""
        return np.stack([self._scipy(self.model.replace({a: v}), min(rtol, 1e-11)) for a, v in members])

    def _scipy(self, model: Model, rtol: float) -> Any:
        names, t = list(model.program.states), 0.0
        y = np.array([model.initial[name] for name in names])
        tolerances, parts = Tolerances(model, rtol, rtol / 100), []
        for segment in self.segments:
            model, y = segment.begun(model, y)
            if not segment.duration:
                continue
            times, states, failure = integrate(model, y, t, segment, self.indices, self.samples, tolerances)
            if failure:
                raise SolveError(failure)
            with np.errstate(all="ignore"):  # an affinity without reactants is infinite, as in every result
                found = model.program.run(model.components, dict(zip(names, states)))
            parts.append(np.stack([np.broadcast_to(found[n], times.shape) for n in self.names], axis=1))
            t, y = float(times[-1]), states[:, -1].copy()
        return np.concatenate(parts)

    def dataset(
        self, addresses: list[str], slopes: Any, scaled: bool, method: str, rtol: float, spans: list[float]
    ) -> xarray.Dataset:
        times = self.times()
        for before, after in itertools.pairwise(times):
            after[0] = np.nextafter(before[-1], np.inf)
        labels = np.repeat([s.label for s in self.segments if s.duration], [len(t) for t in times])
        data = {}
        for k, name in enumerate(self.names):
            facts = attributes(self.model, name)
            unit = facts.get("units", "1")
            facts["units"] = unit if scaled else f"{unit} per unit of the parameter"
            facts["long_name"] = f"change of {facts.get('long_name', name)}"
            data[name] = (("parameter", "time"), slopes[:, :, k], facts)
        coordinates = {
            "parameter": ("parameter", np.array(addresses, dtype=str), {"long_name": "what is moved"}),
            "unit": ("parameter", np.array([self.model.declared(a).unit for a in addresses], dtype=str)),
            "time": ("time", np.concatenate(times), {"units": self.model.time_unit, "long_name": "time"}),
            "segment": ("time", labels.astype(str), {"long_name": "what was done last"}),
        }
        how = "Rodas5P, compiled, common steps" if method == "compiled" else "LSODA, one by one"
        attrs = provenance(self.model, calculation="sensitivities", solver=how, rtol=rtol, moved=spans)
        return assembled(data, coordinates, attrs)
