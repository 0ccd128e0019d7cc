"""The reference runs of isolated mitochondria: printed numbers, at parameters that are typed here too."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.model import Model
from .report import Check, NotApplicable, compared, within
from .subject import Subject

__all__ = ["reference_dissipation", "reference_run"]

_PARTS = {
    "Environment": {"temperature": 310.15, "pH_bath": 7.2, "protein": 1.0, "magnesium": 1.0, "ionic_strength": 0.15},
    "Membrane": {"capacitance": 5e-3, "buffer": 22.0},
    "Oxygen": {},
    "ElectronTransport": {
        "capacity": 100.0, "reverse_capacity": 2.5, "redox_span": 1093.5, "h_per_o2": 20.0, "pmf_half": 166.6,
        "pmf_width": 8.4, "stoichiometric_number": 2.0, "oxygen_half_saturation": 5e-4, "substrate": 1.0,
        "slip_capacity": 0.0, "complex_I_share": 1.0,
    },
    "Adenylates": {"standard_energy": 33.0},
    "Phosphorylation": {
        "capacity": 612.0, "reverse_capacity": 360.0, "c_ring": 8.0, "atp_per_turn": 3.0, "transport_protons": 1.0,
        "K_adp": 0.025, "K_pi": 1.0, "K_atp": 0.3, "pmf_half": 140.0, "pmf_width": 8.0,
    },
    "SinhLeak": {"amplitude": 0.618, "steepness": 0.035},
    "Potassium": {"potassium_bath": 120.0, "volume_matrix": 1.0},
    "PotassiumUniport": {"permeability": 6e-4},
    "PotassiumProtonExchange": {"activity": 480.0},
}  # fmt: skip
"""Section D4, C5, E3 and L of the model description, per minute and per O2."""

_OPTIONAL = ("TemperatureDependence",)
_LOADS = {
    # What is set, and to what in state 3 (20 nmol/s/mg at saturation, of which 408.6 nmol/min/mg are met).
    "SaturatingLoad": ("capacity", 1200.0, {"K_atp": 0.15}),
    "ConstantDemand": ("demand", 408.6, {}),
}
_SUCCINATE = {"capacity": 125.0, "h_per_o2": 12.0, "redox_span": 770.0, "pmf_half": 172.0, "complex_I_share": 0.0}
_START = {
    "delta_psi": 0.0,
    "pH_matrix": 7.2,
    "K_matrix": 120.0,
    "atp_bath": 0.5,
    "adp_bath": 0.0,
    "pi_bath": 5.0,
    "oxygen": 0.2,
}

# Printed, with the tolerance of the last digit: per atom of oxygen where it says so.
_STATE_4 = {
    "NADH": {"pmf": (184.95, 1e-4), "delta_pH": (0.248, 3e-3), "delta_psi": (169.7, 5e-4), "respiration": (20.2, 5e-3)},
    "succinate": {"respiration": (36.05, 5e-4)},
}
_STATE_3 = {
    "NADH": {"pmf": (155.6, 5e-4), "delta_pH": (0.146, 4e-3), "respiration": (157.1, 5e-4), "P/O": (2.601, 3e-4),
             "leak share": (0.0456, 2e-3)},
    "succinate": {"respiration": (231.0, 5e-4), "P/O": (1.564, 5e-4)},
}  # fmt: skip
_CONTROL = {"NADH": 7.79, "succinate": 6.41}
_POWER = {
    "electron_transport_J_coupled": 46.897, "J_ATP": 12.038, "J_leak": 36.567, "J_K_uniport": 0.375,
    "J_KH_exchange": 0.031, "J_load": 128.275,
}  # fmt: skip


def _reference(subject: Subject) -> tuple[Model, str, str, float]:
    """The model at reference conditions, what it respires on, the address of its load and state 3's value of it."""
    kinds = subject.classes()
    names = {kind: name for name, kind in kinds.items()}
    loads = [kind for kind in kinds.values() if kind in _LOADS]
    missing = [*(_PARTS.keys() - kinds.values()), *([] if loads else ["SaturatingLoad"])]
    if missing:
        more = f" and {len(missing) - 2} more" if len(missing) > 2 else ""
        raise NotApplicable(f"not isolated_mitochondria: it has no {', '.join(sorted(missing)[:2])}{more}")
    dosed = {n for n, item in subject.model.components.items() if "dose" in item.declared_parameters}
    house = {n for n, k in kinds.items() if k in _PARTS or k in _OPTIONAL or k in _LOADS}
    foreign = {kinds[name] for name in kinds.keys() - house - dosed}
    if foreign or len(house) != len({kinds[name] for name in house}) or len(loads) > 1:
        raise NotApplicable(f"the reference run has no {', '.join(sorted(foreign)) or 'component twice'}")
    chain, load = names["ElectronTransport"], names[loads[0]]
    succinate = subject.model[f"{chain}.h_per_o2"] == 12.0
    values = {f"{names[kind]}.{n}": v for kind, typed in _PARTS.items() for n, v in typed.items()}
    if succinate:
        values |= {f"{chain}.{n}": v for n, v in _SUCCINATE.items()}
    parameter, state_3, others = _LOADS[loads[0]]
    values |= {f"{name}.dose": 0.0 for name in dosed} | {f"{load}.{n}": v for n, v in others.items()}
    model = subject.model.replace(values | _START)
    return model, "succinate" if succinate else "NADH", f"{load}.{parameter}", state_3


def reference_run(subject: Subject) -> Iterator[Check]:
    """States 4 and 3 of the reference run (section I): force, ΔpH, respiration per atom, P/O, control ratio."""
    model, substrate, load, working = _reference(subject)
    if substrate == "succinate" and load.endswith("demand"):
        raise NotApplicable("state 3 on succinate is printed for a saturating load")
    rates = {}
    for state, capacity, printed in (("state 4", 0.0, _STATE_4), ("state 3", working, _STATE_3)):
        ds = model.steady_state({load: capacity})
        yield within("reference", f"{state} found", "there is a steady state", 0.0 if bool(ds["success"]) else 1.0, 0.0)
        if not bool(ds["success"]):
            return
        oxygen = 2 * float(ds["J_O2"])
        rates[state] = oxygen
        found = {name: float(ds[name]) for name in ("pmf", "delta_pH", "delta_psi")}
        found |= {"respiration": oxygen, "P/O": float(ds["J_ATP"]) / oxygen}
        found["leak share"] = float(ds["J_leak"]) / (oxygen / 2 * (12.0 if substrate == "succinate" else 20.0))
        for name, (expected, tolerance) in printed[substrate].items():
            what = f"printed for {substrate} at reference parameters"
            yield compared("reference", f"{state}: {name}", what, expected, found[name], tolerance)
    yield compared(
        "reference", "respiratory control", f"state 3 over state 4, printed for {substrate}",
        _CONTROL[substrate], rates["state 3"] / rates["state 4"], 2e-3,
    )  # fmt: skip


def reference_dissipation(subject: Subject) -> Iterator[Check]:
    """Power of each process at a cell-like load (H12), in µW/mg as printed."""
    model, substrate, load, _ = _reference(subject)
    if substrate != "NADH" or not load.endswith("capacity"):
        raise NotApplicable("the printed table is for NADH and a saturating load")
    ds = model.steady_state({load: 180.0, "delta_psi": 200.0})
    power = {n: float(ds[n] * ds[f"affinity_{n}"]) / 60 for n in _POWER if n in ds and f"affinity_{n}" in ds}
    for name, printed in _POWER.items():
        found = power.get(name, float("nan"))
        yield compared("H12", f"power of {name}", "printed, µW/mg", printed, found, 2e-5 + 5e-4 / printed)
    yield compared("H12", "power of all", "printed, µW/mg", 224.182, sum(power.values()), 1e-5)
