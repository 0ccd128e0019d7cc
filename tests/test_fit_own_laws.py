"""Fits of laws against what linear theory, SciPy and lmfit give by themselves, and against the truth put in."""

import math
import warnings

import lmfit
import numpy as np
import pytest
import scipy.optimize
import scipy.stats
import xarray as xr
from fits import LINE, SCATTER, X, line, linear_theory, saturating, saturation, straight

import mitochem as mc
from mitochem import symbolic
from mitochem.fitting import Experiment, Free, Law, Noise, Problem, Scale


def test_a_line_has_the_estimates_errors_and_intervals_of_linear_theory():
    y = line(X, 2.0, 0.7) + SCATTER
    (a, b), unit = linear_theory(X, y)
    result = mc.fit(straight())
    variance = np.sum((y - a - b * X) ** 2) / 6
    assert result.values == pytest.approx({"a": a, "b": b}, rel=1e-8)
    np.testing.assert_allclose(result.covariance_matrix, variance * unit, rtol=1e-6)
    half = scipy.stats.t.ppf(0.975, 6) * np.sqrt(variance * unit[1, 1])
    assert result.intervals["b"] == pytest.approx((b - half, b + half), rel=1e-6)


def test_declared_noise_sets_the_errors_whatever_the_scatter():
    result = mc.fit(straight(noise={"y": 2.0}), errors="declared")
    _, unit = linear_theory(X, X, 2.0)
    np.testing.assert_allclose(result.covariance_matrix, unit, rtol=1e-6)
    assert result.intervals["b"][1] - result["b"] == pytest.approx(1.959964 * np.sqrt(unit[1, 1]), rel=1e-5)


def test_noise_arrays_weigh_the_points():
    noise = np.array([0.01, 0.01, *[5.0] * 6])
    y = line(X, 2.0, 0.7) + 3 * SCATTER
    result = mc.fit(straight(y, noise={"y": Noise(noise, "two good points")}))
    assert result.values == pytest.approx(dict(zip("ab", linear_theory(X, y, noise)[0])), rel=1e-6)
    np.testing.assert_allclose(result.fitted[0][:2], y[:2], atol=1e-2)  # those with little noise dominate


def test_a_hyperbola_agrees_with_curve_fit_and_lmfit():
    y = saturation(X, 10.0, 3.0) + SCATTER
    result = mc.fit(saturating())
    best, covariance = scipy.optimize.curve_fit(saturation, X, y, (5.0, 1.0))
    assert list(result.values.values()) == pytest.approx(best, rel=1e-5)
    np.testing.assert_allclose(result.covariance_matrix, covariance, rtol=1e-3)
    there = lmfit.Model(saturation).fit(y, x=X, top=5.0, half=1.0)
    assert result.stderr["half"] == pytest.approx(there.params["half"].stderr, rel=1e-3)


@pytest.mark.parametrize("size", [1e-9, 1e-12])
def test_a_value_far_from_its_start_still_has_slopes(size):
    # On a linear scale the start is the unit: 1e12 of them must not swallow the step of a difference.
    law = Law(saturation, "y", {"x": "mM", "top": "1", "half": "mM", "y": "1"})
    free = {"top": Free(start=5.0), "half": Free(start=size)}
    result = mc.fit(Problem(law, Experiment({"x": X}, {"y": saturation(X, 10.0, 3.0) + SCATTER}), free))
    expected = mc.fit(saturating())
    assert result.values == pytest.approx(expected.values, rel=1e-4)
    assert result.stderr == pytest.approx(expected.stderr, rel=1e-3)


# --- conditions, several experiments, nuisances -----------------------------------------------------------------------


def test_conditions_are_converted_and_lined_up_by_their_dimensions():
    micromolar = xr.DataArray(X * 1000, dims="x", attrs={"units": "uM"})
    half = xr.DataArray([1.0, 5.0], dims="preparation")
    y = xr.DataArray(saturation(X[None, :], 10.0, half.values[:, None]), dims=("preparation", "x"))
    law = Law(saturation, "y", {"x": "mM", "top": "1", "half": "mM", "y": "1"})
    result = mc.fit(Problem(law, Experiment({"x": micromolar, "half": half}, {"y": y}), {"top": Free(start=3.0)}))
    assert (result.n, result["top"]) == (16, pytest.approx(10.0, rel=1e-6))


def test_a_local_parameter_and_a_local_scale_have_a_value_for_each_experiment():
    runs = [Experiment({"x": X}, {"y": line(X, a, 0.7)}, name=name) for name, a in (("p", 1.0), ("q", 3.0))]
    result = mc.fit(Problem(LINE, runs, {"a": Free(start=2.0, local=True), "b": Free(start=1.0)}))
    assert result.values == pytest.approx({"a[p]": 1.0, "a[q]": 3.0, "b": 0.7}, rel=1e-6)
    known = [
        Experiment({"x": X, "a": a}, {"y": f * line(X, a, 0.7)}, name=name)
        for name, a, f in (("p", 1.0, 2.0), ("q", 3.0, 1.5), ("r", 0.0, 1.0))
    ]
    factors = {"gain": Scale("y", local=True)}
    free = {"b": Free(0.5, 0.9, start=0.6)}
    result = mc.fit(Problem(LINE, known[:2], free, factors))
    assert result.values == pytest.approx({"b": 0.7, "gain[p]": 2.0, "gain[q]": 1.5}, rel=1e-5)
    one = mc.fit(Problem(LINE, [known[2], known[0]], {"b": Free(start=1.0)}, {"gain": Scale("y")}))
    assert set(one.values) == {"b", "gain"}  # shared: one for both


def test_only_a_nuisance_may_be_free():
    law = Law(line, "y", {"x": "mM", "a": "1", "b": "1", "y": "1"}, defaults={"a": 1.0, "b": 1.0})
    result = mc.fit(Problem(law, Experiment({"x": X}, {"y": 1.7 * (1 + X)}), [], {"gain": Scale("y")}))
    assert result.values == pytest.approx({"gain": 1.7})


def test_replicates_need_no_condition():
    law = Law(line, "y", {"x": "mM", "a": "1", "b": "1", "y": "1"}, defaults={"x": 2.0, "b": 1.0})
    result = mc.fit(Problem(law, Experiment({}, {"y": [5.0, 6.0, 10.0]}), {"a": Free(start=1.0)}))
    assert result["a"] == pytest.approx(5.0)
    assert result.stderr["a"] == pytest.approx(np.std([5, 6, 10], ddof=1) / np.sqrt(3), rel=1e-6)


def test_one_point_gives_one_value_and_no_error():
    law = Law(line, "y", {"x": "mM", "a": "1", "b": "1", "y": "1"}, defaults={"b": 1.0})
    result = mc.fit(Problem(law, Experiment({"x": 2.0}, {"y": 5.0}), {"a": Free(start=1.0)}))
    assert (result["a"], result.dof, result.aicc) == (pytest.approx(3.0), 0, np.inf)
    assert np.isnan(result.stderr["a"])
    assert result.verdicts["a"] == "practically unidentifiable"
    for follow in (mc.fitting.profile, mc.fitting.bootstrap):
        with pytest.raises(mc.FitError, match="as many unknowns as points"):
            follow(result)


def test_a_gap_in_the_data_is_left_out_and_an_empty_observable_refused():
    y = line(X, 2.0, 0.7) + SCATTER
    y[3] = np.nan
    kept = ~np.isnan(y)
    result = mc.fit(straight(y))
    assert result.values == pytest.approx(dict(zip("ab", linear_theory(X[kept], y[kept])[0])), rel=1e-6)
    assert "y was measured at 7 of 8 points." in result.notes
    with pytest.raises(mc.FitError, match="no point was measured"):
        straight(np.full(8, np.nan))


def test_a_search_goes_round_a_place_without_a_prediction():
    def broken(x, top, half):
        return np.where((half > 1.3) & (half < 1.6), np.nan, saturation(x, top, half))

    law = Law(broken, "y", {"x": "mM", "top": "1", "half": "mM", "y": "1"}, bounds={"half": (0, None)})
    y = saturation(X, 10.0, 1.2) + 0.01 * SCATTER
    result = mc.fit(Problem(law, Experiment({"x": X}, {"y": y}), {"top": Free(start=8.0), "half": Free(start=0.5)}))
    assert result["half"] == pytest.approx(1.2, abs=0.05)
    with pytest.raises(mc.FitError, match="no prediction for point 0"):
        mc.fit(Problem(law, Experiment({"x": X}, {"y": y}), {"top": Free(start=8.0), "half": Free(start=1.5)}))


def test_a_law_of_a_closed_form_is_fitted():
    # How long a gradient drives synthesis is in proportion to the capacitance that holds it.
    form = symbolic.closed_forms()["imposed_gradient"]
    held = float(form.model["membrane.capacitance"])
    units = {"duration": "min", "membrane.capacitance": "nmol/mg/mV"}
    law = Law.of_closed_form(form, "duration", units, bounds={"membrane.capacitance": (0, None)})
    twice = Experiment({}, {"duration": 2 * form.numeric()["duration"]})
    result = mc.fit(Problem(law, twice, {"membrane.capacitance": Free(start=held)}))
    assert result["membrane.capacitance"] == pytest.approx(2 * held, rel=1e-6)
    assert "duration of imposed_gradient" in result.equation
    with pytest.raises(mc.FitError, match="has no quantity"):
        Law.of_closed_form(form, "nothing", {})


# --- the truth comes back ---------------------------------------------------------------------------------------------


def test_shared_and_local_parameters_come_back_inside_their_intervals():
    truth = {"a[p]": 1.0, "a[q]": 3.0, "b": 0.7}
    inside = dict.fromkeys(truth, 0)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        runs = [
            Experiment({"x": X}, {"y": line(X, a, 0.7) + rng.normal(0, 0.3, 8)}, name=n) for n, a in zip("pq", (1, 3))
        ]
        result = mc.fit(Problem(LINE, runs, {"a": Free(start=2.0, local=True), "b": Free(start=1.0)}))
        for name, (low, high) in result.intervals.items():
            inside[name] += low <= truth[name] <= high
    assert min(inside.values()) >= 18, inside


def test_parameters_of_mitochondria_come_back_inside_their_intervals(mitochondria):
    adp = np.array([0.005, 0.02, 0.05, 0.1, 0.3, 1.0])
    truth = {"leak.amplitude": 0.5, "electron_transport.pmf_width": 9.5}
    conditions = [{"adp_bath": adp, "atp_bath": 5 - adp, "pi_bath": pi} for pi in (1.0, 10.0)]
    sizes = {"J_O2": 2.0, "delta_psi": 1.0}
    model = mitochondria.replace(truth)
    exact = [
        model.steady_state(
            {k: xr.DataArray(np.broadcast_to(v, 6), dims="point") for k, v in c.items()}, clamped=tuple(c)
        )
        for c in conditions
    ]
    inside = dict.fromkeys(truth, 0)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        runs = [
            Experiment(c, {k: ds[k].values + rng.normal(0, s, 6) for k, s in sizes.items()}, sizes, name=f"pi {i}")
            for i, (c, ds) in enumerate(zip(conditions, exact))
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = mc.fit(Problem(mitochondria, runs, list(truth)))
        for name, (low, high) in result.intervals.items():
            inside[name] += low <= truth[name] <= high
    assert min(inside.values()) >= 18, inside


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x, a, b: math.exp(a) * x[0] + math.exp(x), "np.exp instead of math.exp"),
        (lambda x, a, b: a if x > b else b, "np.where instead of if"),
        (lambda x, a, b: 1 / 0, "ZeroDivisionError"),
        (lambda x, a, b: (a - 5) ** 0.5 * x + 1j * b, "complex numbers"),
        (lambda x, a, b: np.ones(3), "shape"),
        (lambda x, a, b: None, "no prediction"),
    ],
)
def test_a_law_that_cannot_be_computed_is_named_with_the_cure(function, said):
    law = Law(function, "y", {"y": "1", "x": "1", "a": "1", "b": "1"})
    free = {"a": Free(start=1.0, log=False), "b": Free(start=1.0, log=False)}
    with pytest.raises(mc.FitError, match=said):
        mc.fit(Problem(law, Experiment({"x": X}, {"y": X}), free))
