"""Rates that saturate with a substrate or a dose."""

from __future__ import annotations

from typing import Any

from ...core.door import KINDS, Kind, match_shapes
from ...core.functions import exp, log

__all__ = ["bell_law", "dose_response_law", "hill_law", "inhibition_law", "michaelis_menten_law"]

_FINITE = Kind("1", "a finite number")
_NOT_NEGATIVE = Kind("1", "a finite number of at least 0", lambda x: x >= 0)


def michaelis_menten_law(adp: Any, Vmax: Any, Km: Any, J0: Any = 0.0) -> Any:
    """Rate that saturates with ADP on top of what is there without, ``J0 + Vmax·ADP/(Km + ADP)``.

    ``J0`` is leak respiration and what endogenous ADP sustains; ``Vmax`` is the rise above it. Assumes that
    ADP at the sites is the ADP added, which diffusion and bound kinases in permeabilised fibres spoil: Km is apparent.
    Any units, ``Km`` in that of ``adp``; phosphate, or another substrate, may stand in the place of ADP.

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


def inhibition_law(adp: Any, Vmax: Any, Km: Any, Ki: Any, J0: Any = 0.0) -> Any:
    """Saturation with inhibition by the substrate itself, ``J0 + Vmax·S/(Km + S + S²/Ki)``: a bell.

    Largest at ``S = √(Km·Ki)``. Vmax and Km are those without the inhibition, seldom seen by the data.
    """
    adp, Vmax, Km, Ki, J0 = _given(adp=adp, Vmax=Vmax, Km=Km, Ki=Ki, J0=J0)
    return J0 + Vmax * adp / (Km + adp + adp * adp / Ki)


def dose_response_law(dose: Any, J0: Any, Jm: Any, K: Any) -> Any:
    """Respiration against an uncoupler that saturates, ``J0 + (Jm − J0)·x/(K + x)``: half way at K."""
    return michaelis_menten_law(dose, Jm - J0, K, J0)


def bell_law(dose: Any, J0: Any, J_peak: Any, dose_peak: Any, sharpness: Any) -> Any:
    """Respiration against an uncoupler that inhibits in excess: `inhibition_law`, told by its peak.

    ``K = s·x_peak``, ``Ki = x_peak/s`` and the rise that makes the peak J_peak. K, Ki and the plateau without
    inhibition trade against each other without end; the peak does not. With s large the curve is ``2u/(1 + u²)``,
    ``u = x/x_peak``, whatever s.
    """
    rise = (J_peak - J0) * (1 + 2 * sharpness)
    return inhibition_law(dose, rise, sharpness * dose_peak, dose_peak / sharpness, J0)


def _given(**arguments: Any) -> tuple[Any, ...]:
    """Arguments of a saturation law that are finite and of shapes that match; quantities keep their units."""
    positive = KINDS["positive"]
    kinds = {"Km": positive, "Ki": positive, "h": positive, "adp": positive if "h" in arguments else _NOT_NEGATIVE}
    checked = {
        name: value if hasattr(value, "_REGISTRY") else kinds.get(name, _FINITE).check(name, value)
        for name, value in arguments.items()
    }
    match_shapes("a saturation law", **checked)
    return tuple(checked.values())
