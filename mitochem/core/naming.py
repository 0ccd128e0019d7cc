"""What a user's name means in a model: a parameter by address or shared name, a state by name or alias."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from .arguments import pairs_in
from .component import Component, checked
from .errors import ParameterError, nearest
from .program import Program, Statement

__all__ = ["Named"]


class Named:
    """The part of a model that resolves names and checks the values given to them."""

    name: str
    program: Program
    components: Mapping[str, Component]

    @functools.cached_property
    def statements(self) -> dict[str, Statement]:
        """Every computed quantity by name."""
        return {s.name: s for s in self.program.statements}

    @functools.cached_property
    def values(self) -> MappingProxyType[str, Any]:
        """Value of every parameter by its address, ``"leak.amplitude"``."""
        return MappingProxyType(
            {f"{owner}.{name}": value for owner, c in self.components.items() for name, value in c.values.items()}
        )

    def find(self, name: str) -> tuple[str, str]:
        """What a user's name means: ``("parameter", address)`` or ``("state", name)``."""
        if not isinstance(name, str):
            raise ParameterError(f"{self.name} has no parameter or state {name!r}; names are text.")
        states, shared = self.program.states, self.program.shared
        if name in states:
            return "state", name
        if name in shared:
            return "parameter", ".".join(shared[name])
        owner, _, parameter = name.partition(".")
        if owner in self.components and parameter in self.components[owner].declared_parameters:
            return "parameter", name
        if name in self.program.aliases:
            return "state", self.program.aliases[name]
        if name in self.statements:
            raise ParameterError(f"{name!r} is computed by the model and cannot be set.")
        addresses = list(self.values)
        bare = [a for a in addresses if a.split(".")[1] == name]
        hint = f" Did you mean {' or '.join(bare)}?" if bare else nearest(name, [*addresses, *states])
        raise ParameterError(f"{self.name} has no parameter or state {name!r}.{hint}")

    def declared(self, name: str) -> Any:
        """The declaration (a Parameter, or a state's Law) behind a name."""
        kind, address = self.find(name)
        if kind == "state":
            return self.program.states[address][1]
        owner, parameter = address.split(".")
        return self.components[owner].declared_parameters[parameter]

    def check(self, name: str, value: Any) -> Any:
        """The value in the unit of the parameter or state it is for, inside its bounds."""
        kind, address = self.find(name)
        if kind == "parameter":
            owner, parameter = address.split(".")
            return self.components[owner].check(parameter, value)
        law = self.program.states[address][1]
        return checked(value, law.unit, law.limits, address, finite=True)

    def state(self, name: str) -> str:
        """The state a name or alias stands for."""
        kind, address = self.find(name)
        if kind != "state":
            raise ParameterError(f"{name!r} is a parameter, not a state." + nearest(name, self.program.states))
        return address

    def starting(self, given: Any) -> dict[str, Any]:
        """Start values by state, of a mapping or of a result, whose other quantities are passed over."""
        found: dict[str, Any] = {}
        result = hasattr(given, "data_vars")
        for name, value in pairs_in(given, "start").items():
            if name not in self.program.states and (result or name in self.statements):
                continue
            state = self.state(name)
            if hasattr(value, "dims"):  # what a solver found may pass a bound by its rounding error
                unit = self.program.states[state][1].unit
                value = checked(value, unit, (-np.inf, np.inf), f"start: {state}", finite=True)
            else:
                value = self.check(name, value)
            found[state] = value if np.ndim(value) else float(value)
        return found
