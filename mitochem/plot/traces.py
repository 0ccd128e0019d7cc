"""Time courses with their additions, and the oxygen-electrode trace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from .frame import axes_for, drawn, from_zero, members, pick, zero_line
from .marks import draw, events, width_of
from .style import GREY, SERIES, house_style, label, look, shades, unit_text

__all__ = ["oxygen_trace", "trace"]

LEGEND = 6


@house_style()
def trace(
    ds: Any,
    variables: str | Sequence[str] = ("J_O2", "delta_psi", "delta_pH", "J_ATP"),
    *,
    axes: Any = None,
    additions: bool = True,
    **line_kwargs: Any,
) -> Any:
    """Draw a time course, one panel per variable above a common time axis.

    Every addition is a vertical line through all panels, labelled above the first; named stretches
    (``wait(2, "state 3")``) carry their name. Further dimensions, such as doses, are drawn as several lines.

    Parameters
    ----------
    ds : Dataset
        With the dimension ``time`` (min), as `Model.simulate` or a reader gives it.
    variables : str or sequence of str
        Names of what to draw, shape (time,) or with further dimensions.
    axes : array of Axes, optional
        One for each variable; a new figure by default.
    additions : bool
        False leaves out the lines of additions and their labels.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    ndarray of Axes, shape (variables,)

    Raises
    ------
    ParameterError
        If the Dataset has no dimension ``time``, or a variable does not exist.
    """
    need_time(ds, "trace")
    names = drawn(variables, "variables")
    arrays = [pick(ds, name) for name in names]
    own = axes is None
    axes = axes_for(axes, len(names), shape=(len(names), 1), size=(7.2, 1.0 + 1.6 * len(names)))
    for ax, name, array in zip(axes, names, arrays):
        if "time" not in array.dims:
            array = array.broadcast_like(ds["time"])
        lines(ax, ds, array.transpose("time", ...), "time", name, line_kwargs)
        ax.set_ylabel(label(ds[name], words=True))
        ax.margins(x=0, y=0.08)
        from_zero(ax, name)
        zero_line(ax)
    legend(axes, ds, names, "time", own=own)
    finish(axes, ds, additions, grow=own)
    return axes


def lines(ax: Any, ds: Any, array: Any, along: str, name: str, line_kwargs: dict[str, Any]) -> None:
    """One line for each member over the dimensions other than ``along``."""
    rows, _ = members(ds, [name], along)
    tones = shades(look(name).colour, len(rows))
    step = max(1, int(np.ceil((len(rows) - 1) / (LEGEND - 1))))
    for i, ((text, chosen), tone) in enumerate(zip(rows, tones)):
        style = {"linestyle": SERIES[i % len(SERIES)].line if len(rows) <= LEGEND else "-", "color": tone}
        shown = len(rows) > 1 and (i % step == 0 or i == len(rows) - 1)
        values = array.isel(chosen).values
        ax.plot(ds[along].values, values, **{**style, "label": text if shown else None, **line_kwargs})


def legend(axes: Sequence[Any], ds: Any, names: Sequence[str], along: str, *, own: bool) -> None:
    """Legend of the members, beside a figure of our own, else in the first Axes that has several lines."""
    for ax, name in zip(axes, names):
        handles, texts = ax.get_legend_handles_labels()
        if len(handles) > 1:
            title = members(ds, [name], along)[1].replace(" / ", " /\n" if own else " / ")
            if own:
                ax.figure.set_figwidth(ax.figure.get_figwidth() + 1.2)
                ax.figure.legend(handles, texts, title=title, loc="outside right upper", alignment="left")
            else:
                ax.legend(title=title)
            return


def need_time(ds: Any, what: str) -> None:
    """Refuse what is not a time course, and say what to draw instead."""
    if "time" not in dataset_in(ds, what).dims:
        dims = ", ".join(map(str, ds.dims)) or "none"
        raise ParameterError(
            f"{what} needs a Dataset with the dimension 'time' (found: {dims}). "
            "Use plot.titration or plot.flux_against for steady states."
        )
    if ds.sizes["time"] < 2:
        raise ParameterError(f"{what} needs at least two times, and the Dataset has {ds.sizes['time']}.")


def finish(axes: Sequence[Any], ds: Any, additions: bool, *, grow: bool) -> None:
    """Label the time axis and draw the additions; a figure of our own grows by the height of their labels."""
    unit = unit_text(ds["time"].attrs.get("units", "min"))
    axes[-1].set_xlabel(f"time / {unit}")
    if len(axes) > 1:
        axes[0].figure.align_ylabels(list(axes))
    if additions:
        height = draw(axes, events(ds))
        if grow:
            axes[0].figure.set_figheight(axes[0].figure.get_figheight() + height)


@house_style()
def oxygen_trace(ds: Any, *, axes: Any = None, additions: bool = True, rates: bool = True, **line_kwargs: Any) -> Any:
    """Draw a run as an oxygen electrode shows it: oxygen falling, and below it the flux, which is its slope.

    In a closed chamber the upper panel is the oxygen concentration; where oxygen is held constant it is the oxygen
    used since the start, drawn downwards. The steepest and the last flux of each stretch are written beside the
    curve: state 3 and state 4 after a pulse of ADP.

    Parameters
    ----------
    ds : Dataset
        One run with ``time`` (min) and ``J_O2``, and ``oxygen`` (mM) if the chamber was closed; shape (time,).
    axes : array of two Axes, optional
        For oxygen and for the flux.
    additions, rates : bool
        Whether to draw the additions, and to write the flux of each stretch.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    ndarray of Axes, shape (2,)
    """
    need_time(ds, "oxygen_trace")
    flux = pick(ds, "J_O2")
    if flux.dims != ("time",):
        raise ParameterError(
            f"oxygen_trace draws one run, and J_O2 has the dimensions {', '.join(map(str, flux.dims))}. "
            "Choose one member with ds.isel(...)."
        )
    time, values = ds["time"].values, flux.values
    oxygen = ds["oxygen"].values if "oxygen" in ds.variables else np.zeros(1)
    if np.ptp(oxygen) > 0:
        factor = 1e3 if ds["oxygen"].attrs.get("units") == "mM" else 1.0
        level, text = factor * oxygen, f"Oxygen\n{label(ds['oxygen'].assign_attrs(units='uM'))}"
        text = text if factor > 1 else label(ds["oxygen"], words=True)
    else:
        level = -np.concatenate([[0.0], np.cumsum(np.diff(time) * (values[1:] + values[:-1]) / 2)])
        text = f"Oxygen change\n$-\\int J_{{\\mathrm{{O_2}}}}\\,\\mathrm{{d}}t$ / {_amount_unit(flux)}"
    own = axes is None
    axes = axes_for(axes, 2, shape=(2, 1), size=(7.2, 5.2), height_ratios=[1.7, 1])
    axes[0].plot(time, level, **{"color": look("oxygen").colour, **line_kwargs})
    axes[1].plot(time, values, **{"color": look("J_O2").colour, **line_kwargs})
    for ax, ylabel, name in zip(axes, (text, label(ds["J_O2"], words=True)), ("oxygen", "J_O2")):
        ax.set_ylabel(ylabel)
        ax.margins(x=0, y=0.12 if rates and name == "oxygen" else 0.05)
        from_zero(ax, name)
    if rates:
        _write_rates(axes[0], ds, time, level, values)
    finish(axes, ds, additions, grow=own)
    return axes


def _amount_unit(flux: Any) -> str:
    unit = flux.attrs.get("units", "nmol/min/mg")
    return unit_text(unit.replace("/min", "", 1))


def _write_rates(ax: Any, ds: Any, time: Any, level: Any, flux: Any) -> None:
    """The steepest and the last flux of each stretch, above the curve, which falls away from there."""
    width = width_of(ax)
    for event in events(ds):
        length = event.end - event.time
        inside = np.flatnonzero((time > event.time + 0.02 * length) & (time < event.end))
        if length / (time[-1] - time[0]) * width < 30 or not inside.size:
            continue
        top, end = inside[np.argmax(flux[inside])], inside[-1]
        changes = abs(flux[top] - flux[end]) > 0.2 * abs(flux[top])
        places = [(flux[end], 0.5)]
        if changes:
            share = (time[top] - event.time) / length
            places = [(flux[top], max(0.08, share)), (flux[end], 0.75 if share < 0.6 else 0.98)]
        for value, share in places:
            at = event.time + share * length
            text = f"{value:.0f}" if abs(value) >= 10 or abs(value) < 0.05 else f"{value:.2g}"
            ax.annotate(
                text.replace("-0", "0") if abs(value) < 0.05 else text, (at, np.interp(at, time, level)),
                xytext=(4, 3), textcoords="offset points", fontsize=9, color=GREY, ha="left", va="bottom", gid="rate",
            )  # fmt: skip
    ax.annotate(
        f"numbers: oxygen flux / {unit_text(ds['J_O2'].attrs.get('units', ''))}", (0, 0), xycoords="axes fraction",
        xytext=(5, 4), textcoords="offset points", fontsize=8.5, color=GREY,
        bbox=dict(facecolor="white", edgecolor="none", pad=1.0),
    )  # fmt: skip
