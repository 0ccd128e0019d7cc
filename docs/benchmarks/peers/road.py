"""libroadrunner as its experts set it up: conserved moieties from loading, CVODE, nleq2 continued point to point."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import roadrunner

from .base import Peer

__all__ = ["Roadrunner"]


class Roadrunner(Peer):
    name = "libroadrunner, expert settings"
    distributions = ("libroadrunner", "antimony")
    whole = True

    def build(self) -> None:
        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        roadrunner.Config.setValue(roadrunner.Config.LOADSBMLOPTIONS_CONSERVED_MOIETIES, True)
        self.text = self.system.text("sbml")
        self.model = self._loaded()
        self.roots: Any = None

    def _loaded(self) -> Any:
        model = roadrunner.RoadRunner(self.text)
        integrator = model.getIntegrator()
        integrator.setValue("relative_tolerance", self.rtol)
        integrator.setValue("absolute_tolerance", self.atol)
        integrator.setValue("stiff", True)
        integrator.setValue("maximum_num_steps", 200_000)
        # A start at an estimated step misses nothing here: every segment restarts the solver.
        model.timeCourseSelections = ["time", *(f"[y{i}]" for i in self.system.free)]
        return model

    def _set(self, model: Any, dials: np.ndarray) -> None:
        for i, value in enumerate(dials.tolist()):
            model[f"p{i}"] = value

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        model, problem = self.model, self.problem
        before, after = self.split(times)
        model.reset(roadrunner.SelectionRecord.TIME | roadrunner.SelectionRecord.FLOATING)
        self._set(model, dials)
        first = np.array(model.simulate(times=[*before, problem.at]))
        i = problem.states.index(problem.state_added)
        model[f"[y{i}]"] = model[f"[y{i}]"] + problem.dose[i]
        second = np.array(model.simulate(times=[problem.at, *after]))
        return self._placed(np.concatenate([first[:-1], second[1:]])[:, 1:])

    def _placed(self, found: np.ndarray) -> np.ndarray:
        if len(self.system.free) == len(self.problem.states):
            return found
        out = np.repeat(self.problem.y0[None], len(found), axis=0)
        out[:, self.system.free] = found
        return out

    def _steady_model(self) -> Any:
        """Loaded once, with the addition in its totals, resting at the defaults of the sweep."""
        model = self._loaded()
        i = self.problem.states.index(self.problem.state_added)
        model[f"[y{i}]"] = model[f"[y{i}]"] + self.problem.dose[i]
        model.setSteadyStateSolver("nleq2")
        solver = model.getSteadyStateSolver()
        solver.setValue("auto_moiety_analysis", False)  # at every call it would rebuild the model
        solver.setValue("allow_presimulation", False)
        solver.setValue("relative_tolerance", 1e-12)
        model.steadyStateSelections = [f"[y{i}]" for i in self.system.free]
        return model

    def steady(self, table: np.ndarray) -> np.ndarray:
        if self.roots is None:
            self.roots = self._steady_model()
            self._set(self.roots, table[0])
            self.roots.simulate(0, self.problem.settle_for, 2)
            self.last = table[0]
        model = self.roots
        found = np.empty((len(table), len(self.system.free)))
        previous = np.full(len(self.system.dials), math.nan)
        # A sweep that finds the model at its far end runs backwards: no jump from one end to the other.
        backwards = np.abs(self.last - table[-1]).sum() < np.abs(self.last - table[0]).sum()
        for n in range(len(table) - 1, -1, -1) if backwards else range(len(table)):
            dials = table[n]
            for i in np.flatnonzero(dials != previous).tolist():
                model[f"p{i}"] = dials[i]
            previous = dials
            found[n] = model.getSteadyStateValues()
        self.last = previous
        return self._placed(found)

    def cold(self, dials: np.ndarray) -> np.ndarray:
        """From the start of the experiment with the addition; nleq2 must find its way alone."""
        if self.roots is None:
            self.roots = self._steady_model()
        model = self.roots
        model.reset(roadrunner.SelectionRecord.TIME | roadrunner.SelectionRecord.FLOATING)
        i = self.problem.states.index(self.problem.state_added)
        model[f"[y{i}]"] = model[f"[y{i}]"] + self.problem.dose[i]
        self._set(model, dials)
        return self._placed(np.array(model.getSteadyStateValues())[None])
