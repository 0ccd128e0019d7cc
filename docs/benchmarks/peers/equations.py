"""One model as ordered assignments, from mitochem's own equations, printed in the language of each peer.

The equations are read on symbols; everything but the dials of the problem is a number from then on, derivatives go
along the chain, and common subexpressions are shared: a peer gets better code than most people would type. No peer
sees mitochem's own generated kernel.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import sympy
from sympy.printing.str import StrPrinter

from mitochem.core.balance import state_response
from mitochem.core.functions import FUNCTIONS
from mitochem.core.symbolic import Equations, chain_derivatives, read_equations

from .frozen import execute

__all__ = ["Infix", "System", "system"]


class Infix(StrPrinter):
    """Infix text with whole powers as products, so that no language's precedence of ``-x^2`` matters."""

    def __init__(self, names: dict[Any, str], power: str = "{} ** {}", functions: dict[str, str] | None = None) -> None:
        super().__init__()
        self.names, self.power, self.functions = names, power, functions or {}

    def _print_Symbol(self, node: Any) -> str:
        return self.names[node]

    def _print_Float(self, node: Any) -> str:
        return repr(float(node))

    def _print_Rational(self, node: Any) -> str:
        return repr(float(node))

    def _print_Integer(self, node: Any) -> str:
        return f"{int(node)}.0" if node >= 0 else f"({int(node)}.0)"

    def _print_NumberSymbol(self, node: Any) -> str:
        return repr(float(node))

    _print_Exp1 = _print_Pi = _print_NumberSymbol

    def _print_Mul(self, node: Any) -> str:
        sign, rest = ("-", -node) if node.could_extract_minus_sign() else ("", node)
        if not rest.is_Mul:
            return f"({sign}{self._factor(rest)})"
        above = [a for a in rest.args if not (a.is_Pow and a.exp.is_number and a.exp < 0)]
        below = [1 / a for a in rest.args if a.is_Pow and a.exp.is_number and a.exp < 0]
        text = " * ".join(self._factor(a) for a in above) or "1.0"
        if below:
            under = " * ".join(self._factor(b) for b in below)
            text = f"{text} / ({under})" if len(below) > 1 else f"{text} / {under}"
        return f"({sign}{text})" if sign else text

    def _factor(self, node: Any) -> str:
        text = self._print(node)
        simple = node.is_Symbol or node.is_Function or (node.is_number and not text.startswith("-"))
        return text if simple else f"({text})"

    def _print_Add(self, node: Any) -> str:
        text = ""
        for term in node.args:
            minus = term.could_extract_minus_sign()
            shown = self._print(-term if minus else term)
            if (minus and term.is_number) or (-term if minus else term).is_Add:
                shown = f"({shown})"
            text += (" - " if minus else " + ") + shown if text else ("-" if minus else "") + shown
        return text

    def _print_Pow(self, node: Any) -> str:
        base, power = node.as_base_exp()
        if base == sympy.E:
            return f"{self.functions.get('exp', 'exp')}({self._print(power)})"
        if power.is_Integer and 1 <= abs(power) <= 4:
            text = " * ".join([self._factor(base)] * abs(int(power)))
            return text if power > 0 else f"1.0 / ({text})"
        if power == sympy.Rational(1, 2):
            return f"{self.functions.get('sqrt', 'sqrt')}({self._print(base)})"
        return self.power.format(self._factor(base), self._factor(power))

    def _print_Function(self, node: Any) -> str:
        name = type(node).__name__
        return f"{self.functions.get(name, name)}({', '.join(self._print(a) for a in node.args)})"

    _print_exp = _print_log = _print_sqrt = _print_ExpBase = _print_Function


def _elementary(expression: Any) -> Any:
    """Primitives and hyperbolic functions as exponentials and logarithms; numbers where arguments are numbers."""

    def known(node: Any) -> bool:
        return node.is_Function and type(node).__name__ in FUNCTIONS and type(node).__name__ not in ("exp", "log")

    def plain(node: Any) -> Any:
        function = FUNCTIONS[type(node).__name__]
        if all(a.is_number for a in node.args):
            return sympy.Float(function.scalar(*(float(a) for a in node.args)))
        if function.formula is not None:
            return _elementary(sympy.sympify(function.formula(*node.args)))
        return node.rewrite(sympy.exp)

    return expression.replace(known, plain) if expression.has(sympy.Function) else expression


class System:
    """The equations of a problem.

    Attributes
    ----------
    states, dials : list of str
        Names, in the order of ``y`` and ``p``.
    symbols : dict
        ``y0``, ``p0``, ``v0`` ... of every SymPy symbol.
    """

    def __init__(self, problem: Any) -> None:
        self.problem = problem
        program, components = problem.model.program, problem.model.components
        self.states, self.dials = problem.states, list(problem.dials)
        rates = tuple(f"d_{s}" for s in self.states)
        wanted = (*rates, *program.fluxes, *(o for o in problem.observed if o not in self.states))
        equations = read_equations(program, components, wanted)
        values = problem.model.values
        numbers: dict[Any, Any] = {
            s: sympy.Float(values[a]) for a, s in equations.parameters.items() if a not in self.dials
        }
        for name in problem.held:
            numbers[equations.states[name]] = sympy.Float(float(problem.y0[self.states.index(name)]))
        self.statements: dict[str, Any] = {}
        for name, expression in equations.statements.items():
            reduced = _elementary(expression.xreplace(numbers))
            if name.startswith("d_") and name[2:] in problem.held:
                reduced = sympy.Float(0)
            if reduced.is_number:
                numbers[equations.quantities[name]] = reduced = sympy.Float(float(reduced))
            self.statements[name] = reduced
        self.numbers = {str(s): float(v) for s, v in numbers.items()}
        self._equations = Equations(self.statements, equations.states, equations.parameters, equations.quantities)
        self.y = [equations.states[s] for s in self.states]
        self.p = [equations.parameters[a] for a in self.dials]
        self.quantities = equations.quantities
        self.free = [i for i, s in enumerate(self.states) if s not in problem.held]

    def expression(self, name: str) -> Any:
        """What stands for a quantity: its symbol, or its number."""
        found = self.statements[name]
        return found if found.is_number else self.quantities[name]

    @property
    def rates(self) -> list[Any]:
        return [self.expression(f"d_{s}") for s in self.states]

    @functools.cached_property
    def _slopes(self) -> tuple[dict[Any, Any], list[tuple[int, int, Any]]]:
        derivatives, symbols = chain_derivatives(self._equations)
        entries = [
            (i, j, symbols[f"d_{a}", b])
            for i, a in enumerate(self.states)
            for j, b in enumerate(self.states)
            if (f"d_{a}", b) in symbols
        ]
        return {s: _elementary(derivatives[k]) for k, s in symbols.items() if not s.is_number}, entries

    @property
    def observables(self) -> list[Any]:
        return [self._equations.states[o] if o in self.states else self.expression(o) for o in self.problem.observed]

    def assignments(self, *, jacobian: bool, cse: bool = True) -> dict[Any, Any]:
        """Ordered definitions of every symbol that the outputs need."""
        definitions = {self.quantities[n]: e for n, e in self.statements.items() if not e.is_number}
        if jacobian:
            definitions |= self._slopes[0]
        if cse:
            shared, reduced = sympy.cse(
                list(definitions.values()), symbols=sympy.numbered_symbols("x_", real=True), order="none", list=False
            )
            table = dict(shared) | dict(zip(definitions, reduced))
        else:
            table = definitions
        ordered: dict[Any, Any] = {}

        def visit(symbol: Any) -> None:
            if symbol in ordered or symbol not in table:
                return
            for source in sorted(table[symbol].free_symbols, key=str):
                visit(source)
            ordered[symbol] = table[symbol]

        for symbol in table:
            visit(symbol)
        return ordered

    def names(self, assignments: Iterable[Any]) -> dict[Any, str]:
        names = {s: f"y{i}" for i, s in enumerate(self.y)} | {s: f"p{i}" for i, s in enumerate(self.p)}
        return names | {s: f"v{i}" for i, s in enumerate(assignments)}

    def reached(self, table: dict[Any, Any], outputs: Iterable[Any]) -> set[Any]:
        found: set[Any] = set()
        stack = [s for e in outputs for s in e.free_symbols]
        while stack:
            symbol = stack.pop()
            if symbol in table and symbol not in found:
                found.add(symbol)
                stack.extend(table[symbol].free_symbols)
        return found

    @functools.cached_property
    def source(self) -> str:
        """Python: ``prepare(p)``, ``rates(y, k)``, ``jacobian(y, k)``, ``observe(y, k)``.

        ``p`` and ``y`` are indexed, ``prepare`` returns a tuple; only ``exp``, ``log`` and ``sqrt`` are called.
        """
        entries = self._slopes[1]
        outputs = {"rates": self.rates, "jacobian": [e for *_, e in entries], "observe": self.observables}
        table = self.assignments(jacobian=True)
        names = self.names(table)
        printer = Infix(names)
        constant = set(self.p)
        for symbol, expression in table.items():
            if expression.free_symbols <= constant:
                constant.add(symbol)
        varying = {s: e for s, e in table.items() if s not in constant}
        used = {s for e in (*varying.values(), *(e for o in outputs.values() for e in o)) for s in e.free_symbols}
        passed = [s for s in names if s in used and s in constant]
        fixed = {s: e for s, e in table.items() if s in constant}
        text = [
            f"ROWS = {[r for r, *_ in entries]}",
            f"COLUMNS = {[c for _, c, _ in entries]}",
            f"CONSTANTS = {len(passed)}",
            "",
            "def prepare(p):",
        ]
        text += [f"    {names[s]} = p[{i}]" for i, s in enumerate(self.p)]
        needed = self.reached(fixed, passed)
        text += [f"    {names[s]} = {printer.doprint(e)}" for s, e in fixed.items() if s in needed or s in passed]
        text += [f"    return ({', '.join(names[s] for s in passed)},)"]
        for name, output in outputs.items():
            needed = self.reached(varying, output)
            inputs = {s for n in needed for s in varying[n].free_symbols} | {s for e in output for s in e.free_symbols}
            text += ["", f"def {name}(y, k):"]
            text += [f"    {names[s]} = y[{i}]" for i, s in enumerate(self.y) if s in inputs]
            text += [f"    {names[s]} = k[{i}]" for i, s in enumerate(passed) if s in inputs]
            text += [f"    {names[s]} = {printer.doprint(e)}" for s, e in varying.items() if s in needed]
            text += [f"    return ({', '.join(printer.doprint(e) for e in output)},)"]
        return "\n".join(text) + "\n"

    def text(self, language: str) -> str:
        """The model in one of `languages.TEXTS`."""
        from .languages import TEXTS

        return TEXTS[language](self)

    def functions(self, **namespace: Any) -> dict[str, Any]:
        """The source executed with these ``exp``, ``log``, ``sqrt``."""
        return execute(self.source, namespace)

    def lines(
        self, language: Callable[[dict[Any, str]], Infix], *, cse: bool = True
    ) -> tuple[list[tuple[str, str]], list[str]]:
        """``(name, text)`` of what the rates need, and the rates, in another language."""
        table = self.assignments(jacobian=False, cse=cse)
        printer = language(self.names(table))
        needed = self.reached(table, self.rates)
        lines = [(printer.names[s], printer.doprint(e)) for s, e in table.items() if s in needed]
        return lines, [printer.doprint(e) for e in self.rates]

    @functools.cached_property
    def reactions(self) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Stoichiometry (state, flux) in amounts, the volume of each state, and the fluxes."""
        problem = self.problem
        response, excluded = state_response(problem.model.program, problem.model.components, problem.model.initial)
        assert not set(excluded) - set(problem.held), excluded
        size = np.array([np.abs(row[row != 0]).min() if row.any() else 1.0 for row in response])
        matrix = response / size[:, None]
        matrix[[i for i in range(len(self.states)) if i not in self.free]] = 0.0
        return (
            np.where(np.isclose(matrix, matrix.round(), rtol=1e-12), matrix.round(), matrix),
            1 / size,
            list(problem.model.program.fluxes),
        )

    @functools.cached_property
    def conserved(self) -> np.ndarray:
        """Orthonormal-free rows ``L`` with ``L @ y`` constant (law, state), held states left out."""
        matrix, volume, _ = self.reactions
        null = sympy.Matrix(matrix[self.free].T).applyfunc(sympy.nsimplify).nullspace()
        laws = np.zeros((len(null), len(self.states)))
        for row, vector in zip(laws, null):
            row[self.free] = np.array(vector, float).ravel() * volume[self.free]
        return laws


@functools.cache
def system(problem: Any) -> System:
    return System(problem)
