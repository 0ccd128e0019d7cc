"""The assays by name: what each is for, and which model it is run on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.arguments import one_of, text_in
from ..core.model import Model
from ..core.protocol import Protocol
from .ionophores import pmf_partition
from .jumps import acid_bath, potassium_jump
from .reversal import reverse_electron_transport, synthase_reversal
from .states import respiratory_states
from .stress_test import stress_test
from .suit import suit
from .titrations import fccp_titration, modular_titration

if TYPE_CHECKING:
    import pandas

__all__ = ["Assay", "get", "list"]


@dataclasses.dataclass(frozen=True)
class Assay:
    """An assay: a protocol that is made by a function, and the model it is meant for.

    Attributes
    ----------
    name : str
        As `get` knows it.
    purpose : str
        What it is for, in one line.
    protocol : callable
        Makes the protocol; its keyword arguments are what can be varied.
    model_name : str
        Model that it is run on unless another is chosen, as `models.get` knows it.
    model_options : mapping
        Options of that model.
    """

    name: str
    purpose: str
    protocol: Callable[..., Protocol]
    model_name: str = "isolated_mitochondria"
    model_options: dict[str, Any] = dataclasses.field(default_factory=dict)

    def model(self) -> Model:
        """The model it is run on by default."""
        from .. import models

        return models.get(self.model_name, **self.model_options)


_ASSAYS = {
    assay.name: assay
    for assay in (
        Assay("respiratory_states", "States 1 to 5 of Chance and Williams: RCR, ADP/O", respiratory_states),
        Assay("stress_test", "Basal, leak, maximal and other respiration of cells", stress_test, "cultured_cell"),
        Assay("suit", "SUIT-006: LEAK, OXPHOS and ET capacity of one sample", suit),
        Assay("fccp_titration", "Uncoupler in steps: the bell of respiration, and Δp", fccp_titration),
        Assay("modular_titration", "Respiration against Δψ for one block of modular kinetics", modular_titration),
        Assay("pmf_partition", "Nigericin and valinomycin: Δψ and ΔpH for each other", pmf_partition),
        Assay("acid_bath", "ATP from an imposed ΔpH: threshold and yield", acid_bath, "vesicle"),
        Assay("potassium_jump", "ATP from a K+ diffusion potential", potassium_jump, "vesicle"),
        Assay(
            "reverse_electron_transport", "Succinate reduces NAD+ through complex I", reverse_electron_transport,
            "respiratory_chain",
        ),
        Assay("synthase_reversal", "ATP hydrolysis holds Δψ until oligomycin", synthase_reversal),
    )
}  # fmt: skip


def get(name: str) -> Assay:
    """An assay by its name; ``stress-test`` is ``stress_test``."""
    return _ASSAYS[one_of(text_in(name, "assay").replace("-", "_"), "assay", _ASSAYS)]


def list() -> pandas.DataFrame:
    """Table of the assays: what each is for, its default model, and what can be varied."""
    import inspect

    import pandas

    rows = {
        name: {
            "purpose": assay.purpose,
            "model": assay.model_name,
            "arguments": ", ".join(inspect.signature(assay.protocol).parameters),
        }
        for name, assay in _ASSAYS.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("assay")
