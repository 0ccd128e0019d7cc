"""Outliers of a plate, by the deviation of log rates from the level of their phase: first whole wells, then rates."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["FEWEST", "log_levels", "outliers"]

FEWEST = 5
"""Wells of a group below which nothing is judged (assumed: the spread of three or four tells no outlier)."""
_ROUNDING = 1e-9
"""Deviations of logarithms that are rounding; copies of one well deviate no more, and are no outliers."""


def log_levels(logs: Any, phase: Any) -> tuple[Any, float]:
    """Levels of phases by least squares, log rate ~ phase + well, and the standard deviation of what is left.

    Parameters
    ----------
    logs : array, shape (wells, times)
        Natural logarithms, NaN where there is none.
    phase : array of int, shape (times,)
        Number of the phase of each time, from 0; -1 is none.

    Returns
    -------
    levels : array, shape (phases,)
        For the mean well: effects of wells add up to zero, so that a well with gaps does not shift a phase. NaN where
        a phase has no rate, or where no well links the phases.
    residual : float
        NaN without degrees of freedom.
    """
    levels = np.full(int(phase.max()) + 1, np.nan)
    i, j = np.nonzero(np.isfinite(logs) & (phase >= 0))
    known, wells = np.unique(phase[j]), np.unique(i)
    if not known.size:
        return levels, np.nan
    effects = np.vstack([np.eye(len(wells) - 1), -np.ones((1, len(wells) - 1))])
    design = np.hstack([np.eye(len(known))[np.searchsorted(known, phase[j])], effects[np.searchsorted(wells, i)]])
    found, _, rank, _ = np.linalg.lstsq(design, logs[i, j], rcond=None)
    if rank < design.shape[1]:
        return levels, np.nan
    levels[known] = found[: len(known)]
    left = logs[i, j] - design @ found
    freedom = len(i) - rank
    return levels, float(np.sqrt(left @ left / freedom)) if freedom else np.nan


def outliers(logs: Any, phase: Any, wells: float | None, measurements: float | None) -> tuple[Any, Any]:
    """Wells and measurements of one group that lie too far from the levels of their phases.

    A well is an outlier where the mean of its squared deviations exceeds the median of all wells by ``wells`` median
    absolute deviations (times 1.4826, as for a normal distribution); when none is left, a measurement is one by
    ``measurements``, among those of its phase. Each is sought until no more is found. None seeks none.

    The rule takes sound ones too: of normal wells (spread 0.18, of phases 0.10, of measurements 0.05) 5 to 8 in 100
    wells and 3 to 5 in 100 measurements, in groups of 5 to 48.

    Returns
    -------
    array of bool, shape (wells,), and array of bool, shape (wells, times)
    """
    out_wells, out_points = np.zeros(len(logs), bool), np.zeros(logs.shape, bool)
    logs = np.where(phase >= 0, logs, np.nan)
    while wells is not None and _judged(logs) >= FEWEST:
        squares = _squares(logs, phase)
        number = np.isfinite(squares).sum(1)
        mean = np.where(number > 0, np.nansum(squares, 1) / np.maximum(number, 1), np.nan)
        if not (found := _far(mean, wells)).any():
            break
        out_wells |= found
        logs = np.where(found[:, None], np.nan, logs)
    while measurements is not None and _judged(logs) >= FEWEST:
        squares = _squares(logs, phase)
        found = np.zeros(logs.shape, bool)
        for number in range(int(phase.max()) + 1):
            found[:, phase == number] = _far(squares[:, phase == number], measurements)
        if not found.any():
            break
        out_points |= found
        logs = np.where(found, np.nan, logs)
    return out_wells, out_points


def _judged(logs: Any) -> int:
    return int(np.isfinite(logs).any(1).sum())


def _squares(logs: Any, phase: Any) -> Any:
    levels, _ = log_levels(logs, phase)
    return (logs - np.where(phase >= 0, levels[phase], np.nan)) ** 2


def _far(squares: Any, limit: float) -> Any:
    """Which lie too far above the median."""
    from scipy import stats

    known = squares[np.isfinite(squares)]
    if not known.size:
        return np.zeros(squares.shape, bool)
    threshold = np.median(known) + limit * stats.median_abs_deviation(known, scale="normal")
    return np.isfinite(squares) & (squares > max(threshold, _ROUNDING**2))
