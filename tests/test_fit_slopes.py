"""Slopes that fits rest on, against differences of runs and steady states found independently of each other."""

import numpy as np
import pytest
import xarray as xr
from fits import LINE, X, line

import mitochem as mc
from mitochem.fitting import Experiment, Free, Problem, Scale, TimeCourse
from mitochem.fitting.problems.unknowns import from_internal

ADP = np.array([0.005, 0.03, 0.1, 0.5])
BATH = {"adp_bath": ADP, "atp_bath": 5 - ADP, "pi_bath": 5.0}
FREE = ["leak.amplitude", "electron_transport.pmf_width", "phosphorylation.capacity"]


def slopes(problem, step=1e-4):
    """Exact slopes (point, unknown) on the scale of the search, as a fit has them at its start."""
    centre = np.zeros(len(problem.unknowns))
    ends = step * np.eye(len(centre))
    values = [from_internal(problem.unknowns, at) for at in (centre, centre - ends, centre + ends)]
    found, changes = problem.around(*values)
    np.testing.assert_allclose(found, problem.predict(values[0][None])[0], rtol=1e-6)
    return (changes / (2 * step)).T


def differences(problem, solve, step=1e-3):
    """Slopes by five-point differences of what ``solve`` gives for all unknowns by name."""
    columns = []
    for i in range(len(problem.unknowns)):
        ends = []
        for k in (-2, -1, 1, 2):
            at = np.zeros(len(problem.unknowns))
            at[i] = k * step
            ends.append(solve(dict(zip([u.name for u in problem.unknowns], from_internal(problem.unknowns, at)))))
        columns.append((ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * step))
    return np.array(columns).T


def close(found, expected, share):
    """Each slope is right to a share of the largest of its unknown."""
    assert np.isfinite(found).all()
    assert (np.abs(found - expected) <= share * np.abs(expected).max(axis=0)).all()
    assert np.abs(expected).max(axis=0).min() > 0


def steady(model, conditions, names, clamped):
    conditions = {k: xr.DataArray(np.broadcast_to(v, ADP.shape), dims="row") for k, v in conditions.items()}
    ds = model.steady_state(conditions, clamped=clamped)
    return np.concatenate([ds[name].values for name in names])


@pytest.mark.parametrize("names", [["J_O2"], ["J_O2", "delta_psi", "J_ATP"]])
def test_slopes_of_steady_states_with_clamped_adenylates(mitochondria, names):
    names = [n for n in names if n in (*mitochondria.statements, *mitochondria.program.states)]
    problem = Problem(mitochondria, Experiment(BATH, dict.fromkeys(names, ADP), dict.fromkeys(names, 1.0)), FREE)
    expected = differences(problem, lambda v: steady(mitochondria.replace(v), BATH, names, tuple(BATH)))
    close(slopes(problem), expected, 1e-6)


def test_slopes_of_steady_states_with_free_adenylates_and_a_scale(mitochondria):
    work = {"load.capacity": np.array([0.0, 50.0, 400.0, 1200.0])}
    experiment = Experiment(work, {"J_O2": ADP, "adp_bath": ADP}, {"J_O2": 1.0, "adp_bath": 1.0})
    problem = Problem(mitochondria, experiment, FREE, {"protein": Scale("J_O2", start=1.4)})

    def solve(values):
        protein = values.pop("protein")
        found = steady(mitochondria.replace(values), work, ["J_O2", "adp_bath"], ())
        return np.concatenate([protein * found[:4], found[4:]])

    close(slopes(problem), differences(problem, solve), 1e-6)


@pytest.mark.parametrize(
    ("conditions", "uncertain", "clamped"),
    [
        (BATH, {"adp_bath": 0.1 * ADP}, tuple(BATH)),
        ({"load.capacity": np.array([10.0, 50.0, 400.0, 1200.0])}, {"load.capacity": 1.0}, ()),
        # Start values: what is conserved moves with them.
        ({"adp_bath": ADP, "atp_bath": 1.0, "load.capacity": 100.0}, {"adp_bath": 0.1 * ADP}, ()),
    ],
    ids=["clamped", "parameter", "conserved total"],
)
def test_slopes_along_uncertain_conditions(mitochondria, conditions, uncertain, clamped):
    name = next(iter(uncertain))
    experiment = Experiment(conditions, {"J_O2": ADP}, clamped=clamped, uncertain=uncertain)
    problem = Problem(mitochondria, experiment, FREE[:1])

    def solve(values):
        leak, *latent = values.values()
        model = mitochondria.replace({FREE[0]: leak})
        return np.concatenate([steady(model, {**conditions, name: np.array(latent)}, ["J_O2"], clamped), latent])

    found = slopes(problem)
    close(found, differences(problem, solve, 1e-2), 1e-6)
    assert np.count_nonzero(found[:4, 1:] - np.diag(np.diag(found[:4, 1:]))) == 0  # a point has only its own condition


def test_slopes_of_time_courses(mitochondria):
    protocol = mc.Protocol().wait(1).add(ADP=0.2).wait(2)
    times = np.linspace(0.1, 3, 12)
    problem = Problem(
        mitochondria, TimeCourse(protocol, times, {"J_O2": times}), FREE, {"protein": Scale("J_O2", start=1.4)}
    )

    def solve(values):
        protein = values.pop("protein")
        run = mitochondria.replace(values).simulate(protocol, samples=times, solver="lsoda", rtol=1e-11, atol=1e-13)
        return protein * run["J_O2"].sel(time=times, method="nearest").values

    # The step of a fit is wide enough for the error of the solver, which is 1e-6 in the mean.
    close(slopes(problem), differences(problem, solve), 5e-3)


def test_slopes_of_laws_with_local_parameters_and_scales():
    runs = [Experiment({"x": X}, {"y": X}, name=name, uncertain={"x": 0.1}) for name in "pq"]
    free = {"a": Free(start=2.0, local=True), "b": Free(start=0.7)}
    problem = Problem(LINE, runs, free, {"gain": Scale("y", start=1.5, local=True)})

    def solve(values):
        x = [np.array([v for n, v in values.items() if n.startswith(f"x[{run}")]) for run in "pq"]
        y = [values[f"gain[{r}]"] * line(at, values[f"a[{r}]"], values["b"]) for r, at in zip("pq", x)]
        return np.concatenate([*y, *x])

    found = slopes(problem)
    close(found, differences(problem, solve), 1e-7)
    names = [u.name for u in problem.unknowns]
    assert not found[:8, names.index("a[q]")].any()
    assert not found[8:16, names.index("gain[p]")].any()
