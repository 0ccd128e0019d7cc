"""Hansatech O2view csv files: oxygen in the chambers of a Clark electrode."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..core.arguments import text_in
from ..core.errors import ParameterError
from .cells import TextCells, folded
from .source import MAX_BYTES, TEXT, Source, opened
from .trace import OCR, Channel, Event, concentration_of_protein, seconds_in, trace
from .units import factor, split_unit

if TYPE_CHECKING:
    import xarray

__all__ = ["read_o2view"]

LAYOUT = "a csv exported by Hansatech O2view"

_BEFORE = "recorded data"
_OXYGEN, _RATE = re.compile(r"oxygen ?(\d*)"), re.compile(r"rate ?(\d*)")
_MARKS = ("label", "trace", "type", "comment")
_END = ("end of file", "checksum")
_UNIT = "nmol/mL"
"""assumed: what the software shows for a calibrated liquid phase."""


def read_o2view(
    path: str | Path,
    *,
    oxygen_unit: str | None = None,
    protein: float | str | Mapping[str, float | str] | None = None,
    window: float | str = 40.0,
    max_bytes: int = MAX_BYTES,
) -> xarray.Dataset:
    """Trace of a Hansatech oxygen electrode from the csv that O2view exports.

    No file of this kind could be had when this reader was written; it follows a description of the layout: lines of
    settings up to "RECORDED DATA", then Time (s), Oxygen 1, Rate 1, …, Label, Trace, Type, Comment. What departs from
    it is refused. Compare the first Dataset with what the software shows before you rely on it.

    Parameters
    ----------
    path : path
        The .csv file.
    oxygen_unit : str, optional
        Unit of oxygen, where the file does not say it. By default nmol/mL is assumed, with a warning.
    protein : float, str or mapping, optional
        Protein in mg/mL, of all chambers or by chamber: gives ``J_O2`` per mg.
    window : float or str
        Width in seconds (or a text with a unit) over which a line through the oxygen gives ``ocr``.
    max_bytes : int
        Refuse a larger file before it is read.

    Returns
    -------
    xarray.Dataset
        Over ``time`` (min), and ``chamber`` (1, 2, …) where there are several: ``oxygen`` (mM), ``ocr``
        (pmol/(s*mL), from the oxygen), ``ocr_recorded`` (the column Rate, "INVALID" as NaN, its sign turned where it
        is that of the change of oxygen), ``J_O2`` (nmol/min/mg) with ``protein``. Labels begin segments and are in
        the attribute ``events``; the lines of settings are in ``settings`` (JSON).

    Raises
    ------
    ReaderError
        If the file is not laid out so, is cut short or too large, or holds a text where a number belongs.
    ParameterError
        If an argument is not possible.
    """
    width = seconds_in(window)
    if oxygen_unit is not None and factor(text_in(oxygen_unit, "oxygen_unit"), "mM") is None:
        raise ParameterError(f"oxygen_unit = {oxygen_unit!r} is not a unit of concentration, such as 'nmol/mL'.")
    source = opened(path, "read_o2view", LAYOUT, TEXT, max_bytes)
    cells = TextCells(source, lambda row: len(row) > 1 and _name(row[0]) == "time" and any(map(_oxygen, row)))
    header = _header(source, cells)
    rows = _rows(source, cells, header)
    columns = {c: text for c, text in enumerate(cells.rows[header]) if text.strip()}
    marks = {folded(text): c for c, text in columns.items() if folded(text) in _MARKS}
    numeric = [c for c in columns if c not in marks.values()]
    cells.find_decimal(header + 1, numeric)
    seconds = _times(source, cells, rows, columns[0])
    channels = [_channel(source, cells, rows, c, columns[c], oxygen_unit) for c in numeric if c]
    names = sorted({channel.chamber for channel in channels if channel.name == "oxygen"})  # type: ignore[type-var]
    chambers: list[str | None] = [None] if len(names) == 1 else [*names]
    if chambers == [None]:
        channels = [Channel(c.name, None, c.values, c.units, c.long_name) for c in channels]
    events = _events(cells, rows, marks)
    shares = concentration_of_protein(protein, chambers)
    ds = trace(source, seconds, channels, events, chambers, window=width, protein=shares)
    ds = _signed(source, ds)
    ds.attrs |= {"settings": _settings(cells, header)} | source.attributes()
    return ds


def _name(text: str) -> str:
    return split_unit(folded(text))[0]


def _oxygen(text: str) -> bool:
    return _OXYGEN.fullmatch(_name(text)) is not None


def _header(source: Source, cells: TextCells) -> int:
    """The heading, which must follow the line that says where recorded data begin."""
    before = next((r for r, row in enumerate(cells.rows) if _BEFORE in {folded(cell) for cell in row}), None)
    if before is None:
        raise source.error("no line says 'RECORDED DATA'", LAYOUT)
    # The settings may list the columns too, in a line that looks like the heading.
    for r in range(before + 1, min(before + 5, len(cells.rows))):
        row = cells.rows[r]
        if len(row) > 1 and _name(row[0]) == "time" and any(map(_oxygen, row)):
            strange = [t for t in row[1:] if t.strip() and not _known(t)]
            if strange:
                raise source.error(
                    f"the heading has {strange[0]!r}", "Time, Oxygen n, Rate n, Label, Trace, Type, Comment"
                )
            return r
    raise source.error("no heading with Time and Oxygen 1 follows 'RECORDED DATA'", LAYOUT)


def _known(text: str) -> bool:
    name = _name(text)
    return name in _MARKS or any(pattern.fullmatch(name) for pattern in (_OXYGEN, _RATE))


def _rows(source: Source, cells: TextCells, header: int) -> list[int]:
    """Readings, without the lines that end the file."""
    rows = cells.whole_rows(header, ragged=_END)
    ends = [r for r in rows if folded(cells.text(r, 0)).startswith(_END)]
    if ends:
        rows = [r for r in rows if r < ends[0]]
    if not rows:
        raise source.error("there are no readings under the heading")
    return rows


def _times(source: Source, cells: TextCells, rows: Sequence[int], said: str) -> np.ndarray:
    unit = split_unit(folded(said))[1] or "s"
    scale = factor(unit, "s")
    if scale is None:
        raise source.error(f"time is in {unit!r}", "a unit of time")
    times = cells.numbers(rows, 0)
    if (missing := np.flatnonzero(np.isnan(times))).size:
        raise source.error(f"{cells.where(rows[int(missing[0])], 0)} is empty", "a time there")
    return times * scale


def _channel(
    source: Source, cells: TextCells, rows: Sequence[int], column: int, said: str, given: str | None
) -> Channel:
    """Oxygen in mM, or a rate in pmol/(s*mL)."""
    name, unit = split_unit(said)
    oxygen, rate = _OXYGEN.fullmatch(folded(name)), _RATE.fullmatch(folded(name))
    missing = ("", "nan") if oxygen else ("", "nan", "invalid")
    values = cells.numbers(rows, column, missing)
    base = given or unit.removesuffix("/min") or _UNIT
    if not (given or unit):
        source.warn(f"the file does not say the unit of oxygen: {_UNIT} is assumed, and time in s; give oxygen_unit=")
    if (scale := factor(base, "mM")) is None:
        raise source.error(f"{name} is in {base!r}", "a concentration, such as nmol/mL")
    if oxygen:
        return Channel("oxygen", oxygen[1] or "1", values * scale, "mM", "oxygen")
    assert rate is not None
    # mM/min is 1e6/60 pmol/(s mL).
    return Channel("ocr_recorded", rate[1] or "1", values * scale * 1e6 / 60, OCR, f"{name}, as recorded")


def _events(cells: TextCells, rows: Sequence[int], marks: Mapping[str, int]) -> list[Event]:
    """Labels; what stands beside them is kept as their text."""
    events = []
    for number, r in enumerate(rows):
        label, _, kind, comment = (cells.text(r, marks[name]) if name in marks else "" for name in _MARKS)
        if label or comment:
            events.append(Event(number, label or comment, None, "; ".join(t for t in (kind, comment) if t)))
    return events


def _signed(source: Source, ds: xarray.Dataset) -> xarray.Dataset:
    """Make the recorded rate positive for consumption, as the change of oxygen tells; without it, leave it out."""
    if "ocr_recorded" not in ds:
        return ds
    ours, theirs = ds.ocr.values.ravel(), ds.ocr_recorded.values.ravel()
    both = np.isfinite(ours) & np.isfinite(theirs)
    agree = float(np.sum(ours[both] * theirs[both]))
    size = float(np.sqrt(np.sum(ours[both] ** 2) * np.sum(theirs[both] ** 2)))
    if size == 0 or abs(agree) < 0.5 * size:
        source.warn(
            "the column Rate does not follow the change of oxygen: its sign and unit are not known, and it is left out"
        )
        return ds.drop_vars("ocr_recorded")
    if agree < 0:
        ds["ocr_recorded"] = (-ds.ocr_recorded).assign_attrs(ds.ocr_recorded.attrs)
    return ds


def _settings(cells: TextCells, header: int) -> str:
    """The lines before the data, as JSON of their first cell and the others."""
    lines = [[cell.strip() for cell in row if cell.strip()] for row in cells.rows[:header]]
    return json.dumps({line[0].rstrip(":"): ", ".join(line[1:]) for line in lines if line}, ensure_ascii=False)
