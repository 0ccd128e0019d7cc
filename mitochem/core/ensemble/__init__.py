"""Ensembles: many members of one model, on the cores of this machine or on a cluster."""

from __future__ import annotations

from .reductions import Extremes, Histogram, Moments, Quantiles
from .run import ensemble
from .sampling import draws, saltelli
from .sobol import Sobol
from .store import open_store

__all__ = [
    "Extremes",
    "Histogram",
    "Moments",
    "Quantiles",
    "Sobol",
    "draws",
    "ensemble",
    "open_store",
    "saltelli",
]
