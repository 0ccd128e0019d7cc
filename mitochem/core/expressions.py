"""Class-body arithmetic: what ``charge_ims=h_per_o2`` or ``c_ring / 3 + 1`` is, before any value.

Inside the body of a component, parameters and laws are not numbers yet. Combining them gives a small
lazy expression, which is later read with any kind of value (numbers, arrays, symbols, quantities).
It is free of SymPy, so that declaring and assembling a model costs nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["Expression", "Operation", "Quantity", "quantity", "read"]

_SYMBOLS = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.pow: "**",
}


class Expression:
    """Something with a value later. Leaves are parameters, laws and named quantities."""

    name: str = ""

    def read(self, resolve: Callable[[Expression], Any]) -> Any:
        """The value, with ``resolve`` giving the value of each leaf."""
        return resolve(self)

    def leaves(self) -> Iterator[Expression]:
        yield self

    def __str__(self) -> str:
        return self.name

    def __add__(self, other: Any) -> Operation:
        return Operation(operator.add, self, other)

    def __radd__(self, other: Any) -> Operation:
        return Operation(operator.add, other, self)

    def __sub__(self, other: Any) -> Operation:
        return Operation(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Operation:
        return Operation(operator.sub, other, self)

    def __mul__(self, other: Any) -> Operation:
        return Operation(operator.mul, self, other)

    def __rmul__(self, other: Any) -> Operation:
        return Operation(operator.mul, other, self)

    def __truediv__(self, other: Any) -> Operation:
        return Operation(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> Operation:
        return Operation(operator.truediv, other, self)

    def __pow__(self, other: Any) -> Operation:
        return Operation(operator.pow, self, other)

    def __neg__(self) -> Operation:
        return Operation(operator.mul, -1, self)

    def __bool__(self) -> bool:
        raise TypeError("a quantity has no truth value in a class body; write a law with where(...)")


class Quantity(Expression):
    """Another component's quantity, by the name it has in the model."""

    def __init__(self, name: str) -> None:
        self.name = name


class Operation(Expression):
    """Two operands and an operator. Assigned a name in a class body, it reads as a property."""

    def __init__(self, op: Callable[[Any, Any], Any], left: Any, right: Any) -> None:
        self.op, self.left, self.right = op, left, right

    def read(self, resolve: Callable[[Expression], Any]) -> Any:
        return self.op(read(self.left, resolve), read(self.right, resolve))

    def leaves(self) -> Iterator[Expression]:
        for side in (self.left, self.right):
            if isinstance(side, Expression):
                yield from side.leaves()

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, component: Any, owner: type) -> Any:
        if component is None:
            return self
        return self.read(lambda leaf: getattr(component, leaf.name))

    def __str__(self) -> str:
        if self.left == -1 and self.op is operator.mul:
            return f"-{self.right}"
        return f"({self.left} {_SYMBOLS[self.op]} {self.right})"


def quantity(name: str) -> Any:
    """In a class body: the quantity ``name`` of whichever component of the model provides it."""
    return Quantity(name)


def read(value: Any, resolve: Callable[[Expression], Any]) -> Any:
    """The value of an expression, or the number itself."""
    return value.read(resolve) if isinstance(value, Expression) else value
