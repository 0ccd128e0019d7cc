"""Stress tests on the logarithmic scale, on which the noise of a plate reader is even and cell numbers cancel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .checks import rate_in, rates_of
from .phases import PHASES, missing, phases_of
from .plates import Average, as_rows, flagged, group_means, grouping, samples

if TYPE_CHECKING:
    import xarray

__all__ = ["RATIOS", "stress_test_log_ratios"]

_BASAL, _, _OLIGOMYCIN, _FCCP, _ROTENONE = PHASES
RATIOS = {
    "log_basal_over_non_mitochondrial": (_BASAL, _ROTENONE),
    "log_basal_over_oligomycin": (_BASAL, _OLIGOMYCIN),
    "log_oligomycin_over_non_mitochondrial": (_OLIGOMYCIN, _ROTENONE),
    "log_maximal_over_basal": (_FCCP, _BASAL),
    "log_maximal_over_non_mitochondrial": (_FCCP, _ROTENONE),
}


def stress_test_log_ratios(
    ds: xarray.Dataset,
    *,
    average: Average | None = "parameters",
    phases: Mapping[str, Any] | None = None,
    rate: str | None = None,
) -> xarray.Dataset:
    """Natural logarithms of the ratios of respiration in the phases of a stress test.

    The noise of plate readers is multiplicative, and plates differ more than wells: rates vary two-fold between
    plates whose log ratios agree. Rates are whole: what is not mitochondrial is one of them, and not subtracted.

    Parameters
    ----------
    ds, phases, rate
        As of `stress_test_table`.
    average : {"parameters", "rates"} or None
        The log ratios of each well, or the logarithms of all rates of the group in each phase first; None gives a row
        for each well. The two differ only where measurements are missing.

    Returns
    -------
    Dataset
        Over ``group`` (or ``well``): ``log_basal_over_non_mitochondrial``, ``log_basal_over_oligomycin``,
        ``log_oligomycin_over_non_mitochondrial``, ``log_maximal_over_basal``, ``log_maximal_over_non_mitochondrial``,
        each of the means of log rates over its phases, NaN with a warning where a phase is missing or has rates that
        are not above zero; ``wells`` and ``flags``.

    References
    ----------
    Yepez2018, where they are EI, AI, EAi, MI and MEi.
    """
    import xarray

    name = rate_in(ds, rate)
    ds = samples(ds)
    groups, where = grouping(ds, average), phases_of(ds, phases)
    rates = rates_of(ds, name)
    logs = {}
    for phase in PHASES:
        part = rates.isel(time=where.get(phase, []))
        log: Any = np.log(part.where(part > 0))
        logs[phase] = _mean(log, groups if average == "rates" else None)
    table = xarray.Dataset({name: logs[top] - logs[bottom] for name, (top, bottom) in RATIOS.items()})
    low = (rates.isel(time=np.concatenate([where[p] for p in where])) <= 0).any("time")
    if groups is not None:
        table = table if average == "rates" else table.map(lambda array: group_means(array, groups))
        low = group_means(low * 1.0, groups) > 0
    table = as_rows(table, ds, groups)
    for ratio in RATIOS:
        words = ratio.removeprefix("log_").replace("_", " ")
        table[ratio].attrs = {"units": "1", "long_name": f"natural logarithm of {words}"}
    problems = missing(where)
    problems["rates that are not above zero have no logarithm and are left out"] = low
    table["flags"] = flagged(problems, table["log_basal_over_oligomycin"], "log ratios")
    table.attrs = {"source": "stress_test_log_ratios", "average": str(average), "rate": name}
    return table


def _mean(log: Any, groups: Any) -> Any:
    """Mean of what is finite, over time and, with groups, over the wells of each."""
    return log.mean("time") if groups is None else group_means(log, groups, over=("well", "time"))
