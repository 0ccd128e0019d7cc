"""Titrations: steady states along the doses of a drug."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.patches import Rectangle

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from .frame import axes_for, drawn, from_zero, pick
from .style import GREY, attribute, house_style, label, look, unit_text
from .traces import legend, lines

__all__ = ["titration"]


@house_style()
def titration(
    ds: Any,
    *,
    axes: Any = None,
    panels: Sequence[str] = ("J_O2", "delta_psi", "delta_pH", "J_ATP"),
    scale: Literal["linear", "log"] = "linear",
    dose: str | None = None,
    **line_kwargs: Any,
) -> Any:
    """Draw steady states against dose: respiration, Δψ, ΔpH and ATP synthesis.

    The dose of maximal respiration is a dotted line through all panels, or a ring on each of several
    lines. Points without a steady state
    (``success`` False) are gaps, with a cross on the axis at their dose.

    Parameters
    ----------
    ds : Dataset
        As `Model.titrate` gives it, shape (dose,) or with further dimensions, which are drawn as several lines.
    axes : array of Axes, optional
        One for each panel; a new figure by default.
    panels : sequence of str
        Names of what to draw.
    scale : {"linear", "log"}
        Of the dose axis. A dose of 0 keeps its place at the left of a logarithmic axis.
    dose : str, optional
        The dimension to draw along; needed only if there are several.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    ndarray of Axes, shape (panels,)

    Raises
    ------
    ParameterError
        If there is no dimension to draw along, several and none was chosen, or a variable does not exist.
    """
    if scale not in ("linear", "log"):
        raise ParameterError(f"scale = {scale!r} is not known; it is 'linear' or 'log'.")
    names = drawn(panels, "panels")
    dim = dose_dimension(dataset_in(ds, "titration"), dose)
    arrays = [pick(ds, name) for name in names]
    doses = ds[dim].values
    own = axes is None
    axes = _grid(axes, len(names))
    few = {"marker": "o", "markersize": 3.5} if len(doses) <= 25 or not _successes(ds, dim).all() else {}
    for ax, name, array in zip(axes, names, arrays):
        array = array if dim in array.dims else array.broadcast_like(ds[dim])
        lines(ax, ds, array.transpose(dim, ...), dim, name, few | line_kwargs)
        ax.set_ylabel(label(ds[name], words=own))
        from_zero(ax, name)
        if scale == "log":
            _logarithmic(ax, doses)
        if name in ("J_ATP", "J_load"):
            _sides(ax, doses, array.values)
    legend(axes, ds, names, dim, own=own)
    _mark_failed(axes[0], ds, dim)
    _mark_maximum(axes, ds, dim, names)
    for ax in axes[-2:] if own and len(axes) == 4 else axes:
        ax.set_xlabel(label(ds[dim]))
    if len(axes) == 4:
        axes[0].figure.align_ylabels(list(axes))
    return axes


def _grid(axes: Any, number: int) -> Any:
    columns = 2 if number in (2, 4) else min(number, 3)
    rows = -(-number // columns)
    made = axes_for(axes, number, shape=(rows, columns), size=(0.8 + 3.6 * columns, 0.6 + 2.5 * rows))
    if axes is None:
        for ax in made[max(0, number - columns) :]:
            ax.tick_params(labelbottom=True)
    return made


def _logarithmic(ax: Any, doses: Any) -> None:
    """A logarithmic axis on which a dose of 0 has its place, a little left of the smallest dose."""
    positive = doses[doses > 0]
    if not positive.size:
        raise ParameterError("a logarithmic axis needs doses above 0; use scale='linear'.")
    if (doses <= 0).any():
        ax.set_xscale("symlog", linthresh=positive.min(), linscale=0.6, subs=range(2, 10))
        ax.set_xlim(0, max(doses.max(), ax.dataLim.x1) * 1.15)
    else:
        ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")


def dose_dimension(ds: Any, dose: str | None) -> str:
    """The dimension to draw along: the one that was asked for, or the only one that is longer than one."""
    if dose is not None:
        pick(ds, dose)
        if dose not in ds.dims:
            raise ParameterError(f"{dose!r} is not a dimension of the Dataset; it has {', '.join(map(str, ds.dims))}.")
        return dose
    if "time" in ds.dims:
        raise ParameterError("this is a time course; draw it with plot.trace, or titrate with model.titrate(...).")
    found = [str(d) for d, n in ds.sizes.items() if n > 1]
    if not found:
        raise ParameterError("the Dataset is a single point; a titration needs an array of doses.")
    if len(found) > 1:
        raise ParameterError(
            f"the Dataset has the dimensions {', '.join(found)}; choose one, such as dose={found[0]!r}."
        )
    return found[0]


def _successes(ds: Any, dim: str) -> Any:
    """Whether every member has a steady state at each dose."""
    if "success" not in ds.variables or dim not in ds["success"].dims:
        return np.ones(ds.sizes[dim], bool)
    return ds["success"].all([d for d in ds["success"].dims if d != dim]).values.astype(bool)


def _mark_failed(ax: Any, ds: Any, dim: str) -> None:
    failed = ~_successes(ds, dim)
    if not failed.any():
        return
    ax.plot(
        ds[dim].values[failed], np.zeros(failed.sum()), "x", color=GREY, markersize=5, clip_on=False,
        transform=ax.get_xaxis_transform(), gid="failed",
    )  # fmt: skip
    count = f"{failed.sum()} of {len(failed)} doses"
    ax.set_title(f"× no steady state at {count}", loc="left", fontsize=8.5, color=GREY)


def _mark_maximum(axes: Sequence[Any], ds: Any, dim: str, names: Sequence[str]) -> None:
    """The dose of maximal respiration, in every panel with its value in the first; of several lines, as points."""
    if "J_O2" not in ds.variables or dim not in ds["J_O2"].dims:
        return
    if ds["J_O2"].ndim > 1:
        for line in axes[names.index("J_O2")].get_lines() if "J_O2" in names else ():
            x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
            if line.get_gid() is None and np.isfinite(y).any():
                best = int(np.nanargmax(y))
                line.axes.plot(x[best], y[best], "o", mfc="none", ms=7, color=line.get_color(), gid="maximum")
        return
    flux, doses = pick(ds, "J_O2").values, ds[dim].values
    if not np.isfinite(flux).any():
        return
    best = int(np.nanargmax(flux))
    unit = unit_text(attribute(ds[dim], "units"))
    if best == np.flatnonzero(np.isfinite(flux))[-1]:
        text = "respiration highest\nat the last dose"
    else:
        text = f"max. respiration\nat {doses[best]:.2g} {unit}"
    for ax in axes:
        ax.axvline(doses[best], color=GREY, linewidth=1.0, linestyle=":", zorder=0.5, gid="maximum")
    ax = axes[0]
    share = ax.transAxes.inverted().transform(ax.transData.transform((doses[best], 0)))[0]
    side = 1 if share < 0.6 else -1
    ax.annotate(
        text, (doses[best], 0.04), xycoords=ax.get_xaxis_transform(), xytext=(5 * side, 0), fontsize=8.5, color=GREY,
        textcoords="offset points", ha="left" if side > 0 else "right", va="bottom", gid="maximum label",
    )  # fmt: skip


def _sides(ax: Any, doses: Any, values: Any) -> None:
    """Zero line of ATP turnover, with the side of hydrolysis shaded and both sides named."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return
    ax.margins(y=0.13)
    if any(line.get_gid() == "zero" for line in ax.lines):
        return
    colour = look("J_ATP").colour
    ax.axhline(0, color=GREY, linewidth=0.9, zorder=0.6, gid="zero")
    below = Rectangle((0, 0), 1, -1e4 * (np.ptp(finite) or 1.0), transform=ax.get_yaxis_transform())
    below.set(facecolor=colour, alpha=0.08, linewidth=0, zorder=0.2)
    ax.add_artist(below)
    rows = values.reshape(len(doses), -1)
    start, end = np.nanmean(rows[: max(1, len(rows) // 3)]), np.nanmean(rows[-max(1, len(rows) // 3) :])
    falls = not start < end
    for text, y, va, right in (("synthesis", 0.98, "top", falls), ("hydrolysis", 0.02, "bottom", not falls)):
        ax.text(
            0.98 if right else 0.02, y, text, transform=ax.transAxes, ha="right" if right else "left", va=va,
            fontsize=9, style="italic", color=colour, gid="side",
        )  # fmt: skip
