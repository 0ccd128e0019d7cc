"""What the task scripts share: build the tools, compare, take turns, and write one table.

``python docs/benchmarks/t4_sweep.py [--quick] [--tools mitochem libroadrunner ...] [--problem qamas_in_vitro]``
"""

# ruff: noqa: E402  (the number of threads is read when the packages are imported)

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import argparse
import datetime
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import peers
import problems
from measure import machine, ratios, spread, table
from peers.base import Unable

__all__ = ["AGREEMENT", "Contest", "Entry", "arguments", "difference"]

AGREEMENT = 1e-6
RESULTS = Path(__file__).with_name("results")
OWN = ("mitochem-compiled", "mitochem-continued", "mitochem-fit", "mitochem-roots", "mitochem")
"""The variants of mitochem that ratios are formed with, where they run."""


def arguments(description: str, tools: Sequence[str], rounds: int = 7) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="3 rounds and small samples; writes nothing")
    parser.add_argument("--tools", nargs="*", default=list(tools), choices=list(peers.TOOLS), metavar="TOOL")
    parser.add_argument("--without", nargs="*", default=[], metavar="TOOL")
    parser.add_argument("--problem", choices=("qamas", "isolated", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=rounds)
    chosen = parser.parse_args()
    chosen.tools = [t for t in chosen.tools if t not in chosen.without]
    if chosen.quick:
        chosen.rounds = 3
    chosen.problems = [
        make() for name, make in (("qamas", problems.qamas), ("isolated", problems.isolated))
        if chosen.problem in (name, "both")
    ]  # fmt: skip
    return chosen


def difference(found: np.ndarray, expected: np.ndarray, axis: Any = 0) -> float:
    """Largest deviation of a time course, each state in units of its own largest value."""
    size = np.abs(expected).max(axis=axis, keepdims=True)
    return float((np.abs(found - expected) / np.where(size == 0, 1, size)).max())


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    """Largest relative deviation in any state of any point."""
    return float((np.abs(found - expected) / np.where(expected == 0, 1, np.abs(expected))).max())


class Entry:
    """One tool in one contest."""

    def __init__(self, key: str, tool: Any, call: Callable[[], Any], n: int = 1) -> None:
        self.key, self.tool, self.call, self.n = key, tool, call, n
        self.agreement = self.error = float("nan")
        self.seconds: list[float] = []
        self.note = ""


class Contest:
    """Tools that do the same work, and what came of it."""

    def __init__(
        self, task: str, title: str, problem: Any, options: argparse.Namespace, agreement: float = AGREEMENT
    ) -> None:
        self.task, self.title, self.problem, self.options, self.agreement = task, title, problem, options, agreement
        self.entries: dict[str, Entry] = {}
        self.left_out: dict[str, str] = {}
        self.noise: list[float] = []

    def enter(self, make: Callable[[str], Entry]) -> None:
        """Set every tool up; those that cannot take part are listed with the reason."""
        for key in self.options.tools:
            start = time.perf_counter()
            try:
                entry = make(key)
            except Unable as reason:
                self.left_out[key] = str(reason)
            except ImportError as reason:
                self.left_out[key] = f"not installed ({reason})"
            except Exception as reason:  # whatever a peer does must not end the comparison of the others
                self.left_out[key] = (
                    f"{type(reason).__name__}: {str(reason).splitlines()[0][:160] if str(reason) else ''}"
                )
            else:
                if entry.agreement < self.agreement:
                    self.entries[key] = entry
                else:
                    self.left_out[key] = f"differs from the reference by {entry.agreement:.1e} at tight tolerance"
            print(
                f"  {key}: {self.left_out.get(key, 'agrees')}, set up and checked in "
                f"{time.perf_counter() - start:.1f} s", file=sys.stderr,
            )  # fmt: skip

    def run(self, budget: float = 1.0) -> None:
        """Interleaved rounds; each starts with another tool. Short calls are repeated up to ``budget`` / 20 s."""
        repeats = {}
        for key, entry in list(self.entries.items()):
            try:
                once = timed(entry.call)
                if once < budget / 4:
                    once = timed(entry.call)  # the first call may have compiled something
            except Exception as reason:
                del self.entries[key]
                self.left_out[key] = f"fails while it is timed: {type(reason).__name__}"
                continue
            repeats[key] = max(1, int(budget / 20 / max(once, 1e-7)))
        keys = list(self.entries)
        gc.collect()
        for i in range(self.options.rounds):
            self.noise.append(_calibration())
            for key in keys[i % max(len(keys), 1) :] + keys[: i % max(len(keys), 1)]:
                if key not in self.entries:
                    continue
                call, n = self.entries[key].call, repeats[key]
                start = time.perf_counter()
                try:
                    for _ in range(n):
                        call()
                except Exception as reason:  # whatever a peer does must not end the comparison of the others
                    del self.entries[key]
                    self.left_out[key] = f"fails while it is timed: {type(reason).__name__}"
                    continue
                self.entries[key].seconds.append((time.perf_counter() - start) / n / self.entries[key].n)
        self.noise.append(_calibration())

    # --- what it says ----------------------------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        own = {k: self.entries[k] for k in OWN if k in self.entries}
        out = []
        for key, entry in self.entries.items():
            row: dict[str, Any] = {
                "tool": key,
                "name": entry.tool.name,
                "versions": peers.versions(entry.tool),
                "agreement": entry.agreement,
                "error": entry.error,
                "seconds": entry.seconds,
                "items_per_call": entry.n,
                "note": entry.note,
                "ratio": {},
            }
            for ours, reference in own.items():
                if not key.startswith("mitochem"):
                    # A ratio counts only where our error is not the larger one.
                    row["ratio"][ours] = {
                        "rounds": ratios(entry.seconds, reference.seconds),
                        "claimed": bool(reference.error <= entry.error),
                    }
            out.append(row)
        return sorted(out, key=lambda r: statistics.median(r["seconds"]))

    def markdown(self, unit: str, factor: float) -> str:
        rows = self.rows()
        own = [k for k in OWN if k in self.entries]
        head = [
            "tool",
            unit,
            "true error",
            *(f"time / {self.entries[k].tool.name}" for k in own),
            "agreement",
            "timed on",
        ]
        cells = []
        for row in rows:
            line = [row["name"], spread(row["seconds"], factor), f"{row['error']:.1e}"]
            for k in own:
                found = row["ratio"].get(k)
                shown = "–" if found is None else spread(found["rounds"])
                line.append(shown if found is None or found["claimed"] else f"({shown})")
            cells.append([*line, f"{row['agreement']:.0e}", f"{row['items_per_call']:,}"])
        text = [f"### {self.title}, `{self.problem.name}`", "", table(head, cells), ""]
        text += [f"* {row['name']}: {row['note']}" for row in rows if row["note"]]
        text += [f"* {key} left out: {reason}" for key, reason in self.left_out.items()]
        text += [f"* Fixed loop, once a round: {spread(self.noise, 1e3)} ms.", ""]
        return "\n".join(text)

    def facts(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "title": self.title,
            "problem": self.problem.name,
            "rounds": self.options.rounds,
            "noise_seconds": self.noise,
            "rows": self.rows(),
            "left_out": self.left_out,
        }


def _calibration() -> float:
    start = time.perf_counter()
    total = 0.0
    for i in range(200_000):
        total += i * 0.5
    return time.perf_counter() - start


def sized(seconds_each: float, most: int, budget: float) -> int:
    """How many items of a sweep or an ensemble a tool is timed on."""
    return int(np.clip(budget / max(seconds_each, 1e-9), 1, most))


def timed(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def write(
    task: str, introduction: str, parts: Iterable[tuple[Contest, str, float]], options: argparse.Namespace
) -> None:
    """``results/<task>.md`` and ``.json``; a quick run only prints."""
    parts = list(parts)
    text = "\n".join([introduction, "", *(contest.markdown(unit, factor) for contest, unit, factor in parts)])
    save(task, text, {"contests": [contest.facts() for contest, *_ in parts]}, options.quick)


def save(task: str, text: str, facts: dict[str, Any], quick: bool) -> None:
    print(text)
    if quick:
        return
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{task}.md").write_text(text, "utf-8")
    facts = {"measured": f"{datetime.date.today()}", "machine": machine(), **facts}
    (RESULTS / f"{task}.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
