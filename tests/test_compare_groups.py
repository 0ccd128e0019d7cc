"""Groups compared plate by plate: by the textbook, by known truth, by real plates; and their figure."""

import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt
from scipy import stats
from simulated_plates import ALL, EFFECT, experiment, fibroblast_plates, pooled, quiet

from mitochem import ParameterError, plot, readouts
from mitochem.experiments.instruments import PlateReader
from mitochem.experiments.readouts.contrasts import holm


def test_holm_by_hand():
    # 4 × 0.01, 3 × 0.02 = 0.06, 2 × 0.03 = 0.06, 0.5: none falls below the one before.
    np.testing.assert_allclose(holm([0.03, 0.5, np.nan, 0.01, 0.02]), [0.06, 0.5, np.nan, 0.04, 0.06])
    np.testing.assert_allclose(holm([0.9, 0.8]), [1.0, 1.0])


# --- contrasts -----------------------------------------------------------------------------------------------------


def test_a_contrast_is_students_t_of_the_differences_on_each_plate():
    plates = experiment(11)
    table = readouts.compare_groups(plates, "control", **ALL)
    each = []
    for ds in plates.values():
        logs = np.log(ds["ocr"].values).reshape(24, 4, 3).mean(2)
        each.append(np.diff([(logs[:12, 2] - logs[:12, 0]).mean(), (logs[12:, 2] - logs[12:, 0]).mean()])[0])
    row = table.sel(group="treated", parameter="spare_capacity")
    test = stats.ttest_1samp(each, 0)
    interval = test.confidence_interval(0.95)
    assert float(row["log_ratio"]) == pytest.approx(np.mean(each), rel=1e-10)
    assert float(row["log_ratio_p"]) == pytest.approx(test.pvalue, rel=1e-10)
    assert [float(row["log_ratio_low"]), float(row["log_ratio_high"])] == pytest.approx(list(interval), rel=1e-10)
    assert [int(row[f"log_ratio_{n}"]) for n in ("dof", "plates", "wells", "control_wells")] == [3, 4, 48, 48]
    np.testing.assert_allclose(row["log_ratio_by_plate"], each, rtol=1e-10)
    assert table.attrs["unit"] == "plate"


def test_one_plate_is_welchs_t_of_wells_and_a_loud_word():
    (ds,) = experiment(12, plates=1).values()
    with pytest.warns(UserWarning, match="That is pseudo-replication"):
        table = readouts.compare_groups(ds, "control", **ALL)
    logs = np.log(ds["ocr"].values).reshape(24, 4, 3).mean(2)
    values = logs[:, 0] - logs[:, 1]
    test = stats.ttest_ind(values[12:], values[:12], equal_var=False)
    row = table.sel(group="treated", parameter="atp_linked_respiration")
    assert float(row["log_ratio_p"]) == pytest.approx(test.pvalue, rel=1e-9)
    assert float(row["log_ratio_dof"]) == pytest.approx(test.df, rel=1e-9)
    assert table.attrs["unit"] == "well"


def test_what_a_plate_does_to_all_cancels():
    plates = experiment(13, culture=0.0)
    other = {n: ds.assign(ocr=ds.ocr * f) for f, (n, ds) in zip((0.5, 1, 2, 3), plates.items())}
    one, two = (quiet(readouts.compare_groups, p, "control") for p in (plates, other))
    np.testing.assert_allclose(one["log_ratio"], two["log_ratio"], rtol=1e-9)
    np.testing.assert_allclose(one["log_ratio_p"], two["log_ratio_p"], rtol=1e-6)
    np.testing.assert_allclose(two["difference_by_plate"], one["difference_by_plate"] * [0.5, 1, 2, 3], rtol=1e-9)


def test_plates_are_given_by_name_in_a_list_or_as_one_table():
    plates = experiment(14, plates=3, wells=4)
    parts = [
        ds.assign_coords(plate=("well", [name] * 8), well=[f"{name} {w}" for w in ds["well"].values])
        for name, ds in plates.items()
    ]
    together = xarray.concat(parts, "well")
    tables = [readouts.compare_groups(p, "control") for p in (plates, list(plates.values()), together)]
    for table in tables[1:]:
        np.testing.assert_allclose(table["log_ratio_p"], tables[0]["log_ratio_p"])
    assert tables[2]["plate"].values.tolist() == list(plates)


def test_too_few_plates_are_told_and_have_no_p():
    plates = experiment(15, plates=2)
    with pytest.warns(UserWarning, match=r"on 2 plates with the control, less than 3.*\(treated\)"):
        table = readouts.compare_groups(plates, "control")
    assert int(table["log_ratio_dof"].max()) == 1
    apart = dict(plates)
    apart["plate 2"] = apart["plate 2"].isel(well=slice(0, 12))
    with pytest.warns(UserWarning, match=r"on one plate alone with the control; no error and no p \(treated\)"):
        table = readouts.compare_groups(apart, "control")
    assert np.isfinite(table["log_ratio"]).all()
    for end in ("_se", "_low", "_high", "_dof", "_p", "_p_holm"):
        assert np.isnan(table[f"log_ratio{end}"]).all()
    apart["plate 1"] = apart["plate 1"].isel(well=slice(12, 24))
    with pytest.warns(UserWarning, match=r"on no plate with the control; nothing to compare \(treated\)"):
        table = readouts.compare_groups(apart, "control")
    assert np.isnan(table["log_ratio"]).all()
    assert (table["log_ratio_plates"] == 0).all()
    with pytest.raises(ParameterError, match="no estimate"):
        plot.group_comparison(table)


def test_plates_that_do_not_differ_at_all_have_no_p():
    (ds,) = experiment(16, plates=1).values()
    with (
        pytest.warns(UserWarning, match="do not differ at all in log_ratio"),
        pytest.warns(UserWarning, match="do not differ at all in difference"),
    ):
        table = readouts.compare_groups([ds] * 3, "control", **ALL)
    assert np.isnan(table["log_ratio_p"]).all()


def test_more_questions_are_corrected_for():
    plates = experiment(17, groups=("control", "treated", "other"))
    whole = readouts.compare_groups(plates, "control", **ALL)
    assert whole["log_ratio_p"].size == 10
    assert float(whole["log_ratio_p_holm"].min()) == pytest.approx(10 * float(whole["log_ratio_p"].min()))
    one = readouts.compare_groups(plates, "control", groups=["treated"], parameters=["spare_capacity"], **ALL)
    assert float(one["log_ratio_p_holm"].item()) == float(one["log_ratio_p"].item())


def test_warnings_name_the_plate():
    plates = experiment(18, plates=3)
    plates["plate 2"]["ocr"][3, 3:6] = 1e4
    plates["plate 2"]["ocr"][3, 6:9] = 2e4
    with pytest.warns(UserWarning, match=r"plate 'plate 2': respiration does not fall after oligomycin \(A04\)"):
        readouts.compare_groups(plates, "control")


# --- known truth ---------------------------------------------------------------------------------------------------


def test_intervals_by_plates_hold_the_truth_and_those_by_wells_do_not():
    by_plates, by_wells, width, narrow = 0, 0, [], []
    for seed in range(20):
        plates = experiment(seed)
        row = quiet(readouts.compare_groups, plates, "control", parameters=["spare_capacity"])
        low, high = row["log_ratio_low"].item(), row["log_ratio_high"].item()
        by_plates += low <= EFFECT <= high
        width.append(high - low)
        low, high = pooled(plates)
        by_wells += low <= EFFECT <= high
        narrow.append(high - low)
    assert by_plates >= 18  # the binomial of 0.95: 92 in 100 such tests
    assert by_wells <= 13  # 9; of 0.95 it would be less than 14 once in 10000
    assert np.median(width) > 3 * np.median(narrow)


def test_virtual_plates_of_unlike_cells_are_told_apart_by_their_plates(mitochondria):
    """Of the package's own plate reader: the ratio that the runs themselves have, with noise, wells and plates."""
    from mitochem import experiments

    run = mitochondria.simulate(experiments.stress_test())
    plates, few = [], run.assign(J_O2=run["J_O2"].where(run["segment"] != "FCCP", 0.7 * run["J_O2"]))
    few = few.assign_attrs(run.attrs)
    few["J_O2"].attrs = run["J_O2"].attrs
    for seed in range(4):
        plates.append(PlateReader(seed=seed, wells=8, non_mitochondrial=0.0).record({"whole": run, "few": few}))
    table = quiet(readouts.compare_groups, plates, "whole", parameters=["spare_capacity"])
    assert table["log_ratio_low"].item() <= np.log(0.7) <= table["log_ratio_high"].item()
    assert table["log_ratio_p"].item() < 0.01


# --- real plates ---------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_two_plates_of_one_patient_are_not_called_proof(shared_folder):
    """The line 71215 is on two plates: by wells its p would be small, by plates it is not."""
    fibroblasts = fibroblast_plates(shared_folder)
    table = quiet(readouts.compare_groups, fibroblasts, "NHDF", groups=["71215"])
    assert (table["log_ratio_plates"] == 2).all()
    assert float(table["log_ratio_p"].min()) > 0.05
    alone = quiet(readouts.compare_groups, fibroblasts["20130930_1109"], "NHDF", groups=["71215"])
    assert float(alone["log_ratio_p"].min()) < 0.001
    share = [
        int(quiet(readouts.plate_rates, ds)["outlier_wells"].sum()) / ds.sizes["well"] for ds in fibroblasts.values()
    ]
    assert max(share) < 0.3


# --- the figure ----------------------------------------------------------------------------------------------------


def test_the_figure_has_a_point_for_each_plate_and_the_interval_of_the_table():
    table = quiet(readouts.compare_groups, experiment(19), "control")
    for scale in ("log_ratio", "difference"):
        ax = plot.group_comparison(table, scale=scale, ax=plt.subplots()[1])
        (points,) = (line for line in ax.lines if line.get_gid() == "plates")
        np.testing.assert_allclose(points.get_ydata(), table[f"{scale}_by_plate"].values.ravel())
        (bars,) = ax.containers
        segments = np.array(bars.lines[2][0].get_segments())[:, :, 1]
        np.testing.assert_allclose(segments[:, 0], table[f"{scale}_low"].values[0])
        np.testing.assert_allclose(segments[:, 1], table[f"{scale}_high"].values[0])
        assert ax.get_ylabel().startswith("ln ratio" if scale == "log_ratio" else "difference")
        assert ("pmol min⁻¹ well⁻¹" in ax.get_ylabel()) == (scale == "difference")
        assert ax.get_legend_handles_labels()[1][0].startswith("treated: 4 plates")
        assert "95 % interval over plates" in ax.get_title(loc="left")
    plt.close("all")


def test_the_figure_says_when_wells_are_all_there_is():
    table = quiet(readouts.compare_groups, experiment(20)["plate 1"], "control")
    ax = plot.group_comparison(table, ax=plt.subplots()[1])
    assert "not repeated" in ax.get_title(loc="left")
    plt.close("all")
