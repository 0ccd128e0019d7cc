"""Rates of plates with their errors: by hand, by known truth, by real plates."""

import numpy as np
import pytest
import xarray
from plates import PHASES, WELL, plate
from scipy import stats
from simulated_plates import ALL, experiment, fibroblast_plates, quiet

from mitochem import readers, readouts

SHAPE = np.array([100.0] * 3 + [25.0] * 3 + [200.0] * 3 + [10.0] * 3)


def wells(*factors, group="a", first=1):
    return {f"{group.upper()[0]}{first + i:02d}": (group, f * SHAPE) for i, f in enumerate(factors)}


# --- by hand -------------------------------------------------------------------------------------------------------


def test_cell_number_cancels_in_log_ratios_and_not_in_differences():
    table = readouts.plate_rates(plate(wells(1, 2, 4)))
    ratios = table["log_ratio"].sel(group="a")
    # ln 10, ln 4, ln 2.5, ln 2, ln 20: EI, AI, EAi, MI, MEi.
    np.testing.assert_allclose(ratios, [2.302585, 1.386294, 0.916291, 0.693147, 2.995732], rtol=1e-6)
    np.testing.assert_allclose(table["log_ratio_se"], 0, atol=1e-12)
    basal = table.sel(group="a", parameter="basal_respiration")
    # 90, 180, 360: mean 210, standard deviation 137.477, over root 3.
    assert float(basal["difference"]) == pytest.approx(210)
    assert float(basal["difference_se"]) == pytest.approx(79.3725, rel=1e-6)
    assert (int(basal["difference_dof"]), int(basal["difference_wells"])) == (2, 3)
    assert table["difference"].attrs["units"] == WELL
    assert table["log_ratio"].attrs["units"] == "1"
    assert table["ratio"].sel(parameter="proton_leak") == "log_oligomycin_over_non_mitochondrial"


def test_three_measurements_of_a_well_are_not_three_wells():
    """Errors are those of means of wells, by the textbook formula."""
    (ds,) = experiment(5, plates=1, wells=9).values()
    table = readouts.plate_rates(ds, **ALL)
    logs = np.log(ds["ocr"].values[:9]).reshape(9, 4, 3).mean(2)
    np.testing.assert_allclose(table["log_rate"].sel(group="control"), logs.mean(0), rtol=1e-12)
    np.testing.assert_allclose(table["log_rate_se"].sel(group="control"), stats.sem(logs), rtol=1e-12)
    coupled = stats.sem(logs[:, 0] - logs[:, 1])
    found = table.sel(group="control", parameter="atp_linked_respiration")
    assert float(found["log_ratio_se"]) == pytest.approx(coupled, rel=1e-12)
    assert int(found["log_ratio_dof"]) == 8


def test_a_big_well_with_a_gap_does_not_lower_the_phase_that_it_lacks():
    """Least squares, log rate ~ phase + well: the level is that of the mean well whether or not it was read."""
    whole = plate(wells(1, 2, 16))
    ocr = whole["ocr"].values.copy()
    ocr[2, 6:9] = np.nan
    gappy = whole.assign(ocr=(("well", "time"), ocr, whole["ocr"].attrs))
    for ds in (whole, gappy):
        levels = readouts.plate_rates(ds)["log_rate"].sel(group="a")
        # Mean factor (1·2·16)^(1/3) = 3.1748.
        np.testing.assert_allclose(np.exp(levels), np.array([100, 25, 200, 10]) * 3.174802, rtol=1e-6)
    table = readouts.plate_rates(gappy)
    assert table["log_ratio_wells"].sel(group="a").values.tolist() == [3, 3, 3, 2, 2]
    assert (table["removed"].values == "gap").sum() == 3


def test_an_odd_well_and_an_odd_measurement_are_found_and_counted():
    rng = np.random.default_rng(2)
    rows = wells(*np.exp(np.linspace(-0.2, 0.2, 10)))
    rows = {name: (group, rates * np.exp(rng.normal(0, 0.02, 12))) for name, (group, rates) in rows.items()}
    rows["A10"] = ("a", rows["A10"][1] * 5)
    rows["A05"][1][7] *= 2
    table = readouts.plate_rates(plate(rows))
    removed = table["removed"]
    assert set(removed.sel(well="A10").values) == {"outlier well"}
    assert removed.sel(well="A05").values.tolist() == [""] * 7 + ["outlier measurement"] + [""] * 4
    assert [table[n].item() for n in ("wells", "outlier_wells", "outlier_measurements")] == [10, 1, 1]
    assert (removed.values == "").sum() == 9 * 12 - 1
    # Without them: the mean factor of nine wells is exp(-0.0222).
    np.testing.assert_allclose(np.exp(table["log_rate"].values[0]), 0.978 * SHAPE[::3], rtol=0.02)
    kept = readouts.plate_rates(plate(rows), **ALL)
    assert float(np.exp(kept["log_rate"].values[0, 0])) > 110
    assert (kept["removed"].values == "").all()


def test_the_limit_counts_median_absolute_deviations_of_squares():
    """Of squared deviations 1, 1, 1, 1, 4, 4, 9, 9 (in hundredths): median 2.5, deviation 1.5 times 1.4826."""
    # (9 - 2.5)/(1.5 · 1.4826) = 2.9228; the sum is zero, so that the level is, too.
    ds = plate(wells(*np.exp(0.01 * np.array([1, -1, 1, -1, 2, -2, 3, -3]))))
    for limit, out in ((2.93, []), (2.91, ["A07", "A08"])):
        table = quiet(readouts.plate_rates, ds, well_limit=limit, measurement_limit=None)
        removed = (table["removed"] == "outlier well").all("time")
        assert table["well"].values[removed.values].tolist()[-2:] == out
        assert bool(removed.any()) == bool(out)


def test_of_four_wells_nothing_is_an_outlier():
    table = readouts.plate_rates(plate(wells(1, 1.01, 0.99, 5)))
    assert int(table["outlier_wells"][0]) == 0


def test_copies_of_a_well_are_no_outliers_by_rounding():
    table = readouts.plate_rates(plate(wells(*[1.1] * 7)))
    assert (table["removed"].values == "").all()


def test_failed_injections_are_flagged_and_kept_unless_asked():
    rows = {name: (group, rates.copy()) for name, (group, rates) in wells(1, 1.1, 0.9, 1).items()}
    rows["A01"][1][3:6] = 101.0
    rows["A02"][1][6:9] = 27.0
    rows["A03"][1][9:12] = 190.0
    with (
        pytest.warns(UserWarning, match=r"respiration does not fall after oligomycin \(A01\)"),
        pytest.warns(UserWarning, match=r"respiration does not rise after FCCP \(A02\)"),
        pytest.warns(UserWarning, match=r"does not fall after rotenone \+ antimycin A \(A03\)"),
    ):
        table = readouts.plate_rates(plate(rows))
    words = ("does not fall after oligomycin", "does not rise after FCCP", "rotenone + antimycin A", "")
    for flag, text in zip(table["flags"].values.tolist(), words):
        assert flag.endswith(text)
        assert bool(flag) == bool(text)
    assert int(table["log_ratio_wells"].min()) == 4
    removed = quiet(readouts.plate_rates, plate(rows), remove_failed=True)
    assert set(removed["removed"].sel(well="A01").values) == {"failed injection"}
    assert int(removed["log_ratio_wells"].max()) == 1
    assert int(removed["failed_wells"][0]) == 3
    assert np.isnan(removed["log_ratio_se"]).all()


def test_rates_below_zero_stay_in_differences_and_leave_logarithms_with_a_word():
    rows = wells(1, 1)
    rows["A01"][1][9:12] = [-2.0, 4.0, 4.0]
    with pytest.warns(UserWarning, match=r"not above zero have no logarithm and are left out \(A01\)"):
        table = readouts.plate_rates(plate(rows))
    rates = table["well_rate"].sel(well="A01", phase="rotenone + antimycin A")
    assert float(rates) == 2.0
    logs = table["well_log_rate"].sel(well="A01", phase="rotenone + antimycin A")
    assert float(logs) == pytest.approx(np.log(4.0))
    assert int(table["not_positive"][0]) == 1


def test_many_outliers_are_told():
    rows = wells(*[1, 1.01, 0.99, 1.005, 0.995, 1.002, 3, 0.3, 4, 0.25], first=1)
    with pytest.warns(UserWarning, match=r"more than a quarter of the wells are outliers \(a: "):
        readouts.plate_rates(plate(rows), well_limit=1.0)


def test_phases_are_those_of_the_house():
    assert readouts.plate_rates(plate(wells(1, 2)))["phase"].values.tolist() == list(PHASES)


# --- real plates ---------------------------------------------------------------------------------------------------

MEDIANS = {
    "20130503_1438": (48.7, 16.8, 95.0, 10.3),
    "20130930_1109": (48.1, 14.3, 82.6, 9.5),
    "20130930_1403": (44.2, 12.2, 68.2, 8.5),
    "20131017_1103": (97.1, 29.3, 138.2, 17.8),
}
RATIOS = {
    "basal_respiration": (1.419, 1.577, 1.802, 1.644),
    "atp_linked_respiration": (0.955, 1.154, 1.370, 1.167),
    "spare_capacity": (0.684, 0.559, 0.458, 0.335),
}


@pytest.mark.shared
def test_fibroblasts_differ_between_plates_two_fold_and_their_log_ratios_less(shared_folder):
    """Medians and mean-log metrics of the collection; then both kinds of spread between four plates of one line."""
    fibroblasts = fibroblast_plates(shared_folder)
    tables = {name: quiet(readouts.plate_rates, ds, **ALL).sel(group="NHDF") for name, ds in fibroblasts.items()}
    for name, ds in fibroblasts.items():
        control = ds["ocr"].values[ds["group"].values == "NHDF"].reshape(-1, 4, 3)
        assert np.nanmedian(control, axis=(0, 2)) == pytest.approx(MEDIANS[name], abs=0.051)
    complete = [bool(np.isfinite(ds["ocr"].values[ds["group"].values == "NHDF"]).all()) for ds in fibroblasts.values()]
    assert complete == [True, True, False, False]
    for parameter, published in RATIOS.items():
        found = [float(t["log_ratio"].sel(parameter=parameter)) for t in tables.values()]
        # Published are means of all measurements, these are of wells: where there are gaps, they differ.
        for mean, value, whole in zip(found, published, complete):
            assert mean == pytest.approx(value, abs=6e-4 if whole else 0.08)
    levels = np.exp(xarray.concat([t["log_rate"] for t in tables.values()], "plate"))
    fold = (levels.max("plate") / levels.min("plate")).values
    ratios = np.exp(xarray.concat([t["log_ratio"] for t in tables.values()], "plate"))
    across = (ratios.max("plate") / ratios.min("plate")).values
    # Highest over lowest plate: rates 1.9 to 2.6 times, ratios 1.1 to 1.6 times.
    np.testing.assert_allclose(fold, [2.30, 2.61, 1.89, 2.57], atol=0.006)
    np.testing.assert_allclose(across, [1.58, 1.53, 1.07, 1.42, 1.41], atol=0.006)


@pytest.mark.shared
def test_blood_cells_respire_by_their_number(shared_folder):
    """Slopes per 10000 cells (pmol/min) and r2 of the collection, from rates by well."""
    columns = {
        "time": "time_min", "well": "well", "group": "group_cells_x1000", "segment": "phase",
        "cells": "cell_count", "ocr": "OCR_pmol_per_min",
    }  # fmt: skip
    units = {"time": "min", "cells": "1", "ocr": "pmol/min/well"}
    path = shared_folder / "data" / "seahtrue_2019_pbmc_xf_rates.csv"
    ds = quiet(readers.read_table, path, columns, units).assign_coords(measurement=("time", np.arange(1, 13)))
    # The last baseline, the first after FCCP, the last inhibited.
    chosen = {"basal": (3, 3), "FCCP": (4, 4), "rotenone + antimycin A": (9, 9)}
    with (
        pytest.warns(UserWarning, match="no phase 'oligomycin'"),
        pytest.warns(UserWarning, match="not above zero have no logarithm"),
    ):
        table = readouts.plate_rates(ds.drop_vars("segment"), phases=chosen, **ALL)
    cells = ds["cells"].sel(well=table["well"]).isel(time=0).values / 1e4
    for phase, slope, r2 in zip(chosen, (2.18, 6.82, 0.62), (0.89, 0.90, 0.65)):
        line = stats.linregress(cells, table["well_rate"].sel(phase=phase).values)
        assert line.slope == pytest.approx(slope, abs=0.006)
        assert line.rvalue**2 == pytest.approx(r2, abs=0.006)
