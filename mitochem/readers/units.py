"""Units as instruments and people write them, and the factor to the unit of the house."""

from __future__ import annotations

import re

import numpy as np

__all__ = ["factor", "split_unit", "spelled"]

_ASIDE = re.compile(r"^(.*?)\s*[\[(]([^\[\]()]*(?:\([^()]*\)[^\[\]()]*)*)[\])]\s*$")
_SIGNS = {"µ": "u", "μ": "u", "·": "*", "⋅": "*", "×": "*", "⁻": "^-", "¹": "1", "²": "2", "³": "3", "−": "-"}
_UNIT = re.compile(r"[A-Za-z%*/()^.\d\s-]{1,40}")
_POWER = re.compile(r"\*\s*\*|\^\s*[^\d\s-]|\^\s*-?\s*\d\s*[\d^]|\d{4}")
# A sign that an export has lost: the mark of a replaced character, or its code page read as another.
_LOST = ("\ufffd", "Âµ", "Î¼")


def split_unit(heading: str) -> tuple[str, str]:
    """Name and unit of a heading: ``J [nmol/min]``, ``t (min)`` or ``E / mV``; the unit is empty if it has none."""
    heading = " ".join(heading.split())
    if len(heading) > 500:  # no heading, and long to search
        return heading, ""
    if match := _ASIDE.match(heading):
        return match[1].strip(), match[2].strip()
    name, slash, unit = heading.partition(" / ")
    return (name.strip(), unit.strip()) if slash else (heading, "")


def spelled(unit: str) -> str:
    """A unit in ASCII and with slashes, as pint reads it; ``"%"`` and words of an instrument stay."""
    for lost in _LOST:
        unit = unit.replace(lost, "u")
    for sign, plain in _SIGNS.items():
        unit = unit.replace(sign, plain)
    return re.sub(r"\bml\b", "mL", unit.strip())


def factor(unit: str, house: str) -> float | None:
    """What a number in a unit is multiplied by to be in that of the house; None if it is of another kind."""
    from ..core.units import registry
    from ..core.units import unit as parsed

    text = spelled(unit)
    if not _UNIT.fullmatch(text) or _POWER.search(text):  # nothing that would be calculated at length
        return None
    try:
        known = parsed(text)
        zero, one = (registry().Quantity(number, known).to(parsed(house)).magnitude for number in (0.0, 1.0))
    except Exception:  # pint fails in many ways on what is no unit
        return None
    return float(one) if zero == 0 and np.isfinite(one) else None  # degrees Celsius have another zero
