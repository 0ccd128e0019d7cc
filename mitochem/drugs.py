"""The drug library: what ``Protocol().add(FCCP=0.5)`` puts into the chamber, and what is known of it.

``drugs.get("FCCP")`` (or ``drugs.FCCP``) is the component that acts in a model, ``drugs.info("FCCP")`` says where it
acts, how, on what else, and from which source; ``drugs.list()`` is the table. An inhibitor of one complex or carrier
acts on that in models that have it, else on the lumped step of which it is part: a protocol sees to that, and so does
``drugs.get("cyanide", model)``.

Doses are µM in the chamber, all of it. Constants without a source are marked as assumed: they make the drug act
fully at the doses people use, and say nothing of its real affinity. Sources are keys of the bibliography, which says
of an entry where it was recalled and not read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from .components.inhibitors import Inhibitor, Ionophore, TightInhibitor
from .components.uncoupler import DimerProtonophore, Protonophore
from .core.arguments import model_in
from .core.component import Component
from .core.errors import ParameterError, nearest
from .core.library import drugs as _drugs
from .core.library import in_place, register
from .core.library import sites as _sites

if TYPE_CHECKING:
    import pandas

    from .core.model import Model


@dataclass(frozen=True)
class Drug:
    """What is known of a drug.

    Attributes
    ----------
    name : str
        What protocols and titrations call it.
    component : Component
        What acts in a model; its ``dose`` is µM in the chamber.
    kind : str
        Uncoupler, ionophore or inhibitor.
    acts_on : str
        Its site, in words; `changes` gives the quantities of the model.
    dose_response : str
        Form of the dose-response.
    reversible : bool or None
        Whether it can be taken away again; None where that was not recorded.
    off_targets : str
        What else it is known to act on.
    source : str
        Where the site and its action are described, by keys of the bibliography, or why that is assumed; constants
        carry their own sources (`origins`).
    remarks : str
        What to know before using it here.
    """

    name: str
    component: Component
    kind: str
    acts_on: str
    dose_response: str
    reversible: bool | None
    off_targets: str
    source: str
    remarks: str = ""

    @property
    def changes(self) -> tuple[str, ...]:
        """Names of the quantities it changes directly in a model with the lumped steps."""
        return tuple(
            self.component.wired(law.options["into"])
            for law in self.component.declared_laws.values()
            if law.options.get("into")
        )

    @property
    def sites(self) -> tuple[str, ...]:
        """What it may act on, the finest first: in a model, on the first that the model has."""
        finer = [site for names in _sites.get(self.name, {}).values() for site in names]
        return (*finer, *self.changes)

    @property
    def origins(self) -> dict[str, tuple[str, str]]:
        """Status and source of each of its constants."""
        return {name: self.component.origin(name) for name in self.component.values if name != "dose"}


_list = list  # the builtin; `list` is the table of drugs here
_records: dict[str, Drug] = {}


def _record(
    name: str, component: Component, kind: str, acts_on: str, dose_response: str, finer: str = "", **about: Any
) -> None:
    """Register a drug with what is known of it; ``finer`` is the activity it acts on in models that have it."""
    registered = register(name, component, {"activity": [finer]} if finer else None, about["source"])
    _records[name] = Drug(name, registered, kind, acts_on, dose_response, **about)


# --- uncouplers -----------------------------------------------------------------------------------------------------

_CARRIER = "carrier cycle: proportional to the bound load; respiration is bell-shaped"
_MEMBRANES = "other membranes, the plasma membrane among them; the chain at high load"
_AS_FCCP = ("assumed", "assumed: as FCCP")


def _scaled(pK: float, pK_origin: tuple[str, str], factor: float, inhibition: float, dose: str) -> Protonophore:
    """FCCP's cycle, faster or slower, so that a dose inside the active range does what 0.22 µM FCCP does.

    0.22 µM is the geometric middle of FCCP's own range; the same rule puts CCCP, whose rates were measured, at 0.45 µM,
    the middle of its range. At pH 7.2/7.5, 150 mV and 1 mg/mL.
    """
    why = ("assumed", f"assumed: FCCP's times {factor:g}, so that {dose} does what 0.22 µM FCCP does; not measured")
    multiple = "assumed: the same multiple of the active load as for FCCP"
    left_out = "assumed: left out; a wide range of full respiration is recalled of Kenwood et al. (2014)"
    return Protonophore(pK=pK, k_neutral=6e5 * factor, k_anion=4.2e4 * factor, inhibition=inhibition).cited(
        pK=pK_origin,
        k_neutral=why,
        k_anion=why,
        adsorption_length=_AS_FCCP,
        effectiveness=_AS_FCCP,
        inhibition=("assumed", left_out if inhibition == inf else multiple),
    )


_record(
    "FCCP", Protonophore(), "uncoupler", "inner membrane", _CARRIER,
    reversible=True, off_targets=_MEMBRANES, source="BenzMcLaughlin1983",
    remarks="0.05 to 1 µM (recalled); bound by albumin, and by more protein, which lowers its potency",
)  # fmt: skip
_record(
    "CCCP",
    Protonophore(pK=6.0, k_neutral=7.2e5, k_anion=1.05e4, adsorption_length=1.4e-3).cited(
        pK=("recalled", "assumed: recalled as 6.0, not read"),
        k_neutral=("read", "Kasianowicz1984"),
        k_anion=("read", "Kasianowicz1984"),
        adsorption_length=("read", "Kasianowicz1984"),
        effectiveness=_AS_FCCP,
        inhibition=_AS_FCCP,
    ),
    "uncoupler", "inner membrane", _CARRIER,
    reversible=True, off_targets=_MEMBRANES, source="Kasianowicz1984", remarks="0.1 to 2 µM (recalled)",
)  # fmt: skip
_record(
    "DNP", DimerProtonophore().cited(effectiveness=_AS_FCCP), "uncoupler", "inner membrane",
    "dimer cycle: proportional to the square of the bound load; respiration is bell-shaped",
    reversible=True, off_targets="adenine nucleotide translocator and other carriers, which help it uncouple",
    source="McLaughlin1972, KotovaAntonenko2022",
    remarks="10 to 200 µM (recalled); the square is that of bilayers, in mitochondria the carriers make it milder",
)  # fmt: skip
_record(
    "S13",
    _scaled(6.6, ("recalled", "assumed: recalled as 6.6, not read"), 10.0, 0.5, "10 nM"),
    "uncoupler", "inner membrane", _CARRIER,
    reversible=True, off_targets=_MEMBRANES, source="Terada1990", remarks="S-13; about 10 nM, among the most potent",
)  # fmt: skip
_record(
    "SF6847",
    _scaled(6.8, ("recalled", "assumed: recalled as 6.8, not read"), 9.0, 0.5, "10 nM"),
    "uncoupler", "inner membrane", _CARRIER,
    reversible=True, off_targets=_MEMBRANES, source="Terada1990",
    remarks="SF 6847, tyrphostin A9; about 10 nM, among the most potent",
)  # fmt: skip
_record(
    "BAM15",
    _scaled(7.6, ("recalled", "assumed: recalled as 7.6, not read"), 0.09, inf, "1 µM"),
    "uncoupler", "inner membrane", _CARRIER.replace("; respiration is bell-shaped", "; no inhibition is included"),
    reversible=None, off_targets="spares the plasma membrane (recalled)",
    source="Kenwood2014", remarks="0.1 to 10 µM (recalled)",
)  # fmt: skip
_record(
    "niclosamide",
    _scaled(6.3, ("recalled", "assumed: middle of 5.6 to 7, recalled, not read"), 0.4, 20.0, "0.45 µM"),
    "uncoupler", "inner membrane", _CARRIER,
    reversible=None, off_targets="several signalling pathways in cells, partly as a consequence of uncoupling",
    source="assumed: a salicylanilide, as S-13 is; no paper on its constants was read",
    remarks="0.1 to 2 µM (recalled)",
)  # fmt: skip

# --- ionophores -----------------------------------------------------------------------------------------------------

_record(
    "valinomycin",
    Ionophore(doubling_dose=1e-5).rewire(permeability="potassium_permeability"),
    "ionophore", "K+ permeability", "proportional: the permeability doubles at the doubling dose",
    reversible=None, off_targets="any membrane that separates K+", source="Komlodi2018",
    remarks="1 to 100 nM; what it does depends on the K+ of the medium. Swelling of the matrix is not modelled",
)  # fmt: skip
_record(
    "nigericin",
    Ionophore(doubling_dose=1e-4)
    .rewire(permeability="exchange_activity")
    .cited(doubling_dose=("assumed", "assumed: 0.1 µM raises exchange a thousand-fold")),
    "ionophore", "K+/H+ exchange", "proportional: the exchange doubles at the doubling dose",
    reversible=None, off_targets="any membrane that separates K+ and H+", source="Komlodi2018",
    remarks="10 to 500 nM, in a K+ medium; with valinomycin it uncouples",
)  # fmt: skip

# --- inhibitors -----------------------------------------------------------------------------------------------------

_ASSUMED = ("assumed", "assumed: full effect at the doses in use at 1 mg/mL; no binding constant was read")
_HILL = "Hill: half effect at the half dose; tight binders titrate their target, so that it holds for 1 mg/mL"


def _inhibitor(name: str, site: str, words: str, half_dose: float, **about: Any) -> None:
    component = Inhibitor(half_dose=half_dose, hill=2.0).rewire(activity=site)
    _record(name, component.cited(half_dose=_ASSUMED, hill=_ASSUMED), "inhibitor", words, _HILL, **about)


_inhibitor(
    "rotenone", "activity_complex_I", "complex I", 0.02,
    reversible=None, off_targets="tubulin", source="Ernster1963",
    remarks="0.1 to 2 µM; binds tightly and is hardly washed out. Succinate goes round it",
)  # fmt: skip
_inhibitor(
    "malonate", "activity_complex_II", "complex II", 100.0,
    reversible=True, off_targets="dicarboxylate carrier, which takes it in", source="QuastelWooldridge1928",
    remarks="0.1 to 20 mM, given here in µM; competes with succinate, so that the half dose belongs to a medium",
)  # fmt: skip
_inhibitor(
    "antimycin", "activity_chain", "complex III", 0.02, finer="activity_complex_III",
    reversible=None, off_targets="", source="PotterReif1952",
    remarks="0.1 to 2 µM; binds tightly and is hardly washed out. TMPD with ascorbate goes round it",
)  # fmt: skip
_inhibitor(
    "cyanide", "activity_chain", "complex IV", 10.0, finer="activity_complex_IV",
    reversible=True, off_targets="catalase and other haem enzymes; keto acids take it up",
    source="KeilinHartree1939", remarks="0.1 to 2 mM, given here in µM",
)  # fmt: skip
_inhibitor(
    "azide", "activity_chain", "complex IV", 100.0, finer="activity_complex_IV",
    reversible=True, off_targets="F1-ATPase, of which it slows hydrolysis (not modelled); catalase",
    source="Keilin1936", remarks="1 to 20 mM, given here in µM",
)  # fmt: skip
_inhibitor(
    "oligomycin", "activity_phosphorylation", "Fo of ATP synthase", 0.005,
    reversible=None, off_targets="", source="Lardy1958",
    remarks="0.1 to 5 µM; binds tightly. Stops synthesis and hydrolysis alike and moves no equilibrium",
)  # fmt: skip
_record(
    "carboxyatractyloside",
    TightInhibitor(dissociation_constant=0.005, enzyme=0.2)
    .rewire(activity="activity_phosphorylation")
    .cited(
        dissociation_constant=("assumed", "assumed: below 10 nM in the abstract of Anal. Biochem. (1993) 210, 69"),
        enzyme=("assumed", "assumed: tenths of a nmol per mg in liver; heart has several times more"),
    ),
    "inhibitor", "adenine nucleotide translocator",
    "Morrison: titrates the translocator one to one, so that the dose needed grows with the protein",
    reversible=False, off_targets="favours the permeability transition in the presence of Ca2+",
    source="Klingenberg2008", finer="activity_translocase",
    remarks="0.2 to 5 µM; where there is no translocator, on the lumped phosphorylation step",
)  # fmt: skip
_inhibitor(
    "mersalyl", "activity_phosphorylation", "phosphate carrier", 5.0,
    reversible=True, off_targets="other thiols at higher dose", source="Tyler1969",
    finer="activity_phosphate_carrier",
    remarks="10 to 50 µM; thiols take it away. On the lumped phosphorylation step, where there is no carrier, that "
    "hydrolysis is only partly stopped (Tyler 1969) and phosphate no longer follows ΔpH is not modelled",
)  # fmt: skip


# --- looking things up ----------------------------------------------------------------------------------------------


def get(name: str, model: Model | None = None) -> Component:
    """The component that stands for a drug; with a model, wired to the finest of its sites that the model has."""
    if not isinstance(name, str) or name not in _drugs:
        raise ParameterError(f"no drug {name!r}." + nearest(str(name), _drugs))
    return _drugs[name] if model is None else in_place(name, model_in(model, "drugs.get"))


def info(name: str) -> Drug:
    """What is known of a drug; of one that was registered without a record, what its component says."""
    component = get(name)
    known = _records.get(name)
    if known is not None and known.component == component:
        return known
    return Drug(name, component, component.role, "", "", None, "", "set by the user")


def list() -> pandas.DataFrame:
    """Table of the known drugs: kind, site, what they change in a model, dose-response, constants, source."""
    import pandas

    rows: dict[str, dict[str, str]] = {}
    for name in _drugs:
        drug = info(name)
        constants = {k: v for k, v in drug.component.values.items() if k != "dose"}
        rows[name] = {
            "kind": drug.kind,
            "acts_on": drug.acts_on,
            "changes": ", ".join(drug.changes),
            "dose_response": drug.dose_response.partition(":")[0],
            "reversible": {True: "yes", False: "no", None: "not recorded"}[drug.reversible],
            "constants": ", ".join(
                f"{k} = {v:g} {drug.component.declared_parameters[k].unit}" for k, v in constants.items()
            ),
            "source": drug.source,
        }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("drug")


def __getattr__(name: str) -> Component:
    if name in _drugs:
        return _drugs[name]
    raise AttributeError(f"mitochem.drugs has no {name!r}." + nearest(name, _drugs))


def __dir__() -> _list[str]:
    return sorted({*globals(), *_drugs})
