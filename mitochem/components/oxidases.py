"""The cytochrome complexes of the chain, III and IV, in which charges and protons are not the same number."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, factor, flux, parameter, total
from ..core.functions import exp
from ..core.primitives import logistic
from .complexes import two_way


@component
class ComplexIII(Component):
    """Ubiquinol to cytochrome c by the Q cycle: two charges, four protons released, two taken, per pair.

    Two of the four protons released come with ubiquinol, so it is charges that the matrix protons match. In mV the
    work is ``4Δp − 2Δψ``; ``4Δp`` alone would be wrong unless ΔpH is all of the force.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, in electron pairs.
    reverse_capacity : nmol/min/mg
        Largest rate of the reverse reaction.
    charges : 1
        Charges moved out per pair, and protons taken from the matrix.
    scalar_protons : 1
        Protons of ubiquinol released besides those, on the outer side.
    K_ubiquinol : mM
        Ubiquinol at half rate.
    K_ubiquinone : mM
        Ubiquinone at half rate of the reverse reaction.
    K_oxidised : mM
        Oxidised cytochrome c at half saturation of one site; two react per pair.
    K_reduced : mM
        Reduced cytochrome c at half saturation of one site, in the reverse reaction.

    References
    ----------
    Charges and protons: BMB2002, PMC8786295. Kernel: Jin & Bethke 2002.
    """

    role = "complex_III"

    capacity: float = parameter(
        1200.0, "nmol/min/mg", bounds=(0, None), range=(200, 5000), status="calibrated", symbol="V_3",
        source="assumed: calibrated to uncoupled respiration of about 100 nmol O2/min/mg",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        400.0, "nmol/min/mg", bounds=(1e-3, None), range=(50, 2000), status="assumed",
        source="assumed: a third of the forward capacity",
    )  # fmt: skip
    charges: float = parameter(2.0, "1", bounds=(0, 6), status="read", symbol="q_3", source="BMB2002")
    scalar_protons: float = parameter(2.0, "1", bounds=(0, 4), status="read", source="BMB2002")
    K_ubiquinol: float = parameter(
        0.2, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )
    K_ubiquinone: float = parameter(
        0.2, "mM", bounds=(0, None), range=(0.05, 1), status="assumed", source="assumed: inside the pool of 1.35 mM"
    )
    K_oxidised: float = parameter(
        0.2, "mM", bounds=(0, None), range=(0.02, 1), status="assumed", source="assumed: inside the pool of 2.7 mM"
    )
    K_reduced: float = parameter(
        0.2, "mM", bounds=(0, None), range=(0.02, 1), status="assumed", source="assumed: inside the pool of 2.7 mM"
    )

    protons_released = charges + scalar_protons
    protons_taken = charges * 1
    activity_complex_III = factor("Activity of complex III")
    activity_chain = factor("Activity of the chain from complex III on")

    @flux(
        "nmol/min/mg",
        symbol="J_3",
        ubiquinol=-1,
        ubiquinone=+1,
        cytochrome_c_oxidised=-2,
        cytochrome_c_reduced=+2,
        charge_ims=charges,
        h_ims=protons_released,
        h_matrix=-protons_taken,
    )
    def J_complex_III(
        self,
        standard_affinity,
        thermal_energy,
        ubiquinol,
        ubiquinone,
        cytochrome_c_oxidised,
        cytochrome_c_reduced,
        activity_complex_III,
        activity_chain,
    ):
        """Electron pairs from ubiquinol to cytochrome c"""
        return (
            activity_complex_III
            * activity_chain
            * two_way(
                self.capacity,
                self.reverse_capacity,
                ubiquinol * cytochrome_c_oxidised**2,
                ubiquinone * cytochrome_c_reduced**2,
                exp(-standard_affinity / thermal_energy),
                (self.K_ubiquinol + ubiquinol) * (self.K_oxidised + cytochrome_c_oxidised) ** 2,
                (self.K_ubiquinone + ubiquinone) * (self.K_reduced + cytochrome_c_reduced) ** 2,
            )
        )


@component
class ComplexIV(Component):
    """Cytochrome c to oxygen: per pair four charges, four protons taken from the matrix, two released.

    One turn, per O2, takes four electrons. Forward capacity ``v_f = capacity · (c_red/c) · O2/(K + O2) ·
    1/(1 + exp(((Δp + Δψ)/2 − pmf_half)/pmf_width))``, reverse ``v_r = reverse_capacity · c_ox/c``, with the kernel of
    the affinity ``4(E_O2 − E_c) − 4Δp − 4Δψ`` per O2; written with the concentrations multiplied out, so that it
    stays finite when oxygen or one form of cytochrome c runs out. Back-pressure is mostly felt here.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, in O2.
    reverse_capacity : nmol/min/mg
        Largest rate of the reverse reaction, in O2.
    charges : 1
        Charges moved out per pair, and protons taken from the matrix.
    chemical_protons : 1
        Protons per pair that end in water and are not released.
    oxygen_half_saturation : mM
        O2 at half rate.
    pmf_half : mV
        Mean of Δp and Δψ that halves the forward capacity.
    pmf_width : mV
        e-fold width of that back-pressure.

    References
    ----------
    Charges and protons: BMB2002, PMC8786295. Oxygen: Gnaiger 2003. Kernel: Jin & Bethke 2002.
    """

    role = "complex_IV"

    capacity: float = parameter(
        900.0, "nmol/min/mg", bounds=(0, None), range=(100, 5000), status="calibrated", symbol="V_4",
        source="assumed: calibrated to uncoupled respiration of about 100 nmol O2/min/mg",
    )  # fmt: skip
    reverse_capacity: float = parameter(
        2.5, "nmol/min/mg", bounds=(1e-6, None), range=(0.1, 50), status="assumed",
        source="assumed: as for the lumped chain; not identifiable from respiration",
    )  # fmt: skip
    charges: float = parameter(4.0, "1", bounds=(0, 6), status="read", symbol="q_4", source="BMB2002")
    chemical_protons: float = parameter(2.0, "1", bounds=(0, 4), status="read", source="BMB2002")
    oxygen_half_saturation: float = parameter(
        5e-4, "mM", bounds=(0, None), range=(2e-4, 1e-3), status="read", symbol="K_{O_2}", source="Gnaiger2003"
    )
    pmf_half: float = parameter(
        149.0, "mV", bounds=(0, None), range=(130, 190), status="calibrated", symbol=r"\Delta p_4",
        source="assumed: calibrated to the respiratory control ratio and Δp of liver mitochondria",
    )  # fmt: skip
    pmf_width: float = parameter(
        8.4, "mV", bounds=(0.1, None), range=(5, 15), status="calibrated", symbol="w_4",
        source="assumed: calibrated to the respiratory control ratio and Δp of liver mitochondria",
    )  # fmt: skip

    protons_released = charges - chemical_protons
    protons_taken = charges * 1
    J_O2 = total("Oxygen consumption", unit="nmol/min/mg", symbol="J_{O_2}")
    activity_complex_IV = factor("Activity of complex IV")

    @derived("nmol/min/mg", into="J_O2")
    def oxygen_used(self, J_complex_IV):
        """Oxygen consumption by complex IV"""
        return 1 * J_complex_IV

    @derived("1", local=True)
    def unloaded(self, pmf, delta_psi):
        """Forward capacity left by the back-pressure of Δp and Δψ"""
        return logistic((self.pmf_half - (pmf + delta_psi) / 2) / self.pmf_width)

    @flux(
        "nmol/min/mg",
        symbol="J_4",
        cytochrome_c_reduced=-4,
        cytochrome_c_oxidised=+4,
        oxygen=-1,
        charge_ims=2 * charges,
        h_ims=2 * protons_released,
        h_matrix=-2 * protons_taken,
    )
    def J_complex_IV(
        self,
        standard_affinity,
        thermal_energy,
        standard_concentration,
        cytochrome_c_reduced,
        cytochrome_c_oxidised,
        oxygen,
        unloaded,
        activity_complex_IV,
    ):
        """Oxygen reduced by cytochrome c"""
        backward = standard_concentration * exp(-standard_affinity / thermal_energy)
        four = 2 * 2
        drive = cytochrome_c_reduced**four * oxygen - backward * cytochrome_c_oxidised**four
        forward = self.capacity * unloaded / (self.oxygen_half_saturation + oxygen)
        resist = (
            self.reverse_capacity * cytochrome_c_reduced ** (four - 1)
            + forward * backward * cytochrome_c_oxidised ** (four - 1)
        ) * (cytochrome_c_reduced + cytochrome_c_oxidised)
        return activity_complex_IV * forward * self.reverse_capacity * drive / resist
