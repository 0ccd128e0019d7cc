"""Members run one by one with SciPy: the reference that every faster path is held to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from ..batch import Batch
from ..dataset import provenance, variables
from ..errors import ParameterError, SolveError
from ..schedule import Schedule, Segment
from .integrate import Tolerances, integrate
from .reduced import conserved

if TYPE_CHECKING:
    import xarray

    from ..model import Model

__all__ = ["run_members"]


def run_members(
    model: Model,
    plan: Schedule,
    batch: Batch,
    held: set[str],
    samples: Any,
    tolerances: Tolerances,
    method: str,
    progress: bool | None,
) -> xarray.Dataset:
    """Every member of a batch through the segments of a plan."""
    members = []
    for i in _progress(batch.size, progress):
        point = batch.at(i)
        here = model.replace({k: v for k, v in point.items() if k in model.values or k in model.program.states})
        members.append(_Run(here, plan.member(point), held, samples, tolerances, method).dataset())
    return _stacked(members, batch)


# --- one run ------------------------------------------------------------------------------------------


class _Run:
    """One member: integrates segment after segment and collects what the Dataset needs."""

    def __init__(
        self,
        model: Model,
        segments: tuple[Segment, ...],
        held: set[str],
        samples: Any,
        tolerances: Tolerances,
        method: str,
    ) -> None:
        self.model, self.segments, self.samples, self.tolerances = model, segments, samples, tolerances
        self.method = method
        self.names = list(model.program.states)
        self.held = [i for i, name in enumerate(self.names) if name in held]
        self.times: list[Any] = []
        self.states: list[Any] = []
        self.labels: list[str] = []
        self.values: list[dict[str, Any]] = []
        self.totals: list[dict[str, float]] = []

    def dataset(self) -> xarray.Dataset:
        model, t = self.model, 0.0
        y = np.array([model.initial[name] for name in self.names])
        for segment in self.segments:
            model, y = segment.begun(model, y)
            if segment.duration == 0:
                continue
            point = dict(zip(self.names, map(float, y)))
            self.totals.append({law.name: float(law.total(point)) for law in conserved(model)})
            times, states, failure = integrate(
                model, y, t, segment, self.held, self.samples, self.tolerances, self.method
            )
            self._collect(model, segment, times, states)
            if failure:
                partial = self._assembled() if self.times else None
                raise SolveError(failure, partial)
            t, y = times[-1], states[:, -1].copy()
        return self._assembled()

    def _collect(self, model: Model, segment: Segment, times: Any, states: Any) -> None:
        if not len(times):
            return
        times = np.array(times)
        if self.times and times[0] <= self.times[-1][-1]:
            times[0] = np.nextafter(self.times[-1][-1], np.inf)
        self.times.append(times)
        self.states.append(states)
        self.labels += [segment.label] * len(times)
        with np.errstate(all="ignore"):
            values = model.program.run(model.components, dict(zip(self.names, states)))
        doses = {a: v for a, v in model.values.items() if a in self._changed()}
        values = {k: np.broadcast_to(v, times.shape) for k, v in values.items()}
        self.values.append(values | {a: np.full(times.shape, v) for a, v in doses.items()})

    def _changed(self) -> list[str]:
        targets = (change.target for segment in self.segments for change in segment.changes)
        return list(dict.fromkeys(target for target in targets if target not in self.names))

    def _assembled(self) -> xarray.Dataset:
        import xarray

        joined = {k: np.concatenate([v[k] for v in self.values]) for k in self.values[0]}
        constant = {
            k
            for k in self.model.statements
            if k in joined and k in self.model.program.still and (joined[k] == joined[k][0]).all()
        }
        joined = {k: (v[0] if k in constant else v) for k, v in joined.items()}
        times = np.concatenate(self.times)
        data = variables(self.model, joined, ("time",), times.shape, self.model.reported)
        for address in self._changed():
            unit = self.model.declared(address).unit
            data[address] = ("time", joined[address], {"units": unit, "long_name": address})
        coordinates = {
            "time": ("time", times, {"units": self.model.time_unit, "long_name": "time", "symbol": "t"}),
            "segment": ("time", np.array(self.labels, dtype=str), {"long_name": "what was done last"}),
        }
        attrs = provenance(
            self.model,
            calculation="simulate",
            rtol=self.tolerances.rtol,
            atol=list(self.tolerances.atol),
            clamped=[self.names[i] for i in self.held],
            conserved=self.totals,
            additions=_boundaries(self.times),
        )
        return xarray.Dataset(data, coordinates, attrs)


def _boundaries(times: list[Any]) -> list[float]:
    return [float(t[0]) for t in times[1:]]


# --- batches -------------------------------------------------------------------------------------------


def _progress(size: int, wanted: bool | None) -> Any:
    show = wanted if wanted is not None else size >= 20 and sys.stderr.isatty()
    if not show:
        return range(size)
    from tqdm import tqdm

    return tqdm(range(size), desc="simulating", unit="run", file=sys.stderr)


def _stacked(members: list[Any], batch: Batch) -> Any:
    """One Dataset over the batch's dimensions; all members share the segment times."""
    import xarray

    if not batch.dims:
        return members[0]
    if len({m.sizes["time"] for m in members}) > 1:
        raise ParameterError("wait_until ends at different times for different members; run them one by one.")
    first = members[0]
    data = {}
    for name, variable in first.data_vars.items():
        # A quantity may be constant in one member (at dose 0, say) and vary in another.
        widest = max((m[name] for m in members), key=lambda v: v.ndim)
        stack = np.stack([np.broadcast_to(m[name].values, widest.shape) for m in members])
        data[name] = ((*batch.dims, *widest.dims), stack.reshape(*batch.shape, *widest.shape), variable.attrs)
    return xarray.Dataset(data, dict(first.coords) | batch.labels, first.attrs)
