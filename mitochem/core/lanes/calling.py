"""How compiled loops call the routines of a model: by address, on a workspace of eight lanes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from .. import cache
from .trace import WIDTH

__all__ = ["WIDTH", "call", "fill", "jit"]

LOOPS = ("calling.py", "march.py", "relax.py")


def _folder() -> Path:
    """Where compiled loops are kept; a loop holds a copy of those it calls, so a change to one is a change to all."""
    digest = hashlib.sha256(numba.__version__.encode())
    for name in LOOPS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return cache.folder() / "loops" / digest.hexdigest()[:16]


def jit(function: Callable[..., Any]) -> Any:
    """Compile once on a machine; what others compile with numba stays where they want it."""
    theirs = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_folder())
    try:
        return numba.njit(nogil=True, cache=True)(function)
    finally:
        numba.config.CACHE_DIR = theirs


@intrinsic
def call(typingctx: Any, address: Any, workspace: Any) -> Any:  # pragma: no cover - runs inside the compiler
    """Run the routine at an address on a workspace."""

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        routine = ir.FunctionType(ir.VoidType(), [pointer]).as_pointer()
        builder.call(builder.inttoptr(arguments[0], routine), [builder.inttoptr(arguments[1], pointer)])
        return context.get_dummy_value()

    return types.void(types.int64, types.uint64), codegen


@jit
def fill(w: Any, lane: int, data: Any, rows: Any, member: int) -> None:
    """Bring the inputs of a member into its lane."""
    for k in range(rows.size):
        w[rows[k] * WIDTH + lane] = data[member, k]
