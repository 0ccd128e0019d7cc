"""The trace of a respirometer as a Dataset: channels, events, segments, and the rate from the oxygen itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import shown
from ..core.door import KINDS
from ..core.errors import ParameterError, nearest
from ..core.units import magnitude
from .slopes import local_slope
from .source import Source

if TYPE_CHECKING:
    import xarray

__all__ = ["OCR", "START", "Channel", "Event", "concentration_of_protein", "seconds_in", "slug", "trace"]

OCR = "pmol/(s*mL)"
START = "start"
"""Label of the segment before the first addition."""

_PER_MINUTE = 0.06
"""nmol/min in 1 pmol/s."""
_OPEN = re.compile(r"(chamber )?open(ed)?( chamber)?")
_CLOSED = re.compile(r"(chamber )?closed?( chamber)?")
# Marks of the instrument, which add nothing: light, warnings, and the stopper of the chamber.
_NO_ADDITION = re.compile(r"warning.*|l(ight )?o(n|ff)|lights? o(n|ff)|" + _OPEN.pattern + "|" + _CLOSED.pattern)


@dataclass(frozen=True)
class Channel:
    """One column of readings; ``chamber`` is None if it belongs to the whole instrument."""

    name: str
    chamber: str | None
    values: np.ndarray
    units: str
    long_name: str


@dataclass(frozen=True)
class Event:
    """A mark at the reading ``row``; ``chamber`` is None if it holds for all of them."""

    row: int
    name: str
    chamber: str | None
    text: str = ""

    def holds_for(self, chamber: str | None) -> bool:
        """Whether it was made in this chamber."""
        return self.chamber is None or chamber is None or self.chamber == chamber

    @property
    def adds(self) -> bool:
        """Whether something was added, so that a new segment begins."""
        return not _NO_ADDITION.fullmatch(self.name.casefold())


def seconds_in(window: Any) -> float:
    """A width in seconds, from a number of them or a text with a unit of time."""
    width = KINDS["positive"].check("window", magnitude(window, "s", "window"))
    if np.ndim(width):
        raise ParameterError(f"window = {shown(window)} is not one width.")
    return float(width)


def concentration_of_protein(protein: Any, chambers: Sequence[str | None]) -> dict[str | None, float]:
    """Protein in mg/mL by chamber, from one concentration or a mapping of them; empty for None."""
    if protein is None:
        return {}
    if isinstance(protein, Mapping):
        for name in protein:
            if name not in chambers:
                raise ParameterError(f"protein: there is no chamber {name!r}.{nearest(str(name), map(str, chambers))}")
        given = dict(protein)
    else:
        given = dict.fromkeys(chambers, protein)
    for name, value in given.items():
        number = KINDS["positive"].check("protein", magnitude(value, "mg/mL", "protein"))
        if np.ndim(number):
            raise ParameterError(f"protein = {shown(value)} is not one concentration.")
        given[name] = float(number)
    return given


def trace(
    source: Source,
    seconds: np.ndarray,
    channels: Sequence[Channel],
    events: Sequence[Event],
    chambers: Sequence[str | None],
    *,
    window: float,
    protein: Mapping[str | None, float],
) -> xarray.Dataset:
    """Everything of a recording, with the rate that its oxygen gives.

    ``chambers`` is ``[None]`` for an instrument without several: the Dataset then has no such dimension.
    """
    import xarray

    many = list(chambers) != [None]
    dims = ("chamber", "time") if many else ("time",)
    shape = (len(chambers), len(seconds))
    closed = np.stack([~_opened(source, events, chamber, len(seconds)) for chamber in chambers])
    back = _backwards(source, seconds)
    data: dict[str, Any] = {}
    for channel in channels:
        if channel.chamber is None and many:
            about = {"units": channel.units, "long_name": channel.long_name}
            data[channel.name] = (("time",), channel.values, about)
            continue
        values = data.setdefault(channel.name, (dims, np.full(shape, np.nan), _about(channel)))[1]
        row = list(chambers).index(channel.chamber)
        values[row] = np.where(closed[row], channel.values, np.nan)
    labels, breaks = zip(*(_segments(events, chamber, len(seconds)) for chamber in chambers))
    if "oxygen" in data:
        data["ocr"] = (dims, np.full(shape, np.nan), {"units": OCR, "long_name": "oxygen consumption rate"})
        data["ocr"][2]["method"] = f"local line through the oxygen over {window:g} s, within a segment"
        for row in range(len(chambers)):
            edges = {*breaks[row], *back, *(np.flatnonzero(np.diff(closed[row])) + 1).tolist()}
            # mM/s is 1e6 pmol/(s mL); consumption is positive.
            data["ocr"][1][row] = -1e6 * local_slope(seconds, data["oxygen"][1][row], window, edges)
        if np.isnan(data["ocr"][1]).all():
            source.warn(f"no three readings of oxygen lie within {window:g} s: ocr is NaN; give a wider window")
    if protein:
        _per_mg(source, data, protein, chambers)
    if not many:
        data = {name: (d, values[0] if np.ndim(values) == 2 else values, a) for name, (d, values, a) in data.items()}
    segment = np.array(labels)
    coordinates: dict[str, Any] = {
        "time": ("time", seconds / 60, {"units": "min", "long_name": "time"}),
        "segment": (dims, segment if many else segment[0], {"long_name": "last addition"}),
    }
    if many:
        coordinates["chamber"] = ("chamber", [str(c) for c in chambers], {"long_name": "chamber of the instrument"})
    ds = xarray.Dataset(data, coordinates)
    ds.attrs["events"] = _written(events, seconds)
    return ds


def _about(channel: Channel) -> dict[str, str]:
    return {"units": channel.units, "long_name": channel.long_name}


def _opened(source: Source, events: Sequence[Event], chamber: str | None, size: int) -> np.ndarray:
    """Readings while the chamber was open: they are those of air, not of what is in it."""
    result, since = np.zeros(size, dtype=bool), None
    started = False
    where = f"chamber {chamber}" if chamber else "the chamber"
    for event in events:
        if not event.holds_for(chamber):
            continue
        if _OPEN.fullmatch(event.name.casefold()):
            since, started = event.row if since is None else since, True
        elif _CLOSED.fullmatch(event.name.casefold()):
            if since is None and not started:
                since = 0
                source.warn(f"{where} is closed without having been opened: readings before are left out (NaN)")
            if since is not None:
                result[since : event.row + 1] = True
            since, started = None, True
    if since is not None:
        result[since:] = True
        source.warn(f"{where} is opened and not closed again: readings after are left out (NaN)")
    return result


def _backwards(source: Source, seconds: np.ndarray) -> list[int]:
    """Readings before which time goes back, with a warning; one for readings at the same time too."""
    steps = np.diff(seconds)
    back, same = np.flatnonzero(steps < 0), np.flatnonzero(steps == 0)
    if back.size:
        source.warn(f"time goes back after {seconds[back[0]]:g} s; the rate is not taken across")
    if same.size:
        source.warn(f"{same.size} readings have the time of the one before, the first at {seconds[same[0]]:g} s")
    return (back + 1).tolist()


def _segments(events: Sequence[Event], chamber: str | None, size: int) -> tuple[list[str], list[int]]:
    """The last addition at every reading, and the readings with which a segment begins."""
    labels, breaks = [START] * size, []
    for event in events:
        if event.adds and event.holds_for(chamber):
            labels[event.row :] = [event.name] * (size - event.row)
            breaks.append(event.row)
    return labels, breaks


def _per_mg(
    source: Source, data: dict[str, Any], protein: Mapping[str | None, float], chambers: Sequence[str | None]
) -> None:
    if "ocr" not in data:
        source.warn("protein is not used: there is no oxygen to take the rate from")
        return
    dims, rate, _ = data["ocr"]
    per = np.array([protein.get(chamber, np.nan) for chamber in chambers])[:, None]
    about = {"units": "nmol/min/mg", "long_name": "oxygen consumption"}
    data["J_O2"] = (dims, rate * _PER_MINUTE / per, about)


def _written(events: Sequence[Event], seconds: np.ndarray) -> str:
    """Events as JSON."""
    told = [{"time": float(seconds[e.row]) / 60, "name": e.name, "chamber": e.chamber, "text": e.text} for e in events]
    return json.dumps(told, ensure_ascii=False)


def slug(name: str) -> str:
    """A name for a variable from the heading of a channel."""
    plain = re.sub(r"[^0-9a-z]+", "_", name.casefold()).strip("_")
    return plain if plain and not plain[0].isdigit() else f"channel_{plain}"
