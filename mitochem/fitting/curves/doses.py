"""Respiration against the dose of an uncoupler: the largest rate measured first, a law second."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ...core.arguments import one_of
from ...core.errors import FitError
from ..experiment import Experiment
from ..free import Free
from ..law import Law
from ..laws.saturation import bell_law, dose_response_law
from ..verdicts import Warned
from .columns import Column, column, error_in, needs, same_length
from .derived import CurveFit, Derived, propagate
from .saturation import BEYOND
from .solving import errors_in, noted, observable_of, pair_of_units, solved, titled

__all__ = ["dose_response"]

NOMINAL = "doses are nominal: what is free is less, by adsorption to protein and lipid, and falls with more of them."


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
) -> CurveFit:
    """Fit respiration against the dose of an uncoupler, and say the largest rate that was measured.

    Parameters
    ----------
    dose : array, shape (n,)
        Nominal concentrations, in any order; repeated doses are replicates.
    J : array, shape (n,)
        Respiration, not negative: subtract the background first.
    law : {"saturating", "bell"}
        ``J0 + (Jm − J0)·x/(K + x)``, or with ``x²/Ki`` in the denominator, the inhibition at high dose. A bell has
        seldom enough points to determine it.
    J_error : number or array, optional
        Standard deviation of J.
    units : pair of str
        Of dose and J, where the data do not bring them.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    CurveFit
        Unknowns ``J0``, ``Jm``, ``K`` (and ``Ki``). Derived ``J_max_measured``, the largest mean measured, with its
        error where it has replicates, and ``dose_of_J_max``; ``EC50`` and the ``dose_of_peak`` of a bell only where
        they lie inside the doses.

    Raises
    ------
    FitError
        For negative doses or rates, doses without spread, and data as in `equilibrium_line`.
    """
    one_of(law, "law", ("saturating", "bell"), FitError)
    told = pair_of_units(units, "the dose", "J")
    x = column(dose, "dose", told[0] or None, need="units=('uM', ...)", legal=lambda v: v >= 0, allowed="0 or more")
    y = column(J, "J", told[1] or None, legal=lambda v: v >= 0,
               allowed="0 or more: oxygen is only consumed, subtract the background")  # fmt: skip
    same_length(x, y)
    largest = measured_maximum(x.values, y.values)
    free = _start(x, y, bell=law == "bell")
    needs(x, len(free), what="doses")
    name = observable_of(J, "J", ("dose", *free))
    fitted = Law(
        dose_response_law if law == "saturating" else bell_law,
        name,
        {name: y.unit, "dose": x.unit, "J0": y.unit, "Jm": y.unit, "K": x.unit}
        | ({"Ki": x.unit} if law == "bell" else {}),
        bounds={"dose": (0, None), "J0": (0, None), "Jm": (0, None), "K": (0, None)}
        | ({"Ki": (0.0, None)} if law == "bell" else {}),
        long_names={"dose": "uncoupler, nominal", name: "respiration"},
        equation=f"{name} = J0 + (Jm − J0)·x/(K + x{' + x²/Ki' if law == 'bell' else ''})",
        references=("Cadonic2016",),
        remarks=functools.partial(_remarks, largest=largest, law=law),
    )  # fmt: skip
    return solved(
        fitted,
        Experiment({"dose": x.values}, {name: y.values}, noted(error_in(J_error, "J_error", y), name, "told"),
                   name=label),
        free,
        title=titled(f"uncoupler titration, {law}", label),
        derive=functools.partial(_derived, largest=largest, law=law, units=(x.unit, y.unit)),
        notes=(NOMINAL,), source=source, errors=errors_in(errors), profile=profile,
    )  # fmt: skip


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
    free = {"J0": Free(start=base or 0.01 * top, log=False), "Jm": Free(start=1.2 * top), "K": Free(start=k)}
    return free | ({"Ki": Free(start=3 * float(x.values.max()))} if bell else {})


def _derived(result: Any, largest: Largest, law: str, units: tuple[str, str]) -> list[Derived]:
    error = f"from {largest.replicates} replicates" if largest.replicates > 1 else "no replicates, no error"
    out = [
        Derived("J_max_measured", units[1], largest.rate, largest.stderr, f"largest mean measured; {error}"),
        Derived("dose_of_J_max", units[0], largest.dose, math.nan, "dose of the largest mean measured"),
    ]
    low, high = _range(result)
    for name, quantity, meaning in _points_of(law):
        value, error_of = propagate(result, quantity)
        if low <= value <= high:
            out.append(Derived(name, units[0], value, error_of, meaning))
    return out


def _points_of(law: str) -> list[tuple[str, Any, str]]:
    if law == "saturating":
        return [("EC50", lambda v: v["K"], "half way from J0 to Jm")]
    return [
        ("EC50", _half_rise, "half way from J0 to the peak of the curve"),
        ("dose_of_peak", lambda v: math.sqrt(v["K"] * v["Ki"]), "peak of the curve"),
    ]


def _half_rise(v: Mapping[str, float]) -> float:
    """Dose on the rising side of a bell at half its height: the smaller root of a quadratic in the dose."""
    k, ki = v["K"], v["Ki"]
    # Height of the peak over Jm − J0 is 1/(1 + 2√(K/Ki)); half of it is x/(K + x + x²/Ki).
    b = 1 - 2 * (1 + 2 * math.sqrt(k / ki))
    return float((-b - math.sqrt(b * b - 4 * k / ki)) * ki / 2)


def _range(result: Any) -> tuple[float, float]:
    x = result.series[0].x["dose"]
    return float(x[x > 0].min()), float(x.max())


def _remarks(result: Any, largest: Largest, law: str) -> list[str]:
    out = []
    unit = result.series[0].unit
    low, high = _range(result)
    if result["Jm"] > BEYOND * largest.rate:
        above = 100 * (result["Jm"] / largest.rate - 1)
        text = f"extrapolation: Jm {result['Jm']:.3g} lies {above:.0f} % above the largest rate measured"
        out.append(Warned(f"{text}, {largest.rate:.4g} {unit}".rstrip() + "; report that instead.", "extrapolation"))
    if largest.dose == high:
        out.append(Warned("the largest dose gave the largest rate: the maximum may not have been reached.", "data"))
    for name, quantity, _ in _points_of(law):
        value = quantity(result.values)
        if not low <= value <= high:
            text = f"extrapolation: {name} {value:.3g} is outside the doses, {low:.3g} to {high:.3g}, and not reported."
            out.append(Warned(text, "extrapolation"))
    if law == "bell" and largest.dose < high and (result.series[0].x["dose"] > largest.dose).sum() < 2:
        out.append(Warned("one dose lies beyond the largest rate: inhibition rests on a single point.", "data"))
    return out
