"""The functions laws are written with: one name, read on floats, arrays, symbols and quantities.

A law that says ``exp(x)`` with this ``exp`` is a number, a curve, an equation or a unit check,
depending on what it is given. Shapes that need more care than a formula are in `primitives`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

__all__ = [
    "FUNCTIONS",
    "Function",
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

_PACKAGE = str(Path(__file__).resolve().parents[1])

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

    @property
    def ours(self) -> bool:
        """True if what it does can change only with the package (or with NumPy)."""
        code = getattr(self.array, "__code__", None)
        return code is None or code.co_filename.startswith(_PACKAGE)

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

LARGEST = math.log(sys.float_info.max)


def _exp(x: float) -> float:
    return math.exp(x) if x < LARGEST else (math.inf if x == x else math.nan)


def _expm1(x: float) -> float:
    return math.expm1(x) if x < LARGEST else (math.inf if x == x else math.nan)


def _log_like(f: Callable[[float], float]) -> Callable[[float], float]:
    def log(x: float) -> float:
        return f(x) if x > 0 else (-math.inf if x == 0 else math.nan)

    return log


def _sinh(x: float) -> float:
    return math.sinh(x) if abs(x) < LARGEST else x * math.inf


def _cosh(x: float) -> float:
    return math.cosh(x) if abs(x) < LARGEST else abs(x) * math.inf


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


exp: Function = Function("exp", _exp, np.exp, symbol="exp")
expm1 = Function(
    "expm1",
    _expm1,
    np.expm1,
    formula=lambda x: exp(x) - 1,
    derivatives=(lambda x: exp(x),),
    exact_at_zero=True,
)
log: Function = Function("log", _log_like(math.log), np.log, symbol="log")
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


# Laws import everything from here, and whoever has the functions has the primitives registered too.
from .primitives import kernel, logistic, softplus, x_over_expm1  # noqa: E402
