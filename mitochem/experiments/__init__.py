"""Experiments as people do them: protocols with the field's names, and what is read off their results."""

from . import rates, readouts
from .states import respiratory_states

__all__ = ["rates", "readouts", "respiratory_states"]
