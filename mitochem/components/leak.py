"""Passive return of protons to the matrix."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import flux, parameter
from ..core.functions import expm1, sinh


@component
class SinhLeak(Component):
    """Leak that is steeper than ohmic and reverses with the force.

    ``J_leak = amplitude · sinh(steepness · Δp)``. With steepness F/2RT it is a single Eyring barrier in the middle
    of the membrane.

    Parameters
    ----------
    amplitude : nmol/min/mg
        Twice the pre-factor of the exponential branch. A leak is an inward flux; use 0 to switch it off.
    steepness : 1/mV
        e-fold rise per 1/steepness mV.

    References
    ----------
    Steep current-voltage curve: Nicholls 1974; Krishnamoorthy & Hinkle 1984.
    """

    role = "leak"

    amplitude: float = parameter(
        0.618, "nmol/min/mg", bounds=(0, None), range=(0.18, 3.0), status="calibrated", symbol="A_L",
        source="Nicholls1974",
    )  # fmt: skip
    steepness: float = parameter(
        0.035, "1/mV", bounds=(0, None), range=(0.019, 0.06), status="calibrated", symbol="k_L", source="Nicholls1974"
    )

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.amplitude * sinh(self.steepness * pmf)


@component
class OhmicLeak(Component):
    """Leak proportional to the force, ``J_leak = conductance · Δp``: for closed forms and protonophore-like leaks.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Protons per minute and millivolt.

    References
    ----------
    Worked example H1 of the model description; real membranes are steeper (Nicholls 1974).
    """

    role = "leak"

    conductance: float = parameter(
        1.2, "nmol/min/mg/mV", bounds=(0, None), range=(0.1, 5), status="assumed", symbol="g_L",
        source="assumed: worked example H1, 0.02 nmol/s/mg/mV",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.conductance * pmf


@component
class ExponentialLeak(Component):
    """Leak that rises exponentially, ``J_leak = amplitude · (exp(steepness · Δp) − 1)``; saturates when reversed.

    Parameters
    ----------
    amplitude : nmol/min/mg
        Largest reversed leak, and pre-factor of the exponential.
    steepness : 1/mV
        e-fold rise per 1/steepness mV.

    References
    ----------
    Form and steepness: Korzeniewski & Zoladz 2001.
    """

    role = "leak"

    amplitude: float = parameter(
        0.3, "nmol/min/mg", bounds=(0, None), range=(0.05, 1.0), status="assumed", symbol="k_1",
        source="assumed: worked example H3, 0.005 nmol/s/mg",
    )  # fmt: skip
    steepness: float = parameter(
        0.035, "1/mV", bounds=(0, None), range=(0.019, 0.06), status="assumed", symbol="k_2",
        source="assumed: worked example H3; 0.038 in Korzeniewski2001",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.amplitude * expm1(self.steepness * pmf)
