"""A virtual plate respirometer (Seahorse XF): the same run in many wells, seen through measure windows and noise."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, text_in, whole_number
from ...core.errors import ParameterError
from .base import Instrument, events_of, house_values, one_time_course, setting
from .windows import Window, alike, means_over, windows_of

if TYPE_CHECKING:
    import xarray

__all__ = ["PlateReader"]

# The wells of a 96-well plate down its columns; the corners hold medium only and measure the background.
_WELLS = [f"{row}{column:02d}" for column in range(1, 13) for row in "ABCDEFGH"]
_WELLS = [well for well in _WELLS if well not in ("A01", "A12", "H01", "H12")]

_PROTOCOL = dict(bounds=(0, 600), status="read", source="Ceas2023")
_FIBROBLASTS = dict(status="derived", source="Yepez2018")


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlateReader(Instrument):
    """A plate respirometer of the Seahorse kind: rates as means over measure windows, in many unequal wells.

    In each phase (a stretch between additions) the instrument repeats a cycle of mixing, waiting and measuring, and
    gives one rate per measurement, the mean over its window:

    ``ocr = plate · well · measurement · exp(drift · t) · (J_O2 · protein + non_mitochondrial) + background + e``

    where plate, well and measurement are log-normal with median 1 and ``e`` is normal. What each does to readouts:

    * windows: a peak shorter than a window is flattened; a rate that still moves is read late or early.
    * ``well_spread``, ``plate_spread``: every rate of a well (of a plate) is off by one factor. Differences such as
      basal or leak respiration scale with it; ratios such as coupling efficiency do not feel it.
    * ``measurement_noise``: each rate has its own factor. A maximum or minimum over a phase, as in the min/max
      convention, is biased outwards: maximal respiration up, leak and non-mitochondrial respiration down.
    * ``additive_noise``: matters where rates are low, so for leak and non-mitochondrial respiration, and for ratios to
      them. Rates after inhibitors can be negative, as real ones are.
    * ``background``: the same for all phases; subtracting non-mitochondrial respiration takes it out.
    * ``drift``: later phases are scaled against earlier ones; maximal respiration and coupling efficiency are biased.
    * ``failed_injections``: a well stays at the rate it had, and from the next injection on does as the others do (an
      approximation: what an addition does is taken to hide the one missing before). Readouts of the well are wrong.

    The median of a log-normal factor is the truth, its mean lies above it by ``exp(spread²/2)``: average logarithms.

    Parameters
    ----------
    mix, wait, measure : min
        Lengths of the parts of a cycle.
    measurements : int or mapping
        Measurements in each phase, or by its label; phases that a mapping does not name are not measured.
    wells : int
        Wells of each group; 92 are free on the plate.
    protein : ug
        Mitochondrial protein in a well.
    cells : float, optional
        Cells in a well; with ``protein_per_cell`` they give the protein instead.
    protein_per_cell : pg
        Mitochondrial protein of a cell.
    non_mitochondrial : pmol/min
        Oxygen consumption of a well outside the mitochondria. It is no error, and scales with the seeding.
    well_spread, plate_spread, measurement_noise : 1
        Standard deviation of the natural logarithm of the factor.
    additive_noise : pmol/min
        Standard deviation of what is added to every rate.
    background : pmol/min
        Apparent consumption of a well without cells that was left in.
    drift : 1/h
        Relative change of the recorded rate with time.
    failed_injections : 1
        Share of injections that do not arrive.
    buffering : mM
        Buffering power of the medium, per pH unit, which turns proton production into a rate of acidification.
    microchamber : uL
        Volume above the cells during a measurement, its correction factor included.
    seed : int
        The same seed gives the same plate, another one another plate.

    Raises
    ------
    ParameterError
        If a setting does not exist, or is not a number inside its bounds.

    References
    ----------
    That noise is multiplicative and larger between plates than within: OCR-Stats (Yepez2018). Sizes were estimated from
    the four plates of that paper's table that can be read: from the scatter of each measurement about its well and
    group, whose variance is ``measurement_noise² + (additive_noise/OCR)²`` over rates from 3 to 190 pmol/min; from the
    scatter of wells that the basal and the uncoupled phase share; and from the medians of one cell line on four plates.
    Cycle, buffering and volume: an XFe96 workbook (Ceas2023), whose own PER lies 6 to 25 % above what they give of its
    ECAR.
    """

    OFF = dict.fromkeys(
        (
            *("well_spread", "plate_spread", "measurement_noise", "additive_noise"),
            *("background", "drift", "failed_injections", "non_mitochondrial"),
        ),
        0.0,
    )

    mix: float = setting(3.0, "min", **_PROTOCOL)
    wait: float = setting(0.0, "min", **_PROTOCOL)
    measure: float = setting(3.0, "min", **(_PROTOCOL | {"bounds": (1e-3, 600)}))
    measurements: int | Mapping[str, int] = 3
    wells: int = 10
    protein: float = setting(
        0.65, "ug", bounds=(1e-6, 1e3), source="assumed: brings moderate work (59 nmol/min/mg) to the 38 of fibroblasts"
    )
    cells: float | None = None
    protein_per_cell: float = setting(
        32.5, "pg", bounds=(1e-3, 1e5), source="assumed: the protein of a well over 20 thousand cells"
    )
    non_mitochondrial: float = setting(9.9, "pmol/min", bounds=(0, 1e4), **_FIBROBLASTS)
    well_spread: float = setting(0.20, "1", bounds=(0, 3), **_FIBROBLASTS)
    plate_spread: float = setting(0.35, "1", bounds=(0, 3), **_FIBROBLASTS)
    measurement_noise: float = setting(0.026, "1", bounds=(0, 3), **_FIBROBLASTS)
    additive_noise: float = setting(0.75, "pmol/min", bounds=(0, 1e4), **_FIBROBLASTS)
    background: float = setting(
        0.0, "pmol/min", bounds=(-1e4, 1e4), source="assumed: subtracted by the instrument's own background wells"
    )
    drift: float = setting(
        0.0, "1/h", bounds=(-5, 5), source="assumed: none; cells and instrument cannot be told apart"
    )
    failed_injections: float = setting(0.0, "1", bounds=(0, 1), source="assumed: every port empties")
    buffering: float = setting(2.5, "mM", bounds=(1e-3, 1e3), status="read", source="Ceas2023")
    microchamber: float = setting(3.648, "uL", bounds=(1e-3, 1e3), status="read", source="Ceas2023")

    def __post_init__(self) -> None:
        super().__post_init__()
        most = len(_WELLS)
        if whole_number(self.wells, "wells", 1) > most:
            raise ParameterError(f"wells = {self.wells}, but a plate has {most} free wells.")
        if self.cells is not None:
            object.__setattr__(self, "cells", self._one("cells", "1", (1.0, 1e9)))
        if not isinstance(self.measurements, int | np.integer):
            phases = mapping_in(self.measurements, "measurements")
            if not phases:
                raise ParameterError(f"measurements = {self.measurements!r}: give a number, or one for each phase.")
            object.__setattr__(self, "measurements", phases)
        given = self.measurements
        counts = given if isinstance(given, Mapping) else {"every phase": given}
        for label, count in counts.items():
            whole_number(count, f"measurements of {label!r}", 1)

    @property
    def cycle(self) -> float:
        """Length of one cycle, min; a phase lasts at least as long as its measurements times this."""
        return self.mix + self.wait + self.measure

    @property
    def protein_per_well(self) -> float:
        """Mitochondrial protein of a well at nominal seeding, µg: as given, or of its cells."""
        return self.protein if self.cells is None else self.cells * self.protein_per_cell * 1e-6

    def record(self, runs: Any, *, proton_production: str | None = None) -> xarray.Dataset:
        """What the instrument gives for one run, or for several groups of wells on one plate.

        Parameters
        ----------
        runs : Dataset or mapping of Dataset
            A time course with ``J_O2`` and ``segment``, or one for each group of wells,
            ``{"control": run, "drug": run}``; on one plate all have the same phases at the same times. A run of cells
            in a well (`models.cultured_cell`) has ``ocr`` and ``per`` of its own, in pmol/min: they are recorded, and
            ``protein`` and ``non_mitochondrial`` of the instrument are left aside.
        proton_production : str, optional
            Variable of the runs that gives the acid put out, in nmol H+/min/mg.

        Returns
        -------
        Dataset
            Over (well, time): ``ocr`` (pmol/min/well); ``per`` and ``ecar`` where proton production is given; and,
            hidden in a real experiment, ``ocr_true`` and ``per_true``, the noise-free means of a well at nominal
            seeding that got all injections, and ``injected``, False in a phase whose injection failed. Over (well):
            ``group`` and ``well_factor``. Over (time), the middle of each window: ``segment`` and ``measurement``.
            ``plate_factor`` has no dimension.

        Raises
        ------
        ParameterError
            If a run has no such phases, a phase is too short for its measurements, or units are of another kind.
        """
        groups = _groups(runs)
        if len(groups) * self.wells > len(_WELLS):
            raise ParameterError(
                f"{len(groups)} groups of {self.wells} wells are more than the {len(_WELLS)} free wells."
            )
        acid = [] if proton_production is None else [text_in(proton_production, "proton_production")]
        windows: list[Window] = []
        recorded: dict[str, list[Any]] = {}
        for group, run in groups.items():
            names = ["ocr", "per"] if of_a_well(run) else ["J_O2", *acid]
            one_time_course(run, f"PlateReader.record: group {group!r}", *names)
            found = windows_of(run, self.measurements, self.cycle, self.measure)
            windows = windows or found
            if not alike(windows, found):
                raise ParameterError(f"the phases of group {group!r} are not those of the first group on the plate.")
            for name, values in self._wells_of(group, run, found, names).items():
                recorded.setdefault(name, []).append(values)
        return self._plate(groups, windows, {name: np.concatenate(rows) for name, rows in recorded.items()})

    def _wells_of(self, group: str, run: xarray.Dataset, windows: list[Window], names: list[str]) -> dict[str, Any]:
        """Everything recorded in the wells of one group, each of shape (well, measurement)."""
        shape, hours = (self.wells, len(windows)), np.array([w.middle for w in windows]) / 60
        failed = self.random("injections", group).random((self.wells, 1 + windows[-1].phase)) < self.failed_injections
        failed[:, 0] = False  # the first phase begins without an injection
        wells = np.exp(self.well_spread * self.random("wells", group).standard_normal((self.wells, 1)))
        out = {"well_factor": wells[:, 0], "injected": ~failed[:, [w.phase for w in windows]]}
        for name, own, offset, noise in zip(
            names, ("ocr", "per"), (self.non_mitochondrial, 0.0), (self.additive_noise, 0.0)
        ):
            if name == own:
                rate = house_values(run, name, "pmol/min")
            else:  # nmol/min/mg times µg is pmol/min
                rate = house_values(run, name, "nmol/min/mg") * self.protein_per_well + offset
            truth, seen = means_over(run, rate, windows, failed)
            factors = self._plate_factor() * wells * np.exp(self.drift * hours)
            factors = factors * np.exp(
                self.measurement_noise * self.random("measurements", own, group).standard_normal(shape)
            )
            added = noise * self.random("additive", own, group).standard_normal(shape)
            out[own] = factors * seen + added + (self.background if own == "ocr" else 0.0)
            out[f"{own}_true"] = np.broadcast_to(truth, shape)
        return out

    def _plate_factor(self) -> float:
        return float(np.exp(self.plate_spread * self.random("plate").standard_normal()))

    def _plate(self, groups: dict[str, Any], windows: list[Window], recorded: dict[str, Any]) -> xarray.Dataset:
        import xarray

        both = ("well", "time")
        rate, pure = {"units": "pmol/min/well"}, {"units": "1"}
        about = {
            "ocr": rate | {"long_name": "oxygen consumption rate"},
            "ocr_true": rate | {"long_name": "oxygen consumption rate, noise-free at nominal seeding"},
            "per": rate | {"long_name": "proton production rate"},
            "per_true": rate | {"long_name": "proton production rate, noise-free at nominal seeding"},
            "injected": pure | {"long_name": "whether the injection of this phase arrived"},
        }
        data: dict[str, Any] = {name: (both, recorded[name], about[name]) for name in about if name in recorded}
        if "per" in recorded:
            # pmol/min in µL of a medium with mM/pH: 1e-12 / (1e-6 · 1e-3) pH, so 1e-3 pH without a factor.
            ecar = recorded["per"] / (self.buffering * self.microchamber)
            data["ecar"] = (both, ecar, {"units": "mpH/min", "long_name": "extracellular acidification rate"})
        data["well_factor"] = ("well", recorded["well_factor"], pure | {"long_name": "seeding, relative to nominal"})
        data["plate_factor"] = ((), self._plate_factor(), pure | {"long_name": "this plate, relative to nominal"})
        coordinates = {
            "well": ("well", _WELLS[: len(groups) * self.wells]),
            "group": ("well", np.repeat(list(groups), self.wells)),
            "time": ("time", [w.middle for w in windows], {"units": "min", "long_name": "middle of the measurement"}),
            "measurement": ("time", np.arange(1, len(windows) + 1)),
            "segment": ("time", [w.label for w in windows], {"long_name": "phase"}),
        }
        return xarray.Dataset(data, coordinates, self._attributes(groups))

    def _attributes(self, groups: dict[str, Any]) -> dict[str, Any]:
        """What all runs say of themselves, the injections as events, and the instrument."""
        runs = list(groups.values())
        common = {k: v for k, v in runs[0].attrs.items() if all(run.attrs.get(k) == v for run in runs)}
        return common | {"events": events_of(runs[0]), "instrument": self.described()}


def of_a_well(run: Any) -> bool:
    """Whether a run says itself what an instrument would read of its well."""
    return hasattr(run, "data_vars") and {"ocr", "per"} <= set(run.data_vars)


def _groups(runs: Any) -> dict[str, Any]:
    """Runs by group; a single one is the group ``"sample"``."""
    if hasattr(runs, "data_vars"):
        return {"sample": runs}
    groups = mapping_in(runs, "PlateReader.record: runs")
    if not groups:
        raise ParameterError(
            "PlateReader.record takes a Dataset, or one for each group: {'control': run, 'drug': run}."
        )
    return groups
