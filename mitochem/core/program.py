"""The assembled program: named statements in order, which every reading runs through.

A statement computes one quantity from others: a law, the sum of posts to a pool (``net_x``), an aggregate, the affinity
of a flux, the rate of a state (``d_x``).
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .component import Component
from .declarations import Law, Parameter
from .expressions import Expression, read

__all__ = ["REPORTED", "Components", "Flux", "Program", "Statement", "Values", "expression_inputs", "resolver"]

Components = Mapping[str, Component]
Values = dict[str, Any]

REPORTED = ("derived", "flux", "total", "factor", "affinity")
"""Kinds of statement that a result shows."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """One named quantity and how it is computed from the ones before it."""

    name: str
    kind: str
    unit: str
    inputs: tuple[str, ...]
    read: Callable[[Components, Values], Any]
    owner: str = ""
    law: Law | None = None
    long_name: str = ""
    symbol: str = ""


@dataclasses.dataclass(frozen=True)
class Flux:
    """A flux with its posts, in model names; coefficients are numbers or expressions."""

    name: str
    owner: str
    law: Law
    posts: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Program:
    """The assembled structure, independent of parameter values."""

    states: dict[str, tuple[str, Law]]
    shared: dict[str, tuple[str, str]]
    fluxes: dict[str, Flux]
    statements: tuple[Statement, ...]
    state_pools: dict[str, tuple[str, ...]]
    aliases: dict[str, str]
    contents: dict[str, dict[str, float]]

    @functools.cached_property
    def extents(self) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
        """Scales, lower and upper bounds of the states; infinite where there is no bound."""
        options = [law.options for _, law in self.states.values()]
        return (
            tuple(float(o["scale"]) for o in options),
            tuple(-math.inf if o["bounds"][0] is None else float(o["bounds"][0]) for o in options),
            tuple(math.inf if o["bounds"][1] is None else float(o["bounds"][1]) for o in options),
        )

    @functools.cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """``units``, ``long_name``, ``symbol`` and ``component`` of every state and quantity, where it has one."""
        about = {
            name: (law.unit, law.long_name, law.options["symbol"], owner) for name, (owner, law) in self.states.items()
        }
        about |= {s.name: (s.unit, s.long_name, s.symbol, s.owner) for s in self.statements}
        keys = ("units", "long_name", "symbol", "component")
        return {name: {k: v for k, v in zip(keys, facts) if v} for name, facts in about.items()}

    def run(self, components: Components, states: Mapping[str, Any], upto: Iterable[str] | None = None) -> Values:
        """Every quantity (or those needed for ``upto``) from the states, in whatever reading."""
        values: Values = dict(states)
        for name, (owner, parameter) in self.shared.items():
            values[name] = getattr(components[owner], parameter)
        for statement in self.statements if upto is None else self.needed(upto):
            values[statement.name] = statement.read(components, values)
        return values

    def needed(self, names: Iterable[str]) -> list[Statement]:
        """The statements that the named ones depend on, themselves included, in order."""
        by_name = {s.name: s for s in self.statements}
        wanted: set[str] = set()
        stack = list(names)
        while stack:
            name = stack.pop()
            if name in by_name and name not in wanted:
                wanted.add(name)
                stack.extend(by_name[name].inputs)
        return [s for s in self.statements if s.name in wanted]

    @functools.cached_property
    def still(self) -> frozenset[str]:
        """Statements that no state reaches: they change only where a parameter does."""
        moving: set[str] = set(self.states)
        for statement in self.statements:
            if not moving.isdisjoint(statement.inputs):
                moving.add(statement.name)
        return frozenset(s.name for s in self.statements if s.name not in moving)

    def coefficient(self, flux: Flux, pool: str, components: Components, values: Values) -> Any:
        return read(flux.posts[pool], resolver(components[flux.owner], values))


def resolver(component: Component, values: Values) -> Callable[[Expression], Any]:
    """How the leaves of a class-body expression get their values inside a model."""

    def resolve(leaf: Expression) -> Any:
        if isinstance(leaf, Parameter):
            return getattr(component, leaf.name)
        return values[_quantity_name(component, leaf)]

    return resolve


def _quantity_name(component: Component, leaf: Expression) -> str:
    return component.output(leaf) if isinstance(leaf, Law) else component.wired(leaf.name)


def expression_inputs(component: Component, expression: Any) -> set[str]:
    if not isinstance(expression, Expression):
        return set()
    return {_quantity_name(component, leaf) for leaf in expression.leaves() if not isinstance(leaf, Parameter)}
