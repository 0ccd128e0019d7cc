"""The Mito Stress Test: the parameters of its report, by either convention, of plates, traces and simulations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...core.arguments import mapping_in, number_in, one_of
from ...core.errors import ParameterError, nearest
from .checks import rate_in, rates_of, units_of
from .phases import PHASES, missing, phases_of
from .plates import Average, as_rows, flagged, group_means, grouping, samples

if TYPE_CHECKING:
    import xarray

__all__ = ["chosen_in", "convention_in", "levels_in", "stress_test_table"]

BASAL, ACUTE, OLIGOMYCIN, FCCP, ROTENONE = PHASES
FIXED = {BASAL: 3, OLIGOMYCIN: 6, FCCP: 8, ROTENONE: 12}
"""Measurements of the fixed convention, of a run with three in each phase (those that the R package ceas reads)."""

_LONG = {
    "non_mitochondrial": "non-mitochondrial oxygen consumption",
    "basal_respiration": "basal respiration",
    "acute_response": "acute response",
    "proton_leak": "proton leak",
    "atp_linked_respiration": "ATP-production coupled respiration",
    "maximal_respiration": "maximal respiration",
    "spare_capacity": "spare respiratory capacity",
    "spare_capacity_percent": "maximal over basal respiration",
    "coupling_efficiency_percent": "coupling efficiency, ATP-linked over basal respiration",
    "cell_rcr": "maximal respiration over proton leak",
}


def stress_test_table(
    ds: xarray.Dataset,
    *,
    convention: Literal["agilent", "fixed", "minmax"] = "agilent",
    average: Average | None = "parameters",
    phases: Mapping[str, Any] | None = None,
    measurements: Mapping[str, int] | None = None,
    rate: str | None = None,
    plateau: float = 0.2,
) -> xarray.Dataset:
    """The parameters of a Mito Stress Test: leak, ATP-linked, maximal and spare respiration, coupling efficiency.

    Two conventions exist, and on the same plate they differ by more than a tenth. ``"agilent"`` reads the lowest rate
    after rotenone + antimycin A and after oligomycin, the highest after FCCP, and the last before an injection;
    ``"fixed"`` reads one measurement of each phase. "Proton leak" is read at the higher force that oligomycin leaves,
    and so exceeds the leak of basal respiration.

    Parameters
    ----------
    ds : Dataset
        A plate with ``ocr`` over (well, time) and the coordinates ``group``, ``measurement`` and ``segment`` (wells of
        the group Background are left out); one trace over time with ``segment``; or a simulation with ``J_O2``, whose
        further dimensions stay.
    convention : {"agilent", "fixed", "minmax"}
        ``"minmax"`` is another name of ``"agilent"``.
    average : {"parameters", "rates"} or None
        Over the wells of a group: the parameters of each well, or the rates, from which parameters are calculated then.
        A maximum of means is lower than the mean of maxima. None gives a row for each well.
    phases : mapping, optional
        Which part of the run is ``basal``, ``acute``, ``oligomycin``, ``FCCP``, ``rotenone + antimycin A``, if
        ``segment`` does not call it so: a label, several in a list, or the first and last measurement, ``(4, 6)``.
    measurements : mapping of str to int, optional
        Measurements of the fixed convention; by default basal 3, oligomycin 6, FCCP 8, rotenone + antimycin A 12.
    rate : str, optional
        Variable to read; by default ``ocr``, else ``J_O2``.
    plateau : float
        Largest difference between the rate that is read and the last of its phase, as a share of the latter, that is
        still a plateau (assumed: 0.2).

    Returns
    -------
    Dataset
        Over ``group`` (or ``well``, or the dimensions of the simulation), in the unit of the data:
        ``non_mitochondrial``, ``basal_respiration``, ``acute_response`` (only if there is an acute phase),
        ``proton_leak``, ``atp_linked_respiration``, ``maximal_respiration``, ``spare_capacity``,
        ``spare_capacity_percent`` (100 maximal/basal), ``coupling_efficiency_percent``, ``cell_rcr`` (maximal/leak);
        ``wells`` and, where parameters were averaged, each one's standard deviation with the ending ``_sd``; and
        ``flags``, what breaks an assumption in that row, in words, each with a warning. Where a phase is missing the
        parameters that need it are NaN.

    Raises
    ------
    ParameterError
        If the phases cannot be told, or a measurement of the fixed convention lies in another phase.

    References
    ----------
    AgilentXF for the names and formulas of the report, Ceas for the measurements of the fixed convention.
    """
    convention = convention_in(convention)
    if not (limit := number_in(plateau, "plateau")) > 0:
        raise ParameterError(f"plateau = {plateau!r} is a share above 0, such as 0.2.")
    if measurements is not None and convention != "fixed":
        raise ParameterError("measurements are of the fixed convention; add convention='fixed'.")
    name = rate_in(ds, rate)
    ds = samples(ds)
    groups = grouping(ds, average)
    rates = rates_of(ds, name)
    if groups is not None and average == "rates":
        rates = group_means(rates, groups)
    where = phases_of(ds, phases)
    chosen = chosen_in(ds, where, measurements) if convention == "fixed" else None
    table = _parameters(levels_in(rates, where, chosen), units_of(ds, name))
    problems = missing(where)
    if groups is not None and average == "parameters":
        share = group_means(table.isnull().to_array() * 1.0, groups)
        problems["some wells have no value of some parameters"] = ((share > 0) & (share < 1)).any("variable")
        # The plateau of a group is that of its mean; a well's own is that of its noise.
        table, rates = _averaged(table, groups), group_means(rates, groups)
    else:
        problems |= _gaps(rates, where)
    table = as_rows(table, ds, groups)
    if BASAL in where and ROTENONE in where:
        problems["no value of basal respiration"] = table["basal_respiration"].isnull()
    problems |= _broken(table) | _drifts(rates, where, limit)
    table["flags"] = flagged(problems, table["basal_respiration"], "stress test")
    table.attrs = {
        "source": "stress_test_table", "convention": convention, "average": str(average), "rate": name,
        "measurements": json.dumps(chosen and {p: int(ds["measurement"].values[i]) for p, i in chosen.items()}),
    }  # fmt: skip
    return table


def convention_in(given: Any) -> Literal["agilent", "fixed"]:
    """The convention given, by one of its names."""
    name = one_of(given, "convention", ("agilent", "fixed", "minmax"))
    return "fixed" if name == "fixed" else "agilent"


def chosen_in(ds: xarray.Dataset, where: dict[str, Any], given: Mapping[str, int] | None) -> dict[str, int]:
    """Index along time of the measurement that the fixed convention reads in each phase."""
    if "measurement" not in ds.coords:
        raise ParameterError("the fixed convention needs the coordinate 'measurement', the number of each.")
    wanted = {p: n for p, n in FIXED.items() if p in where} | mapping_in(given, "measurements")
    numbers = ds["measurement"].values
    out = {}
    for phase, number in wanted.items():
        if phase not in PHASES:
            raise ParameterError(f"measurements names {phase!r}, which is no phase." + nearest(phase, PHASES))
        found = np.flatnonzero(numbers == number)
        if isinstance(number, bool) or not found.size:
            raise ParameterError(f"measurements[{phase!r}] = {number!r}; they go from {numbers[0]} to {numbers[-1]}.")
        if phase not in where or found[0] not in where[phase]:
            inside = numbers[where[phase]].tolist() if phase in where else "none"
            raise ParameterError(
                f"measurement {number} is not in the phase {phase!r}, which has {inside}; "
                f"say which to read with measurements={{{phase!r}: ...}}."
            )
        out[phase] = int(found[0])
    if ACUTE in where and ACUTE not in out:
        raise ParameterError("there is an acute phase; say which measurement ends it, measurements={'acute': ...}.")
    return out


def levels_in(rates: Any, where: dict[str, Any], chosen: dict[str, int] | None) -> dict[str, tuple[Any, Any]]:
    """The rate that is read in each phase, and the last of that phase; NaN where there is no such phase."""
    read = {OLIGOMYCIN: "min", FCCP: "max", ROTENONE: "min"}
    missing = rates.isel(time=0, drop=True) * np.nan
    out = {phase: (missing, missing) for phase in PHASES if phase != ACUTE}
    for phase, indices in where.items():
        part = rates.isel(time=indices)
        last = part.isel(time=-1, drop=True)
        if chosen is not None:
            level = rates.isel(time=chosen[phase], drop=True)
        else:
            level = getattr(part, read[phase])("time") if phase in read else last
        out[phase] = (level, last)
    return out


def _parameters(levels: dict[str, tuple[Any, Any]], units: str) -> xarray.Dataset:
    import xarray

    level = {phase: value for phase, (value, _) in levels.items()}
    rest, before = level[BASAL], level.get(ACUTE, level[BASAL])
    non, leaking = level[ROTENONE], level[OLIGOMYCIN]
    found = {"non_mitochondrial": non, "basal_respiration": rest - non}
    if ACUTE in level:
        found["acute_response"] = before - rest
    found |= {"proton_leak": leaking - non, "atp_linked_respiration": before - leaking}
    found |= {"maximal_respiration": level[FCCP] - non, "spare_capacity": level[FCCP] - rest}
    basal, leak, most = found["basal_respiration"], found["proton_leak"], found["maximal_respiration"]
    found["spare_capacity_percent"] = 100 * (most / basal.where(basal > 0))
    found["coupling_efficiency_percent"] = 100 * (found["atp_linked_respiration"] / basal.where(basal > 0))
    found["cell_rcr"] = most / leak.where(leak > 0)
    table = xarray.Dataset({name: array.rename(None) for name, array in found.items()})
    own = {"spare_capacity_percent": "%", "coupling_efficiency_percent": "%", "cell_rcr": "1"}
    for name, array in table.items():
        array.attrs = {"units": own.get(str(name), units), "long_name": _LONG[str(name)]}
    return table


def _averaged(table: xarray.Dataset, groups: xarray.DataArray) -> xarray.Dataset:
    """Means and standard deviations over the wells of each group."""
    import xarray

    out = {}
    for name, array in table.items():
        out[str(name)] = group_means(array, groups).assign_attrs(array.attrs)
        words = {"long_name": f"standard deviation of {array.attrs['long_name']}"}
        out[f"{name}_sd"] = group_means(array, groups, spread=True).assign_attrs(array.attrs | words)
    return xarray.Dataset(out)


def _gaps(rates: Any, where: dict[str, Any]) -> dict[str, Any]:
    """Rows in which a phase that is there has gaps."""
    return {
        f"gaps in phase {phase!r}": rates.isel(time=indices).isnull().any("time") for phase, indices in where.items()
    }


def _broken(table: xarray.Dataset) -> dict[str, Any]:
    """Assumptions of the test that each row breaks."""
    return {
        "basal respiration is not above zero": table["basal_respiration"] <= 0,
        "negative ATP-linked respiration: oligomycin does not slow respiration": table["atp_linked_respiration"] < 0,
        "negative proton leak: slower after oligomycin than after rotenone + antimycin A": table["proton_leak"] < 0,
        "negative spare capacity: FCCP does not reach basal respiration": table["spare_capacity"] < 0,
        "negative non-mitochondrial rate": table["non_mitochondrial"] < 0,
    }


def _drifts(rates: Any, where: dict[str, Any], limit: float) -> dict[str, Any]:
    """Rows that have no plateau after oligomycin or FCCP: there the convention decides the number."""
    levels = levels_in(rates, where, None)
    return {
        f"no plateau after {phase}": np.abs(levels[phase][0] - levels[phase][1]) > limit * np.abs(levels[phase][1])
        for phase in (OLIGOMYCIN, FCCP)
    }
