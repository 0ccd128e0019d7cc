"""Many runs at once in NumPy: what SciPy and the compiled tiles give, member by member."""

import numpy as np
import pytest
import xarray

import mitochem as mc
from mitochem.core.ensemble import draws

PROTOCOL = mc.Protocol().wait(2, "state 2").add(ADP=0.3).wait(3, "state 3-4").add(FCCP=0.2).wait(1, "uncoupled")
TABLE = draws({"leak.amplitude": ("lognormal", 0.6, 0.3), "electron_transport.capacity": (300.0, 600.0)}, 24, seed=6)
OPTIONS = {"times": np.linspace(0.0, 6.0, 25), "outputs": ["delta_psi", "pH_matrix", "adp_bath", "J_O2"]}
NUMPY = "rosenbrock, NumPy"


def largest_difference(one, other):
    return max(float((np.abs(one[n] - other[n]) / np.abs(other[n]).max()).max()) for n in OPTIONS["outputs"])


@pytest.fixture(scope="module")
def in_numpy(mitochondria):
    return mitochondria.ensemble(TABLE, PROTOCOL, solver=NUMPY, rtol=1e-9, **OPTIONS)


def test_it_agrees_with_scipy(mitochondria, in_numpy):
    scipy = mitochondria.ensemble(TABLE, PROTOCOL, solver="lsoda", rtol=1e-10, **OPTIONS)
    assert in_numpy.success.all()
    assert in_numpy.attrs["solver"] == NUMPY
    assert largest_difference(in_numpy, scipy) < 1e-6


def test_it_agrees_with_tiles(mitochondria, in_numpy):
    pytest.importorskip("numba")
    tiles = mitochondria.ensemble(TABLE, PROTOCOL, solver="rosenbrock", rtol=1e-9, **OPTIONS)
    assert largest_difference(in_numpy, tiles) < 1e-8


@pytest.mark.parametrize("chunk", [1, 5, 24])
def test_chunks_change_no_bit(mitochondria, in_numpy, chunk):
    again = mitochondria.ensemble(TABLE, PROTOCOL, solver=NUMPY, rtol=1e-9, chunk=chunk, **OPTIONS)
    xarray.testing.assert_identical(again, in_numpy)


@pytest.mark.parametrize("solver", [NUMPY, "rosenbrock"])
def test_members_part_ways_at_an_event(mitochondria, solver):
    if solver == "rosenbrock":
        pytest.importorskip("numba")
    protocol = mc.Protocol().add(ADP=0.2).wait_until(adp_bath=("<", 0.01), at_most=20).add(FCCP=0.3).wait(1)
    options = {"times": np.linspace(0.0, 4.0, 81), "outputs": ["delta_psi", "adp_bath"]}
    here = mitochondria.ensemble(TABLE, protocol, solver=solver, rtol=1e-9, **options)
    there = mitochondria.ensemble(TABLE, protocol, solver="lsoda", rtol=1e-10, **options)
    assert here.success.all()
    ends = np.isfinite(here.delta_psi).sum("time")
    assert ends.min() < ends.max()  # they end at times of their own
    np.testing.assert_array_equal(np.isfinite(here.delta_psi), np.isfinite(there.delta_psi))
    np.testing.assert_allclose(here.delta_psi, there.delta_psi, atol=2e-4)


def test_what_holds_already_is_not_waited_for(mitochondria):
    protocol = mc.Protocol().wait_until(delta_psi=(">", -1.0), at_most=5).wait(1)
    ds = mitochondria.ensemble(TABLE, protocol, solver=NUMPY, times=[0.5, 1.0, 1.5], outputs=["delta_psi"])
    assert np.isfinite(ds.delta_psi.sel(time=[0.5, 1.0])).all()
    assert np.isnan(ds.delta_psi.sel(time=1.5)).all()


def test_a_member_that_fails_says_why_and_leaves_the_others_alone(mitochondria):
    capacity = np.array([0.0, 50.0, 5e4])
    start = {"atp_bath": 0.5}
    table = {"load.capacity": capacity}
    here = mitochondria.ensemble(table, t_end=5.0, conditions=start, solver=NUMPY, samples=5, outputs=["atp_bath"])
    there = mitochondria.ensemble(table, t_end=5.0, conditions=start, solver="lsoda", samples=5, outputs=["atp_bath"])
    np.testing.assert_array_equal(here.success, there.success)
    np.testing.assert_allclose(here.atp_bath, there.atp_bath, rtol=1e-5, atol=1e-8)


def test_many_members_without_numba_are_solved_in_numpy(mitochondria, monkeypatch):
    monkeypatch.setenv("MITOCHEM_COMPILED", "0")
    table = draws({"leak.amplitude": ("lognormal", 0.6, 0.3)}, 120, seed=6)
    ds = mitochondria.ensemble(table, t_end=0.5, samples=3, outputs=["pmf"])
    assert ds.attrs["solver"] == NUMPY
    few = mitochondria.ensemble({"leak.amplitude": [0.5, 0.6]}, t_end=0.5, samples=3, outputs=["pmf"])
    assert few.attrs["solver"] == "lsoda"
