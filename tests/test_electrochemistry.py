"""Electrochemistry as statements of physics; numbers typed from the worked examples of the specification."""

import math

import numpy as np
import pytest
import sympy as sp
import xarray as xr

from mitochem import constants
from mitochem import electrochemistry as ec
from mitochem.core.errors import ParameterError
from mitochem.core.units import registry

BODY = 310.15


def close(value, expected, relative=1e-6):
    return value == pytest.approx(expected, rel=relative)


# --- constants and slopes -----------------------------------------------------------------------


def test_constants_are_those_of_codata():
    from scipy import constants as codata

    assert close(constants.FARADAY, codata.value("Faraday constant") * 1e-6, 1e-11)  # C/mol to kJ/mol/mV
    assert close(constants.GAS_CONSTANT, codata.R * 1e-3, 1e-14)


@pytest.mark.parametrize(("celsius", "slope"), [(15, 57.175), (25, 59.159), (30, 60.151), (37, 61.540)])
def test_a_pH_unit_is_worth_more_when_it_is_warm(celsius, slope):
    assert ec.nernst_slope(celsius + 273.15) == pytest.approx(slope, abs=5e-4)


@pytest.mark.parametrize(("celsius", "voltage"), [(25, 25.693), (30, 26.123), (37, 26.727)])
def test_thermal_voltage(celsius, voltage):
    assert ec.thermal_voltage(celsius + 273.15) == pytest.approx(voltage, abs=5e-4)
    assert ec.thermal_voltage(f"{celsius} degC") == pytest.approx(voltage, abs=5e-4)


def test_body_temperature_is_the_default():
    assert ec.thermal_voltage() == ec.thermal_voltage(BODY)
    assert ec.nernst(5, 140, 1) == ec.nernst(5, 140, 1, temperature=BODY)


# --- Nernst and the electrochemical potential ---------------------------------------------------


def test_an_ion_concentrated_inside_pulls_a_cation_potential_negative_and_an_anion_positive():
    assert close(ec.nernst(5, 140, 1), -26.726658 * math.log(28), 1e-6)
    assert ec.nernst(5, 140, -1) == -ec.nernst(5, 140, 1)
    assert ec.nernst(5, 140, 2) == ec.nernst(5, 140, 1) / 2


@pytest.mark.parametrize("z", [1, -1, 2, -2, 3])
def test_electrochemical_potential_is_charge_times_distance_from_equilibrium(z):
    v = np.linspace(-200, 200, 9)
    force = ec.driving_force(v, ec.nernst(5, 140, z))
    assert np.allclose(ec.electrochemical_potential(140, 5, z, v), z * 0.0964853321 * force, rtol=1e-9, atol=1e-9)


def test_the_potential_of_an_uncharged_solute_ignores_the_membrane_potential():
    assert ec.electrochemical_potential(10, 1, 0, -70) == ec.electrochemical_potential(10, 1, 0, 200)
    assert close(ec.electrochemical_potential(10, 1, 0, 0), 8.314462618e-3 * BODY * math.log(10), 1e-9)


def test_driving_force_vanishes_at_equilibrium():
    assert ec.driving_force(-70, -70) == 0
    assert ec.driving_force(0, -90) == 90


def test_sodium_calcium_exchanger_reverses_at_three_sodium_minus_two_calcium():
    def work(v):  # 3 Na+ in for 1 Ca2+ out
        return 3 * ec.electrochemical_potential(10, 145, 1, v) - ec.electrochemical_potential(1e-4, 2, 2, v)

    reversal = 3 * ec.nernst(145, 10, 1) - 2 * ec.nernst(2, 1e-4, 2)
    assert reversal == pytest.approx(-50.274, abs=5e-4)
    assert work(reversal) == pytest.approx(0, abs=1e-12)


def test_sodium_pump_works_against_both_gradients():
    # 3 Na+ out, 2 K+ in at -70 mV, K 140/5, Na 10/145.
    work = -3 * ec.electrochemical_potential(10, 145, 1, -70) + 2 * ec.electrochemical_potential(140, 5, 1, -70)
    assert work == pytest.approx(44.627, abs=5e-4)


def test_two_calcium_per_atp_reach_a_ratio_of_a_hundred_thousand():
    per_calcium = 60 / 2
    assert ec.electrochemical_potential(1.128e5, 1, 2, 0) == pytest.approx(per_calcium, abs=1e-3)


# --- the proton-motive force --------------------------------------------------------------------


def test_proton_motive_force_adds_potential_and_pH_gradient():
    assert close(ec.proton_motive_force(160, 0.5), 160 + 0.5 * 61.540, 1e-5)
    assert close(ec.pmf_energy(100), 9.64853321, 1e-8)


def test_proton_motive_force_is_minus_the_electrochemical_potential_of_the_proton():
    delta_psi, pH_matrix, pH_ims = 160.0, 7.8, 7.2
    potential = ec.electrochemical_potential(10 ** (3 - pH_matrix), 10 ** (3 - pH_ims), 1, -delta_psi)
    assert close(ec.pmf_energy(ec.proton_motive_force(delta_psi, pH_matrix - pH_ims)), -potential, 1e-12)


@pytest.mark.parametrize(("difference", "classical", "sign"), [("out-in", (160, -0.5), 1), ("in-out", (-160, 0.5), -1)])
def test_classical_texts_subtract_the_pH_term(difference, classical, sign):
    ours = ec.from_classical(*classical, difference)
    assert ours == (160, 0.5)
    assert ec.to_classical(*ours, difference) == classical
    classical_pmf = classical[0] - ec.nernst_slope() * classical[1]
    assert close(ec.proton_motive_force(*ours), sign * classical_pmf, 1e-12)


# --- constant field -----------------------------------------------------------------------------


def test_ghk_flux_worked_example():
    # P = 1e-6 cm/s, K 140 in and 5 out, -70 mV: 14.694007 pmol/cm²/s outward (1e-6 from µmol).
    assert close(ec.ghk_flux(1e-6, 140, 5, 1, -70), 14.694007e-6, 1e-7)


@pytest.mark.parametrize("z", [1, -1, 2, -2])
def test_ghk_flux_vanishes_at_the_nernst_potential_and_changes_sign_there(z):
    e = ec.nernst(5, 140, z)
    assert ec.ghk_flux(1, 140, 5, z, e) == pytest.approx(0, abs=1e-11)
    assert ec.ghk_current(1, 140, 5, z, e + 1) > 0 > ec.ghk_current(1, 140, 5, z, e - 1)


@pytest.mark.parametrize(("z", "v"), [(1, 0), (-2, 0), (0, 0), (0, -70), (1, 1e-9), (2, -1e-9)])
def test_without_a_field_the_flux_is_plain_diffusion(z, v):
    assert close(ec.ghk_flux(2, 140, 5, z, v), 270, 1e-9)


def test_ghk_flux_is_smooth_through_zero_potential():
    v = np.linspace(-1e-2, 1e-2, 2001)
    slope = np.diff(ec.ghk_flux(1, 140, 5, 1, v)) / np.diff(v)
    # Slope at zero is the mean concentration times F/RT; the step of v leaves eight digits.
    assert np.allclose(slope, 72.5 / 26.726658, rtol=1e-3)


def test_ghk_flux_rectifies_into_the_concentration_it_comes_from():
    u = 26.726658  # mV per unit of u at 37 °C
    outward = (ec.ghk_flux(1, 140, 5, 1, 41 * u) - ec.ghk_flux(1, 140, 5, 1, 40 * u)) / 1
    inward = ec.ghk_flux(1, 140, 5, 1, -40 * u) - ec.ghk_flux(1, 140, 5, 1, -41 * u)
    assert close(outward, 140, 1e-6)
    assert close(inward, 5, 1e-6)


def test_ghk_flux_stays_finite_far_out():
    assert np.isfinite(ec.ghk_flux(1, 140, 5, 2, np.array([-1e5, -800.0, 800.0, 1e5]))).all()


def test_ghk_current_is_charge_times_flux():
    v = np.linspace(-100, 100, 5)
    assert np.allclose(ec.ghk_current(1, 140, 5, -2, v), -2 * 0.0964853321 * ec.ghk_flux(1, 140, 5, -2, v), rtol=1e-9)
    assert ec.ghk_current(1, 140, 5, 0, -70) == 0


def test_eyring_flux_is_a_sinh_of_the_electrochemical_potential_at_a_central_barrier():
    energy = ec.electrochemical_potential(140, 5, 1, -70)
    expected = 2 * math.sqrt(140 * 5) * math.sinh(energy / (2 * 8.314462618e-3 * BODY))
    assert close(ec.eyring_flux(1, 140, 5, 1, -70), expected, 1e-9)


@pytest.mark.parametrize("delta", [0, 0.3, 1])
def test_eyring_flux_vanishes_at_equilibrium_wherever_the_barrier_is(delta):
    assert ec.eyring_flux(1, 140, 5, 1, ec.nernst(5, 140, 1), delta=delta) == pytest.approx(0, abs=1e-11)


def test_eyring_barrier_at_the_inside_gives_the_whole_field_to_inward_cations():
    # Inward flux across the inner membrane: P·(c_out·e^(δφ) - c_m·e^(-(1-δ)φ)) with φ = FΔψ/RT = -v·F/RT.
    phi = 160 / 26.726658
    assert close(-ec.eyring_flux(1, 2, 3, 1, -160, delta=1), 3 * math.exp(phi) - 2, 1e-6)


# --- resting potentials -------------------------------------------------------------------------

SQUID = dict(
    permeability={"K": 1, "Na": 0.04, "Cl": 0.45},
    c_in={"K": 400, "Na": 50, "Cl": 52},
    c_out={"K": 20, "Na": 440, "Cl": 560},
    z={"K": 1, "Na": 1, "Cl": -1},
)


def test_ghk_voltage_of_monovalent_ions_is_the_goldman_equation():
    up, down = 20 + 0.04 * 440 + 0.45 * 52, 400 + 0.04 * 50 + 0.45 * 560
    assert close(ec.ghk_voltage(**SQUID), 26.726658 * math.log(up / down), 1e-7)


def test_the_currents_cancel_at_the_ghk_voltage_with_and_without_divalents():
    calcium = {"permeability": 0.02, "c_in": 1e-4, "c_out": 10, "z": 2}
    for ions in (SQUID, {name: {**table, "Ca": calcium[name]} for name, table in SQUID.items()}):
        v = ec.ghk_voltage(**ions)
        currents = [ec.ghk_current(*(ions[n][i] for n in ("permeability", "c_in", "c_out", "z")), v) for i in ions["z"]]
        assert abs(sum(currents)) < 1e-12 * max(map(abs, currents))


def test_one_permeant_ion_sets_its_nernst_potential():
    assert close(ec.ghk_voltage([1], [140], [5], [1]), ec.nernst(5, 140, 1), 1e-12)
    assert close(ec.ghk_voltage([1], [1e-4], [2], [2]), ec.nernst(2, 1e-4, 2), 1e-12)
    assert close(ec.ghk_voltage([1, 0], [1e-4, 9], [2, 1], [2, 1]), ec.nernst(2, 1e-4, 2), 1e-12)


def test_sequences_and_dicts_agree_and_scale_of_permeability_is_irrelevant():
    rows = [list(table.values()) for table in SQUID.values()]
    scaled = [[1e-6 * p for p in rows[0]], *rows[1:]]
    assert ec.ghk_voltage(*rows) == ec.ghk_voltage(**SQUID)
    assert close(ec.ghk_voltage(*scaled), ec.ghk_voltage(**SQUID), 1e-12)


def test_an_electrogenic_pump_multiplies_the_potassium_terms():
    ions = dict(permeability={"K": 1, "Na": 0.05}, c_in={"K": 140, "Na": 10}, c_out={"K": 5, "Na": 145})
    z = {"K": 1, "Na": 1}
    pumped = ec.ghk_voltage(**ions, z=z, pump_ratio=1.5)
    assert close(pumped, 26.726658 * math.log((1.5 * 5 + 7.25) / (1.5 * 140 + 0.5)), 1e-7)
    assert pumped < ec.ghk_voltage(**ions, z=z)
    with pytest.raises(ParameterError, match="key 'K'"):
        ec.ghk_voltage([1, 0.05], [140, 10], [5, 145], [1, 1], pump_ratio=1.5)


@pytest.mark.parametrize("z_calcium", [1, 2])
def test_ghk_voltage_sweeps_an_ion(z_calcium):
    sweep = xr.DataArray([1.0, 5.0, 20.0], dims="potassium_bath")
    v = ec.ghk_voltage([1, 0.1], [140, 1e-3], [sweep, 2], [1, z_calcium])
    assert v.dims == ("potassium_bath",)
    for got, potassium in zip(v.values, sweep.values):
        assert close(got, ec.ghk_voltage([1, 0.1], [140, 1e-3], [potassium, 2], [1, z_calcium]), 1e-12)


def test_goldman_equation_of_symbols_is_the_formula():
    k, t = sp.symbols("K_out T", positive=True)
    formula = ec.ghk_voltage([1, 0.1], [140, 10], [k, 145], [1, 1], temperature=t)
    assert close(float(formula.subs({k: 5, t: BODY})), ec.ghk_voltage([1, 0.1], [140, 10], [5, 145], [1, 1]), 1e-12)
    with pytest.raises(ParameterError, match="closed form"):
        ec.ghk_voltage([1, 0.1], [140, 10], [k, 145], [1, 2])


# --- Donnan -------------------------------------------------------------------------------------


def test_donnan_worked_example():
    ratio, potential = ec.donnan(150, 100, -1)
    assert close(ratio, 1.38742589, 1e-8)
    assert close(potential, -8.751649, 1e-7)
    assert close(150 * (ratio + 1 / ratio) + 100 - 2 * 150, 116.2278, 1e-6)  # mOsm in excess


@pytest.mark.parametrize("z", [-8, -1, 0, 1, 3])
def test_donnan_inside_is_electroneutral_and_both_ions_are_at_equilibrium(z):
    ratio, potential = ec.donnan(150, 100, z)
    cation, anion = 150 * ratio, 150 / ratio
    assert cation - anion + z * 100 == pytest.approx(0, abs=1e-10)
    assert ec.nernst(150, cation, 1) == pytest.approx(potential, abs=1e-12)
    assert ec.nernst(150, anion, -1) == pytest.approx(potential, abs=1e-12)


def test_donnan_keeps_its_digits_when_the_impermeant_dwarfs_the_salt():
    assert close(ec.donnan(1e-9, 100, 1).ratio, 1e-11, 1e-12)
    assert close(ec.donnan(1e-9, 100, -1).ratio, 1e11, 1e-12)


# --- one law, several readings ------------------------------------------------------------------

LAWS = [
    (ec.thermal_voltage, dict(temperature=300.0)),
    (ec.nernst_slope, dict(temperature=300.0)),
    (ec.nernst, dict(c_out=5.0, c_in=140.0, z=2.0, temperature=300.0)),
    (ec.electrochemical_potential, dict(c_in=140.0, c_out=5.0, z=-1.0, v=-70.0, temperature=300.0)),
    (ec.driving_force, dict(v=-70.0, e_ion=-90.0)),
    (ec.proton_motive_force, dict(delta_psi=160.0, delta_pH=0.5, temperature=300.0)),
    (ec.pmf_energy, dict(pmf=180.0)),
    (ec.ghk_flux, dict(permeability=2.0, c_in=140.0, c_out=5.0, z=1.0, v=-70.0, temperature=300.0)),
    (ec.ghk_current, dict(permeability=2.0, c_in=140.0, c_out=5.0, z=2.0, v=-70.0, temperature=300.0)),
    (ec.eyring_flux, dict(permeability=2.0, c_in=140.0, c_out=5.0, z=1.0, v=-70.0, temperature=300.0, delta=0.3)),
    (lambda **a: ec.donnan(**a).ratio, dict(c_salt=150.0, impermeant=100.0, z_impermeant=-2.0)),
    (lambda **a: ec.donnan(**a).potential, dict(c_salt=150.0, impermeant=100.0, z_impermeant=2.0)),
]


@pytest.mark.parametrize(("law", "values"), LAWS)
def test_numbers_arrays_dataarrays_lists_and_symbols_agree(law, values):
    number = law(**values)
    assert np.ndim(number) == 0
    for name, value in values.items():
        column = value * np.array([[1.0], [1.01], [1.02]])
        expected = [[law(**{**values, name: float(x)})] for x in column[:, 0]]
        got = law(**{**values, name: column})
        assert got.shape == (3, 1)
        assert np.allclose(got, expected, rtol=1e-13)
        assert np.allclose(law(**{**values, name: column.tolist()}), expected, rtol=1e-13)
        named = law(**{**values, name: xr.DataArray(column, dims=("dose", "one"))})
        assert named.dims == ("dose", "one")
        assert np.allclose(named, expected, rtol=1e-13)
    symbols = {name: sp.Symbol(name, real=True) for name in values}
    formula = law(**symbols)
    assert formula.free_symbols == set(symbols.values())
    assert close(float(formula.subs({symbols[n]: x for n, x in values.items()})), number, 1e-12)


def test_arguments_broadcast_by_dimension_name():
    v = xr.DataArray([-80.0, 0.0, 80.0], dims="v")
    c_out = xr.DataArray([1.0, 5.0], dims="c_out")
    assert ec.ghk_flux(1, 140, c_out, 1, v).sizes == {"c_out": 2, "v": 3}


# --- units at the door --------------------------------------------------------------------------


def test_quantities_in_quantities_out():
    q = registry().Quantity
    assert close(ec.nernst(q(5000, "uM"), q(0.14, "M"), 1).m_as("V"), ec.nernst(5, 140, 1) / 1000, 1e-12)
    assert close(ec.pmf_energy(q(0.18, "V")).m_as("J/mol"), 17367.36, 1e-6)
    assert close(ec.proton_motive_force(q(160, "mV"), 0.5).m_as("mV"), ec.proton_motive_force(160, 0.5), 1e-12)
    assert close(ec.donnan(q(0.15, "M"), 100, -1).potential.m_as("mV"), -8.751649, 1e-7)
    assert ec.from_classical(q(0.16, "V"), -0.5) == (q(160, "mV"), 0.5)
    assert ec.nernst("5 mM", "140 mM", 1) == ec.nernst(5, 140, 1)  # strings are numbers with a unit


def test_a_permeability_may_have_any_unit_and_the_flux_follows():
    q = registry().Quantity
    assert close(ec.ghk_flux(q(1e-6, "cm/s"), q(140, "mM"), 5, 1, -70).m_as("pmol/cm**2/s"), 14.694007, 1e-7)
    assert close(ec.ghk_flux("1e-6 cm/s", 140, 5, 1, -70).m_as("pmol/cm**2/s"), 14.694007, 1e-7)
    assert close(ec.eyring_flux(q(2, "uL/min/mg"), 140, 5, 0, 0).m_as("nmol/min/mg"), 270, 1e-12)
    # 14.694 pmol/cm²/s times 96485 C/mol.
    assert close(ec.ghk_current(q(1e-6, "cm/s"), 140, 5, 1, -70).m_as("uA/cm**2"), 1.41775613, 1e-6)


def test_ghk_voltage_takes_units_ion_by_ion():
    q = registry().Quantity
    v = ec.ghk_voltage({"K": q(1e-6, "cm/s")}, {"K": "140 mM"}, {"K": q(5000, "uM")}, {"K": 1}, temperature="25 degC")
    assert close(v.m_as("mV"), 25.692579 * math.log(5 / 140), 1e-6)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ec.nernst(5, 140, 0), "z = 0"),
        (lambda: ec.nernst(5, 0, 1), "c_in = 0 mM"),
        (lambda: ec.nernst([5, -1], 140, 1), "c_out contains -1 mM"),
        (lambda: ec.nernst(float("nan"), 140, 1), "c_out = nan"),
        (lambda: ec.nernst("five", 140, 1), "c_out = 'five'"),
        (lambda: ec.nernst("5 mV", 140, 1), "c_out = 5.0 mV"),
        (lambda: ec.nernst(5, 140, "K"), "z = 'K' is not a number"),
        (lambda: ec.nernst(5, 140, 1, temperature=25), "degC"),
        (lambda: ec.nernst([1, 2], [1, 2, 3], 1), r"nernst.*c_out \(2,\).*c_in \(3,\)"),
        (lambda: ec.nernst(xr.DataArray([1.0, 2.0], dims="x"), np.ones(3), 1), "nernst: the shapes"),
        (lambda: ec.nernst(None, 140, 1), "c_out = None"),
        (lambda: ec.electrochemical_potential(0, 1, 0, 0), "c_in = 0 mM"),
        (lambda: ec.electrochemical_potential(1, 1, 1, float("inf")), "v = inf mV"),
        (lambda: ec.ghk_flux(-1, 140, 5, 1, 0), "permeability = -1"),
        (lambda: ec.ghk_current(1, -140, 5, 1, 0), "c_in = -140 mM"),
        (lambda: ec.eyring_flux(1, 140, 5, 1, 0, delta=2), "delta = 2.*from 0 to 1"),
        (lambda: ec.donnan(0, 100, -1), "c_salt = 0 mM"),
        (lambda: ec.proton_motive_force(160, float("nan")), "delta_pH = nan"),
        (lambda: ec.from_classical(160, -0.5, "out-inn"), "Did you mean out-in"),
        (lambda: ec.ghk_voltage({"K": 1}, {"K": 1}, {"Na": 1}, {"K": 1}), r"c_out is given for ions \['Na'\]"),
        (lambda: ec.ghk_voltage([1, 1], [1], [1, 1], [1, 1]), "c_in is given for ions"),
        (lambda: ec.ghk_voltage(1, 140, 5, 1), "permeability = 1 must be a dict"),
        (lambda: ec.ghk_voltage([1], [140], [5], [0]), r"z\[0\] = 0"),
        (lambda: ec.ghk_voltage([1], [140], [5], [[1, 2]]), "must be one number"),
        (lambda: ec.ghk_voltage({"K": 1}, {"K": -1}, {"K": 5}, {"K": 1}), r"c_in\['K'\] = -1 mM"),
        (lambda: ec.ghk_voltage([1], [140], [0], [1]), "cations outside"),
        (lambda: ec.ghk_voltage([0], [140], [5], [1]), "cations outside"),
        (lambda: ec.ghk_voltage([1, 1], [np.ones(2), 1], [np.ones(3), 1], [1, 1]), "shapes"),
        (lambda: ec.ghk_voltage([1], [140], [5], [1], pump_ratio=0), "pump_ratio = 0"),
    ],
)
def test_values_without_meaning_are_refused_by_name(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
