"""Curves of respiration against the force, and where they cross."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..core.errors import SolveError
from ..core.library import with_drugs_of
from ..core.model import Model

__all__ = ["BLOCKS", "Curve", "control_at", "operating_points"]

BLOCKS = ("substrate_oxidation", "phosphorylation", "leak")
BEYOND = 0.5
"""Millivolts that a curve may be continued to a crossing."""


class Curve:
    """Respiration as a function of the force along a titration, NaN outside of it."""

    def __init__(self, model: Model, conditions: Any, force: str, read: Any = None) -> None:
        from scipy.interpolate import PchipInterpolator

        ds = with_drugs_of(model, conditions).steady_state(conditions)
        x, y = ds[force].values, (read or (lambda d: d["J_O2"]))(ds).values
        good = ds["success"].values & np.isfinite(x) & np.isfinite(y)
        if good.sum() < 5:
            raise SolveError(f"a titration has {good.sum()} steady states: {ds['message'].values[~good][0]}.")
        x, y = x[good], y[good]
        if x[0] > x[-1]:
            x, y = x[::-1], y[::-1]
        keep = np.concatenate([[True], np.diff(np.maximum.accumulate(x)) > 1e-6])
        self.low, self.high = float(x[keep][0]), float(x[keep][-1])
        self.value: Any = PchipInterpolator(x[keep], y[keep])
        self.slope: Any = self.value.derivative()

    def __call__(self, x: Any) -> Any:
        inside = np.clip(x, self.low, self.high)
        return np.where(np.abs(inside - x) <= 1e-6, self.value(inside), np.nan)

    def less(self, other: Curve) -> Curve:
        """The difference, where both are known."""
        twin = object.__new__(Curve)
        twin.low, twin.high = max(self.low, other.low), min(self.high, other.high)
        twin.value = lambda x: self.value(x) - other.value(x)
        twin.slope = lambda x: self.slope(x) - other.slope(x)
        return twin


def operating_points(curves: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where substrate oxidation meets what uses it, with fluxes and slopes; without phosphorylation state 4 alone.

    Curves have ``value`` and ``slope``, callable, and ``low`` and ``high``, as `Curve` does.
    """
    from scipy.optimize import brentq

    out: dict[str, dict[str, Any]] = {}
    for state, users in (("state 4", ("leak",)), ("working", ("leak", "phosphorylation"))):
        if not set(users) <= set(curves):
            continue
        taking = [curves[u] for u in users]
        supply = curves["substrate_oxidation"]
        low, high = (pick(getattr(c, side) for c in (supply, *taking)) for pick, side in ((max, "low"), (min, "high")))

        def surplus(x: Any, supply: Any = supply, taking: Any = taking) -> Any:
            return supply.value(x) - sum(c.value(x) for c in taking)

        at = np.nan
        # A titration of the working state ends just where the curves cross, and may miss it by rounding.
        grid = np.linspace(low, high + BEYOND, 2001)
        change = np.flatnonzero(np.diff(np.sign(surplus(grid))) < 0)
        if len(change):
            at = min(float(brentq(surplus, grid[change[-1]], grid[change[-1] + 1], xtol=1e-10)), high + BEYOND)
        here: dict[str, Any] = {"force": at}
        for b in BLOCKS:
            takes_part = b in users or b == "substrate_oxidation"
            here[b] = float(curves[b].value(at)) if takes_part else 0.0
            here[f"slope_{b}"] = float(curves[b].slope(np.clip(at, low, high))) if takes_part else 0.0
        out[state] = here
    return out


def control_at(rows: dict[str, dict[str, Any]]) -> tuple[Any, Any, Any, Any]:
    """Force (state,), and fluxes, elasticities and control over respiration (state, block) of operating points."""
    J = np.array([[row[b] for b in BLOCKS] for row in rows.values()])
    slope = np.array([[row[f"slope_{b}"] for b in BLOCKS] for row in rows.values()])
    elastic = np.divide(slope, J, out=np.full_like(J, np.nan), where=np.greater(J, 1e-9 * np.nanmax(J, initial=0.0)))
    with np.errstate(all="ignore"):  # H13: C^p of a block is its flux over D, uses negative
        D = slope[:, 1] + slope[:, 2] - slope[:, 0]
        control = np.array([1.0, -1.0, -1.0]) * J / D[:, None] * elastic[:, [0]] + np.array([1.0, 0.0, 0.0])
    return np.array([row["force"] for row in rows.values()]), J, elastic, control
