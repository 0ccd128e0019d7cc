"""Rate of ATP synthesis against the proton-motive force, and rates against temperature."""

import math

import numpy as np
import pytest
import xarray as xr

from mitochem import FitError, fitting
from mitochem.fitting import arrhenius, rate_against_pmf

F, R = 0.0964853321, 8.314462618e-3
T, N, DG = 298.15, 3.9, 55.0
ZERO = DG / (N * F)  # 146.2 mV, where synthesis turns into hydrolysis
PMF = np.linspace(120.0, 190.0, 15)
TOLD = {"h_per_atp": N, "delta_Gp": DG, "temperature": T, "units": ("mV", "1/s"), "origin": "synthetic"}


def reversible(pmf, vmax=20.0, reverse=8.0):
    x = (N * F * np.asarray(pmf) - DG) / (R * T)
    return vmax * (1 - np.exp(-x)) / (1 + vmax / reverse * np.exp(-x))


def noise(seed, size=0.2, n=15):
    return np.random.default_rng(seed).normal(0, size, n)


def test_the_reversible_law_is_zero_at_equilibrium_and_hydrolyses_below():
    from mitochem.fitting.laws import reversible_law

    given = {"vmax": 20.0, "reverse": 8.0, "h_per_atp": N, "delta_Gp": DG, "temperature": T}
    assert reversible_law(ZERO, **given) == pytest.approx(0.0, abs=1e-6)
    assert reversible_law(ZERO - 1, **given) < 0 < reversible_law(ZERO + 1, **given)
    assert reversible_law(1000.0, **given) == pytest.approx(20.0)
    assert reversible_law(-1000.0, **given) == pytest.approx(-8.0)
    np.testing.assert_allclose(reversible_law(PMF, **given), reversible(PMF), rtol=1e-6)
    # without the saturation it is vmax (1 - e^-X)
    x = (N * F * 160.0 - DG) / (R * T)
    assert reversible_law(160.0, **given | {"reverse": 1e9}) == pytest.approx(20 * (1 - math.exp(-x)), rel=1e-6)


def test_vmax_and_reverse_come_back_within_their_intervals():
    inside = 0
    for seed in range(20):
        result = rate_against_pmf(PMF, reversible(PMF) + noise(seed), profile=False, **TOLD)
        inside += all(low <= true <= high for (low, high), true in zip(result.intervals.values(), (20.0, 8.0)))
    assert inside >= 17  # two intervals of 95 % at once


def test_profiles_are_followed_by_default():
    result = rate_against_pmf(PMF, reversible(PMF) + noise(0), **TOLD)
    assert set(result.profiles) == {"vmax", "reverse"}
    # This near to linear, they are the intervals of the linearised problem.
    assert result.profiles["vmax"].interval == pytest.approx(result.intervals["vmax"], rel=2e-3)


def test_a_told_reverse_is_held():
    result = rate_against_pmf(PMF, reversible(PMF) + noise(0), reverse=8.0, profile=False, **TOLD)
    assert result.names == ("vmax",)


def test_rates_that_thermodynamics_forbids_are_named():
    result = rate_against_pmf(PMF, reversible(PMF) + noise(0), profile=False, **TOLD | {"h_per_atp": 4.67})
    assert any("sign that thermodynamics forbids" in w and w.kind == "data" for w in result.warnings)
    assert any("thermodynamic" in note and "4.67" in note for note in result.notes)


def test_the_phosphorylation_potential_may_differ_by_point():
    energies = DG + np.linspace(-2, 2, len(PMF))
    x = (N * F * PMF - energies) / (R * T)
    v = 20 * (1 - np.exp(-x)) / (1 + 2.5 * np.exp(-x))
    result = rate_against_pmf(PMF, v + noise(1), profile=False, **TOLD | {"delta_Gp": energies})
    assert result.values == pytest.approx({"vmax": 20.0, "reverse": 8.0}, rel=0.05)


# --- sigmoids ------------------------------------------------------------------------------------------------


def sigmoid(pmf, vmax=20.0, half=150.0, width=8.0):
    return vmax / (1 + np.exp(-(np.asarray(pmf) - half) / width))


SIGMOID = {"law": "boltzmann", "units": ("mV", "1/s"), "origin": "synthetic", "profile": False}


def test_a_sigmoid_gives_back_its_half_force_and_says_that_its_steepness_is_not_n():
    result = rate_against_pmf(PMF, sigmoid(PMF) + np.abs(noise(0)), **SIGMOID)
    assert result.values == pytest.approx({"vmax": 20.0, "pmf_half": 150.0, "pmf_width": 8.0}, rel=0.1)
    assert any("not H+/ATP" in note for note in result.notes)
    assert any("synthetic" in note for note in result.notes)


def test_hill_is_half_way_at_its_half_force():
    v = 20 * PMF**12 / (150.0**12 + PMF**12)
    result = rate_against_pmf(PMF, v, **SIGMOID | {"law": "hill"})
    assert result.values == pytest.approx({"Vmax": 20.0, "Km": 150.0, "h": 12.0}, rel=1e-4)


def test_above_the_knee_there_is_only_vmax():
    x = np.linspace(175.0, 220.0, 10)
    result = rate_against_pmf(x, sigmoid(x) + np.abs(noise(2, 0.1, 10)), **SIGMOID)
    assert result["vmax"] == pytest.approx(20.0, rel=0.05)
    assert any("above the knee" in w and w.kind == "unidentifiable" for w in result.warnings)


def test_on_the_foot_there_is_only_a_threshold():
    x = np.linspace(100.0, 140.0, 10)
    result = rate_against_pmf(x, sigmoid(x) + np.abs(noise(3, 0.02, 10)), **SIGMOID)
    assert any(w.kind in ("unidentifiable", "extrapolation") for w in result.warnings)
    exact = rate_against_pmf(x, sigmoid(x), **SIGMOID)
    assert any("on the foot" in w for w in exact.warnings)


def test_negative_rates_belong_to_the_reversible_law_alone():
    v = reversible(PMF)
    assert v.min() < 0
    rate_against_pmf(PMF, v + noise(0), profile=False, **TOLD)
    with pytest.raises(FitError, match=r"rate\[\d+\] = -.* is negative: net hydrolysis is real"):
        rate_against_pmf(PMF, v, **SIGMOID)


def test_parts_of_the_force_that_were_not_varied_are_named():
    delta_pH = np.linspace(1.0, 2.2, 15)
    force = 60 + 59.16 * delta_pH
    result = rate_against_pmf(
        delta_psi=60.0, delta_pH=delta_pH, rate=sigmoid(force) + np.abs(noise(0)), temperature="25 degC", **SIGMOID
    )
    assert any("delta_psi was not varied" in w for w in result.warnings)
    assert result["pmf_half"] == pytest.approx(150, abs=1)


def test_units_of_the_data_are_understood():
    volts = xr.DataArray(PMF / 1000, dims="point", attrs={"units": "V"})
    there = rate_against_pmf(volts, sigmoid(PMF) + np.abs(noise(0)), **SIGMOID)
    here = rate_against_pmf(PMF, sigmoid(PMF) + np.abs(noise(0)), **SIGMOID)
    assert there.values == pytest.approx(here.values, rel=1e-6)
    axes = here.plot()
    assert axes[-1].get_xlabel() == "proton-motive force / mV"
    assert axes[0].get_ylabel() == "rate of ATP synthesis / 1/s"


# --- temperature ---------------------------------------------------------------------------------------------

CELSIUS = np.arange(5.0, 46.0, 5.0)


def rates(energy=55.0, celsius=CELSIUS, reference=298.15):
    """CF0F1 in liposomes: 55 kJ/mol between 5 and 45 °C."""
    return 50 * np.exp(-energy / R * (1 / (np.asarray(celsius) + 273.15) - 1 / reference))


def test_it_is_the_regression_of_the_logarithm_on_the_reciprocal_temperature():
    v = rates() * np.exp(noise(0, 0.05, 9))
    result = arrhenius(CELSIUS, v, units=("degC", "1/s"))
    u, y = 1 / (CELSIUS + 273.15), np.log(v)
    slope = ((u - u.mean()) * (y - y.mean())).sum() / ((u - u.mean()) ** 2).sum()
    rest = y - y.mean() - slope * (u - u.mean())
    se = math.sqrt((rest**2).sum() / 7 / ((u - u.mean()) ** 2).sum())
    assert result["activation_energy"] == pytest.approx(-R * slope, rel=1e-6)
    assert result.stderr["activation_energy"] == pytest.approx(R * se, rel=1e-4)


def test_55_kJ_per_mol_come_back_and_celsius_is_kelvin():
    v = rates() * np.exp(noise(1, 0.02, 9))
    here = arrhenius(CELSIUS, v, units=("degC", "1/s"))
    there = arrhenius(CELSIUS + 273.15, v, units=("K", "1/s"))
    assert here.values == pytest.approx(there.values, rel=1e-9)
    low, high = here.intervals["activation_energy"]
    assert low < 55 < high
    assert not here.warnings
    # Q10 = exp(Ea/R · 10/T²) at the reference
    assert here.of_derived("q10").value == pytest.approx(math.exp(here["activation_energy"] / R * 10 / 298.15**2))


def test_q10_and_energy_are_two_words_for_one_slope():
    v = rates() * np.exp(noise(1, 0.02, 9))
    energy, q10 = (arrhenius(CELSIUS, v, law=law, units=("degC", "1/s")) for law in ("arrhenius", "q10"))
    assert q10["q10"] == pytest.approx(energy.of_derived("q10").value, rel=0.02)
    assert q10.of_derived("activation_energy").value == pytest.approx(energy["activation_energy"], rel=0.02)
    exact = arrhenius([20.0, 30.0, 40.0], [1.0, 2.1, 2.1**2], law="q10", units=("degC", "1/s"))
    assert exact["q10"] == pytest.approx(2.1, rel=1e-6)


def test_a_kink_is_suspected():
    bent = np.where(CELSIUS < 25, rates(90.0), rates(40.0)) * np.exp(noise(4, 0.01, 9))
    result = arrhenius(CELSIUS, bent, units=("degC", "1/s"))
    assert any("kink" in w and w.kind == "misfit" for w in result.warnings)


@pytest.mark.parametrize("celsius", [np.arange(-10.0, 41.0, 10.0), np.arange(10.0, 61.0, 10.0)])
def test_temperatures_beyond_5_to_45_degrees_are_doubted(celsius):
    result = arrhenius(celsius, rates(celsius=celsius) * np.exp(noise(5, 0.02, 6)), units=("degC", "1/s"))
    assert any("beyond 5 to 45 °C" in w for w in result.warnings)


def test_an_arrhenius_plot_has_units():
    axes = arrhenius(CELSIUS, rates() * np.exp(noise(0, 0.05, 9)), units=("degC", "1/s")).plot()
    assert (axes[0].get_ylabel(), axes[-1].get_xlabel()) == ("ln(rate in 1/s)", "temperature / K")


def test_a_recorded_fit_keeps_its_warnings(tmp_path):
    x = np.linspace(175.0, 220.0, 10)
    rate_against_pmf(x, sigmoid(x) + np.abs(noise(2, 0.1, 10)), **SIGMOID).save(tmp_path / "rate.json")
    assert any("above the knee" in w for w in fitting.replay(tmp_path / "rate.json").warnings)
