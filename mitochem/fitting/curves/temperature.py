"""Rates against temperature."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...constants import GAS_CONSTANT
from ...core.arguments import one_of
from ...core.door import KINDS
from ...core.errors import FitError
from ...core.functions import exp
from ..laws.temperature import arrhenius_law, q10_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived, propagate
from ..results.report import smoothness
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import column, constant, error_in, needs, same_length, slope_of
from .solving import errors_in, noted, pair_of_units, solved, titled

__all__ = ["arrhenius"]

COLD, WARM = 278.15, 318.15
"""5 and 45 °C: outside of these lipids freeze and enzymes unfold, and one energy means little."""

EQUATIONS = {
    "arrhenius": "ln v = ln v_ref − (Ea/R)·(1/T − 1/T_ref)",
    "q10": "ln v = ln v_ref + ln(Q10)·(T − T_ref)/10 K",
}
SLOPES = {"arrhenius": ("activation_energy", "kJ/mol", arrhenius_law), "q10": ("q10", "1", q10_law)}


def arrhenius(
    temperature: Any,
    rate: Any,
    *,
    law: str = "arrhenius",
    reference: Any = None,
    rate_error: Any = None,
    units: tuple[str, str] = ("", ""),
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Activation energy, or Q10, of a rate, from a line through its logarithm.

    Parameters
    ----------
    temperature : array, shape (n,)
        In the unit told: "K" or "degC" (a DataArray brings its own). There is no default.
    rate : array, shape (n,)
        Above zero, at constant driving force if the energy is to be that of a step.
    law : {"arrhenius", "q10"}
        ``ln v = ln v_ref − (Ea/R)(1/T − 1/T_ref)``, or the factor ``Q10^((T − T_ref)/10 K)`` of
        `TemperatureDependence`.
    reference : number or str, optional
        Temperature (K, or text) at which the rate is told; the middle of the data by default, where it and the energy
        are hardly correlated.
    rate_error : number or array, optional
        Standard deviation of the rates; without it all logarithms weigh alike, that is relative errors are equal.
    units : pair of str
        Of the temperature and of the rate, where the data do not bring them.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    FitResult
        Unknowns ``ln_rate_reference`` and ``activation_energy`` (kJ/mol) or ``q10``; derived ``rate_reference``, and
        ``q10`` at the reference or ``activation_energy`` there.

    Raises
    ------
    FitError
        For a missing unit, rates of zero or less, temperatures without spread.
    """
    slope, unit, function = SLOPES[one_of(law, "law", SLOPES, FitError)]
    told = pair_of_units(units, "temperature", "the rate")
    allowed = KINDS["temperature"].allowed
    legal = KINDS["temperature"].test
    need = "units=('degC', ...) or units=('K', ...)"
    t = column(temperature, "temperature", told[0] or None, house="K", need=need, legal=legal, allowed=allowed)
    v = column(rate, "rate", told[1] or None, legal=lambda r: r > 0, allowed="above 0, or it has no logarithm")
    same_length(t, v)
    needs(t, 2, what="temperatures")
    size = error_in(rate_error, "rate_error", v)
    at = (t.values.min() + t.values.max()) / 2 if reference is None else constant(reference, "reference", "temperature")
    logs = np.log(v.values)
    energy = -GAS_CONSTANT * slope_of(1 / t.values, logs)
    start = (energy or 1.0) if law == "arrhenius" else float(np.clip(exp(energy / _per_ten(at)), 0.2, 9.0))
    shown = f"ln(rate in {v.unit})" if v.unit not in ("", "1") else "ln(rate)"
    noise = noted(None if size is None else size / v.values, "ln_rate", "relative error of the rate, as told")
    weights = () if noise else ("all logarithms weigh alike: equal relative errors.",)
    fitted = Law(
        function,
        "ln_rate",
        {"ln_rate": "1", "temperature": "K", "ln_rate_reference": "1", slope: unit, "reference": "K"},
        bounds={"q10": (0.1, 10.0)} if law == "q10" else {},
        long_names={"ln_rate": shown, "temperature": "temperature"},
        equation=EQUATIONS[law],
        remarks=remarks,
        derive=functools.partial(derived, law=law, at=float(at), unit=v.unit),
    )
    return solved(
        fitted,
        Experiment({"temperature": t.values, "reference": float(at)}, {"ln_rate": logs}, noise, name=label),
        {
            "ln_rate_reference": Free(start=float(logs.mean()) or 1.0, log=False),
            slope: Free(start=start, log=law == "q10"),
        },
        title=titled("Arrhenius" if law == "arrhenius" else "Q10", label),
        notes=(f"T_ref = {at:.5g} K.", *weights),
        source=source,
        errors=errors_in(errors),
        profile=profile,
    )


def _per_ten(at: float) -> float:
    """Energy per unit of ln(Q10): both laws have the same slope at the reference where Ea = R·T²·ln(Q10)/10 K."""
    return float(GAS_CONSTANT * at**2 / 10.0)


def derived(result: Any, law: str, at: float, unit: str) -> list[Derived]:
    value = propagate(result, lambda v: exp(v["ln_rate_reference"]))
    rate, scale = Derived("rate_reference", unit, *value, f"at {at:.5g} K"), _per_ten(at)
    if law == "arrhenius":
        value = propagate(result, lambda v: exp(v["activation_energy"] / scale))
        return [rate, Derived("q10", "1", *value, "factor per 10 K, at the reference")]
    value = propagate(result, lambda v: scale * np.log(v["q10"]))
    return [rate, Derived("activation_energy", "kJ/mol", *value, "apparent, at the reference")]


def remarks(result: Any) -> list[Warned]:
    """Temperatures outside the range of one energy, and a suspected kink."""
    out = []
    (series,) = result.series
    t = series.x["temperature"]
    if t.min() < COLD or t.max() > WARM:
        text = f"temperatures from {t.min() - 273.15:.3g} to {t.max() - 273.15:.3g} °C reach beyond 5 to 45 °C"
        out.append(Warned(f"{text}: frozen lipid and unfolding enzymes are no activation energy.", "data"))
    rest = (series.observed - result.fitted[0])[np.argsort(t, kind="stable")]
    if len(rest) >= 5 and np.abs(rest).max() > 1e-6 and (p := smoothness(rest)) < 0.05:
        text = f"a kink is suspected: residuals run together with temperature (p = {p:.2g}); fit both sides apart."
        out.append(Warned(text, "misfit"))
    return out
