"""Workbooks: sheets as cells, with the value that a formula had when the workbook was saved, and with fills."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..core.errors import MitochemError, nearest
from .archive import checked
from .cells import MAX_CELLS, Cells, folded
from .source import Source

__all__ = ["Book", "SheetCells", "openpyxl_module"]

MAX_ROWS = 1_048_576
"""Rows of a sheet; a row that says it is further down is refused."""


def openpyxl_module() -> Any:
    """openpyxl, which is an extra."""
    try:
        import openpyxl
    except ImportError:
        raise MitochemError("workbooks need openpyxl: pip install 'mitochem[xlsx]'.") from None
    return openpyxl


class SheetCells(Cells):
    """Cells of one sheet. A formula that was never calculated is refused when it is asked for."""

    def __init__(
        self, source: Source, name: str, rows: Sequence[Sequence[Any]], formulas: set[tuple[int, int]]
    ) -> None:
        super().__init__(source, rows)
        self.name = name
        self.formulas = formulas
        self.fills: dict[tuple[int, int], tuple[Any, ...]] = {}

    def where(self, row: int, column: int) -> str:
        from openpyxl.utils import get_column_letter

        return f"{self.name}!{get_column_letter(column + 1)}{row + 1}"

    def value(self, row: int, column: int) -> Any:
        value = super().value(row, column)
        if (row, column) in self.formulas:
            if value is None:
                found = f"{self.where(row, column)} is a formula without a calculated value"
                raise self.source.error(found, "values; open and save it in a spreadsheet, or paste the values")
            note = f"formulas, the first in {self.where(row, column)}, are read as last calculated"
            self.source.warn(note, "formulas")
        return value


class Book:
    """A workbook that has passed `checked`; nothing in it is run, no link is followed."""

    def __init__(self, source: Source) -> None:
        self.source = source
        contents = checked(source)
        if contents.links:
            source.warn("links to other workbooks are ignored")
        self._formulas = contents.formulas
        self._openpyxl = openpyxl_module()
        with self._loaded(values=True) as book:
            self.names: list[str] = list(book.sheetnames)

    @contextmanager
    def _loaded(self, *, values: bool) -> Iterator[Any]:
        book = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of openpyxl, about features of a workbook that do not matter here
                book = self._openpyxl.load_workbook(
                    io.BytesIO(self.source.content), read_only=True, data_only=values, keep_links=False
                )
                yield book
        except MitochemError:
            raise
        except Exception as error:  # openpyxl fails in many ways on what is no workbook
            words = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise self.source.error(f"a damaged workbook ({words})", "an .xlsx workbook") from None
        finally:
            if book is not None:
                book.close()

    def called(self, name: str) -> str | None:
        """The sheet of that name, whatever its capitals and spaces."""
        return next((title for title in self.names if folded(title) == folded(name)), None)

    def sheet(self, name: str, *, fills: bool = False) -> SheetCells:
        """The cells of a sheet.

        Raises
        ------
        ReaderError
            If there is no such sheet, or it is damaged or too large.
        """
        title = self.called(name)
        if title is None:
            raise self.source.error(f"no sheet is called {name!r}.{nearest(name, self.names, limit=20)}")
        cells = SheetCells(self.source, title, rows := [], set())
        with self._loaded(values=True) as book:
            for r, row in enumerate(self._rows(book[title], values=not fills)):
                if fills:
                    cells.fills |= {(r, c): _fill(cell.fill) for c, cell in enumerate(row) if cell.fill is not None}
                rows.append([cell.value for cell in row] if fills else row)
        if self._formulas:
            with self._loaded(values=False) as book:
                for r, row in enumerate(self._rows(book[title], values=False)):
                    cells.formulas |= {(r, c) for c, cell in enumerate(row) if cell.data_type == "f"}
        return cells

    def _rows(self, sheet: Any, values: bool) -> Iterator[Sequence[Any]]:
        """The rows of a sheet, no more than there may be."""
        if not hasattr(sheet, "reset_dimensions"):
            raise self.source.error(f"{sheet.title!r} is a chart", "a sheet of cells")
        sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
        count = 0
        for number, row in enumerate(sheet.iter_rows(values_only=values), start=1):
            count += len(row)
            if number > MAX_ROWS or count > MAX_CELLS:
                raise self.source.error(f"{sheet.title!r} has more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells")
            yield row


def _fill(fill: Any) -> tuple[Any, ...]:
    """A fill as it is compared with that of the legend in the same sheet."""
    colour = getattr(fill, "fgColor", None)
    if colour is None:
        return (type(fill).__name__,)
    value = colour.value[-6:] if colour.type == "rgb" else colour.value  # spreadsheets do not show the opacity
    return fill.fill_type, colour.type, value, round(float(colour.tint or 0.0), 4)
