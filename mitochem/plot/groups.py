"""Groups against their control: a point for each plate, and the interval over plates."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.arguments import dataset_in, one_of
from ..core.errors import ParameterError
from ..experiments.readouts.contrasts import SCALES
from .frame import axes_for
from .stress_test import WORDS
from .style import GREY, SERIES, attribute, house_style, unit_text

__all__ = ["group_comparison"]

_RATIOS = {
    "basal_respiration": "basal /\nnon-mito-\nchondrial",
    "atp_linked_respiration": "basal /\noligomycin",
    "proton_leak": "oligomycin /\nnon-mito-\nchondrial",
    "spare_capacity": "maximal /\nbasal",
    "maximal_respiration": "maximal /\nnon-mito-\nchondrial",
}


@house_style()
def group_comparison(table: Any, *, scale: str = "log_ratio", ax: Any = None, **errorbar_kwargs: Any) -> Any:
    """Draw groups less their control, parameter by parameter: small points are plates, bars the interval.

    Where there is no interval, as from one plate of several, the estimate is hollow and has no bar.

    Parameters
    ----------
    table : Dataset
        As ``readouts.compare_groups`` gives it; ``table.sel(group=[...])`` draws some of its groups.
    scale : {"log_ratio", "difference"}
        Natural logarithms of ratios, or differences in the unit of the data.
    ax : Axes, optional
        A new figure by default.
    **errorbar_kwargs
        Passed to ``Axes.errorbar`` of the estimates.

    Returns
    -------
    Axes

    Raises
    ------
    ParameterError
        If the table is of something else, or has no estimate on this scale.
    """
    scale = one_of(scale, "scale", SCALES)
    dataset_in(table, "group_comparison", *(f"{scale}{end}" for end in ("", "_low", "_high", "_plates", "_by_plate")))
    if table[scale].dims != ("group", "parameter"):
        dims = ", ".join(map(str, table[scale].dims)) or "nothing"
        raise ParameterError(f"group_comparison draws a table over group, parameter, not over {dims}.")
    if not np.isfinite(table[scale].values).any():
        raise ParameterError(f"the table has no estimate of {scale} to draw: no group shares a plate with the control.")
    groups, names = table["group"].values.astype(str), table["parameter"].values.astype(str)
    ax = axes_for(ax, 1, shape=(1, 1), size=(4.2 + 0.9 * len(names), 4.0))[0]
    step = 0.8 / len(groups)
    for i in range(len(groups)):
        places = np.arange(len(names)) + (i - (len(groups) - 1) / 2) * step
        _group(ax, table.isel(group=i), scale, places, step, i, errorbar_kwargs)
    ax.axhline(0, color=GREY, linewidth=0.8, zorder=0.5, gid="zero")
    words = _RATIOS if scale == "log_ratio" else WORDS
    ax.set_xticks(np.arange(len(names)), [words.get(n, n) for n in names], fontsize=8.5)
    ax.tick_params(axis="x", length=0)
    ax.set_xlim(-0.5, len(names) - 0.5)
    what = "ln ratio" if scale == "log_ratio" else "difference"
    unit = unit_text(attribute(table[scale], "units"))
    ax.set_ylabel(f"{what}, less that of {table.attrs.get('control', 'the control')}" + (f" / {unit}" if unit else ""))
    by_wells = table.attrs.get("unit") == "well"
    over = "wells of one plate, which is not repeated" if by_wells else "plates; points: plates"
    level = 100 * float(table.attrs.get("confidence", np.nan))
    ax.set_title(f"bars: {level:g} % interval over {over}", fontsize=8.5, color=GREY, loc="left")
    # Hollow ones are lines and the others are not: the legend would part them.
    named = dict(zip(*reversed(ax.get_legend_handles_labels())))
    order = [text for group in groups for text in named if text.startswith(f"{group}: ")]
    order += [text for text in named if text not in order]
    ax.legend([named[text] for text in order], order, loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8.5)
    return ax


def _group(ax: Any, row: Any, scale: str, places: Any, step: float, number: int, given: dict[str, Any]) -> None:
    """One group: its plates, its estimates and their intervals."""
    own = SERIES[number % len(SERIES)]
    if (round_ := number // len(SERIES)) > 0:  # colours come again, with the markers of others
        own = own._replace(marker=SERIES[(number + round_) % len(SERIES)].marker)
    each = row[f"{scale}_by_plate"].transpose("parameter", "plate").values
    if row.sizes["plate"] > 1:
        jitter = (np.arange(row.sizes["plate"]) - (row.sizes["plate"] - 1) / 2) * 0.12 * step - 0.2 * step
        x = places[:, None] + jitter
        ax.plot(
            x.ravel(), each.ravel(), linestyle="none", marker="o", markersize=3.5, markerfacecolor="none",
            markeredgecolor=own.colour, markeredgewidth=0.9, gid="plates",
        )  # fmt: skip
    estimate, low, high = (row[f"{scale}{end}"].values for end in ("", "_low", "_high"))
    bars = np.stack([estimate - low, high - estimate])
    text = (
        f"{row['group'].item()}: {_number(row[f'{scale}_plates'], 'plate')}, {_number(row[f'{scale}_wells'], 'well')}"
    )
    known = np.isfinite(bars).all(0)
    at = places + 0.2 * step * (row.sizes["plate"] > 1)
    style: dict[str, Any] = {
        "color": own.colour, "marker": own.marker, "markersize": 5.5, "linestyle": "none", "capsize": 3.0,
        "elinewidth": 1.4, "label": text if known.any() else None,
    }  # fmt: skip
    ax.errorbar(np.where(known, at, np.nan), estimate, np.where(known, bars, 0.0), **{**style, **given})
    if not known.all():
        hollow = {"markerfacecolor": "white", "markeredgecolor": own.colour, "gid": "no interval"}
        ax.plot(
            np.where(known, np.nan, at), estimate, own.marker, markersize=5.5, **hollow,
            label=None if known.any() else text,
        )  # fmt: skip


def _number(counts: Any, what: str) -> str:
    """How many, or from how many to how many, where it differs by parameter."""
    low, high = int(counts.min()), int(counts.max())
    return f"{low if low == high else f'{low}–{high}'} {what}{'s' * (high != 1)}"
