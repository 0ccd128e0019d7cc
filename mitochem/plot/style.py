"""How figures look: one colour per quantity, labels with units, and rcParams that stay inside our functions."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib import colors

from ..core.arguments import shown
from ..core.errors import ParameterError

__all__ = ["HOUSE", "LOOKS", "Look", "house_style", "label", "look", "unit_text"]

HOUSE: Any = {
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "legend.fontsize": 9.0,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "lines.linewidth": 1.8,
    "lines.markersize": 5.0,
    "hatch.linewidth": 0.7,
    "mathtext.default": "it",
    "figure.dpi": 110.0,
}
"""rcParams in force while one of our functions draws."""

GREY = "#555555"
FAINT = "#9a9a9a"


@contextmanager
def house_style() -> Iterator[None]:
    """The house style for a ``with`` block, or as a decorator; nothing outside it changes."""
    with mpl.rc_context(HOUSE):
        yield


class Look(NamedTuple):
    """Colour, line style, marker and hatch of a quantity; the last three carry it in grey."""

    colour: str
    line: Any = "-"
    marker: str = "o"
    hatch: str = ""


DOTS = (0, (1, 1.2))
LONG = (0, (7, 2))
DASHDOT = (0, (6, 1.5, 1, 1.5))

# Okabe & Ito's colours for what appears in every figure; Tol's muted ones for the rest.
LOOKS: dict[str, Look] = {
    "J_O2": Look("#D55E00", "-", "o"),
    "delta_psi": Look("#0072B2", "-", "s"),
    "delta_pH": Look("#E69F00", "--", "D", "////"),
    "pmf": Look("#000000", DASHDOT, "d"),
    "J_ATP": Look("#009E73", LONG, "^"),
    "J_leak": Look("#CC79A7", "--", "v"),
    "J_uncoupler": Look("#56B4E9", DASHDOT, ">"),
    "oxygen": Look("#882255", "-", "o"),
    "pH_matrix": Look("#999933", "--", "D"),
    "delta_Gp": Look("#117733", DOTS, "P"),
    "K_matrix": Look("#332288", DOTS, "h"),
    "atp_bath": Look("#44AA99", "-", "^"),
    "adp_bath": Look("#AA4499", "--", "v"),
    "pi_bath": Look("#7F7F7F", DOTS, "x"),
}
_SAME = {"atp_made": "atp_bath", "ocr": "J_O2", "oxygen_flux": "J_O2", "oxygen_consumption": "J_O2"}
_OTHERS = [
    Look(colour, line, marker)
    for line, marker in (("-", "p"), ("--", "<"), (DASHDOT, "*"))
    for colour in ("#88CCEE", "#CC6677", "#661100", "#6699CC", "#888888")
]
SERIES = [
    Look("#0072B2", "-", "o"),
    Look("#D55E00", "--", "s"),
    Look("#009E73", DASHDOT, "^"),
    Look("#CC79A7", LONG, "D"),
    Look("#000000", DOTS, "v"),
    Look("#E69F00", (0, (3, 1, 1, 1, 1, 1)), "P"),
    Look("#56B4E9", (0, (5, 4)), "X"),
]
"""Looks for groups of data, which are not quantities."""


def look(name: str) -> Look:
    """The look of a quantity: always the same one for the same name."""
    name = _SAME.get(name, name)
    return LOOKS.get(name) or _OTHERS[zlib.crc32(name.encode()) % len(_OTHERS)]


def shades(colour: str, n: int) -> list[tuple[float, float, float]]:
    """``n`` shades of a colour, pale to dark, far enough apart to be told from each other in grey."""
    rgb = np.array(colors.to_rgb(colour))
    if n == 1:
        return [tuple(rgb)]
    pale, dark = rgb + 0.55 * (1 - rgb), 0.55 * rgb
    return [tuple(pale + (dark - pale) * f) for f in np.linspace(0, 1, n)]


# --- labels -------------------------------------------------------------------------------------------

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_TOKEN = re.compile(r"([^\d\s*/^()+-][^\s*/^()+-]*?|1|%)(\+)?(?:(?:\^|\*\*)?(-?\d+))?$")
_MICRO = re.compile(r"^u(?=(M|L|l|mol|g|m|s|A|V|F)$)")


def unit_text(unit: str) -> str:
    """A unit as it is printed: ``"nmol/min/mg"`` becomes ``"nmol min⁻¹ mg⁻¹"``, ``"1"`` nothing."""
    if unit.strip() in ("", "1", "dimensionless"):
        return ""
    if not re.search(r"[/^*\d]", unit):
        return " ".join(_MICRO.sub("µ", word) for word in unit.split())  # a plain unit, or a remark in words
    powers: list[tuple[str, int]] = []
    sign, inside = 1, 0
    for piece in re.findall(r"\*\*|[/()]|[^\s/()]+", re.sub(r"(?<!\*)\*(?!\*)", " ", unit)):
        if piece == "(":
            inside += 1
        elif piece == ")":
            inside, sign = inside - 1, 1
        elif piece == "/":
            sign = -1
        else:
            match = _TOKEN.match(piece)
            if not match:
                return unit
            power = sign * int(match[3] or 1)
            if match[1] != "1":
                powers.append((_MICRO.sub("µ", match[1]) + (match[2] or ""), power))
            sign = sign if inside else 1
    return " ".join(name + ("" if p == 1 else str(p).translate(_SUPERSCRIPT)) for name, p in powers)


def _symbol_text(symbol: str) -> str:
    """A LaTeX symbol as mathtext; subscripts that are words or formulas stand upright."""
    symbol = symbol.strip().strip("$")
    return "$" + re.sub(r"_\{([A-Z][A-Za-z0-9]*(?:_\d)?)\}", r"_{\\mathrm{\1}}", symbol) + "$"


def attribute(obj: Any, name: str) -> str:
    """``units``, ``symbol`` or ``long_name`` of a DataArray or of a law; empty if it has none."""
    if hasattr(obj, "attrs"):
        return str(obj.attrs.get(name, ""))
    return str(getattr(obj, "unit" if name == "units" else name, "") or "")


def name_of(obj: Any) -> str:
    """Name of a DataArray or of a law."""
    return str(getattr(obj, "name", "") or getattr(obj, "__name__", "") or "")


def short_name(obj: Any) -> str:
    """What the quantity is, in words: the long name up to its first comma."""
    words = attribute(obj, "long_name") or name_of(obj)
    return words.split(",")[0].removesuffix(".dose")


def label(obj: Any, *, words: bool = False) -> str:
    """Axis label of a DataArray or of a law: its symbol or long name, and its unit.

    Parameters
    ----------
    obj : DataArray or law
        Anything with ``units`` (or ``unit``), ``symbol`` and ``long_name``, such as ``ds["pmf"]`` or
        ``SinhLeak().J_leak``.
    words : bool
        Put the long name above the symbol, where it is short enough.

    Returns
    -------
    str
        Such as ``"$\\Delta p$ / mV"``. A pure number has no unit, and its label no slash.
    """
    if not (hasattr(obj, "attrs") or callable(obj)):
        raise ParameterError(f"label is of a DataArray such as ds['pmf'], or of a law, not of {shown(obj)}.")
    symbol, name, unit = attribute(obj, "symbol"), short_name(obj), unit_text(attribute(obj, "units"))
    text = _symbol_text(symbol) if symbol else name
    text = f"{text} / {unit}" if unit else text
    capital = name[:1].upper() + name[1:] if name[:2].islower() else name
    return f"{capital}\n{text}" if words and symbol and len(name) <= 20 else text
