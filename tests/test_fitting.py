"""Fits: what must come out, and what must be admitted. Reference numbers are typed by hand from the data analyses."""

import json
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr

import mitochem as mc
from mitochem import fitting
from mitochem.core.solvers import steady_points
from mitochem.fitting import Experiment, Noise, Problem, Scale, michaelis_menten

PMF_WIDTH, LEAK = "electron_transport.pmf_width", "leak.amplitude"


@pytest.fixture(scope="module")
def stride():
    return fitting.examples.adp_sensitivity_heart()


@pytest.fixture(scope="module")
def bazil():
    return mc.fit(fitting.examples.adp_titration_heart())


@pytest.fixture(scope="module")
def model():
    return mc.models.isolated_mitochondria()


ADP = np.array([0.01, 0.03, 0.1, 0.3, 0.6, 1.0])
TITRATION = {"adp_bath": ADP, "atp_bath": 5 - ADP, "pi_bath": 5.0}


def simulated(model, scale=1.0):
    ds = model.steady_state(
        {"adp_bath": xr.DataArray(ADP, dims="point"), "atp_bath": xr.DataArray(5 - ADP, dims="point"), "pi_bath": 5.0},
        clamped=("adp_bath", "atp_bath", "pi_bath"),
    )
    return {"J_O2": scale * ds.J_O2.values, "delta_psi": ds.delta_psi.values}


NOISE = {"J_O2": Noise(5.0, "test"), "delta_psi": Noise(3.0, "test")}


# --- respiration against ADP (Stride 2013; unweighted, ± 1 se, rmse = sqrt(SSR/n)) -------------------------


@pytest.mark.parametrize(
    ("group", "law", "expected", "rmse"),
    [
        ("+creatine", "plain", {"Vmax": (19.9, 0.5), "Km": (0.079, 0.011)}, 0.74),
        ("+creatine", "offset", {"Vmax": (14.8, 0.4), "Km": (0.195, 0.019), "J0": (6.0, 0.5)}, 0.18),
        ("-creatine", "plain", {"Vmax": (18.8, 1.0), "Km": (0.180, 0.040)}, 1.19),
        ("-creatine", "offset", {"Vmax": (15.65, 0.30), "Km": (0.54, 0.045), "J0": (5.2, 0.3)}, 0.19),
        ("-creatine", "hill", {"h": (0.49, 0.03)}, 0.17),
    ],
)
def test_adp_titration_of_heart_fibres_gives_the_reference_fits(stride, group, law, expected, rmse):
    result = stride[group, law]
    assert result.rmse == pytest.approx(rmse, abs=0.005)
    for name, (value, se) in expected.items():
        digits = 0.051 if value > 1 else 0.0051  # half a unit of the last digit printed in the source
        assert result[name] == pytest.approx(value, abs=digits)
        assert result.stderr[name] == pytest.approx(se, rel=0.15)


def test_creatine_raises_sensitivity_to_adp(stride):
    for law in ("plain", "offset", "hill"):
        assert stride["-creatine", law]["Km"] > 2 * stride["+creatine", law]["Km"]


def test_aicc_prefers_an_offset_to_a_curve_through_zero(stride):
    for group in ("+creatine", "-creatine"):
        table = fitting.compare(stride[group, "plain"], stride[group, "offset"])
        assert table.fit[0] == f"Michaelis-Menten with offset: {group}"
        assert table.delta[1] > 10


def test_aicc_matches_its_formula(stride):
    # 8 points, SSR = 8 * 0.1833^2, three unknowns and the variance: 8 ln(SSR/8) + 8 + 2*4*5/3
    assert stride["+creatine", "offset"].aicc == pytest.approx(8 * math.log(0.18332**2) + 8 + 40 / 3, abs=0.01)


def test_plain_curve_is_called_a_misfit_and_the_offset_is_not(stride):
    for group in ("+creatine", "-creatine"):
        assert any("systematic misfit" in w for w in stride[group, "plain"].warnings)
        assert stride[group, "offset"].warnings == ()


def test_hill_constants_are_flagged_as_correlated_and_extrapolated(stride):
    result = stride["-creatine", "hill"]
    assert result.correlation.loc["Vmax", "Km"] == pytest.approx(0.99, abs=0.006)
    assert any("Vmax and Km are correlated" in w for w in result.warnings)
    assert any("extrapolation" in w and "37 %" in w for w in result.warnings)


def test_intervals_are_wider_than_two_errors_with_few_points(stride):
    result = stride["+creatine", "offset"]
    low, high = result.intervals["J0"]
    # Student's t at 5 degrees of freedom, 97.5 %: 2.571
    assert (high - low) / 2 == pytest.approx(2.571 * result.stderr["J0"], rel=1e-3)
    low, high = result.intervals["Km"]
    assert low > 0
    assert low * high == pytest.approx(result["Km"] ** 2)


def test_one_law_reads_numbers_arrays_and_symbols():
    import sympy

    adp, vmax, km, h = sympy.symbols("adp Vmax Km h", positive=True)
    law = sympy.simplify(fitting.hill_law(adp, vmax, km, h) - vmax * adp**h / (km**h + adp**h))
    assert law == 0
    assert fitting.michaelis_menten_law(0.2, 10.0, 0.2) == 5.0
    assert fitting.hill_law(np.array([0.2, 0.2]), 10.0, 0.2, 3.0).tolist() == [5.0, 5.0]


def test_a_perfect_curve_is_recovered_without_remarks_on_misfit():
    result = michaelis_menten(ADP, fitting.michaelis_menten_law(ADP, 12.0, 0.11, 3.0), offset=True)
    assert result.values == pytest.approx({"Vmax": 12.0, "Km": 0.11, "J0": 3.0}, rel=1e-4)
    assert not any("misfit" in w for w in result.warnings)


def test_half_saturation_that_the_data_do_not_reach_is_admitted():
    adp = np.array([0.01, 0.02, 0.03, 0.04, 0.05, 0.06])
    result = michaelis_menten(adp, 10 * adp + np.array([1, -1, 1, -1, 1, -1]) * 1e-3)
    assert any("extrapolation" in w for w in result.warnings)
    assert any("correlated" in w for w in result.warnings)


# --- the model itself (Bazil 2016) --------------------------------------------------------------------


def test_adp_titration_of_heart_mitochondria_is_fitted_within_the_declared_noise(bazil):
    assert (bazil.n, bazil.dof) == (16, 13)
    assert bazil.rmse < 1.3
    assert all(u.plausible[0] <= bazil[u.name] <= u.plausible[1] for u in bazil.unknowns if u.plausible)
    assert all(bazil.stderr[name] < bazil[name] / 2 for name in bazil.names)
    assert abs(bazil.correlation.to_numpy()[np.triu_indices(3, 1)]).max() < 0.6


def test_adp_titration_keeps_its_numbers(bazil):
    # Regression: found by this package; a change here is a change of the model or of the weights.
    assert bazil.values == pytest.approx({PMF_WIDTH: 13.50, LEAK: 0.202, "protein_per_ucs": 2.36}, rel=0.01)


def test_what_the_model_misses_is_said(bazil):
    text = repr(bazil)
    assert "largest misfit of J_O2 in Pi 5 mM (adp_bath = 0.0049" in text
    assert "largest misfit of delta_psi" not in text  # twice the noise at one point of several is noise
    assert "standard errors rest on the scatter of the residuals" in text
    assert "delta_psi was measured at 2 of 4 points" in text
    assert "mg protein in a unit of citrate synthase (mg/UCS)" in text


def test_units_of_the_measurement_are_kept(bazil):
    assert {s.observable: s.unit for s in bazil.series} == {"J_O2": "nmol/min/UCS", "delta_psi": "mV"}
    assert bazil.units == {PMF_WIDTH: "mV", LEAK: "nmol/min/mg", "protein_per_ucs": "mg/UCS"}


def test_result_carries_its_provenance(bazil):
    provenance = bazil.provenance
    assert provenance["model"] == "isolated_mitochondria"
    assert len(provenance["data_digest"]) == 64
    assert provenance["data"]["source_file"] == "bazil_2016_heart_respiratory_control.csv"
    assert provenance["start"] == {PMF_WIDTH: 8.4, LEAK: 0.618, "protein_per_ucs": 2.0}
    assert PMF_WIDTH not in provenance["fixed"]
    assert provenance["conditions"]["no ATPase"]["clamped"] == ["pi_bath"]
    json.dumps(provenance)


def test_table_and_result_can_be_taken_away(bazil, tmp_path):
    path = tmp_path / "fit.csv"
    bazil.table.to_csv(path)
    assert "protein_per_ucs" in path.read_text()
    again = pickle.loads(pickle.dumps(bazil))
    assert repr(again) == repr(bazil)


def test_plot_shows_data_curves_and_residuals(bazil, stride):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    for axes in (bazil.plot(), bazil.plot("delta_psi"), stride["-creatine", "offset"].plot()):
        assert len(axes) == 2
        assert axes[0].get_xlabel() or axes[1].get_xlabel()
        axes[0].figure.clear()
    with pytest.raises(mc.FitError, match="Did you mean J_O2"):
        bazil.plot("J_O")


# --- recovery -------------------------------------------------------------------------------------------


def test_known_parameters_are_recovered(model):
    truth = {"electron_transport.pmf_half": 175.0, LEAK: 0.4, "protein": 1.7}
    data = simulated(model.replace({k: v for k, v in truth.items() if "." in k}), truth["protein"])
    problem = Problem(
        model,
        Experiment(TITRATION, data, NOISE),
        free=["electron_transport.pmf_half", LEAK],
        nuisance={"protein": Scale("J_O2", "mg/UCS")},
    )
    result = mc.fit(problem)
    assert result.values == pytest.approx(truth, rel=1e-4)
    assert problem.fitted_model(result)[LEAK] == pytest.approx(0.4, rel=1e-4)
    assert not any("misfit" in w for w in result.warnings)


def test_a_problem_is_solved_in_one_batch_for_each_experiment(model, monkeypatch):
    calls = []
    solve = steady_points.solved
    monkeypatch.setattr(steady_points, "solved", lambda *a, **k: calls.append(1) or solve(*a, **k))
    problem = Problem(model, Experiment(TITRATION, simulated(model), NOISE), free=[LEAK, PMF_WIDTH])
    calls.clear()
    many = problem.predict(np.array([[0.6, 8.4], [0.5, 8.4], [0.6, 9.0]]))
    assert (many.shape, len(calls)) == ((3, 12), 1)
    assert many[1] == pytest.approx(problem.predict(np.array([[0.5, 8.4]]))[0], rel=1e-8)


# --- what the data do not determine ---------------------------------------------------------------------


def test_two_factors_of_one_flux_are_not_told_apart(model):
    data = {"J_O2": simulated(model)["J_O2"] + np.array([1, -1, 1, -1, 1, -1]) * 0.1}
    factors = {"protein": Scale("J_O2"), "electrode": Scale("J_O2", start=1.3)}
    result = mc.fit(Problem(model, Experiment(TITRATION, data), free=[LEAK], nuisance=factors))
    assert np.isnan([result.stderr["protein"], result.stderr["electrode"]]).all()
    assert result.stderr[LEAK] > 0
    assert result["protein"] * result["electrode"] == pytest.approx(1, rel=0.02)
    assert [w.kind for w in result.warnings].count("unidentifiable") == 2
    assert result.verdicts == {
        LEAK: "identified",
        "protein": "structurally unidentifiable",
        "electrode": "structurally unidentifiable",
    }
    assert "a combination of it with electrode" in result.reasons["protein"]
    assert "structurally unidentifiable" in repr(result)


def test_a_parameter_without_effect_is_named_and_spoils_no_other(model):
    data = simulated(model)
    data["J_O2"] = data["J_O2"] + np.array([1, -1, 1, -1, 1, -1]) * 0.1
    result = mc.fit(Problem(model, Experiment(TITRATION, data, NOISE), free=[LEAK, "load.K_atp"]))
    assert math.isnan(result.stderr["load.K_atp"])
    assert result.stderr[LEAK] > 0
    assert result.verdicts["load.K_atp"] == "structurally unidentifiable"
    assert result.table.why["load.K_atp"] == "no effect on the data"
    assert any("load.K_atp is structurally unidentifiable" in w for w in result.warnings)


def test_a_bound_that_is_reached_is_said(model):
    data = simulated(model.replace({LEAK: 0.9}))
    result = mc.fit(Problem(model, Experiment(TITRATION, data, NOISE), free={LEAK: (0.3, 0.7), PMF_WIDTH: None}))
    assert result[LEAK] == pytest.approx(0.7, rel=1e-3)
    assert math.isnan(result.stderr[LEAK])
    assert result.stderr[PMF_WIDTH] > 0
    assert any(f"{LEAK} = 0.7 nmol/min/mg is at its bound" in w for w in result.warnings)


def test_as_many_unknowns_as_points_leave_no_error():
    result = michaelis_menten([0.1, 1.0], [5.0, 9.0])
    assert all(math.isnan(se) for se in result.stderr.values())
    assert any("fewer than 2 points per unknown" in w for w in result.warnings)
    assert set(result.verdicts.values()) == {"practically unidentifiable"}
    assert "as many unknowns as points" in repr(result)


def test_an_error_above_the_value_is_called_undetermined():
    # Nearly flat: the rise above the offset, and so its Km, hangs on noise.
    adp, J = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2], [10.0, 10.3, 9.9, 10.2, 10.1, 10.3]
    result = michaelis_menten(adp, J, offset=True)
    assert result.verdicts["Km"] == "practically unidentifiable"
    assert any("Km is practically unidentifiable: standard error" in w for w in result.warnings)


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("adp", "J", "options", "message"),
    [
        ([], [], {}, "empty"),
        ([0.1, 0.2, np.nan], [1, 2, 3], {}, r"adp\[2\] = nan is not finite"),
        ([0.1, 0.2, 0.3], [1, np.inf, 3], {}, r"J\[1\] = inf is not finite"),
        ([0.1, 0.2], [1, 2, 3], {}, "of one length"),
        ([0.1, 0.2], [1, 2], {"offset": True}, "2 points cannot determine 3 unknowns"),
        ([-0.1, 0.2, 0.3], [1, 2, 3], {}, r"adp\[0\] = -0.1"),
        ([0.0, 0.2, 0.3, 0.5], [1, 2, 3, 4], {"hill": True}, "without ADP"),
        ([0.2, 0.2, 0.2], [1, 2, 3], {}, "several concentrations"),
        ([0.1, 0.2, 0.3], [0, -1, -2], {}, "no rate above zero"),
    ],
)
def test_curves_refuse_bad_data(adp, J, options, message):
    with pytest.raises(mc.FitError, match=message):
        michaelis_menten(adp, J, **options)


def test_unknown_names_are_answered_with_the_nearest(model):
    good = Experiment(TITRATION, simulated(model), NOISE)
    with pytest.raises(mc.ParameterError, match=r"leak\.amplitude"):
        Problem(model, good, free=["leak.amplitud"])
    with pytest.raises(mc.FitError, match=r"computes no 'J_o2'.* Did you mean J_O2"):
        Problem(model, Experiment(TITRATION, {"J_o2": ADP}), free=[LEAK])
    with pytest.raises(mc.ParameterError, match="adp_bath"):
        Problem(model, Experiment({"adp_bat": ADP}, {"J_O2": ADP}), free=[LEAK])
    with pytest.raises(mc.FitError, match=r"multiplies 'J_02', which is not measured.* Did you mean J_O2"):
        Problem(model, good, free=[LEAK], nuisance={"scale": Scale("J_02")})
    with pytest.raises(mc.ParameterError, match="'adp_bath' is a state"):
        Problem(model, good, free=["adp_bath"])


@pytest.mark.parametrize(
    ("conditions", "observed", "message"),
    [
        ({}, {"J_O2": []}, "observed J_O2 is empty"),
        ({}, {}, "nothing was observed"),
        ({}, {"J_O2": [np.nan] * 6}, "no point was measured"),
        ({}, {"J_O2": [1, 2, 3, np.inf, 5, 6]}, "observed J_O2 is inf at point 3"),
        ({"pi_bath": [1, 2, np.nan, 4, 5, 6]}, {"J_O2": ADP}, "condition pi_bath is nan at point 2"),
        ({}, {"J_O2": [1, 2, 3]}, "has 3 points where others have 6"),
        ({}, {"J_O2": ADP, "delta_psi": ADP}, "cannot be weighed without the noise"),
        ({}, {"J_O2": xr.DataArray(ADP, dims="p", attrs={"units": "nmol/min/UCS"})}, "in 'nmol/min/UCS' and the model"),
    ],
)
def test_experiments_refuse_bad_data(model, conditions, observed, message):
    with pytest.raises(mc.FitError, match=message):
        Problem(model, Experiment(TITRATION | conditions, observed, name="titration"), free=[LEAK])


def test_too_few_points_are_refused(model):
    one = Experiment({"adp_bath": 0.1, "atp_bath": 4.9, "pi_bath": 5.0}, {"J_O2": [20.0]})
    with pytest.raises(mc.FitError, match="1 points cannot determine 2 unknowns"):
        mc.fit(Problem(model, one, free=[LEAK, PMF_WIDTH]))


def test_contradictions_are_refused(model):
    good = Experiment(TITRATION, simulated(model), NOISE)
    with pytest.raises(mc.FitError, match="both free and given"):
        Problem(model, Experiment({**TITRATION, LEAK: 0.6}, {"J_O2": ADP}), free=[LEAK])
    with pytest.raises(mc.FitError, match="starts at 0"):
        mc.fit(Problem(model, good, free=["electron_transport.slip_capacity"]))
    with pytest.raises(mc.FitError, match="outside its bounds"):
        mc.fit(Problem(model, good, free={LEAK: (1.0, 2.0)}))
    with pytest.raises(mc.FitError, match="nothing is free"):
        mc.fit(Problem(model, good, free={}))
    with pytest.raises(mc.FitError, match="takes a Problem"):
        mc.fit(good)


def test_units_of_conditions_are_converted(model):
    data = simulated(model)
    micromolar = xr.DataArray(ADP * 1000, dims="p", attrs={"units": "uM"})
    a = Problem(model, Experiment({**TITRATION, "adp_bath": micromolar}, {"J_O2": data["J_O2"]}), free=[LEAK])
    assert a.prepared[0].conditions["adp_bath"] == pytest.approx(ADP)


def test_fits_of_different_data_are_not_compared(stride):
    with pytest.raises(mc.FitError, match="not of the same data"):
        fitting.compare(stride["+creatine", "plain"], stride["-creatine", "plain"])


def test_importing_fitting_stays_light():
    code = (
        "import sys, mitochem.fitting; print([m for m in ('lmfit', 'pandas', 'xarray', 'scipy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
