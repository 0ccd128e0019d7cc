"""No reversible flux runs uphill: 10,000 random states under every leak, uncoupler, inhibitor and ionophore there is.

Whatever `mitochem.components` exports and the drug library knows is tried; what does not fit into the default model
by itself is skipped by name.
"""

import math

import numpy as np
import pytest

from mitochem import components, drugs
from mitochem.core.component import Component
from mitochem.core.errors import ModelError

STATES = {
    "delta_psi": (-100.0, 250.0),
    "pH_matrix": (6.0, 9.0),
    "oxygen": (1e-6, 0.25),
    "atp_bath": (1e-6, 10.0),
    "adp_bath": (1e-6, 10.0),
    "pi_bath": (1e-3, 20.0),
    "K_matrix": (1.0, 300.0),
}
FLOOR = 1e-10  # kJ/mol: an affinity is a sum of terms of up to 440, below this its sign is rounding

SITES = ({}, {"activity": "activity_chain"}, {"activity": "activity_phosphorylation"},
         {"permeability": "potassium_permeability"}, {"permeability": "exchange_activity"})  # fmt: skip


def members():
    found = [getattr(components, name) for name in sorted(components.__all__)]
    return [c for c in found if isinstance(c, type) and issubclass(c, Component)]


def drawn(rng, low, high, size=None):
    if low > 0 and high / low > 3:
        return np.exp(rng.uniform(math.log(low), math.log(high), size))
    return rng.uniform(low, high, size)


def holds(model, rng):
    """Every driven flux has the sign of its affinity at 10,000 random states."""
    states = {n: drawn(rng, *STATES[n], 10_000) for n in model.program.states}
    found = model.evaluate(states)
    for name, flux in model.program.fluxes.items():
        if flux.law.driven:
            J, A = np.broadcast_arrays(found[name], found[f"affinity_{name}"])
            assert np.isfinite(J).all(), f"{name} is not finite"
            against = (J * A < 0) & (np.abs(A) > FLOOR)
            assert not against.any(), f"{name} runs uphill at {np.flatnonzero(against)[:5]}"


def with_random_parameters(item, rng):
    ranges = {n: p.range for n, p in item.declared_parameters.items() if p.range}
    return item.replace(**{n: float(drawn(rng, *r)) for n, r in ranges.items()})


def fitted(model, member):
    """Models with the component: at each site it can act on, in place of the component of its role."""
    for site in SITES:
        try:
            here = model.with_component(member().rewire(**site))
        except ModelError:
            continue
        if set(here.program.states) <= set(STATES):
            yield here


@pytest.mark.parametrize("member", members(), ids=lambda c: c.__name__)
def test_component(member, mitochondria):
    rng = np.random.default_rng(5)
    tried = 0
    for model in fitted(mitochondria, member):
        owner = next(n for n, c in model.components.items() if type(c) is member)
        for _ in range(2):
            holds(model.with_component(with_random_parameters(model.components[owner], rng)), rng)
            tried += 1
    if not tried:
        pytest.skip(f"{member.__name__} does not fit into the default model by itself")


@pytest.mark.parametrize("drug", list(drugs.list().index))
def test_drug(drug, mitochondria):
    rng = np.random.default_rng(6)
    model = mitochondria.with_component(drugs.get(drug)).replace({"load.capacity": 300.0})
    for _ in range(2):
        holds(model.replace({f"{drug}.dose": float(drawn(rng, 1e-3, 100.0))}), rng)


def test_every_setting_at_once(mitochondria):
    """All drugs in one chamber."""
    rng = np.random.default_rng(7)
    model = mitochondria.with_component(*(drugs.get(d) for d in drugs.list().index))
    holds(model.replace({f"{d}.dose": float(drawn(rng, 1e-3, 1.0)) for d in drugs.list().index}), rng)
