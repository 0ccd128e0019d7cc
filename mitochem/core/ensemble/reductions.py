"""Running summaries over members that never hold the members.

A summary starts from blocks of members and merges. Sums are taken over fixed blocks, counted from member 0, and merged
in the order of the blocks: floating-point sums depend on their order, and this one does not depend on how the members
were dealt out. Counts and extremes come out the same in any order and merge at once.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..arguments import number_in, numbers_in
from ..errors import ParameterError, nearest
from .reduction import Found, Reduction, State
from .sketch import bucket_of, merged, quantiles, sketched
from .sobol import Sobol

__all__ = ["BLOCK", "Extremes", "Histogram", "Moments", "Quantiles", "from_spec", "reductions_of"]

BLOCK = 64
"""Members of a block (rounded up to whole groups where Sobol indices are wanted)."""


@dataclasses.dataclass(frozen=True)
class Moments(Reduction):
    """Mean and standard deviation (of the sample, n - 1), and how many members are in them."""

    parts: tuple[str, ...] = ("mean", "sd")
    unit: ClassVar[dict[str, str]] = {"n": "1"}

    def block(self, values: Any) -> State:
        there = np.isfinite(values)
        n = there.sum(axis=0).astype(float)
        mean = np.where(there, values, 0.0).sum(axis=0) / np.maximum(n, 1)
        return {"n": n, "mean": mean, "m2": np.where(there, (values - mean) ** 2, 0.0).sum(axis=0)}

    def merge(self, a: State, b: State) -> State:
        # Chan, Golub & LeVeque (1979): deviations from the mean add up without cancellation.
        n = a["n"] + b["n"]
        share = b["n"] / np.maximum(n, 1)
        step = b["mean"] - a["mean"]
        return {"n": n, "mean": a["mean"] + step * share, "m2": a["m2"] + b["m2"] + step**2 * a["n"] * share}

    def result(self, state: State) -> Found:
        n = state["n"]
        found: Found = {"n": ((), n.astype(np.int32), "members in it")}
        if "mean" in self.parts:
            found["mean"] = ((), np.where(n > 0, state["mean"], np.nan), "mean")
        if "sd" in self.parts:
            variance = state["m2"] / np.maximum(n - 1, 1)
            found["sd"] = ((), np.where(n > 1, np.sqrt(variance), np.nan), "standard deviation")
        return found


@dataclasses.dataclass(frozen=True)
class Extremes(Reduction):
    """Smallest and largest value."""

    parts: tuple[str, ...] = ("min", "max")
    ordered: ClassVar[bool] = False

    def block(self, values: Any) -> State:
        there = np.isfinite(values)
        return {
            "min": np.where(there, values, np.inf).min(axis=0, initial=np.inf),
            "max": np.where(there, values, -np.inf).max(axis=0, initial=-np.inf),
        }

    def merge(self, a: State, b: State) -> State:
        return {"min": np.minimum(a["min"], b["min"]), "max": np.maximum(a["max"], b["max"])}

    def result(self, state: State) -> Found:
        words = {"min": "smallest", "max": "largest"}
        return {k: ((), np.where(np.isfinite(state[k]), state[k], np.nan), words[k]) for k in self.parts}


class Quantiles(Reduction):
    """Quantiles to a stated relative accuracy, by counts in geometric buckets (DDSketch, Masson et al. 2019).

    Parameters
    ----------
    *probabilities : float
        Between 0 and 1.
    accuracy : float
        Largest relative error of the member found: ``|found - true| <= accuracy * |true|``.
    """

    ordered: ClassVar[bool] = False

    def __init__(self, *probabilities: float, accuracy: float = 1e-3) -> None:
        self.probabilities = tuple(
            float(p) for p in numbers_in(probabilities or (0.05, 0.25, 0.5, 0.75, 0.95), "quantiles").ravel()
        )
        self.accuracy = accuracy
        if not all(0 <= p <= 1 for p in self.probabilities):
            raise ParameterError(f"quantiles {self.probabilities} are not all between 0 and 1.")
        if not 1e-6 <= accuracy <= 0.1:
            raise ParameterError(f"accuracy = {accuracy!r} of quantiles is outside [1e-06, 0.1].")

    def __repr__(self) -> str:
        return f"Quantiles{(*self.probabilities,)!r}"

    def block(self, values: Any) -> State:
        return sketched(bucket_of(values, self.accuracy))

    def merge(self, a: State, b: State) -> State:
        return merged(a, b)

    def result(self, state: State) -> Found:
        found = quantiles(state, self.probabilities, self.accuracy)
        return {"quantile": (("quantile",), found, f"quantiles, to {self.accuracy:g} of their value")}

    def coordinates(self) -> dict[str, Any]:
        return {"quantile": np.array(self.probabilities)}

    def spec(self) -> dict[str, Any]:
        return {"kind": "Quantiles", "probabilities": list(self.probabilities), "accuracy": self.accuracy}


@dataclasses.dataclass(frozen=True)
class Histogram(Reduction):
    """Counts of members in equal bins; those outside are counted in the first or last.

    Parameters
    ----------
    low, high : float
        Outer edges, in the unit of the quantity.
    bins : int
    of : str
        The one quantity it is of; "" for all.
    """

    low: float
    high: float
    bins: int = 50
    of: str = ""
    ordered: ClassVar[bool] = False
    unit: ClassVar[dict[str, str]] = {"histogram": "1"}

    def __post_init__(self) -> None:
        for name in ("low", "high", "bins"):
            number_in(getattr(self, name), f"{name} of a histogram")
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high and self.bins >= 1):
            raise ParameterError(f"a histogram from {self.low:g} to {self.high:g} in {self.bins} bins is not possible.")

    def block(self, values: Any) -> State:
        position = (values - self.low) * (self.bins / (self.high - self.low))
        there = np.isfinite(values)
        index = np.clip(np.where(there, np.floor(position), 0), 0, self.bins - 1).astype(int)
        counts = np.zeros((self.bins, values.shape[1]), dtype=np.int64)
        np.add.at(counts, (index[there], np.nonzero(there)[1]), 1)
        return {"counts": counts}

    def merge(self, a: State, b: State) -> State:
        return {"counts": a["counts"] + b["counts"]}

    def result(self, state: State) -> Found:
        counts = state["counts"].astype(np.int32)
        return {"histogram": ((self._dim,), counts, "members by bin (middle of the bin as coordinate)")}

    @property
    def _dim(self) -> str:
        return f"{self.of}_bin" if self.of else "bin"

    def coordinates(self) -> dict[str, Any]:
        edges = np.linspace(self.low, self.high, self.bins + 1)
        return {self._dim: 0.5 * (edges[1:] + edges[:-1])}


def from_spec(spec: Mapping[str, Any]) -> Reduction:
    """A reduction from the plain data that ``spec`` gave."""
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in spec.items() if k != "kind"}
    made: Reduction = _KINDS[spec["kind"]](**fields)
    return made


def _quantiles(probabilities: Sequence[float], accuracy: float) -> Quantiles:
    return Quantiles(*probabilities, accuracy=accuracy)


_KINDS: dict[str, Any] = {
    "Moments": Moments,
    "Extremes": Extremes,
    "Quantiles": _quantiles,
    "Histogram": Histogram,
    "Sobol": Sobol,
}
_WORDS = ("mean", "sd", "min", "max", "quantiles", "sobol")


def reductions_of(given: Any, design: Sequence[str]) -> tuple[Reduction, ...]:
    """Reductions from words (``"mean"``) and objects (``Quantiles(0.05, 0.95)``).

    ``design`` names the columns of the table, for Sobol indices.
    """
    items = [given] if isinstance(given, str | Reduction) else list(given)
    for item in items:
        if not isinstance(item, Reduction) and item not in _WORDS:
            raise ParameterError(f"reduce: {item!r} is not a summary of members." + nearest(str(item), _WORDS))
    made: list[Reduction] = [r for r in items if isinstance(r, Reduction)]
    for kind, words in ((Moments, ("mean", "sd")), (Extremes, ("min", "max"))):
        if parts := tuple(w for w in words if w in items):
            made.append(kind(parts))
    made += [Quantiles()] if "quantiles" in items else []
    made += [Sobol()] if "sobol" in items else []
    return _distinct(r if not isinstance(r, Sobol) or r.parameters else Sobol(tuple(design)) for r in made)


def _distinct(reductions: Iterable[Reduction]) -> tuple[Reduction, ...]:
    made = tuple(reductions)
    kinds = [(type(r), getattr(r, "of", "")) for r in made]
    for kind, of in kinds:
        if kinds.count((kind, of)) > 1:
            raise ParameterError(f"reduce: {kind.__name__} is asked for twice{f' of {of}' if of else ''}.")
    return made
