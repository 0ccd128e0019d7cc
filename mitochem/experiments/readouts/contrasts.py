"""Comparison of groups with a control on the same plate: wells within plates, plates as what is repeated."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import dataset_in, names_in, number_in, options_in, text_in
from ...core.errors import ParameterError, nearest
from .plate_rates import PARAMETERS, mean_and_error, plate_rates

if TYPE_CHECKING:
    import xarray

__all__ = ["SCALES", "compare_groups", "holm"]

SCALES = ("log_ratio", "difference")
ENDS = {
    "": "{what}, group minus control",
    "_se": "standard error of the estimate",
    "_low": "lower end of the interval",
    "_high": "upper end of the interval",
    "_dof": "degrees of freedom",
    "_p": "p value, two-sided, of this contrast alone",
    "_p_holm": "p value, two-sided, of all contrasts of this scale together (Holm)",
    "_plates": "number of plates with group and control",
    "_wells": "number of wells of the group on these plates",
    "_control_wells": "number of wells of the control on these plates",
}
FEW = 3
"""Plates below which an interval is hardly one: with two, Student's t is 12.7."""


def compare_groups(
    plates: Any,
    control: str,
    *,
    groups: Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    confidence: float = 0.95,
    **options: Any,
) -> xarray.Dataset:
    """Groups of wells (cell lines, treatments) against a control, plate by plate.

    What is repeated is the plate: cells grown, seeded and measured anew. On each plate the mean of the wells of the
    group less that of the control is taken, which cancels what the plate does to all; Student's t of these differences
    over the plates, each counted once, gives the interval and p. Wells are repeats of a measurement: taking them
    all for independent gives intervals that are much too narrow. Of 200 simulated experiments of four plates (twelve
    wells a group; standard deviations of a log ratio 0.10 between wells and 0.15 between cultures of one line) the
    interval of 95 % held the truth in 187 by plates, in 81 by all wells together, and in 72 by the wells of one plate.

    With one plate alone, Welch's t of its wells is given, with a warning: it is about this plate, and says nothing on
    whether another would show the same.

    Parameters
    ----------
    plates : Dataset, sequence or mapping of Datasets
        Plates as `plate_rates` takes them, by name; or one that has the coordinate ``plate`` over its wells.
    control : str
        Group to compare with. Plates that lack it count for nothing.
    groups : sequence of str, optional
        Groups to compare; by default all others.
    parameters : sequence of str, optional
        Of `plate_rates`; by default all five. Those that are not asked for do not count in Holm's correction.
    confidence : float
        Of the intervals, which are of each contrast alone.
    **options
        Passed to `plate_rates` for every plate.

    Returns
    -------
    Dataset
        Over (group, parameter), ``log_ratio`` (natural logarithms; the group's less the control's, so that ``exp`` of
        it is a fold change of the ratio) and ``difference`` (in the unit of the data), each with the endings ``_se``,
        ``_low``, ``_high``, ``_dof``, ``_p``, ``_p_holm`` (by Holm's steps, over all groups and parameters of the
        scale), ``_plates``, ``_wells``, ``_control_wells``. ``log_ratio_by_plate`` and ``difference_by_plate`` over
        (group, parameter, plate) are what went in. ``unit`` in the attributes says whether plates or wells were
        repeats. Where several plates were given and one alone has both groups, there is an estimate and no error.

    Raises
    ------
    ParameterError
        If a plate is not one, their units differ, no plate has the control, or a name is not known.

    References
    ----------
    Yepez2018 for differences to a control on the same plate.
    """
    import xarray

    options_in(options, "compare_groups", plate_rates)
    level = number_in(confidence, "confidence")
    if not 0 < level < 1:
        raise ParameterError(f"confidence = {confidence!r} is a share between 0 and 1, such as 0.95.")
    text_in(control, "control")
    given = plates_in(plates)
    tables = {name: _rates(name, ds, options) for name, ds in given.items()}
    units = {table.attrs["units"] for table in tables.values()}
    if len(units) > 1:
        raise ParameterError(f"the rates of the plates are in different units: {', '.join(sorted(units))}.")
    compared = _groups(tables, control, groups)
    names = _parameters(parameters)
    by_wells = len(tables) == 1
    _warn(tables, control, compared, by_wells)
    out = xarray.Dataset(coords={
        "group": compared, "parameter": names, "plate": list(tables),
        "ratio": ("parameter", [PARAMETERS[name] for name in names]),
    })  # fmt: skip
    for scale in SCALES:
        unit = "1" if scale == "log_ratio" else next(iter(units))
        _contrasts(out, tables, control, scale, unit, level, by_wells)
    out.attrs = {
        "source": "compare_groups", "control": control, "unit": "well" if by_wells else "plate",
        "confidence": level, "rate": next(iter(tables.values())).attrs["rate"],
        "removed": "; ".join(_removed(name, table) for name, table in tables.items()),
    }  # fmt: skip
    return out


def plates_in(given: Any) -> dict[str, xarray.Dataset]:
    """Plates by name, from one Dataset, several in a sequence, or a mapping."""
    if hasattr(given, "data_vars"):
        if "plate" not in given.coords or given["plate"].dims != ("well",):
            return {str(given.attrs.get("file") or "plate"): given}
        labels = given["plate"].values.astype(str)
        return {n: given.isel(well=np.flatnonzero(labels == n)) for n in dict.fromkeys(labels.tolist())}
    if isinstance(given, Mapping):
        found = {str(name): ds for name, ds in given.items()}
    elif isinstance(given, Iterable) and not isinstance(given, str):
        found = {f"plate {number}": ds for number, ds in enumerate(given, 1)}
    else:
        found = {"plate": dataset_in(given, "compare_groups")}
    if not found:
        raise ParameterError("plates is empty; give at least one plate.")
    return {name: dataset_in(ds, f"compare_groups, plate {name!r},") for name, ds in found.items()}


def _rates(name: str, ds: xarray.Dataset, options: dict[str, Any]) -> xarray.Dataset:
    """Rates of one plate, whose name is in its warnings."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        table = plate_rates(ds, **options)
    for warning in said:
        warnings.warn(f"plate {name!r}: {str(warning.message).removeprefix('plate: ')}", warning.category, stacklevel=4)
    return table


def _groups(tables: dict[str, Any], control: str, asked: Sequence[str] | None) -> list[str]:
    known = list(dict.fromkeys(g for table in tables.values() for g in table["group"].values.tolist()))
    if control not in known:
        raise ParameterError(f"no plate has the control {control!r}." + nearest(control, known))
    others = [name for name in known if name != control]
    chosen = others if asked is None else list(dict.fromkeys(names_in(asked, "groups")))
    for name in chosen:
        if name not in others:
            raise ParameterError(f"groups: {name!r} is no group to compare with {control!r}." + nearest(name, others))
    if not chosen:
        raise ParameterError(f"there is no group to compare with {control!r}.")
    return chosen


def _parameters(asked: Sequence[str] | None) -> list[str]:
    chosen = list(PARAMETERS) if asked is None else list(dict.fromkeys(names_in(asked, "parameters")))
    for name in chosen:
        if name not in PARAMETERS:
            raise ParameterError(f"parameters: {name!r} is not known." + nearest(name, PARAMETERS))
    if not chosen:
        raise ParameterError("parameters is empty; name at least one.")
    return chosen


def _warn(tables: dict[str, Any], control: str, compared: list[str], by_wells: bool) -> None:
    if by_wells:
        warnings.warn(
            "compare_groups: one plate alone, so that its wells are taken as repeats. That is pseudo-replication: the "
            "interval and p are about this plate, and not about the cells. Repeat the plate, at least three times.",
            stacklevel=3,
        )
        return
    few: dict[int, list[str]] = {}
    for group in compared:
        both = sum({group, control} <= set(table["group"].values.tolist()) for table in tables.values())
        few.setdefault(both, []).append(group)
    for both, said in {
        0: "on no plate with the control; nothing to compare",
        1: "on one plate alone with the control; no error and no p",
        2: f"on 2 plates with the control, less than {FEW}; the interval is hardly one",
    }.items():
        if both in few:
            warnings.warn(f"compare_groups: {said} ({', '.join(few[both])}).", stacklevel=3)


def _removed(name: str, table: Any) -> str:
    return (
        f"{name}: {int(table['outlier_wells'].sum() + table['failed_wells'].sum())} of {int(table['wells'].sum())} "
        f"wells and {int(table['outlier_measurements'].sum())} measurements"
    )


def _on_each_plate(tables: dict[str, Any], control: str, groups: list[str], names: list[str], scale: str) -> Any:
    """Differences to the control, their errors and degrees of freedom by Welch, and wells of both.

    Shape (5, groups, parameters, plates).
    """
    out = np.full((5, len(groups), len(names), len(tables)), np.nan)
    out[3:] = 0.0
    for k, table in enumerate(tables.values()):
        values = table[f"well_{scale}"].sel(parameter=names).values
        of = table["group_of_well"].values
        base, base_error, base_number = mean_and_error(values[of == control])
        for i, group in enumerate(groups):
            mean, error, number = mean_and_error(values[of == group])
            squares = error**2 + base_error**2
            parts = error**4 / np.maximum(number - 1, 1) + base_error**4 / np.maximum(base_number - 1, 1)
            freedom = squares**2 / np.where(parts > 0, parts, np.nan)
            both = (number > 0) & (base_number > 0)
            out[:, i, :, k] = mean - base, np.sqrt(squares), freedom, number * both, base_number * both
    return out


def _contrasts(
    out: xarray.Dataset, tables: dict[str, Any], control: str, scale: str, unit: str, level: float, by_wells: bool
) -> None:
    """Put the contrasts of one scale into the table."""
    from scipy import stats

    names, groups = out["parameter"].values.tolist(), out["group"].values.tolist()
    each, error, freedom, wells, control_wells = _on_each_plate(tables, control, groups, names, scale)
    estimate, between, number = mean_and_error(np.moveaxis(each, -1, 0))
    if by_wells:
        between, free = error[..., 0], freedom[..., 0]
    else:
        free = np.where(number > 1, number - 1.0, np.nan)
    flat = between <= 1e-12 * np.abs(estimate)
    if flat.any():
        which = "wells" if by_wells else "plates"
        warnings.warn(f"compare_groups: {which} do not differ at all in {scale}; no interval and no p.", stacklevel=3)
    spread = np.where(flat, np.nan, between)
    half = stats.t.ppf(0.5 + level / 2, free) * spread
    p = 2 * stats.t.sf(np.abs(estimate) / spread, free)
    found = (
        estimate, between, estimate - half, estimate + half, free, p, holm(p), number, wells.sum(-1),
        control_wells.sum(-1),
    )  # fmt: skip
    what = "log ratio of two phases" if scale == "log_ratio" else "difference of two phases"
    for (end, words), values in zip(ENDS.items(), found):
        own = unit if end in ("", "_se", "_low", "_high") else "1"
        values = values.astype(int) if end.endswith(("plates", "wells")) else values
        words = f"{words.format(what=what)}" if not end else f"{words}, {what}"
        out[f"{scale}{end}"] = (("group", "parameter"), values, {"units": own, "long_name": words})
    words = f"{what}, group minus control, on each plate"
    out[f"{scale}_by_plate"] = (("group", "parameter", "plate"), each, {"units": unit, "long_name": words})


def holm(p: Any) -> Any:
    """P values corrected for how many there are, by Holm's steps; NaN are none, and stay."""
    flat = np.asarray(p, float).ravel()
    out = np.full(flat.shape, np.nan)
    known = np.flatnonzero(np.isfinite(flat))
    order = known[np.argsort(flat[known], kind="stable")]
    # The smallest is multiplied by their number, the next by one less; none may fall below the one before.
    steps = np.maximum.accumulate(flat[order] * np.arange(len(order), 0, -1))
    out[order] = np.minimum(steps, 1.0)
    return out.reshape(np.shape(p))
