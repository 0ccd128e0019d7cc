"""Uncouplers: weak acids that carry protons through the membrane."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, flux, parameter
from ..core.functions import exp, log
from ..core.primitives import logistic


def _imbalance(pull, protonated_bath, protonated_matrix):
    """Inward less outward drive of the cycle, ``θ_o (1−θ_m) e^{φ/2} − θ_m (1−θ_o) e^{−φ/2}``: zero at Δp = 0."""
    inward = protonated_bath * (1 - protonated_matrix) * pull
    return inward - protonated_matrix * (1 - protonated_bath) / pull


@component
class _WeakAcidUncoupler(Component):
    """What all weak-acid uncouplers share: dose, binding to membranes, protonation, inhibition of the chain.

    A subclass says in ``turnover`` how many protons a bound molecule carries.

    Parameters
    ----------
    dose : uM
        All of the uncoupler in the chamber, per volume.
    pK : 1
        pK of the weak acid at the interface.
    adsorption_length : cm
        Amount adsorbed per area and concentration.
    membrane_area : cm^2/mg
        Membrane area per protein.
    effectiveness : 1
        Share of what planar bilayers predict that is seen in mitochondria.
    inhibition : nmol/mg
        Load that halves the chain's activity; infinite to leave inhibition out.
    """

    role = "uncoupler"

    dose: float = parameter(
        0.0, "uM", bounds=(0, None), range=(0.01, 10), status="assumed", source="assumed: none until added"
    )
    pK: float = parameter(6.2, "1", bounds=(0, 14), range=(6.0, 6.4), status="read", source="BenzMcLaughlin1983")
    adsorption_length: float = parameter(
        3e-3, "cm", bounds=(0, None), range=(3e-4, 3e-2), status="read", symbol=r"\beta_A", source="BenzMcLaughlin1983"
    )
    membrane_area: float = parameter(
        480.0, "cm^2/mg", bounds=(0, None), range=(200, 2000), status="derived", symbol="A",
        source="assumed: capacitance of 0.48 mF/mg at 1 µF/cm2 (BNID104078)",
    )  # fmt: skip
    effectiveness: float = parameter(
        0.2, "1", bounds=(0, None), range=(0.05, 1), status="calibrated", symbol=r"\eta",
        source="assumed: calibrated to the dose of maximal respiration; bilayers overestimate potency",
    )  # fmt: skip
    inhibition: float = parameter(
        10.0, "nmol/mg", bounds=(1e-9, None), range=(1, 100), status="calibrated", symbol="K_{iu}",
        source="assumed: calibrated to the dose of maximal respiration",
    )  # fmt: skip

    @derived("mL/mg", local=True)
    def binding(self):
        """Binding constant to membranes, both faces"""
        return 2 * self.adsorption_length * self.membrane_area

    @derived("nmol/mg", local=True)
    def load(self, binding, protein, volume_bath, micromolar):
        """Uncoupler bound to membranes, per protein"""
        bound_fraction = binding * protein / (1 + binding * protein)
        return self.dose * micromolar * volume_bath * bound_fraction

    @derived("1", local=True)
    def protonated_bath(self, pH_bath):
        """Protonated fraction at the outer face"""
        return logistic(log(10) * (self.pK - pH_bath))

    @derived("1", local=True)
    def protonated_matrix(self, pH_matrix):
        """Protonated fraction at the inner face"""
        return logistic(log(10) * (self.pK - pH_matrix))

    @derived("1", into="activity_chain")
    def inhibited(self, load):
        """Activity left to the chain at this load"""
        return 1 / (1 + load / self.inhibition)

    @flux("nmol/min/mg", into="J_uncoupler", charge_ims=-1, h_matrix=+1)
    def J_carried(self, load, turnover):
        """Protons returned by this uncoupler"""
        return self.effectiveness * load * turnover


@component
class Protonophore(_WeakAcidUncoupler):
    """Weak-acid carrier cycle: HA goes in, gives its proton away, A⁻ comes back pulled by Δψ.

    With ``θ`` the protonated fraction at each face and ``φ = Δψ/(RT/F)``, for a load ``N`` of carrier,

    ``J = η N k_HA k_A (θ_o (1−θ_m) e^{φ/2} − θ_m (1−θ_o) e^{−φ/2}) /
    (k_HA (θ_o + θ_m) + k_A ((1−θ_o) e^{−φ/2} + (1−θ_m) e^{φ/2}))``.

    Zero exactly at Δp = 0, however it is split; proportional to the load; saturates at high Δψ; depends on pH. The
    load follows from the dose, the protein and the binding to membranes, so the same concentration does less in
    a denser suspension. At high load the anions inhibit the chain, so that respiration passes through a maximum.

    Parameters
    ----------
    k_neutral : 1/min
        Crossing rate of the neutral form HA.
    k_anion : 1/min
        Crossing rate of the anion A⁻ at zero voltage.

    References
    ----------
    Carrier cycle and FCCP constants: Benz & McLaughlin 1983. CCCP: Kasianowicz 1984.
    """

    k_neutral: float = parameter(
        6e5, "1/min", bounds=(0, None), range=(6e4, 6e6), status="read", symbol="k_{HA}", source="BenzMcLaughlin1983"
    )
    k_anion: float = parameter(
        4.2e4, "1/min", bounds=(0, None), range=(4e3, 4e5), status="read", symbol="k_A", source="BenzMcLaughlin1983"
    )

    @derived("1/min", local=True)
    def turnover(self, delta_psi, thermal_voltage, protonated_bath, protonated_matrix):
        """Protons carried per bound molecule"""
        pull = exp(delta_psi / (2 * thermal_voltage))
        neutral = self.k_neutral * (protonated_bath + protonated_matrix)
        anion = self.k_anion * ((1 - protonated_bath) / pull + (1 - protonated_matrix) * pull)
        inward = _imbalance(pull, protonated_bath, protonated_matrix)
        return self.k_neutral * self.k_anion * inward / (neutral + anion)


@component
class DimerProtonophore(_WeakAcidUncoupler):
    """Weak acid that carries its charge as the dimer HA2⁻: 2,4-dinitrophenol in bilayers.

    With ``θ`` the protonated fraction at each face, ``φ = Δψ/(RT/F)`` and a load ``N`` of carrier,

    ``J = η k N² θ_o θ_m/(θ_o + θ_m)² · (θ_o (1−θ_m) e^{φ/2} − θ_m (1−θ_o) e^{−φ/2})``.

    In words: two HA go in, each with a proton; one of them gives its proton away and the pair goes back as HA2⁻,
    pulled by Δψ. One turn brings one proton and one charge. HA crosses fast, so its amount is the same on both faces,
    ``N_o θ_o = N_m θ_m``; that and ``N_o + N_m = N`` say how the carrier is spread. The dimer is rare and in
    equilibrium with its halves at each face, hence proportional to ``N_s² θ_s (1−θ_s)``; it crosses one barrier
    in the middle. Its net crossing is the flux. At equal pH this is ``η k N² θ(1−θ) sinh(φ/2)/2``: zero exactly
    at Δp = 0, however it is split, quadratic in the load (slope 2 on logarithmic axes), best at pH = pK.
    Fails where most of the carrier is dimer, or where HA limits.

    Parameters
    ----------
    k_dimer : mg/nmol/min
        Crossing rate of the dimer at zero voltage times its association constant at the interface.

    References
    ----------
    Negatively charged complex of acid and anion, DNP: McLaughlin 1972.
    """

    dose: float = parameter(
        0.0, "uM", bounds=(0, None), range=(1, 300), status="assumed", source="assumed: none until added"
    )
    pK: float = parameter(4.11, "1", bounds=(0, 14), range=(3.5, 5), status="read", source="McLaughlin1972")
    k_dimer: float = parameter(
        3e4, "mg/nmol/min", bounds=(0, None), range=(3e3, 3e5), status="calibrated", symbol="k_D",
        source="assumed: 45 µM, inside the active range of DNP, does what 0.22 µM FCCP does at 1 mg/mL, pH 7.2",
    )  # fmt: skip
    adsorption_length: float = parameter(
        3e-4, "cm", bounds=(0, None), range=(3e-5, 3e-3), status="assumed", symbol=r"\beta_A",
        source="assumed: a tenth of FCCP's, DNP being less lipophilic",
    )  # fmt: skip
    inhibition: float = parameter(
        600.0, "nmol/mg", bounds=(1e-9, None), range=(60, 6000), status="assumed", symbol="K_{iu}",
        source="assumed: the same multiple of the active load as for FCCP",
    )  # fmt: skip

    @derived("1/min", local=True)
    def turnover(self, load, delta_psi, thermal_voltage, protonated_bath, protonated_matrix):
        """Protons carried per bound molecule"""
        pull = exp(delta_psi / (2 * thermal_voltage))
        spread = protonated_bath * protonated_matrix / (protonated_bath + protonated_matrix) ** 2
        return self.k_dimer * load * spread * _imbalance(pull, protonated_bath, protonated_matrix)
