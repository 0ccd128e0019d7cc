"""What an ensemble is going to do: everything is resolved and checked here, before anything runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arguments import whole_number
from ..dataset import attributes, provenance
from ..errors import ParameterError, nearest
from ..library import with_drugs_of
from ..protocol import Protocol
from ..solvers import backend
from .chunk import invalid
from .courses import Course, course, plain_rows, references, table_of
from .layout import Layout
from .members import Called, Members, Source, Table, source_of
from .readouts import readouts_of, unit_of
from .reduction import Reduction
from .reductions import BLOCK, reductions_of
from .sampling import Draws
from .sobol import Sobol
from .task import Readout, Task

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Plan", "make_plan"]

SOLVERS = ("auto", "lsoda", "rosenbrock")
STEADY = ("newton", "newton, compiled")
COURSES = (backend.BATCHED,)
"""What a solver is called in a store that was begun, besides those that can be asked for."""
"""What finds steady states; a store names the one it was begun with."""
LARGEST_CHUNK = 1024
MOST_BYTES = 4e9


@dataclasses.dataclass(frozen=True)
class Plan:
    """The common work, the table, and the shape of the result."""

    task: Task
    members: Members
    layout: Layout

    def facts(self) -> dict[str, Any]:
        """What a store must agree with."""
        from ... import __version__

        table = {"members": self.members.size, "columns": sorted(self.layout.columns), "table": self.members.spec()}
        return {"mitochem": __version__, **self.task.facts, **table, "block": self.task.block}


def make_plan(
    model: Model,
    parameters: Any,
    protocol: Any,
    t_end: float | None,
    *,
    members: int | None,
    conditions: Mapping[str, Any] | None,
    outputs: Sequence[str] | None,
    times: Any,
    samples: int,
    readouts: Mapping[str, Any] | None,
    reduce: Any,
    keep: bool | None,
    clamped: Sequence[str],
    rtol: float,
    atol: float | None,
    solver: str,
    chunk: int | None,
    workers: int,
    stored: bool,
) -> Plan:
    """Resolve every name and check every value of a call of `ensemble`."""
    _check_numbers(rtol, solver, chunk)
    steady = protocol is None and t_end is None
    protocol = protocol if isinstance(protocol, Protocol) else Protocol(protocol or ())
    model = with_drugs_of(model, conditions or {})
    model = model.replace({k: model.check(k, v) for k, v in (conditions or {}).items()})
    source = source_of(parameters, members)
    named = references(protocol, source.names if source else ())
    sheet = Members(model, source, named) if source else None
    model = sheet.model if sheet else model
    plan = Course(model, (), {}, {}, ()) if steady else course(model, protocol, t_end, sheet, named)
    source = table_of(source, plan.extra)
    sheet = Members(plan.model, source, named)
    sheet.extra = plan.extra
    if steady and (times is not None or readouts):
        raise ParameterError("steady states have no times and no readouts; give a protocol, or t_end=.")
    at, labels = (np.array([]), None) if steady else plan.times(times, samples)
    wanted = _outputs(sheet.model, outputs, readouts)
    taken = readouts_of(readouts or {}, lambda name: _quantity(sheet.model, name), plan.windows(), at)
    reductions = reductions_of(reduce, getattr(source, "design", source.names)) if reduce else ()
    held = {*sheet.model.held("steady_state" if steady else "simulate"), *(sheet.model.state(n) for n in clamped)}
    task = Task(
        model=sheet.model,
        segments=plan.segments,
        conditions=sheet.conditions,
        held=tuple(sorted(held)),
        outputs=wanted,
        times=tuple(map(float, at)),
        readouts=taken,
        reductions=reductions,
        rtol=float(rtol),
        atol=rtol / 100 if atol is None else float(atol),
        # Settled here, once: every chunk, wherever it is solved, takes the same.
        solver=_solver(sheet.model, plan.segments, held, solver, source.size),
        block=_block(reductions, source),
        keep=not reductions if keep is None else bool(keep),
    )
    if not task.keep and not reductions:
        raise ParameterError("keep=False leaves nothing: give reduce= too.")
    _refuse_bad_members(task, sheet)
    size = _chunk_size(chunk, task, source.size, workers)
    layout = _layout(task, sheet, plan, labels, size, protocol)
    if task.keep and not stored:
        _refuse_too_much(layout)
    return Plan(task, sheet, layout)


def _solver(model: Model, segments: Any, held: set[str], solver: str, members: int) -> str:
    if segments:
        return solver if solver in COURSES else backend.for_members(model, segments, held, solver, members)
    if solver in STEADY:
        return solver
    return STEADY[1] if backend.for_steady_members(model, held, members) else STEADY[0]


# --- checks --------------------------------------------------------------------------------------------


def _check_numbers(rtol: Any, solver: str, chunk: Any) -> None:
    if not (isinstance(rtol, int | float) and 1e-13 < rtol < 0.1):
        raise ParameterError(f"rtol = {rtol!r} is outside (1e-13, 0.1).")
    if solver not in SOLVERS + STEADY + COURSES:
        raise ParameterError(f"solver = {solver!r} is not known." + nearest(str(solver), SOLVERS))
    if chunk is not None:
        whole_number(chunk, "chunk", 1)


def _refuse_bad_members(task: Task, members: Members) -> None:
    """A table that is all there is checked as a whole; one that is drawn has its bad members flagged as they come."""
    if not isinstance(members.source, Table):
        return
    bad = invalid(task, members.columns(0, members.size))
    if bad:
        first = min(bad)
        more = f" ({len(bad)} members in all)" if len(bad) > 1 else ""
        raise ParameterError(f"member {first} of the table{more}: {bad[first]}")


def _refuse_too_much(layout: Layout) -> None:
    size = sum(8.0 * np.prod(layout.shape(name, layout.size)) for name in layout.values)
    if size > MOST_BYTES:
        raise ParameterError(
            f"the result would take {size / 1e9:.1f} GB: ask for fewer outputs= or times=, for readouts= only, for "
            "reduce= over members, or give a store=."
        )


def _outputs(model: Model, outputs: Sequence[str] | None, readouts: Any) -> tuple[str, ...]:
    """Names of quantities; by default all that change with a state, or none where there are readouts."""
    if outputs is None:
        return () if readouts else tuple(n for n in model.reported if _changes(model, n))
    outputs = [outputs] if isinstance(outputs, str) else list(outputs)
    return tuple(dict.fromkeys(_quantity(model, name) for name in outputs))


def _changes(model: Model, name: str) -> bool:
    """True for a state, and for what a state reaches."""
    states = model.program.states
    return name in states or any(i in states for s in model.program.needed([name]) for i in s.inputs)


def _quantity(model: Model, name: str) -> str:
    """The name of a quantity that can be in a result."""
    name = model.program.aliases.get(name, name)
    if name not in model.reported:
        raise ParameterError(f"{model.name} has no quantity {name!r} to put out." + nearest(name, model.reported))
    return name


# --- sizes ---------------------------------------------------------------------------------------------


def _block(reductions: Sequence[Reduction], source: Source) -> int:
    """Members of a block: whole groups of a Saltelli table, where there is one."""
    for reduction in reductions:
        if isinstance(reduction, Sobol):
            columns = len(reduction.parameters)
            group = columns + 2
            if source.size % group or isinstance(source, Draws):
                raise ParameterError(
                    f"these {source.size} members are no Saltelli table of {columns} parameters, which has a multiple "
                    f"of {group} rows (A, AB_1 … AB_{columns}, B); make one with saltelli(ranges, n)."
                )
            return -(-BLOCK // group) * group
    return BLOCK


def _chunk_size(chunk: int | None, task: Task, size: int, workers: int) -> int:
    """Members of a chunk; whole blocks where there are reductions. It changes the speed, never a number."""
    # The cost of NumPy's calls is shared by the members of a chunk, and threads take turns at them.
    fair = size if task.solver in COURSES else max(8, -(-size // (4 * workers)))
    wanted = min(LARGEST_CHUNK, fair) if chunk is None else chunk
    if task.reductions:
        wanted = -(-wanted // task.block) * task.block
    return wanted


# --- the result ----------------------------------------------------------------------------------------


def _layout(
    task: Task, members: Members, plan: Course, labels: list[str] | None, chunk: int, protocol: Protocol
) -> Layout:
    model = task.model
    values = {name: {"along": "" if task.steady else "time", "attrs": attributes(model, name)} for name in task.outputs}
    for readout in task.readouts:
        if readout.name in values or readout.name in model.program.states:
            raise ParameterError(f"readout {readout.name!r} has the name of a quantity; choose another.")
        values[readout.name] = {"along": "", "attrs": _readout_attributes(model, readout)}
    attrs = provenance(
        model,
        calculation="ensemble of steady states" if task.steady else "ensemble",
        solver=task.solver,
        rtol=task.rtol,
        clamped=list(task.held),
        table=members.source.spec() if not isinstance(members.source, Table | Called) else "in the coordinates",
    )
    if not task.steady:
        attrs["protocol"] = json.dumps({"steps": plain_rows(protocol, plan.segments), "closed": protocol.closed})
    return Layout(
        size=members.size,
        chunk=chunk,
        block=task.block,
        keep=task.keep,
        values=values,
        columns=_columns(model, members, plan, values),
        reductions=[r.spec() for r in task.reductions],
        coordinates={} if task.steady else _time_axis(task, labels),
        attrs=attrs,
    )


def _readout_attributes(model: Model, readout: Readout) -> dict[str, str]:
    about = attributes(model, readout.quantity)
    name = about.get("long_name", readout.quantity)
    window = "" if not np.isfinite(readout.window).any() else f", {readout.window[0]:g} to {readout.window[1]:g}"
    unit = unit_of(readout.how, about["units"], model.time_unit)
    return {"units": unit, "long_name": f"{readout.how} of {name}{window}", "quantity": readout.quantity}


def _time_axis(task: Task, labels: list[str] | None) -> dict[str, Any]:
    attrs = {"units": task.model.time_unit, "long_name": "time", "symbol": "t"}
    return {"times": list(task.times), "labels": labels, "attrs": attrs}


def _columns(model: Model, members: Members, plan: Course, values: Mapping[str, Any]) -> dict[str, Any]:
    """How the columns of the table are called in the result: as `steady_state` names dimensions."""
    out: dict[str, Any] = {}
    taken = {*values, "member", "time", "segment", "success", "message"}
    for key in (*members.targets.values(), *members.extra):
        name = f"start_{key}" if key in model.program.states else key.replace(".", "_")
        name = f"given_{name}" if name in taken else name
        taken.add(name)
        unit = plan.units.get(key) or model.declared(key).unit
        out[key] = {"name": name, "attrs": {"units": unit, "long_name": key}}
    return out
