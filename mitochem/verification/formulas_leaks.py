"""Leaks and uncouplers typed by hand from the model description (F1 to F4), in other forms than their code."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

__all__ = ["LEAKS", "uncoupler_load"]


def _barrier(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    # e^{(δ−1/2)φ} times the barrier in the middle, which is a sinh of the force.
    mean = 10 ** (3 - (w.pH_bath + w.pH_matrix) / 2)
    tilt = np.exp((p.barrier_position - 0.5) * w.delta_psi / w.kT)
    return 2 * p.permeability * mean * tilt * np.sinh(w.pmf / (2 * w.kT))


def _constant_field(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    u = w.delta_psi / w.kT
    with np.errstate(all="ignore"):
        inside_out = 10 ** (3 - w.pH_bath) * np.exp(u) - 10 ** (3 - w.pH_matrix)
        return p.permeability * u * inside_out / np.expm1(u)


def _threshold(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    def corner(x: Any) -> Any:
        return np.logaddexp(0.0, (x - p.threshold) / p.threshold_width) * p.threshold_width

    return p.conductance * w.pmf + p.threshold_conductance * (corner(w.pmf) - corner(-w.pmf))


def _open(p: SimpleNamespace) -> Any:
    """UCP1: fatty acid against nucleotide, FA K_N/(FA K_N + K_FA (K_N + N))."""
    wanted = p.fatty_acid * p.nucleotide_half
    return wanted / (wanted + p.fatty_acid_half * (p.nucleotide_half + p.nucleotide))


def uncoupler_load(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    """Uncoupler bound per mg: all of it per mg, times the fraction that 2 β A ρ binds."""
    binding = 2 * p.adsorption_length * p.membrane_area * w.protein
    return p.dose / w.protein * binding / (1 + binding)


def _carried(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    # Where the carrier is, from the steady state of crossing; then the net crossing of the neutral form.
    outer, inner = 1 / (1 + 10 ** (w.pH_bath - p.pK)), 1 / (1 + 10 ** (w.pH_matrix - p.pK))
    pull = np.exp(w.delta_psi / (2 * w.kT))
    inward = p.k_neutral * outer + p.k_anion * (1 - outer) / pull
    outward = p.k_neutral * inner + p.k_anion * (1 - inner) * pull
    at_outer = outward / (inward + outward)
    cycle = p.k_neutral * (at_outer * outer - (1 - at_outer) * inner)
    return p.effectiveness * uncoupler_load(p, w) * cycle


def _dimer(p: SimpleNamespace, w: SimpleNamespace) -> Any:
    # Neutral form equal on both faces, N_o θ_o = N_m θ_m; dimers N_s² θ_s (1 − θ_s) cross one barrier in the middle.
    outer, inner = 1 / (1 + 10 ** (w.pH_bath - p.pK)), 1 / (1 + 10 ** (w.pH_matrix - p.pK))
    at_outer = inner / (outer + inner)
    pull = np.exp(w.delta_psi / (2 * w.kT))
    inside, outside = (1 - at_outer) ** 2 * inner * (1 - inner), at_outer**2 * outer * (1 - outer)
    return p.effectiveness * p.k_dimer * uncoupler_load(p, w) ** 2 * (inside * pull - outside / pull)


LEAKS: dict[str, dict[str, Callable[[SimpleNamespace, SimpleNamespace], Any]]] = {
    "SinhLeak": {"J_leak": lambda p, w: p.amplitude * (np.exp(p.steepness * w.pmf) - np.exp(-p.steepness * w.pmf)) / 2},
    "PotentialLeak": {
        "J_leak": lambda p, w: (
            p.amplitude * (np.exp(p.steepness * w.delta_psi) - np.exp(-p.steepness * w.delta_psi)) / 2
        )
    },
    "OhmicLeak": {"J_leak": lambda p, w: p.conductance * w.pmf},
    "ExponentialLeak": {"J_leak": lambda p, w: p.amplitude * (np.exp(p.steepness * w.pmf) - 1)},
    "EyringLeak": {"J_leak": _barrier},
    "GHKLeak": {"J_leak": _constant_field},
    "ThresholdLeak": {"J_leak": _threshold},
    "ConductanceLeak": {"J_leak": lambda p, w: p.conductance * w.pmf * np.exp(p.steepness * w.pmf)},
    "UCP1": {"J_ucp1": lambda p, w: p.conductance * _open(p) * w.pmf},
    "SinhUCP1": {
        "J_ucp1": lambda p, w: p.conductance * _open(p) * np.sinh(p.steepness * w.pmf) / p.steepness,
    },
    "Protonophore": {"J_carried": _carried},
    "DimerProtonophore": {"J_carried": _dimer},
}
"""Class, law: what the flux should be."""
