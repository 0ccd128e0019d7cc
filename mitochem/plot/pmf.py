"""The proton-motive force as the sum of its two parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.arguments import names_in, shown
from ..core.errors import ParameterError
from .frame import one, pick
from .style import attribute, house_style, look, short_name, unit_text

__all__ = ["pmf_components"]


@house_style()
def pmf_components(
    datasets: Any,
    labels: Sequence[str] | None = None,
    *,
    ax: Any = None,
    values: bool = True,
    **bar_kwargs: Any,
) -> Any:
    """Draw Δψ and Z·ΔpH as stacked bars, with the total Δp marked.

    Positive parts are stacked up from zero and negative ones down, so the mark of Δp lies below the top
    of the upper stack where the parts oppose each other.

    Parameters
    ----------
    datasets : Dataset, sequence of Dataset or mapping of label to Dataset
        Each a single steady state. One Dataset with one dimension gives a bar for each of its points; a time
        course gives one for the end of each segment.
    labels : sequence of str, optional
        One for each bar.
    ax : Axes, optional
        By default the current one if it is empty, else that of a new figure.
    values : bool
        Write Δp above each bar.
    **bar_kwargs
        Passed to ``Axes.bar``.

    Returns
    -------
    Axes

    Raises
    ------
    ParameterError
        If a Dataset lacks ``delta_psi``, ``delta_pH`` or ``nernst_slope``, or holds more than one point where one
        is needed.
    """
    points, found = _points(datasets)
    names = found if labels is None else list(names_in(labels, "labels"))
    if len(names) != len(points):
        raise ParameterError(f"labels has {len(names)} entries, and there are {len(points)} bars.")
    electrical = np.array([_number(p, "delta_psi") for p in points])
    chemical = np.array([_number(p, "nernst_slope") * _number(p, "delta_pH") for p in points])
    total = electrical + chemical
    ax = one(ax)
    at = np.arange(len(points))
    same = np.sign(electrical) * np.sign(chemical) >= 0
    style = {"width": 0.6, "edgecolor": "white", "linewidth": 0.8, **bar_kwargs}
    for name, heights, bottom, text in (
        ("delta_psi", electrical, 0.0, r"$\Delta\psi$"),
        ("delta_pH", chemical, np.where(same, electrical, 0.0), r"$Z\,\Delta\mathrm{pH}$"),
    ):
        own = look(name)
        ax.bar(at, heights, bottom=bottom, color=own.colour, hatch=own.hatch, label=text, **style)
    half = 0.5 * style["width"] + 0.06
    ax.hlines(total, at - half, at + half, color=look("pmf").colour, linewidth=2.2, label=r"$\Delta p$", zorder=3)
    tops = np.maximum(np.maximum(electrical, 0) + np.maximum(chemical, 0), total)
    if values:
        for x, top, value in zip(at, tops, total):
            text = f"{value:.0f}".replace("-0", "0") if abs(value) < 0.5 else f"{value:.0f}".replace("-", "−")
            ax.annotate(
                text if np.isfinite(value) else "no steady\nstate", (x, top if np.isfinite(top) else 0), xytext=(0, 4),
                textcoords="offset points", ha="center", va="bottom", fontsize=9, gid="total",
            )  # fmt: skip
    ax.axhline(0, color="black", linewidth=0.9, zorder=2)
    ax.set_xticks(at, [_wrapped(n) for n in names])
    ax.tick_params(axis="x", length=0)
    crowded = len(names) > 1 and max(len(w) for n in names for w in _wrapped(n).split("\n")) * len(names) > 60
    if crowded:
        for text in ax.get_xticklabels():
            text.set(rotation=35, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.6, len(points) - 0.4)
    ax.margins(y=0.12)
    ax.set_ylabel(
        rf"$\Delta p = \Delta\psi + Z\,\Delta\mathrm{{pH}}$ / {unit_text(attribute(points[0]['delta_psi'], 'units'))}"
    )
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def _points(datasets: Any) -> tuple[list[Any], list[str]]:
    """Single points and a label for each."""
    if hasattr(datasets, "data_vars"):
        if "time" in datasets.dims:
            return _segment_ends(datasets)
        dims = [str(d) for d, n in datasets.sizes.items() if n > 1]
        if len(dims) > 1:
            raise ParameterError(f"the Dataset has the dimensions {', '.join(dims)}; choose points with ds.isel(...).")
        if not dims:
            return [datasets.squeeze()], [""]
        return _along(datasets, dims[0])
    if not isinstance(datasets, Mapping | Sequence) or isinstance(datasets, str) or not datasets:
        raise ParameterError(f"pmf_components takes one Dataset, several or a mapping of them, not {shown(datasets)}.")
    if isinstance(datasets, Mapping):
        return list(datasets.values()), [str(k) for k in datasets]
    return list(datasets), [f"{i}" for i in range(1, len(datasets) + 1)]


def _along(ds: Any, dim: str) -> tuple[list[Any], list[str]]:
    ds = ds.squeeze()
    points = [ds.isel({dim: i}) for i in range(ds.sizes[dim])]
    if dim not in ds.coords:
        return points, [str(i + 1) for i in range(len(points))]
    unit = unit_text(attribute(ds[dim], "units"))
    numbers = ds[dim].values
    if numbers.dtype.kind not in "fi":
        return points, [str(v) for v in numbers]
    return points, [f"{short_name(ds[dim])}\n{v:.3g} {unit}".rstrip() for v in numbers]


def _segment_ends(ds: Any) -> tuple[list[Any], list[str]]:
    if "segment" not in ds.variables:
        raise ParameterError(
            "a time course without 'segment' has no ends to draw; choose points with ds.isel(time=[...])."
        )
    names = ds["segment"].values.astype(str)
    ends = np.append(np.flatnonzero(names[1:] != names[:-1]), len(names) - 1)
    return [ds.isel(time=int(i)) for i in ends], [str(names[i]) for i in ends]


def _number(point: Any, name: str) -> float:
    value = pick(point, name)
    if value.size != 1:
        raise ParameterError(
            f"{name} has {value.size} values where one is needed; choose a point, such as ds.isel(time=-1)."
        )
    return float(value.values.reshape(()))


def _wrapped(text: str) -> str:
    """A label broken at a space near its middle, if it is long."""
    if len(text) <= 14 or " " not in text or "\n" in text:
        return text
    spaces = [i for i, c in enumerate(text) if c == " "]
    i = min(spaces, key=lambda s: abs(s - len(text) / 2))
    return f"{text[:i]}\n{text[i + 1 :]}"
