"""Workbooks that are damaged, disguised or made to do harm: refused by name, in little memory, with nothing run."""

import io
import re
import struct
import tracemalloc
import zipfile

import numpy as np
import openpyxl
import pytest
from workbooks import plate, rate

from mitochem import ReaderError
from mitochem.readers import archive, read_table, read_wave

CONTENT = '<?xml version="1.0" encoding="UTF-8"?>'


def refused(path, words, **options):
    with pytest.raises(ReaderError, match=words) as error:
        read_wave(path, **options)
    assert path.name in str(error.value)
    return str(error.value)


def rewritten(path, change, compression=zipfile.ZIP_DEFLATED):
    """A workbook with other members: ``change`` gets their contents by name."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", compression) as new:
        for name, content in members.items():
            new.writestr(name, content)
    return path


@pytest.fixture
def good(tmp_path):
    return plate(tmp_path / "plate.xlsx")


# --- not what it is called -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"Measurement,Well,Group,Time,OCR\n1,A01,x,1.3,2\n", "the content is text"),
        (bytes(range(256)) * 40, "the content is binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .xls workbook, or one locked by a password"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04 and nothing more", "damaged or truncated"),
        (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    ],
)
def test_what_is_no_workbook(tmp_path, content, words):
    path = tmp_path / "plate.xlsx"
    path.write_bytes(content)
    refused(path, words)


def test_names_and_places(tmp_path, good):
    refused(tmp_path / "absent.xlsx", "does not exist")
    folder = tmp_path / "folder.xlsx"
    folder.mkdir()
    refused(folder, "is a folder")
    refused(good.rename(tmp_path / "plate.csv"), r"is called '\.csv'\. read_wave expects \.xlsx or \.xlsm")
    refused((tmp_path / "plate.csv").rename(tmp_path / "plate"), "is called 'without a suffix'")
    assert read_wave((tmp_path / "plate").rename(tmp_path / "PLATE.XLSX")).sizes["well"] == 92


def test_other_archives(tmp_path):
    path = tmp_path / "plate.xlsx"
    for members, words in (
        (["word/document.xml"], "a zip archive without a workbook"),
        (["content.xml", "mimetype"], "an OpenDocument file"),
        (["[Content_Types].xml", "xl/workbook.bin"], r"a binary workbook \(\.xlsb\)"),
        (["[Content_Types].xml", "xl/workbook.xml"], "a damaged workbook"),
    ):
        with zipfile.ZipFile(path, "w") as book:
            for member in members:
                book.writestr(member, "<a/>")
        refused(path, words)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_truncated(good, part):
    content = good.read_bytes()
    good.write_bytes(content[: int(len(content) * part)])
    refused(good, "damaged or truncated")


def test_every_kind_of_damage_is_a_reader_error(good):
    """A byte wrong anywhere: the file is refused, or read as it was."""
    content, before = good.read_bytes(), read_wave(good)
    random, told = np.random.default_rng(1), []
    for place in random.integers(0, len(content), 60):
        spoilt = bytearray(content)
        spoilt[place] ^= 0xFF
        good.write_bytes(spoilt)
        try:
            after = read_wave(good)
        except ReaderError as error:
            told.append(str(error))
        else:
            np.testing.assert_array_equal(after.ocr, before.ocr)
    assert len(told) > 10
    assert all(good.name in message for message in told)


# --- sheets and columns --------------------------------------------------------------------------------------------


def test_a_wrong_sheet(good):
    message = refused(good, "no sheet is called 'Rates'", sheet="Rates")
    assert "Did you mean Rate?" in message
    refused(good, "has no heading with measurement", sheet="Assay Configuration")


def test_empty_sheet_of_rates(tmp_path):
    def empty(book):
        book["Rate"].delete_rows(2, 2000)

    refused(plate(tmp_path / "a.xlsx", change=empty), "the sheet 'Rate' holds no measurements")

    def nothing(book):
        book["Rate"].delete_rows(1, 2000)

    refused(plate(tmp_path / "b.xlsx", change=nothing), "has no heading with measurement, well, group, time, ocr")


@pytest.mark.parametrize("column", [1, 2, 3, 4, 5])
def test_missing_columns(tmp_path, column):
    name = ["measurement", "well", "group", "time", "ocr"][column - 1]
    path = plate(tmp_path / "a.xlsx", change=lambda book: book["Rate"].delete_cols(column))
    refused(path, f"has no heading with {name}")


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ("E5", "many", r"Rate!E5 is 'many'\. read_wave expects a number there"),
        ("E5", "1.234,5", r"Rate!E5 is '1\.234,5'"),
        ("E5", "1 234", r"Rate!E5"),
        ("E5", "1e999", r"Rate!E5"),
        ("E5", "inf", r"Rate!E5"),
        ("E5", True, r"Rate!E5 is True"),
        ("D5", "soon", r"Rate!D5"),
        ("D5", None, r"Rate!D5 is empty"),
        ("A5", 1.5, r"Rate!A5 is 1\.5"),
        ("A5", None, r"Rate!A5"),
        ("A5", 0, r"Rate!A5 is 0"),
        ("B5", "Z99", r"Rate!B5 is 'Z99'"),
        ("B5", None, r"Rate!B5 is ''"),
        ("B5", "A03", "well A03 has two rows for measurement 1"),
        ("C5", "other", "well A04 changes its group"),
    ],
)
def test_cells_that_hold_what_they_may_not(tmp_path, cell, value, words):
    def spoil(book):
        book["Rate"][cell] = value

    refused(plate(tmp_path / "a.xlsx", change=spoil), words)


def test_dates_in_number_cells(tmp_path):
    import datetime

    def spoil(book):
        book["Rate"]["E5"] = datetime.datetime(2020, 5, 1)

    refused(plate(tmp_path / "a.xlsx", change=spoil), r"Rate!E5 is 2020-05-01 00:00:00 \(datetime\)")


def test_numbers_as_text_are_read_and_said(tmp_path):
    def spoil(book):
        book["Rate"]["E5"] = "305,25"
        book["Rate"]["E6"] = "-2.5"

    with pytest.warns(UserWarning, match=r"numbers stand as text, the first in Rate!E5"):
        ds = read_wave(plate(tmp_path / "a.xlsx", change=spoil))
    assert ds.ocr.sel(well=["A04", "A05"])[:, 0].values.tolist() == [305.25, -2.5]


def test_times_that_go_back_are_named(tmp_path):
    def spoil(book):
        for row in book["Rate"].iter_rows(min_row=2):
            if row[0].value == 5:
                row[3].value = 10.0

    with pytest.warns(UserWarning, match="time does not ascend after measurement 4"):
        read_wave(plate(tmp_path / "a.xlsx", change=spoil))

    def uneven(book):
        book["Rate"]["D5"] = 2.0

    with pytest.warns(UserWarning, match="differ in the time of measurement 1"):
        read_wave(plate(tmp_path / "b.xlsx", change=uneven))


def test_numbers_as_names_of_groups_are_said(tmp_path):
    def spoil(book):
        for row in book["Rate"].iter_rows(min_row=2):
            if row[1].value == "C05":
                row[2].value = 50.0

    with pytest.warns(UserWarning, match="names of groups stand as numbers"):
        ds = read_wave(plate(tmp_path / "a.xlsx", change=spoil))
    assert str(ds.group.sel(well="C05").values) == "50"


# --- formulas, links, macros ---------------------------------------------------------------------------------------


def test_a_formula_without_a_value_is_refused_by_its_cell(tmp_path):
    def spoil(book):
        book["Rate"]["E5"] = "=E4*2"

    refused(plate(tmp_path / "a.xlsx", change=spoil), r"Rate!E5 is a formula without a calculated value")

    def beside(book):  # in a cell that is not read
        book["Rate"]["K5"] = "=E4*2"

    assert read_wave(plate(tmp_path / "b.xlsx", change=beside)).sizes["well"] == 92


def test_a_formula_with_a_value_is_read_and_said(tmp_path):
    def spoil(book):
        book["Rate"]["E5"] = "=E4*2"

    def calculated(members):
        name = "xl/worksheets/sheet2.xml"
        old, new = b"<f>E4*2</f><v></v>", b"<f>E4*2</f><v>12.5</v>"
        members[name] = (
            members[name].replace(old, new).replace(b"<f>E4*2</f><v />", new).replace(b"<f>E4*2</f><v/>", new)
        )
        assert new in members[name]

    path = rewritten(plate(tmp_path / "a.xlsx", change=spoil), calculated)
    with pytest.warns(UserWarning, match=r"formulas, the first in Rate!E5, are read as last calculated"):
        assert float(read_wave(path).ocr.sel(well="A04")[0]) == 12.5


def test_an_error_value_is_refused(tmp_path):
    def spoil(book):
        book["Rate"]["E5"] = "#DIV/0!"

    refused(plate(tmp_path / "a.xlsx", change=spoil), r"Rate!E5 is '#DIV/0!'")


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path):
    def spoil(book):
        for row in book["Rate"].iter_rows(min_row=2):
            if row[1].value == "C05":
                row[2].value = '=cmd|"/c calc"!A1'
                row[2].data_type = "s"

    ds = read_wave(plate(tmp_path / "a.xlsx", change=spoil))
    assert str(ds.group.sel(well="C05").values) == '=cmd|"/c calc"!A1'


def test_links_to_other_workbooks_are_ignored_with_a_warning(good, monkeypatch):
    import socket

    def link(members):
        members["xl/externalLinks/externalLink1.xml"] = b'<externalLink xmlns="x"><externalBook/></externalLink>'
        members["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
            b'<Relationships><Relationship Target="http://x/"/></Relationships>'
        )

    monkeypatch.setattr(socket, "socket", lambda *a, **k: pytest.fail("a connection was tried"))
    with pytest.warns(UserWarning, match="links to other workbooks are ignored"):
        assert read_wave(rewritten(good, link)).sizes["well"] == 92


# --- bombs ---------------------------------------------------------------------------------------------------------


def peak_while(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_entities_are_refused_before_they_multiply(good):
    bomb = (
        '<!DOCTYPE b [<!ENTITY a "'
        + "lol" * 10
        + '">'
        + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 if i else str()};" * 10}">' for i in range(9))
        + "]>"
    )

    for name in ("xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "docProps/core.xml"):

        def spoil(members, name=name):
            text = members[name].decode()
            body = text.split("?>", 1)[1] if text.startswith("<?xml") else text
            members[name] = (CONTENT + bomb + body).encode()

        refused(rewritten(good, spoil), f"{re.escape(name)} defines a document type or entities")
        plate(good)


def test_entities_cannot_hide_in_another_encoding(good):
    def spoil(members):
        members["xl/workbook.xml"] = ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a []><a/>').encode("utf-16")

    refused(rewritten(good, spoil), "is not in UTF-8")

    def declared(members):
        text = members["xl/workbook.xml"].decode()
        members["xl/workbook.xml"] = ('<?xml version="1.0" encoding="utf-7"?>' + text.split("?>")[-1]).encode()

    refused(rewritten(plate(good), declared), "is not in UTF-8")


def test_a_member_that_swells_is_refused_by_what_the_directory_says(good):
    def swell(members):
        members["xl/media/image1.bin"] = bytes(archive.MAX_MEMBER + 1)

    rewritten(good, swell)
    assert good.stat().st_size < 1_000_000
    size = peak_while(lambda: refused(good, r"image1\.bin is 128,000,001 bytes or more when decompressed"))
    assert size < 20_000_000


def test_many_members_that_swell_together(good):
    def swell(members):
        for i in range(3):
            members[f"xl/media/image{i}.bin"] = bytes(100_000_000)

    refused(rewritten(good, swell), r"is 300,\d{3},\d{3} bytes when decompressed")


def test_a_directory_that_lies_about_a_size(good):
    """The directory says 1,000 bytes; what decompresses is 100 million."""

    def swell(members):
        members["xl/media/image1.bin"] = bytes(100_000_000)

    content = rewritten(good, swell).read_bytes()
    lie = content.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 1_000))
    assert lie != content
    good.write_bytes(lie)
    size = peak_while(lambda: refused(good, "damaged or truncated|when decompressed"))
    assert size < 20_000_000


def test_a_bomb_of_cells_takes_little_memory(good):
    """One row of fifty million empty cells: 200 kB that would fill the memory as a tree."""

    def swell(members):
        head, tail = members["xl/worksheets/sheet2.xml"].split(b"</sheetData>")
        members["xl/worksheets/sheet2.xml"] = head + b"<row>" + b"<c/>" * 25_000_000 + b"</row></sheetData>" + tail

    rewritten(good, swell)
    size = peak_while(lambda: refused(good, "XML elements outside rows or in one row"))
    assert size < 40_000_000


def test_many_elements_outside_rows(good):
    def swell(members):
        members["xl/styles.xml"] = members["xl/styles.xml"].replace(
            b"</styleSheet>", b"<a/>" * 600_000 + b"</styleSheet>"
        )

    refused(rewritten(good, swell), "more than 500,000 XML elements")


def test_a_row_that_says_it_is_far_down(good):
    def move(members):
        name = "xl/worksheets/sheet2.xml"
        members[name] = re.sub(
            rb'<row r="900".*?</row>', b'<row r="99999999999"><c r="A1"><v>1</v></c></row>', members[name]
        )

    refused(rewritten(good, move), "rows or 8,000,000 cells")


def test_a_dimension_that_is_wrong_is_not_believed(good):
    def small(members):
        name = "xl/worksheets/sheet2.xml"
        members[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', members[name])

    assert read_wave(rewritten(good, small)).sizes["well"] == 92

    def large(members):
        name = "xl/worksheets/sheet2.xml"
        members[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', members[name])

    assert read_wave(rewritten(good, large)).sizes["well"] == 92


def test_other_compressions_and_passwords(good):
    refused(rewritten(good, lambda members: None, zipfile.ZIP_LZMA), "is compressed in a way that workbooks are not")
    content = bytearray(rewritten(plate(good), lambda members: None).read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    good.write_bytes(content)
    refused(good, "locked by a password")


def test_many_parts(good):
    def add(members):
        members |= {f"xl/x{i}.bin": b"" for i in range(2_001)}

    refused(rewritten(good, add), "parts")


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "plate.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(200_000_000)  # sparse: nothing of it is on the disk
    size = peak_while(lambda: refused(path, r"200,000,000 bytes; read_wave reads at most 50,000,000"))
    assert size < 1_000_000
    with pytest.raises(ReaderError, match="reads at most 50,000,000"):
        read_table(path, {"time": "t", "J_O2": "J"})


def test_the_limit_may_be_set(good):
    size = good.stat().st_size
    refused(good, f"reads at most {size - 1:,}", max_bytes=size - 1)
    assert read_wave(good, max_bytes=size).sizes["well"] == 92


def test_reading_leaves_no_file_open_and_writes_none(good, tmp_path):
    before = good.read_bytes()
    ds = read_wave(good)
    good.unlink()
    assert list(tmp_path.iterdir()) == []
    good.write_bytes(before)
    assert float(ds.ocr.sel(well="C05")[3]) == rate("C05", 4)


def test_charts_and_pictures_do_not_matter(tmp_path):
    from openpyxl.chart import LineChart, Reference

    def chart(book):
        sheet = book["Rate"]
        drawing = LineChart()
        drawing.add_data(Reference(sheet, min_col=5, min_row=1, max_row=20))
        sheet.add_chart(drawing, "K2")
        other = LineChart()
        other.add_data(Reference(sheet, min_col=5, min_row=1, max_row=20))
        book.create_chartsheet("Chart").add_chart(other)

    path = plate(tmp_path / "a.xlsx", change=chart)
    assert read_wave(path).sizes["well"] == 92
    refused(path, "is a chart", sheet="Chart")


def test_without_openpyxl_the_error_says_what_to_install(good, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Exception, match=r"pip install 'mitochem\[xlsx\]'"):
        read_wave(good)


def test_a_workbook_as_bytes_is_what_openpyxl_would_read(good):
    """The reader's way through the archive changes nothing of the values."""
    rows = list(openpyxl.load_workbook(io.BytesIO(good.read_bytes()))["Rate"].iter_rows(min_row=2, values_only=True))
    ds = read_wave(good, background=None)
    for number, name, _, _, ocr, *_ in rows[::37]:
        assert float(ds.ocr.sel(well=name)[number - 1]) == ocr


def test_a_member_is_held_to_its_size_while_it_is_decompressed(good):
    """Whatever decompresses: an endless stream is left at the size that the directory gave."""
    from mitochem.readers.source import Source

    class Endless:
        given = 0

        def open(self, member):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def read(self, size):
            self.given += size
            assert self.given < 10_000_000
            return b" " * size

    member = zipfile.ZipInfo("xl/media/image1.bin")
    member.file_size = 3_000_000
    source = Source(good, b"", "read_wave", "")
    with pytest.raises(ReaderError, match=r"image1\.bin is 4,000,000 bytes or more when decompressed"):
        archive._member(source, Endless(), member)
