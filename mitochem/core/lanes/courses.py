"""Segments of many members on compiled tiles, their quantities, and where points get to in a long time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..solvers.marching import MAX_STEPS, Members
from ..solvers.reduced import System, picked, reduce
from . import routines, tiles
from .tiles import Tile, in_threads, table, tile, varying

if TYPE_CHECKING:
    from ..model import Model
    from ..schedule import Segment
    from ..solvers.problem import Problem
    from ..solvers.stepping import Setting

__all__ = ["march_segment", "quantities", "settled", "state_of", "state_of_newton"]


def march_segment(
    model: Model, system: System, setting: Setting, segment: Segment, flat: list[Any], arrays: Members, times: Any,
    tolerances: tuple[float, float], together: bool,
) -> None:  # fmt: skip
    """March members through a segment, on every core; arguments as in `solvers.marching.march`."""
    t = time_tile(system, setting, model, segment.until[0] if segment.until else "")
    rows, columns = varying(t.row("constants"), flat)
    where, count = np.array(rows, dtype=np.int64), len(arrays.start)
    fixed: dict[str, list[Any]] = {"constants": flat, "rtol": [tolerances[0]], "atol": [tolerances[1]]}
    if segment.until:
        fixed["level"] = [segment.until[2]]
    direction = -1.0 if segment.until and segment.until[1] == "<" else 1.0
    own = arrays._replace(data=table(columns, count))
    _in_parts(t, fixed, where, own, times, count if together else 64, together=together, direction=direction)


def _in_parts(
    t: Tile, fixed: Mapping[str, list[Any]], where: Any, arrays: Sequence[Any], times: Any, smallest: int, *,
    together: bool = False, direction: float = 1.0,
) -> None:  # fmt: skip
    """March members, given as the arrays of `march.Members`, on every core."""
    from . import march as drive

    at = drive.Rows(*(t.row(name) for name in drive.Rows._fields))
    addresses = drive.Addresses(*(t.machine.address.get(name, 0) for name in drive.Addresses._fields))

    def work(first: int, last: int) -> None:
        own = Members(*(array[first:last] for array in arrays))
        drive.march(addresses, t.workspace(fixed), at, where, own, times, together, direction, MAX_STEPS)

    in_threads(work, len(arrays[0]), smallest)


def settled(problem: Problem, points: Any, duration: float, rtol: float) -> tuple[Any, Any, Any]:
    """Where some points of a problem get to in a long time: states (point, state), when they stopped, and status."""
    system, setting = problem.system, problem.setting
    t = time_tile(system, setting, problem.model, "")
    flat = picked(problem.constants.flat(), points)
    rows, columns = varying(t.row("constants"), flat)
    count = len(points)
    start = table(picked(problem.independent_start(), points), count)
    arrays = Members(
        start, np.zeros(count), np.full(count, duration), np.empty((count, 0, start.shape[1])),
        np.full_like(start, np.nan), np.zeros(count), np.zeros(count, np.int64), np.zeros(count, np.int64),
        table(columns, count),
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


def quantities(model: Model, system: System, setting: Setting, flat: list[Any], z: Any, names: Sequence[str]) -> Any:
    """States and quantities along courses ``z`` (member, time, state), shape (member, time, name)."""
    from . import march as drive

    layout = routines.quantity_layout(system, len(names))
    states = tuple(model.program.states)
    t = tile(
        "quantities:" + ",".join(names), system, setting, layout,
        lambda: routines.quantity_routines(system, states, names), ("quantities",),
    )  # fmt: skip
    rows, columns = varying(t.row("constants"), flat)
    members, times = z.shape[:2]
    data = table(columns, members)
    where = np.array(rows, dtype=np.int64)
    out = np.empty((members, times, len(names)))

    def work(first: int, last: int) -> None:
        w = t.workspace({"constants": flat})
        address = t.machine.address["quantities"]
        drive.evaluate(address, w, where, data[first:last], z[first:last], t.row("quantities"), out[first:last])

    in_threads(work, members, 64)
    return out
