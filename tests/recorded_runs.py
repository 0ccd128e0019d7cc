"""Stress tests to be recorded, simulated and made by hand."""

import numpy as np
import xarray

from mitochem import Protocol
from mitochem.experiments.instruments import PlateReader

PHASES = ("basal", "oligomycin", "FCCP", "rotenone + antimycin A")
STRESS_TEST = (
    Protocol()
    .set({"load.capacity": 400.0})
    .wait(18, "basal")
    .add(oligomycin=1.0)
    .wait(18, "oligomycin")
    .add(FCCP=0.3)
    .wait(18, "FCCP")
    .add(rotenone=1.0, antimycin=1.0)
    .wait(18, "rotenone + antimycin A")
)


def by_hand(rate, minutes, labels=PHASES, points=501, **more):
    """A run of phases of equal length whose rate is a function of time and of the number of the phase."""
    starts = [np.nextafter(minutes * i, np.inf) if i else 0.0 for i in range(len(labels))]
    time = np.concatenate([np.linspace(s, minutes * (i + 1), points) for i, s in enumerate(starts)])
    phase = np.repeat(np.arange(len(labels)), points)
    data = {"J_O2": ("time", rate(time, phase), {"units": "nmol/min/mg"})} | more
    return xarray.Dataset(
        data, {"time": ("time", time, {"units": "min"}), "segment": ("time", np.array(labels)[phase])}
    )


def steps(*levels):
    """A run whose rate is constant in each phase, 18 min long."""
    return by_hand(lambda t, phase: np.array(levels)[phase], 18.0, PHASES[: len(levels)], 50)


def noisy(**settings):
    return PlateReader.ideal(protein=1.0, wells=90, **settings)


def agilent(plate):
    """Readouts of each well, typed from the user guide: last before oligomycin, lowest, highest, lowest of a phase."""
    rate = plate["ocr"]
    basal, oligomycin, fccp, rest = (rate.values[:, i : i + 3] for i in (0, 3, 6, 9))
    non = rest.min(axis=1)
    rows = {
        "non_mitochondrial": non,
        "basal_respiration": basal[:, -1] - non,
        "proton_leak": oligomycin.min(axis=1) - non,
        "atp_linked_respiration": basal[:, -1] - oligomycin.min(axis=1),
        "maximal_respiration": fccp.max(axis=1) - non,
    }
    table = xarray.Dataset({k: ("well", v, {"units": "pmol/min/well"}) for k, v in rows.items()})
    coupling = 100 * table["atp_linked_respiration"] / table["basal_respiration"]
    return table.assign(coupling_efficiency_percent=coupling.assign_attrs(units="%"))


def robust(values):
    values = np.asarray(values)[np.isfinite(values)]
    return 1.4826 * np.median(np.abs(values - np.median(values)))
