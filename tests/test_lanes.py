"""A member's result is the same to the last bit in whatever company, order and number of threads it is solved."""

import os

import numpy as np
import pytest
import shipped
import xarray

from mitochem import Protocol

pytest.importorskip("numba")

from mitochem.core.lanes import tiles
from mitochem.core.lanes.trace import WIDTH

MEMBERS = 1000
STATES = ("isolated_mitochondria", "qamas_in_vitro", "detailed")
RUN = Protocol().wait(1).add(ADP=0.3).wait(1)


def same_bits(a, b):
    assert set(a) == set(b)
    for name in a:
        x, y = a[name].values, b[name].values
        if x.dtype.kind == "f":
            np.testing.assert_array_equal(x.view(np.uint64), np.broadcast_to(y, x.shape).copy().view(np.uint64), name)
        else:
            np.testing.assert_array_equal(x, y, name)


def columns(name, count=MEMBERS):
    return shipped.wild(name, count, seed=11, factor=10.0, demand=False)


def picked(of, which):
    return {address: column[which] for address, column in of.items()}


def steady(name, of, **options):
    return shipped.model(name).steady_state(of, compiled=True, **options)


def course(of, **options):
    options = {"solver": "rosenbrock", "samples": 12, "outputs": ["delta_psi", "adp_bath", "J_O2"]} | options
    return shipped.model("isolated_mitochondria").simulate(RUN, conditions=of, **options)


@pytest.fixture(scope="module", params=STATES)
def whole(request):
    return request.param, columns(request.param), steady(request.param, columns(request.param))


@pytest.fixture(scope="module")
def whole_course():
    return columns("isolated_mitochondria"), course(columns("isolated_mitochondria"))


@pytest.mark.parametrize("member", [0, 7, 8, 499, 500, 999])
def test_a_point_alone_is_the_point_in_a_thousand(whole, member):
    name, of, ds = whole
    which = slice(member, member + 1)
    same_bits(steady(name, picked(of, which)), ds.isel(draw=which))


@pytest.mark.parametrize("size", [3, WIDTH, 13, 501])
def test_points_in_chunks_are_the_points_in_a_thousand(whole, size):
    name, of, ds = whole
    for first in (0, 17, MEMBERS - size):
        which = slice(first, first + size)
        same_bits(steady(name, picked(of, which)), ds.isel(draw=which))


def test_points_in_another_order_are_the_points_in_another_order(whole):
    name, of, ds = whole
    order = np.random.default_rng(0).permutation(MEMBERS)
    same_bits(steady(name, picked(of, order)), ds.isel(draw=order))


@pytest.mark.parametrize("cores", [1, 2, 3, 7])
def test_points_do_not_depend_on_the_number_of_threads(whole, cores, monkeypatch):
    name, of, ds = whole
    monkeypatch.setattr(tiles, "threads", lambda members, smallest: cores)
    same_bits(steady(name, of), ds)


@pytest.mark.parametrize("cores", [1, 2, 5])
def test_continuation_does_not_depend_on_the_number_of_threads(cores, monkeypatch):
    of = {"leak.amplitude": np.geomspace(0.05, 20, 700)}
    ds = steady("isolated_mitochondria", of, continuation=True)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    same_bits(steady("isolated_mitochondria", of, continuation=True), ds)
    monkeypatch.setattr(tiles, "threads", lambda members, smallest: cores)
    same_bits(steady("isolated_mitochondria", of, continuation=True), ds)


@pytest.mark.parametrize("member", [0, 5, 999])
def test_a_run_alone_is_the_run_in_a_thousand(whole_course, member):
    of, ds = whole_course
    which = slice(member, member + 1)
    same_bits(course(picked(of, which)), ds.isel(draw=which))


def test_runs_in_chunks_and_in_another_order(whole_course):
    of, ds = whole_course
    for which in (slice(0, 3), slice(100, 177), slice(991, 1000)):
        same_bits(course(picked(of, which)), ds.isel(draw=which))
    order = np.random.default_rng(1).permutation(MEMBERS)
    same_bits(course(picked(of, order)), ds.isel(draw=order))


@pytest.mark.parametrize("cores", [1, 3])
def test_runs_do_not_depend_on_the_number_of_threads(whole_course, cores, monkeypatch):
    of, ds = whole_course
    monkeypatch.setattr(tiles, "threads", lambda members, smallest: cores)
    same_bits(course(of), ds)


def test_what_is_put_out_does_not_change_the_run(whole_course):
    of, ds = whole_course
    few = picked(of, slice(0, 20))
    other = course(few, outputs=["J_O2"])
    same_bits(other[["J_O2"]], ds[["J_O2"]].isel(draw=slice(0, 20)))


def test_a_member_that_fails_is_none_of_the_others_business():
    """Lanes beside one that is not a number, never ends, or is refilled many times."""
    of = columns("isolated_mitochondria", 40)
    good = steady("isolated_mitochondria", of)
    spoilt = {a: c.copy() for a, c in of.items()}
    for a in ("electron_transport.capacity", "leak.amplitude"):
        spoilt[a][::5] = 0.0
    ds = steady("isolated_mitochondria", spoilt)
    others = np.arange(40) % 5 != 0
    same_bits(ds.isel(draw=others), good.isel(draw=others))


def test_a_number_and_an_array_of_one_agree(mitochondria):
    """Constants of one point are worked out on floats, of many on arrays: the same to rounding."""
    a = mitochondria.steady_state({"leak.amplitude": 0.7}, compiled=True)
    b = mitochondria.steady_state({"leak.amplitude": [0.7]}, compiled=True).isel(leak_amplitude=0)
    for name in mitochondria.program.states:
        np.testing.assert_allclose(a[name], b[name], rtol=1e-12)


def test_start_values_that_differ_by_member_stay_with_their_member(mitochondria):
    start = xarray.DataArray(np.linspace(0.0, 0.6, 50), dims="m")
    ds = mitochondria.steady_state({"adp_bath": start}, compiled=True)
    order = np.random.default_rng(2).permutation(50)
    same_bits(mitochondria.steady_state({"adp_bath": start[order]}, compiled=True), ds.isel(m=order))
    np.testing.assert_allclose(ds.atp_bath + ds.adp_bath, mitochondria.initial["atp_bath"] + start, rtol=1e-13)
