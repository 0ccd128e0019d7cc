"""Text files that are damaged or disguised: refused by name and place, in little memory."""

import tracemalloc
import warnings

import numpy as np
import pytest
from traces import lines, o2view, text, written

from mitochem import ParameterError, ReaderError
from mitochem.readers import read_datlab, read_o2view, read_table

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
        (b"t (min),E (mV)" + b"," * 2_000_000 + b"\n", "a line has more than 1,000,000 characters"),
        (b"t" + b" [(" * 300_000 + b",E (mV)\n", "no line|field larger than"),
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


def test_o2view_is_bounded_too(tmp_path):
    with pytest.raises(ReaderError, match="reads at most 100"):
        read_o2view(o2view(tmp_path / "a.csv"), max_bytes=100)
