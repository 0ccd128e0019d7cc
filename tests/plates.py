"""Plates and traces typed by hand, and a real plate read cell by cell, for tests of readouts and their figures."""

import json

import numpy as np
import xarray

PHASES = ("basal", "oligomycin", "FCCP", "rotenone + antimycin A")
WELL = "pmol/min/well"


def plate(wells, **others):
    """A plate of twelve measurements, three in each phase: {name: (group, twelve rates)}."""
    data = {"ocr": (("well", "time"), np.array([rates for _, rates in wells.values()], float), {"units": WELL})}
    data |= {
        name: (("well", "time"), np.array(values, float), {"units": unit}) for name, (values, unit) in others.items()
    }
    coords = {
        "well": list(wells),
        "group": ("well", [group for group, _ in wells.values()]),
        "time": ("time", np.arange(12) * 6.5 + 1.3, {"units": "min"}),
        "measurement": ("time", np.arange(1, 13)),
        "segment": ("time", np.repeat(PHASES, 3)),
    }
    return xarray.Dataset(data, coords)


def run_of(*stretches, name="ocr", unit="pmol/(s*mL)", every=0.1, events=(), **attrs):
    """A run of stretches (label, minutes, rate); a rate may be a function of the minutes since the stretch began."""
    labels, rates, times, began = [], [], [], 0.0
    for label, minutes, rate in stretches:
        time = np.arange(0, minutes - every / 2, every)
        rates.append(rate(time) if callable(rate) else np.full(len(time), float(rate)))
        labels += [label] * len(time)
        times.append(began + time)
        began += minutes
    if events:
        attrs["events"] = json.dumps([{"time": t, "name": n, "chamber": c, "text": ""} for t, n, c in events])
    return xarray.Dataset(
        {name: ("time", np.concatenate(rates), {"units": unit, "long_name": "oxygen consumption rate"})},
        {"time": ("time", np.concatenate(times), {"units": "min"}), "segment": ("time", labels)},
        attrs,
    )


def real_plate(folder, chosen="MITO"):
    """The workbook of a public plate, from its sheet of rates."""
    import openpyxl

    book = openpyxl.load_workbook(folder / "data" / "raw" / "seahorse_wave_ceas_rep1.xlsx", read_only=True)
    rows = [r for r in book["Rate"].iter_rows(min_row=2, values_only=True) if chosen in r[2] or r[2] == "Background"]
    book.close()
    wells = dict.fromkeys(r[1] for r in rows)
    cells = {(r[1], r[0]): r for r in rows}

    def column(i):
        return [[cells[well, n][i] for n in range(1, 13)] for well in wells]

    ds = plate(
        {well: (cells[well, 1][2], rates) for well, rates in zip(wells, column(4))},
        ecar=(column(5), "mpH/min"), per=(column(6), WELL),
    )  # fmt: skip
    return ds.assign_coords(time=("time", [cells["A02", n][3] for n in range(1, 13)], {"units": "min"}))
