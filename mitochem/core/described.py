"""Tables of published numbers, each beside a description of it: found, read and checked."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import math
import re
import tomllib
from pathlib import Path
from typing import Any

from .errors import ParameterError, ReaderError, nearest

__all__ = ["LISTS", "NUMBERS", "TEXTS", "Rows", "described", "folder_of_tables", "names_of_tables", "rows_of"]

Rows = tuple[tuple[int, dict[str, Any]], ...]
"""Rows of a table, each with the number of its line."""

TEXTS = ("title", "citation", "doi", "licence")
LISTS = ("caveats", "inferred", "references")
NUMBERS = ("value", "uncertainty", "value_low", "value_high")
_DESCRIBED = (*TEXTS, *LISTS, "dims", "conditions", "columns")
_LAYOUTS = ("series", "facts")
_KINDS = ("number", "text")
_PER_FACT = "as in the coordinate unit"
_OF_EVERY_FACT: dict[str, dict[str, Any]] = {
    "study": {"kind": "text", "units": "1", "long_name": "study, as named in the table"},
    "quantity": {"kind": "text", "units": "1", "long_name": "what the number is of"},
    "value": {"units": _PER_FACT, "long_name": "value; NaN where a range or a limit is given", "optional": True},
    "uncertainty": {"units": _PER_FACT, "long_name": "uncertainty as printed (SD or SE not stated)", "optional": True},
    "value_low": {"units": _PER_FACT, "long_name": "lower end of the range, or lower limit", "optional": True},
    "value_high": {"units": _PER_FACT, "long_name": "upper end of the range, or upper limit", "optional": True},
    "unit": {"kind": "text", "units": "1", "long_name": "unit of this fact"},
    "where_read": {"kind": "text", "units": "1", "long_name": "where the number was read"},
    "note": {"kind": "text", "units": "1", "long_name": "note on the number", "optional": True},
}
"""Columns that facts have in common; a description only names those that its table has."""


@functools.cache
def folder_of_tables() -> Path:
    """The tables: inside the package when installed from a wheel, beside it in a working copy."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data", package.parent / "data"):
        if (folder / "NOTICE").is_file():
            return folder
    raise ReaderError("the data sets of mitochem are missing from this installation; install it again.")


def names_of_tables(folder: Path) -> tuple[str, ...]:
    """Names of the tables that have a description."""
    return tuple(sorted(path.stem for path in folder.glob("*.toml") if path.with_suffix(".csv").is_file()))


def described(name: str, folder: str | Path | None) -> tuple[dict[str, Any], Path]:
    """What is known about a data set, and the path of its table."""
    if not isinstance(folder, str | Path | None):
        raise ParameterError(f"folder = {folder!r} is not the path of a folder.")
    place = folder_of_tables() if folder is None else Path(folder)
    names = names_of_tables(place)
    if name not in names:
        raise ParameterError(f"no data set {name!r}." + nearest(name, names))
    path = place / f"{name}.toml"
    try:
        text = path.read_text("utf-8")
        description = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReaderError(f"{path} is not a readable description ({error}).") from None
    if missing := [key for key in _DESCRIBED if key not in description]:
        raise ReaderError(f"{path} does not give {', '.join(missing)}.")
    _check(path, text, description)
    return description, path.with_suffix(".csv")


def _check(path: Path, text: str, description: dict[str, Any]) -> None:
    """Refuse a description that says the wrong thing; fill in what all facts have in common."""

    def refuse(key: str, problem: str) -> None:
        found = re.search(rf"^(\[columns\.{re.escape(key)}\]|{re.escape(key)}\s*=)", text, re.M)
        line = f", line {text[: found.start()].count(chr(10)) + 1}" if found else ""
        raise ReaderError(f"{path}{line}: {problem}")

    for key in TEXTS:
        if not isinstance(description[key], str) or not description[key]:
            refuse(key, f"{key} must be a text.")
    for key in (*LISTS, "dims"):
        if not isinstance(description[key], list) or not all(isinstance(t, str) for t in description[key]):
            refuse(key, f"{key} must be a list of texts.")
    for key in ("conditions", "columns", "studies"):
        if not isinstance(description.get(key, {}), dict):
            refuse(key, f"{key} must be a table.")
    layout, dims, columns = description.setdefault("layout", "series"), description["dims"], description["columns"]
    if layout not in _LAYOUTS:
        refuse("layout", f"layout = {layout!r} is not known." + nearest(str(layout), _LAYOUTS))
    if layout == "facts":
        if dims != ["fact"]:
            refuse("dims", f"dims = {dims}; facts have the one dimension ['fact'].")
        if missing := [key for key in ("quantity", "value", "unit") if key not in columns]:
            refuse("columns", f"the columns of facts lack {', '.join(missing)}.")
    elif len(dims) not in (1, 2) or dims[0] not in columns:
        refuse("dims", f"dims = {dims}; the first must be a column, and there may be a second.")
    for name, column in columns.items():
        if not isinstance(column, dict):
            refuse(name, f"column {name} must be a table.")
        if layout == "facts":
            columns[name] = column = {"dims": dims, **_OF_EVERY_FACT.get(name, {}), **column}
        if missing := [key for key in ("units", "long_name", "dims") if not column.get(key)]:
            refuse(name, f"column {name} lacks {', '.join(missing)}.")
        if not isinstance(column["dims"], list) or not all(d in dims for d in column["dims"]):
            refuse(name, f"column {name} has dims = {column['dims']!r}; there are {dims}.")
        kind = column.get("kind", "number")
        if kind not in _KINDS or (name in NUMBERS and layout == "facts" and kind != "number"):
            refuse(name, f"column {name} cannot be of the kind {kind!r}.")


def rows_of(source: Path, columns: dict[str, Any]) -> tuple[str, Rows]:
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
