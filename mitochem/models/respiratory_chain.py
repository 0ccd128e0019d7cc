"""The respiratory chain complex by complex, on a leaky membrane: where electrons can also go backwards."""

from __future__ import annotations

from .. import drugs  # noqa: F401  (makes the named drugs known)
from ..components import (
    ComplexI,
    ComplexII,
    ComplexIII,
    ComplexIV,
    CytochromePool,
    Dehydrogenase,
    DissolvedOxygen,
    Environment,
    IntermembraneSpace,
    Membrane,
    NicotinamidePool,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
    SinhLeak,
    TemperatureDependence,
    UbiquinonePool,
)
from ..core.arguments import one_of
from ..core.model import Model

SUBSTRATES = {"NADH": (1.0, 0.0), "succinate": (0.0, 1.0), "both": (1.0, 1.0)}
"""Saturation of the dehydrogenases and of complex II by what is there."""


def respiratory_chain(substrate: str = "NADH") -> Model:
    """Complexes I to IV with NAD, ubiquinone and cytochrome c, leak and K+ cycle; nothing is phosphorylated.

    Every complex is reversible and follows its own affinity, so that succinate reduces NAD+ where Δp is high.

    Parameters
    ----------
    substrate : {"NADH", "succinate", "both"}
        NADH-linked substrates, succinate without rotenone, or both. ``dehydrogenase.substrate`` and
        ``complex_II.substrate`` are changed by protocols.
    """
    linked, succinate = SUBSTRATES[one_of(substrate, "substrate", SUBSTRATES)]
    chosen = {"substrate": ("assumed", f"assumed: substrate {substrate!r} asked for")}
    return Model(
        *(Environment(), TemperatureDependence(), Membrane(), SinhLeak()),
        *(IntermembraneSpace(), NicotinamidePool(), UbiquinonePool(), CytochromePool(), DissolvedOxygen()),
        *(
            Dehydrogenase(substrate=linked).cited(**chosen),
            ComplexI(),
            ComplexII(substrate=succinate).cited(**chosen),
            ComplexIII(),
            ComplexIV(),
        ),
        *(Potassium(), PotassiumUniport(), PotassiumProtonExchange()),
        name="respiratory_chain",
        description=f"complexes I to IV with their redox pools, substrate {substrate}, no phosphorylation",
        references=("Wu2007", "JinBethke2002"),
    )
