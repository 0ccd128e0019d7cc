"""The bibliography: BibTeX entries by key, from the one file that ships with the package."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

from .errors import ParameterError, nearest

__all__ = ["bibtex", "known"]

_FILE = Path(__file__).resolve().parents[1] / "references.bib"


@functools.cache
def known() -> dict[str, str]:
    """Every entry of the bibliography, by key."""
    entries = re.findall(r"^@\w+\{([^,]+),.*?^\}", _FILE.read_text("utf-8"), re.M | re.S)
    texts = re.findall(r"^@\w+\{[^,]+,.*?^\}", _FILE.read_text("utf-8"), re.M | re.S)
    return dict(zip(entries, texts))


def bibtex(keys: Iterable[str]) -> str:
    """BibTeX of the given keys, each once."""
    entries = known()
    for key in keys:
        if key not in entries:
            raise ParameterError(f"no reference {key!r} in the bibliography." + nearest(key, entries))
    return "\n\n".join(entries[key] for key in dict.fromkeys(keys))
