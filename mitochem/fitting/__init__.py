"""Fits of curves and of whole models to measurements, with what the data do and do not determine.

``michaelis_menten(adp, J)`` fits a law to a titration; ``fit(Problem(...))`` fits parameters of a model. Both give a
`FitResult` that prints as a report. lmfit is imported when the first fit runs.
"""

from __future__ import annotations

from . import examples
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
from .fit import fit
from .laws import hill_law, michaelis_menten_law
from .problems.experiment import Experiment, Noise
from .problems.free import Free, Scale
from .problems.law import Law
from .problems.problem import Problem
from .problems.time_course import TimeCourse
from .problems.unknowns import Unknown
from .record import replay
from .results.comparison import compare, summary
from .results.derived import Derived
from .results.prediction import prediction
from .results.result import FitResult
from .results.verdicts import DidNotMove, Warned
from .uncertainty.bootstrap import Bootstrap, bootstrap
from .uncertainty.posterior import posterior
from .uncertainty.profile import profile
from .uncertainty.profiles import Profile, Profiles

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
