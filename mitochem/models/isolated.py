"""L1: isolated mitochondria in a chamber, the default model."""

from __future__ import annotations

from .. import drugs  # noqa: F401  (makes the named drugs known)
from ..components import (
    Adenylates,
    ConstantDemand,
    ElectronTransport,
    Environment,
    Membrane,
    Oxygen,
    Phosphorylation,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
    SaturatingLoad,
    SinhLeak,
    TemperatureDependence,
)
from ..core.arguments import one_of, yes_or_no
from ..core.component import Component
from ..core.model import Model
from .presets import applied

SUBSTRATES: dict[str, ElectronTransport] = {
    "NADH": ElectronTransport(),
    "succinate": ElectronTransport(
        capacity=125.0, h_per_o2=12.0, redox_span=770.0, pmf_half=172.0, complex_I_share=0.0
    ).cited(
        capacity=("calibrated", "assumed: calibrated to state 3 with succinate"),
        h_per_o2=("read", "PMC8786295"),
        redox_span=("read", "PMC8786295"),
        pmf_half=("calibrated", "assumed: calibrated to respiratory control with succinate"),
        complex_I_share=("derived", "assumed: electrons enter at complex II"),
    ),
}
"""The chain by what feeds it: NADH-linked substrates (20 H+/O2), or succinate with rotenone (12 H+/O2)."""

LOADS: dict[str, Component] = {"saturating": SaturatingLoad(), "constant": ConstantDemand()}
"""What uses ATP: work that slows down as ATP runs out, or a constant demand that may not be met."""


def isolated_mitochondria(
    substrate: str = "NADH", closed: bool = False, load: str = "saturating", preset: str = "liver"
) -> Model:
    """Isolated mammalian mitochondria: Δψ, matrix pH and K+, bath ATP, ADP and Pi, oxygen.

    Starts de-energised (Δψ = 0, no ΔpH) with 0.5 mM ATP, 5 mM phosphate and no load, at 37 degC.

    Parameters
    ----------
    substrate : {"NADH", "succinate"}
        What feeds the chain.
    closed : bool
        True for a closed chamber, in which oxygen is used up; by default it is held at 0.2 mM.
    load : {"saturating", "constant"}
        Kind of ATP-using work: ``load.capacity`` of a saturating load is 0, none; ``load.demand`` of a constant
        one is 100 nmol/min/mg. Above what phosphorylation can supply, a constant demand has no steady state.
    preset : {"liver", "heart"}
        Parameter set of a tissue; ``liver`` is the defaults. ``model.parameters`` says where every value comes from.
    """
    one_of(substrate, "substrate", SUBSTRATES)
    one_of(load, "load", LOADS)
    description = f"isolated mammalian mitochondria in a chamber, {substrate}-linked respiration"
    model = Model(
        Environment(),
        TemperatureDependence(),
        Membrane(),
        Oxygen(),
        SUBSTRATES[substrate],
        Adenylates(),
        Phosphorylation(),
        SinhLeak(),
        Potassium(),
        PotassiumUniport(),
        PotassiumProtonExchange(),
        LOADS[load],
        name="isolated_mitochondria",
        description=description if preset == "liver" else f"{description}, preset {preset}",
        references=("BrandNicholls2011", "Nicholls1974"),
    )
    model = applied(model, preset, substrate)
    return model.release("oxygen") if yes_or_no(closed, "closed") else model
