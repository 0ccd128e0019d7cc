"""Myokit: the model as mmt text, compiled to C for SUNDIALS CVODES. Needs a C compiler and the SUNDIALS headers."""

from __future__ import annotations

from typing import ClassVar

import myokit
import numpy as np

from .base import Peer

__all__ = ["Myokit"]


class Myokit(Peer):
    name = "Myokit (CVODES)"
    distributions = ("myokit",)
    tight_sensitivities = (1e-8, 1e-11)
    """With sensitivities, tighter runs do not come back."""
    asked: ClassVar[tuple[int, ...]] = ()

    def build(self) -> None:
        model = myokit.parse_model(self.system.text("mmt"))
        self.logged = [f"m.y{i}" for i in range(len(self.system.states))]
        sensitivities = (self.logged, [f"m.p{i}" for i in self.asked]) if self.asked else None
        self.simulation = myokit.Simulation(model, sensitivities=sensitivities)
        self.simulation.set_tolerance(self.atol, self.rtol)

    def _start(self, dials: np.ndarray, y: np.ndarray) -> None:
        self.simulation.reset()
        for i, value in enumerate(dials.tolist()):
            self.simulation.set_constant(f"m.p{i}", value)
        self.simulation.set_state(y.tolist())

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        before, after = self.split(times)
        problem, simulation = self.problem, self.simulation
        self._start(dials, problem.y0)
        log = simulation.run(problem.at, log=self.logged, log_times=before)
        first = np.array([log[name] for name in self.logged])
        simulation.set_state((np.array(simulation.state()) + problem.dose).tolist())
        rest = problem.end - problem.at
        # The end of a run is not logged.
        log = simulation.run(rest * (1 + 1e-12), log=self.logged, log_times=after)
        second = np.array([log[name] for name in self.logged])
        return np.concatenate([first, second], axis=1).T

    def steady(self, table: np.ndarray) -> np.ndarray:
        out = np.empty((len(table), len(self.logged)))
        for n, dials in enumerate(table):
            self._start(dials, self.steady_start)
            self.simulation.run(self.problem.settle_for, log=myokit.LOG_NONE)
            out[n] = self.simulation.state()
        return out

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        if self.asked != which:
            self.asked = which  # type: ignore[misc]
            self.build()
        before, after = self.split(times)
        problem, simulation = self.problem, self.simulation
        self._start(dials, problem.y0)
        _, first = simulation.run(problem.at, log=self.logged, log_times=before)
        simulation.set_state((np.array(simulation.state()) + problem.dose).tolist())
        rest = problem.end - problem.at
        _, second = simulation.run(rest * (1 + 1e-12), log=self.logged, log_times=after)
        return np.concatenate([np.array(first), np.array(second)])
