"""Work-precision: what a member of T5 costs against the error it has, as the tolerance is tightened."""

from __future__ import annotations

from functools import partial

import contest
import numpy as np
import peers
from contest import difference, save, timed
from measure import spread, table
from peers.base import Unable
from peers.scipy_numpy import reference

TOOLS = ("mitochem-compiled", "mitochem", "numbalsoda", "libroadrunner", "casadi", "pydiffsol", "myokit", "copasi")
LADDER = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
ROWS, CHECKED = 101, 12

INTRODUCTION = f"""\
## Work and precision

Members of T5 ({ROWS} rows) at rtol from 1e-4 to 1e-9, atol a thousandth of it: µs per member and, in brackets, the
largest error over {CHECKED} members. Compare along equal errors, not along equal tolerances."""


def main() -> None:
    options = contest.arguments(__doc__, TOOLS, rounds=3)
    ladder = LADDER[::2] if options.quick else LADDER
    texts, facts = [INTRODUCTION], []
    for problem in options.problems:
        times, draws = problem.times(ROWS), problem.draws(2000)
        expected = np.stack([reference(problem, d, times) for d in draws[:CHECKED]])
        rows = []
        for key in options.tools:
            try:
                base = peers.build(key, problem, ladder[0], 1e-3 * ladder[0])
            except (Unable, ImportError) as reason:
                texts.append(f"* {key} left out: {reason}")
                continue
            cells = []
            for rtol in ladder:
                tool = base.retuned(rtol, 1e-3 * rtol)
                found = tool.states(tool.ensemble(draws[:CHECKED], times), times)
                error = max(difference(a, b) for a, b in zip(found, expected))
                n = 2000 if base.batch >= 1000 else CHECKED
                tool.ensemble(draws[:n], times)
                seconds = [timed(partial(tool.ensemble, draws[:n], times)) / n for _ in range(options.rounds)]
                cells.append(f"{spread(seconds, 1e6)} ({error:.0e})")
                facts.append({"problem": problem.name, "tool": key, "rtol": rtol, "seconds": seconds, "error": error})
            rows.append([base.name, *cells])
        head = ["rtol", *(f"{r:g}" for r in ladder)]
        texts += ["", f"### Work-precision, `{problem.name}`", "", table(head, rows), ""]
    save("work_precision", "\n".join(texts), {"points": facts}, options.quick)


if __name__ == "__main__":
    main()
