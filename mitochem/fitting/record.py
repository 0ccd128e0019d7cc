"""A fit written down, and run again: model or law, data, free parameters, start, options, and what came out."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.arguments import path_in, shown
from ..core.errors import FitError, MitochemError, ModelError, ReaderError
from ..core.files import written_whole
from ..core.protocol import Protocol
from ..core.record import model_from, named_in_module, recorded
from .plain import plain, with_nan, without_nan
from .problems.experiment import Experiment, Noise
from .problems.free import Free, Scale
from .problems.law import Law, Reading
from .problems.problem import Problem
from .problems.time_course import TimeCourse
from .results.report import digest

if TYPE_CHECKING:
    from .results.result import FitResult

__all__ = ["of_result", "replay", "save"]

SAME = 1e-6
"""Values of a replay that differ by less than this share, or this share of their error, are the same."""

_LARGEST = 50_000_000


def of_result(result: FitResult) -> dict[str, Any]:
    """A fit as plain data: the problem, what `fit` was asked, where it comes from, and what was found."""
    return {
        "kind": "mitochem fit",
        "problem": _problem(result.problem),
        "provenance": plain(result.provenance),
        "found": result.found_values,
        "points": result.n,
        "degrees_of_freedom": result.dof,
        "rmse": result.rmse,
        "aicc": result.aicc,
        "warnings": [{"kind": w.kind, "text": str(w)} for w in result.warnings],
    }


def save(result: FitResult, path: str | Path) -> Path:
    """Write a fit as JSON, from which `replay` runs it again.

    Raises
    ------
    FitError
        If its law is not a function of a module, so that it could not be found again.
    MitochemError
        If the place cannot be written to.
    """
    path = path_in(path, "path")
    text = json.dumps(without_nan(of_result(result)), indent=1, ensure_ascii=False, allow_nan=False)
    with written_whole(path) as temporary:
        temporary.write_text(text + "\n", "utf-8")
    return path


def replay(record: str | Path | Mapping[str, Any]) -> FitResult:
    """Run a recorded fit again, and say where it comes out differently.

    Parameters
    ----------
    record : path or mapping
        What ``result.save`` wrote, or ``result.record``.

    Raises
    ------
    ReaderError
        If the file cannot be read or is no record of a fit.
    FitError
        If the data in it are not those that were fitted.

    Warns
    -----
    UserWarning
        If a value differs from the one recorded; the message names both and the versions.
    """
    from .fit import fit

    found = _read(record) if not isinstance(record, Mapping) else record
    if found.get("kind") != "mitochem fit":
        raise ReaderError(f"{shown(record)} is no record of a fit; result.save writes one.")
    try:
        problem = _restored(found["problem"])
        options = {name: found["provenance"]["options"][name] for name in ("errors", "starts", "method", "seed")}
        versions = dict(found["provenance"]["versions"])
        was = {str(name): _found(one) for name, one in found["found"].items()}
        same = found["provenance"]["data_digest"] == digest(problem)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, MitochemError):
            raise
        raise ReaderError(f"{shown(record)} is damaged ({type(error).__name__}: {error}).") from None
    if not same:
        raise FitError("the data in this record are not those that were fitted: their digests differ.")
    result = fit(problem, **options)
    for text in _differences(was, result):
        made = ", ".join(f"{k} {v}" for k, v in versions.items())
        warnings.warn(f"{text} It was recorded with {made}.", stacklevel=2)
    return result


def _found(record: Mapping[str, Any]) -> tuple[float, float]:
    """Value and standard error as recorded."""
    return float(record["value"]), float(record["standard_error"])


def _differences(recorded: Mapping[str, tuple[float, float]], result: FitResult) -> list[str]:
    out = []
    for name, (was, error) in recorded.items():
        if name not in result.values:
            out.append(f"{name} was recorded, and is not among what is fitted now.")
            continue
        now = result[name]
        near = SAME * abs(was) + (1e-3 * error if math.isfinite(error) else 0.0)
        if result.verdicts[name].endswith("unidentifiable"):
            continue  # where it stands in a flat valley is chance
        if not abs(now - was) <= near:
            out.append(f"{name} was {was:.6g}, and is {now:.6g} {result.units[name]} now.")
    return out


def _read(path: str | Path) -> Mapping[str, Any]:
    path = path_in(path, "record")
    try:
        if path.stat().st_size > _LARGEST:
            raise ReaderError(f"{path} is larger than {_LARGEST // 1_000_000} MB, too large for a record of a fit.")
        out = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ReaderError(f"cannot read {path}: {error.strerror}.") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ReaderError(f"{path} is not a record of a fit ({error}).") from None
    if not isinstance(out, dict):
        raise ReaderError(f"{path} is not a record of a fit.")
    return out


# --- problems ---------------------------------------------------------------------------------------


def _problem(problem: Problem) -> dict[str, Any]:
    model: Any = problem.model
    experiments: Any = problem.experiments
    return {
        "law": _law(model) if isinstance(model, Law) else None,
        "model": None if isinstance(model, Law) else recorded(model),
        "experiments": [_experiment(e) for e in experiments],
        "free": {name: dataclasses.asdict(one) for name, one in problem.sought.items()},
        "nuisance": {name: plain(dataclasses.asdict(scale)) for name, scale in problem.nuisance.items()},
        "title": problem.title,
        "notes": list(problem.notes),
        "source": plain(dict(problem.source)),
    }


def _restored(record: Mapping[str, Any]) -> Problem:
    return Problem(
        _law_from(record["law"]) if record["law"] else model_from(record["model"]),
        [_experiment_from(entry) for entry in record["experiments"]],
        {name: Free(**with_nan(one)) for name, one in record["free"].items()},
        {name: _scale_from(scale) for name, scale in record["nuisance"].items()},
        record["title"],
        tuple(record["notes"]),
        record["source"],
    )


def _scale_from(record: Mapping[str, Any]) -> Scale:
    facts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in with_nan(dict(record)).items()}
    return Scale(**facts)


_OF_A_LAW = ("observable", "units", "defaults", "bounds", "long_names", "title", "equation", "references")


def _law(law: Law) -> dict[str, Any]:
    out = {name: plain(getattr(law, name)) for name in _OF_A_LAW}
    parts = {name: _callable(getattr(law, name)) for name in ("remarks", "derive")}
    return out | {"function": _path(law.function), "doubts": plain(law.doubts), **parts}


def _law_from(record: Mapping[str, Any]) -> Law:
    facts = {name: record[name] for name in _OF_A_LAW}
    facts["bounds"] = {name: tuple(pair) for name, pair in facts["bounds"].items()}
    facts["doubts"] = tuple((str(kind), str(text)) for kind, text in record["doubts"])
    parts = {name: _callable_from(record[name]) for name in ("remarks", "derive")}
    return Law(named_in_module(record["function"]), **parts, **facts)


def _callable(function: Any) -> Any:
    """A function of a module, perhaps with some of its arguments given."""
    if function is None:
        return None
    if isinstance(function, functools.partial) and not function.args:
        return {"function": _path(function.func), "given": plain(function.keywords)}
    return {"function": _path(function), "given": {}}


def _callable_from(record: Mapping[str, Any] | None) -> Any:
    if record is None:
        return None
    function, given = named_in_module(record["function"]), with_nan(dict(record["given"]))
    return functools.partial(function, **given) if given else function


def _path(function: Any) -> str:
    path = f"{getattr(function, '__module__', '')}:{getattr(function, '__qualname__', '')}"
    if isinstance(function, Reading) or "<" in path or path.startswith(":") or path.endswith(":"):
        found = None
    else:
        try:
            found = named_in_module(path)
        except ModelError:
            found = None
    if found != function:  # one bound to an object is found without it
        name = getattr(function, "__name__", shown(function))
        raise FitError(f"{name} is not a function of a module, so a record of this fit could not be run again.")
    return path


def _experiment(experiment: Experiment | TimeCourse) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": type(experiment).__name__}
    for field in dataclasses.fields(experiment):
        value = getattr(experiment, field.name)
        if field.name == "protocol":
            out[field.name] = {"rows": plain(value.rows), "closed": value.closed}
        elif field.name in ("noise", "uncertain"):
            out[field.name] = {name: _noise(one) for name, one in value.items()}
        elif field.name in ("conditions", "observed"):
            out[field.name] = {name: _array(one) for name, one in value.items()}
        else:
            out[field.name] = plain(value)
    return out


def _experiment_from(record: Mapping[str, Any]) -> Experiment | TimeCourse:
    facts = with_nan({name: value for name, value in record.items() if name != "kind"})
    for field in ("conditions", "observed"):
        facts[field] = {name: _array_from(one) for name, one in facts[field].items()}
    for field in ("noise", "uncertain"):
        if field in facts:
            facts[field] = {n: Noise(_array_from(one["size"]), one["why"]) for n, one in facts[field].items()}
    if facts.get("clamped") is not None:
        facts["clamped"] = tuple(facts["clamped"])
    if record["kind"] == "TimeCourse":
        facts["protocol"] = Protocol(facts["protocol"]["rows"], closed=facts["protocol"]["closed"])
        return TimeCourse(**facts)
    return Experiment(**facts)


def _noise(given: Any) -> dict[str, Any]:
    size, why = (given.size, given.why) if isinstance(given, Noise) else (given, "")
    return {"size": _array(size), "why": why}


def _array(value: Any) -> Any:
    """A DataArray with its dimensions and unit; anything else as it is."""
    if hasattr(value, "dims"):
        units = getattr(value, "attrs", {}).get("units")
        return {"dims": [str(d) for d in value.dims], "values": plain(value.values), "units": units}
    return plain(value)


def _array_from(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    import xarray

    attrs = {"units": value["units"]} if value["units"] else {}
    return xarray.DataArray(np.array(value["values"], float), dims=value["dims"], attrs=attrs)
