"""The straight line."""

from __future__ import annotations

from typing import Any

__all__ = ["line_law"]


def line_law(x: Any, intercept: Any, slope: Any) -> Any:
    """A straight line, ``intercept + slope·x``; no physics, and none to be read into it outside the data."""
    return intercept + slope * x
