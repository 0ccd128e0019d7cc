"""Fits that are ready to run, on data that ship with mitochem and, where it is said, on simulated data."""

from __future__ import annotations

from .adp import adp_sensitivity_heart, adp_titration_heart
from .fccp import fccp_readings, fccp_titration_brain
from .luciferase import LUCIFERASE_TRUTH, luciferase_time_course

__all__ = [
    "LUCIFERASE_TRUTH",
    "adp_sensitivity_heart",
    "adp_titration_heart",
    "fccp_readings",
    "fccp_titration_brain",
    "luciferase_time_course",
]
