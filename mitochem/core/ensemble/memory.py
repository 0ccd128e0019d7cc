"""The result of an ensemble in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .layout import Layout, Part, fold
from .members import Members
from .reductions import from_spec

__all__ = ["Memory"]


class Memory:
    """The result as arrays here; sums are merged as soon as the chunks before them are in."""

    def __init__(self, layout: Layout, members: Members) -> None:
        self.layout, self._members = layout, members
        size = layout.size
        names = layout.values if layout.keep else ()
        self._values = {name: np.full(layout.shape(name, size), np.nan) for name in names}
        self._reductions = [from_spec(spec) for spec in layout.reductions]
        self._waiting: dict[int, Any] = {}
        self._total: dict[str, Any] = {}
        self._next = 0
        self._failures: dict[int, str] = {}
        self._finished: set[int] = set()

    def finished(self) -> set[int]:
        return set(self._finished)

    def put(self, index: int, part: Part, columns: Mapping[str, Any]) -> None:
        first, last = self.layout.bounds(index)
        for name, value in part.values.items():
            self._values[name][first:last] = value
        self._failures |= part.failures
        self._waiting[index] = part.states
        self._finished.add(index)
        while self._next in self._waiting:
            self._merge(self._waiting.pop(self._next))
            self._next += 1

    def _merge(self, states: Mapping[str, Any]) -> None:
        for key, items in states.items():
            reduction = self._reductions[int(key.partition("|")[2])]
            before = [self._total[key]] if key in self._total else []
            self._total[key] = fold(reduction, [*before, *items])

    def dataset(self, reason: str) -> Any:
        for index in sorted(self._waiting):  # after an interruption, what came before them is missing
            self._merge(self._waiting.pop(index))
        # Members that were not run have their parameters too.
        columns = self._members.columns(0, self.layout.size) if self.layout.keep else {}
        return self.layout.dataset(self._values, columns, self._total, self._failures, self._finished, reason)
