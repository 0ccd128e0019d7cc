"""``mitochem verify``: the comparisons that a model stands or falls by."""

from __future__ import annotations

import json
from typing import Any

from ..verification import verify as run
from .output import plain
from .shared import model_of

__all__ = ["verify"]


def verify(options: Any) -> int:
    """Print the table of comparisons; 1 if one of them fails."""
    report = run(model_of(options))
    if options.json:
        rows = report.table.to_dict(orient="records")
        print(json.dumps(plain({"model": report.model, "ok": report.ok, "checks": rows, "skipped": report.skipped}),
                         indent=1))  # fmt: skip
    elif not options.quiet:
        print(report)
    return 0 if report.ok else 1
