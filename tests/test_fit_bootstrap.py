"""The bootstrap against linear theory, its engines against each other, and the posterior against closed forms."""

import concurrent.futures
import json
import multiprocessing
import sys
import warnings

import numpy as np
import pandas.testing
import pytest
import scipy.stats
from fits import LINE, SCATTER, X, line, linear_theory, saturating, straight

import mitochem as mc
from mitochem import fitting
from mitochem.fitting import Experiment, Free, Problem, bootstrap


@pytest.fixture(scope="module")
def fitted():
    return mc.fit(straight())


def runs(offsets=(1.0, 2.0, 3.0, 4.0)):
    return [
        Experiment({"x": X}, {"y": line(X, a, 0.7) + np.roll(SCATTER, i)}, name=f"run {i}")
        for i, a in enumerate(offsets)
    ]


@pytest.mark.parametrize("kind", ["residuals", "parametric"])
def test_samples_of_a_line_scatter_as_linear_theory_says(fitted, kind):
    samples = bootstrap(fitted, 400, kind=kind, seed=1)
    # A standard deviation from 400 samples is good to 3.5 %.
    for name in "ab":
        assert samples.table.sd[name] == pytest.approx(fitted.stderr[name], rel=0.12)
        assert abs(samples.table.bias[name]) < 0.2 * fitted.stderr[name]
    assert samples.correlation.loc["a", "b"] == pytest.approx(fitted.correlation.loc["a", "b"], abs=0.05)


def test_samples_of_pairs_scatter_about_as_much(fitted):
    samples = bootstrap(fitted, 300, kind="points")
    assert samples.table.sd["b"] == pytest.approx(fitted.stderr["b"], rel=0.5)
    one = samples.values.loc[7]
    rng = np.random.default_rng([0, 7])
    rng.integers(0, 1, 1)
    times = np.bincount(rng.integers(0, 8, 8), minlength=8)
    y = line(X, 2.0, 0.7) + SCATTER
    assert tuple(one) == pytest.approx(linear_theory(np.repeat(X, times), np.repeat(y, times))[0], rel=1e-5)


def test_declared_noise_is_what_parametric_samples_have():
    result = mc.fit(straight(noise={"y": 3.0}), errors="declared")
    samples = bootstrap(result, 400, kind="parametric")
    assert samples.table.sd["b"] == pytest.approx(np.sqrt(linear_theory(X, X, 3.0)[1][1, 1]), rel=0.12)


def test_residuals_are_drawn_about_zero_and_with_their_sign():
    # Through the origin the residuals have a mean; drawn with it, every sample would lie to one side.
    law = fitting.Law(line, "y", {"x": "1", "a": "1", "b": "1", "y": "1"}, defaults={"a": 0.0})
    result = mc.fit(Problem(law, Experiment({"x": X}, {"y": 2.0 + 0.7 * X}), {"b": Free(start=1.0)}))
    samples = bootstrap(result, 400)
    assert abs(samples.table.bias["b"]) < 0.2 * samples.table.sd["b"]
    # Replicates around a mean, skewed upward: so are their resampled means.
    mean = fitting.Law(line, "y", {"x": "1", "a": "1", "b": "1", "y": "1"}, defaults={"b": 0.0, "x": 0.0})
    skewed = mc.fit(Problem(mean, Experiment({}, {"y": [0.0] * 7 + [8.0]}), {"a": Free(start=1.0)}))
    assert scipy.stats.skew(bootstrap(skewed, 400).values.a) > 0.4


def test_experiments_are_drawn_whole_and_local_values_left_out_with_them():
    result = mc.fit(Problem(LINE, runs(), {"a": Free(start=2.0, local=True), "b": Free(start=1.0)}))
    values = bootstrap(result, 60, kind="experiments").values
    # An experiment is missing from a sample with the probability (3/4)^4.
    assert values["a[run 0]"].isna().mean() == pytest.approx(0.316, abs=0.2)
    assert values["b"].notna().all()
    shared = mc.fit(Problem(LINE, runs(), {"a": Free(start=2.0), "b": Free(start=1.0)}))
    samples = bootstrap(shared, 300, kind="experiments")
    # The runs differ in their offset: the mean of four, drawn four times, varies by sd/2 with divisor n.
    assert samples.table.sd["a"] == pytest.approx(np.std([1, 2, 3, 4]) / 2, rel=0.2)
    with pytest.raises(mc.FitError, match="2 experiments are too few"):
        bootstrap(
            mc.fit(Problem(LINE, runs((1.0, 2.0)), {"b": Free(start=1.0), "a": Free(start=1.0)})), kind="experiments"
        )


@pytest.fixture(scope="module")
def here():
    return mc.fit(saturating())


def test_a_seed_gives_the_same_samples_on_any_engine(here):
    expected = bootstrap(here, 6, seed=5)
    assert not bootstrap(here, 6, seed=6).values.equals(expected.values)
    starts = mc.fit(here.problem, starts=3).attempts
    profiles = fitting.profile(here).table
    spawned = concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    for pool in (concurrent.futures.ThreadPoolExecutor(2), spawned):
        with pool:
            _same(here, pool, expected, starts, profiles)


def test_a_seed_gives_the_same_samples_on_a_cluster(here):
    distributed = pytest.importorskip("distributed", reason="dask[distributed] is not installed (extra `scale`)")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        _same(
            here,
            client,
            bootstrap(here, 6, seed=5),
            mc.fit(here.problem, starts=3).attempts,
            fitting.profile(here).table,
        )


def _same(result, engine, samples, starts, profiles):
    pandas.testing.assert_frame_equal(bootstrap(result, 6, seed=5, engine=engine).values, samples.values)
    pandas.testing.assert_frame_equal(mc.fit(result.problem, starts=3, engine=engine).attempts, starts)
    pandas.testing.assert_frame_equal(fitting.profile(result, engine=engine).table, profiles)


# --- posterior --------------------------------------------------------------------------------------------------------


@pytest.fixture
def libraries():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("emcee", reason="emcee is not installed (extra `bayes`)")
        pytest.importorskip("arviz", reason="ArviZ is not installed (extra `bayes`)")


def sampled(result, **options):
    data = fitting.posterior(result, **({"steps": 1500, "burn": 300, "progress": False} | options))
    return {name: data.posterior[name].values.ravel() for name in result.names}, data


def test_the_posterior_of_a_line_with_unknown_noise_is_students(libraries, fitted):
    values, data = sampled(fitted, steps=5000)
    # With flat priors and 1/size: Student's t with n - 2 + 0 degrees, n from the exponent of the likelihood.
    theory = scipy.stats.t(6, fitted["b"], fitted.stderr["b"])
    for share in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert theory.cdf(np.quantile(values["b"], share)) == pytest.approx(share, abs=0.04)
    assert data.posterior["b"].attrs["units"] == "1"
    steps = max(json.loads(data.posterior.attrs["autocorrelation_steps"]).values())
    assert data.posterior.attrs["long_enough"] == (data.posterior.sizes["draw"] > 50 * steps)
    again, _ = sampled(fitted, steps=50, burn=10)
    same, _ = sampled(fitted, steps=50, burn=10)
    other, _ = sampled(fitted, steps=50, burn=10, seed=1)
    assert np.array_equal(again["b"], same["b"])
    assert not np.array_equal(again["b"], other["b"])


def test_the_posterior_with_declared_noise_is_normal_and_priors_narrow_it(libraries):
    result = mc.fit(straight(noise={"y": 0.4}), errors="declared")
    unit = linear_theory(X, X, 0.4)[1]
    values, _ = sampled(result)
    assert values["b"].std() == pytest.approx(np.sqrt(unit[1, 1]), rel=0.06)
    centre, width = 1.5, 0.02
    weight = np.linalg.inv(unit) + np.diag([0, width**-2])
    best = np.linalg.solve(weight, np.linalg.inv(unit) @ result.estimates + np.array([0, centre * width**-2]))
    values, _ = sampled(result, priors={"b": (centre, width)})
    spread = np.sqrt(np.diag(np.linalg.inv(weight)))
    assert values["b"].mean() == pytest.approx(best[1], abs=0.15 * spread[1])
    assert values["a"].mean() == pytest.approx(best[0], abs=0.15 * spread[0])
    assert values["b"].std() == pytest.approx(spread[1], rel=0.08)


def test_conditions_with_an_error_do_not_widen_the_posterior(libraries):
    # Measured conditions are data: with an error of x that vanishes, the posterior is that of the line without.
    result = mc.fit(straight(noise={"y": 0.3}, uncertain={"x": 0.01}))
    values, _ = sampled(result, steps=4000, burn=1500)
    quartiles = np.subtract(*np.quantile(values["b"], [0.75, 0.25]))
    assert quartiles == pytest.approx(np.ptp(scipy.stats.t(6, 0, result.stderr["b"]).ppf([0.25, 0.75])), rel=0.15)


def test_importing_the_libraries_warns_of_nothing(libraries, fitted, monkeypatch):
    monkeypatch.delitem(sys.modules, "arviz")
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        fitting.posterior(fitted, steps=5, burn=0, progress=False)


@pytest.mark.parametrize("name", ["emcee", "arviz"])
def test_a_library_that_is_missing_is_named(fitted, monkeypatch, name):
    if name == "emcee":
        pytest.importorskip("arviz", reason="ArviZ is not installed (extra `bayes`)")
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(mc.FitError, match=rf"posteriors need {name}: pip install mitochem\[bayes\]"):
        fitting.posterior(fitted)
    with pytest.raises(mc.FitError, match="a prior of 'c'"):  # what was asked is looked at first
        fitting.posterior(fitted, priors={"c": (1.0, 1.0)})
