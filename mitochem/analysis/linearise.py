"""How a model relaxes: eigenvalues and modes of the exact Jacobian at one point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import mapping_in, model_in, names_in
from ..core.dataset import provenance
from ..core.errors import ParameterError, SolveError
from ..core.model import Model
from .points import Point, at_states, from_dataset, solved

if TYPE_CHECKING:
    import xarray

__all__ = ["linearise"]

MOVES = 0.1
"""A state takes part in a mode if it moves at least this much, relative to the state that moves most."""


def linearise(
    model: Model, at: Mapping[str, Any] | xarray.Dataset | None = None, *, clamped: Sequence[str] = ()
) -> xarray.Dataset:
    """Eigenvalues, time constants and modes of small disturbances around a point.

    Directions in which a conserved total would change are no motions of the model; they are taken out before, not
    recognised by eigenvalues that happen to be small. A mode is a direction in which a disturbance dies away
    (or grows) without changing shape.

    Parameters
    ----------
    model : Model
    at : mapping or Dataset, optional
        Where: the steady state of the model by default; the steady state under these conditions, as in
        ``model.steady_state``; if all states are named, just that point; or the single point of a Dataset, such as
        ``run.isel(time=-1)``, with the conditions it was calculated under.
    clamped : sequence of str
        States held at their values, besides those that the model holds.

    Returns
    -------
    Dataset
        Over ``mode``, fastest first: ``eigenvalue`` and ``frequency`` (real and imaginary part, 1/min),
        ``time_constant`` (min; infinite where nothing drives a direction, negative where a disturbance grows); ``move``
        and ``move_imaginary`` (mode, state), the motion of each state in its own unit, scaled so that the largest
        is 1 in units of the states' typical sizes; ``moves``, the names of the states that take part; and
        ``drift``, the largest relative rate at the point (1/min), 0 at rest. ``conserved`` counts the directions
        taken out.

    Raises
    ------
    ParameterError
        If a name is unknown, a value is not a number or an array, or the Dataset has several points.
    SolveError
        If there is no steady state.
    """
    point = _point(model_in(model, "linearise"), at, names_in(clamped, "clamped"))
    T, slope = point.directions(), point.slope()
    if not len(point.free):
        raise ParameterError(f"every state of {model.name} is held, and nothing can relax.")
    if not np.isfinite(slope).all():
        raise SolveError(f"the Jacobian of {model.name} is not finite at this point.")
    values, vectors = _eigen(T.T @ slope @ T)
    return _dataset(point, values, T @ vectors)


def _point(model: Model, at: Any, clamped: Sequence[str]) -> Point:
    if hasattr(at, "data_vars"):
        point = from_dataset(model, at)
        return at_states(point.model, _states(point), clamped) if clamped else point
    conditions = mapping_in(at, "at (conditions or a Dataset)")
    for name, value in conditions.items():
        if np.size(value) != 1:
            raise ParameterError(f"{name} has {np.size(value)} values; a model is linearised at one point.")
    given = {model.state(n): n for n in conditions if "." not in n and model.find(n)[0] == "state"}
    if set(given) == set(model.program.states):
        here = model.replace({k: v for k, v in conditions.items() if k not in given.values()})
        return at_states(here, {s: here.check(n, conditions[n]) for s, n in given.items()}, clamped)
    ds, points = solved(model, conditions, clamped)
    if points[0] is None:
        raise SolveError(str(ds["message"].values) or "there is no steady state.")
    return points[0]


def _states(point: Point) -> dict[str, float]:
    return dict(zip(point.model.program.states, map(float, point.states)))


def _eigen(matrix: Any) -> tuple[Any, Any]:
    """Eigenvalues, fastest first, and eigenvectors; the matrix is balanced, because its rates span a million."""
    from scipy.linalg import eig

    values, vectors = eig(matrix)
    order = np.argsort(-np.abs(values), kind="stable")
    return values[order], vectors[:, order]


def _dataset(point: Point, values: Any, vectors: Any) -> xarray.Dataset:
    import xarray

    model, names = point.model, point.names
    largest = np.abs(vectors).argmax(0)
    vectors = vectors / vectors[largest, range(len(values))]
    still = np.abs(values) <= 1e-13 * np.abs(values).max(initial=0.0)
    with np.errstate(divide="ignore"):
        time = np.where(still, np.inf, -1 / np.where(still, 1.0, values.real))
    # States that move alike, as ATP and ADP do, stay in the model's order whatever the rounding.
    sizes = np.round(np.abs(vectors.T), 9)
    moves = [", ".join(names[i] for i in np.argsort(-v, kind="stable") if v[i] >= MOVES) for v in sizes]
    rate, states = {"units": f"1/{model.time_unit}"}, point.scale * vectors.T
    own = {"long_name": "motion of a state, in its own unit"}
    every = list(model.program.states)
    units = [model.program.states[n][1].unit for n in names]
    laws = model.conservation_laws()
    data = {
        "eigenvalue": ("mode", np.where(still, 0.0, values.real), rate | {"long_name": "rate of growth of a mode"}),
        "frequency": ("mode", np.where(still, 0.0, values.imag), rate | {"long_name": "angular frequency of a mode"}),
        "time_constant": ("mode", time, {"units": model.time_unit, "long_name": "time constant of a mode"}),
        "move": (("mode", "state"), states.real, own),
        "move_imaginary": (("mode", "state"), states.imag, own | {"long_name": "motion a quarter period later"}),
        "moves": ("mode", np.array(moves, dtype=str), {"long_name": "states that take part, the largest first"}),
        "conserved": ((), len(point.laws), {"units": "1", "long_name": "conserved directions taken out"}),
        "drift": (
            (),
            float(np.abs(point.rates() * point.scale / (point.scale + np.abs(point.states[point.free]))).max()),
            rate | {"long_name": "largest relative rate of change at the point"},
        ),
    }
    coordinates = {
        "mode": np.arange(1, len(values) + 1),
        "state": names,
        "state_units": ("state", units),
        "at": ("state", point.states[point.free], {"long_name": "value at the point, in the state's own unit"}),
    }
    attrs = provenance(
        model,
        calculation="linearise",
        clamped=[n for i, n in enumerate(every) if i not in point.free],
        conserved=[str(law) for law in laws],
        conditions={n: float(v) for n, v in zip(every, point.states)},
    )
    return xarray.Dataset(data, coordinates, attrs)
