"""SciPy with a right-hand side written in NumPy, as in the QAMAS code and most published models, or in ``math``."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from .base import Peer

__all__ = ["Lsoda", "LsodaMath", "Radau", "Roots", "reference"]


class Scipy(Peer):
    """`solve_ivp`, restarted at the addition."""

    method: ClassVar[str] = "LSODA"
    namespace: ClassVar[dict[str, Any]] = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt}
    jacobian: ClassVar[bool] = False
    distributions = ("scipy", "numpy")

    def build(self) -> None:
        self.code = self.system.functions(**self.namespace)

    def solve(self, dials: np.ndarray, y: np.ndarray, span: tuple[float, float], times: np.ndarray | None) -> Any:
        constants, rates = self.code["prepare"](dials), self.code["rates"]
        options: dict[str, Any] = {}
        if self.jacobian:
            n, rows, columns, entries = len(y), self.code["ROWS"], self.code["COLUMNS"], self.code["jacobian"]

            def jacobian(t: float, y: np.ndarray) -> np.ndarray:
                out = np.zeros((n, n))
                out[rows, columns] = entries(y.tolist(), constants)
                return out

            options["jac"] = jacobian
        if self.namespace:

            def slopes(t: float, y: np.ndarray) -> Any:
                return np.array(rates(y, constants))

        else:

            def slopes(t: float, y: np.ndarray) -> Any:
                return rates(y.tolist(), constants)

        run = solve_ivp(slopes, span, y, method=self.method, t_eval=times, rtol=self.rtol, atol=self.atol, **options)
        if not run.success:
            raise RuntimeError(run.message)
        return run.y.T

    def run(self, dials: np.ndarray, times: np.ndarray) -> np.ndarray:
        before, after = self.split(times)
        problem = self.problem
        first = self.solve(dials, problem.y0, (0.0, problem.at), np.append(before, problem.at))
        second = self.solve(dials, first[-1] + problem.dose, (problem.at, problem.end), after)
        return np.concatenate([first[:-1], second])

    def steady(self, table: np.ndarray) -> np.ndarray:
        span = (0.0, self.problem.settle_for)
        return np.stack([self.solve(dials, self.steady_start, span, None)[-1] for dials in table])


class Lsoda(Scipy):
    name = "SciPy LSODA, NumPy right-hand side"


class Radau(Scipy):
    name = "SciPy Radau, NumPy right-hand side"
    method = "Radau"


class LsodaMath(Scipy):
    name = "SciPy LSODA, `math` right-hand side, exact Jacobian"
    namespace: ClassVar[dict[str, Any]] = {}
    jacobian = True


class Roots(Scipy):
    """`fsolve` with conserved totals as equations, continued from the point before; the first by integration."""

    name = "SciPy `fsolve`, `math`, continued"
    whole = True
    namespace: ClassVar[dict[str, Any]] = {}
    jacobian = True

    def steady(self, table: np.ndarray) -> np.ndarray:
        free, laws = self.balances()
        start, moving, code = self.steady_start, self.system.free, self.code
        matrix = np.zeros((len(start), len(start)))
        totals = laws @ start
        y = start.copy()
        scale = np.ones(len(moving))

        def full(u: np.ndarray) -> np.ndarray:
            y[moving] = u * scale
            return y

        def residuals(u: np.ndarray) -> np.ndarray:
            y = full(u)
            slopes = np.array(code["rates"](y.tolist(), constants))
            return np.concatenate([slopes[free], laws @ y - totals]) / sizes

        def slopes(u: np.ndarray) -> np.ndarray:
            matrix[code["ROWS"], code["COLUMNS"]] = code["jacobian"](full(u).tolist(), constants)
            return np.concatenate([matrix[free], laws])[:, moving] * scale / sizes[:, None]

        out = np.repeat(start[None], len(table), axis=0)
        for n, dials in enumerate(table):
            constants, sizes, status = code["prepare"](dials), np.ones(len(moving)), 0
            if n:
                scale = np.abs(y[moving]) + 1e-300
                sizes = np.abs(slopes(np.ones(len(moving)))).max(axis=1)
                u, _, status, _ = fsolve(residuals, np.ones(len(moving)), fprime=slopes, xtol=1e-11, full_output=True)
                full(u)
            if status != 1 or (y[moving] < 0).any():
                y[:] = self.solve(dials, start, (0.0, self.problem.settle_for), None)[-1]
            out[n] = y
        return out


class _Tight(LsodaMath):
    name = "reference"


def reference(problem: Any, dials: np.ndarray, times: np.ndarray, method: str = "LSODA") -> np.ndarray:
    """A time course at rtol 1e-12 with the exact Jacobian."""
    tool = _Tight(problem, 1e-12, 1e-16)
    tool.method = method  # type: ignore[misc]
    return tool.run(dials, times)


def sensitivity_reference(problem: Any, dials: np.ndarray, times: np.ndarray, which: tuple[int, ...]) -> np.ndarray:
    """d(state)/d(dial) from the variational equations, with the exact Jacobian; (time, state, dial)."""
    import cmath

    tool = _Tight(problem, 1e-10, 1e-14)
    code, plane = tool.code, tool.system.functions(exp=cmath.exp, log=cmath.log, sqrt=cmath.sqrt)
    n, q = len(problem.y0), len(which)
    constants = code["prepare"](dials)
    step = 1e-200
    bent = []
    for i in which:
        moved = dials.astype(complex)
        moved[i] += 1j * step * dials[i]
        bent.append((plane["prepare"](moved), step * dials[i]))
    matrix = np.zeros((n, n))
    # Sensitivities are integrated per relative change of the dial: all are then about as large as the states.
    relative = dials[list(which)]

    def slopes(t: float, z: np.ndarray) -> np.ndarray:
        y = z[:n].tolist()
        matrix[code["ROWS"], code["COLUMNS"]] = code["jacobian"](y, constants)
        out = np.empty_like(z)
        out[:n] = code["rates"](y, constants)
        direct = np.array([[r.imag / h for r in map(complex, plane["rates"](y, k))] for k, h in bent])
        out[n:] = (z[n:].reshape(q, n) @ matrix.T + direct * relative[:, None]).ravel()
        return out

    def jacobian(t: float, z: np.ndarray) -> np.ndarray:
        matrix[code["ROWS"], code["COLUMNS"]] = code["jacobian"](z[:n].tolist(), constants)
        return np.kron(np.eye(q + 1), matrix)

    def solve(z: np.ndarray, span: tuple[float, float], at: np.ndarray) -> np.ndarray:
        found = solve_ivp(slopes, span, z, method="LSODA", t_eval=at, rtol=tool.rtol, atol=tool.atol, jac=jacobian)
        if not found.success:
            raise RuntimeError(found.message)
        return found.y.T

    before, after = tool.split(times)
    z = np.concatenate([problem.y0, np.zeros(n * q)])
    first = solve(z, (0.0, problem.at), np.append(before, problem.at))
    z = first[-1].copy()
    z[:n] += problem.dose
    found = np.concatenate([first[:-1], solve(z, (problem.at, problem.end), after)])[:, n:]
    return found.reshape(len(times), q, n).transpose(0, 2, 1) / relative


def steady_reference(problem: Any, table: np.ndarray) -> np.ndarray:
    """Steady states by long integration and Newton's method with conserved totals, checked by their residual."""
    tool = _Tight(problem, 1e-8, 1e-13)
    free, laws = tool.balances()
    moving = tool.system.free
    out = []
    for dials in table:
        start = tool.steady_start
        y = tool.solve(dials, start, (0.0, 4 * problem.settle_for), None)[-1]
        constants = tool.code["prepare"](dials)
        for _ in range(30):
            matrix = np.zeros((len(y), len(y)))
            matrix[tool.code["ROWS"], tool.code["COLUMNS"]] = tool.code["jacobian"](y.tolist(), constants)
            full = np.vstack([matrix[free], laws])[:, moving]
            right = np.concatenate([np.array(tool.code["rates"](y.tolist(), constants))[free], laws @ (y - start)])
            size = np.abs(full).max(axis=1)
            step = np.linalg.solve(full / size[:, None], right / size)
            y[moving] -= step
            if np.all(np.abs(step) <= 1e-13 * np.abs(y[moving])):
                break
        out.append(y)
    return np.stack(out)
