"""Rows of bad input to fits and figures; see `bad_input`."""

import numpy as np
import xarray as xr
from bad_input import INF, NAN, Row

import mitochem as mc
from mitochem import FitError, ParameterError, fitting, plot
from mitochem.components import SinhLeak

ONE = [1.0, 2.0]


def problem(**options):
    return lambda x: x.problem(**options)


def scale(multiplies="J_O2", **options):
    return lambda x: x.problem(nuisance={"factor": fitting.Scale(multiplies, **options)})


def observed(values, **options):
    return lambda x: x.problem(observed={"J_O2": values}, **options)


def curve(adp=(0.1, 0.2, 0.3), J=(1.0, 2.0, 3.0), **options):
    return lambda x: fitting.michaelis_menten(adp, J, **options)


def measured(unit):
    return xr.Dataset({"J_O2": ("time", ONE, {"units": unit})}, {"time": ("time", ONE, {"units": "min"})})


FITS = [
    ("Unknown", lambda x: fitting.Unknown("Km", "mM", NAN), "Km starts at nan"),
    ("Unknown", lambda x: fitting.Unknown("Km", "mM", "one"), "start of Km = 'one'"),
    ("Unknown", lambda x: fitting.Unknown("Km", "mM", 1.0, None), "low of Km = None"),
    ("Unknown", lambda x: fitting.Unknown("Km", "mM", 1.0, 2.0, 1.0), "hold nothing"),
    ("Unknown", lambda x: fitting.Unknown("Km", "mM", ONE), "start of Km has the shape"),
    ("Noise", observed(ONE, noise={"J_O2": fitting.Noise(NAN)}), "noise of J_O2 = nan must be positive"),
    ("Noise", observed(ONE, noise={"J_O2": fitting.Noise(-1.0)}), "noise of J_O2 = -1"),
    ("Noise", observed(ONE, noise={"J_O2": fitting.Noise(None)}), "noise of J_O2 = None is not a number"),
    ("Noise", observed(ONE, noise={"J_O2": [1.0, 2.0, 3.0]}), r"noise of J_O2 has the shape \(3,\)"),
    ("Scale", scale(start=NAN), "factor starts at nan"),
    ("Scale", scale(start="one"), "start of factor = 'one'"),
    ("Scale", scale(start=-1.0), "factor starts at -1"),
    ("Scale", scale(bounds=3), "bounds are a pair"),
    ("Scale", scale(bounds=(NAN, 1.0)), "not a pair of numbers"),
    ("Scale", scale("J_02"), "Did you mean J_O2"),
    ("Experiment", problem(conditions=3), "conditions = 3 is not a mapping"),
    ("Experiment", problem(conditions={"load.capacity": [NAN, 1.0]}), "condition load.capacity is nan at point 0"),
    ("Experiment", observed(None), "observed J_O2 = None"),
    ("Experiment", observed([1.0, INF]), "observed J_O2 is inf"),
    ("Experiment", observed([1.0, 2.0, 3.0]), "points where others have"),
    ("Experiment", observed(xr.DataArray(ONE, attrs={"units": "mV"})), "is in 'mV' and the model"),
    ("Experiment", observed(ONE, noise=3), "noise = 3 is not a mapping"),
    ("Experiment", observed(ONE, clamped="adp_bath"), "clamped = 'adp_bath' is not a sequence"),
    ("Problem", lambda x: fitting.Problem("minimal", fitting.Experiment({}, {}), []), "takes a Model"),
    ("Problem", lambda x: fitting.Problem(x.model, [3], []), "neither an Experiment nor"),
    ("Problem", problem(free=3), "free = 3"),
    ("Problem", problem(free="leak.amplitude"), "free = 'leak.amplitude' is not a sequence"),
    ("Problem", problem(free={"leak.amplitude": (NAN, 1.0)}), "not a pair of numbers"),
    ("Problem", problem(free={"leak.amplitude": (0.1, "one")}), "an end of bounds = 'one'"),
    ("Problem", problem(nuisance={"factor": 3}), "the nuisance 'factor' is 3"),
    ("fit", lambda x: fitting.fit(3), "takes a Problem"),
    ("fit", lambda x: fitting.fit(x.problem(free=())), "nothing is free"),
    ("michaelis_menten", curve(adp="some"), "adp = 'some' is not a number"),
    ("michaelis_menten", curve(J=(1.0, None, 3.0)), r"J\[1\] = nan"),
    ("michaelis_menten", curve(J=(1.0, 2.0)), "of one length"),
    ("michaelis_menten", curve(adp=(-0.1, 0.2, 0.3)), r"adp\[0\] = -0.1"),
    ("michaelis_menten", curve(units="mM"), "units = 'mM'"),
    ("michaelis_menten", curve(units=("mM",)), "not a pair"),
    ("michaelis_menten", curve(source=3), "source = 3"),
    ("compare", lambda x: fitting.compare(x.fitted, 3), "a FitResult, not 3"),
    ("compare", lambda x: fitting.compare(), "no fit to compare"),
    ("summary", lambda x: fitting.summary([x.fitted]), "takes a mapping"),
    ("summary", lambda x: fitting.summary({}), "takes a mapping"),
    ("summary", lambda x: fitting.summary({"a": 3}), "a FitResult, not 3"),
    ("FitResult", lambda x: x.fitted["Vmx"], "Did you mean Vmax"),
]

LAWS = [
    ("michaelis_menten_law", lambda x: fitting.michaelis_menten_law(NAN, 1.0, 1.0), "adp = nan"),
    ("michaelis_menten_law", lambda x: fitting.michaelis_menten_law(-1.0, 1.0, 2.0), "adp = -1"),
    ("michaelis_menten_law", lambda x: fitting.michaelis_menten_law(1.0, 1.0, 0.0), "Km = 0"),
    ("michaelis_menten_law", lambda x: fitting.michaelis_menten_law(1.0, None, 1.0), "Vmax = None"),
    ("michaelis_menten_law", lambda x: fitting.michaelis_menten_law(np.ones(2), np.ones(3), 1.0), "the shapes"),
    ("hill_law", lambda x: fitting.hill_law(0.0, 1.0, 1.0, 1.0), "adp = 0"),
    ("hill_law", lambda x: fitting.hill_law(1.0, 1.0, 1.0, NAN), "h = nan"),
    ("hill_law", lambda x: fitting.hill_law(1.0, 1.0, -1.0, 1.0), "Km = -1"),
    ("examples.adp_sensitivity_heart", lambda x: fitting.examples.adp_sensitivity_heart(["hil"]), "Did you mean hill"),
    ("examples.adp_sensitivity_heart", lambda x: fitting.examples.adp_sensitivity_heart("hill"), "laws = 'hill'"),
]


def points(groups=None, *arguments, **options):
    groups = {"a": (ONE, ONE)} if groups is None else groups
    return lambda x: plot.data_and_model(groups, *arguments, xlabel="x", ylabel="y", **options)


LEAK = SinhLeak().J_leak


def force(pmf=(1.0, 2.0), law=LEAK, **options):
    return lambda x: plot.flux_force(law, pmf, **options)


PLOTS = [
    ("data_and_model", points(3), "groups = 3 is not a mapping"),
    ("data_and_model", points({"a": 3}), "the group 'a' is 3"),
    ("data_and_model", points({"a": (ONE, ["x", "y"])}), "y of the group 'a'"),
    ("data_and_model", points({"a": (ONE, [1.0])}), r"x of shape \(2,\) and y of shape \(1,\)"),
    ("data_and_model", points({"a": (ONE, ONE, [-1.0, 1.0])}), "must not be negative"),
    ("data_and_model", points({"a": (ONE, ONE, [1.0])}), "one for each of 2 points"),
    ("data_and_model", points(None, {"a": 3}), "the curve 'a' is 3"),
    ("data_and_model", points(None, {"a": (ONE, [1.0])}), "of one length"),
    ("data_and_model", points(bands={"a": (ONE, ONE)}), "it takes 3 columns"),
    ("data_and_model", points(residuals=3), "residuals = 3"),
    ("data_and_model", points(residuals={"b": ONE}), "not a group"),
    ("data_and_model", points(residuals={"a": ["x", "y"]}), "residuals of 'a'"),
    ("data_and_model", points(ax=3), "ax = 3 is not Matplotlib Axes"),
    ("events", lambda x: plot.events(3), "takes a Dataset"),
    ("events", lambda x: plot.events(x.steady), "needs 'time'"),
    ("flux_against", lambda x: plot.flux_against(x.model), "takes a Dataset"),
    ("flux_against", lambda x: plot.flux_against(x.titrated, "pmff"), "Did you mean pmf"),
    ("flux_against", lambda x: plot.flux_against(x.titrated, y=3), "y = 3"),
    ("flux_against", lambda x: plot.flux_against(x.titrated, y=[]), "y is empty"),
    ("flux_against", lambda x: plot.flux_against(x.titrated, ax=3), "ax = 3"),
    ("flux_force", force(law=3), "draws a law.*3"),
    ("flux_force", force(law=lambda a, b: a), "missing a required argument: 'b'"),
    ("flux_force", force("high"), "pmf = 'high'"),
    ("flux_force", force(None), "pmf = None"),
    ("flux_force", force([1.0, NAN]), "pmf contains nan"),
    ("flux_force", force(np.ones((2, 2))), r"shape \(2, 2\)"),
    ("flux_force", force(given=3), "given = 3"),
    ("flux_force", force(given={"pmff": 1.0}), "Did you mean pmf"),
    ("flux_force", force(ax=3), "ax = 3"),
    ("label", lambda x: plot.label("pmf"), "not of 'pmf'"),
    ("modular_kinetics", lambda x: plot.modular_kinetics(3), "takes a Dataset"),
    ("modular_kinetics", lambda x: plot.modular_kinetics(x.steady), "analysis.modular_kinetics"),
    ("modular_kinetics", lambda x: plot.modular_kinetics(x.modular, flux="oxigen"), "flux = 'oxigen'"),
    ("modular_kinetics", lambda x: plot.modular_kinetics(x.modular, ax=3), "ax = 3"),
    ("oxygen_trace", lambda x: plot.oxygen_trace(3), "takes a Dataset"),
    ("oxygen_trace", lambda x: plot.oxygen_trace(x.run[["pmf"]]), "no variable 'J_O2'"),
    ("pmf_components", lambda x: plot.pmf_components(3), "not 3"),
    ("pmf_components", lambda x: plot.pmf_components({}), "takes one Dataset"),
    ("pmf_components", lambda x: plot.pmf_components(x.model), "takes one Dataset"),
    ("pmf_components", lambda x: plot.pmf_components([3]), "takes a Dataset"),
    ("pmf_components", lambda x: plot.pmf_components(x.steady, labels="a"), "labels = 'a'"),
    ("pmf_components", lambda x: plot.pmf_components(x.steady, ax=3), "ax = 3"),
    ("titration", lambda x: plot.titration(x.model), "takes a Dataset"),
    ("titration", lambda x: plot.titration(x.titrated, panels=3), "panels = 3"),
    ("titration", lambda x: plot.titration(x.titrated, panels=[]), "panels is empty"),
    ("titration", lambda x: plot.titration(x.titrated, dose="FCCP"), "FCCP"),
    ("titration", lambda x: plot.titration(x.titrated, scale="lin"), "scale = 'lin'"),
    ("titration", lambda x: plot.titration(x.titrated, panels="J_O2", axes=3), "axes = 3"),
    ("compare", lambda x: plot.compare(3, x.run), "takes a Dataset"),
    ("compare", lambda x: plot.compare(x.run, 3), "takes a Dataset"),
    ("compare", lambda x: plot.compare(x.run, x.steady), "over the dimension 'time'"),
    ("compare", lambda x: plot.compare(x.run, x.run, "J_O22"), "Did you mean J_O2"),
    ("compare", lambda x: plot.compare(x.run, x.run.rename(J_O2="rate")[["rate"]]), "no variable over time in common"),
    ("compare", lambda x: plot.compare(x.run, measured("pmol/min/well")), "was measured in 'pmol/min/well'"),
    ("compare", lambda x: plot.compare(x.run, measured("nmol/min/mg"), axes=[3]), "not Matplotlib Axes"),
    ("trace", lambda x: plot.trace(3), "takes a Dataset"),
    ("trace", lambda x: plot.trace(x.run, "J_O22"), "Did you mean J_O2"),
    ("trace", lambda x: plot.trace(x.run, 3), "variables = 3"),
    ("trace", lambda x: plot.trace(x.run, []), "variables is empty"),
]

ROWS = [
    *(Row(f"fitting.{name}", call, FitError, words) for name, call, words in FITS),
    *(Row(f"fitting.{name}", call, ParameterError, words) for name, call, words in LAWS),
    *(Row(f"plot.{name}", call, ParameterError, words) for name, call, words in PLOTS),
    Row("fitting.Problem", problem(free=["leak.amplitud"]), ParameterError, "Did you mean leak.amplitude"),
    Row("fitting.Experiment", problem(conditions={"load.capacity": "3 mV"}), ParameterError, "3.0 mV"),
    Row("fitting.Experiment", problem(conditions={"load.capacity": ["a", 1.0]}), ParameterError, "load.capacity = 'a'"),
    Row("fitting.Experiment", observed(["a", 1.0]), ParameterError, "observed J_O2 = 'a'"),
    Row("fitting.Experiment", problem(conditions={"load.capacity": [-1.0, 1.0]}), ParameterError, "capacity = -1"),
    Row("fit", lambda x: mc.fit(x.model), FitError, "takes a Problem"),
]
