"""A law of one component, called by name on anything that laws calculate with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .arguments import numbers_in
from .errors import ParameterError, nearest

if TYPE_CHECKING:
    from .declarations import Law

__all__ = ["BoundLaw"]


class BoundLaw:
    """A law together with its component's parameter values: call it on anything."""

    def __init__(self, law: Law, component: Any) -> None:
        self.law, self.component = law, component
        self.__name__, self.__doc__ = law.name, law.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        inputs = self.law.inputs
        given = dict(zip(inputs, args)) | kwargs
        if not len(args) + len(kwargs) == len(given) == len(inputs) or not set(inputs).issuperset(given):
            raise ParameterError(self._misnamed(len(args), kwargs))
        for name, value in given.items():
            # All that laws calculate with can be negated, or inverted if it is a condition; lists and texts cannot.
            if not (hasattr(value, "__neg__") or hasattr(value, "__invert__")):
                given[name] = numbers_in(value, f"{type(self.component).__name__}.{self.law.name}: {name}")
        return self.law.read_with(self.component, given)

    def _misnamed(self, positional: int, named: Mapping[str, Any]) -> str:
        """What is wrong with the names of the arguments."""
        inputs, text = self.law.inputs, f"{self!r} takes ({', '.join(self.law.inputs)})"
        for name in named:
            if name not in inputs:
                return f"{text}, not {name!r}." + nearest(name, inputs)
            if name in inputs[:positional]:
                return f"{text}; {name} is given twice."
        missing = [name for name in inputs[positional:] if name not in named]
        return f"{text}; {', '.join(missing)} missing." if missing else f"{text}, not {positional} arguments."

    @property
    def unit(self) -> str:
        return self.law.unit

    @property
    def long_name(self) -> str:
        return self.law.long_name

    @property
    def symbol(self) -> str:
        return self.law.options.get("symbol", "")

    def __repr__(self) -> str:
        return f"<{type(self.component).__name__}.{self.law.name}({', '.join(self.law.inputs)}) -> {self.unit}>"
