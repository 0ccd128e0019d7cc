"""Profile likelihoods: how well the data are fitted when one unknown is held, and everything else follows it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import names_in, number_in
from ..core.ensemble.engines import check_engine, each
from ..core.errors import FitError, nearest
from .least_squares import search
from .unknowns import from_internal

if TYPE_CHECKING:
    import pandas

    from .result import FitResult

__all__ = ["Profile", "Profiles", "profile"]

STRIDE = 0.35
"""Aim of a step, as a share of the way from the bottom to the threshold, on the scale of the standard error."""

MOST_STEPS = 40

FARTHEST = 4.0
"""A side is followed no further than this many decades, or this many times the value where it may be negative."""


@dataclasses.dataclass(frozen=True, eq=False)
class Profile:
    """How the misfit rises as one unknown is moved away from its estimate, all others fitted again.

    Attributes
    ----------
    name, unit : str
    value : float
        The estimate.
    values : array (point,)
        Where the unknown was held, ascending.
    rise : array (point,)
        Rise of the misfit above its minimum, in units of the variance of the noise: its root counts standard errors.
    others : array (point, unknown)
        All unknowns, this one among them, at each point.
    level : float
        Of the interval.
    threshold : float
        The rise at which the interval ends.
    interval : (float, float)
        NaN on a side that does not close.
    closed : (bool, bool)
        Whether the rise passes the threshold below and above.
    stopped : (str, str)
        Why a side does not close: "at its bound", "too far", "no fit", "better fit found".
    """

    name: str
    unit: str
    value: float
    values: Any
    rise: Any
    others: Any
    level: float
    threshold: float
    interval: tuple[float, float]
    closed: tuple[bool, bool]
    stopped: tuple[str, str]
    log: bool = True


class Profiles(Mapping[str, Profile]):
    """Profiles by name of the unknown; prints as a table of intervals."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        self._profiles = dict(profiles)

    def __getitem__(self, name: str) -> Profile:
        if name not in self._profiles:
            raise FitError(f"{name!r} has no profile." + nearest(name, self._profiles))
        return self._profiles[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._profiles)

    def __len__(self) -> int:
        return len(self._profiles)

    @property
    def table(self) -> pandas.DataFrame:
        """Value, ends of the interval and whether each side closes."""
        import pandas

        rows = [
            {
                "parameter": p.name,
                "value": p.value,
                "unit": p.unit,
                "low": p.interval[0],
                "high": p.interval[1],
                "level": p.level,
                "below": "closed" if p.closed[0] else p.stopped[0],
                "above": "closed" if p.closed[1] else p.stopped[1],
            }
            for p in self.values()
        ]
        return pandas.DataFrame(rows).set_index("parameter")

    @property
    def points(self) -> pandas.DataFrame:
        """Every point of every profile: where it was held, and the rise there."""
        import pandas

        rows = [pandas.DataFrame({"parameter": p.name, "value": p.values, "rise": p.rise}) for p in self.values()]
        return pandas.concat(rows, ignore_index=True)

    def __repr__(self) -> str:
        return str(self.table.to_string(float_format="%.4g"))

    def plot(self, axes: Any = None) -> Any:
        """Draw them side by side; see `mitochem.plot.profiles`."""
        from ..plot import profiles

        return profiles(self, axes=axes)


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

    References
    ----------
    Raue et al., structural and practical identifiability by the profile likelihood, Bioinformatics 25:1923 (2009).
    """
    from .result import FitResult

    if not isinstance(result, FitResult):
        raise FitError(f"profile takes what fit gives, a FitResult, not {type(result).__name__}.")
    names = result.names if names is None else names_in([names] if isinstance(names, str) else names, "names", FitError)
    for name in names:
        if name not in result.names:
            raise FitError(f"{name!r} was not fitted." + nearest(name, result.names))
    level = number_in(level, "level", FitError)
    if not 0 < level < 1:
        raise FitError(f"level = {level:g} is not between 0 and 1.")
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
    return Profiles({n: _joined(result, n, sides[n, -1], sides[n, 1], level, threshold) for n in names})


@dataclasses.dataclass
class Side:
    """One side of a profile: positions and rises from the estimate outward, and how it ended."""

    held: list[float]
    rise: list[float]
    others: list[Any]
    stopped: str = ""


def variance(result: FitResult) -> float:
    """By which the misfit is measured: 1 where the noise is declared."""
    return 1.0 if result.errors == "declared" else result.found.cost / max(result.dof, 1)


def _follow(result: FitResult, job: tuple[int, int, float]) -> Side:
    """One side, outward until the threshold is passed with some room."""
    from .fit import misfit_of

    i, direction, threshold = job
    misfit = misfit_of(result.problem)
    u, per = result.unknowns[i], variance(result) or 1.0
    low, high = misfit.low[i], misfit.high[i]  # type: ignore[attr-defined]
    farthest = FARTHEST * math.log(10) if u.log else FARTHEST * 2.5 * max(1.0, abs(result.found.internal[i]))
    step = _first_step(result, i, farthest)
    at, before = result.found.internal.copy(), None
    side = Side([at[i]], [0.0], [result.estimates.copy()])
    for _ in range(MOST_STEPS):
        target = float(np.clip(at[i] + direction * step, low, high))
        if target == at[i] or abs(target - result.found.internal[i]) > farthest:
            side.stopped = "at its bound" if target in (low, high) else "too far"
            break
        guess = at.copy() if before is None else at + (at - before) * (target - at[i]) / (at[i] - before[i])
        guess = np.clip(guess, misfit.low, misfit.high)  # type: ignore[attr-defined]
        guess[i] = target
        found = search(misfit, guess, fixed=(i,))
        if not math.isfinite(found.cost):
            step /= 4
            if step < 1e-6:
                side.stopped = "no fit"
                break
            continue
        before, at = at, found.internal
        rise = (found.cost - result.found.cost) / per
        gained = math.sqrt(max(rise, 0.0)) - math.sqrt(max(side.rise[-1], 0.0))
        side.held.append(at[i])
        side.rise.append(rise)
        side.others.append(from_internal(misfit.unknowns, at)[: len(result.unknowns)])
        if rise > threshold * 1.1:
            return side
        aim = STRIDE * math.sqrt(threshold)
        step *= float(np.clip(aim / gained if gained > 0 else 2.0, 0.25, 2.0))
    else:
        side.stopped = "too far"
    return side


def _first_step(result: FitResult, i: int, farthest: float) -> float:
    """From the standard error on the scale of the search, where there is one."""
    u, se = result.unknowns[i], list(result.stderr.values())[i]
    per_value = result.estimates[i] if u.log else (u.size or abs(u.start) or 1.0)
    step = STRIDE * result.quantile() * se / per_value
    return float(np.clip(step, 1e-6, farthest / 8)) if math.isfinite(step) and step > 0 else farthest / 16


def _joined(result: FitResult, name: str, below: Side, above: Side, level: float, threshold: float) -> Profile:
    i = result.names.index(name)
    u = result.unknowns[i]
    ends, closed, stopped = [], [], []
    for side in (below, above):
        end = _crossing(side, threshold)
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
