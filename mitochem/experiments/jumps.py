"""Imposed gradients: the acid bath and the potassium jump, for vesicles with ATP synthase and no pump."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import dataset_in
from ..core.door import KINDS
from ..core.errors import ParameterError, nearest
from ..core.protocol import Protocol
from .steps import named

if TYPE_CHECKING:
    import xarray

__all__ = ["acid_bath", "atp_yield", "potassium_jump"]


def acid_bath(
    *,
    pH_acid: Any = 4.8,
    pH_base: Any = 8.4,
    adp: float = 0.1,
    atp: float = 0.0126,
    phosphate: float = 5.0,
    potassium_in: Any = 50.0,
    potassium_out: Any = 50.0,
    valinomycin: float = 1.0,
    acid_wait: float = 1.0,
    base_wait: float = 5.0,
) -> Protocol:
    """The acid-base transition of Jagendorf and Uribe, in the dark and without a pump.

    Vesicles stand in acid until it is inside as well; then base is added, with ADP, phosphate and a little ATP. Protons
    run out through the synthase, which makes ATP as long as ``n F Δp > ΔG_P``: at 25 degC from a ΔpH of
    ``ΔG_P/(n · 5.71 kJ/mol)`` on, if Δψ is zero. Valinomycin with equal K+ on both sides keeps it there; with more K+
    outside it adds a Δψ, positive inside, and the threshold falls. Run it on `models.vesicle`, which says what the
    signs are.

    Parameters
    ----------
    pH_acid, pH_base : float or 1-D array
        pH of both stages; an array makes a dimension of that name. Assumed: as such experiments are done.
    adp, atp, phosphate : float
        Added with the base, mM. Assumed: about 45 kJ/mol, so that there is a threshold to be seen.
    potassium_in, potassium_out : float or 1-D array
        K+ of the acid stage, inside and outside, and outside after the base, mM.
    valinomycin : float
        Dose, µM. Assumed: enough to hold Δψ within some millivolts. Without it Δψ rises against ΔpH within
        milliseconds, and nothing more is made.
    acid_wait, base_wait : float
        Minutes in acid and after the base.

    Returns
    -------
    Protocol
        Its segments are labelled ``acid stage`` and ``base stage``.

    Notes
    -----
    In acid the lumen has the pH of the bath from the start, however long it takes to get there. The base is added
    without dilution.

    References
    ----------
    Jagendorf & Uribe 1966 (recalled). With reconstituted synthase: Turina et al. 2003.
    """
    acid, inside = named(pH_acid, "pH_acid", "1"), named(potassium_in, "potassium_in", "mM")
    protocol = _resting(acid, inside, valinomycin).wait(acid_wait, "acid stage")
    base = {
        "environment.pH_bath": named(pH_base, "pH_base", "1"),
        "potassium.potassium_bath": named(potassium_out, "potassium_out", "mM"),
    }
    return protocol.set(base).add(ADP=adp, ATP=atp, Pi=phosphate).wait(base_wait, "base stage")


def potassium_jump(
    *,
    potassium_in: Any = 1.0,
    potassium_out: Any = 100.0,
    pH: float = 8.4,
    adp: float = 0.1,
    atp: float = 1e-4,
    phosphate: float = 5.0,
    valinomycin: float = 1.0,
    rest_wait: float = 1.0,
    jump_wait: float = 1.0,
) -> Protocol:
    """A diffusion potential of K+ as the only force: no ΔpH, valinomycin, and more K+ outside than inside.

    Δψ rises within milliseconds towards ``E_K = (RT/F) ln(K_out/K_in)``, positive inside. It stays below: charging
    the membrane already brings in K+, and every proton that leaves through the synthase is replaced by more of it.
    So a potassium jump makes less ATP than an acid bath of the same Δp. Run it on `models.vesicle`.

    Parameters
    ----------
    potassium_in, potassium_out : float or 1-D array
        K+ inside, and outside after the jump, mM; an array makes a dimension of that name.
    pH : float
        On both sides.
    adp, atp, phosphate : float
        Added with the K+, mM. Assumed: about 33 kJ/mol, within reach of 100 mV.
    valinomycin : float
        Dose, µM.
    rest_wait, jump_wait : float
        Minutes before and after the jump.

    Returns
    -------
    Protocol
        Its segments are labelled ``low potassium`` and ``high potassium``.

    References
    ----------
    Reconstituted synthase with 0.6 mM K+ inside and 100 mM outside, together with a ΔpH: Fischer et al. 1994.
    """
    inside = named(potassium_in, "potassium_in", "mM")
    protocol = _resting(named(pH, "pH", "1"), inside, valinomycin).wait(rest_wait, "low potassium")
    protocol = protocol.set({"potassium.potassium_bath": named(potassium_out, "potassium_out", "mM")})
    return protocol.add(ADP=adp, ATP=atp, Pi=phosphate).wait(jump_wait, "high potassium")


def _resting(pH: Any, potassium: Any, valinomycin: float) -> Protocol:
    """Vesicles in equilibrium with a medium without nucleotides."""
    return (
        Protocol()
        .set(
            {
                **dict.fromkeys(("atp_bath", "adp_bath", "pi_bath"), 0.0),
                **dict.fromkeys(("environment.pH_bath", "pH_lumen"), pH),
                **dict.fromkeys(("potassium.potassium_bath", "potassium_lumen"), potassium),
            }
        )
        .add(valinomycin=valinomycin)
    )


def atp_yield(ds: xarray.Dataset, *, segment: str | None = None) -> xarray.DataArray:
    """ATP made from an imposed gradient before it has run down: the most there was, less that at the start.

    Parameters
    ----------
    ds : Dataset
        A run with ``atp_bath`` (mM) and ``volume_bath`` (µL/mg).
    segment : str, optional
        The stretch that begins with the gradient; by default the last one.

    Returns
    -------
    DataArray
        nmol/mg, 0 where the gradient was too small, over the dimensions of the run other than ``time``.
    """
    dataset_in(ds, "atp_yield", "atp_bath", "volume_bath", "time", "segment")
    labels = list(dict.fromkeys(ds["segment"].values.tolist()))
    segment = labels[-1] if segment is None else segment
    if segment not in labels:
        raise ParameterError(f"no segment is called {segment!r}." + nearest(str(segment), labels))
    level = ds["atp_bath"].isel(time=np.flatnonzero(ds["segment"].values == segment))
    volume = KINDS["positive"].check("volume_bath", ds["volume_bath"])
    made = (level.max("time", skipna=False) - level.isel(time=0, drop=True)) * volume
    return made.rename("atp_yield").assign_attrs({"units": "nmol/mg", "long_name": "ATP made"})
