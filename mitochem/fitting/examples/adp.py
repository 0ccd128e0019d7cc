"""Respiration against ADP: the default model on heart mitochondria, and plain laws on heart fibres."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...core.arguments import names_in, numbers_in, one_of
from ...core.errors import FitError
from ..curves import michaelis_menten
from ..problems.experiment import Experiment, Noise
from ..problems.free import Scale
from ..problems.problem import Problem
from ..results.result import FitResult
from .sources import source_of

__all__ = ["adp_sensitivity_heart", "adp_titration_heart"]

ADENYLATES = 5.0
"""ATP and ADP together in the medium of the ADP titration, mM (simulation script of the source)."""

LAWS: dict[str, dict[str, Any]] = {"plain": {}, "offset": {"offset": True}, "hill": {"hill": True}}
"""Laws of `adp_sensitivity_heart`: options of `michaelis_menten`."""


def adp_titration_heart(phosphate: Sequence[float] = (1.0, 5.0)) -> Problem:
    """The default model against an ADP titration of heart mitochondria at 1 and 5 mM phosphate (Bazil 2016).

    Sixteen numbers with both: ten rates and six membrane potentials. Two parameters and the protein per unit of citrate
    synthase are free:

    - ``electron_transport.pmf_width``, the steepness of respiratory control: respiration falls ten- to fourteen-fold
      while Δψ rises by 21 to 27 mV.
    - ``leak.amplitude``, from respiration and Δψ without ATP turnover.
    - ``protein_per_ucs``, which turns nmol/min/mg into nmol/min/UCS. It goes with ``electron_transport.capacity``
      (correlation -0.96 when both are free), which stays at its default, that of liver: the factor also takes up what
      heart has more of, and is no measurement of protein.

    No third parameter pays for itself: AICc rises, mostly by 4, or the parameter ends at a bound, as
    ``phosphorylation.K_adp`` does, which runs to zero. ``electron_transport.pmf_half`` takes the place of ``pmf_width``
    less well (AICc +5), and beside it is correlated with the protein; ``leak.steepness`` says the same as
    ``leak.amplitude``; ``phosphorylation.capacity`` stays at its default within an error of 30 %.

    This choice was made on the same sixteen numbers, after about a hundred sets of free parameters: by AICc, among
    those that end inside their bounds. With ``leak.steepness`` in place of ``leak.amplitude`` AICc is 0.2 lower; with
    ``K_adp`` at its bound, 2 lower. Errors and intervals do not include the choice, and are too small for that reason.

    What remains is systematic. At 5 mM phosphate and 5 µM ADP respiration is 54 where the fit gives 33 nmol/min/UCS
    (Δψ 168 and 174 mV): one Michaelis constant for ADP is too coarse. At the highest rates the fitted Δψ is 3-5 mV too
    low. With other weights the values move by about their errors (``leak.amplitude`` 0.14 to 0.22 for half and twice
    the noise of Δψ).

    **One phosphate predicts the other badly.** Fitted to 1 mM alone (eight numbers: ``pmf_width`` 11.9,
    ``leak.amplitude`` 0.116, 2.50 mg/UCS) the model predicts 5 mM with `mitochem.fitting.prediction`: five of the
    eight points lie within the 95 % prediction interval; missed are the rates at the two lowest concentrations of ADP
    that were clamped, by 24 and 13 nmol/min/UCS, and Δψ at the lowest, by 6 mV. The errors know scatter, not the form
    of the law, and eight numbers that are fitted well make them small. The other way round all eight points at 1 mM
    are within, for the intervals are wide: at 5 mM alone the profile of the leak does not close.

    All of twelve starts over the plausible ranges end at the same optimum, for 1, for 5, and for both together.

    The source stores ADP as 0 where no ATP-using enzyme was added. It was not clamped there: the model finds its own
    (the ATP synthase near equilibrium), instead of hydrolysing ATP against an ADP of nothing.

    Parameters
    ----------
    phosphate : sequence of float
        Which concentrations to fit, mM: 1, 5, or both. The noise is the same in all.
    """
    from ... import datasets
    from ...models import isolated_mitochondria

    data = datasets.load("bazil_2016_heart_respiratory_control")
    chosen = _chosen(phosphate, data.phosphate.values)
    noise = {
        "J_O2": Noise(0.05 * float(data.J_O2.max()), "assumed 5 % of the largest rate, the data have none"),
        "delta_psi": Noise(3.0, "assumed, calibration of a potential-sensitive probe; the data have none"),
    }
    rest = data.sel(phosphate=chosen).isel(point=0)
    observed = {name: rest[name] for name in noise}
    conditions: dict[str, Any] = {"adp_bath": 0.0, "atp_bath": ADENYLATES, "pi_bath": rest.phosphate}
    experiments = [Experiment(conditions, observed, noise, clamped=("pi_bath",), name="no ATPase")]
    for level in chosen:
        titration = data.sel(phosphate=level).isel(point=slice(1, None))
        adp = titration.adp_bath
        conditions = {"adp_bath": adp, "atp_bath": ADENYLATES - adp, "pi_bath": level}
        observed = {name: titration[name] for name in noise}
        experiments.append(Experiment(conditions, observed, noise, name=f"Pi {level:g} mM"))
    return Problem(
        isolated_mitochondria(),
        experiments,
        free={"electron_transport.pmf_width": None, "leak.amplitude": None},
        nuisance={
            "protein_per_ucs": Scale("J_O2", "mg/UCS", 2.0, why="mg protein in a unit of citrate synthase"),
        },
        title="ADP titration of heart mitochondria, Bazil et al. 2016",
        notes=(
            "model of liver mitochondria, 37 °C; ATP and ADP 5 mM together, clamped where an ATPase was added.",
            "protein_per_ucs goes with electron_transport.capacity, kept at that of liver: no measurement of protein.",
            "which parameters are free was chosen on these data, from about a hundred sets; the errors leave that out.",
            "without ATPase ADP is left free: the zero in the data says that none was added, not that none was there.",
        ),
        source=source_of(data),
    )


def _chosen(phosphate: Any, measured: Any) -> list[float]:
    """Concentrations of phosphate among those measured, each once."""
    given = np.ravel(numbers_in(phosphate, "phosphate", FitError))
    chosen = list(dict.fromkeys(float(level) for level in given))
    if not chosen or not set(chosen) <= set(measured.tolist()):
        raise FitError(f"phosphate = {phosphate!r}; it takes some of {', '.join(f'{x:g}' for x in measured)} mM.")
    return chosen


def adp_sensitivity_heart(laws: tuple[str, ...] = tuple(LAWS)) -> dict[tuple[str, str], FitResult]:
    """Respiration of heart fibres against ADP, with and without creatine (Stride 2013), by several laws.

    Keys are (creatine, law). Creatine lowers the apparent Km 2.3 fold with the plain law, 2.8 fold with the offset. The
    plain law misfits visibly; without creatine the Hill law trades its constants against each other and extrapolates,
    and AICc does not separate it from the offset. See `mitochem.fitting.summary` and `mitochem.fitting.compare`.
    """
    from ... import datasets

    laws = tuple(one_of(law, "law", LAWS) for law in names_in(laws, "laws"))
    data = datasets.load("stride_2014_adp_titration_heart")
    return {
        (str(group), law): michaelis_menten(
            data.adp, data.J_O2.sel(creatine=group), label=str(group), source=source_of(data), **LAWS[law]
        )
        for group in data.creatine.values
        for law in laws
    }
