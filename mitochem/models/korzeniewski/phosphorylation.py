"""What makes, moves and uses ATP in the Korzeniewski heart model: synthase, ANT, phosphate carrier, ATP use."""

from __future__ import annotations

from ...core.component import Component, component
from ...core.declarations import flux, parameter
from ...core.expressions import quantity
from ...core.functions import exp, log, tanh
from .cell import NO_BOOKS_OF_CHARGE


@component
class Synthase(Component):
    """ATP synthase, ``k (γ − 1)/(γ + 1)`` with ``log₁₀ γ = (n Δp − ΔG_P)/Z``: a tanh of half the affinity.

    Parameters
    ----------
    capacity : uM/min
        Largest rate, in both directions.
    h_per_atp : 1
        Protons per ATP.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "synthase"

    capacity: float = parameter(
        117706.0, "uM/min", bounds=(0, None), range=(1e4, 1e6), status="read", symbol="k_{SN}", source="Edwards2011"
    )
    h_per_atp: float = parameter(2.5, "1", bounds=(0, None), status="read", symbol="n_A", source="Edwards2011")

    @flux("uM/min", symbol="v_{SN}", pi_matrix=-1, adp_matrix=-1, atp_matrix=+1, h_matrix=h_per_atp,
          unbalanced=NO_BOOKS_OF_CHARGE)  # fmt: skip
    def J_SN(self, affinity, energy_per_decade):
        """ATP synthesis in the matrix"""
        return self.capacity * tanh(log(10) * affinity / (2 * energy_per_decade))


@component
class Exchanger(Component):
    """Adenine nucleotide exchange of the Mg-free forms, with a charge out per ATP.

    Parameters
    ----------
    capacity : uM/min
        Largest rate.
    K_adp : uM
        Mg-free cytosolic ADP at half rate.
    matrix_share : 1
        Share of Δψ on the matrix side of the binding site; the rest is on the cytosolic side.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "exchanger"

    capacity: float = parameter(
        187185.0, "uM/min", bounds=(0, None), range=(1e4, 1e6), status="read", symbol="k_{EX}", source="Edwards2011"
    )
    K_adp: float = parameter(3.5, "uM", bounds=(0, None), status="read", symbol="K_{mADP}", source="Edwards2011")
    matrix_share: float = parameter(0.65, "1", bounds=(0, 1), status="read", source="Edwards2011")

    @flux(
        "uM/min", symbol="v_{EX}", atp_matrix=-1, adp_matrix=+1, atp_cytosol=+1, adp_cytosol=-1,
        h_matrix=quantity("psi_share"), unbalanced=NO_BOOKS_OF_CHARGE,
    )  # fmt: skip
    def J_EX(self, adp_free_cytosol, atp_free_cytosol, adp_free_matrix, atp_free_matrix, delta_psi, nernst_slope):
        """ATP out for ADP in"""
        # Δψ of the source is negative when energised; ours is positive, hence the signs.
        outside = exp(-log(10) * (1 - self.matrix_share) * delta_psi / nernst_slope)
        inside = exp(log(10) * self.matrix_share * delta_psi / nernst_slope)
        loaded_outside = adp_free_cytosol / (adp_free_cytosol + atp_free_cytosol * outside)
        loaded_inside = adp_free_matrix / (adp_free_matrix + atp_free_matrix * inside)
        saturation = adp_free_cytosol / (self.K_adp + adp_free_cytosol)
        return self.capacity * (loaded_outside - loaded_inside) * saturation


@component
class PhosphateCarrier(Component):
    """Monovalent phosphate with a proton, which moves against ΔpH alone: a share ``1 − u`` of Δp.

    Parameters
    ----------
    activity : 1/uM/min
        Activity.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "phosphate_carrier"

    activity: float = parameter(
        238.11, "1/uM/min", bounds=(0, None), range=(20, 5e3), status="read", symbol="k_{PI}", source="Edwards2011"
    )

    @flux(
        "uM/min", symbol="v_{PI}", affinity=None,
        reason="it carries monovalent phosphate, whose share follows pH, while ΔG_P of the source is one of totals",
        pi_cytosol=-1, pi_matrix=+1, h_matrix=1 - quantity("psi_share"), unbalanced=NO_BOOKS_OF_CHARGE,
    )  # fmt: skip
    def J_PI(self, pi_monovalent_cytosol, proton_cytosol, pi_monovalent_matrix, proton_matrix):
        """Phosphate into the matrix"""
        return self.activity * (pi_monovalent_cytosol * proton_cytosol - pi_monovalent_matrix * proton_matrix)


@component
class AtpUse(Component):
    """ATP used by work, ``k_UT ATP/(K + ATP)``.

    Parameters
    ----------
    capacity : uM/min
        Rate at saturating ATP: 12244 at low work, 61220 at high work.
    K_atp : uM
        ATP at half rate.

    References
    ----------
    Edwards et al. 2011; Korzeniewski & Zoladz 2001.
    """

    role = "load"

    capacity: float = parameter(
        12244.0, "uM/min", bounds=(0, None), range=(5e3, 7e4), status="read", symbol="k_{UT}", source="Edwards2011"
    )
    K_atp: float = parameter(150.0, "uM", bounds=(0, None), status="read", symbol="K_{mA}", source="Edwards2011")

    @flux(
        "uM/min", symbol="v_{UT}", affinity=None, reason="work is taken as irreversible",
        atp_cytosol=-1, adp_cytosol=+1, pi_cytosol=+1,
    )  # fmt: skip
    def J_load(self, atp_cytosol):
        """ATP used by work"""
        return self.capacity * atp_cytosol / (self.K_atp + atp_cytosol)
