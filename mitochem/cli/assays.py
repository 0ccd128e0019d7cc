"""``mitochem run``: an assay or a protocol file, seen through an instrument, with what is read off it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import ParameterError, SolveError, nearest
from .output import Output, show, warn
from .shared import figure_of, model_of, unit_of

__all__ = ["run"]

FILES = (".toml", ".json", ".csv")


def run(options: Any) -> None:
    """Run an assay or a protocol file."""
    if options.listing or not options.protocol:
        from .. import experiments

        show(options, experiments.list())
        return
    if options.samples < 2:
        raise ParameterError(f"--samples {options.samples} is too few; it takes 2 or more.")
    assay, protocol = _protocol(options)
    measured = _overlay(options)
    output = Output(options, f"run_{Path(options.protocol).stem.replace('-', '_')}")
    model = model_of(options, assay)
    try:
        ds = model.simulate(protocol, samples=options.samples)
    except SolveError as error:
        if error.partial is not None and output.writes:
            output.stem = output.stem.with_name(output.stem.name + "_partial")
            output.dataset(error.partial)
            warn("what was computed before the failure is in " + ", ".join(output.files))
        raise
    output.dataset(ds)
    if measured is not None:
        from .. import plot

        output.picture(figure_of(plot.compare(ds, measured)), "overlay")
    read = READINGS.get(assay.name if assay else "", _segments)
    summary, text = read(options, model, ds, output)
    output.finish({"assay": assay.name if assay else str(options.protocol), "model": model.name} | summary, text)


# --- what to run ---------------------------------------------------------------------------------------------


def _protocol(options: Any) -> tuple[Any, Any]:
    """The assay, if it is one, and the protocol."""
    from .. import experiments
    from ..core.protocol import Protocol

    if Path(options.protocol).suffix in FILES:
        if options.arguments:
            raise ParameterError("--with changes an assay; a protocol file has its steps in it.")
        protocol = Protocol.read(options.protocol)
        return None, protocol.in_closed_chamber() if options.closed else protocol
    names = experiments.list().index.tolist()
    if options.protocol.replace("-", "_") not in names:
        raise ParameterError(
            f"{options.protocol!r} is neither an assay nor a .toml, .json or .csv file."
            + nearest(options.protocol, names)
        )
    assay = experiments.get(options.protocol)
    known = inspect.signature(assay.protocol).parameters
    arguments = dict(_argument(assay.name, text, known) for text in options.arguments)
    if options.substrate and "substrate" in known:
        arguments.setdefault("substrate", options.substrate)
    if options.closed:
        name = next((n for n in ("to_anoxia", "closed") if n in known), None)
        if name is None:
            return assay, assay.protocol(**arguments).in_closed_chamber()
        arguments[name] = True
    return assay, assay.protocol(**arguments)


def _argument(assay: str, text: str, known: Any) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    name = name.replace("-", "_")
    if not equals or not value:
        raise ParameterError(f"--with {text!r}: write NAME=VALUE, such as fccp=0.5.")
    if name not in known:
        raise ParameterError(f"{assay} has no argument {name!r}." + nearest(name, known))
    return name, _value(value)


def _value(text: str) -> Any:
    """A number, numbers, yes or no, or a text as it is."""
    if text.lower() in ("true", "yes", "false", "no"):
        return text.lower() in ("true", "yes")
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return text
    if len(numbers) > 1:
        return numbers
    return int(numbers[0]) if text.isdigit() else numbers[0]


def _overlay(options: Any) -> Any:
    """The user's own measurements, read before the run so that a bad file costs no time."""
    if not options.overlay:
        return None
    from .analysing import table_of

    return table_of(options.overlay, options.columns, options.units)


# --- what is read off it -----------------------------------------------------------------------------------------

Reading = Callable[[Any, Any, Any, Output], tuple[dict[str, Any], str]]


def _segments(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """Rates and potentials at the end of each segment."""
    output.draw(lambda plot: plot.trace(ds, drawn_of(ds)))
    table = segment_table(ds)
    return (
        {"segments": table.reset_index().to_dict(orient="records")},
        f"rates and potentials at the end of each segment ({ds.attrs['model']})\n\n"
        f"{table.to_string(float_format='%.4g')}\n",
    )


def _states(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """Respiratory control and ADP/O of each pulse, besides the rates."""
    from .. import readouts

    summary, text = _segments(options, model, ds, output)
    pulses = readouts.pulses(ds)
    output.draw(lambda plot: plot.adp_over_o(ds), "adp_over_o")
    frame = pulses[["segment", "adp_over_o", "rcr", "oxygen_used", "half_time"]].to_dataframe()
    frame = frame.rename(columns={"oxygen_used": "O2 used / mM", "half_time": "half time / min"})
    output.table(pulses.to_dataframe(), "pulses")
    text += f"\npulses of ADP, by the tangents of state 3 and state 4\n\n{frame.to_string(float_format='%.4g')}\n"
    return summary | {"pulses": frame.reset_index().to_dict(orient="records")}, text


def _stress_test(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """The plate as the instrument gives it, its parameters, and the truth beside them."""
    from .. import readouts
    from ..experiments import instruments

    reader = instruments.PlateReader.ideal() if options.seed is None else instruments.PlateReader(seed=options.seed)
    plate = reader.record(ds)
    table = readouts.stress_test_table(plate, convention=options.convention)
    truth = instruments.truth_of_stress_test(model, ds, instrument=reader)
    both = instruments.inferred_against_true(table, truth).isel(group=0)
    frame = both.to_dataframe()[["inferred", "true", "units", "bias_percent"]]
    output.draw(lambda plot: plot.stress_test(plate))
    output.draw(lambda plot: plot.inferred_against_true(both), "inferred_and_true")
    output.table(frame, "inferred_and_true")
    if options.instrument_file:
        output.file("plate", ".xlsx", lambda path: _readers().write_wave(plate, path))
    noise = "without noise" if options.seed is None else f"with noise, seed {options.seed}"
    text = (
        f"Mito Stress Test of {model.name}, {plate.sizes['well']} wells, {noise}; {options.convention} convention\n\n"
        f"{frame.to_string(float_format='%.3g')}\n\n"
        "true: what the model itself knows. Leak is read at the higher force that oligomycin leaves.\n"
    )
    return {"parameters": frame.reset_index().to_dict(orient="records")}, text


def _suit(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """Coupling states, Rox corrected, with their ratios."""
    from .. import readouts

    tables = readouts.suit_table(ds)
    table = tables.isel(chamber=0)
    output.draw(lambda plot: plot.trace(ds, drawn_of(ds)))
    output.draw(lambda plot: plot.suit(tables), "coupling")
    if options.instrument_file:
        output.file("datlab", ".csv", lambda path: _readers().write_datlab(_respirometer(options).record(ds), path))
    rows = {n: f"{float(table[n]):.4g} {unit_of(table[n])}".strip() for n in table.data_vars if n != "flags"}
    words = {n: table[n].attrs.get("long_name", n) for n in rows}
    text = "\n".join(f"  {words[n]:<52} {value:>18}" for n, value in rows.items())
    flags = str(table["flags"].values)
    values = {str(n): table[n].values for n in table.data_vars}
    text = f"coupling control of {model.name}\n\n{text}\n"
    return {"coupling": values}, text + (f"\nflags: {flags}\n" if flags else "")


def _jump(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """ATP made by the jump, besides the forces."""
    from .. import experiments

    table, made = segment_table(ds), experiments.atp_yield(ds)
    output.draw(lambda plot: plot.acid_bath(ds))
    amount = f"{float(made):.4g} {unit_of(made)}"
    text = f"{model.name}\n\n{table.to_string(float_format='%.4g')}\n\nATP made: {amount}\n"
    return {"segments": table.reset_index().to_dict(orient="records"), "atp_yield": float(made)}, text


def _partition(options: Any, model: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """The two parts of the force under each treatment."""
    summary, text = _segments(options, model, ds, output)
    output.draw(lambda plot: plot.pmf_components(ds.isel(time=-1)), "parts")
    return summary, text


def _respirometer(options: Any) -> Any:
    from ..experiments.instruments import Respirometer

    return Respirometer.ideal() if options.seed is None else Respirometer(seed=options.seed)


READINGS: dict[str, Reading] = {
    "respiratory_states": _states,
    "stress_test": _stress_test,
    "suit": _suit,
    "acid_bath": _jump,
    "potassium_jump": _jump,
    "pmf_partition": _partition,
}
"""Assays with a table and figures of their own; of the others the rates of each segment are told."""


def _readers() -> Any:
    from .. import readers

    return readers


TOLD = ("J_O2", "J_ATP", "delta_psi", "delta_pH", "pmf", "atp_bath", "J_complex_I", "nadh_matrix")
"""Quantities of the table of segments, where a model has them."""

DRAWN = ("J_O2", "delta_psi", "delta_pH", "J_ATP", "atp_bath", "J_complex_I", "nadh_matrix")


def drawn_of(ds: Any) -> list[str]:
    """What a figure of a run shows: rates and potentials, as far as the model has them, and at most five."""
    names = [n for n in DRAWN if n in ds and "time" in ds[n].dims]
    return names[:5] if "J_O2" in names else names


def segment_table(ds: Any) -> Any:
    """Rates and potentials at the end of each segment, as a DataFrame."""
    import pandas

    columns = [n for n in TOLD if n in ds]
    labels = list(dict.fromkeys(ds["segment"].values.tolist()))
    others = [str(d) for d in ds.dims if d != "time"]
    rows = {}
    for label in labels:
        part = ds.isel(time=np.flatnonzero(ds["segment"].values == label))
        last = part.isel(time=-1)
        members = last[columns].stack(member=others).to_dataframe() if others else None
        for i in range(1 if members is None else len(members)):
            own = {n: float(last[n]) if members is None else float(members[n].iloc[i]) for n in columns}
            key = label if members is None else f"{label}, {', '.join(map(str, np.ravel(members.index[i])))}"
            rows[key] = {"until": float(part["time"][-1])} | own
    frame = pandas.DataFrame.from_dict(rows, orient="index").rename_axis("segment")
    frame.columns = pandas.Index(["until / min", *(f"{n} / {unit_of(ds[n])}".removesuffix(" / ") for n in columns)])
    return frame
