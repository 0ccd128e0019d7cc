"""The heart model of Korzeniewski, as in Edwards, Ashrafian & Korzeniewski 2011, in µM, mV and minutes."""

from __future__ import annotations

from ...core.model import Model
from .cell import Cell, ForceLeak, Matrix
from .phosphates import AdenylateKinase, CreatineKinase, CytosolPhosphates, MatrixPhosphates
from .phosphorylation import AtpUse, Exchanger, PhosphateCarrier, Synthase
from .respiration import ComplexI, ComplexIII, ComplexIV, Dehydrogenation, RedoxCouples

__all__ = ["korzeniewski_heart"]


def korzeniewski_heart() -> Model:
    """Heart cell at low work, 10 states, with Δψ a fixed share of Δp, as Edwards et al. (2011) publish it.

    Units are those of the source: µM, mV and minutes, fluxes in µM of cell volume per minute, oxygen as O2. Only the
    sign of Δψ is ours, positive when energised. ``load.capacity`` is the work, ``cell.oxygen`` the oxygen.
    """
    return Model(
        Cell(),
        Matrix(),
        RedoxCouples(),
        Dehydrogenation(),
        ComplexI(),
        ComplexIII(),
        ComplexIV(),
        MatrixPhosphates(),
        CytosolPhosphates(),
        Synthase(),
        Exchanger(),
        PhosphateCarrier(),
        ForceLeak(),
        AtpUse(),
        AdenylateKinase(),
        CreatineKinase(),
        name="korzeniewski_heart",
        description="heart cell of Edwards, Ashrafian & Korzeniewski 2011: 10 states, state-dependent matrix buffer",
        references=("Edwards2011", "Korzeniewski2001"),
    )
