"""Reduced systems on compiled tiles: what NumPy's loops do, eight members at a time and on every core."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import cache
from ..functions import FUNCTIONS
from . import machine, routines
from .routines import Layout
from .trace import WIDTH

if TYPE_CHECKING:
    from ..solvers.problem import Problem
    from ..solvers.reduced import System
    from ..solvers.stepping import Setting

__all__ = ["Tile", "at_most", "newton_tile", "relaxed", "threads"]

_tiles: dict[Any, Tile] = {}


class Tile:
    """Loaded routines with the layout of their workspace."""

    def __init__(self, machine_code: machine.Machine, layout: Layout) -> None:
        self.machine, self.layout = machine_code, layout

    def row(self, name: str) -> int:
        return self.layout.first[name]

    def workspace(self, values: Mapping[str, Sequence[Any]]) -> Any:
        """A workspace with these rows, the same in all lanes; what differs by member is filled in later."""
        spare = np.zeros(self.layout.rows * WIDTH + WIDTH)
        shift = -(spare.ctypes.data // 8) % WIDTH  # rows begin where a vector register may load them
        w = spare[shift : shift + self.layout.rows * WIDTH]
        by_row = w.reshape(-1, WIDTH)
        for name, row_values in values.items():
            column = [np.nan if isinstance(value, np.ndarray) else value for value in row_values]
            by_row[self.row(name) : self.row(name) + len(column)] = np.array(column, float)[:, None]
        return w


def tile(
    kind: str, system: System, setting: Setting, layout: Layout, write: Callable[[], list[Any]], names: Any
) -> Tile:
    """The tile of this system, from memory, from disk, or compiled now."""
    key = (kind, id(system.kernel), system.key, setting)
    if key not in _tiles:
        _tiles[key] = Tile(machine.compiled(_stored_key(kind, system, setting), names, write), layout)
    return _tiles[key]


def _stored_key(kind: str, system: System, setting: Setting) -> str:
    """Key on disk, or "" if it is not to be kept.

    The generated source says all there is to say of a structure, also of one whose laws live outside the package, but
    not what a user's own functions do.
    """
    source = system.kernel.source
    if any(name in source for name, function in FUNCTIONS.items() if not function.ours):
        return ""
    return cache.digest(source, kind, system.key, setting)


def state_of(kind: str, system: System, setting: Setting) -> tuple[bool, bool]:
    """Whether a tile is loaded, and whether its machine code is on disk."""
    if (kind, id(system.kernel), system.key, setting) in _tiles:
        return True, True
    stored = _stored_key(kind, system, setting)
    return False, bool(stored) and machine.is_stored(stored)


def newton_tile(system: System, setting: Setting) -> Tile:
    layout = routines.newton_layout(system)
    return tile("newton", system, setting, layout, lambda: routines.newton_routines(system, setting), ("newton",))


def varying(first: int, values: Sequence[Any]) -> tuple[list[int], list[Any]]:
    """Rows and columns of the values that differ by member."""
    found = [(first + i, value) for i, value in enumerate(values) if isinstance(value, np.ndarray)]
    return [row for row, _ in found], [value for _, value in found]


def table(columns: Sequence[Any], members: int) -> Any:
    """Columns side by side, one row a member."""
    out = np.empty((members, len(columns)))
    for k, column in enumerate(columns):
        out[:, k] = column
    return out


_most: contextvars.ContextVar[int] = contextvars.ContextVar("most threads", default=0)


@contextlib.contextmanager
def at_most(number: int) -> Iterator[None]:
    """No more threads than these, for callers that use the cores themselves."""
    before = _most.set(number)
    try:
        yield
    finally:
        _most.reset(before)


def threads(members: int, smallest: int) -> int:
    """How many threads are worth it."""
    return max(1, min(_most.get() or cores(), members // smallest))


@functools.cache
def cores() -> int:
    """Cores that this process may use: ``MITOCHEM_THREADS`` of them, if it says how many."""
    given = os.environ.get("MITOCHEM_THREADS", "")
    if given.isdigit() and int(given):
        return int(given)
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def in_threads(work: Callable[[int, int], None], members: int, smallest: int, multiple: int = 1) -> None:
    """Run ``work(first, last)`` over consecutive parts of the members, on several cores if it is worth it."""
    count = threads(members, smallest)
    edges = [min(members, -(-members * i // (count * multiple)) * multiple) for i in range(count + 1)]
    parts = [(a, b) for a, b in itertools.pairwise(edges) if b > a]
    if len(parts) <= 1:
        for a, b in parts:
            work(a, b)
        return
    for future in [_pool(os.getpid()).submit(work, a, b) for a, b in parts]:
        future.result()


@functools.cache
def _pool(process: int) -> ThreadPoolExecutor:
    """Threads kept between calls: starting them takes longer than many a sweep. A forked process has its own."""
    return ThreadPoolExecutor(cores(), thread_name_prefix="mitochem")


BLOCK = 64
"""Points that a continuation follows in a row; the same for every number of threads, so that results are too."""


def relaxed(problem: Problem, continuation: bool = False) -> tuple[Any, Any]:
    """Steady states of all points, shape (independent state, point), and which converged."""
    from ..solvers.newton import FIRST_STEP, LONGEST_STEP, MAX_STEPS, SHORTEST_STEP
    from .relax import Pace, Task, relax

    system, clock = problem.system, problem.setting.per_minute
    t = newton_tile(system, problem.setting)
    constants, upper, z = problem.constants.flat(), problem.upper(), problem.independent_start()
    rows, columns = varying(t.row("constants"), constants)
    more_rows, more_columns = varying(t.row("upper"), upper)
    where = np.array(rows + more_rows, dtype=np.int64)
    data = table(columns + more_columns, problem.size)
    start = table(z, problem.size if any(isinstance(v, np.ndarray) for v in z) else 1)
    out, steps = np.empty((problem.size, len(z))), np.zeros(problem.size, np.int64)
    block = BLOCK if continuation else 1
    pace = Pace(FIRST_STEP * clock, LONGEST_STEP * clock, SHORTEST_STEP * clock, MAX_STEPS)
    address, tau, done = t.machine.address["newton"], t.row("tau"), t.row("done")

    def work(first: int, last: int) -> None:
        own = start if len(start) == 1 else start[first:last]
        task = Task(where, data[first:last], own, block, out[first:last], steps[first:last])
        relax(address, t.workspace({"constants": constants, "upper": upper}), tau, done, task, pace)

    in_threads(work, problem.size, 1000, block)
    return out.T, steps > 0
