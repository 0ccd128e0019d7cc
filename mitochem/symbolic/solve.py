"""The steady state of any model in closed form, where its laws allow one, and otherwise the reason why not."""

from __future__ import annotations

from typing import Any

from ..core.arguments import model_in
from ..core.errors import SolveError
from ..core.model import Model
from .books import conserved_sums
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["steady_state"]

_LARGEST_DEGREE = 2

_LONG = 12
"""Operations above which a quantity that is given stays a symbol in the result."""


def steady_state(model: Model) -> ClosedForm:
    """The steady state of a model in symbols, by algebra from its own rates.

    Works where the rates of the free states, after the conserved sums have taken their share of them, are linear,
    quadratic in one unknown, or linear plus one exponential of one unknown (the Lambert W function). States that the
    model holds in steady states (see ``model.clamp``) are given quantities.

    Parameters
    ----------
    model : Model

    Returns
    -------
    ClosedForm
        One quantity per free state. Conserved totals are those of the start values.

    Raises
    ------
    SolveError
        Where no closed form exists; it names the state, and the function of it that stands in the way.
    """
    import sympy

    fluxes = tuple(model_in(model, "symbolic.steady_state").program.fluxes)
    held = model.held("steady_state")
    free = [name for name in model.program.states if name not in held]
    if not free:
        raise SolveError(f"{model.name} has no free state: there is nothing to solve for.")
    reading = Reading(model, keep=_given(model, free))
    unknowns = [reading[name] for name in free]
    rates = {name: reading.expression(f"d_{name}") for name in free}
    totals = _totals(model, fluxes, free, reading)
    eliminated: dict[Any, Any] = {}
    for total in totals:  # each conserved sum gives one state in terms of the others
        remaining = [u for u in unknowns if u in total.lhs.free_symbols and u not in eliminated]
        solved = sympy.solve(total.subs(eliminated), remaining[-1])
        eliminated = {k: e.subs(remaining[-1], solved[0]) for k, e in eliminated.items()} | {remaining[-1]: solved[0]}
    rest = [u for u in unknowns if u not in eliminated]
    if len(rest) > 1:
        for rate in rates.values():
            _refuse_unless_rational(model, rate.subs(eliminated), rest)
    balances = _independent([sympy.Eq(r, 0) for r in rates.values()], eliminated, rest)
    root = _solved(model, reading, balances, rest, eliminated)
    found = {str(u): root[u] for u in rest}
    found |= {str(u): e.subs(root) for u, e in eliminated.items()}
    return reading.closed_form(
        "steady_state",
        "general",
        f"steady state of {model.name}",
        assumptions=(
            "All free states are steady" + (f"; {', '.join(held)} given." if held else "."),
            *([f"Conserved sums keep the start values of the model ({len(totals)})."] if totals else []),
        ),
        quantities={name: found[name] for name in free},
        solved=(*balances, *totals),
        labels={name: reading.model.declared(name).options["symbol"] + "^*" for name in free},
    )


def _given(model: Model, free: list[str]) -> tuple[str, ...]:
    """Computed quantities that do not depend on a free state: they stay symbols, whatever they are made of."""
    depends = set(free)
    for statement in model.program.statements:
        if depends & set(statement.inputs):
            depends.add(statement.name)
    given = tuple(s.name for s in model.program.statements if s.name not in depends and s.kind != "rate")
    whole = Reading(model)
    return tuple(name for name in given if _involved(whole.expression(name)))


def _involved(expression: Any) -> bool:
    """Too long to be written out in a result, or not rational."""
    return bool(expression.count_ops() > _LONG) or not expression.is_rational_function(*expression.free_symbols)


def _refuse_unless_rational(model: Model, rate: Any, unknowns: list[Any]) -> None:
    """Several unknowns can only be solved for where every rate is a quotient of polynomials in them."""
    if not rate.is_rational_function(*unknowns):
        raise SolveError(_why(model, unknowns, _obstacle(rate, unknowns)))


def _totals(model: Model, fluxes: tuple[str, ...], free: list[str], reading: Reading) -> list[Any]:
    """Conserved sums over free states as equations, each with its value at the start."""
    import sympy

    kept = Reading(model, keep=fluxes)
    start = {reading[name]: sympy.nsimplify(model.initial[name]) for name in model.program.states}
    mine = {str(s): reading.symbols[str(s)] for s in kept.symbols.values() if str(s) in reading.symbols}
    equations = []
    for found in conserved_sums(kept, tuple(free)):
        total = found.subs({s: mine[str(s)] for s in found.free_symbols})
        equations.append(sympy.Eq(total, total.subs(start), evaluate=False))
    return equations


def _independent(balances: list[Any], eliminated: dict[Any, Any], rest: list[Any]) -> list[Any]:
    """As many balances as unknowns are left, numerators only; those of eliminated states follow from them."""
    import sympy

    wanted: list[Any] = []
    names = {str(u) for u in rest}
    order = sorted(zip(balances, [*map(str, [*rest, *eliminated])]), key=lambda pair: pair[1] not in names)
    for balance, _ in order:
        top = sympy.numer(sympy.together(balance.lhs.subs(eliminated)))
        top = sympy.expand(sympy.powsimp(sympy.expand(top)))
        if top != 0 and not any(_proportional(top, other.lhs) for other in wanted):
            wanted.append(sympy.Eq(top, 0))
    return wanted


def _proportional(a: Any, b: Any) -> bool:
    import sympy

    return not sympy.simplify(a / b).free_symbols or sympy.simplify(sympy.cancel(a / b)).is_number


def _solved(
    model: Model, reading: Reading, balances: list[Any], unknowns: list[Any], eliminated: dict[Any, Any]
) -> dict[Any, Any]:
    import sympy

    if not unknowns:
        return {}
    tops = [b.lhs for b in balances]
    if all(_obstacle(t, unknowns) is None for t in tops):
        degree = max(sympy.Poly(t, *unknowns).total_degree() for t in tops)
        if degree == 1 or (len(unknowns) == 1 and degree <= _LARGEST_DEGREE):
            roots = sympy.solve(tops, unknowns, dict=True)
            return _physical(model, reading, [r for r in roots if len(r) == len(unknowns)], eliminated)
        raise SolveError(
            f"{model.name}: the balances are polynomials of degree {degree} in {len(unknowns)} unknowns, "
            "for which no useful closed form exists. model.steady_state() solves it by numbers."
        )
    [x], top = unknowns, tops[0]
    exponentials = [e for e in top.atoms(sympy.exp) if x in e.free_symbols]
    stand_in = sympy.Dummy("exponential")
    written = top.subs(dict.fromkeys(exponentials[:1], stand_in))
    linear = (
        len(exponentials) == 1
        and sympy.diff(exponentials[0].exp, x, 2) == 0
        and _obstacle(written, [x, stand_in]) is None
        and sympy.Poly(written, x, stand_in).total_degree() == 1
    )
    if not linear:
        raise SolveError(_why(model, unknowns, _obstacle(top, unknowns)))
    return _physical(model, reading, [{x: root} for root in sympy.solve(top, x)], eliminated)


def _obstacle(expression: Any, unknowns: list[Any]) -> Any:
    """The simplest part of an expression that is not polynomial in the unknowns; None if all of it is."""
    import sympy

    if expression.is_polynomial(*unknowns):
        return None
    guilty = [
        f
        for f in expression.atoms(sympy.Function, sympy.Pow)
        if f.free_symbols & set(unknowns) and not f.is_polynomial(*unknowns)
    ]
    return min(guilty, key=lambda f: f.count_ops(), default=expression)


def _why(model: Model, unknowns: list[Any], obstacle: Any) -> str:
    among = ", ".join(sorted(str(u) for u in obstacle.free_symbols & set(unknowns)))
    many = f" in {len(unknowns)} unknowns" if len(unknowns) > 1 else ""
    text = str(obstacle)
    return (
        f"{model.name} has no steady state in closed form: {among} occurs{many} in "
        f"{text if len(text) < 80 else type(obstacle).__name__ + '(...)'}, next to other functions of it. "
        "model.steady_state() solves it by numbers."
    )


def _physical(
    model: Model, reading: Reading, roots: list[dict[Any, Any]], eliminated: dict[Any, Any]
) -> dict[Any, Any]:
    """The root that is real and inside the bounds of all states at the values of the model."""
    computed = model.program.run(model.components, model.initial, reading.keep)
    point = {s: computed[n] if n in reading.keep else model[n] for n, s in reading.symbols.items()}
    good = []
    for root in roots:
        whole = root | {u: e.subs(root) for u, e in eliminated.items()}
        numbers = {str(u): complex(e.subs({s: point[s] for s in e.free_symbols}).evalf()) for u, e in whole.items()}
        if all(abs(n.imag) < 1e-9 * (1 + abs(n)) and _inside(model, name, n.real) for name, n in numbers.items()):
            good.append(root)
    if len(good) != 1:
        raise SolveError(f"{model.name}: {len(good)} of {len(roots)} roots are physical at the values of the model.")
    return good[0]


def _inside(model: Model, state: str, value: float) -> bool:
    low, high = model.declared(state).options["bounds"]
    slack = 1e-9 * model.declared(state).options["scale"]
    return (low is None or value >= low - slack) and (high is None or value <= high + slack)
