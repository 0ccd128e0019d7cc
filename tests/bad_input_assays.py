"""Rows of bad input to assays and to the models that they are run on; see `bad_input`."""

import functools

import numpy as np
from bad_input import INF, NAN, Row

from mitochem import ParameterError, experiments, models, plot

ONE, SQUARE = [1.0, 2.0], np.ones((2, 2))


@functools.cache
def made(name):
    return experiments.get(name).model()


@functools.cache
def bath():
    return made("acid_bath").simulate(experiments.acid_bath(), samples=10)


def run(name, **arguments):
    """A protocol that is refused where it is made, or else when it is run."""
    return lambda x: made(name).simulate(getattr(experiments, name)(**arguments), samples=5)


ASSAYS = [
    ("get", lambda x: experiments.get("acid-bat"), "Did you mean acid_bath"),
    ("get", lambda x: experiments.get(3), "assay = 3 is not a text"),
    ("get", lambda x: experiments.get(None), "assay = None is not a text"),
    ("stress_test", run("stress_test", oligomycin=NAN), "oligomycin = nan"),
    ("stress_test", run("stress_test", oligomycin=None), "oligomycin = None"),
    ("stress_test", run("stress_test", fccp=-1.0), "FCCP = -1.0 is not possible"),
    ("stress_test", run("stress_test", fccp="3 mV"), "wrong kind of unit"),
    ("stress_test", run("stress_test", rotenone=INF), "rotenone = inf"),
    ("stress_test", run("stress_test", antimycin="much"), "antimycin = 'much'"),
    ("stress_test", run("stress_test", compound="rotenon"), "Did you mean rotenone"),
    ("stress_test", run("stress_test", compound=3), "compound = 3 is not a text"),
    ("stress_test", run("stress_test", compound="rotenone", compound_dose=NAN), "rotenone = nan"),
    ("stress_test", run("stress_test", measurements=0), "measurements = 0 is not a whole number"),
    ("stress_test", run("stress_test", measurements=2.5), "measurements = 2.5"),
    ("stress_test", run("stress_test", measurements=True), "measurements = True"),
    ("stress_test", run("stress_test", measurements=None), "measurements = None"),
    ("stress_test", run("stress_test", cycle=NAN), "cycle = nan"),
    ("stress_test", run("stress_test", cycle=-1.0), "cycle = -1"),
    ("stress_test", run("stress_test", cycle="3 mV"), "cycle = 3.0 mV"),
    ("stress_test", run("stress_test", cycle=ONE), "cycle has the shape"),
    ("suit", run("suit", substrate="succinat"), "Did you mean succinate"),
    ("suit", run("suit", substrate=None), "substrate = None"),
    ("suit", run("suit", adp=NAN), "ADP = nan"),
    ("suit", run("suit", adp="2 uL"), "wrong kind of unit"),
    ("suit", run("suit", phosphate=-1.0), "pi_bath = -1 mM"),
    ("suit", run("suit", oligomycin=-1.0), "oligomycin = -1"),
    ("suit", run("suit", fccp=[0.1, NAN]), "fccp contains nan"),
    ("suit", run("suit", fccp=None), "fccp = None"),
    ("suit", run("suit", fccp=SQUARE), r"fccp has the shape \(2, 2\)"),
    ("suit", run("suit", substrate="succinate", rotenone="some"), "rotenone = 'some'"),
    ("suit", run("suit", antimycin=INF), "antimycin = inf"),
    ("suit", run("suit", step_wait=-1.0), "wait of -1.0"),
    ("suit", run("suit", closed="no"), "closed = 'no'"),
    ("fccp_titration", run("fccp_titration", fccp="much"), "fccp = 'much'"),
    ("fccp_titration", run("fccp_titration", fccp=[0.1, -0.1]), "fccp contains -0.1 uM"),
    ("fccp_titration", run("fccp_titration", oligomycin=NAN), "oligomycin = nan"),
    ("fccp_titration", run("fccp_titration", oligomycin="3 mV"), "wrong kind of unit"),
    ("fccp_titration", run("fccp_titration", load=-1.0), "load.capacity"),
    ("fccp_titration", run("fccp_titration", load=None), "capacity is not a number"),
    ("fccp_titration", run("fccp_titration", settle=NAN), "wait of nan"),
    ("fccp_titration", run("fccp_titration", step_wait=None), "wait of None"),
    ("modular_titration", run("modular_titration", block="leek"), "Did you mean leak"),
    ("modular_titration", run("modular_titration", block=None), "block = None"),
    ("modular_titration", run("modular_titration", inhibitor="cyanid"), "Did you mean cyanide"),
    ("modular_titration", run("modular_titration", inhibitor=3), "inhibitor = 3 is not a text"),
    ("modular_titration", run("modular_titration", inhibitor_doses=[1.0, INF]), "inhibitor_doses contains inf"),
    ("modular_titration", run("modular_titration", block="substrate_oxidation", fccp=None), "fccp = None"),
    ("modular_titration", run("modular_titration", oligomycin=-1.0), "oligomycin = -1"),
    ("modular_titration", run("modular_titration", nigericin=NAN), "nigericin = nan"),
    ("modular_titration", run("modular_titration", block="phosphorylation", load=NAN), "capacity is not a number"),
    ("modular_titration", run("modular_titration", settle="long"), "'long' is not a number"),
    ("modular_titration", run("modular_titration", step_wait=INF), "wait of inf"),
    ("pmf_partition", run("pmf_partition", nigericin=NAN), "nigericin = nan"),
    ("pmf_partition", run("pmf_partition", nigericin=ONE), "nigericin has 2 values"),
    ("pmf_partition", run("pmf_partition", valinomycin=-1.0), "valinomycin = -1"),
    ("pmf_partition", run("pmf_partition", valinomycin="3 mV"), "wrong kind of unit"),
    ("pmf_partition", run("pmf_partition", both=1.0), "both = 1.0 takes two doses"),
    ("pmf_partition", run("pmf_partition", both=[1.0, NAN]), "both contains nan"),
    ("pmf_partition", run("pmf_partition", both=None), "both = None"),
    ("pmf_partition", run("pmf_partition", potassium=0.0), "potassium_bath = 0 mM"),
    ("pmf_partition", run("pmf_partition", load=NAN), "capacity is not a number"),
    ("pmf_partition", run("pmf_partition", settle=-1.0), "wait of -1.0"),
    ("pmf_partition", run("pmf_partition", wait=None), "wait of None"),
    ("acid_bath", run("acid_bath", pH_acid=NAN), "pH_bath is not a number"),
    ("acid_bath", run("acid_bath", pH_acid=15.0), "pH_bath = 15"),
    ("acid_bath", run("acid_bath", pH_acid="sour"), "pH_acid = 'sour'"),
    ("acid_bath", run("acid_bath", pH_acid=[5.0, NAN]), "pH_bath is not a number"),
    ("acid_bath", run("acid_bath", pH_acid=SQUARE), "unnamed dimensions"),
    ("acid_bath", run("acid_bath", pH_base="3 mV"), "pH_base = 3.0 mV"),
    ("acid_bath", run("acid_bath", adp=NAN), "ADP = nan"),
    ("acid_bath", run("acid_bath", atp=-1.0), "ATP = -1"),
    ("acid_bath", run("acid_bath", phosphate=None), "Pi = None"),
    ("acid_bath", run("acid_bath", potassium_in=0.0), "potassium_bath = 0"),
    ("acid_bath", run("acid_bath", potassium_out=-1.0), "potassium_bath = -1"),
    ("acid_bath", run("acid_bath", valinomycin=INF), "valinomycin = inf"),
    ("acid_bath", run("acid_bath", acid_wait=NAN), "wait of nan"),
    ("acid_bath", run("acid_bath", base_wait="3 mV"), "wait = 3.0 mV"),
    ("potassium_jump", run("potassium_jump", potassium_in=None), "potassium_bath is not a number"),
    ("potassium_jump", run("potassium_jump", potassium_out=NAN), "potassium_bath is not a number"),
    ("potassium_jump", run("potassium_jump", pH=-1.0), "pH_bath = -1"),
    ("potassium_jump", run("potassium_jump", adp="some"), "ADP = 'some'"),
    ("potassium_jump", run("potassium_jump", atp=NAN), "ATP = nan"),
    ("potassium_jump", run("potassium_jump", phosphate=-1.0), "Pi = -1"),
    ("potassium_jump", run("potassium_jump", valinomycin=None), "valinomycin = None"),
    ("potassium_jump", run("potassium_jump", rest_wait=-1.0), "wait of -1.0"),
    ("potassium_jump", run("potassium_jump", jump_wait=INF), "wait of inf"),
    ("atp_yield", lambda x: experiments.atp_yield(3), "takes a Dataset"),
    ("atp_yield", lambda x: experiments.atp_yield(x.steady), "needs 'time'"),
    ("atp_yield", lambda x: experiments.atp_yield(bath()[["pmf"]]), "needs 'atp_bath'"),
    ("atp_yield", lambda x: experiments.atp_yield(bath(), segment="base"), "no segment is called 'base'"),
    ("atp_yield", lambda x: experiments.atp_yield(bath(), segment=3), "no segment is called 3"),
    (
        "atp_yield",
        lambda x: experiments.atp_yield(bath().assign(volume_bath=0 * bath().volume_bath)),
        "volume_bath = 0",
    ),
    ("reverse_electron_transport", run("reverse_electron_transport", acceptor_potential=NAN), "donor_potential is not"),
    ("reverse_electron_transport", run("reverse_electron_transport", acceptor_potential="3 mM"), "3.0 mM"),
    ("reverse_electron_transport", run("reverse_electron_transport", stop="FCPP"), "Did you mean FCCP"),
    ("reverse_electron_transport", run("reverse_electron_transport", stop=None), "stop = None is not a text"),
    ("reverse_electron_transport", run("reverse_electron_transport", stop_doses=[-1.0]), "stop_doses contains -1"),
    ("reverse_electron_transport", run("reverse_electron_transport", settle=NAN), "wait of nan"),
    ("reverse_electron_transport", run("reverse_electron_transport", succinate_wait=-1.0), "wait of -1.0"),
    ("reverse_electron_transport", run("reverse_electron_transport", acceptor_wait=None), "wait of None"),
    ("reverse_electron_transport", run("reverse_electron_transport", step_wait="3 mV"), "3.0 mV"),
    ("synthase_reversal", run("synthase_reversal", atp=NAN), "ATP = nan"),
    ("synthase_reversal", run("synthase_reversal", inhibitor="antimycine"), "Did you mean antimycin"),
    ("synthase_reversal", run("synthase_reversal", inhibitor=3), "inhibitor = 3 is not a text"),
    ("synthase_reversal", run("synthase_reversal", inhibitor_dose=-1.0), "antimycin = -1"),
    ("synthase_reversal", run("synthase_reversal", oligomycin=None), "oligomycin = None"),
    ("synthase_reversal", run("synthase_reversal", settle=NAN), "wait of nan"),
    ("synthase_reversal", run("synthase_reversal", inhibitor_wait=-1.0), "wait of -1.0"),
    ("synthase_reversal", run("synthase_reversal", oligomycin_wait=INF), "wait of inf"),
]

MODELS = [
    ("vesicle", lambda x: models.vesicle("chloroplasts"), "Did you mean chloroplast"),
    ("vesicle", lambda x: models.vesicle(None), "organism = None"),
    ("vesicle", lambda x: models.vesicle(["yeast"]), "organism ="),
    ("vesicle", lambda x: models.vesicle(h_per_atp="structure"), "h_per_atp = 'structure'"),
    ("vesicle", lambda x: models.vesicle("mammal"), "no thermodynamic"),
    ("cultured_cell", lambda x: models.cultured_cell(0), "cells = 0"),
    ("cultured_cell", lambda x: models.cultured_cell(NAN), "cells = nan"),
    ("cultured_cell", lambda x: models.cultured_cell(INF), "cells = inf"),
    ("cultured_cell", lambda x: models.cultured_cell(None), "cells = None"),
    ("cultured_cell", lambda x: models.cultured_cell("many"), "cells = 'many'"),
    ("cultured_cell", lambda x: models.cultured_cell("3 mg"), "wrong kind of unit"),
    ("cultured_cell", lambda x: models.cultured_cell(ONE), "cells has the shape"),
    ("respiratory_chain", lambda x: models.respiratory_chain("succinat"), "Did you mean succinate"),
    ("respiratory_chain", lambda x: models.respiratory_chain(None), "substrate = None"),
]

PLOTS = [
    ("acid_bath", lambda x: plot.acid_bath(3), "takes a Dataset"),
    ("acid_bath", lambda x: plot.acid_bath(x.steady), "needs a Dataset with the dimension 'time'"),
    ("acid_bath", lambda x: plot.acid_bath(bath().drop_vars("delta_pH")), "needs 'delta_pH'"),
    ("acid_bath", lambda x: plot.acid_bath(bath(), axes=3), "axes has 1 Axes"),
]

ROWS = [
    *(Row(f"experiments.{name}", call, ParameterError, words) for name, call, words in ASSAYS),
    *(Row(f"models.{name}", call, ParameterError, words) for name, call, words in MODELS),
    *(Row(f"plot.{name}", call, ParameterError, words) for name, call, words in PLOTS),
]
