"""What each command does. One function a command; it returns the exit status (None is 0)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import ParameterError, nearest
from .output import Output, show, warn
from .shared import model_of, unit_of, values_of


def run(options: Any) -> None:
    """Run an assay or a protocol."""
    from . import assays

    assays.run(options)


def analyse(options: Any) -> int:
    """Read a file of an instrument."""
    from . import analysing

    return analysing.analyse(options)


def titrate(options: Any) -> int:
    """Steady states along doses of a drug."""
    doses = values_of(options.doses, "--doses")
    output = Output(options, f"titrate_{options.drug}")
    ds = model_of(options).titrate(options.drug, doses, clamped=() if options.free else None)
    output.dataset(ds)
    if doses.size > 1:
        output.draw(lambda plot: plot.titration(ds))
    summary, text = titration_summary(ds, options.drug, doses)
    output.finish(summary, text)
    return _status(ds)


def titration_summary(ds: Any, drug: str, doses: Any) -> tuple[dict[str, Any], str]:
    """Where respiration is largest, and a table over the doses."""
    import pandas

    rate = ds["J_O2"].values
    picked = np.unique(np.linspace(0, len(doses) - 1, min(11, len(doses))).astype(int))
    columns = {f"{drug} / uM": doses[picked]}
    for name in ("J_O2", "delta_psi", "delta_pH", "pmf", "J_ATP"):
        if name in ds:
            heading = f"{name} / {unit_of(ds[name])}".removesuffix(" / ")
            columns[heading] = np.broadcast_to(ds[name].values, doses.shape)[picked]
    table = pandas.DataFrame(columns)
    text = table.to_string(index=False, float_format=lambda v: f"{v:.4g}") + "\n"
    summary: dict[str, Any] = {"drug": drug, "failed": int((~ds["success"]).sum())}
    if np.isfinite(rate).any():
        best = int(np.nanargmax(rate))
        summary |= {"dose_of_maximal_respiration_uM": doses[best], "maximal_respiration": rate[best]}
        inside = 0 < best < len(doses) - 1
        where = f"at {doses[best]:.3g} uM" if inside else f"at the end of the range ({doses[best]:.3g} uM)"
        text += f"\nlargest respiration {rate[best]:.4g} nmol O2/min/mg {where}\n"
    return summary, text


def steady(options: Any) -> int:
    """Steady states along sweeps."""
    conditions = {}
    for sweep in options.sweep:
        name, equals, text = sweep.partition("=")
        if not equals:
            raise ParameterError(f"--sweep {sweep!r}: write NAME=VALUES, such as load.capacity=0:1200:60.")
        conditions[name] = values_of(text, f"--sweep {name}")
    output = Output(options, "steady")
    ds = model_of(options).steady_state(conditions)
    output.dataset(ds)
    if len(ds.dims) == 1 and "delta_psi" in ds:
        output.draw(lambda plot: plot.titration(ds))
    names = [n for n in ("J_O2", "J_ATP", "J_leak", "delta_psi", "delta_pH", "pmf", "delta_Gp", "success") if n in ds]
    frame = ds[names].to_dataframe().reset_index() if ds.dims else None
    if frame is None:
        rows = [f"  {n:<10} {float(ds[n]):>12.6g} {unit_of(ds[n])}" for n in names[:-1]]
        text = "\n".join(["steady state", *rows]) if bool(ds["success"]) else str(ds["message"].values)
    else:
        text = frame.to_string(index=False, float_format="%.5g", max_rows=40)
    output.finish({n: ds[n].values for n in names} | {"message": ds["message"].values}, text + "\n")
    return _status(ds)


def _status(ds: Any) -> int:
    """1 if a point has no steady state; the reasons on stderr."""
    failed = ~ds["success"].values
    if not failed.any():
        return 0
    reasons = dict.fromkeys(np.ravel(ds["message"].values)[np.ravel(failed)].tolist())
    warn(f"{failed.sum()} of {failed.size} points failed: {next(iter(reasons))}")
    return 1


def fit(options: Any) -> int:
    """Fit published data or the user's own."""
    from . import fits

    return fits.fit(options)


def replay(options: Any) -> int:
    """Run a recorded fit again."""
    from . import fits

    return fits.replay(options)


def params(options: Any) -> None:
    """Table of parameters."""
    frame = model_of(options).parameters
    if options.search:
        wanted = options.search.lower()
        frame = frame[[wanted in " ".join(map(str, row)).lower() for row in frame.reset_index().values.tolist()]]
        if frame.empty:
            raise ParameterError(f"no parameter mentions {options.search!r}.")
    columns = ["value", "unit", "plausible_low", "plausible_high", "status", "source", "description"]
    show(options, frame, frame[columns].to_string(max_colwidth=48))


def equations(options: Any) -> None:
    """Equations of a model."""
    import sympy

    found = model_of(options).equations(options.quantity)
    found = {options.quantity: found} if options.quantity else found
    if options.json:
        print(
            json.dumps(
                {n: sympy.latex(e) if options.latex else f"{e.lhs} = {e.rhs}" for n, e in found.items()}, indent=1
            )
        )
    elif not options.quiet:
        for equation in found.values():
            print(sympy.latex(equation) if options.latex else f"{equation.lhs} = {equation.rhs}")


def verify(options: Any) -> int:
    """A model against what is known of it."""
    from .verify import verify

    return verify(options)


def models(options: Any) -> None:
    """Models and drugs."""
    from .. import drugs, models

    if options.json:
        print(
            json.dumps(
                {
                    "models": models.list().reset_index().to_dict("records"),
                    "drugs": drugs.list().reset_index().to_dict("records"),
                },
                indent=1,
            )
        )
    elif not options.quiet:
        print(models.list().to_string(max_colwidth=100), drugs.list().to_string(max_colwidth=100), sep="\n\n")


def cite(options: Any) -> None:
    """BibTeX."""
    from .. import datasets

    text = datasets.citation(options.dataset) if options.dataset else model_of(options).cite()
    print(json.dumps({"bibtex": text}) if options.json else text)


def figure(options: Any) -> int:
    """Figures of the gallery."""
    from .. import gallery

    known = gallery.figures()
    if options.listing or not (options.name or options.every):
        show(options, gallery.table())
        return 0
    names = list(known) if options.every else [options.name]
    for name in names:
        if name not in known:
            raise ParameterError(f"no figure {name!r}." + nearest(name, known))
    written = []
    for name in names:
        stem = f"{options.output}_{name}" if options.output and options.every else options.output or f"figure_{name}"
        output = Output(options, stem)
        output.stem = Path(stem)
        drawn, data = known[name].draw()
        output.dataset(data)
        output.picture(drawn)
        written += output.files
    output.files = written
    output.finish({"figures": names}, "\n".join(f"{n}: {known[n].caption}" for n in names))
    return 0


def doctor(options: Any) -> int:
    """Check the installation."""
    from . import checks

    return checks.doctor(options)


def demo(options: Any) -> int:
    """The two main jobs, in seconds."""
    from ..models import isolated_mitochondria
    from .published import adp_titration

    options.output = options.output or "output/demo"
    output = Output(options, options.output)
    doses = np.linspace(0, 1, 101)
    ds = isolated_mitochondria().titrate("FCCP", doses, {"load.capacity": 300.0})
    output.dataset(ds)
    output.draw(lambda plot: plot.titration(ds), "uncoupler_titration")
    summary, text = titration_summary(ds, "FCCP", doses)
    results = adp_titration()
    output.table(results.table(lambda r: r.table), "adp_fit")
    if output.writes:
        output.picture(results.draw(), "adp_fit")
    output.finish(
        summary | results.summary,
        f"1. A mitochondrion is uncoupled with FCCP (ATP/ADP of the bath held)\n\n{text}\n"
        f"2. A measured ADP titration is fitted ({results.title})\n\n{results.report}\n",
    )
    return 0
