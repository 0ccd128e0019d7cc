"""What several commands need: the model asked for, numbers in a text, units and figures."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.errors import ParameterError

__all__ = ["figure_of", "model_of", "unit_of", "values_of"]

DEFAULT = "isolated_mitochondria"


def model_of(options: Any, assay: Any = None) -> Any:
    """The model asked for, or else that of the assay, with its --set values."""
    from .. import models
    from ..core.library import with_drugs_of

    chosen = {name: getattr(options, name) for name in ("substrate", "load") if getattr(options, name)}
    name = options.model or (assay.model_name if assay else DEFAULT)
    if chosen and name != DEFAULT:
        raise ParameterError(f"--{next(iter(chosen))} is an option of {DEFAULT}, not of {name}.")
    own = assay.model_options if assay and not options.model else {}
    model = models.get(name, **own | chosen)
    values = {}
    for assignment in options.assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name or not value:
            raise ParameterError(f"--set {assignment!r}: write NAME=VALUE, such as leak.amplitude=0.9.")
        values[name] = value
    return with_drugs_of(model, values).replace(values)


def values_of(text: str, what: str) -> Any:
    """Numbers from ``0:1:101``, ``log:0.01:10:50`` or ``0,0.1,0.2``."""
    logarithmic = text.startswith("log:")
    try:
        if ":" not in text:
            return np.array([float(part) for part in text.split(",")])
        first, last, number = text.removeprefix("log:").split(":")
        start, stop, count = float(first), float(last), int(number)
        if count < 1 or not np.isfinite([start, stop]).all() or (logarithmic and min(start, stop) <= 0):
            raise ValueError
        return np.geomspace(start, stop, count) if logarithmic else np.linspace(start, stop, count)
    except ValueError:
        raise ParameterError(
            f"{what} {text!r}: write START:STOP:COUNT, log:START:STOP:COUNT (both above 0), or a list 0,0.1,0.2."
        ) from None


def unit_of(variable: Any) -> str:
    unit = variable.attrs.get("units", "1")
    return "" if unit == "1" else str(unit)


def figure_of(axes: Any) -> Any:
    return np.ravel(np.asarray(axes, dtype=object))[0].figure
