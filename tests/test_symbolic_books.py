"""Closed forms about books and equilibria: H8, H9, H11, H12, H15, H17 to H19; what every form says; any model.

Derived = typed from the description = numbers obtained otherwise, to 1e-6 relative unless said.
"""

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import sympy

import mitochem as mc
from mitochem import electrochemistry, symbolic, thermodynamics

CLOSE = 1e-6
F = 0.09648533212
RT = 8.314462618e-3 * 310.15
Z = np.log(10) * RT / F


def close(a, b, rel=CLOSE):
    np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=rel)


# --- H8: constant field -------------------------------------------------------------------------


def nernst_planck(P, c_in, c_out, z, v):
    """Flux from the profile of the concentration in a constant field, by quadrature; outward."""
    u = z * F * v / RT
    width, _ = scipy.integrate.quad(lambda s: np.exp(-u * s), 0, 1, epsabs=1e-13, epsrel=1e-13)
    return P * (c_in - c_out * np.exp(-u)) / width


def test_constant_field_flux():
    form = symbolic.constant_field_limits()
    # 1 cm/s times 1 mM is 1 µmol/cm²/s
    found = form.numeric()["flux"] * 1e6
    assert found == pytest.approx(14.694007, abs=5e-6)
    u = F * -70 / RT
    close((1e-6 * u / (1 - np.exp(-u)) * (140 - 5 * np.exp(-u)) * 1e6, nernst_planck(1, 140, 5, 1, -70)), [found] * 2)
    for v in (-120.0, -10.0, 30.0, 90.0):
        for z in (1.0, 2.0):
            close(form.numeric(v=v, z=z, permeability=1.0)["flux"], nernst_planck(1, 140, 5, z, v))


def test_constant_field_limits():
    form = symbolic.constant_field_limits()
    P, c_in, c_out, z = (form.symbols[n] for n in ("permeability", "c_in", "c_out", "z"))
    assert sympy.simplify(form.limits["V = 0 or z = 0"]["flux"] - P * (c_in - c_out)) == 0
    assert sympy.simplify(form.limits["V → +∞"]["slope"] - P * z * c_in) == 0
    assert sympy.simplify(form.limits["V → −∞"]["slope"] - P * z * c_out) == 0
    close(form.numeric()["reversal"], RT / F * np.log(5 / 140))
    assert abs(electrochemistry.ghk_flux(1.0, 140, 5, 1, form.numeric()["reversal"])) < 1e-12
    close(electrochemistry.ghk_flux(1.0, 140, 5, 0, -70), 135.0)
    slope = (electrochemistry.ghk_flux(1.0, 140, 5, 1, 3000) - electrochemistry.ghk_flux(1.0, 140, 5, 1, 2900)) / 100
    close(slope * RT / F, 140.0)


# --- H9: Donnan ---------------------------------------------------------------------------------


def donnan_by_integration(salt, impermeant, z):
    """Both ions diffuse in a constant field until they rest; the membrane is a small capacitor."""

    def rates(t, y):
        charge = y[0] - y[1] + z * impermeant
        v = charge / 1e-3
        return [
            -electrochemistry.ghk_flux(1.0, max(y[0], 0), salt, 1, v),
            -electrochemistry.ghk_flux(1.0, max(y[1], 0), salt, -1, v),
        ]

    start = [salt - z * impermeant / 2, salt + z * impermeant / 2]
    run = scipy.integrate.solve_ivp(rates, (0, 200), start, method="LSODA", rtol=1e-11, atol=1e-11)
    cation, anion = run.y[:, -1]
    return cation / salt, (cation - anion + z * impermeant) / 1e-3, cation + anion + impermeant - 2 * salt


def test_donnan_equilibrium():
    form = symbolic.donnan_equilibrium()
    r = (100 + np.sqrt(100**2 + 4 * 150**2)) / 300
    typed = (r, -RT / F * np.log(r), 150 * (r + 1 / r - 2) + 100)
    assert typed == pytest.approx((1.38742589, -8.751649, 116.2278), rel=5e-7)
    found = form.numeric()
    close(list(found.values()), typed)
    close(electrochemistry.donnan(150, 100, -1), typed[:2])
    # 1e-3 mM/mV of capacitance leave 9e-3 mM of charge
    close(donnan_by_integration(150.0, 100.0, -1), typed, rel=2e-4)
    for z in (-2.0, 1.5):
        close(list(form.numeric(z_impermeant=z).values())[:2], electrochemistry.donnan(150, 100, z))


# --- H11: conservation --------------------------------------------------------------------------


def test_conserved_sums(mitochondria):
    form = symbolic.conservation()
    ds = mitochondria.simulate(mc.Protocol().wait(1).set({"load.capacity": 600.0}).wait(3))
    states = {n: ds[n] for n in mitochondria.program.states}
    derived = form.numeric(states)
    typed = {
        "charge": 5e-3 * ds["delta_psi"] - 22.0 * ds["pH_matrix"] + ds["K_matrix"],
        "adenylates": ds["atp_bath"] + ds["adp_bath"],
        "phosphate": ds["pi_bath"] - ds["adp_bath"],
    }
    for name, course in typed.items():
        close(derived[name], course)
        assert np.ptp(course.values) <= 1e-7 * np.abs(course.values).max()
    close(float(derived["charge"][0]), -38.4)
    numbers = {law.name: law.coefficients for law in mitochondria.conservation_laws()}
    assert numbers["charge"] == pytest.approx({"delta_psi": 5e-3, "pH_matrix": -22.0, "K_matrix": 1.0})
    assert len(mitochondria.program.states) - len(numbers) == 4  # the rank printed in H11


# --- H12: dissipation ---------------------------------------------------------------------------


def test_dissipation_is_what_respiration_releases():
    form = symbolic.entropy_production()
    ds = form.model.steady_state()
    derived = form.numeric({n: float(ds[n]) for n in form.model.program.states})
    printed = {
        "power_electron_transport_J_coupled": 46.897,
        "power_J_ATP": 12.038,
        "power_J_leak": 36.567,
        "power_J_K_uniport": 0.375,
        "power_J_KH_exchange": 0.031,
        "power_J_load": 128.275,
        "total": 224.182,
    }
    for name, value in printed.items():
        assert derived[name] / 60 == pytest.approx(value, abs=6e-4), name
        assert derived[name] >= 0
    close(derived["total"], derived["released"])
    close(derived["released"], float(ds["J_O2"]) * 4 * F * 1093.5)
    affinity = 4 * F * 1093.5 - 20 * F * (float(ds["delta_psi"]) + Z * float(ds["delta_pH"]))
    close(derived["power_electron_transport_J_coupled"], float(ds["J_O2"]) * affinity)
    assert "redox_span" in str(form["released"])


# --- H15: ATP per oxygen ------------------------------------------------------------------------


@pytest.mark.parametrize(("substrate", "printed", "n_e"), [("NADH", 2.60106, 10), ("succinate", 1.564, 6)])
def test_atp_per_oxygen(substrate, printed, n_e):
    form = symbolic.phosphorylation_yield()
    model = mc.models.isolated_mitochondria(substrate).replace({"load.capacity": 1200.0})
    ds = model.steady_state()
    at = model.values | {n: float(ds[n]) for n in model.program.states}
    derived = form.numeric({n: v for n, v in at.items() if n in form.model.values or n in form.model.initial})
    J_O, J_L, J_K = 2 * float(ds["J_O2"]), float(ds["J_leak"]), float(ds["J_K_uniport"])
    typed = (n_e * J_O - J_L - J_K) / (11 / 3 * J_O)
    close((derived["p_per_o"], float(ds["J_ATP"]) / J_O), [typed] * 2)
    assert typed == pytest.approx(printed, rel=2e-4 if substrate == "succinate" else 2e-6)
    close(derived["largest"], n_e * 3 / 11)


def test_slip_lowers_the_yield():
    form = symbolic.phosphorylation_yield()
    at = {"electron_transport.slip_capacity": 3.0, "load.capacity": 1200.0}
    ds = mc.models.isolated_mitochondria().replace(at).steady_state()
    states = {n: float(ds[n]) for n in form.model.program.states}
    derived = form.numeric({**states, "electron_transport.slip_capacity": 3.0})
    slip = float(ds["electron_transport_J_slip"])
    typed = 20 * (float(ds["J_O2"]) - slip) - float(ds["J_leak"]) - float(ds["J_K_uniport"])
    typed /= 11 / 3 * 2 * float(ds["J_O2"])
    close((derived["p_per_o"], float(ds["J_ATP"] / (2 * ds["J_O2"]))), [typed] * 2)
    assert typed < 2.55


# --- H17: forces of the chain -------------------------------------------------------------------


def test_forces_of_the_complexes_sum_to_that_of_the_chain(mitochondria):
    form = symbolic.chain_forces()
    E = dict(N=-300.0, Q=60.0, c=290.0, O=800.0)
    psi, chemical = 150.0, 20.0
    p = psi + chemical
    typed = {
        "complex_I": 2 * (E["Q"] - E["N"]) - 4 * p,
        "complex_III": 2 * (E["c"] - E["Q"]) - 4 * p + 2 * psi,
        "complex_IV": 2 * (E["O"] - E["c"]) - 2 * p - 2 * psi,
        "sum": 2 * (E["O"] - E["N"]) - 10 * p,
    }
    assert list(typed.values()) == [40, 80, 380, 500]
    found = form.numeric()
    for name, value in typed.items():
        close(found[name], value)
    close(found["complex_I"] + found["complex_III"] + found["complex_IV"], found["sum"])
    # The lumped chain of the assembled model, per O2: twice that, as an energy.
    model = mitochondria.replace({"electron_transport.redox_span": E["O"] - E["N"]})
    values = model.evaluate({"delta_psi": psi, "pH_matrix": 7.2 + chemical / Z})
    close(values["affinity_electron_transport_J_coupled"], 2 * F * found["sum"])


def test_force_with_delta_p_alone_is_wrong_for_two_complexes():
    """Trap: protons and charges differ at complexes III and IV, unless ΔpH is zero."""
    form = symbolic.chain_forces()
    with_pH, without = form.numeric(), form.numeric(delta_psi=170.0, delta_pH=0.0)
    assert with_pH["complex_III"] - without["complex_III"] == pytest.approx(-40.0, rel=1e-6)
    assert with_pH["complex_IV"] - without["complex_IV"] == pytest.approx(40.0, rel=1e-6)
    close(with_pH["sum"], without["sum"])


# --- H18: binding -------------------------------------------------------------------------------


@pytest.mark.parametrize(("pH", "bound"), [(7.0, 0.61), (7.2, 0.72), (7.4, 0.81), (7.8, 0.92)])
def test_energy_of_atp_follows_pH(pH, bound):
    form = symbolic.linked_binding()
    found = form.numeric(pH=pH)
    assert found["energy_slope"] / (RT * np.log(10)) == pytest.approx(bound, abs=0.006)
    h = 1e-4
    up, down = (thermodynamics.standard_atp_synthesis_energy(pH + d) for d in (h, -h))
    close(found["energy_slope"], (up - down) / (2 * h), rel=1e-6)
    n = {s: thermodynamics.mean_bound("H", s, pH) for s in ("ATP", "ADP", "Pi")}
    close(found["energy_slope"], RT * np.log(10) * (1 + n["ATP"] - n["ADP"] - n["Pi"]))


def test_magnesium_expels_protons_as_protons_expel_magnesium():
    """Maxwell relation between bound amounts, each by differences of the binding functions."""
    form = symbolic.linked_binding()
    for pH, mg in ((6.5, 0.3), (7.2, 1.0), (8.0, 4.0)):
        found = form.numeric(pH=pH, magnesium=mg)
        close(found["protons_bound"], thermodynamics.mean_bound("H", "ATP", pH, mg))
        close(found["magnesium_bound"], thermodynamics.mean_bound("Mg", "ATP", pH, mg))
        h = 1e-4
        by_mg = [thermodynamics.mean_bound("H", "ATP", pH, mg * np.exp(d)) for d in (h, -h)]
        by_h = [thermodynamics.mean_bound("Mg", "ATP", pH - d / np.log(10), mg) for d in (h, -h)]
        close((by_mg[0] - by_mg[1]) / (2 * h), found["linkage"])
        close((by_h[0] - by_h[1]) / (2 * h), found["linkage"])
        assert found["linkage"] < 0


# --- H19: pumps and exchangers ------------------------------------------------------------------


def test_exchangers_at_equilibrium():
    form = symbolic.exchanger_equilibria()
    found = form.numeric()
    E_Na, E_Ca = RT / F * np.log(145 / 10), RT / (2 * F) * np.log(2 / 1e-4)
    typed = (
        3 * E_Na - 2 * E_Ca,
        3 * F * (E_Na + 70) + 2 * F * (-70 - RT / F * np.log(5 / 140)),
        np.exp(60 / (2 * RT)),
    )
    assert typed == pytest.approx((-50.274, 44.627, 1.128e5), rel=5e-4)  # as printed
    close(list(found.values()), typed)

    def sodium_calcium(v):  # 3 Na+ in, 1 Ca2+ out
        potential = electrochemistry.electrochemical_potential
        return 3 * potential(10, 145, 1, v) - potential(1e-4, 2, 2, v)

    close(scipy.optimize.brentq(sodium_calcium, -200, 200, xtol=1e-12), found["exchanger_reversal"])


# --- every form ---------------------------------------------------------------------------------

CASES = (
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "H7",
    "H8",
    "H9",
    "H11",
    "H12",
    "H13",
    "H14",
    "H15",
    "H16",
    "H17",
    "H18",
    "H19",
)


def test_every_case_has_a_form():
    assert sorted((f.case for f in symbolic.closed_forms().values()), key=lambda c: int(c[1:])) == list(CASES)


@pytest.mark.parametrize("name", [d.__name__ for d in symbolic._DERIVATIONS])
def test_every_form_explains_itself(name):
    form = symbolic.closed_forms()[name]
    assert form.name == name
    assert form.assumptions
    assert all(sentence.endswith(".") for sentence in form.assumptions)
    assert form.provenance["solved"]
    assert form.provenance.get("model") or form.provenance["functions"]
    assert r"\begin{aligned}" in form.latex()
    assert form.case in repr(form)
    assert all(not e.atoms(sympy.Float) for e in form.quantities.values())
    found = form.numeric()
    assert set(found) == set(form.quantities)


def test_form_about_functions_takes_values_by_name():
    form = symbolic.donnan_equilibrium()
    assert form.numeric(impermeant=np.array([10.0, 100.0]))["ratio"].shape == (2,)
    with pytest.raises(mc.ParameterError, match="impermeant"):
        form.numeric(impermeat=10.0)
    with pytest.raises(mc.ParameterError, match="outside"):
        form.numeric(c_salt=-1.0)
    with pytest.raises(mc.ParameterError, match="outside"):
        form.numeric(c_salt=float("nan"))


# --- any model ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        symbolic.weighted_mean().model,
        symbolic.exponential_leak().model,
        symbolic.potassium_cycle().model.clamp("K_matrix"),
        symbolic.phosphorylation_equilibrium().model,
        symbolic.bell_shaped_titration().model,
    ],
    ids=lambda m: m.name,
)
def test_steady_state_of_a_model_in_closed_form(model):
    form = symbolic.steady_state(model)
    ds = model.steady_state()
    for name, value in form.numeric().items():
        close(value, ds[name])


def test_steady_state_follows_other_values():
    form = symbolic.steady_state(symbolic.weighted_mean().model)
    close(form.numeric(leak_conductance=2.4)["pmf"], symbolic.weighted_mean().numeric(leak_conductance=2.4)["pmf"])


def test_without_a_closed_form_it_says_why(mitochondria):
    with pytest.raises(mc.SolveError, match=r"delta_psi occurs in 3 unknowns in exp"):
        symbolic.steady_state(mitochondria)
    with pytest.raises(mc.SolveError, match="log"):
        symbolic.steady_state(symbolic.potassium_cycle().model)
    held = mitochondria.clamp("delta_psi", "pH_matrix", "K_matrix", "atp_bath", "adp_bath", "pi_bath")
    with pytest.raises(mc.SolveError, match="no free state"):
        symbolic.steady_state(held)
