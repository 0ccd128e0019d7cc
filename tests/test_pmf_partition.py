"""Partition of the proton-motive force: nigericin lowers ΔpH and raises Δψ, valinomycin the reverse, both uncouple.

K+ medium, state 4 and state 3, both substrates. Direction of the two: Komlodi et al. (2018), PMC6209044; both
together: Henderson, McGivan & Chappell (1969) Biochem. J. 111, 521 (recalled) and case H4 of the model description.
"""

import numpy as np
import pytest

from mitochem import drugs

SLOPE = np.log(10) * 8.314462618e-3 * 310.15 / 0.09648533212  # mV per pH unit at 37 degC
NIGERICIN = {"nigericin.dose": 0.1}
VALINOMYCIN = {"valinomycin.dose": 1e-3}
STATES = {"state 4": {}, "state 3": {"load.capacity": 1200.0}}


def parts(ds):
    return float(ds["delta_psi"]), SLOPE * float(ds["delta_pH"]), float(ds["pmf"])


@pytest.fixture(params=["NADH", "succinate"])
def model(request):
    return request.getfixturevalue("mitochondria" if request.param == "NADH" else "succinate")


@pytest.fixture(params=STATES)
def load(request):
    return STATES[request.param]


def test_nigericin_lowers_delta_pH_and_raises_delta_psi(model, load):
    psi, chemical, force = parts(model.steady_state(load))
    psi_n, chemical_n, force_n = parts(model.steady_state({**load, **NIGERICIN}))
    assert chemical_n < 0.1 * chemical
    assert psi_n > psi + 0.8 * chemical
    assert force_n == pytest.approx(force, rel=0.01)


def test_valinomycin_lowers_delta_psi_and_raises_delta_pH(model, load):
    psi, chemical, force = parts(model.steady_state(load))
    psi_v, chemical_v, force_v = parts(model.steady_state({**load, **VALINOMYCIN}))
    assert psi_v < 0.3 * psi
    assert chemical_v > 5 * chemical
    assert force_v == pytest.approx(force, rel=0.01)


def test_both_collapse_the_force(model, load):
    """K+ goes in by the one and out for H+ by the other: neither part is left, and respiration is uncoupled.

    At ten thousand times the native permeabilities the force is down to a third, and no more than a few mV at the
    limit of high doses: case H4, Δp → 0.
    """
    with_oligomycin = {**load, "oligomycin.dose": 5.0}
    before = model.steady_state(with_oligomycin)
    working = model.steady_state({**with_oligomycin, "nigericin.dose": 1.0, "valinomycin.dose": 0.1})
    limit = model.steady_state({**with_oligomycin, "nigericin.dose": 100.0, "valinomycin.dose": 10.0})
    assert float(working["pmf"]) < 0.4 * float(before["pmf"])
    assert float(working["J_O2"]) > 5 * float(before["J_O2"])
    assert all(abs(part) < 5 for part in parts(limit))


def test_together_they_do_what_neither_does_alone(mitochondria):
    nigericin, valinomycin = {"nigericin.dose": 1.0}, {"valinomycin.dose": 0.1}
    alone = [float(mitochondria.steady_state(c)["pmf"]) for c in (nigericin, valinomycin)]
    together = float(mitochondria.steady_state({**nigericin, **valinomycin})["pmf"])
    assert together < 0.6 * min(alone)
    assert min(alone) > 0.98 * float(mitochondria.steady_state()["pmf"])


def test_the_dose_moves_the_split_and_not_the_sum(mitochondria):
    for drug, doses, rises in (
        ("nigericin", np.geomspace(1e-5, 1, 6), 1),
        ("valinomycin", np.geomspace(1e-6, 1e-2, 5), -1),
    ):
        found = mitochondria.steady_state({f"{drug}.dose": doses})
        assert (rises * np.diff(found["delta_psi"]) > 0).all()
        assert (rises * np.diff(found["delta_pH"]) < 0).all()
        np.testing.assert_allclose(found["pmf"], float(mitochondria.steady_state()["pmf"]), rtol=0.01)


def test_nigericin_holds_delta_pH_at_minus_the_potassium_potential(mitochondria):
    """H4: ZΔpH → −E_K, whatever drives the cycle; to 0.1 mV at this dose."""
    found = mitochondria.steady_state({"nigericin.dose": 10.0})
    assert SLOPE * float(found["delta_pH"]) == pytest.approx(-float(found["potassium_potential"]), abs=0.1)


def test_valinomycin_holds_delta_psi_at_the_potassium_potential(mitochondria):
    """H4: Δψ → E_K, to 0.1 mV at this dose."""
    found = mitochondria.steady_state({"valinomycin.dose": 1.0})
    assert float(found["delta_psi"]) == pytest.approx(float(found["potassium_potential"]), abs=0.1)


def test_valinomycin_lets_potassium_out_below_its_potential_and_in_above(mitochondria):
    """120 nmol/mg inside, 1 mM outside: E_K = 26.73 ln(120) = 128 mV decides the direction."""
    model = mitochondria.with_component(drugs.valinomycin).replace(
        {"potassium.potassium_bath": 1.0, "valinomycin.dose": 1e-2}
    )
    values = model.evaluate({"delta_psi": np.array([100.0, 120.0, 135.0, 160.0])})
    assert float(np.max(values["potassium_potential"])) == pytest.approx(128.0, abs=0.1)
    assert (np.sign(values["J_K_uniport"]) == [-1, -1, 1, 1]).all()


def test_the_medium_decides_what_valinomycin_does(mitochondria):
    """E_K = 26.7 ln(120/1) = 128 mV in 1 mM K+: Δψ is drawn to 128 mV, not to 0, and less ΔpH is made."""
    found = mitochondria.steady_state({**VALINOMYCIN, "potassium.potassium_bath": np.array([1.0, 120.0])})
    assert (np.diff(found["delta_psi"]) < 0).all()
    assert (np.diff(found["delta_pH"]) > 0).all()
