"""The functions laws are written with: right at zero, at ±800 and where capacities vanish, in every reading.

The exact values are computed here by mpmath with 60 digits from the textbook formula, which at that precision neither
cancels nor overflows.
"""

import math

import mpmath
import numpy as np
import pytest
import sympy
import xarray

from mitochem import cosh, exp, expm1, kernel, log, log10, logistic, sinh, softplus, sqrt, tanh, where, x_over_expm1
from mitochem.core.functions import FUNCTIONS

mpmath.mp.dps = 60

# Zero, the switches of the implementations, what rounds away beside 1, and ±800, where e^x overflows.
ONE_ARGUMENT = sorted(
    {
        s * x
        for s in (-1, 1)
        for x in (0.0, 1e-300, 1e-17, 1e-9, 9.9e-5, 1.1e-4, 9e-3, 1.1e-2, 0.3, 1, 3, 37, 709, 710, 745, 800)
    }
)
CAPACITIES = [(100.0, 2.5), (2.5, 100.0), (1e-12, 1.0), (1.0, 1e-12), (1e-300, 1e-300), (1e6, 1e6)]
AFFINITIES = [-800.0, -710.0, -40.0, -1.0, -1e-9, 0.0, 1e-9, 1.0, 40.0, 710.0, 800.0]

# A few roundings of a double; the slope of x/(e^x - 1) cancels to second order near its series switch at 0.01.
RTOL = 1e-14


def exact_logistic(x):
    return 1 / (1 + mpmath.exp(-mpmath.mpf(x)))


def exact_softplus(x):
    return mpmath.log1p(mpmath.exp(mpmath.mpf(x)))


def exact_x_over_expm1(x):
    x = mpmath.mpf(x)
    return x / mpmath.expm1(x) if x else mpmath.mpf(1)


def exact_slope(x):
    x = mpmath.mpf(x)
    if abs(x) < mpmath.mpf(10) ** -15:
        return -mpmath.mpf(1) / 2 + x / 6
    return (mpmath.expm1(x) - x * mpmath.exp(x)) / mpmath.expm1(x) ** 2


def exact_kernel(x, f, r):
    x, f, r = map(mpmath.mpf, (x, f, r))
    return mpmath.expm1(x) / (mpmath.exp(x) / f + 1 / r)


ONE = {
    "logistic": (logistic, exact_logistic, RTOL),
    "softplus": (softplus, exact_softplus, RTOL),
    "x_over_expm1": (x_over_expm1, exact_x_over_expm1, RTOL),
    # (q(1-q) - xq)/(1-q)^2 just above |x| = 0.01 loses two powers of x: 1e-16/1e-4 relative to a value of 1/2.
    "x_over_expm1_slope": (FUNCTIONS["x_over_expm1_slope"], exact_slope, 1e-11),
}


@pytest.mark.parametrize("name", ONE)
@pytest.mark.parametrize("x", ONE_ARGUMENT)
def test_primitives_are_right_from_zero_to_overflow(name, x):
    function, formula, rtol = ONE[name]
    expected = float(formula(x))
    # Towards the smallest double (2e-308) relative accuracy is not to be had, nor needed.
    assert function(x) == pytest.approx(expected, rel=rtol, abs=1e-300)
    assert function(np.array([x]))[0] == pytest.approx(expected, rel=rtol, abs=1e-300)


@pytest.mark.parametrize("x", AFFINITIES)
@pytest.mark.parametrize(("f", "r"), CAPACITIES)
def test_kernel_is_the_ratio_of_exponentials_everywhere(x, f, r):
    expected = float(exact_kernel(x, f, r))
    if f * r < 1e-300:  # products of such capacities underflow; what matters is that nothing breaks
        assert abs(kernel(x, f, r)) <= max(f, r)
        return
    assert kernel(x, f, r) == pytest.approx(expected, rel=RTOL)
    assert kernel(np.array([x]), f, r)[0] == pytest.approx(expected, rel=RTOL)


@pytest.mark.parametrize("x", AFFINITIES)
def test_kernel_has_the_sign_of_the_affinity(x):
    assert kernel(x, 3.0, 7.0) * x >= 0
    assert (kernel(x, 3.0, 7.0) == 0) == (x == 0)


def test_kernel_saturates_at_its_capacities():
    assert kernel(800.0, 3.0, 7.0) == 3.0
    assert kernel(-800.0, 3.0, 7.0) == -7.0


def test_kernel_slope_at_equilibrium_is_that_of_two_resistances_in_series():
    step = 1e-6
    slope = (kernel(step, 3.0, 7.0) - kernel(-step, 3.0, 7.0)) / (2 * step)
    assert slope == pytest.approx(1 / (1 / 3 + 1 / 7), rel=1e-9)  # central difference: error of order step^2


@pytest.mark.parametrize("x", [*AFFINITIES, 0.5])
@pytest.mark.parametrize(("f", "r"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0)])
def test_a_vanishing_capacity_stops_the_step_and_breaks_nothing(x, f, r):
    for reading in (kernel(x, f, r), kernel(np.array([x]), f, r)[0]):
        assert np.isfinite(reading)
        # A step with no capacity one way carries nothing that way; the other way it is limited by it as well.
        assert reading == 0 or (x > 700 and f > 0) or (x < -700 and r > 0)


@pytest.mark.parametrize("x", [*AFFINITIES, 0.5, 400.0, -400.0])
@pytest.mark.parametrize(("f", "r"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0)])
@pytest.mark.parametrize("which", ["affinity", "forward", "reverse"])
def test_slopes_where_a_capacity_vanishes_are_numbers(x, f, r, which):
    """d/df at f = 0 is truly -e^|x| behind equilibrium; it may be large, but it must not raise or be NaN."""
    slope = FUNCTIONS[f"kernel_slope_{which}"]
    with np.errstate(over="ignore"):
        one, many = slope(x, f, r), slope(np.array([x]), f, r)[0]
    assert not np.isnan(one)
    assert one == pytest.approx(many, rel=1e-13)


# --- derivatives ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "formula"), [(n, ONE[n][1]) for n in ("logistic", "softplus", "x_over_expm1")])
@pytest.mark.parametrize("x", [-800.0, -30.0, -1.0, -0.02, -1e-3, 0.0, 1e-3, 0.02, 1.0, 30.0, 800.0])
def test_derivatives_of_one_argument(name, formula, x):
    found = ONE[name][0].derivatives[0](x)
    exact = mpmath.diff(formula, mpmath.mpf(x), h=mpmath.mpf(10) ** -20)
    # The reference is a difference over 1e-20 with 60 digits: good to some 20 digits.
    assert found == pytest.approx(float(exact), rel=1e-11, abs=1e-307)


@pytest.mark.parametrize("x", AFFINITIES)
@pytest.mark.parametrize(("f", "r"), [(100.0, 2.5), (1e-6, 3.0), (3.0, 1e-6)])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_derivatives_of_the_kernel(x, f, r, which):
    point = (x, f, r)
    order = tuple(int(i == which) for i in range(3))
    with mpmath.workdps(800):  # slopes as small as e^-800 beside values of 1
        exact = mpmath.diff(exact_kernel, point, order, h=mpmath.mpf(10) ** -350)
    found = kernel.derivatives[which](*point)
    assert found == pytest.approx(float(exact), rel=1e-11, abs=1e-290)
    array = kernel.derivatives[which](np.array([x]), np.array([f]), np.array([r]))
    assert array[0] == pytest.approx(found, rel=1e-13, abs=1e-300)


def test_derivatives_of_symbols_are_primitives_again():
    x, f, r = sympy.symbols("x f r", real=True)
    for expression, argument in ((kernel(x, f, r), x), (logistic(x), x), (softplus(x), x), (x_over_expm1(x), x)):
        text = str(expression.diff(argument))
        assert "exp(" not in text, f"{text} could overflow"


@pytest.mark.parametrize("function", [exp, expm1, log, log10, sinh, cosh, tanh, sqrt])
def test_elementary_functions_and_their_symbols_agree(function):
    x = sympy.Symbol("x", real=True)
    for value in (0.2, 1.0, 3.7):
        number = function(value)
        assert float(function(x).xreplace({x: sympy.Float(value, 30)}).evalf(25)) == pytest.approx(number, rel=1e-14)
        slope = float(function(x).diff(x).xreplace({x: sympy.Float(value, 30)}).evalf(25))
        step = 1e-5
        secant = (function(value + step) - function(value - step)) / (2 * step)
        assert slope == pytest.approx(secant, rel=1e-8)  # central difference: step^2 and rounding/step


def test_floats_overflow_as_arrays_do():
    """A trial step of a solver meets a number that is large or not a number, never an exception."""
    with np.errstate(all="ignore"):
        for function in (exp, expm1, sinh, cosh, tanh, log, log10, sqrt, logistic, softplus, x_over_expm1):
            for value in (-800.0, -1.0, 0.0, 800.0, math.inf, math.nan):
                one, many = function(value), function(np.array([value]))[0]
                assert one == many or (math.isnan(one) and np.isnan(many)), (function, value, one, many)


def test_readings_keep_their_shape_and_names():
    table = xarray.DataArray([[0.0, 1.0]], dims=("a", "b"))
    for function in (exp, logistic, softplus, x_over_expm1):
        assert function(table).dims == ("a", "b")
        assert function(np.zeros((2, 3))).shape == (2, 3)
    assert kernel(table, 1.0, 2.0).dims == ("a", "b")
    assert kernel(np.zeros((2, 1)), np.ones(3), 1.0).shape == (2, 3)


def test_where_chooses_in_every_reading():
    x = sympy.Symbol("x", real=True)
    assert where(True, 1.0, 2.0) == 1.0
    assert where(1.0 > 2.0, 1.0, 2.0) == 2.0
    np.testing.assert_array_equal(where(np.array([True, False]), 1.0, 2.0), [1.0, 2.0])
    assert where(xarray.DataArray([True], dims="a"), 1.0, 2.0).dims == ("a",)
    assert where(x > 0, x, -x).subs(x, -3) == 3


def test_quantities_in_an_exponent_must_be_pure_numbers():
    import pint

    from mitochem.core.units import registry

    Q = registry().Quantity
    assert exp(Q(1.0, "mV") / Q(1.0, "mV")).magnitude == pytest.approx(math.e, rel=1e-15)
    with pytest.raises(pint.DimensionalityError):
        exp(Q(1.0, "mV"))
    assert kernel(Q(1.0, "dimensionless"), Q(1.0, "nmol/min"), Q(60.0, "nmol/hour")).check("[substance]/[time]")
