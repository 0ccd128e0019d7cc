"""Rows of bad input to ensembles, sensitivities, compiled solvers and fits of runs; see `bad_input`."""

from bad_input import NAN, Row

import mitochem as mc
from mitochem import FitError, ParameterError, ReaderError, ensembles

RUN = mc.Protocol().wait(1)


def draws(distributions, n=10, **options):
    return lambda x: ensembles.draws(distributions, n, **options)


def saltelli(ranges, n=8):
    return lambda x: ensembles.saltelli(ranges, n)


def ensemble(table=None, **options):
    return lambda x: x.model.ensemble({"leak.amplitude": [1.0]} if table is None else table, **options)


def slopes(parameters=("leak.amplitude",), **options):
    return lambda x: x.model.sensitivities(parameters, t_end=1.0, **options)


def course(protocol=RUN, times=(0.5, 1.0), observed=(1.0, 2.0), **options):
    def fitted(x):
        run = mc.fitting.TimeCourse(protocol, times, {"J_O2": observed}, **options)
        return mc.fitting.Problem(x.model, run, free=["leak.amplitude"])

    return fitted


ASKED = [
    ("ensembles.draws", draws(3), "distributions = 3 is not a mapping"),
    ("ensembles.draws", draws({}), "draws needs distributions"),
    ("ensembles.draws", draws({"a": 3}), "a = 3 is no distribution"),
    ("ensembles.draws", draws({"a": ("lognorml", 1, 1)}), "Did you mean lognormal"),
    ("ensembles.draws", draws({"a": ("lognormal", NAN, 1)}), "nan.* is not possible"),
    ("ensembles.draws", draws({"a": (0, 1)}, 0), "n = 0 is not a whole number of at least 1"),
    ("ensembles.draws", draws({"a": (0, 1)}, seed="x"), "seed = 'x' is not a whole number"),
    ("ensembles.saltelli", saltelli(3), "ranges = 3 is not a mapping"),
    ("ensembles.saltelli", saltelli({"a": (1, 0)}), "is not possible for low and high"),
    ("ensembles.saltelli", saltelli({"a": (0, 1)}, 0), "n = 0 is not a whole number of at least 1"),
    ("ensembles.open_store", lambda x: ensembles.open_store(3), "path = 3 is not a path"),
    ("ensembles.Quantiles", lambda x: ensembles.Quantiles(2), "not all between 0 and 1"),
    ("ensembles.Quantiles", lambda x: ensembles.Quantiles("a"), "quantiles"),
    ("ensembles.Quantiles", lambda x: ensembles.Quantiles(NAN), "not all between 0 and 1"),
    ("ensembles.Histogram", lambda x: ensembles.Histogram(1, 0), "is not possible"),
    ("ensembles.Histogram", lambda x: ensembles.Histogram("a", 1), "low of a histogram"),
    ("ensembles.Histogram", lambda x: ensembles.Histogram(0, NAN), "high of a histogram"),
    ("ensembles.Sobol", lambda x: ensembles.Sobol(3), "parameters of Sobol = 3"),
    ("Model", ensemble(3), "parameters is a int"),
    ("Model", ensemble({"leak.amplitud": [1.0]}), "Did you mean leak.amplitude"),
    ("Model", ensemble({"leak.amplitude": [1.0, NAN]}), "member 1 of the table"),
    ("Model", ensemble(reduce="medan"), "Did you mean mean"),
    ("Model", ensemble(engine=3), "engine = 3 cannot run chunks"),
    ("Model", ensemble(readouts={"a": ("J_O2", "max")}), "have no times and no readouts"),
    ("Model", ensemble(t_end=1.0, solver="rosenbrok"), "Did you mean rosenbrock"),
    ("Model", ensemble(outputs=["J_O3"]), "Did you mean J_O2"),
    ("Model", slopes(3), "parameters = 3 is not a sequence of names"),
    ("Model", slopes(()), "parameters is empty"),
    ("Model", slopes(("leak.amplitud",)), "Did you mean leak.amplitude"),
    ("Model", slopes(solver="bdf"), "solver = 'bdf' is not possible here"),
    ("Model", slopes(outputs=["J_O3"]), "Did you mean J_O2"),
    ("Model", lambda x: x.model.simulate(t_end=1.0, solver="lsda"), "Did you mean lsoda"),
    ("Model", lambda x: x.model.simulate(t_end=1.0, outputs=["J_O3"]), "Did you mean J_O2"),
    ("Model", lambda x: x.model.steady_state(outputs="pmf"), "is one name; give a list"),
    ("Model", lambda x: x.model.steady_state(compiled="yes"), "compiled = 'yes' is neither"),
    ("Model", lambda x: x.model.steady_state(continuation="yes"), "continuation = 'yes' is neither"),
]
RUNS = [
    ("fitting.TimeCourse", course(3), "protocol = 3 is no Protocol"),
    ("fitting.TimeCourse", course(times=(1.0, 0.5)), "times must ascend"),
    ("fitting.TimeCourse", course(times=(0.5, NAN)), "times must ascend"),
    ("fitting.TimeCourse", course(times=(0.5, 2.0)), "after the protocol does"),
    ("fitting.TimeCourse", course(observed=(1.0,)), "differ in number"),
    ("fitting.TimeCourse", course(conditions={"load.capacity": [1.0, 2.0]}), "is one number"),
]
ROWS = [
    *(Row(name, call, ParameterError, words) for name, call, words in ASKED),
    *(Row(name, call, FitError, words) for name, call, words in RUNS),
    Row(
        "ensembles.open_store",
        lambda x: ensembles.open_store("/absent"),
        ReaderError,
        "is not the store of an ensemble",
    ),
]
