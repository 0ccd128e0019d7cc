"""The chain complex by complex: charges and protons, affinities, respiration, reverse electron transport."""

import math

import numpy as np
import pytest
from assembled import POOLS, SURROUNDINGS, chain, detailed

from mitochem.components import ComplexI, ComplexII, Dehydrogenase, OhmicLeak
from mitochem.core.model import Model

F = 0.09648533212
VT = 8.314462618e-3 * 310.15 / F
Z = VT * math.log(10)


@pytest.fixture(scope="module")
def model():
    return chain()


@pytest.fixture(scope="module")
def whole():
    return detailed()


def posts(model, flux):
    column = model.stoichiometry.sel(flux=flux)
    return {str(pool): float(v) for pool, v in zip(column.pool.values, column.values) if v}


# --- stoichiometry -------------------------------------------------------------------------------------------------

# C2, per electron pair: charges, protons to P, protons from N.
TABLE = {
    "J_complex_I": (4, 4, 5),
    "J_complex_II": (0, 0, 0),
    "J_complex_III": (2, 4, 2),
    "J_complex_IV": (4, 2, 4),
}
PAIRS = {"J_complex_IV": 2}  # per O2


@pytest.mark.parametrize("flux", TABLE)
def test_charges_and_protons_of_each_complex(model, flux):
    found = posts(model, flux)
    pairs = PAIRS.get(flux, 1)
    moved = [found.get(pool, 0) / pairs for pool in ("charge_ims", "h_ims", "h_matrix")]
    assert moved == [TABLE[flux][0], TABLE[flux][1], -TABLE[flux][2]]


def test_nadh_moves_ten_charges_and_ten_protons_and_succinate_six(model):
    def along(path, pool):
        return sum(posts(model, flux).get(pool, 0) * share for flux, share in path.items())

    shared = {"J_complex_III": 1, "J_complex_IV": 0.5}
    nadh = {"J_dehydrogenase": 1, "J_complex_I": 1, **shared}
    succinate = {"J_complex_II": 1, **shared}
    assert [along(nadh, p) for p in ("charge_ims", "h_ims", "h_matrix")] == [10, 10, -10]
    assert [along(succinate, p) for p in ("charge_ims", "h_ims", "h_matrix")] == [6, 6, -6]


def test_charges_are_not_protons_in_the_cytochrome_complexes(model):
    for flux in ("J_complex_III", "J_complex_IV"):
        found = posts(model, flux)
        assert found["charge_ims"] != found["h_ims"]


def test_one_pair_reduces_half_an_oxygen(model):
    assert posts(model, "J_complex_III")["cytochrome_c_reduced"] == 2
    assert posts(model, "J_complex_IV")["oxygen"] == -1
    assert posts(model, "J_complex_IV")["cytochrome_c_reduced"] == -4


# --- affinities ----------------------------------------------------------------------------------------------------


def at_potentials(model, E_N, E_Q, E_c, E_O2, delta_psi, delta_pH):
    """The model where the pools have the given potentials (mV), by inverting Nernst's equation by hand."""
    pH = 7.2 + delta_pH
    nad = 2.97 / (1 + math.exp(-2 * (E_N - (-320 - Z / 2 * (pH - 7))) / VT))
    quinone = 1.35 / (1 + math.exp(-2 * (E_Q - (45 - Z * (pH - 7))) / VT))
    oxidised = 2.7 / (1 + math.exp(-(E_c - 254) / VT))
    return model.evaluate(
        dict(
            delta_psi=delta_psi,
            pH_matrix=pH,
            nad_matrix=nad,
            nadh_matrix=2.97 - nad,
            ubiquinone=quinone,
            ubiquinol=1.35 - quinone,
            cytochrome_c_oxidised=oxidised,
            cytochrome_c_reduced=2.7 - oxidised,
            oxygen=1.0 * math.exp(4 * (E_O2 - (816 - Z * (pH - 7))) / VT),
        )
    )


def test_forces_of_the_three_pumps_and_their_sum(model):
    """H17: at E = −300, 60, 290, 800 mV, Δψ 150, ZΔpH 20: 40, 80 and 380 mV, together 2(800 + 300) − 10·170 = 500."""
    found = at_potentials(model, -300, 60, 290, 800, 150, 20 / Z)
    assert found["nad_potential"] == pytest.approx(-300)
    assert found["ubiquinone_potential"] == pytest.approx(60)
    assert found["cytochrome_c_potential"] == pytest.approx(290)
    assert found["oxygen_potential"] == pytest.approx(800)
    forces = [found["affinity_J_complex_I"] / F, found["affinity_J_complex_III"] / F]
    forces.append(found["affinity_J_complex_IV"] / F / 2)  # per pair
    assert forces == pytest.approx([40, 80, 380], abs=1e-6)
    assert sum(forces) == pytest.approx(500, abs=1e-6)


@pytest.mark.parametrize(("delta_psi", "delta_pH"), [(170.0, 0.0), (100.0, 1.0), (0.0, 2.5)])
def test_work_of_complexes_depends_on_how_the_force_is_made_up(model, delta_psi, delta_pH):
    E = dict(E_N=-300, E_Q=20, E_c=280, E_O2=780)
    found = at_potentials(model, **E, delta_psi=delta_psi, delta_pH=delta_pH)
    pmf = delta_psi + Z * delta_pH
    assert found["affinity_J_complex_I"] / F == pytest.approx(640 - 4 * pmf, abs=1e-6)
    assert found["affinity_J_complex_III"] / F == pytest.approx(520 - 4 * pmf + 2 * delta_psi, abs=1e-6)
    assert found["affinity_J_complex_IV"] / F / 2 == pytest.approx(1000 - 2 * pmf - 2 * delta_psi, abs=1e-6)
    succinate = 31 - Z * (0.2 + delta_pH) + VT / 2 * math.log(0.05)
    assert found["affinity_J_complex_II"] / F == pytest.approx(2 * (20 - succinate), abs=1e-6)
    donor = -346 - Z * (0.2 + delta_pH)
    assert found["affinity_J_dehydrogenase"] / F == pytest.approx(2 * (-300 - donor), abs=1e-6)


def test_midpoints_follow_the_pH_of_the_matrix_by_their_protons(model):
    low, high = (model.evaluate(dict(pH_matrix=pH)) for pH in (7.0, 8.0))
    fall = {name: low[name] - high[name] for name in ("nad_potential", "ubiquinone_potential", "oxygen_potential")}
    assert fall == pytest.approx({"nad_potential": Z / 2, "ubiquinone_potential": Z, "oxygen_potential": Z})
    assert low["cytochrome_c_potential"] == high["cytochrome_c_potential"]


# --- rates ---------------------------------------------------------------------------------------------------------


def test_laws_are_the_kernel_of_their_affinity(model):
    """Written out for safety, the law of complex I is still the kernel with Michaelis capacities."""
    found = at_potentials(model, -300, 20, 280, 780, 150, 0.3)
    nad = 2.97 / (1 + math.exp(-2 * (-300 - (-320 - Z / 2 * 0.5)) / VT))
    quinone = 1.35 / (1 + math.exp(-2 * (20 - (45 - Z * 0.5)) / VT))
    nadh, quinol = 2.97 - nad, 1.35 - quinone
    forward = 500 * nadh / (0.1 + nadh) * quinone / (0.3 + quinone)
    reverse = 200 * nad / (1 + nad) * quinol / (0.3 + quinol)
    X = found["affinity_J_complex_I"] / (F * VT)
    assert found["J_complex_I"] == pytest.approx((math.exp(X) - 1) / (math.exp(X) / forward + 1 / reverse))


@pytest.mark.parametrize("gone", ["oxygen", "nadh_matrix", "ubiquinol", "cytochrome_c_reduced", "ubiquinone"])
def test_rates_stay_finite_when_a_pool_runs_out(model, gone):
    kernel = model.kernel
    point = [0.0 if name == gone else value for name, value in model.initial.items()]
    constants = kernel.prepare([model.values[a] for a in kernel.addresses])
    assert np.isfinite(list(kernel.rates(point, constants))).all()
    assert np.isfinite(kernel.jacobian(point, constants)).all()


def test_without_oxygen_nothing_is_respired(model):
    """What is left is the reverse reaction, which needs more force than there is: far below 1e-6."""
    assert model.evaluate(dict(oxygen=0.0, delta_psi=100.0, pH_matrix=7.2))["J_O2"] == pytest.approx(0, abs=1e-6)


# --- the assembled chain -------------------------------------------------------------------------------------------


def test_books_of_the_chain_are_kept(model):
    named = {law.name: law.coefficients for law in model.conservation_laws()}
    assert named["nicotinamide"] == {"nadh_matrix": 1, "nad_matrix": 1}
    assert named["quinone"] == {"ubiquinol": 1, "ubiquinone": 1}
    assert named["cytochrome"] == {"cytochrome_c_reduced": 1, "cytochrome_c_oxidised": 1}
    assert {"delta_psi", "pH_matrix", "K_matrix", "nad_matrix"} == set(named["charge"])
    run = model.simulate(t_end=5.0)
    for law in model.conservation_laws():
        total = law.total({name: run[name].values for name in law.coefficients})
        assert np.ptp(total) < 1e-6 * np.abs(total).max()


def test_electrons_pass_every_complex_at_one_rate_and_the_leak_takes_all_protons(model):
    rest = model.steady_state(on_failure="raise")
    pairs = float(rest.J_complex_I)
    assert float(rest.J_dehydrogenase) == pytest.approx(pairs, rel=1e-6)
    assert float(rest.J_complex_III) == pytest.approx(pairs, rel=1e-6)
    assert 2 * float(rest.J_O2) == pytest.approx(pairs, rel=1e-6)
    assert float(rest.J_leak + rest.J_K_uniport) == pytest.approx(10 * pairs, rel=1e-6)
    assert 150 < float(rest.pmf) < 220


def test_more_leak_means_more_respiration_and_less_force(model):
    found = model.steady_state({"leak.conductance": np.array([0.3, 1.2, 5.0, 20.0])}, on_failure="raise")
    assert (np.diff(found.J_O2) > 0).all()
    assert (np.diff(found.pmf) < 0).all()
    assert (np.diff(found.nadh_matrix) < 0).all()


def test_inhibitors_leave_carriers_reduced_before_and_oxidised_behind(model):
    """Crossover: antimycin's site is complex III, cyanide's complex IV."""
    free = model.steady_state(on_failure="raise")
    at_3 = model.steady_state({"complex_III.capacity": 20.0}, on_failure="raise")
    at_4 = model.steady_state({"complex_IV.capacity": 1.0}, on_failure="raise")
    assert float(at_3.J_O2) < float(free.J_O2) > float(at_4.J_O2)
    assert float(at_3.ubiquinol) > float(free.ubiquinol)
    assert float(at_3.cytochrome_c_reduced) < float(free.cytochrome_c_reduced)
    assert float(at_4.cytochrome_c_reduced) > float(free.cytochrome_c_reduced)


def test_electrons_run_backwards_through_complex_I_above_its_reversal(model):
    """C4: E_N −280, E_Q +60 balance at Δp = 170 mV."""
    E = dict(E_N=-280, E_Q=60, E_c=280, E_O2=780)
    ahead, balanced, behind = (
        at_potentials(model, **E, delta_psi=v, delta_pH=0)["J_complex_I"] for v in (165, 170, 175)
    )
    assert ahead > 0 > behind
    assert balanced == pytest.approx(0, abs=1e-7)


def test_succinate_reduces_nad_by_reverse_electron_transport():
    """Without a donor for NAD+, succinate and the force it makes fill NADH; uncoupled they do not."""
    start = {"nadh_matrix": 0.03, "nad_matrix": 2.94}
    on_succinate = chain().with_component(
        ComplexII(substrate=1.0), Dehydrogenase(substrate=0.0), OhmicLeak(conductance=0.3)
    )
    model = on_succinate.replace(start)
    run = model.simulate(t_end=3.0)
    assert float(run.J_complex_I.min()) < -1
    assert float(run.nadh_matrix[-1]) > 1.0
    uncoupled = model.replace({"leak.conductance": 50.0}).simulate(t_end=3.0)
    assert float(uncoupled.nadh_matrix[-1]) < 0.1


def test_a_complex_alone_with_its_pools_runs_to_its_equilibrium():
    model = Model(*SURROUNDINGS, *POOLS, ComplexI(), OhmicLeak(conductance=0.0), name="complex I").clamp(
        "delta_psi", "pH_matrix", "K_matrix"
    )
    end = model.simulate(t_end=20.0).isel(time=-1)
    assert float(end.nad_potential) == pytest.approx(float(end.ubiquinone_potential) - 2 * float(end.pmf), abs=1e-3)


# --- all of it -----------------------------------------------------------------------------------------------------


def test_detailed_model_respires_as_the_lumped_one_does(whole):
    """Section I: state 4 4 to 15, state 3 30 to 125, uncoupled at least state 3 (nmol O2/min/mg); RCR at least 5."""
    rest, busy = (whole.steady_state({"load.capacity": v}, on_failure="raise") for v in (0.0, 1200.0))
    open_ = whole.steady_state({"leak.amplitude": 100.0, "atp_synthase.capacity": 0.0}, on_failure="raise")
    assert 4 < float(rest.J_O2) < 15
    assert 30 < float(busy.J_O2) < 125
    assert float(open_.J_O2) >= float(busy.J_O2)
    assert float(busy.J_O2 / rest.J_O2) > 5
    assert 160 < float(rest.pmf) < 220


def test_exported_atp_costs_a_third_of_the_ring_and_one_in_charge_and_acid(whole):
    """I16: 10 charges per pair; 11/3 charges and protons per exported ATP, with chemistry and carriers counted."""
    busy = whole.steady_state({"load.capacity": 1200.0}, on_failure="raise")
    pairs, atp = 2 * float(busy.J_O2), float(busy.J_ATP)
    assert atp > 100
    assert float(busy.J_translocase) == pytest.approx(atp, rel=1e-6)
    assert float(busy.J_phosphate) == pytest.approx(atp, rel=1e-6)
    passive = float(busy.J_leak + busy.J_K_uniport)
    assert (10 * pairs - passive) / atp == pytest.approx(3.66667, abs=1e-5)
