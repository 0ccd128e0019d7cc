"""Does a model do what its physics says? Every comparison that applies to it, in one table.

``verify(model)`` compares what the model computes with knowledge that does not come from its laws: algebra on its
equations, the second law, books of charge and matter, units, hand-typed formulas of the house components and printed
reference values. A law that is wrong agrees with itself, but not with all of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..core.arguments import model_in
from ..core.model import Model
from . import conventions, house, laws, published, special, steady
from .report import Check, NotApplicable, VerificationReport
from .subject import Subject

__all__ = ["CASES", "Check", "VerificationReport", "verify"]

CASES: dict[str, Callable[[Subject], Iterator[Check]]] = {
    "constants and conventions": conventions.constants,
    "proton-motive force": conventions.proton_motive_force,
    "chemical potentials": conventions.potentials,
    "units": laws.units,
    "directions of fluxes": laws.directions,
    "zeros of fluxes": laws.zeros,
    "Jacobian": laws.jacobian,
    "laws of house components": house.fluxes,
    "books of house components": house.stoichiometry,
    "factors of house components": house.factors,
    "rates of house states": house.rates,
    "root of the symbolic rates": steady.root,
    "closed form of this model": steady.closed_form,
    "books at steady state": steady.books,
    "H1, H3, H4, H14 typed by hand": special.typed_forms,
    "H5 equilibrium of phosphorylation": special.phosphorylation,
    "H6 relaxation": steady.relaxation,
    "H7 protonophore cycle": special.protonophore,
    "H11 conserved sums": steady.conservation,
    "H12 dissipation": steady.dissipation,
    "H15 ATP per oxygen": special.phosphorylation_yield,
    "H18 energy of ATP against pH": special.standard_energy,
    "reference run": published.reference_run,
    "reference dissipation": published.reference_dissipation,
}
"""Every case by name; each raises `NotApplicable` with a reason where it has nothing to say."""


def verify(model: Model) -> VerificationReport:
    """Compare a model with everything that is known of it independently of its own laws.

    Parameters
    ----------
    model : Model
        One of the package or one's own. Cases that do not apply are listed with the reason.

    Returns
    -------
    VerificationReport
        Prints as a table; ``.table`` is a DataFrame, ``.ok`` is False if any comparison fails.

    Notes
    -----
    Hand-typed formulas are for components by the name of their class: a law of one's own under another name is
    held to general physics only.
    """
    subject, checks, skipped = Subject(model_in(model, "verify")), [], {}
    for name, case in CASES.items():
        try:
            checks += _worst(case(subject))
        except NotApplicable as reason:
            skipped[name] = str(reason)
        except Exception as error:  # a case that breaks down is a finding about the model, not the end of the report
            text = f"could not be computed: {type(error).__name__}: {error}"
            checks.append(Check(name, "-", text, float("nan"), float("nan"), float("inf"), 0.0))
    return VerificationReport(model.name, checks, skipped)


def _worst(checks: Iterator[Check]) -> list[Check]:
    """Of several comparisons of one quantity, the one that differs most."""
    kept: dict[tuple[str, str], Check] = {}
    for check in checks:
        key = (check.case, check.quantity)
        if key not in kept or (not check.ok, check.difference) > (not kept[key].ok, kept[key].difference):
            kept[key] = check
    return list(kept.values())
