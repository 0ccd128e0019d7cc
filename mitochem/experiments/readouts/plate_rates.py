"""Rates of a plate with their standard errors: by well, and of each group in each phase, outliers left out."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import number_in, yes_or_no
from ...core.errors import ParameterError
from .checks import rate_in, rates_of, units_of
from .log_ratios import RATIOS
from .outliers import log_levels, outliers
from .phases import PHASES, missing, phases_of
from .plates import flagged, samples

if TYPE_CHECKING:
    import xarray

__all__ = ["PARAMETERS", "mean_and_error", "plate_rates"]

_BASAL, _OLIGOMYCIN, _FCCP, _ROTENONE = STEPS = (PHASES[0], *PHASES[2:])
PARAMETERS = dict(
    zip(
        ("basal_respiration", "atp_linked_respiration", "proton_leak", "spare_capacity", "maximal_respiration"),
        RATIOS,
    )
)
"""Differences of two phases, and the log ratios of the same two."""
MANY = 0.25
"""Share of outliers among wells that is told (assumed: several times that of sound wells)."""
FAILED = {
    "respiration does not fall after oligomycin": (_BASAL, _OLIGOMYCIN),
    "respiration does not rise after FCCP": (_FCCP, _OLIGOMYCIN),
    "respiration does not fall after rotenone + antimycin A": (_FCCP, _ROTENONE),
}
"""What an injection that failed looks like: the phase that ought to be the faster one comes first."""


def plate_rates(
    ds: xarray.Dataset,
    *,
    phases: Mapping[str, Any] | None = None,
    rate: str | None = None,
    well_limit: float | None = 5.0,
    measurement_limit: float | None = 7.0,
    remove_failed: bool = False,
) -> xarray.Dataset:
    """Rates of one plate by well, and their means and standard errors by group, as differences and as log ratios.

    Log rate ~ phase + well by least squares, in each group, with outliers left out by the rule of OCR-Stats: a well
    whose mean squared deviation from the levels of the phases exceeds the median of the wells by ``well_limit`` median
    absolute deviations (times 1.4826), over and over until there is none, then single measurements by
    ``measurement_limit`` within their phase. In groups of less than five wells nothing is judged.

    Measurements of a well are not independent. Errors are those of means of wells, with wells - 1 degrees of
    freedom; they say how well this plate was measured, and not how the cells would do on another (`compare_groups`).
    The rule takes about 7 in 100 sound wells, the extreme ones: errors are a little small (an interval of 95 % for two
    groups of 24 simulated wells held the truth in 184 of 200 plates, and in 191 with both limits None).

    Parameters
    ----------
    ds : Dataset
        A plate with ``ocr`` over (well, time), and the coordinates ``group`` and ``segment`` (or ``measurement``);
        wells of the group Background are left out.
    phases, rate
        As of `stress_test_table`; all measurements of a phase are averaged, where that table reads one.
    well_limit, measurement_limit : float or None
        Median absolute deviations beyond which wells and measurements are outliers; None removes none.
    remove_failed : bool
        Leave out wells with an injection that seems to have failed, too. They are flagged in any case: to remove
        wells for what they respond makes the response larger.

    Returns
    -------
    Dataset
        In the unit of the data (differences) and as natural logarithms:

        - ``rate``, ``log_rate`` over (group, phase), and ``difference``, ``log_ratio`` over (group, parameter), each
          with the endings ``_se`` (standard error), ``_dof`` and ``_wells``. ``log_rate`` is the fitted level; the
          log ratios are means over the wells that have both phases. The coordinate ``ratio`` names them.
        - the same by well: ``well_rate``, ``well_log_rate`` over (well, phase), ``well_difference``,
          ``well_log_ratio`` over (well, parameter).
        - ``removed`` over (well, time), why a rate was left out: "outlier well", "outlier measurement", "failed
          injection", "not above zero" (out of logarithms alone), "gap"; ``outlier_wells``, ``outlier_measurements``,
          ``failed_wells``, ``not_positive`` over group, their numbers; ``residual_sd``, of log rates.
        - ``flags`` over well, in words, each with a warning.

    Raises
    ------
    ParameterError
        If the data are no plate with groups, its phases cannot be told, or a limit is not above zero.

    References
    ----------
    Yepez2018 for the model and the limits, as its published program has them; deviations are from fitted levels there
    too. Errors are by well here.
    """
    import xarray

    name = rate_in(ds, rate)
    if "well" not in ds.dims or "group" not in ds.coords:
        raise ParameterError("plate_rates takes a plate over (well, time) with the coordinate 'group' over its wells.")
    ds = samples(ds)
    limits = _limit(well_limit, "well_limit"), _limit(measurement_limit, "measurement_limit")
    drop_failed = yes_or_no(remove_failed, "remove_failed")
    where, rates = phases_of(ds, phases), rates_of(ds, name)
    if set(rates.dims) != {"well", "time"}:
        raise ParameterError(f"{name!r} goes over {', '.join(map(str, rates.dims))}; plate_rates takes (well, time).")
    rates = rates.transpose("well", "time")
    phase = np.full(rates.sizes["time"], -1)
    for number, step in enumerate(STEPS):
        phase[where.get(step, [])] = number
    groups = ds["group"].values.astype(str)
    names = list(dict.fromkeys(groups.tolist()))
    failed = {text: _not_faster(rates.values, phase, *pair) for text, pair in FAILED.items()}
    why = _reasons(rates.values, phase, groups, limits, np.any(list(failed.values()), 0) if drop_failed else None)
    kept = np.where((why == "") | (why == "not above zero"), rates.values, np.nan)
    logs = np.log(np.where(why == "", rates.values, np.nan), where=why == "", out=np.full(kept.shape, np.nan))
    coords = {
        "well": rates["well"], "group": names, "phase": list(STEPS), "parameter": list(PARAMETERS),
        "ratio": ("parameter", list(PARAMETERS.values())), "group_of_well": ("well", groups), "time": rates["time"],
    }  # fmt: skip
    table = xarray.Dataset(coords=coords)
    units = units_of(ds, name)
    for prefix, values, unit in (("", kept, units), ("log_", logs, "1")):
        _tabulate(table, _by_phase(values, phase), groups, prefix, unit)
    fits = [log_levels(logs[groups == g], np.where(phase >= 0, phase, -1)) for g in names]
    found = np.full((len(names), len(STEPS)), np.nan)
    for row, (levels, _) in zip(found, fits):
        row[: len(levels)] = levels
    table["log_rate"] = (("group", "phase"), found, table["log_rate"].attrs)
    words = {"units": "1", "long_name": "standard deviation of log rates about phase + well"}
    table["residual_sd"] = ("group", [residual for _, residual in fits], words)
    _count(table, why, groups)
    low = (why == "not above zero").any(1)
    rows = failed | {"rates that are not above zero have no logarithm and are left out": low}
    problems = missing(where) | {text: xarray.DataArray(bad, dims="well") for text, bad in rows.items()}
    table["flags"] = flagged(problems, rates.isel(time=0, drop=True), "plate")
    _warn_of_many(table)
    table.attrs = {
        "source": "plate_rates", "rate": name, "units": units, "well_limit": str(well_limit),
        "measurement_limit": str(measurement_limit), "remove_failed": str(drop_failed),
    }  # fmt: skip
    return table


def _limit(given: Any, what: str) -> float | None:
    if given is None:
        return None
    if not (limit := number_in(given, what)) > 0:
        raise ParameterError(f"{what} = {given!r} is a number of median absolute deviations above 0, or None.")
    return limit


def _by_phase(values: Any, phase: Any) -> Any:
    """Mean over the measurements of each phase, shape (wells, phases)."""
    out = np.full((len(values), len(STEPS)), np.nan)
    for number in range(len(STEPS)):
        part = values[:, phase == number]
        known = np.isfinite(part).sum(1)
        out[:, number] = np.where(known > 0, np.nansum(part, 1) / np.maximum(known, 1), np.nan)
    return out


def _not_faster(rates: Any, phase: Any, fast: str, slow: str) -> Any:
    means = _by_phase(rates, phase)
    return means[:, STEPS.index(fast)] <= means[:, STEPS.index(slow)]


def _reasons(rates: Any, phase: Any, groups: Any, limits: tuple[Any, Any], failed: Any) -> Any:
    """Why each rate is left out, empty where it is not."""
    why = np.full(rates.shape, "", dtype="<U20")
    why[rates <= 0] = "not above zero"
    why[np.isnan(rates)] = "gap"
    if failed is not None:
        why[failed] = "failed injection"
    usable = why == ""
    logs = np.log(rates, where=usable, out=np.full(rates.shape, np.nan))
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        wells, points = outliers(logs[rows], phase, *limits)
        part = why[rows]
        part[points] = "outlier measurement"
        part[wells] = "outlier well"
        why[rows] = part
    return why


def mean_and_error(values: Any) -> tuple[Any, Any, Any]:
    """Mean, standard error and number over the first axis, gaps left out; the error is NaN of a single value."""
    number = np.isfinite(values).sum(0)
    mean = np.where(number > 0, np.nansum(values, 0) / np.maximum(number, 1), np.nan)
    squares = np.nansum((values - mean) ** 2, 0)
    error = np.sqrt(squares / np.maximum(number - 1, 1) / np.maximum(number, 1))
    return mean, np.where(number > 1, error, np.nan), number


def _tabulate(table: xarray.Dataset, means: Any, groups: Any, prefix: str, unit: str) -> None:
    """Put means of wells, and of groups with errors, into the table: of phases, and of pairs of phases."""
    index = {step: number for number, step in enumerate(STEPS)}
    pairs = np.stack([means[:, index[a]] - means[:, index[b]] for a, b in map(RATIOS.get, PARAMETERS.values())], 1)  # type: ignore[misc]
    words = "natural logarithm of " if prefix else ""
    both = f"{prefix}ratio" if prefix else "difference"
    for name, along, values, what in (
        (f"{prefix}rate", "phase", means, f"{words}rate"),
        (both, "parameter", pairs, f"{words}ratio of two phases" if prefix else "difference of two phases"),
    ):
        table[f"well_{name}"] = (("well", along), values, {"units": unit, "long_name": f"{what}, by well"})
        rows = [mean_and_error(values[groups == g]) for g in table["group"].values]
        mean, error, number = (np.array(column) for column in zip(*rows))
        dims = ("group", along)
        table[name] = (dims, mean, {"units": unit, "long_name": what})
        table[f"{name}_se"] = (dims, error, {"units": unit, "long_name": f"standard error of {what}"})
        table[f"{name}_dof"] = (dims, np.maximum(number - 1, 0), {"units": "1", "long_name": "degrees of freedom"})
        table[f"{name}_wells"] = (dims, number, {"units": "1", "long_name": "number of wells"})


def _warn_of_many(table: xarray.Dataset) -> None:
    share = table["outlier_wells"] / table["wells"]
    if many := [str(g) for g in table["group"].values[share.values > MANY]]:
        told = ", ".join(
            f"{g}: {int(table.outlier_wells.sel(group=g))} of {int(table.wells.sel(group=g))}" for g in many
        )
        warnings.warn(f"plate: more than a quarter of the wells are outliers ({told}).", stacklevel=3)


def _count(table: xarray.Dataset, why: Any, groups: Any) -> None:
    """Put what was left out and why into the table, and how much in each group."""
    names = table["group"].values
    table["removed"] = (("well", "time"), why, {"long_name": "why the rate was left out"})
    counted = {
        "outlier_wells": ("wells that are outliers", (why == "outlier well").any(1)),
        "outlier_measurements": ("measurements that are outliers", (why == "outlier measurement").sum(1)),
        "failed_wells": ("wells left out for a failed injection", (why == "failed injection").any(1)),
        "not_positive": ("measurements without a logarithm", (why == "not above zero").sum(1)),
        "wells": ("wells of the group, before any was left out", np.ones(len(groups), int)),
    }
    for name, (words, number) in counted.items():
        values = [int(number[groups == g].sum()) for g in names]
        table[name] = ("group", values, {"units": "1", "long_name": f"number of {words}"})
