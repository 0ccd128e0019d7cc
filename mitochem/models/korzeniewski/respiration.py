"""Electron transport of the Korzeniewski heart model: dehydrogenation and complexes I, III and IV."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter, state
from ...core.expressions import quantity
from ...core.functions import exp, log, log10
from .cell import NO_BOOKS_OF_CHARGE


@component
class RedoxCouples(Component):
    """NADH, ubiquinol and reduced cytochrome c, each with the midpoint potential of its couple.

    Parameters
    ----------
    nad_total : uM
        NAD and NADH of the matrix.
    quinone_total : uM
        Ubiquinone and ubiquinol.
    cytochrome_total : uM
        Cytochrome c.
    nad_buffering : 1
        NAD that is turned over per free NAD.
    midpoint_nad : mV
        Midpoint potential of NAD.
    midpoint_quinone : mV
        Midpoint potential of ubiquinone.
    midpoint_c : mV
        Midpoint potential of cytochrome c.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "carriers"
    contents = {"nadh": {"electrons": 2}, "qh2": {"electrons": 2}, "c_reduced": {"electrons": 1}}

    nad_total: float = parameter(2970.0, "uM", bounds=(0, None), status="read", symbol="N_t", source="Edwards2011")
    quinone_total: float = parameter(1350.0, "uM", bounds=(0, None), status="read", symbol="U_t", source="Edwards2011")
    cytochrome_total: float = parameter(
        270.0, "uM", bounds=(0, None), status="read", symbol="c_t", source="Edwards2011"
    )
    nad_buffering: float = parameter(5.0, "1", bounds=(1, None), status="read", symbol="B_N", source="Edwards2011")
    midpoint_nad: float = parameter(-320.0, "mV", status="read", symbol="E_{mN0}", source="Edwards2011")
    midpoint_quinone: float = parameter(85.0, "mV", status="read", symbol="E_{mU0}", source="Edwards2011")
    midpoint_c: float = parameter(250.0, "mV", status="read", symbol="E_{mc0}", source="Edwards2011")

    @state("uM", initial=822.0, bounds=(0, None), scale=100.0, symbol=r"\mathrm{NADH}")
    def nadh(self, net_nadh, cell_per_mitochondria):
        """NADH of the matrix"""
        return net_nadh * cell_per_mitochondria / self.nad_buffering

    @state("uM", initial=1143.0, bounds=(0, None), scale=100.0, symbol=r"\mathrm{UQH_2}")
    def qh2(self, net_qh2, cell_per_mitochondria):
        """Ubiquinol"""
        return net_qh2 * cell_per_mitochondria

    @state("uM", initial=60.89, bounds=(0, None), scale=10.0, symbol="c^{2+}")
    def c_reduced(self, net_c_reduced, cell_per_mitochondria):
        """Reduced cytochrome c"""
        return net_c_reduced * cell_per_mitochondria

    @derived("uM", symbol=r"\mathrm{NAD}")
    def nad(self, nadh):
        """NAD of the matrix"""
        return self.nad_total - nadh

    @derived("uM", symbol=r"\mathrm{UQ}")
    def quinone(self, qh2):
        """Ubiquinone"""
        return self.quinone_total - qh2

    @derived("uM", symbol="c^{3+}")
    def c_oxidised(self, c_reduced):
        """Oxidised cytochrome c"""
        return self.cytochrome_total - c_reduced

    @derived("mV", symbol="E_{mN}")
    def potential_nad(self, nad, nadh, nernst_slope):
        """Redox potential of NAD"""
        return self.midpoint_nad + nernst_slope / 2 * log10(nad / nadh)

    @derived("mV", symbol="E_{mU}")
    def potential_quinone(self, quinone, qh2, nernst_slope):
        """Redox potential of ubiquinone"""
        return self.midpoint_quinone + nernst_slope / 2 * log10(quinone / qh2)

    @derived("mV", symbol="E_{mc}")
    def potential_c(self, c_oxidised, c_reduced, nernst_slope):
        """Redox potential of cytochrome c"""
        return self.midpoint_c + nernst_slope * log10(c_oxidised / c_reduced)

    @derived("kJ/mol")
    def mu_nadh(self, potential_nad, faraday):
        """Energy of the electron pair on NADH"""
        return -2 * faraday * potential_nad

    @derived("kJ/mol")
    def mu_qh2(self, potential_quinone, faraday):
        """Energy of the electron pair on ubiquinol"""
        return -2 * faraday * potential_quinone

    @derived("kJ/mol")
    def mu_c_reduced(self, potential_c, faraday):
        """Energy of an electron on cytochrome c"""
        return -faraday * potential_c


@component
class Dehydrogenation(Component):
    """Lumped substrate oxidation, ``k_DH/(1 + K NADH/NAD)^p``: only slows down as NAD runs out.

    Parameters
    ----------
    capacity : uM/min
        Rate with all of the carrier as NAD.
    half_ratio : 1
        Inhibition by NADH over NAD.
    exponent : 1
        Steepness of the inhibition.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "dehydrogenation"

    capacity: float = parameter(
        96293.0, "uM/min", bounds=(0, None), range=(1e4, 5e5), status="read", symbol="k_{DH}", source="Edwards2011"
    )
    half_ratio: float = parameter(100.0, "1", bounds=(0, None), status="read", symbol="K_{mN}", source="Edwards2011")
    exponent: float = parameter(0.8, "1", bounds=(0, None), status="read", symbol="p_D", source="Edwards2011")

    @flux(
        "uM/min", symbol="v_{DH}", affinity=None, reason="substrate dehydrogenation is irreversible in the source",
        nadh=+1, unbalanced={"electrons": "the substrates they come from are not in the model"},
    )  # fmt: skip
    def J_DH(self, nad, nadh):
        """Reduction of NAD by substrates"""
        return self.capacity * exp(-self.exponent * log(1 + self.half_ratio * nadh / nad))


@component
class ComplexI(Component):
    """NADH to ubiquinone, proportional to the affinity: ``k (E_U − E_N − 2 Δp)``.

    Parameters
    ----------
    conductance : uM/mV/min
        Electron pairs per millivolt.
    protons : 1
        Protons pumped per NADH.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "complex_I"

    conductance: float = parameter(
        819.61, "uM/mV/min", bounds=(0, None), range=(100, 1e4), status="read", symbol="k_{C1}", source="Edwards2011"
    )
    protons: float = parameter(4.0, "1", bounds=(0, None), status="read", source="Edwards2011")

    @flux("uM/min", symbol="v_{C1}", nadh=-1, qh2=+1, h_matrix=-protons, unbalanced=NO_BOOKS_OF_CHARGE)
    def J_C1(self, affinity, faraday):
        """Electron pairs through complex I"""
        return self.conductance * affinity / (2 * faraday)


@component
class ComplexIII(Component):
    """Ubiquinol to cytochrome c, proportional to the affinity: ``k (E_c − E_U − (2 − u) Δp)``.

    Four protons appear outside per ubiquinol, and two charges move in with the electrons.

    Parameters
    ----------
    conductance : uM/mV/min
        Electron pairs per millivolt.
    protons : 1
        Protons that appear outside per ubiquinol.
    charges : 1
        Charges that come back with the electrons.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "complex_III"

    conductance: float = parameter(
        467.9, "uM/mV/min", bounds=(0, None), range=(50, 5e3), status="read", symbol="k_{C3}", source="Edwards2011"
    )
    protons: float = parameter(4.0, "1", bounds=(0, None), status="read", source="Edwards2011")
    charges: float = parameter(2.0, "1", bounds=(0, None), status="read", source="Edwards2011")

    @flux(
        "uM/min", symbol="v_{C3}", qh2=-1, c_reduced=+2, h_matrix=charges * quantity("psi_share") - protons,
        unbalanced=NO_BOOKS_OF_CHARGE,
    )  # fmt: skip
    def J_C3(self, affinity, faraday):
        """Electron pairs through complex III"""
        return self.conductance * affinity / (2 * faraday)


@component
class ComplexIV(Component):
    """Cytochrome c to oxygen through reduced cytochrome a3, ``k a²⁺ c²⁺ O2/(K + O2)`` per O2.

    Cytochrome a3 is in equilibrium with cytochrome c across the membrane, so that Δp holds the flux back although
    the step itself is irreversible. Four protons are pumped per O2, and four charges move with the electrons.

    Parameters
    ----------
    activity : 1/uM/min
        Rate constant of the oxygen reaction.
    oxygen_half_saturation : uM
        O2 at half rate.
    a3_total : uM
        Cytochrome a3.
    midpoint_a3 : mV
        Midpoint potential of cytochrome a3.
    protons : 1
        Protons pumped per O2.
    charges : 1
        Charges that move with the electrons per O2.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "complex_IV"

    activity: float = parameter(
        12.348, "1/uM/min", bounds=(0, None), range=(1, 100), status="read", symbol="k_{C4}", source="Edwards2011"
    )
    oxygen_half_saturation: float = parameter(
        120.0, "uM", bounds=(0, None), status="read", symbol="K_{mO}", source="Edwards2011"
    )
    a3_total: float = parameter(135.0, "uM", bounds=(0, None), status="read", symbol="a_t", source="Edwards2011")
    midpoint_a3: float = parameter(540.0, "mV", status="read", symbol="E_{ma0}", source="Edwards2011")
    protons: float = parameter(4.0, "1", bounds=(0, None), status="read", source="Edwards2011")
    charges: float = parameter(4.0, "1", bounds=(0, None), status="read", source="Edwards2011")

    @derived("mV", symbol="E_{ma}")
    def potential_a3(self, potential_c, pmf, psi_share):
        """Redox potential of cytochrome a3 in equilibrium with cytochrome c"""
        return potential_c + pmf * (self.protons + self.charges * psi_share) / 4

    @derived("uM", symbol="a^{2+}")
    def a3_reduced(self, potential_a3, nernst_slope):
        """Reduced cytochrome a3"""
        return self.a3_total / (1 + exp(log(10) * (potential_a3 - self.midpoint_a3) / nernst_slope))

    @flux(
        "uM/min", symbol="v_{C4}", affinity=None, reason="the oxygen reaction is irreversible in the source",
        c_reduced=-4, h_matrix=-protons - charges * quantity("psi_share"),
        unbalanced=NO_BOOKS_OF_CHARGE | {"electrons": "oxygen is a constant of the source, without a potential"},
    )  # fmt: skip
    def J_O2(self, a3_reduced, c_reduced, oxygen):
        """Oxygen consumption"""
        return self.activity * a3_reduced * c_reduced * oxygen / (self.oxygen_half_saturation + oxygen)
