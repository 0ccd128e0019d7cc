"""Plates from Seahorse Wave: the public workbook against its published table, and what varies between workbooks."""

import json

import numpy as np
import pytest
from traces import quietly
from workbooks import STEPS, plate, rate

import mitochem as mc
from mitochem import ParameterError, ReaderError
from mitochem.readers import read_wave
from mitochem.readers.phases import compounds, labels_of
from mitochem.readers.plate import Step

REAL = "data/raw/seahorse_wave_ceas_rep1.xlsx"

# Group: wells, non-mitochondrial, basal, leak, ATP-linked, maximal (pmol/min), by minimum and maximum in each phase.
# Typed from the table of the collection of experiments.
MINMAX = {
    "Group_1 MITO": (11, 56.7, 240.1, 44.8, 195.2, 433.0),
    "Group_2 MITO": (12, 60.5, 263.4, 59.0, 204.4, 507.2),
    "Group_3 MITO": (12, 70.1, 303.4, 67.5, 235.9, 462.3),
    "Group_4 MITO": (11, 43.1, 178.5, 46.4, 132.1, 158.3),
}
# Leak, maximal and coupling efficiency (%) by fixed measurements (3, 6, 8, 12).
FIXED = {
    "Group_1 MITO": (44.9, 411, 81),
    "Group_2 MITO": (66.8, 499, 75),
    "Group_3 MITO": (70.5, 416, 77),
    "Group_4 MITO": (73.8, 144, 59),
}


@pytest.fixture(scope="module")
def real(shared_folder):
    with pytest.warns(UserWarning, match="groups differ in their injections"):
        return read_wave(shared_folder / REAL)


@pytest.mark.shared
@pytest.mark.parametrize("group", MINMAX)
def test_the_public_plate_gives_its_published_table(real, group):
    wells, rest, basal, leak, atp, maximal = MINMAX[group]
    part = real.isel(well=np.flatnonzero(real.group.values == group))
    assert part.sizes["well"] == wells
    ocr, phase = part.ocr.mean("well").values, part.segment.values
    none = ocr[phase == "rotenone + antimycin A"].min()
    last = ocr[phase == "basal"][-1]
    low, high = ocr[phase == "oligomycin"].min(), ocr[phase == "FCCP"].max()
    found = [none, last - none, low - none, last - low, high - none]
    np.testing.assert_allclose(found, [rest, basal, leak, atp, maximal], atol=0.1)


@pytest.mark.shared
@pytest.mark.parametrize("group", FIXED)
def test_the_public_plate_by_fixed_measurements(real, group):
    ocr = real.isel(well=np.flatnonzero(real.group.values == group)).ocr.mean("well").values
    basal, oligomycin, fccp, rest = ocr[[2, 5, 7, 11]]
    leak, maximal, efficiency = FIXED[group]
    assert oligomycin - rest == pytest.approx(leak, abs=0.06)
    assert fccp - rest == pytest.approx(maximal, abs=0.6)
    assert 100 * (basal - oligomycin) / (basal - rest) == pytest.approx(efficiency, abs=0.6)


@pytest.mark.shared
def test_the_public_plate_as_it_is_described(real):
    assert real.sizes == {"well": 92, "time": 12}
    assert (real.time.values[0], real.time.values[-1]) == (
        pytest.approx(1.30, abs=0.01),
        pytest.approx(72.45, abs=0.01),
    )
    assert list(real.measurement.values) == list(range(1, 13))
    assert set(real.group.values) == {f"Group_{n} {kind}" for n in "1234" for kind in ("MITO", "GLYCO")}
    # The first row of well A02 as it stands in the sheet.
    first = real.sel(well="A02").isel(time=0)
    assert (float(first.ocr), float(first.ecar), float(first.per)) == (
        305.24256180027,
        30.6452932082946,
        334.477120045628,
    )
    assert [real[n].attrs["units"] for n in ("ocr", "ecar", "per")] == ["pmol/min/well", "mpH/min", "pmol/min/well"]
    assert real.attrs["last_run_iso"] == "2023-01-26T19:52:00"  # month first, which the 26 tells
    assert json.loads(real.attrs["dropped"]) == {"background": ["A01", "A12", "H01", "H12"]}
    assert [e["name"] for e in json.loads(real.attrs["events"])] == ["oligomycin", "FCCP", "rotenone + antimycin A"]
    assert len(real.attrs["sha256"]) == 64
    assert real.attrs["file"] == "seahorse_wave_ceas_rep1.xlsx"
    assert float(real.buffer_factor.min()) == float(real.buffer_factor.max()) == 2.5
    assert "normalisation" not in real.coords  # its grid is empty
    assert json.loads(real.attrs["groups"])["Group_2 MITO"]["injection_strategy"] == "Mito Stress Test"


# --- what varies ---------------------------------------------------------------------------------------------------


def test_a_plate_made_by_hand_reads_without_a_warning(tmp_path):
    ds = quietly(read_wave, plate(tmp_path / "a.xlsx"))
    assert ds.sizes == {"well": 92, "time": 12}
    assert float(ds.ocr.sel(well="C05")[3]) == rate("C05", 4)
    assert float(ds.ocr.min()) < 0, "negative rates are measured, and stay"
    assert list(dict.fromkeys(ds.segment.values)) == ["basal", "oligomycin", "FCCP", "rotenone + antimycin A"]
    assert set(ds.group.values) == {"50.000"}, "a name is a text"
    assert ds.attrs["last_run_iso"] == "2019-12-19T14:33:00"
    assert ds.dims == ("well", "time") or tuple(ds.ocr.dims) == ("well", "time")


UNSELECTED = ("B03", "C07", "A01", "D01", "D02", "D03", "E12", "G06", "H11")


def test_wells_with_the_fill_of_the_legend_are_left_out(tmp_path):
    path = plate(tmp_path / "a.xlsx", grey=UNSELECTED)
    ds = quietly(read_wave, path)
    assert ds.sizes["well"] == 92 - 8  # A01 is background too
    assert not set(UNSELECTED) & set(ds.well.values)
    assert json.loads(ds.attrs["dropped"])["unselected"] == sorted(set(UNSELECTED) - {"A01"})
    kept = quietly(read_wave, path, keep_unselected=True)
    assert kept.sizes["well"] == 92
    assert set(kept.well.values[~kept.selected.values]) == set(UNSELECTED) - {"A01"}


def test_the_fill_is_that_of_the_legend_whatever_it_is(tmp_path):
    from openpyxl.styles import PatternFill

    def repaint(book):
        sheet = book["Assay Configuration"]
        for at in ("D21", "E13"):  # the legend, and well B03
            sheet[at].fill = PatternFill("solid", fgColor="FFFFFFFF")

    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", grey=("C07",), change=repaint))
    assert "B03" not in ds.well.values
    assert "C07" in ds.well.values


def test_without_a_legend_all_wells_stay_and_it_is_said(tmp_path):
    def remove(book):
        book["Assay Configuration"]["D21"] = None

    path = plate(tmp_path / "a.xlsx", grey=("C07",), change=remove)
    with pytest.warns(UserWarning, match="no legend of its own"):
        assert "C07" in read_wave(path).well.values


def test_a_legend_without_a_fill_tells_nothing(tmp_path):
    from openpyxl.styles import PatternFill

    def bare(book):
        for row in book["Assay Configuration"].iter_rows():
            for cell in row:
                cell.fill = PatternFill()

    with pytest.warns(UserWarning, match="no legend of its own"):
        assert read_wave(plate(tmp_path / "a.xlsx", change=bare)).sizes["well"] == 92


def test_everything_is_found_by_its_label(tmp_path):
    def move(book):
        sheet = book["Rate"]
        sheet.insert_cols(5)
        sheet["E1"] = "Remark"
        sheet.insert_rows(1, amount=2)
        sheet["D3"] = " TIME (min) "
        book.create_sheet("Something else")
        sheet.title = "rate "

    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", shift=3, grey=UNSELECTED, change=move))
    assert ds.sizes["well"] == 84
    assert float(ds.ocr.sel(well="C05")[3]) == rate("C05", 4)
    assert list(ds.segment.values[[0, 3, 6, 9]]) == ["basal", "oligomycin", "FCCP", "rotenone + antimycin A"]


def test_a_plate_of_24_wells(tmp_path):
    def short_names(book):
        for row in book["Rate"].iter_rows(min_row=2, min_col=2, max_col=2):
            row[0].value = f"{row[0].value[0]}{int(row[0].value[1:])}"

    def groups(well):
        return "background" if well in ("A01", "B04", "C03", "D06") else "wt"

    ds = quietly(
        read_wave, plate(tmp_path / "a.xlsx", rows=4, columns=6, groups=groups, change=short_names, background=0.0)
    )
    assert ds.sizes["well"] == 20
    assert ds.well.values[0] == "A02"


def test_missing_wells_are_absent_and_missing_readings_nan(tmp_path):
    def remove(book):
        sheet = book["Rate"]
        for r in range(sheet.max_row, 1, -1):
            well, number = sheet.cell(r, 2).value, sheet.cell(r, 1).value
            if well == "C05" or (well == "C06" and number == 2):
                sheet.delete_rows(r)
            elif well == "C07" and number == 2:
                sheet.cell(r, 5).value = None
            elif well == "C08" and number == 2:
                sheet.cell(r, 5).value = "NaN"

    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", change=remove))
    assert "C05" not in ds.well.values
    assert np.isnan(ds.ocr.sel(well=["C06", "C07", "C08"])[:, 1]).all()
    assert int(ds.ocr.isnull().sum()) == 3
    assert not (ds.ocr == 0).any()


def test_background_that_is_not_0_is_said_not_to_be_corrected(tmp_path):
    path = plate(tmp_path / "a.xlsx", background=4.5)
    with pytest.warns(
        UserWarning, match="OCR and ECAR of background wells are not 0: the rates are not background-corrected"
    ):
        ds = read_wave(path)
    assert ds.sizes["well"] == 92
    assert "not background-corrected" in ds.attrs["warnings"]
    with pytest.raises(ParameterError, match=r"background: no group is called 'blank'.*50\.000"):
        read_wave(path, background="blank")
    assert quietly(read_wave, path, background=None).sizes["well"] == 96
    with pytest.warns(UserWarning, match="are not 0"):
        assert "A01" in read_wave(path, background=["50.000"]).well.values


def test_background_wells_that_the_correction_left_out(tmp_path):
    def spoil(book):
        for row in book["Rate"].iter_rows(min_row=2):
            if row[1].value == "A12":
                row[4].value = 2.4

    path = plate(tmp_path / "a.xlsx", change=spoil)
    with pytest.warns(UserWarning, match="OCR of background wells A12 are not 0, of the others they are"):
        read_wave(path)
    quietly(read_wave, plate(tmp_path / "a.xlsx", change=spoil, grey=("A12",)))  # taken out: it need not be 0


def test_without_background_wells_it_is_said(tmp_path):
    path = plate(tmp_path / "a.xlsx", groups=lambda well: "x")
    with pytest.warns(UserWarning, match="no group is called 'Background'"):
        assert read_wave(path).sizes["well"] == 96


def test_normalisation_is_rate_times_scale_over_value(tmp_path):
    path = plate(
        tmp_path / "a.xlsx",
        normal=lambda w: None if w == "C06" else 20000.0 if w == "C05" else 10000.0,
        unit="cells",
        scale=1000,
    )
    plain = quietly(read_wave, path)
    assert float(plain.normalisation.sel(well="C05")) == 20000
    assert plain.normalisation.attrs["units"] == "cells"
    assert plain.normalisation.attrs["scale"] == 1000
    with pytest.warns(UserWarning, match="some wells have no normalisation value"):
        ds = read_wave(path, normalised=True)
    assert float(ds.ocr.sel(well="C05")[3]) == pytest.approx(rate("C05", 4) / 20, rel=1e-12)
    assert float(ds.ocr.sel(well="C07")[3]) == pytest.approx(rate("C07", 4) / 10, rel=1e-12)
    assert np.isnan(ds.ocr.sel(well="C06")).all()
    assert ds.ocr.attrs["units"] == "pmol/min/(1000 cells)"
    with pytest.raises(ReaderError, match="the grid 'Normalization Values' is empty"):
        read_wave(plate(tmp_path / "b.xlsx"), normalised=True)
    with pytest.raises(ParameterError, match="twice"):
        read_wave(path, sheet="Normalized Rate", normalised=True)


def test_a_text_in_a_grid_is_nan_and_said(tmp_path):
    path = plate(tmp_path / "a.xlsx", normal=lambda w: "lost" if w == "C05" else 2.0)
    with pytest.warns(UserWarning, match=r"Assay Configuration!G55 is 'lost'; read as NaN"):
        ds = read_wave(path)
    assert np.isnan(ds.normalisation.sel(well="C05"))
    assert int(ds.normalisation.isnull().sum()) == 1


def test_dates_that_can_be_read_in_two_ways_stay_text(tmp_path):
    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", last_run="3/4/2023 7:52 PM"))
    assert ds.attrs["last_run"] == "3/4/2023 7:52 PM"
    assert "last_run_iso" not in ds.attrs


# --- phases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Oligomycin 1 uM", {"oligomycin"}),
        ("oligo", {"oligomycin"}),
        ("glucose / oligomycin", {"oligomycin"}),
        ("FCCP", {"FCCP"}),
        ("cccp", {"FCCP"}),
        ("BAM-15", {"FCCP"}),
        ("BAM15", {"FCCP"}),
        ("Rotenone + Antimycin A", {"rotenone", "antimycin A"}),
        ("RotAnti", {"rotenone", "antimycin A"}),
        ("AM/ROT", {"rotenone", "antimycin A"}),
        ("Rot/AA", {"rotenone", "antimycin A"}),
        ("R/A", {"rotenone", "antimycin A"}),
        ("rotenone", {"rotenone"}),
        ("Monensin/Hoechst", set()),
        ("Calcein AM", set()),
        ("AA", set()),
        ("Media", set()),
        ("2-DG", set()),
        ("oligonucleotide", set()),
    ],
)
def test_compounds_in_the_text_of_a_port(text, found):
    assert compounds(text) == found


def test_a_port_that_is_not_recognised_keeps_its_text():
    steps = [
        Step("Start", "", 3),
        Step("Drug X", "A", 5),
        Step("FCCP", "B", 3),
        Step("rotenone", "C", 3),
        Step("", "D", 1),
    ]
    assert labels_of(steps) == ["basal", "Drug X", "FCCP", "rotenone + antimycin A", "port D"]


def test_rotenone_and_antimycin_in_ports_of_their_own_are_an_electron_flow_assay():
    steps = [Step("b", "", 3), Step("Rotenone", "A", 3), Step("Succinate", "B", 3), Step("Antimycin A", "C", 3)]
    assert labels_of(steps) == ["basal", "Rotenone", "Succinate", "Antimycin A"]


def test_uneven_cycles(tmp_path):
    steps = (("Basal", "", 2), ("Drug", "A", 5), ("Oligo", "B", 1), ("FCCP", "C", 3), ("AM/ROT", "D", 4))
    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", steps=steps, measurements=15))
    labels, counts = np.unique(ds.segment.values, return_counts=True)
    assert dict(zip(labels, counts)) == {
        "basal": 2,
        "Drug": 5,
        "oligomycin": 1,
        "FCCP": 3,
        "rotenone + antimycin A": 4,
    }


def test_phases_by_hand(tmp_path):
    path = plate(tmp_path / "a.xlsx", steps=(("Baseline", "", 12),))
    ds = quietly(read_wave, path, phases=[2, 6, 9, 12])
    assert list(ds.segment.values[[0, 1, 2, 6, 9]]) == [
        "basal",
        "basal",
        "oligomycin",
        "FCCP",
        "rotenone + antimycin A",
    ]
    ds = quietly(read_wave, path, phases={"basal": 3, "compound": 12})
    assert list(ds.segment.values[[2, 3, 11]]) == ["basal", "compound", "compound"]
    for bad, words in (
        ([3, 6, 9], "give their labels too"),
        ([3, 6, 9, 11], "to the last measurement, 12"),
        ([6, 3, 9, 12], "does not ascend"),
        ([0, 6, 9, 12], "does not ascend"),
        ([3, 6, 9.5, 12], "whole numbers"),
        ([3, 6, None, 12], "whole numbers"),
        (3, "phases = 3 is neither"),
        ("3", "phases = '3' is neither"),
        ({3: 3}, "is neither"),
        ({}, "does not ascend"),
    ):
        with pytest.raises(ParameterError, match=words):
            read_wave(path, phases=bad)


def test_a_run_that_was_cut_short_is_said(tmp_path):
    path = plate(tmp_path / "a.xlsx", measurements=8)
    with pytest.warns(UserWarning, match="the protocol measures 12 times, the sheet of rates has 8"):
        ds = read_wave(path)
    assert list(ds.segment.values) == ["basal"] * 3 + ["oligomycin"] * 3 + ["FCCP"] * 2
    path = plate(tmp_path / "b.xlsx", measurements=14)
    with pytest.warns(UserWarning, match="has 14"):
        ds = read_wave(path)
    assert list(ds.segment.values[12:]) == ["unknown", "unknown"], "a phase that is not known is not guessed"


def test_the_log_of_what_was_run_settles_it(tmp_path):
    def log(book):
        sheet = book.create_sheet("Operation Log")
        sheet.append(["Instruction Name", "Command Name", "Command Index", "Start Time"])
        for index, (name, _, cycles) in enumerate((STEPS[0], ("Oligomycin", "A", 5), *STEPS[2:]), start=2):
            sheet.append([name, "Inject", str(index)]) if index > 2 else None
            for _ in range(cycles):
                sheet.append([name, "Mix", str(index)])
                sheet.append([name, "Measure", str(index)])

    ds = quietly(read_wave, plate(tmp_path / "a.xlsx", measurements=14, change=log))
    assert (ds.segment.values == "oligomycin").sum() == 5


def test_a_workbook_of_rates_alone(tmp_path):
    def alone(book):
        del book["Assay Configuration"]

    path = plate(tmp_path / "a.xlsx", change=alone)
    with pytest.warns(UserWarning, match="no sheet") as told:
        ds = read_wave(path)
    assert ds.sizes["well"] == 92
    assert set(ds.segment.values) == {"unknown"}
    assert {str(w.message).split(": ", 1)[1][:30] for w in told} == {
        "no sheet 'Assay Configuration'",
        "the file does not say what was",
    }
    with pytest.warns(UserWarning, match="no sheet"):
        assert read_wave(path, phases=[3, 6, 9, 12]).segment.values[5] == "oligomycin"


def test_a_warning_points_at_the_line_that_reads(tmp_path):
    with pytest.warns(UserWarning, match="not 0") as told:
        read_wave(plate(tmp_path / "a.xlsx", background=1.0))
    assert {w.filename for w in told} == {__file__}


def test_a_plate_is_saved_and_loaded_as_any_dataset(tmp_path):
    path = plate(tmp_path / "a.xlsx", normal=lambda w: 2e4, unit="cells", scale=1000)
    ds = quietly(read_wave, path, keep_unselected=True)
    again = mc.load(mc.save(ds, tmp_path / "a.nc"))
    np.testing.assert_array_equal(again.ocr, ds.ocr)
    np.testing.assert_array_equal(again.normalisation, ds.normalisation)
    assert list(again.segment.values) == list(ds.segment.values)
