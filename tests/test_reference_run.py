"""The reference run of the default mitochondrion: the numbers of the physics specification, typed by hand.

37 degC, pH 7.2, 1 mg/mL, 0.2 mM O2 (open chamber), 0.5 mM ATP, 5 mM phosphate, de-energised start. Respiration is
quoted per oxygen *atom* in the literature; the package reports O2, so that twice J_O2 is compared. Where the
specification prints a number, the tolerance is 1 % unless its printed digits allow better or force worse.
"""

import json

import numpy as np
import pytest

from mitochem import Protocol, experiments
from mitochem.experiments import readouts

ONE_PERCENT = 0.01
STATE_3 = {"load.capacity": 1200.0}  # 20 nmol/s/mg
CELL_LIKE = {"load.capacity": 180.0}  # 3 nmol/s/mg
OLIGOMYCIN = {"oligomycin.dose": 5.0}
"""A thousand half doses with a Hill coefficient of 2: phosphorylation at a millionth of its activity."""


@pytest.fixture(scope="module")
def with_oligomycin(mitochondria):
    from mitochem import drugs

    return mitochondria.with_component(drugs.get("oligomycin")).replace(OLIGOMYCIN)


@pytest.fixture(scope="module")
def state_4(mitochondria):
    return mitochondria.steady_state()


@pytest.fixture(scope="module")
def state_3(mitochondria):
    return mitochondria.steady_state(STATE_3)


def atoms(ds):
    """Respiration per oxygen atom, nmol O/min/mg."""
    return 2 * float(ds["J_O2"])


# --- section I and L: state 4, state 3, uncoupled ------------------------------------------------------------------


def test_state_4_of_nadh_linked_respiration(state_4):
    assert float(state_4["pmf"]) == pytest.approx(184.95, rel=1e-4)  # printed to 0.01 mV
    assert float(state_4["delta_pH"]) == pytest.approx(0.248, rel=ONE_PERCENT)
    assert float(state_4["delta_psi"]) == pytest.approx(169.7, rel=1e-3)
    assert atoms(state_4) == pytest.approx(20.2, rel=ONE_PERCENT)


def test_state_3_of_nadh_linked_respiration(state_3, state_4):
    assert float(state_3["pmf"]) == pytest.approx(155.6, rel=1e-3)
    assert float(state_3["delta_pH"]) == pytest.approx(0.146, rel=ONE_PERCENT)
    assert atoms(state_3) == pytest.approx(157.1, rel=1e-3)
    assert float(readouts.p_over_o(state_3)) == pytest.approx(2.601, rel=1e-3)
    assert float(readouts.rcr(state_3, state_4)) == pytest.approx(7.79, rel=2e-3)
    assert float(state_3["J_leak"]) / (20 * float(state_3["J_O2"])) == pytest.approx(0.0456, rel=ONE_PERCENT)


def test_succinate(succinate):
    four, three = succinate.steady_state(), succinate.steady_state(STATE_3)
    assert atoms(four) == pytest.approx(36.05, rel=1e-3)
    assert atoms(three) == pytest.approx(231.0, rel=1e-3)
    assert float(readouts.p_over_o(three)) == pytest.approx(1.564, rel=1e-3)
    assert float(readouts.rcr(three, four)) == pytest.approx(6.41, rel=2e-3)


def test_start_of_the_potential_decides_the_charge_and_with_it_delta_pH(mitochondria):
    """Section L: either is right; the invariant is a condition, and results state it."""
    raised = mitochondria.steady_state({"delta_psi": 200.0})
    assert float(raised["delta_pH"]) == pytest.approx(0.244, rel=3e-3)
    raised_3 = mitochondria.steady_state({"delta_psi": 200.0, **STATE_3})
    assert float(raised_3["delta_pH"]) == pytest.approx(0.142, rel=4e-3)
    for ds, charge in ((mitochondria.steady_state(), -38.4), (raised, -37.4)):
        total = 0.005 * ds["delta_psi"] - 22 * ds["pH_matrix"] + ds["K_matrix"]
        assert float(total) == pytest.approx(charge, rel=1e-9)


def test_uncoupled_respiration(with_oligomycin):
    """Section L: FCCP 0.375 uM, oligomycin, no inhibition by the uncoupler."""
    from mitochem import drugs

    model = with_oligomycin.with_component(drugs.FCCP)
    ds = model.steady_state({"FCCP.dose": 0.375, "FCCP.inhibition": float("inf")})
    assert atoms(ds) == pytest.approx(199.0, rel=ONE_PERCENT)


def test_external_phosphorylation_potential_in_state_4_is_the_proton_work(state_4):
    """Row 10: Delta G_P = 11/3 F Delta p, 65.43 kJ/mol; an identity, so to rounding of the root."""
    assert float(state_4["delta_Gp"]) == pytest.approx(65.43, rel=2e-4)
    assert float(state_4["delta_Gp"]) == pytest.approx(11 / 3 * 0.0964853321 * float(state_4["pmf"]), rel=1e-8)
    assert abs(float(state_4["J_ATP"])) < 1e-6


def test_oligomycin_leaves_state_4_as_it_is(with_oligomycin, state_4):
    assert atoms(with_oligomycin.steady_state()) == pytest.approx(atoms(state_4), rel=1e-8)


@pytest.mark.parametrize("capacity", [1e-9, 0.0])
def test_without_any_synthase_state_4_is_the_same(mitochondria, state_4, capacity):
    """A capacity of 0 is legal: nothing moves the nucleotides, and everything else has its steady state."""
    ds = mitochondria.steady_state({"phosphorylation.capacity": capacity})
    assert bool(ds["success"]), ds["message"].item()
    assert atoms(ds) == pytest.approx(atoms(state_4), rel=1e-8)
    if capacity == 0:
        assert float(ds["atp_bath"]) == pytest.approx(0.5, rel=1e-12)


def test_rotenone_stops_respiration_but_not_the_force(with_oligomycin):
    """Activity 0.02: 3.9 nmol O/min/mg, 137 mV (printed to two and three digits). Hill 2: seven half doses."""
    from mitochem import drugs

    rotenone = drugs.get("rotenone")
    model = with_oligomycin.with_component(rotenone)
    ds = model.steady_state({"rotenone.dose": 7 * rotenone.half_dose})
    assert float(ds["activity_complex_I"]) == pytest.approx(0.02, rel=1e-12)
    assert atoms(ds) == pytest.approx(3.9, abs=0.05)
    assert float(ds["pmf"]) == pytest.approx(137.0, abs=0.5)


def test_rotenone_does_not_touch_succinate_oxidation(succinate):
    plain = atoms(succinate.steady_state())
    ds = succinate.titrate("rotenone", [0.0, 1.0, 10.0])
    np.testing.assert_allclose(2 * ds["J_O2"].values, plain, rtol=1e-8)


# --- H12, H15: energy and proton books -----------------------------------------------------------------------------


def test_dissipation_table(mitochondria):
    """H12 at 3 nmol/s/mg from Delta psi(0) = 200 mV, in uW/mg; to 1e-5, and half a unit of the last digit printed."""
    ds = mitochondria.steady_state({"delta_psi": 200.0, **CELL_LIKE})
    power = {
        flux: float(ds[flux] * ds[f"affinity_{flux}"]) / 60  # nmol/min * kJ/mol = uJ/min
        for flux in (
            "electron_transport_J_coupled",
            "J_ATP",
            "J_leak",
            "J_K_uniport",
            "J_KH_exchange",
        )
    }
    power["load"] = float(ds["J_load"] * ds["delta_Gp"]) / 60
    printed = {
        "electron_transport_J_coupled": 46.897,
        "J_ATP": 12.038,
        "J_leak": 36.567,
        "J_K_uniport": 0.375,
        "J_KH_exchange": 0.031,
        "load": 128.275,
    }
    for flux, value in printed.items():
        assert power[flux] == pytest.approx(value, abs=5e-4 + 1e-5 * value), flux
    assert sum(power.values()) == pytest.approx(224.182, rel=1e-5)
    # At steady state everything dissipated comes from respiration: J_O2 * 4F * span.
    assert sum(power.values()) == pytest.approx(float(ds["J_O2"]) * 4 * 0.0964853321233 * 1093.5 / 60, rel=1e-8)


def test_p_over_o_is_what_the_leak_leaves(state_3):
    """H15: P/O = (n_e J_O - J_L - J_K)/(n_P J_O), 2.60106; 2.60299 if the potassium cycle is forgotten."""
    J_O, J_L, J_K = atoms(state_3), float(state_3["J_leak"]), float(state_3["J_K_uniport"])
    with_cycle, without = (10 * J_O - J_L - J_K) / (11 / 3 * J_O), (10 * J_O - J_L) / (11 / 3 * J_O)
    assert with_cycle == pytest.approx(2.60106, abs=5e-6)
    assert without == pytest.approx(2.60299, abs=5e-6)
    assert float(readouts.p_over_o(state_3)) == pytest.approx(with_cycle, rel=1e-8)


def test_largest_p_over_o_is_that_of_the_stoichiometries(mitochondria, succinate):
    """No leak, no potassium cycle: 30/11 and 18/11."""
    tight = {"leak.amplitude": 0.0, "potassium_uniport.permeability": 0.0, **STATE_3}
    for model, exact in ((mitochondria, 30 / 11), (succinate, 18 / 11)):
        assert float(readouts.p_over_o(model.steady_state(tight))) == pytest.approx(exact, rel=1e-8)


def test_at_any_steady_state_protons_pumped_are_protons_returned(mitochondria):
    ds = mitochondria.steady_state({"load.capacity": np.geomspace(1.0, 1500.0, 30)})
    returned = 11 / 3 * ds["J_ATP"] + ds["J_leak"] + ds["J_K_uniport"]
    np.testing.assert_allclose(20 * ds["J_O2"], returned, rtol=1e-8)
    np.testing.assert_allclose(ds["J_K_uniport"], ds["J_KH_exchange"], rtol=1e-6)
    np.testing.assert_allclose(ds["J_ATP"], ds["J_load"], rtol=1e-8)


def test_leak_share_of_a_cell_like_load(mitochondria):
    """Row 8: 21 to 30 % of respiration drives the leak at 3 to 2 nmol/s/mg."""
    ds = mitochondria.steady_state({"load.capacity": [180.0, 120.0]})
    share = (ds["J_leak"] / (20 * ds["J_O2"])).values
    np.testing.assert_allclose(share, [0.21, 0.30], atol=0.005)


# --- H11: conservation ---------------------------------------------------------------------------------------------


def test_four_independent_motions_of_seven_states(mitochondria):
    laws = mitochondria.conservation_laws()
    assert len(mitochondria.program.states) == 7
    assert len(laws) == 3
    by_name = {law.name: law for law in laws}
    assert by_name["charge"].coefficients == pytest.approx({"delta_psi": 0.005, "pH_matrix": -22.0, "K_matrix": 1.0})
    assert by_name["adenylate"].coefficients == {"atp_bath": 1.0, "adp_bath": 1.0}
    assert by_name["phosphate"].coefficients == {"pi_bath": 1.0, "adp_bath": -1.0}
    assert by_name["charge"].total(mitochondria.initial) == pytest.approx(-38.4, rel=1e-12)


# --- D5: time scales -----------------------------------------------------------------------------------------------


def time_constants(model, ds):
    """Relaxation times in seconds, fastest first, from the exact Jacobian at a steady state."""
    jacobian = model.jacobian({name: float(ds[name]) for name in model.program.states})
    keep = [name for name in model.program.states if name != "oxygen"]
    values = np.linalg.eigvals(jacobian.sel(rate=keep, state=keep).values)
    rates = np.sort(-values.real)[::-1]
    return 60 / rates[:3]


def test_membrane_charges_in_milliseconds_and_delta_pH_relaxes_in_minutes(mitochondria, state_4, state_3):
    """Delta psi 10 ms in state 4 (oligomycin), 4 ms in state 3; Delta pH and K+ 1.8e2 s; adenylates 3.4 and 17 s."""
    no_synthesis = mitochondria.replace({"phosphorylation.capacity": 1e-9})
    assert 1000 * time_constants(no_synthesis, state_4)[0] == pytest.approx(10.0, rel=0.05)
    fast, adenylates, slow = time_constants(mitochondria, state_4)
    # A synthase near equilibrium takes up charge too: with nucleotides it is 9.24 ms, 8 % under the printed 10.
    assert 1000 * fast == pytest.approx(10.0, rel=0.08)
    assert slow == pytest.approx(180.0, rel=0.05)
    assert adenylates == pytest.approx(3.4, rel=0.05)
    fast, adenylates, slow = time_constants(mitochondria.replace(STATE_3), state_3)
    assert 1000 * fast == pytest.approx(4.0, rel=0.05)
    assert adenylates == pytest.approx(17.0, rel=0.05)


def test_adenylates_relax_in_nine_seconds_under_a_cell_like_load(mitochondria):
    model = mitochondria.replace(CELL_LIKE)
    _, adenylates, _ = time_constants(model, model.steady_state())
    assert adenylates == pytest.approx(9.0, rel=0.05)


def energised(model):
    """Milliseconds to 90 % of the first maximum of the potential, and that maximum."""
    ds = model.simulate(t_end=0.02, samples=np.linspace(0, 0.02, 8001))  # 1.2 s in steps of 0.15 ms
    psi, time = ds["delta_psi"].values, ds["time"].values
    falling = np.flatnonzero(np.diff(psi) < 0)
    top = int(falling[0]) if len(falling) else len(psi) - 1
    return 60e3 * float(np.interp(0.9 * psi[top], psi[: top + 1], time[: top + 1])), psi[top]


@pytest.mark.parametrize(
    "off", [{"phosphorylation.capacity": 0.0}, {"adp_bath": 1e-12, "phosphorylation.capacity": 0.0}]
)
def test_energisation_takes_26_milliseconds(mitochondria, off):
    milliseconds, peak = energised(mitochondria.replace(off))
    assert peak == pytest.approx(182.0, abs=0.5)
    assert milliseconds == pytest.approx(26.0, rel=0.05)


def test_energisation_is_helped_by_atp(mitochondria):
    """Section L: 17 to 19 ms when ATP is present, because the synthase runs backwards; 5 %."""
    milliseconds, _ = energised(mitochondria)
    assert 0.95 * 17.0 <= milliseconds <= 1.05 * 19.0


# --- the ADP pulse -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adp_pulse(mitochondria):
    """0.2 mM ADP by one addition to a medium with 5.2 mM phosphate and no nucleotides."""
    protocol = (
        Protocol()
        .set({"atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": 5.2})
        .wait(5, "state 2")
        .add(ADP=0.2)
        .wait(5, "state 3-4 (1)")
    )
    return mitochondria.simulate(protocol, samples=2000)


def test_adp_pulse_read_with_a_ruler(adp_pulse):
    """ADP/O 2.62 from the tangents at maximal and final slope; half-time of the rate 32.6 s."""
    found = readouts.adp_over_o(adp_pulse)
    assert float(found["adp_over_o"]) == pytest.approx(2.62, rel=ONE_PERCENT)
    assert 60 * float(found["half_time"]) == pytest.approx(32.6, rel=ONE_PERCENT)
    assert float(found["adp_phosphorylated"]) == pytest.approx(0.2, rel=ONE_PERCENT)


def test_adp_drops_the_potential_within_milliseconds(mitochondria):
    """D5: 90 % of the drop in about 9 ms."""
    protocol = Protocol().set({"atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": 5.2}).wait(5).add(ADP=0.2)
    times = 5 + np.linspace(0, 0.002, 2001)
    ds = mitochondria.simulate(protocol.wait(0.002, "drop"), samples=times)
    part = ds.isel(time=np.flatnonzero(ds["segment"].values == "drop"))
    psi = part["delta_psi"].values
    drop = (psi[0] - psi) / (psi[0] - psi.min())
    seconds = 60 * (part["time"].values[np.argmax(drop >= 0.9)] - 5)
    assert 1000 * seconds == pytest.approx(9.0, abs=1.0)


# --- F4: the uncoupler optimum -------------------------------------------------------------------------------------


def optimum(model, doses, **options):
    """Dose (uM) of the largest respiration, by the parabola through the three highest points, and that rate."""
    ds = model.titrate("FCCP", doses, **options)
    assert bool(ds["success"].all())
    rate = 2 * ds["J_O2"].values
    i = int(rate.argmax())
    assert 0 < i < len(doses) - 1, "the maximum is interior"
    a, b, _ = np.polyfit(doses[i - 1 : i + 2], rate[i - 1 : i + 2], 2)
    return -b / (2 * a), rate.max()


@pytest.mark.parametrize(("protein", "dose"), [(1.0, 0.335), (0.5, 0.21), (0.2, 0.135)])
def test_fccp_optimum_depends_on_protein(with_oligomycin, protein, dose):
    found, rate = optimum(
        with_oligomycin, np.linspace(0.02, 0.6, 59), conditions={"environment.protein": protein}, clamped=()
    )
    assert found == pytest.approx(dose, abs=0.005)  # printed in steps of 5 nM
    assert rate == pytest.approx(194.0, rel=ONE_PERCENT)


def test_fccp_optimum_moves_up_when_the_synthase_may_run_backwards(mitochondria):
    """Bath nucleotides clamped at state 4, no oligomycin: 0.460 uM."""
    found, _ = optimum(mitochondria, np.linspace(0.02, 1.5, 149))
    assert found == pytest.approx(0.460, abs=0.005)


# --- item 3: the titration -----------------------------------------------------------------------------------------


DOSES = np.concatenate([[0.0], np.geomspace(0.01, 20.0, 120)])


def test_titration_of_a_clamped_bath(mitochondria):
    ds = mitochondria.titrate("FCCP", DOSES)
    assert bool(ds["success"].all())
    assert json.loads(ds.attrs["clamped"])
    assert (np.diff(ds["delta_psi"]) < 0).all()
    assert (np.diff(ds["pmf"]) < 0).all()
    rate = ds["J_O2"].values
    top = int(rate.argmax())
    assert 0 < top < len(DOSES) - 1
    assert (np.diff(rate[: top + 1]) > 0).all()
    assert (np.diff(rate[top:]) < 0).all()
    synthesis = ds["J_ATP"].values
    assert abs(synthesis[0]) < 1e-6, "state 4 before the drug"
    assert (synthesis[1:] < 0).all(), "then hydrolysis"


def test_synthesis_passes_through_zero_into_hydrolysis_under_a_load(mitochondria):
    ds = mitochondria.titrate("FCCP", DOSES, conditions=CELL_LIKE)
    synthesis = ds["J_ATP"].values
    assert synthesis[0] > 0 > synthesis[-1]
    assert (np.diff(np.sign(synthesis)) != 0).sum() == 1


def test_without_the_clamp_synthesis_equals_the_load(mitochondria):
    ds = mitochondria.titrate("FCCP", DOSES, conditions=CELL_LIKE, clamped=())
    assert bool(ds["success"].all())
    np.testing.assert_allclose(ds["J_ATP"], ds["J_load"], rtol=1e-7, atol=1e-9)
    assert (np.diff(ds["pmf"]) < 0).all()


def test_a_very_high_dose_abolishes_the_force(with_oligomycin):
    ds = with_oligomycin.titrate("FCCP", [1.0, 10.0, 100.0, 1e4], clamped=())
    assert bool(ds["success"].all())
    assert (np.diff(ds["pmf"]) < 0).all()
    assert float(ds["pmf"][-1]) < 0.1


def test_carrier_cycle_row():
    """H7, FCCP at pH 7.2/7.5: turnover per second at 50, 100, 150, 180 mV, to 1e-6."""
    from mitochem import drugs
    from mitochem.constants import FARADAY, GAS_CONSTANT

    voltage = GAS_CONSTANT * 310.15 / FARADAY
    outside, inside = drugs.FCCP.protonated_bath(7.2), drugs.FCCP.protonated_matrix(7.5)
    found = drugs.FCCP.turnover(np.array([50.0, 100.0, 150.0, 180.0]), voltage, outside, inside) / 60
    np.testing.assert_allclose(found, [427.3281, 668.8996, 803.6173, 846.8622], rtol=1e-6)


def test_textbook_experiment_goes_through_all_states(mitochondria):
    ds = mitochondria.simulate(experiments.respiratory_states())
    last = {str(k): v for k, v in zip(ds["segment"].values, ds["J_O2"].values)}
    assert last["state 1"] == 0
    assert last["inhibited"] < 0.1 * last["state 4o"] < last["state 3u (FCCP 0.4)"]
