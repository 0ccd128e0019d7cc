"""What following profile likelihoods gives: each profile, all of them together, and what to say of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import FitError, nearest

if TYPE_CHECKING:
    import pandas

__all__ = ["BETTER_FIT", "Profile", "Profiles", "better_fit"]

BETTER_FIT = "better fit found"
"""Why a profile ends where the misfit falls below its minimum."""


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
        Why a side does not close: "at its bound", "no end in reach", "no fit", or, on both sides, "better fit found":
        the misfit fell below that of the result, which is therefore not the best fit, and no interval about it means
        anything. Where that was, is in ``others``.
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

    @property
    def better(self) -> bool:
        """Whether a better fit than the result was found on the way."""
        return BETTER_FIT in self.stopped


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
        from ...plot import profiles

        return profiles(self, axes=axes)


def better_fit(profile: Profile, names: Sequence[str]) -> str:
    """What to say where the misfit fell below its minimum."""
    lowest = int(np.argmin(profile.rise))
    there = ", ".join(f"{name} = {value:.6g}" for name, value in zip(names, profile.others[lowest]))
    return (
        f"a better fit was found along the profile of {profile.name}, at {there} (misfit lower by "
        f"{-profile.rise[lowest]:.3g} variances): this result is a local minimum; fit again from there."
    )
