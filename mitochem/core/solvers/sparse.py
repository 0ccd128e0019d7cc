"""Elimination without pivoting, written out entry by entry: on floats, on arrays along a batch, on lanes.

The matrices are those of implicit steps, ``I/h - J``, whose diagonal outgrows the rest as ``h`` shrinks: a step that
loses digits for want of a pivot is refused by its error estimate and tried again with a smaller ``h``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["Elimination"]


class Elimination:
    """The order and the fill of one pattern of non-zero entries.

    Parameters
    ----------
    size : int
    pattern : iterable of (int, int)
        Row and column of every entry that may differ from zero; the diagonal is taken to be there.
    """

    def __init__(self, size: int, pattern: Iterable[tuple[int, int]]) -> None:
        self.size = size
        self.order: list[int] = []
        filled = set(pattern) | {(i, i) for i in range(size)}
        left = set(range(size))
        while left:  # Markowitz: the pivot that can fill least
            pivot = min(left, key=lambda k: (_fill(filled, left, k), k))
            left.remove(pivot)
            self.order.append(pivot)
            rows = [i for i in left if (i, pivot) in filled]
            columns = [j for j in left if (pivot, j) in filled]
            filled |= {(i, j) for i in rows for j in columns}
        self.pattern = filled

    def factor(self, entries: dict[tuple[int, int], Any]) -> dict[tuple[int, int], Any]:
        """Triangular factors; the diagonal holds reciprocals of the pivots."""
        a = dict(entries)
        for step, k in enumerate(self.order):
            a[k, k] = 1.0 / a[k, k]
            later = self.order[step + 1 :]
            columns = [j for j in later if (k, j) in a]
            for i in later:
                if (i, k) in a:
                    a[i, k] = a[i, k] * a[k, k]
                    for j in columns:
                        product = a[i, k] * a[k, j]
                        a[i, j] = a[i, j] - product if (i, j) in a else -product
        return a

    def solve(self, factors: dict[tuple[int, int], Any], right: Sequence[Any]) -> list[Any]:
        """Solution for one right-hand side."""
        x = list(right)
        for step, k in enumerate(self.order):
            for i in self.order[step + 1 :]:
                if (i, k) in factors:
                    x[i] = x[i] - factors[i, k] * x[k]
        for step in range(self.size - 1, -1, -1):
            k = self.order[step]
            for j in self.order[step + 1 :]:
                if (k, j) in factors:
                    x[k] = x[k] - factors[k, j] * x[j]
            x[k] = x[k] * factors[k, k]
        return x


def _fill(filled: set[tuple[int, int]], left: set[int], pivot: int) -> int:
    rows = sum((i, pivot) in filled for i in left if i != pivot)
    columns = sum((pivot, j) in filled for j in left if j != pivot)
    return rows * columns
