"""Time courses: one stiff solve per segment of a protocol, restarted at every addition."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .batch import Batch
from .dataset import provenance, variables
from .errors import ParameterError, SolveError
from .integrate import Tolerances, integrate
from .library import with_drugs_of
from .protocol import Protocol
from .schedule import Segment, schedule

if TYPE_CHECKING:
    import xarray

    from .model import Model

__all__ = ["simulate"]

RTOL = 1e-8
SAMPLES = 200


def simulate(
    model: Model,
    protocol: Protocol | None = None,
    t_end: float | None = None,
    *,
    conditions: Mapping[str, Any] | None = None,
    start: Mapping[str, Any] | None = None,
    clamped: Sequence[str] = (),
    samples: int | Sequence[float] = SAMPLES,
    rtol: float = RTOL,
    atol: float | None = None,
    progress: bool | None = None,
) -> xarray.Dataset:
    """Run a protocol on a model.

    Parameters
    ----------
    model : Model
    protocol : Protocol, optional
        Steps of the experiment; without one, nothing is added.
    t_end : float, optional
        End of the run (min): the length of a run without protocol, or an extension of the last wait.
    conditions : mapping, optional
        Parameters by address and start values by state, as in `steady_state`. Arrays here or in the steps of
        the protocol make dimensions.
    start : mapping or Dataset, optional
        Start values of states, such as the last point of another run.
    clamped : sequence of str
        States held at their start values, besides those the model holds (oxygen, unless the protocol says that the
        chamber is closed).
    samples : int or sequence of float
        Output points per segment (denser just after each addition), or the times of output (min).
    rtol, atol : float
        Tolerances of the solver; ``atol`` is in units of each state's declared scale (default ``rtol``/100).
    progress : bool, optional
        Show progress over the members of a batch; by default if it takes a while in a terminal.

    Returns
    -------
    Dataset
        Over ``time`` (min), with the coordinate ``segment``. Parameters that the protocol changes, such as
        ``FCCP.dose``, are in it by their address. Both sides of an addition are there: the later one
        stands at the next larger floating-point time.

    Raises
    ------
    SolveError
        If a law fails or the solver does; it names the law, the time and the values, and carries the result
        up to there as ``partial``.
    """
    if not isinstance(protocol, Protocol):
        protocol = Protocol(protocol or ())
    if not (isinstance(rtol, int | float) and 1e-13 < rtol < 0.1):
        raise ParameterError(f"rtol = {rtol!r} is outside (1e-13, 0.1).")
    plan = schedule(with_drugs_of(model, conditions or {}), protocol, t_end)
    model = plan.model.release(*plan.model.held("steady_state")) if protocol.closed else plan.model
    named = {model.find(k)[1]: model.check(k, v) for k, v in (conditions or {}).items()}
    for name, value in (start or {}).items():
        if name in model.program.states:
            named.setdefault(name, model.check(name, value if getattr(value, "ndim", 0) else float(value)))
    units = {name: model.declared(name).unit for name in named}
    batch = Batch.of(named | plan.columns(), units, set(model.program.states))
    held = {*model.held("simulate"), *(model.state(name) for name in clamped)}
    tolerances = Tolerances(model, rtol, rtol / 100 if atol is None else atol)
    members = []
    for i in _progress(batch.size, progress):
        point = batch.at(i)
        here = model.replace({k: v for k, v in point.items() if k in named})
        members.append(_Run(here, plan.member(point), held, samples, tolerances).dataset())
    ds = _stacked(members, batch)
    ds.attrs["protocol"] = json.dumps({"steps": protocol.rows, "closed": protocol.closed})
    ds.attrs["solver"] = "LSODA, exact Jacobian, restarted at every addition"
    return ds


# --- one run ------------------------------------------------------------------------------------------


class _Run:
    """One member: integrates segment after segment and collects what the Dataset needs."""

    def __init__(
        self, model: Model, segments: tuple[Segment, ...], held: set[str], samples: Any, tolerances: Tolerances
    ) -> None:
        self.model, self.segments, self.samples, self.tolerances = model, segments, samples, tolerances
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
            parameters = model.values
            for change in segment.changes:
                if change.target in self.names:
                    i = self.names.index(change.target)
                    y[i] = model.check(change.target, change.applied(y[i]))
                else:
                    parameters[change.target] = change.applied(parameters[change.target])
            model = model.replace({c.target: parameters[c.target] for c in segment.changes if c.target in parameters})
            if segment.duration == 0:
                continue
            point = dict(zip(self.names, map(float, y)))
            self.totals.append({law.name: float(law.total(point)) for law in model.conservation_laws()})
            times, states, failure = integrate(model, y, t, segment, self.held, self.samples, self.tolerances)
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
            if k in joined and _is_fixed(self.model, k) and (joined[k] == joined[k][0]).all()
        }
        joined = {k: (v[0] if k in constant else v) for k, v in joined.items()}
        times = np.concatenate(self.times)
        data = variables(self.model, joined, ("time",), times.shape)
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


def _is_fixed(model: Model, name: str) -> bool:
    """True for a quantity that no state reaches."""
    return not any(s in model.program.states for st in model.program.needed([name]) for s in st.inputs)


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
    return xarray.Dataset(data, dict(first.coords) | batch.coordinates, first.attrs)
