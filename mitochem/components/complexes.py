"""The respiratory chain complex by complex, each with its charges and its protons.

Per electron pair the complexes move ``q`` charges, release protons to the intermembrane space (P) and take protons
from the matrix (N): 4/4/5 (I), 0/0/0 (II), 2/4/2 (III), 4/2/4 (IV). Charges and protons differ in III and IV because
electrons, too, cross part of the membrane; both books are right for their own quantity, and NADH to oxygen sums to ten
of each (4 charges and 5 protons of complex I include one that the dehydrogenase gives back). ``charge_ims`` carries the
charges, ``h_matrix`` the protons taken, ``h_ims`` the protons released. Affinities follow from the potentials of
`redox_pools`, so in mV per pair they are ``2ΔE − 4Δp`` (I), ``2ΔE`` (II), ``2ΔE − 4Δp + 2Δψ`` (III) and
``2ΔE − 2Δp − 2Δψ`` (IV).
"""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter
from ..core.functions import exp, log


def two_way(forward, reverse, donors, acceptors, backward, room_forward, room_reverse):
    """The kernel with capacities ``forward·donors/room`` and ``reverse·acceptors/room``, finite when either runs out.

    ``backward`` is e to the minus standard affinity over RT, so ``backward·acceptors/donors`` is e^−X.
    """
    drive = donors - backward * acceptors
    return forward * reverse * drive / (reverse * room_forward + forward * backward * room_reverse)


@component
class Dehydrogenase(Component):
    """Substrates of the matrix reduce NAD+: one reversible step from a donor of given potential.

    ``SH2 + NAD+ → S + NADH + H+`` with the affinity ``2F(E_N − E_S)``; the proton given back here is the fifth one
    of complex I. The donor is a reservoir.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of NAD+ reduction.
    reverse_capacity : nmol/min/mg
        Largest rate of NADH oxidation by the reverse reaction.
    donor_potential : mV
        Redox potential of the donor at ``donor_pH``; falls by a Nernst slope per pH unit.
    donor_pH : 1
        pH at which the potential holds.
    K_nad : mM
        NAD+ at half rate.
    K_nadh : mM
        NADH at half rate of the reverse reaction.
    substrate : 1
        Saturation with substrate, 0 to 1; 0 when there is none.

    References
    ----------
    Lumped dehydrogenase: Wu et al. 2007. Potential as of acetoacetate/3-hydroxybutyrate: Nelson & Cox.
    """

    contents = {"electron_donor": {"electrons": 1}}

    capacity: float = parameter(
        240.0, "nmol/min/mg", bounds=(0, None), range=(50, 1000), status="calibrated", symbol="V_{DH}",
        source="assumed: calibrated to uncoupled respiration of about 100 nmol O2/min/mg",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        100.0, "nmol/min/mg", bounds=(1e-3, None), range=(10, 500), status="assumed",
        source="assumed: somewhat below the forward capacity",
    )  # fmt: skip
    donor_potential: float = parameter(
        -346.0, "mV", bounds=(-1000, 1000), range=(-380, -300), status="recalled", symbol="E_S", source="NelsonCox"
    )
    donor_pH: float = parameter(
        7.0, "1", bounds=(0, 14), status="derived", source="assumed: potentials are tabulated at pH 7"
    )
    K_nad: float = parameter(
        0.5, "mM", bounds=(0, None), range=(0.05, 2), status="assumed", source="assumed: inside the pool of 3 mM"
    )
    K_nadh: float = parameter(
        0.5, "mM", bounds=(0, None), range=(0.05, 2), status="assumed", source="assumed: inside the pool of 3 mM"
    )
    substrate: float = parameter(
        1.0, "1", bounds=(0, 1), range=(0.1, 1), status="assumed", symbol="f_S", source="assumed: saturating substrate"
    )

    activity_dehydrogenase = factor("Activity of the dehydrogenases")

    @derived("mV", local=True)
    def potential(self, pH_matrix, nernst_slope):
        """Redox potential of the donor at the pH of the matrix"""
        return self.donor_potential - nernst_slope * (pH_matrix - self.donor_pH)

    @derived("kJ/mol")
    def mu_electron_donor(self, potential, mu_h_matrix, faraday):
        """Energy of an electron of the donor, with its proton"""
        return -faraday * potential + mu_h_matrix

    @flux("nmol/min/mg", symbol="J_{DH}", electron_donor=-2, nad_matrix=-1, nadh_matrix=+1, h_matrix=+1)
    def J_dehydrogenase(self, standard_affinity, thermal_energy, nad_matrix, nadh_matrix, activity_dehydrogenase):
        """Reduction of NAD+ by substrate"""
        backward = exp(-standard_affinity / thermal_energy)
        room = self.K_nad + nad_matrix, self.K_nadh + nadh_matrix
        rate = two_way(self.capacity, self.reverse_capacity, nad_matrix, nadh_matrix, backward, *room)
        return self.substrate * activity_dehydrogenase * rate


@component
class ComplexI(Component):
    """NADH to ubiquinone, with four protons pumped: runs backwards when ``2(E_Q − E_N) < 4Δp``.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, in electron pairs.
    reverse_capacity : nmol/min/mg
        Largest rate of reverse electron transport.
    charges : 1
        Charges moved out per pair; as many protons are released to the intermembrane space.
    K_nadh : mM
        NADH at half rate.
    K_nad : mM
        NAD+ at half rate of the reverse reaction.
    K_ubiquinone : mM
        Ubiquinone at half rate.
    K_ubiquinol : mM
        Ubiquinol at half rate of the reverse reaction.

    References
    ----------
    Four charges and protons per pair: PMC8786295. Kernel: Jin & Bethke 2002.
    """

    role = "complex_I"

    capacity: float = parameter(
        500.0, "nmol/min/mg", bounds=(0, None), range=(100, 2000), status="calibrated", symbol="V_1",
        source="assumed: calibrated to uncoupled respiration of about 100 nmol O2/min/mg",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        200.0, "nmol/min/mg", bounds=(1e-3, None), range=(20, 1000), status="assumed",
        source="assumed: reverse electron transport below the forward capacity",
    )  # fmt: skip
    charges: float = parameter(4.0, "1", bounds=(0, 6), status="read", symbol="q_1", source="PMC8786295")
    K_nadh: float = parameter(
        0.1, "mM", bounds=(0, None), range=(0.01, 1), status="assumed", source="assumed: inside the pool of 3 mM"
    )
    K_nad: float = parameter(
        1.0, "mM", bounds=(0, None), range=(0.1, 3), status="assumed", source="assumed: inside the pool of 3 mM"
    )
    K_ubiquinone: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )
    K_ubiquinol: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )

    protons_released = charges * 1
    protons_taken = charges + 1
    activity_complex_I = factor("Activity of complex I")

    @flux(
        "nmol/min/mg",
        symbol="J_1",
        nadh_matrix=-1,
        nad_matrix=+1,
        ubiquinone=-1,
        ubiquinol=+1,
        charge_ims=charges,
        h_ims=protons_released,
        h_matrix=-protons_taken,
    )
    def J_complex_I(
        self,
        standard_affinity,
        thermal_energy,
        nadh_matrix,
        nad_matrix,
        ubiquinone,
        ubiquinol,
        activity_complex_I,
    ):
        """Electron pairs from NADH to ubiquinone"""
        return activity_complex_I * two_way(
            self.capacity,
            self.reverse_capacity,
            nadh_matrix * ubiquinone,
            nad_matrix * ubiquinol,
            exp(-standard_affinity / thermal_energy),
            (self.K_nadh + nadh_matrix) * (self.K_ubiquinone + ubiquinone),
            (self.K_nad + nad_matrix) * (self.K_ubiquinol + ubiquinol),
        )


@component
class ComplexII(Component):
    """Succinate to ubiquinone; pumps nothing. Succinate and fumarate are a reservoir.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, in electron pairs.
    reverse_capacity : nmol/min/mg
        Largest rate of fumarate reduction.
    midpoint : mV
        Midpoint potential of fumarate/succinate at ``midpoint_pH``; falls by a Nernst slope per pH unit.
    midpoint_pH : 1
        pH at which the midpoint holds.
    fumarate_share : 1
        Fumarate relative to succinate.
    K_ubiquinone : mM
        Ubiquinone at half rate.
    K_ubiquinol : mM
        Ubiquinol at half rate of the reverse reaction.
    substrate : 1
        Saturation with succinate, 0 to 1; 0 when there is none.

    References
    ----------
    Midpoint: Nelson & Cox. Kernel: Jin & Bethke 2002.
    """

    role = "complex_II"
    contents = {"succinate": {"electrons": 2}}

    capacity: float = parameter(
        500.0, "nmol/min/mg", bounds=(0, None), range=(100, 2000), status="calibrated", symbol="V_2",
        source="assumed: calibrated to uncoupled respiration with succinate",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        50.0, "nmol/min/mg", bounds=(1e-3, None), range=(5, 500), status="assumed",
        source="assumed: a tenth of the forward capacity",
    )  # fmt: skip
    midpoint: float = parameter(
        31.0, "mV", bounds=(-1000, 1000), range=(20, 40), status="read", symbol="E_{suc}", source="NelsonCox"
    )
    midpoint_pH: float = parameter(
        7.0, "1", bounds=(0, 14), status="derived", source="assumed: midpoints are tabulated at pH 7"
    )
    fumarate_share: float = parameter(
        0.05, "1", bounds=(1e-9, None), range=(0.01, 0.5), status="assumed",
        source="assumed: succinate in excess, as when it is added",
    )  # fmt: skip
    K_ubiquinone: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )
    K_ubiquinol: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )
    substrate: float = parameter(
        0.0, "1", bounds=(0, 1), range=(0.1, 1), status="assumed", symbol="f_S", source="assumed: no succinate added"
    )

    activity_complex_II = factor("Activity of complex II")

    @derived("mV")
    def succinate_potential(self, pH_matrix, nernst_slope, thermal_voltage):
        """Redox potential of fumarate/succinate at the pH of the matrix"""
        here = self.midpoint - nernst_slope * (pH_matrix - self.midpoint_pH)
        return here + thermal_voltage / 2 * log(self.fumarate_share)

    @derived("kJ/mol")
    def mu_succinate(self, succinate_potential, mu_h_matrix, faraday):
        """Energy of succinate, over fumarate"""
        return -2 * faraday * succinate_potential + 2 * mu_h_matrix

    @flux("nmol/min/mg", symbol="J_2", succinate=-1, ubiquinone=-1, ubiquinol=+1)
    def J_complex_II(self, standard_affinity, thermal_energy, ubiquinone, ubiquinol, activity_complex_II):
        """Electron pairs from succinate to ubiquinone"""
        backward = exp(-standard_affinity / thermal_energy)
        room = self.K_ubiquinone + ubiquinone, self.K_ubiquinol + ubiquinol
        rate = two_way(self.capacity, self.reverse_capacity, ubiquinone, ubiquinol, backward, *room)
        return self.substrate * activity_complex_II * rate
