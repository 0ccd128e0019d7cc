"""Potassium: the counter-ion whose cycle lets a ΔpH build up."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter, state
from ..core.functions import exp, log


@component
class Potassium(Component):
    """Matrix potassium as a state, the bath's as a constant.

    Parameters
    ----------
    potassium_bath : mM
        K+ of the medium.
    volume_matrix : uL/mg
        Matrix water; constant here (no swelling).

    References
    ----------
    Matrix volume 0.4 to 2 µL/mg: Nicholls 1974.
    """

    role = "potassium"
    contents = {"k_matrix": {"charge": 1}}

    potassium_bath: float = parameter(
        120.0, "mM", bounds=(1e-6, None), range=(1, 150), status="assumed", shared=True, symbol="K_o",
        source="assumed: KCl medium",
    )  # fmt: skip
    volume_matrix: float = parameter(
        1.0, "uL/mg", bounds=(1e-3, None), range=(0.4, 2), status="read", shared=True, symbol="v_m",
        source="Nicholls1974",
    )  # fmt: skip

    @state("nmol/mg", initial=120.0, bounds=(0, None), scale=100.0, symbol="K_m")
    def K_matrix(self, net_k_matrix):
        """Potassium in the matrix, as an amount"""
        return net_k_matrix

    @derived("mV", symbol="E_K")
    def potassium_potential(self, K_matrix, thermal_voltage):
        """Δψ at which K+ is at equilibrium"""
        return thermal_voltage * log(K_matrix / (self.volume_matrix * self.potassium_bath))

    @derived("kJ/mol")
    def mu_k_matrix(self, potassium_potential, faraday):
        """Chemical potential of matrix K+, relative to the bath"""
        return faraday * potassium_potential


@component
class PotassiumUniport(Component):
    """Electrogenic K+ entry over one barrier in the middle of the membrane.

    ``J = permeability · (K_o e^{φ/2} − K_m/v_m e^{−φ/2})``, zero at Δψ = E_K. Valinomycin raises the permeability.

    Parameters
    ----------
    permeability : nmol/min/mg/mM
        Native K+ permeability.

    References
    ----------
    Single barrier: Garlid, Beavis & Ratkje 1989.
    """

    role = "potassium_uniport"

    permeability: float = parameter(
        6e-4, "nmol/min/mg/mM", bounds=(0, None), range=(6e-5, 6e-3), status="calibrated", symbol="P_K",
        source="assumed: calibrated to about 1.7 nmol/min/mg in state 4",
    )  # fmt: skip

    potassium_permeability = factor("K+ permeability relative to the native one")

    @flux("nmol/min/mg", symbol="J_K", charge_ims=-1, k_matrix=+1)
    def J_K_uniport(self, delta_psi, thermal_voltage, K_matrix, volume_matrix, potassium_bath, potassium_permeability):
        """Electrogenic entry of K+"""
        pull = exp(delta_psi / (2 * thermal_voltage))
        gradient = potassium_bath * pull - K_matrix / (volume_matrix * pull)
        return self.permeability * potassium_permeability * gradient


@component
class PotassiumProtonExchange(Component):
    """Electroneutral K+/H+ antiport: K+ out, H+ in.

    ``J = activity · (K_m/v_m · H_o − K_o · H_m)``, zero at Z ΔpH = −E_K. Nigericin raises the activity.

    Parameters
    ----------
    activity : nmol/min/mg/mM^2
        Native exchange activity.

    References
    ----------
    Mass action; activity calibrated to the relaxation of ΔpH in minutes.
    """

    role = "potassium_proton_exchange"

    activity: float = parameter(
        480.0, "nmol/min/mg/mM^2", bounds=(0, None), range=(60, 6000), status="calibrated", symbol="X_{KH}",
        source="assumed: calibrated to a ΔpH of about 0.25 in state 4",
    )  # fmt: skip

    exchange_activity = factor("K+/H+ exchange relative to the native one")

    @flux("nmol/min/mg", symbol="J_{KH}", k_matrix=-1, h_matrix=+1)
    def J_KH_exchange(
        self,
        pH_matrix,
        pH_bath,
        K_matrix,
        volume_matrix,
        potassium_bath,
        standard_concentration,
        exchange_activity,
    ):
        """K+ out for H+ in"""
        proton_bath = standard_concentration * exp(-log(10) * pH_bath)
        proton_matrix = standard_concentration * exp(-log(10) * pH_matrix)
        gradient = K_matrix / volume_matrix * proton_bath - potassium_bath * proton_matrix
        return self.activity * exchange_activity * gradient


@component
class LinearPotassiumUniport(Component):
    """K+ entry proportional to Δψ − E_K: for closed forms.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        K+ per minute and millivolt.

    References
    ----------
    Worked example H4 of the model description.
    """

    role = "potassium_uniport"

    conductance: float = parameter(
        0.12, "nmol/min/mg/mV", bounds=(0, None), range=(0.01, 1), status="assumed", symbol="g_K",
        source="assumed: worked example H4, 0.002 nmol/s/mg/mV",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_K", charge_ims=-1, k_matrix=+1)
    def J_K_uniport(self, affinity, faraday):
        """Electrogenic entry of K+"""
        return self.conductance * affinity / faraday


@component
class LinearPotassiumProtonExchange(Component):
    """K+/H+ exchange proportional to E_K + Z ΔpH: for closed forms.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Ions exchanged per minute and millivolt.

    References
    ----------
    Worked example H4 of the model description.
    """

    role = "potassium_proton_exchange"

    conductance: float = parameter(
        0.6, "nmol/min/mg/mV", bounds=(0, None), range=(0.05, 5), status="assumed", symbol="g_X",
        source="assumed: worked example H4, 0.01 nmol/s/mg/mV",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_{KH}", k_matrix=-1, h_matrix=+1)
    def J_KH_exchange(self, affinity, faraday):
        """K+ out for H+ in"""
        return self.conductance * affinity / faraday
