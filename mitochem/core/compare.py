"""What changed between two models or two results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import ParameterError
from .model import CONTEXTS, Model

if TYPE_CHECKING:
    import pandas

__all__ = ["diff"]


def diff(a: Any, b: Any) -> pandas.DataFrame:
    """Table of what differs between two models, or between what two results were run with.

    Parameters
    ----------
    a, b : Model or Dataset
        Results are compared by the parameters and start values in their attributes.

    Returns
    -------
    DataFrame
        One row a difference, with the columns ``a`` and ``b``; empty if there is none. Something that only
        one side has is "absent" on the other.
    """
    import pandas

    first, second = _facts(a), _facts(b)
    rows = {
        name: {"a": first.get(name, "absent"), "b": second.get(name, "absent")}
        for name in dict.fromkeys([*first, *second])
        if name not in first or name not in second or not np.array_equal(first[name], second[name])
    }
    return pandas.DataFrame.from_dict(rows, orient="index", columns=["a", "b"]).rename_axis("what")


def _facts(thing: Any) -> dict[str, Any]:
    if isinstance(thing, Model):
        facts: dict[str, Any] = {"model": thing.name}
        facts |= {f"component {name}": type(c).__name__ for name, c in thing.components.items()}
        facts |= thing.values
        facts |= {f"start of {name}": value for name, value in thing.initial.items()}
        return facts | {f"held in {context}": ", ".join(thing.held(context)) for context in CONTEXTS}
    attrs = getattr(thing, "attrs", {})
    if "parameters" not in attrs:
        raise ParameterError(f"diff compares models or results of mitochem, not {type(thing).__name__}.")
    facts = {"model": attrs["model"], **json.loads(attrs["parameters"])}
    facts |= {f"start of {name}": value for name, value in json.loads(attrs["initial"]).items()}
    return facts | {k: attrs[k] for k in ("protocol", "conditions", "clamped", "solver", "rtol") if k in attrs}
