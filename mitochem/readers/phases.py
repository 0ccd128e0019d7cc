"""Which phase of the experiment a measurement of a plate belongs to, from what the ports inject."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..core.arguments import shown
from ..core.errors import ParameterError
from .plate import Step
from .source import Source

__all__ = [
    "CANONICAL",
    "UNKNOWN",
    "compounds",
    "events_of",
    "given_phases",
    "labels_of",
    "segments",
    "warn_of_mixtures",
]

CANONICAL = ("basal", "oligomycin", "FCCP", "rotenone + antimycin A")
"""Phases of a Mito Stress Test, in its order."""
UNKNOWN = "unknown"

_CHAIN = {"rotenone", "antimycin A"}
_OTHERS = re.compile(r"\s*(?:/|\+|&|,|;|\band\b|\bor\b)\s*")


def compounds(text: str) -> set[str]:
    """Which of oligomycin, FCCP (or CCCP, BAM15), rotenone and antimycin A the text of a port names.

    Abbreviations as they are typed are understood: Oligo, BAM-15, Rot/AA, RotAnti, AM/ROT, R/A. Short ones that mean
    other things too (AA, AM, A) count as antimycin A only beside rotenone.
    """
    words = re.findall(r"[a-z]+", text.casefold().replace("bam-15", "bam").replace("bam 15", "bam"))
    found = set()
    for word in words:
        if word.startswith("oligom") or word in ("oligo", "olig", "omy"):
            found.add("oligomycin")
        elif word.startswith(("fccp", "cccp")) or word == "bam":
            found.add("FCCP")
        elif match := re.fullmatch(r"rot(?:enone)?(a.*)?", word):
            found |= _CHAIN if match[1] else {"rotenone"}
        elif word.startswith(("antim", "antia")) or word == "ama":
            found.add("antimycin A")
    if "rotenone" in found and {"a", "aa", "am", "ant", "anta", "anti"} & set(words):
        found.add("antimycin A")
    return found | _CHAIN if sorted(words) in (["a", "r"], ["aa", "r"]) else found


def _label(found: set[str], apart: bool) -> str:
    """The canonical label of what a port holds; empty if it has none, or holds several kinds."""
    kinds = found - _CHAIN
    if chain := found & _CHAIN:
        kinds = kinds | {"" if apart and len(chain) == 1 else CANONICAL[3]}
    return kinds.pop() if len(kinds) == 1 else ""


def labels_of(steps: Sequence[Step]) -> list[str]:
    """Label of every step: ``basal`` before the first injection, a canonical label, or the port's own text.

    A port with rotenone alone, or antimycin alone, counts as both unless the other one has a port of its own: then
    the experiment is another one (electron flow, for instance).
    """
    found = [compounds(step.name) if step.port else set() for step in steps]
    apart = any(f & _CHAIN == {"rotenone"} for f in found) and any(f & _CHAIN == {"antimycin A"} for f in found)
    first = next((i for i, step in enumerate(steps) if step.port), len(steps))
    return [
        CANONICAL[0] if i < first else _label(found[i], apart) or step.name or f"port {step.port or 'none'}"
        for i, step in enumerate(steps)
    ]


def warn_of_mixtures(source: Source, steps: Sequence[Step], strategies: set[str]) -> None:
    """Say so where a port held different compounds in different groups, and the label is that of one of them."""
    mixed = []
    for step in steps:
        parts = [part for part in _OTHERS.split(step.name) if part]
        known = [part for part in parts if compounds(part)]
        if step.port and known and len(known) < len(parts):
            mixed.append(f"{step.port} ({step.name!r} by {' and '.join(known)})")
    if mixed and len(strategies) > 1:
        source.warn(
            f"groups differ in their injections ({', '.join(sorted(strategies))}); the phases of ports "
            f"{', '.join(mixed)} are labelled by one of them, and hold for the groups that got it"
        )


def given_phases(phases: Any, steps: Sequence[Step], last: int) -> list[tuple[str, int]]:
    """Every phase with its last measurement, as the user gives them.

    Raises
    ------
    ParameterError
        If the numbers do not ascend to the last measurement, or their labels are not known.
    """
    if isinstance(phases, Mapping) and all(isinstance(label, str) for label in phases):
        labels, numbers = list(phases), list(phases.values())
    elif isinstance(phases, Sequence | np.ndarray) and not isinstance(phases, str):
        numbers = list(phases)
        ours = labels_of([step for step in steps if step.cycles])
        labels = ours if len(ours) == len(numbers) else list(CANONICAL)
        if len(labels) != len(numbers):
            raise ParameterError(
                f"phases has {len(numbers)} numbers, and the file does not say what they are; give their labels too, "
                "such as {'basal': 3, 'oligomycin': 6}."
            )
    else:
        raise ParameterError(f"phases = {shown(phases)} is neither a list of last measurements nor a mapping to them.")
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in numbers)
    if not whole or not numbers or numbers[0] < 1 or any(a >= b for a, b in pairwise(numbers)) or numbers[-1] != last:
        raise ParameterError(
            f"phases = {shown(phases)} does not ascend in whole numbers to the last measurement, {last}."
        )
    return list(zip(labels, map(int, numbers)))


def segments(ends: Sequence[tuple[str, int]], numbers: np.ndarray) -> np.ndarray:
    """Label of every measurement from the last measurement of each phase."""
    labels, last = [*(label for label, _ in ends), UNKNOWN], np.array([n for _, n in ends], dtype=int)
    return np.array([labels[i] for i in np.searchsorted(last, numbers)])


def events_of(steps: Sequence[Step], labels: Sequence[str], numbers: np.ndarray, times: np.ndarray) -> str:
    """Injections as JSON, each half-way between the measurements around it: the sheet of rates does not time them."""
    events, done = [], 0
    for step, label in zip(steps, labels):
        before, after = times[numbers <= done], times[numbers > done]
        if step.port and len(after):
            time = float(np.nanmean([before[-1], after[0]])) if len(before) else float(after[0])
            events.append({"time": time, "name": label, "chamber": None, "text": f"port {step.port}: {step.name}"})
        done += step.cycles
    return json.dumps(events, ensure_ascii=False)
