"""The force at which ATP synthase stands still: thermodynamic H+/ATP and standard energy from one line."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from ...components.synthase_laws import CATALYTIC_SITES, c_ring
from ...constants import FARADAY, STANDARD_CONCENTRATION
from ...core.arguments import mapping_in, number_in
from ...core.errors import FitError, nearest
from ...thermodynamics import atp_synthesis_energy, standard_atp_synthesis_energy
from ..laws.phosphorylation import equilibrium_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived, propagate
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import Column, column, constant, error_in, force_in, needs, same_length, slope_of, temperature_in
from .solving import errors_in, noted, solved, titled

__all__ = ["equilibrium_line", "standard_energy_at"]

N, G = "h_per_atp_thermodynamic", "standard_energy"
SUSPECT = 12.0
"""kJ/mol from what the package's constants give beyond which units are doubted: a factor of 1000 is 17."""

CONDITIONS = ("pH", "mg", "temperature", "ionic_strength")


def equilibrium_line(
    pmf: Any = None,
    ratio: Any = None,
    *,
    delta_psi: Any = None,
    delta_pH: Any = None,
    atp: Any = None,
    adp: Any = None,
    pi: Any = None,
    unit: str | None = None,
    temperature: Any = None,
    pH: Any = None,
    mg: Any = None,
    ionic_strength: Any = 0.15,
    energy_error: Any = None,
    pmf_error: Any = None,
    structural: Any = None,
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """H+/ATP and ΔG°' from forces at which ATP is neither made nor split, ``RT ln Q = n·F·Δp − ΔG°'``.

    The slope is the *thermodynamic* H+/ATP; c/β of the structure is another number, to be compared and not used.
    Points lie far from Δp = 0, so that n and ΔG°' are strongly correlated: read the covariance, and the force at
    which Q = 1.

    Parameters
    ----------
    pmf : array, shape (n,)
        Δp in mV at zero net rate; or ``delta_psi`` (mV) and ``delta_pH`` (matrix minus outside, in vesicles the side of
        F1 minus the other).
    ratio : array, shape (n,)
        ``Q = [ATP]/([ADP][Pi])``; or ``atp``, ``adp`` and ``pi``.
    unit : str
        Unit of the concentrations ("mM") or of the ratio ("1/M"), for data that do not bring one. There is no
        default: a factor of 1000 is 17 kJ/mol.
    temperature : number or str
        K, or ``"25 degC"``.
    pH, mg, ionic_strength : number, optional
        Medium of the nucleotides, mg (free) in mM and ionic strength in M. With pH and mg the report says what the
        package's own constants give there.
    energy_error : number or array, optional
        Standard deviation of RT ln Q in kJ/mol: RT times the relative error of Q.
    pmf_error : number or array, optional
        Standard deviation of Δp in mV; then errors of both count (orthogonal distance regression), and
        ``energy_error`` is needed too.
    structural : number or str, optional
        c/β, or an organism of ``C_RINGS``, for comparison only.
    errors : {"scatter", "declared"}
        Whether the scatter of the points or the declared errors set the standard errors.
    profile : bool
        Follow the profile likelihood of every unknown: ``result.profiles``.
    label, source
        For the report and the provenance.

    Returns
    -------
    FitResult
        Unknowns ``h_per_atp_thermodynamic`` (1) and ``standard_energy`` (kJ/mol, of synthesis); derived
        ``pmf_at_unity`` (mV) and, where told, ``h_per_atp_structural``, ``thermodynamic_over_structural`` and
        ``standard_energy_package``.

    Raises
    ------
    FitError, ParameterError
        For missing units, concentrations of zero or less, forces without spread, or fewer points than unknowns.

    References
    ----------
    Turina, Samoray & Gräber 2003; Petersen, Förster, Turina & Gräber 2012.
    """
    kelvin = temperature_in(temperature)
    force, said = force_in(pmf, delta_psi, delta_pH, kelvin)
    energy = Column("RT ln Q", _energy(ratio, atp, adp, pi, unit, kelvin), "kJ/mol")
    same_length(force, energy)
    needs(force, 2, what="forces")
    y_error = error_in(energy_error, "energy_error", energy, "kJ/mol")
    x_error = error_in(pmf_error, "pmf_error", force, "mV")
    if x_error is not None and y_error is None:
        raise FitError("with pmf_error the energy_error is needed too: it is their ratio that weighs the two.")
    expected = _package_energy(pH, mg, kelvin, ionic_strength)
    ring = _structural(structural)
    x = FARADAY * force.values
    slope = slope_of(x, energy.values)
    law = Law(
        equilibrium_law,
        "RT_ln_Q",
        {"RT_ln_Q": "kJ/mol", "pmf": "mV", N: "1", G: "kJ/mol"},
        long_names={"RT_ln_Q": "RT ln Q", "pmf": "proton-motive force at zero net rate"},
        equation="RT ln Q = h_per_atp_thermodynamic·F·Δp − standard_energy",
        references=("Turina2003",),
        remarks=functools.partial(remarks, expected=expected),
        derive=functools.partial(derived, ring=ring, expected=expected),
        doubts=said,
    )
    start = {
        N: Free(start=slope or 1.0, log=False),
        G: Free(start=float(slope * x.mean() - energy.values.mean()) or 1.0, log=False),
    }
    experiment = Experiment(
        {"pmf": force.values}, {"RT_ln_Q": energy.values}, noted(y_error, "RT_ln_Q", "as told"),
        name=label, uncertain=noted(x_error, "pmf", "as told"),
    )  # fmt: skip
    return solved(
        law, experiment, start,
        title=titled("ATP synthase at equilibrium", label),
        notes=_notes(pH, mg, kelvin),
        source=source, errors=errors_in(errors), profile=profile,
    )  # fmt: skip


def _energy(ratio: Any, atp: Any, adp: Any, pi: Any, unit: str | None, kelvin: float) -> Any:
    """RT ln Q in kJ/mol, from the ratio or from concentrations."""
    parts = {"atp": atp, "adp": adp, "pi": pi}
    given = [name for name, value in parts.items() if value is not None]
    if (ratio is not None) == bool(given) or len(given) not in (0, 3):
        raise FitError(
            "give Q once: ratio, or all of atp, adp and pi" + (f"; given are {', '.join(given)}." if given else ".")
        )
    above: dict[str, Any] = {"legal": lambda v: v > 0, "allowed": "above 0"}
    if ratio is not None:
        q = column(ratio, "ratio", unit, house="1/M", need="unit='1/M' (or '1/mM')", **above).values
        # Q is ATP in M beside 1 M of the others.
        t, d, p = q * STANDARD_CONCENTRATION, STANDARD_CONCENTRATION, STANDARD_CONCENTRATION
    else:
        columns = [column(v, k, unit, house="mM", need="unit='mM'", **above) for k, v in parts.items()]
        same_length(*(c for c in columns if len(c) > 1))
        t, d, p = (c.values for c in columns)
    # Without a standard energy the phosphorylation potential is RT ln Q.
    return np.atleast_1d(atp_synthesis_energy(t, d, p, temperature=kelvin, constants=0.0))


def _package_energy(pH: Any, mg: Any, kelvin: float, ionic_strength: Any) -> float | None:
    if pH is None and mg is None:
        return None
    if pH is None or mg is None:
        raise FitError(f"{'pH' if pH is None else 'mg'} is missing: ΔG°' of the package needs both pH and mg.")
    return float(standard_atp_synthesis_energy(pH, mg, kelvin, ionic_strength))


def _structural(given: Any) -> float | None:
    if given is None:
        return None
    if isinstance(given, str):
        return c_ring(given).subunits / CATALYTIC_SITES
    return constant(given, "structural", "positive")


def _notes(pH: Any, mg: Any, kelvin: float) -> list[str]:
    at = [f"{kelvin:.5g} K", *(f"{name} {value}" for name, value in (("pH", pH), ("Mg (mM)", mg)) if value is not None)]
    unknown = [name for name, value in (("pH", pH), ("Mg", mg)) if value is None]
    note = f"ΔG°' is conditional: it holds at {', '.join(at)}"
    return [note + (f", and at the {' and '.join(unknown)} of the experiment, not told." if unknown else ".")]


def _unity(values: Mapping[str, float]) -> float:
    """Force in mV at which Q = 1; none where the line is flat."""
    return values[G] / (FARADAY * values[N]) if values[N] else np.nan


def derived(result: Any, ring: float | None, expected: float | None) -> list[Derived]:
    together = float(result.correlation.loc[N, G]), float(result.covariance.loc[N, G])
    said = f"of n and ΔG°', which are known together only; their covariance is {together[1]:.3g} kJ/mol"
    out = [
        Derived("correlation", "1", together[0], np.nan, said),
        Derived("pmf_at_unity", "mV", *propagate(result, _unity), "Δp where Q = 1 (1/M)"),
    ]
    if ring is not None:
        out += [
            Derived("h_per_atp_structural", "1", ring, np.nan, "c/β as told; not used in the fit"),
            Derived(
                "thermodynamic_over_structural", "1", *propagate(result, lambda v: v[N] / ring), "ratio of two ratios"
            ),
        ]
    if expected is not None:
        meaning = "ΔG°' of the package's own constants at the pH, Mg and temperature told"
        out.append(Derived("standard_energy_package", "kJ/mol", expected, np.nan, meaning))
    return out


def remarks(result: Any, expected: float | None) -> list[Warned]:
    """Whether the force at which Q = 1 was measured, and values that a wrong unit or sign gives."""
    out, energy = [], result[G]
    x, unity = result.series[0].x["pmf"], _unity(result.values)
    if not x.min() <= unity <= x.max():
        text = f"Q = 1 lies at {unity:.0f} mV, outside the forces measured, {x.min():.0f} to {x.max():.0f} mV"
        out.append(Warned(f"extrapolation: {text}; ΔG°' is further still.", "extrapolation"))
    # Without conditions any pH from 6 to 9 is allowed for.
    low, high = (expected - SUSPECT, expected + SUSPECT) if expected is not None else (18.0, 52.0)
    if not low <= energy <= high:
        text = f"ΔG°' = {energy:.1f} kJ/mol is outside {low:.0f} to {high:.0f}"
        out.append(
            Warned(f"{text}: a missing factor between mM and M is 17 kJ/mol, check units and signs.", "implausible")
        )
    if result[N] <= 0:
        out.append(Warned("H+/ATP is not positive: check the sign of the force.", "implausible"))
    return out


def standard_energy_at(
    energy: Any, measured: Mapping[str, Any], wanted: Mapping[str, Any], *, constants: str = "golding"
) -> float:
    """A measured ΔG°' of ATP synthesis referred to another pH, magnesium, temperature or ionic strength, in kJ/mol.

    ``energy + ΔG°'(wanted) − ΔG°'(measured)``, with the difference from `standard_atp_synthesis_energy`: what was
    measured keeps its offset from the package's constants.

    Parameters
    ----------
    energy : number
        ΔG°' as fitted, kJ/mol.
    measured : mapping
        ``pH``, ``mg`` (free, mM), ``temperature`` (K or text) and, if not 0.15 M, ``ionic_strength`` it holds at.
    wanted : mapping
        What is to be changed of these.
    constants : {"golding", "li"}
        Set of binding constants.

    Raises
    ------
    FitError, ParameterError
        For unknown or missing conditions, and values outside what the constants hold for.
    """
    was, will = (mapping_in(m, what, FitError) for m, what in ((measured, "measured"), (wanted, "wanted")))
    for what, given in (("measured", was), ("wanted", will)):
        for name in given:
            if name not in CONDITIONS:
                raise FitError(f"{what}: {name!r} is no condition of ΔG°'." + nearest(name, CONDITIONS))
    if missing := [name for name in CONDITIONS[:3] if name not in was]:
        raise FitError(f"measured: {', '.join(missing)} must be told; ΔG°' is conditional on it.")
    before, after = (float(standard_atp_synthesis_energy(**c, constants=constants)) for c in (was, was | will))
    return number_in(energy, "energy", FitError) + after - before
