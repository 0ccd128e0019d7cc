"""Published respiration of animals: rates, ADP/O, and control as the mean of ratios, each of one animal."""

import warnings

import pandas
import pytest
import xarray

from mitochem import readouts
from mitochem.experiments import rates

pytestmark = pytest.mark.shared


def states(table, index, state_3, state_4):
    """Both states as Datasets over the animals that have them."""
    wide = table.pivot(index=index, columns="state", values="J_O2")[[state_3, state_4]].dropna()
    return [
        xarray.Dataset({"J_O2": (index, wide[s].values, {"units": "nmol/min/mg"})}, {index: wide.index})
        for s in (state_3, state_4)
    ]


def test_lizards_as_published(shared_folder):
    table = pandas.read_csv(shared_folder / "data" / "klabacka_2021_lizard_respiration.csv")
    table = table[(table.species == "inornatus") & (table.pathway == "CI")]
    three, four = states(table.rename(columns={"JO2_nmol_per_min_per_mg": "J_O2"}), "individual", "state3", "state4")
    ratios = readouts.rcr(three, four)
    assert ratios.sizes == {"individual": 6}
    assert (float(ratios.mean()), float(ratios.std(ddof=1))) == pytest.approx((3.72, 0.907), abs=0.003)
    for state, mean, sd in ((three, 26.73, 4.65), (four, 7.60, 2.34)):
        assert (float(state.J_O2.mean()), float(state.J_O2.std(ddof=1))) == pytest.approx((mean, sd), abs=0.006)
    assert float(three.J_O2.mean() / four.J_O2.mean()) == pytest.approx(3.518, abs=0.002)


TEMPERATURES = (20, 26, 29, 32)
CHAMBER = 0.2785
"""mL."""


@pytest.fixture
def zebrafish(shared_folder):
    """One row a segment of a run, with its rate; seconds are as the collection infers them."""
    table = pandas.read_csv(shared_folder / "data" / "barneche_2019_zebrafish_mito.csv")
    table["used"] = table.O2_start_umol_per_L - table.O2_end_umol_per_L
    table = table.dropna(subset=["protein_mg_in_chamber"])
    protein = (table.protein_mg_in_chamber / CHAMBER).to_numpy()
    per_minute = (table.used / (table.duration_s_inferred / 60)).to_numpy()
    table["J_O2"] = rates.convert(per_minute, "uM/min", "nmol/min/mg", protein=protein)
    return table


def test_rates_of_zebrafish_by_temperature(zebrafish):
    medians = zebrafish.groupby(["segment", "temperature_C"]).J_O2.median()
    for segment, expected in {"state3_max": (22.4, 28.1, 28.3, 31.7), "state4": (1.8, 2.9, 2.7, 5.1)}.items():
        found = [medians[segment, t] for t in TEMPERATURES]
        assert found == pytest.approx(expected, abs=0.06)


def test_adp_over_oxygen_of_zebrafish_as_published(zebrafish):
    """By the authors' formula, over the whole pulse and per atom: leak is in it, and ADP is nominal."""
    pulse = zebrafish[zebrafish.segment == "state3_whole_ADP_pulse"]
    ratio = 0.025 / (pulse.used * CHAMBER * 1e-3 * 2)
    means = ratio.groupby(pulse.temperature_C).mean()
    assert [means[t] for t in TEMPERATURES] == pytest.approx((0.604, 0.597, 0.850, 0.784), abs=6e-4)


def test_respiratory_control_of_zebrafish_by_temperature(zebrafish):
    table = zebrafish
    for temperature, median in {20: 12.4, 26: 7.36, 29: 10.3, 32: 6.1}.items():
        part = table[table.temperature_C == temperature].rename(columns={"segment": "state"})
        three, four = states(part, "fish_id", "state3_max", "state4")
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            ratios = readouts.rcr(three, four)
        # Where a state 4 is below zero there is no ratio: at 26 °C the median is 7.34 if such a one is counted.
        below = int((four.J_O2 <= 0).sum())
        words = ["RCR is NaN where state 4 consumes no oxygen."] if below else []
        assert [str(w.message) for w in said] == words
        assert int(ratios.isnull().sum()) == below == (temperature == 26)
        assert float(ratios.median()) == pytest.approx(median, abs=0.051 if temperature != 26 else 0.006)
