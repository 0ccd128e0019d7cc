"""Machines that run backwards: electrons from succinate up to NAD+, and ATP synthase as a pump."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.arguments import text_in
from ..core.protocol import Protocol
from .steps import doses_in, stepwise

__all__ = ["reverse_electron_transport", "synthase_reversal"]


def reverse_electron_transport(
    *,
    acceptor_potential: float = -266.0,
    stop: str = "FCCP",
    stop_doses: Sequence[float] = (0.05, 0.1, 0.2),
    settle: float = 5.0,
    succinate_wait: float = 10.0,
    acceptor_wait: float = 5.0,
    step_wait: float = 3.0,
) -> Protocol:
    """Succinate as the only substrate, no rotenone, nothing phosphorylated: complex I is driven backwards.

    Complexes III and IV pump with the electrons of succinate, and Δp pushes others up through complex I: NAD+ is
    reduced although no NADH-linked substrate is there, until ``2(E_Q − E_N) = 4Δp``. An acceptor that oxidises
    NADH (acetoacetate) keeps them going, so that ``J_complex_I`` stays negative. FCCP, also in small doses, or
    rotenone ends it. Run it on `models.respiratory_chain`.

    Parameters
    ----------
    acceptor_potential : float
        Potential of the acceptor couple at pH 7, mV. Assumed: acetoacetate in 400-fold excess over 3-hydroxybutyrate,
        80 mV above its midpoint of -346 mV.
    stop : str
        Drug that ends it: ``"FCCP"``, ``"rotenone"``, or ``"nigericin"``, which does not.
    stop_doses : sequence of float
        What each step of it adds, µM. Assumed: FCCP up to half of what uncouples fully at 1 mg/mL.
    settle, succinate_wait, acceptor_wait, step_wait : float
        Minutes without substrate, with succinate, with the acceptor, and after each step.

    Returns
    -------
    Protocol
        Its segments are labelled ``no substrate``, ``succinate``, ``NADH acceptor``, then with drug and dose so far,
        as ``FCCP 0.05``.

    Notes
    -----
    Needs a chain with its complexes apart; the lumped models have no NADH. Superoxide is in none of the models: what
    they show is the reduction of NAD and the force, on which its formation depends. Nigericin raises Δψ and lowers
    ΔpH, which is why it raises the formation of superoxide (Komlodi et al. 2018); electron flow itself answers to Δp,
    and to matrix pH through the potentials of the carriers.

    References
    ----------
    Ernster et al. 1963; Komlodi et al. 2018.
    """
    text_in(stop, "stop")
    doses = doses_in(stop_doses, "stop_doses")
    protocol = Protocol().set({"dehydrogenase.substrate": 0.0, "complex_II.substrate": 0.0})
    protocol = protocol.wait(settle, "no substrate")
    protocol = protocol.set({"complex_II.substrate": 1.0}).wait(succinate_wait, "succinate")
    acceptor = {"dehydrogenase.donor_potential": acceptor_potential, "dehydrogenase.substrate": 1.0}
    return stepwise(protocol.set(acceptor).wait(acceptor_wait, "NADH acceptor"), stop, doses, step_wait)


def synthase_reversal(
    *,
    atp: float = 0.0,
    inhibitor: str = "antimycin",
    inhibitor_dose: float = 1.0,
    oligomycin: float = 1.0,
    settle: float = 5.0,
    inhibitor_wait: float = 3.0,
    oligomycin_wait: float = 3.0,
) -> Protocol:
    """The chain stops and ATP holds the membrane potential, until oligomycin stops that too.

    After the inhibitor the synthase hydrolyses ATP and pumps: Δp stays near, and below, ``ΔG_P/nF``, and falls with
    ΔG_P as ATP is used. Oligomycin then lets it collapse. Run it on `models.isolated_mitochondria`, whose bath has ATP.

    Parameters
    ----------
    atp : float
        ATP added at the start, mM, to what the medium of the model holds.
    inhibitor : str
        Drug that stops the chain.
    inhibitor_dose, oligomycin : float
        Doses, µM. Assumed: those that act fully.
    settle, inhibitor_wait, oligomycin_wait : float
        Minutes before the inhibitor, between the two, and after.

    Returns
    -------
    Protocol
        Its segments are labelled ``respiring``, by the name of the inhibitor, and ``oligomycin``.

    Notes
    -----
    In the lumped models synthase and translocase are one step and turn round together, at ``ΔG_P = n F Δp`` with
    n = 11/3. That the synthase reverses before the translocase does needs both apart, with matrix nucleotides.

    References
    ----------
    Δp by hydrolysis of ATP: Nicholls 1974.
    """
    text_in(inhibitor, "inhibitor")
    protocol = Protocol().add(ATP=atp).wait(settle, "respiring")
    protocol = protocol.add(**{inhibitor: inhibitor_dose}).wait(inhibitor_wait, inhibitor)
    return protocol.add(oligomycin=oligomycin).wait(oligomycin_wait, "oligomycin")
