"""What is free in a problem, and how its unknowns are laid out: shared by all experiments, or local to one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.arguments import names_in, number_in, numbers_in, shown, text_in, yes_or_no
from ...core.errors import FitError
from .experiment import Prepared
from .subject import Subject
from .unknowns import Unknown

__all__ = ["Free", "Layout", "Scale"]

Bounds = tuple[float | None, float | None]


@dataclasses.dataclass(frozen=True)
class Free:
    """How one parameter is sought.

    Parameters
    ----------
    low, high : float, optional
        Where the search ends; by default the legal bounds of the parameter.
    start : float, optional
        Where it begins; by default the value in the model.
    log : bool, optional
        Seek its logarithm; by default where nothing negative is allowed.
    local : bool
        One value for each experiment, named ``address[experiment]``, instead of one for all.
    """

    low: float | None = None
    high: float | None = None
    start: float | None = None
    log: bool | None = None
    local: bool = False

    def __post_init__(self) -> None:
        for field in ("low", "high", "start"):
            if (value := getattr(self, field)) is not None:
                number = number_in(value, field, FitError) if field == "start" else numbers_in(value, field, FitError)
                if np.ndim(number) or np.isnan(number):
                    raise FitError(f"{field} = {shown(value)} is not one number.")
        yes_or_no(self.local, "local")
        if self.log is not None:
            yes_or_no(self.log, "log")

    @classmethod
    def of(cls, given: Free | Bounds | None) -> Free:
        """From what ``Problem(free=...)`` takes: None, bounds, or all there is to say."""
        if given is None:
            return cls()
        if isinstance(given, cls):
            return given
        if not isinstance(given, tuple | list) or len(given) != 2:
            raise FitError(f"bounds are a pair (low, high), a Free, or None, not {given!r}.")
        ends = [None if end is None else numbers_in(end, "an end of bounds", FitError) for end in given]
        if any(end is not None and (end.ndim or np.isnan(end)) for end in ends):
            raise FitError(f"bounds {given!r} are not a pair of numbers.")
        low, high = (None if end is None else float(end) for end in ends)
        return cls(low, high)


@dataclasses.dataclass(frozen=True)
class Scale:
    """A nuisance: the factor from what the model gives to what the instrument says.

    Measured in nmol/min per unit of citrate synthase, oxygen consumption is ``J_O2`` of the model, per mg protein,
    times the mg protein per unit: a property of the preparation, without interest, but not known either.

    Parameters
    ----------
    multiplies : str or tuple of str
        Observables it acts on.
    unit : str
        Unit of the factor.
    start : float
        Where the search begins.
    bounds : tuple, optional
        Where it ends.
    why : str
        What it stands for; goes into the report.
    local : bool
        One factor for each experiment, named ``name[experiment]``, instead of one for all.
    """

    multiplies: str | tuple[str, ...]
    unit: str = "1"
    start: float = 1.0
    bounds: Bounds | None = None
    why: str = ""
    local: bool = False

    def __post_init__(self) -> None:
        yes_or_no(self.local, "local")

    @property
    def observables(self) -> tuple[str, ...]:
        return tuple(names_in([self.multiplies] if isinstance(self.multiplies, str) else self.multiplies, "multiplies"))


@dataclasses.dataclass(frozen=True)
class Slot:
    """Where one unknown acts: on a parameter, as a factor, or as the true value of a condition at one point."""

    unknown: Unknown
    target: str
    experiment: int | None = None
    kind: str = "parameter"
    point: int = 0


class Layout:
    """All unknowns of a problem, in a row: parameters, nuisances, then true values of uncertain conditions."""

    def __init__(
        self,
        subject: Subject,
        prepared: Sequence[Prepared],
        free: Mapping[str, Free],
        nuisance: Mapping[str, Scale],
    ) -> None:
        self.slots = [
            *(slot for name, one in free.items() for slot in _parameters(subject, prepared, name, one)),
            *(slot for name, scale in nuisance.items() for slot in _factors(prepared, name, scale)),
            *(slot for i, experiment in enumerate(prepared) for slot in _latent(i, experiment)),
        ]
        self.unknowns = tuple(slot.unknown for slot in self.slots)
        self._scales = nuisance

    def of(self, experiment: int, kind: str) -> list[int]:
        """Places of the unknowns of a kind that act in an experiment."""
        return [i for i, s in enumerate(self.slots) if s.kind == kind and s.experiment in (None, experiment)]

    def columns(self, experiment: int, prepared: Prepared, values: Any) -> dict[str, Any]:
        """Parameters (..., ) and uncertain conditions (..., point) of an experiment, from values (..., unknown)."""
        out = {self.slots[i].target: values[..., i] for i in self.of(experiment, "parameter")}
        for i in self.of(experiment, "latent"):
            slot = self.slots[i]
            if slot.target not in out:
                shape = (*values.shape[:-1], prepared.size)
                out[slot.target] = np.broadcast_to(prepared.conditions[slot.target], shape).copy()
            out[slot.target][..., slot.point] = values[..., i]
        return out

    def factor(self, experiment: int, observable: str, values: Any) -> Any:
        """What an observable is multiplied by, from values (..., unknown)."""
        out = np.ones(values.shape[:-1])
        for i in self.of(experiment, "factor"):
            if observable in self._scales[self.slots[i].target].observables:
                out = out * values[..., i]
        return out


def _parameters(subject: Subject, prepared: Sequence[Prepared], name: str, free: Free) -> list[Slot]:
    address, unit, value, least, most, plausible = subject.parameter(name)
    start = value if free.start is None else free.start
    if start is None:
        raise FitError(f"{address} needs a start value: free={{{address!r}: Free(start=...)}}.")
    low = least if free.low is None else float(free.low)
    high = most if free.high is None else float(free.high)
    if low < least or high > most:
        raise FitError(
            f"{address}: bounds ({low:g}, {high:g}) {unit} reach beyond what is legal, ({least:g}, {most:g})."
        )
    log = low >= 0 if free.log is None else free.log
    if log and start == 0:
        raise FitError(
            f"{address} starts at 0, where its effect may vanish; give another start: "
            f"free={{{address!r}: Free(start=...)}}."
        )
    places: list[int | None] = list(range(len(prepared))) if free.local else [None]
    return [
        Slot(Unknown(_label(address, prepared, i), unit, float(start), low, high, log, plausible=plausible), address, i)
        for i in places
    ]


def _factors(prepared: Sequence[Prepared], name: str, scale: Scale) -> list[Slot]:
    text_in(scale.unit, f"unit of {name}", FitError)
    bounds = Free.of(scale.bounds)
    low = 0.0 if bounds.low is None else bounds.low
    high = math.inf if bounds.high is None else bounds.high
    seen = [i for i, e in enumerate(prepared) if set(scale.observables) & set(e.names)]
    places: list[int | None] = [*seen] if scale.local else [None]
    return [
        Slot(
            Unknown(_label(name, prepared, i), scale.unit, scale.start, low, high, low >= 0, "nuisance"),
            name, i, "factor",
        )
        for i in places
    ]  # fmt: skip


def _latent(number: int, experiment: Prepared) -> list[Slot]:
    out = []
    for series in experiment.blurred:
        # Sought in units of its own error, from what was measured.
        for point, (value, size) in enumerate(zip(series.observed, series.noise)):
            name = f"{series.observable}[{experiment.name}:{point}]"
            unknown = Unknown(name, series.unit, float(value), log=False, role="latent", size=float(size))
            out.append(Slot(unknown, series.observable, number, "latent", point))
    return out


def _label(name: str, prepared: Sequence[Prepared], experiment: int | None) -> str:
    return name if experiment is None else f"{name}[{prepared[experiment].name}]"
