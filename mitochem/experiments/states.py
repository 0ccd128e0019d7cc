"""The respiratory states of Chance and Williams, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.arguments import yes_or_no
from ..core.protocol import Protocol
from .steps import doses_in, minutes_in, stepwise

__all__ = ["respiratory_states"]


def respiratory_states(
    *,
    adp: float = 0.2,
    phosphate: float = 5.0,
    oligomycin: float = 1.0,
    fccp: Sequence[float] = (0.1, 0.1, 0.1, 0.1),
    inhibitor: str = "antimycin",
    inhibitor_dose: float = 1.0,
    substrate_wait: float = 2.0,
    pulse_wait: float = 4.0,
    step_wait: float = 2.0,
    to_anoxia: bool = False,
) -> Protocol:
    """The oxygen-electrode experiment of every textbook.

    Mitochondria in a medium with phosphate and no nucleotides; substrate (state 2: substrate, no ADP); two pulses
    of ADP (state 3, then state 4 when it is used up); oligomycin (state 4o); steps of FCCP (state 3u); an inhibitor.
    With ``to_anoxia`` the chamber is closed, and after the second pulse the run waits until oxygen is gone (state 5):
    the bath ATP then holds the membrane potential.

    Parameters
    ----------
    adp : float
        ADP of each pulse, mM.
    phosphate : float
        Phosphate of the medium, mM.
    oligomycin : float
        Dose, µM in the chamber.
    fccp : sequence of float
        FCCP added at each step, µM in the chamber.
    inhibitor, inhibitor_dose
        Drug that stops the chain at the end, and its dose (µM).
    substrate_wait, pulse_wait, step_wait : float
        Minutes after the substrate, after each ADP pulse, and after each other addition.
    to_anoxia : bool
        Run in a closed chamber into anoxia.

    Returns
    -------
    Protocol
        Its segments are labelled ``state 1``, ``state 2``, ``state 3-4 (1)``, ``state 3-4 (2)``, ``state 4o``,
        ``state 3u (FCCP ...)`` and ``inhibited`` or ``state 5``.
    """
    # What is calculated with here is checked here; everything else where it is added, by simulate.
    steps = doses_in(fccp, "fccp")
    first = min(0.5, minutes_in(substrate_wait, "substrate_wait"))
    protocol = Protocol(closed=yes_or_no(to_anoxia, "to_anoxia")).set(
        {"atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": phosphate, "electron_transport.substrate": 0.0}
    )
    protocol = protocol.wait(first, "state 1")
    protocol = protocol.set({"electron_transport.substrate": 1.0}).wait(substrate_wait, "state 2")
    for pulse in (1, 2):
        protocol = protocol.add(ADP=adp).wait(pulse_wait, f"state 3-4 ({pulse})")
    if to_anoxia:
        return protocol.wait_until(oxygen=("<", 1e-4), at_most=600.0, label="to anoxia").wait(step_wait, "state 5")
    protocol = protocol.add(oligomycin=oligomycin).wait(step_wait, "state 4o")
    protocol = stepwise(protocol, "FCCP", steps, step_wait, "state 3u ({drug} {total:g})")
    return protocol.add(**{str(inhibitor): inhibitor_dose}).wait(step_wait, "inhibited")
