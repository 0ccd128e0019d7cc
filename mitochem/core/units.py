"""Units at the user's door: strings and quantities come in, plain house numbers go on.

The core never sees a unit object. `magnitude` turns what a user may type (``0.5``, ``"0.5 uM"``,
a pint quantity, an array) into numbers in the unit that was declared, and refuses what is not of
that kind. `in_units` does the same for a whole function and gives quantities back to whoever
brought quantities.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from .errors import ParameterError

__all__ = ["in_units", "magnitude", "registry"]

F = TypeVar("F", bound=Callable[..., Any])

_NUMBER = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf)\s*(.*?)\s*$")


@functools.cache
def registry() -> Any:
    """The one pint registry (made when first needed: importing pint takes a while)."""
    import pint

    made: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for counted in ("well", "cell"):  # what a plate reader's rates are per
        made.define(f"{counted} = [{counted}]")
    return made


def unit(text: str) -> Any:
    """A pint unit from house spelling, where ``"1"`` is dimensionless."""
    return registry().Unit("dimensionless" if text in ("1", "") else text)


def parse(text: str, expected: str, what: str) -> Any:
    """A pint quantity from ``"0.5 uM"``; a bare number is taken in the expected unit."""
    import pint

    match = _NUMBER.match(text)
    if not match:
        raise ParameterError(f"{what} = {text!r} is not a number with a unit, such as '0.5 {expected}'.")
    number, name = float(match[1]), match[2].replace("µ", "u").replace("μ", "u")
    try:
        return registry().Quantity(number, unit(name) if name else unit(expected))
    except (pint.errors.UndefinedUnitError, pint.errors.PintError, ValueError, AttributeError):
        raise ParameterError(f"{what} = {text!r}: {name!r} is not a unit that is known.") from None


def magnitude(value: Any, expected: str, what: str) -> Any:
    """The value in the expected unit, as a float or an array.

    Parameters
    ----------
    value : float, array, str or pint quantity
        Numbers are taken to be in the expected unit already.
    expected : str
        House unit, such as ``"uM"``.
    what : str
        Name used in the error.

    Raises
    ------
    ParameterError
        If the unit is unknown or of another kind.
    """
    if isinstance(value, str):
        value = parse(value, expected, what)
    if isinstance(value, list | tuple) and any(isinstance(v, str) for v in value):
        return np.array([magnitude(v, expected, what) for v in value], dtype=float)
    if not hasattr(value, "_REGISTRY"):
        return value
    import pint

    try:
        return value.to(unit(expected)).magnitude
    except pint.errors.DimensionalityError:
        kind = "a pure number" if expected == "1" else f"a quantity in {expected}"
        raise ParameterError(f"{what} = {value:~} has the wrong kind of unit; it takes {kind}.") from None


def in_units(result: str, **arguments: str) -> Callable[[F], F]:
    """Let a function of plain numbers accept strings and quantities for the named arguments.

    Plain numbers, arrays, DataArrays and symbols pass untouched. Where at least one pint quantity
    came in, a quantity of unit ``result`` goes out.
    """

    def decorate(function: F) -> F:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            quantities = False
            for name, value in bound.arguments.items():
                if name in arguments and (isinstance(value, str) or hasattr(value, "_REGISTRY")):
                    quantities |= not isinstance(value, str)
                    bound.arguments[name] = magnitude(value, arguments[name], name)
            value = function(*bound.args, **bound.kwargs)
            return registry().Quantity(value, unit(result)) if quantities else value

        return wrapper  # type: ignore[return-value]

    return decorate
