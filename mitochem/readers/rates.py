"""The long sheet of rates of a Wave workbook: one row for each well and measurement."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from .cells import folded
from .plate import well
from .source import Source
from .workbook import SheetCells

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["HEADINGS", "read_rates"]

HEADINGS = {"ocr": "OCR", "ecar": "ECAR", "per": "PER"}
"""Heading of each rate by its house name."""
_NEEDED = ("measurement", "well", "group", "time", "ocr")
_TOLERANCE = 0.05
"""Minutes by which the wells of one measurement may differ: the instrument reads the whole plate at once."""


def read_rates(source: Source, sheet: SheetCells) -> xarray.Dataset:
    """Rates over well and time, with group and measurement; wells without a reading are NaN.

    Raises
    ------
    ReaderError
        If a column is missing, a cell holds what it may not, or a well has two readings at one measurement.
    """
    import xarray

    table = _table(source, sheet)
    keys = ["well", "measurement"]
    if (twice := table.duplicated(keys)).any():
        row = table[twice].iloc[0]
        raise source.error(f"well {row.well} has two rows for measurement {row.measurement} ({row['at']})")
    times = table.groupby("measurement").time
    if (times.max() - times.min()).max() > _TOLERANCE:
        off = (times.max() - times.min()).idxmax()
        source.warn(f"the wells differ in the time of measurement {off}; their median is taken")
    named = table.groupby("well").group
    if (differ := named.nunique() > 1).any():
        raise source.error(f"well {differ.idxmax()} changes its group between measurements")
    rates = [name for name in HEADINGS if name in table]
    ds = xarray.Dataset.from_dataframe(table.set_index(keys)[rates])
    ds = ds.rename_dims(measurement="time").reset_index("measurement")
    time = times.median().to_numpy()
    if (steps := np.flatnonzero(np.diff(time) <= 0)).size:
        source.warn(f"time does not ascend after measurement {int(ds.measurement[steps[0]])}")
    ds = ds.assign_coords(
        time=("time", time), well=ds.well.astype(str), group=("well", named.first().to_numpy().astype(str))
    )
    return ds.transpose("well", "time")


def _table(source: Source, sheet: SheetCells) -> pandas.DataFrame:
    import pandas

    header, columns = _columns(source, sheet)
    rows: list[dict[str, Any]] = []
    for r in range(header + 1, len(sheet.rows)):
        if not any(sheet.text(r, c) for c in columns.values()):
            continue
        name = well(sheet.text(r, columns["well"]))
        if name is None:
            found = f"{sheet.where(r, columns['well'])} is {sheet.text(r, columns['well'])!r}"
            raise source.error(found, "a well there, such as 'A01'")
        numbers = {key: sheet.number(r, c) for key, c in columns.items() if key not in ("well", "group")}
        count = numbers["measurement"]
        if not (count >= 1 and count == int(count)):
            raise source.error(f"{sheet.where(r, columns['measurement'])} is {count:g}", "the number of a measurement")
        if math.isnan(numbers["time"]):
            raise source.error(f"{sheet.where(r, columns['time'])} is empty", "a time in minutes")
        group = _group(source, sheet, r, columns["group"])
        rows.append(numbers | {"measurement": int(count), "well": name, "group": group, "at": f"row {r + 1}"})
    if not rows:
        raise source.error(f"the sheet {sheet.name!r} holds no measurements", "one row for each well and measurement")
    return pandas.DataFrame(rows)


def _columns(source: Source, sheet: SheetCells) -> tuple[int, dict[str, int]]:
    """Row of the heading, and column of each quantity; a unit may follow a name."""
    best: dict[str, int] = {}
    for r, row in enumerate(sheet.rows[:50]):
        labels = [folded(value).partition("(")[0].partition("[")[0].strip() for value in row]
        found = {label: labels.index(label) for label in (*_NEEDED, *HEADINGS) if label in labels}
        if "per" not in found and "ppr" in labels:  # as older versions call it
            found["per"] = labels.index("ppr")
        if all(label in found for label in _NEEDED):
            return r, found
        best = max(best, found, key=len)
    missing = ", ".join(label for label in _NEEDED if label not in best)
    expected = "Measurement, Well, Group, Time, OCR, ECAR and PER"
    raise source.error(f"the sheet {sheet.name!r} has no heading with {missing}", expected)


def _group(source: Source, sheet: SheetCells, row: int, column: int) -> str:
    """The name of a group: a text, even where it looks like a number."""
    value = sheet.value(row, column)
    if isinstance(value, int | float) and not isinstance(value, bool):
        note = f"names of groups stand as numbers, the first in {sheet.where(row, column)}; zeros may be lost"
        source.warn(note, "numbers as names")
    return sheet.text(row, column)
