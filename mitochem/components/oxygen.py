"""Oxygen of the chamber."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter, state


@component
class Oxygen(Component):
    """Dissolved O2: held in an open, air-saturated chamber, used up in a closed one.

    References
    ----------
    Air-saturated medium holds about 0.2 mM O2 at 37 degC: Gnaiger 2003.
    """

    role = "oxygen_supply"
    contents = {"oxygen": {"electrons": -4}}

    @state(
        "mM",
        initial=0.2,
        alias="O2",
        bounds=(0, None),
        scale=0.01,
        held=("simulate", "steady_state", "titrate"),
        symbol=r"\mathrm{O_2}",
    )
    def oxygen(self, net_oxygen, volume_bath):
        """Oxygen"""
        return net_oxygen / volume_bath

    @derived("kJ/mol")
    def mu_oxygen(self, thermal_energy):
        """Potential of O2: the span of the chain is measured against it, at any level that supports respiration"""
        return 0 * thermal_energy


@component
class OxygenReservoir(Component):
    """O2 at a constant level, with no state of its own: for closed forms.

    Parameters
    ----------
    oxygen : mM
        Oxygen of the chamber.

    References
    ----------
    Air-saturated medium: Gnaiger 2003.
    """

    role = "oxygen_supply"
    contents = {"oxygen": {"electrons": -4}}

    oxygen: float = parameter(
        0.2, "mM", bounds=(0, None), range=(0.01, 0.26), status="read", shared=True, source="Gnaiger2003"
    )

    @derived("kJ/mol")
    def mu_oxygen(self, thermal_energy):
        """Potential of O2: the zero of the scale"""
        return 0 * thermal_energy
