"""From a problem to a result."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.arguments import one_of, whole_number, yes_or_no
from ..core.ensemble.engines import check_engine
from ..core.errors import FitError
from .problems.law import Law
from .problems.misfit import Misfit, Series
from .problems.problem import Problem
from .problems.time_course import Course
from .problems.unknowns import from_internal, slope_of_value
from .results.result import FitResult
from .results.verdicts import UNMOVED, DidNotMove, Look, Warned
from .search.least_squares import Found, fall_ahead, inverse_information
from .search.starts import attempts, spread

__all__ = ["fit"]

SHARE = 1e-2
"""A misfit that would still fall by more than this share of the variance is not at its minimum."""

METHODS = ("least_squares", "differential_evolution")


def fit(
    problem: Problem,
    *,
    errors: str = "scatter",
    starts: int = 1,
    method: str = "least_squares",
    seed: int = 0,
    profile: bool = False,
    engine: Any = None,
    progress: bool | None = None,
) -> FitResult:
    """Fit the free parameters and nuisances of a problem by weighted least squares.

    Parameters
    ----------
    problem : Problem
    errors : {"scatter", "declared"}
        Whether standard errors rest on the scatter of the residuals, so that only ratios of the noise matter, or on
        the noise as declared, which every observable then needs.
    starts : int
        From how many points to search; the first is the start of the problem, the others fill the plausible ranges
        evenly. The best is returned; ``result.attempts`` shows where each ended.
    method : {"least_squares", "differential_evolution"}
        The second looks over the whole range of the unknowns before the search: slow, for problems with several minima.
    seed : int
        Of the starts and of the global method.
    profile : bool
        Follow the profile likelihood of every unknown, which takes some fits more; see `profile`.
    engine : executor or Dask client, optional
        Where several starts and profiles run.
    progress : bool, optional
        Show it; by default on a terminal, when it takes long.

    Returns
    -------
    FitResult
        After an interrupt from the keyboard the best seen so far, with a warning that says so.

    Raises
    ------
    FitError
        If there are fewer points than unknowns, or nothing can be predicted at the start values.

    Warns
    -----
    DidNotMove
        If the search could not leave the start of a parameter.
    """
    if not isinstance(problem, Problem):
        raise FitError(f"fit takes a Problem, not {type(problem).__name__}; curves have functions of their own.")
    one_of(errors, "errors", ("scatter", "declared"), FitError)
    one_of(method, "method", METHODS, FitError)
    yes_or_no(profile, "profile")
    check_engine(engine)
    starts, seed = whole_number(starts, "starts", 1, FitError), whole_number(seed, "seed", 0, FitError)
    if errors == "declared" and (bare := [s.observable for s in problem.series if not s.declared]):
        raise FitError(f'errors="declared" needs the noise of {" and ".join(dict.fromkeys(bare))}.')
    misfit = problem.misfit
    _check(problem, misfit)
    options = {"errors": errors, "starts": starts, "method": method, "seed": seed}
    begin, stopped = np.zeros(len(problem.unknowns)), False
    if method == "differential_evolution":
        begin, stopped = _global(problem, misfit, seed)
    found, table = attempts(problem, spread(problem, begin, 1 if stopped else starts, seed), engine, progress)
    found.interrupted |= stopped
    result = assembled(problem, found, options, table)
    if profile and not found.interrupted:
        from .uncertainty.profile import profile as follow

        result = result.with_profiles(follow(result, engine=engine, progress=progress))
    for name in (name for name, word in result.verdicts.items() if word == UNMOVED):
        warnings.warn(f"{name} did not move: {result.reasons[name]}.", DidNotMove, stacklevel=2)
    return result


def _check(problem: Problem, misfit: Misfit) -> None:
    names = [u.name for u in problem.unknowns if u.role != "latent"]
    points = sum(len(s.observed) for e in problem.prepared for s in e.series)
    if not names:
        raise FitError("nothing is free to be fitted.")
    if points < len(names):
        raise FitError(
            f"{points} points cannot determine {len(names)} unknowns ({', '.join(names)}); fix some of them."
        )
    bad = np.flatnonzero(~np.isfinite(misfit.of(np.zeros(len(problem.unknowns)))[0]))
    if len(bad):
        start = ", ".join(f"{u.name} = {u.start:g}" for u in problem.unknowns if u.role != "latent")
        series, point = _place(problem.series, int(bad[0]))
        raise FitError(f"no prediction for point {bad[0]} ({series.where(point)}) at the start values {start}.")


def _place(series: tuple[Series, ...], point: int) -> tuple[Series, int]:
    for one in series:
        if point < len(one.observed):
            return one, point
        point -= len(one.observed)
    raise IndexError(point)


def _global(problem: Problem, misfit: Misfit, seed: int) -> tuple[Any, bool]:
    """Where differential evolution ends, and whether it was interrupted; whole generations are predicted at once."""
    from scipy.optimize import differential_evolution

    shown_ones = [i for i, u in enumerate(problem.unknowns) if u.role != "latent"]
    low, high = misfit.low[shown_ones], misfit.high[shown_ones]
    best: list[Any] = [np.zeros(len(problem.unknowns)), math.inf]

    def cost(population: Any) -> Any:
        whole = np.zeros((population.shape[1], len(problem.unknowns)))
        whole[:, shown_ones] = population.T
        with np.errstate(all="ignore"):
            values = np.sum(misfit.of(whole) ** 2, axis=1)
        values = np.where(np.isfinite(values), values, math.inf)
        if values.min() < best[1]:
            best[:] = whole[values.argmin()], float(values.min())
        return values

    ends = list(zip(np.maximum(low, -20.0), np.minimum(high, 20.0)))
    inside = np.clip(np.zeros(len(ends)), *np.array(ends).T)
    stopped = False
    try:
        differential_evolution(
            cost, ends, rng=np.random.default_rng(seed), vectorized=True, updating="deferred", polish=False, tol=1e-6,
            x0=inside,
        )  # fmt: skip
    except KeyboardInterrupt:
        if not math.isfinite(best[1]):
            raise
        stopped = True
    return best[0], stopped


def assembled(problem: Problem, found: Found, options: Mapping[str, Any], table: Any = None) -> FitResult:
    """A result from where a search ended."""
    misfit = problem.misfit
    every, internal = problem.unknowns, found.internal
    residual, slope = misfit.around(internal)
    look = Look.at(misfit, internal, residual, slope)
    if found.ended and not look.stuck.any() and _falls_on(misfit, residual, slope[:, ~look.at_bound], options):
        found = dataclasses.replace(found, ended=False, message="the misfit still falls beside the end")
    k = sum(u.role != "latent" for u in every)
    points = sum(len(s.observed) for e in problem.prepared for s in e.series)
    covariance = np.full((len(every),) * 2, np.nan)
    inside, dof = np.flatnonzero(~look.at_bound), points - (look.directions - (len(every) - k))
    if dof > 0 or options["errors"] == "declared":
        scatter = 1.0 if options["errors"] == "declared" else float(residual @ residual) / dof
        covariance[np.ix_(inside, inside)] = scatter * inverse_information(slope[:, inside])
    values = from_internal(every, internal)
    by_value = slope_of_value(every, values)
    covariance *= np.outer(by_value, by_value)
    measured = [s for e in problem.prepared for s in e.series]
    fitted = np.split((residual * misfit.noise + misfit.observed)[:points], _ends(measured))
    result = FitResult(
        problem=problem,
        found=found,
        series=tuple(measured),
        fitted=tuple(fitted),
        estimates=values[:k],
        covariance_matrix=covariance[:k, :k],
        slope=slope[:, :k],
        look=look,
        options=options,
        notes=_notes(problem, options),
        background=_background(problem),
        attempts=table,
    )
    return _remarked(result)


def _falls_on(misfit: Misfit, residual: Any, slope: Any, options: Mapping[str, Any]) -> bool:
    """Whether the search ended where the misfit still falls by more than noise could hide.

    An optimiser measures its last step against the length of all unknowns together: one that had to grow a
    billionfold lets it stop while others are on their way.
    """
    spare = max(len(residual) - slope.shape[1], 1)
    variance = 1.0 if options["errors"] == "declared" else float(residual @ residual) / spare
    rounding = float(1e-8 * np.linalg.norm(misfit.observed / misfit.noise)) ** 2
    return bool(fall_ahead(residual, slope) > max(SHARE * variance, rounding))


def _ends(series: list[Series]) -> Any:
    return np.cumsum([len(s.observed) for s in series])[:-1]


def _remarked(result: FitResult) -> FitResult:
    """With what the law itself has to say, of the data and of the values."""
    law = result.problem.model
    if not isinstance(law, Law):
        return result
    said = [Warned(text, kind) for kind, text in law.doubts]
    for remark in law.remarks(result) if law.remarks else ():
        said.append(remark if isinstance(remark, Warned) else Warned(str(remark), "extrapolation"))
    return dataclasses.replace(result, remarks=tuple(said))


def _notes(problem: Problem, options: Mapping[str, Any]) -> tuple[str, ...]:
    notes = [
        f"nuisance {name}: {s.why or 'factor on ' + ', '.join(s.observables)} ({s.unit})."
        for name, s in problem.nuisance.items()
    ]
    for experiment in problem.prepared:
        notes += [note for note in experiment.notes if note not in notes]
    rest = "the noise as declared" if options["errors"] == "declared" else "the scatter of the residuals"
    weighed = any(s.declared for s in problem.series)
    fixed = "; all other parameters are taken as exact" if not hasattr(problem.model, "function") else ""
    notes.append(f"{'' if weighed else 'unweighed; '}standard errors rest on {rest}{fixed}.")
    return (*problem.notes, *notes)


def _background(problem: Problem) -> dict[str, Any]:
    subject = problem.subject
    fixed = getattr(subject, "model", None)
    names = [s.observable for s in problem.series] + [n for e in problem.prepared for n in e.conditions]
    return {
        "title": problem.title or f"{subject.name}, {len(problem.prepared)} experiment(s)",
        "equation": f"{_kinds(problem)} of {subject.name}: {subject.description}" if fixed else subject.description,
        "model": subject.name,
        "fixed": {k: v for k, v in fixed.values.items() if k not in problem.free} if fixed else {},
        "conditions": {e.name: e.described for e in problem.prepared},
        "condition_units": {n: unit for e in problem.prepared for n, unit in e.units(subject).items()},
        "long_names": subject.long_names(list(dict.fromkeys(names))),
        "references": list(subject.references),
        "data": dict(problem.source),
    }


def _kinds(problem: Problem) -> str:
    courses = [isinstance(experiment, Course) for experiment in problem.prepared]
    return "time courses" if all(courses) else "steady states and time courses" if any(courses) else "steady states"
