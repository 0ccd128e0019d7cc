"""The protocol of an ensemble: one schedule for all members, in which some amounts are columns of the table."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ParameterError, nearest
from ..protocol import Protocol, Step
from ..schedule import Segment, schedule
from ..solvers.integrate import sample_times
from .members import Members, Source, Table
from .task import FromColumn

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Course", "course", "plain_rows", "references"]


@dataclasses.dataclass(frozen=True)
class Course:
    """A protocol made ready.

    Attributes
    ----------
    extra : dict
        Amounts that the protocol brought as arrays, by a name of their own.
    units : dict
        Units of all amounts that differ by member, by column.
    ends : tuple of float
        When each segment ends, if that is the same for all members; empty otherwise.
    """

    model: Model
    segments: tuple[Segment, ...]
    extra: dict[str, Any]
    units: dict[str, str]
    ends: tuple[float, ...]

    def times(self, times: Any, samples: int) -> tuple[Any, list[str] | None]:
        """Times of output, and the label of each (None if members part ways)."""
        if times is None and not self.ends:
            raise ParameterError("wait_until ends at different times for different members; give times= of output.")
        starts = (0.0, *self.ends[:-1])
        if times is None:
            grids = [sample_times(t, s.duration, samples) for t, s in zip(starts, self.segments) if s.duration]
            for grid, before in zip(grids[1:], grids):
                grid[0] = np.nextafter(before[-1], np.inf)
            wanted = np.concatenate(grids)
        else:
            wanted = self._checked(times)
        if not self.ends:
            return wanted, None
        labels = {float(end): s.label for end, s in zip(self.ends, self.segments) if s.duration}
        where = np.searchsorted(list(labels), wanted)
        return wanted, [list(labels.values())[i] for i in where]

    def _checked(self, times: Any) -> Any:
        wanted = np.unique(np.asarray(times, dtype=float))
        longest = self.ends[-1] if self.ends else sum(s.duration for s in self.segments)
        if not wanted.size or not np.isfinite(wanted).all() or wanted[0] < 0 or wanted[-1] > longest * (1 + 1e-12):
            shown = np.array2string(wanted, threshold=6)
            raise ParameterError(f"times = {shown}: they have to lie between 0 and the end, {longest:g}.")
        # Waits add up with rounding: what is meant to be the time of an addition is.
        for end in self.ends:
            wanted[np.abs(wanted - end) <= 1e-12 * longest] = end
        return np.unique(wanted)

    def windows(self) -> dict[str, tuple[float, float]]:
        """First and last time under each label; the first is just after what was done there."""
        found: dict[str, tuple[float, float]] = {}
        for start, end, s in zip((0.0, *self.ends[:-1]), self.ends, self.segments):
            if s.duration:
                first = found[s.label][0] if s.label in found else float(np.nextafter(start, np.inf)) if start else 0.0
                found[s.label] = (first, end)
        return found


def references(protocol: Protocol, names: Sequence[str]) -> set[str]:
    """Columns of the table that the protocol names in place of an amount.

    Text is otherwise an amount with its unit, which begins with a number.
    """
    found = set()
    for step in protocol.steps:
        for what, amount in step.values if step.action in ("add", "set") else ():
            if isinstance(amount, str) and amount in names:
                found.add(amount)
            elif isinstance(amount, str) and amount[:1].isalpha() and amount != "inf":
                raise ParameterError(f"{step.action} {what}={amount!r}: no such column." + nearest(amount, names))
    return found


def course(model: Model, protocol: Protocol, t_end: float | None, members: Members | None, named: set[str]) -> Course:
    """Resolve a protocol; the first member stands for the others until the schedule is made."""
    import xarray

    first = members.columns(0, 1) if named and members else {}

    def stand_in(amount: Any) -> Any:
        named_here = isinstance(amount, str) and amount in named
        return xarray.DataArray(first[amount], dims="member", name=amount) if named_here else amount

    plan = schedule(model, _mapped(protocol, stand_in), t_end)
    extra: dict[str, Any] = {}
    units: dict[str, str] = {}

    def column(change: Any) -> Any:
        value = change.value
        if not getattr(value, "ndim", 0):
            return dataclasses.replace(change, value=float(value))
        name = value.name if value.name in named else None
        if name is None:
            if value.ndim > 1:
                raise ParameterError(f"{change.target}: an amount in an ensemble has one value a member.")
            name = _new_name(change, {*extra, *(members.targets if members else ())})
            extra[name] = np.ascontiguousarray(value.values, dtype=float)
        units[name] = plan.model.declared(change.target).unit
        return dataclasses.replace(change, value=FromColumn(name))

    segments = tuple(dataclasses.replace(s, changes=tuple(map(column, s.changes))) for s in plan.segments)
    ends = () if any(s.until for s in segments) else _ends(segments)
    released = plan.model.release(*plan.model.held("steady_state")) if protocol.closed else plan.model
    return Course(released, segments, extra, units, ends)


def _ends(segments: Sequence[Segment]) -> tuple[float, ...]:
    """Added up as the solver does it, so that times of output meet the ends exactly."""
    t, ends = 0.0, []
    for segment in segments:
        t += segment.duration
        ends.append(t)
    return tuple(ends)


def _mapped(protocol: Protocol, change: Any) -> Protocol:
    steps = [
        dataclasses.replace(s, values=tuple((k, change(v)) for k, v in s.values)) if s.action in ("add", "set") else s
        for s in protocol.steps
    ]
    return Protocol(steps, closed=protocol.closed)


def _new_name(change: Any, taken: set[str]) -> str:
    base = change.target.replace(".", "_") + ("_set" if change.kind == "set" else "_added")
    number, name = 1, base
    while name in taken:
        number, name = number + 1, f"{base}_{number + 1}"
    return name


def plain_rows(protocol: Protocol, segments: Sequence[Segment]) -> list[dict[str, Any]]:
    """The protocol as data, with the names of columns in place of arrays."""
    names = iter([c.value.name for s in segments for c in s.changes if isinstance(c.value, FromColumn)])

    def shown(step: Step) -> Step:
        if step.action not in ("add", "set"):
            return step
        values = tuple(
            (k, next(names) if np.ndim(v) or (isinstance(v, str) and v[:1].isalpha()) else v) for k, v in step.values
        )
        return dataclasses.replace(step, values=values)

    return [shown(step).row() for step in protocol.steps]


def table_of(source: Source | None, extra: dict[str, Any]) -> Source:
    """The table; where the user gave none, the protocol's arrays say how many members there are."""
    sizes = {name: len(v) for name, v in extra.items()}
    if source is None:
        if not sizes:
            raise ParameterError("there is nothing that differs: give a table of parameters, or amounts by member.")
        return Table({}, next(iter(sizes.values())))
    for name, size in sizes.items():
        if size != source.size:
            raise ParameterError(f"{name} of the protocol has {size} values, the table has {source.size} members.")
    return source
