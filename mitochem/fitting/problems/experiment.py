"""One experiment as it was done: conditions, what was measured, and how noisy it is taken to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, names_in, numbers_in, text_in
from ...core.errors import FitError, nearest
from ...core.units import magnitude
from .misfit import Series, spaced

if TYPE_CHECKING:
    from .subject import Subject

__all__ = ["Experiment", "Noise", "Prepared"]


@dataclasses.dataclass(frozen=True)
class Noise:
    """Standard deviation assumed for an observable or a condition, and on what ground.

    Only ratios between observables matter as long as the scatter of the residuals sets the errors.
    """

    size: Any
    why: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Experiment:
    """Steady states of a model, or points of a law, under known conditions.

    Parameters
    ----------
    conditions : mapping
        Parameters by address and states by name, or arguments of a law; numbers, or arrays along the points. Plain
        arrays are zipped; DataArrays are lined up by their dimensions.
    observed : mapping
        Measurements by the name of the model's quantity, along the same points. NaN where not measured.
    noise : mapping of Noise or float, optional
        Needed where several observables are to be weighed against each other.
    clamped : tuple of str, optional
        States held at their given values. By default all states among the conditions, as a titration with an
        ATP-using enzyme holds ADP; name those that are, if some are only start values.
    name : str
        Label in reports and plots.
    uncertain : mapping of Noise or float, optional
        Standard deviation of conditions that were measured with an error themselves: their true values are then
        sought with everything else, each drawn to what was measured (orthogonal distance regression).
    """

    conditions: Mapping[str, Any]
    observed: Mapping[str, Any]
    noise: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    clamped: tuple[str, ...] | None = None
    name: str = ""
    uncertain: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for field in ("conditions", "observed", "noise", "uncertain"):
            if getattr(self, field) is None:
                object.__setattr__(self, field, {})

    def prepare(self, subject: Subject, label: str, scaled: Collection[str] = ()) -> Prepared:
        """Checked against a model or a law and laid out in rows of points.

        ``scaled`` observables keep their own unit.
        """
        here = f"experiment {label}: " if label else ""
        text_in(self.name, "name of an experiment", FitError)
        self._check(subject, here)
        named = {subject.address(name): value for name, value in self.conditions.items()}
        named = {k: _in_units(v, subject.unit(k), f"{here}condition {k}") for k, v in named.items()}
        measured = {
            k: v if k in scaled else _in_units(v, subject.observed_unit(k), f"{here}observed {k}")
            for k, v in self.observed.items()
        }
        rows = _rows({**named, **{("observed", k): v for k, v in measured.items()}}, here)
        for name in named:
            _finite(f"{here}condition {name}", rows[name])
        conditions = {name: subject.check(name, rows[name]) for name in named}
        series, points, notes = [], [], []
        for name in self.observed:
            unit = subject.observed_unit(name)
            if name in scaled:
                unit = getattr(self.observed[name], "attrs", {}).get("units", unit)
            one, at, said = self._series(name, unit, rows["observed", name], conditions, label, here)
            series.append(one)
            points.append(at)
            notes += said
        blurred, said = self._blurred(subject, conditions, label, here)
        held = self.clamped if self.clamped is None else names_in(self.clamped, f"{here}clamped", FitError)
        clamped = subject.held(held, list(named), f"{here}clamped")
        return Prepared(label, conditions, clamped, tuple(series), tuple(points), (*notes, *said), blurred)

    def _check(self, subject: Subject, here: str) -> None:
        for field in ("conditions", "observed", "noise", "uncertain"):
            mapping_in(getattr(self, field), f"{here}{field}", FitError)
        for name in self.observed:
            if name not in subject.observables:
                raise FitError(f"{here}{subject.name} computes no {name!r}." + nearest(name, subject.observables))
        for name in self.noise:
            if name not in self.observed:
                raise FitError(f"{here}noise of {name!r}, which is not observed." + nearest(name, self.observed))
        for name in self.uncertain:
            if name not in self.conditions:
                raise FitError(f"{here}{name!r} is uncertain, but no condition." + nearest(name, self.conditions))
        if not self.observed:
            raise FitError(f"{here}nothing was observed.")
        unweighed = [name for name in self.observed if name not in self.noise]
        if unweighed and len(self.observed) > 1:
            raise FitError(
                f"{here}{' and '.join(self.observed)} have different units and cannot be weighed without the noise "
                f"of {' and '.join(unweighed)}: noise={{{unweighed[0]!r}: Noise(size, why)}}."
            )

    def _series(
        self, name: str, unit: str, column: Any, conditions: Mapping[str, Any], label: str, here: str
    ) -> tuple[Series, Any, list[str]]:
        """One observable: its measured points, where they are, and what is to be said of them."""
        if np.isinf(column).any():
            _finite(f"{here}observed {name}", np.where(np.isnan(column), 0.0, column))
        at = np.flatnonzero(~np.isnan(column))
        if not len(at):
            raise FitError(f"{here}observed {name} is empty: no point was measured.")
        notes = []
        if len(at) < len(column):
            notes.append(f"{here}{name} was measured at {len(at)} of {len(column)} points.")
        sizes, why = _sizes(self.noise.get(name, 1.0), column.shape, f"{here}noise of {name}")
        sizes = sizes[at]
        if name in self.noise:
            notes.append(_taken(f"noise of {name}", sizes, unit, why))
        x = {k: v[at] for k, v in sorted(conditions.items(), key=lambda item: np.ptp(item[1]) == 0)}
        return Series(name, unit, label, column[at], sizes, x, name in self.noise), at, notes

    def _blurred(
        self, subject: Subject, conditions: Mapping[str, Any], label: str, here: str
    ) -> tuple[tuple[Series, ...], list[str]]:
        """Conditions that were measured with an error themselves."""
        out, notes = [], []
        for name, given in self.uncertain.items():
            address = subject.address(name)
            column = conditions[address]
            sizes, why = _sizes(given, column.shape, f"{here}uncertain {name}")
            unit = subject.unit(address)
            notes.append(_taken(f"error of {address}", sizes, unit, why))
            out.append(Series(address, unit, label, column, sizes, {}, True))
        return tuple(out), notes


@dataclasses.dataclass(frozen=True, eq=False)
class Prepared:
    """An experiment in rows: every condition a column, every series with the points it was measured at."""

    name: str
    conditions: Mapping[str, Any]
    clamped: tuple[str, ...]
    series: tuple[Series, ...]
    points: tuple[Any, ...]
    notes: tuple[str, ...]
    blurred: tuple[Series, ...] = ()

    @property
    def size(self) -> int:
        if not self.conditions:
            return 1 + max((int(at.max()) for at in self.points), default=0)
        return max(len(c) for c in self.conditions.values())

    @property
    def done(self) -> Any:
        """What was done besides the conditions that its series have at their points, as plain data."""
        return sorted(self.clamped)

    @property
    def described(self) -> dict[str, Any]:
        return {name: column.tolist() for name, column in self.conditions.items()} | {"clamped": list(self.clamped)}

    @property
    def names(self) -> list[str]:
        """Observables, each once."""
        return list(dict.fromkeys(series.observable for series in self.series))

    def predict(self, subject: Subject, members: Mapping[str, Any], m: int) -> list[Any]:
        """Each series (member, point) for m sets of parameters, by one batched solve.

        A parameter is an array (member,), or (member, point) where it differs along the points.
        """
        n = self.size
        flat = {name: np.tile(column, m) for name, column in self.conditions.items()}
        flat |= {k: np.repeat(v, n) if np.ndim(v) == 1 else np.ravel(v) for k, v in members.items()}
        found = subject.values(flat, m * n, self.names, self.clamped).reshape(-1, m, n)
        return [found[self.names.index(s.observable)][:, at] for s, at in zip(self.series, self.points)]

    def around(self, subject: Subject, here: Mapping[str, Any], moved: Mapping[str, Any], exact: bool) -> list[Any]:
        """Each series (point,), and its change (direction, point) when parameters move.

        ``here`` has their values, ``moved`` arrays (2, direction) or (2, direction, point), lower and higher.
        ``exact`` asks for the best slopes that there are, where those for a search may be coarser.
        """
        n = self.size
        columns = {name: np.broadcast_to(value, (n,)) for name, value in (dict(self.conditions) | dict(here)).items()}
        wide = {name: v if v.ndim == 3 else np.repeat(v[:, :, None], n, axis=2) for name, v in moved.items()}
        if not wide:
            values = subject.values(columns, n, self.names, self.clamped)
            changes = np.zeros((len(values), 0, n))
        else:
            values, changes = subject.changes(columns, wide, n, self.names, self.clamped)
        rows = [self.names.index(series.observable) for series in self.series]
        return [(values[i][at], changes[i][:, at]) for i, at in zip(rows, self.points)]

    def axis(self, x: str) -> Any:
        """Values of a condition at the points."""
        return self.conditions[x]

    def units(self, subject: Subject) -> dict[str, str]:
        """Unit of everything that a series may be drawn against."""
        return {name: subject.unit(name) for name in self.conditions}

    def along(self, x: str, points: int) -> Prepared:
        """The same experiment at many points between the measured ones."""
        if x not in self.conditions:
            raise FitError(f"{x!r} is no condition of {self.name}." + nearest(x, self.conditions))
        order = np.argsort(self.conditions[x])
        at = self.conditions[x][order]
        dense = np.linspace(at[0], at[-1], points)
        conditions = {name: np.interp(dense, at, column[order]) for name, column in self.conditions.items()}
        every = tuple(np.arange(points) for _ in self.series)
        return dataclasses.replace(self, conditions=conditions, points=every)


def _rows(values: Mapping[Any, Any], here: str) -> dict[Any, Any]:
    """All values as columns of one length; DataArrays lined up by their dimensions first."""
    import xarray

    arrays = {k: v for k, v in values.items() if hasattr(v, "dims")}
    bare = {k: xarray.DataArray(v.values, dims=v.dims) for k, v in arrays.items()}
    for k, v in values.items():
        if k not in arrays and np.ndim(v) > 1:
            raise FitError(f"{here}{_label(k)} has {np.ndim(v)} dimensions without names; give an xarray.DataArray.")
    try:
        # An outer array ("phosphate") spreads over an inner one ("phosphate", "point") as its dimensions say.
        together = dict(zip(bare, xarray.broadcast(*bare.values()))) if bare else {}
    except ValueError as error:
        raise FitError(f"{here}the arrays do not line up: {error}.") from None
    given = {k: together.get(k, v) for k, v in values.items()}
    columns = {k: np.ravel(numbers_in(v, f"{here}{_label(k)}", FitError)) for k, v in given.items()}
    size = max((len(c) for c in columns.values()), default=1)
    for k, column in columns.items():
        if len(column) == 0:
            raise FitError(f"{here}{_label(k)} is empty.")
        if len(column) not in (1, size):
            raise FitError(f"{here}{_label(k)} has {len(column)} points where others have {size}.")
    return {k: np.broadcast_to(c, (size,)).copy() for k, c in columns.items()}


def _label(key: Any) -> str:
    return f"observed {key[1]}" if isinstance(key, tuple) else f"condition {key}"


def _finite(what: str, column: Any) -> None:
    bad = np.flatnonzero(~np.isfinite(column))
    if len(bad):
        raise FitError(f"{what} is {column[bad[0]]} at point {bad[0]}; it must be finite.")


def _sizes(given: Any, shape: tuple[int, ...], what: str) -> tuple[Any, str]:
    """Standard deviation of every point, and why it is taken to be that."""
    size, why = (given.size, given.why) if isinstance(given, Noise) else (given, "")
    sizes = numbers_in(size, what, FitError)
    if sizes.shape not in ((), (1,), shape):
        raise FitError(f"{what} has the shape {sizes.shape}, and its points {shape}.")
    sizes = np.broadcast_to(sizes, shape)
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise FitError(f"{what} = {size} must be positive and finite.")
    return sizes, why


def _taken(what: str, sizes: Any, unit: str, why: str) -> str:
    span = f"{sizes.min():.3g}" + (f" to {sizes.max():.3g}" if np.ptp(sizes) else "")
    return f"{what} taken as {span}{spaced(unit)}" + (f": {why}." if why else ".")


def _in_units(value: Any, expected: str, what: str) -> Any:
    """A DataArray, a text or a quantity in the expected unit; what says nothing of its unit is taken to be in it."""
    if not hasattr(value, "dims"):
        return magnitude(value, expected, what)
    own = getattr(value, "attrs", {}).get("units")
    if own is None or own == expected:
        return value
    from ...core.units import registry, unit

    try:
        factor = registry().Quantity(1.0, unit(own)).to(unit(expected)).magnitude
    except Exception:  # pint has an error for every way of being wrong
        raise FitError(
            f"{what} is in {own!r} and the model in {expected}. Convert it, or declare the factor between them as a "
            "nuisance Scale."
        ) from None
    return value * factor
