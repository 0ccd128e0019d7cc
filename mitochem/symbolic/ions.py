"""Ions at a membrane: constant-field flux and its limits, Donnan equilibrium, pumps and exchangers at equilibrium."""

from __future__ import annotations

import functools
from typing import Any

from .. import electrochemistry
from .closed_form import ClosedForm
from .functions import FunctionReading

__all__ = ["constant_field_limits", "donnan_equilibrium", "exchanger_equilibria"]


@functools.cache
def constant_field_limits() -> ClosedForm:
    """Goldman-Hodgkin-Katz flux: where it is zero, what it is without a field, and its slopes in strong fields.

    ``J = P zu/(1 − e^{−zu}) (c_in − c_out e^{−zu})`` with ``u = FV/RT``: it vanishes at the Nernst potential, is
    Fick's ``P (c_in − c_out)`` for V = 0 and for z = 0, and rises with slope ``P z c_in`` for a large outward force
    and ``P z c_out`` for a large inward one (rectification).

    The formula itself is 0/0 at V = 0, where `numeric` gives NaN and the limit is the answer.

    References
    ----------
    Goldman 1943; worked example H8 of the model description.
    """
    import sympy

    read = FunctionReading(signed=("v",), permeability=1e-6, c_in=140.0, c_out=5.0, z=1.0, v=-70.0)
    P, c_in, c_out, z, v = (read[n] for n in ("permeability", "c_in", "c_out", "z", "v"))
    flux = read.exact(electrochemistry.ghk_flux(P, c_in, c_out, z, v, read["temperature"]))
    field = read.exact(z * v / electrochemistry.thermal_voltage(read["temperature"]))
    u, y = sympy.Symbol("u", real=True), sympy.Symbol("y", positive=True)
    by_field = sympy.simplify(flux.subs(v, v * u / field))  # u now stands for zu
    [root] = sympy.solve(sympy.numer(sympy.together((by_field / u).subs(sympy.exp(u), y).expand())), y)
    [reversal] = sympy.solve(sympy.Eq(field, sympy.log(root)), v)
    slope = sympy.diff(by_field, u) * z
    without = sympy.limit(by_field, u, 0)
    return read.closed_form(
        "constant_field_limits",
        "H8",
        "flux of an ion through a constant field, outward positive",
        functions=("electrochemistry.ghk_flux", "electrochemistry.thermal_voltage"),
        assumptions=(
            "The field in the membrane is constant, and the ion crosses independently of others.",
            "Activities are concentrations.",
        ),
        quantities={
            "flux": sympy.simplify(by_field.subs(u, field)),
            "reversal": sympy.expand_log(reversal, force=True),
            "slope": sympy.simplify(slope.subs(u, field)),
        },
        limits={
            "V = 0 or z = 0": {"flux": without},
            "V → +∞": {"slope": sympy.limit(slope, u, sympy.oo)},
            "V → −∞": {"slope": sympy.limit(slope, u, -sympy.oo)},
        },
        solved=(sympy.Eq(flux, 0),),
        labels={"flux": "J", "reversal": "E", "slope": r"\partial J/\partial u", "permeability": "P"},
    )


@functools.cache
def donnan_equilibrium() -> ClosedForm:
    """Donnan equilibrium of a monovalent salt with a charged impermeant inside: ratio, potential, osmotic excess.

    Both ions are at equilibrium, ``Δμ̃ = 0``, and the inside is electroneutral:
    ``r = (−zX + √(z²X² + 4c²))/2c``, ``V = −(RT/F) ln r``.

    Fails where water may follow the osmotic excess: then nothing but a wall or a pump stops the swelling.

    References
    ----------
    Donnan 1911; worked example H9 of the model description.
    """
    import sympy

    read = FunctionReading(signed=("z_impermeant",), c_salt=150.0, impermeant=100.0, z_impermeant=-1.0)
    salt, impermeant, z = (read[n] for n in ("c_salt", "impermeant", "z_impermeant"))
    ratio, anion = sympy.Symbol("ratio", positive=True), sympy.Symbol("anion", positive=True)
    v = sympy.Symbol("v", real=True)
    energies = [
        sympy.Eq(
            read.exact(electrochemistry.electrochemical_potential(inside, salt, charge, v, read["temperature"])), 0
        )
        for inside, charge in ((ratio * salt, 1), (anion, -1))
    ]
    [potential] = sympy.solve(energies[0], v)
    [anions] = sympy.solve(energies[1].subs(v, potential), anion)
    neutral = sympy.Eq(ratio * salt - anions + z * impermeant, 0)
    roots = sympy.solve(neutral, ratio)
    # Two roots, of opposite sign (their product is -1): the physical one is positive whatever the charge.
    [positive] = [r for r in roots if r.subs({z: 0, salt: 1}).evalf() > 0]
    return read.closed_form(
        "donnan_equilibrium",
        "H9",
        "a monovalent salt with an impermeant charge inside",
        functions=("electrochemistry.electrochemical_potential",),
        assumptions=(
            "The salt is monovalent, and both of its ions cross; the impermeant does not.",
            "Both sides are electroneutral, and water does not follow.",
        ),
        quantities={
            "ratio": positive,
            "potential": potential.subs(ratio, positive),
            "osmotic_excess": sympy.radsimp((ratio * salt + anions + impermeant - 2 * salt).subs(ratio, positive)),
        },
        solved=(*energies, neutral),
        labels={
            "ratio": "r",
            "potential": "V",
            "osmotic_excess": r"\Delta\Pi/RT",
            "c_salt": "c",
            "impermeant": "X",
            "z_impermeant": "z",
        },
    )


@functools.cache
def exchanger_equilibria() -> ClosedForm:
    """Where a Na+/Ca2+ exchanger stands still, what a Na+/K+ pump has to do, and how far a Ca2+ pump can go.

    Each is the sum of ``ν Δμ̃`` over what is moved: ``V = 3 E_Na − 2 E_Ca`` for 3 Na+ against one Ca2+;
    ``3 (−Δμ̃_Na) + 2 Δμ̃_K`` per ATP; ``(Ca_lumen/Ca_cytosol) = exp(ΔG/2RT)`` for 2 Ca2+ per ATP without a voltage.

    Fails for another stoichiometry, and where a transporter slips.

    References
    ----------
    Worked example H19 of the model description.
    """
    import sympy

    read = FunctionReading(
        signed=("v",),
        Na_in=10.0,
        Na_out=145.0,
        K_in=140.0,
        K_out=5.0,
        Ca_in=1e-4,
        Ca_out=2.0,
        v=-70.0,
        atp_energy=60.0,
    )
    v = read["v"]

    def inward(ion: str, charge: int) -> Any:
        return read.exact(
            electrochemistry.electrochemical_potential(
                read[f"{ion}_in"], read[f"{ion}_out"], charge, v, read["temperature"]
            )
        )

    exchange = sympy.Eq(sympy.expand(3 * inward("Na", 1) - inward("Ca", 2)), 0)
    [reversal] = sympy.solve(exchange, v)
    lumen = sympy.Symbol("lumen", positive=True)
    pumped = electrochemistry.electrochemical_potential(lumen * read["Ca_in"], read["Ca_in"], 2, 0, read["temperature"])
    pump = sympy.Eq(2 * read.exact(pumped), read["atp_energy"])
    [ratio] = sympy.solve(pump, lumen)
    return read.closed_form(
        "exchanger_equilibria",
        "H19",
        "transporters that move several ions at a time, at equilibrium",
        functions=("electrochemistry.electrochemical_potential",),
        assumptions=(
            "Stoichiometries are fixed: 3 Na+ against 1 Ca2+; 3 Na+ out and 2 K+ in per ATP; 2 Ca2+ per ATP.",
            "The Ca2+ pump of the reticulum works at no voltage.",
        ),
        quantities={
            "exchanger_reversal": sympy.expand_log(sympy.expand(reversal), force=True),
            "sodium_pump_work": sympy.expand(-3 * inward("Na", 1) + 2 * inward("K", 1)),
            "calcium_ratio": ratio,
        },
        solved=(exchange, pump),
        labels={
            "exchanger_reversal": "E_{NCX}",
            "sodium_pump_work": "w_{NaK}",
            "calcium_ratio": r"\mathrm{Ca}_{SR}/\mathrm{Ca}",
            "atp_energy": r"\Delta G_P",
        },
    )
