"""Every benchmark, and the report: ``make benchmarks`` writes ``docs/benchmarks/README.md``."""

from __future__ import annotations

import datetime
import os
import time
from pathlib import Path

import startup
import titration
from measure import machine

CAVEATS = """\
## How it was measured, and what to make of it

* Tools take turns within a round, every round starts with another tool, and ratios are formed within rounds: a
  machine that is busy for a while slows all of them. Absolute times are this machine's.
* The peers' equations are typed by hand in `by_hand.py`, once in Python and once as SBML, and share nothing with
  mitochem; nothing is timed unless Δp and J_O2 agree to 1e-6 at every dose compared.
* The peers got more than a newcomer would give them: conserved totals eliminated (by hand for SciPy, at loading for
  libroadrunner), every root started from the root of the dose before, libroadrunner's analysis of conserved moieties
  at every call switched off, the state before the drug for nothing. Doses that are not close together would cost them
  more. mitochem starts every dose from the state before the drug, which it computes too, and returns every state,
  flux, affinity and derived quantity with units, not two columns.
* `solve_ivp` is what many people do for lack of a steady-state solver: 100 min of model time at rtol 1e-8, with the
  right-hand side in `math`, the fastest kind; the slowest mode takes 3 min, so the rest error is far below 1e-6.
* *Newton by hand* shows what NumPy allows when a solver is written for one model, one start and one range of doses. It
  has no bounds, no conserved totals, no test for a wrong root and no fallback; the distance to it is what generality
  costs.
* Rows marked *scaled* were timed on fewer doses over the same range. For the SciPy row with the right-hand side in
  NumPy the doses are then further apart, which costs it about a tenth more per dose.
* All tools ran on one core; libroadrunner and SciPy could be spread over several processes, and so could mitochem.
"""


def main() -> None:
    start = time.perf_counter()
    sections = [titration.report(), startup.report()]
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    text = (
        "# Benchmarks\n\n"
        "Written by `make benchmarks` (`docs/benchmarks/run.py`); do not edit by hand.\n\n"
        f"Measured {datetime.date.today():%d %B %Y} in {time.perf_counter() - start:.0f} s on: {machine()}; "
        f"load average at the end {load}, this run included.\n\n" + "\n".join([*sections, CAVEATS])
    )
    path = Path(__file__).with_name("README.md")
    path.write_text(text, "utf-8")
    print(text)
    print(f"written to {path}")


if __name__ == "__main__":
    main()
