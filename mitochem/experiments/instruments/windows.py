"""Measure windows of a plate respirometer: where they lie in a run, and means over them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import ParameterError, nearest
from .base import house_values, stretches

if TYPE_CHECKING:
    import xarray

__all__ = ["Window", "alike", "means_over", "windows_of"]


@dataclasses.dataclass(frozen=True)
class Window:
    """One measurement: the phase it is in, where that phase stands in the run, and its own times, min."""

    label: str
    phase: int
    where: slice
    start: float
    end: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


def windows_of(
    run: xarray.Dataset, measurements: int | Mapping[str, int], cycle: float, measure: float
) -> list[Window]:
    """The windows of a run, phase by phase: the last part of each cycle."""
    time, phases = house_values(run, "time", "min"), list(stretches(run))
    if isinstance(measurements, Mapping):
        labels = [label for label, _ in phases]
        for label in measurements:
            if label not in labels:
                raise ParameterError(f"measurements: the run has no phase {label!r}." + nearest(label, labels))
    out: list[Window] = []
    for phase, (label, where) in enumerate(phases):
        count = measurements.get(label, 0) if isinstance(measurements, Mapping) else measurements
        start, end = float(time[where][0]), float(time[where][-1])
        # A phase of exactly this length may have lost a rounding error.
        if end - start < count * cycle * (1 - 1e-9):
            raise ParameterError(
                f"the phase {label!r} lasts {end - start:g} min, and {count} measurements take {count * cycle:g} min; "
                "wait longer, or give measurements={...} for the phases that are measured."
            )
        for number in range(1, count + 1):
            close = min(start + number * cycle, end)
            out.append(Window(label, phase, where, close - measure, close))
    return out


def alike(some: list[Window], others: list[Window]) -> bool:
    """Whether two runs have the same phases at the same times, as the wells of one plate do."""
    same = [w.label for w in some] == [w.label for w in others]
    return same and bool(np.allclose([w.start for w in some], [w.start for w in others], rtol=0, atol=1e-6))


def means_over(run: xarray.Dataset, rate: Any, windows: list[Window], failed: Any) -> tuple[Any, Any]:
    """Means over the windows, shape (window,), and in wells whose injections failed, ``failed`` (well, phase)."""
    time = house_values(run, "time", "min")
    truth = np.array([_mean(time[w.where], rate[w.where], w.start, w.end) for w in windows])
    # A well that was not injected goes on as in the last minutes of the phase before.
    length, late = windows[0].end - windows[0].start, []
    for _, where in list(stretches(run))[: failed.shape[1]]:
        start, end = time[where][0], time[where][-1]
        late.append(_mean(time[where], rate[where], max(start, end - length), end))
    left = np.tile(late, (len(failed), 1))
    for phase in range(1, failed.shape[1]):
        left[:, phase] = np.where(failed[:, phase], left[:, phase - 1], left[:, phase])
    at = [w.phase for w in windows]
    return truth, np.where(failed[:, at], left[:, at], truth)


def _mean(time: Any, values: Any, start: float, end: float) -> float:
    """Mean over an interval of what is linear between the points of the run."""
    inside = (time > start) & (time < end)
    x = np.concatenate([[start], time[inside], [end]])
    y = np.concatenate([[np.interp(start, time, values)], values[inside], [np.interp(end, time, values)]])
    if not end > start:
        return float(y[0])
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1])) / 2 / (end - start))
