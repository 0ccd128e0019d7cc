"""Instructions of one T2 (101 rows), by cachegrind: the difference of two numbers of repeats, so that start-up cancels.

Wants ``valgrind``. A count does not depend on how busy the machine is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import contest
import processes
from contest import save
from measure import table

INTRODUCTION = """\
## Instructions

Millions of instructions of one time course (T2, 101 rows) as valgrind counts them, start-up taken off."""

REPEATS = (2, 12)


def count(key: str, path: Path, repeat: int) -> int:
    command = [
        "valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
        sys.executable, processes.ONE, key, str(path), "run", "--repeat", str(repeat),
    ]  # fmt: skip
    done = subprocess.run(command, env=processes.environment(), capture_output=True, text=True, timeout=900)
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode or not found:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no message"])[-1][:160])
    return int(found[1].replace(",", ""))


def main() -> None:
    options = contest.arguments(
        __doc__, ("mitochem", "mitochem-compiled", "numbalsoda", "libroadrunner", "casadi", "scipy-math", "scipy-lsoda")
    )
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed here.")
    facts, left_out = [], {}
    repeats = (2, 4) if options.quick else REPEATS
    with processes.folder() as name:
        paths = processes.frozen(Path(name))
        for problem in options.problems[:1]:

            def measure(key: str, path=paths[problem.name]) -> float:
                count(key, path, repeats[0])  # what is compiled for the processor that valgrind plays is then on disk
                few, many = (count(key, path, n) for n in repeats)
                return (many - few) / (repeats[1] - repeats[0])

            with ThreadPoolExecutor(2) as pool:
                futures = {key: pool.submit(measure, key) for key in options.tools}
                for key, future in futures.items():
                    try:
                        facts.append({"tool": key, "name": processes.name(key), "instructions": future.result()})
                    except Exception as reason:  # valgrind does not know every instruction a JIT emits
                        left_out[key] = str(reason)
    facts.sort(key=lambda f: f["instructions"])
    least = facts[0]["instructions"] if facts else 1
    rows = [[f["name"], f"{f['instructions'] / 1e6:.2f}", f"{f['instructions'] / least:.1f}"] for f in facts]
    text = "\n".join([INTRODUCTION, "", table(["tool", "10⁶ instructions", "times the least"], rows), ""])
    text += "".join(f"* {processes.name(k)} left out: {why}\n" for k, why in left_out.items())
    save("instructions", text, {"rows": facts, "left_out": left_out}, options.quick)


if __name__ == "__main__":
    main()
