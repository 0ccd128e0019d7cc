"""ATP synthase with its transport, lumped: ATP made in the bath from protons coming back."""

from __future__ import annotations

from ..core.component import component
from ..core.declarations import flux, parameter
from .synthase_capacity import ForceActivation, ProtonPassage
from .synthase_laws import LumpedSynthase, Rotor


@component
class Phosphorylation(LumpedSynthase, ForceActivation):
    """ATP synthase, adenine nucleotide translocase and phosphate carrier as one reversible step.

    With ``a, p, t`` = ADP, Pi, ATP of the bath, ``S`` the Δp-dependent capacity and
    ``E = 1 M · exp(−(n F Δp − ΔG°')/RT)``,

    ``J = S (a p − E t) / ((K_adp + a)(K_pi + p) + S E (K_atp + t)/reverse_capacity)``:

    the kernel of the model with saturating capacities, in a form that stays finite without ADP. Zero
    exactly where ``n F Δp = ΔG_P``; below, ATP is hydrolysed and pumps protons out. Its parameters are those of
    `Synthase`, `LumpedSynthase` and `ForceActivation`.

    References
    ----------
    c8 ring: Okazaki & Hummer 2015. One further proton for transport. Half-saturations: Fischer et al. 1994.
    """


@component
class RotaryPhosphorylation(LumpedSynthase, ProtonPassage):
    """Phosphorylation by a rotary motor: chemistry in series with the passage of protons, Δψ and ΔpH apart.

    As `Phosphorylation`, with the forward capacity of `ProtonPassage`.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of synthesis: chemistry alone.

    References
    ----------
    Proton relays of Fo with pK near 6 and 10, no voltage gate: Feniouk et al. 2004.
    """


@component
class LinearPhosphorylation(Rotor):
    """Phosphorylation near equilibrium: proportional to ``n F Δp − ΔG_P``.

    ``h_per_atp · J_ATP = conductance · (Δp − ΔG_P/nF)``: for closed forms, true only within about 10 kJ/mol.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Protons taken per minute and millivolt.
    transport_protons : 1
        Charges and protons spent on transport per ATP.

    References
    ----------
    Linear force-flow relations of non-equilibrium thermodynamics, worked example H1 of the model description.
    """

    role = "phosphorylation"

    conductance: float = parameter(
        30.0, "nmol/min/mg/mV", bounds=(0, None), range=(5, 100), status="assumed", symbol="g_P",
        source="assumed: worked example H1, 0.50 nmol/s/mg/mV",
    )  # fmt: skip
    transport_protons: float = parameter(1.0, "1", bounds=(0, 4), range=(0.5, 1), status="read", source="PMC8786295")

    h_per_atp = Rotor.h_per_atp_thermodynamic + transport_protons

    @flux(
        "nmol/min/mg",
        symbol="J_{ATP}",
        charge_ims=-h_per_atp,
        h_matrix=h_per_atp,
        adp_bath=-1,
        pi_bath=-1,
        atp_bath=1,
    )
    def J_ATP(self, affinity, faraday, activity_phosphorylation):
        """ATP synthesis, negative for hydrolysis"""
        return activity_phosphorylation * self.conductance * affinity / (faraday * self.h_per_atp**2)
