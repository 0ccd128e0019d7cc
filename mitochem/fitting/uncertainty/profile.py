"""Profile likelihoods: how well the data are fitted when one unknown is held, and everything else follows it."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import level_in, names_in
from ...core.ensemble.engines import check_engine, each
from ...core.errors import FitError, nearest
from ..problems.misfit import Misfit
from ..problems.unknowns import from_internal, hidden_end, slope_of_value
from ..search.least_squares import inverse_information, search
from .profiles import BETTER_FIT, Profile, Profiles, better_fit

if TYPE_CHECKING:
    from ..results.result import FitResult

__all__ = ["profile"]

STRIDE = 0.35
"""Aim of a step, as a share of the way from the bottom to the threshold, on the scale of the standard error."""

MOST_STEPS = 40

BETTER = 1e-3
"""A fit that lies lower than the minimum by more than this, in units of the variance, is another and a better one."""

FARTHEST = 4.0
"""A side is followed no further than this many decades, or, where it may be negative, this many times the larger of
the value and half the interval of the linearised problem."""


def profile(
    result: FitResult,
    names: Sequence[str] | None = None,
    *,
    level: float = 0.95,
    engine: Any = None,
    progress: bool | None = None,
) -> Profiles:
    """Follow the profile likelihood of unknowns of a fit.

    Each unknown is held at values further and further from its estimate, either way, and all others are fitted again
    from where they were. Where the misfit has risen by the quantile of Student's t squared (of chi squared if the noise
    is declared) times the variance, the interval ends; a side on which it never does is open, and the unknown
    practically unidentifiable.

    Parameters
    ----------
    result : FitResult
    names : sequence of str, optional
        By default all unknowns.
    level : float
        Of the interval.
    engine : executor or Dask client, optional
        Where the sides are followed.
    progress : bool, optional
        Show it; by default on a terminal, when it takes long.

    Raises
    ------
    FitError
        If a name was not fitted, or there is no variance to measure the rise by.

    Warns
    -----
    UserWarning
        If a better fit was found on the way: fit again from there.

    References
    ----------
    Raue et al., structural and practical identifiability by the profile likelihood, Bioinformatics 25:1923 (2009).
    """
    from ..results.result import FitResult

    if not isinstance(result, FitResult):
        raise FitError(f"profile takes what fit gives, a FitResult, not {type(result).__name__}.")
    names = result.names if names is None else names_in([names] if isinstance(names, str) else names, "names", FitError)
    for name in names:
        if name not in result.names:
            raise FitError(f"{name!r} was not fitted." + nearest(name, result.names))
    level = level_in(level, error=FitError)
    check_engine(engine)
    threshold = result.quantile(level) ** 2
    if not math.isfinite(threshold):
        raise FitError("as many unknowns as points leave no variance by which a profile could be measured.")
    jobs = [((name, side), (result.names.index(name), side, threshold)) for name in names for side in (-1, 1)]
    sides: dict[tuple[str, int], Side] = {}
    try:
        for key, side in each(engine, result, jobs, _follow, "profiles", progress):
            sides[key] = side
    except KeyboardInterrupt:
        names = [name for name in names if (name, -1) in sides and (name, 1) in sides]
        if not names:
            raise
    out = Profiles({n: _joined(result, n, sides[n, -1], sides[n, 1], level, threshold) for n in names})
    for one in out.values():
        if one.better:
            warnings.warn(better_fit(one, result.names), stacklevel=2)
    return out


@dataclasses.dataclass
class Side:
    """One side of a profile: positions and rises from the estimate outward, and how it ended."""

    held: list[float]
    rise: list[float]
    others: list[Any]
    stopped: str = ""


def _follow(result: FitResult, job: tuple[int, int, float]) -> Side:
    """One side, outward until the threshold is passed with some room."""
    i, direction, threshold = job
    misfit = result.problem.misfit
    u, per = result.unknowns[i], result.variance or 1.0
    low, high = misfit.low[i], misfit.high[i]
    farthest = FARTHEST * math.log(10) if u.log else _reach(result, i, math.sqrt(threshold * per))
    step = _first_step(result, i, farthest)
    at, before = result.found.internal.copy(), None
    side, aim = Side([at[i]], [0.0], [result.estimates.copy()]), STRIDE * math.sqrt(threshold)
    for _ in range(MOST_STEPS):
        target = float(np.clip(at[i] + direction * step, low, high))
        if target == at[i] or abs(target - result.found.internal[i]) > farthest:
            side.stopped = (
                "at its bound" if target in (low, high) and not hidden_end(u, direction) else "no end in reach"
            )
            break
        guess = at.copy() if before is None else at + (at - before) * (target - at[i]) / (at[i] - before[i])
        guess = np.clip(guess, misfit.low, misfit.high)
        guess[i] = target
        found = search(misfit, guess, fixed=(i,))
        if not math.isfinite(found.cost):
            step /= 4
            if step < 1e-6:
                side.stopped = "no fit"
                break
            continue
        if found.interrupted:
            raise KeyboardInterrupt  # a misfit on its way down is no point of a profile
        if _run_away(misfit, found.internal, but=i):
            side.stopped = "no end in reach"  # from here on the rise would be of an end of the search, not of the data
            break
        rise = (found.cost - result.found.cost) / per
        gained = math.sqrt(max(rise, 0.0)) - math.sqrt(max(side.rise[-1], 0.0))
        if rise > threshold and gained > 2 * aim and step > 1e-6:
            step *= max(aim / gained, 0.1)  # too far to say where between the two the threshold is passed
            continue
        before, at = at, found.internal
        side.held.append(at[i])
        side.rise.append(rise)
        side.others.append(from_internal(misfit.unknowns, at)[: len(result.unknowns)])
        if rise < -BETTER:
            side.stopped = BETTER_FIT
            return side
        if rise > threshold * 1.1:
            return side
        step *= float(np.clip(aim / gained if gained > 0 else 2.0, 0.25, 2.0))
    else:
        side.stopped = "no end in reach"
    return side


def _run_away(misfit: Misfit, internal: Any, but: int) -> bool:
    """Whether another unknown stands where the search ends although nothing bounds it, and would go on."""
    ends = [
        (j, side)
        for j, u in enumerate(misfit.unknowns)
        for side, room in ((-1, internal[j] - misfit.low[j]), (1, misfit.high[j] - internal[j]))
        if j != but and hidden_end(u, side) and room < 1e-3
    ]
    if not ends:
        return False
    residual, slope = misfit.around(internal, exact=False)
    size = np.linalg.norm(residual) * np.linalg.norm(slope, axis=0)
    return any(-side * (residual @ slope[:, j]) > 1e-3 * size[j] > 0 for j, side in ends)


def _reach(result: FitResult, i: int, width: float) -> float:
    """How far one that may be negative is followed: by its size, and by its error where its start told no size."""
    size = 2.5 * max(1.0, abs(result.found.internal[i]))
    half = width * math.sqrt(inverse_information(result.slope)[i, i])
    return FARTHEST * (max(size, half) if math.isfinite(half) else size)


def _first_step(result: FitResult, i: int, farthest: float) -> float:
    """From the standard error on the scale of the search, where there is one."""
    per_value = slope_of_value(result.unknowns, result.estimates)[i]
    step = STRIDE * result.quantile() * list(result.stderr.values())[i] / per_value
    return float(np.clip(step, 1e-6, farthest / 8)) if math.isfinite(step) and step > 0 else farthest / 16


def _joined(result: FitResult, name: str, below: Side, above: Side, level: float, threshold: float) -> Profile:
    i = result.names.index(name)
    u = result.unknowns[i]
    ends, closed, stopped = [], [], []
    if BETTER_FIT in (below.stopped, above.stopped):
        below, above = (dataclasses.replace(side, stopped=BETTER_FIT) for side in (below, above))
    for side in (below, above):
        end = None if side.stopped == BETTER_FIT else _crossing(side, threshold)
        closed.append(end is not None)
        stopped.append("" if end is not None else side.stopped)
        ends.append(math.nan if end is None else _as_value(u, end))
    held = [*below.held[:0:-1], *above.held]
    return Profile(
        name=name,
        unit=u.unit,
        value=float(result.estimates[i]),
        values=np.array([_as_value(u, h) for h in held]),
        rise=np.array([*below.rise[:0:-1], *above.rise]),
        others=np.array([*below.others[:0:-1], *above.others]),
        level=level,
        threshold=threshold,
        interval=(ends[0], ends[1]),
        closed=(closed[0], closed[1]),
        stopped=(stopped[0], stopped[1]),
        log=u.log,
    )


def _crossing(side: Side, threshold: float) -> float | None:
    """Where the root of the rise passes that of the threshold, between the last two points."""
    rise = np.sqrt(np.maximum(side.rise, 0.0))
    past = np.flatnonzero(rise >= math.sqrt(threshold))
    if not len(past):
        return None
    k = int(past[0])
    (a, b), (x, y) = rise[k - 1 : k + 1], side.held[k - 1 : k + 1]
    return float(x + (y - x) * (math.sqrt(threshold) - a) / (b - a))


def _as_value(unknown: Any, internal: float) -> float:
    return float(from_internal([unknown], [internal])[0])
