"""The distance to the limit: what the core can do at most, and the arithmetic of the equations."""

from __future__ import annotations

import json
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

import contest
from contest import RESULTS, save
from measure import table
from peers.equations import system

INTRODUCTION = """\
## Distance to the limit

The peak is measured by independent chains of fused multiply-adds in registers, compiled for this processor. Operations
are those of the generated straight-line code; an exponential, logarithm or division counts as 20, 20 and 4."""

PEAK = """
#include <stdio.h>
#include <time.h>
typedef double vector __attribute__((vector_size(WIDTH)));
int main(void) {
    vector a[CHAINS], b, c;
    for (int j = 0; j < WIDTH / 8; j++) { b[j] = 0.999999; c[j] = 1e-7; }
    for (int i = 0; i < CHAINS; i++) a[i] = b + (double)i;
    struct timespec start, end;
    long repeats = 40000000;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long n = 0; n < repeats; n++) {
        #pragma GCC unroll 64
        for (int i = 0; i < CHAINS; i++) a[i] = a[i] * b + c;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double sum = 0, s = end.tv_sec - start.tv_sec + 1e-9 * (end.tv_nsec - start.tv_nsec);
    for (int i = 0; i < CHAINS; i++) for (int j = 0; j < WIDTH / 8; j++) sum += a[i][j];
    printf("%g %g\\n", 2.0 * CHAINS * (WIDTH / 8) * repeats / s, sum);
    return 0;
}
"""


def peak(rounds: int) -> dict[str, list[float]]:
    """Flop/s of one core by vector width; empty without a C compiler."""
    if not shutil.which("gcc"):
        return {}
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        source, program = Path(name) / "peak.c", Path(name) / "peak"
        source.write_text(PEAK, "utf-8")
        widths = [w for w, flag in ((16, "sse2"), (32, "avx2"), (64, "avx512f")) if flag in cpu_flags()]
        for width in widths:
            flags = ["-O3", "-march=native", "-ffp-contract=fast", f"-DWIDTH={width}", "-DCHAINS=12"]
            done = subprocess.run(["gcc", *flags, str(source), "-o", str(program)], capture_output=True, text=True)
            if done.returncode == 0:
                runs = [subprocess.run([str(program)], capture_output=True, text=True) for _ in range(rounds)]
                found[f"{8 * width} bit"] = [float(r.stdout.split()[0]) for r in runs]
    return found


def cpu_flags() -> set[str]:
    info = Path("/proc/cpuinfo")
    text = info.read_text("utf-8") if info.exists() else ""
    found = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return set(found[1].split()) if found else set()


def operations(source: str, function: str) -> dict[str, int]:
    """Operations of a generated function."""
    body = source.split(f"def {function}(")[1].split("\ndef ")[0]
    lines = [line.partition(" = ")[2] if " = " in line else line for line in body.splitlines()[1:]]
    text = re.sub(r"\d\.?\d*e[+-]\d+", "0", "\n".join(lines))
    return {
        "add": len(re.findall(r" [+-] ", text)),
        "multiply": text.count(" * "),
        "divide": text.count(" / "),
        "exp": text.count("exp("),
        "log": text.count("log("),
    }


def flops(counted: dict[str, int]) -> int:
    return counted["add"] + counted["multiply"] + 4 * counted["divide"] + 20 * (counted["exp"] + counted["log"])


def measured(task: str, problem: str) -> dict[str, float]:
    """Median seconds of the tools in an earlier full run."""
    path = RESULTS / f"{task}.json"
    if not path.exists():
        return {}
    contests = json.loads(path.read_text("utf-8"))["contests"]
    rows = [row for c in contests if c["problem"] == problem for row in c["rows"]]
    return {row["tool"]: statistics.median(row["seconds"]) for row in rows}


def main() -> None:
    options = contest.arguments(__doc__, ("mitochem",), rounds=5)
    found = peak(options.rounds)
    best = max((statistics.median(v) for v in found.values()), default=float("nan"))
    rows = [
        [width, f"{statistics.median(v) / 1e9:.1f} [{min(v) / 1e9:.1f}–{max(v) / 1e9:.1f}]"]
        for width, v in found.items()
    ]
    texts = [INTRODUCTION, "", table(["vector", "Gflop/s, one core"], rows), ""]
    facts: dict = {"peak_flops": found, "problems": []}
    rows = []
    for problem in options.problems:
        source = system(problem).source
        n = len(system(problem).free) - len(system(problem).conserved)
        rates, slopes = (flops(operations(source, name)) for name in ("rates", "jacobian"))
        solve = 2 * n**3 // 3 + 2 * n * n
        newton = rates + slopes + solve
        # Least work seen in a solver at this tolerance: a BDF with 600 steps, 1.2 rates and solves each, J every 8th.
        course = int(600 * (1.2 * (rates + 2 * n * n) + (slopes + 2 * n**3 // 3) / 8))
        # Rodas5P: 8 stages, one J and one LU a step, about 290 steps in such a run.
        rodas = 290 * (8 * (rates + 2 * n * n) + slopes + 2 * n**3 // 3)
        for task, what, work in (
            ("t4_sweep", "T4: two Newton steps", 2 * newton),
            ("t5_ensemble", "T5: a BDF of 600 steps", course),
            ("t5_ensemble", "T5: Rodas5P of 290 steps", rodas),
        ):
            limit = work / best
            times = measured(task, problem.name)
            shown = [
                f"{times[k] / limit:,.0f}" if k in times else "–"
                for k in ("mitochem-compiled", "numbalsoda", "libroadrunner")
            ]
            rows.append([f"`{problem.name}`, {what}", f"{work / 1e3:,.1f}", f"{1e6 * limit:.3f}", *shown])
        facts["problems"].append(
            {
                "problem": problem.name,
                "rates": rates,
                "jacobian": slopes,
                "newton": newton,
                "bdf": course,
                "rodas5p": rodas,
            }
        )
    head = ["", "10³ flops", "µs at the peak", "mitochem, compiled: times", "numbalsoda: times", "libroadrunner: times"]
    texts += [table(head, rows), ""]
    save("limit", "\n".join(texts), facts, options.quick)


if __name__ == "__main__":
    main()
