"""T3: one steady state, from the start of the experiment."""

from __future__ import annotations

import contest
import peers
from contest import Contest, Entry, relative, write
from peers.scipy_numpy import steady_reference

TOOLS = (
    "mitochem", "mitochem-compiled", "mitochem-states", "numbalsoda", "libroadrunner", "casadi",
    "pydiffsol", "myokit", "copasi", "diffrax", "scipy-math", "scipy-lsoda",
)  # fmt: skip

INTRODUCTION = """\
## T3: one steady state

A strong leak (X_H = 3e4, QAMAS) or 1 µM FCCP under a load (default model), from the start of the experiment with its
addition. CasADi's Newton starts from the rest state of the weakest leak, which it needs; others that have no root
finder, or whose root finder fails from this start, step in time."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS)
    parts = []
    for problem in options.problems:
        dials = problem.sweep_table(1)[0].copy()
        dials[problem.dials.index(problem.swept)] = 3e4 if problem.name.startswith("qamas") else 1.0
        expected = steady_reference(problem, dials[None])

        def make(key: str, problem=problem, dials=dials, expected=expected) -> Entry:
            tool = peers.build(key, problem, 1e-8, 1e-12)
            if key == "casadi":
                tool.steady(problem.sweep_table(1000))
            entry = Entry(key, tool, lambda: tool.cold(dials))
            entry.error = entry.agreement = relative(tool.states(entry.call()), expected)
            return entry

        found = Contest("t3", "T3", problem, options)
        found.enter(make)
        found.run(0.3 if options.quick else 1.0)
        parts.append((found, "ms", 1e3))
    write("t3_steady", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
