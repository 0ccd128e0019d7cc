"""Acid bath and potassium jump on vesicles with ATP synthase and no pump, against closed forms typed by hand.

Signs: F1 outside. Acid or positive *inside* is a positive ΔpH or Δψ, and makes ATP.
"""

import math

import numpy as np
import pytest

import mitochem as mc
from mitochem import ParameterError, experiments, models, plot
from mitochem.components import FixedPhosphorylationPotential, LinearPhosphorylation, Phosphorylation, with_ring

RT, RT_F = 2.478957, 25.6926  # kJ/mol and mV at 25 degC
Z, PER_PH = 59.1594, 5.7080  # mV and kJ/mol for a pH unit at 25 degC: ln 10 times those


@pytest.fixture(scope="module")
def vesicle():
    return models.vesicle()


@pytest.fixture(scope="module")
def bath(vesicle):
    return vesicle.simulate(experiments.acid_bath())


def end(ds, label, name):
    return float(ds[name].values[ds["segment"].values == label][-1])


def start(ds, label, name):
    return float(ds[name].values[ds["segment"].values == label][0])


# --- orientation ---------------------------------------------------------------------------------------------------


def test_acid_inside_and_positive_inside_are_positive_forces(vesicle):
    at = vesicle.evaluate({"pH_lumen": 5.4, "delta_psi": 20.0})  # 3 units below the bath, pH 8.4
    assert at["delta_pH"] == pytest.approx(3.0)
    assert at["pmf"] == pytest.approx(20.0 + 3 * Z, rel=1e-5)
    for flux in ("J_ATP", "J_leak", "J_K_uniport"):
        assert at[flux] > 0, f"{flux} is positive outwards"
    turned = vesicle.evaluate({"pH_lumen": 8.4 + 3.0, "delta_psi": -20.0})
    assert turned["pmf"] == pytest.approx(-at["pmf"])
    assert max(turned["J_ATP"], turned["J_leak"], turned["J_K_uniport"]) < 0


def test_what_comes_out_makes_the_lumen_alkaline_and_negative(vesicle):
    at = vesicle.evaluate({"pH_lumen": 5.4})
    assert at["d_pH_lumen"] > 0
    assert at["d_delta_psi"] < 0
    assert at["d_atp_bath"] > 0 > at["d_adp_bath"]
    assert vesicle.evaluate({"delta_psi": 50.0})["d_potassium_lumen"] < 0, "K+ leaves a positive lumen"


def test_fccp_carries_protons_out_of_an_acid_lumen(vesicle):
    at = vesicle.replace({"FCCP.dose": 0.1}).evaluate({"pH_lumen": 5.4})
    assert at["J_uncoupler"] > 0
    level = vesicle.replace({"FCCP.dose": 0.1}).evaluate({"pH_lumen": 5.4, "delta_psi": -3.0 * Z})
    assert abs(level["J_uncoupler"]) < 1e-4 * at["J_uncoupler"], "no force, no flux"


def test_without_a_gradient_hydrolysis_takes_protons_in(vesicle):
    run = vesicle.replace({"leak.conductance": 0.0}).simulate(mc.Protocol().wait(5))
    assert float(run["J_ATP"][0]) < 0
    assert float(run["pmf"][-1]) > 50
    assert float(run["pH_lumen"][-1]) < 8.4


def test_charge_is_conserved(bath):
    """0.027 nmol/mg/mV, 50 nmol/mg/pH and 5.2 µL/mg, typed: a proton out is a charge out, K+ out another."""
    total = 0.027 * bath["delta_psi"] + 50.0 * bath["pH_lumen"] - 5.2 * bath["potassium_lumen"]
    assert float(total.max() - total.min()) < 1e-5
    adenine = (bath["atp_bath"] + bath["adp_bath"]).values[bath["segment"].values == "base stage"]
    np.testing.assert_allclose(adenine, 0.1126, rtol=1e-9)


def test_without_leak_every_atp_costs_what_the_ratio_says(vesicle):
    """No leak: protons that left are 3.9 per ATP, at every moment."""
    run = vesicle.replace({"leak.conductance": 0.0}).simulate(experiments.acid_bath())
    base = run.isel(time=np.flatnonzero(run["segment"].values == "base stage"))
    protons = 50.0 * (base["pH_lumen"] - base["pH_lumen"][0])
    made = (base["atp_bath"] - base["atp_bath"][0]) * 10000.0
    np.testing.assert_allclose(protons.values[50:], 3.9 * made.values[50:], rtol=1e-6)


# --- threshold -----------------------------------------------------------------------------------------------------


def at_45(n):
    """A vesicle whose synthase takes n protons, in a medium of exactly 45 kJ/mol."""
    model = models.vesicle("chloroplast", "structural").replace({"phosphorylation.c_ring": 3.0 * n})
    standard = float(model.evaluate()["mu0_atp_bath"])
    ratio = math.exp((45.0 - standard) / RT)  # ATP/(ADP · Pi) in M
    return model.replace({"atp_bath": 0.1 * 5e-3 * ratio})


@pytest.mark.parametrize(("n", "threshold"), [(8 / 3, 2.96), (3.0, 2.63), (4.0, 1.97), (14 / 3, 1.69)])
def test_synthesis_begins_where_the_energy_is_paid(n, threshold):
    """ΔG_P/(n · 5.71 kJ/mol) at 25 degC for 45 kJ/mol, the values as printed, to their last digit."""
    model = at_45(n)
    assert float(model.evaluate()["delta_Gp"]) == pytest.approx(45.0, abs=1e-4)
    assert threshold == pytest.approx(45.0 / (n * PER_PH), abs=0.005)
    below, above = (float(model.evaluate({"pH_lumen": 8.4 - threshold + d})["J_ATP"]) for d in (0.007, -0.007))
    assert below < 0 < above


@pytest.mark.parametrize("n", [8 / 3, 14 / 3])
def test_a_potential_lowers_the_threshold_by_a_unit_for_59_mV(n):
    model, threshold = at_45(n), 45.0 / (n * PER_PH)
    for units in (-0.5, 1.0):
        low, high = (
            float(model.evaluate({"delta_psi": units * Z, "pH_lumen": 8.4 - (threshold - units) + d})["J_ATP"])
            for d in (0.003, -0.003)
        )
        assert low < 0 < high


def test_nothing_is_made_below_the_threshold_of_a_run(vesicle):
    """44.72 kJ/mol at 3.9 protons: a ΔpH of 2.009."""
    run = vesicle.simulate(
        experiments.acid_bath(pH_acid=[8.4 - 2.009 + d for d in (0.5, 0.1, 0.03, -0.06, -0.2, -0.7)])
    )
    made = experiments.atp_yield(run)
    assert made.dims == ("pH_acid",)
    assert made.attrs["units"] == "nmol/mg"
    assert (made.values[:3] == 0).all()
    assert (made.values[3:] > 0).all()
    assert (np.diff(made.values[3:]) > 0).all()


def test_potassium_outside_adds_what_acid_lacks(vesicle):
    """A ΔpH of 1.6 is not enough, with 10 mM K+ inside and 100 mM outside, 59 mV, it is."""
    acid = {"pH_acid": 6.8, "potassium_in": 10.0}
    level = vesicle.simulate(experiments.acid_bath(**acid, potassium_out=10.0))
    jump = vesicle.simulate(experiments.acid_bath(**acid, potassium_out=100.0))
    against = vesicle.simulate(experiments.acid_bath(pH_acid=5.6, potassium_in=100.0, potassium_out=10.0))
    assert float(experiments.atp_yield(level)) == 0
    assert float(experiments.atp_yield(jump)) > 0.1
    with_equal = vesicle.simulate(experiments.acid_bath(pH_acid=5.6))
    assert float(experiments.atp_yield(against)) < 0.1 * float(experiments.atp_yield(with_equal))


def test_structural_and_thermodynamic_ratio_have_names_of_their_own(vesicle):
    measured, counted = vesicle, models.vesicle(h_per_atp="structural")
    for model, n in ((measured, 3.9), (counted, 14 / 3)):
        synthase = model.components["phosphorylation"]
        assert synthase.h_per_atp_structural == pytest.approx(14 / 3)
        assert synthase.h_per_atp == pytest.approx(n)
        assert float(model.stoichiometry.sel(pool="h_bath", flux="J_ATP")) == pytest.approx(n)
    assert measured.components["phosphorylation"].h_per_atp_thermodynamic == pytest.approx(3.9)
    pH = 8.4 - 1.85  # between 44.72/(14/3 · 5.708) = 1.68 and 44.72/(3.9 · 5.708) = 2.01
    assert float(measured.evaluate({"pH_lumen": pH})["J_ATP"]) < 0 < float(counted.evaluate({"pH_lumen": pH})["J_ATP"])
    with pytest.raises(ParameterError, match=r"no thermodynamic H.*'mammal'"):
        models.vesicle("mammal")


# --- yield and decay: worked example H16 ----------------------------------------------------------------------------


def linear(leak=0.6, conductance=3.0):
    """H16 in minutes: B = 0.37 nmol/mg/mV, g_L = 0.6, g_P = 3, E_P = 120 mV, n = 14/3; Δψ held at zero by K+."""
    synthase = LinearPhosphorylation(conductance=conductance, transport_protons=0.0)
    model = models.vesicle().with_component(
        with_ring(synthase, "chloroplast").rewire(charge_ims="charge_lumen", h_matrix="h_bath"),
        FixedPhosphorylationPotential(delta_Gp=14 / 3 * 0.09648533 * 120.0),
    )
    return model.replace(
        {
            "membrane.buffer": 0.37 * Z,
            "leak.conductance": leak,
            "potassium_uniport.permeability": 1e5,
            "potassium.volume_lumen": 1e9,
            "pH_lumen": 8.4 - 200.0 / Z,
        }
    )


@pytest.mark.parametrize(("leak", "expected"), [(0.6, 3.158957), (12.0, 0.345860)])
def test_yield_of_an_imposed_gradient(leak, expected):
    """Until Δp = E_P; the second with twenty times the leak. To what is left of Δψ."""
    run = linear(leak).simulate(mc.Protocol().wait(1.0), samples=4000)
    flux, time = run["J_ATP"].values, run["time"].values
    until = np.flatnonzero(flux > 0)
    made = np.trapezoid(flux[until], time[until])
    assert made == pytest.approx(expected, rel=1e-3)
    if leak == 0.6:
        stands_still = np.interp(0.0, -flux[: until[-1] + 2], time[: until[-1] + 2])
        assert 60 * stands_still == pytest.approx(9.924867, rel=1e-3)


def test_the_force_decays_with_one_exponential():
    """d + (D_0 − d) e^(−t/τ), τ = B/(g_L + g_P) = 6.17 s, d = g_P E_P/(g_L + g_P) = 100 mV."""
    run = linear().simulate(mc.Protocol().wait(1.0))
    expected = 100.0 + 100.0 * np.exp(-60 * run["time"].values / 6.1667)
    np.testing.assert_allclose(run["pmf"].values, expected, rtol=2e-3)
    assert float(np.abs(run["delta_psi"]).max()) < 0.2


def test_without_a_way_for_a_counter_ion_the_potential_takes_the_gradient_back():
    """Nothing but protons moves: Δψ falls until Δp = g_P E_P/(g_L + g_P) = 100 mV, within C/(g_L + g_P), 0.45 s."""
    run = linear().replace({"potassium_uniport.permeability": 0.0}).simulate(mc.Protocol().wait(0.05))
    assert float(run["pmf"][-1]) == pytest.approx(100.0, abs=0.5)
    assert float(run["delta_psi"][-1]) == pytest.approx(-100.0, abs=8.0)


def test_valinomycin_lets_the_gradient_be_used(vesicle, bath):
    without = vesicle.simulate(experiments.acid_bath(valinomycin=0.0))
    assert float(experiments.atp_yield(without)) < 0.05 * float(experiments.atp_yield(bath))
    assert end(without, "base stage", "delta_psi") < -50


def test_no_atp_without_synthase_with_a_leak_or_with_uncoupler(vesicle, bath):
    normal = float(experiments.atp_yield(bath))
    blocked = vesicle.simulate(mc.Protocol().add(oligomycin=5.0) + experiments.acid_bath())
    absent = vesicle.replace({"phosphorylation.capacity": 0.0}).simulate(experiments.acid_bath())
    leaky = vesicle.replace({"leak.conductance": 500.0}).simulate(experiments.acid_bath())
    uncoupled = vesicle.simulate(mc.Protocol().add(FCCP=1.0) + experiments.acid_bath())
    assert normal > 5
    assert float(experiments.atp_yield(absent)) == pytest.approx(0, abs=1e-9)
    for run in (blocked, leaky, uncoupled):
        assert float(experiments.atp_yield(run)) < 0.01 * normal
    assert end(absent, "base stage", "delta_pH") > end(bath, "base stage", "delta_pH") > 0
    assert end(leaky, "base stage", "delta_pH") < 0.5


def test_yield_ends_where_the_synthase_stands_still(bath):
    """At the largest ATP n F Δp = ΔG_P, with n = 3.9."""
    at = bath.isel(time=int(bath["atp_bath"].argmax("time")))
    assert 3.9 * 0.0964853 * float(at["pmf"]) == pytest.approx(float(at["delta_Gp"]), rel=2e-3)
    assert float(experiments.atp_yield(bath)) == pytest.approx(
        1e4 * (float(bath["atp_bath"].max()) - start(bath, "base stage", "atp_bath"))
    )


# --- potassium jump ------------------------------------------------------------------------------------------------


def test_the_potential_of_a_jump_stays_below_nernst(vesicle):
    """25.69 ln(100/0.6) = 131 mV; charging 0.027 nmol/mg/mV takes K+ into 5.2 µL/mg, which leaves 113.9 mV."""
    still = vesicle.replace({"leak.conductance": 0.0, "phosphorylation.capacity": 0.0})
    run = still.simulate(experiments.potassium_jump(potassium_in=0.6, jump_wait=0.3))
    reached = 131.4
    for _ in range(50):
        reached = RT_F * math.log(100.0 / (0.6 + 0.027 * reached / 5.2))
    assert reached == pytest.approx(113.9, abs=0.1)
    assert start(run, "high potassium", "potassium_potential") == pytest.approx(131.4, abs=0.1)
    assert end(run, "high potassium", "delta_psi") == pytest.approx(reached, abs=0.2)


def test_a_jump_makes_atp_where_the_synthase_can_use_it_and_less_than_acid(vesicle):
    jump = vesicle.simulate(experiments.potassium_jump())
    assert list(dict.fromkeys(jump["segment"].values.tolist())) == ["low potassium", "high potassium"]
    assert 95 < float(jump["delta_psi"].max()) < 118, "of 118 mV by Nernst"
    made = float(experiments.atp_yield(jump))
    assert made > 0
    same = vesicle.simulate(experiments.acid_bath(pH_acid=8.4 - float(jump["pmf"].max()) / Z, atp=1e-4))
    assert made < float(experiments.atp_yield(same))
    assert end(jump, "high potassium", "delta_pH") < 0, "protons that left are replaced by K+"


# --- protocol, figure ----------------------------------------------------------------------------------------------


def test_stages_and_what_is_in_them(bath):
    assert list(dict.fromkeys(bath["segment"].values.tolist())) == ["acid stage", "base stage"]
    assert end(bath, "acid stage", "pmf") == 0
    assert end(bath, "acid stage", "atp_bath") == 0
    assert start(bath, "base stage", "delta_pH") == pytest.approx(3.6)
    assert start(bath, "base stage", "delta_Gp") == pytest.approx(44.72, abs=0.05)


def test_an_acid_bath_is_not_for_mitochondria(mitochondria):
    with pytest.raises(ParameterError, match="'pH_lumen'"):
        mitochondria.simulate(experiments.acid_bath())


def test_the_figure_draws_atp_made_and_both_parts_of_the_force(bath):
    axes = plot.acid_bath(bath)
    made, acid, potential = (ax.lines[0].get_ydata() for ax in axes)
    assert made.max() == pytest.approx(float(experiments.atp_yield(bath)))
    assert (made[bath["segment"].values == "acid stage"] == 0).all()
    np.testing.assert_allclose(acid, bath["delta_pH"])
    np.testing.assert_allclose(potential, bath["delta_psi"])
    [threshold] = [line for line in axes[1].lines if line.get_gid() == "threshold"]
    stands_still = int(bath["atp_bath"].argmax("time"))
    assert threshold.get_ydata()[stands_still] == pytest.approx(float(bath["delta_pH"][stands_still]), abs=0.01)
    assert "protocol" in bath.attrs, "the run itself is left as it was"


def test_the_synthase_is_the_one_that_was_asked_for():
    yeast = models.vesicle("yeast")
    assert isinstance(yeast.components["phosphorylation"], Phosphorylation)
    assert float(yeast.stoichiometry.sel(pool="h_bath", flux="J_ATP")) == pytest.approx(2.9)
    assert "Petersen2012" in yeast.cite()
    assert "Schmidt1987" in yeast.cite()


@pytest.mark.slow
@pytest.mark.parametrize("organism", ["chloroplast", "mammal"])
def test_the_model_is_verified(organism):
    assert mc.verify(models.vesicle(organism, "structural")).ok
