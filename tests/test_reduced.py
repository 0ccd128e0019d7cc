"""Reduced systems: all states come back from the free ones, slopes are slopes, and conserved sums are exact."""

import numpy as np
import pytest
import shipped
import xarray

from mitochem.core import balance
from mitochem.core.solvers.problem import Problem
from mitochem.core.solvers.reduced import Constants, laws_of, reduce
from mitochem.core.solvers.steady_state import problem_of

CASES = [(name, context) for name in shipped.NAMES for context in ("steady_state", "titrate", "simulate")]


def problem(name, context, conditions=None):
    model = shipped.model(name)
    return problem_of(model.clamp(*model.held(context)), conditions or {}, {}, ())


def nearby(p, seed=0):
    """Free independent states a little off the start, and far inside their bounds."""
    rng = np.random.default_rng(seed)
    start = np.array([np.broadcast_to(v, p.size) for v in p.independent_start()])
    scales = np.array([p.setting.scales[i] for i in p.system.independent])[:, None]
    return list(np.where(start == 0.0, 0.02 * scales, start * rng.uniform(0.7, 0.98, start.shape)))


def uncertain(p, model, z, k=0):
    """How much each rate changes if every state changes by itself: rounding is a few 1e-16 of it."""
    at = [float(np.ravel(np.broadcast_to(v, p.size))[k]) for v in p.constants.flat()]
    constants = p.system.split(at)
    y = np.array([float(v) for v in p.system.whole(z, constants)])
    sizes = np.abs(y)
    for d, total in zip(p.system.dependent, constants.totals):
        sizes[d] += abs(total)
    for (d, j), ratio in zip(p.system.pattern, constants.ratios):
        sizes[d] += abs(ratio * y[j])
    jacobian = np.abs(model.jacobian(dict(zip(model.program.states, map(float, y)))).values)
    free = list(p.system.free)
    return jacobian[np.ix_(p.system.independent, free)] @ sizes[free] + 1e-300


@pytest.mark.parametrize(("name", "context"), CASES)
def test_all_states_come_back_at_the_start(name, context):
    p = problem(name, context)
    whole = p.system.whole(p.independent_start(), p.constants)
    np.testing.assert_allclose(whole, p.start, rtol=1e-13)
    assert sorted((*p.system.held, *p.system.dependent, *p.system.independent)) == list(range(len(p.start)))


@pytest.mark.parametrize(("name", "context"), CASES)
def test_as_many_states_depend_as_there_are_sums(name, context):
    p = problem(name, context)
    model, free = p.model, list(p.system.free)
    matrix, excluded = balance.state_response(model.program, model.components, model.initial)
    states = list(model.program.states)
    own = np.array([[float(s == e) for e in excluded] for s in states]).reshape(len(states), len(excluded))
    rows = np.hstack([matrix, own])[free]
    rank = np.linalg.matrix_rank(rows / np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-300), tol=1e-9)
    assert len(p.system.dependent) == len(free) - rank


@pytest.mark.parametrize(("name", "context"), CASES)
def test_conserved_sums_stay_and_all_rates_are_those_of_the_model(name, context):
    """The model's own laws and equations, evaluated at what the reduced system says the states are."""
    p = problem(name, context)
    model, states = p.model, list(p.model.program.states)
    z = [float(v[0]) for v in nearby(p)]
    y = dict(zip(states, map(float, p.system.whole(z, p.constants))))
    for law in model.conservation_laws():
        if all(states.index(n) in p.system.free for n in law.whole):
            size = sum(abs(c * y[n]) for n, c in law.whole.items())
            assert abs(law.total(y) - law.total(dict(zip(states, p.start)))) <= 1e-13 * size
    full = [model.program.run(model.components, y)[f"d_{n}"] for n in states]
    sizes = uncertain(p, model, z)
    error = np.abs(np.array(p.system.rates(z, p.constants)) - [full[i] for i in p.system.independent])
    assert (error <= 1e-13 * sizes).all()
    # What the eliminated states do by their own equations is what the sums say they do.
    for d, ratio_row in zip(p.system.dependent, _ratios(p)):
        moved = -sum(r * full[j] for j, r in ratio_row.items())
        scale = abs(full[d]) + sum(abs(r * full[j]) for j, r in ratio_row.items())
        assert abs(moved - full[d]) <= 1e-9 * scale + 1e-12


def _ratios(p):
    rows = {d: {} for d in p.system.dependent}
    for (d, j), ratio in zip(p.system.pattern, p.constants.ratios):
        rows[d][j] = float(ratio)
    return rows.values()


@pytest.mark.parametrize(("name", "context"), CASES)
def test_slopes_are_differences_of_rates(name, context):
    p = problem(name, context)
    z = np.array([float(v[0]) for v in nearby(p, 1)])
    slopes = np.zeros((len(z), len(z)))
    for place, value in p.system.slopes(list(z), p.constants).items():
        slopes[place] = value
    assert set(p.system.slopes(list(z), p.constants)) <= p.system.elimination.pattern
    rates, again, _ = p.system.linear(list(z), p.constants)
    np.testing.assert_allclose(rates, p.system.rates(list(z), p.constants), rtol=1e-13)
    assert again == p.system.slopes(list(z), p.constants)
    for j in range(len(z)):
        # Richardson: two central differences, the h^2 error cancelled.
        h, found = 1e-4 * abs(z[j]), []
        for width in (h, h / 2):
            up, down = z.copy(), z.copy()
            up[j], down[j] = z[j] + width, z[j] - width
            rates = [np.array(p.system.rates(list(point), p.constants)) for point in (up, down)]
            found.append((rates[0] - rates[1]) / (up[j] - down[j]))
        difference = (4 * found[1] - found[0]) / 3
        # rounding of the rates over the step, and what is left of the truncation
        rounding = 1e-15 * uncertain(p, p.model, list(z)) / h
        assert (np.abs(difference - slopes[:, j]) <= 2e-6 * np.abs(slopes[:, j]) + 20 * rounding + 1e-12).all()


SHAPING = {
    "isolated_mitochondria": ("membrane.capacitance", "membrane.buffer", "environment.protein"),
    "chain": ("membrane.buffer", "potassium.volume_matrix"),
    "detailed": ("membrane.capacitance", "potassium.volume_matrix"),
    "qamas_in_vitro": ("suspension.mitochondria_fraction", "membrane.capacitance"),
    "korzeniewski_heart": ("cell.cell_per_mitochondria",),
}


@pytest.mark.parametrize("name", SHAPING)
def test_a_batch_that_conserves_differently_is_its_points_one_by_one(name):
    model = shipped.model(name)
    factors = np.array([0.3, 0.999, 1.0, 2.5, 1.0])
    columns = {
        a: xarray.DataArray(model.values[a] * np.roll(factors, k), dims="i") for k, a in enumerate(SHAPING[name])
    }
    p = problem(name, "steady_state", columns)
    assert any(isinstance(r, np.ndarray) for r in p.constants.ratios)
    z = nearby(p, 2)
    y, rates = p.system.whole(z, p.constants), p.system.rates(z, p.constants)
    y = np.array([np.broadcast_to(v, p.size) for v in y])
    for k in range(p.size):
        at = model.replace({a: float(c[k]) for a, c in columns.items()})
        full = at.program.run(at.components, dict(zip(at.program.states, map(float, y[:, k]))))
        own = np.array([np.ravel(np.broadcast_to(r, p.size))[k] for r in rates])
        expected = np.array([full[f"d_{n}"] for i, n in enumerate(at.program.states) if i in p.system.independent])
        assert (np.abs(own - expected) <= 1e-12 * uncertain(p, at, [float(v[k]) for v in z], k)).all()
        for law in at.conservation_laws():
            start = dict(zip(at.program.states, [np.ravel(np.broadcast_to(v, p.size))[k] for v in p.start]))
            here = dict(zip(at.program.states, y[:, k]))
            if all(list(at.program.states).index(n) in p.system.free for n in law.whole):
                size = sum(abs(c * start[n]) for n, c in law.whole.items())
                assert abs(law.total(here) - law.total(start)) <= 1e-11 * size


@pytest.mark.parametrize("name", shipped.NAMES)
def test_inputs_survive_being_laid_in_a_row(name):
    p = problem(name, "steady_state")
    again = p.system.split(p.constants.flat())
    assert isinstance(again, Constants)
    assert again == p.constants
    assert len(p.constants.flat()) == p.system.constants


def test_a_system_is_made_once_for_what_it_depends_on(mitochondria):
    held = [list(mitochondria.program.states).index("oxygen")]
    system, _ = reduce(mitochondria, held)
    assert reduce(mitochondria.replace({"leak.amplitude": 0.1}), held)[0] is system
    other, ratios = reduce(mitochondria.replace({"membrane.buffer": 11.0}), held)
    assert other is not system
    assert ratios != reduce(mitochondria, held)[1]


def test_laws_of_a_reduced_system_are_orthonormal_and_conserved():
    p = problem("detailed", "steady_state")
    laws = laws_of(p.system, p.constants.ratios, p.scale)
    np.testing.assert_allclose(laws @ laws.T, np.eye(len(laws)), atol=1e-13)
    z = nearby(p)
    moved = np.array(p.system.whole([v[0] for v in z], p.constants)) - np.array(p.start)
    assert np.abs(laws @ (moved[list(p.system.free)] / p.scale)).max() < 1e-12


def test_nothing_free_is_a_system_of_nothing():
    model = shipped.model("minimal")
    p = Problem.of(model, problem("minimal", "steady_state").batch, {"pmf"})
    assert p.system.independent == ()
    assert p.system.rates([], p.constants) == []
    ds = model.steady_state({"pmf": [100.0, 150.0]}, clamped=["pmf"])
    assert ds.success.all()
