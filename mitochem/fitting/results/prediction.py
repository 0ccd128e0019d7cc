"""What a fit says of an experiment that was not fitted, and how sure it is of that."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import level_in, mapping_in, numbers_in, shown
from ...core.errors import FitError
from ..problems.experiment import Experiment
from ..problems.problem import Problem
from ..problems.time_course import TimeCourse
from ..problems.unknowns import slope_of_value, to_internal
from .result import LEVEL, FitResult

if TYPE_CHECKING:
    import pandas

__all__ = ["prediction"]

Work = Experiment | TimeCourse


def prediction(result: FitResult, experiments: Work | Sequence[Work], *, level: float = LEVEL) -> pandas.DataFrame:
    """Predict experiments with the fitted values, with the error of each point.

    The error of the expectation comes from the covariance of the fitted values by the delta method,
    ``se² = g C gᵀ`` with ``g`` the derivatives of the point by the unknowns. A new measurement scatters about that: by
    the declared noise of its observable, times the root of the weighted sum of squares per degree of freedom of the
    fit, unless that took the noise as declared. What the model misses by its form is in neither, save what the fit
    showed as scatter.

    Parameters
    ----------
    result : FitResult
        Of `fit`.
    experiments : Experiment or TimeCourse, or a sequence of them
        Conditions, and what to predict in ``observed``: the measurements to compare with, or NaN. The noise
        is needed for the scatter of observables that the fit did not have the noise of.
    level : float
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row for each point: experiment, observable, unit, the conditions that vary, ``observed``, ``predicted``,
        ``se`` (of the expectation), ``scatter`` (of one measurement), ``low`` and ``high`` (ends of the prediction
        interval, by Student's t with the degrees of freedom of the fit), ``inside`` (None where not measured).
        An unknown at its bound is taken as exact, with a warning; where a point depends on one that the data did not
        determine, its errors are NaN, with a warning.

    Raises
    ------
    FitError
        If an experiment cannot be predicted: names that the problem does not know, an unknown that is local to other
        experiments, no steady state.

    References
    ----------
    Delta method and prediction interval of nonlinear least squares: any textbook.
    """
    if not isinstance(result, FitResult):
        raise FitError(f"prediction takes what fit gives, a FitResult, not {shown(result)}.")
    level = level_in(level, error=FitError)
    given = [experiments] if isinstance(experiments, Work) else experiments
    if not isinstance(given, Sequence) or not given or not all(isinstance(e, Work) for e in given):
        raise FitError(f"experiments = {shown(experiments)} is neither an Experiment nor a sequence of them.")
    problem = _problem(result, given)
    value, slope, names = _expectation(result, problem)
    se = _standard_error(result, slope, names)
    spread, t = _spread(result, level)
    rows, start = [], 0
    for experiment, series in _series(problem, given):
        seen = _measured(experiment, series)
        part = slice(start, start + len(series.observed))
        start = part.stop
        scatter = _scatter(result, spread, experiment, series)
        half = t * np.hypot(se[part], scatter)
        known = np.isfinite(seen) & np.isfinite(half)
        rows.append(
            {
                "experiment": series.experiment,
                "observable": series.observable,
                "unit": _unit(result, experiment, series),
            }
            | {name: column for name, column in series.x.items() if np.ptp(column) > 0}
            | {"observed": seen, "predicted": value[part], "se": se[part], "scatter": scatter}
            | {"low": value[part] - half, "high": value[part] + half}
            | {"inside": [bool(abs(d) <= h) if k else None for d, h, k in zip(seen - value[part], half, known)]}
        )
    return _table(rows)


def _spread(result: FitResult, level: float) -> tuple[float, float]:
    """How often its noise a measurement scatters, and how many standard errors the interval reaches to either side."""
    t = result.quantile(level)
    if result.errors == "declared":
        return 1.0, t
    squares = float(result.weighted_residuals @ result.weighted_residuals)
    return float(np.sqrt(squares / result.dof)) if result.dof > 0 else np.nan, t


def _table(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    """All points below each other; the conditions stand before what was found."""
    import pandas

    last = ["observed", "predicted", "se", "scatter", "low", "high", "inside"]
    table = pandas.concat([pandas.DataFrame(row) for row in rows], ignore_index=True)
    return table[[name for name in table if name not in last] + last]


def _problem(result: FitResult, given: Sequence[Work]) -> Problem:
    """The problem of the fit with other experiments, every point of which is to be predicted."""
    there = result.problem
    named = {name for e in given for name in mapping_in(e.observed, "observed", FitError)}
    factors = {name: s for name, s in there.nuisance.items() if named.intersection(s.observables)}
    whole = []
    for e in given:
        exact: dict[str, Any] = {"uncertain": {}} if isinstance(e, Experiment) else {}
        whole.append(dataclasses.replace(e, observed=_without_gaps(e.observed), noise=_noise(e, result), **exact))
    problem = dataclasses.replace(there, experiments=whole, nuisance=factors)
    if foreign := [u.name for u in problem.unknowns if u.name not in result.names]:
        raise FitError(f"{foreign[0]} was not fitted; what is local is known of {_known(result)}.")
    return problem


def _measured(experiment: Work, series: Any) -> Any:
    """What was observed at the points of a series, in its unit; NaN where nothing was."""
    gaps = np.isnan(np.ravel(numbers_in(experiment.observed[series.observable], "observed", FitError)))
    return np.where(np.broadcast_to(gaps, len(series.observed)), np.nan, series.observed)


def _unit(result: FitResult, experiment: Work, series: Any) -> str:
    """Unit of the instrument where a nuisance leads to it, also for numbers that do not say theirs."""
    if "units" in getattr(experiment.observed[series.observable], "attrs", {}):
        return str(series.unit)
    return next((s.unit for s in result.series if s.observable == series.observable), str(series.unit))


def _known(result: FitResult) -> str:
    return "the experiments " + ", ".join(e.name or "without a name" for e in result.problem.prepared)


def _without_gaps(observed: Mapping[str, Any]) -> dict[str, Any]:
    """A number wherever nothing was measured, so that these points are predicted too."""
    out = {}
    for name, values in observed.items():
        numbers = numbers_in(values, f"observed {name}", FitError)
        filled = np.where(np.isnan(numbers), 0.0, numbers)
        out[name] = values.copy(data=filled) if hasattr(values, "dims") else filled
    return out


def _noise(experiment: Work, result: FitResult) -> dict[str, Any]:
    """Noise as declared; else as in the fit, if that had one size for the observable; else 1, and no scatter."""
    declared = dict(mapping_in(experiment.noise, "noise", FitError))
    return {name: declared.get(name, _sizes(result, name) or 1.0) for name in experiment.observed}


def _sizes(result: FitResult, name: str) -> float | None:
    """The one size of the noise of an observable in a fit."""
    sizes = {float(size) for s in result.series if s.observable == name for size in np.ravel(s.noise)}
    return sizes.pop() if len(sizes) == 1 else None


def _scatter(result: FitResult, spread: float, experiment: Work, series: Any) -> Any:
    """Of one measurement at each point; NaN, with a warning, where neither the fit nor the experiment tells it."""
    name = series.observable
    if name not in experiment.noise and _sizes(result, name) is None:
        warnings.warn(
            f"the scatter of {name} is not known, and NaN: noise={{{name!r}: Noise(size, why)}}.", stacklevel=3
        )
        spread = np.nan
    return spread * np.broadcast_to(series.noise, len(series.observed))


def _series(problem: Problem, given: Sequence[Work]) -> list[tuple[Work, Any]]:
    return [(one, series) for one, prepared in zip(given, problem.prepared) for series in prepared.series]


def _expectation(result: FitResult, problem: Problem) -> tuple[Any, Any, list[str]]:
    """Value at every point, and its derivatives (point, unknown) by the values, as the fit itself has them."""
    unknowns, misfit = problem.unknowns, problem.misfit
    names = [u.name for u in unknowns]
    values = [result[name] for name in names]
    residual, slope = misfit.around(to_internal(unknowns, values))
    found = misfit.observed + misfit.noise * residual
    if not np.isfinite(found).all():
        raise FitError(f"no prediction for point {int(np.flatnonzero(~np.isfinite(found))[0])}: no steady state.")
    return found, misfit.noise[:, None] * slope / slope_of_value(unknowns, values), names


def _standard_error(result: FitResult, slope: Any, names: list[str]) -> Any:
    """By the delta method, with what has no error taken as exact or as unknown."""
    where = [result.names.index(name) for name in names]
    covariance = np.array(result.covariance_matrix)[np.ix_(where, where)]
    fixed = np.asarray(result.look.at_bound)[where]
    matters = (np.abs(slope) > 0).any(axis=0)
    lost = np.isnan(np.diag(covariance)) & ~fixed & matters
    for name, at in zip(names, fixed & matters):
        if at:
            warnings.warn(f"{name} is at its bound and taken as exact in the errors of a prediction.", stacklevel=3)
    for name, undetermined in zip(names, lost):
        if undetermined:
            warnings.warn(f"{name} is not determined; errors of what depends on it are NaN.", stacklevel=3)
    variance = np.einsum("pi,ij,pj->p", slope, np.nan_to_num(covariance), slope)
    unknown = (np.abs(slope[:, lost]) > 0).any(axis=1)
    return np.where(unknown, np.nan, np.sqrt(np.maximum(variance, 0.0)))
