"""The little interface every tool has here."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import numpy as np

__all__ = ["Peer", "Unable"]


class Unable(Exception):
    """The tool has no way of doing this, and why."""


class Peer:
    """One tool set up for one problem: everything that is not repeated when parameters change is done here.

    Parameters
    ----------
    problem : Problem
    rtol, atol : float
        Tolerances of time courses.
    """

    name: ClassVar[str] = ""
    distributions: ClassVar[tuple[str, ...]] = ()
    """Packages whose versions are named in the tables."""
    whole: ClassVar[bool] = False
    """Whether a sweep must be timed as a whole: in one call, or every point started from the one before."""
    batch: ClassVar[int] = 3
    """Members that an ensemble needs to show its speed."""

    def __init__(self, problem: Any, rtol: float, atol: float) -> None:
        self.problem, self.rtol, self.atol = problem, rtol, atol
        self.build()

    @cached_property
    def system(self) -> Any:
        """The equations: `equations.System`, or what was frozen of it (`frozen.Frozen`) to start a process with."""
        if hasattr(self.problem, "frozen"):
            return self.problem.frozen
        from .equations import system

        return system(self.problem)

    def build(self) -> None:
        """Compile, load, choose the best settings."""

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        """The experiment, addition included; states (time, state)."""
        raise Unable("no time courses")

    def steady(self, table: np.ndarray) -> np.ndarray:
        """Steady states for every row of dials, in order, from the start with the addition; (point, state)."""
        raise Unable("no steady-state solver")

    def ensemble(self, table: np.ndarray, times: np.ndarray) -> Any:
        """The experiment for every row of dials; (member, time, state)."""
        return np.stack([self.run(dials, times) for dials in table])

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        """d(state)/d(dial) along the experiment; (time, state, dial)."""
        raise Unable("no forward sensitivities")

    def misfits(self, times: np.ndarray, data: np.ndarray, size: np.ndarray) -> Any:
        """Residuals and, where the tool has it, their Jacobian, as functions of the logarithms of the fitted dials;
        none if the caller shall make them of time courses."""
        return None

    tight_sensitivities: ClassVar[tuple[float, float]] = (1e-10, 1e-14)

    def slopes(self, result: Any, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        """What `sensitivities` returned, as (time, state, dial)."""
        return result

    @property
    def moving(self) -> list[int]:
        """Indices of the states that are not held."""
        return [i for i, s in enumerate(self.problem.states) if s not in getattr(self.problem, "held", ())]

    def cold(self, dials: np.ndarray) -> Any:
        """One steady state, nothing known of any other."""
        return self.steady(dials[None])

    def states(self, result: Any, times: np.ndarray | None = None) -> np.ndarray:
        """States of what a timed call returned, for the comparison."""
        return result

    def retuned(self, rtol: float, atol: float) -> Peer:
        """The same tool at other tolerances."""
        return type(self)(self.problem, rtol, atol)

    # --- what several peers need ------------------------------------------------------------------

    def split(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Times up to the addition and after it."""
        first = int(np.searchsorted(times, self.problem.at, side="right"))
        return times[:first], times[first:]

    @property
    def steady_start(self) -> np.ndarray:
        return self.problem.y0 + self.problem.dose

    def balances(self) -> tuple[list[int], np.ndarray]:
        """States whose rates are kept as equations, and the laws ``L @ y = L @ y0`` that stand for the others."""
        laws = self.system.conserved
        taken: list[int] = []
        for law in laws:
            taken.append(max((i for i in np.flatnonzero(law) if i not in taken), key=lambda i: abs(law[i])))
        return [i for i in self.system.free if i not in taken], laws
