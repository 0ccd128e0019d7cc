"""Rows of bad input to components, models, protocols and files; see `bad_input`."""

import numpy as np
from bad_input import INF, NAN, Row

import mitochem as mc
from mitochem import ModelError, ParameterError, ReaderError
from mitochem.components import OhmicLeak, SinhLeak


@mc.component
class Halves(mc.Component):
    """A component to go wrong with.

    References
    ----------
    A test.
    """


def declared(default=1.0, unit="mM", **more):
    return lambda x: mc.parameter(default, unit, source="assumed: x", **more)


def in_state(unit="mV", initial=1.0, **more):
    return lambda x: mc.state(unit, initial=initial, **more)


def steady(*arguments, **options):
    return lambda x: x.model.steady_state(*arguments, **options)


def run(*arguments, t_end=1.0, **options):
    return lambda x: x.model.simulate(*arguments, t_end=t_end, **options)


def slope(states):
    return lambda x: x.model.jacobian(states)


def law(*arguments, **named):
    return lambda x: SinhLeak().J_leak(*arguments, **named)


DECLARED = [
    ("parameter", lambda x: mc.parameter(1.0, "mM"), "needs a source"),
    ("parameter", declared(status="guess"), "guess"),
    ("parameter", declared(NAN), "default = nan is not a number"),
    ("parameter", declared("a"), "default = 'a' is not a number"),
    ("parameter", declared(-1.0, bounds=(0, None)), "default = -1 mM is outside the bounds, 0 to inf"),
    ("parameter", declared(unit="mMM"), "unit = 'mMM' is not a unit.*Did you mean mM"),
    ("parameter", declared(unit=3), "unit = 3 is not a unit"),
    ("parameter", declared(bound=(2, 3)), "no option 'bound'. Did you mean bounds"),
    ("parameter", declared(bounds=3), r"bounds = 3 is not a pair \(low, high\)"),
    ("parameter", declared(bounds=(3, 2)), r"bounds = \(3, 2\) holds nothing"),
    ("parameter", declared(range=3), "range = 3 is not a pair"),
    ("parameter", declared(range=(-1, 1), bounds=(0, None)), "an end of range = -1 mM is outside the bounds"),
    ("state", in_state(initial=NAN), "initial = nan is not a number"),
    ("state", in_state(initial="a"), "initial = 'a' is not a number"),
    ("state", in_state(initial=INF), "initial = inf mV is not a finite number"),
    ("state", in_state(initial=-1.0, bounds=(0, None)), "initial = -1 mV is outside the bounds"),
    ("state", in_state(scale=0), "scale = 0 mV is not a finite number above 0"),
    ("state", in_state(held=("simulat",)), "held = 'simulat' is not known. Did you mean simulate"),
    ("state", in_state(held="simulate"), "held = 'simulate' is not a sequence"),
    ("state", in_state("mVV"), "unit = 'mVV' is not a unit.*Did you mean mV"),
    ("derived", lambda x: mc.derived("mVV"), "unit = 'mVV'"),
    ("total", lambda x: mc.total("sum of leaks", unit="mVV"), "unit = 'mVV'"),
    ("flux", lambda x: mc.flux("mM", affinity=3), "affinity"),
    ("flux", lambda x: mc.flux("mVV"), "unit = 'mVV'"),
    ("flux", lambda x: mc.flux("mV", charge_ims=NAN), "charge_ims = nan is not a number"),
    ("flux", lambda x: mc.flux("mV", charge_ims=INF), "charge_ims = inf is not a finite number"),
    ("flux", lambda x: mc.flux("mV", charge_ims="a"), "charge_ims = 'a' is not a number"),
    ("component", lambda x: mc.component(3), "derives from Component, and 3 is not one"),
    ("component", lambda x: mc.component(int), "derives from Component, and <class 'int'>"),
    ("Component", lambda x: SinhLeak().named("not a name"), "plain identifier"),
    ("Component", lambda x: SinhLeak().named(3), "a component's name = 3 is not a text"),
    ("Component", lambda x: SinhLeak().rewire(pmf=3), "the new name of pmf = 3 is not a text"),
    ("Component", lambda x: SinhLeak().rewire(pmf="p m f"), "plain identifier, and 'p m f'"),
    ("Model", lambda x: mc.Model(OhmicLeak(), OhmicLeak()), "leak"),
    ("Model", lambda x: mc.Model(time_unit="mn"), "time_unit = 'mn' is not a unit of time. Did you mean min"),
    ("Model", lambda x: mc.Model(time_unit="mV"), "time_unit = 'mV' is not a unit of time"),
    ("Model", lambda x: mc.Model(name=3), "name = 3 is not a text"),
    ("Model", lambda x: mc.Model(references=3), "references = 3 is not a sequence"),
    ("Model", lambda x: mc.Model(references="Mitchell1961"), "references = 'Mitchell1961' is not a sequence"),
    ("Model", lambda x: x.model.renamed(3), "name = 3"),
    ("Model", lambda x: x.model.with_component(3), "components, and 3 is not one"),
    ("Model", lambda x: x.model.without(["leak"]), "Did you mean leak"),
]

ASKED = [
    ("Component", lambda x: SinhLeak(amplitud=1.0), "Did you mean amplitude"),
    ("Component", lambda x: SinhLeak(3), "by name, such as amplitude=3"),
    ("Component", lambda x: mc.Component(a=3), "Component has no parameter 'a'"),
    ("Component", lambda x: SinhLeak().cited(amplitude=3), "SinhLeak.amplitude: 3 is not a status and a source"),
    ("Component", lambda x: SinhLeak().cited(amplitude=("red", "x")), "'red' is not known. Did you mean read"),
    ("Component", lambda x: SinhLeak().cited(amplitud=("read", "x")), "Did you mean amplitude"),
    ("Component", lambda x: SinhLeak().origin("amplitud"), "Did you mean amplitude"),
    ("Component", lambda x: SinhLeak().check("amplitud", 3), "Did you mean amplitude"),
    ("Component", law("a"), "SinhLeak.J_leak: pmf = 'a' is not a number"),
    ("Component", law(None), "pmf = None"),
    ("Component", law([1.0, "a"]), "pmf = .* is not a number"),
    ("Component", law(), "pmf missing"),
    ("Component", law(1.0, 2.0), "not 2 arguments"),
    ("Component", law(1.0, pmf=2.0), "pmf is given twice"),
    ("Component", law(pmff=3), "not 'pmff'. Did you mean pmf"),
    ("Component", lambda x: SinhLeak(amplitude=[1, 2]).J_leak(np.ones(3)), r"amplitude \(2,\), pmf \(3,\)"),
    ("component", lambda x: Halves(a=1.0), "has no parameter 'a'"),
    ("Model", lambda x: mc.Model(initial=3), "initial = 3 is not a mapping"),
    ("Model", lambda x: x.model["leek.amplitude"], "Did you mean leak.amplitude"),
    ("Model", lambda x: x.model[3], "no parameter or state 3"),
    ("Model", lambda x: x.model.replace(3), "values = 3 is not a mapping"),
    ("Model", lambda x: x.model.replace({3: 1}), "no parameter or state 3"),
    ("Model", lambda x: x.model.clamp(3), "no parameter or state 3"),
    ("Model", lambda x: x.model.held("stedy_state"), "context = 'stedy_state'.*Did you mean steady_state"),
    ("Model", lambda x: x.model.evaluate(3), "states = 3 is not a mapping"),
    ("Model", lambda x: x.model.evaluate({"delta_psi": INF}), "delta_psi is infinite"),
    (
        "Model",
        lambda x: x.model.evaluate({"delta_psi": np.ones(2), "pH_matrix": np.full(3, 7.0)}),
        r"the shapes of delta_psi \(2,\), pH_matrix \(3,\)",
    ),
    ("Model", slope(3), "states = 3 is not a mapping"),
    ("Model", slope({"delta_psi": NAN}), "delta_psi is not a number"),
    ("Model", slope({"pH_matrix": 99.0}), r"pH_matrix = 99 is outside \[0, 14\]"),
    ("Model", slope({"delta_psi": "a"}), "delta_psi = 'a'"),
    ("Model", slope({"delta_psi": [1.0, 2.0]}), "delta_psi has 2 values"),
    ("Model", steady(3), "conditions = 3 is not a mapping"),
    ("Model", steady("leak.amplitude"), "conditions = 'leak.amplitude' is not a mapping"),
    ("Model", steady({3: 1.0}), "no parameter or state 3"),
    ("Model", steady({"delta_psi": INF}), "delta_psi is infinite"),
    ("Model", steady(start=3), "start = 3 is not a mapping"),
    ("Model", steady(start={"delta_psi": NAN}), "delta_psi is not a number"),
    ("Model", steady(start={"delta_pis": 1.0}), "'delta_pis'. Did you mean delta_psi"),
    ("Model", steady(start={"leak.amplitude": 1.0}), "'leak.amplitude' is a parameter, not a state"),
    ("Model", lambda x: steady(start=x.steady.assign(delta_psi=NAN))(x), "start: delta_psi is not a number"),
    ("Model", steady(clamped="delta_psi"), "clamped = 'delta_psi' is not a sequence"),
    ("Model", steady(outputs=3), "outputs = 3 is not a sequence"),
    ("Model", steady(context="stedy"), "context = 'stedy' is not known"),
    ("Model", steady(stabilty=False), "steady_state has no option 'stabilty'. Did you mean stability"),
    ("Model", run(3), "a protocol is made of steps.* 3 is not a list"),
    ("Model", run(conditions=3), "conditions = 3 is not a mapping"),
    ("Model", run(start=3), "start = 3 is not a mapping"),
    ("Model", run(start={"delta_pis": 1.0}), "Did you mean delta_psi"),
    ("Model", run(clamped=3), "clamped = 3"),
    ("Model", run(sample=3), "simulate has no option 'sample'. Did you mean samples"),
    ("Model", lambda x: x.model.titrate("FCCP", 3, conditions=3), "conditions = 3 is not a mapping"),
    ("Model", lambda x: x.model.titrate(["FCCP"], 3), r"\['FCCP'\] is neither a bath species nor a drug"),
    ("Model", lambda x: x.model.titrate("FCCP", 3, start={}), "titrate has no option 'start'"),
    ("Protocol", lambda x: mc.Protocol("wait 2"), "step 1"),
    ("Protocol", lambda x: mc.Protocol(3), "made of steps.* 3 is not a list"),
    ("Protocol", lambda x: mc.Protocol(closed="no"), "closed = 'no' is neither"),
    ("Protocol", lambda x: mc.Protocol.read(3), "path = 3 is not a path"),
    ("Protocol", lambda x: mc.Protocol().wait(NAN), "wait of nan"),
    ("Protocol", lambda x: mc.Protocol().wait(1, label=3), "label = 3 is not a text"),
    ("Protocol", lambda x: mc.Protocol().set(3), "values.* = 3 is not a mapping"),
    ("Protocol", lambda x: mc.Protocol() + 3, "followed by another one, and 3 is not one"),
    ("diff", lambda x: mc.diff(x.model, "minimal"), "not str"),
    ("load", lambda x: mc.load(3), "path = 3 is not a path"),
    ("save", lambda x: mc.save(3, "run.nc"), "save takes a Dataset.*3"),
    ("save", lambda x: mc.save(x.model, "run.nc"), "save takes a Dataset.*Model"),
    ("save", lambda x: mc.save(x.steady, 3), "path = 3 is not a path"),
]

ROWS = [
    *(Row(name, call, ModelError, words) for name, call, words in DECLARED),
    *(Row(name, call, ParameterError, words) for name, call, words in ASKED),
    Row("load", lambda x: mc.load("/absent.nc"), ReaderError, "absent.nc does not exist"),
    Row("save", lambda x: mc.save(x.steady, "/absent/run.nc"), mc.MitochemError, "cannot write"),
]
