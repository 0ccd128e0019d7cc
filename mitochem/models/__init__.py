"""Assembled, named and cited models."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.arguments import one_of
from ..core.errors import ParameterError, nearest
from ..core.model import Model
from .cultured_cell import cultured_cell
from .isolated import isolated_mitochondria
from .korzeniewski import korzeniewski_heart
from .minimal import minimal
from .qamas import qamas_in_vitro
from .respiratory_chain import respiratory_chain
from .vesicle import vesicle

if TYPE_CHECKING:
    import pandas

__all__ = [
    "cultured_cell",
    "get",
    "isolated_mitochondria",
    "korzeniewski_heart",
    "list",
    "minimal",
    "qamas_in_vitro",
    "respiratory_chain",
    "vesicle",
]

_MODELS: dict[str, Callable[..., Model]] = {
    "isolated_mitochondria": isolated_mitochondria,
    "minimal": minimal,
    "qamas_in_vitro": qamas_in_vitro,
    "korzeniewski_heart": korzeniewski_heart,
    "cultured_cell": cultured_cell,
    "respiratory_chain": respiratory_chain,
    "vesicle": vesicle,
}


def get(name: str, **options: Any) -> Model:
    """A model by its name."""
    build = _MODELS[one_of(name, "model", _MODELS)]
    known = inspect.signature(build).parameters
    for option in options:
        if option not in known:
            raise ParameterError(f"the model {name} has no option {option!r}." + nearest(option, known))
    return build(**options)


def list() -> pandas.DataFrame:
    """Table of the models that come with the package."""
    import pandas

    built = {name: build() for name, build in _MODELS.items()}
    rows = {
        n: {"states": len(m.program.states), "fluxes": len(m.program.fluxes), "description": m.description}
        for n, m in built.items()
    }
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("model")
