"""QAMAS in vitro: isolated heart mitochondria in a cuvette, after Randall et al. 2021, in M, V, s and kJ/mol."""

from __future__ import annotations

from ...core.model import Model
from .phosphates import BathPhosphates, Binding, MatrixPhosphates
from .phosphorylation import Demand, PhosphateCarrier, Synthase, Translocase
from .respiration import ComplexI, ComplexIII, ComplexIV, Dehydrogenase, RedoxCarriers
from .suspension import BarrierLeak, InnerMembrane, Suspension

__all__ = ["qamas_in_vitro"]


def qamas_in_vitro() -> Model:
    """Isolated heart mitochondria with clamped pH, 10 states, as the code of Randall et al. (2021) has it.

    Units are those of the source: M, V, s, mol per second and litre of mitochondria (energies in kJ/mol). Starts with
    5 mM external ATP and 1 mM phosphate; steady states depend on the start through three conserved totals. Where
    text and code of the source differ (the form of the leak, the doses), this is the code.
    """
    return Model(
        Suspension(),
        InnerMembrane(),
        RedoxCarriers(),
        Dehydrogenase(),
        ComplexI(),
        ComplexIII(),
        ComplexIV(),
        Binding(),
        MatrixPhosphates().in_compartment("matrix"),
        BathPhosphates().in_compartment("bath"),
        Synthase(),
        Translocase(),
        PhosphateCarrier(),
        BarrierLeak(),
        Demand(),
        name="qamas_in_vitro",
        description="isolated heart mitochondria of Randall et al. 2021 (QAMAS): 10 states, clamped pH",
        references=("Randall2021",),
        initial={"atp_bath": 5e-3, "adp_bath": 0.0, "pi_bath": 1e-3},
        time_unit="s",
    )
