"""ADP/O, RCR and coupling efficiency of simulated runs and of recorded traces."""

import json
import warnings

import numpy as np
import pytest
import xarray
from scipy.integrate import trapezoid

import mitochem as mc
from mitochem import ParameterError, experiments
from mitochem.experiments import readouts
from mitochem.experiments.readouts.traces import tangents

PULSES = ("state 3-4 (1)", "state 3-4 (2)")


@pytest.fixture(scope="module")
def run(mitochondria):
    return mitochondria.simulate(experiments.respiratory_states())


@pytest.fixture(scope="module")
def closed(mitochondria):
    return mitochondria.simulate(experiments.respiratory_states(to_anoxia=True))


def recorded(closed, noise=0.0, events=True, every=2 / 60):
    """The oxygen of a run as an electrode records it: every two seconds, with noise, and no model behind it."""
    time = np.arange(0, 12, every)
    label = closed["segment"].values[np.searchsorted(closed["time"].values, time, side="right") - 1]
    oxygen = np.interp(time, closed["time"], closed["oxygen"])
    oxygen = oxygen + np.random.default_rng(1).normal(0, noise, len(time))
    noted = [{"time": t, "name": n, "chamber": None, "text": ""} for t, n in zip((2.5, 6.5), PULSES)]
    return xarray.Dataset(
        {"oxygen": ("time", oxygen, {"units": "mM"})},
        {"time": ("time", time, {"units": "min"}), "segment": ("time", label)},
        {"events": json.dumps(noted)} if events else {},
    )


def trace(*slopes, start=200.0, minutes=2.0, every=0.02, noise=0.0):
    """Straight stretches of oxygen, falling by so many µM a minute, all in one segment after ADP."""
    time = np.arange(0, minutes * len(slopes), every)
    ends = start - minutes * np.concatenate([[0], np.cumsum(slopes)])
    oxygen = np.interp(time, minutes * np.arange(len(slopes) + 1), ends)
    oxygen += np.random.default_rng(2).normal(0, noise, len(time))
    return xarray.Dataset(
        {"oxygen": ("time", oxygen, {"units": "uM"})}, {"time": time, "segment": ("time", ["ADP"] * len(time))}
    )


# --- recorded traces -----------------------------------------------------------------------------------------------


def test_a_chart_of_two_straight_lines_by_hand():
    """40 µM a minute for two minutes, then 8: 80 µM O2 or 160 µM O with 400 µM ADP are 2.5 per atom; RCR 5."""
    found = readouts.adp_over_o(trace(40, 8), segment="ADP", adp=0.4)
    assert float(found["adp_over_o"]) == pytest.approx(2.5, rel=1e-9)
    assert float(found["oxygen_used"]) == pytest.approx(0.080, rel=1e-9)
    assert float(found["time_intersection"]) == pytest.approx(2.0, rel=1e-9)
    assert float(found["rate_state_3"]) == pytest.approx(0.040, rel=1e-9)
    assert float(found["oxygen_addition"]) == pytest.approx(0.200, rel=1e-9)
    assert readouts.rcr(trace(40, 8), segment="ADP") == pytest.approx(5.0, rel=1e-9)
    assert readouts.coupling_efficiency(trace(40, 8), segment="ADP") == pytest.approx(0.8, rel=1e-9)


def test_noise_of_a_recorder_moves_the_chart_little():
    """A fifth of a µM on lines of 10 points: slopes to 0.7 µM/min, so RCR to a tenth and ADP/O to 2 %."""
    noisy = trace(40, 8, noise=0.2)
    assert float(readouts.adp_over_o(noisy, segment="ADP", adp=0.4)["adp_over_o"]) == pytest.approx(2.5, rel=0.02)
    assert readouts.rcr(noisy, segment="ADP") == pytest.approx(5.0, rel=0.15)


def test_gaps_of_a_recorder_are_left_out():
    gaps = trace(40, 8)
    gaps["oxygen"][30:40] = np.nan
    assert float(readouts.adp_over_o(gaps, segment="ADP", adp=0.4)["adp_over_o"]) == pytest.approx(2.5, rel=1e-6)


@pytest.mark.parametrize(("noise", "tolerance"), [(0.0, 0.005), (1e-4, 0.04)])
def test_a_recorded_trace_gives_what_the_flux_behind_it_gives(closed, noise, tolerance):
    """A tenth of a µM of noise, on tangents of 12 points, is a fortieth of the 38 µM used."""
    for segment in PULSES:
        known = readouts.adp_over_o(closed, segment=segment)
        found = readouts.adp_over_o(recorded(closed, noise), segment=segment, adp=0.2)
        for name in ("adp_over_o", "oxygen_used"):
            assert float(found[name]) == pytest.approx(float(known[name]), rel=tolerance), name
        # State 3 is a peak half a minute wide, and the tangent an average over 0.4 min: it is lower.
        assert 0.85 < float(found["rate_state_3"] / known["rate_state_3"]) < 1.0


def test_a_shorter_tangent_comes_nearer_to_the_peak(closed):
    ds = recorded(closed, every=0.5 / 60)
    rates = [float(readouts.adp_over_o(ds, adp=0.2, window=w)["rate_state_3"]) for w in (0.1, "12 s", 0.4)]
    assert rates == sorted(rates, reverse=True)


def test_the_pulse_begins_at_its_event_not_at_the_next_sample(closed):
    noted, unknown = (readouts.adp_over_o(recorded(closed, events=e), adp=0.2) for e in (True, False))
    assert float(noted["time_addition"]) == 2.5
    assert float(unknown["time_addition"]) > 2.5
    assert float(noted["oxygen_used"]) > float(unknown["oxygen_used"])


def test_noise_alone_is_no_state_3():
    flat = trace(8, 8, noise=0.2)
    with pytest.warns(UserWarning, match="no state 3 is visible in 'ADP'"):
        found = readouts.adp_over_o(flat, segment="ADP", adp=0.4)
    assert np.isnan(float(found["adp_over_o"]))
    assert np.isfinite(float(found["rate_state_4"]))
    with pytest.warns(UserWarning, match="no state 3 is visible"):
        assert np.isnan(readouts.rcr(flat, segment="ADP"))


def test_a_trace_cut_before_state_4_is_told():
    with pytest.warns(UserWarning, match="still falling at the end of 'ADP'"):
        readouts.rcr(trace(*np.linspace(40, 10, 40), minutes=0.1), segment="ADP")


def test_tangents_of_a_line_are_the_line_and_know_their_error():
    time = np.sort(np.random.default_rng(3).uniform(0, 10, 400))
    level, slope, error = tangents(time, 3.0 - 2.0 * time, 1.0)
    np.testing.assert_allclose(level, 3.0 - 2.0 * time, atol=1e-9)
    np.testing.assert_allclose(slope, -2.0, rtol=1e-8)
    assert error < 1e-6
    found = [tangents(time, np.random.default_rng(i).normal(0, 0.1, 400), 1.0) for i in range(40)]
    spread = np.std([slope[200] for _, slope, _ in found])
    assert np.median([error for *_, error in found]) == pytest.approx(spread, rel=0.3)


# --- several pulses ------------------------------------------------------------------------------------------------


def test_two_pulses_agree_with_each_other_and_with_the_flux_of_atp(run):
    table = readouts.pulses(run)
    assert table["segment"].values.tolist() == list(PULSES)
    first, second = table["adp_over_o"].values
    assert first == pytest.approx(second, rel=0.02)
    for i, segment in enumerate(PULSES):
        begin, end = float(table["time_addition"][i]), float(table["time_intersection"][i])
        part = run.isel(time=(run["segment"].values == segment) & (run["time"].values <= end))
        assert float(part["time"][0]) == begin
        made = trapezoid(part["J_ATP"], part["time"]) / (2 * trapezoid(part["J_O2"], part["time"]))
        assert float(table["adp_over_o"][i]) == pytest.approx(made, rel=0.05)
    assert (table["rcr"] > 5).all()
    frame = table.to_dataframe()
    assert frame.index.tolist() == [1, 2]
    assert frame.loc[2, "segment"] == PULSES[1]


def test_pulses_of_a_recorded_trace(closed):
    table = readouts.pulses(recorded(closed, 1e-5), adp=[0.2, 0.2])
    assert table["adp_over_o"].values == pytest.approx(readouts.pulses(closed)["adp_over_o"].values, rel=0.02)


def test_pulses_of_one_name_are_told_apart_by_when_they_were_added(mitochondria):
    ds = mitochondria.simulate(mc.Protocol().wait(2, "rest").add(ADP=0.2).wait(4).add(ADP=0.2).wait(4))
    table = readouts.pulses(ds)
    assert table["segment"].values.tolist() == ["ADP 0.2 (1)", "ADP 0.2 (2)"]
    assert table["time_addition"].values.tolist() == pytest.approx([2, 6])
    assert float(table["adp_over_o"][0]) == pytest.approx(float(table["adp_over_o"][1]), rel=0.02)
    with pytest.raises(ParameterError, match=r"2 segments are called 'ADP 0\.2'"):
        readouts.adp_over_o(ds, segment="ADP 0.2")


def test_a_run_without_adp_has_no_pulses(run):
    with pytest.raises(ParameterError, match="no segment is called after ADP"):
        readouts.pulses(run.isel(time=run["segment"].values == "state 2"))


# --- coupling ------------------------------------------------------------------------------------------------------


def test_coupling_efficiency_is_one_less_the_inverse_of_rcr(run, mitochondria):
    assert readouts.coupling_efficiency(run) == pytest.approx(1 - 1 / readouts.rcr(run), rel=1e-12)
    three, four = mitochondria.steady_state({"load.capacity": 1200.0}), mitochondria.steady_state()
    assert readouts.rcr(three, four) == pytest.approx(7.786, rel=1e-3)
    assert readouts.coupling_efficiency(three, four) == pytest.approx(1 - 1 / 7.786, rel=1e-3)


def measured(rates, unit="pmol/(s*mL)"):
    return xarray.Dataset({"ocr": ("sample", np.array(rates, float), {"units": unit})})


def test_measured_rates_of_any_unit_have_ratios_but_not_across_units():
    assert readouts.rcr(measured([80, 60]), measured([10, 20])).values.tolist() == [8, 3]
    assert readouts.coupling_efficiency(measured([80]), measured([20])).values.tolist() == [0.75]
    with pytest.raises(ParameterError, match="convert one"):
        readouts.rcr(measured([80]), measured([10], "nmol/min/mg"))


def test_state_4_faster_than_state_3_is_told_not_clipped():
    with pytest.warns(UserWarning, match="negative where state 4 is faster"):
        found = readouts.coupling_efficiency(measured([80, 10]), measured([20, 20]))
    assert found.values.tolist() == [0.75, -1.0]
    with pytest.warns(UserWarning, match="state 3 consumes no oxygen"):
        assert np.isnan(readouts.coupling_efficiency(measured([0]), measured([-1])).values).all()


def test_simulated_readouts_give_no_warning(run):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        readouts.pulses(run)
        readouts.coupling_efficiency(run)


def test_oxygen_that_was_held_is_no_trace(run):
    with pytest.raises(ParameterError, match=r"no 'J_O2'.*does not change"):
        readouts.adp_over_o(run.drop_vars("J_O2"))
