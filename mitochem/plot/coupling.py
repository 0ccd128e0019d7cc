"""Coupling control: LEAK, OXPHOS and ET as a ladder, with what is between them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.errors import ParameterError
from .frame import axes_for
from .style import GREY, attribute, house_style, look, unit_text

__all__ = ["suit"]

_BARS = {
    "routine_respiration": ("R", "ROUTINE", look("pmf").colour, 0.35),
    "leak_respiration": ("L", "LEAK", look("J_leak").colour, 0.8),
    "oxphos_capacity": ("P", "OXPHOS", look("J_ATP").colour, 0.8),
    "oxphos_capacity_c": ("P$_c$", "with cyt. c", look("J_ATP").colour, 0.45),
    "leak_respiration_omy": ("L$_{Omy}$", "LEAK, Omy", look("J_leak").colour, 0.45),
    "et_capacity": ("E", "ET", look("J_O2").colour, 0.8),
}
_STEPS = (
    ("leak_respiration", "oxphos_capacity", "P−L"),
    ("oxphos_capacity", "et_capacity", "E−P"),
)


@house_style()
def suit(table: Any, *, axes: Any = None, **bar_kwargs: Any) -> Any:
    """Draw the coupling states of a SUIT protocol as bars, with arrows for what each step adds.

    The arrow in the OXPHOS bar is net OXPHOS capacity, P-L; that in the ET bar excess capacity, E-P, which points
    down where E is below P. Efficiencies stand below the names.

    Parameters
    ----------
    table : Dataset
        As ``readouts.suit_table`` gives it, over one dimension, such as ``chamber``.
    axes : array of Axes, optional
        One for each chamber; a new figure by default.
    **bar_kwargs
        Passed to ``Axes.bar``.

    Returns
    -------
    ndarray of Axes, shape (chamber,)
    """
    dims = dataset_in(table, "suit", "leak_respiration", "oxphos_capacity", "et_capacity")["oxphos_capacity"].dims
    if len(dims) != 1:
        raise ParameterError(f"the table is over {', '.join(map(str, dims)) or 'nothing'}; bars take one dimension.")
    rows = [table.isel({dims[0]: i}) for i in range(table.sizes[dims[0]])]
    shown = [name for name in _BARS if any(np.isfinite(float(row[name])) for row in rows)]
    if not shown:
        raise ParameterError("the table has no rate to draw: every coupling state is missing.")
    width = 1.2 + 0.85 * len(shown)
    axes = axes_for(axes, len(rows), shape=(1, len(rows)), size=(width * len(rows), 4.2), sharey=True)
    for ax, row in zip(axes, rows):
        _ladder(ax, row, shown, bar_kwargs)
        if len(rows) > 1:
            ax.set_title(f"{dims[0]} {row[dims[0]].item()}")
    unit = unit_text(attribute(table["oxphos_capacity"], "units"))
    known = bool(np.isfinite(table["residual"]).all())
    axes[0].set_ylabel(f"respiration{' − Rox' if known else ''} / {unit}")
    return axes


def _ladder(ax: Any, row: Any, shown: list[str], bar_kwargs: dict[str, Any]) -> None:
    heights = {name: float(row[name]) for name in shown}
    places = {name: i for i, name in enumerate(shown)}
    tops = {name: max(0.0, np.nan_to_num(height)) for name, height in heights.items()}
    for name, height in heights.items():
        _, _, colour, alpha = _BARS[name]
        ax.bar(places[name], height, 0.62, **{"color": colour, "alpha": alpha, **bar_kwargs})
    for low, high, text in _STEPS:
        if low == "leak_respiration" and not np.isfinite(heights.get(low, np.nan)):
            low = "leak_respiration_omy"
        if all(np.isfinite(heights.get(name, np.nan)) for name in (low, high)):
            _arrow(ax, places[low], places[high], heights[low], heights[high], text)
            tops[high] = max(tops[high], heights[low])
    for name, height in heights.items():
        ax.annotate(
            f"{height:.3g}" if np.isfinite(height) else "×", (places[name], tops[name]),
            xytext=(0, 2), textcoords="offset points", ha="center", va="bottom", fontsize=9, gid="rate",
        )  # fmt: skip
    ticks = []
    for name in shown:
        symbol, words, _, _ = _BARS[name]
        ticks.append(f"{symbol}\n{words}")
    ax.set_xticks(range(len(shown)), ticks)
    ax.tick_params(axis="x", length=0)
    ax.margins(x=0.04, y=0.12)
    ratios = [("j(P−L)", "oxphos_coupling_efficiency"), ("j(E−L)", "et_coupling_efficiency"), ("P/E", "p_over_e")]
    found = [f"{text} {float(row[name]):.2f}" for text, name in ratios if np.isfinite(float(row[name]))]
    ax.set_xlabel("    ".join(found), color=GREY, fontsize=9)


def _arrow(ax: Any, start: float, end: float, low: float, high: float, text: str) -> None:
    """A guide at the height of the lower state to the bar of the higher, and the arrow between the two heights."""
    side = 0.31 if end > start else -0.31
    at = end - 0.17
    ax.plot([start + side, end + side], [low, low], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), gid="guide")
    ax.annotate(
        "", (at, high), (at, low), gid="net",
        arrowprops=dict(arrowstyle="-|>", color="black", linewidth=1.2, shrinkA=0, shrinkB=0),
    )  # fmt: skip
    # Inside the bar, below the guide, where there is no room beside the arrow.
    tight = high - low < 0.12 * ax.dataLim.ymax
    ax.annotate(
        f"{text}\n{high - low:.3g}".replace("-", "−"), (at, min(low, high) if tight else (low + high) / 2),
        xytext=(5, -3 if tight else 0), textcoords="offset points", ha="left", va="top" if tight else "center",
        fontsize=8.5, gid="net",
    )  # fmt: skip
