"""What a public function was given, if it is of the right kind; otherwise an error that names it.

Shared by all packages outside the core. Values of a model (its parameters and states) are checked by the model, and
arguments of laws by `core.door`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from .core.errors import MitochemError, ParameterError, nearest
from .core.model import Model

__all__ = ["dataset_in", "drawing_on", "mapping_in", "model_in", "names_in", "numbers_in", "one_of", "yes_or_no"]


def shown(given: Any) -> str:
    """The argument as it is quoted back: its text if that is short, otherwise what it is."""
    text = repr(given)
    return text if len(text) <= 40 and "\n" not in text else f"an object of type {type(given).__name__}"


def model_in(given: Any, where: str, error: type[MitochemError] = ParameterError) -> Model:
    """The model given."""
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


def mapping_in(given: Any, what: str, error: type[MitochemError] = ParameterError) -> dict[str, Any]:
    """The mapping given, by names; empty for None."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
        raise error(f"{what} = {shown(given)} is not a mapping with names, such as {{'leak.amplitude': 0.9}}.")
    return dict(given)


def names_in(given: Any, what: str, error: type[MitochemError] = ParameterError) -> Sequence[str]:
    """The names given, or an error if it is a single text or something else."""
    if isinstance(given, str) or not isinstance(given, Iterable) or not all(isinstance(n, str) for n in given):
        raise error(f"{what} = {shown(given)} is not a sequence of names.")
    return list(given)


def numbers_in(given: Any, what: str, error: type[MitochemError] = ParameterError) -> Any:
    """The numbers given as an array of floats, NaN among them: gaps in data are data."""
    try:
        return np.asarray("None" if given is None else given, dtype=float)
    except (TypeError, ValueError):
        raise error(f"{what} = {shown(given)} is not a number or an array of numbers.") from None


def one_of(given: Any, what: str, known: Collection[str]) -> str:
    """The name given, if it is one of those that are known."""
    if not isinstance(given, str) or given not in known:
        raise ParameterError(f"{what} = {given!r} is not known." + nearest(str(given), known))
    return given


def yes_or_no(given: Any, what: str) -> bool:
    """The truth value given: ``"no"`` would count as true."""
    if not isinstance(given, bool | np.bool_):
        raise ParameterError(f"{what} = {given!r} is neither True nor False.")
    return bool(given)


def drawing_on(given: Any, what: str = "ax") -> Any:
    """The Axes given."""
    if not hasattr(given, "errorbar"):
        raise ParameterError(f"{what} = {shown(given)} is not Matplotlib Axes.")
    return given
