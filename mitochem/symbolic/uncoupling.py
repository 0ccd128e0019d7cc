"""Uncouplers: the cycle of a weak acid, and a titration that passes through a maximum."""

from __future__ import annotations

import functools

from ..components import (
    Environment,
    Inhibitor,
    LinearElectronTransport,
    LumpedMembrane,
    Membrane,
    OhmicLeak,
    OxygenReservoir,
    Protonophore,
)
from ..core.model import Model
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["bell_shaped_titration", "protonophore_cycle"]

_NAME = Protonophore.role


@functools.cache
def protonophore_cycle() -> ClosedForm:
    """Turnover of a weak-acid protonophore, its conductance near rest, its best pH and its saturation.

    Near rest ``J/N = k_HA k_A θ(1−θ)/(2 (k_HA θ + k_A (1−θ))) FΔp/RT``, largest at ``pH = pK + ½ log10(k_HA/k_A)``;
    at high Δψ the neutral form limits, ``J/N = k_HA θ_o``. It is zero exactly at Δp = 0, however that is split.

    Fails where the proton reaches the carrier by diffusion, and for dimers (DNP in bilayers).

    References
    ----------
    Benz & McLaughlin 1983; worked example H7 of the model description.
    """
    import sympy

    model = Model(
        Environment(),
        Membrane(),
        OxygenReservoir(),
        LinearElectronTransport(),
        Protonophore(dose=1.0),
        name="protonophore_cycle",
        description="linear chain and a weak-acid uncoupler, Δψ and matrix pH given",
        initial={"delta_psi": 150.0, "pH_matrix": 7.5},
    )
    reading = Reading(model, keep=("thermal_voltage",))
    psi, inside, outside = reading["delta_psi"], reading["pH_matrix"], reading["pH_bath"]
    turnover = reading.expression(f"{_NAME}_turnover")
    # Without a force, in amounts instead of logarithms: a rational function.
    h, k, x = sympy.symbols("h k x", positive=True)
    logarithms = {outside: -sympy.log(h) / sympy.log(10), reading[f"{_NAME}.pK"]: -sympy.log(k) / sympy.log(10)}
    at_rest = turnover.subs(inside, outside - psi / (sympy.log(10) * reading["thermal_voltage"]))
    at_rest = at_rest.subs(psi, 2 * reading["thermal_voltage"] * sympy.log(x)).subs(logarithms)
    if sympy.simplify(at_rest) != 0:
        raise ArithmeticError("the cycle turns without a proton-motive force.")
    conductance = sympy.simplify(sympy.diff(turnover, psi).subs(inside, outside).subs(psi, 0))
    protons = sympy.Symbol("protons", positive=True)
    by_protons = conductance.subs(outside, -sympy.log(protons) / sympy.log(10))
    [best] = sympy.solve(sympy.numer(sympy.together(sympy.simplify(sympy.diff(by_protons, protons)))), protons)
    optimum = sympy.expand_log(sympy.simplify(-sympy.log(best) / sympy.log(10)), force=True)
    saturation = sympy.simplify(
        sympy.limit(turnover.subs(psi, 2 * reading["thermal_voltage"] * sympy.log(x)), x, sympy.oo)
    )
    return reading.closed_form(
        "protonophore_cycle",
        "H7",
        "a weak acid that carries protons, per bound molecule",
        assumptions=(
            "Protonation at both faces is at equilibrium; crossing limits.",
            "The barrier for the anion is in the middle of the membrane.",
            "The carrier is distributed between the faces as in the steady state.",
        ),
        quantities={
            "turnover": turnover,
            "conductance": conductance,
            "best_pH": sympy.expand(optimum),
            "saturation": saturation,
        },
        solved=(sympy.Eq(sympy.Symbol("turnover"), turnover, evaluate=False),),
        labels={
            "turnover": "J/N",
            "conductance": r"\partial(J/N)/\partial\Delta p",
            "best_pH": r"\mathrm{pH}^*",
            "saturation": r"(J/N)_\infty",
        },
    )


@functools.cache
def bell_shaped_titration() -> ClosedForm:
    """Dose of an uncoupler at which respiration is largest, when it also inhibits the chain.

    With a linear pump, an uncoupler of conductance ``γc`` and activity ``1/(1 + c/K)``, the maximum is at
    ``c* = √(g_e K/γ)``. Less uncoupler leaves Δp as a brake, more of it poisons the chain.

    Fails with a leak of any size (the maximum then moves to a smaller dose) and with a chain that is not linear.

    References
    ----------
    Worked example H14 of the model description.
    """
    import sympy

    model = Model(
        Environment(),
        LumpedMembrane(),
        OxygenReservoir(),
        LinearElectronTransport(),
        OhmicLeak(conductance=120.0),
        Inhibitor(dose=1.0, half_dose=5.0).rewire(activity="activity_chain"),
        name="bell_shaped_titration",
        description="linear chain, inhibited by the uncoupler that dissipates its force",
    )
    reading = Reading(model, keep=("nernst_slope",))
    dose, conductance = reading["inhibitor.dose"], reading["leak.conductance"]
    reading.part("conductance_per_dose", conductance / dose, instead_of=conductance)
    at_hill = {reading["inhibitor.hill"]: 1}
    balance = reading.balance("pmf").subs(at_hill)
    [steady] = sympy.solve(balance, reading["pmf"])
    oxygen = sympy.factor(sympy.simplify(reading.expression("J_O2").subs(at_hill).subs(reading["pmf"], steady)))
    summit = sympy.Eq(sympy.numer(sympy.together(sympy.diff(oxygen, dose))), 0)
    [best] = [root for root in sympy.solve(summit, dose) if root.is_positive]
    head, pump = reading["electron_transport.static_head"], reading["electron_transport.conductance"]
    largest = pump * head / reading["electron_transport.h_per_o2"]
    return reading.closed_form(
        "bell_shaped_titration",
        "H14",
        "an uncoupler that inhibits the chain: the dose of largest respiration",
        assumptions=(
            "The chain is linear in Δp, and without other leak than the uncoupler.",
            "Conductance is proportional to the dose, and the chain's activity is 1/(1 + dose/half-dose).",
        ),
        quantities={
            "best_dose": best,
            "relative_rate": sympy.simplify((oxygen / largest).subs(dose, best)),
        },
        solved=(balance, summit),
        labels={
            "best_dose": "c^*",
            "relative_rate": r"J^*/J_{\max}",
            "conductance_per_dose": r"\gamma",
            "inhibitor.dose": "c",
            "inhibitor.half_dose": "K",
        },
    )
