"""Conductance of a bilayer against pH and dose of a protonophore: what of the carrier cycle it determines."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ... import datasets, drugs
from ...components import Protonophore
from ...core.arguments import names_in
from ...core.errors import FitError, nearest
from ..laws.uncoupling import best_pH, carrier_conductance_law
from ..problems.experiment import Experiment
from ..problems.free import Free
from ..problems.law import Law
from ..results.derived import Derived, propagate
from ..results.result import FitResult
from ..results.verdicts import Warned
from .columns import column, constant, error_in, needs, same_length, temperature_in
from .solving import errors_in, noted, observable_of, solved, titled

__all__ = ["carrier_conductance"]

PRODUCT, RATIO = "beta_k_anion", "neutral_over_anion"
UNKNOWNS = (PRODUCT, RATIO, "pK")
NOT_IDENTIFIED = (
    "steady conductance has k_A and k_HA only as products with the adsorption β: a value of each needs β from "
    "elsewhere (adsorption_length=), or relaxations.",
    "near V = 0 exchanging k_A with k_HA and pK with pK + log10(k_HA/k_A) gives the same curve: k_HA > k_A is assumed "
    "where it starts so.",
)


def carrier_conductance(
    pH: Any,
    conductance: Any,
    *,
    dose: Any,
    voltage: Any,
    temperature: Any = None,
    compound: str = "FCCP",
    free: Sequence[str] = (PRODUCT, "pK"),
    adsorption_length: Any = None,
    conductance_error: Any = None,
    unit: str | None = None,
    errors: str = "scatter",
    profile: bool = False,
    label: str = "",
    source: Mapping[str, Any] | None = None,
) -> FitResult:
    """Fit the carrier cycle of a weak acid to the conductance of a bilayer, the same pH on both sides.

    Parameters
    ----------
    pH : array, shape (n,)
        At the interface; with charged lipid that is not the pH of the bulk.
    conductance : array, shape (n,)
        Steady conductance per area, not negative, ``unit`` such as "S/cm^2" or "nS/cm^2" unless the data bring it.
    dose : number or array
        Aqueous protonophore in µM, or with its unit.
    voltage : number
        mV at which it was measured, not 0: the anion's crossing grows with it.
    temperature : number or str
        K or text.
    compound : str
        Uncoupler of `mitochem.drugs` whose constants start the search and hold what is not free.
    free : sequence of {"beta_k_anion", "neutral_over_anion", "pK"}
        ``β·k_A`` (cm/s), ``k_HA/k_A`` and pK. The last two are told apart only by pH on both sides of the maximum.
    adsorption_length : number, optional
        β in cm, measured otherwise; with it k_A and k_HA are derived.
    conductance_error : number or array, optional
        Standard deviation of the conductance in ``unit``.
    errors, profile, label, source
        As in `equilibrium_line`.

    Returns
    -------
    FitResult
        Derived ``best_pH``, where the conductance is largest, and with ``adsorption_length`` ``k_anion`` and
        ``k_neutral`` in 1/s.

    Raises
    ------
    FitError
        For a compound that is no such carrier, missing units, and data as in `equilibrium_line`.

    References
    ----------
    Benz & McLaughlin 1983 (FCCP); Kasianowicz, Benz & McLaughlin 1984 (CCCP).
    """
    kelvin = temperature_in(temperature)
    known = _constants(compound)
    chosen = names_in(free, "free", FitError)
    for name in chosen:
        if name not in UNKNOWNS:
            raise FitError(f"free: {name!r} is no unknown of the steady conductance." + nearest(name, UNKNOWNS))
    volts = constant(voltage, "voltage", "potential")
    if volts == 0:
        raise FitError("voltage = 0: a conductance is measured at a voltage, such as 10 mV.")
    x = column(pH, "pH", house="1", legal=lambda v: (v >= 0) & (v <= 14), allowed="a pH from 0 to 14")
    y = column(conductance, "conductance", unit, house="S/cm^2", need="unit='S/cm^2' (or 'nS/cm^2')",
               legal=lambda v: v >= 0, allowed="0 or more")  # fmt: skip
    c = column(dose, "dose", "uM", house="uM", legal=lambda v: v > 0, allowed="above 0 uM")
    same_length(x, y, *([c] if len(c) > 1 else []))
    needs(x, len(chosen), spread="pK" in chosen or RATIO in chosen, what="pH")
    held = {"dose": c.values if len(c) > 1 else float(c.values[0]), "voltage": volts, "temperature": kelvin}
    start = known | {PRODUCT: _scale(x.values, y.values, held, known)}
    beta = None if adsorption_length is None else constant(adsorption_length, "adsorption_length", "positive")
    name = observable_of(conductance, "conductance", ("pH", *UNKNOWNS, *held))
    size = error_in(conductance_error, "conductance_error", y)
    if size is not None and unit not in (None, "S/cm^2"):
        size = column(size, "conductance_error", unit, house="S/cm^2").values
    return solved(
        _law(name, functools.partial(derived, held=start, beta=beta, volts=volts, kelvin=kelvin)),
        Experiment({"pH": x.values, **held, **{u: start[u] for u in UNKNOWNS if u not in chosen}}, {name: y.values},
                   noted(size, name, "as told"), name=label),
        {u: Free(start=start[u], log=u != "pK") for u in chosen},
        title=titled(f"carrier cycle of {compound}", label),
        notes=(*_held_notes(compound, chosen, start), *NOT_IDENTIFIED),
        source=source, errors=errors_in(errors), profile=profile,
    )  # fmt: skip


def _constants(compound: str) -> dict[str, float]:
    """Product, ratio and pK of an uncoupler of the library, rates per second."""
    carrier = drugs.get(compound)
    if not isinstance(carrier, Protonophore):
        raise FitError(f"compound = {compound!r} does not carry protons as HA and A⁻; FCCP and CCCP do.")
    per_second = float(carrier.k_anion) / 60
    ratio = float(carrier.k_neutral) / float(carrier.k_anion)
    return {PRODUCT: float(carrier.adsorption_length) * per_second, RATIO: ratio, "pK": float(carrier.pK)}


def _scale(pH: Any, conductance: Any, held: Mapping[str, Any], known: Mapping[str, float]) -> float:
    """Product with which the known cycle has the size that was measured: the law is linear in it."""
    if not (conductance > 0).any():
        raise FitError("conductance is zero throughout; there is no carrier to fit.")
    at_known = carrier_conductance_law(pH, **held, **known)
    return float(known[PRODUCT] * (conductance @ at_known) / (at_known @ at_known))


def _law(name: str, derive: Any) -> Law:
    return Law(
        carrier_conductance_law,
        name,
        {name: "S/cm^2", "pH": "1", "dose": "uM", PRODUCT: "cm/s", RATIO: "1", "pK": "1", "voltage": "mV",
         "temperature": "K"},
        bounds={PRODUCT: (0, None), RATIO: (1e-4, 1e6), "pK": (0, 14)},
        long_names={"pH": "pH at the interface", "dose": "protonophore", name: "conductance"},
        equation="G = F·2·β·dose·turnover(V)/V, the cycle of HA and A⁻ with the same pH on both sides",
        references=("BenzMcLaughlin1983", "Kasianowicz1984"),
        remarks=remarks, derive=derive,
    )  # fmt: skip


def _held_notes(compound: str, chosen: Sequence[str], start: Mapping[str, float]) -> list[str]:
    held = ", ".join(f"{u} = {start[u]:.4g}" for u in UNKNOWNS if u not in chosen)
    about = f"constants of {compound} ({drugs.info(compound).source}): {_lipids(compound)}."
    return [about + (f" Held: {held}." if held else "")]


def _lipids(compound: str) -> str:
    """In which bilayers the constants of a compound were measured."""
    table = datasets.load("benz_kasianowicz_protonophores")
    where: dict[str, list[str]] = {}
    for name, quantity, lipid in zip(*(table[n].values.astype(str) for n in ("compound", "quantity", "membrane"))):
        if name == compound:
            where.setdefault(lipid, []).append(quantity)
    said = "; ".join(f"{', '.join(names)} in {lipid}" for lipid, names in where.items())
    return said or "not measured in bilayers, see drugs.info"


def derived(result: Any, held: Mapping[str, float], beta: float | None, volts: float, kelvin: float) -> list[Derived]:
    def whole(v: Mapping[str, float]) -> dict[str, float]:
        return {u: v.get(u, held[u]) for u in UNKNOWNS}

    top = propagate(result, lambda v: float(best_pH(whole(v)[RATIO], whole(v)["pK"], volts, kelvin)))
    out = [Derived("best_pH", "1", *top, f"pH of the largest conductance at {volts:g} mV")]
    if beta is not None:
        meaning = f"with the adsorption length told, {beta:g} cm"
        anion = propagate(result, lambda v: whole(v)[PRODUCT] / beta)
        neutral = propagate(result, lambda v: whole(v)[PRODUCT] * whole(v)[RATIO] / beta)
        out += [Derived("k_anion", "1/s", *anion, meaning), Derived("k_neutral", "1/s", *neutral, meaning)]
    return out


def remarks(result: Any) -> list[Warned]:
    """Whether the pH of the largest conductance was measured."""
    x = result.series[0].x
    volts, kelvin = float(x["voltage"][0]), float(x["temperature"][0])
    value = {u: result.values[u] if u in result.values else float(np.ravel(x[u])[0]) for u in UNKNOWNS}
    top = float(best_pH(value[RATIO], value["pK"], volts, kelvin))
    low, high = float(x["pH"].min()), float(x["pH"].max())
    if math.isfinite(top) and not low < top < high:
        text = (
            f"extrapolation: the conductance is largest at pH {top:.2f}, outside the pH measured, {low:g} to {high:g}"
        )
        return [Warned(f"{text}: one flank does not tell pK from the size.", "extrapolation")]
    return []
