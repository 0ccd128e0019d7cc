"""Slope of a recorded trace by a local line: what a respirometer should show as its rate."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

__all__ = ["local_slope"]


def local_slope(time: np.ndarray, values: np.ndarray, width: float, breaks: Iterable[int]) -> np.ndarray:
    """Slope of the least-squares line through the readings within ``width`` centred on each.

    Lines do not reach across a break (an addition, a gap): there the rate changes, and a line through both sides is
    neither. NaN where fewer than three readings, or less than half of the width, are left.

    Parameters
    ----------
    time, values : array (n,)
        Readings; NaN values are passed over.
    width : float
        In the unit of time.
    breaks : iterable of int
        Readings with which a new stretch begins.
    """
    slope = np.full(len(time), np.nan)
    edges = np.unique([0, *breaks, len(time)])
    for first, last in pairwise(edges):
        rows = first + np.flatnonzero(np.isfinite(values[first:last]))
        if len(rows) > 2:
            slope[rows] = _one_stretch(time[rows], values[rows], width)
    return slope


def _one_stretch(time: np.ndarray, values: np.ndarray, width: float) -> np.ndarray:
    # From running sums, about the middle of the stretch so that few digits are lost in their differences.
    t, y = time - time.mean(), values - values.mean()
    reach = width / 2 * (1 + 1e-9)
    low, high = np.searchsorted(t, t - reach), np.searchsorted(t, t + reach, side="right")
    n = high - low
    sum_t, sum_y, sum_tt, sum_ty = (
        (running := np.concatenate([[0.0], np.cumsum(terms)]))[high] - running[low] for terms in (t, y, t * t, t * y)
    )
    enough = (n >= 3) & (t[high - 1] - t[low] >= width / 2 * (1 - 1e-9))
    spread = np.where(enough, sum_tt - sum_t**2 / n, 1.0)
    return np.where(enough & (spread > 0), (sum_ty - sum_t * sum_y / n) / np.where(spread > 0, spread, 1.0), np.nan)
