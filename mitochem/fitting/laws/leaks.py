"""Proton leak against the force, told by its value at a reference force inside the data.

Amplitude and steepness of a steep curve trade against each other over any window that can be measured; the leak at a
force in the middle of the window and the steepness do not.
"""

from __future__ import annotations

from typing import Any

from ...components import ExponentialLeak, OhmicLeak, SinhLeak, ThresholdLeak

__all__ = ["exponential_leak_law", "ohmic_leak_law", "sinh_leak_law", "threshold_leak_law"]


def ohmic_leak_law(force: Any, J_reference: Any, reference: Any) -> Any:
    """Leak proportional to the force (`OhmicLeak`), ``J_reference·Δp/reference``."""
    return J_reference * _relative(OhmicLeak(conductance=1.0), force, reference)


def exponential_leak_law(force: Any, J_reference: Any, steepness: Any, reference: Any) -> Any:
    """Leak that rises exponentially (`ExponentialLeak`), ``J_reference·(e^(bΔp) − 1)/(e^(b·reference) − 1)``."""
    return J_reference * _relative(ExponentialLeak(amplitude=1.0, steepness=steepness), force, reference)


def sinh_leak_law(force: Any, J_reference: Any, steepness: Any, reference: Any) -> Any:
    """Leak of the house model (`SinhLeak`), ``J_reference·sinh(kΔp)/sinh(k·reference)``."""
    return J_reference * _relative(SinhLeak(amplitude=1.0, steepness=steepness), force, reference)


def threshold_leak_law(
    force: Any, J_reference: Any, steepening: Any, threshold: Any, threshold_width: Any, reference: Any
) -> Any:
    """Ohmic leak with a corner (`ThresholdLeak`): above ``threshold`` the slope is ``1 + steepening`` times that."""
    leak = ThresholdLeak(
        conductance=1.0, threshold_conductance=steepening, threshold=threshold, threshold_width=threshold_width
    )
    return J_reference * _relative(leak, force, reference)


def _relative(leak: Any, force: Any, reference: Any) -> Any:
    return leak.J_leak(force) / leak.J_leak(reference)
