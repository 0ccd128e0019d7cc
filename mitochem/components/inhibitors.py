"""Inhibitors and ionophores: drugs that scale the activity of one site."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, parameter
from ..core.functions import sqrt


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
class CompetitiveInhibitor(Inhibitor):
    """Inhibitor that an antagonist displaces from its site: the antagonist raises the half dose, not the extent.

    ``1/(1 + (dose/(half_dose (1 + antagonist/antagonist_constant)))^hill)``, as succinate against malonate. Acts
    on the chain unless rewired: ``.rewire(activity="activity_complex_II")``.

    Parameters
    ----------
    half_dose : uM
        Dose that halves the activity without antagonist.
    antagonist : uM
        What competes with the inhibitor.
    antagonist_constant : uM
        Antagonist that doubles the dose needed.

    References
    ----------
    Competition for one site; the constants of a drug stand with the drug.
    """

    wiring: tuple[tuple[str, str], ...] = (("activity", "activity_chain"),)

    antagonist: float = parameter(
        0.0, "uM", bounds=(0, None), range=(0.1, 1e4), status="assumed", source="assumed: none until added"
    )
    antagonist_constant: float = parameter(
        100.0, "uM", bounds=(1e-9, None), range=(1, 1e4), status="assumed",
        source="assumed: to be given with the pair of drugs",
    )  # fmt: skip

    @derived("1", into="activity")
    def remaining(self):
        """Activity left at this dose"""
        half_dose = self.half_dose * (1 + self.antagonist / self.antagonist_constant)
        return 1 / (1 + (self.dose / half_dose) ** self.hill)


@component
class TightInhibitor(Component):
    """Inhibitor that binds so tightly that it is used up by its target: the dose needed grows with the protein.

    The law of Morrison. With the target ``E = enzyme · protein`` per volume and ``K`` the dissociation constant, the
    inhibitor left free is ``(b + √(b² + 4 K · dose))/2``, ``b = dose − E − K``, and the activity left is
    ``K/(K + free)``. For ``K ≪ E`` it falls in a straight line to the end point ``dose = E``; for ``K ≫ E`` it is
    the hyperbola ``1/(1 + dose/K)``. Acts on the chain unless rewired: ``.rewire(activity="activity_complex_I")``.
    Assumes one site per target, activity proportional to the free targets, and time enough to bind.

    Parameters
    ----------
    dose : uM
        All of the inhibitor in the chamber, per volume.
    dissociation_constant : uM
        Free inhibitor that occupies half of the target.
    enzyme : nmol/mg
        Target per protein.

    References
    ----------
    Morrison (1969) Biochim. Biophys. Acta 185, 269; the constants of a drug stand with the drug.
    """

    role = "inhibitor"
    wiring: tuple[tuple[str, str], ...] = (("activity", "activity_chain"),)

    dose: float = parameter(
        0.0, "uM", bounds=(0, None), range=(0.001, 10), status="assumed", source="assumed: none until added"
    )
    dissociation_constant: float = parameter(
        0.001, "uM", bounds=(1e-7, None), range=(1e-4, 1), status="assumed", symbol="K_I",
        source="assumed: nanomolar, below the concentration of the target in a usual chamber",
    )  # fmt: skip
    enzyme: float = parameter(
        0.1, "nmol/mg", bounds=(0, None), range=(0.01, 2), status="assumed", symbol="e_t",
        source="assumed: tenths of a nmol per mg, as respiratory complexes",
    )  # fmt: skip

    @derived("1", local=True)
    def free(self, protein):
        """Free inhibitor, in dissociation constants"""
        added = self.dose / self.dissociation_constant
        excess = added - self.enzyme * protein / self.dissociation_constant - 1
        return (excess + sqrt(excess**2 + 4 * added)) / 2

    @derived("1", into="activity")
    def remaining(self, free):
        """Activity left at this dose"""
        return 1 / (1 + free)


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
