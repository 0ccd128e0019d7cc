"""The Mito Stress Test: respiration over time with its ports, and the parameters of the report as bars."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError, nearest
from ..experiments.readouts.checks import rate_in
from ..experiments.readouts.phases import PHASES, phases_of
from ..experiments.readouts.plates import group_means, samples
from .frame import axes_for, drawn, from_zero, members, zero_line
from .style import FAINT, GREY, SERIES, attribute, house_style, label, look, unit_text
from .traces import need_time

__all__ = ["WORDS", "stress_test", "stress_test_parameters"]

FEW = 40
"""Up to so many times a line has a marker at each."""
_SHORT = {PHASES[4]: "rotenone +\nantimycin A"}
WORDS = {
    "non_mitochondrial": "non-mito-\nchondrial",
    "basal_respiration": "basal",
    "acute_response": "acute\nresponse",
    "proton_leak": "proton\nleak",
    "atp_linked_respiration": "ATP-\nlinked",
    "maximal_respiration": "maximal",
    "spare_capacity": "spare\ncapacity",
    "coupling_efficiency_percent": "coupling\nefficiency",
    "spare_capacity_percent": "maximal /\nbasal",
}


@house_style()
def stress_test(
    ds: Any,
    *,
    phases: Mapping[str, Any] | None = None,
    rate: str | None = None,
    ax: Any = None,
    **line_kwargs: Any,
) -> Any:
    """Draw respiration over a stress test, the injections as lines and the phases between them named and shaded.

    Parameters
    ----------
    ds : Dataset
        A plate over (well, time): one line for each group, with the standard deviation of its wells as bars; or one
        trace or simulation, with a line for each of its members.
    phases, rate : optional
        As of ``readouts.stress_test_table``.
    ax : Axes, optional
        A new figure by default.
    **line_kwargs
        Passed to ``Axes.errorbar``.

    Returns
    -------
    Axes
    """
    need_time(ds, "stress_test")
    name = rate_in(ds, rate)
    where = phases_of(samples(ds), phases)
    ax = axes_for(ax, 1, shape=(1, 1), size=(7.2, 4.2))[0]
    time = np.asarray(ds["time"].values, float)
    rows = _rows(samples(ds), name)
    for i, (text, values, spread) in enumerate(rows):
        own = SERIES[i % len(SERIES)] if len(rows) > 1 else look(name)
        style: dict[str, Any] = {"color": own.colour, "linestyle": own.line, "label": text if len(rows) > 1 else None}
        if len(time) <= FEW:
            style |= {"marker": own.marker, "markersize": 4.5, "capsize": 2.0, "elinewidth": 1.0}
        ax.errorbar(time, values, yerr=spread, **{**style, **line_kwargs})
    ax.set(xlabel=f"time / {unit_text(attribute(ds['time'], 'units') or 'min')}", ylabel=label(ds[name], words=True))
    ax.margins(x=0.02, y=0.08)
    from_zero(ax, "J_")
    if ax.dataLim.ymin >= 0:
        ax.set_ylim(bottom=0)
    _mark_phases(ax, ds, time, where)
    if len(rows) > 1:
        ax.legend()
    return ax


def _rows(ds: Any, name: str) -> list[tuple[str, Any, Any]]:
    """Text, rates and their spread of each line."""
    array = ds[name].astype(float).transpose(..., "time")
    if "well" in array.dims and "group" in ds.coords:
        mean, spread = (group_means(array, ds["group"], spread=s) for s in (False, True))
        return [
            (str(g), mean.sel(group=g).values, spread.sel(group=g).fillna(0.0).values) for g in mean["group"].values
        ]
    return [(text, array.isel(chosen).values, None) for text, chosen in members(ds, [name], "time")[0]]


def _mark_phases(ax: Any, ds: Any, time: Any, where: dict[str, Any]) -> None:
    """A line at each injection, midway between the measurements around it where it was not noted."""
    noted = [event["time"] for event in json.loads(ds.attrs.get("events", "[]"))]
    left, right = ax.get_xlim()
    order = sorted(where, key=lambda phase: where[phase][0])
    starts = []
    for phase in order:
        first = where[phase][0]
        around = (time[first - 1], time[first]) if first else (left, left)
        between = [t for t in noted if around[0] < t <= around[1]]
        starts.append(left if not first else between[-1] if between else (around[0] + around[1]) / 2)
    for i, (phase, start, end) in enumerate(zip(order, starts, [*starts[1:], right])):
        if i % 2:
            ax.axvspan(start, end, color="#000000", alpha=0.045, linewidth=0, zorder=0, gid="phase")
        if start > left:
            ax.axvline(start, color=FAINT, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0.5, gid="addition")
        ax.annotate(
            _SHORT.get(phase, phase), ((start + end) / 2, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", fontsize=9, style="italic", color=GREY,
            gid="phase label",
        )  # fmt: skip
    ax.set_xlim(left, right)


@house_style()
def stress_test_parameters(
    table: Any, parameters: str | Sequence[str] | None = None, *, axes: Any = None, **bar_kwargs: Any
) -> Any:
    """Draw the parameters of a stress test as bars, those in the unit of respiration and those in % apart.

    Parameters
    ----------
    table : Dataset
        As ``readouts.stress_test_table`` gives it: by group, with standard deviations as bars where they are known; or
        by well, drawn as points on the mean of each group.
    parameters : str or sequence of str, optional
        Which to draw, by default all in the unit of respiration, and both percentages.
    axes : array of Axes, optional
        One for each unit; a new figure by default.
    **bar_kwargs
        Passed to ``Axes.bar``.

    Returns
    -------
    ndarray of Axes, shape (units,)
    """
    dataset_in(table, "stress_test_parameters", "basal_respiration")
    known = [str(n) for n in table if n in WORDS or n == "cell_rcr"]
    names = [n for n in WORDS if n in known] if parameters is None else drawn(parameters, "parameters")
    for name in names:
        if name not in known:
            raise ParameterError(f"the table has no parameter {name!r}." + nearest(name, known))
    dims = table["basal_respiration"].dims
    if len(dims) != 1:
        raise ParameterError(f"the table is over {', '.join(map(str, dims))}; bars take one.")
    units = list(dict.fromkeys(attribute(table[name], "units") for name in names))
    panels = [[name for name in names if attribute(table[name], "units") == unit] for unit in units]
    axes = axes_for(
        axes, len(units), shape=(1, len(units)), size=(2.2 + 1.0 * len(names), 3.9), sharex=False,
        width_ratios=[len(panel) + 0.4 for panel in panels],
    )  # fmt: skip
    for ax, panel, unit in zip(axes, panels, units):
        _bars(ax, table, panel, bar_kwargs)
        text = "respiration" if unit not in ("%", "1") else "" if unit == "%" else "ratio"
        ax.set_ylabel(f"{text} / {unit_text(unit)}" if text and unit != "1" else unit_text(unit) or text)
    if len(axes[0].get_legend_handles_labels()[1]) > 1:
        handles, texts = axes[0].get_legend_handles_labels()
        axes[0].figure.legend(handles, texts, loc="outside upper left", ncols=min(4, len(texts)))
    return axes


def _bars(ax: Any, table: Any, names: list[str], bar_kwargs: dict[str, Any]) -> None:
    """Bars of one unit, side by side for each group."""
    ((dim,),) = (table[names[0]].dims,)
    by_well = dim == "well" and "group" in table.coords
    groups = table["group"].values.astype(str) if by_well else table[dim].values.astype(str)
    order = list(dict.fromkeys(groups.tolist()))
    width = 0.8 / len(order)
    for i, group in enumerate(order):
        own, places = SERIES[i % len(SERIES)], np.arange(len(names)) + (i - (len(order) - 1) / 2) * width
        rows = [table[name].values[groups == group] for name in names]
        heights = np.array([np.nanmean(r) if np.isfinite(r).any() else np.nan for r in rows])
        known = {n: float(table[f"{n}_sd"].values[groups == group][0]) for n in names if f"{n}_sd" in table}
        spread = np.array([known.get(n, np.nan) for n in names])
        style = {"color": own.colour, "alpha": 0.75, "edgecolor": "white", "hatch": _HATCHES[i % len(_HATCHES)]}
        ax.bar(places, heights, width * 0.92, label=group, **{**style, **bar_kwargs})
        if np.isfinite(spread).any():
            ax.errorbar(places, heights, spread, fmt="none", ecolor="black", elinewidth=0.9, capsize=2.0, gid="spread")
        if by_well:
            for place, row in zip(places, rows):
                jitter = np.linspace(-0.3, 0.3, len(row)) * width if len(row) > 1 else [0.0]
                ax.plot(place + jitter, row, "o", ms=2.6, mfc="white", mec="black", mew=0.6, gid="wells")
        for place, height in zip(places, heights):
            if np.isnan(height):
                ax.plot(place, 0, "x", color=GREY, ms=5, gid="missing")
    ax.set_xticks(np.arange(len(names)), [WORDS.get(n, "maximal /\nleak") for n in names], fontsize=8.5)
    ax.tick_params(axis="x", length=0)
    from_zero(ax, "J_")
    zero_line(ax)


_HATCHES = ("", "////", "....", "\\\\\\\\", "xx", "--", "oo")
"""Tell groups apart in grey."""
