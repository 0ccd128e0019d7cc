"""Drugs and their targets: several on one of them, and one drug on the finest target a model has."""

import subprocess
import sys

import assembled
import numpy as np
import pytest

import mitochem as mc
from mitochem import Protocol, drugs
from mitochem.components import Inhibitor
from mitochem.core import library
from mitochem.core.component import Component, component
from mitochem.core.declarations import derived, factor, parameter

# --- several drugs on one target -----------------------------------------------------------------------------------


def test_two_uncouplers_at_once_add_their_currents(mitochondria):
    doses = {"FCCP.dose": 0.1, "CCCP.dose": 0.3}
    both = mitochondria.steady_state(doses)
    assert float(both["J_uncoupler"]) == pytest.approx(
        float(both["FCCP_J_carried"] + both["CCCP_J_carried"]), rel=1e-12
    )
    for one in doses:
        alone = mitochondria.steady_state({one: doses[one]})
        assert float(alone["J_O2"]) < float(both["J_O2"])
        assert float(alone["pmf"]) > float(both["pmf"])
    added = mitochondria.simulate(Protocol().wait(5).add(FCCP=0.1, CCCP=0.3).wait(60))
    assert float(added["pmf"][-1]) == pytest.approx(float(both["pmf"]), rel=1e-5)


def test_one_uncoupler_under_two_names_is_one_uncoupler(mitochondria):
    """Half a dose each of twins is the whole dose of one, where neither inhibits the chain."""
    harmless = mc.drugs.FCCP.replace(inhibition=1e12)
    twins = mitochondria.with_component(harmless.named("one"), harmless.named("other"))
    split = twins.steady_state({"one.dose": 0.1, "other.dose": 0.1})
    whole = twins.steady_state({"one.dose": 0.2})
    for name in ("pmf", "J_O2", "J_uncoupler", "pH_matrix"):
        assert float(split[name]) == pytest.approx(float(whole[name]), rel=1e-7), name


@component
class Antagonised(Inhibitor):
    """Inhibitor whose half dose is raised by whatever competes for its site.

    References
    ----------
    Gaddum 1937.
    """

    competition = factor("Half dose relative to that without an antagonist")

    @derived("1", into="activity")
    def remaining(self, competition):
        """Activity left at this dose"""
        return 1 / (1 + (self.dose / (self.half_dose * competition)) ** self.hill)


@component
class Antagonist(Component):
    """Competes with an inhibitor without an effect of its own: half dose times 1 + dose/K.

    References
    ----------
    Schild 1947.
    """

    dose: float = parameter(0.0, "uM", bounds=(0, None), source="assumed: none until added")
    affinity_constant: float = parameter(1.0, "uM", bounds=(1e-9, None), source="assumed: an example")

    @derived("1", into="competition")
    def shift(self):
        """Dose ratio of Schild"""
        return 1 + self.dose / self.affinity_constant


def test_an_inhibitor_and_its_antagonist(mitochondria):
    site = dict(activity="activity_phosphorylation", competition="competition_oligomycin")
    inhibitor = Antagonised(half_dose=0.01, hill=2.0).rewire(**site).named("oligo")
    model = mitochondria.with_component(inhibitor, Antagonist().rewire(competition=site["competition"]))
    model = model.replace({"load.capacity": 600.0})
    ds = model.steady_state({"oligo.dose": [0.0, 0.05], "antagonist.dose": [0.0, 9.0, 1e6]})
    free, inhibited = ds["J_ATP"].isel(oligo_dose=0), ds["J_ATP"].isel(oligo_dose=1)
    assert np.ptp(free.values) == pytest.approx(0, abs=1e-9 * float(free[0])), "no effect of its own"
    assert float(inhibited[0]) < float(inhibited[1]) < float(inhibited[2])
    assert float(inhibited[2]) == pytest.approx(float(free[0]), rel=1e-6), "surmountable"
    # Schild: against 9 K of antagonist it takes ten times the inhibitor.
    shifted = model.steady_state({"oligo.dose": 0.5, "antagonist.dose": 9.0})
    assert float(shifted["J_ATP"]) == pytest.approx(float(inhibited[0]), rel=1e-9)
    # A second inhibitor of the site, out of reach of that antagonist: its own competition, and the factors multiply.
    other = inhibitor.rewire(competition="competition_other").named("other")
    two = model.with_component(other).evaluate()
    assert two["activity_phosphorylation"] == 1
    two = (
        model.with_component(other).replace({"oligo.dose": 0.01, "other.dose": 0.01, "antagonist.dose": 1.0}).evaluate()
    )
    assert two["activity_phosphorylation"] == pytest.approx(1 / (1 + 1 / 4) / 2, rel=1e-12)


# --- the finest target a model has ---------------------------------------------------------------------------------

# Drug: a working dose (µM), its target complex by complex, and on the lumped steps.
TARGETS = {
    "rotenone": (1.0, "activity_complex_I", "activity_complex_I"),
    "malonate": (5000.0, "activity_complex_II", "activity_complex_II"),
    "antimycin": (1.0, "activity_complex_III", "activity_chain"),
    "cyanide": (500.0, "activity_complex_IV", "activity_chain"),
    "azide": (5000.0, "activity_complex_IV", "activity_chain"),
    "oligomycin": (1.0, "activity_phosphorylation", "activity_phosphorylation"),
    "carboxyatractyloside": (2.0, "activity_translocase", "activity_phosphorylation"),
    "mersalyl": (50.0, "activity_phosphate_carrier", "activity_phosphorylation"),
}
WORKING = {"load.capacity": 1200.0}


@pytest.fixture(scope="module")
def detailed():
    """Four complexes, synthase, translocase and phosphate carrier, on NADH and succinate."""
    return assembled.detailed().replace({"complex_II.substrate": 1.0})


def lowered(ds):
    """The activities that a drug has taken away."""
    return {str(name) for name in ds.data_vars if str(name).startswith("activity_") and float(ds[name]) < 1}


@pytest.mark.parametrize("name", TARGETS)
def test_a_drug_acts_on_its_complex_where_there_is_one_and_on_the_lumped_step_elsewhere(name, detailed, mitochondria):
    dose, fine, lumped = TARGETS[name]
    left = {}
    for model, target in ((detailed, fine), (mitochondria, lumped)):
        ds = model.steady_state({**WORKING, f"{name}.dose": dose})
        assert ds["success"]
        assert lowered(ds) == {target}
        assert drugs.get(name, model).wired("activity") == target
        left[target] = float(ds[target])
    assert len(set(left.values())) == 1, "the same law, whatever it acts on"
    assert drugs.info(name).sites == tuple(dict.fromkeys((fine, lumped)))
    assert drugs.get(name).wired("activity") == lumped


@pytest.mark.parametrize("name", [n for n in TARGETS if n not in ("rotenone", "malonate")])
def test_a_block_of_a_step_of_its_own_stops_work(name, detailed):
    """But for rotenone and malonate, which leave the other substrate."""
    before = detailed.steady_state(WORKING)
    after = detailed.steady_state({**WORKING, f"{name}.dose": TARGETS[name][0]})
    assert float(after["J_ATP"]) < 0.1 * float(before["J_ATP"])
    assert float(after["J_O2"]) < 0.3 * float(before["J_O2"])


def test_the_chain_is_reduced_before_the_block_and_oxidised_behind_it(detailed):
    """Crossover (Chance & Williams 1955): what lumped steps cannot show. By hand, from which side electrons come."""
    reduced = ["nadh_matrix", "ubiquinol", "cytochrome_c_reduced"]
    before = detailed.steady_state(WORKING)
    for name, signs in (("rotenone", "+--"), ("antimycin", "++-"), ("cyanide", "+++")):
        after = detailed.steady_state({**WORKING, f"{name}.dose": TARGETS[name][0]})
        found = "".join("+" if float(after[pool]) > float(before[pool]) else "-" for pool in reduced)
        assert found == signs, name


def test_a_protocol_and_a_titration_find_the_finest_target_too(detailed):
    run = detailed.simulate(Protocol().wait(1).add(cyanide=500.0).wait(1), samples=20)
    assert float(run["activity_complex_IV"][-1]) < 0.01
    assert (run["activity_chain"] == 1).all()
    found = detailed.titrate("mersalyl", [0.0, 5.0, 50.0], conditions=WORKING)
    assert (np.diff(found["activity_phosphate_carrier"]) < 0).all()
    assert (found["activity_phosphorylation"] == 1).all()


def test_a_drug_of_ones_own_may_have_a_finer_target(detailed, mitochondria):
    library.register(
        "stigmatellin", Inhibitor().rewire(activity="activity_chain"), {"activity": ["activity_complex_III"]}
    )
    try:
        for model, target in ((detailed, "activity_complex_III"), (mitochondria, "activity_chain")):
            assert lowered(model.steady_state({"stigmatellin.dose": 1.0})) == {target}
    finally:
        del library.drugs["stigmatellin"], library.sites["stigmatellin"]


def test_a_model_put_together_from_components_knows_the_drugs():
    code = "import mitochem.components\nfrom mitochem.core.library import drugs\nassert 'FCCP' in drugs"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
