"""Profile likelihoods: exact for a line, lmfit's for a curve, open where the data end, and a better fit noticed."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fits import SCATTER, X, line, linear_theory, saturating, saturation, straight

import mitochem as mc
from mitochem import fitting, plot
from mitochem.fitting import Experiment, Free, Law, Problem


def wave(x, a):
    return np.sin(a * x)


WAVE = Law(wave, "y", {"x": "1", "a": "1", "y": "1"})


def waves(start, **options):
    """A frequency: many minima, of which that at 1 is right."""
    experiment = Experiment({"x": X}, {"y": np.sin(X) + 0.2 * SCATTER})
    return mc.fit(Problem(WAVE, experiment, {"a": Free(0.05, 3.0, start, log=False)}), **options)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_the_profile_of_a_line_ends_at_students_t(level):
    import scipy.stats

    result = mc.fit(straight())
    y = line(X, 2.0, 0.7) + SCATTER
    (a, b), unit = linear_theory(X, y)
    se = np.sqrt(np.diag(unit) * np.sum((y - a - b * X) ** 2) / 6)
    t = scipy.stats.t.ppf((1 + level) / 2, 6)
    profiles = fitting.profile(result, level=level)
    for name, value, error in zip("ab", (a, b), se):
        one = profiles[name]
        assert one.interval == pytest.approx((value - t * error, value + t * error), rel=1e-5)
        np.testing.assert_allclose(np.sqrt(one.rise), np.abs(one.values - value) / error, atol=1e-4)
    assert profiles.table.below.tolist() == ["closed", "closed"]


def test_declared_noise_takes_the_normal_quantile():
    result = mc.fit(straight(noise={"y": 0.5}), errors="declared")
    _, unit = linear_theory(X, X, 0.5)
    low, high = fitting.profile(result, ["b"])["b"].interval
    assert high - low == pytest.approx(2 * 1.959964 * np.sqrt(unit[1, 1]), rel=1e-5)


def test_the_profile_of_a_curve_agrees_with_lmfit():
    import lmfit

    y = saturation(X, 10.0, 3.0) + SCATTER
    parameters = lmfit.create_params(top={"value": 5.0}, half={"value": 1.0})
    minimizer = lmfit.Minimizer(lambda p: saturation(X, p["top"].value, p["half"].value) - y, parameters)
    out = minimizer.minimize()
    # lmfit's threshold is that of F(1, dof), the square of Student's t.
    there = lmfit.conf_interval(minimizer, out, sigmas=[0.95])
    profiles = fitting.profile(mc.fit(saturating()))
    for name, one in profiles.items():
        assert one.interval == pytest.approx((there[name][0][1], there[name][2][1]), rel=5e-3)
        low, high = mc.fit(saturating()).intervals[name]
        assert one.interval[1] > one.value > one.interval[0]
        assert one.interval != pytest.approx((low, high), rel=1e-3)  # the curve is not a line


def test_a_parameter_that_saturates_is_open_above_and_called_so():
    far = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])  # far below half saturation
    result = mc.fit(saturating(saturation(far, 100.0, 30.0) + 0.05 * SCATTER, far), profile=True)
    one = result.profiles["half"]
    assert one.closed[1] is False
    assert one.stopped[1] in ("no end in reach", "at its bound")
    assert np.isnan(one.interval[1])
    assert result.verdicts["half"] == "practically unidentifiable"
    axes = plot.profiles(result.profiles)
    assert any("open" in text.get_text() for ax in axes for text in ax.texts)
    plt.close("all")


def test_a_side_that_ends_at_a_bound_says_so():
    free = {"top": Free(start=9.0), "half": Free(2.95, 20.0, 3.0)}
    result = mc.fit(saturating(free=free))
    one = fitting.profile(result, ["half"])["half"]
    assert one.closed == (False, True) or one.stopped[0] == "at its bound"
    assert one.values.min() == pytest.approx(2.95)
    assert one.values.min() >= 2.95 * (1 - 1e-12)


def test_a_better_fit_on_the_way_is_said():
    wrong, right = waves(1.7), waves(1.2)
    assert wrong.found.cost > 100 * right.found.cost
    with pytest.warns(UserWarning, match="a better fit was found along the profile of a, at a = "):
        one = fitting.profile(wrong)["a"]
    assert one.better
    assert one.stopped == ("better fit found", "better fit found")
    assert np.isnan(one.interval).all()
    assert one.rise.min() < 0
    with pytest.warns(UserWarning, match="a better fit"):
        told = waves(1.7, profile=True)
    assert [w.kind for w in told.warnings if "better fit" in w] == ["not_converged"]
    assert "does not close" not in told.reasons["a"]
    assert not fitting.profile(right)["a"].better


def test_profiles_are_found_by_name_and_drawn():
    profiles = fitting.profile(mc.fit(saturating()))
    assert set(profiles.points.parameter) == {"top", "half"}
    with pytest.raises(mc.FitError, match="Did you mean half"):
        profiles["halff"]
    axes = profiles.plot()
    assert [ax.get_xlabel() for ax in axes] == ["top", "half / mM"]
    plt.close("all")
