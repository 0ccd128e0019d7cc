"""What a fit claims held against what happens over many data sets, and against closed forms."""

import numpy as np
import pytest
from fits import SCATTER, X

import mitochem as mc
from mitochem.fitting import Experiment, Free, Law, Problem, TimeCourse, compare
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
