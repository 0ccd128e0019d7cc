"""Time courses in tiles: every lane with a step size of its own, refilled as soon as its member ends.

The loops know nothing of any model: routines are called by address, and where a workspace keeps what is in `Rows`. So
they are compiled once on a machine. No lane looks at another, which makes a member's result the same to the last bit
in whatever company it is solved (but for ``together``, where all share one sequence of steps on purpose).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .calling import WIDTH as W
from .calling import call, fill, jit

__all__ = ["FINISHED", "OUTSIDE", "STATUS", "Addresses", "Members", "Rows", "evaluate", "march"]

RUNNING, FINISHED, TOO_SMALL, OUTSIDE, EVENT, TOO_MANY = range(6)
STATUS = ("running", "finished", "step too small", "outside its bounds", "event", "too many steps")


class Rows(NamedTuple):
    """Where a workspace of the time routines keeps what (see `routines.time_layout`)."""

    new: int
    proposed: int
    step: int
    error_before: int
    error: int
    factor: int
    inside: int
    dense: int
    trial: int
    gap: int


class Addresses(NamedTuple):
    """Routines of a system; ``watch`` is 0 if nothing is watched."""

    begin: int
    step: int
    dense: int
    watch: int


class Lanes(NamedTuple):
    """What each lane is at: its member (or -1), time, next time of output, watched quantity less its level."""

    member: Any
    fresh: Any
    time: Any
    upcoming: Any
    gap: Any


class Members(NamedTuple):
    """Inputs of all members, and what becomes of them (see `march`)."""

    data: Any
    start: Any
    begins: Any
    ends: Any
    out: Any
    final: Any
    stops: Any
    status: Any
    steps: Any


@jit
def load(w: Any, at: Rows, lanes: Lanes, members: Members, rows: Any, times: Any, queue: int) -> int:
    """Give every idle lane the next member; returns how far the queue is."""
    count, size = members.start.shape
    for lane in range(W):
        if lanes.member[lane] < 0 and queue < count:
            m = queue
            queue += 1
            lanes.member[lane], lanes.fresh[lane] = m, True
            fill(w, lane, members.data, rows, m)
            for i in range(size):
                w[i * W + lane] = members.start[m, i]
                w[(at.trial + i) * W + lane] = members.start[m, i]
            lanes.time[lane] = members.begins[m]
            lanes.upcoming[lane] = np.searchsorted(times, members.begins[m], side="right")
            w[at.error_before * W + lane] = 1.0
            members.steps[m] = 0
    return queue


@jit
def start(w: Any, at: Rows, call_at: Addresses, lanes: Lanes, together: bool) -> None:
    """First steps of the members that have just been loaded."""
    call(call_at.begin, w.ctypes.data)
    shortest = np.inf
    for lane in range(W):
        if lanes.fresh[lane]:
            w[at.step * W + lane] = w[at.proposed * W + lane]
            shortest = min(shortest, w[at.proposed * W + lane])
    if together:
        w[at.step * W : at.step * W + W] = shortest
    if call_at.watch:
        call(call_at.watch, w.ctypes.data)
        for lane in range(W):
            if lanes.fresh[lane]:
                lanes.gap[lane] = w[at.gap * W + lane]


@jit
def leave_satisfied(w: Any, lanes: Lanes, members: Members, direction: float) -> int:
    """What holds already need not be waited for: such members end where they start. Returns how many."""
    ended = 0
    for lane in range(W):
        if lanes.fresh[lane] and lanes.gap[lane] * direction > 0.0:
            m = lanes.member[lane]
            for i in range(members.start.shape[1]):
                members.final[m, i] = members.start[m, i]
            members.stops[m], members.status[m] = members.begins[m], EVENT
            lanes.member[lane] = -1
            ended += 1
    return ended


@jit
def shorten(w: Any, at: Rows, lanes: Lanes, members: Members) -> None:
    """Let steps end at the end of the segment: two even ones rather than a long and a tiny one."""
    lanes.fresh[:] = False
    for lane in range(W):
        if lanes.member[lane] >= 0:
            left = members.ends[lanes.member[lane]] - lanes.time[lane]
            h = w[at.step * W + lane]
            if h * 1.000001 >= left:
                w[at.step * W + lane] = left
            elif h * 2.0 > left:
                w[at.step * W + lane] = 0.5 * left


@jit
def agree(w: Any, at: Rows, lanes: Lanes) -> None:
    """One error and one next step for all: those of the member that finds it hardest."""
    worst, slowest = 0.0, np.inf
    for lane in range(W):
        if lanes.member[lane] >= 0:
            error = w[at.error * W + lane]
            worst = error if not (error <= worst) else worst
            slowest = min(slowest, w[at.factor * W + lane])
    w[at.error * W : at.error * W + W] = worst
    w[at.factor * W : at.factor * W + W] = slowest


@jit
def prepare_reading(w: Any, at: Rows, call_at: Addresses, lanes: Lanes, size: int, times: Any) -> None:
    """The interpolant of this step if any lane will read from it, and the watched quantity at its end."""
    wanted = call_at.watch != 0
    for lane in range(W):
        if lanes.member[lane] >= 0 and w[at.error * W + lane] <= 1.0 and lanes.upcoming[lane] < times.size:
            wanted = wanted or times[lanes.upcoming[lane]] <= lanes.time[lane] + w[at.step * W + lane]
    if wanted:
        call(call_at.dense, w.ctypes.data)
    if call_at.watch:
        for k in range(size * W):
            w[at.trial * W + k] = w[at.new * W + k]
        call(call_at.watch, w.ctypes.data)


@jit
def interpolated(w: Any, at: Rows, lane: int, i: int, size: int, theta: float) -> float:
    """A state at a fraction of the step."""
    before, after = w[i * W + lane], w[(at.new + i) * W + lane]
    d2 = w[(at.dense + i) * W + lane]
    d3 = w[(at.dense + size + i) * W + lane]
    d4 = w[(at.dense + 2 * size + i) * W + lane]
    return (1.0 - theta) * before + theta * (after + (1.0 - theta) * (d2 + theta * (d3 + theta * d4)))


@jit
def crossing(w: Any, at: Rows, watch: int, lane: int, size: int, before: float) -> float:
    """Fraction of the step at which the watched quantity reaches its level, by bisection."""
    low, high = 0.0, 1.0
    while high - low > 1e-15:
        middle = 0.5 * (low + high)
        for i in range(size):
            w[(at.trial + i) * W + lane] = interpolated(w, at, lane, i, size, middle)
        call(watch, w.ctypes.data)
        gap = w[at.gap * W + lane]
        if (gap > 0.0) == (before > 0.0) and gap != 0.0:
            low = middle
        else:
            high = middle
        if middle == 0.5 * (low + high):
            break
    return high


@jit
def accept(
    w: Any, at: Rows, call_at: Addresses, lanes: Lanes, members: Members, lane: int, times: Any, direction: float,
    gap: float,
) -> int:  # fmt: skip
    """Take the step of a lane: outputs, the state at its end; returns what becomes of the member."""
    m, size, h = lanes.member[lane], members.start.shape[1], w[at.step * W + lane]
    before, after, fraction, state = lanes.time[lane], lanes.time[lane] + h, 1.0, RUNNING
    if not after < members.ends[m]:
        after, state = members.ends[m], FINISHED
    if call_at.watch and lanes.gap[lane] * direction < 0.0 and gap * direction >= 0.0:
        fraction = crossing(w, at, call_at.watch, lane, size, lanes.gap[lane])
        after, state = before + fraction * h, EVENT
    elif w[at.inside * W + lane] != 1.0:
        state = OUTSIDE
    lanes.gap[lane] = gap
    while lanes.upcoming[lane] < times.size and times[lanes.upcoming[lane]] <= after:
        k = lanes.upcoming[lane]
        theta = min((times[k] - before) / h, 1.0)
        for i in range(size):
            members.out[m, k, i] = interpolated(w, at, lane, i, size, theta)
        lanes.upcoming[lane] += 1
    for i in range(size):
        reached = interpolated(w, at, lane, i, size, fraction) if fraction < 1.0 else w[(at.new + i) * W + lane]
        w[i * W + lane] = reached
    w[at.error_before * W + lane] = max(w[at.error * W + lane], 1e-4)
    lanes.time[lane] = after
    return state


@jit
def march(
    call_at: Addresses, w: Any, at: Rows, rows: Any, members: Members, times: Any, together: bool, direction: float,
    max_steps: int,
) -> None:  # fmt: skip
    """Time courses of many members over one segment each.

    Parameters
    ----------
    call_at, w, at
        Routines, a workspace of theirs, and where it keeps what.
    rows
        Rows of the workspace that differ by member; ``members.data`` has their values, shape (member, row).
    members
        ``start`` and ``final`` states (member, state); ``begins``, ``ends`` and ``stops``: when each member's segment
        starts, is to end, and did end; ``out``: states at the times of output (member, time, state), only
        those inside a member's segment being written; ``status`` and number of ``steps``.
    times
        Times of output, the same for all.
    together
        Solve up to eight members with one common sequence of steps.
    direction
        Sign of the change of the watched quantity that counts.
    """
    count, size = members.start.shape
    lanes = Lanes(np.full(W, -1), np.zeros(W, np.bool_), np.zeros(W), np.zeros(W, np.int64), np.zeros(W))
    queue = load(w, at, lanes, members, rows, times, 0)
    left = count
    while left > 0:
        if lanes.fresh.any():
            start(w, at, call_at, lanes, together)
            ended = leave_satisfied(w, lanes, members, direction) if call_at.watch else 0
            if ended:
                left -= ended
                queue = load(w, at, lanes, members, rows, times, queue)
                continue
        shorten(w, at, lanes, members)
        call(call_at.step, w.ctypes.data)
        if together:
            agree(w, at, lanes)
        prepare_reading(w, at, call_at, lanes, size, times)
        gaps = w[at.gap * W : at.gap * W + W].copy()
        for lane in range(W):
            m = lanes.member[lane]
            if m < 0:
                continue
            members.steps[m] += 1
            h, error, factor = w[at.step * W + lane], w[at.error * W + lane], w[at.factor * W + lane]
            if error <= 1.0:
                state = accept(w, at, call_at, lanes, members, lane, times, direction, gaps[lane])
            else:
                factor = factor if error > 1.0 else 0.1  # not a number is no error to learn from
                tiny = h < 1e-14 * max(abs(lanes.time[lane]), members.ends[m] - members.begins[m])
                state = TOO_SMALL if tiny else RUNNING
            if state == RUNNING and members.steps[m] >= max_steps:
                state = TOO_MANY
            if state == RUNNING:
                w[at.step * W + lane] = h * factor
                continue
            for i in range(size):
                members.final[m, i] = w[i * W + lane]
            members.stops[m], members.status[m] = lanes.time[lane], state
            lanes.member[lane] = -1
            left -= 1
        if queue < count:
            queue = load(w, at, lanes, members, rows, times, queue)


@jit
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
