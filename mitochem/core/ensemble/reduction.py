"""What a running summary over members is: it starts from blocks of members, and merges."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

__all__ = ["Found", "Reduction", "State"]

State = dict[str, Any]
Found = dict[str, tuple[tuple[str, ...], Any, str]]


class Reduction:
    """A summary of one quantity over members, for every time on its own.

    Subclasses give ``block`` (a state from values (member, time)), ``merge`` (of two states), and ``result``: arrays
    by suffix, with their leading dimensions and what they are.
    """

    ordered: ClassVar[bool] = True
    """Whether merging has to follow the order of the blocks to give the same bits."""

    unit: ClassVar[dict[str, str]] = {}
    """Units of results that do not have the unit of the quantity."""

    def block(self, values: Any) -> State:
        raise NotImplementedError

    def merge(self, a: State, b: State) -> State:
        raise NotImplementedError

    def result(self, state: State) -> Found:
        raise NotImplementedError

    def coordinates(self) -> dict[str, Any]:
        """Coordinates of the leading dimensions."""
        return {}

    def spec(self) -> dict[str, Any]:
        """Plain data from which `from_spec` makes it again."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}  # type: ignore[arg-type]
        return {"kind": type(self).__name__} | {k: list(v) if isinstance(v, tuple) else v for k, v in fields.items()}
