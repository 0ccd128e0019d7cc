"""Tables that are drawn as they are needed: any stretch of members can be made again from the seed alone."""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..arguments import mapping_in, whole_number
from ..errors import ParameterError, nearest

__all__ = ["Draws", "Saltelli", "draws", "saltelli"]

ROWS = 1024
"""Members drawn together, each such stretch and column from a stream of its own."""

_FORMS = {
    "uniform": ("low", "high"),
    "loguniform": ("low", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sd of the natural logarithm"),
}


class Distribution:
    """A distribution by name and two numbers, or a frozen one of ``scipy.stats``."""

    def __init__(self, name: str, given: Any) -> None:
        self.given = given
        if hasattr(given, "ppf"):
            return
        items = tuple(given) if isinstance(given, tuple | list) else ()
        if len(items) == 2 and not isinstance(items[0], str):
            items = ("uniform", *items)
        if not items or items[0] not in _FORMS:
            hint = nearest(str(items[0]), _FORMS) if items else ""
            raise ParameterError(f"{name} = {given!r} is no distribution; write ('uniform', low, high).{hint}")
        try:
            self.form, self.a, self.b = str(items[0]), float(items[1]), float(items[2])
        except (IndexError, TypeError, ValueError):
            raise ParameterError(f"{name} = {given!r}: {items[0]} takes {' and '.join(_FORMS[items[0]])}.") from None
        wrong = self.a >= self.b if "uniform" in self.form else self.b < 0
        if wrong or not math.isfinite(self.a + self.b) or (self.form.startswith("log") and self.a <= 0):
            raise ParameterError(f"{name} = {given!r} is not possible for {' and '.join(_FORMS[self.form])}.")

    def at(self, u: Any) -> Any:
        """Values at probabilities."""
        if hasattr(self.given, "ppf"):
            return np.asarray(self.given.ppf(u), float)
        if self.form == "uniform":
            return self.a + (self.b - self.a) * u
        if self.form == "loguniform":
            return self.a * np.exp(math.log(self.b / self.a) * u)
        from scipy.special import ndtri

        z = self.b * ndtri(u)
        return self.a + z if self.form == "normal" else self.a * np.exp(z)

    def spec(self) -> list[Any]:
        if not hasattr(self.given, "ppf"):
            return [self.form, self.a, self.b]
        frozen = getattr(self.given, "dist", self.given)
        name = getattr(frozen, "name", type(frozen).__name__)
        return [name, repr(getattr(self.given, "args", self.given)), repr(getattr(self.given, "kwds", ""))]


class Draws:
    """Independent draws; see `draws`."""

    def __init__(self, distributions: Mapping[str, Any], n: int, seed: int) -> None:
        given = mapping_in(distributions, "distributions")
        if not given:
            raise ParameterError("draws needs distributions, such as {'leak.amplitude': ('lognormal', 0.6, 0.3)}.")
        self.distributions = {str(k): Distribution(str(k), v) for k, v in given.items()}
        self.size, self.seed = whole_number(n, "n", 1), whole_number(seed, "seed")
        self.names = tuple(self.distributions)

    def columns(self, first: int, last: int) -> dict[str, Any]:
        """Values of members ``first`` to ``last`` (that one left out)."""
        start = first // ROWS * ROWS
        out: dict[str, Any] = {}
        for name, distribution in self.distributions.items():
            parts = [self._stretch(name, row // ROWS) for row in range(start, last, ROWS)]
            out[name] = distribution.at(np.concatenate(parts)[first - start : last - start])
        return out

    def _stretch(self, name: str, number: int) -> Any:
        # Keyed by name, so that a further column leaves the others as they were.
        key = np.random.SeedSequence(self.seed, spawn_key=(zlib.crc32(name.encode()), number))
        u = np.random.Generator(np.random.PCG64(key)).random(ROWS)
        return np.maximum(u, 2.0**-54)  # a probability of 0 would be minus infinity in a normal distribution

    def spec(self) -> str:
        return json.dumps(["draws", self.seed, self.size, {k: d.spec() for k, d in self.distributions.items()}])

    def __repr__(self) -> str:
        return f"{self.size} draws of {', '.join(self.names)} (seed {self.seed})"


class Saltelli:
    """The table of `saltelli`, by rows A, AB_1 … AB_D, B for each base point."""

    def __init__(self, ranges: Mapping[str, Any], n: int, seed: int) -> None:
        from scipy.stats import qmc

        self.distributions = {str(k): Distribution(str(k), v) for k, v in mapping_in(ranges, "ranges").items()}
        if not self.distributions:
            raise ParameterError("saltelli needs ranges, such as {'leak.amplitude': (0.2, 3.0)}.")
        n = whole_number(n, "n", 1)
        if n & (n - 1):
            raise ParameterError(f"n = {n} base points is not a power of 2, which the Sobol sequence needs.")
        self.names, self.seed = tuple(self.distributions), whole_number(seed, "seed")
        self.design = self.names
        d = len(self.names)
        self.size = n * (d + 2)
        self._base = qmc.Sobol(2 * d, scramble=True, seed=self.seed).random(n)

    def columns(self, first: int, last: int) -> dict[str, Any]:
        """Values of members ``first`` to ``last`` (that one left out)."""
        d = len(self.names)
        rows = np.arange(first, last)
        point, place = rows // (d + 2), rows % (d + 2)
        out = {}
        for j, (name, distribution) in enumerate(self.distributions.items()):
            of_b = (place == j + 1) | (place == d + 1)
            out[name] = distribution.at(self._base[point, np.where(of_b, j + d, j)])
        return out

    def spec(self) -> str:
        return json.dumps(["saltelli", self.seed, self.size, {k: d.spec() for k, d in self.distributions.items()}])

    def __repr__(self) -> str:
        return f"Saltelli table of {self.size} members over {', '.join(self.names)} (seed {self.seed})"


def draws(distributions: Mapping[str, Any], n: int, seed: int = 0) -> Draws:
    """A table of independent random members that is drawn chunk by chunk.

    Parameters
    ----------
    distributions : mapping
        By parameter address, state, drug, or name of an amount in the protocol: ``("uniform", low, high)``,
        ``("loguniform", low, high)``, ``("normal", mean, sd)``, ``("lognormal", median, sd of the natural
        logarithm)``, a pair (uniform), or a frozen distribution of ``scipy.stats``. Numbers are in the model's units.
    n : int
        Members.
    seed : int
        The same seed gives the same members, however they are dealt out, and another column does not change them.
    """
    return Draws(distributions, n, seed)


def saltelli(ranges: Mapping[str, Any], n: int, seed: int = 0) -> Saltelli:
    """The table for first-order and total Sobol indices: ``n * (D + 2)`` members for D parameters.

    The rows are those of ``SALib.sample.sobol.sample(..., calc_second_order=False)`` with the same seed.

    Parameters
    ----------
    ranges : mapping
        ``(low, high)`` or a distribution as in `draws`, by name.
    n : int
        Base points, a power of 2.
    """
    return Saltelli(ranges, n, seed)
