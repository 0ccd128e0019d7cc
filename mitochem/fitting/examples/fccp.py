"""The default model against an FCCP titration of brain mitochondria with TMRM, in two chambers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from ...core.arguments import names_in, one_of, shown, whole_number, yes_or_no
from ...core.errors import FitError
from ..problems.experiment import Experiment, Noise
from ..problems.free import Free, Scale
from ..problems.problem import Problem
from ..results.prediction import prediction
from ..results.result import FitResult
from .sources import source_of

__all__ = ["fccp_readings", "fccp_titration_brain"]

DATA = "cadonic_2015_fccp_titration_brain"

FREE = ("FCCP.effectiveness", "electron_transport.pmf_width")
"""Parameters of interest."""

DYE = ("tmrm.volume_ratio", "tmrm.full")
"""Unknowns of the reading of the dye."""

START = {"tmrm.full": 0.9, "tmrm.volume_ratio": 1e-3}
FLUX = "flux_per_J_O2"


def fccp_titration_brain(
    chambers: Sequence[str] = ("A", "B"),
    free: Sequence[str] = FREE,
    local: Sequence[str] = (FLUX,),
    *,
    held_back: bool = True,
    oxygen_limited: bool = False,
) -> Problem:
    """The default model against FCCP titrations with oligomycin: oxygen flux and free TMRM together (Cadonic 2016).

    Two chambers, one animal each: the leak with oligomycin, then FCCP at 125 to 500 nM. Eighteen numbers, nine fluxes
    and nine readings of the dye. The dye goes through `TMRMQuench` inside the model, as the free share ``f``, never as
    an absolute Δψ. The last step of chamber A, during which oxygen falls from 18 to 5 µM, is left out; with it
    (``oxygen_limited=True``) no parameter moves by more than 1.4 of its errors.

    Two parameters are free, and four unknowns of the measurement beside them:

    - ``FCCP.effectiveness`` (0.226 ± 0.011, profile interval 0.206 to 0.249): how much of what bilayers predict the
      nominal dose does.
    - ``electron_transport.pmf_width`` (27 ± 4 mV, 22 to 37): respiratory control. Flux is nearly a line in the
      potential read off the dye, which takes a chain three times less steep than that of liver (8.4 mV), outside the
      plausible range.
    - ``flux_per_J_O2``, in each chamber: protein, and the capacity of the chain with it.
    - ``tmrm.volume_ratio``: where on its curve the dye is, which takes the place of an absolute calibration.
    - ``tmrm.full`` (0.882 ± 0.004): free share of the dye without Δψ. A tenth of the dye never comes free.

    All profiles close, and twelve starts of twelve end here. The readings after antimycin were not fitted, and bear
    ``tmrm.full`` out: with the chain blocked and 500 nM FCCP, where Δψ of the model is 0, the prediction is 0.881
    with a 95 % interval from 0.864 to 0.899, and 0.897 and 0.874 were read. Antimycin moved the dye by less than
    0.005. Chamber A's last step is predicted at 351 pmol/s/mL, where 347 were measured, and its dye falls just
    outside.

    Chosen by AICc on these data among some twenty sets, which the errors leave out: ``effectiveness`` and
    ``pmf_width`` 5.1, ``pmf_width`` alone 8.9, ``effectiveness`` alone 47, ``pmf_half`` in place of ``pmf_width`` 36.
    A third parameter costs 5 to 7 (``pmf_half`` 10.5; leak, its steepness, capacity, inhibition by FCCP 11.9; the
    leak stays at its default within 25 %). **One would pay:** with ``FCCP.pK`` AICc is -0.1, at pK 6.6 ± 0.1 and
    effectiveness 0.12. It is kept at 6.2, which was measured (6.0 to 6.4); what the data ask for is another course of
    FCCP's current with Δψ. Without ``tmrm.full`` (``held_back=False``) AICc is 61: a dose that no longer raises the
    flux goes on lowering Δψ in the model, and the dye does not show it.

    Chambers, by AICc: nothing local 12.9, the factor 5.1, factor and ``tmrm.full`` 8.9, factor and ``volume_ratio``
    11.2, factor and ``effectiveness`` 11.4, factor and ``pmf_width`` 11.8, everything local 42. They differ in the
    factor (3.79 and 3.37, 12 %), and in nothing else that these data show. One animal each: no statement on strains.

    **What fits badly.** Flux against the apparent ΔΔψ is curved in the model and a line in the data: in chamber A the
    slope through the same four points is -5.6 instead of -5.2 pmol/s/mL/mV (B: -4.9 and -4.8). In both chambers the
    model is 10 to 12 pmol/s/mL low at 125 nM and 4 to 9 high at 250 nM.

    **What the data cannot tell.** The dose is nominal: ``effectiveness`` holds free over nominal FCCP, binding,
    protein (0.106 at 0.3 mg/mL instead of 1) and H⁺/O2 (0.145 with the 12 of succinate, which was there too and fits
    worse alone, AICc 13). Capacity of the chain and the factor are one number: the data hold their product; protein
    was not measured. The maximal flux beyond 500 nM and the inhibition by FCCP lie outside the data. Δψ: only the
    reading of the dye was measured. In the fitted model Δψ falls by 128 mV from the leak to 500 nM, while Nernst's
    law without dye held back reads 58 and 53 mV; all of the difference is ``tmrm.full``, and there is no calibration
    to judge it by. The K+ uniport is fixed, and moves ``pmf_width`` (to 19 mV with a tenth of it), because matrix K+
    settles between Δψ and ΔpH.

    Parameters
    ----------
    chambers : sequence of {"A", "B"}
        Which to fit, together.
    free : sequence of str
        Parameters of interest.
    local : sequence of str
        Which of ``free``, ``"tmrm.volume_ratio"``, ``"tmrm.full"`` and ``"flux_per_J_O2"`` each chamber has of its own.
    held_back : bool
        Free ``tmrm.full``, the dye free without Δψ; else it is 1, and all the dye follows Nernst.
    oxygen_limited : bool
        Keep the last step of chamber A.

    See Also
    --------
    fccp_readings : data and fit as flux and ΔΔψ against dose, to be drawn by `mitochem.plot.uncoupling`.
    """
    from ... import datasets

    data = datasets.load(DATA)
    chosen = [one_of(c, "chamber", [str(c) for c in data.chamber.values]) for c in names_in(chambers, "chambers")]
    dye = DYE if yes_or_no(held_back, "held_back") else DYE[:1]
    unknowns = [*names_in(free, "free"), *dye]
    apart = [one_of(name, "local", [*unknowns, FLUX]) for name in names_in(local, "local")]
    limited = yes_or_no(oxygen_limited, "oxygen_limited")
    largest = float(data.J_O2.max())
    noise = {
        "J_O2": Noise(0.05 * largest, "assumed 5 % of the largest flux; the error of a slope is below 1 %"),
        "tmrm_signal": Noise(0.01, "assumed: drift and calibration, as the chambers differ in the leak state"),
    }
    return Problem(
        _model(held_back),
        [_experiment(data.sel(chamber=c), noise, limited) for c in chosen],
        free={name: Free(local=name in apart and len(chosen) > 1) for name in unknowns},
        nuisance={
            FLUX: Scale(
                "J_O2", "pmol/s/mL per nmol/min/mg", 3.5, local=FLUX in apart and len(chosen) > 1,
                why="protein in the chamber (16.7 per mg/mL), times what brain has of the chain, liver being 1",
            )
        },
        title="FCCP titration of brain mitochondria, Cadonic 2016",
        notes=(
            "FCCP is nominal: effectiveness holds free over nominal dose, binding and protein.",
            "flux_per_J_O2 goes with electron_transport.capacity, kept at that of liver: no measurement of protein.",
            "the dye is read as a free share, with its own calibration in the fit: no absolute Δψ was measured.",
            "FCCP.pK, kept at 6.2 as measured, would lower AICc by 5 at 6.6: its current with Δψ has another course.",
            "which parameters are free was chosen on these data, from about twenty sets; the errors leave that out.",
            "model of liver mitochondria, 37 °C, NADH-linked (20 H+/O2) although succinate was there too.",
            "steady states: each step lasted 100 s, in which Δψ settles and matrix K+ does not quite.",
        ),
        source=source_of(data),
    )  # fmt: skip


def _model(held_back: bool) -> Any:
    """The default model with the dye and the drugs of the titration in it."""
    from ... import drugs
    from ...experiments.observation import TMRMQuench
    from ...models import isolated_mitochondria

    model = isolated_mitochondria()
    added = [drugs.get(name, model) for name in ("FCCP", "oligomycin", "antimycin")]
    start = START if held_back else {"tmrm.volume_ratio": START["tmrm.volume_ratio"]}
    return model.with_component(TMRMQuench(), *added).replace(start)


def _experiment(data: Any, noise: dict[str, Noise], limited: bool) -> Experiment:
    """One chamber: the leak with oligomycin, and the steps of FCCP."""
    steps = np.isfinite(data.fccp.values) & (limited | (data.remark.values == ""))
    return Experiment(
        {"FCCP.dose": data.fccp[steps], "oligomycin.dose": 1.0, "oxygen": data.oxygen.values[steps] / 1000},
        {"J_O2": data.J_O2[steps], "tmrm_signal": data.mtMPrel[steps]},
        noise,
        clamped=("oxygen",),
        name=str(data.chamber.values),
    )


def fccp_readings(result: FitResult, points: int = 0) -> dict[str, Any]:
    """Flux and ΔΔψ against the dose of FCCP, by chamber, as measured or as the fitted model gives them.

    ΔΔψ is read as the authors of such traces do, by Nernst's law off the free share of the dye, relative to the leak
    state, with no dye held back: a reading of the same formula on both sides, not the Δψ of the model.

    Parameters
    ----------
    result : FitResult
        Of a `fccp_titration_brain`.
    points : int
        Of curves of the model, evenly spaced in dose; 0 for the measured points.

    Returns
    -------
    dict of str to (dose, flux, ddpsi), arrays
        By chamber: µM, pmol/s/mL and mV.
    """
    from ...experiments.observation import delta_delta_psi

    if not isinstance(result, FitResult) or "tmrm.volume_ratio" not in {*result.problem.free}:
        raise FitError(f"fccp_readings takes the fit of a fccp_titration_brain, not {shown(result)}.")
    points = whole_number(points, "points", 0)
    out = {}
    for experiment in cast(tuple[Experiment, ...], result.problem.experiments):
        given = {name: np.asarray(column) for name, column in experiment.conditions.items()}
        dose, column = given["FCCP.dose"], "observed"
        seen = {name: np.asarray(values) for name, values in experiment.observed.items()}
        if points:
            dense, column = np.linspace(dose[0], dose[-1], points), "predicted"
            given = {k: np.interp(dense, dose, v) if v.ndim else v for k, v in given.items()}
            dose, seen = dense, {name: np.full(points, np.nan) for name in seen}
        found = prediction(result, dataclasses.replace(experiment, conditions=given, observed=seen))
        flux, free = (found[column][found.observable == name].to_numpy() for name in ("J_O2", "tmrm_signal"))
        out[experiment.name] = (dose, flux, delta_delta_psi(free, free[0]))
    return out
