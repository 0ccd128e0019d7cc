"""What a fit claims held against what happens over many data sets, and against closed forms."""

import numpy as np
import pytest
from fits import SCATTER, X, straight

import mitochem as mc
from mitochem.fitting import Experiment, Free, Law, Problem, TimeCourse, compare, profile
from mitochem.fitting.results.report import digest

# --- data of one fit and of another -----------------------------------------------------------------------------------

RUN = mc.Protocol().wait(1.0).add(ADP=0.3).wait(1.0)
TIMES = np.array([0.5, 1.0, 1.5])


def run(model, **changed):
    facts = {"protocol": RUN, "times": TIMES, "observed": {"J_O2": [20.0, 22.0, 60.0]}} | changed
    return Problem(model, TimeCourse(**facts), ["leak.amplitude"])


def states(model, **changed):
    facts = {"conditions": {"load.capacity": [0.0, 50.0, 1200.0]}, "observed": {"J_O2": [20.0, 40.0, 100.0]}} | changed
    return Problem(model, Experiment(**facts), ["leak.amplitude"])


@pytest.mark.parametrize(
    ("make", "changed"),
    [
        (run, {"protocol": mc.Protocol().wait(1.0).add(ADP=0.5).wait(1.0)}),
        (run, {"protocol": mc.Protocol().wait(0.8).add(ADP=0.3).wait(1.2)}),
        (run, {"protocol": RUN.in_closed_chamber()}),
        (run, {"times": TIMES + 0.01}),
        (run, {"conditions": {"load.capacity": 5.0}}),
        (run, {"conditions": {"pi_bath": 5.0}}),
        (run, {"clamped": ("adp_bath",)}),
        (run, {"noise": {"J_O2": 2.0}}),
        (states, {"clamped": ("pH_matrix",)}),
        (states, {"conditions": {"load.capacity": [0.0, 51.0, 1200.0]}}),
        (states, {"noise": {"J_O2": [1.0, 1.0, 2.0]}}),
    ],
)
def test_what_was_done_belongs_to_the_data(mitochondria, make, changed):
    assert digest(make(mitochondria)) != digest(make(mitochondria, **changed))


def test_runs_of_other_doses_are_not_compared(mitochondria):
    fits = [mc.fit(run(mitochondria, protocol=mc.Protocol().wait(1.0).add(ADP=x).wait(1.0))) for x in (0.3, 0.5)]
    with pytest.raises(mc.FitError, match="not of the same data"):
        compare(*fits)


def test_words_and_the_order_of_conditions_do_not_belong_to_the_data(mitochondria):
    labelled = mc.Protocol().wait(1.0, "state 2").add(ADP=0.3).wait(1, "state 3")
    assert digest(run(mitochondria)) == digest(run(mitochondria, protocol=labelled, name="first"))
    law = Law(lambda x, z, a: a + x + z, "y", dict.fromkeys("xzay", "1"))
    orders = [{"x": X, "z": 2 * X}, {"z": 2 * X, "x": X}]
    fits = [mc.fit(Problem(law, Experiment(c, {"y": X + SCATTER}), {"a": Free(start=1.0)})) for c in orders]
    assert len(compare(*fits)) == 2


# --- degrees of freedom -----------------------------------------------------------------------------------------------

FACTORS = Law(lambda x, a, p, q: a + p * q * x, "y", dict.fromkeys("xapqy", "1"))


def factors(y, x, **options):
    """A line whose slope is called a product of two."""
    return Problem(FACTORS, Experiment({"x": x}, {"y": y}, **options), {name: Free(start=1.2) for name in "apq"})


def test_unknowns_that_act_as_one_cost_one_degree_of_freedom():
    x, y = X[:3], (2.0 + 0.7 * X + SCATTER)[:3]
    one, two = mc.fit(straight(y, x)), mc.fit(factors(y, x))
    assert two.dof == one.dof == 1
    assert two.intervals["a"] == pytest.approx(one.intervals["a"], rel=1e-4)
    one, two = mc.fit(straight()), mc.fit(factors(2.0 + 0.7 * X + SCATTER, X))
    assert compare(one, two).AICc.to_numpy() == pytest.approx([one.aicc] * 2)
    assert profile(two, "a").table.loc["a", ["low", "high"]].tolist() == pytest.approx(one.intervals["a"], rel=1e-3)


def test_an_unknown_that_could_have_been_felt_costs_one():
    # A threshold that came to lie beyond the data has been used all the same.
    law = Law(lambda x, a, edge: a + np.maximum(x - edge, 0.0), "y", dict.fromkeys(("x", "a", "edge", "y"), "1"))
    free = {"a": Free(start=1.0), "edge": Free(start=7.0)}
    result = mc.fit(Problem(law, Experiment({"x": X}, {"y": 2.0 - SCATTER}), free))
    assert result.verdicts["edge"] == "practically unidentifiable"
    assert result.dof == len(X) - 2


def test_intervals_beside_a_redundant_unknown_hold_the_truth_as_often_as_they_say():
    x, held = np.array([1.0, 2.0, 3.0, 5.0, 7.0]), 0
    for seed in range(100):
        result = mc.fit(factors(2.0 + 0.7 * x + np.random.default_rng(seed).normal(0.0, 0.3, 5), x))
        low, high = result.intervals["a"]
        held += low <= 2.0 <= high
    assert 89 <= held <= 98  # with a degree less it was 100


def test_true_values_of_uncertain_conditions_cost_none():
    result = mc.fit(straight(uncertain={"x": 0.1}))
    assert result.dof == len(X) - 2
