"""Every benchmark in a process of its own, and the report: ``make benchmarks`` writes ``docs/benchmarks/README.md``.

``python docs/benchmarks/run.py [--only t4_sweep t5_ensemble] [--assemble]``
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = (
    "t2_run", "t3_steady", "t4_sweep", "t5_ensemble", "t6_fit", "t7_sensitivities", "t1_start", "t8_memory",
    "work_precision", "scaling", "instructions", "limit", "titration", "startup",
)  # fmt: skip
"""In the order of the report; ``limit`` reads what the tasks before it measured."""

HOW = """\
# Benchmarks

Written by `make benchmarks` (`docs/benchmarks/run.py`); do not edit by hand.

## How it was measured

* **One model, typed once.** Every peer gets the equations from mitochem's own symbolic reading of the model
  (`peers/equations.py`, `peers/languages.py`): reactions with stoichiometry as SBML for libroadrunner and COPASI,
  straight-line Python for CasADi, jax, numba and SciPy, DiffSL for pydiffsol, mmt for Myokit. Fixed parameters are
  numbers, common subexpressions are shared. In `by_hand.py` the default model is typed again from paper, for the
  titration of 10,000 doses.
* **Agreement before timing.** At tight tolerance (rtol 1e-10) every tool must be within 1e-6 of a reference (SciPy,
  rtol 1e-12, exact Jacobian; for steady states Newton's method with conserved totals after a long run), or it is not
  timed and named instead. The *true error* beside each time is that of the timed run.
* **Ratios** are formed round by round and above 1 mitochem is faster. Those in brackets are not claimed: mitochem's
  error was the larger one.
* **Rounds are interleaved**, each starts with another tool; median [smallest–largest]. A fixed loop in every round
  shows how noisy the machine was. Short calls are repeated, slow tools get fewer points or members (*timed on*).
* **Peers at their best known settings**: libroadrunner with conserved moieties from loading, nleq2 without its analysis
  at every call, each steady state from the one before; CasADi with conserved totals as equations and `fast_newton`;
  numbalsoda, its experiment and its ensemble inside one compiled loop; pydiffsol's BDF with its logging off; COPASI
  through its core API rather than basico; diffrax with the third-order Kvaernø method and a PI controller under `vmap`.
  The time before an addition and after it are two solves for every tool.
* **mitochem through its public interface**: the Dataset with every flux and derived quantity, units and provenance is
  part of its time; *states only* leaves the other quantities out, ensembles return states like the peers. The
  eigenvalues of steady states, which no peer computes, are left out.
* One thread each, unless a row says otherwise.

## To run it

    python -m venv bench && bench/bin/pip install -e . -r docs/benchmarks/requirements.txt
    bench/bin/python docs/benchmarks/run.py                      # all, about half an hour
    bench/bin/python docs/benchmarks/t4_sweep.py --quick         # one task, prints only
    bench/bin/python docs/benchmarks/t2_run.py --problem qamas --tools mitochem-compiled numbalsoda

Whole processes can be compared with any timer of commands: `one.py TOOL MODEL.json run` is one tool in one process
(`peers/frozen.py` writes the file).
"""


BEHIND = """\
## Where mitochem's time goes

A sweep of 1,000 QAMAS steady states takes 3.4 ms in one process, warm, on one thread: 27 Newton steps a point 1.8 ms
(2.7 steps and 0.4 ms when continued), residuals 0.2 ms, the Dataset 0.4 ms, names, checks and provenance 0.6 ms. Of a
run of 1,000 rows, 3.2 ms with every quantity, the integration is 0.9 ms, quantities at all rows 0.4 ms, the Dataset of
84 variables 0.9 ms, the rest names, checks and provenance. What is fixed per call, about 1.2 ms, is most of a
continued sweep and of a single run: such short tasks stay behind numbalsoda, whose call has no names, no units and no
Dataset, and that is the price of results that explain themselves. From about ten members, points or sets of parameters
on the steps are the cost, 0.3 µs a step and member at 7 moving states, of which 60 % are exponentials: each reversible
step of the respiratory chain has one of its own, because the numbers of charges are parameters here, where a kernel
made for one set of numbers could take five powers of one. This processor takes two cycles for a vector of 512 bits, as
the peaks above show, so half of what wider machines would give.

Cold Newton steps cannot be had for less by another control of the pseudo-time step: targets, growth, cuts and first
steps were varied over four sets of a thousand points and changed the mean number by a tenth at most.
NumPy's steady states are bound by its 0.7 ms of calls a step, whatever the number of points below a few hundred.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=list(SCRIPTS), choices=SCRIPTS, metavar="SCRIPT")
    parser.add_argument("--assemble", action="store_true", help="only join the results there are")
    options = parser.parse_args()
    failed = []
    for script in [] if options.assemble else options.only:
        start = time.perf_counter()
        done = subprocess.run([sys.executable, str(HERE / f"{script}.py")], stdout=subprocess.DEVNULL)
        print(f"{script}: {'failed' if done.returncode else 'done'} in {time.perf_counter() - start:.0f} s", flush=True)
        failed += [script] if done.returncode else []
    parts, machines = [HOW], []
    for script in SCRIPTS:
        path = HERE / "results" / f"{script}.md"
        if path.exists():
            facts = json.loads(path.with_suffix(".json").read_text("utf-8"))
            machines.append(f"* `{script}`: {facts['measured']}, {facts['machine']}")
            parts.append(path.read_text("utf-8").rstrip() + "\n")
    parts.append(BEHIND)
    parts.append("## Where\n\n" + "\n".join(dict.fromkeys(machines)) + f"\n\nJoined {datetime.date.today()}.\n")
    (HERE / "README.md").write_text("\n".join(parts), "utf-8")
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
