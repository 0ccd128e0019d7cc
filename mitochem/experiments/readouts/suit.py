"""Coupling control from a substrate-uncoupler-inhibitor titration: LEAK, OXPHOS, ET, what is between, and ratios."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import number_in
from ...core.errors import ParameterError, nearest
from .checks import has, sample_name
from .coupling import STATES, mapped
from .plateaus import plateaus
from .plates import flagged

if TYPE_CHECKING:
    import xarray

__all__ = ["suit_table"]

FASTEST = ("P", "c", "E")
"""States of which the fastest step is read, and not the last."""
DAMAGED = 0.1
"""Cytochrome c control above which the outer membrane is suspect (assumed: the threshold in common use)."""

_RATES = {
    "routine_respiration": "R", "leak_respiration": "L", "oxphos_capacity": "P", "oxphos_capacity_c": "c",
    "leak_respiration_omy": "LOmy", "et_capacity": "E",
}  # fmt: skip


def suit_table(
    ds: xarray.Dataset,
    *,
    states: Mapping[str, Any] | None = None,
    rox: Any = None,
    window: float = 1.0,
    margin: float = 0.0,
    rate: str | None = None,
) -> xarray.Dataset:
    """Rates in the coupling states of a SUIT protocol, corrected for residual oxygen consumption, and their ratios.

    Parameters
    ----------
    ds : Dataset
        A run over ``time`` with ``segment``, named after what was added (``1PM``, ``2D``, ``2c``, ``3Omy``, ``4U``,
        ``5Ama``) or after states (``state 2``, ``OXPHOS``); of several chambers, or simulated.
    states : mapping, optional
        Step or steps of the coupling states R, L, P, c, LOmy, E and Rox, where the names do not tell:
        ``{"P": "2c"}``. Of several steps the fastest is read as P, c or E, the last as any other. A state with an
        empty list is left out.
    rox : float or str, optional
        Residual oxygen consumption in the unit of the data, or the name of the step to read it in; 0 for no
        correction. By default that after antimycin A.
    window, margin, rate
        As of `plateaus`. In ``state 3-4``, where ADP is used up, the largest rate counts.

    Returns
    -------
    Dataset
        Over ``chamber`` (or the dimensions of the simulation), in the unit of the data, less Rox:
        ``routine_respiration``, ``leak_respiration``, ``oxphos_capacity``, ``oxphos_capacity_c``,
        ``leak_respiration_omy``, ``et_capacity``; and ``residual``, which is Rox itself. Net and excess:
        ``net_oxphos`` P-L, ``excess_et`` E-P, ``reserve_et`` E-R. Dimensionless: ``oxphos_coupling_efficiency``
        (P-L)/P, ``et_coupling_efficiency`` (E-L)/E, ``oxphos_limitation`` (E-P)/E, ``l_over_e``, ``p_over_e``,
        ``r_over_e``, ``rcr`` P/L, and ``cytochrome_c_control`` (P_c-P)/P_c against the step before cytochrome c.
        L is the leak without adenylates, or, where there is none, that with oligomycin. NaN where a state is missing.
        ``flags`` says in words what breaks an assumption, each with a warning: E below P, no Rox, no plateau.

    Raises
    ------
    ParameterError
        If no step is a coupling state, or a step named does not exist.

    References
    ----------
    States, symbols and efficiencies: MitoPedia, SUIT-006.
    """
    options = {"window": window, "margin": margin, "rate": rate}
    if "chamber" not in has(ds).dims:
        return _chamber(ds, states, rox, options)
    import xarray

    rows = []
    for i in range(ds.sizes["chamber"]):
        rows.append(_chamber(ds.isel(chamber=i), states, rox, options))
    return xarray.concat(rows, "chamber", combine_attrs="drop_conflicts")


def _chamber(ds: xarray.Dataset, states: Any, rox: Any, options: dict[str, Any]) -> xarray.Dataset:
    """The row of one chamber, or the rows of the members of a simulation."""
    steps = plateaus(ds, **options)
    names = steps["step"].values.astype(str).tolist()
    found = mapped(states, names)
    residual, known = _residual(steps, rox, found, names)
    table = _table(steps, found, residual, names)
    if not table.dims:
        chamber = str(ds["chamber"].values) if "chamber" in ds.coords else sample_name(ds)
        table = table.drop_vars("chamber", errors="ignore").expand_dims(chamber=[chamber])
    read = [name for state in found for name in _read(steps, state, found)]
    unsteady = [name for name in read if not bool(steps["steady"].sel(step=name).all()) and _flat(name)]
    problems = _problems(table, known) | {f"no plateau in {name!r}": np.array(True) for name in unsteady}
    table["flags"] = flagged(problems, table["oxphos_capacity"], "coupling control", depth=4)
    table.attrs = {"source": "suit_table", "states": json.dumps(found), "rate": steps.attrs["rate"]}
    return table


def _flat(step: str) -> bool:
    """Whether a plateau is read in a step, rather than its largest rate."""
    return not step.startswith("state 3-4")


def _rates_of(steps: xarray.Dataset, state: str, found: dict[str, list[str]]) -> dict[str, Any]:
    """The rate of each step of a state that counts: all where the fastest is read, else the last."""
    names = found.get(state, ()) if state in FASTEST else found.get(state, [])[-1:]
    return {name: steps["rate" if _flat(name) else "highest"].sel(step=name, drop=True) for name in names}


def _levels(steps: xarray.Dataset, state: str, found: dict[str, list[str]]) -> Any:
    """The rate of a state: of several steps the fastest, or the last."""
    level: Any = steps["rate"].isel(step=0, drop=True) * np.nan
    for rate in _rates_of(steps, state, found).values():
        level = np.fmax(level, rate)
    return level


def _read(steps: xarray.Dataset, state: str, found: dict[str, list[str]]) -> list[str]:
    """Names of the steps whose rate is that of the state, for one member or for another."""
    level = _levels(steps, state, found)
    return [name for name, rate in _rates_of(steps, state, found).items() if bool((rate == level).any())]


def _residual(steps: xarray.Dataset, rox: Any, found: dict[str, list[str]], names: list[str]) -> tuple[Any, bool]:
    """Residual oxygen consumption, and whether it is known."""
    if isinstance(rox, str):
        if rox not in names:
            raise ParameterError(f"rox = {rox!r} is no step." + nearest(rox, names))
        found["Rox"] = [rox]
    elif rox is not None:
        value = number_in(rox, "rox")
        if not np.isfinite(value):
            raise ParameterError(f"rox = {rox!r} is not finite.")
        found.pop("Rox", None)
        return steps["rate"].isel(step=0, drop=True) * 0.0 + value, True
    residual = _levels(steps, "Rox", found)
    return residual, bool(residual.notnull().all())


def _table(steps: xarray.Dataset, found: dict[str, list[str]], residual: Any, names: list[str]) -> xarray.Dataset:
    import xarray

    units = steps["rate"].attrs.get("units", "unknown")
    off = residual.fillna(0.0)
    out = {name: _levels(steps, state, found) - off for name, state in _RATES.items()}
    words = {name: STATES[state] for name, state in _RATES.items()} | {"residual": STATES["Rox"]}
    out["residual"] = residual
    omy, p, e, r = (out[n] for n in ("leak_respiration_omy", "oxphos_capacity", "et_capacity", "routine_respiration"))
    leak = out["leak_respiration"].fillna(omy)
    c = out["oxphos_capacity_c"]
    before = _before_c(steps, found, names) - off
    for name, array, text in (
        ("net_oxphos", p - leak, "net OXPHOS capacity, P-L"),
        ("excess_et", e - p, "excess ET capacity, E-P"),
        ("reserve_et", e - r, "reserve ET capacity, E-R"),
    ):
        out[name], words[name] = array, text
    table = xarray.Dataset({n: a.rename(None).assign_attrs(units=units, long_name=words[n]) for n, a in out.items()})
    for name, top, bottom, text in (
        ("oxphos_coupling_efficiency", p - leak, p, "OXPHOS coupling efficiency, (P-L)/P"),
        ("et_coupling_efficiency", e - leak, e, "ET coupling efficiency, (E-L)/E"),
        ("oxphos_limitation", e - p, e, "limitation by the phosphorylation system, (E-P)/E"),
        ("l_over_e", leak, e, "LEAK control ratio, L/E"),
        ("p_over_e", p, e, "OXPHOS control ratio, P/E"),
        ("r_over_e", r, e, "ROUTINE control ratio, R/E"),
        ("rcr", p, leak, "respiratory control ratio, P/L"),
        ("cytochrome_c_control", c - before, c, "cytochrome c control efficiency"),
    ):
        table[name] = (top / bottom.where(bottom > 0)).assign_attrs(units="1", long_name=text)
    return table


def _before_c(steps: xarray.Dataset, found: dict[str, list[str]], names: list[str]) -> Any:
    """The OXPHOS rate in the last step before cytochrome c."""
    if not found.get("c"):
        return _levels(steps, "P", found)
    at = names.index(found["c"][0])
    earlier = [name for name in found.get("P", ()) if names.index(name) < at]
    return _levels(steps, "P", {"P": earlier[-1:]})


def _problems(table: xarray.Dataset, known: bool) -> dict[str, Any]:
    p, e = table["oxphos_capacity"], table["et_capacity"]
    leak = table["leak_respiration"].fillna(table["leak_respiration_omy"])
    out: dict[str, Any] = {} if known else {"no Rox: rates are not corrected": np.array(True)}
    for name, text in (("oxphos_capacity", "P"), ("et_capacity", "E")):
        out[f"no {text} state"] = table[name].isnull()
    out |= {
        "no L state": leak.isnull(),
        "E below P: the uncoupler was not titrated to its optimum, or went past it": e < p,
        "L above P": leak > p,
        "a rate is below Rox": (table[list(_RATES)].to_array() < 0).any("variable"),
        f"cytochrome c raises respiration by more than {DAMAGED:.0%}": table["cytochrome_c_control"] > DAMAGED,
    }
    return out
