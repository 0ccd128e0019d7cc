"""House components against their laws typed by hand: fluxes, factors, stoichiometry, and rates of states."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from .conventions import F, R
from .formulas import FACTORS, FLUXES, POSTS
from .report import Check, NotApplicable, compared
from .subject import Subject

__all__ = ["factors", "fluxes", "rates", "stoichiometry"]

_POINTS = 200

_ACTIVITIES = (
    "activity_chain",
    "activity_complex_I",
    "activity_complex_II",
    "activity_phosphorylation",
    "potassium_permeability",
    "exchange_activity",
)
_UNSCALED = ("ConstantDemand",)
"""Components whose fluxes do not depend on temperature."""


def surroundings(values: dict[str, Any]) -> SimpleNamespace:
    """What a law can see, typed again from states and conditions where that is possible."""
    w = SimpleNamespace(R=R, F=F, **{name: values.get(name, 1.0) for name in _ACTIVITIES})
    for name in ("temperature", "protein", "pH_bath", "delta_psi", "pH_matrix", "pmf", "delta_pH", "oxygen", "K_matrix",
                 "volume_matrix", "potassium_bath", "atp_bath", "adp_bath", "pi_bath"):  # fmt: skip
        if name in values:
            setattr(w, name, values[name])
    if hasattr(w, "temperature"):
        w.RT, w.kT = R * w.temperature, R * w.temperature / F
        w.Z = math.log(10.0) * w.kT
        if hasattr(w, "pH_matrix") and hasattr(w, "pH_bath"):
            w.delta_pH = w.pH_matrix - w.pH_bath
        if hasattr(w, "delta_psi") and hasattr(w, "delta_pH"):
            w.pmf = w.delta_psi + w.Z * w.delta_pH
        if hasattr(w, "K_matrix"):
            w.E_K = w.kT * np.log(w.K_matrix / w.volume_matrix / w.potassium_bath)
        if hasattr(w, "atp_bath") and "mu0_atp_bath" in values:
            w.delta_Gp = values["mu0_atp_bath"] + w.RT * np.log(w.atp_bath / w.adp_bath / (w.pi_bath / 1000.0))
        elif "delta_Gp" in values:
            w.delta_Gp = values["delta_Gp"]
    return w


def _typed(subject: Subject, table: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, Any, SimpleNamespace]]:
    """Components of known class: name, component, law, formula, parameters."""
    for name, item in subject.model.components.items():
        for law, formula in table.get(type(item).__name__, {}).items():
            if law in item.declared_laws:
                yield name, item, law, formula, SimpleNamespace(**item.values)


def _formula_checks(
    subject: Subject, table: Mapping[str, Any], case: str, opened: dict[str, float] | None = None
) -> Iterator[Check]:
    model = subject.model.replace(opened or {})
    values = subject.run(subject.random_states(_POINTS), model)
    w = surroundings(subject.in_house_units(values))
    for name, item, law, formula, _ in _typed(subject, table):
        item = model.components[name]
        try:
            with np.errstate(all="ignore"):
                expected = formula(SimpleNamespace(**item.values), w)
        except AttributeError:
            continue  # rewired into a model without the quantities it is typed with
        factor = 1.0
        if table is FLUXES and type(item).__name__ not in _UNSCALED:
            factor = values.get("velocity_factor", 1.0)
        found = values[item.output(item.declared_laws[law])]
        expected = np.broadcast_to(np.asarray(expected * factor, float), np.broadcast_shapes(np.shape(found), np.shape(expected)))
        good = np.isfinite(expected)
        scale = float(np.abs(expected[good]).max(initial=0.0))
        yield compared(
            case, f"{name}.{law}", f"{type(item).__name__} typed by hand, {_POINTS} random states",
            expected[good], np.broadcast_to(found, expected.shape)[good], 1e-7, floor=1e-9 * scale,
        )  # fmt: skip


def _opened(subject: Subject) -> dict[str, float]:
    """Values at which nothing is switched off: doses, capacities and slip that are zero are raised."""
    raised = {}
    for address, value in subject.model.values.items():
        name = address.split(".")[1]
        low_high = subject.model.declared(address).range
        if value == 0 and low_high and name in ("dose", "capacity", "slip_capacity", "demand", "amplitude"):
            raised[address] = math.sqrt(low_high[0] * low_high[1])
    return raised


def fluxes(subject: Subject) -> Iterator[Check]:
    """Every flux of a house component against its law typed by hand, at random states."""
    yield from _some(_formula_checks(subject, FLUXES, "law", _opened(subject)), "no flux of a known component")


def factors(subject: Subject) -> Iterator[Check]:
    """Inhibitors, ionophores and temperature: what they multiply activities with."""
    yield from _some(_formula_checks(subject, FACTORS, "factor", _opened(subject)), "no factor of a known component")


def stoichiometry(subject: Subject) -> Iterator[Check]:
    """What one unit of a house flux moves, typed by hand (traps: protons counted twice, n without transport)."""

    def checks() -> Iterator[Check]:
        values = subject.run(subject.model.initial)
        for name, item, law, formula, p in _typed(subject, POSTS):
            flux = subject.program.fluxes[item.output(item.declared_laws[law])]
            expected = {item.wired(pool): float(value(p)) for pool, value in formula.items()}
            pools = sorted({*expected, *flux.posts})
            found = [
                float(subject.program.coefficient(flux, pool, subject.model.components, values))
                if pool in flux.posts
                else 0.0
                for pool in pools
            ]
            yield compared(
                "books", f"{name}.{law}", f"what a unit of flux adds to {', '.join(pools)}",
                [expected.get(pool, 0.0) for pool in pools], found, 1e-12,
            )  # fmt: skip

    yield from _some(checks(), "no flux of a known component")


_CAPACITIES: dict[str, dict[str, tuple[str, Callable[[SimpleNamespace, SimpleNamespace], Any]]]] = {
    # Class, state: the pool that feeds it, and the size of a unit of it.
    "Membrane": {
        "delta_psi": ("charge_ims", lambda p, w: p.capacitance),
        "pH_matrix": ("h_matrix", lambda p, w: -p.buffer),
    },
    "LumpedMembrane": {"pmf": ("charge_ims", lambda p, w: p.capacitance)},
    "Potassium": {"K_matrix": ("k_matrix", lambda p, w: 1.0)},
    "Adenylates": {x: (x, lambda p, w: 1000.0 / w.protein) for x in ("atp_bath", "adp_bath", "pi_bath")},
    "Oxygen": {"oxygen": ("oxygen", lambda p, w: 1000.0 / w.protein)},
}


def rates(subject: Subject) -> Iterator[Check]:
    """Rate of every house state against its balance summed here: fluxes times coefficients over capacity."""

    def checks() -> Iterator[Check]:
        states = subject.random_states(_POINTS)
        values = subject.run(states)
        w = surroundings(subject.in_house_units(values))
        posts = subject.posts(values)
        for name, item, state, (pool, capacity), p in _typed(subject, _CAPACITIES):
            moved = [np.broadcast_to(c * values[f], _POINTS) for f, c in posts.get(item.wired(pool), {}).items()]
            size = capacity(p, w)
            gross = np.sum(np.abs(moved), axis=0) / abs(size) if moved else np.zeros(_POINTS)
            expected = np.sum(moved, axis=0) / size if moved else np.zeros(_POINTS)
            found = np.broadcast_to(values[f"d_{item.wired(state)}"], _POINTS)
            yield compared(
                "rate", f"{name}.{state}", "sum of fluxes over capacity, typed by hand", expected, found, 1e-9,
                floor=1e-6 * float(np.max(gross)),
            )  # fmt: skip

    yield from _some(checks(), "no state of a known component")


def _some(checks: Iterator[Check], reason: str) -> Iterator[Check]:
    """All checks; without any, the case does not apply."""
    found = list(checks)
    if not found:
        raise NotApplicable(reason)
    yield from found
