"""The biology: one file per piece, each a few readable laws.

Importing this package also makes the named drugs of `mitochem.drugs` known to protocols.
"""

from .adenylates import Adenylates, FixedPhosphorylationPotential
from .atp_synthase import LinearPhosphorylation, Phosphorylation, RotaryPhosphorylation
from .carriers import AdenineNucleotideTranslocase, BindingMembrane, MatrixAdenylates, PhosphateCarrier
from .cations import (
    LinearPotassiumProtonExchange,
    LinearPotassiumUniport,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
)
from .complexes import ComplexI, ComplexII, Dehydrogenase
from .culture import CultureWell, Glycolysis, NonMitochondrialOxygenUse
from .electron_transport import ElectronTransport, LinearElectronTransport
from .environment import Environment, TemperatureDependence
from .inhibitors import CompetitiveInhibitor, Inhibitor, Ionophore, TightInhibitor
from .leak import UCP1, ExponentialLeak, OhmicLeak, SinhLeak, SinhUCP1
from .leak_laws import ConductanceLeak, EyringLeak, GHKLeak, PotentialLeak, ThresholdLeak
from .load import AdenylateKinase, ConstantDemand, CreatineKinase, Hexokinase, SaturatingLoad
from .matrix_synthase import ATPSynthase, RotaryATPSynthase
from .membrane import LumpedMembrane, Membrane
from .oxidases import ComplexIII, ComplexIV
from .oxygen import Oxygen, OxygenReservoir
from .redox_pools import CytochromePool, DissolvedOxygen, IntermembraneSpace, NicotinamidePool, UbiquinonePool
from .synthase_capacity import IF1
from .synthase_laws import C_RINGS as C_RINGS
from .synthase_laws import with_ring as with_ring
from .uncoupler import DimerProtonophore, Protonophore
from .vesicle import LumenPotassium, VesicleMembrane

__all__ = [
    "AdenineNucleotideTranslocase",
    "AdenylateKinase",
    "Adenylates",
    "ATPSynthase",
    "BindingMembrane",
    "CompetitiveInhibitor",
    "ComplexI",
    "ComplexII",
    "ComplexIII",
    "ComplexIV",
    "ConductanceLeak",
    "ConstantDemand",
    "CreatineKinase",
    "CytochromePool",
    "CultureWell",
    "Dehydrogenase",
    "DimerProtonophore",
    "DissolvedOxygen",
    "ElectronTransport",
    "Environment",
    "ExponentialLeak",
    "EyringLeak",
    "FixedPhosphorylationPotential",
    "GHKLeak",
    "Glycolysis",
    "Hexokinase",
    "IF1",
    "Inhibitor",
    "IntermembraneSpace",
    "Ionophore",
    "LinearElectronTransport",
    "LinearPhosphorylation",
    "LinearPotassiumProtonExchange",
    "LinearPotassiumUniport",
    "LumenPotassium",
    "LumpedMembrane",
    "MatrixAdenylates",
    "Membrane",
    "NicotinamidePool",
    "NonMitochondrialOxygenUse",
    "OhmicLeak",
    "Oxygen",
    "OxygenReservoir",
    "PhosphateCarrier",
    "Phosphorylation",
    "Potassium",
    "PotassiumProtonExchange",
    "PotassiumUniport",
    "PotentialLeak",
    "Protonophore",
    "RotaryATPSynthase",
    "RotaryPhosphorylation",
    "SaturatingLoad",
    "SinhLeak",
    "SinhUCP1",
    "TemperatureDependence",
    "ThresholdLeak",
    "TightInhibitor",
    "UbiquinonePool",
    "UCP1",
    "VesicleMembrane",
]

# Last, since drugs are made of components. So a model put together from these knows the named drugs.
from .. import drugs as _drugs  # noqa: F401
