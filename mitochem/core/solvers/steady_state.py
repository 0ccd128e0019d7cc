"""Steady states and titrations: whole batches of points solved at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import names_in, one_of, pairs_in, yes_or_no
from ..dataset import assembled, outputs_of, provenance, variables
from ..declarations import CONTEXTS
from ..errors import ParameterError, SolveError
from ..library import attach, with_drugs_of
from . import backend, newton
from .integrate import Limits, Tolerances, settle
from .problem import Problem, batch_of
from .reduced import conserved, picked
from .stability import slowest_eigenvalues
from .stepping import TOLERANCE

if TYPE_CHECKING:
    import xarray

    from ..model import Model

__all__ = ["steady_state", "titrate"]

INTEGRATE_FOR = 1e5
"""How long (min) to integrate a point that Newton's method did not solve."""


def steady_state(
    model: Model,
    conditions: Mapping[str, Any] | None = None,
    *,
    start: Mapping[str, Any] | None = None,
    clamped: Sequence[str] = (),
    context: str = "steady_state",
    on_failure: str = "flag",
    outputs: Sequence[str] | None = None,
    continuation: bool = False,
    stability: bool = True,
    compiled: bool | None = None,
) -> xarray.Dataset:
    """Steady states under conditions, all points of a batch at once.

    Parameters
    ----------
    model : Model
    conditions : mapping, optional
        Parameters by address and start values by state. Arrays become dimensions (their outer product),
        DataArrays bring their own. Start values matter: they set the conserved totals.
    start : mapping or Dataset, optional
        Start values of states; conditions go before them.
    clamped : sequence of str
        States held at their start values, besides those the model holds (such as the oxygen of an open chamber).
    on_failure : {"flag", "raise"}
        What to do where a point has no steady state: NaN with ``success`` False and a ``message``, or an error.
    outputs : sequence of str, optional
        Names of the states and quantities wanted; by default all.
    continuation : bool
        Start each point from its neighbours along the last dimension instead of from the start values. Faster; of
        several steady states it finds the one connected to its neighbour's.
    stability : bool
        Add ``slowest_eigenvalue`` and ``stable``.
    compiled : bool, optional
        Use machine code, or NumPy; by default whatever has its answer first.

    Returns
    -------
    Dataset
        States, derived quantities and fluxes over the dimensions of the conditions, with ``success``,
        ``residual`` (largest relative rate of change, 1/min), ``message``, and of the linearised model the
        ``slowest_eigenvalue`` (1/min, the real part nearest to growth) and ``stable`` (it is negative).
    """
    if on_failure not in ("flag", "raise"):
        raise ParameterError(f'on_failure = {on_failure!r} is not possible; it is "flag" or "raise".')
    one_of(context, "context", CONTEXTS)
    conditions = pairs_in(conditions, "conditions")
    model = with_drugs_of(model, conditions)
    problem = problem_of(model, conditions, model.starting(start), names_in(clamped, "clamped"))
    wanted = outputs_of(model, outputs)
    yes_or_no(continuation, "continuation")
    yes_or_no(compiled if compiled is not None else False, "compiled")
    solution = solved(problem, continuation, compiled, stability)
    if on_failure == "raise" and any(solution.messages):
        raise SolveError(next(m for m in solution.messages if m))
    return _dataset(problem, solution, wanted, context, stability)


def titrate(
    model: Model,
    drug: str,
    doses: Any,
    conditions: Mapping[str, Any] | None = None,
    *,
    clamped: Sequence[str] | None = None,
    **options: Any,
) -> xarray.Dataset:
    """Steady states along total doses (µM in the chamber) of a named drug; ``options`` are those of `steady_state`.

    By default the states that a titration holds (the bath nucleotides of `isolated_mitochondria`) are
    clamped at their steady values before the drug, so that ATP synthesis can pass through zero into
    hydrolysis. ``clamped=()`` leaves them free; names clamp just those. A state given in ``conditions`` is
    clamped at that value instead.
    """
    conditions = dict(pairs_in(conditions, "conditions"))
    model, address = attach(with_drugs_of(model, conditions), drug)
    if address in conditions:
        raise ParameterError(f"the dose of {drug} is given twice, as doses and as a condition.")
    names = model.held("titrate") if clamped is None else tuple(map(model.state, names_in(clamped, "clamped")))
    names = tuple(name for name in names if name not in model.held("steady_state"))
    given = {model.state(k) for k in conditions if model.find(k)[0] == "state"}
    start: dict[str, Any] = {}
    if any(name not in given for name in names):
        before = steady_state(
            model, conditions | {address: 0.0}, on_failure="raise", outputs=tuple(model.program.states), stability=False
        )
        start = {name: before[name] for name in model.program.states if name not in given}
    return steady_state(model, {address: doses} | conditions, start=start, clamped=names, context="titrate", **options)


def problem_of(
    model: Model, conditions: Mapping[str, Any], start: Mapping[str, Any], clamped: Sequence[str]
) -> Problem:
    """The points of some conditions, made ready for a solver."""
    held = {*model.held("steady_state"), *(model.state(name) for name in clamped)}
    return Problem.of(model, batch_of(model, conditions, start, held), held)


def solved(
    problem: Problem, continuation: bool = False, compiled: bool | None = None, stability: bool = True
) -> _Solution:
    """The steady state of every point of a problem, stable ones where that is asked for."""
    solution = _solve(problem, continuation, compiled)
    if stability:
        _leave_unstable(problem, solution)
    return solution


@dataclasses.dataclass
class _Solution:
    """States (independent state, point), largest relative rate, why there is none, and what found them."""

    z: Any
    residual: Any
    messages: list[str]
    solver: str
    slowest: Any = None


def _solve(problem: Problem, continuation: bool, compiled: bool | None) -> _Solution:
    points = np.arange(problem.size)
    if backend.for_steady_states(problem, compiled):
        from ..lanes.tiles import relaxed

        z, done = relaxed(problem, continuation)
        solver = "pseudo-transient Newton, compiled"
    else:
        z, done = newton.follow(problem) if continuation else newton.solve(problem, problem.independent_start(), points)
        solver = "pseudo-transient Newton"
    messages = [""] * problem.size
    missed = np.flatnonzero(~done)
    if solver.endswith("compiled") and len(missed) > 1:
        missed = _settled_together(problem, missed, z, messages)
    for point in missed:
        z[:, point], messages[point] = _settled(problem, int(point))
    with np.errstate(all="ignore"):
        rates = problem.system.rates(list(z), problem.constants)
        sizes = [problem.setting.scales[i] + np.abs(value) for i, value in zip(problem.system.independent, z)]
        relative = [np.abs(rate) / size for rate, size in zip(rates, sizes)]
    residual = np.broadcast_to(np.max(relative, axis=0, initial=0.0) if relative else 0.0, problem.size).copy()
    if not done.all():
        failed = np.array([bool(m) for m in messages])
        z[:, failed], residual[failed] = np.nan, np.nan
    return _Solution(z, residual, messages, solver)


def _leave_unstable(problem: Problem, solution: _Solution) -> None:
    """Replace roots that a small disturbance would leave by what the model settles to from its start values."""
    solution.slowest = slowest_eigenvalues(problem, solution.z)
    leaving = np.flatnonzero(solution.slowest > 0)
    for point in leaving:
        z, message = _settled(problem, int(point))
        if not message:
            solution.z[:, point] = z
    if len(leaving):
        solution.slowest = slowest_eigenvalues(problem, solution.z)


def _settled_together(problem: Problem, points: Any, z: Any, messages: list[str]) -> Any:
    """As `_settled` for many points at once; returns those that are left to it."""
    from ..lanes.courses import settled
    from .marching import FINISHED, OUTSIDE

    final, stops, status = settled(problem, points, INTEGRATE_FOR * problem.setting.per_minute, 1e-8)
    ended = status == FINISHED
    if ended.any():
        polished, good = newton.solve(problem, list(final[ended].T), points[ended], first_step=1e3)
        z[:, points[ended]] = polished
        for point in points[ended][~good]:
            messages[point] = f"no steady state: still changing after {INTEGRATE_FOR:g} min"
    for point, states, stop in zip(points[status == OUTSIDE], final[status == OUTSIDE], stops[status == OUTSIDE]):
        model = problem.at(int(point))
        flat = picked(problem.constants.flat(), point)
        y = np.array(problem.system.whole(list(states), problem.system.split(flat)), float)
        why = Limits(model, Tolerances(model, 1e-8, 1e-10)).explain(y)
        messages[point] = f"no steady state: {why} ({stop:.3g} {model.time_unit} after the start)"
    return points[(status != FINISHED) & (status != OUTSIDE)]


def _settled(problem: Problem, point: int) -> tuple[Any, str]:
    """What Newton's method did not find, by integration; the message says why there is none."""
    system = problem.system
    upper = np.full(system.size, np.inf)
    for i, bound in zip(system.free, problem.upper()):
        upper[i] = bound[point] if isinstance(bound, np.ndarray) else bound
    clock = problem.setting.per_minute
    settled, message = settle(
        problem.at(point),
        problem.start_at(point),
        list(system.free),
        np.array(problem.setting.lower),
        upper,
        INTEGRATE_FOR * clock,
    )
    z = settled[list(system.independent)]
    if message:
        return z, message
    polished, good = newton.solve(problem, list(z[:, None]), np.array([point]), first_step=1e3)
    return polished[:, 0], "" if good[0] else f"no steady state: still changing after {INTEGRATE_FOR:g} min"


def _dataset(
    problem: Problem, solution: _Solution, wanted: Sequence[str], context: str, stability: bool
) -> xarray.Dataset:
    import xarray

    model, batch = problem.model, problem.batch
    names = list(model.program.states)
    with np.errstate(all="ignore"):
        y = problem.system.whole(list(solution.z), problem.constants)
        some = not set(wanted) <= set(names)
        values = model.kernel.reported(y, problem.constants.model) if some else {}
    values |= {name: np.broadcast_to(value, problem.size) for name, value in zip(names, y)}
    data = variables(model, values, batch.dims, batch.shape, wanted)
    data |= _verdicts(problem, solution, stability)
    attrs = provenance(
        model,
        calculation=context,
        conditions=batch.described(),
        clamped=[names[i] for i in problem.system.held],
        conserved=[str(law) for law in conserved(model)],
        solver=solution.solver,
        rtol=TOLERANCE,
    )
    along = {name: data.pop(name) for name in batch.dims if name in data}  # a clamped state that was swept
    coordinates = {
        name: xarray.Variable(c.dims, c.values, dict(c.attrs) | along[name][2]) if name in along else c
        for name, c in batch.labels.items()
    }
    return assembled(data, coordinates, attrs)


def _verdicts(problem: Problem, solution: _Solution, stability: bool) -> dict[str, Any]:
    dims, shape, unit = problem.batch.dims, problem.batch.shape, problem.model.time_unit
    found = {
        "success": (np.array([not m for m in solution.messages]), {"long_name": "a steady state was found"}),
        "residual": (solution.residual, {"units": f"1/{unit}", "long_name": "largest relative rate of change"}),
        "message": (np.array(solution.messages, dtype=str), {"long_name": "why there is no steady state"}),
    }
    if stability:
        found["slowest_eigenvalue"] = (
            solution.slowest,
            {"units": f"1/{unit}", "long_name": "largest real part of the eigenvalues"},
        )
        found["stable"] = (solution.slowest < 0, {"long_name": "a small disturbance dies away"})
    return {name: (dims, value.reshape(shape), attrs) for name, (value, attrs) in found.items()}
