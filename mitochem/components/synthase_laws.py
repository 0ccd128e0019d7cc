"""What all laws of ATP synthase share: the rings, the safe form of the rate, the books."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

from ..core.arguments import one_of
from ..core.component import Component, component
from ..core.declarations import factor, flux, parameter
from ..core.errors import ParameterError
from ..core.functions import exp

# --- rings ------------------------------------------------------------------------------------------------------


class CRing(NamedTuple):
    """A rotor: its c-subunits, and the H+/ATP measured at equilibrium where somebody did."""

    subunits: int
    source: str
    h_per_atp_measured: float | None = None
    uncertainty: float | None = None
    measured_in: str = ""


C_RINGS = {
    "mammal": CRing(8, "Okazaki2015, Watt2010"),
    "yeast": CRing(10, "Petersen2012", 2.9, 0.2, "Petersen2012"),
    "E. coli": CRing(10, "BNID101771"),
    "chloroplast": CRing(14, "Petersen2012", 3.9, 0.3, "Petersen2012"),
}
"""c-rings by organism. Measured ratios lie below c/3: 2.9 ± 0.2 for 3.33, 3.9 ± 0.3 for 4.67 (Petersen2012)."""

CATALYTIC_SITES = 3  # of F1, in every organism


def c_ring(organism: str) -> CRing:
    """The ring of an organism, by name."""
    return C_RINGS[one_of(organism, "organism", C_RINGS)]


S = TypeVar("S", bound=Component)


def with_ring(synthase: S, organism: str, h_per_atp: str = "structural") -> S:
    """The same synthase with the rotor of another organism.

    Parameters
    ----------
    synthase : Phosphorylation, ATPSynthase, ...
        Any law of this package.
    organism : str
        A key of ``C_RINGS``.
    h_per_atp : {"structural", "thermodynamic"}
        c/3, or the ratio that was measured at equilibrium. What is chosen both moves and drives: affinity and
        stoichiometry never disagree.

    Raises
    ------
    ParameterError
        For unknown names, and where no ratio was measured.
    """
    ring = c_ring(organism)
    if h_per_atp not in ("structural", "thermodynamic"):
        raise ParameterError(f"h_per_atp = {h_per_atp!r} must be 'structural' or 'thermodynamic'.")
    ratio, origin = 1.0, ("derived", "assumed: the structural ratio c/3")
    if h_per_atp == "thermodynamic":
        if ring.h_per_atp_measured is None:
            raise ParameterError(f"no thermodynamic H+/ATP is known for {organism!r}; use the structural one.")
        ratio = ring.h_per_atp_measured * CATALYTIC_SITES / ring.subunits
        origin = ("read", ring.measured_in)
    changed = synthase.replace(c_ring=float(ring.subunits), thermodynamic_share=ratio)
    return changed.cited(c_ring=("read", ring.source), thermodynamic_share=origin)


# --- rates ------------------------------------------------------------------------------------------------------


def synthesis_rate(synthase, standard_energy_ratio, standard_concentration, forward_capacity, reverse_share, a, p, t):
    """The kernel with saturating capacities, in a form that stays finite without ADP, ``a``; Pi ``p``, ATP ``t``."""
    equilibrium = standard_concentration * exp(-standard_energy_ratio)
    reverse_capacity = reverse_share * synthase.reverse_capacity
    reverse = forward_capacity * equilibrium * (synthase.K_atp + t) / reverse_capacity
    return forward_capacity * (a * p - equilibrium * t) / ((synthase.K_adp + a) * (synthase.K_pi + p) + reverse)


@component
class Rotor(Component):
    """What turns in every law of ATP synthase, and the activity that inhibitors take away.

    Parameters
    ----------
    c_ring : 1
        Subunits of the c-ring: protons per turn.
    atp_per_turn : 1
        Catalytic sites of F1.
    thermodynamic_share : 1
        H+/ATP of the synthase at equilibrium, relative to c/3.
    """

    c_ring: float = parameter(8.0, "1", bounds=(3, 30), range=(8, 17), status="read", symbol="c", source="Okazaki2015")
    atp_per_turn: float = parameter(3.0, "1", bounds=(1, None), status="read", source="Okazaki2015")
    thermodynamic_share: float = parameter(
        1.0, "1", bounds=(0.1, 2), range=(0.8, 1.1), status="assumed", symbol=r"s_\mathrm{thermo}",
        source="assumed: the structural ratio; measured ones are 0.84 to 0.87 of it (Petersen2012, Turina2016)",
    )  # fmt: skip

    h_per_atp_structural = c_ring / atp_per_turn
    h_per_atp_thermodynamic = thermodynamic_share * h_per_atp_structural
    activity_phosphorylation = factor("Activity of ATP synthase and its carriers")


@component
class Synthase(Rotor):
    """What every saturating law of ATP synthase has: a rotor, capacities and affinities for its substrates.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of synthesis.
    reverse_capacity : nmol/min/mg
        Largest rate of hydrolysis.
    """

    capacity: float = parameter(
        612.0, "nmol/min/mg", bounds=(0, None), range=(120, 2400), status="calibrated", symbol="V_s",
        source="assumed: calibrated to state 3 respiration",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        360.0, "nmol/min/mg", bounds=(1e-6, None), range=(30, 1200), status="calibrated", symbol="V_h",
        source="assumed: calibrated; uncoupled ATPase of coupled preparations",
    )  # fmt: skip
    K_adp: float = parameter(
        0.025, "mM", bounds=(0, None), range=(0.01, 0.06), status="recalled", symbol="K_D", source="Fischer1994"
    )
    K_pi: float = parameter(
        1.0, "mM", bounds=(0, None), range=(0.3, 2), status="recalled", symbol="K_P", source="Fischer1994"
    )
    K_atp: float = parameter(
        0.3, "mM", bounds=(0, None), range=(0.05, 1), status="calibrated", symbol="K_T",
        source="assumed: calibrated; not identifiable from synthesis",
    )  # fmt: skip

    activity_hydrolysis = factor("Capacity of ATP hydrolysis relative to that without inhibitor protein")


@component
class LumpedSynthase(Synthase):
    """Synthase with its carriers: ATP made in the bath, one charge and proton more for transport.

    Parameters
    ----------
    transport_protons : 1
        Charges and protons spent on moving ADP, Pi in and ATP out.
    K_adp : mM
        Half-saturation with external ADP.
    K_pi : mM
        Half-saturation with external phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with external ATP.
    """

    role = "phosphorylation"

    transport_protons: float = parameter(1.0, "1", bounds=(0, 4), range=(0.5, 1), status="read", source="PMC8786295")

    h_per_atp = Synthase.h_per_atp_thermodynamic + transport_protons

    @flux(
        "nmol/min/mg",
        symbol="J_{ATP}",
        charge_ims=-h_per_atp,
        h_matrix=h_per_atp,
        adp_bath=-1,
        pi_bath=-1,
        atp_bath=1,
    )
    def J_ATP(
        self,
        standard_affinity,
        thermal_energy,
        standard_concentration,
        adp_bath,
        pi_bath,
        atp_bath,
        forward_capacity,
        activity_phosphorylation,
        activity_hydrolysis,
    ):
        """ATP synthesis, negative for hydrolysis"""
        return activity_phosphorylation * synthesis_rate(
            self,
            standard_affinity / thermal_energy,
            standard_concentration,
            forward_capacity,
            activity_hydrolysis,
            adp_bath,
            pi_bath,
            atp_bath,
        )


@component
class MatrixSynthase(Synthase):
    """Synthase alone, with the nucleotides of the matrix: no transport.

    Synthesis of ATP4- from ADP3- and HPO4 2- takes up one proton of the matrix besides those that turn the rotor.
    Protons bound to the nucleotides go with them; see `BindingMembrane`.

    Parameters
    ----------
    K_adp : mM
        Half-saturation with matrix ADP.
    K_pi : mM
        Half-saturation with matrix phosphate.
    K_atp : mM
        Half-saturation of hydrolysis with matrix ATP.
    """

    role = "atp_synthase"
    K_adp: float = parameter(
        0.027, "mM", bounds=(0, None), range=(0.01, 0.06), status="read", symbol="K_D", source="Fischer1994"
    )
    K_pi: float = parameter(
        0.7, "mM", bounds=(0, None), range=(0.3, 2), status="read", symbol="K_P", source="Fischer1994"
    )

    h_per_atp = Synthase.h_per_atp_thermodynamic * 1

    @flux(
        "nmol/min/mg",
        symbol="J_{ATP}",
        charge_ims=-h_per_atp,
        h_matrix=h_per_atp - 1,
        adp_matrix=-1,
        pi_matrix=-1,
        atp_matrix=1,
    )
    def J_ATP(
        self,
        standard_affinity,
        thermal_energy,
        standard_concentration,
        adp_matrix,
        pi_matrix,
        atp_matrix,
        forward_capacity,
        activity_phosphorylation,
        activity_hydrolysis,
    ):
        """ATP synthesis in the matrix, negative for hydrolysis"""
        return activity_phosphorylation * synthesis_rate(
            self,
            standard_affinity / thermal_energy,
            standard_concentration,
            forward_capacity,
            activity_hydrolysis,
            adp_matrix,
            pi_matrix,
            atp_matrix,
        )
