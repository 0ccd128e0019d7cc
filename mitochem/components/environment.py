"""What surrounds the mitochondria: temperature, the bath, and the constants every law shares."""

from __future__ import annotations

from ..constants import FARADAY, GAS_CONSTANT
from ..core.component import Component, component
from ..core.declarations import derived, parameter
from ..core.functions import exp, log


@component
class Environment(Component):
    """Temperature and bath of a suspension, with the physical constants.

    The bath and the intermembrane space are one compartment here, because the outer membrane lets small
    solutes through.

    Parameters
    ----------
    temperature : K
        Absolute temperature.
    pH_bath : 1
        pH of the medium, held by its buffer.
    protein : mg/mL
        Mitochondrial protein in the chamber; the bath volume per mg follows from it.
    magnesium : mM
        Free Mg2+, for the energy of ATP hydrolysis.
    ionic_strength : mol/L
        Ionic strength of the medium, for the energy of ATP hydrolysis.
    faraday : kJ/mol/mV
        Faraday constant, so that charge times potential is an energy.
    gas_constant : kJ/mol/K
        Gas constant.
    standard_concentration : mM
        The 1 M standard state inside every logarithm of a concentration.
    micromolar : mM/uM
        Converts doses of drugs, which are given in µM.
    microlitres : uL/mL
        Converts the chamber's mg/mL into µL per mg.

    References
    ----------
    Constants: CODATA 2018. Sign conventions: Δp and Δψ positive when energised.
    """

    role = "environment"

    temperature: float = parameter(
        310.15, "K", bounds=(250, 350), range=(288, 313), status="assumed", shared=True, symbol="T",
        source="assumed: 37 degC, the mammalian default",
    )  # fmt: skip
    pH_bath: float = parameter(
        7.2, "1", bounds=(0, 14), range=(6.8, 7.6), status="assumed", shared=True, symbol=r"\mathrm{pH}_o",
        source="assumed: usual respiration medium",
    )  # fmt: skip
    protein: float = parameter(
        1.0, "mg/mL", bounds=(1e-6, 1e3), range=(0.1, 5), status="assumed", shared=True, symbol=r"\rho",
        source="assumed: usual chamber of an oxygen electrode",
    )  # fmt: skip
    magnesium: float = parameter(
        1.0, "mM", bounds=(0, 100), range=(0.1, 5), status="assumed", shared=True, symbol=r"\mathrm{Mg}",
        source="assumed: pMg 3, at which the reference energy of ATP is tabulated",
    )  # fmt: skip
    ionic_strength: float = parameter(
        0.15, "mol/L", bounds=(0, 1), range=(0.05, 0.3), status="assumed", shared=True, symbol="I",
        source="assumed: usual respiration medium",
    )  # fmt: skip
    faraday: float = parameter(
        FARADAY, "kJ/mol/mV", bounds=(0, None), status="read", shared=True, symbol="F", source="CODATA2018"
    )
    gas_constant: float = parameter(
        GAS_CONSTANT, "kJ/mol/K", bounds=(0, None), status="read", shared=True, symbol="R", source="CODATA2018"
    )
    standard_concentration: float = parameter(
        1000.0, "mM", bounds=(0, None), status="derived", shared=True, symbol=r"c^\circ",
        source="assumed: definition of the 1 M standard state",
    )  # fmt: skip
    micromolar: float = parameter(
        0.001, "mM/uM", bounds=(0, None), status="derived", shared=True, source="assumed: definition of the units"
    )
    microlitres: float = parameter(
        1000.0, "uL/mL", bounds=(0, None), status="derived", shared=True, source="assumed: definition of the units"
    )

    @derived("kJ/mol", symbol="RT")
    def thermal_energy(self):
        """Thermal energy RT"""
        return self.gas_constant * self.temperature

    @derived("mV", symbol=r"\tfrac{RT}{F}")
    def thermal_voltage(self, thermal_energy):
        """Thermal voltage RT/F"""
        return thermal_energy / self.faraday

    @derived("mV", symbol="Z")
    def nernst_slope(self, thermal_voltage):
        """Millivolts per pH unit, ln(10) RT/F"""
        return log(10) * thermal_voltage

    @derived("uL/mg", symbol="V_o")
    def volume_bath(self):
        """Volume of medium per mg of protein"""
        return self.microlitres / self.protein


@component
class TemperatureDependence(Component):
    """How velocities change with temperature: a factor on every flux of the model, 1 at the reference.

    ``velocity_factor = q10^((T − T_ref)/10 K)``. Driving forces use the temperature itself; this is for capacities,
    permeabilities and conductances, all alike.

    Parameters
    ----------
    q10 : 1
        Factor per 10 K; 1 switches the dependence off.
    reference_temperature : K
        Temperature at which the declared velocities hold.
    interval : K
        The 10 K of the definition.

    References
    ----------
    Q10 of 1.5 to 3 for mitochondrial respiration; one value for all steps is a simplification.
    """

    role = "kinetics"

    q10: float = parameter(
        2.0, "1", bounds=(0.1, 10), range=(1.5, 3), status="recalled", symbol="Q_{10}",
        source="assumed: 2, inside the 1.5 to 3 recalled for respiration",
    )  # fmt: skip
    reference_temperature: float = parameter(
        310.15, "K", bounds=(250, 350), status="assumed", symbol=r"T_\mathrm{ref}",
        source="assumed: velocities of the house models are given at 37 degC",
    )  # fmt: skip
    interval: float = parameter(10.0, "K", bounds=(1e-6, None), status="derived", source="assumed: definition of Q10")

    @derived("1", symbol=r"f_T")
    def velocity_factor(self, temperature):
        """Velocity relative to that at the reference temperature"""
        return exp(log(self.q10) * (temperature - self.reference_temperature) / self.interval)
