"""The windows of real mitochondria, for substrates and presets: which were calibrated, which are predictions."""

import numpy as np
import pytest

from mitochem import ParameterError, analysis, models
from mitochem.analysis.window_rows import CASES, ROWS
from mitochem.models.presets import PRESETS, table

# Where a model lies outside, and the docs say why. A miss that disappears is news, too.
MISSES = {
    "liver NADH": {"efficiency_chain"},
    "liver succinate": {"ocr_state_4", "delta_Gp_state_4", "efficiency", "efficiency_chain"},
    "heart NADH": {"delta_Gp_state_4", "energisation", "efficiency_chain"},
    "heart succinate": {
        "leak_share_state_3", "control_chain_state_3", "control_phosphorylation_state_3", "delta_Gp_state_4",
        "efficiency_chain",
    },
}  # fmt: skip

# Section I and L, column "ref": NADH-linked liver, tolerance half a unit of the last digit printed, or 1 %.
REFERENCE = {
    "pmf_state_4": (184.95, 0.02),
    "pmf_state_3": (155.6, 0.06),
    "delta_psi_state_4": (169.7, 0.06),
    "delta_pH_state_4": (0.248, 0.001),
    "ocr_state_4": (20.2, 0.06),
    "ocr_state_3": (157.1, 0.06),
    "rcr": (7.79, 0.01),
    "p_over_o": (2.601, 0.001),
    "leak_share_state_3": (0.0456, 0.0001),
    "leak_share_cell": (0.21, 0.005),
    "control_leak_state_4": (0.75, 0.01),
    "control_phosphorylation_state_3": (0.52, 0.01),
    "control_chain_state_3": (0.45, 0.01),
    "control_leak_state_3": (0.03, 0.01),
    "delta_Gp_state_4": (65.43, 0.01),
    "energisation": (26.0, 1.0),
    "slow_mode": (180.0, 5.0),
    "efficiency": (0.57, 0.005),
}


@pytest.fixture(scope="module")
def found():
    return analysis.windows()


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_inside_or_known_to_miss(case, found):
    here = found.sel(case=case)
    outside = set(here["row"].values[~here["inside"].values].tolist())
    assert outside == MISSES[case]
    for row in outside:
        assert ROWS[row].miss, f"{row} is outside and nothing says why"


@pytest.mark.parametrize("row", REFERENCE)
def test_reference_run(row, found):
    value, tolerance = REFERENCE[row]
    assert float(found["value"].sel(case="liver NADH", row=row)) == pytest.approx(value, abs=tolerance)


def test_table_says_what_was_calibrated(found):
    kind = found["kind"]
    assert set(np.unique(kind)) == {"calibrated", "prediction", "identity"}
    assert kind.sel(case="liver NADH", row="ocr_state_3") == "calibrated"
    assert (kind.sel(row="p_over_o") == "prediction").all()
    # Nothing was fitted to heart on succinate; the medium of one row was chosen for every case.
    fitted = kind.sel(case="heart succinate") == "calibrated"
    assert kind["row"].values[fitted.values].tolist() == ["delta_psi_collapsed"]
    assert kind.sel(case="heart NADH", row="delta_psi_data") == "calibrated"
    assert kind.sel(case="heart NADH", row="delta_psi_data_low_Pi") == "prediction"


def test_rows_have_sources(found):
    assert all(found["source"].values)
    assert all(found["quantity"].values)


def test_identities_are_exact_in_every_case(found):
    rows = [r for r in found["row"].values if (found["kind"].sel(row=r) == "identity").all()]
    assert len(rows) == 2
    assert found["inside"].sel(row=rows).all()


def test_unknown_case_is_refused():
    with pytest.raises(ParameterError, match="liver NADH"):
        analysis.windows("liver NADHH")


# --- presets -------------------------------------------------------------------------------------------------------


def test_liver_is_the_default():
    assert models.isolated_mitochondria(preset="liver") == models.isolated_mitochondria()


@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
def test_heart_says_where_its_values_come_from(substrate):
    model = models.isolated_mitochondria(substrate, preset="heart")
    parameters = model.parameters
    for address, (value, status, source) in PRESETS["heart"].of(substrate).items():
        assert model[address] == value
        assert parameters.loc[address, "status"] == status
        assert parameters.loc[address, "source"] == source
        low, high = parameters.loc[address, ["plausible_low", "plausible_high"]]
        assert low <= value <= high, address
    assert "Bazil2016" in model.cite()
    assert "heart" in model.description


def test_sources_of_presets_are_known_or_honest():
    from mitochem.core.bibliography import known

    for row in table().itertuples():
        assert row.source in known() or row.source.startswith("assumed: "), row
        assert row.status in ("calibrated", "assumed", "read", "derived", "recalled")
        assert (row.status == "assumed") == row.source.startswith("assumed: ")


def test_unknown_preset_is_refused():
    with pytest.raises(ParameterError, match=r"hart.*heart"):
        models.isolated_mitochondria(preset="hart")
