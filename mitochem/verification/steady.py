"""What holds at any steady state: roots, books of every pool, dissipation, relaxation, conserved sums."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.errors import SolveError
from ..symbolic.books import conserved_sums
from ..symbolic.reading import Reading, written_out
from ..symbolic.solve import steady_state
from .report import Check, NotApplicable, compared, within
from .subject import Subject

__all__ = ["books", "closed_form", "conservation", "dissipation", "relaxation", "root"]

_LARGEST = 20
"""States above which symbolic null spaces take too long."""
_NOTHING = 1e-15
"""Power, in kJ/mol times the unit of the fluxes, that rounding leaves of a model at equilibrium."""

_DIGITS = 30


def closed_form(subject: Subject) -> Iterator[Check]:
    """The steady state of the model by algebra, where there is one, against the solver."""
    if len(subject.free) > 3:
        raise NotApplicable(f"{len(subject.free)} free states: no closed form is looked for")
    try:
        form = steady_state(subject.model)
    except SolveError as error:
        raise NotApplicable(str(error)) from None
    found = subject.model.steady_state()
    for name, value in form.numeric().items():
        scale = subject.scale[name]
        yield compared("closed form", f"{name}*", form.assumptions[0], value, found[name], 1e-8, floor=1e-3 * scale)


def root(subject: Subject) -> Iterator[Check]:
    """The steady state against a root of the symbolic rates, by a Newton step in 30 digits."""
    import mpmath

    point = subject.steady
    with mpmath.workdps(_DIGITS):
        rates = _rates_in_digits(subject)
        here = {n: mpmath.mpf(v) for n, v in point.items()}
        size = [subject.scale[n] + abs(point[n]) for n in subject.free]
        residual = rates(here)
        matrix = np.zeros((len(subject.free),) * 2)
        for j, (name, s) in enumerate(zip(subject.free, size)):
            h = mpmath.mpf(10) ** -10 * s
            up, down = (rates({**here, name: here[name] + d}) for d in (h, -h))
            matrix[:, j] = [float((u - d) / (2 * h)) * s for u, d in zip(up, down)]
        right = np.array([float(r) for r in residual])
    row = np.abs(matrix).max(axis=1)
    row[row == 0] = 1.0
    step = np.linalg.lstsq(matrix / row[:, None], -right / row, rcond=1e-10)[0]
    worst = int(np.argmax(np.abs(step)))
    name = subject.free[worst]
    exact = point[name] + step[worst] * size[worst]
    yield compared(
        "root", f"{name}*", "steady state of the solver = root of the symbolic rates (state that differs most)",
        exact, point[name], 1e-7, floor=size[worst],
    )  # fmt: skip


def _rates_in_digits(subject: Subject) -> Any:
    """The rates of the free states from the formulas of the statements, on mpmath numbers."""
    import sympy

    from ..core.symbolic import read_equations

    wanted = tuple(f"d_{n}" for n in subject.free)
    read = read_equations(subject.program, subject.working.components, wanted)
    values = {read.parameters[a]: v for a, v in subject.working.values.items() if a in read.parameters}
    steps = []
    for name, expression in read.statements.items():
        known = {s: sympy.Float(values[s], _DIGITS) for s in expression.free_symbols if s in values}
        formula = written_out(expression.xreplace(known))
        inputs = sorted(formula.free_symbols, key=str)
        steps.append((name, [str(s) for s in inputs], sympy.lambdify(inputs, formula, modules="mpmath")))

    def rates(point: dict[str, Any]) -> list[Any]:
        space = dict(point)
        for name, inputs, function in steps:
            space[name] = function(*(space[i] for i in inputs))
        return [space[name] for name in wanted]

    return rates


def books(subject: Subject) -> Iterator[Check]:
    """What goes into each pool of a free state comes out of it."""
    values, found = subject.at_rest, 0
    for pool, posts in subject.posts(values, subject.working).items():
        if pool not in subject.free_pools():
            continue
        moved = [float(c * values[flux]) for flux, c in posts.items()]
        gained, lost = sum(m for m in moved if m > 0), -sum(m for m in moved if m < 0)
        if max(gained, lost) < 1e-9:
            continue
        found += 1
        yield compared("books", f"into and out of {pool}", "steady state: what is gained is lost", gained, lost, 1e-7)
    if not found:
        raise NotApplicable("nothing flows at the steady state")


def dissipation(subject: Subject) -> Iterator[Check]:
    """Power of every driven flux is not negative, and all of it comes out of what is held (H12)."""
    values, fluxes = subject.at_rest, subject.program.fluxes
    power = {n: float(values[n] * values[f"affinity_{n}"]) for n in fluxes if f"affinity_{n}" in values}
    if not power or any(not np.isfinite(p) for p in power.values()):
        raise NotApplicable("no flux has an affinity, or a pool is empty")
    total = sum(abs(p) for p in power.values())
    if total < _NOTHING:
        raise NotApplicable("nothing is dissipated at the steady state")
    least = min((p for n, p in power.items() if fluxes[n].law.driven), default=0.0)
    yield within("H12", "least J·A of a driven flux", "every process dissipates", min(0.0, least / total), 1e-9)
    missing = [n for n in fluxes if n not in power]
    if missing:
        return
    released = 0.0
    for pool, posts in subject.posts(values, subject.working).items():
        if pool not in subject.free_pools() and f"mu_{pool}" in values:
            released -= float(values[f"mu_{pool}"]) * sum(float(c * values[f]) for f, c in posts.items())
    yield compared(
        "H12", "Σ J·A", "steady state: all that is dissipated is released by the pools that are held",
        released, sum(power.values()), 1e-7, floor=1e-6 * total,
    )  # fmt: skip


def conservation(subject: Subject) -> Iterator[Check]:
    """Conserved sums by algebra: as many as by numbers, and constant along a simulation (H11)."""
    if len(subject.program.states) > _LARGEST:
        raise NotApplicable(f"more than {_LARGEST} states")
    model = subject.working
    import sympy

    reading = Reading(model, keep=tuple(model.program.fluxes))
    numbers = {
        reading.symbols[a]: sympy.Rational(str(v))
        for a, v in model.values.items()
        if a in reading.symbols and np.isfinite(v)
    }
    yield compared(
        "H11", "number of conserved sums", "left null space by algebra and by numbers",
        len(conserved_sums(reading, at=numbers)), len(model.conservation_laws()), 0.0,
    )  # fmt: skip
    states = tuple(n for n in model.program.states if n not in model.held("simulate"))
    sums = conserved_sums(reading, states, numbers)
    if not sums:
        return
    run = model.simulate(t_end=5.0, samples=60)
    for expression in sums:
        weights = {n: float(expression.diff(reading[n])) for n in states if reading[n] in expression.free_symbols}
        terms = np.array([w * run[n].values for n, w in weights.items()])
        course, size = terms.sum(axis=0), np.abs(terms).max()
        yield compared(
            "H11", " + ".join(weights), "conserved along a simulation, first against last value",
            course[0], course[-1], 1e-7, floor=float(size),
        )  # fmt: skip


def relaxation(subject: Subject) -> Iterator[Check]:
    """Time constants from the Jacobian against the decay of a small disturbance in a simulation."""
    model, point, free = subject.working, subject.steady, subject.free
    if set(free) != {n for n in model.program.states if n not in model.held("simulate")}:
        raise NotApplicable("steady states and simulations hold different states")
    matrix = model.jacobian(point).sel(rate=list(free), state=list(free)).values
    rates, left, right = _modes(matrix)
    moving = [i for i, r in enumerate(rates) if abs(r) > 1e-11 * np.abs(rates).max() and abs(r.imag) < 1e-9 * abs(r)]
    if not moving:
        raise NotApplicable("no real time constant")
    picked = {min(moving, key=lambda i: abs(rates[i])), max(moving, key=lambda i: abs(rates[i]))}
    for i in picked:
        which = "slowest" if abs(rates[i]) == min(abs(rates[j]) for j in picked) else "fastest"
        rate, vector, dual = float(rates[i].real), right[:, i].real, left[:, i].real
        size = np.array([subject.scale[n] for n in free])
        bounded = np.array([abs(point[n]) if subject.program.states[n][1].options["bounds"][0] == 0 else np.inf
                            for n in free])  # fmt: skip
        amplitude = 1e-3 * float(np.min(np.minimum(size, bounded) / np.maximum(np.abs(vector), 1e-300)))
        start = {n: point[n] + amplitude * v for n, v in zip(free, vector)}
        times = np.linspace(0.0, 2.0 / abs(rate), 21)
        run = model.simulate(t_end=float(times[-1]), samples=times, start=point | start, rtol=1e-9)
        away = np.array([run[n].values - point[n] for n in free])
        start_at = dual @ (amplitude * vector)
        course = dual @ away / start_at if start_at else np.zeros_like(times)
        fitted = np.polyfit(times, np.log(course), 1)[0] if np.all(course > 0) else 0.0
        yield compared(
            "H6", f"{which} time constant", "eigenvalue of the Jacobian = rate of decay in a simulation",
            -1.0 / rate, -1.0 / fitted if fitted else np.inf, 1e-2,
        )  # fmt: skip


def _modes(matrix: Any) -> tuple[Any, Any, Any]:
    """Eigenvalues with left and right vectors, in the same order."""
    import scipy.linalg

    rates, left, right = scipy.linalg.eig(matrix, left=True, right=True)
    return rates, left, right
