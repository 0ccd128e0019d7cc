"""Who solves: NumPy and SciPy at once, or machine code where making and loading it costs less than it saves."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ..errors import ModelError, ParameterError, nearest

if TYPE_CHECKING:
    from ..batch import Batch
    from ..model import Model
    from ..schedule import Schedule, Segment
    from .problem import Problem

__all__ = ["available", "for_courses", "for_steady_states", "ready"]

# What things cost on an ordinary machine, in seconds; only their rough ratios matter.
POINT_IN_NUMPY = 40e-6
LOADING = 0.4
BUILDING = 0.6
SEGMENT_IN_SCIPY = 8e-3
MEMBER_IN_NUMPY = 1e-3
MANY = 100
"""Members from which on NumPy's common steps are ahead of SciPy's member by member."""
FIRST_TIME = 10.0
"""Compiling the loops that all models share, once on a machine."""

BATCHED = "rosenbrock, NumPy"

SOLVERS = {"lsoda": "LSODA", "bdf": "BDF", "radau": "Radau", "rosenbrock": "Rodas5P"}
"""What users call a solver, and what it is."""


def available() -> bool:
    """True if machine code can be made here, and has not been switched off by ``MITOCHEM_COMPILED=0``."""
    if os.environ.get("MITOCHEM_COMPILED", "1") == "0":
        return False
    if "numba" in sys.modules:
        return True
    from importlib.util import find_spec

    return find_spec("numba") is not None and find_spec("llvmlite") is not None


def ready() -> bool:
    """True if the loops are loaded in this process."""
    return "mitochem.core.lanes.calling" in sys.modules


def chosen(asked: bool | None, seconds: float, loaded: bool, stored: bool) -> bool:
    """Whether to use machine code for work that takes so many seconds without.

    Raises
    ------
    ParameterError
        If it is asked for and cannot be had.
    """
    if asked is not None:
        if asked and not available():
            raise ParameterError("compiled = True needs numba, which is not installed here (or is switched off).")
        return asked
    if not available():
        return False
    if ready() and loaded:
        return True
    cost = (0.0 if ready() else LOADING) + (0.0 if stored else BUILDING)
    if not ready() and not loops_are_stored():
        cost += FIRST_TIME
    if seconds < 2 * cost:
        return False
    if cost > 2:
        print("mitochem: compiling its solvers for this machine, once (about 10 s) ...", file=sys.stderr)
    return True


def repaid(spent: float) -> bool | None:
    """True once the seconds spent on many small solves would have paid for machine code; else None, as it comes."""
    return True if spent > LOADING + BUILDING and available() and (ready() or loops_are_stored()) else None


def loops_are_stored() -> bool:
    """True if numba has compiled the loops here before."""
    from .. import cache

    return (cache.folder() / "loops").is_dir() and any((cache.folder() / "loops").rglob("*.nbi"))


def warm(model: Model) -> None:
    """Make and load the machine code of a model: steady states, time courses of one and of several, a titration."""
    import numpy as np

    from ..library import drugs
    from ..protocol import Protocol

    model.steady_state(compiled=True)
    first = next(iter(model.kernel.addresses))
    model.simulate(t_end=1e-3, conditions={first: np.full(2, model[first])}, solver="rosenbrock", samples=2)
    if "FCCP" in drugs and "J_O2" in model.statements:
        try:
            model.titrate("FCCP", [0.0, 0.1], compiled=True)
            model.simulate(Protocol().add(FCCP=0.1).wait(1e-3), solver="rosenbrock", samples=2)
        except ModelError:
            pass  # FCCP has nothing to act on in this model


def for_steady_states(problem: Problem, asked: bool | None) -> bool:
    """Whether steady states are found by machine code."""
    if not problem.system.independent:
        return False
    if not available():
        return chosen(asked, 0.0, False, False)
    if asked is None and not ready() and POINT_IN_NUMPY * problem.size < LOADING:
        return False  # not even worth a look
    from ..lanes import tiles

    loaded, stored = tiles.state_of("newton", problem.system, problem.setting)
    return chosen(asked, POINT_IN_NUMPY * problem.size, loaded, stored)


def for_members(model: Model, segments: Sequence[Segment], held: Collection[str], solver: str, members: int) -> str:
    """What integrates an ensemble: "rosenbrock" (compiled), "rosenbrock, NumPy" or "lsoda"."""
    if solver == "lsoda":
        return solver
    in_numpy = BATCHED if solver == "rosenbrock" or members >= MANY else "lsoda"
    if not available():
        return in_numpy
    if solver == "auto":
        from ..lanes import courses

        loaded, stored = courses.state_of(model, segments, held)
        seconds = members * (MEMBER_IN_NUMPY if in_numpy == BATCHED else len(segments) * SEGMENT_IN_SCIPY)
        return "rosenbrock" if chosen(None, seconds, loaded, stored) else in_numpy
    return solver


def for_steady_members(model: Model, held: Collection[str], members: int) -> bool:
    """Whether the steady states of an ensemble are found by machine code."""
    if not available():
        return False
    from ..lanes import courses

    loaded, stored = courses.state_of_newton(model, held)
    return chosen(None, POINT_IN_NUMPY * members, loaded, stored)


def for_sensitivities(solver: str) -> str:
    """Who follows the moved runs: "compiled" or "LSODA".

    Raises
    ------
    ParameterError
        If the solver is not one of those that can.
    """
    able = ("auto", "rosenbrock", "lsoda")
    if solver not in able:
        raise ParameterError(f"solver = {solver!r} is not possible here." + nearest(str(solver), able))
    if solver == "rosenbrock" and not available():
        raise ParameterError("solver = 'rosenbrock' needs numba here, whose steps can be shared; use 'lsoda'.")
    usable = solver == "rosenbrock" or (solver == "auto" and available() and (ready() or loops_are_stored()))
    return "compiled" if usable else "LSODA"


def for_courses(model: Model, plan: Schedule, batch: Batch, held: Collection[str], solver: str) -> str:
    """Who integrates: "compiled", or what `scipy.integrate.solve_ivp` calls its method.

    Raises
    ------
    ParameterError
        If the solver is not known.
    """
    if solver != "auto" and solver not in SOLVERS:
        raise ParameterError(f"solver = {solver!r} is not known." + nearest(str(solver), ("auto", *SOLVERS)))
    if solver in ("lsoda", "bdf", "radau") or not available():
        return SOLVERS.get(solver, "LSODA")
    if solver == "rosenbrock":
        return "compiled"
    if not ready() and batch.size * len(plan.segments) * SEGMENT_IN_SCIPY < LOADING:
        return "LSODA"  # not even worth a look
    from ..lanes import courses

    loaded, stored = courses.state_of(model, plan.segments, held)
    seconds = batch.size * len(plan.segments) * SEGMENT_IN_SCIPY
    return "compiled" if chosen(None, seconds, loaded, stored) else "LSODA"
