"""Figures: functions of Datasets and laws that draw on Axes and return them.

None of them shows, saves or changes global style. Labels and units come from the Dataset, each quantity has
one colour everywhere, and what is printed in grey can still be read.
"""

from __future__ import annotations

from .adp_pulses import adp_over_o
from .compare import compare
from .coupling import suit
from .fit import data_and_model
from .force import flux_against, flux_force
from .groups import group_comparison
from .inferred import inferred_against_true
from .jumps import acid_bath
from .marks import events
from .modular import modular_kinetics
from .pmf import pmf_components
from .predicted import predicted
from .profiles import profiles
from .stress_test import stress_test, stress_test_parameters
from .style import house_style, label
from .titration import titration
from .traces import oxygen_trace, trace
from .uncoupling import uncoupling

__all__ = [
    "acid_bath",
    "adp_over_o",
    "compare",
    "data_and_model",
    "events",
    "flux_against",
    "flux_force",
    "group_comparison",
    "house_style",
    "inferred_against_true",
    "label",
    "modular_kinetics",
    "oxygen_trace",
    "pmf_components",
    "predicted",
    "profiles",
    "stress_test",
    "stress_test_parameters",
    "suit",
    "titration",
    "trace",
    "uncoupling",
]
