"""Closed forms typed by hand for models made of the laws they are about, and printed numbers of single laws."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np

from .conventions import F, R
from .formulas import per_atp
from .report import Check, NotApplicable, compared
from .subject import Subject

__all__ = ["phosphorylation", "phosphorylation_yield", "protonophore", "standard_energy", "typed_forms"]

_SYNTHASES = ("Phosphorylation", "RotaryPhosphorylation", "LinearPhosphorylation")
_AROUND = {"Environment", "OxygenReservoir", "FixedPhosphorylationPotential"}


def typed_forms(subject: Subject) -> Iterator[Check]:
    """H1, H3, H4 or H14, for a model made of just the laws they are about."""
    kinds = set(subject.classes().values()) - _AROUND
    name_of = {kind: name for name, kind in subject.classes().items()}
    model = subject.model

    def value(kind: str, parameter: str) -> float:
        return float(model[f"{name_of[kind]}.{parameter}"])

    pump = "LinearElectronTransport"
    if kinds == {"LumpedMembrane", pump, "LinearPhosphorylation", "OhmicLeak"}:
        g_e, g_P = value(pump, "conductance"), value("LinearPhosphorylation", "conductance")
        n = value("LinearPhosphorylation", "c_ring") / value("LinearPhosphorylation", "atp_per_turn")
        E_P = model["delta_Gp"] / ((n + value("LinearPhosphorylation", "transport_protons")) * F)
        g = g_e + g_P + value("OhmicLeak", "conductance")
        case, expected = "H1", {"pmf": (g_e * value(pump, "static_head") + g_P * E_P) / g}
        what = "Δp* = (g_e E_e + g_P E_P)/(g_e + g_L + g_P)"
    elif kinds == {"LumpedMembrane", pump, "ExponentialLeak"}:
        import scipy.special

        g_e, k_1, k = (
            value(pump, "conductance"),
            value("ExponentialLeak", "amplitude"),
            value("ExponentialLeak", "steepness"),
        )
        a = value(pump, "static_head") + k_1 / g_e
        omega = scipy.special.wrightomega(k * a + math.log(k * k_1 / g_e))
        case, expected, what = "H3", {"pmf": a - float(omega.real) / k}, "Δp* = a − W(k k_1 e^{ka}/g_e)/k"
    elif kinds == {"LumpedMembrane", pump, "OhmicLeak", "Inhibitor"}:
        dose, half, hill = (value("Inhibitor", n) for n in ("dose", "half_dose", "hill"))
        g_e = value(pump, "conductance") / (1 + (dose / half) ** hill)
        g = g_e + value("OhmicLeak", "conductance")
        case, expected = "H14", {"pmf": g_e * value(pump, "static_head") / g}
        what = "Δp* = a g_e E_e/(a g_e + g_L), a = 1/(1 + (c/K)^h)"
    elif kinds == {
        "Membrane",
        pump,
        "OhmicLeak",
        "Potassium",
        "LinearPotassiumUniport",
        "LinearPotassiumProtonExchange",
    }:
        g_K, g_X = (value(f"LinearPotassium{x}", "conductance") for x in ("Uniport", "ProtonExchange"))
        model = model.clamp("K_matrix")
        kT = R * model["temperature"] / F
        E_K = kT * math.log(model["K_matrix"] / model["volume_matrix"] / model["potassium_bath"])
        g_e, cycle = value(pump, "conductance"), g_K * g_X / (g_K + g_X)
        force = g_e * value(pump, "static_head") / (g_e + value("OhmicLeak", "conductance") + cycle)
        case, expected = "H4", {"pmf": force, "delta_psi": E_K + cycle / g_K * force}
        what = "Δp* = g_e E_e/(g_e + g_L + g_KX), Δψ* = E_K + g_KX/g_K Δp*, at the K+ of the start"
    else:
        raise NotApplicable("the model is not made of the linear laws of these forms alone")
    found = model.steady_state()
    for name, number in expected.items():
        yield compared(case, f"{name}*", what, number, found[name], 1e-8)


def phosphorylation(subject: Subject) -> Iterator[Check]:
    """Where ATP synthesis stands still, n F Δp is the energy of ATP (traps: n without transport, mM inside ln)."""
    name = subject.one(*_SYNTHASES)
    p = subject.model.components[name]
    handle = next((h for h in ("delta_psi", "pmf") if h in subject.program.states), None)
    values = subject.in_house_units(subject.run({}))
    if handle is None or not {"pmf", "temperature", "J_ATP"} <= values.keys() | {"J_ATP"}:
        raise NotApplicable("no membrane potential to move")
    states = subject.random_states(1)
    bath = {n: (1e-2, 0.5, 5.0)[i] for i, n in enumerate(("adp_bath", "atp_bath", "pi_bath")) if n in states}
    point = {n: float(v[0]) for n, v in states.items()} | bath
    grid = np.linspace(-100.0, 400.0, 2001)
    flux = np.broadcast_to(subject.run({**point, handle: grid})["J_ATP"], grid.shape)
    crossing = np.flatnonzero(np.diff(np.sign(flux)) != 0)
    if not len(crossing):
        raise NotApplicable("ATP synthesis has no reversal between −100 and 400 mV")
    i = int(crossing[0])
    import scipy.optimize

    at = scipy.optimize.brentq(
        lambda x: float(subject.run({**point, handle: x})["J_ATP"]), grid[i], grid[i + 1], xtol=1e-12, rtol=1e-14
    )
    values = subject.run({**point, handle: at})
    RT = R * values["temperature"]
    # In a vesicle with the synthase outside protons come from the lumen, and ATP is made in the bath.
    sides = ("pH_bath", "pH_lumen") if "pH_lumen" in values else ("pH_matrix", "pH_bath")
    force = values["delta_psi"] + RT / F * math.log(10.0) * (values[sides[0]] - values[sides[1]])
    if bath:
        ratio = bath["atp_bath"] / bath["adp_bath"] / (bath["pi_bath"] / 1000.0)
        energy = values["mu0_atp_bath"] + RT * math.log(ratio)
    else:
        energy = float(values["delta_Gp"])
    n = per_atp(SimpleNamespace(**p.values))
    yield compared("H5", "n F Δp at J_ATP = 0", "ATP synthase at equilibrium: n F Δp = ΔG_P, n = c/3 + transport",
                   n * F * force, energy, 1e-8)  # fmt: skip


_TURNOVER = {50.0: 427.3281, 100.0: 668.8996, 150.0: 803.6173, 180.0: 846.8622}
"""H7, printed: FCCP per second at pH 7.2 outside and 7.5 inside, by Δψ."""


def protonophore(subject: Subject) -> Iterator[Check]:
    """Turnover of a weak-acid uncoupler with the constants of FCCP against the printed row."""
    names = [n for n, kind in subject.classes().items() if kind == "Protonophore"]
    if not names:
        raise NotApplicable("the model has no Protonophore")
    for name in names:
        item: Any = subject.model.components[name].replace(pK=6.2, k_neutral=6e5, k_anion=4.2e4)
        outer, inner = item.protonated_bath(pH_bath=7.2), item.protonated_matrix(pH_matrix=7.5)
        found = [
            item.turnover(
                delta_psi=psi, thermal_voltage=26.7266, protonated_bath=outer, protonated_matrix=inner
            ) / 60
            for psi in _TURNOVER
        ]  # fmt: skip
        yield compared("H7", f"{name}: turnover / s", "FCCP, pH 7.2 outside and 7.5 inside, 50 to 180 mV, as printed",
                       list(_TURNOVER.values()), found, 2e-6)  # fmt: skip


def phosphorylation_yield(subject: Subject) -> Iterator[Check]:
    """P/O at steady state from what else carries charge, and its largest value from the stoichiometries."""
    chain, synthase = (
        subject.one("ElectronTransport", "LinearElectronTransport"),
        subject.one(*_SYNTHASES),
    )
    p = subject.model.components[chain].values
    n = per_atp(SimpleNamespace(**subject.model.components[synthase].values))
    values = subject.at_rest
    charge = subject.posts(values, subject.working)["charge_ims"]
    largest = -charge[f"{chain}_J_coupled"] / (2 * charge["J_ATP"])
    known = {20.0: 30 / 11, 12.0: 18 / 11}.get(p["h_per_o2"]) if abs(n - 11 / 3) < 1e-12 else None
    yield compared("H15", "largest P/O", "no leak and no slip: n_e/2n (30/11 from NADH, 18/11 from succinate)",
                   known or p["h_per_o2"] / (2 * n), largest, 1e-12)  # fmt: skip
    others = sum(float(-c * values[f]) for f, c in charge.items() if f not in (f"{chain}_J_coupled", "J_ATP"))
    oxygen, coupled = float(values["J_O2"]), float(values[f"{chain}_J_coupled"])
    if oxygen <= 0 or abs(float(values["J_ATP"])) < 1e-6 * oxygen:
        return
    expected = (p["h_per_o2"] * coupled - others) / (n * 2 * oxygen)
    yield compared("H15", "P/O", "(n_e (J_O2 − J_slip) − leak − uncoupler − K+)/(2 n J_O2) = J_ATP/(2 J_O2)",
                   expected, float(values["J_ATP"]) / (2 * oxygen), 1e-7)  # fmt: skip


_ENERGY = {
    # pH, ionic strength, temperature: E1, printed, kJ/mol, set G, pMg 3.
    (7.0, 0.15, 310.15): 32.14,
    (7.2, 0.15, 310.15): 32.93,
    (7.4, 0.15, 310.15): 33.85,
    (7.8, 0.15, 310.15): 35.92,
    (7.0, 0.25, 310.15): 32.66,
    (7.2, 0.25, 310.15): 33.50,
    (7.4, 0.25, 310.15): 34.44,
    (7.8, 0.25, 310.15): 36.55,
    (7.0, 0.25, 298.15): 32.57,
}
_WITHOUT_MAGNESIUM = 36.07  # at 25 °C, ionic strength 0.25, pH 7


def standard_energy(subject: Subject) -> Iterator[Check]:
    """How the energy of ATP follows pH, ionic strength, temperature and Mg2+, against the printed table."""
    name = subject.one("Adenylates")
    item: Any = subject.model.components[name].replace(
        standard_energy=32.93,
        reference_pH=7.2,
        reference_magnesium=1.0,
        reference_temperature=310.15,
        reference_ionic_strength=0.15,
    )

    def energy(pH: float, ionic_strength: float, temperature: float, magnesium: float = 1.0) -> float:
        return float(
            item.mu0_atp_bath(pH_bath=pH, magnesium=magnesium, temperature=temperature, ionic_strength=ionic_strength)
        )

    found = [energy(*conditions) for conditions in _ENERGY] + [energy(7.0, 0.25, 298.15, 0.0)]
    yield compared("E1", "ΔG°' of ATP synthesis", "printed to 0.01 kJ/mol, from the value at the reference conditions",
                   [*_ENERGY.values(), _WITHOUT_MAGNESIUM], found, 4e-4)  # fmt: skip
