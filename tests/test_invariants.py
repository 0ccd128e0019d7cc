"""What no parameter, protocol or solver may change: charge, adenylates, phosphate, the second law, the clock."""

import math

import numpy as np
import pytest
import xarray

from mitochem import Protocol, drugs, experiments
from mitochem.components import ConstantDemand

RANDOM_STATES = {
    "delta_psi": (-100.0, 250.0),
    "pH_matrix": (6.0, 9.0),
    "oxygen": (1e-6, 0.25),
    "atp_bath": (1e-6, 10.0),
    "adp_bath": (1e-6, 10.0),
    "pi_bath": (1e-3, 20.0),
    "K_matrix": (1.0, 300.0),
}
# An affinity is a sum of terms of up to 440 kJ/mol, each right to 1e-16 of itself, that passes through an exponential
# in the law: below this its sign is rounding.
AFFINITY_FLOOR = 1e-10  # kJ/mol


def drawn(rng, low, high, size):
    if low > 0 and high / low > 3:
        return np.exp(rng.uniform(math.log(low), math.log(high), size))
    return rng.uniform(low, high, size)


def random_states(model, size, seed=0):
    rng = np.random.default_rng(seed)
    return {name: drawn(rng, *RANDOM_STATES[name], size) for name in model.program.states}


@pytest.fixture(scope="module", params=["NADH", "succinate"])
def everything(request, mitochondria, succinate):
    """L1 with FCCP, slip and a load, so that every flux flows."""
    model = mitochondria if request.param == "NADH" else succinate
    return model.with_component(drugs.FCCP).replace(
        {"FCCP.dose": 0.3, "electron_transport.slip_capacity": 5.0, "load.capacity": 300.0}
    )


# --- item 5: the second law ----------------------------------------------------------------------------------------


def test_no_flux_runs_against_its_affinity_on_ten_thousand_states(everything):
    values = everything.evaluate(random_states(everything, 10_000))
    for name, flux in everything.program.fluxes.items():
        if flux.law.driven:
            J, A = np.broadcast_arrays(values[name], values[f"affinity_{name}"])
            against = (J * A < 0) & (np.abs(A) > AFFINITY_FLOOR)
            assert not against.any(), f"{name} runs uphill at {np.flatnonzero(against)[:5]}"
            assert np.isfinite(J).all()
            assert (np.abs(J) > 0).mean() > 0.99, f"{name} does not flow at all"


def test_laws_without_an_affinity_are_listed_by_name(everything):
    exempt = {n: flux.law.reason for n, flux in everything.program.fluxes.items() if not flux.law.driven}
    assert exempt == {"J_load": "ATP-using work is taken as irreversible"}
    assert "no affinity: ATP-using work" in everything.fluxes.loc["J_load", "driven_by"]


def zero_of(model, states, flux, handle):
    """The states with one of them (in which the affinity is linear) moved to where the affinity vanishes."""
    moved = dict(states)
    for _ in range(3):
        a = model.evaluate(moved)[f"affinity_{flux}"]
        b = model.evaluate(moved | {handle: moved[handle] + 1.0})[f"affinity_{flux}"]
        moved[handle] = moved[handle] - a / (b - a)
    return moved


@pytest.mark.parametrize(
    ("flux", "handle", "unit_step"),
    [
        ("J_leak", "delta_psi", 26.7),
        ("FCCP_J_carried", "delta_psi", 26.7),
        ("J_K_uniport", "delta_psi", 26.7),
        ("J_KH_exchange", "pH_matrix", 0.434),
        ("J_ATP", "delta_psi", 26.7),
        ("electron_transport_J_coupled", "delta_psi", 26.7),
    ],
)
def test_a_flux_vanishes_with_its_affinity(everything, flux, handle, unit_step):
    states = random_states(everything, 200, seed=1)
    # matrix pH is bounded to 0 ... 14, and E_K is within a few units of it for physiological gradients
    states["K_matrix"] = np.random.default_rng(2).uniform(60.0, 200.0, 200)
    at_zero = zero_of(everything, states, flux, handle)
    still = everything.evaluate(at_zero)
    assert np.abs(still[f"affinity_{flux}"]).max() < 1e-9
    moving = everything.evaluate(at_zero | {handle: at_zero[handle] + unit_step})
    # Against the flux at one RT: the remaining affinity is 1e-12 kJ/mol of 2.6.
    assert (np.abs(still[flux]) <= 1e-9 * np.abs(moving[flux])).all()


def test_slip_vanishes_without_a_redox_span(everything):
    values = everything.replace({"electron_transport.redox_span": 0.0}).evaluate(random_states(everything, 50))
    assert np.abs(values["affinity_electron_transport_J_slip"]).max() == 0
    assert np.abs(values["electron_transport_J_slip"]).max() == 0


# --- item 4: conservation along protocols --------------------------------------------------------------------------


CHARGE = {"delta_psi": 0.005, "pH_matrix": -22.0, "K_matrix": 1.0}
PROTOCOLS = {
    "textbook": experiments.respiratory_states(),
    "to anoxia": experiments.respiratory_states(adp=0.1, to_anoxia=True),
    "additions of everything": Protocol()
    .wait(1)
    .add(ADP=0.3, Pi=2.0)
    .wait(2)
    .add(ATP=1.0)
    .wait(2)
    .set({"load.capacity": 600.0})
    .wait(3)
    .add(FCCP=0.3)
    .wait(2)
    .add(valinomycin=1e-4, nigericin=1e-2)
    .wait(3)
    .add(cyanide=100.0)
    .wait(5),
}


def segments(ds):
    """Index arrays of the stretches between additions."""
    labels = ds["segment"].values
    edges = np.flatnonzero(labels[1:] != labels[:-1]) + 1
    return np.split(np.arange(len(labels)), edges)


@pytest.mark.parametrize("name", PROTOCOLS)
@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
def test_charge_adenylates_and_phosphate_are_conserved_along(name, substrate, mitochondria, succinate):
    model = mitochondria if substrate == "NADH" else succinate
    ds = model.simulate(PROTOCOLS[name])
    charge = sum(c * ds[s].values for s, c in CHARGE.items())
    np.testing.assert_allclose(charge, -38.4, rtol=1e-8)  # no addition of this kind moves charge into the matrix
    for part in segments(ds):
        atp, adp, pi = (ds[s].values[part] for s in ("atp_bath", "adp_bath", "pi_bath"))
        np.testing.assert_allclose(atp + adp, atp[0] + adp[0], rtol=1e-8, atol=1e-14)
        np.testing.assert_allclose(pi - adp, pi[0] - adp[0], rtol=1e-8)


def test_additions_are_what_changes_the_totals(mitochondria):
    ds = mitochondria.simulate(PROTOCOLS["additions of everything"])
    at = [part[0] for part in segments(ds)]
    adenylates = (ds["atp_bath"] + ds["adp_bath"]).values[at]
    np.testing.assert_allclose(adenylates, [0.5, 0.8, 1.8, 1.8, 1.8, 1.8, 1.8], rtol=1e-8)
    phosphate = (ds["pi_bath"] + 2 * ds["adp_bath"] + 3 * ds["atp_bath"]).values[at]
    np.testing.assert_allclose(phosphate, [6.5, 9.1, 12.1, 12.1, 12.1, 12.1, 12.1], rtol=1e-8)


def test_oxygen_used_in_a_closed_chamber_is_the_integral_of_respiration(mitochondria):
    ds = mitochondria.simulate(Protocol().in_closed_chamber().wait(3), samples=4000)
    used = np.trapezoid(ds["J_O2"].values, ds["time"].values) / 1000  # 1000 uL/mg
    assert used == pytest.approx(0.2 - float(ds["oxygen"][-1]), rel=1e-4)  # trapezoidal rule


def test_a_model_without_potassium_has_lost_a_degree_of_freedom(mitochondria):
    model = mitochondria.without("potassium", "potassium_uniport", "potassium_proton_exchange")
    laws = model.conservation_laws()
    charge = next(law for law in laws if "delta_psi" in law.coefficients)
    assert set(charge.coefficients) == {"delta_psi", "pH_matrix"}
    assert "one degree of freedom lost" in str(laws)
    assert "electroneutral path" in str(laws)


# --- item 5: time --------------------------------------------------------------------------------------------------


def test_a_run_split_in_two_is_the_whole_run(mitochondria):
    whole = mitochondria.simulate(Protocol().add(ADP=0.3).wait(5))
    split = mitochondria.simulate(Protocol().add(ADP=0.3).wait(0.7).wait(1.3).wait(3))
    first = mitochondria.simulate(Protocol().add(ADP=0.3).wait(2))
    second = mitochondria.simulate(t_end=3, start=first.isel(time=-1))
    for name in mitochondria.program.states:
        scale = float(np.abs(whole[name]).max())
        for other in (split, second):
            # rtol 1e-8 a step; errors at the ends add up over some hundred steps
            assert float(other[name][-1]) == pytest.approx(float(whole[name][-1]), rel=1e-6, abs=1e-6 * scale)


def test_a_ten_second_pulse_in_a_ten_hour_run_is_not_missed(mitochondria):
    protocol = Protocol().wait(300).add(FCCP=0.5).wait(1 / 6, "pulse").set({"FCCP.dose": 0.0}).wait(300)
    ds = mitochondria.simulate(protocol)
    pulse = ds.isel(time=np.flatnonzero(ds["segment"].values == "pulse"))
    assert float(pulse["pmf"].min()) < 150 < 184 < float(ds["pmf"][-1])
    assert float(pulse["time"][-1] - pulse["time"][0]) == pytest.approx(1 / 6, rel=1e-9)
    assert float(ds["time"][-1]) == pytest.approx(600 + 1 / 6, rel=1e-12)


def test_error_falls_with_the_tolerance(mitochondria):
    protocol = Protocol().add(ADP=0.3).wait(1).add(FCCP=0.1).wait(1)
    times = np.linspace(0.05, 1.95, 39)
    runs = {r: mitochondria.simulate(protocol, rtol=r, samples=times) for r in (1e-3, 1e-5, 1e-7, 1e-12)}
    exact = runs.pop(1e-12)
    errors = [
        max(
            float(np.abs(ds[n] - exact[n].values).max() / np.abs(exact[n]).max())
            for n in ("delta_psi", "adp_bath", "pH_matrix")
        )
        for ds in runs.values()
    ]
    assert errors[0] > 3 * errors[1] > 9 * errors[2]
    assert errors[2] < 1e-5  # a hundred steps at 1e-7


# --- item 6: the steady state is where a long run ends -------------------------------------------------------------


def parameter_sets(model, count, seed):
    """Conditions sampled log-uniformly from the declared ranges, zipped along one dimension."""
    rng = np.random.default_rng(seed)
    sets = {}
    for owner, item in model.components.items():
        for name, declared in item.declared_parameters.items():
            if declared.range:
                sets[f"{owner}.{name}"] = xarray.DataArray(drawn(rng, *declared.range, count), dims="member")
    return sets


def ends_where_newton_does(model, count, seed):
    """Parameter sets (with what differs) where Newton fails or its root is not where a long run ends."""
    sets = parameter_sets(model, count, seed)
    roots = model.steady_state(sets)
    scale = {name: law.options["scale"] for name, (_, law) in model.program.states.items()}
    wrong = {}
    for i in range(count):
        here = model.replace({k: float(v[i]) for k, v in sets.items()})
        if not bool(roots["success"][i]):
            wrong[i] = str(roots["message"][i].item())
            continue
        # 1e5 min are hundreds of the slowest time constants of the declared ranges (a few hours).
        run = here.simulate(t_end=1e5, samples=[1e5])
        for name in model.program.states:
            a, b = float(roots[name][i]), float(run[name][-1])
            if abs(a - b) > 1e-6 * max(abs(a), scale[name]):
                wrong[i] = f"{name}: Newton {a:.8g}, long run {b:.8g}"
    return wrong


def test_newton_and_a_long_run_agree_at_some_parameter_sets(mitochondria):
    assert ends_where_newton_does(mitochondria, 25, seed=11) == {}


@pytest.mark.slow
@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
def test_newton_and_a_long_run_agree_at_a_thousand_parameter_sets(substrate, mitochondria, succinate):
    model = mitochondria if substrate == "NADH" else succinate
    assert ends_where_newton_does(model, 500, seed=12) == {}


@pytest.mark.parametrize("values", [[22.0, 10.0, 22.0], [22.0, 10.0, 5.0]])
def test_each_point_of_a_batch_keeps_its_own_conserved_charge(mitochondria, values):
    """The charge invariant contains the buffer: a point in the middle of a batch has its own."""
    ds = mitochondria.steady_state({"membrane.buffer": values})
    for i, buffer in enumerate(values):
        alone = mitochondria.steady_state({"membrane.buffer": buffer})
        for name in ("delta_psi", "pH_matrix", "K_matrix"):
            assert float(ds[name][i]) == pytest.approx(float(alone[name]), rel=1e-8), (name, buffer)


def test_points_of_a_batch_do_not_know_of_each_other(mitochondria):
    loads = np.linspace(0, 1500, 7)
    together = mitochondria.steady_state({"load.capacity": loads, "environment.temperature": [300.0, 310.15]})
    for i, load in enumerate(loads):
        alone = mitochondria.steady_state({"load.capacity": load, "environment.temperature": 300.0})
        assert float(together["pmf"][i, 0]) == pytest.approx(float(alone["pmf"]), rel=1e-9)


@pytest.mark.parametrize("demand", [100.0, 300.0])
def test_a_constant_demand_within_capacity_is_met(mitochondria, demand):
    model = mitochondria.with_component(ConstantDemand(demand=demand))
    ds = model.steady_state()
    assert bool(ds["success"]), ds["message"].item()
    assert float(ds["J_ATP"]) == pytest.approx(demand, rel=1e-9)
