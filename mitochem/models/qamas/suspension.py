"""The cuvette of the QAMAS model: clamped pH and ions, volumes, the inner membrane and its leak."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter, state
from ...core.functions import exp, log


@component
class Suspension(Component):
    """Matrix, intermembrane space and bath: pH, ions and oxygen are clamped, volumes are per litre of mitochondria.

    Fluxes of the model are per litre of mitochondria; a compartment of volume ``volume_…`` divides them.

    Parameters
    ----------
    temperature : K
        Absolute temperature.
    gas_constant : kJ/mol/K
        Gas constant, as rounded by the source.
    faraday : kJ/mol/V
        Faraday constant, as rounded by the source.
    standard_concentration : M
        The 1 M standard state inside every logarithm of a concentration.
    pH_matrix : 1
        pH of the matrix, clamped.
    pH_bath : 1
        pH of the intermembrane space and the bath, clamped.
    potassium_matrix : M
        K+ of the matrix.
    potassium_bath : M
        K+ of the bath.
    magnesium_matrix : M
        Free Mg2+ of the matrix.
    magnesium_bath : M
        Free Mg2+ of the bath.
    oxygen_tension : mmHg
        Partial pressure of oxygen.
    oxygen_solubility : M/mmHg
        Oxygen dissolved per partial pressure.
    water : 1
        Water per volume of mitochondria.
    matrix_share : 1
        Part of that water that is in the matrix; the rest is intermembrane space.
    bath_water : 1
        Water per volume of bath.
    bath_fraction : 1
        Volume of bath per volume of the cuvette.
    mitochondria_fraction : 1
        Volume of mitochondria per volume of the cuvette.

    References
    ----------
    Randall et al. 2021; volumes after Bazil et al. 2016.
    """

    role = "suspension"

    temperature: float = parameter(
        310.15, "K", bounds=(250, 350), status="read", shared=True, symbol="T", source="Randall2021"
    )
    gas_constant: float = parameter(
        8.314e-3, "kJ/mol/K", bounds=(0, None), status="read", shared=True, symbol="R", source="Randall2021"
    )
    faraday: float = parameter(
        96.485, "kJ/mol/V", bounds=(0, None), status="read", shared=True, symbol="F", source="Randall2021"
    )
    standard_concentration: float = parameter(
        1.0, "M", bounds=(0, None), status="derived", shared=True, symbol=r"c^\circ",
        source="assumed: definition of the 1 M standard state",
    )  # fmt: skip
    pH_matrix: float = parameter(7.4, "1", bounds=(0, 14), status="read", shared=True, source="Randall2021")
    pH_bath: float = parameter(7.2, "1", bounds=(0, 14), status="read", shared=True, source="Randall2021")
    potassium_matrix: float = parameter(0.1, "M", bounds=(0, None), status="read", shared=True, source="Randall2021")
    potassium_bath: float = parameter(0.14, "M", bounds=(0, None), status="read", shared=True, source="Randall2021")
    magnesium_matrix: float = parameter(1e-3, "M", bounds=(0, None), status="read", shared=True, source="Randall2021")
    magnesium_bath: float = parameter(1e-3, "M", bounds=(0, None), status="read", shared=True, source="Randall2021")
    oxygen_tension: float = parameter(25.0, "mmHg", bounds=(0, None), status="read", source="Randall2021")
    oxygen_solubility: float = parameter(1.74e-6, "M/mmHg", bounds=(0, None), status="read", source="Randall2021")
    water: float = parameter(0.7238, "1", bounds=(0, 1), status="read", symbol="W_m", source="Bazil2016")
    matrix_share: float = parameter(0.9, "1", bounds=(0, 1), status="read", source="Randall2021")
    bath_water: float = parameter(1.0, "1", bounds=(0, 1), status="read", symbol="W_c", source="Randall2021")
    bath_fraction: float = parameter(1.0, "1", bounds=(0, 1), status="read", symbol="V_c", source="Randall2021")
    mitochondria_fraction: float = parameter(
        5e-4, "1", bounds=(0, 1), status="read", shared=True, symbol="V_m", source="Randall2021"
    )

    @derived("kJ/mol", symbol="RT")
    def thermal_energy(self):
        """Thermal energy RT"""
        return self.gas_constant * self.temperature

    @derived("V", symbol=r"\tfrac{RT}{F}")
    def thermal_voltage(self, thermal_energy):
        """Thermal voltage RT/F"""
        return thermal_energy / self.faraday

    @derived("1", symbol="W_x")
    def volume_matrix(self):
        """Water of the matrix per volume of mitochondria"""
        return self.matrix_share * self.water

    @derived("1", symbol="W_i")
    def volume_ims(self):
        """Water of the intermembrane space per volume of mitochondria"""
        return (1 - self.matrix_share) * self.water

    @derived("1")
    def volume_bath(self):
        """Water of the bath per volume of mitochondria"""
        return self.bath_water * self.bath_fraction / self.mitochondria_fraction

    @derived("M", symbol="H_x")
    def proton_matrix(self, standard_concentration):
        """Free protons of the matrix"""
        return standard_concentration * exp(-log(10) * self.pH_matrix)

    @derived("M", symbol="H_c")
    def proton_bath(self, standard_concentration):
        """Free protons of the bath"""
        return standard_concentration * exp(-log(10) * self.pH_bath)

    @derived("kJ/mol")
    def mu_h_matrix(self, proton_matrix, standard_concentration, thermal_energy):
        """Chemical potential of matrix protons"""
        return thermal_energy * log(proton_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_h_bath(self, proton_bath, standard_concentration, thermal_energy):
        """Chemical potential of protons outside"""
        return thermal_energy * log(proton_bath / standard_concentration)

    @derived("M", symbol=r"\mathrm{O_2}")
    def oxygen(self):
        """Dissolved oxygen"""
        return self.oxygen_solubility * self.oxygen_tension

    @derived("kJ/mol")
    def mu_oxygen(self, oxygen, standard_concentration, thermal_energy):
        """Chemical potential of O2: its standard state is the zero of the redox scale"""
        return thermal_energy * log(oxygen / standard_concentration)


@component
class InnerMembrane(Component):
    """The membrane as a capacitor, ``C dΔψ/dt`` = net charge moved outwards; both pH are clamped.

    Parameters
    ----------
    capacitance : mol/V/L
        Charge per volt and litre of mitochondria.

    References
    ----------
    Randall et al. 2021, after Beard 2005.
    """

    role = "membrane"
    # The potential of a charge is all electrical; what moves through the membrane is booked on the matrix side.
    contents = {"charge_ims": {"charge": 1}, "h_matrix": {"charge": 1}}

    capacitance: float = parameter(
        3.1e-3, "mol/V/L", bounds=(1e-9, None), status="read", symbol="C_m", source="Beard2005"
    )

    @state("V", initial=0.175, scale=0.1, symbol=r"\Delta\psi")
    def delta_psi(self, net_charge_ims):
        """Membrane potential, outside minus matrix"""
        return net_charge_ims / self.capacitance

    @derived("kJ/mol")
    def mu_charge_ims(self, delta_psi, faraday):
        """Potential of a charge outside"""
        return faraday * delta_psi

    @derived("1", symbol=r"\Delta\mathrm{pH}")
    def delta_pH(self, pH_matrix, pH_bath):
        """pH difference, matrix minus bath"""
        return pH_matrix - pH_bath

    @derived("V", symbol=r"\Delta p")
    def pmf(self, delta_psi, delta_pH, thermal_voltage):
        """Proton-motive force"""
        return delta_psi + log(10) * thermal_voltage * delta_pH


@component
class BarrierLeak(Component):
    """Proton leak over one barrier in the middle of the membrane, ``X_H (H_c e^{φ/2} − H_x e^{−φ/2})``.

    The text of the source calls it a Goldman-Hodgkin-Katz flux; its code has this form.

    Parameters
    ----------
    activity : mol/s/L/M
        Leak activity.

    References
    ----------
    Randall et al. 2021, after Wu et al. 2007.
    """

    role = "leak"

    activity: float = parameter(
        1000.0, "mol/s/L/M", bounds=(0, None), range=(100, 1e5), status="read", symbol="X_H", source="Randall2021"
    )

    @flux("mol/s/L", symbol="J_H", charge_ims=-1, h_bath=-1, h_matrix=+1)
    def J_leak(self, delta_psi, thermal_voltage, proton_bath, proton_matrix):
        """Proton leak"""
        pull = exp(delta_psi / (2 * thermal_voltage))
        return self.activity * (proton_bath * pull - proton_matrix / pull)
