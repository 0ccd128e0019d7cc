"""Electrochemistry of any solute at any membrane: potentials, forces and constant-field fluxes.

Signs: ``v`` is the potential inside minus outside, a difference of potentials is inside minus
outside, and an outward flux or current is positive. Only `proton_motive_force` and its relatives
use the mitochondrial signs, where Δψ, ΔpH and Δp are positive in an energised mitochondrion.

Units: mV, mM, kJ/mol, K. Arguments are numbers, arrays, DataArrays or SymPy symbols that broadcast
against each other, and the result has the broadcast shape. Strings with units (``"25 degC"``) and
pint quantities are understood too; quantities in give a quantity out. Values without physical
meaning raise `ParameterError`, never a silent NaN; symbols are not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from .constants import BODY_TEMPERATURE, FARADAY, GAS_CONSTANT
from .core.door import KINDS, any_permeability, door, match_shapes
from .core.errors import ParameterError, nearest
from .core.functions import exp, is_symbolic, log, sqrt, where
from .core.primitives import x_over_expm1
from .core.units import magnitude, registry

__all__ = [
    "Donnan",
    "ProtonForces",
    "donnan",
    "driving_force",
    "electrochemical_potential",
    "eyring_flux",
    "from_classical",
    "ghk_current",
    "ghk_flux",
    "ghk_voltage",
    "nernst",
    "nernst_slope",
    "pmf_energy",
    "proton_motive_force",
    "thermal_voltage",
    "to_classical",
]


@door("mV", temperature="temperature")
def thermal_voltage(temperature: Any = BODY_TEMPERATURE) -> Any:
    """Thermal voltage ``RT/F`` in mV: 26.7 at 37 °C (CODATA constants). Raises for T outside 200 to 500 K."""
    return GAS_CONSTANT * temperature / FARADAY


@door("mV", temperature="temperature")
def nernst_slope(temperature: Any = BODY_TEMPERATURE) -> Any:
    """Potential worth of one pH unit, ``ln(10)·RT/F`` in mV: 61.5 at 37 °C. Raises for T outside 200 to 500 K."""
    return log(10.0) * thermal_voltage(temperature)


@door("mV", c_out="concentration", c_in="concentration", z="charge", temperature="temperature")
def nernst(c_out: Any, c_in: Any, z: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Equilibrium potential of an ion, ``RT/(zF)·ln(c_out/c_in)``, in mV inside minus outside.

    Concentrations in mM, temperature in K; any shapes that broadcast. Raises `ParameterError` for
    z = 0, which has no equilibrium potential, and for concentrations of zero or less.
    Source: Nernst (1888) Z. Phys. Chem. 2, 613.
    """
    return thermal_voltage(temperature) / z * log(c_out / c_in)


@door(
    "kJ/mol", c_in="concentration", c_out="concentration", z="charge or none", v="potential", temperature="temperature"
)
def electrochemical_potential(c_in: Any, c_out: Any, z: Any, v: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Electrochemical potential difference ``Δμ̃ = RT·ln(c_in/c_out) + zFv`` in kJ/mol, inside minus outside.

    Negative where inward movement is downhill; equal to zF(v - E) for an ion, and defined for an
    uncharged solute (z = 0). Concentrations in mM, v in mV; any shapes that broadcast. Raises
    `ParameterError` for concentrations of zero or less. Source: Guggenheim (1929) J. Phys. Chem. 33, 842.
    """
    return GAS_CONSTANT * temperature * log(c_in / c_out) + z * FARADAY * v


@door("mV", v="potential", e_ion="potential")
def driving_force(v: Any, e_ion: Any) -> Any:
    """Driving force ``v - e_ion`` on an ion, in mV: positive drives positive charge outward.

    Any shapes that broadcast. Raises `ParameterError` for values that are not finite.
    """
    return v - e_ion


@door("mV", delta_psi="potential", delta_pH="pH difference", temperature="temperature")
def proton_motive_force(delta_psi: Any, delta_pH: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Proton-motive force ``Δp = Δψ + ln(10)·RT/F·ΔpH`` in mV, positive in an energised mitochondrion.

    Δψ is IMS minus matrix in mV, ΔpH matrix minus IMS; classical texts take ΔpH the other way
    round and write a minus sign (`from_classical`). Any shapes that broadcast. Raises
    `ParameterError` for values that are not finite. Source: Mitchell (1966), with ΔpH reversed.
    """
    return delta_psi + nernst_slope(temperature) * delta_pH


@door("kJ/mol", pmf="potential")
def pmf_energy(pmf: Any) -> Any:
    """Energy ``FΔp`` that one mole of protons releases on its way back to the matrix, in kJ/mol; Δp in mV.

    It is minus Δμ̃ of the proton. Any shape. Raises `ParameterError` for values that are not finite.
    """
    return FARADAY * pmf


# --- the classical signs of the proton-motive force ---------------------------------------------


class ProtonForces(NamedTuple):
    """Δψ in mV and ΔpH, in one of the sign conventions."""

    delta_psi: Any
    delta_pH: Any


# Signs that turn the classical pair into ours. Both conventions write Δp = Δψ - Z·ΔpH.
_CLASSICAL = {"out-in": (1, -1), "in-out": (-1, 1)}
_delta_psi = door("mV", delta_psi="potential")(lambda delta_psi: delta_psi)
_delta_pH = door("1", delta_pH="pH difference")(lambda delta_pH: delta_pH)


def from_classical(delta_psi: Any, delta_pH: Any, difference: str = "out-in") -> ProtonForces:
    """House (Δψ, ΔpH), both positive when energised, from a text that writes ``Δp = Δψ - Z·ΔpH``.

    With ``difference="out-in"`` the text takes both outside minus inside (ΔpH negative when
    energised); with ``"in-out"`` inside minus outside (Δψ and Δp negative). Δψ in mV, any shapes.
    Raises `ParameterError` for another name. Source: Mitchell (1966); Nicholls & Ferguson, Bioenergetics.
    """
    if difference not in tuple(_CLASSICAL):
        raise ParameterError(f"difference = {difference!r} is no convention." + nearest(difference, _CLASSICAL))
    psi_sign, pH_sign = _CLASSICAL[difference]
    return ProtonForces(psi_sign * _delta_psi(delta_psi), pH_sign * _delta_pH(delta_pH))


def to_classical(delta_psi: Any, delta_pH: Any, difference: str = "out-in") -> ProtonForces:
    """(Δψ, ΔpH) as a text with ``Δp = Δψ - Z·ΔpH`` prints them: the inverse of `from_classical`."""
    return from_classical(delta_psi, delta_pH, difference)  # each sign is its own inverse


_SIDES = dict(c_in="concentration or none", c_out="concentration or none", z="charge or none")
_FLUX = dict(permeability="permeability", v="potential", temperature="temperature", **_SIDES)


@any_permeability
@door("mM", **_FLUX)
def ghk_flux(permeability: Any, c_in: Any, c_out: Any, z: Any, v: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Outward flux through a constant field, ``P·x/(1 - e^-x)·(c_in - c_out·e^-x)`` with ``x = zFv/RT``.

    ``P·(c_in - c_out)`` at v = 0 or z = 0, zero at the Nernst potential. In units of permeability
    times mM: µL/min/mg gives nmol/min/mg, cm/s gives µmol/cm²/s. Concentrations in mM (zero is
    allowed), v in mV; any shapes that broadcast. Raises `ParameterError` for negative
    permeability or concentrations. Source: Goldman (1943) J. Gen. Physiol. 27, 37; Hodgkin & Katz (1949).
    """
    return _constant_field(permeability, c_in, c_out, z * v / thermal_voltage(temperature))


def _constant_field(permeability: Any, c_in: Any, c_out: Any, x: Any) -> Any:
    # x/(1 - e^-x) is x_over_expm1(-x); taken into the bracket, neither term can overflow.
    return permeability * (c_in * x_over_expm1(-x) - c_out * x_over_expm1(x))


def ghk_current(permeability: Any, c_in: Any, c_out: Any, z: Any, v: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Outward current of an ion through a constant field: ``zF`` times `ghk_flux`, errors and shapes alike.

    In C/µmol times the unit of the flux: µL/min/mg gives mC/min/mg, cm/s gives A/cm².
    Source: Goldman (1943); Hodgkin & Katz (1949).
    """
    flux = ghk_flux(permeability, c_in, c_out, z, v, temperature)
    faraday = flux._REGISTRY.Quantity(FARADAY, "C/umol") if hasattr(flux, "_REGISTRY") else FARADAY
    return KINDS["charge or none"].check("z", magnitude(z, "1", "z")) * faraday * flux


@any_permeability
@door("mM", delta="fraction", **_FLUX)
def eyring_flux(
    permeability: Any, c_in: Any, c_out: Any, z: Any, v: Any, temperature: Any = BODY_TEMPERATURE, delta: Any = 0.5
) -> Any:
    """Outward flux over one sharp barrier, ``P·(c_in·e^((1-δ)x) - c_out·e^(-δx))`` with ``x = zFv/RT``.

    δ is the fraction of the field between outside and barrier; at 1/2 the flux is
    ``2P·√(c_in·c_out)·sinh(Δμ̃/2RT)``. Units, shapes and errors as `ghk_flux`, and δ from 0 to 1.
    Source: Garlid, Beavis & Ratkje (1989) Biochim. Biophys. Acta 976, 109.
    """
    x = z * v / thermal_voltage(temperature)
    return permeability * (c_in * exp((1 - delta) * x) - c_out * exp(-delta * x))


def ghk_voltage(
    permeability: Any, c_in: Any, c_out: Any, z: Any, temperature: Any = BODY_TEMPERATURE, pump_ratio: Any = 1.0
) -> Any:
    """Potential at which the constant-field currents of several ions cancel, in mV inside minus outside.

    Monovalent ions: ``RT/F·ln((ΣP_c·c_out + ΣP_a·a_in)/(ΣP_c·c_in + ΣP_a·a_out))``; with others,
    the bracketed root of the total current.

    All four are dicts keyed by ion, or sequences with one entry per ion; entries may be arrays that
    broadcast, but each z is one number. Only ratios of permeabilities matter; concentrations in mM.
    ``pump_ratio`` is Na⁺ out per K⁺ in of an electrogenic pump (3/2 for the sodium pump): it
    multiplies the K⁺ terms, needs dicts with a key ``"K"``, and takes other ions to be at equilibrium.
    Raises `ParameterError` for unequal keys or lengths, for z = 0 or negative concentrations, and
    where no permeant ion is present on one side, which would make the potential infinite.
    Source: Goldman (1943) J. Gen. Physiol. 27, 37; Mullins & Noda (1963) J. Gen. Physiol. 47, 117.
    """
    ions, quantities = _by_ion(dict(permeability=permeability, c_in=c_in, c_out=c_out, z=z))
    pump_ratio = KINDS["positive"].check("pump_ratio", pump_ratio)
    if is_symbolic(pump_ratio) or np.any(np.not_equal(pump_ratio, 1)):
        potassium = next((ion for ion in ions if ion in ("K", "K+", "K⁺")), None)
        if potassium is None:
            raise ParameterError(f"pump_ratio = {pump_ratio} acts on potassium, so it needs dicts with a key 'K'.")
        permeability, *others = ions[potassium]
        match_shapes("ghk_voltage", pump_ratio=pump_ratio, temperature=temperature, permeability=permeability)
        ions[potassium] = (pump_ratio * permeability, *others)
    rt_f = thermal_voltage(temperature)
    voltage = magnitude(rt_f, "mV", "temperature") * _zero_current(list(ions.values()))
    return registry().Quantity(voltage, "mV") if quantities or hasattr(rt_f, "_REGISTRY") else voltage


def _zero_current(ions: list[tuple[Any, Any, Any, float]]) -> Any:
    """The potential without net current, in units of RT/F; an ion is (permeability, c_in, c_out, z)."""
    up = sum(p * (c_out if z > 0 else c_in) for p, c_in, c_out, z in ions)
    down = sum(p * (c_in if z > 0 else c_out) for p, c_in, c_out, z in ions)
    for side, total in {"cations outside and anions inside": up, "cations inside and anions outside": down}.items():
        KINDS["positive"].check(f"permeability times concentration of {side}", total)
    if all(abs(z) == 1 for *_, z in ions):
        return log(up / down)
    if is_symbolic(up + down):
        raise ParameterError("z must be 1 or -1 for symbols: with other ions the potential has no closed form.")
    u, step = 0.0 * (up + down), 512.0
    while step > 1e-16:  # the current rises with u throughout, so that bisection finds its only zero
        step /= 2
        u = u - step * np.sign(sum(z * _constant_field(p, c_in, c_out, z * u) for p, c_in, c_out, z in ions))
    return u


def _by_ion(tables: dict[str, Any]) -> tuple[dict[Any, tuple[Any, ...]], bool]:
    """The ions, converted and checked, by name (dicts) or number (sequences); and whether quantities came."""
    rows: dict[str, dict[Any, Any]] = {}
    for name, table in tables.items():
        try:
            rows[name] = dict(table if isinstance(table, Mapping) else enumerate(table))
        except TypeError:
            raise ParameterError(f"{name} = {table!r} must be a dict keyed by ion, or a sequence over ions.") from None
        ions = list(rows["permeability"])
        if not ions or set(rows[name]) != set(ions):
            raise ParameterError(f"{name} is given for ions {list(rows[name])}, permeability for {ions}.")
    given = [value for row in rows.values() for value in row.values() if hasattr(value, "_REGISTRY")]
    unit = next((str(p.units) for p in rows["permeability"].values() if hasattr(p, "_REGISTRY")), "1")
    kinds = {"permeability": replace(KINDS["permeability"], unit=unit), "z": KINDS["charge"]}
    checked = {}
    for name, row in rows.items():
        kind = kinds.get(name, KINDS["concentration or none"])
        for ion, value in row.items():
            label = f"{name}[{ion!r}]"
            checked[label] = row[ion] = kind.check(label, magnitude(value, kind.unit, label))
            if name == "z" and (is_symbolic(value) or np.ndim(value)):
                raise ParameterError(f"{label} = {value!r} must be one number.")
    match_shapes("ghk_voltage", **checked)
    return {ion: tuple(row[ion] for row in rows.values()) for ion in ions}, bool(given)


class Donnan(NamedTuple):
    """Cations inside over outside (anions the reverse), and the potential in mV inside minus outside."""

    ratio: Any
    potential: Any


_DONNAN = dict(c_salt="concentration", impermeant="concentration or none", z_impermeant="charge or none")


@door("1", **_DONNAN)
def _donnan_ratio(c_salt: Any, impermeant: Any, z_impermeant: Any) -> Any:
    fixed = z_impermeant * impermeant / (2 * c_salt)
    # The larger of r and 1/r is a sum without cancellation; which one it is depends on the sign.
    larger = abs(fixed) + sqrt(fixed**2 + 1)
    return where(fixed > 0, 1 / larger, larger)


@door("mV", temperature="temperature", **_DONNAN)
def _donnan_potential(c_salt: Any, impermeant: Any, z_impermeant: Any, temperature: Any) -> Any:
    return -thermal_voltage(temperature) * log(_donnan_ratio(c_salt, impermeant, z_impermeant))


def donnan(c_salt: Any, impermeant: Any, z_impermeant: Any, temperature: Any = BODY_TEMPERATURE) -> Donnan:
    """Donnan equilibrium of a monovalent salt with an impermeant of charge z confined inside.

    ``ratio = (-zX + √(z²X² + 4c²))/(2c)``, cations inside ``ratio·c``, anions ``c/ratio``, and
    ``potential = -RT/F·ln(ratio)``; water is not allowed to follow. Salt outside ``c`` and impermeant
    ``X`` in mM; any shapes that broadcast. Raises `ParameterError` for no salt or a negative
    concentration. Source: Donnan (1911) Z. Elektrochem. 17, 572.
    """
    return Donnan(
        _donnan_ratio(c_salt, impermeant, z_impermeant),
        _donnan_potential(c_salt, impermeant, z_impermeant, temperature),
    )
