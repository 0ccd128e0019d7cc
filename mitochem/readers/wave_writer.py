"""Plates, simulated or measured, as a workbook in the layout of Seahorse Wave."""

from __future__ import annotations

import math
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from ..core.files import written_whole
from .phases import CANONICAL
from .plate import ASSAY, LOG, well
from .rates import HEADINGS
from .source import WORKBOOK, destination
from .wave import LAYOUT, UNITS
from .workbook import openpyxl_module

if TYPE_CHECKING:
    import xarray

__all__ = ["write_wave"]

_PLATES = {(8, 12): ("A01", "A12", "H01", "H12"), (4, 6): ("A01", "B04", "C03", "D06"), (8, 1): ("A01", "H01")}
"""Rows and columns of the plates, and the wells that hold no cells by custom."""
_PORTS = "ABCD"
_RATE_HEADINGS = ("Measurement", "Well", "Group", "Time", "OCR", "ECAR", "PER")
_RAW_HEADINGS = ("Measurement", "Tick", "Well", "Group", "TimeStamp", "Well Temperature", "Env. Temperature")
_MINUTES = "00:03:00"
"""assumed: mixing and measuring of a Mito Stress Test, which a Dataset does not say."""


def write_wave(ds: xarray.Dataset, path: str | Path) -> Path:
    """Write a plate as Wave exports it, so that a class, or any reader of such files, can practise on it.

    What is written reads back to the same numbers, to the 16 digits that a workbook keeps.

    Parameters
    ----------
    ds : Dataset
        ``ocr`` (pmol/min/well), and perhaps ``ecar`` (mpH/min) and ``per`` (pmol/min/well), over ``well`` and ``time``
        (min), with ``group(well)``; ``segment(time)`` becomes the protocol, the phases after the first its ports;
        ``measurement(time)``, ``selected(well)``, ``normalisation(well)`` and ``buffer_factor(well)`` are written if
        they are there. The plate is the smallest of 8, 24 or 96 wells that has all of them. Wells that hold no
        cells by custom become background, with rates of 0, if the Dataset does not use them.
    path : path
        Of the .xlsx file; written whole or not at all.

    Returns
    -------
    path

    Raises
    ------
    ParameterError
        If the Dataset is no plate, or has rates in other units, or more than four injections.
    MitochemError
        If the place cannot be written to, or openpyxl is missing.

    Notes
    -----
    Times of mixing and measuring in the protocol are those of the usual test (3 min), not of the Dataset; the sheet of
    raw readings has its headings only.
    """
    place = destination(path, WORKBOOK, LAYOUT)
    plate = _Plate(ds)
    book = openpyxl_module().Workbook()
    book.remove(book.active)
    _assay(book.create_sheet(ASSAY), plate)
    _rates(book.create_sheet("Rate"), plate)
    for name, headings in (("Normalized Rate", _RATE_HEADINGS), ("Raw", _RAW_HEADINGS)):
        book.create_sheet(name).append(headings)
    _log(book.create_sheet(LOG), plate)
    with written_whole(place) as temporary:
        book.save(temporary)
    return place


class _Plate:
    """A Dataset that can be written, with the shape of its plate and the steps of its protocol."""

    def __init__(self, ds: xarray.Dataset) -> None:
        dataset_in(ds, "write_wave", "ocr", "well", "time", "group")
        for name in [name for name in UNITS if name in ds]:
            if set(ds[name].dims) != {"well", "time"}:
                raise ParameterError(f"{name} is over {', '.join(map(str, ds[name].dims))}, not over well and time.")
            if (said := ds[name].attrs.get("units")) != UNITS[name][0]:
                raise ParameterError(f"{name} is in {said!r}; write_wave takes {UNITS[name][0]}.")
        self.ds = ds.assign_coords(well=[_well(name) for name in ds.well.values]).sortby("well")
        wells = self.ds.well.values.tolist()
        if len(set(wells)) < len(wells) or not np.isfinite(ds.time.values).all():
            raise ParameterError("write_wave takes each well once, and times that are numbers.")
        shape = next((s for s in sorted(_PLATES, key=np.prod) if set(wells) <= set(_names(*s))), None)
        if shape is None:
            raise ParameterError(f"the wells up to {wells[-1]} are on no plate of 8, 24 or 96.")
        self.names = _names(*shape)
        self.background = [name for name in _PLATES[shape] if name not in wells]
        self.group = dict(zip(wells, map(str, self.ds.group.values))) | dict.fromkeys(self.background, "Background")
        self.numbers = _numbers(ds)
        self.steps = _steps(ds, self.numbers)

    def of_well(self, name: str) -> dict[str, Any]:
        """A coordinate by well; empty if the Dataset does not have it."""
        if name not in self.ds.coords or self.ds[name].dims != ("well",):
            return {}
        return dict(zip(self.ds.well.values.tolist(), self.ds[name].values.tolist()))


def _names(rows: int, columns: int) -> list[str]:
    return [f"{chr(65 + r)}{c + 1:02d}" for r in range(rows) for c in range(columns)]


def _well(name: Any) -> str:
    if (found := well(str(name))) is None:
        raise ParameterError(f"{str(name)!r} is not the name of a well, such as 'A01'.")
    return found


def _numbers(ds: xarray.Dataset) -> list[int]:
    numbers = ds.measurement.values.tolist() if "measurement" in ds.coords else list(range(1, ds.sizes["time"] + 1))
    if any(n != int(n) for n in numbers) or any(b <= a for a, b in pairwise([0, *numbers])):
        raise ParameterError("measurement does not ascend in whole numbers.")
    return [int(n) for n in numbers]


def _steps(ds: xarray.Dataset, numbers: list[int]) -> list[tuple[str, str, int]]:
    """Name, port and measurements of each phase; the first has no port."""
    labels = [str(s) for s in ds.segment.values] if "segment" in ds.coords else [CANONICAL[0]] * len(numbers)
    steps, done = [], 0
    for i, (label, members) in enumerate(groupby(zip(labels, numbers), key=lambda pair: pair[0])):
        if i > len(_PORTS):
            raise ParameterError(
                f"the Dataset has more than {len(_PORTS)} injections; a plate has {len(_PORTS)} ports."
            )
        last = max(number for _, number in members)
        steps.append((label, _PORTS[i - 1] if i else "", last - done))
        done = last
    return steps


def _put(sheet: Any, row: int, column: int, value: Any, fill: Any = None) -> None:
    """A value as it is: a text stays one, whatever it looks like, and NaN is an empty cell."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        from openpyxl.utils.exceptions import IllegalCharacterError

        try:
            cell.value = value
        except IllegalCharacterError:
            raise ParameterError(f"{value!r} has characters that a workbook cannot hold.") from None
        cell.data_type = "s"
    elif not (isinstance(value, float) and math.isnan(value)):
        cell.value = value
    if fill is not None:
        cell.fill = fill


def _assay(sheet: Any, plate: _Plate) -> None:
    """The sheet of settings, with everything where Wave puts it."""
    from openpyxl.styles import PatternFill
    from openpyxl.styles.colors import Color

    def solid(theme: int, tint: float) -> Any:
        return PatternFill("solid", fgColor=Color(theme=theme, tint=tint))

    unassigned, unselected, assigned = solid(1, 0.0), solid(0, -0.35), solid(5, 0.8)
    about = plate.ds.attrs
    scale = plate.ds.normalisation.attrs if "normalisation" in plate.ds.coords else {}
    for row, label, value in (
        (1, "XFe Assay Version", str(about.get("wave_version", "2.6"))),
        (4, "Assay Name", str(about.get("assay_name", "mitochem"))),
        (24, "Last Run", str(about.get("last_run", ""))),
        (53, "Background Correction", str(about.get("background_correction", "Yes"))),
        (82, "Normalization Unit:", str(scale.get("units", ""))),
        (83, "Norm. Scale Factor:", float(scale.get("scale", 1.0))),
    ):
        _put(sheet, row, 1, label)
        _put(sheet, row, 2, value)
    for row, label in ((22, "Run Info"), (51, "Calculation Settings"), (81, "Normalization Settings")):
        _put(sheet, row, 1, label)
    _put(sheet, 94, 1, "Buffer Factor Settings")
    legend = (("Unassigned Well", unassigned), ("Unselected Well", unselected), ("Assigned Well", assigned))
    for column, (label, fill) in enumerate(legend, start=3):
        _put(sheet, 21, column, label, fill)
    _grid(sheet, 11, "Group Layout", plate, {name: plate.group.get(name, "Unassigned") for name in plate.names})
    selected = plate.of_well("selected")
    for name in plate.names:
        fill = assigned if name in plate.group else unassigned
        row, column = _cell(11, name)
        sheet.cell(row, column).fill = fill if selected.get(name, True) else unselected
    _grid(sheet, 84, "Normalization Values:", plate, plate.of_well("normalisation"))
    _grid(sheet, 96, "Buffer Factor :", plate, plate.of_well("buffer_factor"))
    _groups(sheet, plate)
    _protocol(sheet, plate)


def _cell(head: int, name: str) -> tuple[int, int]:
    return head + 1 + ord(name[0]) - 65, 2 + int(name[1:])


def _grid(sheet: Any, head: int, label: str, plate: _Plate, values: dict[str, Any]) -> None:
    _put(sheet, head, 1, label)
    for name in plate.names:
        row, column = _cell(head, name)
        _put(sheet, head, column, int(name[1:]))
        _put(sheet, row, 2, name[0])
        _put(sheet, row, column, values.get(name, math.nan))


def _groups(sheet: Any, plate: _Plate) -> None:
    headings = ("Group #", "Group Name", "Injection Strategy", "Pretreatments", "Cell Type", "XF Assay Medium")
    usual = [label for label, _, _ in plate.steps] == list(CANONICAL)
    for i, heading in enumerate(headings):
        _put(sheet, 10, 16 + i, heading)
    for i, name in enumerate(dict.fromkeys([*(["Background"] if plate.background else []), *plate.group.values()])):
        _put(sheet, 11 + i, 16, i + 1)
        _put(sheet, 11 + i, 17, name)
        _put(sheet, 11 + i, 18, "Mito Stress Test" if usual and name != "Background" else "")


def _protocol(sheet: Any, plate: _Plate) -> None:
    _put(sheet, 41, 1, "Protocol Summary")
    _put(sheet, 42, 2, "Calibration")
    for column, (label, port, cycles) in enumerate(plate.steps, start=3):
        _put(sheet, 42, column, label)
        _put(sheet, 43, column, f"Port(s): {port}" if port else "")
        times = (f"Mix: {_MINUTES}", "Wait: 00:00:00", f"Measure: {_MINUTES}", f"Cycles: {cycles}")
        for row, text in enumerate(times, start=44):
            _put(sheet, row, column, text)


def _rates(sheet: Any, plate: _Plate) -> None:
    """One row for each measurement and well; background wells have rates of 0."""
    have = [name for name in HEADINGS if name in plate.ds]
    for c, heading in enumerate(("Measurement", "Well", "Group", "Time", *(HEADINGS[name] for name in have)), start=1):
        _put(sheet, 1, c, heading)
    values = {name: plate.ds[name].transpose("well", "time").values for name in have}
    place = {name: i for i, name in enumerate(plate.ds.well.values.tolist())}
    row = 1
    for t, (number, time) in enumerate(zip(plate.numbers, plate.ds.time.values.tolist())):
        for name in sorted(plate.group):
            row += 1
            rates = [float(values[key][place[name], t]) if name in place else 0.0 for key in have]
            for c, value in enumerate((number, name, plate.group[name], time, *rates), start=1):
                _put(sheet, row, c, value)


def _log(sheet: Any, plate: _Plate) -> None:
    lines = [("Instruction Name", "Command Name", "Command Index", "Start Time", "End Time", "Completion Status")]
    for index, (label, port, cycles) in enumerate(plate.steps, start=2):
        commands = [*(["Inject"] if port else []), *(["Mix", "Measure"] * cycles)]
        lines += [(label, command, str(index), "", "", "Success") for command in commands]
    for r, line in enumerate(lines, start=1):
        for c, value in enumerate(line, start=1):
            _put(sheet, r, c, value)
