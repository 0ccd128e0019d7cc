"""The default model against an FCCP titration of brain mitochondria with TMRM, in two chambers."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from ...core.arguments import names_in, one_of, shown, yes_or_no
from ...core.errors import FitError
from ...experiments.instruments.base import whole_number
from ..experiment import Experiment, Noise
from ..free import Free, Scale
from ..prediction import prediction
from ..problem import Problem
from ..result import FitResult
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

    Two chambers, one animal each: the leak with oligomycin, then FCCP at 125 to 500 nM, then antimycin. Twenty
    numbers: nine fluxes and eleven readings of the dye. The dye goes through `TMRMQuench` inside the model, as the
    free share ``f``, never as an absolute Δψ. The flux after antimycin (2 and -1 pmol/s/mL) is left out; the reading
    of the dye there counts: with the chain blocked and 500 nM FCCP, Δψ of the model is 0. The last step of chamber A,
    during which oxygen falls from 18 to 5 µM, is left out; with it (``oxygen_limited=True``) no parameter moves by
    more than its error.

    Two parameters are free, and four unknowns of the measurement beside them:

    - ``FCCP.effectiveness`` (0.224 ± 0.013, profile interval 0.203 to 0.249): how much of what bilayers predict the
      nominal dose does.
    - ``electron_transport.pmf_width`` (27 ± 4 mV, 21 to 37): respiratory control. Flux is nearly a line in the
      potential read off the dye, which takes a chain three times less steep than that of liver (8.4 mV), outside the
      plausible range.
    - ``flux_per_J_O2``, in each chamber: protein, and the capacity of the chain with it.
    - ``tmrm.volume_ratio``: where on its curve the dye is, which takes the place of an absolute calibration.
    - ``tmrm.full`` (0.884 ± 0.004): free share of the dye without Δψ. Antimycin after 500 nM FCCP moves the
      dye by less than 0.005, at a free share of 0.90 and 0.87: about a tenth of it never comes free.

    Chosen by AICc on these data among some twenty sets, which the errors leave out. With both chambers and the factor
    local: ``effectiveness`` and ``pmf_width`` 6.8, ``pmf_width`` alone 9.2, ``effectiveness`` alone 48,
    ``pmf_half`` in place of ``pmf_width`` 35. A third parameter costs 4 to 6 (``leak.amplitude`` 12.5, at its default
    within 25 %; capacity, inhibition by FCCP, steepness of the leak 12.5; ``pmf_half`` 11.2), but for ``FCCP.pK``, 5.5,
    which trades with the effectiveness. Without ``tmrm.full`` (``held_back=False``, no antimycin) AICc is 61 instead of
    5: the same dose that stops raising the flux goes on lowering Δψ in any model, and the dye does not show it.

    Chambers, by AICc: nothing local 13.1, the factor 6.8, factor and ``tmrm.full`` 4.9 (a difference that decides
    nothing), factor and effectiveness 12.1, factor and ``pmf_width`` 12.5, everything local 27. The strains differ in
    the factor (3.80 and 3.37, 12 %), and in nothing else that these data show. One animal each: no statement on
    strains.

    **What the data cannot tell.** The dose is nominal: ``effectiveness`` holds free over nominal FCCP, binding,
    protein (0.105 at 0.3 mg/mL instead of 1) and H⁺/O2 (0.144 with the 12 of succinate, which was there
    too). Capacity of the chain and the factor are one number: the data hold their product; protein was not measured.
    The maximal flux beyond 500 nM and the inhibition by FCCP lie outside the data. Δψ: only the reading of the dye
    was measured. In the fitted model Δψ falls by some 130 mV from the leak to 500 nM, while Nernst's law without dye
    held back reads 58 and 53 mV. Which of them is nearer cannot be told without a calibration; all of the difference
    is ``tmrm.full``. The K+ uniport is fixed, and moves ``pmf_width`` (to 19 mV with a tenth of it), because matrix
    K+ settles between Δψ and ΔpH.

    Parameters
    ----------
    chambers : sequence of {"A", "B"}
        Which to fit, together.
    free : sequence of str
        Parameters of interest.
    local : sequence of str
        Which of ``free``, ``"tmrm.volume_ratio"``, ``"tmrm.full"`` and ``"flux_per_J_O2"`` each chamber has of its own.
    held_back : bool
        Free ``tmrm.full``, and use the reading after antimycin that fixes it; else all the dye follows Nernst.
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
        [_experiment(data.sel(chamber=c), noise, limited, held_back) for c in chosen],
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


def _experiment(data: Any, noise: dict[str, Noise], limited: bool, held_back: bool) -> Experiment:
    """One chamber: the leak with oligomycin, the steps of FCCP, and the dye (not the flux) after antimycin."""
    antimycin = data.state.values == "antimycin"
    doses = np.where(antimycin, np.nanmax(data.fccp.values), data.fccp.values)
    steps = np.isfinite(doses) & (limited | (data.remark.values == "")) & (held_back | ~antimycin)
    flux, dye = data.J_O2.where(~antimycin)[steps], data.mtMPrel[steps]
    flux.attrs["units"] = data.J_O2.attrs["units"]
    return Experiment(
        {
            "FCCP.dose": doses[steps],
            "oligomycin.dose": 1.0,
            "antimycin.dose": antimycin[steps].astype(float),
            "oxygen": data.oxygen.values[steps] / 1000,
        },
        {"J_O2": flux, "tmrm_signal": dye},
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
        size = np.shape(experiment.conditions["oxygen"])
        given = {name: np.broadcast_to(column, size) for name, column in experiment.conditions.items()}
        steps = np.flatnonzero(given["antimycin.dose"] == 0)
        given = {name: column[steps] for name, column in given.items()}
        dose, column = given["FCCP.dose"], "observed"
        seen = {name: np.asarray(values)[steps] for name, values in experiment.observed.items()}
        if points:
            dense, column = np.linspace(dose[0], dose[-1], points), "predicted"
            given = {name: np.interp(dense, dose, values) for name, values in given.items()}
            dose, seen = dense, {name: np.full(points, np.nan) for name in seen}
        found = prediction(result, dataclasses.replace(experiment, conditions=given, observed=seen))
        flux, free = (found[column][found.observable == name].to_numpy() for name in ("J_O2", "tmrm_signal"))
        out[experiment.name] = (dose, flux, delta_delta_psi(free, free[0]))
    return out
