"""A closed vesicle with its acid side inside: membrane, internal buffer and potassium of the lumen.

Signs are those of a mitochondrion, told by the sides of the synthase: P is the side protons come from, N the side
where F1 makes ATP. In a mitochondrion P is outside and N is the matrix. In a vesicle made of purified synthase, in a
chromatophore or a thylakoid, F1 faces out: P is the lumen, N the bath. Hence ``Δψ = ψ(lumen) − ψ(bath)`` and
``ΔpH = pH(bath) − pH(lumen)``: acid or positive inside is a positive force, which makes ATP. Laws of a mitochondrion
fit when their outer side is wired to the lumen and their matrix to the bath; `models.vesicle` does that.
"""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, parameter, state
from ..core.functions import log
from .membrane import ChargedMembrane


@component
class VesicleMembrane(ChargedMembrane):
    """Membrane and lumen of a vesicle: Δψ and the pH of the lumen as two independent states.

    ``C dΔψ/dt`` is the net charge moved into the lumen. A proton that leaves the lumen is posted where it arrives, so
    ``β dpH/dt`` is the net number of protons that came out. The bath is large and its pH is held. Protons that ATP
    synthesis takes up from the bath do not pass the membrane and are left to the buffer of the bath.

    Parameters
    ----------
    capacitance : nmol/mg/mV
        Charge per millivolt. 0.027 is 2600 cm2 of bilayer per mg of lipid at 1 µF/cm2.
    buffer : nmol/mg
        Protons taken or released by the lumen per unit of pH; one value for the whole span of an acid bath.

    References
    ----------
    Acid bath: Jagendorf & Uribe 1966 (recalled). Acid-base transition of proteoliposomes: Turina et al. 2003.
    """

    wiring: tuple[tuple[str, str], ...] = (("charge_ims", "charge_lumen"),)
    contents = {"charge_lumen": {"charge": 1}, "h_bath": {"charge": 1}}

    capacitance: float = parameter(
        0.027, "nmol/mg/mV", bounds=(1e-9, None), range=(0.01, 0.05), status="derived", symbol="C",
        source="assumed: 1 µF/cm2 (BNID104078) on 2600 cm2/mg, two layers of lipids of 750 g/mol and 0.65 nm2",
    )  # fmt: skip
    buffer: float = parameter(
        50.0, "nmol/mg", bounds=(1e-6, None), range=(10, 200), status="assumed", symbol=r"\beta_l",
        source="assumed: about 10 mM per pH unit of entrapped buffer in 5 µL/mg",
    )  # fmt: skip

    activity_pump = factor("Activity of what else pumps protons into the vesicle; nothing does unless it is added")

    @state("mV", initial=0.0, scale=100.0, symbol=r"\Delta\psi")
    def delta_psi(self, net_charge_lumen):
        """Membrane potential, lumen minus bath"""
        return net_charge_lumen / self.capacitance

    @state("1", initial=8.4, bounds=(0, 14), scale=1.0, symbol=r"\mathrm{pH}_l")
    def pH_lumen(self, net_h_bath):
        """pH of the lumen"""
        return net_h_bath / self.buffer

    @derived("1", symbol=r"\Delta\mathrm{pH}")
    def delta_pH(self, pH_bath, pH_lumen):
        """pH difference, bath minus lumen"""
        return pH_bath - pH_lumen

    @derived("mV", symbol=r"\Delta p")
    def pmf(self, delta_psi, delta_pH, nernst_slope):
        """Proton-motive force, lumen to bath"""
        return delta_psi + nernst_slope * delta_pH

    @derived("kJ/mol")
    def mu_h_bath(self, delta_pH, nernst_slope, faraday):
        """Chemical potential of bath protons, relative to the lumen"""
        return -faraday * nernst_slope * delta_pH


@component
class LumenPotassium(Component):
    """Potassium of the lumen as a state, that of the bath as a constant.

    ``E_K = (RT/F) ln(K_bath/K_lumen)`` is the Δψ at which K+ is at equilibrium, positive inside: more K+ outside
    drives ATP synthesis once valinomycin is there. The lumen is small: charging its membrane to 100 mV moves as much
    K+ as half a millimolar of it, so that a potential from low internal K+ stays below Nernst's.

    Parameters
    ----------
    potassium_bath : mM
        K+ of the medium.
    volume_lumen : uL/mg
        Water inside; constant (no swelling).

    References
    ----------
    Diffusion potential with 0.6 mM K+ inside and 100 mM outside: Fischer et al. 1994.
    """

    role = "potassium"
    contents = {"k_bath": {"charge": 1}}

    potassium_bath: float = parameter(
        50.0, "mM", bounds=(1e-6, None), range=(0.5, 150), status="assumed", shared=True, symbol="K_o",
        source="assumed: as inside, so that valinomycin holds Δψ at zero",
    )  # fmt: skip
    volume_lumen: float = parameter(
        5.2, "uL/mg", bounds=(1e-3, None), range=(2, 15), status="derived", shared=True, symbol="v_l",
        source="assumed: spheres of 120 nm with 2600 cm2 per mg of lipid",
    )  # fmt: skip

    @state("mM", initial=50.0, bounds=(0, None), scale=10.0, symbol="K_l")
    def potassium_lumen(self, net_k_bath, volume_lumen):
        """Potassium of the lumen"""
        return -net_k_bath / volume_lumen

    @derived("nmol/mg")
    def amount_K_bath(self, volume_bath):
        """Potassium of the bath, as an amount"""
        return self.potassium_bath * volume_bath

    @derived("mV", symbol="E_K")
    def potassium_potential(self, potassium_lumen, thermal_voltage):
        """Δψ at which K+ is at equilibrium"""
        return thermal_voltage * log(self.potassium_bath / potassium_lumen)

    @derived("kJ/mol")
    def mu_k_bath(self, potassium_potential, faraday):
        """Chemical potential of bath K+, relative to the lumen"""
        return faraday * potassium_potential
