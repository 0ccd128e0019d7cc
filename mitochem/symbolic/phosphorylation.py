"""Where phosphorylation stops: the energy and the ATP/ADP ratio that a proton-motive force can hold."""

from __future__ import annotations

import functools

from ..components import Adenylates, Environment, LumpedMembrane, Phosphorylation
from ..core.model import Model
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["phosphorylation_equilibrium"]


@functools.cache
def phosphorylation_equilibrium() -> ClosedForm:
    """ΔG_P and ATP/ADP of the bath at which ATP synthesis stands still, for a given Δp.

    ``ΔG_P = n F Δp``, and ``ATP/ADP = (Pi/1 M) exp((n F Δp − ΔG°')/RT)``, with n the protons per ATP including
    transport (11/3 with a c8 ring and nucleotides of the bath; 8/3 for those of the matrix, without transport).
    The capacities drop out: an equilibrium does not depend on the rate law.

    Fails with work that uses ATP, where synthesis never stands still, and while Δp is itself drawn down.

    References
    ----------
    Worked example H5 of the model description.
    """
    import sympy

    model = Model(
        Environment(),
        LumpedMembrane(),
        Adenylates(),
        Phosphorylation(),
        name="phosphorylation_equilibrium",
        description="ATP synthase and bath nucleotides at a given proton-motive force",
        initial={"pmf": 180.0},
    ).clamp("pmf")
    reading = Reading(model, keep=("nernst_slope", "mu0_atp_bath"))
    reading.property_part("phosphorylation", "h_per_atp", instead_of="c_ring")
    atp, adp = reading["atp_bath"], reading["adp_bath"]
    balance = reading.balance("atp_bath")
    [steady] = sympy.solve(balance, atp)
    energy = sympy.expand_log(reading.expression("delta_Gp").subs(atp, steady), force=True)
    return reading.closed_form(
        "phosphorylation_equilibrium",
        "H5",
        "ATP synthase at equilibrium with the proton-motive force",
        assumptions=(
            "ATP synthesis stands still: nothing uses ATP, and enough time has passed.",
            "Δp is held by the chain, whatever the synthase takes.",
            "Solutions are ideal in total ATP, ADP and phosphate; binding of H+ and Mg2+ is inside ΔG°'.",
        ),
        quantities={"delta_Gp": sympy.simplify(energy), "atp_per_adp": sympy.simplify(steady / adp)},
        solved=(balance,),
        labels={
            "delta_Gp": r"\Delta G_P^*",
            "atp_per_adp": r"(\mathrm{ATP}/\mathrm{ADP})^*",
            "h_per_atp": "n",
            "mu0_atp_bath": r"\Delta G^{\circ\prime}",
            "phosphorylation.atp_per_turn": r"n_{\mathrm{turn}}",
            "phosphorylation.transport_protons": r"n_{\mathrm{transport}}",
        },
    )
