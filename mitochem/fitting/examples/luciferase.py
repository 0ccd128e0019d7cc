"""Synthesis of ATP seen by the light of luciferase: a simulated assay, fitted through its observation model."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from ...core.arguments import whole_number
from ...core.component import Component, component
from ...core.declarations import parameter, state
from ...core.protocol import Protocol
from ..problems.experiment import Noise
from ..problems.free import Free
from ..problems.problem import Problem
from ..problems.time_course import TimeCourse

__all__ = ["LUCIFERASE_TRUTH", "luciferase_time_course"]

LUCIFERASE_TRUTH = {
    "phosphorylation.capacity": 800.0,
    "luciferase.gain": 1.3e6,
    "luciferase.decay": 0.02,
    "luciferase.adenylate_kinase": 2e-4,
    "luciferase.blank": 150.0,
}
"""What the simulated light was made with; the fit starts elsewhere, from the defaults."""

SPIKE = 1e-3
"""ATP of the standard, mM in the chamber."""

CONDITIONS = {"environment.protein": 0.002, "atp_bath": 0.0, "adp_bath": 0.1, "pi_bath": 5.0}
DOSES = {"no inhibitor": 0.0, "oligomycin": 1.0}
PROTOCOL = Protocol().wait(3, "synthesis").add(ATP=SPIKE).wait(4, "standard")
TIMES = np.arange(1, 29) * 0.25
NOISE = "assumed: 1 % of the light and 10 counts"


@component
class Stopwatch(Component):
    """Minutes since the start of a run, as a state, for laws that ask for the time.

    Parameters
    ----------
    pace : 1
        Minutes per minute.

    References
    ----------
    None: a definition.
    """

    role = "stopwatch"

    pace: float = parameter(1.0, "1", bounds=(0, None), source="assumed: 1 by definition")

    @state("min", initial=0.0)
    def elapsed(self) -> Any:
        """Time since the start of the run"""
        return self.pace


def luciferase_time_course(seed: int = 0) -> Problem:
    """Light of luciferase during synthesis of ATP, without and with oligomycin. **Simulated data.**

    No raw record of such an assay was at hand, so that the light is made by the default model (liver, 37 °C) with
    `LUCIFERASE_TRUTH` and random noise, and then fitted by the same model: what is tested is the reading of the assay,
    not the model. Mitochondria (2 µg/mL) go into 0.1 mM ADP, 5 mM phosphate and luciferase at time 0; after 3 min a
    standard of 1 µM ATP is added, and the light is followed for 4 min more. Both runs are fitted together:

    - ``luciferase.gain``: the step of light at the standard, in both runs.
    - ``luciferase.decay``: light that falls after the standard, with oligomycin; the product of both is better known
      than either, and an assay without the standard gives neither.
    - ``luciferase.adenylate_kinase``: light that rises in spite of oligomycin, taken as a constant rate.
    - ``luciferase.blank``: light at time 0.
    - ``phosphorylation.capacity``: the rest, the oligomycin-sensitive synthesis. It is a capacity of the lumped step,
      carriers and synthase together, given the chain, which shares the control of the rate: 1 % of rate is 2.4 % of
      capacity (flux control coefficient 0.41).

    All five lie within their 95 % intervals in at least 18 of 20 seeds each. By a ruler, slopes before the standard
    over its step, seed 0 gives 438 nmol/min/mg if the step is read without inhibitor and 416 with oligomycin, where 407
    were put in: the standard is read when the light has faded, the slope while it does.

    Of twelve starts over the plausible ranges ten end here. Two end at a capacity without limit: where the chain alone
    sets the rate the light no longer depends on it, and a search that gets there stays; its misfit is five times
    larger, and shows.

    What the data cannot tell: the oligomycin-insensitive rate is put down to adenylate kinase; any ATP that
    oligomycin does not prevent looks the same. Protein is taken as exact, and the capacity carries its error. Above
    some µM of ATP the light saturates, which is left out: ATP stays below 9 µM here. The same model made the data, so
    that nothing but noise misfits; real light will do so more.

    Parameters
    ----------
    seed : int
        Of the noise.
    """
    rng = np.random.default_rng(whole_number(seed, "seed", 0))
    bare = _problem([_run(name, np.zeros(TIMES.size)) for name in DOSES])
    light = bare.predict(np.array([[LUCIFERASE_TRUTH[u.name] for u in bare.unknowns]]))[0]
    runs = [
        _run(name, rng.normal(made, 0.01 * made + 10), Noise(0.01 * made + 10, NOISE))
        for name, made in zip(DOSES, np.split(light, len(DOSES)))
    ]
    return _problem(
        runs,
        title="synthesis of ATP by luciferase, simulated",
        notes=(
            f"simulated by the same model with known values (seed {seed}), not measured.",
            "light in proportion to ATP; what oligomycin leaves is taken as adenylate kinase, at a constant rate.",
        ),
        source={"title": "simulated light of luciferase", "seed": str(seed)},
    )


def _problem(runs: list[TimeCourse], **about: Any) -> Problem:
    free = {name: Free(start=1e-4) if name.endswith("kinase") else None for name in LUCIFERASE_TRUTH}
    return Problem(_assay(), runs, free, **about)


def _run(name: str, light: Any, noise: Noise | float = 1.0) -> TimeCourse:
    """One record of light."""
    conditions = CONDITIONS | {"oligomycin.dose": DOSES[name]}
    return TimeCourse(PROTOCOL, TIMES, {"luminescence": light}, conditions, {"luminescence": noise}, name=name)


@functools.cache
def _assay() -> Any:
    """The default model with luciferase in the medium; one object, so that it is compiled once."""
    from ... import drugs
    from ...experiments.observation import Luciferase
    from ...models import isolated_mitochondria

    model = isolated_mitochondria()
    return model.with_component(Stopwatch(), Luciferase().rewire(time="elapsed"), drugs.get("oligomycin", model))
