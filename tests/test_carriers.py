"""Translocase and phosphate carrier: equilibria, and the identity that justifies lumping them with the synthase."""

import math

import numpy as np
import pytest
from assembled import SURROUNDINGS, carriers, detailed

from mitochem.components import (
    AdenineNucleotideTranslocase,
    Adenylates,
    BindingMembrane,
    MatrixAdenylates,
    PhosphateCarrier,
)
from mitochem.core.model import Model
from mitochem.thermodynamics import atp_synthesis_energy, binding_polynomial, mean_bound

F = 0.09648533212
RT = 8.314462618e-3 * 310.15
VT = RT / F
Z = VT * math.log(10)


@pytest.fixture(scope="module")
def model():
    return carriers()


def bare(species, total, pH, mg):
    return total / binding_polynomial(species, pH, mg)


def test_translocase_rests_where_bare_nucleotides_differ_by_398_at_160_mV(model):
    """H5: (ATP/ADP of bare anions, outside over inside) is e^φ = 398.03 at Δψ = 160 mV."""
    pH, inside = 7.6, 0.8
    T, D = bare("ATP", inside, pH, 1.0), bare("ADP", 1.0, pH, 1.0)
    outside = 398.03 * T / D * binding_polynomial("ATP", 7.2, 1.0) / binding_polynomial("ADP", 7.2, 1.0)
    found = model.evaluate(
        dict(delta_psi=160, pH_matrix=pH, atp_matrix=inside, adp_matrix=1.0, atp_bath=0.01 * outside, adp_bath=0.01)
    )
    assert found["affinity_J_translocase"] == pytest.approx(0, abs=RT * 2e-5)  # 398.03 has five digits
    assert found["J_translocase"] == pytest.approx(0, abs=0.05)


def test_translocase_is_driven_by_the_potential_and_not_by_pH(model):
    """With Mg2+ and pH alike on both sides totals stand for bare species; the law of charge is then FΔψ alone."""
    at = dict(pH_matrix=7.2, atp_matrix=5, adp_matrix=5, atp_bath=2.0, adp_bath=2.0)
    for delta_psi in (-50.0, 0.0, 120.0):
        found = model.evaluate(at | {"delta_psi": delta_psi})
        assert found["affinity_J_translocase"] == pytest.approx(F * delta_psi, abs=1e-9)
        assert np.sign(found["J_translocase"]) == np.sign(delta_psi)


def test_translocase_moves_one_charge_and_no_proton(model):
    column = model.stoichiometry.sel(flux="J_translocase")
    assert float(column.sel(pool="charge_ims")) == -1
    assert float(column.sel(pool="h_matrix")) == 0


@pytest.mark.parametrize("delta_pH", [-0.4, 0.0, 0.8])
def test_phosphate_rests_at_ten_to_the_pH_difference(model, delta_pH):
    pH = 7.2 + delta_pH
    outside = 5.0
    h2po4 = outside * mean_bound("H", "Pi", 7.2, 1.0) * 10**delta_pH  # of the matrix, at rest
    inside = h2po4 / mean_bound("H", "Pi", pH, 1.0)
    found = model.evaluate(dict(delta_psi=170.0, pH_matrix=pH, pi_bath=outside, pi_matrix=inside))
    assert found["affinity_J_phosphate"] == pytest.approx(0, abs=1e-9)
    assert found["J_phosphate"] == pytest.approx(0, abs=1e-9)
    twice = bare("Pi", inside, pH, 1.0) / bare("Pi", outside, 7.2, 1.0)
    assert twice == pytest.approx(10 ** (2 * delta_pH))


def test_phosphate_carrier_moves_no_charge(model):
    column = model.stoichiometry.sel(flux="J_phosphate")
    assert float(column.sel(pool="charge_ims")) == 0
    assert float(column.sel(pool="h_matrix")) == 2
    assert {law.name for law in model.conservation_laws()} >= {"charge", "phosphate", "adenylate"}


def test_added_phosphate_lowers_the_pH_difference_and_raises_the_potential():
    found = detailed().steady_state({"pi_bath": np.array([0.2, 1.0, 5.0, 20.0])}, on_failure="raise")
    assert (np.diff(found.delta_pH) < 0).all()
    assert (np.diff(found.delta_psi) > 0).all()


def test_potential_of_the_matrix_is_that_of_its_own_conditions(model):
    found = model.replace({"matrix_adenylates.magnesium_matrix": 0.4}).evaluate(
        dict(pH_matrix=7.7, atp_matrix=6.0, adp_matrix=3.0, pi_matrix=8.0)
    )
    # The model's standard energy is 33.0 at the reference, the tables' 32.93: both sides carry that difference.
    offset = 33.0 - atp_synthesis_energy(1.0, 1.0, 1000.0, 7.2, 1.0)
    assert found["delta_Gp_matrix"] == pytest.approx(atp_synthesis_energy(6.0, 3.0, 8.0, 7.7, 0.4) + offset, abs=1e-9)


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"environment.pH_bath": 6.9, "pH_matrix": 7.1},
        {"environment.magnesium": 3.0, "matrix_adenylates.magnesium_matrix": 0.3},
        {"atp_synthase.c_ring": 10.0},
        {"environment.temperature": 303.15},
    ],
)
def test_at_rest_external_atp_is_worth_a_third_of_the_ring_and_one(conditions):
    """Static head: ΔG_P(bath) = (c/3 + 1) F Δp exactly, for any pH, Mg2+ and ring; K' of the bath."""
    rest = detailed().steady_state({"load.capacity": 0.0, **conditions}, on_failure="raise")
    c = conditions.get("atp_synthase.c_ring", 8.0)
    pmf = float(rest.pmf)
    assert abs(float(rest.J_ATP)) < 1e-6
    assert float(rest.delta_Gp) == pytest.approx((c / 3 + 1) * F * pmf, abs=1e-4)
    assert float(rest.delta_Gp_matrix) == pytest.approx(c / 3 * F * pmf, abs=1e-4)


def test_affinities_of_synthase_and_carriers_add_up_to_the_lumped_one(model):
    found = model.evaluate(dict(delta_psi=150, pH_matrix=7.7, adp_bath=0.1, atp_matrix=3.0, pi_matrix=7.0))
    parts = sum(found[f"affinity_{flux}"] for flux in ("J_ATP", "J_translocase", "J_phosphate"))
    assert parts == pytest.approx(11 / 3 * F * found["pmf"] - found["delta_Gp"], abs=1e-7)


# --- protons bound to what is carried ---------------------------------------------------------------------------------


def test_acid_of_the_matrix_counts_what_the_anions_bind():
    """D2: the pH changes by −(2 − n_Pi) per phosphate carried in and (n_T − n_D) per ATP exchanged."""
    model = Model(
        *(BindingMembrane() if c.name == "membrane" else c for c in SURROUNDINGS),
        Adenylates(),
        MatrixAdenylates(),
        AdenineNucleotideTranslocase(),
        PhosphateCarrier(),
    )
    point = dict(delta_psi=150, pH_matrix=7.5, adp_bath=0.1)
    found = model.evaluate(point)
    n_T, n_D, n_Pi = (mean_bound("H", species, 7.5, 1.0) for species in ("ATP", "ADP", "Pi"))
    acid = found["J_KH_exchange"] + (2 - n_Pi) * found["J_phosphate"] + (n_T - n_D) * found["J_translocase"]
    assert found["d_pH_matrix"] == pytest.approx(-acid / 22.0)


def test_bound_protons_do_not_move_where_the_carriers_rest():
    plain, counted = (
        detailed().with_component(*extra).simulate(t_end=200.0).isel(time=-1) for extra in ((), (BindingMembrane(),))
    )
    for end in (plain, counted):
        assert float(end.delta_Gp) == pytest.approx(11 / 3 * F * float(end.pmf), abs=0.05)
