"""The Dataset of time courses that were solved together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..dataset import assembled, provenance, variables
from ..errors import ParameterError
from ..solvers.courses import Course, Stretch, march_members, quantities
from ..solvers.integrate import sample_times
from ..solvers.marching import FINISHED
from ..solvers.reduced import conserved

if TYPE_CHECKING:
    import xarray

    from ..batch import Batch
    from ..model import Model
    from ..schedule import Schedule
    from ..solvers.integrate import Tolerances

__all__ = ["simulated"]


def simulated(
    model: Model,
    plan: Schedule,
    batch: Batch,
    held: Collection[str],
    samples: Any,
    tolerances: Tolerances,
    names: Sequence[str],
) -> xarray.Dataset | None:
    """All members of a batch through the segments of a plan; None if one of them did not get to the end."""
    states = list(model.program.states)
    indices = [i for i, name in enumerate(states) if name in held]

    def grid(clock: Any, duration: float) -> Any:
        return sample_times(float(clock[0]), duration, samples)

    columns = {k: v for k, v in batch.columns.items() if k in model.values or k in model.program.states}
    course = march_members(model, plan.member(batch.columns), columns, batch.size, indices, grid, tolerances)
    if (course.status != FINISHED).any():
        return None
    for stretch in course.stretches:
        _cut(stretch)
    times = _joined_times(course)
    lengths = [len(stretch.times) for stretch in course.stretches]
    data = variables(model, _joined(model, course, names), (*batch.dims, "time"), (*batch.shape, len(times)), names)
    for address in plan.changed():
        parts = [np.broadcast_to(_column(s.values[address]), s.z.shape[:2]) for s in course.stretches]
        joined = np.concatenate(parts, axis=1).reshape(*batch.shape, -1)
        same = bool((joined == joined.reshape(-1, len(times))[0]).all())
        attrs = {"units": model.declared(address).unit, "long_name": address}
        first = joined.reshape(-1, len(times))[0]
        data[address] = ("time", first, attrs) if same else ((*batch.dims, "time"), joined, attrs)
    labels = np.repeat([stretch.label for stretch in course.stretches], lengths)
    coordinates = {
        "time": ("time", times, {"units": model.time_unit, "long_name": "time", "symbol": "t"}),
        "segment": ("time", labels.astype(str), {"long_name": "what was done last"}),
    }
    first_of = np.cumsum([0, *lengths[:-1]])
    attrs = provenance(
        model,
        calculation="simulate",
        rtol=tolerances.rtol,
        atol=list(tolerances.atol),
        clamped=[states[i] for i in indices],
        conserved=[_totals(model, stretch) for stretch in course.stretches],
        additions=[float(times[i]) for i in first_of[1:]],
        solver="Rodas5P, compiled, exact Jacobian, restarted at every addition",
    )
    return assembled(data, coordinates | batch.labels, attrs)


def _cut(stretch: Stretch) -> None:
    """End a stretch where it stopped: earlier than planned if something was waited for."""
    stop = stretch.stops[0]
    if (stretch.stops != stop).any():
        raise ParameterError("wait_until ends at different times for different members; run them one by one.")
    if stretch.times[-1] == stop:
        stretch.z[:, -1] = stretch.final
        return
    inside = stretch.times < stop
    stretch.times = np.append(stretch.times[inside], stop)
    stretch.z = np.concatenate([stretch.z[:, inside], stretch.final[:, None]], axis=1)


def _joined_times(course: Course) -> Any:
    """Times of all stretches; the later side of an addition stands at the next larger number."""
    parts: list[Any] = []
    for stretch in course.stretches:
        times = stretch.times.copy()
        if parts and times[0] <= parts[-1][-1]:
            times[0] = np.nextafter(parts[-1][-1], np.inf)
        parts.append(times)
    return np.concatenate(parts)


def _joined(model: Model, course: Course, names: Sequence[str]) -> dict[str, Any]:
    """Values by name, flat over (member, time); a float where neither a state nor an addition changes it."""
    moving = [name for name in names if name not in model.program.still]
    along = [quantities(model, stretch, moving) for stretch in course.stretches] if moving else []
    joined = np.concatenate(along, axis=1) if moving else None
    found = {name: joined[:, :, k].ravel() for k, name in enumerate(moving)} if joined is not None else {}
    if len(found) < len(names):
        found |= _still(model, course, [name for name in names if name not in found])
    return found


def _still(model: Model, course: Course, names: Sequence[str]) -> dict[str, Any]:
    """What no state reaches: a float if no addition and no condition changes it either."""
    found = []
    for stretch in course.stretches:
        y = [_first(value) for value in stretch.start.values()]
        with np.errstate(all="ignore"):
            found.append(model.kernel.reported(y, stretch.constants.model))
    out: dict[str, Any] = {}
    for name in names:
        values = [values[name] for values in found]
        if all(not np.ndim(value) and value == values[0] for value in values):
            out[name] = float(values[0])
        else:
            parts = [np.broadcast_to(_column(v), s.z.shape[:2]) for v, s in zip(values, course.stretches)]
            whole = np.concatenate(parts, axis=1)
            out[name] = whole.ravel() if (whole != whole[0, 0]).any() else float(whole[0, 0])
    return out


def _column(value: Any) -> Any:
    return np.reshape(value, (-1, 1))


def _first(value: Any) -> float:
    return float(np.ravel(value)[0])


def _totals(model: Model, stretch: Stretch) -> dict[str, float]:
    point = {name: _first(value) for name, value in stretch.start.items()}
    return {law.name: float(law.total(point)) for law in conserved(model)}
