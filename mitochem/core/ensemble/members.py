"""The table of an ensemble: whatever a user has, as columns of plain numbers under the model's names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import library
from ..errors import ParameterError
from ..units import registry, unit
from .sampling import Draws, Saltelli

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Members", "Source", "Table", "source_of"]

PROBED = 64
"""Members from either end that stand for a table that only a function knows."""


class Table:
    """Columns that are all there."""

    def __init__(self, arrays: Mapping[str, Any], size: int | None = None) -> None:
        self.arrays = {str(k): _flat(str(k), v) for k, v in arrays.items()}
        sizes = {k: n for k, v in self.arrays.items() if (n := _length(v)) is not None}
        if size is None and not sizes:
            raise ParameterError(
                "the table of parameters has no column with several values; for one set of values use simulate or "
                "steady_state."
            )
        self.size: int = size or next(iter(sizes.values()), 0)
        for name, length in sizes.items():
            if length != self.size:
                raise ParameterError(f"{name} has {length} values, the table has {self.size} members.")
        if self.size == 0:
            raise ParameterError("the table of parameters is empty; it needs at least one member.")
        self.names = tuple(self.arrays)

    def columns(self, first: int, last: int) -> dict[str, Any]:
        """Members ``first`` to ``last`` (that one left out); a single value is everyone's."""
        return {k: v[first:last] if _length(v) is not None else v for k, v in self.arrays.items()}

    def spec(self) -> str:
        digest = hashlib.sha256()
        for name, column in sorted(self.arrays.items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(np.asarray(column, dtype=float)).tobytes())
        return f"table {digest.hexdigest()[:32]}"


class Called:
    """Columns that a function ``(first, last) -> columns`` gives; it must give the same each time."""

    def __init__(self, function: Callable[[int, int], Mapping[str, Any]], size: int) -> None:
        self.function, self.size = function, size
        self.names = tuple(self.columns(0, 1))

    def columns(self, first: int, last: int) -> dict[str, Any]:
        found = {str(k): np.asarray(v, dtype=float) for k, v in self.function(first, last).items()}
        for name, column in found.items():
            if column.shape != (last - first,):
                raise ParameterError(f"the table gave {name} of shape {column.shape} for {last - first} members.")
        return found

    def spec(self) -> str:
        ends = [(0, min(PROBED, self.size)), (max(0, self.size - PROBED), self.size)]
        probes = {f"{k}{a}": v for a, b in ends for k, v in self.columns(a, b).items()}
        return "called " + Table({k: np.append(v, np.nan) for k, v in probes.items()}).spec()


Source = Table | Called | Draws | Saltelli


def source_of(given: Any, members: int | None) -> Source | None:
    """What the user gave as a table; None if it is empty and the protocol has to say how many members there are."""
    if isinstance(given, Table | Draws | Saltelli):
        return given
    if callable(given):
        if members is None:
            raise ParameterError("members= is needed: a function as table does not say how many members there are.")
        return Called(given, members)
    if hasattr(given, "data_vars"):
        return Table(_of_dataset(given), members)
    if isinstance(given, list | tuple):
        return Table(_of_rows(given), members) if given else None
    if hasattr(given, "columns") and hasattr(given, "to_numpy"):
        return Table({str(k): given[k].to_numpy() for k in given.columns}, members)
    if given is None or isinstance(given, Mapping):
        return Table(given, members) if given else None
    raise ParameterError(
        f"parameters is a {type(given).__name__}; it takes a DataFrame, a Dataset, a dict of arrays, a list of dicts, "
        "draws(...), saltelli(...), or a function (first, last) -> columns."
    )


def _of_rows(rows: Any) -> dict[str, list[Any]]:
    names = list(rows[0]) if isinstance(rows[0], Mapping) else []
    for i, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise ParameterError(f"member {i} of the table is {row!r}; it takes a mapping such as {{'leak.x': 1}}.")
        if wrong := set(names) ^ set(row):
            raise ParameterError(f"member {i} of the table: {min(map(str, wrong))!r} is not in every member.")
    return {name: [row[name] for row in rows] for name in names}


def _of_dataset(ds: Any) -> dict[str, Any]:
    dims = {d for v in ds.data_vars.values() for d in v.dims}
    if len(dims) > 1:
        shown = ", ".join(sorted(map(str, dims)))
        raise ParameterError(f"the table has dimensions {shown}; make them one: ds.stack(member=({shown})).")
    quantity = registry().Quantity
    return {
        name: quantity(v.values, unit(v.attrs["units"])) if v.attrs.get("units") else v.values
        for name, v in ds.data_vars.items()
    }


def _flat(name: str, value: Any) -> Any:
    if hasattr(value, "_REGISTRY") or isinstance(value, str):
        return value
    value = value.values if hasattr(value, "dims") else value
    try:
        array = np.asarray(value, dtype=None if _has_text(value) else float)
    except (TypeError, ValueError):
        raise ParameterError(f"{name}: {value!r} are not numbers.") from None
    if array.ndim > 1:
        raise ParameterError(f"{name} has {array.ndim} dimensions; a column has one value a member.")
    return array


def _has_text(value: Any) -> bool:
    return np.asarray(value, dtype=object).ravel()[:1].tolist() != [] and any(
        isinstance(v, str) for v in np.asarray(value, dtype=object).ravel()[:1000]
    )


def _length(value: Any) -> int | None:
    shape = np.shape(getattr(value, "magnitude", value)) if not isinstance(value, str) else ()
    return shape[0] if shape else None


class Members:
    """A source with its names resolved: columns in the model's units, by address, state or name of an amount.

    Parameters
    ----------
    model : Model
    source : Source
    amounts : collection of str
        Columns that the protocol uses, which are no parameters.
    """

    def __init__(self, model: Model, source: Source, amounts: set[str]) -> None:
        self.source, self.size = source, source.size
        self.model, self.targets = _resolved(model, source.names, amounts)
        self.conditions = tuple(t for name, t in self.targets.items() if name not in amounts)
        self.extra: dict[str, Any] = {}

    def columns(self, first: int, last: int) -> dict[str, Any]:
        """Arrays of numbers for members ``first`` to ``last`` (that one left out)."""
        given = self.source.columns(first, last)
        out = {target: self._numbers(target, given[name], last - first) for name, target in self.targets.items()}
        return out | {k: v[first:last] for k, v in self.extra.items()}

    def _numbers(self, target: str, column: Any, size: int) -> Any:
        if not isinstance(column, np.ndarray) or column.dtype.kind not in "fiu":
            if target not in self.conditions:
                raise ParameterError(f"{target}: give amounts of the protocol as numbers, in the unit of the model.")
            column = self.model.check(target, list(column) if isinstance(column, np.ndarray) else column)
        return np.ascontiguousarray(np.broadcast_to(np.asarray(column, dtype=float), (size,)))

    def spec(self) -> str:
        """What tells this table from another one."""
        if isinstance(self.source, Table):
            return Table(self.columns(0, self.size)).spec()
        return self.source.spec() + (" with " + Table(self.extra).spec() if self.extra else "")


def _resolved(model: Model, names: tuple[str, ...], amounts: set[str]) -> tuple[Model, dict[str, str]]:
    """The model with the drugs the columns name, and what each column is."""
    targets: dict[str, str] = {}
    for name in names:
        if name in amounts:
            targets[name] = name
            continue
        known = name in model.program.states or name in model.program.aliases
        if not known and (name in library.drugs or name in model.components):
            model, target = library.attach(model, name)
        else:
            model = library.with_drugs_of(model, [name])
            target = _found(model, name)
        if target in targets.values():
            raise ParameterError(f"{target} is in the table twice, as {name!r} and under another name.")
        targets[name] = target
    return model, targets


def _found(model: Model, name: str) -> str:
    try:
        return model.find(name)[1]
    except ParameterError as error:
        raise ParameterError(f"column {name!r} of the table: {error}") from None
