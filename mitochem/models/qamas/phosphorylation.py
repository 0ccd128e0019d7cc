"""What makes, moves and uses ATP in the QAMAS model: synthase, translocase, phosphate carrier, demand."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter
from ...core.functions import exp


@component
class Synthase(Component):
    """F1F0 by mass action in totals, ``X_F (K' ADP·Pi − ATP)``, near equilibrium.

    Parameters
    ----------
    activity : mol/s/L/M
        Activity; high enough to stay near equilibrium.
    h_per_atp : 1
        Protons per ATP.

    References
    ----------
    Randall et al. 2021.
    """

    role = "synthase"

    activity: float = parameter(
        1000.0, "mol/s/L/M", bounds=(0, None), range=(100, 1e4), status="read", symbol="X_F", source="Randall2021"
    )
    h_per_atp: float = parameter(8 / 3, "1", bounds=(0, None), status="read", symbol="n_F", source="Randall2021")

    @flux(
        "mol/s/L", symbol="J_F", adp_matrix=-1, pi_matrix=-1, atp_matrix=+1,
        charge_ims=-h_per_atp, h_bath=-h_per_atp, h_matrix=h_per_atp - 1,
    )  # fmt: skip
    def J_F(self, standard_affinity, thermal_energy, standard_concentration, adp_matrix, pi_matrix, atp_matrix):
        """ATP synthesis in the matrix"""
        drive = exp(standard_affinity / thermal_energy)
        return self.activity * (drive * adp_matrix * pi_matrix / standard_concentration - atp_matrix)


@component
class Translocase(Component):
    """Adenine nucleotide translocase: unbound ATP out for unbound ADP in, one charge a turn.

    Parameters
    ----------
    content : mol/L
        Translocase per volume of mitochondria.
    rate_forward : 1/s
        Translocation of ADP inwards, without a potential.
    rate_reverse : 1/s
        Translocation of ATP inwards, without a potential.
    K_adp : M
        Binding of external ADP, without a potential.
    K_atp : M
        Binding of external ATP, without a potential.
    delta_adp : 1
        Share of the potential felt where ADP binds.
    delta_atp : 1
        Share of the potential felt where ATP binds.
    share_A : 1
        Displacement of charge of the binding site.
    share_B : 1
        Displacement of charge of the binding site.
    share_C : 1
        Displacement of charge of the protein.

    References
    ----------
    Metelkin et al. 2006, as used by Randall et al. 2021.
    """

    role = "translocase"

    content: float = parameter(
        0.325, "mol/L", bounds=(0, None), range=(0.05, 1), status="read", symbol="E_{ANT}", source="Randall2021"
    )
    rate_forward: float = parameter(9.54 / 60, "1/s", bounds=(0, None), status="read", source="Metelkin2006")
    rate_reverse: float = parameter(30.05 / 60, "1/s", bounds=(0, None), status="read", source="Metelkin2006")
    K_adp: float = parameter(3.889e-5, "M", bounds=(1e-12, None), status="read", source="Metelkin2006")
    K_atp: float = parameter(5.605e-5, "M", bounds=(1e-12, None), status="read", source="Metelkin2006")
    delta_adp: float = parameter(0.0167, "1", status="read", symbol=r"\delta_D", source="Metelkin2006")
    delta_atp: float = parameter(0.0699, "1", status="read", symbol=r"\delta_T", source="Metelkin2006")
    share_A: float = parameter(0.2829, "1", status="read", symbol="A", source="Metelkin2006")
    share_B: float = parameter(-0.2086, "1", status="read", symbol="B", source="Metelkin2006")
    share_C: float = parameter(0.2372, "1", status="read", symbol="C", source="Metelkin2006")

    @derived("1/s", local=True, symbol="k_2")
    def forward(self, delta_psi, thermal_voltage):
        """Rate of ADP inwards at this potential"""
        share = -3 * self.share_A - 4 * self.share_B + self.share_C
        return self.rate_forward * exp(share * delta_psi / thermal_voltage)

    @derived("1/s", local=True, symbol="k_3")
    def reverse(self, delta_psi, thermal_voltage):
        """Rate of ATP inwards at this potential"""
        share = -4 * self.share_A - 3 * self.share_B + self.share_C
        return self.rate_reverse * exp(share * delta_psi / thermal_voltage)

    @derived("M", local=True, symbol="K_D")
    def binding_adp(self, delta_psi, thermal_voltage):
        """Binding of external ADP at this potential"""
        return self.K_adp * exp(3 * self.delta_adp * delta_psi / thermal_voltage)

    @derived("M", local=True, symbol="K_T")
    def binding_atp(self, delta_psi, thermal_voltage):
        """Binding of external ATP at this potential"""
        return self.K_atp * exp(4 * self.delta_atp * delta_psi / thermal_voltage)

    @derived("1", local=True, symbol="q")
    def preference(self, forward, reverse, binding_adp, binding_atp, delta_psi, thermal_voltage):
        """Preference for ATP on the matrix side"""
        return reverse * binding_adp / (forward * binding_atp) * exp(delta_psi / thermal_voltage)

    @flux(
        "mol/s/L", symbol="J_{ANT}",
        atp_matrix=-1, adp_matrix=+1, atp_bath=+1, adp_bath=-1, charge_ims=-1,
    )  # fmt: skip
    def J_ANT(
        self, forward, reverse, binding_adp, binding_atp, preference,
        atp_unbound_matrix, adp_unbound_matrix, atp_unbound_bath, adp_unbound_bath,
    ):  # fmt: skip
        """ATP out for ADP in"""
        out = forward * preference / binding_adp * atp_unbound_matrix * adp_unbound_bath
        back = reverse / binding_atp * adp_unbound_matrix * atp_unbound_bath
        outside = 1 + atp_unbound_bath / binding_atp + adp_unbound_bath / binding_adp
        return self.content * (out - back) / (outside * (adp_unbound_matrix + preference * atp_unbound_matrix))


@component
class PhosphateCarrier(Component):
    """H2PO4- with a proton: no charge, driven by two protons per phosphate.

    Parameters
    ----------
    activity : mol/s/L/M
        Activity.
    half_saturation : M
        External H2PO4- at half rate.

    References
    ----------
    Randall et al. 2021, after Bazil et al. 2016.
    """

    role = "phosphate_carrier"

    activity: float = parameter(
        5e6, "mol/s/L/M", bounds=(0, None), range=(5e5, 5e7), status="read", symbol="E_{PiC}", source="Randall2021"
    )
    half_saturation: float = parameter(
        1.61e-3, "M", bounds=(1e-12, None), status="read", symbol="k_{PiC}", source="Bazil2016"
    )

    @flux("mol/s/L", symbol="J_{PiC}", pi_bath=-1, pi_matrix=+1, h_bath=-2, h_matrix=+2)
    def J_PiC(self, proton_bath, proton_matrix, dihydrogen_phosphate_bath, dihydrogen_phosphate_matrix):
        """Phosphate into the matrix"""
        drive = proton_bath * dihydrogen_phosphate_bath - proton_matrix * dihydrogen_phosphate_matrix
        return self.activity * drive / (self.half_saturation + dihydrogen_phosphate_bath)


@component
class Demand(Component):
    """ATP use in the bath at a constant rate, not limited by ATP: above capacity there is no steady state.

    Parameters
    ----------
    demand : mol/s/L
        ATP used per volume of the cuvette.

    References
    ----------
    Randall et al. 2021, up to 6e-6.
    """

    role = "load"

    demand: float = parameter(
        0.0, "mol/s/L", bounds=(0, None), range=(1e-7, 6e-6), status="read", symbol="X_{AtC}", source="Randall2021"
    )

    @flux(
        "mol/s/L", symbol="J_{AtC}", affinity=None, reason="work is taken as irreversible and constant",
        atp_bath=-1, adp_bath=+1, pi_bath=+1, h_bath=+1,
    )  # fmt: skip
    def J_load(self, mitochondria_fraction):
        """ATP used by work, per volume of mitochondria"""
        return self.demand / mitochondria_fraction
