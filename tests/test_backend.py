"""Who solves: without numba everything works; stored machine code is used if sound, and made again if not."""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from mitochem.core import cache
from mitochem.core.lanes import machine, routines, tiles
from mitochem.core.solvers import backend
from mitochem.core.solvers.steady_state import problem_of

pytest.importorskip("numba")


def run(code, folder=None, expected=0, **environment):
    """Python in a process of its own; what it prints."""
    environment = os.environ | environment | ({"MITOCHEM_CACHE": str(folder)} if folder else {})
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == expected, done.stderr[-3000:]
    return done.stdout.strip()


ALL_OF_IT = """
    import sys
    {before}
    import numpy as np
    import mitochem as mc
    from mitochem.core.solvers import backend
    assert not backend.available()
    m = mc.models.isolated_mitochondria()
    ds = m.steady_state({{"leak.amplitude": np.geomspace(0.1, 10, 3000)}})
    assert ds.success.all() and "compiled" not in ds.attrs["solver"], ds.attrs["solver"]
    assert m.steady_state({{"leak.amplitude": [0.1, 1.0]}}, continuation=True).success.all()
    protocol = mc.Protocol().wait(1).add(ADP=0.3).wait(1)
    for solver in ("auto", "lsoda", "bdf", "radau"{rosenbrock}):
        run = m.simulate(protocol, solver=solver, samples=5)
        assert "compiled" not in run.attrs["solver"]
        print(solver, float(run.delta_psi[-1]))
    try:
        m.steady_state(compiled=True)
    except mc.ParameterError as error:
        assert "numba" in str(error), error
    else:
        raise SystemExit("compiled=True was accepted")
    assert "numba" not in [n for n, m in sys.modules.items() if m is not None]
"""
ABSENT = """
    import importlib.util
    real = importlib.util.find_spec
    importlib.util.find_spec = lambda n, *a: None if n.split(".")[0] in ("numba", "llvmlite") else real(n, *a)
    sys.modules["llvmlite"] = None
"""
WAYS = {"switched off": ({"MITOCHEM_COMPILED": "0"}, ""), "not installed": ({}, ABSENT)}


@pytest.mark.parametrize("rosenbrock", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_without_numba_everything_works(way, rosenbrock):
    environment, before = WAYS[way]
    text = run(
        ALL_OF_IT.format(before=before.strip(), rosenbrock=', "rosenbrock"' if rosenbrock else ""), **environment
    )
    ends = [float(line.split()[1]) for line in text.splitlines()]
    assert len(ends) == 4 + rosenbrock
    np.testing.assert_allclose(ends, ends[0], rtol=1e-6)


def test_small_calls_load_no_compiler():
    run("""
        import sys
        import mitochem as mc
        def light():
            return not {"numba", "llvmlite"} & set(sys.modules)
        assert light(), "import"
        m = mc.models.isolated_mitochondria()
        m.steady_state()
        assert light(), "a steady state"
        m.steady_state({"leak.amplitude": [0.1 * k for k in range(1, 21)]})
        m.titrate("FCCP", [0.02 * k for k in range(20)])
        assert light(), "a titration of 20 points"
        m.simulate(mc.Protocol().wait(1).add(ADP=0.3).wait(1))
        assert light(), "one run"
    """)


def test_what_is_asked_for_is_done(mitochondria):
    for compiled in (True, False):
        ds = mitochondria.steady_state(compiled=compiled)
        assert ("compiled" in ds.attrs["solver"]) == compiled
    assert "compiled" in mitochondria.simulate(t_end=1, solver="rosenbrock").attrs["solver"]
    assert "Radau" in mitochondria.simulate(t_end=1, solver="radau").attrs["solver"]


def test_the_choice_weighs_what_compiling_costs(monkeypatch):
    monkeypatch.setattr(backend, "ready", lambda: False)
    monkeypatch.setattr(backend, "loops_are_stored", lambda: True)
    assert not backend.chosen(None, 0.01, loaded=False, stored=False)
    assert backend.chosen(None, 100.0, loaded=False, stored=False)
    cost = backend.LOADING + backend.BUILDING
    assert backend.chosen(None, 2.1 * backend.LOADING, loaded=False, stored=True)
    assert not backend.chosen(None, 2.1 * backend.LOADING, loaded=False, stored=False)
    monkeypatch.setattr(backend, "loops_are_stored", lambda: False)
    assert not backend.chosen(None, 3 * cost, loaded=False, stored=False)
    monkeypatch.setattr(backend, "ready", lambda: True)
    assert backend.chosen(None, 0.0, loaded=True, stored=True)
    monkeypatch.setattr(backend, "available", lambda: False)
    assert not backend.chosen(None, 1e9, loaded=True, stored=True)


# --- machine code on disk ---------------------------------------------------------------------------------


@pytest.fixture
def entry(minimal, tmp_path, monkeypatch):
    """Name of the stored Newton routine of the smallest model, in a cache of its own, and how to get it."""
    monkeypatch.setenv("MITOCHEM_CACHE", str(tmp_path))
    problem = problem_of(minimal, {}, {}, ())
    key = cache.digest(problem.system.kernel.source, "newton", problem.system.key, problem.setting)
    count = []

    def write():
        count.append(1)
        return routines.newton_routines(problem.system, problem.setting)

    def get():
        return machine.compiled(key, ("newton",), write)

    get()
    (path,) = tmp_path.glob("*.o")
    return path, get, count


SPOILT = {
    "empty": lambda path, good: path.write_bytes(b""),
    "truncated": lambda path, good: path.write_bytes(good[: len(good) // 2]),
    "a flipped bit": lambda path, good: path.write_bytes(good[:500] + bytes([good[500] ^ 1]) + good[501:]),
    "text": lambda path, good: path.write_text("not machine code"),
    "another entry, renamed": lambda path, good: (
        cache.store_binary("other", b"x" * 100), path.write_bytes(path.with_name("other.o").read_bytes())
    ),
}  # fmt: skip


def test_stored_code_is_used_and_not_made_again(entry):
    path, get, count = entry
    before = path.stat().st_mtime_ns
    assert get().address["newton"]
    assert len(count) == 1
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize("how", SPOILT)
def test_spoilt_code_is_made_again(how, entry):
    path, get, count = entry
    good = path.read_bytes()
    SPOILT[how](path, good)
    assert get().address["newton"]
    assert len(count) == 2
    assert path.read_bytes() == good


def test_sound_files_with_other_routines_are_made_again(tmp_path):
    """In a process of its own: LLVM may end a process over code that it does not like."""
    out = run(
        """
        from mitochem.core import cache
        from mitochem.core.lanes import machine
        from mitochem.core.lanes.trace import Routine
        made = []
        def get():
            machine.compiled("key", ("one",), lambda: (made.append(1), [Routine("one")])[1])
        get()
        name = machine._stored_name("key")
        good = cache.load_binary(name)
        cache.store_binary(name, machine.build([Routine("other")]))
        get()
        print(len(made), cache.load_binary(name) == good)
        """,
        folder=tmp_path,
    )
    assert out == "2 True"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    out = run(
        """
        import mitochem as mc
        print(bool(mc.models.minimal().steady_state(compiled=True).success))
        """,
        folder=blocked,
    )
    assert out == "True"


def test_code_of_another_processor_is_not_ours(entry, monkeypatch):
    path, get, count = entry
    monkeypatch.setattr(machine, "fingerprint", lambda: "0" * 64)
    get()
    assert len(count) == 2
    assert len(list(path.parent.glob("*.o"))) == 2


def test_two_processes_write_the_same_entry_at_once(tmp_path):
    code = """
        import mitochem as mc
        from mitochem.core.lanes.tiles import newton_tile
        from mitochem.core.solvers.steady_state import problem_of
        problem = problem_of(mc.models.isolated_mitochondria(), {}, {}, ())
        print(newton_tile(problem.system, problem.setting).machine.address["newton"] > 0)
    """
    environment = os.environ | {"MITOCHEM_CACHE": str(tmp_path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for _ in range(2)
    ]
    results = [p.communicate(timeout=300) for p in both]
    assert [p.returncode for p in both] == [0, 0], results
    assert [r[0].strip() for r in results] == ["True", "True"]
    assert len(list(tmp_path.glob("*.o"))) == 1
    assert run(code, folder=tmp_path) == "True"
    assert not list(tmp_path.glob("*.part"))


def test_other_equations_are_other_code():
    """The same class, name and parameters, another law: nothing of the first may answer for the second."""
    from mitochem import Component, Model, component, parameter, state

    def pool(law):
        @component
        class Pool(Component):
            """A pool that fills and empties. References: typed here."""

            rate: float = parameter(2.0, "mM/min", source="assumed: test", status="assumed")
            loss: float = parameter(1.0, "1/min", source="assumed: test", status="assumed")

            @state("mM", initial=0.5, bounds=(0, None), scale=1.0)
            def x(self, x):
                return law(self, x)

        return Model(Pool())

    one, two = pool(lambda self, x: self.rate - self.loss * x), pool(lambda self, x: self.rate - 2 * self.loss * x)
    for compiled in (False, True, False, True):
        assert float(one.steady_state(compiled=compiled).x) == pytest.approx(2.0, rel=1e-9)
        assert float(two.steady_state(compiled=compiled).x) == pytest.approx(1.0, rel=1e-9)
    keys = [cache.digest(m.kernel.source, "newton") for m in (one, two)]
    assert keys[0] != keys[1]
    run_one, run_two = (m.simulate(t_end=50, solver="rosenbrock") for m in (one, two))
    assert float(run_one.x[-1]) == pytest.approx(2.0, rel=1e-6)
    assert float(run_two.x[-1]) == pytest.approx(1.0, rel=1e-6)


def test_scales_and_bounds_are_part_of_the_key(minimal):
    import dataclasses

    problem = problem_of(minimal, {}, {}, ())
    wider = dataclasses.replace(problem.setting, upper=(1e6,))
    loaded = tiles.newton_tile(problem.system, problem.setting)
    assert tiles.newton_tile(problem.system, problem.setting) is loaded
    assert tiles.newton_tile(problem.system, wider) is not loaded
