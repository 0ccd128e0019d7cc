"""The weak-acid carrier cycle of an uncoupler, against numbers and limits of the model description.

Tolerance 1e-6 where the description prints a value: it prints that many digits.
"""

import numpy as np
import pytest
import scipy.optimize

from mitochem.components import Protonophore

VOLTAGE = 8.314462618e-3 * 310.15 / 0.09648533212  # RT/F at 37 degC, mV
SLOPE = np.log(10) * VOLTAGE
FCCP = Protonophore(dose=0.5)
K_HA, K_A, PK = 1e4, 700.0, 6.2  # per second


def turnover(delta_psi, pH_bath=7.2, pH_matrix=7.5):
    """Protons carried per bound molecule and second."""
    outside, inside = FCCP.protonated_bath(pH_bath), FCCP.protonated_matrix(pH_matrix)
    return FCCP.turnover(delta_psi, VOLTAGE, outside, inside) / 60.0


def by_hand(delta_psi, pH_bath, pH_matrix):
    o, m = 1 / (1 + 10 ** (pH_bath - PK)), 1 / (1 + 10 ** (pH_matrix - PK))
    up, down = np.exp(delta_psi / VOLTAGE / 2), np.exp(-delta_psi / VOLTAGE / 2)
    top = K_HA * K_A * (o * (1 - m) * up - m * (1 - o) * down)
    return top / (K_HA * (o + m) + K_A * ((1 - o) * down + (1 - m) * up))


@pytest.mark.parametrize(
    ("delta_psi", "per_second"), [(50, 427.3281), (100, 668.8996), (150, 803.6173), (180, 846.8622)]
)
def test_fccp_carries_protons_at_the_tabulated_rate(delta_psi, per_second):
    assert turnover(float(delta_psi)) == pytest.approx(per_second, rel=1e-6)
    assert by_hand(delta_psi, 7.2, 7.5) == pytest.approx(per_second, rel=1e-6)


def test_carrier_cycle_equals_its_closed_form_anywhere():
    random = np.random.default_rng(7)
    delta_psi, outside, inside = random.uniform([[-100], [5], [5]], [[220], [9], [9]], (3, 50))
    np.testing.assert_allclose(
        turnover(delta_psi, outside, inside), by_hand(delta_psi, outside, inside), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("delta_pH", [-1.5, -0.3, 0.0, 0.3, 1.0, 2.5])
def test_uncoupler_stops_at_zero_force_however_it_is_split(delta_pH):
    at_rest = turnover(-SLOPE * delta_pH, 7.2, 7.2 + delta_pH)
    nearby = turnover(-SLOPE * delta_pH + 1.0, 7.2, 7.2 + delta_pH)
    assert abs(at_rest) < 1e-10 * nearby
    assert nearby > 0 > turnover(-SLOPE * delta_pH - 1.0, 7.2, 7.2 + delta_pH)


def test_uncoupled_flux_is_linear_in_the_load():
    rate = 60.0 * turnover(150.0)
    loads = np.array([0.0, 0.1, 0.2, 1.0, 5.0])
    np.testing.assert_allclose(FCCP.J_carried(loads, rate), FCCP.effectiveness * loads * rate, rtol=1e-14)
    single, double = (Protonophore(dose=dose).load(2.88, 1.0, 1000.0, 1e-3) for dose in (0.25, 0.5))
    assert double == pytest.approx(2 * single, rel=1e-14)


def test_high_potential_saturates_at_the_return_of_the_neutral_form():
    limit = K_HA * FCCP.protonated_bath(7.2)
    assert turnover(1000.0) == pytest.approx(limit, rel=1e-6)  # e^(φ/2) is 1e8 there
    assert 0.5 * limit < turnover(180.0) < limit


def best_pH(force):
    found = scipy.optimize.minimize_scalar(
        lambda pH: -turnover(force, pH, pH), bounds=(5, 8), method="bounded", options={"xatol": 1e-8}
    )
    return found.x


def test_best_pH_lies_above_the_pK_at_small_force():
    # A flat maximum: the place is found to about the square root of the precision of the height.
    assert best_pH(1e-3) == pytest.approx(PK + 0.5 * np.log10(K_HA / K_A), abs=1e-5)
    assert best_pH(1e-3) == pytest.approx(6.78, abs=0.005)


def test_best_pH_nears_the_pK_at_working_potential():
    assert best_pH(150.0) == pytest.approx(6.32, abs=0.005)


def test_small_force_conductance():
    theta = FCCP.protonated_bath(7.0)
    conductance = K_HA * K_A * theta * (1 - theta) / (2 * (K_HA * theta + K_A * (1 - theta))) / VOLTAGE
    # The next term is of third order in the force: 1e-3 mV leaves it far below 1e-6.
    assert turnover(1e-3, 7.0, 7.0) / 1e-3 == pytest.approx(conductance, rel=1e-6)
