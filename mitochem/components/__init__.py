"""The biology: one file per piece, each a few readable laws.

Importing this package also makes the named drugs of `mitochem.drugs` known to protocols.
"""

from .adenylates import Adenylates, ConstantDemand, FixedPhosphorylationPotential, SaturatingLoad
from .atp_synthase import LinearPhosphorylation, Phosphorylation
from .cations import (
    LinearPotassiumProtonExchange,
    LinearPotassiumUniport,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
)
from .electron_transport import ElectronTransport, LinearElectronTransport
from .environment import Environment, TemperatureDependence
from .inhibitors import Inhibitor, Ionophore
from .leak import ExponentialLeak, OhmicLeak, SinhLeak
from .membrane import LumpedMembrane, Membrane
from .oxygen import Oxygen, OxygenReservoir
from .uncoupler import Protonophore

__all__ = [
    "Adenylates",
    "ConstantDemand",
    "ElectronTransport",
    "Environment",
    "ExponentialLeak",
    "FixedPhosphorylationPotential",
    "Inhibitor",
    "Ionophore",
    "LinearElectronTransport",
    "LinearPhosphorylation",
    "LinearPotassiumProtonExchange",
    "LinearPotassiumUniport",
    "LumpedMembrane",
    "Membrane",
    "OhmicLeak",
    "Oxygen",
    "OxygenReservoir",
    "Phosphorylation",
    "Potassium",
    "PotassiumProtonExchange",
    "PotassiumUniport",
    "Protonophore",
    "SaturatingLoad",
    "SinhLeak",
    "TemperatureDependence",
]
