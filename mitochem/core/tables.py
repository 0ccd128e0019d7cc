"""What models and components print: tables of parameters, states, fluxes, laws and equations."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from .component import Component
from .declarations import Parameter

if TYPE_CHECKING:
    import pandas

    from .model import Model


def _parameter_row(item: Component, declared: Parameter, value: Any) -> dict[str, Any]:
    low, high = declared.range or (np.nan, np.nan)
    status, source = item.origin(declared.name)
    return {
        "value": value,
        "unit": declared.unit,
        "lower": declared.lower,
        "upper": declared.upper,
        "plausible_low": low,
        "plausible_high": high,
        "status": status,
        "source": source,
        "description": type(item).describe(declared.name),
    }


def component_table(item: Component) -> pandas.DataFrame:
    import pandas

    rows = {n: _parameter_row(item, p, getattr(item, n)) for n, p in item.declared_parameters.items()}
    return pandas.DataFrame.from_dict(rows, orient="index")


def parameter_table(model: Model) -> pandas.DataFrame:
    import pandas

    rows = {
        f"{owner}.{name}": _parameter_row(item, declared, getattr(item, name))
        for owner, item in model.components.items()
        for name, declared in item.declared_parameters.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("parameter")


def state_table(model: Model) -> pandas.DataFrame:
    import pandas

    start = model.initial
    rows = {
        name: {
            "initial": start[name],
            "unit": law.unit,
            "add_as": {state: alias for alias, state in model.program.aliases.items()}.get(name, ""),
            "held_in": ", ".join(c for c in ("simulate", "steady_state", "titrate") if name in model.held(c)),
            "component": owner,
            "description": law.long_name,
        }
        for name, (owner, law) in model.program.states.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("state")


def flux_table(model: Model) -> pandas.DataFrame:
    import pandas

    rows = {
        name: {
            "unit": flux.law.unit,
            "posts": ", ".join(f"{pool} {_signed(c)}" for pool, c in flux.posts.items()),
            "driven_by": f"affinity_{name}" if flux.law.driven else f"no affinity: {flux.law.reason}",
            "component": flux.owner,
            "description": flux.law.long_name,
        }
        for name, flux in model.program.fluxes.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("flux")


def _signed(coefficient: Any) -> str:
    return f"{coefficient:+g}" if isinstance(coefficient, int | float) else str(coefficient)


def model_table(model: Model) -> pandas.DataFrame:
    """One row a law: component, law, equation, unit."""
    import pandas

    found = equations(model)
    rows = [
        {
            "component": statement.owner,
            "quantity": _lhs(model, statement.name),
            "equation": str(found[statement.name].rhs),
            "unit": statement.unit + (f"/{model.time_unit}" if statement.kind == "rate" else ""),
            "source": ", ".join(_sources(model, statement)),
        }
        for statement in model.program.statements
        if statement.kind in ("derived", "flux", "total", "factor", "rate")
    ]
    return pandas.DataFrame(rows)


def _sources(model: Model, statement: Any) -> list[str]:
    """Origins of the parameters that a law uses by name, each once."""
    if statement.law is None:
        return []
    item = model.components[statement.owner]
    used = statement.law.function.__code__.co_names
    origins = (item.origin(name)[1] for name in item.declared_parameters if name in used)
    return list(dict.fromkeys(origin.split(":")[0] for origin in origins))


def _lhs(model: Model, name: str) -> str:
    return f"d {name[2:]}/dt" if name.startswith("d_") and name[2:] in model.program.states else name


def model_text(model: Model) -> str:
    """A plain-text overview that costs nothing to print."""
    lines = [f"Model {model.name}: {model.description}".rstrip(": ")]
    lines += [f"  {name:<24} {item!r}" for name, item in model.components.items()]
    lines.append(f"  states: {', '.join(model.program.states)}")
    lines.append(f"  fluxes: {', '.join(model.program.fluxes)}")
    return "\n".join(lines)


class Equations(dict[str, Any]):
    """SymPy equations by quantity; LaTeX in a notebook."""

    def latex(self) -> str:
        import sympy

        lines = (sympy.latex(e).replace(" = ", " &= ", 1) for e in self.values())
        return r"\begin{aligned}" + r" \\ ".join(lines) + r"\end{aligned}"

    def _repr_latex_(self) -> str:
        return f"$${self.latex()}$$"

    def __repr__(self) -> str:
        return "\n".join(f"{e.lhs} = {e.rhs}" for e in self.values())


@functools.cache
def _equation_class() -> Any:
    """A SymPy equation that prints with the declared LaTeX of its symbols, and is otherwise like any other."""
    import sympy

    class Equation(sympy.Eq):  # type: ignore[misc]
        names: ClassVar[dict[str, str]] = {}

        def _latex(self, printer: Any) -> str:
            named = {s: self.names.get(s.name, s.name) for s in self.free_symbols}
            return " = ".join(sympy.latex(side, symbol_names=named) for side in self.args)

    return Equation


def equations(model: Model, name: str = "") -> Any:
    """Named statements as SymPy equations, with LaTeX names for symbols that have one."""
    from .errors import ParameterError, nearest
    from .symbolic import latex_names, read_equations

    read = read_equations(model.program, model.components)
    names, equation = latex_names(model.program, model.components), _equation_class()
    found = Equations()
    for statement, expression in read.statements.items():
        found[statement] = equation(read.quantities[statement], expression, evaluate=False)
        found[statement].names = names
    if not name:
        return found
    name = f"d_{name}" if name in model.program.states else name
    if name not in found:
        raise ParameterError(f"{model.name} has no quantity {name!r}." + nearest(name, [*found, *model.program.states]))
    return found[name]
