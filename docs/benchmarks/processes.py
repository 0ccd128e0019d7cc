"""What scripts that start processes share: the frozen problems, and which tools there are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import peers
import problems
from peers.frozen import freeze

__all__ = ["ONE", "TOOLS", "environment", "frozen", "report"]

ONE = str(Path(__file__).with_name("one.py"))
TOOLS = (
    "mitochem", "mitochem-compiled", "numbalsoda", "libroadrunner", "casadi", "pydiffsol", "myokit",
    "copasi", "diffrax", "scipy-math", "scipy-lsoda",
)  # fmt: skip


def frozen(folder: Path) -> dict[str, Path]:
    """The files of equations, by problem."""
    paths = {}
    for problem in (problems.qamas(), problems.isolated()):
        paths[problem.name] = folder / f"{problem.name}.json"
        freeze(problem, paths[problem.name])
    return paths


def environment(cache: Path | None = None) -> dict[str, str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return os.environ | threads | ({"MITOCHEM_CACHE": str(cache)} if cache else {})


def report(key: str, path: Path, task: str, repeat: int = 1, cache: Path | None = None) -> dict[str, Any]:
    """Run one process; what it says, or the reason it could not."""
    command = [sys.executable, ONE, key, str(path), task, "--repeat", str(repeat), "--report"]
    done = subprocess.run(command, env=environment(cache), capture_output=True, text=True, timeout=300)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no message"])[-1][:200]}
    return json.loads(done.stdout.strip().splitlines()[-1])


def name(key: str) -> str:
    try:
        return peers.load(key).name
    except ImportError:
        return key


def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="bench-")
