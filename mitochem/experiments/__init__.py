"""Experiments as people do them: protocols with the field's names, and what is read off their results."""

from . import readouts
from .states import respiratory_states

__all__ = ["readouts", "respiratory_states"]
