"""Time courses of many members on compiled tiles: one march per segment, every addition made for all at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..solvers.problem import totals
from ..solvers.reduced import Constants, System, distinct, picked, reduce
from . import routines, tiles
from .tiles import Tile, in_threads, table, tile, varying

if TYPE_CHECKING:
    from ..model import Model
    from ..schedule import Segment
    from ..solvers.integrate import Tolerances
    from ..solvers.problem import Problem
    from ..solvers.stepping import Setting

__all__ = ["Course", "Stretch", "march_members", "quantities", "values_at"]

MAX_STEPS = 1_000_000


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
    """Everything the members went through; ``status`` says why one went no further (see `drive.STATUS`)."""

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
        Solve up to eight members with one common sequence of steps.

    Members that fail or leave their bounds stop there: the rest of their states is NaN.
    """
    from . import march as drive

    setting = model.setting
    values = model.values | {k: v for k, v in columns.items() if k in model.values}
    y: list[Any] = [columns.get(name, value) for name, value in model.initial.items()]
    course = Course([], np.full(members, drive.FINISHED), np.zeros(members, np.int64))
    clock = np.zeros(members)
    for segment in segments:
        y, values = _changed(model, segment, y, values)
        if segment.duration == 0:
            continue
        stretch = _stretch(model, segment, y, values, held, grid(clock, segment.duration))
        _march(model, setting, stretch, segment, members, clock, tolerances, course, together)
        course.stretches.append(stretch)
        whole = stretch.system.whole(list(stretch.final.T), stretch.constants)
        y = [value if i in held else whole[i] for i, value in enumerate(y)]
        clock = stretch.stops.copy()
    return course


def _changed(model: Model, segment: Segment, y: list[Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """States and parameters after what is done at the start of a segment."""
    states = list(model.program.states)
    y, values = list(y), dict(values)
    for change in segment.changes:
        if change.target in states:
            i = states.index(change.target)
            y[i] = model.check(change.target, change.applied(y[i]))
        else:
            values[change.target] = change.applied(values[change.target])
    return y, values


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
    model: Model, setting: Setting, stretch: Stretch, segment: Segment, members: int, clock: Any,
    tolerances: Tolerances, course: Course, together: bool,
) -> None:  # fmt: skip
    """Solve one stretch for the members that are still going, on every core."""
    from . import march as drive

    system = stretch.system
    t = time_tile(system, setting, model, segment.until[0] if segment.until else "")
    flat = stretch.constants.flat()
    rows, columns = varying(t.row("constants"), flat)
    data, where = table(columns, members), np.array(rows, dtype=np.int64)
    start = table([stretch.start[name] for name in stretch.independent(model)], members)
    z = np.full((members, len(stretch.times), start.shape[1]), np.nan)
    final, stops = np.full_like(start, np.nan), clock.copy()
    ends = clock + segment.duration
    ended, taken = course.status.copy(), np.zeros(members, np.int64)
    going = np.flatnonzero(ended == drive.FINISHED)
    arrays = [data, start, clock, ends, z, final, stops, ended, taken]
    some = arrays if len(going) == members else [a[going] for a in arrays]
    fixed: dict[str, list[Any]] = {"constants": flat, "rtol": [tolerances.rtol], "atol": [tolerances.unit_atol]}
    if segment.until:
        fixed["level"] = [segment.until[2]]
    direction = -1.0 if segment.until and segment.until[1] == "<" else 1.0
    smallest = members if together else 64
    _in_parts(t, fixed, where, some, stretch.times, smallest, together=together, direction=direction)
    if some is not arrays:
        for array, part in zip(arrays[4:], some[4:]):
            array[going] = part
    if len(stretch.times):
        first = going[stretch.times[0] <= clock[going]]
        z[first, 0] = start[first]
    stretch.z, stretch.final, stretch.stops = z, final, stops
    course.steps += taken
    course.status[:] = np.where(ended == drive.EVENT, drive.FINISHED, ended)


def _in_parts(
    t: Tile, fixed: Mapping[str, list[Any]], where: Any, arrays: Sequence[Any], times: Any, smallest: int, *,
    together: bool = False, direction: float = 1.0,
) -> None:  # fmt: skip
    """March members, given as the arrays of `march.Members`, on every core."""
    from . import march as drive

    at = drive.Rows(*(t.row(name) for name in drive.Rows._fields))
    addresses = drive.Addresses(*(t.machine.address.get(name, 0) for name in drive.Addresses._fields))

    def work(first: int, last: int) -> None:
        own = drive.Members(*(array[first:last] for array in arrays))
        drive.march(addresses, t.workspace(fixed), at, where, own, times, together, direction, MAX_STEPS)

    in_threads(work, len(arrays[0]), smallest)


def settled(problem: Problem, points: Any, duration: float, rtol: float) -> tuple[Any, Any, Any]:
    """Where some points of a problem get to in a long time: states (point, state), when they stopped, and status."""
    from . import march as drive

    system, setting = problem.system, problem.setting
    t = time_tile(system, setting, problem.model, "")
    flat = picked(problem.constants.flat(), points)
    rows, columns = varying(t.row("constants"), flat)
    count = len(points)
    start = table(picked(problem.independent_start(), points), count)
    arrays = drive.Members(
        table(columns, count), start, np.zeros(count), np.full(count, duration), np.empty((count, 0, start.shape[1])),
        np.full_like(start, np.nan), np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64),
    )  # fmt: skip
    fixed: dict[str, list[Any]] = {"constants": flat, "rtol": [rtol], "atol": [rtol / 100]}
    _in_parts(t, fixed, np.array(rows, dtype=np.int64), arrays, np.empty(0), 8)
    return arrays.final, arrays.stops, arrays.status


def state_of(model: Model, segments: Sequence[Segment], held: Collection[str]) -> tuple[bool, bool]:
    """Whether the tiles that a plan needs are loaded, and whether they are on disk."""
    indices = [i for i, name in enumerate(model.program.states) if name in held]
    system, setting = reduce(model, indices)[0], model.setting
    kinds = {f"time:{segment.until[0] if segment.until else ''}" for segment in segments}
    found = [tiles.state_of(kind, system, setting) for kind in kinds]
    return all(loaded for loaded, _ in found), all(stored for _, stored in found)


def state_of_newton(model: Model, held: Collection[str]) -> tuple[bool, bool]:
    """The same of the tile that finds steady states."""
    indices = [i for i, name in enumerate(model.program.states) if name in held]
    return tiles.state_of("newton", reduce(model, indices)[0], model.setting)


def time_tile(system: System, setting: Setting, model: Model, watch: str) -> Tile:
    """The tile of the time routines, with a routine for a watched quantity."""
    layout = routines.time_layout(system)
    names = ["rates", "begin", "step", "dense", "advance"] + (["watch"] if watch else [])
    states = tuple(model.program.states)

    def write() -> list[Any]:
        made = routines.time_routines(system, setting)
        return [*made, routines.watch_routine(system, states, watch)] if watch else made

    return tile(f"time:{watch}", system, setting, layout, write, tuple(names))


def quantities(model: Model, stretch: Stretch, names: Sequence[str]) -> Any:
    """States and quantities along a stretch, shape (member, time, name)."""
    from . import march as drive

    system, setting = stretch.system, model.setting
    layout = routines.quantity_layout(system, len(names))
    states = tuple(model.program.states)
    t = tile(
        "quantities:" + ",".join(names), system, setting, layout,
        lambda: routines.quantity_routines(system, states, names), ("quantities",),
    )  # fmt: skip
    flat = stretch.constants.flat()
    rows, columns = varying(t.row("constants"), flat)
    members, times = stretch.z.shape[:2]
    data = table(columns, members)
    where = np.array(rows, dtype=np.int64)
    out = np.empty((members, times, len(names)))

    def work(first: int, last: int) -> None:
        w = t.workspace({"constants": flat})
        address = t.machine.address["quantities"]
        drive.evaluate(address, w, where, data[first:last], stretch.z[first:last], t.row("quantities"), out[first:last])

    in_threads(work, members, 64)
    return out


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
) -> tuple[Any, Course]:
    """States and quantities at ascending times, shape (member, time, name), NaN where a member did not get to.

    The time of an addition means just before it; the next larger number just after it. Other arguments as in
    `march_members`.
    """

    def grid(clock: Any, duration: float) -> Any:
        early = times >= clock.min() if not clock.any() else times > clock.min()
        return times[early & (times <= clock.max() + duration)]

    course = march_members(model, segments, columns, members, held, grid, tolerances, together)
    out = np.full((members, len(times), len(names)), np.nan)
    for stretch in course.stretches:
        if len(stretch.times) and stretch.z.shape[2]:
            found = quantities(model, stretch, names)
            first = int(np.searchsorted(times, stretch.times[0]))
            part = out[:, first : first + len(stretch.times)]
            there = ~np.isnan(stretch.z[:, :, 0])
            if there.all():
                part[:] = found
            else:
                part[there] = found[there]
    return out, course
