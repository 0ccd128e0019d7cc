"""What a public function was given, if it is of the right kind; otherwise an error that names it.

Shared by the whole package. Values of a model (its parameters and states) are checked by the model, and arguments of
laws of physics by `door`.
"""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import MitochemError, ModelError, ParameterError, nearest

if TYPE_CHECKING:
    from .model import Model

__all__ = [
    "dataset_in",
    "drawing_on",
    "interval_in",
    "mapping_in",
    "model_in",
    "names_in",
    "number_in",
    "numbers_in",
    "one_of",
    "options_in",
    "pairs_in",
    "path_in",
    "text_in",
    "time_unit_in",
    "unit_in",
    "yes_or_no",
]

E = type[MitochemError]


def shown(given: Any) -> str:
    """The argument as it is quoted back: its text if that is short, otherwise what it is."""
    text = repr(given)
    return text if len(text) <= 40 and "\n" not in text else f"an object of type {type(given).__name__}"


# --- models, results and files -------------------------------------------------------------------------------------


def model_in(given: Any, where: str, error: E = ParameterError) -> Model:
    """The model given."""
    from .model import Model

    if not isinstance(given, Model):
        raise error(f"{where} takes a Model, such as models.isolated_mitochondria(), not {shown(given)}.")
    return given


def dataset_in(given: Any, where: str, *variables: str) -> Any:
    """The Dataset given, with the variables that it must have."""
    if not hasattr(given, "data_vars"):
        raise ParameterError(f"{where} takes a Dataset, as simulate or steady_state give it, not {shown(given)}.")
    for name in variables:
        if name not in given.variables:
            raise ParameterError(f"{where} needs {name!r}, which the Dataset does not have." + nearest(name, given))
    return given


def path_in(given: Any, what: str) -> Path:
    """The path given."""
    if not isinstance(given, str | os.PathLike):
        raise ParameterError(f"{what} = {shown(given)} is not a path, such as 'run.nc'.")
    return Path(given)


def drawing_on(given: Any, what: str = "ax") -> Any:
    """The Axes given."""
    if not hasattr(given, "errorbar"):
        raise ParameterError(f"{what} = {shown(given)} is not Matplotlib Axes.")
    return given


# --- names ---------------------------------------------------------------------------------------------------------


def mapping_in(given: Any, what: str, error: E = ParameterError) -> dict[str, Any]:
    """The mapping given, by names; empty for None."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise error(f"{what} = {shown(given)} is not a mapping with names, such as {{'leak.amplitude': 0.9}}.")
    return dict(given)


def pairs_in(given: Any, what: str, error: E = ParameterError) -> Mapping[str, Any]:
    """The mapping, Dataset or table given; empty for None. Its names are left to the model, which looks up each."""
    if given is None:
        return {}
    if not hasattr(given, "items"):
        raise error(f"{what} = {shown(given)} is not a mapping with names, such as {{'leak.amplitude': 0.9}}.")
    return given  # type: ignore[no-any-return]


def names_in(given: Any, what: str, error: E = ParameterError) -> Sequence[str]:
    """The names given, or an error if it is a single text or something else."""
    if isinstance(given, str) or not isinstance(given, Iterable) or not all(isinstance(n, str) for n in given):
        raise error(f"{what} = {shown(given)} is not a sequence of names.")
    return list(given)


def one_of(given: Any, what: str, known: Collection[str], error: E = ParameterError) -> str:
    """The name given, if it is one of those that are known."""
    if not isinstance(given, str) or given not in known:
        raise error(f"{what} = {given!r} is not known." + nearest(str(given), known))
    return given


def options_in(given: Mapping[str, Any], where: str, function: Any, without: Collection[str] = ()) -> None:
    """Refuse an option that a function does not have; Python's own error does not say which it has."""
    known = function.__kwdefaults__
    for name in given:
        if name not in known or name in without:
            raise ParameterError(f"{where} has no option {name!r}." + nearest(name, known.keys() - without, limit=20))


def text_in(given: Any, what: str, error: E = ParameterError) -> str:
    """The text given."""
    if not isinstance(given, str):
        raise error(f"{what} = {shown(given)} is not a text.")
    return given


# --- numbers -------------------------------------------------------------------------------------------------------


def numbers_in(given: Any, what: str, error: E = ParameterError) -> Any:
    """The numbers given as an array of floats, NaN among them: gaps in data are data."""
    try:
        return np.asarray("None" if given is None else given, dtype=float)
    except (TypeError, ValueError):
        raise error(f"{what} = {shown(given)} is not a number or an array of numbers.") from None


def number_in(given: Any, what: str, error: E = ParameterError) -> float:
    """The one number given, which may be infinite but not NaN."""
    try:
        number = math.nan if isinstance(given, str) else float(given)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise error(f"{what} = {shown(given)} is not a number.")
    return number


def whole_number(given: Any, what: str, least: int = 0, error: E = ParameterError) -> int:
    """The whole number given."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < least:
        raise error(f"{what} = {shown(given)} is not a whole number of at least {least}.")
    return int(given)


def level_in(given: Any, what: str = "level", error: E = ParameterError) -> float:
    """The level of an interval, a share between 0 and 1."""
    level = number_in(given, what, error)
    if not 0 < level < 1:
        raise error(f"{what} = {level:g} is not between 0 and 1.")
    return level


def interval_in(given: Any, what: str, error: E = ParameterError) -> tuple[float, float]:
    """Both ends of the interval given; None leaves a side open."""
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise error(f"{what} = {shown(given)} is not a pair (low, high), such as (0, None).")
    low = -math.inf if given[0] is None else number_in(given[0], f"the lower end of {what}", error)
    high = math.inf if given[1] is None else number_in(given[1], f"the upper end of {what}", error)
    if low > high:
        raise error(f"{what} = {shown(given)} holds nothing: its lower end is above its upper end.")
    return low, high


def yes_or_no(given: Any, what: str) -> bool:
    """The truth value given: ``"no"`` would count as true."""
    if not isinstance(given, bool | np.bool_):
        raise ParameterError(f"{what} = {given!r} is neither True nor False.")
    return bool(given)


# --- units ---------------------------------------------------------------------------------------------------------

# Units that are told without pint, which takes long to import: declaring a component must cost nothing.
_TOKENS = {
    *("1", "%", "mV", "V", "ms", "s", "min", "h", "K", "kJ", "mmHg", "cm", "U", "well"),
    *("nM", "uM", "mM", "M", "pmol", "nmol", "umol", "mol", "pg", "ug", "mg", "g", "uL", "mL", "L"),
}
_USUAL = ("1", "mV", "mM", "uM", "nmol/mg", "nmol/min/mg", "nmol/mg/mV", "kJ/mol", "1/mV", "1/min", "K", "uL/mg")
_TIMES = ("min", "s", "h")


@functools.cache
def _is_unit(text: str) -> bool:
    flat = re.sub(r"\((\w+)\*(\w+)\)", r"\1*\2", re.sub(r"\^\d+", "", text))
    if _TOKENS.issuperset(re.split(r"[*/ ]", flat)):
        return True
    from .units import unit

    try:
        unit(text)
    except Exception:  # pint fails in many ways on what is no unit
        return False
    return True


def unit_in(given: Any, what: str, error: E = ModelError) -> str:
    """The unit given."""
    if not isinstance(given, str) or not _is_unit(given):
        raise error(
            f"{what} = {shown(given)} is not a unit that is known; units are in slash form, '1' where there is none."
            + nearest(str(given), _USUAL)
        )
    return given


def time_unit_in(given: Any, what: str = "time_unit", error: E = ModelError) -> str:
    """The unit of time given."""
    if given not in _TIMES:
        from .units import registry, unit

        if not isinstance(given, str) or not _is_unit(given) or not registry().is_compatible_with(unit(given), "min"):
            raise error(f"{what} = {shown(given)} is not a unit of time." + nearest(str(given), _TIMES))
    return given  # type: ignore[no-any-return]
