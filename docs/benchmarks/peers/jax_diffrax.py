"""diffrax on jax, double precision, one CPU device; ensembles by ``vmap``."""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)

from typing import Any  # noqa: E402

import diffrax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

from .base import Peer, Unable  # noqa: E402

__all__ = ["Diffrax"]


class Diffrax(Peer):
    name = "diffrax (Kvaerno3, PI controller)"
    distributions = ("diffrax", "jax")
    batch = 64
    tight = tight_sensitivities = (1e-9, 1e-13)
    """A third-order method needs millions of steps at 1e-10."""

    def build(self) -> None:
        code = self.system.functions(exp=jnp.exp, log=jnp.log, sqrt=jnp.sqrt)
        problem = self.problem
        solver = diffrax.Kvaerno3()
        control = diffrax.PIDController(rtol=self.rtol, atol=self.atol, pcoeff=0.4, icoeff=0.3, dcoeff=0.0)

        def slopes(t: Any, y: Any, constants: Any) -> Any:
            return jnp.stack([jnp.asarray(r, dtype=y.dtype) for r in code["rates"](y, constants)])

        def course(dials: Any, y: Any, start: float, end: float, times: Any) -> Any:
            found = diffrax.diffeqsolve(
                diffrax.ODETerm(slopes), solver, start, end, None, y, args=code["prepare"](dials),
                stepsize_controller=control, saveat=diffrax.SaveAt(ts=times), max_steps=2_000_000,
                adjoint=diffrax.ForwardMode(),
            )  # fmt: skip
            return found.ys

        def run(dials: Any, before: Any, after: Any) -> Any:
            first = course(dials, jnp.asarray(problem.y0), 0.0, problem.at, before)
            return jnp.concatenate(
                [first[:-1], course(dials, first[-1] + problem.dose, problem.at, problem.end, after)]
            )

        self._run, self._ensemble = jax.jit(run), jax.jit(jax.vmap(run, in_axes=(0, None, None)))
        self._forward = jax.jit(jax.jacfwd(run))

    def _grid(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        before, after = self.split(times)
        return np.append(before, self.problem.at), after

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        return np.asarray(self._run(dials, *self._grid(times)))

    def ensemble(self, table: np.ndarray, times: np.ndarray) -> np.ndarray:
        size = min(self.batch, len(table))
        grids = self._grid(times)
        whole = len(table) - len(table) % size
        parts = [np.asarray(self._ensemble(table[i : i + size], *grids)) for i in range(0, whole, size)]
        if whole < len(table):
            parts.append(np.asarray(self._ensemble(table[-size:], *grids))[whole - len(table) :])
        return np.concatenate(parts)

    def steady(self, table: np.ndarray) -> np.ndarray:
        raise Unable("no steady-state solver, and more than two million steps of a third-order method to come to rest")

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        found = np.asarray(self._forward(dials, *self._grid(times)))[:, :, list(which)]
        if not np.isfinite(found).all():
            raise Unable("values that are not finite in forward mode")
        return found
