"""Cells in a plate: the stress test, what is read off it, and what is true."""

import csv
from collections import defaultdict

import numpy as np
import pytest

from mitochem import experiments, models, verify

PHASES = ["basal", "oligomycin", "FCCP", "rotenone + antimycin A"]
PER_WELL = 20000 * 4.5e-8 * 1000.0  # cells, mg per cell, pmol per nmol


@pytest.fixture(scope="module")
def cell():
    return models.cultured_cell()


@pytest.fixture(scope="module")
def assay(cell):
    return cell.simulate(experiments.stress_test())


def last(ds, label, name="ocr"):
    return float(ds[name].values[ds["segment"].values == label][-1])


def labels(ds):
    return list(dict.fromkeys(ds["segment"].values.tolist()))


def readings(ds):
    """As the assay reads them: everything less the last reading; the largest one after FCCP."""
    other = last(ds, PHASES[3])
    highest = float(ds["ocr"].values[ds["segment"].values == "FCCP"].max())
    basal, leak = last(ds, "basal") - other, last(ds, "oligomycin") - other
    return {"other": other, "basal": basal, "leak": leak, "maximal": highest - other, "coupling": 1 - leak / basal}


# --- the protocol --------------------------------------------------------------------------------------------------


def test_phases_have_the_names_that_readers_and_readouts_use(assay):
    assert labels(assay) == PHASES
    assert float(assay["time"][-1]) == 72.0, "12 points of 6 min"


def test_length_follows_measurements_and_cycle(cell):
    steps = experiments.stress_test(measurements=4, cycle="390 s").steps
    assert [s.duration for s in steps if s.action == "wait"] == [26.0] * 4


def test_a_compound_goes_in_first(cell):
    run = cell.simulate(experiments.stress_test(compound="rotenone", compound_dose=0.02))
    assert labels(run) == ["basal", "acute", *PHASES[1:]]
    assert last(run, "acute") < last(run, "basal")
    assert last(run, "FCCP") < 0.7 * last(cell.simulate(experiments.stress_test()), "FCCP")


# --- its shape -----------------------------------------------------------------------------------------------------


def test_the_shape_is_that_of_healthy_cells(assay):
    """Coupling 70 to 90 %, maximal 100 to 300 % of basal."""
    found = readings(assay)
    assert 0.70 < found["coupling"] < 0.90
    assert 1.0 < found["maximal"] / found["basal"] < 3.0
    assert found["basal"] > found["leak"] > 0
    assert 0.1 < found["other"] / last(assay, "basal") < 0.3


def test_what_is_left_is_not_mitochondrial(assay):
    """12 nmol O2/min/mg at 0.2 mM with a half-saturation of 5 µM, times the protein of a well."""
    assert last(assay, PHASES[3]) == pytest.approx(PER_WELL * 12.0 * 0.2 / 0.205, rel=1e-3)
    assert last(assay, PHASES[3], "J_leak") == pytest.approx(0, abs=0.01)


def test_oligomycin_leaves_the_leak(assay):
    """What is respired with 20 H+ per O2 comes back through leak and K+ cycle, and nothing is phosphorylated."""
    respired = last(assay, "oligomycin", "J_O2") - last(assay, "oligomycin", "J_O2_non_mitochondrial")
    back = last(assay, "oligomycin", "J_leak") + last(assay, "oligomycin", "J_K_uniport")
    assert 20 * respired == pytest.approx(back, rel=1e-3)
    assert last(assay, "oligomycin", "J_ATP") == pytest.approx(0, abs=0.1)


def test_forces_follow_the_additions(assay):
    basal, blocked, uncoupled, stopped = (last(assay, phase, "pmf") for phase in PHASES)
    assert blocked > basal + 5
    assert uncoupled < basal - 30
    assert abs(stopped) < 1
    assert assay["pmf"].values[5] > 150, "cells are energised from the start"


def test_acid_follows_glycolysis_and_respiration(assay):
    """One H+ per glycolytic ATP; per O2 of mitochondria 1/(1 + 10^(6.1 − 7.4)) = 0.952."""
    for phase in PHASES:
        mitochondrial = last(assay, phase, "J_O2") - last(assay, phase, "J_O2_non_mitochondrial")
        expected = last(assay, phase, "J_glycolysis") + mitochondrial / (1 + 10 ** (6.1 - 7.4))
        assert last(assay, phase, "per") == pytest.approx(PER_WELL * expected, rel=1e-9)
    assert last(assay, "oligomycin", "per") > 1.5 * last(assay, "basal", "per")


def test_glycolysis_takes_over_the_supply_of_atp(assay):
    for phase in PHASES:
        supply = last(assay, phase, "J_ATP") + last(assay, phase, "J_glycolysis")
        assert supply == pytest.approx(last(assay, phase, "J_load"), rel=1e-4)
    total = assay["atp_cytosol"] + assay["adp_cytosol"]
    np.testing.assert_allclose(total, 5.1, rtol=1e-9)
    assert float(assay["atp_cytosol"].min()) > 3


def test_glycolysis_saturates_with_adp(cell):
    """500 ADP/(0.3 + ADP) nmol/min/mg."""
    found = cell.evaluate({"adp_cytosol": np.array([0.0, 0.1, 0.3, 2.7])})["J_glycolysis"]
    np.testing.assert_allclose(found, [0.0, 125.0, 250.0, 450.0])


# --- known biases --------------------------------------------------------------------------------------------------


def test_leak_is_read_at_a_higher_force_than_it_has_in_the_cell(assay):
    read = readings(assay)["leak"]
    true = PER_WELL * (last(assay, "basal", "J_leak") + last(assay, "basal", "J_K_uniport")) / 20
    assert read > 1.5 * true
    atp_linked = PER_WELL * 11 / 3 * last(assay, "basal", "J_ATP") / 20
    assert readings(assay)["basal"] - read < atp_linked, "and so ATP-linked respiration reads low"


def test_oligomycin_does_not_lower_the_maximum_in_this_model(cell):
    """It does in some cells (Ruas 2016); here it raises it by a percent or two. Docstring and truth must agree."""
    doses = np.linspace(0, 3, 61)
    with_it, without = (
        float(cell.titrate("FCCP", doses, c)["J_O2"].max() - 12.0 * 0.2 / 0.205) for c in ({"oligomycin.dose": 1.5}, {})
    )
    assert without < with_it < 1.05 * without
    assert "is not in the model" in experiments.stress_test.__doc__


def test_fccp_in_excess_inhibits(cell):
    run = cell.simulate(experiments.stress_test(fccp=10.0))
    normal = cell.simulate(experiments.stress_test())
    assert last(run, "FCCP") < 0.95 * last(normal, "FCCP")


# --- cells and wells -----------------------------------------------------------------------------------------------


def test_rates_of_a_well_go_with_the_cells():
    few, many = (models.cultured_cell(n).steady_state() for n in (10000, 30000))
    assert float(few["cells_per_well"]) == pytest.approx(10000)
    for name in ("ocr", "per"):
        assert float(many[name]) == pytest.approx(3 * float(few[name]), rel=1e-6)
        assert few[name].attrs["units"] == "pmol/min"
    assert float(many["J_O2"]) == pytest.approx(float(few["J_O2"]), rel=1e-6)


def test_a_closed_well_runs_out_of_oxygen_without_going_below(cell):
    run = cell.replace({"environment.protein": 1.0}).release("oxygen").simulate(t_end=20)
    assert float(run["oxygen"][-1]) == pytest.approx(0, abs=1e-6)
    assert float(run["oxygen"].min()) > -1e-8


def test_temperature_slows_all_of_it(cell):
    cold = cell.replace({"environment.temperature": 300.15}).steady_state()
    ratio = float(cold["J_O2_non_mitochondrial"]) / float(cell.steady_state()["J_O2_non_mitochondrial"])
    assert ratio == pytest.approx(0.5)


@pytest.mark.slow
def test_the_model_is_verified(cell):
    assert verify(cell).ok


@pytest.mark.shared
def test_readings_lie_among_those_of_fibroblasts(assay, shared_folder):
    """Control line on four plates: medians over the wells of each plate."""
    rates, cells = defaultdict(list), defaultdict(list)
    with (shared_folder / "data" / "yepez_2018_fibroblast_ocr.csv").open() as lines:
        for row in csv.DictReader(lines):
            if row["cell_line"] == "NHDF" and row["OCR_pmol_per_min"]:
                rates[row["plate_id"], row["interval"]].append(float(row["OCR_pmol_per_min"]))
                cells[row["plate_id"]].append(float(row["cell_count"] or "nan"))
    plates = sorted(cells)
    assert len(plates) == 4
    table = np.array([[np.median(rates[p, f"Int{i}"]) for i in (1, 2, 3, 4)] for p in plates])
    basal = table[:, 0] - table[:, 3]
    measured = {
        "coupling": 1 - (table[:, 1] - table[:, 3]) / basal,
        "maximal": (table[:, 2] - table[:, 3]) / basal,
        "other": table[:, 3] / table[:, 0],
        "per cell": basal / [np.nanmedian(cells[p]) for p in plates],
    }
    found = readings(assay)
    simulated = {
        "coupling": found["coupling"],
        "maximal": found["maximal"] / found["basal"],
        "other": found["other"] / last(assay, "basal"),
        "per cell": found["basal"] / 20000,
    }
    for name, value in simulated.items():
        assert measured[name].min() < value < measured[name].max(), name
