"""Modular (top-down) kinetics: substrate oxidation, phosphorylation and leak as functions of the force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..core.arguments import mapping_in, model_in
from ..core.component import Component, component
from ..core.dataset import attributes, provenance
from ..core.declarations import flux, parameter
from ..core.errors import ParameterError
from ..core.library import attach, with_drugs_of
from ..core.model import Model
from .modular_curves import BLOCKS, Curve, control_at, operating_points

if TYPE_CHECKING:
    import xarray

__all__ = ["ForceClamp", "modular_kinetics"]

_FULL = 1e-8
"""Activity that a complete inhibitor leaves."""


@component
class ForceClamp(Component):
    """Ideal protonophore with an external battery: protons in or out, as many as hold the force at a value.

    ``J_clamp = conductance · (force − target)``. It moves what a leak moves, so all books stay balanced.

    Parameters
    ----------
    target : mV
        Force that is held.
    conductance : nmol/min/mg/mV
        How hard it is held.

    References
    ----------
    A voltage clamp; no physical counterpart in a suspension.
    """

    role = "force_clamp"

    target: float = parameter(150.0, "mV", status="assumed", source="assumed: set by whoever clamps")
    conductance: float = parameter(
        1e5, "nmol/min/mg/mV", bounds=(0, None), status="assumed", source="assumed: a thousand times any leak"
    )

    @flux(
        "nmol/min/mg",
        affinity=None,
        reason="a clamp brings its own battery",
        scaled_by="",
        charge_ims=-1,
        h_matrix=+1,
    )
    def J_clamp(self, pmf: Any) -> Any:
        """Protons moved by the clamp"""
        return self.conductance * (pmf - self.target)


def modular_kinetics(
    model: Model,
    conditions: Mapping[str, Any] | None = None,
    *,
    force: Literal["pmf", "delta_psi"] = "pmf",
    method: Literal["titration", "clamp"] = "titration",
    inhibitor: str = "cyanide",
    uncoupler: str = "FCCP",
    blocker: str = "oligomycin",
    h_per_o2: float | None = None,
    points: int = 121,
) -> xarray.Dataset:
    """Kinetics of the three modules around the force, obtained as experimenters do.

    * leak: phosphorylation blocked, the chain titrated with an inhibitor. All respiration pays for leak.
    * substrate oxidation: phosphorylation blocked, the uncoupler titrated; respiration against the force.
    * phosphorylation: the working state titrated with the inhibitor, less the leak at the same force.

    What this assumes is that a module feels the others through the force alone. Where it depends on Δψ and ΔpH
    each (a cation cycle), or on a drug (an uncoupler that inhibits the chain; left out here), the crossings miss the
    steady states a little: compare ``operating_force`` with ``steady_force``.

    Parameters
    ----------
    model : Model
    conditions : mapping, optional
        The working state, such as ``{"load.capacity": 1200}``; numbers only.
    force : {"pmf", "delta_psi"}
        The force on the axis.
    method : {"titration", "clamp"}
        Titrations, or holding Δp with an ideal clamp and reading every module off the same run. A clamp reaches
        forces that no titration does, and shows the working state only.
    inhibitor, uncoupler, blocker : str
        Drugs used: on the chain, on the membrane, on phosphorylation.
    h_per_o2 : float, optional
        Protons per O2; by default the parameter of that name.
    points : int
        Points of each curve.

    Returns
    -------
    Dataset
        Over ``force`` (mV): ``substrate_oxidation``, ``leak``, ``phosphorylation`` and their sum
        ``leak_and_phosphorylation`` in nmol O2/min/mg, and the same with ``_protons`` in nmol H+/min/mg; NaN where a
        titration does not reach. Over ``state`` (``"state 4"``, ``"working"``): ``operating_force``, ``operating_J_O2``
        and ``operating_protons`` where the curves cross, ``steady_force`` and ``steady_J_O2`` of the model itself.
        Over (state, block): ``module_flux``, ``elasticity`` to the force (1/mV), and ``respiration_control``,
        the control coefficients over respiration that follow from them.

    Raises
    ------
    ParameterError
        If nothing is phosphorylated, a drug has no target in the model, or a condition is an array.
    SolveError
        If there is no steady state to start from.

    References
    ----------
    Hafner, Brown & Brand 1990.
    """
    import xarray

    _check(force, method, points)
    conditions = mapping_in(conditions, "conditions")
    for name, value in conditions.items():
        if np.size(value) != 1:
            raise ParameterError(f"{name} has {np.size(value)} values; modular kinetics are of one working state.")
    model = with_drugs_of(model_in(model, "modular_kinetics"), conditions)
    for name in (force, "J_O2", "J_ATP"):
        if name not in model.program.states and name not in model.statements:
            raise ParameterError(f"{model.name} has no {name}, and no modules around it.")
    h = _protons_per_oxygen(model) if h_per_o2 is None else model_number(h_per_o2, "h_per_o2")
    blocked = _dose(model, blocker, _FULL)
    working = model.steady_state(conditions, on_failure="raise")
    made = float(working["J_ATP"])
    if not made > 1e-6 * h * float(working["J_O2"]):
        raise ParameterError(
            f"nothing is phosphorylated ({made:.2g} nmol ATP/min/mg): give the working state a load, such as "
            "conditions={'load.capacity': 1200}."
        )
    resting = with_drugs_of(model, blocked).steady_state(conditions | blocked, on_failure="raise")
    if method == "titration":
        _check_drugs(model, inhibitor, uncoupler, blocker)
        curves, stops = _titrations(model, conditions, blocked, force, inhibitor, uncoupler, points)
    else:
        curves, stops = _clamped(model, conditions, force, h, points, float(resting[force]), float(working[force]))
    x = np.linspace(*stops, points)
    y = {name: curve(x) for name, curve in curves.items()}
    rows = operating_points(curves)
    return _dataset(xarray, model, conditions, x, y, rows, h, force, method, {"working": working, "state 4": resting})


def _check(force: str, method: str, points: Any) -> None:
    if force not in ("pmf", "delta_psi"):
        raise ParameterError(f"force = {force!r} is not known; it is 'pmf' or 'delta_psi'.")
    if method not in ("titration", "clamp"):
        raise ParameterError(f"method = {method!r} is not known; it is 'titration' or 'clamp'.")
    if not isinstance(points, int) or isinstance(points, bool) or points < 10:
        raise ParameterError(f"points = {points!r} is not a whole number of at least 10.")


def _check_drugs(model: Model, inhibitor: str, uncoupler: str, blocker: str) -> None:
    """Refuse drugs in the wrong place: curves would come out, but not those of the three modules."""
    moves, sites = {}, {}
    for drug in (inhibitor, uncoupler, blocker):
        item = attach(model, drug)[0].components[drug]
        laws = item.declared_laws.values()
        moves[drug] = {pool for law in laws for pool in law.options.get("posts", ())}
        sites[drug] = {item.wired(law.options["into"]) for law in laws if law.options.get("into")}
    if "charge_ims" not in moves[uncoupler]:
        raise ParameterError(f"{uncoupler} is not an uncoupler: it carries no charge; FCCP, CCCP and DNP do.")
    if shared := sites[inhibitor] & sites[blocker]:
        raise ParameterError(
            f"inhibitor = {inhibitor!r} and blocker = {blocker!r} both act on {', '.join(shared)}; give one of "
            "the chain, such as 'cyanide', and one of phosphorylation, such as 'oligomycin'."
        )


def model_number(value: Any, name: str) -> float:
    """A positive number, or an error that names it."""
    if not isinstance(value, int | float) or not 0 < value < np.inf:
        raise ParameterError(f"{name} = {value!r} is not a number above zero.")
    return float(value)


def _protons_per_oxygen(model: Model) -> float:
    found = [a for a in model.values if a.endswith(".h_per_o2")]
    if len(found) != 1:
        raise ParameterError(f"{model.name} has {len(found)} parameters h_per_o2; give h_per_o2=... .")
    return model_number(model.values[found[0]], found[0])


def _dose(model: Model, drug: str, left: Any) -> dict[str, Any]:
    """The doses of an inhibitor that leave these activities, as a condition."""
    model, address = attach(model, drug)
    laws = model.components[drug].declared_laws
    carries = any(law.kind == "flux" for law in laws.values())
    effects = [] if carries else [n for n, law in laws.items() if law.options.get("into")]
    trial = np.concatenate([[0.0], np.geomspace(1e-9, 1e9, 3601)])
    with np.errstate(all="ignore"):
        activity = np.ravel(model.replace({address: trial}).evaluate()[f"{drug}_{effects[0]}"]) if effects else trial
    if activity.size != trial.size or not (activity[0] == 1 > activity[-1] and (np.diff(activity) <= 0).all()):
        raise ParameterError(f"{drug} is not an inhibitor: no dose of it lowers an activity from 1 towards 0.")
    return {address: np.interp(-np.asarray(left), -activity, trial)}


def _titrations(
    model: Model, conditions: Any, blocked: Any, force: str, inhibitor: str, uncoupler: str, points: int
) -> tuple[dict[str, Curve], tuple[float, float]]:
    model, doses = attach(model, uncoupler)
    inhibits = "inhibition" in model.components[uncoupler].declared_parameters
    quiet = {f"{uncoupler}.inhibition": np.inf} if inhibits else {}
    chain = _dose(model, inhibitor, np.geomspace(1.0, 1e-3, points))
    steps = np.concatenate([[0.0], np.geomspace(1e-4, 1e2, points - 1)])
    leak = Curve(model, conditions | blocked | chain, force)
    oxidation = Curve(model, conditions | quiet | blocked | {doses: steps}, force)
    total = Curve(model, conditions | chain, force)
    curves = {
        "leak": leak,
        "substrate_oxidation": oxidation,
        "phosphorylation": total.less(leak),
    }
    low = max(leak.low, total.low, 0.4 * oxidation.high)
    return curves, (low, oxidation.high)


def _clamped(
    model: Model, conditions: Any, force: str, h: float, points: int, top: float, work: float
) -> tuple[dict[str, Curve], tuple[float, float]]:
    if not {"charge_ims", "h_matrix"} <= {p for f in model.program.fluxes.values() for p in f.posts}:
        raise ParameterError(f"{model.name} does not move charge_ims and h_matrix, and cannot be clamped.")
    held = ForceClamp() if force == "pmf" else ForceClamp().rewire(pmf="delta_psi")
    model = model.with_component(held)
    swept = conditions | {"force_clamp.target": np.linspace(0.8 * work, 1.03 * top, 2 * points)}
    owners = [float(c.h_per_atp) for c in model.components.values() if hasattr(c, "h_per_atp")]
    if len(owners) != 1:
        raise ParameterError(f"{model.name} has {len(owners)} components with h_per_atp; use method='titration'.")
    [per_atp] = owners
    oxidation = Curve(model, swept, force)
    made = Curve(model, swept, force, lambda ds: ds["J_ATP"] * per_atp / h)
    # What comes back otherwise is leak: at rest, all that the chain pumps and neither synthase nor clamp returns.
    leak = Curve(model, swept, force, lambda ds: ds["J_O2"] - (ds["J_ATP"] * per_atp + ds["J_clamp"]) / h)
    curves = {"leak": leak, "substrate_oxidation": oxidation, "phosphorylation": made}
    return curves, (oxidation.low, oxidation.high)


def _dataset(
    xarray: Any, model: Any, conditions: Any, x: Any, y: Any, rows: Any, h: float, force: str, method: str, steady: Any
) -> Any:
    y["leak_and_phosphorylation"] = y["leak"] + y["phosphorylation"]
    oxygen = protons = {"units": attributes(model, "J_O2")["units"]}
    words = {
        "substrate_oxidation": "substrate oxidation",
        "leak": "proton leak",
        "phosphorylation": "phosphorylation",
        "leak_and_phosphorylation": "leak and phosphorylation",
    }
    data: dict[str, Any] = {}
    for name, values in y.items():
        data[name] = ("force", values, oxygen | {"long_name": f"{words[name]}, as O2"})
        data[f"{name}_protons"] = ("force", h * values, protons | {"long_name": f"{words[name]}, as H+"})
    states = list(rows)
    at, J, elastic, control = control_at(rows)
    mV = {"units": "mV"}
    data |= {
        "operating_force": ("state", at, mV | {"long_name": "force where the curves cross"}),
        "operating_J_O2": ("state", J[:, 0], oxygen | {"long_name": "respiration where the curves cross"}),
        "operating_protons": ("state", h * J[:, 0], protons | {"long_name": "protons pumped where the curves cross"}),
        "steady_force": ("state", [float(steady[s][force]) for s in states], mV | {"long_name": "force of the model"}),
        "steady_J_O2": ("state", [float(steady[s]["J_O2"]) for s in states], oxygen | {"long_name": "its respiration"}),
        "module_flux": (("state", "block"), J, oxygen | {"long_name": "flux of a module, as O2"}),
        "elasticity": (("state", "block"), elastic, {"units": "1/mV", "long_name": "relative slope with the force"}),
        "respiration_control": (("state", "block"), control, {"units": "1", "long_name": "control over respiration"}),
    }
    own = attributes(model, force) | {"units": "mV"}
    coordinates = {"force": ("force", x, own), "state": states, "block": list(BLOCKS)}
    attrs = provenance(
        model, calculation="modular_kinetics", conditions=conditions, force=force, method=method, h_per_o2=h
    )
    return xarray.Dataset(data, coordinates, attrs)
