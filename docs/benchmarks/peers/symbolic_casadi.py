"""CasADi: CVODES for time courses and their sensitivities, ``fast_newton`` with conserved totals for steady states."""

from __future__ import annotations

from typing import Any

import casadi as ca
import numpy as np

from .base import Peer

__all__ = ["Casadi"]


class Casadi(Peer):
    name = "CasADi (CVODES, fast_newton)"
    distributions = ("casadi",)
    whole = True

    def build(self) -> None:
        n, m = len(self.system.states), len(self.system.dials)
        code = self.system.functions(exp=ca.exp, log=ca.log, sqrt=ca.sqrt)
        self.y, self.p = ca.SX.sym("y", n), ca.SX.sym("p", m)
        constants = code["prepare"](ca.vertsplit(self.p))
        self.field = ca.vertcat(*code["rates"](ca.vertsplit(self.y), constants))
        self.integrators: dict[Any, Any] = {}
        self.root: Any = None

    def _integrators(self, times: np.ndarray, sensitivities: int = 0) -> Any:
        key = len(times), sensitivities
        if key not in self.integrators:
            before, after = self.split(times)
            dae = {"x": self.y, "p": self.p, "ode": self.field}
            options = {"abstol": self.atol, "reltol": self.rtol, "max_num_steps": 1_000_000, "max_multistep_order": 5}
            problem = self.problem
            made = (
                ca.integrator("first", "cvodes", dae, 0.0, [*before[before > 0], problem.at], options),
                ca.integrator("second", "cvodes", dae, problem.at, list(after), options),
            )
            if sensitivities:
                made = tuple(f.forward(sensitivities) for f in made) + made
            self.integrators[key] = made
        return self.integrators[key]

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        first, second = self._integrators(times)
        problem = self.problem
        a = np.array(first(x0=problem.y0, p=dials)["xf"]).T
        b = np.array(second(x0=a[-1] + problem.dose, p=dials)["xf"]).T
        return np.concatenate([problem.y0[None], a[:-1], b])

    def sensitivities(self, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
        q, n, problem = len(which), len(self.system.states), self.problem
        forward1, forward2, first, second = self._integrators(times, q)
        seeds = np.zeros((len(dials), q))
        seeds[list(which), range(q)] = 1.0
        a = first(x0=problem.y0, p=dials)
        da = forward1(x0=problem.y0, p=dials, out_xf=a["xf"], fwd_x0=np.zeros((n, q)), fwd_p=self._spread(seeds))
        rows1 = a["xf"].shape[1]
        # columns come direction by direction, each with all its times
        found1 = np.array(da["fwd_xf"]).reshape(n, q, rows1)
        x0 = np.array(a["xf"])[:, -1] + problem.dose
        b = second(x0=x0, p=dials)
        db = forward2(x0=x0, p=dials, out_xf=b["xf"], fwd_x0=found1[:, :, -1], fwd_p=self._spread(seeds))
        found2 = np.array(db["fwd_xf"]).reshape(n, q, b["xf"].shape[1])
        parts = [np.zeros((n, q, 1)), found1[:, :, :-1], found2]
        return np.concatenate(parts, axis=2).transpose(2, 0, 1)

    def _spread(self, seeds: np.ndarray) -> np.ndarray:
        return seeds

    def steady(self, table: np.ndarray) -> np.ndarray:
        """Continued from the point before; unknowns in units of the first root."""
        start, moving = self.steady_start, self.system.free
        if self.root is None:
            dae = {"x": self.y, "p": self.p, "ode": self.field}
            options = {"abstol": 1e-12, "reltol": 1e-8, "max_num_steps": 1_000_000}
            settle = ca.integrator("settle", "cvodes", dae, 0.0, self.problem.settle_for, options)
            self.rest = np.array(settle(x0=start, p=table[0])["xf"]).ravel()
            free, laws = self.balances()
            u, scale = ca.SX.sym("u", len(moving)), self.rest[moving]
            full = [ca.SX(float(v)) for v in start]
            for place, i in enumerate(moving):
                full[i] = u[place] * scale[place]
            slopes = ca.substitute(self.field, self.y, ca.vertcat(*full))
            totals = ca.mtimes(ca.DM(laws), ca.vertcat(*full)) - laws @ start
            balances = ca.vertcat(*(slopes[i] for i in free), totals)
            size = np.abs(
                np.array(ca.Function("j", [u, self.p], [ca.jacobian(balances, u)])(np.ones(len(moving)), table[0]))
            ).max(axis=1)
            residual = {"x": u, "p": self.p, "g": balances / size}
            options = {"abstol": 1e-11, "abstolStep": 1e-10, "max_iter": 100, "error_on_fail": True}
            self.root, self.scale = ca.rootfinder("root", "fast_newton", residual, options), scale
        u = self.rest[moving] / self.scale
        out = np.repeat(start[None], len(table), axis=0)
        for n, dials in enumerate(table):
            u = np.array(self.root(u, dials)).ravel()
            out[n, moving] = u * self.scale
        return out
