"""A batch of points made ready for a solver: one reduced system, its inputs floats or arrays along the batch."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..batch import Batch
from .reduced import Constants, System, conserved, distinct, picked
from .stepping import Setting

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Problem"]


@dataclasses.dataclass
class Problem:
    """Points of a model to be solved together.

    Attributes
    ----------
    start
        Value of each state at the start, a float or an array along the batch.
    constants
        Inputs of the reduced system, floats or arrays along the batch.
    """

    model: Model
    batch: Batch
    system: System
    setting: Setting
    start: list[Any]
    constants: Constants

    @classmethod
    def of(cls, model: Model, batch: Batch, held: Collection[str]) -> Problem:
        """The problem of a batch whose columns are parameters by address and start values by state."""
        states = list(model.program.states)
        values = model.values | batch.columns
        initial = model.initial
        start = [batch.columns.get(name, initial[name]) for name in states]
        indices = [i for i, name in enumerate(states) if name in held]
        system, ratios = distinct(model, indices, batch.columns)
        constants = Constants(
            model=list(model.kernel.prepare([values[a] for a in model.kernel.addresses])),
            held=[start[i] for i in indices],
            ratios=ratios,
            totals=totals(system, ratios, start),
        )
        return cls(model, batch, system, model.setting, start, constants)

    @property
    def size(self) -> int:
        return self.batch.size

    @property
    def scale(self) -> Any:
        """Scales of the free states."""
        return np.array([self.setting.scales[i] for i in self.system.free])

    def independent_start(self) -> list[Any]:
        return [self.start[i] for i in self.system.independent]

    def at(self, point: int) -> Model:
        """The model with the parameters of one point."""
        states = self.model.program.states
        return self.model.replace({k: v for k, v in self.batch.at(point).items() if k not in states})

    def start_at(self, point: int) -> Any:
        return np.array(picked(self.start, point), float)

    def upper(self) -> list[Any]:
        """Upper bound of each free state: its own, or the whole of a pool of states that cannot be negative."""
        bounds = list(self.setting.upper)
        states = list(self.model.program.states)
        for law in conserved(self.model):
            index = [states.index(name) for name in law.whole]
            positive = all(c > 0 for c in law.whole.values()) and all(self.setting.lower[i] >= 0 for i in index)
            if positive and set(index) <= set(self.system.free):
                total: Any = 0.0
                for i, coefficient in zip(index, law.whole.values()):
                    total = total + coefficient * self.start[i]
                for i, coefficient in zip(index, law.whole.values()):
                    bounds[i] = np.minimum(bounds[i], total / coefficient * (1 + 1e-9))
        return [bounds[i] if isinstance(bounds[i], np.ndarray) else float(bounds[i]) for i in self.system.free]


def totals(system: System, ratios: list[Any], start: list[Any]) -> list[Any]:
    """The conserved sum that gives each dependent state."""
    sums = {d: start[d] for d in system.dependent}
    for (d, j), ratio in zip(system.pattern, ratios):
        sums[d] = sums[d] + ratio * start[j]
    return [sums[d] for d in system.dependent]


def batch_of(model: Model, conditions: Mapping[str, Any], start: Mapping[str, Any], held: Collection[str]) -> Batch:
    """Conditions, checked by name, unit and bounds, as a batch; start values of states not given come after."""
    named = {model.find(name)[1]: model.check(name, value) for name, value in conditions.items()}
    for name, value in start.items():
        if name in model.program.states and name not in named:
            named[name] = value if getattr(value, "ndim", 0) else float(value)
    units = {name: model.declared(name).unit for name in named}
    return Batch.of(named, units, set(model.program.states) - set(held))
