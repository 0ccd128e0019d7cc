"""Wells and groups of a plate: means of groups, and what is told about each row of a table."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...core.arguments import one_of
from ...core.errors import ParameterError
from .checks import sample_name

if TYPE_CHECKING:
    import xarray

__all__ = ["Average", "as_rows", "flagged", "group_means", "grouping", "samples"]

Average = Literal["parameters", "rates"]
AVERAGES = ("parameters", "rates")
"""What is averaged over the wells of a group: parameters of each well, or rates before anything is calculated."""


def samples(ds: xarray.Dataset) -> xarray.Dataset:
    """A plate without its background wells, which hold no sample."""
    if "well" not in ds.dims or "group" not in ds.coords:
        return ds
    held = np.flatnonzero(np.char.lower(ds["group"].values.astype(str)) != "background")
    if not held.size:
        raise ParameterError("the plate has no well but those of the group Background.")
    return ds.isel(well=held)


def group_means(array: Any, groups: Any, *, spread: bool = False, over: tuple[str, ...] = ("well",)) -> Any:
    """Mean or standard deviation over the wells of each group, in the order of the plate; gaps are left out."""
    import xarray

    names = list(dict.fromkeys(groups.values.astype(str).tolist()))
    rows = []
    for name in names:
        wells = array.isel(well=np.flatnonzero(groups.values.astype(str) == name))
        number = wells.notnull().sum("well")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an empty mean is NaN, and flagged later
            value = wells.std("well", ddof=1).where(number > 1) if spread else wells.mean(over)
        rows.append(value)
    return xarray.concat(rows, xarray.DataArray(names, dims="group", name="group"), combine_attrs="override")


def _wells_of(groups: xarray.DataArray) -> xarray.DataArray:
    """Number of wells in each group."""
    import xarray

    names, counts = np.unique(groups.values.astype(str), return_counts=True)
    order = list(dict.fromkeys(groups.values.astype(str).tolist()))
    found = dict(zip(names.tolist(), counts.tolist()))
    return xarray.DataArray([found[n] for n in order], {"group": order}, "group", "wells", {"units": "1"})


def grouping(ds: xarray.Dataset, average: str | None) -> xarray.DataArray | None:
    """Group of each well, if wells are to be averaged."""
    if average is not None:
        one_of(average, "average", AVERAGES)
    if "well" not in ds.dims or average is None:
        return None
    if "group" not in ds.coords:
        raise ParameterError("the plate has no coordinate 'group' to average over; use average=None for its wells.")
    return ds["group"]


def as_rows(table: xarray.Dataset, ds: xarray.Dataset, groups: xarray.DataArray | None) -> xarray.Dataset:
    """A table with the number of wells of each group, if there are any; a single trace becomes the one group."""
    if groups is not None:
        table["wells"] = _wells_of(groups)
    elif "group" in table.coords and not {"group", "well"} & set(table.dims):
        table = table.drop_vars("group")  # a constant of a single trace
    return table if table.dims else table.expand_dims(group=[sample_name(ds)])


def flagged(problems: dict[str, Any], like: xarray.DataArray, what: str, depth: int = 3) -> xarray.DataArray:
    """What is wrong with each row, as text joined by "; ", and a warning for each kind of problem."""
    import xarray

    flags = np.full(like.shape, "", dtype=object)
    for problem, where in problems.items():
        bad = xarray.DataArray(where).broadcast_like(like).transpose(*like.dims).values.astype(bool)
        if not bad.any():
            continue
        flags[bad] = [f"{text}; {problem}" if text else problem for text in flags[bad]]
        rows = like[like.dims[0]].values.astype(str)[bad] if like.ndim == 1 else []
        names = ", ".join(rows[:6]) + (f" and {len(rows) - 6} more" if len(rows) > 6 else "")
        warnings.warn(f"{what}: {problem} ({names or f'{bad.sum()} of {bad.size}'}).", stacklevel=depth)
    return xarray.DataArray(flags.astype(str), like.coords, like.dims, attrs={"long_name": "what breaks an assumption"})
