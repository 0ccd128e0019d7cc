"""Plates with a known truth, in which plates, cultures, wells and measurements vary; and four real ones."""

import warnings

import numpy as np
from plates import plate
from scipy import stats

ALL = {"well_limit": None, "measurement_limit": None}
"""Options that leave out no outlier."""
LEVELS = np.log([100.0, 30.0, 180.0, 12.0])
"""Basal, oligomycin, FCCP, rotenone + antimycin A, of the control (pmol/min/well)."""
EFFECT = np.log(0.8)
"""Of the treatment, on the rate after FCCP alone: the truth of log maximal over basal."""


def experiment(seed, *, plates=4, wells=12, culture=0.15, effect=EFFECT, groups=("control", "treated")):
    """Plates by name. Each culture (a group on a plate) has log ratios of its own, and so has each well."""
    rng = np.random.default_rng(seed)
    out = {}
    for number in range(plates):
        shared = rng.normal(0, 0.35)
        rows = {}
        for j, group in enumerate(groups):
            grown = LEVELS + shared + rng.normal(0, culture / np.sqrt(2), 4) + np.array([0, 0, j * effect, 0])
            for i in range(wells):
                level = grown + rng.normal(0, 0.15) + rng.normal(0, 0.10 / np.sqrt(2), 4)
                rows[f"{'ABCDEFGH'[j]}{i + 1:02d}"] = (group, np.exp(np.repeat(level, 3) + rng.normal(0, 0.05, 12)))
        out[f"plate {number + 1}"] = plate(rows)
    return out


def pooled(plates, confidence=0.95):
    """Interval of log maximal over basal, if wells of all plates were repeats: what is often done, and wrong."""
    rows = {"control": [], "treated": []}
    for ds in plates.values():
        logs = np.log(ds["ocr"].values).reshape(len(ds["well"]), 4, 3).mean(2)
        for group, value in zip(ds["group"].values.tolist(), logs[:, 2] - logs[:, 0]):
            rows[group].append(value)
    interval = stats.ttest_ind(rows["treated"], rows["control"], equal_var=False).confidence_interval(confidence)
    return interval.low, interval.high


def fibroblast_plates(folder):
    """The plates of the collection of fibroblasts by name, cell lines as groups."""
    import pandas

    rows = pandas.read_csv(folder / "data" / "yepez_2018_fibroblast_ocr.csv")
    out = {}
    for name, part in rows.groupby("plate_id"):
        wide = part.pivot(index=["cell_line", "well"], columns="measurement", values="OCR_pmol_per_min")
        out[name] = plate({well: (line, rates) for (line, well), rates in zip(wide.index, wide.values)})
    return out


def quiet(function, *given, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*given, **options)
