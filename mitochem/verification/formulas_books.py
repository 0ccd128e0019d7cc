"""What a unit of each house flux moves, what holds the states, and the factors of drugs and temperature: by hand."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .formulas import Law, per_atp
from .formulas_leaks import uncoupler_load

__all__ = ["CAPACITIES", "FACTORS", "POSTS"]


def _morrison(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    """Free share of the target: 1 − EI/E, EI from the quadratic of Morrison."""
    target, K = p.enzyme * w.protein, p.dissociation_constant
    total = target + p.dose + K
    complexed = 2 * target * p.dose / (total + np.sqrt(total**2 - 4 * target * p.dose))
    return 1 - complexed / target


FACTORS: dict[str, dict[str, Law]] = {
    "Inhibitor": {"remaining": lambda p, w: p.half_dose**p.hill / (p.half_dose**p.hill + p.dose**p.hill)},
    "CompetitiveInhibitor": {
        "remaining": lambda p, w: (
            1 / (1 + (p.dose * p.antagonist_constant / p.half_dose / (p.antagonist_constant + p.antagonist)) ** p.hill)
        )
    },
    "TightInhibitor": {"remaining": _morrison},
    "Ionophore": {"opened": lambda p, w: (p.doubling_dose + p.dose) / p.doubling_dose},
    **{
        kind: {"inhibited": lambda p, w: p.inhibition / (p.inhibition + uncoupler_load(p, w))}
        for kind in ("Protonophore", "DimerProtonophore")
    },
    "IF1": {"uninhibited": lambda p, w: 1 - p.bound * (1 - np.tanh((w.pmf - p.pmf_half) / (2 * p.pmf_width))) / 2},
    "TemperatureDependence": {
        "velocity_factor": lambda p, w: p.q10 ** ((w.temperature - p.reference_temperature) / p.interval)
    },
}
"""Class, derived quantity: what the factor should be."""

Posts = dict[str, Callable[[SimpleNamespace], Any]]

_PUMP: Posts = {
    "electron_donor": lambda p: -4,
    "oxygen": lambda p: -1,
    "charge_ims": lambda p: p.h_per_o2,
    "h_matrix": lambda p: -p.h_per_o2,
}
_SYNTHESIS: Posts = {
    "charge_ims": lambda p: -per_atp(p),
    "h_matrix": per_atp,
    "adp_bath": lambda p: -1,
    "pi_bath": lambda p: -1,
    "atp_bath": lambda p: 1,
}
_LEAK: Posts = {"charge_ims": lambda p: -1, "h_matrix": lambda p: 1}
_UNIPORT: Posts = {"charge_ims": lambda p: -1, "k_matrix": lambda p: 1}
_ANTIPORT: Posts = {"k_matrix": lambda p: -1, "h_matrix": lambda p: 1}
_WORK: Posts = {"atp_bath": lambda p: -1, "adp_bath": lambda p: 1, "pi_bath": lambda p: 1}

_LEAKS = (
    *("SinhLeak", "OhmicLeak", "ExponentialLeak", "EyringLeak", "GHKLeak", "ThresholdLeak", "ConductanceLeak"),
    "PotentialLeak",
)

POSTS: dict[str, dict[str, Posts]] = {
    "ElectronTransport": {
        "J_coupled": _PUMP,
        "J_slip": {"electron_donor": lambda p: -4, "oxygen": lambda p: -1},
    },
    "LinearElectronTransport": {"J_coupled": _PUMP},
    **{k: {"J_ATP": _SYNTHESIS} for k in ("Phosphorylation", "RotaryPhosphorylation", "LinearPhosphorylation")},
    **{kind: {"J_leak": _LEAK} for kind in _LEAKS},
    **{kind: {"J_ucp1": _LEAK} for kind in ("UCP1", "SinhUCP1")},
    **{kind: {"J_carried": _LEAK} for kind in ("Protonophore", "DimerProtonophore")},
    **{kind: {"J_K_uniport": _UNIPORT} for kind in ("PotassiumUniport", "LinearPotassiumUniport")},
    **{kind: {"J_KH_exchange": _ANTIPORT} for kind in ("PotassiumProtonExchange", "LinearPotassiumProtonExchange")},
    "SaturatingLoad": {"J_load": _WORK},
    "ConstantDemand": {"J_load": _WORK},
    "Glycolysis": {"J_glycolysis": {"atp_bath": lambda p: 1, "adp_bath": lambda p: -1, "pi_bath": lambda p: -1}},
    "NonMitochondrialOxygenUse": {"J_used": {"electron_donor": lambda p: -4, "oxygen": lambda p: -1}},
    "Hexokinase": {
        "J_hexokinase": {
            "atp_bath": lambda p: -1,
            "adp_bath": lambda p: 1,
            "glucose_6_phosphate_bath": lambda p: 1,
        }
    },
}
"""Class, law: what one unit of the flux adds to which pool."""

_BATH = ("atp_bath", "adp_bath", "pi_bath")

CAPACITIES: dict[str, dict[str, tuple[str, Law]]] = {
    "Membrane": {
        "delta_psi": ("charge_ims", lambda p, w: p.capacitance),
        "pH_matrix": ("h_matrix", lambda p, w: -p.buffer),
    },
    "LumpedMembrane": {"pmf": ("charge_ims", lambda p, w: p.capacitance)},
    "Potassium": {"K_matrix": ("k_matrix", lambda p, w: 1.0)},
    "VesicleMembrane": {
        "delta_psi": ("charge_lumen", lambda p, w: p.capacitance),
        "pH_lumen": ("h_bath", lambda p, w: p.buffer),
    },
    "LumenPotassium": {"potassium_lumen": ("k_bath", lambda p, w: -p.volume_lumen)},
    "Adenylates": {x: (x, lambda p, w: w.volume_bath) for x in _BATH},
    "Oxygen": {"oxygen": ("oxygen", lambda p, w: w.volume_bath)},
}
"""Class, state: the pool that feeds it, and how much of the pool makes one unit of the state."""
