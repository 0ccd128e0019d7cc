"""numbalsoda: LSODA in C++ around a numba right-hand side; the experiment and the ensemble are loops in numba too."""

from __future__ import annotations

import copy
import linecache
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba as nb
import numpy as np
from numbalsoda import lsoda, lsoda_sig

from .base import Peer

__all__ = ["Numbalsoda", "NumbalsodaTwo"]


def compiled(source: str) -> dict[str, Any]:
    """The straight-line functions under numba."""
    space: dict[str, Any] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
    linecache.cache["<equations>"] = (len(source), None, source.splitlines(True), "<equations>")
    exec(compile(source, "<equations>", "exec"), space)
    return {
        n: nb.njit(v, inline="never") if n in ("prepare", "rates", "jacobian", "observe") else v
        for n, v in space.items()
    }


class Numbalsoda(Peer):
    name = "numbalsoda"
    distributions = ("numbalsoda", "numba")

    def build(self) -> None:
        code = compiled(self.system.text("python"))
        prepare, rates = code["prepare"], code["rates"]
        n, size = len(self.system.states), code["CONSTANTS"]

        names = ", ".join(f"r{i}" for i in range(n))
        text = (
            "def slopes(t, u, du, p):\n"
            f"    y, k, out = carray(u, ({n},)), carray(p, ({size},)), carray(du, ({n},))\n"
            f"    {names} = rates(y, k)\n" + "".join(f"    out[{i}] = r{i}\n" for i in range(n))
        )
        space = {"carray": nb.carray, "rates": rates}
        exec(text, space)
        self.pointer = nb.cfunc(lsoda_sig)(space["slopes"])
        y0, dose, at, long = self.problem.y0, self.problem.dose, self.problem.at, self.problem.settle_for

        @nb.njit
        def run(
            address: Any, rtol: float, atol: float, dials: Any, before: Any, after: Any, out: Any, work: Any
        ) -> bool:
            found = prepare(dials)
            for i, value in enumerate(found):
                work[i] = value
            first, good = lsoda(address, y0, before, work, rtol, atol)
            out[: len(before) - 1] = first[:-1]
            second, also = lsoda(address, first[-1] + dose, after, work, rtol, atol)
            out[len(before) - 1 :] = second[1:]
            return good and also

        @nb.njit(nogil=True)
        def ensemble(
            address: Any, rtol: float, atol: float, table: Any, before: Any, after: Any, out: Any, work: Any
        ) -> bool:
            good = True
            for i in range(len(table)):
                good &= run(address, rtol, atol, table[i], before, after, out[i], work)
            return good

        @nb.njit
        def steady(address: Any, rtol: float, atol: float, table: Any, out: Any, work: Any) -> bool:
            good, span = True, np.array([0.0, long])
            for n in range(len(table)):
                found = prepare(table[n])
                for i, value in enumerate(found):
                    work[i] = value
                run, fine = lsoda(address, y0 + dose, span, work, rtol, atol)
                out[n] = run[-1]
                good &= fine
            return good

        self.address, self._run, self._ensemble, self._steady = self.pointer.address, run, ensemble, steady
        self.n, self.work, self.at = n, np.empty(size), at
        self.grids: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def retuned(self, rtol: float, atol: float) -> Peer:
        twin = copy.copy(self)  # tolerances are arguments: nothing is compiled again
        twin.rtol, twin.atol = rtol, atol
        return twin

    def _split(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if len(times) not in self.grids:
            before, after = self.split(times)
            self.grids[len(times)] = np.append(before, self.at), np.append(self.at, after)
        return self.grids[len(times)]

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        out = np.empty((len(times), self.n))
        if not self._run(self.address, self.rtol, self.atol, dials, *self._split(times), out, self.work):
            raise RuntimeError("lsoda failed")
        return out

    def ensemble(self, table: np.ndarray, times: np.ndarray) -> np.ndarray:
        out = np.empty((len(table), len(times), self.n))
        if not self._ensemble(self.address, self.rtol, self.atol, table, *self._split(times), out, self.work):
            raise RuntimeError("lsoda failed")
        return out

    def steady(self, table: np.ndarray) -> np.ndarray:
        out = np.empty((len(table), self.n))
        if not self._steady(self.address, self.rtol, self.atol, table, out, self.work):
            raise RuntimeError("lsoda failed")
        return out


class NumbalsodaTwo(Numbalsoda):
    name = "numbalsoda, two threads"

    def ensemble(self, table: np.ndarray, times: np.ndarray) -> np.ndarray:
        out = np.empty((len(table), len(times), self.n))
        grid = self._split(times)

        def part(begin: int, end: int) -> bool:
            work = np.empty_like(self.work)
            return self._ensemble(self.address, self.rtol, self.atol, table[begin:end], *grid, out[begin:end], work)

        middle = len(table) // 2
        with ThreadPoolExecutor(2) as pool:
            if not all(pool.map(part, (0, middle), (middle, len(table)))):
                raise RuntimeError("lsoda failed")
        return out
