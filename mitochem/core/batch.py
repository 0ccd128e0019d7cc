"""Array-valued conditions become named dimensions; every point of their product is one row of a batch."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from .errors import ParameterError

__all__ = ["Batch"]


@dataclasses.dataclass(frozen=True)
class Batch:
    """Array-valued conditions, made ready.

    Attributes
    ----------
    coordinates
        Dimensions with their coordinates (xarray Variables).
    columns
        Every condition as a scalar or a flat column.
    beside
        Conditions along dimensions of another name, as coordinates that a result shows.
    """

    coordinates: dict[str, Any]
    columns: dict[str, Any]
    beside: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(self.coordinates)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(c) for c in self.coordinates.values())

    @property
    def labels(self) -> dict[str, Any]:
        """All coordinates of a result."""
        return self.beside | self.coordinates

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def at(self, i: int) -> dict[str, float]:
        """The conditions of one point."""
        return {k: float(v[i]) if isinstance(v, np.ndarray) else v for k, v in self.columns.items()}

    def described(self) -> dict[str, Any]:
        """The conditions as plain data; None for those that are coordinates of the result, which has them."""

        def told(key: str, value: Any) -> Any:
            if not isinstance(value, np.ndarray):
                return value
            return None if key.replace(".", "_") in self.labels else value.tolist()

        return {key: told(key, value) for key, value in self.columns.items()}

    @classmethod
    def of(cls, conditions: Mapping[str, Any], units: Mapping[str, str], free: Collection[str] = ()) -> Batch:
        """Read conditions: an array makes a dimension named after its key with ``_`` for ``.``.

        DataArrays bring their own dimensions; those that share one are zipped along it. The start value of a state
        that is ``free`` to change makes a dimension ``start_...``, since the state itself is in the result too.
        """
        import xarray

        arrays: dict[str, tuple[tuple[str, ...], Any, dict[str, Any]]] = {}
        for key, value in conditions.items():
            if hasattr(value, "dims"):
                own = {str(d): value.coords[d].variable for d in value.dims if d in value.coords}
                arrays[key] = (tuple(map(str, value.dims)), np.asarray(value.values), own)
            elif np.ndim(value) == 1:
                name = f"start_{key}" if key in free else key.replace(".", "_")
                numbers = np.asarray(value, float)
                along = xarray.Variable((name,), numbers, {"units": units[key], "long_name": key})
                arrays[key] = ((name,), numbers, {name: along})
            elif np.ndim(value):
                raise ParameterError(
                    f"{key} has {np.ndim(value)} dimensions without names; give an xarray.DataArray with named dims."
                )
        coordinates: dict[str, Any] = {}
        beside: dict[str, Any] = {}
        for key, (dims, values, own) in arrays.items():
            for dim, length in zip(dims, values.shape):
                known = coordinates.get(dim)
                if known is not None and (
                    length != len(known) or (dim in own and not np.array_equal(own[dim].values, known.values))
                ):
                    raise ParameterError(f"{key} does not line up with the other conditions along {dim!r}.")
                if known is None:
                    coordinates[dim] = own[dim] if dim in own else xarray.Variable((dim,), np.arange(length))
            if 0 in values.shape:
                raise ParameterError(f"{key} is empty; it needs at least one value.")
            if "." in key and key in units:
                about = {"units": units[key], "long_name": key}
                beside[key.replace(".", "_")] = xarray.Variable(dims, values, about)
        shape = tuple(len(c) for c in coordinates.values())
        columns = {
            key: _spread(*arrays[key][:2], tuple(coordinates), shape) if key in arrays else value
            for key, value in conditions.items()
        }
        return cls(coordinates, columns, {name: v for name, v in beside.items() if name not in coordinates})


def _spread(dims: tuple[str, ...], values: Any, every: tuple[str, ...], shape: tuple[int, ...]) -> Any:
    """Values over some dimensions as a flat column over all of them."""
    order = sorted(range(len(dims)), key=lambda i: every.index(dims[i]))
    lengths = [values.shape[dims.index(dim)] if dim in dims else 1 for dim in every]
    return np.ascontiguousarray(np.broadcast_to(values.transpose(order).reshape(lengths), shape)).ravel()
