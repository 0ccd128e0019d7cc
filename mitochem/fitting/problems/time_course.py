"""A run as it was recorded: protocol, times, and what was measured at them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, names_in, number_in, numbers_in
from ...core.errors import FitError
from ...core.lanes.trace import WIDTH
from ...core.library import with_drugs_of
from ...core.protocol import Protocol
from ...core.schedule import schedule
from ...core.solvers import backend
from ...core.solvers.integrate import Tolerances
from .experiment import Experiment, Prepared
from .subject import OfModel, Subject

if TYPE_CHECKING:
    from ...core.model import Model

__all__ = ["TimeCourse"]


@dataclasses.dataclass(frozen=True, eq=False)
class TimeCourse:
    """One recorded run under known conditions.

    Parameters
    ----------
    protocol : Protocol
        What was done.
    times : array
        When it was measured (min), ascending. The time of an addition means just before it.
    observed : mapping
        Measurements by the name of the model's quantity, at the times. NaN where not measured.
    conditions : mapping, optional
        Parameters by address and start values by state, one number each.
    noise : mapping of Noise or float, optional
        Needed where several observables are to be weighed against each other.
    clamped : tuple of str
        States held at their start values, besides those the model holds.
    rtol : float
        Relative tolerance of the solver.
    name : str
        Label in reports and plots.
    """

    protocol: Protocol
    times: Any
    observed: Mapping[str, Any]
    conditions: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    noise: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    clamped: tuple[str, ...] = ()
    rtol: float = 1e-6
    name: str = ""

    def __post_init__(self) -> None:
        for field in ("conditions", "observed", "noise"):
            if getattr(self, field) is None:
                object.__setattr__(self, field, {})

    def prepare(self, subject: Subject, label: str, scaled: Collection[str] = ()) -> Course:
        """Checked against a model, which must know the drugs of the protocol already."""
        here = f"experiment {label}: " if label else ""
        if not isinstance(subject, OfModel):
            raise FitError(f"{here}a time course is of a model; a law has no time. Make time an argument of the law.")
        model = subject.model
        if not isinstance(self.protocol, Protocol):
            raise FitError(f"{here}protocol = {self.protocol!r} is no Protocol.")
        times = np.ravel(numbers_in(self.times, f"{here}times", FitError))
        if not np.isfinite(times).all() or (np.diff(times) < 0).any() or (times < 0).any():
            raise FitError(f"{here}times must ascend from 0 on.")
        for name, value in mapping_in(self.conditions, f"{here}conditions", FitError).items():
            if np.ndim(value):
                raise FitError(f"{here}condition {name} of a time course is one number, not {np.shape(value)}.")
        if not 0 < number_in(self.rtol, f"{here}rtol", FitError) < 1:
            raise FitError(f"{here}rtol = {self.rtol:g} is not between 0 and 1.")
        plan = schedule(with_drugs_of(model, self.conditions), self.protocol)
        if any(segment.until for segment in plan.segments) or plan.columns():
            raise FitError(f"{here}a fitted time course has fixed times and amounts: no wait_until, no arrays.")
        if times[-1] > sum(segment.duration for segment in plan.segments) * (1 + 1e-12):
            raise FitError(f"{here}times end at {times[-1]:g}, after the protocol does.")
        if any(
            len(np.ravel(values)) != len(times)
            for values in mapping_in(self.observed, f"{here}observed", FitError).values()
        ):
            raise FitError(f"{here}observed values and times differ in number.")
        # Which points there are and how they are weighed is the same as in any experiment.
        rows = Experiment(self.conditions, self.observed, self.noise, (), self.name).prepare(
            OfModel(plan.model), label, scaled
        )
        series = tuple(dataclasses.replace(s, x={"time": times[at]}) for s, at in zip(rows.series, rows.points))
        clamped = tuple(model.state(n) for n in names_in(self.clamped, "clamped", FitError))
        held = set(plan.model.held("simulate"))
        if self.protocol.closed:
            held -= set(plan.model.held("steady_state"))
        held |= set(clamped)
        conditions = {name: column[:1] for name, column in rows.conditions.items()}
        base = dataclasses.replace(rows, series=series, conditions=conditions, clamped=clamped)
        return Course(
            **vars(base), segments=plan.segments, held=tuple(sorted(held)), times=times, rtol=self.rtol,
            closed=self.protocol.closed,
        )  # fmt: skip


@dataclasses.dataclass(frozen=True, eq=False)
class Course(Prepared):
    """A time course in rows of points; see `Prepared`."""

    segments: tuple[Any, ...] = ()
    held: tuple[str, ...] = ()
    times: Any = ()
    rtol: float = 1e-6
    closed: bool = False

    @property
    def done(self) -> Any:
        changes = [[[c.target, c.kind, float(c.value)] for c in s.changes] for s in self.segments]
        steps = [s.duration for s in self.segments], changes, self.closed
        return [super().done, steps, {name: float(column[0]) for name, column in self.conditions.items()}]

    def axis(self, x: str) -> Any:
        return self.times

    def units(self, subject: Subject) -> dict[str, str]:
        assert isinstance(subject, OfModel)
        return super().units(subject) | {"time": subject.model.time_unit}

    def predict(self, subject: Subject, members: Mapping[str, Any], m: int) -> list[Any]:
        """Each series (member, point) for m sets of parameters.

        The first set is what the others are compared with, as differences are. Those solved beside it share its
        steps, so that what the solver leaves of an error falls out of the difference.
        """
        from ...core.library import attach

        assert isinstance(subject, OfModel)
        model = subject.model
        for change in (c for segment in self.segments for c in segment.changes):
            drug = change.target.partition(".")[0]
            if change.target not in model.program.states and drug not in model.components:
                model = attach(model, drug)[0]
        columns = {name: float(column[0]) for name, column in self.conditions.items()} | dict(members)
        solve = self._compiled if backend.for_sensitivities("auto") == "compiled" else self._one_by_one
        with np.errstate(all="ignore"):
            found = solve(model, columns, m, self.names)
        return [found[:, at, self.names.index(series.observable)] for series, at in zip(self.series, self.points)]

    def around(self, subject: Subject, here: Mapping[str, Any], moved: Mapping[str, Any], exact: bool) -> list[Any]:
        """Runs beside this one; during a search moved one way only, which halves the work."""
        if not moved:
            at = {name: np.array([float(value)]) for name, value in here.items()}
            return [(column[0], np.zeros((0, column.shape[1]))) for column in self.predict(subject, at, 1)]
        directions = next(iter(moved.values())).shape[1]
        ends = {name: v if exact else _outward(here[name], v)[None] for name, v in moved.items()}
        sides = 2 if exact else 1
        members = {
            name: np.concatenate([[float(value)], ends.get(name, np.full((sides, directions), value)).ravel()])
            for name, value in here.items()
        }
        out = []
        for column in self.predict(subject, members, 1 + sides * directions):
            rest = column[1:].reshape(sides, directions, -1)
            if exact:
                out.append((column[0], rest[1] - rest[0]))
            else:
                out.append((column[0], (rest[0] - column[0]) * self._widening(here, moved)[:, None]))
        return out

    @staticmethod
    def _widening(here: Mapping[str, Any], moved: Mapping[str, Any]) -> Any:
        """By what a change one way is multiplied to be that from the lower to the higher end, for each direction."""
        factor = np.ones(next(iter(moved.values())).shape[1])
        for name, ends in moved.items():
            span, step = ends[1] - ends[0], _outward(here[name], ends) - here[name]
            factor = np.where(step != 0, np.divide(span, step, out=np.ones_like(span), where=step != 0), factor)
        return factor

    def _compiled(self, model: Model, columns: Mapping[str, Any], m: int, names: list[str]) -> Any:
        from ...core.solvers.courses import values_at

        out = np.empty((m, len(self.times), len(names)))
        for first in range(1, max(m, 2), WIDTH - 1):
            group = np.array([0, *range(first, min(first + WIDTH - 1, m))])
            own = {name: value[group] if isinstance(value, np.ndarray) else value for name, value in columns.items()}
            found, _ = values_at(
                model, self.segments, own, len(group), self._indices(model), self.times, names,
                Tolerances(model, self.rtol, self.rtol / 1000), together=True,
            )  # fmt: skip
            # Beside each group the first set takes other steps; the others keep their distance from it.
            out[group[1:]] = found[1:] if first == 1 else out[0] + (found[1:] - found[0])
            out[0] = found[0] if first == 1 else out[0]
        return out

    def _one_by_one(self, model: Model, columns: Mapping[str, Any], m: int, names: list[str]) -> Any:
        """With SciPy, at a tolerance that leaves differences meaning something."""
        from ...core.ensemble.chunk import solve_chunk
        from ...core.ensemble.task import Task

        rtol = min(self.rtol, 1e-9)
        task = Task(
            model, self.segments, tuple(columns), self.held, tuple(names), tuple(self.times), (), (), rtol, rtol / 100,
            "lsoda", 1, True,
        )  # fmt: skip
        table = {name: np.broadcast_to(np.asarray(value, float), (m,)) for name, value in columns.items()}
        chunk = solve_chunk(task, table or {"none": np.zeros(m)})
        return np.stack([chunk.values[name] for name in names], axis=2)

    def _indices(self, model: Model) -> list[int]:
        return [i for i, name in enumerate(model.program.states) if name in self.held]

    def along(self, x: str, points: int) -> Course:
        """The same run at many times between the measured ones."""
        if x != "time":
            raise FitError(f"{x!r} is no axis of the time course {self.name}; it has 'time'.")
        times = np.linspace(self.times[0], self.times[-1], points)
        return dataclasses.replace(self, times=times, points=tuple(np.arange(points) for _ in self.series))


def _outward(here: Any, ends: Any) -> Any:
    """The end that is not at a bound, and so differs from the value: (direction,)."""
    return np.where(ends[1] != here, ends[1], ends[0])
