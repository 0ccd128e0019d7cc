"""Metabolic control analysis: how much each step controls each flux and each state of a steady state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import dataset_in, mapping_in, model_in, names_in
from ..core.dataset import attributes, provenance
from ..core.errors import ParameterError, SolveError, nearest
from ..core.model import Model
from .blocks import named, steps_of
from .points import Point, solved

if TYPE_CHECKING:
    import pandas
    import xarray

__all__ = ["control_coefficients", "control_table", "theorems"]

ZERO_FLUX = 1e-6
"""Share of the largest flux below which a flux counts as zero: what is left there is rounding of the steady state."""

_QUANTITIES = ("pmf", "delta_pH", "delta_Gp")


def control_coefficients(
    model: Model,
    conditions: Mapping[str, Any] | None = None,
    *,
    fluxes: Sequence[str] | None = None,
    quantities: Sequence[str] | None = None,
    blocks: str | Mapping[str, Sequence[str]] | None = None,
    clamped: Sequence[str] = (),
    zero_flux: float = ZERO_FLUX,
) -> xarray.Dataset:
    """Control of every step over fluxes and states, from the exact Jacobian of the steady state.

    A step is a flux of the model, and its coefficient the relative change of something per relative change of the
    step's rate law: ``C = d ln J_i / d ln v_j``. With ``N`` the change of states per flux, ``E = ∂v/∂x`` and
    ``M = N E`` the Jacobian, in the directions that the conserved totals leave free, ``dx/d ln v = −M⁻¹ N diag(v)``.

    Parameters
    ----------
    model : Model
    conditions : mapping, optional
        As in ``model.steady_state``; arrays become dimensions.
    fluxes : sequence of str, optional
        What is controlled; by default all fluxes and the sums of fluxes such as ``J_O2``.
    quantities : sequence of str, optional
        States and derived quantities that are controlled; by default all free states, ``pmf``, ``delta_pH`` and
        ``delta_Gp``.
    blocks : {"top_down"} or mapping of name to steps, optional
        Add up steps to blocks, whose rates change together. ``"top_down"`` makes substrate oxidation,
        phosphorylation (with the load) and leak (all else); a step that no block names stays one by itself.
    clamped : sequence of str
        States held at their start values: a reservoir is controlled by nothing.
    zero_flux : float
        Share of the largest flux below which a flux counts as zero. Its coefficients are NaN, with the reason in
        ``reason``: control over nothing is noise.

    Returns
    -------
    Dataset
        ``flux_control`` (flux, step) and ``control`` (quantity, step), dimensionless; ``response`` (quantity, step),
        ``dx/d ln v`` in the unit of the quantity, for Δψ and pH, of which a relative change means little;
        ``elasticity`` (step, quantity: free states only), ``∂v/∂x`` over ``v`` per unit of the state; the values; and
        the theorems: ``flux_summation`` (1), ``summation`` (0), and the relative misses of both ``connectivity``
        theorems. ``theorems(ds)`` prints them, ``control_table(ds)`` is a table with its sums.

    Raises
    ------
    ParameterError
        If a name is not known, a block names a step twice, or a condition is outside its bounds.
    SolveError
        If there is no steady state at any point. Where there is none at some points, those are NaN.

    References
    ----------
    Top-down control of respiration: Hafner, Brown & Brand 1990.
    """
    import xarray

    if not (isinstance(zero_flux, int | float) and 0 <= zero_flux < 1):
        raise ParameterError(f"zero_flux = {zero_flux!r} is outside [0, 1).")
    model, conditions = model_in(model, "control_coefficients"), mapping_in(conditions, "conditions")
    ds, points = solved(model, conditions, names_in(clamped, "clamped"))
    first = next((p for p in points if p is not None), None)
    if first is None:
        raise SolveError(str(ds["message"].values.ravel()[0]) or "there is no steady state.")
    here = first.model
    names = _fluxes(here, fluxes)
    chosen = _quantities(here, first.names, quantities)
    steps, members = steps_of(here, blocks)
    lots = [_at(p, names, chosen, members, zero_flux) if p is not None else None for p in points]
    filler = next(lot for lot in lots if lot is not None)
    dims, shape = ds["success"].dims, ds["success"].shape
    data: dict[str, Any] = {}
    for key, (inner, unit, meaning) in _VARIABLES.items():
        empty = np.full_like(filler[key], "no steady state" if key == "reason" else np.nan, dtype=filler[key].dtype)
        stack = np.array([empty if lot is None else lot[key] for lot in lots])
        attrs = {"long_name": meaning} | ({"units": unit} if unit else {})
        data[key] = ((*dims, *inner), stack.reshape(*shape, *filler[key].shape), attrs)
    data["success"], data["message"] = ds["success"], ds["message"]
    units = [attributes(here, n).get("units", "") for n in chosen]
    coordinates = {
        **{str(n): c for n, c in ds.coords.items()},
        "flux": list(names),
        "step": list(steps),
        "quantity": list(chosen),
        "free_state": first.names,
        "quantity_units": ("quantity", units),
        "flux_units": ("flux", [attributes(here, n).get("units", "") for n in names]),
    }
    attrs = provenance(here, calculation="control_coefficients", **_context(ds))
    attrs["blocks"] = "; ".join(f"{b}: {', '.join(s)}" for b, s in zip(steps, named(here, members)))
    result = xarray.Dataset(data, coordinates, attrs)
    result.attrs["theorems"] = theorems(result)
    return result


_VARIABLES = {
    "flux_control": (("flux", "step"), "1", "flux control coefficient"),
    "control": (("quantity", "step"), "1", "control coefficient over a state or quantity"),
    "response": (("quantity", "step"), "", "change per relative change of a step, in the unit of the quantity"),
    "elasticity": (("step", "free_state"), "", "relative change of a step per unit of a state"),
    "flux_value": (("flux",), "", "flux, in its own unit"),
    "value": (("quantity",), "", "value, in the unit of the quantity"),
    "flux_summation": (("flux",), "1", "sum of flux control coefficients: 1"),
    "summation": (("quantity",), "1", "sum of control coefficients: 0"),
    "flux_connectivity": (("flux",), "1", "miss of the connectivity theorem of a flux, relative to its terms"),
    "connectivity": (("quantity",), "1", "miss of the connectivity theorem of a quantity, relative to its slope"),
    "reason": (("flux",), "", "why there is no coefficient"),
}


def _at(point: Point, names: Sequence[str], chosen: Sequence[str], members: Any, zero_flux: float) -> dict[str, Any]:
    """Everything of one point; ``members`` (step, flux) adds fluxes up to blocks."""
    own = list(point.model.program.fluxes)
    v, E = point.quantities(own)
    N = point.stoichiometry()
    U = _response(point, N)  # dx / d(rate of a flux), at constant totals
    parts = np.array([[float(f in _parts(point.model, name)) for f in own] for name in names])
    grown = parts @ (np.eye(len(own)) + E @ U)  # dJ / d(rate of a flux)
    flux = parts @ v
    largest = np.abs(v).max(initial=0.0)
    zero = np.abs(flux) <= zero_flux * largest
    over = np.where(zero, np.nan, flux)
    value, slope = _values(point, chosen)
    with np.errstate(all="ignore"):  # the energy of ATP has no slope where there is no ADP
        response = slope @ U * v
    T = point.directions()
    connected = (grown / over[:, None]) @ E @ T
    terms = np.abs(grown / over[:, None]) @ np.abs(E @ T)
    with np.errstate(all="ignore"):
        moved, still = slope @ U @ E @ T, slope @ T
    steps = members @ v
    with np.errstate(all="ignore"):
        flux_control = grown * v / over[:, None] @ members.T
        relative = np.where(np.abs(value) > 1e-9 * np.abs(value).max(initial=0.0), value, np.nan)
        elasticity = (members @ E) / np.where(np.abs(steps) <= zero_flux * largest, np.nan, steps)[:, None]
        misses = np.abs(connected).max(1, initial=0.0) / np.where(terms.max(1, initial=0.0) > 0, terms.max(1), 1.0)
        size = np.abs(still).max(1, initial=0.0)
        off = np.abs(moved + still).max(1, initial=0.0) / np.where(size > 0, size, 1.0)
    return {
        "flux_control": flux_control,
        "control": response @ members.T / relative[:, None],
        "response": response @ members.T,
        "elasticity": elasticity / point.scale,
        "flux_value": flux,
        "value": value,
        "flux_summation": flux_control.sum(1),
        "summation": response.sum(1) / relative,
        "flux_connectivity": misses,
        "connectivity": off,
        "reason": np.array([_why(z, f, largest) for z, f in zip(zero, flux)], dtype="<U80"),
    }


def _why(zero: bool, flux: float, largest: float) -> str:
    return f"nothing flows: {flux:.1e} is zero beside the largest flux, {largest:.3g}" if zero else ""


def _response(point: Point, N: Any) -> Any:
    """d(scaled states)/d(rate of a flux) at constant totals; the conserved directions do not move."""
    A = point.laws.T @ point.laws - point.slope()
    size = np.abs(A).sum(1)
    size[size == 0] = 1.0
    solution = np.linalg.lstsq(A / size[:, None], N / size[:, None], rcond=1e-14)[0]
    left = np.abs(A @ solution - N) / size[:, None]
    v = np.abs(point.quantities(point.model.program.fluxes)[0])
    if (left * v).max(initial=0.0) > 1e-6 * (np.abs(N) * v / size[:, None]).max(initial=1e-300):
        raise SolveError(f"the steady state of {point.model.name} is marginal: its Jacobian is singular.")
    return solution


def _values(point: Point, chosen: Sequence[str]) -> tuple[Any, Any]:
    """Values of states and quantities, and slopes with the scaled free states."""
    every = list(point.model.program.states)
    value, slope = np.zeros(len(chosen)), np.zeros((len(chosen), len(point.free)))
    others = tuple(n for n in chosen if n not in every)
    found = point.quantities(others) if others else (np.zeros(0), np.zeros((0, len(point.free))))
    for i, name in enumerate(chosen):
        if name in every:
            value[i] = point.states[every.index(name)]
            slope[i, point.names.index(name)] = point.scale[point.names.index(name)]
        else:
            value[i], slope[i] = found[0][others.index(name)], found[1][others.index(name)]
    return value, slope


def _parts(model: Model, name: str) -> tuple[str, ...]:
    """The fluxes that a flux or a sum of fluxes consists of."""
    return (name,) if name in model.program.fluxes else model.statements[name].inputs


def _fluxes(model: Model, given: Sequence[str] | None) -> list[str]:
    own = model.program.fluxes
    sums = [s.name for s in model.program.statements if s.kind == "total" and s.inputs and set(s.inputs) <= set(own)]
    known = [*sums, *own]
    for name in () if given is None else names_in(given, "fluxes"):
        if name not in known:
            raise ParameterError(f"{model.name} has no flux {name!r}." + nearest(name, known))
    if given is not None and not len(given):
        raise ParameterError("fluxes is empty; name at least one, or leave it out for all.")
    return known if given is None else list(given)


def _quantities(model: Model, free: Sequence[str], given: Sequence[str] | None) -> list[str]:
    derived = [s.name for s in model.program.statements if s.kind == "derived" and _of_states(model, s.name)]
    if given is None:
        return [*free, *(n for n in _QUANTITIES if n in derived)]
    for name in names_in(given, "quantities"):
        if name in model.program.states and name not in free:
            raise ParameterError(f"{name} is held, and controlled by nothing.")
        if name not in free and name not in derived:
            raise ParameterError(
                f"{model.name} has no free state or quantity of states {name!r}." + nearest(name, [*free, *derived])
            )
    return list(given)


def _of_states(model: Model, name: str) -> bool:
    """Whether a quantity follows from states and parameters, not from fluxes."""
    return not any(s.name in model.program.fluxes for s in model.program.needed([name]))


def _context(ds: xarray.Dataset) -> dict[str, Any]:
    return {k: ds.attrs[k] for k in ("conditions", "clamped", "conserved") if k in ds.attrs}


# --- what is printed -----------------------------------------------------------------------------------------------


def control_table(ds: xarray.Dataset, variable: str = "flux_control") -> pandas.DataFrame:
    """One point's coefficients as a table, with the sum of each row: 1 for a flux, 0 for a state.

    Parameters
    ----------
    ds : Dataset
        As ``control_coefficients`` gives it; one point.
    variable : {"flux_control", "control", "response"}
    """
    if variable not in ("flux_control", "control", "response"):
        raise ParameterError(f"variable = {variable!r} is not flux_control, control or response.")
    if dataset_in(ds, "control_table", variable)[variable].ndim != 2:
        raise ParameterError("a table is of one point; choose one with ds.isel(...).")
    table = ds[variable].reset_coords(drop=True).to_pandas()
    return table.assign(sum=table.sum(axis=1, skipna=False))


def theorems(ds: xarray.Dataset) -> str:
    """The summation and connectivity theorems as they come out, in words, with the largest miss of each."""
    dataset_in(ds, "theorems", "flux_summation", "summation", "flux_connectivity", "connectivity", "reason")
    lines = []
    for what, name, target in (("flux", "flux_summation", 1), ("state", "summation", 0)):
        values = ds[name].values
        miss = np.nanmax(np.abs(values - target)) if np.isfinite(values).any() else np.nan
        lines.append(f"sum of {what} control coefficients = {target}: largest miss {miss:.1e}")
    for what, name in (("flux", "flux_connectivity"), ("state", "connectivity")):
        values = ds[name].values
        miss = np.nanmax(values) if np.isfinite(values).any() else np.nan
        right = "0" if what == "flux" else "−1 on itself"
        lines.append(f"sum of {what} control times elasticity = {right}: largest relative miss {miss:.1e}")
    if reasons := sorted({str(f) for f in ds["flux"].values if (ds["reason"].sel(flux=f) != "").any()}):
        lines.append(f"not a number at some points, because nothing flows: {', '.join(reasons)}")
    return "\n".join(lines)
