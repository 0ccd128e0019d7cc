"""A measurement over a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError, nearest
from .frame import axes_for, drawn, from_zero, pick, zero_line
from .style import GREY, SERIES, house_style, label, look
from .traces import finish, legend, lines, need_time

__all__ = ["compare"]


@house_style()
def compare(
    run: Any,
    measured: Any,
    variables: str | Sequence[str] | None = None,
    *,
    axes: Any = None,
    additions: bool = True,
    **marker_kwargs: Any,
) -> Any:
    """Lay what was measured over a simulation: the run as lines, the measurement as points, one panel per variable.

    Parameters
    ----------
    run : Dataset
        A time course, as `Model.simulate` gives it, over ``time`` (min).
    measured : Dataset
        Measurements over ``time`` by the names of the model's quantities, as `readers.read_table` gives them with its
        column mapping; in units that convert to those of the run. Further dimensions, such as wells, are drawn as
        their mean, with bars of one standard deviation.
    variables : str or sequence of str, optional
        What to draw; by default all that both have over time.
    axes : array of Axes, optional
        One for each variable; a new figure by default.
    additions : bool
        False leaves out the lines of the run's additions and their labels.
    **marker_kwargs
        Passed to ``Axes.errorbar`` for the measurement.

    Returns
    -------
    ndarray of Axes, shape (variables,)

    Raises
    ------
    ParameterError
        If they have no variable in common, one is missing, or units are of different kinds.
    """
    need_time(run, "compare")
    if "time" not in dataset_in(measured, "compare").dims:
        raise ParameterError("compare needs measurements over the dimension 'time'.")
    names = _shared(run, measured) if variables is None else drawn(variables, "variables")
    both = [(pick(run, name), _like(pick(measured, name), run[name], name)) for name in names]
    own = axes is None
    axes = axes_for(axes, len(names), shape=(len(names), 1), size=(7.2, 1.2 + 1.9 * len(names)))
    for ax, name, (simulated, points) in zip(axes, names, both):
        lines(ax, run, simulated.transpose("time", ...), "time", name, {})
        others = [d for d in points.dims if d != "time"]
        level = points.mean(others) if others else points
        bars = points.std(others, ddof=1).values if others and points.size > level.size else None
        style = {"color": GREY, "marker": SERIES[0].marker, "linestyle": "none", "markersize": 3.5, "capsize": 2}
        ax.errorbar(_minutes(measured, run), level.values, bars, **{**style, "label": "measured", **marker_kwargs})
        ax.plot([], [], color=look(name).colour, label="simulated")
        ax.set_ylabel(label(run[name], words=True))
        ax.margins(x=0.01, y=0.08)
        from_zero(ax, name)
        zero_line(ax)
    if len(run.dims) == 1:
        axes[0].legend(*_last_two(axes[0]), loc="best")
    else:
        legend(axes, run, names, "time", own=own)
    finish(axes, run, additions, grow=own)
    return axes


def _shared(run: Any, measured: Any) -> list[str]:
    names = [str(n) for n in measured.data_vars if n in run.data_vars and "time" in measured[n].dims]
    names = [n for n in names if "time" in run[n].dims and measured[n].dtype.kind == "f"]
    if not names:
        have = [str(n) for n in measured.data_vars]
        hints = "".join(nearest(n, map(str, run.data_vars)) for n in have[:1])
        raise ParameterError(
            f"the measurement ({', '.join(have) or 'empty'}) and the run have no variable over time in common; name "
            f"its columns as the model does, such as read_table(..., columns={{'my column': 'J_O2'}}).{hints}"
        )
    return names


def _like(points: Any, simulated: Any, name: str) -> Any:
    """Measured values in the unit of the run."""
    return points * _factor(points.attrs.get("units"), simulated.attrs.get("units", "1"), name)


def _factor(given: str | None, wanted: str, name: str) -> float:
    if given is None or given == wanted:
        return 1.0
    from ..core.units import registry, unit

    try:
        return float(registry().Quantity(1.0, unit(given)).to(unit(wanted)).magnitude)
    except Exception:  # pint has an error for every way of being wrong
        raise ParameterError(
            f"{name} was measured in {given!r} and is simulated in {wanted!r}; convert one first, rates with "
            "experiments.rates.convert."
        ) from None


def _minutes(measured: Any, run: Any) -> Any:
    unit = run["time"].attrs.get("units", "min")
    return np.asarray(measured["time"].values, float) * _factor(measured["time"].attrs.get("units"), unit, "time")


def _last_two(ax: Any) -> tuple[list[Any], list[str]]:
    handles, texts = ax.get_legend_handles_labels()
    chosen = [(h, t) for h, t in zip(handles, texts) if t in ("simulated", "measured")]
    return [h for h, _ in chosen], [t for _, t in chosen]
