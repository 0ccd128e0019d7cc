"""The posterior distribution of a fit's unknowns, sampled by emcee and handed to ArviZ."""

from __future__ import annotations

import json
import math
import sys
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import mapping_in, numbers_in, shown, whole_number
from ...core.errors import FitError, nearest
from ..problems.unknowns import from_internal, slope_of_value, to_internal

if TYPE_CHECKING:
    from ..results.result import FitResult

__all__ = ["posterior"]


def posterior(
    result: FitResult,
    *,
    steps: int = 2000,
    burn: int = 500,
    walkers: int | None = None,
    priors: Mapping[str, tuple[float, float]] | None = None,
    seed: int = 0,
    progress: bool | None = None,
) -> Any:
    """Sample what the data, with what was known before, say of the unknowns.

    All walkers of a step are predicted at once. The noise is normal: of the declared size if the fit's errors are, else
    of unknown size, over which the likelihood is integrated (with the prior 1/size). Without a prior an unknown is
    as likely anywhere inside its bounds, on the scale it was sought on: the logarithm for positive ones.

    Parameters
    ----------
    result : FitResult
    steps, burn : int
        Steps kept of each walker, and those thrown away before.
    walkers : int, optional
        By default four for each unknown.
    priors : mapping of str to (value, error), optional
        What was known of an unknown: normal, on the scale it was sought on (an error of a tenth of the value is a tenth
        on the logarithm).
    seed : int
    progress : bool, optional
        Show it; by default on a terminal.

    Returns
    -------
    arviz.InferenceData
        ``posterior`` over (chain, draw) with units, and ``sample_stats`` with the log probability. The attributes hold
        the acceptance, the autocorrelation time of each unknown in steps, and whether the chains are long
        enough for it (50 times).

    Raises
    ------
    FitError
        If emcee or ArviZ is not installed (``pip install mitochem[bayes]``), or a number is not possible.

    References
    ----------
    Foreman-Mackey et al., emcee: the MCMC hammer, PASP 125:306 (2013).
    """
    from ..results.result import FitResult

    if not isinstance(result, FitResult):
        raise FitError(f"posterior takes what fit gives, a FitResult, not {type(result).__name__}.")
    size = len(result.problem.unknowns)
    walkers = 4 * size if walkers is None else walkers
    counts = {"steps": (steps, 2), "burn": (burn, 0), "walkers": (walkers, 2 * size), "seed": (seed, 0)}
    for name, (count, least) in counts.items():
        whole_number(count, name, least, FitError)
    target = _Target(result, _priors(result, priors))
    arviz, emcee = _libraries()
    rng = np.random.default_rng(seed)
    start = _start(result, target, walkers, rng)
    sampler = emcee.EnsembleSampler(walkers, size, target, vectorize=True)
    sampler.random_state = np.random.RandomState(seed).get_state()
    show = sys.stderr.isatty() if progress is None else bool(progress)
    state = sampler.run_mcmc(start, burn, progress=show) if burn else start
    sampler.reset()
    try:
        sampler.run_mcmc(state, steps, progress=show)
    except KeyboardInterrupt:
        if sampler.iteration < 2:
            raise
    return _inference(result, sampler, arviz, {"seed": seed, "burn": burn, "interrupted": sampler.iteration < steps})


def _libraries() -> tuple[Any, Any]:
    """ArviZ and emcee."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # ArviZ announces changes of its own, which none here needs
            import arviz
            import emcee
    except ImportError as error:
        raise FitError(f"posteriors need {error.name}: pip install mitochem[bayes].") from None
    return arviz, emcee


class _Target:
    """Log probability of many points on the scale of the search."""

    def __init__(self, result: FitResult, priors: list[tuple[int, float, float]]) -> None:
        self.misfit, self.priors = result.problem.misfit, priors
        # Conditions with an error of their own are measurements too.
        self.declared, self.points = result.errors == "declared", len(self.misfit.observed)

    def __call__(self, internal: Any) -> Any:
        internal = np.atleast_2d(internal)
        low, high = self.misfit.low, self.misfit.high
        inside = ((internal >= low) & (internal <= high)).all(axis=1)
        out = np.full(len(internal), -math.inf)
        if inside.any():
            with np.errstate(all="ignore"):
                cost = np.sum(self.misfit.of(internal[inside]) ** 2, axis=1)
                value = -cost / 2 if self.declared else -self.points / 2 * np.log(cost)
            for i, centre, width in self.priors:
                value = value - ((internal[inside, i] - centre) / width) ** 2 / 2
            out[inside] = np.where(np.isfinite(value), value, -math.inf)
        return out


def _priors(result: FitResult, given: Mapping[str, tuple[float, float]] | None) -> list[tuple[int, float, float]]:
    out = []
    for name, prior in mapping_in(given, "priors", FitError).items():
        if name not in result.names:
            raise FitError(f"a prior of {name!r}, which was not fitted." + nearest(name, result.names))
        pair = numbers_in(prior, f"prior of {name}", FitError)
        if pair.shape != (2,) or not np.isfinite(pair).all() or pair[1] <= 0:
            raise FitError(f"the prior of {name} is {shown(prior)}; it takes (value, error), the error positive.")
        i = result.names.index(name)
        u, (value, error) = result.unknowns[i], map(float, pair)
        if u.log and value <= 0:
            raise FitError(
                f"the prior of {name} is around {value:g}; it is sought on a logarithm, and must be positive."
            )
        out.append((i, float(to_internal([u], [value])[0]), error / float(slope_of_value([u], [value])[0])))
    return out


def _start(result: FitResult, target: _Target, walkers: int, rng: Any) -> Any:
    """A small cloud around the estimates, all of it possible."""
    centre = result.found.internal
    misfit = target.misfit
    width = np.full(len(centre), 1e-3)
    t = result.quantile()
    per_value = slope_of_value(result.unknowns, result.estimates)
    for i, ((low, high), per) in enumerate(zip(result.intervals.values(), per_value)):
        spread = (high - low) / (2 * t) / per if math.isfinite(t) and t else math.nan
        width[i] = float(np.clip(spread, 1e-4, 0.3)) if math.isfinite(spread) else 0.05
    out = centre + width * rng.normal(size=(walkers, len(centre)))
    out = np.clip(out, misfit.low + 1e-9, misfit.high - 1e-9)
    for _ in range(20):
        bad = ~np.isfinite(target(out))
        if not bad.any():
            return out
        out[bad] = centre + 0.1 * width * rng.normal(size=(int(bad.sum()), len(centre)))
    raise FitError("no cloud of start points around the estimates has a prediction.")


def _inference(result: FitResult, sampler: Any, arviz: Any, facts: Mapping[str, Any]) -> Any:
    chain = np.swapaxes(sampler.get_chain(), 0, 1)  # (walker, step, unknown)
    values = from_internal(result.problem.unknowns, chain)
    data = arviz.from_dict(
        posterior={name: values[..., i] for i, name in enumerate(result.names)},
        sample_stats={"lp": sampler.get_log_prob().T},
    )
    try:
        times = sampler.get_autocorr_time(quiet=True)[: len(result.names)]
    except Exception:  # emcee cannot tell from a very short chain
        times = np.full(len(result.names), np.nan)
    for u in result.unknowns:
        data.posterior[u.name].attrs["units"] = u.unit
    about = {
        "title": result.title,
        "acceptance": float(np.mean(sampler.acceptance_fraction)),
        "autocorrelation_steps": json.dumps(dict(zip(result.names, np.round(times, 2).tolist()))),
        "long_enough": int(bool(np.all(sampler.iteration > 50 * times))),
        "data_digest": result.provenance["data_digest"],
        **{name: int(value) for name, value in facts.items()},
    }
    data.posterior.attrs.update(about)
    return data
