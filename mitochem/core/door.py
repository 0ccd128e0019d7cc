"""What the arguments of a physical law may be: `door` converts and checks them, so that the law stays one line."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from .errors import ParameterError
from .functions import is_symbolic
from .units import in_units, magnitude, parse

__all__ = ["KINDS", "Kind", "any_permeability", "door", "inside", "match_shapes"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Kind:
    """A kind of argument: its house unit, and what is legal, in words and as a test."""

    unit: str
    allowed: str
    test: Callable[[Any], Any] = np.isfinite

    def check(self, name: str, value: Any) -> Any:
        """The value (a list becomes an array), or an error that names the argument; symbols pass."""
        if is_symbolic(value):
            return value
        try:
            numbers = np.asarray("None" if value is None else value, dtype=float)
        except (TypeError, ValueError):
            raise ParameterError(f"{name} = {value!r} is not a number; it must be {self.allowed}.") from None
        bad = numbers[~(np.isfinite(numbers) & self.test(numbers))]
        if bad.size:
            unit = "" if self.unit == "1" else f" {self.unit}"
            verb = "=" if numbers.ndim == 0 else "contains"
            raise ParameterError(f"{name} {verb} {bad.flat[0]:g}{unit}, but it must be {self.allowed}.")
        return numbers if isinstance(value, list | tuple) else value


KINDS = {
    "concentration": Kind("mM", "a concentration above 0 mM", lambda c: c > 0),
    "concentration or none": Kind("mM", "a concentration of at least 0 mM", lambda c: c >= 0),
    "charge": Kind("1", "a charge number other than 0", lambda z: z != 0),
    "charge or none": Kind("1", "a charge number; 0 is an uncharged solute"),
    "potential": Kind("mV", "a finite potential in mV"),
    "energy": Kind("kJ/mol", "a finite energy in kJ/mol"),
    "permeability": Kind("1", "a permeability of at least 0", lambda p: p >= 0),
    "positive": Kind("1", "a finite number above 0", lambda x: x > 0),
    "fraction": Kind("1", "a fraction from 0 to 1", lambda x: (x >= 0) & (x <= 1)),
    "pH": Kind("1", "a pH from 0 to 14", lambda x: (x >= 0) & (x <= 14)),
    "pH difference": Kind("1", "a finite difference of pH"),
    # Catches mM taken for M; the activity coefficients in use fail above about 1 M anyway.
    "ionic strength": Kind("M", "an ionic strength from 0 to 1 M", lambda i: (i >= 0) & (i <= 1)),
    # Water is liquid well inside these limits; a temperature in degrees Celsius falls outside them.
    "temperature": Kind("K", "from 200 to 500 K (write '25 degC' for Celsius)", lambda t: (t >= 200) & (t <= 500)),
}


def match_shapes(where: str, **arguments: Any) -> None:
    """Raise unless the arguments broadcast; DataArrays among themselves match by the names of their dimensions."""
    shapes = {name: np.shape(value) for name, value in arguments.items()}
    if not any(shape for name, shape in shapes.items() if not hasattr(arguments[name], "dims")):
        return
    try:
        np.broadcast_shapes(*shapes.values())
    except ValueError:
        listed = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ParameterError(f"{where}: the shapes of {listed} do not match; they must broadcast.") from None


def door(result: str, **arguments: str) -> Callable[[F], F]:
    """Convert, check and match the shapes of a law's arguments, each of a named kind; the law stays one line.

    ``result`` is the unit of what comes out where quantities went in.
    """
    kinds = {name: KINDS[kind] for name, kind in arguments.items()}

    def decorate(law: F) -> F:
        signature = inspect.signature(law)

        @functools.wraps(law)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            checkable = {name: kinds[name].check(name, a) for name, a in bound.arguments.items() if name in kinds}
            match_shapes(law.__name__, **checkable)
            bound.arguments.update(checkable)
            return law(*bound.args, **bound.kwargs)

        return in_units(result, **{name: kind.unit for name, kind in kinds.items()})(checked)  # type: ignore[return-value]

    return decorate


def inside(checked: F) -> F:
    """The law behind its door, for values that are not a user's: a solver's trial step, a number being traced."""
    return inspect.unwrap(checked)  # type: ignore[return-value]


def any_permeability(law: F) -> F:
    """Let a permeability have any unit; the flux then has that unit times mM."""

    @functools.wraps(law)
    def flux(permeability: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(permeability, str):
            permeability = parse(permeability, "1", "permeability")
        if not hasattr(permeability, "_REGISTRY"):
            return law(permeability, *args, **kwargs)
        per_unit = permeability._REGISTRY.Quantity(
            magnitude(law(permeability.magnitude, *args, **kwargs), "mM", ""), "mM"
        )
        return per_unit * permeability.units

    return flux  # type: ignore[return-value]
