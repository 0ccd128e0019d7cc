"""``mitochem analyse``: a file of an instrument, read and reduced to what it was measured for."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..core.errors import MitochemError, ParameterError, ReaderError
from .output import Output, warn

__all__ = ["analyse", "table_of"]

KINDS = ("wave", "datlab", "o2view", "table")


def analyse(options: Any) -> int:
    """Read a file and tell what is in it."""
    output = Output(options, f"analyse_{Path(options.file).stem}")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        kind, ds = _read(options)
        summary, text = _WHAT[kind](options, ds, output)
    output.dataset(ds)
    said = list(dict.fromkeys(str(w.message) for w in told if issubclass(w.category, UserWarning)))
    for message in said:
        warn(message)
    output.finish({"file": options.file, "kind": kind, "warnings": said} | summary, text)
    return 0


def _read(options: Any) -> tuple[str, Any]:
    """What kind of file it is, and its Dataset."""
    from .. import readers

    kind = options.kind or _kind_of(options)
    if kind == "wave":
        return kind, readers.read_wave(options.file)
    if kind == "datlab":
        return kind, readers.read_datlab(options.file, protein=options.protein)
    if kind == "o2view":
        return kind, readers.read_o2view(options.file, protein=options.protein)
    return kind, table_of(options.file, options.columns, options.units)


def _kind_of(options: Any) -> str:
    """The kind of a file: by its extension and its first bytes; a table where the columns are named."""
    if options.columns:
        return "table"
    path = Path(options.file)
    if not path.is_file():
        raise ReaderError(f"{path} does not exist.")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return "wave"
    with path.open("rb") as file:
        head = file.read(100_000).decode("latin-1")
    if "RECORDED DATA" in head:
        return "o2view"
    if "Event Name" in head:
        return "datlab"
    raise ReaderError(
        f"{path}: neither a Wave workbook, a DatLab nor an O2view csv by its looks. If it is a table of your own, name "
        "its columns: --column time='Time (min)' --column J_O2='rate (nmol/min/mg)'; or say --kind."
    )


def table_of(path: str, columns: Sequence[str], units: Sequence[str]) -> Any:
    """The user's own table, by the columns named on the command line."""
    from .. import readers

    if not columns:
        raise ParameterError(
            f"which columns of {path} are what? Say --column time='Time' --column J_O2='rate', once for each, and "
            "--unit J_O2=nmol/min/mg where the headings have no units."
        )
    named: dict[str, list[str]] = {}
    for text in columns:
        name, heading = _pair(text, "--column")
        named.setdefault(name, []).append(heading)
    return readers.read_table(
        path,
        {name: headings[0] if len(headings) == 1 else headings for name, headings in named.items()},
        dict(_pair(text, "--unit") for text in units),
    )


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise ParameterError(f"{option} {text!r}: write NAME=..., such as {option} J_O2='rate'.")
    return name, value


def _plate(options: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """The parameters of a stress test by group."""
    from .. import readouts

    table = readouts.stress_test_table(ds, convention=options.convention, average=options.average)
    frame = table.drop_vars([n for n in table.data_vars if str(n).endswith("_sd")]).to_dataframe()
    output.table(table.to_dataframe(), "parameters")
    output.draw(lambda plot: plot.stress_test(ds))
    output.draw(lambda plot: plot.stress_test_parameters(table), "parameters")
    unit = table["basal_respiration"].attrs.get("units", "")
    rows = frame.map(lambda value: f"{value:.4g}" if isinstance(value, float) else value).T.to_string()
    text = f"stress test, {options.convention} convention, rates in {unit}\n\n{rows}\n"
    return {"parameters": frame.reset_index().to_dict(orient="records")}, text


def _chambers(options: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """Rates between events, and the coupling states if the events name them."""
    from .. import readouts

    one = ds if "chamber" in ds.dims else ds.expand_dims(chamber=["1"])
    parts, texts, summary = {}, [], {}
    for chamber in one["chamber"].values.tolist():
        here = one.sel(chamber=chamber)
        steps = readouts.plateaus(here).drop_vars("chamber", errors="ignore")
        parts[chamber] = steps.to_dataframe().reset_index()
        texts.append(
            f"chamber {chamber}: plateau before the next event\n\n{parts[chamber].to_string(float_format='%.4g')}"
        )
        summary[str(chamber)] = parts[chamber].to_dict(orient="records")
        try:
            table = readouts.suit_table(here)
        except MitochemError as error:
            texts.append(f"no coupling states: {error}")
            continue
        states = table.isel(chamber=0).to_array().to_series()
        texts.append(f"coupling control\n\n{states.to_string()}")
    import pandas

    output.table(pandas.concat(parts, names=["chamber", "row"]), "plateaus")
    if output.writes and "oxygen" in ds:
        output.picture(_oxygen(one))
    return {"chambers": summary}, "\n\n".join(texts) + "\n"


def _oxygen(ds: Any) -> Any:
    """Oxygen and its slope, one column per chamber."""
    import matplotlib.pyplot as plt

    from .. import plot

    chambers = ds["chamber"].values.tolist()
    figure, axes = plt.subplots(
        2, len(chambers), figsize=(6.5 * len(chambers), 5.5), squeeze=False, layout="constrained", sharex="col"
    )
    for column, chamber in zip(axes.T, chambers):
        plot.trace(ds.sel(chamber=chamber), ("oxygen", "ocr"), axes=column)
        column[0].set_title(f"chamber {chamber}", loc="left")
    return figure


def _table(options: Any, ds: Any, output: Output) -> tuple[dict[str, Any], str]:
    """What was read."""
    frame = ds.to_dataframe().reset_index()
    units = ", ".join(f"{n} in {ds[n].attrs.get('units', '1')}" for n in ds.data_vars if ds[n].dtype.kind == "f")
    return {"rows": len(frame)}, f"{len(frame)} rows: {units}\n\n{frame.to_string(max_rows=20, float_format='%.5g')}\n"


_WHAT = {"wave": _plate, "datlab": _chambers, "o2view": _chambers, "table": _table}
