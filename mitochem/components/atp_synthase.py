"""ATP synthase with its transport, lumped: ATP made in the bath from protons coming back."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter
from ..core.primitives import logistic
from .synthase_laws import LumpedSynthase, rotary_capacity


@component
class Phosphorylation(LumpedSynthase):
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
    thermodynamic_share : 1
        H+/ATP of the synthase at equilibrium, relative to c/3.
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

    pmf_half: float = parameter(
        140.0, "mV", bounds=(0, None), range=(110, 160), status="calibrated", symbol=r"\Delta p_s",
        source="assumed: calibrated inside the light-driven threshold of 140 to 190 mV (pp9820399)",
    )  # fmt: skip
    pmf_width: float = parameter(
        8.0, "mV", bounds=(0.1, None), range=(5, 15), status="calibrated", symbol="w_s",
        source="assumed: calibrated inside the light-driven threshold of 140 to 190 mV (pp9820399)",
    )  # fmt: skip

    @derived("nmol/min/mg", local=True)
    def forward_capacity(self, pmf):
        """Capacity of synthesis at this Δp"""
        return self.capacity * logistic((pmf - self.pmf_half) / self.pmf_width)


@component
class RotaryPhosphorylation(LumpedSynthase):
    """Phosphorylation by a rotary motor: chemistry in series with the passage of protons, Δψ and ΔpH apart.

    As `Phosphorylation`, with the forward capacity

    ``S = capacity / (1 + w)``, ``w = capacity/transfer_capacity · e^{−m φ} (1 + 10^{pH_o − pK_bath})
    (1 + 10^{pK_matrix − pH_m})``,

    the time of a turn being that of chemistry, plus that of loading a proton from the bath, moving it in the
    field (``φ = FΔψ/RT``) and releasing it into the matrix. Equilibrium depends on Δp alone, speed does not:
    at one Δp, Δψ and ΔpH drive in the same direction at different rates.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of synthesis: chemistry alone.
    reverse_capacity : nmol/min/mg
        Largest rate of hydrolysis.
    c_ring : 1
        Subunits of the c-ring: protons per turn.
    atp_per_turn : 1
        Catalytic sites of F1.
    thermodynamic_share : 1
        H+/ATP of the synthase at equilibrium, relative to c/3.
    transport_protons : 1
        Charges and protons spent on moving ADP, Pi in and ATP out.
    K_adp : mM
        Half-saturation with external ADP.
    K_pi : mM
        Half-saturation with external phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with external ATP.
    transfer_capacity : nmol/min/mg
        Rate of proton passage at Δψ = 0 with both half-channels in their favoured state.
    voltage_share : 1
        Elementary charges that cross the whole field in the step Δψ speeds up.
    pK_bath : 1
        pK of the proton acceptor that faces the bath.
    pK_matrix : 1
        pK of the proton donor that faces the matrix.

    References
    ----------
    Proton relays of Fo with pK near 6 and 10, no voltage gate: Feniouk et al. 2004.
    """

    transfer_capacity: float = parameter(
        1800.0, "nmol/min/mg", bounds=(1e-9, None), range=(300, 1e4), status="assumed", symbol="k_0",
        source="assumed: worked example E3 of the model description, 30 nmol/s/mg",
    )  # fmt: skip
    voltage_share: float = parameter(
        1.0, "1", bounds=(0, 3), range=(0.2, 2), status="assumed", symbol="m",
        source="assumed: one charge across the whole field; claims range from ΔpH alone to Δψ being obligatory",
    )  # fmt: skip
    pK_bath: float = parameter(
        6.5, "1", bounds=(0, 14), range=(5.5, 7), status="assumed", symbol=r"\mathrm{pK}_p",
        source="assumed: worked example E3; near 6 in Feniouk2004",
    )  # fmt: skip
    pK_matrix: float = parameter(
        8.5, "1", bounds=(0, 14), range=(8, 10.5), status="assumed", symbol=r"\mathrm{pK}_n",
        source="assumed: worked example E3; near 10 in Feniouk2004",
    )  # fmt: skip

    @derived("nmol/min/mg", local=True)
    def forward_capacity(self, thermal_voltage, delta_psi, pH_bath, pH_matrix):
        """Capacity of synthesis at this Δψ and these two pH"""
        return rotary_capacity(self, thermal_voltage, delta_psi, pH_bath, pH_matrix)


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
    thermodynamic_share : 1
        H+/ATP of the synthase at equilibrium, relative to c/3.
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
    thermodynamic_share: float = parameter(
        1.0, "1", bounds=(0.1, 2), range=(0.8, 1.1), status="assumed", symbol=r"s_\mathrm{thermo}",
        source="assumed: the structural ratio; measured ones are 0.84 to 0.87 of it (Petersen2012, Turina2016)",
    )  # fmt: skip
    transport_protons: float = parameter(1.0, "1", bounds=(0, 4), range=(0.5, 1), status="read", source="PMC8786295")

    h_per_atp_structural = c_ring / atp_per_turn
    h_per_atp_thermodynamic = thermodynamic_share * h_per_atp_structural
    h_per_atp = h_per_atp_thermodynamic + transport_protons
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
