"""Steady states in closed form, each derived by algebra from the equations of an assembled model.

No result is typed in: a function assembles components, reads their laws on symbols, sets the rates of
the states to zero and solves. What it returns is a `ClosedForm`: expressions, assumptions, LaTeX and numbers.
SymPy is imported when the first one is asked for.
"""

from __future__ import annotations

from .closed_form import ClosedForm
from .phosphorylation import phosphorylation_equilibrium
from .potassium import potassium_cycle
from .static_head import exponential_leak, weighted_mean

__all__ = [
    "ClosedForm",
    "closed_forms",
    "exponential_leak",
    "phosphorylation_equilibrium",
    "potassium_cycle",
    "weighted_mean",
]

_DERIVATIONS = (weighted_mean, exponential_leak, potassium_cycle, phosphorylation_equilibrium)


def closed_forms() -> dict[str, ClosedForm]:
    """Every closed form by name, derived when first asked for."""
    return {derive.__name__: derive() for derive in _DERIVATIONS}
