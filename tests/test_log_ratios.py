"""Log ratios of a stress test, by rates whose logarithms are known."""

from __future__ import annotations

import numpy as np
import pytest
import xarray

from mitochem.experiments import readouts

EXPECTED = {
    "log_basal_over_non_mitochondrial": 2.0794415,  # ln 8
    "log_basal_over_oligomycin": 1.3862944,  # ln 4
    "log_oligomycin_over_non_mitochondrial": 0.6931472,  # ln 2
    "log_maximal_over_basal": 0.6931472,
    "log_maximal_over_non_mitochondrial": 2.7725887,  # ln 16
}


@pytest.fixture
def plate():
    rates = np.array([[8.0, 2.0, 16.0, 1.0], [24.0, 6.0, 48.0, 3.0]])
    phases = ["basal", "oligomycin", "FCCP", "rotenone + antimycin A"]
    return xarray.Dataset(
        {"ocr": (("well", "time"), rates, {"units": "pmol/min/well"})},
        {
            "well": ["A01", "A02"],
            "group": ("well", ["cells", "cells"]),
            "time": ("time", [3.0, 9.0, 15.0, 21.0], {"units": "min"}),
            "measurement": ("time", [1, 2, 3, 4]),
            "segment": ("time", phases),
        },
    )


@pytest.mark.parametrize("average", ["parameters", "rates"])
def test_three_times_the_cells_do_not_change_a_ratio(plate, average):
    table = readouts.stress_test_log_ratios(plate, average=average)
    for name, value in EXPECTED.items():
        assert float(table[name].sel(group="cells")) == pytest.approx(value, rel=1e-6)


def test_the_table_says_which_variable_was_read(plate):
    assert readouts.stress_test_log_ratios(plate).attrs["rate"] == "ocr"


def test_with_gaps_every_reading_of_a_group_counts_once(plate):
    twice = xarray.concat([plate, plate.assign_coords(time=plate.time + 3.0)], "time").sortby("time")
    twice = twice.assign_coords(measurement=("time", np.arange(1, 9)))
    ocr = twice["ocr"].values.copy()
    ocr[0, 0] = np.nan
    gappy = twice.assign(ocr=(("well", "time"), ocr, twice["ocr"].attrs))
    table = readouts.stress_test_log_ratios(gappy, average="rates")
    # Basal (ln 8 + 2 ln 24)/3, with oligomycin (2 ln 2 + 2 ln 6)/4.
    assert float(table["log_basal_over_oligomycin"][0]) == pytest.approx(2.8118498 - 1.2424533, rel=1e-6)
