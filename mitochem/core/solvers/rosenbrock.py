"""Rodas5P as a method of SciPy's `solve_ivp`: stiff solves of order 5 without iterations.

Importing this module imports SciPy's integrators; the rest of the package asks for it only when it solves something.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import DenseOutput, OdeSolver

# LAPACK itself, because eight solves of a small system per step would otherwise be mostly argument checks, and
# because it reports a singular matrix as a number rather than a warning.
from scipy.linalg.lapack import dgetrf, dgetrs

from . import rodas5p as tableau

__all__ = ["Rodas5P", "RosenbrockOutput"]

EPS = float(np.finfo(float).eps)
TINY = float(np.finfo(float).tiny)

SAFETY = 0.9
SMALLEST_FACTOR, LARGEST_FACTOR = 0.2, 6.0
"""Limits of the ratio of one step to the last."""

NOT_FINITE_FACTOR = 0.1
"""How much shorter a step is tried after one that met numbers which are not finite."""

PROPORTIONAL, INTEGRAL = 0.4 / (tableau.ERROR_ORDER + 1), 0.7 / (tableau.ERROR_ORDER + 1)
"""Exponents of the last and the present error in the step control: Hairer & Wanner II, section IV.2, eq. (2.43c)."""

TIME_FRACTION = 1e-4
"""Part of a step over which f is differenced in time, where rounding and truncation are both far below the error."""


def _square(rows: tuple[tuple[float, ...], ...]) -> Any:
    return np.array([[*row, *[0.0] * (tableau.STAGES - len(row))] for row in rows])


A, C = _square(tableau.A), _square(tableau.C)
SOLUTION, DENSE = np.array(tableau.SOLUTION), np.array(tableau.DENSE)


class Rodas5P(OdeSolver):
    """Rosenbrock-Wanner method of order 5 with eight stages and one factored matrix per step.

    Use it as ``solve_ivp(f, span, y0, method=Rodas5P, jac=jac)``. It is L-stable and stiffly accurate, and needs no
    iteration, so nothing in it can fail to converge. It does need the true Jacobian at every step: an approximate
    ``jac`` (frozen, or with entries left out) costs it its order. A step costs one Jacobian, one factorisation and
    eight evaluations of f. It is controlled by the difference from an embedded solution of order 4 in SciPy's norm
    (root mean square of the error over ``atol + rtol * max(abs(y), abs(y_new))``) and a PI controller; dense output is
    of order 4.

    Where a fast mode follows a slow one the order is 4 however stiff it is (Prothero-Robinson), and the error estimate
    falls more slowly still, so that steps at tight tolerances are shorter, and results better, than asked for.

    A trial step on which f is not finite is repeated with a shorter one. A solve fails when f or its Jacobian is not
    finite at the start of a step, or when the step falls to the spacing of floating-point numbers.

    Parameters
    ----------
    fun, t0, y0, t_bound, vectorized
        As for every `scipy.integrate.OdeSolver`. Complex states are not supported.
    max_step : float
        Longest step.
    rtol, atol : float or array_like
        Relative and absolute tolerance; ``atol`` may be an array with one value per state.
    jac : callable, array_like or None
        ``jac(t, y)``, or a constant matrix; sparse ones are made dense. Without it, forward differences are taken at
        every step, whose evaluations of f are not counted in ``nfev`` (SciPy's convention) and which limit what can be
        had to about ``rtol = 1e-9``.
    autonomous : bool
        True if f does not depend on time: saves two of ten evaluations per step, those for df/dt.
    first_step : float or None
        First step to try; by default chosen from f and its change along a short Euler step.

    References
    ----------
    Method and coefficients: Steinebach (2023) BIT Numer. Math. 63, 27, doi 10.1007/s10543-023-00967-x. First step:
    Hairer, Nørsett & Wanner (1993) Solving Ordinary Differential Equations I, 2nd ed., section II.4. Step control:
    Gustafsson (1991) ACM Trans. Math. Softw. 17, 533. Increments of the differences: Hindmarsh et al. (2005) ACM Trans.
    Math. Softw. 31, 363 (CVODE).
    """

    t: float
    y: Any
    n: int
    direction: float

    def __init__(
        self,
        fun: Callable[[float, Any], Any],
        t0: float,
        y0: Any,
        t_bound: float,
        max_step: float = math.inf,
        rtol: Any = 1e-3,
        atol: Any = 1e-6,
        jac: Any = None,
        vectorized: bool = False,
        first_step: float | None = None,
        autonomous: bool = False,
        **extraneous: Any,
    ) -> None:
        if extraneous:
            names = ", ".join(map(repr, extraneous))
            warnings.warn(f"Rodas5P has no use for {names}.", stacklevel=2)
        super().__init__(fun, t0, y0, t_bound, vectorized, support_complex=False)
        self.rtol, self.atol = _tolerances(rtol, atol, self.n)
        if not max_step > 0:
            raise ValueError(f"max_step = {max_step} must be positive.")
        if first_step is not None and not 0 < first_step <= abs(t_bound - t0) * (1 + EPS):
            raise ValueError(f"first_step = {first_step} must be positive and at most the span, {abs(t_bound - t0)}.")
        self.max_step, self.autonomous = max_step, autonomous
        self._jac = self._jacobian_of(jac)
        self._f: Any = self._at(self.t, self.y)
        if self._f.shape != self.y.shape:
            raise ValueError(f"f gives shape {self._f.shape}; the state has shape {self.y.shape}.")
        self.h_abs = self._first_step() if first_step is None else first_step
        self._error_before = 1.0
        self._last: tuple[Any, Any] = (self.y, np.zeros((tableau.STAGES, self.n)))

    def _at(self, t: float, y: Any) -> Any:
        """f as an array of our own: what is kept must survive an f that fills the same array at every call."""
        return np.array(self.fun(t, y))

    def _jacobian_of(self, jac: Any) -> Callable[[float, Any, Any], Any]:
        """``jac`` in one form, a function of t, y and f(t, y), whatever the user gave."""

        def dense(matrix: Any) -> Any:
            out = np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, dtype=float)
            if out.shape != (self.n, self.n):
                raise ValueError(f"jac has shape {out.shape}; {self.n} states need {(self.n, self.n)}.")
            return out

        if jac is None:
            return self._differences
        if callable(jac):
            return lambda t, y, f: dense(jac(t, y))
        constant = dense(jac)
        return lambda t, y, f: constant

    def _differences(self, t: float, y: Any, f: Any) -> Any:
        """Forward differences; no increment is so small that it drowns in the rounding of f over this step."""
        scale = self._scale(y, y)
        smallest = 1000 * self.h_abs * EPS * self.n * _rms(f / scale)
        increments = np.maximum(math.sqrt(EPS) * np.abs(y), (smallest or 1.0) * scale)
        shifted = y[:, None] + np.diag(increments)
        return (self.fun_vectorized(t, shifted) - f[:, None]) / (np.diag(shifted) - y)

    def _time_derivative(self, t: float, y: Any, f: Any) -> Any:
        """df/dt of order 2 from times inside the step: f may not be defined, or smooth, before its start."""
        ahead = max(TIME_FRACTION * min(self.h_abs, abs(self.t_bound - t) / 2), 16 * float(np.spacing(abs(t))))
        ahead = (t + self.direction * ahead) - t  # what the sum makes of it
        one, two = self._at(t + ahead, y), self._at(t + 2 * ahead, y)
        return (4 * (one - f) - (two - f)) / (2 * ahead)

    def _scale(self, y: Any, y_new: Any) -> Any:
        # A state and an absolute tolerance of zero are an error of zero, not of 0/0.
        return np.maximum(self.atol + self.rtol * np.maximum(np.abs(y), np.abs(y_new)), TINY)

    def _first_step(self) -> float:
        span = abs(self.t_bound - self.t)
        if self.n == 0 or span == 0 or not np.isfinite(self._f).all():
            return span
        scale = self._scale(self.y, self.y)
        size, slope = _rms(self.y / scale), _rms(self._f / scale)
        euler = 1e-6 if min(size, slope) < 1e-5 else 0.01 * size / slope
        euler = min(euler, span, self.max_step)
        f = self.fun(self.t + self.direction * euler, self.y + self.direction * euler * self._f)
        if not np.isfinite(f).all():
            return 0.01 * euler
        steepest = max(slope, _rms((f - self._f) / scale) / euler)
        if steepest <= 1e-15:
            step = max(1e-6, 1e-3 * euler)
        else:
            step = (0.01 / steepest) ** (1 / (tableau.ERROR_ORDER + 1))
        return float(min(100 * euler, step, span, self.max_step))

    def _step_impl(self) -> tuple[bool, str | None]:
        t, y = self.t, self.y
        f = self._at(t, y) if self._f is None else self._f
        if not np.isfinite(f).all():
            return False, f"The right-hand side is not finite at t = {t:.9g}."
        shortest = 10 * abs(float(np.nextafter(t, self.direction * math.inf)) - t)
        self.h_abs = max(min(self.h_abs, self.max_step), shortest)
        jacobian = self._jac(t, y, f)
        self.njev += 1
        if not np.isfinite(jacobian).all():
            return False, f"The Jacobian is not finite at t = {t:.9g}."
        slope = None if self.autonomous else self._time_derivative(t, y, f)
        if slope is not None and not np.isfinite(slope).all():
            return False, f"The time derivative of the right-hand side is not finite at t = {t:.9g}."
        rejected = False
        while self.h_abs >= shortest:
            t_new = t + self.direction * self.h_abs
            if self.direction * (t_new - self.t_bound) > 0:
                t_new = self.t_bound
            h = t_new - t
            stages = self._stages(t, y, h, f, jacobian, slope)
            y_new = y + SOLUTION @ stages if stages is not None else np.full(self.n, math.nan)
            if not np.isfinite(y_new).all():
                self.h_abs, rejected = NOT_FINITE_FACTOR * abs(h), True
                continue
            error = max(_rms(stages[-1] / self._scale(y, y_new)), 1e-10)
            if not error <= 1:
                factor = max(SMALLEST_FACTOR, SAFETY * error ** (-1 / (tableau.ERROR_ORDER + 1)))
                self.h_abs, rejected = abs(h) * factor, True
                continue
            factor = SAFETY * error**-INTEGRAL * self._error_before**PROPORTIONAL
            # What was just rejected is not tried again at once.
            largest = 1.0 if rejected else LARGEST_FACTOR
            self.h_abs = abs(h) * min(largest, max(SMALLEST_FACTOR, factor))
            # An error far below the tolerance says little about the next; it should not hold the step back.
            self._error_before = max(error, 1e-3)
            self._last, self._f = (y, stages), None
            self.t, self.y = t_new, y_new
            return True, None
        return False, f"The step size fell to the spacing of floating-point numbers at t = {t:.9g}."

    def _stages(self, t: float, y: Any, h: float, f: Any, jacobian: Any, slope: Any) -> Any:
        """The eight stages, or None if the matrix is singular or f is not finite on the way."""
        matrix = -jacobian
        matrix.flat[:: self.n + 1] += 1 / (tableau.GAMMA * h)
        lower_upper, pivots, singular = dgetrf(matrix, overwrite_a=True)
        self.nlu += 1
        if singular:
            return None
        stages = np.zeros((tableau.STAGES, self.n))
        for i in range(tableau.STAGES):
            if i:
                f = self.fun(t + tableau.NODES[i] * h, y + A[i, :i] @ stages[:i])
                if not np.isfinite(f).all():
                    return None
            right = f + C[i, :i] @ stages[:i] / h
            if slope is not None:
                right += tableau.TIME[i] * h * slope
            stages[i] = dgetrs(lower_upper, pivots, right)[0]
        return stages

    def _dense_output_impl(self) -> RosenbrockOutput:
        return RosenbrockOutput(self.t_old, self.t, self._last[0], self.y, DENSE @ self._last[1])


class AutonomousRodas5P(Rodas5P):
    """Rodas5P of a system whose rates do not depend on time, as in a segment of a protocol."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options | {"autonomous": True})


class RosenbrockOutput(DenseOutput):
    """The solution inside one step, a polynomial of degree 4 through both its ends."""

    def __init__(self, t_old: float, t: float, y_old: Any, y: Any, bends: Any) -> None:
        super().__init__(t_old, t)
        self.y_old, self.y, self.bends = y_old, y, bends

    def _call_impl(self, t: Any) -> Any:
        theta = (t - self.t_old) / (self.t - self.t_old)
        start, end, d2, d3, d4 = (v.reshape(-1, *[1] * t.ndim) for v in (self.y_old, self.y, *self.bends))
        return (1 - theta) * start + theta * (end + (1 - theta) * (d2 + theta * (d3 + theta * d4)))


def _rms(x: Any) -> float:
    return math.sqrt(float(x @ x) / x.size)


def _tolerances(rtol: Any, atol: Any, n: int) -> tuple[Any, Any]:
    rtol, atol = np.asarray(rtol, dtype=float), np.asarray(atol, dtype=float)
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value.ndim and value.shape != (n,):
            raise ValueError(f"{name} has shape {value.shape}; give one number or one per state, {(n,)}.")
        if not (value >= 0).all():
            raise ValueError(f"{name} must not be negative.")
    if (rtol < 100 * EPS).any():
        warnings.warn(f"rtol below {100 * EPS:.2g} cannot be met; that value is used.", stacklevel=3)
        rtol = np.maximum(rtol, 100 * EPS)
    return rtol, atol
