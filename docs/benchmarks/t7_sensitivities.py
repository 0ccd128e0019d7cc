"""T7: forward sensitivities of a time course with an addition."""

from __future__ import annotations

from typing import Any

import contest
import numpy as np
import peers
from contest import Contest, Entry, write
from peers.scipy_numpy import sensitivity_reference

TOOLS = ("mitochem", "mitochem-compiled", "casadi", "pydiffsol", "myokit", "diffrax")
ROWS = 101

INTRODUCTION = f"""\
## T7: forward sensitivities

The time course of T2 at {ROWS} times with d(state)/d(parameter) for the parameters of T6, through the addition: at rtol
1e-6, then at the loosest tolerance that reaches an error of 1e-5. Errors are in units of the largest sensitivity of the
state to the parameter, against the variational equations with exact derivatives at rtol 1e-10; agreement to 1e-5 is
asked of every tool at tight tolerance."""


LADDER = (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10)
GOAL = 1e-5


def main() -> None:
    options = contest.arguments(__doc__, TOOLS)
    parts = []
    agreements: dict[tuple[str, str], float] = {}
    for problem in options.problems:
        times = problem.times(ROWS)
        which = tuple(problem.dials.index(a) for a in problem.fitted)
        expected = sensitivity_reference(problem, problem.defaults, times, which)
        size = np.abs(expected).max(axis=0)
        # A state that a dial does not move has no size of its own.
        size = np.maximum(size, 1e-9 * size.max(axis=1, keepdims=True) + 1e-300)

        def error(tool: Any, problem=problem, times=times, which=which, expected=expected, size=size) -> float:
            found = tool.slopes(tool.sensitivities(problem.defaults, times, which), times, which)
            return float((np.abs(found - expected) / size)[:, tool.moving].max())

        def make(key: str, goal: float, problem=problem, times=times, which=which, error=error) -> Entry:
            for rtol in LADDER:
                tool = peers.build(key, problem, rtol, 1e-3 * rtol)
                found = error(tool)
                if found <= goal:
                    break
            entry = Entry(key, tool, lambda: tool.sensitivities(problem.defaults, times, which))
            entry.error, entry.note = found, f"rtol {rtol:g}, atol {1e-3 * rtol:g}"
            if (problem.name, key) not in agreements:
                agreements[problem.name, key] = error(tool.retuned(*tool.tight_sensitivities))
            entry.agreement = agreements[problem.name, key]
            return entry

        for title, goal in (("at rtol 1e-6", np.inf), (f"at an error of at most {GOAL:g}", GOAL)):
            found = Contest("t7", f"T7, {len(which)} parameters, {title}", problem, options, agreement=GOAL)
            found.enter(lambda key, goal=goal, make=make: make(key, goal))
            found.run(0.3 if options.quick else 1.0)
            parts.append((found, "ms", 1e3))
    write("t7_sensitivities", INTRODUCTION, parts, options)


if __name__ == "__main__":
    main()
