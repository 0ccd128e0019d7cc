"""Headings of DatLab: what a column is, of which chamber, in which unit; and the channels that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .cells import folded
from .source import Source
from .trace import OCR, Channel, slug
from .units import factor, spelled, split_unit

__all__ = ["Heading", "channels_of", "heading", "in_chambers"]

_NEW = re.compile(r"(\d*)([A-D])\s*:\s*(.*)")
_OLD = re.compile(r"(.*?)\s*\(([A-D])\)")
_OXYGEN = ("o2 concentration", "oxygen concentration", "o2 conc")
# The rate that the instrument shows, most corrected first. A plain "O2 slope" does not say its sign.
_RECORDED = ("o2 flux per v", "o2 slope corr", "o2 slope uncorr", "o2 slope neg", "o2 flux per mass")
_SOLUBLE = 5.0
"""mM of oxygen that no medium holds (assumed: water under pure oxygen takes about 1 to 2 mM): a unit must be wrong."""


@dataclass(frozen=True)
class Heading:
    """Quantity, chamber (None: the whole instrument) and unit of a column."""

    quantity: str
    chamber: str | None
    unit: str


def heading(text: str) -> Heading:
    """A heading of either family: ``1A: O2 flux per V [pmol/(s*mL)]``, ``O2 Concentration  (A) [nmol/ml]``."""
    text = " ".join(text.split())[:500]
    name, unit = split_unit(text) if text.endswith("]") else (text, "")
    if match := _NEW.fullmatch(name):
        return Heading(match[3].strip(), match[1] + match[2], unit)
    if match := _OLD.fullmatch(name):
        return Heading(match[1].strip(), match[2], unit)
    return Heading(name, None, unit)


def in_chambers(source: Source, headings: Mapping[int, Heading]) -> tuple[dict[int, Heading], list[str]]:
    """Headings with the chambers of the Dataset, and these: ``A``, or ``2A`` where there are several instruments."""
    found = {h.chamber for h in headings.values() if h.chamber is not None}
    if not found:
        raise source.error("no channel says its chamber", "headings with '(A)' or '1A:'")
    one = len({name[:-1] for name in found}) == 1
    named = {c: replace(h, chamber=h.chamber[-1]) if one and h.chamber else h for c, h in headings.items()}
    return named, sorted({name[-1] if one else name for name in found})


def channels_of(
    source: Source, headings: Mapping[int, Heading], values: Mapping[int, np.ndarray], chambers: Sequence[str]
) -> list[Channel]:
    """Channels by house names: oxygen, the recorded rate, and the others as they are called."""
    channels = []
    recorded = {chamber: _best(headings, chamber) for chamber in chambers}
    taken: dict[tuple[str, str | None], str] = {}
    for c, h in headings.items():
        if folded(h.quantity).startswith(_OXYGEN) and ("oxygen", h.chamber) not in taken and h.chamber:
            channel = _oxygen(source, h, values[c])
        elif h.chamber and recorded[h.chamber] == c:
            scale = factor(h.unit, OCR)
            unit = OCR if scale is not None else spelled(h.unit)
            channel = Channel("ocr_recorded", h.chamber, values[c] * (scale or 1.0), unit, f"{h.quantity}, as recorded")
        else:
            name = slug(h.quantity)
            while (name, h.chamber) in taken:
                name += "_"
            channel = Channel(name, h.chamber, values[c], h.unit or "1", h.quantity)
        taken[channel.name, channel.chamber] = channel.units
        channels.append(channel)
    for name in sorted(names := {channel.name for channel in channels}):
        if len(units := sorted({unit for (key, _), unit in taken.items() if key == name})) > 1:
            raise source.error(f"{name} has the units {' and '.join(units)} in different chambers")
    if "oxygen" not in names:
        rest = "only ocr_recorded, which is smoothed and lags by ~40 s" if "ocr_recorded" in names else "and no rate"
        source.warn(f"no oxygen concentration: there is no ocr, {rest}")
    return channels


def _best(headings: Mapping[int, Heading], chamber: str) -> int | None:
    """The column of the recorded rate of a chamber."""
    for start in _RECORDED:
        for c, h in headings.items():
            if h.chamber == chamber and folded(h.quantity).startswith(start):
                return c
    return None


def _oxygen(source: Source, h: Heading, values: np.ndarray) -> Channel:
    scale = factor(h.unit, "mM")
    if scale is None:
        raise source.error(f"{h.quantity} is in {h.unit or 'no unit'!r}", "a concentration, such as nmol/mL or µM")
    most = np.nanmax(np.abs(values) * scale, initial=0.0, where=np.isfinite(values))
    if most > _SOLUBLE and spelled(h.unit) == "M":
        # The micro sign is lost where a file was saved in a code page that does not have it.
        source.warn(f"{h.quantity} is said to be in M, up to {most / 1000:g} M; read as µM")
        scale *= 1e-6
    elif most > _SOLUBLE:
        raise source.error(f"{h.quantity} reaches {most:g} mM, more oxygen than any medium holds", "another unit")
    return Channel("oxygen", h.chamber, values * scale, "mM", "oxygen")
