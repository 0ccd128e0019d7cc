"""What a verification found: one row per comparison, and the cases that had nothing to compare."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

__all__ = ["Check", "NotApplicable", "VerificationReport", "compared", "within"]

COLUMNS = ("case", "quantity", "assumption", "symbolic", "numeric", "difference", "tolerance", "ok")


class NotApplicable(Exception):
    """A case has nothing to say about this model; the message says why."""


@dataclasses.dataclass(frozen=True)
class Check:
    """One comparison: what algebra, a hand-typed formula or a printed number says, and what the model does."""

    case: str
    quantity: str
    assumption: str
    symbolic: float
    numeric: float
    difference: float
    tolerance: float

    @property
    def ok(self) -> bool:
        """True if the difference is a number within its tolerance."""
        return bool(self.difference <= self.tolerance)


def compared(
    case: str, quantity: str, assumption: str, symbolic: Any, numeric: Any, tolerance: float, floor: float = 0.0
) -> Check:
    """Compare relative to the larger of the two (and of ``floor``); of arrays, the entry that differs most is shown."""
    a, b = np.broadcast_arrays(np.asarray(symbolic, float), np.asarray(numeric, float))
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)
        same = (a == b) | (np.abs(a - b) == 0)
        difference = np.where(same, 0.0, np.abs(a - b) / np.where(size > 0, size, 1.0))
    difference = np.where(np.isnan(difference), np.inf, difference)
    worst = np.unravel_index(int(np.argmax(difference)), difference.shape) if difference.ndim else ()
    return Check(case, quantity, assumption, float(a[worst]), float(b[worst]), float(difference[worst]), tolerance)


def within(case: str, quantity: str, assumption: str, found: float, allowed: float) -> Check:
    """A count or a remainder that should be zero, up to ``allowed``."""
    size = abs(found) if math.isfinite(found) else math.inf
    return Check(case, quantity, assumption, 0.0, float(found), size, allowed)


class VerificationReport:
    """The outcome of `verify`: prints as a table, and says whether all is well.

    Attributes
    ----------
    model : str
        Name of the model.
    checks : tuple of Check
    skipped : dict of str to str
        Cases that do not apply, with the reason.
    """

    def __init__(self, model: str, checks: Iterable[Check], skipped: dict[str, str]) -> None:
        self.model, self.checks, self.skipped = model, tuple(checks), dict(skipped)

    @property
    def ok(self) -> bool:
        """True if something was compared and every comparison holds."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The comparisons that do not hold."""
        return tuple(check for check in self.checks if not check.ok)

    @property
    def table(self) -> pandas.DataFrame:
        """One row per comparison: case, quantity, assumption, symbolic, numeric, difference, tolerance, ok."""
        import pandas

        rows = [{**dataclasses.asdict(check), "ok": check.ok} for check in self.checks]
        return pandas.DataFrame(rows, columns=list(COLUMNS))

    def __repr__(self) -> str:
        shown = self.table.drop(columns=["assumption", "tolerance"])
        shown["ok"] = ["" if ok else "FAILED" for ok in shown["ok"]]
        lines = [f"verification of {self.model}", ""]
        lines.append(shown.to_string(index=False, float_format=lambda v: f"{v:.9g}", max_colwidth=64))
        for check in self.failures:
            lines.append(f"FAILED {check.case}, {check.quantity}: {check.assumption}")
        if self.skipped:
            lines += ["", "not applicable:"]
            lines += [f"  {case}: {reason}" for case, reason in self.skipped.items()]
        good = len(self.checks) - len(self.failures)
        lines += ["", f"{good} of {len(self.checks)} comparisons hold, {len(self.skipped)} cases do not apply"]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<b>verification of {self.model}</b>" + str(self.table.to_html(index=False))
