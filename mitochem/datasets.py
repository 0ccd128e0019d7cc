"""Small sets of published numbers that ship with mitochem, each with its units, conditions, caveats and citation.

A data set is a table ``<name>.csv`` beside a description ``<name>.toml``, which names its layout:

``series``
    Measured series. The first dimension labels the series (a medium, a chamber), the second counts the points of
    each in the order of the file; with one dimension there is one row to a label.
``facts``
    A list of published facts along the dimension ``fact``, each with its own unit, conditions and reference: a
    value, with its uncertainty where one was printed, or a range, or a limit.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .core.bibliography import bibtex
from .core.described import LISTS, NUMBERS, TEXTS, Rows, described, folder_of_tables, names_of_tables, rows_of
from .core.errors import ParameterError, ReaderError, nearest
from .core.facts import Fact, choose_facts, fact_of, facts_of_rows

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["Fact", "citation", "fact", "facts", "list", "load"]


def load(name: str, *, folder: str | Path | None = None) -> xarray.Dataset:
    """One data set, as published.

    Parameters
    ----------
    name : str
        As in ``list()``.
    folder : path, optional
        Another folder of tables and descriptions laid out like those that ship with mitochem.

    Returns
    -------
    xarray.Dataset
        ``units`` and ``long_name`` on every variable; what was not measured or not stated is NaN (or an empty
        text). Facts have the variables ``value``, ``uncertainty``, ``value_low`` and ``value_high`` in the unit that
        the coordinate ``unit`` gives for each, and their conditions and references as further coordinates. The
        attributes hold the title, citation, doi, conditions (JSON), caveats, what was inferred, the licence, the
        layout, and the SHA-256 of the table.

    Raises
    ------
    ParameterError
        If there is no such data set.
    ReaderError
        If its table or description is damaged; the message names the file and the line.
    """
    import xarray

    description, source = described(name, folder)
    digest, rows = rows_of(source, description["columns"])
    lay_out = facts_of_rows if description["layout"] == "facts" else _series_of_rows
    data, coordinates = lay_out(source, rows, description)
    about = {
        **{key: description[key] for key in (*TEXTS, "layout")},
        **{key: "\n".join(description[key]) for key in LISTS},
        "conditions": json.dumps(description["conditions"], ensure_ascii=False),
        "references": "; ".join(description["references"]),
        "source_file": source.name,
        "source_sha256": digest,
    }
    return xarray.Dataset(data, coordinates, about)


def facts(name: str, *, folder: str | Path | None = None, **chosen: Any) -> pandas.DataFrame:
    """Facts of a data set, all or those chosen by what they are of.

    Parameters
    ----------
    name : str
        A data set that ``list()`` shows as facts.
    folder : path, optional
        As in ``load``.
    **chosen : str or float
        What the facts must have, by coordinate: ``quantity="H_per_ATP"``, ``enzyme="CF0F1"``, ``pH_out=8.45``,
        ``adp="200 uM"``. Numbers are in the unit of the coordinate, or have one.

    Returns
    -------
    pandas.DataFrame
        One row to a fact. The columns begin with quantity, value, uncertainty, value_low, value_high and unit;
        ``reference`` is the key of what to cite, empty where nothing can be cited. ``attrs`` hold the title, the
        caveats and the units of the columns.

    Raises
    ------
    ParameterError
        If there is no such data set, coordinate or fact; the message names the nearest.
    """
    ds = load(name, folder=folder)
    if ds.attrs["layout"] != "facts":
        known = [n for n in names_of_tables(folder_of_tables()) if described(n, None)[0]["layout"] == "facts"]
        raise ParameterError(f"{name} holds measured series, not facts: use load." + nearest(name, known))
    first = ["quantity", *NUMBERS, "unit"]
    table = ds.to_dataframe().rename_axis("fact")
    table = table[first + [column for column in table.columns if column not in first]]
    table.attrs = {
        "title": ds.attrs["title"],
        "caveats": ds.attrs["caveats"],
        "units": {column: ds[column].attrs["units"] for column in table.columns},
    }
    return choose_facts(table, name, chosen)


def fact(name: str, *, folder: str | Path | None = None, **chosen: Any) -> Fact:
    """The one fact that was chosen, a value with its uncertainty and unit.

    Parameters
    ----------
    name, folder, **chosen
        As in ``facts``.

    Returns
    -------
    Fact
        With value, uncertainty, value_low, value_high (NaN where not given), unit, reference, conditions and note.

    Raises
    ------
    ParameterError
        As in ``facts``, and if several facts fit; the message says in what they differ.

    Examples
    --------
    >>> print(fact("turina_petersen_h_per_atp", quantity="H_per_ATP", pH_out=8.45))
    H_per_ATP = 3.9 ± 0.2 mol/mol (Turina2003)
    """
    return fact_of(facts(name, folder=folder, **chosen), name)


def list() -> pandas.DataFrame:
    """What there is: name, title, layout (series or facts), number of rows, and the keys of its citation."""
    import pandas

    entries = []
    for name in names_of_tables(folder_of_tables()):
        about, source = described(name, None)
        points = len(rows_of(source, about["columns"])[1])
        entries.append((name, about["title"], about["layout"], points, "; ".join(about["references"])))
    return pandas.DataFrame(entries, columns=["name", "title", "layout", "points", "citation"])


def citation(name: str) -> str:
    """BibTeX of what to cite when a data set is used; of single facts, cite those of the column ``reference``."""
    return bibtex(described(name, None)[0]["references"])


def _series_of_rows(source: Path, rows: Rows, description: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Variables and coordinates of a Dataset of measured series."""
    series, *counters = description["dims"]
    labels, shape = _series(source, rows, series, counted=bool(counters))
    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for variable, column in description["columns"].items():
        values = np.array([row[variable] for _, row in rows]).reshape(shape)
        attributes = {key: column[key] for key in ("units", "long_name", "symbol") if key in column}
        dims = tuple(column["dims"])
        if variable == series:
            values = np.array(labels)
        elif len(dims) < len(shape):
            values = _common(source, rows, variable, values, 0 if [*dims] == counters else 1)
        place = coordinates if variable == series or column.get("coordinate", False) else data
        place[variable] = (dims, values, attributes)
    return data, coordinates


def _series(source: Path, rows: Rows, series: str, *, counted: bool) -> tuple[Any, tuple[int, ...]]:
    """Labels of the series and the shape (series, points); the rows of one series stand together, all equally many."""
    counts = Counter(row[series] for _, row in rows)
    label, times = counts.most_common(1)[0]
    if not counted and times > 1:
        second = [line for line, row in rows if row[series] == label][1]
        raise ReaderError(f"{source}, line {second}: {series} = {label} stands there twice.")
    if len(set(counts.values())) > 1:
        raise ReaderError(f"{source}, line {rows[-1][0]}: unequal numbers of rows by {series}: {dict(counts)}.")
    labels, points = tuple(counts), len(rows) // len(counts)
    for position, (line, row) in enumerate(rows):
        if row[series] != labels[position // points]:
            raise ReaderError(f"{source}, line {line}: {series} = {row[series]} stands apart from its series.")
    return labels, (len(labels), points) if counted else (len(labels),)


def _common(source: Path, rows: Rows, variable: str, values: np.ndarray, axis: int) -> np.ndarray:
    """Values that must not vary along an axis, without that axis."""
    first = np.take(values, [0], axis)
    same = (values == first) | ((values != values) & (first != first))  # NaN differs from itself
    if not same.all():
        line, row = rows[int(np.flatnonzero(~same)[0])]
        raise ReaderError(f"{source}, line {line}: {variable} = {row[variable]} differs from the row it belongs with.")
    return first.squeeze(axis)
