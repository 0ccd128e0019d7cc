"""Ensembles: every member is what `simulate` or `steady_state` gives for it, and failures stay visible."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest
import xarray

import mitochem as mc
from mitochem.core.ensemble import Quantiles, draws, saltelli

RTOL = 1e-6
CONDUCTANCES = np.linspace(0.05, 0.5, 6)


def run(model, table, **options):
    return model.ensemble(table, t_end=1.0, **{"samples": 8, "rtol": RTOL, "outputs": ["pmf", "J_O2"]} | options)


# --- members --------------------------------------------------------------------------------------


def test_a_member_is_what_simulate_gives(mitochondria):
    added = np.array([0.1, 0.3, 0.2])
    table = {"leak.amplitude": [0.4, 0.7, 1.0], "dose": [0.0, 0.1, 0.2]}
    protocol = mc.Protocol().wait(1).add(ADP=added).wait(1, "state 3").add(FCCP="dose").wait(1, "uncoupled")
    options = {"samples": 12, "rtol": RTOL}
    ds = mitochondria.ensemble(table, protocol, outputs=["J_O2", "delta_psi", "adp_bath"], **options)
    for i in range(3):
        steps = mc.Protocol().wait(1).add(ADP=added[i]).wait(1, "state 3").add(FCCP=table["dose"][i])
        one = mitochondria.replace({"leak.amplitude": table["leak.amplitude"][i]}).simulate(
            steps.wait(1, "uncoupled"), **options
        )
        assert (ds.time.values == one.time.values).all()
        assert ds.segment.values[-1] == one.segment.values[-1] == "uncoupled"
        for name in ("J_O2", "delta_psi", "adp_bath"):
            # the same integration: nothing but the solver's tolerance could differ
            np.testing.assert_allclose(ds[name][i].values, one[name].values, rtol=10 * RTOL, atol=1e-6)
    assert ds.adp_bath_added.attrs["units"] == "mM"
    assert ds.dose.values.tolist() == table["dose"]


def test_steady_members_are_steady_states(minimal):
    ds = minimal.ensemble({"leak.conductance": CONDUCTANCES})
    sweep = minimal.steady_state({"leak.conductance": CONDUCTANCES})
    np.testing.assert_allclose(ds.J_O2.values, sweep.J_O2.values, rtol=1e-9)
    assert ds.success.all()
    assert ds.attrs["calculation"] == "ensemble of steady states"


@pytest.mark.parametrize("kind", ["dict", "frame", "rows", "dataset", "callable", "units"])
def test_any_table_will_do(minimal, kind):
    columns = {"leak.conductance": CONDUCTANCES, "pmf": np.full(6, 100.0)}
    tables = {
        "dict": columns | {"pmf": 100.0},
        "frame": pd.DataFrame(columns),
        "rows": [{k: v[i] for k, v in columns.items()} for i in range(6)],
        "dataset": xarray.Dataset({k: ("member", v) for k, v in columns.items()}),
        "callable": lambda first, last: {k: v[first:last] for k, v in columns.items()},
        "units": {"leak.conductance": CONDUCTANCES, "pmf": ["0.1 V"] * 6},
    }
    found = run(minimal, tables[kind], members=6 if kind == "callable" else None)
    expected = run(minimal, columns)
    xarray.testing.assert_identical(found.drop_attrs(), expected.drop_attrs())
    assert found.start_pmf.values.tolist() == [100.0] * 6


def test_dataset_units_are_converted(minimal):
    table = xarray.Dataset({"pmf": ("draw", [0.1, 0.15], {"units": "V"})})
    assert run(minimal, table).start_pmf.values.tolist() == [100.0, 150.0]


def test_a_column_may_be_a_drug_by_its_name(mitochondria):
    ds = mitochondria.ensemble({"FCCP": [0.0, 0.2]}, outputs=["J_O2"])
    named = mitochondria.ensemble({"FCCP.dose": [0.0, 0.2]}, outputs=["J_O2"])
    xarray.testing.assert_identical(ds, named)
    assert ds.J_O2[1] > 2 * ds.J_O2[0]
    assert ds.FCCP_dose.attrs["units"] == "uM"


def test_times_of_output_are_those_asked_for(minimal):
    ds = run(minimal, {"leak.conductance": CONDUCTANCES}, times=[0.5, 0, 1])
    assert ds.time.values.tolist() == [0, 0.5, 1]
    assert (ds.pmf[:, 0] == 0).all()


def test_output_at_an_addition_is_the_value_before_it(mitochondria):
    protocol = mc.Protocol().wait(0.1).wait(0.2).add(ADP=np.array([0.1, 0.2])).wait(1)
    ds = mitochondria.ensemble({}, protocol, times=[0.3, 0.4], outputs=["adp_bath"], rtol=RTOL)
    before, after = ds.adp_bath.values.T
    assert before[0] == before[1]
    assert after[1] - after[0] > 0.05  # of 0.1 mM more, some is used by then


def test_readouts_agree_with_the_time_course(minimal):
    readouts = {
        "peak": ("J_O2", "max"),
        "low": ("J_O2", "min"),
        "end": ("pmf", "last"),
        "used": ("J_O2", "integral"),
        "rate": ("J_O2", "mean"),
        "when": ("J_O2", "time of max"),
        "late": ("pmf", "mean", (0.5, 1.0)),
    }
    ds = run(minimal, {"leak.conductance": CONDUCTANCES}, samples=60, readouts=readouts)
    values, times = ds.J_O2.values, ds.time.values
    assert (ds.peak == values.max(axis=1)).all()
    assert (ds.low == values.min(axis=1)).all()
    assert (ds.end == ds.pmf[:, -1]).all()
    area = ds.J_O2.integrate("time").values
    np.testing.assert_allclose(ds.used, area, rtol=1e-12)
    np.testing.assert_allclose(ds.rate, area / 1.0, rtol=1e-12)
    assert (ds.when == times[values.argmax(axis=1)]).all()
    assert (abs(ds.late - ds.pmf[:, -1]) < abs(ds.pmf[:, -1])).all()
    assert ds.used.attrs["units"] == "nmol/min/mg*min"


def test_readouts_alone_leave_out_the_time_courses(minimal):
    ds = run(minimal, {"leak.conductance": CONDUCTANCES}, outputs=None, readouts={"peak": ("J_O2", "max")})
    assert "time" not in ds.dims
    assert set(ds.data_vars) == {"peak", "success", "message"}


def test_wait_until_ends_each_member_at_its_own_time(mitochondria):
    closed = mc.Protocol(closed=True).add(ADP=0.3).wait_until(oxygen=("<", 0.15), at_most=5).wait(0.5)
    table = {"electron_transport.capacity": [150.0, 600.0]}
    ds = mitochondria.ensemble(table, closed, times=np.linspace(0, 5.5, 56), outputs=["oxygen"], rtol=RTOL)
    lasts = [int(np.isfinite(ds.oxygen[i].values).sum()) for i in range(2)]
    assert lasts[1] <= lasts[0]
    with pytest.raises(mc.ParameterError, match="times="):
        mitochondria.ensemble(table, closed, outputs=["oxygen"])


# --- failures -------------------------------------------------------------------------------------


def test_a_failed_member_is_nan_with_its_reason(mitochondria):
    table = {"load.capacity": [50.0, 1e5]}
    protocol = mc.Protocol().add(ATP=1.0).wait(2)
    ds = mitochondria.ensemble(table, protocol, outputs=["J_O2"], samples=5, rtol=RTOL)
    alone = mitochondria.ensemble({"load.capacity": [50.0]}, protocol, outputs=["J_O2"], samples=5, rtol=RTOL)
    assert (ds.J_O2[0].values == alone.J_O2[0].values).all()
    for i in np.flatnonzero(~ds.success.values):
        assert ds.J_O2[i].isnull().all()
        assert str(ds.message[i].values)


def test_a_drawn_member_outside_its_bounds_is_flagged(minimal):
    ds = run(minimal, draws({"leak.conductance": ("normal", 0.1, 0.1)}, 12, seed=3))
    bad = ds.leak_conductance.values < 0
    assert bad.any()
    assert (ds.success.values == ~bad).all()
    assert all("outside" in m for m in ds.message.values[bad])


def test_a_given_member_outside_its_bounds_is_refused(minimal):
    with pytest.raises(mc.ParameterError, match=r"member 1 of the table.*outside"):
        run(minimal, {"leak.conductance": [0.1, -0.1]})


@pytest.mark.parametrize(
    ("table", "options", "words"),
    [
        ({"leak.conductanc": [1, 2]}, {}, "Did you mean leak.conductance"),
        ({"leak.conductance": [1, 2], "pmf": [1, 2, 3]}, {}, "pmf has 3 values"),
        ({"leak.conductance": [0.1]}, {"outputs": ["J_O"]}, "J_O2"),
        ({"leak.conductance": [0.1]}, {"times": [0, 3]}, "between 0 and the end"),
        ({"leak.conductance": [0.1]}, {"readouts": {"p": ("J_O2", "maxx")}}, "Did you mean max"),
        ({"leak.conductance": [0.1]}, {"readouts": {"p": "J_O2"}}, "write a pair"),
        ({"leak.conductance": [0.1]}, {"engine": 3}, "engine = 3"),
        ({"leak.conductance": [0.1]}, {"reduce": ["men"]}, "Did you mean mean"),
        ({"leak.conductance": [0.1]}, {"solver": "lsodar"}, "Did you mean lsoda"),
        ({"leak.conductance": [0.1]}, {"chunk": 0}, "chunk = 0"),
        ({"leak.conductance": [0.1]}, {"share": (0, 2)}, "store="),
        ({}, {}, "nothing that differs"),
        ({"leak.conductance": 0.1}, {}, "no column with several values"),
    ],
)
def test_bad_input_is_named(minimal, table, options, words):
    with pytest.raises(mc.ParameterError, match=words):
        run(minimal, table, **options)


def test_an_unknown_column_in_the_protocol_is_named(mitochondria):
    with pytest.raises(mc.ParameterError, match="Did you mean dose"):
        mitochondria.ensemble({"dose": [1.0, 2.0]}, mc.Protocol().add(FCCP="dosis").wait(1))


# --- tables that are drawn --------------------------------------------------------------------------


def test_draws_do_not_depend_on_how_they_are_dealt_out():
    table = draws({"a": ("lognormal", 2.0, 0.3), "b": (0, 1)}, 3000, seed=7)
    whole = table.columns(0, 3000)
    for first, last in [(0, 1), (1020, 1030), (1023, 2500), (2999, 3000)]:
        part = table.columns(first, last)
        assert all((part[k] == whole[k][first:last]).all() for k in whole)
    more = draws({"b": (0, 1), "c": (0, 1)}, 3000, seed=7).columns(0, 3000)
    assert (more["b"] == whole["b"]).all()
    assert np.corrcoef(more["b"], more["c"])[0, 1] == pytest.approx(0, abs=0.08)  # 4 sd of 1/sqrt(3000)
    assert np.median(whole["a"]) == pytest.approx(2.0, rel=0.04)  # 5 sd of the median


def test_a_saltelli_table_is_that_of_salib():
    sample = pytest.importorskip("SALib.sample.sobol", reason="SALib is not installed")
    ranges = {"a": (0.0, 1.0), "b": (2.0, 5.0), "c": (-1.0, 1.0)}
    problem = {"num_vars": 3, "names": list(ranges), "bounds": [list(r) for r in ranges.values()]}
    theirs = sample.sample(problem, 16, calc_second_order=False, seed=5)
    table = saltelli(ranges, 16, seed=5)
    ours = np.stack(list(table.columns(0, table.size).values()), axis=1)
    np.testing.assert_allclose(ours, theirs, rtol=1e-14)
    part = table.columns(7, 23)
    assert (np.stack(list(part.values()), axis=1) == ours[7:23]).all()


# --- the whole ----------------------------------------------------------------------------------------


def test_a_task_travels_and_keeps_its_digest(minimal):
    from mitochem.core.ensemble.plan import make_plan
    from mitochem.core.ensemble.task import Task

    options = dict.fromkeys(("members", "conditions", "times", "readouts", "reduce", "keep", "atol", "chunk"))
    options |= {"outputs": ["pmf"], "samples": 5, "clamped": (), "rtol": 1e-6, "solver": "auto"}
    plan = make_plan(minimal, {"leak.conductance": [0.1]}, None, 1.0, workers=1, stored=False, **options)
    twin = pickle.loads(pickle.dumps(plan.task))
    assert isinstance(twin, Task)
    assert twin == plan.task
    assert pickle.loads(pickle.dumps(plan.task)) is twin  # wired once in each process


@pytest.mark.parametrize("chunk", [1, 7, 500])
@pytest.mark.parametrize("workers", [1, 3])
def test_results_do_not_depend_on_chunks_and_threads(minimal, chunk, workers):
    table = draws({"leak.conductance": ("lognormal", 0.2, 0.5)}, 20, seed=1)
    expected = run(minimal, table)
    xarray.testing.assert_identical(run(minimal, table, chunk=chunk, workers=workers), expected)


def test_ctrl_c_returns_what_is_finished(minimal, capsys):
    def table(first, last):
        if first >= 8:
            raise KeyboardInterrupt
        return {"leak.conductance": CONDUCTANCES[:1].repeat(last - first)}

    def columns(first, last):
        return {"leak.conductance": CONDUCTANCES[:1].repeat(last - first)}

    calls = iter([columns, *[table] * 6, *[columns] * 9])
    ds = run(minimal, lambda a, b: next(calls)(a, b), members=24, chunk=4, workers=1)
    done = ds.success.values
    assert 0 < done.sum() < 24
    assert (ds.message.values[~done] == "not run: interrupted").all()
    assert ds.J_O2[~done].isnull().all()
    assert ds.J_O2[done].notnull().all()
    assert f"interrupted: {done.sum()} of 24" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_real_interrupt_is_heard_between_members(tmp_path):
    script = textwrap.dedent("""
        import os, signal, threading
        import mitochem as mc
        from mitochem.core.ensemble import draws
        members = draws({"leak.amplitude": ("lognormal", 0.6, 0.3)}, 20000)

        def table(first, last):
            if first == 40:  # some chunks are done by then; the signal finds the call waiting for others
                threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            return members.columns(first, last)

        model = mc.models.isolated_mitochondria()
        ds = model.ensemble(table, members=20000, t_end=5.0, outputs=["J_O2"], samples=5, chunk=4)
        print(int(ds.success.sum()), ds.attrs["unfinished"])
    """)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    number, reason = done.stdout.split(maxsplit=1)
    assert 0 < int(number) < 20000
    assert reason.strip() == "not run: interrupted"
    assert "interrupted" in done.stderr


def test_the_result_says_where_it_comes_from_and_survives_a_file(minimal, tmp_path):
    ds = run(minimal, {"leak.conductance": CONDUCTANCES})
    back = mc.load(mc.save(ds, tmp_path / "ensemble.nc"))
    xarray.testing.assert_equal(back, ds)
    assert ds.attrs["members"] == 6
    assert ds.leak_conductance.attrs["units"]
    assert ds.J_O2.attrs["units"] == "nmol/min/mg"


def test_a_result_too_large_to_hold_is_refused(minimal):
    with pytest.raises(mc.ParameterError, match="store="):
        run(minimal, draws({"leak.conductance": (0.1, 0.2)}, 10**9))
    with pytest.raises(mc.ParameterError, match="leaves nothing"):
        run(minimal, {"leak.conductance": CONDUCTANCES}, keep=False)


def test_reductions_and_members_together(minimal):
    ds = run(minimal, {"leak.conductance": CONDUCTANCES}, reduce=["mean", Quantiles(0.5)], keep=True)
    np.testing.assert_allclose(ds.pmf_mean, ds.pmf.mean("member"), rtol=1e-13)
