"""Every law of a component on floats, at random parameters and inputs, inside a model that has room for it."""

import functools
import math

import numpy as np
from assembled import detailed

from mitochem.core.errors import ModelError
from mitochem.models import cultured_cell, isolated_mitochondria, minimal, vesicle

POINTS = 12
# Sums of a few exponentials of arguments below 200: each carries 200 eps = 4e-14, cancellation some digits more.
RTOL = 1e-9


# Plausible values of what laws take as arguments: by name where the unit does not say enough, else by unit.
BY_NAME = {
    "thermal_voltage": (24.5, 27.5),
    "nernst_slope": (56.0, 63.0),
    "thermal_energy": (2.35, 2.65),
    "standard_concentration": (1000.0, 1000.0),
    "faraday": (0.0964853321233, 0.0964853321233),
    "micromolar": (1e-3, 1e-3),
    "pH_bath": (6.8, 7.6),
    "pH_matrix": (6.8, 8.2),
    "pH_lumen": (4.0, 8.5),
    "delta_pH": (-0.8, 0.8),
    "volume_bath": (200.0, 1e4),
    "ionic_strength": (0.05, 0.3),
}
BY_UNIT = {
    "mV": (-60.0, 220.0),
    "1": (0.02, 1.0),
    "mM": (1e-3, 10.0),
    "kJ/mol": (-60.0, 60.0),
    "nmol/min/mg": (1.0, 300.0),
    "nmol/mg": (1.0, 150.0),
    "K": (288.0, 313.0),
    "mg/mL": (0.1, 5.0),
    "mg": (1e-4, 1e-2),
    "uL/mg": (0.4, 2.0),
    "mL/mg": (0.3, 6.0),
    "mol/L": (0.05, 0.3),
    "1/min": (1e2, 1e5),
}


@functools.cache
def surroundings():
    return isolated_mitochondria(), minimal(), detailed(), vesicle(), cultured_cell()


def home(item):
    """A model with this component in it; it takes the place of the one in the same role."""
    why = None
    for model in sorted(surroundings(), key=lambda model: item.name not in model.components):
        try:
            return model.with_component(item)
        except ModelError as error:
            why = error
    raise LookupError(f"{item!r} fits into none of our models: {why}")


def unit_of(model, name):
    """Unit in which a model declares a quantity, a state, a shared parameter or a sum of posts."""
    if name in model.program.states:
        return model.program.states[name][1].unit
    if name in model.program.shared:
        return model.declared(name).unit
    return model.statements[name].unit


def statement_of(model, item, law):
    name = item.output(law)
    return model.statements[f"d_{name}" if law.kind == "state" else name]


def unit_of_result(law):
    return (
        f"{law.unit}/min" if law.kind == "state" and law.unit != "1" else "1/min" if law.kind == "state" else law.unit
    )


def drawn(rng, low, high, size):
    """Log-uniform where positive and wide, else uniform."""
    if low > 0 and high / low > 3:
        return np.exp(rng.uniform(math.log(low), math.log(high), size))
    return rng.uniform(low, high, size)


def random_parameters(item, rng, size):
    """Values inside the declared ranges; the default where a constant of nature has none."""
    return {
        name: drawn(rng, *declared.range, size) if declared.range else np.full(size, float(getattr(item, name)))
        for name, declared in item.declared_parameters.items()
    }


def random_inputs(model, item, law, rng, size):
    """Values and units of a law's arguments, by argument name."""
    values, units = {}, {}
    for argument, name in zip(law.inputs, statement_of(model, item, law).inputs):
        units[argument] = unit_of(model, name)
        low_high = BY_NAME.get(argument) or BY_UNIT[units[argument]]
        values[argument] = drawn(rng, *low_high, size)
    return values, units


def readings(item):
    """Every law with random parameters and inputs, and its values on floats: the reading the others are held to."""
    model, rng = home(item), np.random.default_rng(20240613)
    for law in item.declared_laws.values():
        parameters = random_parameters(item, rng, POINTS)
        inputs, units = random_inputs(model, item, law, rng, POINTS)
        floats = np.array(
            [
                getattr(item.replace(**{k: float(v[i]) for k, v in parameters.items()}), law.name)(
                    **{k: float(v[i]) for k, v in inputs.items()}
                )
                for i in range(POINTS)
            ]
        )
        assert np.isfinite(floats).all(), f"{law.name} is not finite inside the declared ranges"
        yield law, parameters, inputs, units, floats


def scale_of(floats):
    """Differences of large terms: digits lost against the largest value met are rounding, not disagreement."""
    return 1e-11 * np.abs(floats).max()
