"""Steady states and titrations: whole batches of points solved at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import balance
from .batch import Batch
from .dataset import provenance, variables
from .errors import ParameterError, SolveError
from .integrate import settle
from .library import attach, with_drugs_of
from .newton import TOLERANCE, Problem, newton

if TYPE_CHECKING:
    import xarray

    from .model import Model

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

    Returns
    -------
    Dataset
        All states, derived quantities and fluxes over the dimensions of the conditions, with ``success``,
        ``residual`` (largest relative rate of change, 1/min) and ``message``.
    """
    model = with_drugs_of(model, conditions or {})
    problem = _problem(model, dict(conditions or {}), dict(start or {}), clamped, context)
    states, residual, messages = _solve(problem)
    if on_failure == "raise" and any(messages):
        raise SolveError(next(m for m in messages if m))
    return _dataset(problem, states, residual, messages, context)


def titrate(
    model: Model,
    drug: str,
    doses: Any,
    conditions: Mapping[str, Any] | None = None,
    *,
    clamped: Sequence[str] | None = None,
) -> xarray.Dataset:
    """Steady states along total doses (µM in the chamber) of a named drug.

    By default the states that a titration holds (the bath nucleotides of `isolated_mitochondria`) are
    clamped at their steady values before the drug, so that ATP synthesis can pass through zero into
    hydrolysis. ``clamped=()`` leaves them free; names clamp just those. A state given in ``conditions`` is
    clamped at that value instead.
    """
    conditions = dict(conditions or {})
    model, address = attach(with_drugs_of(model, conditions), drug)
    if address in conditions:
        raise ParameterError(f"the dose of {drug} is given twice, as doses and as a condition.")
    names = model.held("titrate") if clamped is None else tuple(model.state(name) for name in clamped)
    names = tuple(name for name in names if name not in model.held("steady_state"))
    given = {model.state(k) for k in conditions if model.find(k)[0] == "state"}
    start: dict[str, Any] = {}
    if any(name not in given for name in names):
        before = steady_state(model, conditions | {address: 0.0}, on_failure="raise")
        start = {name: before[name] for name in model.program.states if name not in given}
    return steady_state(model, {address: doses} | conditions, start=start, clamped=names, context="titrate")


def _problem(
    model: Model, conditions: dict[str, Any], start: dict[str, Any], clamped: Sequence[str], context: str
) -> Problem:
    named = {model.find(name)[1]: model.check(name, value) for name, value in conditions.items()}
    states = list(model.program.states)
    for name, value in start.items():
        if name in model.program.states and name not in named:
            named[name] = value if getattr(value, "ndim", 0) else float(value)
    held = {*model.held("steady_state"), *(model.state(name) for name in clamped)}
    batch = Batch.of(named, {name: model.declared(name).unit for name in named}, set(states) - held)
    values = model.values | batch.columns
    initial = model.initial | {k: v for k, v in batch.columns.items() if k in model.program.states}
    y = np.empty((len(states), batch.size))
    for i, name in enumerate(states):
        y[i] = initial[name]
    free = np.array([i for i, name in enumerate(states) if name not in held], dtype=int)
    options = [law.options for _, law in model.program.states.values()]
    bounds = [o["bounds"] for o in options]
    lower = np.array([-np.inf if low is None else low for low, _ in bounds], float)
    upper = np.array([np.inf if high is None else high for _, high in bounds], float)
    scale = np.array([o["scale"] for o in options], float)[free]
    problem = Problem(
        model,
        batch,
        [values[a] for a in model.kernel.addresses],
        y,
        free,
        lower[:, None] + 0 * y,
        upper[:, None] + 0 * y,
        None,
        scale,
    )
    problem.laws = _laws(problem)
    _bound_by_pools(problem)
    return problem


def _laws(problem: Problem) -> Any:
    """Orthonormal conservation laws of the scaled free states, shape (point or 1, law, state)."""
    model, batch = problem.model, problem.batch
    rows, which = _distinct_responses(model, batch, problem.free)
    size = np.abs(rows).max(axis=2, initial=0.0)
    size[size == 0] = 1.0
    scaled = rows / size[..., None]
    rank = np.linalg.matrix_rank(scaled[0], tol=1e-9) if scaled[0].size else 0
    if rank == len(problem.free):
        return np.zeros((1, 0, len(problem.free)))
    null = np.linalg.svd(np.swapaxes(scaled, 1, 2), full_matrices=True)[2][:, rank:]
    laws = null / size[:, None, :] * problem.scale
    return np.swapaxes(np.linalg.qr(np.swapaxes(laws, 1, 2))[0], 1, 2)[which]


def _distinct_responses(model: Model, batch: Batch, free: Any) -> tuple[Any, Any]:
    """Matrices d(rate)/d(flux) that occur in a batch, and which one each point has.

    Few conditions enter them (a capacitance, the protein); the others need not be looked at point by point.
    """
    base = batch.at(0)
    reference = _response(model, base, free)
    entering = []
    for name, column in batch.columns.items():
        if isinstance(column, np.ndarray):
            others = (base | {name: float(value)} for value in (column.min(), column.max()))
            if any(not np.array_equal(_response(model, point, free), reference) for point in others):
                entering.append(name)
    if not entering:
        return reference[None], [0]
    _, first, which = np.unique(
        np.stack([batch.columns[name] for name in entering], axis=1), axis=0, return_index=True, return_inverse=True
    )
    return np.stack([_response(model, batch.at(int(i)), free) for i in first]), which.ravel()


def _response(model: Model, point: dict[str, float], free: Any) -> Any:
    here = model.replace(point) if point else model
    matrix, excluded = balance.state_response(here.program, here.components, here.initial)
    if excluded:  # rows that depend on the state take part in no linear law: give each a column of its own
        own = np.zeros((len(matrix), len(excluded)))
        own[[list(here.program.states).index(n) for n in excluded], range(len(excluded))] = 1.0
        matrix = np.hstack([matrix, own])
    return matrix[free]


def _bound_by_pools(problem: Problem) -> None:
    """No state that cannot be negative can hold more than the whole of a pool of such states."""
    model = problem.model
    states = list(model.program.states)
    for law in model.conservation_laws():
        index = [states.index(name) for name in law.whole]
        positive = all(c > 0 for c in law.whole.values()) and (problem.lower[index] >= 0).all()
        if positive and set(index) <= set(problem.free):
            total = sum(c * problem.start[states.index(name)] for name, c in law.whole.items())
            for name, coefficient in law.whole.items():
                i = states.index(name)
                problem.upper[i] = np.minimum(problem.upper[i], total / coefficient * (1 + 1e-9))


def _solve(problem: Problem) -> tuple[Any, Any, list[str]]:
    states, done = newton(problem, problem.start.copy(), np.arange(problem.batch.size))
    messages = [""] * problem.batch.size
    for point in np.flatnonzero(~done):
        here = problem.at(int(point))
        settled, message = settle(
            here,
            problem.start[:, point],
            problem.free,
            problem.lower[:, point],
            problem.upper[:, point],
            INTEGRATE_FOR * problem.model.per_minute,
        )
        if not message:
            states[:, [point]] = settled[:, None]
            polished, good = newton(
                problem, states[:, [point]].copy(), np.array([point]), first_step=1e3 * problem.model.per_minute
            )
            states[:, [point]] = polished
            message = "" if good[0] else f"no steady state: still changing after {INTEGRATE_FOR:g} min"
        messages[point] = message
    constants = problem.model.kernel.prepare(problem.parameters)
    rates = problem.model.kernel.rates_batched(states, constants)[problem.free]
    size = problem.scale[:, None] + np.abs(states[problem.free])
    residual = np.abs(rates / size).max(axis=0, initial=0.0)
    failed = np.array([bool(m) for m in messages])
    states[:, failed], residual[failed] = np.nan, np.nan
    return states, residual, messages


def _dataset(problem: Problem, states: Any, residual: Any, messages: list[str], context: str) -> xarray.Dataset:
    import xarray

    model, batch = problem.model, problem.batch
    names = list(model.program.states)
    arrays = {k: v for k, v in batch.columns.items() if k not in model.program.states}
    here = model.replace(arrays) if arrays else model
    with np.errstate(all="ignore"):
        values = model.program.run(here.components, dict(zip(names, states)))
    dims, shape = batch.dims, batch.shape
    data = variables(model, values, dims, shape)
    data["success"] = (
        dims,
        np.array([not m for m in messages]).reshape(shape),
        {"long_name": "a steady state was found"},
    )
    data["residual"] = (
        dims,
        residual.reshape(shape),
        {"units": f"1/{model.time_unit}", "long_name": "largest relative rate of change"},
    )
    data["message"] = (
        dims,
        np.array(messages, dtype=str).reshape(shape),
        {"long_name": "why there is no steady state"},
    )
    held = [names[i] for i in range(len(names)) if i not in problem.free]
    attrs = provenance(
        model,
        calculation=context,
        conditions={k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in batch.columns.items()},
        clamped=held,
        conserved=[str(law) for law in model.conservation_laws()],
        solver="pseudo-transient Newton",
        rtol=TOLERANCE,
    )
    along = {name: data.pop(name) for name in dims if name in data}  # a clamped state that was swept
    coordinates = {
        name: c.assign_attrs(along[name][2]) if name in along else c for name, c in batch.coordinates.items()
    }
    return xarray.Dataset(data, coordinates, attrs)
