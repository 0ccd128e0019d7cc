"""Plateaus and coupling control: hand-computed tables, names of steps, and what real files do wrong."""

import json
import warnings

import numpy as np
import pytest
import xarray
from plates import run_of

import mitochem as mc
from mitochem import ParameterError, experiments
from mitochem.experiments import readouts
from mitochem.experiments.readouts.coupling import guess

REFERENCE = ("1PM", 3, 20), ("2D", 3, 90), ("2c", 3, 95), ("3Omy", 3, 22), ("4U", 3, 120), ("5Ama", 3, 4)
BY_HAND = {  # every rate less 4
    "leak_respiration": 16,
    "oxphos_capacity": 86,
    "oxphos_capacity_c": 91,
    "leak_respiration_omy": 18,
    "et_capacity": 116,
    "residual": 4,
    "net_oxphos": 70,
    "excess_et": 30,
    "oxphos_coupling_efficiency": 70 / 86,
    "et_coupling_efficiency": 100 / 116,
    "oxphos_limitation": 30 / 116,
    "l_over_e": 16 / 116,
    "p_over_e": 86 / 116,
    "rcr": 86 / 16,
    "cytochrome_c_control": 5 / 91,
}


def changed(**steps):
    """The reference protocol with some of its rates changed; None leaves a step out."""
    return run_of(*((n, m, steps.get(n[1:], r)) for n, m, r in REFERENCE if steps.get(n[1:], r) is not None))


def quiet(*arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return readouts.suit_table(*arguments, **options)


def told(words, ds, **options):
    """The row of a table that must come with this warning."""
    with pytest.warns(UserWarning, match=words):
        table = readouts.suit_table(ds, **options)
    assert words in str(table["flags"].values[0])
    return table.isel(chamber=0)


# --- coupling control ----------------------------------------------------------------------------------------------


def test_the_reference_protocol_by_hand():
    table = quiet(run_of(*REFERENCE))
    for name, value in BY_HAND.items():
        assert float(table[name][0]) == pytest.approx(value), name
    assert np.isnan(float(table["routine_respiration"][0]))
    assert table["net_oxphos"].attrs["units"] == "pmol/(s*mL)"
    assert table["l_over_e"].attrs["units"] == "1"
    assert json.loads(table.attrs["states"])["P"] == ["2D"]
    assert table.to_dataframe().loc["trace", "excess_et"] == pytest.approx(30)


def test_cells_have_routine_respiration_and_a_reserve():
    with pytest.warns(UserWarning, match="no P state"):
        table = readouts.suit_table(run_of(("1ce", 3, 40), ("2Omy", 3, 12), ("3U", 3, 110), ("4Ama", 3, 2)))
    assert float(table["routine_respiration"][0]) == 38
    assert float(table["reserve_et"][0]) == 110 - 40
    assert float(table["r_over_e"][0]) == pytest.approx(38 / 108)
    assert float(table["l_over_e"][0]) == pytest.approx(10 / 108), "leak with oligomycin, as there is no other"


def test_the_uncoupler_is_titrated_to_its_best_step():
    ds = run_of(
        *REFERENCE[:4],
        ("4U", 3, 80),
        ("4U", 3, 130),
        ("4U*", 3, 110),
        REFERENCE[5],
        events=[(12, "4U", None), (15, "4U", None)],
    )
    table = quiet(ds)
    assert float(table["et_capacity"][0]) == 130 - 4
    assert json.loads(table.attrs["states"])["E"] == ["4U (1)", "4U (2)", "4U*"]


def test_states_may_be_named_by_the_user():
    odd = run_of(*((f"step {i}", m, r) for i, (_, m, r) in enumerate(REFERENCE)))
    names = {"L": "step 0", "P": "step 1", "c": "step 2", "LOmy": "step 3", "E": ["step 4"], "Rox": "step 5"}
    named, right = quiet(odd, states=names), quiet(run_of(*REFERENCE))
    xarray.testing.assert_allclose(named, right)
    with_c = quiet(run_of(*REFERENCE), states={"P": "2c"})
    assert float(with_c["excess_et"][0]) == 120 - 95


def test_rox_is_a_number_a_step_or_nothing():
    assert float(quiet(changed(Ama=None), rox=10.0)["leak_respiration"][0]) == 10
    assert float(quiet(run_of(*REFERENCE), rox=0)["leak_respiration"][0]) == 20
    other = run_of(*REFERENCE[:5], ("blank", 3, 6))
    assert float(quiet(other, rox="blank")["leak_respiration"][0]) == 14


def test_chambers_are_rows():
    both = xarray.concat([run_of(*REFERENCE), changed(U=60, D=80)], "chamber").assign_coords(chamber=["A", "B"])
    with pytest.warns(UserWarning, match=r"\(B\)"):
        table = readouts.suit_table(both)
    assert table["et_capacity"].values.tolist() == [116, 56]
    assert table["flags"].values[0] == ""


def test_chambers_may_have_segments_of_their_own():
    one = run_of(*REFERENCE)
    shifted = one.assign_coords(segment=("time", np.roll(one["segment"].values, 5)))
    both = xarray.Dataset(
        {"ocr": (("chamber", "time"), np.stack([one["ocr"].values, np.roll(one["ocr"].values, 5)]), one["ocr"].attrs)},
        {"time": one["time"].values, "chamber": ["A", "B"],
         "segment": (("chamber", "time"), np.stack([one["segment"].values, shifted["segment"].values]))},
    )  # fmt: skip
    both["segment"][1, :5], both["ocr"][1, :5] = "1PM", 20.0
    table = quiet(both)
    for name in ("leak_respiration", "oxphos_capacity", "et_capacity"):
        assert table[name].values.tolist() == [BY_HAND[name]] * 2
    with pytest.raises(ParameterError, match="every chamber has segments of its own"):
        readouts.plateaus(both)


# --- where an assumption breaks ------------------------------------------------------------------------------------


def test_too_much_uncoupler_gives_a_negative_excess_not_an_error():
    row = told("E below P", changed(U=70))
    assert float(row["excess_et"]) == -20
    assert float(row["oxphos_limitation"]) == pytest.approx(-20 / 66)
    assert float(row["p_over_e"]) > 1


def test_a_missing_state_is_nan_and_told():
    row = told("no E state", changed(U=None))
    assert np.isnan(float(row["et_capacity"]))
    assert float(row["net_oxphos"]) == 70


def test_without_rox_rates_are_whole_and_it_is_told():
    row = told("no Rox: rates are not corrected", changed(Ama=None))
    assert float(row["leak_respiration"]) == 20
    assert np.isnan(float(row["residual"]))


def test_a_damaged_outer_membrane_is_told():
    assert float(told("cytochrome c raises", changed(c=120))["cytochrome_c_control"]) == pytest.approx(30 / 116)


def test_a_leak_above_oxphos_and_a_rate_below_rox_are_told():
    assert float(told("L above P", changed(PM=100))["net_oxphos"]) == -10
    assert float(told("a rate is below Rox", changed(PM=2))["leak_respiration"]) == -2


def test_a_rate_that_still_drifts_is_no_plateau():
    told("no plateau in '2D'", changed(D=lambda t: 60 + 20 * t))


# --- names of steps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (["1PM", "2D", "2c", "3Omy", "4U", "5Ama"],
         {"L": ["1PM"], "P": ["2D"], "c": ["2c"], "LOmy": ["3Omy"], "E": ["4U"], "Rox": ["5Ama"]}),
        # A file of many substrates: P of each, ET after the uncoupler; those of complex IV are neither.
        (["0Imt", "1P", "1M", "2D", "2c", "3G", "5S", "6Gp", "7U*", "8Rot", "10Ama", "11As", "11Tm", "12Azd"],
         {"L": ["1P", "1M"], "P": ["2D", "3G", "5S", "6Gp"], "c": ["2c"], "E": ["7U*", "8Rot"], "Rox": ["10Ama"]}),
        (["state 1", "state 2", "state 3-4 (1)", "state 3-4 (2)", "state 4o", "state 3u (FCCP 0.1)", "inhibited"],
         {"L": ["state 2"], "P": ["state 3-4 (1)", "state 3-4 (2)"], "LOmy": ["state 4o"],
          "E": ["state 3u (FCCP 0.1)"], "Rox": ["inhibited"]}),
        (["LEAK", "OXPHOS", "ET", "Rox"], {"L": ["LEAK"], "P": ["OXPHOS"], "E": ["ET"], "Rox": ["Rox"]}),
        (["L", "P", "E", "Rox"], {"L": ["L"], "P": ["P"], "E": ["E"], "Rox": ["Rox"]}),
        (["L(n)", "P", "P(c)", "L(Omy)", "E", "ROX"],
         {"L": ["L(n)"], "P": ["P"], "c": ["P(c)"], "LOmy": ["L(Omy)"], "E": ["E"], "Rox": ["ROX"]}),
        (["ROUTINE", "oligomycin 1", "FCCP 0.1", "FCCP 0.2", "rotenone 1 + antimycin 1"],
         {"R": ["ROUTINE"], "LOmy": ["oligomycin 1"], "E": ["FCCP 0.1", "FCCP 0.2"],
          "Rox": ["rotenone 1 + antimycin 1"]}),
        (["succinate 5", "ADP 0.2 (1)", "ADP 0.2 (2)"],
         {"L": ["succinate 5"], "P": ["ADP 0.2 (1)", "ADP 0.2 (2)"]}),
        (["T 2.0", "Glu", "Pyr", "Mal", "ADP", "Succ", "Olig", "F 125", "F 250", "AA"],
         {"L": ["Glu", "Pyr", "Mal"], "P": ["ADP", "Succ"], "LOmy": ["Olig"], "E": ["F 125", "F 250"], "Rox": ["AA"]}),
        (["open", "close", "WARNING", "start"], {}),
    ],
)  # fmt: skip
def test_coupling_states_are_guessed_from_what_was_added(steps, found):
    assert guess(steps) == found


# --- plateaus ------------------------------------------------------------------------------------------------------


def test_a_plateau_is_the_median_before_the_next_event():
    """An artefact at the injection and one spike at the end do not count."""

    def after(t):
        return np.where(t < 1, 500.0, np.where(np.isclose(t, 3.9), 900.0, 50.0))

    table = readouts.plateaus(run_of(("1PM", 4, after), ("2D", 4, 80)))
    assert table["rate"].values.tolist() == [50, 80]
    assert table["highest"].values.tolist() == [900, 80]
    assert table["step"].values.tolist() == ["1PM", "2D"]
    assert table["start"].values.tolist() == pytest.approx([0, 4])
    assert table["rate"].attrs["units"] == "pmol/(s*mL)"


def test_a_margin_leaves_out_what_smoothing_took_from_the_next_step():
    def smoothed(t):
        return np.where(t > 2.4, 90.0, 20.0)

    ds = run_of(("1PM", 3, smoothed), ("2D", 3, 90))
    assert float(readouts.plateaus(ds)["rate"][0]) == 90
    assert float(readouts.plateaus(ds, margin="40 s")["rate"][0]) == 20


def test_events_part_stretches_of_one_name_and_remarks_do_not():
    ds = run_of(
        ("2D", 4, 50), ("2D", 4, 90), ("WARNING", 1, 90), ("4U", 4, 99), events=[(4, "2D", "A"), (8, "WARNING", None)]
    )
    table = readouts.plateaus(ds)
    assert table["step"].values.tolist() == ["2D (1)", "2D (2)", "4U"]
    assert table["rate"].values.tolist() == [50, 90, 99]
    elsewhere = readouts.plateaus(ds.assign_coords(chamber="B"))
    assert elsewhere["step"].values.tolist() == ["2D", "4U"], "the second addition was to the other chamber"


def test_gaps_are_left_out_of_a_plateau():
    ds = run_of(("1PM", 4, lambda t: np.where(np.arange(len(t)) % 2, 30.0, np.nan)), ("2D", 4, np.nan))
    table = readouts.plateaus(ds)
    assert float(table["rate"][0]) == 30
    assert bool(table["steady"][0])
    assert np.isnan(float(table["rate"][1]))
    assert table["points"].values.tolist() == [6, 0]


def test_a_simulation_has_its_states_and_their_ratios(mitochondria):
    run = mitochondria.simulate(experiments.respiratory_states())
    row = quiet(run).isel(chamber=0)
    last = {n: float(run["J_O2"].values[run["segment"].values == n][-1]) for n in set(run["segment"].values.tolist())}
    rest = last["inhibited"]
    assert float(row["leak_respiration"]) == pytest.approx(last["state 2"] - rest, rel=1e-3)
    assert float(row["et_capacity"]) == pytest.approx(last["state 3u (FCCP 0.4)"] - rest, rel=1e-3)
    assert float(row["rcr"]) == pytest.approx(readouts.rcr(run), rel=0.01)
    assert 0.8 < float(row["oxphos_coupling_efficiency"]) < 0.9


def test_a_batch_keeps_its_dimension(mitochondria):
    protocol = mc.Protocol().set({"leak.amplitude": [0.3, 1.2]}).wait(2, "state 2").add(ADP=2.0).wait(2, "state 3")
    run = mitochondria.simulate(protocol.add(antimycin=1.0).wait(2, "inhibited"))
    with pytest.warns(UserWarning, match="no E state"):
        table = readouts.suit_table(run)
    assert table["rcr"].dims == ("leak_amplitude",)
    assert table["rcr"][0] > table["rcr"][1]


@pytest.mark.shared
def test_a_real_file_of_two_chambers(shared_folder):
    """Brain mitochondria, thinned to some points a step: read by eye off the file, A at 27.8, 29.8 and 36.3 min."""
    import pandas

    rows = pandas.read_csv(shared_folder / "data" / "raw" / "datlab_fccp_tmrm_20150721_thinned.csv")
    names = rows["Event Name"].replace("", np.nan).ffill().fillna("start").to_numpy(str)
    flux = np.stack([rows[f"O2 Slope uncorr.  ({c}) [pmol/(s*ml)]"] for c in "AB"])
    ds = xarray.Dataset(
        {"ocr": (("chamber", "time"), flux, {"units": "pmol/(s*mL)"})},
        {"chamber": ["A", "B"], "time": rows["Time [s]"].to_numpy() / 60, "segment": ("time", names)},
    )
    with pytest.warns(UserWarning, match="no plateau in 'F 375'"):
        table = readouts.suit_table(ds)
    a = table.sel(chamber="A")
    assert float(a["residual"]) == pytest.approx(2.0, abs=0.1)
    assert float(a["leak_respiration_omy"] + a["residual"]) == pytest.approx(74.6, abs=0.1)
    assert float(a["oxphos_capacity"] + a["residual"]) == pytest.approx(227.3, abs=0.1)
    assert float(a["et_capacity"] + a["residual"]) == pytest.approx(338.5, abs=0.1)
    assert "'Glu'" not in str(a["flags"].values), "only steps that are read need a plateau"


def test_every_step_has_its_state():
    of = readouts.coupling_states
    assert of(["1PM", "2D", "2c", "3Omy", "4U", "5Ama"]) == ["L", "P", "c", "LOmy", "E", "Rox"]  # SUIT-006
    words = ["Glu", "Pyr", "Mal", "ADP", "Succ", "Olig", "F 125", "F 500", "AA"]
    assert of(words) == ["L", "L", "L", "P", "P", "LOmy", "E", "E", "Rox"]
    assert of(["0Imt", "1PM", "Drug X", "2D"]) == ["", "L", "", "P"]
    assert of(["1PM", "Drug X", "2D"], {"E": "Drug X"}) == ["L", "E", "P"]
    with pytest.raises(ParameterError, match="no step is called '3U'"):
        of(["1PM", "2U"], {"E": "3U"})
