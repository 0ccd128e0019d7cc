"""Time courses of many members at once in NumPy: what `lanes.march` does in tiles, without a compiler.

Every member has a step size of its own; those that end leave the arrays. All members take their steps in common calls
of NumPy, whose own cost is shared by them: worth it from a hundred members on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .reduced import System, picked
from .stepping import (
    SLACK,
    Setting,
    advance,
    ending_with,
    error_ratio,
    first_step,
    interpolant,
    rosenbrock_step,
    step_factor,
    within,
)

__all__ = ["FINISHED", "MAX_STEPS", "OUTSIDE", "STATUS", "Members", "Watch", "march"]

RUNNING, FINISHED, TOO_SMALL, OUTSIDE, EVENT, TOO_MANY = range(6)
MAX_STEPS = 1_000_000
STATUS = ("running", "finished", "step too small", "outside its bounds", "event", "too many steps")


class Members(NamedTuple):
    """Inputs of all members, and what becomes of them.

    Attributes
    ----------
    start, final
        States, shape (member, state).
    begins, ends, stops
        When each member's segment starts, is to end, and did end.
    out
        States at the times of output (member, time, state); only those inside a member's segment are written.
    status, steps
        Why a member ended, and its number of steps.
    data
        In tiles, values of the inputs that differ by member, shape (member, input).
    """

    start: Any
    begins: Any
    ends: Any
    out: Any
    final: Any
    stops: Any
    status: Any
    steps: Any
    data: Any = None


class Watch(NamedTuple):
    """A quantity less its level, of states and constants, and the sign of the change that ends a member."""

    gap: Callable[[Any, Any], Any]
    direction: float


class _Going:
    """The members that have not ended: everything that is known of each, one array each."""

    def __init__(self, system: System, inputs: list[Any], members: Members, times: Any) -> None:
        self.at = np.arange(len(members.start))
        self.z: Any = members.start.T.copy()
        self.inputs = inputs
        self.time, self.end = members.begins.copy(), members.ends.copy()
        self.before = np.ones(len(self.at))
        self.upcoming = np.searchsorted(times, members.begins, side="right")
        self.step: Any = None
        self.gap: Any = None
        self.constants = system.split(inputs)

    def keep(self, which: Any, system: System) -> None:
        self.at, self.time, self.end = self.at[which], self.time[which], self.end[which]
        self.before, self.upcoming, self.step = self.before[which], self.upcoming[which], self.step[which]
        self.gap = self.gap[which] if self.gap is not None else None
        self.z, self.inputs = self.z[:, which], picked(self.inputs, which)
        self.constants = system.split(self.inputs)


def march(
    system: System, setting: Setting, inputs: list[Any], members: Members, times: Any, tolerances: tuple[float, float],
    watch: Watch | None = None, together: bool = False, most: int = MAX_STEPS,
) -> None:  # fmt: skip
    """Run members over one segment each; results go into `Members`.

    Parameters
    ----------
    inputs
        Constants of the system in a row, floats or arrays along the members.
    times
        Times of output, the same for all.
    tolerances
        Relative, and absolute in units of each state's scale.
    together
        Solve all members with one common sequence of steps.
    """
    going, count = _Going(system, inputs, members, times), 0
    with np.errstate(all="ignore"):  # a wild trial step may overflow; it is refused
        step = ending_with(going.time, first_step(system, setting, going.z, going.constants), going.end)
        going.step = np.full(len(going.at), np.min(step)) if together else np.broadcast_to(step, going.at.shape).copy()
        if watch:
            going.gap = np.broadcast_to(watch.gap(going.z, going.constants), going.at.shape).copy()
            _leave(system, going, members, np.where(going.gap * watch.direction > 0, EVENT, RUNNING), going.time, 0)
        while len(going.at):
            count += 1
            _take_step(system, setting, going, members, times, tolerances, watch, together, count, most)


def _take_step(
    system: System, setting: Setting, going: _Going, members: Members, times: Any, tolerances: tuple[float, float],
    watch: Watch | None, together: bool, count: int, most: int,
) -> None:  # fmt: skip
    z, h, constants = going.z, going.step, going.constants
    new, stages = rosenbrock_step(system, z, h, constants, lambda point: system.rates(point, constants), np.array)
    error = error_ratio(system, setting, z, new, stages[-1], constants, tolerances)
    factor = step_factor(error, going.before)
    if together:
        error, factor = np.full_like(error, np.max(error)), np.full_like(factor, np.min(factor))
    good, reached = error <= 1.0, going.time + h
    state, when = np.full(len(going.at), RUNNING), reached
    if watch:
        fraction = _crossings(system, going, new, stages, good, watch)
        crossed = np.isfinite(fraction)
        reached = when = np.where(crossed, going.time + fraction * h, reached)
        state[crossed] = EVENT
    _read(going, members, new, stages, good, reached, times)
    inside = np.broadcast_to(within(system, setting, new, constants, SLACK * tolerances[1]), good.shape)
    if watch and crossed.any():
        there = _interpolated(z, new, interpolant(stages), np.where(crossed, fraction, 1.0))
        new = np.where(crossed, there, new)
    moved, going.time, going.step, going.before = advance(z, new, going.time, h, going.end, error, factor, going.before)
    going.z = np.array(moved)
    begun = members.begins[going.at]
    tiny = ~(going.step >= 1e-14 * np.maximum(np.abs(going.time), going.end - begun))  # NaN is no step either
    ended = np.where(good & (inside != 1.0), OUTSIDE, np.where(good & (going.time >= going.end), FINISHED, RUNNING))
    ended = np.where(~good & tiny, TOO_SMALL, ended)
    state = np.where(state == RUNNING, ended, state)
    state = np.where((state == RUNNING) & (count >= most), TOO_MANY, state)
    _leave(system, going, members, state, np.where(state == EVENT, when, going.time), count)


def _leave(system: System, going: _Going, members: Members, state: Any, when: Any, count: int) -> None:
    """Members that are done or stuck make room."""
    ended = state != RUNNING
    if not ended.any():
        return
    at = going.at[ended]
    for i, value in enumerate(going.z):
        members.final[at, i] = value[ended]
    members.stops[at], members.status[at], members.steps[at] = when[ended], state[ended], count
    going.keep(~ended, system)


def _interpolated(before: Any, after: Any, dense: Sequence[Any], theta: Any) -> Any:
    """States at a fraction of the step."""
    a, b, c = dense
    return (1.0 - theta) * before + theta * (after + (1.0 - theta) * (a + theta * (b + theta * c)))


def _read(going: _Going, members: Members, new: Any, stages: list[Any], good: Any, reached: Any, times: Any) -> None:
    """Outputs that fall into the step."""
    if not len(times):
        return

    def due(which: Any) -> Any:
        k = going.upcoming[which]
        return which[(k < len(times)) & (times[np.minimum(k, len(times) - 1)] <= reached[which])]

    some = due(np.flatnonzero(good))
    if not len(some):
        return
    z, after, dense = going.z[:, some], new[:, some], interpolant([stage[:, some] for stage in stages])
    place = np.arange(len(some))
    while len(some):
        k = going.upcoming[some]
        theta = np.minimum((times[k] - going.time[some]) / going.step[some], 1.0)
        found = _interpolated(z[:, place], after[:, place], [row[:, place] for row in dense], theta)
        members.out[going.at[some], k] = found.T
        going.upcoming[some] += 1
        left = due(some)
        place = place[np.isin(some, left, assume_unique=True)]
        some = left


def _crossings(system: System, going: _Going, new: Any, stages: list[Any], good: Any, watch: Watch) -> Any:
    """Fraction of the step at which the watched quantity reaches its level, by bisection; NaN where it does not."""
    fraction = np.full(len(going.at), np.nan)
    after = np.broadcast_to(watch.gap(new, going.constants), good.shape)
    some = np.flatnonzero(good & (going.gap * watch.direction < 0) & (after * watch.direction >= 0))
    if len(some):
        dense = interpolant([stage[:, some] for stage in stages])
        z, there, constants = going.z[:, some], new[:, some], system.split(picked(going.inputs, some))
        before, low, high = going.gap[some], np.zeros(len(some)), np.ones(len(some))
        for _ in range(53):
            middle = 0.5 * (low + high)
            gap = watch.gap(_interpolated(z, there, dense, middle), constants)
            early = ((gap > 0) == (before > 0)) & (gap != 0)
            low, high = np.where(early, middle, low), np.where(early, high, middle)
        fraction[some] = high
    going.gap = np.where(good, after, going.gap)
    return fraction
