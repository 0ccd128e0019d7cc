"""The gallery: figures for lectures and coursework, each with the data behind it.

``figures()[name].draw()`` gives the Matplotlib figure and the Dataset; ``mitochem figure NAME`` writes both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas

__all__ = ["Entry", "figures", "table"]


@dataclasses.dataclass(frozen=True)
class Entry:
    """A figure of the gallery: its caption, and how it is drawn."""

    caption: str
    draw: Callable[[], tuple[Any, Any]]


def _figure(axes: Any) -> Any:
    return np.ravel(np.asarray(axes, dtype=object))[0].figure


def respiratory_states() -> tuple[Any, Any]:
    from . import experiments, models, plot

    run = models.isolated_mitochondria().simulate(experiments.respiratory_states())
    return _figure(plot.trace(run, ("J_O2", "delta_psi", "delta_pH", "J_ATP"))), run


def into_anoxia() -> tuple[Any, Any]:
    from . import experiments, models, plot

    run = models.isolated_mitochondria().simulate(experiments.respiratory_states(to_anoxia=True))
    return _figure(plot.trace(run, ("oxygen", "J_O2", "delta_psi", "J_ATP"))), run


def uncoupler_titration() -> tuple[Any, Any]:
    from . import models, plot

    ds = models.isolated_mitochondria().titrate("FCCP", np.linspace(0, 1, 101), {"load.capacity": 300.0})
    return _figure(plot.titration(ds)), ds


def pmf_components() -> tuple[Any, Any]:
    import xarray

    from . import drugs, models, plot

    model = models.isolated_mitochondria()
    treated = {"control": model}
    for label, doses in {
        "nigericin": {"nigericin": 0.02},
        "valinomycin": {"valinomycin": 3e-4},
        "both": {"nigericin": 1.0, "valinomycin": 0.1},
    }.items():
        with_drugs = model.with_component(*(drugs.get(name) for name in doses))
        treated[label] = with_drugs.replace({f"{name}.dose": dose for name, dose in doses.items()})
    states = {label: m.steady_state() for label, m in treated.items()}
    joined = xarray.concat(
        [ds[["delta_psi", "delta_pH", "pmf", "nernst_slope", "J_O2"]] for ds in states.values()],
        xarray.DataArray(list(states), dims="treatment", name="treatment"),
    )
    return _figure(plot.pmf_components(states)), joined


def leak_curve() -> tuple[Any, Any]:
    import xarray

    from . import plot
    from .components import OhmicLeak, SinhLeak

    pmf = np.linspace(0, 220, 221)
    leak = SinhLeak()
    ohmic = OhmicLeak(conductance=leak.J_leak(180.0) / 180.0)
    ax = plot.flux_force(leak.J_leak, pmf, label="sinh (default)", linestyle="-")
    plot.flux_force(ohmic.J_leak, pmf, ax=ax, label="ohmic, same at 180 mV", linestyle="--")
    ax.legend(frameon=False)
    units = {"units": "nmol/min/mg"}
    ds = xarray.Dataset(
        {"J_leak": ("pmf", leak.J_leak(pmf), units), "J_leak_ohmic": ("pmf", ohmic.J_leak(pmf), units)},
        {"pmf": ("pmf", pmf, {"units": "mV"})},
    )
    return ax.figure, ds


def respiration_against_load() -> tuple[Any, Any]:
    from . import models, plot

    ds = models.isolated_mitochondria().steady_state({"load.capacity": np.linspace(0, 1200, 121)})
    ax = plot.flux_against(ds, x="pmf", y="J_O2")
    return ax.figure, ds


def uncoupling_brain() -> tuple[Any, Any]:
    import xarray

    from . import fitting, plot

    fit = fitting.fit(fitting.examples.fccp_titration_brain())
    measured, fitted = (fitting.examples.fccp_readings(fit, points=n) for n in (0, 60))
    data: dict[str, Any] = {}
    for kind, readings in (("measured", measured), ("fitted", fitted)):
        for chamber, (dose, flux, ddpsi) in readings.items():
            along = f"{kind}_{chamber}"
            data |= {
                f"dose_{along}": (along, dose, {"units": "uM", "long_name": "FCCP, nominal"}),
                f"flux_{along}": (along, flux, {"units": "pmol/s/mL", "long_name": "oxygen flux"}),
                f"delta_delta_psi_{along}": (along, ddpsi, {"units": "mV", "long_name": "relative potential off TMRM"}),
            }
    return _figure(plot.uncoupling(measured, fitted)), xarray.Dataset(data, attrs={"source": fit.title})


def identifiability() -> tuple[Any, Any]:
    from . import datasets, fitting, plot

    five = datasets.load("bazil_2016_heart_respiratory_control").sel(phosphate=5)
    fit = fitting.michaelis_menten(five.adp_bath, five.J_O2, offset=True, label="5 mM phosphate")
    profiles = fitting.profile(fit)
    ds = profiles.points.rename_axis("point").to_xarray().assign_attrs(source=fit.title)
    ds["rise"].attrs = {"units": "1", "long_name": "rise of the misfit, in units of its variance"}
    return _figure(plot.profiles(profiles)), ds


_FIGURES = {
    "respiratory_states": Entry("States 1 to 4, oligomycin, FCCP and antimycin in one chamber", respiratory_states),
    "into_anoxia": Entry("Two ADP pulses in a closed chamber, until oxygen is gone and ATP holds Δψ", into_anoxia),
    "uncoupler_titration": Entry("FCCP: respiration passes a maximum, the force falls", uncoupler_titration),
    "pmf_components": Entry("Δψ and ΔpH with nigericin, valinomycin and both", pmf_components),
    "leak_curve": Entry("Proton leak against Δp: steeper than ohmic", leak_curve),
    "respiration_against_load": Entry("Respiration against Δp as the ATP load rises", respiration_against_load),
    "uncoupling_brain": Entry(
        "Measured: oxygen flux and the TMRM reading along FCCP, and flux against it, with the fitted model",
        uncoupling_brain,
    ),
    "identifiability": Entry(
        "Profile likelihoods of five points and three unknowns: intervals that are open", identifiability
    ),
}


def figures() -> dict[str, Entry]:
    """Every figure by name."""
    return dict(_FIGURES)


def table() -> pandas.DataFrame:
    """Names and captions."""
    import pandas

    rows = {name: {"caption": entry.caption} for name, entry in _FIGURES.items()}
    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis("figure")
