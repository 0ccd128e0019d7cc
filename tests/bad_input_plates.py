"""Rows of bad input to the statistics of plates and their figure; see `bad_input`."""

import functools
import warnings

from bad_input import INF, NAN, Row
from plates import plate

from mitochem import ParameterError, plot, readouts

RATES = [100, 101, 102, 30, 31, 32, 200, 201, 202, 10, 11, 12]


@functools.cache
def wells():
    return plate({"A02": ("g", RATES), "A03": ("g", RATES), "B02": ("h", RATES), "B03": ("h", RATES)})


@functools.cache
def table():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = wells().assign(ocr=wells().ocr * [[1.0], [1.1], [1.2], [1.25]])
        other.ocr.attrs = wells().ocr.attrs
        return readouts.compare_groups({"1": wells(), "2": other, "3": other}, "g")


def rates(ds=None, **options):
    return lambda x: readouts.plate_rates(wells() if ds is None else ds(), **options)


def compare(plates=wells, control="g", **options):
    return lambda x: readouts.compare_groups(plates() if callable(plates) else plates, control, **options)


RATES_OF_PLATES = [
    (lambda x: readouts.plate_rates(None), "takes a Dataset"),
    (lambda x: readouts.plate_rates({}), "takes a Dataset"),
    (lambda x: readouts.plate_rates(x.steady), "takes a plate over"),
    (rates(lambda: wells().isel(well=0)), "takes a plate over"),
    (rates(lambda: wells().drop_vars("group")), "takes a plate over"),
    (rates(lambda: wells().assign_coords(group=("well", ["Background"] * 4))), "no well but those"),
    (rates(lambda: wells().drop_vars("segment")), "no coordinate 'segment'"),
    (rates(lambda: wells().assign(ocr=wells().ocr * INF)), "'ocr' contains inf"),
    (rates(lambda: wells().expand_dims(day=2)), "plate_rates takes"),
    (rates(lambda: wells().assign(ocr=("time", RATES))), "'ocr' goes over time; plate_rates takes"),
    (rates(rate="OCR"), "no 'OCR'"),
    (rates(phases={"basal": None}), "neither a segment"),
    (rates(well_limit=NAN), "well_limit = nan"),
    (rates(well_limit=0.0), "well_limit = 0.0"),
    (rates(well_limit="5"), "well_limit = '5'"),
    (rates(measurement_limit=-1), "measurement_limit = -1"),
    (rates(measurement_limit=[7, 7]), r"measurement_limit = \[7, 7\]"),
    (rates(remove_failed="no"), "remove_failed = 'no'"),
    (rates(remove_failed=None), "remove_failed = None"),
]

COMPARED = [
    (compare(None), "takes a Dataset"),
    (compare("plate.xlsx"), "takes a Dataset"),
    (compare({}), "plates is empty"),
    (compare([]), "plates is empty"),
    (compare(lambda: [wells(), None]), "plate 'plate 2', takes a Dataset"),
    (compare(lambda: {"a": 3}), "plate 'a', takes a Dataset"),
    (compare(lambda: wells().ocr), "takes a Dataset"),
    (compare(lambda: [wells(), wells().assign(ocr=wells().ocr.assign_attrs(units="nmol/min/mg"))]), "different units"),
    (compare(control="G"), "no plate has the control 'G'"),
    (compare(control=None), "control = None is not a text"),
    (compare(control=3), "control = 3 is not a text"),
    (compare(groups="h"), "groups = 'h' is not a sequence"),
    (compare(groups=["hh"]), "'hh' is no group to compare with 'g'"),
    (compare(groups=["g"]), "'g' is no group to compare with 'g'"),
    (compare(groups=[]), "no group to compare"),
    (compare(groups=[1]), "groups = "),
    (compare(lambda: wells().isel(well=[0, 1])), "no group to compare"),
    (compare(parameters="proton_leak"), "is not a sequence"),
    (compare(parameters=["proton_leek"]), "Did you mean proton_leak"),
    (compare(parameters=[]), "parameters is empty"),
    (compare(confidence=95), "confidence = 95"),
    (compare(confidence=NAN), "confidence = nan"),
    (compare(confidence=None), "confidence = None"),
    (compare(well_limits=5), "has no option 'well_limits'. Did you mean well_limit"),
    (compare(well_limit=NAN), "well_limit = nan"),
]

DRAWN = [
    (lambda x: plot.group_comparison(None), "takes a Dataset"),
    (lambda x: plot.group_comparison(wells()), "needs 'log_ratio'"),
    (lambda x: plot.group_comparison(table(), scale="log"), "scale = 'log'"),
    (lambda x: plot.group_comparison(table(), scale=None), "scale = None"),
    (lambda x: plot.group_comparison(table().isel(group=0)), "over group, parameter, not over parameter"),
    (lambda x: plot.group_comparison(table() * NAN), "no estimate of log_ratio"),
    (lambda x: plot.group_comparison(table(), ax=3), "axes = 3"),
]

ROWS = [
    *(Row("experiments.readouts.plate_rates", call, ParameterError, words) for call, words in RATES_OF_PLATES),
    *(Row("experiments.readouts.compare_groups", call, ParameterError, words) for call, words in COMPARED),
    *(Row("plot.group_comparison", call, ParameterError, words) for call, words in DRAWN),
]
