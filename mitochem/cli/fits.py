"""``mitochem fit``: published data, or the user's own table."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import ParameterError, ReaderError, nearest
from .output import Output, show

__all__ = ["adp_titration", "fit"]

LARGEST_TABLE = 10_000_000


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Results of one or more fits, ready to print, write and draw."""

    title: str
    results: Mapping[str, Any]
    figure: Callable[[], Any]
    text: str

    @property
    def table(self) -> Any:
        """All fitted values, one row each."""
        import pandas

        return pandas.concat({label: result.table for label, result in self.results.items()}, names=["fit"])

    @property
    def summary(self) -> dict[str, Any]:
        """Values, standard errors and units by fit and parameter."""
        return {
            label: {
                name: {"value": value, "standard_error": result.stderr[name], "unit": result.units[name]}
                for name, value in result.values.items()
            }
            | {"rmse": result.rmse, "points": result.n, "warnings": list(result.warnings)}
            for label, result in self.results.items()
        }


def adp_titration(plain: bool = False) -> Outcome:
    """Respiration of heart fibres against ADP, with and without creatine."""
    from ..fitting import examples, summary

    laws = ("plain",) if plain else ("plain", "offset")
    found = examples.adp_sensitivity_heart(laws)
    best = {group: result for (group, law), result in found.items() if law == laws[-1]}
    text = summary(found).to_string(float_format="%.3g")
    if not plain:
        text += "\n\n" + "\n".join(
            f"{group}: Vmax {r['Vmax']:.1f} ± {r.stderr['Vmax']:.1f}, "
            f"Km {1000 * r['Km']:.0f} ± {1000 * r.stderr['Km']:.0f} uM ADP, "
            f"without ADP {r['J0']:.1f} ± {r.stderr['J0']:.1f}"
            for group, r in best.items()
        )
    return Outcome(
        "respiration of human heart fibres against ADP, Stride et al.",
        {" ".join(key): result for key, result in found.items()},
        lambda: _draw_together(best, "ADP / mM", "oxygen consumption, as digitised"),
        text,
    )


def heart(plain: bool = False) -> Outcome:
    """The default model fitted to an ADP titration of heart mitochondria."""
    from ..fitting import examples
    from ..fitting import fit as solve

    result = solve(examples.adp_titration_heart())
    return Outcome(result.title, {"heart": result}, lambda: _draw_observables(result), repr(result))


FITS: dict[str, Callable[[bool], Outcome]] = {"adp_titration": adp_titration, "heart": heart}


def own_table(path: str, x: str, y: str, plain: bool) -> Outcome:
    """Michaelis-Menten, with an offset unless ``plain``, on two columns of a csv."""
    from ..fitting import michaelis_menten

    columns = read_columns(Path(path), x, y)
    label = Path(path).stem
    result = michaelis_menten(columns[x], columns[y], offset=not plain, label=label)
    return Outcome(result.title, {label: result}, lambda: _draw_together({label: result}, x, y), repr(result))


def read_columns(path: Path, *names: str) -> dict[str, Any]:
    """Numeric columns of a csv; decimal commas and semicolons are understood."""
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise ReaderError(f"{path} is larger than {LARGEST_TABLE // 1_000_000} MB, too large for a titration.")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ReaderError(f"cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ReaderError(f"{path} is not a text file; export the sheet as csv.") from None
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = next((d for d in ";\t," if lines and d in lines[0]), ",")
    reader = csv.DictReader(lines, delimiter=delimiter)
    header = [h.strip() for h in reader.fieldnames or []]
    reader.fieldnames = header
    for name in names:
        if name not in header:
            raise ReaderError(f"{path} has no column {name!r}." + nearest(name, header))
    out: dict[str, list[float]] = {name: [] for name in names}
    for number, row in enumerate(reader, 2):
        for name in names:
            cell = (row[name] or "").strip()
            try:
                out[name].append(float(cell.replace(",", ".") if delimiter != "," else cell))
            except ValueError:
                raise ReaderError(f"{path}, line {number}: {name} = {cell!r} is not a number.") from None
    return {name: np.array(values) for name, values in out.items()}


def fit(options: Any) -> int:
    """The command."""
    if not options.name and not options.data:
        import pandas

        rows = {name: {"fits": (f.__doc__ or "").rstrip(".")} for name, f in FITS.items()}
        show(options, pandas.DataFrame.from_dict(rows, orient="index").rename_axis("name"))
        return 0
    if options.name and options.data:
        raise ParameterError("give the name of a published fit or --data, not both.")
    if options.name and options.name not in FITS:
        raise ParameterError(f"no fit {options.name!r}." + nearest(options.name, FITS))
    output = Output(options, f"fit_{options.name or Path(options.data).stem}")
    if options.data:
        outcome = own_table(options.data, options.x, options.y, options.plain)
    else:
        outcome = FITS[options.name](options.plain)
    output.table(outcome.table)
    output.table(_residuals(outcome), "residuals")
    if output.writes:
        output.picture(outcome.figure())
    output.finish(outcome.summary, f"{outcome.title}\n\n{outcome.text}\n")
    return 0


def _residuals(outcome: Outcome) -> Any:
    import pandas

    return pandas.concat({label: result.residuals for label, result in outcome.results.items()}, names=["fit"])


def _draw_together(results: Mapping[str, Any], xlabel: str, ylabel: str) -> Any:
    """Several titrations with their fitted curves and residuals on one figure."""
    from .. import plot

    groups, curves, left = {}, {}, {}
    for label, result in results.items():
        series = result.series[0]
        x = np.asarray(next(iter(series.x.values())))
        groups[label] = (x, series.observed)
        curves[label] = result.curve(result, 0, next(iter(series.x)), 200)
        left[label] = np.asarray(series.observed) - result.fitted[0]
    return _first(plot.data_and_model(groups, curves, xlabel=xlabel, ylabel=ylabel, residuals=left)).figure


def _draw_observables(result: Any) -> Any:
    """Every observable of a fit against the same condition, side by side, with residuals."""
    import matplotlib.pyplot as plt

    from .. import plot

    names = list(dict.fromkeys(series.observable for series in result.series))
    with plot.house_style():
        figure, axes = plt.subplots(
            2, len(names), figsize=(4.4 * len(names), 4.6), sharex="col", height_ratios=[3, 1], layout="constrained"
        )
    for column, name in zip(axes.T, names):
        result.plot(name, axes=column)
    return figure


def _first(axes: Any) -> Any:
    return np.ravel(np.asarray(axes, dtype=object))[0]
