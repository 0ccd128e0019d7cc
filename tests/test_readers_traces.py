"""Traces from DatLab: the public file against slopes taken by hand, and what varies between files."""

import csv
import json

import numpy as np
import pytest
from traces import NEW, lines, quietly, written

import mitochem as mc
from mitochem import ParameterError, ReaderError
from mitochem.readers import read_datlab
from mitochem.readers.slopes import local_slope

REAL = "data/raw/datlab_fccp_tmrm_20150721_thinned.csv"


@pytest.fixture(scope="module")
def real(shared_folder):
    return quietly(read_datlab, shared_folder / REAL)


@pytest.fixture(scope="module")
def windows(shared_folder):
    """Slopes of the public trace, taken by others from the same oxygen, in the windows that they name."""
    with (shared_folder / "data/cadonic_2015_fccp_titration_brain.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_the_public_trace_has_the_slopes_that_were_taken_from_it(real, windows):
    seconds = real.time.values * 60
    assert len(windows) == 18
    for row in windows:
        one = real.sel(chamber=row["chamber"])
        inside = (seconds >= float(row["t_start_s"]) - 1e-6) & (seconds <= float(row["t_end_s"]) + 1e-6)
        assert inside.sum() == int(row["n_points"])
        published = float(row["O2_flux_from_trace_pmol_per_s_per_ml"])
        oxygen = one.oxygen.values[inside]
        slope = -np.polyfit(seconds[inside], oxygen, 1)[0] * 1e6
        assert slope == pytest.approx(published, abs=0.35), row  # one window differs by a reading's rounding
        assert oxygen.mean() * 1000 == pytest.approx(float(row["O2_mean_uM"]), abs=0.01)
        # Our own rate, averaged over the window; windows of B that begin within its later injection are wider apart.
        assert float(np.nanmean(one.ocr.values[inside])) == pytest.approx(published, rel=0.03, abs=1.5), row
        recorded = float(row["O2_flux_exported_pmol_per_s_per_ml"])
        assert np.abs(one.ocr_recorded.values[inside] - recorded).min() < 0.01
        assert np.abs(one.mtmprel.values[inside] - float(row["mtMPrel_au"])).min() < 0.003


@pytest.mark.shared
def test_our_rate_is_there_before_the_instruments(real):
    """The recorded slope lags by about 40 s: half a minute after FCCP it still falls short of what the oxygen shows."""
    after = real.sel(chamber="A").isel(time=int(np.flatnonzero(real.segment.sel(chamber="A") == "F 250")[3]))
    assert float(after.ocr) == pytest.approx(312, rel=0.05)
    assert float(after.ocr_recorded) < 0.8 * float(after.ocr)


@pytest.mark.shared
def test_marks_of_the_public_trace(real):
    told = json.loads(real.attrs["events"])
    assert told[:3] == [
        {"time": 15.0, "name": "LOff", "chamber": None, "text": "Light off"},
        {"time": 15.0, "name": "C57", "chamber": "A", "text": ""},
        {"time": 15.0, "name": "3X Tg", "chamber": "B", "text": ""},
    ]
    names = [e["name"] for e in told[3:]]
    assert ", ".join(names) == (
        "T 0.5, T 1.0, T 1.5, T 2.0, Glu, Pyr, Mal, ADP, Succ, Olig, F 125, F 250, F 375, F 500, AA"
    )
    assert {e["name"]: e["time"] * 60 for e in told}["F 375"] == pytest.approx(2006)
    assert real.segment.values[:, 0].tolist() == ["C57", "3X Tg"]
    assert real.segment.values[0, -1] == "AA"
    assert real.chamber.values.tolist() == ["A", "B"]
    assert real.sizes["time"] == 110
    assert {name: real[name].attrs["units"] for name in real.data_vars} == {
        "oxygen": "mM",
        "ocr": "pmol/(s*mL)",
        "ocr_recorded": "pmol/(s*mL)",
        "tmrm": "µM",
        "mtmprel": "au",
    }


@pytest.mark.shared
def test_per_mg_by_the_factor_of_the_unit_table(shared_folder):
    ds = read_datlab(shared_folder / REAL, chambers=["Right"], protein={"B": "0.5 mg/mL"})
    assert ds.chamber.values.tolist() == ["B"]
    # 1 nmol/min/mg is 16.67 pmol/s/mg.
    np.testing.assert_allclose(ds.J_O2, ds.ocr / 0.5 / (1000 / 60))
    assert ds.J_O2.attrs["units"] == "nmol/min/mg"


# --- what varies ---------------------------------------------------------------------------------------------------


def test_a_constant_rate_is_found_to_the_last_digit(tmp_path):
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *lines()))
    assert ds.sizes == {"chamber": 1, "time": 200}
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)  # 0.1 µM/s is 100 pmol/(s mL)
    np.testing.assert_allclose(ds.ocr_recorded, 100.0)
    np.testing.assert_allclose(ds.oxygen[0, :2], [0.18, 0.1798])
    assert set(ds.segment.values.ravel()) == {"start"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_encodings(tmp_path, encoding):
    path = written(tmp_path / "a.csv", *lines(marks={20: ("5 µL ADP", "Both", "Größe")}), encoding=encoding)
    ds = quietly(read_datlab, path)
    assert json.loads(ds.attrs["events"])[0]["name"] == "5 µL ADP"
    assert float(ds.oxygen[0, 0]) == 0.18


def test_european_files(tmp_path):
    head = NEW.replace(",", ";")
    rows = [row.replace(",", ";").replace(".", ",") for row in lines(marks={60: ("D", "Left", "")})]
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *rows, head=head))
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)
    ds = quietly(read_datlab, written(tmp_path / "b.csv", *rows, head=f"sep=;\r\n{head}"))
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)
    rows = [",".join(f'"{cell}"' for cell in row.replace('"', "").split(";")) for row in rows]
    ds = quietly(read_datlab, written(tmp_path / "c.csv", *rows))  # commas in quotes between commas
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)
    rows = [row.replace(",", "\t") for row in lines()]
    ds = quietly(read_datlab, written(tmp_path / "d.txt", *rows, head=NEW.replace(",", "\t")))
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)


def test_time_in_minutes_with_two_digits(tmp_path):
    """As exported: 9.00, 9.03, 9.07. The rounding of 0.3 s averages out over the line."""
    rows = [f'{9 + i * 2 / 60:.2f},"","","",{180 - 0.2 * i:.4f},100' for i in range(200)]
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *rows, head=NEW.replace("[s]", "[min]")))
    assert float(ds.time[0]) == 9.0
    np.testing.assert_allclose(ds.ocr[0, 20:-20], 100.0, rtol=0.02)


def test_spacing_and_capitals_of_headings(tmp_path):
    head = "Time [S],Event name,CHAMBER,Event Text,o2 concentration(A) [nmol/mL],O2 Slope neg.   (A)  [pmol/(s*ml)]"
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *lines(marks={20: ("D", "A", "")}), head=head))
    assert set(ds.data_vars) == {"oxygen", "ocr", "ocr_recorded"}
    assert set(ds.segment.values.ravel()) == {"start", "D"}


@pytest.mark.parametrize("unit", ["µM", "uM", "nmol/ml", "nmol/mL", "µmol/l", "umol/L", "\ufffdM", "μM"])
def test_units_of_oxygen(tmp_path, unit):
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *lines(), head=NEW.replace("µM", unit)))
    assert float(ds.oxygen[0, 0]) == pytest.approx(0.18)


def test_a_lost_micro_sign_is_noticed_by_what_cannot_be(tmp_path):
    with pytest.warns(UserWarning, match="said to be in M, up to 180 M; read as µM"):
        ds = read_datlab(written(tmp_path / "a.csv", *lines(), head=NEW.replace("µM", "M")))
    assert float(ds.oxygen[0, 0]) == pytest.approx(0.18)
    with pytest.raises(ReaderError, match="reaches 180 mM, more oxygen than any medium holds"):
        read_datlab(written(tmp_path / "a.csv", *lines(), head=NEW.replace("µM", "mM")))
    for unit in ("%", "", "kPa"):
        with pytest.raises(ReaderError, match=r"O2 concentration is in .*a concentration"):
            read_datlab(written(tmp_path / "a.csv", *lines(), head=NEW.replace("[µM]", f"[{unit}]")))


def test_a_file_of_fluxes_alone_as_newer_versions_export(tmp_path):
    flux = "O2 flux per V [pmol/(s*mL)]"
    head = f'"Time [s]","Event Name","Chamber","Event Text","1A: {flux}","1B: {flux}"'
    rows = ['2.00,"","","",,', '4.00,"","","",,', '6.00,"1P","Both","",2.4113,-0.5217', '8.00,"1M","Both","",2.5,-0.5']
    with pytest.warns(UserWarning, match="no oxygen concentration: there is no ocr, only ocr_recorded"):
        ds = read_datlab(written(tmp_path / "a.csv", *rows, head=head))
    assert list(ds.data_vars) == ["ocr_recorded"]
    np.testing.assert_array_equal(ds.ocr_recorded, [[np.nan, np.nan, 2.4113, 2.5], [np.nan, np.nan, -0.5217, -0.5]])
    assert ds.segment.values[0].tolist() == ["start", "start", "1P", "1M"]
    with pytest.warns(UserWarning, match="no oxygen") as told:
        assert "J_O2" not in read_datlab(tmp_path / "a.csv", protein=1.0)
    assert any("protein is not used" in str(w.message) for w in told)


def test_the_most_corrected_rate_is_the_recorded_one_and_the_others_stay(tmp_path):
    head = (
        NEW + ',"1A: O2 slope neg. [pmol/(s*mL)]","1A: O2 flux per mass [pmol/(s*mg)]","Block temp. [°C]","1A: Amp [V]"'
    )
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *(row + ",90,50,37,0.1" for row in lines()), head=head))
    assert float(ds.ocr_recorded[0, 0]) == 100
    assert float(ds.o2_slope_neg[0, 0]) == 90
    assert ds.o2_flux_per_mass.attrs["units"] == "pmol/(s*mg)"
    assert ds.block_temp.dims == ("time",)
    assert ds.amp.attrs["units"] == "V"


def test_several_marks_in_one_line(tmp_path):
    head = NEW + ',"1B: O2 concentration [µM]"'
    marks = {20: ("D, S", "Left, Right", "a, b"), 40: ("c, and d", "Both", "x"), 60: ("u, v, w", "Left, Right", "")}
    path = written(tmp_path / "a.csv", *(row + ",150" for row in lines(marks=marks)), head=head)
    with pytest.warns(UserWarning, match=r"line 32.*'u, v, w' for 'Left, Right' is taken as one mark for all"):
        ds = read_datlab(path)
    assert [(e["name"], e["chamber"], e["text"]) for e in json.loads(ds.attrs["events"])] == [
        ("D", "A", "a"),
        ("S", "B", "b"),
        ("c, and d", None, "x"),
        ("u, v, w", None, ""),
    ]
    assert ds.segment.values[:, [9, 10, 20, 30]].tolist() == [
        ["start", "D", "c, and d", "u, v, w"],
        ["start", "S", "c, and d", "u, v, w"],
    ]


def test_marks_of_the_instrument_begin_no_segment(tmp_path):
    marks = {
        30: ("1PM", "Both", ""),
        40: ("WARNING", "Both", "A: O2 Limit"),
        60: ("LOn", "Both", ""),
        80: ("light off", "", ""),
    }
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *lines(marks=marks)))
    assert list(dict.fromkeys(ds.segment.values[0])) == ["start", "1PM"]
    assert len(json.loads(ds.attrs["events"])) == 4
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)


def test_an_open_chamber_is_nan(tmp_path):
    marks = {40: ("open", "Left", ""), 80: ("close", "Left", ""), 140: ("D", "Both", "")}
    head = NEW + ',"1B: O2 concentration [µM]","1B: O2 flux per V [pmol/(s*mL)]"'
    ds = quietly(
        read_datlab, written(tmp_path / "a.csv", *(row + ",150,-376" for row in lines(marks=marks)), head=head)
    )
    gone = (ds.time * 60 >= 40) & (ds.time * 60 <= 80)
    for name in ("oxygen", "ocr", "ocr_recorded"):
        np.testing.assert_array_equal(np.isnan(ds[name].sel(chamber="A")), gone)
    assert not ds.oxygen.sel(chamber="B").isnull().any()
    assert list(dict.fromkeys(ds.segment.values[0])) == ["start", "D"]
    with pytest.warns(UserWarning, match="chamber A is opened and not closed again"):
        ds = read_datlab(written(tmp_path / "b.csv", *lines(marks={40: ("Open", "A", "")})))
    assert ds.oxygen.isnull().sum() == 180
    with pytest.warns(UserWarning, match="chamber A is closed without having been opened"):
        ds = read_datlab(written(tmp_path / "c.csv", *lines(marks={40: ("close", "A", "")})))
    assert ds.oxygen.isnull().sum() == 21


def test_the_rate_does_not_reach_across_an_addition(tmp_path):
    rows = [*lines(count=100, marks={0: ("P", "", "")})]
    rows += [f'{200 + 2 * i:.2f},"{"D" if i == 0 else ""}","","",{160 - 0.6 * i:.4f},0' for i in range(100)]
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *rows))
    np.testing.assert_allclose(ds.ocr[0, :100], 100, rtol=1e-6)
    np.testing.assert_allclose(ds.ocr[0, 100:], 300, rtol=1e-6)


def test_two_instruments_in_one_file(tmp_path):
    head = NEW + ',"2A: O2 concentration [µM]","2B: O2 concentration [µM]"'
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *(row + ",150,140" for row in lines()), head=head))
    assert ds.chamber.values.tolist() == ["1A", "2A", "2B"]
    rows = [row + ",150,140" for row in lines(marks={60: ("D", "2A", ""), 80: ("U", "Left", "")})]
    with pytest.warns(UserWarning, match="marks for 'Left', which is no chamber, are taken for all"):
        ds = read_datlab(written(tmp_path / "b.csv", *rows, head=head))
    assert ds.segment.values[:, [35, 45]].tolist() == [["start", "U"], ["D", "U"], ["start", "U"]]


def test_without_marks_it_is_said(tmp_path):
    rows = [row.replace('"","","",', "") for row in lines()]
    head = NEW.replace('"Event Name","Chamber","Event Text",', "")
    with pytest.warns(UserWarning, match="no column 'Event Name'"):
        assert read_datlab(written(tmp_path / "a.csv", *rows, head=head)).attrs["events"] == "[]"


def test_too_narrow_a_window_is_said(tmp_path):
    path = written(tmp_path / "a.csv", *lines(step=20))
    with pytest.warns(UserWarning, match="no three readings of oxygen lie within 30 s"):
        read_datlab(path, window="0.5 min")
    np.testing.assert_allclose(quietly(read_datlab, path, window=60).ocr[0, 1:-1], 100, rtol=1e-6)


def test_times_that_go_back_or_repeat_are_named(tmp_path):
    rows = list(lines(count=100))
    with pytest.warns(UserWarning, match="time goes back after 198 s; the rate is not taken across"):
        ds = read_datlab(written(tmp_path / "a.csv", *rows, *rows))
    np.testing.assert_allclose(ds.ocr, 100, rtol=1e-6)
    with pytest.warns(UserWarning, match="1 readings have the time of the one before, the first at 20 s"):
        ds = read_datlab(written(tmp_path / "b.csv", *rows[:11], rows[10], *rows[11:]))
    np.testing.assert_allclose(ds.ocr, 100, rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"chambers": "A"}, "chambers = 'A' is not a sequence"),
        ({"chambers": ["C"]}, "no chamber 'C'"),
        ({"chambers": []}, "chambers is empty"),
        ({"protein": 0}, "protein"),
        ({"protein": float("nan")}, "protein"),
        ({"protein": "1 mM"}, "wrong kind of unit"),
        ({"protein": {"B": 1}}, "protein: there is no chamber 'B'"),
        ({"protein": [1, 2]}, "is not one concentration"),
        ({"window": 0}, "window"),
        ({"window": "40 mg"}, "wrong kind of unit"),
        ({"window": None}, "window"),
        ({"window": [1, 2]}, "is not one width"),
        ({"delimiter": "x"}, "delimiter = 'x'"),
        ({"decimal": ";"}, "decimal = ';'"),
        ({"max_bytes": 0}, "max_bytes = 0"),
        ({"max_bytes": "1 MB"}, "max_bytes = '1 MB'"),
    ],
)
def test_options(tmp_path, options, words):
    with pytest.raises(ParameterError, match=words):
        read_datlab(written(tmp_path / "a.csv", *lines()), **options)


def test_slope_of_a_line_with_gaps():
    time = np.arange(0.0, 300, 2)
    values = 3 - 0.5 * time
    values[40:60] = np.nan
    slope = local_slope(time, values, 40.0, [])
    np.testing.assert_array_equal(np.isnan(slope), np.isnan(values))
    np.testing.assert_allclose(slope[np.isfinite(slope)], -0.5, rtol=1e-10)
    assert np.isnan(local_slope(time, values, 3.0, [])).all()
    # A parabola's local line has, in the middle, its own slope: 2 a t.
    middle = local_slope(time, 0.01 * time**2, 40.0, [])[20:-20]
    np.testing.assert_allclose(middle, 0.02 * time[20:-20], rtol=1e-9)
    # Far from zero no digits are lost.
    np.testing.assert_allclose(local_slope(time + 1e6, 1e3 - 0.5 * time, 40.0, []), -0.5, rtol=1e-9)


def test_a_last_line_without_its_end_is_said(tmp_path):
    path = written(tmp_path / "a.csv", *lines())
    path.write_bytes(path.read_bytes()[:-4])  # within the last number, which still is one
    with pytest.warns(UserWarning, match="the last line has no end: the file may be cut short"):
        read_datlab(path)


def test_traces_are_saved_and_loaded_as_any_dataset(tmp_path):
    ds = quietly(read_datlab, written(tmp_path / "a.csv", *lines(marks={20: ("5 µL", "Both", "")})))
    again = mc.load(mc.save(ds, tmp_path / "a.nc"))
    np.testing.assert_array_equal(again.ocr, ds.ocr)
    assert again.segment.values.tolist() == ds.segment.values.tolist()
