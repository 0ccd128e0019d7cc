"""Steps added up to blocks whose rates change together: top-down control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.arguments import model_in, names_in
from ..core.errors import ParameterError, nearest
from ..core.model import Model

__all__ = ["named", "steps_of", "top_down_blocks"]


def top_down_blocks(model: Model) -> dict[str, list[str]]:
    """The three blocks around the proton-motive force, by what each flux moves.

    What moves electrons is substrate oxidation, what makes or uses ATP is phosphorylation, all else brings protons
    or other charges back: leak, uncouplers and the cation cycle.
    """
    model = model_in(model, "top_down_blocks")
    blocks: dict[str, list[str]] = {"substrate_oxidation": [], "phosphorylation": [], "leak": []}
    for name, flux in model.program.fluxes.items():
        held = {content for pool in flux.posts for content in model.program.contents.get(pool, {})}
        if "electrons" in held:
            blocks["substrate_oxidation"].append(name)
        elif held & {"adenylate", "phosphate"} or any(p.startswith(("atp_", "adp_", "pi_")) for p in flux.posts):
            blocks["phosphorylation"].append(name)
        else:
            blocks["leak"].append(name)
    return {block: steps for block, steps in blocks.items() if steps}


def steps_of(model: Model, blocks: str | Mapping[str, Sequence[str]] | None) -> tuple[list[str], Any]:
    """Names of steps or blocks, and which fluxes are in each, shape (step, flux)."""
    own = list(model.program.fluxes)
    if blocks is None:
        return own, np.eye(len(own))
    if blocks == "top_down":
        blocks = top_down_blocks(model)
    if not isinstance(blocks, Mapping):
        raise ParameterError(f"blocks = {blocks!r} is not known; it is 'top_down' or a mapping of name to steps.")
    sums = {s.name: s.inputs for s in model.program.statements if s.kind == "total"}
    rows: dict[str, Any] = {}
    taken: dict[str, str] = {}
    for block, given in blocks.items():
        rows[block] = np.zeros(len(own))
        if not len(names_in(given, f"block {block!r}")):
            raise ParameterError(f"block {block!r} is empty; name at least one step of {', '.join(own)}.")
        for name in [part for n in given for part in sums.get(n, (n,))]:
            if name not in own:
                raise ParameterError(f"block {block!r}: {model.name} has no step {name!r}." + nearest(name, own))
            if name in taken:
                raise ParameterError(f"step {name!r} is in block {taken[name]!r} and in block {block!r}.")
            taken[name] = block
            rows[block][own.index(name)] = 1.0
    rows |= {name: np.eye(len(own))[own.index(name)] for name in own if name not in taken}
    return list(rows), np.array(list(rows.values()))


def named(model: Model, members: Any) -> list[list[str]]:
    """The fluxes of each step or block."""
    return [[n for n, m in zip(model.program.fluxes, row) if m] for row in members]
