"""How fast ATP synthase could go: what the force leaves of synthesis, and the inhibitor protein of hydrolysis."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter
from ..core.functions import exp, log
from ..core.primitives import logistic, softplus


@component
class ForceActivation(Component):
    """Capacity of synthesis that Δp switches on, ``capacity / (1 + exp((pmf_half − Δp)/pmf_width))``.

    Parameters
    ----------
    pmf_half : mV
        Δp at half forward capacity.
    pmf_width : mV
        e-fold width of that activation.
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
class ProtonPassage(Component):
    """Capacity of chemistry in series with the passage of protons, Δψ and ΔpH apart.

    ``S = capacity / (1 + w)``, ``w = capacity/transfer_capacity · e^{−m φ} (1 + 10^{pH_o − pK_bath})
    (1 + 10^{pK_matrix − pH_m})``,

    the time of a turn being that of chemistry, plus that of loading a proton from the bath, moving it in the
    field (``φ = FΔψ/RT``) and releasing it into the matrix. Equilibrium depends on Δp alone, speed does not:
    at one Δp, Δψ and ΔpH drive in the same direction at different rates.

    Parameters
    ----------
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
        loading = softplus(log(10) * (pH_bath - self.pK_bath))
        release = softplus(log(10) * (self.pK_matrix - pH_matrix))
        # Time of transfer over time of chemistry; softplus(x ln 10) is ln(1 + 10^x).
        waiting = exp(loading + release - self.voltage_share * delta_psi / thermal_voltage)
        return self.capacity / (1 + self.capacity / self.transfer_capacity * waiting)


@component
class IF1(Component):
    """Inhibitor protein of the synthase: as Δp collapses it closes hydrolysis, and hydrolysis only.

    The capacity of hydrolysis is multiplied by ``1 − bound/(1 + exp((Δp − pmf_half)/pmf_width))``. It is a capacity,
    so the point where synthesis turns into hydrolysis stays where it is; and it never reaches zero, since a
    one-way valve there would break the second law.

    Parameters
    ----------
    bound : 1
        Share of the enzyme that the protein holds when Δp is gone; below 1.
    pmf_half : mV
        Δp at which half of that is bound.
    pmf_width : mV
        e-fold width of the binding.

    References
    ----------
    Inhibition of hydrolysis at low Δp and pH: PMC3433140.
    """

    role = "if1"

    bound: float = parameter(
        0.9, "1", bounds=(0, 0.999999), range=(0.1, 0.99), status="assumed", symbol=r"\theta",
        source="assumed: most of the enzyme of a mammalian heart",
    )  # fmt: skip
    pmf_half: float = parameter(
        100.0, "mV", bounds=(0, None), range=(60, 140), status="assumed", symbol=r"\Delta p_c",
        source="assumed: below the Δp of state 3",
    )  # fmt: skip
    pmf_width: float = parameter(
        10.0, "mV", bounds=(0.1, None), range=(5, 20), status="assumed", symbol="w",
        source="assumed: as wide as the activation of synthesis",
    )  # fmt: skip

    @derived("1", into="activity_hydrolysis")
    def uninhibited(self, pmf):
        """Capacity of hydrolysis left by the inhibitor protein"""
        return 1 - self.bound * logistic((self.pmf_half - pmf) / self.pmf_width)
