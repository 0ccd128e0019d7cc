"""What a solver moves: the free states that no conserved total gives away.

Held states and totals are inputs like the parameters, so a reduced system is ``dz/dt = f(z, constants)`` with as few
``z`` as can be. Everything here is straight-line work on lists of values: floats, arrays along a batch, or lanes of
machine code.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import balance
from ..errors import SolveError
from .sparse import Elimination

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Constants", "System", "conserved", "distinct", "laws_of", "picked", "reduce"]

Entries = dict[tuple[int, int], Any]


@dataclasses.dataclass
class Constants:
    """Inputs of a reduced system, each a list of values.

    Attributes
    ----------
    model
        What the generated code computed from parameters.
    held
        Values of the held states.
    ratios, totals
        ``y_d = total_d - sum ratio_dj y_j`` gives each dependent state.
    """

    model: list[Any]
    held: list[Any]
    ratios: list[Any]
    totals: list[Any]

    def flat(self) -> list[Any]:
        return [*self.model, *self.held, *self.ratios, *self.totals]


class System:
    """Structure of a reduced system: which states are held, dependent and independent."""

    def __init__(
        self, kernel: Any, size: int, held: Sequence[int], dependent: Sequence[int], pattern: Sequence[tuple[int, int]]
    ) -> None:
        self.kernel, self.size = kernel, size
        self.held, self.dependent, self.pattern = tuple(held), tuple(dependent), tuple(pattern)
        self.free = tuple(i for i in range(size) if i not in held)
        self.independent = tuple(i for i in self.free if i not in dependent)
        self._place = {i: k for k, i in enumerate(self.independent)}
        self._through: dict[int, list[tuple[int, int]]] = {d: [] for d in dependent}
        for n, (d, j) in enumerate(pattern):
            self._through[d].append((n, j))
        self.elimination = Elimination(len(self.independent), self._reduced_pattern())

    @property
    def key(self) -> tuple[Any, ...]:
        return self.held, self.dependent, self.pattern

    @property
    def constants(self) -> int:
        return int(self.kernel.constants + len(self.held) + len(self.pattern) + len(self.dependent))

    def split(self, flat: Sequence[Any]) -> Constants:
        """`Constants` from all their values in a row."""
        parts, first = [], 0
        for count in (self.kernel.constants, len(self.held), len(self.pattern), len(self.dependent)):
            parts.append(list(flat[first : first + count]))
            first += count
        return Constants(*parts)

    def whole(self, z: Sequence[Any], constants: Constants) -> list[Any]:
        """Every state of the model."""
        y: list[Any] = [None] * self.size
        for i, value in zip(self.held, constants.held):
            y[i] = value
        for i, value in zip(self.independent, z):
            y[i] = value
        for d, total in zip(self.dependent, constants.totals):
            y[d] = total
            for n, j in self._through[d]:
                y[d] = y[d] - constants.ratios[n] * y[j]
        return y

    def named(self, states: Sequence[str], names: Sequence[str], z: Sequence[Any], constants: Constants) -> list[Any]:
        """Values of states, called so, and of reported quantities, in the order asked for."""
        y = self.whole(z, constants)
        found = dict(zip(states, y)) | dict(
            zip(self.kernel.quantities, self.kernel.array["quantities"](y, constants.model))
        )
        return [found[name] for name in names]

    def rates(self, z: Sequence[Any], constants: Constants) -> list[Any]:
        """dz/dt."""
        rates = self.kernel.array["rates"](self.whole(z, constants), constants.model)
        return [rates[i] for i in self.independent]

    def linear(self, z: Sequence[Any], constants: Constants) -> tuple[list[Any], Entries, list[Any]]:
        """dz/dt, its slopes, and how much each rate changes if every state changes by itself.

        The last, times a relative error, is the rounding of a rate.
        """
        y = self.whole(z, constants)
        found = self.kernel.array["linear"](y, constants.model)
        raw = found[self.size :]
        return [found[i] for i in self.independent], self._reduced(raw, constants), self._noise(raw, y, constants)

    def slopes(self, z: Sequence[Any], constants: Constants) -> Entries:
        """d(dz/dt)/dz by row and column."""
        return self._reduced(self.kernel.array["jacobian"](self.whole(z, constants), constants.model), constants)

    def _reduced(self, raw: Sequence[Any], constants: Constants) -> Entries:
        """Slopes with the independent states: what a dependent one does reaches the others through its total."""
        entries: Entries = {}
        for r, c, slope in zip(self._rows, self._columns, raw):
            if r not in self._place or c in self.held:
                continue
            row = self._place[r]
            if c in self._place:
                _add(entries, (row, self._place[c]), slope)
            else:
                for n, j in self._through[c]:
                    _add(entries, (row, self._place[j]), -constants.ratios[n] * slope)
        return entries

    def _noise(self, raw: Sequence[Any], y: Sequence[Any], constants: Constants) -> list[Any]:
        sizes = [np.abs(value) for value in y]
        for d, total in zip(self.dependent, constants.totals):  # as uncertain as the parts of its sum
            sizes[d] = np.abs(total)
            for n, j in self._through[d]:
                sizes[d] = sizes[d] + np.abs(constants.ratios[n] * y[j])
        out: list[Any] = [0.0] * len(self.independent)
        for r, c, slope in zip(self._rows, self._columns, raw):
            if r in self._place and c not in self.held:
                out[self._place[r]] = np.abs(slope) * sizes[c] + out[self._place[r]]
        return out

    def shifted(self, entries: Entries, diagonal: Any) -> Entries:
        """``diagonal I - J``."""
        matrix = {place: -slope for place, slope in entries.items()}
        for i in range(len(self.independent)):
            _add(matrix, (i, i), diagonal)
        return matrix

    @functools.cached_property
    def _rows(self) -> list[int]:
        return [int(r) for r in self.kernel.rows]

    @functools.cached_property
    def _columns(self) -> list[int]:
        return [int(c) for c in self.kernel.columns]

    def _reduced_pattern(self) -> set[tuple[int, int]]:
        pattern = set()
        for r, c in zip(self._rows, self._columns):
            if r in self._place and c not in self.held:
                columns = [c] if c in self._place else [j for _, j in self._through[c]]
                pattern |= {(self._place[r], self._place[j]) for j in columns}
        return pattern


def picked(values: Sequence[Any], points: Any) -> list[Any]:
    """Values at some points of a batch: what does not vary along it stays as it is."""
    return [value[points] if isinstance(value, np.ndarray) else value for value in values]


def _add(entries: Entries, place: tuple[int, int], value: Any) -> None:
    entries[place] = entries[place] + value if place in entries else value


# --- which states depend -----------------------------------------------------------------------------

MOST_KEPT = 1000

_memory: dict[Any, tuple[System, tuple[float, ...]]] = {}


def reduce(model: Model, held: Sequence[int]) -> tuple[System, tuple[float, ...]]:
    """The reduced system of a model with some states held, and the ratios at the model's parameters."""
    values, kernel = model.values, model.kernel
    key = (id(kernel), tuple(held), tuple(values[a] for a in kernel.shaping))
    if key not in _memory:
        if len(_memory) > MOST_KEPT:
            _memory.clear()
        size = len(model.program.states)
        free = [i for i in range(size) if i not in held]
        dependent, ratios = _dependence(model, free)
        _memory[key] = System(kernel, size, held, dependent, tuple(ratios)), tuple(ratios.values())
    return _memory[key]


_laws: dict[Any, balance.ConservationLaws] = {}


def conserved(model: Model) -> balance.ConservationLaws:
    """Conservation laws of a model, found once for all values of the parameters that do not enter them."""
    values, kernel = model.values, model.kernel
    key = (id(kernel), tuple(values[a] for a in kernel.shaping))
    if key not in _laws:
        if len(_laws) > MOST_KEPT:
            _laws.clear()
        _laws[key] = model.conservation_laws()
    return _laws[key]


def distinct(model: Model, held: Sequence[int], columns: Mapping[str, Any]) -> tuple[System, list[Any]]:
    """The reduced system of a batch, and its ratios: floats, or arrays where a column changes what is conserved.

    Few conditions do (a capacitance, the protein); points that agree in them are looked at once.
    """
    kernel = model.kernel
    arrays = [name for name in kernel.shaping if isinstance(columns.get(name), np.ndarray)]
    fixed = {name: columns[name] for name in kernel.shaping if name in columns and name not in arrays}
    model = model.replace(fixed) if fixed else model
    if not arrays:
        system, alike = reduce(model, held)
        return system, list(alike)
    table = np.stack([columns[name] for name in arrays], axis=1)
    points, which = np.unique(table, axis=0, return_inverse=True)
    system, _ = reduce(model.replace(dict(zip(arrays, map(float, points[0])))), held)
    pattern, ratios = _ratios(model.replace(dict(zip(arrays, points.T))), system, len(points))
    system = System(kernel, system.size, held, system.dependent, pattern)
    return system, [ratio[which.ravel()] for ratio in ratios]


def _ratios(model: Model, system: System, points: int) -> tuple[list[tuple[int, int]], list[Any]]:
    """Which ratios are not zero somewhere, and their values along the points at which a model's parameters are arrays.

    Raises
    ------
    SolveError
        If what one point conserves another does not.
    """
    rows = balance.responses(model.program, model.components, model.initial, points)
    excluded = balance.state_response(model.program, _first(model).components, model.initial)[1]
    own = np.zeros((points, system.size, len(excluded)))  # they take part in no linear law
    own[:, [list(model.program.states).index(n) for n in excluded], range(len(excluded))] = 1.0
    rows = np.concatenate([rows, own], axis=2)
    scales = np.array([law.options["scale"] for _, law in model.program.states.values()])
    size = np.abs(rows).max(axis=2, initial=0.0)  # of each point by itself: no point's bits depend on the others
    size[size == 0] = 1.0
    rows = rows / size[:, :, None]
    d, i = list(system.dependent), list(system.independent)
    ratios = -rows[:, d] @ np.linalg.pinv(rows[:, i], rcond=1e-12)
    if np.abs(rows[:, d] + ratios @ rows[:, i]).max(initial=0.0) > 1e-8:
        raise SolveError("the points of this batch conserve different sums; solve them one by one.")
    ratios = ratios * size[:, d][:, :, None] / size[:, i][:, None, :]
    weights = np.abs(ratios).max(axis=0, initial=0.0) * scales[i] / scales[d][:, None]
    places = [(a, b) for a in range(len(d)) for b in range(len(i)) if weights[a, b] > 1e-9]
    whole = np.round(ratios)
    ratios = np.where((whole != 0) & (np.abs(ratios - whole) < 1e-12 * np.abs(ratios)), whole, ratios)
    return [(d[a], i[b]) for a, b in places], [ratios[:, a, b] for a, b in places]


def _first(model: Model) -> Model:
    """The model at the first of the points along which its parameters are arrays."""
    return model.replace({a: float(v[0]) for a, v in model.values.items() if isinstance(v, np.ndarray)})


def laws_of(system: System, ratios: Sequence[float], scales: Any) -> Any:
    """Orthonormal conservation laws of the scaled free states, shape (law, free)."""
    place = {i: k for k, i in enumerate(system.free)}
    rows = np.zeros((len(system.dependent), len(system.free)))
    for row, d in zip(rows, system.dependent):
        row[place[d]] = 1.0
    for (d, j), ratio in zip(system.pattern, ratios):
        rows[system.dependent.index(d), place[j]] = ratio
    return np.linalg.qr((rows * scales).T)[0].T


def _dependence(model: Model, free: list[int]) -> tuple[tuple[int, ...], dict[tuple[int, int], float]]:
    """Conserved sums of the free states solved for one state each: the largest part of the sum, in its own scale."""
    matrix, excluded = balance.state_response(model.program, model.components, model.initial)
    states = list(model.program.states)
    if excluded:  # rows that depend on the state take part in no linear law: give each a column of its own
        own = np.zeros((len(matrix), len(excluded)))
        own[[states.index(n) for n in excluded], range(len(excluded))] = 1.0
        matrix = np.hstack([matrix, own])
    rows = matrix[free]
    largest = np.abs(rows).max(axis=1, initial=0.0)
    largest[largest == 0] = 1.0
    scaled = rows / largest[:, None]
    rank = int(np.linalg.matrix_rank(scaled, tol=1e-9)) if scaled.size else 0
    scales = np.array([law.options["scale"] for _, law in model.program.states.values()])[free]
    laws = np.linalg.svd(scaled.T, full_matrices=True)[2][rank:] if free else np.zeros((0, 0))
    laws = laws / largest * scales  # weights of the states counted in their scales
    pivots = _echelon(laws)
    laws = laws / scales
    ratios: dict[tuple[int, int], float] = {}
    for row, p in enumerate(pivots):
        for j in range(len(free)):
            ratio = laws[row, j] / laws[row, p]
            if j not in pivots and abs(ratio) > 1e-9 * scales[p] / scales[j]:
                ratios[free[p], free[j]] = _tidy(float(ratio))
    return tuple(free[p] for p in pivots), ratios


def _echelon(laws: Any) -> list[int]:
    """Gauss-Jordan on the rows in place, pivoting on the largest weight left; returns the pivot columns."""
    pivots: list[int] = []
    for row in range(len(laws)):
        rest = np.abs(laws[row:]).copy()
        rest[:, pivots] = 0.0
        best = int(rest.max(axis=1).argmax())
        # Ties go to the first state, whatever the rounding of the decomposition.
        column = int(np.flatnonzero(rest[best] >= rest[best].max() * (1 - 1e-9))[0])
        laws[[row, row + best]] = laws[[row + best, row]]
        pivots.append(column)
        laws[row] /= laws[row, column]
        for other in range(len(laws)):
            if other != row:
                laws[other] -= laws[other, column] * laws[row]
    return pivots


def _tidy(ratio: float) -> float:
    """A whole number where rounding alone keeps it from being one."""
    return float(round(ratio)) if round(ratio) and abs(ratio - round(ratio)) < 1e-12 * abs(ratio) else ratio
