"""What every virtual instrument has: settings with unit, bounds and source, a seed, and a run to look at."""

from __future__ import annotations

import dataclasses
import itertools
import json
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from ...core.arguments import dataset_in, options_in, whole_number
from ...core.component import checked
from ...core.declarations import Parameter
from ...core.errors import ParameterError
from ...core.units import registry, unit

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["Instrument", "events_of", "house_values", "one_time_course", "setting", "stretches"]


def setting(default: float, units: str, **declaration: Any) -> Any:
    """Declare a number of an instrument, as `mitochem.parameter` declares one of a component."""
    return dataclasses.field(default=default, metadata={"declared": Parameter(default, units, **declaration)})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Instrument:
    """Base of the virtual instruments: checked settings, and random numbers that a seed repeats."""

    seed: int = 0

    OFF: ClassVar[dict[str, float]] = {}
    """Imperfections, and the value at which each is absent."""

    def __new__(cls, *unnamed: Any, **settings: Any) -> Self:
        # Python's own errors about arguments do not say which there are.
        if unnamed:
            raise ParameterError(f"{cls.__name__} takes its settings by name, such as seed={unnamed[0]!r}.")
        options_in(settings, cls.__name__, cls.__init__)
        return super().__new__(cls)

    def __post_init__(self) -> None:
        whole_number(self.seed, "seed", 0)
        for name, declared in self.declared().items():
            object.__setattr__(self, name, self._one(name, declared.unit, declared.bounds))

    def _one(self, name: str, units: str, bounds: tuple[float, float]) -> float:
        """A setting as one finite number in its unit and inside its bounds."""
        what, given = f"{type(self).__name__}.{name}", getattr(self, name)
        value = checked(given, units, bounds, what, finite=True)
        if not isinstance(value, float):
            raise ParameterError(f"{what} = {given!r} is not one number.")
        return value

    @classmethod
    def declared(cls) -> dict[str, Parameter]:
        """The declared numbers by name: unit, bounds, status and source of each."""
        return {f.name: f.metadata["declared"] for f in dataclasses.fields(cls) if "declared" in f.metadata}

    @classmethod
    def ideal(cls, **settings: Any) -> Self:
        """The instrument without imperfections: it records the truth; ``settings`` are the others, or some put back."""
        return cls(**{**cls.OFF, **settings})

    @property
    def settings(self) -> pandas.DataFrame:
        """Table of the numbers: value, unit, legal bounds, status and source."""
        import pandas

        rows = {
            name: (getattr(self, name), d.unit, *d.bounds, d.status, d.source) for name, d in self.declared().items()
        }
        columns = ["value", "unit", "lower", "upper", "status", "source"]
        return pandas.DataFrame.from_dict(rows, orient="index", columns=columns)

    def described(self) -> str:
        """Name, settings and seed as JSON: with the run, all that makes the record again."""
        return json.dumps({"name": type(self).__name__, **dataclasses.asdict(self)})

    def random(self, *keys: str) -> np.random.Generator:
        """A stream of its own for each imperfection: switching one off leaves the draws of the others as they were."""
        return np.random.default_rng([self.seed, *(zlib.crc32(key.encode()) for key in keys)])


# --- the run -------------------------------------------------------------------------------------------------------


def one_time_course(given: Any, where: str, *variables: str) -> xarray.Dataset:
    """The run given: one member, over time, with segments."""
    run = dataset_in(given, where, *variables)
    if "time" not in run.dims or "segment" not in run.coords:
        raise ParameterError(f"{where} needs a time course with segments, as simulate(protocol) gives it.")
    for name in variables:
        if not set(run[name].dims) <= {"time"}:
            others = ", ".join(str(d) for d in run[name].dims if d != "time")
            raise ParameterError(f"{where} takes one run, and {name} varies in {others}; choose with .isel(...).")
    if run.sizes["time"] < 2 or (np.diff(run["time"].values) < 0).any():
        raise ParameterError(f"{where} needs at least two times, in order.")
    return run


def house_values(run: xarray.Dataset, name: str, units: str) -> Any:
    """Values of a variable over time, in the unit that is needed; what has another kind of unit is refused.

    A model may count in µM and seconds, and a unit that is not looked at is a silent factor.
    """
    import pint

    array = run[name]
    values = np.array(array.broadcast_like(run["time"]).values, dtype=float)
    given = array.attrs.get("units")
    if not given:
        raise ParameterError(f"{name} has no attribute 'units'; it is needed in {units}.")
    if not np.isfinite(values).all():
        raise ParameterError(f"{name} is not finite everywhere; an instrument cannot look at a gap.")
    if given == units:
        return values
    try:
        return registry().Quantity(values, unit(given)).to(unit(units)).magnitude
    except (pint.errors.PintError, AttributeError, ValueError):
        raise ParameterError(
            f"{name} is in {given!r}, which is no {units}; give a run in units of that kind."
        ) from None


def stretches(run: xarray.Dataset) -> Iterator[tuple[str, slice]]:
    """Labels of the stretches between additions, in order, and where each is."""
    labels = run["segment"].values.astype(str)
    starts = [0, *(np.flatnonzero(labels[1:] != labels[:-1]) + 1), len(labels)]
    for first, last in itertools.pairwise(starts):
        yield str(labels[first]), slice(int(first), int(last))


def events_of(run: xarray.Dataset) -> str:
    """What begins each stretch after the first, as the JSON list that readers of measured files give."""
    time = house_values(run, "time", "min")
    found = [
        {"time": float(time[where][0]), "name": label, "chamber": None, "text": ""} for label, where in stretches(run)
    ]
    return json.dumps(found[1:])
