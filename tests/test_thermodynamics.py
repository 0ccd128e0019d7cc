"""Thermodynamics as statements of physics; numbers typed from the tables of the specification."""

import math

import numpy as np
import pytest
import sympy as sp
import xarray as xr

from mitochem import thermodynamics as td
from mitochem.core import functions
from mitochem.core.errors import ParameterError
from mitochem.core.units import registry

BODY = 310.15
RT_LN10 = 8.314462618e-3 * BODY * math.log(10)


def close(value, expected, relative=1e-6):
    return value == pytest.approx(expected, rel=relative)


# --- the standard energy of ATP synthesis -------------------------------------------------------


@pytest.mark.parametrize(
    ("conditions", "energies"),
    [
        (dict(constants="golding", ionic_strength=0.15), (32.14, 32.93, 33.85, 35.92)),
        (dict(constants="golding", ionic_strength=0.25), (32.66, 33.50, 34.44, 36.55)),
        (dict(constants="li", potassium=150.0), (35.25, 36.19, 37.20, 39.39)),
    ],
)
def test_standard_energy_at_body_temperature_and_one_millimolar_magnesium(conditions, energies):
    energy = td.standard_atp_synthesis_energy(pH=np.array([7.0, 7.2, 7.4, 7.8]), mg=1.0, **conditions)
    assert np.allclose(energy, energies, rtol=0, atol=0.01)  # the table has two decimals, one of them cut


@pytest.mark.parametrize(("mg", "energy"), [(1.0, 32.57), (0.0, 36.07)])
def test_standard_energy_at_25_degrees_with_and_without_magnesium(mg, energy):
    got = td.standard_atp_synthesis_energy(pH=7.0, mg=mg, temperature=298.15, ionic_strength=0.25)
    assert got == pytest.approx(energy, abs=0.0051)


def test_defaults_are_matrix_free_conditions_of_set_golding():
    assert td.standard_atp_synthesis_energy() == td.standard_atp_synthesis_energy(7.2, 1.0, BODY, 0.15, "golding")
    assert td.standard_atp_synthesis_energy() == pytest.approx(32.93, abs=0.0051)


@pytest.mark.parametrize(("pH", "released"), [(7.0, 0.61), (7.2, 0.72), (7.4, 0.81), (7.8, 0.92)])
def test_hydrolysis_releases_less_than_one_proton_near_neutral_pH(pH, released):
    assert protons_released(pH) == pytest.approx(released, abs=0.0051)


def protons_released(pH, **conditions):
    atp, adp, pi = (td.mean_bound("H", x, pH, **conditions) for x in ("ATP", "ADP", "Pi"))
    return 1 + atp - adp - pi


@pytest.mark.parametrize("constants", ["golding", "li"])
@pytest.mark.parametrize("pH", [6.5, 7.2, 8.0])
def test_standard_energy_rises_with_pH_by_the_protons_released(pH, constants):
    h = 1e-4  # central difference: error h²
    up, down = (td.standard_atp_synthesis_energy(pH + d, constants=constants) for d in (h, -h))
    assert (up - down) / (2 * h) == pytest.approx(RT_LN10 * protons_released(pH, constants=constants), abs=1e-6)


def test_slope_with_pH_holds_symbolically():
    pH = sp.Symbol("pH", real=True)
    slope = td.standard_atp_synthesis_energy(pH).diff(pH).subs(pH, 7.2)
    assert close(float(slope), RT_LN10 * protons_released(7.2), 1e-9)


@pytest.mark.parametrize("species", ["ATP", "ADP", "Pi", "PCr"])
def test_protons_and_magnesium_displace_each_other_equally(species):
    # Maxwell: both are second derivatives of ln P in ln H and ln Mg.
    h = 1e-4

    def slope(ligand, **shift):
        def at(sign):
            pH = 7.2 - sign * h * shift.get("h", 0) / math.log(10)
            return td.mean_bound(ligand, species, pH, math.exp(sign * h * shift.get("mg", 0)))

        return (at(1) - at(-1)) / (2 * h)

    assert slope("H", mg=1) == pytest.approx(slope("Mg", h=1), abs=1e-9)
    assert slope("H", mg=1) < 0


def test_mean_bound_counts_from_none_to_saturation():
    assert td.mean_bound("H", "ATP", 14) == pytest.approx(0, abs=1e-6)
    assert td.mean_bound("H", "ATP", 2, mg=0) == pytest.approx(1, abs=1e-3)
    assert td.mean_bound("Mg", "ATP", mg=0) == 0
    assert td.mean_bound("Mg", "ATP", mg=100) == pytest.approx(1, abs=0.01)
    assert td.mean_bound("K", "ATP") == 0  # set golding binds no potassium
    assert 0.4 < td.mean_bound("K", "ATP", constants="li", mg=0) < 0.7


def test_binding_polynomial_of_set_li_written_out():
    expected = 1 + 10 ** (6.62 - 7.2) + 1e-3 * 10**1.66 + 0.15 * 10**0.42
    assert close(td.binding_polynomial("Pi", 7.2, 1.0, constants="li"), expected, 1e-12)


def test_binding_polynomial_of_set_golding_at_its_reference_condition():
    # 25 °C and no ionic strength: the constants as tabulated.
    expected = 1 + 1e-7 / 2.512e-8 + 1e-3 * 1.514e6 + 1e-7 / 2.512e-8 * 1e-3 * 4.266e3
    assert close(td.binding_polynomial("ATP", 7.0, 1.0, 298.15, 0.0), expected, 1e-12)


@pytest.mark.parametrize(
    ("pH", "mg", "celsius", "ionic_strength", "expected"),
    [(7.0, 1.0, 38, 0.25, 186.8), (7.1, 0.408, 37, 0.216, 111.37)],
)
def test_creatine_kinase_favours_atp(pH, mg, celsius, ionic_strength, expected):
    # 1e-4: the second value is printed with its last digit cut.
    assert close(td.creatine_kinase_constant(pH, mg, celsius + 273.15, ionic_strength), expected, 1e-4)


# --- the phosphorylation potential --------------------------------------------------------------


def test_synthase_equilibrium_of_the_external_phosphate_potential():
    # Δp 180 mV, 11/3 protons, ΔG'° 33 kJ/mol: ΔG_P 63.6803, ATP/ADP 734.5 at 5 mM Pi.
    assert td.threshold_pmf(63.6803, 11 / 3) == pytest.approx(180, abs=2e-4)
    assert td.atp_synthesis_energy(734.5, 1.0, 5.0, constants=33.0) == pytest.approx(63.6803, abs=2e-4)


def test_synthase_equilibrium_with_eight_thirds_protons():
    assert td.threshold_pmf(46.3130, 8 / 3) == pytest.approx(180, abs=2e-4)
    assert td.atp_synthesis_energy(0.8731, 1.0, 5.0, constants=33.0) == pytest.approx(46.3130, abs=2e-4)


def test_phosphorylation_potential_is_the_standard_energy_at_one_molar():
    assert close(td.atp_synthesis_energy(1000, 1000, 1000), td.standard_atp_synthesis_energy(), 1e-14)


def test_ten_times_the_ratio_costs_one_decade_of_energy():
    assert close(td.atp_synthesis_energy(5, 0.5, 5) - td.atp_synthesis_energy(5, 5, 5), RT_LN10, 1e-8)


def test_a_number_is_the_standard_energy_whatever_the_conditions():
    assert td.standard_atp_synthesis_energy(8.0, 0.0, constants=30.5) == 30.5


# --- redox poise --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("couple", "midpoint"),
    [
        ("NAD", -320),
        ("fumarate", 31),
        ("ubiquinone", 45),
        ("cytochrome_c", 254),
        ("cytochrome_a", 540),
        ("oxygen", 816),
    ],
)
def test_midpoints_at_pH_seven(couple, midpoint):
    assert td.redox_potential(couple, 1, 1, pH=7.0) == midpoint


@pytest.mark.parametrize(
    ("couple", "slopes"), [("NAD", 0.5), ("ubiquinone", 1), ("fumarate", 1), ("oxygen", 1), ("cytochrome_c", 0)]
)
def test_midpoints_fall_with_pH_by_protons_per_electron(couple, slopes):
    fall = td.redox_potential(couple, 1, 1, pH=7.0) - td.redox_potential(couple, 1, 1, pH=8.0)
    assert fall == pytest.approx(slopes * 61.540, abs=1e-3)


@pytest.mark.parametrize(("couple", "electrons"), [("NAD", 2), ("ubiquinone", 2), ("cytochrome_c", 1), ("oxygen", 4)])
def test_tenfold_oxidation_raises_the_poise_by_the_nernst_slope_over_electrons(couple, electrons):
    rise = td.redox_potential(couple, 10, 1) - td.redox_potential(couple, 1, 1)
    assert rise == pytest.approx(61.540 / electrons, abs=1e-3)


@pytest.mark.parametrize(("donor", "energy"), [("NAD", 219.2), ("fumarate", 151.5)])
def test_energy_of_two_electrons_to_oxygen(donor, energy):
    span = td.redox_potential("oxygen", 1, 1) - td.redox_potential(donor, 1, 1)
    assert 2 * 0.0964853321 * span == pytest.approx(energy, abs=0.051)


def test_the_kernel_is_that_of_the_core():
    assert td.kernel is functions.kernel


# --- one law, several readings ------------------------------------------------------------------

MEDIUM = dict(pH=7.3, mg=0.8, temperature=305.0, ionic_strength=0.2)
LAWS = [
    (td.standard_atp_synthesis_energy, MEDIUM),
    (lambda **a: td.standard_atp_synthesis_energy(**a, constants="li"), dict(pH=7.3, mg=0.8, potassium=120.0)),
    (td.atp_synthesis_energy, dict(atp=5.0, adp=0.5, pi=4.0, **MEDIUM)),
    (lambda **a: td.binding_polynomial("ATP", **a), MEDIUM),
    (lambda **a: td.mean_bound("H", "ADP", **a), MEDIUM),
    (td.creatine_kinase_constant, MEDIUM),
    (td.threshold_pmf, dict(energy=60.0, protons=3.0)),
    (lambda **a: td.redox_potential("NAD", **a), dict(oxidised=2.0, reduced=0.5, pH=7.3, temperature=305.0)),
]


@pytest.mark.parametrize(("law", "values"), LAWS)
def test_numbers_arrays_dataarrays_and_symbols_agree(law, values):
    number = law(**values)
    assert np.ndim(number) == 0
    for name, value in values.items():
        column = value * np.array([[1.0], [1.01], [1.02]])
        expected = [[law(**{**values, name: float(x)})] for x in column[:, 0]]
        got = law(**{**values, name: column})
        assert got.shape == (3, 1)
        assert np.allclose(got, expected, rtol=1e-13)
        named = law(**{**values, name: xr.DataArray(column, dims=("dose", "one"))})
        assert named.dims == ("dose", "one")
        assert np.allclose(named, expected, rtol=1e-13)
    symbols = {name: sp.Symbol(name, real=True) for name in values}
    formula = law(**symbols)
    assert formula.free_symbols == set(symbols.values())
    assert close(float(formula.subs({symbols[n]: x for n, x in values.items()})), number, 1e-11)


def test_a_symbol_may_stand_for_the_standard_energy():
    g, ratio = sp.symbols("G R", positive=True)
    assert td.atp_synthesis_energy(ratio, 1.0, 1000.0, constants=g).coeff(g) == 1


def test_whole_numbers_and_integer_arrays_are_numbers_too():
    whole = td.standard_atp_synthesis_energy(np.array([7, 8]), mg=1)
    assert np.allclose(whole, [td.standard_atp_synthesis_energy(7.0), td.standard_atp_synthesis_energy(8.0)])


# --- units at the door --------------------------------------------------------------------------


def test_quantities_in_quantities_out():
    q = registry().Quantity
    plain = td.atp_synthesis_energy(5, 0.5, 5, temperature=298.15)
    assert close(
        td.atp_synthesis_energy(q(0.005, "M"), "500 uM", 5, temperature="25 degC").m_as("kJ/mol"), plain, 1e-12
    )
    assert close(td.threshold_pmf(q(60000, "J/mol"), 3).m_as("V"), 0.2072853, 1e-6)
    assert close(td.redox_potential("NAD", q(1, "mM"), q(100, "uM"), 7.0).m_as("mV"), -320 + 30.770, 1e-5)
    assert close(td.standard_atp_synthesis_energy(mg="1000 uM", ionic_strength="150 mM"), 32.9334, 1e-5)


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: td.atp_synthesis_energy(0, 1, 1), "atp = 0 mM"),
        (lambda: td.atp_synthesis_energy(1, -1, 1), "adp = -1 mM"),
        (lambda: td.atp_synthesis_energy(1, 1, float("nan")), "pi = nan mM"),
        (lambda: td.atp_synthesis_energy([1, 2], [1, 2, 3], 1), "shapes"),
        (lambda: td.standard_atp_synthesis_energy(pH=72), "pH = 72"),
        (lambda: td.standard_atp_synthesis_energy(mg=-1), "mg = -1 mM"),
        (lambda: td.standard_atp_synthesis_energy(temperature=37), "degC"),
        (lambda: td.standard_atp_synthesis_energy(ionic_strength=150), "ionic_strength = 150 M"),
        (lambda: td.standard_atp_synthesis_energy(constants="goldin"), "Did you mean golding"),
        (lambda: td.standard_atp_synthesis_energy(constants=float("nan")), "constants = nan"),
        (lambda: td.standard_atp_synthesis_energy(constants="li", temperature=298.15), "holds at 310.15 K only"),
        (lambda: td.binding_polynomial("AMP"), "species = 'AMP'"),
        (lambda: td.binding_polynomial("PCr", constants="li"), "not in set 'li'"),
        (lambda: td.binding_polynomial("ATP", constants=33.0), "constants = 33.0 is no set"),
        (lambda: td.mean_bound("Ca", "ATP"), "ligand = 'Ca'"),
        (lambda: td.threshold_pmf(60, 0), "protons = 0"),
        (lambda: td.redox_potential("NADD", 1, 1), "Did you mean NAD"),
        (lambda: td.redox_potential("NAD", 1, 0), "reduced = 0"),
    ],
)
def test_values_without_meaning_are_refused_by_name(call, message):
    with pytest.raises(ParameterError, match=message):
        call()
