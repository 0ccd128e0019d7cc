"""Thermodynamics of phosphorylation and respiration: ATP with its bound protons and metals, redox poise.

Units: kJ/mol, mV, K; concentrations in mM and ionic strength in M. Arguments are numbers, arrays,
DataArrays or SymPy symbols that broadcast against each other, and the result has the broadcast
shape. Strings with units (``"25 degC"``) and pint quantities are understood too; quantities in give
a quantity out. Values without physical meaning raise `ParameterError`; symbols are not checked.

Energies of ATP are for synthesis and positive: the phosphorylation potential is what the
proton-motive force has to pay. The two sets of binding constants disagree by about 3 kJ/mol, so a
model keeps to one of them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .constants import BODY_TEMPERATURE, FARADAY, GAS_CONSTANT, STANDARD_CONCENTRATION
from .core.door import KINDS, door
from .core.errors import ParameterError, nearest
from .core.functions import exp, is_symbolic, log, sqrt
from .core.primitives import kernel
from .core.units import magnitude
from .electrochemistry import nernst_slope, thermal_voltage

__all__ = [
    "COUPLES",
    "GOLDING",
    "LI",
    "Couple",
    "Equilibrium",
    "atp_synthesis_energy",
    "binding_polynomial",
    "creatine_kinase_constant",
    "kernel",
    "mean_bound",
    "redox_potential",
    "standard_atp_synthesis_energy",
    "threshold_pmf",
]

# --- constants ----------------------------------------------------------------------------------


class Equilibrium(NamedTuple):
    """A reaction of species: constant in M at 25 °C and zero ionic strength, and what moves it.

    ``enthalpy`` in kJ/mol corrects for temperature; ``squared_charges``, the sum of z² of the
    products minus that of the reactants (H⁺ counts 1, Mg²⁺ 4), for ionic strength.
    """

    constant: float
    enthalpy: float
    squared_charges: int


GOLDING = {
    # Source: Golding1995, set of constants as tabulated there. Protons dissociate (HX = H + X, in M) ...
    "H ATP": Equilibrium(2.512e-8, -6.30, 1 + 16 - 9),
    "H ADP": Equilibrium(6.607e-8, -5.6, 1 + 9 - 4),
    "H Pi": Equilibrium(6.026e-8, 3.60, 1 + 4 - 1),
    "H PCr": Equilibrium(8.854e-6, 2.66, 1 + 4 - 1),
    # ... magnesium associates with the bare (Mg + X = MgX) and the protonated anion (Mg + HX = MgHX), in 1/M ...
    "Mg ATP": Equilibrium(1.514e6, 22.9, 4 - 4 - 16),
    "Mg ADP": Equilibrium(4.466e4, 19.0, 1 - 4 - 9),
    "Mg Pi": Equilibrium(5.128e2, 12.2, 0 - 4 - 4),
    "Mg PCr": Equilibrium(2.32e2, 8.19, 0 - 4 - 4),
    "MgH ATP": Equilibrium(4.266e3, 16.9, 1 - 4 - 9),
    "MgH ADP": Equilibrium(3.163e2, 12.5, 0 - 4 - 4),
    # ... and two reactions: ATP4- + H2O = ADP3- + HPO4 2- + H+, and PCr2- + ADP3- + H+ = ATP4- + creatine.
    "hydrolysis": Equilibrium(0.2946, -20.5, 9 + 4 + 1 - 16),
    "creatine kinase": Equilibrium(2.58e8, -17.55, 16 - 4 - 9 - 1),
}
REFERENCE_TEMPERATURE = 298.15  # K, of the set above

# Extended Debye-Hückel: ln K moves by A·√I/(1 + 1.6√I) per unit of z², with A (M^-1/2) by the fit
# A = 3·(a + b/T + c·ln T + d·T/100 + e·(T/100)²) as printed with Golding1995.
ION_SIZE = 1.6
DEBYE_HUCKEL = (-16.39023, 261.3371, 3.3689633, -1.437167, 0.111995)

LI = {
    # Source: Li2011, at 37 °C. pK of dissociation (M) of a proton, of magnesium and of potassium.
    "ATP": {"H": 6.33, "Mg": 3.88, "K": 1.02},
    "ADP": {"H": 6.26, "Mg": 3.00, "K": 0.89},
    "Pi": {"H": 6.62, "Mg": 1.66, "K": 0.42},
}
LI_HYDROLYSIS_ENERGY = 4.99  # kJ/mol, of ATP4- + H2O = ADP3- + HPO4 2- + H+
LI_TEMPERATURE = 310.15

SETS = {"golding": ("ATP", "ADP", "Pi", "PCr"), "li": ("ATP", "ADP", "Pi")}


class Couple(NamedTuple):
    """A redox couple: midpoint at pH 7 and 25 °C in mV, electrons and protons taken up on reduction."""

    midpoint: float
    electrons: int
    protons: int


COUPLES = {
    # Textbook values of reduction potentials (Nelson & Cox, Lehninger); kept constant with temperature.
    "NAD": Couple(-320.0, 2, 1),
    "fumarate": Couple(31.0, 2, 2),
    "ubiquinone": Couple(45.0, 2, 2),
    "cytochrome_c": Couple(254.0, 1, 0),
    "cytochrome_a": Couple(540.0, 1, 0),
    # Per O2 to two water; the oxidised side is a pressure in atm, the reduced side 1.
    "oxygen": Couple(816.0, 4, 4),
}

# --- what is bound to the anions ----------------------------------------------------------------

_MEDIUM = dict(pH="pH", mg="concentration or none", temperature="temperature", ionic_strength="ionic strength")
_CONDITIONS = dict(potassium="concentration or none", **_MEDIUM)


def _golding(reaction: str, temperature: Any, ionic_strength: Any) -> Any:
    """A constant of set Golding1995 (M) by van 't Hoff and extended Debye-Hückel."""
    constant, enthalpy, squared_charges = GOLDING[reaction]
    warming = -enthalpy / GAS_CONSTANT * (1 / temperature - 1 / REFERENCE_TEMPERATURE)
    a, b, c, d, e = DEBYE_HUCKEL
    hundreds = temperature / 100
    slope = 3 * (a + b / temperature + c * log(temperature) + d * hundreds + e * hundreds**2)
    root = sqrt(ionic_strength)
    return constant * exp(warming + squared_charges * slope * root / (1 + ION_SIZE * root))


def _forms(
    species: str, pH: Any, mg: Any, temperature: Any, ionic_strength: Any, constants: Any, potassium: Any
) -> dict[str, Any]:
    """Amounts of the forms of an anion relative to the bare one, by what is bound."""
    _check_set(constants, species, temperature)
    proton, magnesium = 10.0 ** (-pH), mg / STANDARD_CONCENTRATION
    if constants == "li":
        pK = LI[species]
        forms = {"H": proton * 10.0 ** pK["H"], "Mg": magnesium * 10.0 ** pK["Mg"]}
        return {"bare": 1.0, "K": potassium / STANDARD_CONCENTRATION * 10.0 ** pK["K"], **forms}
    h_bound = proton / _golding(f"H {species}", temperature, ionic_strength)
    forms = {"bare": 1.0, "H": h_bound, "Mg": magnesium * _golding(f"Mg {species}", temperature, ionic_strength)}
    if f"MgH {species}" in GOLDING:
        forms["MgH"] = h_bound * magnesium * _golding(f"MgH {species}", temperature, ionic_strength)
    return forms


def _check_set(constants: Any, species: str, temperature: Any) -> None:
    if not isinstance(constants, str) or constants not in SETS:
        raise ParameterError(f"constants = {constants!r} is no set of binding constants." + nearest(constants, SETS))
    if species not in SETS[constants]:
        raise ParameterError(f"species = {species!r} is not in set {constants!r}." + nearest(species, SETS[constants]))
    if constants == "li" and not is_symbolic(temperature) and not np.allclose(temperature, LI_TEMPERATURE, 0, 0.01):
        raise ParameterError(
            f"temperature = {temperature} K, but set 'li' has no enthalpies and holds at {LI_TEMPERATURE} K only;"
            " use constants='golding', or give the standard energy as a number."
        )


@door("1", **_CONDITIONS)
def binding_polynomial(
    species: str,
    pH: Any = 7.2,
    mg: Any = 1.0,
    temperature: Any = BODY_TEMPERATURE,
    ionic_strength: Any = 0.15,
    constants: str = "golding",
    potassium: Any = 150.0,
) -> Any:
    """Total over bare anion, ``P = 1 + H/K_H + Mg·K_Mg + ...``, of ATP, ADP, Pi or (golding) PCr.

    Free magnesium and potassium in mM, ionic strength in M; sets and errors as in
    `standard_atp_synthesis_energy`. Any shapes that broadcast. Source: Golding1995, Li2011.
    """
    return sum(_forms(species, pH, mg, temperature, ionic_strength, constants, potassium).values())


@door("1", **_CONDITIONS)
def mean_bound(
    ligand: str,
    species: str,
    pH: Any = 7.2,
    mg: Any = 1.0,
    temperature: Any = BODY_TEMPERATURE,
    ionic_strength: Any = 0.15,
    constants: str = "golding",
    potassium: Any = 150.0,
) -> Any:
    """Mean number of ``"H"``, ``"Mg"`` or ``"K"`` on an anion: ``∂ln P/∂ln[ligand]``, as in `binding_polynomial`."""
    if ligand not in ("H", "Mg", "K"):
        raise ParameterError(f"ligand = {ligand!r} must be 'H', 'Mg' or 'K'.")
    forms = _forms(species, pH, mg, temperature, ionic_strength, constants, potassium)
    return sum(amount for bound, amount in forms.items() if ligand in bound) / sum(forms.values())


# --- energies -----------------------------------------------------------------------------------


@door("kJ/mol", **_CONDITIONS)
def standard_atp_synthesis_energy(
    pH: Any = 7.2,
    mg: Any = 1.0,
    temperature: Any = BODY_TEMPERATURE,
    ionic_strength: Any = 0.15,
    constants: Any = "golding",
    potassium: Any = 150.0,
) -> Any:
    """Apparent standard energy of ATP synthesis ΔG'°, in kJ/mol, for totals of ATP, ADP and Pi in M.

    ``ΔG'° = RT·ln K'`` with ``K' = K_ref·P_ADP·P_Pi/([H⁺]·P_ATP)`` of hydrolysis and `binding_polynomial` P.

    Parameters
    ----------
    pH, mg, temperature, ionic_strength, potassium : number, array, DataArray or symbol
        pH 0 to 14, free Mg²⁺ and K⁺ in mM, K, and 0 to 1 M; they broadcast.
    constants : "golding", "li" or number
        "golding": van 't Hoff from 25 °C and extended Debye-Hückel; binds no potassium. "li":
        binds potassium, ignores ionic strength, and holds at 310.15 K only: other numbers are
        refused, a symbol is taken on trust. A number (or symbol) is ΔG'° itself, in kJ/mol.

    Raises
    ------
    ParameterError
        For values outside these ranges, unknown sets, and "li" at another temperature.

    References
    ----------
    Golding1995: Golding, Teague & Dobson (1995) J. Exp. Biol. 198, 1775. Li2011: Li et al. (2011).
    """
    if not isinstance(constants, str):
        return KINDS["energy"].check("constants", magnitude(constants, "kJ/mol", "constants"))
    atp, adp, pi = (
        sum(_forms(x, pH, mg, temperature, ionic_strength, constants, potassium).values()) for x in ("ATP", "ADP", "Pi")
    )
    rt = GAS_CONSTANT * temperature
    apparent = rt * (log(adp * pi / atp) + log(10.0) * pH)
    if constants == "li":
        return apparent - LI_HYDROLYSIS_ENERGY
    return apparent + rt * log(_golding("hydrolysis", temperature, ionic_strength))


@door("kJ/mol", atp="concentration", adp="concentration", pi="concentration", **_CONDITIONS)
def atp_synthesis_energy(
    atp: Any,
    adp: Any,
    pi: Any,
    pH: Any = 7.2,
    mg: Any = 1.0,
    temperature: Any = BODY_TEMPERATURE,
    ionic_strength: Any = 0.15,
    constants: Any = "golding",
    potassium: Any = 150.0,
) -> Any:
    """Phosphorylation potential ``ΔG_P = ΔG'° + RT·ln(ATP/(ADP·Pi))`` in kJ/mol, positive when synthesis costs.

    Total concentrations in mM, above zero; other arguments, shapes, errors and sources as in
    `standard_atp_synthesis_energy`.
    """
    standard = standard_atp_synthesis_energy(pH, mg, temperature, ionic_strength, constants, potassium)
    return standard + GAS_CONSTANT * temperature * log(atp / adp * STANDARD_CONCENTRATION / pi)


@door("1", **_MEDIUM)
def creatine_kinase_constant(
    pH: Any = 7.2, mg: Any = 1.0, temperature: Any = BODY_TEMPERATURE, ionic_strength: Any = 0.15
) -> Any:
    """Apparent equilibrium ``K' = ATP·Cr/(ADP·PCr)`` of creatine kinase, ``K_CK·[H⁺]·P_ATP/(P_ADP·P_PCr)``.

    Arguments, shapes and errors as in `standard_atp_synthesis_energy`. Source: Golding1995.
    """
    conditions = (pH, mg, temperature, ionic_strength)
    atp, adp, pcr = (sum(_forms(x, *conditions, "golding", 0.0).values()) for x in ("ATP", "ADP", "PCr"))
    return _golding("creatine kinase", temperature, ionic_strength) * 10.0 ** (-pH) * atp / (adp * pcr)


@door("mV", energy="energy", protons="positive")
def threshold_pmf(energy: Any, protons: Any) -> Any:
    """Proton-motive force at which ``protons`` pay for an energy: ``Δp = ΔG/(nF)`` in mV; ΔG in kJ/mol.

    Any shapes that broadcast. Raises `ParameterError` unless n is above 0. With 11/3 protons per
    exported ATP the energy is the external ΔG_P, with c/3 it is that of the matrix.
    """
    return energy / (protons * FARADAY)


@door("mV", oxidised="concentration", reduced="concentration", pH="pH", temperature="temperature")
def redox_potential(
    couple: str, oxidised: Any, reduced: Any, pH: Any = 7.0, temperature: Any = BODY_TEMPERATURE
) -> Any:
    """Redox poise ``E_h = E_m - Z·(h/n)·(pH - 7) + RT/(nF)·ln(oxidised/reduced)`` in mV.

    Only the ratio of the concentrations (mM) matters; for ``"oxygen"`` they are the pressure in atm
    and 1. The pH is that of the side where the couple reacts, the matrix for all but cytochrome c.
    Any shapes that broadcast. Raises `ParameterError` for couples not in `COUPLES`, concentrations
    of zero or less and pH outside 0 to 14. Midpoints: textbook tables (Nelson & Cox, Lehninger).
    """
    if couple not in tuple(COUPLES):
        raise ParameterError(f"couple = {couple!r} is not known." + nearest(couple, COUPLES))
    midpoint, electrons, protons = COUPLES[couple]
    at_this_pH = midpoint - nernst_slope(temperature) * protons / electrons * (pH - 7)
    return at_this_pH + thermal_voltage(temperature) / electrons * log(oxidised / reduced)
