"""Readouts inferred from an instrument's data beside the truth of the model that made them."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from .frame import axes_for
from .style import GREY, LOOKS, house_style, unit_text

__all__ = ["inferred_against_true"]

_WORDS = {"atp": "ATP", "rcr": "RCR", "pmf": "Δp", "percent": ""}


@house_style()
def inferred_against_true(table: Any, *, axes: Any = None, **bar_kwargs: Any) -> Any:
    """Draw inferred readouts as bars beside the truth, one panel for each unit, with the bias in per cent.

    Readouts of several wells are bars at their mean with a point for each well, and the bias is that of the mean.

    Parameters
    ----------
    table : Dataset
        As `mitochem.experiments.instruments.inferred_against_true` gives it: over ``readout``, or over ``readout`` and
        ``well``; of several groups choose one before.
    axes : array of Axes, optional
        One for each unit among the readouts that have a truth; a new figure by default.
    **bar_kwargs
        Passed to ``Axes.bar`` of the inferred values.

    Returns
    -------
    ndarray of Axes, shape (units,)

    Raises
    ------
    ParameterError
        If the table is none, or has further dimensions.
    """
    dataset_in(table, "inferred_against_true", "inferred", "true", "units")
    if not {"readout"} <= set(table["inferred"].dims) <= {"readout", "well"}:
        dims = ", ".join(map(str, table["inferred"].dims))
        raise ParameterError(
            f"inferred_against_true draws a table over 'readout', with or without 'well', not ({dims}); "
            "choose one member with .isel(...) or .sel(...)."
        )
    table = table.isel(readout=np.flatnonzero(np.isfinite(_means(table["true"]))))
    if not table.sizes["readout"]:
        raise ParameterError("no readout of the table has a truth to draw it against.")
    kinds = list(dict.fromkeys(table["units"].values.tolist()))
    parts = [table.isel(readout=np.flatnonzero(table["units"].values == kind)) for kind in kinds]
    shares = [part.sizes["readout"] + 0.8 for part in parts]
    if axes is None:
        size = (1.4 + 1.15 * sum(shares), 3.8)
        _, axes = plt.subplots(1, len(parts), figsize=size, width_ratios=shares, layout="constrained")
    axes = axes_for(axes, len(parts), shape=(1, len(parts)), size=(1, 1))
    for ax, part, kind in zip(axes, parts, kinds):
        _bars(ax, part, bar_kwargs)
        ax.set_ylabel(f"readout / {unit_text(kind)}" if unit_text(kind) else "readout")
    axes[0].legend(loc="upper left", bbox_to_anchor=(0, 1.16), ncols=2, borderaxespad=0)
    return axes


def _means(array: Any) -> Any:
    """Means over all but the readouts, NaN only where nothing is known."""
    return array.mean([d for d in array.dims if d != "readout"], skipna=True).values


def _bars(ax: Any, part: Any, bar_kwargs: dict[str, Any]) -> None:
    at, found, true = np.arange(part.sizes["readout"]), _means(part["inferred"]), _means(part["true"])
    colour = LOOKS["J_O2"].colour
    ax.bar(at - 0.19, found, 0.36, **{"color": colour, "label": "inferred", **bar_kwargs})
    ax.bar(at + 0.19, true, 0.36, facecolor="white", edgecolor="black", hatch="////", label="true")
    values = part["inferred"].transpose("readout", ...).values.reshape(len(at), -1)
    if values.shape[1] > 1:
        # Spread along x in a fixed order, so that points of equal height can be told apart.
        x = at[:, None] - 0.19 + np.linspace(-0.12, 0.12, values.shape[1])
        ax.plot(x.ravel(), values.ravel(), "o", ms=3, mfc="white", mec="black", mew=0.7, ls="", gid="wells")
    tops = np.fmax(np.fmax(np.nanmax(np.where(np.isfinite(values), values, -np.inf), axis=1), true), 0.0)
    for i, top in zip(at, tops):
        off = 100 * (found[i] - true[i]) / true[i] if true[i] else np.nan
        text = f"{round(off):+d} %".replace("-", "−").replace("+0 %", "0 %") if np.isfinite(off) else ""
        ax.annotate(
            text, (i, top), xytext=(0, 4), textcoords="offset points", ha="center", fontsize=9, color=GREY, gid="bias"
        )
    ax.axhline(0, color="black", linewidth=0.9)
    ax.set_xticks(at, [_words(str(name)) for name in part["readout"].values])
    ax.tick_params(axis="x", length=0, labelsize=8.5)
    ax.set_xlim(-0.6, len(at) - 0.4)
    ax.margins(y=0.12)


def _words(name: str) -> str:
    """A readout's name as words, one to a line."""
    return "\n".join(filter(None, (_WORDS.get(word, word) for word in name.split("_"))))
