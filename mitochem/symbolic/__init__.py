"""Results in closed form, each derived by algebra from the equations of a model or from functions of the package.

No result is typed in: a function assembles components, reads their laws on symbols, sets the rates of
the states to zero and solves. What it returns is a `ClosedForm`: expressions, assumptions, LaTeX and numbers.
`steady_state` does the same for any model whose laws allow it. SymPy is imported when the first one is asked for.
"""

from __future__ import annotations

from .binding import linked_binding
from .books import conservation, entropy_production
from .closed_form import ClosedForm
from .control import control_coefficients
from .coupling import degree_of_coupling, phosphorylation_yield
from .ions import constant_field_limits, donnan_equilibrium, exchanger_equilibria
from .phosphorylation import phosphorylation_equilibrium
from .potassium import potassium_cycle
from .relaxation import relaxation_times
from .respiratory_chain import chain_forces
from .solve import steady_state
from .static_head import exponential_leak, weighted_mean
from .uncoupling import bell_shaped_titration, protonophore_cycle
from .vesicle import imposed_gradient

_DERIVATIONS = (
    weighted_mean,  # H1
    degree_of_coupling,
    exponential_leak,
    potassium_cycle,
    phosphorylation_equilibrium,
    relaxation_times,
    protonophore_cycle,
    constant_field_limits,
    donnan_equilibrium,  # H9
    conservation,  # H11
    entropy_production,
    control_coefficients,
    bell_shaped_titration,
    phosphorylation_yield,
    imposed_gradient,
    chain_forces,
    linked_binding,
    exchanger_equilibria,  # H19
)

__all__ = [
    "ClosedForm",
    "bell_shaped_titration",
    "chain_forces",
    "closed_forms",
    "conservation",
    "constant_field_limits",
    "control_coefficients",
    "degree_of_coupling",
    "donnan_equilibrium",
    "entropy_production",
    "exchanger_equilibria",
    "exponential_leak",
    "imposed_gradient",
    "linked_binding",
    "phosphorylation_equilibrium",
    "phosphorylation_yield",
    "potassium_cycle",
    "protonophore_cycle",
    "relaxation_times",
    "steady_state",
    "weighted_mean",
]


def closed_forms() -> dict[str, ClosedForm]:
    """Every closed form by name, derived when first asked for."""
    return {derive.__name__: derive() for derive in _DERIVATIONS}
