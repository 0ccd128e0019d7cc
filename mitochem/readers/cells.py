"""Cells of a table by row and column, whatever file they come from: as text, as numbers, and where they stand."""

from __future__ import annotations

import contextlib
import csv
import io
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .source import Source, decoded

__all__ = ["Cells", "TextCells", "folded"]

MAX_CELLS = 8_000_000
"""More cells than this are refused: a Raw sheet of 96 wells and 40 measurements has one million."""

_POINT = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?([0-9]+,?[0-9]*|,[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_OTHER = re.compile(r"[^0-9.,eE+\n-]")
_DELIMITERS = ",;\t"
_LONG = 1_000_000
_EARLY = 200
"""Lines among which the heading is looked for."""


def folded(value: Any) -> str:
    """A label as it is compared: without case, colon at its end, or more than single spaces."""
    return "" if value is None else " ".join(str(value).split()).casefold().rstrip(" :")


class Cells:
    """Rows of cells, of any lengths; what lies outside is empty."""

    def __init__(self, source: Source, rows: Sequence[Sequence[Any]], decimal: str | None = None) -> None:
        self.source = source
        self.rows = rows
        self.decimal = decimal

    def where(self, row: int, column: int) -> str:
        """How a cell is named in a message."""
        raise NotImplementedError

    def value(self, row: int, column: int) -> Any:
        """What a cell holds; None if it is empty or outside."""
        if not 0 <= row < len(self.rows) or not 0 <= column < len(self.rows[row]):
            return None
        return self.rows[row][column]

    def text(self, row: int, column: int) -> str:
        """A cell as text, without spaces around it; whole numbers without their point."""
        value = self.value(row, column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def number(self, row: int, column: int, missing: Sequence[str] = ("", "nan")) -> float:
        """A cell as a number; NaN where it is empty or says that it is missing.

        Raises
        ------
        ReaderError
            If it holds a text, a date, a truth value, or what is not finite.
        """
        value = self.value(row, column)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if math.isfinite(value):
                return float(value)
        elif value is None or isinstance(value, str):
            if (text := self.text(row, column)).casefold() in missing:
                return math.nan
            if (found := self.read(text)) is not None:
                if not isinstance(self, TextCells):
                    note = f"numbers stand as text, the first in {self.where(row, column)}; read as numbers"
                    self.source.warn(note, "numbers as text")
                return found
        shown = repr(value) if isinstance(value, str | int | float) else f"{value} ({type(value).__name__})"
        raise self.source.error(f"{self.where(row, column)} is {shown}", "a number there")

    def numbers(self, rows: Sequence[int], column: int, missing: Sequence[str] = ("", "nan")) -> np.ndarray:
        """A column as numbers; see `number`."""
        return np.array([self.number(r, column, missing) for r in rows])

    def read(self, text: str) -> float | None:
        """The finite number that a text is, by the decimal sign of the file; None if it is none."""
        text = text.replace("\N{MINUS SIGN}", "-")  # of spreadsheets in Nordic countries
        if self.decimal != "," and _POINT.fullmatch(text):
            number = float(text)
        elif self.decimal != "." and _COMMA.fullmatch(text):
            number = float(text.replace(",", "."))
        else:
            return None
        return number if math.isfinite(number) else None


def _rows(text: str, delimiter: str, *, strict: bool) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=True)


class TextCells(Cells):
    """Cells of a text file, whose delimiter is the one that makes the heading of a line.

    ``heading`` tells by the folded cells of a row whether it is the heading; ``header`` is its row, None if there is
    none.
    """

    def __init__(
        self,
        source: Source,
        heading: Callable[[Sequence[str]], bool],
        delimiter: str | None = None,
        decimal: str | None = None,
    ) -> None:
        text = decoded(source)
        lines = text.splitlines()
        if max(map(len, lines), default=0) > _LONG:
            raise source.error(f"a line has more than {_LONG:,} characters", source.layout)
        early = "\n".join(lines[:_EARLY])
        for sign in _DELIMITERS if delimiter is None else delimiter:
            with contextlib.suppress(csv.Error):
                if any(heading([folded(cell) for cell in row]) for row in _rows(early, sign, strict=False)):
                    delimiter = sign
                    break
        # Without a heading, what the message quotes is best cut where the first line is.
        self.delimiter = delimiter or max(_DELIMITERS, key=(lines[0] if lines else "").count)
        self.lines: list[int] = []
        rows: list[list[str]] = []
        count = 0
        reader = _rows(text, self.delimiter, strict=True)
        try:
            for row in reader:
                count += len(row)
                if count > MAX_CELLS:
                    raise source.error(f"more than {MAX_CELLS:,} cells")
                rows.append(row)
                self.lines.append(reader.line_num)
        except csv.Error as error:
            found = f"line {reader.line_num} is no row of a csv ({error}); the file may be cut short"
            raise source.error(found, source.layout) from None
        super().__init__(source, rows, decimal)
        early_rows = enumerate(rows[:_EARLY])
        self.header = next((r for r, row in early_rows if heading([folded(cell) for cell in row])), None)

    def where(self, row: int, column: int) -> str:
        return f"line {self.lines[row]}, column {column + 1}"

    def numbers(self, rows: Sequence[int], column: int, missing: Sequence[str] = ("", "nan")) -> np.ndarray:
        texts = [self.rows[r][column].strip() for r in rows]
        if not _OTHER.search(joined := "\n".join(texts)):  # the usual column, at once
            if self.decimal == ",":
                texts = joined.replace(",", ".").split("\n")
            with contextlib.suppress(ValueError):
                values = np.array([float(text) if text else math.nan for text in texts])
                if self.decimal is not None and np.isfinite(values).sum() == len(texts) - texts.count(""):
                    return values
        return super().numbers(rows, column, missing)

    def find_decimal(self, first: int, columns: Sequence[int]) -> None:
        """Tell the decimal sign from the cells themselves; a file that mixes both has none."""
        if self.decimal is not None:
            return
        seen = {sign for row in self.rows[first:] for c in columns if c < len(row) for sign in ",." if sign in row[c]}
        if len(seen) < 2:
            self.decimal = seen.pop() if seen else "."
            if self.decimal == ",":
                self._doubt(first, columns)
            return
        signs: dict[str, tuple[int, int]] = {}
        for r in range(first, len(self.rows)):
            for c in columns:
                text = self.text(r, c)
                for sign in ",.":
                    if sign in text and sign not in signs and self.read(text) is not None:
                        signs[sign] = (r, c)
        if len(signs) == 2:
            point, comma = self.where(*signs["."]), self.where(*signs[","])
            raise self.source.error(
                f"decimal points (as in {point}) and commas (as in {comma}) are mixed", "one of them"
            )
        self.decimal = "," if "," in signs else "."

    def _doubt(self, first: int, columns: Sequence[int]) -> None:
        """Say so where every comma could part thousands as well."""
        cells = ((r, c) for r in range(first, len(self.rows)) for c in columns if "," in self.text(r, c))
        if (at := next(cells, None)) and all(_THOUSANDS.fullmatch(self.text(*cell)) for cell in (at, *cells)):
            self.source.warn(
                f"commas, as in {self.where(*at)}, are read as decimal signs; give decimal='.' if they are not"
            )

    def whole_rows(self, header: int, *, ragged: Sequence[str] = ()) -> list[int]:
        """The rows below a heading that hold something, all as wide as it; further cells must be empty.

        Raises
        ------
        ReaderError
            If a row is too short or too long, unless it begins with one of the ``ragged`` words.
        """
        width = len(self.rows[header])
        while width and not self.rows[header][width - 1].strip():
            width -= 1
        found = []
        for r in range(header + 1, len(self.rows)):
            row = self.rows[r]
            if not any(cell.strip() for cell in row):
                continue
            wrong = len(row) < width or any(cell.strip() for cell in row[width:])
            if wrong and not folded(row[0]).startswith(tuple(ragged)):
                cut = "; the file may be cut short" if len(row) < width else ""
                raise self.source.error(f"line {self.lines[r]} has {len(row)} cells under {width} headings{cut}")
            found.append(r)
        return found
