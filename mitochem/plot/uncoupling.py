"""A titration with an uncoupler: flux and potential against dose, and flux against potential."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib import pyplot as plt

from ..core.arguments import drawing_on, mapping_in, numbers_in, shown
from ..core.errors import ParameterError
from .fit import data_and_model
from .style import house_style

__all__ = ["uncoupling"]

Titration = tuple[Any, Any, Any]


@house_style()
def uncoupling(
    groups: Mapping[str, Titration],
    curves: Mapping[str, Titration] | None = None,
    *,
    dose_label: str = "FCCP / µM",
    flux_label: str = "oxygen flux / (pmol/s/mL)",
    potential_label: str = r"$\Delta\Delta\psi$ / mV",
    axes: Any = None,
) -> Any:
    """Draw titrations with an uncoupler in three panels: flux against dose, potential against dose, flux against it.

    Parameters
    ----------
    groups : mapping of str to (dose, flux, potential)
        Measured points, each shape (n,), such as one group for each chamber.
    curves : mapping of str to (dose, flux, potential), optional
        Of a model, shape (m,); under the key of a group they share its colour.
    dose_label, flux_label, potential_label : str
        With their units.
    axes : array of three Axes, optional
        A new figure by default.

    Returns
    -------
    ndarray of Axes, shape (3,)

    Raises
    ------
    ParameterError
        If a group or curve is not three columns of one length.
    """
    points, lines = _columns(groups, "group"), _columns(curves or {}, "curve")
    given = _axes(axes)
    labels = {0: dose_label, 1: flux_label, 2: potential_label}
    for ax, (x, y) in zip(given, ((0, 1), (0, 2), (2, 1))):
        data_and_model(
            {key: (columns[x], columns[y]) for key, columns in points.items()},
            {key: (columns[x], columns[y]) for key, columns in lines.items()},
            xlabel=labels[x],
            ylabel=labels[y],
            ax=ax,
        )
        if ax is not given[0] and (legend := ax.get_legend()):
            legend.remove()  # the first panel has it
    return given


def _columns(given: Any, what: str) -> dict[str, Titration]:
    out = {}
    for key, columns in mapping_in(given, f"{what}s").items():
        if isinstance(columns, str) or not hasattr(columns, "__len__") or len(columns) != 3:
            raise ParameterError(f"the {what} {key!r} is {shown(columns)}; it takes (dose, flux, potential).")
        names = ("dose", "flux", "potential")
        dose, flux, potential = (numbers_in(c, f"{n} of the {what} {key!r}") for c, n in zip(columns, names))
        if not dose.shape == flux.shape == potential.shape or dose.ndim != 1:
            raise ParameterError(
                f"the {what} {key!r} has columns of the shapes {dose.shape}, {flux.shape} and {potential.shape}; "
                "they must be of one length."
            )
        out[key] = (dose, flux, potential)
    return out


def _axes(axes: Any) -> Any:
    if axes is None:
        return plt.subplots(1, 3, figsize=(10.5, 3.4), layout="constrained")[1]
    given = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(given) != 3:
        raise ParameterError(f"axes has {len(given)} Axes; three are drawn on.")
    for ax in given:
        drawing_on(ax, "axes")
    return given
