"""The zip archive of a workbook, gone through once before anything of it is parsed.

A workbook is XML in a zip archive. Both can be made to fill the memory: a member that decompresses to thousands of
times its size, entities that multiply when they are expanded, millions of elements. Every member is therefore
decompressed piece by piece first, its size held against what the directory says and against limits, and its XML
searched for document types and entities, which no workbook has.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from ..core.errors import MitochemError
from .source import Source, kind

__all__ = ["checked"]

MAX_MEMBER = 128_000_000
"""Bytes of one member, decompressed: a Raw sheet of 96 wells and 40 measurements has 35 million."""
MAX_TOTAL = 256_000_000
"""Bytes of all members, decompressed."""
MAX_MEMBERS = 2_000
MAX_ELEMENTS = 500_000
"""Tags between two rows, which are in memory at once: a row of a sheet has at most 16,384 cells."""

_PIECE = 1_000_000
_ROW = re.compile(rb"<(?:\w{1,20}:)?row[\s/>]")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, IndexError)
_OVERLAP = 64  # so that nothing is missed that stands across two pieces


@dataclass(frozen=True)
class Contents:
    """What a workbook has besides values."""

    formulas: bool
    links: bool


def checked(source: Source) -> Contents:
    """Go through every member of the archive.

    Raises
    ------
    ReaderError
        If it is no workbook, damaged, locked, too large when decompressed, or has document types in its XML.
    """
    if not source.content.startswith(b"PK"):
        raise source.error(f"the content is {kind(source.content)}", "an .xlsx workbook")
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            members = archive.infolist()
            _directory(source, members)
            formulas = [_member(source, archive, member) for member in members]
    except MitochemError:
        raise
    except _DAMAGE as error:
        raise source.error(f"a damaged or truncated workbook ({error})", "a whole .xlsx workbook") from None
    return Contents(any(formulas), any(m.filename.lower().startswith("xl/externallinks/") for m in members))


def _directory(source: Source, members: list[zipfile.ZipInfo]) -> None:
    """What the directory of the archive says, before anything is decompressed."""
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        what = "an OpenDocument file" if "content.xml" in names else "a zip archive without a workbook"
        raise source.error(f"the content is {what}", "an .xlsx workbook")
    if any(name.endswith("workbook.bin") for name in names):
        raise source.error("the content is a binary workbook (.xlsb)", "an .xlsx workbook")
    if len(members) > MAX_MEMBERS:
        raise source.error(f"the workbook has {len(members):,} parts", f"at most {MAX_MEMBERS:,}")
    for member in members:
        if member.flag_bits & 1:
            raise source.error("the workbook is locked by a password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise source.error(f"{member.filename} is compressed in a way that workbooks are not")
        if member.file_size > MAX_MEMBER:
            _too_large(source, member.filename, member.file_size)
    if (total := sum(member.file_size for member in members)) > MAX_TOTAL:
        raise source.error(f"the workbook is {total:,} bytes when decompressed", f"at most {MAX_TOTAL:,}")


def _too_large(source: Source, name: str, size: int) -> None:
    raise source.error(f"{name} is {size:,} bytes or more when decompressed", f"at most {MAX_MEMBER:,}")


def _member(source: Source, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Decompress one member piece by piece; tells whether it has formulas. The end checks its checksum."""
    name, size, elements, formulas = member.filename, 0, 0, False
    xml = name.lower().endswith((".xml", ".rels"))
    tail = b""
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            if not size and xml:
                _encoding(source, name, piece)
            size += len(piece)
            if size > min(member.file_size, MAX_MEMBER):
                _too_large(source, name, size)
            if xml:
                both = tail + piece
                if b"<!DOCTYPE" in both or b"<!ENTITY" in both:
                    raise source.error(f"{name} defines a document type or entities, which no workbook does")
                first, *others = _ROW.split(piece)
                elements = max(elements + first.count(b"<"), *(part.count(b"<") for part in others), 0)
                if elements > MAX_ELEMENTS:
                    raise source.error(f"{name} has more than {MAX_ELEMENTS:,} XML elements outside rows or in one row")
                elements = others[-1].count(b"<") if others else elements
                formulas = formulas or (name.startswith("xl/") and bool(_FORMULA.search(both)))
                tail = both[-_OVERLAP:]
    return formulas


def _encoding(source: Source, name: str, start: bytes) -> None:
    """Text that is not ASCII-like would hide what is searched for."""
    declared = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in start[:200] or (declared and declared[1].lower() not in _ENCODINGS):
        raise source.error(f"{name} is not in UTF-8", "a workbook as spreadsheets write it")
