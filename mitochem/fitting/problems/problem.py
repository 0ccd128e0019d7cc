"""A model or a law, the experiments done on it, and what is to be found."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, names_in, shown, text_in
from ...core.errors import FitError, nearest
from ..results.result import FitResult
from .experiment import Experiment, Prepared
from .free import Bounds, Free, Layout, Scale
from .law import Law
from .misfit import Misfit, Series
from .subject import OfModel, Subject, subject_of
from .time_course import TimeCourse
from .unknowns import Unknown

if TYPE_CHECKING:
    from ...core.model import Model

__all__ = ["Problem"]

KINDS = (Experiment, TimeCourse)
"""What can be fitted to."""


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """What `fit` solves: parameters of a model or a law that bring it to the measurements.

    Every prediction is one batched solve for each experiment, whatever the number of points and of parameter sets.

    Parameters
    ----------
    model : Model or Law
        The parameter values of a model are the start values, and fix what is not free.
    experiments : Experiment, TimeCourse, or a sequence of them
        All share the free parameters, save those that are local.
    free : mapping or sequence of str
        Addresses to fit, each with a `Free`, bounds ``(low, high)``, or None for the legal bounds of the parameter.
        Positive parameters are sought on a logarithmic scale.
    nuisance : mapping of Scale, optional
        Unknowns of the measurement, by a name of your choice.
    title : str
        Heading of the report.
    notes : tuple of str
        What was assumed; printed with the result.
    source : mapping
        Where the data come from; kept in the provenance.

    Attributes
    ----------
    subject : Subject
        The model or law behind one face.
    prepared : tuple of Prepared
        The experiments in rows of points.
    sought : mapping of Free
        What is free, by address.

    Raises
    ------
    FitError, ParameterError
        If a name is unknown (with the nearest one), given twice, or without effect by construction.
    """

    model: Model | Law
    experiments: Experiment | TimeCourse | Sequence[Experiment | TimeCourse]
    free: Mapping[str, Free | Bounds | None]
    nuisance: Mapping[str, Scale] = dataclasses.field(default_factory=dict)
    title: str = ""
    notes: tuple[str, ...] = ()
    source: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    subject: Subject = dataclasses.field(init=False, repr=False)
    prepared: tuple[Prepared, ...] = dataclasses.field(init=False, repr=False)
    sought: Mapping[str, Free] = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        given: Any = self.experiments
        several = isinstance(given, Sequence) and all(isinstance(e, KINDS) for e in given)
        if not several and not isinstance(given, KINDS):
            raise FitError(f"experiments = {shown(given)} is neither an Experiment nor a sequence of them.")
        experiments: tuple[Experiment | TimeCourse, ...] = tuple(given) if several else (given,)
        if not experiments:
            raise FitError("a problem needs at least one experiment.")
        subject = subject_of(self.model)
        free = self.free if isinstance(self.free, Mapping) else dict.fromkeys(names_in(self.free, "free", FitError))
        for field in ("nuisance", "source"):
            object.__setattr__(self, field, mapping_in(getattr(self, field), field, FitError))
        text_in(self.title, "title", FitError)
        for name, scale in self.nuisance.items():
            if not isinstance(scale, Scale):
                raise FitError(f"the nuisance {name!r} is {shown(scale)}, not a Scale.")
        names_in(self.notes, "notes", FitError)
        labels = [e.name or (f"experiment {i + 1}" if len(experiments) > 1 else "") for i, e in enumerate(experiments)]
        for label in labels:
            if labels.count(label) > 1:
                raise FitError(f"two experiments are called {label!r}; give each a name of its own.")
        scaled = {observable for scale in self.nuisance.values() for observable in scale.observables}
        object.__setattr__(self, "experiments", experiments)
        object.__setattr__(self, "sought", {subject.parameter(n)[0]: Free.of(one) for n, one in free.items()})
        object.__setattr__(self, "free", self.sought)
        object.__setattr__(self, "subject", subject)
        object.__setattr__(self, "prepared", tuple(e.prepare(subject, n, scaled) for e, n in zip(experiments, labels)))
        self._check()
        _ = self.layout  # start values and bounds are checked as they are made

    # --- checks -------------------------------------------------------------------------------

    def _check(self) -> None:
        subject = self.subject
        for e in self.prepared:
            if both := [address for address in self.free if address in e.conditions]:
                raise FitError(f"{both[0]} is both free and given as a condition; it can only be one of them.")
            if missing := subject.missing([*self.free, *e.conditions]):
                where = f" in experiment {e.name}" if e.name else ""
                raise FitError(f"{', '.join(missing)} of {subject.name} must be free or given as a condition{where}.")
        measured = list(dict.fromkeys(s.observable for e in self.prepared for s in e.series))
        for name, scale in self.nuisance.items():
            if name in self.free:
                raise FitError(f"the nuisance {name!r} has the name of a free parameter.")
            for observable in scale.observables:
                if observable not in measured:
                    raise FitError(
                        f"the nuisance {name} multiplies {observable!r}, which is not measured."
                        + nearest(observable, measured)
                    )

    # --- what the search needs ------------------------------------------------------------------

    @functools.cached_property
    def layout(self) -> Layout:
        """The unknowns, and where each of them acts."""
        return Layout(self.subject, self.prepared, self.sought, self.nuisance)

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Free parameters, then nuisances, then true values of uncertain conditions."""
        return self.layout.unknowns

    @functools.cached_property
    def series(self) -> tuple[Series, ...]:
        """What was observed, experiment by experiment, then the uncertain conditions."""
        return tuple(s for e in self.prepared for s in e.series) + tuple(s for e in self.prepared for s in e.blurred)

    @functools.cached_property
    def misfit(self) -> Misfit:
        """Residuals of all series in a row, as a search sees them."""
        measured = np.concatenate([s.observed for s in self.series])
        noise = np.concatenate([np.broadcast_to(s.noise, np.shape(s.observed)) for s in self.series])
        return Misfit(self.unknowns, measured, noise, self.predict, self.around)

    def predict(self, values: Any) -> Any:
        """Predictions (member, point) of all series in a row, from values (member, unknown)."""
        values = np.asarray(values, float)
        columns, latent = [], []
        for i, experiment in enumerate(self.prepared):
            members = self.layout.columns(i, experiment, values)
            found = experiment.predict(self.subject, members, len(values))
            for series, column in zip(experiment.series, found):
                columns.append(column * self.layout.factor(i, series.observable, values)[:, None])
            latent += [members[series.observable] for series in experiment.blurred]
        return np.concatenate([*columns, *latent], axis=1)

    def around(self, values: Any, behind: Any, ahead: Any, exact: bool = True) -> tuple[Any, Any]:
        """Predictions (point,) at values (unknown,), and their changes (direction, point) from behind to ahead.

        Direction i moves unknown i alone: ``behind`` and ``ahead`` are (direction, unknown).
        """
        ends = np.stack([behind, ahead])
        rows, changes = [], []
        for i, experiment in enumerate(self.prepared):
            felt = self.layout.of(i, "parameter") + self.layout.of(i, "latent")
            here = self.layout.columns(i, experiment, values)
            moved = self.layout.columns(i, experiment, ends[:, felt]) if felt else {}
            found = experiment.around(self.subject, here, moved, exact)
            for series, (value, change) in zip(experiment.series, found):
                factor = self.layout.factor(i, series.observable, values)
                low, high = self.layout.factor(i, series.observable, ends)
                every = (high - low)[:, None] * value
                every[felt] += change * factor
                rows.append(value * factor)
                changes.append(every)
        for i, experiment in enumerate(self.prepared):
            for series in experiment.blurred:
                at = [k for k in self.layout.of(i, "latent") if self.layout.slots[k].target == series.observable]
                every = np.zeros((len(behind), len(at)))
                every[at, range(len(at))] = (ahead - behind)[at, at]
                rows.append(values[at])
                changes.append(every)
        return np.concatenate(rows), np.concatenate(changes, axis=1)

    # --- what a result needs ----------------------------------------------------------------------

    def curve(self, result: FitResult, i: int, x: str, points: int) -> tuple[Any, Any]:
        """Fitted curve of one series: all conditions interpolated along ``x`` between the points."""
        number, k = [(n, k) for n, e in enumerate(self.prepared) for k in range(len(e.series))][i]
        experiment = self.prepared[number]
        dense = experiment.along(x, points)
        values = np.array([[result.values.get(u.name, u.start) for u in self.unknowns]])
        members = {a: c for a, c in self.layout.columns(number, experiment, values).items() if c.ndim == 1}
        y = dense.predict(self.subject, members, 1)[k][0]
        return dense.axis(x), y * self.layout.factor(number, experiment.series[k].observable, values)[0]

    def fitted_model(self, result: FitResult) -> Model:
        """The model with the fitted values in place; those local to an experiment stay as they were."""
        subject = self.subject
        if not isinstance(subject, OfModel):
            raise FitError(f"{subject.name} is a law, not a model; its fitted values are in result.values.")
        return subject.model.replace({a: result[a] for a, free in self.sought.items() if not free.local})
