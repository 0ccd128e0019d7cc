"""Titrations in time: the uncoupler alone, and those of modular kinetics."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.arguments import one_of, text_in
from ..core.protocol import Protocol
from .steps import doses_in, stepwise

__all__ = ["fccp_titration", "modular_titration"]

BLOCKS = ("substrate_oxidation", "phosphorylation", "leak")


def fccp_titration(
    *,
    fccp: Sequence[float] = (0.05,) * 12,
    oligomycin: float = 1.0,
    load: float = 0.0,
    settle: float = 5.0,
    step_wait: float = 2.0,
) -> Protocol:
    """FCCP in steps: respiration rises to a maximum and falls, while Δψ and ΔpH fall all the way.

    Parameters
    ----------
    fccp : sequence of float
        FCCP of each step, µM in the chamber. Assumed: twelve steps that pass the optimum at 1 mg/mL.
    oligomycin : float
        Added before, µM; 0 leaves it out. Without it the synthase turns round and hydrolyses ATP, which defends Δp.
    load : float
        ATP-using work throughout, nmol/min/mg; 0 starts from state 4.
    settle, step_wait : float
        Minutes before the first addition, and after each.

    Returns
    -------
    Protocol
        Its segments are labelled ``control``, ``oligomycin`` (if added) and ``FCCP ...`` with the dose so far.
    """
    steps = doses_in(fccp, "fccp")
    protocol = Protocol().set({"load.capacity": load}).wait(settle, "control")
    if doses_in(oligomycin, "oligomycin") != [0.0]:
        protocol = protocol.add(oligomycin=oligomycin).wait(step_wait, "oligomycin")
    return stepwise(protocol, "FCCP", steps, step_wait)


def modular_titration(
    *,
    block: str = "leak",
    inhibitor: str = "cyanide",
    inhibitor_doses: Sequence[float] = (3.0, 3.0, 4.0, 5.0, 10.0, 15.0, 20.0, 40.0),
    fccp: Sequence[float] = (0.02, 0.02, 0.03, 0.03, 0.05, 0.05, 0.1),
    oligomycin: float = 1.0,
    nigericin: float = 0.1,
    load: float = 1200.0,
    settle: float = 5.0,
    step_wait: float = 3.0,
) -> Protocol:
    """One of the three titrations from which modular (top-down) kinetics are read.

    Respiration against Δψ at the end of each step is the curve of the block that is *not* titrated: ``leak`` blocks
    phosphorylation and inhibits the chain, so that all respiration pays for leak; ``substrate_oxidation`` blocks
    phosphorylation and adds FCCP; ``phosphorylation`` inhibits the chain in state 3, and the leak at the same Δψ is
    subtracted. `analysis.modular_kinetics` does all three from steady states.

    Parameters
    ----------
    block : {"substrate_oxidation", "phosphorylation", "leak"}
        Whose curve is wanted.
    inhibitor : str
        Drug that slows the chain.
    inhibitor_doses : sequence of float
        What each step adds, µM. Assumed: for cyanide, from no to a hundredth of the activity in the model.
    fccp : sequence of float
        FCCP of each step, µM; for ``substrate_oxidation``. Assumed: up to the largest respiration at 1 mg/mL.
    oligomycin : float
        Blocks phosphorylation, µM.
    nigericin : float
        Turns ΔpH into Δψ, µM, so that Δψ is all of Δp; 0 leaves it out.
    load : float
        ATP-using work of state 3, nmol/min/mg; for ``phosphorylation``.
    settle, step_wait : float
        Minutes before the first step, and after each.

    Returns
    -------
    Protocol
        Its segments are labelled ``state 4`` or ``state 3``, then with drug and dose so far, as ``cyanide 10``.

    References
    ----------
    Titrations of the three modules: Hafner, Brown & Brand 1990.
    """
    one_of(block, "block", BLOCKS)
    text_in(inhibitor, "inhibitor")
    working = block == "phosphorylation"
    protocol = Protocol().set({"load.capacity": load if working else 0.0})
    if doses_in(nigericin, "nigericin") != [0.0]:
        protocol = protocol.add(nigericin=nigericin)
    if not working:
        protocol = protocol.add(oligomycin=oligomycin)
    protocol = protocol.wait(settle, "state 3" if working else "state 4")
    if block == "substrate_oxidation":
        return stepwise(protocol, "FCCP", doses_in(fccp, "fccp"), step_wait)
    return stepwise(protocol, inhibitor, doses_in(inhibitor_doses, "inhibitor_doses"), step_wait)
