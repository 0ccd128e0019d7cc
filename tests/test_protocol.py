"""Experiments as data: immutable chains of steps, in and out of files, and what running them means."""

import json
import pickle

import numpy as np
import pytest
import xarray

from mitochem import ParameterError, Protocol

TEXTBOOK = (
    Protocol()
    .wait(1, "state 2")
    .add(ADP=0.2)
    .wait(3, "state 3-4")
    .add(oligomycin=1.0)
    .wait(2)
    .add(FCCP=0.2)
    .wait(1)
    .add(FCCP=0.3)
    .wait(1)
    .set({"load.capacity": 600.0})
    .wait_until(pmf=("<", 100.0), at_most=2)
)


def part(ds, label):
    return ds.isel(time=np.flatnonzero(ds["segment"].values == label))


# --- a protocol is a value -----------------------------------------------------------------------------------------


def test_every_step_makes_a_new_protocol():
    start = Protocol().wait(2)
    longer = start.add(ADP=0.2)
    assert len(start) == 1
    assert len(longer) == 2
    assert start.in_closed_chamber().closed
    assert not start.closed
    with pytest.raises(AttributeError):
        start.steps = ()
    with pytest.raises((AttributeError, TypeError)):
        start.steps[0].duration = 3


def test_protocols_are_equal_when_they_say_the_same():
    assert Protocol().wait(2).add(ADP=0.2) == Protocol().wait(2).add(ADP=0.2)
    assert Protocol().wait(2) != Protocol().wait(3)
    assert Protocol().wait(2) != Protocol(closed=True).wait(2)
    assert hash(TEXTBOOK) == hash(pickle.loads(pickle.dumps(TEXTBOOK)))
    assert pickle.loads(pickle.dumps(TEXTBOOK)) == TEXTBOOK


@pytest.mark.parametrize(
    "protocol",
    [
        TEXTBOOK,
        TEXTBOOK.in_closed_chamber(),
        Protocol().add(ADP="200 uM").wait("30 s"),
        Protocol().add(FCCP=np.array([0.1, 0.2])).wait(1),
        Protocol().add(FCCP=[0.1, 0.2]).wait(1),
    ],
)
def test_rows_and_repr_give_the_protocol_back(protocol):
    assert Protocol(protocol.rows, closed=protocol.closed) == protocol
    assert Protocol(json.loads(json.dumps(protocol.rows)), closed=protocol.closed) == protocol
    again = eval(repr(protocol), {"Protocol": Protocol, "array": np.array})
    assert again == protocol


def test_named_arrays_come_back_with_their_coordinates():
    doses = xarray.DataArray([0.1, 0.2], {"well": ["A1", "A2"]}, ("well",))
    again = Protocol(json.loads(json.dumps(Protocol().add(FCCP=doses).wait(1).rows)))
    ((_, found),) = again.steps[0].values
    assert found.dims == ("well",)
    assert found["well"].values.tolist() == ["A1", "A2"]


def test_quantities_come_back_too():
    from mitochem.core.units import registry

    protocol = Protocol().add(FCCP=registry().Quantity(200, "nM")).wait(1)
    assert Protocol(json.loads(json.dumps(protocol.rows))).rows == protocol.rows


def test_protocols_are_joined():
    assert Protocol().wait(1) + Protocol().add(ADP=0.1).wait(2) == Protocol().wait(1).add(ADP=0.1).wait(2)
    assert (Protocol().wait(1) + Protocol(closed=True).wait(1)).closed


TOML = """
closed = true
steps = [
  {wait = 2, label = "state 2"},
  {add = {ADP = 0.2}},
  {wait = 3},
  {set = {"load.capacity" = 600}},
  {wait = "30 s"},
  {wait_until = {oxygen = ["<", 0.001]}, at_most = 30},
]
"""
READ = (
    Protocol(closed=True)
    .wait(2, "state 2")
    .add(ADP=0.2)
    .wait(3)
    .set({"load.capacity": 600})
    .wait("30 s")
    .wait_until(oxygen=("<", 0.001), at_most=30)
)


def test_toml_json_and_csv_are_read(tmp_path):
    toml, js, table = (tmp_path / f"p.{e}" for e in ("toml", "json", "csv"))
    toml.write_text(TOML)
    assert Protocol.read(toml) == READ
    js.write_text(json.dumps({"closed": True, "steps": READ.rows}))
    assert Protocol.read(str(js)) == READ
    js.write_text(json.dumps(READ.rows))
    assert Protocol.read(js) == Protocol(READ.steps)
    table.write_text("action,name,value,label\nwait,,2,state 2\nadd,ADP,0.2,\nadd,FCCP,200 nM,\nwait,,3,\n")
    assert Protocol.read(table) == Protocol().wait(2, "state 2").add(ADP=0.2).add(FCCP="200 nM").wait(3)


def test_a_notebook_page_has_the_time_of_each_step():
    page = [{"at": 2, "add": {"ADP": 0.2}}, {"at": 5, "add": {"oligomycin": 1.0}}, {"wait": 3}]
    assert Protocol(page) == Protocol().wait(2).add(ADP=0.2).wait(3).add(oligomycin=1.0).wait(3)


# --- running it ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(mitochondria):
    return mitochondria.simulate(TEXTBOOK)


def test_time_only_goes_forward_and_both_sides_of_an_addition_are_there(run):
    time = run["time"].values
    assert (np.diff(time) > 0).all()
    after = part(run, "state 3-4").isel(time=0)
    before = part(run, "state 2").isel(time=-1)
    assert float(before["time"]) == 1.0
    assert float(after["time"]) == np.nextafter(1.0, 2.0)
    assert float(after["adp_bath"] - before["adp_bath"]) == pytest.approx(0.2, rel=1e-12)
    # A dense output evaluated at both ends: the same but for its rounding.
    assert float(after["delta_psi"]) == pytest.approx(float(before["delta_psi"]), rel=1e-11)
    assert float(after["J_O2"]) == pytest.approx(float(before["J_O2"]), rel=1e-9), (
        "respiration follows, at once it is equal"
    )
    assert float(after["J_ATP"]) > float(before["J_ATP"]) + 100


def test_segments_say_what_was_done_last(run):
    labels = list(dict.fromkeys(run["segment"].values.tolist()))
    assert labels == ["state 2", "state 3-4", "oligomycin 1", "FCCP 0.2", "FCCP 0.5", "load.capacity = 600"]


def test_doses_are_cumulative_and_in_the_result(run):
    name = "FCCP.dose" if "FCCP.dose" in run else "FCCP_dose"
    dose = run[name]
    assert dose.attrs["units"] == "uM"
    assert float(part(run, "state 2")[name][0]) == 0
    assert float(part(run, "FCCP 0.2")[name][0]) == 0.2
    assert float(part(run, "FCCP 0.5")[name][-1]) == 0.5


def test_a_drug_adds_to_what_is_there_already(mitochondria):
    from mitochem import drugs

    model = mitochondria.with_component(drugs.FCCP)
    split = model.replace({"FCCP.dose": 0.3}).simulate(Protocol().wait(1).add(FCCP=0.2).wait(2))
    condition = model.simulate(Protocol().wait(1).add(FCCP=0.2).wait(2), conditions={"FCCP.dose": 0.3})
    set_first = mitochondria.simulate(Protocol().set({"FCCP.dose": 0.3}).wait(1).add(FCCP=0.2).wait(2))
    for ds in (split, condition, set_first):
        name = "FCCP.dose" if "FCCP.dose" in ds else "FCCP_dose"
        assert float(ds[name][-1]) == pytest.approx(0.5, rel=1e-12)


def test_steps_are_done_in_their_order(mitochondria):
    """Adding and then setting leaves what was set; setting and then adding leaves both."""
    ds = mitochondria.simulate(Protocol().add(ADP=0.2).set({"adp_bath": 0.05}).wait(0.1))
    assert float(ds["adp_bath"][0]) == pytest.approx(0.05)
    ds = mitochondria.simulate(Protocol().set({"adp_bath": 0.05}).add(ADP=0.2).wait(0.1))
    assert float(ds["adp_bath"][0]) == pytest.approx(0.25)
    ds = mitochondria.simulate(Protocol().wait(1).add(ADP=0.1).wait(0).add(ADP=0.1).wait(0.1, "after"))
    assert float(part(ds, "after")["adp_bath"][0]) == pytest.approx(0.2, abs=2e-3)
    assert (np.diff(ds["time"]) > 0).all()


def test_units_at_the_door(mitochondria):
    a = mitochondria.simulate(Protocol().wait("30 s").add(ADP="200 uM", FCCP="100 nM").wait(1))
    b = mitochondria.simulate(Protocol().wait(0.5).add(ADP=0.2, FCCP=0.1).wait(1))
    np.testing.assert_allclose(a["pmf"], b["pmf"], rtol=1e-9)


def test_a_set_parameter_holds_until_it_is_set_again(mitochondria):
    ds = mitochondria.simulate(
        Protocol().wait(1).set({"load.capacity": 600.0}).wait(2, "on").set({"load.capacity": 0.0}).wait(2, "off")
    )
    assert float(part(ds, "on")["J_load"].min()) > 100
    assert float(part(ds, "off")["J_load"].max()) == 0


def test_t_end_extends_the_last_wait(mitochondria):
    ds = mitochondria.simulate(Protocol().wait(1).add(ADP=0.1).wait(1), t_end=5)
    assert float(ds["time"][-1]) == 5.0
    assert float(mitochondria.simulate(t_end="30 s")["time"][-1]) == 0.5


def test_a_list_of_rows_is_a_protocol(mitochondria):
    ds = mitochondria.simulate([{"wait": 1}, {"add": {"ADP": 0.2}}, {"wait": 1}])
    assert float(ds["time"][-1]) == 2.0


def test_output_at_given_times(mitochondria):
    ds = mitochondria.simulate(Protocol().wait(1).add(ADP=0.1).wait(1), samples=[0.25, 0.5, 1.5])
    assert {0.25, 0.5, 1.5} <= set(ds["time"].values.tolist())


# --- oxygen --------------------------------------------------------------------------------------------------------


def test_a_closed_chamber_runs_into_anoxia_and_the_force_collapses(mitochondria):
    protocol = Protocol().set({"load.capacity": 1200.0}).in_closed_chamber().wait(6, "to anoxia")
    ds = mitochondria.simulate(protocol)
    oxygen = ds["oxygen"].values
    assert oxygen[0] == 0.2
    assert (np.diff(oxygen) <= 1e-9).all()
    assert oxygen.min() > -1e-9
    # 157/2 nmol O2/min from 200 nmol: 2.5 min
    assert 2.2 < float(ds["time"][np.argmax(oxygen < 1e-3)]) < 2.8
    assert float(ds["pmf"][-1]) < 120
    assert float(ds["J_O2"][-1]) < 0.01 * float(ds["J_O2"].max())


def test_half_the_rate_is_at_the_half_saturation_of_oxygen(mitochondria):
    """0.5 uM, uncontrolled by the force, which falls along: 0.3 to 0.6 uM (row 14)."""
    ds = mitochondria.steady_state({"oxygen": np.geomspace(1e-5, 0.2, 200), "load.capacity": 1200.0})
    rate = ds["J_O2"].values
    half = np.interp(0.5 * rate[-1], rate, ds["oxygen"].values)
    assert 1e-4 < half < 6e-4


def test_wait_until_stops_at_the_level(mitochondria):
    protocol = Protocol(closed=True).wait(1).wait_until(oxygen=("<", 0.15), at_most=100, label="use it").wait(1)
    ds = mitochondria.simulate(protocol)
    stop = part(ds, "use it").isel(time=-1)
    assert float(stop["oxygen"]) == pytest.approx(0.15, rel=1e-6)
    assert float(ds["time"][-1]) == pytest.approx(float(stop["time"]) + 1, rel=1e-9)
    assert (np.diff(ds["time"]) > 0).all()


def test_wait_until_takes_computed_quantities_and_the_other_direction(mitochondria):
    ds = mitochondria.simulate(Protocol().wait_until(pmf=(">", 150.0), at_most=1))
    assert float(ds["pmf"][-1]) == pytest.approx(150.0, rel=1e-6)
    assert 60e3 * float(ds["time"][-1]) < 30


def test_wait_until_gives_up_after_its_longest(mitochondria):
    ds = mitochondria.simulate(Protocol().wait_until(pmf=(">", 500.0), at_most=0.5))
    assert float(ds["time"][-1]) == 0.5


def test_wait_until_takes_the_name_used_for_adding(mitochondria):
    ds = mitochondria.simulate(Protocol().add(ADP=0.2).wait_until(ADP=("<", 0.01), at_most=10))
    assert float(ds["adp_bath"][-1]) == pytest.approx(0.01, rel=1e-6)


def test_wait_until_what_is_so_already_takes_no_time(mitochondria):
    protocol = Protocol().wait(1).wait_until(pmf=(">", 10.0), at_most=5, label="at once").add(ADP=0.1).wait(1, "later")
    ds = mitochondria.simulate(protocol)
    assert float(ds["time"][-1]) == pytest.approx(2.0, rel=1e-12)
    assert (np.diff(ds["time"]) > 0).all(), "strictly increasing also around a stretch of no length"


# --- many at once --------------------------------------------------------------------------------------------------


def test_an_array_of_additions_is_a_dimension(mitochondria):
    doses = [0.0, 0.1, 0.3]
    ds = mitochondria.simulate(Protocol().wait(1).add(FCCP=doses).wait(2))
    assert ds["pmf"].dims == ("FCCP_dose", "time")
    np.testing.assert_array_equal(ds["FCCP_dose"], doses)
    assert ds["FCCP_dose"].attrs["units"] == "uM"
    for i, dose in enumerate(doses):
        one = mitochondria.simulate(Protocol().wait(1).add(FCCP=dose).wait(2))
        np.testing.assert_allclose(ds["pmf"][i], one["pmf"], rtol=1e-9)


def test_arrays_in_steps_and_conditions_are_multiplied(mitochondria):
    ds = mitochondria.simulate(
        Protocol().add(ADP=[0.1, 0.2]).wait(1), conditions={"leak.amplitude": [0.3, 0.6, 0.9]}, samples=5
    )
    assert set(ds["pmf"].dims) == {
        next(d for d in ds["pmf"].dims if "ADP" in d or "adp" in d),
        "leak_amplitude",
        "time",
    }
    assert ds["pmf"].size == 2 * 3 * ds.sizes["time"]


def test_dataarrays_that_share_a_dimension_are_zipped(mitochondria):
    wells = ["A1", "A2", "A3"]
    adp = xarray.DataArray([0.1, 0.2, 0.3], {"well": wells}, ("well",))
    fccp = xarray.DataArray([0.3, 0.2, 0.1], {"well": wells}, ("well",))
    ds = mitochondria.simulate(Protocol().add(ADP=adp).wait(1).add(FCCP=fccp).wait(1))
    assert set(ds["pmf"].dims) == {"well", "time"}
    assert ds["well"].values.tolist() == wells
    one = mitochondria.simulate(Protocol().add(ADP=0.3).wait(1).add(FCCP=0.1).wait(1))
    np.testing.assert_allclose(ds["pmf"].sel(well="A3"), one["pmf"], rtol=1e-9)


def test_steady_states_multiply_arrays_and_zip_dataarrays(mitochondria):
    ds = mitochondria.steady_state({"load.capacity": [0.0, 600.0], "leak.amplitude": [0.3, 0.6, 0.9]})
    assert ds["pmf"].dims == ("load_capacity", "leak_amplitude")
    assert ds["pmf"].shape == (2, 3)
    a = xarray.DataArray([0.0, 600.0], dims="member")
    ds = mitochondria.steady_state({"load.capacity": a, "leak.amplitude": a / 1000 + 0.3})
    assert ds["pmf"].dims == ("member",)


def test_members_that_end_at_different_times_are_refused(mitochondria):
    protocol = Protocol(closed=True).wait_until(oxygen=("<", 0.1), at_most=100)
    with pytest.raises(ParameterError, match="different times"):
        mitochondria.simulate(protocol, conditions={"load.capacity": [300.0, 1200.0]})


def test_waits_with_units_run_on_the_clock_of_the_model(mitochondria):
    run = mitochondria.simulate(Protocol().wait("30 s").wait("1 min"), samples=5)
    assert float(run.time[-1]) == pytest.approx(1.5)
    assert run.time.attrs["units"] == "min"
