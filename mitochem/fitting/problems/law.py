"""A law or a closed form by itself, made ready to be fitted: what it is called with, what it gives, in which units."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import interval_in, mapping_in, names_in, numbers_in, shown, text_in
from ...core.errors import FitError, nearest

if TYPE_CHECKING:
    from ...symbolic.closed_form import ClosedForm
    from ..results.derived import Derived
    from ..results.result import FitResult

__all__ = ["Law"]


@dataclasses.dataclass(frozen=True, eq=False)
class Law:
    """A function that can be fitted by itself, without a model around it.

    Parameters
    ----------
    function : callable
        Called with every argument by name; broadcasts over arrays. Where it stands in a module it is found again by
        its name, so that a recorded fit can be run again.
    observable : str
        What it gives.
    units : mapping of str to str
        Unit of the observable and of every argument.
    defaults : mapping of str to float
        Values of arguments that are neither free nor a condition.
    bounds : mapping of str to pair
        What is legal for an argument, ``(low, high)``, None for no end.
    long_names : mapping of str to str
        Words for the axes of figures.
    title, equation : str
        For the report.
    references : sequence of str
        Keys of the bibliography.
    remarks : callable, optional
        ``remarks(result)`` gives warnings that belong to this law, such as extrapolation.
    derive : callable, optional
        ``derive(result)`` gives what follows from the fitted values, each a `Derived`.
    doubts : sequence of (kind, text)
        Warnings about the data, known before the fit; kinds as of `Warned`.

    Raises
    ------
    FitError
        If a unit is missing, or a name is not an argument of the function.
    """

    function: Callable[..., Any]
    observable: str
    units: Mapping[str, str]
    defaults: Mapping[str, float] = dataclasses.field(default_factory=dict)
    bounds: Mapping[str, tuple[float | None, float | None]] = dataclasses.field(default_factory=dict)
    long_names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    title: str = ""
    equation: str = ""
    references: Sequence[str] = ()
    remarks: Callable[[FitResult], Sequence[str]] | None = None
    derive: Callable[[FitResult], Sequence[Derived]] | None = None
    doubts: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise FitError(f"function = {shown(self.function)} cannot be called.")
        text_in(self.observable, "observable", FitError)
        for where in ("units", "defaults", "bounds", "long_names"):
            object.__setattr__(self, where, mapping_in(getattr(self, where), f"{where} of a law", FitError))
        units = self.units
        for name, one in units.items():
            text_in(one, f"unit of {name}", FitError)
        for name, value in self.defaults.items():
            if np.ndim(numbers_in(value, f"default of {name}", FitError)) or not np.isfinite(float(value)):
                raise FitError(f"the default of {name} is {shown(value)}; it takes one finite number.")
        for name, pair in self.bounds.items():
            interval_in(pair, f"bounds of {name}", FitError)
        names_in(self.references, "references", FitError)
        if self.remarks is not None and not callable(self.remarks):
            raise FitError(f"remarks = {shown(self.remarks)} cannot be called.")
        if self.observable not in units:
            raise FitError(f"the unit of {self.observable!r} is missing; units hold {', '.join(units) or 'none'}.")
        known = _arguments_of(self.function)
        for where in ("units", "defaults", "bounds"):
            for name in getattr(self, where):
                if known is not None and name not in known and name != self.observable:
                    raise FitError(f"{where}: {self.name} takes no argument {name!r}." + nearest(name, known))
        missing = [name for name in known or () if name not in units and name not in self.defaults]
        if missing and (without := [n for n in missing if _is_needed(self.function, n)]):
            raise FitError(f"{self.name}: the unit of {', '.join(without)} is missing.")

    @property
    def name(self) -> str:
        """The function's own name."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    @property
    def arguments(self) -> tuple[str, ...]:
        """Everything that has a unit, besides the observable."""
        return tuple(name for name in self.units if name != self.observable)

    @classmethod
    def of_closed_form(cls, form: ClosedForm, quantity: str, units: Mapping[str, str], **options: Any) -> Law:
        """One quantity of a closed form of `mitochem.symbolic`.

        ``units`` has the unit of the quantity and of every symbol that is fitted or a condition, by address as in
        ``form.symbols``; the others keep the values of the form.
        """
        from ...symbolic.closed_form import ClosedForm

        if not isinstance(form, ClosedForm):
            raise FitError(f"form = {shown(form)} is no ClosedForm, such as symbolic.static_head(...).")
        if quantity not in form.quantities:
            raise FitError(f"{form.name} has no quantity {quantity!r}." + nearest(quantity, form.quantities))
        for name in mapping_in(units, "units of a law", FitError):
            if name != quantity and name not in form.symbols:
                raise FitError(f"units: {form.name} has no symbol {name!r}." + nearest(name, form.symbols))
        options = {"title": form.title, "equation": f"{quantity} of {form.name} ({form.case})"} | options
        return cls(Reading(form, quantity), quantity, units, **options)


@dataclasses.dataclass(frozen=True, eq=False)
class Reading:
    """A closed form read as numbers, one quantity of it."""

    form: ClosedForm
    quantity: str

    @property
    def __name__(self) -> str:
        return self.form.name

    def __call__(self, **values: Any) -> Any:
        return self.form.numeric(values)[self.quantity]


def _arguments_of(function: Any) -> tuple[str, ...] | None:
    """Names that a function takes; None where it takes any."""
    if isinstance(function, Reading):
        return None
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return tuple(p.name for p in parameters)


def _is_needed(function: Any, name: str) -> bool:
    return inspect.signature(function).parameters[name].default is inspect.Parameter.empty
