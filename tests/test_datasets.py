"""The measured data sets: complete, described, cited, and as their sources have them."""

import csv
import hashlib
import json
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from mitochem import datasets
from mitochem.core import bibliography
from mitochem.core.errors import ParameterError, ReaderError

REPOSITORY = Path(__file__).resolve().parents[1]
TABLES = REPOSITORY / "data"
REFERENCE = REPOSITORY.parent / "shared" / "data"

STRIDE = "stride_2014_adp_titration_heart"
BAZIL = "bazil_2016_heart_respiratory_control"
CADONIC = "cadonic_2015_fccp_titration_brain"
ALL = (BAZIL, CADONIC, STRIDE)

needs_reference = [
    pytest.mark.shared,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="no folder of reference data beside the checkout"),
]


def description(name):
    return tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))


def test_the_list_names_every_shipped_table():
    table = datasets.list()
    assert list(table.columns) == ["name", "title", "layout", "points", "citation"]
    assert table.set_index("name")["points"][[*ALL]].tolist() == [10, 18, 16]
    assert set(table.set_index("name")["layout"][[*ALL]]) == {"series"}
    assert {path.stem for path in TABLES.glob("*.csv")} == set(table["name"])


@pytest.mark.parametrize("name", ALL)
def test_every_variable_says_its_unit_and_meaning(name):
    ds = datasets.load(name)
    for variable in ds.variables:
        assert ds[variable].attrs["units"], variable
        assert ds[variable].attrs["long_name"], variable


@pytest.mark.parametrize("name", ALL)
def test_every_set_says_where_it_comes_from_and_what_to_beware_of(name):
    attributes = datasets.load(name).attrs
    for key in ("title", "citation", "doi", "caveats", "inferred", "licence", "references"):
        assert attributes[key], key
    assert json.loads(attributes["conditions"])["temperature"]
    assert attributes["source_file"] == f"{name}.csv"
    assert attributes["source_sha256"] == hashlib.sha256((TABLES / f"{name}.csv").read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ALL)
def test_every_set_can_be_cited(name):
    keys = datasets.load(name).attrs["references"].split("; ")
    assert set(keys) <= set(bibliography.known())
    for key in keys:
        assert f"{{{key}," in datasets.citation(name)


def test_the_notice_names_the_holders_of_the_licences():
    notice = (TABLES / "NOTICE").read_text("utf-8")
    for words in ("E. B. Randall", "Chris Cadonic", "Michael Pan", "MIT License", "WITHOUT WARRANTY OF ANY KIND"):
        assert words in notice
    for name in ALL:
        assert f"{name}.csv" in notice


def test_sets_survive_netcdf(tmp_path):
    import xarray

    for name in ALL:
        ds = datasets.load(name)
        ds.to_netcdf(tmp_path / "set.nc", engine="scipy")
        with xarray.open_dataset(tmp_path / "set.nc", engine="scipy") as again:
            xarray.testing.assert_equal(again["J_O2"].load(), ds["J_O2"])
            assert again.attrs["caveats"] == ds.attrs["caveats"]


def test_creatine_raises_respiration_at_low_adp():
    ds = datasets.load(STRIDE)
    assert ds["J_O2"].dims == ("creatine", "point")
    assert ds["adp"].values.tolist() == [0.05, 0.1, 0.25, 0.35, 0.5, 1.0, 2.5, 5.0]
    assert ds["adp"].attrs["units"] == "mM"
    assert "not read" in ds["J_O2"].attrs["units"]
    assert ds["J_O2"].sel(creatine="+creatine").values[[0, 7]].tolist() == [9.189, 20.09]
    assert ds["J_O2"].sel(creatine="-creatine").values[[0, 7]].tolist() == [6.306, 19.505]
    assert float(ds["adp_digitised"].sel(creatine="-creatine")[5]) == 0.9983
    gain = ds["J_O2"].sel(creatine="+creatine") / ds["J_O2"].sel(creatine="-creatine")
    assert (gain > 1).all()
    assert gain.argmax("point") == 0
    assert gain.argmin("point") == 7


def test_membrane_potential_and_nadh_fall_as_the_heart_works_harder():
    ds = datasets.load(BAZIL)
    assert ds["J_O2"].dims == ("phosphate", "point")
    assert ds["phosphate"].values.tolist() == [1.0, 5.0]
    low, high = ds.sel(phosphate=1.0), ds.sel(phosphate=5.0)
    assert low["J_O2"].values.tolist() == [10.494, 51.927, 71.967, 86.95, 105.62]
    assert high["adp_bath"].values.tolist() == [0.0, 0.0049, 0.0578, 0.1648, 0.4716]
    assert float(low["delta_psi"][4]) == 162.3817
    assert float(high["delta_psi"][1]) == 167.9643
    assert float(high["NADH_fraction_reduced"][3]) == 0.3688
    assert float(low["cytochrome_c_fraction_reduced"][1]) == 0.2658
    assert ds["J_O2"].attrs["units"] == "nmol/min/UCS"
    for name in ("delta_psi", "cytochrome_c_fraction_reduced"):
        assert np.isnan(ds[name]).values.tolist() == [[False, False, True, True, False]] * 2
    for series in (low, high):
        measured = series["delta_psi"].dropna("point")
        assert (np.diff(measured) < 0).all()
        assert series["NADH_fraction_reduced"][-1] < series["NADH_fraction_reduced"][0]


def test_fccp_stimulates_respiration_up_to_a_maximum():
    ds = datasets.load(CADONIC)
    assert ds["J_O2"].dims == ("chamber", "step")
    assert ds["state"].values.tolist() == ["leak_N", "oxphos_N", "oxphos_NS", "leak_omy", *["fccp"] * 4, "antimycin"]
    titration = ds.isel(step=ds["fccp"].notnull().values)
    assert titration["fccp"].values.tolist() == [0.0, 0.125, 0.25, 0.375, 0.5]
    assert titration["fccp"].attrs["units"] == "uM"
    assert ds["J_O2"].sel(chamber="A").values[[0, 7]].tolist() == [30.61, 346.79]
    assert ds["J_O2_exported"].sel(chamber="B").values[8] == -0.9703
    assert math.isnan(ds["J_O2_se"].sel(chamber="A").values[0])
    assert ds["J_O2_se"].sel(chamber="B").values[1] == 0.35
    assert ds["oxygen"].sel(chamber="A").values[7] == 18.43
    assert ds["tmrm_free"].sel(chamber="B").values[3] == 1.0053
    assert ds["mtMPrel"].sel(chamber="A").values[3] == 0.5017
    assert ds["n_points"].values.tolist() == [3, 8, 7, 7, 7, 8, 6, 4, 5]
    assert titration["J_O2"].argmax("step").values.tolist() == [3, 3]


def test_the_step_that_oxygen_may_limit_is_marked():
    ds = datasets.load(CADONIC)
    marked = ds["remark"] != ""
    assert marked.sum() == 1
    assert bool(marked.sel(chamber="A").isel(step=7))
    assert "oxygen-limited" in ds.attrs["caveats"]


@pytest.mark.parametrize("ask", [datasets.load, datasets.citation])
def test_an_unknown_name_is_answered_with_the_nearest(ask):
    with pytest.raises(ParameterError, match=rf"bazil_2016_heart'.*Did you mean {BAZIL}"):
        ask("bazil_2016_heart")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("51.927", "51,927", "line 3: 7 cells; expected 6"),
        ("71.967", "many", "line 4: J_O2 is 'many', not a number"),
        ("71.967", "nan", "line 4: J_O2 is 'nan', not a finite number"),
        ("71.967", "", "line 4: J_O2 is empty"),
        ("adp_bath", "adp", r"line 1: the columns are .*; expected .*adp_bath"),
        (
            "5,144.36,0.4716,156.2841,0.3695,0.2959\n",
            "",
            r"line 10: unequal numbers of rows by phosphate: {1\.0: 5, 5\.0: 4}",
        ),
        ("1,71.967", "5,71.967", "line 11: unequal numbers of rows by phosphate"),
        ("10.494", "10.494\xb5", "line 2: J_O2 is"),
        ("10.494", '"10.494', "line "),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(copies, old, new, message):
    path = copies / f"{BAZIL}.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(ReaderError, match=rf"{BAZIL}\.csv, {message}"):
        datasets.load(BAZIL, folder=copies)


def test_an_empty_table_and_one_of_another_encoding_are_refused(copies):
    path = copies / f"{BAZIL}.csv"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"71.967", b"71.967\xb5"))
    with pytest.raises(ReaderError, match="line 4: not UTF-8"):
        datasets.load(BAZIL, folder=copies)
    path.write_bytes(content.splitlines()[0])
    with pytest.raises(ReaderError, match="line 2: no rows"):
        datasets.load(BAZIL, folder=copies)
    path.write_bytes(b"")
    with pytest.raises(ReaderError, match="line 1: the columns are"):
        datasets.load(BAZIL, folder=copies)


def test_rows_out_of_order_are_refused(copies):
    path = copies / f"{BAZIL}.csv"
    lines = path.read_text("utf-8").splitlines()
    lines[3], lines[7] = lines[7], lines[3]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ReaderError, match=r"line 4: phosphate = 5\.0 stands apart"):
        datasets.load(BAZIL, folder=copies)


def test_a_dose_that_differs_between_chambers_is_refused(copies):
    path = copies / f"{CADONIC}.csv"
    path.write_text(path.read_text("utf-8").replace("3xTg (right),fccp,250", "3xTg (right),fccp,260"), "utf-8")
    with pytest.raises(ReaderError, match=r"line 16: fccp = 0\.26 differs"):
        datasets.load(CADONIC, folder=copies)


def test_a_damaged_description_is_refused(copies):
    path = copies / f"{STRIDE}.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("licence =", "license ="), "utf-8")
    with pytest.raises(ReaderError, match="does not give licence"):
        datasets.load(STRIDE, folder=copies)
    path.write_text(text + "[columns", "utf-8")
    with pytest.raises(ReaderError, match="not a readable description"):
        datasets.load(STRIDE, folder=copies)


def equal(ours, theirs):
    """The same number or word; an empty cell is NaN here."""
    if isinstance(ours, str):
        return ours == theirs
    return math.isnan(ours) if theirs == "" else float(ours) == float(theirs)


class TestAgainstTheReferenceTables:
    pytestmark = needs_reference

    @pytest.mark.parametrize("name", [STRIDE, CADONIC])
    def test_tables_kept_in_the_shape_of_their_source(self, name):
        ds, about = datasets.load(name), description(name)
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            source = list(csv.DictReader(file))
        series, points = about["dims"]
        assert len(source) == ds.sizes[series] * ds.sizes[points]
        columns = {v: c for v, c in about["columns"].items() if "source_column" in c}
        assert {c["source_column"] for c in columns.values()} == set(source[0])
        for position, row in enumerate(source):
            i, j = divmod(position, ds.sizes[points])
            point = ds.isel({series: i, points: j})
            for variable, column in columns.items():
                ours = point[variable].item()
                ours = ours if isinstance(ours, str) else ours * column.get("divide_by", 1)
                assert equal(ours, row[column["source_column"]]), (position, variable)

    def test_the_table_that_was_one_row_per_reading(self):
        ds, about = datasets.load(BAZIL), description(BAZIL)
        with (REFERENCE / f"{BAZIL}.csv").open(encoding="utf-8", newline="") as file:
            source = list(csv.DictReader(file))
        names = {column["source_column"]: variable for variable, column in about["columns"].items()}
        seen = 0
        for row in source:
            series = ds.sel(phosphate=float(row["Pi_buffer_mM"]))
            (point,) = np.flatnonzero(series["J_O2"].values == float(row["JO2_nmol_O2_per_min_per_UCS"]))
            variable = series[names[row["variable"]]]
            assert equal(variable.values[point], row["value"]), row
            assert variable.attrs["units"] == row["unit"]
            seen += 1
        measured = ("adp_bath", "delta_psi", "NADH_fraction_reduced", "cytochrome_c_fraction_reduced")
        assert seen == sum(int(ds[name].notnull().sum()) for name in measured) == 32
