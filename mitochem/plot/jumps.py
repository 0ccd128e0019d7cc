"""Imposed gradients: the ATP that they make while they run down."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..constants import FARADAY
from ..core.arguments import dataset_in
from .style import house_style, look
from .traces import need_time, trace

__all__ = ["acid_bath"]

_FORCES = ("delta_psi", "delta_pH", "pmf", "nernst_slope", "delta_Gp", "affinity_J_ATP")


@house_style()
def acid_bath(ds: Any, *, axes: Any = None, additions: bool = True, **line_kwargs: Any) -> Any:
    """Draw an acid bath or a potassium jump: ATP made, ΔpH and Δψ against time.

    ATP made is counted from the start of the last stretch of the run, and falls where the synthase hydrolyses it. The
    dotted line among ΔpH is the one at which the synthase stands still, given Δψ and ΔG_P of the moment:
    ``(ΔG_P/nF − Δψ)/Z``.

    Parameters
    ----------
    ds : Dataset
        A run of `experiments.acid_bath` or `experiments.potassium_jump` on `models.vesicle`; with further dimensions,
        several lines.
    axes : array of three Axes, optional
        For ATP, ΔpH and Δψ; a new figure by default.
    additions : bool
        False leaves out the lines between the stages and their labels.
    **line_kwargs
        Passed to ``Axes.plot``.

    Returns
    -------
    ndarray of Axes, shape (3,)

    Raises
    ------
    ParameterError
        If the Dataset is no time course, or has no ATP, Δψ or ΔpH.
    """
    need_time(ds, "acid_bath")
    dataset_in(ds, "acid_bath", "segment", "atp_bath", "volume_bath", *_FORCES)
    made = ds.assign(atp_made=_made(ds))
    made.attrs.pop("protocol", None)  # the stages by name; the list of what is added would be taller than the panels
    axes = trace(made, ("atp_made", "delta_pH", "delta_psi"), axes=axes, additions=additions, **line_kwargs)
    if set(ds["delta_pH"].dims) == {"time"}:
        threshold = _threshold(ds)
        axes[1].plot(
            ds["time"],
            threshold,
            color=look("delta_Gp").colour,
            linestyle=(0, (1, 1.2)),
            linewidth=1.3,
            gid="threshold",
        )
        last = np.flatnonzero(np.isfinite(threshold))
        if last.size:
            axes[1].annotate(
                "synthase stands still", (float(ds["time"][last[-1]]), float(threshold[last[-1]])), xytext=(-2, 3),
                textcoords="offset points", ha="right", va="bottom", fontsize=8, color=look("delta_Gp").colour,
            )  # fmt: skip
    return axes


def _made(ds: Any) -> Any:
    """ATP made since the start of the last stretch, nmol/mg; 0 before it."""
    names = ds["segment"].values
    inside = ds["segment"] == names[-1]
    start = ds["atp_bath"].isel(time=int(np.argmax(names == names[-1])), drop=True)
    made = ((ds["atp_bath"] - start) * ds["volume_bath"]).where(inside, 0.0)
    return made.assign_attrs({"units": "nmol/mg", "long_name": "ATP made"})


def _threshold(ds: Any) -> Any:
    """ΔpH at which ``n F Δp = ΔG_P``, with n as the affinity of the synthase has it; NaN without nucleotides."""
    pmf, energy = ds["pmf"].values, ds["delta_Gp"].values * np.ones(ds.sizes["time"])
    with np.errstate(all="ignore"):
        n = (ds["affinity_J_ATP"].values + energy) / (FARADAY * pmf)
        n = np.where(np.abs(pmf) > 1.0, n, np.nan)
        n = np.full_like(n, np.nan) if np.isnan(n).all() else np.full_like(n, np.nanmedian(n))
        return (energy / (n * FARADAY) - ds["delta_psi"].values) / ds["nernst_slope"].values
