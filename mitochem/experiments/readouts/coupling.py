"""Which step of a SUIT protocol is which coupling state, guessed from the names of what was added."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ...core.arguments import mapping_in, names_in, shown
from ...core.errors import ParameterError, nearest

__all__ = ["STATES", "coupling_states", "guess", "mapped"]

STATES = {
    "R": "ROUTINE respiration of living cells",
    "L": "LEAK respiration without adenylates",
    "P": "OXPHOS capacity",
    "c": "OXPHOS capacity with cytochrome c",
    "LOmy": "LEAK respiration with oligomycin",
    "E": "ET capacity",
    "Rox": "residual oxygen consumption",
}
"""Coupling states of a table, with what they are."""

_NUMBER = re.compile(r"^\d+")
_AGAIN = re.compile(r" \(\d+\)$")
# Names that stand for a state by themselves, besides its symbol: those of protocols and of the texts.
_DIRECT = {
    "R": r"routine.*",
    "LOmy": r"state 4o|l\(?_?omy\)?|leak.*(omy|oligomycin).*",
    "L": r"state 2|leak.*|l\(?n\)?",
    "P": r"state 3-4.*|state 3|oxphos",
    "c": r"p_?\(?c\)?|oxphos.*cyt.*",
    "E": r"state 3u.*|ets?( capacity)?",
    "Rox": r"rox|inhibited|residual.*",
}
# Names of what is added, as instruments show them after the number of the step ("3Omy").
_ADDED: tuple[tuple[str, str], ...] = (
    ("ADP", r"d|d\d.*|adp.*"),
    ("c", r"c|cyt\.? ?c|cytochrome c.*"),
    ("Omy", r"omy.*|oli.*|cat|cat\d.*"),
    ("U", r"u|u\d.*|u \(.*|f?ccp.*|cccp.*|dnp.*|f \d.*"),
    ("Ama", r"ama.*|antimycin.*|aa|myx.*|kcn|cyanide.*|rotenone \+ antimycin.*|rotenone.*antimycin.*"),
    ("cells", r"ce|cells.*"),
    ("IV", r"as|tm|astm|azd|azide.*|tmpd.*|ascorbate.*"),
    ("mt", r".*mt|start|open|close|warning|none"),
    ("substrate", r"(p|m|g|s|gp|oct|pal|pc|pm|gm|gms|pgm|pgms|pmg|pmgs|omp|om)+|pyr.*|mal.*|glu.*|suc.*"),
    ("inhibitor", r"rot.*|mna.*|mn|malonate.*"),
)


def coupling_states(steps: Sequence[str], states: Mapping[str, Any] | None = None) -> list[str]:
    """The coupling state after each addition of a protocol, guessed from the usual names.

    L (LEAK) with substrate and without ADP, P (OXPHOS) with ADP, c with cytochrome c besides, LOmy with oligomycin, E
    (ET) with an uncoupler, Rox after antimycin A and the like, R for living cells. Names are codes with their number
    (``7U*``) or words (``F 250``, ``state 3``). A step whose name says no state is ``""``.

    Parameters
    ----------
    steps : sequence of str
        Names of the additions, such as the segments of a Dataset of `read_datlab`.
    states : mapping of str to str or list of str, optional
        Steps by state where they are not as guessed: ``{"E": ["3X", "4X"]}``.

    Returns
    -------
    list of str

    Raises
    ------
    ParameterError
        If ``steps`` is no sequence of names, or ``states`` names a state or a step that there is not.

    Examples
    --------
    >>> coupling_states(["0Imt", "1PM", "2D", "2c", "3Omy", "4U", "5Ama"])
    ['', 'L', 'P', 'c', 'LOmy', 'E', 'Rox']

    References
    ----------
    Names and states as in MitoPedia, protocol SUIT-006.
    """
    steps = list(names_in(steps, "steps"))
    if states is None:
        return _each(steps)
    own = {step: state for state, chosen in mapped(states, steps).items() for step in chosen}
    return [own.get(step, "") for step in steps]


def guess(steps: Sequence[str]) -> dict[str, list[str]]:
    """Steps of each coupling state, in the order of the protocol.

    Substrates before ADP respire in LEAK, after it in OXPHOS, after an uncoupler in ET; what comes after antimycin A
    (or another block of the chain) is Rox, but for the substrates of complex IV. A star, the operator's mark of a step
    that went too far, is ignored.
    """
    each = _each(steps)
    return {state: [s for s, own in zip(steps, each) if own == state] for state in STATES if state in each}


def _each(steps: Sequence[str]) -> list[str]:
    """State of every step; empty where its name says none."""
    out, coupling, over = [], "L", False
    for step in steps:
        plain = _AGAIN.sub("", step).strip().rstrip("*").strip()
        state, coupling, over = _state_of(plain, coupling, over)
        out.append(state)
    return out


def _state_of(plain: str, coupling: str, over: bool) -> tuple[str, str, bool]:
    """State of one step by its name without star, then the coupling after it, and whether the chain is blocked."""
    if not _NUMBER.match(plain):
        for state, pattern in _DIRECT.items():
            if plain == state or re.fullmatch(pattern, plain, re.IGNORECASE):
                return state, {"c": "P", "Rox": coupling}.get(state, state), over or state == "Rox"
    bare = _NUMBER.sub("", plain).strip()
    kind = next((kind for kind, pattern in _ADDED if re.fullmatch(pattern, bare, re.IGNORECASE)), "")
    if kind == "Ama":
        return "Rox", coupling, True
    if over or kind in ("", "mt", "IV"):
        return "", coupling, over
    after = {"ADP": "P", "Omy": "LOmy", "U": "E", "cells": "R"}.get(kind, coupling)
    if kind == "c":
        return ("c" if coupling == "P" else ""), coupling, over
    return after, after, over


def mapped(given: Mapping[str, Any] | None, steps: Sequence[str]) -> dict[str, list[str]]:
    """The guess, with the states that the user named in its place; an empty list is a state that there is not."""
    found = guess(steps)
    for state, names in mapping_in(given, "states").items():
        if state not in STATES:
            raise ParameterError(f"states names {state!r}, which is no coupling state." + nearest(state, STATES))
        chosen = [names] if isinstance(names, str) else list(names) if isinstance(names, list | tuple) else None
        if chosen is None or not all(isinstance(name, str) for name in chosen):
            raise ParameterError(
                f"states[{state!r}] = {shown(names)} is neither the name of a step nor a list of them."
            )
        for name in chosen:
            if name not in steps:
                raise ParameterError(f"states[{state!r}]: no step is called {name!r}." + nearest(name, steps))
        found[state] = chosen
    if not any(found.values()):
        raise ParameterError(f"no step is a coupling state by its name; say with states=: {', '.join(steps)}.")
    return found
