"""Steady states: machine code, NumPy, long runs and continuation tell the same."""

import numpy as np
import pytest
import shipped
import xarray

import mitochem as mc

pytest.importorskip("numba")

SWEEPS = {
    "isolated_mitochondria": {"leak.amplitude": np.geomspace(0.02, 20, 300), "load.capacity": [0.0, 100.0, 1200.0]},
    "succinate": {"electron_transport.capacity": np.geomspace(10, 2000, 300)},
    "minimal": {"leak.conductance": np.linspace(0.01, 3, 300)},
    "qamas_in_vitro": {"leak.activity": np.geomspace(30, 3e4, 200), "load.demand": [0.0, 1e-6]},
    "korzeniewski_heart": {"load.capacity": np.linspace(5e3, 4e4, 200)},
    "cultured_cell": {"load.capacity": np.linspace(10, 600, 200), "FCCP.dose": [0.0, 0.5]},
    "vesicle": {"leak.conductance": np.geomspace(0.01, 10, 200)},
    "chain": {"leak.conductance": np.geomspace(0.01, 3, 200)},
    "carriers": {"load.capacity": np.geomspace(0.1, 300, 200)},
    "detailed": {"load.capacity": np.linspace(0, 500, 100), "leak.amplitude": [0.1, 0.6]},
}


def largest_difference(a, b, model):
    """Of the states, relative to their size or scale; a point that only one has counts as infinite."""
    np.testing.assert_array_equal(a.success, b.success)
    worst = 0.0
    for name, size in zip(model.program.states, shipped.scales(model)):
        apart = np.abs(a[name] - b[name]) / (size + np.abs(b[name]))
        worst = max(worst, float(apart.max()))
    return worst


@pytest.fixture(scope="module", params=shipped.NAMES)
def sweep(request):
    model = shipped.model(request.param)
    return model, SWEEPS[request.param], model.steady_state(SWEEPS[request.param], compiled=False)


def test_machine_code_finds_what_numpy_finds(sweep):
    model, conditions, plain = sweep
    ds = model.steady_state(conditions, compiled=True)
    assert plain.success.mean() > 0.8
    assert largest_difference(ds, plain, model) < 1e-9
    assert list(ds) == list(plain)
    assert "compiled" in ds.attrs["solver"]
    assert "compiled" not in plain.attrs["solver"]
    largest = {}
    for name in plain:
        if plain[name].dtype.kind == "f":
            unit = plain[name].attrs["units"]
            largest[unit] = max(largest.get(unit, 1.0), float(abs(plain[name]).max()))
    for name in ds:
        assert ds[name].dims == plain[name].dims
        assert ds[name].attrs == plain[name].attrs
        if ds[name].dtype.kind == "f" and name != "residual":
            # a net flux at equilibrium is what rounding leaves of the largest flux around
            np.testing.assert_allclose(ds[name], plain[name], rtol=1e-6, atol=1e-9 * largest[ds[name].attrs["units"]])


def test_continuation_finds_what_cold_starts_find(sweep):
    model, conditions, plain = sweep
    ds = model.steady_state(conditions, compiled=True, continuation=True)
    assert largest_difference(ds, plain, model) < 1e-9
    np.testing.assert_array_equal(ds.stable, plain.stable)


def test_a_long_run_ends_in_the_steady_state(sweep):
    model, conditions, plain = sweep
    points = (
        plain.stack(point=list(plain.sizes))
        if len(plain.sizes) > 1
        else plain.rename({next(iter(plain.sizes)): "point"})
    )
    columns = model.steady_state(conditions, compiled=False, outputs=[], stability=False)
    grid = xarray.broadcast(*[columns[k.replace(".", "_")] for k in conditions])
    values = {k: g.values.ravel() for k, g in zip(conditions, grid)}
    for k in np.linspace(0, points.sizes["point"] - 1, 4).astype(int):
        here = points.isel(point=k)
        y, why = shipped.integrated(model.replace({a: float(v[k]) for a, v in values.items()}), 1e6)
        assert bool(here.success) == (not why)
        if not why:
            found = np.array([float(here[name]) for name in model.program.states])
            assert np.max(np.abs(found - y) / (shipped.scales(model) + np.abs(y))) < 1e-6


def test_a_simulation_from_a_steady_state_stays_there(mitochondria):
    ds = mitochondria.steady_state({"load.capacity": 200.0}, compiled=True)
    run = mitochondria.simulate(t_end=60, conditions={"load.capacity": 200.0}, start=ds, solver="rosenbrock")
    for name in mitochondria.program.states:
        if run[name].ndim:
            assert float(np.abs(run[name] - ds[name]).max()) < 1e-8 * abs(float(ds[name])) + 1e-10


@pytest.mark.parametrize("compiled", [True, False])
def test_subsets_of_outputs_are_those_of_the_whole(compiled, mitochondria):
    conditions = {"leak.amplitude": np.geomspace(0.1, 3, 20)}
    some = mitochondria.steady_state(
        conditions, compiled=compiled, outputs=["J_O2", "pmf", "K_matrix"], stability=False
    )
    whole = mitochondria.steady_state(conditions, compiled=compiled)
    assert set(some) == {"J_O2", "pmf", "K_matrix", "success", "residual", "message"}
    for name in some:
        xarray.testing.assert_identical(some[name], whole[name])


DRUGS = {"FCCP": np.linspace(0, 0.6, 40), "oligomycin": np.linspace(0, 2, 40), "rotenone": np.geomspace(0.01, 3, 40)}


@pytest.mark.parametrize("drug", DRUGS)
@pytest.mark.parametrize("options", [{}, {"continuation": True}, {"clamped": ()}])
def test_titrations_agree(drug, options, mitochondria):
    runs = [mitochondria.titrate(drug, DRUGS[drug], compiled=compiled, **options) for compiled in (True, False)]
    assert runs[0].success.all()
    assert largest_difference(*runs, mitochondria) < 1e-9
    np.testing.assert_allclose(runs[0].J_O2, runs[1].J_O2, rtol=1e-8)


def test_clamped_states_and_start_values_that_are_swept(mitochondria):
    conditions = {"atp_bath": [0.1, 1.0, 3.0], "oxygen": [0.01, 0.2], "adp_bath": [0.0, 0.5]}
    runs = [mitochondria.steady_state(conditions, clamped=["atp_bath"], compiled=c) for c in (True, False)]
    assert largest_difference(*runs, mitochondria) < 1e-9
    assert dict(runs[0].sizes) == {"atp_bath": 3, "oxygen": 2, "start_adp_bath": 2}


def test_conserved_sums_of_every_point_are_those_of_its_start(mitochondria):
    ds = mitochondria.steady_state({"adp_bath": [0.0, 0.4], "membrane.buffer": np.linspace(10, 40, 50)}, compiled=True)
    start = mitochondria.initial
    total = ds.atp_bath + ds.adp_bath - ds.start_adp_bath
    np.testing.assert_allclose(total, start["atp_bath"], rtol=1e-13, atol=1e-15)
    capacitance = mitochondria.values["membrane.capacitance"]
    charge = capacitance * ds.delta_psi + ds.K_matrix - ds.membrane_buffer * ds.pH_matrix
    before = capacitance * start["delta_psi"] + start["K_matrix"] - ds.membrane_buffer * start["pH_matrix"]
    assert float(np.abs(charge - before).max()) < 1e-11 * float(abs(before).max())


def test_failed_points_do_not_disturb_their_neighbours(qamas):
    """Demand that passes capacity half-way: the points below it keep theirs, continuation or not."""
    demand = np.geomspace(2e-7, 2e-4, 24)
    cold = qamas.steady_state({"load.demand": demand}, compiled=True)
    edge = int(np.argmin(cold.success.values))
    assert 8 < edge < 20
    np.testing.assert_array_equal(cold.success, np.arange(24) < edge)
    for options in ({"compiled": True, "continuation": True}, {"compiled": False}):
        ds = qamas.steady_state({"load.demand": demand}, **options)
        assert largest_difference(ds, cold, qamas) < 1e-9
    below = qamas.steady_state({"load.demand": demand[:edge]}, compiled=True)
    np.testing.assert_array_equal(below.delta_psi, cold.delta_psi[:edge])
    with pytest.raises(mc.SolveError, match="no steady state: atp_bath passes below 0 M: J_load"):
        qamas.steady_state({"load.demand": demand}, compiled=True, on_failure="raise")
