"""Time courses: one stiff solve per segment of a protocol, restarted at every addition."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import names_in, pairs_in
from ..batch import Batch
from ..dataset import outputs_of
from ..errors import ParameterError
from ..library import with_drugs_of
from ..protocol import Protocol
from ..schedule import Schedule, schedule
from . import backend
from .integrate import Tolerances
from .runs import run_members

if TYPE_CHECKING:
    import xarray

    from ..model import Model

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
    solver: str = "auto",
    outputs: Sequence[str] | None = None,
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
    solver : {"auto", "lsoda", "bdf", "radau", "rosenbrock"}
        SciPy's solvers, or Rodas5P: compiled, all members at once, where numba is installed, else through SciPy.
        "auto" takes LSODA, or the compiled one as soon as making and loading it costs less than it saves.
    outputs : sequence of str, optional
        Names of the states and quantities wanted; by default all.
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
        protocol = Protocol(() if protocol is None else protocol)
    if not (isinstance(rtol, int | float) and 1e-13 < rtol < 0.1):
        raise ParameterError(f"rtol = {rtol!r} is outside (1e-13, 0.1).")
    conditions = pairs_in(conditions, "conditions")
    plan = schedule(with_drugs_of(model, conditions), protocol, t_end)
    model = plan.model.release(*plan.model.held("steady_state")) if protocol.closed else plan.model
    named = {model.find(k)[1]: model.check(k, v) for k, v in conditions.items()}
    named |= {k: v for k, v in model.starting(start).items() if k not in named}
    units = {name: model.declared(name).unit for name in named}
    batch = Batch.of(named | plan.columns(), units, set(model.program.states))
    held = {*model.held("simulate"), *map(model.state, names_in(clamped, "clamped"))}
    tolerances = Tolerances(model, rtol, rtol / 100 if atol is None else atol)
    wanted = outputs_of(model, outputs)

    def solved(plan: Schedule) -> xarray.Dataset:
        method = backend.for_courses(model, plan, batch, held, solver)
        if method == "compiled":
            from ..lanes.dataset import simulated

            # What goes wrong is told by the run that can name the law: SciPy's.
            ds = simulated(model, plan, batch, held, samples, tolerances, wanted)
            if ds is not None:
                return ds
            method = "Rodas5P" if solver == "rosenbrock" else "LSODA"
        ds = run_members(model, plan, batch, held, samples, tolerances, method, progress)[[*wanted, *plan.changed()]]
        ds.attrs["solver"] = f"{method}, exact Jacobian, restarted at every addition"
        return ds

    ds = solved(plan)
    if isinstance(samples, int) and any(segment.until for segment in plan.segments):
        ds = solved(_as_long_as_it_took(plan, ds))
    ds.attrs["protocol"] = json.dumps({"steps": protocol.rows, "closed": protocol.closed})
    return ds


def _as_long_as_it_took(plan: Schedule, ds: xarray.Dataset) -> Schedule:
    """The plan with every wait for something as long as it was, so that output is spread over that time.

    A wait for what is so already takes no time, and stays a wait.
    """
    additions = ds.attrs["additions"]
    starts = json.loads(additions) if isinstance(additions, str) else list(additions)
    ends = [*starts, float(ds["time"][-1])]
    took = iter(np.diff([0.0, *ends]).tolist())
    segments = [(s, next(took) if s.duration else 0.0) for s in plan.segments]
    return dataclasses.replace(
        plan,
        segments=tuple(
            dataclasses.replace(s, duration=length, until=None) if s.until and length > 1e-9 * s.duration else s
            for s, length in segments
        ),
    )
