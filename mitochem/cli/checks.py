"""``mitochem doctor``: what is installed, and whether a known case comes out."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import time
from typing import Any

from .. import models
from ..core import cache
from ..core.errors import MitochemError
from ..core.solvers import backend

PACKAGES = ("numpy", "scipy", "sympy", "xarray", "matplotlib", "lmfit", "pint", "tqdm")
OPTIONAL = ("numba", "dask", "zarr", "jupyterlab", "ipywidgets", "libroadrunner")

# Reference values of the model description, section I: state 4 and state 3 with NADH-linked substrates.
KNOWN = {"pmf in state 4 / mV": (184.95, 0.01), "respiratory control ratio": (7.79, 0.01)}


def doctor(options: Any) -> int:
    """Print versions, the cache folder and the outcome of a small known case."""
    found = {name: _version(name) for name in PACKAGES}
    missing = [name for name, version in found.items() if version is None]
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "platform": platform.platform(terse=True),
        "packages": found,
        "optional": {name: _version(name) for name in OPTIONAL},
        "cache": str(cache.folder()),
        "checks": {},
    }
    good = not missing
    if good:
        try:
            report["checks"] = _known_case()
        except MitochemError as error:
            report["checks"] = {"known case": {"error": str(error), "ok": False}}
        good = all(check["ok"] for check in report["checks"].values())
        if options.compile:
            report["compiled"] = _compiled(quiet=options.quiet or options.json)
    report["machine code"] = _machine_code()
    report["ok"] = good
    if options.json:
        print(json.dumps(report, indent=1))
    elif not options.quiet:
        _print(report, missing)
    return 0 if good else 1


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _machine_code() -> str:
    if not backend.available():
        return "numba is not installed (or MITOCHEM_COMPILED=0): everything works, large sweeps are slower"
    if not backend.loops_are_stored():
        return "not made yet; it will be when a task is large enough, or now by: mitochem doctor --compile"
    return "ready"


def _compiled(quiet: bool) -> dict[str, float]:
    """Seconds it took to make (or load) the machine code of each built-in model."""
    if not backend.available():
        return {}
    seconds: dict[str, float] = {}
    for name in models.list().index:
        started = time.perf_counter()
        backend.warm(models.get(name))
        seconds[name] = round(time.perf_counter() - started, 2)
        if not quiet:
            print(f"  machine code of {name}: {seconds[name]:.2f} s", flush=True)
    return seconds


def _known_case() -> dict[str, dict[str, Any]]:
    from ..models import isolated_mitochondria

    started = time.perf_counter()
    model = isolated_mitochondria()
    state_4, state_3 = model.steady_state(), model.steady_state({"load.capacity": 1200.0})
    got = {
        "pmf in state 4 / mV": float(state_4["pmf"]),
        "respiratory control ratio": float(state_3["J_O2"] / state_4["J_O2"]),
    }
    seconds = time.perf_counter() - started
    return {
        name: {
            "got": round(got[name], 4),
            "expected": value,
            "ok": abs(got[name] / value - 1) < tolerance,
            "seconds": round(seconds, 2),
        }
        for name, (value, tolerance) in KNOWN.items()
    }


def _print(report: dict[str, Any], missing: list[str]) -> None:
    print(f"Python {report['python']} on {report['platform']}")
    for name, version in report["packages"].items():
        print(f"  {name:<12} {version or 'MISSING'}")
    for name, version in report["optional"].items():
        print(f"  {name:<12} {version or 'not installed (optional)'}")
    print(f"compiled models are kept in {report['cache']}")
    print(f"machine code: {report['machine code']}")
    for name, check in report["checks"].items():
        if "error" in check:
            print(f"  FAILED {name}: {check['error']}")
        else:
            print(f"  {'ok' if check['ok'] else 'WRONG'}: {name} = {check['got']} (expected {check['expected']})")
    if missing:
        print("install what is missing with: pip install " + " ".join(missing))
    print("everything is in order" if report["ok"] else "something is wrong, see above")
