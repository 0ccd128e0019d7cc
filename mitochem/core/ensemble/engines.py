"""Where chunks are solved: threads here, any executor of concurrent.futures, or a Dask cluster.

All three are asked for a few chunks more than they have workers, so that a table of any length is never in memory as a
whole, and give parts back in whatever order they are done.
"""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from typing import Any

from ..arguments import whole_number
from ..errors import ParameterError
from .layout import Part, work
from .task import Task

__all__ = ["Job", "check_engine", "completed", "default_workers", "each"]

Job = tuple[int, int, dict[str, Any]]
"""Number of the chunk, its first member, its columns."""

RETRIES = 3
"""How often a cluster may run a chunk again whose worker failed."""


def is_dask(engine: Any) -> bool:
    return any(c.__module__.startswith("distributed.") and c.__name__ == "Client" for c in type(engine).__mro__)


def check_engine(engine: Any) -> None:
    """Refuse what cannot take chunks."""
    if engine is not None and not isinstance(engine, Executor) and not is_dask(engine):
        raise ParameterError(
            f"engine = {engine!r} cannot run chunks; it takes None (threads here), an executor of concurrent.futures, "
            "or a dask.distributed.Client."
        )


def default_workers(engine: Any, workers: int | None) -> int:
    """How many chunks are solved at once."""
    if workers is not None:
        return whole_number(workers, "workers", 1)
    if is_dask(engine):
        return max(1, sum(engine.nthreads().values()))
    return int(getattr(engine, "_max_workers", 0) or os.cpu_count() or 1)


def completed(engine: Any, workers: int | None, task: Task, jobs: Iterable[Job]) -> Iterator[tuple[int, Part]]:
    """Parts by number of their chunk, as they are done; leaving the iterator early calls the rest off."""
    if is_dask(engine):
        yield from _on_cluster(engine, workers, task, jobs, work)
    elif engine is not None:
        yield from _on_executor(engine.submit, 2 * default_workers(engine, workers), task, jobs, work)
    else:
        yield from _on_threads(default_workers(None, workers), task, jobs)


def each(
    engine: Any, task: Any, jobs: Sequence[tuple[Any, Any]], function: Callable[..., Any], what: str,
    progress: bool | None = None,
) -> Iterator[tuple[Any, Any]]:  # fmt: skip
    """``(key, function(task, argument))`` of every job (key, argument), as they are done, here one by one or elsewhere.

    ``what`` they are is shown beside a bar on stderr, by default on a terminal once it has taken a second.
    """
    from tqdm import tqdm

    show = progress if progress is not None else len(jobs) > 1 and sys.stderr.isatty()
    with tqdm(total=len(jobs), desc=what, file=sys.stderr, disable=not show, delay=1.0) as bar:
        if engine is None:
            parts: Iterator[tuple[Any, Any]] = ((key, function(task, argument)) for key, argument in jobs)
        elif is_dask(engine):
            parts = _on_cluster(engine, None, task, jobs, function)
        else:
            parts = _on_executor(engine.submit, 2 * default_workers(engine, None), task, jobs, function)
        with contextlib.closing(parts):  # type: ignore[type-var]
            for done in parts:
                bar.update()
                yield done


def _on_threads(workers: int, task: Task, jobs: Iterable[Job]) -> Iterator[tuple[int, Part]]:
    stop = threading.Event()
    with ThreadPoolExecutor(workers, thread_name_prefix="mitochem") as pool:
        try:
            function = functools.partial(work, stopped=stop.is_set)
            yield from _on_executor(pool.submit, workers + 1, task, jobs, function)
        finally:
            stop.set()  # threads cannot be ended from outside: they look at this between members


def _on_executor(
    submit: Callable[..., Future[Any]], window: int, task: Any, jobs: Iterable[Any], function: Callable[..., Any]
) -> Iterator[tuple[Any, Any]]:
    running: dict[Future[Any], Any] = {}
    jobs = iter(jobs)
    try:
        while True:
            while len(running) < window and (job := next(jobs, None)) is not None:
                running[submit(function, task, *job[1:])] = job[0]
            if not running:
                return
            # The timeout is for Windows, where a wait without one cannot be interrupted.
            done = wait(running, timeout=1.0, return_when=FIRST_COMPLETED).done
            for future in sorted(done, key=_failed):  # what is good is kept before a failure ends it all
                yield running.pop(future), future.result()
    finally:
        for future in running:
            future.cancel()


def _failed(future: Future[Any]) -> bool:
    return future.exception() is not None


def _on_cluster(
    client: Any, workers: int | None, task: Any, jobs: Iterable[Any], function: Callable[..., Any]
) -> Iterator[tuple[Any, Any]]:
    from distributed import as_completed

    running: dict[str, tuple[Any, Any]] = {}
    jobs = iter(jobs)
    waiting = as_completed(raise_errors=False)

    def fill() -> None:
        # Counted each time: a cluster grows and shrinks while it runs.
        window = 2 * default_workers(client, workers)
        while len(running) < window and (job := next(jobs, None)) is not None:
            # Impure, or two ensembles of one task would share a future and calling off one would end the other.
            future = client.submit(function, task, *job[1:], pure=False, retries=RETRIES)
            running[future.key] = job[0], future
            waiting.add(future)

    try:
        fill()
        for future in waiting:
            part = future.result()
            yield running.pop(future.key)[0], part
            fill()
    finally:
        if running:
            client.cancel([future for _, future in running.values()])
