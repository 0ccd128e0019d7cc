"""Equilibria of creatine kinase and adenylate kinase: where a mixture settles, and clamps made of them.

Concentrations are totals in mM and constants are apparent ones, of totals. Arguments are numbers, arrays or DataArrays
that broadcast against each other, or SymPy symbols; strings with units and pint quantities are understood, and
quantities give quantities back. Values without physical meaning raise `ParameterError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .core.door import KINDS, door, match_shapes
from .core.errors import ParameterError
from .core.functions import is_symbolic, sqrt, where
from .core.units import magnitude, registry, unit

__all__ = [
    "AdenylatePools",
    "CreatinePools",
    "adenylate_kinase_equilibrium",
    "creatine_kinase_clamp",
    "creatine_kinase_equilibrium",
]

TOLERANCE = 1e-9
"""Largest distance from mass action, relative to the products of the pools before; rounding leaves about 1e-15."""


class CreatinePools(NamedTuple):
    """ATP, ADP, phosphocreatine and creatine at equilibrium, and how much phosphocreatine was used, in mM."""

    atp: Any
    adp: Any
    phosphocreatine: Any
    creatine: Any
    extent: Any


class AdenylatePools(NamedTuple):
    """ATP, ADP and AMP at equilibrium, and how much ATP was made of two ADP, in mM."""

    atp: Any
    adp: Any
    amp: Any
    extent: Any


def creatine_kinase_equilibrium(atp: Any, adp: Any, phosphocreatine: Any, creatine: Any, constant: Any) -> Any:
    """Where PCr + ADP ⇌ ATP + Cr settles from the given amounts, as after an addition.

    The extent ``x`` solves ``(K'−1) x² − (K'(ADP+PCr) + ATP + Cr) x + K'·ADP·PCr − ATP·Cr = 0``. Of the two roots
    the one between the pools is taken, all of which stay at or above zero; mass action is checked in the end.

    Parameters
    ----------
    atp, adp, phosphocreatine, creatine : number, array, DataArray or symbol
        Amounts before, mM, at least 0.
    constant : number, array, DataArray or symbol
        ``K' = ATP·Cr/(ADP·PCr)``, above 0; `mitochem.thermodynamics.creatine_kinase_constant` has it by conditions.

    Returns
    -------
    CreatinePools

    Raises
    ------
    ParameterError
        For negative or missing amounts, a constant of 0 or less, and shapes that do not broadcast.

    References
    ----------
    Golding1995.
    """
    given = dict(atp=atp, adp=adp, phosphocreatine=phosphocreatine, creatine=creatine)
    (t, d, p, c), K, restore = _entered("creatine_kinase_equilibrium", given, constant)
    linear = K * (d + p) + t + c
    # b² − 4ac, rearranged into a sum without minus signs, so that nothing cancels.
    root = sqrt((K * (d - p)) ** 2 + (t - c) ** 2 + 2 * K * (d + p) * (t + c) + 4 * K * (d * p + t * c))
    extent = _near_root(K * d * p - t * c, linear, root)
    after = _settled(t + extent, d - extent, p - extent, c + extent)
    drive = K * after[1] * after[2] - after[0] * after[3]
    _check("creatine_kinase_equilibrium", drive, K * d * p + t * c)
    return CreatinePools(*(restore(value) for value in (*after, extent)))


@door("mM", atp="concentration", phosphocreatine="concentration", creatine="concentration", constant="positive")
def creatine_kinase_clamp(atp: Any, phosphocreatine: Any, creatine: Any, constant: Any) -> Any:
    """Free ADP that creatine kinase holds, ``ADP = ATP·Cr/(K'·PCr)``, in mM.

    For stores of creatine so large that they do not move; after an addition that moves them, take
    `creatine_kinase_equilibrium`. Concentrations in mM, above 0. Raises `ParameterError` otherwise.
    """
    return atp * creatine / (constant * phosphocreatine)


def adenylate_kinase_equilibrium(atp: Any, adp: Any, amp: Any, constant: Any = 0.5) -> Any:
    """Where 2 ADP ⇌ ATP + AMP settles from the given amounts.

    The extent ``x`` solves ``(ATP + x)(AMP + x) = K' (ADP − 2x)²``; the root with all pools at or above zero is
    taken and mass action is checked in the end.

    Parameters
    ----------
    atp, adp, amp : number, array, DataArray or symbol
        Amounts before, mM, at least 0.
    constant : number, array, DataArray or symbol
        ``K' = ATP·AMP/ADP²``, above 0. The default is recalled: 0.4 to 1 depending on Mg2+.

    Returns
    -------
    AdenylatePools

    Raises
    ------
    ParameterError
        For negative or missing amounts, a constant of 0 or less, and shapes that do not broadcast.
    """
    (t, d, m), K, restore = _entered("adenylate_kinase_equilibrium", dict(atp=atp, adp=adp, amp=amp), constant)
    linear = t + m + 4 * K * d
    root = sqrt((t - m) ** 2 + 8 * K * d * (t + m) + 4 * K * d**2 + 16 * K * t * m)
    extent = _near_root(K * d**2 - t * m, linear, root)
    after = _settled(t + extent, d - 2 * extent, m + extent)
    _check("adenylate_kinase_equilibrium", K * after[1] ** 2 - after[0] * after[2], K * d**2 + t * m)
    return AdenylatePools(*(restore(value) for value in (*after, extent)))


def _entered(where: str, pools: dict[str, Any], constant: Any) -> tuple[list[Any], Any, Callable[[Any], Any]]:
    """Checked amounts and constant as plain numbers, and what makes quantities of the result again."""
    quantities = any(hasattr(value, "_REGISTRY") for value in pools.values())
    numbers = {name: KINDS["concentration or none"].check(name, magnitude(v, "mM", name)) for name, v in pools.items()}
    K = KINDS["positive"].check("constant", magnitude(constant, "1", "constant"))
    match_shapes(where, **numbers, constant=K)

    def restore(value: Any) -> Any:
        return registry().Quantity(value, unit("mM")) if quantities else value

    return list(numbers.values()), K, restore


def _near_root(drive: Any, linear: Any, root: Any) -> Any:
    """``2c/(b + √(b² − 4ac))``: the root that vanishes with the drive, without cancellation; 0 in an empty mixture."""
    if is_symbolic(linear) or is_symbolic(drive):
        return 2 * drive / (linear + root)
    empty = linear + root == 0
    return 2 * drive / where(empty, 1.0, linear + root)


def _settled(*pools: Any) -> tuple[Any, ...]:
    """Pools with what rounding left below zero taken for zero."""
    return tuple(p if is_symbolic(p) else where(p < 0, 0.0, p) for p in pools)


def _check(name: str, drive: Any, scale: Any) -> None:
    """Mass action holds to rounding, relative to the terms the balance began with."""
    if is_symbolic(drive) or is_symbolic(scale):
        return
    if not np.all(np.abs(drive) <= TOLERANCE * scale):
        raise ParameterError(f"{name}: no equilibrium was found for these amounts; are they finite and of like size?")
