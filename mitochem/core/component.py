"""A component: one piece of biology as a frozen dataclass of its parameters with a few laws."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import inspect
import re
import sys
from collections import ChainMap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

import numpy as np

from .arguments import one_of, text_in
from .declarations import STATUSES, Aggregate, Law, Parameter
from .errors import ModelError, ParameterError, nearest
from .expressions import Expression, Operation
from .units import magnitude

__all__ = ["Component", "component"]

C = TypeVar("C", bound="type[Component]")

# A name is rewired together with everything that belongs to the pool of that name.
_PREFIXES = ("net_", "mu0_", "mu_")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Component:
    """Base of all components; see `component`, `parameter`, `state`, `derived` and `flux`.

    Every component also takes keywords that say how it sits in a model: ``instance``, its name there
    (default: the class's ``role``), ``wiring``, renamed quantities, and ``sources``, where values that differ from
    the defaults come from. Use `named`, `rewire` and `cited` rather than giving them directly.
    """

    instance: str = ""
    wiring: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str, str], ...] = ()

    role: ClassVar[str] = ""
    contents: ClassVar[Mapping[str, Mapping[str, float]]] = {}
    """What the pools this component knows contain: ``{"h_matrix": {"charge": 1}}``."""

    declared_parameters: ClassVar[dict[str, Parameter]] = {}
    declared_laws: ClassVar[dict[str, Law]] = {}
    declared_aggregates: ClassVar[dict[str, Aggregate]] = {}
    declared_expressions: ClassVar[dict[str, Operation]] = {}

    if TYPE_CHECKING:  # `component` writes the real one, from the declared parameters

        def __init__(self, **values: Any) -> None: ...

    def __post_init__(self) -> None:
        for name in self.declared_parameters:
            object.__setattr__(self, name, self.check(name, getattr(self, name)))

    def check(self, name: str, value: Any) -> Any:
        """A value for the parameter ``name``, in its unit and inside its bounds."""
        declared, what = self._declared(name), f"{type(self).__name__}.{name}"
        try:
            return checked(value, declared.unit, declared.bounds, what)
        except ParameterError as error:
            about = self.describe(name)
            raise ParameterError(
                f"{error} It is {self.name}.{name} of a model{': ' + about if about else '.'}"
            ) from None

    @classmethod
    def _declared(cls, name: str) -> Parameter:
        try:
            return cls.declared_parameters[name]
        except (KeyError, TypeError):  # a TypeError if it cannot be the key of anything
            known = nearest(name, cls.declared_parameters)
            raise ParameterError(f"{cls.__name__} has no parameter {name!r}.{known}") from None

    @property
    def name(self) -> str:
        """Name of this instance in a model; it prefixes parameter addresses."""
        return self.instance or self.role

    def named(self, instance: str) -> Self:
        """The same component under another name, such as ``"leak_2"`` or ``"FCCP"``."""
        if not text_in(instance, "a component's name", ModelError).isidentifier():
            raise ModelError(f"a component's name is a plain identifier, and {instance!r} is not one.")
        return dataclasses.replace(self, instance=instance)

    def rewire(self, **names: str) -> Self:
        """The same component reading and writing other quantities.

        ``rewire(adp_bath="adp_cytosol")`` renames the quantity or pool and with it ``net_``,
        ``mu_`` and ``mu0_`` of that name.
        """
        known = self.vocabulary()
        for name, new in names.items():
            # One set of names may serve several components, so only a slip of the pen is refused.
            if name not in known and difflib.get_close_matches(name, known, cutoff=0.8):
                raise ModelError(f"{type(self).__name__} has nothing called {name!r} to rewire." + nearest(name, known))
            if not text_in(new, f"the new name of {name}", ModelError).isidentifier():
                raise ModelError(f"the new name of {name} is a plain identifier, and {new!r} is not one.")
        return dataclasses.replace(self, wiring=tuple(sorted({**dict(self.wiring), **names}.items())))

    @classmethod
    def vocabulary(cls) -> set[str]:
        """Every name this component reads or writes: quantities, pools, contents, aliases, aggregates."""
        names: set[Any] = {
            *cls.declared_aggregates,
            *cls.contents,
            *(c for held in cls.contents.values() for c in held),
        }
        names |= {p.name for p in cls.declared_parameters.values() if p.shared}
        expressions: list[Any] = list(cls.declared_expressions.values())
        for law in cls.declared_laws.values():
            names |= {law.name, *law.inputs, law.options.get("into"), law.options.get("alias")}
            names |= {law.options.get("scaled_by"), *law.options.get("posts", ())}
            expressions += [c for c in law.options.get("posts", {}).values() if isinstance(c, Expression)]
        names |= {leaf.name for expression in expressions for leaf in expression.leaves()}
        names |= {name.removeprefix(prefix) for name in names if name for prefix in _PREFIXES}
        return {name for name in names if name}

    def cited(self, **sources: tuple[str, str]) -> Self:
        """The same component with the origin of its values: ``cited(pK=("recalled", "Kasianowicz1984"))``."""
        for name, origin in sources.items():
            self._declared(name)
            if not (isinstance(origin, tuple | list) and len(origin) == 2 and all(isinstance(o, str) for o in origin)):
                raise ParameterError(f"{type(self).__name__}.{name}: {origin!r} is not a status and a source.")
            one_of(origin[0], f"{type(self).__name__}.{name}: the status", STATUSES)
        merged = {n: (status, source) for n, status, source in self.sources} | sources
        return dataclasses.replace(self, sources=tuple((n, *origin) for n, origin in sorted(merged.items())))

    def origin(self, name: str) -> tuple[str, str]:
        """Status and source of a parameter's value; a value that was changed does not borrow the default's source."""
        declared = self._declared(name)
        for known, status, source in self.sources:
            if known == name:
                return status, source
        value = getattr(self, name)
        if value is declared.default or np.array_equal(value, declared.default):
            return declared.status, declared.source
        return "changed", f"set by the user; the default is {declared.default:g}"

    def replace(self, **values: Any) -> Self:
        """The same component with other parameter values; their sources go with the values they were for."""
        kept = tuple(s for s in self.sources if s[0] not in values)
        if kept != self.sources and "sources" not in values:
            values = values | {"sources": kept}
        if not values.keys() <= {*self.declared_parameters, "sources"}:
            return dataclasses.replace(self, **values)
        # Parameters are checked one by one, and those that stay have been.
        return self.reading({n: v if n == "sources" else self.check(n, v) for n, v in values.items()})

    def wired(self, name: str) -> str:
        """The name that ``name``, as written in this component, has in the model."""
        wiring = dict(self.wiring)
        if name in wiring:
            return wiring[name]
        for prefix in _PREFIXES:
            if name.startswith(prefix) and name[len(prefix) :] in wiring:
                return prefix + wiring[name[len(prefix) :]]
        return name

    def output(self, law: Law) -> str:
        """The name a law's value has in the model."""
        if law.options.get("into") or law.options.get("local"):
            return f"{self.name}_{law.name}"
        return self.wired(law.name)

    @property
    def values(self) -> dict[str, Any]:
        """Parameter values by name."""
        return {name: getattr(self, name) for name in self.declared_parameters}

    def reading(self, values: Mapping[str, Any]) -> Self:
        """This component with unchecked values (symbols, arrays, quantities) in its parameters."""
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.__dict__.update(values)
        return twin

    @classmethod
    def describe(cls, name: str) -> str:
        """What the class docstring says of a parameter, as one line."""
        for base in cls.__mro__:
            text = inspect.cleandoc(base.__dict__.get("__doc__") or "")
            match = re.search(rf"^{name} : .*\n((?:    +.*\n?)+)", text, re.M)
            if match:
                return " ".join(match[1].split())
        return ""

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        mine, theirs = vars(self), vars(other)
        return all(k in theirs and np.array_equal(v, theirs[k]) for k, v in mine.items())

    def __hash__(self) -> int:
        return hash((type(self), self.instance, self.wiring, tuple(map(str, self.values.values()))))

    def __repr__(self) -> str:
        given = [
            f"{name}={value!r}"
            for name, value in self.values.items()
            if not np.array_equal(value, self.declared_parameters[name].default)
        ]
        text = f"{type(self).__name__}({', '.join(given)})"
        if self.wiring:
            text += f".rewire({', '.join(f'{old}={new!r}' for old, new in self.wiring)})"
        if self.sources:
            text += f".cited({', '.join(f'{name}={tuple(origin)!r}' for name, *origin in self.sources)})"
        return f"{text}.named({self.instance!r})" if self.instance else text

    def _repr_html_(self) -> str:
        from .tables import component_table

        return component_table(self).to_html()


def checked(value: Any, unit: str, bounds: tuple[float, float], what: str, *, finite: bool = False) -> Any:
    """The value in the declared unit and inside its bounds; symbols and quantity readings pass."""
    value = magnitude(value, unit, what)
    if hasattr(value, "free_symbols"):
        return value
    try:
        numbers = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ParameterError(f"{what} = {value!r} is not a number.") from None
    if np.isnan(numbers).any():
        raise ParameterError(f"{what} is not a number (NaN).")
    if finite and not np.isfinite(numbers).all():
        raise ParameterError(f"{what} is infinite; it takes a finite number.")
    low, high = bounds
    outside = (numbers < low) | (numbers > high)
    if outside.any():
        shown = f"{numbers[outside].flat[0]:g} {unit}".removesuffix(" 1")
        interval = f"{'[' if np.isfinite(low) else '('}{low:g}, {high:g}{']' if np.isfinite(high) else ')'}"
        raise ParameterError(f"{what} = {shown} is outside {interval}.")
    if numbers.ndim == 0 and not hasattr(value, "dims"):
        return float(numbers)
    return value if hasattr(value, "dims") else numbers


def component(cls: C) -> C:
    """Class decorator: read the declarations and make the class a frozen dataclass."""
    if not (isinstance(cls, type) and issubclass(cls, Component)):
        raise ModelError(f"component decorates a class that derives from Component, and {cls!r} is not one.")
    collected = {kind: _inherited(cls, attribute) for kind, attribute in _KINDS.items()}
    annotations = inspect.get_annotations(cls)
    for name, value in list(vars(cls).items()):
        if isinstance(value, Parameter):
            if name not in annotations:
                raise ModelError(f"{cls.__name__}.{name} needs an annotation: `{name}: float = parameter(...)`.")
            setattr(cls, name, value.default)
        for kind in _KINDS:
            if isinstance(value, kind):
                collected[kind][name] = value
    for kind, attribute in _KINDS.items():
        setattr(cls, attribute, collected[kind])
    if "contents" not in vars(cls):
        cls.contents = dict(ChainMap(*(dict(getattr(base, "contents", {})) for base in cls.__bases__)))
    if not cls.role:  # a subclass keeps the role of what it varies
        cls.role = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
    made = dataclasses.dataclass(frozen=True, kw_only=True, eq=False, repr=False)(cls)
    _name_unknown_keywords(made)
    return made  # type: ignore[return-value]


def _inherited(cls: type, attribute: str) -> dict[str, Any]:
    """What all bases declare: each name as Python finds it in them, in the order of the bases."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= {n: declared for n, declared in vars(base).get(attribute, {}).items() if n in vars(base)}
    return {name: found[name] for base in cls.__bases__ for name in getattr(base, attribute, {})}


_KINDS: dict[type, str] = {
    Parameter: "declared_parameters",
    Law: "declared_laws",
    Aggregate: "declared_aggregates",
    Operation: "declared_expressions",
}


def _name_unknown_keywords(cls: type[Component]) -> None:
    """Let the constructor refuse a misspelt parameter with the nearest right name."""
    generated = cls.__init__

    @functools.wraps(generated)
    def __init__(self: Component, *unnamed: Any, **values: Any) -> None:
        if unnamed:
            example = f", such as {next(iter(cls.declared_parameters), 'instance')}={unnamed[0]!r}"
            raise ParameterError(f"{cls.__name__} takes its parameters by name{example}.")
        for name in values:
            if name not in ("instance", "wiring", "sources"):
                cls._declared(name)
        generated(self, **values)

    cls.__init__ = __init__  # type: ignore[method-assign]


_name_unknown_keywords(Component)


def source_file(cls: type) -> str | None:
    """Path of the module that defines a component class, if it has one."""
    return getattr(sys.modules.get(cls.__module__), "__file__", None)
