"""Uncouplers: respiration against dose, and the conductance they give a bilayer."""

import math

import numpy as np
import pytest

from mitochem import datasets, fitting
from mitochem.fitting import carrier_conductance, dose_response

NM = ("nM", "pmol/s/mL")
DOSES = np.array([0.0, 125.0, 250.0, 375.0, 500.0])
CHAMBERS = {
    "A": np.array([79.57, 215.35, 312.18, 354.26, 346.79]),
    "B": np.array([62.51, 194.19, 281.41, 317.42, 308.82]),
}


@pytest.mark.parametrize(
    ("chamber", "J0", "Jm", "K"), [("A", (77, 22), (482, 73), (207, 100)), ("B", (61, 20), (422, 60), (183, 87))]
)
def test_an_fccp_titration_gives_the_reference_fit(chamber, J0, Jm, K):
    result = dose_response(DOSES, CHAMBERS[chamber], units=NM)
    for name, (value, se) in (("J0", J0), ("Jm", Jm), ("K", K)):
        assert result[name] == pytest.approx(value, abs=0.51)
        assert result.stderr[name] == pytest.approx(se, rel=0.03)
    assert result.correlation.loc["Jm", "K"] == pytest.approx(0.95, abs=0.005)
    assert result["Jm"] / CHAMBERS[chamber].max() == pytest.approx(1.35, abs=0.025)
    assert any("above the largest rate measured" in w and w.kind == "extrapolation" for w in result.warnings)


def test_the_shipped_titration_is_the_same_one():
    ds = datasets.load("cadonic_2015_fccp_titration_brain")
    steps = ds.sel(step=np.isfinite(ds.fccp.values))
    result = dose_response(steps.fccp, steps.J_O2.isel(chamber=0))
    assert result["K"] == pytest.approx(0.207, abs=0.001)
    assert result.units["K"] == "uM"


def test_the_largest_rate_measured_is_reported_whatever_the_fit():
    for law in ("saturating", "bell"):
        result = dose_response(DOSES, CHAMBERS["A"], law=law, units=NM)
        largest = result.of_derived("J_max_measured")
        assert (largest.value, result.of_derived("dose_of_J_max").value) == (354.26, 375.0)
        assert math.isnan(largest.stderr)
        assert "no replicates" in largest.meaning


def test_replicates_give_the_largest_rate_an_error():
    dose = [0, 0, 0, 1, 1, 1, 2, 2, 2, 4, 4, 4]
    J = [9, 10, 11, 48, 50, 52, 60, 62, 67, 55, 58, 61]
    largest = dose_response(dose, J, law="bell", units=("uM", "")).of_derived("J_max_measured")
    assert largest.value == pytest.approx(63.0)
    assert largest.stderr == pytest.approx(math.sqrt((9 + 1 + 16) / 2 / 3))  # sd of 60, 62, 67 over √3


def test_half_the_effect_is_reported_inside_the_doses_only():
    dose = np.array([0.0, 0.1, 0.2, 0.4, 0.8, 1.6])
    inside = dose_response(dose, 10 + 90 * dose / (0.3 + dose), units=("uM", ""))
    assert inside.of_derived("EC50").value == pytest.approx(0.3, rel=1e-4)
    outside = dose_response(dose, 10 + 900 * dose / (5.0 + dose), units=("uM", ""))
    assert "EC50" not in {d.name for d in outside.derived}
    assert any("EC50 5 is outside the doses" in w for w in outside.warnings)


def test_a_bell_is_told_by_its_peak():
    dose = np.array([0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2])
    J = 10 + 200 * dose / (0.3 + dose + dose**2 / 0.6)  # peak at √(0.3·0.6)
    result = dose_response(dose, J, law="bell", units=("uM", ""))
    peak = math.sqrt(0.18)
    assert result["dose_peak"] == pytest.approx(peak, rel=1e-4)
    assert result["J_peak"] == pytest.approx(10 + 200 * peak / (0.3 + peak + 0.3), rel=1e-4)
    half = result.of_derived("EC50").value
    rise = 200 * half / (0.3 + half + half**2 / 0.6)
    assert rise == pytest.approx((result["J_peak"] - 10) / 2, rel=1e-4)
    assert half < peak


def test_the_bell_of_five_points_lowers_the_residual_and_determines_little():
    plain, bell = (dose_response(DOSES, CHAMBERS["A"], law=law, units=NM) for law in ("saturating", "bell"))
    assert bell.rmse < 0.5 * plain.rmse
    assert bell.verdicts["sharpness"] == "at bound"
    assert any("rests on it alone" in w for w in bell.warnings)
    assert any(w.kind == "few_points" for w in bell.warnings)


def test_a_dose_response_that_still_rises_says_so():
    result = dose_response(DOSES[:4], CHAMBERS["A"][:4], units=NM)
    assert any("may not have been reached" in w for w in result.warnings)


def test_doses_are_nominal_unsorted_doses_are_sorted_and_axes_have_units():
    order = [3, 0, 4, 1, 2]
    here, there = (dose_response(DOSES[i], CHAMBERS["A"][i], units=NM) for i in (slice(None), order))
    assert there.values == pytest.approx(here.values, rel=1e-6)
    assert any("nominal" in note for note in here.notes)
    axes = here.plot()
    assert (axes[-1].get_xlabel(), axes[0].get_ylabel()) == ("nominal uncoupler / nM", "respiration / pmol/s/mL")


# --- conductance of a bilayer --------------------------------------------------------------------------------

PH = np.arange(4.5, 9.01, 0.5)
TOLD = {"dose": 1.0, "temperature": "25 degC", "unit": "S/cm^2"}
F, RT_F = 96485.332, 25.6926  # C/mol, and mV at 25 °C


def conductance(pH, dose=1.0, k_neutral=1e4, k_anion=700.0, beta=3e-3, pK=6.2):
    """Near V = 0 (S/cm2): N·F²/RT·k_HA k_A θ(1−θ)/(2(k_HA θ + k_A(1−θ))), N = 2·β·c on both faces."""
    theta = 1 / (1 + 10 ** (np.asarray(pH) - pK))
    per_carrier = k_neutral * k_anion * theta * (1 - theta) / (2 * (k_neutral * theta + k_anion * (1 - theta)))
    moles = 2 * beta * dose * 1e-9  # cm times nmol/cm3, in mol/cm2
    return F * moles * per_carrier / (RT_F * 1e-3)


def test_the_carrier_conducts_as_the_closed_form_near_zero_voltage_says():
    result = carrier_conductance(PH, conductance(PH), voltage=0.5, **TOLD)
    assert result["beta_k_anion"] == pytest.approx(3e-3 * 700, rel=1e-3)
    assert result["pK"] == pytest.approx(6.2, abs=1e-3)
    np.testing.assert_allclose(result.fitted[0], conductance(PH), rtol=1e-3)


def test_the_conductance_is_largest_near_the_pK():
    """pK + ½ log10(k_HA/k_A) near V = 0, 6.78 for FCCP; at 150 mV and 37 °C 6.32, near pK."""
    low = carrier_conductance(PH, conductance(PH), voltage=0.5, **TOLD)
    top = low.of_derived("best_pH").value
    assert top == pytest.approx(6.78, abs=0.005)
    dense = np.linspace(6, 7.5, 1501)
    assert dense[conductance(dense).argmax()] == pytest.approx(top, abs=2e-3)
    from mitochem.fitting.laws.uncoupling import best_pH, carrier_conductance_law

    cycle = {"beta_k_anion": 2.1, "neutral_over_anion": 1e4 / 700, "pK": 6.2, "voltage": 150.0, "temperature": 310.15}
    there = dense[carrier_conductance_law(dense, dose=1.0, **cycle).argmax()]
    assert there == pytest.approx(6.32, abs=0.01)
    assert best_pH(1e4 / 700, 6.2, 150.0, 310.15) == pytest.approx(there, abs=2e-3)


def test_conductance_is_proportional_to_the_dose():
    dose = np.repeat([0.1, 1.0, 3.0], len(PH))
    pH = np.tile(PH, 3)
    told = TOLD | {"dose": dose}
    result = carrier_conductance(pH, conductance(pH, dose), voltage=0.5, **told)
    assert result["beta_k_anion"] == pytest.approx(2.1, rel=1e-3)


def test_rates_need_an_adsorption_measured_otherwise():
    plain = carrier_conductance(PH, conductance(PH), voltage=0.5, **TOLD)
    assert {d.name for d in plain.derived} == {"best_pH"}
    assert any("only as products with the adsorption" in note for note in plain.notes)
    told = carrier_conductance(PH, conductance(PH), voltage=0.5, adsorption_length=3e-3, **TOLD)
    assert told.of_derived("k_anion").value == pytest.approx(700, rel=1e-3)
    assert told.of_derived("k_neutral").value == pytest.approx(1e4, rel=1e-3)
    # twice the adsorption and half the rates conduct alike
    np.testing.assert_allclose(conductance(PH), conductance(PH, 1.0, 5e3, 350.0, 6e-3))


def test_exchanging_the_rates_and_moving_the_pK_gives_the_same_curve():
    np.testing.assert_allclose(
        conductance(PH), conductance(PH, k_neutral=700.0, k_anion=1e4, pK=6.2 + math.log10(1e4 / 700)), rtol=1e-9
    )
    assert any(
        "exchanging k_A with k_HA" in n for n in carrier_conductance(PH, conductance(PH), voltage=0.5, **TOLD).notes
    )


@pytest.mark.parametrize(("compound", "lipid"), [("FCCP", "PE bilayer"), ("CCCP", "diphytanoyl-PC/chlorodecane")])
def test_defaults_are_the_published_constants_with_their_lipid(compound, lipid):
    table = datasets.load("benz_kasianowicz_protonophores")
    rows = table.where(table.compound == compound, drop=True).to_dataframe().set_index("quantity").value
    y = conductance(PH, 1.0, rows["k_HA"], rows["k_A"], rows["beta_A"], 6.2 if compound == "FCCP" else 6.0)
    result = carrier_conductance(PH, y, voltage=0.5, compound=compound, free=("beta_k_anion",), **TOLD)
    assert result["beta_k_anion"] == pytest.approx(rows["beta_A"] * rows["k_A"], rel=1e-3)
    assert any(lipid in note for note in result.notes)


def test_one_flank_does_not_tell_the_pK():
    flank = np.arange(7.5, 9.6, 0.3)
    result = carrier_conductance(flank, conductance(flank), voltage=0.5, **TOLD)
    assert any("one flank" in w and w.kind == "extrapolation" for w in result.warnings)


def test_conductance_in_another_unit():
    here = carrier_conductance(PH, conductance(PH), voltage=10.0, **TOLD)
    there = carrier_conductance(PH, 1e9 * conductance(PH), voltage=10.0, **TOLD | {"unit": "nS/cm^2"})
    assert there.values == pytest.approx(here.values, rel=1e-6)
    axes = here.plot()
    assert (axes[-1].get_xlabel(), axes[0].get_ylabel()) == ("pH at the interface", "conductance / S/cm^2")


def test_a_titration_is_replayed_with_its_warnings(tmp_path):
    dose_response(DOSES, CHAMBERS["A"], units=NM).save(tmp_path / "fccp.json")
    assert any("report that instead" in w for w in fitting.replay(tmp_path / "fccp.json").warnings)
