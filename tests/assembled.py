"""Models put together for tests: the chain complex by complex, with and without what phosphorylates."""

from mitochem.components import (
    AdenineNucleotideTranslocase,
    Adenylates,
    ATPSynthase,
    ComplexI,
    ComplexII,
    ComplexIII,
    ComplexIV,
    CytochromePool,
    Dehydrogenase,
    DissolvedOxygen,
    Environment,
    IntermembraneSpace,
    MatrixAdenylates,
    Membrane,
    NicotinamidePool,
    OhmicLeak,
    PhosphateCarrier,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
    SaturatingLoad,
    SinhLeak,
    UbiquinonePool,
)
from mitochem.core.model import Model

SURROUNDINGS = (Environment(), Membrane(), Potassium(), PotassiumUniport(), PotassiumProtonExchange())
POOLS = (IntermembraneSpace(), NicotinamidePool(), UbiquinonePool(), CytochromePool(), DissolvedOxygen())
COMPLEXES = (Dehydrogenase(), ComplexI(), ComplexII(), ComplexIII(), ComplexIV())
PHOSPHORYLATION = (
    Adenylates(),
    MatrixAdenylates(),
    ATPSynthase(),
    AdenineNucleotideTranslocase(),
    PhosphateCarrier(),
    SaturatingLoad(),
)


def chain():
    """Four complexes and their pools on a leaky membrane."""
    return Model(*SURROUNDINGS, *POOLS, *COMPLEXES, OhmicLeak(), name="chain")


def carriers():
    """Synthase, translocase and phosphate carrier on a membrane, with nothing that pumps."""
    return Model(*SURROUNDINGS, *PHOSPHORYLATION, name="carriers")


def detailed():
    """All of it: chain, pools, synthase, carriers and a steep leak."""
    return Model(*SURROUNDINGS, *POOLS, *COMPLEXES, *PHOSPHORYLATION, SinhLeak(), name="detailed")
