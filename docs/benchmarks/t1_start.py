"""T1: a fresh process, from its start to the first result of T2 (101 rows)."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import contest
import processes
from contest import save
from measure import fixed_work, interleaved, ratios, spread, table

INTRODUCTION = """\
## T1: start

Whole processes: interpreter, imports, model, one time course (T2, 101 rows), exit. Peers get the model as finished text
(SBML, DiffSL, mmt or Python) and import neither mitochem nor SymPy; *warm* mitochem finds the kernel of an earlier
process in its cache, *first* derives it. The second column is taken inside, from the first statement to the result."""


def main() -> None:
    options = contest.arguments(__doc__, processes.TOOLS, rounds=5)
    texts, facts = [INTRODUCTION], []
    with processes.folder() as name:
        folder = Path(name)
        paths = processes.frozen(folder)
        for problem in options.problems:
            path, inside, left_out, commands = paths[problem.name], {}, {}, {}
            for key in options.tools:
                cases = [("", folder / "warm")]
                if key.startswith("mitochem"):
                    cases = [(", warm", folder / "warm"), (", first", folder / f"first-{key}")]
                for label, cache in cases:
                    found = processes.report(key, path, "run", cache=cache)
                    if "failed" in found:
                        left_out[key] = found["failed"]
                        break
                    if label != ", first":  # the first process wrote caches and bytecode
                        found = processes.report(key, path, "run", cache=cache)
                    inside[key, label] = found
                    commands[key, label] = cache
            texts_of = {k: processes.name(k[0]) + k[1] for k in inside}

            def start(key: str, label: str, path=path, commands=commands) -> None:
                cache = commands[key, label]
                if label == ", first":
                    with processes.folder() as empty:
                        return start_in(key, path, Path(empty))
                start_in(key, path, cache)

            def start_in(key: str, path: Path, cache: Path) -> None:
                command = [sys.executable, processes.ONE, key, str(path), "run"]
                subprocess.run(command, env=processes.environment(cache), capture_output=True, check=True)

            tasks = {texts_of[k]: partial(start, *k) for k in inside}
            tasks["(a fixed loop, for noise)"] = fixed_work
            for bare in ("pass", "import numpy", "import scipy.integrate"):
                command = [sys.executable, "-c", bare]
                tasks[f"`{bare}`"] = partial(subprocess.run, command, check=True)
            seconds = interleaved(tasks, options.rounds)
            ours = next((n for n in seconds if n.startswith("mitochem, compiled, warm")), "") or next(
                (n for n in seconds if n.startswith("mitochem")), ""
            )
            rows = []
            for n, times in sorted(seconds.items(), key=lambda item: sorted(item[1])[len(item[1]) // 2]):
                key = next((k for k, text in texts_of.items() if text == n), None)
                within = f"{inside[key]['first_seconds']:.3f}" if key else "–"
                rows.append([n, spread(times), within, spread(ratios(times, seconds[ours])) if ours else "–"])
            head = ["process", "s", "s, inside, one run", f"time / {ours}"]
            texts.append(f"\n### T1, `{problem.name}`\n\n{table(head, rows)}\n")
            texts += [f"* {processes.name(k)} left out: {why}" for k, why in left_out.items()]
            facts.append({"problem": problem.name, "seconds": seconds, "left_out": left_out})
    save("t1_start", "\n".join(texts) + "\n", {"contests": facts}, options.quick)


if __name__ == "__main__":
    main()
