"""The traps of the field, one test each, numbered as in section K of the model description."""

from __future__ import annotations

import math

import numpy as np
import pytest

import mitochem as mc
from mitochem import electrochemistry as ec
from mitochem import thermodynamics as td
from mitochem.components import ComplexI, ComplexIII, ComplexIV, Membrane, OhmicLeak, Phosphorylation, SinhLeak

F, RT = 0.0964853321233, 8.31446261815324e-3 * 310.15


@pytest.fixture(scope="module")
def model():
    return mc.models.isolated_mitochondria()


def synthesis(**changes):
    """ATP synthesis with everything else at an ordinary value."""
    usual = {"thermal_energy": RT, "standard_concentration": 1000.0, "adp_bath": 0.1, "pi_bath": 5.0, "atp_bath": 0.5}
    usual |= {"forward_capacity": 600.0, "activity_phosphorylation": 1.0, "activity_hydrolysis": 1.0}
    return Phosphorylation().J_ATP(**(usual | changes))


def test_trap_1_sign_and_valence_are_not_mixed():
    for z in (1, -1, 2):
        driving = ec.driving_force(-70.0, ec.nernst(145.0, 10.0, z))
        assert ec.electrochemical_potential(10.0, 145.0, z, -70.0) == pytest.approx(z * F * driving)
    assert ec.nernst(145.0, 10.0, 1) == pytest.approx(-ec.nernst(145.0, 10.0, -1))


def test_trap_2_the_slope_per_pH_follows_temperature(model):
    assert ec.nernst_slope(298.15) == pytest.approx(59.159, abs=1e-3)
    assert ec.nernst_slope(310.15) == pytest.approx(61.540, abs=1e-3)
    cold = model.replace({"environment.temperature": 298.15}).evaluate({"pH_matrix": 8.2})
    assert cold["pmf"] == pytest.approx(59.159, abs=1e-3)


def test_trap_3_oxygen_molecules_are_not_atoms_and_minutes_not_seconds(model):
    state = model.steady_state({"load.capacity": "20 nmol/s/mg"})
    assert 2 * float(state.J_O2) == pytest.approx(157.1, rel=1e-2)  # nmol O, printed
    assert mc.readouts.p_over_o(state) == pytest.approx(float(state.J_ATP) / (2 * float(state.J_O2)))


def test_trap_4_protons_of_complexes_III_and_IV_are_not_their_charges():
    assert (ComplexIII().charges, ComplexIII().protons_released) == (2, 4)
    assert (ComplexIV().charges, ComplexIV().protons_released) == (4, 2)


def test_trap_5_scalar_protons_are_counted_once():
    """Ten charges and ten protons per NADH; the fifth proton of complex I is given back by the dehydrogenase."""
    complexes = ComplexI(), ComplexIII(), ComplexIV()
    assert sum(c.charges for c in complexes) == 10
    assert sum(c.protons_released for c in complexes) == 10
    assert sum(c.protons_taken for c in complexes) == 5 + 2 + 4


def test_trap_6_the_synthase_alone_cannot_pay_for_external_ATP(model):
    assert td.threshold_pmf(57.0, 8 / 3) == pytest.approx(221.5, abs=0.1)
    assert td.threshold_pmf(57.0, 11 / 3) == pytest.approx(161.1, abs=0.1)
    assert Phosphorylation().h_per_atp == pytest.approx(11 / 3)
    rest = model.steady_state()
    assert float(rest.delta_Gp) == pytest.approx(11 / 3 * F * float(rest.pmf))


def test_trap_7_concentrations_in_logarithms_are_molar():
    energy = td.atp_synthesis_energy(5.0, 0.5, 5.0, constants=33.0)
    assert energy == pytest.approx(33.0 + RT * math.log(5e-3 / (0.5e-3 * 5e-3)))


def test_trap_8_the_standard_energy_of_ATP_depends_on_pH_and_set():
    energy = td.standard_atp_synthesis_energy
    assert energy(7.8) - energy(7.0) == pytest.approx(35.92 - 32.14, abs=0.02)
    assert energy(7.2, constants="li") - energy(7.2) == pytest.approx(36.19 - 32.93, abs=0.02)


def test_trap_9_matrix_pH_is_buffered():
    """0.9 nmol of protons, what 180 mV takes, moves pH by 0.04: not by what free protons would say."""
    assert Membrane().pH_matrix(net_h_matrix=-0.9) == pytest.approx(0.9 / 22)


def test_trap_10_a_pH_difference_needs_a_counter_ion(model):
    lost = model.without("potassium", "potassium_uniport", "potassium_proton_exchange").conservation_laws()
    assert "degree of freedom lost" in str(lost)
    assert "degree of freedom lost" not in str(model.conservation_laws())


def test_trap_11_nothing_is_clipped_at_the_physical_edge(model):
    at = {"delta_psi": 160.0, "atp_bath": 0.5, "pi_bath": 5.0}
    below, edge, above = (synthesis(standard_affinity=10.0, adp_bath=adp) for adp in (-1e-6, 0.0, 1e-6))
    assert above - edge == pytest.approx(edge - below, rel=1e-2)
    assert model.jacobian(at).sel(rate="adp_bath", state="adp_bath").item() != 0


def test_trap_12_no_rate_without_a_force():
    assert mc.kernel(0.0, 3.0, 7.0) == 0
    equilibrium = RT * math.log(1000 * 0.4 / (0.5 * 5.0))
    for limited in ({"activity_phosphorylation": 0.1}, {"activity_hydrolysis": 0.1}):  # oligomycin, IF1
        at = {"adp_bath": 0.5, "atp_bath": 0.4} | limited
        assert synthesis(standard_affinity=equilibrium, **at) == pytest.approx(0, abs=1e-9)
        assert (
            synthesis(standard_affinity=equilibrium + 1, **at) > 0 > synthesis(standard_affinity=equilibrium - 1, **at)
        )


def test_trap_13_an_ohmic_leak_hides_what_a_small_fall_of_the_force_does():
    steep, ohmic = SinhLeak(), OhmicLeak()
    assert ohmic.J_leak(185.0) / ohmic.J_leak(165.0) < 1.15
    assert steep.J_leak(185.0) / steep.J_leak(165.0) == pytest.approx(math.exp(0.035 * 20), rel=1e-3)


def test_trap_14_an_uncoupler_depends_on_pH_protein_and_potential(model):
    fccp = model.with_component(mc.drugs.FCCP.replace(dose=0.1))
    at = {"delta_psi": 150.0, "pH_matrix": 7.5}

    def conductance(**changes):
        values = fccp.replace({f"environment.{k}": v for k, v in changes.items()}).evaluate(at)
        return values["J_uncoupler"] / values["pmf"]

    assert conductance(pH_bath=7.0) != pytest.approx(conductance(), rel=0.05)
    assert conductance(protein=2.0) < 0.7 * conductance()
    turnover = [fccp.evaluate({"delta_psi": v, "pH_matrix": 7.2})["FCCP_turnover"] / v for v in (20.0, 180.0)]
    assert turnover[1] < 0.75 * turnover[0]  # it saturates


def test_trap_15_no_exponential_overflows():
    for x in (-800.0, -70.0, 70.0, 800.0):
        assert math.isfinite(mc.kernel(x, 3.0, 7.0))
        assert np.isfinite(mc.kernel(np.array([x]), 3.0, 7.0)).all()


def test_trap_16_ADP_over_O_at_half_time_overestimates(model):
    medium = {"atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": 5.2}
    run = model.simulate(mc.Protocol().set(medium).wait(5).add(ADP=0.2).wait(5, "state 3-4 (1)"))
    found = mc.readouts.adp_over_o(run)
    part = run.isel(time=np.flatnonzero(run.segment.values == "state 3-4 (1)"))
    used = np.concatenate([[0], np.cumsum(np.diff(part.time) * (part.J_O2.values[1:] + part.J_O2.values[:-1]) / 2)])
    until_half = np.interp(float(part.time[0]) + float(found.half_time), part.time, used) / 1000
    assert 0.2 / (2 * until_half) > float(found.adp_over_o)
    made = 0.2 - np.interp(float(part.time[0]) + float(found.half_time), part.time, part.adp_bath)
    assert made / (2 * until_half) < 30 / 11  # with what was phosphorylated by then, no law is broken


def test_trap_17_a_dye_gives_no_absolute_potential_without_binding_corrections():
    """No observation model of a dye ships yet; the data set that holds one says what it lacks."""
    data = mc.datasets.load("cadonic_2015_fccp_titration_brain")
    assert "binding" in data.attrs["caveats"]
    assert "delta_psi" not in data


def test_trap_18_removable_singularities_are_removed(model):
    assert ec.ghk_flux(1.0, 10.0, 5.0, 1, 0.0) == pytest.approx(5.0)
    assert ec.ghk_flux(1.0, 10.0, 5.0, 0, -70.0) == pytest.approx(5.0)
    assert math.isfinite(model.evaluate({"adp_bath": 0.0})["J_ATP"])


def test_trap_19_the_solver_restarts_at_every_addition(model):
    run = model.simulate(
        mc.Protocol().wait(600).add(FCCP=5.0).wait("10 s").set({"FCCP.dose": 0.0}).wait(599), samples=50
    )
    pulse = run.pmf.where((run.time > 600) & (run.time < 600.17), drop=True)
    assert float(pulse.min()) < 60
    assert (np.diff(run.time) > 0).all()


def test_trap_20_the_capacitance_is_invisible_in_steady_data(model):
    """At the same conserved charge, twice the capacitance has the same steady state."""
    start = {"delta_psi": 0.0}
    one, two = (model.replace({"membrane.capacitance": c} | start).steady_state() for c in (5e-3, 10e-3))
    # With more charge on the membrane a little less is left for the matrix: 0.85 of 120 nmol/mg.
    assert float(two.pmf) == pytest.approx(float(one.pmf), rel=1e-4)
    assert float(two.J_O2) == pytest.approx(float(one.J_O2), rel=1e-3)
