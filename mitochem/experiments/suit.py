"""Substrate-uncoupler-inhibitor titrations of high-resolution respirometry."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.arguments import one_of, yes_or_no
from ..core.protocol import Protocol
from .steps import doses_in, stepwise

__all__ = ["suit"]

SUBSTRATES = ("NADH", "succinate")
_SUBSTRATE = "electron_transport.substrate"


def suit(
    *,
    substrate: str = "NADH",
    adp: float = 2.5,
    phosphate: float = 5.0,
    oligomycin: float = 1.0,
    fccp: Sequence[float] = (0.05,) * 8,
    rotenone: float = 0.5,
    antimycin: float = 2.5,
    step_wait: float = 2.0,
    closed: bool = False,
) -> Protocol:
    """The coupling-control titration SUIT-006, ``1PM; 2D; 2c; 3Omy; 4U; 5Ama``.

    Pyruvate and malate (LEAK without adenylates), ADP (OXPHOS capacity), cytochrome c, oligomycin (LEAK again), FCCP
    in steps up to the largest respiration and past it (ET capacity), antimycin A (residual). With succinate, rotenone
    comes first. Run it on ``isolated_mitochondria()`` or ``isolated_mitochondria("succinate")``.

    Parameters
    ----------
    substrate : {"NADH", "succinate"}
        Pyruvate and malate, or succinate after rotenone; the model must have the same.
    adp, phosphate : float
        ADP added and phosphate of the medium, mM. Assumed: enough to saturate for the time of the titration.
    oligomycin, rotenone, antimycin : float
        Doses, µM in the chamber. Assumed: those that act fully.
    fccp : sequence of float
        FCCP of each step, µM. Assumed: small enough for the optimum, 0.1 µM at 0.1 mg/mL and 0.3 µM at 1 mg/mL.
    step_wait : float
        Minutes after every addition.
    closed : bool
        Close the chamber, so that oxygen falls as it does in the instrument. 1 mg/mL uses it up within minutes: give
        the model about ``{"environment.protein": 0.05}`` (mg/mL), as is done.

    Returns
    -------
    Protocol
        Its segments are labelled as the events of a titration sheet: ``0mt`` (no substrate), ``1PM``, ``2D``, ``2c``,
        ``3Omy``, ``4U (FCCP ...)`` with the dose so far, ``5Ama``; with succinate ``0mt``, ``1Rot``, ``2S``, ``3D``,
        ``3c``, ``4Omy``, ``5U (FCCP ...)``, ``6Ama``, numbered in the same manner.

    Notes
    -----
    The step with cytochrome c changes nothing: in the models the outer membrane is intact. A response to it is what the
    step tests for. In ``isolated_mitochondria("succinate")`` all electrons enter at complex II, and rotenone changes
    nothing either.
    """
    one_of(substrate, "substrate", SUBSTRATES)
    steps = doses_in(fccp, "fccp")
    protocol = Protocol(closed=yes_or_no(closed, "closed")).set(
        {"atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": phosphate, _SUBSTRATE: 0.0}
    )
    protocol = protocol.wait(step_wait, "0mt")
    if substrate == "succinate":
        protocol = protocol.add(rotenone=rotenone).wait(step_wait, "1Rot").set({_SUBSTRATE: 1.0}).wait(step_wait, "2S")
        number = 3
    else:
        protocol = protocol.set({_SUBSTRATE: 1.0}).wait(step_wait, "1PM")
        number = 2
    protocol = protocol.add(ADP=adp).wait(step_wait, f"{number}D").wait(step_wait, f"{number}c")
    protocol = protocol.add(oligomycin=oligomycin).wait(step_wait, f"{number + 1}Omy")
    protocol = stepwise(protocol, "FCCP", steps, step_wait, f"{number + 2}U ({{drug}} {{total:g}})")
    return protocol.add(antimycin=antimycin).wait(step_wait, f"{number + 3}Ama")
