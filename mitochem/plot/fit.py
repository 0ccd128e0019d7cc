"""Measured points with the curves of a model, and what is left between them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ..core.arguments import drawing_on, mapping_in, numbers_in, shown
from ..core.errors import ParameterError, nearest
from .style import GREY, SERIES, Look, house_style

__all__ = ["data_and_model"]

LONGEST = 40
"""Characters of a label along the upright axis; a longer one is broken before its unit.

One of a legend keeps its ends.
"""
MANY = 10
"""Labels that a legend holds inside the axes."""
MANY_ROWS = 14
"""Labels one below the other beside the axes."""


@house_style()
def data_and_model(
    groups: Mapping[str, tuple[Any, ...]],
    curves: Mapping[str, tuple[Any, Any]] | None = None,
    *,
    xlabel: str,
    ylabel: str,
    residuals: Mapping[str, Any] | bool | None = None,
    residual_label: str | None = None,
    bands: Mapping[str, tuple[Any, Any, Any]] | None = None,
    ax: Any = None,
    **point_kwargs: Any,
) -> Any:
    """Draw groups of measured points with model curves, and a panel of residuals below.

    A curve, a band and residuals under the key of a group share its colour; open markers and line styles keep the
    groups apart in grey.

    Parameters
    ----------
    groups : mapping of str to (x, y) or (x, y, error)
        Measured points, each shape (n,); ``error`` makes error bars.
    curves : mapping of str to (x, y)
        Model curves, shape (m,).
    xlabel, ylabel : str
        With their units, such as ``"FCCP / µM"``.
    residuals : mapping of str to array, shape (n,), or bool, optional
        Observed minus model at the points of the group of that key; makes the second panel. True reads the model
        off the curve of the same key, between its points.
    residual_label : str, optional
        By default "residual" in the unit of ``ylabel``.
    bands : mapping of str to (x, low, high), optional
        Shaded, such as a confidence band of the curve.
    ax : Axes or array of Axes, optional
        One, or two with residuals; a new figure by default.
    **point_kwargs
        Passed to ``Axes.errorbar`` for the points.

    Returns
    -------
    ndarray of Axes, shape (1,) or (2,)

    Raises
    ------
    ParameterError
        If shapes do not match or residuals belong to no group.
    """
    points, curves, bands = _points(groups), _columns(curves, "curve", 2), _columns(bands, "band", 3)
    if isinstance(residuals, bool):
        residuals = _from_curves(points, curves) if residuals else None
    leftovers = _leftovers(residuals, points)
    axes = _axes(ax, leftovers is not None)
    keys = list(dict.fromkeys([*points, *curves, *bands]))
    looks = {key: SERIES[i % len(SERIES)] for i, key in enumerate(keys)}
    for key, (x, low, high) in bands.items():
        axes[0].fill_between(x, low, high, color=looks[key].colour, alpha=0.18, linewidth=0)
    for key, (x, y) in curves.items():
        own = looks[key]
        text = None if key in points else key
        axes[0].plot(x, y, color=own.colour, linestyle=own.line, label=text, gid="model")
    for key, (x, y, error) in points.items():
        axes[0].errorbar(x, y, yerr=error, label=key, **(_marks(looks[key]) | point_kwargs))
    for key, (x, rest) in (leftovers or {}).items():
        axes[1].errorbar(x, rest, **(_marks(looks[key]) | point_kwargs))
    axes[0].set_ylabel(ylabel if len(ylabel) <= LONGEST else ylabel.replace(" / ", " /\n", 1))
    axes[-1].set_xlabel(xlabel)
    if leftovers is not None:
        axes[1].axhline(0, color=GREY, linewidth=0.9, zorder=0.5)
        unit = ylabel.rpartition(" / ")[2] if " / " in ylabel else ""
        short = unit if len(unit) <= LONGEST / 2 else ""
        axes[1].set_ylabel(residual_label or (f"residual /\n{short}" if short else "residual"))
        largest = max((np.nanmax(np.abs(r), initial=0.0) for _, r in leftovers.values()), default=0.0)
        if largest > 0:
            axes[1].set_ylim(-1.25 * largest, 1.25 * largest)
        axes[0].figure.align_ylabels(list(axes))
    if len(keys) > 1:
        handles, texts = axes[0].get_legend_handles_labels()
        order = sorted(range(len(texts)), key=lambda i: keys.index(texts[i]) if texts[i] in keys else len(keys))
        _legend(axes[0], [handles[i] for i in order], [_short(texts[i]) for i in order], alone=ax is None)
    return axes


def _legend(ax: Any, handles: list[Any], texts: list[str], *, alone: bool) -> None:
    """Inside the axes as long as it leaves room for the points, else beside them on a wider figure."""
    if len(texts) <= MANY or not alone:
        ax.legend(handles, texts)
        return
    columns = math.ceil(len(texts) / MANY_ROWS)
    figure = ax.figure
    per_column = 0.5 + 0.075 * max(map(len, texts))
    figure.set_size_inches(figure.get_figwidth() + columns * per_column, figure.get_figheight())
    ax.legend(handles, texts, loc="upper left", bbox_to_anchor=(1.0, 1.0), ncols=columns, fontsize="small")


def _short(text: str) -> str:
    """Both ends of a long label: groups differ at either."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 + 1 :]}"


def _marks(own: Look) -> dict[str, Any]:
    """Open markers without a line."""
    return {
        "color": own.colour, "marker": own.marker, "linestyle": "none", "markerfacecolor": "white",
        "markeredgewidth": 1.3, "elinewidth": 1.0, "capsize": 2.0,
    }  # fmt: skip


def _points(groups: Mapping[str, tuple[Any, ...]]) -> dict[str, tuple[Any, Any, Any]]:
    out = {}
    for key, group in mapping_in(groups, "groups").items():
        if isinstance(group, str) or not hasattr(group, "__len__") or len(group) not in (2, 3):
            raise ParameterError(f"the group {key!r} is {shown(group)}; it takes (x, y) or (x, y, error).")
        x, y = (numbers_in(part, f"{name} of the group {key!r}") for part, name in zip(group, "xy"))
        if x.shape != y.shape or x.ndim != 1:
            raise ParameterError(f"the group {key!r} has x of shape {x.shape} and y of shape {y.shape}.")
        error = numbers_in(group[2], f"error of the group {key!r}") if len(group) == 3 else None
        if error is not None and (error.shape not in ((), x.shape, (2, *x.shape)) or (error < 0).any()):
            raise ParameterError(f"errors of the group {key!r} must not be negative, one for each of {len(x)} points.")
        out[key] = (x, y, error)
    return out


def _columns(given: Any, what: str, number: int) -> dict[str, tuple[Any, ...]]:
    """Curves or bands: columns of one length."""
    out = {}
    for key, parts in mapping_in(given, f"{what}s").items():
        if isinstance(parts, str) or not hasattr(parts, "__len__") or len(parts) != number:
            raise ParameterError(f"the {what} {key!r} is {shown(parts)}; it takes {number} columns.")
        out[key] = tuple(numbers_in(part, f"the {what} {key!r}") for part in parts)
        if len({column.shape for column in out[key]}) > 1 or out[key][0].ndim != 1:
            shapes = ", ".join(str(column.shape) for column in out[key])
            raise ParameterError(f"the {what} {key!r} has columns of the shapes {shapes}; they must be of one length.")
    return out


def _leftovers(residuals: Mapping[str, Any] | None, points: Mapping[str, Any]) -> dict[str, tuple[Any, Any]] | None:
    """Residuals with the x of their groups."""
    if residuals is None:
        return None
    out = {}
    for key, values in mapping_in(residuals, "residuals").items():
        if key not in points:
            raise ParameterError(f"residuals for {key!r}, which is not a group." + nearest(key, points))
        values = numbers_in(values, f"residuals of {key!r}")
        if values.shape != points[key][0].shape:
            raise ParameterError(
                f"the residuals of {key!r} have shape {values.shape}, and its points {points[key][0].shape}."
            )
        out[key] = (points[key][0], values)
    return out


def _from_curves(points: Mapping[str, Any], curves: Mapping[str, Any]) -> dict[str, Any]:
    """Observed minus the curve of the same key, where there is one."""
    out = {}
    for key, (x, y, _) in points.items():
        if key in curves:
            at, value = curves[key]
            order = np.argsort(at)
            out[key] = y - np.interp(x, at[order], value[order], left=np.nan, right=np.nan)
    return out


def _axes(axes: Any, residuals: bool) -> Any:
    number = 2 if residuals else 1
    if axes is None:
        ratios = [2.6, 1][:number]
        _, made = plt.subplots(
            number, 1, figsize=(6.0, 4.2 + 0.8 * residuals), sharex=True, squeeze=False, layout="constrained",
            height_ratios=ratios,
        )  # fmt: skip
        return made.ravel()
    given = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(given) != number:
        raise ParameterError(
            f"ax has {len(given)} Axes, and {number} {'are' if number > 1 else 'is'} to be drawn on"
            + ("; give two, or leave residuals out." if residuals else ".")
        )
    for ax in given:
        drawing_on(ax)
    return given
