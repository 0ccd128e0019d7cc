"""The one special function that closed forms of steady states need."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["lambert_w_of_exp"]

_SMALL = -40.0
_NEWTON_STEPS = 6


def lambert_w_of_exp(y: Any) -> Any:
    """``W(e^y)``, the root ``w`` of ``w + ln w = y``, without ever forming ``e^y``.

    Newton's method on ``w + ln w``, which is concave and rising, so that every step after the first comes
    from below and converges. The start is ``y − ln y`` for y above 1 and ``e^y`` below. Under ``y = −40``,
    where ``W(e^y) = e^y`` to the last digit, that value is returned.

    Parameters
    ----------
    y : float or array
        Any real number; ``W(e^y)`` itself overflows nowhere.

    References
    ----------
    Also known as the Wright omega function: Corless & Jeffrey 2002.
    """
    if hasattr(y, "dims"):
        import xarray

        return xarray.apply_ufunc(lambert_w_of_exp, y)
    y = np.asarray(y, dtype=float)
    large = np.maximum(y, 1.0)
    tail = np.exp(np.minimum(y, 1.0))
    safe = np.maximum(y, _SMALL)
    w = np.where(y > 1.0, large - np.log(large), np.exp(np.minimum(safe, 1.0)))
    for _ in range(_NEWTON_STEPS):
        w = w * ((1.0 + safe - np.log(w)) / (1.0 + w))
    return np.where(y < _SMALL, tail, w)[()]
