"""Dates as the computer of an instrument writes them, which depends on where it stands."""

from __future__ import annotations

import re
from datetime import datetime

__all__ = ["unambiguous"]


def unambiguous(text: str) -> str:
    """A date in ISO form if it can be read in one way only (day first or month first); empty otherwise."""
    from dateutil import parser

    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        pass
    if len(text) > 60 or not re.match(
        r"\s*\d{1,4}[-./ ]+\w+[-./ ,]+\d{2,4}", text
    ):  # a day or a month alone is no date
        return ""
    try:
        found = {parser.parse(text, dayfirst=first).isoformat() for first in (True, False)}
    except (ValueError, OverflowError):
        return ""
    return found.pop() if len(found) == 1 else ""
