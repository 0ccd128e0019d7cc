"""What every readout asks of its Dataset: variables, stretches of a run, and ratios that may not exist."""

from __future__ import annotations

import itertools
import json
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import dataset_in, numbers_in, text_in
from ...core.errors import ParameterError, nearest

if TYPE_CHECKING:
    import xarray

__all__ = ["Stretch", "has", "part_of", "rate_in", "rates_of", "ratio", "sample_name", "stretches", "units_of"]

# What an instrument or its operator notes without doing anything to the sample; matched to the whole name.
_REMARKS = ("warning",)


def has(ds: Any, *names: str) -> xarray.Dataset:
    """The Dataset given, with the variables that are needed."""
    dataset_in(ds, "a readout")
    for name in names:
        if name not in ds:
            raise ParameterError(f"the data have no {name!r}." + nearest(name, map(str, ds)))
    return ds


def rate_in(ds: Any, rate: str | None = None) -> str:
    """Name of the respiration of a Dataset: the one asked for, else ``ocr`` or ``J_O2``."""
    if rate is not None:
        has(ds, text_in(rate, "rate"))
        return rate
    known = [name for name in ("ocr", "J_O2") if name in dataset_in(ds, "a readout")]
    if not known:
        raise ParameterError("the data have no respiration: neither 'ocr' nor 'J_O2'." + nearest("ocr", map(str, ds)))
    return known[0]


def rates_of(ds: xarray.Dataset, name: str) -> xarray.DataArray:
    """Rates over time as floats; NaN are gaps, and anything else that is no number is an error."""
    if "time" not in ds[name].dims:
        raise ParameterError(f"what is read off a run goes over time, and {name!r} has no dimension 'time'.")
    rates = ds[name].copy(data=numbers_in(ds[name].values, name))
    if np.isinf(rates.values).any():
        raise ParameterError(f"{name!r} contains inf; a gap in data is NaN.")
    return rates


def units_of(ds: xarray.Dataset, name: str) -> str:
    """Unit of a rate, as its attribute says; the house unit where it says nothing and the name does."""
    return str(ds[name].attrs.get("units") or {"J_O2": "nmol/min/mg"}.get(name, "unknown"))


def sample_name(ds: xarray.Dataset) -> str:
    """What a single trace is called in a table."""
    return str(ds.attrs.get("file") or ds.attrs.get("model") or "trace")


def ratio(top: Any, bottom: Any, name: str, problem: str) -> Any:
    """The quotient; NaN and a warning where the bottom is not above zero."""
    usable = bottom > 0
    if not bool(np.all(usable)):
        warnings.warn(f"{name} is NaN where {problem}.", stacklevel=3)
    result = (top / bottom.where(usable)).rename(name.lower().replace("/", "_over_").replace(" ", "_"))
    result.attrs = {"units": "1", "long_name": name}
    return float(result) if result.ndim == 0 else result


# --- stretches of a run ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """Part of a run between two events: its name (numbered where a name comes again), its points, when it began."""

    name: str
    label: str
    start: int
    stop: int
    began: float


def stretches(ds: xarray.Dataset) -> list[Stretch]:
    """Parts of a run over ``time``, from its coordinate ``segment`` and from when its events or additions were."""
    if "segment" not in dataset_in(ds, "a readout").coords:
        raise ParameterError("the data have no segments; give a time course run from a protocol.")
    if ds["segment"].dims != ("time",):
        dims = [d for d in ds["segment"].dims if d != "time"]
        raise ParameterError(f"every {dims[0] if dims else 'point'} has segments of its own; select one first.")
    labels, time = ds["segment"].values.astype(str), np.asarray(ds["time"].values, float)
    if len(time) < 1 or not np.isfinite(time).all() or (np.diff(time) < 0).any():
        raise ParameterError("time must be finite numbers that rise.")
    for i in np.flatnonzero([label.casefold() in _REMARKS for label in labels]):
        labels[i] = labels[i - 1] if i else "start"
    starts = {int(i) + 1 for i in np.flatnonzero(labels[1:] != labels[:-1])}
    noted = _noted(ds, time)
    # An event and the label that it gives may be a point apart.
    starts |= {i for i in noted if 0 < i < len(time) and not starts & {i - 1, i, i + 1}}
    edges = [0, *sorted(starts), len(time)]
    found = [(str(labels[a]), a, b) for a, b in itertools.pairwise(edges)]
    again = {label: sum(other == label for other, _, _ in found) for label, _, _ in found}
    seen: dict[str, int] = {}
    out = []
    for label, a, b in found:
        seen[label] = seen.get(label, 0) + 1
        name = label if again[label] == 1 else f"{label} ({seen[label]})"
        # What was added between two points began before the first that shows it.
        out.append(Stretch(name, label, a, b, min(noted.get(a, noted.get(a - 1, np.inf)), float(time[a]))))
    return out


def _noted(ds: xarray.Dataset, time: Any) -> dict[int, float]:
    """First point after each event or addition that is noted, with its time: two of one name part two stretches."""
    times = list(json.loads(ds.attrs["additions"])) if "additions" in ds.attrs else []
    chamber = str(ds["chamber"].values) if "chamber" in ds.coords and not ds["chamber"].ndim else None
    for event in json.loads(ds.attrs["events"]) if "events" in ds.attrs else []:
        here = event.get("chamber") in (None, "", "Both") or chamber is None or event["chamber"] == chamber
        if here and event.get("name") and event["name"].casefold() not in _REMARKS:
            times.append(event["time"])
    out = {}
    for at in times:
        same = np.flatnonzero(np.isclose(time, at, rtol=1e-9, atol=1e-9))
        # A run has two points at an addition, the left and the right limit.
        out[int(same[-1] if same.size else np.searchsorted(time, at))] = float(at)
    return out


def part_of(ds: xarray.Dataset, name: str) -> xarray.Dataset:
    """One stretch of a run by its name, with the attribute ``began`` (min)."""
    known = stretches(ds)
    found = [s for s in known if s.name == text_in(name, "segment")]
    if not found and (several := [s.name for s in known if s.label == name]):
        raise ParameterError(f"{len(several)} segments are called {name!r}; choose {' or '.join(map(repr, several))}.")
    if not found:
        raise ParameterError(f"no segment is called {name!r}." + nearest(name, [s.name for s in known]))
    return ds.isel(time=slice(found[0].start, found[0].stop)).assign_attrs(began=found[0].began)
