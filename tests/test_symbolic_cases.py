"""Closed forms H2 and H6 to H19: derived, typed by hand, and (where a model or a solver has a say) numerical.

The printed numbers and formulas are those of the model description, per second where it says so; the package is per
minute and per O2. H1, H3, H4, H5 are in test_symbolic.py, H7 also in test_uncoupler.py, H12 in test_analysis.py.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, optimize

import mitochem as mc
from mitochem import symbolic

Z = math.log(10) * 8.31446261815324e-3 * 310.15 / 0.0964853321233


def agree(*values: float, rel: float = 1e-6) -> None:
    first, *others = map(float, values)
    for other in others:
        assert other == pytest.approx(first, rel=rel)


def test_H2_degree_of_coupling():
    """L = (.003, .04, .02), n = (10, 11/3): only ratios count, so L n² gives the conductances."""
    L_e, L_P, L_L, n_e, n_P = 0.003, 0.04, 0.02, 10.0, 11 / 3
    q = math.sqrt(L_e * L_P * n_e**2 * n_P**2 / ((L_L + L_e * n_e**2) * (L_L + L_P * n_P**2)))
    best = (q / (1 + math.sqrt(1 - q * q))) ** 2
    found = symbolic.closed_forms()["degree_of_coupling"].numeric(
        electron_transport_conductance=60 * L_e * n_e**2,
        phosphorylation_conductance=60 * L_P * n_P**2,
        leak_conductance=60 * L_L,
    )
    agree(found["coupling"], q, 0.950728)
    agree(found["best_efficiency"], best, 0.526688)
    # Numerically: the best ratio of output to input power along the force ratio of the same linear flows.
    g_e, g_P, g_L = 18.0, 60 * L_P * n_P**2, 1.2

    def efficiency(E_P: float, E_e: float = 220.0) -> float:
        pmf = (g_e * E_e + g_P * E_P) / (g_e + g_L + g_P)
        return g_P * (pmf - E_P) * E_P / (g_e * (E_e - pmf) * E_e)

    top = optimize.minimize_scalar(
        lambda e: -efficiency(e), bounds=(50, 219), method="bounded", options={"xatol": 1e-8}
    )
    agree(best, -top.fun)


def test_H6_relaxation():
    C, B, G, g_K, g_X = 0.005, 22 / Z, 0.48, 0.0015, 0.002
    M = np.array([[-(G + g_K) / C, -G / C], [-G / B, -(G + g_X) / B]])
    slow, fast = sorted(-1 / np.linalg.eigvals(M).real, reverse=True)
    found = symbolic.closed_forms()["relaxation_times"].numeric(
        conductance=60 * G, potassium_uniport_conductance=60 * g_K, potassium_proton_exchange_conductance=60 * g_X
    )
    agree(60 * found["fast"], fast, 0.01024185)
    agree(60 * found["slow"], slow, 103.6979)
    agree(found["answer_of_potential"], -G / (G + g_K))


def test_H8_constant_field():
    """P = 1e-6 cm/s, K 140/5 mM, −70 mV: +14.694007 pmol/cm2/s; mM cm/s is µmol/cm2/s."""
    u = -70 * 0.0964853321233 / (8.31446261815324e-3 * 310.15)
    by_hand = 1e-6 * u / (1 - math.exp(-u)) * (140 - 5 * math.exp(-u))
    found = symbolic.closed_forms()["constant_field_limits"].numeric()
    agree(found["flux"], by_hand, 14.694007e-6)
    agree(found["reversal"], 26.72665 * math.log(5 / 140))
    field = integrate.quad(lambda x: math.exp(u * x), 0, 1)[0]  # the flux as the integral over a constant field
    agree(by_hand, 1e-6 * (140 * math.exp(u) - 5) / field)


def test_H9_donnan():
    found = symbolic.closed_forms()["donnan_equilibrium"].numeric()
    r = (100 + math.sqrt(100**2 + 4 * 150**2)) / (2 * 150)
    root = optimize.brentq(lambda r: 150 * r - 150 / r - 100, 0.5, 5)
    agree(found["ratio"], r, root, 1.38742589)
    agree(found["potential"], -26.72665 * math.log(r), -8.751649)
    agree(found["osmotic_excess"], 150 * r + 150 / r + 100 - 300, 116.2278)


def test_H11_conserved_sums():
    found = symbolic.closed_forms()["conservation"].numeric()
    model = mc.models.isolated_mitochondria()
    run = model.simulate(t_end=2, samples=20)
    end = {name: float(run[name][-1]) for name in model.program.states}
    charge = 0.005 * end["delta_psi"] - 22 * end["pH_matrix"] + end["K_matrix"]
    agree(found["charge"], charge, -38.4)
    agree(found["adenylates"], end["atp_bath"] + end["adp_bath"], 0.5)
    agree(found["phosphate"], end["pi_bath"] - end["adp_bath"], 5.0)


def test_H13_control_around_the_force():
    """State 3 at 0.25 mM ADP, 157.772 mV; the theorems hold whatever the numbers."""
    found = symbolic.closed_forms()["control_coefficients"].numeric()
    chain, leak, phosphorylation = (found[f"respiration_{x}"] for x in ("chain", "leak", "phosphorylation"))
    for value, printed in ((chain, 0.4465), (leak, 0.0289), (phosphorylation, 0.5246)):
        assert value == pytest.approx(printed, abs=6e-5)
    # The theorems hold at a steady state; the force is printed to 0.5 µV, which leaves the currents unequal by 2e-5.
    agree(chain + leak + phosphorylation, 1.0, rel=3e-5)
    assert sum(found[f"pmf_{x}"] for x in ("chain", "leak", "phosphorylation")) == pytest.approx(0, abs=3e-5)


def test_H14_bell_shaped_titration():
    """(g_e, K_i, γ) = (0.3, 5, 2)."""
    g, K, gamma = 0.3, 5.0, 2.0
    best = math.sqrt(g * K / gamma)

    def rate(c: float) -> float:  # J/J_max of a linear pump whose activity is 1/(1 + c/K)
        a = 1 / (1 + c / K)
        return a * gamma * c / (a * g + gamma * c)

    found = symbolic.closed_forms()["bell_shaped_titration"].numeric()
    top = optimize.minimize_scalar(lambda c: -rate(c), bounds=(0.1, 3), method="bounded", options={"xatol": 1e-10})
    agree(found["best_dose"], best, 0.866025)
    agree(found["relative_rate"], rate(best), -top.fun, 0.742716)


def test_H15_phosphorylation_yield():
    model = mc.models.isolated_mitochondria().replace({"load.capacity": 1200.0})
    state = model.steady_state()
    form = symbolic.closed_forms()["phosphorylation_yield"]
    at = {name: float(state[name]) for name in ("delta_psi", "pH_matrix", "K_matrix", "oxygen")}
    found = form.numeric(model, **at)
    j_o, j_l, j_k = 2 * float(state.J_O2), float(state.J_leak), float(state.J_K_uniport)
    by_hand = (10 * j_o - j_l - j_k) / (11 / 3 * j_o)
    agree(found["p_per_o"], by_hand, float(mc.readouts.p_over_o(state)), 2.60106)
    agree(found["largest"], 30 / 11)


def test_H16_vesicle_with_an_imposed_gradient():
    """B = .37, g_L = .01, g_P = .05, E_P = 120, D_0 = 200, n = 14/3, per second."""
    B, g_L, g_P, E_P, D, n = 0.37, 0.01, 0.05, 120.0, 200.0, 14 / 3
    rest = g_P * E_P / (g_L + g_P)
    end = B / (g_L + g_P) * math.log((D - rest) / (E_P - rest))
    run = integrate.solve_ivp(
        lambda t, y: [(-g_L * y[0] - g_P * (y[0] - E_P)) / B, g_P / n * (y[0] - E_P)],
        (0, end),
        [D, 0],
        rtol=1e-11,
        atol=1e-12,
    )
    found = symbolic.closed_forms()["imposed_gradient"].numeric()
    agree(60 * found["duration"], end, 9.924867)
    agree(found["atp_yield"], run.y[1, -1], 3.158957)
    agree(run.y[0, -1], E_P)


def test_H17_forces_of_the_chain():
    """(E_N, E_Q, E_c, E_O2) = (−300, 60, 290, 800), Δψ 150, ZΔpH 20 mV."""
    found = symbolic.closed_forms()["chain_forces"].numeric()
    pmf, psi = 170.0, 150.0
    by_hand = (2 * 360 - 4 * pmf, 2 * 230 - 4 * pmf + 2 * psi, 2 * 510 - 2 * pmf - 2 * psi)
    for name, hand, printed in zip(("complex_I", "complex_III", "complex_IV"), by_hand, (40, 80, 380)):
        agree(found[name], hand, printed)
    agree(found["sum"], 2 * 1100 - 10 * pmf)


def test_H18_linked_binding():
    """Maxwell: protons bound respond to Mg as Mg bound responds to protons; and n_H is the slope of ΔG°' with pH."""
    form = symbolic.closed_forms()["linked_binding"]
    pH, mg = 7.2, 1.0
    step = 1e-4
    found = form.numeric()
    bound = mc.thermodynamics.mean_bound
    h_by_mg = (bound("H", "ATP", pH, mg * math.exp(step)) - bound("H", "ATP", pH, mg * math.exp(-step))) / (2 * step)
    shift = step / math.log(10)
    mg_by_h = (bound("Mg", "ATP", pH - shift, mg) - bound("Mg", "ATP", pH + shift, mg)) / (2 * step)
    agree(found["linkage"], h_by_mg, mg_by_h, rel=1e-5)
    agree(found["protons_bound"], bound("H", "ATP", pH, mg))
    energy = mc.thermodynamics.standard_atp_synthesis_energy
    agree(found["energy_slope"], (energy(pH + step) - energy(pH - step)) / (2 * step), rel=1e-5)


def test_H19_transporters_at_equilibrium():
    found = symbolic.closed_forms()["exchanger_equilibria"].numeric()
    RT_F = 26.726649
    reversal = 3 * RT_F * math.log(145 / 10) - 2 * RT_F / 2 * math.log(2 / 1e-4)
    agree(found["exchanger_reversal"], reversal, -50.274, rel=5e-6)
    F, RT = 0.0964853321233, 8.31446261815324e-3 * 310.15
    work = 3 * (RT * math.log(145 / 10) + F * 70) + 2 * (RT * math.log(140 / 5) - F * 70)
    agree(found["sodium_pump_work"], work, 44.627, rel=2e-5)
    agree(found["calcium_ratio"], math.exp(60 / (2 * RT)), 1.128e5, rel=5e-4)
