"""Steady states with all that a linear analysis needs around them: exact slopes, conserved totals, scales."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core import balance
from ..core.compile import Kernel, generate
from ..core.errors import ParameterError, nearest
from ..core.library import with_drugs_of
from ..core.model import Model
from ..core.solvers.problem import Problem
from ..core.solvers.reduced import laws_of
from ..core.solvers.steady_state import problem_of, steady_state

if TYPE_CHECKING:
    import xarray

__all__ = ["Point", "slopes_of", "solved"]


class Slopes(Kernel):
    """Generated code of some quantities: ``rates`` are their values, ``jacobian`` their slopes with the states."""

    def at(self, states: Any, constants: Any) -> tuple[Any, Any]:
        """Values, shape (quantity,), and slopes, shape (quantity, state); infinite where a logarithm is."""
        y = np.asarray(states, float)[:, None]
        with np.errstate(all="ignore"):
            values = [float(np.ravel(v)[0]) for v in self.array["rates"](y, constants)]
            entries = [float(np.ravel(v)[0]) for v in self.array["jacobian"](y, constants)]
        slopes = np.zeros((len(values), len(y)))
        slopes[self.rows, self.columns] = entries
        return np.array(values), slopes


_memory: dict[Any, Slopes] = {}


@dataclasses.dataclass(frozen=True)
class Point:
    """One point of a model: parameter values, states, and what is free to move there.

    Attributes
    ----------
    free : ndarray of int
        Indices of the states that are free to move.
    scale : ndarray, shape (free,)
        Typical size of each free state.
    laws : ndarray, shape (law, free)
        Orthonormal conservation laws of the scaled free states.
    """

    model: Model
    states: Any
    free: Any
    scale: Any
    laws: Any

    @property
    def names(self) -> list[str]:
        """Names of the free states."""
        every = list(self.model.program.states)
        return [every[i] for i in self.free]

    def slope(self) -> Any:
        """Exact d(scaled rate)/d(scaled state) of the free states."""
        matrix = self.model.jacobian(dict(zip(self.model.program.states, map(float, self.states)))).values
        return matrix[np.ix_(self.free, self.free)] * (self.scale[None, :] / self.scale[:, None])

    def rates(self) -> Any:
        """Scaled rates of the free states."""
        kernel, values = self.model.kernel, self.model.values
        constants = kernel.prepare([values[a] for a in kernel.addresses])
        return np.array(kernel.rates(list(map(float, self.states)), constants))[self.free] / self.scale

    def stoichiometry(self) -> Any:
        """d(scaled rate)/d(flux) of the free states, shape (free, flux)."""
        program = self.model.program
        states = dict(zip(program.states, map(float, self.states)))
        return balance.state_response(program, self.model.components, states)[0][self.free] / self.scale[:, None]

    def directions(self) -> Any:
        """Orthonormal directions that the conservation laws leave free, shape (free, direction)."""
        if not len(self.laws):
            return np.eye(len(self.free))
        return np.linalg.svd(self.laws, full_matrices=True)[2][len(self.laws) :].T

    def quantities(self, names: Iterable[str]) -> tuple[Any, Any]:
        """Values of some quantities, and their slopes with the scaled free states, shape (quantity, free)."""
        names = tuple(names)
        kernel, values = slopes_of(self.model, names), self.model.values
        constants = kernel.prepare([values[a] for a in kernel.addresses])
        found, slopes = kernel.at(self.states, constants)
        return found, slopes[:, self.free] * self.scale


def solved(
    model: Model, conditions: Mapping[str, Any] | None = None, clamped: Sequence[str] = ()
) -> tuple[xarray.Dataset, list[Point | None]]:
    """Steady states under conditions, and the point of each; None where there is no steady state."""
    conditions = dict(conditions or {})
    model = with_drugs_of(model, conditions)
    ds = steady_state(model, conditions, clamped=clamped)
    problem = problem_of(model, conditions, {}, clamped)
    template = ds["success"]
    columns = np.array([ds[name].broadcast_like(template).values.ravel() for name in model.program.states])
    points: list[Point | None] = []
    for i, good in enumerate(template.values.ravel()):
        points.append(_point(problem, problem.at(i), columns[:, i], i) if good else None)
    return ds, points


def at_states(model: Model, states: Mapping[str, float], clamped: Sequence[str] = ()) -> Point:
    """The point of given states, at rest or not."""
    values = {name: float(states[name]) for name in model.program.states}
    return _point(problem_of(model, values, {}, clamped), model, np.array(list(values.values())), 0)


def _point(problem: Problem, model: Model, states: Any, i: int) -> Point:
    ratios = [ratio[i] if isinstance(ratio, np.ndarray) else ratio for ratio in problem.constants.ratios]
    laws = laws_of(problem.system, ratios, problem.scale)
    return Point(model, states, np.array(problem.system.free, dtype=int), problem.scale, laws)


def from_dataset(model: Model, ds: xarray.Dataset) -> Point:
    """The point that a Dataset of one point describes, with the conditions it was calculated under."""
    missing = [name for name in model.program.states if name not in ds.variables]
    if missing:
        raise ParameterError(f"the Dataset has no {missing[0]!r}, a state of {model.name}.")
    size = max(ds[name].size for name in model.program.states)
    if size > 1:
        raise ParameterError(f"the Dataset holds {size} points where one is needed; choose one, as with ds.isel(...).")
    changed: dict[str, float] = {}
    conditions = json.loads(ds.attrs["conditions"]) if "conditions" in ds.attrs else {}
    addresses = {str(name) for name in ds.variables if "." in str(name)} | set(conditions)
    for address in sorted(addresses - set(model.program.states)):
        coordinate = address.replace(".", "_")
        known = [ds[n].values for n in (address, coordinate) if n in ds.variables]
        given = np.ravel(known[0] if known else conditions[address])
        if given.size != 1:
            raise ParameterError(f"which {address} the point of the Dataset belongs to is not in it.")
        changed[address] = float(given[0])
    model = with_drugs_of(model, changed)
    states = {name: float(np.ravel(ds[name].values)[0]) for name in model.program.states}
    if bad := [name for name, value in states.items() if not np.isfinite(value)]:
        raise ParameterError(f"{bad[0]} of the Dataset is not a number: the point has no steady state.")
    held = json.loads(ds.attrs["clamped"]) if "clamped" in ds.attrs else []
    return at_states(model.replace(changed), states, [n for n in held if n in model.program.states])


def slopes_of(model: Model, names: tuple[str, ...]) -> Slopes:
    """Compiled values of quantities and their exact slopes with all states, once per structure."""
    for name in names:
        if name not in model.statements:
            raise ParameterError(f"{model.name} has no quantity {name!r}." + nearest(name, model.statements))
    structure = (names, *((type(c), c.name, c.wiring) for c in model.components.values()))
    if structure not in _memory:
        _memory[structure] = Slopes(generate(model.program, model.components, names))
    return _memory[structure]
