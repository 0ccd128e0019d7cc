"""Bounded pseudo-transient Newton for a batch of points.

Every point takes implicit Euler steps that grow into Newton's method. A step is taken only if
it stays inside the bounds of every state (0, and the pool it shares) and the linear model predicted it; otherwise
its pseudo-time step shrinks. Conserved totals are kept at their start values by adding their equations to the
singular system, so nothing is eliminated by hand.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from .batch import Batch

if TYPE_CHECKING:
    from .model import Model

__all__ = ["Problem", "newton"]

TOLERANCE = 1e-10
"""Largest relative Newton step at a root."""

RESTING = 1e-12
"""Relative rates of change (1/min) below this are rest: one part in a million in two years."""

ROUNDING = 4e-14
"""Rates that a relative change of the states by this much explains are zero as far as can be known."""

MAX_STEPS = 300
FIRST_STEP = 1e-3
SHORTEST_STEP = 1e-18
LONGEST_STEP = 1e10
"""Pseudo-time step (min) that is Newton's method in all but name. It stays finite, because directions in which nothing
moves at all (a synthase of capacity 0) make the matrix singular."""


@dataclasses.dataclass
class Problem:
    """A batch of points with everything a solve needs, arrays with the batch on the last axis."""

    model: Model
    batch: Batch
    parameters: list[Any]
    start: Any
    free: Any
    lower: Any
    upper: Any
    laws: Any
    scale: Any

    def columns(self, points: Any) -> list[Any]:
        """Parameter values of some points."""
        return [p[points] if isinstance(p, np.ndarray) else p for p in self.parameters]

    def at(self, point: int) -> Model:
        """The model with the parameters of one point."""
        states = self.model.program.states
        return self.model.replace({k: v for k, v in self.batch.at(point).items() if k not in states})

    def pull(self, points: Any) -> Any:
        """Projector onto the conserved totals, shape (point or 1, state, state)."""
        laws = self.laws if len(self.laws) == 1 else self.laws[points]
        return np.swapaxes(laws, 1, 2) @ laws

    def residual(self, y: Any, points: Any, constants: Any, pull: Any) -> Any:
        """Scaled rates of the free states, plus the way back to their conserved totals, shape (state, point)."""
        scale = self.scale[:, None]
        rate = self.model.kernel.rates_batched(y, constants)[self.free] / scale
        away = (self.start[:, points] - y)[self.free] / scale
        return rate + _times(pull, away)


def newton(problem: Problem, y: Any, points: Any, first_step: float | None = None) -> tuple[Any, Any]:
    """Solve some points of a problem from the states ``y`` (state, point).

    Returns the states, and which points converged; ``y`` is changed in place.
    """
    constants = problem.model.kernel.prepare(problem.columns(points))
    clock = problem.model.per_minute
    longest = LONGEST_STEP * clock
    tau = np.full(len(points), FIRST_STEP * clock if first_step is None else first_step)
    done = np.zeros(len(points), bool)
    if not len(problem.free):
        return y, ~done
    for _ in range(MAX_STEPS):
        now = np.flatnonzero((tau > SHORTEST_STEP * clock) & ~done)
        if not len(now):
            break
        plain = tau[now] >= longest
        here = tuple(c[now] if isinstance(c, np.ndarray) else c for c in constants)
        with np.errstate(all="ignore"):  # a wild trial step may overflow; it is refused below
            there, small, at_rest, error = _step(problem, y[:, now], points[now], here, 1 / tau[now])
        # A state may start on its bound, and rounding step over it: that much is put back.
        low, high = (a[:, points[now]][problem.free] for a in (problem.lower, problem.upper))
        found, slack = there[problem.free], 1e-9 * problem.scale[:, None]
        inside = ((found >= low - slack) & (found <= high + slack)).all(axis=0)
        there[problem.free] = np.where(inside, np.clip(found, low, high), found)
        good = inside & np.isfinite(error) & (small | (error < 0.9))
        y[:, now[good]] = there[:, good]
        done[now] = plain & (at_rest | (good & small))
        growth = np.where(small, 20.0, np.clip(0.3 / np.maximum(error, 1e-12), 1.5, 1e4))
        shrunk = np.where(plain, longest / 1e6, tau[now] / 5)
        tau[now] = np.where(good, np.minimum(tau[now] * growth, longest), shrunk)
    return y, done


def _step(problem: Problem, y: Any, points: Any, constants: Any, inverse_tau: Any) -> tuple[Any, Any, Any, Any]:
    """One implicit Euler step: the new states, which steps are negligible, which points are at rest within rounding
    already, and the relative error of each step.

    The error is what the step still misses, expressed as a further step: it is free of units and of stiffness.
    """
    kernel, free, scale = problem.model.kernel, problem.free, problem.scale[:, None]
    pull = problem.pull(points)
    slope = kernel.jacobian_batched(y, constants)[:, free[:, None], free] * (scale.T / scale)
    inverse = _inverse(inverse_tau[:, None, None] * np.eye(len(free)) - slope + pull)
    rate = problem.residual(y, points, constants, pull)
    size = np.abs(y[free] / scale)
    at_rest = (
        np.abs(rate)
        <= np.maximum(RESTING / problem.model.per_minute * (1 + size), ROUNDING * _times(np.abs(slope), size))
    ).all(axis=0)
    step = _times(inverse, rate)
    there = y.copy()
    there[free] += step * scale
    missed = _times(inverse, problem.residual(there, points, constants, pull) - inverse_tau * step)
    length = np.abs(step).max(axis=0)
    small = (np.abs(step) / (1 + size)).max(axis=0) < TOLERANCE
    return there, small, at_rest, np.where(length > 0, np.abs(missed).max(axis=0) / length, 0.0)


def _times(matrices: Any, vectors: Any) -> Any:
    """Matrix of each point (or one for all) times its vector, vectors as (state, point)."""
    return (matrices @ vectors.T[:, :, None])[:, :, 0].T


def _inverse(matrix: Any) -> Any:
    """Inverse of each matrix; NaN where there is none, so that the step is refused.

    Rows are brought to one size first: those of Δψ are a million times those of slow states.
    """
    size = np.abs(matrix).sum(axis=2)
    usable = np.isfinite(size).all(axis=1) & (size > 0).all(axis=1)
    safe = np.where(usable[:, None, None], matrix / size[:, :, None], np.eye(matrix.shape[1]))
    try:
        out = np.linalg.inv(safe)
    except np.linalg.LinAlgError:
        usable &= np.linalg.cond(safe) < 1e15
        out = np.linalg.inv(np.where(usable[:, None, None], safe, np.eye(matrix.shape[1])))
    out[~usable] = np.nan
    return out / size[:, None, :]
