"""Fits of recorded runs: the truth comes back, from compiled runs and from SciPy's alike."""

import numpy as np
import pytest

import mitochem as mc
from mitochem.core.solvers.courses import values_at
from mitochem.core.solvers.integrate import Tolerances
from mitochem.fitting import Problem, TimeCourse
from mitochem.fitting.problems.subject import OfModel

FREE = ["leak.amplitude", "electron_transport.capacity", "phosphorylation.capacity"]
PROTOCOL = mc.Protocol().wait(2).add(ADP=0.2).wait(3)
TIMES = np.linspace(0.05, 5, 60)
NOISE = {"J_O2": 0.3, "pmf": 0.3}


def recorded(model, seed, noise=1.0):
    """A run by SciPy with other parameters, and noise."""
    truth = model.replace({name: 1.3 * model[name] for name in FREE})
    run = truth.simulate(PROTOCOL, samples=TIMES, solver="lsoda", rtol=1e-10)
    at = run.sel(time=TIMES, method="nearest")
    assert np.abs(at.time.values - TIMES).max() < 1e-12
    rng = np.random.default_rng(seed)
    return truth, {name: at[name].values + noise * rng.normal(0, size, TIMES.size) for name, size in NOISE.items()}


def test_the_truth_comes_back_without_noise(mitochondria):
    truth, observed = recorded(mitochondria, 0, noise=0.0)
    result = mc.fit(Problem(mitochondria, TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE), free=FREE))
    for name in FREE:
        assert result[name] == pytest.approx(truth[name], rel=1e-4)


def test_the_truth_lies_in_the_interval(mitochondria):
    truth, observed = recorded(mitochondria, 1)
    result = mc.fit(Problem(mitochondria, TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE), free=FREE))
    for name in FREE:
        assert abs(result[name] - truth[name]) < 3 * result.stderr[name]
        assert result.stderr[name] < 0.02 * truth[name]


def test_scipy_finds_the_same(mitochondria, monkeypatch):
    _, observed = recorded(mitochondria, 2)
    problem = Problem(mitochondria, TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE), free=FREE[:2])
    here = mc.fit(problem)
    monkeypatch.setenv("MITOCHEM_COMPILED", "0")
    there = mc.fit(problem)
    for name in FREE[:2]:
        assert here[name] == pytest.approx(there[name], rel=1e-4)


def test_runs_and_steady_states_are_fitted_together(mitochondria):
    truth, observed = recorded(mitochondria, 3)
    steady = truth.steady_state({"load.capacity": [0.0, 1200.0]})
    state = mc.fitting.Experiment(
        {"load.capacity": [0.0, 1200.0]}, {"J_O2": steady["J_O2"]}, noise={"J_O2": 0.3}, name="s"
    )
    run = TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE, name="r")
    result = mc.fit(Problem(mitochondria, [run, state], free=FREE))
    assert "steady states and time courses" in repr(result)
    for name in FREE:
        assert result[name] == pytest.approx(truth[name], rel=0.02)


def test_the_fitted_curve_runs_through_the_points(mitochondria):
    _, observed = recorded(mitochondria, 4, noise=0.0)
    problem = Problem(mitochondria, TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE), free=FREE)
    result = mc.fit(problem)
    x, y = problem.curve(result, 0, "time", 60)
    assert x == pytest.approx(TIMES)
    assert y == pytest.approx(observed["J_O2"], rel=1e-3)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"times": TIMES[::-1]}, "ascend"),
        ({"times": TIMES + 10}, "after the protocol"),
        ({"times": TIMES[:5]}, "differ in number"),
        ({"observed": {"J_O3": TIMES}}, "J_O2"),
        ({"conditions": {"leak.amplitude": [1.0, 2.0]}}, "one number"),
        ({"protocol": mc.Protocol().add(ADP=0.1).wait_until(at_most=5, adp_bath=("<", 0.01))}, "wait_until"),
        ({"protocol": 3}, "Protocol"),
    ],
)
def test_what_is_wrong_is_said(mitochondria, change, word):
    _, observed = recorded(mitochondria, 5)
    facts = {"protocol": PROTOCOL, "times": TIMES, "observed": observed, "noise": NOISE} | change
    if "J_O3" in facts["observed"]:
        facts["noise"] = {}
    with pytest.raises(mc.FitError, match=word):
        mc.fit(Problem(mitochondria, TimeCourse(**facts), free=FREE))


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_run_that_fails_before_an_addition_is_nan_and_spoils_no_other(mitochondria, bad, together):
    course = TimeCourse(PROTOCOL, TIMES, {"J_O2": TIMES}).prepare(OfModel(mitochondria), "")
    columns = {"leak.amplitude": np.array([0.618, bad, 0.7])}
    with np.errstate(all="ignore"):
        found, _ = values_at(
            mitochondria, course.segments, columns, 3, course._indices(mitochondria), TIMES, ["J_O2"],
            Tolerances(mitochondria, 1e-6, 1e-9), together=together, compiled=False,
        )  # fmt: skip
    assert np.isnan(found[1]).all()
    if not together:  # those that share their steps fail together
        expected = course.predict(OfModel(mitochondria), {"leak.amplitude": np.array([0.618, 0.7])}, 2)[0]
        np.testing.assert_allclose(found[[0, 2], :, 0], expected, rtol=1e-4)


def test_a_search_of_a_run_steps_back_from_where_nothing_is_computed(mitochondria, monkeypatch):
    _, observed = recorded(mitochondria, 1)
    problem = Problem(mitochondria, TimeCourse(PROTOCOL, TIMES, observed, noise=NOISE), free=FREE[:2])
    expected = mc.fit(problem)
    predict, tried = Problem.around, []

    def lossy(self, values, *more):
        found, changes = predict(self, values, *more)
        tried.append(1)
        return (np.full_like(found, np.nan), changes) if len(tried) == 3 else (found, changes)

    monkeypatch.setattr(Problem, "around", lossy)
    result = mc.fit(Problem(mitochondria, problem.experiments, free=FREE[:2]))
    assert len(tried) > 3
    assert result.values == pytest.approx(expected.values, rel=1e-4)


def test_only_a_nuisance_may_be_free(mitochondria):
    run = mitochondria.simulate(PROTOCOL, samples=TIMES).sel(time=TIMES, method="nearest")
    course = TimeCourse(PROTOCOL, TIMES, {"J_O2": 1.3 * run["J_O2"].values})
    result = mc.fit(Problem(mitochondria, course, [], {"gain": mc.fitting.Scale("J_O2")}))
    assert result["gain"] == pytest.approx(1.3, rel=1e-4)
