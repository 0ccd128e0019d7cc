"""What was measured in rows of points, and how far a prediction is from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .unknowns import Unknown, from_internal, internal_bounds

__all__ = ["Misfit", "Series", "spaced"]

STEP = 1e-4
"""Half-width of central differences on the scale of the search: its square is their relative error."""


@dataclasses.dataclass(frozen=True)
class Series:
    """One observable of one experiment, points in a row.

    Parameters
    ----------
    observable, unit : str
        What was measured.
    experiment : str
        Label of the experiment.
    observed : array
        The measurements, all finite.
    noise : array
        Standard deviation taken for each.
    x : mapping of arrays
        Conditions at the points, those that vary first.
    declared : bool
        Whether the noise was declared, so that residuals can be held against it.
    """

    observable: str
    unit: str
    experiment: str
    observed: Any
    noise: Any
    x: Mapping[str, Any]
    declared: bool = False

    def where(self, point: int) -> str:
        """A point in words."""
        at = ", ".join(f"{k} = {v[point]:g}" for k, v in self.x.items())
        return self.observable + (f" of {self.experiment}" if self.experiment else "") + (f" at {at}" if at else "")


def spaced(unit: str) -> str:
    """A unit behind a number; nothing for a pure one."""
    return f" {unit}" if unit not in ("", "1") else ""


@dataclasses.dataclass(frozen=True, eq=False)
class Misfit:
    """Residuals in units of the noise, and their slopes, on the scale of the search.

    Parameters
    ----------
    unknowns : sequence of Unknown
    observed, noise : array (point,)
    predict : callable
        From values (member, unknown) to predictions (member, point).
    around : callable
        From values, those behind and those ahead, to a prediction and its changes; see `Problem.around`.
    """

    unknowns: Sequence[Unknown]
    observed: Any
    noise: Any
    predict: Callable[[Any], Any]
    linearised: Callable[..., Any]
    low: Any = dataclasses.field(init=False, repr=False)
    high: Any = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        low, high = internal_bounds(self.unknowns)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    def of(self, internal: Any) -> Any:
        """Residuals (member, point)."""
        return (self.predict(from_internal(self.unknowns, np.atleast_2d(internal))) - self.observed) / self.noise

    def around(self, internal: Any, exact: bool = True) -> tuple[Any, Any]:
        """Residuals (point,) and their slopes (point, unknown), in one prediction."""
        # On a linear scale a value may have come far from its start, the unit of the scale.
        far = np.where([u.log for u in self.unknowns], 1.0, np.maximum(1.0, np.abs(internal)))
        step = STEP * np.diag(far)
        low, high = self.low, self.high
        ahead, behind = np.minimum(internal + step, high), np.maximum(internal - step, low)
        values, below, above = (from_internal(self.unknowns, at) for at in (internal, behind, ahead))
        found, changes = self.linearised(values, below, above, exact)
        width = np.diag(ahead - behind)[:, None]
        return (found - self.observed) / self.noise, (changes / (width * self.noise)).T
