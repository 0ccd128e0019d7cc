"""Members of a chunk solved together, on compiled tiles or in NumPy; what one gives does not depend on the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..solvers.courses import Course, values_at
from ..solvers.integrate import Limits, Tolerances
from ..solvers.marching import FINISHED, OUTSIDE, STATUS
from ..solvers.reduced import picked
from .task import Task

__all__ = ["time_courses"]


def time_courses(
    task: Task, columns: Mapping[str, Any], members: Any, values: dict[str, Any], messages: list[str]
) -> None:
    """Fill in the values of some members, and the messages of those that get nowhere."""
    if not len(members):
        return
    model = task.model
    own = {name: np.asarray(columns[name], float)[members] for name in columns}
    held = [i for i, name in enumerate(model.program.states) if name in task.held]
    found, course = values_at(
        model,
        task.own_segments(own),
        {name: own[name] for name in task.conditions},
        len(members),
        held,
        np.array(task.times),
        list(values),
        Tolerances(model, task.rtol, task.atol),
        compiled=task.solver == "rosenbrock",
    )
    good = course.status == FINISHED
    every = bool(good.all()) and len(members) == len(messages)
    for k, column in enumerate(values.values()):
        if every:
            column[:] = found[:, :, k]
        else:
            column[members[good]] = found[good, :, k]
    for i in np.flatnonzero(~good):
        messages[members[i]] = _reason(task, course, int(i))


def _reason(task: Task, course: Course, member: int) -> str:
    """Why a member went no further, in the words of a single run."""
    unit = task.model.time_unit
    # Where it stopped is the last stretch that it entered.
    stretch = next(s for s in reversed(course.stretches) if np.isfinite(s.final[member]).all())
    where = f"in {stretch.label!r} at t = {stretch.stops[member]:.6g} {unit}"
    if course.status[member] != OUTSIDE:
        return f"the solver stopped {where}: {STATUS[course.status[member]]}."
    flat = picked(stretch.constants.flat(), member)
    y = stretch.system.whole(list(stretch.final[member]), stretch.system.split(flat))
    model = task.model.replace(
        {a: float(v[member]) for a, v in stretch.values.items() if isinstance(v, np.ndarray)}
        | {a: v for a, v in stretch.values.items() if not isinstance(v, np.ndarray) and v != task.model.values[a]}
    )
    limits = Limits(model, Tolerances(model, task.rtol, task.atol))
    return f"{limits.explain(np.array(y, float))}, {where}."
