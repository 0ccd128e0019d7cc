"""Oroboros DatLab csv files: oxygen and its rate in the chambers of a respirometer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import names_in
from ..core.errors import ParameterError, nearest
from .cells import TextCells, folded
from .datlab_headings import channels_of, heading, in_chambers
from .source import MAX_BYTES, TEXT, Source, opened
from .trace import Event, concentration_of_protein, seconds_in, trace

if TYPE_CHECKING:
    import xarray

__all__ = ["LAYOUT", "read_datlab", "separators"]

LAYOUT = "a csv exported by Oroboros DatLab"

_TIME = re.compile(r"time \[(.+)\]")
_SECONDS = {"s": 1.0, "sec": 1.0, "min": 60.0, "h": 3600.0}
_MARKS = ("event name", "chamber", "event text")
_SIDES = {"left": "A", "right": "B"}


def read_datlab(
    path: str | Path,
    *,
    chambers: Sequence[str] | None = None,
    protein: float | str | Mapping[str, float | str] | None = None,
    window: float | str = 40.0,
    delimiter: str | None = None,
    decimal: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> xarray.Dataset:
    """Trace of an O2k from the csv that DatLab exports.

    Both families of headings are understood, ``O2 Concentration (A) [nmol/ml]`` and
    ``1A: O2 flux per V [pmol/(s*mL)]``; time in s, min or h; commas, semicolons or tabs; decimal points or commas;
    UTF-8 or the code page of Western Windows.

    Parameters
    ----------
    path : path
        The .csv file.
    chambers : sequence of str, optional
        Chambers to read; by default all there are.
    protein : float, str or mapping, optional
        Protein in mg/mL, of all chambers or by chamber: gives ``J_O2`` per mg.
    window : float or str
        Width in seconds (or a text with a unit) over which a line through the oxygen gives ``ocr``. The rate that
        the instrument shows is smoothed and lags behind by about 40 s; this one does not lag.
    delimiter, decimal : str, optional
        Signs between cells and in numbers, where they cannot be told from the file.
    max_bytes : int
        Refuse a larger file before it is read.

    Returns
    -------
    xarray.Dataset
        Over ``chamber`` and ``time`` (min): ``oxygen`` (mM), ``ocr`` (pmol/(s*mL), from the oxygen), ``ocr_recorded``
        (the instrument's own), ``J_O2`` (nmol/min/mg) with ``protein``, and every other channel under its name, with
        its unit as recorded. ``segment`` is the last addition, ``start`` before the first; marks of the instrument
        (light, warnings, open, close) begin none. Readings while a chamber was open are NaN. All marks are in the
        attribute ``events``. A file without oxygen has no ``ocr``, with a warning.

    Raises
    ------
    ReaderError
        If the file is no such csv, is cut short or too large, or holds a text where a number belongs; the message
        names line and column.
    ParameterError
        If an argument is not possible, or a chamber does not exist.

    Notes
    -----
    Names of events are kept as typed; `readouts.coupling_states` tells their states. Slopes called "uncorr." or
    "neg." include the instrument's own consumption. The csv has no date.
    """
    width = seconds_in(window)
    source = opened(path, "read_datlab", LAYOUT, TEXT, max_bytes)
    cells = TextCells(source, _is_heading, *separators(delimiter, decimal))
    if (header := cells.header) is None:
        raise source.error("no line is a heading with 'Time [s]' or 'Time [min]'", LAYOUT)
    texts = {c: text for c, text in enumerate(cells.rows[header]) if text.strip()}
    time_at = next(c for c, text in texts.items() if _TIME.fullmatch(folded(text)))
    marks = {folded(text): c for c, text in texts.items() if folded(text) in _MARKS}
    headings = {c: heading(text) for c, text in texts.items() if c != time_at and c not in marks.values()}
    if not headings:
        raise source.error("the heading has no channels", "oxygen or its rate in at least one chamber")
    headings, present = in_chambers(source, headings)
    wanted = _wanted(chambers, present)
    if not (rows := cells.whole_rows(header)):
        raise source.error("there are no readings under the heading")
    if not source.content.rstrip(b"\0").endswith((b"\n", b"\r")):
        source.warn("the last line has no end: the file may be cut short")
    cells.find_decimal(header + 1, [time_at, *headings])
    seconds = _times(source, cells, rows, time_at, texts[time_at])
    headings = {c: h for c, h in headings.items() if h.chamber in (None, *wanted)}
    values = {c: cells.numbers(rows, c) for c in headings}
    channels = channels_of(source, headings, values, wanted)
    events = [e for e in _events(source, cells, rows, marks, present) if e.chamber in (None, *wanted)]
    shares = concentration_of_protein(protein, wanted)
    ds = trace(source, seconds, channels, events, wanted, window=width, protein=shares)
    ds.attrs |= source.attributes()
    return ds


def separators(delimiter: Any, decimal: Any) -> tuple[str | None, str | None]:
    """The signs that a user gives, if they can be such."""
    if delimiter is not None and delimiter not in (",", ";", "\t", "|"):
        raise ParameterError(f"delimiter = {delimiter!r} is not one of ',', ';', '|' or a tab.")
    if decimal is not None and decimal not in (".", ","):
        raise ParameterError(f"decimal = {decimal!r} is neither '.' nor ','.")
    return delimiter, decimal


def _is_heading(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and any(_TIME.fullmatch(cell) for cell in cells)


def _wanted(chambers: Any, present: Sequence[str]) -> list[str]:
    """The chambers asked for."""
    if chambers is None:
        return list(present)
    names = [_SIDES.get(name.casefold(), name) for name in names_in(chambers, "chambers")]
    for name in names:
        if name not in present:
            raise ParameterError(f"chambers: the file has no chamber {name!r}.{nearest(name, present)}")
    if not names:
        raise ParameterError("chambers is empty; the file has " + " and ".join(present) + ".")
    return list(dict.fromkeys(names))


def _times(source: Source, cells: TextCells, rows: Sequence[int], column: int, said: str) -> np.ndarray:
    """Time in seconds; every reading has one."""
    match = _TIME.fullmatch(folded(said))
    unit = match[1].strip() if match else ""
    if unit not in _SECONDS:
        raise source.error(f"time is in {unit!r}", "s, min or h")
    times = cells.numbers(rows, column)
    if (missing := np.flatnonzero(np.isnan(times))).size:
        raise source.error(f"{cells.where(rows[int(missing[0])], column)} is empty", "a time there")
    return times * _SECONDS[unit]


def _events(
    source: Source, cells: TextCells, rows: Sequence[int], marks: Mapping[str, int], present: Sequence[str]
) -> list[Event]:
    """Every mark; several in one line stand joined by commas, in the names as in the chambers."""
    if "event name" not in marks:
        source.warn("there is no column 'Event Name': additions are not known")
        return []
    events = []
    for number, r in enumerate(rows):
        name, side, text = (cells.text(r, marks[label]) if label in marks else "" for label in _MARKS)
        if not name:
            continue
        names, sides, texts = _parts(name), _parts(side), _parts(text)
        if len(sides) < 2:
            names, sides, texts = [name], sides or [""], [text]
        elif len(sides) != len(names):
            source.warn(f"{cells.where(r, marks['event name'])}: {name!r} for {side!r} is taken as one mark for all")
            names, sides, texts = [name], [""], [text]
        texts = texts if len(texts) == len(names) else [text] * len(names)
        for one, where, what in zip(names, sides, texts):
            if one:
                events.append(Event(number, one, _chamber(source, where, present), what))
    return events


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text else []


def _chamber(source: Source, side: str, present: Sequence[str]) -> str | None:
    """The chamber that is meant; None for both. One that was not exported keeps its letter."""
    if folded(side) in ("", "both", "all"):
        return None
    name = _SIDES.get(folded(side), side.upper())
    name = name[-1] if name[-1:] in present else name
    if name in present or (name in ("A", "B") and not any(chamber[:-1] for chamber in present)):
        return name
    source.warn(f"marks for {side!r}, which is no chamber, are taken for all")
    return None
