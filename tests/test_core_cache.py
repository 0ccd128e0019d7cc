"""Generated code: kept on disk, made again when damaged, never for a component of one's own; and such a component."""

import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import mitochem as mc
from mitochem import flux, parameter
from mitochem.core import cache
from mitochem.core.component import Component, component

# --- a component of one's own --------------------------------------------------------------------------------------


@component
class RedoxSlip(Component):
    """Electrons that reach oxygen without pumping, more of them the higher the force.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Oxygen used per millivolt above the threshold.

    References
    ----------
    A user's hypothesis.
    """

    conductance: float = parameter(0.05, "nmol/min/mg/mV", bounds=(0, None), source="assumed: a hypothesis")
    threshold: float = parameter(150.0, "mV", source="assumed: a hypothesis")

    @flux("nmol/min/mg", into="J_O2", electron_donor=-4, oxygen=-1)
    def J_redox_slip(self, pmf):
        """Oxygen consumption without pumping"""
        return self.conductance * 8.0 * mc.softplus((pmf - self.threshold) / 8.0)


def test_a_slip_of_ones_own_raises_oxygen_use_and_lowers_p_over_o(mitochondria):
    slipping = mitochondria.with_component(RedoxSlip())
    load = {"load.capacity": 300.0}
    plain, slip = mitochondria.steady_state(load), slipping.steady_state(load)
    assert float(slip["redox_slip_J_redox_slip"]) > 0.5
    # It pumps nothing, so the force and all else are the same; oxygen use is more by just the slip.
    assert float(slip["pmf"]) == pytest.approx(float(plain["pmf"]), rel=1e-8)
    more = float(slip["J_O2"]) - float(plain["J_O2"])
    assert more == pytest.approx(float(slip["redox_slip_J_redox_slip"]), rel=1e-6)
    ratio = mc.readouts.p_over_o
    assert float(ratio(slip)) < float(ratio(plain))
    assert "RedoxSlip" in repr(slipping)
    assert "redox_slip.conductance" in slipping.parameters.index
    assert np.isfinite(slipping.simulate(t_end=1)["J_O2"]).all()


# --- the cache of generated code -----------------------------------------------------------------------------------


RUN = """
    import sys, json
    import mitochem as mc
    m = mc.models.isolated_mitochondria()
    ds = m.simulate(mc.Protocol().wait(1).add(FCCP=0.3).wait(1))
    st = m.steady_state({"load.capacity": [0.0, 600.0]})
    print(json.dumps([float(ds["pmf"][-1]), float(st["pmf"][1]), "sympy" in sys.modules, "pint" in sys.modules]))
"""


def run_in_a_fresh_python(folder):
    env = os.environ | {"MITOCHEM_CACHE": str(folder)}
    code = textwrap.dedent(RUN)
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_a_cached_start_imports_no_sympy(tmp_path):
    first = run_in_a_fresh_python(tmp_path)
    assert first[2], "the first start has to derive the equations"
    second = run_in_a_fresh_python(tmp_path)
    assert second[:2] == first[:2]
    assert not second[2], "the second has them on disk"


@pytest.fixture
def forgetful(tmp_path, monkeypatch):
    """As in a new session: nothing in memory, an empty folder on disk; gives the results of two structures."""
    from mitochem.core import compile as compiler

    monkeypatch.setenv("MITOCHEM_CACHE", str(tmp_path))

    def session():
        monkeypatch.setattr(compiler, "_memory", {})
        return [
            float(model.steady_state({"delta_pH": 0.2} if name == "minimal" else {})["pmf"])
            for name in ("minimal", "isolated_mitochondria")
            for model in [mc.models.get(name)]
        ]

    return session


@pytest.mark.parametrize("damage", ["truncate", "garbage", "binary", "foreign", "folder"])
def test_a_damaged_cache_is_made_again_without_a_word(forgetful, tmp_path, damage):
    expected = forgetful()
    entries = sorted(tmp_path.glob("*.py"))
    assert len(entries) == 2
    texts = {e: e.read_bytes() for e in entries}
    for i, entry in enumerate(entries):
        if damage == "truncate":
            entry.write_bytes(texts[entry][: len(texts[entry]) // 2])
        elif damage == "garbage":
            entry.write_text("import nothing_of_that_name\n")
        elif damage == "binary":
            entry.write_bytes(bytes(range(256)))
        elif damage == "foreign":  # whole and sealed, but of another model: the files have been swapped
            entry.write_bytes(texts[entries[1 - i]])
        else:
            entry.unlink()
            entry.mkdir()
    assert forgetful() == expected
    if damage != "folder":
        assert {e: e.read_bytes() for e in entries} == texts, "and the entry is whole again"


def test_a_cache_that_cannot_be_written_is_done_without(forgetful, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MITOCHEM_CACHE", str(tmp_path / "file" / "cache"))
    assert np.isfinite(forgetful()).all()


def test_components_of_ones_own_are_never_cached(mitochondria):
    assert cache.key(mitochondria.components)
    assert cache.key(mitochondria.with_component(RedoxSlip()).components) == ""


def test_a_changed_value_compiles_nothing(mitochondria):
    assert mitochondria.replace({"leak.amplitude": 0.9}).kernel is mitochondria.kernel
    assert mc.models.isolated_mitochondria("succinate").kernel is mitochondria.kernel


def test_importing_mitochem_imports_none_of_the_heavy_packages():
    heavy = ("sympy", "scipy", "xarray", "pandas", "matplotlib", "lmfit", "pint")
    code = f"import sys, mitochem; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
