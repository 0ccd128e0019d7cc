"""Tables of a csv or xlsx: columns by a mapping, units as told."""

import numpy as np
import openpyxl
import pytest
from traces import quietly, text

import mitochem as mc
from mitochem import ParameterError, ReaderError
from mitochem.readers import read_columns, read_table
from mitochem.readers.units import factor

LONG = "dose [nM],rep,JO2 (nmol/min/mg),note\n0,a,10.5,\n0,b,11.5,x\n250,a,40,\n250,b,,\n500,a,55.25,\n500,b,57,\n"
WIDE = "FCCP / nM,rate 1,rate 2,rate 3\n0,10,11,12\n250,40,41,\n500,55,56,57\n"


def workbook(path, rows, sheet="Sheet"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


# --- shapes and units ----------------------------------------------------------------------------------------------


def test_a_long_table(tmp_path):
    path = text(tmp_path / "a.csv", LONG)
    ds = quietly(read_table, path, {"FCCP": "dose", "replicate": "rep", "J_O2": "JO2"})
    assert ds.J_O2.dims == ("FCCP", "replicate")
    np.testing.assert_allclose(ds.FCCP, [0, 0.25, 0.5])
    assert ds.FCCP.attrs["units"] == "uM"
    np.testing.assert_array_equal(ds.J_O2, [[10.5, 11.5], [40, np.nan], [55.25, 57]])
    assert ds.replicate.values.tolist() == ["a", "b"]
    assert ds.attrs["file"] == "a.csv"
    assert len(ds.attrs["sha256"]) == 64


def test_replicates_without_a_column_are_numbered_and_it_is_said(tmp_path):
    path = text(tmp_path / "a.csv", LONG)
    with pytest.warns(UserWarning, match="lines repeat the same FCCP: they are numbered as replicates"):
        ds = read_table(path, {"FCCP": "dose", "J_O2": "JO2"})
    assert ds.replicate.values.tolist() == ["1", "2"]
    np.testing.assert_array_equal(ds.J_O2[0], [10.5, 11.5])


def test_a_wide_table(tmp_path):
    path = text(tmp_path / "a.csv", WIDE)
    columns = {"FCCP": "fccp", "J_O2": ["rate 1", "rate 2", "rate 3"]}
    ds = quietly(read_table, path, columns, {"J_O2": "pmol/s/mg"})
    assert ds.J_O2.dims == ("FCCP", "replicate")
    np.testing.assert_allclose(ds.J_O2[0], np.array([10, 11, 12]) * 0.06)  # 16.67 pmol/s are 1 nmol/min
    assert np.isnan(ds.J_O2[1, 2])
    assert ds.replicate.values.tolist() == ["rate 1", "rate 2", "rate 3"]


def test_a_time_course_in_the_units_of_the_house(tmp_path):
    content = "t (s),O2 [µM],Δψ / V,state,RLU\n0,200,0.16,start,5\n60,190,0.158,start,6\n120,150,0.14,ADP,9\n"
    path = text(tmp_path / "a.csv", content)
    columns = {"time": "t", "oxygen": "O2", "delta_psi": "Δψ", "segment": "state", "luminescence": "RLU"}
    ds = quietly(read_table, path, columns, {"luminescence": "RLU"})
    np.testing.assert_allclose(ds.time, [0, 1, 2])
    np.testing.assert_allclose(ds.oxygen, [0.2, 0.19, 0.15])
    np.testing.assert_allclose(ds.delta_psi, [160, 158, 140])
    assert ds.segment.values.tolist() == ["start", "start", "ADP"]
    assert {n: ds[n].attrs["units"] for n in ("time", "oxygen", "delta_psi", "luminescence")} == {
        "time": "min",
        "oxygen": "mM",
        "delta_psi": "mV",
        "luminescence": "RLU",
    }
    again = mc.load(mc.save(ds, tmp_path / "a.nc"))
    np.testing.assert_array_equal(again.oxygen, ds.oxygen)


def test_a_copy_of_a_sheet_of_rates_becomes_a_plate(tmp_path):
    rows = [f"{m};A{w};{'wt' if w < 3 else 'ko'};{m * 6.5:.2f};{100 * w + m}" for m in (1, 2) for w in (1, 2, 3)]
    content = "\n".join(["Measurement;Well;Group;Time;OCR", *rows]).replace(".", ",")
    columns = {"well": "Well", "group": "Group", "time": "Time", "measurement": "Measurement", "ocr": "OCR"}
    ds = quietly(
        read_table,
        text(tmp_path / "a.csv", content),
        columns,
        {"time": "min", "measurement": "1", "ocr": "pmol/min/well"},
    )
    assert ds.ocr.dims == ("well", "time")
    assert ds.well.values.tolist() == ["A01", "A02", "A03"]
    assert ds.group.values.tolist() == ["wt", "wt", "ko"]
    assert ds.group.dims == ("well",)
    assert ds.measurement.dims == ("time",)
    np.testing.assert_array_equal(ds.ocr, [[101, 102], [201, 202], [301, 302]])
    np.testing.assert_allclose(ds.time, [6.5, 13])


def test_workbooks(tmp_path):
    rows = [
        ["Titration of 1 May"],
        [],
        ["dose (uM)", None, "J [nmol/min/mg]"],
        [0.0, "x", 10],
        [0.5, None, None],
        [1, None, 30.5],
    ]
    path = workbook(tmp_path / "a.xlsx", rows)
    ds = quietly(read_table, path, {"FCCP": "dose", "J_O2": "J"})
    np.testing.assert_array_equal(ds.J_O2, [10, np.nan, 30.5])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Other")
    book.save(path)
    with pytest.raises(ReaderError, match=r"the sheets Sheet, Other\. read_table expects the name of one, as sheet="):
        read_table(path, {"FCCP": "dose", "J_O2": "J"})
    assert quietly(read_table, path, {"FCCP": "dose", "J_O2": "J"}, sheet="sheet").sizes == {"FCCP": 3}
    with pytest.raises(ReaderError, match=r"no sheet is called 'Sheeet'.*Did you mean Sheet"):
        read_table(path, {"FCCP": "dose", "J_O2": "J"}, sheet="Sheeet")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_signs_of_european_files(tmp_path, separator, decimal):
    if (separator, decimal) == (",", ","):
        rows = '"t (min)","E / mV"\n"0,5","160,25"\n"1,5","-1,5e1"\n'
    else:
        rows = "t (min),E / mV\n0.5,160.25\n1.5,-1.5e1\n".replace(",", separator).replace(".", decimal)
    ds = quietly(read_table, text(tmp_path / "a.csv", rows), {"time": "t", "delta_psi": "E"})
    np.testing.assert_allclose(ds.time, [0.5, 1.5])
    np.testing.assert_allclose(ds.delta_psi, [160.25, -15])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = text(tmp_path / "a.csv", "Zeit (min);O2 (µM)\n0;200\n1;190\n", encoding)
    np.testing.assert_allclose(quietly(read_table, path, {"time": "Zeit", "oxygen": "O2"}).oxygen, [0.2, 0.19])


# --- units are asked for -------------------------------------------------------------------------------------------


def test_a_unit_that_is_not_said_is_asked_for(tmp_path):
    path = text(tmp_path / "a.csv", "time,J\n0,1\n1,2\n")
    with pytest.raises(ReaderError, match=r"no unit is said for time, J_O2; give units=\{'time': '…', 'J_O2': '…'\}"):
        read_table(path, {"time": "time", "J_O2": "J"})
    with pytest.raises(ReaderError, match="no unit is said for J_O2"):
        read_table(path, {"time": "time", "J_O2": "J"}, {"time": "min"})
    assert quietly(read_table, path, {"time": "time", "x": "J"}, {"time": "h", "x": "1"}).time.values.tolist() == [
        0,
        60,
    ]


@pytest.mark.parametrize(
    ("name", "unit", "words"),
    [
        ("J_O2", "pmol/min/well", "which is no unit of the kind nmol/min/mg. A rate on another basis is called ocr"),
        ("oxygen", "%", "oxygen is in '%'"),
        ("oxygen", "mmHg", "oxygen is in 'mmHg'"),
        ("delta_psi", "mM", "delta_psi is in 'mM'"),
        ("delta_psi", "apples", "delta_psi is in 'apples'"),
        ("delta_psi", "9^9^9^9", r"delta_psi is in '9\^9\^9\^9'"),
        ("delta_psi", "9**9**9**9", "delta_psi is in"),
        ("delta_psi", "__import__('os').system('x')", "delta_psi is in"),
    ],
)
def test_units_of_the_wrong_kind(tmp_path, name, unit, words):
    path = text(tmp_path / "a.csv", "time,x\n0,1\n1,2\n")
    with pytest.raises(ReaderError, match=words):
        read_table(path, {"time": "time", name: "x"}, {"time": "min", name: unit})


@pytest.mark.parametrize(
    ("unit", "house", "times"),
    [
        ("nmol/ml", "mM", 1e-3),
        ("pmol/(s*ml)", "pmol/(s*mL)", 1.0),
        ("nmol·min⁻¹·mg⁻¹", "nmol/min/mg", 1.0),
        ("pmol/s/mg", "nmol/min/mg", 0.06),
        ("µM", "mM", 1e-3),
        ("%", "1", 0.01),
        ("degC", "K", None),  # has another zero: no factor does it
        ("mV", "min", None),
        ("", "1", None),
    ],
)
def test_factors_between_units(unit, house, times):
    assert factor(unit, house) == (None if times is None else pytest.approx(times))


@pytest.mark.shared
def test_the_public_blood_cells_have_their_published_rate_per_cell(shared_folder):
    """A long table of another plate: OCR against counted cells, by a line through the wells."""
    columns = {
        "time": "time_min",
        "well": "well",
        "group": "group_cells_x1000",
        "segment": "phase",
        "cells": "cell_count",
        "ocr": "OCR_pmol_per_min",
    }
    units = {"time": "min", "cells": "1", "ocr": "pmol/min/well"}
    ds = quietly(read_table, shared_folder / "data/seahtrue_2019_pbmc_xf_rates.csv", columns, units)
    assert ds.sizes == {"well": 96, "time": 12}
    assert {"Background", "50.000"} < set(ds.group.values.tolist()), "50.000 is a name"
    ds = ds.isel(well=ds.group.values != "Background")
    # pmol/min per 10000 cells and r2, typed from the collection; the last baseline, the first FCCP, the last inhibited.
    for number, phase, published, r2 in (
        (3, "base", 2.18, 0.89),
        (4, "FCCP", 6.82, 0.90),
        (9, "antimycin", 0.62, 0.65),
    ):
        part = ds.isel(time=number - 1)
        assert str(part.segment.values).startswith(phase)
        cells, ocr = part.cells.values / 1e4, part.ocr.values
        assert np.polyfit(cells, ocr, 1)[0] == pytest.approx(published, abs=0.006)
        assert np.corrcoef(cells, ocr)[0, 1] ** 2 == pytest.approx(r2, abs=0.006)


def test_a_mapping_the_wrong_way_round_is_noticed(tmp_path):
    path = text(tmp_path / "a.csv", "t (min),E (mV)\n0,160\n")
    with pytest.raises(ReaderError, match="the keys of columns are headings of the file"):
        read_table(path, {"t": "time", "E": "delta_psi"})


def test_a_unit_that_contradicts_the_heading_is_said(tmp_path):
    path = text(tmp_path / "a.csv", "time (min),E (V)\n0,160\n")
    with pytest.warns(UserWarning, match="delta_psi is headed in V, and read in mV as given"):
        assert float(read_table(path, {"time": "time", "delta_psi": "E"}, {"delta_psi": "mV"}).delta_psi[0]) == 160


def test_other_rates_keep_the_unit_that_was_said(tmp_path):
    path = text(tmp_path / "a.csv", "time (min),OCR (pmol/min/well)\n0,160\n")
    assert quietly(read_table, path, {"time": "time", "ocr": "OCR"}).ocr.attrs["units"] == "pmol/min/well"


# --- arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((3,), {}, "columns = 3 is not a mapping"),
        (({},), {}, "columns is empty"),
        (({"time": 3},), {}, r"columns\['time'\] = 3"),
        (({"time": ""},), {}, r"columns\['time'\] = '' names no heading"),
        (({"time": []},), {}, "names no heading"),
        (({"time": "dose"},), {}, "no quantity that depends on 'time'"),
        (({"well": "rep"},), {}, "over = ''"),
        (({"well": ["rep", "dose"], "x": "JO2"},), {}, "is a column of names and has one heading"),
        (({"a": "dose", "b": ["x", "y"], "c": ["x", "y", "z"]},), {}, "in as many columns for each quantity"),
        (({"a": "dose", "b": ["x", "y"], "replicate": "rep"},), {}, "or in lines, not in both"),
        (({"a": "dose", "b": "JO2"},), {"over": "c"}, "over = 'c' is not a quantity"),
        (({"a": "dose", "b": "JO2"},), {"over": 3}, "over = 3"),
        (({"a": "dose", "b": "JO2"}, 3), {}, "units = 3 is not a mapping"),
        (({"a": "dose", "b": "JO2"}, {"a": 3}), {}, r"units\['a'\] = 3 is not a text"),
        (({"a": "dose", "b": "JO2"}, {"d": "mM"}), {}, "units: 'd' is not among the columns"),
        (({"a": "dose", "b": "JO2"},), {"sheet": "x"}, "is a text file and has no sheets"),
        (({"a": "dose", "b": "JO2"},), {"delimiter": 3}, "delimiter = 3"),
        (({"a": "dose", "b": "JO2"},), {"decimal": 3}, "decimal = 3"),
        (({"a": "dose", "b": "JO2"},), {"max_bytes": -1}, "max_bytes = -1"),
    ],
)
def test_arguments(tmp_path, arguments, options, words):
    with pytest.raises(ParameterError, match=words):
        read_table(text(tmp_path / "a.csv", LONG), *arguments, **options)


def test_times_that_go_back_or_repeat_are_named(tmp_path):
    columns = {"time": "t", "delta_psi": "E"}
    with pytest.warns(UserWarning, match="time goes back after 2 min"):
        ds = read_table(text(tmp_path / "a.csv", "t (min),E (mV)\n0,1\n2,2\n1,3\n"), columns)
    assert ds.delta_psi.values.tolist() == [1, 2, 3]
    with pytest.warns(UserWarning, match="readings have the same time, the first at 2 min"):
        ds = read_table(text(tmp_path / "a.csv", "t (min),E (mV)\n0,1\n2,2\n2,3\n"), columns)
    assert ds.sizes["time"] == 3


def test_two_lines_for_one_well_and_time(tmp_path):
    path = text(tmp_path / "a.csv", "t (min),w,OCR (pmol/min)\n0,A1,1\n0,A01,2\n")
    with pytest.raises(ReaderError, match="two lines stand for well A01, time 0"):
        read_table(path, {"time": "t", "well": "w", "ocr": "OCR"})
    path = text(tmp_path / "a.csv", "t (min),w,OCR (pmol/min)\n0,A1,1\n0,,2\n")
    with pytest.raises(ReaderError, match="line 3, column 2 is empty"):
        read_table(path, {"time": "t", "well": "w", "ocr": "OCR"})
    path = text(tmp_path / "a.csv", "t (min),w,s,OCR (pmol/min)\n0,A1,x,1\n0,A2,y,2\n1,A1,y,2\n1,A2,x,2\n")
    with pytest.raises(ReaderError, match="segment depends on more than one of well, time"):
        read_table(path, {"time": "t", "well": "w", "segment": "s", "ocr": "OCR"})


def test_what_cells_of_a_workbook_may_not_hold(tmp_path):
    import datetime

    for value, words in (
        ("many", r"Sheet!B3 is 'many'"),
        (datetime.time(0, 1), r"Sheet!B3 is 00:01:00 \(time\)"),
        ("=B2*2", r"Sheet!B3 is a formula without a calculated value"),
        (True, r"Sheet!B3 is True"),
    ):
        path = workbook(tmp_path / "a.xlsx", [["t (min)", "E (mV)"], [0, 160], [1, value]])
        with pytest.raises(ReaderError, match=words):
            read_table(path, {"time": "t", "delta_psi": "E"})


def test_commas_that_could_part_thousands_are_said(tmp_path):
    path = text(tmp_path / "a.csv", "t (min);E (mV)\n0;1,234\n1;2,500\n")
    with pytest.warns(UserWarning, match="commas, as in line 2, column 2, are read as decimal signs"):
        ds = read_table(path, {"time": "t", "delta_psi": "E"})
    assert ds.delta_psi.values.tolist() == [1.234, 2.5]
    assert quietly(read_table, path, {"time": "t", "delta_psi": "E"}, decimal=",").sizes["time"] == 2
    with pytest.raises(ReaderError, match="line 2, column 2 is '1,234'"):
        read_table(path, {"time": "t", "delta_psi": "E"}, decimal=".")


# --- line by line --------------------------------------------------------------------------------------------------


def test_columns_keep_their_lines_whatever_repeats(tmp_path):
    path = text(tmp_path / "a.csv", "dose;rate (nmol/min);strain\n0;1,5;b\n0,1;2,5;b\n0,1;2,7;b\n0;1,1;a\n")
    table = read_columns(path, {"x": "dose", "y": "rate", "who": "strain"}, {"x": None}, texts=["who"])
    assert table.x.tolist() == [0, 0.1, 0.1, 0]
    assert table.y.tolist() == [1.5, 2.5, 2.7, 1.1]
    assert table.who.tolist() == ["b", "b", "b", "a"]
    assert table.attrs["units"] == {"x": "", "y": "nmol/min", "who": ""}
    with pytest.raises(ReaderError, match="no unit is said for x"):
        read_columns(path, {"x": "dose", "y": "rate"})


def test_replicates_side_by_side_become_lines(tmp_path):
    table = read_columns(text(tmp_path / "a.csv", WIDE), {"x": "FCCP", "y": ["rate 1", "rate 2"]}, {"y": "1"})
    assert table.x.tolist() == [0, 0, 250, 250, 500, 500]
    assert table.y.tolist() == [10, 11, 40, 41, 55, 56]
