"""ATP production from oxygen consumption and proton production, by hand."""

import numpy as np
import pytest
from plates import WELL, plate, real_plate

from mitochem import ParameterError
from mitochem.experiments import readouts

OCR = [100] * 3 + [30] * 3 + [200] * 3 + [10] * 3
PER = [300] * 3 + [400] * 3 + [350] * 3 + [320] * 3
# pH 7.4, pKa 6.093: a share 10**1.307 / (1 + 10**1.307) = 20.277 / 21.277 of CO2 is bicarbonate.
SHARE = 20.2768 / 21.2768


def well(ocr=OCR, per=PER, **others):
    return plate({"A02": ("g", ocr)}, per=([per], WELL), **others)


def test_the_formulas_by_hand():
    """OCR of mitochondria 100 - 10 = 90, coupled 100 - 30 = 70."""
    row = readouts.atp_rates(well()).isel(group=0)
    respiratory = SHARE * 90
    glycolytic = (300 - respiratory) + 2 * 0.167 * 90
    oxidative = 2 * 2.486 * 70 + 2 * 0.167 * 90
    assert float(row["per_respiratory"]) == pytest.approx(respiratory, rel=1e-5)
    assert float(row["per_glycolytic"]) == pytest.approx(300 - respiratory, rel=1e-5)
    assert float(row["atp_glycolytic"]) == pytest.approx(glycolytic, rel=1e-5)
    assert float(row["atp_oxidative"]) == pytest.approx(oxidative, rel=1e-12)
    assert float(row["atp_total"]) == pytest.approx(glycolytic + oxidative, rel=1e-5)
    assert float(row["glycolytic_share"]) == pytest.approx(glycolytic / (glycolytic + oxidative), rel=1e-5)
    assert row["atp_total"].attrs["units"] == WELL
    assert str(row["flags"].values) == ""


def test_constants_are_arguments_and_are_remembered():
    row = readouts.atp_rates(
        well(), p_over_o_glycolysis=0.242, p_over_o_tca=0.121, p_over_o_oxphos=2.0, atp_per_lactate=1.5, h_per_o2=0.8,
        pH=6.093,
    )  # fmt: skip
    assert float(row["per_respiratory"][0]) == pytest.approx(0.5 * 0.8 * 90)
    assert float(row["atp_glycolytic"][0]) == pytest.approx(1.5 * (300 - 36) + 2 * 0.242 * 90)
    assert float(row["atp_oxidative"][0]) == pytest.approx(2 * 2.0 * 70 + 2 * 0.121 * 90)
    assert (row.attrs["p_over_o_tca"], row.attrs["pH"]) == (0.121, 6.093)


def test_acidification_is_protons_by_the_buffering_power():
    acid = well().drop_vars("per").assign(ecar=(("well", "time"), [[30.0] * 12], {"units": "mpH/min"}))
    found = readouts.atp_rates(acid, buffering=0.1)
    assert float(found["per_glycolytic"][0]) == pytest.approx(300 - SHARE * 90, rel=1e-5)
    with pytest.raises(ParameterError, match="buffering power"):
        readouts.atp_rates(acid)


def test_proton_production_is_taken_in_its_own_unit():
    nano = well(per=[0.3] * 12)
    nano["per"].attrs["units"] = "nmol H+/min/well"
    assert float(readouts.atp_rates(nano)["per_glycolytic"][0]) == pytest.approx(300 - SHARE * 90, rel=1e-5)
    other = well()
    other["per"].attrs["units"] = "pmol/min/mg"
    with pytest.raises(ParameterError, match="'ocr' is per well and proton production per mg"):
        readouts.atp_rates(other)


def test_an_acute_injection_has_rates_of_its_own():
    ocr = [100] * 3 + [150] * 3 + [30] * 3 + [10] * 3
    per = [300] * 3 + [200] * 3 + [400] * 6
    labels = np.repeat(["basal", "acute", "oligomycin", "rotenone + antimycin A"], 3)
    ds = well(ocr, per).assign_coords(segment=("time", labels))
    row = readouts.atp_rates(ds, phase="acute").isel(group=0)
    assert float(row["atp_oxidative"]) == pytest.approx(2 * 2.486 * 120 + 2 * 0.167 * 140)
    assert float(row["per_glycolytic"]) == pytest.approx(200 - SHARE * 140, rel=1e-5)
    assert float(readouts.atp_rates(ds)["atp_oxidative"][0]) == pytest.approx(2 * 2.486 * 70 + 2 * 0.167 * 90)


def test_more_protons_from_respiration_than_there_are_is_told():
    with pytest.warns(UserWarning, match="respiration makes more protons than are found"):
        row = readouts.atp_rates(well(per=[50] * 12)).isel(group=0)
    assert float(row["per_glycolytic"]) == pytest.approx(50 - SHARE * 90, rel=1e-5)


def test_what_is_missing_or_impossible_is_told():
    with pytest.warns(UserWarning, match="no phase 'oligomycin'"):
        table = readouts.atp_rates(well().isel(time=[0, 1, 2, 6, 7, 8, 9, 10, 11]))
    assert np.isnan(float(table["atp_oxidative"][0]))
    with pytest.warns(UserWarning, match="oxidative ATP production is negative"):
        readouts.atp_rates(well(ocr=[100] * 3 + [120] * 3 + [200] * 3 + [10] * 3))
    gap = well()
    gap["per"][0, 2] = np.nan
    with pytest.warns(UserWarning, match="wells have gaps"):
        readouts.atp_rates(gap)


def test_groups_are_averaged_in_either_order():
    ds = plate({"A1": ("g", OCR), "A2": ("g", 2 * np.array(OCR))}, per=([PER, PER], WELL))
    one, other = readouts.atp_rates(ds), readouts.atp_rates(ds, average="rates")
    assert float(one["atp_oxidative"][0]) == pytest.approx(float(other["atp_oxidative"][0]), rel=1e-12)
    wells = readouts.atp_rates(ds, average=None)
    assert float(wells["atp_oxidative"].mean()) == pytest.approx(float(one["atp_oxidative"][0]), rel=1e-12)
    assert wells["well"].values.tolist() == ["A1", "A2"]


@pytest.mark.shared
def test_cells_of_the_public_plate_live_on_respiration(shared_folder):
    table = readouts.atp_rates(real_plate(shared_folder))
    assert (table["glycolytic_share"] > 0.1).all()
    assert (table["glycolytic_share"] < 0.3).all()
    fixed = readouts.atp_rates(real_plate(shared_folder), convention="fixed", average="rates")
    # Group_1 by measurements 3, 6, 12: 296.8, 101.6, 56.7 pmol/min.
    expected = 2 * 2.486 * (296.77 - 101.624) + 2 * 0.167 * (296.77 - 56.694)
    assert float(fixed["atp_oxidative"][0]) == pytest.approx(expected, rel=1e-4)
