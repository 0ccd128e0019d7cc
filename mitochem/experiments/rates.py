"""Rates of respiration from one unit to another: per protein, per volume, per well or per cells; O2 or O.

A Clark electrode gives nmol O2/min/mg (or nmol O/min/mg, twice the number), an O2k pmol/(s*mL), a plate reader
pmol/min per well. What a rate is *per* can only be changed with a quantity that joins the two, and the error of
`convert` names it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.arguments import numbers_in, text_in
from ..core.door import Kind, match_shapes
from ..core.errors import ParameterError
from ..core.units import magnitude, registry

__all__ = ["convert"]

# A packed mL holds about 1000 million cells of 1 pL; more is a plain number of cells where millions are meant.
_CELLS = Kind("1", "in million cells, above 0 and at most 10 000 (0.02 for 20 000)", lambda n: (n > 0) & (n <= 1e4))
_JOINS = {
    "protein": ("mg", "mL", Kind("mg/mL", "a protein concentration above 0 mg/mL", lambda x: x > 0)),
    "protein_per_well": ("mg", "well", Kind("mg", "an amount of protein above 0 mg", lambda x: x > 0)),
    "cells": ("million cells", "mL", _CELLS),
    "cells_per_well": ("million cells", "well", _CELLS),
    "volume": ("mL", "well", Kind("mL", "a volume above 0 mL", lambda x: x > 0)),
}
"""Quantities that join two bases: so much of the first in one of the second."""

_UNITS = {name: kind.unit if kind.unit != "1" else "million cells" for name, (_, _, kind) in _JOINS.items()}
_UNITS["cells"] += "/mL"


def convert(
    value: Any,
    from_unit: str,
    to_unit: str,
    *,
    protein: Any = None,
    protein_per_well: Any = None,
    cells: Any = None,
    cells_per_well: Any = None,
    volume: Any = None,
) -> Any:
    """A rate in another unit.

    Parameters
    ----------
    value : float, array or DataArray
        Of any shape; NaN stays NaN in arrays, where it is a gap in data.
    from_unit, to_unit : str
        Such as ``"nmol O2/min/mg"``, ``"nmol O/min/mg"``, ``"pmol/(s*mL)"``, ``"pmol s⁻¹ mg⁻¹"``, ``"pmol/min/well"``,
        ``"pmol/min/million cells"``, ``"uM/min"``. Without a word for it the substance is O2; O counts atoms, and so is
        two of them. A rate of the whole well or chamber may leave out what it is per (``"pmol/min"``).
    protein : float or array, optional
        Protein in the chamber, mg/mL.
    protein_per_well : float or array, optional
        Protein in a well (or in the whole chamber), mg.
    cells : float or array, optional
        Million cells per mL.
    cells_per_well : float or array, optional
        Million cells in a well: 20 000 are 0.02.
    volume : float or array, optional
        Volume of the chamber or well, mL.

    Returns
    -------
    float, array or DataArray
        Of the kind that was given; a DataArray has the new ``units``.

    Raises
    ------
    ParameterError
        If a unit is not one of a rate, the conversion needs a quantity that was not given, or quantities contradict
        each other.
    """
    numbers = _numbers(value, from_unit)
    given = {
        "protein": protein, "protein_per_well": protein_per_well, "cells": cells, "cells_per_well": cells_per_well,
        "volume": volume,
    }  # fmt: skip
    joins = {name: _quantity(name, amount) for name, amount in given.items() if amount is not None}
    old, substance, source = read(from_unit, "from_unit")
    new, other, target = read(to_unit, "to_unit")
    if substance != other and {substance, other} != {"O", "O2"}:
        raise ParameterError(f"from_unit = {from_unit!r} is of {substance} and to_unit = {to_unit!r} of {other}.")
    factor = old / new * (1.0 if substance == other else 0.5 if substance == "O" else 2.0)
    joined = _joined(source, target, joins, f"from {from_unit} to {to_unit}")
    match_shapes("convert", value=numbers, factor=joined)
    result = _product(numbers, factor * joined)
    if hasattr(result, "dims"):
        attrs = value.attrs if hasattr(value, "dims") else {}
        return result.rename(getattr(value, "name", None)).assign_attrs(attrs | {"units": to_unit})
    return result if np.ndim(result) else float(result)


def _product(numbers: Any, factor: Any) -> Any:
    """The product of what may be DataArrays; members that only one of them has are not dropped without a word."""
    if not (hasattr(numbers, "dims") and hasattr(factor, "dims")):
        return numbers * factor
    import xarray

    try:
        numbers, factor = xarray.align(numbers, factor, join="exact", copy=False)
    except ValueError as error:
        raise ParameterError(f"value and what it is divided by or multiplied with do not match: {error}") from None
    return numbers * factor


def _numbers(value: Any, from_unit: str) -> Any:
    """The value as a float, an array or a DataArray of floats, which must not say that it is in another unit."""
    if hasattr(value, "_REGISTRY"):
        raise ParameterError("value has a unit of its own; give the plain numbers, with their unit as from_unit.")
    numbers = numbers_in(value, "value")
    if np.isinf(numbers).any() or (numbers.ndim == 0 and np.isnan(numbers)):
        raise ParameterError(f"value = {value!r} is not finite." if numbers.ndim == 0 else "value contains inf.")
    if not hasattr(value, "dims"):
        return numbers
    own = value.attrs.get("units")
    if own is not None and read(own, "units of the value") != read(from_unit, "from_unit"):
        raise ParameterError(f"the value is in {own!r}, as its attribute units says, and from_unit = {from_unit!r}.")
    return value.astype(float)


def _quantity(name: str, amount: Any) -> Any:
    kind = _JOINS[name][2]
    return kind.check(name, magnitude(amount, kind.unit, name))


# --- what a rate is per ------------------------------------------------------------------------------------------


def _joined(source: str, target: str, given: dict[str, Any], what: str) -> Any:
    """The factor between two bases, by every way that the given quantities open; they must agree."""
    factors = []
    for way in _ways(source, target, frozenset(given)):
        match_shapes("convert", **{name: given[name] for name, _ in way})
        factor: Any = 1.0
        for name, forth in way:
            amount = given[name] if hasattr(given[name], "dims") else np.asarray(given[name], float)
            factor = factor * amount if forth else factor / amount
        factors.append((way, factor))
    if not factors:
        ways = sorted(_ways(source, target, frozenset(_JOINS)), key=len)
        needed = [
            " and ".join(f"{n}= ({_UNITS[n]})" for n, _ in way if n not in given) for way in ways if len(way) <= 2
        ]
        raise ParameterError(f"converting {what} needs {', or '.join(dict.fromkeys(needed))}.")
    way, factor = min(factors, key=lambda found: len(found[0]))
    for other_way, other in factors:
        if not np.allclose(np.asarray(factor, float), np.asarray(other, float), rtol=1e-6):
            names = ", ".join(dict.fromkeys(name for name, _ in [*way, *other_way]))
            raise ParameterError(f"converting {what}: {names} contradict each other; leave one out.")
    return factor


def _ways(source: str, target: str, names: frozenset[str]) -> Iterator[list[tuple[str, bool]]]:
    """All ways between two bases, each a list of (quantity, whether it multiplies)."""
    if source == target:
        yield []
        return
    for name in sorted(names):
        first, second, _ = _JOINS[name]
        for here, there, forth in ((first, second, True), (second, first, False)):
            if here == source:
                left = frozenset(n for n in names if source not in _JOINS[n][:2])
                for rest in _ways(there, target, left):
                    yield [(name, forth), *rest]


# --- units as people write them ----------------------------------------------------------------------------------

_BASES = {"mg": "mg", "mL": "mL", "well": "well", "million cells": "Mcell"}
_KNOWN = (
    "nmol O2/min/mg", "nmol O/min/mg", "pmol/(s*mL)", "pmol/s/mg", "pmol/min/well", "pmol/min/million cells",
)  # fmt: skip
_SUPERSCRIPTS = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹", "-+0123456789")
_ALONE = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9+])"
_SUBSTANCES = {
    "O2": _ALONE.format("(?:O2|oxygen)"),
    "O": _ALONE.format("O"),
    "H+": r"(?<![A-Za-z])H\+",
    "ATP": _ALONE.format("ATP"),
}
_SPELLINGS: list[tuple[str, Any]] = [
    (r"[⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found[0].translate(_SUPERSCRIPTS)),
    (r"H\^\+", "H+"),
    ("[µμ]", "u"),
    ("₂", "2"),
    ("[·⋅×]", "*"),
    (r"\b([afpnum]?)g?[- ]?atoms?\b(?: O\b)?", r"\1mol O "),
    (r"(?i:(?:1 ?[*x] ?)?10 ?(?:\^|\*\*) ?6|1e\+?0?6|million|mio\.?) ?(?:cells?|x)\b", "Mcell"),
    (r"\bcells\b|\bx\b", "cell"),
    (r"\b(?:protein|prot\b\.?)", ""),
]


def read(unit: str, what: str) -> tuple[float, str, str]:
    """Size of a unit in mol/min per one of its basis, the substance, and the basis."""
    return _read(text_in(unit, what), what)


@functools.cache
def _read(unit: str, what: str) -> tuple[float, str, str]:
    import pint

    text = unit
    for pattern, spelling in _SPELLINGS:
        text = re.sub(pattern, spelling, text)
    substances = [name for name, pattern in _SUBSTANCES.items() if re.search(pattern, text)]
    for name in substances:
        text = re.sub(_SUBSTANCES[name], " ", text)
    text = re.sub(r"(?<=[A-Za-z)])\^?(-?\d)", r"**\1", text)
    units = registry()
    try:
        size = units.parse_expression(text) / units("mol/min")
        basis = next(name for name in (*_BASES, "") if (size * units(_BASES[name] if name else "1")).dimensionless)
    except (pint.errors.PintError, StopIteration, ValueError, TypeError, AttributeError, AssertionError, SyntaxError):
        raise ParameterError(f"{what} = {unit!r} is not a rate; rates are such as {', '.join(_KNOWN)}.") from None
    if len(substances) > 1:
        raise ParameterError(f"{what} = {unit!r} is of {' and of '.join(substances)} at once.")
    number = (size * units(_BASES[basis] if basis else "1")).to("").magnitude
    return float(number), substances[0] if substances else "O2", basis or "well"
