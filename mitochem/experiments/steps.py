"""What assays have in common: additions in steps, and what is checked before anything runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.arguments import text_in
from ..core.door import Kind
from ..core.errors import ParameterError
from ..core.protocol import Protocol
from ..core.units import magnitude

__all__ = ["doses_in", "minutes_in", "named", "stepwise"]

_DOSES = Kind("uM", "doses of at least 0 uM", lambda dose: dose >= 0)
_WAIT = Kind("min", "a wait of at least 0 min", lambda time: time >= 0)


def doses_in(given: Any, what: str) -> list[float]:
    """One dose after another, µM; a single number is one dose."""
    doses = np.atleast_1d(_DOSES.check(what, magnitude(given, "uM", what)))
    if doses.ndim > 1:
        raise ParameterError(f"{what} has the shape {doses.shape}; it takes one dose after another.")
    return [float(dose) for dose in doses]


def minutes_in(given: Any, what: str) -> float:
    """A length of time in minutes."""
    time = _WAIT.check(what, magnitude(given, "min", what))
    if np.ndim(time):
        raise ParameterError(f"{what} has the shape {np.shape(time)}; it takes one time in min.")
    return float(time)


def stepwise(protocol: Protocol, drug: str, doses: Any, wait: float, label: str = "{drug} {total:g}") -> Protocol:
    """The protocol with a drug added in steps, each of which is waited out.

    Parameters
    ----------
    protocol : Protocol
        What comes before.
    drug : str
        Name of the drug.
    doses : sequence of float
        What each step adds, µM in the chamber.
    wait : float
        Minutes after each step.
    label : str
        Name of each stretch, with ``{drug}`` and ``{total}``, the dose so far.
    """
    name, total = text_in(drug, "drug"), 0.0
    for dose in doses_in(doses, f"the steps of {name}"):
        total += dose
        protocol = protocol.add(**{name: dose}).wait(wait, label.format(drug=name, total=total))
    return protocol


def named(given: Any, name: str, unit: str) -> Any:
    """An array of values along a dimension of this name, so that two settings of one quantity vary together."""
    values = magnitude(given, unit, name)
    if hasattr(values, "dims") or np.ndim(values) != 1:
        return values
    import xarray

    return xarray.DataArray(values, {name: (name, values, {"units": unit, "long_name": name})}, (name,))
