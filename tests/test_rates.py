"""Rates from the unit of one instrument to that of another."""

import numpy as np
import pytest
import xarray

from mitochem import ParameterError
from mitochem.experiments import rates

convert = rates.convert


def test_a_nanomole_a_minute_is_16_67_picomoles_a_second():
    assert convert(1, "nmol O2/min/mg", "pmol/s/mg") == pytest.approx(16.6667, rel=1e-5)
    assert convert(60, "pmol/(s*mL)", "uM/min") == pytest.approx(3.6, rel=1e-12)
    assert convert(0.06, "uM/min", "pmol/(s*mL)") == pytest.approx(1.0, rel=1e-12)


def test_an_oxygen_molecule_is_two_atoms():
    assert convert(50, "nmol O2/min/mg", "nmol O/min/mg") == pytest.approx(100)
    assert convert(100, "ng-atom O/min/mg", "nmol O2/min/mg") == pytest.approx(50)
    assert convert(50, "nmol/min/mg", "nmol O2/min/mg") == pytest.approx(50), "oxygen means O2"


@pytest.mark.parametrize(
    ("value", "source", "target", "given", "found"),
    [
        # 0.5 mg/mL: 100 nmol/min/mg are 50 nmol/min/mL, 50e3/60 pmol/s/mL.
        (100, "nmol/min/mg", "pmol/(s*mL)", {"protein": 0.5}, 833.333),
        (833.333, "pmol/(s*mL)", "nmol/min/mg", {"protein": 0.5}, 100),
        # 300 pmol/min from 20 000 cells are 15 nmol/min from a million.
        (300, "pmol/min/well", "pmol/min/million cells", {"cells_per_well": 0.02}, 15000),
        # 300 pmol/min from 5 µg of protein are 60 nmol/min/mg.
        (300, "pmol/min/well", "nmol/min/mg", {"protein_per_well": 0.005}, 60),
        (60, "nmol/min/mg", "pmol/min", {"protein_per_well": "5 ug"}, 300),
        # 20 pmol/(s*mL) at a million cells per mL: 20 amol a second from each cell.
        (20, "pmol/(s*mL)", "amol/s/x", {"cells": 1.0}, 20),
        # 2 mL chamber at 0.5 mg/mL hold 1 mg: the whole chamber as one mg.
        (100, "nmol/min/mg", "nmol/min", {"protein": 0.5, "volume": 2.0}, 100),
        # 0.2 mg/mL and 1 million cells/mL: 0.2 mg in a million cells.
        (100, "nmol/min/mg", "nmol/min/10^6 cells", {"protein": 0.2, "cells": 1.0}, 20),
        (10, "nmol ATP/min/mg", "pmol ATP/s/mg", {}, 166.667),
    ],
)
def test_what_a_rate_is_per_changes_with_what_joins_them(value, source, target, given, found):
    assert convert(value, source, target, **given) == pytest.approx(found, rel=1e-5)


@pytest.mark.parametrize(
    "spelling",
    [
        "pmol/(s*mL)", "pmol/(s·ml)", "pmol s-1 mL-1", "pmol·s⁻¹·mL⁻¹", "pmol O2/s/mL", "pmol O₂ s^-1 ml^-1",
        "pmol/s/mL", "nM/s",
    ],
)  # fmt: skip
def test_units_are_read_as_people_write_them(spelling):
    assert convert(7.0, spelling, "pmol/(s*mL)") == pytest.approx(7.0)


@pytest.mark.parametrize("spelling", ["10^6 cells", "10⁶ cells", "1e6 cells", "million cells", "1×10^6 x", "Mio cells"])
def test_a_million_cells_has_many_spellings(spelling):
    assert convert(7.0, f"pmol/min/{spelling}", "pmol/min/million cells") == pytest.approx(7.0)
    assert convert(7.0, f"pmol/min/{spelling}", "amol/min/cell") == pytest.approx(7.0)


def test_arrays_keep_their_shape_and_dataarrays_their_names():
    assert convert([1.0, np.nan], "nmol/min/mg", "pmol/min/mg").tolist()[0] == pytest.approx(1000)
    assert isinstance(convert(1, "nmol/min/mg", "nmol/min/mg"), float)
    array = xarray.DataArray(
        [300.0, 150.0], {"well": ["A1", "A2"]}, "well", "ocr", {"units": "pmol/min/well", "long_name": "OCR"}
    )
    per_well = xarray.DataArray([0.005, 0.0025], {"well": ["A1", "A2"]}, "well")
    found = convert(array, "pmol/min/well", "nmol/min/mg", protein_per_well=per_well)
    assert found.values.tolist() == pytest.approx([60, 60])
    assert (found.name, found.attrs) == ("ocr", {"units": "nmol/min/mg", "long_name": "OCR"})


def test_there_and_back_is_where_it_began():
    given = {"protein": 0.4, "cells": 1.5, "volume": 2.0}
    units = ["nmol O/min/mg", "pmol/(s*mL)", "pmol/min", "amol/s/cell", "mM/min"]
    for source in units:
        for target in units:
            there = convert(123.4, source, target, **given)
            assert convert(there, target, source, **given) == pytest.approx(123.4, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target", "given", "words"),
    [
        ("nmol/min/mg", "pmol/(s*mL)", {}, r"needs protein= \(mg/mL\), or"),
        ("nmol/min/mg", "pmol/min/well", {}, r"protein_per_well= \(mg\), or protein= \(mg/mL\) and volume= \(mL\)"),
        ("nmol/min/mg", "pmol/min/well", {"volume": 0.2}, r"needs protein_per_well= \(mg\), or protein= \(mg/mL\)\.$"),
        ("pmol/(s*mL)", "amol/s/cell", {}, r"cells= \(million cells/mL\)"),
        ("pmol/min/well", "pmol/min/million cells", {}, r"cells_per_well= \(million cells\)"),
    ],
)
def test_the_error_names_what_is_missing(source, target, given, words):
    with pytest.raises(ParameterError, match=words):
        convert(1.0, source, target, **given)


def test_quantities_that_contradict_each_other_are_refused():
    agree = {"protein": 0.5, "volume": 0.2, "protein_per_well": 0.1}
    assert convert(1.0, "nmol/min/mg", "nmol/min/well", **agree) == pytest.approx(0.1)
    with pytest.raises(ParameterError, match="contradict each other"):
        convert(1.0, "nmol/min/mg", "nmol/min/well", **agree | {"volume": 0.3})


def test_wells_that_only_one_side_has_are_not_dropped():
    array = xarray.DataArray([1.0, 2.0], {"well": ["A1", "A2"]}, "well")
    other = xarray.DataArray([1.0, 2.0], {"well": ["A1", "A3"]}, "well")
    with pytest.raises(ParameterError, match="do not match"):
        convert(array, "pmol/min", "pmol/min/mg", protein_per_well=other)
