"""Experiments as people do them: protocols with the field's names, and what is read off their results."""

from . import instruments, observation, rates, readouts
from .assays import Assay, get, list
from .ionophores import pmf_partition
from .jumps import acid_bath, atp_yield, potassium_jump
from .reversal import reverse_electron_transport, synthase_reversal
from .states import respiratory_states
from .stress_test import stress_test
from .suit import suit
from .titrations import fccp_titration, modular_titration

__all__ = [
    "Assay",
    "acid_bath",
    "atp_yield",
    "fccp_titration",
    "get",
    "instruments",
    "list",
    "modular_titration",
    "observation",
    "pmf_partition",
    "potassium_jump",
    "rates",
    "readouts",
    "respiratory_states",
    "reverse_electron_transport",
    "stress_test",
    "suit",
    "synthase_reversal",
]
