"""Modular kinetics: substrate oxidation, phosphorylation and leak against the force, crossing where a state is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from .frame import one, pick
from .style import GREY, Look, attribute, house_style, label, look, unit_text

__all__ = ["modular_kinetics"]

_LOOKS: dict[str, tuple[Look, str]] = {
    "substrate_oxidation": (look("J_O2"), "substrate oxidation"),
    "leak": (look("J_leak"), "proton leak"),
    "phosphorylation": (look("J_ATP"), "phosphorylation"),
    "leak_and_phosphorylation": (Look("#555555", ":", "x"), "leak + phosphorylation"),
}


@house_style()
def modular_kinetics(
    ds: Any,
    *,
    flux: Literal["oxygen", "protons"] = "oxygen",
    ax: Any = None,
    measured: bool = True,
    **line_kwargs: Any,
) -> Any:
    """Draw the three modules against the force, with the operating points where they cross.

    Respiration is at rest where substrate oxidation meets the leak, and at work where it meets leak and
    phosphorylation together.

    Parameters
    ----------
    ds : Dataset
        As ``analysis.modular_kinetics`` gives it.
    flux : {"oxygen", "protons"}
        Unit of all curves: respiration, or protons crossing the membrane.
    ax : Axes, optional
        By default the current one if it is empty, else that of a new figure.
    measured : bool
        Mark every few of the points that a titration would give.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    Axes

    Raises
    ------
    ParameterError
        If the Dataset is not one of modular kinetics, or ``flux`` is not known.
    """
    if flux not in ("oxygen", "protons"):
        raise ParameterError(f"flux = {flux!r} is not known; it is 'oxygen' or 'protons'.")
    force = dataset_in(ds, "modular_kinetics").attrs.get("force", "")
    if not force:
        raise ParameterError("this is not a Dataset of analysis.modular_kinetics; it does not say what its force is.")
    suffix = "" if flux == "oxygen" else "_protons"
    ax = one(ax)
    x = ds["force"].values
    for name, (own, text) in _LOOKS.items():
        y = pick(ds, name + suffix).values
        style: dict[str, Any] = {"color": own.colour, "linestyle": own.line, "label": text}
        if measured and name != "leak_and_phosphorylation":
            style |= {"marker": own.marker, "markevery": max(1, len(x) // 12), "markersize": 4}
        ax.plot(x, y, **{**style, **line_kwargs})
    at, height = ds["operating_force"].values, ds["operating_" + ("J_O2" if flux == "oxygen" else "protons")].values
    ax.plot(at, height, "o", mfc="none", mec="black", ms=10, linestyle="none", gid="operating point", zorder=4)
    for state, place, value in zip(ds["state"].values.astype(str), at, height):
        if np.isfinite(place) and np.isfinite(value):
            ax.annotate(
                state, (place, value), xytext=(9, 7), textcoords="offset points", color=GREY, gid="operating point"
            )
    top = np.nanmax([np.nanmax(ds["substrate_oxidation" + suffix].values), np.nanmax(height)])
    ax.set_ylim(0, 1.15 * top)
    unit = unit_text(attribute(ds["leak" + suffix], "units"))
    ax.set(xlabel=label(ds["force"]), ylabel=f"{'oxygen' if flux == 'oxygen' else 'protons'} / {unit}")
    ax.legend(loc="best")
    return ax
