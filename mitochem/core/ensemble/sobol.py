"""Sobol indices as a running summary."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

import numpy as np

from ..arguments import names_in
from .reduction import Found, Reduction, State

__all__ = ["Sobol"]


@dataclasses.dataclass(frozen=True)
class Sobol(Reduction):
    """First-order and total Sobol indices from a table of `saltelli`, by the estimators SALib uses.

    First order: Saltelli et al. (2010) Comput. Phys. Commun. 181, 259, table 2 b, centred; total: Jansen, table 2 f.
    A group A, AB_1 … AB_D, B with a failed member is left out whole.

    Parameters
    ----------
    parameters : tuple of str
        Names of the D columns; by default those of the table.
    """

    parameters: tuple[str, ...] = ()
    unit: ClassVar[dict[str, str]] = dict.fromkeys(("sobol_first", "sobol_total", "sobol_groups"), "1")

    def __post_init__(self) -> None:
        names_in(self.parameters, "parameters of Sobol")

    def block(self, values: Any) -> State:
        d = len(self.parameters)
        groups = values.reshape(-1, d + 2, values.shape[1])
        there = np.isfinite(groups).all(axis=1)
        n = there.sum(axis=0).astype(float)
        groups = np.where(there[:, None], groups, 0.0)
        each = np.maximum(n, 1)
        a, b = groups[:, 0], groups[:, -1]
        differences = groups[:, 1:-1] - a[:, None]
        b_mean, d_mean = b.sum(axis=0) / each, differences.sum(axis=0) / each
        ab_mean = (a.sum(axis=0) + b.sum(axis=0)) / (2 * each)
        spread = np.where(there, (a - ab_mean) ** 2 + (b - ab_mean) ** 2, 0.0)
        together = np.where(there[:, None], (b - b_mean)[:, None] * (differences - d_mean), 0.0)
        return {
            "n": n,
            "all": groups.sum(axis=(0, 1)) / (each * (d + 2)),
            "b": b_mean,
            "d": d_mean,
            "ab": ab_mean,
            "m2": spread.sum(axis=0),
            "c": together.sum(axis=0),
            "d2": (differences**2).sum(axis=0),
        }

    def merge(self, a: State, b: State) -> State:
        n = a["n"] + b["n"]
        share = b["n"] / np.maximum(n, 1)
        step = {k: b[k] - a[k] for k in ("all", "b", "d", "ab")}
        return {
            "n": n,
            **{k: a[k] + step[k] * share for k in step},
            "m2": a["m2"] + b["m2"] + step["ab"] ** 2 * 2 * a["n"] * share,
            "c": a["c"] + b["c"] + step["b"] * step["d"] * a["n"] * share,
            "d2": a["d2"] + b["d2"],
        }

    def result(self, state: State) -> Found:
        each = np.maximum(state["n"], 1)
        variance = state["m2"] / (2 * each)
        # Centred on the mean of all rows, as SALib does, since the estimator is biased for a mean far from 0.
        first = state["c"] / each + (state["b"] - state["all"]) * state["d"]
        total = state["d2"] / (2 * each)
        with np.errstate(all="ignore"):
            indices = [np.where(variance > 0, v / variance, np.nan) for v in (first, total)]
        return {
            "sobol_first": (("parameter",), indices[0], "first-order Sobol index"),
            "sobol_total": (("parameter",), indices[1], "total Sobol index"),
            "sobol_groups": ((), state["n"].astype(np.int32), "groups of members in the Sobol indices"),
        }

    def coordinates(self) -> dict[str, Any]:
        return {"parameter": np.array(self.parameters)}
