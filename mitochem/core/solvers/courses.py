"""Time courses of many members: one march per segment, every addition made for all at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .marching import EVENT, FINISHED, Members, Watch, march
from .problem import totals
from .reduced import Constants, System, distinct, picked

if TYPE_CHECKING:
    from ..model import Model
    from ..schedule import Segment
    from .integrate import Tolerances

__all__ = ["Course", "Stretch", "march_members", "quantities", "values_at"]


@dataclasses.dataclass
class Stretch:
    """One segment of all members.

    Attributes
    ----------
    times
        Times of output.
    values, start
        Parameters that held, and states at the start; floats or arrays along the members.
    z
        Independent states at the times of output, shape (member, time, state).
    final, stops
        Independent states at the end, shape (member, state), and when that was.
    """

    label: str
    times: Any
    system: System
    constants: Constants
    values: dict[str, Any]
    start: dict[str, Any]
    z: Any = None
    final: Any = None
    stops: Any = None

    def independent(self, model: Model) -> list[str]:
        """Names of the states that were moved."""
        states = list(model.program.states)
        return [states[i] for i in self.system.independent]


@dataclasses.dataclass
class Course:
    """Everything the members went through; ``status`` says why one went no further (see `marching.STATUS`)."""

    stretches: list[Stretch]
    status: Any
    steps: Any


def march_members(
    model: Model,
    segments: Sequence[Segment],
    columns: Mapping[str, Any],
    members: int,
    held: Sequence[int],
    grid: Callable[[Any, float], Any],
    tolerances: Tolerances,
    together: bool = False,
    compiled: bool = True,
) -> Course:
    """Run all members through the segments.

    Parameters
    ----------
    segments
        With amounts that are floats or arrays along the members.
    columns
        Parameters by address and start values by state: floats, or arrays along the members.
    grid
        Output times of a segment, from the times at which the members start it and its length.
    together
        Solve the members (up to eight, compiled) with one common sequence of steps.
    compiled
        In tiles of machine code, or in NumPy.

    Members that fail or leave their bounds stop there: the rest of their states is NaN.
    """
    values = model.values | {k: v for k, v in columns.items() if k in model.values}
    y: list[Any] = [columns.get(name, value) for name, value in model.initial.items()]
    course = Course([], np.full(members, FINISHED), np.zeros(members, np.int64))
    clock = np.zeros(members)
    for segment in segments:
        y, values = segment.applied(model, _without_failed(y, course.status == FINISHED, model), values)
        if segment.duration == 0:
            continue
        stretch = _stretch(model, segment, y, values, held, grid(clock, segment.duration))
        _march(model, stretch, segment, members, clock, tolerances, course, together, compiled)
        course.stretches.append(stretch)
        whole = stretch.system.whole(list(stretch.final.T), stretch.constants)
        y = [value if i in held else whole[i] for i, value in enumerate(y)]
        clock = stretch.stops.copy()
    return course


def _without_failed(y: list[Any], going: Any, model: Model) -> list[Any]:
    """States with those of members that have failed set to what is possible: nothing is computed for them any more."""
    if going.all():
        return y
    usual = [value[going][0] if np.ndim(value) and going.any() else None for value in y]
    usual = [own if value is None else value for value, own in zip(usual, model.initial.values())]
    return [np.where(going, value, other) if np.ndim(value) else value for value, other in zip(y, usual)]


def _stretch(
    model: Model, segment: Segment, y: list[Any], values: dict[str, Any], held: Sequence[int], times: Any
) -> Stretch:
    kernel, own = model.kernel, model.values
    shaping = {a: values[a] for a in kernel.shaping if values[a] is not own[a]}
    system, ratios = distinct(model, held, shaping)
    constants = Constants(
        model=list(kernel.prepare([values[a] for a in kernel.addresses])),
        held=[y[i] for i in held],
        ratios=ratios,
        totals=totals(system, ratios, y),
    )
    return Stretch(segment.label, times, system, constants, values, dict(zip(model.program.states, y)))


def _march(
    model: Model, stretch: Stretch, segment: Segment, members: int, clock: Any, tolerances: Tolerances, course: Course,
    together: bool, compiled: bool,
) -> None:  # fmt: skip
    """Solve one stretch for the members that are still going."""
    system, setting, flat = stretch.system, model.setting, stretch.constants.flat()
    start = np.empty((members, len(system.independent)))
    for k, name in enumerate(stretch.independent(model)):
        start[:, k] = stretch.start[name]
    z = np.full((members, len(stretch.times), start.shape[1]), np.nan)
    every = Members(
        start, clock, clock + segment.duration, z, np.full_like(start, np.nan), clock.copy(), course.status.copy(),
        np.zeros(members, np.int64),
    )  # fmt: skip
    going = np.flatnonzero(course.status == FINISHED)
    some = every if len(going) == members else Members(*(a[going] for a in every[:-1]))  # data are for tiles
    own = flat if some is every else picked(flat, going)
    within = tolerances.rtol, tolerances.unit_atol
    if not len(going):
        pass
    elif compiled:
        from ..lanes.courses import march_segment

        march_segment(model, system, setting, segment, own, some, stretch.times, within, together)
    else:
        watch = watched(system, tuple(model.program.states), segment)
        march(system, setting, own, some, stretch.times, within, watch, together)
    if some is not every:
        for array, part in zip(every[3:-1], some[3:-1]):
            array[going] = part
    if len(stretch.times):
        first = going[stretch.times[0] == clock[going]]
        z[first, 0] = start[first]
    stretch.z, stretch.final, stretch.stops = z, every.final, every.stops
    course.steps += every.steps
    course.status[:] = np.where(every.status == EVENT, FINISHED, every.status)


def watched(system: System, states: Sequence[str], segment: Segment) -> Watch | None:
    """What a segment waits for, as a quantity less its level."""
    if not segment.until:
        return None
    name, sign, level = segment.until
    return Watch(lambda z, k: system.named(states, [name], z, k)[0] - level, -1.0 if sign == "<" else 1.0)


def quantities(model: Model, stretch: Stretch, names: Sequence[str], compiled: bool = True) -> Any:
    """States and quantities along a stretch, shape (member, time, name)."""
    flat = stretch.constants.flat()
    if compiled:
        from ..lanes import courses

        return courses.quantities(model, stretch.system, model.setting, flat, stretch.z, names)
    along = [value[:, None] if isinstance(value, np.ndarray) else value for value in flat]
    states, z = tuple(model.program.states), list(np.moveaxis(stretch.z, 2, 0))
    with np.errstate(all="ignore"):
        found = stretch.system.named(states, names, z, stretch.system.split(along))
    return np.stack([np.broadcast_to(value, stretch.z.shape[:2]) for value in found], axis=2)


def values_at(
    model: Model,
    segments: Sequence[Segment],
    columns: Mapping[str, Any],
    members: int,
    held: Sequence[int],
    times: Any,
    names: Sequence[str],
    tolerances: Tolerances,
    together: bool = False,
    compiled: bool = True,
) -> tuple[Any, Course]:
    """States and quantities at ascending times, shape (member, time, name), NaN where a member did not get to.

    The time of an addition means just before it; the next larger number just after it. Other arguments as in
    `march_members`.
    """

    def grid(clock: Any, duration: float) -> Any:
        early = times >= clock.min() if not clock.any() else times > clock.min()
        return times[early & (times <= clock.max() + duration)]

    course = march_members(model, segments, columns, members, held, grid, tolerances, together, compiled)
    out = np.full((members, len(times), len(names)), np.nan)
    for stretch in course.stretches:
        if len(stretch.times) and stretch.z.shape[2]:
            found = quantities(model, stretch, names, compiled)
            first = int(np.searchsorted(times, stretch.times[0]))
            part = out[:, first : first + len(stretch.times)]
            there = ~np.isnan(stretch.z[:, :, 0])
            if there.all():
                part[:] = found
            else:
                part[there] = found[there]
    return out, course
