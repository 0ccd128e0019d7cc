"""Fit results in words, tables and pictures."""

from __future__ import annotations

import hashlib
import math
import platform
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.errors import FitError, nearest

if TYPE_CHECKING:
    import pandas

    from .result import FitResult

CORRELATED = 0.95


def verdict(result: FitResult, i: int) -> str:
    """What can be said of one unknown, in a few words."""
    value, se = result.estimates[i], list(result.stderr.values())[i]
    if not result.felt[i]:
        return "not identifiable: no effect on the data"
    if result.at_bound[i]:
        return "at its bound"
    if result.dof == 0:
        return "no error: as many unknowns as points"
    if not math.isfinite(se):
        return "not identifiable"
    return "not determined: error above value" if se > abs(value) else "determined"


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
                "remark": verdict(result, i),
            }
        )
    return pandas.DataFrame(rows).set_index("parameter")


def warnings(result: FitResult) -> list[str]:
    out = []
    if result.n < 2 * len(result.unknowns):
        out.append(f"fewer than 2 points per unknown: {result.n} points for {len(result.unknowns)}.")
    for i, u in enumerate(result.unknowns):
        value, se = float(result.estimates[i]), list(result.stderr.values())[i]
        said = verdict(result, i)
        if said.startswith("not determined"):
            out.append(f"{u.name} is not determined: standard error {se:.3g} exceeds the value {value:.3g}.")
        elif said.startswith("at its bound"):
            here = f"{u.name} = {value:.4g} {u.unit}".rstrip()
            out.append(f"{here} is at its bound; the other errors are given that it stays there.")
        elif said != "determined" and result.dof:
            out.append(f"{u.name} is {said}; other unknowns, or data that respond to it, are needed.")
        if result.felt[i] and abs(value - u.start) <= 1e-6 * abs(u.start):
            out.append(f"{u.name} did not move from its start {u.start:.4g} {u.unit}: try another start to be sure.")
        if u.plausible and not u.plausible[0] <= value <= u.plausible[1]:
            low, high = u.plausible
            out.append(f"{u.name} = {value:.4g} {u.unit} is outside its plausible range, {low:g} to {high:g}.")
    matrix = result.correlation.to_numpy()
    for first, second in zip(*np.triu_indices(len(matrix), 1)):
        r = matrix[first, second]
        if abs(r) > CORRELATED:
            pair = f"{result.names[first]} and {result.names[second]}"
            out.append(f"{pair} are correlated ({r:.3f}): the data fix a combination, not each of them.")
    return out + (result.remarks(result) if result.remarks else []) + misfits(result)


def misfits(result: FitResult) -> list[str]:
    """Residuals that are not noise: far beyond it, all of one sign, or running together."""
    out = _outliers(result)
    for s, fitted in zip(result.series, result.fitted):
        r = s.observed - fitted
        if len(r) >= 3 and not _perfect(s.observed, r) and (np.all(r > 0) or np.all(r < 0)):
            where = " of ".join(filter(None, (s.observable, s.experiment)))
            out.append(
                f"systematic misfit: the fit lies {'below' if r[0] > 0 else 'above'} all {len(r)} points of {where}, "
                f"by {abs(r.mean()):.3g} {s.unit} on average."
            )
    for name in dict.fromkeys(s.observable for s in result.series):
        pairs = [(s.observed, f) for s, f in zip(result.series, result.fitted) if s.observable == name]
        observed, fitted = (np.concatenate(column) for column in zip(*pairs))
        r = (observed - fitted)[np.argsort(fitted, kind="stable")]
        if len(r) < 6 or _perfect(observed, r):
            continue
        p = smoothness(r)
        if p < 0.05:
            out.append(
                f"systematic misfit: residuals of {name} run together along the fitted values (p = {p:.2g} in any "
                "order), so the law has the wrong shape."
            )
    return out


def smoothness(residuals: Any) -> float:
    """Share of random orders of the residuals in which neighbours are as alike: small where they form a curve."""
    shuffled = np.random.default_rng(0).permuted(np.tile(residuals, (5000, 1)), axis=1)
    there, here = (np.sum(np.diff(r, axis=-1) ** 2, axis=-1) for r in (shuffled, residuals))
    return float(np.mean(there <= here * (1 + 1e-9)))


def _perfect(observed: Any, residual: Any) -> bool:
    """Nothing left but rounding and the tolerance of the solver."""
    return bool(np.abs(residual).max() <= 1e-6 * np.abs(observed).max())


def _outliers(result: FitResult) -> list[str]:
    """The worst point of each observable, where it misses by more than twice the declared noise."""
    worst: dict[str, tuple[float, str]] = {}
    for s, fitted in zip(result.series, result.fitted):
        size = np.abs(s.observed - fitted) / s.noise
        i = int(size.argmax())
        if s.declared and size[i] > max(2.0, worst.get(s.observable, (0.0, ""))[0]):
            at = ", ".join(f"{name} = {column[i]:.4g}" for name, column in s.x.items())
            said = f"{s.observed[i]:.4g} observed, {fitted[i]:.4g} {s.unit} fitted"
            where = " in ".join(filter(None, (s.observable, s.experiment)))
            worst[s.observable] = (
                float(size[i]),
                f"largest misfit of {where} ({at}): {said}, {size[i]:.1f} times the noise.",
            )
    return [message for _, message in worst.values()]


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
            said = verdict(result, i)
            tail = u.unit + (f"   ({said})" if said != "determined" else "")
            lines.append(f"  {u.name:{width}}{value:>11}  {se:>9.2g}   {span:<22} {tail}")
        else:
            lines.append(f"  {u.name:{width}}{value:>11}  {'-':>9}   {'-':<22} {u.unit}   ({verdict(result, i)})")
    lines.append("")
    aicc = f"{result.aicc:.1f}" if math.isfinite(result.aicc) else "without value"
    by_unit = {s.observable: s.unit for s in result.series}
    spread = ", ".join(f"{k} {v:.3g} {by_unit[k]}".rstrip() for k, v in result.rmse_by_observable.items())
    lines.append(f"  {result.n} points, {result.dof} degrees of freedom, rmse {spread}, AICc {aicc}")

    for heading, entries in (("beware", result.warnings), ("notes", result.notes)):
        if entries:
            lines += ["", f"  {heading}", *(f"  - {entry}" for entry in entries)]
    return "\n".join(line.rstrip() for line in lines)


def digest(result: FitResult) -> str:
    """SHA-256 of the data as fitted: labels, conditions that vary, measurements and noise."""
    sha = hashlib.sha256()
    for s in result.series:
        sha.update(f"{s.observable}|{s.unit}|".encode())
        for name, column in s.x.items():
            sha.update(name.encode() + np.ascontiguousarray(column, float).tobytes())
        sha.update(np.ascontiguousarray(s.observed, float).tobytes())
        sha.update(np.ascontiguousarray(s.noise, float).tobytes())
    return sha.hexdigest()


def provenance(result: FitResult) -> dict[str, Any]:
    import lmfit
    import scipy

    from .. import __version__

    return {
        **result.background,
        "title": result.title,
        "equation": result.equation,
        "data_digest": digest(result),
        "start": {u.name: u.start for u in result.unknowns},
        "bounds": {u.name: [max(u.low, 0.0) if u.log else u.low, u.high] for u in result.unknowns},
        "log_scale": [u.name for u in result.unknowns if u.log],
        "solver": dict(result.solver),
        "versions": {
            "mitochem": __version__,
            "lmfit": lmfit.__version__,
            "scipy": scipy.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def draw(result: FitResult, observable: str, x: str, *, residuals: bool, axes_given: Any) -> Any:
    from ..plot import data_and_model

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
        groups[label], rest[label] = (s.x[x], s.observed), s.observed - result.fitted[i]
        if result.curve is not None and np.ptp(s.x[x]) > 0:
            curves[label] = result.curve(result, i, x, 200)
    unit = result.background.get("condition_units", {}).get(x, "")
    return data_and_model(
        groups,
        curves,
        xlabel=_axis(result, x, unit),
        ylabel=_axis(result, observable, chosen[0][1].unit),
        residuals=rest if residuals else None,
        ax=axes_given,
    )


def _axis(result: FitResult, name: str, unit: str) -> str:
    """What a quantity is called on an axis: in words if the model has them."""
    words = result.background.get("long_names", {}).get(name, name).split(",")[0]
    return f"{words} / {unit}" if unit and unit != "1" else words
