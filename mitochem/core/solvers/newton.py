"""Pseudo-transient Newton on arrays: all points of a problem at once, in NumPy.

Every point takes implicit Euler steps that grow into Newton's method (`stepping.newton_step`). Points that are done
leave the batch, so that the last ones do not keep the others waiting.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .problem import Problem
from .reduced import picked
from .stepping import LONGEST_STEP, newton_step

__all__ = ["FIRST_STEP", "follow", "LONGEST_STEP", "MAX_STEPS", "SHORTEST_STEP", "solve"]

MAX_STEPS = 300
FIRST_STEP = 1e-3
SHORTEST_STEP = 1e-18


def solve(problem: Problem, z: list[Any], points: Any, first_step: float = FIRST_STEP) -> tuple[Any, Any]:
    """Steady states of some points from ``z``, one array along those points for each independent state.

    Returns the states, shape (independent state, point), and which points converged.
    """
    system, setting = problem.system, problem.setting
    clock = setting.per_minute
    found = np.array([np.broadcast_to(value, points.shape) for value in z], float).reshape(len(z), len(points))
    done = np.zeros(len(points), bool)
    if not len(z):
        return found, ~done
    flat = [*problem.constants.flat(), *problem.upper()]
    left = np.arange(len(points))
    here, tau = found.copy(), np.full(len(points), first_step * clock)
    inputs = picked(flat, points)
    with np.errstate(all="ignore"):  # a wild trial step may overflow; it is refused
        for _ in range(MAX_STEPS):
            split = system.constants
            constants = system.split(inputs[:split])
            new, tau, finished = newton_step(system, setting, list(here), tau, constants, inputs[split:])
            here = np.array(new)
            ended = (finished == 1.0) | ~(tau > SHORTEST_STEP * clock)
            # Leaving costs a copy of every input, so points leave together.
            if ended.any():
                found[:, left[ended]] = here[:, ended]
                done[left[ended]] = finished[ended] == 1.0
                going = ~ended
                left, here, tau = left[going], here[:, going], tau[going]
                inputs = picked(inputs, going)
                if not len(left):
                    break
    found[:, left] = here
    return found, done


def follow(problem: Problem, stride: int = 32) -> tuple[Any, Any]:
    """As `solve` for all points, most of them started between neighbours that are solved already.

    Every ``stride``-th point is solved from the start values; those between start on the straight line from one
    to the next, and from the start values where that is no help.
    """
    points, start = np.arange(problem.size), problem.independent_start()
    leaders = points[::stride]
    ends, good = solve(problem, picked(start, leaders), leaders)
    between = points % stride != 0
    left = points // stride
    right = np.minimum(left + 1, len(leaders) - 1)
    share = (points % stride) / stride
    with np.errstate(invalid="ignore"):
        line = ends[:, left] + share * (ends[:, right] - ends[:, left])
    usable = between & good[left] & good[right]
    found, done = np.full((len(start), problem.size), np.nan), np.zeros(problem.size, bool)
    found[:, leaders], done[leaders] = ends, good
    if usable.any():
        which = points[usable]
        found[:, which], done[which] = solve(problem, list(line[:, usable]), which, LONGEST_STEP)
    missed = points[~done & between]
    if len(missed):
        found[:, missed], done[missed] = solve(problem, picked(start, missed), missed)
    return found, done
