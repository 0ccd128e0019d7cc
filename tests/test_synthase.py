"""ATP synthase: energetics by ring, three rate laws, hydrolysis, the inhibitor protein. Numbers typed by hand."""

import math

import numpy as np
import pytest
from assembled import carriers

from mitochem import components
from mitochem.components import (
    IF1,
    Adenylates,
    ATPSynthase,
    Environment,
    LinearPhosphorylation,
    Membrane,
    OhmicLeak,
    Phosphorylation,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
    RotaryATPSynthase,
    RotaryPhosphorylation,
)
from mitochem.core.errors import ParameterError
from mitochem.core.model import Model

F = 0.09648533212  # kJ/mol/mV
RT = 8.314462618e-3 * 310.15  # kJ/mol
VT = RT / F  # mV
Z = VT * math.log(10)  # mV per pH

LAWS = [Phosphorylation(), RotaryPhosphorylation(), LinearPhosphorylation()]
MATRIX_LAWS = [ATPSynthase(), RotaryATPSynthase()]


def unpumped(*extra, **states):
    """Phosphorylation on a membrane without a chain."""
    parts = {
        c.name: c
        for c in (
            Environment(),
            Membrane(),
            Potassium(),
            PotassiumUniport(),
            PotassiumProtonExchange(),
            Adenylates(),
            Phosphorylation(),
            OhmicLeak(conductance=0.0),
            *extra,
        )
    }
    return Model(*parts.values(), initial=states)


def rate(model, pmf, atp=2.0, adp=0.05, pi=5.0, delta_pH=0.0):
    point = dict(delta_psi=pmf - Z * delta_pH, pH_matrix=7.2 + delta_pH, atp_bath=atp, adp_bath=adp, pi_bath=pi)
    return model.evaluate(point)["J_ATP"]


# --- rings and stoichiometry ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("organism", "c"), [("mammal", 8), ("yeast", 10), ("E. coli", 10), ("chloroplast", 14)])
def test_structural_protons_per_atp_are_a_third_of_the_ring(organism, c):
    assert components.C_RINGS[organism].subunits == c
    synthase = components.with_ring(Phosphorylation(), organism)
    assert synthase.h_per_atp_structural == pytest.approx(c / 3)
    assert synthase.h_per_atp_thermodynamic == pytest.approx(c / 3)
    assert synthase.h_per_atp == pytest.approx(c / 3 + 1)
    assert components.with_ring(ATPSynthase(), organism).h_per_atp == pytest.approx(c / 3)


@pytest.mark.parametrize(("organism", "measured"), [("yeast", 2.9), ("chloroplast", 3.9)])
def test_measured_ratio_is_chosen_explicitly_and_brings_its_source(organism, measured):
    synthase = components.with_ring(ATPSynthase(), organism, h_per_atp="thermodynamic")
    assert synthase.h_per_atp_thermodynamic == pytest.approx(measured)
    assert synthase.h_per_atp_structural == pytest.approx(components.C_RINGS[organism].subunits / 3)
    assert synthase.origin("thermodynamic_share") == ("read", "Petersen2012")


def test_what_moves_is_what_drives():
    """The ratio of the affinity cannot differ from the ratio posted, whichever was chosen."""
    synthase = components.with_ring(Phosphorylation(), "yeast", h_per_atp="thermodynamic")
    model = unpumped(synthase)
    posted = float(model.stoichiometry.sel(pool="h_matrix", flux="J_ATP"))
    assert posted == pytest.approx(3.9)
    at = model.evaluate(dict(delta_psi=180, atp_bath=2.0, adp_bath=0.05))
    assert at["affinity_J_ATP"] + at["delta_Gp"] == pytest.approx(3.9 * F * 180)


def test_unknown_rings_and_ratios_are_refused():
    with pytest.raises(ParameterError, match="Did you mean yeast"):
        components.with_ring(Phosphorylation(), "yaest")
    with pytest.raises(ParameterError, match="structural"):
        components.with_ring(Phosphorylation(), "yeast", h_per_atp="measured")
    with pytest.raises(ParameterError, match="no thermodynamic"):
        components.with_ring(Phosphorylation(), "mammal", h_per_atp="thermodynamic")


# --- equilibrium ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
@pytest.mark.parametrize("delta_pH", [0.0, 0.8])
def test_synthesis_stops_where_the_work_of_protons_is_that_of_atp(law, delta_pH):
    """H5: at 180 mV, 11/3 protons and 33 kJ/mol, ATP/ADP is 734.5 with 5 mM phosphate."""
    model = unpumped(law)
    at = dict(pi=5.0, adp=0.002, delta_pH=delta_pH)
    assert rate(model, 180.0, atp=0.002 * 734.5, **at) == pytest.approx(0, abs=2e-2)
    assert rate(model, 180.0, atp=0.002 * 730, **at) > 0 > rate(model, 180.0, atp=0.002 * 739, **at)


@pytest.mark.parametrize("law", MATRIX_LAWS, ids=lambda law: type(law).__name__)
def test_synthase_alone_takes_a_third_of_the_ring_against_the_potential_of_the_matrix(law):
    """H5: ΔG_P of the matrix is 46.3130 kJ/mol at 180 mV; 11/3 there would be the wrong pairing."""
    model = carriers().with_component(law)
    found = model.evaluate(dict(delta_psi=180 - Z * 0.3, pH_matrix=7.5, atp_matrix=5.0, adp_matrix=5.0))
    assert found["affinity_J_ATP"] == pytest.approx(46.3130 - found["delta_Gp_matrix"], abs=1e-4)


# --- the rotary law --------------------------------------------------------------------------------------------------

EXAMPLE = RotaryPhosphorylation(capacity=10.2, transfer_capacity=30.0, voltage_share=1, pK_bath=6.5, pK_matrix=8.5)


@pytest.mark.parametrize("law", [EXAMPLE, RotaryATPSynthase(capacity=10.2, transfer_capacity=30.0)])
def test_rotary_example_in_which_the_same_force_gives_different_speeds(law):
    """E3, per second: saturation 0.8; 165 mV all as Δψ 7.491, all as ΔpH (2.681 units) 2.608."""
    electric = law.forward_capacity(VT, 165.0, 7.2, 7.2)
    chemical = law.forward_capacity(VT, 0.0, 7.2, 7.2 + 165.0 / Z)
    assert pytest.approx(2.681, abs=5e-4) == 165.0 / Z
    assert 0.8 * electric == pytest.approx(7.491, abs=5e-4)
    assert 0.8 * chemical == pytest.approx(2.608, abs=5e-4)


def test_rotary_law_has_the_same_sign_and_zero_for_either_form_of_the_force():
    model = unpumped(RotaryPhosphorylation())
    for pmf, sign in ((120.0, -1), (200.0, 1)):
        by_psi, by_pH = rate(model, pmf, adp=0.02), rate(model, pmf, adp=0.02, delta_pH=pmf / Z)
        assert np.sign(by_psi) == np.sign(by_pH) == sign
    # Behind equilibrium both hydrolyse at the reverse capacity; ahead, loading and release of protons tell.
    assert by_psi > 1.5 * by_pH


def test_rotary_capacity_is_finite_far_away():
    assert np.isfinite(RotaryPhosphorylation().forward_capacity(VT, np.array([-3000.0, 0, 3000]), 7.2, 7.2)).all()


# --- hydrolysis -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", [Phosphorylation(), RotaryPhosphorylation()], ids=lambda law: type(law).__name__)
def test_uncoupled_synthase_hydrolyses_at_its_reverse_capacity(law):
    # v_r = 360 · 5/(0.3 + 5) = 339.62
    assert rate(unpumped(law), 0.0, atp=5.0, adp=0.0) == pytest.approx(
        -339.6226, rel=3e-3
    )  # less what the tail of the forward capacity resists


def test_without_respiration_atp_holds_the_force_at_its_own_potential():
    """Nicholls 1974: up to near 220 mV with plenty of ATP; without a leak it is ΔG_P/nF of the ATP there is."""
    model = unpumped(PotassiumProtonExchange(activity=0.0), PotassiumUniport(permeability=0.0), delta_psi=50.0)
    model = model.clamp("pH_matrix", "K_matrix").replace({"atp_bath": 10.0, "adp_bath": 0.0, "pi_bath": 0.2})
    end = model.simulate(t_end=5.0).isel(time=-1)
    assert float(end.pmf) == pytest.approx(float(end.delta_Gp) / (11 / 3 * F), abs=0.01)
    assert 210 < float(end.pmf) < 240


def test_with_a_leak_atp_holds_the_force_somewhat_below():
    model = unpumped(OhmicLeak(conductance=0.05)).clamp("atp_bath", "adp_bath", "pi_bath")
    found = model.steady_state({"atp_bath": 2.0, "adp_bath": 0.001}, on_failure="raise")
    head = float(found.delta_Gp) / (11 / 3 * F)
    assert float(found.J_ATP) < 0
    assert head - 25 < float(found.pmf) < head


# --- the inhibitor protein -------------------------------------------------------------------------------------------


def test_inhibitor_protein_slows_hydrolysis_only_where_the_force_is_gone():
    free, held = unpumped(), unpumped(IF1(bound=0.9, pmf_half=100.0, pmf_width=10.0))
    # At Δp = 0 the factor is 1 − 0.9/(1 + e^−10) = 0.10004; the tail of the forward capacity adds some tenths per cent.
    assert rate(held, 0.0, adp=0.0) / rate(free, 0.0, adp=0.0) == pytest.approx(0.10004, rel=5e-3)
    assert rate(held, 190.0) == pytest.approx(rate(free, 190.0), rel=1e-3)


@pytest.mark.parametrize("bound", [0.0, 0.5, 0.999999])
def test_inhibitor_protein_does_not_move_the_equilibrium_and_is_no_valve(bound):
    model = unpumped(IF1(bound=bound))
    pmf = np.linspace(-50, 250, 301)
    model_at = model.evaluate(dict(delta_psi=pmf, pH_matrix=7.2, atp_bath=2.0, adp_bath=0.05, pi_bath=5.0))
    assert (np.sign(model_at["J_ATP"]) == np.sign(model_at["affinity_J_ATP"])).all()
    assert (model_at["J_ATP"][:100] < 0).all()
    assert (model_at["activity_hydrolysis"] > 0).all()
    with pytest.raises(ParameterError):
        IF1(bound=1.0)
