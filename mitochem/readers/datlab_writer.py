"""Traces of a respirometer, simulated or measured, as a csv in the layout of Oroboros DatLab."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import dataset_in, names_in, shown
from ..core.errors import ParameterError
from ..core.files import written_whole
from .datlab import LAYOUT
from .source import TEXT, destination
from .trace import OCR
from .units import factor

if TYPE_CHECKING:
    import xarray

__all__ = ["write_datlab"]

_SIDES = {"A": "Left", "B": "Right"}
_SAME = 1e-3
"""Seconds below which two times are one: a simulation gives the values before and after an addition."""


def write_datlab(
    ds: xarray.Dataset, path: str | Path, *, channels: Sequence[str] = (), decimals: int | None = None
) -> Path:
    """Write a trace as DatLab exports it, so that it can be read by whatever reads such files.

    Parameters
    ----------
    ds : Dataset
        ``oxygen`` (mM), ``ocr_recorded`` or ``ocr`` (pmol/(s*mL)), one or more of them, over ``time`` (min) and perhaps
        ``chamber`` (A, B): as `read_datlab`, a virtual O2k or ``simulate`` give it. Marks come from the attribute
        ``events``, without it from ``additions`` and ``segment``; each stands at the first reading that is not before
        it. Where a simulation has two readings at one time, the later is written.
    path : path
        Of the .csv file; written whole or not at all.
    channels : sequence of str
        Other variables to write, with their units as they are.
    decimals : int, optional
        Digits behind the point, 4 in files of the instrument; by default as many as the numbers have.

    Returns
    -------
    path

    Raises
    ------
    ParameterError
        If the Dataset is none of a respirometer, its times do not ascend, or a name of a mark has a comma beside
        another mark at the same reading, which the layout cannot tell apart.
    MitochemError
        If the place cannot be written to.
    """
    place = destination(path, TEXT, LAYOUT)
    if decimals is not None and (
        not isinstance(decimals, int | np.integer) or isinstance(decimals, bool) or decimals < 0
    ):
        raise ParameterError(f"decimals = {shown(decimals)} is not a number of digits.")
    names = names_in(channels, "channels")
    seconds, keep = _times(dataset_in(ds, "write_datlab", "time", *names))
    chambers = [str(name) for name in ds.chamber.values] if "chamber" in ds.dims else ["A"]
    kept = ds.isel(time=keep)
    columns = _columns(kept, chambers, names)
    marks = _marks(kept, seconds)
    with written_whole(place) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        writer.writerow(["Time [s]", "Event Name", "Chamber", "Event Text", *columns])
        for row, time in enumerate(seconds.tolist()):
            numbers = [_Number(values[row], decimals) for values in columns.values()]
            writer.writerow([_Number(time, None if decimals is None else 2), *marks.get(row, ("", "", "")), *numbers])
    return place


class _Number(float):
    """A number as it is printed: with so many digits, or all it has; nothing for NaN."""

    decimals: int | None

    def __new__(cls, value: float, decimals: int | None) -> _Number:
        number = super().__new__(cls, value)
        number.decimals = decimals
        return number

    def __str__(self) -> str:
        if math.isnan(self):
            return ""
        return float.__repr__(self) if self.decimals is None else f"{float(self):.{self.decimals}f}"


def _times(ds: xarray.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Times in seconds, and which readings they are of."""
    if ds.time.dims != ("time",):
        raise ParameterError("write_datlab takes a Dataset over time.")
    seconds = np.asarray(ds.time.values, dtype=float) * (factor(ds.time.attrs.get("units", "min"), "s") or np.nan)
    steps = np.diff(seconds)
    keep = np.flatnonzero(np.append(~((steps >= 0) & (steps < _SAME)), True))
    seconds = seconds[keep]
    if not len(seconds) or not np.isfinite(seconds).all() or (np.diff(seconds) <= 0).any():
        raise ParameterError("write_datlab takes times in min that ascend.")
    return seconds, keep


def _columns(ds: xarray.Dataset, chambers: Sequence[str], others: Sequence[str]) -> dict[str, np.ndarray]:
    """Readings by heading."""
    rate = "ocr_recorded" if "ocr_recorded" in ds else "ocr"
    wanted = {"oxygen": ("O2 concentration", "uM"), rate: ("O2 flux per V", OCR)}
    if not set(wanted) & set(ds.data_vars):
        raise ParameterError("write_datlab needs oxygen, ocr_recorded or ocr, which the Dataset does not have.")
    columns: dict[str, np.ndarray] = {}
    for name, (quantity, unit) in wanted.items():
        if name in ds:
            said = ds[name].attrs.get("units", "1")
            if (scale := factor(said, unit)) is None:
                raise ParameterError(f"{name} is in {said!r}, which is not {unit} times a number.")
            columns |= _by_chamber(ds[name] * scale, chambers, f"{quantity} [{unit.replace('uM', 'µM')}]")
    for name in others:
        columns |= _by_chamber(ds[name], chambers, f"{name} [{ds[name].attrs.get('units', '1')}]")
    return columns


def _by_chamber(values: xarray.DataArray, chambers: Sequence[str], heading: str) -> dict[str, np.ndarray]:
    """One column for each chamber; one of the whole instrument stands without."""
    if "chamber" in values.dims:
        return {f"{_full(c)}: {heading}": _line(values.isel(chamber=i)) for i, c in enumerate(chambers)}
    return {f"{_full(chambers[0])}: {heading}" if len(chambers) == 1 else heading: _line(values)}


def _full(chamber: str) -> str:
    return chamber if chamber[:1].isdigit() else f"1{chamber}"


def _line(values: xarray.DataArray) -> np.ndarray:
    if values.dims != ("time",):
        raise ParameterError(f"{values.name} is over {', '.join(map(str, values.dims))}; write one member at a time.")
    return np.asarray(values.values, dtype=float)


def _marks(ds: xarray.Dataset, seconds: np.ndarray) -> dict[int, tuple[str, str, str]]:
    """Names, chambers and texts of the marks at each reading, joined by commas."""
    rows: dict[int, list[tuple[str, str, str]]] = {}
    for event in _events(ds, seconds):
        row = int(np.searchsorted(seconds, event["time"] * 60 - 1e-6))
        if row == len(seconds):
            raise ParameterError(f"event {event['name']!r} at {event['time']:g} min is after the last reading.")
        chamber = event.get("chamber")
        side = "Both" if chamber is None else _SIDES.get(str(chamber), str(chamber))
        rows.setdefault(row, []).append((str(event["name"]), side, str(event.get("text") or "")))
    for at in rows.values():
        if len(at) > 1 and (bad := [part for mark in at for part in mark if "," in part]):
            raise ParameterError(f"{bad[0]!r} has a comma, which joins marks of one reading; rename it.")
    return {row: tuple(", ".join(parts) for parts in zip(*at)) for row, at in rows.items()}  # type: ignore[misc]


def _events(ds: xarray.Dataset, seconds: np.ndarray) -> list[dict[str, Any]]:
    """The marks of a Dataset; of a simulation, the beginnings of its segments."""
    if "events" in ds.attrs:
        try:
            return [
                {"time": float(e["time"]), **{k: e.get(k) for k in ("name", "chamber", "text")}}
                for e in json.loads(ds.attrs["events"])
            ]
        except (TypeError, ValueError, KeyError, AttributeError):
            raise ParameterError("the attribute 'events' is not a list of events as JSON.") from None
    if "segment" not in ds.coords or ds.segment.dims != ("time",):
        return []
    labels = ds.segment.values.tolist()
    starts = [i for i in range(1, len(labels)) if labels[i] != labels[i - 1]]
    return [{"time": seconds[i] / 60, "name": labels[i], "chamber": None} for i in starts]
