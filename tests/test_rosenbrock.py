"""Rodas5P: its digits against the conditions they must meet, and its solves against known ones."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mitochem.core.solvers import rodas5p
from mitochem.core.solvers.integrate import RightHandSide, Tolerances
from mitochem.core.solvers.rosenbrock import Rodas5P

# --- the numbers ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def classical():
    """alpha, beta = alpha + gamma, and the map from transformed weights to those of the classical form."""
    s = rodas5p.STAGES
    a, c = np.zeros((2, s, s))
    for i in range(s):
        a[i, :i], c[i, :i] = rodas5p.A[i], rodas5p.C[i]
    gamma = np.linalg.inv(np.eye(s) / rodas5p.GAMMA - c)
    return a @ gamma, a @ gamma + gamma, gamma


def order_conditions(weights, alpha, beta):
    """Residuals by order, typed from Hairer & Wanner II, table IV.7.1, with gamma kept inside beta."""
    b, one = weights, np.ones(len(weights))
    a1, b1 = alpha @ one, beta @ one
    return {
        1: [b @ one - 1],
        2: [b @ b1 - 1 / 2],
        3: [b @ a1**2 - 1 / 3, b @ beta @ b1 - 1 / 6],
        4: [
            b @ a1**3 - 1 / 4,
            b @ (a1 * (alpha @ b1)) - 1 / 8,
            b @ beta @ a1**2 - 1 / 12,
            b @ beta @ beta @ b1 - 1 / 24,
        ],
        5: [
            b @ a1**4 - 1 / 5,
            b @ (a1**2 * (alpha @ b1)) - 1 / 10,
            b @ (alpha @ b1) ** 2 - 1 / 20,
            b @ (a1 * (alpha @ a1**2)) - 1 / 15,
            b @ (a1 * (alpha @ beta @ b1)) - 1 / 30,
            b @ beta @ a1**3 - 1 / 20,
            b @ beta @ (a1 * (alpha @ b1)) - 1 / 40,
            b @ beta @ beta @ a1**2 - 1 / 60,
            b @ beta @ beta @ beta @ b1 - 1 / 120,
        ],
    }


# Sixteen digits in coefficients up to 160: sums of them are good to a few 1e-14.
DIGITS = 2e-13


def test_the_solution_has_order_5(classical):
    alpha, beta, gamma = classical
    residuals = order_conditions(np.array(rodas5p.SOLUTION) @ gamma, alpha, beta)
    assert max(abs(r) for order in residuals.values() for r in order) < DIGITS


def test_the_embedded_solution_has_order_4_and_not_5(classical):
    alpha, beta, gamma = classical
    embedded = np.array([*rodas5p.SOLUTION[:-1], 0.0])
    residuals = order_conditions(embedded @ gamma, alpha, beta)
    assert max(abs(r) for order in (1, 2, 3, 4) for r in residuals[order]) < DIGITS
    assert max(np.abs(residuals[5])) > 1e-3


@pytest.mark.parametrize("theta", [0.1, 0.25, 0.5, 0.8, 0.95])
def test_the_dense_output_has_order_4(classical, theta):
    alpha, beta, gamma = classical
    # A step of length theta h with these weights: the conditions with alpha and beta in units of the shorter step.
    weights = np.array(rodas5p.dense_weights(theta)) @ gamma / theta
    residuals = order_conditions(weights, alpha / theta, beta / theta)
    for order in (1, 2, 3, 4):
        assert max(np.abs(residuals[order])) * theta**order < DIGITS


@pytest.mark.parametrize("theta", [0.1, 0.5, 0.8, 1.0])
def test_infinitely_fast_states_are_followed_to_order_3_all_along_a_step(classical, theta):
    alpha, beta, gamma = classical
    weights = np.array(rodas5p.dense_weights(theta)) @ gamma
    # Conditions of index-1 algebraic equations (Hairer & Wanner II, section VI.4); they do not bind every digit.
    fast = weights @ np.linalg.inv(beta)
    nodes = alpha.sum(axis=1)
    assert fast @ beta.sum(axis=1) == pytest.approx(theta, abs=DIGITS)
    assert fast @ nodes**2 == pytest.approx(theta**2, abs=DIGITS)
    assert fast @ nodes**3 == pytest.approx(theta**3, abs=DIGITS)


def test_the_dense_output_joins_both_ends():
    assert rodas5p.dense_weights(0.0) == (0.0,) * rodas5p.STAGES
    assert rodas5p.dense_weights(1.0) == rodas5p.SOLUTION
    assert np.shape(rodas5p.dense_weights(np.linspace(0, 1, 5))) == (rodas5p.STAGES, 5)


def test_nodes_and_time_weights_are_row_sums(classical):
    alpha, _, gamma = classical
    np.testing.assert_allclose(alpha.sum(axis=1), rodas5p.NODES, atol=DIGITS)
    np.testing.assert_allclose(gamma.sum(axis=1), rodas5p.TIME, atol=DIGITS)


def test_both_solutions_are_stiffly_accurate(classical):
    alpha, beta, gamma = classical
    np.testing.assert_allclose(beta[-1], np.array(rodas5p.SOLUTION) @ gamma, atol=DIGITS)
    # The embedded solution is the point of the last stage, and the last row of beta before it.
    embedded = np.array([*rodas5p.SOLUTION[:-1], 0.0]) @ gamma
    np.testing.assert_allclose(alpha[-1], embedded, atol=DIGITS)
    np.testing.assert_allclose(beta[-2], embedded, atol=DIGITS)


def test_the_method_is_L_stable(classical):
    _, beta, gamma = classical
    weights, one = np.array(rodas5p.SOLUTION) @ gamma, np.ones(rodas5p.STAGES)

    def amplification(z):
        return abs(1 + z * weights @ np.linalg.solve(np.eye(rodas5p.STAGES) - z * beta, one))

    # Poles are real and positive, so the largest value in the left half plane lies on the imaginary axis.
    assert max(amplification(1j * y) for y in np.geomspace(1e-3, 1e6, 500)) < 1 + 1e-13
    # It falls as 1/z; the next term would be a constant.
    assert amplification(-1e6) < 1e-4
    assert amplification(-1e8) < 1e-6


# --- convergence ------------------------------------------------------------------------------------------


def kaps(stiffness):
    """Kaps' problem: y = (exp(-2t), exp(-t)) whatever the stiffness."""

    def f(t, y):
        return np.array([-(stiffness + 2) * y[0] + stiffness * y[1] ** 2, y[0] - y[1] - y[1] ** 2])

    def jac(t, y):
        return np.array([[-(stiffness + 2), 2 * stiffness * y[1]], [1, -1 - 2 * y[1]]])

    return f, jac, lambda t: np.array([np.exp(-2 * t), np.exp(-t)])


def fixed_steps(f, jac, span, y0, h, **options):
    """A solve with steps of h: tolerances that nothing exceeds, and no step above h."""
    return solve_ivp(f, span, y0, method=Rodas5P, jac=jac, rtol=10, atol=10, first_step=h, max_step=h, **options)


def slopes(errors):
    return np.log2(np.divide(errors[:-1], errors[1:]))


def test_halving_the_step_divides_the_error_by_32():
    f, jac, exact = kaps(1.0)
    steps = [1 / 4, 1 / 8, 1 / 16, 1 / 32]
    errors = [np.abs(fixed_steps(f, jac, (0, 2), exact(0), h).y[:, -1] - exact(2)).max() for h in steps]
    assert slopes(errors)[-1] == pytest.approx(5, abs=0.2)


def test_inside_a_step_the_solution_is_off_by_the_fifth_power_of_the_step():
    f, jac, exact = kaps(1.0)
    errors = []
    for h in (1 / 8, 1 / 16, 1 / 32, 1 / 64):
        inside = np.linspace(0, h, 9)
        dense = fixed_steps(f, jac, (0, h), exact(0), h, dense_output=True).sol
        errors.append(np.abs(dense(inside) - exact(inside)).max())
    assert slopes(errors)[-1] == pytest.approx(5, abs=0.2)


def test_order_5_holds_where_f_depends_on_time():
    def f(t, y):
        return np.array([y[0] * np.cos(t)])

    def jac(t, y):
        return np.array([[np.cos(t)]])

    steps = [1 / 4, 1 / 8, 1 / 16, 1 / 32]
    ends = [fixed_steps(f, jac, (0, 4), [1.0], h).y[0, -1] for h in steps]
    assert slopes(np.abs(np.array(ends) - np.exp(np.sin(4))))[-1] > 4.8


def test_the_order_is_4_however_stiff_the_problem():
    """Prothero & Robinson: y' = -stiffness (y - cos t) - sin t. The worst stiffness at each step size is taken."""
    errors = []
    for h in (1 / 4, 1 / 8, 1 / 16):
        worst = 0.0
        for stiffness in np.geomspace(1, 1e6, 13):

            def f(t, y, stiffness=stiffness):
                return -stiffness * (y - np.cos(t)) - np.sin(t)

            end = fixed_steps(f, [[-stiffness]], (0, 1), [1.0], h).y[0, -1]
            worst = max(worst, abs(end - np.cos(1)))
        errors.append(worst)
    assert slopes(errors).min() > 3.8
    assert errors[-1] < 1e-7


# --- stiff problems with published solutions --------------------------------------------------------------
# Reference values: Mazzia & Magherini (2008) Test Set for Initial Value Problem Solvers, release 2.4 (HIRES, ROBER),
# and Hairer & Wanner's list of stiff test problems (Van der Pol in the scaling with epsilon = 1e-6).


def van_der_pol(t, y):
    return np.array([y[1], ((1 - y[0] ** 2) * y[1] - y[0]) / 1e-6])


def van_der_pol_jacobian(t, y):
    return np.array([[0, 1], [(-2 * y[0] * y[1] - 1) / 1e-6, (1 - y[0] ** 2) / 1e-6]])


def robertson(t, y):
    slow, fast = 0.04 * y[0] - 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return np.array([-slow, slow - fast, fast])


def robertson_jacobian(t, y):
    slow, fast = np.array([0.04, -1e4 * y[2], -1e4 * y[1]]), np.array([0, 6e7 * y[1], 0])
    return np.array([-slow, slow - fast, fast])


def hires(t, y):
    bound = 280 * y[5] * y[7] - 1.81 * y[6]
    return np.array(
        [
            -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
            1.71 * y[0] - 8.75 * y[1],
            -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
            8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
            -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
            -280 * y[5] * y[7] + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6],
            bound,
            -bound,
        ]
    )


PROBLEMS = {
    "van der pol": (
        van_der_pol,
        van_der_pol_jacobian,
        2.0,
        [2.0, 0.0],
        1.0,
        [0.1706167732170483e1, -0.8928097010247975e0],
    ),
    "robertson": (
        robertson,
        robertson_jacobian,
        1e11,
        [1.0, 0.0, 0.0],
        1e-12,
        [0.2083340149701255e-7, 0.8333360770334713e-13, 0.9999999791665050],
    ),
    "hires": (
        hires,
        None,
        321.8122,
        [1.0, 0, 0, 0, 0, 0, 0, 0.0057],
        1e-3,
        [
            0.7371312573325668e-3,
            0.1442485726316185e-3,
            0.5888729740967575e-4,
            0.1175651343283149e-2,
            0.2386356198831331e-2,
            0.6238968252742796e-2,
            0.2849998395185769e-2,
            0.2850001604814231e-2,
        ],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_published_values_are_reached(name):
    f, jac, end, y0, atol, reference = PROBLEMS[name]
    run = solve_ivp(f, (0, end), y0, method=Rodas5P, jac=jac, rtol=1e-8, atol=1e-8 * atol, autonomous=True)
    assert run.success
    # The tolerance is per step; these problems contract, so the end is hardly worse than one step.
    np.testing.assert_allclose(run.y[:, -1], reference, rtol=2e-8)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_way_there_agrees_with_radau_with_and_without_a_jacobian(name):
    f, jac, end, y0, atol, _ = PROBLEMS[name]
    times = np.geomspace(1e-3, 1, 30) * end
    options = dict(t_eval=times, rtol=1e-6, atol=1e-6 * atol)
    radau = solve_ivp(f, (0, end), y0, method="Radau", jac=jac, **(options | {"rtol": 1e-8, "atol": 1e-8 * atol}))
    for exact in (jac, None):
        run = solve_ivp(f, (0, end), y0, method=Rodas5P, jac=exact, **options)
        np.testing.assert_allclose(run.y, radau.y, rtol=5e-5, atol=1e-4 * atol)


def test_the_error_falls_with_the_tolerance():
    f, jac, exact = kaps(1e3)
    errors = []
    for rtol in (1e-4, 1e-6, 1e-8, 1e-10):
        run = solve_ivp(f, (0, 1), exact(0), method=Rodas5P, jac=jac, rtol=rtol, atol=rtol)
        errors.append(np.abs(run.y - exact(run.t)).max())
        assert errors[-1] < 3 * rtol
    assert (np.diff(errors) < 0).all()


# --- as a method of solve_ivp -----------------------------------------------------------------------------


def decay(t, y):
    return -y


def test_an_event_is_found_by_dense_output():
    def half(t, y):
        return y[0] - 0.5

    half.terminal = True
    run = solve_ivp(decay, (0, 5), [1.0], method=Rodas5P, events=half, rtol=1e-9, atol=1e-9)
    assert run.status == 1
    # The event is read from the polynomial of degree 4, which is a little less sharp than the step's end.
    assert run.t_events[0][0] == pytest.approx(np.log(2), abs=1e-7)


def test_times_asked_for_are_the_times_given():
    times = np.array([0.0, 0.3, 0.31, 1.7, 2.0])
    run = solve_ivp(decay, (0, 2), [1.0, 2.0], method=Rodas5P, t_eval=times, rtol=1e-8, atol=1e-8)
    assert (run.t == times).all()
    np.testing.assert_allclose(run.y, np.outer([1, 2], np.exp(-times)), rtol=1e-7)


def test_time_can_run_backwards():
    f, jac, exact = kaps(1.0)
    run = solve_ivp(f, (1, 0), exact(1), method=Rodas5P, jac=jac, rtol=1e-9, atol=1e-9, dense_output=True)
    np.testing.assert_allclose(run.y[:, -1], exact(0), rtol=1e-7)
    np.testing.assert_allclose(run.sol(0.4), exact(0.4), rtol=1e-6)


def test_work_is_counted():
    f, jac, exact = kaps(1.0)
    calls = []

    def counted(t, y):
        calls.append(t)
        return f(t, y)

    run = solve_ivp(counted, (0, 1), exact(0), method=Rodas5P, jac=jac, autonomous=True, first_step=0.01)
    steps = len(run.t) - 1
    assert run.njev == steps
    assert run.nlu >= steps
    # First stage once per step, the other seven once per matrix.
    assert run.nfev == len(calls) == steps + 7 * run.nlu


def test_a_constant_and_a_sparse_jacobian_are_taken():
    from scipy.sparse import csr_array

    matrix = np.array([[-1000.0, 1.0], [0.0, -1.0]])
    ends = [
        solve_ivp(lambda t, y: matrix @ y, (0, 1), [1.0, 1.0], method=Rodas5P, jac=jac, rtol=1e-9, atol=1e-12).y[:, -1]
        for jac in (matrix, csr_array(matrix), lambda t, y: csr_array(matrix), None)
    ]
    for end in ends:
        # Eigenvectors of the matrix: the fast one is long gone.
        np.testing.assert_allclose(end, np.exp(-1) * np.array([1 / 999, 1]), rtol=1e-7)


def test_f_may_take_many_states_at_once():
    f, _, exact = kaps(100.0)
    run = solve_ivp(f, (0, 1), exact(0), method=Rodas5P, vectorized=True, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(run.y[:, -1], exact(1), rtol=1e-6)


def test_f_may_fill_the_same_array_at_every_call():
    f, jac, exact = kaps(100.0)
    same = np.empty(2)

    def filling(t, y):
        same[:] = f(t, y)
        return same

    runs = [solve_ivp(g, (0, 1), exact(0), method=Rodas5P, jac=jac, rtol=1e-6, atol=1e-8) for g in (f, filling)]
    assert (runs[0].y == runs[1].y).all()


def test_a_longest_step_is_kept():
    run = solve_ivp(decay, (0, 1), [1.0], method=Rodas5P, max_step=0.03)
    assert np.diff(run.t).max() < 0.03 * (1 + 1e-12)


def test_a_state_without_absolute_tolerance_may_stay_zero():
    run = solve_ivp(decay, (0, 1), [1.0, 0.0], method=Rodas5P, rtol=1e-6, atol=0.0)
    assert run.success
    assert run.y[1, -1] == 0


# --- trouble ----------------------------------------------------------------------------------------------


def test_a_blow_up_is_reported():
    with np.errstate(over="ignore"):
        run = solve_ivp(lambda t, y: y**2, (0, 2), [1.0], method=Rodas5P, rtol=1e-8)
    assert run.status == -1
    assert not run.success
    assert "spacing of floating-point numbers at t = 1" in run.message or "not finite at t = 1" in run.message
    assert run.t[-1] == pytest.approx(1, abs=1e-6)


def test_a_trial_step_out_of_the_domain_is_repeated_shorter():
    met = []

    def torricelli(t, y):
        met.append(y[0] < 0)
        return np.array([-np.sqrt(y[0]) if y[0] >= 0 else np.nan])

    def jac(t, y):
        return [[-0.5 / np.sqrt(y[0])]]

    run = solve_ivp(torricelli, (0, 1.9), [1.0], method=Rodas5P, jac=jac, rtol=1e-8, atol=1e-10, first_step=1.9)
    assert any(met)
    assert run.success
    assert run.y[0, -1] == pytest.approx(0.05**2, rel=1e-5)


@pytest.mark.parametrize(("f", "jac", "words"), [(np.nan, 1.0, "right-hand side"), (1.0, np.nan, "Jacobian")])
def test_what_is_not_finite_is_named(f, jac, words):
    run = solve_ivp(lambda t, y: f * y, (0, 1), [1.0], method=Rodas5P, jac=lambda t, y: [[jac]])
    assert run.status == -1
    assert f"{words} is not finite at t = 0" in run.message


def test_a_singular_matrix_only_shortens_the_step():
    growth = 1 / (rodas5p.GAMMA * 2.0)  # the step of 2 makes 1 / (gamma h) - growth zero
    run = solve_ivp(lambda t, y: growth * y, (0, 3), [1.0], method=Rodas5P, jac=[[growth]], first_step=2.0, rtol=1e-8)
    assert run.success
    assert run.y[0, -1] == pytest.approx(np.exp(3 * growth), rel=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"y0": [1j]}, "complex"),
        ({"first_step": 2.0}, "first_step"),
        ({"max_step": 0.0}, "max_step"),
        ({"atol": [1e-6, 1e-6]}, "atol has shape"),
        ({"rtol": -1.0}, "rtol must not be negative"),
        ({"jac": np.eye(2)}, "jac has shape"),
    ],
)
def test_what_cannot_be_used_is_refused(options, words):
    arguments = {"fun": decay, "t_span": (0, 1), "y0": [1.0], "method": Rodas5P} | options
    with pytest.raises(ValueError, match=words):
        solve_ivp(**arguments)


def test_options_without_use_are_named():
    with pytest.warns(UserWarning, match="'min_step'"):
        solve_ivp(decay, (0, 1), [1.0], method=Rodas5P, min_step=1e-3)


# --- mitochondria -----------------------------------------------------------------------------------------


def test_adding_adp_to_mitochondria_runs_as_with_lsoda(mitochondria):
    """State 4, then 0.3 mM ADP: state 3 and back, with the exact Jacobian."""
    names = list(mitochondria.program.states)
    equations = RightHandSide(mitochondria, [names.index("oxygen")])

    def run(method, rtol, **options):
        y, parts = np.array([mitochondria.initial[name] for name in names]), []
        tolerances = Tolerances(mitochondria, rtol, 0.1 * rtol)
        for adp, duration in ((0.0, 2.0), (0.3, 3.0)):
            y[names.index("adp_bath")] += adp
            times = np.linspace(0, duration, 61)
            part = solve_ivp(
                equations.rates,
                (0, duration),
                y,
                method=method,
                t_eval=times,
                jac=equations.jacobian,
                rtol=tolerances.rtol,
                atol=tolerances.atol,
                **options,
            )
            assert part.success
            parts.append(part.y)
            y = part.y[:, -1].copy()
        return np.hstack(parts)

    lsoda = run("LSODA", 1e-9)
    scale = np.abs(lsoda) + Tolerances(mitochondria, 1.0, 1.0).atol[:, None]
    assert np.abs((run(Rodas5P, 1e-9, autonomous=True) - lsoda) / scale).max() < 1e-6
    # A thousandth of the accuracy is asked for here, and f is not declared to be free of time.
    assert np.abs((run(Rodas5P, 1e-6) - lsoda) / scale).max() < 1e-5
