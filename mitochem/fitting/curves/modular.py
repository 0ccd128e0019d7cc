"""Modular kinetics from measured points: three curves against the force, where they cross, and what controls what."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.modular_curves import BLOCKS, control_at, operating_points
from ...core.arguments import one_of, shown
from ...core.errors import FitError
from ..laws.phosphorylation import falling_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, needs, same_length, unit_of
from .leaks import FORMS as LEAKS
from .leaks import leak_curve
from .lines import line
from .rates import rate_against_pmf
from .solving import errors_in, pair_of_units, solved, titled

if TYPE_CHECKING:
    import xarray

__all__ = ["ModularFit", "modular_kinetics"]

Values = Mapping[str, float]
AXES = {"delta_psi": "membrane potential", "pmf": "proton-motive force"}
MARGIN = 0.05
"""Share of its range by which a curve may be continued: a titration of the working state ends where curves cross."""

STEP = 1e-3
"""Share of a standard error by which unknowns are moved to carry their covariance on."""


@dataclasses.dataclass(frozen=True)
class Reading:
    """A fitted curve at some values of its unknowns, as `operating_points` reads curves."""

    of: Callable[[Any], Any]
    low: float
    high: float

    def value(self, x: Any) -> Any:
        with np.errstate(all="ignore"):  # beyond its range a curve may be anything
            return self.of(np.asarray(x, float))

    def slope(self, x: Any) -> Any:
        return (self.value(x + 1e-3) - self.value(x - 1e-3)) / 2e-3

    def less(self, other: Reading) -> Reading:
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Reading(lambda x: self.of(x) - other.of(x), low, high)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class ModularFit:
    """Fits of the modules around the force, and what follows from where they cross.

    Attributes
    ----------
    fits : dict of FitResult
        Of ``substrate_oxidation``, ``leak`` and ``phosphorylation``, or ``working``, whichever were measured.
    table : Dataset
        Over ``state``: ``operating_force`` and ``operating_J_O2``; over (state, block): ``module_flux``,
        ``elasticity`` and ``respiration_control``, as `analysis.modular_kinetics` has them, each with its standard
        error under ``_se``. NaN where the curves do not cross inside their ranges, or 5 % of these beyond.
    warnings : tuple of str
        What a reader of the numbers has to know, of each fit and of the crossing.
    """

    fits: dict[str, FitResult]
    table: xarray.Dataset
    warnings: tuple[Warned, ...]
    readings: Mapping[str, Reading]

    def plot(self, *, ax: Any = None) -> Any:
        """Points, curves and operating points; returns the Axes."""
        from ...plot import data_and_model

        groups, curves = {}, {}
        for name, fit in self.fits.items():
            (series,) = fit.series
            x = next(iter(series.x.values()))
            label = name.replace("_", " ")
            groups[label] = (x, series.observed)
            dense = np.linspace(x.min(), x.max(), 200)
            curves[label] = (dense, self.readings[name].value(dense))
        if "phosphorylation" in self.readings:
            leak, made = self.readings["leak"], self.readings["phosphorylation"]
            dense = np.linspace(max(leak.low, made.low), min(leak.high, made.high), 200)
            curves["leak and phosphorylation"] = (dense, leak.value(dense) + made.value(dense))
        flux = self.fits["leak"].series[0].unit
        ylabel = f"respiration / {flux}" if flux else "respiration"
        axes = data_and_model(groups, curves, xlabel=f"{AXES[self.table.attrs['force']]} / mV", ylabel=ylabel, ax=ax)
        at, height = self.table["operating_force"].values, self.table["operating_J_O2"].values
        axes[0].plot(at, height, "o", mfc="none", mec="black", ms=11, linestyle="none", gid="operating point", zorder=4)
        return axes

    def __repr__(self) -> str:
        lines = ["modular kinetics", ""]
        for state in self.table["state"].values:
            here = self.table.sel(state=state)
            if np.isnan(here["operating_force"]):
                lines.append(f"  {state}: the curves do not cross where all of them were measured")
                continue
            lines.append(f"  {state}: " + ", ".join(_said(here, n) for n in ("operating_force", "operating_J_O2")))
            for block in BLOCKS:
                one = here.sel(block=block)
                numbers = (_said(one, "elasticity", "elasticity "), _said(one, "respiration_control", "control "))
                lines.append(f"    {block:20} {', '.join(numbers)}")
        if self.warnings:
            lines += ["", "  beware", *(f"  - {w}" for w in self.warnings)]
        return "\n".join(lines)


def _said(ds: Any, name: str, words: str = "") -> str:
    unit = ds[name].attrs.get("units", "1")
    return f"{words}{float(ds[name]):.4g} ± {float(ds[name + '_se']):.2g} {'' if unit == '1' else unit}".rstrip()


def modular_kinetics(
    *,
    oxidation: tuple[Any, Any],
    leak: tuple[Any, Any],
    phosphorylation: tuple[Any, Any] | None = None,
    working: tuple[Any, Any] | None = None,
    oxidation_law: str = "line",
    leak_law: str = "exponential",
    phosphorylation_law: str = "line",
    axis: str = "delta_psi",
    units: tuple[str, str] = ("mV", ""),
    errors: str = "scatter",
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> ModularFit:
    """Top-down kinetics from titrations: substrate oxidation, leak and phosphorylation against the force.

    Every module is fitted by itself; crossings, elasticities and control coefficients follow by the algebra of
    `analysis.modular_kinetics`, their errors from the covariances (to first order). That a module feels the others
    through the force alone is assumed. Elasticities and control rest on slopes, hence on the laws: for points of the
    house model within 10 mV of the working state, lines miss the control by 0.1 and sigmoids by 0.01.

    Parameters
    ----------
    oxidation, leak, phosphorylation : pair of array
        Force (mV) and flux of a module, all fluxes in one unit: respiration with an uncoupler titrated, respiration
        with the chain titrated and phosphorylation blocked, respiration due to phosphorylation.
    working : pair of array, optional
        In place of ``phosphorylation``: respiration of the working state with the chain titrated; the leak at the same
        force is taken off. With neither, state 4 alone is found.
    oxidation_law : {"line", "falling"}
        A line, or a sigmoid that falls with the force.
    leak_law : {"ohmic", "exponential", "sinh", "threshold"}
    phosphorylation_law : {"line", "boltzmann"}
        Of phosphorylation, or of ``working``.
    axis : {"delta_psi", "pmf"}
        Which force. A relative one (ΔΔψ of a dye) will not do: a leak is zero at zero force.
    units : pair of str
        Of the force and of the fluxes, where the data do not bring them.
    errors, label, source
        As in `equilibrium_line`.

    Raises
    ------
    FitError
        For fluxes below zero, units that differ, both of phosphorylation and working, and data as in `line`.

    References
    ----------
    Hafner, Brown & Brand 1990.
    """
    one_of(axis, "axis", AXES, FitError)
    one_of(leak_law, "leak_law", LEAKS, FitError)
    one_of(oxidation_law, "oxidation_law", ("line", "falling"), FitError)
    one_of(phosphorylation_law, "phosphorylation_law", ("line", "boltzmann"), FitError)
    if phosphorylation is not None and working is not None:
        raise FitError("give phosphorylation or working, not both: one follows from the other and the leak.")
    told = pair_of_units(units, "the force", "the fluxes")
    given = {"substrate_oxidation": oxidation, "leak": leak, "phosphorylation": phosphorylation, "working": working}
    points = {name: _pair(name, pair, told) for name, pair in given.items() if pair is not None}
    flux_units = {flux.unit for _, flux in points.values()}
    if len(flux_units) > 1:
        raise FitError(f"the fluxes are in {' and '.join(sorted(flux_units))}; crossings need one unit.")
    laws = {
        "substrate_oxidation": oxidation_law, "leak": leak_law, "phosphorylation": phosphorylation_law,
        "working": phosphorylation_law,
    }  # fmt: skip
    options = {"errors": errors_in(errors), "source": source}
    fits: dict[str, FitResult] = {
        name: _fitted(name, laws[name], *pair, axis, titled(name.replace("_", " "), label), options)
        for name, pair in points.items()
    }
    values = {name: fit.values for name, fit in fits.items()}
    table = _table(fits, values, flux_units.pop(), axis)
    return ModularFit(fits, table, _warnings(fits, table), _readings(fits, values))


def _pair(name: str, pair: Any, told: tuple[str, str]) -> tuple[Column, Column]:
    if isinstance(pair, str) or not isinstance(pair, tuple | list) or len(pair) != 2:
        raise FitError(f"{name} = {shown(pair)} is not a pair, the forces and the fluxes.")
    x = column(pair[0], f"force of {name}", told[0] or None, house="mV")
    y = column(pair[1], f"flux of {name}", unit_of(pair[1], told[1] or None), legal=lambda v: v >= 0,
               allowed="0 or more: oxygen is only consumed")  # fmt: skip
    same_length(x, y)
    return x, y


def _fitted(name: str, law: str, x: Column, y: Column, axis: str, label: str, options: Any) -> FitResult:
    units = ("mV", y.unit)
    if name == "leak":
        return leak_curve(x.values, y.values, law=law, axis=axis, units=units, label=label, **options)
    if law == "boltzmann":
        return rate_against_pmf(x.values, y.values, law=law, units=units, profile=False, label=label, **options)
    if law == "falling":
        return _falling(x, y, label, options)
    return line(x.values, y.values, units=units, names=("force", name), label=label, **options)


def _falling(x: Column, y: Column, label: str, options: Any) -> FitResult:
    order = np.argsort(-x.values, kind="stable")
    climb, top = np.maximum.accumulate(y.values[order]), float(y.values.max())
    if top <= 0:
        raise FitError(f"{y.name}: no rate above zero; a sigmoid cannot be fitted.")
    half = float(np.interp(top / 2, climb, x.values[order]))
    needs(x, 3, what="forces")
    words = {"pmf": "force", "J": "substrate oxidation"}
    law = Law(
        falling_law, "J", {"J": y.unit, "pmf": "mV", "vmax": y.unit, "pmf_half": "mV", "pmf_width": "mV"},
        bounds={"vmax": (0, None), "pmf_half": (0, None), "pmf_width": (0.1, 1000.0)},
        long_names=words, equation="J = vmax/(1 + e^((Δ − pmf_half)/pmf_width))",
    )  # fmt: skip
    free = {
        "vmax": Free(start=1.1 * top),
        "pmf_half": Free(start=max(half, 1.0)),
        "pmf_width": Free(start=max(x.span / 5, 0.2)),
    }
    return solved(law, Experiment({"pmf": x.values}, {"J": y.values}, name=label), free, title=label, **options)


def _reading(fit: FitResult, values: Values) -> Reading:
    """A curve at given values of its unknowns; what was held stays."""
    law: Any = fit.problem.model
    (series,) = fit.series
    x, *held = series.x  # the force comes first, for it varies
    fixed = {name: float(series.x[name][0]) for name in held}
    low, high = float(series.x[x].min()), float(series.x[x].max())
    more = MARGIN * (high - low)
    return Reading(lambda at: law.function(**law.defaults, **fixed, **values, **{x: at}), low - more, high + more)


def _readings(fits: Mapping[str, FitResult], values: Mapping[str, Values]) -> dict[str, Reading]:
    return {name: _reading(fit, values[name]) for name, fit in fits.items()}


def _operating(fits: Mapping[str, FitResult], values: Mapping[str, Values]) -> tuple[list[str], Any]:
    """States, and all that is derived of each in a row: force, fluxes, elasticities, control."""
    curves = _readings(fits, values)
    if "working" in curves:
        curves["phosphorylation"] = curves.pop("working").less(curves["leak"])
    rows = operating_points(curves)
    at, J, elastic, control = control_at(rows)
    return list(rows), np.hstack([at[:, None], J, elastic, control])


def _table(fits: Mapping[str, FitResult], values: Mapping[str, Values], unit: str, axis: str) -> xarray.Dataset:
    import xarray

    states, found = _operating(fits, values)
    variance = np.zeros_like(found)
    for name, fit in fits.items():
        slopes = []
        for unknown, value in values[name].items():
            error = fit.stderr[unknown]
            if not error > 0:  # points on the curve exactly add nothing; an error that is not known leaves none known
                slopes.append(np.full_like(found, 0.0 if error == 0 else np.nan))
                continue
            step = STEP * error
            ends = [_operating(fits, {**values, name: {**values[name], unknown: value + s}})[1] for s in (step, -step)]
            slopes.append((ends[0] - ends[1]) / (2 * step))
        covariance = fit.covariance.loc[list(values[name]), list(values[name])].to_numpy()
        variance += np.einsum("isb,ij,jsb->sb", slopes, covariance, slopes)
    errors = np.sqrt(variance)
    flux = {"units": unit or "1"}
    about: dict[str, tuple[slice, dict[str, str]]] = {
        "module_flux": (slice(1, 4), flux | {"long_name": "flux of a module"}),
        "elasticity": (slice(4, 7), {"units": "1/mV", "long_name": "relative slope with the force"}),
        "respiration_control": (slice(7, 10), {"units": "1", "long_name": "control over respiration"}),
    }
    data: dict[str, Any] = {}
    for suffix, numbers, words in (("", found, ""), ("_se", errors, "standard error: ")):
        mV = {"units": "mV", "long_name": f"{words}force where the curves cross"}
        data[f"operating_force{suffix}"] = ("state", numbers[:, 0], mV)
        data[f"operating_J_O2{suffix}"] = ("state", numbers[:, 1], flux | {"long_name": f"{words}respiration there"})
        for name, (part, attrs) in about.items():
            data[name + suffix] = (
                ("state", "block"),
                numbers[:, part],
                attrs | {"long_name": words + attrs["long_name"]},
            )
    return xarray.Dataset(data, {"state": states, "block": list(BLOCKS)}, {"force": axis, "source": "measured curves"})


def _warnings(fits: Mapping[str, FitResult], table: xarray.Dataset) -> tuple[Warned, ...]:
    # That the unknowns of a curve go together does not matter where it crosses another: the covariance is carried on.
    out = [Warned(f"{name}: {w}", w.kind) for name, fit in fits.items() for w in fit.warnings if w.kind != "correlated"]
    for state in table["state"].values[np.isnan(table["operating_force"].values)]:
        text = f"extrapolation: the curves of {state} do not cross where all of them were measured; it has no values."
        out.append(Warned(text, "extrapolation"))
    return tuple(out)
