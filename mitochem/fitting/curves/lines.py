"""A straight line with its errors, through the same machinery as every other law."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...core.arguments import yes_or_no
from ...core.errors import FitError
from ..laws.lines import line_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived
from ..results.result import FitResult
from .columns import column, error_in, needs, same_length, slope_of
from .solving import errors_in, noted, pair_of_units, solved, titled, words_of

__all__ = ["line"]


def line(
    x: Any,
    y: Any,
    *,
    through_zero: bool = False,
    y_error: Any = None,
    x_error: Any = None,
    units: tuple[str, str] = ("", ""),
    names: tuple[str, str] = ("x", "y"),
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit ``y = intercept + slope·x``: a substrate-oxidation curve over a small range, a calibration.

    Parameters
    ----------
    x, y : array, shape (n,)
        DataArrays bring their units and names.
    through_zero : bool
        Hold the intercept at 0.
    y_error, x_error : number or array, optional
        Standard deviations; ``x_error`` makes it an orthogonal distance regression and needs ``y_error`` too.
    units, names : pair of str
        Of x and y, where the data do not bring them; names are for the axes.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    FitResult
        Unknowns ``intercept`` and ``slope``; derived ``r_squared``, the square of the correlation of x and y.

    Raises
    ------
    FitError
        For data that are not finite, of unequal length, without spread in x, or fewer than unknowns.
    """
    told, words = pair_of_units(units, "x", "y"), pair_of_units(names, "x", "y", what="names")
    a, b = column(x, "x", told[0] or None), column(y, "y", told[1] or None)
    same_length(a, b)
    free = {"slope": Free(start=1.0, log=False)}
    if not yes_or_no(through_zero, "through_zero"):
        free = {"intercept": Free(start=1.0, log=False), **free}
    needs(a, len(free))
    sizes = error_in(y_error, "y_error", b), error_in(x_error, "x_error", a)
    if sizes[1] is not None and sizes[0] is None:
        raise FitError("with x_error the y_error is needed too: it is their ratio that weighs the two.")
    slope = slope_of(a.values, b.values)
    for name, value in (("slope", slope), ("intercept", float(b.values.mean() - slope * a.values.mean()))):
        if name in free:
            free[name] = Free(start=value or 1.0, log=False)
    below = f"({a.unit})" if "/" in a.unit else a.unit
    per = "/".join(u for u in (b.unit or "1", below) if u and u != "1") or "1"
    law = Law(
        line_law, "y", {"y": b.unit, "x": a.unit, "intercept": b.unit, "slope": per if b.unit else ""},
        defaults={"intercept": 0.0} if through_zero else {},
        long_names={"x": words_of(x, words[0]), "y": words_of(y, words[1])},
        equation="y = intercept + slope·x" if not through_zero else "y = slope·x",
        derive=derived,
    )  # fmt: skip
    return solved(
        law,
        Experiment({"x": a.values}, {"y": b.values}, noted(sizes[0], "y", "as told"), name=label,
                   uncertain=noted(sizes[1], "x", "as told")),
        free, title=titled("line", label), source=source, errors=errors_in(errors), profile=profile,
    )  # fmt: skip


def derived(result: Any) -> list[Derived]:
    """How much of the scatter of y is that of x."""
    (series,) = result.series
    x, y = series.x["x"], series.observed
    flat = np.ptp(y) == 0
    r = float("nan") if flat else float(np.corrcoef(x, y)[0, 1])
    return [Derived("r_squared", "1", r * r, float("nan"), "of x and y, unweighted")]
