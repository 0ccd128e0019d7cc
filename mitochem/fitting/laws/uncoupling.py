"""Conductance of a bilayer with a weak-acid protonophore."""

from __future__ import annotations

from typing import Any

from ...components import Protonophore
from ...constants import FARADAY
from ...core.functions import exp, log, logistic
from ...electrochemistry import thermal_voltage

__all__ = ["carrier_conductance_law"]


def carrier_conductance_law(
    pH: Any, dose: Any, beta_k_anion: Any, neutral_over_anion: Any, pK: Any, voltage: Any, temperature: Any
) -> Any:
    """Steady conductance (S/cm2) of a bilayer with the same pH on both sides, from the carrier cycle of `Protonophore`.

    ``G = F·N·turnover(V)/V`` with ``N = 2·β·dose`` on both faces. Adsorption β and the rates enter as products alone,
    ``beta_k_anion = β·k_A`` (cm/s) and its multiple by ``neutral_over_anion = k_HA/k_A``: at one voltage doubling β is
    halving both rates. pH and pK at the interface, ``dose`` in µM, ``voltage`` in mV not 0, temperature in K.

    References
    ----------
    Carrier cycle: Benz & McLaughlin 1983. Adsorption of HA and A⁻ alike, as stated for CCCP by Kasianowicz 1984.
    """
    protonated = logistic(log(10.0) * (pK - pH))
    cycle = Protonophore(k_anion=1.0, k_neutral=neutral_over_anion)
    turnover = cycle.turnover(voltage, thermal_voltage(temperature), protonated, protonated)
    # F in C/µmol times nmol/cm2/s is mA/cm2; over mV that is S/cm2.
    return FARADAY * 2 * beta_k_anion * dose * turnover / voltage


def best_pH(neutral_over_anion: Any, pK: Any, voltage: Any, temperature: Any) -> Any:
    """pH of the largest conductance, ``pK + log10(…)/2``: near pK where the voltage makes the anion's crossing fast.

    ``k_HA/(k_A·cosh(FV/2RT))`` is what both crossings weigh; at V → 0 it is ``pK + ½·log10(k_HA/k_A)``.
    """
    pull = exp(voltage / (2 * thermal_voltage(temperature)))
    weight = 2 * neutral_over_anion / (pull + 1 / pull)
    return pK + log(weight) / (2 * log(10.0))
