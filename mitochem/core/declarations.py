"""What a component declares in its body: parameters, laws (states, derived, fluxes), aggregates."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

from .arguments import interval_in, names_in, number_in, one_of, unit_in
from .bound import BoundLaw
from .door import match_shapes
from .errors import ModelError, nearest
from .expressions import Expression
from .functions import is_symbolic

__all__ = [
    "CONTEXTS",
    "STATUSES",
    "Aggregate",
    "BoundLaw",
    "Law",
    "Parameter",
    "derived",
    "factor",
    "flux",
    "parameter",
    "state",
    "total",
]

CONTEXTS = ("simulate", "steady_state", "titrate")
"""Kinds of solve in which a state may be held by default."""

STATUSES = ("read", "recalled", "calibrated", "derived", "assumed")


class Parameter(Expression):
    """A declared number: default, unit, what is legal, what is plausible, where it comes from."""

    def __init__(
        self,
        default: float,
        unit: str,
        *,
        bounds: tuple[float | None, float | None] = (None, None),
        range: tuple[float, float] | None = None,
        status: str = "assumed",
        source: str = "",
        shared: bool = False,
        symbol: str = "",
    ) -> None:
        if status not in STATUSES:
            raise ModelError(f"status {status!r} of a parameter is not one of {', '.join(STATUSES)}.")
        if not source or not isinstance(source, str):
            raise ModelError("a parameter needs a source: a reference key, or 'assumed: why'.")
        self.default, self.unit, self.source, self.status = default, unit_in(unit, "unit"), source, status
        self.shared, self.symbol = shared, symbol
        self.lower, self.upper = interval_in(bounds, "bounds", ModelError)
        self.range = range
        _inside(number_in(default, "default", ModelError), "default", unit, self.bounds)
        if range is not None:
            for end in interval_in(range, "range", ModelError):
                _inside(end, "an end of range", unit, self.bounds)

    OPTIONS = ("bounds", "range", "status", "source", "shared", "symbol")

    @property
    def bounds(self) -> tuple[float, float]:
        return self.lower, self.upper

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


def _inside(value: float, what: str, unit: str, bounds: tuple[float, float]) -> None:
    low, high = bounds
    if not low <= value <= high:
        raise ModelError(f"{what} = {value:g} {unit} is outside the bounds, {low:g} to {high:g}.")


def parameter(default: float, unit: str, **declaration: Any) -> Any:
    """Declare a parameter of a component.

    Parameters
    ----------
    default : float
        Value in ``unit``.
    unit : str
        House unit in slash form; ``"1"`` where there is none.
    bounds : (low, high), optional
        What is legal; None leaves a side open.
    range : (low, high), optional
        What is plausible, both finite; random tests draw from it.
    status : {"read", "recalled", "calibrated", "derived", "assumed"}
        How the default is known.
    source : str
        A key of the bibliography, or ``"assumed: why"``.
    shared : bool
        True if other components may take it as a law's argument by its bare name.
    symbol : str
        LaTeX for equations and axes.
    """
    if unknown := declaration.keys() - Parameter.OPTIONS:
        raise ModelError(f"parameter has no option {min(unknown)!r}." + nearest(min(unknown), Parameter.OPTIONS))
    return Parameter(default, unit, **declaration)


class Law(Expression):
    """A method of a component that is one law of the model, with what it declares."""

    def __init__(self, function: Callable[..., Any], kind: str, unit: str, **options: Any) -> None:
        self.function, self.kind, self.unit, self.options = function, kind, unit, options
        self.name = function.__name__
        signature = list(inspect.signature(function).parameters.values())[1:]
        for argument in signature:
            if argument.kind is not argument.POSITIONAL_OR_KEYWORD or argument.default is not argument.empty:
                raise ModelError(
                    f"{self.name}: argument {argument.name!r} must be a plain name; laws take quantities, "
                    "and numbers belong in parameters."
                )
        self.inputs = tuple(argument.name for argument in signature)
        self.__doc__ = function.__doc__

    def __getattr__(self, option: str) -> Any:
        try:
            return self.__dict__["options"][option]
        except KeyError:
            raise AttributeError(option) from None

    @property
    def long_name(self) -> str:
        text = self.options.get("long_name") or (self.__doc__ or "").strip().split("\n")[0].rstrip(".")
        return text or self.name

    @functools.cached_property
    def limits(self) -> tuple[float, float]:
        """Bounds of a state; infinite where a side is open."""
        return interval_in(self.options["bounds"], f"bounds of {self.name}", ModelError)

    def __get__(self, component: Any, owner: type) -> Any:
        return self if component is None else BoundLaw(self, component)

    def read_with(self, component: Any, arguments: Mapping[str, Any]) -> Any:
        """Call the law, turning the two usual slips into an error that says what to write."""
        try:
            return self.function(component, **arguments)
        except ZeroDivisionError as error:
            shown = ", ".join(f"{name} = {value}" for name, value in arguments.items())
            raise ZeroDivisionError(f"{type(component).__name__}.{self.name} divides by zero at {shown}") from error
        except ValueError:
            match_shapes(f"{type(component).__name__}.{self.name}", **{**component.values, **arguments})
            raise
        except (TypeError, AttributeError) as error:
            values = (*arguments.values(), *vars(component).values())
            if not any(is_symbolic(v) for v in values):
                raise
            where = f"{type(component).__name__}.{self.name}"
            if "truth value" in str(error):
                raise ModelError(
                    f"{where} uses `if` (or and/or/min/max) on a quantity, which has no value yet when the "
                    "equation is read. Write where(condition, a, b), or better a smooth form."
                ) from error
            raise ModelError(
                f"{where} calls a function that does not understand symbols ({error}). Import exp, log, "
                "sinh, tanh, sqrt, where, … from mitochem instead of numpy or math."
            ) from error


Decorator = Callable[[Callable[..., Any]], Any]


def state(
    unit: str,
    *,
    initial: float,
    alias: str = "",
    bounds: tuple[float | None, float | None] = (None, None),
    scale: float = 1.0,
    held: tuple[str, ...] = (),
    symbol: str = "",
    long_name: str = "",
) -> Decorator:
    """Declare a state: the method returns its rate of change per unit of model time.

    Parameters
    ----------
    unit : str
        Unit of the state itself.
    initial : float
        Start value when nothing else is said.
    alias : str
        What an experimenter calls it when adding it to the bath (``ADP`` for ``adp_bath``).
    bounds : (low, high)
        Physically possible values (0 for an amount); steady states are sought inside.
    scale : float
        Typical size; the absolute tolerance of a solve is relative to it.
    held : tuple of {"simulate", "steady_state", "titrate"}
        Where it is an input by default: a reservoir such as the oxygen of an open chamber.
    """
    unit_in(unit, "unit")
    _inside(number_in(initial, "initial", ModelError), "initial", unit, interval_in(bounds, "bounds", ModelError))
    if not math.isfinite(initial):
        raise ModelError(f"initial = {initial:g} {unit} is not a finite number.")
    if not 0 < number_in(scale, "scale", ModelError) < math.inf:
        raise ModelError(f"scale = {scale:g} {unit} is not a finite number above 0.")
    for context in names_in(held, "held", ModelError):
        one_of(context, "held", CONTEXTS, ModelError)
    options = dict(
        initial=initial, alias=alias, bounds=bounds, scale=scale, held=held, symbol=symbol, long_name=long_name
    )
    return lambda function: Law(function, "state", unit, **options)


def derived(unit: str, *, into: str = "", local: bool = False, symbol: str = "", long_name: str = "") -> Decorator:
    """Declare a quantity computed from others; ``into`` joins it to an aggregate of that name."""
    unit_in(unit, "unit")
    return lambda function: Law(function, "derived", unit, into=into, local=local, symbol=symbol, long_name=long_name)


_DRIVEN = object()


def flux(
    unit: str,
    *,
    affinity: Any = _DRIVEN,
    reason: str = "",
    into: str = "",
    local: bool = False,
    scaled_by: str = "velocity_factor",
    symbol: str = "",
    long_name: str = "",
    unbalanced: Mapping[str, str] | None = None,
    **posts: Any,
) -> Decorator:
    """Declare a flux, and what each unit of it adds to which pool.

    Parameters
    ----------
    unit : str
        Unit of the flux.
    affinity : None, optional
        None says that the law is empirical and not driven by its affinity; ``reason`` must say why.
    into : str
        Aggregate that the flux joins.
    scaled_by : str
        Quantity that multiplies the law in any model that has it: by default the temperature dependence of
        velocities, which so is written once for all. Empty for a rate that does not depend on temperature.
    unbalanced : dict, optional
        Contents this flux does not conserve, each with its reason.
    **posts
        Pool name = coefficient: a number or an expression of parameters and quantities.
    """
    if affinity not in (_DRIVEN, None):
        raise ModelError("affinity= is computed from the posts; the only thing to say is affinity=None, reason=...")
    if affinity is None and not reason:
        raise ModelError("affinity=None needs reason='...': why this flux may run against its affinity.")
    unit_in(unit, "unit")
    for pool, coefficient in posts.items():
        if not isinstance(coefficient, Expression) and not math.isfinite(number_in(coefficient, pool, ModelError)):
            raise ModelError(f"{pool} = {coefficient!r} is not a finite number or an expression of parameters.")
    options = dict(
        posts=posts,
        driven=affinity is _DRIVEN,
        reason=reason,
        into=into,
        local=local,
        scaled_by=scaled_by,
        symbol=symbol,
        long_name=long_name,
        unbalanced=dict(unbalanced or {}),
    )
    return lambda function: Law(function, "flux", unit, **options)


class Aggregate(Expression):
    """A sum or product of whatever other components post under its name."""

    def __init__(self, kind: str, why: str, unit: str, symbol: str) -> None:
        self.kind, self.why, self.unit, self.symbol = kind, why, unit_in(unit, "unit"), symbol

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


def total(why: str, *, unit: str = "1", symbol: str = "") -> Any:
    """Declare a quantity that is the sum of what others put ``into`` it; 0 when nobody does."""
    return Aggregate("total", why, unit, symbol)


def factor(why: str, *, symbol: str = "") -> Any:
    """Declare a quantity that is the product of what others put ``into`` it; 1 when nobody does."""
    return Aggregate("factor", why, "1", symbol)
