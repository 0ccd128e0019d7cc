"""Steady states in tiles: pseudo-transient Newton steps, a lane refilled as soon as its point is solved."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .calling import WIDTH as W
from .calling import call, fill, jit

__all__ = ["Task", "relax"]


class Task(NamedTuple):
    """A set of points for `relax`.

    Attributes
    ----------
    rows, data
        Rows of the workspace that differ by point, and their values, shape (point, row).
    start
        States to start from, shape (point or 1, state).
    block
        Points that a lane takes in a row; all but the first start from the ones before them.
    out, steps
        States found, and Newton steps taken; negative where no steady state was found.
    """

    rows: Any
    data: Any
    start: Any
    block: int
    out: Any
    steps: Any


class Pace(NamedTuple):
    """Pseudo-time steps: the first from afar, the first near a root, the shortest to try; and how many."""

    first: float
    near: float
    shortest: float
    most: int


@jit
def place(w: Any, tau: int, lane: int, task: Task, point: int, pace: Pace) -> None:
    """A point at its start."""
    for i in range(task.out.shape[1]):
        w[i * W + lane] = task.start[point % task.start.shape[0], i]
    w[tau * W + lane] = pace.first


@jit
def place_beside(w: Any, tau: int, lane: int, task: Task, point: int, pace: Pace) -> None:
    """A point where its two neighbours point to, or at the last of them."""
    two = point % task.block >= 2 and task.steps[point - 2] > 0
    for i in range(task.out.shape[1]):
        last = task.out[point - 1, i]
        ahead = 2.0 * last - task.out[point - 2, i] if two else last
        # A straight line may leave the range of a state near its end.
        w[i * W + lane] = ahead if ahead * last > 0.0 else last
    w[tau * W + lane] = pace.near


@jit
def relax(routine: int, w: Any, tau: int, done: int, task: Task, pace: Pace) -> None:
    """Steady states of many points, by calls of a Newton routine on tiles."""
    points, size = task.out.shape
    at, used, beside = np.full(W, -1), np.zeros(W, np.int64), np.zeros(W, np.bool_)
    queue, active = 0, 0
    for lane in range(W):
        if queue < points:
            at[lane] = queue
            fill(w, lane, task.data, task.rows, queue)
            place(w, tau, lane, task, queue, pace)
            queue, active = queue + task.block, active + 1
    while active:
        call(routine, w.ctypes.data)
        for lane in range(W):
            point = at[lane]
            if point < 0:
                continue
            used[lane] += 1
            found = w[done * W + lane] == 1.0
            if not found and w[tau * W + lane] > pace.shortest and used[lane] < pace.most:
                continue
            if not found and beside[lane]:  # the neighbours were no help: again from the start
                beside[lane], used[lane] = False, 0
                place(w, tau, lane, task, point, pace)
                continue
            for i in range(size):
                task.out[point, i] = w[i * W + lane]
            task.steps[point] = used[lane] if found else -used[lane]
            used[lane], beside[lane] = 0, False
            following = point + 1
            if following % task.block == 0 or following >= points:
                following, queue = queue, queue + task.block
            else:
                beside[lane] = found
            if following >= points:
                at[lane], active = -1, active - 1
                continue
            at[lane] = following
            fill(w, lane, task.data, task.rows, following)
            if beside[lane]:
                place_beside(w, tau, lane, task, following, pace)
            else:
                place(w, tau, lane, task, following, pace)
