"""Rows of bad input to readouts of experiments, conversion of rates, and their figures; see `bad_input`."""

import functools

import numpy as np
from bad_input import INF, NAN, Row
from plates import plate, run_of

from mitochem import ParameterError, plot, readouts
from mitochem.experiments import rates

RATES = [100] * 3 + [30] * 3 + [200] * 3 + [10] * 3


@functools.cache
def wells():
    return plate({"A02": ("g", RATES)}, per=([[300.0] * 12], "pmol/min/well"))


@functools.cache
def suit_run():
    return run_of(("1PM", 3, 20), ("2D", 3, 90), ("4U", 3, 120), ("5Ama", 3, 4))


@functools.cache
def recorded():
    ds = run_of(("ADP", 4, lambda t: 200 - np.where(t < 2, 40 * t, 64 + 8 * t)), name="oxygen", unit="uM", every=0.02)
    return ds


def convert(value=1.0, source="nmol/min/mg", target="pmol/s/mg", **given):
    return lambda x: rates.convert(value, source, target, **given)


CONVERT = [
    (convert(NAN), "value = nan is not finite"),
    (convert(INF), "value = inf is not finite"),
    (convert([1.0, INF]), "value contains inf"),
    (convert(None), "value = None"),
    (convert("much"), "value = 'much'"),
    (convert("3 nmol/min/mg"), "value = '3 nmol/min/mg'"),
    (convert({}), r"value = \{\}"),
    (convert(source=None), "from_unit = None is not a text"),
    (convert(source="mV"), "from_unit = 'mV' is not a rate"),
    (convert(source="nmol"), "from_unit = 'nmol' is not a rate"),
    (convert(source="nmol/min/apple"), "is not a rate"),
    (convert(source="nmol/min/mg/mL"), "is not a rate"),
    (convert(target=3), "to_unit = 3 is not a text"),
    (convert(target=""), "to_unit = '' is not a rate"),
    (convert(target="nmol ATP/min/mg"), "of O2 and to_unit = 'nmol ATP/min/mg' of ATP"),
    (convert(source="nmol O2 ATP/min/mg"), "is of O2 and of ATP at once"),
    (convert(target="pmol/s/mL"), "needs protein="),
    (convert(target="pmol/s/mL", protein=0.0), "protein = 0 mg/mL"),
    (convert(target="pmol/s/mL", protein=NAN), "protein = nan"),
    (convert(target="pmol/s/mL", protein="3 mV"), "protein = 3.0 mV"),
    (convert(target="pmol/s/mL", protein=None, volume=-1.0), "volume = -1 mL"),
    (convert([1.0, 2.0], target="pmol/s/mL", protein=[1.0, 2.0, 3.0]), "the shapes of"),
    (convert(target="pmol/min", protein_per_well=INF), "protein_per_well = inf"),
    (convert(source="pmol/min", target="pmol/min/million cells", cells_per_well=20000), "cells_per_well = 20000"),
    (convert(source="pmol/s/mL", target="amol/s/cell", cells="many"), "cells = 'many'"),
    (lambda x: rates.convert(wells()["ocr"], "nmol/min/mg", "pmol/s/mg"), "the value is in 'pmol/min/well'"),
]


def stress(ds=None, **options):
    return lambda x: readouts.stress_test_table(wells() if ds is None else ds(), **options)


STRESS = [
    (lambda x: readouts.stress_test_table(3), "takes a Dataset"),
    (lambda x: readouts.stress_test_table(wells()["ocr"]), "takes a Dataset"),
    (stress(lambda: wells()[["per"]]), "neither 'ocr' nor 'J_O2'"),
    (lambda x: readouts.stress_test_table(x.steady), "has no dimension 'time'"),
    (stress(lambda: wells().drop_vars("segment")), "no coordinate 'segment'"),
    (stress(lambda: wells().assign_coords(segment=("time", ["a"] * 12))), "none of the segments is a phase"),
    (
        stress(lambda: wells().assign_coords(segment=("time", ["oligomycin + FCCP"] * 12))),
        "oligomycin or FCCP; say",
    ),
    (stress(lambda: wells().drop_vars("group")), "no coordinate 'group'"),
    (stress(lambda: wells().assign_coords(group=("well", ["Background"]))), "no well but those"),
    (stress(lambda: wells().assign(ocr=wells().ocr * INF)), "'ocr' contains inf"),
    (stress(lambda: wells().assign(ocr=("time", ["a"] * 12))), "ocr = .* is not a number"),
    (stress(convention="agilant"), "Did you mean agilent"),
    (stress(convention=None), "convention = None"),
    (stress(convention=[]), "convention ="),
    (stress(average="wells"), "average = 'wells'"),
    (stress(rate="ocrr"), "Did you mean ocr"),
    (stress(rate=3), "rate = 3"),
    (stress(plateau=NAN), "plateau = nan"),
    (stress(plateau=0.0), "plateau = 0.0"),
    (stress(plateau="much"), "plateau = 'much'"),
    (stress(phases=3), "phases = 3"),
    (stress(phases={"basale": (1, 3)}), "Did you mean basal"),
    (stress(phases={"basal": (20, 30)}), "holds no measurement; they go from 1 to 12"),
    (stress(phases={"basal": 3}), "neither a segment"),
    (stress(phases={"basal": "basel"}), "Did you mean basal"),
    (stress(lambda: wells().drop_vars("measurement"), phases={"basal": (1, 3)}), "no coordinate 'measurement'"),
    (stress(measurements={"basal": 2}), "of the fixed convention"),
    (stress(convention="fixed", measurements={"basal": 6}), "not in the phase 'basal'"),
    (stress(convention="fixed", measurements={"basal": 30}), "go from 1 to 12"),
    (stress(convention="fixed", measurements={"FCP": 8}), "Did you mean FCCP"),
    (stress(convention="fixed", measurements={"basal": NAN}), r"measurements\['basal'\] = nan"),
    (stress(lambda: wells().drop_vars("measurement"), convention="fixed"), "needs the coordinate 'measurement'"),
]

LOGS = [
    (lambda x: readouts.stress_test_log_ratios(None), "takes a Dataset"),
    (lambda x: readouts.stress_test_log_ratios(wells(), average="wells"), "average = 'wells'"),
    (lambda x: readouts.stress_test_log_ratios(wells(), phases={"basal": None}), "neither a segment"),
    (lambda x: readouts.stress_test_log_ratios(wells(), rate="OCR"), "no 'OCR'"),
]


def atp(ds=None, **options):
    return lambda x: readouts.atp_rates(wells() if ds is None else ds(), **options)


ATP = [
    (lambda x: readouts.atp_rates(3), "takes a Dataset"),
    (atp(lambda: wells()[["ocr"]]), "no 'per'"),
    (atp(lambda: wells()[["ocr"]], buffering=0.1), "no 'ecar'"),
    (atp(lambda: wells()[["ocr"]].assign(ecar=wells().per), buffering=0.1), "'ecar' is in 'pmol/min/well'"),
    (atp(lambda: wells()[["ocr"]].assign(ecar=wells().per), buffering=0.0), "buffering = 0"),
    (atp(lambda: wells().assign(per=wells().per.assign_attrs(units="mV"))), "the unit of 'per' = 'mV' is not a rate"),
    (atp(lambda: wells().assign(per=wells().per.assign_attrs(units="pmol/min/mg"))), "per well and proton production"),
    (atp(phase="FCCP"), "phase = 'FCCP'"),
    (atp(phase="acute"), "no such phase"),
    (atp(average="wells"), "average = 'wells'"),
    (atp(convention="fixd"), "Did you mean fixed"),
    (atp(p_over_o_oxphos=NAN), "p_over_o_oxphos = nan"),
    (atp(p_over_o_tca=-1.0), "p_over_o_tca = -1"),
    (atp(p_over_o_glycolysis=None), "p_over_o_glycolysis = None"),
    (atp(atp_per_lactate="one"), "atp_per_lactate = 'one'"),
    (atp(h_per_o2=INF), "h_per_o2 = inf"),
    (atp(pH=74), "pH = 74"),
    (atp(pKa=[6.0, 6.1]), r"pKa has the shape \(2,\)"),
]


def suit(ds=None, **options):
    return lambda x: readouts.suit_table(suit_run() if ds is None else ds(), **options)


SUIT = [
    (lambda x: readouts.suit_table(3), "takes a Dataset"),
    (lambda x: readouts.suit_table(x.steady), "no dimension 'time'"),
    (suit(lambda: suit_run().drop_vars("segment")), "no segments"),
    (suit(lambda: suit_run().assign_coords(segment=("time", ["Imt"] * 120))), "no step is a coupling state"),
    (suit(lambda: suit_run().isel(time=slice(None, None, -1))), "time must be finite numbers that rise"),
    (suit(states=3), "states = 3"),
    (suit(states={"PP": "2D"}), "no coupling state"),
    (suit(states={"P": "2d"}), "Did you mean 2D"),
    (suit(states={"P": 3}), "is neither .* nor a list"),
    (suit(rox="Ama"), "Did you mean 5Ama"),
    (suit(rox=NAN), "rox = nan"),
    (suit(rox=INF), "rox = inf"),
    (suit(rox=[1.0, 2.0]), "rox ="),
    (suit(window=0.0), "window = 0.0 min"),
    (suit(window="3 mV"), "window = 3.0 mV"),
    (suit(window=NAN), "window = nan"),
    (suit(margin=-1.0), "margin = -1.0 min"),
    (suit(margin=None), "margin = None"),
    (suit(rate="flux"), "no 'flux'"),
]

PLATEAUS = [
    (lambda x: readouts.plateaus(3), "takes a Dataset"),
    (lambda x: readouts.plateaus(suit_run(), window=INF), "window = inf"),
    (lambda x: readouts.plateaus(suit_run(), margin="long"), "margin = 'long'"),
    (lambda x: readouts.plateaus(suit_run(), rate=["ocr"]), "rate ="),
]

PULSES = [
    ("pulses", lambda x: readouts.pulses(3), "takes a Dataset"),
    ("pulses", lambda x: readouts.pulses(suit_run().drop_vars("segment")), "no segments"),
    ("pulses", lambda x: readouts.pulses(x.run, segments="state 3-4 (1)"), "is not a sequence of names"),
    ("pulses", lambda x: readouts.pulses(x.run, segments=[]), "segments is empty"),
    ("pulses", lambda x: readouts.pulses(x.run, segments=["state 3"]), "no segment is called 'state 3'"),
    ("pulses", lambda x: readouts.pulses(x.run, adp=[0.2]), "adp has 1 values, and there are 2 pulses"),
    ("pulses", lambda x: readouts.pulses(x.run, adp=[0.2, NAN]), "adp = nan"),
    ("pulses", lambda x: readouts.pulses(recorded()), "no 'adp_bath'.*give it as adp="),
    ("adp_over_o", lambda x: readouts.adp_over_o(recorded(), segment="ADP", adp=0.4, window=NAN), "window = nan"),
    ("adp_over_o", lambda x: readouts.adp_over_o(recorded(), segment="ADP", adp=0.4, window=60.0), "does not lie in"),
    ("adp_over_o", lambda x: readouts.adp_over_o(recorded(), segment="ADP", adp=0.4, window=0.0), "does not lie in"),
    (
        "adp_over_o",
        lambda x: readouts.adp_over_o(recorded().isel(time=slice(6)), segment="ADP", adp=0.4),
        "6 points is too short",
    ),
    (
        "adp_over_o",
        lambda x: readouts.adp_over_o(
            recorded().assign(oxygen=recorded().oxygen.assign_attrs(units="%")), segment="ADP", adp=0.4
        ),
        "oxygen",
    ),
    ("adp_over_o", lambda x: readouts.adp_over_o(suit_run(), segment="2D", adp=0.4), "no 'J_O2'"),
    ("rcr", lambda x: readouts.rcr(recorded(), segment="ADPP"), "Did you mean ADP"),
    ("coupling_states", lambda x: readouts.coupling_states("1PM"), "steps = '1PM' is not a sequence"),
    ("coupling_states", lambda x: readouts.coupling_states([NAN]), "steps"),
    ("coupling_states", lambda x: readouts.coupling_states(["1PM"], 3), "states = 3 is not a mapping"),
    ("coupling_states", lambda x: readouts.coupling_states(["1PM"], {"PP": "1PM"}), "no coupling state"),
    ("coupling_efficiency", lambda x: readouts.coupling_efficiency(3), "takes a Dataset"),
    ("coupling_efficiency", lambda x: readouts.coupling_efficiency(x.steady, None), "no segments"),
    ("coupling_efficiency", lambda x: readouts.coupling_efficiency(x.steady, 3), "takes a Dataset"),
    ("coupling_efficiency", lambda x: readouts.coupling_efficiency(x.run, segment=None), "segment = None"),
]


@functools.cache
def table():
    return readouts.stress_test_table(wells())


@functools.cache
def suit_rows():
    return readouts.suit_table(suit_run())


PLOTS = [
    ("adp_over_o", lambda x: plot.adp_over_o(3), "takes a Dataset"),
    ("adp_over_o", lambda x: plot.adp_over_o(x.steady), "dimension 'time'"),
    ("adp_over_o", lambda x: plot.adp_over_o(x.run, segments="state 3"), "no segment is called"),
    ("adp_over_o", lambda x: plot.adp_over_o(x.run, adp=NAN), "adp = nan"),
    ("adp_over_o", lambda x: plot.adp_over_o(x.run, ax=3), "axes = 3"),
    ("adp_over_o", lambda x: plot.adp_over_o(x.run, additions="no"), "additions = 'no'"),
    ("adp_over_o", lambda x: plot.adp_over_o(recorded()), "give it as adp="),
    ("stress_test", lambda x: plot.stress_test(3), "takes a Dataset"),
    ("stress_test", lambda x: plot.stress_test(x.steady), "dimension 'time'"),
    ("stress_test", lambda x: plot.stress_test(wells(), rate="OCR"), "no 'OCR'"),
    ("stress_test", lambda x: plot.stress_test(wells(), phases={"basal": 3}), "neither a segment"),
    ("stress_test", lambda x: plot.stress_test(wells(), ax="here"), "axes = 'here'"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(wells()), "needs 'basal_respiration'"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(table(), ["leak"]), "no parameter 'leak'"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(table(), []), "parameters is empty"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(table(), 3), "parameters = 3"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(table().isel(group=0)), "the table is over"),
    ("stress_test_parameters", lambda x: plot.stress_test_parameters(table(), axes=[3, 3]), "axes = 3"),
    ("suit", lambda x: plot.suit(3), "takes a Dataset"),
    ("suit", lambda x: plot.suit(suit_run()), "needs 'leak_respiration'"),
    ("suit", lambda x: plot.suit(suit_rows().isel(chamber=0)), "bars take one dimension"),
    ("suit", lambda x: plot.suit(suit_rows().drop_vars("flags") * NAN), "no rate to draw"),
    ("suit", lambda x: plot.suit(suit_rows(), axes=3), "axes = 3"),
]

ROWS = [
    *(Row("experiments.rates.convert", call, ParameterError, words) for call, words in CONVERT),
    *(Row("experiments.readouts.stress_test_table", call, ParameterError, words) for call, words in STRESS),
    *(Row("experiments.readouts.stress_test_log_ratios", call, ParameterError, words) for call, words in LOGS),
    *(Row("experiments.readouts.atp_rates", call, ParameterError, words) for call, words in ATP),
    *(Row("experiments.readouts.suit_table", call, ParameterError, words) for call, words in SUIT),
    *(Row("experiments.readouts.plateaus", call, ParameterError, words) for call, words in PLATEAUS),
    *(Row(f"experiments.readouts.{name}", call, ParameterError, words) for name, call, words in PULSES),
    *(Row(f"plot.{name}", call, ParameterError, words) for name, call, words in PLOTS),
]
