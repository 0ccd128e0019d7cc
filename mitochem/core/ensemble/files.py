"""The files of a store: its manifest, and states of reductions as variables."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import ReaderError

__all__ = ["FORMAT", "MANIFEST", "differences", "manifest", "packed", "unpacked", "versions", "write_text"]

FORMAT = 1
MANIFEST = "manifest.json"


def manifest(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((path / MANIFEST).read_text("utf-8"))
        if found["format"] == FORMAT:
            return found
        raise ReaderError(f"{path} is a store of format {found['format']}; this mitochem reads {FORMAT}.")
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, ReaderError):
            raise
        raise ReaderError(f"{path} is not the store of an ensemble: it has no readable {MANIFEST}.") from None


def differences(there: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In words, what tells two ensembles apart."""
    found = []
    for name in dict.fromkeys([*there, *now]):
        a, b = there.get(name), now.get(name)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            keys = [k for k in dict.fromkeys([*a, *b]) if a.get(k) != b.get(k)]
            found += [f"{k} = {a.get(k)} there, {b.get(k)} now" for k in keys]
        elif len(f"{a}{b}") <= 160 and name not in ("equations", "table"):
            found.append(f"{name} = {a} there, {b} now")
        else:
            found.append(f"the {name} differ{'s' if name == 'table' else ''}")
    return found


def versions() -> dict[str, str]:
    import platform

    import scipy

    return {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}


def write_text(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(name).replace(path)


def packed(states: Mapping[str, list[Any]]) -> dict[str, Any]:
    """States as variables, those of one reduction stacked along blocks."""
    data = {}
    for key, items in states.items():
        for field in items[0]:
            stack = np.stack([s[field] for s in items])
            if stack.dtype == np.int64:
                stack = stack.astype(np.int32)  # counts of a chunk; NetCDF 3 has no more bits
            name = f"{key}|{field}"
            data[name] = (tuple(f"{name}|{i}" for i in range(stack.ndim)), stack)
    return data


def unpacked(ds: Any) -> dict[str, list[Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, variable in ds.data_vars.items():
        key, _, field = str(name).rpartition("|")
        found.setdefault(key, {})[field] = variable.values
    return {
        key: [{f: v[i] for f, v in fields.items()} for i in range(len(next(iter(fields.values()))))]
        for key, fields in found.items()
    }
