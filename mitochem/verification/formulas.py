"""The laws of the house components once more, typed by hand from the model description in other forms.

Each takes the parameters of its component and the surroundings (typed from states and conditions, not read from
the model) and knows nothing of the code it is compared with. Rates are per minute.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["FACTORS", "FLUXES", "POSTS"]

Law = Callable[[SimpleNamespace, SimpleNamespace], Any]


def _reversible(x: Any, forward: Any, reverse: Any) -> Any:
    """B1 in the form of section L: v_f v_r (1 − e^−X)/(v_r + v_f e^−X), by branches of the sign of X."""
    down = np.exp(-np.abs(x))
    ahead = forward * reverse * (1 - down) / (reverse + forward * down)
    behind = -forward * reverse * (1 - down) / (reverse * down + forward)
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


def _per_atp(p: SimpleNamespace) -> Any:
    return p.c_ring / p.atp_per_turn + p.transport_protons


def _phosphorylation(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    drive = (_per_atp(p) * w.F * w.pmf - w.delta_Gp) / w.RT
    saturated = w.adp_bath / (p.K_adp + w.adp_bath) * w.pi_bath / (p.K_pi + w.pi_bath)
    forward = p.capacity * saturated / (1 + np.exp((p.pmf_half - w.pmf) / p.pmf_width))
    reverse = p.reverse_capacity * w.atp_bath / (p.K_atp + w.atp_bath)
    return w.activity_phosphorylation * _reversible(drive, forward, reverse)


def _linear_phosphorylation(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    n = _per_atp(p)
    return w.activity_phosphorylation * p.conductance / n * (w.pmf - w.delta_Gp / (n * w.F))


def _uniport(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    inside = w.K_matrix / w.volume_matrix
    return p.permeability * w.potassium_permeability * 2 * np.sqrt(inside * w.potassium_bath) * np.sinh(
        (w.delta_psi - w.E_K) / (2 * w.kT)
    )


def _exchange(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    inside, out, matrix = w.K_matrix / w.volume_matrix, 10 ** (3 - w.pH_bath), 10 ** (3 - w.pH_matrix)
    return p.activity * w.exchange_activity * (inside * out - w.potassium_bath * matrix)


def _load(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    binding = 2 * p.adsorption_length * p.membrane_area * w.protein
    return p.dose * 1e-3 * (1000.0 / w.protein) * binding / (1 + binding)


def _carried(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    # Two occupancies: carrier at the outer face from the steady state of crossing, then the anion's net flow.
    outer, inner = 1 / (1 + 10 ** (w.pH_bath - p.pK)), 1 / (1 + 10 ** (w.pH_matrix - p.pK))
    pull = np.exp(w.delta_psi / (2 * w.kT))
    inward = p.k_neutral * outer + p.k_anion * (1 - outer) / pull
    outward = p.k_neutral * inner + p.k_anion * (1 - inner) * pull
    at_outer = outward / (inward + outward)
    cycle = p.k_neutral * (at_outer * outer - (1 - at_outer) * inner)
    return p.effectiveness * _load(p, w) * cycle


FLUXES: dict[str, dict[str, Law]] = {
    "ElectronTransport": {"J_coupled": _chain, "J_slip": _slip},
    "LinearElectronTransport": {
        "J_coupled": lambda p, w: w.activity_chain * p.conductance * (p.static_head - w.pmf) / p.h_per_o2
    },
    "Phosphorylation": {"J_ATP": _phosphorylation},
    "LinearPhosphorylation": {"J_ATP": _linear_phosphorylation},
    "SinhLeak": {
        "J_leak": lambda p, w: p.amplitude * (np.exp(p.steepness * w.pmf) - np.exp(-p.steepness * w.pmf)) / 2
    },
    "OhmicLeak": {"J_leak": lambda p, w: p.conductance * w.pmf},
    "ExponentialLeak": {"J_leak": lambda p, w: p.amplitude * (np.exp(p.steepness * w.pmf) - 1)},
    "PotassiumUniport": {"J_K_uniport": _uniport},
    "PotassiumProtonExchange": {"J_KH_exchange": _exchange},
    "LinearPotassiumUniport": {"J_K_uniport": lambda p, w: p.conductance * (w.delta_psi - w.E_K)},
    "LinearPotassiumProtonExchange": {"J_KH_exchange": lambda p, w: p.conductance * (w.E_K + w.Z * w.delta_pH)},
    "SaturatingLoad": {"J_load": lambda p, w: p.capacity / (1 + p.K_atp / w.atp_bath)},
    "ConstantDemand": {"J_load": lambda p, w: p.demand},
    "Protonophore": {"J_carried": _carried},
}
"""Class, law: what the flux should be."""

FACTORS: dict[str, dict[str, Law]] = {
    "Inhibitor": {"remaining": lambda p, w: p.half_dose**p.hill / (p.half_dose**p.hill + p.dose**p.hill)},
    "Ionophore": {"opened": lambda p, w: (p.doubling_dose + p.dose) / p.doubling_dose},
    "Protonophore": {"inhibited": lambda p, w: 1 / (1 + _load(p, w) / p.inhibition)},
    "TemperatureDependence": {
        "velocity_factor": lambda p, w: p.q10 ** ((w.temperature - p.reference_temperature) / p.interval)
    },
}
"""Class, derived quantity: what the factor should be."""

_PUMP = {
    "electron_donor": lambda p: -4,
    "oxygen": lambda p: -1,
    "charge_ims": lambda p: p.h_per_o2,
    "h_matrix": lambda p: -p.h_per_o2,
}
_SYNTHESIS = {
    "charge_ims": lambda p: -_per_atp(p),
    "h_matrix": _per_atp,
    "adp_bath": lambda p: -1,
    "pi_bath": lambda p: -1,
    "atp_bath": lambda p: 1,
}
_LEAK = {"charge_ims": lambda p: -1, "h_matrix": lambda p: 1}
_UNIPORT = {"charge_ims": lambda p: -1, "k_matrix": lambda p: 1}
_ANTIPORT = {"k_matrix": lambda p: -1, "h_matrix": lambda p: 1}
_WORK = {"atp_bath": lambda p: -1, "adp_bath": lambda p: 1, "pi_bath": lambda p: 1}

POSTS: dict[str, dict[str, dict[str, Callable[[SimpleNamespace], Any]]]] = {
    "ElectronTransport": {
        "J_coupled": _PUMP,
        "J_slip": {"electron_donor": lambda p: -4, "oxygen": lambda p: -1},
    },
    "LinearElectronTransport": {"J_coupled": _PUMP},
    "Phosphorylation": {"J_ATP": _SYNTHESIS},
    "LinearPhosphorylation": {"J_ATP": _SYNTHESIS},
    **{kind: {"J_leak": _LEAK} for kind in ("SinhLeak", "OhmicLeak", "ExponentialLeak")},
    **{kind: {"J_K_uniport": _UNIPORT} for kind in ("PotassiumUniport", "LinearPotassiumUniport")},
    **{
        kind: {"J_KH_exchange": _ANTIPORT} for kind in ("PotassiumProtonExchange", "LinearPotassiumProtonExchange")
    },
    "SaturatingLoad": {"J_load": _WORK},
    "ConstantDemand": {"J_load": _WORK},
    "Protonophore": {"J_carried": _LEAK},
}
"""Class, law: what one unit of the flux adds to which pool."""
