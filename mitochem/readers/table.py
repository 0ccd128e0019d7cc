"""Any table of a csv or xlsx: columns by a mapping, units as told, in the shape that simulations have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.arguments import mapping_in, names_in, shown, text_in
from ..core.errors import ParameterError, nearest
from .datlab import separators
from .source import MAX_BYTES, TEXT, WORKBOOK, opened
from .table_grid import TEXTS, tabled
from .table_lines import columns_of, found_in, lines_of

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["read_columns", "read_table"]

LAYOUT = "a table with one line of headings"


def read_table(
    path: str | Path,
    columns: Mapping[str, str | Sequence[str]],
    units: Mapping[str, str | None] | None = None,
    *,
    over: str | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> xarray.Dataset:
    """A table of a csv or xlsx, long or wide, as a Dataset over time or over a dose.

    Parameters
    ----------
    path : path
        The .csv, .txt, .tsv, .xlsx or .xlsm file.
    columns : mapping
        House name of each quantity to the heading of its column, or to several headings if each replicate has a
        column of its own: ``{"FCCP": "dose", "J_O2": ["rate 1", "rate 2"]}``. ``well``, ``chamber`` and ``replicate``
        name columns of labels that become dimensions; ``group``, ``segment``, ``plate`` and ``label`` are texts too.
    units : mapping, optional
        Unit of each quantity by house name, ``"1"`` if it has none. What is not given is taken from the heading, in
        brackets, parentheses or behind a slash between spaces; a quantity without either is refused, unless its unit is
        given as None. Units are never guessed.
    over : str, optional
        The quantity that the others depend on: by default ``time`` if there is one, else the first.
    sheet : str, optional
        Sheet of a workbook; by default the only one.
    delimiter, decimal : str, optional
        Signs between cells and in numbers of a text file, where they cannot be told from it.
    max_bytes : int
        Refuse a larger file before it is read.

    Returns
    -------
    xarray.Dataset
        In the units of the house where a quantity has a house name: time in min, oxygen and ADP in mM, potentials in
        mV, fluxes (``J_O2`` and others) in nmol/min/mg, doses of drugs in µM. Other quantities keep the unit that was
        said. Empty cells are NaN.

    Raises
    ------
    ReaderError
        If a heading is not there or stands twice, a unit is missing or of the wrong kind, or a cell holds a text
        where a number belongs; the message names it.
    ParameterError
        If an argument is not possible.
    """
    wanted = _mapped(columns)
    said, index = _said(units, wanted), _index(over, wanted)
    source = opened(path, "read_table", LAYOUT, (*TEXT, *WORKBOOK), max_bytes)
    cells, header = found_in(source, wanted, sheet, separators(delimiter, decimal))
    found = columns_of(source, cells, header, wanted, said)
    ds = tabled(source, lines_of(source, cells, header, found, index), index, found)
    ds.attrs |= source.attributes()
    return ds


def read_columns(
    path: str | Path,
    columns: Mapping[str, str | Sequence[str]],
    units: Mapping[str, str | None] | None = None,
    *,
    texts: Sequence[str] = (),
    sheet: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> pandas.DataFrame:
    """Columns of a csv or xlsx line by line, as fits take them; lines may repeat and stand in any order.

    Parameters
    ----------
    path, sheet, delimiter, decimal, max_bytes
        As in `read_table`.
    columns : mapping
        A name of your choice to the heading of its column, or to several, one for each replicate.
    units : mapping, optional
        Unit of each column where the heading has none; None for one that may do without.
    texts : sequence of str
        Which of the names are columns of text.

    Returns
    -------
    DataFrame
        One row a line, or one for each replicate of it. ``attrs`` holds ``units`` by name ("" where none is said), the
        file's name and SHA-256. Names of the house (`read_table`) are converted to its units; others are not.

    Raises
    ------
    ReaderError, ParameterError
        As `read_table` does.
    """
    texts = names_in(texts, "texts")
    wanted = _mapped(columns)
    for name in texts:
        if name not in wanted:
            raise ParameterError(f"texts: {name!r} is not among the columns." + nearest(name, wanted))
    said, words = _said(units, wanted), {*TEXTS, *texts}
    first = next((name for name in wanted if name not in words), "")
    if not first:
        raise ParameterError("columns has no column of numbers.")
    source = opened(path, "read_columns", LAYOUT, (*TEXT, *WORKBOOK), max_bytes)
    cells, header = found_in(source, wanted, sheet, separators(delimiter, decimal))
    found = columns_of(source, cells, header, wanted, said, words)
    table = lines_of(source, cells, header, found, first, words)
    table.attrs = {"units": {name: column.units for name, column in found.items()}} | source.attributes()
    return table


def _said(units: Any, wanted: Mapping[str, Any]) -> dict[str, str | None]:
    """Units by name, as told; None for a column that may do without."""
    said = {
        name: None if unit is None else text_in(unit, f"units[{name!r}]")
        for name, unit in mapping_in(units, "units").items()
    }
    for name in said:
        if name not in wanted:
            raise ParameterError(f"units: {name!r} is not among the columns." + nearest(name, wanted))
    return said


def _mapped(columns: Any) -> dict[str, list[str]]:
    """Headings by house name."""
    wanted: dict[str, list[str]] = {}
    for name, heads in mapping_in(columns, "columns").items():
        wanted[name] = list(names_in([heads] if isinstance(heads, str) else heads, f"columns[{name!r}]"))
        if not wanted[name] or not all(head.strip() for head in wanted[name]) or not name.strip():
            raise ParameterError(f"columns[{name!r}] = {shown(heads)} names no heading.")
        if name in TEXTS and len(wanted[name]) > 1:
            raise ParameterError(f"columns[{name!r}] is a column of names and has one heading.")
    if not wanted:
        raise ParameterError("columns is empty; give the heading of each quantity, such as {'time': 'Time [s]'}.")
    counts = {len(heads) for heads in wanted.values()} - {1}
    if len(counts) > 1 or (counts and "replicate" in wanted):
        raise ParameterError(
            "columns: replicates stand in as many columns for each quantity, or in lines, not in both."
        )
    return wanted


def _index(over: Any, wanted: Mapping[str, Sequence[str]]) -> str:
    """The quantity that the others depend on."""
    numbers = [name for name in wanted if name not in TEXTS]
    if over is None:
        over = "time" if "time" in wanted else next(iter(numbers), "")
    if over not in numbers or len(wanted[over]) > 1:
        raise ParameterError(f"over = {over!r} is not a quantity with one column." + nearest(str(over), numbers))
    if len(numbers) < 2:
        raise ParameterError(f"columns has no quantity that depends on {over!r}.")
    return str(over)
