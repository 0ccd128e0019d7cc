"""ATP, ADP and phosphate of the QAMAS model, once for the matrix and once for the bath: binding and energies."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, parameter, state
from ...core.functions import log


@component
class Binding(Component):
    """Dissociation constants of H+, Mg2+ and K+ from ATP, ADP and phosphate, and the energy of ATP hydrolysis.

    Parameters
    ----------
    K_H_atp : M
        Proton dissociation of ATP.
    K_H_adp : M
        Proton dissociation of ADP.
    K_H_pi : M
        Proton dissociation of phosphate.
    K_Mg_atp : M
        Magnesium dissociation of ATP.
    K_Mg_adp : M
        Magnesium dissociation of ADP.
    K_Mg_pi : M
        Magnesium dissociation of phosphate.
    K_K_atp : M
        Potassium dissociation of ATP.
    K_K_adp : M
        Potassium dissociation of ADP.
    K_K_pi : M
        Potassium dissociation of phosphate.
    hydrolysis_energy : kJ/mol
        ΔG° of ATP4- → ADP3- + HPO4 2- + H+, of the unbound species.

    References
    ----------
    Randall et al. 2021, after Li et al. 2011.
    """

    role = "binding"

    K_H_atp: float = parameter(10**-6.33, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_H_adp: float = parameter(10**-6.26, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_H_pi: float = parameter(10**-6.62, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_Mg_atp: float = parameter(10**-3.88, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_Mg_adp: float = parameter(10**-3.00, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_Mg_pi: float = parameter(10**-1.66, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_K_atp: float = parameter(10**-1.02, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_K_adp: float = parameter(10**-0.89, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    K_K_pi: float = parameter(10**-0.42, "M", bounds=(1e-20, None), status="read", shared=True, source="Li2011")
    hydrolysis_energy: float = parameter(
        4.99, "kJ/mol", status="read", shared=True, symbol=r"\Delta G^\circ_F", source="Li2011"
    )


@component
class Phosphates(Component):
    """Total ATP, ADP and phosphate of one compartment, and how much of each is unbound.

    Written for no compartment in particular; `in_compartment` says which pH, ions and volume it lives in.

    References
    ----------
    Randall et al. 2021.
    """

    @state("M", initial=5e-4, bounds=(0, None), scale=1e-4, symbol=r"\Sigma\mathrm{ATP}")
    def atp(self, net_atp, volume):
        """Total ATP"""
        return net_atp / volume

    @state("M", initial=9.5e-3, bounds=(0, None), scale=1e-4, symbol=r"\Sigma\mathrm{ADP}")
    def adp(self, net_adp, volume):
        """Total ADP"""
        return net_adp / volume

    @state("M", initial=3e-4, bounds=(0, None), scale=1e-3, symbol=r"\Sigma\mathrm{P_i}")
    def pi(self, net_pi, volume):
        """Total phosphate"""
        return net_pi / volume

    @derived("1", local=True)
    def atp_polynomial(self, proton, magnesium, potassium, K_H_atp, K_Mg_atp, K_K_atp):
        """Total ATP over unbound ATP"""
        return 1 + proton / K_H_atp + magnesium / K_Mg_atp + potassium / K_K_atp

    @derived("1", local=True)
    def adp_polynomial(self, proton, magnesium, potassium, K_H_adp, K_Mg_adp, K_K_adp):
        """Total ADP over unbound ADP"""
        return 1 + proton / K_H_adp + magnesium / K_Mg_adp + potassium / K_K_adp

    @derived("1", local=True)
    def pi_polynomial(self, proton, magnesium, potassium, K_H_pi, K_Mg_pi, K_K_pi):
        """Total phosphate over unbound phosphate"""
        return 1 + proton / K_H_pi + magnesium / K_Mg_pi + potassium / K_K_pi

    @derived("M")
    def atp_unbound(self, atp, atp_polynomial):
        """Unbound ATP"""
        return atp / atp_polynomial

    @derived("M")
    def adp_unbound(self, adp, adp_polynomial):
        """Unbound ADP"""
        return adp / adp_polynomial

    @derived("M", symbol=r"\mathrm{H_2PO_4^-}")
    def dihydrogen_phosphate(self, pi, pi_polynomial, proton, K_H_pi):
        """H2PO4-, the form that is carried"""
        return pi / pi_polynomial * proton / K_H_pi

    @derived("kJ/mol")
    def mu0_atp(self, atp_polynomial, hydrolysis_energy, thermal_energy):
        """Standard energy of total ATP"""
        return -hydrolysis_energy - thermal_energy * log(atp_polynomial)

    @derived("kJ/mol")
    def mu0_adp(self, adp_polynomial, thermal_energy):
        """Standard energy of total ADP: unbound ADP is the zero of the scale"""
        return -thermal_energy * log(adp_polynomial)

    @derived("kJ/mol")
    def mu0_pi(self, pi_polynomial, thermal_energy):
        """Standard energy of total phosphate: unbound phosphate is the zero of the scale"""
        return -thermal_energy * log(pi_polynomial)

    @derived("kJ/mol")
    def mu_atp(self, mu0_atp, atp, standard_concentration, thermal_energy):
        """Chemical potential of ATP"""
        return mu0_atp + thermal_energy * log(atp / standard_concentration)

    @derived("kJ/mol")
    def mu_adp(self, mu0_adp, adp, standard_concentration, thermal_energy):
        """Chemical potential of ADP"""
        return mu0_adp + thermal_energy * log(adp / standard_concentration)

    @derived("kJ/mol")
    def mu_pi(self, mu0_pi, pi, standard_concentration, thermal_energy):
        """Chemical potential of phosphate"""
        return mu0_pi + thermal_energy * log(pi / standard_concentration)

    @derived("kJ/mol", symbol=r"\Delta G_P")
    def delta_Gp(self, mu_atp, mu_adp, mu_pi, mu_h):
        """Phosphorylation potential: positive, the negative of the source's ΔG of hydrolysis"""
        return mu_atp - mu_adp - mu_pi - mu_h

    def in_compartment(self, side: str) -> Phosphates:
        """The same compartment-blind laws with every name of theirs ending in ``_side``."""
        solutes, surroundings = ("atp", "adp", "pi"), ("volume", "proton", "magnesium", "potassium", "h")
        computed = ("atp_unbound", "adp_unbound", "dihydrogen_phosphate", "delta_Gp")
        own = (*solutes, *surroundings, *computed)
        return self.rewire(**{name: f"{name}_{side}" for name in own})


@component
class MatrixPhosphates(Phosphates):
    """`Phosphates` of the matrix, whose charges count in the electrical books.

    References
    ----------
    Randall et al. 2021.
    """

    role = "matrix_phosphates"
    contents = {
        "atp": {"matrix adenylate": 1, "phosphate": 3, "charge": -4},
        "adp": {"matrix adenylate": 1, "phosphate": 2, "charge": -3},
        "pi": {"phosphate": 1, "charge": -2},
    }


@component
class BathPhosphates(Phosphates):
    """`Phosphates` of the bath, on the side where a charge is booked as ``charge_ims``.

    References
    ----------
    Randall et al. 2021.
    """

    role = "bath_phosphates"
    contents = {
        "atp": {"bath adenylate": 1, "phosphate": 3},
        "adp": {"bath adenylate": 1, "phosphate": 2},
        "pi": {"phosphate": 1},
    }
