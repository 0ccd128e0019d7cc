"""A model as plain data, and back: what has to be written down to have the very same model again."""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Mapping
from typing import Any

from .component import Component
from .errors import MitochemError, ModelError
from .model import Model

__all__ = ["model_from", "named_in_module", "recorded"]


def recorded(model: Model) -> dict[str, Any]:
    """Everything that makes a model: its components by class and values, start values, what it holds, its clock."""
    return {
        "name": model.name,
        "description": model.description,
        "references": list(model.references),
        "time_unit": model.time_unit,
        "initial": dict(model._initial),
        "holds": dict(model._holds),
        "components": [
            {
                "class": f"{type(c).__module__}:{type(c).__qualname__}",
                "instance": c.instance,
                "wiring": [list(pair) for pair in c.wiring],
                "sources": [list(source) for source in c.sources],
                "values": {name: _plain(value) for name, value in c.values.items()},
            }
            for c in model.components.values()
        ],
    }


def model_from(record: Mapping[str, Any]) -> Model:
    """The model that was recorded.

    Raises
    ------
    ModelError
        If a component is of a class that is not at hand: one outside this package is found only if its module has
        been imported, because reading a record must not run foreign code.
    """
    try:
        components = [_component(entry) for entry in record["components"]]
        model = Model(
            *components,
            name=record["name"],
            description=record["description"],
            references=record["references"],
            initial=record["initial"],
            time_unit=record["time_unit"],
        )
        model._holds = {str(name): bool(held) for name, held in record["holds"].items()}
    except MitochemError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"this is no record of a model ({type(error).__name__}: {error}).") from None
    return model


def _component(entry: Mapping[str, Any]) -> Component:
    cls = named_in_module(entry["class"])
    if not (isinstance(cls, type) and issubclass(cls, Component)):
        raise ModelError(f"{entry['class']} is not a component.")
    wiring = tuple((str(a), str(b)) for a, b in entry["wiring"])
    for word in (name for pair in (*wiring, (entry["instance"] or "none",)) for name in pair):
        if not str(word).isidentifier():
            raise ModelError(f"{word!r} in a record of a model is no name.")
    sources = tuple(tuple(map(str, source)) for source in entry["sources"])
    return cls(**entry["values"], instance=entry["instance"], wiring=wiring, sources=sources)


def named_in_module(path: str) -> Any:
    """The class or function ``module:name``, of this package or a module that is imported already.

    Only what was written in that very module: neither what it imported, nor anything of Python itself, because what a
    record names is going to be called.

    Raises
    ------
    ModelError
        If there is no such thing.
    """
    module_name, _, name = str(path).partition(":")
    own = module_name.partition(".")[0] == "mitochem"
    if module_name.partition(".")[0] in sys.stdlib_module_names:
        raise ModelError(f"{path!r} belongs to Python itself, not to a model or a law.")
    try:
        found: Any = importlib.import_module(module_name) if own else sys.modules[module_name]
        for part in name.split("."):
            found = getattr(found, part)
    except (ImportError, KeyError, AttributeError):
        hint = "" if own else f" Import {module_name} first."
        raise ModelError(f"there is no {name or 'name'} in {module_name!r}.{hint}") from None
    written_there = getattr(found, "__module__", None) == module_name
    if not written_there or not isinstance(found, type | types.FunctionType | types.MethodType):
        raise ModelError(f"{name} of {module_name!r} is no class or function of that module.")
    return found


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) or value is None else float(value)
