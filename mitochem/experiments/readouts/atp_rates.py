"""ATP made by glycolysis and by oxidative phosphorylation, from oxygen consumption and proton production of cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ...core.arguments import one_of
from ...core.door import KINDS, Kind
from ...core.errors import ParameterError
from ...core.units import magnitude
from ..rates import read
from .checks import has, rate_in, rates_of, units_of
from .phases import PHASES, missing, phases_of
from .plates import Average, as_rows, flagged, group_means, grouping, samples
from .stress_test import chosen_in, convention_in, levels_in

if TYPE_CHECKING:
    import xarray

__all__ = ["atp_rates"]

_BASAL, _ACUTE, _OLIGOMYCIN, _, _ROTENONE = PHASES
_RATIO = Kind("1", "a finite number of at least 0", lambda x: x >= 0)
_POWER = Kind("1", "a buffering power above 0 mpH/pmol", lambda x: x > 0)


def atp_rates(
    ds: xarray.Dataset,
    *,
    phase: Literal["basal", "acute"] = "basal",
    convention: Literal["agilent", "fixed", "minmax"] = "agilent",
    average: Average | None = "parameters",
    phases: Mapping[str, Any] | None = None,
    measurements: Mapping[str, int] | None = None,
    buffering: float | None = None,
    p_over_o_oxphos: float = 2.486,
    p_over_o_tca: float = 0.167,
    p_over_o_glycolysis: float = 0.167,
    atp_per_lactate: float = 1.0,
    h_per_o2: float = 1.0,
    pH: float = 7.4,
    pKa: float = 6.093,
) -> xarray.Dataset:
    """Rates of glycolytic and oxidative ATP production of cells in a stress test.

    Respiration makes protons too, as CO2 that becomes bicarbonate: what is left of the proton production rate is
    lactate. With OCR less its non-mitochondrial part, and coupled OCR that which oligomycin stops,

    ``respiratory = 10**(pH - pKa) / (1 + 10**(pH - pKa)) * h_per_o2 * OCR``
    ``glycolytic ATP = atp_per_lactate * (PER - respiratory) + 2 * p_over_o_glycolysis * OCR``
    ``oxidative ATP = 2 * p_over_o_oxphos * coupled OCR + 2 * p_over_o_tca * OCR``

    Coupled OCR is a lower bound, because oligomycin raises the force and with it the leak.

    Parameters
    ----------
    ds : Dataset
        As of `stress_test_table`, with ``per`` (proton production rate, such as pmol/min/well), or ``ecar`` (mpH/min)
        and ``buffering``.
    phase : {"basal", "acute"}
        Where ATP production is read: before the first injection, or after an acute one.
    convention, average, phases, measurements
        As of `stress_test_table`.
    buffering : float, optional
        Buffering power of the medium in the measuring chamber, mpH/pmol H+; needed only without ``per``.
    p_over_o_oxphos, p_over_o_tca, p_over_o_glycolysis : float
        ATP per oxygen atom in oxidative phosphorylation (2.486), the citric acid cycle (0.167; some use 0.121) and
        glycolysis to pyruvate (0.167 from glucose, 0.242 from glycogen), Mookerjee2017.
    atp_per_lactate : float
        1 from glucose, Mookerjee2017.
    h_per_o2 : float
        Protons from CO2 per O2 if all of it became bicarbonate, 1 for glucose, Mookerjee2017.
    pH, pKa : float
        Of the medium (7.4, assumed: XF assay medium) and of CO2/bicarbonate (6.093 at 37 °C, Mookerjee2017).

    Returns
    -------
    Dataset
        Over ``group`` (or ``well``), in the unit of the oxygen consumption rate, now of ATP or H+:
        ``atp_glycolytic``, ``atp_oxidative``, ``atp_total``, ``per_respiratory``, ``per_glycolytic``; dimensionless
        ``glycolytic_share``; ``flags`` as of `stress_test_table`, with a warning for each.

    References
    ----------
    Mookerjee2017, formulas and constants as Ceas documents them.
    """
    constants = {
        "p_over_o_oxphos": p_over_o_oxphos, "p_over_o_tca": p_over_o_tca, "p_over_o_glycolysis": p_over_o_glycolysis,
        "atp_per_lactate": atp_per_lactate, "h_per_o2": h_per_o2, "pH": pH, "pKa": pKa,
    }  # fmt: skip
    constants = {name: _constant(name, value) for name, value in constants.items()}
    convention = convention_in(convention)
    one_of(phase, "phase", (_BASAL, _ACUTE))
    name, ds = rate_in(ds), samples(ds)
    where, groups = phases_of(ds, phases), grouping(ds, average)
    if phase not in where:
        raise ParameterError(f"phase = {phase!r}: the data have no such phase; they have {', '.join(where)}.")
    ocr, per = rates_of(ds, name), _proton_production(ds, name, buffering)
    if groups is not None and average == "rates":
        ocr, per = group_means(ocr, groups), group_means(per, groups)
    chosen = chosen_in(ds, where, measurements) if convention == "fixed" else None
    levels = {p: level for p, (level, _) in levels_in(ocr, where, chosen).items()}
    at = where[phase][-1] if chosen is None else chosen[phase]
    made = _made(levels, per.isel(time=at, drop=True), phase, constants, units_of(ds, name))
    table = made
    if groups is not None and average == "parameters":
        table = made.map(lambda array: group_means(array, groups).assign_attrs(array.attrs))
    table = as_rows(table, ds, groups)
    total = table["atp_total"]
    words = {"units": "1", "long_name": "glycolytic share of ATP production"}
    table["glycolytic_share"] = (table["atp_glycolytic"] / total.where(total > 0)).assign_attrs(words)
    table["flags"] = flagged(_problems(table, made, where), total, "ATP rates")
    table.attrs = {"source": "atp_rates", "convention": convention, "average": str(average), "phase": phase}
    return table.assign_attrs(constants)


def _constant(name: str, value: Any) -> float:
    kind = KINDS["pH"] if name in ("pH", "pKa") else _RATIO
    value = kind.check(name, magnitude(value, "1", name))
    if np.ndim(value):
        raise ParameterError(f"{name} has the shape {np.shape(value)}; it takes one number.")
    return float(value)


def _proton_production(ds: xarray.Dataset, rate: str, buffering: Any) -> xarray.DataArray:
    """Proton production in the unit of the oxygen consumption rate."""
    if "per" in ds:
        per, units = rates_of(ds, "per"), units_of(ds, "per")
        size, _, basis = read(units, "the unit of 'per'")
    elif buffering is None:
        raise ParameterError("the data have no 'per'; with 'ecar', give the buffering power of the medium, buffering=.")
    else:
        power = _POWER.check("buffering", magnitude(buffering, "1", "buffering"))
        per = rates_of(has(ds, "ecar"), "ecar") / power
        if units_of(ds, "ecar") not in ("mpH/min", "unknown"):
            raise ParameterError(f"'ecar' is in {units_of(ds, 'ecar')!r}; it takes mpH/min.")
        size, _, basis = read("pmol H+/min/well", "the unit of 'per'")
    own, _, other = read(units_of(ds, rate), f"the unit of {rate!r}")
    if basis != other:
        raise ParameterError(f"{rate!r} is per {other} and proton production per {basis}; convert one.")
    return per * (size / own)


def _made(levels: dict[str, Any], per: Any, phase: str, constants: dict[str, float], units: str) -> xarray.Dataset:
    """Production of protons and of ATP, by its pathway."""
    import xarray

    k = constants
    mitochondrial = levels[phase] - levels[_ROTENONE]
    coupled = levels[phase] - levels[_OLIGOMYCIN]
    ionised = 1 / (1 + 10 ** (k["pKa"] - k["pH"]))
    respiratory = ionised * k["h_per_o2"] * mitochondrial
    glycolytic = k["atp_per_lactate"] * (per - respiratory) + 2 * k["p_over_o_glycolysis"] * mitochondrial
    oxidative = 2 * k["p_over_o_oxphos"] * coupled + 2 * k["p_over_o_tca"] * mitochondrial
    found = {
        "atp_glycolytic": (glycolytic, "glycolytic ATP production"),
        "atp_oxidative": (oxidative, "oxidative ATP production"),
        "atp_total": (glycolytic + oxidative, "ATP production"),
        "per_respiratory": (respiratory, "proton production of respiration"),
        "per_glycolytic": (per - respiratory, "proton production of glycolysis"),
    }
    attrs = {name: {"units": units, "long_name": words} for name, (_, words) in found.items()}
    return xarray.Dataset({name: array.rename(None).assign_attrs(attrs[name]) for name, (array, _) in found.items()})


def _problems(table: xarray.Dataset, made: xarray.Dataset, where: dict[str, Any]) -> dict[str, Any]:
    out = missing(where, (_OLIGOMYCIN, _ROTENONE))
    if not out:
        gaps = made["atp_total"].isnull()
        by_group = "well" in gaps.dims and "well" not in table.dims
        out["wells have gaps"] = group_means(gaps * 1.0, gaps["group"]) > 0 if by_group else gaps
    return out | {
        "oxidative ATP production is negative: oligomycin does not slow respiration": table["atp_oxidative"] < 0,
        "respiration makes more protons than are found": table["per_glycolytic"] < 0,
    }
