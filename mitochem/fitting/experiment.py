"""One experiment as it was done: conditions, what was measured, and how noisy it is taken to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import mapping_in, names_in, numbers_in
from ..core.errors import FitError, nearest
from ..core.units import magnitude
from .least_squares import Series

if TYPE_CHECKING:
    from ..core.model import Model

__all__ = ["Experiment", "Noise", "Prepared"]


@dataclasses.dataclass(frozen=True)
class Noise:
    """Standard deviation assumed for an observable, and on what ground.

    Only ratios between observables matter: the scatter of the residuals sets the errors.
    """

    size: Any
    why: str = ""


@dataclasses.dataclass(frozen=True, eq=False)
class Experiment:
    """Steady states under known conditions.

    Parameters
    ----------
    conditions : mapping
        Parameters by address and states by name; numbers, or arrays along the points. Plain arrays are zipped;
        DataArrays are lined up by their dimensions.
    observed : mapping
        Measurements by the name of the model's quantity, along the same points. NaN where not measured.
    noise : mapping of Noise or float, optional
        Needed where several observables are to be weighed against each other.
    clamped : tuple of str, optional
        States held at their given values. By default all states among the conditions, as a titration with an
        ATP-using enzyme holds ADP; name those that are, if some are only start values.
    name : str
        Label in reports and plots.
    """

    conditions: Mapping[str, Any]
    observed: Mapping[str, Any]
    noise: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    clamped: tuple[str, ...] | None = None
    name: str = ""

    def prepare(self, model: Model, label: str, scaled: Collection[str] = ()) -> Prepared:
        """Checked against a model and laid out in rows of points; ``scaled`` observables keep their own unit."""
        here = f"experiment {label}: " if label else ""
        for field in ("conditions", "observed", "noise"):
            mapping_in(getattr(self, field), f"{here}{field}", FitError)
        computed = [*model.program.states, *model.statements]
        for name in self.observed:
            if name not in computed:
                raise FitError(f"{here}{model.name} computes no {name!r}." + nearest(name, computed))
        for name in self.noise:
            if name not in self.observed:
                raise FitError(f"{here}noise of {name!r}, which is not observed." + nearest(name, self.observed))
        if not self.observed:
            raise FitError(f"{here}nothing was observed.")
        unweighed = [name for name in self.observed if name not in self.noise]
        if unweighed and len(self.observed) > 1:
            raise FitError(
                f"{here}{' and '.join(self.observed)} have different units and cannot be weighed without the noise "
                f"of {' and '.join(unweighed)}: noise={{{unweighed[0]!r}: Noise(size, why)}}."
            )
        named = {model.find(name)[1]: value for name, value in self.conditions.items()}
        named = {k: _in_units(v, model.declared(k).unit, f"{here}condition {k}") for k, v in named.items()}
        measured = {
            k: v if k in scaled else _in_units(v, _unit(model, k), f"{here}observed {k}")
            for k, v in self.observed.items()
        }
        rows = _rows({**named, **{("observed", k): v for k, v in measured.items()}}, here)
        for name in named:
            _finite(f"{here}condition {name}", rows[name])
        conditions = {name: np.asarray(model.check(name, rows[name]), float) for name in named}
        series, points, notes = [], [], []
        for name in self.observed:
            column = rows["observed", name]
            if np.isinf(column).any():
                _finite(f"{here}observed {name}", np.where(np.isnan(column), 0.0, column))
            at = np.flatnonzero(~np.isnan(column))
            if not len(at):
                raise FitError(f"{here}observed {name} is empty: no point was measured.")
            if len(at) < len(column):
                notes.append(f"{here}{name} was measured at {len(at)} of {len(column)} points.")
            noise = self.noise.get(name, 1.0)
            size, why = (noise.size, noise.why) if isinstance(noise, Noise) else (noise, "")
            sizes = numbers_in(size, f"{here}noise of {name}", FitError)
            if sizes.shape not in ((), (1,), column.shape):
                raise FitError(f"{here}noise of {name} has the shape {sizes.shape}, and its points {column.shape}.")
            sizes = np.broadcast_to(sizes, column.shape)[at]
            if not (np.isfinite(sizes) & (sizes > 0)).all():
                raise FitError(f"{here}noise of {name} = {size} must be positive and finite.")
            unit = _unit(model, name)
            if name in scaled:
                unit = getattr(self.observed[name], "attrs", {}).get("units", unit)
            if name in self.noise:
                span = f"{sizes.min():.3g}" + (f" to {sizes.max():.3g}" if np.ptp(sizes) else "")
                notes.append(f"noise of {name} taken as {span} {unit}" + (f": {why}." if why else "."))
            x = {k: v[at] for k, v in sorted(conditions.items(), key=lambda item: np.ptp(item[1]) == 0)}
            series.append(Series(name, unit, label, column[at], sizes, x, name in self.noise))
            points.append(at)
        given = [name for name in named if name in model.program.states]
        held = given if self.clamped is None else names_in(self.clamped, f"{here}clamped", FitError)
        clamped = tuple(model.state(name) for name in held)
        return Prepared(label, conditions, clamped, tuple(series), tuple(points), tuple(notes))


@dataclasses.dataclass(frozen=True, eq=False)
class Prepared:
    """An experiment in rows: every condition a column, every series with the points it was measured at."""

    name: str
    conditions: Mapping[str, Any]
    clamped: tuple[str, ...]
    series: tuple[Series, ...]
    points: tuple[Any, ...]
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        return max((len(c) for c in self.conditions.values()), default=1)

    @property
    def described(self) -> dict[str, Any]:
        return {name: column.tolist() for name, column in self.conditions.items()} | {"clamped": list(self.clamped)}

    def predict(self, model: Model, members: Mapping[str, Any], m: int) -> list[Any]:
        """Each series (member, point) for m sets of parameters, by one batched solve."""
        import xarray

        n = self.size
        flat = {name: np.tile(column, m) for name, column in self.conditions.items()}
        flat |= {address: np.repeat(column, n) for address, column in members.items()}
        rows = {
            name: float(column[0]) if np.ptp(column) == 0 else xarray.DataArray(column, dims="row")
            for name, column in flat.items()
        }
        # A trial step may go where nothing is finite; such points come back as failed.
        with np.errstate(all="ignore"):
            ds = model.steady_state(rows, clamped=self.clamped)
        out = []
        for series, at in zip(self.series, self.points):
            values = np.broadcast_to(ds[series.observable].values, (m * n,)).reshape(m, n)
            solved = np.broadcast_to(ds["success"].values, (m * n,)).reshape(m, n)
            out.append(np.where(solved, values, np.nan)[:, at])
        return out

    def axis(self, x: str) -> Any:
        """Values of a condition at the points."""
        return self.conditions[x]

    def units(self, model: Model) -> dict[str, str]:
        """Unit of everything that a series may be drawn against."""
        return {name: str(model.declared(name).unit) for name in self.conditions}

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


def _unit(model: Model, name: str) -> str:
    if name in model.program.states:
        return str(model.program.states[name][1].unit)
    return model.statements[name].unit


def _in_units(value: Any, expected: str, what: str) -> Any:
    """A DataArray, a text or a quantity in the expected unit; what says nothing of its unit is taken to be in it."""
    if not hasattr(value, "dims"):
        return magnitude(value, expected, what)
    own = getattr(value, "attrs", {}).get("units")
    if own is None or own == expected:
        return value
    from ..core.units import registry, unit

    try:
        factor = registry().Quantity(1.0, unit(own)).to(unit(expected)).magnitude
    except Exception:  # pint has an error for every way of being wrong
        raise FitError(
            f"{what} is in {own!r} and the model in {expected}. Convert it, or declare the factor between them as a "
            "nuisance Scale."
        ) from None
    return value * factor
