"""Fits written down and run again: every kind of problem, and files that are damaged or hostile."""

import contextlib
import copy
import functools
import json
import sys
import warnings

import numpy as np
import pandas
import pytest
import xarray as xr
from fits import LINE, SATURATION, SCATTER, X, line, saturating, saturation, straight

import mitochem as mc
from mitochem import fitting
from mitochem.core.record import model_from, recorded
from mitochem.fitting import Experiment, Free, Law, Noise, Problem, Scale, TimeCourse, replay

WORK = xr.DataArray([0.0, 100.0, 1200.0], dims="work", attrs={"units": "nmol/min/mg"})


def with_drug(model):
    """An uncoupler in the model, and start values of its own."""
    changed = model.replace({"leak.amplitude": 0.4}).with_component(mc.drugs.get("oligomycin", model))
    experiment = Experiment({"load.capacity": WORK, "oligomycin.dose": 0.01}, {"J_O2": [12.0, 30.0, 60.0]})
    return Problem(changed, experiment, ["leak.amplitude"], title="with a drug")


def with_starts(model):
    states = {"adp_bath": np.array([0.01, 0.1, 1.0]), "atp_bath": 2.0, "pi_bath": "5000 uM"}
    experiment = Experiment(states, {"J_O2": [15.0, np.nan, 80.0]}, clamped=("adp_bath", "atp_bath", "pi_bath"))
    return Problem(model, experiment, {"leak.amplitude": (0.1, 3.0)})


def with_course(model):
    protocol = mc.Protocol().wait(1).add(ADP=0.2).wait(1).add(FCCP=0.05).wait(0.5)
    times = np.linspace(0.1, 2.4, 8)
    run = model.simulate(protocol, samples=times).sel(time=times, method="nearest").J_O2.values
    course = TimeCourse(protocol, times, {"J_O2": run * 1.1}, noise={"J_O2": Noise(2.0, "a guess")}, name="run")
    return Problem(model, course, ["electron_transport.capacity"], {"gain": Scale("J_O2", why="a guess")})


def with_law(model):
    runs = [
        Experiment({"x": pandas.Series(X)}, {"y": line(X, a, 0.7) + SCATTER}, {"y": 0.3}, name=n, uncertain={"x": 0.05})
        for n, a in (("p", 1.0), ("q", 2.0))
    ]
    free = {"a": Free(start=2.0, local=True), "b": Free(-5.0, np.inf, 1.0, log=False)}
    return Problem(LINE, runs, free, notes=("a note",), source={"file": "none"})


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("records") / "fit.json"
    return mc.fit(saturating()).save(path)


@pytest.mark.parametrize("make", [with_drug, with_starts, with_course, with_law])
def test_a_fit_is_run_again_from_its_record(mitochondria, tmp_path, make):
    result = mc.fit(make(mitochondria))
    path = result.save(tmp_path / "fit.json")
    json.loads(path.read_text(), parse_constant=pytest.fail)  # JSON has no NaN
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for again in (replay(path), replay(result.record)):
            assert again.values == pytest.approx(result.values, rel=1e-9)
            assert again.stderr == pytest.approx(result.stderr, rel=1e-4, nan_ok=True)
            assert again.provenance["data_digest"] == result.provenance["data_digest"]
            assert repr(again.table.verdict) == repr(result.table.verdict)
            assert set(result.notes) == set(again.notes)


def test_errors_starts_and_seed_are_kept(tmp_path):
    result = mc.fit(straight(noise={"y": 0.5}), errors="declared", starts=4, seed=7)
    again = replay(result.save(tmp_path / "fit.json"))
    assert dict(again.options) == dict(result.options)
    assert again.attempts.cost.tolist() == pytest.approx(result.attempts.cost.tolist())


def test_a_model_is_the_same_from_its_record(mitochondria):
    model = with_drug(mitochondria).model
    again = model_from(json.loads(json.dumps(recorded(model))))
    assert repr(again) == repr(model)
    assert again.values == model.values
    np.testing.assert_array_equal(again.steady_state().J_O2, model.steady_state().J_O2)


# --- what is no longer the same ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["conditions", "observed", "noise", "uncertain"])
def test_a_changed_datum_is_refused(mitochondria, field):
    record = copy.deepcopy(mc.fit(with_law(mitochondria)).record)
    entry = record["problem"]["experiments"][0][field]
    if field in ("noise", "uncertain"):
        entry[next(iter(entry))]["size"] *= 1.001
    else:
        entry[next(iter(entry))][3] *= 1.001
    with pytest.raises(mc.FitError, match="the data in this record are not those that were fitted"):
        replay(record)


def test_a_value_that_comes_out_differently_is_said(saved):
    record = json.loads(saved.read_text())
    record["found"]["half"]["value"] *= 1.01
    record["found"]["gone"] = record["found"]["half"]
    with pytest.warns(UserWarning, match="half was") as said:
        replay(record)
    texts = [str(w.message) for w in said]
    assert any("half was" in t and "It was recorded with mitochem" in t for t in texts)
    assert any("gone was recorded, and is not among what is fitted now" in t for t in texts)


class Shape:
    def rise(self, x, top, half):
        return saturation(x, top, half)


@pytest.mark.parametrize(
    "function",
    [lambda x, top, half: top * x / (half + x), functools.partial(saturation), Shape().rise],
    ids=["lambda", "partial", "bound method"],
)
def test_a_law_that_could_not_be_found_again_is_refused_when_saved(tmp_path, function):
    result = mc.fit(Problem(Law(function, "y", SATURATION.units), saturating().experiments, saturating().free))
    with pytest.raises(mc.FitError, match="is not a function of a module"):
        result.save(tmp_path / "fit.json")
    assert not (tmp_path / "fit.json").exists()


# --- damaged and hostile files ----------------------------------------------------------------------------------------


def test_a_damaged_file_is_refused(saved, tmp_path):
    text = saved.read_text()
    path = tmp_path / "damaged.json"
    for share in np.linspace(0, 0.99, 20):
        path.write_text(text[: int(share * len(text))])
        with pytest.raises(mc.ReaderError):
            replay(path)
    for bad in ("[]", "3", "null", "{}", '{"kind": "mitochem fit"}', "[" * 100_000, '{"a":' * 100_000, "\x00", "NaN"):
        path.write_text(bad)
        with pytest.raises(mc.ReaderError):
            replay(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(mc.ReaderError):
        replay(path)
    with pytest.raises(mc.ReaderError, match="cannot read"):
        replay(tmp_path / "none.json")
    with path.open("wb") as file:
        file.truncate(60_000_000)
    with pytest.raises(mc.ReaderError, match="larger than 50 MB"):
        replay(path)


def _places(value, path=()):
    """Every place in a record, depth first."""
    if isinstance(value, dict):
        for key in value:
            yield (*path, key)
            yield from _places(value[key], (*path, key))
    elif isinstance(value, list) and value:
        yield (*path, 0)
        yield from _places(value[0], (*path, 0))


def test_a_value_of_another_type_is_refused_or_does_not_matter(saved):
    record = json.loads(saved.read_text())
    used = {k: record[k] for k in ("problem", "found")} | {"provenance": {"options": record["provenance"]["options"]}}
    places = list(_places(used))
    assert len(places) > 50
    for place in places:
        for bad in (None, 3, -1, "text", [], {}, [[1], 2], {"a": 1}, 1e308, "nan"):
            hurt = copy.deepcopy(record)
            *above, last = place
            functools.reduce(lambda at, key: at[key], above, hurt)[last] = bad
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with contextlib.suppress(mc.MitochemError):
                    replay(hurt)


def test_a_model_with_values_of_another_type_is_refused(mitochondria):
    record = json.loads(json.dumps(recorded(mitochondria)))
    record["components"] = record["components"][:2]
    for place in list(_places(record)):
        for bad in (None, 3, "text", [], {}, [[1], 2], "a b", "x=1\nimport os", {"a": {}}):
            hurt = copy.deepcopy(record)
            *above, last = place
            functools.reduce(lambda at, key: at[key], above, hurt)[last] = bad
            with contextlib.suppress(mc.MitochemError):
                model_from(hurt)


@pytest.mark.parametrize(
    "path",
    [
        "os:system", "subprocess:run", "builtins:eval", "builtins:exec", "antigravity:fly", "shutil:rmtree",
        "mitochem.core.record:importlib.import_module", "mitochem.core.record:sys.exit",
        "mitochem.core.files:os.remove", "mitochem.fitting.record:json.loads",
        "mitochem:nothing", ":", "", "mitochem", "not_imported_module:f",
        "fits:np", "fits:LINE", "fits:np.save", "mitochem.core.record:recorded.__globals__",
    ],
)  # fmt: skip
def test_foreign_functions_are_neither_imported_nor_called(saved, path):
    before = set(sys.modules)
    for place in ("function", "remarks"):
        record = json.loads(saved.read_text())
        record["problem"]["law"][place] = path
        if not path and place == "remarks":
            continue
        with pytest.raises(mc.MitochemError):
            replay(record)
    assert {"antigravity", "not_imported_module"}.isdisjoint(set(sys.modules) - before)


def test_a_record_cannot_hand_a_text_to_a_function(saved):
    record = json.loads(saved.read_text())
    record["problem"]["law"]["defaults"] = {"half": "rm -rf"}
    with pytest.raises(mc.FitError, match="default of half = 'rm -rf' is not a number"):
        replay(record)


def test_names_in_a_model_are_names(mitochondria):
    for field, bad in (("instance", "x; import os"), ("wiring", [["J_leak", "__import__('os')"]])):
        record = recorded(mitochondria)
        record["components"][-1][field] = bad
        with pytest.raises(mc.ModelError, match="in a record of a model is no name"):
            model_from(record)


def test_a_component_must_be_one(mitochondria):
    record = recorded(mitochondria)
    for path in ("mitochem.fitting.problems.law:Law", "fits:line", "subprocess:Popen"):
        record["components"][0]["class"] = path
        with pytest.raises(mc.ModelError):
            model_from(record)
    assert fitting.replay is replay
