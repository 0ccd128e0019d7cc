"""ATP synthase with its transport: ATP made in the bath from protons coming back."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter
from ..core.functions import exp, logistic


@component
class Phosphorylation(Component):
    """ATP synthase, adenine nucleotide translocase and phosphate carrier as one reversible step.

    With ``a, p, t`` = ADP, Pi, ATP of the bath, ``S`` the Δp-dependent capacity and
    ``E = 1 M · exp(−(n F Δp − ΔG°')/RT)``,

    ``J = S (a p − E t) / ((K_adp + a)(K_pi + p) + S E (K_atp + t)/reverse_capacity)``:

    the kernel of the model with saturating capacities, in a form that stays finite without ADP. Zero
    exactly where ``n F Δp = ΔG_P``; below, ATP is hydrolysed and pumps protons out.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of synthesis.
    reverse_capacity : nmol/min/mg
        Largest rate of hydrolysis.
    c_ring : 1
        Subunits of the c-ring: protons per turn.
    atp_per_turn : 1
        Catalytic sites of F1.
    transport_protons : 1
        Charges and protons spent on moving ADP, Pi in and ATP out.
    K_adp : mM
        Half-saturation with external ADP.
    K_pi : mM
        Half-saturation with external phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with external ATP.
    pmf_half : mV
        Δp at half forward capacity.
    pmf_width : mV
        e-fold width of that activation.

    References
    ----------
    c8 ring: Okazaki & Hummer 2015. One further proton for transport. Half-saturations: Fischer et al. 1994.
    """

    role = "phosphorylation"

    capacity: float = parameter(
        612.0, "nmol/min/mg", bounds=(0, None), range=(120, 2400), status="calibrated", symbol="V_s",
        source="assumed: calibrated to state 3 respiration",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        360.0, "nmol/min/mg", bounds=(1e-6, None), range=(30, 1200), status="calibrated", symbol="V_h",
        source="assumed: calibrated; uncoupled ATPase of coupled preparations",
    )  # fmt: skip
    c_ring: float = parameter(8.0, "1", bounds=(3, 30), range=(8, 17), status="read", symbol="c", source="Okazaki2015")
    atp_per_turn: float = parameter(3.0, "1", bounds=(1, None), status="read", source="Okazaki2015")
    transport_protons: float = parameter(1.0, "1", bounds=(0, 4), range=(0.5, 1), status="read", source="PMC8786295")
    K_adp: float = parameter(
        0.025, "mM", bounds=(0, None), range=(0.01, 0.06), status="recalled", symbol="K_D", source="Fischer1994"
    )
    K_pi: float = parameter(
        1.0, "mM", bounds=(0, None), range=(0.3, 2), status="recalled", symbol="K_P", source="Fischer1994"
    )
    K_atp: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="calibrated", symbol="K_T",
        source="assumed: calibrated; not identifiable from synthesis",
    )  # fmt: skip
    pmf_half: float = parameter(
        140.0, "mV", bounds=(0, None), range=(110, 160), status="calibrated", symbol=r"\Delta p_s",
        source="assumed: calibrated inside the light-driven threshold of 140 to 190 mV (pp9820399)",
    )  # fmt: skip
    pmf_width: float = parameter(
        8.0, "mV", bounds=(0.1, None), range=(5, 15), status="calibrated", symbol="w_s",
        source="assumed: calibrated inside the light-driven threshold of 140 to 190 mV (pp9820399)",
    )  # fmt: skip

    h_per_atp = c_ring / atp_per_turn + transport_protons
    activity_phosphorylation = factor("Activity of ATP synthase and its carriers")

    @derived("nmol/min/mg", local=True)
    def forward_capacity(self, pmf):
        """Capacity of synthesis at this Δp"""
        return self.capacity * logistic((pmf - self.pmf_half) / self.pmf_width)

    @flux(
        "nmol/min/mg",
        symbol="J_{ATP}",
        charge_ims=-h_per_atp,
        h_matrix=h_per_atp,
        adp_bath=-1,
        pi_bath=-1,
        atp_bath=1,
    )
    def J_ATP(
        self,
        standard_affinity,
        thermal_energy,
        standard_concentration,
        adp_bath,
        pi_bath,
        atp_bath,
        forward_capacity,
        activity_phosphorylation,
    ):
        """ATP synthesis, negative for hydrolysis"""
        equilibrium = standard_concentration * exp(-standard_affinity / thermal_energy)
        saturation = (self.K_adp + adp_bath) * (self.K_pi + pi_bath)
        reverse = forward_capacity * equilibrium * (self.K_atp + atp_bath) / self.reverse_capacity
        drive = adp_bath * pi_bath - equilibrium * atp_bath
        return activity_phosphorylation * forward_capacity * drive / (saturation + reverse)


@component
class LinearPhosphorylation(Component):
    """Phosphorylation near equilibrium: proportional to ``n F Δp − ΔG_P``.

    ``h_per_atp · J_ATP = conductance · (Δp − ΔG_P/nF)``: for closed forms, true only within about 10 kJ/mol.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Protons taken per minute and millivolt.
    c_ring : 1
        Subunits of the c-ring: protons per turn.
    atp_per_turn : 1
        Catalytic sites of F1.
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
    c_ring: float = parameter(8.0, "1", bounds=(3, 30), range=(8, 17), status="read", symbol="c", source="Okazaki2015")
    atp_per_turn: float = parameter(3.0, "1", bounds=(1, None), status="read", source="Okazaki2015")
    transport_protons: float = parameter(1.0, "1", bounds=(0, 4), range=(0.5, 1), status="read", source="PMC8786295")

    h_per_atp = c_ring / atp_per_turn + transport_protons
    activity_phosphorylation = factor("Activity of ATP synthase and its carriers")

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
