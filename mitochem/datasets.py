"""Small measured data sets that ship with mitochem, each with its units, conditions, caveats and citation.

A data set is a table ``<name>.csv`` beside a description ``<name>.toml``. Its first dimension labels the series
(a medium, a chamber), its second counts the points of each series in the order of the file.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import math
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .core.bibliography import bibtex
from .core.errors import ParameterError, ReaderError, nearest

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["citation", "list", "load"]

_TEXTS = ("title", "citation", "doi", "licence")
_LISTS = ("caveats", "inferred")
_DESCRIBED = (*_TEXTS, *_LISTS, "references", "dims", "conditions", "columns")


def load(name: str, *, folder: str | Path | None = None) -> xarray.Dataset:
    """One data set, as measured.

    Parameters
    ----------
    name : str
        As in ``list()``.
    folder : path, optional
        Another folder of tables and descriptions laid out like those that ship with mitochem.

    Returns
    -------
    xarray.Dataset
        ``units`` and ``long_name`` on every variable; what was not measured is NaN. The attributes hold the title,
        citation, doi, conditions (JSON), caveats, what was inferred, the licence, and the SHA-256 of the table.

    Raises
    ------
    ParameterError
        If there is no such data set.
    ReaderError
        If its table or description is damaged; the message names the file and the line.
    """
    import xarray

    description, source = _description(name, folder)
    digest, rows = _rows(source, description["columns"])
    series, counter = description["dims"]
    labels, shape = _series(source, rows, series)

    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {}
    for variable, column in description["columns"].items():
        values = np.array([row[variable] for _, row in rows]).reshape(shape)
        attributes = {key: column[key] for key in ("units", "long_name", "symbol") if key in column}
        dims = tuple(column["dims"])
        if variable == series:
            values = np.array(labels)
        elif len(dims) == 1:
            values = _common(source, rows, variable, values, 0 if dims == (counter,) else 1)
        place = coordinates if variable == series or column.get("coordinate", False) else data
        place[variable] = (dims, values, attributes)

    about = {
        **{key: description[key] for key in _TEXTS},
        **{key: "\n".join(description[key]) for key in _LISTS},
        "conditions": json.dumps(description["conditions"], ensure_ascii=False),
        "references": "; ".join(description["references"]),
        "source_file": source.name,
        "source_sha256": digest,
    }
    return xarray.Dataset(data, coordinates, about)


def list() -> pandas.DataFrame:
    """What there is: name, title, number of measured rows, and the keys of its citation."""
    import pandas

    entries = []
    for name in _names(_folder()):
        about, source = _description(name, None)
        points = len(_rows(source, about["columns"])[1])
        entries.append((name, about["title"], points, "; ".join(about["references"])))
    return pandas.DataFrame(entries, columns=["name", "title", "points", "citation"])


def citation(name: str) -> str:
    """BibTeX of what to cite when a data set is used."""
    return bibtex(_description(name, None)[0]["references"])


@functools.cache
def _folder() -> Path:
    """The tables: inside the package when installed from a wheel, beside it in a working copy."""
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "NOTICE").is_file():
            return folder
    raise ReaderError("the data sets of mitochem are missing from this installation; install it again.")


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.toml") if path.with_suffix(".csv").is_file()))


def _description(name: str, folder: str | Path | None) -> tuple[dict[str, Any], Path]:
    """What is known about a data set, and the path of its table."""
    if not isinstance(folder, str | Path | None):
        raise ParameterError(f"folder = {folder!r} is not the path of a folder.")
    place = _folder() if folder is None else Path(folder)
    names = _names(place)
    if name not in names:
        raise ParameterError(f"no data set {name!r}." + nearest(name, names))
    path = place / f"{name}.toml"
    try:
        description = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReaderError(f"{path} is not a readable description ({error}).") from None
    if missing := [key for key in _DESCRIBED if key not in description]:
        raise ReaderError(f"{path} does not give {', '.join(missing)}.")
    return description, path.with_suffix(".csv")


def _rows(source: Path, columns: dict[str, Any]) -> tuple[str, tuple[tuple[int, dict[str, Any]], ...]]:
    """SHA-256 of a table, and its rows with their line numbers."""
    content = source.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ReaderError(f"{source}, line {line}: not UTF-8 text.") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    headers = {column.get("header", variable): variable for variable, column in columns.items()}
    found: dict[int, dict[str, Any]] = {}
    try:
        header = next(reader, [])
        if set(header) != set(headers) or len(header) != len(headers):
            raise ReaderError(f"{source}, line 1: the columns are {header}; expected {[*headers]}.")
        for cells in reader:
            if len(cells) != len(header):
                raise ReaderError(f"{source}, line {reader.line_num}: {len(cells)} cells; expected {len(header)}.")
            found[reader.line_num] = {
                headers[title]: _value(source, reader.line_num, title, cell, columns[headers[title]])
                for title, cell in zip(header, cells)
            }
    except csv.Error as error:
        raise ReaderError(f"{source}, line {reader.line_num}: {error}.") from None
    if not found:
        raise ReaderError(f"{source}, line 2: no rows.")
    return hashlib.sha256(content).hexdigest(), tuple(found.items())


def _value(source: Path, line: int, title: str, cell: str, column: dict[str, Any]) -> str | float:
    if not cell and not column.get("optional", False):
        raise ReaderError(f"{source}, line {line}: {title} is empty.")
    if column.get("kind") == "text":
        return cell
    try:
        value = float(cell) if cell else math.nan
    except ValueError:
        raise ReaderError(f"{source}, line {line}: {title} is {cell!r}, not a number.") from None
    if cell and not math.isfinite(value):
        raise ReaderError(f"{source}, line {line}: {title} is {cell!r}, not a finite number.")
    return value / column.get("divide_by", 1)


def _series(source: Path, rows: tuple[tuple[int, dict[str, Any]], ...], series: str) -> tuple[Any, tuple[int, int]]:
    """Labels of the series and the shape (series, points); the rows of one series stand together, all equally many."""
    counts = Counter(row[series] for _, row in rows)
    if len(set(counts.values())) > 1:
        raise ReaderError(f"{source}, line {rows[-1][0]}: unequal numbers of rows by {series}: {dict(counts)}.")
    labels, points = tuple(counts), len(rows) // len(counts)
    for position, (line, row) in enumerate(rows):
        if row[series] != labels[position // points]:
            raise ReaderError(f"{source}, line {line}: {series} = {row[series]} stands apart from its series.")
    return labels, (len(labels), points)


def _common(source: Path, rows: Any, variable: str, values: np.ndarray, axis: int) -> np.ndarray:
    """Values that must not vary along an axis, without that axis."""
    first = np.take(values, [0], axis)
    same = (values == first) | ((values != values) & (first != first))  # NaN differs from itself
    if not same.all():
        line, row = rows[int(np.flatnonzero(~same)[0])]
        raise ReaderError(f"{source}, line {line}: {variable} = {row[variable]} differs from the row it belongs with.")
    return first.squeeze(axis)
