"""pydiffsol: the equations in DiffSL, compiled through LLVM; BDF."""

from __future__ import annotations

import logging

import numpy as np

logging.disable(logging.INFO)  # it reports every solve to Python's logging, which would be timed too
import pydiffsol as ds  # noqa: E402

from .base import Peer  # noqa: E402

__all__ = ["Pydiffsol"]


class Pydiffsol(Peer):
    name = "pydiffsol (BDF, LLVM)"
    distributions = ("pydiffsol",)

    def build(self) -> None:
        self.ode = ds.Ode(
            self.system.text("diffsl"), matrix_type=ds.nalgebra_dense, scalar_type=ds.f64, ode_solver=ds.bdf
        )
        self.ode.rtol, self.ode.atol = self.rtol, self.atol
        self.inputs = np.empty(len(self.system.dials) + len(self.system.states))

    def _solve(self, dials: np.ndarray, start: np.ndarray, times: np.ndarray) -> np.ndarray:
        m = len(dials)
        self.inputs[:m], self.inputs[m:] = dials, start
        self.ode.h0 = 1e-6 * self.problem.end
        return self.ode.solve_dense(self.inputs, times).ys

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        before, after = self.split(times)
        at = self.problem.at
        first = self._solve(dials, self.problem.y0, np.append(before, at))
        # Time runs from zero in every solve; nothing depends on it.
        second = self._solve(dials, first[:, -1] + self.problem.dose, after - at)
        return np.concatenate([first[:, :-1], second], axis=1).T

    def steady(self, table: np.ndarray) -> np.ndarray:
        start, span = self.steady_start, np.array([self.problem.settle_for])
        return np.stack([self._solve(dials, start, span)[:, -1] for dials in table])

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        """The solver gives those of all inputs, the start values among them; the second part chains through these."""
        before, after = self.split(times)
        m, at = len(dials), self.problem.at
        self.inputs[:m], self.inputs[m:] = dials, self.problem.y0
        first = self.ode.solve_fwd_sens(self.inputs, np.append(before, at))
        self.inputs[m:] = first.ys[:, -1] + self.problem.dose
        second = self.ode.solve_fwd_sens(self.inputs, after - at)
        a, b = np.stack(first.sens), np.stack(second.sens)  # (input, state, time)
        chosen = list(which)
        through = np.einsum("isk,qi->qsk", b[m:], a[chosen][:, :, -1])
        found = np.concatenate([a[chosen][:, :, :-1], b[chosen] + through], axis=2)
        return found.transpose(2, 1, 0)
