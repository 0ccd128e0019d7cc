"""A folder in which an ensemble lands chunk by chunk, and from which a later call goes on.

``manifest.json`` says what is computed and how it is cut; ``done/000012.json`` that chunk 12 is finished, and why
members in it failed; ``states/000012.nc`` holds the state of its reductions. The members themselves are in
``parts/000012.nc``, or, for a folder whose name ends with ``.zarr``, in the arrays of a Zarr group; the other files are
then in its subfolder ``mitochem``. Every file is written under another name and renamed, the one in ``done`` last: what
is half written does not count. Several processes may write to one store, each its own chunks.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..arguments import path_in
from ..dataset import load, save
from ..errors import MitochemError, ParameterError
from .files import FORMAT, MANIFEST, differences, manifest, packed, unpacked, versions, write_text
from .layout import Layout, Part, fold
from .reductions import from_spec

__all__ = ["Store", "open_store", "solver_of"]


class Store:
    """One ensemble on disk; the members in NetCDF parts."""

    inside: ClassVar[str] = ""
    """Subfolder of everything but the members."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path, self.books, self.layout = path, path / self.inside, layout

    @classmethod
    def at(cls, path: str | Path, layout: Layout, facts: Mapping[str, Any]) -> Store:
        """The store of this ensemble, made if there is none; it keeps the chunks it was made with.

        Raises
        ------
        ParameterError
            If the place holds something else, with what differs.
        """
        path = Path(path)
        kind = _kind(path)
        if path.is_file() or path.suffix == ".nc":
            raise ParameterError(f"store = {str(path)!r}: a store is a folder, such as 'runs' or 'runs.zarr'.")
        if not path.exists():
            kind._create(path, layout, facts)
        found = manifest(path / kind.inside)
        if different := differences(found["facts"], json.loads(json.dumps(facts))):
            raise ParameterError(
                f"{path} holds another ensemble: {'; '.join(different)}. Give another store, or remove this one."
            )
        return kind(path, Layout(**found["layout"]))

    @classmethod
    def _create(cls, path: Path, layout: Layout, facts: Mapping[str, Any]) -> None:
        """Make it whole under another name, then rename: of several processes that begin at once, one wins."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            new = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}-", suffix=path.suffix))
            new.chmod(0o755)
            try:
                for name in ("done", "states", "parts"):
                    (new / cls.inside / name).mkdir(parents=True)
                content = {"format": FORMAT, "facts": facts, "layout": dataclasses.asdict(layout)}
                text = json.dumps(content | {"versions": versions()}, indent=1)
                (new / cls.inside / MANIFEST).write_text(text, "utf-8")
                cls._prepare(new, layout)
                new.rename(path)
            finally:
                shutil.rmtree(new, ignore_errors=True)
        except OSError as error:
            if not (path / cls.inside / MANIFEST).exists():
                raise MitochemError(f"cannot write {path}: {error.strerror or error}.") from None

    @classmethod
    def _prepare(cls, path: Path, layout: Layout) -> None:
        """What has to be there before the first chunk."""

    def finished(self) -> set[int]:
        """Numbers of the chunks that are there."""
        return {int(p.stem) for p in (self.books / "done").glob("*.json") if p.stem.isdigit()}

    def put(self, index: int, part: Part, columns: Mapping[str, Any]) -> None:
        """Write a chunk, whole or not at all."""
        import xarray

        if part.values:
            self._write(index, part.values, columns)
        if part.states:
            save(xarray.Dataset(packed(part.states)), self._file("states", index))
        text = json.dumps({"failures": {str(k): v for k, v in part.failures.items()}})
        write_text(self.books / "done" / f"{index:06d}.json", text)

    def dataset(self, reason: str) -> Any:
        """The whole as one Dataset, without reading the members if Dask is there."""
        finished = sorted(self.finished())
        failures: dict[int, str] = {}
        for index in finished:
            text = (self.books / "done" / f"{index:06d}.json").read_text("utf-8")
            failures |= {int(k): v for k, v in json.loads(text)["failures"].items()}
        arrays = self._arrays(finished) if self.layout.keep else {}
        columns = {key: _here(arrays.pop(_column(key))) for key in self.layout.columns} if arrays else {}
        return self.layout.dataset(arrays, columns, self._states(finished), failures, finished, reason)

    def _file(self, folder: str, index: int) -> Path:
        return self.books / folder / f"{index:06d}.nc"

    def _states(self, finished: list[int]) -> dict[str, Any]:
        """States of all chunks, merged in their order; one chunk in memory at a time."""
        total: dict[str, Any] = {}
        for index in finished if self.layout.reductions else ():
            for key, states in unpacked(load(self._file("states", index))).items():
                reduction = from_spec(self.layout.reductions[int(key.partition("|")[2])])
                total[key] = fold(reduction, [total[key], *states] if key in total else states)
        return total

    # --- the members ----------------------------------------------------------------------------------

    def _write(self, index: int, values: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
        import xarray

        first, last = self.layout.bounds(index)
        data: dict[str, Any] = {
            name: (self.layout.dims(name), v, self.layout.values[name]["attrs"]) for name, v in values.items()
        }
        data |= {_column(key): ("member", columns[key], entry["attrs"]) for key, entry in self.layout.columns.items()}
        member = np.arange(first, last, dtype=np.int32)
        ds = xarray.Dataset(data, {"member": member}, {"source": self.layout.attrs["source"]})
        save(ds, self._file("parts", index))

    def _shapes(self, index: int) -> dict[str, tuple[int, ...]]:
        first, last = self.layout.bounds(index)
        shapes = {name: self.layout.shape(name, last - first) for name in self.layout.values}
        return shapes | {_column(key): (last - first,) for key in self.layout.columns}

    def _arrays(self, finished: list[int]) -> dict[str, Any]:
        try:
            import dask.array
        except ImportError:
            return self._loaded(finished)
        there = set(finished)
        out: dict[str, list[Any]] = {}
        for index in range(self.layout.chunks):
            read = dask.delayed(_variable, pure=True)
            for name, shape in self._shapes(index).items():
                if index in there:
                    piece = dask.array.from_delayed(read(self._file("parts", index), name), shape, float)
                else:
                    piece = dask.array.full(shape, np.nan)
                out.setdefault(name, []).append(piece)
        return {name: dask.array.concatenate(pieces) for name, pieces in out.items()}

    def _loaded(self, finished: list[int]) -> dict[str, Any]:
        size = self.layout.size
        out = {name: np.full((size, *shape[1:]), np.nan) for name, shape in self._shapes(0).items()}
        for index in finished:
            part, (first, last) = load(self._file("parts", index)), self.layout.bounds(index)
            for name, array in out.items():
                array[first:last] = part[name].values
        return out


class ZarrStore(Store):
    """One ensemble on disk; the members in a Zarr group, one Zarr chunk for each chunk."""

    inside: ClassVar[str] = "mitochem"

    @classmethod
    def _prepare(cls, path: Path, layout: Layout) -> None:
        zarr = _zarr()
        group = zarr.open_group(path, mode="a")
        zarr.open_group(path / cls.inside, mode="a")  # a group of its own, or Zarr would wonder what it is
        group.attrs.update({k: v for k, v in layout.attrs.items() if not isinstance(v, bytes)})
        if not layout.keep:
            return

        def create(name: str, dims: tuple[str, ...], attrs: Mapping[str, str]) -> None:
            shape = (layout.size, *((len(layout.coordinates["times"]),) if len(dims) > 1 else ()))
            group.create_array(
                name,
                shape=shape,
                chunks=(layout.chunk, *shape[1:]),
                dtype="float64",
                fill_value=np.nan,
                dimension_names=dims,
                attributes=dict(attrs),
            )

        for name, about in layout.values.items():
            create(name, layout.dims(name), about["attrs"])
        for key, entry in layout.columns.items():
            create(_column(key), ("member",), entry["attrs"])
        if any(about["along"] for about in layout.values.values()):
            time = np.array(layout.coordinates["times"])
            group.create_array("time", data=time, dimension_names=("time",), attributes=layout.coordinates["attrs"])

    def _write(self, index: int, values: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
        first, last = self.layout.bounds(index)
        group = _zarr().open_group(self.path, mode="r+")
        for name, array in self._named(values, columns):
            group[name][first:last] = array

    def _named(self, values: Mapping[str, Any], columns: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        yield from values.items()
        yield from ((_column(key), columns[key]) for key in self.layout.columns)

    def _arrays(self, finished: list[int]) -> dict[str, Any]:
        group = _zarr().open_group(self.path, mode="r")
        names = self._shapes(0)
        try:
            import dask.array
        except ImportError:
            return {name: group[name][:] for name in names}
        return {name: dask.array.from_zarr(group[name]) for name in names}


def open_store(path: str | Path) -> Any:
    """A store as one Dataset; members that are not there yet are NaN, with a message.

    With Dask, members are read when they are used, chunk by chunk.

    Raises
    ------
    ReaderError
        If the folder is no store.
    """
    path = path_in(path, "path")
    kind = _kind(path)
    return kind(path, Layout(**manifest(path / kind.inside)["layout"])).dataset("not run yet")


def solver_of(path: str | Path) -> str:
    """The solver of the ensemble in a store, or "" if there is no store yet."""
    books = Path(path) / _kind(Path(path)).inside
    return str(manifest(books)["facts"]["solver"]) if (books / MANIFEST).is_file() else ""


def _kind(path: Path) -> type[Store]:
    return ZarrStore if path.suffix == ".zarr" else Store


def _zarr() -> Any:
    try:
        import zarr
    except ImportError:
        raise MitochemError(
            "a .zarr store needs zarr: pip install 'mitochem[scale]', or name the store without .zarr for NetCDF parts."
        ) from None
    return zarr


def _column(key: str) -> str:
    """Name on disk of a column of the table, which may be called as an output is."""
    return f"column_{key}"


def _here(array: Any) -> Any:
    """Read in this process, whatever cluster is about: its workers may not see the folder."""
    return array.compute(scheduler="threads") if hasattr(array, "compute") else array


def _variable(path: Path, name: str) -> Any:
    return load(path)[name].values
