"""Agilent Seahorse Wave workbooks: rates of a plate by well and time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import names_in, text_in, yes_or_no
from ..core.errors import ParameterError, ReaderError, nearest
from . import phases as phase
from . import plate
from .cells import folded
from .dates import unambiguous
from .rates import read_rates
from .source import MAX_BYTES, WORKBOOK, Source, opened
from .workbook import Book, SheetCells

if TYPE_CHECKING:
    import xarray

__all__ = ["LAYOUT", "UNITS", "read_wave"]

LAYOUT = "a workbook exported by Seahorse Wave"
UNITS = {
    "ocr": ("pmol/min/well", "oxygen consumption rate"),
    "ecar": ("mpH/min", "extracellular acidification rate"),
    "per": ("pmol/min/well", "proton production rate"),
}
_ABOUT = {
    "xfe assay version": "wave_version",
    "assay name": "assay_name",
    "last run": "last_run",
    "instrument serial": "instrument_serial",
    "plate barcode": "plate_barcode",
    "background correction": "background_correction",
    "normalization unit": "normalisation_unit",
    "norm. scale factor": "normalisation_scale_factor",
}


def read_wave(
    path: str | Path,
    *,
    sheet: str = "Rate",
    background: str | Sequence[str] | None = "Background",
    keep_unselected: bool = False,
    normalised: bool = False,
    phases: Sequence[int] | Mapping[str, int] | None = None,
    max_bytes: int = MAX_BYTES,
) -> xarray.Dataset:
    """Rates of a Seahorse plate from the workbook that Wave exports.

    Everything is found by its label, never by its address: columns of the sheet of rates in any order and with others
    between them, plates of 8, 24 or 96 wells, any number of measurements.

    Parameters
    ----------
    path : path
        The .xlsx workbook.
    sheet : str
        The long sheet of rates: ``"Rate"``, ``"Normalized Rate"`` or ``"Baselined Rate"``.
    background : str, sequence of str or None
        Groups to leave out because they hold no cells; None keeps all wells. Their rates are 0 where the plate is
        corrected for them; otherwise a warning says so.
    keep_unselected : bool
        Keep the wells that the operator took out, marked by the coordinate ``selected``. They are known by their fill
        on the sheet "Assay Configuration", which is that of its legend "Unselected Well".
    normalised : bool
        Divide rates by the normalisation grid and multiply them by its scale factor. Nothing else is done to rates:
        negative ones stay.
    phases : sequence of int or mapping, optional
        Last measurement of each phase, as ``[3, 6, 9, 12]`` or ``{"basal": 3, "compound": 6}``, where the file does
        not say it or says it wrongly.
    max_bytes : int
        Refuse a larger file before it is read.

    Returns
    -------
    xarray.Dataset
        ``ocr`` (pmol/min/well), ``ecar`` (mpH/min) and ``per`` (pmol/min/well) over ``well`` and ``time`` (min), as far
        as the file has them, with ``group(well)``, ``measurement(time)`` and ``segment(time)``: the phase, called
        basal, oligomycin, FCCP (also for CCCP, BAM15) or rotenone + antimycin A where the port names such a compound,
        else by the text of the port. ``normalisation(well)`` and ``buffer_factor(well)`` where they are filled in. A
        well without a reading is NaN. Injections are in the attribute ``events``, each half-way between measurements;
        wells left out are in ``dropped``.

    Raises
    ------
    ReaderError
        If the file is not such a workbook, is damaged or too large, or holds a text or an uncalculated formula where
        a number belongs; the message names the cell.
    ParameterError
        If an argument is not possible for this file.

    Notes
    -----
    The buffer factor is in mM/pH: times the change of pH in mpH/min and the plate volume in µL it is pmol H+/min.
    """
    text_in(sheet, "sheet")
    keep, normalise = yes_or_no(keep_unselected, "keep_unselected"), yes_or_no(normalised, "normalised")
    if normalise and folded(sheet).startswith("normali"):
        raise ParameterError(f"normalised = True would normalise the sheet {sheet!r} twice.")
    groups = [background] if isinstance(background, str) else [] if background is None else background
    empty = names_in(groups, "background")
    source = opened(path, "read_wave", LAYOUT, WORKBOOK, max_bytes)
    book = Book(source)
    ds = read_rates(source, book.sheet(sheet))
    assay = book.sheet(plate.ASSAY, fills=True) if book.called(plate.ASSAY) else None
    if assay is None:
        source.warn(f"no sheet {plate.ASSAY!r}: unselected wells, injections and normalisation are not known")
    ds = _with_units(ds, sheet, assay)
    ds = _with_grids(source, ds, assay)
    ds = _in_groups(source, ds, empty, _unselected(source, assay), keep)
    if normalise:
        ds = _normalised(source, ds)
    ds = _with_phases(source, ds, _steps(source, ds, book, assay), phases, assay)
    ds.attrs |= _about(assay) | source.attributes()
    return ds


def _unselected(source: Source, assay: SheetCells | None) -> set[str]:
    """Wells that the operator took out, as far as the sheet tells."""
    if assay is None:
        return set()
    out = plate.unselected(assay, plate.layout_grid(assay, "group layout"))
    if out is None:
        source.warn(f"{plate.ASSAY!r} has no legend of its own for 'Unselected Well': all wells are kept")
    return out or set()


def _in_groups(
    source: Source, ds: xarray.Dataset, background: Sequence[str], out: set[str], keep: bool
) -> xarray.Dataset:
    """Only wells with cells that the operator kept; the others are counted in ``dropped``."""
    groups = {folded(name): name for name in ds.group.values.tolist()}
    for name in background:
        if folded(name) not in groups:
            if background != ["Background"]:
                raise ParameterError(f"background: no group is called {name!r}." + nearest(name, groups.values()))
            source.warn("no group is called 'Background': no wells are left out, and the correction is not checked")
    names, wells = np.array([folded(name) for name in ds.group.values]), ds.well.values
    empty = np.isin(names, [folded(name) for name in background])
    unselected = np.isin(wells, list(out))
    without = np.isin(names, ["", "unassigned", "unassigned well"]) & ~empty
    _check_correction(source, ds, empty, unselected)
    reasons = {"background": empty, "unassigned": without, "unselected": unselected & ~empty & ~without}
    if keep:
        reasons.pop("unselected")
        ds = ds.assign_coords(selected=("well", ~unselected))
    dropped = {reason: wells[which].tolist() for reason, which in reasons.items() if which.any()}
    left = ds.isel(well=~np.any(list(reasons.values()), axis=0))
    if not left.sizes["well"]:
        raise source.error("no well is left without background and unselected wells", "wells with cells")
    return left.assign_attrs(dropped=json.dumps(dropped))


def _check_correction(source: Source, ds: xarray.Dataset, empty: np.ndarray, unselected: np.ndarray) -> None:
    """Background wells have rates of exactly 0 if, and only if, their mean was subtracted from all wells."""
    blank = ds.isel(well=empty & ~unselected if (empty & ~unselected).any() else empty)
    off = [name for name in ("ocr", "ecar") if name in blank and bool((blank[name].fillna(0) != 0).any())]
    if not off:
        return
    wrong = np.any([(blank[name].fillna(0) != 0).any("time") for name in off], axis=0)
    names = " and ".join(name.upper() for name in off)
    if wrong.all():
        source.warn(f"{names} of background wells are not 0: the rates are not background-corrected")
    else:  # the instrument takes a background well that was left out for one with cells
        wells = ", ".join(blank.well.values[wrong])
        source.warn(
            f"{names} of background wells {wells} are not 0, of the others they are: they were not corrected for"
        )


def _with_units(ds: xarray.Dataset, sheet: str, assay: SheetCells | None) -> xarray.Dataset:
    for name in ds.data_vars:
        units, long_name = UNITS[str(name)]
        if folded(sheet).startswith("normali"):
            units = f"{units.removesuffix('/well')}/{_basis(assay)}"
        elif folded(sheet).startswith("baseline"):
            units, long_name = "%", f"{long_name}, of baseline"
        ds[name].attrs = {"units": units, "long_name": long_name}
    ds.time.attrs = {"units": "min", "long_name": "time"}
    ds.measurement.attrs = {"units": "1", "long_name": "number of the measurement"}
    ds.group.attrs = {"long_name": "group of the well"}
    return ds


def _basis(assay: SheetCells | None) -> str:
    """What rates are normalised to, with its number: ``"(1000 cells)"``."""
    unit = scale = ""
    if assay is not None:
        unit, scale = _beside(assay, "normalization unit"), _beside(assay, "norm. scale factor")
    unit = unit or "unit of normalisation"
    return unit if scale in ("", "1") else f"({scale} {unit})"


def _beside(assay: SheetCells, label: str) -> str:
    at = plate.value_of(assay, label)
    return assay.text(*at) if at else ""


def _with_grids(source: Source, ds: xarray.Dataset, assay: SheetCells | None) -> xarray.Dataset:
    """Normalisation and buffer factor of every well, where they are filled in."""
    if assay is None:
        return ds
    grids = {
        "normalisation": ("normalization values", _beside(assay, "normalization unit"), "normalisation value"),
        "buffer_factor": ("buffer factor", "mM/pH", "buffer factor of the medium"),
    }
    for name, (label, units, long_name) in grids.items():
        grid = plate.layout_grid(assay, label)
        values = np.array([_grid_value(source, assay, grid.get(w)) for w in ds.well.values])
        if np.isfinite(values).any():
            ds = ds.assign_coords({name: ("well", values, {"units": units or "unknown", "long_name": long_name})})
    if "normalisation" in ds.coords:
        at = plate.value_of(assay, "norm. scale factor")
        scale = assay.number(*at) if at else 1.0
        # Not "scale_factor", by which NetCDF multiplies.
        ds.normalisation.attrs["scale"] = 1.0 if np.isnan(scale) else scale
        ds.normalisation.attrs["basis"] = _basis(assay)
    return ds


def _grid_value(source: Source, assay: SheetCells, at: tuple[int, int] | None) -> float:
    """A number of a grid; the rates do not depend on it, so that a text there refuses no file."""
    try:
        return assay.number(*at) if at else np.nan
    except ReaderError as error:
        source.warn(f"{str(error).removeprefix(f'{source.path}: ').split('. ')[0]}; read as NaN")
        return np.nan


def _normalised(source: Source, ds: xarray.Dataset) -> xarray.Dataset:
    if "normalisation" not in ds.coords:
        raise source.error("the grid 'Normalization Values' is empty", "values in it if normalised = True")
    factor = ds.normalisation
    if bool((factor <= 0).any()):
        raise source.error(f"the normalisation of well {ds.well.values[factor.values <= 0][0]} is not above 0")
    if bool(factor.isnull().any()):
        source.warn("some wells have no normalisation value; their rates are NaN")
    for name in ds.data_vars:
        units = ds[name].attrs["units"].removesuffix("/well")
        attrs = ds[name].attrs | {"units": f"{units}/{factor.attrs['basis']}"}
        ds[name] = (ds[name] * factor.attrs["scale"] / factor).assign_attrs(attrs)
    return ds


def _steps(source: Source, ds: xarray.Dataset, book: Book, assay: SheetCells | None) -> list[plate.Step]:
    """The steps that were run: those of the operation log if it counts as many measurements, else the protocol's."""
    count = int(ds.measurement.max())
    planned = plate.protocol_steps(assay) if assay is not None else []
    if sum(step.cycles for step in planned) == count or not book.called(plate.LOG):
        return planned
    run = plate.log_steps(book.sheet(plate.LOG))
    if sum(step.cycles for step in run) != count:
        return planned
    ports = {step.name: step.port for step in planned}
    return [plate.Step(step.name, ports.get(step.name, step.port), step.cycles) for step in run]


def _with_phases(
    source: Source, ds: xarray.Dataset, steps: list[plate.Step], phases: Any, assay: SheetCells | None
) -> xarray.Dataset:
    numbers, last = ds.measurement.values, int(ds.measurement.max())
    labels = phase.labels_of(steps)
    ends = list(zip(labels, np.cumsum([step.cycles for step in steps]).tolist()))
    if phases is not None:
        ends = phase.given_phases(phases, steps, last)
    elif not ends:
        source.warn("the file does not say what was injected: the phases are unknown; give phases=[3, 6, …]")
    elif ends[-1][1] != last:
        source.warn(
            f"the protocol measures {ends[-1][1]} times, the sheet of rates has {last}: phases may be wrong; "
            "give phases=[3, 6, …]"
        )
    if assay is not None and phases is None:
        strategies = {about.get("injection_strategy", "") for about in plate.groups(assay).values()} - {""}
        phase.warn_of_mixtures(source, steps, strategies)
    ds = ds.assign_coords(segment=("time", phase.segments(ends, numbers), {"long_name": "phase"}))
    injected = [s for s in steps if s.port]
    ds.attrs["events"] = phase.events_of(steps, labels, numbers, ds.time.values)
    ds.attrs["ports"] = json.dumps({step.port: step.name for step in injected}, ensure_ascii=False)
    return ds


def _about(assay: SheetCells | None) -> dict[str, str]:
    """What the file says of the run; a date also as ISO where it can be read in one way only."""
    if assay is None:
        return {}
    about = {name: text for label, name in _ABOUT.items() if (text := _beside(assay, label))}
    if date := unambiguous(about.get("last_run", "")):
        about["last_run_iso"] = date
    return about | {"groups": json.dumps(plate.groups(assay), ensure_ascii=False)}
