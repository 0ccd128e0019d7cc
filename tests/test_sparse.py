"""Elimination without pivoting against LAPACK, on floats, along arrays and on lanes; its order and its fill."""

import numpy as np
import pytest

from mitochem.core.solvers.sparse import Elimination


def system(size, density, seed, points=()):
    """A pattern, entries on it whose diagonal outweighs each row (as in short implicit steps), and a right side."""
    rng = np.random.default_rng(seed)
    filled = (rng.random((size, size)) < density) | np.eye(size, dtype=bool)
    matrix = np.where(filled, rng.normal(size=(*points, size, size)) * 10.0 ** rng.uniform(-3, 3, size)[:, None], 0.0)
    off = np.abs(matrix).sum(-1) - np.abs(np.diagonal(matrix, axis1=-2, axis2=-1))
    matrix[..., np.arange(size), np.arange(size)] = rng.uniform(1.01, 3, size) * off + 1e-3
    return list(zip(*map(list, np.nonzero(filled)))), matrix, rng.normal(size=(*points, size))


def entries(pattern, matrix):
    return {(i, j): matrix[..., i, j] for i, j in pattern}


def solved(pattern, matrix, right):
    elimination = Elimination(right.shape[-1], pattern)
    factors = elimination.factor(entries(pattern, matrix))
    return np.stack(elimination.solve(factors, list(np.moveaxis(right, -1, 0))), axis=-1)


SIZES = [(1, 1.0), (2, 0.0), (3, 1.0), (7, 0.3), (12, 0.2), (16, 0.4), (30, 0.1)]


@pytest.mark.parametrize(("size", "density"), SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_elimination_solves(size, density, seed):
    pattern, matrix, right = system(size, density, seed)
    expected = np.linalg.solve(matrix, right)
    np.testing.assert_allclose(solved(pattern, matrix, right), expected, rtol=1e-10, atol=1e-13 * abs(expected).max())


@pytest.mark.parametrize(("size", "density"), SIZES)
def test_elimination_solves_along_a_batch(size, density):
    pattern, matrix, right = system(size, density, 9, (50,))
    expected = np.linalg.solve(matrix, right[..., None])[..., 0]
    found = solved(pattern, matrix, right)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13 * abs(expected).max())
    one_by_one = np.stack([solved(pattern, a, b) for a, b in zip(matrix, right)])
    np.testing.assert_array_equal(found, one_by_one)


@pytest.mark.parametrize(("size", "density"), SIZES)
def test_elimination_solves_on_lanes(size, density):
    pytest.importorskip("numba")
    from on_lanes import OnLanes

    pattern, matrix, right = system(size, density, 9, (50,))
    elimination = Elimination(size, pattern)

    def on_lanes(*values):
        factors = elimination.factor(dict(zip(pattern, values)))
        return elimination.solve(factors, list(values[len(pattern) :]))

    columns = [*entries(pattern, matrix).values(), *np.moveaxis(right, -1, 0)]
    found = OnLanes(on_lanes, len(columns))(*columns).reshape(size, 50).T
    expected = np.linalg.solve(matrix, right[..., None])[..., 0]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13 * abs(expected).max())


@pytest.mark.parametrize(("size", "density"), SIZES)
def test_what_fills_is_known_beforehand_and_nothing_else_does(size, density):
    pattern, matrix, _ = system(size, density, 3)
    elimination = Elimination(size, pattern)
    assert sorted(elimination.order) == list(range(size))
    factors = elimination.factor(entries(pattern, matrix))
    assert set(factors) == elimination.pattern
    # Independent: symbolic elimination on a table of truths, in the same order.
    filled = np.zeros((size, size), bool)
    filled[tuple(np.array(pattern).T)] = True
    left = set(range(size))
    for k in elimination.order:
        left.remove(k)
        rest = sorted(left)
        filled[np.ix_(rest, rest)] |= np.outer(filled[rest, k], filled[k, rest])
    assert {(int(i), int(j)) for i, j in zip(*np.nonzero(filled))} == elimination.pattern


def test_the_order_fills_an_arrow_not_at_all():
    """A hub that all others touch is taken last; taken first it would fill the whole matrix."""
    size = 9
    arrow = {(0, j) for j in range(size)} | {(j, 0) for j in range(size)} | {(i, i) for i in range(size)}
    elimination = Elimination(size, arrow)
    assert elimination.pattern == arrow
    assert elimination.order[-1] == 0 or elimination.order[-2] == 0


def test_factors_multiply_back_to_the_matrix():
    pattern, matrix, _ = system(8, 0.4, 5)
    elimination = Elimination(8, pattern)
    factors = elimination.factor(entries(pattern, matrix))
    lower, upper = np.eye(8), np.zeros((8, 8))
    place = {k: step for step, k in enumerate(elimination.order)}
    for (i, j), value in factors.items():
        if place[i] > place[j]:
            lower[place[i], place[j]] = value
        else:
            upper[place[i], place[j]] = 1 / value if i == j else value
    permuted = matrix[np.ix_(elimination.order, elimination.order)]
    np.testing.assert_allclose(lower @ upper, permuted, rtol=1e-12, atol=1e-12)


def test_the_entries_given_are_left_as_they_were():
    pattern, matrix, _ = system(6, 0.5, 1)
    given = entries(pattern, matrix)
    before = dict(given)
    Elimination(6, pattern).factor(given)
    assert given == before
