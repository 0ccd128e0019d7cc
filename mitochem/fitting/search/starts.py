"""Several starts of one search: where they are, and where each of them ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.ensemble.engines import each
from ...core.errors import FitError
from ..problems.unknowns import from_internal, internal_bounds
from .least_squares import Found, search

if TYPE_CHECKING:
    from ..problems.problem import Problem

__all__ = ["attempts", "spread"]

REACH = math.log(10.0)
"""How far from its start a positive unknown without a plausible range is begun elsewhere; one that may be negative, as
far as the size of its start."""

SAME = 1e-3
"""Minima whose costs differ by less than this share are one."""

NOTHING = 1e-12
"""Costs below this share of the squares of the data are rounding."""


def spread(problem: Problem, begin: Any, count: int, seed: int) -> Any:
    """Starts (start, unknown) on the scale of the search: the one given, then a Latin hypercube."""
    if count == 1:
        return begin[None]
    from scipy.stats import qmc

    shown = [i for i, u in enumerate(problem.unknowns) if u.role != "latent"]
    low, high = np.zeros_like(begin), np.zeros_like(begin)
    least, most = internal_bounds(problem.unknowns)
    for i in shown:
        u = problem.unknowns[i]
        if u.log and u.plausible and u.plausible[0] > 0:
            low[i], high[i] = (math.log(end / u.start) for end in u.plausible)
        else:
            low[i], high[i] = (-REACH, REACH) if u.log else (-1.0, 1.0)
    low, high = np.clip(low, least, most), np.clip(high, least, most)
    cube = qmc.LatinHypercube(len(shown), rng=np.random.default_rng(seed)).random(count - 1)
    out = np.tile(begin, (count, 1))
    out[1:, shown] = low[shown] + cube * (high - low)[shown]
    return out


def attempts(problem: Problem, starts: Any, engine: Any, progress: bool | None) -> tuple[Found, Any]:
    """The best end of several searches, and a table of all of them where there are several.

    Raises
    ------
    FitError
        If none of them gets anywhere.
    """
    if len(starts) == 1:
        return search(problem.misfit, starts[0]), None
    ends: dict[int, Found | str] = {}
    try:
        for index, found in each(engine, problem, list(enumerate(starts)), _attempt, "starts", progress):
            ends[index] = found
            if isinstance(found, Found) and found.interrupted:
                break
    except KeyboardInterrupt:
        if not any(isinstance(found, Found) for found in ends.values()):
            raise
    good = {i: found for i, found in ends.items() if isinstance(found, Found) and math.isfinite(found.cost)}
    if not good:
        raise FitError(f"none of {len(starts)} starts gave a fit; the first: {ends.get(0, 'not run')}")
    best = good[min(good, key=lambda i: (good[i].cost, i))]
    best.evaluations = sum(found.evaluations for found in good.values())
    best.interrupted |= len(ends) < len(starts) or any(found.interrupted for found in good.values())
    return best, _table(problem, starts, ends, best)


def _attempt(problem: Problem, start: Any) -> Found | str:
    """One search; a start from which nothing can be predicted is told, not raised."""
    try:
        found = search(problem.misfit, start)
    except FitError as error:
        return str(error)
    return found if math.isfinite(found.cost) else "nothing can be predicted there"


def _table(problem: Problem, starts: Any, ends: dict[int, Found | str], best: Found) -> Any:
    """Start and end of every search, best first; ``same`` marks those that end where the best does."""
    import pandas

    nothing = NOTHING * float(np.sum((problem.misfit.observed / problem.misfit.noise) ** 2))
    rows = []
    for i, start in enumerate(starts):
        found = ends.get(i, "not run: interrupted")
        there = found if isinstance(found, Found) else None
        row = {
            "cost": there.cost if there else math.nan,
            "same": bool(there and there.cost <= best.cost * (1 + SAME) + nothing),
        }
        values, begun = from_internal(problem.unknowns, there.internal if there else start * np.nan), None
        begun = from_internal(problem.unknowns, start)
        for u, value, first in zip(problem.unknowns, values, begun):
            if u.role != "latent":
                row |= {u.name: float(value), f"start of {u.name}": float(first)}
        rows.append(row | {"message": there.message if there else str(found)})
    return pandas.DataFrame(rows).rename_axis("start").sort_values("cost", kind="stable")
