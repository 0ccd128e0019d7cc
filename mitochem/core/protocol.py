"""A protocol: what is added or changed, and when, as immutable data."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .arguments import pairs_in, path_in, shown, text_in, yes_or_no
from .errors import ParameterError, nearest

__all__ = ["Protocol", "Step"]

ACTIONS = ("wait", "add", "set", "wait_until")


@dataclasses.dataclass(frozen=True)
class Step:
    """One thing done: ``wait`` (min), ``add`` (mM of a species, µM of a drug), ``set`` or ``wait_until``."""

    action: str
    values: tuple[tuple[str, Any], ...] = ()
    duration: Any = 0.0
    label: str = ""

    def row(self) -> dict[str, Any]:
        """The step as plain data."""
        out: dict[str, Any] = {"action": self.action}
        if self.values:
            out["values"] = {name: _plain(value) for name, value in self.values}
        if self.action.startswith("wait"):
            out["duration"] = self.duration
        if self.label:
            out["label"] = self.label
        return out


def _plain(value: Any) -> Any:
    if hasattr(value, "dims"):
        coords = {str(d): value.coords[d].values.tolist() for d in value.dims if d in value.coords}
        return {"dims": list(value.dims), "values": value.values.tolist(), "coords": coords}
    if hasattr(value, "units"):
        return str(value)
    return value.tolist() if hasattr(value, "tolist") else value


class Protocol:
    """An experiment as a chain of steps; every method returns a new protocol.

    ``Protocol().wait(2).add(ADP=0.2).wait(3).add(FCCP=0.5).wait(3)``

    Bath species are added in mM (what is added, not the final level), drugs in µM in the chamber;
    strings with units are taken too (``add(ADP="200 uM")``). Times are numbers on the model's clock (minutes, for all
    house models) or strings with a unit (``wait("30 s")``).

    Parameters
    ----------
    steps : iterable of Step or of mappings, optional
        Rows as `rows` gives them, or as a notebook page has them, with the time of each: ``{"at": 5, "add": {"ADP":
        0.2}}`` in min, in order; a last row with ``at`` alone is the end.
    closed : bool
        True for a closed chamber, in which oxygen is used up.
    """

    def __init__(self, steps: Iterable[Step | Mapping[str, Any]] = (), *, closed: bool = False) -> None:
        self._steps = tuple(_steps_from(steps))
        self._closed = yes_or_no(closed, "closed")

    @property
    def steps(self) -> tuple[Step, ...]:
        return self._steps

    @property
    def closed(self) -> bool:
        """Whether the chamber is closed, so that its oxygen is a state."""
        return self._closed

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The steps as plain data: `Protocol(rows)` gives the protocol back."""
        return [step.row() for step in self._steps]

    def _with(self, step: Step) -> Protocol:
        return Protocol((*self._steps, step), closed=self._closed)

    def wait(self, minutes: float, label: str = "") -> Protocol:
        """Let time pass; ``label`` names the stretch (``"state 3"``) in the result."""
        return self._with(Step("wait", duration=_duration(minutes), label=text_in(label, "label")))

    def wait_until(self, *, at_most: float, label: str = "", **condition: tuple[str, float]) -> Protocol:
        """Wait until a quantity passes a value, ``wait_until(oxygen=("<", 0.001), at_most=30)``."""
        if len(condition) != 1:
            raise ParameterError("wait_until takes one condition, such as oxygen=('<', 0.001).")
        ((name, test),) = condition.items()
        if not (isinstance(test, tuple | list) and len(test) == 2 and test[0] in ("<", ">")):
            raise ParameterError(f"wait_until({name}={test!r}): write {name}=('<', value) or ('>', value).")
        return self._with(Step("wait_until", ((name, tuple(test)),), _duration(at_most), text_in(label, "label")))

    def add(self, **additions: Any) -> Protocol:
        """Add bath species (mM) or named drugs (µM)."""
        if not additions:
            raise ParameterError("add() needs something to add, such as add(ADP=0.2).")
        return self._with(Step("add", tuple(additions.items())))

    def set(self, values: Mapping[str, Any]) -> Protocol:
        """Set parameters by address, or states by name: ``set({"load.capacity": 600})``."""
        if not pairs_in(values, "set(values)"):
            raise ParameterError("set() needs values, such as set({'load.capacity': 600}).")
        return self._with(Step("set", tuple(values.items())))

    def in_closed_chamber(self) -> Protocol:
        """The same steps in a closed chamber."""
        return Protocol(self._steps, closed=True)

    def __add__(self, other: Protocol) -> Protocol:
        if not isinstance(other, Protocol):
            raise ParameterError(f"a protocol is followed by another one, and {shown(other)} is not one.")
        return Protocol((*self._steps, *other.steps), closed=self._closed or other.closed)

    @classmethod
    def read(cls, path: str | Path) -> Protocol:
        """Read a protocol from a ``.toml``, ``.json`` or ``.csv`` file.

        TOML and JSON hold a list ``steps`` (and optionally ``closed = true``) whose entries are
        ``{wait = 2}``, ``{add = {ADP = 0.2}}``, ``{set = {"load.capacity" = 600}}``, each with a time ``at = 5`` (min)
        if you like. A csv has the columns ``action,name,value,label``, or ``at,action,name,value``.
        """
        path = path_in(path, "path")
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            raise ParameterError(f"cannot read the protocol {path}: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ParameterError(f"{path} is not a text file.") from None
        try:
            if path.suffix == ".csv":
                return cls(_rows_from_csv(text))
            data = json.loads(text) if path.suffix == ".json" else _toml(text)
        except ValueError as error:
            raise ParameterError(f"{path} is not a valid protocol file: {error}") from None
        steps = data.get("steps") if isinstance(data, dict) else data
        if not isinstance(steps, list):
            raise ParameterError(f"{path} has no list 'steps'.")
        return cls(steps, closed=isinstance(data, dict) and bool(data.get("closed", False)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Protocol):
            return NotImplemented
        return self.rows == other.rows and self.closed == other.closed

    def __hash__(self) -> int:
        return hash((json.dumps(self.rows, default=str), self._closed))

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        text = "Protocol(closed=True)" if self._closed else "Protocol()"
        for step in self._steps:
            label = f", {step.label!r}" if step.label else ""
            if step.action == "wait":
                text += f".wait({_shown(step.duration)}{label})"
            elif step.action == "add":
                text += f".add({', '.join(f'{n}={v!r}' for n, v in step.values)})"
            elif step.action == "set":
                text += f".set({dict(step.values)!r})"
            else:
                name, test = step.values[0]
                text += f".wait_until({name}={test!r}, at_most={_shown(step.duration)}{label})"
        return text


def _shown(duration: Any) -> str:
    return repr(duration) if isinstance(duration, str) else f"{duration:g}"


def _steps_from(rows: Iterable[Any]) -> Iterable[Step]:
    """Steps from rows; a row with ``at`` is preceded by the wait until then."""
    if not isinstance(rows, Iterable):
        raise ParameterError(f"a protocol is made of steps, such as [{{'wait': 2}}], and {shown(rows)} is not a list.")
    clock = _Clock()
    for number, row in enumerate(rows, 1):
        if isinstance(row, Mapping) and "at" in row:
            row = dict(row)
            try:
                yield from clock.until(row.pop("at"))
            except ParameterError as error:
                raise ParameterError(f"step {number} of the protocol: {error}") from None
            if not row:
                continue
        step = row if isinstance(row, Step) else _step_from(row, number)
        clock.passes(step)
        yield step


class _Clock:
    """Time so far: all on the model's clock, or all in minutes where times come with units."""

    def __init__(self) -> None:
        self.now, self.units = 0.0, set[bool]()

    def _read(self, time: Any) -> float:
        from .units import magnitude

        time = _duration(time)
        if time:
            self.units.add(isinstance(time, str))
        return float(magnitude(time, "min", "at"))

    def until(self, at: Any) -> Iterable[Step]:
        then = self._read(at)
        if len(self.units) > 1:
            raise ParameterError("give all times with a unit, or none of them.")
        if then < self.now:
            raise ParameterError(f"it is at {at} min, before the one above ({self.now:g}); sort the steps by time.")
        if then > self.now:
            wait = then - self.now
            yield Step("wait", duration=f"{wait!r} min" if isinstance(at, str) else wait)
        self.now = then

    def passes(self, step: Step) -> None:
        if step.action == "wait":
            self.now += self._read(step.duration)


def _duration(time: Any) -> Any:
    """A checked length of time: a number on the model's clock, or text with its unit, which stays as it is."""
    from .units import magnitude

    value = magnitude(time, "min", "wait")
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ParameterError(f"a wait of {time!r} is not possible; it takes a number of minutes, 0 or more.")
    return time if isinstance(time, str) else float(value)


def _step_from(row: Any, number: int) -> Step:
    """A step from plain data: either what `Step.row` writes or the short file form."""
    where = f"step {number}"
    if not isinstance(row, Mapping):
        raise ParameterError(f"{where} of a protocol is {row!r}; it takes a mapping such as {{'wait': 2}}.")
    row = dict(row)
    if "action" not in row:
        found = [a for a in ACTIONS if a in row]
        if len(found) != 1:
            raise ParameterError(f"{where} {row!r} needs one of {', '.join(ACTIONS)}." + _hint(row))
        content = row.pop(found[0])
        row |= {"action": found[0]} | ({"duration": content} if found[0] == "wait" else {"values": content})
        if found[0] == "wait_until":
            row["duration"] = row.pop("at_most", None)
    if unknown := set(row) - {"action", "values", "duration", "label"}:
        name = min(map(str, unknown))
        raise ParameterError(f"{where} of a protocol: unknown key {name!r}." + nearest(name, (*ACTIONS, "label", "at")))
    action, label = row.get("action"), str(row.get("label", ""))
    if action not in ACTIONS:
        raise ParameterError(f"{where} of a protocol: unknown action {action!r}." + nearest(str(action), ACTIONS))
    try:
        if action == "wait":
            return Protocol().wait(row.get("duration"), label).steps[0]  # type: ignore[arg-type]
        values = {name: _array(value) for name, value in row.get("values", {}).items()}
        if action == "add":
            return Protocol().add(**values).steps[0]
        if action == "set":
            return Protocol().set(values).steps[0]
        condition = {name: tuple(test) for name, test in values.items()}
        return Protocol().wait_until(at_most=row.get("duration"), label=label, **condition).steps[0]  # type: ignore[arg-type]
    except (ParameterError, AttributeError, TypeError) as error:
        raise ParameterError(f"{where} of the protocol: {error}") from None


def _array(value: Any) -> Any:
    if isinstance(value, Mapping) and {"dims", "values"} <= set(value):
        import xarray

        return xarray.DataArray(value["values"], value.get("coords"), value["dims"])
    if isinstance(value, list) and value and not isinstance(value[0], str):
        import numpy

        return numpy.asarray(value, dtype=float)
    return value


def _hint(row: Mapping[str, Any]) -> str:
    return nearest(next(iter(row), ""), ACTIONS)


def _toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


def _rows_from_csv(text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(text.splitlines())
    if not {"action", "value"} <= set(reader.fieldnames or ()):
        raise ValueError("the header of a protocol csv is action,name,value,label, or at,action,name,value")
    rows: list[dict[str, Any]] = []
    for line in reader:
        action, value = (line.get("action") or "").strip(), (line.get("value") or "").strip()
        at = {"at": line["at"]} if (line.get("at") or "").strip() else {}
        try:
            number: Any = float(value)
        except ValueError:
            number = value
        if action == "wait":
            rows.append(at | {"wait": number, "label": line.get("label") or ""})
        elif action or not at:
            rows.append(at | {"action": action, "values": {(line.get("name") or "").strip(): number}})
        else:
            rows.append(at)
    return rows
