"""Lines of a table as a Dataset over what they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .cells import MAX_CELLS
from .source import Source

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["LABELS", "TEXTS", "Column", "tabled"]

TEXTS = ("well", "chamber", "replicate", "group", "segment", "plate", "label")
"""Columns that hold names, not numbers, and need no unit. The first three become dimensions."""
LABELS = TEXTS[:3]


@dataclass(frozen=True)
class Column:
    """The columns of one quantity: places, headings, unit in the Dataset and the factor to it."""

    at: list[int]
    heads: list[str]
    units: str
    scale: float


def tabled(source: Source, table: pandas.DataFrame, index: str, found: Mapping[str, Column]) -> xarray.Dataset:
    """The lines as a Dataset over the index and the labels."""
    import xarray

    labels = [name for name in LABELS if name in table]
    if index != "time" and "replicate" not in labels and table.duplicated([*labels, index]).any():
        table["replicate"] = (table.groupby([*labels, index]).cumcount() + 1).astype(str)
        source.warn(f"lines repeat the same {index}: they are numbered as replicates")
        labels.append("replicate")
    if labels:
        ds = _grid(source, table, index, labels)
    else:
        data = {name: (index, table[name].to_numpy(dtype=str if name in TEXTS else float)) for name in table}
        ds = xarray.Dataset(data).set_coords([index, *(name for name in table if name in (*TEXTS, "measurement"))])
    if index == "time":
        _check_time(source, ds.time.values)
    for name in ds.variables:
        column = found.get(str(name))
        if column is not None and str(name) not in TEXTS:
            ds[name].attrs = {"units": column.units, "long_name": ", ".join(column.heads)}
    return ds


def _grid(source: Source, table: pandas.DataFrame, index: str, labels: list[str]) -> xarray.Dataset:
    """Values over labels and index; what does not depend on all of them is a coordinate over the others."""
    import xarray

    dims = [*(name for name in labels if name != "replicate"), index, *(["replicate"] if "replicate" in labels else [])]
    if (twice := table.duplicated(dims)).any():
        row = table[twice].iloc[0]
        at = ", ".join(f"{name} {row[name]}" for name in dims)
        raise source.error(f"two lines stand for {at}", "one, or a column 'replicate' that tells them apart")
    size = int(np.prod([table[name].nunique() for name in dims]))
    if size > MAX_CELLS:
        raise source.error(f"the table would fill a grid of {size:,} points over {' and '.join(dims)}")
    beside = [name for name in table if name not in dims and name in (*TEXTS, "measurement")]
    values = [name for name in table if name not in (*dims, *beside)]
    ds = xarray.Dataset.from_dataframe(table.set_index(dims)[values])
    ds = ds.assign_coords({name: ds[name].astype(str) for name in labels})
    for name in beside:
        over = next((d for d in dims if table.groupby(d)[name].nunique().max() == 1), None)
        if over is None:
            raise source.error(
                f"{name} depends on more than one of {', '.join(dims)}", "one value for each of one of them"
            )
        values_along = table.groupby(over)[name].first()
        ds = ds.assign_coords({name: (over, values_along.to_numpy(dtype=str if name in TEXTS else float))})
    return ds


def _check_time(source: Source, time: np.ndarray) -> None:
    steps = np.diff(time)
    for which, words in (
        (steps < 0, "time goes back after"),
        (steps == 0, "readings have the same time, the first at"),
    ):
        if which.any():
            source.warn(f"{words} {time[int(np.argmax(which))]:g} min")
