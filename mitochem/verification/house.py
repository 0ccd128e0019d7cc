"""House components against their laws typed by hand: fluxes, factors, stoichiometry, and rates of states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..core.component import Component
from ..core.model import Model
from .conventions import F, R
from .formulas import FLUXES
from .formulas_books import CAPACITIES, FACTORS, POSTS
from .report import Check, NotApplicable, compared
from .subject import Subject

__all__ = ["factors", "fluxes", "rates", "stoichiometry"]

_POINTS = 200

_ACTIVITIES = (
    "activity_chain",
    "activity_complex_I",
    "activity_complex_II",
    "activity_phosphorylation",
    "activity_hydrolysis",
    "potassium_permeability",
    "exchange_activity",
)
_SEEN = (
    *("temperature", "protein", "pH_bath", "delta_psi", "pH_matrix", "pmf", "delta_pH", "oxygen"),
    *("K_matrix", "volume_matrix", "potassium_bath", "atp_bath", "adp_bath", "pi_bath"),
)
_UNSCALED = ("ConstantDemand",)
"""Components whose fluxes do not depend on temperature."""


def surroundings(values: dict[str, Any], item: Component | None = None) -> SimpleNamespace:
    """What a law can see, typed again from states and conditions where that is possible.

    A component that is wired to other quantities sees those under the names that it has for them.
    """
    renamed = {name: values[new] for name, new in (item.wiring if item else ()) if new in values}
    values = values | renamed
    w = SimpleNamespace(R=R, F=F, **{name: values.get(name, 1.0) for name in _ACTIVITIES})
    for name in _SEEN:
        if name in values:
            setattr(w, name, values[name])
    if hasattr(w, "protein"):
        w.volume_bath = renamed.get("volume_bath", 1000.0 / w.protein)
    if hasattr(w, "temperature"):
        w.RT, w.kT = R * w.temperature, R * w.temperature / F
        w.Z = math.log(10.0) * w.kT
        if hasattr(w, "pH_matrix") and hasattr(w, "pH_bath"):
            w.delta_pH = w.pH_matrix - w.pH_bath
        if hasattr(w, "delta_psi") and hasattr(w, "delta_pH"):
            w.pmf = w.delta_psi + w.Z * w.delta_pH
        if hasattr(w, "K_matrix") and hasattr(w, "potassium_bath"):
            w.E_K = w.kT * np.log(w.K_matrix / w.volume_matrix / w.potassium_bath)
        if hasattr(w, "atp_bath") and "mu0_atp_bath" in values:
            w.delta_Gp = values["mu0_atp_bath"] + w.RT * np.log(w.atp_bath / w.adp_bath / (w.pi_bath / 1000.0))
        elif "delta_Gp" in values:
            w.delta_Gp = values["delta_Gp"]
    return w


def _typed(model: Model, table: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, Any]]:
    """Components of a class that is typed by hand: name, component, law, formula."""
    for name, item in model.components.items():
        for law, formula in table.get(type(item).__name__, {}).items():
            if law in item.declared_laws:
                yield name, item, law, formula


def _formula_checks(subject: Subject, table: Mapping[str, Any], case: str) -> Iterator[Check]:
    for model, values in subject.samples(_POINTS):
        for name, item, law, formula in _typed(model, table):
            w = surroundings(subject.in_house_units(values), item)
            try:
                with np.errstate(all="ignore"):
                    expected = formula(SimpleNamespace(**item.values), w)
            except AttributeError:
                continue  # in a model without the quantities it is typed with
            if table is FLUXES and type(item).__name__ not in _UNSCALED:
                expected = expected * values.get("velocity_factor", 1.0)
            found = np.broadcast_to(values[item.output(item.declared_laws[law])], _POINTS)
            expected = np.broadcast_to(np.asarray(expected, float), _POINTS)
            good = np.isfinite(expected)
            if not good.any():
                continue
            # Near a zero of the law both are differences of large terms.
            floor = 1e-6 * float(np.median(np.abs(expected[good])))
            what = f"{type(item).__name__} typed by hand, at random states and parameters"
            yield compared(case, f"{name}.{law}", what, expected[good], found[good], 1e-7, floor=floor)


def fluxes(subject: Subject) -> Iterator[Check]:
    """Every flux of a house component against its law typed by hand."""
    yield from _some(_formula_checks(subject, FLUXES, "law"), "no flux of a known component")


def factors(subject: Subject) -> Iterator[Check]:
    """Inhibitors, ionophores and temperature: what they multiply activities with."""
    yield from _some(_formula_checks(subject, FACTORS, "factor"), "no factor of a known component")


def stoichiometry(subject: Subject) -> Iterator[Check]:
    """What one unit of a house flux moves, typed by hand (traps: protons counted twice, n without transport)."""

    def checks() -> Iterator[Check]:
        for model, values in subject.samples(1):
            for name, item, law, formula in _typed(model, POSTS):
                flux = model.program.fluxes[item.output(item.declared_laws[law])]
                expected = {item.wired(pool): float(v(SimpleNamespace(**item.values))) for pool, v in formula.items()}
                pools = sorted({*expected, *flux.posts})
                found = [
                    float(model.program.coefficient(flux, pool, model.components, values))
                    if pool in flux.posts
                    else 0.0
                    for pool in pools
                ]
                what = f"what a unit of flux adds to {', '.join(pools)}"
                yield compared("books", f"{name}.{law}", what, [expected.get(p, 0.0) for p in pools], found, 1e-12)

    yield from _some(checks(), "no flux of a known component")


def rates(subject: Subject) -> Iterator[Check]:
    """Rate of every house state against its balance summed here: fluxes times coefficients over capacity."""

    def checks() -> Iterator[Check]:
        for model, values in subject.samples(_POINTS):
            posts = subject.posts(values, model)
            for name, item, state, (pool, capacity) in _typed(model, CAPACITIES):
                w = surroundings(subject.in_house_units(values), item)
                moved = [np.broadcast_to(c * values[f], _POINTS) for f, c in posts.get(item.wired(pool), {}).items()]
                size = capacity(SimpleNamespace(**item.values), w)
                gross = np.sum(np.abs(moved), axis=0) / abs(size) if moved else np.zeros(_POINTS)
                expected = np.sum(moved, axis=0) / size if moved else np.zeros(_POINTS)
                found = np.broadcast_to(values[f"d_{item.wired(state)}"], _POINTS)
                what = "sum of fluxes over capacity, typed by hand"
                yield compared("rate", f"{name}.{state}", what, expected, found, 1e-9,
                               floor=1e-6 * float(np.max(gross)))  # fmt: skip

    yield from _some(checks(), "no state of a known component")


def _some(checks: Iterator[Check], reason: str) -> Iterator[Check]:
    """All checks; without any, the case does not apply."""
    found = list(checks)
    if not found:
        raise NotApplicable(reason)
    yield from found
