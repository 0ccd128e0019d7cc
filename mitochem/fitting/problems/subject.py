"""What a problem is about, a model or a law, behind one face: names, units, bounds, predictions and their slopes."""

from __future__ import annotations

import abc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import shown
from ...core.errors import FitError, ParameterError, nearest
from ...core.solvers import backend
from .law import Law

if TYPE_CHECKING:
    from ...core.model import Model

__all__ = ["OfLaw", "OfModel", "Subject", "subject_of"]


class Subject(abc.ABC):
    """Names, units and predictions of what is fitted."""

    name: str
    description: str
    observables: tuple[str, ...]
    references: tuple[str, ...]

    @abc.abstractmethod
    def address(self, name: str) -> str:
        """A condition or parameter by its name."""

    @abc.abstractmethod
    def unit(self, address: str) -> str:
        """Unit of a condition or parameter."""

    @abc.abstractmethod
    def observed_unit(self, name: str) -> str:
        """Unit of an observable."""

    @abc.abstractmethod
    def check(self, address: str, column: Any) -> Any:
        """Values of a condition, inside its bounds."""

    @abc.abstractmethod
    def parameter(self, name: str) -> tuple[str, str, Any, float, float, tuple[float, float] | None]:
        """Of something to be fitted: address, unit, value or None, legal bounds, plausible range."""

    @abc.abstractmethod
    def held(self, names: Sequence[str] | None, given: Sequence[str], what: str) -> tuple[str, ...]:
        """States held in an experiment whose conditions are ``given``."""

    @abc.abstractmethod
    def values(self, columns: Mapping[str, Any], size: int, names: Sequence[str], held: Sequence[str]) -> Any:
        """Observables (name, point) under conditions given as columns; NaN where there is no answer."""

    def changes(
        self, columns: Mapping[str, Any], moved: Mapping[str, Any], size: int, names: Sequence[str], held: Sequence[str]
    ) -> tuple[Any, Any]:
        """Observables (name, point), and their change (name, direction, point) when conditions move.

        ``moved`` has the conditions that do, a little lower and higher: arrays (2, direction, point).
        """
        directions = next(iter(moved.values())).shape[1]
        wide = {}
        for name, column in (dict(columns) | dict(moved)).items():
            ends = np.broadcast_to(column, (2, directions, size)).reshape(2 * directions, size)
            wide[name] = np.concatenate([np.broadcast_to(columns.get(name, ends[0]), (1, size)), ends]).ravel()
        found = self.values(wide, (2 * directions + 1) * size, names, held).reshape(len(names), -1, size)
        low, high = np.split(found[:, 1:], 2, axis=1)
        return found[:, 0], high - low

    @abc.abstractmethod
    def missing(self, known: Sequence[str]) -> list[str]:
        """What would have to be free or given besides ``known``."""

    @abc.abstractmethod
    def long_names(self, names: Sequence[str]) -> dict[str, str]:
        """Words for the axes of a figure."""


class OfModel(Subject):
    """Steady states and time courses of an assembled model."""

    def __init__(self, model: Model) -> None:
        self.model, self.spent = model, 0.0
        self.name, self.description = model.name, model.description
        self.observables = (*model.program.states, *model.statements)
        self.references = tuple(model.reference_keys)

    def address(self, name: str) -> str:
        return self.model.find(name)[1]

    def unit(self, address: str) -> str:
        return str(self.model.declared(address).unit)

    def observed_unit(self, name: str) -> str:
        states = self.model.program.states
        return str(states[name][1].unit) if name in states else self.model.statements[name].unit

    def check(self, address: str, column: Any) -> Any:
        return np.asarray(self.model.check(address, column), float)

    def parameter(self, name: str) -> tuple[str, str, Any, float, float, tuple[float, float] | None]:
        kind, address = self.model.find(name)
        if kind == "state":
            raise ParameterError(f"{name!r} is a state, not a parameter; its value belongs into the conditions.")
        declared, value = self.model.declared(address), self.model[address]
        if not isinstance(value, int | float):
            raise FitError(f"{address} is an array in this model; a free parameter needs one start value.")
        return address, str(declared.unit), float(value), declared.lower, declared.upper, declared.range

    def held(self, names: Sequence[str] | None, given: Sequence[str], what: str) -> tuple[str, ...]:
        chosen = [name for name in given if name in self.model.program.states] if names is None else names
        return tuple(self.model.state(name) for name in chosen)

    def values(self, columns: Mapping[str, Any], size: int, names: Sequence[str], held: Sequence[str]) -> Any:
        from ...core.solvers.steady_points import steady_values

        return self._timed(steady_values, columns, size, names, held)

    def changes(
        self, columns: Mapping[str, Any], moved: Mapping[str, Any], size: int, names: Sequence[str], held: Sequence[str]
    ) -> tuple[Any, Any]:
        """By the implicit function theorem; where that has no answer, from steady states beside this one."""
        from ...core.solvers.steady_points import steady_changes

        values, changes = self._timed(steady_changes, columns, moved, size, names, held)
        if np.isfinite(values).all() and not np.isfinite(changes).all():
            return super().changes(columns, moved, size, names, held)
        return values, changes

    def _timed(self, solve: Callable[..., Any], *arguments: Any) -> Any:
        """Solved by NumPy until that has cost as much as machine code would, then by machine code."""
        begun = time.perf_counter()
        # A trial step may go where nothing is finite; such points come back as failed.
        with np.errstate(all="ignore"):
            out = solve(self.model, *arguments, compiled=backend.repaid(self.spent))
        self.spent += time.perf_counter() - begun
        return out

    def missing(self, known: Sequence[str]) -> list[str]:
        return []

    def long_names(self, names: Sequence[str]) -> dict[str, str]:
        from ...core.dataset import attributes

        return {n: attributes(self.model, n).get("long_name", n) for n in names if n in self.observables}


class OfLaw(Subject):
    """A law by itself."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.name, self.description = law.title or law.name, law.equation
        self.observables = (law.observable,)
        self.references = tuple(law.references)

    def address(self, name: str) -> str:
        if name not in self.law.arguments:
            raise ParameterError(f"{self.name} has no argument {name!r}." + nearest(name, self.law.arguments))
        return name

    def unit(self, address: str) -> str:
        return self.law.units[address]

    def observed_unit(self, name: str) -> str:
        return self.law.units[name]

    def _legal(self, name: str) -> tuple[float, float]:
        low, high = self.law.bounds.get(name, (None, None))
        return -math.inf if low is None else low, math.inf if high is None else high

    def check(self, address: str, column: Any) -> Any:
        column = np.asarray(column, float)
        low, high = self._legal(address)
        bad = np.flatnonzero(~((column >= low) & (column <= high)))
        if len(bad):
            raise FitError(f"{address}[{bad[0]}] = {column[bad[0]]:g} is outside its bounds ({low:g}, {high:g}).")
        return column

    def parameter(self, name: str) -> tuple[str, str, Any, float, float, tuple[float, float] | None]:
        address = self.address(name)
        return address, self.unit(address), self.law.defaults.get(address), *self._legal(address), None

    def held(self, names: Sequence[str] | None, given: Sequence[str], what: str) -> tuple[str, ...]:
        if names:
            raise FitError(f"{what} = {tuple(names)}: a law has no states to hold.")
        return ()

    def values(self, columns: Mapping[str, Any], size: int, names: Sequence[str], held: Sequence[str]) -> Any:
        arguments = dict(self.law.defaults) | {name: np.broadcast_to(c, (size,)) for name, c in columns.items()}
        try:
            with np.errstate(all="ignore"):
                found = np.asarray(self.law.function(**arguments))
        except (ArithmeticError, TypeError, ValueError) as error:
            raise FitError(
                f"{self.name} fails ({type(error).__name__}: {error}). It is called with arrays: write it with NumPy, "
                "np.exp instead of math.exp, np.where instead of if."
            ) from error
        if np.iscomplexobj(found) and (found.imag != 0).any():
            raise FitError(f"{self.name} gave complex numbers; bounds that keep roots and logarithms real are needed.")
        found = np.asarray(found.real, float)
        if found.shape not in ((), (1,), (size,)):
            raise FitError(f"{self.name} gave the shape {found.shape} for arguments of the shape ({size},).")
        return np.broadcast_to(found, (len(names), size))

    def missing(self, known: Sequence[str]) -> list[str]:
        return [name for name in self.law.arguments if name not in known and name not in self.law.defaults]

    def long_names(self, names: Sequence[str]) -> dict[str, str]:
        return {n: self.law.long_names[n] for n in names if n in self.law.long_names}


def subject_of(given: Any) -> Subject:
    """A model or a law, ready to be fitted."""
    from ...core.model import Model

    if isinstance(given, Law):
        return OfLaw(given)
    if isinstance(given, Model):
        return OfModel(given)
    raise FitError(f"a problem takes a Model, such as models.isolated_mitochondria(), or a Law, not {shown(given)}.")
