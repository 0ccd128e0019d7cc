"""What can be said of every unknown of a fit: one word each, and why."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import shown, text_in
from ...core.errors import FitError
from ..problems.misfit import Misfit, spaced
from ..problems.unknowns import Unknown, from_internal, hidden_end, slope_of_value
from ..search.least_squares import seen_directions, unseen

if TYPE_CHECKING:
    from .result import FitResult

__all__ = ["AT_BOUND", "IDENTIFIED", "PRACTICALLY", "STRUCTURALLY", "UNMOVED", "DidNotMove", "Verdict", "Warned"]

IDENTIFIED = "identified"
PRACTICALLY = "practically unidentifiable"
STRUCTURALLY = "structurally unidentifiable"
AT_BOUND = "at bound"
UNMOVED = "did not move"

FACTOR = 10.0
"""A positive value whose 95 % interval reaches further than this factor, either way, is not determined."""

PROBES = 4
"""Points around the estimate at which a direction that the data do not see is looked for again."""

FAR = (1e-8, 1e-4, 1e4, 1e8, 1e12, 1e16)
"""Factors of its value at which an unknown without effect is tried, before it is said to have none anywhere."""

KINDS = (
    "few_points", "unidentifiable", "at_bound", "did_not_move", "not_converged", "interrupted", "correlated",
    "extrapolation", "implausible", "misfit", "data", "choice",
)  # fmt: skip
"""What a warning of a fit may be about."""


class DidNotMove(UserWarning):
    """The search could not leave the start of a parameter, so that its value is the one that was put in."""


class Warned(str):
    """A warning of a fit: its text, and by ``kind`` what it is about."""

    kind: str

    def __new__(cls, text: str, kind: str) -> Warned:
        if kind not in KINDS:
            raise FitError(f"kind = {shown(kind)} is none of {', '.join(KINDS)}.")
        self = super().__new__(cls, text_in(text, "text of a warning", FitError))
        self.kind = kind
        return self

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.kind


@dataclasses.dataclass(frozen=True)
class Verdict:
    """One of five words, and the reason where it is not "identified"."""

    word: str
    why: str = ""


@dataclasses.dataclass(frozen=True)
class Look:
    """What the end of a search shows of each unknown, arrays (unknown,).

    Parameters
    ----------
    felt : the data change with it, here.
    felt_elsewhere : they do at points around.
    unseen : it takes part in a direction that the data do not see, here.
    unseen_everywhere : it does at points around as well.
    at_bound : it ended on a bound.
    stuck : it is where it started, although the misfit falls beside it, or nothing is felt there.
    directions : in how many directions the data are fitted: all unknowns, less what is unseen at points around, too.
    """

    felt: Any
    felt_elsewhere: Any
    unseen: Any
    unseen_everywhere: Any
    at_bound: Any
    stuck: Any
    directions: int

    @classmethod
    def at(cls, misfit: Misfit, internal: Any, residual: Any, slope: Any) -> Look:
        low, high = misfit.low, misfit.high
        felt, hidden = np.linalg.norm(slope, axis=0) > 0, unseen(slope)
        elsewhere, everywhere, directions = felt.copy(), hidden.copy(), seen_directions(slope)
        if hidden.any():
            for probe in _probes(internal, low, high):
                _, other = misfit.around(probe)
                if np.isfinite(other).all():
                    elsewhere |= np.linalg.norm(other, axis=0) > 0
                    everywhere &= unseen(other)
                    directions = max(directions, seen_directions(other))
            for i in np.flatnonzero(~elsewhere):
                elsewhere[i] = _felt_far_away(misfit, internal, int(i))
                directions += int(elsewhere[i])
        near = 1e-3 * np.minimum(1.0, high - low)
        at_bound = (internal - low < near) | (high - internal < near)
        still = np.abs(internal) <= 1e-6
        steepness, fall = np.linalg.norm(slope, axis=0), np.abs(residual @ slope)
        # Downhill in more than the noise of a solver: where a step as far as the bottom would change the value.
        downhill = (fall > 1e-3 * steepness * np.linalg.norm(residual)) & (fall > 1e-3 * steepness**2)
        stuck = still & ~at_bound & ((downhill & felt) | (~felt & elsewhere))
        return cls(felt, elsewhere, hidden, everywhere, at_bound, stuck, directions)


def _felt_far_away(misfit: Misfit, internal: Any, i: int) -> bool:
    """Whether the data change anywhere on the way of one unknown to values of quite another size."""
    here = from_internal(misfit.unknowns, internal)
    values = np.tile(here, (len(FAR), 1))
    values[:, i] = np.clip(here[i] * np.array(FAR), misfit.unknowns[i].low, misfit.unknowns[i].high)
    found = misfit.predict(values)
    there = found[np.isfinite(found).all(axis=1)]
    return bool(len(there) and (np.ptp(there, axis=0) > 1e-6 * np.abs(there).max(axis=0)).any())


def _probes(internal: Any, low: Any, high: Any) -> Any:
    """Points around the estimate, and one around the middle of what was allowed."""
    rng = np.random.default_rng(0)
    around = internal + rng.uniform(-0.5, 0.5, (PROBES, len(internal)))
    ends = np.clip(np.stack([low, high]), -2.0, 2.0)
    return np.clip(np.vstack([around, ends.mean(axis=0) + rng.uniform(-0.3, 0.3, len(internal))]), low, high)


def verdicts(result: FitResult) -> dict[str, Verdict]:
    """A verdict for every unknown."""
    out = {}
    for i, (u, interval) in enumerate(zip(result.unknowns, result.intervals.values())):
        se = list(result.stderr.values())[i]
        out[u.name] = _verdict(u, i, result, se, interval)
    return out


def _verdict(u: Unknown, i: int, result: FitResult, se: float, interval: tuple[float, float]) -> Verdict:
    look, value = result.look, float(result.estimates[i])
    if look.stuck[i] and not result.found.interrupted:
        return Verdict(UNMOVED, f"it stayed at its start {u.start:.4g}{spaced(u.unit)}")
    if not look.felt[i]:
        if look.felt_elsewhere[i]:
            return Verdict(PRACTICALLY, "no effect on the data at this value")
        return Verdict(STRUCTURALLY, "no effect on the data")
    if look.at_bound[i]:
        given = "the other errors are given that it stays there"
        if hidden_end(u, -1 if value < u.start else 1):
            return Verdict(PRACTICALLY, f"it ran as far from its start {u.start:.4g} as is searched; {given}")
        return Verdict(AT_BOUND, given)
    if look.unseen[i]:
        others = _partners(result, i)
        why = f"the data see only a combination of it with {others}" if others else "no effect of its own on the data"
        return Verdict(STRUCTURALLY if look.unseen_everywhere[i] else PRACTICALLY, why)
    if result.dof <= 0 and result.errors == "scatter":
        return Verdict(PRACTICALLY, "as many unknowns as points leave no error")
    if not math.isfinite(se):
        return Verdict(PRACTICALLY, "it has no error")
    profile = result.profiles.get(u.name)
    if profile is not None and profile.better:
        profile = None  # it is about another minimum, and says nothing of this one
    if profile is not None and not all(profile.closed):
        side = "either side" if not any(profile.closed) else ("above" if profile.closed[0] else "below")
        return Verdict(PRACTICALLY, f"its profile does not close on {side}")
    if profile is None and se > abs(value) and (u.log or not _near_zero(u, i, result, se)):
        return Verdict(PRACTICALLY, f"standard error {se:.3g} exceeds the value {value:.3g}")
    low, high = interval if profile is None else profile.interval
    if u.log and (high > FACTOR * value or low * FACTOR < value):
        return Verdict(PRACTICALLY, f"the interval reaches from {low:.3g} to {high:.3g}")
    return Verdict(IDENTIFIED)


def _near_zero(u: Unknown, i: int, result: FitResult, se: float) -> bool:
    """Whether an unknown that may be negative is near zero and well known: its own size is no measure of its error.

    It is if, by itself, it changes the fit in proportion all over its interval, and by less than the data are large.
    """
    far = result.quantile() * se / float(slope_of_value([u], [1.0])[0])
    ends = np.tile(result.found.internal, (3, 1))
    ends[:, i] += np.array([0.0, far, -far])
    try:
        here, *there = result.problem.misfit.of(ends)[:, : result.n]
    except FitError:  # the law has no answer so far away
        return False
    linear = result.slope[: result.n, i] * far
    size = np.linalg.norm(linear)
    bent = max(np.linalg.norm(there[0] - here - linear), np.linalg.norm(there[1] - here + linear))
    data = np.linalg.norm(np.concatenate([s.observed / s.noise for s in result.series]))
    return bool(bent < 0.5 * size < 0.5 * data)


def _partners(result: FitResult, i: int) -> str:
    """Others that are unseen as well and move the data in the same way."""
    slope = result.slope
    size = np.linalg.norm(slope, axis=0)
    hidden = np.flatnonzero(result.look.unseen[: len(result.unknowns)])
    others = [int(j) for j in hidden if j != i and size[j]]
    return ", ".join(result.names[j] for j in others)
