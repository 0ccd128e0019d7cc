"""Loops around the routines of a model: eight members in a tile, a lane refilled as soon as its member ends.

They know nothing of any model: routines are called by address, and where the numbers of a tile lie is in its
layout. So they are compiled once on a machine. No lane ever looks at another, which makes a member's result the same
to the last bit in whatever company it is solved (but for `march` with ``together``, where all share one sequence of
steps on purpose).
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .. import cache

# Compiled loops go where our other compiled things are; what others compile stays where they want it.
_theirs = numba.config.CACHE_DIR
numba.config.CACHE_DIR = str(cache.folder() / "loops")

__all__ = ["RUNNING", "STATUS", "evaluate", "march", "relax"]

W = 8
RUNNING, FINISHED, TOO_SMALL, OUTSIDE, EVENT, TOO_MANY = range(6)
STATUS = ("running", "finished", "step too small", "outside its bounds", "event", "too many steps")


@intrinsic
def call(typingctx: Any, address: Any, workspace: Any) -> Any:  # pragma: no cover - runs inside the compiler
    """Run the routine at an address on a workspace."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        routine = ir.FunctionType(ir.VoidType(), [pointer]).as_pointer()
        builder.call(builder.inttoptr(arguments[0], routine), [builder.inttoptr(arguments[1], pointer)])
        return context.get_dummy_value()

    return types.void(types.int64, types.uint64), codegen


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def fill(w: Any, lane: int, data: Any, rows: Any, member: int) -> None:
    """Bring the inputs of a member into its lane."""
    for k in range(rows.size):
        w[rows[k] * W + lane] = data[member, k]


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def evaluate(routine: int, w: Any, rows: Any, data: Any, points: Any, first: int, out: Any) -> None:
    """Quantities along the time courses of many members.

    ``points`` holds states, shape (member, time, state), and ``out`` takes the quantities, shape (member, time,
    quantity), which the routine leaves from row ``first`` of the workspace.
    """
    members, times, size = points.shape
    for m in range(members):
        for lane in range(W):
            fill(w, lane, data, rows, m)
        for start in range(0, times, W):
            width = min(W, times - start)
            for lane in range(width):
                for i in range(size):
                    w[i * W + lane] = points[m, start + lane, i]
            call(routine, w.ctypes.data)
            for lane in range(width):
                for k in range(out.shape[2]):
                    out[m, start + lane, k] = w[(first + k) * W + lane]


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def relax(
    routine: int,
    w: Any,
    rows: Any,
    data: Any,
    size: int,
    tau_row: int,
    done_row: int,
    first_tau: float,
    later_tau: float,
    shortest: float,
    max_steps: int,
    block: int,
    start: Any,
    out: Any,
    steps: Any,
) -> None:
    """Steady states of many points; ``steps`` is negative where none was found.

    Each lane takes ``block`` points in a row; all but the first of a block start from the two before them.
    """
    points = out.shape[0]
    blocks = (points + block - 1) // block
    member = np.full(W, -1)
    last = np.zeros(W, np.int64)
    used = np.zeros(W, np.int64)
    warm = np.zeros(W, np.bool_)
    queue, active = 0, 0
    for lane in range(W):
        if queue < blocks:
            member[lane], last[lane] = queue * block, min((queue + 1) * block, points)
            queue += 1
            active += 1
            fill(w, lane, data, rows, member[lane])
            for i in range(size):
                w[i * W + lane] = start[member[lane] % start.shape[0], i]
            w[tau_row * W + lane] = first_tau
    while active:
        call(routine, w.ctypes.data)
        for lane in range(W):
            p = member[lane]
            if p < 0:
                continue
            used[lane] += 1
            done = w[done_row * W + lane] == 1.0
            stuck = not (w[tau_row * W + lane] > shortest) or used[lane] >= max_steps
            if not done and not stuck:
                continue
            if not done and warm[lane]:  # the neighbour was no help: again from the start
                warm[lane] = False
                used[lane] = 0
                for i in range(size):
                    w[i * W + lane] = start[p % start.shape[0], i]
                w[tau_row * W + lane] = first_tau
                continue
            for i in range(size):
                out[p, i] = w[i * W + lane]
            steps[p] = used[lane] if done else -used[lane]
            used[lane] = 0
            following = p + 1
            if following < last[lane]:
                warm[lane] = done
            elif queue < blocks:
                following, last[lane] = queue * block, min((queue + 1) * block, points)
                queue += 1
                warm[lane] = False
            else:
                member[lane] = -1
                active -= 1
                continue
            member[lane] = following
            fill(w, lane, data, rows, following)
            if warm[lane]:
                w[tau_row * W + lane] = later_tau
                if following - 2 >= last[lane] - block and steps[following - 2] > 0:
                    for i in range(size):
                        ahead = 2.0 * out[p, i] - out[p - 1, i]
                        # A straight line may leave the range of a state near its end.
                        if ahead * out[p, i] > 0.0:
                            w[i * W + lane] = ahead
            else:
                w[tau_row * W + lane] = first_tau
                for i in range(size):
                    w[i * W + lane] = start[following % start.shape[0], i]


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def interpolated(w: Any, lane: int, i: int, size: int, new: int, dense: int, theta: float) -> float:
    """A state at a fraction of the step."""
    before, after = w[i * W + lane], w[(new + i) * W + lane]
    d2 = w[(dense + i) * W + lane]
    d3 = w[(dense + size + i) * W + lane]
    d4 = w[(dense + 2 * size + i) * W + lane]
    return (1.0 - theta) * before + theta * (after + (1.0 - theta) * (d2 + theta * (d3 + theta * d4)))


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def watched(
    watch: int, w: Any, lane: int, size: int, new: int, dense: int, trial: int, gap: int, theta: float
) -> float:
    """The watched quantity, less its level, at a fraction of the step."""
    for i in range(size):
        w[(trial + i) * W + lane] = interpolated(w, lane, i, size, new, dense, theta)
    call(watch, w.ctypes.data)
    return w[gap * W + lane]


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def crossing(
    watch: int, w: Any, lane: int, size: int, new: int, dense: int, trial: int, gap: int, before: float
) -> float:
    """Fraction of the step at which the watched quantity reaches its level, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        value = watched(watch, w, lane, size, new, dense, trial, gap, middle)
        if (value > 0.0) == (before > 0.0) and value != 0.0:
            low = middle
        else:
            high = middle
        if high - low < 1e-15:
            break
    return high


@numba.njit(nogil=True, cache=True)  # type: ignore[untyped-decorator]
def march(
    begin: int,
    step: int,
    densify: int,
    watch: int,
    w: Any,
    layout: Any,
    rows: Any,
    data: Any,
    start: Any,
    begins: Any,
    ends: Any,
    times: Any,
    together: bool,
    direction: float,
    max_steps: int,
    out: Any,
    final: Any,
    stops: Any,
    status: Any,
    steps: Any,
) -> None:
    """Time courses of many members over one segment each.

    Parameters
    ----------
    begin, step, densify, watch
        Addresses of routines; ``watch`` is 0 if nothing is watched.
    w, layout
        Workspace and the first rows of: new, proposed, step, error_before, error, factor, inside, dense, trial, gap.
    rows, data
        Rows of the workspace that differ by member, and their values (member, row).
    start, final
        States at the start and at the end, shape (member, state).
    begins, ends, stops
        Times of each member's segment, and where it stopped.
    times, out
        Output times, the same for all, and states there, shape (member, time, state); only those inside a
        member's segment are written.
    together
        Solve up to eight members with one common sequence of steps.
    direction
        Sign of the change of the watched quantity that counts.
    """
    new, proposed, h_row, before_row = layout[0], layout[1], layout[2], layout[3]
    error_row, factor_row, inside_row = layout[4], layout[5], layout[6]
    dense, trial, gap_row = layout[7], layout[8], layout[9]
    members, size = start.shape
    member = np.full(W, -1)
    fresh = np.zeros(W, np.bool_)
    t = np.zeros(W)
    gap = np.zeros(W)
    upcoming = np.zeros(W, np.int64)
    queue, active = 0, 0
    while True:
        any_fresh = False
        for lane in range(W):
            if member[lane] < 0 and queue < members:
                m = queue
                queue += 1
                active += 1
                member[lane], fresh[lane], any_fresh = m, True, True
                fill(w, lane, data, rows, m)
                for i in range(size):
                    w[i * W + lane] = start[m, i]
                t[lane] = begins[m]
                upcoming[lane] = np.searchsorted(times, begins[m], side="right")
                w[before_row * W + lane] = 1.0
                steps[m] = 0
        if not active:
            return
        if any_fresh:
            call(begin, w.ctypes.data)
            shared = np.inf
            for lane in range(W):
                if fresh[lane]:
                    w[h_row * W + lane] = w[proposed * W + lane]
                    shared = min(shared, w[proposed * W + lane])
            if together:
                for lane in range(W):
                    w[h_row * W + lane] = shared
            if watch:
                for lane in range(W):
                    if fresh[lane]:
                        for i in range(size):
                            w[(trial + i) * W + lane] = w[i * W + lane]
                call(watch, w.ctypes.data)
                for lane in range(W):
                    if fresh[lane]:
                        gap[lane] = w[gap_row * W + lane]
            fresh[:] = False
        for lane in range(W):
            if member[lane] >= 0:
                left = ends[member[lane]] - t[lane]
                h = w[h_row * W + lane]
                if h * 1.000001 >= left:
                    w[h_row * W + lane] = left
                elif h * 2.0 > left:  # two even steps rather than a long and a tiny one
                    w[h_row * W + lane] = 0.5 * left
        call(step, w.ctypes.data)
        if together:
            worst, slowest = 0.0, np.inf
            for lane in range(W):
                if member[lane] >= 0:
                    error = w[error_row * W + lane]
                    worst = error if not (error <= worst) else worst
                    slowest = min(slowest, w[factor_row * W + lane])
            for lane in range(W):
                w[error_row * W + lane] = worst
                w[factor_row * W + lane] = slowest
        wanted = False
        for lane in range(W):
            m = member[lane]
            if m >= 0 and w[error_row * W + lane] <= 1.0:
                after = t[lane] + w[h_row * W + lane]
                if upcoming[lane] < times.size and times[upcoming[lane]] <= after:
                    wanted = True
        if wanted or watch:
            call(densify, w.ctypes.data)
        if watch:
            for lane in range(W):
                if member[lane] >= 0:
                    for i in range(size):
                        w[(trial + i) * W + lane] = w[(new + i) * W + lane]
            call(watch, w.ctypes.data)
        gaps = w[gap_row * W : gap_row * W + W].copy()
        for lane in range(W):
            m = member[lane]
            if m < 0:
                continue
            steps[m] += 1
            h = w[h_row * W + lane]
            error, factor = w[error_row * W + lane], w[factor_row * W + lane]
            state = RUNNING
            if error <= 1.0:
                after = t[lane] + h
                fraction = 1.0
                if not after < ends[m]:
                    after, state = ends[m], FINISHED
                if watch and gap[lane] * direction < 0.0 and gaps[lane] * direction >= 0.0:
                    fraction = crossing(watch, w, lane, size, new, dense, trial, gap_row, gap[lane])
                    after, state = t[lane] + fraction * h, EVENT
                elif w[inside_row * W + lane] != 1.0:
                    state = OUTSIDE
                if watch:
                    gap[lane] = gaps[lane]
                while upcoming[lane] < times.size and times[upcoming[lane]] <= after:
                    k = upcoming[lane]
                    theta = min((times[k] - t[lane]) / h, 1.0)
                    for i in range(size):
                        out[m, k, i] = interpolated(w, lane, i, size, new, dense, theta)
                    upcoming[lane] += 1
                for i in range(size):
                    if fraction < 1.0:
                        w[i * W + lane] = interpolated(w, lane, i, size, new, dense, fraction)
                    else:
                        w[i * W + lane] = w[(new + i) * W + lane]
                w[before_row * W + lane] = max(error, 1e-4)
                t[lane] = after
            else:
                if not (error > 1.0):  # not a number
                    factor = 0.1
                if h < 1e-14 * max(abs(t[lane]), ends[m] - begins[m]):
                    state = TOO_SMALL
            if state == RUNNING and steps[m] >= max_steps:
                state = TOO_MANY
            if state == RUNNING:
                w[h_row * W + lane] = h * factor
                continue
            for i in range(size):
                final[m, i] = w[i * W + lane]
            stops[m] = t[lane]
            status[m] = state
            member[lane] = -1
            active -= 1


numba.config.CACHE_DIR = _theirs
