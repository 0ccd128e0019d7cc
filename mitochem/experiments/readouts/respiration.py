"""Respiratory control and coupling of two states, or of one pulse of ADP; P/O at a point."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import ParameterError
from .checks import has, part_of, rate_in, ratio, units_of
from .traces import course_of, warn_unless_settled

if TYPE_CHECKING:
    import xarray

__all__ = ["coupling_efficiency", "p_over_o", "rcr"]


def rcr(ds: xarray.Dataset, state_4: xarray.Dataset | None = None, *, segment: str = "state 3-4 (1)") -> Any:
    """Respiratory control ratio, state 3 over state 4.

    Parameters
    ----------
    ds : Dataset
        A time course with a segment that begins with ADP and lasts until it is used up: simulated, or a recorded
        trace of ``oxygen`` (mM), whose tangents are taken. Or, with ``state_4``, the steady state (or any Dataset
        with ``J_O2`` or ``ocr``) in state 3.
    state_4 : Dataset, optional
        The same in state 4 (ADP exhausted, or oligomycin: say which when you report it).
    segment : str
        Name of the segment to read: state 3 is its largest rate, state 4 its last.

    Returns
    -------
    float or DataArray
        Dimensionless; NaN with a warning where state 4 does not consume oxygen, or where no state 3 is seen in a
        recorded trace.
    """
    three, four = _three_and_four(ds, state_4, segment)
    return ratio(three, four, "RCR", "state 4 consumes no oxygen")


def coupling_efficiency(
    ds: xarray.Dataset, state_4: xarray.Dataset | None = None, *, segment: str = "state 3-4 (1)"
) -> Any:
    """Share of respiration that is coupled to making ATP, ``(state 3 - state 4) / state 3 = 1 - 1/RCR``.

    Bounded by 1, where the respiratory control ratio is not. State 4 respires at a higher force than state 3 and so
    leaks more: the share is a lower bound.

    Parameters
    ----------
    ds, state_4, segment
        As of `rcr`; any coupled state may take the place of state 3 (OXPHOS capacity, basal respiration of cells).

    Returns
    -------
    float or DataArray
        Dimensionless, negative where state 4 is the faster one, with a warning; NaN with a warning where state 3 does
        not consume oxygen.
    """
    three, four = _three_and_four(ds, state_4, segment)
    if bool((four > three).any()):
        warnings.warn("the coupling efficiency is negative where state 4 is faster than state 3.", stacklevel=2)
    return ratio(three - four, three, "coupling efficiency", "state 3 consumes no oxygen")


def p_over_o(ds: xarray.Dataset) -> Any:
    """Effective P/O: ATP made per oxygen *atom*, ``J_ATP / (2 J_O2)``, at every point of a Dataset."""
    has(ds, "J_ATP", "J_O2")
    return ratio(ds["J_ATP"], 2 * ds["J_O2"], "P/O", "no oxygen is consumed")


def _three_and_four(ds: Any, state_4: Any, segment: str) -> tuple[Any, Any]:
    """Rates in state 3 and state 4, as DataArrays."""
    import xarray

    if state_4 is not None:
        name = rate_in(ds) if rate_in(ds) in has(state_4) else rate_in(state_4)
        has(ds, name)
        if units_of(ds, name) != units_of(state_4, name):
            raise ParameterError(
                f"state 3 is in {units_of(ds, name)!r} and state 4 in {units_of(state_4, name)!r}; convert one."
            )
        return ds[name], state_4[name]
    part = part_of(has(ds), segment)
    if "J_O2" in part:
        warn_unless_settled(part, None, segment)
        return part["J_O2"].max("time"), part["J_O2"].isel(time=-1)
    course = course_of(part, "rcr")
    if not course.shows_state_3():
        warnings.warn(f"no state 3 is visible in {segment!r}; the readout is NaN.", stacklevel=3)
        return xarray.DataArray(np.nan), xarray.DataArray(1.0)
    warn_unless_settled(part, course, segment)
    return xarray.DataArray(course.rate[course.top]), xarray.DataArray(course.rate[-1])
