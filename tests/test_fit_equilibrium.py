"""H+/ATP and the standard energy from forces at which ATP synthase stands still."""

import math
import warnings

import numpy as np
import pytest
import xarray as xr

from mitochem import FitError, fitting, thermodynamics
from mitochem.fitting import equilibrium_line, standard_energy_at

F, R = 0.0964853321, 8.314462618e-3  # kJ/mol/mV and kJ/mol/K
T = 298.15
N, G = "h_per_atp_thermodynamic", "standard_energy"
PMF = np.linspace(140.0, 210.0, 8)
SAID = {"unit": "1/M", "temperature": "25 degC"}


def ratio(energy):
    """[ATP]/([ADP][Pi]) in 1/M from RT ln Q."""
    return np.exp(np.asarray(energy) / (R * T))


def noisy(seed, n=3.9, energy=37.0, sd=1.2):
    return n * F * PMF - energy + np.random.default_rng(seed).normal(0, sd, len(PMF))


def regression(x, y, w):
    """Weighted regression by its textbook sums: slope, intercept and their covariance for weights 1/variance."""
    s, sx, sy, sxx, sxy = (float((w * v).sum()) for v in (np.ones_like(x), x, y, x * x, x * y))
    d = s * sxx - sx**2
    return (s * sxy - sx * sy) / d, (sxx * sy - sx * sxy) / d, np.array([[s, -sx], [-sx, sxx]]) / d


def york(x, y, sx, sy):
    """Errors in both variables, by the fixed point of York's slope: slope, intercept and standard errors."""
    b = np.polyfit(x, y, 1)[0]
    for _ in range(200):
        w = 1 / (sy**2 + b**2 * sx**2)
        u, v = x - (w * x).sum() / w.sum(), y - (w * y).sum() / w.sum()
        beta = w * (u * sy**2 + b * v * sx**2)
        b = (w * beta * v).sum() / (w * beta * u).sum()
    a = ((w * y).sum() - b * (w * x).sum()) / w.sum()
    adjusted = (w * x).sum() / w.sum() + beta
    centre = (w * adjusted).sum() / w.sum()
    variance = 1 / (w * (adjusted - centre) ** 2).sum()
    return b, a, math.sqrt(variance), math.sqrt(1 / w.sum() + centre**2 * variance)


def test_it_is_the_regression_of_rt_ln_q_on_the_energy_of_the_force():
    y = noisy(0)
    result = equilibrium_line(PMF, ratio(y), **SAID)
    slope, intercept, inverse = regression(F * PMF, y, np.ones_like(PMF))
    scatter = ((y - slope * F * PMF - intercept) ** 2).sum() / (len(y) - 2)
    assert result[N] == pytest.approx(slope, rel=1e-6)
    assert result[G] == pytest.approx(-intercept, rel=1e-6)
    assert result.covariance.loc[N, N] == pytest.approx(scatter * inverse[0, 0], rel=1e-4)
    assert result.covariance.loc[G, G] == pytest.approx(scatter * inverse[1, 1], rel=1e-4)
    assert result.covariance.loc[N, G] == pytest.approx(-scatter * inverse[0, 1], rel=1e-4)


def test_points_weigh_by_their_errors():
    y, sizes = noisy(1), np.array([0.4, 0.4, 3.0, 0.4, 2.0, 0.4, 0.8, 0.4])
    result = equilibrium_line(PMF, ratio(y), energy_error=sizes, errors="declared", **SAID)
    slope, intercept, inverse = regression(F * PMF, y, 1 / sizes**2)
    assert result.values == pytest.approx({N: slope, G: -intercept}, rel=1e-6)
    assert result.stderr[N] == pytest.approx(math.sqrt(inverse[0, 0]), rel=1e-4)
    assert result.stderr[G] == pytest.approx(math.sqrt(inverse[1, 1]), rel=1e-4)


@pytest.mark.parametrize("pmf_error", [2.0, 12.0])
def test_errors_of_both_give_yorks_line(pmf_error):
    y = noisy(2)
    x = PMF + np.random.default_rng(3).normal(0, pmf_error, len(PMF))
    result = equilibrium_line(x, ratio(y), energy_error=1.2, pmf_error=pmf_error, errors="declared", **SAID)
    slope, intercept, se_slope, se_intercept = york(F * x, y, np.full(8, F * pmf_error), np.full(8, 1.2))
    # The search ends where the misfit changes by less than 1e-10 of itself, the values by some 1e-5 of their errors.
    assert result[N] == pytest.approx(slope, rel=5e-6)
    assert result[G] == pytest.approx(-intercept, rel=5e-6)
    # York's errors are of the adjusted points; those of the linearised problem differ in second order.
    assert result.stderr[N] == pytest.approx(se_slope, rel=0.05)
    assert result.stderr[G] == pytest.approx(se_intercept, rel=0.05)


def test_errors_of_both_agree_with_orthogonal_distance_regression():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from scipy import odr

        y = noisy(4)
        x = PMF + np.random.default_rng(5).normal(0, 5.0, len(PMF))
        data = odr.RealData(F * x, y, sx=F * 5.0, sy=1.2)
        found = odr.ODR(data, odr.Model(lambda b, x: b[0] * x + b[1]), beta0=[4.0, -30.0]).run()
    result = equilibrium_line(x, ratio(y), energy_error=1.2, pmf_error=5.0, errors="declared", **SAID)
    assert result[N] == pytest.approx(found.beta[0], rel=1e-5)
    assert result[G] == pytest.approx(-found.beta[1], rel=1e-5)
    np.testing.assert_allclose(list(result.stderr.values()), np.sqrt(np.diag(found.cov_beta)), rtol=0.02)


def test_errors_in_the_force_steepen_the_line():
    """Scatter along x flattens an ordinary regression; the one that knows of it loses less."""
    steep, flat = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        x, y = PMF + rng.normal(0, 12.0, len(PMF)), noisy(seed + 100, sd=0.3)
        flat.append(equilibrium_line(x, ratio(y), **SAID)[N])
        steep.append(equilibrium_line(x, ratio(y), energy_error=0.3, pmf_error=12.0, **SAID)[N])
    assert all(b > a for a, b in zip(flat, steep))
    assert abs(np.mean(steep) - 3.9) < abs(np.mean(flat) - 3.9) / 2


@pytest.mark.parametrize(("n", "energy", "se_n"), [(3.9, 37.0, 0.2), (4.0, 36.0, 0.3), (2.9, 34.0, 0.2)])
def test_published_numbers_come_back_with_their_covariance(n, energy, se_n):
    """Turina 2003: 3.9 ± 0.2 and 37 ± 2 at pH 8.45, 4.0 ± 0.3 and 36 ± 3 at pH 8.05; Petersen 2012: yeast 2.9 ± 0.2."""
    x = F * PMF
    sd = se_n * math.sqrt(((x - x.mean()) ** 2).sum())  # scatter that gives n the published error
    inside_n = inside_g = inside_ellipse = 0
    for seed in range(20):
        result = equilibrium_line(PMF, ratio(noisy(seed, n, energy, sd)), energy_error=sd, errors="declared", **SAID)
        assert result.stderr[N] == pytest.approx(se_n, rel=1e-3)
        low, high = result.intervals[N]
        inside_n += low <= n <= high
        low, high = result.intervals[G]
        inside_g += low <= energy <= high
        off = np.array([result[N] - n, result[G] - energy])
        inside_ellipse += off @ np.linalg.solve(result.covariance.to_numpy(), off) < 5.991  # χ² of 2, 95 %
    assert min(inside_n, inside_g, inside_ellipse) >= 18


def test_the_force_where_q_is_one_is_known_better_than_independent_errors_say():
    """37/3.9 kJ/mol is 98 mV; ±7 mV if the errors were independent, less because slope and intercept go together."""
    sd = 0.2 * math.sqrt(((F * PMF - F * PMF.mean()) ** 2).sum())
    exact = 3.9 * F * PMF - 37.0
    result = equilibrium_line(PMF, ratio(exact), energy_error=sd, errors="declared", **SAID)
    unity = result.of_derived("pmf_at_unity")
    assert unity.value == pytest.approx(98.3, abs=0.1)
    n, g = result[N], result[G]
    var = result.covariance
    by_hand = (
        var.loc[G, G] / (n * F) ** 2 + g**2 * var.loc[N, N] / (n**2 * F) ** 2 - 2 * g * var.loc[N, G] / n**3 / F**2
    )
    assert unity.stderr == pytest.approx(math.sqrt(by_hand), rel=1e-3)
    assert unity.stderr < 0.7 * unity.value * math.hypot(result.stderr[N] / n, result.stderr[G] / g)
    assert result.correlation.loc[N, G] > 0.95
    assert any(w.kind == "correlated" for w in result.warnings)
    assert any("Q = 1 lies at 98 mV" in w and w.kind == "extrapolation" for w in result.warnings)


def test_thermodynamic_and_structural_ratio_are_two_things():
    plain = equilibrium_line(PMF, ratio(noisy(0)), **SAID)
    told = equilibrium_line(PMF, ratio(noisy(0)), structural="chloroplast", **SAID)
    assert told.of_derived("h_per_atp_structural").value == pytest.approx(14 / 3)
    assert told.values == plain.values  # not used
    assert told.of_derived("thermodynamic_over_structural").value == pytest.approx(told[N] * 3 / 14)
    assert "h_per_atp_thermodynamic" in repr(told)
    assert "h_per_atp_structural" in repr(told)
    with pytest.raises(FitError, match="was not derived"):
        plain.of_derived("h_per_atp_structural")


def test_concentrations_and_their_ratio_are_the_same_in_any_unit():
    q = ratio(noisy(0))
    adp, pi = np.full(8, 0.05), np.full(8, 5.0)  # mM
    atp = q * adp * pi / 1000
    reference = equilibrium_line(PMF, q, **SAID).values
    for given in (
        {"atp": atp, "adp": adp, "pi": pi, "unit": "mM"},
        {"atp": atp * 1000, "adp": adp * 1000, "pi": pi * 1000, "unit": "uM"},
        {"atp": xr.DataArray(atp / 1000, attrs={"units": "M"}), "adp": adp, "pi": pi, "unit": "mM"},
        {"atp": atp, "adp": adp, "pi": "5 mM", "unit": "mM"},
        {"ratio": q / 1000, "unit": "1/mM"},
    ):
        result = equilibrium_line(PMF, temperature=T, **given)
        assert result.values == pytest.approx(reference, rel=1e-6)


def test_a_factor_of_a_thousand_is_doubted():
    """A missing factor between mM and M is RT·ln(1000), 17.1 kJ/mol at 25 °C."""
    right = equilibrium_line(PMF, ratio(noisy(0)), **SAID, pH=8.05, mg=5.0)
    wrong = equilibrium_line(PMF, ratio(noisy(0)) / 1000, **SAID, pH=8.05, mg=5.0)
    assert wrong[G] - right[G] == pytest.approx(17.1, abs=0.1)
    assert any("mM and M" in w for w in wrong.warnings)
    assert not any("mM and M" in w for w in right.warnings)


def test_the_packages_own_standard_energy_stands_beside_the_fitted():
    result = equilibrium_line(PMF, ratio(noisy(0)), pH=8.45, mg=5.0, **SAID)
    own = thermodynamics.standard_atp_synthesis_energy(8.45, 5.0, T)
    assert result.of_derived("standard_energy_package").value == pytest.approx(own)
    assert any("pH 8.45" in note for note in result.notes)
    assert any("not told" in note for note in equilibrium_line(PMF, ratio(noisy(0)), **SAID).notes)


def test_a_standard_energy_is_referred_to_another_pH():
    """At pH above 7.5 about one H+ is used per ATP: 5.7 kJ/mol per pH unit at 25 °C."""
    here = {"pH": 8.45, "mg": 5.0, "temperature": "25 degC"}
    there = standard_energy_at(37.0, here, {"pH": 7.45})
    assert there - 37.0 == pytest.approx(-5.7, abs=0.35)
    assert standard_energy_at(there, here | {"pH": 7.45}, {"pH": 8.45}) == pytest.approx(37.0)
    assert standard_energy_at(37.0, here, {}) == pytest.approx(37.0)


def test_the_force_comes_from_its_parts():
    """One pH unit is 59.16 mV at 25 °C."""
    delta_pH = np.linspace(1.0, 2.0, 8)
    force = 70.0 + 59.16 * delta_pH
    q = ratio(3.9 * F * force - 37.0 + 0.1 * np.cos(3 * np.arange(8)))
    parts = equilibrium_line(delta_psi=70.0, delta_pH=delta_pH, ratio=q, **SAID)
    assert parts[N] == pytest.approx(equilibrium_line(force, q, **SAID)[N], rel=1e-4)
    assert any("delta_psi was not varied" in w for w in parts.warnings)
    both = equilibrium_line(delta_psi=70 * delta_pH, delta_pH=delta_pH, ratio=q, **SAID)
    assert any("varied together" in w for w in both.warnings)


def test_the_order_of_points_does_not_matter():
    y, order = noisy(0), np.random.default_rng(0).permutation(8)
    there, here = equilibrium_line(PMF[order], ratio(y)[order], **SAID), equilibrium_line(PMF, ratio(y), **SAID)
    assert there.values == pytest.approx(here.values, rel=1e-9)


def test_the_fit_is_drawn_with_units():
    axes = equilibrium_line(PMF, ratio(noisy(0)), **SAID).plot()
    assert axes[0].get_ylabel() == "RT ln Q / kJ/mol"
    assert axes[-1].get_xlabel() == "proton-motive force at zero net rate / mV"


def test_the_fit_is_replayed_from_its_record(tmp_path):
    result = equilibrium_line(PMF, ratio(noisy(0)), energy_error=1.0, pmf_error=2.0, **SAID)
    result.save(tmp_path / "line.json")
    assert fitting.replay(tmp_path / "line.json").values == pytest.approx(result.values, rel=1e-9)
