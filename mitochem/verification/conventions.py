"""Constants, signs and standard states: what every model of this package means by the names it uses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from .report import Check, NotApplicable, compared
from .subject import Subject

__all__ = ["constants", "potentials", "proton_motive_force"]

# CODATA 2018, typed: k_B N_A in kJ/(mol K) and e N_A in kJ/(mol mV); both exact.
R, F = 1.380649e-23 * 6.02214076e23 * 1e-3, 1.602176634e-19 * 6.02214076e23 * 1e-6

_CONSTANTS = {
    # Shared names: value, and what it is.
    "faraday": (F, "Faraday constant, kJ/mol/mV"),
    "gas_constant": (R, "gas constant, kJ/mol/K"),
    "standard_concentration": (1000.0, "1 M in mM"),
    "micromolar": (1e-3, "µM in mM"),
    "microlitres": (1e3, "mL in µL"),
}


def constants(subject: Subject) -> Iterator[Check]:
    """Constants of nature and what follows from the temperature alone."""
    if not any(subject.comes_from(name, "Environment") for name in ("faraday", "gas_constant")):
        raise NotApplicable("the model has constants of its own, those it was published with")
    for _, values in subject.samples(1):
        yield from _constants(subject.in_house_units(values))


def _constants(values: dict[str, Any]) -> Iterator[Check]:
    present = [name for name in _CONSTANTS if name in values]
    for name in present:
        expected, what = _CONSTANTS[name]
        yield compared("constants", name, what, expected, values[name], 1e-9)
    T = values.get("temperature")
    typed = {} if T is None else {
        "thermal_energy": R * T,
        "thermal_voltage": R * T / F,
        "nernst_slope": 2.302585092994046 * R * T / F,
    }  # fmt: skip
    if "protein" in values:
        typed["volume_bath"] = 1000.0 / values["protein"]
    for name, expected in typed.items():
        if name in values:
            yield compared("constants", name, "from temperature and protein", expected, values[name], 1e-9)
    if not present and not typed:
        raise NotApplicable("no shared constant of nature")


def _gas_constant(subject: Subject, values: dict[str, Any]) -> Any:
    """R, or what a model with constants of its own takes for it."""
    return R if subject.comes_from("gas_constant", "Environment") else values.get("gas_constant", R)


def _faraday(subject: Subject, values: dict[str, Any]) -> Any:
    """F, or what a model with constants of its own takes for it."""
    return F if subject.comes_from("faraday", "Environment") else values.get("faraday", F)


class _Sides(NamedTuple):
    """pH on the side where ATP is made and on the side protons come from, and the pools that carry potentials."""

    synthesis: str
    source: str
    charge: str
    protons: str
    words: str


_SIDES = (
    _Sides("pH_matrix", "pH_bath", "charge_ims", "h_matrix", "matrix minus outside"),
    _Sides("pH_bath", "pH_lumen", "charge_lumen", "h_bath", "bath minus lumen"),
)


def proton_motive_force(subject: Subject) -> Iterator[Check]:
    """Δp = Δψ + Z ΔpH, with ΔpH matrix minus outside, all positive when energised (trap: sign, or Z at 25 °C)."""
    for _, values in subject.samples(50):
        yield from _proton_motive_force(subject, subject.in_house_units(values))


def _proton_motive_force(subject: Subject, values: dict[str, Any]) -> Iterator[Check]:
    if not {"delta_psi", "pmf", "temperature"} <= values.keys():
        raise NotApplicable("the model has no delta_psi, pmf and temperature")
    Z = math.log(10.0) * _gas_constant(subject, values) * values["temperature"] / _faraday(subject, values)
    sides = next((s for s in _SIDES if {s.synthesis, s.source} <= values.keys()), None)
    if sides:
        difference = values[sides.synthesis] - values[sides.source]
        if "delta_pH" in values:
            yield compared("pmf", "delta_pH", sides.words, difference, values["delta_pH"], 1e-9, floor=1e-3)
    elif "delta_pH" in values:
        difference = values["delta_pH"]
    else:
        raise NotApplicable("the model has no ΔpH")
    expected = values["delta_psi"] + Z * difference
    exact = subject.comes_from("gas_constant", "Environment")  # a model of its own may round ln 10, too
    yield compared("pmf", "pmf", "Δψ + ln(10) RT/F ΔpH", expected, values["pmf"], 1e-9 if exact else 1e-3, floor=1.0)


def potentials(subject: Subject) -> Iterator[Check]:
    """Potentials of charge and protons from Δψ and ΔpH; of solutes with 1 M inside the logarithm (trap: mM inside)."""
    for _, values in subject.samples(50):
        yield from _potentials(subject, subject.in_house_units(values))


def _potentials(subject: Subject, values: dict[str, Any]) -> Iterator[Check]:
    if "temperature" not in values:
        raise NotApplicable("the model has no temperature")
    RT, faraday = _gas_constant(subject, values) * values["temperature"], _faraday(subject, values)
    found = 0
    for sides in _SIDES:
        charge, protons = f"mu_{sides.charge}", f"mu_{sides.protons}"
        if {charge, "delta_psi"} <= values.keys():
            yield compared("potentials", charge, "F Δψ", faraday * values["delta_psi"], values[charge], 1e-9)
            found += 1
        # others may count from elsewhere
        house = subject.comes_from(protons, "Membrane", "LumpedMembrane", "VesicleMembrane")
        if house and {protons, sides.synthesis, sides.source} <= values.keys():
            expected = -RT * math.log(10.0) * (values[sides.synthesis] - values[sides.source])
            yield compared("potentials", protons, "−RT ln 10 ΔpH", expected, values[protons], 1e-9, floor=1e-3)
            found += 1
    for name, (_, law) in subject.program.states.items():
        if law.unit == "mM" and {f"mu_{name}", f"mu0_{name}"} <= values.keys():
            expected = values[f"mu0_{name}"] + RT * np.log(values[name] / 1000.0)
            yield compared(
                "potentials", f"mu_{name}", "µ° + RT ln(c/1 M)", expected, values[f"mu_{name}"], 1e-9, floor=1.0
            )
            found += 1
    if {"K_matrix", "volume_matrix", "potassium_bath", "mu_k_matrix"} <= values.keys():
        inside = values["K_matrix"] / values["volume_matrix"]
        expected = RT * np.log(inside / values["potassium_bath"])
        yield compared("potentials", "mu_k_matrix", "RT ln(K_m/K_o)", expected, values["mu_k_matrix"], 1e-9, floor=1e-3)
        found += 1
    if {"potassium_lumen", "potassium_bath", "mu_k_bath"} <= values.keys():
        expected = RT * np.log(values["potassium_bath"] / values["potassium_lumen"])
        yield compared("potentials", "mu_k_bath", "RT ln(K_o/K_l)", expected, values["mu_k_bath"], 1e-9, floor=1e-3)
        found += 1
    if {"delta_Gp", "atp_bath", "adp_bath", "pi_bath", "mu0_atp_bath"} <= values.keys():
        ratio = values["atp_bath"] / values["adp_bath"] / (values["pi_bath"] / 1000.0)
        expected = values["mu0_atp_bath"] + RT * np.log(ratio)
        yield compared(
            "potentials", "delta_Gp", "ΔG°' + RT ln(ATP/(ADP·Pi)), in M", expected, values["delta_Gp"], 1e-9, floor=1.0
        )
        found += 1
    if not found:
        raise NotApplicable("no potential that is known by name")
