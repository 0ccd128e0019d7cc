"""Oxygen used and its rate along one stretch of a run: from a simulated flux, or from tangents of a recorded trace."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import number_in
from ...core.door import KINDS
from ...core.errors import ParameterError
from ...core.units import magnitude, registry, unit
from .checks import has

if TYPE_CHECKING:
    import xarray

__all__ = ["Course", "course_of"]

FEWEST = 5
"""Points of a tangent: a line through fewer says nothing of its own error."""
SHARE = 0.1
"""Length of a tangent as a share of its stretch (assumed: short beside state 3, long beside the noise)."""
CLEAR = 4.0
"""Standard errors by which state 3 must exceed state 4 to be seen (assumed: tangents are tried along the stretch)."""


@dataclass(frozen=True)
class Course:
    """Oxygen used since the start of a stretch (mM) and its rate (mM/min) at each time (min), shape (time,).

    ``level`` is the oxygen at the start (mM; NaN if it was held), ``error`` the standard error of a rate, ``began`` the
    time of the start, which may lie a little before the first point.
    """

    time: Any
    used: Any
    rate: Any
    level: float
    error: float
    began: float

    @property
    def top(self) -> int:
        """Index of the largest rate."""
        return int(np.argmax(self.rate))

    def shows_state_3(self) -> bool:
        """Whether the largest rate is above the last by more than chance."""
        fast, slow = self.rate[self.top], self.rate[-1]
        return bool(fast > slow * (1 + 1e-6) and fast - slow > CLEAR * np.sqrt(2) * self.error)

    def has_settled(self) -> bool:
        """Whether the last two tangents that share no point agree: to a twentieth of the fall, or but for chance."""
        before = self.time[-1] - 1.5 * SHARE * np.ptp(self.time)
        earlier = self.rate[np.searchsorted(self.time, before) - 1]
        fall = self.rate[self.top] - self.rate[-1]
        return bool(earlier - self.rate[-1] <= max(0.05 * fall, CLEAR * np.sqrt(2) * self.error))


def course_of(part: xarray.Dataset, what: str, window: float | None = None) -> Course:
    """The course of one stretch: of ``J_O2`` and ``volume_bath`` if they are there, else of ``oxygen``."""
    if "J_O2" in part:
        return _from_flux(part, what)
    if "oxygen" not in part:
        has(part, "J_O2")
    known = part["oxygen"].values[np.isfinite(part["oxygen"].values)]
    if "time" not in part["oxygen"].dims or not known.size or not np.ptp(known) > 0:
        raise ParameterError("the data have no 'J_O2', and their oxygen does not change.")
    return _from_trace(part, what, window)


def _one(array: Any, what: str) -> Any:
    if array.dims != ("time",):
        raise ParameterError(f"{what} reads one time course; select one member of the batch first.")
    return array.values.astype(float)


def _from_flux(part: xarray.Dataset, what: str) -> Course:
    has(part, "volume_bath")
    flux, time = _one(part["J_O2"], what), np.asarray(part["time"].values, float)
    rate = flux / KINDS["positive"].check("volume_bath", float(np.ravel(part["volume_bath"])[0]))
    used = np.concatenate([[0.0], np.cumsum(np.diff(time) * (rate[1:] + rate[:-1]) / 2)])
    changes = "oxygen" in part and part["oxygen"].dims == ("time",) and np.ptp(part["oxygen"].values) > 0
    level = float(part["oxygen"].values[0]) if changes else np.nan
    return Course(time, used, rate, level, 0.0, float(time[0]))


def _from_trace(part: xarray.Dataset, what: str, window: float | None) -> Course:
    oxygen, time = _one(part["oxygen"], what) * to_mM(part["oxygen"]), np.asarray(part["time"].values, float)
    there = np.isfinite(oxygen)
    oxygen, time = oxygen[there], time[there]
    if len(time) < 2 * FEWEST:
        raise ParameterError(f"{what}: a stretch of {len(time)} points is too short for tangents; it takes 10.")
    length = SHARE * np.ptp(time) if window is None else number_in(magnitude(window, "min", "window"), "window")
    if not 0 < length <= np.ptp(time):
        raise ParameterError(f"window = {length:g} min does not lie in the stretch, which lasts {np.ptp(time):g} min.")
    level, slope, error = tangents(time, oxygen, length)
    began = float(part.attrs.get("began", time[0]))
    start = float(level[0] + slope[0] * (began - time[0]))
    return Course(time, start - level, -slope, start, error, began)


def to_mM(oxygen: Any) -> float:
    own = oxygen.attrs.get("units", "mM")
    try:
        return float(magnitude(registry().Quantity(1.0, unit(own)), "mM", "oxygen"))
    except ParameterError:
        raise
    except Exception:  # pint fails in many ways on what is no unit
        raise ParameterError(f"the unit of oxygen, {own!r}, is not known.") from None


def tangents(time: Any, values: Any, length: float) -> tuple[Any, Any, float]:
    """Height and slope of the line through the points around each time, and the median standard error of a slope.

    A tangent at an end is the line through the last ``length`` minutes, so that every slope rests on as much.

    Parameters
    ----------
    time, values : ndarray, shape (n,)
        Time rises; without gaps.
    length : float
        Of each line, min; where it holds fewer than five points, the line takes five.
    """
    n = len(time)
    begin = np.clip(time - length / 2, time[0], time[-1] - length)
    first = np.searchsorted(time, begin - 1e-12 * length)
    last = np.searchsorted(time, begin + length * (1 + 1e-12), side="right")
    short = last - first < FEWEST
    first = np.where(short, np.clip(np.arange(n) - FEWEST // 2, 0, n - FEWEST), first)
    last = np.where(short, first + FEWEST, last)
    t, y = time - time.mean(), values - values.mean()
    sums = {
        name: np.concatenate([[0.0], np.cumsum(column)])
        for name, column in {"t": t, "y": y, "tt": t * t, "ty": t * y, "yy": y * y}.items()
    }
    count = last - first
    s = {name: column[last] - column[first] for name, column in sums.items()}
    spread = s["tt"] - s["t"] ** 2 / count
    joint = s["ty"] - s["t"] * s["y"] / count
    if not (spread > 0).all():
        raise ParameterError("a tangent needs points at different times.")
    slope = joint / spread
    level = values.mean() + s["y"] / count + slope * (t - s["t"] / count)
    left = np.maximum(s["yy"] - s["y"] ** 2 / count - slope * joint, 0.0)
    return level, slope, float(np.median(np.sqrt(left / (count - 2) / spread)))


def warn_unless_settled(part: xarray.Dataset, course: Course | None, segment: str) -> None:
    """State 4 is only there once the ADP is gone."""
    if "adp_bath" in part:
        start, end = part["adp_bath"].isel(time=0), part["adp_bath"].isel(time=-1)
        if bool((end > 0.05 * start).any()):
            warnings.warn(f"ADP is not used up at the end of {segment!r}; wait longer for state 4.", stacklevel=4)
    elif course is not None and not course.has_settled():
        warnings.warn(f"respiration is still falling at the end of {segment!r}; state 4 is not reached.", stacklevel=4)
