"""Finding the columns of a table, with their units, and reading its lines."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import text_in
from ..core.errors import ParameterError, nearest
from .cells import Cells, TextCells, folded
from .plate import well
from .source import WORKBOOK, Source
from .table_grid import LABELS, TEXTS, Column
from .units import factor, split_unit
from .workbook import Book

if TYPE_CHECKING:
    import pandas

__all__ = ["columns_of", "found_in", "lines_of"]

_HOUSE = {
    "time": "min",
    "measurement": "1",
    "oxygen": "mM",
    "delta_psi": "mV",
    "pmf": "mV",
    "delta_pH": "1",
    "delta_Gp": "kJ/mol",
    "ocr_recorded": "pmol/(s*mL)",
    **dict.fromkeys(("ADP", "ATP", "Pi"), "mM"),
}
_FLUX = "nmol/min/mg"
_DOSE = "uM"


# --- finding the columns -------------------------------------------------------------------------------------------


def found_in(
    source: Source, wanted: Mapping[str, Sequence[str]], sheet: Any, signs: tuple[str | None, str | None]
) -> tuple[Cells, int]:
    """The cells of the table, and the line of its headings."""
    heads = [head for some in wanted.values() for head in some]

    def is_heading(row: Sequence[Any]) -> bool:
        return all(any(_matches(cell, head) for cell in row) for head in heads)

    cells: Cells
    if source.path.suffix.lower() in WORKBOOK:
        book = Book(source)
        if sheet is None and len(book.names) > 1:
            raise source.error(f"the workbook has the sheets {', '.join(book.names)}", "the name of one, as sheet=")
        cells = book.sheet(book.names[0] if sheet is None else text_in(sheet, "sheet"))
        header = next((r for r, row in enumerate(cells.rows[:200]) if is_heading(row)), None)
    else:
        if sheet is not None:
            raise ParameterError(f"sheet = {sheet!r}: {source.path.name} is a text file and has no sheets.")
        text = TextCells(source, is_heading, *signs)
        cells, header = text, text.header
    if header is None:
        best = max(cells.rows[:200], key=lambda row: sum(any(_matches(c, h) for c in row) for h in heads), default=[])
        missing = [head for head in heads if not any(_matches(cell, head) for cell in best)] or heads
        known = [str(cell) for cell in best if folded(cell)]
        if any(all(any(_matches(c, name) for c in row) for name in wanted) for row in cells.rows[:200]):
            raise source.error("the keys of columns are headings of the file; it maps house names to headings")
        raise source.error(
            f"no line has the heading {missing[0]!r} beside the others.{nearest(missing[0], known, limit=20)}"
        )
    return cells, header


def _matches(cell: Any, head: str) -> bool:
    """Whether a cell is the heading that is meant, with or without its unit."""
    return folded(head) in (folded(cell), folded(split_unit(folded(cell))[0]))


def _place(source: Source, cells: Cells, header: int, head: str) -> int:
    """Column of a heading: the cell that is just that, else the one that has a unit besides."""
    row = cells.rows[header]
    exact = [c for c, cell in enumerate(row) if folded(cell) == folded(head)]
    places = exact or [c for c, cell in enumerate(row) if _matches(cell, head)]
    if len(places) > 1:
        raise source.error(f"the heading {head!r} stands in {len(places)} columns", "one")
    return places[0]


def columns_of(
    source: Source, cells: Cells, header: int, wanted: Mapping[str, Sequence[str]], said: Mapping[str, str | None],
    texts: Collection[str] = TEXTS,
) -> dict[str, Column]:  # fmt: skip
    """Every column with its unit and the factor to that of the house."""
    found, without = {}, []
    for name, heads in wanted.items():
        places = [_place(source, cells, header, head) for head in heads]
        if name in texts:
            found[name] = Column(places, list(heads), "", 1.0)
            continue
        told = {split_unit(cells.text(header, c))[1] for c in places} - {""}
        if len(told) > 1 and name not in said:
            raise source.error(f"the columns of {name} have the units {' and '.join(sorted(told))}", "one unit")
        unit = said.get(name) or next(iter(told), "")
        if said.get(name) and told - {unit}:
            source.warn(f"{name} is headed in {' and '.join(sorted(told))}, and read in {unit} as given")
        if not unit:
            if name in said:
                found[name] = Column(places, list(heads), "", 1.0)
            else:
                without.append(name)
            continue
        house = _house(name)
        scale = factor(unit, house) if house else 1.0
        if scale is None:
            hint = " A rate on another basis is called ocr." if name.startswith("J_") else ""
            raise source.error(f"{name} is in {unit!r}, which is no unit of the kind {house}.{hint}")
        found[name] = Column(places, list(heads), house or unit, scale)
    if without:
        example = "{" + ", ".join(f"{name!r}: '…'" for name in without) + "}"
        raise source.error(f"no unit is said for {', '.join(without)}; give units={example}, '1' for a pure number")
    return found


def _house(name: str) -> str | None:
    """The unit of the house for a house name; None for other names."""
    from ..drugs import list as drugs

    if name in _HOUSE or name.startswith("J_"):
        return _HOUSE.get(name, _FLUX)
    return _DOSE if name.removesuffix("_dose") in drugs().index else None


# --- lines ---------------------------------------------------------------------------------------------------------


def lines_of(
    source: Source, cells: Cells, header: int, found: Mapping[str, Column], index: str, texts: Collection[str] = TEXTS
) -> pandas.DataFrame:
    """One line for each line of the file, or for each replicate of it."""
    import pandas

    used = [c for column in found.values() for c in column.at]
    if isinstance(cells, TextCells):
        rows = cells.whole_rows(header)
        cells.find_decimal(header + 1, [c for name, column in found.items() if name not in texts for c in column.at])
    else:
        rows = list(range(header + 1, len(cells.rows)))
    rows = [r for r in rows if any(cells.text(r, c) for c in used)]
    if not rows:
        raise source.error("there are no lines under the headings")
    width = max(len(column.at) for column in found.values())
    table: dict[str, list[Any]] = {name: [] for name in found}
    for r in rows:
        line = {name: _line(source, cells, r, name, column, texts) for name, column in found.items()}
        if np.isnan(line[index][0]):
            raise source.error(f"{cells.where(r, found[index].at[0])} is empty", f"{index} there")
        for name, values in line.items():
            table[name] += values * (width if len(values) == 1 else 1)
    if width > 1:
        heads = next(column.heads for column in found.values() if len(column.at) == width)
        table["replicate"] = heads * len(rows)
    return pandas.DataFrame(table)


def _line(source: Source, cells: Cells, row: int, name: str, column: Column, texts: Collection[str]) -> list[Any]:
    if name not in texts:
        return [cells.number(row, c) * column.scale for c in column.at]
    text = cells.text(row, column.at[0])
    if not text and name in LABELS:
        raise source.error(f"{cells.where(row, column.at[0])} is empty", f"the name of a {name} there")
    return [(well(text) or text) if name == "well" else text]
