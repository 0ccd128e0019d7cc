"""What the complexes of the chain exchange electrons through: NAD, ubiquinone, cytochrome c, and oxygen at the end.

Every pool has a potential relative to protons of the bath. A couple that takes up protons when it is reduced is
evaluated at the pH of the matrix, where its protons come from: ``μ_red − μ_ox = −n F E_h(pH_m) + h μ_H``, with ``μ_H``
the potential of a matrix proton. Written so, the energy of a pool does not itself depend on the side.
"""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter, state
from ..core.functions import log
from .oxygen import Oxygen

_PH_7 = "assumed: midpoints are tabulated at pH 7"


@component
class IntermembraneSpace(Component):
    """Water between the membranes, where cytochrome c is; its protons are those of the bath.

    Parameters
    ----------
    volume_ims : uL/mg
        Water of the intermembrane space.

    References
    ----------
    One ninth of the matrix water: Randall et al. 2021.
    """

    volume_ims: float = parameter(
        0.11, "uL/mg", bounds=(1e-4, None), range=(0.04, 0.3), status="derived", shared=True, symbol="v_i",
        source="Randall2021",
    )  # fmt: skip

    @derived("kJ/mol")
    def mu_h_ims(self, thermal_energy):
        """Chemical potential of a proton of the intermembrane space: the zero of the scale"""
        return 0 * thermal_energy


@component
class NicotinamidePool(Component):
    """NADH and NAD+ of the matrix. Start values make the total, 2.97 mM.

    Parameters
    ----------
    midpoint : mV
        Midpoint potential at ``midpoint_pH``; falls by half a Nernst slope per pH unit.
    midpoint_pH : 1
        pH at which the midpoint holds.

    References
    ----------
    Total: Wu et al. 2007. Midpoint: Nelson & Cox.
    """

    contents = {"nadh_matrix": {"electrons": 2, "nicotinamide": 1}, "nad_matrix": {"charge": 1, "nicotinamide": 1}}

    midpoint: float = parameter(
        -320.0, "mV", bounds=(-1000, 1000), range=(-330, -310), status="read", symbol="E_{NAD}", source="NelsonCox"
    )
    midpoint_pH: float = parameter(7.0, "1", bounds=(0, 14), status="derived", source=_PH_7)

    @state("mM", initial=2.0, bounds=(0, None), symbol=r"\mathrm{NADH}")
    def nadh_matrix(self, net_nadh_matrix, volume_matrix):
        """NADH of the matrix"""
        return net_nadh_matrix / volume_matrix

    @state("mM", initial=0.97, bounds=(0, None), symbol=r"\mathrm{NAD^+}")
    def nad_matrix(self, net_nad_matrix, volume_matrix):
        """NAD+ of the matrix"""
        return net_nad_matrix / volume_matrix

    @derived("mV", local=True)
    def midpoint_here(self, pH_matrix, nernst_slope):
        """Midpoint potential at the pH of the matrix"""
        return self.midpoint - nernst_slope / 2 * (pH_matrix - self.midpoint_pH)

    @derived("mV", symbol="E_N")
    def nad_potential(self, midpoint_here, nad_matrix, nadh_matrix, thermal_voltage):
        """Redox potential of NAD+/NADH"""
        return midpoint_here + thermal_voltage / 2 * log(nad_matrix / nadh_matrix)

    @derived("kJ/mol")
    def mu0_nadh_matrix(self, midpoint_here, mu_h_matrix, faraday):
        """Standard energy of NADH, over NAD+"""
        return -2 * faraday * midpoint_here + mu_h_matrix

    @derived("kJ/mol")
    def mu0_nad_matrix(self, thermal_energy):
        """Standard energy of NAD+: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu_nadh_matrix(self, mu0_nadh_matrix, nadh_matrix, thermal_energy, standard_concentration):
        """Chemical potential of NADH"""
        return mu0_nadh_matrix + thermal_energy * log(nadh_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_nad_matrix(self, mu0_nad_matrix, nad_matrix, thermal_energy, standard_concentration):
        """Chemical potential of NAD+"""
        return mu0_nad_matrix + thermal_energy * log(nad_matrix / standard_concentration)


@component
class UbiquinonePool(Component):
    """Ubiquinol and ubiquinone of the membrane, per matrix water. Start values make the total, 1.35 mM.

    Parameters
    ----------
    midpoint : mV
        Midpoint potential at ``midpoint_pH``; falls by a Nernst slope per pH unit.
    midpoint_pH : 1
        pH at which the midpoint holds.

    References
    ----------
    Total: Wu et al. 2007. Midpoint: Nelson & Cox; 60 to 90 mV in the membrane.
    """

    contents = {"ubiquinol": {"electrons": 2, "quinone": 1}, "ubiquinone": {"quinone": 1}}

    midpoint: float = parameter(
        45.0, "mV", bounds=(-1000, 1000), range=(45, 90), status="read", symbol="E_{UQ}", source="NelsonCox"
    )
    midpoint_pH: float = parameter(7.0, "1", bounds=(0, 14), status="derived", source=_PH_7)

    @state("mM", initial=0.7, bounds=(0, None), symbol=r"\mathrm{QH_2}")
    def ubiquinol(self, net_ubiquinol, volume_matrix):
        """Ubiquinol"""
        return net_ubiquinol / volume_matrix

    @state("mM", initial=0.65, bounds=(0, None), symbol=r"\mathrm{Q}")
    def ubiquinone(self, net_ubiquinone, volume_matrix):
        """Ubiquinone"""
        return net_ubiquinone / volume_matrix

    @derived("mV", local=True)
    def midpoint_here(self, pH_matrix, nernst_slope):
        """Midpoint potential at the pH of the matrix"""
        return self.midpoint - nernst_slope * (pH_matrix - self.midpoint_pH)

    @derived("mV", symbol="E_Q")
    def ubiquinone_potential(self, midpoint_here, ubiquinone, ubiquinol, thermal_voltage):
        """Redox potential of ubiquinone/ubiquinol at the pH of the matrix"""
        return midpoint_here + thermal_voltage / 2 * log(ubiquinone / ubiquinol)

    @derived("kJ/mol")
    def mu0_ubiquinol(self, midpoint_here, mu_h_matrix, faraday):
        """Standard energy of ubiquinol, over ubiquinone"""
        return -2 * faraday * midpoint_here + 2 * mu_h_matrix

    @derived("kJ/mol")
    def mu0_ubiquinone(self, thermal_energy):
        """Standard energy of ubiquinone: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu_ubiquinol(self, mu0_ubiquinol, ubiquinol, thermal_energy, standard_concentration):
        """Chemical potential of ubiquinol"""
        return mu0_ubiquinol + thermal_energy * log(ubiquinol / standard_concentration)

    @derived("kJ/mol")
    def mu_ubiquinone(self, mu0_ubiquinone, ubiquinone, thermal_energy, standard_concentration):
        """Chemical potential of ubiquinone"""
        return mu0_ubiquinone + thermal_energy * log(ubiquinone / standard_concentration)


@component
class CytochromePool(Component):
    """Cytochrome c between the membranes, reduced and oxidised. Start values make the total, 2.7 mM.

    Parameters
    ----------
    midpoint : mV
        Midpoint potential; takes up no proton, so it does not follow the pH.

    References
    ----------
    Total: Wu et al. 2007. Midpoint: Nelson & Cox; 220 to 250 mV in models.
    """

    contents = {
        "cytochrome_c_reduced": {"electrons": 1, "cytochrome": 1},
        "cytochrome_c_oxidised": {"cytochrome": 1},
    }

    midpoint: float = parameter(
        254.0, "mV", bounds=(-1000, 1000), range=(220, 254), status="read", symbol="E_{c}", source="NelsonCox"
    )

    @state("mM", initial=0.5, bounds=(0, None), symbol=r"c^{2+}")
    def cytochrome_c_reduced(self, net_cytochrome_c_reduced, volume_ims):
        """Reduced cytochrome c"""
        return net_cytochrome_c_reduced / volume_ims

    @state("mM", initial=2.2, bounds=(0, None), symbol=r"c^{3+}")
    def cytochrome_c_oxidised(self, net_cytochrome_c_oxidised, volume_ims):
        """Oxidised cytochrome c"""
        return net_cytochrome_c_oxidised / volume_ims

    @derived("mV", symbol="E_c")
    def cytochrome_c_potential(self, cytochrome_c_oxidised, cytochrome_c_reduced, thermal_voltage):
        """Redox potential of cytochrome c"""
        return self.midpoint + thermal_voltage * log(cytochrome_c_oxidised / cytochrome_c_reduced)

    @derived("kJ/mol")
    def mu0_cytochrome_c_reduced(self, faraday):
        """Standard energy of reduced cytochrome c, over oxidised"""
        return -faraday * self.midpoint

    @derived("kJ/mol")
    def mu0_cytochrome_c_oxidised(self, thermal_energy):
        """Standard energy of oxidised cytochrome c: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu_cytochrome_c_reduced(
        self, mu0_cytochrome_c_reduced, cytochrome_c_reduced, thermal_energy, standard_concentration
    ):
        """Chemical potential of reduced cytochrome c"""
        return mu0_cytochrome_c_reduced + thermal_energy * log(cytochrome_c_reduced / standard_concentration)

    @derived("kJ/mol")
    def mu_cytochrome_c_oxidised(
        self, mu0_cytochrome_c_oxidised, cytochrome_c_oxidised, thermal_energy, standard_concentration
    ):
        """Chemical potential of oxidised cytochrome c"""
        return mu0_cytochrome_c_oxidised + thermal_energy * log(cytochrome_c_oxidised / standard_concentration)


@component
class DissolvedOxygen(Oxygen):
    """Oxygen with its own redox potential, for chains whose carriers have theirs; water is the zero of the scale.

    Parameters
    ----------
    midpoint : mV
        Potential of O2/H2O at 1 atm and ``midpoint_pH``; falls by a Nernst slope per pH unit.
    midpoint_pH : 1
        pH at which the midpoint holds.
    at_one_atmosphere : mM
        Dissolved O2 in equilibrium with 1 atm of it.

    References
    ----------
    Midpoint: Nelson & Cox. Air-saturated medium, 0.2 mM at 0.2 atm: Gnaiger 2003.
    """

    midpoint: float = parameter(
        816.0, "mV", bounds=(0, 2000), range=(800, 820), status="read", symbol="E_{O_2}", source="NelsonCox"
    )
    midpoint_pH: float = parameter(7.0, "1", bounds=(0, 14), status="derived", source=_PH_7)
    at_one_atmosphere: float = parameter(
        1.0, "mM", bounds=(1e-6, None), range=(0.8, 1.4), status="derived", source="Gnaiger2003"
    )

    @derived("mV", local=True)
    def midpoint_here(self, pH_matrix, nernst_slope):
        """Potential of O2/H2O at 1 atm and the pH of the matrix"""
        return self.midpoint - nernst_slope * (pH_matrix - self.midpoint_pH)

    @derived("kJ/mol")
    def mu0_oxygen(self, midpoint_here, mu_h_matrix, faraday, thermal_energy, standard_concentration):
        """Standard energy of O2, over water"""
        pressure = standard_concentration / self.at_one_atmosphere
        return 2 * 2 * (faraday * midpoint_here - mu_h_matrix) + thermal_energy * log(pressure)

    @derived("kJ/mol")
    def mu_oxygen(self, mu0_oxygen, oxygen, thermal_energy, standard_concentration):
        """Chemical potential of O2, over water"""
        return mu0_oxygen + thermal_energy * log(oxygen / standard_concentration)

    @derived("mV", symbol="E_{O_2}")
    def oxygen_potential(self, mu_oxygen, mu_h_matrix, faraday):
        """Redox potential of O2/H2O at this oxygen and the pH of the matrix"""
        return mu_oxygen / (2 * 2 * faraday) + mu_h_matrix / faraday
