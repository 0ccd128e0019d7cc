"""Fits of curves and of whole models to measurements, with what the data do and do not determine.

``michaelis_menten(adp, J)`` fits a law to a titration; ``fit(Problem(...))`` fits parameters of a model. Both give a
`FitResult` that prints as a report. lmfit is imported when the first fit runs.
"""

from __future__ import annotations

from . import examples
from .comparison import compare, summary
from .curves import hill_law, michaelis_menten, michaelis_menten_law
from .experiment import Experiment, Noise
from .problem import Problem, Scale, fit
from .result import FitResult
from .time_course import TimeCourse
from .unknowns import Unknown

__all__ = [
    "Experiment",
    "FitResult",
    "Noise",
    "Problem",
    "Scale",
    "TimeCourse",
    "Unknown",
    "compare",
    "examples",
    "fit",
    "hill_law",
    "michaelis_menten",
    "michaelis_menten_law",
    "summary",
]
