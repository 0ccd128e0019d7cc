"""What a peer needs of a problem, as plain data: a process that starts with it imports neither mitochem nor SymPy."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Frozen", "FrozenProblem", "execute", "freeze"]

LISTS = ("y0", "dose", "defaults", "sweep")
PLAIN = ("name", "states", "dials", "state_added", "at", "end", "swept", "settle_for")


def execute(source: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Generated Python with these functions; on plain floats by default."""
    space = {"exp": math.exp, "log": math.log, "sqrt": math.sqrt} | namespace
    exec(compile(source, "<equations>", "exec"), space)
    return space


def freeze(problem: Any, path: Path, languages: tuple[str, ...] = ("python", "sbml", "diffsl", "mmt")) -> None:
    """Write the problem and its equations to a JSON file."""
    from .equations import system

    equations = system(problem)
    facts = {name: getattr(problem, name) for name in PLAIN}
    facts |= {name: np.asarray(getattr(problem, name)).tolist() for name in LISTS}
    facts["free"], facts["conserved"] = equations.free, equations.conserved.tolist()
    facts["texts"] = {language: equations.text(language) for language in languages}
    path.write_text(json.dumps(facts), "utf-8")


class Frozen:
    """The equations as text."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.states, self.dials, self.free, self.texts = facts["states"], facts["dials"], facts["free"], facts["texts"]
        self.conserved = np.array(facts["conserved"])

    def text(self, language: str) -> str:
        return self.texts[language]

    def functions(self, **namespace: Any) -> dict[str, Any]:
        return execute(self.texts["python"], namespace)


class FrozenProblem:
    """Stands for a `problems.Problem`."""

    def __init__(self, path: Path) -> None:
        facts = json.loads(path.read_text("utf-8"))
        for name in PLAIN:
            setattr(self, name, facts[name])
        for name in LISTS:
            setattr(self, name, np.array(facts[name]))
        self.frozen = Frozen(facts)

    def times(self, rows: int) -> np.ndarray:
        return np.linspace(0.0, self.end, rows)

    def sweep_table(self, points: int) -> np.ndarray:
        table = np.repeat(self.defaults[None], points, axis=0)
        chosen = np.linspace(0, len(self.sweep) - 1, points).round().astype(int)
        table[:, self.dials.index(self.swept)] = self.sweep[chosen]
        return table

    def draws(self, members: int, factor: float = 2.0) -> np.ndarray:
        spread = np.random.default_rng(1).uniform(-1, 1, (members, len(self.dials)))
        return self.defaults * factor**spread
