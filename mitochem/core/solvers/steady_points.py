"""Steady states at points given as columns, without a Dataset, and how they move with their conditions, exactly.

Where ``f(z, p) = 0``, ``dz/dp = -(df/dz)^-1 df/dp`` by the implicit function theorem. The matrix comes from the
equations of the model; what stands right of it, and what any quantity then does, are central differences of the
equations themselves. Nothing is solved twice, so no error of a solver is divided by a small step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .problem import Problem
from .steady_state import problem_of, solved

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["steady_changes", "steady_values"]


def steady_values(
    model: Model,
    columns: Mapping[str, Any],
    size: int,
    outputs: Sequence[str],
    clamped: Sequence[str] = (),
    compiled: bool | None = None,
) -> Any:
    """States and quantities (output, point) at steady states; NaN where there is none.

    Parameters
    ----------
    model : Model
    columns : mapping
        Conditions at the points, a number or an array (point).
    size : int
        Number of points.
    outputs : sequence of str
        States and quantities wanted.
    clamped : sequence of str
        States held at their start values.
    compiled : bool, optional
        As in `steady_state`.
    """
    return _solved(model, columns, size, outputs, clamped, compiled)[2]


def _solved(
    model: Model,
    columns: Mapping[str, Any],
    size: int,
    outputs: Sequence[str],
    clamped: Sequence[str],
    compiled: bool | None,
) -> tuple[Problem, Any, Any]:
    """The problem, its states (state, point), and the outputs (output, point)."""
    problem = _problem(model, columns, size, clamped)
    solution = solved(problem, compiled=compiled)
    failed = np.array([bool(message) for message in solution.messages])
    z = np.array(solution.z, float).reshape(len(problem.system.independent), size)
    z[:, failed] = np.nan
    values = _values(problem, list(z), outputs, size)
    values[:, failed] = np.nan
    return problem, z, values


def steady_changes(
    model: Model,
    columns: Mapping[str, Any],
    moved: Mapping[str, Any],
    size: int,
    outputs: Sequence[str],
    clamped: Sequence[str] = (),
    compiled: bool | None = None,
) -> tuple[Any, Any]:
    """Steady values at points, and what becomes of them when conditions move a little.

    Parameters
    ----------
    model, columns, size, outputs, clamped, compiled
        As in `steady_values`.
    moved : mapping
        Conditions a little lower and higher, arrays (2, direction, point), for those that move.

    Returns
    -------
    values : array (output, point)
        NaN where there is no steady state.
    changes : array (output, direction, point)
        Value when moved up minus value when moved down.
    """
    here, z, values = _solved(model, columns, size, outputs, clamped, compiled)
    directions = next(iter(moved.values())).shape[1]
    count = 2 * directions * size
    wide = {k: np.broadcast_to(v, (2, directions, size)).ravel() for k, v in (dict(columns) | dict(moved)).items()}
    there = _problem(model, wide, count, clamped)
    tiled = np.broadcast_to(z[:, None, None, :], (len(z), 2, directions, size)).copy()
    if len(z):
        step = _steps(here, there, z, tiled, count)
        tiled[:, 1] += step
        tiled[:, 0] -= step
    ends = _values(there, list(tiled.reshape(len(z), count)), outputs, count)
    ends = ends.reshape(len(outputs), 2, directions, size)
    return values, np.where(np.isfinite(values)[:, None, :], ends[:, 1] - ends[:, 0], np.nan)


def _steps(here: Problem, there: Problem, z: Any, tiled: Any, count: int) -> Any:
    """Half of what every independent state moves by, (state, direction, point)."""
    states, _, directions, size = tiled.shape
    rates = [np.broadcast_to(r, count) for r in there.system.rates(list(tiled.reshape(states, count)), there.constants)]
    push = np.array(rates).reshape(tiled.shape)
    push = (push[:, 1] - push[:, 0]) / 2
    scales = np.array([here.setting.scales[i] for i in here.system.independent])
    matrices = np.zeros((size, states, states))
    for (r, c), value in here.system.slopes(list(z), here.constants).items():
        matrices[:, r, c] = value * (scales[c] / scales[r])
    usable: Any = np.isfinite(matrices).all(axis=(1, 2))
    usable &= np.linalg.cond(np.where(usable[:, None, None], matrices, np.eye(states))) < 1e14
    matrices[~usable] = np.nan * np.eye(states)[None]
    step = np.full((size, states, directions), np.nan)
    pushed = np.moveaxis(push / scales[:, None, None], -1, 0)
    step[usable] = np.linalg.solve(matrices[usable], -pushed[usable])
    return np.moveaxis(step, 0, -1) * scales[:, None, None]


def _problem(model: Model, columns: Mapping[str, Any], size: int, clamped: Sequence[str]) -> Problem:
    import xarray

    conditions = {
        name: xarray.DataArray(np.broadcast_to(value, size), dims="row") if np.ptp(value) or size == 1 else _one(value)
        for name, value in columns.items()
    }
    if not any(hasattr(value, "dims") for value in conditions.values()):
        # Something has to tell the number of points, be it a parameter at its own value.
        name = next(iter(columns), next(iter(model.values)))
        conditions[name] = xarray.DataArray(np.full(size, conditions.get(name, model.values[name])), dims="row")
    return problem_of(model, conditions, model.starting(None), clamped)


def _one(value: Any) -> float:
    return float(np.ravel(value)[0])


def _values(problem: Problem, z: list[Any], outputs: Sequence[str], size: int) -> Any:
    found = problem.system.named(list(problem.model.program.states), outputs, z, problem.constants)
    return np.array([np.broadcast_to(value, size) for value in found], float).reshape(len(outputs), size)
