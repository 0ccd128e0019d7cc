"""Time courses in tiles: every lane with a step size of its own, refilled as soon as its member ends.

The loops know nothing of any model: routines are called by address, and where a workspace keeps what is in `Rows`. So
they are compiled once on a machine. No lane looks at another, which makes a member's result the same to the last bit
in whatever company it is solved (but for ``together``, where all share one sequence of steps on purpose).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..solvers.marching import EVENT, FINISHED, OUTSIDE, RUNNING, TOO_MANY, TOO_SMALL, Members
from .calling import WIDTH as W
from .calling import call, fill, jit

__all__ = ["Addresses", "Rows", "evaluate", "march"]


class Rows(NamedTuple):
    """Where a workspace of the time routines keeps what (see `routines.time_layout`)."""

    new: int
    proposed: int
    step: int
    error_before: int
    time: int
    end: int
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
    advance: int
    watch: int


class Lanes(NamedTuple):
    """What each lane is at: its member (or -1), steps, next output and when, watched quantity less its level."""

    member: Any
    fresh: Any
    steps: Any
    upcoming: Any
    due: Any
    gap: Any


@jit
def load(w: Any, at: Rows, lanes: Lanes, members: Members, rows: Any, times: Any, queue: int) -> int:
    """Give every idle lane the next member; returns how far the queue is."""
    count, size = members.start.shape
    for lane in range(W):
        if lanes.member[lane] < 0 and queue < count:
            m = queue
            queue += 1
            lanes.member[lane], lanes.fresh[lane], lanes.steps[lane] = m, True, 0
            fill(w, lane, members.data, rows, m)
            for i in range(size):
                w[i * W + lane] = members.start[m, i]
                w[(at.trial + i) * W + lane] = members.start[m, i]
            w[at.time * W + lane], w[at.end * W + lane] = members.begins[m], members.ends[m]
            w[at.error_before * W + lane] = 1.0
            lanes.upcoming[lane] = np.searchsorted(times, members.begins[m], side="right")
            lanes.due[lane] = times[lanes.upcoming[lane]] if lanes.upcoming[lane] < times.size else np.inf
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
def leave(w: Any, at: Rows, lanes: Lanes, members: Members, lane: int, state: int, when: float) -> None:
    """A member has got to its end, or as far as it can; its lane is free."""
    m = lanes.member[lane]
    for i in range(members.start.shape[1]):
        members.final[m, i] = w[i * W + lane]
    members.stops[m], members.status[m], members.steps[m] = when, state, lanes.steps[lane]
    lanes.member[lane] = -1


@jit
def leave_satisfied(w: Any, at: Rows, lanes: Lanes, members: Members, direction: float) -> int:
    """What holds already need not be waited for: such members end where they start. Returns how many."""
    ended = 0
    for lane in range(W):
        if lanes.fresh[lane] and lanes.gap[lane] * direction > 0.0:
            leave(w, at, lanes, members, lane, EVENT, w[at.time * W + lane])
            ended += 1
    return ended


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
def read(w: Any, at: Rows, lanes: Lanes, members: Members, lane: int, times: Any, until: float) -> None:
    """Outputs of a lane that fall into its step, up to a time."""
    m, size, h = lanes.member[lane], members.start.shape[1], w[at.step * W + lane]
    while lanes.due[lane] <= until:
        k = lanes.upcoming[lane]
        theta = min((times[k] - w[at.time * W + lane]) / h, 1.0)
        for i in range(size):
            members.out[m, k, i] = interpolated(w, at, lane, i, size, theta)
        lanes.upcoming[lane] = k + 1
        lanes.due[lane] = times[k + 1] if k + 1 < times.size else np.inf


@jit
def read_all(w: Any, at: Rows, call_at: Addresses, lanes: Lanes, members: Members, times: Any) -> None:
    """Outputs of every lane whose step is taken."""
    wanted = False
    for lane in range(W):
        reached = w[at.time * W + lane] + w[at.step * W + lane]
        wanted |= lanes.member[lane] >= 0 and w[at.error * W + lane] <= 1.0 and lanes.due[lane] <= reached
    if not wanted:
        return
    call(call_at.dense, w.ctypes.data)
    for lane in range(W):
        if lanes.member[lane] >= 0 and w[at.error * W + lane] <= 1.0:
            read(w, at, lanes, members, lane, times, w[at.time * W + lane] + w[at.step * W + lane])


@jit
def watch_all(
    w: Any, at: Rows, call_at: Addresses, lanes: Lanes, members: Members, times: Any, direction: float
) -> int:
    """End the members whose watched quantity passes its level in this step, where it does; returns how many."""
    size, ended = members.start.shape[1], 0
    call(call_at.dense, w.ctypes.data)
    for k in range(size * W):
        w[at.trial * W + k] = w[at.new * W + k]
    call(call_at.watch, w.ctypes.data)
    gaps = w[at.gap * W : at.gap * W + W].copy()
    for lane in range(W):
        if lanes.member[lane] < 0 or not w[at.error * W + lane] <= 1.0:
            continue
        if lanes.gap[lane] * direction < 0.0 and gaps[lane] * direction >= 0.0:
            fraction = crossing(w, at, call_at.watch, lane, size, lanes.gap[lane])
            when = w[at.time * W + lane] + fraction * w[at.step * W + lane]
            read(w, at, lanes, members, lane, times, when)
            found = np.empty(size)
            for i in range(size):
                found[i] = interpolated(w, at, lane, i, size, fraction)
            for i in range(size):
                w[i * W + lane] = found[i]
            leave(w, at, lanes, members, lane, EVENT, when)
            ended += 1
        lanes.gap[lane] = gaps[lane]
    return ended


@jit
def retire(w: Any, at: Rows, lanes: Lanes, members: Members, max_steps: int) -> int:
    """Let go of the members that are done or stuck; returns how many."""
    ended = 0
    for lane in range(W):
        if lanes.member[lane] < 0:
            continue
        lanes.steps[lane] += 1
        now, end, state = w[at.time * W + lane], w[at.end * W + lane], RUNNING
        if w[at.error * W + lane] <= 1.0:
            if w[at.inside * W + lane] != 1.0:
                state = OUTSIDE
            elif now >= end:
                state = FINISHED
        elif w[at.step * W + lane] < 1e-14 * max(abs(now), end - members.begins[lanes.member[lane]]):
            state = TOO_SMALL
        if state == RUNNING and lanes.steps[lane] >= max_steps:
            state = TOO_MANY
        if state != RUNNING:
            leave(w, at, lanes, members, lane, state, now)
            ended += 1
    return ended


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
        See `Members`.
    times
        Times of output, the same for all.
    together
        Solve up to eight members with one common sequence of steps.
    direction
        Sign of the change of the watched quantity that counts.
    """
    left = members.start.shape[0]
    lanes = Lanes(
        np.full(W, -1), np.zeros(W, np.bool_), np.zeros(W, np.int64), np.zeros(W, np.int64), np.zeros(W), np.zeros(W)
    )
    queue, vacant = 0, True
    while left > 0:
        if vacant:
            queue = load(w, at, lanes, members, rows, times, queue)
            start(w, at, call_at, lanes, together)
            ended = leave_satisfied(w, at, lanes, members, direction) if call_at.watch else 0
            lanes.fresh[:] = False
            left, vacant = left - ended, ended > 0
            if ended:
                continue
        call(call_at.step, w.ctypes.data)
        if together:
            agree(w, at, lanes)
        ended = watch_all(w, at, call_at, lanes, members, times, direction) if call_at.watch else 0
        read_all(w, at, call_at, lanes, members, times)
        call(call_at.advance, w.ctypes.data)
        ended += retire(w, at, lanes, members, max_steps)
        left, vacant = left - ended, ended > 0


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
