"""ATP synthase against the proton-motive force: where it stands still, and how fast it goes."""

from __future__ import annotations

from typing import Any

from ...components import Phosphorylation
from ...constants import GAS_CONSTANT
from ...electrochemistry import pmf_energy
from ...thermodynamics import kernel

__all__ = ["boltzmann_law", "equilibrium_law", "falling_law", "reversible_law"]


def equilibrium_law(pmf: Any, h_per_atp_thermodynamic: Any, standard_energy: Any) -> Any:
    """Mass action ratio that a force holds in equilibrium, ``RT ln Q = n·F·Δp − ΔG°'`` in kJ/mol.

    ``Q = [ATP]/([ADP][Pi])`` with concentrations relative to 1 M; Δp in mV and ΔG°' of *synthesis*, positive, in
    kJ/mol. What n this gives is the thermodynamic H+/ATP.

    References
    ----------
    Turina, Samoray & Gräber 2003.
    """
    return h_per_atp_thermodynamic * pmf_energy(pmf) - standard_energy


def reversible_law(pmf: Any, vmax: Any, reverse: Any, h_per_atp: Any, delta_Gp: Any, temperature: Any) -> Any:
    """Reversible rate, ``vmax·(1 − e^−X)/(1 + (vmax/reverse)·e^−X)`` with ``X = (n·F·Δp − ΔG_P)/RT``.

    Zero at equilibrium, negative below it (hydrolysis, down to ``−reverse``), ``vmax`` far above. The denominator is
    the saturation by the reverse reaction; with ``reverse`` large it is 1. Δp in mV, ΔG_P in kJ/mol, temperature in K.

    References
    ----------
    Kernel of all reversible steps of the package, `mitochem.thermodynamics.kernel`.
    """
    affinity = (h_per_atp * pmf_energy(pmf) - delta_Gp) / (GAS_CONSTANT * temperature)
    return kernel(affinity, vmax, reverse)


def boltzmann_law(pmf: Any, vmax: Any, pmf_half: Any, pmf_width: Any) -> Any:
    """Sigmoid ``vmax/(1 + e^−((Δp − Δp_half)/w))``: the force that switches synthesis on in `Phosphorylation`.

    A description: the steepness 1/w is not H+/ATP.
    """
    return Phosphorylation(capacity=vmax, pmf_half=pmf_half, pmf_width=pmf_width).forward_capacity(pmf)


def falling_law(pmf: Any, vmax: Any, pmf_half: Any, pmf_width: Any) -> Any:
    """Sigmoid that falls with the force, ``vmax − boltzmann_law``: substrate oxidation held back by Δp."""
    return vmax - boltzmann_law(pmf, vmax, pmf_half, pmf_width)
