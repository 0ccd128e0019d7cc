"""The symbolic reading of a program: one equation per statement, and derivatives along the chain."""

from __future__ import annotations

import dataclasses
from typing import Any

from .program import Components, Program

__all__ = ["Equations", "read_equations"]


@dataclasses.dataclass(frozen=True)
class Equations:
    """Every statement as a SymPy equation in the symbols of the statements before it."""

    statements: dict[str, Any]
    states: dict[str, Any]
    parameters: dict[str, Any]
    quantities: dict[str, Any]

    def substituted(self, name: str, keep: tuple[str, ...] = ()) -> Any:
        """The expression of one quantity in states, parameters and the kept quantities."""
        replacements: dict[Any, Any] = {}
        for statement, expression in self.statements.items():
            value = expression.xreplace(replacements)
            if statement == name:
                return value
            if statement not in keep:
                replacements[self.quantities[statement]] = value
        raise KeyError(name)

    def upto(self, names: tuple[str, ...]) -> Equations:
        """Only the statements that the named ones depend on."""
        by_symbol = {symbol: name for name, symbol in self.quantities.items()}
        wanted: set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            if name not in wanted:
                wanted.add(name)
                stack += [by_symbol[s] for s in self.statements[name].free_symbols if s in by_symbol]
        kept = {name: expression for name, expression in self.statements.items() if name in wanted}
        return dataclasses.replace(self, statements=kept)


def read_equations(program: Program, components: Components, wanted: tuple[str, ...] = ()) -> Equations:
    """Read the statements (those needed for ``wanted``, or all) on symbols."""
    import sympy

    def symbol(name: str) -> Any:
        return sympy.Symbol(name, real=True)

    parameters = {
        f"{owner}.{name}": symbol(f"{owner}.{name}")
        for owner, item in components.items()
        for name in item.declared_parameters
    }
    symbolic = {
        owner: item.reading({name: parameters[f"{owner}.{name}"] for name in item.declared_parameters})
        for owner, item in components.items()
    }
    states = {name: symbol(name) for name in program.states}
    values: dict[str, Any] = dict(states)
    for name, (owner, parameter) in program.shared.items():
        values[name] = parameters[f"{owner}.{parameter}"]
    statements, quantities = {}, {}
    for statement in program.needed(wanted) if wanted else program.statements:
        statements[statement.name] = sympy.sympify(statement.read(symbolic, values))
        quantities[statement.name] = values[statement.name] = symbol(statement.name)
    return Equations(statements, states, parameters, quantities)


def latex_names(program: Program, components: Components) -> dict[str, str]:
    """LaTeX of every name that has one declared, and an upright word for the others."""
    declared = {
        f"{owner}.{name}": parameter.symbol
        for owner, item in components.items()
        for name, parameter in item.declared_parameters.items()
    }
    declared |= {name: law.options["symbol"] for name, (_, law) in program.states.items()}
    declared |= {statement.name: statement.symbol for statement in program.statements}
    return {name: symbol or rf"\mathrm{{{name}}}".replace("_", r"\_") for name, symbol in declared.items()}


def chain_derivatives(equations: Equations) -> tuple[dict[tuple[str, str], Any], dict[tuple[str, str], Any]]:
    """Forward derivatives of every statement with respect to every state it depends on.

    Returns the expressions by (quantity, state), each in terms of the symbols of the derivatives
    before it, and those symbols. Nothing is substituted, so nothing grows.
    """
    import sympy

    by_symbol = {s: n for n, s in (equations.states | equations.quantities).items()}
    symbols: dict[tuple[str, str], Any] = {(n, n): sympy.Integer(1) for n in equations.states}
    expressions: dict[tuple[str, str], Any] = {}
    for name, expression in equations.statements.items():
        terms: dict[str, Any] = {}
        for argument in sorted(expression.free_symbols & by_symbol.keys(), key=str):
            source = by_symbol[argument]
            reached = [state for state in equations.states if (source, state) in symbols]
            if reached:
                partial = expression.diff(argument)
                for state in reached:
                    terms[state] = terms.get(state, 0) + partial * symbols[source, state]
        for state, derivative in terms.items():
            if derivative == 0:
                continue
            if derivative.is_number:
                symbols[name, state] = derivative
            else:
                symbols[name, state] = sympy.Symbol(f"d({name})/d({state})", real=True)
            expressions[name, state] = derivative
    return expressions, symbols
