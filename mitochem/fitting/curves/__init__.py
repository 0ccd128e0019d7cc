"""Curve fits that are ready to use: checks of the data, start values from them, a law, and the guards it needs."""

from __future__ import annotations

from .carriers import carrier_conductance
from .doses import dose_response
from .equilibrium import equilibrium_line, standard_energy_at
from .leaks import leak_curve
from .lines import line
from .modular import ModularFit, modular_kinetics
from .rates import rate_against_pmf
from .saturation import michaelis_menten
from .temperature import arrhenius

__all__ = [
    "ModularFit",
    "arrhenius",
    "carrier_conductance",
    "dose_response",
    "equilibrium_line",
    "leak_curve",
    "line",
    "modular_kinetics",
    "michaelis_menten",
    "rate_against_pmf",
    "standard_energy_at",
]
