"""A model's equations made fit for algebra: exact numbers, signs of symbols, primitives written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from ..core.functions import FUNCTIONS
from ..core.model import Model
from ..core.symbolic import read_equations
from .closed_form import ClosedForm

__all__ = ["Reading", "written_out"]


class Reading:
    """The symbolic reading of a model, with what a closed form needs around it.

    Symbols of parameters and states that cannot be negative are positive here: a closed form is for the generic
    case, and zero is a limit of it. Every primitive is replaced by its formula.

    Parameters
    ----------
    model : Model
    keep : iterable of str
        Computed quantities that stay symbols (such as ``nernst_slope``) instead of being written out.
    """

    def __init__(self, model: Model, keep: Iterable[str] = ()) -> None:
        self.model, self.keep = model, tuple(keep)
        self._equations = read_equations(model.program, model.components)
        self.symbols: dict[str, Any] = {}
        self.definitions: dict[str, Any] = {}
        self._renamed: dict[Any, Any] = {}
        self._parts: dict[Any, Any] = {}
        for name, symbol in {**self._equations.parameters, **self._equations.states}.items():
            self.symbols[name] = self._renamed[symbol] = _symbol(name, positive=_lower(model, name) >= 0)
        for name in self.keep:
            self.symbols[name] = self._equations.quantities[name]
            self.definitions[name] = self.expression(name)

    def __getitem__(self, name: str) -> Any:
        """The symbol of a parameter, shared parameter, state, kept quantity or named part."""
        return self.symbols[name if name in self.symbols else self.model.find(name)[1]]

    def expression(self, name: str) -> Any:
        """A computed quantity in parameters, states, kept quantities and named parts."""
        return self._exact(self._equations.substituted(name, self.keep)).subs(self._parts)

    def balance(self, state: str) -> Any:
        """The equation that a state does not change."""
        import sympy

        return sympy.Eq(sympy.simplify(self.expression(f"d_{state}")), 0)

    def part(self, name: str, definition: Any, instead_of: Any) -> Any:
        """A symbol for ``definition``; whatever is read from now on is written with it, not with ``instead_of``."""
        import sympy

        self.symbols[name] = _symbol(name, positive=bool(definition.is_positive))
        self.definitions[name] = definition
        [self._parts[instead_of]] = sympy.solve(self.symbols[name] - definition, instead_of)
        return self.symbols[name]

    def property_part(self, component: str, name: str, instead_of: str) -> Any:
        """A symbol for an expression of parameters in a component's body, such as ``h_per_atp``."""
        item = self.model.components[component]
        values = {parameter: self[f"{component}.{parameter}"] for parameter in item.declared_parameters}
        return self.part(name, getattr(item.reading(values), name), values[instead_of])

    def define(self, name: str, definition: Any, positive: bool = False) -> Any:
        """A symbol that stands for an expression where a result is written with it by hand."""
        self.symbols[name] = _symbol(name, positive)
        self.definitions[name] = definition
        return self.symbols[name]

    def with_parts(self, expression: Any) -> Any:
        """An expression read earlier, written with the parts named since."""
        import sympy

        return sympy.simplify(expression.subs(self._parts))

    def _exact(self, expression: Any) -> Any:
        import sympy

        # Laws run on floats where all arguments are plain numbers: log(10), and the 1.0 of an empty factor.
        ten = float(sympy.log(10))
        known = {ten: sympy.log(10), -ten: -sympy.log(10)}
        numbers = {
            f: known.get(float(f), sympy.Integer(int(f)) if float(f).is_integer() else f)
            for f in expression.atoms(sympy.Float)
        }
        return written_out(expression.xreplace(numbers).xreplace(self._renamed))

    def closed_form(
        self,
        name: str,
        case: str,
        title: str,
        *,
        assumptions: Iterable[str],
        quantities: Mapping[str, Any],
        solved: Iterable[Any],
        limits: Mapping[str, Mapping[str, Any]] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> ClosedForm:
        """Put a result together, with the symbols and named parts that occur in it and their LaTeX."""
        found = [*quantities.values(), *(e for limit in (limits or {}).values() for e in limit.values())]
        occurring: set[Any] = set().union(*(expression.free_symbols for expression in found))
        for part in reversed(self.definitions):
            if self.symbols[part] in occurring:
                occurring |= self.definitions[part].free_symbols
        return ClosedForm(
            name=name,
            case=case,
            title=title,
            assumptions=tuple(assumptions),
            quantities=MappingProxyType(dict(quantities)),
            definitions=MappingProxyType({n: e for n, e in self.definitions.items() if self.symbols[n] in occurring}),
            limits=MappingProxyType(dict(limits or {})),
            solved=tuple(solved),
            model=self.model,
            symbols=MappingProxyType({n: s for n, s in self.symbols.items() if s in occurring}),
            labels=MappingProxyType(_declared_labels(self.model) | dict(labels or {})),
        )


def written_out(expression: Any) -> Any:
    """The expression with the formula of every primitive in its place."""
    return expression.replace(lambda node: _formula(node) is not None, lambda node: _formula(node)(*node.args))


def _symbol(name: str, positive: bool) -> Any:
    import sympy

    return sympy.Symbol(name, positive=True) if positive else sympy.Symbol(name, real=True)


def _formula(node: Any) -> Any:
    """The plain formula of a primitive of the package, which algebra cannot see into; None for anything else."""
    function = FUNCTIONS.get(node.func.__name__) if node.is_Function else None
    return function.formula if function else None


def _lower(model: Model, name: str) -> float:
    declared = model.declared(name)
    low = declared.lower if "." in name else declared.options["bounds"][0]
    return -float("inf") if low is None else low


def _declared_labels(model: Model) -> dict[str, str]:
    labels = {address: model.declared(address).symbol for address in model.values}
    labels |= {name: law.options.get("symbol", "") for name, (_, law) in model.program.states.items()}
    labels |= {statement.name: statement.symbol for statement in model.program.statements}
    return {name: label for name, label in labels.items() if label}
