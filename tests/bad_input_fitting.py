"""Rows of bad input to problems, fits and what follows them; see `bad_input`."""

import functools
import json

import numpy as np
from bad_input import INF, NAN, Row
from fits import LINE, SATURATION, X, saturation, straight

import mitochem as mc
from mitochem import FitError, MitochemError, ParameterError, ReaderError, fitting, plot
from mitochem.fitting import Experiment, Free, Law, Problem, Scale, TimeCourse

UNITS = {"x": "mM", "top": "1", "half": "mM", "y": "1"}
PROTOCOL = mc.Protocol().wait(1)


@functools.cache
def fitted():
    return mc.fit(straight())


def law(function=saturation, observable="y", units=UNITS, **options):
    return lambda x: Law(function, observable, units, **options)


def closed(quantity="duration", units=None, form="imposed_gradient"):
    forms = mc.symbolic.closed_forms
    return lambda x: Law.of_closed_form(
        forms().get(form, form), quantity, {"duration": "min"} if units is None else units
    )


def free(**options):
    return lambda x: Problem(LINE, straight().experiments, {"a": Free(start=1.0), "b": Free(**options)})


def fit(**options):
    return lambda x: mc.fit(straight(), **options)


def profile(result=None, *arguments, **options):
    return lambda x: fitting.profile(fitted() if result is None else result, *arguments, **options)


def bootstrap(result=None, *arguments, **options):
    return lambda x: fitting.bootstrap(fitted() if result is None else result, *arguments, **options)


def posterior(result=None, **options):
    return lambda x: fitting.posterior(fitted() if result is None else result, **options)


def course(times=(0.5, 1.0), observed=(1.0, 2.0), protocol=PROTOCOL, **options):
    return lambda x: Problem(x.model, TimeCourse(protocol, times, {"J_O2": observed}, **options), ["leak.amplitude"])


def record(change):
    def call(_):
        hurt = json.loads(json.dumps(fitted().record))
        change(hurt)
        return fitting.replay(hurt)

    return call


def measured(**options):
    return lambda x: straight(**options)


FITS = [
    ("Law", law(3), "function = 3 cannot be called"),
    ("Law", law(observable="z"), "the unit of 'z' is missing"),
    ("Law", law(observable=["y"]), "is not a text"),
    ("Law", law(units=3), "units of a law = 3"),
    ("Law", law(units=UNITS | {"top": None}), "unit of top = None is not a text"),
    ("Law", law(units={"x": "mM", "top": "1", "y": "1"}), "the unit of half is missing"),
    ("Law", law(units=UNITS | {"haf": "1"}), "takes no argument 'haf'. Did you mean half"),
    ("Law", law(defaults={"top": NAN}), "the default of top is nan"),
    ("Law", law(defaults={"top": "much"}), "default of top = 'much'"),
    ("Law", law(defaults={"top": [1.0, 2.0]}), "it takes one finite number"),
    ("Law", law(bounds={"top": 3}), "bounds of top = 3 is not a pair"),
    ("Law", law(bounds={"top": (2, 1)}), "holds nothing"),
    ("Law", law(long_names=3), "long_names of a law = 3"),
    ("Law", law(references="Key"), "references = 'Key' is not a sequence"),
    ("Law", law(remarks=3), "remarks = 3 cannot be called"),
    ("Law", closed(form="nothing"), "is no ClosedForm"),
    ("Law", closed("duratio"), "Did you mean duration"),
    ("Law", closed(units={"duration": "min", "pmff": "mV"}), "has no symbol 'pmff'"),
    ("Free", lambda x: Free(low="one"), "low = 'one'"),
    ("Free", lambda x: Free(high=NAN), "high = nan is not one number"),
    ("Free", lambda x: Free(low=[1.0, 2.0]), "is not one number"),
    ("Free", lambda x: Free(start="one"), "start = 'one' is not a number"),
    ("Free", free(low=2.0, high=1.0, start=1.5), "hold nothing between them"),
    ("Free", free(low=2.0, start=1.0), "outside its bounds"),
    ("Free", free(start=INF), "b starts at inf"),
    ("Free", free(start=-1.0, log=True), "a positive start is needed"),
    ("Free", free(start=0.0, log=True), "starts at 0"),
    ("Free", free(), "b needs a start value"),
    ("Problem", lambda x: Problem(LINE, [], ["a"]), "at least one experiment"),
    (
        "Problem",
        lambda x: Problem(LINE, Experiment({"x": X}, {"y": X}), {"a": Free(start=1.0)}),
        "b of .* must be free",
    ),
    ("Problem", lambda x: Problem(LINE, [*straight().experiments] * 2, {"a": 3}), "bounds are a pair"),
    ("Problem", lambda x: Problem(LINE, [Experiment({"x": X}, {"y": X}, name="p")] * 2, straight().free), "two exp"),
    ("Problem", lambda x: Problem(LINE, straight().experiments, straight().free, title=3), "title = 3"),
    ("Problem", lambda x: Problem(LINE, straight().experiments, straight().free, source=3), "source = 3"),
    ("Problem", lambda x: Problem(LINE, straight().experiments, straight().free, notes="one"), "notes = 'one'"),
    ("Experiment", measured(uncertain=3), "uncertain = 3 is not a mapping"),
    ("Experiment", measured(uncertain={"x": -1.0}), "uncertain x = -1.0 must be positive"),
    ("Experiment", measured(clamped=["x"]), "a law has no states to hold"),
    ("Experiment", measured(name=3), "name of an experiment = 3"),
    ("Experiment", measured(x=np.ones((2, 4))), "2 dimensions without names"),
    ("Scale", lambda x: Problem(LINE, straight().experiments, straight().free, {"b": Scale("y")}), "name of a free"),
    ("TimeCourse", course(times=(1.0, 0.5)), "times must ascend"),
    ("TimeCourse", course(times=(NAN, 0.5)), "times must ascend"),
    ("TimeCourse", course(times=(0.5, 2.0)), "after the protocol"),
    ("TimeCourse", course(times="now"), "times = 'now'"),
    ("TimeCourse", course(observed=(1.0, INF)), "observed J_O2 is inf"),
    ("TimeCourse", course(observed=(1.0,)), "differ in number"),
    ("TimeCourse", course(protocol=3), "is no Protocol"),
    ("TimeCourse", course(rtol="fine"), "rtol = 'fine'"),
    ("TimeCourse", course(rtol=0.0), "rtol = 0"),
    ("TimeCourse", course(noise={"J_O2": 0.0}), "must be positive"),
    ("TimeCourse", lambda x: Problem(LINE, TimeCourse(PROTOCOL, [1.0], {"y": [1.0]}), []), "a law has no time"),
    ("fit", fit(errors="none"), "errors = 'none'"),
    ("fit", fit(errors="declared"), "needs the noise of y"),
    ("fit", fit(method="newton"), "method = 'newton'"),
    ("fit", fit(starts=0), "starts = 0"),
    ("fit", fit(starts=2.0), "starts = 2.0"),
    ("fit", fit(starts=True), "starts = True"),
    ("fit", fit(seed=-1), "seed = -1"),
    ("fit", fit(seed=None), "seed = None"),
    (
        "fit",
        lambda x: mc.fit(Problem(Law(lambda x, a: x[:2], "y", dict.fromkeys("xay", "1")), *SHORT)),
        "gave the shape",
    ),
    ("profile", profile(3), "takes what fit gives"),
    ("profile", profile(None, ["c"]), "'c' was not fitted"),
    ("profile", profile(None, 3), "names = 3"),
    ("profile", profile(level=1.0), "level = 1 is not between"),
    ("profile", profile(level="high"), "level = 'high'"),
    ("Profiles", lambda x: fitting.profile(fitted())["c"], "'c' has no profile"),
    ("bootstrap", bootstrap(3), "takes what fit gives"),
    ("bootstrap", bootstrap(None, 1), "samples = 1"),
    ("bootstrap", bootstrap(None, 10.0), "samples = 10.0"),
    ("bootstrap", bootstrap(kind="jackknife"), "kind = 'jackknife'"),
    ("bootstrap", bootstrap(kind="experiments"), "1 experiments are too few"),
    ("bootstrap", bootstrap(seed=-1), "seed = -1"),
    ("bootstrap", bootstrap(level=0.0), "level = 0 is not between"),
    ("posterior", posterior(3), "takes what fit gives"),
    ("posterior", posterior(steps=1), "steps = 1"),
    ("posterior", posterior(burn=-1), "burn = -1"),
    ("posterior", posterior(walkers=2), "walkers = 2"),
    ("posterior", posterior(seed=0.5), "seed = 0.5"),
    ("posterior", posterior(priors=3), "priors = 3"),
    ("posterior", posterior(priors={"c": (1.0, 1.0)}), "a prior of 'c'"),
    ("posterior", posterior(priors={"a": (1.0, 0.0)}), "the error positive"),
    ("posterior", posterior(priors={"a": 1.0}), "prior of a"),
    ("posterior", posterior(priors={"a": (1.0, NAN)}), "prior of a"),
    ("replay", record(lambda r: r["problem"]["experiments"][0]["observed"]["y"].reverse()), "digests differ"),
    ("Warned", lambda x: fitting.Warned("text", "nonsense"), "kind = 'nonsense'"),
    ("Warned", lambda x: fitting.Warned(3, "misfit"), "text of a warning = 3"),
]

SHORT = (Experiment({"x": X}, {"y": X}), {"a": Free(start=1.0)})

ROWS = [
    *(Row(f"fitting.{name}", call, FitError, words) for name, call, words in FITS),
    *(
        Row(f"fitting.{name}", call, ParameterError, words)
        for name, call, words in [
            ("Free", lambda x: Free(local="no"), "local = 'no' is neither"),
            ("Free", lambda x: Free(log=3), "log = 3 is neither"),
            ("Scale", lambda x: Scale("y", local="yes"), "local = 'yes' is neither"),
            ("Problem", lambda x: Problem(SATURATION, straight().experiments, {"haf": None}), "Did you mean half"),
            ("fit", fit(profile="yes"), "profile = 'yes' is neither"),
            ("fit", fit(engine=3), "engine = 3 cannot run"),
            ("profile", profile(engine="dask"), "engine = 'dask' cannot run"),
            ("bootstrap", bootstrap(engine="dask"), "engine = 'dask' cannot run"),
            ("replay", lambda x: fitting.replay(3), "record = 3 is not a path"),
            ("TimeCourse", course(conditions={"leak.amplitud": 1.0}), "leak.amplitude"),
            ("TimeCourse", course(clamped=("delta_ps",)), "delta_psi"),
        ]
    ),
    Row("fitting.replay", lambda x: fitting.replay("none.json"), ReaderError, "cannot read none.json"),
    Row("fitting.replay", lambda x: fitting.replay({}), ReaderError, "is no record of a fit"),
    Row("fitting.replay", record(lambda r: r.pop("problem")), ReaderError, "is damaged"),
    Row("fitting.replay", record(lambda r: r["problem"]["law"].update(function="os:system")), MitochemError, "Python"),
    Row("plot.profiles", lambda x: plot.profiles(3), ParameterError, "profiles = 3"),
    Row("plot.profiles", lambda x: plot.profiles({}), ParameterError, "not what fitting.profile gives"),
    Row("plot.profiles", lambda x: plot.profiles({"a": 3}), ParameterError, "not what fitting.profile gives"),
    Row("plot.profiles", lambda x: fitting.profile(fitted()).plot(axes=3), ParameterError, "1 Axes were given for 2"),
    Row("plot.profiles", lambda x: fitting.profile(fitted()).plot(axes=[3, 3]), ParameterError, "axes = 3"),
]
