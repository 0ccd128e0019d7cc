"""Who controls respiration: flux control coefficients around the proton-motive force."""

from __future__ import annotations

import functools

from ..components import (
    Adenylates,
    ElectronTransport,
    Environment,
    LumpedMembrane,
    OxygenReservoir,
    Phosphorylation,
    SinhLeak,
)
from ..core.model import Model
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["control_coefficients"]

_BLOCKS = ("chain", "leak", "phosphorylation")


@functools.cache
def control_coefficients() -> ClosedForm:
    """Control of Δp and of respiration by chain, leak and phosphorylation, each as one block around Δp.

    With proton currents J and elasticities ε to Δp, ``D = J_L ε_L + J_P ε_P − J_R ε_R``: ``C^Δp_R = J_R/D``,
    ``C^Δp_i = −J_i/D``, ``C^JR_i = δ_iR + ε_R C^Δp_i``. It follows that control of a flux sums to 1, control of Δp to 0
    (summation), ``Σ C^Δp_i ε_i = −1`` and ``Σ C^JR_i ε_i = 0`` (connectivity).

    Holds at a steady state: Δp has to be the one at which the currents balance. Written with J·ε, the slope of a
    current against ln Δp, so that a block without flux has no special case.

    References
    ----------
    Brand & Kesseler; Hafner et al. 1990; worked example H13 of the model description.
    """
    import sympy

    activity = {name: sympy.Symbol(f"activity_{name}", positive=True) for name in _BLOCKS}
    force = sympy.Symbol("force", positive=True)
    current = {name: sympy.Function(f"J_{name}")(force) for name in _BLOCKS}
    sign = {"chain": 1, "leak": -1, "phosphorylation": -1}
    balance = sum(sign[n] * activity[n] * current[n] for n in _BLOCKS)
    at_one = dict.fromkeys(activity.values(), 1)

    model = Model(
        Environment(),
        LumpedMembrane(),
        OxygenReservoir(),
        ElectronTransport(oxygen_half_saturation=0.0),
        Adenylates(),
        Phosphorylation(),
        SinhLeak(),
        name="control_coefficients",
        description="lumped chain, sinh leak and phosphorylation at given nucleotides around one Δp",
        initial={"adp_bath": 0.25, "atp_bath": 0.25, "pi_bath": 5.25, "pmf": 157.77178},
    ).clamp("adp_bath", "atp_bath", "pi_bath")
    reading = Reading(model, keep=("nernst_slope", "mu0_atp_bath"))
    pmf = reading["pmf"]
    rates = {
        "chain": reading["electron_transport.h_per_o2"] * reading.expression("J_O2"),
        "leak": reading.expression("J_leak"),
        "phosphorylation": _protons(reading) * reading.expression("J_ATP"),
    }
    J = {name: reading.define(f"current_{name}", rate) for name, rate in rates.items()}
    slope = {name: reading.define(f"slope_{name}", pmf * sympy.diff(rate, pmf)) for name, rate in rates.items()}
    named = {sympy.diff(current[n], force): slope[n] / force for n in _BLOCKS} | {current[n]: J[n] for n in _BLOCKS}

    of_force, of_flux = {}, {}
    for name in _BLOCKS:  # implicit differentiation of the balance
        moved = -sympy.diff(balance, activity[name]) / sympy.diff(balance, force)
        of_force[name] = sympy.factor((moved / force).subs(at_one).subs(named))
        direct = 1 if name == "chain" else 0
        of_flux[name] = sympy.factor(sympy.simplify(direct + slope["chain"] / J["chain"] * of_force[name]))

    steady = {J["chain"]: J["leak"] + J["phosphorylation"]}
    theorems = {
        "summation of control over Δp": sum(of_force.values()),
        "summation of control over respiration": sum(of_flux.values()) - 1,
        "connectivity of Δp": sum(of_force[n] * slope[n] / J[n] for n in _BLOCKS) + 1,
        "connectivity of respiration": sum(of_flux[n] * slope[n] / J[n] for n in _BLOCKS),
    }
    for theorem, remainder in theorems.items():
        if sympy.simplify(remainder.subs(steady)) != 0:
            raise ArithmeticError(f"the {theorem} does not hold.")
    return reading.closed_form(
        "control_coefficients",
        "H13",
        "control of Δp and of respiration by chain, leak and phosphorylation",
        assumptions=(
            "The three blocks see each other through Δp alone.",
            "Δp is at its steady state, and nucleotides, phosphate and oxygen are constant.",
            "A block is changed as a whole: forward and reverse capacity together.",
        ),
        quantities={
            **{f"pmf_{n}": of_force[n] for n in _BLOCKS},
            **{f"respiration_{n}": of_flux[n] for n in _BLOCKS},
        },
        solved=(sympy.Eq(balance.subs(at_one), 0), *(sympy.Eq(e, 0, evaluate=False) for e in theorems.values())),
        labels={f"pmf_{n}": rf"C^{{\Delta p}}_{{{n[0].upper()}}}" for n in _BLOCKS}
        | {f"respiration_{n}": rf"C^{{J}}_{{{n[0].upper()}}}" for n in _BLOCKS}
        | {f"current_{n}": f"J_{n[0].upper()}" for n in _BLOCKS}
        | {f"slope_{n}": rf"(J\varepsilon)_{{{n[0].upper()}}}" for n in _BLOCKS},
    )


def _protons(reading: Reading) -> object:
    """Protons per ATP, in the parameters of the synthase."""
    item = reading.model.components["phosphorylation"]
    return item.reading({n: reading[f"phosphorylation.{n}"] for n in item.declared_parameters}).h_per_atp  # type: ignore[attr-defined]
