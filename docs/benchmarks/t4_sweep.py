"""T4: a sweep of 1,000 steady states along one parameter."""

from __future__ import annotations

import contest
import numpy as np
import peers
from contest import Contest, Entry, relative, sized, timed, write
from peers.scipy_numpy import steady_reference

TOOLS = (
    "mitochem", "mitochem-roots", "mitochem-compiled", "mitochem-states", "mitochem-continued",
    "numbalsoda", "libroadrunner", "casadi", "pydiffsol", "myokit", "copasi", "diffrax", "scipy-fsolve",
    "scipy-math", "scipy-lsoda",
)  # fmt: skip

INTRODUCTION = """\
## T4: a sweep of 1,000 steady states

Leak activity from 1e2 to 1e5 in 1,000 steps of equal ratio (QAMAS), FCCP from 0 to 2 µM under a load (default model).
mitochem starts every point from the same start; libroadrunner, CasADi and `fsolve` go on from the point before, which
is easier. Tools without a root finder step in time at rtol 1e-8 until the rest error is far below 1e-6 (50,000 s;
200 min)."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS)
    budget = 0.2 if options.quick else 1.0
    parts = []
    for problem in options.problems:
        checked = problem.sweep_table(25)
        chosen = np.linspace(0, 999, 25).round().astype(int)
        expected = steady_reference(problem, checked)
        whole = problem.sweep_table(1000)

        def make(key: str, problem=problem, checked=checked, chosen=chosen, expected=expected, whole=whole) -> Entry:
            tool = peers.build(key, problem, 1e-8, 1e-12)
            n = 1000
            if not tool.whole:
                few = problem.sweep_table(5)
                tool.steady(few)
                n = sized(timed(lambda: tool.steady(few)) / 5, 1000, budget)
            sweep = problem.sweep_table(n)
            entry = Entry(key, tool, lambda: tool.steady(sweep), n)
            # Tools that go on from point to point are checked on the whole sweep, as they are timed.
            found = tool.states(tool.steady(whole))[chosen] if n == 1000 else tool.states(tool.steady(checked))
            entry.error = entry.agreement = relative(found, expected)
            return entry

        found = Contest("t4", "T4, per steady state", problem, options)
        found.enter(make)
        found.run(budget)
        parts.append((found, "µs per point", 1e6))
    write("t4_sweep", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
