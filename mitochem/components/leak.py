"""Return of protons to the matrix: the usual laws of the passive leak, and the uncoupling protein UCP1."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, flux, parameter
from ..core.functions import expm1, sinh


@component
class SinhLeak(Component):
    """Leak that is steeper than ohmic and reverses with the force.

    ``J_leak = amplitude · sinh(steepness · Δp)``. With steepness F/2RT it is a single Eyring barrier in the middle
    of the membrane.

    Parameters
    ----------
    amplitude : nmol/min/mg
        Twice the pre-factor of the exponential branch. A leak is an inward flux; use 0 to switch it off.
    steepness : 1/mV
        e-fold rise per 1/steepness mV.

    References
    ----------
    Steep current-voltage curve: Nicholls 1974; Krishnamoorthy & Hinkle 1984.
    """

    role = "leak"

    amplitude: float = parameter(
        0.618, "nmol/min/mg", bounds=(0, None), range=(0.18, 3.0), status="calibrated", symbol="A_L",
        source="Nicholls1974",
    )  # fmt: skip
    steepness: float = parameter(
        0.035, "1/mV", bounds=(0, None), range=(0.019, 0.06), status="calibrated", symbol="k_L", source="Nicholls1974"
    )

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.amplitude * sinh(self.steepness * pmf)


@component
class OhmicLeak(Component):
    """Leak proportional to the force, ``J_leak = conductance · Δp``: for closed forms and protonophore-like leaks.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Protons per minute and millivolt.

    References
    ----------
    Worked example H1 of the model description; real membranes are steeper (Nicholls 1974).
    """

    role = "leak"

    conductance: float = parameter(
        1.2, "nmol/min/mg/mV", bounds=(0, None), range=(0.1, 5), status="assumed", symbol="g_L",
        source="assumed: worked example H1, 0.02 nmol/s/mg/mV",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.conductance * pmf


@component
class ExponentialLeak(Component):
    """Leak that rises exponentially, ``J_leak = amplitude · (exp(steepness · Δp) − 1)``; saturates when reversed.

    Parameters
    ----------
    amplitude : nmol/min/mg
        Largest reversed leak, and pre-factor of the exponential.
    steepness : 1/mV
        e-fold rise per 1/steepness mV.

    References
    ----------
    Form and steepness: Korzeniewski & Zoladz 2001.
    """

    role = "leak"

    amplitude: float = parameter(
        0.3, "nmol/min/mg", bounds=(0, None), range=(0.05, 1.0), status="assumed", symbol="k_1",
        source="assumed: worked example H3, 0.005 nmol/s/mg",
    )  # fmt: skip
    steepness: float = parameter(
        0.035, "1/mV", bounds=(0, None), range=(0.019, 0.06), status="assumed", symbol="k_2",
        source="assumed: worked example H3; 0.038 in Korzeniewski2001",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol="J_L", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return self.amplitude * expm1(self.steepness * pmf)


@component
class UCP1(Component):
    """Uncoupling protein of brown fat: a proton uniport, opened by fatty acids and closed by purine nucleotides.

    ``J_ucp1 = G · FA/(FA + K_FA (1 + N/K_N)) · Δp``: fatty acid and nucleotide compete, so that enough of the one
    overcomes any amount of the other. Without fatty acid the protein is closed.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Slope with saturating fatty acid and no nucleotide; proportional to how much of the protein there is.
    fatty_acid : uM
        Free long-chain fatty acid. Free means after binding to albumin.
    nucleotide : mM
        Free purine nucleotide (GDP, GTP, ADP, ATP) in the intermembrane space.
    fatty_acid_half : uM
        Fatty acid that half opens the protein without nucleotide.
    nucleotide_half : mM
        Nucleotide that doubles the fatty acid needed.

    References
    ----------
    Fatty-acid activated transport, competition with nucleotides: PMC5461058, PMC3782081.
    """

    role = "ucp1"

    conductance: float = parameter(
        10.0, "nmol/min/mg/mV", bounds=(0, None), range=(1, 50), status="assumed", symbol=r"G_\mathrm{UCP}",
        source="assumed: enough to uncouple the default mitochondria; to be fitted",
    )  # fmt: skip
    fatty_acid: float = parameter(
        0.0, "uM", bounds=(0, None), range=(1e-3, 10), status="assumed", symbol=r"\mathrm{FA}",
        source="assumed: none until added",
    )  # fmt: skip
    nucleotide: float = parameter(
        0.0, "mM", bounds=(0, None), range=(0.01, 5), status="assumed", symbol="N", source="assumed: none until added"
    )
    fatty_acid_half: float = parameter(
        0.01, "uM", bounds=(1e-9, None), range=(1e-3, 1), status="assumed", symbol=r"K_\mathrm{FA}",
        source="assumed: nanomolar free fatty acid acts; to be fitted",
    )  # fmt: skip
    nucleotide_half: float = parameter(
        0.05, "mM", bounds=(1e-9, None), range=(1e-3, 1), status="assumed", symbol="K_N",
        source="assumed: after 0.05 mM for GDP in the abstract of Shabalina et al. (2004) J. Biol. Chem. 279, 38236",
    )  # fmt: skip

    @derived("1", local=True)
    def open_fraction(self):
        """Fraction of UCP1 that is open"""
        half = self.fatty_acid_half * (1 + self.nucleotide / self.nucleotide_half)
        return self.fatty_acid / (self.fatty_acid + half)

    @flux("nmol/min/mg", symbol=r"J_\mathrm{UCP1}", charge_ims=-1, h_matrix=+1)
    def J_ucp1(self, pmf, open_fraction):
        """Protons returned by UCP1"""
        return self.conductance * open_fraction * pmf


@component
class SinhUCP1(UCP1):
    """Uncoupling protein of brown fat with a flux steeper than ohmic, ``(G/steepness) · sinh(steepness · Δp)`` if open.

    Opens and closes as `UCP1` does; at small force the two are the same.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Slope at small force, with saturating fatty acid and no nucleotide.
    steepness : 1/mV
        e-fold rise per 1/steepness mV; tending to 0, the flux becomes ohmic.

    References
    ----------
    Fatty-acid activated transport, competition with nucleotides: PMC5461058, PMC3782081.
    """

    steepness: float = parameter(
        0.0187, "1/mV", bounds=(1e-6, None), range=(0.005, 0.04), status="assumed", symbol="k_U",
        source="assumed: one barrier in the middle of the membrane, F/2RT at 37 degC",
    )  # fmt: skip

    @flux("nmol/min/mg", symbol=r"J_\mathrm{UCP1}", charge_ims=-1, h_matrix=+1)
    def J_ucp1(self, pmf, open_fraction):
        """Protons returned by UCP1"""
        return self.conductance / self.steepness * open_fraction * sinh(self.steepness * pmf)
