"""Conditions measured with an error: against Deming's and York's closed forms and SciPy's ODRPACK."""

import warnings

import numpy as np
import pytest
from fits import LINE, SCATTER, X, line, saturating, saturation, straight

import mitochem as mc
from mitochem import fitting
from mitochem.fitting import Experiment, Free, Problem

Y = line(X, 2.0, 0.7) + SCATTER
MEASURED = X + np.array([0.2, -0.1, 0.15, -0.25, 0.05, 0.3, -0.2, -0.1])


def deming(x, y, ratio):
    """Line of least orthogonal distance; ``ratio`` is the variance of y over that of x."""
    sxx, syy, sxy = np.var(x), np.var(y), np.mean((x - x.mean()) * (y - y.mean()))
    b = (syy - ratio * sxx + np.sqrt((syy - ratio * sxx) ** 2 + 4 * ratio * sxy**2)) / (2 * sxy)
    return y.mean() - b * x.mean(), b


def york(x, y, sx, sy):
    """York's line with independent errors of every point, and its standard errors (York et al. 2004, unscaled)."""
    b = np.polyfit(x, y, 1)[0]
    for _ in range(200):
        w = 1 / (sy**2 + b**2 * sx**2)
        u, v = x - np.average(x, weights=w), y - np.average(y, weights=w)
        beta = w * (u * sy**2 + b * v * sx**2)
        b = np.sum(w * beta * v) / np.sum(w * beta * u)
    a = np.average(y, weights=w) - b * np.average(x, weights=w)
    adjusted = np.average(x, weights=w) + beta
    centre = np.average(adjusted, weights=w)
    sb = 1 / np.sqrt(np.sum(w * (adjusted - centre) ** 2))
    return a, b, np.sqrt(1 / np.sum(w) + centre**2 * sb**2), sb


def odr(function, beta, sx, sy):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        scipy_odr = pytest.importorskip("scipy.odr", reason="SciPy has given up its ODRPACK")
        data = scipy_odr.RealData(MEASURED, Y if function is line else saturation(MEASURED, 10, 3) + SCATTER, sx, sy)
        problem = scipy_odr.ODR(data, scipy_odr.Model(lambda b, x: function(x, *b)), beta, sstol=1e-14, partol=1e-14)
        return problem.run()


def fitted(sx, sy, errors="scatter", make=straight, **options):
    y = Y if make is straight else None
    return mc.fit(make(y, MEASURED, noise={"y": sy}, uncertain={"x": sx}, **options), errors=errors)


@pytest.mark.parametrize("sx", [0.05, 0.2, 1.0])
def test_a_line_is_the_one_of_deming(sx):
    a, b = deming(MEASURED, Y, (0.3 / sx) ** 2)
    assert fitted(sx, 0.3).values == pytest.approx({"a": a, "b": b}, rel=1e-6)


def test_a_line_with_an_error_for_each_point_is_the_one_of_york():
    sx, sy = np.linspace(0.1, 0.5, 8), np.linspace(0.6, 0.2, 8)
    a, b, sa, sb = york(MEASURED, Y, sx, sy)
    result = fitted(sx, sy, "declared")
    assert result.values == pytest.approx({"a": a, "b": b}, rel=1e-6)
    # York's errors are of the expected, the fit's of the observed curvature: the same to second order in the residuals.
    assert result.stderr == pytest.approx({"a": sa, "b": sb}, rel=0.02)


@pytest.mark.parametrize(("function", "make"), [(line, straight), (saturation, saturating)])
def test_estimates_and_covariance_are_those_of_odrpack(function, make):
    there = odr(function, [5.0, 1.0], 0.2, 0.3)
    by_scatter, declared = fitted(0.2, 0.3, make=make), fitted(0.2, 0.3, "declared", make=make)
    assert list(by_scatter.values.values()) == pytest.approx(there.beta, rel=1e-5)
    assert list(by_scatter.stderr.values()) == pytest.approx(there.sd_beta, rel=1e-3)
    np.testing.assert_allclose(by_scatter.covariance_matrix, there.cov_beta * there.res_var, rtol=2e-3)
    np.testing.assert_allclose(declared.covariance_matrix, there.cov_beta, rtol=2e-3)
    assert by_scatter.dof == 6


def test_an_error_of_x_that_vanishes_leaves_ordinary_least_squares():
    assert fitted(1e-6, 0.3).values == pytest.approx(mc.fit(straight(Y, MEASURED)).values, rel=1e-6)


def test_the_profile_and_the_linear_interval_agree_where_errors_of_x_are_small():
    result = fitted(0.02, 0.3)
    low, high = fitting.profile(result, ["b"])["b"].interval
    assert (low, high) == pytest.approx(result.intervals["b"], rel=1e-3)


def test_the_bootstrap_agrees_with_the_errors_and_keeps_pairs_together():
    result = fitted(0.3, 0.3)
    for kind, share in (("residuals", 0.25), ("parametric", 0.25), ("points", 0.6)):
        samples = fitting.bootstrap(result, 150, kind=kind)
        assert samples.table.sd["b"] == pytest.approx(result.stderr["b"], rel=share), kind
    # Points drawn without their conditions would be free to move along x, and the line with them.
    drawn = fitting.bootstrap(result, 5, kind="points").values.loc[3]
    rng = np.random.default_rng([0, 3])
    rng.integers(0, 1, 1)  # which experiments, of one
    times = np.bincount(rng.integers(0, 8, 8), minlength=8)
    expected = deming(np.repeat(MEASURED, times), np.repeat(Y, times), 1.0)
    assert tuple(drawn) == pytest.approx(expected, rel=1e-4)


def test_what_is_wrong_with_an_uncertain_condition_is_said():
    with pytest.raises(mc.FitError, match=r"'xx' is uncertain, but no condition.* Did you mean x"):
        straight(Y, MEASURED, uncertain={"xx": 0.1})
    with pytest.raises(mc.FitError, match=r"uncertain x = 0\.0 must be positive"):
        straight(Y, MEASURED, uncertain={"x": 0.0})
    other = Experiment({"x": MEASURED}, {"y": Y}, uncertain={"x": 0.2})
    same = Experiment({"x": MEASURED}, {"y": Y}, uncertain={"x": 0.4})
    free = {"a": Free(start=1.0), "b": Free(start=1.0)}
    with pytest.raises(mc.FitError, match="not of the same data with the same noise"):
        fitting.compare(*(mc.fit(Problem(LINE, e, free)) for e in (other, same)))
