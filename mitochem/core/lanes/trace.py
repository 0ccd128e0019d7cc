"""Eight numbers at once: arithmetic on a `Lane` writes the instructions that will do it.

Straight-line Python that runs on NumPy arrays runs on lanes too, and leaves behind a function in LLVM's language in
which every value is a vector of eight, one lane for each member of a tile. That is how generated rates and the steps
of the solvers, written once for arrays, become machine code without a second text.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["WIDTH", "Lane", "Mask", "Routine"]

WIDTH = 8
"""Lanes of a tile: one register of AVX-512; narrower machines take several."""

REAL, WHOLE, TRUTH = (f"<{WIDTH} x {kind}>" for kind in ("double", "i64", "i1"))


class Routine:
    """A function being written: ``void name(double *workspace)`` over rows of eight doubles."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self._count = 0
        self._known: dict[str, str] = {}

    def op(self, text: str) -> str:
        """Name of the value that an instruction gives; the same instruction is written once."""
        if text in self._known:
            return self._known[text]
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"{name} = {text}")
        self._known[text] = name
        return name

    def load(self, row: int) -> Lane:
        """The eight numbers of a row of the workspace."""
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"%p{self._count} = getelementptr double, ptr %workspace, i64 {row * WIDTH}")
        self.lines.append(f"{name} = load {REAL}, ptr %p{self._count}, align 64")
        return Lane(self, name)

    def store(self, row: int, value: Any) -> None:
        self._count += 1
        text = Lane.of(self, value).name
        self.lines.append(f"%p{self._count} = getelementptr double, ptr %workspace, i64 {row * WIDTH}")
        self.lines.append(f"store {REAL} {text}, ptr %p{self._count}, align 64")

    def call(self, name: str) -> None:
        """Run another routine on the same workspace."""
        self.lines.append(f"call void @{name}(ptr %workspace)")

    def text(self) -> str:
        body = "\n  ".join([*self.lines, "ret void"])
        return f"define void @{self.name}(ptr noalias %workspace) #0 {{\n  {body}\n}}\n"


def literal(value: float) -> str:
    """A vector of one number, exact to the last bit."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", float(value)))
    return "<" + ", ".join([f"double 0x{bits:016X}"] * WIDTH) + ">"


def whole(value: int) -> str:
    return "<" + ", ".join([f"i64 {value}"] * WIDTH) + ">"


class Mask:
    """Eight truths."""

    __slots__ = ("name", "routine")

    def __init__(self, routine: Routine, name: str) -> None:
        self.routine, self.name = routine, name

    def __and__(self, other: Any) -> Any:
        return Mask(self.routine, self.routine.op(f"and {TRUTH} {self.name}, {other.name}"))

    def __or__(self, other: Any) -> Any:
        return Mask(self.routine, self.routine.op(f"or {TRUTH} {self.name}, {other.name}"))

    def __invert__(self) -> Any:
        ones = "<" + ", ".join(["i1 true"] * WIDTH) + ">"
        return Mask(self.routine, self.routine.op(f"xor {TRUTH} {self.name}, {ones}"))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return _dispatched(function, args)


class Lane:
    """Eight numbers, known by the name of the instruction that makes them."""

    __slots__ = ("name", "routine")

    def __init__(self, routine: Routine, name: str) -> None:
        self.routine, self.name = routine, name

    @classmethod
    def of(cls, routine: Routine, value: Any) -> Lane:
        return value if isinstance(value, Lane) else cls(routine, literal(value))

    def _with(self, other: Any, operation: str, swapped: bool = False) -> Any:
        if not isinstance(other, Lane | int | float | np.number):
            return NotImplemented
        a, b = self.name, Lane.of(self.routine, other).name
        if swapped:
            a, b = b, a
        return Lane(self.routine, self.routine.op(f"{operation} contract {REAL} {a}, {b}"))

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0.0) else self._with(other, "fadd")

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0.0) else self._with(other, "fsub")

    def __rsub__(self, other: Any) -> Any:
        return -self if _is(other, 0.0) else self._with(other, "fsub", swapped=True)

    def __mul__(self, other: Any) -> Any:
        if _is(other, 1.0):
            return self
        return -self if _is(other, -1.0) else self._with(other, "fmul")

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, Lane) or other == 0:
            return self._with(other, "fdiv")
        return self * (1.0 / float(other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(other, "fdiv", swapped=True)

    def __neg__(self) -> Lane:
        return Lane(self.routine, self.routine.op(f"fneg {REAL} {self.name}"))

    def __pos__(self) -> Lane:
        return self

    def __abs__(self) -> Lane:
        return self.intrinsic("fabs")

    def __pow__(self, power: Any) -> Any:
        from .mathematics import power_of

        return power_of(self, power)

    def __rpow__(self, base: Any) -> Any:
        from .mathematics import power_of

        return power_of(Lane.of(self.routine, base), self)

    def intrinsic(self, name: str, *others: Lane) -> Lane:
        """One of LLVM's own vector functions."""
        arguments = ", ".join(f"{REAL} {lane.name}" for lane in (self, *others))
        return Lane(self.routine, self.routine.op(f"call {REAL} @llvm.{name}.v{WIDTH}f64({arguments})"))

    def bits(self) -> str:
        return self.routine.op(f"bitcast {REAL} {self.name} to {WHOLE}")

    def _compare(self, other: Any, how: str) -> Any:
        b = Lane.of(self.routine, other).name
        return Mask(self.routine, self.routine.op(f"fcmp {how} {REAL} {self.name}, {b}"))

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, "olt")

    def __le__(self, other: Any) -> Any:
        return self._compare(other, "ole")

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, "ogt")

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, "oge")

    def __eq__(self, other: Any) -> Any:
        return self._compare(other, "oeq")

    def __ne__(self, other: Any) -> Any:
        return self._compare(other, "une")

    __hash__ = None  # type: ignore[assignment]

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method != "__call__" or kwargs:
            return NotImplemented
        return _dispatched(ufunc, args)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return _dispatched(function, args)


def _is(value: Any, number: float) -> bool:
    return isinstance(value, int | float | np.number) and value == number


def from_bits(routine: Routine, name: str) -> Lane:
    return Lane(routine, routine.op(f"bitcast {WHOLE} {name} to {REAL}"))


def select(condition: Any, a: Any, b: Any) -> Any:
    """``a`` in the lanes where the condition holds, else ``b``."""
    if not isinstance(condition, Mask):
        return a if condition else b
    routine = condition.routine
    x, y = Lane.of(routine, a), Lane.of(routine, b)
    return Lane(routine, routine.op(f"select {TRUTH} {condition.name}, {REAL} {x.name}, {REAL} {y.name}"))


def _dispatched(function: Any, args: Any) -> Any:
    """What a NumPy function means on lanes."""
    from .mathematics import NUMPY

    try:
        meaning: Callable[..., Any] = NUMPY[function]
    except KeyError:
        raise TypeError(f"numpy.{function.__name__} has no meaning on lanes; add it to lanes/mathematics.py") from None
    return meaning(*(float(a) if isinstance(a, np.number | np.ndarray) else a for a in args))
