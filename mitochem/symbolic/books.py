"""What a model keeps and what it dissipates: conserved sums, and the balance of entropy production."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ..core.model import Model
from ..models.isolated import isolated_mitochondria
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["conservation", "conserved_sums", "entropy_production"]


def conserved_sums(
    reading: Reading, of: tuple[str, ...] | None = None, at: Mapping[Any, Any] | None = None
) -> list[Any]:
    """Sums of states that no flux changes: the left null space of d(rate)/d(flux), in symbols.

    The reading must keep all fluxes of its model; ``of`` restricts the states, and ``at`` gives numbers (exact ones)
    for parameters, which is faster. States whose rate is not linear in the fluxes with constant coefficients are left
    out.
    """
    import sympy

    fluxes = [reading[name] for name in reading.model.program.fluxes]
    states, rows = [], []
    for state in reading.model.program.states if of is None else of:
        rate = sympy.expand(reading.expression(f"d_{state}").subs(at or {}))
        row = [sympy.simplify(sympy.diff(rate, flux)) for flux in fluxes]
        known = set().union(*(entry.free_symbols for entry in row)) if row else set()
        if sympy.simplify(rate - sum((c * f for c, f in zip(row, fluxes)), sympy.Integer(0))) == 0 and not known & {
            reading[s] for s in reading.model.program.states
        }:
            states.append(reading[state])
            rows.append(row)
    null = sympy.Matrix(rows).T.nullspace(simplify=True) if rows else []
    sums = []
    for vector in null:
        denominators = [sympy.denom(sympy.together(c)) for c in vector]
        scale = functools.reduce(sympy.lcm, denominators, sympy.Integer(1))
        sums.append(sympy.expand(sum(sympy.simplify(scale * c) * s for c, s in zip(vector, states))))
    return sums


@functools.cache
def conservation() -> ClosedForm:
    """Charge, adenylates and phosphate: what no flux of isolated mitochondria changes.

    ``C Δψ − β pH + K`` (charge), ``ATP + ADP`` and ``Pi − ADP``: 4 independent motions of 7 states. The charge
    is what ties ΔpH to potassium: without a counter-ion Δψ and matrix pH would be one variable.

    Fails when an addition brings more, or electrodes take charge.

    References
    ----------
    Worked example H11 of the model description.
    """
    import sympy

    model = isolated_mitochondria()
    reading = Reading(model, keep=tuple(model.program.fluxes))
    sums = conserved_sums(reading)

    def holding(*names: str) -> Any:
        """The combination of the conserved sums in which only these states occur, the last one with factor 1."""
        weights = sympy.symbols(f"weight:{len(sums)}")
        mixed = sympy.expand(sum(w * s for w, s in zip(weights, sums)))
        absent = [sympy.diff(mixed, reading[n]) for n in model.program.states if n not in names]
        [found] = sympy.solve([*absent, sympy.diff(mixed, reading[names[-1]]) - 1], weights, dict=True)
        return sympy.expand(mixed.subs(found))

    return reading.closed_form(
        "conservation",
        "H11",
        "what no flux of isolated mitochondria changes",
        assumptions=(
            "Nothing is added, and the membrane leaks only ions that the model moves.",
            "Capacitance, buffering and volumes are constant.",
        ),
        quantities={
            "charge": holding("delta_psi", "pH_matrix", "K_matrix"),
            "adenylates": holding("adp_bath", "atp_bath"),
            "phosphate": holding("adp_bath", "pi_bath"),
        },
        solved=tuple(sympy.Eq(sympy.Symbol(f"d({s})/dt"), 0, evaluate=False) for s in sums),
        labels={"charge": "Q", "adenylates": "A_T", "phosphate": r"\mathrm{P_i} - \mathrm{ADP}"},
    )


def _balances(reading: Reading, model: Model) -> list[Any]:
    held = model.held("steady_state")
    return [reading.expression(f"d_{state}") for state in model.program.states if state not in held]


@functools.cache
def entropy_production() -> ClosedForm:
    """Power dissipated by each process at steady state, and their sum: what respiration releases.

    ``T σ = Σ J_i A_i`` and at steady state ``= J_O2 · 4F ΔE``: with the ATP-using work counted, everything that the
    electrons release becomes heat. Per O2, in nmol kJ/(mol min mg), which is µJ/min/mg.

    Fails while states change: then some of it is stored.

    References
    ----------
    Worked example H12 of the model description.
    """
    import sympy

    model = isolated_mitochondria().replace({"load.capacity": 180.0, "delta_psi": 200.0})
    fluxes = tuple(model.program.fluxes)
    reading = Reading(model, keep=(*_POTENTIALS, *fluxes))
    terms = {name: reading[name] * sympy.factor(reading.expression(f"affinity_{name}")) for name in fluxes}
    total = sympy.expand(sum(terms.values()))
    # Steady balances are linear in the fluxes: as many of them as are independent are solved for.
    eliminated = [reading[name] for name in ("J_load", "J_leak", "J_KH_exchange")]
    [steady] = sympy.solve(_balances(reading, model), eliminated, dict=True)
    released = sympy.factor(sympy.simplify(total.subs(steady)))
    if released.free_symbols & {reading[name] for name in _POTENTIALS}:
        raise ArithmeticError(f"stored energies do not cancel at steady state: {released}.")
    return reading.closed_form(
        "entropy_production",
        "H12",
        "dissipation of each process, and of all at steady state",
        assumptions=(
            "All states that are free are steady; oxygen is held.",
            "The work that ATP does ends as heat, too.",
        ),
        quantities={**{f"power_{n}": e for n, e in terms.items()}, "total": total, "released": released},
        solved=tuple(sympy.Eq(b, 0) for b in _balances(reading, model)),
        labels={"total": r"T\sigma", "released": r"J_{\mathrm{O_2}} 4F\Delta E"}
        | {f"power_{n}": rf"J A({_plain(n)})" for n in terms},
    )


_POTENTIALS = ("nernst_slope", "potassium_potential", "mu_atp_bath", "mu_adp_bath", "mu_pi_bath")


def _plain(name: str) -> str:
    return r"\mathrm{" + name.removeprefix("electron_transport_").replace("_", r"\_") + "}"
