"""Functions of the package read on symbols, with the constants of nature named again in the result."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from ..constants import BODY_TEMPERATURE, FARADAY, GAS_CONSTANT
from .closed_form import ClosedForm
from .reading import written_out

__all__ = ["FunctionReading"]

_LABELS = {"gas_constant": "R", "faraday": "F", "temperature": "T"}


class FunctionReading:
    """Symbols to call functions of the package with, and the way back to exact expressions.

    Parameters
    ----------
    signed : iterable of str
        Symbols that may be negative; all others are positive.
    **defaults : float
        Name and default value of each symbol; ``temperature`` is there without being asked for.
    """

    def __init__(self, signed: Iterable[str] = (), **defaults: float) -> None:
        import sympy

        nature = {"temperature": BODY_TEMPERATURE, "gas_constant": GAS_CONSTANT, "faraday": FARADAY}
        self.defaults = {**nature, **defaults}
        signed = tuple(signed)
        self.symbols = {
            name: sympy.Symbol(name, real=True) if name in signed else sympy.Symbol(name, positive=True)
            for name in self.defaults
        }
        self.definitions: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The symbol of that name."""
        return self.symbols[name]

    def part(self, name: str, definition: Any) -> Any:
        """A positive symbol for an expression, which is a named part of the result."""
        import sympy

        self.symbols[name] = sympy.Symbol(name, positive=True)
        self.definitions[name] = definition
        return self.symbols[name]

    def exact(self, expression: Any) -> Any:
        """An expression with R, F and ln 10 in the place of their numbers, and primitives written out."""
        import sympy

        expression = sympy.sympify(expression)
        named = {f: self._named(f) for f in expression.atoms(sympy.Float)}
        return written_out(expression.xreplace(named))

    def _named(self, number: Any) -> Any:
        """A float as a small fraction times powers of R, F and ln 10, where it is one to 12 digits."""
        import sympy

        value = float(number)
        constants = (GAS_CONSTANT, FARADAY, math.log(10.0))
        symbols = (self["gas_constant"], self["faraday"], sympy.log(10))
        for powers in sorted(itertools.product((0, 1, -1), repeat=3), key=lambda p: sum(map(abs, p))):
            rest = value / math.prod(c**p for c, p in zip(constants, powers))
            fraction = Fraction(rest).limit_denominator(12)
            if fraction and abs(fraction.numerator) <= 144 and abs(rest / float(fraction) - 1) < 1e-12:
                whole = sympy.Rational(fraction.numerator, fraction.denominator)
                return whole * sympy.prod([s**p for s, p in zip(symbols, powers)])
        return number

    def closed_form(
        self,
        name: str,
        case: str,
        title: str,
        *,
        functions: Iterable[str],
        assumptions: Iterable[str],
        quantities: Mapping[str, Any],
        solved: Iterable[Any],
        limits: Mapping[str, Mapping[str, Any]] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> ClosedForm:
        """Put a result together, with the symbols that occur in it."""
        found = [*quantities.values(), *(e for limit in (limits or {}).values() for e in limit.values())]
        occurring: set[Any] = set().union(*(expression.free_symbols for expression in found))
        for part in reversed(self.definitions):
            if self.symbols[part] in occurring:
                occurring |= self.definitions[part].free_symbols
        symbols = {n: s for n, s in self.symbols.items() if s in occurring}
        return ClosedForm(
            name=name,
            case=case,
            title=title,
            assumptions=tuple(assumptions),
            quantities=MappingProxyType(dict(quantities)),
            definitions=MappingProxyType({n: e for n, e in self.definitions.items() if n in symbols}),
            limits=MappingProxyType(dict(limits or {})),
            solved=tuple(solved),
            model=None,
            symbols=MappingProxyType(symbols),
            labels=MappingProxyType(_LABELS | dict(labels or {})),
            defaults=MappingProxyType({n: v for n, v in self.defaults.items() if n in symbols}),
            functions=tuple(functions),
        )
