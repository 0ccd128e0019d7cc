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
    for i, (u, se, (low, high)) in enumerate(
        zip(result.unknowns, result.stderr.values(), result.intervals.values())
    ):
        rows.append(
            {
                "parameter": u.name,
                "value": float(result.estimates[i]),
                "unit": u.unit,
                "se": se,
                "low_95": low,
                "high_95": high,
                "start": u.start,
                "lower_bound": u.low,
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
            out.append(f"{u.name} is not determined: standard error {se:.3g} exceeds the value {value:.3g} {u.unit}.")
        elif said.startswith("at its bound"):
            out.append(f"{u.name} = {value:.4g} {u.unit} is at its bound; the other errors are given that it stays there.")
        elif said != "determined" and result.dof:
            out.append(f"{u.name} is {said}; other unknowns, or data that respond to it, are needed.")
        if result.felt[i] and abs(value - u.start) <= 1e-6 * abs(u.start):
            out.append(f"{u.name} did not move from its start {u.start:.4g} {u.unit}: try another start to be sure.")
        if u.plausible and not u.plausible[0] <= value <= u.plausible[1]:
            low, high = u.plausible
            out.append(f"{u.name} = {value:.4g} {u.unit} is outside its plausible range, {low:g} to {high:g}.")
    matrix = result.correlation.to_numpy()
    for i, j in zip(*np.triu_indices(len(matrix), 1)):
        if abs(matrix[i, j]) > CORRELATED:
            pair = f"{result.names[i]} and {result.names[j]}"
            out.append(f"{pair} are correlated ({matrix[i, j]:.3f}): the data fix a combination, not each of them.")
    return out + (result.remarks(result) if result.remarks else []) + misfits(result)


def misfits(result: FitResult) -> list[str]:
    """Residuals that are not noise: all of one sign, or smooth along the points."""
    out = []
    for s, fitted in zip(result.series, result.fitted):
        r = s.observed - fitted
        where = f"{s.observable}" + (f" of {s.experiment}" if s.experiment else "")
        if not (np.abs(r / s.noise) > 1e-6).any() or (np.ptp(s.observed) and np.abs(r).max() < 1e-6 * np.ptp(s.observed)):
            continue
        if len(r) >= 3 and (np.all(r > 0) or np.all(r < 0)):
            side = "below" if r[0] > 0 else "above"
            out.append(f"systematic misfit: the fit lies {side} all {len(r)} points of {where}, "
                       f"by {abs(r.mean()):.3g} {s.unit} on average.")  # fmt: skip
        elif len(r) >= 6:
            # Durbin-Watson is 2 for noise; with so few points only values well below 1.2 say something.
            durbin_watson = float(np.sum(np.diff(r) ** 2) / np.sum(r**2))
            if durbin_watson < 1.2:
                out.append(f"systematic misfit: neighbouring residuals of {where} run together "
                           f"(Durbin-Watson {durbin_watson:.2f}; 2 for noise), so the law has the wrong shape.")  # fmt: skip
    return out


def text(result: FitResult) -> str:
    """The report that a result prints."""
    lines = [result.title or "fit"]
    if result.equation:
        lines.append(f"  {result.equation}")
    lines.append("")
    width = max(len(n) for n in result.names) + 2
    lines.append(f"  {'':{width}}{'value':>11}  {'± se':>9}   {'95 % interval':<22} unit")
    for i, (u, se, (low, high)) in enumerate(
        zip(result.unknowns, result.stderr.values(), result.intervals.values())
    ):
        value = f"{result.estimates[i]:.5g}"
        if math.isfinite(se):
            span = f"{low:.4g} to {high:.4g}"
            said = verdict(result, i)
            tail = u.unit + (f"   ({said})" if said != "determined" else "")
            lines.append(f"  {u.name:{width}}{value:>11}  {se:>9.2g}   {span:<22} {tail}")
        else:
            lines.append(f"  {u.name:{width}}{value:>11}  {'-':>9}   {'-':<22} {u.unit}   ({verdict(result, i)})")
    lines.append("")
    by_unit = {s.observable: s.unit for s in result.series}
    spread = ", ".join(f"{k} {v:.3g} {by_unit[k]}" for k, v in result.rmse_by_observable.items())
    lines.append(f"  {result.n} points, {result.dof} degrees of freedom, rmse {spread}, AICc {result.aicc:.1f}")
    for heading, entries in (("beware", result.warnings), ("notes", result.notes)):
        if entries:
            lines += ["", f"  {heading}", *(f"  - {entry}" for entry in entries)]
    return "\n".join(lines)


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
        "bounds": {u.name: (u.low, u.high) for u in result.unknowns},
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


def draw(result: FitResult, observable: str, x: str, *, residuals: bool, ax: Any) -> Any:
    from ..plot import data_and_model

    known = list(dict.fromkeys(s.observable for s in result.series))
    observable = observable or known[0]
    if observable not in known:
        raise FitError(f"{observable!r} was not fitted." + nearest(observable, known))
    chosen = [(i, s) for i, s in enumerate(result.series) if s.observable == observable]
    axes = list(dict.fromkeys(name for _, s in chosen for name in s.x))
    if not axes:
        raise FitError(f"no condition varies along the points of {observable}; there is nothing to draw it against.")
    x = x or axes[0]
    if x not in axes:
        raise FitError(f"{x!r} does not vary along the points." + nearest(x, axes))
    groups, curves = {}, {}
    for i, s in chosen:
        label = s.experiment or observable
        groups[label] = (s.x[x], s.observed)
        if result.curve is not None:
            curves[label] = result.curve(result, i, x, 200)
    unit = result.background.get("condition_units", {}).get(x, "")
    return data_and_model(
        groups,
        curves,
        xlabel=f"{x} / {unit}" if unit else x,
        ylabel=f"{observable} / {chosen[0][1].unit}",
        residuals=residuals,
        ax=ax,
    )
