"""Respiratory states of substrate-uncoupler-inhibitor titrations, from the names that their marks have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..core.arguments import mapping_in, names_in, text_in

__all__ = ["suit_states"]

_NUMBERED = re.compile(r"\d+\s*(\D.*?)\s*\*?|(.*?)\s*\*")
# Codes of titration steps, and the words that people type instead.
_KINDS = {
    "substrate": r"[pgms]{1,4}|gp|pro|oct|pal|pyr(uvate)?|mal(ate)?|glu(t|tamate)?|succ?(inate)?",
    "adp": r"d|adp|(d|adp) .*",
    "oligomycin": r"omy|oligo?(mycin)?|cat|catr|(omy|oligo?(mycin)?) .*",
    "uncoupler": r"u|f|[fc]ccp|dnp|bam15|(u|f|[fc]ccp|dnp|bam15) .*",
    "inhibitor": r"ama|aa|antimycin( a)?|mna|myx(othiazol)?|kcn|azd|azide",
    "complex IV": r"as|tm|astm|ascorbate|tmpd",
    "other": r"c|cyt ?c|rot(enone)?",
}
_NEXT = {
    "substrate": {"": "L"},
    "adp": {"": "P", "L": "P"},
    "oligomycin": {"": "L", "P": "L"},
    "uncoupler": {"": "E", "L": "E", "P": "E"},
    "inhibitor": dict.fromkeys(("", "L", "P", "E", "CIV"), "Rox"),
    "complex IV": {"Rox": "CIV"},
    "other": {},
}
"""The state that follows each state; the others stay as they are."""


def suit_states(names: Sequence[str], table: Mapping[str, str] | None = None) -> list[str]:
    """The respiratory state after each addition of a titration, in their order.

    L (LEAK) with substrate and without ADP, or with oligomycin; P (OXPHOS) with ADP; E (ET) with an uncoupler; Rox
    (residual) after antimycin A and the like; CIV with ascorbate and TMPD after that. It is a guess from the usual
    names, numbered (``7U*``) or free (``F 250``). An addition that is not known is ``""`` and changes no state.

    Parameters
    ----------
    names : sequence of str
        Names of the additions, such as the segments of a Dataset of `read_datlab`.
    table : mapping, optional
        States by name that are not as guessed: ``{"Dig": "L", "3X": "E"}``.

    Returns
    -------
    list of str

    Raises
    ------
    ParameterError
        If ``names`` is no sequence of names, or ``table`` no mapping between texts.

    Examples
    --------
    >>> suit_states(["0Imt", "1PM", "2D", "2c", "3Omy", "4U", "5Ama"])
    ['', 'L', 'P', 'P', 'L', 'E', 'Rox']

    Notes
    -----
    Names and states as in MitoPedia, protocol SUIT-006.
    """
    own = {name: text_in(state, f"table[{name!r}]") for name, state in mapping_in(table, "table").items()}
    states, now = [], ""
    for name in names_in(names, "names"):
        kind = _kind(name)
        now = own.get(name, _NEXT.get(kind, {}).get(now, now))
        states.append(now if kind or name in own else "")
    return states


def _kind(name: str) -> str:
    """What kind of addition a name stands for; empty if it is not known."""
    match = _NUMBERED.fullmatch(name.strip())
    code = ((match[1] or match[2]) if match else name.strip()).casefold()
    return next((kind for kind, pattern in _KINDS.items() if re.fullmatch(pattern, code)), "")
