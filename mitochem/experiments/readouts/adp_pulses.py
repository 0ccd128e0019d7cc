"""ADP/O of pulses of ADP, by the construction done with a ruler on a chart."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import names_in
from ...core.door import KINDS
from ...core.errors import ParameterError
from ...core.units import magnitude
from .checks import has, part_of, stretches
from .traces import Course, course_of, warn_unless_settled

if TYPE_CHECKING:
    import xarray

__all__ = ["adp_over_o", "pulses"]

_PULSE = re.compile(r"state 3-4|\bADP\b|^\d*D\d*\*?$", re.IGNORECASE)
"""Names of stretches that begin with ADP, as protocols and instruments call them."""


def adp_over_o(
    ds: xarray.Dataset, *, segment: str = "state 3-4 (1)", adp: float | None = None, window: float | None = None
) -> xarray.Dataset:
    """ADP/O of a pulse, by the construction done with a ruler on a chart.

    The tangent at the largest rate (state 3) and the tangent at the end (state 4) meet where the ADP is used up;
    the oxygen used between the addition and there, all of it, goes with the ADP added.

    Parameters
    ----------
    ds : Dataset
        A time course with ``J_O2`` (nmol/min/mg) and ``volume_bath`` (µL/mg); or a recorded trace of ``oxygen`` (mM),
        on which the tangents are lines through the points.
    segment : str
        Name of the segment that begins with the pulse.
    adp : float, optional
        ADP phosphorylated, mM; by default the ADP present at the start of the segment less that left at its end,
        which a recorded trace does not know.
    window : float, optional
        Length of a tangent on a recorded trace, min; by default a tenth of the segment.

    Returns
    -------
    Dataset
        ``adp_over_o`` (per atom), ``oxygen_used`` (mM O2), ``adp_phosphorylated`` (mM), ``half_time`` (min, rate half
        way down from state 3 to state 4), and what a figure needs to draw the construction: ``time_addition`` with
        the oxygen there, ``oxygen_addition`` (NaN where it was held), ``time_state_3``, ``rate_state_3``,
        ``time_end``, ``rate_state_4``, ``time_intersection`` and the oxygen used at each. NaN with a warning where no
        state 3 is visible.
    """
    part = part_of(has(ds), segment)
    course = course_of(part, "adp_over_o", window)
    warn_unless_settled(part, course, segment)
    adp = _phosphorylated(part, adp)
    visible = course.shows_state_3()
    if not visible:
        warnings.warn(f"no state 3 is visible in {segment!r}; ADP/O is NaN.", stacklevel=2)
    return _construction(course, adp, visible, segment)


def pulses(
    ds: xarray.Dataset, *, segments: Sequence[str] | None = None, adp: Any = None, window: float | None = None
) -> xarray.Dataset:
    """The constructions of all pulses of ADP in a run, one row each: does the second repeat the first?

    Parameters
    ----------
    ds : Dataset
        As of `adp_over_o`.
    segments : sequence of str, optional
        Names of the segments that begin with a pulse; by default those called ``state 3-4 ...``, with the word ADP, or
        with an instrument's short name for it (``2D``).
    adp : float or sequence of float, optional
        ADP phosphorylated, mM: of every pulse, or of each.
    window : float, optional
        As of `adp_over_o`.

    Returns
    -------
    Dataset
        Over ``pulse`` (1, 2, ...) with the coordinate ``segment``: the variables of `adp_over_o`, and ``rcr``, the
        ratio of the two tangents.
    """
    import xarray

    names = pulse_names(ds) if segments is None else list(names_in(segments, "segments"))
    if not names:
        raise ParameterError("segments is empty; name at least one.")
    amounts: list[Any] = list(adp) if isinstance(adp, list | tuple | np.ndarray) else [adp] * len(names)
    if len(amounts) != len(names):
        raise ParameterError(f"adp has {len(amounts)} values, and there are {len(names)} pulses: {', '.join(names)}.")
    rows = [adp_over_o(ds, segment=name, adp=amount, window=window) for name, amount in zip(names, amounts)]
    table = xarray.concat(rows, "pulse", combine_attrs="drop_conflicts")
    control = (table["rate_state_3"] / table["rate_state_4"]).where(table["rate_state_4"] > 0)
    table["rcr"] = control.where(table["adp_over_o"].notnull()).assign_attrs(units="1", long_name="RCR of the tangents")
    return table.assign_coords(pulse=np.arange(1, len(names) + 1), segment=("pulse", names))


def pulse_names(ds: Any) -> list[str]:
    """Names of the segments that begin with ADP."""
    known = stretches(has(ds))
    found = [s.name for s in known if _PULSE.search(s.label)]
    if not found:
        raise ParameterError(
            f"no segment is called after ADP; name them with segments=. There are: {', '.join(s.name for s in known)}."
        )
    return found


def _phosphorylated(part: xarray.Dataset, adp: Any) -> float:
    if adp is not None:
        adp = KINDS["concentration"].check("adp", magnitude(adp, "mM", "adp"))
        if np.ndim(adp):
            raise ParameterError(f"adp has the shape {np.shape(adp)}; it takes one concentration, that of the pulse.")
        return float(adp)
    if "adp_bath" not in part:
        raise ParameterError("the data have no 'adp_bath' to say how much ADP was used; give it as adp= (mM).")
    return float(part["adp_bath"][0] - part["adp_bath"][-1])


def _construction(course: Course, adp: float, visible: bool, segment: str) -> xarray.Dataset:
    """Where the tangents meet, and all that was read on the way."""
    import xarray

    time, used, rate, top = course.time, course.used, course.rate, course.top
    fast, slow = rate[top], rate[-1]
    crossing = half_time = np.nan
    if visible:
        crossing = (used[-1] - slow * time[-1] - used[top] + fast * time[top]) / (fast - slow)
        below = np.flatnonzero((time > time[top]) & (rate <= (fast + slow) / 2))
        if len(below):
            around = [below[0], below[0] - 1]
            half_time = np.interp((fast + slow) / 2, rate[around], time[around]) - course.began
    oxygen = used[top] + fast * (crossing - time[top])
    mM, minutes, rates = {"units": "mM"}, {"units": "min"}, {"units": "mM/min"}
    return xarray.Dataset(
        {
            "adp_over_o": ((), adp / (2 * oxygen), {"units": "1", "long_name": "ADP/O by the tangents"}),
            "oxygen_used": ((), oxygen, mM | {"long_name": "O2 used until ADP is exhausted"}),
            "adp_phosphorylated": ((), adp, mM | {"long_name": "ADP phosphorylated"}),
            "half_time": ((), half_time, minutes | {"long_name": "time until respiration is half way down"}),
            "time_addition": ((), course.began, minutes | {"long_name": "time of the addition"}),
            "oxygen_addition": ((), course.level, mM | {"long_name": "oxygen at the addition"}),
            "time_state_3": ((), time[top], minutes | {"long_name": "where the tangent of state 3 touches"}),
            "used_state_3": ((), used[top], mM | {"long_name": "O2 used until there"}),
            "rate_state_3": ((), fast, rates | {"long_name": "slope in state 3"}),
            "time_end": ((), time[-1], minutes | {"long_name": "where the tangent of state 4 touches"}),
            "used_end": ((), used[-1], mM | {"long_name": "O2 used until there"}),
            "rate_state_4": ((), slow, rates | {"long_name": "slope in state 4"}),
            "time_intersection": ((), crossing, minutes | {"long_name": "where the tangents meet"}),
        },
        attrs={"segment": segment, "method": "tangents at the largest and at the last rate"},
    )
