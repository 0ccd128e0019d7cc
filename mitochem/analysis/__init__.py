"""What a steady state depends on, where its energy goes, and how it relaxes.

``control_coefficients`` says which step controls which flux, ``modular_kinetics`` measures substrate oxidation,
phosphorylation and leak against the proton-motive force, ``dissipation`` gives the power of every process,
``linearise`` the time constants, and ``windows`` compares a model with what is known of real mitochondria.
All return Datasets with units.
"""

from __future__ import annotations

from .blocks import top_down_blocks
from .control import control_coefficients, control_table, theorems
from .dissipation import dissipation
from .linearise import linearise
from .modular import modular_kinetics
from .windows import windows

__all__ = [
    "control_coefficients",
    "control_table",
    "dissipation",
    "linearise",
    "modular_kinetics",
    "theorems",
    "top_down_blocks",
    "windows",
]
