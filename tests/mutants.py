"""Wrong laws on purpose: does anything notice? Run by ``make mutants``.

Every law and every post of every shipped component is changed in one place (a sign flipped, a factor dropped, a
coefficient changed, mM taken for M, the two sides of the membrane swapped). For each such mutant the verification of
the assembled models, the contract of the component and the tests of physics run until the first of them fails. What
survives is listed in ``docs/mutants.md`` and must be explained in ``tests/mutants_explained.toml``.

The mutant replaces the law inside a forked process, so nothing on disk changes.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import contextlib
import io
import json
import multiprocessing
import os
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from mutations import Mutant, mutants

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "mutants.md"
EXPLAINED = HERE / "mutants_explained.toml"

# The tests that know a component best come first; a mutant is dead at the first failure.
NEAREST = {
    "leak": ("test_leaks.py",),
    "leak_laws": ("test_leaks.py",),
    "uncoupler": ("test_uncoupler.py", "test_drugs.py"),
    "inhibitors": ("test_drugs.py", "test_drug_targets.py"),
    "atp_synthase": ("test_kernel_laws.py", "test_synthase.py"),
    "synthase_laws": ("test_synthase.py",),
    "synthase_capacity": ("test_synthase.py",),
    "matrix_synthase": ("test_kernel_laws.py", "test_synthase.py", "test_carriers.py"),
    "carriers": ("test_kernel_laws.py", "test_carriers.py"),
    "complexes": ("test_kernel_laws.py", "test_complexes.py"),
    "oxidases": ("test_kernel_laws.py", "test_complexes.py"),
    "redox_pools": ("test_complexes.py",),
    "load": ("test_kernel_laws.py", "test_load.py"),
    "cations": ("test_pmf_partition.py",),
    "vesicle": ("test_vesicle.py",),
    "culture": ("test_cells.py",),
}
PHYSICS = (
    "test_kernel_laws.py",
    "test_reference_run.py",
    "test_uncoupler.py",
    "test_leaks.py",
    "test_synthase.py",
    "test_carriers.py",
    "test_complexes.py",
    "test_load.py",
    "test_pmf_partition.py",
    "test_drugs.py",
    "test_analysis.py",
    "test_invariants.py",
    "test_poison_table.py",
    "test_symbolic.py",
)


# --- trying them ----------------------------------------------------------------------------------------


def killer(mutant: Mutant) -> str:
    """What notices the mutant: ``verify``, ``contract``, ``physics`` with the test's name, or nothing."""
    from mitochem.core import compile as compiler

    with tempfile.TemporaryDirectory() as folder:
        os.environ["MITOCHEM_CACHE"] = folder  # a stored kernel would be that of the right law
        compiler._memory.clear()
        mutant.apply()
        for stage in (_verify, _contract, _physics):
            if reason := stage(mutant):
                return reason
    return ""


def _verify(mutant: Mutant) -> str:
    import mitochem as mc

    for label, build in (
        ("isolated_mitochondria", lambda: mc.models.isolated_mitochondria().with_component(mc.drugs.get("FCCP"))),
        ("succinate", lambda: mc.models.isolated_mitochondria("succinate")),
        ("minimal", mc.models.minimal),
    ):
        try:
            model = build()
            if not any(type(c).__name__ == mutant.component for c in model.components.values()):
                continue
            if not mc.verify(model).ok:
                return f"verify: {label}"
        except Exception as error:  # a model that does not assemble or solve has noticed it too
            return f"verify: {label} ({type(error).__name__})"
    return ""


def _pytest(*arguments: str) -> str:
    import pytest

    class First:
        name = ""

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed and not self.name:
                self.name = report.nodeid.split("/")[-1]

        def pytest_collectreport(self, report: Any) -> None:
            if report.failed and not self.name:
                self.name = report.nodeid.split("/")[-1] + " (collection)"

    first = First()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments], plugins=[first])
    return first.name


def _contract(mutant: Mutant) -> str:
    """Every clause of the contract, called directly: starting pytest for each would take most of the time."""
    import contract
    import pytest

    from mitochem import components

    clauses, item = contract.ComponentContract(), getattr(components, mutant.component)()
    for clause in [name for name in dir(clauses) if name.startswith("test_")]:
        try:
            getattr(clauses, clause)(item)
        except pytest.skip.Exception:
            continue
        except Exception:  # an assertion, or a model that no longer assembles
            return f"contract: {clause}"
    return ""


def _physics(mutant: Mutant) -> str:
    from mitochem import components

    module = getattr(components, mutant.component).__module__.rpartition(".")[2]
    files = [str(HERE / f) for f in dict.fromkeys((*NEAREST.get(module, ()), *PHYSICS))]
    name = _pytest(*files, "-m", "not slow and not shared")
    return f"physics: {name}" if name else ""


PATIENCE = 120
"""Seconds after which a mutant counts as noticed: a solver that cannot go on is not silent."""

RIGHT = Mutant("ElectronTransport", "none", "none", "nothing changed", lambda: None)
"""Must survive, or the whole table means nothing."""


def _child(index: int, pattern: str, outcome: Any) -> None:
    outcome.send(killer(RIGHT if index < 0 else mutants(pattern)[index]))


def _try(index: int, pattern: str) -> tuple[int, str, float]:
    """Try one mutant in a process of its own, which is ended if it takes too long."""
    fork = multiprocessing.get_context("fork")
    started = time.monotonic()
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_child, args=(index, pattern, theirs))
    child.start()
    theirs.close()
    try:
        reason = ours.recv() if ours.poll(PATIENCE) else f"physics: not done in {PATIENCE} s"
    except EOFError:
        reason = "physics: the process died"
    child.kill()
    child.join()
    return index, reason, time.monotonic() - started


# --- the table -------------------------------------------------------------------------------------------


def page(found: list[Mutant], killed: dict[str, str], explained: dict[str, str]) -> str:
    """The table of kill rates, and every survivor with its explanation."""
    total, dead = Counter(m.component for m in found), Counter(m.component for m in found if killed[m.name])
    by = Counter(killed[m.name].split(":")[0] for m in found if killed[m.name])
    kinds, kinds_dead = Counter(m.kind for m in found), Counter(m.kind for m in found if killed[m.name])
    survivors = [m for m in found if not killed[m.name]]
    lines = [
        "# Mutants",
        "",
        "Written by `make mutants` (`tests/mutants.py`); do not edit. Every law of every shipped component was made",
        "wrong in one place at a time, and the verification of the assembled models, the contract test and the tests",
        "of physics were run on it until something failed.",
        "",
        f"**{sum(dead.values())} of {len(found)} mutants were noticed ({sum(dead.values()) / len(found):.1%})**: "
        + ", ".join(f"{n} by {stage}" for stage, n in by.most_common())
        + f". {len(survivors)} survive"
        + (", each explained below." if survivors else "."),
        "",
        "| kind of change | mutants | noticed |",
        "|---|---|---|",
        *(f"| {kind} | {n} | {kinds_dead[kind]} |" for kind, n in sorted(kinds.items())),
        "",
        "| component | mutants | noticed |",
        "|---|---|---|",
        *(f"| {name} | {n} | {dead[name]} |" for name, n in sorted(total.items())),
        "",
    ]
    if survivors:
        lines += ["## Survivors", "", "| mutant | why nothing can notice it, or why that is accepted |", "|---|---|"]
        lines += [f"| `{m.name}` | {explained.get(m.name, '**not explained**')} |" for m in survivors]
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="mutants whose name contains this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, help="also write the raw outcome here, as it comes in")
    parser.add_argument("--resume", action="store_true", help="try only what --json does not have as noticed already")
    parser.add_argument("--list", action="store_true", help="list the mutants and stop")
    options = parser.parse_args()
    found = mutants(options.only)
    if options.list:
        print("\n".join(f"{m.kind:<14} {m.name}" for m in found))
        return 0
    import mitochem as mc  # loaded before forking, so that no child pays for it

    mc.models.isolated_mitochondria().steady_state()
    sys.path.insert(0, str(HERE))
    import contract  # noqa: F401
    import sympy  # noqa: F401

    killed: dict[str, str] = {}
    if options.resume and options.json and options.json.exists():
        known = json.loads(options.json.read_text("utf-8"))
        killed = {m.name: known[m.name] for m in found if known.get(m.name)}
    if reason := _try(-1, "")[1]:
        print(f"the right laws are refused: {reason}")
        return 2
    todo = [i for i, m in enumerate(found) if m.name not in killed]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for job in concurrent.futures.as_completed([pool.submit(_try, i, options.only) for i in todo]):
            index, reason, seconds = job.result()
            killed[found[index].name] = reason
            verdict = reason or "SURVIVES"
            print(f"{len(killed)}/{len(found)} {seconds:5.1f} s  {found[index].name}  [{verdict}]", flush=True)
            if options.json:
                options.json.write_text(json.dumps(killed, indent=1, ensure_ascii=False), "utf-8")
    explained = tomllib.loads(EXPLAINED.read_text("utf-8")) if EXPLAINED.exists() else {}
    if not options.only:
        PAGE.write_text(page(found, killed, explained), "utf-8")
    open_ones = [name for name, reason in killed.items() if not reason and name not in explained]
    dead = sum(map(bool, killed.values()))
    print(f"{dead} of {len(found)} noticed; {len(open_ones)} survivors without an explanation")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
