"""Elementary functions on lanes against 200-bit arithmetic, at the edges, and lane by lane."""

import math

import mpmath
import numpy as np
import pytest

from mitochem.core.functions import FUNCTIONS
from mitochem.core.lanes.trace import WIDTH

pytest.importorskip("numba")

from on_lanes import OnLanes, truth

RNG = np.random.default_rng(4)
mpmath.mp.prec = 200


def uniform(low, high, count=1500):
    return RNG.uniform(low, high, count)


def decades(low, high, count=1500, signs=(1, -1)):
    return 10.0 ** uniform(low, high, count) * RNG.choice(signs, count)


positive = {"signs": (1,)}
# Bounds in units in the last place: measured worst over these ranges, rounded up. A power through logarithms loses one
# unit for each that its exponent has, so general powers are held to that.
CASES = {
    "exp": (np.exp, mpmath.exp, [uniform(-707.6, 709.78), decades(-20, 0), uniform(-0.35, 0.35)], 1),
    "expm1": (np.expm1, mpmath.expm1, [uniform(-60, 60), uniform(-700, 709.7), decades(-20, 0), uniform(-1, 1)], 2),
    "log": (np.log, mpmath.log, [decades(-307, 308, **positive), uniform(0.7, 1.42), 1 + decades(-15.6, -2)], 1),
    "log of subnormal": (np.log, mpmath.log, [uniform(5e-324, 2.2e-308)], 1),
    "log1p": (np.log1p, mpmath.log1p, [decades(-20, -0.1), uniform(-0.99, 5), decades(0, 300, **positive)], 2),
    "log10": (np.log10, mpmath.log10, [decades(-307, 308, **positive), uniform(0.7, 1.42)], 3),
    "sinh": (np.sinh, mpmath.sinh, [uniform(-709, 709), uniform(-1, 1), decades(-20, 0)], 2),
    "cosh": (np.cosh, mpmath.cosh, [uniform(-709, 709), uniform(-1, 1), decades(-20, 0)], 2),
    "tanh": (np.tanh, mpmath.tanh, [uniform(-25, 25), uniform(-1, 1), decades(-20, 300)], 3),
    "sqrt": (np.sqrt, mpmath.sqrt, [decades(-320, 308, **positive)], 0.5),
    "x^2": (lambda x: x**2, lambda x: x**2, [decades(-150, 150)], 0.5),
    "x^7": (lambda x: x**7, lambda x: x**7, [decades(-40, 40)], 4),
    "x^-3": (lambda x: x**-3, lambda x: x**-3, [decades(-90, 90)], 3),
    "x^0.5": (lambda x: x**0.5, mpmath.sqrt, [decades(-320, 308, **positive)], 0.5),
    "x^-0.5": (lambda x: x**-0.5, lambda x: 1 / mpmath.sqrt(x), [decades(-320, 300, **positive)], 1.5),
    "x^(1/3)": (lambda x: x ** (1 / 3), lambda x: x ** mpmath.mpf(1 / 3), [decades(-3, 3, **positive)], 4),
    "x^2.5": (lambda x: x**2.5, lambda x: x ** mpmath.mpf(2.5), [decades(-3, 3, **positive)], 30),
    "x^2.5 far out": (lambda x: x**2.5, lambda x: x ** mpmath.mpf(2.5), [decades(-120, 120, **positive)], 1200),
}


def worst_error(got, x, exact):
    """Largest error in units in the last place, and where."""
    worst = (0.0, None)
    for value, at in zip(got, x):
        true = exact(mpmath.mpf(float(at)))
        error = abs(mpmath.mpf(float(value)) - true) / math.ulp(float(true)) if math.isfinite(value) else math.inf
        worst = max(worst, (float(error), float(at)))
    return worst


@pytest.mark.parametrize("name", CASES)
def test_functions_are_right_to_their_last_digits(name):
    function, exact, points, bound = CASES[name]
    x = np.concatenate(points)
    error, at = worst_error(OnLanes(function, 1)(x), x, exact)
    assert error <= bound, f"{name}({at!r}) is {error:.3g} units in the last place off"


EDGES = np.array(
    [
        0.0,
        -0.0,
        math.inf,
        -math.inf,
        math.nan,
        5e-324,
        -5e-324,
        1e-310,
        2.3e-308,
        1.0,
        -1.0,
        800.0,
        -800.0,
        1e308,
        -1e308,
    ]
)


@pytest.mark.parametrize("name", [n for n, (f, *_) in CASES.items() if "." not in n and "/" not in n])
def test_edges_are_those_of_numpy(name):
    function = CASES[name][0]
    with np.errstate(all="ignore"):
        expected = function(EDGES)
    found = OnLanes(function, 1)(EDGES)
    if name == "log1p":
        found, expected = (np.where(EDGES == -1.0, 0.0, v) for v in (found, expected))  # see the next test
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0)


def test_what_is_lost_at_the_edges_is_known():
    # e^x that would be subnormal is 0, and halves of infinities are infinite: relative accuracy is gone there anyway.
    assert (OnLanes(np.exp, 1)(uniform(-745, -707.71)) == 0.0).all()
    assert np.isinf(OnLanes(np.sinh, 1)([710.2, -710.2])).all()
    assert not np.isfinite(OnLanes(np.log1p, 1)([-1.0, -1.5])).any()


def test_powers_of_lanes_are_those_of_numpy():
    x, power = np.meshgrid(decades(-3, 3, 40, **positive), [0.0, 1.0, -1.0, 2.0, 0.37, -2.6])
    np.testing.assert_allclose(OnLanes(lambda a, b: a**b, 2)(x, power), (x**power).ravel(), rtol=1e-14)
    np.testing.assert_allclose(OnLanes(lambda b: 2.5**b, 1)(power), (2.5**power).ravel(), rtol=1e-14)
    assert OnLanes(lambda a, b: a**b, 2)(0.0, 2.0) == 0.0
    assert OnLanes(lambda a, b: a**b, 2)(0.0, 0.0) == 1.0


PAIRS = np.array([(a, b) for a in EDGES for b in EDGES]).T


@pytest.mark.parametrize("function", [np.maximum, np.minimum])
def test_the_larger_and_the_smaller(function):
    expected = function(*PAIRS)
    np.testing.assert_array_equal(OnLanes(function, 2)(*PAIRS), expected)
    np.testing.assert_array_equal(OnLanes(lambda a: function(a, 3.0), 1)(EDGES), function(EDGES, 3.0))


COMPARISONS = [
    lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b, lambda a, b: a >= b, lambda a, b: a == b,
    lambda a, b: a != b, lambda a, b: (a < b) | (a != a), lambda a, b: (a < 1.0) & ~(b > 2.0),
    lambda a, b: np.isfinite(a),
]  # fmt: skip


@pytest.mark.parametrize("which", range(len(COMPARISONS)))
def test_comparisons_with_what_is_not_a_number(which):
    compare = COMPARISONS[which]
    found = OnLanes(lambda a, b: truth(compare(a, b)), 2)(*PAIRS)
    np.testing.assert_array_equal(found, truth(compare(*PAIRS)))


def test_where_chooses_lane_by_lane_and_keeps_the_rest_out():
    choose = OnLanes(lambda a, b: np.where(a > 0.0, np.log(np.abs(a)), b), 2)
    a, b = np.array([1.0, -1.0, math.e, math.nan, 0.0]), np.array([7.0, math.inf, 7.0, 7.0, math.nan])
    np.testing.assert_allclose(choose(a, b), [0.0, math.inf, 1.0, 7.0, math.nan])
    np.testing.assert_array_equal(OnLanes(lambda a: np.where(a > 0.0, 1.0, 0.0), 1)(a), [1.0, 0.0, 1.0, 0.0, 0.0])


@pytest.mark.parametrize("name", CASES)
def test_a_lane_does_not_feel_the_others(name):
    function, _, points, _ = CASES[name]
    lanes, x = OnLanes(function, 1), np.concatenate([points[0][:40], EDGES])
    alone = np.concatenate([lanes(np.full(WIDTH, value))[:1] for value in x])
    for shift in range(WIDTH):
        np.testing.assert_array_equal(np.roll(lanes(np.roll(x, shift)), -shift).view(np.uint64), alone.view(np.uint64))


def test_a_function_without_meaning_on_lanes_says_so():
    with pytest.raises(TypeError, match=r"numpy.arctan has no meaning on lanes"):
        OnLanes(np.arctan, 1)


# --- primitives: the careful shapes of core/primitives.py ------------------------------------------------

AFFINITIES = np.concatenate([[0.0, -0.0], decades(-18, 0, 200), uniform(-40, 40, 300), uniform(-690, 690, 200)])
CAPACITIES = np.stack([decades(-8, 8, AFFINITIES.size, **positive), decades(-8, 8, AFFINITIES.size, **positive)])
CAPACITIES[0, ::9], CAPACITIES[1, ::11] = 0.0, 0.0
PRIMITIVES = {
    "logistic": 1, "softplus": 1, "x_over_expm1": 1, "x_over_expm1_slope": 1,
    "kernel": 3, "kernel_slope_affinity": 3, "kernel_slope_forward": 3, "kernel_slope_reverse": 3,
}  # fmt: skip


@pytest.mark.parametrize("name", PRIMITIVES)
def test_primitives_on_lanes_are_those_on_arrays(name):
    inputs = [AFFINITIES, *CAPACITIES][: PRIMITIVES[name]]
    function = FUNCTIONS[name].array
    expected, found = function(*inputs), OnLanes(function, len(inputs))(*inputs)
    # Cancellation in the slope of x/(e^x - 1) costs what it costs on arrays: 4 digits at its worst, |x| = 0.01.
    tolerance = 1e-11 if name == "x_over_expm1_slope" else 4e-15
    # e^-x below the smallest normal number is 0 on lanes.
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=1e-290)
    assert (found == 0.0).sum() >= (expected == 0.0).sum()


def test_every_primitive_is_among_those_tested():
    defined = {name for name, f in FUNCTIONS.items() if f.array.__module__ == "mitochem.core.primitives"}
    assert defined == set(PRIMITIVES)


@pytest.mark.parametrize("name", ["kernel", "logistic", "softplus"])
def test_primitives_do_not_overflow(name):
    x = np.array([-1e5, 1e5, -800.0, 800.0, 0.0])
    inputs = [x, np.full(5, 3.0), np.full(5, 2.0)][: PRIMITIVES[name]]
    expected = {"kernel": [-2, 3, -2, 3, 0], "logistic": [0, 1, 0, 1, 0.5], "softplus": [0, 1e5, 0, 800, math.log(2)]}
    np.testing.assert_allclose(OnLanes(FUNCTIONS[name].array, len(inputs))(*inputs), expected[name], atol=1e-300)
