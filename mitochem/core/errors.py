"""Errors that name the thing, its value, what is allowed and the nearest right name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "FitError",
    "MitochemError",
    "ModelError",
    "ParameterError",
    "ReaderError",
    "SolveError",
    "nearest",
]


class MitochemError(Exception):
    """Base of every error that mitochem raises on purpose."""

    def __str__(self) -> str:  # KeyError would print the repr of its message
        return str(self.args[0]) if self.args else ""


class ModelError(MitochemError, ValueError):
    """A model that cannot be assembled: an unknown name, a cycle, an unbalanced flux."""


class ParameterError(MitochemError, KeyError, ValueError):
    """A name that does not exist, or a value outside its bounds or of the wrong unit."""


class SolveError(MitochemError, RuntimeError):
    """A solve that failed; ``partial`` holds the Dataset up to the failure, if there is one."""

    def __init__(self, message: str, partial: Any = None) -> None:
        super().__init__(message)
        self.partial = partial


class ReaderError(MitochemError, ValueError):
    """A file that cannot be read as what it was said to be."""


class FitError(MitochemError, RuntimeError):
    """A fit that cannot be set up or did not converge."""


def nearest(name: str, known: Iterable[str], *, limit: int = 12) -> str:
    """Say what was probably meant: ``" Did you mean pmf?"``, or the list of what exists."""
    known = sorted({str(k) for k in known})
    if not known:
        return ""
    by_lower = {k.lower(): k for k in reversed(known)}
    close = difflib.get_close_matches(str(name).lower(), list(by_lower), n=3, cutoff=0.6)
    if close:
        return " Did you mean " + " or ".join(by_lower[c] for c in close) + "?"
    shown = ", ".join(known[:limit]) + (", …" if len(known) > limit else "")
    return f" Known: {shown}."
