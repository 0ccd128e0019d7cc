"""Reading data back: gaps stay gaps, and what no state gives is NaN with a warning, never clipped."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core.arguments import numbers_in
from ...core.errors import ParameterError
from ...core.functions import is_symbolic, log, where

__all__ = ["data_in", "log_of_positive"]


def data_in(given: Any, what: str) -> Any:
    """The data given: a number, an array or a DataArray, in which NaN are gaps; symbols pass."""
    if is_symbolic(given):
        return given
    numbers = numbers_in(given, what)
    if np.isinf(numbers).any():
        raise ParameterError(f"{what} is infinite; it takes finite numbers, and NaN for gaps.")
    if hasattr(given, "dims"):
        return given
    return numbers if numbers.ndim else float(numbers)


def log_of_positive(x: Any, problem: str) -> Any:
    """The logarithm; NaN, with a warning that says why, where there is none."""
    if is_symbolic(x):
        return log(x)
    with np.errstate(invalid="ignore"):
        usable = x > 0
        if np.any(~(usable | np.isnan(x))):
            warnings.warn(f"NaN where {problem}.", stacklevel=4)
    if isinstance(x, float | np.floating):
        return log(float(x)) if usable else np.nan
    return log(where(usable, x, np.nan))
