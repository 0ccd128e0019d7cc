"""Every solver of time courses against SciPy's at a tolerance a thousand times tighter, on every model."""

import json

import numpy as np
import pytest
import shipped

from mitochem import Protocol, SolveError

SOLVERS = ("rosenbrock", "lsoda", "bdf", "radau")
WORK = {"isolated_mitochondria": 300.0, "succinate": 300.0, "carriers": 100.0, "detailed": 200.0}


def protocol(name):
    """Additions, drugs and settings that the model knows, in its own clock."""
    model = shipped.model(name)
    minute = model.per_minute
    if name in ("isolated_mitochondria", "succinate", "detailed"):
        steps = Protocol().wait(1).add(ADP=0.3).wait(2).add(oligomycin=1.0).wait(1).add(FCCP=0.2).wait(2)
        return steps.add(ATP=0.1, rotenone=0.1).set({"load.capacity": WORK[name]}).wait(1)
    if name == "carriers":
        return Protocol().wait(1).add(ADP=0.3, Pi=1.0).wait(2).set({"load.capacity": WORK[name]}).wait(2)
    if name == "chain":
        return Protocol().wait(1).set({"leak.conductance": model.values["leak.conductance"] * 5}).wait(2)
    if name == "vesicle":
        return Protocol().set({"pH_lumen": 4.8}).add(valinomycin=1.0).wait(1).add(FCCP=0.01).wait(1)
    if name == "minimal":
        return Protocol().wait(0.1).set({"leak.conductance": 0.5}).wait(0.2).set({"pmf": 20.0}).wait(1)
    if name == "qamas_in_vitro":
        return Protocol().wait(5 * minute).set({"load.demand": 2e-6}).wait(5 * minute)
    return Protocol().wait(2).set({"load.capacity": model.values["load.capacity"] * 2}).wait(2)


def deviation(ds, reference, names):
    """Largest difference over the run, relative to the largest value of each quantity."""
    common = np.intersect1d(ds.time, reference.time)
    assert len(common) > 20
    worst = {}
    for name in names:
        a, b = (d[name].sel(time=common).values if "time" in d[name].dims else d[name].values for d in (ds, reference))
        worst[name] = float(np.max(np.abs(a - b)) / max(np.abs(b).max(), 1e-12))
    return worst


@pytest.fixture(scope="module")
def references():
    made = {}

    def reference(name):
        if name not in made:
            # LSODA and BDF below 1e-11 are not better than 1e-10; Radau is, and is slow only once.
            made[name] = shipped.model(name).simulate(protocol(name), solver="radau", rtol=1e-11, samples=60)
        return made[name]

    return reference


@pytest.mark.parametrize("name", shipped.NAMES)
@pytest.mark.parametrize("solver", SOLVERS)
def test_a_solver_is_right_on_every_model(name, solver, references):
    model, reference = shipped.model(name), references(name)
    ds = model.simulate(protocol(name), solver=solver, rtol=1e-8, samples=60)
    assert list(ds) == list(reference)
    np.testing.assert_array_equal(ds.time, reference.time)
    np.testing.assert_array_equal(ds.segment, reference.segment)
    worst = deviation(ds, reference, model.program.states)
    assert max(worst.values()) < 1e-6, worst
    # Fluxes are steeper than states (exp(pmf/25 mV)), and a net flux is a small difference of large ones.
    numbers = [n for n in ds if ds[n].dtype.kind == "f" and np.isfinite(reference[n]).all()]
    worst = deviation(ds, reference, numbers)
    assert max(worst.values()) < 2e-5, {k: v for k, v in worst.items() if v > 1e-6}
    for n in ds:
        assert ds[n].dims == reference[n].dims
        assert ds[n].attrs == reference[n].attrs


@pytest.mark.parametrize("solver", SOLVERS)
def test_the_error_falls_with_the_tolerance(solver, references):
    model, reference = shipped.model("isolated_mitochondria"), references("isolated_mitochondria")
    errors = []
    for rtol in (1e-3, 1e-5, 1e-7):
        ds = model.simulate(protocol("isolated_mitochondria"), solver=solver, rtol=rtol, samples=60)
        errors.append(max(deviation(ds, reference, model.program.states).values()))
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


BATCHES = {
    "a condition": ({"leak.amplitude": [0.2, 0.6, 1.5]}, Protocol().wait(1).add(ADP=0.3).wait(2)),
    "an amount": ({}, Protocol().wait(1).add(ADP=[0.0, 0.1, 0.4]).wait(2)),
    "a dose": ({}, Protocol().wait(1).add(FCCP=[0.0, 0.05, 0.4]).wait(2)),
    "a start": ({"adp_bath": [0.0, 0.2]}, Protocol().wait(2)),
    "what is conserved": ({"membrane.buffer": [11.0, 22.0, 44.0]}, Protocol().wait(1).add(ADP=0.3).wait(2)),
    "an outer product": ({"leak.amplitude": [0.2, 0.6], "load.capacity": [0.0, 200.0, 900.0]}, Protocol().wait(2)),
}


@pytest.mark.parametrize("what", BATCHES)
def test_a_batch_is_its_members_one_by_one(what, mitochondria):
    conditions, steps = BATCHES[what]
    ds = mitochondria.simulate(steps, conditions=conditions, solver="rosenbrock", samples=40)
    reference = mitochondria.simulate(steps, conditions=conditions, solver="lsoda", rtol=1e-11, samples=40)
    assert ds.sizes == reference.sizes
    for dim in ds.dims:
        np.testing.assert_array_equal(ds[dim], reference[dim])
    for name in (*mitochondria.program.states, "J_O2", "pmf"):
        a, b = ds[name].transpose(*reference[name].dims), reference[name]
        bound = 1e-6 if name in mitochondria.program.states else 1e-5
        assert float(np.abs(a - b).max() / np.abs(b).max()) < bound, name


# --- events ------------------------------------------------------------------------------------------------


def closed(model):
    """A closed chamber until the oxygen is nearly gone, and what the last of it does."""
    return (
        Protocol(closed=True).wait(0.5).add(ADP=0.5).wait_until(oxygen=("<", 0.02), at_most=60).add(FCCP=0.1).wait(0.2)
    )


EVENTS = {
    "a state that falls": lambda m: Protocol().add(ADP=0.3).wait_until(adp_bath=("<", 0.1), at_most=30).wait(1),
    "a quantity that falls": lambda m: Protocol().wait(1).add(FCCP=0.3).wait_until(pmf=("<", 150.0), at_most=9).wait(1),
    "a flux that rises": lambda m: Protocol().wait(1).add(FCCP=0.3).wait_until(J_O2=(">", 60.0), at_most=9).wait(1),
    "oxygen, in a closed chamber": closed,
}


@pytest.mark.parametrize("what", EVENTS)
@pytest.mark.parametrize("solver", ["rosenbrock", "radau"])
def test_what_is_waited_for_is_found_when_it_happens(what, solver, mitochondria):
    steps = EVENTS[what](mitochondria)
    options = {"samples": np.linspace(0, 60, 601)}
    ds = mitochondria.simulate(steps, solver=solver, **options)
    reference = mitochondria.simulate(steps, solver="lsoda", rtol=1e-11, **options)
    found, expected = (np.array(json.loads(d.attrs["additions"])) for d in (ds, reference))
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    name, (_, level) = next((n, c) for s in steps.steps if s.action == "wait_until" for n, c in s.values)
    at = ds[name].values[np.searchsorted(ds.time.values, found) - 1]
    assert np.abs(at - level).min() < 1e-6 * level  # the earlier side of the addition stands at the level
    last = {s: (float(ds[s][-1]), float(reference[s][-1])) for s in mitochondria.program.states if ds[s].ndim}
    scales = dict(zip(mitochondria.program.states, shipped.scales(mitochondria)))
    assert max(abs(a - b) / (scales[s] + abs(b)) for s, (a, b) in last.items()) < 1e-6, last


@pytest.mark.parametrize("solver", ["rosenbrock", "lsoda"])
def test_what_holds_already_is_not_waited_for(solver, mitochondria):
    steps = Protocol().wait(1).wait_until(pmf=(">", 10.0), at_most=5).wait(1)
    reference = mitochondria.simulate(steps, solver="radau")
    ds = mitochondria.simulate(steps, solver=solver)
    assert float(ds.time[-1]) == pytest.approx(float(reference.time[-1]), abs=1e-9)
    assert float(ds.time[-1]) == pytest.approx(2.0, abs=1e-9)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_closed_chamber_goes_anoxic_without_complaint(solver, mitochondria):
    ds = mitochondria.simulate(Protocol(closed=True).wait(1).add(FCCP=0.2).wait(30), solver=solver)
    reference = mitochondria.simulate(Protocol(closed=True).wait(1).add(FCCP=0.2).wait(30), solver="radau", rtol=1e-11)
    assert float(ds.oxygen[-1]) < 0.01 * float(ds.oxygen[0])
    worst = deviation(ds, reference, mitochondria.program.states)
    assert max(worst.values()) < 2e-6, worst


# --- failures ----------------------------------------------------------------------------------------------


def failure(model, steps, solver):
    with pytest.raises(SolveError) as caught:
        model.simulate(steps, solver=solver)
    return caught.value


@pytest.mark.parametrize("solver", SOLVERS)
def test_leaving_the_bounds_is_told_in_the_same_words(solver, qamas):
    steps = Protocol().wait(60).set({"load.demand": 3e-4}).wait(600)
    reference, error = failure(qamas, steps, "lsoda"), failure(qamas, steps, solver)
    words, expected = (str(e).split(" at t = ")[0].split(" (")[0] for e in (error, reference))
    assert words == expected
    assert words.startswith("atp_bath passes below 0 M: J_load")
    assert float(error.partial.time[-1]) == pytest.approx(float(reference.partial.time[-1]), rel=1e-5)
    assert {"J_O2", *qamas.program.states} <= set(error.partial)


@pytest.mark.parametrize("solver", SOLVERS)
def test_subsets_of_outputs_are_those_of_the_whole(solver, mitochondria):
    steps = Protocol().wait(1).add(FCCP=[0.0, 0.2]).wait(1)
    some = mitochondria.simulate(steps, solver=solver, outputs=["J_O2", "pH_matrix"], samples=20)
    whole = mitochondria.simulate(steps, solver=solver, samples=20)
    assert set(some) == {"J_O2", "pH_matrix", "FCCP.dose"}
    for name in some:
        np.testing.assert_allclose(some[name], whole[name], rtol=1e-12)
