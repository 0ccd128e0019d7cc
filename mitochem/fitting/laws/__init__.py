"""Equations that curve fits are made of, one file per theme; each reads floats, arrays and symbols.

Where a component of the package has the law, it is that component that is called.
"""

from __future__ import annotations

from .leaks import exponential_leak_law, ohmic_leak_law, sinh_leak_law, threshold_leak_law
from .lines import line_law
from .phosphorylation import boltzmann_law, equilibrium_law, falling_law, reversible_law
from .saturation import bell_law, dose_response_law, hill_law, inhibition_law, michaelis_menten_law
from .temperature import arrhenius_law, q10_law
from .uncoupling import carrier_conductance_law

__all__ = [
    "arrhenius_law",
    "bell_law",
    "boltzmann_law",
    "carrier_conductance_law",
    "dose_response_law",
    "equilibrium_law",
    "exponential_leak_law",
    "falling_law",
    "hill_law",
    "inhibition_law",
    "line_law",
    "michaelis_menten_law",
    "ohmic_leak_law",
    "q10_law",
    "reversible_law",
    "sinh_leak_law",
    "threshold_leak_law",
]
