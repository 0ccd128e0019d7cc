"""What every figure needs: variables of a Dataset by name, and Axes to draw them on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ..core.arguments import dataset_in, drawing_on, names_in
from ..core.errors import ParameterError, nearest
from .style import GREY, attribute, label, short_name, unit_text

__all__ = ["axes_for", "drawn", "from_zero", "members", "one", "pick", "zero_line"]


def drawn(given: Any, what: str) -> list[str]:
    """Names of what is to be drawn: one, or several in a sequence."""
    names = [given] if isinstance(given, str) else list(names_in(given, what))
    if not names:
        raise ParameterError(f"{what} is empty; name at least one variable.")
    return names


def pick(ds: Any, name: str) -> Any:
    """A variable of a Dataset, with points that failed as NaN."""
    if name not in dataset_in(ds, "a figure").variables:
        numbers = [n for n in ds.variables if ds[n].dtype.kind == "f"]
        raise ParameterError(f"the Dataset has no variable {name!r}." + nearest(name, map(str, numbers)))
    array = ds[name]
    if "success" in ds.variables and array.dtype.kind == "f" and name not in ds.dims:
        return array.where(ds["success"]).assign_attrs(array.attrs)
    return array


def members(ds: Any, names: Sequence[str], along: str) -> tuple[list[tuple[str, dict[str, int]]], str]:
    """What is drawn as separate lines: text and ``isel`` of each member over the other dims, and what they vary in."""
    sizes = {str(d): n for name in names for d, n in ds[name].sizes.items() if d != along}
    only = next(iter(sizes)) if len(sizes) == 1 else ""
    out = []
    for index in np.ndindex(*sizes.values()):
        chosen = dict(zip(sizes, map(int, index)))
        parts = []
        for dim, i in chosen.items():
            value = ds[dim].values[i] if dim in ds.coords else i
            text = f"{value:.4g}" if isinstance(value, int | float | np.number) else str(value)
            if not only:
                unit = unit_text(attribute(ds[dim], "units")) if dim in ds.coords else ""
                text = f"{short_name(ds[dim]) if dim in ds.coords else dim} {text} {unit}".rstrip()
            parts.append(text)
        out.append((", ".join(parts), chosen))
    return out, (label(ds[only]) if only in ds.coords else only)


def axes_for(axes: Any, number: int, *, shape: tuple[int, int], size: tuple[float, float], **options: Any) -> Any:
    """The given Axes as a flat array of the right length, or a new figure of panels, by default sharing x."""
    if axes is None:
        options.setdefault("sharex", True)
        _, made = plt.subplots(*shape, figsize=size, squeeze=False, layout="constrained", **options)
        for ax in made.flat[number:]:
            ax.remove()
        return made.ravel()[:number]
    given = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(given) != number:
        raise ParameterError(f"axes has {len(given)} Axes, and {number} panels are to be drawn.")
    for ax in given:
        drawing_on(ax, "axes")
    return given


def zero_line(ax: Any) -> None:
    """A zero line, where the data come to both sides of it."""
    low, high = ax.dataLim.intervaly
    if low < -1e-3 * (high - low) < 0 < high and not any(line.get_gid() == "zero" for line in ax.lines):
        ax.axhline(0, color=GREY, linewidth=0.8, zorder=0.5, gid="zero")


def from_zero(ax: Any, name: str) -> None:
    """Take zero into the range of what is compared with zero: fluxes and forces."""
    if name.startswith("J_") or name in ("delta_psi", "delta_pH", "pmf", "oxygen"):
        ax.update_datalim([(0.0, 0.0)], updatex=False)
        ax.autoscale_view(scalex=False)


def one(ax: Any) -> Any:
    """The given Axes, or the current one if nothing is drawn on it yet, or a new one."""
    if ax is not None:
        return drawing_on(ax)
    if plt.get_fignums() and (not plt.gcf().axes or not plt.gca().has_data()):
        return plt.gca()
    return plt.subplots(figsize=(5.6, 4.0), layout="constrained")[1]
