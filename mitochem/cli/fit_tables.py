"""Curves of the user's own tables: which columns a law takes, which options, and what is made of a file."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import MitochemError, ParameterError, nearest

__all__ = ["LAWS", "Curve", "fitted_table", "laws_table"]


@dataclasses.dataclass(frozen=True)
class Curve:
    """A fit of a table: a function of `mitochem.fitting`, and the columns it takes.

    Parameters
    ----------
    function : str
        Its name there.
    what : str
        What it is for, in a line.
    columns : tuple of str
        Arguments that are columns, x and y first; the others are optional.
    fixed : mapping
        Options that make it this curve.
    needs_units : tuple of str
        Columns whose unit matters to the numbers, and so must be said.
    unitless : tuple of str
        Columns that keep having no unit where none is said, instead of the function's usual one.
    together : bool
        Whether groups are fitted together by the function itself, instead of one by one.
    """

    function: str
    what: str
    columns: tuple[str, ...]
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    needs_units: tuple[str, ...] = ()
    unitless: tuple[str, ...] = ()
    together: bool = False

    @property
    def call(self) -> Callable[..., Any]:
        from .. import fitting

        return getattr(fitting, self.function)  # type: ignore[no-any-return]

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that there is no law without."""
        takes = inspect.signature(self.call).parameters
        return tuple(name for name in self.columns if takes[name].default is inspect.Parameter.empty)

    @property
    def options(self) -> dict[str, Any]:
        """Options that the user may give, with their defaults."""
        own = {*self.columns, *self.fixed, "label", "source", "units", "unit", "profile", "groups", "names"}
        parameters = inspect.signature(self.call).parameters.values()
        return {p.name: p.default for p in parameters if p.name not in own}


def _saturation(what: str, **fixed: bool) -> Curve:
    return Curve("michaelis_menten", what, ("adp", "J"), fixed, unitless=("adp",), together=True)


LAWS = {
    "michaelis-menten": _saturation("rate against ADP, Pi or another substrate", offset=False),
    "michaelis-menten-offset": _saturation("the same, with a rate without it (the default)", offset=True),
    "hill": _saturation("the same, with a Hill coefficient", hill=True),
    "dose-response": Curve(
        "dose_response", "respiration against the dose of an uncoupler", ("dose", "J", "J_error"), needs_units=("dose",)
    ),
    "leak": Curve("leak_curve", "proton leak against Δψ or Δp", ("force", "J", "J_error"), needs_units=("force",)),
    "rate-against-pmf": Curve(
        "rate_against_pmf",
        "ATP synthesis against Δp, or ΔpH and Δψ",
        ("pmf", "rate", "delta_psi", "delta_pH", "rate_error"),
        needs_units=("pmf", "delta_psi"),
    ),
    "equilibrium": Curve(
        "equilibrium_line",
        "H+/ATP and ΔG°' from forces at which net ATP synthesis is zero",
        ("pmf", "ratio", "delta_psi", "delta_pH", "atp", "adp", "pi", "energy_error", "pmf_error"),
        needs_units=("pmf", "ratio", "delta_psi", "atp", "adp", "pi", "energy_error", "pmf_error"),
    ),
    "arrhenius": Curve(
        "arrhenius", "rate against temperature", ("temperature", "rate", "rate_error"), needs_units=("temperature",)
    ),
    "line": Curve("line", "a straight line, errors in both variables if given", ("x", "y", "x_error", "y_error")),
    "carrier": Curve(
        "carrier_conductance",
        "conductance of a bilayer with a protonophore against pH",
        ("pH", "conductance", "conductance_error"),
        needs_units=("conductance",),
    ),
}  # fmt: skip
DEFAULT = "michaelis-menten-offset"


def laws_table() -> Any:
    """What can be fitted to a table: columns and options of each law."""
    import pandas

    rows = {
        name: {
            "fits": curve.what,
            "columns": ", ".join(curve.columns),
            "options": ", ".join(f"{k}={_said(v)}" for k, v in curve.options.items()),
        }
        for name, curve in LAWS.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("law")


def _said(value: Any) -> str:
    return "…" if value is None or value is inspect.Parameter.empty else str(value)


def fitted_table(options: Any) -> dict[str, Any]:
    """Fits by label, one or one for each group, of the table that was named; an error in place of one that failed."""
    name = options.law or ("michaelis-menten" if options.plain else DEFAULT)
    if name not in LAWS:
        raise ParameterError(f"--law {name!r} is not known." + nearest(name, LAWS))
    curve = LAWS[name]
    headings = _headings(options, curve)
    given = _options(options, curve)
    table = _read(options, curve, headings)
    label = Path(options.data).stem
    source = {"file": table.attrs["file"], "sha256": table.attrs["sha256"]}
    if options.group and (nameless := int((table["group"] == "").sum())):
        raise ParameterError(f"--group {options.group}: {nameless} of {len(table)} lines have no group.")
    if not options.group:
        return {label: _call(curve, table, headings, given, label=label, source=source)}
    if curve.together and "shared" in given:
        groups = table["group"].to_numpy()
        return {label: _call(curve, table, headings, given, label=label, source=source, groups=groups)}
    out: dict[str, Any] = {}
    for group, rows in table.groupby("group", sort=False):
        try:
            out[str(group)] = _call(curve, rows, headings, given, label=str(group), source=source)
        except MitochemError as error:
            out[str(group)] = type(error)(f"group {group!r}: {error}")
    if all(isinstance(result, Exception) for result in out.values()):
        raise next(iter(out.values()))
    return out


def _headings(options: Any, curve: Curve) -> dict[str, list[str]]:
    """Argument of the law to heading of its column, or of its replicates: -x and -y are its first two."""
    out: dict[str, list[str]] = {}
    for assignment in options.columns:
        name, equals, heading = assignment.partition("=")
        if not equals or not heading:
            raise ParameterError(f"--column {assignment!r}: write NAME=HEADING, such as {curve.columns[0]}=dose.")
        if name not in curve.columns:
            raise ParameterError(f"--column: this law takes no column {name!r}." + nearest(name, curve.columns))
        _once("--column", name, out)
        out[name] = [heading]
    first, second = curve.columns[:2]
    for flag, name, heads in (("-x", first, [options.x] if options.x else []), ("-y", second, options.y or [])):
        if heads:
            _once(flag, name, out)
            out[name] = list(heads)
    told = [name for name in out if not name.endswith("_error")]
    if first not in out and (first in curve.required or set(told) <= {second}):
        out[first] = [first]
    if second not in out and (second in curve.required or set(told) <= {first}):
        out[second] = ["rate" if second == "J" else second]
    every = [heading for heads in out.values() for heading in heads]
    if len(set(every)) < len(every):
        raise ParameterError(f"one heading stands for two columns of the law: {out}.")
    return out


def _once(flag: str, name: str, told: Mapping[str, Any]) -> None:
    if name in told:
        first = told[name] if isinstance(told[name], str) else ", ".join(told[name])
        raise ParameterError(f"{flag}: {name} is told twice, first as {first}.")


def _options(options: Any, curve: Curve) -> dict[str, Any]:
    known = curve.options
    out: dict[str, Any] = {}
    for assignment in options.options:
        name, equals, text = assignment.partition("=")
        if not equals or not text:
            raise ParameterError(f"--option {assignment!r}: write NAME=VALUE, such as temperature='25 degC'.")
        if name not in known:
            raise ParameterError(f"--option: this law has no option {name!r}." + nearest(name, known))
        _once("--option", name, out)
        out[name] = _value(text, known[name])
    return out


def _value(text: str, default: Any) -> Any:
    """A number, a truth, a list for what is a sequence, or the text as it is."""
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(","))
    if isinstance(default, bool):
        if text.lower() not in ("true", "false"):
            raise ParameterError(f"--option: {text!r} is neither true nor false.")
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text


def _read(options: Any, curve: Curve, headings: Mapping[str, list[str]]) -> Any:
    from ..readers import read_columns

    units: dict[str, str | None] = {name: None for name in headings if name not in curve.needs_units}
    for assignment in options.units:
        name, equals, unit = assignment.partition("=")
        if name not in headings:  # x and y, or the heading itself
            by_heading = {heading: own for own, heads in headings.items() for heading in heads}
            name = ({"x": curve.columns[0], "y": curve.columns[1]} | by_heading).get(name, name)
        if not equals or not unit:
            raise ParameterError(f"--unit {assignment!r}: write NAME=UNIT, such as {curve.columns[0]}=uM.")
        if name not in headings:
            raise ParameterError(f"--unit: {name!r} is not among the columns." + nearest(name, headings))
        if units.get(name):
            _once("--unit", name, units)
        units[name] = unit
    # Names of the law are not those of the house: columns keep the unit they are told in, and the law converts.
    columns: dict[str, Any] = {f"column {name}": heads for name, heads in headings.items()}
    texts = []
    if options.group:
        columns["group"] = options.group
        texts = ["group"]
    try:
        said = {f"column {n}": u for n, u in units.items()}
        table = read_columns(options.data, columns, said, texts=texts, sheet=options.sheet)
    except ParameterError:
        raise
    except ValueError as error:  # in the words of the command line
        text = re.sub(r"units=\{'column (\w+)': '…'.*?\}", r"--unit \1=…", str(error))
        for name in headings:  # not the "column 2" of a place in the file
            text = re.sub(rf"\bcolumn {re.escape(name)}\b", name, text)
        raise type(error)(text.replace("as sheet=", "as --sheet NAME")) from None
    names = {f"column {name}": name for name in headings}
    about = table.attrs | {"units": {names.get(k, k): unit for k, unit in table.attrs["units"].items()}}
    table = table.rename(columns=names)
    table.attrs = about
    return table


def _call(curve: Curve, table: Any, headings: Mapping[str, list[str]], given: Mapping[str, Any], **more: Any) -> Any:
    import xarray

    units = table.attrs["units"]
    columns = {
        name: xarray.DataArray(
            np.asarray(table[name], float), dims="point", name=_heading(headings[name][0]),
            attrs={"units": units[name]} if units[name] or name in curve.unitless else {},
        )
        for name in headings
    }  # fmt: skip
    takes = inspect.signature(curve.call).parameters
    if "substrate" in takes and (heading := _heading(headings["adp"][0])).lower() != "adp":
        given = {"substrate": heading} | dict(given)
    return curve.call(**columns, **curve.fixed, **given, **{k: v for k, v in more.items() if k in takes})


def _heading(text: str) -> str:
    """What stands before the unit of a heading."""
    from ..readers.units import split_unit

    return split_unit(text)[0] or text
