"""Measurements beside what a fit to others predicts of them."""

from __future__ import annotations

from typing import Any

from ..core.arguments import one_of, shown, text_in
from ..core.errors import ParameterError
from .fit import data_and_model
from .style import house_style

__all__ = ["predicted"]

NEEDED = ("experiment", "observable", "unit", "observed", "predicted", "low", "high")


@house_style()
def predicted(table: Any, x: str, *, observable: str = "", xlabel: str = "", ylabel: str = "", ax: Any = None) -> Any:
    """Draw a prediction with its interval as a band, and what was measured.

    Parameters
    ----------
    table : pandas.DataFrame
        As `mitochem.fitting.prediction` gives it.
    x : str
        Condition along the axis; experiments in which it does not vary are left out.
    observable : str
        Which one, if several were predicted; the first by default.
    xlabel, ylabel : str
        With their units; by default the names in the table.
    ax : Axes, optional
        A new figure by default.

    Returns
    -------
    ndarray of Axes, shape (1,)

    Raises
    ------
    ParameterError
        If the table is not one of a prediction, or has no such condition or observable.
    """
    if missing := [name for name in NEEDED if name not in getattr(table, "columns", ())]:
        raise ParameterError(f"predicted draws what fitting.prediction gives, not {shown(table)}: no {missing[0]!r}.")
    conditions = [name for name in table if name not in (*NEEDED, "se", "scatter", "inside")]
    one_of(x, "x", conditions)
    every = list(dict.fromkeys(table.observable))
    observable = one_of(observable or every[0], "observable", every)
    rows = table[(table.observable == observable) & table[x].notna()]
    groups, curves, bands = {}, {}, {}
    for name, part in rows.sort_values(x).groupby("experiment", sort=False):
        key, at = str(name), part[x].to_numpy()
        groups[key] = (at, part.observed.to_numpy())
        curves[key] = (at, part.predicted.to_numpy())
        bands[key] = (at, part.low.to_numpy(), part.high.to_numpy())
    if not groups:
        raise ParameterError(f"{x} does not vary along the points of {observable}.")
    unit = rows.unit.iloc[0]
    return data_and_model(
        groups,
        curves,
        xlabel=text_in(xlabel, "xlabel") if xlabel else x,
        ylabel=text_in(ylabel, "ylabel") if ylabel else f"{observable} / {unit}",
        bands=bands,
        ax=ax,
    )
