"""T5: an ensemble of 10,000 time courses with drawn parameters."""

from __future__ import annotations

import contest
import numpy as np
import peers
from contest import Contest, Entry, difference, sized, timed, write
from peers.scipy_numpy import reference
from problems import ATOL, RTOL, TIGHT_ATOL, TIGHT_RTOL

TOOLS = (
    "mitochem", "mitochem-compiled", "mitochem-two", "numbalsoda", "numbalsoda-two",
    "libroadrunner", "casadi", "pydiffsol", "myokit", "copasi", "diffrax", "scipy-math",
    "scipy-lsoda",
)  # fmt: skip
MEMBERS, ROWS, CHECKED = 10_000, 101, 12

INTRODUCTION = f"""\
## T5: an ensemble

The time course of T2 with all dials drawn (each times or divided by up to 2), {ROWS} rows of all states, one
thread unless it says two; rtol 1e-6, atol
1e-9. Up to {MEMBERS:,} members; slower tools are timed on fewer. The error is the largest over {CHECKED} members."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS)
    budget = 0.3 if options.quick else 1.5
    parts = []
    for problem in options.problems:
        times, draws = problem.times(ROWS), problem.draws(MEMBERS)
        expected = np.stack([reference(problem, dials, times) for dials in draws[:CHECKED]])

        def make(key: str, problem=problem, times=times, draws=draws, expected=expected) -> Entry:
            tool = peers.build(key, problem, RTOL, ATOL)

            def worst(tool: peers.base.Peer, members: int) -> float:
                found = tool.states(tool.ensemble(draws[:members], times), times)
                return max(difference(a, b) for a, b in zip(found, expected))

            error = worst(tool, CHECKED)
            # A tool with tight tolerances of its own needs minutes at them.
            slow = hasattr(tool, "tight")
            agreement = worst(tool.retuned(*(tool.tight if slow else (TIGHT_RTOL, TIGHT_ATOL))), 2 if slow else CHECKED)
            n = min(tool.batch, 1000 if options.quick else MEMBERS)
            if tool.batch < 1000:
                tool.ensemble(draws[:n], times)
                n = max(n, sized(timed(lambda: tool.ensemble(draws[:n], times)) / n, MEMBERS, budget))
            entry = Entry(key, tool, lambda n=n: tool.ensemble(draws[:n], times), n)
            entry.error, entry.agreement = error, agreement
            return entry

        found = Contest("t5", "T5, per member", problem, options)
        found.enter(make)
        found.run(budget)
        parts.append((found, "µs per member", 1e6))
    write("t5_ensemble", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
