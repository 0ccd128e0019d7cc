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

One sweep of 1,000 QAMAS steady states with every quantity takes about 3.5 ms in one process, warm: the Newton
steps 1.0 ms (0.5 ms continued), names and checks 0.1 ms, residuals 0.3 ms, the Dataset of 84 variables 1.7 ms
(0.4 ms with a few `outputs`). Of a run of 1,000 rows the integration is 0.9 ms of 4.4 ms. What is left is fixed
per call, most of it xarray's, so that short tasks at the public interface are far from what the steps alone
would allow, and single runs are slower than those of numbalsoda and libroadrunner. Ensembles and sweeps of
10,000 and more are not: there the steps are the cost, 0.3 µs a step and member at 7 moving states, of which 60
% are exponentials.
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
