"""From a law and checked columns to a fit with its guards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...core.arguments import mapping_in, one_of, text_in
from ...core.errors import FitError
from ..fit import fit
from ..problems.experiment import Experiment, Noise
from ..problems.free import Free
from ..problems.law import Law
from ..problems.problem import Problem
from ..results.result import FitResult

__all__ = ["errors_in", "noted", "pair_of_units", "solved", "titled"]

BESIDE = 0.97


def solved(
    law: Law,
    experiments: Experiment | Sequence[Experiment],
    free: Mapping[str, Free],
    *,
    title: str,
    notes: Iterable[str] = (),
    source: Any = None,
    **options: Any,
) -> FitResult:
    """Fit a law to checked data; ``options`` go to `fit`."""
    source = mapping_in(source, "source", FitError)
    return fit(Problem(law, experiments, free, title=title, notes=tuple(notes), source=source), **options)


def noted(error: Any, what: str, why: str) -> dict[str, Noise]:
    """Standard deviations as a problem takes them; none where none were given."""
    return {} if error is None else {what: Noise(error, why)}


def errors_in(errors: Any) -> str:
    """Where standard errors come from."""
    return one_of(errors, "errors", ("scatter", "declared"), FitError)


def titled(kind: str, label: Any) -> str:
    return kind + (f": {label}" if text_in(label, "label", FitError) else "")


def pair_of_units(units: Any, first: str, second: str, what: str = "units") -> tuple[str, str]:
    """Units (or names) of two columns, told as a pair of texts."""
    texts = isinstance(units, tuple | list) and all(isinstance(u, str) for u in units)
    if not texts or len(units) != 2:
        raise FitError(f"{what} = {units!r} are not a pair, that of {first} and that of {second}.")
    return units[0], units[1]


def observable_of(given: Any, default: str, taken: Iterable[str]) -> str:
    """What data call themselves, unless an argument of the law is called so."""
    name = str(getattr(given, "name", None) or default)
    return default if name in taken else name


def words_of(given: Any, default: str) -> str:
    """What data are called on an axis."""
    return str(getattr(given, "attrs", {}).get("long_name") or getattr(given, "name", None) or default)
