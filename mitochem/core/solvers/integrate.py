"""One stiff solve with constant parameters, and plain words for what stops it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..schedule import Segment

if TYPE_CHECKING:
    from ..model import Model

__all__ = ["Tolerances", "integrate", "settle"]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"<": operator.lt, ">": operator.gt}


class NotFinite(Exception):
    """A rate or derivative is not a number; the solver cannot go on."""


class RightHandSide:
    """Rates and Jacobian at one set of parameters on plain floats, held states at rest.

    A ``lenient`` one answers a step too far with NaN, for solvers that then try a shorter one.
    """

    def __init__(self, model: Model, held: Sequence[int], lenient: bool = False) -> None:
        self.lenient = lenient
        kernel, values = model.kernel, model.values
        self.kernel, self.held = kernel, list(held)
        self.constants = kernel.prepare([values[a] for a in kernel.addresses])
        self.size = len(model.program.states)
        self.trouble: tuple[float, Any] = (0.0, np.zeros(self.size))
        keep = [i for i, r in enumerate(kernel.rows) if r not in self.held and kernel.columns[i] not in self.held]
        self._picked = np.array(keep, dtype=int)
        self._where = (kernel.rows[self._picked], kernel.columns[self._picked])

    def _finite(self, function: Any, t: float, y: Any) -> list[float]:
        try:
            out = list(function(y.tolist(), self.constants))
        except (ZeroDivisionError, OverflowError, ValueError):
            out = [math.nan]
        if not math.isfinite(sum(out)):
            self.trouble = (t, y.copy())
            if not self.lenient:
                raise NotFinite
            return [math.nan] * (self.size if function is self.kernel.rates else len(self.kernel.rows))
        return out

    def rates(self, t: float, y: Any) -> list[float]:
        out = self._finite(self.kernel.rates, t, y)
        for i in self.held:
            out[i] = 0.0
        return out

    def jacobian(self, t: float, y: Any) -> Any:
        out = np.zeros((self.size, self.size))
        entries = np.array(self._finite(self.kernel.jacobian, t, y), dtype=float)
        out[self._where] = entries[self._picked]
        return out


def _method(name: str) -> Any:
    """What `solve_ivp` takes for a solver."""
    if name != "Rodas5P":
        return name
    from .rosenbrock import AutonomousRodas5P

    return AutonomousRodas5P


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


class Tolerances:
    """Relative tolerance, and absolute ones from the declared scale of each state."""

    def __init__(self, model: Model, rtol: float, atol: float) -> None:
        self.rtol, self.unit_atol = rtol, atol
        self.atol = atol * np.array([law.options["scale"] for _, law in model.program.states.values()])


def integrate(
    model: Model,
    y0: Any,
    t0: float,
    segment: Segment,
    held: Sequence[int],
    samples: Any,
    tolerances: Tolerances,
    method: str = "LSODA",
) -> tuple[Any, Any, str]:
    """Solve one segment; returns times, states (state, time), and what went wrong, if anything did."""
    from scipy.integrate import solve_ivp

    equations = RightHandSide(model, held, lenient=method == "Rodas5P")
    grid = sample_times(t0, segment.duration, samples)
    limits = Limits(model, tolerances)
    events = [limits.event]
    if segment.until:
        name, comparison, level = segment.until
        events.append(_event(model, name, level, comparison))
        if _COMPARE[comparison](events[-1](t0, y0), 0):
            return np.array([t0]), np.asarray(y0)[:, None], ""
    try:
        # SciPy's BDF reads memory that it has not set; whether rates and states are finite is looked at here.
        with np.errstate(invalid="ignore"):
            solution = solve_ivp(
                equations.rates,
                (t0, t0 + segment.duration),
                y0,
                method=_method(method),
                jac=equations.jacobian,
                t_eval=grid,
                rtol=tolerances.rtol,
                atol=tolerances.atol,
                events=events,
            )
    except NotFinite:
        times, states = _before_trouble(equations, grid, y0, tolerances)
        return times, states, explain(model, equations.trouble, segment)
    if not solution.success or not np.isfinite(solution.y).all():
        at = solution.t[-1] if solution.t.size else t0
        return (
            solution.t,
            solution.y,
            f"the solver stopped in {segment.label!r} at t = {at:g} {model.time_unit}: {solution.message}",
        )
    times, states = solution.t, solution.y
    if times.size and times[0] == t0:
        states[:, 0] = y0  # rather than interpolated
    for at, found in zip(solution.t_events, solution.y_events):
        if at.size:
            times, states = np.append(times, at[0]), np.hstack([states, found[0][:, None]])
            keep = np.append(np.diff(times) > 0, True)
            times, states = times[keep], states[:, keep]
    failure = ""
    if solution.t_events[0].size:
        failure = f"{limits.explain(states[:, -1])}, in {segment.label!r} at t = {times[-1]:.6g} {model.time_unit}."
    return times, states, failure


class Limits:
    """The bounds of the states: leaving them ends a solve, with the flux named that asks for too much."""

    def __init__(self, model: Model, tolerances: Tolerances, lower: Any = None, upper: Any = None) -> None:
        self.model = model
        laws = [law for _, law in model.program.states.values()]
        low, high = np.array([law.options["bounds"] for law in laws], dtype=float).T
        self.lower = np.where(np.isnan(low), -np.inf, low) if lower is None else lower
        self.upper = np.where(np.isnan(high), np.inf, high) if upper is None else upper
        slack = 50 * tolerances.atol
        bounded = np.flatnonzero(np.isfinite(self.lower) | np.isfinite(self.upper))
        self._bounded = bounded
        self._low, self._high = (self.lower - slack)[bounded], (self.upper + slack)[bounded]

        def event(t: float, y: Any) -> float:
            inside = y[bounded]
            return float(min((inside - self._low).min(initial=1.0), (self._high - inside).min(initial=1.0)))

        event.terminal = True  # type: ignore[attr-defined]
        self.event = event

    def explain(self, y: Any) -> str:
        """Which state leaves its bounds, and what takes it (or fills it) fastest."""
        names = list(self.model.program.states)
        distance = np.minimum(y - self.lower, self.upper - y)
        worst = int(self._bounded[distance[self._bounded].argmin()])
        below = y[worst] - self.lower[worst] <= self.upper[worst] - y[worst]
        edge = self.lower[worst] if below else self.upper[worst]
        unit = self.model.program.states[names[worst]][1].unit
        text = f"{names[worst]} passes {'below' if below else 'above'} {edge:.4g} {unit}".removesuffix(" 1")
        culprit = self._culprit(names[worst], dict(zip(names, map(float, y))), -1 if below else 1)
        return f"{text}: {culprit} asks for more than the model can supply" if culprit else text

    def _culprit(self, state: str, point: dict[str, float], sign: int) -> str:
        program, components = self.model.program, self.model.components
        values = program.run(components, point)
        pushes = {
            flux.name: sign * values[flux.name] * program.coefficient(flux, pool, components, values)
            for pool in program.state_pools[state]
            for flux in program.fluxes.values()
            if pool in flux.posts
        }
        name = max(pushes, key=pushes.__getitem__, default="")
        return f"{name} ({values[name]:.4g} {program.fluxes[name].law.unit})" if name and pushes[name] > 0 else ""


def _event(model: Model, name: str, level: float, comparison: str) -> Any:
    names = list(model.program.states)

    def distance(t: float, y: Any) -> float:
        if name in names:
            return float(y[names.index(name)] - level)
        return float(model.program.run(model.components, dict(zip(names, y)), [name])[name] - level)

    distance.terminal = True  # type: ignore[attr-defined]
    distance.direction = -1.0 if comparison == "<" else 1.0  # type: ignore[attr-defined]
    return distance


def _before_trouble(equations: RightHandSide, grid: Any, y0: Any, tolerances: Tolerances) -> tuple[Any, Any]:
    """What can be had before a failure: steps taken one by one until the law fails again."""
    from scipy.integrate import LSODA

    times, states = [grid[0]], [np.asarray(y0, float)]
    try:
        solver = LSODA(
            equations.rates,
            grid[0],
            y0,
            grid[-1],
            rtol=tolerances.rtol,
            atol=tolerances.atol,
            jac=equations.jacobian,
        )
        while solver.status == "running":
            solver.step()
            times.append(solver.t)
            states.append(solver.y.copy())
    except NotFinite:
        pass
    return np.array(times), np.array(states).T


def explain(model: Model, trouble: tuple[float, Any], segment: Segment) -> str:
    """Name the law that fails, by reading the program on floats at the last point tried."""
    t, y = trouble
    names = list(model.program.states)
    values = dict(zip(names, map(float, y)))
    for name, (owner, parameter) in model.program.shared.items():
        values[name] = getattr(model.components[owner], parameter)
    for statement in model.program.needed([f"d_{n}" for n in names]):
        inputs = {i: values[i] for i in statement.inputs if i in values}
        try:
            value = values[statement.name] = statement.read(model.components, values)
            if math.isfinite(value) or not all(map(math.isfinite, inputs.values())):
                continue
            problem = "it is infinite" if math.isinf(value) else "not a number: a log or root of a negative number?"
        except (ArithmeticError, ValueError) as error:
            problem = str(error)
        who = f"{statement.owner}.{statement.law.name}" if statement.law is not None else statement.name
        shown = ", ".join(f"{k} = {v:.6g}" for k, v in inputs.items())
        return (
            f"{who} failed in {segment.label!r} at t = {t:.6g} {model.time_unit} ({problem}) "
            f"with {shown or 'no inputs'}. "
            "The result up to there is in .partial of this error."
        )
    state = ", ".join(f"{n} = {v:.6g}" for n, v in zip(names, y))
    return f"a derivative failed in {segment.label!r} at t = {t:.6g} {model.time_unit} with {state}."


def settle(model: Model, start: Any, free: Any, lower: Any, upper: Any, duration: float) -> tuple[Any, str]:
    """Integrate for long towards a steady state; the message says why there is none."""
    from scipy.integrate import solve_ivp

    names = list(model.program.states)
    equations = RightHandSide(model, [i for i in range(len(names)) if i not in free])
    tolerances = Tolerances(model, 1e-8, 1e-10)
    limits = Limits(model, tolerances, lower, upper)
    try:
        solution = solve_ivp(
            equations.rates,
            (0, duration),
            start,
            "LSODA",
            jac=equations.jacobian,
            rtol=tolerances.rtol,
            atol=tolerances.atol,
            events=limits.event,
        )
    except NotFinite:
        why = explain(model, equations.trouble, Segment("the approach to it", duration))
        return start, "no steady state: " + why.split(" The result up to there")[0]
    y = solution.y[:, -1]
    if solution.t_events[0].size:
        return y, f"no steady state: {limits.explain(y)} ({solution.t[-1]:.3g} {model.time_unit} after the start)"
    return y, "" if solution.success else f"no steady state: {solution.message}"
