"""Whether a steady state is stable: the eigenvalue of the linearised model that is nearest to growth."""

from __future__ import annotations

from typing import Any

import numpy as np

from .problem import Problem

__all__ = ["slowest_eigenvalues"]


def slowest_eigenvalues(problem: Problem, z: Any) -> Any:
    """Largest real part of the eigenvalues at each point, shape (point,); NaN where the states are.

    Conserved totals are not among the directions, so none of the eigenvalues is zero for their sake.
    """
    size, points = z.shape
    if not size:
        return np.full(points, -np.inf)
    with np.errstate(all="ignore"):
        entries = problem.system.slopes(list(z), problem.constants)
        if size == 1:
            return np.broadcast_to(entries.get((0, 0), 0.0), points).copy()
        if size == 2:
            return _of_two(entries, points)
    scales = [problem.setting.scales[i] for i in problem.system.independent]
    matrices = np.zeros((points, size, size))
    for (r, c), value in entries.items():
        matrices[:, r, c] = value * (scales[c] / scales[r])
    usable = np.isfinite(matrices).all(axis=(1, 2)) & np.isfinite(z).all(axis=0)
    out = np.full(points, np.nan)
    out[usable] = np.linalg.eigvals(matrices[usable]).real.max(axis=1, initial=-np.inf)
    return out


def _of_two(entries: dict[tuple[int, int], Any], points: int) -> Any:
    """Both eigenvalues from trace and determinant; the one near zero without cancellation."""
    a, b, c, d = (np.broadcast_to(entries.get(place, 0.0), points) for place in ((0, 0), (0, 1), (1, 0), (1, 1)))
    half, product = (a + d) / 2, a * d - b * c
    root = np.sqrt(np.maximum(((a - d) / 2) ** 2 + b * c, 0.0))
    far = half + np.where(half > 0, root, -root)
    near = np.where(far != 0, product / far, 0.0)
    return np.where(root > 0, np.maximum(far, near), half)
