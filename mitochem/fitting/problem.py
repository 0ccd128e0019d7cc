"""A model, the experiments done on it, and what is to be found."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import mapping_in, model_in, names_in, numbers_in, shown
from ..core.dataset import attributes
from ..core.errors import FitError, ParameterError, nearest
from .experiment import Experiment, Prepared
from .least_squares import solve
from .result import FitResult
from .time_course import TimeCourse
from .unknowns import Unknown

if TYPE_CHECKING:
    from ..core.model import Model

__all__ = ["Problem", "Scale", "fit"]

Bounds = tuple[float | None, float | None]


KINDS = (Experiment, TimeCourse)
"""What can be fitted to."""


@dataclasses.dataclass(frozen=True)
class Scale:
    """A nuisance: the factor from what the model gives to what the instrument says.

    Measured in nmol/min per unit of citrate synthase, oxygen consumption is ``J_O2`` of the model, per mg protein,
    times the mg protein per unit: a property of the preparation, without interest, but not known either.

    Parameters
    ----------
    multiplies : str or tuple of str
        Observables it acts on.
    unit : str
        Unit of the factor.
    start : float
        Where the search begins.
    bounds : tuple, optional
        Where it ends.
    why : str
        What it stands for; goes into the report.
    """

    multiplies: str | tuple[str, ...]
    unit: str = "1"
    start: float = 1.0
    bounds: Bounds | None = None
    why: str = ""

    @property
    def observables(self) -> tuple[str, ...]:
        return tuple(names_in([self.multiplies] if isinstance(self.multiplies, str) else self.multiplies, "multiplies"))


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """What `fit` solves: parameters of a model that bring its steady states to the measurements.

    Every prediction is one batched solve for each experiment, whatever the number of points and of parameter sets.

    Parameters
    ----------
    model : Model
        Its parameter values are the start values, and fix what is not free.
    experiments : Experiment, TimeCourse, or a sequence of them
        All share the free parameters.
    free : mapping or sequence of str
        Addresses to fit, each with bounds ``(low, high)`` or None for the legal bounds of the parameter. Positive
        parameters are sought on a logarithmic scale.
    nuisance : mapping of Scale, optional
        Unknowns of the measurement, by a name of your choice.
    title : str
        Heading of the report.
    notes : tuple of str
        What was assumed; printed with the result.
    source : mapping
        Where the data come from; kept in the provenance.

    Raises
    ------
    FitError, ParameterError
        If a name is unknown (with the nearest one), given twice, or without effect by construction.
    """

    model: Model
    experiments: Sequence[Experiment | TimeCourse]
    free: Mapping[str, Bounds | None]
    nuisance: Mapping[str, Scale] = dataclasses.field(default_factory=dict)
    title: str = ""
    notes: tuple[str, ...] = ()
    source: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        given: Any = self.experiments
        several = isinstance(given, Sequence) and all(isinstance(e, KINDS) for e in given)
        if not several and not isinstance(given, KINDS):
            raise FitError(f"experiments = {shown(given)} is neither an Experiment nor a sequence of them.")
        experiments: tuple[Experiment | TimeCourse, ...] = tuple(given) if several else (given,)
        if not experiments:
            raise FitError("a problem needs at least one experiment.")
        model_in(self.model, "a problem", FitError)
        free = self.free if isinstance(self.free, Mapping) else dict.fromkeys(names_in(self.free, "free", FitError))
        for name, scale in mapping_in(self.nuisance, "nuisance", FitError).items():
            if not isinstance(scale, Scale):
                raise FitError(f"the nuisance {name!r} is {shown(scale)}, not a Scale.")
        labels = [e.name or (f"experiment {i + 1}" if len(experiments) > 1 else "") for i, e in enumerate(experiments)]
        for label in labels:
            if labels.count(label) > 1:
                raise FitError(f"two experiments are called {label!r}; give each a name of its own.")
        scaled = {observable for scale in self.nuisance.values() for observable in scale.observables}
        object.__setattr__(self, "experiments", experiments)
        object.__setattr__(self, "free", {self._address(name): bounds for name, bounds in free.items()})
        object.__setattr__(
            self, "_prepared", tuple(e.prepare(self.model, n, scaled) for e, n in zip(experiments, labels))
        )
        self._check()
        _ = self.unknowns  # start values and bounds are checked as they are made

    # --- checks -------------------------------------------------------------------------------

    def _address(self, name: str) -> str:
        kind, address = self.model.find(name)
        if kind == "state":
            raise ParameterError(f"{name!r} is a state, not a parameter; its value belongs into the conditions.")
        return address

    def _check(self) -> None:
        given = {name for e in self.prepared for name in e.conditions}
        for address in self.free:
            if address in given:
                raise FitError(f"{address} is both free and given as a condition; it can only be one of them.")
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

    @property
    def prepared(self) -> tuple[Prepared, ...]:
        """The experiments in rows of points."""
        return self._prepared  # type: ignore[attr-defined, no-any-return]

    @functools.cached_property
    def unknowns(self) -> tuple[Unknown, ...]:
        """Free parameters, then nuisances."""
        out = []
        for address, bounds in self.free.items():
            declared, start = self.model.declared(address), self.model[address]
            if not isinstance(start, int | float):
                raise FitError(f"{address} is an array in this model; a free parameter needs one start value.")
            low, high = _bounds(bounds, declared.lower, declared.upper)
            if low < declared.lower or high > declared.upper:
                raise FitError(
                    f"{address}: bounds ({low:g}, {high:g}) {declared.unit} reach beyond what is legal, "
                    f"({declared.lower:g}, {declared.upper:g})."
                )
            if low >= 0 and start == 0:
                raise FitError(
                    f"{address} starts at 0, where its effect may vanish; start from a model with another value: "
                    f"model.replace({{{address!r}: ...}})."
                )
            out.append(Unknown(address, declared.unit, float(start), low, high, low >= 0, plausible=declared.range))
        for name, scale in self.nuisance.items():
            low, high = _bounds(scale.bounds, 0.0, math.inf)
            out.append(Unknown(name, scale.unit, scale.start, low, high, low >= 0, "nuisance"))
        return tuple(out)

    def predict(self, values: Any) -> Any:
        """Predictions (member, point) of all series in a row, from values (member, unknown)."""
        members = {address: values[:, i] for i, address in enumerate(self.free)}
        factors = {name: values[:, [i + len(self.free)]] for i, name in enumerate(self.nuisance)}
        columns = []
        for experiment in self.prepared:
            for series, column in zip(experiment.series, experiment.predict(self.model, members, len(values))):
                for name, scale in self.nuisance.items():
                    if series.observable in scale.observables:
                        column = column * factors[name]
                columns.append(column)
        return np.concatenate(columns, axis=1)

    def curve(self, result: FitResult, i: int, x: str, points: int) -> tuple[Any, Any]:
        """Fitted curve of one series: all conditions interpolated along ``x`` between the points."""
        position = [(e, k) for e in self.prepared for k in range(len(e.series))][i]
        experiment, k = position
        dense = experiment.along(x, points)
        members = {address: np.array([result[address]]) for address in self.free}
        y = dense.predict(self.model, members, 1)[k][0]
        for name, scale in self.nuisance.items():
            if experiment.series[k].observable in scale.observables:
                y = y * result[name]
        return dense.axis(x), y

    def fitted_model(self, result: FitResult) -> Model:
        """The model with the fitted values in place."""
        return self.model.replace({address: result[address] for address in self.free})


def fit(problem: Problem) -> FitResult:
    """Fit the free parameters and nuisances of a problem by weighted least squares.

    Raises
    ------
    FitError
        If there are fewer points than unknowns, the model has no steady state at the start values, or the
        search does not end.
    """
    if not isinstance(problem, Problem):
        raise FitError(f"fit takes a Problem, not {type(problem).__name__}; curves have functions of their own.")
    model = problem.model
    notes = [
        f"nuisance {name}: {s.why or 'factor on ' + ', '.join(s.observables)} ({s.unit})."
        for name, s in problem.nuisance.items()
    ]
    for experiment in problem.prepared:
        notes += [note for note in experiment.notes if note not in notes]
    notes.append("standard errors rest on the scatter of the residuals; all other parameters are taken as exact.")
    return solve(
        problem.unknowns,
        [s for e in problem.prepared for s in e.series],
        problem.predict,
        title=problem.title or f"{model.name}, {len(problem.prepared)} experiment(s)",
        equation=f"{_kinds(problem)} of {model.name}: {model.description}",
        notes=(*problem.notes, *notes),
        background={
            "model": model.name,
            "fixed": {k: v for k, v in model.values.items() if k not in problem.free},
            "conditions": {e.name: e.described for e in problem.prepared},
            "condition_units": {n: unit for e in problem.prepared for n, unit in e.units(model).items()},
            "long_names": {n: attributes(model, n).get("long_name", n) for n in _drawn(problem)},
            "references": list(model.reference_keys),
            "data": dict(problem.source),
        },
        curve=problem.curve,
    )


def _kinds(problem: Problem) -> str:
    courses = [isinstance(experiment, TimeCourse) for experiment in problem.experiments]
    return "time courses" if all(courses) else "steady states and time courses" if any(courses) else "steady states"


def _drawn(problem: Problem) -> set[str]:
    """Observables and conditions that a figure of the fit may have on its axes."""
    names = {s.observable for e in problem.prepared for s in e.series} | {
        n for e in problem.prepared for n in e.conditions
    }
    return {n for n in names if n in problem.model.program.states or n in problem.model.statements}


def _bounds(given: Bounds | None, low: float, high: float) -> tuple[float, float]:
    if given is None:
        return low, high
    if not isinstance(given, tuple) or len(given) != 2:
        raise FitError(f"bounds are a pair (low, high) or None, not {given!r}.")
    known = (low if given[0] is None else given[0], high if given[1] is None else given[1])
    ends = [numbers_in(end, "an end of bounds", FitError) for end in known]
    if any(end.ndim or np.isnan(end) for end in ends):
        raise FitError(f"bounds {given!r} are not a pair of numbers.")
    return float(ends[0]), float(ends[1])
