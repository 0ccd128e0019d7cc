"""Traces from O2view, by a description of their layout: no file of the instrument could be had."""

import json
import warnings

import numpy as np
import pytest
from traces import o2view, quietly

from mitochem import ParameterError, ReaderError
from mitochem.readers import read_o2view


def test_o2view(tmp_path):
    path = o2view(tmp_path / "a.csv", end="End Of File\nChecksum, -123456\n")
    with pytest.warns(UserWarning, match="does not say the unit of oxygen: nmol/mL is assumed"):
        ds = read_o2view(path)
    assert ds.oxygen.dims == ("time",)
    assert (float(ds.time[-1]), float(ds.oxygen[0])) == (2.0, 0.25)
    np.testing.assert_allclose(ds.ocr, 100.0, rtol=1e-6)  # 0.1 nmol/mL/s
    assert np.isnan(ds.ocr_recorded[:5]).all(), "INVALID is no number"
    np.testing.assert_allclose(ds.ocr_recorded[5:], 100.0)  # -6 nmol/mL/min: a fall of oxygen, so positive here
    assert json.loads(ds.attrs["events"]) == [{"time": 1.0, "name": "ADP", "chamber": None, "text": "Manual; 200 uM"}]
    assert ds.segment.values[[59, 60]].tolist() == ["start", "ADP"]
    assert json.loads(ds.attrs["settings"])["Set Temperature"] == "37"
    ds = quietly(read_o2view, path, oxygen_unit="umol/L", protein=2.0)
    np.testing.assert_allclose(ds.J_O2, 3.0, rtol=1e-6)  # 6 nmol/mL/min by 2 mg/mL
    assert np.isnan(quietly(read_o2view, o2view(path, rate=6.0), oxygen_unit="uM").ocr_recorded[0])


def test_o2view_with_two_electrodes_and_units_in_headings(tmp_path):
    electrodes = ",".join(f"Oxygen {n} (nmol/ml),Rate {n} (nmol/ml/min)" for n in (1, 2))
    head = f"Time (s),{electrodes},Label,Trace,Type,Comment"
    ds = quietly(read_o2view, o2view(tmp_path / "a.csv", head=head, extra="200,0.0,"))
    assert ds.chamber.values.tolist() == ["1", "2"]
    np.testing.assert_allclose(ds.oxygen.sel(chamber="2"), 0.2)
    np.testing.assert_allclose(ds.ocr.sel(chamber="1"), 100.0, rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"settings": "O2view,1.0\n"}, "no line says 'RECORDED DATA'"),
        ({"head": "Time,Temperature,Rate 1,Label,Trace,Type,Comment"}, "no heading with Time and Oxygen 1 follows"),
        ({"head": "Time,Oxygen 1,pH,Label,Trace,Type,Comment"}, "the heading has 'pH'"),
        ({"head": "Time (mV),Oxygen 1,Rate 1,Label,Trace,Type,Comment"}, "time is in 'mv'"),
        ({"head": "Time,Oxygen 1 (%),Rate 1,Label,Trace,Type,Comment"}, "Oxygen 1 is in '%'"),
        ({"head": "Time,Rate 1,Oxygen 1,Label,Trace,Type,Comment"}, "is 'INVALID'"),
        ({"end": "12,abc,3,,,,\n"}, "is 'abc'"),
        ({"end": "something else\n"}, "has 1 cells under 7 headings"),
        ({"end": "12,\n"}, "has 2 cells under 7 headings; the file may be cut short"),
    ],
)
def test_o2view_refuses_what_it_does_not_recognise(tmp_path, change, words):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ReaderError, match=words):
            read_o2view(o2view(tmp_path / "a.csv", **change))


def test_o2view_leaves_out_a_rate_that_does_not_fit(tmp_path):
    path = o2view(tmp_path / "a.csv", rate=0.0)
    with pytest.warns(UserWarning, match="the column Rate does not follow the change of oxygen"):
        assert "ocr_recorded" not in read_o2view(path, oxygen_unit="uM")
    with pytest.raises(ParameterError, match="oxygen_unit = 'kPa'"):
        read_o2view(path, oxygen_unit="kPa")
