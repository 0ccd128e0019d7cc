"""Noise and settings of virtual instruments: estimated from plates, with unit, bounds and source."""

import math
import pickle
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest
from recorded_runs import PHASES, STRESS_TEST, robust
from scipy.optimize import least_squares

from mitochem.core.bibliography import known
from mitochem.experiments.instruments import (
    PlateReader,
    Respirometer,
)


@pytest.fixture(scope="module")
def stress_test(mitochondria):
    return mitochondria.simulate(STRESS_TEST)


# --- what the noise was estimated from -----------------------------------------------------------------------------


def noise_of(table):
    """Measurement and additive noise, and the scatter of wells, of rates by plate, group, well, phase, measurement.

    A measurement's residual is against its well in that phase and against its group; three of them leave two degrees of
    freedom. Its variance, by group and phase, is that of a factor and that of an additive part over the rate. Wells:
    what the first and third phase share. All by medians, because real wells have outliers.
    """
    table = table[table["ocr"] > 0].assign(log=lambda t: np.log(t["ocr"]))
    group, phase = ["plate", "group"], ["phase"]
    table["r"] = table["log"] - table.groupby([*group, "measurement"])["log"].transform("median")
    wells = table.groupby([*group, "well", *phase])["r"]
    table["residual"] = table["r"] - wells.transform("mean")
    cells = table.groupby([*group, *phase]).agg(ocr=("ocr", "median"), sd=("residual", robust))
    fit = least_squares(
        lambda q: np.log(q[0] ** 2 + (q[1] / cells["ocr"]) ** 2) - np.log(1.5 * cells["sd"] ** 2), [0.05, 1.0]
    )
    first, third = (wells.mean().unstack()[label] for label in sorted(set(table["phase"]))[:3:2])
    shared = math.sqrt((robust(first + third) ** 2 - robust(first - third) ** 2) / 4)
    return abs(fit.x[0]), abs(fit.x[1]), shared


@pytest.mark.shared
def test_noise_defaults_are_those_of_the_fibroblast_plates(shared_folder):
    """OCR-Stats, four plates: to the digits that the defaults have."""
    raw = pd.read_csv(shared_folder / "data" / "yepez_2018_fibroblast_ocr.csv")
    columns = {"plate_id": "plate", "cell_line": "group", "interval": "phase", "OCR_pmol_per_min": "ocr"}
    table = raw.rename(columns=columns)
    measured, additive, wells = noise_of(table)
    reader = PlateReader()
    assert measured == pytest.approx(reader.measurement_noise, abs=5e-4)
    assert additive == pytest.approx(reader.additive_noise, abs=5e-3)
    assert wells == pytest.approx(reader.well_spread, abs=5e-3)
    control = table[table["group"] == "NHDF"].groupby(["plate", "phase"])["ocr"].median().unstack()
    assert control.shape == (4, 4)
    spread = np.log(control).std()
    assert math.sqrt((spread**2).mean()) == pytest.approx(reader.plate_spread, abs=5e-3)
    assert spread.min() > wells, "between plates more than within"
    assert control["Int4"].median() == pytest.approx(reader.non_mitochondrial, abs=0.05)


def test_a_virtual_plate_has_the_noise_it_was_given(stress_test):
    """The estimate from real plates finds the settings of virtual ones: of three groups on ten plates."""
    rows = []
    levels = {"low": 0.3, "middle": 1.0, "high": 3.0}
    runs = {
        name: stress_test.assign(J_O2=stress_test["J_O2"] * f).assign_attrs(stress_test.attrs)
        for name, f in levels.items()
    }
    for run in runs.values():
        run["J_O2"].attrs = stress_test["J_O2"].attrs
    for seed in range(10):
        plate = PlateReader(seed=seed, wells=30).record(runs)
        frame = plate["ocr"].to_dataframe().reset_index()
        rows.append(frame.assign(plate=seed, phase=frame["segment"].map({p: i for i, p in enumerate(PHASES)})))
    measured, additive, wells = noise_of(pd.concat(rows))
    assert measured == pytest.approx(0.026, rel=0.1)
    assert additive == pytest.approx(0.75, rel=0.1)
    assert wells == pytest.approx(0.20, rel=0.1)


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("instrument", [PlateReader, Respirometer])
def test_every_number_of_an_instrument_has_unit_bounds_and_source(instrument):
    table = instrument().settings
    assert set(table.index) == set(instrument.declared())
    for name, row in table.iterrows():
        assert row["lower"] <= row["value"] <= row["upper"], name
        assert row["source"].startswith("assumed: ") or row["source"] in known(), name
        assert f"{name}" in instrument.__doc__
        assert f" : {row['unit']}\n" in instrument.__doc__, name
    assert set(instrument.OFF) <= set(instrument.declared())


def test_an_instrument_is_an_immutable_value():
    reader = PlateReader(seed=3, wells=4)
    assert pickle.loads(pickle.dumps(reader)) == reader
    assert replace(reader, seed=4).seed == 4
    with pytest.raises(FrozenInstanceError):
        reader.seed = 1
    assert Respirometer(interval="0.5 min").interval == 30.0
