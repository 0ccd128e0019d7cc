"""Many members at once: the public function, progress, and what happens when it is interrupted."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MitochemError, ParameterError, SolveError
from .engines import Job, check_engine, completed, default_workers
from .memory import Memory
from .plan import Plan, make_plan
from .store import Store, solver_of

if TYPE_CHECKING:
    import xarray

    from ..model import Model

__all__ = ["ensemble"]

RTOL = 1e-8
SAMPLES = 200


def ensemble(
    model: Model,
    parameters: Any = None,
    protocol: Any = None,
    t_end: float | None = None,
    *,
    members: int | None = None,
    conditions: Mapping[str, Any] | None = None,
    outputs: Sequence[str] | None = None,
    times: Any = None,
    samples: int = SAMPLES,
    readouts: Mapping[str, Any] | None = None,
    reduce: Any = None,
    keep: bool | None = None,
    clamped: Sequence[str] = (),
    rtol: float = RTOL,
    atol: float | None = None,
    solver: str = "auto",
    engine: Any = None,
    workers: int | None = None,
    chunk: int | None = None,
    store: str | Path | None = None,
    share: tuple[int, int] | None = None,
    progress: bool | None = None,
) -> xarray.Dataset:
    """Run a protocol on many members, or find their steady states.

    Parameters
    ----------
    model : Model
    parameters : DataFrame, Dataset, dict of arrays, list of dicts, `draws`, `saltelli`, or callable
        One row a member: parameters by address, start values by state, doses by drug. A callable takes ``(first,
        last)`` and gives the columns of these members, always the same; it needs ``members``.
    protocol : Protocol, optional
        As for `simulate`. An amount may be an array with one value a member, or the name of a column of the table.
    t_end : float, optional
        End of the run. Without it and without a protocol, steady states are found.
    conditions : mapping, optional
        Parameters and start values that all members share.
    outputs : sequence of str, optional
        Quantities to put out; by default all that change with a state, or none if there are ``readouts``.
    times : sequence of float, optional
        Times of output; that of an addition means just before it. By default ``samples`` per segment.
    readouts : mapping, optional
        Numbers taken of a time course at the times of output: ``{"peak": ("J_O2", "max"), "state 3": ("J_O2",
        "mean", "state 3")}``, of max, min, mean, last, integral, time of max, time of min; a third entry is a stretch
        of the protocol or (first, last) time.
    reduce : sequence, optional
        Summaries over members: "mean", "sd", "min", "max", "quantiles", "sobol", or `Quantiles`, `Histogram`,
        `Sobol`. The members themselves are then not kept, unless ``keep``.
    clamped : sequence of str
        States held at their start values, besides those the model holds.
    engine : None, concurrent.futures.Executor or dask.distributed.Client
        Where chunks are solved: threads here, or somewhere else. It changes no number.
    workers, chunk : int, optional
        Chunks at once, and members in each.
    store : path, optional
        Folder in which chunks land as they are done (Zarr if its name ends with ``.zarr``). A second call with the
        same arguments computes what is missing.
    share : (int, int), optional
        This process's number and how many there are, for several processes that fill one store.
    progress : bool, optional
        Show progress; by default if it takes a while in a terminal.

    Returns
    -------
    Dataset
        Over ``member`` (and ``time``), with the varied parameters as coordinates, ``success`` and ``message``; with
        ``reduce``, ``J_O2_mean`` and the like, and the failed members with their messages. Interrupted, it holds
        what is finished.

    Raises
    ------
    ParameterError
        If a name or value is not possible, or the store holds another ensemble.
    SolveError
        If workers are lost or the code fails; it carries what is finished as ``partial``.
    """
    check_engine(engine)
    number = default_workers(engine, workers)
    _check_share(share, store)
    if solver == "auto" and store is not None:
        # What "auto" means depends on what is compiled by now; a store goes on as it was begun.
        solver = solver_of(store) or solver
    plan = make_plan(
        model,
        parameters,
        protocol,
        t_end,
        members=members,
        conditions=conditions,
        outputs=outputs,
        times=times,
        samples=samples,
        readouts=readouts,
        reduce=reduce,
        keep=keep,
        clamped=clamped,
        rtol=rtol,
        atol=atol,
        solver=solver,
        chunk=chunk,
        workers=number,
        stored=store is not None,
    )
    sink = Memory(plan.layout, plan.members) if store is None else Store.at(store, plan.layout, plan.facts())
    wanted = [k for k in range(sink.layout.chunks) if share is None or k % share[1] == share[0]]
    try:
        _fill(sink, plan, wanted, engine, workers, progress)
    except KeyboardInterrupt:
        done = sum(b - a for a, b in map(sink.layout.bounds, sink.finished()))
        print(f"interrupted: {done} of {sink.layout.size} members are finished.", file=sys.stderr)
        return sink.dataset("not run: interrupted")
    return sink.dataset("not run: another process's share" if share else "not run yet")


def _fill(
    sink: Memory | Store, plan: Plan, wanted: list[int], engine: Any, workers: int | None, progress: bool | None
) -> None:
    """Run the chunks that are not there yet."""
    layout, there = sink.layout, sink.finished()
    columns: dict[int, Any] = {}

    def jobs() -> Iterator[Job]:
        for index in wanted:
            if index not in there:
                first, last = layout.bounds(index)
                columns[index] = plan.members.columns(first, last)
                yield index, first, columns[index]

    before = sum(b - a for a, b in (layout.bounds(k) for k in wanted if k in there))
    total = sum(b - a for a, b in map(layout.bounds, wanted))
    parts = completed(engine, workers, plan.task, jobs())
    with contextlib.closing(parts), _progress(total, before, progress) as bar:  # type: ignore[type-var]
        try:
            for index, part in parts:
                sink.put(index, part, columns.pop(index))
                bar.update(layout.bounds(index)[1] - layout.bounds(index)[0])
        except MitochemError:
            raise
        except Exception as error:  # a worker that died, a cluster that is gone, a law that is wrong
            text = f"the ensemble stopped: {type(error).__name__}: {error}"
            raise SolveError(text, sink.dataset(f"not run: {type(error).__name__}")) from error


def _check_share(share: Any, store: Any) -> None:
    if share is None:
        return
    if not (isinstance(share, tuple | list) and len(share) == 2 and 0 <= share[0] < share[1]):
        raise ParameterError(f"share = {share!r} is not possible; it takes (number, of how many), from (0, 1) on.")
    if store is None:
        raise ParameterError("share= needs a store=, in which the shares come together.")


def _progress(total: int, before: int, wanted: bool | None) -> Any:
    """A bar with the time it will take, on stderr once it has taken a second."""
    show = wanted if wanted is not None else total - before >= 20 and sys.stderr.isatty()
    from tqdm import tqdm

    return tqdm(
        total=total, initial=before, desc="ensemble", unit="member", file=sys.stderr, disable=not show, delay=1.0
    )
