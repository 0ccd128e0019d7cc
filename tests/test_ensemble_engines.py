"""Where chunks are solved changes no bit of the result, and a worker that dies costs nothing but time."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import signal
import sys

import numpy as np
import pytest
import xarray

import mitochem as mc
from mitochem.core.ensemble import Quantiles, draws, open_store

DISTRIBUTIONS = {"leak.amplitude": ("lognormal", 0.6, 0.3), "load.capacity": (0.0, 100.0)}
TABLE = draws(DISTRIBUTIONS, 48, seed=4)
OPTIONS = {"t_end": 2.0, "samples": 6, "rtol": 1e-6, "outputs": ["J_O2", "delta_psi"], "chunk": 6}


class Killing:
    """A table that kills a worker when the members of a certain chunk are asked for: in the middle of the others."""

    def __init__(self, kill, at):
        self.kill, self.at, self.killed = kill, at, False

    def __call__(self, first, last):
        if first >= self.at and not self.killed:
            self.killed = True
            self.kill()
        return TABLE.columns(first, last)


@pytest.fixture(scope="module")
def expected(mitochondria):
    return mitochondria.ensemble(TABLE, **OPTIONS)


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed", reason="dask[distributed] is not installed (extra `scale`)")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def spawning(workers):
    return concurrent.futures.ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def test_an_executor_gives_the_same_bits(mitochondria, expected):
    with spawning(2) as pool:
        xarray.testing.assert_identical(mitochondria.ensemble(TABLE, engine=pool, **OPTIONS), expected)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        xarray.testing.assert_identical(mitochondria.ensemble(TABLE, engine=pool, **OPTIONS), expected)


def test_a_cluster_gives_the_same_bits(mitochondria, expected, client):
    xarray.testing.assert_identical(mitochondria.ensemble(TABLE, engine=client, **OPTIONS), expected)


def test_reductions_have_the_same_bits_on_a_cluster(mitochondria, client):
    table = draws(DISTRIBUTIONS, 300, seed=4)
    options = {"outputs": ["J_O2"], "reduce": ["mean", "sd", Quantiles(0.1, 0.9)]}
    here = mitochondria.ensemble(table, **options)
    there = mitochondria.ensemble(table, engine=client, chunk=64, **options)
    xarray.testing.assert_identical(there, here)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_worker_loses_nothing(mitochondria, client, tmp_path):
    pids = client.run(os.getpid)
    lost = []

    def kill():
        # The one to go is in the middle of a chunk, which is lost half done.
        address, chunks = max(client.processing().items(), key=lambda item: len(item[1]))
        lost.extend(chunks)
        os.kill(pids[address], signal.SIGKILL)

    # Slow enough runs that the other chunks on their way are not done before the first has come back.
    options = OPTIONS | {"t_end": 20.0, "samples": 400, "rtol": 1e-9, "solver": "lsoda"}
    expected = mitochondria.ensemble(TABLE, **options)
    table = Killing(kill, at=24)
    ds = mitochondria.ensemble(table, members=48, engine=client, store=tmp_path / "runs", **options)
    assert lost
    assert ds.success.all()
    for name in ("J_O2", "delta_psi"):
        assert (ds[name].values == expected[name].values).all()
    client.wait_for_workers(2)
    assert set(client.run(os.getpid).values()) != set(pids.values())


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_store_goes_on_where_dead_workers_left_it(mitochondria, expected, tmp_path):
    pool = spawning(1)
    table = Killing(lambda: os.kill(next(iter(pool._processes)), signal.SIGKILL), at=24)
    with pytest.raises(mc.SolveError, match="BrokenProcessPool") as error, pool:
        mitochondria.ensemble(table, members=48, engine=pool, store=tmp_path / "runs", **OPTIONS)
    done = error.value.partial.success.values
    assert 0 < done.sum() < 48
    assert (error.value.partial.message.values[~done] == "not run: BrokenProcessPool").all()
    assert open_store(tmp_path / "runs").success.sum() == done.sum()
    again = mitochondria.ensemble(table, members=48, store=tmp_path / "runs", **OPTIONS)
    assert again.success.all()
    assert (again.J_O2.values == expected.J_O2.values).all()


def test_a_component_of_a_script_travels(mitochondria, client):
    leak = type(mitochondria.components["leak"])
    own = type("OwnLeak", (leak,), {"__doc__": leak.__doc__, "__module__": "__main__"})
    model = mitochondria.with_component(mc.component(own)().named("leak"))
    ds = model.ensemble({"leak.amplitude": np.linspace(0.3, 0.9, 4)}, engine=client, outputs=["J_O2"], chunk=2)
    here = mitochondria.ensemble({"leak.amplitude": np.linspace(0.3, 0.9, 4)}, outputs=["J_O2"])
    np.testing.assert_allclose(ds.J_O2.values, here.J_O2.values, rtol=1e-9)


def test_a_law_that_is_wrong_is_reported_with_what_is_finished(minimal, monkeypatch):
    from mitochem.core.ensemble import layout

    original = layout.solve_chunk

    def failing(task, columns, stopped):
        if columns["leak.conductance"][0] > 0.3:
            raise TypeError("a mistake in the code")
        return original(task, columns, stopped)

    monkeypatch.setattr(layout, "solve_chunk", failing)
    table = {"leak.conductance": np.linspace(0.1, 0.5, 10)}
    with pytest.raises(mc.SolveError, match="TypeError: a mistake in the code") as error:
        minimal.ensemble(table, outputs=["pmf"], chunk=1, workers=1)
    assert error.value.partial.success.values.tolist() == [True] * 5 + [False] * 5
