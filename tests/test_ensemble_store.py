"""Stores: chunks land whole or not at all, a second call goes on where the first stopped, and nothing is mixed up."""

from __future__ import annotations

import json
import sys
import warnings

import numpy as np
import pytest
import xarray

import mitochem as mc
from mitochem.core.ensemble import Histogram, draws, open_store
from mitochem.core.ensemble import chunk as chunk_module
from mitochem.core.solvers import backend

DISTRIBUTIONS = {"leak.conductance": ("lognormal", 0.2, 0.5)}
TABLE = draws(DISTRIBUTIONS, 24, seed=1)
OPTIONS = {"t_end": 1.0, "samples": 6, "rtol": 1e-6, "outputs": ["J_O2", "pmf"], "chunk": 5}


@pytest.fixture(params=["runs", "runs.zarr"])
def path(request, tmp_path):
    if request.param.endswith("zarr"):
        pytest.importorskip("zarr", reason="zarr is not installed")
    return tmp_path / request.param


@pytest.fixture
def solved(monkeypatch):
    """How many members have been solved so far."""
    count = []
    original = chunk_module._time_course
    monkeypatch.setattr(chunk_module, "_time_course", lambda *a: (count.append(1), original(*a))[1])
    return count


def books(path):
    return path / "mitochem" if path.suffix == ".zarr" else path


def values(ds):
    return ds.compute().drop_attrs()


def test_a_store_gives_what_memory_gives(minimal, path):
    stored = minimal.ensemble(TABLE, store=path, **OPTIONS)
    expected = minimal.ensemble(TABLE, **OPTIONS)
    xarray.testing.assert_identical(stored.compute(), expected)
    xarray.testing.assert_identical(open_store(path).compute(), expected)


def test_a_second_call_solves_only_what_is_missing(minimal, path, solved):
    minimal.ensemble(TABLE, store=path, share=(0, 2), **OPTIONS)
    first = len(solved)
    assert 0 < first < 24
    minimal.ensemble(TABLE, store=path, **OPTIONS)
    assert len(solved) == 24
    again = minimal.ensemble(TABLE, store=path, **OPTIONS | {"chunk": 7, "workers": 1})
    assert len(solved) == 24
    xarray.testing.assert_equal(again.compute(), minimal.ensemble(TABLE, **OPTIONS))


def test_an_interrupted_run_goes_on(minimal, path, capsys):
    table = draws(DISTRIBUTIONS, 24, seed=1)
    stop = {"at": 10}

    class Interrupted(type(table)):
        def columns(self, first, last):
            if first >= stop["at"]:
                raise KeyboardInterrupt
            return super().columns(first, last)

    table.__class__ = Interrupted
    part = minimal.ensemble(table, store=path, **OPTIONS, workers=1)
    done = part.success.values
    assert 0 < done.sum() < 24
    assert set(part.message.values[~done]) == {"not run: interrupted"}
    assert "interrupted" in capsys.readouterr().err
    stop["at"] = 100
    whole = minimal.ensemble(table, store=path, **OPTIONS)
    assert whole.success.all()
    xarray.testing.assert_identical(values(whole), values(minimal.ensemble(TABLE, **OPTIONS)))


def test_reductions_resume_to_the_same_bits(minimal, path):
    table = draws(DISTRIBUTIONS, 300, seed=1)
    options = {"outputs": ["J_O2"], "reduce": ["mean", "sd", "max", "quantiles", Histogram(0, 100)]}
    minimal.ensemble(table, store=path, share=(1, 3), chunk=64, **options)
    found = minimal.ensemble(table, store=path, **options)
    xarray.testing.assert_identical(found.compute(), minimal.ensemble(table, **options))
    assert not any(v.startswith("J_O2") and v.endswith("O2") for v in found.data_vars)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rtol": 1e-7}, "rtol = 1e-06 there, 1e-07 now"),
        ({"outputs": ["pmf"]}, "outputs"),
        ({"t_end": 2.0}, "protocol"),
        ({"conditions": {"membrane.capacitance": 3.0}}, r"membrane.capacitance = .* there, 3.0 now"),
    ],
)
def test_another_ensemble_is_refused_with_what_differs(minimal, path, change, words):
    minimal.ensemble(TABLE, store=path, share=(0, 5), **OPTIONS)
    with pytest.raises(mc.ParameterError, match=words):
        minimal.ensemble(TABLE, store=path, **OPTIONS | change)


def test_a_store_goes_on_with_the_solver_it_was_begun_with(minimal, path, monkeypatch):
    minimal.ensemble(TABLE, store=path, share=(0, 2), solver="lsoda", **OPTIONS)
    # As if machine code had been made since, so that "auto" would now mean that.
    monkeypatch.setattr(backend, "for_members", lambda m, s, h, solver, n: {"auto": "rosenbrock"}.get(solver, solver))
    whole = minimal.ensemble(TABLE, store=path, **OPTIONS)
    assert whole.success.all()
    assert whole.attrs["solver"] == "lsoda"


def test_another_table_is_refused(minimal, path):
    minimal.ensemble({"leak.conductance": [0.1, 0.2]}, store=path, **OPTIONS)
    with pytest.raises(mc.ParameterError, match="the table differs"):
        minimal.ensemble({"leak.conductance": [0.1, 0.3]}, store=path, **OPTIONS)


def test_another_version_is_refused(minimal, path, monkeypatch):
    minimal.ensemble(TABLE, store=path, share=(0, 5), **OPTIONS)
    monkeypatch.setattr(mc, "__version__", "99.0")
    with pytest.raises(mc.ParameterError, match=r"mitochem = .* there, 99.0 now"):
        minimal.ensemble(TABLE, store=path, **OPTIONS)


def test_a_half_written_chunk_does_not_count(minimal, path):
    minimal.ensemble(TABLE, store=path, **OPTIONS)
    marker = books(path) / "done" / "000002.json"
    marker.unlink()
    (books(path) / "done" / "tmpabc.part").write_text("{")
    parts = sorted((books(path) / "parts").glob("*.nc"))
    if parts:
        parts[2].write_bytes(parts[2].read_bytes()[:100])
    part = open_store(path).compute()
    assert part.success.sum() == 19
    assert part.J_O2[~part.success.values].isnull().all() or path.suffix == ".zarr"
    assert set(part.message.values[10:15]) == {"not run yet"}
    whole = minimal.ensemble(TABLE, store=path, **OPTIONS).compute()
    xarray.testing.assert_identical(values(whole), values(minimal.ensemble(TABLE, **OPTIONS)))


def test_shares_come_together(minimal, path):
    for number in range(3):
        minimal.ensemble(TABLE, store=path, share=(number, 3), **OPTIONS)
    whole = open_store(path).compute()
    xarray.testing.assert_identical(values(whole), values(minimal.ensemble(TABLE, **OPTIONS)))


def test_reasons_of_failures_are_in_the_store(minimal, path):
    table = draws({"leak.conductance": ("normal", 0.1, 0.1)}, 12, seed=3)
    ds = minimal.ensemble(table, store=path, **OPTIONS)
    again = open_store(path)
    bad = ~again.success.values
    assert bad.any()
    assert all("outside" in m for m in again.message.values[bad])
    assert (again.message.values == ds.message.values).all()


def test_a_zarr_store_is_readable_by_others(minimal, tmp_path):
    pytest.importorskip("zarr", reason="zarr is not installed")
    path = tmp_path / "runs.zarr"
    expected = minimal.ensemble(TABLE, **OPTIONS)
    minimal.ensemble(TABLE, store=path, **OPTIONS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plain = xarray.open_zarr(path, consolidated=False)
    assert (plain.J_O2.values == expected.J_O2.values).all()
    assert plain.J_O2.attrs["units"] == "nmol/min/mg"
    assert plain.attrs["model"] == "minimal"


def test_a_store_is_opened_without_reading_the_members(minimal, path):
    pytest.importorskip("dask", reason="dask is not installed")
    minimal.ensemble(TABLE, store=path, **OPTIONS)
    ds = open_store(path)
    assert ds.J_O2.chunks is not None
    assert ds.J_O2.chunks[0] == (5, 5, 5, 5, 4)


def test_a_store_without_dask_is_read_whole(minimal, path, monkeypatch):
    expected = minimal.ensemble(TABLE, **OPTIONS)
    minimal.ensemble(TABLE, store=path, **OPTIONS)
    monkeypatch.setitem(sys.modules, "dask", None)
    monkeypatch.setitem(sys.modules, "dask.array", None)
    ds = open_store(path)
    assert ds.J_O2.chunks is None
    xarray.testing.assert_identical(ds, expected)


def test_without_zarr_the_way_out_is_named(minimal, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    with pytest.raises(mc.MitochemError, match=r"mitochem\[scale\]"):
        minimal.ensemble(TABLE, store=tmp_path / "runs.zarr", **OPTIONS)
    assert not list(tmp_path.iterdir())


def test_what_is_no_store_is_refused(minimal, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(mc.ReaderError, match="not the store of an ensemble"):
        minimal.ensemble(TABLE, store=tmp_path, **OPTIONS)
    with pytest.raises(mc.ParameterError, match="is a folder"):
        minimal.ensemble(TABLE, store=tmp_path / "runs.nc", **OPTIONS)
    with pytest.raises(mc.ReaderError, match="manifest"):
        open_store(tmp_path / "missing")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_store_of_another_format_is_refused(minimal, path):
    minimal.ensemble(TABLE, store=path, share=(0, 5), **OPTIONS)
    manifest = json.loads((books(path) / "manifest.json").read_text())
    (books(path) / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(mc.ReaderError, match="format 99"):
        open_store(path)


def test_doses_by_member_are_in_the_store(minimal, mitochondria, path):
    added = np.array([0.1, 0.2, 0.3])
    protocol = mc.Protocol().add(ADP=added).wait(1)
    ds = mitochondria.ensemble({}, protocol, store=path, outputs=["adp_bath"], samples=4, rtol=1e-6)
    assert ds.adp_bath_added.values.tolist() == added.tolist()
    assert "adp_bath_added" in ds.attrs["protocol"]
