"""Experiments as people do them: protocols with the field's names, and what is read off their results."""

from . import instruments, observation, readouts
from .states import respiratory_states

__all__ = ["instruments", "observation", "readouts", "respiratory_states"]
