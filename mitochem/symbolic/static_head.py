"""Proton-motive force between a pump and a leak: the weighted mean, and state 4 with a steep leak."""

from __future__ import annotations

import functools

from ..components import (
    Environment,
    ExponentialLeak,
    LinearElectronTransport,
    LumpedMembrane,
    OxygenReservoir,
)
from ..core.model import Model
from ..models.minimal import minimal
from .closed_form import ClosedForm
from .reading import Reading

__all__ = ["exponential_leak", "weighted_mean"]


@functools.cache
def weighted_mean() -> ClosedForm:
    """Δp of a linear chain, a linear synthase and an ohmic leak: the mean of their own Δp, weighted by conductance.

    ``Δp* = (g_e E_e + g_P E_P)/(g_e + g_L + g_P)`` with ``E_P = ΔG_P/nF``; in state 4 the synthase is idle, and
    the respiratory control ratio is oxygen use at level flow (ΔG_P = 0) over that in state 4.

    Fails where the laws do: real chains and leaks are far from linear, so that real Δp depends less, and real
    respiration more, on the leak than it says here.

    References
    ----------
    Linear non-equilibrium thermodynamics; worked example H1 of the model description.
    """
    import sympy

    reading = Reading(minimal(), keep=("nernst_slope",))
    reading.property_part("phosphorylation", "h_per_atp", instead_of="c_ring")
    pmf = reading["pmf"]
    [reversal] = sympy.solve(reading.expression("affinity_J_ATP"), pmf)
    head = reading.part("phosphorylation_head", reversal, instead_of=reading["delta_Gp"])
    balance = reading.balance("pmf")
    [steady] = sympy.solve(balance, pmf)
    idle = steady.subs(reading["phosphorylation.conductance"], 0)
    oxygen = reading.expression("J_O2")
    control = oxygen.subs(pmf, steady.subs(head, 0)) / oxygen.subs(pmf, idle)
    return reading.closed_form(
        "weighted_mean",
        "H1",
        "linear chain, linear phosphorylation and ohmic leak on one proton-motive force",
        assumptions=(
            "Chain and phosphorylation are near equilibrium: their proton currents are linear in Δp.",
            "The leak is ohmic in Δp, and nothing else carries charge.",
            "ΔG_P, oxygen and ΔpH are constant.",
            "State 4 is the static head, with no ATP made; the control ratio takes level flow, ΔG_P = 0, as state 3.",
        ),
        quantities={
            "pmf": sympy.simplify(steady),
            "pmf_state_4": sympy.simplify(idle),
            "rcr": sympy.factor(sympy.simplify(control)),
        },
        solved=(balance,),
        labels={
            "pmf": r"\Delta p^*",
            "pmf_state_4": r"\Delta p_4",
            "rcr": r"\mathrm{RCR}",
            "h_per_atp": "n",
            "phosphorylation_head": "E_P",
            "phosphorylation.atp_per_turn": r"n_{\mathrm{turn}}",
            "phosphorylation.transport_protons": r"n_{\mathrm{transport}}",
        },
    )


@functools.cache
def exponential_leak() -> ClosedForm:
    """State 4 of a linear chain against a leak that rises exponentially, by the Lambert W function.

    ``Δp = a − W(k k_1 e^{ka}/g_e)/k`` with ``a = E_e + k_1/g_e``. The exponential of ``ka`` overflows where the
    answer is an ordinary number; `ClosedForm.numeric` therefore evaluates ``W(e^y)``.

    Fails for a leak of steepness zero (no leak at all: Δp = E_e), and with a synthase that runs.

    References
    ----------
    Leak of Korzeniewski & Zoladz 2001; worked example H3 of the model description.
    """
    import sympy

    model = Model(
        Environment(),
        LumpedMembrane(),
        OxygenReservoir(),
        LinearElectronTransport(conductance=30.0, static_head=195.0),
        ExponentialLeak(),
        name="exponential_leak",
        description="one proton-motive force: linear chain, exponential leak, no phosphorylation",
    )
    reading = Reading(model, keep=("nernst_slope",))
    balance = reading.balance("pmf")
    [steady] = sympy.solve(balance, reading["pmf"])
    return reading.closed_form(
        "exponential_leak",
        "H3",
        "state 4 of a linear chain against an exponential leak",
        assumptions=(
            "The chain is near equilibrium: its proton current is linear in Δp.",
            "The leak is k_1 (exp(k_2 Δp) − 1), with both constants above zero.",
            "Nothing is phosphorylated, and nothing else carries charge.",
        ),
        quantities={"pmf": steady},
        solved=(balance,),
        labels={"pmf": r"\Delta p^*"},
    )
