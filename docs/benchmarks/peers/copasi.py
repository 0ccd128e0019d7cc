"""COPASI (python-copasi, the core API that basico wraps) on the same SBML as libroadrunner."""

from __future__ import annotations

from typing import Any

import COPASI
import numpy as np

from .base import Peer

__all__ = ["Copasi"]


class Copasi(Peer):
    name = "COPASI core API (LSODA)"
    distributions = ("python-copasi",)

    def build(self) -> None:
        self.data = COPASI.CRootContainer.addDatamodel()
        if not self.data.importSBMLFromString(self.system.text("sbml")):
            raise RuntimeError(COPASI.CCopasiMessage.getAllMessageText())
        model = self.data.getModel()
        model.compileIfNecessary()
        self.model = model
        self.parameters = [self._value(f"p{i}") for i in range(len(self.system.dials))]
        self.species = [self._species(f"y{i}") for i in range(len(self.system.states))]
        self.task = self.data.getTask("Time-Course")
        self.task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
        method = self.task.getMethod()
        method.getParameter("Relative Tolerance").setDblValue(self.rtol)
        method.getParameter("Absolute Tolerance").setDblValue(self.atol)
        method.getParameter("Max Internal Steps").setIntValue(10_000_000)
        self.task.getProblem().setTimeSeriesRequested(True)

    def _value(self, name: str) -> Any:
        values = self.model.getModelValues()
        return next(values.get(i) for i in range(values.size()) if values.get(i).getObjectName() == name)

    def _species(self, name: str) -> Any:
        found = self.model.getMetabolites()
        return next(found.get(i) for i in range(found.size()) if found.get(i).getObjectName() == name)

    def _start(self, dials: np.ndarray, y: np.ndarray) -> None:
        changed = COPASI.ObjectStdVector()
        for value, number in zip(self.parameters, dials.tolist()):
            if value.getInitialValue() != number:
                value.setInitialValue(number)
                changed.append(value.getInitialValueReference())
        for species, number in zip(self.species, y.tolist()):
            species.setInitialConcentration(number)
            changed.append(species.getInitialConcentrationReference())
        self.model.updateInitialValues(changed)

    def _course(self, times: np.ndarray) -> np.ndarray:
        """States at ``times``, which start at 0."""
        problem = self.task.getProblem()
        problem.setUseValues(True)
        problem.setValues(" ".join(map(repr, times.tolist())))
        problem.setDuration(float(times[-1]))
        if not self.task.process(True):
            raise RuntimeError(COPASI.CCopasiMessage.getAllMessageText()[:200])
        series = self.task.getTimeSeries()
        columns = {series.getTitle(i): i for i in range(series.getNumVariables())}
        rows = range(series.getRecordedSteps())
        found = np.repeat(self.problem.y0[None], len(rows), axis=0)
        for i in self.system.free:
            column = columns[f"y{i}"]
            found[:, i] = [series.getConcentrationData(r, column) for r in rows]
        return found

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        before, after = self.split(times)
        at = self.problem.at
        self._start(dials, self.problem.y0)
        first = self._course(np.append(before, at))
        self._start(dials, first[-1] + self.problem.dose)
        second = self._course(np.append(0.0, after - at))
        return np.concatenate([first[:-1], second[1:]])

    def steady(self, table: np.ndarray) -> np.ndarray:
        """Its own steady-state task: Newton and, where that fails, integration."""
        task = self.data.getTask("Steady-State")
        method = task.getMethod()
        method.getParameter("Resolution").setDblValue(1e-9)
        out = np.empty((len(table), len(self.species)))
        for n, dials in enumerate(table):
            self._start(dials, self.steady_start)
            if not task.process(True):
                raise RuntimeError(COPASI.CCopasiMessage.getAllMessageText()[:200])
            out[n] = [species.getConcentration() for species in self.species]
        return out
