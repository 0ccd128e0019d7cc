"""What the benchmarks share: interleaved rounds, medians with their spread, Markdown tables, the machine in words."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any


def interleaved(tasks: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every task in every round; each round runs all tasks once and starts with another one."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    names = list(tasks)
    for i in range(rounds):
        for name in names[i % len(names) :] + names[: i % len(names)]:
            start = time.perf_counter()
            tasks[name]()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def ratios(seconds: Sequence[float], reference: Sequence[float]) -> list[float]:
    """Round by round, so that what slows the machine for a while slows both."""
    return [a / b for a, b in zip(seconds, reference)]


def spread(values: Sequence[float], factor: float = 1.0) -> str:
    """Median [smallest–largest]."""
    low, middle, high = (factor * v for v in (min(values), statistics.median(values), max(values)))
    return f"{_number(middle)} [{_number(low)}–{_number(high)}]"


def _number(x: float) -> str:
    """Three digits, with no exponent."""
    decimals = 0 if x >= 99.95 else 1 if x >= 9.995 else 2 if x >= 0.9995 else 3
    return f"{x:,.{decimals}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows))


def fixed_work() -> None:
    """The same calculation every time: how much it varies is how noisy the machine is."""
    total = 0.0
    for i in range(400_000):
        total += i * 0.5


def version(distribution: str) -> str:
    """Its version, or "" if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def machine() -> str:
    """Processor, cores and versions."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.processor() or platform.machine()
    packages = (
        "numpy", "scipy", "xarray", "sympy", "numba", "libroadrunner", "casadi", "numbalsoda", "pydiffsol", "myokit",
        "python-copasi", "diffrax", "jax",
    )  # fmt: skip
    versions = [f"{name} {found}" for name in packages if (found := version(name))]
    return (
        f"{processor}, {os.cpu_count()} cores visible, {platform.system()}; "
        f"{platform.python_implementation()} {platform.python_version()}, {', '.join(versions)}"
    )
