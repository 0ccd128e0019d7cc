"""How nigericin and valinomycin share the proton-motive force out between Δψ and ΔpH."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..core.errors import ParameterError
from ..core.protocol import Protocol
from .steps import doses_in

__all__ = ["pmf_partition"]

TREATMENTS = ("control", "nigericin", "valinomycin", "both")


def pmf_partition(
    *,
    nigericin: float = 0.02,
    valinomycin: float = 3e-4,
    both: Sequence[float] = (1.0, 0.1),
    potassium: float = 120.0,
    load: float = 0.0,
    settle: float = 20.0,
    wait: float = 20.0,
) -> Protocol:
    """Four chambers side by side: control, nigericin, valinomycin, and both, in a medium with K+.

    Nigericin (K+ out for H+ in) takes ΔpH away and Δψ makes up for it; valinomycin (K+ in) does the reverse; together
    they let K+ in and out for protons, which uncouples. ``plot.pmf_components(run.isel(time=-1))`` draws the bars.

    Parameters
    ----------
    nigericin, valinomycin : float
        Doses when given alone, µM. Assumed: those that move the split and not the sum.
    both : (float, float)
        Doses of nigericin and valinomycin when given together, µM. Assumed: higher, enough to uncouple.
    potassium : float
        K+ of the medium, mM.
    load : float
        ATP-using work, nmol/min/mg; 0 is state 4.
    settle, wait : float
        Minutes before and after the ionophores: ΔpH takes minutes to follow K+.

    Returns
    -------
    Protocol
        One for all four: a run has the dimension ``treatment``, with the labels ``control``, ``nigericin``,
        ``valinomycin`` and ``both``; its segments are labelled ``before`` and ``ionophores``.

    Notes
    -----
    Matrix volume is constant; swelling in valinomycin is left out. Ionophores are proportional to their dose.

    References
    ----------
    Direction of the effects: Komlodi et al. 2018.
    """
    together = doses_in(both, "both")
    if len(together) != 2:
        raise ParameterError(f"both = {both!r} takes two doses, of nigericin and of valinomycin, in uM.")
    alone = [one(nigericin, "nigericin"), one(valinomycin, "valinomycin")]
    protocol = Protocol().set({"potassium.potassium_bath": potassium, "load.capacity": load}).wait(settle, "before")
    return protocol.add(
        nigericin=_along([0.0, alone[0], 0.0, together[0]]),
        valinomycin=_along([0.0, 0.0, alone[1], together[1]]),
    ).wait(wait, "ionophores")


def one(given: Any, what: str) -> float:
    """A single dose, µM."""
    doses = doses_in(given, what)
    if len(doses) != 1:
        raise ParameterError(f"{what} has {len(doses)} values; it takes one dose, in uM.")
    return doses[0]


def _along(doses: Sequence[float]) -> Any:
    import xarray

    return xarray.DataArray(np.array(doses), {"treatment": list(TREATMENTS)}, ("treatment",))
