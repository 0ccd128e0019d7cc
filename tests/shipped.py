"""Every model of the package and every assembled one, by name, made once."""

import functools

import assembled
import numpy as np
import xarray
from scipy.integrate import solve_ivp

import mitochem as mc
from mitochem.core.solvers.integrate import NotFinite, RightHandSide

MAKERS = {
    "isolated_mitochondria": mc.models.isolated_mitochondria,
    "succinate": lambda: mc.models.isolated_mitochondria("succinate"),
    "minimal": mc.models.minimal,
    "qamas_in_vitro": mc.models.qamas_in_vitro,
    "korzeniewski_heart": mc.models.korzeniewski_heart,
    "cultured_cell": mc.models.cultured_cell,
    "vesicle": mc.models.vesicle,
    "chain": assembled.chain,
    "carriers": assembled.carriers,
    "detailed": assembled.detailed,
}
NAMES = tuple(MAKERS)


@functools.cache
def model(name):
    return MAKERS[name]()


def rates_of(model):
    """Addresses of all parameters whose unit is a rate: capacities, rate constants, conductances."""
    per_time = ("min", "s")
    return [a for a in model.values if set(model.declared(a).unit.partition("/")[2].split("/")) & set(per_time)]


LOADS = {"load.capacity": 300.0, "load.demand": 3e-6}
"""What stands in for loads that are switched off by default (nmol/min/mg; mol/s/L of the QAMAS suspension)."""


def wild(name, count, seed=0, factor=30.0, demand=True):
    """Draws of all rate parameters, log-uniform between their value divided by and times a factor.

    Without ``demand``, zero-order loads keep their value: above capacity they leave no steady state.
    """
    rng, columns = np.random.default_rng(seed), {}
    for address in rates_of(model(name)):
        value = model(name).values[address] or LOADS.get(address, 0.0)
        draws = value * factor ** rng.uniform(-1, 1, count)
        if demand or address != "load.demand":
            columns[address] = xarray.DataArray(draws, dims="draw")
    return columns


def at(name, columns, k):
    """The model of one draw."""
    return model(name).replace({address: float(column[k]) for address, column in columns.items()})


def scales(model):
    return np.array([law.options["scale"] for _, law in model.program.states.values()])


def integrated(model, minutes, rtol=1e-9):
    """Where SciPy's LSODA takes a model from its start values, on plain floats; "" or why it does not arrive."""
    held = [i for i, s in enumerate(model.program.states) if s in model.held("steady_state")]
    equations, size = RightHandSide(model, held), scales(model)
    bounds = np.array([law.options["bounds"] for _, law in model.program.states.values()], float)
    low = np.where(np.isnan(bounds[:, 0]), -np.inf, bounds[:, 0]) - 1e-8 * size

    def floor(t, y):
        return float(min((y - low).min(), 1.0))

    floor.terminal = True
    try:
        run = solve_ivp(
            equations.rates, (0, minutes * model.per_minute), list(model.initial.values()), "LSODA",
            jac=equations.jacobian, rtol=rtol, atol=1e-2 * rtol * size, events=floor,
        )  # fmt: skip
    except NotFinite:
        return np.full(len(size), np.nan), "not finite"
    return run.y[:, -1], {0: "", 1: "left its bounds"}.get(run.status, run.message)
