"""Parameter sets of isolated mitochondria by tissue: each value with its status and where it comes from.

A preset changes parameters of an assembled model and says so: ``model.parameters`` shows status and source of every
value, as it does for defaults. ``liver`` is what the defaults are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..core.arguments import one_of
from ..core.component import Component
from ..core.model import Model

if TYPE_CHECKING:
    import pandas

__all__ = ["PRESETS", "Preset", "applied", "table"]

Origin = tuple[float, str, str]


@dataclasses.dataclass(frozen=True)
class Preset:
    """A named parameter set.

    Attributes
    ----------
    description : str
        What it stands for, and what it does not.
    values : mapping
        ``{address: (value, status, source)}``, for every substrate.
    by_substrate : mapping
        The same for one substrate only.
    state_3 : mapping
        Conditions that make state 3: a load well above what phosphorylation can supply.
    """

    description: str
    values: Mapping[str, Origin] = dataclasses.field(default_factory=dict)
    by_substrate: Mapping[str, Mapping[str, Origin]] = dataclasses.field(default_factory=dict)
    state_3: Mapping[str, float] = dataclasses.field(default_factory=lambda: {"load.capacity": 1200.0})

    def of(self, substrate: str) -> dict[str, Origin]:
        """All values for one substrate."""
        return {**self.values, **self.by_substrate.get(substrate, {})}


_PER_MG = "at 2 units of citrate synthase per mg, which is assumed"

PRESETS: dict[str, Preset] = {
    "liver": Preset("the defaults, calibrated to respiration, RCR and Δp of well-coupled preparations"),
    "heart": Preset(
        "calibrated to Δψ, ADP and respiration on pyruvate and malate with 5 mM phosphate (Bazil2016), "
        f"{_PER_MG}; absolute rates stand and fall with that, ratios and forces do not",
        values={
            "electron_transport.pmf_width": (10.5, "calibrated", "Bazil2016"),
            "phosphorylation.capacity": (2340.0, "calibrated", "Bazil2016"),
            "phosphorylation.reverse_capacity": (
                1200.0, "assumed", "assumed: raised with the capacity of synthesis, to the end of its range",
            ),
            "leak.amplitude": (0.97, "calibrated", "Bazil2016"),
        },
        by_substrate={
            "NADH": {
                "electron_transport.capacity": (
                    400.0, "assumed", "assumed: the upper end of the range; the data determine it only with pmf_half",
                ),
                "electron_transport.pmf_half": (175.8, "calibrated", "Bazil2016"),
            },
            "succinate": {
                "electron_transport.capacity": (400.0, "assumed", "assumed: the upper end of the range"),
                "electron_transport.pmf_half": (
                    181.2, "assumed", "assumed: moved by as much as with NADH-linked substrates; no data",
                ),
            },
        },
        state_3={"load.capacity": 4800.0},
    ),
}  # fmt: skip
"""Presets by name."""


def preset(name: str) -> Preset:
    """A preset by name, or an error that says which there are."""
    return PRESETS[one_of(name, "preset", PRESETS)]


def applied(model: Model, name: str, substrate: str) -> Model:
    """The model with the values of a preset, each with its status and source."""
    return with_origins(model, preset(name).of(substrate))


def with_origins(model: Model, values: Mapping[str, Origin]) -> Model:
    """The model with other values by address, each with its status and source."""
    if not values:
        return model
    changed: dict[str, Component] = {}
    for address, (value, status, source) in values.items():
        owner, parameter = address.split(".")
        item = changed.get(owner, model.components[owner])
        # replace drops the sources of what it replaces, so the new ones are given after it
        changed[owner] = item.replace(**{parameter: value}).cited(**{parameter: (status, source)})
    return model.with_component(*changed.values())


def table() -> pandas.DataFrame:
    """Every value of every preset: value, status, source."""
    import pandas

    columns = ["preset", "substrate", "parameter", "value", "status", "source"]
    rows = [
        (name, substrate, address, *origin)
        for name, item in PRESETS.items()
        for substrate, values in (("all", item.values), *item.by_substrate.items())
        for address, origin in values.items()
    ]
    return pandas.DataFrame(rows, columns=columns)
