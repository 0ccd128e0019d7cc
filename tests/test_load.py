"""What uses ATP: ATPase, hexokinase, and the kinases that buffer ATP and ADP."""

import numpy as np
import pytest

from mitochem.components import AdenylateKinase, CreatineKinase, Hexokinase, adenylates, load
from mitochem.core.protocol import Protocol
from mitochem.models import isolated_mitochondria
from mitochem.thermodynamics import creatine_kinase_constant


def with_(*extra, **values):
    return isolated_mitochondria().with_component(*extra).replace({k.replace("__", "."): v for k, v in values.items()})


def test_loads_live_with_what_uses_atp():
    assert not hasattr(adenylates, "SaturatingLoad")
    assert load.SaturatingLoad(capacity=600.0).J_load(0.15) == 300.0
    assert load.ConstantDemand(demand=80.0).J_load() == 80.0


def test_atpase_returns_its_phosphate_and_hexokinase_keeps_it():
    atpase = isolated_mitochondria().replace({"load.capacity": 300.0}).simulate(t_end=5.0)
    hexokinase = with_(Hexokinase(capacity=300.0)).simulate(t_end=5.0)
    assert float(hexokinase.pi_bath[-1]) < float(atpase.pi_bath[-1]) - 0.5
    books = 3 * hexokinase.atp_bath + 2 * hexokinase.adp_bath + hexokinase.pi_bath + hexokinase.glucose_6_phosphate_bath
    np.testing.assert_allclose(books, 6.5, atol=1e-6)  # 3 · 0.5 + 5


def test_hexokinase_works_at_its_capacity_with_excess_glucose():
    # 600 · 10/10.1 · 0.5/0.65 = 456.97
    assert Hexokinase(capacity=600.0).J_hexokinase(0.5) == pytest.approx(456.968, rel=1e-5)
    assert Hexokinase(capacity=600.0, glucose=0.0).J_hexokinase(0.5) == 0.0


def test_hexokinase_has_a_steady_state_where_phosphate_is_held():
    model = with_(Hexokinase(capacity=300.0)).clamp("pi_bath")
    rest = model.steady_state(on_failure="raise")
    assert float(rest.J_ATP) == pytest.approx(float(rest.J_hexokinase), rel=1e-6)


def test_creatine_kinase_rests_at_its_constant():
    model = with_(CreatineKinase()).clamp("atp_bath")
    run = model.replace({"atp_bath": 5.0, "phosphocreatine_bath": 20.0, "creatine_bath": 10.0, "adp_bath": 1.0})
    end = run.without("phosphorylation").simulate(t_end=5.0).isel(time=-1)
    ratio = end.atp_bath * end.creatine_bath / (end.adp_bath * end.phosphocreatine_bath)
    assert float(ratio) == pytest.approx(float(creatine_kinase_constant()), rel=1e-6)
    assert float(end.creatine_bath + end.phosphocreatine_bath) == pytest.approx(30.0)


def test_creatine_kinase_affinity_is_that_of_its_mass_action():
    model = with_(CreatineKinase())
    found = model.evaluate(dict(atp_bath=5.0, adp_bath=0.5, phosphocreatine_bath=20.0, creatine_bath=10.0))
    K = float(creatine_kinase_constant(7.2, 1.0))
    expected = 8.314462618e-3 * 310.15 * np.log(K * 0.5 * 20.0 / (5.0 * 10.0))
    assert found["affinity_J_creatine_kinase"] == pytest.approx(expected)


def test_phosphocreatine_delays_the_fall_of_atp():
    """A burst of work: with phosphocreatine ATP falls less, and creatine appears."""
    burst = Protocol().wait(2).set({"load.capacity": 3000.0}).wait(0.2)
    bare = isolated_mitochondria().simulate(burst)
    stored = with_(CreatineKinase(), phosphocreatine_bath=10.0, creatine_bath=2.0).simulate(burst)
    assert float(stored.atp_bath[-1]) > float(bare.atp_bath[-1])
    assert float(stored.creatine_bath[-1]) > float(stored.creatine_bath.sel(time=2.0, method="nearest").min())


def test_adenylate_kinase_turns_two_adp_into_atp_and_amp():
    model = with_(AdenylateKinase(equilibrium=0.5), atp_bath=0.2, adp_bath=0.6).without("phosphorylation")
    end = model.simulate(t_end=5.0).isel(time=-1)
    assert float(end.atp_bath * end.amp_bath / end.adp_bath**2) == pytest.approx(0.5, rel=1e-6)
    assert float(end.atp_bath + end.adp_bath + end.amp_bath) == pytest.approx(0.8)
    assert float(end.pi_bath) == pytest.approx(5.0)


def test_adenylate_kinase_widens_the_adenylate_pool():
    laws = {law.name: law.coefficients for law in with_(AdenylateKinase()).conservation_laws()}
    assert laws["adenylate"] == {"atp_bath": 1, "adp_bath": 1, "amp_bath": 1}


def test_kinases_do_no_work_at_rest():
    model = with_(CreatineKinase(), AdenylateKinase(), phosphocreatine_bath=5.0, creatine_bath=5.0)
    rest = model.steady_state({"load.capacity": 600.0}, on_failure="raise")
    assert float(rest.J_creatine_kinase) == pytest.approx(0, abs=1e-5)
    assert float(rest.J_adenylate_kinase) == pytest.approx(0, abs=1e-5)
    assert float(rest.J_ATP) == pytest.approx(float(rest.J_load), rel=1e-6)
