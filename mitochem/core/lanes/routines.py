"""The routines of a reduced system, and where each finds its numbers in the workspace of a tile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..solvers.reduced import Constants, System
from ..solvers.rodas5p import STAGES
from ..solvers.stepping import (
    SLACK,
    Setting,
    advance,
    ending_with,
    error_ratio,
    first_step,
    interpolant,
    newton_step,
    rosenbrock_step,
    step_factor,
    within,
)
from .trace import Lane, Routine

__all__ = ["Layout", "newton_routines", "quantity_routines", "time_routines", "watch_routine"]


class Layout:
    """Rows of a workspace: each name has a first row and a length, one after the other."""

    def __init__(self, **lengths: int) -> None:
        self.first: dict[str, int] = {}
        self.length = lengths
        self.rows = 0
        for name, length in lengths.items():
            self.first[name] = self.rows
            self.rows += length

    def load(self, routine: Routine, name: str) -> list[Any]:
        return [routine.load(self.first[name] + i) for i in range(self.length[name])]

    def store(self, routine: Routine, name: str, values: Sequence[Any]) -> None:
        for i, value in enumerate(values):
            routine.store(self.first[name] + i, value)


def _inputs(system: System, layout: Layout, routine: Routine) -> tuple[list[Lane], Constants]:
    return layout.load(routine, "states"), system.split(layout.load(routine, "constants"))


def time_layout(system: System) -> Layout:
    size = len(system.independent)
    return Layout(
        states=size, constants=system.constants, rtol=1, atol=1, step=1, error_before=1, time=1, end=1,
        proposed=1, new=size, error=1, factor=1, inside=1, trial=size, rates=size, stages=STAGES * size, dense=3 * size,
        level=1, gap=1,
    )  # fmt: skip


def time_routines(system: System, setting: Setting) -> list[Routine]:
    """``rates`` at a trial point, ``begin`` (a first step), ``step``, ``dense`` (what is read from it), ``advance``."""
    layout, size = time_layout(system), len(system.independent)
    rates = Routine("rates")
    trial, constants = layout.load(rates, "trial"), system.split(layout.load(rates, "constants"))
    layout.store(rates, "rates", system.rates(trial, constants))

    begin = Routine("begin")
    z, constants = _inputs(system, layout, begin)
    time, end = (layout.load(begin, name)[0] for name in ("time", "end"))
    layout.store(begin, "proposed", [ending_with(time, first_step(system, setting, z, constants), end)])

    step = Routine("step")
    z, constants = _inputs(system, layout, step)
    tolerances = [layout.load(step, name)[0] for name in ("rtol", "atol")]
    (h,), (before,) = layout.load(step, "step"), layout.load(step, "error_before")

    def evaluate(point: list[Any]) -> list[Any]:
        layout.store(step, "trial", point)
        step.call("rates")
        return layout.load(step, "rates")

    new, stages = rosenbrock_step(system, z, h, constants, evaluate)
    error = error_ratio(system, setting, z, new, stages[-1], constants, tolerances)
    layout.store(step, "new", new)
    layout.store(step, "stages", [k for stage in stages for k in stage])
    layout.store(step, "error", [error])
    layout.store(step, "factor", [step_factor(error, before)])
    layout.store(step, "inside", [within(system, setting, new, constants, SLACK * tolerances[1])])

    dense = Routine("dense")
    flat = layout.load(dense, "stages")
    rows = interpolant([flat[i * size : (i + 1) * size] for i in range(STAGES)])
    layout.store(dense, "dense", [d for row in rows for d in row])

    onward = Routine("advance")
    z, new = layout.load(onward, "states"), layout.load(onward, "new")
    names = ("time", "step", "end", "error", "factor", "error_before")
    z, *others = advance(z, new, *(layout.load(onward, name)[0] for name in names))
    layout.store(onward, "states", z)
    for name, value in zip(("time", "step", "error_before"), others):
        layout.store(onward, name, [value])
    return [rates, begin, step, dense, onward]


def watch_routine(system: System, states: Sequence[str], name: str) -> Routine:
    """``watch``: a quantity at the trial point, less the level it is watched for."""
    layout, routine = time_layout(system), Routine("watch")
    z, constants = layout.load(routine, "trial"), system.split(layout.load(routine, "constants"))
    (level,) = layout.load(routine, "level")
    layout.store(routine, "gap", [system.named(states, [name], z, constants)[0] - level])
    return routine


def newton_layout(system: System) -> Layout:
    return Layout(
        states=len(system.independent), constants=system.constants, upper=len(system.free), tau=1, done=1
    )  # fmt: skip


def newton_routines(system: System, setting: Setting) -> list[Routine]:
    """``newton``: one pseudo-transient step."""
    layout, routine = newton_layout(system), Routine("newton")
    z, constants = _inputs(system, layout, routine)
    upper = layout.load(routine, "upper")
    new, tau, done = newton_step(system, setting, z, layout.load(routine, "tau")[0], constants, upper)
    layout.store(routine, "states", new)
    layout.store(routine, "tau", [tau])
    layout.store(routine, "done", [done])
    return [routine]


def quantity_layout(system: System, count: int) -> Layout:
    return Layout(states=len(system.independent), constants=system.constants, quantities=count)


def quantity_routines(system: System, states: Sequence[str], names: Sequence[str]) -> list[Routine]:
    """``quantities``: the named states and quantities at a point."""
    layout, routine = quantity_layout(system, len(names)), Routine("quantities")
    z, constants = _inputs(system, layout, routine)
    layout.store(routine, "quantities", system.named(states, names, z, constants))
    return [routine]
