"""Vesicles with ATP synthase and nothing that pumps: what an acid bath or a potassium jump is done on."""

from __future__ import annotations

from .. import drugs
from ..components import (
    Adenylates,
    Environment,
    LumenPotassium,
    OhmicLeak,
    Phosphorylation,
    PotassiumUniport,
    TemperatureDependence,
    VesicleMembrane,
    with_ring,
)
from ..core.component import Component
from ..core.model import Model
from .presets import Origin, with_origins

SIDES = {
    "charge_ims": "charge_lumen",
    "h_matrix": "h_bath",
    "k_matrix": "k_bath",
    "pH_bath": "pH_lumen",
    "pH_matrix": "pH_bath",
    "activity_chain": "activity_pump",
}
"""Where the sides of a mitochondrion are in a vesicle: outside is the lumen, the matrix is the bath."""

_ONE = "one synthase per sphere of 120 nm, 9.5e-3 nmol/mg of lipid"
_UNREAD = "assumed: the abstract of Turina2003 does not say"
VALUES: dict[str, Origin] = {
    "environment.temperature": (298.15, "assumed", "assumed: room temperature, of most such experiments"),
    "environment.pH_bath": (8.4, "assumed", "assumed: base stage, near pH 8.45 of Turina2003"),
    "environment.protein": (0.1, "assumed", "assumed: 0.1 mg of lipid per mL; mg is lipid in this model"),
    "kinetics.reference_temperature": (298.15, "assumed", "assumed: velocities of this model are given at 25 degC"),
    "adenylates.standard_energy": (37.0, "read", "Turina2003"),
    "adenylates.reference_pH": (8.45, "read", "Turina2003"),
    "adenylates.reference_temperature": (298.15, "assumed", _UNREAD),
    "adenylates.reference_magnesium": (1.0, "assumed", _UNREAD),
    "adenylates.reference_ionic_strength": (0.15, "assumed", _UNREAD),
    "phosphorylation.transport_protons": (0.0, "derived", "assumed: no carriers; ADP, Pi and ATP are outside"),
    "leak.conductance": (
        0.1, "assumed", "assumed: an imposed ΔpH that nothing uses decays in about ten minutes",
    ),
    "potassium_uniport.permeability": (
        1.6e-4, "assumed", "assumed: K+ crosses a bare bilayer at 1e-12 cm/s; some thousandth of what a run notices",
    ),
    "FCCP.membrane_area": (2600.0, "derived", "assumed: lipids of 750 g/mol and 0.65 nm2, in two layers"),
    "FCCP.effectiveness": (1.0, "derived", "assumed: the constants are those of lipid bilayers"),
    "FCCP.inhibition": (float("inf"), "derived", "assumed: there is no chain to inhibit"),
    "phosphorylation.capacity": (
        15.4, "derived", f"Fischer1994, 27 per s, of the E. coli enzyme; assumed: {_ONE}",
    ),
    "phosphorylation.reverse_capacity": (
        11.4, "derived", f"Schmidt1987, about 20 per s, reduced and energised CF0F1; assumed: {_ONE}",
    ),
    "phosphorylation.K_adp": (0.027, "read", "Fischer1994"),
    "phosphorylation.K_pi": (0.7, "read", "Fischer1994"),
}  # fmt: skip
"""What differs from mitochondria in a bath at 37 degC."""


def vesicle(organism: str = "chloroplast", h_per_atp: str = "thermodynamic") -> Model:
    """Closed vesicles with ATP synthase: Δψ, pH and K+ of the lumen, ATP, ADP and Pi of the bath, at 25 degC.

    Orientation: F1 faces the bath, where ATP is made; protons come from the lumen. Signs are told by the synthase,
    as in a mitochondrion: ``Δψ = ψ(lumen) − ψ(bath)``, ``ΔpH = pH(bath) − pH(lumen)``, ``Δp = Δψ + Z ΔpH``. *Acid or
    positive inside* is a positive force and makes ATP; ``J_ATP``, ``J_leak``, ``J_uncoupler`` and ``J_K_uniport`` are
    positive outwards. The mitochondrion is the other way round: there, outside is acid and positive.

    Everything is per mg of *lipid*. There is no pump: at rest the synthase hydrolyses the ATP it is given and takes
    protons in. Valinomycin opens the membrane to K+; ``FCCP`` opens it to protons, with the constants of bilayers.

    Parameters
    ----------
    organism : {"chloroplast", "yeast", "E. coli", "mammal"}
        Whose c-ring. Energy, rates and affinities stay those of CF0F1 and of the E. coli enzyme.
    h_per_atp : {"thermodynamic", "structural"}
        H+/ATP measured at equilibrium in such vesicles (3.9 for chloroplasts), or c/3 (14/3), by
        `components.with_ring`. ΔG°' of the model, 37 kJ/mol at pH 8.45, was measured together with the former.

    Notes
    -----
    Left out: activation of the enzyme by thiols and force, slip, swelling, Cl−, the dilution that comes with a
    base, and any difference between ΔpH and Δψ as driving forces: only their sum counts.

    References
    ----------
    H+/ATP and ΔG°': Turina et al. 2003, Petersen et al. 2012. Turnover and affinities: Fischer et al. 1994.
    """
    synthase, uncoupler = Phosphorylation(), drugs.get("FCCP")
    parts = [
        *(Environment(), TemperatureDependence(), VesicleMembrane(), Adenylates()),
        with_ring(synthase, organism, h_per_atp).rewire(**_sides(synthase)),
        OhmicLeak().rewire(**_sides(OhmicLeak())),
        LumenPotassium(),
        PotassiumUniport().rewire(
            **_sides(PotassiumUniport()),
            K_matrix="amount_K_bath",
            volume_matrix="volume_bath",
            potassium_bath="potassium_lumen",
        ),
        uncoupler.rewire(**_sides(uncoupler)),
    ]
    model = Model(
        *parts,
        name="vesicle",
        description=f"vesicles with ATP synthase of {organism}, H+/ATP {h_per_atp}, F1 outside and acid inside",
        references=("Turina2003", "Petersen2012", "Fischer1994"),
        initial={"atp_bath": 0.0126, "adp_bath": 0.1, "pi_bath": 5.0},
    )
    return with_origins(model, VALUES)


def _sides(item: Component) -> dict[str, str]:
    return {name: new for name, new in SIDES.items() if name in item.vocabulary()}
