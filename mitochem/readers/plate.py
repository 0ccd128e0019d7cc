"""What stands on the sheet "Assay Configuration" of a Wave workbook: grids and values, found by their labels."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .cells import Cells, folded
from .workbook import SheetCells

__all__ = [
    "ASSAY",
    "LOG",
    "Step",
    "groups",
    "layout_grid",
    "log_steps",
    "protocol_steps",
    "unselected",
    "value_of",
    "well",
]

ASSAY, LOG = "Assay Configuration", "Operation Log"
_ROWS = "ABCDEFGHIJKLMNOP"
_WELL = re.compile(r"([A-Pa-p])\s*0*([1-9]\d?)")
_PORT = re.compile(r"ports?\s*(?:\(s\))?\s*:\s*(.*)", re.I)
_CYCLES = re.compile(r"(?:cycles|repeats?)\s*:\s*(\d+)", re.I)


@dataclass(frozen=True)
class Step:
    """One step of a protocol: its name, the port that it injects (empty: none), and how often it measures."""

    name: str
    port: str
    cycles: int


def well(text: str) -> str | None:
    """The house name of a well: A1, a01 and A01 are ``A01``."""
    match = _WELL.fullmatch(text.strip())
    return f"{match[1].upper()}{int(match[2]):02d}" if match else None


def find(sheet: Cells, label: str) -> tuple[int, int] | None:
    """Row and column of the first cell with this label."""
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if isinstance(value, str) and folded(value) == label:
                return r, c
    return None


def value_of(sheet: Cells, label: str) -> tuple[int, int] | None:
    """The cell that stands right of a label."""
    at = find(sheet, label)
    return None if at is None else (at[0], at[1] + 1)


def layout_grid(sheet: Cells, label: str) -> dict[str, tuple[int, int]]:
    """Cell of every well in the grid beside a label: numbers 1, 2, … to the right, letters A, B, … below.

    Empty if there is no such grid.
    """
    at = find(sheet, label)
    if at is None:
        return {}
    for head in (at[0], at[0] + 1):
        first = next((c for c in range(at[1], at[1] + 4) if sheet.text(head, c) == "1"), None)
        if first is None:
            continue
        width = 1
        while sheet.text(head, first + width) == str(width + 1):
            width += 1
        height = 0
        while height < len(_ROWS) and sheet.text(head + 1 + height, first - 1).upper() == _ROWS[height]:
            height += 1
        return {f"{_ROWS[r]}{c + 1:02d}": (head + 1 + r, first + c) for r in range(height) for c in range(width)}
    return {}


def unselected(sheet: SheetCells, grid: Mapping[str, tuple[int, int]]) -> set[str] | None:
    """Wells that the operator took out: their fill is that of the legend. None if there is no legend to tell by."""
    legend = find(sheet, "unselected well")
    if legend is None or legend not in sheet.fills:
        return None
    fill = sheet.fills[legend]
    assigned = find(sheet, "assigned well")
    if fill[0] is None or (assigned is not None and sheet.fills.get(assigned) == fill):
        return None
    return {name for name, at in grid.items() if sheet.fills.get(at) == fill}


def groups(sheet: Cells) -> dict[str, dict[str, str]]:
    """The table of groups: what is said of each, by its name."""
    at = find(sheet, "group name")
    if at is None:
        return {}
    row, column = at
    headings = {c: folded(sheet.text(row, c)).replace(" ", "_") for c in range(column + 1, len(sheet.rows[row]))}
    found: dict[str, dict[str, str]] = {}
    for r in range(row + 1, len(sheet.rows)):
        if not (name := sheet.text(r, column)):
            break
        found[name] = {heading: sheet.text(r, c) for c, heading in headings.items() if heading}
    return found


def protocol_steps(sheet: Cells) -> list[Step]:
    """The steps under "Protocol Summary" that measure or inject, one a column."""
    at = find(sheet, "protocol summary")
    if at is None:
        return []
    names = at[0]
    while names < len(sheet.rows) and not any(sheet.text(names, c) for c in range(at[1] + 1, len(sheet.rows[names]))):
        names += 1
    below = list(itertools.takewhile(lambda r: not sheet.text(r, at[1]), range(names + 1, len(sheet.rows))))
    steps = []
    for c in range(at[1] + 1, len(sheet.rows[names]) if names < len(sheet.rows) else 0):
        texts = [sheet.text(r, c) for r in below]
        port = next((match[1].strip() for text in texts if (match := _PORT.fullmatch(text))), "")
        cycles = next((int(match[1]) for text in texts if (match := _CYCLES.fullmatch(text))), 0)
        if port or cycles:
            steps.append(Step(sheet.text(names, c), port, cycles))
    return steps


def log_steps(sheet: Cells) -> list[Step]:
    """The steps that were run, from the operation log; ports are lettered in the order of injection."""
    heading = next((r for r in range(10) if folded(sheet.text(r, 0)) == "instruction name"), None)
    if heading is None:
        return []
    columns = {folded(value): c for c, value in enumerate(sheet.rows[heading])}
    name_at, command_at, index_at = 0, columns.get("command name"), columns.get("command index")
    if command_at is None or index_at is None:
        return []
    cycles: dict[tuple[str, str], int] = {}
    injected: set[tuple[str, str]] = set()
    for r in range(heading + 1, len(sheet.rows)):
        key = sheet.text(r, index_at), sheet.text(r, name_at)
        command = folded(sheet.text(r, command_at))
        if command == "measure":
            cycles[key] = cycles.get(key, 0) + 1
        elif command == "inject":
            injected.add(key)
            cycles.setdefault(key, 0)
    ports = iter("ABCD" + "?" * len(cycles))
    return [Step(name, next(ports) if key in injected else "", n) for key, n in cycles.items() for name in (key[1],)]
