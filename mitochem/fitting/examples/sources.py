"""Where the data of an example come from."""

from __future__ import annotations

from typing import Any

__all__ = ["source_of"]


def source_of(data: Any) -> dict[str, str]:
    """What a data set says of its origin, for the provenance of a fit."""
    return {key: data.attrs[key] for key in ("title", "citation", "source_file", "source_sha256") if key in data.attrs}
