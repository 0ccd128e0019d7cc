"""L0: one state, the proton-motive force. Carries the closed forms."""

from __future__ import annotations

from .. import drugs  # noqa: F401  (makes the named drugs known)
from ..components import (
    Environment,
    FixedPhosphorylationPotential,
    LinearElectronTransport,
    LinearPhosphorylation,
    LumpedMembrane,
    OhmicLeak,
    OxygenReservoir,
)
from ..core.model import Model


def minimal() -> Model:
    """Linear pump, linear phosphorylation and ohmic leak on one capacitor: Δp is the only state.

    ΔpH is an input, ATP and oxygen are reservoirs. Its steady state is a weighted mean of two batteries and a
    leak, which makes it the model to begin with; `isolated_mitochondria` is the one to work with.
    """
    return Model(
        Environment(),
        LumpedMembrane(),
        OxygenReservoir(),
        LinearElectronTransport(),
        FixedPhosphorylationPotential(),
        LinearPhosphorylation(),
        OhmicLeak(),
        name="minimal",
        description="one state, the proton-motive force: linear pump, linear phosphorylation, ohmic leak",
    )
