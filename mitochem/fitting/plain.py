"""Plain data, as a record of a fit is written: lists, mappings, numbers and text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.arguments import shown
from ..core.errors import FitError

__all__ = ["plain", "with_nan", "without_nan"]


def plain(value: Any) -> Any:
    """Lists, mappings, numbers and text only."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "to_numpy"):
        return plain(value.to_numpy())
    if hasattr(value, "magnitude") and hasattr(value, "units"):
        return f"{value:~}" if np.ndim(value.magnitude) == 0 else [f"{v:~}" for v in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise FitError(f"{shown(value)} cannot be written down in a record.")


def without_nan(value: Any) -> Any:
    """As JSON has it, which knows no NaN and no infinity."""
    if isinstance(value, dict):
        return {k: without_nan(v) for k, v in value.items()}
    if isinstance(value, list):
        return [without_nan(v) for v in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def with_nan(value: Any) -> Any:
    """Back from how `without_nan` wrote it."""
    if isinstance(value, dict):
        return {k: with_nan(v) for k, v in value.items()}
    if isinstance(value, list):
        return [with_nan(v) for v in value]
    return float(value) if value in ("nan", "inf", "-inf") else value
