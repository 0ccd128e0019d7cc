"""What follows from the unknowns of a fit: derived quantities, each with the error that the covariance gives it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

    from .result import FitResult

__all__ = ["Derived", "correlation_of", "derived_table", "derived_text", "propagate"]

STEP = 1e-5
"""Relative step of the differences that carry a covariance on."""


@dataclasses.dataclass(frozen=True)
class Derived:
    """A quantity that follows from a fit or from its data.

    Attributes
    ----------
    name, unit : str
    value, stderr : float
        NaN for an error that is not known.
    meaning : str
        What it is, and what it is not.
    """

    name: str
    unit: str
    value: float
    stderr: float
    meaning: str


def derived_table(derived: Iterable[Derived]) -> pandas.DataFrame:
    """One row per derived quantity: value, unit, standard error, meaning."""
    import pandas

    rows = [dataclasses.asdict(d) for d in derived]
    return pandas.DataFrame(rows, columns=["name", "value", "unit", "stderr", "meaning"]).set_index("name")


def derived_text(derived: Iterable[Derived]) -> list[str]:
    """Lines of a report."""
    lines = ["", "  derived"]
    width = max(len(d.name) for d in derived) + 2
    for d in derived:
        error = f"± {d.stderr:.2g}" if math.isfinite(d.stderr) else ""
        unit = "" if d.unit == "1" else d.unit
        lines.append(f"  {d.name:{width}}{d.value:>11.5g}  {error:<10} {unit}   {d.meaning}".rstrip())
    return lines


def propagate(result: FitResult, quantity: Callable[[Mapping[str, float]], float]) -> tuple[float, float]:
    """Value of a function of the fitted values, and its standard error from their covariance (to first order)."""
    value, gradient = _gradient(result, quantity)
    used = [i for i, slope in enumerate(gradient) if slope]
    inner = _covariance(result)[np.ix_(used, used)]
    with np.errstate(over="ignore", invalid="ignore"):  # an error beyond all numbers is not known
        variance = float(gradient[used] @ inner @ gradient[used]) if used else math.nan
    return value, math.sqrt(variance) if 0 <= variance < math.inf else math.nan


def correlation_of(
    result: FitResult, first: Callable[[Mapping[str, float]], float], second: Callable[[Mapping[str, float]], float]
) -> float:
    """Correlation between two functions of the fitted values."""
    (_, a), (_, b) = _gradient(result, first), _gradient(result, second)
    covariance = _covariance(result)
    with np.errstate(all="ignore"):
        return float(a @ covariance @ b / np.sqrt((a @ covariance @ a) * (b @ covariance @ b)))


def _covariance(result: FitResult) -> Any:
    return result.covariance.loc[list(result.values), list(result.values)].to_numpy()


def _gradient(result: FitResult, quantity: Callable[[Mapping[str, float]], float]) -> tuple[float, Any]:
    values = dict(result.values)
    slopes = []
    for name, value in values.items():
        step = STEP * (abs(value) or 1.0)
        ahead, behind = quantity(values | {name: value + step}), quantity(values | {name: value - step})
        slopes.append((ahead - behind) / (2 * step))
    return float(quantity(values)), np.array(slopes)
