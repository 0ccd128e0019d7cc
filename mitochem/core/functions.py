"""The functions laws are written with: one name, read on floats, arrays, symbols and quantities.

A law that says ``exp(x)`` with this ``exp`` is a number, a curve, an equation or a unit check,
depending on what it is given. Besides the elementary functions there are a few *primitives*
(`kernel`, `logistic`, `x_over_expm1`, `softplus`): shapes whose naive formula overflows or divides
zero by zero. Each has its own careful float and array implementation and a closed-form derivative
made of primitives again; the symbolic program keeps them whole, so that no rearrangement of
algebra can bring the overflow back. ``primitive.formula(...)`` gives the plain expression.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

__all__ = [
    "FUNCTIONS",
    "cosh",
    "exp",
    "expm1",
    "kernel",
    "log",
    "log10",
    "logistic",
    "sinh",
    "softplus",
    "sqrt",
    "tanh",
    "where",
    "x_over_expm1",
]

FUNCTIONS: dict[str, Function] = {}
"""Every function by name; generated code finds its float and array implementations here."""


def is_symbolic(x: Any) -> bool:
    """True for a SymPy object; does not import SymPy to find out."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(x, sympy.Basic)


class Function:
    """One mathematical function in all its readings.

    Parameters
    ----------
    name
        What laws and generated code call it.
    scalar, array
        Implementations on floats and on NumPy arrays (broadcasting).
    symbol
        Name of the SymPy function it corresponds to; None for a primitive.
    formula
        The plain expression of a primitive, in elementary functions.
    derivatives
        For a primitive, one callable per argument giving the derivative in terms of primitives; by default
        the derivative of the formula.
    carries
        Indices of the arguments that share a unit, which the result then has too.
    on_quantities
        How to read it on quantities, where that is not "all dimensionless" and not `carries`.
    exact_at_zero
        True if the symbolic function is to take its value at zero at once (where its formula may be 0/0).
    """

    def __init__(
        self,
        name: str,
        scalar: Callable[..., float],
        array: Callable[..., Any],
        *,
        symbol: str | None = None,
        formula: Callable[..., Any] | None = None,
        derivatives: tuple[Callable[..., Any], ...] = (),
        carries: tuple[int, ...] = (),
        exact_at_zero: bool = False,
        on_quantities: Callable[..., Any] | None = None,
    ) -> None:
        self.name, self.__name__ = name, name
        self.scalar, self.array = scalar, array
        self._symbol, self.formula = symbol, formula
        self.derivatives, self.carries, self.exact_at_zero = derivatives, carries, exact_at_zero
        self._quantities = on_quantities or self._on_quantities
        self.__doc__ = f"``{name}`` of numbers, arrays, symbols or quantities."
        FUNCTIONS[name] = self

    def __repr__(self) -> str:
        return f"<mitochem function {self.name}>"

    def __call__(self, *args: Any) -> Any:
        if any(is_symbolic(a) for a in args):
            return self.symbol(*args)
        if all(isinstance(a, (float, int)) for a in args):
            return self.scalar(*args)
        if any(hasattr(a, "_REGISTRY") for a in args):
            return self._quantities(*args)
        if any(hasattr(a, "dims") for a in args):
            import xarray

            return xarray.apply_ufunc(self.array, *args)
        return self.array(*args)

    def _on_quantities(self, *args: Any) -> Any:
        """Check units: all plain numbers, but for the arguments that carry one unit through."""
        registry = next(a._REGISTRY for a in args if hasattr(a, "_REGISTRY"))
        quantities = [registry.Quantity(a) for a in args]
        unit = quantities[self.carries[0]].units if self.carries else registry.dimensionless
        plain = [q.m_as(unit if i in self.carries else "dimensionless") for i, q in enumerate(quantities)]
        return registry.Quantity(self(*plain), unit)

    @cached_property
    def symbol(self) -> Any:
        """The SymPy function; for a primitive, an undefined function with its derivatives."""
        import sympy

        if self._symbol is not None:
            return getattr(sympy, self._symbol)

        def fdiff(node: Any, argindex: int = 1) -> Any:
            if self.derivatives or self.formula is None:
                return self.derivatives[argindex - 1](*node.args)
            stand_ins = [sympy.Dummy(real=True) for _ in node.args]
            slope = self.formula(*stand_ins).diff(stand_ins[argindex - 1])
            return slope.subs(dict(zip(stand_ins, node.args)))

        def eval_evalf(node: Any, precision: int) -> Any:
            return self.formula(*node.args)._eval_evalf(precision) if self.formula else None

        def eval_rewrite_as_exp(node: Any, *args: Any, **_: Any) -> Any:
            return self.formula(*args) if self.formula else node

        # A law met at the point its formula leaves open (x = 0) takes the limit there, as the numbers do.
        def at(cls: Any, *args: Any) -> Any:
            return sympy.nsimplify(self.scalar(0.0)) if self.exact_at_zero and args[0] == 0 else None

        return type(
            self.name,
            (sympy.Function,),
            {
                "eval": classmethod(at),
                "nargs": None,
                "fdiff": fdiff,
                "_eval_evalf": eval_evalf,
                "_eval_rewrite_as_exp": eval_rewrite_as_exp,
                "is_real": True,
                "is_commutative": True,
            },
        )


# --- elementary functions -----------------------------------------------------------------------
# On floats they behave as NumPy does on arrays (exp(800) is inf, log(0) is -inf, log(-1) is nan):
# a solver's trial step must not raise where an array would not.

_LARGEST = math.log(sys.float_info.max)


def _exp(x: float) -> float:
    return math.exp(x) if x < _LARGEST else (math.inf if x == x else math.nan)


def _expm1(x: float) -> float:
    return math.expm1(x) if x < _LARGEST else (math.inf if x == x else math.nan)


def _log_like(f: Callable[[float], float]) -> Callable[[float], float]:
    def log(x: float) -> float:
        return f(x) if x > 0 else (-math.inf if x == 0 else math.nan)

    return log


def _sinh(x: float) -> float:
    return math.sinh(x) if abs(x) < _LARGEST else x * math.inf


def _cosh(x: float) -> float:
    return math.cosh(x) if abs(x) < _LARGEST else abs(x) * math.inf


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


exp = Function("exp", _exp, np.exp, symbol="exp")
expm1 = Function(
    "expm1",
    _expm1,
    np.expm1,
    formula=lambda x: exp(x) - 1,
    derivatives=(lambda x: exp(x),),
    exact_at_zero=True,
)
log = Function("log", _log_like(math.log), np.log, symbol="log")
log10 = Function(
    "log10",
    _log_like(math.log10),
    np.log10,
    formula=lambda x: log(x) / log(10),
    derivatives=(lambda x: 1 / (x * log(_as_symbol(10))),),
)
sinh = Function("sinh", _sinh, np.sinh, symbol="sinh")
cosh = Function("cosh", _cosh, np.cosh, symbol="cosh")
tanh = Function("tanh", math.tanh, np.tanh, symbol="tanh")
sqrt = Function("sqrt", _sqrt, np.sqrt, symbol="sqrt")


def _as_symbol(x: Any) -> Any:
    import sympy

    return sympy.sympify(x)


def where(condition: Any, a: Any, b: Any) -> Any:
    """``a`` where the condition holds, else ``b``; both are evaluated, so it guards no singularity."""
    if is_symbolic(condition) or is_symbolic(a) or is_symbolic(b):
        import sympy

        return sympy.Piecewise((a, condition), (b, True))
    if isinstance(condition, bool):
        return a if condition else b
    if hasattr(condition, "dims"):
        import xarray

        return xarray.where(condition, a, b)
    return np.where(condition, a, b)


# --- primitives ---------------------------------------------------------------------------------


def _logistic(x: float) -> float:
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def _logistic_array(x: Any) -> Any:
    e = np.exp(-np.abs(x))
    return np.where(np.asarray(x) >= 0, 1.0, e) / (1.0 + e)


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
    x = np.asarray(x, dtype=float)
    small = np.abs(x) < 1e-4
    safe = np.where(small, 1.0, x)
    return np.where(small, 1 - x / 2 + x * x / 12, safe / np.expm1(np.minimum(safe, _LARGEST)))


def _x_over_expm1_slope_array(x: Any) -> Any:
    x = np.asarray(x, dtype=float)
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
    return top / bottom if bottom > 0 else 0.0


def _kernel_array(x: Any, forward: Any, reverse: Any) -> Any:
    x, forward, reverse = np.broadcast_arrays(*(np.asarray(a, float) for a in (x, forward, reverse)))
    q, ahead = np.exp(-np.abs(x)), x >= 0
    top = np.where(ahead, 1, -1) * -np.expm1(-np.abs(x)) * forward * reverse
    bottom = np.where(ahead, reverse + forward * q, reverse * q + forward)
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


# In each slope the weak term, q times the capacity of the direction that loses, is divided by the denominator before
# anything else: it then lies between 0 and 1, whatever vanishes.


def _kernel_slopes(x: Any, forward: Any, reverse: Any) -> tuple[Any, Any, Any]:
    x, forward, reverse = np.broadcast_arrays(*(np.asarray(a, float) for a in (x, forward, reverse)))
    q, ahead = np.exp(-np.abs(x)), x >= 0
    drive = np.where(ahead, 1, -1) * -np.expm1(-np.abs(x))
    winner, loser = np.where(ahead, reverse, forward), q * np.where(ahead, forward, reverse)
    bottom = winner + loser
    strong, weak, f, r = (
        np.divide(part, bottom, out=np.zeros_like(q), where=bottom > 0) for part in (winner, loser, forward, reverse)
    )
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
        if not bottom > 0:
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
