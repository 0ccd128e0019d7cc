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
    """Dimensions with their coordinates, and every condition as a scalar or a flat column."""

    coordinates: dict[str, Any]
    columns: dict[str, Any]

    @property
    def dims(self) -> tuple[str, ...]:
        return tuple(self.coordinates)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(c) for c in self.coordinates.values())

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def at(self, i: int) -> dict[str, float]:
        """The conditions of one point."""
        return {k: float(v[i]) if isinstance(v, np.ndarray) else v for k, v in self.columns.items()}

    @classmethod
    def of(cls, conditions: Mapping[str, Any], units: Mapping[str, str], free: Collection[str] = ()) -> Batch:
        """Read conditions: an array makes a dimension named after its key with ``_`` for ``.``.

        DataArrays bring their own dimensions; those that share one are zipped along it. The start value of a state
        that is ``free`` to change makes a dimension ``start_...``, since the state itself is in the result too.
        """
        import xarray

        arrays: dict[str, Any] = {}
        for key, value in conditions.items():
            if hasattr(value, "dims"):
                arrays[key] = value
            elif np.ndim(value) == 0:
                continue
            elif np.ndim(value) == 1:
                name = f"start_{key}" if key in free else key.replace(".", "_")
                arrays[key] = xarray.DataArray(
                    np.asarray(value, float), {name: np.asarray(value, float)}, (name,), attrs={"units": units[key]}
                )
                arrays[key][name].attrs.update(units=units[key], long_name=key)
            else:
                raise ParameterError(
                    f"{key} has {np.ndim(value)} dimensions without names; give an xarray.DataArray with named dims."
                )
        coordinates: dict[str, Any] = {}
        for key, array in arrays.items():
            for dim in array.dims:
                own = (
                    array.coords[dim]
                    if dim in array.coords
                    else xarray.DataArray(np.arange(array.sizes[dim]), dims=dim)
                )
                if dim in coordinates and (
                    len(own) != len(coordinates[dim])
                    or (dim in array.coords and not np.array_equal(own, coordinates[dim]))
                ):
                    raise ParameterError(f"{key} does not line up with the other conditions along {dim!r}.")
                coordinates.setdefault(str(dim), own)
            if 0 in array.shape:
                raise ParameterError(f"{key} is empty; it needs at least one value.")
        template = xarray.DataArray(np.zeros([len(c) for c in coordinates.values()]), dims=list(coordinates))
        columns = {key: value for key, value in conditions.items() if key not in arrays}
        for key, array in arrays.items():
            bare = xarray.DataArray(array.values, dims=array.dims)
            columns[key] = np.ascontiguousarray(bare.broadcast_like(template).transpose(*template.dims)).ravel()
        return cls(coordinates, {key: columns[key] for key in conditions})
