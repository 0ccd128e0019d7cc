"""Further laws of the proton leak: barriers, constant field, threshold, Δψ alone."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, flux, parameter
from ..core.functions import exp, log, sinh
from ..core.primitives import softplus, x_over_expm1
from .leak import OhmicLeak, SinhLeak


@component
class _ProtonPermeability(Component):
    """Leak that follows from the proton concentrations on both sides; what the barrier laws share."""

    role = "leak"

    @derived("mM", local=True)
    def proton_bath(self, pH_bath, standard_concentration):
        """Protons in the intermembrane space"""
        return standard_concentration * exp(-log(10) * pH_bath)

    @derived("mM", local=True)
    def proton_matrix(self, pH_matrix, standard_concentration):
        """Protons in the matrix"""
        return standard_concentration * exp(-log(10) * pH_matrix)


@component
class EyringLeak(_ProtonPermeability):
    """Leak over one sharp barrier, ``J_leak = P · (H_o e^{δφ} − H_m e^{−(1−δ)φ})`` with ``φ = FΔψ/RT``.

    δ is the part of the field between the bath and the top of the barrier. Zero exactly at Δp = 0, however Δp is
    split. In the middle, δ = 1/2, it is ``2 P √(H_o H_m) · sinh(FΔp/2RT)``: steep in Δp, e-fold per 2RT/F = 53 mV,
    and less steep than mitochondria are above 180 mV.

    Parameters
    ----------
    permeability : nmol/min/mg/mM
        Proton permeability.
    barrier_position : 1
        Part of the field between bath and barrier: 0 at the outer face, 1 at the matrix face.

    References
    ----------
    Single barrier: Garlid, Beavis & Ratkje 1989. As a leak of mitochondria: Randall et al. 2021.
    """

    permeability: float = parameter(
        1.3e5, "nmol/min/mg/mM", bounds=(0, None), range=(3e4, 6e5), status="calibrated", symbol="P_H",
        source="assumed: 200 nmol/min/mg at Δψ 170 mV and ΔpH 0.25, as the sinh law has in state 4",
    )  # fmt: skip
    barrier_position: float = parameter(
        0.5, "1", bounds=(0, 1), range=(0.1, 0.9), status="read", symbol=r"\delta", source="Garlid1989"
    )

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, delta_psi, thermal_voltage, proton_bath, proton_matrix):
        """Proton leak"""
        phi = delta_psi / thermal_voltage
        inward = proton_bath * exp(self.barrier_position * phi)
        outward = proton_matrix * exp((self.barrier_position - 1) * phi)
        return self.permeability * (inward - outward)


@component
class GHKLeak(_ProtonPermeability):
    """Leak through a constant field, ``J_leak = P · φ · (H_o − H_m e^{−φ})/(1 − e^{−φ})`` with ``φ = FΔψ/RT``.

    ``P (H_o − H_m)`` at Δψ = 0; at high Δψ proportional to it, ``P H_o φ``. Zero exactly at Δp = 0. Nearly ohmic in
    Δψ, so that it describes a membrane with protonophore better than the native one.

    Parameters
    ----------
    permeability : nmol/min/mg/mM
        Proton permeability.

    References
    ----------
    Constant field: Goldman 1943; Hodgkin & Katz 1949. Linear in Δψ with protonophore: Krishnamoorthy & Hinkle 1984.
    """

    permeability: float = parameter(
        5e5, "nmol/min/mg/mM", bounds=(0, None), range=(1e5, 2e6), status="calibrated", symbol="P_H",
        source="assumed: 200 nmol/min/mg at Δψ 170 mV and ΔpH 0.25, as the sinh law has in state 4",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, delta_psi, thermal_voltage, proton_bath, proton_matrix):
        """Proton leak"""
        phi = delta_psi / thermal_voltage
        return self.permeability * (proton_bath * x_over_expm1(-phi) - proton_matrix * x_over_expm1(phi))


@component
class ThresholdLeak(OhmicLeak):
    """Ohmic leak that becomes much steeper above a threshold, on either side of zero.

    ``J_leak = g Δp + g_t w · (softplus((Δp − Δp_t)/w) − softplus((−Δp − Δp_t)/w))``: the second term is an odd,
    smooth corner, so that the leak passes through zero with the force and reverses with it. Below the threshold the
    slope is g, above it g + g_t.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Slope below the threshold.
    threshold_conductance : nmol/min/mg/mV
        What the slope gains above the threshold.
    threshold : mV
        Δp at the corner.
    threshold_width : mV
        e-fold width of the corner.

    References
    ----------
    Nearly ohmic, then steep above about 200 mV: Nicholls 1974, 1997.
    """

    conductance: float = parameter(
        0.6, "nmol/min/mg/mV", bounds=(0, None), range=(0.1, 2), status="assumed", symbol="g_L",
        source="assumed: about half of the leak of state 4 is below the corner",
    )  # fmt: skip
    threshold_conductance: float = parameter(
        10.5, "nmol/min/mg/mV", bounds=(0, None), range=(1, 30), status="calibrated", symbol="g_t",
        source="assumed: calibrated to 200 nmol/min/mg at 185 mV",
    )  # fmt: skip
    threshold: float = parameter(
        180.0, "mV", bounds=(0, None), range=(150, 220), status="assumed", symbol=r"\Delta p_t",
        source="assumed: where the measured curves turn up, 180 to 220 mV",
    )  # fmt: skip
    threshold_width: float = parameter(
        8.0, "mV", bounds=(0.1, None), range=(3, 15), status="assumed", symbol="w_t",
        source="assumed: a corner as wide as the scatter of the measured curves",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        above = softplus((pmf - self.threshold) / self.threshold_width)
        below = softplus((-pmf - self.threshold) / self.threshold_width)
        return self.conductance * pmf + self.threshold_conductance * self.threshold_width * (above - below)


@component
class ConductanceLeak(OhmicLeak):
    """Leak whose conductance rises with the force, ``J_leak = conductance · Δp · exp(steepness · Δp)``.

    Zero at zero force and reversed below it, where the conductance falls. Has no closed state 4 with a linear pump.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Slope at zero force.
    steepness : 1/mV
        e-fold rise of the conductance per 1/steepness mV.

    References
    ----------
    Conductance that rises with the force: Nicholls 1974; Krishnamoorthy & Hinkle 1984.
    """

    conductance: float = parameter(
        0.03, "nmol/min/mg/mV", bounds=(0, None), range=(0.005, 0.2), status="calibrated", symbol="g_0",
        source="assumed: calibrated to 200 nmol/min/mg at 185 mV",
    )  # fmt: skip
    steepness: float = parameter(
        0.0194, "1/mV", bounds=(0, None), range=(0.005, 0.03), status="calibrated", symbol="s_L",
        source="assumed: calibrated to 200 nmol/min/mg at 185 mV",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.conductance * pmf * exp(self.steepness * pmf)


@component
class PotentialLeak(SinhLeak):
    """Leak that answers to Δψ alone, ``J_leak = amplitude · sinh(steepness · Δψ)``.

    The steepness of the native leak was seen in Δψ, not in ΔpH. As a law of its own it is empirical: protons driven
    by Δψ against a reversed ΔpH would run uphill where −ZΔpH exceeds Δψ. Use it near the energised state.

    Parameters
    ----------
    amplitude : nmol/min/mg
        Twice the pre-factor of the exponential branch.
    steepness : 1/mV
        e-fold rise per 1/steepness mV of Δψ.

    References
    ----------
    Non-ohmic in Δψ, linear in ΔpH: Krishnamoorthy & Hinkle 1984. Against it, equal effects: Brown & Brand 1986.
    """

    amplitude: float = parameter(
        1.0, "nmol/min/mg", bounds=(0, None), range=(0.3, 5.0), status="calibrated", symbol="A_L",
        source="assumed: 200 nmol/min/mg at Δψ 170 mV, as the sinh law has in state 4",
    )  # fmt: skip

    @flux(
        "nmol/min/mg",
        symbol="J_L",
        affinity=None,
        reason="answers to Δψ alone, which is only one part of the force on a proton",
        charge_ims=-1,
        h_matrix=+1,
    )
    def J_leak(self, delta_psi):
        """Proton leak"""
        return self.amplitude * sinh(self.steepness * delta_psi)
