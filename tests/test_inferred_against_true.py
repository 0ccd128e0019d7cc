"""What a stress test reads beside what is true."""

import math

import numpy as np
import pytest
import xarray
from assembled import detailed
from matplotlib import pyplot as plt
from recorded_runs import STRESS_TEST, agilent

from mitochem import ParameterError, Protocol, plot
from mitochem.core.units import registry
from mitochem.experiments.instruments import (
    PlateReader,
    inferred_against_true,
    truth_of_stress_test,
)


@pytest.fixture(scope="module")
def stress_test(mitochondria):
    return mitochondria.simulate(STRESS_TEST)


# --- inferred against true -----------------------------------------------------------------------------------------


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
