"""The laws of the house components once more, typed by hand from the model description in other forms.

Each takes the parameters of its component and the surroundings (typed from states and conditions, not read from
the model) and knows nothing of the code it is compared with. Rates are per minute, before the temperature factor.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .formulas_leaks import LEAKS

__all__ = ["FLUXES", "Law", "per_atp"]

Law = Callable[[SimpleNamespace, SimpleNamespace], Any]


def _reversible(x: Any, forward: Any, reverse: Any) -> Any:
    """B1 in the form of section L: v_f v_r (1 − e^−X)/(v_r + v_f e^−X), by branches of the sign of X."""
    down = np.exp(-np.abs(x))
    ahead = forward * reverse * -np.expm1(-np.abs(x)) / (reverse + forward * down)
    behind = forward * reverse * np.expm1(-np.abs(x)) / (reverse * down + forward)
    return np.where(x >= 0, ahead, behind)


def _chain_activity(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    entry = p.complex_I_share * w.activity_complex_I + (1 - p.complex_I_share) * w.activity_complex_II
    return p.substrate * w.activity_chain * entry


def _oxygen(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    return 1 / (1 + p.oxygen_half_saturation / w.oxygen)


def _chain(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    gain = (4 * p.redox_span - p.h_per_o2 * w.pmf) / (p.stoichiometric_number * w.kT)
    forward = p.capacity * _oxygen(p, w) / (1 + np.exp((w.pmf - p.pmf_half) / p.pmf_width))
    return _chain_activity(p, w) * _reversible(gain, forward, p.reverse_capacity)


def _slip(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    gain = 4 * p.redox_span / (p.stoichiometric_number * w.kT)
    return p.slip_capacity * _chain_activity(p, w) * _oxygen(p, w) * (1 - np.exp(-gain))


def per_atp(p: SimpleNamespace) -> Any:
    """Protons per ATP of the bath: c/3, as far as it counts at equilibrium, and one for transport."""
    return getattr(p, "thermodynamic_share", 1.0) * p.c_ring / p.atp_per_turn + p.transport_protons


def _phosphorylation(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    return _synthesis(p, w, p.capacity / (1 + np.exp((p.pmf_half - w.pmf) / p.pmf_width)))


def _rotary(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    # Time per turn: chemistry, and loading x transfer x release of a proton.
    waiting = np.exp(-p.voltage_share * w.delta_psi / w.kT) / p.transfer_capacity
    waiting = waiting * (1 + 10 ** (w.pH_bath - p.pK_bath)) * (1 + 10 ** (p.pK_matrix - w.pH_matrix))
    return _synthesis(p, w, 1 / (1 / p.capacity + waiting))


def _synthesis(p: SimpleNamespace, w: SimpleNamespace, largest: Any) -> Any:
    drive = (per_atp(p) * w.F * w.pmf - w.delta_Gp) / w.RT
    forward = largest * w.adp_bath / (p.K_adp + w.adp_bath) * w.pi_bath / (p.K_pi + w.pi_bath)
    reverse = w.activity_hydrolysis * p.reverse_capacity * w.atp_bath / (p.K_atp + w.atp_bath)
    return w.activity_phosphorylation * _reversible(drive, forward, reverse)


def _linear_phosphorylation(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    n = per_atp(p)
    return w.activity_phosphorylation * p.conductance / n * (w.pmf - w.delta_Gp / (n * w.F))


def _uniport(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    mean = np.sqrt(w.K_matrix / w.volume_matrix * w.potassium_bath)
    return p.permeability * w.potassium_permeability * 2 * mean * np.sinh((w.delta_psi - w.E_K) / (2 * w.kT))


def _exchange(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    inside, out, matrix = w.K_matrix / w.volume_matrix, 10 ** (3 - w.pH_bath), 10 ** (3 - w.pH_matrix)
    return p.activity * w.exchange_activity * (inside * out - w.potassium_bath * matrix)


FLUXES: dict[str, dict[str, Law]] = {
    **LEAKS,
    "ElectronTransport": {"J_coupled": _chain, "J_slip": _slip},
    "LinearElectronTransport": {
        "J_coupled": lambda p, w: w.activity_chain * p.conductance * (p.static_head - w.pmf) / p.h_per_o2
    },
    "Phosphorylation": {"J_ATP": _phosphorylation},
    "RotaryPhosphorylation": {"J_ATP": _rotary},
    "LinearPhosphorylation": {"J_ATP": _linear_phosphorylation},
    "PotassiumUniport": {"J_K_uniport": _uniport},
    "PotassiumProtonExchange": {"J_KH_exchange": _exchange},
    "LinearPotassiumUniport": {"J_K_uniport": lambda p, w: p.conductance * (w.delta_psi - w.E_K)},
    "LinearPotassiumProtonExchange": {"J_KH_exchange": lambda p, w: p.conductance * (w.E_K + w.Z * w.delta_pH)},
    "SaturatingLoad": {"J_load": lambda p, w: p.capacity / (1 + p.K_atp / w.atp_bath)},
    "ConstantDemand": {"J_load": lambda p, w: p.demand},
    "Glycolysis": {"J_glycolysis": lambda p, w: p.capacity / (1 + p.K_adp / w.adp_bath)},
    "NonMitochondrialOxygenUse": {"J_used": lambda p, w: p.rate / (1 + p.oxygen_half_saturation / w.oxygen)},
    "Hexokinase": {
        "J_hexokinase": lambda p, w: p.capacity / (1 + p.K_atp / w.atp_bath) / (1 + p.K_glucose / p.glucose)
    },
}
"""Class, law: what the flux should be."""
