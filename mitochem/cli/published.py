"""Published fits, by name: what each of them fits, prints and draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["FITS", "Outcome", "adp_titration", "draw_together"]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Results of one or more fits, ready to print, write and draw."""

    title: str
    results: Mapping[str, Any]
    text: str = ""
    figure: Callable[[], Any] | None = None
    tables: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def report(self) -> str:
        return self.text or "\n\n".join(repr(result) for result in self.results.values())

    @property
    def summary(self) -> dict[str, Any]:
        """Of every fit: values with errors, intervals, units and verdicts, its goodness and its warnings."""
        return {label: _summary(result) for label, result in self.results.items()}

    def table(self, of: Callable[[Any], Any]) -> Any:
        """A table of every fit, one below the other."""
        import pandas

        parts = {label: of(result) for label, result in self.results.items()}
        return pandas.concat({k: v for k, v in parts.items() if v is not None}, names=["fit"])

    def draw(self) -> Any:
        """All fits of one kind on one figure, else each observable beside the other."""
        if self.figure is not None:
            return self.figure()
        return draw_together(self.results)


def _summary(result: Any) -> dict[str, Any]:
    out: dict[str, Any] = dict(result.found_values)
    for derived in result.derived:
        out[derived.name] = {"value": derived.value, "standard_error": derived.stderr, "unit": derived.unit}
    return out | {
        "rmse": result.rmse,
        "aicc": result.aicc,
        "points": result.n,
        "degrees_of_freedom": result.dof,
        "warnings": [str(w) for w in result.warnings],
    }


# --- what is published -------------------------------------------------------------------------------


def adp_titration(plain: bool = False) -> Outcome:
    """Respiration of heart fibres against ADP, with and without creatine (Stride 2013)."""
    from ..fitting import examples, summary

    laws = ("plain",) if plain else ("plain", "offset")
    found = examples.adp_sensitivity_heart(laws)
    best = {group: result for (group, law), result in found.items() if law == laws[-1]}
    text = summary(found).to_string(float_format="%.3g")
    if not plain:
        text += "\n\n" + "\n".join(
            f"{group}: Vmax {r['Vmax']:.1f} ± {r.stderr['Vmax']:.1f}, "
            f"Km {1000 * r['Km']:.0f} ± {1000 * r.stderr['Km']:.0f} uM ADP, "
            f"without ADP {r['J0']:.1f} ± {r.stderr['J0']:.1f}"
            for group, r in best.items()
        )
    return Outcome(
        "respiration of human heart fibres against ADP, Stride et al.",
        {" ".join(key): result for key, result in found.items()},
        text,
        lambda: draw_together(best),
    )


def heart(plain: bool = False) -> Outcome:
    """The default model against ADP titrations of heart mitochondria at 1 and 5 mM phosphate (Bazil 2016)."""
    return _of_problem("heart", "adp_titration_heart")


def heart_prediction(plain: bool = False) -> Outcome:
    """The same fitted at 1 mM phosphate alone, and 5 mM predicted from it (Bazil 2016)."""
    from .. import plot
    from ..fitting import examples, prediction
    from ..fitting import fit as solve

    result = solve(examples.adp_titration_heart(phosphate=(1.0,)))
    five: Any = examples.adp_titration_heart(phosphate=(5.0,)).experiments
    (wanted,) = (
        experiment for experiment in five if "adp_bath" in experiment.conditions and experiment.clamped is None
    )
    table = prediction(result, five)
    measured = table[table["observed"].notna()]
    inside = int(measured["inside"].sum())
    columns = ["observable", "adp_bath", "observed", "predicted", "low", "high", "inside"]
    text = (
        f"{result!r}\n\n5 mM phosphate, predicted: {inside} of {len(measured)} points lie in their 95 % interval\n\n"
        + measured[columns].to_string(index=False, float_format="%.4g")
    )

    def figure() -> Any:
        import matplotlib.pyplot as plt
        import pandas

        measured_adp, atp = (np.asarray(wanted.conditions[name]) for name in ("adp_bath", "atp_bath"))
        adp = np.geomspace(measured_adp.min(), measured_adp.max(), 40)
        between = dataclasses.replace(
            wanted,
            conditions={"adp_bath": adp, "atp_bath": measured_adp[0] + atp[0] - adp, "pi_bath": 5.0},
            observed={name: np.full(len(adp), np.nan) for name in wanted.observed},
        )
        drawn_from = pandas.concat([table, prediction(result, between)])
        with plot.house_style():
            drawn, axes = plt.subplots(1, 2, figsize=(9.0, 3.8), layout="constrained")
        labels = {"J_O2": "oxygen consumption / nmol/min/UCS", "delta_psi": "membrane potential / mV"}
        for ax, (name, label) in zip(axes, labels.items()):
            plot.predicted(drawn_from, "adp_bath", observable=name, xlabel="ADP of the bath / mM", ylabel=label, ax=ax)
        return drawn

    return Outcome(result.title, {"heart at 1 mM phosphate": result}, text, figure, {"prediction": table})


def fccp_titration(plain: bool = False) -> Outcome:
    """The default model against oxygen and TMRM of brain mitochondria along FCCP (Cadonic 2015)."""
    from .. import plot
    from ..fitting import examples

    outcome = _of_problem("brain", "fccp_titration_brain")
    (result,) = outcome.results.values()

    def figure() -> Any:
        readings = examples.fccp_readings(result), examples.fccp_readings(result, points=60)
        return plot.uncoupling(*readings)[0].figure

    return dataclasses.replace(outcome, figure=figure)


def luciferase(plain: bool = False) -> Outcome:
    """A luciferase assay of ATP synthesis, fitted through the light; simulated, and says so."""
    return _of_problem("assay", "luciferase_time_course")


def _of_problem(label: str, example: str) -> Outcome:
    from ..fitting import examples
    from ..fitting import fit as solve

    result = solve(getattr(examples, example)())
    return Outcome(result.title, {label: result})


FITS: dict[str, Callable[[bool], Outcome]] = {
    "adp_titration": adp_titration,
    "heart": heart,
    "heart_prediction": heart_prediction,
    "fccp": fccp_titration,
    "luciferase": luciferase,
}
"""Published fits, and one simulated one; ``plain`` is an option of the first."""


# --- figures -----------------------------------------------------------------------------------------


def draw_together(results: Mapping[str, Any]) -> Any:
    """Several fits on one figure where they are of one observable, else the observables of each side by side."""
    observables = {name for result in results.values() for name in (s.observable for s in result.series)}
    if len(results) == 1 or len(observables) > 1:
        return _draw_observables(next(iter(results.values())))
    from .. import plot

    groups, curves, left, labels = {}, {}, {}, None
    for label, result in results.items():
        drawing = result.drawing()
        labels = labels or (drawing.xlabel, drawing.ylabel)
        several = len(drawing.groups) > 1
        for name, points in drawing.groups.items():
            key = f"{label}, {name}" if several else label
            groups[key], left[key] = points, drawing.residuals[name]
            if name in drawing.curves:
                curves[key] = drawing.curves[name]
    assert labels is not None
    axes = plot.data_and_model(groups, curves, xlabel=labels[0], ylabel=labels[1], residuals=left)
    return axes[0].figure


def _draw_observables(result: Any) -> Any:
    """Every observable of a fit against the same condition, side by side, with residuals."""
    import matplotlib.pyplot as plt

    from .. import plot

    names = list(dict.fromkeys(series.observable for series in result.series))
    with plot.house_style():
        figure, axes = plt.subplots(
            2, len(names), figsize=(4.4 * len(names) + 0.8, 4.6), sharex="col", height_ratios=[3, 1],
            layout="constrained", squeeze=False,
        )  # fmt: skip
    for column, name in zip(axes.T, names):
        result.plot(name, axes=column)
    return figure
