"""What a fit looks for: named unknowns, fitted on a log scale where they are positive."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.arguments import numbers_in
from ...core.errors import FitError

__all__ = ["Unknown", "from_internal", "internal_bounds", "to_internal"]

DECADES = 1e4
"""How far a positive unknown may move from its start, either way, where nothing else bounds it."""


@dataclasses.dataclass(frozen=True)
class Unknown:
    """One number to be found.

    Parameters
    ----------
    name : str
        Address of a parameter, or the name in a law.
    unit : str
        Its unit.
    start : float
        Where the search begins.
    low, high : float
        Where it ends; infinite for no bound.
    log : bool
        Search in its logarithm: for what is positive and known to a factor rather than to a difference.
    role : str
        "parameter", "nuisance" for what belongs to the measurement and is not of interest, or "latent" for the true
        value of a condition that was measured with an error.
    plausible : tuple of float, optional
        Range outside which a value deserves a remark.
    size : float, optional
        Unit of the search on a linear scale; by default that of the start.
    """

    name: str
    unit: str
    start: float
    low: float = -math.inf
    high: float = math.inf
    log: bool = True
    role: str = "parameter"
    plausible: tuple[float, float] | None = None
    size: float | None = None

    def __post_init__(self) -> None:
        for field in ("start", "low", "high"):
            number = numbers_in(getattr(self, field), f"{field} of {self.name}", FitError)
            if number.ndim:
                raise FitError(f"{field} of {self.name} has the shape {number.shape}; it takes one number.")
        if not self.low < self.high:
            raise FitError(f"{self.name}: bounds ({self.low:g}, {self.high:g}) hold nothing between them.")
        if not (math.isfinite(self.start) and self.low <= self.start <= self.high):
            raise FitError(
                f"{self.name} starts at {self.start:g} {self.unit}, outside its bounds ({self.low:g}, {self.high:g}); "
                "give another start value or wider bounds."
            )
        if self.log and self.start <= 0:
            raise FitError(f"{self.name} starts at {self.start:g} {self.unit}; a positive start is needed.")


def to_internal(unknowns: Sequence[Unknown], values: Any) -> Any:
    """From values to the scale of the search: logarithm of the ratio to the start, or difference."""
    return np.array([math.log(v / u.start) if u.log else (v - u.start) / _size(u) for u, v in zip(unknowns, values)])


def from_internal(unknowns: Sequence[Unknown], internal: Any) -> Any:
    """From the scale of the search to values; the last axis counts the unknowns."""
    internal = np.asarray(internal, float)
    columns = [
        u.start * np.exp(internal[..., i]) if u.log else u.start + _size(u) * internal[..., i]
        for i, u in enumerate(unknowns)
    ]
    # Rounding in the logarithm must not carry a value at its bound beyond it.
    return np.stack([np.clip(c, u.low, u.high) for u, c in zip(unknowns, columns)], axis=-1)


def internal_bounds(unknowns: Sequence[Unknown]) -> tuple[Any, Any]:
    """Bounds on the scale of the search."""
    low, high = [], []
    for u in unknowns:
        if u.log:
            low.append(math.log(u.low / u.start) if u.low > 0 else -math.log(DECADES))
            high.append(math.log(u.high / u.start) if math.isfinite(u.high) else math.log(DECADES))
        else:
            low.append((u.low - u.start) / _size(u))
            high.append((u.high - u.start) / _size(u))
    return np.array(low), np.array(high)


def hidden_end(unknown: Unknown, direction: int) -> bool:
    """Whether the search for an unknown ends below (-1) or above (1) although nothing bounds it there."""
    return unknown.log and (unknown.low <= 0 if direction < 0 else math.isinf(unknown.high))


def slope_of_value(unknowns: Sequence[Unknown], values: Any) -> Any:
    """d(value)/d(internal), to carry a covariance from the scale of the search to values."""
    return np.array([v if u.log else _size(u) for u, v in zip(unknowns, values)])


def _size(unknown: Unknown) -> float:
    return unknown.size or abs(unknown.start) or 1.0
