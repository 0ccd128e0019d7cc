"""Nucleotides and phosphate of the matrix, and the carriers that exchange them with the bath."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter, state
from ..core.door import inside
from ..core.functions import Function, exp, log
from ..thermodynamics import binding_polynomial, mean_bound
from .membrane import Membrane


def _binding(name: str, law, *which: str) -> Function:
    """A function of (pH, Mg, temperature, ionic strength) that stays one name in the equations of a model."""

    bare = inside(law)  # a solver may try a pH that no user could give

    def read(*conditions):
        return bare(*which, *conditions)

    return Function(name, lambda *c: float(read(*c)), read, formula=read, on_quantities=lambda *c: law(*which, *c))


# Total over bare anion, and protons bound per anion, by species.
binding_atp = _binding("binding_atp", binding_polynomial, "ATP")
binding_adp = _binding("binding_adp", binding_polynomial, "ADP")
binding_pi = _binding("binding_pi", binding_polynomial, "Pi")
protons_on_atp = _binding("protons_on_atp", mean_bound, "H", "ATP")
protons_on_adp = _binding("protons_on_adp", mean_bound, "H", "ADP")
protons_on_pi = _binding("protons_on_pi", mean_bound, "H", "Pi")


@component
class MatrixAdenylates(Component):
    """ATP, ADP and phosphate of the matrix, each a state, with potentials on the scale of the bath.

    Potentials are those of the bare anions ATP4-, ADP3- and HPO4 2-, whose share of the total depends on pH and
    Mg2+ on each side: ``μ = μ_bath° − RT ln(P_matrix/P_bath) + RT ln c`` with the binding polynomials P. Hence
    the translocase equilibrates bare nucleotides, the phosphate carrier HPO4 2- with two protons, and synthase,
    translocase and phosphate carrier together give exactly ``ΔG_P(bath) = (c/3 + 1) F Δp`` at rest, whatever the
    matrix is like.

    Parameters
    ----------
    magnesium_matrix : mM
        Free Mg2+ of the matrix.

    References
    ----------
    Binding of H+ and Mg2+: Golding, Teague & Dobson 1995. Free Mg2+: Randall et al. 2021.
    """

    contents = {
        "atp_matrix": {"charge": -4, "adenylate": 1, "phosphate": 3},
        "adp_matrix": {"charge": -3, "adenylate": 1, "phosphate": 2},
        "pi_matrix": {"charge": -2, "phosphate": 1},
    }

    magnesium_matrix: float = parameter(
        1.0, "mM", bounds=(0, 100), range=(0.1, 5), status="read", shared=True, symbol=r"\mathrm{Mg}_m",
        source="Randall2021",
    )  # fmt: skip

    @state("mM", initial=5.0, bounds=(0, None), symbol=r"\mathrm{ATP}_m")
    def atp_matrix(self, net_atp_matrix, volume_matrix):
        """ATP of the matrix"""
        return net_atp_matrix / volume_matrix

    @state("mM", initial=5.0, bounds=(0, None), symbol=r"\mathrm{ADP}_m")
    def adp_matrix(self, net_adp_matrix, volume_matrix):
        """ADP of the matrix"""
        return net_adp_matrix / volume_matrix

    @state("mM", initial=5.0, bounds=(0, None), symbol=r"\mathrm{P}_{i,m}")
    def pi_matrix(self, net_pi_matrix, volume_matrix):
        """Phosphate of the matrix"""
        return net_pi_matrix / volume_matrix

    @derived("kJ/mol")
    def mu0_atp_matrix(self, mu0_atp_bath, pH_matrix, pH_bath, magnesium, temperature, ionic_strength, thermal_energy):
        """Standard energy of matrix ATP"""
        here = binding_atp(pH_matrix, self.magnesium_matrix, temperature, ionic_strength)
        there = binding_atp(pH_bath, magnesium, temperature, ionic_strength)
        return mu0_atp_bath - thermal_energy * log(here / there)

    @derived("kJ/mol")
    def mu0_adp_matrix(self, mu0_adp_bath, pH_matrix, pH_bath, magnesium, temperature, ionic_strength, thermal_energy):
        """Standard energy of matrix ADP"""
        here = binding_adp(pH_matrix, self.magnesium_matrix, temperature, ionic_strength)
        there = binding_adp(pH_bath, magnesium, temperature, ionic_strength)
        return mu0_adp_bath - thermal_energy * log(here / there)

    @derived("kJ/mol")
    def mu0_pi_matrix(self, mu0_pi_bath, pH_matrix, pH_bath, magnesium, temperature, ionic_strength, thermal_energy):
        """Standard energy of matrix phosphate"""
        here = binding_pi(pH_matrix, self.magnesium_matrix, temperature, ionic_strength)
        there = binding_pi(pH_bath, magnesium, temperature, ionic_strength)
        return mu0_pi_bath - thermal_energy * log(here / there)

    @derived("kJ/mol")
    def mu_atp_matrix(self, mu0_atp_matrix, atp_matrix, thermal_energy, standard_concentration):
        """Chemical potential of matrix ATP"""
        return mu0_atp_matrix + thermal_energy * log(atp_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_adp_matrix(self, mu0_adp_matrix, adp_matrix, thermal_energy, standard_concentration):
        """Chemical potential of matrix ADP"""
        return mu0_adp_matrix + thermal_energy * log(adp_matrix / standard_concentration)

    @derived("kJ/mol")
    def mu_pi_matrix(self, mu0_pi_matrix, pi_matrix, thermal_energy, standard_concentration):
        """Chemical potential of matrix phosphate"""
        return mu0_pi_matrix + thermal_energy * log(pi_matrix / standard_concentration)

    @derived("kJ/mol", symbol=r"\Delta G_{P,m}")
    def delta_Gp_matrix(self, mu_atp_matrix, mu_adp_matrix, mu_pi_matrix, mu_h_matrix):
        """Phosphorylation potential of the matrix"""
        return mu_atp_matrix - mu_adp_matrix - mu_pi_matrix - mu_h_matrix


@component
class BindingMembrane(Membrane):
    """Inner membrane whose matrix pH counts the protons bound to nucleotides and phosphate.

    Posts to ``h_matrix`` are in bare anions: HPO4 2- comes in with two protons, ATP4- leaves with none. Of those
    protons, the mean number bound to each anion at the pH at hand never meets the buffer:
    ``β dpH/dt = −(net H+ − n_ATP net ATP − n_ADP net ADP − n_Pi net Pi)``. The plain `Membrane` leaves that
    correction out, which does not move steady states but the path to them, and keeps the charge of the matrix
    a linear sum; here it is a conserved sum with coefficients that depend on pH.

    Parameters
    ----------
    buffer : nmol/mg
        Protons taken or released per unit of pH by everything but adenylates and phosphate.

    References
    ----------
    Protons bound: Golding, Teague & Dobson 1995.
    """

    role = "membrane"

    @state("1", initial=7.2, bounds=(0, 14), scale=1.0, symbol=r"\mathrm{pH}_m")
    def pH_matrix(
        self,
        net_h_matrix,
        net_atp_matrix,
        net_adp_matrix,
        net_pi_matrix,
        protons_atp_matrix,
        protons_adp_matrix,
        protons_pi_matrix,
    ):
        """pH of the matrix"""
        bound = protons_atp_matrix * net_atp_matrix + protons_adp_matrix * net_adp_matrix
        return -(net_h_matrix - bound - protons_pi_matrix * net_pi_matrix) / self.buffer

    @derived("1", symbol=r"\bar n_T")
    def protons_atp_matrix(self, pH_matrix, magnesium_matrix, temperature, ionic_strength):
        """Protons bound per ATP of the matrix"""
        return protons_on_atp(pH_matrix, magnesium_matrix, temperature, ionic_strength)

    @derived("1", symbol=r"\bar n_D")
    def protons_adp_matrix(self, pH_matrix, magnesium_matrix, temperature, ionic_strength):
        """Protons bound per ADP of the matrix"""
        return protons_on_adp(pH_matrix, magnesium_matrix, temperature, ionic_strength)

    @derived("1", symbol=r"\bar n_P")
    def protons_pi_matrix(self, pH_matrix, magnesium_matrix, temperature, ionic_strength):
        """Protons bound per phosphate of the matrix"""
        return protons_on_pi(pH_matrix, magnesium_matrix, temperature, ionic_strength)


@component
class AdenineNucleotideTranslocase(Component):
    """Exchange of matrix ATP4- for bath ADP3-: one charge per turn, so Δψ drives ATP out and ADP in.

    Kernel with the affinity ``RT ln(T_m D_o/(D_m T_o)) + FΔψ`` of the bare anions and capacities that saturate
    with the totals of either side. At rest ATP/ADP is ``e^φ`` times higher outside (398 at 160 mV).

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of ATP export.
    reverse_capacity : nmol/min/mg
        Largest rate of ATP import.
    K_adp_bath : mM
        Bath ADP at half rate.
    K_atp_bath : mM
        Bath ATP at half rate of import.
    K_adp_matrix : mM
        Matrix ADP at half rate of import.
    K_atp_matrix : mM
        Matrix ATP at half rate.

    References
    ----------
    A full account of binding and voltage, of which this is a saturating stand-in: Metelkin et al. 2006.
    """

    role = "translocase"

    capacity: float = parameter(
        2000.0, "nmol/min/mg", bounds=(0, None), range=(100, 8000), status="assumed", symbol="V_{ANT}",
        source="assumed: in excess over phosphorylation",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        500.0, "nmol/min/mg", bounds=(1e-6, None), range=(50, 2000), status="assumed",
        source="assumed: a quarter of the forward capacity",
    )  # fmt: skip
    K_adp_bath: float = parameter(
        0.01, "mM", bounds=(0, None), range=(0.001, 0.1), status="assumed",
        source="assumed: of the order of the affinity of phosphorylation as a whole for external ADP",
    )  # fmt: skip
    K_atp_bath: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 2), status="assumed", source="assumed: as hydrolysis of external ATP"
    )
    K_adp_matrix: float = parameter(
        1.0, "mM", bounds=(0, None), range=(0.1, 5), status="assumed", source="assumed: inside the pool of 10 mM"
    )
    K_atp_matrix: float = parameter(
        1.0, "mM", bounds=(0, None), range=(0.1, 5), status="assumed", source="assumed: inside the pool of 10 mM"
    )

    activity_translocase = factor("Activity of the adenine nucleotide translocase")

    @flux("nmol/min/mg", symbol="J_{ANT}", atp_matrix=-1, adp_matrix=+1, atp_bath=+1, adp_bath=-1, charge_ims=-1)
    def J_translocase(
        self, standard_affinity, thermal_energy, atp_matrix, adp_matrix, atp_bath, adp_bath, activity_translocase
    ):
        """ATP exported in exchange for ADP"""
        backward = exp(-standard_affinity / thermal_energy)
        room_out = (self.K_atp_matrix + atp_matrix) * (self.K_adp_bath + adp_bath)
        room_in = (self.K_adp_matrix + adp_matrix) * (self.K_atp_bath + atp_bath)
        drive = atp_matrix * adp_bath - backward * adp_matrix * atp_bath
        resist = self.reverse_capacity * room_out + self.capacity * backward * room_in
        return activity_translocase * self.capacity * self.reverse_capacity * drive / resist


@component
class PhosphateCarrier(Component):
    """Electroneutral entry of phosphate with protons, H2PO4- with one or, the same, HPO4 2- with two.

    At rest H2PO4- is ``10^ΔpH`` times higher in the matrix and HPO4 2- ``10^(2ΔpH)`` times. Added phosphate lowers
    ΔpH and raises Δψ. Saturates with total phosphate of either side.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of uptake.
    reverse_capacity : nmol/min/mg
        Largest rate of export.
    K_pi_bath : mM
        Bath phosphate at half rate.
    K_pi_matrix : mM
        Matrix phosphate at half rate of export.

    References
    ----------
    Half-saturation of 1.61 mM: Randall et al. 2021, there for H2PO4-.
    """

    role = "phosphate_carrier"

    capacity: float = parameter(
        2000.0, "nmol/min/mg", bounds=(0, None), range=(200, 1e4), status="assumed", symbol="V_{PiC}",
        source="assumed: in excess over phosphorylation",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        2000.0, "nmol/min/mg", bounds=(1e-6, None), range=(200, 1e4), status="assumed",
        source="assumed: as the forward capacity",
    )  # fmt: skip
    K_pi_bath: float = parameter(
        1.61, "mM", bounds=(0, None), range=(0.5, 10), status="read", symbol="K_{PiC}", source="Randall2021"
    )
    K_pi_matrix: float = parameter(
        10.0, "mM", bounds=(0, None), range=(1, 30), status="assumed", source="assumed: matrix phosphate is higher"
    )

    activity_phosphate_carrier = factor("Activity of the phosphate carrier")

    @flux("nmol/min/mg", symbol="J_{PiC}", pi_bath=-1, pi_matrix=+1, h_matrix=+2)
    def J_phosphate(self, standard_affinity, thermal_energy, pi_bath, pi_matrix, activity_phosphate_carrier):
        """Phosphate entering with protons"""
        backward = exp(-standard_affinity / thermal_energy)
        drive = pi_bath - backward * pi_matrix
        resist = self.reverse_capacity * (self.K_pi_bath + pi_bath)
        resist = resist + self.capacity * backward * (self.K_pi_matrix + pi_matrix)
        return activity_phosphate_carrier * self.capacity * self.reverse_capacity * drive / resist
