"""Rows of bad input, ``(public name, call, error, words)``; a call takes the `Things` it needs, made once."""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import mitochem as mc
from mitochem import (
    ParameterError,
    SolveError,
    analysis,
    datasets,
    drugs,
    experiments,
    fitting,
    models,
    readouts,
    symbolic,
)

NAN, INF = math.nan, math.inf
WORK = {"load.capacity": 1200.0}


class Row(NamedTuple):
    """A public callable, a call of it that must be refused, by which error, and a pattern in its message."""

    name: str
    call: Callable[[Any], Any]
    error: type[Exception]
    words: str


class Things:
    """Models, results and fits to hand to a function whose other arguments are bad."""

    @functools.cached_property
    def model(self):
        return models.isolated_mitochondria()

    @functools.cached_property
    def minimal(self):
        return models.minimal()

    @functools.cached_property
    def steady(self):
        return self.model.steady_state()

    @functools.cached_property
    def titrated(self):
        return self.model.titrate("FCCP", [0.0, 0.1, 0.2])

    @functools.cached_property
    def run(self):
        return self.model.simulate(experiments.respiratory_states())

    @functools.cached_property
    def control(self):
        return analysis.control_coefficients(self.model, fluxes=["J_O2"])

    @functools.cached_property
    def modular(self):
        return analysis.modular_kinetics(self.model, WORK, points=12)

    @functools.cached_property
    def fitted(self):
        return fitting.michaelis_menten([0.1, 0.2, 0.5, 1.0], [1.0, 2.0, 3.0, 3.5])

    def problem(self, free=("leak.amplitude",), conditions=None, observed=None, nuisance=None, **more):
        """A problem that is right but for what is given."""
        conditions = {"load.capacity": [10.0, 100.0]} if conditions is None else conditions
        observed = {"J_O2": [10.0, 20.0]} if observed is None else observed
        return fitting.Problem(
            self.model, fitting.Experiment(conditions, observed, **more), free, {} if nuisance is None else nuisance
        )


def control(*arguments, **options):
    return lambda x: analysis.control_coefficients(x.model, *arguments, **options)


def modular(*arguments, **options):
    return lambda x: analysis.modular_kinetics(x.model, *arguments or (WORK,), **options)


ANALYSIS = [
    ("control_coefficients", lambda x: analysis.control_coefficients("minimal"), "takes a Model.*'minimal'"),
    ("control_coefficients", control("leak.amplitude"), "conditions = 'leak.amplitude' is not a mapping"),
    ("control_coefficients", control({3: 1.0}), "not a mapping with names"),
    ("control_coefficients", control({"leak.amplitud": 1.0}), "Did you mean leak.amplitude"),
    ("control_coefficients", control({"leak.amplitude": NAN}), "amplitude is not a number"),
    ("control_coefficients", control({"leak.amplitude": -1}), r"amplitude = -1 .* outside \[0, inf\)"),
    ("control_coefficients", control({"leak.amplitude": "3 mV"}), "wrong kind of unit"),
    ("control_coefficients", control({"leak.amplitude": np.ones((2, 2))}), "2 dimensions without names"),
    ("control_coefficients", control(fluxes=3), "fluxes = 3 is not a sequence of names"),
    ("control_coefficients", control(fluxes=[]), "fluxes is empty"),
    ("control_coefficients", control(fluxes=["J_leek"]), "Did you mean J_leak"),
    ("control_coefficients", control(quantities=3), "quantities = 3"),
    ("control_coefficients", control(blocks=3), "blocks = 3 is not known"),
    ("control_coefficients", control(blocks={"a": 3}), "block 'a' = 3 is not a sequence"),
    ("control_coefficients", control(blocks={"a": []}), "block 'a' is empty"),
    ("control_coefficients", control(clamped="delta_psi"), "clamped = 'delta_psi' is not a sequence"),
    ("control_coefficients", control(clamped=[3]), r"clamped = \[3\]"),
    ("control_coefficients", control(zero_flux="some"), "zero_flux = 'some'"),
    ("control_table", lambda x: analysis.control_table(3), "takes a Dataset"),
    ("control_table", lambda x: analysis.control_table(x.steady), "needs 'flux_control'"),
    ("control_table", lambda x: analysis.control_table(x.control, "flux"), "variable = 'flux'"),
    ("theorems", lambda x: analysis.theorems(None), "takes a Dataset"),
    ("theorems", lambda x: analysis.theorems(x.steady), "needs 'flux_summation'"),
    ("top_down_blocks", lambda x: analysis.top_down_blocks(x.steady), "takes a Model"),
    ("dissipation", lambda x: analysis.dissipation(None), "Model or a Dataset"),
    ("dissipation", lambda x: analysis.dissipation(x.model, 3), "conditions = 3"),
    ("dissipation", lambda x: analysis.dissipation(x.model, {"leak.amplitude": NAN}), "amplitude is not a number"),
    ("dissipation", lambda x: analysis.dissipation(x.model, {"leak.amplitude": -1}), "amplitude = -1"),
    ("dissipation", lambda x: analysis.dissipation(x.model, work=3), "work = 3"),
    ("dissipation", lambda x: analysis.dissipation(x.model, work=["J_lod"]), "Did you mean J_load"),
    ("dissipation", lambda x: analysis.dissipation(x.model, clamped="delta_psi"), "clamped = 'delta_psi'"),
    ("linearise", lambda x: analysis.linearise(3), "takes a Model.*3"),
    ("linearise", lambda x: analysis.linearise(x.model, 3), "= 3 is not a mapping"),
    ("linearise", lambda x: analysis.linearise(x.model, {"delta_pis": 1.0}), "Did you mean delta_psi"),
    ("linearise", lambda x: analysis.linearise(x.model, {"leak.amplitude": NAN}), "amplitude is not a number"),
    ("linearise", lambda x: analysis.linearise(x.model, {"leak.amplitude": [1, 2]}), "has 2 values"),
    ("linearise", lambda x: analysis.linearise(x.model, x.run), "points where one is needed"),
    ("linearise", lambda x: analysis.linearise(x.model, clamped=3), "clamped = 3"),
    ("modular_kinetics", lambda x: analysis.modular_kinetics(3), "takes a Model"),
    ("modular_kinetics", modular(3), "conditions = 3"),
    ("modular_kinetics", modular({"load.capacity": "1 mV"}), "wrong kind of unit"),
    ("modular_kinetics", modular(h_per_o2=NAN), "h_per_o2 = nan"),
    ("modular_kinetics", modular(h_per_o2="twenty"), "h_per_o2 = 'twenty'"),
    ("modular_kinetics", modular(points=0), "points = 0"),
    ("modular_kinetics", modular(force=3), "force = 3"),
    ("modular_kinetics", modular(uncoupler="FCPP"), "Did you mean FCCP"),
    ("modular_kinetics", modular(uncoupler="cyanide"), "cyanide is not an uncoupler"),
    ("modular_kinetics", modular(inhibitor="FCCP"), "FCCP is not an inhibitor"),
    ("modular_kinetics", modular(inhibitor="oligomycin"), "both act on activity_phosphorylation"),
    ("modular_kinetics", modular(blocker=3), "3 is neither"),
    ("windows", lambda x: analysis.windows("liver NAHD"), "Did you mean liver NADH"),
    ("windows", lambda x: analysis.windows(["liver NADH"]), "no case"),
]


def form(name, *at, **values):
    return lambda x: symbolic.closed_forms()[name].numeric(*at, **values)


SYMBOLIC = [
    ("steady_state", lambda x: symbolic.steady_state("minimal"), "takes a Model"),
    ("ClosedForm", lambda x: symbolic.weighted_mean()["rcrr"], "Did you mean rcr"),
    ("ClosedForm", lambda x: symbolic.weighted_mean()[3], "gives no 3"),
    ("weighted_mean", form("weighted_mean", 3), r"weighted_mean.numeric\(at\) = 3 is not a mapping"),
    ("weighted_mean", form("weighted_mean", "leak.conductance"), "not a mapping"),
    ("weighted_mean", form("weighted_mean", leak_conductanc=1.0), "Did you mean leak.conductance"),
    ("weighted_mean", form("weighted_mean", leak_conductance=NAN), "conductance is not a number"),
    ("weighted_mean", form("weighted_mean", leak_conductance="3 mV"), "wrong kind of unit"),
    (
        "weighted_mean",
        form("weighted_mean", leak_conductance=np.ones(2), electron_transport_conductance=np.ones(3)),
        "weighted_mean.numeric: the shapes",
    ),
    ("weighted_mean", form("weighted_mean", h_per_atp=NAN), "h_per_atp = nan"),
    ("weighted_mean", form("weighted_mean", h_per_atp="four"), "h_per_atp = 'four'"),
    ("weighted_mean", form("weighted_mean", pmf=170.0), "cannot be given"),
    ("degree_of_coupling", form("degree_of_coupling", leak_conductance=-1.0), "outside"),
    ("exponential_leak", form("exponential_leak", leak_steepness=NAN), "steepness is not a number"),
    ("potassium_cycle", form("potassium_cycle", K_matrix=-1.0), "K_matrix = -1 nmol/mg"),
    ("potassium_cycle", form("potassium_cycle", potassium_potential=NAN), "potassium_potential = nan"),
    ("phosphorylation_equilibrium", form("phosphorylation_equilibrium", pi_bath=NAN), "pi_bath is not a number"),
    ("relaxation_times", form("relaxation_times", membrane_capacitanc=1.0), "Did you mean membrane.capacitance"),
    ("protonophore_cycle", form("protonophore_cycle", pH_matrix=15.0), "pH_matrix = 15"),
    ("constant_field_limits", form("constant_field_limits", v="-70 mV"), "v = '-70 mV' is not a number"),
    ("constant_field_limits", form("constant_field_limits", v=None), "v = None"),
    ("constant_field_limits", form("constant_field_limits", c_in=-1.0), "c_in = -1"),
    ("constant_field_limits", form("constant_field_limits", voltage=1.0), "has no 'voltage'"),
    ("constant_field_limits", form("constant_field_limits", v=np.ones(2), z=np.ones(3)), "the shapes"),
    ("constant_field_limits", form("constant_field_limits", temperature=37.0), "temperature = 37 K"),
    ("constant_field_limits", lambda x: symbolic.constant_field_limits()(x.model), "takes values by name"),
    ("donnan_equilibrium", form("donnan_equilibrium", impermeat=1.0), "Did you mean impermeant"),
    ("conservation", form("conservation", delta_psi=NAN), "delta_psi is not a number"),
    ("entropy_production", form("entropy_production", oxygen=-1.0), "oxygen = -1 mM"),
    ("control_coefficients", form("control_coefficients", {"leak.conductance": None}), "conductance"),
    ("bell_shaped_titration", form("bell_shaped_titration", inhibitor_half_dose=-1.0), "half_dose = -1"),
    ("phosphorylation_yield", form("phosphorylation_yield", h_per_atp=-1.0), "h_per_atp = -1"),
    ("imposed_gradient", form("imposed_gradient", pmf=NAN), "pmf"),
    ("chain_forces", form("chain_forces", delta_psi="high"), "delta_psi = 'high'"),
    ("linked_binding", form("linked_binding", pH=72.0), "pH = 72"),
    ("linked_binding", form("linked_binding", ionic_strength=150.0), "ionic_strength = 150 M"),
    ("linked_binding", form("linked_binding", magnesium=-1.0), "magnesium = -1"),
    ("exchanger_equilibria", form("exchanger_equilibria", Na_i=10.0), "Did you mean Na_in"),
]

OWN = [
    Row("verify", lambda x: mc.verify("minimal"), ParameterError, "verify takes a Model"),
    Row("verify", lambda x: mc.verify(x.steady), ParameterError, "verify takes a Model"),
    Row("symbolic.steady_state", lambda x: symbolic.steady_state(x.model), SolveError, "no steady state in closed"),
]


def states(**arguments):
    """A protocol that is refused where it is made, or else when it is run."""
    return lambda x: x.model.simulate(experiments.respiratory_states(**arguments))


EXPERIMENTS = [
    ("experiments.respiratory_states", states(adp=NAN), "ADP"),
    ("experiments.respiratory_states", states(adp=-1.0), "step [0-9]+.*ADP"),
    ("experiments.respiratory_states", states(adp="3 mV"), "wrong kind of unit"),
    ("experiments.respiratory_states", states(phosphate=-1.0), "pi_bath = -1 mM"),
    ("experiments.respiratory_states", states(oligomycin=None), "oligomycin"),
    ("experiments.respiratory_states", states(fccp="much"), "fccp = 'much'"),
    ("experiments.respiratory_states", states(fccp=[0.1, -0.1]), "fccp contains -0.1 uM"),
    ("experiments.respiratory_states", states(fccp=np.ones((2, 2))), r"fccp has the shape \(2, 2\)"),
    ("experiments.respiratory_states", states(inhibitor="antimycine"), "Did you mean antimycin"),
    ("experiments.respiratory_states", states(inhibitor=3), "'3'"),
    ("experiments.respiratory_states", states(substrate_wait=NAN), "substrate_wait = nan"),
    ("experiments.respiratory_states", states(substrate_wait="3 mV"), "substrate_wait = 3.0 mV"),
    ("experiments.respiratory_states", states(pulse_wait=-1.0), "wait of -1.0"),
    ("experiments.respiratory_states", states(to_anoxia="no"), "to_anoxia = 'no'"),
    ("experiments.readouts.rcr", lambda x: readouts.rcr(x.model), "takes a Dataset"),
    ("experiments.readouts.rcr", lambda x: readouts.rcr(x.steady, 3), "takes a Dataset"),
    ("experiments.readouts.rcr", lambda x: readouts.rcr(x.run, segment="state 3"), "no segment is called"),
    ("experiments.readouts.p_over_o", lambda x: readouts.p_over_o(3), "takes a Dataset"),
    ("experiments.readouts.p_over_o", lambda x: readouts.p_over_o(x.steady[["J_O2"]]), "no 'J_ATP'"),
    ("experiments.readouts.adp_over_o", lambda x: readouts.adp_over_o(x.run["J_O2"]), "takes a Dataset"),
    ("experiments.readouts.adp_over_o", lambda x: readouts.adp_over_o(x.run, adp=NAN), "adp = nan mM"),
    ("experiments.readouts.adp_over_o", lambda x: readouts.adp_over_o(x.run, adp=0.0), "adp = 0 mM"),
    ("experiments.readouts.adp_over_o", lambda x: readouts.adp_over_o(x.run, adp="3 mV"), "adp = 3.0 mV"),
    ("experiments.readouts.adp_over_o", lambda x: readouts.adp_over_o(x.run, adp=[1.0, 2.0]), "adp has the shape"),
    (
        "experiments.readouts.adp_over_o",
        lambda x: readouts.adp_over_o(x.run.assign(volume_bath=0 * x.run.volume_bath)),
        "volume_bath = 0",
    ),
]

MODELS = [
    ("models.get", lambda x: models.get("minimall"), "Did you mean minimal"),
    ("models.get", lambda x: models.get(["minimal"]), "model ="),
    ("models.get", lambda x: models.get("isolated_mitochondria", substrat="NADH"), "Did you mean substrate"),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria("succinat"), "Did you mean succinate"),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria(["NADH"]), "substrate ="),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria(load=3), "load = 3"),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria(preset="hart"), "Did you mean heart"),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria(preset=[]), "preset ="),
    ("models.isolated_mitochondria", lambda x: models.isolated_mitochondria(closed="no"), "closed = 'no'"),
    ("drugs.get", lambda x: drugs.get("FCPP"), "Did you mean FCCP"),
    ("drugs.info", lambda x: drugs.info(3), "no drug 3"),
    ("datasets.load", lambda x: datasets.load("bazil_2016_heart"), "Did you mean"),
    ("datasets.load", lambda x: datasets.load(None), "no data set None"),
    ("datasets.load", lambda x: datasets.load("bazil", folder=3), "folder = 3"),
    ("datasets.citation", lambda x: datasets.citation("bazil_2016_heart"), "Did you mean"),
]

ROWS = [
    *(Row(f"analysis.{name}", call, ParameterError, words) for name, call, words in ANALYSIS),
    *(Row(f"symbolic.{name}", call, ParameterError, words) for name, call, words in SYMBOLIC),
    *(Row(name, call, ParameterError, words) for name, call, words in EXPERIMENTS + MODELS),
    *OWN,
]
