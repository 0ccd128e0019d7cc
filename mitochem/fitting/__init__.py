"""Fits of curves and of whole models to measurements, with what the data do and do not determine.

``michaelis_menten(adp, J)`` fits a law to a titration; ``fit(Problem(...))`` fits parameters of a model. Both give a
`FitResult` that prints as a report. lmfit is imported when the first fit runs.
"""

from __future__ import annotations

from . import examples
from .bootstrap import Bootstrap, bootstrap
from .comparison import compare, summary
from .curves import (
    ModularFit,
    arrhenius,
    carrier_conductance,
    dose_response,
    equilibrium_line,
    leak_curve,
    line,
    michaelis_menten,
    modular_kinetics,
    rate_against_pmf,
    standard_energy_at,
)
from .derived import Derived
from .experiment import Experiment, Noise
from .fit import fit
from .free import Free, Scale
from .law import Law
from .laws import hill_law, michaelis_menten_law
from .posterior import posterior
from .prediction import prediction
from .problem import Problem
from .profile import profile
from .profiles import Profile, Profiles
from .record import replay
from .result import FitResult
from .time_course import TimeCourse
from .unknowns import Unknown
from .verdicts import DidNotMove, Warned

__all__ = [
    "Bootstrap",
    "Derived",
    "DidNotMove",
    "Experiment",
    "FitResult",
    "Free",
    "Law",
    "ModularFit",
    "Noise",
    "Problem",
    "Profile",
    "Profiles",
    "Scale",
    "TimeCourse",
    "Unknown",
    "Warned",
    "arrhenius",
    "bootstrap",
    "carrier_conductance",
    "compare",
    "dose_response",
    "equilibrium_line",
    "examples",
    "fit",
    "hill_law",
    "leak_curve",
    "line",
    "michaelis_menten",
    "michaelis_menten_law",
    "modular_kinetics",
    "posterior",
    "prediction",
    "profile",
    "rate_against_pmf",
    "replay",
    "standard_energy_at",
    "summary",
]
