"""T8: peak memory of a process, and what is installed."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import contest
import peers
import processes
from contest import save
from measure import table

INTRODUCTION = """\
## T8: memory

Peak resident memory of a process that runs T2 (101 rows), or 100 members of T5, once; and the size of the packages a
tool needs beyond NumPy and SciPy, by the files their distributions list."""

BASE = {"numpy", "scipy"}


def closure(names: tuple[str, ...]) -> set[str]:
    """Distributions that these require, markers and extras left aside."""
    found: set[str] = set()
    stack = list(names)
    while stack:
        name = stack.pop().lower().replace("_", "-")
        if name in found:
            continue
        try:
            requirements = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        found.add(name)
        for line in requirements:
            if "extra ==" not in line:
                stack.append("".join(c if c.isalnum() or c in "-_." else " " for c in line).split()[0])
    return found


def megabytes(names: set[str]) -> float:
    total = 0
    for name in names:
        for file in importlib.metadata.files(name) or []:
            path = Path(str(file.locate()))
            if path.is_file() and path.suffix != ".pyc":
                total += path.stat().st_size
    return total / 1e6


def main() -> None:
    options = contest.arguments(__doc__, processes.TOOLS)
    rows, facts, left_out = [], [], {}
    with processes.folder() as name:
        paths = processes.frozen(Path(name))
        problem = options.problems[0]
        for key in options.tools:
            cache = Path(name) / "cache"
            # The first process of mitochem fills its cache.
            tasks = ("run", "run", "ensemble") if key.startswith("mitochem") else ("run", "ensemble")
            found = [processes.report(key, paths[problem.name], task, cache=cache) for task in tasks]
            if any("failed" in f for f in found):
                left_out[key] = next(f["failed"] for f in found if "failed" in f)
                continue
            needed = tuple(peers.load(key).distributions)
            size = megabytes(closure(needed) - closure(("numpy", "scipy")))
            row = {
                "tool": key, "name": processes.name(key), "run_MB": found[-2]["peak_MB"],
                "ensemble_MB": found[-1]["peak_MB"], "installed_MB": size,
            }  # fmt: skip
            facts.append(row)
    facts.sort(key=lambda f: f["run_MB"])
    rows = [[f["name"], f"{f['run_MB']:.0f}", f"{f['ensemble_MB']:.0f}", f"{f['installed_MB']:.0f}"] for f in facts]
    head = ["tool", "T2: peak MB", "T5, 100 members: peak MB", "installed beyond NumPy and SciPy: MB"]
    text = "\n".join([INTRODUCTION, "", f"### T8, `{problem.name}`", "", table(head, rows), ""])
    text += "".join(f"* {processes.name(k)} left out: {why}\n" for k, why in left_out.items())
    save("t8_memory", text, {"rows": facts, "left_out": left_out}, options.quick)


if __name__ == "__main__":
    main()
