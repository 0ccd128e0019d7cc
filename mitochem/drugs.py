"""Named drugs: what ``Protocol().add(FCCP=0.5)`` puts into the chamber.

Doses are µM in the chamber, all of it. Constants without a source are marked as assumed; they make the drug act
fully at the doses people use, and say nothing of its real affinity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .components.inhibitors import Inhibitor, Ionophore
from .components.uncoupler import Protonophore
from .core.component import Component
from .core.errors import ParameterError, nearest
from .core.library import drugs as _drugs
from .core.library import register

if TYPE_CHECKING:
    import pandas

__all__ = ["CCCP", "FCCP", "get", "list"]

FCCP = register("FCCP", Protonophore())
CCCP = register(
    "CCCP",
    Protonophore(pK=6.0, k_neutral=7.2e5, k_anion=1.05e4, adsorption_length=1.4e-3).cited(
        pK=("recalled", "assumed: recalled as 6.0, not read"),
        k_neutral=("read", "Kasianowicz1984"),
        k_anion=("read", "Kasianowicz1984"),
        adsorption_length=("read", "Kasianowicz1984"),
    ),
)

_SITES = {
    "rotenone": ("activity_complex_I", 0.02),
    "malonate": ("activity_complex_II", 100.0),
    "antimycin": ("activity_chain", 0.02),
    "cyanide": ("activity_chain", 10.0),
    "oligomycin": ("activity_phosphorylation", 0.005),
    "carboxyatractyloside": ("activity_phosphorylation", 0.01),
}
for _name, (_site, _half) in _SITES.items():
    _assumed = ("assumed", "assumed: full effect at the doses in use at 1 mg/mL; no binding constant was read")
    register(
        _name,
        Inhibitor(half_dose=_half, hill=2.0).rewire(activity=_site).cited(half_dose=_assumed, hill=_assumed),
    )

register("valinomycin", Ionophore(doubling_dose=1e-5).rewire(permeability="potassium_permeability"))
register(
    "nigericin",
    Ionophore(doubling_dose=1e-4)
    .rewire(permeability="exchange_activity")
    .cited(doubling_dose=("assumed", "assumed: 0.1 µM raises exchange a thousand-fold")),
)


def get(name: str) -> Component:
    """The component that stands for a drug."""
    if name not in _drugs:
        raise ParameterError(f"no drug {name!r}." + nearest(name, _drugs))
    return _drugs[name]


def list() -> pandas.DataFrame:
    """Table of the known drugs: kind, what they act on, dose constants."""
    import pandas

    rows: dict[str, dict[str, str]] = {}
    for name, item in _drugs.items():
        site = dict(item.wiring)
        constants = {k: v for k, v in item.values.items() if k != "dose"}
        rows[name] = {
            "kind": type(item).__name__,
            "acts_on": ", ".join(site.values()) or "J_uncoupler, activity_chain",
            "constants": ", ".join(f"{k} = {v:g} {item.declared_parameters[k].unit}" for k, v in constants.items()),
        }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("drug")
