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
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from . import cache
from .functions import FUNCTIONS
from .program import REPORTED, Components, Program

__all__ = ["Kernel", "compiled", "generate"]

_memory: dict[Any, Kernel] = {}


class Kernel:
    """Generated code of one model structure.

    Attributes
    ----------
    addresses : tuple of str
        Parameters, in the order ``prepare`` takes them.
    rows, columns : ndarray of int
        Where the entries of the Jacobian go.
    quantities : tuple of str
        What a Dataset reports besides the states.
    shaping : tuple of str
        Parameters that the conserved sums depend on.
    constants : int
        How many numbers ``prepare`` gives.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self._code = compile(source, "<mitochem generated model>", "exec")
        scalar = self._namespace("scalar")
        self.addresses: tuple[str, ...] = tuple(scalar["ADDRESSES"])
        self.rows, self.columns = (np.array(scalar[n], dtype=int) for n in ("ROWS", "COLUMNS"))
        self.quantities: tuple[str, ...] = tuple(scalar["QUANTITIES"])
        self.shaping: tuple[str, ...] = tuple(scalar["SHAPING"])
        self.constants: int = scalar["CONSTANTS"]
        self._prepare: Callable[..., Any] = scalar["prepare"]
        self.rates: Callable[..., Any] = scalar["rates"]
        self.jacobian: Callable[..., Any] = scalar["jacobian"]

    def _namespace(self, reading: str) -> dict[str, Any]:
        space: dict[str, Any] = {name: getattr(f, reading) for name, f in FUNCTIONS.items()}
        space["where"] = np.where if reading == "array" else (lambda condition, a, b: a if condition else b)
        exec(self._code, space)
        return space

    @functools.cached_property
    def array(self) -> dict[str, Any]:
        """Generated functions on arrays (or on lanes): ``rates``, ``jacobian``, ``linear``, ``quantities``."""
        return self._namespace("array")

    def prepare(self, values: Sequence[Any]) -> Any:
        """Constants from parameter values (floats, or arrays along the batch)."""
        if any(isinstance(v, np.ndarray) for v in values):
            with np.errstate(all="ignore"):
                return self.array["prepare"](values)
        try:
            return self._prepare(values)
        except ArithmeticError:  # a division by a legal zero: infinite, as it would be in an array
            with np.errstate(all="ignore"):
                return self.array["prepare"]([np.float64(v) for v in values])

    def reported(self, y: Sequence[Any], constants: Any) -> dict[str, Any]:
        """Every derived quantity and flux by name; what does not depend on an array is a float."""
        return dict(zip(self.quantities, self.array["quantities"](y, constants)))


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


def generate(program: Program, components: Components, wanted: Sequence[str] | None = None) -> str:
    """Python source of ``prepare``, ``rates``, ``jacobian``, ``linear`` (both at once) and ``quantities``.

    With ``wanted``, ``rates`` gives those quantities in place of the rates of the states, ``jacobian`` their slopes
    with the states, and ``quantities`` nothing.
    """
    from .symbolic import chain_derivatives, read_equations

    values = tuple(f"d_{name}" for name in program.states) if wanted is None else tuple(wanted)
    reported = tuple(s.name for s in program.statements if s.kind in REPORTED) if wanted is None else ()
    equations = read_equations(program, components, values + reported)
    derivatives, symbols = chain_derivatives(equations.upto(values))
    entries = {
        (i, j): symbols[value, state]
        for i, value in enumerate(values)
        for j, state in enumerate(equations.states)
        if (value, state) in symbols
    }
    definitions = {equations.quantities[name]: expression for name, expression in equations.statements.items()}
    slopes = {s: derivatives[k] for k, s in symbols.items() if not s.is_number}
    writer = _Writer(equations)
    shared, kinds = writer.eliminate(definitions | slopes)
    return writer.module(
        header=[
            f"ADDRESSES = {json.dumps(list(equations.parameters))}",
            f"ROWS = {[r for r, _ in entries]}",
            f"COLUMNS = {[c for _, c in entries]}",
            f"QUANTITIES = {json.dumps(list(reported))}",
            f"SHAPING = {json.dumps(shaping(program, equations) if wanted is None else [])}",
        ],
        assignments=shared,
        constant=kinds,
        outputs={
            "rates": [equations.quantities[name] for name in values],
            "jacobian": list(entries.values()),
            "linear": [equations.quantities[name] for name in values] + list(entries.values()),
            "quantities": [equations.quantities[name] for name in reported],
        },
    )


def shaping(program: Program, equations: Any) -> list[str]:
    """Parameters that enter d(rate of a state)/d(flux), and with it the conserved sums."""
    by_symbol = {symbol: name for name, symbol in equations.quantities.items()}
    addresses = {symbol: address for address, symbol in equations.parameters.items()}
    nets = [equations.quantities[n] for n in equations.statements if n.startswith("net_")]
    fluxes = [equations.quantities[n] for n in program.fluxes if n in equations.quantities]
    stack: list[Any] = []
    for name, expression in equations.statements.items():
        sources = nets if name.startswith("d_") else fluxes if name.startswith("net_") else []
        for source in sources:
            stack += expression.diff(source).free_symbols
        if name.startswith("d_"):
            stack += expression.subs(dict.fromkeys(nets, 0)).free_symbols
    seen: set[Any] = set()
    while stack:
        symbol = stack.pop()
        if symbol not in seen:
            seen.add(symbol)
            if symbol in by_symbol:
                stack += equations.statements[by_symbol[symbol]].free_symbols
    return [address for symbol, address in addresses.items() if symbol in seen]


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
        text = [*header, f"CONSTANTS = {len(passed)}", "", "def prepare(p):", f"    ({parameters},) = p"]
        text += self._lines(fixed, self._reached(fixed, passed))
        text += [f"    return {_tuple(self.names[s] for s in passed)}"]
        for name, output in outputs.items():
            text += ["", f"def {name}(y, k):"]
            text += [f"    ({', '.join(self.names[s] for s in self.equations.states.values())},) = y"]
            needed = self._reached(varying, [s for e in output for s in e.free_symbols])
            inputs = {s for n in needed for s in varying[n].free_symbols} | {s for e in output for s in e.free_symbols}
            picked = [self.names[s] if s in inputs else "_" for s in passed]
            text += [f"    ({', '.join(picked)},) = k"] if passed else []
            text += self._lines(varying, needed)
            text += [f"    return {_tuple(self.printer.doprint(e) for e in output)}"]
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


def _tuple(parts: Iterable[str]) -> str:
    return f"({''.join(f'{part}, ' for part in parts)})"


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
