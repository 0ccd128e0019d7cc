"""The search itself: weighted least squares by lmfit, with a Jacobian and a covariance of our own.

A fit is a list of unknowns, a list of measured series, and a function that predicts all of them for many sets of
values at once. Curves and whole models come here alike.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..core.errors import FitError
from .result import FitResult
from .unknowns import Unknown, from_internal, internal_bounds, slope_of_value

__all__ = ["Series", "solve"]

STEP = 1e-4
"""Half-width of central differences: steady states carry a relative error of 1e-10, which a smaller step magnifies."""

SINGULAR = 1e-6
"""Directions in which the data change less than this share of the strongest are not determined by them."""

TOLERANCE = 1e-10

Predict = Callable[[Any], Any]
"""From values (member, unknown) to predictions (member, point)."""


@dataclasses.dataclass(frozen=True)
class Series:
    """One observable of one experiment, points in a row.

    Parameters
    ----------
    observable, unit : str
        What was measured.
    experiment : str
        Label of the experiment.
    observed : array
        The measurements, all finite.
    noise : array
        Standard deviation taken for each; only ratios matter, because the scatter of the residuals sets the errors.
    x : mapping of arrays
        Conditions at the points, those that vary first.
    declared : bool
        Whether the noise was declared, so that residuals can be held against it.
    """

    observable: str
    unit: str
    experiment: str
    observed: Any
    noise: Any
    x: Mapping[str, Any]
    declared: bool = False


def solve(unknowns: Sequence[Unknown], series: Sequence[Series], predict: Predict, **more: Any) -> FitResult:
    """Fit the unknowns; ``more`` goes to the result (title, notes, provenance, ...).

    Raises
    ------
    FitError
        If there are fewer points than unknowns, the start cannot be predicted, or the search does not end.
    """
    import lmfit

    observed = np.concatenate([s.observed for s in series])
    noise = np.concatenate([np.broadcast_to(s.noise, np.shape(s.observed)) for s in series])
    names = ", ".join(u.name for u in unknowns)
    if not unknowns:
        raise FitError("nothing is free to be fitted.")
    if len(observed) < len(unknowns):
        raise FitError(f"{len(observed)} points cannot determine {len(unknowns)} unknowns ({names}); fix some of them.")

    def misfit(internal: Any) -> Any:
        return (predict(from_internal(unknowns, np.atleast_2d(internal))) - observed) / noise

    low, high = internal_bounds(unknowns)

    def slopes(internal: Any) -> Any:
        """Central differences, shortened where they would cross a bound, all in one prediction."""
        step = STEP * np.eye(len(unknowns))
        ahead, behind = np.minimum(internal + step, high), np.maximum(internal - step, low)
        there, back = np.split(misfit(np.vstack([internal, ahead, behind]))[1:], 2)
        return ((there - back) / np.diag(ahead - behind)[:, None]).T

    @functools.lru_cache(maxsize=4)
    def around(*internal: float) -> tuple[Any, Any]:
        """Misfit at a point and its slopes, in one prediction: it costs hardly more than the point alone."""
        here = np.array(internal)
        inward = np.where(here + STEP > high, -STEP, STEP)
        found = misfit(np.vstack([here, here + np.diag(inward)]))
        return found[0], ((found[1:] - found[0]) / inward[:, None]).T

    bad = np.flatnonzero(~np.isfinite(misfit(np.zeros(len(unknowns)))[0]))
    if len(bad):
        start = ", ".join(f"{u.name} = {u.start:g}" for u in unknowns)
        raise FitError(f"no prediction for point {bad[0]} ({_where(series, int(bad[0]))}) at the start values {start}.")

    parameters = lmfit.Parameters()
    for i in range(len(unknowns)):
        parameters.add(f"u{i}", value=0.0, min=low[i], max=high[i])
    keys = list(parameters)
    search = lmfit.Minimizer(
        lambda p: around(*(p[k].value for k in keys))[0].copy(),
        parameters,
        nan_policy="propagate",  # a trial step without a steady state is a step too far, and is shortened
        calc_covar=False,
    )
    with np.errstate(invalid="ignore"):  # lmfit makes a covariance of its own, even where there is none
        found = search.minimize(
            method="least_squares",
            jac=lambda p: around(*(p[k].value for k in keys))[1].copy(),
            ftol=TOLERANCE,
            xtol=TOLERANCE,
            gtol=TOLERANCE,
            x_scale="jac",  # a flat valley is crossed in steps of its own size
            max_nfev=1000,
        )
    internal = np.array([found.params[k].value for k in keys])
    values = from_internal(unknowns, internal)
    if not found.success:
        last = ", ".join(f"{u.name} = {v:g}" for u, v in zip(unknowns, values))
        raise FitError(f"the search did not end ({found.message}); it stood at {last}.")

    residual = misfit(internal)[0]
    at_bound = _at_bound(internal, low, high)
    slope = slopes(internal)
    covariance = np.full((len(unknowns),) * 2, np.nan)
    inside = np.flatnonzero(~at_bound)
    dof = len(observed) - len(unknowns)
    if dof > 0:
        scatter = float(residual @ residual) / dof
        covariance[np.ix_(inside, inside)] = scatter * inverse_information(slope[:, inside])
    by_value = slope_of_value(unknowns, values)
    return FitResult(
        unknowns=tuple(unknowns),
        series=tuple(series),
        fitted=tuple(np.split(residual * noise + observed, np.cumsum([len(s.observed) for s in series])[:-1])),
        estimates=values,
        covariance_matrix=covariance * np.outer(by_value, by_value),
        at_bound=at_bound,
        felt=np.linalg.norm(slope, axis=0) > 0,
        solver={
            "method": "lmfit least_squares (trust region reflective)",
            "tolerance": TOLERANCE,
            "evaluations": int(found.nfev),
            "message": str(found.message),
        },
        predict=predict,
        **more,
    )


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
    lost = (np.abs(directions[~good]) > 1e-3).any(axis=0)
    inverse[lost, :], inverse[:, lost] = np.nan, np.nan
    out[np.ix_(seen, seen)] = inverse / np.outer(size[seen], size[seen])
    return out


def _at_bound(internal: Any, low: Any, high: Any) -> Any:
    near = 1e-3 * np.minimum(1.0, high - low)
    return (internal - low < near) | (high - internal < near)


def _where(series: Sequence[Series], point: int) -> str:
    for s in series:
        if point < len(s.observed):
            at = ", ".join(f"{k} = {v[point]:g}" for k, v in s.x.items())
            return s.observable + (f" of {s.experiment}" if s.experiment else "") + (f" at {at}" if at else "")
        point -= len(s.observed)
    return ""
