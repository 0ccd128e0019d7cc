"""Closed forms around Δp: derived = typed from the description = numbers from the assembled model. Cases H2, H6, H7,
H13, H14, H16.

1e-6 relative unless the printed number has fewer digits.
"""

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg
import scipy.optimize

from mitochem import symbolic

CLOSE = 1e-6
F = 0.09648533212  # kJ/mol/mV
RT = 8.314462618e-3 * 310.15
Z = np.log(10) * RT / F


def close(a, b, rel=CLOSE):
    np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=rel)


# --- H2: degree of coupling ---------------------------------------------------------------------


def h2(L_e, L_P, L_L, n_e, n_P):
    q2 = L_e * L_P * n_e**2 * n_P**2 / ((L_L + L_e * n_e**2) * (L_L + L_P * n_P**2))
    Z2 = L_P * (L_L + L_e * n_e**2) / (L_e * (L_L + L_P * n_P**2))
    return np.sqrt(q2), np.sqrt(Z2), (np.sqrt(q2) / (1 + np.sqrt(1 - q2))) ** 2


def h2_values(per_o2=2.0):
    """L = (.003, .04, .02), n = (10, 11/3) per electron pair, as conductances of protons."""
    return {
        "electron_transport.conductance": 0.003 * 10**2,
        "electron_transport.h_per_o2": 10.0 * per_o2,
        "phosphorylation.conductance": 0.04 * (11 / 3) ** 2,
        "leak.conductance": 0.02,
    }


def test_degree_of_coupling_and_best_efficiency():
    form = symbolic.degree_of_coupling()
    q, stoichiometry, efficiency = h2(0.003, 0.04, 0.02, 10, 11 / 3)
    assert (q, efficiency) == pytest.approx((0.950728, 0.526688), abs=5e-7)
    found = form.numeric(h2_values())
    close(found["coupling"], q)
    close(found["best_efficiency"], efficiency)
    close(found["stoichiometry"], 2 * stoichiometry)  # per O2 instead of per pair of electrons


def test_coupling_is_what_the_assembled_model_does():
    """Flows of the steady model at three pairs of forces give L; its best efficiency is found by scanning ΔG_P."""
    form = symbolic.degree_of_coupling()
    values = h2_values()
    model = form.model.replace(values)
    n = 11 / 3

    def flows(span, energy):
        at = {"electron_transport.static_head": span / (F * 20), "adenylates.delta_Gp": energy}
        ds = model.steady_state(at)
        return np.array([float(ds["J_O2"]), float(ds["J_ATP"])])

    span, energy = 20 * F * 200.0, n * F * 100.0
    at_0 = flows(span, energy)
    L = np.array([(flows(span + 10, energy) - at_0) / 10, -(flows(span, energy + 10) - at_0) / 10]).T
    close(L[0, 1], L[1, 0])
    found = form.numeric(values)
    close(L[0, 1] / np.sqrt(L[0, 0] * L[1, 1]), found["coupling"])
    close(np.sqrt(L[1, 1] / L[0, 0]), found["stoichiometry"])

    def efficiency(energy):
        oxygen, atp = flows(span, energy)
        return -atp * energy / (oxygen * span)

    best = scipy.optimize.minimize_scalar(efficiency, bounds=(10, 80), method="bounded", options={"xatol": 1e-6})
    close(-best.fun, found["best_efficiency"])


# --- H6: relaxation -----------------------------------------------------------------------------

H6 = {
    "membrane.capacitance": 0.005,
    "membrane.buffer": 22.0,
    "electron_transport.conductance": 0.46 * 60,
    "leak.conductance": 0.02 * 60,
    "potassium_uniport.conductance": 0.0015 * 60,
    "potassium_proton_exchange.conductance": 0.002 * 60,
}


def h6(C, beta, G, g_K, g_X):
    B = beta / Z
    M = np.array([[-(G + g_K) / C, -G / C], [-G / B, -(G + g_X) / B]])
    return np.sort(-1 / np.linalg.eigvals(M))


def test_time_constants_of_potential_and_delta_pH():
    fast, slow = h6(0.005, 22.0, 0.48, 0.0015, 0.002)
    assert (fast, slow) == pytest.approx((0.01024185, 103.6979), rel=5e-7)
    found = symbolic.relaxation_times().numeric(H6)
    close((found["fast"] * 60, found["slow"] * 60), (fast, slow))


def test_simulation_relaxes_with_these_time_constants():
    """Kicked along either eigenvector of the typed matrix, the assembled model decays with one exponential."""
    form = symbolic.relaxation_times()
    model = form.model.clamp("K_matrix").replace(H6)
    rest = {n: float(v) for n, v in model.steady_state().items() if n in model.program.states}
    found = form.numeric(H6)
    C, B, G, g_K, g_X = 0.005, 22.0 / Z, 0.48, 0.0015, 0.002
    rates, left, right = scipy.linalg.eig([[-(G + g_K) / C, -G / C], [-G / B, -(G + g_X) / B]], left=True)
    for i, name in enumerate(("fast", "slow") if rates[0].real < rates[1].real else ("slow", "fast")):
        tau = found[name]
        times = tau * np.array([0.5, 1.0, 2.0])
        kick = 10 * right[:, i].real
        start = rest | {"delta_psi": rest["delta_psi"] + kick[0], "pH_matrix": rest["pH_matrix"] + kick[1] / Z}
        run = model.simulate(t_end=float(times[-1]), samples=times, start=start, rtol=1e-11)
        away = [run["delta_psi"].values - rest["delta_psi"], Z * (run["pH_matrix"].values - rest["pH_matrix"])]
        course = left[:, i].real @ away
        close(-(times[2] - times[0]) / np.log(course[-1] / course[-3]), tau)


def test_small_capacitance_separates_the_two():
    form = symbolic.relaxation_times()
    limit = form.limits["C → 0"]
    numbers = form.numeric(H6)
    values = {**form.model.values, **H6}
    values |= {"conductance": 0.48 * 60, "buffer_per_mV": 22.0 / Z}
    at = {s: values[n] for n, s in form.symbols.items() if n in values}
    fast, slow = (60 * float(limit[n].subs(at)) for n in ("fast", "slow"))
    close(fast, 0.005 / (0.48 + 0.0015))
    close(slow, 22.0 / Z / (0.002 + 0.48 * 0.0015 / (0.48 + 0.0015)))
    assert numbers["fast"] * 60 == pytest.approx(fast, rel=0.02)
    assert numbers["slow"] * 60 == pytest.approx(slow, rel=0.02)


def test_acid_bath_is_answered_by_the_potential():
    """A step of ZΔpH changes Δψ by −G/(G + g_K) of it within milliseconds."""
    form = symbolic.relaxation_times()
    model = form.model.clamp("K_matrix").replace(H6)
    rest = {n: float(v) for n, v in model.steady_state().items() if n in model.program.states}
    share = form.numeric(H6)["answer_of_potential"]
    close(share, -0.48 / (0.48 + 0.0015))
    run = model.simulate(t_end=0.002, samples=[0.002], start=rest | {"pH_matrix": rest["pH_matrix"] + 0.5}, rtol=1e-10)
    step = Z * (float(run["pH_matrix"][-1]) - rest["pH_matrix"])
    assert step == pytest.approx(0.5 * Z, rel=0.02)  # the buffer takes up the charge that moved, C/B of it
    assert float(run["delta_psi"][-1]) - rest["delta_psi"] == pytest.approx(share * step, rel=1e-4)


# --- H7: protonophore ---------------------------------------------------------------------------


def theta(pH, pK=6.2):
    return 1 / (1 + 10 ** (pH - pK))


def h7(psi, pH_o, pH_m, pK=6.2, k_HA=1e4, k_A=700.0):
    o, m, pull = theta(pH_o, pK), theta(pH_m, pK), np.exp(F * psi / RT / 2)
    top = k_HA * k_A * (o * (1 - m) * pull - m * (1 - o) / pull)
    return top / (k_HA * (o + m) + k_A * ((1 - o) / pull + (1 - m) * pull))


def carrier_by_integration(psi, pH_o, pH_m, k_HA=1e4, k_A=700.0):
    """The carrier hops until it is distributed steadily; the protons are counted by the neutral form."""
    o, m, pull = theta(pH_o), theta(pH_m), np.exp(F * psi / RT / 2)
    inward = k_HA * o + k_A * (1 - o) / pull
    outward = k_HA * m + k_A * (1 - m) * pull
    run = scipy.integrate.solve_ivp(
        lambda t, y: [outward * (1 - y[0]) - inward * y[0]], (0, 0.1), [1.0], method="LSODA", rtol=1e-11, atol=1e-13
    )
    outer = run.y[0, -1]
    return k_HA * (outer * o - (1 - outer) * m)


@pytest.mark.parametrize(
    ("psi", "printed"), [(50.0, 427.3281), (100.0, 668.8996), (150.0, 803.6173), (180.0, 846.8622)]
)
def test_fccp_turns_over_as_printed(psi, printed):
    form = symbolic.protonophore_cycle()
    derived = form.numeric(delta_psi=psi, pH_matrix=7.5)["turnover"] / 60
    # printed with Z of CODATA to 7 digits
    close((derived, h7(psi, 7.2, 7.5), carrier_by_integration(psi, 7.2, 7.5)), [printed] * 3, rel=2e-6)
    values = form.model.evaluate({"delta_psi": psi, "pH_matrix": 7.5})
    close(values["uncoupler_turnover"] / 60, printed, rel=2e-6)


def test_protonophore_conducts_saturates_and_has_a_best_pH():
    form = symbolic.protonophore_cycle()
    found = form.numeric(delta_psi=0.0, pH_matrix=7.2)
    t = theta(7.2)
    conductance = 1e4 * 700 * t * (1 - t) / (2 * (1e4 * t + 700 * (1 - t))) * F / RT
    close(found["conductance"] / 60, conductance)
    close((h7(0.01, 7.2, 7.2) - h7(-0.01, 7.2, 7.2)) / 0.02, conductance)
    close(found["saturation"] / 60, 1e4 * t)
    # e^{-φ/2} is left of the anion at 2 V: 1e-16
    close(form.model.evaluate({"delta_psi": 2000.0, "pH_matrix": 7.2})["uncoupler_turnover"] / 60, 1e4 * t)
    close(found["best_pH"], 6.2 + 0.5 * np.log10(1e4 / 700))
    assert found["best_pH"] == pytest.approx(6.78, abs=0.005)
    pH = np.linspace(5, 8.5, 3501)
    best = pH[np.argmax([h7(0.01, x, x) for x in pH])]
    assert best == pytest.approx(found["best_pH"], abs=2e-3)


def test_protonophore_rests_without_a_force_however_it_is_split():
    form = symbolic.protonophore_cycle()
    scale = form.numeric(delta_psi=100.0, pH_matrix=7.2)["turnover"]
    for psi in (-120.0, 30.0, 160.0):
        at = {"delta_psi": psi, "pH_matrix": 7.2 - psi / Z}
        assert abs(form.numeric(at)["turnover"]) < 1e-7 * scale  # Z typed to 10 digits
        assert abs(form.model.evaluate(at)["uncoupler_turnover"]) < 1e-7 * scale


# --- H13: control -------------------------------------------------------------------------------

BLOCKS = ("chain", "leak", "phosphorylation")


def h13(J, eps):
    D = J["leak"] * eps["leak"] + J["phosphorylation"] * eps["phosphorylation"] - J["chain"] * eps["chain"]
    force = {"chain": J["chain"] / D, "leak": -J["leak"] / D, "phosphorylation": -J["phosphorylation"] / D}
    return force, {n: (n == "chain") + eps["chain"] * force[n] for n in BLOCKS}


def currents(model, p):
    v = model.evaluate({"pmf": p})
    return {"chain": 20 * v["J_O2"], "leak": v["J_leak"], "phosphorylation": 11 / 3 * v["J_ATP"]}


def test_control_of_respiration_in_state_3():
    form = symbolic.control_coefficients()
    steady = float(form.model.steady_state()["pmf"])
    assert steady == pytest.approx(157.772, abs=1e-3)
    derived = form.numeric(pmf=steady)
    printed = {"chain": 0.4465, "leak": 0.0289, "phosphorylation": 0.5246}
    J = currents(form.model, steady)
    up, down = currents(form.model, steady + 0.01), currents(form.model, steady - 0.01)
    eps = {n: (up[n] - down[n]) / 0.02 * steady / J[n] for n in BLOCKS}
    force, flux = h13(J, eps)
    for name in BLOCKS:
        assert derived[f"respiration_{name}"] == pytest.approx(printed[name], abs=5e-5)
        close(derived[f"respiration_{name}"], flux[name], rel=1e-5)  # differences over 0.01 mV
        close(derived[f"pmf_{name}"], force[name], rel=1e-5)
    assert sum(derived[f"respiration_{n}"] for n in BLOCKS) == pytest.approx(1.0, rel=1e-9)
    assert sum(derived[f"pmf_{n}"] for n in BLOCKS) == pytest.approx(0.0, abs=1e-10)
    assert sum(derived[f"pmf_{n}"] * eps[n] for n in BLOCKS) == pytest.approx(-1.0, rel=1e-5)
    assert sum(derived[f"respiration_{n}"] * eps[n] for n in BLOCKS) == pytest.approx(0.0, abs=1e-4)


@pytest.mark.parametrize("state", [3, 4])
def test_control_is_how_the_steady_state_answers(state):
    """One block at a time made 0.1 % larger and smaller, in the assembled model."""
    form = symbolic.control_coefficients()
    model = form.model if state == 3 else form.model.replace({"phosphorylation.capacity": 0.0})
    capacities = {
        "chain": ("electron_transport.capacity", "electron_transport.reverse_capacity"),
        "leak": ("leak.amplitude",),
        "phosphorylation": ("phosphorylation.capacity", "phosphorylation.reverse_capacity"),
    }
    steady = model.steady_state()
    derived = form.numeric(model, pmf=float(steady["pmf"]))
    if state == 4:
        assert (derived["respiration_chain"], derived["respiration_leak"]) == pytest.approx((0.2463, 0.7537), abs=5e-5)
    for block, addresses in capacities.items():
        up, down = (model.steady_state({a: model[a] * f for a in addresses}) for f in (1.001, 0.999))
        for name in ("pmf", "respiration"):
            variable = "J_O2" if name == "respiration" else name
            control = np.log(float(up[variable] / down[variable])) / np.log(1.001 / 0.999)
            assert derived[f"{name}_{block}"] == pytest.approx(control, abs=2e-6), (name, block)


# --- H14: bell-shaped titration -----------------------------------------------------------------


def test_respiration_is_largest_at_a_dose():
    form = symbolic.bell_shaped_titration()
    g_e, K, gamma = 0.3, 5.0, 2.0
    typed = np.sqrt(g_e * K / gamma)
    assert typed == pytest.approx(0.866025, abs=5e-7)
    found = form.numeric()
    close(found["best_dose"], typed)

    def respiration(c):
        at = {"inhibitor.dose": c, "leak.conductance": 60 * gamma * c}
        return float(form.model.steady_state(at)["J_O2"])

    best = scipy.optimize.minimize_scalar(
        lambda c: -respiration(c), bounds=(0.1, 5), method="bounded", options={"xatol": 1e-8}
    )
    assert best.x == pytest.approx(typed, rel=1e-5)  # a maximum is flat
    largest = 60 * g_e * 220.0 / 20
    close(found["relative_rate"], -best.fun / largest)
    assert found["relative_rate"] == pytest.approx(0.742716, abs=5e-7)


# --- H16: imposed gradient ----------------------------------------------------------------------


def h16(B, g_L, g_P, E_P, D_0, n):
    d = g_P * E_P / (g_L + g_P)
    k = (g_L + g_P) / B
    t = np.log((D_0 - d) / (E_P - d)) / k
    return t, g_P / n * ((d - E_P) * t + (D_0 - d) * (1 - np.exp(-k * t)) / k)


@pytest.mark.parametrize(("leak", "printed"), [(0.01, 3.158957), (0.20, 0.345860)])
def test_imposed_gradient_makes_atp(leak, printed):
    form = symbolic.imposed_gradient()
    duration, made = h16(0.37, leak, 0.05, 120.0, 200.0, 14 / 3)
    assert made == pytest.approx(printed, abs=5e-7)
    if leak == 0.01:
        assert duration == pytest.approx(9.924867, abs=5e-7)
    at = {"leak.conductance": 60 * leak}
    found = form.numeric(at)
    close((found["duration"] * 60, found["atp_yield"]), (duration, made))
    model = form.model.replace(at)
    run = model.simulate(t_end=found["duration"], samples=2001, rtol=1e-11)
    close(run["pmf"][-1], 120.0)
    close(scipy.integrate.simpson(run["J_ATP"].values, x=run["time"].values), made, rel=1e-5)
