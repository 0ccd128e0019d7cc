"""Several fits side by side."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import shown
from ...core.errors import FitError
from .result import FitResult

if TYPE_CHECKING:
    import pandas

__all__ = ["compare", "summary"]


def compare(*results: FitResult) -> pandas.DataFrame:
    """Fits of the same data side by side: AICc, its difference to the best, Akaike weight; best first.

    Differences below 2 decide nothing.

    Raises
    ------
    FitError
        If the data or their noise are not the same throughout, so that the criterion would mean nothing.
    """
    import pandas

    if not results:
        raise FitError("there is no fit to compare.")
    _check(results, "compare")
    if len({r.provenance["data_digest"] for r in results}) > 1:
        raise FitError("these fits are not of the same data with the same noise; AICc compares models of one data set.")
    rows = [
        {"fit": r.title, "unknowns": len(r.unknowns), "n": r.n, "rmse": r.rmse, "AICc": r.aicc, "result": r}
        for r in results
    ]
    out = pandas.DataFrame(rows)
    best = out.AICc.min()
    out["delta"] = out.AICc - best if math.isfinite(best) else np.where(out.AICc == best, 0.0, math.inf)
    weight = np.exp(-out.delta / 2)
    out["weight"] = weight / weight.sum()
    out["warnings"] = [len(r.warnings) for r in out.result]
    return out.drop(columns="result").sort_values("AICc", ignore_index=True)


def _check(results: Collection[Any], where: str) -> None:
    for result in results:
        if not isinstance(result, FitResult):
            raise FitError(f"{where} takes what fit and michaelis_menten give, a FitResult, not {shown(result)}.")
    if len({r.errors for r in results}) > 1:
        raise FitError("the errors of some of these fits are declared, of others from scatter; AICc is not the same.")


def summary(results: Mapping[Any, FitResult]) -> pandas.DataFrame:
    """Several fits in one table: value and standard error of every unknown, rmse, AICc, number of warnings.

    ``results`` maps a label, or a tuple of labels such as (group, law), to each fit.
    """
    import pandas

    if not isinstance(results, Mapping) or not results:
        raise FitError(f"summary takes a mapping of label to FitResult, not {shown(results)}.")
    _check(results.values(), "summary")
    rows = []
    for result in results.values():
        row: dict[str, Any] = {}
        for name, value in result.values.items():
            row |= {name: value, f"se {name}": result.stderr[name]}
        rows.append(row | {"rmse": result.rmse, "AICc": result.aicc, "warnings": len(result.warnings)})
    order = ["rmse", "AICc", "warnings"]
    out = pandas.DataFrame(rows, index=pandas.Index(list(results)))
    return out[[c for c in out.columns if c not in order] + order]
