"""The drug library: what each drug changes, how its effect depends on dose, pH and protein, and what is said of it."""

import dataclasses

import numpy as np
import pytest

import mitochem as mc
from mitochem import drugs
from mitochem.components import CompetitiveInhibitor, DimerProtonophore, Inhibitor, Protonophore, TightInhibitor
from mitochem.core.bibliography import known
from mitochem.core.component import Component
from mitochem.core.declarations import STATUSES
from mitochem.core.errors import ParameterError

VOLTAGE = 8.314462618e-3 * 310.15 / 0.09648533212  # RT/F at 37 degC, mV
SLOPE = np.log(10) * VOLTAGE
STATE_3 = {"load.capacity": 1200.0}
NAMES = list(drugs.list().index)
UNCOUPLERS = ["FCCP", "CCCP", "DNP", "S13", "SF6847", "BAM15", "niclosamide"]
ACTIVE_RANGE = {
    "FCCP": (0.05, 1.0),
    "CCCP": (0.1, 2.0),
    "DNP": (10.0, 200.0),
    "S13": (0.003, 0.03),
    "SF6847": (0.003, 0.03),
    "BAM15": (0.1, 10.0),
    "niclosamide": (0.1, 2.0),
}
"""µM; recalled, but for the "10 nM range" of S-13 and SF 6847 in the abstract of Terada 1990."""


# --- the library ---------------------------------------------------------------------------------------------------


def test_the_library_holds_the_drugs_of_the_field():
    others = ["valinomycin", "nigericin", "rotenone", "malonate", "antimycin", "cyanide", "azide", "oligomycin"]
    assert set(NAMES) >= {*UNCOUPLERS, *others, "carboxyatractyloside", "mersalyl"}


@pytest.mark.parametrize("name", NAMES)
def test_a_drug_says_where_it_acts_how_and_from_which_source(name):
    drug = drugs.info(name)
    assert drug.name == drug.component.name == name
    assert drug.component is drugs.get(name)
    assert drug.kind in ("uncoupler", "ionophore", "inhibitor")
    assert drug.acts_on
    assert drug.changes
    assert drug.dose_response
    assert drug.reversible in (True, False, None)
    assert drug.source.startswith("assumed: ") or set(drug.source.replace(",", " ").split()) <= set(known())
    with pytest.raises(dataclasses.FrozenInstanceError):
        drug.kind = "vitamin"


@pytest.mark.parametrize("name", NAMES)
def test_every_constant_of_a_drug_has_a_status_and_a_source_or_says_assumed(name):
    for constant, (status, source) in drugs.info(name).origins.items():
        assert status in STATUSES, f"{constant}: {status!r}"
        assert source.startswith("assumed: ") or any(w in known() for w in source.replace(",", " ").split()), constant
        assert len(source) > 8


def test_no_constant_of_an_unmeasured_uncoupler_claims_to_be_read():
    for name in ("S13", "SF6847", "BAM15", "niclosamide"):
        origins = drugs.info(name).origins
        assert {origins[c][0] for c in ("k_neutral", "k_anion", "adsorption_length", "effectiveness")} == {"assumed"}
        assert origins["pK"][0] == "recalled"


def test_the_table_lists_every_drug():
    table = drugs.list()
    assert {"kind", "acts_on", "changes", "dose_response", "reversible", "constants", "source"} <= set(table.columns)
    assert not table.isna().any().any()
    assert table.loc["rotenone", "changes"] == "activity_complex_I"
    assert table.loc["FCCP", "changes"] == "activity_chain, J_uncoupler"


def test_a_drug_is_an_attribute_of_the_library_and_a_component():
    assert isinstance(drugs.FCCP, Component)
    assert drugs.FCCP is drugs.get("FCCP")
    assert drugs.oligomycin is drugs.get("oligomycin")
    assert "azide" in dir(drugs)
    with pytest.raises(AttributeError, match="Did you mean FCCP"):
        drugs.FCPP  # noqa: B018
    with pytest.raises(ParameterError, match="Did you mean rotenone"):
        drugs.info("rotenon")


def test_a_drug_of_ones_own_is_looked_up_like_the_others():
    from mitochem.core import library

    library.register("piericidin", Inhibitor(half_dose=0.01).rewire(activity="activity_complex_I"))
    try:
        assert drugs.info("piericidin").changes == ("activity_complex_I",)
        assert drugs.info("piericidin").source == "set by the user"
        assert "piericidin" in drugs.list().index
    finally:
        del library.drugs["piericidin"]


# --- every drug does what it should --------------------------------------------------------------------------------

# What falls (-), rises (+) or stays (0) at a working dose, from state 3: J_O2 with NADH, J_O2 with succinate, J_ATP.
EFFECT = {
    "FCCP": (0.3, "+", "+", "-"),
    "CCCP": (0.6, "+", "+", "-"),
    "DNP": (60.0, "+", "+", "-"),
    "S13": (0.015, "+", "+", "-"),
    "SF6847": (0.015, "+", "+", "-"),
    "BAM15": (1.5, "+", "+", "-"),
    "niclosamide": (0.6, "+", "+", "-"),
    "valinomycin": (1e-3, "+", "+", "-"),
    "nigericin": (0.1, "0", "0", "0"),
    "rotenone": (1.0, "-", "0", "-"),
    "malonate": (5000.0, "0", "-", "-"),
    "antimycin": (1.0, "-", "-", "-"),
    "cyanide": (500.0, "-", "-", "-"),
    "azide": (5000.0, "-", "-", "-"),
    "oligomycin": (1.0, "-", "-", "-"),
    "carboxyatractyloside": (2.0, "-", "-", "-"),
    "mersalyl": (50.0, "-", "-", "-"),
}
# Nigericin takes no power from Δp but for the potassium it cycles: one part in 1e4. Valinomycin changes respiration by
# 1e-3 once potassium is distributed. A drug without its site changes nothing, to the solver's 1e-8.
STILL = 5e-4


def change(after, before):
    relative = float(after) / float(before) - 1
    return "0" if abs(relative) < STILL else "+" if relative > 0 else "-"


def test_every_drug_has_an_expected_effect():
    assert set(EFFECT) == set(NAMES)


@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drug_changes_its_site_and_respiration_as_expected(name, substrate, request):
    plain = request.getfixturevalue("mitochondria" if substrate == "NADH" else "succinate")
    dose, with_nadh, with_succinate, synthesis = EFFECT[name]
    before = plain.steady_state(STATE_3)
    after = plain.steady_state({**STATE_3, f"{name}.dose": dose})
    assert bool(after["success"])
    expected = with_nadh if substrate == "NADH" else with_succinate
    assert change(after["J_O2"], before["J_O2"]) == expected
    acts = expected != "0" or name == "nigericin"
    assert change(after["J_ATP"], before["J_ATP"]) == (synthesis if acts else "0")
    for quantity in drugs.info(name).changes:
        untouched = quantity == "activity_chain" and np.isinf(getattr(drugs.get(name), "inhibition", 0.0))
        assert (float(after[quantity]) == float(before[quantity])) == untouched, quantity


@pytest.mark.parametrize("name", NAMES)
def test_without_a_dose_a_drug_changes_nothing(name, mitochondria):
    before = mitochondria.evaluate({"delta_psi": 160.0, "pH_matrix": 7.5})
    after = mitochondria.with_component(drugs.get(name)).evaluate({"delta_psi": 160.0, "pH_matrix": 7.5})
    for quantity in before:
        assert after[quantity] == before[quantity], quantity


@pytest.mark.parametrize("name", NAMES)
def test_a_drug_is_added_by_its_name(name, mitochondria):
    dose = EFFECT[name][0]
    run = mitochondria.simulate(mc.Protocol().wait(0.5).add(**{name: dose}).wait(0.5), samples=20)
    assert f"{name}.dose" in run.attrs["parameters"]
    assert np.isfinite(run["J_O2"]).all()


# --- uncouplers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", UNCOUPLERS)
def test_respiration_is_bell_shaped_and_its_optimum_lies_in_the_active_range(name, mitochondria):
    low, high = ACTIVE_RANGE[name]
    found = mitochondria.titrate(name, np.geomspace(low / 10, 300 * high, 90), conditions={"oligomycin.dose": 5.0})
    assert bool(found["success"].all())
    rate, dose = found["J_O2"].values, found[f"{name}_dose"].values
    assert (np.diff(found["pmf"]) < 0).all()
    if np.isinf(drugs.get(name).inhibition):
        assert (np.diff(rate) > -1e-6 * rate[:-1]).all()
        assert low < dose[rate > 0.9 * rate[-1]][0] < high
        return
    top = int(rate.argmax())
    assert low < dose[top] < high
    assert (np.diff(rate[: top + 1]) > 0).all()
    assert (np.diff(rate[top:]) < 0).all()
    assert rate[-1] < 0.5 * rate[top]


def test_cccp_with_its_own_measured_rates_obeys_the_rule_by_which_others_are_scaled():
    """The middle of the active range, 0.45 µM CCCP, carries what 0.22 µM FCCP does; to 5 %, at 150 mV, pH 7.2/7.5."""

    def carried(component, dose):
        item = component.replace(dose=dose)
        load = item.load(item.binding(), 1.0, 1000.0, 1e-3)
        sides = item.protonated_bath(7.2), item.protonated_matrix(7.5)
        if isinstance(item, DimerProtonophore):
            return item.J_carried(load, item.turnover(load, 150.0, VOLTAGE, *sides))
        return item.J_carried(load, item.turnover(150.0, VOLTAGE, *sides))

    reference = carried(drugs.FCCP, 0.22)
    assert carried(drugs.CCCP, 0.45) == pytest.approx(reference, rel=0.05)
    for name, dose in {"DNP": 45.0, "S13": 0.01, "SF6847": 0.01, "BAM15": 1.0, "niclosamide": 0.45}.items():
        assert carried(drugs.get(name), dose) == pytest.approx(reference, rel=0.2), name  # one digit each


@pytest.mark.parametrize("name", UNCOUPLERS)
def test_potency_falls_with_protein(name, mitochondria):
    """The same concentration is spread over more membrane: of a strongly bound uncoupler nearly in proportion."""
    dose = 0.3 * EFFECT[name][0]
    found = mitochondria.steady_state(
        {f"{name}.dose": dose, "environment.protein": [0.25, 0.5, 1.0, 2.0, 4.0], "oligomycin.dose": 5.0}
    )
    assert (np.diff(found["J_O2"]) < 0).all()
    item = drugs.get(name).replace(dose=dose)
    share = [item.load(item.binding(), p, 1000.0 / p, 1e-3) for p in (0.25, 4.0)]
    constant = 2 * item.adsorption_length * 480.0
    assert share[0] / share[1] == pytest.approx((1 + 4.0 * constant) / (1 + 0.25 * constant), rel=1e-12)


@pytest.mark.parametrize("name", UNCOUPLERS)
@pytest.mark.parametrize("delta_pH", [-1.0, 0.0, 0.7])
def test_no_uncoupler_carries_protons_at_zero_force(name, delta_pH, mitochondria):
    model = mitochondria.with_component(drugs.get(name)).replace({f"{name}.dose": EFFECT[name][0]})
    at_rest = -SLOPE * delta_pH
    flux = [
        model.evaluate({"delta_psi": at_rest + step, "pH_matrix": 7.2 + delta_pH})["J_uncoupler"]
        for step in (-1.0, 0.0, 1.0)
    ]
    assert flux[0] < 0 < flux[2]
    assert abs(flux[1]) < 1e-9 * flux[2]


# --- the dimer -----------------------------------------------------------------------------------------------------

DIMER = DimerProtonophore(pK=6.5, k_dimer=2e4, effectiveness=0.3)


def dimer_flux(delta_psi, outside, inside, load=2.0, law=DIMER):
    sides = law.protonated_bath(outside), law.protonated_matrix(inside)
    return law.J_carried(load, law.turnover(load, delta_psi, VOLTAGE, *sides))


def test_dimer_cycle_against_its_own_mass_balance():
    """Solve the cycle as written in words: HA equal on both faces, HA2- over one barrier; typed independently."""
    random = np.random.default_rng(3)
    for delta_psi, outside, inside in random.uniform([-80, 5, 5], [200, 8.5, 8.5], (30, 3)):
        o, m = 1 / (1 + 10 ** (outside - 6.5)), 1 / (1 + 10 ** (inside - 6.5))
        spread = np.linalg.solve([[o, -m], [1, 1]], [0.0, 2.0])  # N_o θ_o = N_m θ_m, N_o + N_m = 2 nmol/mg
        pair_o, pair_m = spread[0] ** 2 * o * (1 - o), spread[1] ** 2 * m * (1 - m)
        half = delta_psi / VOLTAGE / 2
        net = 2e4 * (pair_m * np.exp(half) - pair_o * np.exp(-half))  # HA2- leaves the matrix, pulled by Δψ
        assert dimer_flux(delta_psi, outside, inside) == pytest.approx(0.3 * net, rel=1e-9)


def test_dimer_flux_has_slope_two_in_the_load():
    loads = np.geomspace(0.01, 100.0, 9)
    slope = np.diff(np.log(dimer_flux(150.0, 7.2, 7.5, loads))) / np.diff(np.log(loads))
    np.testing.assert_allclose(slope, 2.0, rtol=1e-9)


def test_carrier_cycle_has_slope_one_in_the_load():
    item = Protonophore()
    rate = item.turnover(150.0, VOLTAGE, item.protonated_bath(7.2), item.protonated_matrix(7.5))
    loads = np.geomspace(0.01, 100.0, 9)
    slope = np.diff(np.log(item.J_carried(loads, rate))) / np.diff(np.log(loads))
    np.testing.assert_allclose(slope, 1.0, rtol=1e-9)


@pytest.mark.parametrize("pK", [4.11, 6.5])
@pytest.mark.parametrize("force", [1e-3, 150.0])
def test_dimer_works_best_at_its_pK_whatever_the_force(pK, force):
    """N² θ(1−θ) at equal pH: a maximum at θ = 1/2. By hand η k N² θ(1−θ) sinh(φ/2)/2."""
    law = DIMER.replace(pK=pK)
    pH = pK + np.linspace(-1, 1, 201)
    flux = dimer_flux(force, pH, pH, law=law)
    assert pH[flux.argmax()] == pytest.approx(pK, abs=1e-9)
    assert flux.max() == pytest.approx(0.3 * 2e4 * 2.0**2 * 0.25 * np.sinh(force / VOLTAGE / 2) / 2, rel=1e-9)


def test_doubling_the_dose_of_dnp_carries_four_times_as_much(mitochondria):
    model = mitochondria.with_component(drugs.DNP)
    at = {"delta_psi": 150.0, "pH_matrix": 7.5}
    one, two = (model.replace({"DNP.dose": dose}).evaluate(at)["J_uncoupler"] for dose in (10.0, 20.0))
    assert two == pytest.approx(4 * one, rel=1e-12)


# --- inhibitors ----------------------------------------------------------------------------------------------------


def activity(law, protein=1.0):
    return law.remaining(law.free(protein))


def test_morrison_against_the_quadratic():
    """E = 0.2 µM, K = 0.05 µM, dose 0.3 µM: the complex is (0.55 − sqrt(0.55² − 0.24))/2, typed by hand."""
    complexed = (0.55 - np.sqrt(0.55**2 - 4 * 0.2 * 0.3)) / 2
    law = TightInhibitor(dose=0.3, dissociation_constant=0.05, enzyme=0.1)
    assert activity(law, 2.0) == pytest.approx(1 - complexed / 0.2, rel=1e-12)


def test_a_tight_inhibitor_titrates_its_target_one_to_one():
    law = TightInhibitor(dissociation_constant=1e-6, enzyme=0.5)
    doses = np.array([0.0, 0.1, 0.25, 0.4])
    # sqrt(K/E), 1.4e-3, is the width of the corner; away from it the deviation is K/(E - dose), 1e-5.
    np.testing.assert_allclose(activity(law.replace(dose=doses)), 1 - doses / 0.5, atol=2e-5)
    assert activity(law.replace(dose=0.6)) < 2e-5
    np.testing.assert_allclose(activity(law.replace(dose=2 * doses), 2.0), 1 - doses / 0.5, atol=2e-5)


def test_a_loose_inhibitor_is_a_hyperbola():
    law = TightInhibitor(dissociation_constant=1.0, enzyme=1e-6)
    doses = np.geomspace(1e-3, 1e3, 13)
    np.testing.assert_allclose(activity(law.replace(dose=doses)), 1 / (1 + doses), rtol=2e-6)
    hill = Inhibitor(half_dose=1.0, hill=1.0)
    np.testing.assert_allclose(activity(law.replace(dose=doses)), hill.replace(dose=doses).remaining(), rtol=2e-6)


def test_morrison_keeps_its_digits_far_from_the_end_point():
    law = TightInhibitor(dissociation_constant=1e-4, enzyme=1.0)
    assert activity(law.replace(dose=0.0)) == 1.0
    # Far above, free = dose − E, so that the activity is K/(K + dose − E) but for terms of K E/dose.
    assert activity(law.replace(dose=1000.0)) == pytest.approx(1e-4 / 999.0001, rel=1e-6)


def test_more_mitochondria_need_more_carboxyatractyloside(mitochondria):
    """State 3 with half of the translocators taken: the dose grows in proportion to the protein."""
    item = drugs.carboxyatractyloside
    for protein in (1.0, 4.0):
        half = item.replace(dose=0.5 * item.enzyme * protein + item.dissociation_constant)
        assert activity(half, protein) == pytest.approx(0.5, rel=1e-12)
    found = mitochondria.steady_state(
        {**STATE_3, "carboxyatractyloside.dose": 0.3, "environment.protein": [0.5, 1.0, 2.0]}
    )
    assert (np.diff(found["activity_phosphorylation"]) > 0).all()


def test_an_antagonist_raises_the_dose_needed_and_can_be_overcome():
    law = CompetitiveInhibitor(half_dose=10.0, antagonist_constant=50.0)
    assert law.replace(dose=10.0).remaining() == 0.5
    assert law.replace(dose=30.0, antagonist=100.0).remaining() == pytest.approx(0.5, rel=1e-12)
    assert law.replace(dose=1e9, antagonist=100.0).remaining() < 1e-6
    assert law.replace(dose=10.0, antagonist=1e9).remaining() > 1 - 1e-6


def test_malonate_with_its_antagonist_on_succinate(succinate):
    item = CompetitiveInhibitor(half_dose=100.0).rewire(activity="activity_complex_II").named("malonate_pair")
    model = succinate.with_component(item).replace(STATE_3)
    found = model.steady_state({"malonate_pair.dose": 1000.0, "malonate_pair.antagonist": [0.0, 100.0, 1e4]})
    assert (np.diff(found["J_O2"]) > 0).all()


def test_drugs_on_one_site_multiply_and_two_uncouplers_add(mitochondria):
    model = mitochondria.with_component(drugs.antimycin, drugs.cyanide, drugs.FCCP, drugs.SF6847).replace(
        {"antimycin.dose": 0.02, "cyanide.dose": 10.0, "FCCP.dose": 0.1, "SF6847.dose": 0.005}
    )
    values = model.evaluate({"delta_psi": 150.0, "pH_matrix": 7.5})
    free = values["FCCP_inhibited"] * values["SF6847_inhibited"]
    assert values["activity_chain"] == pytest.approx(0.25 * free, rel=1e-12)
    assert values["J_uncoupler"] == pytest.approx(values["FCCP_J_carried"] + values["SF6847_J_carried"], rel=1e-12)


@pytest.mark.parametrize("name", ["oligomycin", "carboxyatractyloside", "mersalyl"])
def test_inhibitors_of_phosphorylation_move_no_equilibrium(name, mitochondria):
    """A factor on a capacity: the flux changes, its zero does not (no diode)."""
    model = mitochondria.with_component(drugs.get(name)).replace({f"{name}.dose": 0.3 * EFFECT[name][0]})
    forces = {"delta_psi": np.linspace(60.0, 220.0, 81), "pH_matrix": 7.4, "adp_bath": 0.05, "atp_bath": 0.45}
    with_drug, without = model.evaluate(forces), mitochondria.evaluate(forces)
    ratio = with_drug["J_ATP"] / without["J_ATP"]
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    assert 0 < ratio[0] < 1
    assert (np.sign(without["J_ATP"]) == np.sign(with_drug["affinity_J_ATP"])).all()
