"""Named drugs: which component stands for an addition that is not a bath species."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .component import Component
from .errors import ParameterError, nearest

if TYPE_CHECKING:
    from .model import Model

__all__ = ["attach", "drugs", "register", "with_drugs_of"]

drugs: dict[str, Component] = {}
"""Components by drug name; each has a parameter ``dose`` (µM in the chamber, all of it)."""


def register(name: str, component: Component) -> Component:
    """Make a component available to protocols and titrations as a drug of this name."""
    if "dose" not in component.declared_parameters:
        raise ParameterError(f"{component!r} has no parameter 'dose' and cannot be a drug.")
    drugs[name] = component.named(name)
    return drugs[name]


def attach(model: Model, drug: str) -> tuple[Model, str]:
    """The model with the drug in it (at its present dose, or 0), and the address of its dose."""
    if drug in model.components and "dose" in model.components[drug].declared_parameters:
        return model, f"{drug}.dose"
    aliases = model.program.aliases
    if drug in aliases or drug in model.program.states:
        state = aliases.get(drug, drug)
        raise ParameterError(
            f"{drug!r} is a state of {model.name}, not a drug; sweep it with steady_state({{{state!r}: values}}, "
            f"clamped=({state!r},)), or add it in a protocol."
        )
    if drug not in drugs:
        raise ParameterError(
            f"{drug!r} is neither a bath species of {model.name} nor a known drug." + nearest(drug, [*aliases, *drugs])
        )
    return model.with_component(drugs[drug]), f"{drug}.dose"


def with_drugs_of(model: Model, names: Iterable[str]) -> Model:
    """The model with every drug that an address such as ``"FCCP.dose"`` asks for, at dose 0."""
    for name in names:
        drug, _, parameter = name.partition(".")
        if parameter and drug in drugs and drug not in model.components:
            model, _ = attach(model, drug)
    return model
