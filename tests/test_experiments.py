"""The experiments people do and what they read off them: respiratory states, RCR, P/O, ADP/O."""

import numpy as np
import pytest
import xarray

from mitochem import ParameterError, Protocol, experiments
from mitochem.experiments import readouts


@pytest.fixture(scope="module")
def chance_and_williams(mitochondria):
    return mitochondria.simulate(experiments.respiratory_states())


def last(ds, label, name="J_O2"):
    return float(ds[name].values[ds["segment"].values == label][-1])


def highest(ds, label, name="J_O2"):
    return float(ds[name].values[ds["segment"].values == label].max())


# --- the protocol --------------------------------------------------------------------------------------------------


def test_the_states_come_in_the_order_of_the_textbook(chance_and_williams):
    labels = list(dict.fromkeys(chance_and_williams["segment"].values.tolist()))
    assert labels[:5] == ["state 1", "state 2", "state 3-4 (1)", "state 3-4 (2)", "state 4o"]
    assert labels[5:] == [f"state 3u (FCCP {d:g})" for d in (0.1, 0.2, 0.3, 0.4)] + ["inhibited"]


def test_each_state_respires_as_it_should(chance_and_williams):
    ds = chance_and_williams
    assert last(ds, "state 1") == 0, "no substrate"
    assert 2 * last(ds, "state 2") == pytest.approx(20.2, rel=0.01)
    assert 2 * highest(ds, "state 3-4 (1)") > 5 * 20.2
    assert 2 * last(ds, "state 3-4 (1)") == pytest.approx(20.2, rel=0.03)
    assert 2 * last(ds, "state 4o") == pytest.approx(20.2, rel=0.03)
    steps = [last(ds, f"state 3u (FCCP {d:g})") for d in (0.1, 0.2, 0.3)]
    assert steps == sorted(steps)
    assert 2 * steps[-1] == pytest.approx(194, rel=0.02)
    assert last(ds, "inhibited") < 0.01 * steps[-1]


def test_adp_and_uncoupler_lower_the_force_and_substrate_builds_it(chance_and_williams):
    ds = chance_and_williams
    assert last(ds, "state 1", "pmf") < 1
    assert last(ds, "state 2", "pmf") == pytest.approx(184.95, abs=0.3)
    pulse = ds["pmf"].values[ds["segment"].values == "state 3-4 (1)"]
    assert pulse.min() < 170 < 184 < pulse[-1]
    assert last(ds, "state 3u (FCCP 0.4)", "pmf") < 100


def test_the_second_pulse_repeats_the_first(chance_and_williams):
    one, two = (readouts.adp_over_o(chance_and_williams, segment=f"state 3-4 ({i})") for i in (1, 2))
    assert float(two["adp_over_o"]) == pytest.approx(float(one["adp_over_o"]), rel=0.02)


def test_run_to_anoxia(mitochondria):
    ds = mitochondria.simulate(experiments.respiratory_states(to_anoxia=True))
    assert last(ds, "to anoxia", "oxygen") == pytest.approx(1e-4, rel=1e-5)
    assert last(ds, "state 5", "J_O2") < 0.1 * last(ds, "state 2", "J_O2")
    assert last(ds, "state 5", "pmf") < last(ds, "state 2", "pmf")
    assert float(ds["oxygen"].min()) > -1e-9


def test_the_protocol_is_plain_data():
    protocol = experiments.respiratory_states(fccp=(0.2,), inhibitor="cyanide", inhibitor_dose=100.0)
    assert Protocol(protocol.rows) == protocol
    assert [s.action for s in protocol.steps].count("add") == 5


# --- respiratory control -------------------------------------------------------------------------------------------


def test_rcr_of_steady_states_is_state_3_over_state_4(mitochondria):
    three, four = mitochondria.steady_state({"load.capacity": 1200.0}), mitochondria.steady_state()
    found = readouts.rcr(three, four)
    assert isinstance(found, float)
    assert found == pytest.approx(7.79, rel=2e-3)


def test_rcr_of_a_trace_is_largest_over_last(chance_and_williams):
    found = readouts.rcr(chance_and_williams)
    ds = chance_and_williams
    assert found == pytest.approx(highest(ds, "state 3-4 (1)") / last(ds, "state 3-4 (1)"), rel=1e-12)
    assert 5 < found < 9


def test_rcr_warns_where_adp_is_left(mitochondria):
    ds = mitochondria.simulate(experiments.respiratory_states(pulse_wait=0.3))
    with pytest.warns(UserWarning, match="ADP is not used up at the end of 'state 3-4"):
        readouts.rcr(ds)


def test_rcr_of_a_batch_keeps_its_dimension(mitochondria):
    leaks = {"leak.amplitude": [0.3, 0.6, 1.2]}
    found = readouts.rcr(
        mitochondria.steady_state({"load.capacity": 1200.0, **leaks}), mitochondria.steady_state(leaks)
    )
    assert found.dims == ("leak_amplitude",)
    assert (np.diff(found) < 0).all(), "a leaky membrane controls badly"
    assert found.attrs["units"] == "1"


def test_no_respiration_has_no_control_ratio():
    def measured(rate):
        return xarray.Dataset({"J_O2": ("sample", np.array(rate), {"units": "nmol/min/mg"})})

    with pytest.warns(UserWarning, match="RCR is NaN where state 4 consumes no oxygen"):
        found = readouts.rcr(measured([80.0, 80.0]), measured([10.0, 0.0]))
    assert float(found[0]) == 8.0
    assert np.isnan(float(found[1]))


# --- P/O and ADP/O -------------------------------------------------------------------------------------------------


def test_p_over_o_is_per_atom_of_oxygen():
    ds = xarray.Dataset({"J_ATP": ((), 260.0), "J_O2": ((), 50.0)})
    assert readouts.p_over_o(ds) == 2.6


def test_p_over_o_without_oxygen_is_not_a_number():
    ds = xarray.Dataset({"J_ATP": ("t", [260.0, 1.0]), "J_O2": ("t", [50.0, 0.0])})
    with pytest.warns(UserWarning, match="P/O is NaN where no oxygen is consumed"):
        found = readouts.p_over_o(ds)
    assert np.isnan(found.values).tolist() == [False, True]


def chart(rates, adp, volume=1000.0):
    """A recorder chart: a constant fast rate for one minute, then a slow one (nmol O2/min/mg)."""
    fast, slow = rates
    time = np.linspace(0, 2, 2001)
    rate = np.where(time < 1, fast, slow)
    level = np.where(time < 1, adp * (1 - time), 0.0)
    return xarray.Dataset(
        {"J_O2": ("time", rate), "adp_bath": ("time", level), "volume_bath": ((), volume)},
        {"time": time, "segment": ("time", np.full(len(time), "state 3-4 (1)"))},
    )


def test_adp_over_o_of_an_ideal_chart():
    """100 nmol O2/min for one minute uses 0.1 mM O2, 0.2 mM O; 0.5 mM ADP: 2.5. A corner sampled at 1 ms."""
    found = readouts.adp_over_o(chart((100.0, 10.0), adp=0.5))
    assert float(found["oxygen_used"]) == pytest.approx(0.1, rel=2e-3)
    assert float(found["adp_over_o"]) == pytest.approx(2.5, rel=2e-3)
    assert float(found["time_intersection"]) == pytest.approx(1.0, abs=2e-3)
    assert float(found["half_time"]) == pytest.approx(1.0, abs=2e-3)
    assert found["adp_over_o"].attrs["units"] == "1"
    assert found["oxygen_used"].attrs["units"] == "mM"


def test_adp_over_o_depends_on_the_volume_per_protein():
    half = readouts.adp_over_o(chart((100.0, 10.0), adp=0.5, volume=2000.0))
    assert float(half["adp_over_o"]) == pytest.approx(5.0, rel=2e-3)


def test_adp_over_o_takes_the_adp_that_was_pipetted():
    assert float(readouts.adp_over_o(chart((100.0, 10.0), 0.5), adp=0.25)["adp_over_o"]) == pytest.approx(
        1.25, rel=2e-3
    )


def test_adp_over_o_without_state_3_is_not_a_number():
    with pytest.warns(UserWarning, match="no state 3 is visible"):
        found = readouts.adp_over_o(chart((10.0, 10.0), adp=0.5))
    assert np.isnan(float(found["adp_over_o"]))


def test_adp_over_o_lies_between_the_effective_and_the_largest_ratio(chance_and_williams):
    """The construction charges all oxygen of state 3, leak included, to the ADP: below 30/11."""
    found = float(readouts.adp_over_o(chance_and_williams)["adp_over_o"])
    assert 2.5 < found < 30 / 11


def test_adp_over_o_warns_where_adp_is_left(mitochondria):
    ds = mitochondria.simulate(experiments.respiratory_states(pulse_wait=0.3))
    with pytest.warns(UserWarning, match="ADP is not used up"):
        readouts.adp_over_o(ds)


def test_missing_data_are_named(chance_and_williams):
    with pytest.raises(ParameterError, match="no 'J_O2'"):
        readouts.rcr(chance_and_williams.drop_vars("J_O2"))
    with pytest.raises(ParameterError, match=r"no segment is called 'state 3'.*Did you mean"):
        readouts.rcr(chance_and_williams, segment="state 3")
    with pytest.raises(ParameterError, match="no segments"):
        readouts.rcr(chance_and_williams.drop_vars("segment"))
    with pytest.raises(ParameterError, match="one time course"):
        readouts.adp_over_o(chance_and_williams.expand_dims(member=2))


@pytest.mark.parametrize("solver", ["lsoda", "rosenbrock"])
def test_a_wait_for_anoxia_is_shown_as_long_as_it_took(mitochondria, solver):
    if solver == "rosenbrock":
        pytest.importorskip("numba")
    ds = mitochondria.simulate(experiments.respiratory_states(to_anoxia=True), solver=solver)
    waited = ds.isel(time=np.flatnonzero(ds.segment == "to anoxia"))
    assert float(waited.oxygen[-1]) == pytest.approx(1e-4, rel=1e-4)
    assert waited.sizes["time"] == 200
    assert np.diff(waited.time).max() < 0.01 * (waited.time[-1] - waited.time[0]) * 2
