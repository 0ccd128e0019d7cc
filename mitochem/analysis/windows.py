"""What is known of real mitochondria, as windows, and where the models lie in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.errors import ParameterError, nearest
from ..core.model import Model
from .window_rows import CASES, ROWS

if TYPE_CHECKING:
    import xarray

__all__ = ["windows"]


def windows(*cases: str) -> xarray.Dataset:
    """The quantities a model is held to, with their windows: which were calibrated, which are predictions.

    Parameters
    ----------
    *cases : str
        ``"liver NADH"``, ``"liver succinate"``, ``"heart NADH"``, ``"heart succinate"``; by default all.

    Returns
    -------
    Dataset
        Over (case, row): ``value``, ``low`` and ``high`` (NaN where no window is known), ``inside`` (True where there
        is none), ``kind`` (calibrated, prediction, or identity: what no parameter can change); over row: ``quantity``,
        ``units``, ``source``, ``note`` and ``miss``,
        why a model that lies outside does so.
    """
    import xarray

    from ..models.isolated import isolated_mitochondria

    chosen = cases or CASES
    for case in chosen:
        if case not in CASES:
            raise ParameterError(f"no case {case!r}." + nearest(case, CASES))
    found = []
    for case in chosen:
        tissue, substrate = case.split()
        found.append(_values(isolated_mitochondria(substrate, preset=tissue), case))
    value = np.array([[v[key] for key in ROWS] for v in found])
    low, high = (np.array([[row.of(c)[i] for row in ROWS.values()] for c in chosen], float) for i in (0, 1))
    grid = ("case", "row")
    kinds = np.array([[row.kind(c) for row in ROWS.values()] for c in chosen])
    texts = {
        name: ("row", np.array([getattr(row, name if name != "quantity" else "text") for row in ROWS.values()]))
        for name in ("quantity", "source", "note", "miss")
    }
    data = {
        "value": (grid, value, {"long_name": "value of the model, in the unit of the row"}),
        "low": (grid, low, {"long_name": "lower end of the window"}),
        "high": (grid, high, {"long_name": "upper end of the window"}),
        "inside": (grid, ~((value < low) | (value > high)), {"long_name": "inside the window, if there is one"}),
        "kind": (grid, kinds, {"long_name": "calibrated, prediction or identity"}),
        **texts,
    }
    units = np.array([row.unit for row in ROWS.values()])
    return xarray.Dataset(data, {"case": list(chosen), "row": list(ROWS), "units": ("row", units)})


def _values(model: Model, case: str) -> dict[str, float]:
    """Every quantity of one model."""
    from ..models.presets import preset
    from .control import control_coefficients
    from .dissipation import dissipation
    from .linearise import linearise

    working, cell = dict(preset(case.split()[0]).state_3), {"load.capacity": 180.0}
    four, three = model.steady_state(on_failure="raise"), model.steady_state(working, on_failure="raise")
    loaded = model.steady_state(cell, on_failure="raise")
    h, n = float(model["electron_transport.h_per_o2"]), float(model.components["phosphorylation"].h_per_atp)  # type: ignore[attr-defined]
    at_4 = control_coefficients(model, blocks="top_down", fluxes=["J_O2"]).flux_control.isel(flux=0)
    at_3 = control_coefficients(model, working, blocks="top_down", fluxes=["J_O2"]).flux_control.isel(flux=0)
    power = dissipation(model, working).coupling_efficiency
    faraday = float(model["faraday"])
    slow = linearise(model)
    low_potassium = _collapsed(model)
    number = {
        "pmf_state_4": four["pmf"],
        "pmf_state_3": three["pmf"],
        "delta_psi_state_4": four["delta_psi"],
        **_heart_data(model, case),
        "delta_pH_state_4": four["delta_pH"],
        "delta_pH_share": 1 - four["delta_psi"] / four["pmf"],
        "ocr_state_4": 2 * four["J_O2"],
        "ocr_state_3": 2 * three["J_O2"],
        "ocr_uncoupled_ratio": _uncoupled(model) / three["J_O2"],
        "rcr": three["J_O2"] / four["J_O2"],
        "p_over_o": three["J_ATP"] / (2 * three["J_O2"]),
        "leak_share_state_3": three["J_leak"] / (h * three["J_O2"]),
        "leak_share_cell": loaded["J_leak"] / (h * loaded["J_O2"]),
        "control_leak_state_4": at_4.sel(step="leak"),
        "control_leak_state_3": at_3.sel(step="leak"),
        "control_chain_state_3": at_3.sel(step="substrate_oxidation"),
        "control_phosphorylation_state_3": at_3.sel(step="phosphorylation"),
        "delta_Gp_state_4": four["delta_Gp"],
        "delta_Gp_over_work": four["delta_Gp"] / (n * faraday * four["pmf"]),
        "pmf_from_atp": _from_atp(model, n * faraday),
        "pmf_collapsed": low_potassium["pmf"],
        "delta_psi_collapsed": low_potassium["delta_psi"],
        "energisation": _energisation(model),
        "slow_mode": 60 * float(slow["time_constant"].max()),
        "half_oxygen": _half_oxygen(model, working),
        "efficiency": dissipation(model, cell)["efficiency"],
        "efficiency_synthase": power.sel(process="J_ATP"),
        "efficiency_chain": power.sel(process="electron_transport_J_coupled"),
    }
    return {name: float(value) for name, value in number.items()}


def _uncoupled(model: Model) -> Any:
    """Highest respiration along an FCCP titration without phosphorylation, FCCP not inhibiting."""
    doses = {"FCCP.dose": np.geomspace(0.01, 10, 40), "FCCP.inhibition": np.inf, "phosphorylation.capacity": 0.0}
    return model.steady_state(doses)["J_O2"].max()


def _from_atp(model: Model, per_mV: float) -> Any:
    ds = model.steady_state(
        {"electron_transport.substrate": 0.0, "atp_bath": 5.0, "adp_bath": 0.01, "pi_bath": 5.0},
        clamped=("atp_bath", "adp_bath", "pi_bath"),
        on_failure="raise",
    )
    return ds["pmf"] * per_mV / ds["delta_Gp"]


def _collapsed(model: Model) -> Any:
    """No respiration, no synthase, much uncoupler, little K+ outside, 20 degC."""
    conditions = {
        "electron_transport.substrate": 0.0,
        "oligomycin.dose": 5.0,
        "FCCP.dose": 10.0,
        "potassium.potassium_bath": 3.0,
        "environment.temperature": 293.15,
    }
    return model.steady_state(conditions, on_failure="raise")


def _energisation(model: Model) -> float:
    """Milliseconds to 90 % of the first maximum of Δψ, from rest."""
    times = np.linspace(0, 0.02, 4001)
    run = model.replace({"phosphorylation.capacity": 0.0}).simulate(t_end=0.02, samples=times)
    psi, time = run["delta_psi"].values, run["time"].values
    falling = np.flatnonzero(np.diff(psi) < 0)
    top = int(falling[0]) if len(falling) else len(psi) - 1
    return 60e3 * float(np.interp(0.9 * psi[top], psi[: top + 1], time[: top + 1]))


def _half_oxygen(model: Model, working: dict[str, float]) -> float:
    oxygen = np.geomspace(1e-5, 1.0, 101)
    rate = model.steady_state(working | {"oxygen": oxygen})["J_O2"].values
    return 1e3 * float(np.exp(np.interp(0.5 * rate[-1], rate, np.log(oxygen))))


UCS_PER_MG = 2.0
"""Units of citrate synthase per mg of heart mitochondria: assumed, see the preset."""


def _heart_data(model: Model, case: str) -> dict[str, float]:
    """The worst disagreement with measured Δψ and ADP at the measured respiration, for each phosphate."""
    names = ("delta_psi_data", "adp_data")
    if case != "heart NADH":
        return {name + end: np.nan for end in ("", "_low_Pi") for name in names}
    from ..datasets import load

    data, out = load("bazil_2016_heart_respiratory_control"), {}
    work = np.concatenate([[0.0], np.geomspace(1, 10000, 200)])
    for phosphate, end in ((5.0, ""), (1.0, "_low_Pi")):
        seen = data.sel(phosphate=phosphate)
        run = model.steady_state({"atp_bath": 5.0, "adp_bath": 0.0, "pi_bath": phosphate, "load.capacity": work})
        rate = UCS_PER_MG * seen["J_O2"].values
        psi, adp = (np.interp(rate, run["J_O2"].values, run[n].values) for n in ("delta_psi", "adp_bath"))
        off = (psi - seen["delta_psi"].values)[np.isfinite(seen["delta_psi"].values)]
        ratio = (adp / seen["adp_bath"].where(seen["adp_bath"] > 0).values)[1:]
        out[f"delta_psi_data{end}"] = float(off[np.abs(off).argmax()])
        out[f"adp_data{end}"] = float(ratio[np.abs(np.log(ratio)).argmax()])
    return out
