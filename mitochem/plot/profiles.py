"""Profile likelihoods: what the data determine, and on which side they do not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator, NullFormatter

from ..core.arguments import drawing_on, mapping_in, shown
from ..core.errors import ParameterError
from .style import FAINT, GREY, house_style

__all__ = ["profiles"]

COLUMNS = 3
LINE = "#0072B2"
WIDEST = 32  # characters below one panel


@house_style()
def profiles(profiles: Mapping[str, Any], *, axes: Any = None) -> Any:
    """Draw profile likelihoods side by side.

    The way up is the root of the rise of the misfit, in standard errors: straight lines where the linearised interval
    is right. The interval lies between the crossings of the dashed threshold; a side that does not reach it is open,
    and said to be. Where a better fit was found on the way, the line falls below zero.

    Parameters
    ----------
    profiles : mapping of str to Profile
        As `mitochem.fitting.profile` gives them.
    axes : array of Axes, optional
        One for each; a new figure by default.

    Returns
    -------
    ndarray of Axes, shape (profile,)
    """
    found = mapping_in(profiles, "profiles")
    if not found or not all(hasattr(p, "rise") for p in found.values()):
        raise ParameterError(f"profiles = {shown(profiles)} are not what fitting.profile gives.")
    axes = _axes(axes, len(found))
    for ax, profile in zip(axes, found.values()):
        _one(ax, profile)
    for i, ax in enumerate(axes):
        if i % COLUMNS == 0 or (len(axes) <= COLUMNS and i == 0):
            ax.set_ylabel("rise of misfit,\nstandard errors")
    return axes


def _axes(given: Any, count: int) -> Any:
    if given is None:
        columns = min(count, COLUMNS)
        rows = math.ceil(count / columns)
        figure, grid = plt.subplots(
            rows, columns, figsize=(3.1 * columns + 0.4, 2.7 * rows), layout="constrained", squeeze=False
        )
        for spare in grid.ravel()[count:]:
            figure.delaxes(spare)
        return grid.ravel()[:count]
    axes = np.ravel(np.asarray(given, object))
    if len(axes) != count:
        raise ParameterError(f"{len(axes)} Axes were given for {count} profiles.")
    return np.array([drawing_on(ax, "axes") for ax in axes], object)


def _one(ax: Any, profile: Any) -> None:
    rise = np.sign(profile.rise) * np.sqrt(np.abs(profile.rise))
    limit = math.sqrt(profile.threshold)
    ax.plot(profile.values, rise, color=LINE, marker="o", markersize=3.5)
    ax.plot([profile.value], [0.0], color="black", marker="|", markersize=12, markeredgewidth=1.6)
    ax.axhline(limit, color=GREY, linestyle="--", linewidth=1.0)
    # Between the two sides nothing else is drawn.
    ax.annotate(
        f"{100 * profile.level:g} %", (0.5, limit), xycoords=("axes fraction", "data"), ha="center", va="bottom",
        color=GREY, fontsize=8,
    )  # fmt: skip
    if all(profile.closed):
        ax.axvspan(*profile.interval, color=LINE, alpha=0.12, linewidth=0)
    if profile.log and profile.values.min() > 0 and profile.values.max() > 8 * profile.values.min():
        ax.set_xscale("log")
        decades = profile.values.max() / profile.values.min()
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < 100 else (1,), numticks=6))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter(NullFormatter())
    if profile.better:  # of both sides alike, so said once
        ax.annotate("better fit found", (0.5, 0.9), xycoords="axes fraction", ha="center", color=FAINT, fontsize=8)
    for side, closed, stopped in zip((0, 1), profile.closed, profile.stopped):
        if not closed and not profile.better:
            ax.annotate(
                f"open: {stopped}", (0.03 if side == 0 else 0.97, 0.9), xycoords="axes fraction",
                ha="left" if side == 0 else "right", color=FAINT, fontsize=8,
            )  # fmt: skip
    ax.set_ylim(min(-0.08 * limit, 1.1 * float(rise.min())), max(1.45 * limit, min(float(rise.max()), 2.2 * limit)))
    unit = "" if profile.unit in ("", "1") else f" / {profile.unit}"
    words = f"{profile.name}{unit}"
    ax.set_xlabel(words if len(words) <= WIDEST else f"{profile.name}\n{unit.strip()}")
