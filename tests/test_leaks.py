"""Laws of the proton leak and of UCP1: closed forms typed by hand, identities, and the zero at zero force.

Tolerance 1e-12 where both sides are the same closed form in double precision: a few exponentials of arguments
below 10, each right to 1e-15.
"""

import numpy as np
import pytest

from mitochem.components import (
    UCP1,
    ConductanceLeak,
    ExponentialLeak,
    EyringLeak,
    GHKLeak,
    OhmicLeak,
    PotentialLeak,
    SinhLeak,
    SinhUCP1,
    ThresholdLeak,
)

VOLTAGE = 8.314462618e-3 * 310.15 / 0.09648533212  # RT/F at 37 degC, mV
SLOPE = np.log(10) * VOLTAGE
OF_PMF = [SinhLeak(), OhmicLeak(), ExponentialLeak(), ThresholdLeak(), ConductanceLeak()]
OF_CONCENTRATIONS = [EyringLeak(), EyringLeak(barrier_position=0.2), GHKLeak()]
OPEN_UCP1 = [UCP1(fatty_acid=1.0), SinhUCP1(fatty_acid=1.0)]


def through(law, delta_psi, pH_bath, pH_matrix):
    """A leak that is written in concentrations, at Δψ (mV) and two pH."""
    return law.J_leak(delta_psi, VOLTAGE, law.proton_bath(pH_bath, 1000.0), law.proton_matrix(pH_matrix, 1000.0))


def name(law):
    return type(law).__name__


# --- zero at zero force, and reversed below ------------------------------------------------------------------------


@pytest.mark.parametrize("law", OF_PMF, ids=name)
def test_a_leak_stops_with_the_force_and_reverses_with_it(law):
    force = np.linspace(-150.0, 230.0, 77)
    flux = law.J_leak(force)
    assert law.J_leak(0.0) == 0.0
    assert (flux * force >= 0).all()
    assert (flux[force != 0] != 0).all()


@pytest.mark.parametrize("law", OF_CONCENTRATIONS, ids=name)
@pytest.mark.parametrize("delta_pH", [-1.5, -0.3, 0.0, 0.4, 1.2])
def test_a_leak_of_concentrations_stops_at_zero_force_however_it_is_split(law, delta_pH):
    at_rest = -SLOPE * delta_pH
    near = through(law, at_rest + 1.0, 7.2, 7.2 + delta_pH)
    assert near > 0 > through(law, at_rest - 1.0, 7.2, 7.2 + delta_pH)
    assert abs(through(law, at_rest, 7.2, 7.2 + delta_pH)) < 1e-10 * near


@pytest.mark.parametrize("law", OPEN_UCP1, ids=name)
def test_ucp1_stops_with_the_force(law):
    flux = law.J_ucp1(np.array([-100.0, 0.0, 100.0]), law.open_fraction())
    assert flux[1] == 0
    assert flux[0] == -flux[2] < 0


@pytest.mark.parametrize("law", [*OF_PMF, *OF_CONCENTRATIONS, *OPEN_UCP1], ids=name)
def test_no_leak_runs_uphill_in_the_model(mitochondria, law):
    random = np.random.default_rng(5)
    states = {"delta_psi": random.uniform(-100, 250, 2000), "pH_matrix": random.uniform(6, 9, 2000)}
    model = mitochondria.with_component(law)
    flux = "J_ucp1" if isinstance(law, UCP1) else "J_leak"
    values = model.evaluate(states)
    J, A = values[flux], values[f"affinity_{flux}"]
    assert (J * A >= 0)[np.abs(A) > 1e-10].all()
    assert np.isfinite(J).all()


# --- barrier and constant field ------------------------------------------------------------------------------------


def test_a_barrier_in_the_middle_is_a_sinh_of_the_force():
    """2 P sqrt(Ho Hm) sinh(F Δp / 2RT), concentrations in mM."""
    random = np.random.default_rng(11)
    delta_psi, outside, inside = random.uniform([[-100], [6.5], [6.5]], [[220], [8.5], [8.5]], (3, 60))
    law = EyringLeak(permeability=2e5)
    force = delta_psi + SLOPE * (inside - outside)
    by_hand = 2 * 2e5 * np.sqrt(10 ** (3 - outside) * 10 ** (3 - inside)) * np.sinh(force / (2 * VOLTAGE))
    np.testing.assert_allclose(through(law, delta_psi, outside, inside), by_hand, rtol=1e-9, atol=1e-9)


def test_the_barrier_in_the_middle_rises_e_fold_in_53_mV():
    law = EyringLeak()
    high = through(law, 220.0 + 2 * VOLTAGE, 7.2, 7.2) / through(law, 220.0, 7.2, 7.2)
    assert pytest.approx(53.45, abs=0.01) == 2 * VOLTAGE
    assert high == pytest.approx(np.e, rel=1e-3)  # the branch that goes back is e^-8 there


@pytest.mark.parametrize("delta", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_barrier_anywhere_against_the_closed_form(delta):
    phi = 150.0 / VOLTAGE
    by_hand = 3e5 * (10**-4.2 * np.exp(delta * phi) - 10**-4.5 * np.exp(-(1 - delta) * phi))
    law = EyringLeak(permeability=3e5, barrier_position=delta)
    assert through(law, 150.0, 7.2, 7.5) == pytest.approx(by_hand, rel=1e-12)


def test_constant_field_against_the_closed_form():
    phi = 150.0 / VOLTAGE
    by_hand = 4e5 * phi * (10**-4.2 - 10**-4.5 * np.exp(-phi)) / (1 - np.exp(-phi))
    assert through(GHKLeak(permeability=4e5), 150.0, 7.2, 7.5) == pytest.approx(by_hand, rel=1e-12)


def test_constant_field_without_a_field_is_diffusion():
    law = GHKLeak(permeability=4e5)
    assert through(law, 0.0, 7.2, 7.5) == pytest.approx(4e5 * (10**-4.2 - 10**-4.5), rel=1e-12)
    # 1e-6 mV is 4e-8 of RT/F: the flux differs from its limit by that much of itself.
    assert through(law, 1e-6, 7.2, 7.5) == pytest.approx(through(law, 0.0, 7.2, 7.5), rel=1e-6)


def test_constant_field_is_ohmic_at_high_potential():
    """P Ho φ going in, P Hm φ going out; e^-φ is 1e-16 at 1000 mV."""
    law, phi = GHKLeak(permeability=4e5), 1000.0 / VOLTAGE
    assert through(law, 1000.0, 7.2, 7.5) == pytest.approx(4e5 * 10**-4.2 * phi, rel=1e-12)
    assert through(law, -1000.0, 7.2, 7.5) == pytest.approx(-4e5 * 10**-4.5 * phi, rel=1e-12)


@pytest.mark.parametrize("law", OF_CONCENTRATIONS, ids=name)
def test_barrier_and_constant_field_agree_with_the_general_laws_of_electrochemistry(law):
    from mitochem import electrochemistry as ec

    delta_psi, outside, inside = np.array([-50.0, 3.0, 170.0]), 7.2, np.array([7.0, 7.4, 7.6])
    about = dict(c_in=10 ** (3 - inside), c_out=10 ** (3 - outside), z=1, v=-delta_psi, temperature=310.15)
    if isinstance(law, GHKLeak):
        outward = ec.ghk_flux(law.permeability, **about)
    else:
        outward = ec.eyring_flux(law.permeability, **about, delta=law.barrier_position)
    np.testing.assert_allclose(through(law, delta_psi, outside, inside), -np.asarray(outward), rtol=1e-9)


# --- threshold, conductance, potential -----------------------------------------------------------------------------


def test_threshold_leak_is_ohmic_below_and_steeper_above():
    law = ThresholdLeak(conductance=0.5, threshold_conductance=9.0, threshold=180.0, threshold_width=5.0)

    def slope(force):
        return (law.J_leak(force + 0.5) - law.J_leak(force - 0.5)) / 1.0

    assert slope(20.0) == pytest.approx(0.5, rel=1e-9)  # e^-32 of the corner is left
    assert slope(300.0) == pytest.approx(9.5, rel=1e-9)  # e^-24
    assert slope(180.0) == pytest.approx(0.5 + 4.5, rel=1e-3)  # half way; the step of 1 mV is a fifth of the width
    by_hand = 0.5 * 185 + 9 * 5 * (np.log(1 + np.exp(1.0)) - np.log(1 + np.exp(-73.0)))
    assert law.J_leak(185.0) == pytest.approx(by_hand, rel=1e-12)


def test_threshold_leak_is_odd():
    force = np.array([1.0, 50.0, 180.0, 240.0])
    np.testing.assert_allclose(ThresholdLeak().J_leak(-force), -ThresholdLeak().J_leak(force), rtol=1e-12)


def test_conductance_leak_against_the_closed_form():
    law = ConductanceLeak(conductance=0.03, steepness=0.02)
    assert law.J_leak(180.0) == pytest.approx(0.03 * 180 * np.exp(3.6), rel=1e-12)
    assert law.J_leak(1e-6) / 1e-6 == pytest.approx(0.03, rel=1e-6)


def test_potential_leak_answers_to_delta_psi_alone(mitochondria):
    """By hand sinh(5.95) = 191.8776; the same Δψ at another ΔpH leaks as much, even uphill: hence no affinity."""
    law = PotentialLeak(amplitude=1.0, steepness=0.035)
    assert law.J_leak(170.0) == pytest.approx((np.exp(5.95) - np.exp(-5.95)) / 2, rel=1e-12)
    model = mitochondria.with_component(law)
    values = model.evaluate({"delta_psi": 30.0, "pH_matrix": np.array([6.2, 7.2, 8.2])})
    assert np.ptp(values["J_leak"]) == 0
    assert values["pmf"][0] < 0 < float(np.max(values["J_leak"]))
    assert "Δψ alone" in model.program.fluxes["J_leak"].law.reason
    assert not model.program.fluxes["J_leak"].law.driven


@pytest.mark.parametrize(
    "law", [EyringLeak(), GHKLeak(), ThresholdLeak(), ConductanceLeak(), PotentialLeak()], ids=name
)
def test_every_leak_law_gives_a_state_4_like_the_default(mitochondria, law):
    """They are calibrated to 200 nmol H+/min/mg near 185 mV; their constants are rounded, hence 10 %."""
    four = mitochondria.with_component(law).steady_state()
    assert bool(four["success"])
    assert 160 < float(four["pmf"]) < 200
    assert 20 * float(four["J_O2"]) == pytest.approx(float(four["J_leak"] + four["J_K_uniport"]), rel=1e-6)
    assert float(four["J_leak"]) == pytest.approx(200.0, rel=0.1)


def test_shape_of_the_leak_decides_what_inhibition_does_to_the_force(mitochondria):
    """An ohmic leak hides how little the force falls when respiration is inhibited (rotenone, no synthesis)."""

    def left(law):
        model = mitochondria.with_component(law).replace({"phosphorylation.capacity": 0.0})
        full = model.steady_state({"rotenone.dose": 0.0})
        poisoned = model.steady_state({"rotenone.dose": 0.1})
        return float(poisoned["pmf"] / full["pmf"])

    ohmic = OhmicLeak(conductance=200 / 185)
    assert left(SinhLeak()) > left(EyringLeak()) > left(GHKLeak())
    assert left(SinhLeak()) > 1.3 * left(ohmic)


# --- UCP1 ----------------------------------------------------------------------------------------------------------


def test_ucp1_against_the_closed_form():
    """G FA/(FA + K_FA (1 + N/K_N)) Δp = 10 * 0.03/(0.03 + 0.01 * 3) * 150 = 750."""
    law = UCP1(conductance=10.0, fatty_acid=0.03, nucleotide=0.1, fatty_acid_half=0.01, nucleotide_half=0.05)
    assert law.open_fraction() == pytest.approx(0.5, rel=1e-12)
    assert law.J_ucp1(150.0, law.open_fraction()) == pytest.approx(750.0, rel=1e-12)


def test_ucp1_is_closed_without_fatty_acid():
    assert UCP1().open_fraction() == 0


def test_fatty_acid_and_nucleotide_compete():
    """Enough fatty acid overcomes any nucleotide, and the half-dose grows in proportion to 1 + N/K_N."""
    closed = UCP1(nucleotide=1.0)
    half = closed.fatty_acid_half * (1 + 1.0 / closed.nucleotide_half)
    assert closed.replace(fatty_acid=half).open_fraction() == pytest.approx(0.5, rel=1e-12)
    assert closed.replace(fatty_acid=1e4 * half).open_fraction() == pytest.approx(1.0, abs=1e-3)
    assert closed.replace(fatty_acid=0.01).open_fraction() < 0.05 < UCP1(fatty_acid=0.01).open_fraction()


def test_sinh_ucp1_is_ohmic_at_small_force_and_steeper_above():
    ohmic, steep = OPEN_UCP1
    opened = ohmic.open_fraction()
    assert steep.J_ucp1(1e-3, opened) == pytest.approx(ohmic.J_ucp1(1e-3, opened), rel=1e-6)
    assert steep.J_ucp1(150.0, opened) == pytest.approx(10 / 0.0187 * opened * np.sinh(0.0187 * 150.0), rel=1e-12)
    assert steep.J_ucp1(150.0, opened) > 2 * ohmic.J_ucp1(150.0, opened)


@pytest.mark.parametrize("law", [UCP1(), SinhUCP1()], ids=name)
def test_ucp1_uncouples_with_fatty_acid_and_recouples_with_nucleotide(mitochondria, law):
    model = mitochondria.with_component(law)
    closed = mitochondria.steady_state()
    found = model.steady_state({"ucp1.fatty_acid": 0.05, "ucp1.nucleotide": [0.0, 0.5, 50.0, 5e4]})
    assert (np.diff(found["J_O2"]) < 0).all()
    assert (np.diff(found["pmf"]) > 0).all()
    assert float(found["J_O2"][0]) > 3 * float(closed["J_O2"])
    assert float(found["J_O2"][-1]) == pytest.approx(float(closed["J_O2"]), rel=0.02)


def test_ucp1_is_beside_the_leak_not_instead_of_it(mitochondria):
    model = mitochondria.with_component(UCP1(fatty_acid=0.05))
    four = model.steady_state()
    pumped = 20 * float(four["J_O2"])
    assert pumped == pytest.approx(float(four["J_leak"] + four["J_ucp1"] + four["J_K_uniport"]), rel=1e-6)


def test_leaks_follow_temperature_as_every_velocity_does(mitochondria):
    for law in (EyringLeak(), GHKLeak(), ThresholdLeak(), ConductanceLeak(), PotentialLeak(), UCP1(fatty_acid=1.0)):
        model = mitochondria.with_component(law).replace({"kinetics.q10": 3.0, "environment.temperature": 300.15})
        still = model.replace({"kinetics.q10": 1.0})
        flux = "J_ucp1" if isinstance(law, UCP1) else "J_leak"
        at = {"delta_psi": 150.0, "pH_matrix": 7.5}
        assert model.evaluate(at)[flux] == pytest.approx(still.evaluate(at)[flux] / 3.0, rel=1e-12)
