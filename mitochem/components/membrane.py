"""The inner membrane: where charge and protons are stored, and the proton-motive force they make."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter, state, total


@component
class ChargedMembrane(Component):
    """What every inner membrane has: a capacitance, the energy of a charge across it, and uncouplers in it.

    Parameters
    ----------
    capacitance : nmol/mg/mV
        Charge per millivolt. 0.005 is 0.48 mF/mg, about 480 cm2/mg at 1 µF/cm2.
    """

    role = "membrane"
    contents = {"charge_ims": {"charge": 1}, "h_matrix": {"charge": 1}}

    capacitance: float = parameter(
        5e-3, "nmol/mg/mV", bounds=(1e-9, None), range=(2e-3, 20e-3), status="read", symbol="C", source="BNID104078"
    )

    J_uncoupler = total("Protons returned by uncouplers", unit="nmol/min/mg", symbol="J_U")

    @derived("kJ/mol")
    def mu_charge_ims(self, delta_psi, faraday):
        """Potential of a charge in the intermembrane space"""
        return faraday * delta_psi


@component
class Membrane(ChargedMembrane):
    """Inner membrane and matrix buffer: Δψ and matrix pH as two independent states.

    ``C dΔψ/dt`` is the net charge moved to the intermembrane space, ``β dpH/dt`` the net protons taken
    from the matrix. Because a pH unit is worth far more protons than 180 mV is worth charges, ΔpH can only build up
    when another ion crosses without charge (see `potassium`).

    Parameters
    ----------
    buffer : nmol/mg
        Protons taken or released by the matrix per unit of pH.

    References
    ----------
    Δp = Δψ + Z ΔpH with both terms positive when energised; many texts write minus, with ΔpH taken
    outside minus matrix.
    """

    buffer: float = parameter(
        22.0, "nmol/mg", bounds=(1e-6, None), range=(5, 40), status="read", symbol=r"\beta_m",
        source="Korzeniewski2001",
    )  # fmt: skip

    @state("mV", initial=0.0, scale=100.0, symbol=r"\Delta\psi")
    def delta_psi(self, net_charge_ims):
        """Membrane potential, intermembrane space minus matrix"""
        return net_charge_ims / self.capacitance

    @state("1", initial=7.2, bounds=(0, 14), scale=1.0, symbol=r"\mathrm{pH}_m")
    def pH_matrix(self, net_h_matrix):
        """pH of the matrix"""
        return -net_h_matrix / self.buffer

    @derived("1", symbol=r"\Delta\mathrm{pH}")
    def delta_pH(self, pH_matrix, pH_bath):
        """pH difference, matrix minus intermembrane space"""
        return pH_matrix - pH_bath

    @derived("mV", symbol=r"\Delta p")
    def pmf(self, delta_psi, delta_pH, nernst_slope):
        """Proton-motive force"""
        return delta_psi + nernst_slope * delta_pH

    @derived("kJ/mol")
    def mu_h_matrix(self, delta_pH, nernst_slope, faraday):
        """Chemical potential of matrix protons, relative to the bath"""
        return -faraday * nernst_slope * delta_pH


@component
class LumpedMembrane(ChargedMembrane):
    """One state for the whole proton-motive force, with ΔpH as an input: for closed forms and teaching.

    ``C dΔp/dt`` is the net charge moved to the intermembrane space. What it leaves out: a matrix pH that moves.

    Parameters
    ----------
    delta_pH : 1
        pH difference, matrix minus intermembrane space, held constant.

    References
    ----------
    The one-variable form of the balances of `Membrane`.
    """

    delta_pH: float = parameter(
        0.0, "1", bounds=(-7, 7), range=(0.05, 0.8), status="assumed", shared=True, symbol=r"\Delta\mathrm{pH}",
        source="assumed: all of the force is electrical unless said otherwise",
    )  # fmt: skip

    @state("mV", initial=0.0, scale=100.0, symbol=r"\Delta p")
    def pmf(self, net_charge_ims):
        """Proton-motive force"""
        return net_charge_ims / self.capacitance

    @derived("mV", symbol=r"\Delta\psi")
    def delta_psi(self, pmf, nernst_slope):
        """Membrane potential, intermembrane space minus matrix"""
        return pmf - nernst_slope * self.delta_pH

    @derived("1")
    def pH_matrix(self, pH_bath):
        """pH of the matrix"""
        return pH_bath + self.delta_pH

    @derived("kJ/mol")
    def mu_h_matrix(self, nernst_slope, faraday):
        """Chemical potential of matrix protons, relative to the bath"""
        return -faraday * nernst_slope * self.delta_pH
