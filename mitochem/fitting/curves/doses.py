"""Respiration against the dose of an uncoupler: the largest rate measured first, a law second."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ...core.arguments import one_of
from ...core.errors import FitError
from ..laws.saturation import bell_law, dose_response_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived, propagate
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, error_in, needs, same_length
from .saturation import BEYOND
from .solving import errors_in, noted, observable_of, pair_of_units, solved, titled

__all__ = ["dose_response"]

NOMINAL = "doses are nominal: what is free is less, by adsorption to protein and lipid, and falls with more of them."
FALLEN = 0.9
"""Below this share of the largest mean, the rate at the largest dose has fallen."""


class Largest(NamedTuple):
    """Largest mean of the rates measured at one dose."""

    rate: float
    stderr: float
    dose: float
    replicates: int


def dose_response(
    dose: Any,
    J: Any,
    *,
    law: str = "saturating",
    J_error: Any = None,
    units: tuple[str, str] = ("uM", ""),
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit respiration against the dose of an uncoupler, and say the largest rate that was measured.

    Parameters
    ----------
    dose : array, shape (n,)
        Nominal concentrations, in any order; repeated doses are replicates.
    J : array, shape (n,)
        Respiration, not negative: subtract the background first.
    law : {"saturating", "bell"}
        ``J0 + (Jm − J0)·x/(K + x)``, or with inhibition at high dose, ``x²/Ki`` in the denominator, told by its peak:
        K, Ki and the plateau behind it are seldom determined.
    J_error : number or array, optional
        Standard deviation of J.
    units : pair of str
        Of dose and J, where the data do not bring them.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    FitResult
        Unknowns ``J0``, ``Jm``, ``K``, or ``J0``, ``J_peak``, ``dose_peak``, ``sharpness``. Derived
        ``J_max_measured``, the largest mean measured, with its error where it has replicates, and ``dose_of_J_max``;
        ``EC50``, half way from J0 to the plateau or the peak, only where it lies inside the doses.

    Raises
    ------
    FitError
        For negative doses or rates, doses without spread, and data as in `equilibrium_line`.
    """
    one_of(law, "law", FORMS, FitError)
    told = pair_of_units(units, "the dose", "J")
    x = column(dose, "dose", told[0] or None, need="units=('uM', ...)", legal=lambda v: v >= 0, allowed="0 or more")
    y = column(J, "J", told[1] or None, legal=lambda v: v >= 0,
               allowed="0 or more: oxygen is only consumed, subtract the background")  # fmt: skip
    same_length(x, y)
    needs(x, 3 if law == "saturating" else 4, what="doses")
    free = _start(x, y, bell=law == "bell")
    name = observable_of(J, "J", ("dose", *free))
    units_of = {"J0": y.unit, "Jm": y.unit, "K": x.unit, "J_peak": y.unit, "dose_peak": x.unit, "sharpness": "1"}
    form = FORMS[law]
    fitted = Law(
        form.function,
        name,
        {name: y.unit, "dose": x.unit, **{u: units_of[u] for u in free}},
        bounds={"dose": (0, None), **{u: (1e-3, 1e3) if u == "sharpness" else (0, None) for u in free}},
        long_names={"dose": "nominal uncoupler", name: "respiration"},
        equation=f"{name} = {form.equation}",
        references=("Cadonic2016",),
        remarks=remarks,
        derive=functools.partial(derived, law=law, dose_unit=x.unit),
    )
    noise = noted(error_in(J_error, "J_error", y), name, "as told")
    return solved(
        fitted,
        Experiment({"dose": x.values}, {name: y.values}, noise, name=label),
        free,
        title=titled(f"uncoupler titration, {law}", label),
        notes=(NOMINAL,),
        source=source,
        errors=errors_in(errors),
        profile=profile,
    )


def _half_rise(v: Mapping[str, float]) -> float:
    """Dose on the rising side of a bell at half its height: the smaller root of ``s·u² − (1 + 4s)·u + s = 0``."""
    s = v["sharpness"]
    return float(v["dose_peak"] * ((1 + 4 * s) - math.sqrt((1 + 4 * s) ** 2 - 4 * s * s)) / (2 * s))


class Form(NamedTuple):
    """A law of the titration: its function, what it calls its largest rate, and half way there."""

    function: Callable[..., Any]
    equation: str
    top: str
    half: Callable[[Mapping[str, float]], float]


FORMS = {
    "saturating": Form(dose_response_law, "J0 + (Jm − J0)·x/(K + x)", "Jm", lambda v: v["K"]),
    "bell": Form(bell_law, "J0 + (J_peak − J0)·(1 + 2s)·u/(s + u + s·u²), u = x/dose_peak", "J_peak", _half_rise),
}


def measured_maximum(dose: Any, J: Any) -> Largest:
    """The largest mean of the rates at one dose; its error from replicates at that dose."""
    doses = np.unique(dose)
    best = max(doses, key=lambda d: J[dose == d].mean())
    here = J[dose == best]
    error = float(here.std(ddof=1) / math.sqrt(len(here))) if len(here) > 1 else math.nan
    return Largest(float(here.mean()), error, float(best), len(here))


def _start(x: Column, y: Column, *, bell: bool) -> dict[str, Free]:
    base, top = float(y.values[x.values.argmin()]), float(y.values.max())
    if top <= base:
        raise FitError(
            f"no rate is above that at the lowest dose ({base:g}): nothing was uncoupled, or inhibition came first."
        )
    order = np.argsort(x.values, kind="stable")
    half = float(np.interp((base + top) / 2, np.maximum.accumulate(y.values[order]), x.values[order]))
    k = half if half > 0 else float(x.values[x.values > 0].min())
    first = {"J0": Free(start=base or 0.01 * top, log=False)}
    if not bell:
        return first | {"Jm": Free(start=1.2 * top), "K": Free(start=k)}
    peak = float(x.values[y.values.argmax()])
    return first | {"J_peak": Free(start=top), "dose_peak": Free(start=peak), "sharpness": Free(start=0.5)}


def derived(result: Any, law: str, dose_unit: str) -> list[Derived]:
    """The largest rate that was measured, and the half dose where the doses reach it."""
    (series,), form = result.series, FORMS[law]
    largest = measured_maximum(series.x["dose"], series.observed)
    error = f"from {largest.replicates} replicates" if largest.replicates > 1 else "no replicates, no error"
    out = [
        Derived("J_max_measured", series.unit, largest.rate, largest.stderr, f"largest mean measured; {error}"),
        Derived("dose_of_J_max", dose_unit, largest.dose, math.nan, "dose of the largest mean measured"),
    ]
    low, high = _range(result)
    value, of_it = propagate(result, form.half)
    if low <= value <= high:
        out.append(Derived("EC50", dose_unit, value, of_it, f"half way from J0 to {form.top}"))
    return out


def _range(result: Any) -> tuple[float, float]:
    x = result.series[0].x["dose"]
    return float(x[x > 0].min()), float(x.max())


def remarks(result: Any) -> list[Warned]:
    """Plateau, half-dose and maximum that the doses do not reach."""
    out, (series,) = [], result.series
    form = next(form for form in FORMS.values() if form.top in result.values)
    largest = measured_maximum(series.x["dose"], series.observed)
    low, high = _range(result)
    top, half = result[form.top], form.half(result.values)
    if top > BEYOND * largest.rate:
        text = f"extrapolation: {form.top} {top:.3g} lies {100 * (top / largest.rate - 1):.0f} % above the largest rate"
        text = f"{text} measured, {largest.rate:.4g} {series.unit}".rstrip()
        out.append(Warned(text + "; report that instead.", "extrapolation"))
    if not low <= half <= high:
        text = f"extrapolation: EC50 {half:.3g} is outside the doses, {low:.3g} to {high:.3g}, and not reported."
        out.append(Warned(text, "extrapolation"))
    beyond = int((series.x["dose"] > largest.dose).sum())
    if not beyond:
        out.append(Warned("the largest dose gave the largest rate: the maximum may not have been reached.", "data"))
    elif form.top == "Jm" and (last := series.observed[series.x["dose"] == high].mean()) < FALLEN * largest.rate:
        text = f"the rate falls to {last:.4g} beyond its largest, {largest.rate:.4g}: a saturating law does not fall"
        out.append(Warned(f"{text}; try law='bell'.", "misfit"))
    elif beyond == 1 and form.top == "J_peak":
        out.append(Warned("one point lies beyond the largest rate: inhibition rests on it alone.", "data"))
    return out
