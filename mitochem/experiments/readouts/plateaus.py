"""Plateaus of a run: one rate for each stretch, read just before the next event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import number_in
from ...core.errors import ParameterError
from ...core.units import magnitude
from .checks import rate_in, rates_of, stretches, units_of

if TYPE_CHECKING:
    import xarray

__all__ = ["plateaus"]

STEADY = 0.05
"""Largest drift along a plateau, as a share of the fastest plateau of the run (assumed)."""


def plateaus(
    ds: xarray.Dataset, *, window: float = 1.0, margin: float = 0.0, rate: str | None = None
) -> xarray.Dataset:
    """The rate of respiration at the end of every stretch of a run.

    Parameters
    ----------
    ds : Dataset
        A run over ``time`` with ``segment``: simulated, or one chamber of a respirometer. Events that are noted in it
        part stretches of one name; what comes again is numbered, ``4U (1)``, ``4U (2)``.
    window : float
        Length of the plateau that is read, min, at most half of its stretch; the rate is the median over it.
    margin : float
        Time before the next event that is left out, min, for a flux that was smoothed over it.
    rate : str, optional
        Variable to read; by default ``ocr``, else ``J_O2``.

    Returns
    -------
    Dataset
        Over ``step``, the name of each stretch: ``rate`` in the unit of the data, ``highest`` (the largest rate of the
        stretch), ``drift`` (what a line through the plateau rises along it), ``steady`` (whether that is less than
        5 % of the fastest plateau), ``start`` and ``end`` (min), ``points``; further dimensions stay. NaN where a
        stretch has no points to read.
    """
    import xarray

    name = rate_in(ds, rate)
    values = rates_of(ds, name)
    length = number_in(magnitude(window, "min", "window"), "window")
    left_out = number_in(magnitude(margin, "min", "margin"), "margin")
    if not 0 < length < np.inf or not 0 <= left_out < np.inf:
        raise ParameterError(f"window = {window!r} min must be above 0, and margin = {margin!r} min not below 0.")
    found, time = stretches(ds), np.asarray(ds["time"].values, float)
    rows = [_row(values.isel(time=slice(s.start, s.stop)), time[s.start : s.stop], length, left_out) for s in found]
    steps = xarray.DataArray([s.name for s in found], dims="step", name="step")
    out = xarray.concat(rows, steps, combine_attrs="override")
    out["steady"] = (abs(out["drift"]) <= STEADY * abs(out["rate"]).max("step")).assign_attrs(
        long_name="whether the plateau is one"
    )
    units = units_of(ds, name)
    for variable, own, words in (
        ("rate", units, "median rate at the end of the stretch"),
        ("highest", units, "largest rate of the stretch"),
        ("drift", units, "rise along the plateau"),
        ("start", "min", "start of the stretch"),
        ("end", "min", "end of the stretch"),
        ("points", "1", "points of the plateau"),
    ):
        out[variable].attrs = {"units": own, "long_name": words}
    out.attrs = {"source": "plateaus", "rate": name, "window": length, "margin": left_out}
    return out


def _row(part: Any, time: Any, window: float, margin: float) -> xarray.Dataset:
    import xarray

    begin, end = time[0], time[-1]
    stop = end - margin
    start = max(stop - window, begin + (end - begin) / 2)
    inside = np.flatnonzero((time >= start - 1e-9) & (time <= stop + 1e-9))
    read = part.isel(time=inside)
    rate = read.median("time", skipna=True) if inside.size else part.isel(time=0, drop=True) * np.nan
    drift = rate * np.nan
    if inside.size > 2 and np.ptp(time[inside]) > 0:
        values = read.drop_vars([n for n in read.coords if "time" in read[n].dims])
        t = xarray.DataArray(time[inside], dims="time").where(values.notnull())
        t = t - t.mean("time")
        drift = (t * values).sum("time") / (t**2).sum("time") * np.ptp(time[inside])
    return xarray.Dataset(
        {
            "rate": rate, "highest": part.max("time", skipna=True), "drift": drift, "start": begin, "end": end,
            "points": read.notnull().sum("time"),
        }
    )  # fmt: skip
