"""Files of published facts: damage is refused with its line, and they hold what the tables they were made from hold."""

import csv
import math

import numpy as np
import pytest
from test_datasets import REFERENCE, needs_reference
from test_datasets_facts import BENZ, FACTS, FENIOUK, FISCHER, HINKLE, LEMIEUX, TURINA

from mitochem import datasets
from mitochem.core.errors import ReaderError

# --- damage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",3.9,0.2,,", ",3.9,-0.2,,", "line 2: uncertainty = -0.2 must be above 0"),
        (",3.9,0.2,,", ",,0.2,,", "line 2: H_per_ATP has neither a value nor a range"),
        (",3.9,0.2,,", ",3.9,0.2,3,", "line 2: H_per_ATP has both a value and a range"),
        (",3.9,0.2,,", ",,0.2,3,", "line 2: uncertainty = 0.2 must .* belong to a value"),
        (",37,2,", ",inf,2,", "line 3: value is 'inf', not a finite number"),
        ("kJ/mol", "", "line 3: unit is empty"),
        ("Rumberg1990", "Rumberg1909", "line 10: study = 'Rumberg1909' has no reference. Did you mean Rumberg1990"),
        ("uncertainty,", "", "line 1: the columns are"),
        ("Turina2003,", "", r"line 2: \d+ cells; expected 14"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(copies, old, new, message):
    path = copies / f"{TURINA}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    for ask in (datasets.load, datasets.facts):
        with pytest.raises(ReaderError, match=rf"{TURINA}\.csv, {message}"):
            ask(TURINA, folder=copies)


def test_a_range_upside_down_is_refused(copies):
    path = copies / f"{FISCHER}.csv"
    path.write_text(path.read_text("utf-8").replace("140,190", "190,140"), "utf-8")
    with pytest.raises(ReaderError, match="line 15: value_low = 190 is not below value_high = 140"):
        datasets.load(FISCHER, folder=copies)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('layout = "facts"', 'layout = "fact"', r", line 6: layout = 'fact' is not known\. Did you mean facts"),
        ('dims = ["fact"]', 'dims = ["facts"]', r", line 7: dims = \['facts'\]"),
        ("value = {}", "", ": the columns of facts lack value"),
        ("unit = {}", "unit = 3", r", line \d+: column unit must be a table"),
        ("value = {}", 'value = { kind = "text" }', r", line \d+: column value cannot be of the kind 'text'"),
        ("unit = {}", 'unit = { kind = "txt" }', r", line \d+: column unit cannot be of the kind 'txt'"),
        ("value = {}", "value = { dims = 3 }", r", line \d+: column value has dims = 3"),
        ("[conditions]", "studies = 3\n[conditions]", r", line \d+: studies must be a table"),
        ("unit = {}", "unit = {", r" is not a readable description .*line \d+"),
        ('long_name = "ATP synthase"', 'longname = "ATP synthase"', r", line \d+: column enzyme lacks long_name"),
        ("references = [", "reference = [", " does not give references"),
        ('doi = "', 'doi = 3 # "', r", line \d+: doi must be a text"),
        ("inferred = [", "inferred = [ 3,", r", line \d+: inferred must be a list of texts"),
    ],
)
def test_a_damaged_description_is_refused_with_its_line(copies, old, new, message):
    path = copies / f"{TURINA}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReaderError, match=rf"{TURINA}\.toml{message}"):
        datasets.load(TURINA, folder=copies)


def test_a_state_that_stands_there_twice_is_refused(copies):
    path = copies / f"{LEMIEUX}.csv"
    path.write_text(path.read_text("utf-8").replace("ETS_PMGS", "ETS_PMG"), "utf-8")
    with pytest.raises(ReaderError, match="line 6: state = ETS_PMG stands there twice"):
        datasets.load(LEMIEUX, folder=copies)


# --- against the tables they were made from -------------------------------------------------------------------------

RENAMED = {
    FISCHER: {"observation": "quantity", "K_in_mM": "K_in", "K_out_mM": "K_out", "ADP_uM": "adp", "Pi_mM": "phosphate"},
    BENZ: {"parameter": "quantity"},
    FENIOUK: {"delta_psi_mV": "delta_psi"},
}
WORDED_ANEW = {FENIOUK: "note", HINKLE: "where_read"}  # one text for the two ends of a range


def unfolded(name):
    """The facts with their numbers back where the source has them: a row to each end of a range named so there."""
    for _, row in datasets.facts(name).iterrows():
        row = dict(row)
        low, high = row["value_low"], row["value_high"]
        if name in (FENIOUK, HINKLE) and math.isnan(row["value"]):
            for end in ("low", "high"):
                yield row | {"quantity": f"{row['quantity']}_{end}", "value": row[f"value_{end}"]}
            continue
        if name == FISCHER:
            row["temperature_C"] = span(row.pop("temperature_low"), row.pop("temperature_high"))
            row["delta_psi_mV"] = ""
            row["value"] = span(low, high) or row["value"]
        if row.get("study") == "Junge1970":
            row["value"] = low
        yield row


def span(low, high):
    return "" if math.isnan(low) else f"{low:g}-{high:g}"


def same(ours, theirs):
    if isinstance(ours, str):
        return ours == theirs
    return math.isnan(ours) if theirs == "" else ours == float(theirs)


class TestAgainstTheReferenceTables:
    pytestmark = needs_reference

    @staticmethod
    def source(name):
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @pytest.mark.parametrize("name", FACTS)
    def test_facts_equal_their_source(self, name):
        ours, theirs = list(unfolded(name)), self.source(name)
        assert len(ours) == len(theirs)
        above = {}
        for mine, row in zip(ours, theirs):
            for column, cell in row.items():
                variable = RENAMED.get(name, {}).get(column, column)
                above[column] = cell = above[column] if cell == "as above" else cell
                if variable == WORDED_ANEW.get(name) and not math.isnan(mine["value_low"]):
                    continue
                assert same(mine[variable], cell), (column, row)

    def test_states_of_the_heart_equal_their_source(self):
        rows = self.source(LEMIEUX)
        rate = datasets.load(LEMIEUX)["J_O2"]
        assert rate["state"].values.tolist() == [row["state"] for row in rows]
        np.testing.assert_array_equal(rate, [float(row["JO2_digitised"]) for row in rows])
