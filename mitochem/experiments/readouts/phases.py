"""Phases of a Mito Stress Test: which measurements belong to which, by their names or as the user says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, shown
from ...core.errors import ParameterError, nearest

if TYPE_CHECKING:
    import xarray

__all__ = ["PHASES", "missing", "phases_of"]

PHASES = ("basal", "acute", "oligomycin", "FCCP", "rotenone + antimycin A")
"""Names of the phases in their order; ``acute`` is whatever was injected between basal and oligomycin."""

_ALIASES = {"rotenone + antimycin": PHASES[4], "rotenone+antimycin": PHASES[4], "non-mitochondrial": PHASES[4]}
_NAMES = {
    "basal": re.compile(r"basal|baseline|initial|resting|routine|^start$", re.IGNORECASE),
    "oligomycin": re.compile(r"oligo|\bomy\b|state 4o", re.IGNORECASE),
    "FCCP": re.compile(r"f?c?ccp(?![a-z])|bam15|\bdnp\b|uncoupl|state 3u", re.IGNORECASE),
    PHASES[4]: re.compile(r"\brot|antimycin|\bama\b|\bA\.?A\b|^inhibited", re.IGNORECASE),
}


def phases_of(ds: xarray.Dataset, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Indices along ``time`` of every phase that the data have, by its name.

    Parameters
    ----------
    ds : Dataset
        With the coordinate ``segment`` over time, or with ``measurement``.
    given : mapping, optional
        Phases that do not go by their own names: a label of ``segment``, several in a list, or the first and last
        measurement as a pair of whole numbers.
    """
    chosen = {_phase(name): where for name, where in mapping_in(given, "phases").items()}
    found = {name: _indices(ds, name, where) for name, where in chosen.items()}
    if "segment" in ds.coords:
        found = _guessed(ds, found) | found
    elif not found:
        raise ParameterError(
            "the data have no coordinate 'segment' to say what was injected when; say it with "
            "phases={'basal': (1, 3), 'oligomycin': (4, 6), 'FCCP': (7, 9), 'rotenone + antimycin A': (10, 12)}."
        )
    if not found:
        labels = ", ".join(_labels(ds))
        raise ParameterError(f"none of the segments is a phase of a stress test; name them with phases=: {labels}.")
    return {name: found[name] for name in PHASES if name in found}


def missing(where: Mapping[str, Any], needed: Iterable[str] = (PHASES[0], *PHASES[2:])) -> dict[str, Any]:
    """What is told of phases that the data do not have; an acute one is a matter of choice."""
    return {f"no phase {phase!r}": np.array(True) for phase in needed if phase not in where}


def _phase(name: str) -> str:
    name = _ALIASES.get(name, name)
    if name not in PHASES:
        raise ParameterError(f"phases names {name!r}, which is no phase of a stress test." + nearest(name, PHASES))
    return name


def _labels(ds: xarray.Dataset) -> list[str]:
    if ds["segment"].dims != ("time",):
        raise ParameterError("every chamber has segments of its own; select one chamber first.")
    return list(dict.fromkeys(ds["segment"].values.astype(str).tolist()))


def _indices(ds: xarray.Dataset, name: str, where: Any) -> Any:
    if isinstance(where, tuple | list) and len(where) == 2 and all(isinstance(n, int | np.integer) for n in where):
        if "measurement" not in ds.coords:
            raise ParameterError(f"phases[{name!r}] = {where}: the data have no coordinate 'measurement'.")
        numbers = ds["measurement"].values
        chosen = np.flatnonzero((numbers >= where[0]) & (numbers <= where[1]))
        if not chosen.size:
            raise ParameterError(f"phases[{name!r}] = {where} holds no measurement; they go {_span(numbers)}.")
        return chosen
    labels = [where] if isinstance(where, str) else list(where) if isinstance(where, list | tuple) else []
    if not labels or not all(isinstance(label, str) for label in labels):
        raise ParameterError(
            f"phases[{name!r}] = {shown(where)} is neither a segment's name nor a pair such as (1, 3)."
        )
    if "segment" not in ds.coords:
        raise ParameterError(f"phases[{name!r}] = {shown(where)}: the data have no coordinate 'segment'.")
    known = _labels(ds)
    for label in labels:
        if label not in known:
            raise ParameterError(f"phases[{name!r}]: no segment is called {label!r}." + nearest(label, known))
    return np.flatnonzero(np.isin(ds["segment"].values.astype(str), labels))


def _span(numbers: Any) -> str:
    return f"from {numbers.min()} to {numbers.max()}"


def _guessed(ds: xarray.Dataset, given: dict[str, Any]) -> dict[str, Any]:
    """Phases by the names of the segments that the user did not name."""
    labels = ds["segment"].values.astype(str)
    taken = np.zeros(len(labels), bool)
    for indices in given.values():
        taken[indices] = True
    found: dict[str, list[str]] = {}
    free = [label for label in _labels(ds) if not taken[labels == label].any()]
    for label in free:
        fits = [name for name, pattern in _NAMES.items() if pattern.search(label)]
        if len(fits) > 1:
            raise ParameterError(f"the segment {label!r} could be {' or '.join(fits)}; say which with phases=.")
        if fits and fits[0] not in given:
            found.setdefault(fits[0], []).append(label)
    out = {name: np.flatnonzero(np.isin(labels, of)) for name, of in found.items()}
    known = {**out, **given}
    if "acute" not in known and {"basal", "oligomycin"} <= known.keys():
        between = np.zeros(len(labels), bool)
        between[known["basal"][-1] + 1 : known["oligomycin"][0]] = True
        if (between & ~taken).any():
            out["acute"] = np.flatnonzero(between & ~taken)
    return out
