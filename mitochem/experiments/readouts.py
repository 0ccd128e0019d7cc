"""What is read off a result, simulated or measured: respiratory control, P/O and ADP/O.

All take a Dataset with the house names (``J_O2`` in nmol O2/min/mg and so on) and return numbers or Datasets
with units. Where the data break an assumption they warn and say NaN; they never clip.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.door import KINDS
from ..core.errors import ParameterError, nearest
from ..core.units import magnitude

if TYPE_CHECKING:
    import xarray

__all__ = ["adp_over_o", "p_over_o", "rcr"]


def rcr(ds: xarray.Dataset, state_4: xarray.Dataset | None = None, *, segment: str = "state 3-4 (1)") -> Any:
    """Respiratory control ratio, state 3 over state 4.

    Parameters
    ----------
    ds : Dataset
        A time course with a segment that begins with ADP and lasts until it is used up; or, with ``state_4``, the
        steady state (or any Dataset) in state 3.
    state_4 : Dataset, optional
        The same in state 4 (ADP exhausted, or oligomycin: say which when you report it).
    segment : str
        Label of the segment to read: state 3 is its largest rate, state 4 its last.

    Returns
    -------
    float or DataArray
        Dimensionless; NaN with a warning where state 4 does not consume oxygen.
    """
    if state_4 is not None:
        three, four = _has(ds, "J_O2")["J_O2"], _has(state_4, "J_O2")["J_O2"]
    else:
        part = _segment(_has(ds, "J_O2"), segment)
        three, four = part["J_O2"].max("time"), part["J_O2"].isel(time=-1)
        _warn_unless_exhausted(part, segment)
    return _ratio(three, four, "RCR", "state 4 consumes no oxygen")


def p_over_o(ds: xarray.Dataset) -> Any:
    """Effective P/O: ATP made per oxygen *atom*, ``J_ATP / (2 J_O2)``, at every point of a Dataset."""
    _has(ds, "J_ATP", "J_O2")
    return _ratio(ds["J_ATP"], 2 * ds["J_O2"], "P/O", "no oxygen is consumed")


def adp_over_o(ds: xarray.Dataset, *, segment: str = "state 3-4 (1)", adp: float | None = None) -> xarray.Dataset:
    """ADP/O of a pulse, by the construction done with a ruler on a chart.

    The tangent at the largest rate (state 3) and the tangent at the end (state 4) meet where the ADP is used up;
    the oxygen used between the addition and there, all of it, goes with the ADP added.

    Parameters
    ----------
    ds : Dataset
        A time course with ``J_O2`` (nmol/min/mg) and ``volume_bath`` (µL/mg).
    segment : str
        Label of the segment that begins with the pulse.
    adp : float, optional
        ADP phosphorylated, mM; by default the ADP present at the start of the segment less that left at its end.

    Returns
    -------
    Dataset
        ``adp_over_o`` (per atom), ``oxygen_used`` (mM O2), ``adp_phosphorylated`` (mM), ``half_time`` (min, rate half
        way down from state 3 to state 4), and what a figure needs to draw the construction: ``time_state_3``,
        ``rate_state_3``, ``time_end``, ``rate_state_4``, ``time_intersection`` and the oxygen used at each.
    """
    import xarray

    part = _segment(_has(ds, "J_O2", "volume_bath"), segment)
    if part["J_O2"].ndim != 1:
        raise ParameterError("adp_over_o reads one time course; select one member of the batch first.")
    _warn_unless_exhausted(part, segment)
    time = part["time"].values
    volume = KINDS["positive"].check("volume_bath", float(np.ravel(part["volume_bath"])[0]))
    rate = part["J_O2"].values / volume
    used = np.concatenate([[0.0], np.cumsum(np.diff(time) * (rate[1:] + rate[:-1]) / 2)])
    if adp is None:
        _has(part, "adp_bath")
        adp = float(part["adp_bath"][0] - part["adp_bath"][-1])
    else:
        adp = KINDS["concentration"].check("adp", magnitude(adp, "mM", "adp"))
        if np.ndim(adp):
            raise ParameterError(f"adp has the shape {np.shape(adp)}; it takes one concentration, that of the pulse.")
    top = int(np.argmax(rate))
    fast, slow = rate[top], rate[-1]
    if not fast > slow * (1 + 1e-6):
        warnings.warn(f"no state 3 is visible in {segment!r}; ADP/O is NaN.", stacklevel=2)
        crossing = np.nan
    else:
        start_3 = used[top] - fast * time[top]
        start_4 = used[-1] - slow * time[-1]
        crossing = (start_4 - start_3) / (fast - slow)
    oxygen = used[top] + fast * (crossing - time[top])
    below = np.flatnonzero((time > time[top]) & (rate <= (fast + slow) / 2))
    half_time = np.nan
    if len(below):
        around = [below[0], below[0] - 1]
        half_time = np.interp((fast + slow) / 2, rate[around], time[around]) - time[0]
    mM, minutes, rates = {"units": "mM"}, {"units": "min"}, {"units": "mM/min"}
    return xarray.Dataset(
        {
            "adp_over_o": ((), adp / (2 * oxygen), {"units": "1", "long_name": "ADP/O by the tangents"}),
            "oxygen_used": ((), oxygen, mM | {"long_name": "O2 used until ADP is exhausted"}),
            "adp_phosphorylated": ((), adp, mM | {"long_name": "ADP phosphorylated"}),
            "half_time": ((), half_time, minutes | {"long_name": "time until respiration is half way down"}),
            "time_state_3": ((), time[top], minutes),
            "used_state_3": ((), used[top], mM),
            "rate_state_3": ((), fast, rates),
            "time_end": ((), time[-1], minutes),
            "used_end": ((), used[-1], mM),
            "rate_state_4": ((), slow, rates),
            "time_intersection": ((), crossing, minutes),
        },
        attrs={"segment": segment, "method": "tangents at the largest and at the last rate"},
    )


def _has(ds: xarray.Dataset, *names: str) -> xarray.Dataset:
    for name in names:
        if name not in dataset_in(ds, "a readout"):
            raise ParameterError(f"the data have no {name!r}." + nearest(name, map(str, ds)))
    return ds


def _segment(ds: xarray.Dataset, label: str) -> xarray.Dataset:
    if "segment" not in ds.coords:
        raise ParameterError("the data have no segments; give a time course run from a protocol.")
    labels = list(dict.fromkeys(ds["segment"].values.tolist()))
    if label not in labels:
        raise ParameterError(f"no segment is called {label!r}." + nearest(label, labels))
    return ds.isel(time=np.flatnonzero(ds["segment"].values == label))


def _ratio(top: Any, bottom: Any, name: str, problem: str) -> Any:
    """The quotient; NaN and a warning where the bottom is not above zero."""
    usable = bottom > 0
    if not bool(np.all(usable)):
        warnings.warn(f"{name} is NaN where {problem}.", stacklevel=3)
    result = (top / bottom.where(usable)).rename(name.lower().replace("/", "_over_"))
    result.attrs = {"units": "1", "long_name": name}
    return float(result) if result.ndim == 0 else result


def _warn_unless_exhausted(part: xarray.Dataset, segment: str) -> None:
    """State 4 is only there once the ADP is gone."""
    if "adp_bath" in part:
        start, end = part["adp_bath"].isel(time=0), part["adp_bath"].isel(time=-1)
        if bool((end > 0.05 * start).any()):
            warnings.warn(f"ADP is not used up at the end of {segment!r}; wait longer for state 4.", stacklevel=3)
