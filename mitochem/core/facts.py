"""Published facts, one to a row: each with its own unit, conditions and reference; checked, laid out and chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .arguments import number_in, shown
from .described import NUMBERS, Rows
from .errors import ParameterError, ReaderError, nearest
from .units import magnitude

if TYPE_CHECKING:
    import pandas

__all__ = ["Fact", "choose_facts", "fact_of", "facts_of_rows"]

_WORDS = ("unit", "where_read", "note", "reference")  # of a fact, none of its conditions


@dataclass(frozen=True)
class Fact:
    """One published number: a value with its uncertainty, or a range, or a limit; made by ``datasets.fact``.

    ``value`` is NaN for a range (``value_low`` to ``value_high``) and for a limit (one of the two); ``uncertainty`` is
    NaN where none was printed. All four are in ``unit``. ``conditions`` holds what else is stated, numbers in the units
    of the coordinates; ``reference`` is a key of the bibliography, empty where there is nothing that can be cited.
    """

    quantity: str
    value: float
    uncertainty: float
    value_low: float
    value_high: float
    unit: str
    reference: str
    conditions: Mapping[str, str | float]
    where_read: str
    note: str

    def __str__(self) -> str:
        source = self.reference or "no reference to cite"
        return f"{self.quantity} {self._number()} {self.unit} ({source})"

    def _number(self) -> str:
        if not math.isnan(self.value):
            error = "" if math.isnan(self.uncertainty) else f" ± {self.uncertainty:g}"
            return f"= {self.value:g}{error}"
        if math.isnan(self.value_high):
            return f"≥ {self.value_low:g}"
        if math.isnan(self.value_low):
            return f"≤ {self.value_high:g}"
        return f"= {self.value_low:g} to {self.value_high:g}"


def facts_of_rows(source: Path, rows: Rows, description: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Variables and coordinates of a Dataset of facts; numbers that a table does not give at all are NaN."""
    columns = description["columns"]
    for line, row in rows:
        if problem := _problem(row):
            raise ReaderError(f"{source}, line {line}: {problem}.")
    data: dict[str, Any] = {name: (("fact",), np.full(len(rows), math.nan), {}) for name in NUMBERS}
    numbering = {"units": "1", "long_name": "number of the fact, in the order of the table"}
    coordinates: dict[str, Any] = {"fact": (("fact",), np.arange(1, len(rows) + 1), numbering)}
    for name, column in columns.items():
        attributes = {key: column[key] for key in ("units", "long_name", "symbol") if key in column}
        (data if name in NUMBERS else coordinates)[name] = (
            ("fact",),
            np.array([row[name] for _, row in rows]),
            attributes,
        )
    for name, meaning in (("uncertainty", "uncertainty"), ("value_low", "lower end"), ("value_high", "upper end")):
        data[name][2].setdefault("units", columns["value"]["units"])
        data[name][2].setdefault("long_name", f"{meaning}; the table gives none")
    cited = {"units": "1", "long_name": "what to cite for this fact; empty where there is nothing that can be cited"}
    coordinates["reference"] = (("fact",), np.array(_references(source, rows, description)), cited)
    return data, coordinates


def _problem(row: dict[str, Any]) -> str:
    """What is wrong with a fact, or nothing."""
    value, uncertainty, low, high = (row.get(name, math.nan) for name in NUMBERS)
    ends = [end for end in (low, high) if not math.isnan(end)]
    if math.isnan(value) and not ends:
        return f"{row['quantity']} has neither a value nor a range"
    if not math.isnan(value) and ends:
        return f"{row['quantity']} has both a value and a range"
    if len(ends) == 2 and not low < high:
        return f"value_low = {low:g} is not below value_high = {high:g}"
    if not math.isnan(uncertainty) and (math.isnan(value) or uncertainty <= 0):
        return f"uncertainty = {uncertainty:g} must be above 0 and belong to a value"
    return ""


def _references(source: Path, rows: Rows, description: dict[str, Any]) -> list[str]:
    """The reference of each fact: that of its study, or the only one there is."""
    known, keys = description["references"], []
    for line, row in rows:
        study = row.get("study", known[0] if len(known) == 1 else "")
        key = description.get("studies", {}).get(study, study)
        if key not in known and not (key == "" and study):
            raise ReaderError(f"{source}, line {line}: study = {study!r} has no reference." + nearest(study, known))
        keys.append(key)
    return keys


def choose_facts(table: pandas.DataFrame, name: str, chosen: Mapping[str, Any]) -> pandas.DataFrame:
    """The rows of a table that have what is asked for, or an error that names the nearest there is."""
    columns = [column for column in table.columns if column not in NUMBERS]
    said = ""
    for column, wanted in chosen.items():
        if column not in columns:
            raise ParameterError(f"the facts of {name} have no {column!r} to choose by." + nearest(column, columns))
        there = table[column]
        if there.dtype.kind == "f":
            unit = table.attrs["units"][column]
            number = number_in(magnitude(wanted, unit, column), column)
            fits = np.isclose(there, number, rtol=1e-9, atol=0)
            known = [f"{x:g}" for x in sorted(there.dropna().unique())]
        else:
            if not isinstance(wanted, str):
                raise ParameterError(f"{column} = {shown(wanted)} is not a text." + nearest("", there))
            fits, known = there == wanted, [text or "''" for text in there]
        if not fits.any():
            raise ParameterError(f"no fact of {name}{said} has {column} = {wanted!r}." + nearest(str(wanted), known))
        table = table[fits]
        said += f"{' and' if said else ' with'} {column} = {wanted!r}"
    return table


def fact_of(table: pandas.DataFrame, name: str) -> Fact:
    """The only fact of a table, or an error that says in what they differ."""
    if len(table) > 1:
        differing = [
            f"{column}{_several(table[column])}"
            for column in table.columns
            if column not in (*NUMBERS, *_WORDS) and table[column].nunique(dropna=False) > 1
        ]
        how = f"; choose by {' or '.join(differing)}" if differing else ""
        raise ParameterError(f"{len(table)} facts of {name} fit{how}.")
    row = table.iloc[0]
    rest = {c: row[c] for c in table.columns if c not in (*NUMBERS, *_WORDS, "quantity")}
    stated = {c: v if isinstance(v, str) else float(v) for c, v in rest.items() if v != "" and v == v}
    told: dict[str, Any] = {number: float(row[number]) for number in NUMBERS}
    told |= {word: str(row.get(word, "")) for word in _WORDS}
    return Fact(quantity=str(row["quantity"]), conditions=stated, **told)


def _several(values: pandas.Series) -> str:
    """The distinct values of a column as an error quotes them, unless they are whole sentences."""
    texts = [f"{v}" if v != "" and v == v else "not stated" for v in values.unique()]
    return f" ({', '.join(texts)})" if max(map(len, texts)) <= 30 else ""
