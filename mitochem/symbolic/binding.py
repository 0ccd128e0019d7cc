"""Protons and magnesium on ATP, ADP and phosphate: what binds of one when the other is raised."""

from __future__ import annotations

import functools
from typing import Any

from .. import thermodynamics
from .closed_form import ClosedForm
from .functions import FunctionReading

__all__ = ["linked_binding"]

_ANIONS = ("ATP", "ADP", "Pi")


@functools.cache
def linked_binding() -> ClosedForm:
    """Bound H+ and Mg2+ of ATP with their linkage, and how ΔG°' of ATP synthesis follows pH.

    ``n_H = ∂ln P/∂ln H`` and ``n_Mg = ∂ln P/∂ln Mg`` are derivatives of one function, so that
    ``∂n_H/∂ln Mg = ∂n_Mg/∂ln H`` (a Maxwell relation): magnesium expels protons exactly as protons expel magnesium.
    ``dΔG°'/dpH = RT ln 10 (1 + n_H(ATP) − n_H(ADP) − n_H(Pi))``.

    Fails for ligands that the set of constants does not bind, such as K+ in set "golding".

    References
    ----------
    Golding, Teague & Dobson 1995; Alberty's linkage relations; worked example H18 of the model description.
    """
    import sympy

    read = FunctionReading(pH=7.2, magnesium=1.0, ionic_strength=0.15)
    pH, magnesium, temperature = read["pH"], read["magnesium"], read["temperature"]
    protons = sympy.Symbol("protons", positive=True)
    medium = (pH, magnesium, temperature, read["ionic_strength"])

    def by_protons(expression: Any) -> Any:
        return read.exact(expression).subs(sympy.Float(10.0), 10).subs(pH, -sympy.log(protons) / sympy.log(10))

    forms: dict[Any, Any] = {}
    polynomials = {}
    for anion in _ANIONS:
        raw = sympy.sympify(thermodynamics.binding_polynomial(anion, *medium))
        coefficients = sympy.Poly(raw.subs(sympy.Float(10.0) ** (-pH), protons), protons, magnesium).as_dict()
        polynomials[anion] = sympy.Integer(0)
        for (h, mg), value in sorted(coefficients.items()):
            name = f"{'h' * h}{'mg' * mg}_on_{anion.lower()}"
            constant = read.part(name, value) if h + mg else sympy.Integer(1)
            forms[name] = constant
            polynomials[anion] += constant * protons**h * magnesium**mg

    def bound(ligand: Any, anion: str) -> Any:
        return sympy.simplify(ligand * sympy.diff(sympy.log(polynomials[anion]), ligand))

    protons_bound = {anion: bound(protons, anion) for anion in _ANIONS}
    magnesium_bound = bound(magnesium, "ATP")
    expelled = magnesium * sympy.diff(protons_bound["ATP"], magnesium)
    reverse = protons * sympy.diff(magnesium_bound, protons)
    maxwell = sympy.simplify(expelled - reverse)
    if maxwell != 0:
        raise ArithmeticError(f"bound protons and magnesium are not linked: {maxwell} is left.")
    # ln K' is ln(P_ADP P_Pi / (H P_ATP)) up to what does not depend on pH.
    energy = (
        read["gas_constant"]
        * temperature
        * (
            sympy.log(polynomials["ADP"])
            + sympy.log(polynomials["Pi"])
            - sympy.log(polynomials["ATP"])
            - sympy.log(protons)
        )
    )
    slope = sympy.simplify(-sympy.log(10) * protons * sympy.diff(energy, protons))
    back = {protons: 10 ** (-pH)}
    return read.closed_form(
        "linked_binding",
        "H18",
        "protons and magnesium bound to ATP, and the energy of ATP synthesis against pH",
        functions=("thermodynamics.binding_polynomial",),
        assumptions=(
            "Each anion binds up to one H+ and one Mg2+, at equilibrium; potassium is not counted.",
            "Binding constants are those of set 'golding' at this temperature and ionic strength.",
        ),
        quantities={
            "protons_bound": protons_bound["ATP"].subs(back),
            "magnesium_bound": magnesium_bound.subs(back),
            "linkage": sympy.simplify(expelled).subs(back),
            "energy_slope": slope.subs(back),
        },
        solved=(sympy.Eq(sympy.Symbol("linkage"), sympy.simplify(reverse).subs(back)),),
        labels={
            "protons_bound": r"\bar n_H",
            "magnesium_bound": r"\bar n_{Mg}",
            "linkage": r"\partial\bar n_H/\partial\ln\mathrm{Mg}",
            "energy_slope": r"d\Delta G^{\circ\prime}/d\mathrm{pH}",
            "magnesium": r"\mathrm{Mg}",
            "pH": r"\mathrm{pH}",
            "ionic_strength": "I",
        },
    )
