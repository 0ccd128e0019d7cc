"""Steady states of a thousand wild draws: each is where a long integration ends, or is flagged."""

import os
import re

import numpy as np
import pytest
import shipped

pytest.importorskip("numba")

MODELS = ("isolated_mitochondria", "succinate", "qamas_in_vitro", "korzeniewski_heart", "detailed")
DRAWS, CHECKED = 1000, 20
LONG = 1e7
"""Minutes of integration; the slowest mode met takes 1e5."""


def states_of(ds, model):
    names = list(model.program.states)
    return np.stack([np.broadcast_to(ds[n].values, ds.success.shape) for n in names], axis=-1)


def difference(found, expected, model):
    """Largest difference of a state, relative to its size or its scale."""
    size = shipped.scales(model)
    return np.max(np.abs(found - expected) / (size + np.abs(expected)), axis=-1)


@pytest.fixture(scope="module", params=MODELS)
def wild(request):
    name = request.param
    columns = shipped.wild(name, DRAWS, demand=False)
    model = shipped.model(name)
    compiled, plain = (model.steady_state(columns, compiled=c) for c in (True, False))
    return name, columns, compiled, plain


def suspects(name, compiled, plain):
    """Points that deserve a look: flagged, unstable, at a bound, or not the same from both solvers."""
    model = shipped.model(name)
    a, b = states_of(compiled, model), states_of(plain, model)
    bounds = np.array([law.options["bounds"] for _, law in model.program.states.values()], float)
    free = [s not in model.held("steady_state") for s in model.program.states]
    with np.errstate(invalid="ignore"):
        at_bound = (np.abs(a[:, free, None] - bounds[free]) < 1e-12 * shipped.scales(model)[free, None]).any(
            axis=(1, 2)
        )
    wrong = ~(compiled.success & plain.success & compiled.stable).values
    return np.flatnonzero(wrong | at_bound | ~(difference(a, b, model) < 1e-9))


def check(name, columns, ds, points):
    """Each point is right or flagged, and a point that integration reaches is not flagged."""
    model, wrong = shipped.model(name), []
    found = states_of(ds, model)
    for k in points:
        y, why = shipped.integrated(shipped.at(name, columns, int(k)), LONG)
        if ds.success.values[k]:
            apart = difference(found[k], y, model) if not why else np.inf
            # a thousandth of what integration at rtol 1e-9 may be off where the slowest mode decays at 1e-5/min
            if not apart < 1e-6:
                wrong.append((int(k), apart, why))
        elif not why:
            wrong.append((int(k), "flagged", ds.message.values[k]))
    assert not wrong, f"{len(wrong)} of {len(points)}: {wrong[:5]}"


def test_wild_steady_states_are_where_integration_ends(wild):
    name, columns, compiled, plain = wild
    spread = np.linspace(0, DRAWS - 1, CHECKED).astype(int)
    check(name, columns, compiled, np.union1d(spread, suspects(name, compiled, plain)))


@pytest.mark.slow
def test_many_are_where_integration_ends(wild):
    """Every tenth draw, or with MITOCHEM_EVERY_DRAW=1 all of them (a quarter of an hour)."""
    name, columns, compiled, _ = wild
    stride = 1 if os.environ.get("MITOCHEM_EVERY_DRAW") else 40 if name == "detailed" else 10
    check(name, columns, compiled, range(0, DRAWS, stride))


def test_both_solvers_find_the_same(wild):
    name, _, compiled, plain = wild
    model = shipped.model(name)
    np.testing.assert_array_equal(compiled.success, plain.success)
    good = compiled.success.values
    assert good.mean() > 0.99  # nothing in these draws asks for more than can be had
    a, b = states_of(compiled, model)[good], states_of(plain, model)[good]
    assert difference(a, b, model).max() < 1e-9  # both end with a Newton step below 1e-10
    for quantity in ("slowest_eigenvalue", "residual"):
        assert np.isfinite(compiled[quantity].values[good]).all()


def test_no_state_is_outside_its_bounds(wild):
    name, _, compiled, _ = wild
    model = shipped.model(name)
    for state, (_, law) in model.program.states.items():
        low, high = law.options["bounds"]
        values, slack = compiled[state].values, 1e-8 * law.options["scale"]
        assert low is None or np.nanmin(values) >= low - slack
        assert high is None or np.nanmax(values) <= high + slack


def test_eigenvalues_are_those_of_the_model_jacobian(wild):
    """LAPACK on the whole Jacobian of the free states; the zeros of the conserved sums left out by their number."""
    name, columns, compiled, _ = wild
    for k in range(0, DRAWS, 125):
        model = shipped.at(name, columns, k)
        free = [s for s in model.program.states if s not in model.held("steady_state")]
        values = states_of(compiled.isel(draw=slice(k, k + 1)), model)[0]
        matrix = model.jacobian(dict(zip(model.program.states, map(float, values)))).sel(rate=free, state=free).values
        size = shipped.scales(model)[[s in free for s in model.program.states]]
        eigenvalues = np.linalg.eigvals(matrix * size / size[:, None])
        laws = len(free) - np.linalg.matrix_rank(matrix * size / size[:, None], tol=1e-12 * np.abs(eigenvalues).max())
        left = np.sort_complex(eigenvalues[np.argsort(np.abs(eigenvalues))[laws:]])
        slowest = left.real.max()
        # eigenvalues spread over up to twelve decades: the slowest is good to the rounding of the fastest
        rounding = 1e-14 * np.abs(eigenvalues).max()
        assert compiled.slowest_eigenvalue.values[k] == pytest.approx(slowest, rel=1e-5, abs=10 * rounding)
        assert bool(compiled.stable[k]) == (compiled.slowest_eigenvalue.values[k] < 0)


def test_demand_above_capacity_is_flagged_by_both_and_below_it_solved():
    name = "qamas_in_vitro"
    columns = {a: c[:60] for a, c in shipped.wild(name, DRAWS).items()}
    model = shipped.model(name)
    compiled, plain = (model.steady_state(columns, compiled=c) for c in (True, False))
    np.testing.assert_array_equal(compiled.success, plain.success)
    failed = ~compiled.success.values
    assert 10 < failed.sum() < 50
    for ds in (compiled, plain):
        for quantity in (*model.program.states, "J_O2", "residual", "slowest_eigenvalue"):
            np.testing.assert_array_equal(np.isnan(ds[quantity].values), failed)
        assert not ds.stable.values[failed].any()
        for message in ds.message.values[failed]:
            assert re.fullmatch(r"no steady state: atp_bath passes below 0 M: J_load .* after the start\)", message)
    check(name, columns, compiled, range(0, 60, 2))


@pytest.mark.parametrize("compiled", [True, False])
def test_an_unstable_steady_state_is_called_so(compiled):
    """A pool that feeds itself, x' = x (1 - x)(x - 0.3): Newton's method may end on the watershed, and must say so."""
    from mitochem import Component, Model, component, parameter, state

    @component
    class Bistable(Component):
        """A pool that feeds itself. References: typed here."""

        threshold: float = parameter(0.3, "mM", source="assumed: test", status="assumed")
        rate: float = parameter(1.0, "1/min/mM^2", source="assumed: test", status="assumed")

        @state("mM", initial=0.5, bounds=(0, None), scale=1.0)
        def x(self, x):
            return self.rate * x * (self.threshold * (1 / self.threshold) - x) * (x - self.threshold)

    starts = np.array([0.0, 0.1, 0.29, 0.3, 0.31, 0.9, 1.0])
    ds = Model(Bistable()).steady_state({"x": starts}, compiled=compiled)
    ends = np.where(starts == 0.3, 0.3, np.where(starts < 0.3, 0.0, 1.0))
    watershed = np.abs(ds.x.values - 0.3) < 1e-9
    np.testing.assert_array_equal(ds.stable, ~watershed)
    np.testing.assert_allclose(ds.x.values[~watershed], ends[~watershed], atol=1e-9)
    assert not watershed[np.abs(starts - 0.3) > 0.1].any()
    slopes = {0.0: -0.3, 0.3: 0.21, 1.0: -0.7}
    expected = [slopes[round(x, 6)] for x in ds.x.values]
    np.testing.assert_allclose(ds.slowest_eigenvalue, expected, atol=1e-8)
