"""Counts in geometric buckets: quantiles of any number of values to a relative accuracy, the same in any order.

The idea is DDSketch (Masson, Rim & Lee 2019, PVLDB 12, 2195): bucket i holds the values in (g^(i-1), g^i] with
g = (1 + accuracy)/(1 - accuracy), and 2 g^i/(g + 1) is within ``accuracy`` of all of them. Buckets are never collapsed;
their number grows with the logarithm of the range. A state is three columns: which time, which bucket, how many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["bucket_of", "merged", "quantiles", "sketched"]

SMALLEST = 1e-150
"""Smaller magnitudes are counted as 0."""

_MISSING = np.iinfo(np.int64).min
_SPAN = 1 << 40


def _offset(accuracy: float) -> int:
    """What makes the bucket of the smallest magnitude number 1, so that the sign of a number is free."""
    return 1 - math.ceil(math.log(SMALLEST) / math.log((1 + accuracy) / (1 - accuracy)))


def bucket_of(values: Any, accuracy: float) -> Any:
    """Signed bucket numbers, in the order of the values; 0 holds zero."""
    size = np.abs(values)
    there = np.isfinite(values)
    counted = there & (size >= SMALLEST)
    width = math.log((1 + accuracy) / (1 - accuracy))
    number = np.ceil(np.log(np.where(counted, size, 1.0)) / width).astype(np.int64) + _offset(accuracy)
    sign = np.sign(np.where(counted, values, 0)).astype(np.int64)
    return np.where(there, sign * number, _MISSING)


def sketched(buckets: Any) -> dict[str, Any]:
    """A state from bucket numbers (member, time)."""
    there = buckets != _MISSING
    keys = np.nonzero(there)[1] * _SPAN + buckets[there]
    return _state(*np.unique(keys, return_counts=True), buckets.shape[1])


def _state(keys: Any, counts: Any, times: int) -> dict[str, Any]:
    # 32 bits, since NetCDF parts hold no more. Of times, only their number is needed besides.
    time = (keys + _SPAN // 2) // _SPAN
    return {
        "time": time.astype(np.int32),
        "bucket": (keys - time * _SPAN).astype(np.int32),
        "count": counts.astype(np.int32),
        "times": np.array([times], dtype=np.int32),
    }


def merged(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    """Both counts in one."""
    keys = np.concatenate([s["time"].astype(np.int64) * _SPAN + s["bucket"] for s in (a, b)])
    found, where = np.unique(keys, return_inverse=True)
    counts = np.zeros(len(found), dtype=np.int64)
    np.add.at(counts, where, np.concatenate([a["count"], b["count"]]))
    return _state(found, counts, int(a["times"][0]))


def quantiles(state: dict[str, Any], probabilities: Sequence[float], accuracy: float) -> Any:
    """Values (quantile, time): those of the member whose rank is next below ``p * (n - 1)``."""
    times = int(state["times"][0])
    out = np.full((len(probabilities), times), np.nan)
    edges = np.searchsorted(state["time"], np.arange(times + 1))
    width = math.log((1 + accuracy) / (1 - accuracy))
    for i in range(times):
        part = slice(edges[i], edges[i + 1])
        below = np.cumsum(state["count"][part], dtype=np.int64)
        if not below.size:
            continue
        ranks = np.floor(np.array(probabilities) * (below[-1] - 1))
        bucket = state["bucket"][part][np.searchsorted(below, ranks, side="right")].astype(np.int64)
        middle = np.exp((np.abs(bucket) - _offset(accuracy)) * width) * (1 - accuracy)
        out[:, i] = np.where(bucket == 0, 0.0, np.sign(bucket) * middle)
    return out
