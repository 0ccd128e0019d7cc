"""How tightly respiration and phosphorylation are coupled: degree of coupling, best efficiency, ATP per oxygen."""

from __future__ import annotations

import functools

from ..models.isolated import isolated_mitochondria
from ..models.minimal import minimal
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["degree_of_coupling", "phosphorylation_yield"]


@functools.cache
def degree_of_coupling() -> ClosedForm:
    """Kedem-Caplan coupling of a linear chain and synthase through a leaky membrane, after eliminating Δp.

    Δp adjusts itself, and what is left are two flows driven by two forces with a symmetric matrix L (Onsager).
    ``q = L_12/√(L_11 L_22)``, ``Z = √(L_22/L_11)``, and the best efficiency is ``(q/(1 + √(1 − q²)))²``.

    Fails outside the linear range, where respiration is far from equilibrium: there q depends on the state.

    References
    ----------
    Kedem & Caplan 1965; worked example H2 of the model description.
    """
    import sympy

    reading = Reading(minimal(), keep=("nernst_slope",))
    reading.property_part("phosphorylation", "h_per_atp", instead_of="c_ring")
    pmf, faraday, span = reading["pmf"], reading["faraday"], sympy.Symbol("span", positive=True)
    energy = sympy.Symbol("energy", real=True)
    # Forces: energy of respiration per O2, and minus that of ATP.
    head = span / (faraday * reading["electron_transport.h_per_o2"])
    balance = reading.balance("pmf")
    [steady] = sympy.solve(balance, pmf)
    forces = {reading["electron_transport.static_head"]: head, reading["delta_Gp"]: -energy}
    flows = [reading.expression(name).subs(pmf, steady).subs(forces) for name in ("J_O2", "J_ATP")]
    matrix = sympy.Matrix([[sympy.factor(sympy.diff(flow, force)) for force in (span, energy)] for flow in flows])
    if sympy.simplify(matrix[0, 1] - matrix[1, 0]) != 0:
        raise ArithmeticError("the two flows are not symmetric in the two forces.")
    squared = sympy.factor(matrix[0, 1] ** 2 / (matrix[0, 0] * matrix[1, 1]))
    coupling = reading.define("coupling_squared", squared, positive=True)
    # Efficiency with x = Z X_2/X_1: -J_2 X_2/(J_1 X_1) = -x (x + q)/(1 + q x); its maximum is between -q and 0.
    x, q = sympy.Symbol("x", real=True), sympy.Symbol("q", positive=True)
    efficiency = -x * (x + q) / (1 + q * x)
    stationary = sympy.solve(sympy.numer(sympy.together(sympy.diff(efficiency, x))), x)
    [best] = [root for root in stationary if -0.5 < root.subs(q, sympy.Rational(1, 2)) < 0]
    efficient = sympy.simplify(efficiency.subs(x, best)).subs(q, sympy.sqrt(coupling))
    return reading.closed_form(
        "degree_of_coupling",
        "H2",
        "respiration and phosphorylation as two coupled linear flows",
        assumptions=(
            "Chain, phosphorylation and leak are linear in their forces.",
            "Δp is steady: it has been eliminated.",
            "Flows are per O2 and per ATP; the phenomenological stoichiometry Z has their unit.",
        ),
        quantities={
            "coupling": sympy.sqrt(coupling),
            "stoichiometry": sympy.sqrt(sympy.factor(matrix[1, 1] / matrix[0, 0])),
            "best_efficiency": efficient,
        },
        solved=(balance, sympy.Eq(matrix[0, 1], matrix[1, 0], evaluate=False)),
        labels={
            "coupling": "q",
            "coupling_squared": "q^2",
            "stoichiometry": r"Z_{21}",
            "best_efficiency": r"\eta_{\max}",
            "h_per_atp": "n",
            "phosphorylation.atp_per_turn": r"n_{\mathrm{turn}}",
            "phosphorylation.transport_protons": r"n_{\mathrm{transport}}",
        },
    )


@functools.cache
def phosphorylation_yield() -> ClosedForm:
    """ATP per oxygen atom at steady state, from what the leak, slip and the potassium cycle leave.

    ``P/O = (n_e (J_O2 − J_slip) − J_leak − J_U − J_K)/(2 n J_O2)`` per atom of oxygen, with n_e per O2. Without leak,
    slip and cycle it is ``n_e/2n``: 30/11 from NADH and 18/11 from succinate with 11/3 protons per ATP.

    Fails while Δψ changes, and with other processes that move charge.

    References
    ----------
    Hinkle 2005; worked example H15 of the model description.
    """
    import sympy

    fluxes = ("electron_transport_J_coupled", "electron_transport_J_slip", "J_ATP", "J_leak", "J_K_uniport")
    reading = Reading(isolated_mitochondria(), keep=fluxes)
    reading.property_part("phosphorylation", "h_per_atp", instead_of="c_ring")
    _, slip, atp, leak, potassium = (reading[name] for name in fluxes)
    balance = reading.balance("delta_psi")
    [steady] = sympy.solve(balance, atp)
    oxygen = reading.expression("J_O2")
    ratio = sympy.factor(sympy.simplify(steady / (2 * oxygen)))
    tight = sympy.simplify(ratio.subs({leak: 0, slip: 0, potassium: 0}))
    return reading.closed_form(
        "phosphorylation_yield",
        "H15",
        "ATP per oxygen atom, from the balance of charge",
        assumptions=(
            "Δψ is steady: the charges pumped are the charges returned.",
            "Charge returns by phosphorylation, the leak and K+ uniport only.",
            "Slip uses oxygen and pumps nothing.",
        ),
        quantities={"p_per_o": ratio, "largest": tight},
        solved=(balance,),
        labels={
            "p_per_o": r"\mathrm{P/O}",
            "largest": r"(\mathrm{P/O})_{\max}",
            "electron_transport_J_coupled": "J_e",
            "electron_transport_J_slip": r"J_{\mathrm{slip}}",
            "electron_transport.h_per_o2": "n_e",
            "h_per_atp": "n",
            "phosphorylation.atp_per_turn": r"n_{\mathrm{turn}}",
            "phosphorylation.transport_protons": r"n_{\mathrm{transport}}",
        },
    )
