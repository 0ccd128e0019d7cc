"""Inhibitors and ionophores: drugs that scale the activity of one site."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter


@component
class Inhibitor(Component):
    """Dose-dependent loss of an activity, ``1/(1 + (dose/half_dose)^hill)``.

    ``Inhibitor(half_dose=...).rewire(activity="activity_chain")`` says which site it acts on. Being a factor on
    a capacity, it moves no equilibrium.

    Parameters
    ----------
    dose : uM
        All of the inhibitor in the chamber, per volume.
    half_dose : uM
        Dose that halves the activity, under the conditions at hand: tight binders titrate their target.
    hill : 1
        Steepness of the dose-response.

    References
    ----------
    Hill dose-response; the constants of a drug stand with the drug.
    """

    role = "inhibitor"

    dose: float = parameter(
        0.0, "uM", bounds=(0, None), range=(0.001, 10), status="assumed", source="assumed: none until added"
    )
    half_dose: float = parameter(
        0.05, "uM", bounds=(1e-9, None), range=(0.005, 5), status="assumed",
        source="assumed: submicromolar, as for most classical inhibitors at 1 mg/mL",
    )  # fmt: skip
    hill: float = parameter(
        1.0, "1", bounds=(0.1, 10), range=(0.5, 3), status="assumed", source="assumed: one site, no cooperativity"
    )

    @derived("1", into="activity")
    def remaining(self):
        """Activity left at this dose"""
        return 1 / (1 + (self.dose / self.half_dose) ** self.hill)


@component
class Ionophore(Component):
    """Dose-dependent gain of a permeability, ``1 + dose/doubling_dose``.

    ``Ionophore(doubling_dose=...).rewire(permeability="potassium_permeability")`` says what it opens.

    Parameters
    ----------
    dose : uM
        All of the ionophore in the chamber, per volume.
    doubling_dose : uM
        Dose that doubles the native permeability.

    References
    ----------
    Permeability proportional to the dose; the constants of a drug stand with the drug.
    """

    role = "ionophore"

    dose: float = parameter(
        0.0, "uM", bounds=(0, None), range=(0.0001, 1), status="assumed", source="assumed: none until added"
    )
    doubling_dose: float = parameter(
        1e-5, "uM", bounds=(1e-12, None), range=(1e-6, 1e-3), status="assumed",
        source="assumed: nanomolar doses raise the permeability a thousand-fold",
    )  # fmt: skip

    @derived("1", into="permeability")
    def opened(self):
        """Permeability relative to the native one"""
        return 1 + self.dose / self.doubling_dose
