"""mitochem: mitochondrial chemiosmosis, from readable laws to fitted data.

``mc.models.isolated_mitochondria()`` assembles a model, ``model.simulate(mc.Protocol()...)`` runs an
experiment on it, ``mc.plot`` draws it. Everything here is imported when it is first used, so that
``import mitochem`` costs little.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_MODULES = (
    "analysis",
    "components",
    "datasets",
    "drugs",
    "electrochemistry",
    "ensembles",
    "equilibria",
    "experiments",
    "fitting",
    "gallery",
    "models",
    "plot",
    "readers",
    "symbolic",
    "thermodynamics",
)
_NAMES = {
    "Component": "core.component",
    "component": "core.component",
    "parameter": "core.declarations",
    "state": "core.declarations",
    "derived": "core.declarations",
    "flux": "core.declarations",
    "total": "core.declarations",
    "factor": "core.declarations",
    "quantity": "core.expressions",
    "Model": "core.model",
    "Protocol": "core.protocol",
    "Rodas5P": "core.solvers.rosenbrock",
    "diff": "core.compare",
    "fit": "fitting",
    "load": "core.dataset",
    "save": "core.dataset",
    "readouts": "experiments",
    "verify": "verification",
    **dict.fromkeys(
        (
            "exp",
            "expm1",
            "log",
            "log10",
            "sinh",
            "cosh",
            "tanh",
            "sqrt",
            "where",
            "kernel",
            "logistic",
            "softplus",
            "x_over_expm1",
        ),
        "core.functions",
    ),
    **dict.fromkeys(
        ("MitochemError", "ModelError", "ParameterError", "SolveError", "ReaderError", "FitError"), "core.errors"
    ),
}

__all__ = ["__version__", *_MODULES, *_NAMES]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _NAMES:
        value = getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
        globals()[name] = value
        return value
    from .core.errors import nearest

    raise AttributeError(f"mitochem has no {name!r}.{nearest(name, __all__)}")


def __dir__() -> list[str]:
    return sorted(__all__)
