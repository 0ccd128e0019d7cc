"""Named drugs: which component stands for an addition that is not a bath species."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from .component import Component
from .errors import ParameterError, nearest

if TYPE_CHECKING:
    from .model import Model

__all__ = ["attach", "drugs", "in_place", "register", "sites", "source_of", "with_drugs_of"]

drugs: dict[str, Component] = {}
"""Components by drug name; each has a parameter ``dose`` (µM in the chamber, all of it)."""


sites: dict[str, dict[str, tuple[str, ...]]] = {}
"""Of drugs with a site of their own in finer models: what the component calls it, and its names, the finest first."""


sources: dict[str, str] = {}
"""Of drugs by name: where their site and action are described, by keys of the bibliography."""


def register(
    name: str, component: Component, finer: Mapping[str, Sequence[str]] | None = None, source: str = ""
) -> Component:
    """Make a component available to protocols and titrations as a drug of this name.

    Parameters
    ----------
    name : str
        What protocols call it.
    component : Component
        What acts in a model, with a parameter ``dose``.
    finer : mapping, optional
        Sites to be preferred in models that have them, such as ``{"activity": ["activity_complex_IV"]}``. In other
        models the component acts where it is wired to.
    source : str
        Keys of the bibliography for its site and action, which a model with the drug cites.
    """
    if not isinstance(component, Component):
        raise ParameterError(f"the drug {name!r} is a component, and {component!r} is not one.")
    if "dose" not in component.declared_parameters:
        raise ParameterError(f"{component!r} has no parameter 'dose' and cannot be a drug.")
    drugs[name] = component.named(name)
    sites[name] = {site: tuple(names) for site, names in (finer or {}).items()}
    sources[name] = source
    return drugs[name]


def source_of(item: Component) -> str:
    """Source of the drug that a component of a model is; empty if it is none, or another of that name."""
    known = drugs.get(item.name)
    return sources[item.name] if type(known) is type(item) else ""


def in_place(drug: str, model: Model) -> Component:
    """The component of a drug, wired to the finest of its sites that the model has."""
    chosen = {}
    for site, names in sites.get(drug, {}).items():
        present = [name for name in names if name in model.statements]
        if present:
            chosen[site] = present[0]
    return drugs[drug].rewire(**chosen) if chosen else drugs[drug]


def attach(model: Model, drug: str) -> tuple[Model, str]:
    """The model with the drug in it (at its present dose, or 0), and the address of its dose."""
    if not isinstance(drug, str):
        raise ParameterError(f"{drug!r} is neither a bath species nor a drug; their names are text, such as 'FCCP'.")
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
    known = model.drugged.get(drug)
    if known is None or known[0] is not drugs[drug]:
        known = model.drugged[drug] = (drugs[drug], model.with_component(in_place(drug, model)))
    return known[1], f"{drug}.dose"


def with_drugs_of(model: Model, names: Iterable[str]) -> Model:
    """The model with every drug that an address such as ``"FCCP.dose"`` asks for, at dose 0."""
    for name in names:
        drug, _, parameter = str(name).partition(".")  # what is no text is refused when it is looked up
        if parameter and drug in drugs and drug not in model.components:
            model, _ = attach(model, drug)
    return model
