"""The two models of the benchmarks and what is done with them, the same for every tool.

A problem varies a few parameters, its *dials*, in this order in every table; all others stay at their defaults.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import numpy as np

import mitochem as mc

__all__ = ["Problem", "isolated", "qamas"]

RTOL, ATOL = 1e-6, 1e-9
"""Tolerances of the timed runs; the absolute one is in the units of each state (M and V, or mM, nmol/mg and mV)."""

TIGHT_RTOL, TIGHT_ATOL = 1e-10, 1e-14
"""Tolerances at which every tool must agree with the reference before it is timed."""


@dataclasses.dataclass(frozen=True, eq=False)
class Problem:
    """A model, an experiment with one addition, a sweep of steady states, and draws of its dials."""

    name: str
    model: Any
    start: dict[str, float]
    dials: tuple[str, ...]
    added: tuple[str, float]
    """Species, as the protocol names it, and amount."""
    state_added: str
    at: float
    end: float
    swept: str
    sweep: tuple[float, ...]
    settle_for: float
    """How long a tool that can only step in time must run until the rest error is far below 1e-6."""
    sweep_with: dict[str, float] = dataclasses.field(default_factory=dict)
    """Dials that the sweep has at other values than the defaults."""
    fitted: tuple[str, ...] = ()
    observed: tuple[str, ...] = ()
    held: tuple[str, ...] = ()

    @property
    def states(self) -> list[str]:
        return list(self.model.program.states)

    @property
    def defaults(self) -> np.ndarray:
        return np.array([self.model.values[a] for a in self.dials])

    @property
    def y0(self) -> np.ndarray:
        return np.array([(self.model.initial | self.start)[s] for s in self.states])

    @property
    def dose(self) -> np.ndarray:
        """What the addition does to the states."""
        out = np.zeros(len(self.states))
        out[self.states.index(self.state_added)] = self.added[1]
        return out

    def times(self, rows: int) -> np.ndarray:
        return np.linspace(0.0, self.end, rows)

    def sweep_table(self, points: int) -> np.ndarray:
        """Dials of a sweep; with fewer points they cover the same range."""
        chosen = np.linspace(0, len(self.sweep) - 1, points).round().astype(int)
        table = np.repeat(self.defaults[None], points, axis=0)
        for dial, value in self.sweep_with.items():
            table[:, self.dials.index(dial)] = value
        table[:, self.dials.index(self.swept)] = np.asarray(self.sweep)[chosen]
        return table

    def draws(self, members: int, factor: float = 2.0) -> np.ndarray:
        """Every non-zero dial times or divided by up to ``factor``, log-uniformly; the first members are always the
        same."""
        spread = np.random.default_rng(1).uniform(-1, 1, (members, len(self.dials)))
        return self.defaults * factor**spread


@functools.cache
def qamas() -> Problem:
    """The QAMAS in-vitro protocol: state 2 for 50 s, 0.375 mM ADP, states 3 and 4 to 175 s; the leak is swept."""
    return Problem(
        name="qamas_in_vitro",
        model=mc.models.get("qamas_in_vitro"),
        start={"nadh": 0.0, "atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": 5e-3},
        dials=(
            "dehydrogenase.activity",
            "complex_I.activity",
            "complex_III.activity",
            "complex_IV.activity",
            "synthase.activity",
            "translocase.content",
            "phosphate_carrier.activity",
            "leak.activity",
        ),
        added=("adp_bath", 0.375e-3),
        state_added="adp_bath",
        at=50.0,
        end=175.0,
        swept="leak.activity",
        sweep=tuple(np.logspace(2, 5, 1000)),
        settle_for=5e4,
        fitted=(
            "dehydrogenase.activity",
            "complex_I.activity",
            "complex_IV.activity",
            "translocase.content",
            "leak.activity",
        ),
        observed=("J_C4", "delta_psi", "nadh"),
    )


@functools.cache
def isolated() -> Problem:
    """The default model: 2 min without ADP, 0.3 mM ADP, to 7 min; FCCP titrated under a load of 300 nmol/min/mg."""
    model = mc.models.isolated_mitochondria().with_component(mc.drugs.FCCP)
    return Problem(
        name="isolated_mitochondria",
        model=model,
        start={},
        dials=(
            "electron_transport.capacity",
            "phosphorylation.capacity",
            "leak.amplitude",
            "potassium_uniport.permeability",
            "potassium_proton_exchange.activity",
            "load.capacity",
            "FCCP.dose",
        ),
        added=("ADP", 0.3),
        state_added="adp_bath",
        at=2.0,
        end=7.0,
        swept="FCCP.dose",
        sweep=tuple(np.linspace(0.0, 2.0, 1000)),
        settle_for=200.0,
        sweep_with={"load.capacity": 300.0},
        fitted=("electron_transport.capacity", "phosphorylation.capacity", "leak.amplitude"),
        observed=("J_O2", "delta_psi"),
        held=tuple(model.held("simulate")),
    )
