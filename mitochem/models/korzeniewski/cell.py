"""The cell of the Korzeniewski heart model: constants, the buffered matrix, and Δψ as a fixed share of Δp."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import derived, flux, parameter, state
from ...core.functions import expm1, log, log10

NO_BOOKS_OF_CHARGE = {"charge": "Δψ is a fixed share of Δp, and what leaves the matrix goes to no pool of its own"}
"""Why no flux of this model that moves protons or charges balances them."""


@component
class Cell(Component):
    """Temperature, oxygen, cytosolic pH and volumes, with the constants as the source rounds them.

    All concentrations are in µM and all fluxes in µM of cell volume per minute.

    Parameters
    ----------
    temperature : K
        Absolute temperature.
    gas_constant : kJ/mol/K
        Gas constant, rounded.
    faraday : kJ/mol/mV
        Faraday constant, rounded.
    decade : 1
        ln(10), rounded.
    standard_concentration : uM
        The 1 M standard state inside every logarithm of a concentration.
    oxygen : uM
        O2, constant: 240 saturating, 24 normoxia, 2.4 hypoxia.
    pH_cytosol : 1
        pH of the cytosol, constant.
    cell_per_mitochondria : 1
        Volume of the cell over that of the mitochondria.
    magnesium_cytosol : uM
        Free Mg2+ of the cytosol.
    magnesium_matrix : uM
        Free Mg2+ of the matrix.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "cell"

    temperature: float = parameter(
        298.0, "K", bounds=(250, 350), status="read", shared=True, symbol="T", source="Edwards2011"
    )
    gas_constant: float = parameter(
        0.0083, "kJ/mol/K", bounds=(0, None), status="read", shared=True, symbol="R", source="Edwards2011"
    )
    faraday: float = parameter(
        0.0965, "kJ/mol/mV", bounds=(0, None), status="read", shared=True, symbol="F", source="Edwards2011"
    )
    decade: float = parameter(2.303, "1", bounds=(0, None), status="read", source="Edwards2011")
    standard_concentration: float = parameter(
        1e6, "uM", bounds=(0, None), status="derived", shared=True, symbol=r"c^\circ",
        source="assumed: definition of the 1 M standard state",
    )  # fmt: skip
    oxygen: float = parameter(
        240.0, "uM", bounds=(0, None), range=(2.4, 240), status="read", shared=True, symbol=r"\mathrm{O_2}",
        source="Edwards2011",
    )  # fmt: skip
    pH_cytosol: float = parameter(
        7.0, "1", bounds=(0, 14), status="read", shared=True, symbol=r"\mathrm{pH}_e", source="Edwards2011"
    )
    cell_per_mitochondria: float = parameter(
        3.35, "1", bounds=(1, None), status="read", shared=True, symbol="R_{cm}", source="Edwards2011"
    )
    magnesium_cytosol: float = parameter(
        4000.0, "uM", bounds=(0, None), status="read", shared=True, source="Edwards2011"
    )
    magnesium_matrix: float = parameter(380.0, "uM", bounds=(0, None), status="read", shared=True, source="Edwards2011")

    @derived("mV", symbol="Z")
    def nernst_slope(self):
        """Millivolts per pH unit"""
        return self.decade * self.gas_constant * self.temperature / self.faraday

    @derived("kJ/mol", symbol="S")
    def energy_per_decade(self, nernst_slope):
        """Energy of a tenfold ratio of concentrations"""
        return nernst_slope * self.faraday

    @derived("uM", symbol="H_e")
    def proton_cytosol(self, standard_concentration):
        """Free protons of the cytosol"""
        return standard_concentration * 10 ** (-self.pH_cytosol)


@component
class Matrix(Component):
    """Matrix protons as the only store of Δp: Δψ is a fixed share of it, ΔpH is the rest.

    ``Δp = Z ΔpH/(1 − share)``. A charge that moves without a proton therefore counts as ``share`` protons, and a
    proton without charge as ``1 − share``: with that, the work done against Δψ or ΔpH alone is right. The buffer of
    the source is a finite difference over ``step``; it makes the capacity for protons depend on the protons.

    Parameters
    ----------
    psi_share : 1
        Δψ over Δp.
    buffering : uM
        Protons bound per unit of pH.
    step : 1
        pH step of the buffer's finite difference.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "matrix"
    contents = {"h_matrix": {"charge": 1}}

    psi_share: float = parameter(
        0.861, "1", bounds=(0, 1), status="read", shared=True, symbol="u", source="Edwards2011"
    )
    buffering: float = parameter(22000.0, "uM", bounds=(1e-6, None), status="read", symbol="c_B", source="Edwards2011")
    step: float = parameter(1e-3, "1", bounds=(1e-9, 1), status="read", symbol="dpH", source="Edwards2011")

    @state("uM", initial=0.037, bounds=(0, None), scale=0.01, symbol="H_i")
    def proton_matrix(self, net_h_matrix, cell_per_mitochondria, buffer_ratio):
        """Free protons of the matrix"""
        return net_h_matrix * cell_per_mitochondria / buffer_ratio

    @derived("1", symbol="r_B")
    def buffer_ratio(self, proton_matrix):
        """Protons bound per free proton"""
        return -self.buffering * self.step / (proton_matrix * expm1(-log(10) * self.step))

    @derived("1", symbol=r"\mathrm{pH}_i")
    def pH_matrix(self, proton_matrix, standard_concentration):
        """pH of the matrix"""
        return -log10(proton_matrix / standard_concentration)

    @derived("1", symbol=r"\Delta\mathrm{pH}")
    def delta_pH(self, pH_matrix, pH_cytosol):
        """pH difference, matrix minus cytosol"""
        return pH_matrix - pH_cytosol

    @derived("mV", symbol=r"\Delta p")
    def pmf(self, delta_pH, nernst_slope):
        """Proton-motive force"""
        return nernst_slope * delta_pH / (1 - self.psi_share)

    @derived("mV", symbol=r"\Delta\psi")
    def delta_psi(self, pmf):
        """Membrane potential, positive when energised: the negative of the source's"""
        return self.psi_share * pmf

    @derived("kJ/mol")
    def mu_h_matrix(self, pmf, faraday):
        """Energy of a matrix proton, relative to the cytosol"""
        return -faraday * pmf


@component
class ForceLeak(Component):
    """Proton leak that rises exponentially with Δp, ``k₁ (e^{k₂ Δp} − 1)``.

    Parameters
    ----------
    amplitude : uM/min
        Largest reversed leak, and pre-factor of the exponential.
    steepness : 1/mV
        e-fold rise per 1/steepness mV.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "leak"

    amplitude: float = parameter(
        8.5758, "uM/min", bounds=(0, None), range=(0.8, 90), status="read", symbol="k_{LK1}", source="Edwards2011"
    )
    steepness: float = parameter(
        0.038, "1/mV", bounds=(0, None), range=(0.02, 0.06), status="read", symbol="k_{LK2}", source="Edwards2011"
    )

    @flux("uM/min", symbol="v_{LK}", h_matrix=+1, unbalanced=NO_BOOKS_OF_CHARGE)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.amplitude * expm1(self.steepness * pmf)
