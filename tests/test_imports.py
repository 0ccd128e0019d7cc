"""Starting is cheap because heavy packages are imported when they are first needed: held by counting modules."""

import os
import subprocess
import sys

import pytest

HEAVY = {"scipy", "sympy", "xarray", "pandas", "matplotlib", "lmfit", "pint"}

HELP = """
from mitochem.cli import main
try:
    main(["--help"])
except SystemExit as stop:
    assert not stop.code
"""

STEADY_STATE = """
import mitochem as mc
model = mc.models.isolated_mitochondria()
assert bool(model.steady_state()["success"])
"""


def loaded_after(code, cache):
    """Names of top-level packages loaded by a fresh interpreter that ran the code."""
    show = 'import sys; print("loaded:", *sorted({name.partition(".")[0] for name in sys.modules}))'
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{show}"],
        env=os.environ | {"MITOCHEM_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    return set(last.removeprefix("loaded: ").split())


@pytest.mark.parametrize("code", ["import mitochem", HELP], ids=["import", "help"])
def test_starting_loads_nothing_heavy(code, tmp_path):
    loaded = loaded_after(code, tmp_path)
    assert "mitochem" in loaded
    assert not loaded & HEAVY


def test_import_loads_few_modules_of_its_own(tmp_path):
    code = "import sys, mitochem\nown = [m for m in sys.modules if m.startswith('mitochem')]\nassert len(own) < 10, own"
    assert "mitochem" in loaded_after(code, tmp_path)


def test_sympy_is_needed_only_until_the_model_is_in_the_cache(tmp_path):
    assert "sympy" in loaded_after(STEADY_STATE, tmp_path)
    assert list(tmp_path.glob("*.py"))
    assert "sympy" not in loaded_after(STEADY_STATE, tmp_path)


def test_declaring_what_is_shipped_needs_no_pint(tmp_path):
    """Units of the package's own components are told without it: it takes longer to import than a model to solve."""
    code = "import mitochem.components, mitochem.models, mitochem.experiments.observation"
    assert "pint" not in loaded_after(code, tmp_path)
