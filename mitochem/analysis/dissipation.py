"""Where the free energy goes: power of every process, and what is left as work."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import mapping_in, names_in
from ..core.dataset import provenance
from ..core.errors import ParameterError, nearest
from ..core.library import with_drugs_of
from ..core.model import Model
from ..core.units import registry

if TYPE_CHECKING:
    import xarray

__all__ = ["dissipation"]

WORK = ("J_load",)


def dissipation(
    source: Model | xarray.Dataset,
    conditions: Mapping[str, Any] | None = None,
    *,
    work: Sequence[str] = WORK,
    clamped: Sequence[str] = (),
) -> xarray.Dataset:
    """Power of every process, its flux times the affinity that drives it.

    No reversible process can have a negative power. In a steady state of a model they add up, work included, to what
    the reservoirs supply: ``4 F · redox span`` per O2. A flux in nmol/min/mg times kJ/mol is µJ/min/mg; powers are
    in µW/mg, a sixtieth of it.

    Parameters
    ----------
    source : Model or Dataset
        A model, whose steady states are calculated, or a result: steady states or a time course.
    conditions, clamped
        Of the steady state, as in ``model.steady_state``; with a model only.
    work : sequence of str
        Fluxes whose power is the work done outside. Without any of them, the energy of the ATP that is made counts as
        work, being stored in a reservoir of ATP.

    Returns
    -------
    Dataset
        ``power`` (process) with ``flux`` and ``affinity`` of each, ``total``, ``work`` and ``share`` of the total, over
        the dimensions of the source. If the Dataset has the energy of the electrons, also ``supply``,
        ``balance`` (supply less total: 0 at rest; what is being stored otherwise) and ``efficiency`` (work over supply;
        NaN where nothing is supplied). From a model, ``coupling_efficiency`` of the processes that couple a reaction to
        transport over the membrane: the part of the energy spent that is kept on the other side (left out if the
        conditions sweep a stoichiometry).

    Raises
    ------
    ParameterError
        If the Dataset has no flux with an affinity, or a name is unknown.

    References
    ----------
    Entropy production as the sum of fluxes times forces: Kedem & Caplan 1965.
    """
    import xarray

    if isinstance(source, Model):
        conditions = mapping_in(conditions, "conditions")
        model: Model | None = with_drugs_of(source, conditions)
        ds = source.steady_state(conditions, clamped=names_in(clamped, "clamped"))
    elif hasattr(source, "data_vars"):
        if conditions or clamped:
            raise ParameterError("conditions and clamped are for a model; a Dataset has been calculated already.")
        model, ds = None, source
    else:
        raise ParameterError(f"dissipation is of a Model or a Dataset, not of {type(source).__name__}.")
    names = [str(n).removeprefix("affinity_") for n in ds.data_vars if str(n).startswith("affinity_")]
    names = [n for n in names if n in ds.data_vars]
    if not names:
        raise ParameterError("the Dataset has no flux with its affinity_..., and so no power.")
    for name in names_in(work, "work"):
        if name not in names and tuple(work) != WORK:
            raise ParameterError(f"there is no flux {name!r} with an affinity." + nearest(name, names))
    unit, factor = _power_unit(ds[names[0]].attrs.get("units", ""))
    arrays = xarray.broadcast(*[ds[kind + n] for kind in ("", "affinity_") for n in names])
    flux, affinity = (_stacked(part, names) for part in (arrays[: len(names)], arrays[len(names) :]))
    flux.attrs = {"units": ds[names[0]].attrs.get("units", ""), "long_name": "flux"}
    affinity.attrs = {"units": "kJ/mol", "long_name": "affinity that drives it"}
    power = factor * flux * affinity
    still = (flux == 0) & ~np.isfinite(affinity)  # what does not flow dissipates nothing, however far from equilibrium
    power = power.where(~still, 0.0).assign_attrs(units=unit, long_name="free energy used by a process")
    out = xarray.Dataset({"power": power, "flux": flux, "affinity": affinity})
    total = power.sum("process", skipna=False)
    out["total"] = total.assign_attrs(units=unit, long_name="free energy used by all processes")
    used = [n for n in work if n in names]
    kept: Any = 0.0
    if used:
        done = power.sel(process=used).sum("process", skipna=False)
    else:  # ATP goes to a reservoir, and its energy with it
        pools = [f"mu_{pool}_bath" for pool in ("atp", "adp", "pi")]
        energy = ds[pools[0]] - ds[pools[1]] - ds[pools[2]] if {"J_ATP", *pools} <= set(ds.variables) else None
        done = kept = 0 * total if energy is None else factor * ds["J_ATP"] * energy
    out["work"] = done.assign_attrs(units=unit, long_name="of which work done outside")
    out["share"] = (power / total.where(total != 0)).assign_attrs(units="1", long_name="share of all free energy used")
    if {"mu_electron_donor", "mu_oxygen", "J_O2"} <= set(ds.data_vars):
        supply = factor * ds["J_O2"] * (4 * ds["mu_electron_donor"] + ds["mu_oxygen"])  # four electrons to an O2
        out["supply"] = supply.assign_attrs(units=unit, long_name="free energy supplied by respiration")
        out["balance"] = (supply - total - kept).assign_attrs(units=unit, long_name="supplied less used: being stored")
        out["efficiency"] = (done / supply.where(supply > 0)).assign_attrs(units="1", long_name="work over supply")
    if model is not None:
        coefficients = _coefficients(model, conditions or {})
        if coefficients is not None:
            out["coupling_efficiency"] = _coupling(model, coefficients, ds, names)
        out.attrs = provenance(model, calculation="dissipation", conditions=json.loads(ds.attrs["conditions"]))
    for name in ("success", "message"):
        if name in ds:
            out[name] = ds[name]
    return out


def _stacked(arrays: Sequence[Any], names: Sequence[str]) -> Any:
    import xarray

    along = xarray.DataArray(list(names), dims="process", name="process")
    return xarray.concat([a.drop_attrs() for a in arrays], dim=along, coords="minimal", compat="override")


def _power_unit(unit: str) -> tuple[str, float]:
    """Unit of a flux times kJ/mol, in µW where that is what it is, and the factor to it."""
    if unit == "nmol/min/mg":
        return "uW/mg", 1 / 60
    if not unit:
        raise ParameterError("the fluxes of the Dataset have no units, and so has their power.")
    reg = registry()
    product = reg.Quantity(1.0, unit) * reg.Quantity(1.0, "kJ/mol")
    for wanted in ("uW/mg", "uW/uL", "uW/cm^2", "uW"):
        if product.is_compatible_with(wanted):
            return wanted, float(product.to(wanted).magnitude)
    return f"{unit}*kJ/mol", 1.0


def _coefficients(model: Model, conditions: Mapping[str, Any]) -> Any:
    """Stoichiometry under the conditions; None if it varies among them."""
    known = {model.find(n)[1]: v for n, v in conditions.items() if model.find(n)[0] == "parameter"}
    model = model.replace({n: float(np.ravel(v)[0]) for n, v in known.items() if np.size(v) == 1})
    found = model.stoichiometry
    for name, value in known.items():
        ends = (float(np.min(value)), float(np.max(value))) if np.size(value) > 1 else ()
        if any(not np.array_equal(model.replace({name: end}).stoichiometry, found) for end in ends):
            return None
    return found


def _coupling(model: Model, coefficients: Any, ds: Any, names: Sequence[str]) -> Any:
    """Energy kept over energy spent, of processes with both a reaction and transport of charged species."""
    import xarray

    program = model.program
    rows = []
    for name in names:
        posts = program.fluxes[name].posts
        charged = [p for p in posts if "charge" in program.contents.get(p, {})]
        blank = ds[f"affinity_{name}"] * np.nan
        if not charged or len(charged) == len(posts):
            rows.append(blank)
            continue
        moved = sum(-float(coefficients.sel(pool=p, flux=name)) * ds[f"mu_{p}"] for p in charged)
        reaction = ds[f"affinity_{name}"] - moved
        spent = xarray.where(moved > reaction, moved, reaction)
        kept = -xarray.where(moved > reaction, reaction, moved)
        rows.append((kept / spent.where(spent > 0)).where((kept > 0) & (kept <= spent)))
    arrays = xarray.broadcast(*rows)
    return _stacked(arrays, names).assign_attrs(units="1", long_name="energy kept by a coupled process, of that spent")
