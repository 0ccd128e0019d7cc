"""Respiration against ADP: saturation laws, with the guards that a fit of few points needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.arguments import mapping_in, names_in, numbers_in
from ..core.door import KINDS, Kind, match_shapes
from ..core.errors import FitError
from ..core.functions import exp, log
from .experiment import Experiment
from .fit import fit
from .free import Free
from .law import Law
from .problem import Problem
from .result import FitResult

__all__ = ["hill_law", "michaelis_menten", "michaelis_menten_law"]

BEYOND = 1.2
"""A plateau further above the largest measurement than this factor is called extrapolated."""

_FINITE = Kind("1", "a finite number")
_NOT_NEGATIVE = Kind("1", "a finite number of at least 0", lambda x: x >= 0)


def michaelis_menten_law(adp: Any, Vmax: Any, Km: Any, J0: Any = 0.0) -> Any:
    """Rate that saturates with ADP on top of what is there without, ``J0 + Vmax·ADP/(Km + ADP)``.

    ``J0`` is leak respiration and what endogenous ADP sustains; ``Vmax`` is the rise above it. Assumes that
    ADP at the sites is the ADP added, which diffusion and bound kinases in permeabilised fibres spoil: Km is apparent.
    Any units, ``Km`` in that of ``adp``.

    References
    ----------
    Michaelis & Menten, in the form used for ADP titrations by Stride 2013.
    """
    adp, Vmax, Km, J0 = _given(adp=adp, Vmax=Vmax, Km=Km, J0=J0)
    return J0 + Vmax * adp / (Km + adp)


def hill_law(adp: Any, Vmax: Any, Km: Any, h: Any, J0: Any = 0.0) -> Any:
    """Saturation with a Hill coefficient, ``J0 + Vmax·ADP^h/(Km^h + ADP^h)``: half the rise at Km.

    With h below 1 a description of heterogeneous sites, not of cooperativity. Positive ADP only.
    """
    adp, Vmax, Km, h, J0 = _given(adp=adp, Vmax=Vmax, Km=Km, h=h, J0=J0)
    # (ADP/Km)^h written with exp and log, which every reading of a law knows.
    power = exp(h * log(adp / Km))
    return J0 + Vmax * power / (1 + power)


def _given(**arguments: Any) -> tuple[Any, ...]:
    """Arguments of a saturation law that are finite and of shapes that match; quantities keep their units."""
    positive = KINDS["positive"]
    kinds = {"Km": positive, "h": positive, "adp": positive if "h" in arguments else _NOT_NEGATIVE}
    checked = {
        name: value if hasattr(value, "_REGISTRY") else kinds.get(name, _FINITE).check(name, value)
        for name, value in arguments.items()
    }
    match_shapes("a saturation law", **checked)
    return tuple(checked.values())


def michaelis_menten(
    adp: Any,
    J: Any,
    *,
    offset: bool = False,
    hill: bool = False,
    label: str = "",
    units: tuple[str, str] = ("mM", ""),
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit respiration against ADP by unweighted least squares.

    Start values come from the data. Vmax, Km and h are sought on a logarithmic scale, J0 on a linear one from 0 up.
    Compare laws with `mitochem.fitting.compare` before believing a Km: it moves 2-3 fold with the choice of the law.

    Parameters
    ----------
    adp, J : array
        Points of one titration; DataArrays bring their units. All finite, ADP not negative.
    offset : bool
        Let the rate without ADP be J0 instead of 0.
    hill : bool
        Let the steepness be h instead of 1.
    label : str
        What the titration is called in the report.
    units : tuple of str
        Units of ADP and of J where the data do not bring them.
    source : mapping, optional
        Where the data come from; kept in the provenance.

    Raises
    ------
    FitError
        If data are empty, not finite, of unequal length, or fewer than unknowns.
    """
    if len(names_in(units, "units", FitError)) != 2:
        raise FitError(f"units = {units!r} are not a pair, that of ADP and that of J.")
    source = mapping_in(source, "source", FitError)
    units = (getattr(adp, "attrs", {}).get("units", units[0]), getattr(J, "attrs", {}).get("units", units[1]))
    x, y = _points(adp, J, positive=hill)
    law = Law(
        hill_law if hill else michaelis_menten_law,
        "J",
        {"adp": units[0], "Vmax": units[1], "Km": units[0], "J0": units[1], "J": units[1]}
        | ({"h": "1"} if hill else {}),
        defaults={} if offset else {"J0": 0.0},
        bounds={"Vmax": (0.0, None), "Km": (0.0, None), "h": (0.05, 8.0), "J0": (0.0, None)}
        if hill
        else {"Vmax": (0.0, None), "Km": (0.0, None), "J0": (0.0, None)},
        long_names={"adp": "ADP"} | ({"J": str(name)} if (name := getattr(J, "name", None)) else {}),
        equation="J = "
        + ("J0 + " if offset else "")
        + ("Vmax·ADP^h/(Km^h + ADP^h)" if hill else "Vmax·ADP/(Km + ADP)"),
        remarks=_extrapolation,
    )
    kind = ("Hill" if hill else "Michaelis-Menten") + (" with offset" if offset else "")
    problem = Problem(
        law,
        Experiment({"adp": x}, {"J": y}, name=label),
        _free(x, y, offset=offset, hill=hill),
        title=kind + (f": {label}" if label else ""),
        source=source,
    )
    return fit(problem)


def _points(adp: Any, J: Any, *, positive: bool) -> tuple[Any, Any]:
    x, y = (np.atleast_1d(numbers_in(a, name, FitError)) for a, name in ((adp, "adp"), (J, "J")))
    if x.ndim > 1 or x.shape != y.shape:
        raise FitError(f"adp {x.shape} and J {y.shape} must be of one length, one titration at a time.")
    if not len(x):
        raise FitError("adp and J are empty; there is nothing to fit.")
    for name, column in (("adp", x), ("J", y)):
        bad = np.flatnonzero(~np.isfinite(column))
        if len(bad):
            raise FitError(f"{name}[{bad[0]}] = {column[bad[0]]} is not finite; leave such points out before fitting.")
    lowest = x.min()
    if lowest < 0 or (positive and lowest == 0):
        need = "positive ADP (leave the point without ADP out)" if positive else "ADP of 0 or more"
        raise FitError(f"adp[{x.argmin()}] = {lowest:g}; this law takes {need}.")
    if np.ptp(x) == 0:
        raise FitError(f"adp is {lowest:g} throughout; a saturation law needs several concentrations.")
    return x, y


def _free(x: Any, y: Any, *, offset: bool, hill: bool) -> dict[str, Free]:
    """Start values from the data: plateau from the largest rate, Km where half the rise is reached."""
    base = max(float(y.min()) / 2, 0.0) if offset else 0.0
    rise = float(y.max()) - base
    if rise <= 0:
        raise FitError(f"no rate above zero (largest {y.max():g}); a saturation law cannot be fitted.")
    order = np.argsort(x)
    climb = np.maximum.accumulate(y[order])
    half = float(np.interp(base + rise / 2, climb, x[order]))
    km = half if half > 0 else float(x[x > 0].min())
    free = {"Vmax": Free(start=rise), "Km": Free(start=km)}
    if hill:
        free["h"] = Free(start=0.9)
    if offset:
        free["J0"] = Free(start=base, log=False)
    return free


def _extrapolation(result: FitResult) -> list[str]:
    """Plateau or half-saturation outside what was measured."""
    (series,) = result.series
    x, top = series.x["adp"], float(series.observed.max())
    plateau, km = result["Vmax"] + result.values.get("J0", 0.0), result["Km"]
    out = []
    if plateau > BEYOND * top:
        out.append(
            f"extrapolation: the plateau {plateau:.3g} lies {100 * (plateau / top - 1):.0f} % above the largest rate "
            f"measured, {top:.3g} {series.unit}".rstrip()
            + "; report that instead."
        )
    if not x[x > 0].min() <= km <= x.max():
        out.append(f"extrapolation: Km {km:.3g} is outside the ADP measured, {x[x > 0].min():.3g} to {x.max():.3g}.")
    return out
