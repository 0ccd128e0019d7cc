"""Closed forms: derived expression = formula typed by hand from the description = numerical steady state.

Agreement is asked to 1e-6 relative: the printed examples carry about that many digits, the steady state is
solved to 1e-10 and the expressions lose at most a few units in the last place.
"""

import subprocess
import sys

import mpmath
import numpy as np
import pytest
import scipy.optimize
import scipy.special
import sympy
import xarray

import mitochem as mc
from mitochem import symbolic
from mitochem.components import ConstantDemand
from mitochem.symbolic.special import lambert_w_of_exp

CLOSE = 1e-6
DRAWS = 50
FARADAY = 0.09648533212  # kJ/mol/mV
RT = 8.314462618e-3 * 310.15  # kJ/mol
VOLTAGE = RT / FARADAY

FORMS = ("weighted_mean", "exponential_leak", "potassium_cycle", "phosphorylation_equilibrium")


def draws(**ranges):
    """Random values by address (``leak__conductance``), all along one dimension."""
    random = np.random.default_rng(20240611)
    return {
        name.replace("__", "."): xarray.DataArray(random.uniform(low, high, DRAWS), dims="draw")
        for name, (low, high) in ranges.items()
    }


def steady(model, conditions):
    found = model.steady_state(conditions)
    assert found["success"].all()
    return found


def agree(a, b):
    np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=CLOSE)


# --- H1: pump, synthase and leak --------------------------------------------------------------


def h1(g_e, g_L, g_P, E_e, E_P):
    pmf = (g_e * E_e + g_P * E_P) / (g_e + g_L + g_P)
    return pmf, g_e * E_e / (g_e + g_L), (g_L + g_P) * (g_e + g_L) / (g_L * (g_e + g_L + g_P))


def h1_numeric(model, conditions):
    pmf = steady(model, conditions)["pmf"]
    alone = {k: v for k, v in conditions.items() if not k.startswith(("phosphorylation", "adenylates"))}
    state_4 = steady(model.without("phosphorylation", "adenylates"), alone)
    level_flow = steady(model, conditions | {"adenylates.delta_Gp": 0.0})
    return pmf, state_4["pmf"], level_flow["J_O2"] / state_4["J_O2"]


def test_force_is_the_weighted_mean_of_pump_and_synthase():
    form = symbolic.weighted_mean()
    found = form.numeric()
    by_hand = h1(0.30, 0.02, 0.50, 220.0, 150.0)
    agree(by_hand, (171.951220, 206.25, 10.146341))
    # The examples are per second, the defaults of the package per minute.
    assert form.model["leak.conductance"] == pytest.approx(0.02 * 60)
    agree(list(found.values()), by_hand)
    agree(h1_numeric(form.model, {}), by_hand)


def test_weighted_mean_holds_for_any_conductances():
    form = symbolic.weighted_mean()
    at = draws(
        electron_transport__conductance=(5, 60),
        electron_transport__static_head=(190, 240),
        leak__conductance=(0.1, 5),
        phosphorylation__conductance=(5, 100),
        phosphorylation__c_ring=(8, 17),
        adenylates__delta_Gp=(40, 66),
        membrane__delta_pH=(0.05, 0.8),
    )
    n = at["phosphorylation.c_ring"] / 3 + 1
    by_hand = h1(
        at["electron_transport.conductance"],
        at["leak.conductance"],
        at["phosphorylation.conductance"],
        at["electron_transport.static_head"],
        at["adenylates.delta_Gp"] / (n * FARADAY),
    )
    found = form.numeric(at)
    for derived, typed, solved in zip(found.values(), by_hand, h1_numeric(form.model, at)):
        agree(derived, typed)
        agree(derived, solved)


# --- H3: state 4 with a steep leak ------------------------------------------------------------


def h3(g_e, E_e, k_1, k):
    a = E_e + k_1 / g_e
    return a - scipy.special.lambertw(k * k_1 / g_e * np.exp(k * a)).real / k


def h3_without_exponential(g_e, E_e, k_1, k):
    """The same root from the balance of logarithms, which overflows nowhere."""
    return scipy.optimize.brentq(lambda p: k * p - np.log1p(g_e * (E_e - p) / k_1), 0, E_e, xtol=1e-13, rtol=1e-14)


def test_steep_leak_sets_state_4_by_lambert_w():
    form = symbolic.exponential_leak()
    agree(h3(0.5, 195.0, 0.005, 0.035), 187.843872841)
    agree(form.numeric()["pmf"], 187.843872841)
    agree(steady(form.model, {})["pmf"], 187.843872841)


def test_lambert_form_holds_for_any_leak():
    form = symbolic.exponential_leak()
    at = draws(
        electron_transport__conductance=(5, 60),
        electron_transport__static_head=(150, 240),
        leak__amplitude=(0.05, 1.0),
        leak__steepness=(0.019, 0.06),
    )
    found = form.numeric(at)["pmf"]
    agree(found, h3(*at.values()))
    agree(found, steady(form.model, at)["pmf"])


@pytest.mark.parametrize("steepness", [4.0, 40.0, 1e4, 1e6])
def test_huge_exponent_gives_an_ordinary_force(steepness):
    form = symbolic.exponential_leak()
    assert steepness * 195 > np.log(sys.float_info.max)
    found = form.numeric(leak_steepness=steepness)["pmf"]
    agree(found, h3_without_exponential(0.5, 195.0, 0.005, steepness))
    agree(found, steady(form.model, {"leak.steepness": steepness})["pmf"])
    with mpmath.workdps(60):
        g, E, k_1, k = (mpmath.mpf(x) for x in (0.5, 195, 0.005, steepness))
        a = E + k_1 / g
        y = k * a + mpmath.log(k * k_1 / g)
        w = mpmath.findroot(lambda w: w + mpmath.log(w) - y, y - mpmath.log(y))
        agree(found, float(a - w / k))


def test_guarded_lambert_w_is_the_wright_omega_function():
    y = np.concatenate([np.linspace(-700, 700, 20001), np.linspace(-45, 5, 5001), 10.0 ** np.arange(3, 300, 9)])
    np.testing.assert_allclose(lambert_w_of_exp(y), scipy.special.wrightomega(y), rtol=2e-14)
    assert lambert_w_of_exp(1.0) == pytest.approx(1.0, rel=1e-15)


# --- H4: the potassium cycle ------------------------------------------------------------------

CYCLE = ("pmf", "delta_psi", "delta_pH_mV")


def h4(g_e, g_L, g_K, g_X, E_e, E_K):
    g_KX = g_K * g_X / (g_K + g_X)
    pmf = g_e * E_e / (g_e + g_L + g_KX)
    return pmf, E_K + g_KX / g_K * pmf, -E_K + g_KX / g_X * pmf


def split(found, temperature=310.15):
    slope = np.log(10) * VOLTAGE * temperature / 310.15
    return found["pmf"], found["delta_psi"], slope * found["delta_pH"]


def test_potassium_cycle_splits_the_force():
    form = symbolic.potassium_cycle()
    by_hand = h4(0.3, 0.02, 0.002, 0.01, 220.0, 5.0)
    agree(by_hand[1:], (175.984456, 29.196891))
    K_matrix = 120.0 * np.exp(5.0 / VOLTAGE)
    agree([form.numeric(K_matrix=K_matrix)[name] for name in CYCLE], by_hand)
    agree([form.numeric(potassium_potential=5.0)[name] for name in CYCLE], by_hand)
    agree(split(steady(form.model.clamp("K_matrix"), {"K_matrix": K_matrix})), by_hand)


def test_potassium_cycle_holds_for_any_conductances():
    form = symbolic.potassium_cycle()
    at = draws(
        electron_transport__conductance=(5, 60),
        electron_transport__static_head=(190, 240),
        leak__conductance=(0.1, 5),
        potassium_uniport__conductance=(0.01, 1),
        potassium_proton_exchange__conductance=(0.05, 5),
        environment__temperature=(288, 313),
        K_matrix=(80, 200),
    )
    found = form.numeric(at)
    voltage = VOLTAGE * at["environment.temperature"] / 310.15
    by_hand = h4(
        at["electron_transport.conductance"],
        at["leak.conductance"],
        at["potassium_uniport.conductance"],
        at["potassium_proton_exchange.conductance"],
        at["electron_transport.static_head"],
        voltage * np.log(at["K_matrix"] / 120.0),
    )
    solved = split(steady(form.model.clamp("K_matrix"), at), at["environment.temperature"])
    for name, typed, numbers in zip(CYCLE, by_hand, solved):
        agree(found[name], typed)
        agree(found[name], numbers)


def test_free_potassium_settles_where_the_closed_form_says():
    form = symbolic.potassium_cycle()
    found = steady(form.model, {"K_matrix": xarray.DataArray([90.0, 120.0, 180.0], dims="start")})
    derived = form.numeric(K_matrix=found["K_matrix"])
    assert np.ptp(found["K_matrix"].values) > 50  # the conserved charge keeps the starts apart
    for name, numbers in zip(CYCLE, split(found)):
        agree(derived[name], numbers)


def test_balances_leave_nothing_for_potassium_to_do():
    """Two balances were solved; charge conservation makes the third, of K+, hold by itself."""
    at = {"potassium_uniport.conductance": 0.3, "potassium_proton_exchange.conductance": 0.7}
    form = symbolic.potassium_cycle()
    found = form.numeric(at)
    model = form.model.replace(at)
    here = model.evaluate({
        "delta_psi": found["delta_psi"], "pH_matrix": 7.2 + found["delta_pH_mV"] / (np.log(10) * VOLTAGE),
    })  # fmt: skip
    assert here["d_K_matrix"] == pytest.approx(0.0, abs=1e-6 * here["J_K_uniport"])


@pytest.mark.parametrize(
    ("drug", "uniport", "exchange"), [("nigericin", 0.12, 1e9), ("valinomycin", 1e9, 0.6), ("both", 1e9, 1e9)]
)
def test_ionophores_are_limits_of_the_potassium_cycle(drug, uniport, exchange):
    form = symbolic.potassium_cycle()
    g_e, g_L, E_e, E_K = 18.0, 1.2, 220.0, 5.0
    one_left = {"nigericin": uniport, "valinomycin": exchange, "both": np.inf}[drug]
    pmf = g_e * E_e / (g_e + g_L + one_left)
    by_hand = {
        "nigericin": (pmf, pmf + E_K, -E_K),
        "valinomycin": (pmf, E_K, pmf - E_K),
        "both": (0.0, E_K, -E_K),
    }[drug]
    values = {**form.model.values, "potassium_potential": E_K}
    values |= {"potassium_uniport.conductance": uniport, "potassium_proton_exchange.conductance": exchange}
    limit = [float(form.limits[drug][n].subs({form.symbols[k]: values[k] for k in form.symbols if k in values}))
             for n in CYCLE]  # fmt: skip
    near = form.numeric(
        potassium_potential=E_K,
        potassium_uniport_conductance=uniport,
        potassium_proton_exchange_conductance=exchange,
    )
    for derived, typed, name in zip(limit, by_hand, CYCLE):
        assert derived == pytest.approx(typed, rel=CLOSE)
        assert near[name] == pytest.approx(typed, rel=CLOSE, abs=1e-5)  # 1e9 is not yet infinite


def test_cycle_without_exchange_only_leaves_the_leak():
    found = symbolic.potassium_cycle().numeric(potassium_proton_exchange_conductance=0.0, potassium_potential=5.0)
    agree(list(found.values()), (206.25, 5.0, 201.25))


# --- H5: synthase equilibrium -----------------------------------------------------------------


def h5(pmf, n, standard_energy, pi, temperature=310.15):
    energy = n * FARADAY * pmf
    return energy, pi / 1000.0 * np.exp((energy - standard_energy) / (RT * temperature / 310.15))


@pytest.mark.parametrize(("transport", "energy", "ratio"), [(1.0, 63.6803, 734.5), (0.0, 46.3130, 0.8731)])
def test_synthase_stops_where_proton_work_equals_delta_Gp(transport, energy, ratio):
    form = symbolic.phosphorylation_equilibrium()
    by_hand = h5(180.0, 8 / 3 + transport, 33.0, 5.0)
    assert by_hand == pytest.approx((energy, ratio), rel=1e-4)  # as printed, with four digits
    at = {"phosphorylation.transport_protons": transport}
    agree(list(form.numeric(at).values()), by_hand)
    found = steady(form.model.clamp("pi_bath"), at)
    agree((found["delta_Gp"], found["atp_bath"] / found["adp_bath"]), by_hand)


def test_equilibrium_ratio_holds_for_any_force():
    form = symbolic.phosphorylation_equilibrium()
    at = draws(
        pmf=(120, 185),
        phosphorylation__c_ring=(8, 10),
        phosphorylation__capacity=(120, 2400),
        adenylates__standard_energy=(30, 37),
        pi_bath=(1, 10),
    )
    n = at["phosphorylation.c_ring"] / 3 + 1
    by_hand = h5(at["pmf"], n, at["adenylates.standard_energy"], at["pi_bath"])
    found = form.numeric(at)
    solved = steady(form.model.clamp("pi_bath"), at)
    agree(found["delta_Gp"], by_hand[0])
    agree(found["atp_per_adp"], by_hand[1])
    agree(found["delta_Gp"], solved["delta_Gp"])
    agree(found["atp_per_adp"], solved["atp_bath"] / solved["adp_bath"])


def test_equilibrium_follows_the_conditions_of_the_bath():
    form = symbolic.phosphorylation_equilibrium()
    at = draws(environment__pH_bath=(6.8, 7.6), environment__magnesium=(0.1, 5), environment__temperature=(288, 313))
    solved = steady(form.model.clamp("pi_bath"), at)
    agree(form.numeric(at)["atp_per_adp"], solved["atp_bath"] / solved["adp_bath"])


def test_equilibrium_does_not_hold_while_work_is_done():
    form = symbolic.phosphorylation_equilibrium()
    working = steady(form.model.with_component(ConstantDemand(demand=100.0)), {})
    assert working["delta_Gp"] < form.numeric()["delta_Gp"] - 1.0


# --- every closed form ------------------------------------------------------------------------


def test_all_closed_forms_are_listed():
    found = symbolic.closed_forms()
    assert [found[name].case for name in FORMS] == ["H1", "H3", "H4", "H5"]


@pytest.mark.parametrize("name", FORMS)
def test_closed_form_explains_itself(name):
    form = symbolic.closed_forms()[name]
    assert form.name == name
    assert all(sentence.endswith(".") for sentence in form.assumptions)
    assert form.provenance["model"] == form.model.name
    assert form.provenance["solved"]
    assert r"\begin{aligned}" in form._repr_latex_()
    assert "conductance" not in form.latex()  # letters, not addresses
    assert form.case in repr(form)
    assert all(isinstance(expression, sympy.Expr) for expression in form.quantities.values())
    assert all(not expression.atoms(sympy.Float) for expression in form.quantities.values())
    agree(list(form.numeric(form.model).values()), list(form().values()))


def test_closed_form_reads_a_changed_model_and_values_with_units():
    form = symbolic.weighted_mean()
    leaky = form.model.replace({"leak.conductance": 2.4})
    assert form.numeric(leaky) == form.numeric(leak_conductance=2.4) == form.numeric({"leak.conductance": 2.4})
    assert form.numeric({"leak.conductance": "2.4 nmol/min/mg/mV"}) == form.numeric(leaky)
    assert form.numeric(leak_conductance=np.array([1.2, 2.4]))["rcr"].shape == (2,)
    agree(form.numeric(phosphorylation_head=150.0)["pmf"], 171.951220)


def test_closed_form_refuses_what_it_does_not_know():
    form = symbolic.weighted_mean()
    with pytest.raises(mc.ParameterError, match=r"leak\.conductance"):
        form.numeric({"leak.conductence": 1.0})
    with pytest.raises(mc.ParameterError, match="finds"):
        form.numeric(pmf=170.0)
    with pytest.raises(mc.ParameterError, match="outside"):
        form.numeric(leak_conductance=-1.0)
    with pytest.raises(mc.ParameterError, match="rcr"):
        form["rcrr"]


def test_sympy_waits_until_a_closed_form_is_asked_for():
    code = "import sys, mitochem.symbolic; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
