"""What every member of an ensemble has in common, in a form that travels to other processes and says what it is."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..schedule import Segment

if TYPE_CHECKING:
    from ..model import Model
    from .reduction import Reduction

__all__ = ["FromColumn", "Readout", "Task"]


@dataclasses.dataclass(frozen=True)
class FromColumn:
    """An amount in a protocol that each member takes from a column of its own."""

    name: str


@dataclasses.dataclass(frozen=True)
class Readout:
    """One number from a time course: a quantity, what is taken of it, and between which times."""

    name: str
    quantity: str
    how: str
    window: tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Task:
    """The work on one member, its own values apart.

    Attributes
    ----------
    model : Model
        With its drugs.
    segments : tuple of Segment
        The protocol, amounts that differ by member as `FromColumn`; empty for steady states.
    conditions : tuple of str
        Columns that are parameters (by address) or start values (by state).
    held : tuple of str
        States that do not change.
    outputs : tuple of str
        Quantities wanted at ``times`` (or at the steady state).
    times : tuple of float
        Times of output, ascending; a time at which something is added means just before it.
    block : int
        Members whose sums are taken together, from a multiple of it on (see `reductions`).
    keep : bool
        Whether the members themselves are wanted, besides reductions over them.
    """

    model: Model
    segments: tuple[Segment, ...]
    conditions: tuple[str, ...]
    held: tuple[str, ...]
    outputs: tuple[str, ...]
    times: tuple[float, ...]
    readouts: tuple[Readout, ...]
    reductions: tuple[Reduction, ...]
    rtol: float
    atol: float
    solver: str
    block: int
    keep: bool

    @property
    def steady(self) -> bool:
        """True if steady states are wanted, not time courses."""
        return not self.segments

    @property
    def quantities(self) -> tuple[str, ...]:
        """Everything that has to be computed: the outputs, and what readouts are taken of."""
        return tuple(dict.fromkeys([*self.outputs, *(r.quantity for r in self.readouts)]))

    def own_segments(self, values: Mapping[str, Any]) -> tuple[Segment, ...]:
        """The segments with amounts (numbers, or arrays along members) in place of the names of columns."""

        def amount(value: Any) -> Any:
            return values[value.name] if isinstance(value, FromColumn) else value

        return tuple(
            dataclasses.replace(s, changes=tuple(dataclasses.replace(c, value=amount(c.value)) for c in s.changes))
            for s in self.segments
        )

    @functools.cached_property
    def facts(self) -> dict[str, Any]:
        """What the numbers depend on, as plain data under the names a user knows."""
        model = self.model
        wiring = [[c.name, type(c).__qualname__, repr(c.wiring)] for c in model.components.values()]
        facts = {
            "model": model.name,
            "components": wiring,
            # The generated code is the equations, whatever file or prompt the laws were written in.
            "equations": hashlib.sha256(model.kernel.source.encode()).hexdigest()[:32],
            "parameters": {k: _plain(v) for k, v in model.values.items()},
            "start values": model.initial,
            "time unit": model.time_unit,
            "held states": sorted(self.held),
            "protocol": [_plain(segment) for segment in self.segments],
            "conditions": list(self.conditions),
            "outputs": list(self.outputs),
            "times": list(self.times),
            "readouts": [_plain(r) for r in self.readouts],
            "reductions": [r.spec() for r in self.reductions],
            "members kept": self.keep,
            "rtol": self.rtol,
            "atol": self.atol,
            "solver": self.solver,
        }
        plain: dict[str, Any] = json.loads(json.dumps(facts))
        return plain

    @functools.cached_property
    def digest(self) -> str:
        """Key under which a worker keeps the task."""
        return hashlib.sha256(json.dumps(self.facts, sort_keys=True).encode()).hexdigest()[:32]

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Task) else NotImplemented

    @functools.cached_property
    def _payload(self) -> bytes:
        try:  # classes of a notebook or script have to travel whole
            from cloudpickle import dumps
        except ImportError:
            from pickle import dumps
        return bytes(dumps({f.name: getattr(self, f.name) for f in dataclasses.fields(self)}))

    def __reduce__(self) -> Any:
        return _restored, (self.digest, self._payload)


_known: dict[str, Task] = {}


def _restored(digest: str, payload: bytes) -> Task:
    """The task in another process: wired and compiled once, whatever the number of chunks."""
    if digest not in _known:
        if len(_known) >= 8:
            _known.pop(next(iter(_known)))
        _known[digest] = Task(**pickle.loads(payload))
    return _known[digest]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
