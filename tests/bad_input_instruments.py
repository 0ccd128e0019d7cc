"""Rows of bad input to virtual instruments and observation models; see `bad_input`."""

import numpy as np
import xarray as xr
from bad_input import INF, NAN, Row

from mitochem import ParameterError, Protocol, plot
from mitochem.experiments import instruments, observation

BODY = 26.7
ONE_PHASE = Protocol().wait(20, "basal")


def reader(**settings):
    return lambda x: instruments.PlateReader(**settings)


def plate(runs=None, reading=None, **settings):
    """A record that is right but for what is given; ``runs`` makes something of the right run."""

    def recorded(x):
        run = x.model.simulate(ONE_PHASE)
        given = run if runs is None else runs(run) if callable(runs) else runs
        return instruments.PlateReader(**settings).record(given, **(reading or {}))

    return recorded


def electrode(**settings):
    return lambda x: instruments.Respirometer(**settings)


def trace(change=lambda run: run, **settings):
    def recorded(x):
        run = x.model.simulate(ONE_PHASE.in_closed_chamber())
        return instruments.Respirometer(**settings).record(change(run))

    return recorded


def truth(run=ONE_PHASE, **options):
    return lambda x: instruments.truth_of_stress_test(x.model, run, **options)


def table(inferred=None, true=None):
    inferred, true = {"leak": 1.0} if inferred is None else inferred, {"leak": 1.0} if true is None else true
    return lambda x: instruments.inferred_against_true(inferred, true)


def units(name, unit):
    return lambda run: run.assign({name: run[name].assign_attrs(units=unit)})


def gap(run):
    return run.assign(J_O2=run["J_O2"].where(run["time"] > 1).assign_attrs(run["J_O2"].attrs))


def members(run):
    return run.assign(J_O2=run["J_O2"].expand_dims(member=2))


def still(run):
    return run.assign(oxygen=0 * run["oxygen"] + 0.2).assign(oxygen=lambda ds: ds["oxygen"].assign_attrs(units="mM"))


def in_group(run):
    return {"control": run, "drug": run.isel(time=slice(10, None))}


PLATES = [
    ("PlateReader", reader(mesure=3.0), "Did you mean measure"),
    ("PlateReader", lambda x: instruments.PlateReader(3.0), "takes its settings by name"),
    ("PlateReader", reader(seed=-1), "seed = -1 is not a whole number"),
    ("PlateReader", reader(seed=1.5), "seed = 1.5"),
    ("PlateReader", reader(seed=True), "seed = True"),
    ("PlateReader", reader(well_spread=NAN), r"PlateReader.well_spread is not a number"),
    ("PlateReader", reader(well_spread=-0.1), r"well_spread = -0.1 is outside \[0, 3\]"),
    ("PlateReader", reader(well_spread=None), "well_spread is not a number"),
    ("PlateReader", reader(well_spread="much"), "well_spread = 'much'"),
    ("PlateReader", reader(well_spread=[0.1, 0.2]), "well_spread = .* is not one number"),
    ("PlateReader", reader(well_spread="3 mV"), "wrong kind of unit"),
    ("PlateReader", reader(background=INF), "background is infinite"),
    ("PlateReader", reader(failed_injections=1.1), r"failed_injections = 1.1 is outside \[0, 1\]"),
    ("PlateReader", reader(measure=0.0), "measure = 0 min"),
    ("PlateReader", reader(measurements=0), "measurements of 'every phase' = 0"),
    ("PlateReader", reader(measurements=2.5), "measurements = 2.5 is not a mapping"),
    ("PlateReader", reader(measurements=None), "measurements = None: give a number"),
    ("PlateReader", reader(measurements={}), "measurements = {}: give a number"),
    ("PlateReader", reader(measurements={"basal": NAN}), "measurements of 'basal' = nan"),
    ("PlateReader", reader(wells=93), "92 free wells"),
    ("PlateReader", reader(cells=0.0), r"PlateReader.cells = 0 is outside"),
    ("PlateReader", reader(cells="many"), "cells = 'many'"),
    ("PlateReader", reader(cells=[1e4, 2e4]), "cells = .* is not one number"),
    ("PlateReader", lambda x: instruments.PlateReader.ideal(sed=1), "Did you mean seed"),
    ("PlateReader", plate(3), "runs = 3 is not a mapping"),
    ("PlateReader", plate({}), "takes a Dataset, or one for each group"),
    ("PlateReader", plate({"control": 3}), "group 'control' takes a Dataset"),
    ("PlateReader", plate(lambda run: run.drop_vars("J_O2")), "needs 'J_O2'"),
    ("PlateReader", plate(lambda run: run.drop_vars("segment")), "needs a time course with segments"),
    ("PlateReader", plate(lambda run: run.isel(time=-1)), "needs a time course with segments"),
    ("PlateReader", plate(lambda run: run.isel(time=slice(None, None, -1))), "at least two times, in order"),
    ("PlateReader", plate(members), "takes one run, and J_O2 varies in member"),
    ("PlateReader", plate(gap), "J_O2 is not finite everywhere"),
    ("PlateReader", plate(units("J_O2", "mV")), "J_O2 is in 'mV', which is no nmol/min/mg"),
    ("PlateReader", plate(units("J_O2", "pmol/min/well")), "J_O2 is in 'pmol/min/well'"),
    ("PlateReader", plate(lambda run: run.assign(J_O2=("time", run["J_O2"].values))), "no attribute 'units'"),
    ("PlateReader", plate(measurements=4), "the phase 'basal' lasts 20 min, and 4 measurements take 24 min"),
    ("PlateReader", plate(measurements={"bassal": 1}), "no phase 'bassal'. Did you mean basal"),
    ("PlateReader", plate(in_group, measurements=1), "group 'drug' are not those of the first"),
    ("PlateReader", plate(lambda run: {str(i): run for i in range(10)}), "10 groups of 10 wells"),
    ("PlateReader", plate(reading={"proton_production": "J_ocid"}), "needs 'J_ocid'"),
    ("PlateReader", plate(reading={"proton_production": 3}), "proton_production = 3 is not a text"),
    ("PlateReader", plate(reading={"proton_production": "pmf"}), "pmf is in 'mV'"),
]

ELECTRODES = [
    ("Respirometer", electrode(intervall=2.0), "Did you mean interval"),
    ("Respirometer", lambda x: instruments.Respirometer(2.0), "takes its settings by name"),
    ("Respirometer", electrode(interval=0.0), "interval = 0 s"),
    ("Respirometer", electrode(interval="2 mV"), "wrong kind of unit"),
    ("Respirometer", electrode(response_time=-1.0), "response_time = -1 s"),
    ("Respirometer", electrode(noise=NAN), "noise is not a number"),
    ("Respirometer", electrode(drift=INF), "drift is infinite"),
    ("Respirometer", electrode(zero=None), "zero is not a number"),
    ("Respirometer", electrode(zero=50.0, calibration=40.0), "zero = 50 uM is not below calibration"),
    ("Respirometer", electrode(smoothing=2), "smoothing = 2 is not a whole number of at least 3"),
    ("Respirometer", electrode(smoothing=40.0), "smoothing = 40.0"),
    ("Respirometer", electrode(seed="x"), "seed = 'x'"),
    ("Respirometer", lambda x: instruments.Respirometer().record(3), "takes a Dataset"),
    ("Respirometer", lambda x: instruments.Respirometer().record(x.run), "the chamber was open"),
    ("Respirometer", trace(lambda run: run.drop_vars("oxygen")), "needs 'oxygen'"),
    ("Respirometer", trace(lambda run: run.drop_vars("volume_bath")), "needs 'volume_bath'"),
    ("Respirometer", trace(units("oxygen", "mV")), "oxygen is in 'mV', which is no mM"),
    ("Respirometer", trace(units("time", "mM")), "time is in 'mM', which is no min"),
    ("Respirometer", trace(still), "the chamber was open"),
    ("Respirometer", trace(gap), "J_O2 is not finite everywhere"),
    ("Respirometer", trace(smoothing=1000), "the run gives 601 points"),
]

TABLES = [
    ("inferred_against_true", table(inferred=3), "inferred = 3 is not a mapping"),
    ("inferred_against_true", table(true="leak"), "true = 'leak' is not a mapping"),
    ("inferred_against_true", table(inferred={}), "inferred holds no numbers"),
    ("inferred_against_true", table(inferred={"leek": 1.0}), "no readout has a truth.*inferred: leek; true: leak"),
    ("inferred_against_true", table(inferred={"leak": "much"}), "inferred: leak = 'much' is not a number"),
    ("inferred_against_true", table(inferred={"leak": None}), "inferred: leak = None"),
    ("inferred_against_true", table(inferred={"leak": [1.0]}), "DataArray with named dimensions"),
    ("inferred_against_true", table(true={"leak": INF}), "true: leak is infinite"),
    (
        "inferred_against_true",
        table(xr.Dataset({"leak": ((), 1.0, {"units": "mV"})}), xr.Dataset({"leak": ((), 1.0, {"units": "mM"})})),
        "leak is inferred in 'mV' and true in 'mM'",
    ),
    ("inferred_against_true", table(xr.Dataset({"leak": ("readout", [1.0])})), "has a dimension 'readout'"),
    ("truth_of_stress_test", lambda x: instruments.truth_of_stress_test(3, ONE_PHASE), "takes a Model"),
    ("truth_of_stress_test", truth(run=3), "takes a Dataset"),
    ("truth_of_stress_test", truth(basal="bassal"), "no phase 'bassal'. Did you mean basal"),
    ("truth_of_stress_test", truth(basal=3), "basal = 3 is not a text"),
    ("truth_of_stress_test", truth(uncoupler="FCPP"), "Did you mean FCCP"),
    ("truth_of_stress_test", truth(instrument=3), "instrument = 3 is not a PlateReader"),
    (
        "truth_of_stress_test",
        lambda x: instruments.truth_of_stress_test(x.minimal, x.run, basal="state 2"),
        "is not one of",
    ),
    (
        "truth_of_stress_test",
        lambda x: instruments.truth_of_stress_test(x.model, x.run.drop_vars("J_O2"), basal="state 2"),
        "needs 'J_O2'",
    ),
    (
        "truth_of_stress_test",
        lambda x: instruments.truth_of_stress_test(x.model, x.run, basal="state 1"),
        "moves no charge out",
    ),
]


def difference(*arguments):
    return lambda x: observation.delta_delta_psi(*arguments)


TMRM, QUENCH, LIGHT = observation.TMRMNonQuench, observation.TMRMQuench, observation.Luciferase

OBSERVATIONS = [
    ("delta_delta_psi", difference("much", 0.5), "fraction = 'much' is not a number"),
    ("delta_delta_psi", difference(0.5, None), "reference = None"),
    ("delta_delta_psi", difference(INF, 0.5), "fraction is infinite"),
    ("delta_delta_psi", difference("3 mV", 0.5), "wrong kind of unit"),
    ("delta_delta_psi", difference(0.5, 0.5, 37.0), "temperature = 37 K"),
    ("delta_delta_psi", difference(0.5, 0.5, NAN), "temperature = nan"),
    ("delta_delta_psi", difference(np.full(2, 0.5), np.full(3, 0.5)), "delta_delta_psi: the shapes"),
    ("TMRMNonQuench", lambda x: TMRM(gain=0.0), "gain = 0"),
    ("TMRMNonQuench", lambda x: TMRM(gian=1.0), "Did you mean gain"),
    ("TMRMNonQuench", lambda x: TMRM().delta_psi("bright", BODY), "signal = 'bright'"),
    ("TMRMNonQuench", lambda x: TMRM().delta_psi(1.0, 0.0), "thermal_voltage = 0"),
    ("TMRMNonQuench", lambda x: TMRM().delta_psi(np.ones(2), np.ones(3)), "the shapes"),
    ("TMRMNonQuench", lambda x: TMRM().tmrm_signal("high", BODY), "tmrm_signal: delta_psi = 'high'"),
    ("TMRMQuench", lambda x: QUENCH(volume_ratio=NAN), "volume_ratio is not a number"),
    ("TMRMQuench", lambda x: QUENCH(quenched=-0.1), "quenched = -0.1"),
    ("TMRMQuench", lambda x: QUENCH().delta_psi(INF, BODY), "signal is infinite"),
    ("TMRMQuench", lambda x: QUENCH().delta_psi(0.5, None), "thermal_voltage = None"),
    ("AmineQuench", lambda x: observation.AmineQuench(volume_ratio="3 mV"), "wrong kind of unit"),
    ("AmineQuench", lambda x: observation.AmineQuench().delta_pH(None), "signal = None"),
    ("BCECF", lambda x: observation.BCECF(apparent_pK=15.0), "apparent_pK = 15"),
    ("BCECF", lambda x: observation.BCECF().pH({}), "ratio = {}"),
    ("NADHFluorescence", lambda x: observation.NADHFluorescence(signal_reduced=-1.0), "signal_reduced = -1"),
    ("NADHFluorescence", lambda x: observation.NADHFluorescence().percent_reduced("all"), "signal = 'all'"),
    ("Luciferase", lambda x: LIGHT(decay=-1.0), "decay = -1 1/min"),
    ("Luciferase", lambda x: LIGHT().atp("bright", 1.0), "luminescence = 'bright'"),
    ("Luciferase", lambda x: LIGHT().atp(1.0, INF), "time is infinite"),
    ("Luciferase", lambda x: LIGHT().atp(np.ones(2), np.ones(3)), "atp: the shapes"),
    ("Luciferase", lambda x: LIGHT().calibrated(2.0, 1.0, 1e-3, 0.0), "did not rise with the standard"),
    ("Luciferase", lambda x: LIGHT().calibrated(1.0, 2.0, 0.0, 0.0), "spike = 0 mM"),
    ("Luciferase", lambda x: LIGHT().calibrated(1.0, 2.0, "3 mV", 0.0), "spike = 3.0 mV"),
    ("Luciferase", lambda x: LIGHT().calibrated(NAN, 2.0, 1e-3, 0.0), "before = nan is not one finite number"),
    ("Luciferase", lambda x: LIGHT().calibrated(1.0, 2.0, 1e-3, [1.0]), "time = .* is not one finite number"),
]

FIGURES = [
    ("plot.inferred_against_true", lambda x: plot.inferred_against_true(3), "takes a Dataset"),
    ("plot.inferred_against_true", lambda x: plot.inferred_against_true(x.steady), "needs 'inferred'"),
    (
        "plot.inferred_against_true",
        lambda x: plot.inferred_against_true(table({"leak": xr.DataArray([1.0, 2.0], dims="group")})(x)),
        "with or without 'well'",
    ),
    (
        "plot.inferred_against_true",
        lambda x: plot.inferred_against_true(table(true={"leak": NAN})(x)),
        "no readout of the table has a truth",
    ),
    ("plot.inferred_against_true", lambda x: plot.inferred_against_true(table()(x), axes=3), "axes = 3"),
]

ROWS = [
    *(
        Row(f"experiments.instruments.{n}", call, ParameterError, words)
        for n, call, words in PLATES + ELECTRODES + TABLES
    ),
    *(Row(f"experiments.observation.{n}", call, ParameterError, words) for n, call, words in OBSERVATIONS),
    *(Row(name, call, ParameterError, words) for name, call, words in FIGURES),
]
