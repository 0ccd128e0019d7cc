"""An uncoupler titration of 10,000 doses: mitochem in one call, others point by point.

Run alone (``python docs/benchmarks/titration.py``) it prints its section of the report. Results are compared before
anything is timed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import by_hand
import numpy as np
from contest import save
from measure import fixed_work, interleaved, ratios, spread, table, version

import mitochem as mc

POINTS = 10_000
DOSES = np.linspace(0.0, 2.0, POINTS)  # µM FCCP: through the maximum of respiration at 0.5 far into its fall
ROUNDS = 7
TOLERANCE = 1e-6
RUN_FOR = 100.0  # min, from the state before the drug; the slowest mode takes 3 min

Nucleotides = tuple[float, float, float] | None
Solver = Callable[[Any], tuple[Any, Any]]


class Tool(NamedTuple):
    """Something that turns doses into pmf and oxygen consumption; slow ones are timed on ``points`` doses."""

    name: str
    points: int
    solve: Solver


def mitochem_tool(held: bool) -> Solver:
    """One call of ``titrate``; the result is the whole Dataset, of which two variables are compared."""
    model = mc.models.isolated_mitochondria().replace({"load.capacity": by_hand.LOAD})

    def solve(doses: Any) -> tuple[Any, Any]:
        ds = model.titrate("FCCP", doses) if held else model.titrate("FCCP", doses, clamped=())
        return ds["pmf"].values, ds["J_O2"].values

    return solve


def before() -> Any:
    """Steady Δψ, pH and ADP without the drug, by integration and polishing."""
    from scipy.integrate import solve_ivp
    from scipy.optimize import fsolve

    start = [by_hand.START[0], by_hand.START[1], 120.0, by_hand.START[2]]
    run = solve_ivp(by_hand.slopes(0.0, None), (0, RUN_FOR), start, method="LSODA", rtol=1e-10, atol=1e-12)
    return fsolve(by_hand.balances(0.0, None, math.exp), run.y[[0, 1, 3], -1], xtol=1e-12)


def by_hand_tool(at: Any, nucleotides: Nucleotides) -> Solver:
    def solve(doses: Any) -> tuple[Any, Any]:
        u = by_hand.batch_newton(np.repeat(at[:, None], len(doses), axis=1), doses, nucleotides)
        return by_hand.readings(u, doses, nucleotides)

    return solve


def root_tool(at: Any, nucleotides: Nucleotides, exp: Callable[[Any], Any]) -> Solver:
    """`fsolve` (MINPACK hybrd, what `scipy.optimize.root` calls), each dose started from the one before."""
    from scipy.optimize import fsolve

    def solve(doses: Any) -> tuple[Any, Any]:
        u, found = at, np.empty((len(at), len(doses)))
        for i, dose in enumerate(doses.tolist()):
            u, _, status, message = fsolve(by_hand.balances(dose, nucleotides, exp), u, xtol=1e-10, full_output=True)
            if status != 1:
                raise RuntimeError(f"fsolve at {dose} µM: {message}")
            found[:, i] = u
        return by_hand.readings(found, doses, nucleotides)

    return solve


def integrate_tool(at: Any, nucleotides: Nucleotides, method: str) -> Solver:
    """Each dose run to rest in time, from the state before the drug."""
    from scipy.integrate import solve_ivp

    K = by_hand.CHARGE - by_hand.CAPACITANCE * at[0] + by_hand.BUFFER * at[1]
    start = [at[0], at[1], K, *at[2:]]

    def solve(doses: Any) -> tuple[Any, Any]:
        found = np.empty((len(at), len(doses)))
        for i, dose in enumerate(doses.tolist()):
            rhs = by_hand.slopes(dose, nucleotides)
            run = solve_ivp(rhs, (0, RUN_FOR), start, method=method, rtol=1e-8, atol=1e-10)
            if not run.success:
                raise RuntimeError(f"{method} at {dose} µM: {run.message}")
            found[:, i] = run.y[[0, 1, 3][: len(at)], -1]
        return by_hand.readings(found, doses, nucleotides)

    return solve


def roadrunner_tool(nucleotides: Nucleotides) -> Solver:
    """nleq2 at conserved moieties found at loading, each dose started from the one before."""
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    roadrunner.Config.setValue(roadrunner.Config.LOADSBMLOPTIONS_CONSERVED_MOIETIES, True)
    model = roadrunner.RoadRunner(by_hand.sbml(clamped=nucleotides is not None))
    for name, value in zip("DTP", nucleotides or ()):
        model[name] = value * by_hand.VOLUME_BATH
    integrator = model.getIntegrator()
    integrator.setValue("relative_tolerance", 1e-9)
    integrator.setValue("absolute_tolerance", 1e-9)
    model.simulate(0, RUN_FOR, 2)
    model.setSteadyStateSolver("nleq2")
    solver = model.getSteadyStateSolver()
    solver.setValue("auto_moiety_analysis", False)  # at every call it would rebuild the model
    solver.setValue("allow_presimulation", False)
    model.steadyStateSelections = ["pmf", "J_e"]

    def solve(doses: Any) -> tuple[Any, Any]:
        found = np.empty((len(doses), 2))
        for i, dose in enumerate(doses.tolist()):
            model["dose"] = dose
            found[i] = model.getSteadyStateValues()
        return found[:, 0], found[:, 1]

    return solve


def tools(held: bool) -> list[Tool]:
    """mitochem first, then its peers; all peers start from a state before the drug that they need not compute."""
    at = before()
    nucleotides = (at[2], by_hand.ADENYLATE - at[2], by_hand.PHOSPHATE - by_hand.ADENYLATE + at[2]) if held else None
    at = at[:2] if held else at
    found = [
        Tool("mitochem, one call", POINTS, mitochem_tool(held)),
        Tool("Newton by hand in NumPy, one call", POINTS, by_hand_tool(at, nucleotides)),
        Tool("SciPy `fsolve`, right-hand side in `math`", POINTS, root_tool(at, nucleotides, math.exp)),
        Tool("SciPy `fsolve`, right-hand side in NumPy", 500, root_tool(at, nucleotides, np.exp)),
        Tool("SciPy `solve_ivp` LSODA, 100 min", 20, integrate_tool(at, nucleotides, "LSODA")),
        Tool("SciPy `solve_ivp` BDF, 100 min", 10, integrate_tool(at, nucleotides, "BDF")),
    ]
    if version("libroadrunner"):
        found.insert(2, Tool("libroadrunner, nleq2", POINTS, roadrunner_tool(nucleotides)))
    return found


def some(points: int) -> Any:
    """Doses over the whole range, both ends included; a single one is where respiration is about largest."""
    if points == 1:
        return DOSES[[POINTS // 4]]
    return DOSES[np.linspace(0, POINTS - 1, points).astype(int)]


def check(held: list[Tool], free: list[Tool]) -> dict[str, float]:
    """Largest relative difference of pmf and J_O2 between mitochem and each peer; stops if one is too large."""
    worst: dict[str, float] = {}
    for tools in (held, free):
        for tool in tools[1:]:
            doses = some(tool.points)
            pairs = zip(tools[0].solve(doses), tool.solve(doses))
            difference = max(float(np.abs(theirs / ours - 1).max()) for ours, theirs in pairs)
            worst[tool.name] = max(difference, worst.get(tool.name, 0.0))
            if not difference < TOLERANCE:
                raise SystemExit(f"{tool.name} differs from mitochem by {difference:.1e}; nothing was timed.")
    return worst


def report() -> str:
    """Measure; the section of the report as Markdown."""
    held, free = tools(held=True), tools(held=False)
    worst = check(held, free)
    tasks: dict[tuple[str, str], Callable[[], Any]] = {
        (kind, tool.name): partial(tool.solve, some(tool.points))
        for kind, group in (("held", held), ("free", free))
        for tool in group
    }
    tasks["noise", ""] = fixed_work
    seconds = interleaved(tasks, ROUNDS)
    rows = []
    for tool in held:
        scale = POINTS / tool.points
        cells = [tool.name, f"{tool.points:,}" + ("" if scale == 1 else ", scaled")]
        for kind in ("held", "free"):
            times = [scale * s for s in seconds[kind, tool.name]]
            cells += [spread(times), "1" if tool is held[0] else spread(ratios(times, seconds[kind, held[0].name]))]
        rows.append([*cells, f"{worst[tool.name]:.0e}" if tool.name in worst else "–"])
    head = (
        "tool", "doses timed", "held: s", "held: time / mitochem's", "free: s", "free: time / mitochem's", "difference"
    )  # fmt: skip
    missing = "" if version("libroadrunner") else "\nlibroadrunner is not installed here and was left out.\n"
    noise = spread(seconds["noise", ""], 1e3)
    return f"""\
## {POINTS:,} steady states along an uncoupler dose axis

FCCP, {DOSES[0]:g} to {DOSES[-1]:g} µM, on `isolated_mitochondria` with `load.capacity` = {by_hand.LOAD:g} nmol/min/mg;
bath nucleotides *held* at their values before the drug (`model.titrate("FCCP", doses)`) or *free* (`clamped=()`).
Seconds for all {POINTS:,} doses: median [smallest–largest] of {ROUNDS} rounds; ratios are taken within a round, and
above 1 mitochem is faster. *difference*: largest relative difference from mitochem in Δp or J_O2, checked first.

{table(head, rows)}
{missing}
A fixed calculation in pure Python, timed once a round to show how noisy the machine was: {noise} ms.

{by_number_of_doses(held)}
"""


def by_number_of_doses(held: list[Tool]) -> str:
    """How the time of a call depends on its size: what a batch costs before it pays."""
    sizes = (1, 10, 100, 1_000, POINTS)
    names = [t for t in held if t.points == POINTS]
    tasks = {(t.name, n): partial(t.solve, some(n)) for t in names for n in sizes}
    seconds = interleaved(tasks, ROUNDS)
    rows = [[t.name, *(spread(seconds[t.name, n], 1e3) for n in sizes)] for t in names]
    return "Milliseconds by number of doses (nucleotides held):\n\n" + table(["tool", *(f"{n:,}" for n in sizes)], rows)


if __name__ == "__main__":
    save("titration", report(), {}, quick="--quick" in sys.argv)
