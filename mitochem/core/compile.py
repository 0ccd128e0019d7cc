"""From the symbolic program to fast code: once per structure, with parameters as inputs.

The generated source is plain Python that runs on floats (for SciPy) and, with NumPy's functions
in its namespace, on arrays with the batch on the last axis. What depends on parameters alone is done once,
in ``prepare``. Source of models made only of the package's own components is kept on disk, so that a
later start does not even import SymPy.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from . import cache
from .functions import FUNCTIONS
from .program import Components, Program

__all__ = ["Kernel", "compiled"]

_memory: dict[Any, Kernel] = {}


class Kernel:
    """Generated code of one model structure.

    Attributes
    ----------
    addresses : tuple of str
        Parameters, in the order ``prepare`` takes them.
    rows, columns : ndarray of int
        Where the entries of the Jacobian go.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._code = compile(source, "<mitochem generated model>", "exec")
        scalar = self._namespace("scalar")
        self.addresses: tuple[str, ...] = tuple(scalar["ADDRESSES"])
        self.rows, self.columns = (np.array(scalar[n], dtype=int) for n in ("ROWS", "COLUMNS"))
        self._prepare: Callable[..., Any] = scalar["prepare"]
        self.rates: Callable[..., Any] = scalar["rates"]
        self.jacobian: Callable[..., Any] = scalar["jacobian"]

    def _namespace(self, reading: str) -> dict[str, Any]:
        space: dict[str, Any] = {name: getattr(f, reading) for name, f in FUNCTIONS.items()}
        space["where"] = np.where if reading == "array" else (lambda condition, a, b: a if condition else b)
        exec(self._code, space)
        return space

    @functools.cached_property
    def _batched(self) -> dict[str, Any]:
        return self._namespace("array")

    def prepare(self, values: Sequence[Any]) -> Any:
        """Constants from parameter values (floats, or arrays along the batch)."""
        if any(isinstance(v, np.ndarray) for v in values):
            with np.errstate(all="ignore"):
                return self._batched["prepare"](values)
        try:
            return self._prepare(values)
        except ArithmeticError:  # a division by a legal zero: infinite, as it would be in an array
            with np.errstate(all="ignore"):
                return self._batched["prepare"]([np.float64(v) for v in values])

    def rates_batched(self, y: Any, constants: Any) -> Any:
        """Rates of all states, shape (state, batch)."""
        with np.errstate(all="ignore"):
            parts = self._batched["rates"](y, constants)
        out = np.empty(y.shape)
        for i, part in enumerate(parts):
            out[i] = part
        return out

    def jacobian_batched(self, y: Any, constants: Any) -> Any:
        """d(rate)/d(state), shape (batch, state, state)."""
        with np.errstate(all="ignore"):
            parts = self._batched["jacobian"](y, constants)
        n, batch = y.shape
        out = np.zeros((batch, n, n))
        for r, c, part in zip(self.rows, self.columns, parts):
            out[:, r, c] = part
        return out


def compiled(program: Program, components: Components) -> Kernel:
    """The kernel of this structure: from memory, from disk, or generated now."""
    structure = tuple((type(c), c.name, c.wiring) for c in components.values())
    if structure in _memory:
        return _memory[structure]
    key = cache.key(components)
    kernel = None
    if key and (source := cache.load(key)):
        try:
            kernel = Kernel(source)
            if kernel.addresses != tuple(f"{c.name}.{p}" for c in components.values() for p in c.declared_parameters):
                kernel = None
        except Exception:  # whatever is wrong with a stored kernel, it is simply made again
            kernel = None
    if kernel is None:
        source = generate(program, components)
        kernel = Kernel(source)
        if key:
            cache.store(key, source)
    _memory[structure] = kernel
    return kernel


def generate(program: Program, components: Components) -> str:
    """Python source of ``prepare``, ``rates`` and ``jacobian``."""
    from .symbolic import chain_derivatives, read_equations

    rates = tuple(f"d_{name}" for name in program.states)
    equations = read_equations(program, components, rates)
    derivatives, symbols = chain_derivatives(equations)
    states = list(equations.states)
    entries = {
        (states.index(state), states.index(wrt)): symbols[f"d_{state}", wrt]
        for state in states
        for wrt in states
        if (f"d_{state}", wrt) in symbols
    }
    definitions = {equations.quantities[name]: expression for name, expression in equations.statements.items()}
    rate_symbols = [equations.quantities[name] for name in rates]
    slopes = {s: derivatives[k] for k, s in symbols.items() if not s.is_number}
    writer = _Writer(equations)
    shared, kinds = writer.eliminate(definitions | slopes)
    return writer.module(
        header=[
            f"ADDRESSES = {json.dumps(list(equations.parameters))}",
            f"ROWS = {[r for r, _ in entries]}",
            f"COLUMNS = {[c for _, c in entries]}",
        ],
        assignments=shared,
        constant=kinds,
        outputs={"rates": rate_symbols, "jacobian": list(entries.values())},
    )


class _Writer:
    """Prints ordered assignments as Python functions, parameter-only work hoisted out."""

    def __init__(self, equations: Any) -> None:
        import sympy

        self.sympy = sympy
        self.equations = equations
        self.names: dict[Any, str] = {}
        for i, symbol in enumerate(equations.states.values()):
            self.names[symbol] = f"y{i}"
        for i, symbol in enumerate(equations.parameters.values()):
            self.names[symbol] = f"p{i}"
        self.printer = _printer(self.names)

    def eliminate(self, definitions: dict[Any, Any]) -> tuple[dict[Any, Any], set[Any]]:
        """Common subexpressions of all definitions, in order; and which assignments are constant."""
        sympy = self.sympy
        numbered = sympy.numbered_symbols("x", real=True)
        common, reduced = sympy.cse(list(definitions.values()), symbols=numbered, order="none", list=False)
        table = dict(common) | dict(zip(definitions, reduced))
        ordered: dict[Any, Any] = {}

        def visit(symbol: Any) -> None:
            if symbol in ordered or symbol not in table:
                return
            for source in sorted(table[symbol].free_symbols, key=str):
                visit(source)
            ordered[symbol] = table[symbol]

        for symbol in table:
            visit(symbol)
        constant: set[Any] = set(self.equations.parameters.values())
        for i, (symbol, expression) in enumerate(ordered.items()):
            self.names[symbol] = f"v{i}"
            if expression.free_symbols <= constant:
                constant.add(symbol)
        return ordered, constant

    def module(
        self, header: list[str], assignments: dict[Any, Any], constant: set[Any], outputs: dict[str, list[Any]]
    ) -> str:
        """The whole module; every function takes what ``prepare`` found, in one tuple."""
        varying = {s: e for s, e in assignments.items() if s not in constant}
        used = {s for e in varying.values() for s in e.free_symbols} | {
            s for output in outputs.values() for e in output for s in e.free_symbols
        }
        passed = [s for s in self.names if s in used and s in constant]
        parameters = ", ".join(self.names[s] for s in self.equations.parameters.values())
        fixed = {s: e for s, e in assignments.items() if s in constant}
        text = [*header, "", "def prepare(p):", f"    ({parameters},) = p"]
        text += self._lines(fixed, self._reached(fixed, passed))
        text += [f"    return ({', '.join(self.names[s] for s in passed)},)"]
        for name, output in outputs.items():
            text += ["", f"def {name}(y, k):"]
            text += [f"    ({', '.join(self.names[s] for s in self.equations.states.values())},) = y"]
            needed = self._reached(varying, [s for e in output for s in e.free_symbols])
            inputs = {s for n in needed for s in varying[n].free_symbols} | {s for e in output for s in e.free_symbols}
            picked = [self.names[s] if s in inputs else "_" for s in passed]
            text += [f"    ({', '.join(picked)},) = k"] if passed else []
            text += self._lines(varying, needed)
            text += [f"    return ({', '.join(self.printer.doprint(e) for e in output)},)"]
        return "\n".join(text) + "\n"

    def _reached(self, assignments: dict[Any, Any], wanted: list[Any]) -> set[Any]:
        reached: set[Any] = set()
        stack = list(wanted)
        while stack:
            symbol = stack.pop()
            if symbol in assignments and symbol not in reached:
                reached.add(symbol)
                stack.extend(assignments[symbol].free_symbols)
        return reached

    def _lines(self, assignments: dict[Any, Any], needed: set[Any]) -> list[str]:
        return [f"    {self.names[s]} = {self.printer.doprint(e)}" for s, e in assignments.items() if s in needed]


def _printer(names: dict[Any, str]) -> Any:
    from sympy.printing.pycode import PythonCodePrinter

    class Printer(PythonCodePrinter):  # type: ignore[misc]
        """Python that means the same on floats and on arrays."""

        def _print_Symbol(self, symbol: Any) -> str:
            return names[symbol]

        def _print_Function(self, node: Any) -> str:
            if node.is_number and type(node).__name__ in ("log", "exp", "sqrt"):
                return repr(float(node))
            return f"{type(node).__name__}({', '.join(self._print(a) for a in node.args)})"

        _print_log = _print_exp = _print_sinh = _print_cosh = _print_tanh = _print_Function

        def _print_Piecewise(self, node: Any) -> str:
            text = "nan"
            for value, condition in reversed(node.args):
                shown = self._print(value)
                text = shown if condition == True else f"where({self._print(condition)}, {shown}, {text})"  # noqa: E712
            return text

        def _print_And(self, node: Any) -> str:
            return " & ".join(f"({self._print(a)})" for a in node.args)

        def _print_Or(self, node: Any) -> str:
            return " | ".join(f"({self._print(a)})" for a in node.args)

        def _print_Rational(self, node: Any) -> str:
            return repr(node.p / node.q)

        def _print_Pi(self, node: Any) -> str:
            return repr(math.pi)

        def _print_Exp1(self, node: Any) -> str:
            return repr(math.e)

    return Printer({"fully_qualified_modules": False, "allow_unknown_functions": True})
