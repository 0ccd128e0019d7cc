"""The ruler on the chart: tangents of states 3 and 4, where they meet, and the oxygen that went with the ADP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.arguments import yes_or_no
from ..experiments import readouts
from ..experiments.readouts.traces import to_mM
from .frame import axes_for
from .marks import draw, events
from .style import GREY, house_style, look, unit_text
from .traces import need_time

__all__ = ["adp_over_o"]

_BEFORE = 0.15
"""How much is shown before the first pulse, as a share of its stretch."""


@house_style()
def adp_over_o(
    ds: Any,
    *,
    segments: str | Sequence[str] | None = None,
    adp: Any = None,
    window: float | None = None,
    ax: Any = None,
    additions: bool = True,
    **line_kwargs: Any,
) -> Any:
    """Draw the construction of ADP/O on the oxygen trace, of one pulse of ADP or of all.

    The tangents of state 3 and state 4 are dashed and carry their slope; a ring is where they meet, and the arrow the
    oxygen used from the addition until there.

    Parameters
    ----------
    ds : Dataset
        As of ``readouts.adp_over_o``: simulated, or a recorded trace of ``oxygen``.
    segments : str or sequence of str, optional
        Segments that begin with a pulse; by default those that ``readouts.pulses`` finds.
    adp, window : optional
        As of ``readouts.pulses``.
    ax : Axes, optional
        A new figure by default.
    additions : bool
        Whether to mark the additions.
    **line_kwargs
        Passed to ``Axes.plot`` for the trace.

    Returns
    -------
    Axes
    """
    need_time(ds, "adp_over_o")
    additions = yes_or_no(additions, "additions")
    names = [segments] if isinstance(segments, str) else segments
    table = readouts.pulses(ds, segments=names, adp=adp, window=window)
    begin, end = float(table["time_addition"].min()), float(table["time_end"].max())
    time, level, text = _trace(ds, begin)
    inside = (time >= begin - _BEFORE * (end - begin) / len(table["pulse"])) & (time <= end)
    own = ax is None
    ax = axes_for(ax, 1, shape=(1, 1), size=(7.2, 4.4))[0]
    ax.plot(time[inside], level[inside], **{"color": look("oxygen").colour, **line_kwargs})
    ax.set(xlabel="time / min", ylabel=text)
    ax.margins(x=0, y=0.08)
    ax.autoscale_view()
    ax.set_autoscale_on(False)  # tangents leave the picture; the trace decides what is in it
    # In nmol per min and mg where the data know the protein.
    known = "J_O2" in ds.variables and "volume_bath" in ds.variables
    factor = float(np.ravel(ds["volume_bath"])[0]) if known else 1e3
    unit = unit_text("nmol/min/mg" if known else "uM/min")
    for i in range(table.sizes["pulse"]):
        _draw(ax, {str(n): float(v) for n, v in table.isel(pulse=i).data_vars.items()}, time, level, factor)
    ax.annotate(
        f"numbers: slope / {unit}", (0, 0), xycoords="axes fraction", xytext=(5, 4), textcoords="offset points",
        fontsize=8.5, color=GREY, gid="unit of slopes", bbox=dict(facecolor="white", edgecolor="none", pad=1.0),
    )  # fmt: skip
    if additions:
        height = draw([ax], events(ds.isel(time=np.flatnonzero(inside))))
        if own:
            ax.figure.set_figheight(ax.figure.get_figheight() + height)
    return ax


def _trace(ds: Any, begin: float) -> tuple[Any, Any, str]:
    """Time (min), oxygen (µM) and its label; where oxygen was held, what was used since the first pulse, downwards."""
    time = np.asarray(ds["time"].values, float)
    oxygen = ds["oxygen"].values.astype(float) if "oxygen" in ds.variables else np.zeros(1)
    if np.ptp(oxygen[np.isfinite(oxygen)]) > 0:
        return time, 1e3 * to_mM(ds["oxygen"]) * oxygen, "oxygen / µM"
    rate = ds["J_O2"].values / float(np.ravel(ds["volume_bath"])[0])
    used = np.concatenate([[0.0], np.cumsum(np.diff(time) * (rate[1:] + rate[:-1]) / 2)])
    return time, 1e3 * (np.interp(begin, time, used) - used), "change of oxygen / µM"


def _draw(ax: Any, found: dict[str, float], time: Any, level: Any, factor: float) -> None:
    """One construction, in µM; ``factor`` turns a slope in mM/min into what is written."""
    start, cross, end = found["time_addition"], found["time_intersection"], found["time_end"]
    if not np.isfinite(cross):
        return
    top = 1e3 * found["oxygen_addition"]
    top = float(np.interp(start, time, level)) if np.isnan(top) else top

    def at(t: Any, state: str, touch: str) -> Any:
        slope, used = found[f"rate_state_{state}"], found[f"used_{touch}"]
        return top - 1e3 * (used + slope * (t - found[f"time_{touch}"]))

    meet = at(cross, "3", "state_3")
    bottom = ax.get_ylim()[0]
    steep = 1e3 * found["rate_state_3"]
    low = min(cross + 0.6 * (cross - start), cross + max(0.0, meet - bottom) / steep)
    first, second = np.array([start, low]), np.array([start, end])
    style = {"color": "black", "linewidth": 1.0, "linestyle": (0, (5, 2)), "zorder": 3}
    ax.plot(first, at(first, "3", "state_3"), **style, gid="tangent")
    ax.plot(second, at(second, "4", "end"), **style, gid="tangent")
    ax.plot(cross, meet, "o", mfc="white", mec="black", ms=6, zorder=5, gid="intersection")
    reach = end - (end - cross) * 0.45
    ax.plot([start, reach], [top, top], color=GREY, linewidth=0.8, zorder=2, gid="guide")
    ax.plot([cross, reach], [meet, meet], color=GREY, linewidth=0.8, zorder=2, gid="guide")
    where = cross + 0.75 * (reach - cross)
    ax.annotate(
        "", (where, meet), (where, top), gid="oxygen used",
        arrowprops=dict(arrowstyle="<->", color="black", linewidth=1.1, shrinkA=0, shrinkB=0),
    )  # fmt: skip
    ax.annotate(
        f"{1e3 * found['oxygen_used']:.3g} µM O$_2$\nADP/O {found['adp_over_o']:.3g}", (where, (top + meet) / 2),
        xytext=(-5, 0), textcoords="offset points", ha="right", va="center", fontsize=9, gid="result",
    )  # fmt: skip
    for state, t, y, place in (
        ("3", low, at(low, "3", "state_3"), (5, 2)),
        ("4", cross + 0.75 * (end - cross), at(cross + 0.75 * (end - cross), "4", "end"), (3, 4)),
    ):
        text = f"{factor * found[f'rate_state_{state}']:.3g}"
        ax.annotate(text, (t, y), xytext=place, textcoords="offset points", fontsize=9, color=GREY, gid="slope")
