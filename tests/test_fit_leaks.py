"""The leak against the force, told at a reference inside the data."""

import numpy as np
import pytest

from mitochem.components import ExponentialLeak, OhmicLeak, SinhLeak, ThresholdLeak
from mitochem.fitting import leak_curve
from mitochem.fitting.results.derived import correlation_of

X = np.linspace(140.0, 170.0, 10)  # a window of 30 mV
UNITS = ("mV", "nmol/min/mg")


def measured(exact, seed=0, share=0.02):
    return exact * (1 + np.random.default_rng(seed).normal(0, share, len(exact)))


@pytest.mark.parametrize(
    ("law", "exact", "expected"),
    [
        ("ohmic", 1.3 * X, {"J_reference": 1.3 * 155}),
        ("exponential", 0.3 * np.expm1(0.035 * X), {"J_reference": 0.3 * np.expm1(0.035 * 155), "steepness": 0.035}),
        ("sinh", 0.6 * np.sinh(0.035 * X), {"J_reference": 0.6 * np.sinh(0.035 * 155), "steepness": 0.035}),
    ],
)
def test_every_law_gives_back_its_own_curve(law, exact, expected):
    result = leak_curve(X, exact, law=law, units=UNITS)
    assert result.values == pytest.approx(expected, rel=1e-5)


def test_a_threshold_is_found():
    x = np.linspace(100.0, 200.0, 21)
    exact = 0.6 * x + 10.0 * 8.0 * (np.log1p(np.exp((x - 165) / 8)) - np.log1p(np.exp((-x - 165) / 8)))
    result = leak_curve(x, exact, law="threshold", units=UNITS)
    assert result["threshold"] == pytest.approx(165.0, rel=1e-4)
    assert result["steepening"] == pytest.approx(10.0 / 0.6, rel=1e-3)
    assert result.of_derived("conductance").value == pytest.approx(0.6, rel=1e-3)


@pytest.mark.parametrize("law", ["exponential", "sinh"])
def test_the_reference_undoes_the_correlation_of_amplitude_and_steepness(law):
    exact = 0.3 * np.exp(0.035 * X)
    for seed in range(10):
        result = leak_curve(X, measured(exact, seed), law=law, units=UNITS)
        assert abs(result.correlation.loc["J_reference", "steepness"]) < 0.95
        assert not any(w.kind == "correlated" for w in result.warnings)
        # As the amplitude at zero force, the same fit is beyond 0.95: ln a = ln J_ref - b·ref, nearly.
        log_a = correlation_of(
            result, lambda v: np.log(v["J_reference"]) - v["steepness"] * 155.0, lambda v: v["steepness"]
        )
        assert log_a < -0.95
        assert "correlated with steepness, -0.9" in result.of_derived("amplitude").meaning


@pytest.mark.parametrize(
    ("law", "component", "names"),
    [
        ("exponential", ExponentialLeak, ("amplitude", "steepness")),
        ("sinh", SinhLeak, ("amplitude", "steepness")),
        ("ohmic", OhmicLeak, ("conductance",)),
    ],
)
def test_what_is_derived_is_the_component_of_the_package(law, component, names):
    result = leak_curve(X, measured(0.3 * np.exp(0.035 * X)), law=law, units=UNITS)
    values = result.values | {d.name: d.value for d in result.derived}
    leak = component(**{name: values[name] for name in names})
    np.testing.assert_allclose(leak.J_leak(X), result.fitted[0], rtol=1e-8)


def test_the_threshold_component_too():
    x = np.linspace(100.0, 200.0, 21)
    result = leak_curve(x, measured(ThresholdLeak().J_leak(x)), law="threshold", units=UNITS)
    g = result.of_derived("conductance").value
    leak = ThresholdLeak(conductance=g, threshold_conductance=g * result["steepening"], threshold=result["threshold"])
    np.testing.assert_allclose(leak.J_leak(x), result.fitted[0], rtol=1e-8)


def test_the_amplitude_has_the_error_of_a_regression_of_the_logarithm():
    """Small relative noise: ln J = ln a + b x is a line, and its intercept has a textbook error."""
    x = np.linspace(140.0, 180.0, 12)
    exact, share = 0.3 * np.exp(0.035 * x), 0.01
    y = measured(exact, 1, share)
    result = leak_curve(x, y, J_error=share * exact, errors="declared", units=UNITS)
    se = share * np.sqrt(1 / 12 + x.mean() ** 2 / ((x - x.mean()) ** 2).sum())
    amplitude = result.of_derived("amplitude")
    assert amplitude.stderr / amplitude.value == pytest.approx(se, rel=0.05)


def test_values_do_not_depend_on_the_reference():
    y = measured(0.3 * np.exp(0.035 * X))
    one, other = (leak_curve(X, y, reference=at, units=UNITS) for at in (145.0, 168.0))
    assert one["steepness"] == pytest.approx(other["steepness"], rel=1e-5)
    assert one.of_derived("amplitude").stderr == pytest.approx(other.of_derived("amplitude").stderr, rel=1e-2)


def test_laws_are_compared_by_aicc():
    from mitochem.fitting import compare

    x = np.linspace(100.0, 180.0, 15)
    y = measured(SinhLeak().J_leak(x))
    table = compare(*(leak_curve(x, y, law=law, units=UNITS) for law in ("ohmic", "sinh")))
    assert table.fit[0] == "leak against delta_psi, sinh"
    assert table.delta[1] > 20


def test_a_narrow_window_is_named():
    x = np.linspace(150.0, 165.0, 8)
    result = leak_curve(x, measured(0.3 * np.exp(0.035 * x)), units=UNITS)
    assert any("span 15 mV" in w and w.kind == "data" for w in result.warnings)


def test_the_order_of_points_does_not_matter_and_axes_have_units():
    y = measured(0.3 * np.exp(0.035 * X))
    assert leak_curve(X[::-1], y[::-1], units=UNITS).values == pytest.approx(leak_curve(X, y, units=UNITS).values)
    axes = leak_curve(X, y, units=UNITS, axis="pmf").plot()
    assert axes[0].get_ylabel() == "proton leak / nmol/min/mg"
    assert axes[-1].get_xlabel() == "proton-motive force / mV"


def test_a_reversed_leak_is_a_leak():
    x = np.linspace(-60.0, 60.0, 9)
    result = leak_curve(x, 0.6 * np.sinh(0.035 * x), law="sinh", units=UNITS)
    assert result.of_derived("amplitude").value == pytest.approx(0.6, rel=1e-5)
