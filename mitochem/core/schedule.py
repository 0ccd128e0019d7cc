"""From a protocol to segments: names resolved, drugs attached, additions summed, arrays turned into columns."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ParameterError
from .library import attach, with_drugs_of
from .units import magnitude

if TYPE_CHECKING:
    from .model import Model
    from .protocol import Protocol, Step

__all__ = ["Schedule", "Segment", "schedule"]


@dataclasses.dataclass(frozen=True)
class Change:
    """Add to, or set, a state or a parameter (a dose is a parameter: additions of a drug add up)."""

    kind: str
    target: str
    value: Any

    def applied(self, before: float) -> float:
        return before + self.value if self.kind == "add" else self.value


@dataclasses.dataclass(frozen=True)
class Segment:
    """A stretch of constant parameters: what happens at its start, in order, and how long it lasts."""

    label: str
    duration: float
    changes: tuple[Change, ...] = ()
    until: tuple[str, str, float] | None = None

    def begun(self, model: Model, y: Any) -> tuple[Model, Any]:
        """Model and states of one run after what is done at the start."""
        y, values = self.applied(model, y, model.values)
        return model.replace({c.target: values[c.target] for c in self.changes if c.target in values}), y

    def applied(self, model: Model, y: Any, values: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """States and parameters, floats or arrays along members, after what is done at the start."""
        states, y, values = list(model.program.states), y.copy(), dict(values)
        for change in self.changes:
            if change.target in states:
                i = states.index(change.target)
                y[i] = model.check(change.target, change.applied(y[i]))
            else:
                values[change.target] = change.applied(values[change.target])
        return y, values


@dataclasses.dataclass(frozen=True)
class Schedule:
    """A protocol made ready for one model: the model with its drugs, and the segments."""

    model: Model
    segments: tuple[Segment, ...]

    def changed(self) -> list[str]:
        """Addresses of the parameters that additions and settings change."""
        targets = (change.target for segment in self.segments for change in segment.changes)
        return [target for target in dict.fromkeys(targets) if target not in self.model.program.states]

    def columns(self) -> dict[str, Any]:
        """Array-valued amounts by a key of their own."""
        return {
            f"{i}.{j}": change.value
            for i, segment in enumerate(self.segments)
            for j, change in enumerate(segment.changes)
            if getattr(change.value, "ndim", 0)
        }

    def member(self, point: Mapping[str, float]) -> tuple[Segment, ...]:
        """The segments of one member of a batch, with its own numbers in place of the arrays."""

        def picked(i: int, changes: tuple[Change, ...]) -> tuple[Change, ...]:
            return tuple(
                dataclasses.replace(change, value=point.get(f"{i}.{j}", change.value))
                for j, change in enumerate(changes)
            )

        return tuple(dataclasses.replace(s, changes=picked(i, s.changes)) for i, s in enumerate(self.segments))


def schedule(model: Model, protocol: Protocol, t_end: float | None = None) -> Schedule:
    """Resolve a protocol on a model; every name and amount is checked here, before anything runs."""
    builder = _Builder(model)
    for number, step in enumerate(protocol.steps, 1):
        builder.take(step, f"step {number} ({step.action})")
    if builder.changes:
        raise ParameterError("the protocol ends with an addition; add .wait(minutes) to see what it does.")
    return Schedule(builder.model, _until(builder.segments, t_end, model.time_unit))


class _Builder:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.segments: list[Segment] = []
        self.changes: list[Change] = []
        self.doses: dict[str, Any] = {}
        self.dims: dict[str, int] = {}
        self.label = "start"

    def take(self, step: Step, where: str) -> None:
        if step.action == "add":
            self.label = " + ".join(self._add(name, amount, where) for name, amount in step.values)
        elif step.action == "set":
            self.label = ", ".join(self._set(name, value) for name, value in step.values)
        else:
            until = None
            if step.action == "wait_until":
                name, (comparison, level) = step.values[0]
                until = (self._watched(name, where), comparison, float(level))
            duration = magnitude(step.duration, self.model.time_unit, where)
            self.segments.append(Segment(step.label or self.label, duration, tuple(self.changes), until))
            self.changes = []

    def _add(self, name: str, amount: Any, where: str) -> str:
        """Add a bath species by its alias, or to the cumulative dose of a drug; returns the label."""
        states, aliases = self.model.program.states, self.model.program.aliases
        if name in aliases or name in states:
            state = aliases.get(name, name)
            value = self._amount(state, amount, f"{where}: {name}", f"{name}_added")
            self.changes.append(Change("add", state, value))
            return _described(name, value)
        try:
            self.model, address = attach(self.model, name)
        except ParameterError as error:
            raise ParameterError(f"{where}: {error}") from None
        value = self._amount(address, amount, f"{where}: {name}", f"{name}_dose")
        self.doses[address] = self.doses.get(address, self.model.values[address]) + value
        self.changes.append(Change("add", address, value))
        return _described(name, self.doses[address])

    def _set(self, name: str, value: Any) -> str:
        self.model = with_drugs_of(self.model, [name])
        address = self.model.find(name)[1]
        dim = f"{address}_set" if address in self.model.program.states else address.replace(".", "_")
        value = self._with_dimension(address, self.model.check(name, value), dim)
        self.changes.append(Change("set", address, value))
        if address.endswith(".dose"):
            self.doses[address] = value
        return _described(f"{name} =", value)

    def _watched(self, name: str, where: str) -> str:
        """The quantity a wait waits for."""
        if name in self.model.statements:
            return name
        kind, address = self.model.find(name)
        if kind == "parameter":
            raise ParameterError(f"{where}: {name!r} is a parameter and does not change while waiting.")
        return address

    def _amount(self, target: str, amount: Any, what: str, dim: str) -> Any:
        value = magnitude(amount, self.model.declared(target).unit, what)
        try:
            numbers = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ParameterError(f"{what} = {amount!r} is not an amount.") from None
        if not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ParameterError(f"{what} = {amount!r} is not possible; an addition is 0 or more.")
        return self._with_dimension(target, value if hasattr(value, "dims") else numbers, dim)

    def _with_dimension(self, target: str, value: Any, dim: str) -> Any:
        """A float, or a DataArray whose dimension is named after what it is given to."""
        if hasattr(value, "dims"):
            return value
        if np.ndim(value) == 0:
            return float(value)
        if np.ndim(value) > 1:
            raise ParameterError(f"{target} has unnamed dimensions; give an xarray.DataArray with named dims.")
        import xarray

        self.dims[dim] = self.dims.get(dim, 0) + 1
        if self.dims[dim] > 1:
            dim = f"{dim}_{self.dims[dim]}"
        unit = self.model.declared(target).unit
        return xarray.DataArray(value, {dim: (dim, value, {"units": unit, "long_name": target})}, (dim,))


def _described(name: str, value: Any) -> str:
    return f"{name} {value:g}" if isinstance(value, float) else name


def _until(segments: list[Segment], t_end: Any, unit: str) -> tuple[Segment, ...]:
    """The segments, the last one extended to ``t_end`` if that is given."""
    planned = sum(s.duration for s in segments)
    if t_end is None:
        if planned == 0:
            raise ParameterError("nothing to simulate: give a protocol with a .wait(minutes), or t_end=minutes.")
        return tuple(segments)
    t_end = magnitude(t_end, unit, "t_end")
    if not (isinstance(t_end, int | float) and math.isfinite(t_end) and t_end > 0):
        raise ParameterError(f"t_end = {t_end!r} {unit} is not possible; it takes a positive length of time.")
    if t_end < planned * (1 - 1e-12):
        raise ParameterError(f"t_end = {t_end:g} {unit} is before the end of the protocol ({planned:g} {unit}).")
    if not segments:
        return (Segment("start", t_end),)
    last = segments[-1]
    return (*segments[:-1], dataclasses.replace(last, duration=last.duration + t_end - planned))
