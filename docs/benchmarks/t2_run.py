"""T2: one stiff time course with an addition, 1,000 and 101 rows of all states."""

from __future__ import annotations

import contest
import peers
from contest import Contest, Entry, difference, write
from peers.scipy_numpy import reference
from problems import ATOL, RTOL, TIGHT_ATOL, TIGHT_RTOL

TOOLS = (
    "mitochem", "mitochem-compiled", "mitochem-states", "numbalsoda", "libroadrunner", "casadi",
    "pydiffsol", "myokit", "copasi", "diffrax", "scipy-math", "scipy-lsoda", "scipy-radau",
)  # fmt: skip

INTRODUCTION = """\
## T2: one stiff time course with an addition

State 2, an addition of ADP, states 3 and 4; rtol 1e-6, atol 1e-9; states at 1,000 or 101 times."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS)
    parts = []
    built: dict[tuple[str, str], peers.base.Peer] = {}
    for problem in options.problems:
        for rows in (1000, 101):
            times = problem.times(rows)
            expected = reference(problem, problem.defaults, times)

            def make(key: str, problem=problem, times=times, expected=expected) -> Entry:
                tool = built.get((problem.name, key)) or peers.build(key, problem, RTOL, ATOL)
                built[problem.name, key] = tool
                dials = problem.defaults
                entry = Entry(key, tool, lambda: tool.run(dials, times))
                entry.error = difference(tool.states(entry.call(), times), expected)
                tight = tool.retuned(*tool.tight) if hasattr(tool, "tight") else tool.retuned(TIGHT_RTOL, TIGHT_ATOL)
                entry.agreement = difference(tight.states(tight.run(problem.defaults, times), times), expected)
                return entry

            found = Contest("t2", f"T2, {rows:,} rows", problem, options)
            found.enter(make)
            found.run(0.3 if options.quick else 1.0)
            parts.append((found, "ms", 1e3))
    write("t2_run", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
