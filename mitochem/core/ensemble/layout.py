"""From the parts of an ensemble to one Dataset; everything but the numbers is plain data that a store can hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .chunk import Chunk, solve_chunk
from .readouts import read
from .reduction import Reduction, State
from .reductions import from_spec
from .task import Task

__all__ = ["Layout", "Part", "fold", "work"]

States = dict[str, list[State]]


@dataclasses.dataclass(frozen=True)
class Part:
    """What comes back of a chunk: values of its members if they are kept, states of the reductions, and failures."""

    values: dict[str, Any]
    states: States
    failures: dict[int, str]


def work(task: Task, first: int, columns: Mapping[str, Any], stopped: Callable[[], bool] = lambda: False) -> Part:
    """Solve a chunk and take from it what is wanted; runs wherever the engine is."""
    chunk = solve_chunk(task, columns, stopped)
    values = {name: chunk.values[name] for name in task.outputs} | _readouts(task, chunk)
    states = {}
    for name, value in values.items():
        for number, reduction in enumerate(task.reductions):
            if getattr(reduction, "of", "") in ("", name):
                states[f"{name}|{number}"] = _blocks(reduction, value.reshape(len(value), -1), task.block)
    failures = {first + i: message for i, message in enumerate(chunk.messages) if message}
    return Part(values if task.keep else {}, states, failures)


def _readouts(task: Task, chunk: Chunk) -> dict[str, Any]:
    times = np.array(task.times)
    return {r.name: read(r, chunk.values[r.quantity], times) for r in task.readouts}


def _blocks(reduction: Reduction, values: Any, block: int) -> list[State]:
    """States of whole blocks; chunks begin at one."""
    states = [reduction.block(values[i : i + block]) for i in range(0, len(values), block)]
    return states if reduction.ordered else [fold(reduction, states)]


def fold(reduction: Reduction, states: Iterable[State]) -> State:
    """States merged from the left."""
    states = iter(states)
    total = next(states)
    for state in states:
        total = reduction.merge(total, state)
    return total


@dataclasses.dataclass(frozen=True)
class Layout:
    """What the result looks like.

    Attributes
    ----------
    size, chunk, block : int
        Members, members of a chunk, members of a block.
    values : dict
        ``{"along": "time" or "", "attrs": {...}}`` by name of an output or readout.
    columns : dict
        By name in the table: ``{"name": in the result, "attrs": {...}}``.
    reductions : list of dict
        Specs of the reductions.
    coordinates : dict
        ``times``, ``labels`` (or None) and attributes of the time axis; empty for steady states.
    """

    size: int
    chunk: int
    block: int
    keep: bool
    values: dict[str, Any]
    columns: dict[str, Any]
    reductions: list[dict[str, Any]]
    coordinates: dict[str, Any]
    attrs: dict[str, Any]

    @property
    def chunks(self) -> int:
        return -(-self.size // self.chunk)

    def bounds(self, index: int) -> tuple[int, int]:
        """First member of a chunk, and the one after its last."""
        return index * self.chunk, min(self.size, (index + 1) * self.chunk)

    def shape(self, name: str, members: int) -> tuple[int, ...]:
        return (members, len(self.coordinates["times"])) if self.values[name]["along"] else (members,)

    def dims(self, name: str) -> tuple[str, ...]:
        return ("member", "time") if self.values[name]["along"] else ("member",)

    def dataset(
        self,
        values: Mapping[str, Any],
        columns: Mapping[str, Any],
        states: Mapping[str, Any],
        failures: Mapping[int, str],
        finished: Iterable[int],
        reason: str,
    ) -> Any:
        """The result: ``failures`` by member, and ``reason`` for the members of chunks that are not finished."""
        import xarray

        finished = set(finished)
        missing = [m for k in range(self.chunks) if k not in finished for m in range(*self.bounds(k))]
        data = {name: (self.dims(name), values[name], self.values[name]["attrs"]) for name in values}
        data |= self._reduced(states)
        coordinates = self._time_axis()
        messages = dict(failures) | dict.fromkeys(missing, reason)
        if self.keep:
            data |= _outcome(self.size, messages)
            coordinates["member"] = ("member", np.arange(self.size, dtype=np.int32), {"long_name": "member"})
            for key, entry in self.columns.items():
                coordinates[entry["name"]] = ("member", columns[key], entry["attrs"])
        else:
            data |= _failed_only(failures)
        for reduction in map(from_spec, self.reductions):
            for dim, c in reduction.coordinates().items():
                coordinates[dim] = (dim, c)
        counts = {"members": self.size, "finished": self.size - len(missing), "failed": len(failures)}
        unfinished = {"unfinished": reason} if missing else {}
        return xarray.Dataset(data, coordinates, self.attrs | counts | unfinished)

    def _time_axis(self) -> dict[str, Any]:
        if not self.coordinates or not any(v["along"] for v in self.values.values()):
            return {}
        axis = {"time": ("time", np.array(self.coordinates["times"]), self.coordinates["attrs"])}
        if self.coordinates["labels"] is not None:
            labels = np.array(self.coordinates["labels"], dtype=str)
            axis["segment"] = ("time", labels, {"long_name": "what was done last"})
        return axis

    def _reduced(self, states: Mapping[str, Any]) -> dict[str, Any]:
        data = {}
        for key, state in states.items():
            name, _, number = key.partition("|")
            about, reduction = self.values[name], from_spec(self.reductions[int(number)])
            for suffix, (dims, array, words) in reduction.result(state).items():
                attrs = about["attrs"] | {"long_name": f"{words} of {about['attrs'].get('long_name', name)}"}
                attrs["units"] = reduction.unit.get(suffix, about["attrs"].get("units", "1"))
                along = ("time",) if about["along"] else ()
                data[f"{name}_{suffix}"] = ((*dims, *along), array if along else array[..., 0], attrs)
        return data


def _outcome(size: int, messages: Mapping[int, str]) -> dict[str, Any]:
    # Fixed-width text takes the longest message times the members: too much where there are many.
    wide = size * max(map(len, messages.values()), default=0) > 2**25
    text = np.full(size, "", dtype=object)
    for member, message in messages.items():
        text[member] = message
    return {
        "success": ("member", text == "", {"long_name": "the member was solved"}),
        "message": ("member", text if wide else text.astype(str), {"long_name": "why the member has no values"}),
    }


def _failed_only(failures: Mapping[int, str]) -> dict[str, Any]:
    members = sorted(failures)
    return {
        "failed_member": ("failed", np.array(members, dtype=np.int32), {"long_name": "member without values"}),
        "failed_message": ("failed", np.array([failures[m] for m in members], dtype=str), {"long_name": "why"}),
    }
