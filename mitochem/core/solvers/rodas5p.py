"""The numbers of the Rosenbrock method Rodas5P: eight stages, order 5 with an error estimate of order 4, L-stable.

One step from ``y`` to ``y_new`` over ``h``, with the Jacobian ``J`` at the start of the step, factors one matrix

    W = I / (gamma h) - J

and solves with it once per stage, without any product of a matrix and a vector:

    W k_i = f(t + node_i h, y + sum_j a_ij k_j) + sum_j (c_ij / h) k_j + time_i h df/dt      (j < i)
    y_new = y + sum_i solution_i k_i
    error = k_8
    y(t + theta h) = y + sum_i dense_weights(theta)_i k_i,    0 <= theta <= 1

The last stages repeat the solution so far (``a_7 = (a_6, 1)``, ``a_8 = (a_7, 1)``, ``solution = (a_8, 1)``), so stages
6 and 7 are each followed by an addition, the point at which stage 8 evaluates f is the solution of order 4, and the
error estimate is the last stage itself. The terms in ``df/dt`` and the nodes fall away for autonomous systems.

Everything here is a plain float or a tuple: a NumPy integrator and a code generator read the same numbers.

References
----------
G. Steinebach (2023) Construction of Rosenbrock-Wanner method Rodas5P and numerical benchmarks within the Julia
Differential Equations package. BIT Numer. Math. 63, 27, doi 10.1007/s10543-023-00967-x. The transformed form, which
spares the products with J: Hairer & Wanner (1996) Solving Ordinary Differential Equations II, 2nd ed., section IV.7.
``tests/test_rosenbrock.py`` checks the digits against the order conditions.
"""

from __future__ import annotations

__all__ = ["A", "C", "DENSE", "ERROR_ORDER", "GAMMA", "NODES", "ORDER", "SOLUTION", "STAGES", "TIME", "dense_weights"]

STAGES = 8

ORDER = 5
"""Order of the solution; global error falls as h**5."""

ERROR_ORDER = 4
"""Order of the embedded solution and of the dense output."""

GAMMA = 0.21193756319429014

_LAST = (-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946)

A: tuple[tuple[float, ...], ...] = (
    (),
    (3.0,),
    (2.849394379747939, 0.45842242204463923),
    (-6.954028509809101, 2.489845061869568, -10.358996098473584),
    (2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641),
    _LAST,
    (*_LAST, 1.0),
    (*_LAST, 1.0, 1.0),
)
"""Where each stage evaluates f: row i weighs the stages before it."""

C: tuple[tuple[float, ...], ...] = (
    (),
    (-14.155112264123755,),
    (-17.97296035885952, -2.859693295451294),
    (147.12150275711716, -1.41221402718213, 71.68940251302358),
    (165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306),
    (24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471),
    (
        30.91273214028599,
        -3.1208243349937974,
        77.79954646070892,
        34.28646028294783,
        -19.097331116725623,
        -28.087943162872662,
    ),
    (
        37.80277123390563,
        -3.2571969029072276,
        112.26918849496327,
        66.9347231244047,
        -40.06618937091002,
        -54.66780262877968,
        -9.48861652309627,
    ),
)
"""What each right-hand side takes from the stages before it, to be divided by h."""

SOLUTION: tuple[float, ...] = (*_LAST, 1.0, 1.0, 1.0)
"""Weights of the solution. Those of the embedded one are the same without the last stage: their difference is k_8."""

NODES = (0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0, 1.0, 1.0)
"""Times of the stages as fractions of the step; used only where f depends on time."""

TIME = (GAMMA, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069, 0.0, 0.0, 0.0)
"""Weights of ``h df/dt`` in the stages; used only where f depends on time."""

DENSE: tuple[tuple[float, ...], ...] = (
    (
        25.948786856663858,
        -2.5579724845846235,
        10.433815404888879,
        -2.3679251022685204,
        0.524948541321073,
        1.1241088310450404,
        0.4272876194431874,
        -0.17202221070155493,
    ),
    (
        -9.91568850695171,
        -0.9689944594115154,
        3.0438037242978453,
        -24.495224566215796,
        20.176138334709044,
        15.98066361424651,
        -6.789040303419874,
        -6.710236069923372,
    ),
    (
        11.419903575922262,
        2.8879645146136994,
        72.92137995996029,
        80.12511834622643,
        -52.072871366152654,
        -59.78993625266729,
        -0.15582684282751913,
        4.883087185713722,
    ),
)
"""Dense output of order 4. With the sums ``d2, d3, d4`` of the stages by these rows,
``y(t + theta h) = (1 - theta) y + theta (y_new + (1 - theta) (d2 + theta (d3 + theta d4)))``."""


def dense_weights(theta: float) -> tuple[float, ...]:
    """Weights of the stages at a fraction ``theta`` of the step: 0 at its start, ``SOLUTION`` at its end.

    Takes an array as well as a float; each weight then has its shape.
    """
    return tuple(
        theta * (solution + (1 - theta) * (d2 + theta * (d3 + theta * d4)))
        for solution, d2, d3, d4 in zip(SOLUTION, *DENSE)
    )
