"""The Mito Stress Test: hand-computed tables, a real plate by both conventions and both orders of averaging."""

import warnings

import numpy as np
import pytest
import xarray
from plates import PHASES, WELL, plate, real_plate, run_of

import mitochem as mc
from mitochem import ParameterError
from mitochem.experiments import readouts

#      basal         oligomycin   FCCP           rotenone + antimycin A
ONE = [110, 105, 100, 34, 30, 31, 180, 200, 190, 12, 10, 11]
TWO = [120, 115, 120, 40, 38, 36, 230, 220, 210, 16, 18, 17]


@pytest.fixture
def two_wells():
    return plate({"A01": ("Background", [0.0] * 12), "A02": ("treated", ONE), "A03": ("treated", TWO)})


def quiet(*arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return readouts.stress_test_table(*arguments, **options)


# --- by hand -------------------------------------------------------------------------------------------------------

HAND = {  # of the well ONE: lowest, highest, last
    "non_mitochondrial": 10,
    "basal_respiration": 100 - 10,
    "proton_leak": 30 - 10,
    "atp_linked_respiration": 100 - 30,
    "maximal_respiration": 200 - 10,
    "spare_capacity": 190 - 90,
    "spare_capacity_percent": 100 * 190 / 90,
    "coupling_efficiency_percent": 100 * 70 / 90,
    "cell_rcr": 190 / 20,
}
FIXED = {  # measurements 3, 6, 8, 12
    "non_mitochondrial": 11,
    "basal_respiration": 100 - 11,
    "proton_leak": 31 - 11,
    "atp_linked_respiration": 100 - 31,
    "maximal_respiration": 200 - 11,
    "spare_capacity": 100,
    "spare_capacity_percent": 100 * 189 / 89,
    "coupling_efficiency_percent": 100 * 69 / 89,
    "cell_rcr": 189 / 20,
}


@pytest.mark.parametrize(("convention", "by_hand"), [("agilent", HAND), ("minmax", HAND), ("fixed", FIXED)])
def test_the_report_of_one_well(two_wells, convention, by_hand):
    table = quiet(two_wells, convention=convention, average=None)
    assert table["well"].values.tolist() == ["A02", "A03"], "the background is no sample"
    for name, value in by_hand.items():
        assert float(table[name].sel(well="A02")) == pytest.approx(value), name


def test_a_group_is_averaged_in_either_order(two_wells):
    """Highest after FCCP: 200 and 230 of the wells, mean 215; of the mean trace 205, 210, 200 it is 210."""
    wells, rates = quiet(two_wells), quiet(two_wells, average="rates")
    assert float(wells["maximal_respiration"][0]) == pytest.approx(215 - 13)  # lowest 10 and 16
    assert float(rates["maximal_respiration"][0]) == pytest.approx(210 - 14)  # lowest mean: 14, 14, 14
    assert float(wells["wells"][0]) == float(rates["wells"][0]) == 2
    assert float(wells["maximal_respiration_sd"][0]) == pytest.approx(np.std([190, 214], ddof=1))
    assert "maximal_respiration_sd" not in rates
    assert wells.to_dataframe().loc["treated", "spare_capacity"] == pytest.approx((100 + 110) / 2)


def test_units_are_those_of_the_data(two_wells):
    table = quiet(two_wells)
    assert table["proton_leak"].attrs["units"] == table["proton_leak_sd"].attrs["units"] == WELL
    assert table["coupling_efficiency_percent"].attrs["units"] == "%"
    assert table["cell_rcr"].attrs["units"] == "1"
    assert all(table[name].attrs["long_name"] for name in HAND)


def test_an_acute_injection_moves_what_oligomycin_is_compared_with():
    rates = [110, 105, 100, 140, 150, 148, 34, 30, 31, 180, 200, 190, 12, 10, 11]
    phases = np.repeat(["basal", "a compound", *PHASES[1:]], 3)
    ds = xarray.Dataset(
        {"ocr": ("time", np.array(rates, float), {"units": WELL})},
        {"time": np.arange(15.0), "segment": ("time", phases), "measurement": ("time", np.arange(1, 16))},
    )
    table = quiet(ds)
    assert float(table["acute_response"][0]) == 148 - 100
    assert float(table["atp_linked_respiration"][0]) == 148 - 30
    assert float(table["basal_respiration"][0]) == 100 - 10
    assert float(table["spare_capacity"][0]) == 200 - 100
    chosen = {"acute": 6, "oligomycin": 9, "FCCP": 11, "rotenone + antimycin A": 15}
    fixed = quiet(ds, convention="fixed", measurements=chosen)
    assert float(fixed["acute_response"][0]) == 48
    assert float(fixed["proton_leak"][0]) == 31 - 11
    with pytest.raises(ParameterError, match="say which measurement ends it"):
        readouts.stress_test_table(ds, convention="fixed", measurements={k: chosen[k] for k in list(chosen)[1:]})


def test_phases_go_by_many_names_or_as_the_user_says(two_wells):
    right = quiet(two_wells)
    for labels in (
        ("Initial", "OLIGOMYCIN", "FCCP", "ROTENONE"),
        ("basal", "glucose / oligomycin", "monensin / FCCP", "2-DG / RotAnti"),
        ("Baseline", "Oligo", "BAM15 2.5 uM", "Rot/AA"),
    ):
        renamed = two_wells.assign_coords(segment=("time", np.repeat(labels, 3)))
        xarray.testing.assert_equal(quiet(renamed), right)
    numbers = {"basal": (1, 3), "oligomycin": (4, 6), "FCCP": [7, 9], "rotenone + antimycin A": (10, 12)}
    xarray.testing.assert_equal(quiet(two_wells.drop_vars("segment"), phases=numbers), right)
    odd = two_wells.assign_coords(segment=("time", np.repeat(["a", "b", "c", "d"], 3)))
    named = dict(zip(PHASES, "abcd"))
    xarray.testing.assert_equal(quiet(odd, phases=named), right)


# --- a simulation --------------------------------------------------------------------------------------------------


def stress(conditions):
    return (
        mc.Protocol().set(conditions).wait(5, "basal").add(oligomycin=1.0).wait(3).add(FCCP=0.3).wait(3)
        .add(rotenone=1.0, antimycin=1.0).wait(3)
    )  # fmt: skip


def test_a_simulation_is_read_as_a_plate_is(mitochondria):
    ds = mitochondria.simulate(stress({"load.capacity": 100.0}))
    table = quiet(ds)
    flux, label = ds["J_O2"].values, ds["segment"].values
    last = {name: flux[label == name][-1] for name in dict.fromkeys(label)}
    basal, oligomycin, fccp, rotenone = last.values()
    assert float(table["basal_respiration"][0]) == pytest.approx(basal - rotenone, rel=1e-3)
    assert float(table["proton_leak"][0]) == pytest.approx(oligomycin - rotenone, rel=1e-3)
    assert float(table["maximal_respiration"][0]) == pytest.approx(fccp - rotenone, rel=1e-3)
    assert table["proton_leak"].attrs["units"] == "nmol/min/mg"
    assert table["group"].values.tolist() == ["isolated_mitochondria"]
    assert table.to_dataframe().shape[0] == 1


def test_a_leakier_membrane_has_more_proton_leak_and_less_efficiency(mitochondria):
    ds = mitochondria.simulate(stress({"load.capacity": 100.0, "leak.amplitude": [0.3, 0.6, 1.2]}))
    table = quiet(ds)
    assert table["proton_leak"].dims == ("leak_amplitude",)
    assert (np.diff(table["proton_leak"]) > 0).all()
    assert (np.diff(table["coupling_efficiency_percent"]) < 0).all()


# --- a real plate --------------------------------------------------------------------------------------------------

# Group means of the public plate: non-mito, basal, leak, ATP-linked, maximal, spare, spare %, efficiency %, max/leak.
REAL = {
    "Group_1 MITO": (56.7, 240.1, 44.8, 195.2, 433.0, 192.9, 180, 81, 9.7),
    "Group_2 MITO": (60.5, 263.4, 59.0, 204.4, 507.2, 243.8, 193, 78, 8.6),
    "Group_3 MITO": (70.1, 303.4, 67.5, 235.9, 462.3, 158.9, 152, 78, 6.9),
    "Group_4 MITO": (43.1, 178.5, 46.4, 132.1, 158.3, -20.2, 89, 74, 3.4),
}
# Leak, maximal and coupling efficiency by the fixed convention on the same plate.
REAL_FIXED = {
    "Group_1 MITO": (44.9, 411, 81),
    "Group_2 MITO": (66.8, 499, 75),
    "Group_3 MITO": (70.5, 416, 77),
    "Group_4 MITO": (73.8, 144, 59),
}


@pytest.fixture(scope="module")
def real(shared_folder):
    return real_plate(shared_folder)


@pytest.mark.shared
def test_the_public_plate_by_the_agilent_convention(real):
    with pytest.warns(UserWarning, match="Group_4 MITO") as told:
        table = readouts.stress_test_table(real, average="rates")
    assert table["wells"].values.tolist() == [11, 12, 12, 11]
    for group, row in REAL.items():
        for name, value in zip(HAND, row):
            digits = 0.5 if name.endswith("percent") else 0.051
            assert float(table[name].sel(group=group)) == pytest.approx(value, abs=digits), (group, name)
    flags = dict(zip(table["group"].values.tolist(), table["flags"].values.tolist()))
    assert [flags[f"Group_{i} MITO"] for i in (1, 2, 3)] == ["", "", ""]
    assert "negative spare capacity" in flags["Group_4 MITO"]
    assert "no plateau after oligomycin" in flags["Group_4 MITO"], "it drifts up: 90, 96, 117"
    assert len(told) == 2
    assert all("Group_4 MITO" in str(w.message) for w in told)


@pytest.mark.shared
def test_the_public_plate_by_the_fixed_convention(real):
    with pytest.warns(UserWarning, match="negative spare capacity"):
        table = readouts.stress_test_table(real, convention="fixed", average="rates")
    for group, (leak, most, efficiency) in REAL_FIXED.items():
        row = table.sel(group=group)
        assert float(row["proton_leak"]) == pytest.approx(leak, abs=0.051)
        assert float(row["maximal_respiration"]) == pytest.approx(most, abs=0.51)
        assert float(row["coupling_efficiency_percent"]) == pytest.approx(efficiency, abs=0.51)


@pytest.mark.shared
def test_the_order_of_averaging_moves_a_maximum_and_nothing_that_is_one_measurement(real):
    def table(average, convention="agilent"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the fourth group, told above
            return readouts.stress_test_table(real, average=average, convention=convention)

    wells, rates = (table(a)["maximal_respiration"] for a in ("parameters", "rates"))
    assert float(rates.sel(group="Group_2 MITO")) == pytest.approx(507, abs=0.5)
    assert float(wells.sel(group="Group_2 MITO")) == pytest.approx(523.5, abs=0.5)
    one, other = table("parameters", "fixed"), table("rates", "fixed")
    for name in ("basal_respiration", "proton_leak", "maximal_respiration", "spare_capacity"):
        np.testing.assert_allclose(one[name], other[name], rtol=1e-12)


# --- where an assumption breaks ------------------------------------------------------------------------------------


def broken(words, at, values, **options):
    """The table of one well with some of its rates changed, and the warning that it must give."""
    rates = np.array(ONE, float)
    rates[at] = values
    with pytest.warns(UserWarning, match=words):
        table = readouts.stress_test_table(plate({"A02": ("g", rates)}), average=None, **options)
    assert words.split(":")[0] in str(table["flags"].values[0])
    return table.isel(well=0)


def test_negative_spare_capacity_is_told_not_clipped():
    table = broken("negative spare capacity", slice(6, 9), [80, 78, 76])
    assert float(table["spare_capacity"]) == 80 - 100
    assert float(table["spare_capacity_percent"]) == pytest.approx(100 * 70 / 90)


def test_respiration_that_rises_after_oligomycin_has_negative_atp_linked_respiration():
    table = broken("negative ATP-linked respiration", slice(3, 6), [120, 121, 122])
    assert float(table["atp_linked_respiration"]) == -20


def test_oligomycin_below_rotenone_is_a_negative_leak_and_has_no_rcr():
    table = broken("negative proton leak", slice(3, 6), [9, 8, 8.5])
    assert float(table["proton_leak"]) == -2
    assert np.isnan(float(table["cell_rcr"]))


def test_no_basal_respiration_has_no_percentages():
    table = broken("basal respiration is not above zero", slice(9, 12), [101, 102, 103])
    assert np.isnan(float(table["coupling_efficiency_percent"]))
    assert float(table["basal_respiration"]) == -1


def test_a_negative_rate_after_rotenone_is_kept_and_told():
    assert float(broken("negative non-mitochondrial rate", 10, -3)["non_mitochondrial"]) == -3


def test_drift_after_an_injection_is_no_plateau():
    broken("no plateau after oligomycin", slice(3, 6), [20, 25, 31])
    broken("no plateau after FCCP", slice(6, 9), [260, 220, 190])
    quiet(plate({"A02": ("g", ONE)}), plateau=0.06)
    with pytest.warns(UserWarning, match="no plateau after FCCP"):
        readouts.stress_test_table(plate({"A02": ("g", ONE)}), plateau=0.05)  # 200 against the last, 190


def test_a_missing_phase_is_nan_where_it_is_needed(two_wells):
    without = two_wells.isel(time=[0, 1, 2, 3, 4, 5, 9, 10, 11])
    with pytest.warns(UserWarning, match="no phase 'FCCP'"):
        table = readouts.stress_test_table(without, average=None)
    one = table.isel(well=0)
    assert float(one["proton_leak"]) == HAND["proton_leak"]
    assert all(np.isnan(float(one[name])) for name in ("maximal_respiration", "spare_capacity", "cell_rcr"))
    assert str(one["flags"].values) == "no phase 'FCCP'"


def test_a_gap_is_told_and_a_missing_well_is_not_zero(two_wells):
    gap = two_wells.copy(deep=True)
    gap["ocr"][1, 2] = np.nan  # the last basal rate of the first well
    with pytest.warns(UserWarning, match="gaps in phase 'basal'"):
        single = readouts.stress_test_table(gap, average=None)
    assert np.isnan(float(single["basal_respiration"][0]))
    with pytest.warns(UserWarning, match="some wells have no value"):
        group = readouts.stress_test_table(gap)
    assert float(group["basal_respiration"][0]) == 120 - 16, "of the other well alone"
    empty = two_wells.copy(deep=True)
    empty["ocr"][:] = np.nan
    with pytest.warns(UserWarning, match="no value of basal respiration"):
        assert np.isnan(float(readouts.stress_test_table(empty)["basal_respiration"][0]))


def test_a_fixed_measurement_must_be_in_its_phase(two_wells):
    """Four measurements in each phase: number 6 is still after oligomycin, but 8 is too."""
    longer = xarray.concat([two_wells, two_wells.isel(time=slice(4))], "time").assign_coords(
        time=np.arange(16.0), measurement=("time", np.arange(1, 17)), segment=("time", np.repeat(PHASES, 4))
    )
    with pytest.raises(ParameterError, match=r"measurement 8 is not in the phase 'FCCP', which has \[9, 10, 11, 12\]"):
        readouts.stress_test_table(longer, convention="fixed")
    chosen = {"basal": 4, "oligomycin": 8, "FCCP": 10, "rotenone + antimycin A": 16}
    with pytest.warns(UserWarning, match="spare|leak|basal|plateau|linked"):
        table = readouts.stress_test_table(longer, convention="fixed", measurements=chosen, average=None)
    assert '"FCCP": 10' in table.attrs["measurements"]


# --- the logarithmic scale -----------------------------------------------------------------------------------------


def test_log_ratios_of_one_well_by_hand():
    table = readouts.stress_test_log_ratios(plate({"A02": ("g", [100] * 3 + [25] * 3 + [200] * 3 + [10] * 3)}))
    assert float(table["log_basal_over_oligomycin"][0]) == pytest.approx(np.log(4))
    assert float(table["log_basal_over_non_mitochondrial"][0]) == pytest.approx(np.log(10))
    assert float(table["log_oligomycin_over_non_mitochondrial"][0]) == pytest.approx(np.log(2.5))
    assert float(table["log_maximal_over_basal"][0]) == pytest.approx(np.log(2))
    assert float(table["log_maximal_over_non_mitochondrial"][0]) == pytest.approx(np.log(20))


def test_a_rate_that_is_not_above_zero_has_no_logarithm():
    with pytest.warns(UserWarning, match="have no logarithm"):
        table = readouts.stress_test_log_ratios(plate({"A02": ("g", [*ONE[:-1], -1])}))
    assert float(table["log_basal_over_non_mitochondrial"][0]) == pytest.approx(
        np.mean(np.log([110, 105, 100])) - np.mean(np.log([12, 10]))
    )


PUBLISHED = {  # control line NHDF: medians of the four intervals, then EI, AI and MI
    "20130503_1438": ((48.7, 16.8, 95.0, 10.3), (1.419, 0.955, 0.684)),
    "20130930_1109": ((48.1, 14.3, 82.6, 9.5), (1.577, 1.154, 0.559)),
    "20130930_1403": ((44.2, 12.2, 68.2, 8.5), (1.802, 1.370, 0.458)),
    "20131017_1103": ((97.1, 29.3, 138.2, 17.8), (1.644, 1.167, 0.335)),
}


@pytest.mark.shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_log_ratios_of_fibroblasts_are_those_of_the_authors(shared_folder, name):
    import pandas

    rows = pandas.read_csv(shared_folder / "data" / "yepez_2018_fibroblast_ocr.csv")
    rows = rows[(rows.plate_id == name) & (rows.cell_line == "NHDF")]
    wide = rows.pivot(index="well", columns="measurement", values="OCR_pmol_per_min")
    ds = plate({well: ("NHDF", rates) for well, rates in zip(wide.index, wide.values)})
    medians, ratios = PUBLISHED[name]
    for phase, median in zip(PHASES, medians):
        part = ds["ocr"].values[:, ds["segment"].values == phase]
        assert np.nanmedian(part) == pytest.approx(median, abs=0.051)
    table = readouts.stress_test_log_ratios(ds, average="rates")
    found = [
        float(table[f"log_{n}"][0])
        for n in ("basal_over_non_mitochondrial", "basal_over_oligomycin", "maximal_over_basal")
    ]
    assert found == pytest.approx(ratios, abs=6e-4)


def test_a_single_recorded_trace_is_a_stress_test_too():
    trace = run_of(("start", 5, 100), ("Omy", 5, 30), ("FCCP", 5, 200), ("Ama", 5, 10))
    table = quiet(trace)
    assert float(table["spare_capacity"][0]) == 100
    assert table["group"].values.tolist() == ["trace"]
    assert table["proton_leak"].attrs["units"] == "pmol/(s*mL)"
