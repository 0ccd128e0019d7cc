"""Primitives: shapes whose plain formula overflows or divides zero by zero.

Each has a careful implementation on floats and on arrays and a closed-form derivative made of primitives again, and
stays whole in the symbolic program, so that no rearrangement of algebra can bring the overflow back.
``primitive.formula(...)`` gives the plain expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .functions import LARGEST, Function, exp, log

__all__ = ["kernel", "kernel_slopes", "logistic", "softplus", "x_over_expm1", "x_over_expm1_slope"]


def _logistic(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def _logistic_array(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)


logistic: Function = Function(
    "logistic",
    _logistic,
    _logistic_array,
    formula=lambda x: 1 / (1 + exp(-x)),
    derivatives=(lambda x: logistic(x) * logistic(-x),),
)
logistic.__doc__ = "1/(1 + e^-x), without overflow: the saturating step of thermodynamic laws."


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _softplus_array(x: Any) -> Any:
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


softplus = Function(
    "softplus",
    _softplus,
    _softplus_array,
    formula=lambda x: log(1 + exp(x)),
    derivatives=(lambda x: logistic(x),),
)
softplus.__doc__ = "ln(1 + e^x), without overflow: a smooth max(x, 0)."

# x/(e^x - 1) = 1 - x/2 + x²/12 - x⁴/720: the series serves where the quotient loses digits.


def _x_over_expm1_array(x: Any) -> Any:
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    return np.where(small, 1 - x / 2 + x * x / 12, safe / np.expm1(np.minimum(safe, LARGEST)))


def _x_over_expm1_slope_array(x: Any) -> Any:
    small = np.abs(x) < 1e-2
    safe = np.where(small, 1.0, x)
    # With q = e^-|x|, both branches are free of overflow.
    q = np.exp(-np.abs(safe))
    up = q * ((1 - q) - safe) / (1 - q) ** 2
    down = ((q - 1) - safe * q) / (1 - q) ** 2
    series = -0.5 + x / 6 - x**3 / 180 + x**5 / 5040
    return np.where(small, series, np.where(safe > 0, up, down))


x_over_expm1_slope = Function(
    "x_over_expm1_slope",
    lambda x: float(_x_over_expm1_slope_array(x)),
    _x_over_expm1_slope_array,
    formula=lambda x: (exp(x) - 1 - x * exp(x)) / (exp(x) - 1) ** 2,
    exact_at_zero=True,
)
x_over_expm1 = Function(
    "x_over_expm1",
    lambda x: float(_x_over_expm1_array(x)),
    _x_over_expm1_array,
    formula=lambda x: x / (exp(x) - 1),
    derivatives=(lambda x: x_over_expm1_slope(x),),
    exact_at_zero=True,
)
x_over_expm1.__doc__ = "x/(e^x - 1), 1 at zero: the voltage factor of constant-field diffusion."


def _kernel(x: float, forward: float, reverse: float) -> float:
    q = math.exp(-abs(x))
    if x >= 0:
        top, bottom = -math.expm1(-x) * forward * reverse, reverse + forward * q
    else:
        top, bottom = math.expm1(x) * forward * reverse, reverse * q + forward
    return 0.0 if bottom <= 0 else top / bottom


def _kernel_array(x: Any, forward: Any, reverse: Any) -> Any:
    q, ahead = np.exp(-np.abs(x)), x >= 0
    top = np.where(ahead, 1.0, -1.0) * -np.expm1(-np.abs(x)) * forward * reverse
    bottom = np.where(ahead, reverse + forward * q, reverse * q + forward)
    return _ratio(top, bottom)


def _ratio(part: Any, whole: Any) -> Any:
    """The quotient, 0 where the whole is nothing."""
    nothing = whole <= 0  # not so of what is not a number, which stays so
    return np.where(nothing, 0.0, part / np.where(nothing, 1.0, whole))


# In each slope the weak term, q times the capacity of the direction that loses, is divided by the denominator before
# anything else: it then lies between 0 and 1, whatever vanishes.


def _kernel_slopes(x: Any, forward: Any, reverse: Any) -> tuple[Any, Any, Any]:
    q, ahead = np.exp(-np.abs(x)), x >= 0
    drive = np.where(ahead, 1.0, -1.0) * -np.expm1(-np.abs(x))
    winner, loser = np.where(ahead, reverse, forward), q * np.where(ahead, forward, reverse)
    bottom = winner + loser
    strong, weak, f, r = (_ratio(part, bottom) for part in (winner, loser, forward, reverse))
    return (
        weak * strong * (forward + reverse),
        drive * np.where(ahead, strong * strong, weak * r),
        drive * np.where(ahead, weak * f, strong * strong),
    )


def _kernel_slope(which: int) -> Callable[..., float]:
    """Derivative on floats with respect to the affinity (0), forward (1) or reverse (2) capacity."""

    def slope(x: float, forward: float, reverse: float) -> float:
        q, ahead = math.exp(-abs(x)), x >= 0
        winner, loser = (reverse, q * forward) if ahead else (forward, q * reverse)
        bottom = winner + loser
        if bottom <= 0:
            return 0.0
        strong, weak = winner / bottom, loser / bottom
        if which == 0:
            return weak * strong * (forward + reverse)
        drive = -math.expm1(-x) if ahead else math.expm1(x)
        if ahead == (which == 1):
            return drive * strong * strong
        return drive * weak * ((forward if which == 2 else reverse) / bottom)

    return slope


kernel_slopes = tuple(
    Function(
        f"kernel_slope_{what}",
        _kernel_slope(i),
        lambda *a, i=i: _kernel_slopes(*a)[i],
        formula=lambda *a, i=i: _kernel_formula(*a).diff(a[i]),
    )
    for i, what in enumerate(("affinity", "forward", "reverse"))
)


def _kernel_formula(x: Any, forward: Any, reverse: Any) -> Any:
    return (exp(x) - 1) / (exp(x) / forward + 1 / reverse)


kernel = Function(
    "kernel",
    _kernel,
    _kernel_array,
    formula=_kernel_formula,
    derivatives=kernel_slopes,
    carries=(1, 2),
)
kernel.__doc__ = """Reversible rate of a step from its affinity and two capacities.

``kernel(x, forward, reverse) = (e^x - 1) / (e^x/forward + 1/reverse)``

Zero at x = 0 with slope 1/(1/forward + 1/reverse); tends to ``forward`` far ahead and to
``-reverse`` far behind, so rate times affinity is never negative. ``x`` is the affinity in units
of RT (dimensionless); the capacities are positive rates, and the result has their unit.
"""
