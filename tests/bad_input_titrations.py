"""Rows of bad input to fits of titrations and predictions; see `bad_input`."""

from bad_input import NAN, Row

from mitochem import FitError, ParameterError, fitting, plot
from mitochem.fitting import Experiment, examples

ONE = [1.0, 2.0]
GIVEN = {"adp": ONE}


def predicted(observed=None, conditions=None, **options):
    conditions = GIVEN if conditions is None else conditions
    observed = {"J": [NAN, NAN]} if observed is None else observed
    return lambda x: fitting.prediction(x.fitted, Experiment(conditions, observed), **options)


def shown(x="adp", **options):
    return lambda t: plot.predicted(fitting.prediction(t.fitted, Experiment(GIVEN, {"J": ONE})), x, **options)


def drawn(groups, *arguments, **options):
    return lambda x: plot.uncoupling(groups, *arguments, **options)


FITS = [
    ("prediction", lambda x: fitting.prediction(3, Experiment({}, {})), "a FitResult, not 3"),
    ("prediction", lambda x: fitting.prediction(x.fitted, 3), "experiments = 3 is neither"),
    ("prediction", lambda x: fitting.prediction(x.fitted, []), r"experiments = \[\] is neither"),
    ("prediction", lambda x: fitting.prediction(x.fitted, [3]), "is neither an Experiment"),
    ("prediction", predicted(level=2.0), "level = 2 is not between 0 and 1"),
    ("prediction", predicted(level="high"), "level = 'high' is not a number"),
    ("prediction", predicted({"J": "some"}), "observed J = 'some'"),
    ("prediction", predicted({"J_O3": ONE}), "J_O3"),
    ("prediction", predicted(conditions={"adp": [NAN, 1.0]}), "adp is nan"),
    ("prediction", predicted({"J": [1.0, 2.0, 3.0]}), "points where others have"),
    ("examples.adp_titration_heart", lambda x: examples.adp_titration_heart((2,)), "takes some of 1, 5 mM"),
    ("examples.adp_titration_heart", lambda x: examples.adp_titration_heart(()), r"phosphate = \(\)"),
    ("examples.adp_titration_heart", lambda x: examples.adp_titration_heart("one"), "phosphate = 'one'"),
    ("examples.adp_titration_heart", lambda x: examples.adp_titration_heart([NAN]), r"phosphate = \[nan\]"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(()), "at least one experiment"),
    ("examples.fccp_readings", lambda x: examples.fccp_readings(3), "not 3"),
    ("examples.fccp_readings", lambda x: examples.fccp_readings(x.fitted), "the fit of a fccp_titration_brain"),
]

LAWS = [
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(("C",)), "chamber = 'C'"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain("A"), "chambers = 'A'"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(free=("FCCP.dos",)), "FCCP.dose"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(local=("leak",)), "local = 'leak'"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(held_back="no"), "held_back = 'no'"),
    ("examples.fccp_titration_brain", lambda x: examples.fccp_titration_brain(oxygen_limited=2), "oxygen_limited = 2"),
    ("examples.luciferase_time_course", lambda x: examples.luciferase_time_course(-1), "seed = -1"),
    ("examples.luciferase_time_course", lambda x: examples.luciferase_time_course("one"), "seed = 'one'"),
]

PLOTS = [
    ("predicted", lambda x: plot.predicted(3, "adp"), "draws what fitting.prediction gives, not 3"),
    ("predicted", shown("ad"), "Did you mean adp"),
    ("predicted", shown(observable="J_O3"), "observable = 'J_O3'"),
    ("predicted", shown(xlabel=3), "xlabel = 3"),
    ("predicted", shown(ax=3), "ax = 3"),
    ("uncoupling", drawn(3), "groups = 3 is not a mapping"),
    ("uncoupling", drawn({"a": (ONE, ONE)}), r"takes \(dose, flux, potential\)"),
    ("uncoupling", drawn({"a": (ONE, ONE, [1.0])}), "must be of one length"),
    ("uncoupling", drawn({"a": (ONE, ["x", "y"], ONE)}), "flux of the group 'a'"),
    ("uncoupling", drawn({"a": (ONE, ONE, ONE)}, {"a": 3}), "the curve 'a' is 3"),
    ("uncoupling", drawn({"a": (ONE, ONE, ONE)}, axes=3), "axes has 1 Axes"),
    ("uncoupling", drawn({"a": (ONE, ONE, ONE)}, axes=[1, 2, 3]), "axes = 1"),
]

ROWS = [
    *(Row(f"fitting.{name}", call, FitError, words) for name, call, words in FITS),
    *(Row(f"fitting.{name}", call, ParameterError, words) for name, call, words in LAWS),
    *(Row(f"plot.{name}", call, ParameterError, words) for name, call, words in PLOTS),
]
