"""Time courses: one stiff solve per segment of a protocol, restarted at every addition."""

from __future__ import annotations

import dataclasses
import math
import operator
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .batch import Batch
from .dataset import provenance, variables
from .errors import ParameterError, SolveError
from .library import attach
from .protocol import Protocol

if TYPE_CHECKING:
    import xarray

    from .model import Model
    from .steady_state import Problem

__all__ = ["settle", "simulate"]

RTOL = 1e-8
SAMPLES = 200
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"<": operator.lt, ">": operator.gt}


@dataclasses.dataclass(frozen=True)
class Segment:
    """A stretch of constant parameters: what happens at its start, and how long it lasts."""

    label: str
    duration: float
    added: tuple[tuple[str, Any], ...] = ()
    assigned: tuple[tuple[str, Any], ...] = ()
    until: tuple[str, str, float] | None = None


def simulate(
    model: Model,
    protocol: Protocol | None = None,
    t_end: float | None = None,
    *,
    conditions: Mapping[str, Any] | None = None,
    start: Mapping[str, Any] | None = None,
    clamped: Sequence[str] = (),
    samples: int | Sequence[float] = SAMPLES,
    rtol: float = RTOL,
    atol: float | None = None,
    progress: bool | None = None,
) -> xarray.Dataset:
    """Run a protocol on a model.

    Parameters
    ----------
    model : Model
    protocol : Protocol, optional
        Steps of the experiment; without one, nothing is added.
    t_end : float, optional
        End of the run (min): the length of a run without protocol, or an extension of the last wait.
    conditions : mapping, optional
        Parameters by address and start values by state, as in `steady_state`. Arrays here or in the steps of
        the protocol make dimensions.
    start : mapping or Dataset, optional
        Start values of states, such as the last point of another run.
    clamped : sequence of str
        States held at their start values, besides those the model holds (oxygen, unless the protocol says that the
        chamber is closed).
    samples : int or sequence of float
        Output points per segment (denser just after each addition), or the times of output (min).
    rtol, atol : float
        Tolerances of the solver; ``atol`` is in units of each state's declared scale (default ``rtol``/100).
    progress : bool, optional
        Show progress over the members of a batch; by default if it takes a while in a terminal.

    Returns
    -------
    Dataset
        Over ``time`` (min), with the coordinate ``segment``. Both sides of an addition are there: the later one
        stands at the next larger floating-point time.

    Raises
    ------
    SolveError
        If a law fails or the solver does; it names the law, the time and the values, and carries the result
        up to there as ``partial``.
    """
    protocol = Protocol() if protocol is None else protocol
    if not isinstance(protocol, Protocol):
        protocol = Protocol(protocol)
    model, segments = compile_protocol(model, protocol, t_end)
    if protocol.closed:
        model = model.release(*(n for n in model.held("steady_state") if n in model.held("simulate")))
    named = {model.find(k)[1]: model.check(k, v) for k, v in (conditions or {}).items()}
    for name, value in (start or {}).items():
        if name in model.program.states:
            named.setdefault(name, model.check(name, value if getattr(value, "ndim", 0) else float(value)))
    steps = _step_arrays(model, segments)
    units = {name: model.declared(name).unit for name in named} | {key: unit for key, (_, unit) in steps.items()}
    batch = Batch.of(named | {key: value for key, (value, _) in steps.items()}, units)
    held = {*model.held("simulate"), *(model.state(name) for name in clamped)}
    options = dict(held=held, samples=samples, rtol=rtol, atol=rtol / 100 if atol is None else atol)
    if not (isinstance(rtol, int | float) and 1e-13 < rtol < 0.1):
        raise ParameterError(f"rtol = {rtol!r} is outside (1e-13, 0.1).")
    members = []
    for i in _progress(batch.size, progress):
        point = batch.at(i)
        here = model.replace({k: v for k, v in point.items() if k in named})
        members.append(_Run(here, _resolved(segments, point), **options).dataset())
    ds = _stacked(members, batch)
    ds.attrs |= {"protocol": json_of(protocol), "solver": "LSODA, exact Jacobian, restarted at every addition"}
    return ds


def json_of(protocol: Protocol) -> str:
    """The protocol as JSON text, for the attributes of a result."""
    import json

    return json.dumps({"steps": protocol.rows, "closed": protocol.closed})


# --- from protocol to segments ----------------------------------------------------------------------


def compile_protocol(model: Model, protocol: Protocol, t_end: float | None = None) -> tuple[Model, list[Segment]]:
    """Resolve every name of a protocol, attach its drugs, and cut it into segments."""
    segments: list[Segment] = []
    added: list[tuple[str, Any]] = []
    assigned: list[tuple[str, Any]] = []
    doses: dict[str, Any] = {}
    label = "start"
    for number, step in enumerate(protocol.steps, 1):
        where = f"step {number} ({step.action})"
        if step.action == "add":
            for name, amount in step.values:
                model, kind, target = _addition(model, name, where)
                value = _amount(model, target, amount, f"{where}: {name}")
                if kind == "dose":
                    doses[target] = doses.get(target, model.values[target]) + value
                    assigned.append((target, doses[target]))
                else:
                    added.append((target, value))
            label = " + ".join(_described(name, amount) for name, amount in step.values)
        elif step.action == "set":
            for name, value in step.values:
                drug = name.removesuffix(".dose")
                if name.endswith(".dose") and drug not in model.components:
                    model, _ = attach(model, drug)
                address = model.find(name)[1]
                assigned.append((address, model.check(name, value)))
                if address.endswith(".dose"):
                    doses[address] = assigned[-1][1]
            label = ", ".join(f"{name} = {value}" for name, value in step.values)
        else:
            until = None
            if step.action == "wait_until":
                name, (comparison, level) = step.values[0]
                if name not in model.program.states and name not in model.statements:
                    model.find(name)
                until = (name, comparison, float(level))
            segments.append(Segment(step.label or label, step.duration, tuple(added), tuple(assigned), until))
            added, assigned = [], []
    if added or assigned:
        raise ParameterError("the protocol ends with an addition; add .wait(minutes) to see what it does.")
    return model, _until(segments, t_end)


def _until(segments: list[Segment], t_end: float | None) -> list[Segment]:
    planned = sum(s.duration for s in segments)
    if t_end is None:
        if not segments or planned == 0:
            raise ParameterError("nothing to simulate: give a protocol with a .wait(minutes), or t_end=minutes.")
        return segments
    if not (isinstance(t_end, int | float) and math.isfinite(t_end) and t_end > 0):
        raise ParameterError(f"t_end = {t_end!r} min is not possible; it takes a positive number of minutes.")
    if t_end < planned * (1 - 1e-12):
        raise ParameterError(f"t_end = {t_end:g} min is before the end of the protocol ({planned:g} min).")
    if not segments:
        return [Segment("start", t_end)]
    last = segments[-1]
    return [*segments[:-1], dataclasses.replace(last, duration=last.duration + t_end - planned)]


def _addition(model: Model, name: str, where: str) -> tuple[Model, str, str]:
    """What is added: a state of the bath by its alias, or the dose of a drug."""
    for state, (_, law) in model.program.states.items():
        if name == law.options["alias"] or (name == state and law.options["alias"]):
            return model, "species", state
    try:
        model, address = attach(model, name)
    except ParameterError as error:
        raise ParameterError(f"{where}: {error}") from None
    return model, "dose", address


def _amount(model: Model, target: str, amount: Any, what: str) -> Any:
    from .units import magnitude

    value = magnitude(amount, model.declared(target).unit, what)
    if hasattr(value, "dims"):
        numbers = value.values
    else:
        try:
            numbers = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ParameterError(f"{what} = {amount!r} is not an amount.") from None
        value = numbers if numbers.ndim else float(numbers)
    if not np.isfinite(numbers).all() or (numbers < 0).any():
        raise ParameterError(f"{what} = {amount!r} is not possible; an addition is 0 or more.")
    return value


def _described(name: str, amount: Any) -> str:
    return f"{name} {amount:g}" if isinstance(amount, int | float) else f"{name} {amount}" if isinstance(amount, str) else name


def _step_arrays(model: Model, segments: list[Segment]) -> dict[str, tuple[Any, str]]:
    """Array-valued amounts in the steps: each becomes a condition of its own, named after what is added."""
    found: dict[str, tuple[Any, str]] = {}
    for i, segment in enumerate(segments):
        for kind in ("added", "assigned"):
            for name, value in getattr(segment, kind):
                if getattr(value, "ndim", 0):
                    key = name.replace(".", "_")
                    taken = {k.rsplit("|", 1)[-1] for k in found}
                    found[f"{i}|{kind}|{name}|{key if key not in taken else f'{key}_{i + 1}'}"] = (value, model.declared(name).unit)
    return {k: (_as_dimension(v, k.rsplit("|", 1)[-1], u), u) for k, (v, u) in found.items()}


def _as_dimension(value: Any, dim: str, unit: str) -> Any:
    import xarray

    if hasattr(value, "dims"):
        return value
    return xarray.DataArray(value, {dim: (dim, value, {"units": unit})}, (dim,))


def _resolved(segments: list[Segment], point: Mapping[str, float]) -> list[Segment]:
    """Segments of one member of a batch, with its own numbers."""
    out = list(segments)
    for key, number in point.items():
        if "|" in key:
            i, kind, name, _ = key.split("|")
            segment = out[int(i)]
            changed = tuple((n, number if n == name else v) for n, v in getattr(segment, kind))
            out[int(i)] = dataclasses.replace(segment, **{kind: changed})
    return out


# --- one run ------------------------------------------------------------------------------------------


class _Run:
    """One member: integrates segment after segment and collects what the Dataset needs."""

    def __init__(
        self, model: Model, segments: list[Segment], held: set[str], samples: Any, rtol: float, atol: float
    ) -> None:
        self.model, self.segments, self.samples = model, segments, samples
        self.names = list(model.program.states)
        self.fixed = [i for i, name in enumerate(self.names) if name in held]
        self.rtol = rtol
        self.atol = atol * np.array([law.options["scale"] for _, law in model.program.states.values()])
        self.times: list[Any] = []
        self.states: list[Any] = []
        self.labels: list[str] = []
        self.values: list[dict[str, Any]] = []
        self.totals: list[dict[str, float]] = []

    def dataset(self) -> xarray.Dataset:
        model, t = self.model, 0.0
        y = np.array([model.initial[name] for name in self.names])
        for segment in self.segments:
            model = model.replace({k: v for k, v in segment.assigned if k not in self.names})
            for name, value in segment.assigned:
                if name in self.names:
                    y[self.names.index(name)] = model.check(name, value)
            for name, amount in segment.added:
                y[self.names.index(name)] += amount
            if segment.duration == 0:
                continue
            point = dict(zip(self.names, map(float, y)))
            self.totals.append({law.name: float(law.total(point)) for law in model.conservation_laws()})
            times, states, failure = integrate(model, y, t, segment, self)
            self._collect(model, segment, times, states)
            if failure:
                partial = self._assembled() if self.times else None
                raise SolveError(failure, partial)
            t, y = times[-1], states[:, -1].copy()
        return self._assembled()

    def _collect(self, model: Model, segment: Segment, times: Any, states: Any) -> None:
        if not len(times):
            return
        times = np.array(times)
        if self.times:
            times[0] = np.nextafter(times[0], np.inf)
        self.times.append(times)
        self.states.append(states)
        self.labels += [segment.label] * len(times)
        with np.errstate(all="ignore"):
            values = model.program.run(model.components, dict(zip(self.names, states)))
        doses = {a: v for a, v in model.values.items() if a in self._changed()}
        values = {k: np.broadcast_to(v, times.shape) for k, v in values.items()}
        self.values.append(values | {a: np.full(times.shape, v) for a, v in doses.items()})

    def _changed(self) -> list[str]:
        return list(dict.fromkeys(n for s in self.segments for n, _ in s.assigned if n not in self.names))

    def _assembled(self) -> xarray.Dataset:
        import xarray

        joined = {k: np.concatenate([v[k] for v in self.values]) for k in self.values[0]}
        constant = {k for k, s in self.model.statements.items() if k in joined and np.ptp(joined[k]) == 0 and _is_fixed(self.model, k)}
        joined = {k: (v[0] if k in constant else v) for k, v in joined.items()}
        times = np.concatenate(self.times)
        data = variables(self.model, joined, ("time",), times.shape)
        for address in self._changed():
            unit = self.model.declared(address).unit
            data[address.replace(".", "_")] = ("time", joined[address], {"units": unit, "long_name": address})
        coordinates = {
            "time": ("time", times, {"units": "min", "long_name": "time", "symbol": "t"}),
            "segment": ("time", np.array(self.labels, dtype=str), {"long_name": "what was done last"}),
        }
        attrs = provenance(
            self.model,
            calculation="simulate",
            rtol=self.rtol,
            atol=list(self.atol),
            clamped=[self.names[i] for i in self.fixed],
            conserved=self.totals,
            additions=_boundaries(self.times),
        )
        return xarray.Dataset(data, coordinates, attrs)


def _boundaries(times: list[Any]) -> list[float]:
    return [float(t[0]) for t in times[1:]]


def _is_fixed(model: Model, name: str) -> bool:
    """True for a quantity that no state reaches."""
    return not any(s in model.program.states for st in model.program.needed([name]) for s in st.inputs)


def sample_times(t0: float, duration: float, samples: Any) -> Any:
    """Output times of a segment: both ends, and denser just after its start."""
    if not isinstance(samples, int | np.integer):
        wanted = np.unique(np.asarray(samples, float))
        inside = wanted[(wanted > t0) & (wanted < t0 + duration)]
        return np.concatenate([[t0], inside, [t0 + duration]])
    count = max(int(samples), 2)
    early = np.geomspace(min(1e-5, duration / 1e3), duration, count // 3 + 1)[:-1]
    times = t0 + np.concatenate([np.linspace(0, duration, count - len(early)), early])
    return np.unique(np.append(times[times < t0 + duration], t0 + duration))


def integrate(model: Model, y0: Any, t0: float, segment: Segment, run: Any) -> tuple[Any, Any, str]:
    """Solve one segment; returns times, states (state, time) and what went wrong, if anything did."""
    from scipy.integrate import solve_ivp

    equations = RightHandSide(model, run.fixed)
    grid = sample_times(t0, segment.duration, run.samples)
    events = None
    if segment.until:
        name, comparison, level = segment.until
        events = _event(model, run.names, name, level, comparison)
        if _COMPARE[comparison](events(t0, y0), 0):
            return np.array([t0]), np.asarray(y0)[:, None], ""
    try:
        solution = solve_ivp(
            equations.rates,
            (t0, t0 + segment.duration),
            y0,
            method="LSODA",
            jac=equations.jacobian,
            t_eval=grid,
            rtol=run.rtol,
            atol=run.atol,
            events=events,
        )
    except _NotFinite:
        times, states = _retry_until(equations, grid, y0, run)
        return times, states, _explain(model, equations.trouble, segment)
    if not solution.success or not np.isfinite(solution.y).all():
        failure = f"the solver stopped in {segment.label!r} at t = {solution.t[-1] if solution.t.size else t0:g} min: {solution.message}"
        return solution.t, solution.y, failure
    times, states = solution.t, solution.y
    if segment.until and solution.t_events[0].size:
        times = np.append(times, solution.t_events[0][0])
        states = np.hstack([states, solution.y_events[0][0][:, None]])
        keep = np.append(np.diff(times) > 0, True)
        times, states = times[keep], states[:, keep]
    return times, states, ""


def _event(model: Model, names: list[str], name: str, level: float, comparison: str) -> Any:
    def distance(t: float, y: Any) -> float:
        if name in names:
            return float(y[names.index(name)] - level)
        return float(model.program.run(model.components, dict(zip(names, y)), [name])[name] - level)

    distance.terminal = True  # type: ignore[attr-defined]
    distance.direction = -1.0 if comparison == "<" else 1.0  # type: ignore[attr-defined]
    return distance


class _NotFinite(Exception):
    pass


class RightHandSide:
    """Rates and Jacobian of one set of parameters on plain floats, held states at rest."""

    def __init__(self, model: Model, fixed: Sequence[int]) -> None:
        kernel = model.kernel
        values = model.values
        self.kernel, self.fixed = kernel, list(fixed)
        self.constants = kernel.prepare([values[a] for a in kernel.addresses])
        self.size = len(model.program.states)
        self.trouble: tuple[float, Any] = (0.0, None)
        keep = [i for i, r in enumerate(kernel.rows) if r not in self.fixed and kernel.columns[i] not in self.fixed]
        self._picked = np.array(keep, dtype=int)
        self._where = (kernel.rows[self._picked], kernel.columns[self._picked])

    def rates(self, t: float, y: Any) -> list[float]:
        try:
            out = list(self.kernel.rates(y.tolist(), self.constants))
        except (ZeroDivisionError, OverflowError, ValueError):
            out = [math.nan]
        if not math.isfinite(sum(out)):
            self.trouble = (t, y.copy())
            raise _NotFinite
        for i in self.fixed:
            out[i] = 0.0
        return out

    def jacobian(self, t: float, y: Any) -> Any:
        out = np.zeros((self.size, self.size))
        try:
            entries = np.array(self.kernel.jacobian(y.tolist(), self.constants), dtype=float)
        except (ZeroDivisionError, OverflowError, ValueError):
            entries = np.array([math.nan])
        if not np.isfinite(entries).all():
            self.trouble = (t, y.copy())
            raise _NotFinite
        out[self._where] = entries[self._picked]
        return out


def _retry_until(equations: RightHandSide, grid: Any, y0: Any, run: Any) -> tuple[Any, Any]:
    """What can be had before a failure: steps taken one by one until the law fails again."""
    from scipy.integrate import LSODA

    times, states = [grid[0]], [np.asarray(y0, float)]
    try:
        solver = LSODA(equations.rates, grid[0], y0, grid[-1], rtol=run.rtol, atol=run.atol, jac=equations.jacobian)
        while solver.status == "running":
            solver.step()
            times.append(solver.t)
            states.append(solver.y.copy())
    except _NotFinite:
        pass
    return np.array(times), np.array(states).T


def _explain(model: Model, trouble: tuple[float, Any], segment: Segment) -> str:
    """Name the law that fails, by reading the program on floats at the last point tried."""
    t, y = trouble
    names = list(model.program.states)
    values = dict(zip(names, map(float, y)))
    for name, (owner, parameter) in model.program.shared.items():
        values[name] = getattr(model.components[owner], parameter)
    problem = ""
    for statement in model.program.needed([f"d_{n}" for n in names]):
        inputs = {i: values[i] for i in statement.inputs if i in values}
        try:
            value = statement.read(model.components, values)
            values[statement.name] = value
            if math.isfinite(value) or not all(map(math.isfinite, inputs.values())):
                continue
            problem = "is not finite" if not math.isnan(value) else "is not a number (a log or root of a negative number?)"
        except (ArithmeticError, ValueError) as error:
            problem = str(error)
        who = f"{statement.owner}.{statement.law.name}" if statement.law else statement.name
        shown = ", ".join(f"{k} = {v:.6g}" for k, v in inputs.items())
        return (
            f"{who} failed in {segment.label!r} at t = {t:.6g} min ({problem}) with {shown or 'no inputs'}. "
            "The result up to there is in .partial of this error."
        )
    state = ", ".join(f"{n} = {v:.6g}" for n, v in zip(names, y))
    return f"a derivative failed in {segment.label!r} at t = {t:.6g} min with {state}."


# --- batches -------------------------------------------------------------------------------------------


def _progress(size: int, wanted: bool | None) -> Any:
    show = wanted if wanted is not None else size >= 20 and sys.stderr.isatty()
    if not show:
        return range(size)
    from tqdm import tqdm

    return tqdm(range(size), desc="simulating", unit="run", file=sys.stderr)


def _stacked(members: list[Any], batch: Batch) -> Any:
    """One Dataset over the batch's dimensions; all members share the segment times."""
    import xarray

    if not batch.dims:
        return members[0]
    if len({m.sizes["time"] for m in members}) > 1:
        raise ParameterError("wait_until ends at different times for different members; run them one by one.")
    first = members[0]
    data = {}
    for name, variable in first.data_vars.items():
        stack = np.stack([m[name].values for m in members]).reshape(*batch.shape, *variable.shape)
        data[name] = ((*batch.dims, *variable.dims), stack, variable.attrs)
    return xarray.Dataset(data, dict(first.coords) | batch.coordinates, first.attrs)


# --- towards a steady state ----------------------------------------------------------------------------


def settle(problem: Problem, point: int, duration: float) -> tuple[Any, str]:
    """Integrate one point of a steady-state problem for long; the message says why it cannot settle."""
    from scipy.integrate import solve_ivp

    model, names = problem.model, list(problem.model.program.states)
    here = model.replace({k: v for k, v in problem.batch.at(point).items() if k not in names})
    fixed = [i for i in range(len(names)) if i not in problem.free]
    equations = RightHandSide(here, fixed)
    scale = np.array([law.options["scale"] for _, law in model.program.states.values()])
    lower, upper = problem.lower[:, point], problem.upper[:, point]

    def margin(t: float, y: Any) -> float:
        return float(np.minimum(y - lower, upper - y)[problem.free].min() + 1e-6 * scale.min())

    margin.terminal = True  # type: ignore[attr-defined]
    start = problem.start[:, point].copy()
    try:
        solution = solve_ivp(
            equations.rates, (0, duration), start, "LSODA", jac=equations.jacobian, rtol=1e-8, atol=1e-10 * scale, events=margin
        )
    except _NotFinite:
        return start, "no steady state: " + _explain(here, equations.trouble, Segment("the approach to it", duration)).split(". ")[0]
    y = solution.y[:, -1]
    if solution.t_events[0].size:
        beyond = np.minimum(y - lower, upper - y)
        beyond[[i for i in range(len(names)) if i in fixed]] = np.inf
        worst = int(beyond.argmin())
        edge = lower[worst] if y[worst] - lower[worst] <= upper[worst] - y[worst] else upper[worst]
        return y, (
            f"no steady state: {names[worst]} passes {edge:.4g} after {solution.t[-1]:.3g} min, so something asks for more "
            "than the model can supply (a constant demand above capacity, say)"
        )
    if not solution.success:
        return y, f"no steady state: {solution.message}"
    return y, ""
