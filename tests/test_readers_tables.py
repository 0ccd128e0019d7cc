"""Tables of a csv or xlsx: columns by a mapping, units as told, and text files that are damaged or disguised."""

import tracemalloc
import warnings

import numpy as np
import openpyxl
import pytest
from test_readers_traces import lines, o2view, written

import mitochem as mc
from mitochem import ParameterError, ReaderError
from mitochem.readers import read_datlab, read_o2view, read_table

LONG = "dose [nM],rep,JO2 (nmol/min/mg),note\n0,a,10.5,\n0,b,11.5,x\n250,a,40,\n250,b,,\n500,a,55.25,\n500,b,57,\n"
WIDE = "FCCP / nM,rate 1,rate 2,rate 3\n0,10,11,12\n250,40,41,\n500,55,56,57\n"


def text(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


def quietly(path, *arguments, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_table(path, *arguments, **options)


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
    ds = quietly(path, {"FCCP": "dose", "replicate": "rep", "J_O2": "JO2"})
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
    ds = quietly(path, columns, {"J_O2": "pmol/s/mg"})
    assert ds.J_O2.dims == ("FCCP", "replicate")
    np.testing.assert_allclose(ds.J_O2[0], np.array([10, 11, 12]) * 0.06)  # 16.67 pmol/s are 1 nmol/min
    assert np.isnan(ds.J_O2[1, 2])
    assert ds.replicate.values.tolist() == ["rate 1", "rate 2", "rate 3"]


def test_a_time_course_in_the_units_of_the_house(tmp_path):
    content = "t (s),O2 [µM],Δψ / V,state,RLU\n0,200,0.16,start,5\n60,190,0.158,start,6\n120,150,0.14,ADP,9\n"
    path = text(tmp_path / "a.csv", content)
    columns = {"time": "t", "oxygen": "O2", "delta_psi": "Δψ", "segment": "state", "luminescence": "RLU"}
    ds = quietly(path, columns, {"luminescence": "RLU"})
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
        text(tmp_path / "a.csv", content), columns, {"time": "min", "measurement": "1", "ocr": "pmol/min/well"}
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
    ds = quietly(path, {"FCCP": "dose", "J_O2": "J"})
    np.testing.assert_array_equal(ds.J_O2, [10, np.nan, 30.5])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Other")
    book.save(path)
    with pytest.raises(ReaderError, match=r"the sheets Sheet, Other\. read_table expects the name of one, as sheet="):
        read_table(path, {"FCCP": "dose", "J_O2": "J"})
    assert quietly(path, {"FCCP": "dose", "J_O2": "J"}, sheet="sheet").sizes == {"FCCP": 3}
    with pytest.raises(ReaderError, match=r"no sheet is called 'Sheeet'.*Did you mean Sheet"):
        read_table(path, {"FCCP": "dose", "J_O2": "J"}, sheet="Sheeet")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_signs_of_european_files(tmp_path, separator, decimal):
    if (separator, decimal) == (",", ","):
        rows = '"t (min)","E / mV"\n"0,5","160,25"\n"1,5","-1,5e1"\n'
    else:
        rows = "t (min),E / mV\n0.5,160.25\n1.5,-1.5e1\n".replace(",", separator).replace(".", decimal)
    ds = quietly(text(tmp_path / "a.csv", rows), {"time": "t", "delta_psi": "E"})
    np.testing.assert_allclose(ds.time, [0.5, 1.5])
    np.testing.assert_allclose(ds.delta_psi, [160.25, -15])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = text(tmp_path / "a.csv", "Zeit (min);O2 (µM)\n0;200\n1;190\n", encoding)
    np.testing.assert_allclose(quietly(path, {"time": "Zeit", "oxygen": "O2"}).oxygen, [0.2, 0.19])


# --- units are asked for -------------------------------------------------------------------------------------------


def test_a_unit_that_is_not_said_is_asked_for(tmp_path):
    path = text(tmp_path / "a.csv", "time,J\n0,1\n1,2\n")
    with pytest.raises(ReaderError, match=r"no unit is said for time, J_O2; give units=\{'time': '…', 'J_O2': '…'\}"):
        read_table(path, {"time": "time", "J_O2": "J"})
    with pytest.raises(ReaderError, match="no unit is said for J_O2"):
        read_table(path, {"time": "time", "J_O2": "J"}, {"time": "min"})
    assert quietly(path, {"time": "time", "x": "J"}, {"time": "h", "x": "1"}).time.values.tolist() == [0, 60]


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


def test_a_unit_that_contradicts_the_heading_is_said(tmp_path):
    path = text(tmp_path / "a.csv", "time (min),E (V)\n0,160\n")
    with pytest.warns(UserWarning, match="delta_psi is headed in V, and read in mV as given"):
        assert float(read_table(path, {"time": "time", "delta_psi": "E"}, {"delta_psi": "mV"}).delta_psi[0]) == 160


def test_other_rates_keep_the_unit_that_was_said(tmp_path):
    path = text(tmp_path / "a.csv", "time (min),OCR (pmol/min/well)\n0,160\n")
    assert quietly(path, {"time": "time", "ocr": "OCR"}).ocr.attrs["units"] == "pmol/min/well"


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


# --- text files that are not what they should be -------------------------------------------------------------------

READERS = {
    "read_table": lambda path: read_table(path, {"time": "t", "delta_psi": "E"}),
    "read_datlab": read_datlab,
    "read_o2view": read_o2view,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"PK\x03\x04" + bytes(100), "a zip archive, such as an .xlsx workbook"),
        (bytes(range(256)) * 10, "the content is binary"),
        (b"t (min),E (mV)\n0,\x00\n", "the content is binary"),
        (b"\xff\xfet\x00,", "UTF-16 text that is damaged|no line|no heading"),
        (b"hello\nworld\n", "no line"),
        (b'"t (min),E (mV)\n0,1\n', "cut short|no line"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "an old .xls workbook"),
    ],
)
def test_what_is_no_table(tmp_path, reader, content, words):
    path = tmp_path / "trace.csv"
    path.write_bytes(content)
    with pytest.raises(ReaderError, match=words) as error:
        READERS[reader](path)
    assert "trace.csv" in str(error.value)


@pytest.mark.parametrize("reader", READERS)
def test_names_and_places(tmp_path, reader):
    read = READERS[reader]
    with pytest.raises(ReaderError, match=r"absent\.csv does not exist"):
        read(tmp_path / "absent.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReaderError, match=r"folder\.csv is a folder"):
        read(tmp_path / "folder.csv")
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(ReaderError, match=rf"is called '\.pdf'\. {reader} expects \.csv"):
        read(tmp_path / "a.pdf")
    (tmp_path / "a.DLD").write_text("x")
    with pytest.raises(ReaderError, match="a binary DatLab file, which only DatLab reads: export the traces as csv"):
        read(tmp_path / "a.DLD")
    for bad in (3, None, [], b"a.csv"):
        with pytest.raises(ParameterError, match="is not a path"):
            read(bad)
    with pytest.raises(ReaderError, match="no ordinary file"):
        read_device(tmp_path, read)


def read_device(folder, read):
    """A file that has no end."""
    import os

    os.mkfifo(folder / "pipe.csv")
    read(folder / "pipe.csv")


@pytest.mark.parametrize("reader", READERS)
def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path, reader):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    with pytest.raises(ReaderError, match=r"200,000,000 bytes; .* reads at most 50,000,000"):
        READERS[reader](path)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("t (min),E (mV)\n0,160\n1\n", "line 3 has 1 cells under 2 headings; the file may be cut short"),
        ("t (min),E (mV)\n0,160\n1,150,7\n", "line 3 has 3 cells under 2 headings"),
        ("t (min),E (mV)\n0,160\n1,much\n", r"line 3, column 2 is 'much'\. read_table expects a number there"),
        ("t (min),E (mV)\n0,160\n1,1 000\n", "line 3, column 2 is '1 000'"),
        ("t (min),E (mV)\n0,160\n1,1_000\n", "line 3, column 2 is '1_000'"),
        ("t (min),E (mV)\n0,inf\n", "line 2, column 2 is 'inf'"),
        ("t (min),E (mV)\n0,1e999\n", "line 2, column 2 is '1e999'"),
        ("t (min),E (mV)\n0,0x10\n", "line 2, column 2 is '0x10'"),
        ("t (min),E (mV)\n0,=1+1\n", "line 2, column 2 is '=1\\+1'"),
        ("t (min),E (mV)\n00:01:30,160\n", "line 2, column 1 is '00:01:30'"),
        ("t (min),E (mV)\n,160\n", "line 2, column 1 is empty"),
        ("t (min),E (mV)\nnan,160\n", "line 2, column 1 is empty"),
        ("t (min);E (mV)\n0,5;160.5\n", "decimal points .* and commas .* are mixed"),
        ("t (min),E (mV)\n", "no lines under the headings"),
        ("t (min),E (mV),E (mV)\n0,1,2\n", "the heading 'E' stands in 2 columns"),
        ("t (min),F (mV)\n0,1\n", r"no line has the heading 'E' beside the others\. Known: F \(mV\), t \(min\)"),
        ('t (min),E (mV)\n0,"160\n', "the file may be cut short"),
        ('t (min),E (mV)\n0,160\n0,16"0"x\n', "line 3, column 2 is"),
    ],
)
def test_tables_that_are_wrong_are_refused_by_the_place(tmp_path, content, words):
    with pytest.raises(ReaderError, match=words) as error:
        READERS["read_table"](text(tmp_path / "table.csv", content))
    assert "table.csv" in str(error.value)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda rows: [*rows, rows[-1][:20]], "line 12 has 5 cells under 6 headings; the file may be cut short|12 has"),
        (lambda rows: [*rows, '"20.00","'], "cut short"),
        (lambda rows: [row.replace("179.8000", "many") for row in rows], r"line 3, column 5 is 'many'"),
        (lambda rows: [row.replace("2.00", "", 1) for row in rows], r"line 3, column 1 is empty"),
        (lambda rows: [row.replace("179.8000", "179,8") for row in rows], "line 3 has 7 cells under 6 headings"),
        (lambda rows: [], "no readings under the heading"),
    ],
)
def test_traces_that_are_wrong_are_refused_by_the_place(tmp_path, spoil, words):
    with pytest.raises(ReaderError, match=words) as error:
        read_datlab(written(tmp_path / "trace.csv", *spoil(list(lines(count=10)))))
    assert "trace.csv" in str(error.value)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("Time,Event Name,Chamber,Event Text,a,b", "no line is a heading with 'Time"),
        ("Time [fortnights],Event Name,Chamber,Event Text,1A: O2 concentration [µM],b", "time is in 'fortnights'"),
        ("Time [s],Event Name,Chamber,Event Text,a,b", r"no channel says its chamber"),
    ],
)
def test_headings_of_traces(tmp_path, head, words):
    with pytest.raises(ReaderError, match=words):
        read_datlab(written(tmp_path / "trace.csv", *lines(count=10), head=head))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
def test_a_trace_cut_anywhere_in_a_line_is_refused(tmp_path, part):
    path = written(tmp_path / "trace.csv", *lines(count=50))
    content = path.read_bytes()
    cut = content.rindex(b"\r\n", 0, int(len(content) * part)) + 12  # within the marks of a line
    path.write_bytes(content[:cut])
    with pytest.raises(ReaderError, match="cut short"):
        read_datlab(path)


def test_random_damage_is_a_reader_error_or_harmless(tmp_path):
    path = written(tmp_path / "trace.csv", *lines(count=30, marks={20: ("D", "Left", "")}))
    content = path.read_bytes()
    random, told = np.random.default_rng(2), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for place in random.integers(0, len(content), 200):
            spoilt = bytearray(content)
            spoilt[place] = int(random.integers(0, 256))
            path.write_bytes(spoilt)
            try:
                ds = read_datlab(path)
            except ReaderError as error:
                told.append(str(error))
            else:
                said = ds.attrs.get("warnings", "")
                assert np.nanmax(ds.oxygen) < 5 if "oxygen" in ds else "no oxygen" in said
    assert len(told) > 10
    assert all("trace.csv" in message for message in told)


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


def test_o2view_is_bounded_too(tmp_path):
    with pytest.raises(ReaderError, match="reads at most 100"):
        read_o2view(o2view(tmp_path / "a.csv"), max_bytes=100)
