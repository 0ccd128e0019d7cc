"""The respiratory chain as one pump: electrons to oxygen, protons to the intermembrane space."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter, total
from ..core.functions import expm1
from ..core.primitives import kernel, logistic


@component
class LumpedChain(Component):
    """What every law of the chain as one pump has: electrons from a donor to oxygen, protons and charges moved out.

    A subclass says in ``redox_span`` how far apart donor and oxygen are, and gives the laws of its fluxes.

    Parameters
    ----------
    h_per_o2 : 1
        Charges and protons moved out per O2 (20 from NADH, 12 from succinate).
    """

    role = "electron_transport"
    contents = {"electron_donor": {"electrons": 1}, "oxygen": {"electrons": -4}}

    h_per_o2: float = parameter(20.0, "1", bounds=(0, None), range=(10, 20), status="read", source="PMC8786295")

    J_O2 = total("Oxygen consumption", unit="nmol/min/mg", symbol="J_{O_2}")
    activity_chain = factor("Activity of the chain from complex III on")

    @derived("kJ/mol")
    def mu_electron_donor(self, faraday):
        """Energy of an electron on its way from substrate to oxygen"""
        return faraday * self.redox_span


# As subclasses post it: on a class that is made, a parameter's name is its default, a plain number.
H_PER_O2 = LumpedChain.declared_parameters["h_per_o2"]


@component
class ElectronTransport(LumpedChain):
    """Lumped chain from substrate to oxygen, with respiratory control by the proton-motive force.

    ``J = a · kernel(A/(χRT), v_f, v_r)`` with the affinity ``A = 4F·span − h_per_o2·F·Δp`` per O2 and

    ``v_f = capacity · O2/(K + O2) / (1 + exp((Δp − pmf_half)/pmf_width))``.

    The sigmoid is what a voltage-independent and an electrogenic step in series give; state 4 is
    far from equilibrium, so a law of the affinity alone would show no respiratory control. Slip is a second,
    non-pumping path from substrate to oxygen, never a smaller ``h_per_o2``, which would move the reversal point.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of oxygen use, in O2.
    reverse_capacity : nmol/min/mg
        Largest rate of reverse electron flow. At 0 the forward pump would stop too.
    redox_span : mV
        Redox span per electron, oxygen minus substrate couple.
    pmf_half : mV
        Δp that halves the forward capacity.
    pmf_width : mV
        e-fold width of that back-pressure.
    stoichiometric_number : 1
        Turns of the rate-limiting step per O2.
    oxygen_half_saturation : mM
        O2 at half rate.
    substrate : 1
        Saturation with substrate, 0 to 1.
    slip_capacity : nmol/min/mg
        Largest rate of the non-pumping path, in O2.
    complex_I_share : 1
        1 if electrons enter at complex I (NADH-linked), 0 if at complex II (succinate).

    References
    ----------
    Kernel: Jin & Bethke 2002. Spans and stoichiometry: PMC8786295. Oxygen: Gnaiger 2003.
    """

    capacity: float = parameter(
        100.0, "nmol/min/mg", bounds=(0, None), range=(30, 400), status="calibrated", symbol="V_e",
        source="assumed: calibrated to state 3 of 157 nmol O/min/mg; liver to heart spans the range",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        2.5, "nmol/min/mg", bounds=(0.05, None), range=(0.05, 25), status="calibrated", symbol="V_{er}",
        source="assumed: calibrated; not identifiable from forward respiration",
    )  # fmt: skip
    redox_span: float = parameter(
        1093.5, "mV", bounds=(0, None), range=(1043.5, 1143.5), status="read", symbol=r"\Delta E_h", source="PMC8786295"
    )
    pmf_half: float = parameter(
        166.6, "mV", bounds=(0, None), range=(150, 200), status="calibrated", symbol=r"\Delta p_{1/2}",
        source="assumed: calibrated to the respiratory control ratio and Δp of liver mitochondria",
    )  # fmt: skip
    pmf_width: float = parameter(
        8.4, "mV", bounds=(0.1, None), range=(5, 15), status="calibrated", symbol="w_e",
        source="assumed: calibrated to the respiratory control ratio and Δp of liver mitochondria",
    )  # fmt: skip
    stoichiometric_number: float = parameter(
        2.0, "1", bounds=(0.1, None), range=(2, 20), status="calibrated", symbol=r"\chi", source="JinBethke2002"
    )
    oxygen_half_saturation: float = parameter(
        5e-4, "mM", bounds=(0, None), range=(2e-4, 1e-3), status="read", symbol="K_{O_2}", source="Gnaiger2003"
    )
    substrate: float = parameter(
        1.0, "1", bounds=(0, 1), range=(0.1, 1), status="assumed", symbol="f_S", source="assumed: saturating substrate"
    )
    slip_capacity: float = parameter(
        0.0, "nmol/min/mg", bounds=(0, None), range=(0.01, 5), status="assumed", symbol="V_{sl}",
        source="assumed: no slip; whether it occurs is contested (BST20050897)",
    )  # fmt: skip
    complex_I_share: float = parameter(
        1.0, "1", bounds=(0, 1), range=(0.01, 1), status="assumed", source="assumed: NADH-linked substrate"
    )

    activity_complex_I = factor("Activity of complex I")
    activity_complex_II = factor("Activity of complex II")

    @derived("1", local=True)
    def activity(self, activity_chain, activity_complex_I, activity_complex_II):
        """Fraction of the chain that is supplied and not inhibited"""
        entry = self.complex_I_share * activity_complex_I + (1 - self.complex_I_share) * activity_complex_II
        return self.substrate * activity_chain * entry

    @derived("1", local=True)
    def oxygen_saturation(self, oxygen):
        """Saturation of cytochrome oxidase with O2"""
        return oxygen / (self.oxygen_half_saturation + oxygen)

    @derived("nmol/min/mg", local=True)
    def forward_capacity(self, pmf, oxygen_saturation):
        """Forward capacity against the back-pressure of Δp"""
        return self.capacity * oxygen_saturation * logistic((self.pmf_half - pmf) / self.pmf_width)

    @flux(
        "nmol/min/mg",
        into="J_O2",
        electron_donor=-4,
        oxygen=-1,
        charge_ims=H_PER_O2,
        h_matrix=-H_PER_O2,
    )
    def J_coupled(self, affinity, thermal_energy, activity, forward_capacity):
        """Proton-pumping oxygen consumption"""
        drive = affinity / (self.stoichiometric_number * thermal_energy)
        return activity * kernel(drive, forward_capacity, self.reverse_capacity)

    @flux("nmol/min/mg", into="J_O2", electron_donor=-4, oxygen=-1)
    def J_slip(self, affinity, thermal_energy, activity, oxygen_saturation):
        """Oxygen consumption that pumps nothing"""
        drive = affinity / (self.stoichiometric_number * thermal_energy)
        return -self.slip_capacity * activity * oxygen_saturation * expm1(-drive)


@component
class LinearElectronTransport(LumpedChain):
    """Chain near equilibrium: proton ejection proportional to the distance from the static head.

    ``h_per_o2 · J_O2 = conductance · (static_head − Δp)``: for closed forms, true only within about 10 kJ/mol
    of equilibrium.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Protons pumped per minute and millivolt.
    static_head : mV
        Δp at which the pump stops.

    References
    ----------
    Linear force-flow relations of non-equilibrium thermodynamics, worked example H1 of the model description.
    """

    conductance: float = parameter(
        18.0, "nmol/min/mg/mV", bounds=(0, None), range=(5, 60), status="assumed", symbol="g_e",
        source="assumed: worked example H1, 0.30 nmol/s/mg/mV",
    )  # fmt: skip
    static_head: float = parameter(
        220.0, "mV", bounds=(0, None), range=(190, 240), status="assumed", symbol="E_e",
        source="assumed: worked example H1",
    )  # fmt: skip
    redox_span = static_head * H_PER_O2 / 4  # four electrons per O2

    @flux(
        "nmol/min/mg",
        into="J_O2",
        electron_donor=-4,
        oxygen=-1,
        charge_ims=H_PER_O2,
        h_matrix=-H_PER_O2,
    )
    def J_coupled(self, affinity, faraday, activity_chain):
        """Proton-pumping oxygen consumption"""
        return activity_chain * self.conductance * affinity / (faraday * self.h_per_o2**2)
