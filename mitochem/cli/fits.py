"""``mitochem fit`` and ``mitochem replay``: published data, the user's own table, and a fit that was recorded."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from pathlib import Path
from typing import Any

from ..core.errors import ParameterError, nearest
from .output import Output, show, warn, warnings_said
from .published import FITS, Outcome

__all__ = ["fit", "replay"]

LONGEST_PART = 40
"""Characters of a group in the name of a file; file systems end a name at 255 bytes."""
WRITTEN = ("", "_residuals", "_profiles", "_bootstrap")
"""Endings of the tables of a fit."""


# --- commands ----------------------------------------------------------------------------------------


@warnings_said()
def fit(options: Any) -> int:
    """The command."""
    import pandas

    if options.laws:
        from .fit_tables import laws_table

        table = laws_table()
        text = [f"{name}\n  {r.fits}\n  columns: {r.columns}\n  options: {r.options}" for name, r in table.iterrows()]
        show(options, table, "\n".join(text))
        return 0
    if not options.name and not options.data:
        rows = {name: {"fits": (f.__doc__ or "").rstrip(".")} for name, f in FITS.items()}
        width = max(map(len, rows)) + 2
        lines = [f"{name:{width}}{row['fits']}" for name, row in rows.items()]
        lines.append("\nfor your own table: --data FILE --law LAW; --laws lists the laws")
        show(options, pandas.DataFrame.from_dict(rows, orient="index").rename_axis("name"), "\n".join(lines))
        return 0
    _check(options)
    failed: list[str] = []
    output = Output(options, f"fit_{options.name or Path(options.data).stem}")
    if options.data:
        _keep(output, options.data)
        from .fit_tables import fitted_table

        every = fitted_table(options)
        failed = [str(result) for result in every.values() if isinstance(result, Exception)]
        results = {label: result for label, result in every.items() if not isinstance(result, Exception)}
        outcome = Outcome(f"{Path(options.data).name}, {options.law or 'Michaelis-Menten'}", results)
    else:
        outcome = FITS[options.name](options.plain)
    status = _finished(options, output, _from_several_starts(options, outcome))
    for why in failed:
        warn(why)
    return 1 if failed else status


@warnings_said()
def replay(options: Any) -> int:
    """Run a recorded fit again."""
    from ..fitting import replay as run_again

    output = Output(options, f"replay_{Path(options.record).stem}")
    _keep(output, options.record)
    result = run_again(options.record)
    return _finished(options, output, Outcome(result.title, {result.title or "fit": result}))


def _keep(output: Output, read: str) -> None:
    """Refuse to write over the file that is read: what was measured would be gone."""
    if not output.writes:
        return
    own = Path(read).resolve()
    if own in (output.path(f"{part}{suffix}").resolve() for part in WRITTEN for suffix in (".csv", ".json")):
        raise ParameterError(f"--output {output.stem} would write over {read}, which is read; choose another stem.")


def _check(options: Any) -> None:
    if options.name and options.data:
        raise ParameterError("give the name of a published fit or --data, not both.")
    if options.plain and options.name not in (None, "adp_titration"):
        raise ParameterError(f"--plain is an option of adp_titration and of --data, not of {options.name}.")
    if options.name and options.name not in FITS:
        raise ParameterError(f"no fit {options.name!r}." + nearest(options.name, FITS))
    own = {"--law": options.law, "-x": options.x, "-y": options.y, "--group": options.group, "--sheet": options.sheet}
    own |= {"--column": options.columns, "--unit": options.units, "--option": options.options}
    if options.name and (given := [flag for flag, value in own.items() if value]):
        raise ParameterError(f"{given[0]} belongs to --data; {options.name} is a published fit.")
    for flag in ("bootstrap", "seed"):
        if getattr(options, flag) < 0:
            raise ParameterError(f"--{flag} {getattr(options, flag)} is not possible; it takes 0 or more.")
    if options.bootstrap == 1 or options.starts < 1:
        raise ParameterError("--bootstrap takes 2 or more samples, --starts 1 or more.")


def _from_several_starts(options: Any, outcome: Outcome) -> Outcome:
    """The same fits searched from more places: confirmed, or replaced where a better one is found."""
    if options.starts == 1:
        return outcome
    from ..fitting import fit as solve

    results, said = {}, []
    for label, result in outcome.results.items():
        again = solve(result.problem, errors=result.errors, starts=options.starts, seed=options.seed)
        same = int(again.attempts["same"].sum())
        said.append(f"{label}: {same} of {options.starts} starts end at the best fit.")
        better = again.found.cost < result.found.cost * (1 - 1e-6)
        results[label] = again if better else dataclasses.replace(result, attempts=again.attempts)
        if better:
            warn(f"{label}: another start gave a better fit, which is shown.")
    changed = any(results[k] is not v and results[k].found is not v.found for k, v in outcome.results.items())
    text = "" if changed else outcome.text
    report = Outcome(outcome.title, results, text).report
    text = report + "\n\n" + "\n".join(said)
    return dataclasses.replace(outcome, results=results, text=text, figure=None if changed else outcome.figure)


def _finished(options: Any, output: Output, outcome: Outcome) -> int:
    """Doubts asked for, then everything written and printed."""
    summary, text = outcome.summary, outcome.report
    output.table(outcome.table(lambda r: r.table))
    output.table(outcome.table(lambda r: r.residuals), "residuals")
    for part, frame in outcome.tables.items():
        output.table(frame, part)
    if output.writes:
        output.picture(outcome.draw())
    parts = _parts(outcome)
    for label, result in outcome.results.items():
        output.file(parts[label], ".json", result.save)
    stopped = [f"{label} is the best so far" for label, result in outcome.results.items() if result.interrupted]
    try:
        if options.profile and not stopped:
            text += _profiled(output, outcome, summary)
        if options.bootstrap and not stopped:
            text += _resampled(options, output, outcome, summary)
    except KeyboardInterrupt:
        stopped = ["the fit is done, but not all that was asked of its certainty"]
    output.finish(summary, f"{outcome.title}\n\n{text}\n")
    if stopped:
        warn(f"interrupted: {'; '.join(stopped)}.")
    return 1 if stopped else 0


def _profiled(output: Output, outcome: Outcome, summary: dict[str, Any]) -> str:
    from ..fitting import profile

    profiles = {label: profile(result) for label, result in outcome.results.items()}
    text, parts = "", _parts(outcome)
    for label, found in profiles.items():
        for name, row in found.table.iterrows():
            summary[label][name]["profile_interval"] = [row.low, row.high]
        text += f"\n\nprofile likelihood, {label}\n\n{found}"
        part = f"profiles_{parts[label]}" if parts[label] else "profiles"
        output.draw(functools.partial(_draw_profiles, found), part)
    import pandas

    output.table(pandas.concat({k: p.points for k, p in profiles.items()}, names=["fit", "point"]), "profiles")
    return text


def _resampled(options: Any, output: Output, outcome: Outcome, summary: dict[str, Any]) -> str:
    from ..fitting import bootstrap

    text, samples = "", {}
    for label, result in outcome.results.items():
        found = bootstrap(result, options.bootstrap, seed=options.seed)
        samples[label] = found.values
        for name, interval in found.intervals.items():
            summary[label][name]["bootstrap_interval"] = list(interval)
        text += f"\n\nbootstrap, {label}: {found}"
    import pandas

    output.table(pandas.concat(samples, names=["fit", "sample"]), "bootstrap")
    return text


# --- figures -----------------------------------------------------------------------------------------


def _draw_profiles(found: Any, plot: Any) -> Any:
    return plot.profiles(found)


def _parts(outcome: Outcome) -> dict[str, str]:
    """What the files of each fit are called behind the stem: short, and no two alike, in capitals or not."""
    if len(outcome.results) == 1:
        return dict.fromkeys(outcome.results, "")
    out: dict[str, str] = {}
    for label in outcome.results:
        slug = "".join(c if c.isalnum() or c in "+-" else "_" for c in label)[:LONGEST_PART] or "_"
        taken = {part.casefold() for part in out.values()}
        numbered = (f"{slug}_{i}" for i in itertools.count(2))
        out[label] = slug if slug.casefold() not in taken else next(n for n in numbered if n.casefold() not in taken)
    return out
