"""Rate of ATP synthesis against the proton-motive force."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...constants import FARADAY, GAS_CONSTANT
from ...core.arguments import one_of
from ...core.errors import FitError
from ..laws.phosphorylation import boltzmann_law, reversible_law
from ..laws.saturation import hill_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, constant, error_in, force_in, needs, same_length, temperature_in
from .solving import errors_in, noted, observable_of, pair_of_units, solved, titled

__all__ = ["rate_against_pmf"]

LAWS = ("reversible", "boltzmann", "hill")
ORIGINS = {
    "measured": "points as measured; those of a paper stand in figures only, say where they were read.",
    "synthetic": "synthetic points, made up by a law and noise: no measurement.",
    "model": "points of a model curve: no measurement.",
}
KNEE, FOOT = 0.8, 0.5
"""Share of vmax above which all points are on the plateau, and below which all are on the foot."""


def rate_against_pmf(
    pmf: Any = None,
    rate: Any = None,
    *,
    delta_psi: Any = None,
    delta_pH: Any = None,
    law: str = "reversible",
    h_per_atp: Any = None,
    delta_Gp: Any = None,
    reverse: Any = None,
    temperature: Any = None,
    rate_error: Any = None,
    origin: str = "measured",
    units: tuple[str, str] = ("mV", ""),
    errors: str = "scatter",
    profile: bool = True,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit the rate of ATP synthase against Δp, by a thermodynamic law or by a sigmoid that only describes.

    * ``"reversible"``: ``vmax·(1 − e^−X)/(1 + (vmax/reverse)·e^−X)``, ``X = (n·F·Δp − ΔG_P)/RT``, zero at equilibrium
      and negative below. n is told, not fitted: with it vmax and one more constant are what such data support.
    * ``"boltzmann"``: ``vmax/(1 + e^−((Δp − pmf_half)/pmf_width))``; ``"hill"``: ``vmax·Δp^h/(Km^h + Δp^h)``. Their
      steepness is not n.

    Parameters
    ----------
    pmf : array, shape (n,)
        Δp in mV; or ``delta_psi`` and ``delta_pH``, which count alike by assumption.
    rate : array, shape (n,)
        Net rates of synthesis. Negative ones are hydrolysis, which only the reversible law has.
    law : {"reversible", "boltzmann", "hill"}
    h_per_atp : number
        *Thermodynamic* H+/ATP (`equilibrium_line`), needed by the reversible law; c/β of the structure is larger.
    delta_Gp : number or array
        ΔG_P of the medium in kJ/mol, positive, needed by the reversible law.
    reverse : number, optional
        Largest rate of hydrolysis, held; fitted by default. Much above vmax leaves out the saturation.
    temperature : number or str
        K or text; needed by the reversible law and wherever ΔpH is given.
    rate_error : number or array, optional
        Standard deviation of the rates.
    origin : {"measured", "synthetic", "model"}
        What the points are; printed with the result.
    units : pair of str
        Of Δp (or Δψ) and of the rate, where the data do not bring them.
    errors, profile, label, source
        As in `equilibrium_line`; the profile likelihood is followed by default.

    Raises
    ------
    FitError
        For negative rates under a sigmoid, missing constants, and data as in `equilibrium_line`.
    """
    law = one_of(law, "law", LAWS, FitError)
    origin = one_of(origin, "origin", ORIGINS, FitError)
    told = pair_of_units(units, "pmf", "the rate")
    thermodynamic = law == "reversible"
    kelvin = temperature_in(temperature) if thermodynamic or delta_pH is not None else 0.0
    force, said = force_in(pmf, delta_psi, delta_pH, kelvin, told[0])
    y = column(rate, "rate", told[1] or None)
    same_length(force, y)
    if y.values.max() <= 0 and not thermodynamic:
        raise FitError(f"no rate above zero (largest {y.values.max():g}); a sigmoid cannot be fitted.")
    if thermodynamic:
        held = _thermodynamics(force, h_per_atp, delta_Gp, kelvin)
        free = {"vmax": Free(start=float(np.abs(y.values).max()) or 1.0)}
        if reverse is None:
            free["reverse"] = Free(start=free["vmax"].start)
        else:
            held["reverse"] = constant(reverse, "reverse", "positive")
    else:
        held, free = {}, _sigmoid_start(law, force, y)
    needs(force, len(free), what="forces")
    name = observable_of(rate, "rate", ("pmf", "adp", *free, *held))
    x = "adp" if law == "hill" else "pmf"
    return solved(
        dataclasses.replace(_law(law, name, y.unit), doubts=said),
        Experiment(
            {x: force.values, **held},
            {name: y.values},
            noted(error_in(rate_error, "rate_error", y), name, "as told"),
            name=label,
        ),
        free,
        title=titled(f"rate against pmf, {law}", label),
        notes=(ORIGINS[origin], *_notes(law, h_per_atp)),
        source=source,
        errors=errors_in(errors),
        profile=profile,
    )


def _thermodynamics(force: Column, h_per_atp: Any, delta_Gp: Any, kelvin: float) -> dict[str, Any]:
    for name, value in (("h_per_atp", h_per_atp), ("delta_Gp", delta_Gp)):
        if value is None:
            raise FitError(
                f"{name} is missing: the reversible law is told the thermodynamic h_per_atp and delta_Gp of the medium."
            )
    energy = column(delta_Gp, "delta_Gp", house="kJ/mol")
    if len(energy) > 1:
        same_length(force, energy)
    return {
        "h_per_atp": constant(h_per_atp, "h_per_atp", "positive"),
        "delta_Gp": energy.values if len(energy) > 1 else float(energy.values[0]),
        "temperature": kelvin,
    }


def _sigmoid_start(law: str, force: Column, y: Column) -> dict[str, Free]:
    if (y.values < 0).any():
        i = int(y.values.argmin())
        raise FitError(
            f"rate[{i}] = {y.values[i]:g} is negative: net hydrolysis is real, but no sigmoid has it; "
            "use law='reversible'."
        )
    order = np.argsort(force.values, kind="stable")
    x, climb = force.values[order], np.maximum.accumulate(y.values[order])
    half = float(np.interp(climb[-1] / 2, climb, x))
    if law == "boltzmann":
        width = max(force.span / 10, 0.2)
        return {
            "vmax": Free(start=float(climb[-1])),
            "pmf_half": Free(start=max(half, 1.0)),
            "pmf_width": Free(start=width),
        }
    if x[0] <= 0:
        raise FitError(f"pmf[{int(force.values.argmin())}] = {x[0]:g} mV; a Hill curve takes forces above 0.")
    return {"Vmax": Free(start=float(climb[-1])), "Km": Free(start=max(half, 1.0)), "h": Free(0.05, 100.0, start=8.0)}


def _law(law: str, name: str, unit: str) -> Law:
    words = {"pmf": "proton-motive force", "adp": "proton-motive force", name: "rate of ATP synthesis"}
    if law == "reversible":
        energies = {"h_per_atp": "1", "delta_Gp": "kJ/mol", "temperature": "K"}
        return Law(
            reversible_law, name, {name: unit, "pmf": "mV", "vmax": unit, "reverse": unit, **energies},
            bounds={"vmax": (0, None), "reverse": (0, None)}, long_names=words, remarks=remarks,
            equation=f"{name} = vmax·(1 − e^−X)/(1 + (vmax/reverse)·e^−X), X = (h_per_atp·F·Δp − delta_Gp)/RT",
        )  # fmt: skip
    if law == "boltzmann":
        return Law(
            boltzmann_law, name, {name: unit, "pmf": "mV", "vmax": unit, "pmf_half": "mV", "pmf_width": "mV"},
            bounds={"vmax": (0, None), "pmf_half": (0, None), "pmf_width": (0.1, 1000.0)},
            long_names=words, remarks=remarks, equation=f"{name} = vmax/(1 + e^−((Δp − pmf_half)/pmf_width))",
        )  # fmt: skip
    return Law(
        hill_law, name, {name: unit, "adp": "mV", "Vmax": unit, "Km": "mV", "h": "1"},
        defaults={"J0": 0.0}, bounds={"Vmax": (0, None), "Km": (1e-3, 1e4), "h": (0.05, 100.0)},
        long_names=words, remarks=remarks, equation=f"{name} = Vmax·Δp^h/(Km^h + Δp^h), Km the half-force",
    )  # fmt: skip


def _notes(law: str, h_per_atp: Any) -> list[str]:
    alike = "ΔpH and Δψ count alike, by assumption: only Δp is in the law."
    if law == "reversible":
        return [f"h_per_atp = {h_per_atp} is thermodynamic and was told, not fitted.", alike]
    steepness = "1/pmf_width" if law == "boltzmann" else "h"
    return [f"a sigmoid describes: its steepness ({steepness}) is not H+/ATP.", alike]


def remarks(result: Any) -> list[Warned]:
    """What the forces that were measured do not show, and rates of a forbidden sign."""
    out: list[Warned] = []
    (series,) = result.series
    top = result.values.get("vmax", result.values.get("Vmax"))
    share = result.fitted[0] / top
    if series.observed.max() <= 0:
        out.append(Warned("no rate above zero was measured: nothing determines vmax.", "unidentifiable"))
    elif share.min() > KNEE:
        out.append(
            Warned(
                "all points lie above the knee: they determine vmax, and no half-force or steepness.", "unidentifiable"
            )
        )
    elif share.max() < FOOT:
        text = "all points lie on the foot: they determine a threshold, and neither vmax nor a half-force."
        out.append(Warned(text, "unidentifiable"))
    elif top > 1.2 * series.observed.max():
        above = 100 * (top / series.observed.max() - 1)
        text = f"extrapolation: vmax {top:.3g} lies {above:.0f} % above the largest rate measured"
        out.append(Warned(f"{text}, {series.observed.max():.3g} {series.unit}".rstrip() + ".", "extrapolation"))
    if "delta_Gp" in series.x:
        x = series.x
        ahead = x["h_per_atp"] * FARADAY * x["pmf"] - x["delta_Gp"]
        # Half of RT is less than what n and ΔG_P are known to.
        wrong = (series.observed * ahead < 0) & (np.abs(ahead) > 0.5 * GAS_CONSTANT * x["temperature"])
        if wrong.any():
            text = f"{wrong.sum()} rates have the sign that thermodynamics forbids at the h_per_atp and delta_Gp told."
            out.append(Warned(text, "data"))
    return out
