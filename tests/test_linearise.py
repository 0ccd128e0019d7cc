"""Eigenvalues, time constants and modes: worked numbers, what a disturbance does, and what is refused."""

import math

import numpy as np
import pytest

from mitochem import ParameterError, SolveError, components
from mitochem.components import (
    Environment,
    LinearElectronTransport,
    LinearPotassiumProtonExchange,
    LinearPotassiumUniport,
    Membrane,
    OhmicLeak,
    OxygenReservoir,
    Potassium,
)
from mitochem.core.model import Model

CELL_LIKE = {"load.capacity": 180.0}


def test_time_constants_of_the_default_mitochondrion(mitochondria):
    """D5: 10 ms (state 4) and 180 s; adenylates 9 s at 3 nmol/s/mg. Printed to one or two digits."""
    four, loaded = mitochondria.linearise(), mitochondria.linearise(CELL_LIKE)
    seconds = 60 * four["time_constant"].values
    assert seconds[0] == pytest.approx(0.010, rel=0.1)
    assert seconds[-1] == pytest.approx(180, rel=0.02)
    assert 60 * float(loaded["time_constant"][1]) == pytest.approx(9.0, rel=0.05)
    assert [str(v).split(",")[0] for v in loaded["moves"].values] == ["delta_psi", "atp_bath", "pH_matrix"]
    assert int(four["conserved"]) == 3  # charge, adenylates, phosphate
    assert four.sizes["mode"] == 3
    assert float(four["drift"]) < 1e-9


def test_relaxation_of_potential_and_pH_is_the_worked_example():
    """H6: tau 0.01024185 s and 103.6979 s, to 1e-6; K+ held, constants per second times 60."""
    model = Model(
        Environment(),
        Membrane(),
        OxygenReservoir(),
        LinearElectronTransport(conductance=60 * 0.40),
        OhmicLeak(conductance=60 * 0.08),
        Potassium(),
        LinearPotassiumUniport(conductance=60 * 0.0015),
        LinearPotassiumProtonExchange(conductance=60 * 0.002),
    )
    ds = model.linearise(clamped=["K_matrix"])
    np.testing.assert_allclose(60 * ds["time_constant"], [0.01024185, 103.6979], rtol=1e-6)
    assert int(ds["conserved"]) == 0


def test_modes_are_what_a_small_disturbance_does(mitochondria):
    """A disturbance along a mode dies away with its time constant, and keeps its shape."""
    steady = mitochondria.steady_state(CELL_LIKE)
    ds = mitochondria.linearise(CELL_LIKE)
    slow = ds.isel(mode=-1)
    size = 1e-3
    start = {n: float(steady[n]) for n in mitochondria.program.states}
    for name in ds["state"].values.tolist():
        start[name] += size * float(slow["move"].sel(state=name))
    tau = float(slow["time_constant"])
    run = mitochondria.simulate(t_end=tau, conditions=CELL_LIKE, start=start, samples=[tau], rtol=1e-11)
    left = (float(run["pH_matrix"][-1]) - float(steady["pH_matrix"])) / (
        size * float(slow["move"].sel(state="pH_matrix"))
    )
    assert left == pytest.approx(math.exp(-1), rel=2e-3)  # second order in the disturbance


def test_a_point_may_be_given_in_several_ways(mitochondria):
    ds = mitochondria.steady_state({"load.capacity": [0.0, 180.0]})
    wanted = mitochondria.linearise(CELL_LIKE)["eigenvalue"].values
    np.testing.assert_allclose(mitochondria.linearise(ds.isel(load_capacity=1))["eigenvalue"], wanted, rtol=1e-9)
    point = {n: float(ds[n][1]) for n in mitochondria.program.states if n != "oxygen"} | {"O2": 0.2}
    np.testing.assert_allclose(mitochondria.linearise(point | CELL_LIKE)["eigenvalue"], wanted, rtol=1e-9)
    run = mitochondria.simulate(t_end=1).isel(time=20)
    assert float(mitochondria.linearise(run)["drift"]) > 1e-6


def test_directions_that_nothing_drives_are_no_relaxation(mitochondria):
    ds = mitochondria.linearise({"phosphorylation.capacity": 0.0})
    assert np.isinf(ds["time_constant"].values).sum() == 1  # the nucleotides
    assert int(ds["conserved"]) == 3


def test_linearise_refuses_by_name(mitochondria):
    ds = mitochondria.steady_state({"load.capacity": [0.0, 180.0]})
    for at, words in (
        ({"leek.amplitude": 1.0}, "leek"),
        ({"leak.amplitude": math.nan}, "amplitude"),
        ({"load.capacity": [1.0, 2.0]}, "2 values"),
        (ds, "2 points"),
        (ds.isel(load_capacity=0).drop_vars("adp_bath"), "adp_bath"),
        (17.0, "17.0"),
    ):
        with pytest.raises(ParameterError, match=words):
            mitochondria.linearise(at)
    model = mitochondria.with_component(components.ConstantDemand(demand=5000.0))
    with pytest.raises(SolveError):
        model.linearise()
