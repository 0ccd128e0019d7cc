"""The stress test of a plate respirometer: oligomycin, FCCP, then rotenone with antimycin A."""

from __future__ import annotations

from ..core.arguments import text_in, whole_number
from ..core.protocol import Protocol
from .steps import minutes_in

__all__ = ["stress_test"]


def stress_test(
    *,
    oligomycin: float = 1.5,
    fccp: float = 1.0,
    rotenone: float = 0.5,
    antimycin: float = 0.5,
    compound: str | None = None,
    compound_dose: float = 1.0,
    measurements: int = 3,
    cycle: float = 6.0,
) -> Protocol:
    """The Mito Stress Test on cells in a plate.

    Port A oligomycin, B FCCP, C rotenone with antimycin A; before them, if one is named, a compound under test. Every
    stretch lasts ``measurements`` cycles of mixing, waiting and measuring, so that the default has 12 points in 72 min.
    Run it on `models.cultured_cell`.

    Parameters
    ----------
    oligomycin, fccp, rotenone, antimycin : float
        Doses, µM in the well. Assumed: those in use; the best FCCP is found by titration (`fccp_titration`).
    compound : str, optional
        A drug injected first, by name.
    compound_dose : float
        Its dose, µM.
    measurements : int
        Measurements in each phase.
    cycle : float
        Minutes from one measurement to the next. Assumed: 6; the plates at hand have 6.5.

    Returns
    -------
    Protocol
        Its segments are labelled exactly ``basal``, ``acute`` (only with a compound), ``oligomycin``, ``FCCP`` and
        ``rotenone + antimycin A``.

    Notes
    -----
    Two biases of the assay can be seen in a run, since the model knows the truth. After oligomycin Δp is higher than in
    the basal state, and the leak with it: "proton leak" reads too high and coupling too low. And basal respiration
    is read with whatever ATP the cells happen to use. That oligomycin *before* FCCP lowers the maximum, by a quarter or
    more in some tumour lines (Ruas et al. 2016), is not in the model: its chain does not depend on ATP, and
    oligomycin rather raises the maximum a little, because less FCCP is needed where the synthase cannot reverse.

    References
    ----------
    Dose dependence of uncoupled respiration: Ruas et al. 2016. Plates: Yepez et al. 2018.
    """
    phase = whole_number(measurements, "measurements", 1) * minutes_in(cycle, "cycle")
    protocol = Protocol().wait(phase, "basal")
    if compound is not None:
        protocol = protocol.add(**{text_in(compound, "compound"): compound_dose}).wait(phase, "acute")
    protocol = protocol.add(oligomycin=oligomycin).wait(phase, "oligomycin").add(FCCP=fccp).wait(phase, "FCCP")
    return protocol.add(rotenone=rotenone, antimycin=antimycin).wait(phase, "rotenone + antimycin A")
