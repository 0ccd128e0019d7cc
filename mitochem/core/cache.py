"""Generated source on disk, one file a model structure; anything wrong with it means making it again."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from .component import source_file
from .program import Components

__all__ = ["digest", "folder", "key", "load", "load_binary", "store", "store_binary"]

_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """Where kernels are kept: ``$MITOCHEM_CACHE``, or the user's cache folder."""
    if chosen := os.environ.get("MITOCHEM_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    return Path(base) / "mitochem" if base else Path.home() / ".cache" / "mitochem"


@functools.cache
def _package_digest() -> str:
    digest = hashlib.sha256(platform.python_version().encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def key(components: Components) -> str:
    """Key of a structure, or "" if part of it lives outside the package.

    A user's class may call helpers that change without its own source changing; only the package's own
    components, whose whole source is in the digest, are safe to keep.
    """
    digest = hashlib.sha256(_package_digest().encode())
    for item in components.values():
        for base in type(item).__mro__[:-1]:
            file = source_file(base)
            if file is None or _PACKAGE not in Path(file).resolve().parents:
                return ""
        cls = type(item)
        digest.update(repr((cls.__module__, cls.__qualname__, item.name, item.wiring)).encode())
    return digest.hexdigest()[:32]


def digest(*parts: Any) -> str:
    """A name for what is fully determined by some texts and plain values."""
    return hashlib.sha256(repr((_package_digest(), *parts)).encode()).hexdigest()[:32]


def load(name: str) -> str:
    """Stored source, or "" if there is none or it is not what was written."""
    return load_binary(name, "py").decode("utf-8", "replace")


def store(name: str, source: str) -> None:
    """Write whole or not at all; a cache that cannot be written is done without."""
    store_binary(name, source.encode(), "py")


def load_binary(name: str, suffix: str = "o") -> bytes:
    """What was stored, or nothing if there is none or it is not what was written."""
    try:
        check, _, data = (folder() / f"{name}.{suffix}").read_bytes().partition(b"\n")
    except OSError:
        return b""
    return data if check == _seal(name, data) else b""


def store_binary(name: str, data: bytes, suffix: str = "o") -> None:
    """As `store`, for bytes."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(dir=folder(), suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(_seal(name, data) + b"\n" + data)
        Path(path).replace(folder() / f"{name}.{suffix}")
    except OSError:
        pass


def _seal(name: str, data: bytes) -> bytes:
    return b"# " + hashlib.sha256(f"{name}\n".encode() + data).hexdigest().encode()
