"""One step of each solver, as straight-line work on lists of values: read on arrays along a batch and on lanes.

Nothing here branches on a value; what depends on one is chosen by ``np.where``, so all members take one path.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .reduced import Constants, System
from .rodas5p import DENSE, GAMMA, STAGES, A, C

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Setting", "first_step", "interpolant", "newton_step", "rosenbrock_step"]

TOLERANCE = 1e-10
"""Largest relative Newton step at a root."""

RESTING = 1e-12
"""Relative rates of change (1/min) below this are rest: one part in a million in two years."""

ROUNDING = 4e-14
"""Rates that a relative change of the states by this much explains are zero as far as can be known."""

LONGEST_STEP = 1e10
"""Pseudo-time step (min) that is Newton's method in all but name. It stays finite, because directions in which nothing
moves at all (a synthase of capacity 0) make the matrix singular."""

SLACK = 50.0
"""Absolute tolerances by which an accepted step may leave the bounds of a state."""


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a model declares of its states: scales and bounds by state, and how many of its time units are a minute."""

    scales: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    per_minute: float = 1.0

    @classmethod
    def of(cls, model: Model) -> Setting:
        scales, lower, upper = model.program.extents
        return cls(scales, lower, upper, model.per_minute)


# --- time courses -----------------------------------------------------------------------------------


def rosenbrock_step(
    system: System, z: Any, h: Any, constants: Constants, rates: Callable[[Any], list[Any]],
    joined: Callable[[list[Any]], Any] = list,
) -> tuple[Any, list[Any]]:  # fmt: skip
    """States after ``h``, and the stages; the last stage is the error.

    ``joined`` makes of a list with one value a state what sums are to be made of: arrays sum all states in one call.
    """
    inverse = 1.0 / h
    start, slopes, _ = system.linear(z, constants)
    matrix = system.shifted(slopes, inverse * (1 / GAMMA))
    factors = system.elimination.factor(matrix)
    stages: list[list[Any]] = []
    for i in range(STAGES):
        right = start if i == 0 else rates(_weighted(z, A[i], stages))
        if i:
            drift = _weighted([0.0] * len(z), C[i], stages)
            right = [f + inverse * d for f, d in zip(right, drift)]
        stages.append(joined(system.elimination.solve(factors, right)))
    # The last stage evaluates at the embedded solution, and its own value is what the solution adds.
    embedded = _weighted(z, A[STAGES - 1], stages)
    return joined([u + k for u, k in zip(embedded, stages[-1])]), stages


def _weighted(start: Any, weights: Sequence[float], stages: Sequence[Any]) -> Any:
    if stages and isinstance(stages[0], np.ndarray):
        whole = np.zeros_like(stages[0]) + (start if isinstance(start, np.ndarray) else np.reshape(start, (-1, 1)))
        for weight, stage in zip(weights, stages):
            whole = stage * weight + whole if weight else whole
        return whole
    out = list(start)
    for weight, stage in zip(weights, stages):
        if weight:
            out = [k * weight + u for u, k in zip(out, stage)]
    return out


def interpolant(stages: Sequence[Any]) -> list[Any]:
    """The three sums of stages from which any point of the step is read."""
    size = len(stages[0])
    return [_weighted([0.0] * size, row, stages) for row in DENSE]


def error_ratio(
    system: System,
    setting: Setting,
    z: list[Any],
    new: list[Any],
    error: list[Any],
    constants: Constants,
    tolerances: Any,
) -> Any:
    """Root mean square over the free states of error / (atol + rtol |y|); a step is good up to 1."""
    rtol, atol = tolerances
    still = Constants(constants.model, [0.0] * len(system.held), constants.ratios, [0.0] * len(system.dependent))
    errors = system.whole(error, still)
    before, after = system.whole(z, constants), system.whole(new, constants)
    total: Any = 0.0
    for i in system.free:
        allowed = atol * setting.scales[i] + rtol * np.maximum(np.abs(before[i]), np.abs(after[i]))
        relative = errors[i] / allowed
        total = relative * relative + total
    return np.sqrt(total * (1.0 / max(len(system.free), 1)))


def step_factor(error: Any, before: Any) -> Any:
    """By what to change the step: proportional and integral control of the error."""
    error = np.maximum(error, 1e-10)
    wanted = 0.9 * np.exp(np.log(error) * (-0.7 / 5) + np.log(before) * (0.4 / 5))
    refused = np.minimum(0.9 * np.exp(np.log(error) * (-1 / 5)), 0.9)
    return np.maximum(np.minimum(np.where(error > 1.0, refused, wanted), 8.0), 0.1)


def advance(
    z: list[Any], new: list[Any], time: Any, step: Any, end: Any, error: Any, factor: Any, before: Any
) -> tuple[list[Any], Any, Any, Any]:
    """States, time, next step and last good error after a step that is taken if its error is small enough.

    Steps end at the end of the segment: two even ones rather than a long and a tiny one.
    """
    good = error <= 1.0
    reached = time + step
    time = np.where(good, np.where(reached < end, reached, end), time)
    before = np.where(good, np.maximum(error, 1e-4), before)
    step = step * np.where(error == error, factor, 0.1)  # not a number is no error to learn from
    return [np.where(good, b, a) for a, b in zip(z, new)], time, ending_with(time, step, end), before


def ending_with(time: Any, step: Any, end: Any) -> Any:
    """The step, shortened so that one of the next two ends where the segment does."""
    left = end - time
    return np.where(step * 1.000001 >= left, left, np.where(step * 2.0 > left, 0.5 * left, step))


def within(system: System, setting: Setting, z: list[Any], constants: Constants, slack: Any) -> Any:
    """1 where every bounded state is inside its bounds (give or take the slack), else 0."""
    y = system.whole(z, constants)
    checks = []
    for i in system.free:
        if np.isfinite(setting.lower[i]):
            checks.append(y[i] >= setting.lower[i] - slack * setting.scales[i])
        if np.isfinite(setting.upper[i]):
            checks.append(y[i] <= setting.upper[i] + slack * setting.scales[i])
    return np.where(functools.reduce(operator.and_, checks), 1.0, 0.0) if checks else 1.0


def first_step(system: System, setting: Setting, z: list[Any], constants: Constants) -> Any:
    """A step over which the states change by about a hundredth of what they are (or of their scale).

    It is no longer than a tenth of the fastest relaxation: an implicit step across that lands well, but what is read
    inside it would not be controlled.
    """
    rates, slopes, _ = system.linear(z, constants)
    fastest: Any = 0.0
    for k, (i, value, rate) in enumerate(zip(system.independent, z, rates)):
        fastest = np.maximum(fastest, np.abs(rate) / (np.abs(value) + 1e-3 * setting.scales[i]))
        if (k, k) in slopes:
            fastest = np.maximum(fastest, 0.1 * np.abs(slopes[k, k]))
    return 0.01 / (fastest + 1e-12)


# --- steady states ----------------------------------------------------------------------------------


def newton_step(
    system: System, setting: Setting, z: list[Any], tau: Any, constants: Constants, upper: Sequence[Any]
) -> tuple[list[Any], Any, Any]:
    """One implicit Euler step of pseudo-time ``tau``, taken only if it stays inside the bounds and the linear model
    predicted it; otherwise ``tau`` shrinks. Returns the states, the next ``tau``, and 1 where the point is a root.

    Its error is what the step still misses, expressed as a further step: it is free of units and of stiffness.
    """
    scales = [setting.scales[i] for i in system.independent]
    inverse = 1.0 / tau
    rate, slopes, noise = system.linear(z, constants)
    factors = system.elimination.factor(system.shifted(slopes, inverse))
    step = system.elimination.solve(factors, rate)
    there = [value + change for value, change in zip(z, step)]
    inside, there = _kept_inside(system, setting, there, constants, upper)
    missed = [f - inverse * change for f, change in zip(system.rates(there, constants), step)]
    further = system.elimination.solve(factors, missed)

    sizes = [np.abs(value) / scale for value, scale in zip(z, scales)]
    length = _largest([np.abs(change) / scale for change, scale in zip(step, scales)])
    relative = _largest([np.abs(change) / scale / (1.0 + size) for change, scale, size in zip(step, scales, sizes)])
    left = _largest([np.abs(change) / scale for change, scale in zip(further, scales)])
    error = left / np.maximum(length, 1e-300)
    small = relative < TOLERANCE
    good = inside & (error < 1e300) & (small | (error < 0.9))
    longest = LONGEST_STEP * setting.per_minute
    plain = tau >= longest
    done = plain & (_at_rest(system, setting, z, rate, noise) | (good & small))
    growth = np.where(small, 1e4, np.minimum(np.maximum(0.3 / np.maximum(error, 1e-12), 1.5), 1e4))
    shrunk = np.where(plain, longest / 1e6, tau * 0.2)
    tau = np.where(good, np.minimum(tau * growth, longest), shrunk)
    return [np.where(good, new, old) for new, old in zip(there, z)], tau, np.where(done, 1.0, 0.0)


def _kept_inside(
    system: System, setting: Setting, z: list[Any], constants: Constants, upper: Sequence[Any]
) -> tuple[Any, list[Any]]:
    """Whether all free states are in their bounds, and the states put back where rounding stepped over one."""
    y = system.whole(z, constants)
    inside: Any = y[system.independent[0]] == y[system.independent[0]]
    bounded = dict(zip(system.independent, z))
    for i, high in zip(system.free, upper):
        low, slack = setting.lower[i], 1e-9 * setting.scales[i]
        if np.isfinite(low):
            inside = inside & (y[i] >= low - slack)
            bounded[i] = np.maximum(bounded.get(i, low), low)
        inside = inside & (y[i] <= high + slack)
        bounded[i] = np.minimum(bounded.get(i, high), high)
    return inside, [np.where(inside, bounded[i], value) for i, value in zip(system.independent, z)]


def _at_rest(system: System, setting: Setting, z: list[Any], rate: list[Any], noise: list[Any]) -> Any:
    checks = []
    for i, value, f, unsure in zip(system.independent, z, rate, noise):
        resting = RESTING / setting.per_minute * (setting.scales[i] + np.abs(value))
        checks.append(np.abs(f) <= np.maximum(resting, ROUNDING * unsure))
    return functools.reduce(operator.and_, checks)


def _largest(values: Sequence[Any]) -> Any:
    return functools.reduce(np.maximum, values)
