"""The virtual plate reader: without imperfections it gives the truth, and each imperfection does what it says."""

import json
import math

import numpy as np
import pytest
import xarray
from recorded_runs import PHASES, STRESS_TEST, agilent, by_hand, noisy, steps

import mitochem as mc
from mitochem import Protocol, plot
from mitochem.experiments.instruments import (
    PlateReader,
    Respirometer,
    inferred_against_true,
    truth_of_stress_test,
)


@pytest.fixture(scope="module")
def stress_test(mitochondria):
    return mitochondria.simulate(STRESS_TEST)


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
