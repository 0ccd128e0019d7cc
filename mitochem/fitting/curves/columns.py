"""Measured columns as they come in: numbers with their units, all finite, of one length."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from ...core.arguments import numbers_in, shown, unit_in
from ...core.door import KINDS
from ...core.errors import FitError
from ...core.units import magnitude, registry, unit

__all__ = [
    "Column",
    "column",
    "constant",
    "error_in",
    "force_in",
    "needs",
    "same_length",
    "slope_of",
    "temperature_in",
    "unit_of",
]

LARGEST = 1e100
"""Beyond this, squares of numbers and of their slopes overflow."""


@dataclasses.dataclass(frozen=True)
class Column:
    """One measured quantity, a value for each point, and its unit."""

    name: str
    values: Any
    unit: str

    def __len__(self) -> int:
        return len(self.values)

    @property
    def span(self) -> float:
        return float(np.ptp(self.values))


def slope_of(x: Any, y: Any) -> float:
    """Slope of a line through points, 0 where x has no spread: a start value."""
    off = x - x.mean()
    square = float(off @ off)
    return float(off @ (y - y.mean())) / square if square > 0 else 0.0


def unit_of(given: Any, told: str | None = None) -> str | None:
    """The unit that data bring with them (DataArray, quantity), else what was told."""
    if hasattr(given, "_REGISTRY"):
        return f"{given.units:~C}" or "1"
    own = getattr(given, "attrs", {}).get("units")
    return told if own is None else str(own)


def column(
    given: Any,
    name: str,
    told: str | None = None,
    *,
    house: str | None = None,
    need: str = "",
    legal: Callable[[Any], Any] | None = None,
    allowed: str = "",
) -> Column:
    """A column of finite numbers.

    Parameters
    ----------
    given : array, DataArray, quantity or list of texts
    name : str
        What errors call it.
    told : str, optional
        Its unit, where the data do not bring one.
    house : str, optional
        Unit to convert to; without it numbers stay in the unit they have.
    need : str
        Argument that says the unit, where numbers without one are refused: a factor of a thousand is not guessed.
    legal : callable, optional
        Test of values; ``allowed`` says it in words.
    """
    own = unit_of(given, told)
    texts = isinstance(given, str) or (isinstance(given, list | tuple) and any(isinstance(v, str) for v in given))
    if own is None and need and not texts:
        raise FitError(f"{name} has no unit; say it with {need}, or give a DataArray with the attribute units.")
    if own is not None and house:  # other columns keep the unit that their instrument has, known here or not
        unit_in(own, f"the unit of {name}", FitError)
    if texts and house:
        given = magnitude(given if isinstance(given, str) else list(given), house, name)
        own = house
    values = np.atleast_1d(numbers_in(getattr(given, "magnitude", given), name, FitError))
    if values.ndim > 1:
        raise FitError(f"{name} has the shape {values.shape}; it takes one column, one number for each point.")
    if not len(values):
        raise FitError(f"{name} is empty; there is nothing to fit.")
    if house and own not in (None, house):
        values = converted(values, str(own), house, name)
    bad = np.flatnonzero(np.abs(values) > LARGEST)
    if len(bad) and np.isfinite(values[bad[0]]):
        raise FitError(f"{name}[{bad[0]}] = {values[bad[0]]:g} cannot be squared; give it in another unit.")
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        raise FitError(f"{name}[{bad[0]}] = {values[bad[0]]} is not finite; leave such points out before fitting.")
    if legal is not None and len(wrong := np.flatnonzero(~legal(values))):
        raise FitError(f"{name}[{wrong[0]}] = {values[wrong[0]]:g}; it must be {allowed}.")
    return Column(name, values, house or own or "")


def converted(values: Any, own: str, house: str, name: str) -> Any:
    """Numbers of one unit in another; degrees Celsius are understood."""
    try:
        return registry().Quantity(values, unit(own)).to(unit(house)).magnitude
    except Exception:  # pint has an error for every way of being wrong
        hint = " Celsius is written degC or °C." if house == "K" else ""
        raise FitError(f"{name} is in {own!r}, which is no unit of the kind of {house}.{hint}") from None


def constant(given: Any, name: str, kind: str) -> float:
    """One number of a kind, in its house unit; texts such as ``"37 degC"`` are understood."""
    value = KINDS[kind].check(name, magnitude(given, KINDS[kind].unit, name))
    if np.ndim(value):
        raise FitError(f"{name} = {shown(given)} has the shape {np.shape(value)}; it takes one number.")
    return float(value)


def temperature_in(given: Any) -> float:
    """The temperature that was told, in K; there is no default, since energies are proportional to it."""
    if given is None:
        raise FitError("the temperature was not told; say temperature='25 degC', or a number in K.")
    return constant(given, "temperature", "temperature")


def same_length(*columns: Column | None) -> None:
    """Refuse columns of unequal length."""
    there = [c for c in columns if c is not None]
    if len({len(c) for c in there}) > 1:
        listed = ", ".join(f"{c.name} {len(c)}" for c in there)
        raise FitError(f"columns must be of one length, a number for each point; they are {listed}.")


def error_in(given: Any, name: str, like: Column, house: str | None = None) -> Any:
    """Standard deviations of a column: one for all points or one for each, None where not given."""
    if given is None:
        return None
    own = column(given, name, house=house or None, legal=lambda v: v > 0, allowed="a standard deviation above 0")
    if len(own) not in (1, len(like)):
        raise FitError(f"{name} has {len(own)} values and {like.name} {len(like)}; give one, or one for each point.")
    return np.broadcast_to(own.values, (len(like),)).copy()


def needs(x: Column, points: int, *, spread: bool = True, what: str = "values") -> None:
    """Refuse a column with too few points or without spread."""
    if len(x) < points:
        raise FitError(f"{len(x)} points cannot determine {points} unknowns; more points or fewer unknowns are needed.")
    if spread and x.span == 0:
        raise FitError(f"{x.name} is {x.values[0]:g} throughout; several {what} are needed.")


def force_in(
    pmf: Any, delta_psi: Any, delta_pH: Any, temperature: float, told: str | None = None
) -> tuple[Column, list[tuple[str, str]]]:
    """Δp in mV from itself or its parts, and what has to be said of it, as (kind, text)."""
    from ...electrochemistry import proton_motive_force

    if (pmf is None) == (delta_psi is None and delta_pH is None):
        raise FitError("give the force once: pmf, or delta_psi and delta_pH.")
    if pmf is not None:
        return column(pmf, "pmf", told, house="mV"), []
    if delta_psi is None or delta_pH is None:
        missing = "delta_psi" if delta_psi is None else "delta_pH"
        raise FitError(f"{missing} is missing: Δp needs both; say {missing}=0 if there was none.")
    parts = [column(delta_psi, "delta_psi", told, house="mV"), column(delta_pH, "delta_pH", house="1")]
    n = max(map(len, parts))
    parts = [dataclasses.replace(p, values=np.broadcast_to(p.values, (n,)).copy()) if len(p) == 1 else p for p in parts]
    same_length(*parts)
    psi, pH = parts
    total = Column("pmf", np.asarray(proton_motive_force(psi.values, pH.values, temperature), float), "mV")
    return total, [("data", text) for text in _parts_said(psi, pH)]


def _parts_said(psi: Column, pH: Column) -> list[str]:
    """Whether the data could tell Δψ and ΔpH apart."""
    fixed = [c.name for c in (psi, pH) if c.span == 0]
    if fixed:
        return [f"{fixed[0]} was not varied: that it counts like the other part of Δp is assumed, not seen."]
    if len(psi) > 2 and abs(np.corrcoef(psi.values, pH.values)[0, 1]) > 0.95:
        return ["delta_psi and delta_pH were varied together: these data do not tell what each does."]
    return []
