"""Bad input: a clear message that names the thing, and nothing half done. (The command line has its own tests.)"""

import math
import os
from pathlib import Path

import numpy as np
import pytest

import mitochem as mc
from mitochem import MitochemError, ModelError, ParameterError, Protocol, ReaderError, SolveError, flux, parameter
from mitochem.components import ConstantDemand, SinhLeak
from mitochem.core.component import Component, component


def message(error):
    text = str(error.value)
    assert "Traceback" not in text
    assert text == error.value.args[0], "a KeyError must not print the repr of its message"
    return text


# --- values --------------------------------------------------------------------------------------------------------


def test_a_negative_conductance_is_refused_with_its_bounds(mitochondria):
    with pytest.raises(ParameterError) as error:
        SinhLeak(amplitude=-1)
    assert "SinhLeak.amplitude = -1 nmol/min/mg is outside [0, inf)" in message(error)
    for attempt in (
        lambda: mitochondria.replace({"leak.amplitude": -1}),
        lambda: mitochondria.steady_state({"leak.amplitude": [1.0, -1.0]}),
        lambda: mitochondria.simulate(t_end=1, conditions={"leak.amplitude": -1}),
        lambda: mitochondria.simulate(Protocol().wait(1).set({"leak.amplitude": -1}).wait(1)),
    ):
        with pytest.raises(ParameterError) as error:
            attempt()
        assert "amplitude = -1" in message(error)


@pytest.mark.parametrize("value", [math.nan, "nan", "a lot", None, "12 apples", 1j, "", [0.1, math.nan]])
def test_what_is_not_a_number_is_refused(mitochondria, value):
    with pytest.raises(ParameterError, match=r"amplitude"):
        mitochondria.replace({"leak.amplitude": value})


@pytest.mark.parametrize("name", ["leak.amplitud", "leek.amplitude", "amplitude", "delta_pis", ""])
def test_unknown_conditions_are_refused_with_the_nearest_name(mitochondria, name):
    for attempt in (
        lambda: mitochondria.steady_state({name: 1.0}),
        lambda: mitochondria.replace({name: 1.0}),
        lambda: mitochondria.simulate(t_end=1, conditions={name: 1.0}),
        lambda: mitochondria.simulate(Protocol().set({name: 1.0}).wait(1)),
    ):
        with pytest.raises(ParameterError) as error:
            attempt()
        text = message(error)
        assert repr(name) in text
        assert "Did you mean" in text or "Known:" in text


def test_a_computed_quantity_cannot_be_set(mitochondria):
    with pytest.raises(ParameterError, match="'pmf' is computed by the model and cannot be set"):
        mitochondria.steady_state({"pmf": 150.0})


def test_states_keep_their_bounds(mitochondria):
    with pytest.raises(ParameterError, match=r"adp_bath = -0\.1 mM"):
        mitochondria.steady_state({"adp_bath": -0.1})
    with pytest.raises(ParameterError, match=r"pH_matrix = 15"):
        mitochondria.evaluate({"pH_matrix": 15})


# --- drugs and doses -----------------------------------------------------------------------------------------------


def test_an_unknown_drug_is_refused_with_the_nearest_name(mitochondria):
    for attempt in (
        lambda: mitochondria.titrate("FCPP", [0.1]),
        lambda: mitochondria.simulate(Protocol().wait(1).add(FCPP=0.1).wait(1)),
        lambda: mc.drugs.get("FCPP"),
    ):
        with pytest.raises(ParameterError) as error:
            attempt()
        assert "'FCPP'" in message(error)
        assert "Did you mean FCCP" in message(error)


def test_a_dose_in_millivolts_is_refused(mitochondria):
    for attempt in (
        lambda: mitochondria.titrate("FCCP", "5 mV"),
        lambda: mitochondria.simulate(Protocol().wait(1).add(FCCP="5 mV").wait(1)),
        lambda: mitochondria.simulate(Protocol().wait(1).add(ADP="5 mV").wait(1)),
        lambda: mitochondria.replace({"leak.amplitude": "5 mV"}),
    ):
        with pytest.raises(ParameterError) as error:
            attempt()
        assert "5.0 mV" in message(error)
        assert "wrong kind of unit" in message(error)


def test_units_of_the_right_kind_are_converted(mitochondria):
    a = mitochondria.titrate("FCCP", "300 nM", clamped=())
    b = mitochondria.titrate("FCCP", 0.3, clamped=())
    assert float(a["J_O2"]) == pytest.approx(float(b["J_O2"]), rel=1e-12)


def test_empty_doses_are_refused(mitochondria):
    with pytest.raises(ParameterError, match="empty"):
        mitochondria.titrate("FCCP", [])


@pytest.mark.parametrize("doses", [[-0.1, 0.2], [0.1, math.nan], ["a", "b"]])
def test_impossible_doses_are_refused(mitochondria, doses):
    with pytest.raises(ParameterError, match="dose"):
        mitochondria.titrate("FCCP", doses)


@pytest.mark.parametrize("amount", [-0.1, math.nan, math.inf, "lots", None, [0.1, -0.1]])
def test_impossible_additions_are_refused_with_their_step(mitochondria, amount):
    with pytest.raises(ParameterError) as error:
        mitochondria.simulate(Protocol().wait(1).add(ADP=amount).wait(1))
    assert "step 2" in message(error)
    assert "ADP" in message(error)


# --- protocols -----------------------------------------------------------------------------------------------------


def test_an_empty_protocol_is_refused(mitochondria):
    for attempt in (lambda: mitochondria.simulate(Protocol()), lambda: mitochondria.simulate()):
        with pytest.raises(ParameterError, match="nothing to simulate"):
            attempt()


def test_an_addition_at_the_very_end_is_refused(mitochondria):
    with pytest.raises(ParameterError, match="ends with an addition"):
        mitochondria.simulate(Protocol().wait(1).add(ADP=0.1))


@pytest.mark.parametrize("minutes", [-1, math.nan, math.inf, "soon", None, "3 mV"])
def test_time_does_not_run_backwards(minutes):
    with pytest.raises(ParameterError, match="wait"):
        Protocol().wait(minutes)


def test_unsorted_times_are_refused(mitochondria):
    """Times of output, like waits, only go forward; a protocol's end cannot lie before its steps."""
    with pytest.raises(ParameterError, match="before the end of the protocol"):
        mitochondria.simulate(Protocol().wait(3), t_end=1)
    with pytest.raises(ParameterError, match="step 2"):
        Protocol([{"at": 5, "add": {"ADP": 0.1}}, {"at": 3, "add": {"ADP": 0.1}}])
    with pytest.raises(ParameterError, match="step 1"):
        Protocol([{"at": -1, "add": {"ADP": 0.1}}])


@pytest.mark.parametrize(
    "row",
    [
        {"wiat": 2},
        {"action": "wiat", "duration": 2},
        {"wait": 2, "add": {"ADP": 0.1}},
        {},
        "wait 2",
        {"add": 0.2},
        {"wait": -1},
        {"wait_until": {"oxygen": ["<", 0.1]}},
        {"wait_until": {"oxygen": ["below", 0.1]}, "at_most": 3},
        {"at": 0.5, "add": {"ADP": 0.1}},
        {"wait": 2, "lable": "state 3"},
    ],
)
def test_bad_rows_are_refused_with_their_number(row):
    with pytest.raises(ParameterError, match="step 2"):
        Protocol([{"wait": 1}, row])


def test_wait_until_an_unknown_quantity_is_refused(mitochondria):
    with pytest.raises(ParameterError, match="oxigen"):
        mitochondria.simulate(Protocol().wait_until(oxigen=("<", 0.1), at_most=1))


def test_wait_until_a_parameter_is_refused_before_anything_runs(mitochondria):
    with pytest.raises(ParameterError, match="temperature"):
        mitochondria.simulate(Protocol().wait(1).wait_until(temperature=("<", 300), at_most=1))


@pytest.mark.parametrize("text", ["steps = 3", "steps = [", "{", "[[[", "", "step = [{wait = 2}]", "\x00"])
def test_protocol_files_that_are_none_are_refused_by_name(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ParameterError, match=r"mine.toml"):
        Protocol.read(path)
    with pytest.raises(ParameterError, match=r"absent.toml"):
        Protocol.read(tmp_path / "absent.toml")


def test_a_protocol_csv_without_its_header_is_refused(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("wait,2\nadd,ADP,0.2\n")
    with pytest.raises(ParameterError, match=r"mine.csv.*action,name,value,label"):
        Protocol.read(path)


# --- no steady state -----------------------------------------------------------------------------------------------


def test_a_demand_above_capacity_has_no_steady_state_and_says_so(mitochondria):
    model = mitochondria.with_component(ConstantDemand(demand=5000.0))
    ds = model.steady_state()
    assert not bool(ds["success"])
    assert "no steady state" in ds["message"].item()
    for name in ("pmf", "J_O2", "J_ATP", "atp_bath", "residual"):
        assert np.isnan(float(ds[name])), f"{name} must not look right"
    with pytest.raises(SolveError, match="no steady state"):
        model.steady_state(on_failure="raise")


def test_failed_points_stay_in_their_place(mitochondria):
    model = mitochondria.with_component(ConstantDemand())
    ds = model.steady_state({"load.demand": [100.0, 5000.0, 200.0]})
    assert ds["success"].values.tolist() == [True, False, True]
    assert np.isnan(ds["pmf"].values).tolist() == [False, True, False]
    assert [bool(m) for m in ds["message"].values] == [False, True, False]
    # What does not depend on the state is still known.
    assert np.isfinite(ds["thermal_voltage"]).all()


def test_a_demand_above_capacity_does_not_simulate_negative_ATP(mitochondria):
    """An unmet demand drives ATP below zero: the run must stop there, not go on with a negative concentration."""
    model = mitochondria.with_component(ConstantDemand(demand=5000.0))
    with pytest.raises(SolveError) as error:
        model.simulate(t_end=5)
    assert "atp_bath" in message(error)
    assert float(error.value.partial["atp_bath"].min()) > -1e-9


# --- failure in the middle of a run --------------------------------------------------------------------------------


@component
class Tripwire(Component):
    """A law that stops being a number once matrix potassium passes a level.

    Parameters
    ----------
    level : nmol/mg
        Where it fails.

    References
    ----------
    A test.
    """

    level: float = parameter(121.0, "nmol/mg", bounds=(0, None), source="assumed: a test")

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_tripwire(self, K_matrix):
        """Fails above the level"""
        return 1e-12 * mc.log(self.level - K_matrix)


def test_a_failure_in_mid_run_names_law_time_and_values_and_keeps_what_there_is(mitochondria):
    model = mitochondria.with_component(Tripwire())
    with pytest.raises(SolveError) as error:
        model.simulate(Protocol().wait(0.1).add(ADP=0.1).wait(30))
    text = message(error)
    assert "tripwire.J_tripwire failed" in text
    assert "t = " in text
    assert "K_matrix = 121" in text
    partial = error.value.partial
    assert 0.1 < float(partial["time"][-1]) < 30
    assert (np.diff(partial["time"].values) > 0).all()
    assert np.isfinite(partial["delta_psi"].values).all()
    assert float(partial["K_matrix"][-1]) == pytest.approx(121.0, abs=0.1)
    assert "FCCP_dose" not in partial


def test_a_law_that_fails_at_once_still_says_which(mitochondria):
    model = mitochondria.with_component(Tripwire(level=100.0))
    with pytest.raises(SolveError, match=r"tripwire.J_tripwire failed .* with K_matrix = 120"):
        model.simulate(t_end=1)
    ds = model.steady_state()
    assert not bool(ds["success"])
    assert "tripwire.J_tripwire" in ds["message"].item()


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_result_comes_back_from_its_file(mitochondria, tmp_path):
    ds = mitochondria.simulate(Protocol().wait(1).add(FCCP=0.2).wait(1))
    path = mc.save(ds, tmp_path / "run.nc")
    back = mc.load(path)
    assert set(back) == set(ds)
    np.testing.assert_array_equal(back["delta_psi"], ds["delta_psi"])
    assert back["segment"].values.tolist() == ds["segment"].values.tolist()
    assert back["pmf"].attrs == ds["pmf"].attrs
    assert back.attrs == ds.attrs
    steady = mitochondria.titrate("FCCP", [0.0, 0.1])
    again = mc.load(mc.save(steady, tmp_path / "steady.nc"))
    assert again["success"].values.tolist() == [True, True]
    assert again["message"].values.tolist() == ["", ""]


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"CDF\x01" + b"\xff" * 500, lambda b: b"%PDF"]
)
def test_a_corrupt_file_is_refused_by_name(mitochondria, tmp_path, damage):
    path = mc.save(mitochondria.steady_state(), tmp_path / "run.nc")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ReaderError, match=r"run.nc"):
        mc.load(path)


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ReaderError, match=r"absent.nc"):
        mc.load(tmp_path / "absent.nc")


def test_an_unwritable_path_is_refused_and_nothing_is_left_behind(mitochondria, tmp_path):
    ds = mitochondria.steady_state()
    (tmp_path / "folder.nc").mkdir()
    (tmp_path / "file").write_text("not a folder")
    before = sorted(p.name for p in tmp_path.rglob("*"))
    for path in (
        tmp_path / "absent" / "run.nc",
        tmp_path / "folder.nc",
        tmp_path / "file" / "run.nc",
        Path("/proc/run.nc"),
    ):
        with pytest.raises(MitochemError, match="cannot write"):
            mc.save(ds, path)
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(mitochondria, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(MitochemError, match="cannot write"):
        mc.save(mitochondria.steady_state(), tmp_path / "run.nc")


# --- names of models and errors ------------------------------------------------------------------------------------


def test_unknown_models_and_substrates():
    with pytest.raises(ParameterError, match="Did you mean isolated_mitochondria"):
        mc.models.get("isolated_mitochondrion")
    with pytest.raises(ParameterError, match="Did you mean succinate"):
        mc.models.isolated_mitochondria("succinat")
    with pytest.raises(AttributeError, match="Did you mean Protocol"):
        mc.Protocoll  # noqa: B018


def test_errors_are_also_the_builtin_kind():
    assert issubclass(ModelError, ValueError)
    assert issubclass(ParameterError, KeyError)
    assert issubclass(ParameterError, ValueError)
    assert issubclass(SolveError, RuntimeError)
    assert all(issubclass(e, MitochemError) for e in (ModelError, ParameterError, SolveError, ReaderError, mc.FitError))


@pytest.mark.parametrize(
    "options", [{"rtol": 0}, {"rtol": 1}, {"rtol": math.nan}, {"clamped": ("leak.amplitude",)}, {"clamped": ("adp",)}]
)
def test_bad_solver_options(mitochondria, options):
    with pytest.raises(ParameterError):
        mitochondria.simulate(t_end=1, **options)


def test_two_arrays_that_do_not_line_up_are_refused(mitochondria):
    import xarray

    a = xarray.DataArray([1.0, 2.0], dims="member")
    b = xarray.DataArray([1.0, 2.0, 3.0], dims="member")
    with pytest.raises(ParameterError, match="does not line up"):
        mitochondria.steady_state({"load.capacity": a, "leak.amplitude": b})
    with pytest.raises(ParameterError, match="without names"):
        mitochondria.steady_state({"load.capacity": np.ones((2, 2))})
