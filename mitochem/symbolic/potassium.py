"""How a potassium cycle splits the proton-motive force into Δψ and ΔpH."""

from __future__ import annotations

import functools
from typing import Any

from ..components import (
    Environment,
    LinearElectronTransport,
    LinearPotassiumProtonExchange,
    LinearPotassiumUniport,
    Membrane,
    OhmicLeak,
    OxygenReservoir,
    Potassium,
)
from ..core.model import Model
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["potassium_cycle"]


@functools.cache
def potassium_cycle() -> ClosedForm:
    """Δp, Δψ and ZΔpH of a linear chain and an ohmic leak with K+ going in by uniport and out by K+/H+ exchange.

    The cycle is one more leak, ``g_KX = g_K g_X/(g_K + g_X)``. It sets the split:
    ``Δψ = E_K + (g_KX/g_K) Δp`` and ``ZΔpH = −E_K + (g_KX/g_X) Δp``. Nigericin (g_X → ∞) makes ZΔpH = −E_K,
    valinomycin (g_K → ∞) makes Δψ = E_K, both together abolish Δp.

    The steady state is for given matrix K+: one conserved charge ties K+ to Δψ and matrix pH, so that any K+ is
    steady for some start. Fails without any cycle, where Δψ and ΔpH are a single variable, and under swelling.

    References
    ----------
    Worked example H4 of the model description; ionophores as in Brand & Nicholls 2011.
    """
    import sympy

    model = Model(
        Environment(),
        Membrane(),
        OxygenReservoir(),
        LinearElectronTransport(),
        OhmicLeak(),
        Potassium(),
        LinearPotassiumUniport(),
        LinearPotassiumProtonExchange(),
        name="potassium_cycle",
        description="Δψ, matrix pH and matrix K+: linear chain, ohmic leak, linear K+ cycle",
    )
    reading = Reading(model, keep=("nernst_slope", "potassium_potential"))
    uniport = reading["potassium_uniport.conductance"]
    exchange = reading["potassium_proton_exchange.conductance"]
    balances = (reading.balance("delta_psi"), reading.balance("pH_matrix"))
    [root] = sympy.solve(balances, (reading["delta_psi"], reading["pH_matrix"]), dict=True)
    # Each result as an offset (what a short-circuit of K+ leaves) and the rest, which is proportional to Δp.
    potential = reading["potassium_potential"]
    offset = {"pmf": sympy.Integer(0), "delta_psi": potential, "delta_pH_mV": -potential}
    whole = {
        "pmf": reading.expression("pmf"),
        "delta_psi": reading["delta_psi"],
        "delta_pH_mV": reading["nernst_slope"] * reading.expression("delta_pH"),
    }
    rest = {name: sympy.simplify(whole[name].subs(root) - offset[name]) for name in whole}

    def limits(expressions: dict[str, Any], conductance: Any) -> dict[str, Any]:
        return {n: sympy.simplify(sympy.limit(e, conductance, sympy.oo)) for n, e in expressions.items()}

    infinite = {"nigericin": limits(rest, exchange), "valinomycin": limits(rest, uniport)}
    infinite["both"] = limits(infinite["nigericin"], uniport)
    share = {name: sympy.simplify(e / rest["pmf"]) for name, e in rest.items()}
    reading.part("cycle_conductance", uniport * exchange / (uniport + exchange), instead_of=exchange)
    pmf = reading.with_parts(rest["pmf"])
    return reading.closed_form(
        "potassium_cycle",
        "H4",
        "linear chain and ohmic leak with a potassium cycle: the split of Δp into Δψ and ΔpH",
        assumptions=(
            "Chain, leak, K+ uniport and K+/H+ exchange are linear in their driving forces.",
            "Matrix K+ is given; which value a start leads to follows from the conserved charge.",
            "Nothing is phosphorylated, and the matrix does not swell.",
        ),
        quantities={name: offset[name] + share[name] * pmf for name in whole},
        limits={drug: {n: offset[n] + e for n, e in found.items()} for drug, found in infinite.items()},
        solved=balances,
        labels={
            "pmf": r"\Delta p^*",
            "delta_psi": r"\Delta\psi^*",
            "delta_pH_mV": r"Z\,\Delta\mathrm{pH}^*",
            "cycle_conductance": "g_{KX}",
        },
    )
