"""An acid bath for a vesicle: how much ATP an imposed gradient makes before it has run down."""

from __future__ import annotations

import functools

from ..components import Environment, FixedPhosphorylationPotential, LinearPhosphorylation, LumpedMembrane, OhmicLeak
from ..constants import FARADAY
from ..core.model import Model
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["imposed_gradient"]


@functools.cache
def imposed_gradient() -> ClosedForm:
    """ATP made by a vesicle with synthase and leak from a proton-motive force that was imposed on it.

    ``B dΔp/dt = −g_L Δp − g_P (Δp − E_P)``: ATP is made until Δp has fallen to ``E_P = ΔG_P/nF``, for
    ``t* = B/(g_L + g_P) ln((D_0 − d)/(E_P − d))`` with ``d = g_P E_P/(g_L + g_P)``; the yield is the integral of
    ``g_P (Δp − E_P)/n`` until then. Afterwards the synthase would run backwards.

    Fails for a start below ``E_P``, which makes no ATP, and where ΔG_P rises noticeably meanwhile.

    References
    ----------
    Acid-base jump of Jagendorf & Uribe 1966; worked example H16 of the model description.
    """
    import sympy

    model = Model(
        Environment(),
        LumpedMembrane(capacitance=0.37),
        FixedPhosphorylationPotential(delta_Gp=120.0 * FARADAY * 14.0 / 3.0),
        LinearPhosphorylation(conductance=3.0, c_ring=14.0, transport_protons=0.0),
        OhmicLeak(conductance=0.6),
        name="imposed_gradient",
        description="vesicle with ATP synthase (c14) and an ohmic leak, no pump",
        initial={"pmf": 200.0},
    )
    reading = Reading(model, keep=("nernst_slope",))
    reading.property_part("phosphorylation", "h_per_atp", instead_of="c_ring")
    pmf = reading["pmf"]
    [reversal] = sympy.solve(reading.expression("affinity_J_ATP"), pmf)
    head = reading.part("phosphorylation_head", reversal, instead_of=reading["delta_Gp"])
    time, later = sympy.Symbol("time", positive=True), sympy.Function("later")
    rate = sympy.Eq(later(time).diff(time), sympy.simplify(reading.expression("d_pmf")).subs(pmf, later(time)))
    course = sympy.simplify(sympy.dsolve(rate, later(time), ics={later(0): pmf}).rhs)
    capacitance = reading["membrane.capacitance"]
    total = reading["leak.conductance"] + reading["phosphorylation.conductance"]
    # One exponential: with y in its place the end is a root of a linear equation.
    y = sympy.Symbol("y", positive=True)
    rest = sympy.simplify(sympy.limit(course.subs(time, time * capacitance / total), time, sympy.oo))
    span = sympy.simplify(course.subs(time, 0) - rest)
    if sympy.simplify(course - rest - span * sympy.exp(-total * time / capacitance)) != 0:
        raise ArithmeticError("Δp does not relax with one exponential.")
    [left] = sympy.solve(sympy.Eq(rest + span * y, head), y)
    duration = -capacitance / total * sympy.log(sympy.simplify(left))
    speed = sympy.simplify(reading.expression("J_ATP"))
    at_rest, per_span = sympy.simplify(speed.subs(pmf, rest)), sympy.diff(speed, pmf) * span
    made = at_rest * duration + per_span * (1 - left) * capacitance / total
    return reading.closed_form(
        "imposed_gradient",
        "H16",
        "a vesicle with synthase and leak on an imposed gradient",
        assumptions=(
            "Synthase and leak are linear in Δp, and ΔG_P does not change.",
            "Δp starts above the point where the synthase stands still, and ATP is counted until it gets there.",
        ),
        quantities={"duration": duration, "atp_yield": sympy.simplify(made)},
        solved=(rate, sympy.Eq(rest + span * y, head)),
        labels={
            "duration": "t^*",
            "atp_yield": r"\mathrm{ATP}",
            "pmf": "D_0",
            "h_per_atp": "n",
            "phosphorylation_head": "E_P",
            "phosphorylation.atp_per_turn": r"n_{\mathrm{turn}}",
            "phosphorylation.transport_protons": r"n_{\mathrm{transport}}",
            "membrane.capacitance": "B",
        },
    )
