"""ATP synthase alone, working on the nucleotides of the matrix: for models with carriers of their own."""

from __future__ import annotations

from ..core.component import component
from ..core.declarations import derived, parameter
from ..core.primitives import logistic
from .synthase_laws import MatrixSynthase, rotary_capacity


@component
class ATPSynthase(MatrixSynthase):
    """ATP synthase of the matrix as one reversible step; transport of its substrates is left to carriers.

    With ``a, p, t`` = ADP, Pi, ATP of the matrix, ``S`` the Δp-dependent capacity, ``n = c/3`` and
    ``E = 1 M · exp(−(n F Δp − ΔG°')/RT)``, ΔG°' under the conditions of the matrix,

    ``J = S (a p − E t) / ((K_adp + a)(K_pi + p) + S E (K_atp + t)/reverse_capacity)``:

    the kernel of the model with saturating capacities, in a form that stays finite without ADP. Zero
    exactly where ``n F Δp = ΔG_P`` of the matrix; below, ATP is hydrolysed and pumps protons out. The proton that
    synthesis takes up chemically is posted besides those of the rotor.

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
    K_adp : mM
        Half-saturation with matrix ADP.
    K_pi : mM
        Half-saturation with matrix phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with matrix ATP.
    pmf_half : mV
        Δp at half forward capacity.
    pmf_width : mV
        e-fold width of that activation.

    References
    ----------
    c8 ring: Okazaki & Hummer 2015. Half-saturations of the E. coli enzyme: Fischer et al. 1994.
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
class RotaryATPSynthase(MatrixSynthase):
    """Rotary ATP synthase of the matrix: chemistry in series with the passage of protons, Δψ and ΔpH apart.

    As `ATPSynthase`, with the forward capacity

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
    K_adp : mM
        Half-saturation with matrix ADP.
    K_pi : mM
        Half-saturation with matrix phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with matrix ATP.
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
