"""Virtual instruments: without imperfections they give the truth, and each imperfection does what it says."""

import json
import math
import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
import xarray
from assembled import detailed
from matplotlib import pyplot as plt
from scipy.optimize import least_squares

import mitochem as mc
from mitochem import ParameterError, Protocol, plot
from mitochem.core.bibliography import known
from mitochem.core.units import registry
from mitochem.experiments.instruments import (
    PlateReader,
    Respirometer,
    inferred_against_true,
    truth_of_stress_test,
)

PHASES = ("basal", "oligomycin", "FCCP", "rotenone + antimycin A")
STRESS_TEST = (
    Protocol()
    .set({"load.capacity": 400.0})
    .wait(18, "basal")
    .add(oligomycin=1.0)
    .wait(18, "oligomycin")
    .add(FCCP=0.3)
    .wait(18, "FCCP")
    .add(rotenone=1.0, antimycin=1.0)
    .wait(18, "rotenone + antimycin A")
)


@pytest.fixture(scope="module")
def stress_test(mitochondria):
    return mitochondria.simulate(STRESS_TEST)


def by_hand(rate, minutes, labels=PHASES, points=501, **more):
    """A run of phases of equal length whose rate is a function of time and of the number of the phase."""
    starts = [np.nextafter(minutes * i, np.inf) if i else 0.0 for i in range(len(labels))]
    time = np.concatenate([np.linspace(s, minutes * (i + 1), points) for i, s in enumerate(starts)])
    phase = np.repeat(np.arange(len(labels)), points)
    data = {"J_O2": ("time", rate(time, phase), {"units": "nmol/min/mg"})} | more
    return xarray.Dataset(
        data, {"time": ("time", time, {"units": "min"}), "segment": ("time", np.array(labels)[phase])}
    )


def steps(*levels):
    """A run whose rate is constant in each phase, 18 min long."""
    return by_hand(lambda t, phase: np.array(levels)[phase], 18.0, PHASES[: len(levels)], 50)


def noisy(**settings):
    return PlateReader.ideal(protein=1.0, wells=90, **settings)


# --- plate reader: the truth ---------------------------------------------------------------------------------------


def test_measurements_lie_where_the_instrument_puts_them(stress_test):
    plate = PlateReader.ideal().record(stress_test)
    np.testing.assert_allclose(plate["time"], [4.5 + 6 * i for i in range(12)])
    assert plate["measurement"].values.tolist() == list(range(1, 13))
    assert plate["segment"].values.tolist() == [phase for phase in PHASES for _ in range(3)]
    assert plate["ocr"].dims == ("well", "time")
    assert plate["ocr"].attrs["units"] == "pmol/min/well"
    assert not {"A01", "H12", "A12", "H01"} & set(plate["well"].values), "corners hold no cells"


def test_a_window_mean_of_an_exponential_is_the_integral_over_the_window():
    """Over [a, b] the mean of 80 exp(-t/5) is 80·5·(exp(-a/5) − exp(-b/5))/(b − a); 2 µg make it pmol/min per well."""
    run = by_hand(lambda t, _: 80 * np.exp(-t / 5), 30.0, labels=("basal",), points=20001)
    reader = PlateReader.ideal(mix=2.0, wait=1.0, measure=4.0, measurements=4, protein=2.0, wells=1)
    for i, found in enumerate(reader.record(run)["ocr"].values[0]):
        a, b = 7 * i + 3, 7 * i + 7
        assert found == pytest.approx(2 * 80 * 5 * (math.exp(-a / 5) - math.exp(-b / 5)) / (b - a), rel=1e-7)


def test_a_window_between_the_points_of_a_run_is_integrated_exactly():
    """Rate 10 t on points 8 min apart: the mean over [3, 6] is 45."""
    run = by_hand(lambda t, _: 10 * t, 16.0, labels=("basal",), points=3)
    found = PlateReader.ideal(measurements=1, protein=1.0, wells=1).record(run)
    assert found["ocr"].item() == pytest.approx(45.0, rel=1e-14)


def test_without_imperfections_the_record_is_the_truth(stress_test):
    plate = PlateReader.ideal(protein=2.0).record(stress_test)
    np.testing.assert_array_equal(plate["ocr"], plate["ocr_true"])
    np.testing.assert_array_equal(plate["well_factor"], 1.0)
    assert float(plate["plate_factor"]) == 1.0
    basal = stress_test["J_O2"].values[stress_test["segment"].values == "basal"][-1]
    assert plate["ocr"].values[0, 2] == pytest.approx(2 * basal, rel=1e-6)


def test_what_is_not_mitochondrial_is_part_of_the_truth_and_scales_with_seeding():
    plate = noisy(non_mitochondrial=7.0, well_spread=0.3).record(steps(40.0, 10.0))
    np.testing.assert_allclose(plate["ocr_true"].values[0], [47.0] * 3 + [17.0] * 3)
    np.testing.assert_allclose(plate["ocr"], plate["well_factor"] * plate["ocr_true"], rtol=1e-12)


def test_cells_give_the_protein():
    """20 thousand cells of 32.5 pg hold 0.65 µg."""
    assert PlateReader(cells=20e3).protein_per_well == pytest.approx(0.65, rel=1e-12)
    assert PlateReader(cells=20e3, protein_per_cell="65 pg").protein_per_well == pytest.approx(1.3, rel=1e-12)
    assert PlateReader(protein="650 ng").protein == pytest.approx(0.65, rel=1e-12)


def test_proton_production_is_seen_as_acidification():
    """30 nmol H+/min/mg in 1 µg, 2.5 mM per pH, 3.648 µL: 30/9.12 mpH/min."""
    run = steps(40.0).assign(J_H_out=("time", np.full(50, 30.0), {"units": "nmol/min/mg"}))
    plate = PlateReader.ideal(protein=1.0).record(run, proton_production="J_H_out")
    np.testing.assert_allclose(plate["per"], 30.0)
    np.testing.assert_allclose(plate["ecar"], 30 / 9.12)
    assert (plate["per"].attrs["units"], plate["ecar"].attrs["units"]) == ("pmol/min/well", "mpH/min")
    assert "ecar" not in PlateReader.ideal().record(run)


def test_only_some_phases_may_be_measured():
    plate = PlateReader.ideal(measurements={"oligomycin": 2}).record(steps(40.0, 10.0))
    assert plate["segment"].values.tolist() == ["oligomycin"] * 2
    np.testing.assert_allclose(plate["time"], [18 + 4.5, 18 + 10.5])


def test_groups_share_a_plate_and_its_factor():
    runs = {"control": steps(40.0, 10.0), "drug": steps(30.0, 20.0)}
    plate = PlateReader(seed=2, wells=4).record(runs)
    assert plate["group"].values.tolist() == ["control"] * 4 + ["drug"] * 4
    assert plate["plate_factor"].dims == ()
    alone = PlateReader(seed=2, wells=4).record({"control": runs["control"]})
    np.testing.assert_array_equal(plate["ocr"].values[:4], alone["ocr"].values)


def test_a_record_says_how_it_was_made(stress_test):
    reader = PlateReader(seed=5, wells=2, measurements=dict.fromkeys(PHASES, 3))
    plate = reader.record(stress_test)
    settings = json.loads(plate.attrs["instrument"])
    assert settings.pop("name") == "PlateReader"
    assert PlateReader(**settings) == reader
    assert [e["name"] for e in json.loads(plate.attrs["events"])] == list(PHASES[1:])
    assert [e["time"] for e in json.loads(plate.attrs["events"])] == pytest.approx([18, 36, 54])
    assert plate.attrs["model"] == "isolated_mitochondria"
    assert next(e.label for e in plot.events(plate) if e.marked) == "oligomycin 1 µM"


def test_a_record_can_be_kept(stress_test, mitochondria, tmp_path):
    reader = PlateReader(seed=1, wells=3)
    plate = reader.record(stress_test)
    table = inferred_against_true(agilent(plate), truth_of_stress_test(mitochondria, stress_test, instrument=reader))
    closed = mitochondria.simulate(Protocol(closed=True).wait(3))
    for ds in (plate, table, Respirometer().record(closed)):
        back = mc.load(mc.save(ds, tmp_path / "record.nc"))
        xarray.testing.assert_allclose(back, ds)
        assert back.attrs == ds.attrs


# --- plate reader: each imperfection -------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_plate(stress_test):
    one, two, other = (PlateReader(seed=s).record(stress_test) for s in (1, 1, 2))
    assert one.identical(two)
    assert (one["ocr"] != other["ocr"]).all()


def test_switching_one_imperfection_off_leaves_the_draws_of_the_others(stress_test):
    whole = PlateReader(seed=1).record(stress_test)
    part = PlateReader(seed=1, measurement_noise=0.0, additive_noise=0.0).record(stress_test)
    np.testing.assert_array_equal(whole["well_factor"], part["well_factor"])
    assert float(whole["plate_factor"]) == float(part["plate_factor"])


@pytest.mark.parametrize("what", ["well_spread", "measurement_noise"])
def test_noise_is_log_normal_with_the_truth_as_median(what):
    """ln has the mean 0 and the spread s; the mean of the factor exp(s²/2). To 3 standard errors."""
    s, run = 0.4, steps(40.0, 10.0)
    plates = [noisy(seed=seed, **{what: s}).record(run)["ocr"].values[:, [0, 3]] for seed in range(50)]
    factors = (np.array(plates) / [40.0, 10.0]).ravel()
    n = len(factors) / (2 if what == "well_spread" else 1)
    assert np.log(factors).mean() == pytest.approx(0, abs=3 * s / math.sqrt(n))
    assert np.log(factors).std() == pytest.approx(s, abs=3 * s / math.sqrt(2 * n))
    assert factors.mean() == pytest.approx(math.exp(s**2 / 2), abs=3 * 0.45 / math.sqrt(n))


def test_seeding_scales_differences_and_leaves_ratios():
    plate = noisy(well_spread=0.3, plate_spread=0.5).record(steps(40.0, 10.0))["ocr"].values
    np.testing.assert_allclose(plate[:, 0] / plate[:, 3], 4.0, rtol=1e-12)
    assert (plate[:, 0] - plate[:, 3]).std() > 5


def test_a_plate_factor_is_one_for_all_wells_and_differs_between_plates():
    plates = [noisy(seed=s, plate_spread=0.3).record(steps(40.0))["ocr"].values for s in range(400)]
    assert all(np.ptp(plate) < 1e-12 for plate in plates)
    logs = np.log([plate[0, 0] / 40 for plate in plates])
    assert logs.std() == pytest.approx(0.3, abs=3 * 0.3 / math.sqrt(800))


def test_measurement_noise_biases_a_maximum_outwards():
    """The largest of three normal deviates is 0.846 on average: maximal respiration is read that many spreads high."""
    found = [noisy(seed=s, measurement_noise=0.05).record(steps(100.0))["ocr"].values.max(axis=1) for s in range(30)]
    assert np.log(np.array(found) / 100).mean() == pytest.approx(0.8463 * 0.05, abs=3 * 0.0374 / math.sqrt(2700))


def test_additive_noise_does_not_scale_and_may_go_below_zero():
    plate = noisy(additive_noise=2.0).record(steps(40.0, 0.0))["ocr"].values
    for columns, level in ((slice(0, 3), 40.0), (slice(3, 6), 0.0)):
        assert plate[:, columns].mean() == pytest.approx(level, abs=3 * 2 / math.sqrt(270))
        assert plate[:, columns].std() == pytest.approx(2.0, abs=3 * 2 / math.sqrt(540))
    assert plate.min() < 0


def test_background_goes_out_with_a_difference():
    plate = noisy(background=6.0).record(steps(40.0, 10.0))["ocr"].values
    np.testing.assert_allclose(plate[0], [46.0] * 3 + [16.0] * 3)


def test_drift_scales_later_measurements():
    """0.5 per hour at 4.5 and 22.5 min: exp(0.5·4.5/60) and exp(0.5·22.5/60)."""
    plate = noisy(drift=0.5).record(steps(40.0, 40.0))["ocr"].values[0]
    assert plate[0] == pytest.approx(40 * math.exp(0.5 * 4.5 / 60), rel=1e-9)
    assert plate[3] == pytest.approx(40 * math.exp(0.5 * 22.5 / 60), rel=1e-9)


def test_a_well_whose_injections_fail_stays_as_it_was():
    run = steps(40.0, 10.0, 90.0, 1.0)
    plate = noisy(failed_injections=1.0).record(run)
    np.testing.assert_allclose(plate["ocr"], 40.0)
    assert not plate["injected"].values[:, 3:].any()
    assert plate["injected"].values[:, :3].all()
    np.testing.assert_allclose(plate["ocr_true"].values[0, ::3], [40, 10, 90, 1])
    some = noisy(failed_injections=0.2, seed=4).record(run)
    share = 1 - some["injected"].values[:, 3::3].mean()
    assert share == pytest.approx(0.2, abs=3 * math.sqrt(0.16 / 270))
    alone = some["injected"].values[:, 3] & ~some["injected"].values[:, 6] & some["injected"].values[:, 9]
    np.testing.assert_allclose(some["ocr"].values[alone][:, [3, 6, 9]], [[10, 10, 1]] * alone.sum())
    assert alone.any()


# --- what the noise was estimated from -----------------------------------------------------------------------------


def robust(values):
    values = np.asarray(values)[np.isfinite(values)]
    return 1.4826 * np.median(np.abs(values - np.median(values)))


def noise_of(table):
    """Measurement and additive noise, and the scatter of wells, of rates by plate, group, well, phase, measurement.

    A measurement's residual is against its well in that phase and against its group; three of them leave two degrees of
    freedom. Its variance, by group and phase, is that of a factor and that of an additive part over the rate. Wells:
    what the first and third phase share. All by medians, because real wells have outliers.
    """
    table = table[table["ocr"] > 0].assign(log=lambda t: np.log(t["ocr"]))
    group, phase = ["plate", "group"], ["phase"]
    table["r"] = table["log"] - table.groupby([*group, "measurement"])["log"].transform("median")
    wells = table.groupby([*group, "well", *phase])["r"]
    table["residual"] = table["r"] - wells.transform("mean")
    cells = table.groupby([*group, *phase]).agg(ocr=("ocr", "median"), sd=("residual", robust))
    fit = least_squares(
        lambda q: np.log(q[0] ** 2 + (q[1] / cells["ocr"]) ** 2) - np.log(1.5 * cells["sd"] ** 2), [0.05, 1.0]
    )
    first, third = (wells.mean().unstack()[label] for label in sorted(set(table["phase"]))[:3:2])
    shared = math.sqrt((robust(first + third) ** 2 - robust(first - third) ** 2) / 4)
    return abs(fit.x[0]), abs(fit.x[1]), shared


@pytest.mark.shared
def test_noise_defaults_are_those_of_the_fibroblast_plates(shared_folder):
    """OCR-Stats, four plates: to the digits that the defaults have."""
    raw = pd.read_csv(shared_folder / "data" / "yepez_2018_fibroblast_ocr.csv")
    columns = {"plate_id": "plate", "cell_line": "group", "interval": "phase", "OCR_pmol_per_min": "ocr"}
    table = raw.rename(columns=columns)
    measured, additive, wells = noise_of(table)
    reader = PlateReader()
    assert measured == pytest.approx(reader.measurement_noise, abs=5e-4)
    assert additive == pytest.approx(reader.additive_noise, abs=5e-3)
    assert wells == pytest.approx(reader.well_spread, abs=5e-3)
    control = table[table["group"] == "NHDF"].groupby(["plate", "phase"])["ocr"].median().unstack()
    assert control.shape == (4, 4)
    spread = np.log(control).std()
    assert math.sqrt((spread**2).mean()) == pytest.approx(reader.plate_spread, abs=5e-3)
    assert spread.min() > wells, "between plates more than within"
    assert control["Int4"].median() == pytest.approx(reader.non_mitochondrial, abs=0.05)


def test_a_virtual_plate_has_the_noise_it_was_given(stress_test):
    """The estimate from real plates finds the settings of virtual ones: of three groups on ten plates."""
    rows = []
    levels = {"low": 0.3, "middle": 1.0, "high": 3.0}
    runs = {
        name: stress_test.assign(J_O2=stress_test["J_O2"] * f).assign_attrs(stress_test.attrs)
        for name, f in levels.items()
    }
    for run in runs.values():
        run["J_O2"].attrs = stress_test["J_O2"].attrs
    for seed in range(10):
        plate = PlateReader(seed=seed, wells=30).record(runs)
        frame = plate["ocr"].to_dataframe().reset_index()
        rows.append(frame.assign(plate=seed, phase=frame["segment"].map({p: i for i, p in enumerate(PHASES)})))
    measured, additive, wells = noise_of(pd.concat(rows))
    assert measured == pytest.approx(0.026, rel=0.1)
    assert additive == pytest.approx(0.75, rel=0.1)
    assert wells == pytest.approx(0.20, rel=0.1)


# --- respirometer --------------------------------------------------------------------------------------------------


def electrode(oxygen, minutes=10.0, rate=None, points=601):
    """A run in a closed chamber of 1 mg/mL whose oxygen (mM) is a function of time; the rate is for the truth alone."""
    time = np.linspace(0, minutes, points)
    rate = np.zeros(points) if rate is None else rate(time)
    return by_hand(
        lambda t, _: rate, minutes, ("start",), points,
        oxygen=("time", oxygen(time), {"units": "mM"}), volume_bath=((), 1000.0, {"units": "uL/mg"}),
    )  # fmt: skip


def falling(t):
    """6 µM/min from 200 µM: 100 pmol/(s mL)."""
    return 0.2 - 0.006 * t


def test_without_imperfections_oxygen_is_that_of_the_run(mitochondria):
    run = mitochondria.simulate(mc.experiments.respiratory_states(to_anoxia=True))
    seen = Respirometer.ideal().record(run)
    np.testing.assert_array_equal(seen["oxygen"], np.interp(seen["time"], run["time"], run["oxygen"]))
    np.testing.assert_array_equal(seen["oxygen"], seen["oxygen_true"])
    np.testing.assert_allclose(np.diff(seen["time"]) * 60, 2.0, rtol=1e-9)
    assert list(dict.fromkeys(seen["segment"].values)) == list(dict.fromkeys(run["segment"].values))
    assert seen["oxygen"].attrs["units"] == "mM"
    # In state 2 respiration is steady: the slope is the flux of the mitochondria, 1 nmol/min/mg being 16.67 pmol/s/mL.
    late = seen.isel(time=int(np.flatnonzero(seen["segment"] == "state 2")[-1]))
    assert float(late["ocr_recorded"]) == pytest.approx(float(late["ocr_true"]), rel=1e-3)
    flux = run["J_O2"].values[run["segment"].values == "state 2"][-1]
    assert float(late["ocr_true"]) == pytest.approx(flux * 1000 / 60, rel=1e-6)


def test_rates_of_a_straight_line_are_its_slope():
    seen = Respirometer.ideal().record(electrode(falling))
    for name in ("ocr", "ocr_recorded"):
        values = seen[name].values
        np.testing.assert_allclose(values[np.isfinite(values)], 100.0, rtol=1e-9)
    assert np.isnan(seen["ocr"].values).sum() == 40
    assert np.isnan(seen["ocr_recorded"].values).sum() == 39
    assert seen["ocr"].attrs["units"] == "pmol/(s*mL)"


def test_a_sensor_lags_a_ramp_by_its_response_time():
    """After the start-up the reading is too high by rate · response_time, 0.1 µM/s · 12 s = 1.2 µM."""
    seen = Respirometer.ideal(response_time=12.0).record(electrode(falling))
    seconds = seen["time"].values * 60
    late = 1e-4 * 12 * (1 - np.exp(-seconds / 12))
    np.testing.assert_allclose(seen["oxygen"] - seen["oxygen_true"], late, rtol=1e-8, atol=1e-14)
    assert float(seen["ocr"].isel(time=-30)) == pytest.approx(100.0, rel=1e-6), "a steady rate is right"


def test_a_sensor_follows_a_step_as_an_exponential():
    """0.1 mM is added at once at 5 min: the lag is 0.1·exp(-t/12 s) from there on."""
    run = electrode(lambda t: np.where(t < 5, 0.1, 0.2), points=6001)
    time = run["time"].values.copy()
    time[3000] = np.nextafter(time[2999], np.inf)
    seen = Respirometer.ideal(response_time=12.0).record(run.assign_coords(time=("time", time, {"units": "min"})))
    after = seen["time"].values > 5.01
    since = (seen["time"].values[after] - time[3000]) * 60
    np.testing.assert_allclose(0.2 - seen["oxygen"].values[after], 0.1 * np.exp(-since / 12), rtol=1e-9, atol=1e-15)


def test_the_recorded_slope_is_late_by_half_its_window():
    """On oxygen falling as t² the slope at t − 39 s: 40 points 2 s apart span 78 s."""
    seen = Respirometer.ideal().record(electrode(lambda t: 0.2 - 0.001 * t**2, points=6001))
    assert Respirometer().slope_delay == 39.0
    time = seen["time"].values[60:-60]
    slope = 0.002 * 1e6 / 60
    np.testing.assert_allclose(seen["ocr_recorded"].values[60:-60], slope * (time - 39 / 60), rtol=1e-4)
    np.testing.assert_allclose(seen["ocr"].values[60:-60], slope * time, rtol=1e-4)


def test_the_chamber_consumes_on_its_own():
    """A constant 60 pmol/(s mL) takes 3.6 µM/min; one of k·O2 makes it exp(-kt); both: (c + a/k)·exp(-kt) − a/k."""
    run = electrode(lambda t: np.full_like(t, 0.2))
    constant = Respirometer.ideal(background=60.0).record(run)
    t = constant["time"].values
    np.testing.assert_allclose(constant["oxygen"], 0.2 - 0.0036 * t, rtol=1e-12)
    np.testing.assert_allclose(constant["ocr"].values[50], 60.0, rtol=1e-9)
    k = 500 * 60 / 1e6
    alone = Respirometer.ideal(background_slope=500.0).record(run)
    np.testing.assert_allclose(alone["oxygen"], 0.2 * np.exp(-k * t), rtol=1e-12)
    both = Respirometer.ideal(background_slope=500.0, background=-20.0).record(run)
    a = -20 * 60 / 1e6
    np.testing.assert_allclose(both["oxygen"], (0.2 + a / k) * np.exp(-k * t) - a / k, rtol=1e-12)
    ramp = Respirometer.ideal(background_slope=500.0).record(electrode(falling))
    # dc/dt = −s − kc from 0.2.
    np.testing.assert_allclose(ramp["oxygen"], (0.2 + 0.006 / k) * np.exp(-k * t) - 0.006 / k, rtol=1e-9)


def test_a_wrong_zero_makes_rates_small_and_anoxia_oxic():
    """A zero of 10 µM unknown at 200 µM: rates by 0.95, and 0 is read as 10."""
    seen = Respirometer.ideal(zero=10.0).record(electrode(lambda t: np.maximum(falling(6 * t), 0.0)))
    assert float(seen["oxygen"][0]) == pytest.approx(0.2, rel=1e-12)
    assert float(seen["oxygen"][-1]) == pytest.approx(0.010, rel=1e-12)
    assert float(seen["ocr"][30]) == pytest.approx(0.95 * 600, rel=1e-9)


def test_drift_adds_to_every_rate():
    """36 µM/h upwards is 10 pmol/(s mL) less."""
    seen = Respirometer.ideal(drift=36.0).record(electrode(falling))
    assert float(seen["oxygen"][-1]) == pytest.approx(falling(10) + 0.006, rel=1e-12)
    np.testing.assert_allclose(seen["ocr"].values[50], 90.0, rtol=1e-9)


def test_noise_is_added_and_leaves_a_known_error_of_the_slope():
    """Of n points at interval d: noise·√12/(d·√(n³ − n)), here 0.025·3.4641/(2·√63960) µM/s, or 0.171 pmol/(s mL)."""
    seen = Respirometer.ideal(noise=0.025, seed=3).record(electrode(falling, minutes=3000.0))
    error = (seen["oxygen"] - seen["oxygen_true"]).values * 1e3
    n = len(error)
    assert error.std() == pytest.approx(0.025, abs=3 * 0.025 / math.sqrt(2 * n))
    assert error.mean() == pytest.approx(0, abs=3 * 0.025 / math.sqrt(n))
    slopes = seen["ocr_recorded"].values[39::40]
    assert slopes.std() == pytest.approx(0.1712, rel=3 / math.sqrt(2 * len(slopes)))
    again, other = (Respirometer.ideal(noise=0.025, seed=s).record(electrode(falling)) for s in (3, 4))
    assert again.identical(Respirometer.ideal(noise=0.025, seed=3).record(electrode(falling)))
    assert (again["oxygen"] != other["oxygen"]).any()


def test_an_open_chamber_has_no_trace(stress_test):
    with pytest.raises(ParameterError, match="the chamber was open"):
        Respirometer().record(stress_test)


@pytest.mark.shared
def test_smoothing_is_that_of_an_exported_trace(shared_folder):
    """Of all windows that end at the point, that of about 40 points of 2 s gives the exported slope best."""
    raw = pd.read_csv(shared_folder / "data" / "raw" / "datlab_fccp_tmrm_20150721_thinned.csv")
    time = raw["Time [s]"].to_numpy()
    even = np.arange(1240.0, time[-1] + 1, 2.0)
    for chamber in "AB":
        oxygen = np.interp(even, time, raw[f"O2 Concentration  ({chamber}) [nmol/ml]"])
        slope = raw[f"O2 Slope uncorr.  ({chamber}) [pmol/(s*ml)]"].to_numpy()
        misses = {}
        for n in range(20, 61, 2):
            x = np.arange(n) - (n - 1) / 2
            own = -np.convolve(oxygen, x[::-1] / (2 * (x @ x)), mode="valid") * 1000
            there = (time > 1380) & (time < 1990)
            found = np.interp(time[there], even[n - 1 :], own)
            misses[n] = np.sqrt(np.mean((found - slope[there]) ** 2))
        best = min(misses, key=misses.get)
        assert abs(best - Respirometer().smoothing) <= 2
        assert misses[40] < 2.5
        # The trace was thinned to 10 or 20 s; second differences over 10 s leave noise and some curvature.
        steps_of_ten = [i for i in range(1, len(time) - 1) if time[i] - time[i - 1] == 10 == time[i + 1] - time[i]]
        level = raw[f"O2 Concentration  ({chamber}) [nmol/ml]"].to_numpy()
        second = [level[i + 1] - 2 * level[i] + level[i - 1] for i in steps_of_ten]
        assert robust(second) / math.sqrt(6) == pytest.approx(Respirometer().noise, rel=0.25)


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", [PlateReader, Respirometer])
def test_every_number_of_an_instrument_has_unit_bounds_and_source(instrument):
    table = instrument().settings
    assert set(table.index) == set(instrument.declared())
    for name, row in table.iterrows():
        assert row["lower"] <= row["value"] <= row["upper"], name
        assert row["source"].startswith("assumed: ") or row["source"] in known(), name
        assert f"{name}" in instrument.__doc__
        assert f" : {row['unit']}\n" in instrument.__doc__, name
    assert set(instrument.OFF) <= set(instrument.declared())


def test_an_instrument_is_an_immutable_value():
    reader = PlateReader(seed=3, wells=4)
    assert pickle.loads(pickle.dumps(reader)) == reader
    assert replace(reader, seed=4).seed == 4
    with pytest.raises(FrozenInstanceError):
        reader.seed = 1
    assert Respirometer(interval="0.5 min").interval == 30.0


# --- inferred against true -----------------------------------------------------------------------------------------


def agilent(plate):
    """Readouts of each well, typed from the user guide: last before oligomycin, lowest, highest, lowest of a phase."""
    rate = plate["ocr"]
    basal, oligomycin, fccp, rest = (rate.values[:, i : i + 3] for i in (0, 3, 6, 9))
    non = rest.min(axis=1)
    rows = {
        "non_mitochondrial": non,
        "basal_respiration": basal[:, -1] - non,
        "proton_leak": oligomycin.min(axis=1) - non,
        "atp_linked_respiration": basal[:, -1] - oligomycin.min(axis=1),
        "maximal_respiration": fccp.max(axis=1) - non,
    }
    table = xarray.Dataset({k: ("well", v, {"units": "pmol/min/well"}) for k, v in rows.items()})
    coupling = 100 * table["atp_linked_respiration"] / table["basal_respiration"]
    return table.assign(coupling_efficiency_percent=coupling.assign_attrs(units="%"))


def test_the_truth_of_a_stress_test_is_what_leak_and_synthesis_take_of_basal_respiration(mitochondria, stress_test):
    """20 charges per O2; 11/3 of them for an ATP, one for a leaked proton and one for a K+ of the cation cycle."""
    end = stress_test.isel(time=int(np.flatnonzero(stress_test["segment"] == "basal")[-1]))
    truth = truth_of_stress_test(mitochondria, stress_test)
    leak, cations, made = (float(end[n]) for n in ("J_leak", "J_K_uniport", "J_ATP"))
    assert float(truth["proton_leak"]) == pytest.approx((leak + cations) / 20, rel=1e-9)
    assert leak == pytest.approx(0.618 * math.sinh(0.035 * float(end["pmf"])), rel=1e-9)
    assert float(truth["atp_linked_respiration"]) == pytest.approx(11 / 3 * made / 20, rel=1e-9)
    assert float(truth["basal_respiration"]) == float(end["J_O2"])
    parts = truth["proton_leak"] + truth["atp_linked_respiration"]
    assert float(parts) == pytest.approx(float(truth["basal_respiration"]), rel=1e-5)
    assert float(truth["non_mitochondrial"]) == 0
    assert float(truth["pmf_basal"]) == float(end["pmf"])
    assert truth["proton_leak"].attrs["units"] == "nmol/min/mg"


def test_true_maximal_respiration_is_the_top_of_a_titration(mitochondria, stress_test):
    truth = truth_of_stress_test(mitochondria, stress_test)
    titrated = mitochondria.titrate("FCCP", np.linspace(0, 2, 401), {"load.capacity": 400.0})
    assert float(truth["maximal_respiration"]) == pytest.approx(float(titrated["J_O2"].max()), rel=1e-3)
    assert float(truth["spare_capacity"]) == float(truth["maximal_respiration"] - truth["basal_respiration"])


def test_leak_read_after_oligomycin_overestimates_the_basal_leak(mitochondria, stress_test):
    """Not by noise: the leak is steep, and oligomycin raises the force from 163 to 185 mV."""
    reader = PlateReader.ideal()
    table = inferred_against_true(
        agilent(reader.record(stress_test)).isel(well=0),
        truth_of_stress_test(mitochondria, stress_test, instrument=reader),
    )
    bias = table["bias"].to_series()
    assert 90 < float(table["bias_percent"].sel(readout="proton_leak")) < 130
    assert bias["atp_linked_respiration"] == pytest.approx(-bias["proton_leak"], rel=1e-3)
    assert bias["basal_respiration"] == pytest.approx(0, abs=1e-3)
    assert abs(bias["maximal_respiration"]) < 0.05


def test_the_truth_is_scaled_to_a_well(mitochondria, stress_test):
    plain = truth_of_stress_test(mitochondria, stress_test)
    reader = PlateReader(protein=3.0, non_mitochondrial=5.0)
    scaled = truth_of_stress_test(mitochondria, stress_test, instrument=reader)
    assert float(scaled["proton_leak"]) == pytest.approx(3 * float(plain["proton_leak"]), rel=1e-12)
    assert float(scaled["non_mitochondrial"]) == 5.0
    for name in ("coupling_efficiency_percent", "cell_rcr", "spare_capacity_percent"):
        assert float(scaled[name]) == pytest.approx(float(plain[name]), rel=1e-12)
    assert scaled["proton_leak"].attrs["units"] == "pmol/min/well"


def test_the_truth_of_a_protocol_and_of_a_model_with_single_complexes():
    model = detailed()
    truth = truth_of_stress_test(model, Protocol().set({"load.capacity": 100.0}).wait(30, "rest"), basal="rest")
    parts = float(truth["proton_leak"] + truth["atp_linked_respiration"])
    assert parts == pytest.approx(float(truth["basal_respiration"]), rel=1e-2)
    assert float(truth["atp_linked_respiration"]) > 0


def test_a_basal_phase_that_is_not_steady_is_warned_of(mitochondria):
    run = mitochondria.simulate(Protocol().set({"load.capacity": 400.0}).wait(1e-4, "basal"))
    with pytest.warns(UserWarning, match="not steady at its end"):
        truth_of_stress_test(mitochondria, run)


def test_a_run_of_another_model_has_another_truth(mitochondria, stress_test):
    with pytest.raises(ParameterError, match=r"J_leak was .* with the parameters given"):
        truth_of_stress_test(mitochondria.replace({"leak.amplitude": 1.2}), stress_test)


def test_a_table_holds_inferred_true_and_bias():
    table = inferred_against_true({"a": 12.0, "b": 3.0, "c": 1.0}, {"a": 10.0, "b": 0.0, "d": 2.0})
    assert table["readout"].values.tolist() == ["a", "b"]
    np.testing.assert_array_equal(table["bias"], [2.0, 3.0])
    np.testing.assert_array_equal(table["bias_percent"], [20.0, np.nan])
    assert table.attrs["left_out"] == "c, d"
    frame = table.to_dataframe()
    assert list(frame.columns) == ["inferred", "true", "bias", "bias_percent", "units"]


def test_a_table_keeps_wells_and_groups_and_converts_units():
    found = xarray.Dataset(
        {
            "leak": ("group", [3.0, 4.0], {"units": "nmol/min/mg"}),
            "flags": ("group", ["", "late"]),
            "rcr": ("group", [5.0, np.nan], {"units": "1"}),
        },
        {"group": ["control", "drug"]},
    )
    true = {"leak": xarray.DataArray(50.0, attrs={"units": "pmol/s/mg"}), "rcr": 4.0}
    table = inferred_against_true(found, true)
    assert table.sizes == {"readout": 2, "group": 2}
    np.testing.assert_allclose(table["true"].sel(readout="leak"), 3.0)
    np.testing.assert_allclose(table["bias"].sel(readout="leak"), [0.0, 1.0], atol=1e-12)
    assert np.isnan(table["bias"].sel(readout="rcr", group="drug"))
    from_quantity = inferred_against_true({"leak": registry().Quantity(50.0, "pmol/s/mg")}, found[["leak"]])
    assert float(from_quantity["true"].sel(group="control").item()) == pytest.approx(50.0)


def test_a_rate_per_well_is_not_compared_with_one_per_mg(mitochondria, stress_test):
    plate = agilent(PlateReader.ideal().record(stress_test))
    with pytest.raises(ParameterError, match="cannot be compared; scale the truth first"):
        inferred_against_true(plate, truth_of_stress_test(mitochondria, stress_test))


# --- the figure ----------------------------------------------------------------------------------------------------


def test_the_figure_draws_bars_points_and_biases(mitochondria, stress_test):
    reader = PlateReader(seed=1)
    table = inferred_against_true(
        agilent(reader.record(stress_test)), truth_of_stress_test(mitochondria, stress_test, instrument=reader)
    )
    axes = plot.inferred_against_true(table)
    assert len(axes) == 2, "rates and per cent"
    assert axes[0].get_ylabel() == "readout / pmol min⁻¹ well⁻¹"
    heights = [bar.get_height() for bar in axes[0].patches]
    np.testing.assert_allclose(heights[:5], table["inferred"].mean("well")[:5])
    np.testing.assert_allclose(heights[5:], table["true"].isel(well=0)[:5])
    (points,) = [line for line in axes[0].lines if line.get_gid() == "wells"]
    assert len(points.get_xdata()) == 50
    leak = table.sel(readout="proton_leak")
    off = 100 * (float(leak["inferred"].mean()) / float(leak["true"][0]) - 1)
    assert [t.get_text() for t in axes[0].texts if t.get_gid() == "bias"][2] == f"+{off:.0f} %"
    plt.close("all")


def test_the_figure_of_groups_asks_which(mitochondria):
    found = {"leak": xarray.DataArray([1.0, 2.0], dims="group")}
    with pytest.raises(ParameterError, match="choose one member"):
        plot.inferred_against_true(inferred_against_true(found, {"leak": 1.0}))
