"""Proton leak against the force."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ...components import ExponentialLeak, SinhLeak, ThresholdLeak
from ...core.arguments import number_in, one_of
from ...core.errors import FitError
from ...core.units import magnitude
from ..laws.leaks import exponential_leak_law, ohmic_leak_law, sinh_leak_law, threshold_leak_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived, correlation_of, propagate
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, error_in, needs, same_length, slope_of
from .solving import errors_in, noted, observable_of, pair_of_units, solved, titled

__all__ = ["FORMS", "leak_curve"]

NARROW = 30.0
"""mV below which amplitude and steepness of an exponential cannot be told apart."""


class Form(NamedTuple):
    """A law of the leak: its function, what it has besides the leak at the reference, and in words."""

    function: Callable[..., Any]
    units: dict[str, str]
    bounds: dict[str, tuple[float, float]]
    equation: str
    reference: str


FORMS = {
    "ohmic": Form(ohmic_leak_law, {}, {}, "J_reference·Δ/reference", "Nicholls1974"),
    "exponential": Form(
        exponential_leak_law, {"steepness": "1/mV"}, {"steepness": (1e-5, 1.0)},
        "J_reference·(e^(steepness·Δ) − 1)/(e^(steepness·reference) − 1)", "Korzeniewski2001",
    ),
    "sinh": Form(
        sinh_leak_law, {"steepness": "1/mV"}, {"steepness": (1e-5, 1.0)},
        "J_reference·sinh(steepness·Δ)/sinh(steepness·reference)", "Nicholls1974",
    ),
    "threshold": Form(
        threshold_leak_law, {"steepening": "1", "threshold": "mV", "threshold_width": "mV"},
        {"steepening": (0.0, 1e4), "threshold": (0.0, 400.0), "threshold_width": (0.1, 100.0)},
        "J_reference·(ohmic leak with a corner at threshold, slope 1 + steepening times above)", "Nicholls1997",
    ),
}  # fmt: skip


UNKNOWNS = {"ohmic": 1, "exponential": 2, "sinh": 2, "threshold": 3}


def leak_curve(
    force: Any,
    J: Any,
    *,
    law: str = "exponential",
    reference: Any = None,
    axis: str = "delta_psi",
    J_error: Any = None,
    units: tuple[str, str] = ("mV", ""),
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit the leak against Δψ or Δp, told by its value at a reference force inside the data.

    Amplitude a and steepness b of ``a·e^(bΔ)`` are correlated beyond 0.95 over any window that can be measured; the
    leak at the middle of the window and b are not. What they make of a is derived, with its error.

    Parameters
    ----------
    force : array, shape (n,)
        Δψ or Δp in mV, as ``axis`` says.
    J : array, shape (n,)
        Leak as oxygen or as protons, in any unit; with force above 0 not negative.
    law : {"ohmic", "exponential", "sinh", "threshold"}
        Laws of the components `OhmicLeak`, `ExponentialLeak`, `SinhLeak` and `ThresholdLeak`. All are zero at zero
        force. The width of the corner is held at that of `ThresholdLeak`.
    reference : number or str, optional
        Force (mV, or text) at which the leak is told, inside the data; their middle by default.
    axis : {"delta_psi", "pmf"}
    J_error : number or array, optional
        Standard deviation of J.
    units : pair of str
        Of the force and of J, where the data do not bring them.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    FitResult
        Unknowns ``J_reference`` and ``steepness``, or ``steepening`` and ``threshold``; derived ``amplitude`` or
        ``conductance``, parameters of the component.

    Raises
    ------
    FitError
        For a reference outside the data, negative leaks, and data as in `equilibrium_line`.
    """
    form = FORMS[one_of(law, "law", FORMS, FitError)]
    one_of(axis, "axis", ("delta_psi", "pmf"), FitError)
    told = pair_of_units(units, "the force", "J")
    x, y = column(force, "force", told[0] or None, house="mV"), column(J, "J", told[1] or None)
    same_length(x, y)
    needs(x, UNKNOWNS[law], what="forces")
    _signs(x, y)
    at = _reference(reference, x)
    free = _start(law, x, y, at)
    name = observable_of(J, "J_leak", ("force", "reference", "J_reference", *form.units))
    held: dict[str, Any] = {"reference": at}
    if law == "threshold":
        held["threshold_width"] = ThresholdLeak().threshold_width
    noise = noted(error_in(J_error, "J_error", y), name, "as told")
    return solved(
        _law(law, name, y.unit, axis, at),
        Experiment({"force": x.values, **held}, {name: y.values}, noise, name=label),
        free,
        title=titled(f"leak against {axis}, {law}", label),
        notes=(f"reference {at:.4g} mV; the law is zero at zero force.",),
        source=source, errors=errors_in(errors), profile=profile,
    )  # fmt: skip


def _law(law: str, name: str, unit: str, axis: str, at: float) -> Law:
    """One of the laws as a problem takes it."""
    form = FORMS[law]
    words = {"delta_psi": "membrane potential", "pmf": "proton-motive force"}
    return Law(
        form.function,
        name,
        {name: unit, "force": "mV", "reference": "mV", "J_reference": unit, **form.units},
        bounds={"J_reference": (0, None), **form.bounds},
        long_names={"force": words[axis], name: "proton leak"},
        equation=f"{name} = {form.equation}",
        references=(form.reference,),
        remarks=remarks,
        derive=functools.partial(derived, law=law, unit=unit, at=at),
    )


def _signs(x: Column, y: Column) -> None:
    bad = np.flatnonzero(y.values * x.values < 0)
    if len(bad):
        i = int(bad[0])
        raise FitError(
            f"J[{i}] = {y.values[i]:g} at a force of {x.values[i]:g} mV: a leak runs with the force, and has its sign. "
            "Δψ is told outside minus matrix, positive when energised; a J below 0 has too much subtracted from it."
        )
    if not (y.values != 0).any():
        raise FitError("J is zero throughout; there is no leak to fit.")


def _reference(given: Any, x: Column) -> float:
    low, high = float(x.values.min()), float(x.values.max())
    if high <= 0:
        raise FitError("no force is above 0: a leak that is reversed throughout is fitted as -force and -J.")
    if given is None:
        middle = (low + high) / 2
        return middle if middle > 0 else high
    at = number_in(magnitude(given, "mV", "reference"), "reference", FitError)
    if not low <= at <= high or at <= 0:
        raise FitError(f"reference = {at:g} mV must lie inside the data, {low:g} to {high:g} mV, and above 0.")
    return at


def _start(law: str, x: Column, y: Column, at: float) -> dict[str, Free]:
    order = np.argsort(x.values, kind="stable")
    here = float(np.interp(at, x.values[order], np.abs(y.values[order])))
    free = {"J_reference": Free(start=here or float(np.abs(y.values).max()) / 2)}
    if law in ("exponential", "sinh"):
        seen = (np.abs(y.values) > 0) & (x.values > 0)
        steep = slope_of(np.abs(x.values[seen]), np.log(np.abs(y.values[seen]))) if seen.any() else 0.0
        free["steepness"] = Free(start=float(np.clip(steep, 2e-3, 0.2)))
    if law == "threshold":
        corner = float(np.clip(np.quantile(x.values, 2 / 3), 1.0, 399.0))
        free |= {"steepening": Free(start=5.0), "threshold": Free(start=corner)}
    return free


def derived(result: Any, law: str, unit: str, at: float) -> list[Derived]:
    per_mV = f"{unit}/mV" if unit else "1/mV"
    if law == "ohmic":
        return [
            Derived("conductance", per_mV, *propagate(result, lambda v: v["J_reference"] / at), "slope, of `OhmicLeak`")
        ]
    if law == "threshold":
        value, se = propagate(result, functools.partial(_slope, at=at))
        return [Derived("conductance", per_mV, value, se, "slope below the threshold, of `ThresholdLeak`")]
    a = functools.partial(_amplitude, law=law, at=at)
    r = correlation_of(result, lambda v: np.log(a(v)), lambda v: v["steepness"])
    meaning = f"of `{'SinhLeak' if law == 'sinh' else 'ExponentialLeak'}`; correlated with steepness, {r:.3f}"
    return [Derived("amplitude", unit, *propagate(result, a), meaning)]


def _amplitude(values: Mapping[str, float], law: str, at: float) -> float:
    """Amplitude of the component that has this leak at the reference."""
    component = SinhLeak if law == "sinh" else ExponentialLeak
    one = float(component(amplitude=1.0, steepness=values["steepness"]).J_leak(at))
    return values["J_reference"] / one if one else np.nan


def _slope(values: Mapping[str, float], at: float) -> float:
    unit = ThresholdLeak(conductance=1.0, threshold_conductance=values["steepening"], threshold=values["threshold"])
    return float(values["J_reference"] / unit.J_leak(at))


def remarks(result: Any) -> list[Warned]:
    """What the forces that were measured do not show."""
    out = []
    x = result.series[0].x["force"]
    if "steepness" in result.values and np.ptp(x) < NARROW:
        text = f"the forces span {np.ptp(x):.3g} mV: the shape is assumed, and the amplitude at zero force unknown."
        if np.abs(x).max() < 1:
            text += " All are below 1 mV: if they are in V, say so."
        out.append(Warned(text, "data"))
    if "threshold" in result.values and not x.min() < result["threshold"] < x.max():
        text = f"extrapolation: the threshold {result['threshold']:.4g} mV lies outside the forces measured"
        out.append(Warned(f"{text}, {x.min():.4g} to {x.max():.4g} mV.", "extrapolation"))
    return out
