"""Machines that run backwards: electrons from succinate to NAD+, and ATP synthase as a pump."""

import numpy as np
import pytest

from mitochem import experiments, models, verify


def labels(ds):
    return list(dict.fromkeys(ds["segment"].values.tolist()))


def at_end(ds, label, name):
    return float(ds[name].values[ds["segment"].values == label][-1])


# --- reverse electron transport ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chain():
    return models.respiratory_chain()


@pytest.fixture(scope="module")
def reversed_electrons(chain):
    return chain.simulate(experiments.reverse_electron_transport())


def test_succinate_reduces_nad_against_its_potential(reversed_electrons):
    run = reversed_electrons
    assert labels(run) == ["no substrate", "succinate", "NADH acceptor", "FCCP 0.05", "FCCP 0.15", "FCCP 0.35"]
    assert at_end(run, "no substrate", "nadh_matrix") < 0.01
    assert at_end(run, "succinate", "nadh_matrix") > 0.9 * 2.97
    succinate = run["segment"].values == "succinate"
    assert run["J_complex_I"].values[succinate].min() < -20, "while NADH rises"
    assert run["J_complex_I"].values[succinate][-1] == pytest.approx(0, abs=0.01), "and stops at its equilibrium"


def test_it_stops_where_two_potentials_balance_four_forces(reversed_electrons):
    """2 (E_Q − E_N) = 4 Δp at J = 0."""
    run = reversed_electrons.isel(time=int(np.flatnonzero(reversed_electrons["segment"].values == "succinate")[-1]))
    span = 2 * (float(run["ubiquinone_potential"]) - float(run["nad_potential"]))
    assert span == pytest.approx(4 * float(run["pmf"]), abs=0.1)


def test_an_acceptor_keeps_it_going_and_uncoupler_ends_it(reversed_electrons):
    run = reversed_electrons
    flow = at_end(run, "NADH acceptor", "J_complex_I")
    assert flow < -50
    assert flow == pytest.approx(at_end(run, "NADH acceptor", "J_dehydrogenase"), rel=1e-2), "NADH is steady"
    steps = [at_end(run, f"FCCP {d:g}", "J_complex_I") for d in (0.05, 0.15, 0.35)]
    assert (np.diff([flow, *steps]) > 0).all()
    assert steps[-1] > 0, "forward again"
    nadh = [at_end(run, label, "nadh_matrix") for label in labels(run)[1:]]
    assert (np.diff(nadh) < 0).all()


def test_electrons_for_complex_I_come_from_succinate(reversed_electrons):
    """Steady: what enters at complex II goes to oxygen (two pairs per O2) or back through complex I."""
    run = reversed_electrons
    entering, oxygen, back = (at_end(run, "NADH acceptor", n) for n in ("J_complex_II", "J_O2", "J_complex_I"))
    assert entering == pytest.approx(2 * oxygen - back, rel=1e-3)


def test_rotenone_ends_it_and_leaves_the_force(chain):
    run = chain.simulate(experiments.reverse_electron_transport(stop="rotenone", stop_doses=(1.0,)))
    assert abs(at_end(run, "rotenone 1", "J_complex_I")) < 0.1
    assert at_end(run, "rotenone 1", "nadh_matrix") < 0.2 * at_end(run, "NADH acceptor", "nadh_matrix")
    assert at_end(run, "rotenone 1", "pmf") > at_end(run, "NADH acceptor", "pmf")


def test_nigericin_raises_the_potential_and_does_not_end_it(chain):
    run = chain.simulate(experiments.reverse_electron_transport(stop="nigericin", stop_doses=(0.1,)))
    assert at_end(run, "nigericin 0.1", "delta_psi") > at_end(run, "NADH acceptor", "delta_psi") + 5
    assert at_end(run, "nigericin 0.1", "delta_pH") < 0.05
    assert at_end(run, "nigericin 0.1", "J_complex_I") < -50


def test_the_chain_goes_forward_from_nadh_and_back_from_both():
    forward, both = (models.respiratory_chain(s).steady_state() for s in ("NADH", "both"))
    assert float(forward["J_complex_I"]) > 0
    assert float(forward["J_complex_I"]) == pytest.approx(2 * float(forward["J_O2"]), rel=1e-6)
    assert float(both["J_complex_I"]) < 0
    assert "NADH" in models.respiratory_chain().description


# --- synthase reversal ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inhibitor", ["antimycin", "cyanide"])
def test_hydrolysis_holds_the_force_below_the_energy_of_atp(mitochondria, inhibitor):
    """Δp < ΔG_P/(11/3 F) while ATP is hydrolysed, and near it; oligomycin lets it go."""
    dose = {"antimycin": 1.0, "cyanide": 1000.0}[inhibitor]
    run = mitochondria.simulate(experiments.synthase_reversal(inhibitor=inhibitor, inhibitor_dose=dose))
    assert labels(run) == ["respiring", inhibitor, "oligomycin"]
    held = run.isel(time=np.flatnonzero(run["segment"].values == inhibitor)[40:])
    limit = held["delta_Gp"] / (11 / 3 * 0.0964853)
    assert (held["J_ATP"] < 0).all()
    assert (held["pmf"] < limit).all()
    # to some mV: hydrolysis that pays for a leak is not at equilibrium
    assert (held["pmf"] > limit - 15).all()
    assert at_end(run, inhibitor, "delta_psi") > 0.75 * at_end(run, "respiring", "delta_psi")
    assert at_end(run, "oligomycin", "delta_psi") < 0.25 * at_end(run, inhibitor, "delta_psi")
    assert at_end(run, "oligomycin", "J_ATP") == pytest.approx(0, abs=0.1)
    assert at_end(run, inhibitor, "J_O2") < 0.01 * at_end(run, "respiring", "J_O2")


def test_more_atp_holds_it_longer(mitochondria):
    little, much = (mitochondria.simulate(experiments.synthase_reversal(atp=a)) for a in (0.0, 4.0))
    assert at_end(much, "antimycin", "pmf") > at_end(little, "antimycin", "pmf") + 5


@pytest.mark.slow
def test_the_chain_is_verified(chain):
    assert verify(chain).ok
