"""What is written in the layout of an instrument reads back to the same numbers, and looks as its files do."""

import csv
import json

import numpy as np
import openpyxl
import pytest
import xarray
from traces import quietly
from workbooks import plate

import mitochem as mc
from mitochem import MitochemError, ParameterError
from mitochem.readers import read_datlab, read_wave, write_datlab, write_wave

PHASES = ["basal"] * 3 + ["oligomycin"] * 3 + ["FCCP"] * 3 + ["rotenone + antimycin A"] * 3


def some_plate(wells=("A02", "B05", "C12", "H11"), times=12, **coordinates):
    random = np.random.default_rng(3)
    shape = len(wells), times
    units = {"ocr": "pmol/min/well", "ecar": "mpH/min", "per": "pmol/min/well"}
    data = {n: (("well", "time"), random.normal(100, 80, shape), {"units": u}) for n, u in units.items()}
    time = ("time", np.cumsum(random.uniform(6, 7, times)))
    coords = {"well": list(wells), "time": time, "group": ("well", ["50.000", "50.000", "=SUM(1)", "x"][: len(wells)])}
    coords["segment"] = ("time", PHASES[:times])
    return xarray.Dataset(data, coords | coordinates)


# --- plates --------------------------------------------------------------------------------------------------------


def test_a_plate_reads_back(tmp_path):
    ds = some_plate(
        selected=("well", [True, True, False, True]),
        normalisation=("well", [1.5, 2.5, np.nan, 0.1], {"units": "ug protein", "scale": 10.0}),
        buffer_factor=("well", [2.4, 2.5, 2.4, 2.5]),
    )
    ds.ocr[1, 4] = np.nan
    ds.ocr[0, 5] = -3.25
    path = write_wave(ds, tmp_path / "plate.xlsx")
    again = quietly(read_wave, path, keep_unselected=True)
    for name in ("ocr", "ecar", "per", "time", "normalisation", "buffer_factor"):
        np.testing.assert_allclose(again[name], ds[name], rtol=1e-15)  # a workbook keeps 16 digits
    for name in ("well", "group", "segment", "selected"):
        assert again[name].values.tolist() == ds[name].values.tolist()
    assert again.normalisation.attrs["units"] == "ug protein"
    assert again.normalisation.attrs["scale"] == 10
    assert quietly(read_wave, path).well.values.tolist() == ["A02", "B05", "H11"]
    assert [e["name"] for e in json.loads(again.attrs["events"])] == ["oligomycin", "FCCP", "rotenone + antimycin A"]


@pytest.mark.shared
def test_the_public_plate_reads_back(tmp_path, shared_folder):
    with pytest.warns(UserWarning, match="groups differ"):
        ds = read_wave(shared_folder / "data/raw/seahorse_wave_ceas_rep1.xlsx")
    again = quietly(read_wave, write_wave(ds, tmp_path / "plate.xlsx"))
    for name in ("ocr", "ecar", "per", "time", "buffer_factor", "measurement"):
        np.testing.assert_array_equal(again[name], ds[name])
    for name in ("well", "group", "segment"):
        assert again[name].values.tolist() == ds[name].values.tolist()


@pytest.mark.parametrize(
    ("wells", "size"),
    [(("A02", "B05"), (4, 6)), (("A02", "B05", "D06"), (4, 6)), (("C01",), (8, 1)), (("H12",), (8, 12))],
)
def test_the_plate_is_the_smallest_that_has_the_wells(tmp_path, wells, size):
    path = write_wave(some_plate(wells), tmp_path / "plate.xlsx")
    sheet = openpyxl.load_workbook(path)["Assay Configuration"]
    letters = [sheet.cell(12 + r, 2).value for r in range(8) if sheet.cell(12 + r, 2).value]
    numbers = [sheet.cell(11, 3 + c).value for c in range(12) if sheet.cell(11, 3 + c).value]
    assert (len(letters), len(numbers)) == size
    assert quietly(read_wave, path, background="Background").well.values.tolist() == sorted(wells)


@pytest.mark.shared
def test_a_written_workbook_has_the_shape_of_a_real_one(tmp_path, shared_folder):
    """The cells that hold labels in the public workbook hold the same labels in ours."""
    real = openpyxl.load_workbook(shared_folder / "data/raw/seahorse_wave_ceas_rep1.xlsx")
    ours = openpyxl.load_workbook(write_wave(some_plate(), tmp_path / "plate.xlsx"))
    assert set(ours.sheetnames) <= set(real.sheetnames)
    labels = [
        "A1",
        "A4",
        "A11",
        "A24",
        "A41",
        "A53",
        "A82",
        "A83",
        "A84",
        "A96",
        "C21",
        "D21",
        "E21",
        "P10",
        "Q10",
        "R10",
    ]
    for at in labels:
        assert ours["Assay Configuration"][at].value == real["Assay Configuration"][at].value, at
    grid = [("C11", "N11"), ("B12", "B19"), ("C84", "N84"), ("B85", "B92"), ("C96", "N96"), ("B97", "B104")]
    for first, last in grid:
        for mine, theirs in zip(
            ours["Assay Configuration"][f"{first}:{last}"], real["Assay Configuration"][f"{first}:{last}"]
        ):
            assert [c.value for c in mine] == [c.value for c in theirs]
    for sheet in ("Rate", "Raw"):
        mine, theirs = ([c.value for c in next(book[sheet].rows)] for book in (ours, real))
        assert mine == theirs[: len(mine)]
    legend, cell = ours["Assay Configuration"]["D21"].fill.fgColor, real["Assay Configuration"]["D21"].fill.fgColor
    assert (legend.theme, round(legend.tint, 2)) == (cell.theme, round(cell.tint, 2))


def test_names_of_groups_stay_texts(tmp_path):
    sheet = openpyxl.load_workbook(write_wave(some_plate(), tmp_path / "plate.xlsx"))["Rate"]
    groups = {row[1].value: row[2] for row in sheet.iter_rows(min_row=2)}
    assert (groups["A02"].value, groups["A02"].data_type) == ("50.000", "s")
    assert (groups["C12"].value, groups["C12"].data_type) == ("=SUM(1)", "s"), "nobody's name becomes a formula"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda ds: 3, "takes a Dataset"),
        (lambda ds: ds.drop_vars("ocr"), "needs 'ocr'"),
        (lambda ds: ds.drop_vars("group"), "needs 'group'"),
        (lambda ds: ds.isel(time=0), "not over well and time"),
        (lambda ds: ds.assign(ocr=ds.ocr.assign_attrs(units="nmol/min/mg")), "ocr is in 'nmol/min/mg'"),
        (lambda ds: ds.assign_coords(well=["A1", "B", "C3", "D4"]), "'B' is not the name of a well"),
        (lambda ds: ds.assign_coords(well=["A1", "A01", "C3", "D4"]), "takes each well once"),
        (lambda ds: ds.assign_coords(well=["A1", "P01", "C3", "D4"]), "on no plate of 8, 24 or 96"),
        (lambda ds: ds.assign_coords(time=np.full(12, np.nan)), "times that are numbers"),
        (lambda ds: ds.assign_coords(measurement=("time", np.arange(12)[::-1])), "measurement does not ascend"),
        (lambda ds: ds.assign_coords(segment=("time", [str(i) for i in range(12)])), "more than 4 injections"),
        (
            lambda ds: ds.assign_coords(group=("well", ["a\x07b", "b", "c", "d"])),
            "characters that a workbook cannot hold",
        ),
    ],
)
def test_what_is_no_plate_is_refused_and_no_file_is_left(tmp_path, change, words):
    with pytest.raises(ParameterError, match=words):
        write_wave(change(some_plate()), tmp_path / "plate.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = plate(tmp_path / "plate.xlsx")
    before = path.read_bytes()

    def fails(self, *arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(openpyxl.Workbook, "save", fails)
    with pytest.raises(MitochemError, match=r"cannot write .*plate\.xlsx: No space left"):
        write_wave(some_plate(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    for where in (tmp_path / "absent" / "a.csv", tmp_path / "folder.csv"):
        (tmp_path / "folder.csv").mkdir(exist_ok=True)
        with pytest.raises(MitochemError, match="cannot write"):
            write_datlab(some_trace(), where)
    for writer, ds in ((write_wave, some_plate()), (write_datlab, some_trace())):
        with pytest.raises(ParameterError, match=r"path = '.*a\.dat'"):
            writer(ds, tmp_path / "a.dat")
        with pytest.raises(ParameterError, match="path = 3 is not a path"):
            writer(ds, 3)


# --- respirometers -------------------------------------------------------------------------------------------------


def some_trace(chambers=("A", "B")):
    time = np.arange(0, 10, 1 / 30)
    oxygen = np.stack([0.19 - 0.004 * time, 0.2 - 0.001 * time**1.5])[: len(chambers)]
    dims = ("chamber", "time")
    events = [
        {"time": 2.0, "name": "1PM", "chamber": None, "text": ""},
        {"time": 4.0, "name": "2D", "chamber": "A", "text": "5 µL"},
        {"time": 4.0, "name": "2D*", "chamber": "B", "text": "4 µL"},
        {"time": 6.01, "name": "U, twice", "chamber": None, "text": "first, second"},
    ]
    return xarray.Dataset(
        {
            "oxygen": (dims, oxygen, {"units": "mM"}),
            "ocr_recorded": (dims, oxygen * 300, {"units": "pmol/(s*mL)"}),
            "TMRM": (dims, oxygen**2, {"units": "µM"}),
            "block": ("time", 37 + 0 * time, {"units": "degC"}),
        },
        {"time": ("time", time, {"units": "min"}), "chamber": list(chambers)},
        {"events": json.dumps(events)},
    )


def test_a_trace_reads_back(tmp_path):
    ds = some_trace()
    ds.oxygen[0, 17] = np.nan
    again = quietly(read_datlab, write_datlab(ds, tmp_path / "a.csv", channels=["TMRM", "block"]))
    for name in ("time", "oxygen", "ocr_recorded"):
        np.testing.assert_allclose(again[name], ds[name], rtol=1e-14)
    np.testing.assert_array_equal(again.tmrm, ds.TMRM)
    assert again.block.dims == ("time",)
    told = json.loads(again.attrs["events"])
    assert [(e["name"], e["chamber"], e["text"]) for e in told] == [
        ("1PM", None, ""),
        ("2D", "A", "5 µL"),
        ("2D*", "B", "4 µL"),
        ("U, twice", None, "first, second"),
    ]
    np.testing.assert_allclose([e["time"] for e in told], [2, 4, 4, 6 + 1 / 30])  # at the next reading
    assert again.segment.sel(chamber="B").values[[0, 60, 120, 181]].tolist() == ["start", "1PM", "2D*", "U, twice"]


def test_a_trace_looks_as_a_real_one(tmp_path):
    path = write_datlab(some_trace(), tmp_path / "a.csv", decimals=4)
    lines = path.read_text("utf-8").splitlines()
    assert lines[0] == (
        '"Time [s]","Event Name","Chamber","Event Text","1A: O2 concentration [µM]","1B: O2 concentration [µM]",'
        '"1A: O2 flux per V [pmol/(s*mL)]","1B: O2 flux per V [pmol/(s*mL)]"'
    )
    assert lines[1] == '0.00,"","","",190.0000,200.0000,57.0000,60.0000'
    assert lines[121] == '240.00,"2D, 2D*","Left, Right","5 µL, 4 µL",174.0000,192.0000,52.2000,57.6000'
    assert len({len(row) for row in csv.reader(lines)}) == 1


@pytest.mark.shared
def test_the_public_trace_reads_back(tmp_path, shared_folder):
    ds = quietly(read_datlab, shared_folder / "data/raw/datlab_fccp_tmrm_20150721_thinned.csv")
    again = quietly(read_datlab, write_datlab(ds, tmp_path / "a.csv", channels=["tmrm", "mtmprel"]))
    for name in ("time", "oxygen", "ocr", "ocr_recorded", "tmrm", "mtmprel"):
        np.testing.assert_allclose(again[name], ds[name], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(again.segment, ds.segment)
    assert [list(e.values())[1:] for e in json.loads(again.events)] == [
        list(e.values())[1:] for e in json.loads(ds.events)
    ]


def test_a_simulation_in_a_closed_chamber_reads_back(tmp_path, mitochondria):
    protocol = mc.Protocol(closed=True).wait(1).add(ADP=0.2).wait(2).add(FCCP=0.1).wait(2)
    run = mitochondria.simulate(protocol, samples=120)
    again = quietly(read_datlab, write_datlab(run, tmp_path / "run.csv"), window=10.0, protein=1.0)
    assert list(again.data_vars) == ["oxygen", "ocr", "J_O2"] or set(again.data_vars) == {"oxygen", "ocr", "J_O2"}
    assert list(dict.fromkeys(again.segment.values[0])) == ["start", "ADP 0.2", "FCCP 0.1"]
    # The rate from the oxygen is the model's flux per volume, away from the additions: the chamber holds 1/volume mg.
    end = run.isel(time=-30)
    slope = float(end.J_O2 / end.volume_bath) / 60 * 1e6
    assert float(again.ocr.sel(time=float(end.time), method="nearest")[0]) == pytest.approx(slope, rel=0.01)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda ds: 3, "takes a Dataset"),
        (lambda ds: ds.drop_vars(["oxygen", "ocr_recorded"]), "needs oxygen, ocr_recorded or ocr"),
        (lambda ds: ds.assign(oxygen=ds.oxygen.assign_attrs(units="mV")), "oxygen is in 'mV'"),
        (
            lambda ds: ds.assign(ocr_recorded=ds.oxygen.assign_attrs(units="pmol/min/well")),
            "ocr_recorded is in 'pmol/min/well'",
        ),
        (lambda ds: ds.assign_coords(time=ds.time[::-1].values), "times in min that ascend"),
        (lambda ds: ds.assign_coords(time=np.full(300, np.nan)), "times in min that ascend"),
        (lambda ds: ds.assign_attrs(events="no JSON"), "'events' is not a list of events"),
        (lambda ds: ds.assign_attrs(events='[{"name": "a"}]'), "'events' is not a list of events"),
        (lambda ds: ds.assign_attrs(events='[{"time": 99, "name": "a"}]'), "is after the last reading"),
        (lambda ds: ds.assign_attrs(events='[{"time": 1, "name": "a, b"}, {"time": 1, "name": "c"}]'), "has a comma"),
        (lambda ds: ds.expand_dims(member=2), "write one member at a time"),
        (lambda ds: ds.drop_vars("time"), "needs 'time'"),
    ],
)
def test_what_is_no_trace_is_refused_and_no_file_is_left(tmp_path, change, words):
    with pytest.raises(ParameterError, match=words):
        write_datlab(change(some_trace()), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_options_of_a_trace(tmp_path):
    for options, words in (
        ({"decimals": -1}, "decimals = -1"),
        ({"decimals": "4"}, "decimals = '4'"),
        ({"decimals": True}, "decimals = True"),
        ({"channels": "TMRM"}, "channels = 'TMRM' is not a sequence"),
        ({"channels": ["TMRN"]}, "needs 'TMRN'.*Did you mean TMRM"),
    ):
        with pytest.raises(ParameterError, match=words):
            write_datlab(some_trace(), tmp_path / "a.csv", **options)
