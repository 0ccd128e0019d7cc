"""Electron transport of the QAMAS model: dehydrogenase and complexes I, III and IV, by mass action.

Every complex is ``X (e^{A°/RT} · reactants − products)``, where the standard affinity A° follows from the posts.
"""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter, state
from ...core.functions import exp, log


@component
class RedoxCarriers(Component):
    """NADH, ubiquinol and reduced cytochrome c; the oxidised partner of each is its total minus it.

    The potential of each is that of the couple, reduced minus oxidised form, on a scale where O2 at 1 M is zero: the
    reference energies of the three complexes stack up from oxygen to NADH.

    Parameters
    ----------
    nad_total : M
        NAD and NADH of the matrix.
    quinone_total : M
        Ubiquinone and ubiquinol, per matrix water.
    cytochrome_total : M
        Cytochrome c of the intermembrane space.
    energy_complex_I : kJ/mol
        ΔG° of NADH + Q + H+ → NAD + QH2.
    energy_complex_III : kJ/mol
        ΔG° of QH2 + 2 c_ox → Q + 2 c_red + 2 H+.
    energy_complex_IV : kJ/mol
        ΔG° of 2 c_red + ½ O2 + 2 H+ → 2 c_ox + H2O.

    References
    ----------
    Randall et al. 2021; totals after Wu et al. 2007, energies after Li et al. 2011.
    """

    role = "carriers"
    contents = {
        "nadh": {"electrons": 2, "charge": -1},  # relative to NAD+, on the matrix side
        "qh2": {"electrons": 2},
        "c_reduced": {"electrons": 1},
        "oxygen": {"electrons": -4},
    }

    nad_total: float = parameter(2.97e-3, "M", bounds=(0, None), status="read", source="Wu2007")
    quinone_total: float = parameter(1.35e-3, "M", bounds=(0, None), status="read", source="Wu2007")
    cytochrome_total: float = parameter(2.7e-3, "M", bounds=(0, None), status="read", source="Wu2007")
    energy_complex_I: float = parameter(-109.68, "kJ/mol", status="read", source="Li2011")
    energy_complex_III: float = parameter(46.69, "kJ/mol", status="read", source="Li2011")
    energy_complex_IV: float = parameter(-202.16, "kJ/mol", status="read", source="Li2011")

    @state("M", initial=2.97e-4, bounds=(0, None), scale=1e-4, symbol=r"\mathrm{NADH}")
    def nadh(self, net_nadh, volume_matrix):
        """NADH of the matrix"""
        return net_nadh / volume_matrix

    @state("M", initial=1.35e-4, bounds=(0, None), scale=1e-5, symbol=r"\mathrm{QH_2}")
    def qh2(self, net_qh2, volume_matrix):
        """Ubiquinol"""
        return net_qh2 / volume_matrix

    @state("M", initial=2.7e-4, bounds=(0, None), scale=1e-5, symbol=r"c_\mathrm{red}")
    def c_reduced(self, net_c_reduced, volume_ims):
        """Reduced cytochrome c"""
        return net_c_reduced / volume_ims

    @derived("M", symbol=r"\mathrm{NAD}")
    def nad(self, nadh):
        """NAD of the matrix"""
        return self.nad_total - nadh

    @derived("M", symbol=r"\mathrm{Q}")
    def quinone(self, qh2):
        """Ubiquinone"""
        return self.quinone_total - qh2

    @derived("M", symbol=r"c_\mathrm{ox}")
    def c_oxidised(self, c_reduced):
        """Oxidised cytochrome c"""
        return self.cytochrome_total - c_reduced

    @derived("kJ/mol")
    def mu0_c_reduced(self):
        """Standard energy of an electron on cytochrome c"""
        return -self.energy_complex_IV / 2

    @derived("kJ/mol")
    def mu0_qh2(self, mu0_c_reduced):
        """Standard energy of ubiquinol over ubiquinone"""
        return 2 * mu0_c_reduced - self.energy_complex_III

    @derived("kJ/mol")
    def mu0_nadh(self, mu0_qh2):
        """Standard energy of NADH over NAD"""
        return mu0_qh2 - self.energy_complex_I

    @derived("kJ/mol")
    def mu_c_reduced(self, mu0_c_reduced, c_reduced, c_oxidised, thermal_energy):
        """Energy of an electron on cytochrome c"""
        return mu0_c_reduced + thermal_energy * log(c_reduced / c_oxidised)

    @derived("kJ/mol")
    def mu_qh2(self, mu0_qh2, qh2, quinone, thermal_energy):
        """Energy of ubiquinol over ubiquinone"""
        return mu0_qh2 + thermal_energy * log(qh2 / quinone)

    @derived("kJ/mol")
    def mu_nadh(self, mu0_nadh, nadh, nad, thermal_energy):
        """Energy of NADH over NAD"""
        return mu0_nadh + thermal_energy * log(nadh / nad)


@component
class Dehydrogenase(Component):
    """Lumped substrate oxidation that reduces NAD, ``X_DH (r NAD − NADH)(1 + Pi/k₁)/(1 + Pi/k₂)``.

    Parameters
    ----------
    activity : mol/s/L/M
        Dehydrogenase activity; the source has 0.001 without substrate.
    ratio : 1
        NADH/NAD at which substrate and NADH are in equilibrium.
    k_pi1 : M
        Phosphate that doubles the numerator.
    k_pi2 : M
        Phosphate that doubles the denominator.

    References
    ----------
    Randall et al. 2021, after Bazil et al. 2016.
    """

    role = "dehydrogenase"
    contents = {"electron_donor": {"electrons": 1}}

    activity: float = parameter(
        0.1732, "mol/s/L/M", bounds=(0, None), range=(0.001, 1), status="read", symbol="X_{DH}", source="Randall2021"
    )
    ratio: float = parameter(6.8385, "1", bounds=(1e-9, None), status="read", symbol="r", source="Randall2021")
    k_pi1: float = parameter(4.659e-4, "M", bounds=(1e-9, None), status="read", source="Randall2021")
    k_pi2: float = parameter(6.578e-4, "M", bounds=(1e-9, None), status="read", source="Randall2021")

    @derived("kJ/mol")
    def mu_electron_donor(self, mu0_nadh, mu_h_matrix, thermal_energy):
        """Energy of an electron of the substrate, from the NADH/NAD it can hold"""
        return (mu0_nadh + thermal_energy * log(self.ratio) + mu_h_matrix) / 2

    @flux("mol/s/L", symbol="J_{DH}", electron_donor=-2, nadh=+1, h_matrix=+1)
    def J_DH(self, nad, nadh, pi_matrix):
        """Reduction of NAD by substrate"""
        stimulation = (1 + pi_matrix / self.k_pi1) / (1 + pi_matrix / self.k_pi2)
        return self.activity * (self.ratio * nad - nadh) * stimulation


@component
class ComplexI(Component):
    """NADH to ubiquinone, pumping ``charges`` protons.

    Parameters
    ----------
    activity : mol/s/L/M^2
        Activity; high enough to stay near equilibrium.
    charges : 1
        Charges moved out per NADH.

    References
    ----------
    Randall et al. 2021.
    """

    role = "complex_I"

    activity: float = parameter(
        1e4, "mol/s/L/M^2", bounds=(0, None), range=(1e3, 1e5), status="read", symbol="X_{C1}", source="Randall2021"
    )
    charges: float = parameter(4.0, "1", bounds=(0, None), status="read", symbol="n_{C1}", source="Randall2021")

    @flux("mol/s/L", symbol="J_{C1}", nadh=-1, qh2=+1, charge_ims=charges, h_bath=charges, h_matrix=-1 - charges)
    def J_C1(self, standard_affinity, thermal_energy, nadh, nad, quinone, qh2):
        """Electron pairs through complex I"""
        return self.activity * (exp(standard_affinity / thermal_energy) * nadh * quinone - nad * qh2)


@component
class ComplexIII(Component):
    """Ubiquinol to cytochrome c: the two protons of ubiquinol go outside besides the ``charges`` pumped.

    Parameters
    ----------
    activity : mol/s/L/M^3
        Activity; high enough to stay near equilibrium.
    charges : 1
        Charges moved out per ubiquinol.

    References
    ----------
    Randall et al. 2021.
    """

    role = "complex_III"

    activity: float = parameter(
        1e6, "mol/s/L/M^3", bounds=(0, None), range=(1e5, 1e7), status="read", symbol="X_{C3}", source="Randall2021"
    )
    charges: float = parameter(2.0, "1", bounds=(0, None), status="read", symbol="n_{C3}", source="Randall2021")

    @flux("mol/s/L", symbol="J_{C3}", qh2=-1, c_reduced=+2, charge_ims=charges, h_bath=charges + 2, h_matrix=-charges)
    def J_C3(self, standard_affinity, thermal_energy, qh2, quinone, c_oxidised, c_reduced):
        """Electron pairs through complex III"""
        drive = exp(standard_affinity / thermal_energy)
        return self.activity * (drive * c_oxidised**2 * qh2 - c_reduced**2 * quinone)


@component
class ComplexIV(Component):
    """Cytochrome c to oxygen: electrons enter from outside, protons from the matrix.

    ``J = X O2/(O2 + k) (e^{A°/2RT} c_red − c_ox)`` per ½ O2; the standard affinity holds the oxygen.

    Parameters
    ----------
    activity : mol/s/L/M
        Activity.
    charges : 1
        Charges moved out per electron pair.
    oxygen_half_saturation : M
        O2 at half rate.
    citrate_synthase : L/U
        Mitochondria per unit of citrate synthase, in which the source reports oxygen uptake.
    nanomoles_per_minute : nmol*s/mol/min
        Converts mol/s into nmol/min.

    References
    ----------
    Randall et al. 2021; oxygen after Wu et al. 2007.
    """

    role = "complex_IV"

    activity: float = parameter(
        0.0125, "mol/s/L/M", bounds=(0, None), range=(1e-3, 0.1), status="read", symbol="X_{C4}", source="Randall2021"
    )
    charges: float = parameter(4.0, "1", bounds=(0, None), status="read", symbol="n_{C4}", source="Randall2021")
    oxygen_half_saturation: float = parameter(
        1.2e-4, "M", bounds=(0, None), status="read", symbol="k_{O_2}", source="Wu2007"
    )
    citrate_synthase: float = parameter(1.2232e-6, "L/U", bounds=(0, None), status="read", source="Randall2021")
    nanomoles_per_minute: float = parameter(
        6e10, "nmol*s/mol/min", bounds=(0, None), status="derived", source="assumed: definition of the units"
    )

    @flux(
        "mol/s/L", symbol="J_{C4}", c_reduced=-2, oxygen=-0.5, charge_ims=charges, h_bath=charges - 2, h_matrix=-charges
    )
    def J_C4(self, standard_affinity, thermal_energy, oxygen, c_reduced, c_oxidised):
        """Electron pairs through complex IV"""
        saturation = oxygen / (self.oxygen_half_saturation + oxygen)
        return self.activity * saturation * (exp(standard_affinity / (2 * thermal_energy)) * c_reduced - c_oxidised)

    @derived("nmol/min/U", symbol="J_{O_2}")
    def J_O2(self, J_C4):
        """Oxygen uptake per unit of citrate synthase"""
        return J_C4 / 2 * self.nanomoles_per_minute * self.citrate_synthase
