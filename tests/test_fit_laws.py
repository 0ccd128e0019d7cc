"""Every law of the curve fits reads floats, arrays and symbols alike, and has the limits it should."""

import math

import numpy as np
import pytest
import sympy

from mitochem.core.functions import FUNCTIONS
from mitochem.fitting import laws
from mitochem.fitting.laws.uncoupling import best_pH

VALUES = {
    "michaelis_menten_law": {"adp": 0.3, "Vmax": 12.0, "Km": 0.1, "J0": 2.0},
    "hill_law": {"adp": 0.3, "Vmax": 12.0, "Km": 0.1, "h": 1.7, "J0": 2.0},
    "inhibition_law": {"adp": 0.3, "Vmax": 12.0, "Km": 0.1, "Ki": 2.0, "J0": 2.0},
    "dose_response_law": {"dose": 0.3, "J0": 2.0, "Jm": 14.0, "K": 0.1},
    "bell_law": {"dose": 0.3, "J0": 2.0, "J_peak": 14.0, "dose_peak": 0.5, "sharpness": 0.4},
    "equilibrium_law": {"pmf": 180.0, "h_per_atp_thermodynamic": 3.9, "standard_energy": 37.0},
    "reversible_law": {
        "pmf": 160.0, "vmax": 20.0, "reverse": 8.0, "h_per_atp": 3.9, "delta_Gp": 55.0, "temperature": 298.15,
    },
    "boltzmann_law": {"pmf": 160.0, "vmax": 20.0, "pmf_half": 150.0, "pmf_width": 8.0},
    "falling_law": {"pmf": 160.0, "vmax": 20.0, "pmf_half": 150.0, "pmf_width": 8.0},
    "ohmic_leak_law": {"force": 160.0, "J_reference": 100.0, "reference": 150.0},
    "exponential_leak_law": {"force": 160.0, "J_reference": 100.0, "steepness": 0.035, "reference": 150.0},
    "sinh_leak_law": {"force": 160.0, "J_reference": 100.0, "steepness": 0.035, "reference": 150.0},
    "threshold_leak_law": {
        "force": 160.0, "J_reference": 100.0, "steepening": 9.0, "threshold": 155.0, "threshold_width": 8.0,
        "reference": 150.0,
    },
    "line_law": {"x": 3.0, "intercept": 2.0, "slope": -1.5},
    "arrhenius_law": {"temperature": 310.15, "ln_rate_reference": 1.0, "activation_energy": 55.0, "reference": 298.15},
    "q10_law": {"temperature": 310.15, "ln_rate_reference": 1.0, "q10": 2.0, "reference": 298.15},
    "carrier_conductance_law": {
        "pH": 6.8, "dose": 1.0, "beta_k_anion": 2.1, "neutral_over_anion": 14.0, "pK": 6.2, "voltage": 10.0,
        "temperature": 298.15,
    },
}  # fmt: skip


def test_every_law_is_tried():
    assert set(VALUES) == set(laws.__all__)


@pytest.mark.parametrize("name", VALUES)
def test_a_law_reads_floats_arrays_and_symbols_alike(name):
    law, values = getattr(laws, name), VALUES[name]
    number = float(law(**values))
    assert math.isfinite(number)
    columns = {k: np.array([v, 1.01 * v, v]) for k, v in values.items()}
    there = law(**columns)
    assert there.shape == (3,)
    assert there[0] == there[2] == pytest.approx(number, rel=1e-12)
    assert there[1] == pytest.approx(float(law(**{k: 1.01 * v for k, v in values.items()})), rel=1e-12)
    symbols = {k: sympy.Symbol(k, positive=True) for k in values}
    formula = law(**symbols)
    elementary = ("exp", "log", "sinh")
    plain = formula.replace(
        lambda node: type(node).__name__ in FUNCTIONS and type(node).__name__ not in elementary,
        lambda node: FUNCTIONS[type(node).__name__].formula(*node.args),
    )
    assert float(plain.subs({symbols[k]: v for k, v in values.items()}).evalf()) == pytest.approx(number, rel=1e-9)


def test_leaks_have_their_value_at_the_reference():
    for name in ("ohmic_leak_law", "exponential_leak_law", "sinh_leak_law", "threshold_leak_law"):
        values = VALUES[name] | {"force": 150.0}
        assert getattr(laws, name)(**values) == pytest.approx(100.0)
        assert getattr(laws, name)(**values | {"force": 0.0}) == pytest.approx(0.0, abs=1e-12)


def test_the_peak_of_a_bell_is_where_it_is_told():
    for sharpness in (0.01, 0.4, 50.0):
        values = VALUES["bell_law"] | {"sharpness": sharpness, "dose": np.linspace(0.3, 0.7, 4001)}
        J = laws.bell_law(**values)
        assert values["dose"][J.argmax()] == pytest.approx(0.5, abs=2e-4)
        assert J.max() == pytest.approx(14.0)


def test_a_falling_sigmoid_is_the_mirror_of_a_rising_one():
    up = laws.boltzmann_law(140.0, 20.0, 150.0, 8.0)
    assert laws.falling_law(160.0, 20.0, 150.0, 8.0) == pytest.approx(up)


def test_best_pH_of_fccp_at_small_and_at_high_force():
    """pK + ½ log10(k_HA/k_A): 6.78 at V → 0, 6.32 at 150 mV and 37 °C."""
    assert best_pH(1e4 / 700, 6.2, 0.0, 310.15) == pytest.approx(6.2 + 0.5 * math.log10(1e4 / 700))
    assert best_pH(1e4 / 700, 6.2, 0.0, 310.15) == pytest.approx(6.78, abs=0.005)
    assert best_pH(1e4 / 700, 6.2, 150.0, 310.15) == pytest.approx(6.32, abs=0.005)


@pytest.mark.parametrize("unit_size", [1e-15, 1e-6, 1.0, 1e12])
def test_a_fit_does_not_depend_on_the_unit_of_the_data(unit_size):
    """Conductances in siemens, rates in mole: an optimiser that stops at a small gradient would stop at once."""
    from mitochem.fitting import michaelis_menten

    adp = np.array([0.01, 0.03, 0.1, 0.3, 1.0])
    J = 2.0 + 12 * adp / (0.11 + adp) + np.array([0.1, -0.2, 0.1, 0.2, -0.1])
    reference = michaelis_menten(adp, J, offset=True)
    result = michaelis_menten(adp, unit_size * J, offset=True)
    assert result["Km"] == pytest.approx(reference["Km"], rel=1e-5)
    assert result["Vmax"] == pytest.approx(unit_size * reference["Vmax"], rel=1e-5)
    assert result.stderr["Km"] == pytest.approx(reference.stderr["Km"], rel=1e-4)
