"""What a fit found, how well the data determine it, and what to beware of."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.errors import FitError, nearest

if TYPE_CHECKING:
    import pandas

    from ..problems.misfit import Series
    from ..problems.problem import Problem
    from ..problems.unknowns import Unknown
    from ..search.least_squares import Found
    from ..uncertainty.profiles import Profile
    from .derived import Derived
    from .report import Drawing
    from .verdicts import Look, Verdict, Warned

__all__ = ["FitResult"]

LEVEL = 0.95


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class FitResult:
    """Fitted values with what is needed to judge them; prints as a report.

    Standard errors rest on the scatter of the residuals, or on the declared noise if that was asked for. They and the
    intervals are those of the linearised problem, on the logarithm for positive unknowns, whose intervals are
    therefore not symmetric; `profile` gives those that do not rest on it. An unknown that the data do not determine,
    or that ended at its bound, has the standard error NaN.

    Attributes
    ----------
    problem : Problem
        What was fitted; ``title``, ``notes`` and ``unknowns`` are its own.
    unknowns : tuple of Unknown
        Name, unit, start and bounds of what was looked for.
    series : tuple of Series
        The data, and ``fitted`` beside them.
    found : Found
        Where the search ended, on its own scale, and why.
    options : mapping
        What `fit` was asked.
    profiles : mapping of Profile
        Profile likelihoods by name, as far as they were made.
    attempts : table or None
        Where each of several starts ended.
    """

    problem: Problem
    found: Found
    series: tuple[Series, ...]
    fitted: tuple[Any, ...]
    estimates: Any
    covariance_matrix: Any
    slope: Any
    look: Look
    options: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    background: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    profiles: Mapping[str, Profile] = dataclasses.field(default_factory=dict)
    attempts: Any = None
    remarks: tuple[Warned, ...] = ()

    # --- values ------------------------------------------------------------------------------

    @functools.cached_property
    def unknowns(self) -> tuple[Unknown, ...]:
        return tuple(u for u in self.problem.unknowns if u.role != "latent")

    @property
    def title(self) -> str:
        return str(self.background.get("title", ""))

    @property
    def equation(self) -> str:
        return str(self.background.get("equation", ""))

    @property
    def errors(self) -> str:
        """What the standard errors rest on: "scatter" or "declared"."""
        return str(self.options.get("errors", "scatter"))

    @property
    def interrupted(self) -> bool:
        """Whether the search was interrupted, so that this is the best it had seen."""
        return self.found.interrupted

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(u.name for u in self.unknowns)

    @property
    def values(self) -> dict[str, float]:
        """Fitted value of every unknown."""
        return dict(zip(self.names, map(float, self.estimates)))

    @property
    def units(self) -> dict[str, str]:
        return {u.name: u.unit for u in self.unknowns}

    @property
    def stderr(self) -> dict[str, float]:
        """One standard error; NaN where the data do not determine the value."""
        variance = np.diag(self.covariance_matrix)
        return dict(zip(self.names, map(float, np.sqrt(np.where(variance >= 0, variance, np.nan)))))

    @property
    def variance(self) -> float:
        """Variance of the noise in units of the declared one: 1 where errors rest on that; NaN without spare points."""
        if self.errors == "declared":
            return 1.0
        return self.found.cost / self.dof if self.dof > 0 else math.nan

    def quantile(self, level: float = LEVEL) -> float:
        """By what a standard error is multiplied to reach the end of an interval."""
        from scipy.special import ndtri, stdtrit

        if self.errors == "declared":
            return float(ndtri((1 + level) / 2))
        return float(stdtrit(self.dof, (1 + level) / 2)) if self.dof > 0 else math.nan

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """95 % confidence intervals of the linearised problem, with Student's t unless the noise is declared."""
        t = self.quantile()
        out = {}
        for u, value, se in zip(self.unknowns, self.estimates, self.stderr.values()):
            if u.log:
                factor = float(np.exp(np.minimum(t * se / value, 700.0)))
                out[u.name] = (float(value) / factor, float(value) * factor)
            else:
                out[u.name] = (float(value - t * se), float(value + t * se))
        return out

    @property
    def covariance(self) -> pandas.DataFrame:
        """Covariance of the values, in their units."""
        import pandas

        return pandas.DataFrame(self.covariance_matrix, self.names, self.names)

    @property
    def correlation(self) -> pandas.DataFrame:
        """Correlations between the values."""
        size = np.array(list(self.stderr.values()))
        with np.errstate(invalid="ignore", divide="ignore"):
            return self.covariance / np.outer(size, size)

    def __getitem__(self, name: str) -> float:
        if name not in self.values:
            raise FitError(f"{name!r} was not fitted." + nearest(name, self.names))
        return self.values[name]

    # --- goodness ----------------------------------------------------------------------------

    @functools.cached_property
    def residuals(self) -> pandas.DataFrame:
        """Table of all points: conditions that vary, observed, fitted, residual (observed minus fitted), noise."""
        import pandas

        tables = []
        for s, fitted in zip(self.series, self.fitted):
            columns = {"experiment": s.experiment, "observable": s.observable, "unit": s.unit, **s.x}
            columns |= {"observed": s.observed, "fitted": fitted, "residual": s.observed - fitted, "noise": s.noise}
            tables.append(pandas.DataFrame(columns))
        return pandas.concat(tables, ignore_index=True)

    @property
    def weighted_residuals(self) -> Any:
        return np.concatenate([(s.observed - f) / s.noise for s, f in zip(self.series, self.fitted)])

    @property
    def n(self) -> int:
        """Number of points."""
        return sum(len(s.observed) for s in self.series)

    @property
    def dof(self) -> int:
        """Degrees of freedom: points minus unknowns; those that only act as one combination count once."""
        return self.n - self._directions

    @property
    def _directions(self) -> int:
        """In how many ways the unknowns can change the fit; a true value of a condition has its own measurement."""
        return self.look.directions - (len(self.problem.unknowns) - len(self.unknowns))

    @property
    def rmse(self) -> float:
        """Root mean square residual, ``sqrt(SSR/n)``: in the unit of the data, or in units of the declared noise."""
        return float(np.sqrt(np.mean(self.weighted_residuals**2)))

    @property
    def rmse_by_observable(self) -> dict[str, float]:
        """Root mean square residual of each observable in its own unit."""
        return {k: float(np.sqrt((g.residual**2).mean())) for k, g in self.residuals.groupby("observable", sort=False)}

    @property
    def aicc(self) -> float:
        """Akaike's criterion for small samples; infinite with too few points.

        The variance counts as an unknown, unless the noise is declared and errors rest on it; unknowns that only act as
        one combination count once.
        """
        known = self.errors == "declared"
        k = self._directions + (0 if known else 1)
        if self.n <= k + 1:
            return math.inf
        cost = self.found.cost
        fit = cost if known else self.n * (math.log(cost / self.n) if cost > 0 else -math.inf)
        return fit + 2 * k + 2 * k * (k + 1) / (self.n - k - 1)

    # --- reading it ---------------------------------------------------------------------------

    @functools.cached_property
    def verdicts(self) -> dict[str, str]:
        """Of every unknown: "identified", "practically unidentifiable", "structurally unidentifiable", "at bound", or
        "did not move"; ``reasons`` says why."""
        return {name: verdict.word for name, verdict in self._verdicts.items()}

    @property
    def reasons(self) -> dict[str, str]:
        """Why an unknown is not identified; empty where it is."""
        return {name: verdict.why for name, verdict in self._verdicts.items()}

    @functools.cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        from .verdicts import verdicts

        return verdicts(self)

    def with_profiles(self, profiles: Mapping[str, Profile]) -> FitResult:
        """The same result judged by profile likelihoods."""
        return dataclasses.replace(self, profiles={**self.profiles, **profiles})

    @functools.cached_property
    def derived(self) -> tuple[Derived, ...]:
        """What follows from the unknowns or from the data, as the law has it: each with its error and its meaning."""
        derive = getattr(self.problem.model, "derive", None)
        return tuple(derive(self)) if derive else ()

    @property
    def derived_table(self) -> pandas.DataFrame:
        """One row per derived quantity: value, unit, standard error, meaning."""
        from .derived import derived_table

        return derived_table(self.derived)

    def of_derived(self, name: str) -> Derived:
        """One derived quantity by name."""
        known = {d.name: d for d in self.derived}
        if name not in known:
            raise FitError(f"{name!r} was not derived from this fit." + nearest(str(name), known))
        return known[name]

    @functools.cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """What a reader of the numbers has to know, each with the ``kind`` of thing it is about."""
        from .report import warnings

        return tuple(warnings(self))

    @property
    def table(self) -> pandas.DataFrame:
        """One row per unknown: value, unit, standard error, interval, start, bounds, what can be said of it."""
        from .report import table

        return table(self)

    @functools.cached_property
    def provenance(self) -> dict[str, Any]:
        """Everything needed to know where the numbers come from, as plain values."""
        from .report import provenance

        return provenance(self)

    @property
    def record(self) -> dict[str, Any]:
        """Everything needed to run this fit again, and what it found, as plain data; see `replay`."""
        from ..record import of_result

        return of_result(self)

    def save(self, path: str | Path) -> Path:
        """Write the record as JSON, from which `replay` runs the fit again; the table goes by ``table.to_csv``."""
        from ..record import save

        return save(self, path)

    def __repr__(self) -> str:
        from .report import text

        return text(self)

    @property
    def found_values(self) -> dict[str, dict[str, Any]]:
        """Of every unknown what was found, as plain values: for records and other programs."""
        stderr, intervals = self.stderr, self.intervals
        return {
            name: {
                "value": value,
                "unit": self.units[name],
                "standard_error": stderr[name],
                "interval": list(intervals[name]),
                "verdict": self.verdicts[name],
            }
            for name, value in self.values.items()
        }

    def drawing(self, observable: str = "", x: str = "") -> Drawing:
        """What `plot` draws, for figures of several fits: points, curves and residuals by group, and labels."""
        from .report import drawing

        return drawing(self, observable, x)

    def plot(self, observable: str = "", x: str = "", *, residuals: bool = True, axes: Any = None) -> Any:
        """Draw the data with the fitted curves, and the residuals below.

        Parameters
        ----------
        observable : str
            Which one, if several were fitted; the first by default.
        x : str
            Condition along the axis; the one that varies in most experiments by default.
        residuals : bool
            Draw observed minus fitted in a second panel.
        axes : Axes or array of Axes, optional
            One, or two with residuals; a new figure by default. They are returned.
        """
        from .report import draw

        return draw(self, observable, x, residuals=residuals, axes_given=axes)
