"""The unit of work of an ensemble: some members solved, their values back as arrays.

`solve_chunk` is the only function that knows how a member is solved. It is pure and picklable: threads, processes and
clusters call the same one, and what it gives for a member does not depend on the other members of the chunk.
"""

from __future__ import annotations

import dataclasses
import functools
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import MitochemError
from ..lanes.tiles import at_most
from ..solvers.integrate import Tolerances, integrate
from .task import FromColumn, Task

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Chunk", "Stopped", "invalid", "solve_chunk"]

Columns = Mapping[str, Any]

# LSODA of older SciPy keeps its state in one place and refuses a second solver between the steps of a first one.
# Nothing is lost: the rates it calls are Python, so that threads take turns here in any case.
_ONE_AT_A_TIME = threading.Lock()


class Stopped(Exception):
    """The user asked for an end while a chunk was being solved."""


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Values of some members: arrays (member, time), or (member,) for steady states, and why a member has none."""

    values: dict[str, Any]
    messages: list[str]


def solve_chunk(task: Task, columns: Columns, stopped: Callable[[], bool] = lambda: False) -> Chunk:
    """Solve members.

    Parameters
    ----------
    task : Task
        What they have in common.
    columns : mapping
        Arrays by parameter address, state, or name of an amount in the protocol; one value a member.
    stopped : callable
        Asked between members whether to give up.

    Returns
    -------
    Chunk
        ``task.quantities`` of every member, NaN for those with a message.
    """
    size = len(next(iter(columns.values())))
    shape = (size,) if task.steady else (size, len(task.times))
    values = {name: np.full(shape, np.nan) for name in task.quantities}
    refused = invalid(task, columns)
    messages = [refused.get(i, "") for i in range(size)]
    good = np.array([i for i in range(size) if i not in refused], dtype=int)
    if task.steady:
        with at_most(1):  # chunks are solved side by side
            _steady_states(task, columns, good, values, messages)
        return Chunk(values, messages)
    if task.solver.startswith("rosenbrock"):
        from .together import time_courses

        with at_most(1):
            time_courses(task, columns, good, values, messages)
        return Chunk(values, messages)
    for i in map(int, good):
        if stopped():
            raise Stopped
        try:
            course = _time_course(task, {name: float(column[i]) for name, column in columns.items()})
        except (MitochemError, ArithmeticError, ValueError) as error:
            messages[i] = _reason(error)
            continue
        for name in values:
            values[name][i] = course[name]
    return Chunk(values, messages)


def invalid(task: Task, columns: Columns) -> dict[int, str]:
    """Members with a value that is not possible, and why; amounts follow the rules of a protocol."""
    found: dict[int, str] = {}

    def look(name: str, check: Callable[[Any], Any]) -> None:
        try:
            check(columns[name])
        except MitochemError:
            for i, value in enumerate(columns[name]):
                try:
                    check(value)
                except MitochemError as error:
                    found.setdefault(i, str(error))

    for name in task.conditions:
        look(name, functools.partial(task.model.check, name))
    for change in (change for segment in task.segments for change in segment.changes):
        if isinstance(change.value, FromColumn):
            look(change.value.name, functools.partial(_check_amount, task.model, change.kind, change.target))
    return found


def _check_amount(model: Model, kind: str, target: str, value: Any) -> None:
    if kind == "set":
        model.check(target, value)
    elif not (np.isfinite(value).all() and (np.asarray(value) >= 0).all()):
        unit = model.declared(target).unit
        raise MitochemError(f"{target}: adding {value} {unit} is not possible; an addition is 0 or more.")


def _reason(error: Exception) -> str:
    text = str(error) if isinstance(error, MitochemError) else f"{type(error).__name__}: {error}"
    return text.split(" The result up to there")[0]


# --- time courses ------------------------------------------------------------------------------------------


def _time_course(task: Task, point: dict[str, float]) -> dict[str, Any]:
    """One member, segment after segment, as `simulate` does it; NaN after an early end."""
    model = task.model.replace({name: point[name] for name in task.conditions})
    names = list(model.program.states)
    held = [names.index(name) for name in task.held]
    tolerances = Tolerances(model, task.rtol, task.atol)
    times = np.array(task.times)
    out = {name: np.full(len(times), np.nan) for name in task.quantities}
    t, y = 0.0, np.array([model.initial[name] for name in names])
    for segment in task.own_segments(point):
        model, y = segment.begun(model, y)
        if segment.duration == 0:
            continue
        here = (times > t if t else times >= t) & (times <= t + segment.duration)
        # The next larger number than the time of an addition means just after it.
        wanted = np.where(times[here] <= np.nextafter(t, np.inf), t, times[here])
        with _ONE_AT_A_TIME:
            found, states, failure = integrate(model, y, t, segment, held, wanted, tolerances)
        if failure:
            raise MitochemError(failure)
        _record(model, names, np.asarray(found), states, np.flatnonzero(here), wanted, out)
        t, y = float(found[-1]), states[:, -1].copy()
    return out


def _record(
    model: Any, names: list[str], found: Any, states: Any, where: Any, wanted: Any, out: dict[str, Any]
) -> None:
    """Put the wanted times of a segment in their places; a segment that ended early has only some of them."""
    at = np.minimum(np.searchsorted(found, wanted), len(found) - 1)
    there = found[at] == wanted
    if not there.any():
        return
    picked = dict(zip(names, states[:, at[there]]))
    with np.errstate(all="ignore"):
        values = model.program.run(model.components, picked, list(out))
    for name, column in out.items():
        column[where[there]] = values[name]


# --- steady states -----------------------------------------------------------------------------------------


def _steady_states(task: Task, columns: Columns, members: Any, values: dict[str, Any], messages: list[str]) -> None:
    """All members in one batch; if the batch as a whole cannot be set up, one by one."""
    import xarray

    if not len(members):
        return
    conditions = {name: xarray.DataArray(columns[name][members], dims="member") for name in task.conditions}
    try:
        ds = task.model.steady_state(
            conditions,
            clamped=task.held,
            outputs=list(values),
            stability=False,
            compiled=task.solver.endswith("compiled"),
        )
    except MitochemError as error:
        if len(members) == 1:
            messages[members[0]] = _reason(error)
            return
        for i in members:
            _steady_states(task, columns, np.array([i]), values, messages)
        return
    good = ds.success.values
    for name, column in values.items():
        column[members[good]] = np.broadcast_to(ds[name].values, good.shape)[good]
    for i, message in zip(members, ds.message.values):
        messages[i] = str(message)
