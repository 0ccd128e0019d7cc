"""One tool in one process: ``python one.py TOOL FROZEN.json TASK [--repeat N] [--report]``.

TASK is ``run`` (T2, 101 rows), ``run1000``, ``sweep`` (T4) or ``ensemble`` (T5, 100 members). Start-up benchmarks time
the whole process; instruction counts take the difference of two numbers of repeats; ``--report`` prints peak memory,
the checksum of the result and the time from the first statement to the first result.
"""

from __future__ import annotations

import time

BEGUN = time.perf_counter()

import os  # noqa: E402

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import sys  # noqa: E402
from pathlib import Path  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))


def peak() -> float:
    """Peak resident memory in MB; what the system reports for a child may be its parent's at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(key: str, frozen: str, task: str, *rest: str) -> None:
    repeat = int(rest[rest.index("--repeat") + 1]) if "--repeat" in rest else 1
    import peers

    if key.startswith("mitochem"):
        import problems

        problem = problems.qamas() if "qamas" in Path(frozen).name else problems.isolated()
    else:
        from peers.frozen import FrozenProblem

        problem = FrozenProblem(Path(frozen))
    tool = peers.build(key, problem, 1e-6, 1e-9)
    calls = {
        "run": lambda: tool.run(problem.defaults, problem.times(101)),
        "run1000": lambda: tool.run(problem.defaults, problem.times(1000)),
        "sweep": lambda: tool.steady(problem.sweep_table(1000)),
        "ensemble": lambda: tool.ensemble(problem.draws(100), problem.times(101)),
    }
    result = calls[task]()
    first = time.perf_counter() - BEGUN
    for _ in range(repeat - 1):
        calls[task]()
    if "--report" in rest:
        import json

        times = {"run": problem.times(101), "run1000": problem.times(1000)}.get(task)
        print(
            json.dumps(
                {
                    "peak_MB": peak(),
                    "first_seconds": first,
                    "check": float(abs(tool.states(result, times)).sum()),
                    "modules": len(sys.modules),
                }
            )
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
