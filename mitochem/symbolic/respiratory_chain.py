"""The complexes of the respiratory chain as a sum of forces."""

from __future__ import annotations

import functools

from .. import electrochemistry
from .closed_form import ClosedForm
from .functions import FunctionReading

__all__ = ["COMPLEXES", "chain_forces"]

COMPLEXES = {
    # Per two electrons: donor, acceptor, charges moved to the intermembrane space, protons released there.
    "complex_I": ("E_NAD", "E_ubiquinone", 4, 4),
    "complex_III": ("E_ubiquinone", "E_cytochrome_c", 2, 4),
    "complex_IV": ("E_cytochrome_c", "E_oxygen", 4, 2),
}


@functools.cache
def chain_forces() -> ClosedForm:
    """Force on complexes I, III and IV, and their sum: ``2 (E_O2 − E_NAD) − 10 Δp``, whatever is in between.

    Each complex gains ``2 ΔE`` and pays ``q Δψ`` for its charges and ``h ZΔpH`` for its protons. Charges and protons
    differ at complexes III (2 and 4) and IV (4 and 2); only their sum is 10 of both. A formula with Δp alone
    is wrong for either of the two unless ΔpH is zero.

    Fails for electrons that enter elsewhere (6 per pair from succinate).

    References
    ----------
    Charges and protons of the complexes: PMC8786295; worked example H17 of the model description.
    """
    import sympy

    potentials = {"E_NAD": -300.0, "E_ubiquinone": 60.0, "E_cytochrome_c": 290.0, "E_oxygen": 800.0}
    read = FunctionReading(
        signed=(*potentials, "delta_psi", "delta_pH"),
        delta_psi=150.0,
        delta_pH=20.0 / electrochemistry.nernst_slope(),
        **potentials,
    )
    psi, pH, temperature = read["delta_psi"], read["delta_pH"], read["temperature"]
    chemical = read.exact(electrochemistry.proton_motive_force(0, pH, temperature))
    forces = {
        name: 2 * (read[acceptor] - read[donor])
        - (charges * electrochemistry.pmf_energy(psi) + protons * electrochemistry.pmf_energy(chemical))
        / electrochemistry.pmf_energy(1)
        for name, (donor, acceptor, charges, protons) in COMPLEXES.items()
    }
    forces = {name: sympy.expand(read.exact(force)) for name, force in forces.items()}
    total = sympy.expand(sum(forces.values()))
    force = read.exact(electrochemistry.proton_motive_force(psi, pH, temperature))
    per_force = sympy.simplify((total - 2 * (read["E_oxygen"] - read["E_NAD"])) / force)
    return read.closed_form(
        "chain_forces",
        "H17",
        "forces of the proton-pumping complexes per two electrons, in mV",
        functions=("electrochemistry.proton_motive_force", "electrochemistry.pmf_energy"),
        assumptions=(
            "Complexes I, III and IV move 4, 2 and 4 charges and release 4, 4 and 2 protons outside per electron pair.",
            "Potentials of the couples are those of the side where they react.",
        ),
        quantities={**forces, "sum": 2 * (read["E_oxygen"] - read["E_NAD"]) + per_force * force},
        solved=(sympy.Eq(sympy.Symbol("sum"), total),),
        labels={
            "complex_I": "X_1",
            "complex_III": "X_3",
            "complex_IV": "X_4",
            "sum": r"\textstyle\sum X",
            "E_NAD": "E_N",
            "E_ubiquinone": "E_Q",
            "E_cytochrome_c": "E_c",
            "E_oxygen": "E_{O_2}",
            "delta_psi": r"\Delta\psi",
            "delta_pH": r"\Delta\mathrm{pH}",
        },
    )
