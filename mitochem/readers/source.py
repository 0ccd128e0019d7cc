"""A file as it was given: its bytes, read once and no more than allowed, and what is said about it."""

from __future__ import annotations

import hashlib
import re
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..core.arguments import path_in, shown
from ..core.errors import ParameterError, ReaderError

__all__ = ["MAX_BYTES", "TEXT", "WORKBOOK", "Source", "decoded", "destination", "opened"]

MAX_BYTES = 50_000_000
"""Larger files are refused before they are read: a day of one reading a second in twenty channels is 15 MB."""

TEXT = (".csv", ".txt", ".tsv")
WORKBOOK = (".xlsx", ".xlsm")

# How files begin that are brought by mistake.
_MAGIC = {
    b"PK\x03\x04": "a zip archive, such as an .xlsx workbook",
    b"\xd0\xcf\x11\xe0": "an old .xls workbook, or one locked by a password",
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG picture",
    b"\x1f\x8b": "a gzip archive",
    b"CDF": "a NetCDF file (mitochem.load reads those)",
    b"\x89HDF": "an HDF5 file",
}
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x19\x1c-\x1f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Source:
    """The bytes of a file, the reader they are for, and the warnings given on the way."""

    path: Path
    content: bytes = field(repr=False)
    reader: str
    layout: str
    notes: dict[str, str] = field(default_factory=dict)

    def error(self, found: str, expected: str = "") -> ReaderError:
        """The error to raise: file, what was found, what is expected."""
        stop = "" if found.endswith((".", "?")) else "."
        return ReaderError(f"{self.path}: {found}{stop}" + (f" {self.reader} expects {expected}." if expected else ""))

    def warn(self, note: str, kind: str = "") -> None:
        """Warn the caller outside the package, once for each kind of note, and keep it for the attributes."""
        if (kind or note) in self.notes:
            return
        self.notes[kind or note] = note
        level, frame = 2, sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("mitochem."):
            level, frame = level + 1, frame.f_back
        warnings.warn(f"{self.path.name}: {note}", stacklevel=level)

    def attributes(self) -> dict[str, Any]:
        """Where a Dataset comes from."""
        from .. import __version__

        about = {
            "source": f"{self.layout}, read by mitochem {__version__} readers.{self.reader}",
            "file": self.path.name,
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }
        return about | ({"warnings": "\n".join(self.notes.values())} if self.notes else {})


def opened(path: Any, reader: str, layout: str, suffixes: Iterable[str], max_bytes: Any) -> Source:
    """The file to read, if it is one that may be.

    Raises
    ------
    ParameterError
        If the path or the limit is none.
    ReaderError
        If there is no such file, or it is empty, too large, or not called as files of this kind are.
    """
    place = path_in(path, "path")
    if not isinstance(max_bytes, int | np.integer) or isinstance(max_bytes, bool) or max_bytes < 1:
        raise ParameterError(f"max_bytes = {shown(max_bytes)} is not a whole number of bytes above 0.")
    suffixes = tuple(suffixes)
    kinds = " or ".join(suffixes)
    if place.is_dir():
        raise ReaderError(f"{place} is a folder. {reader} expects one file ({kinds}).")
    if not place.is_file():
        raise ReaderError(f"{place} {'is no ordinary file' if place.exists() else 'does not exist'}.")
    if place.suffix.lower() == ".dld":
        raise ReaderError(f"{place} is a binary DatLab file, which only DatLab reads: export the traces as csv.")
    if place.suffix.lower() not in suffixes:
        raise ReaderError(f"{place} is called {place.suffix or 'without a suffix'!r}. {reader} expects {kinds}.")
    size = place.stat().st_size
    if size > max_bytes:
        raise ReaderError(f"{place} has {size:,} bytes; {reader} reads at most {max_bytes:,} (max_bytes=).")
    try:
        with place.open("rb") as file:
            content = file.read(size + 1)
    except OSError as error:
        raise ReaderError(f"{place} cannot be read ({error.strerror or error}).") from None
    source = Source(place, content, reader, layout)
    if len(content) > size:
        raise source.error("the file grows while it is read")
    if not content.strip():
        raise source.error("the file is empty", layout)
    return source


def destination(path: Any, suffixes: Iterable[str], layout: str) -> Path:
    """The path to write to, if files of this layout are called so."""
    place = path_in(path, "path")
    if place.suffix.lower() not in suffixes:
        raise ParameterError(f"path = {str(path)!r}: {layout} is called {' or '.join(suffixes)}.")
    return place


def kind(content: bytes) -> str:
    """What a file is that is not what it was said to be."""
    for start, name in _MAGIC.items():
        if content.startswith(start):
            return name
    return "binary" if _BINARY.search(content[:100_000]) else "text"


def decoded(source: Source) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, else the code page of Western Windows, else Latin-1.

    Raises
    ------
    ReaderError
        If it is no text.
    """
    content = source.content
    if content.startswith(_UTF16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise source.error("UTF-16 text that is damaged", f"{source.layout} as text") from None
    if _BINARY.search(content) or any(content.startswith(start) for start in _MAGIC):
        raise source.error(f"the content is {kind(content)}", f"{source.layout} as text")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
