"""Small laws and problems that the tests of fitting share; in a module, so that workers and records find them."""

import numpy as np

from mitochem.fitting import Experiment, Free, Law, Problem

X = np.linspace(1.0, 8.0, 8)
SCATTER = np.array([0.31, -0.42, 0.18, 0.05, -0.36, 0.44, -0.27, 0.11])


def line(x, a, b):
    return a + b * x


def saturation(x, top, half):
    return top * x / (half + x)


def decay(x, rate, top):
    return top * np.exp(-rate * x)


def two_valleys(x, a):
    """Fits best at a = 3 and, not as well, near a = -2."""
    return x * (a - 3.0) * (a + 2.0) * (1.0 + 0.1 * (a - 3.0)) + 0.5 * np.tanh(3.0 - a) * x


LINE = Law(line, "y", {"x": "mM", "a": "1", "b": "1", "y": "1"})
SATURATION = Law(
    saturation, "y", {"x": "mM", "top": "1", "half": "mM", "y": "1"}, bounds={"top": (0, None), "half": (0, None)}
)


def straight(y=None, x=X, **options):
    """A line through points, on linear scales."""
    y = line(X, 2.0, 0.7) + SCATTER if y is None else y
    return Problem(LINE, Experiment({"x": x}, {"y": y}, **options), {"a": Free(start=1.0), "b": Free(start=1.0)})


def saturating(y=None, x=X, free=None, **options):
    """A rectangular hyperbola through points, on logarithmic scales."""
    y = saturation(x, 10.0, 3.0) + SCATTER if y is None else y
    free = {"top": Free(start=5.0), "half": Free(start=1.0)} if free is None else free
    return Problem(SATURATION, Experiment({"x": x}, {"y": y}, **options), free)


def linear_theory(x, y, noise=1.0):
    """Estimates and covariance for unit variance of a line by hand: (XᵀWX)⁻¹XᵀWy."""
    design = np.stack([np.ones_like(x), x], axis=1) / np.broadcast_to(noise, x.shape)[:, None]
    unit = np.linalg.inv(design.T @ design)
    return unit @ design.T @ (y / noise), unit
