"""Respiration against ADP or phosphate: saturation laws, with the guards that a fit of few points needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...core.arguments import names_in, shown, text_in, yes_or_no
from ...core.errors import FitError, nearest
from ..laws.saturation import hill_law, inhibition_law, michaelis_menten_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, needs, same_length, unit_of
from .solving import observable_of, pair_of_units, solved, titled, words_of

__all__ = ["BEYOND", "michaelis_menten"]

BEYOND = 1.2
"""A plateau further above the largest measurement than this factor is called extrapolated."""


def michaelis_menten(
    adp: Any,
    J: Any,
    *,
    offset: bool = False,
    hill: bool = False,
    inhibition: bool = False,
    groups: Any = None,
    shared: Sequence[str] = (),
    substrate: str = "ADP",
    label: str = "",
    units: tuple[str, str] = ("mM", ""),
    profile: bool = False,
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit respiration, or another rate, against ADP or phosphate by unweighted least squares.

    Start values come from the data. Vmax, Km, h and Ki are sought on a logarithmic scale, J0 on a linear one from 0 up.
    Compare laws with `mitochem.fitting.compare` before believing a Km: it moves 2-3 fold with the choice of the law.

    Parameters
    ----------
    adp, J : array, shape (n,)
        Points of one titration, or of several told apart by ``groups``; DataArrays bring their units. All finite, ADP
        not negative.
    offset : bool
        Let the rate without ADP be J0 instead of 0.
    hill : bool
        Let the steepness be h instead of 1.
    inhibition : bool
        Let the substrate inhibit, ``Vmax·S/(Km + S + S²/Ki)``.
    groups : sequence of str, shape (n,), optional
        Which titration a point belongs to. Unknowns are then local, ``Vmax[group]``, but for those ``shared``.
    shared : sequence of str
        Unknowns that all groups have in common, such as ``("Km",)``; whether they do is for `compare` to say.
    substrate : str
        What is titrated, for axes and reports.
    label : str
        What the titration is called in the report.
    units : tuple of str
        Units of ADP and of J where the data do not bring them.
    profile : bool
        Follow the profile likelihood of every unknown: ``result.profiles``.
    source : mapping, optional
        Where the data come from; kept in the provenance.

    Raises
    ------
    FitError
        If data are empty, not finite, of unequal length, or fewer than unknowns.
    """
    for name, choice in (("offset", offset), ("hill", hill), ("inhibition", inhibition)):
        yes_or_no(choice, name)
    if hill and inhibition:
        raise FitError("hill and inhibition together are more than a titration determines; choose one.")
    told = pair_of_units(units, "ADP", "J")
    dose, rate = column(adp, "adp", unit_of(adp, told[0] or None)), column(J, "J", unit_of(J, told[1] or None))
    same_length(dose, rate)
    _positive(dose, strictly=hill)
    members = _groups(groups, len(dose), label)
    unknowns = _unknowns(dose, rate, offset=offset, hill=hill, inhibition=inhibition)
    together = names_in(shared, "shared", FitError)
    for name in together:
        if name not in unknowns:
            raise FitError(f"shared: {name!r} is not fitted by this law." + nearest(name, unknowns))
    if together and groups is None:
        raise FitError("shared unknowns need groups: say which titration every point belongs to.")
    free = {
        name: dataclasses.replace(u, local=groups is not None and name not in together) for name, u in unknowns.items()
    }
    function = hill_law if hill else inhibition_law if inhibition else michaelis_menten_law
    name = observable_of(J, "J", ("adp", *free))
    units_of = {"Vmax": rate.unit, "Km": dose.unit, "h": "1", "Ki": dose.unit, "J0": rate.unit}
    law = Law(
        function,
        name,
        {name: rate.unit, "adp": dose.unit, **{u: units_of[u] for u in free}},
        defaults={} if offset else {"J0": 0.0},
        bounds={"adp": (0, None), **{u: LEGAL[u] for u in free}},
        long_names={"adp": text_in(substrate, "substrate", FitError), name: words_of(J, name)},
        equation=f"{name} = {_equation(hill, inhibition, offset, substrate)}",
        references=("Stride2014",),
        remarks=extrapolation,
    )
    experiments = [
        Experiment({"adp": dose.values[at]}, {name: rate.values[at]}, name=text) for text, at in members.items()
    ]
    kind = ("Hill" if hill else "substrate inhibition" if inhibition else "Michaelis-Menten") + (
        " with offset" if offset else ""
    )
    if together:
        kind += f", shared {' and '.join(together)}"
    notes = ("one scatter is taken for all groups.",) if len(members) > 1 else ()
    return solved(law, experiments, free, title=titled(kind, label), notes=notes, source=source, profile=profile)


LEGAL: dict[str, tuple[float | None, float | None]] = {
    "Vmax": (0, None), "Km": (0, None), "h": (0.05, 8.0), "Ki": (0, None), "J0": (0, None),
}  # fmt: skip


def _equation(hill: bool, inhibition: bool, offset: bool, s: str) -> str:
    form = f"Vmax·{s}/(Km + {s})"
    if hill:
        form = f"Vmax·{s}^h/(Km^h + {s}^h)"
    if inhibition:
        form = f"Vmax·{s}/(Km + {s} + {s}²/Ki)"
    return ("J0 + " if offset else "") + form


def _positive(dose: Column, *, strictly: bool) -> None:
    lowest = dose.values.min()
    if lowest < 0 or (strictly and lowest == 0):
        need = "positive ADP (leave the point without ADP out)" if strictly else "ADP of 0 or more"
        raise FitError(f"adp[{dose.values.argmin()}] = {lowest:g}; this law takes {need}.")
    needs(dose, 0, what="concentrations")


def _groups(given: Any, n: int, label: str = "") -> dict[str, Any]:
    """Which points belong together, by the name of the group in the order of the data."""
    if given is None:
        return {label: np.arange(n)}
    if isinstance(given, str) or not hasattr(given, "__len__"):
        raise FitError(f"groups = {shown(given)} is not a label for each point.")
    labels = np.asarray([str(g) for g in np.asarray(getattr(given, "values", given), dtype=object).ravel()])
    if len(labels) != n:
        raise FitError(f"groups has {len(labels)} labels for {n} points.")
    return {str(g): np.flatnonzero(labels == g) for g in dict.fromkeys(labels)}


def _unknowns(dose: Column, rate: Column, *, offset: bool, hill: bool, inhibition: bool) -> dict[str, Free]:
    """Start values from the data: plateau from the largest rate, Km where half the rise is reached."""
    x, y = dose.values, rate.values
    base = max(float(y.min()) / 2, 0.0) if offset else 0.0
    rise = float(y.max()) - base
    if rise <= 0:
        raise FitError(f"no rate above zero (largest {y.max():g}); a saturation law cannot be fitted.")
    order = np.argsort(x, kind="stable")
    half = float(np.interp(base + rise / 2, np.maximum.accumulate(y[order]), x[order]))
    km = half if half > 0 else float(x[x > 0].min())
    out = {"Vmax": Free(start=rise), "Km": Free(start=km)}
    if hill:
        out["h"] = Free(start=0.9)
    if inhibition:
        out["Ki"] = Free(start=2 * float(x.max()))
    if offset:
        out["J0"] = Free(start=base, log=False)
    return out


def value_in(result: Any, name: str, group: str) -> float:
    """A fitted value, the group's own or the one shared by all."""
    return float(result.values.get(f"{name}[{group}]", result.values.get(name, 0.0)))


def extrapolation(result: Any) -> list[Warned]:
    """Plateau or half-saturation outside what was measured."""
    out, substrate = [], result.problem.model.long_names["adp"]
    for series in result.series:
        x, top, lowest = series.x["adp"], float(series.observed.max()), float(series.observed.min())
        vmax, km, base = (value_in(result, n, series.experiment) for n in ("Vmax", "Km", "J0"))
        of = f" of {series.experiment}" if len(result.series) > 1 else ""
        if lowest < 0:
            text = f"rates{of} reach down to {lowest:.3g}, and the law has none below 0: too much may be subtracted."
            out.append(Warned(text, "data"))
        if vmax + base > BEYOND * top:
            text = (
                f"the plateau{of} {vmax + base:.3g} lies {100 * ((vmax + base) / top - 1):.0f} % above the largest rate"
            )
            text = f"extrapolation: {text} measured, {top:.3g} {series.unit}".rstrip()
            out.append(Warned(text + "; report that instead.", "extrapolation"))
        low, high = x[x > 0].min(), x.max()
        if not low <= km <= high:
            text = f"extrapolation: Km{of} {km:.3g} is outside the {substrate} measured, {low:.3g} to {high:.3g}."
            out.append(Warned(text, "extrapolation"))
    return out
