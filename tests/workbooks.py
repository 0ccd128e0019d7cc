"""Workbooks in the shape of Wave exports, made cell by cell: independent of the package's own writer."""

from __future__ import annotations

from typing import Any

import openpyxl
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

ROWS = "ABCDEFGH"
GREY = PatternFill("solid", fgColor=Color(theme=0, tint=-0.3499862666707358))
BLUE = PatternFill("solid", fgColor=Color(theme=5, tint=0.7999816888943144))
BLACK = PatternFill("solid", fgColor=Color(theme=1))

STEPS = (("Baseline", "", 3), ("Oligomycin", "A", 3), ("FCCP", "B", 3), ("Rot/AA", "C", 3))


def rate(well: str, number: int) -> float:
    """A different number for every well and measurement, some of them negative."""
    return 10.0 * (ord(well[0]) - 64) + int(well[1:]) + number / 16 - 30


def plate(
    path: Any,
    *,
    rows: int = 8,
    columns: int = 12,
    steps: Any = STEPS,
    measurements: int = 12,
    groups: Any = lambda well: "Background" if well in ("A01", "A12", "H01", "H12") else "50.000",
    grey: Any = (),
    normal: Any = lambda well: None,
    unit: str = "",
    scale: float = 1.0,
    shift: int = 0,
    last_run: Any = "19-12-2019 14:33",
    background: float = 0.0,
    change: Any = lambda book: None,
) -> Any:
    """Write a workbook; ``shift`` moves everything on the sheet of settings down and right, ``change`` spoils it."""
    wells = [f"{ROWS[r]}{c + 1:02d}" for r in range(rows) for c in range(columns)]
    book = openpyxl.Workbook()
    assay = book.active
    assay.title = "Assay Configuration"

    def put(row: int, column: int, value: Any, fill: Any = None) -> None:
        cell = assay.cell(row + shift, column + shift, value)
        if fill is not None:
            cell.fill = fill

    def grid(row: int, label: str, value: Any, fill: Any = lambda well: None) -> None:
        put(row, 1, label)
        for c in range(columns):
            put(row, 3 + c, c + 1)
        for r in range(rows):
            put(row + 1 + r, 2, ROWS[r])
        for w in wells:
            put(row + 1 + ROWS.index(w[0]), 2 + int(w[1:]), value(w), fill(w))

    put(1, 1, "XFe Assay Version")
    put(1, 2, "2.6.1.53")
    put(6, 1, "Last Run")
    put(6, 2, last_run)
    grid(11, "Group Layout", groups, lambda w: GREY if w in grey else BLUE)
    for c, (label, fill) in enumerate((("Unassigned Well", BLACK), ("Unselected Well", GREY), ("Assigned Well", BLUE))):
        put(21, 3 + c, label, fill)
    put(41, 1, "Protocol Summary")
    for c, (name, port, cycles) in enumerate(steps):
        put(42, 3 + c, name)
        put(43, 3 + c, f"Port(s): {port}" if port else None)
        put(44, 3 + c, "Mix: 00:03:00")
        put(45, 3 + c, f"Cycles: {cycles}")
    put(50, 1, "Normalization Unit:")
    put(50, 2, unit)
    put(51, 1, "Norm. Scale Factor:")
    put(51, 2, scale)
    grid(52, "Normalization Values:", normal)
    grid(62, "Buffer Factor :", lambda w: 2.5)
    sheet = book.create_sheet("Rate")
    sheet.append(["Measurement", "Well", "Group", "Time", "OCR", "ECAR", "PER", None])
    for number in range(1, measurements + 1):
        for w in wells:
            rates = [background] * 3 if groups(w).lower() == "background" else [rate(w, number), 1.0, 2.0]
            sheet.append([number, w, groups(w), 1.3 + 6.5 * (number - 1), *rates])
    change(book)
    book.save(path)
    return path
