"""Single numbers from time courses, for all members of a chunk at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import ParameterError, nearest
from .task import Readout

__all__ = ["HOW", "read", "readouts_of", "unit_of"]


def _integral(v: Any, t: Any) -> Any:
    pieces = 0.5 * (v[:, 1:] + v[:, :-1]) * np.diff(t)
    return np.where(np.isfinite(v).any(axis=1), np.nansum(pieces, axis=1), np.nan)


def _mean(v: Any, t: Any) -> Any:
    """Over time, so that dense points just after an addition do not count for more."""
    there = np.isfinite(v)
    last = np.where(there, t, -np.inf).max(axis=1)
    first = np.where(there, t, np.inf).min(axis=1)
    alone = _last(v, t)
    return np.where(last > first, _integral(v, t) / np.where(last > first, last - first, 1.0), alone)


def _last(v: Any, t: Any) -> Any:
    there = np.isfinite(v)
    at = np.where(there, np.arange(v.shape[1]), -1).max(axis=1)
    return np.where(at >= 0, v[np.arange(len(v)), at], np.nan)


def _max(v: Any, t: Any) -> Any:
    return np.where(np.isfinite(v).any(axis=1), np.where(np.isnan(v), -np.inf, v).max(axis=1), np.nan)


def _time_of_max(v: Any, t: Any) -> Any:
    return np.where(np.isfinite(v).any(axis=1), t[np.where(np.isnan(v), -np.inf, v).argmax(axis=1)], np.nan)


HOW: dict[str, Callable[[Any, Any], Any]] = {
    "max": _max,
    "min": lambda v, t: -_max(-v, t),
    "mean": _mean,
    "last": _last,
    "integral": _integral,
    "time of max": _time_of_max,
    "time of min": lambda v, t: _time_of_max(-v, t),
}
"""What can be taken of a time course: values (member, time) and times in, one number a member out."""


def read(readout: Readout, values: Any, times: Any) -> Any:
    """One number a member; NaN where a member has no value in the window."""
    inside = (times >= readout.window[0]) & (times <= readout.window[1])
    return HOW[readout.how](values[:, inside], times[inside])


def unit_of(how: str, unit: str, time_unit: str) -> str:
    if how.startswith("time of"):
        return time_unit
    if how == "integral":
        return time_unit if unit == "1" else f"{unit}*{time_unit}"
    return unit


def readouts_of(
    given: Mapping[str, Any], check: Callable[[str], str], windows: Mapping[str, tuple[float, float]], times: Any
) -> tuple[Readout, ...]:
    """Readouts from ``{"peak": ("J_O2", "max")}`` or ``("J_O2", "mean", "state 3")`` or ``(..., (t0, t1))``.

    Parameters
    ----------
    given : mapping
        As the user wrote them.
    check : callable
        Gives a quantity's name back, or refuses it.
    windows : mapping
        First and last time by the label of a segment.
    times : array
        Times at which values are had.
    """
    found = []
    for name, entry in given.items():
        if not (isinstance(entry, tuple | list) and len(entry) in (2, 3)):
            raise ParameterError(f"readout {name!r} = {entry!r}; write a pair such as ('J_O2', 'max').")
        how = entry[1]
        if how not in HOW:
            raise ParameterError(f"readout {name!r}: {how!r} cannot be taken." + nearest(str(how), HOW))
        window = (-np.inf, np.inf) if len(entry) == 2 else _window(name, entry[2], windows)
        if not ((times >= window[0]) & (times <= window[1])).any():
            raise ParameterError(f"readout {name!r}: no time of output lies in {window[0]:g} to {window[1]:g}.")
        found.append(Readout(str(name), check(entry[0]), how, (float(window[0]), float(window[1]))))
    return tuple(found)


def _window(name: str, given: Any, windows: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    if isinstance(given, str):
        if given not in windows:
            raise ParameterError(f"readout {name!r}: the protocol has no stretch {given!r}." + nearest(given, windows))
        return windows[given]
    if len(given) != 2 or not given[0] <= given[1]:
        raise ParameterError(f"readout {name!r}: {given!r} is not a stretch of time; write (first, last).")
    return float(given[0]), float(given[1])
