"""What holds for any law: driving forces and directions, zeros, derivatives, units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.units import registry, unit
from .report import Check, NotApplicable, compared, within
from .subject import Subject

__all__ = ["directions", "jacobian", "units", "zeros"]

_POINTS = 1000
_FLOOR = 1e-9
"""Affinities (kJ/mol) below this have a sign of rounding only: they are sums of terms of hundreds."""


def _driven(subject: Subject) -> list[str]:
    names = [n for n, flux in subject.program.fluxes.items() if flux.law.driven]
    if not names:
        raise NotApplicable("no flux is declared to be driven by an affinity")
    return names


def directions(subject: Subject) -> Iterator[Check]:
    """No flux runs against its affinity, at random states all over the physical range."""
    names, seen = _driven(subject), 0
    for _, values in subject.samples(_POINTS):
        for name in names:
            if f"affinity_{name}" not in values or not np.any(values[name]):
                continue
            seen += 1
            flux, affinity = np.broadcast_arrays(values[name], values[f"affinity_{name}"])
            against = (flux * affinity < 0) & (np.abs(affinity) > _FLOOR) | ~np.isfinite(flux)
            what = f"J and A have one sign at {_POINTS} random states, also with other parameters"
            yield within("directions", name, what, int(against.sum()), 0.0)
    if not seen:
        raise NotApplicable("no driven flux flows, or none has an affinity")


def zeros(subject: Subject) -> Iterator[Check]:
    """A reversible flux is zero where its affinity is, found by moving one state."""
    names = _driven(subject)
    found = 0
    for name in names:
        for handle in subject.handle():
            moved = _zero_of(subject, name, handle)
            if moved is None:
                continue
            still = np.abs(np.broadcast_to(subject.run(moved)[name], moved[handle].shape))
            law = subject.program.states[handle][1]
            step = 26.7 if law.unit == "mV" else 0.43 if law.options["bounds"][1] == 14 else 0.5 * moved[handle]
            moving = np.abs(np.broadcast_to(subject.run({**moved, handle: moved[handle] + step})[name], still.shape))
            if not moving.any():
                break
            ratio = float(np.max(still / np.where(moving > 0, moving, 1.0)))
            yield within(
                "zeros", name, f"J = 0 at A = 0, reached by moving {handle}; against J one RT away", ratio, 1e-7
            )
            found += 1
            break
    if not found:
        raise NotApplicable("no driving force can be brought to zero by moving a state")


def _zero_of(subject: Subject, flux: str, handle: str) -> dict[str, Any] | None:
    """Some random states with one of them moved to where the affinity of a flux vanishes; None if it cannot be."""
    name = f"affinity_{flux}"
    states = subject.random_states(20)
    if name not in subject.program_statements():
        return None
    positive = subject.program.states[handle][1].options["bounds"][0] is not None

    def affinity(x: Any) -> Any:
        return np.broadcast_to(subject.run({**states, handle: x})[name], x.shape)

    x = states[handle]
    for _ in range(12):
        a = affinity(x)
        step = np.where(np.abs(x) > 0, 1e-3 * np.abs(x), 1e-3)
        slope = (affinity(x + step) - affinity(x - step)) / (2 * step)
        if not np.all(np.isfinite(slope)) or np.any(slope == 0):
            return None
        x_new = x - a / slope
        x = np.where(x_new > 0, x_new, x / 4) if positive else x_new
    if np.max(np.abs(affinity(x))) > _FLOOR:
        return None
    low, high = subject.program.states[handle][1].options["bounds"]
    inside = (x >= (-np.inf if low is None else low)) & (x <= (np.inf if high is None else high))
    return {n: v[inside] for n, v in {**states, handle: x}.items()} if inside.any() else None


def jacobian(subject: Subject) -> Iterator[Check]:
    """The exact Jacobian against differences of the rates, at three random states."""
    names = list(subject.program.states)
    drawn = subject.random_states(3)
    worst: Check | None = None
    for i in range(3):
        point = {n: float(v[i]) for n, v in drawn.items()}
        exact = subject.model.jacobian(point).values
        for j, name in enumerate(names):
            h = 1e-4 * max(abs(point[name]), 1e-3 * subject.scale[name])
            at = np.array([1.0, -1.0, 2.0, -2.0]) * h + point[name]
            rates = subject.run({**point, name: at})
            for k, rate in enumerate(names):
                r = np.broadcast_to(np.asarray(rates[f"d_{rate}"], float), 4)
                with np.errstate(all="ignore"):
                    slope = (8 * (r[0] - r[1]) - (r[2] - r[3])) / (12 * h)
                # What the differences lose to rounding, against the size of the rate.
                check = compared(
                    "Jacobian", "d(rate)/d(state)", "exact derivatives = differences, at 3 random states",
                    exact[k, j], slope, 1e-5, floor=1e-7 * float(np.abs(r).max()) / h + 1e-12,
                )  # fmt: skip
                if worst is None or check.difference > worst.difference:
                    worst = check
    if worst is None:
        raise NotApplicable("the model has no state")
    yield worst


def units(subject: Subject) -> Iterator[Check]:
    """Every law read on quantities with units gives its declared unit, and the number it gives without."""
    quantity = registry().Quantity
    values = subject.run({n: v[0] for n, v in subject.random_states(1).items()})
    unit_of = subject.unit_of
    bad, worst = [], 0.0
    for statement in subject.program.statements:
        if statement.law is None:
            continue
        item = subject.model.components[statement.owner]
        given = dict(zip(statement.law.inputs, statement.inputs))
        plain = float(statement.law.read_with(item, {a: values[s] for a, s in given.items()}))
        own = {n: quantity(v, unit(item.declared_parameters[n].unit)) for n, v in item.values.items()}
        wanted = statement.unit if statement.kind != "rate" else f"{statement.unit}/{subject.model.time_unit}"
        try:
            arguments = {a: quantity(float(values[s]), unit(unit_of[s])) for a, s in given.items()}
            found = quantity(statement.law.read_with(item.reading(own), arguments)).to(unit(wanted)).magnitude
            difference = abs(float(found) - plain) / max(abs(plain), abs(float(found)), 1e-300)
        except Exception as error:  # any failure to carry units through is a finding
            bad.append(f"{statement.name} ({type(error).__name__})")
            continue
        if difference > 1e-9:
            bad.append(statement.name)
        worst = max(worst, difference)
    text = "laws carry their units" + (f"; not: {', '.join(bad[:4])}" if bad else "")
    yield within("units", "laws whose unit does not close", text, len(bad), 0.0)
