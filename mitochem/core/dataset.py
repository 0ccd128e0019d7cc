"""Results as xarray Datasets: every quantity with its unit and meaning, and what is needed to run it again."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .arguments import names_in, path_in, shown
from .errors import ParameterError, ReaderError, nearest
from .files import written_whole

if TYPE_CHECKING:
    import xarray

    from .model import Model

__all__ = ["load", "outputs_of", "save", "variables"]


def attributes(model: Model, name: str) -> dict[str, str]:
    """``units``, ``long_name``, ``symbol`` and ``component`` of a state or quantity of a model."""
    return dict(model.program.labels[name])


def outputs_of(model: Model, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Names of what a result shows: all states and quantities, or those asked for.

    Raises
    ------
    ParameterError
        If one of them is not known.
    """
    known = model.reported
    if wanted is None:
        return known
    if isinstance(wanted, str):
        raise ParameterError(f"outputs = {wanted!r} is one name; give a list of names.")
    for name in names_in(wanted, "outputs"):
        if name not in known:
            raise ParameterError(f"{model.name} has no state or quantity {name!r} to show." + nearest(name, known))
    return tuple(dict.fromkeys(wanted))


def variables(
    model: Model, values: dict[str, Any], dims: tuple[str, ...], shape: tuple[int, ...], names: Sequence[str]
) -> dict[str, Any]:
    """Dataset variables from the values of a program; what does not vary stays a scalar."""
    size = math.prod(shape)
    out: dict[str, Any] = {}
    for name in names:
        value = values[name]
        if np.ndim(value):
            whole = value if value.shape == (size,) else np.broadcast_to(value, (size,))
            out[name] = (dims, whole.reshape(shape), attributes(model, name))
        else:
            out[name] = ((), float(value), attributes(model, name))
    return out


def assembled(data: dict[str, Any], coordinates: dict[str, Any], attrs: dict[str, Any]) -> xarray.Dataset:
    """A Dataset of variables, ``name: (dims, array, attributes)``, that are new and of matching shapes.

    xarray's constructor aligns and copies every variable, which for the eighty of a result takes longer than many a
    solve. Where this version of xarray has another inside, its constructor does it; a test holds both to one result.
    """
    import xarray

    frame = xarray.Dataset(coords=coordinates, attrs=attrs)
    shaped = {name: (_dims(dims), np.asarray(value), about) for name, (dims, value, about) in data.items()}
    try:
        return _directly(frame, shaped)
    except (AttributeError, TypeError):
        return xarray.Dataset(shaped, frame.coords, attrs)


def _directly(frame: xarray.Dataset, shaped: dict[str, Any]) -> xarray.Dataset:
    import xarray

    sizes = dict(frame.sizes)
    if any(tuple(sizes.get(d) for d in dims) != value.shape for dims, value, _ in shaped.values()):
        raise TypeError("there are dimensions without coordinates")
    made = {n: xarray.Variable(dims, value, about, fastpath=True) for n, (dims, value, about) in shaped.items()}
    every = made | dict(frame.variables)
    return xarray.Dataset._construct_direct(every, set(frame.coords), sizes, frame.attrs, frame._indexes)


def _dims(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def provenance(model: Model, **more: Any) -> dict[str, Any]:
    """Attributes that say where a result comes from and let anyone run it again."""
    from .. import __version__

    return {
        "source": f"mitochem {__version__}",
        "model": model.name,
        "parameters": model.values_text,
        "initial": json.dumps(model.initial),
        "references": "; ".join(model.reference_keys),
        **{
            key: value if isinstance(value, str | float | int) else json.dumps(value, default=str)
            for key, value in more.items()
        },
    }


def save(ds: xarray.Dataset, path: str | Path) -> Path:
    """Write a result as NetCDF, whole or not at all.

    Raises
    ------
    ParameterError
        If it is not a Dataset, or the path is none.
    MitochemError
        If the place cannot be written to.
    """
    if not hasattr(ds, "to_netcdf"):
        raise ParameterError(f"save takes a Dataset, as simulate or steady_state give it, not {shown(ds)}.")
    path = path_in(path, "path")
    with written_whole(path) as temporary:
        ds.to_netcdf(temporary, engine="scipy")
    return path


def load(path: str | Path) -> xarray.Dataset:
    """Read a result back from NetCDF.

    Raises
    ------
    ReaderError
        If the file is missing, truncated or not NetCDF.
    """
    import xarray

    path = path_in(path, "path")
    if not path.is_file():
        raise ReaderError(f"{path} does not exist.")
    try:
        with xarray.open_dataset(path, engine="scipy") as ds:
            return ds.load()
    except Exception as error:  # SciPy's reader fails in many ways on a damaged file
        raise ReaderError(f"{path} is not a readable NetCDF result ({type(error).__name__}: {error}).") from None
