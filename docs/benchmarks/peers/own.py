"""mitochem through its public interface; every call returns a Dataset."""

from __future__ import annotations

import functools
import inspect
from typing import Any, ClassVar

import numpy as np
import xarray

import mitochem as mc
from mitochem.core.solvers.simulate import simulate
from mitochem.core.solvers.steady_state import steady_state

from .base import Peer, Unable

__all__ = [
    "Mitochem",
    "MitochemCompiled",
    "MitochemContinued",
    "MitochemFit",
    "MitochemRoots",
    "MitochemStates",
    "MitochemTwo",
]

MEMBER = "member"


class Mitochem(Peer):
    """All states, fluxes and derived quantities, with units and provenance; without machine code."""

    name = "mitochem, SciPy and NumPy"
    distributions = ("mitochem", "numpy", "scipy")
    whole = True
    solver: ClassVar[str] = "lsoda"
    compiled: ClassVar[bool] = False
    only_states: ClassVar[bool] = False
    continued: ClassVar[bool] = False
    workers: ClassVar[int] = 1
    batch: ClassVar[int] = 1000

    def build(self) -> None:
        problem = self.problem
        self.model = problem.model.replace(problem.start)
        self.protocol = mc.Protocol().wait(problem.at).add(**dict([problem.added])).wait(problem.end - problem.at)
        # ``atol`` multiplies the scale of each state: for a state of middling scale it is the peers'.
        scales = [law.options["scale"] for _, law in problem.model.program.states.values()]
        self.options: dict[str, Any] = {"rtol": self.rtol, "atol": self.atol / float(np.median(scales))}
        courses, roots = inspect.signature(simulate).parameters, inspect.signature(steady_state).parameters
        self.roots: dict[str, Any] = {}
        if "solver" in courses:
            self.options["solver"] = self.solver
        elif self.compiled:
            raise Unable("this version of mitochem has no compiled solver")
        if "compiled" in roots:
            self.roots |= {"compiled": self.compiled, "stability": False}  # no peer looks at eigenvalues
        if self.continued:
            self.roots["continuation"] = True
        self.outputs: dict[str, Any] = {}
        if self.only_states:
            self.outputs["outputs"] = problem.states
            self.roots["outputs"] = problem.states
        after = self.model.initial[problem.state_added] + problem.dose.sum()
        self.rest = {problem.state_added: float(after)}

    def at(self, dials: np.ndarray) -> Any:
        return self.model.replace(dict(zip(self.problem.dials, dials.tolist())))

    def run(self, dials: np.ndarray, times: np.ndarray) -> Any:
        return self.at(dials).simulate(self.protocol, samples=times, **self.options, **self.outputs)

    def conditions(self, table: np.ndarray) -> dict[str, Any]:
        """Columns that vary along one dimension, and the others as numbers."""
        return {
            a: xarray.DataArray(column, dims=(MEMBER,)) if np.ptp(column) else float(column[0])
            for a, column in zip(self.problem.dials, table.T)
        }

    def steady(self, table: np.ndarray) -> Any:
        return self.model.steady_state(self.conditions(table) | self.rest, **self.roots)

    def ensemble(self, table: np.ndarray, times: np.ndarray) -> Any:
        """States only, as the peers return."""
        if hasattr(self.model, "ensemble"):
            columns = dict(zip(self.problem.dials, table.T))
            return self.model.ensemble(
                columns, self.protocol, times=times, outputs=self.problem.states, workers=self.workers,
                **self.options | ({} if self.compiled else {"solver": "rosenbrock, NumPy"}),
            )  # fmt: skip
        return self.model.simulate(self.protocol, conditions=self.conditions(table), samples=times, **self.options)

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> Any:
        if not hasattr(self.model, "sensitivities"):
            raise Unable("this version of mitochem has no sensitivities")
        names = [self.problem.dials[i] for i in which]
        options = {"rtol": self.rtol, "solver": self.solver}
        return self.at(dials).sensitivities(names, self.protocol, samples=times, **options, **self.outputs)

    def states(self, result: Any, times: np.ndarray | None = None) -> np.ndarray:
        shape = max((result[s].shape for s in self.problem.states), key=len)
        found = np.stack([np.broadcast_to(result[s].values, shape) for s in self.problem.states], axis=-1)
        if times is None:
            return found
        return found[..., self._rows(result, times), :]

    def slopes(self, result: Any, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        found = np.stack([result[s].values for s in self.problem.states], axis=-1)
        return found[:, self._rows(result, times)].transpose(1, 2, 0)

    @staticmethod
    def _rows(result: Any, times: np.ndarray) -> np.ndarray:
        """The result may also hold both sides of the addition, the later one at the next larger number."""
        return np.searchsorted(result["time"].values, times)


class MitochemCompiled(Mitochem):
    name = "mitochem, compiled"
    distributions = ("mitochem", "numba")
    solver, compiled = "rosenbrock", True
    batch = 10_000


class MitochemStates(MitochemCompiled):
    name = "mitochem, compiled, states only"
    only_states = True


class MitochemContinued(MitochemStates):
    name = "mitochem, compiled, continued, states only"
    continued = True


class MitochemFit(MitochemCompiled):
    """``fitting.TimeCourse``, which predicts many sets of parameters at once and makes no Datasets on the way."""

    name = "mitochem, fitting.TimeCourse"

    def misfits(self, times: np.ndarray, data: np.ndarray, size: np.ndarray) -> Any:
        names, free = self.problem.observed, self.problem.fitted
        recorded = mc.fitting.TimeCourse(
            self.protocol, times, dict(zip(names, data)), noise=dict(zip(names, 0.01 * size.ravel())), rtol=self.rtol
        )
        fitted = mc.fitting.Problem(self.model, recorded, free=free)
        step = 1e-5

        @functools.lru_cache(maxsize=2)
        def around(*theta: float) -> tuple[np.ndarray, np.ndarray]:
            sets = np.array(theta) + step * np.vstack([np.zeros(len(free)), np.eye(len(free))])
            found = fitted.predict(np.exp(sets)).reshape(-1, *data.shape)
            misfit = ((found - data) / (0.01 * size)).reshape(len(found), -1)
            return misfit[0], (misfit[1:] - misfit[0]).T / step

        return lambda theta: around(*theta)[0], lambda theta: around(*theta)[1]


class MitochemRoots(Mitochem):
    """Without machine code, each point started between neighbours that are solved already."""

    name = "mitochem, NumPy, continued, states only"
    only_states, continued = True, True


class MitochemTwo(MitochemCompiled):
    name = "mitochem, compiled, two threads"
    workers = 2
