"""Rates against temperature, in logarithms: on that scale an Arrhenius plot is a line."""

from __future__ import annotations

from typing import Any

from ...components import TemperatureDependence
from ...constants import GAS_CONSTANT
from ...core.functions import log

__all__ = ["arrhenius_law", "q10_law"]


def arrhenius_law(temperature: Any, ln_rate_reference: Any, activation_energy: Any, reference: Any) -> Any:
    """Logarithm of a rate, ``ln v = ln v_ref − (Ea/R)·(1/T − 1/T_ref)``; Ea in kJ/mol, temperatures in K."""
    return ln_rate_reference - activation_energy / GAS_CONSTANT * (1 / temperature - 1 / reference)


def q10_law(temperature: Any, ln_rate_reference: Any, q10: Any, reference: Any) -> Any:
    """Logarithm of a rate with the factor of `TemperatureDependence`, ``v = v_ref·Q10^((T − T_ref)/10 K)``."""
    return ln_rate_reference + log(
        TemperatureDependence(q10=q10, reference_temperature=reference).velocity_factor(temperature)
    )
