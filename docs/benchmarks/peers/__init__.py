"""One small file per peer; `build` sets a tool up for a problem, or says why it cannot be."""

from __future__ import annotations

import importlib
import importlib.metadata
from typing import Any

TOOLS = {
    "mitochem": "own:Mitochem",
    "mitochem-compiled": "own:MitochemCompiled",
    "mitochem-states": "own:MitochemStates",
    "mitochem-continued": "own:MitochemContinued",
    "mitochem-fit": "own:MitochemFit",
    "mitochem-roots": "own:MitochemRoots",
    "mitochem-two": "own:MitochemTwo",
    "numbalsoda": "lsoda_numba:Numbalsoda",
    "numbalsoda-two": "lsoda_numba:NumbalsodaTwo",
    "libroadrunner": "road:Roadrunner",
    "casadi": "symbolic_casadi:Casadi",
    "pydiffsol": "diffsl:Pydiffsol",
    "myokit": "mmt:Myokit",
    "copasi": "copasi:Copasi",
    "diffrax": "jax_diffrax:Diffrax",
    "scipy-math": "scipy_numpy:LsodaMath",
    "scipy-fsolve": "scipy_numpy:Roots",
    "scipy-lsoda": "scipy_numpy:Lsoda",
    "scipy-radau": "scipy_numpy:Radau",
}
"""What can be named on the command line of every script: ``module:class``."""


def load(key: str) -> Any:
    """The class of a tool."""
    module, _, name = TOOLS[key].partition(":")
    return getattr(importlib.import_module(f"{__name__}.{module}"), name)


def build(key: str, problem: Any, rtol: float, atol: float) -> Any:
    """A tool set up for a problem."""
    return load(key)(problem, rtol, atol)


def versions(tool: Any) -> str:
    """Packages and versions behind a tool."""
    return ", ".join(f"{d} {importlib.metadata.version(d)}" for d in tool.distributions)
