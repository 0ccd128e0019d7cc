"""Adenine nucleotides and phosphate of the bath, and the energy of ATP there."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter, state
from ..core.door import inside
from ..core.functions import Function, log
from ..thermodynamics import standard_atp_synthesis_energy

# The binding polynomials are a page of algebra; kept whole, they stay one name in the equations of a model.
_law = inside(standard_atp_synthesis_energy)
energy_of_atp = Function(
    "energy_of_atp",
    lambda *conditions: float(_law(*conditions)),
    _law,
    formula=_law,
    on_quantities=standard_atp_synthesis_energy,
)


@component
class Adenylates(Component):
    """ATP, ADP and phosphate of the bath, each a state of its own, with the energy of ATP.

    ``ΔG_P = ΔG°' + RT ln(ATP/(ADP·Pi))`` in molar terms. ``ΔG°'`` is the given value at the reference conditions
    plus the change computed from binding of H+ and Mg2+ when conditions differ, so nothing jumps at the reference.

    Parameters
    ----------
    standard_energy : kJ/mol
        ΔG°' of ATP synthesis at the reference conditions.
    reference_pH : 1
        Bath pH at which ``standard_energy`` holds.
    reference_magnesium : mM
        Free Mg2+ at which ``standard_energy`` holds.
    reference_temperature : K
        Temperature at which ``standard_energy`` holds.
    reference_ionic_strength : mol/L
        Ionic strength at which ``standard_energy`` holds.

    References
    ----------
    Change with conditions: Golding, Teague & Dobson 1995.
    """

    role = "adenylates"
    contents = {
        "atp_bath": {"adenylate": 1, "phosphate": 3},
        "adp_bath": {"adenylate": 1, "phosphate": 2},
        "pi_bath": {"phosphate": 1},
    }

    standard_energy: float = parameter(
        33.0, "kJ/mol", bounds=(0, 60), range=(30, 37), status="derived", symbol=r"\Delta G^{\circ\prime}",
        source="Golding1995",
    )  # fmt: skip
    reference_pH: float = parameter(7.2, "1", bounds=(0, 14), status="derived", source="Golding1995")
    reference_magnesium: float = parameter(1.0, "mM", bounds=(0, 100), status="derived", source="Golding1995")
    reference_temperature: float = parameter(310.15, "K", bounds=(250, 350), status="derived", source="Golding1995")
    reference_ionic_strength: float = parameter(0.15, "mol/L", bounds=(0, 1), status="derived", source="Golding1995")

    @state("mM", initial=0.5, alias="ATP", bounds=(0, None), scale=0.1, held=("titrate",), symbol=r"\mathrm{ATP}")
    def atp_bath(self, net_atp_bath, volume_bath):
        """ATP of the bath"""
        return net_atp_bath / volume_bath

    @state("mM", initial=0.0, alias="ADP", bounds=(0, None), scale=0.1, held=("titrate",), symbol=r"\mathrm{ADP}")
    def adp_bath(self, net_adp_bath, volume_bath):
        """ADP of the bath"""
        return net_adp_bath / volume_bath

    @state("mM", initial=5.0, alias="Pi", bounds=(0, None), scale=1.0, held=("titrate",), symbol=r"\mathrm{P_i}")
    def pi_bath(self, net_pi_bath, volume_bath):
        """Phosphate of the bath"""
        return net_pi_bath / volume_bath

    @derived("kJ/mol")
    def mu0_atp_bath(self, pH_bath, magnesium, temperature, ionic_strength):
        """Standard energy of ATP synthesis under the conditions of the bath"""
        here = energy_of_atp(pH_bath, magnesium, temperature, ionic_strength)
        there = energy_of_atp(
            self.reference_pH, self.reference_magnesium, self.reference_temperature, self.reference_ionic_strength
        )
        return self.standard_energy + here - there

    @derived("kJ/mol")
    def mu0_adp_bath(self, thermal_energy):
        """Standard energy of ADP: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu0_pi_bath(self, thermal_energy):
        """Standard energy of phosphate: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu_atp_bath(self, mu0_atp_bath, atp_bath, thermal_energy, standard_concentration):
        """Chemical potential of ATP"""
        return mu0_atp_bath + thermal_energy * log(atp_bath / standard_concentration)

    @derived("kJ/mol")
    def mu_adp_bath(self, mu0_adp_bath, adp_bath, thermal_energy, standard_concentration):
        """Chemical potential of ADP"""
        return mu0_adp_bath + thermal_energy * log(adp_bath / standard_concentration)

    @derived("kJ/mol")
    def mu_pi_bath(self, mu0_pi_bath, pi_bath, thermal_energy, standard_concentration):
        """Chemical potential of phosphate"""
        return mu0_pi_bath + thermal_energy * log(pi_bath / standard_concentration)

    @derived("kJ/mol", symbol=r"\Delta G_P")
    def delta_Gp(self, mu_atp_bath, mu_adp_bath, mu_pi_bath):
        """Phosphorylation potential"""
        return mu_atp_bath - mu_adp_bath - mu_pi_bath


@component
class FixedPhosphorylationPotential(Component):
    """Nucleotides as a reservoir with a constant ΔG_P: for closed forms.

    Parameters
    ----------
    delta_Gp : kJ/mol
        Phosphorylation potential, held constant.

    References
    ----------
    Worked example H1 of the model description: 150 mV times 11/3 protons.
    """

    role = "adenylates"

    delta_Gp: float = parameter(
        53.066932665, "kJ/mol", bounds=(0, None), range=(40, 66), status="assumed", shared=True,
        symbol=r"\Delta G_P", source="assumed: worked example H1, 150 mV at 11/3 protons per ATP",
    )  # fmt: skip

    @derived("kJ/mol")
    def mu_atp_bath(self):
        """Chemical potential of ATP, over ADP and phosphate"""
        return self.delta_Gp

    @derived("kJ/mol")
    def mu_adp_bath(self):
        """Chemical potential of ADP: the zero of the scale"""
        return 0 * self.delta_Gp

    @derived("kJ/mol")
    def mu_pi_bath(self):
        """Chemical potential of phosphate: the zero of the scale"""
        return 0 * self.delta_Gp
