"""The search itself: weighted least squares by lmfit, with a Jacobian and a covariance of our own.

A fit is a list of unknowns, a list of measured series, and functions that predict all of them and their slopes. Curves
and whole models come here alike.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection
from typing import Any

import numpy as np

from ...core.errors import FitError
from ..problems.misfit import Misfit

__all__ = ["Found", "inverse_information", "search", "seen_directions", "unseen"]

SINGULAR = 1e-6
"""Directions in which the data change less than this share of the strongest are not determined by them."""

TOLERANCE = 1e-10

EPSILON = float(np.finfo(float).eps)
"""Gradient that ends a search: none at all, as it is small by itself for an unknown whose unit, its start, is small."""

FALL = 1e-9
"""A misfit that falls by less than this share of itself has arrived; the errors of a solver move it by less."""

MOST_EVALUATIONS = 1000


@dataclasses.dataclass
class Found:
    """Where a search ended."""

    internal: Any
    cost: float
    evaluations: int
    message: str
    ended: bool = True
    interrupted: bool = False


class _Watched:
    """A misfit as an optimiser sees it: what it was last asked, and the best it has seen."""

    def __init__(self, misfit: Misfit, moving: Any, start: Any) -> None:
        self.misfit, self.moving, self.whole = misfit, moving, np.array(start, float)
        self.best, self.cost, self.evaluations = self.whole.copy(), math.inf, 0
        self._last: tuple[bytes, Any, Any] = (b"", None, None)

    def at(self, part: Any) -> tuple[Any, Any]:
        internal = self.whole.copy()
        internal[self.moving] = part
        if self._last[0] != internal.tobytes():
            residual, slope = self.misfit.around(internal, exact=False)
            self.evaluations += 1
            self._last = internal.tobytes(), residual, slope[:, self.moving]
            cost = float(residual @ residual)
            if cost < self.cost:
                self.best, self.cost = internal, cost
        return self._last[1], self._last[2]


def search(misfit: Misfit, start: Any, fixed: Collection[int] = ()) -> Found:
    """The least squares nearest to a start (unknown,), on the scale of the search; those ``fixed`` stay.

    An interrupt from the keyboard ends it where it is: the best point so far comes back, marked.
    """
    import lmfit

    moving = np.array([i for i in range(len(misfit.unknowns)) if i not in fixed], int)
    watched = _Watched(misfit, moving, start)
    if not len(moving):
        residual = misfit.of(start)[0]
        return Found(np.array(start, float), float(residual @ residual), 1, "nothing to move")
    parameters = lmfit.Parameters()
    low, high = misfit.low, misfit.high
    for i in moving:
        # A start on a bound is moved a little inward by the optimiser, which divides by the distance.
        parameters.add(f"u{i}", value=float(np.clip(start[i], low[i], high[i])), min=low[i], max=high[i])
    keys = list(parameters)
    # In units of the misfit at the start, so that the optimiser sees no picomoles.
    size = float(np.sqrt(np.mean(watched.at([parameters[k].value for k in keys])[0] ** 2)))
    size = size if math.isfinite(size) and size > 0 else 1.0
    minimizer = lmfit.Minimizer(
        lambda p: watched.at([p[k].value for k in keys])[0] / size,
        parameters,
        nan_policy="propagate",  # a trial step without an answer is a step too far, and is shortened
        calc_covar=False,
    )
    try:
        # lmfit makes a covariance of its own, even where none is, and a flat direction is divided by.
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            out = minimizer.minimize(
                method="least_squares",
                jac=lambda p: watched.at([p[k].value for k in keys])[1] / size,
                ftol=FALL,
                xtol=TOLERANCE,
                gtol=EPSILON,
                x_scale="jac",  # a flat valley is crossed in steps of its own size
                max_nfev=MOST_EVALUATIONS,
            )
    except KeyboardInterrupt:
        if not math.isfinite(watched.cost):
            raise
        return Found(watched.best, watched.cost, watched.evaluations, "interrupted", False, True)
    except ValueError as error:  # no slope at a point that has a value
        if not math.isfinite(watched.cost):
            raise FitError(f"the search could not begin ({error}).") from None
        return Found(watched.best, watched.cost, watched.evaluations, f"no slope ({error})", False)
    internal = np.array(start, float)
    internal[moving] = [out.params[k].value for k in keys]
    residual = watched.at(internal[moving])[0]
    cost = float(residual @ residual)
    return Found(internal, cost, watched.evaluations, str(out.message), bool(out.success))


def inverse_information(slope: Any) -> Any:
    """Inverse of JᵀJ, NaN for unknowns that take part in a direction the data do not see."""
    size = np.linalg.norm(slope, axis=0)
    seen = np.flatnonzero(size > 0)
    out = np.full((slope.shape[1],) * 2, np.nan)
    if not len(seen) or not np.isfinite(slope).all():
        return out
    _, strength, directions = np.linalg.svd(slope[:, seen] / size[seen], full_matrices=False)
    good = strength > SINGULAR * strength[0]
    inverse = (directions[good].T / strength[good] ** 2) @ directions[good]
    lost = unseen(slope[:, seen])
    inverse[lost, :], inverse[:, lost] = np.nan, np.nan
    out[np.ix_(seen, seen)] = inverse / np.outer(size[seen], size[seen])
    return out


def fall_ahead(residual: Any, slope: Any) -> float:
    """By how much the misfit would still fall at the bottom of the linearised problem: nothing at a minimum."""
    size = np.linalg.norm(slope, axis=0)
    if not np.isfinite(size).all() or not size.any():
        return 0.0
    ways, strength, _ = np.linalg.svd(slope[:, size > 0] / size[size > 0], full_matrices=False)
    return float(np.sum((residual @ ways[:, strength > SINGULAR * strength[0]]) ** 2))


def seen_directions(slope: Any) -> int:
    """How many independent directions the data see, from slopes (point, unknown)."""
    size = np.linalg.norm(slope, axis=0)
    if not np.isfinite(size).all() or not size.any():
        return 0
    strength = np.linalg.svd(slope[:, size > 0] / size[size > 0], compute_uv=False)
    return int(np.sum(strength > SINGULAR * strength[0]))


def unseen(slope: Any) -> Any:
    """Which unknowns take part in a direction that the data do not see, from slopes (point, unknown)."""
    size = np.linalg.norm(slope, axis=0)
    if not np.isfinite(size).all():
        return ~np.isfinite(size)
    out = size == 0
    seen = np.flatnonzero(~out)
    if len(seen):
        _, strength, directions = np.linalg.svd(slope[:, seen] / size[seen], full_matrices=True)
        strength = np.pad(strength, (0, len(seen) - len(strength)))
        lost = directions[strength <= SINGULAR * strength[0]]
        out[seen] = (np.abs(lost) > 1e-3).any(axis=0)
    return out
