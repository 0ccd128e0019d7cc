"""ATP, phosphate and creatine of the Korzeniewski heart model, in matrix and cytosol, and their kinases."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter, state
from ...core.functions import log10


@component
class MatrixPhosphates(Component):
    """ATP and phosphate of the matrix; ADP is the rest of a constant total.

    The ΔG_P of the source is one of totals at its free Mg2+. Energies here are of the Mg-free forms, so that those of
    matrix and cytosol compare; in the matrix they add up to the source's value.

    Parameters
    ----------
    adenylate_total : uM
        ATP and ADP of the matrix.
    energy : kJ/mol
        ΔG of ATP synthesis at 1 M of the totals of the matrix.
    K_Mg_atp : uM
        Magnesium dissociation of ATP in the matrix.
    K_Mg_adp : uM
        Magnesium dissociation of ADP in the matrix.
    pK_phosphate : 1
        pK of phosphate.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "matrix_phosphates"
    # Phosphate beyond ADP: the total of the adenylates is constant, and ADP is no state.
    contents = {"atp_matrix": {"phosphate": 1}, "pi_matrix": {"phosphate": 1}}

    adenylate_total: float = parameter(
        16260.0, "uM", bounds=(0, None), status="read", symbol="A_{iSUM}", source="Edwards2011"
    )
    energy: float = parameter(31.9, "kJ/mol", status="read", symbol=r"\Delta G_{P0}", source="Edwards2011")
    K_Mg_atp: float = parameter(17.0, "uM", bounds=(1e-9, None), status="read", symbol="k_{DTi}", source="Edwards2011")
    K_Mg_adp: float = parameter(282.0, "uM", bounds=(1e-9, None), status="read", symbol="k_{DDi}", source="Edwards2011")
    pK_phosphate: float = parameter(
        6.8, "1", bounds=(0, 14), status="read", shared=True, symbol="pK_a", source="Edwards2011"
    )

    @state("uM", initial=6987.0, bounds=(0, None), scale=1000.0, symbol=r"\mathrm{ATP}_{ti}")
    def atp_matrix(self, net_atp_matrix, cell_per_mitochondria):
        """Total ATP of the matrix"""
        return net_atp_matrix * cell_per_mitochondria

    @state("uM", initial=7020.0, bounds=(0, None), scale=1000.0, symbol=r"\mathrm{Pi}_{ti}")
    def pi_matrix(self, net_pi_matrix, cell_per_mitochondria):
        """Total phosphate of the matrix"""
        return net_pi_matrix * cell_per_mitochondria

    @derived("uM", symbol=r"\mathrm{ADP}_{ti}")
    def adp_matrix(self, atp_matrix):
        """Total ADP of the matrix"""
        return self.adenylate_total - atp_matrix

    @derived("uM", symbol=r"\mathrm{ATP}_{fi}")
    def atp_free_matrix(self, atp_matrix, magnesium_matrix):
        """Mg-free ATP of the matrix"""
        return atp_matrix / (1 + magnesium_matrix / self.K_Mg_atp)

    @derived("uM", symbol=r"\mathrm{ADP}_{fi}")
    def adp_free_matrix(self, adp_matrix, magnesium_matrix):
        """Mg-free ADP of the matrix"""
        return adp_matrix / (1 + magnesium_matrix / self.K_Mg_adp)

    @derived("uM", symbol=r"\mathrm{Pi}_{ji}")
    def pi_monovalent_matrix(self, pi_matrix, pH_matrix):
        """Monovalent phosphate of the matrix"""
        return pi_matrix / (1 + 10 ** (pH_matrix - self.pK_phosphate))

    @derived("kJ/mol")
    def mu0_atp(self, magnesium_matrix, energy_per_decade):
        """Standard energy of Mg-free ATP over Mg-free ADP and phosphate"""
        binding = (1 + magnesium_matrix / self.K_Mg_atp) / (1 + magnesium_matrix / self.K_Mg_adp)
        return self.energy + energy_per_decade * log10(binding)

    @derived("kJ/mol")
    def mu_atp_matrix(self, mu0_atp, atp_free_matrix, standard_concentration, energy_per_decade):
        """Energy of ATP in the matrix"""
        return mu0_atp + energy_per_decade * log10(atp_free_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_adp_matrix(self, adp_free_matrix, standard_concentration, energy_per_decade):
        """Energy of ADP in the matrix"""
        return energy_per_decade * log10(adp_free_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_pi_matrix(self, pi_matrix, standard_concentration, energy_per_decade):
        """Energy of total phosphate in the matrix"""
        return energy_per_decade * log10(pi_matrix / standard_concentration)

    @derived("kJ/mol", symbol=r"\Delta G_P")
    def delta_Gp(self, mu_atp_matrix, mu_adp_matrix, mu_pi_matrix):
        """Phosphorylation potential of the matrix"""
        return mu_atp_matrix - mu_adp_matrix - mu_pi_matrix


@component
class CytosolPhosphates(Component):
    """ATP, ADP and phosphate of the cytosol; AMP is the rest of a constant total.

    Parameters
    ----------
    adenylate_total : uM
        ATP, ADP and AMP of the cytosol.
    K_Mg_atp : uM
        Magnesium dissociation of ATP in the cytosol.
    K_Mg_adp : uM
        Magnesium dissociation of ADP in the cytosol.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "cytosol_phosphates"
    # Phosphate beyond AMP, which is no state.
    contents = {"atp_cytosol": {"phosphate": 2}, "adp_cytosol": {"phosphate": 1}, "pi_cytosol": {"phosphate": 1}}

    adenylate_total: float = parameter(
        6700.2, "uM", bounds=(0, None), status="read", symbol="A_{eSUM}", source="Edwards2011"
    )
    K_Mg_atp: float = parameter(24.0, "uM", bounds=(1e-9, None), status="read", symbol="k_{DTe}", source="Edwards2011")
    K_Mg_adp: float = parameter(347.0, "uM", bounds=(1e-9, None), status="read", symbol="k_{DDe}", source="Edwards2011")

    @state("uM", initial=6668.0, bounds=(0, None), scale=1000.0, symbol=r"\mathrm{ATP}_{te}")
    def atp_cytosol(self, net_atp_cytosol):
        """Total ATP of the cytosol"""
        return net_atp_cytosol

    @state("uM", initial=31.7, bounds=(0, None), scale=10.0, symbol=r"\mathrm{ADP}_{te}")
    def adp_cytosol(self, net_adp_cytosol):
        """Total ADP of the cytosol"""
        return net_adp_cytosol

    @state("uM", initial=2599.0, bounds=(0, None), scale=1000.0, symbol=r"\mathrm{Pi}_{te}")
    def pi_cytosol(self, net_pi_cytosol):
        """Total phosphate of the cytosol"""
        return net_pi_cytosol

    @derived("uM", symbol=r"\mathrm{AMP}_e")
    def amp_cytosol(self, atp_cytosol, adp_cytosol):
        """AMP of the cytosol"""
        return self.adenylate_total - atp_cytosol - adp_cytosol

    @derived("uM", symbol=r"\mathrm{ATP}_{fe}")
    def atp_free_cytosol(self, atp_cytosol, magnesium_cytosol):
        """Mg-free ATP of the cytosol"""
        return atp_cytosol / (1 + magnesium_cytosol / self.K_Mg_atp)

    @derived("uM", symbol=r"\mathrm{ADP}_{fe}")
    def adp_free_cytosol(self, adp_cytosol, magnesium_cytosol):
        """Mg-free ADP of the cytosol"""
        return adp_cytosol / (1 + magnesium_cytosol / self.K_Mg_adp)

    @derived("uM", symbol=r"\mathrm{Pi}_{je}")
    def pi_monovalent_cytosol(self, pi_cytosol, pH_cytosol, pK_phosphate):
        """Monovalent phosphate of the cytosol"""
        return pi_cytosol / (1 + 10 ** (pH_cytosol - pK_phosphate))

    @derived("kJ/mol")
    def mu_atp_cytosol(self, mu0_atp, atp_free_cytosol, standard_concentration, energy_per_decade):
        """Energy of ATP in the cytosol"""
        return mu0_atp + energy_per_decade * log10(atp_free_cytosol / standard_concentration)

    @derived("kJ/mol")
    def mu_adp_cytosol(self, adp_free_cytosol, standard_concentration, energy_per_decade):
        """Energy of ADP in the cytosol"""
        return energy_per_decade * log10(adp_free_cytosol / standard_concentration)


@component
class CreatineKinase(Component):
    """Phosphocreatine, and ``k_f ADP PCr H − k_b ATP Cr``; creatine is the rest of a constant total.

    Parameters
    ----------
    creatine_total : uM
        Phosphocreatine and creatine.
    forward : 1/uM^2/min
        Rate constant of ATP formation.
    backward : 1/uM/min
        Rate constant of phosphocreatine formation.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "creatine_kinase"
    contents = {"pcr": {"phosphate": 1}}

    creatine_total: float = parameter(
        25000.0, "uM", bounds=(0, None), status="read", symbol="C_{SUM}", source="Edwards2011"
    )
    forward: float = parameter(
        1.9258, "1/uM^2/min", bounds=(0, None), range=(0.1, 20), status="read", symbol="k_{fCK}", source="Edwards2011"
    )
    backward: float = parameter(
        8.7538e-4, "1/uM/min", bounds=(1e-12, None), range=(1e-4, 1e-2), status="read", symbol="k_{bCK}",
        source="Edwards2011",
    )  # fmt: skip

    @state("uM", initial=12219.0, bounds=(0, None), scale=1000.0, symbol=r"\mathrm{PCr}")
    def pcr(self, net_pcr):
        """Phosphocreatine"""
        return net_pcr

    @derived("uM", symbol=r"\mathrm{Cr}")
    def creatine(self, pcr):
        """Creatine"""
        return self.creatine_total - pcr

    @derived("kJ/mol")
    def mu_pcr(self, pcr, creatine, proton_cytosol, atp_cytosol, adp_cytosol, mu_atp_cytosol, mu_adp_cytosol,
               energy_per_decade):  # fmt: skip
        """Energy of phosphocreatine over creatine, from the equilibrium of the kinase (Haldane)"""
        constant = self.forward * proton_cytosol / self.backward
        at_equilibrium = energy_per_decade * log10(constant * pcr / creatine * adp_cytosol / atp_cytosol)
        return mu_atp_cytosol - mu_adp_cytosol + at_equilibrium

    @flux("uM/min", symbol="v_{CK}", adp_cytosol=-1, pcr=-1, atp_cytosol=+1)
    def J_CK(self, adp_cytosol, pcr, proton_cytosol, atp_cytosol, creatine):
        """ATP from phosphocreatine"""
        return self.forward * adp_cytosol * pcr * proton_cytosol - self.backward * atp_cytosol * creatine


@component
class AdenylateKinase(Component):
    """``2 ADP ⇌ ATP + AMP`` of one Mg-free and one Mg-bound ADP, at mass action.

    Parameters
    ----------
    forward : 1/uM/min
        Rate constant of ATP formation.
    backward : 1/uM/min
        Rate constant of ADP formation.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "adenylate_kinase"

    forward: float = parameter(
        862.1, "1/uM/min", bounds=(0, None), range=(100, 1e4), status="read", symbol="k_{fAK}", source="Edwards2011"
    )
    backward: float = parameter(
        22.747, "1/uM/min", bounds=(1e-9, None), range=(1, 1e3), status="read", symbol="k_{bAK}", source="Edwards2011"
    )

    @derived("kJ/mol")
    def mu_amp_cytosol(self, adp_cytosol, adp_free_cytosol, atp_cytosol, atp_free_cytosol, amp_cytosol,
                       mu_atp_cytosol, mu_adp_cytosol, energy_per_decade):  # fmt: skip
        """Energy of AMP, from the equilibrium of the kinase (Haldane)"""
        bound_adp, bound_atp = adp_cytosol - adp_free_cytosol, atp_cytosol - atp_free_cytosol
        backward, forward = self.backward * bound_atp * amp_cytosol, self.forward * adp_free_cytosol * bound_adp
        return 2 * mu_adp_cytosol - mu_atp_cytosol + energy_per_decade * log10(backward / forward)

    @flux("uM/min", symbol="v_{AK}", adp_cytosol=-2, atp_cytosol=+1, amp_cytosol=+1)
    def J_AK(self, adp_cytosol, adp_free_cytosol, atp_cytosol, atp_free_cytosol, amp_cytosol):
        """ATP and AMP from two ADP"""
        bound_adp, bound_atp = adp_cytosol - adp_free_cytosol, atp_cytosol - atp_free_cytosol
        return self.forward * adp_free_cytosol * bound_adp - self.backward * bound_atp * amp_cytosol
