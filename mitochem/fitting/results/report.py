"""Fit results in words, tables and pictures."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import platform
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import FitError, nearest
from ..plain import plain
from ..problems.misfit import spaced
from ..search.least_squares import TOLERANCE
from ..uncertainty.profiles import better_fit
from .derived import derived_text
from .verdicts import AT_BOUND, IDENTIFIED, UNMOVED, Warned

if TYPE_CHECKING:
    import pandas

    from ..problems.problem import Problem
    from ..problems.unknowns import Unknown
    from .result import FitResult

CORRELATED = 0.95

CHANCE = 0.05
"""A misfit that noise shows in more than this share of sound fits is not told."""


def table(result: FitResult) -> pandas.DataFrame:
    import pandas

    rows = []
    for i, (u, se, (low, high)) in enumerate(zip(result.unknowns, result.stderr.values(), result.intervals.values())):
        rows.append(
            {
                "parameter": u.name,
                "value": float(result.estimates[i]),
                "unit": u.unit,
                "se": se,
                "low_95": low,
                "high_95": high,
                "start": u.start,
                "lower_bound": max(u.low, 0.0) if u.log else u.low,
                "upper_bound": u.high,
                "role": u.role,
                "verdict": result.verdicts[u.name],
                "why": result.reasons[u.name],
            }
        )
    return pandas.DataFrame(rows).set_index("parameter")


def warnings(result: FitResult) -> list[Warned]:
    """Everything a reader has to know, most serious first."""
    out = _of_the_search(result)
    if result.n < 2 * len(result.unknowns):
        text = f"fewer than 2 points per unknown: {result.n} points for {len(result.unknowns)}."
        out.append(Warned(text, "few_points"))
    for i, u in enumerate(result.unknowns):
        out += _of_unknown(result, i, u, float(result.estimates[i]))
    matrix = result.correlation.to_numpy()
    for first, second in zip(*np.triu_indices(len(matrix), 1)):
        r = matrix[first, second]
        if abs(r) > CORRELATED:
            pair = f"{result.names[first]} and {result.names[second]}"
            text = f"{pair} are correlated ({r:.3f}): the data fix a combination of them better than each."
            out.append(Warned(text, "correlated"))
    return [*out, *result.remarks, *misfits(result)]


def _of_the_search(result: FitResult) -> list[Warned]:
    found = result.found
    if found.interrupted:
        text = f"interrupted after {found.evaluations} evaluations: the best so far, not the end of the search."
        return [Warned(text, "interrupted")]
    if not found.ended:
        text = f"the search did not end ({found.message}) in {found.evaluations} evaluations: the best so far."
        return [Warned(text, "not_converged")]
    better = [profile for profile in result.profiles.values() if profile.better]
    return [Warned(better_fit(profile, result.names), "not_converged") for profile in better]


def _of_unknown(result: FitResult, i: int, u: Unknown, value: float) -> list[Warned]:
    word, why = result.verdicts[u.name], result.reasons[u.name]
    here = f"{u.name} = {value:.4g}{spaced(u.unit)}"
    out = []
    if word == AT_BOUND:
        out.append(Warned(f"{here} is at its bound; {why}.", "at_bound"))
    elif word == UNMOVED:
        out.append(Warned(f"{u.name} did not move: {why}; try another start, or several.", "did_not_move"))
    elif word != IDENTIFIED:
        text = f"{u.name} is {word}: {why}; other unknowns, or data that respond to it, are needed."
        out.append(Warned(text, "unidentifiable"))
    if u.plausible and not u.plausible[0] <= value <= u.plausible[1]:
        low, high = u.plausible
        out.append(Warned(f"{here} is outside its plausible range, {low:g} to {high:g}.", "implausible"))
    return out


def misfits(result: FitResult) -> list[Warned]:
    """Residuals that are not noise: far beyond it, all of one sign, or running together."""
    out = _outliers(result) + _one_sided(result)
    for name in dict.fromkeys(s.observable for s in result.series):
        pairs = [(s.observed, f) for s, f in zip(result.series, result.fitted) if s.observable == name]
        observed, fitted = (np.concatenate(column) for column in zip(*pairs))
        r = (observed - fitted)[np.argsort(fitted, kind="stable")]
        if len(r) < 6 or _perfect(observed, r):
            continue
        p = smoothness(r)
        if p < CHANCE:
            text = (
                f"systematic misfit: residuals of {name} run together along the fitted values (p = {p:.2g} in any "
                "order), so the law has the wrong shape."
            )
            out.append(Warned(text, "misfit"))
    return out


def _one_sided(result: FitResult) -> list[Warned]:
    """Series that the fit lies below or above throughout, if noise would not do that to so many of them."""
    found, several = [], 0
    for s, fitted in zip(result.series, result.fitted):
        r = s.observed - fitted
        several += len(r) > 1
        if len(r) > 1 and not _perfect(s.observed, r) and (np.all(r > 0) or np.all(r < 0)):
            found.append((s, r))
    # Signs of noise are those of a coin; any choice of so many among all series would have been told.
    if math.comb(several, len(found)) * math.prod(2.0 ** (1 - len(r)) for _, r in found) > CHANCE:
        return []
    out = []
    for s, r in found:
        where = " of ".join(filter(None, (s.observable, s.experiment)))
        side = "below" if r[0] > 0 else "above"
        text = f"systematic misfit: the fit lies {side} all {len(r)} points of {where}, by {abs(r.mean()):.3g}"
        out.append(Warned(f"{text}{spaced(s.unit)} on average.", "misfit"))
    return out


def smoothness(residuals: Any) -> float:
    """Share of random orders of the residuals in which neighbours are as alike: small where they form a curve.

    The order that was seen counts as one of them, so that a p of 0 is never claimed.
    """
    shuffled = np.random.default_rng(0).permuted(np.tile(residuals, (5000, 1)), axis=1)
    there, here = (np.sum(np.diff(r, axis=-1) ** 2, axis=-1) for r in (shuffled, residuals))
    return float((np.sum(there <= here * (1 + 1e-9)) + 1) / (len(there) + 1))


def _perfect(observed: Any, residual: Any) -> bool:
    """Nothing left but rounding and the tolerance of the solver."""
    return bool(np.abs(residual).max() <= 1e-6 * np.abs(observed).max())


def _outliers(result: FitResult) -> list[Warned]:
    """The worst point of each observable, where it misses by more than so many points of the declared noise would."""
    from scipy.special import ndtri

    points = Counter(name for s in result.series for name in [s.observable] * len(s.observed))
    worst: dict[str, tuple[float, str]] = {}
    for s, fitted in zip(result.series, result.fitted):
        size = np.abs(s.observed - fitted) / s.noise
        i = int(size.argmax())
        limit = -ndtri(CHANCE / 2 / points[s.observable])
        if s.declared and size[i] > max(limit, worst.get(s.observable, (0.0, ""))[0]):
            at = ", ".join(f"{name} = {column[i]:.4g}" for name, column in s.x.items())
            said = f"{s.observed[i]:.4g} observed, {fitted[i]:.4g}{spaced(s.unit)} fitted"
            where = " in ".join(filter(None, (s.observable, s.experiment)))
            worst[s.observable] = (
                float(size[i]),
                f"largest misfit of {where} ({at}): {said}, {size[i]:.1f} times the noise.",
            )
    return [Warned(message, "misfit") for _, message in worst.values()]


def text(result: FitResult) -> str:
    """The report that a result prints."""
    lines = [result.title or "fit"]
    if result.equation:
        lines.append(f"  {result.equation}")
    lines.append("")
    width = max(len(n) for n in result.names) + 2
    lines.append(f"  {'':{width}}{'value':>11}  {'± se':>9}   {'95 % interval':<22} unit")
    for i, (u, se, (low, high)) in enumerate(zip(result.unknowns, result.stderr.values(), result.intervals.values())):
        value = f"{result.estimates[i]:.5g}"
        if math.isfinite(se):
            span = f"{low:.4g} to {high:.4g}"
            said = result.verdicts[u.name]
            tail = u.unit + (f"   ({said})" if said != IDENTIFIED else "")
            lines.append(f"  {u.name:{width}}{value:>11}  {se:>9.2g}   {span:<22} {tail}")
        else:
            lines.append(f"  {u.name:{width}}{value:>11}  {'-':>9}   {'-':<22} {u.unit}   ({result.verdicts[u.name]})")
    lines.append("")
    aicc = f"{result.aicc:.1f}" if math.isfinite(result.aicc) else "without value"
    by_unit = {s.observable: s.unit for s in result.series}
    spread = ", ".join(f"{k} {v:.3g}{spaced(by_unit[k])}" for k, v in result.rmse_by_observable.items())
    lines.append(f"  {result.n} points, {result.dof} degrees of freedom, rmse {spread}, AICc {aicc}")

    for heading, entries in (("beware", result.warnings), ("notes", result.notes)):
        if entries:
            lines += ["", f"  {heading}", *(f"  - {entry}" for entry in entries)]
    if result.derived:
        lines += derived_text(result.derived)
    return "\n".join(line.rstrip() for line in lines)


def digest(problem: Problem) -> str:
    """SHA-256 of the data as fitted: conditions, what was done and held, measurements and noise of every experiment."""
    sha = hashlib.sha256()
    for experiment in problem.prepared:
        sha.update(json.dumps(plain(experiment.done), sort_keys=True).encode())
    for s in problem.series:
        sha.update(f"{s.observable}|{s.unit}|".encode())
        for name, column in sorted(s.x.items()):
            sha.update(name.encode() + np.ascontiguousarray(column, float).tobytes())
        sha.update(np.ascontiguousarray(s.observed, float).tobytes())
        sha.update(np.ascontiguousarray(s.noise, float).tobytes())
    return sha.hexdigest()


def provenance(result: FitResult) -> dict[str, Any]:
    import lmfit
    import scipy

    from ... import __version__

    return {
        **result.background,
        "data_digest": digest(result.problem),
        "options": dict(result.options),
        "start": {u.name: u.start for u in result.unknowns},
        "bounds": {u.name: [max(u.low, 0.0) if u.log else u.low, u.high] for u in result.unknowns},
        "log_scale": [u.name for u in result.unknowns if u.log],
        "solver": {
            "method": "lmfit least_squares (trust region reflective)",
            "tolerance": TOLERANCE,
            "evaluations": result.found.evaluations,
            "message": result.found.message,
        },
        "versions": {
            "mitochem": __version__,
            "lmfit": lmfit.__version__,
            "scipy": scipy.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


@dataclasses.dataclass(frozen=True)
class Drawing:
    """What a figure of one observable shows: points, curves and residuals by group, and the labels of its axes.

    Points have error bars where the errors of the fit rest on them.
    """

    groups: dict[str, tuple[Any, ...]]
    curves: dict[str, tuple[Any, Any]]
    residuals: dict[str, Any]
    xlabel: str
    ylabel: str


def drawing(result: FitResult, observable: str, x: str) -> Drawing:
    """The first observable, against the condition that varies in most experiments, if nothing is asked for."""
    known = list(dict.fromkeys(s.observable for s in result.series))
    observable = observable or known[0]
    if observable not in known:
        raise FitError(f"{observable!r} was not fitted." + nearest(observable, known))
    chosen = [(i, s) for i, s in enumerate(result.series) if s.observable == observable]
    axes = list(dict.fromkeys(name for _, s in chosen for name in s.x))
    spread = {name: sum(bool(np.ptp(s.x[name]) > 0) for _, s in chosen if name in s.x) for name in axes}
    axes = [name for name in axes if spread[name]]
    if not axes:
        raise FitError(f"no condition varies along the points of {observable}; there is nothing to draw it against.")
    x = x or max(axes, key=lambda name: spread[name])
    if x not in axes:
        raise FitError(f"{x!r} does not vary along the points." + nearest(x, axes))
    groups, curves, rest = {}, {}, {}
    for i, s in chosen:
        if x not in s.x:
            continue
        label = s.experiment or observable
        error = (s.noise,) if result.errors == "declared" else ()
        groups[label], rest[label] = (s.x[x], s.observed, *error), s.observed - result.fitted[i]
        if np.ptp(s.x[x]) > 0:
            curves[label] = result.problem.curve(result, i, x, 200)
    unit = result.background.get("condition_units", {}).get(x, "")
    return Drawing(groups, curves, rest, _axis(result, x, unit), _axis(result, observable, chosen[0][1].unit))


def draw(result: FitResult, observable: str, x: str, *, residuals: bool, axes_given: Any) -> Any:
    from ...plot import data_and_model

    shown = drawing(result, observable, x)
    return data_and_model(
        shown.groups,
        shown.curves,
        xlabel=shown.xlabel,
        ylabel=shown.ylabel,
        residuals=shown.residuals if residuals else None,
        ax=axes_given,
    )


def _axis(result: FitResult, name: str, unit: str) -> str:
    """What a quantity is called on an axis: in words if the model has them."""
    words = result.background.get("long_names", {}).get(name, name).split(",")[0]
    return f"{words} / {unit}" if unit and unit != "1" else words
