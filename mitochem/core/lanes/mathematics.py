"""Elementary functions on lanes, from additions, multiplications and the bits of a number.

They are branch-free, so that eight lanes share one path, and use no library that a machine may lack. Errors
were measured against 50-digit arithmetic (see ``tests/test_lanes.py``): at most 2 units in the last place for ``exp``,
``expm1`` and ``log``, which are the ones the others are made of.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .trace import WHOLE, Lane, from_bits, select, whole

__all__ = ["NUMPY", "exp", "expm1", "log", "log1p", "power_of"]

# ln 2 in two parts: the first has zeros at its end, so that whole multiples of it are exact.
LN2_HIGH, LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
ROUNDING = 6755399441055744.0  # 1.5 * 2^52: adding it leaves the nearest whole number in the low bits
LOWEST, HIGHEST = -707.7, 710.0  # e^x is a normal number above the first, infinite from the second on


def _split(x: Lane) -> tuple[Lane, Lane]:
    """x = n ln 2 + r with |r| <= ln 2 / 2."""
    n = (x * (1 / math.log(2)) + ROUNDING) - ROUNDING
    r = n.intrinsic("fma", Lane.of(x.routine, -LN2_HIGH), x)
    r = n.intrinsic("fma", Lane.of(x.routine, -LN2_LOW), r)
    return r, n


def _exp_series(r: Lane) -> Lane:
    """e^r - 1 - r for small r, by Estrin's scheme."""
    c = [1 / math.factorial(k) for k in range(14)]
    square = r * r
    fourth = square * square
    eighth = fourth * fourth
    pairs = [r * c[k + 1] + c[k] for k in range(2, 14, 2)]
    low = pairs[1] * square + pairs[0]
    middle = pairs[3] * square + pairs[2]
    high = pairs[5] * square + pairs[4]
    return (high * eighth + (middle * fourth + low)) * square


def _times_power(factor: Lane, n: Lane) -> Lane:
    """factor * 2^n for n from -1021 to 1024: by 2^(n-1), which is always a number, and then by 2."""
    routine = n.routine
    bits = (n + ROUNDING).bits()  # n in the low bits
    moved = routine.op(f"shl {WHOLE} {bits}, {whole(52)}")
    return factor * from_bits(routine, routine.op(f"add {WHOLE} {moved}, {whole(1022 << 52)}")) * 2.0


def exp(x: Any) -> Any:
    """e^x; 0 below the smallest normal number, infinity above the largest."""
    r, n = _split(_clamped(x))
    return select(x < LOWEST, 0.0, _times_power(1.0 + (r + _exp_series(r)), n))


def expm1(x: Any) -> Any:
    """e^x - 1 without loss near zero."""
    r, n = _split(_clamped(x))
    series = r + _exp_series(r)
    # Away from zero nothing cancels: 2^n (series + 1) - 1 = (2^n series) + (2^n - 1).
    power = _times_power(Lane.of(x.routine, 1.0), n)
    value = select(n < 60.0, power * series + (power - 1.0), power * (1.0 + series))
    return select(n == 0.0, select(x == 0.0, x, series), value)


def _clamped(x: Lane) -> Lane:
    return select(x > HIGHEST, HIGHEST, select(x < LOWEST, LOWEST, x))


def log(x: Any) -> Any:
    """Natural logarithm; -infinity at zero, not a number below."""
    routine = x.routine
    tiny = x < 2.2250738585072014e-308
    number = select(tiny, x * 18014398509481984.0, x)  # 2^54
    bits = number.bits()
    raised = routine.op(f"lshr {WHOLE} {bits}, {whole(52)}")
    exponent = from_bits(routine, routine.op(f"or {WHOLE} {raised}, {whole(0x4330000000000000)}"))
    exponent = exponent - (4503599627370496.0 + 1023.0)
    kept = routine.op(f"and {WHOLE} {bits}, {whole((1 << 52) - 1)}")
    mantissa = from_bits(routine, routine.op(f"or {WHOLE} {kept}, {whole(1023 << 52)}"))
    above = mantissa > math.sqrt(2)
    mantissa = select(above, mantissa * 0.5, mantissa)
    exponent = select(above, exponent + 1.0, exponent)
    exponent = select(tiny, exponent - 54.0, exponent)
    f = mantissa - 1.0
    s = f / (mantissa + 1.0)
    z = s * s
    tail: Any = Lane.of(routine, 2 / 23)
    for k in range(21, 1, -2):
        tail = tail * z + 2 / k
    # log(1+f) = 2s + s*(tail*z) = f - s*(f - tail*z): the second form keeps f exact.
    small = f - s * (f - tail * z)
    value = exponent * LN2_HIGH + (exponent * LN2_LOW + small)
    value = select(x == math.inf, x, value)
    return select(x > 0.0, value, select(x == 0.0, -math.inf, math.nan))


def log1p(x: Any) -> Any:
    """ln(1 + x), with what the sum rounded away put back."""
    u = 1.0 + x
    lost = (x - (u - 1.0)) / u
    value = log(u) + lost
    value = select(u == 0.0, -math.inf, value)
    return select(u == 1.0, x, select(u == math.inf, u, value))


def sinh(x: Any) -> Any:
    e = expm1(abs(x))
    half = select(e == math.inf, e, (e + e / (e + 1.0)) * 0.5)
    return select(x < 0.0, -half, half)


def cosh(x: Any) -> Any:
    e = exp(abs(x))
    return e * 0.5 + 0.5 / e


def tanh(x: Any) -> Any:
    e = expm1(-2.0 * abs(x))
    value = -e / (e + 2.0)
    return select(x < 0.0, -value, value)


def power_of(x: Any, power: Any) -> Any:
    """x^power: by multiplication for a small whole power, by logarithm otherwise."""
    if isinstance(power, Lane):
        general = exp(power * log(x))
        return select(power == 0.0, 1.0, general)
    power = float(power)
    if power == 0.5:
        return x.intrinsic("sqrt")
    if power == -0.5:
        return 1.0 / x.intrinsic("sqrt")
    if power == int(power) and abs(power) <= 64:
        value = _whole_power(x, abs(int(power)))
        return 1.0 / value if power < 0 else value
    return exp(power * log(x))


def _whole_power(x: Any, power: int) -> Any:
    if power == 0:
        return Lane.of(x.routine, 1.0)
    result: Any = None
    while power:
        if power & 1:
            result = x if result is None else result * x
        x, power = x * x, power >> 1
    return result


def maximum(a: Any, b: Any) -> Any:
    """The larger; not a number if either is not."""
    a, b = _both(a, b)
    return select(a != a, a, select(a > b, a, b))


def minimum(a: Any, b: Any) -> Any:
    a, b = _both(a, b)
    return select(a != a, a, select(a < b, a, b))


def _both(a: Any, b: Any) -> tuple[Lane, Lane]:
    routine = (a if isinstance(a, Lane) else b).routine
    return Lane.of(routine, a), Lane.of(routine, b)


def isfinite(x: Any) -> Any:
    return abs(x) < math.inf


NUMPY: dict[Any, Any] = {
    np.exp: exp,
    np.expm1: expm1,
    np.log: log,
    np.log1p: log1p,
    np.log10: lambda x: log(x) * (1 / math.log(10)),
    np.sinh: sinh,
    np.cosh: cosh,
    np.tanh: tanh,
    np.sqrt: lambda x: x.intrinsic("sqrt"),
    np.abs: abs,
    np.maximum: maximum,
    np.minimum: minimum,
    np.isfinite: isfinite,
    np.where: select,
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.divide: lambda a, b: a / b,
    np.power: lambda a, b: a**b,
    np.negative: lambda a: -a,
}
"""NumPy's functions that straight-line code may use, and what they mean on lanes."""
