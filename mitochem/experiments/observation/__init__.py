"""Observation models: what a dye, a nucleotide's own light or a luciferase shows of a quantity of the model.

Each is a component: its forward law reads on numbers, arrays, DataArrays and symbols, alone
(``TMRMNonQuench().tmrm_signal(160.0, 26.7)``) or inside a model (``model.with_component(TMRMNonQuench())``), whose
results then hold the signal, so that a fit compares like with like. The inverse, from data, is a method of the same
component. Values of the data that no state gives are NaN, with a warning.
"""

from __future__ import annotations

from .dyes import BCECF, AmineQuench, NADHFluorescence
from .luminescence import Luciferase
from .potential import TMRMNonQuench, TMRMQuench, delta_delta_psi

__all__ = [
    "BCECF",
    "AmineQuench",
    "Luciferase",
    "NADHFluorescence",
    "TMRMNonQuench",
    "TMRMQuench",
    "delta_delta_psi",
]
