"""A model never changes: variations are new models; and it tells about itself in tables, citations and differences."""

import json
import pickle

import numpy as np
import pytest
import xarray

import mitochem as mc
from mitochem import ModelError, ParameterError
from mitochem.components import OhmicLeak, SinhLeak
from mitochem.core import dataset

# --- variations leave the original alone ---------------------------------------------------------------------------


def test_replace_is_a_new_model(mitochondria):
    changed = mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1, "temperature": "30 degC"})
    assert (changed["leak.amplitude"], changed["adp_bath"]) == (0.9, 0.1)
    assert changed["environment.temperature"] == pytest.approx(303.15)
    assert (mitochondria["leak.amplitude"], mitochondria["adp_bath"]) == (0.618, 0.0)
    assert changed != mitochondria
    assert changed.replace({"leak.amplitude": 0.618, "adp_bath": 0.0, "temperature": 310.15}) == mitochondria
    with pytest.raises(TypeError):
        mitochondria.components["leak"] = SinhLeak()


def test_with_component_takes_the_place_of_its_namesake_and_without_takes_away(mitochondria):
    ohmic = mitochondria.with_component(OhmicLeak())
    assert isinstance(ohmic.components["leak"], OhmicLeak)
    assert list(ohmic.components) == list(mitochondria.components)
    tight = mitochondria.without("leak")
    assert "J_leak" not in tight.program.fluxes
    assert "J_leak" in mitochondria.program.fluxes
    with pytest.raises(ModelError, match=r"no component 'leek'. Did you mean leak"):
        mitochondria.without("leek")
    with pytest.raises(ModelError, match="J_K_uniport posts to pool 'k_matrix'"):
        mitochondria.without("potassium")


def test_variations_keep_start_values_and_clamps(mitochondria):
    model = mitochondria.replace({"adp_bath": 0.2}).clamp("ATP").release("O2").with_component(OhmicLeak())
    assert model.initial["adp_bath"] == 0.2
    assert model.held("simulate") == ("atp_bath",)


def test_clamped_states_stay_where_they_are(mitochondria):
    model = mitochondria.clamp("delta_psi")
    ds = model.simulate(t_end=1, start={"delta_psi": 150.0})
    assert (ds["delta_psi"] == 150.0).all()
    assert json.loads(ds.attrs["clamped"]) == ["delta_psi", "oxygen"]
    at = model.steady_state({"delta_psi": [120.0, 150.0]}) if "delta_psi" in model.held("steady_state") else None
    assert at["success"].all()
    np.testing.assert_array_equal(at["delta_psi"], [120.0, 150.0])
    assert mitochondria.held("simulate") == ("oxygen",)
    with pytest.raises(ParameterError, match=r"'leak.amplitude' is a parameter, not a state"):
        model.clamp("leak.amplitude")
    with pytest.raises(ParameterError, match="delta_psy"):
        model.clamp("delta_psy")


def test_an_open_chamber_holds_oxygen_and_a_closed_one_uses_it(mitochondria):
    assert float(mitochondria.simulate(t_end=1)["oxygen"][-1]) == 0.2
    assert float(mitochondria.release("oxygen").simulate(t_end=1)["oxygen"][-1]) < 0.2
    assert float(mc.models.isolated_mitochondria(closed=True).simulate(t_end=1)["oxygen"][-1]) < 0.2


# --- what it says of itself ----------------------------------------------------------------------------------------


def test_parameter_table(mitochondria):
    table = mitochondria.parameters
    row = table.loc["leak.amplitude"]
    assert (row["value"], row["unit"], row["lower"], row["status"]) == (0.618, "nmol/min/mg", 0, "calibrated")
    assert row["description"].startswith("Twice the pre-factor")
    assert len(table) == len(mitochondria.values)


def test_tables_of_states_and_fluxes(mitochondria):
    states = mitochondria.states
    assert states.loc["adp_bath", "add_as"] == "ADP"
    assert "simulate" in states.loc["oxygen", "held_in"]
    assert "h_matrix +1" in mitochondria.fluxes.loc["J_leak", "posts"]


def test_models_show_themselves(mitochondria, minimal):
    assert "SinhLeak()" in repr(mitochondria)
    assert "<table" in minimal._repr_html_()
    assert "<table" in SinhLeak()._repr_html_()
    listed = mc.models.list()
    assert listed.loc["isolated_mitochondria", "states"] == 7
    assert listed.loc["minimal", "states"] == 1


def test_citations_are_of_what_is_used(mitochondria, minimal):
    text = mitochondria.cite()
    for key in ("mitochem", "Nicholls1974", "Gnaiger2003", "JinBethke2002", "Golding1995"):
        assert f"{{{key}," in text
    assert text.count("@") == len(set(mitochondria.reference_keys)) + 1
    assert "BenzMcLaughlin1983" not in text
    assert "BenzMcLaughlin1983" in mitochondria.with_component(mc.drugs.FCCP).cite()
    assert "Golding1995" not in minimal.cite()


def test_diff_says_what_changed(mitochondria, succinate):
    table = mc.diff(mitochondria, mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1}))
    assert set(table.index) == {"leak.amplitude", "start of adp_bath"}
    assert table.loc["leak.amplitude"].tolist() == [0.618, 0.9]
    assert mc.diff(mitochondria, mitochondria).empty
    assert "electron_transport.h_per_o2" in mc.diff(mitochondria, succinate).index
    drugged = mc.diff(mitochondria, mitochondria.with_component(mc.drugs.FCCP))
    assert drugged.loc["FCCP.dose", "a"] == "absent"
    results = mc.diff(mitochondria.steady_state(), mitochondria.steady_state({"load.capacity": 600.0}))
    assert "conditions" in results.index
    assert mc.diff(mitochondria.simulate(t_end=1), mitochondria.simulate(t_end=1)).empty
    with pytest.raises(ParameterError, match="not str"):
        mc.diff(mitochondria, "a model")


def test_diff_sees_clamps(mitochondria):
    assert not mc.diff(mitochondria, mitochondria.release("oxygen")).empty


def test_models_are_pickled_and_compared(mitochondria):
    model = mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1}).clamp("ATP")
    copy = pickle.loads(pickle.dumps(model))
    assert copy == model
    assert hash(copy) == hash(model)
    assert copy.held("simulate") == model.held("simulate")
    assert float(copy.steady_state()["pmf"]) == float(model.steady_state()["pmf"])
    assert model != mitochondria


def test_results_say_how_to_make_them_again(mitochondria):
    ds = mitochondria.simulate(mc.Protocol().wait(1).add(FCCP=0.2).wait(1))
    attrs = ds.attrs
    assert attrs["source"] == f"mitochem {mc.__version__}"
    assert json.loads(attrs["parameters"])["leak.amplitude"] == 0.618
    protocol = json.loads(attrs["protocol"])
    again = mitochondria.simulate(mc.Protocol(protocol["steps"], closed=protocol["closed"]), rtol=attrs["rtol"])
    xarray.testing.assert_identical(ds, again)
    for name in ("delta_psi", "pmf", "J_O2", "J_leak"):
        assert {"units", "long_name", "symbol"} <= set(ds[name].attrs)
    without = [n for n in ds.data_vars if "units" not in ds[n].attrs or "long_name" not in ds[n].attrs]
    assert without == []


def test_a_result_is_what_xarrays_constructor_makes_of_it(mitochondria, monkeypatch):
    sweep = {"leak.amplitude": [0.3, 0.6], "load.capacity": xarray.DataArray([0.0, 50.0, 100.0], dims="load")}
    quick = mitochondria.steady_state(sweep)
    run = mitochondria.simulate(mc.Protocol().wait(1).add(FCCP=0.1).wait(1), solver="rosenbrock", samples=5)
    monkeypatch.setattr(dataset, "_directly", lambda *given: xarray.no_such_constructor)
    xarray.testing.assert_identical(quick, mitochondria.steady_state(sweep))
    again = mitochondria.simulate(mc.Protocol().wait(1).add(FCCP=0.1).wait(1), solver="rosenbrock", samples=5)
    xarray.testing.assert_identical(run, again)


def test_a_condition_along_a_dimension_of_another_name_is_a_coordinate(mitochondria, tmp_path):
    amplitude = xarray.DataArray([0.3, 0.6], dims="animal", coords={"animal": ["a", "b"]})
    ds = mitochondria.steady_state({"leak.amplitude": amplitude})
    assert ds.leak_amplitude.dims == ("animal",)
    assert ds.leak_amplitude.attrs["units"] == "nmol/min/mg"
    assert ds.leak_amplitude.sel(animal="b") == 0.6
    again = mc.load(mc.save(ds, tmp_path / "animals.nc"))
    np.testing.assert_array_equal(again.leak_amplitude, [0.3, 0.6])
    run = mitochondria.simulate(t_end=1.0, conditions={"leak.amplitude": amplitude}, samples=3)
    assert run.leak_amplitude.dims == ("animal",)
