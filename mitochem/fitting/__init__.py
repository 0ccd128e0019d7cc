"""Fits of curves and of whole models to measurements, with what the data do and do not determine.

``michaelis_menten(adp, J)`` fits a law to a titration; ``fit(Problem(...))`` fits parameters of a model. Both give a
`FitResult` that prints as a report. lmfit is imported when the first fit runs.
"""

from __future__ import annotations

from . import examples
from .comparison import compare, summary
from .curves import hill_law, michaelis_menten, michaelis_menten_law
from .experiment import Experiment, Noise
from .fit import fit
from .free import Free, Scale
from .law import Law
from .prediction import prediction
from .problem import Problem
from .profile import Profile, Profiles, profile
from .result import FitResult
from .time_course import TimeCourse
from .unknowns import Unknown
from .verdicts import DidNotMove, Warned

__all__ = [
    "DidNotMove",
    "Experiment",
    "FitResult",
    "Free",
    "Law",
    "Noise",
    "Problem",
    "Profile",
    "Profiles",
    "Scale",
    "TimeCourse",
    "Unknown",
    "Warned",
    "compare",
    "examples",
    "fit",
    "hill_law",
    "michaelis_menten",
    "michaelis_menten_law",
    "prediction",
    "profile",
    "summary",
]
