"""What every component promises, whoever writes it: one contract, inherited by all.

A law is one thing read in several ways: on floats, arrays, DataArrays, symbols and quantities. The readings are held
to each other at random parameters (drawn from the declared ranges) and random inputs; the units by pint. A flux runs
down its affinity. Every number has a unit, bounds and a source. The last part shows that the contract can fail.
"""

import dataclasses
import functools
import math
import pickle

import numpy as np
import pint
import pytest
import sympy
import xarray
from assembled import detailed

import mitochem.drugs  # noqa: F401  (registers the named drugs)
from mitochem import components, exp, flux, parameter
from mitochem.components import Environment, Membrane, SinhLeak
from mitochem.core.bibliography import known
from mitochem.core.component import Component, component
from mitochem.core.declarations import derived
from mitochem.core.errors import ModelError, ParameterError
from mitochem.core.library import drugs
from mitochem.core.units import registry, unit
from mitochem.models import isolated_mitochondria, minimal

POINTS = 12
# Sums of a few exponentials of arguments below 200: each carries 200 eps = 4e-14, cancellation some digits more.
RTOL = 1e-9

# --- where components live, and what surrounds them there ----------------------------------------------------------

# A drug for every site is the same class; one representative wiring makes the bare class fit into a model.
WIRED = {
    "Inhibitor": lambda c: c.rewire(activity="activity_chain"),
    "Ionophore": lambda c: c.rewire(permeability="potassium_permeability"),
}

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
    "uL/mg": (0.4, 2.0),
    "mL/mg": (0.3, 6.0),
    "mol/L": (0.05, 0.3),
    "1/min": (1e2, 1e5),
}


@functools.cache
def surroundings():
    return isolated_mitochondria(), minimal(), detailed()


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


# --- the contract --------------------------------------------------------------------------------------------------


class ComponentContract:
    """Inherit and provide a fixture ``item``: an instance that fits into one of our models."""

    # --- one law, several readings

    def test_a_law_read_on_an_array_is_the_same_law(self, item):
        for law, parameters, inputs, _, floats in readings(item):
            found = getattr(item.replace(**parameters), law.name)(**inputs)
            np.testing.assert_allclose(
                np.broadcast_to(found, floats.shape), floats, rtol=RTOL, atol=scale_of(floats), err_msg=law.name
            )

    def test_a_law_read_on_dataarrays_keeps_their_names(self, item):
        for law, parameters, inputs, _, floats in readings(item):
            if not law.inputs:
                continue
            named = {k: xarray.DataArray(v, {"point": np.arange(POINTS)}, ("point",)) for k, v in inputs.items()}
            tables = {k: xarray.DataArray(v, {"point": np.arange(POINTS)}, ("point",)) for k, v in parameters.items()}
            found = getattr(item.replace(**tables), law.name)(**named)
            assert found.dims == ("point",), law.name
            np.testing.assert_allclose(found.values, floats, rtol=RTOL, atol=scale_of(floats), err_msg=law.name)

    def test_a_law_broadcasts_its_arguments(self, item):
        for law, parameters, inputs, _, _ in readings(item):
            if len(law.inputs) < 2:
                continue
            first, *rest = law.inputs
            here = item.replace(**{k: float(v[0]) for k, v in parameters.items()})
            column = {first: inputs[first][:, None]} | {k: inputs[k][None, :3] for k in rest}
            assert np.shape(getattr(here, law.name)(**column)) == (POINTS, 3), law.name

    def test_a_law_read_on_symbols_is_its_equation(self, item):
        for law, parameters, inputs, _, floats in readings(item):
            symbols = {name: sympy.Symbol(name, real=True) for name in {*parameters, *inputs}}
            equation = getattr(item.reading({k: symbols[k] for k in parameters}), law.name)(
                **{k: symbols[k] for k in inputs}
            )
            equation = sympy.sympify(equation)
            exact = []
            for i in range(POINTS):
                # 40 digits: the equation, not another rounding of it, is what the floats are compared with.
                at = {symbols[k]: sympy.Float(float(v[i]), 40) for k, v in (parameters | inputs).items()}
                exact.append(float(equation.xreplace(at).evalf(30)))
            np.testing.assert_allclose(floats, exact, rtol=RTOL, atol=scale_of(floats), err_msg=law.name)

    # --- what a law asks for, it uses

    def test_every_input_makes_a_difference(self, item):
        """A factor that was forgotten leaves an argument without effect. A zero point of a scale has only its unit."""
        for law, parameters, inputs, _, floats in readings(item):
            here = item.replace(**parameters)
            for name, value in inputs.items():
                moved = inputs | {name: 1.37 * value + 0.11 * np.abs(value).max()}
                found = np.broadcast_to(getattr(here, law.name)(**moved), floats.shape)
                assert (found != floats).any() or not floats.any(), f"{law.name} does not depend on {name}"

    def test_every_parameter_makes_a_difference(self, item):
        """Each private number enters a law, a coefficient or an expression of the component."""
        read_by_laws = set()
        for law, parameters, inputs, _, floats in readings(item):
            for name, value in parameters.items():
                declared = item.declared_parameters[name]
                moved = np.clip(0.83 * value + 1e-3, declared.lower, declared.upper)
                found = getattr(item.replace(**(parameters | {name: moved})), law.name)(**inputs)
                if (np.broadcast_to(found, floats.shape) != floats).any():
                    read_by_laws.add(name)
        in_posts = {
            leaf.name
            for law in item.declared_laws.values()
            for coefficient in law.options.get("posts", {}).values()
            if hasattr(coefficient, "leaves")
            for leaf in coefficient.leaves()
        }
        in_posts |= {leaf.name for e in item.declared_expressions.values() for leaf in e.leaves()}
        shared = {name for name, declared in item.declared_parameters.items() if declared.shared}
        assert set(item.declared_parameters) <= read_by_laws | in_posts | shared

    # --- units

    def test_units_close(self, item):
        """The law on quantities, converted to the declared unit, is the law on floats: µM for mM is off by 1000."""
        quantity = registry().Quantity
        for law, parameters, inputs, units, floats in readings(item):
            own = {k: quantity(float(v[0]), unit(item.declared_parameters[k].unit)) for k, v in parameters.items()}
            given = {k: quantity(float(v[0]), unit(units[k])) for k, v in inputs.items()}
            found = quantity(getattr(item.reading(own), law.name)(**given))
            number = found.to(unit(unit_of_result(law))).magnitude
            assert number == pytest.approx(floats[0], rel=RTOL, abs=scale_of(floats)), (
                f"{law.name}: {found:~} is {number:g} {unit_of_result(law)}, the law says {floats[0]:g}"
            )

    # --- physics

    def test_fluxes_run_down_their_affinity(self, item):
        model = home(item)
        opened = {a: v[0] for a, v in _open(model).items()}
        assert worst_dissipation(model.replace(opened)) == {}

    def test_a_flux_without_affinity_says_why(self, item):
        for law in item.declared_laws.values():
            if law.kind == "flux" and not law.driven:
                assert len(law.reason.split()) >= 3, law.name

    # --- a value object

    def test_replace_makes_a_new_object_and_leaves_the_old(self, item):
        before = pickle.dumps(item.values)
        for name, value in random_parameters(item, np.random.default_rng(1), 1).items():
            changed = item.replace(**{name: float(value[0])})
            assert getattr(changed, name) == float(value[0])
            assert (changed == item) == (float(value[0]) == getattr(item, name))
        assert pickle.dumps(item.values) == before

    def test_components_are_immutable(self, item):
        for name in item.declared_parameters:
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(item, name, 1.0)

    def test_pickle_equality_and_hash(self, item):
        for twin in (item, item.named("another"), _randomised(item)):
            copy = pickle.loads(pickle.dumps(twin))
            assert copy == twin
            assert hash(copy) == hash(twin)
        assert item.named("another") != item

    def test_repr_makes_the_component_again(self, item):
        names = {name: getattr(components, name) for name in components.__all__} | {"inf": math.inf}
        names[type(item).__name__] = type(item)
        for twin in (item, item.named("another"), _randomised(item)):
            assert eval(repr(twin), names) == twin

    # --- what it says of itself

    def test_docstring_says_what_it_is_and_where_it_is_from(self, item):
        text = type(item).__doc__ or ""
        assert len(text.strip().split("\n")[0]) > 10
        assert "References\n" in text
        assert "----------" in text.split("References\n")[1]
        assert text.split("----------")[-1].strip()
        for law in item.declared_laws.values():
            assert law.long_name != law.name, f"{law.name} has no docstring"

    def test_every_parameter_is_described_with_its_unit(self, item):
        text = type(item).__doc__
        for name, declared in item.declared_parameters.items():
            assert item.describe(name), f"{name} is not described"
            shown = f"{name} : {declared.unit}\n"
            assert shown in text, f"the docstring does not say {shown!r}"

    def test_every_parameter_has_unit_bounds_range_and_source(self, item):
        for name, declared in item.declared_parameters.items():
            unit(declared.unit)
            assert math.isfinite(declared.lower) or math.isfinite(declared.upper), f"{name} has no bounds"
            assert declared.lower <= declared.default <= declared.upper, name
            words = declared.source.replace(",", " ").split()
            assert declared.source.startswith("assumed: ") or any(w in known() for w in words), (
                f"{name}: {declared.source!r} is no reference and no 'assumed: why'"
            )
            assert (declared.status == "assumed") <= declared.source.startswith("assumed: "), name
            if declared.range:
                low, high = declared.range
                assert math.isfinite(low)
                assert math.isfinite(high)
                assert declared.lower <= low < high <= declared.upper, f"{name}: range outside the bounds"

    def test_values_outside_the_bounds_are_refused_by_name(self, item):
        for name, declared in item.declared_parameters.items():
            for edge, sign in ((declared.lower, -1), (declared.upper, +1)):
                if math.isfinite(edge):
                    outside = edge + sign * max(1.0, abs(edge))
                    with pytest.raises(ParameterError) as error:
                        item.replace(**{name: outside})
                    for part in (type(item).__name__, name, f"{outside:g}"):
                        assert part in str(error.value)
            with pytest.raises(ParameterError, match=name):
                item.replace(**{name: math.nan})

    def test_a_misspelt_parameter_is_refused(self, item):
        with pytest.raises(ParameterError, match="no parameter 'condctance'"):
            type(item)(condctance=1.0)


def _randomised(item):
    return item.replace(**{k: float(v[0]) for k, v in random_parameters(item, np.random.default_rng(2), 1).items()})


def _open(model):
    """Doses and other capacities that are zero by default, at a plausible value, so that every flux flows."""
    rng = np.random.default_rng(3)
    table = {f"{o}.{n}": p for o, c in model.components.items() for n, p in c.declared_parameters.items()}
    return {a: drawn(rng, *p.range, 1) for a, p in table.items() if p.default == 0 and p.range}


RANDOM_STATES = {
    "delta_psi": (-100.0, 250.0),
    "pmf": (-100.0, 280.0),
    "pH_matrix": (6.0, 9.0),
    "oxygen": (1e-6, 0.25),
    "atp_bath": (1e-6, 10.0),
    "adp_bath": (1e-6, 10.0),
    "pi_bath": (1e-3, 20.0),
    "K_matrix": (1.0, 300.0),
    "glucose_6_phosphate_bath": (1e-3, 10.0),
    "phosphocreatine_bath": (1e-3, 40.0),
    "creatine_bath": (1e-3, 40.0),
    "amp_bath": (1e-6, 10.0),
    "atp_matrix": (1e-6, 20.0),
    "adp_matrix": (1e-6, 20.0),
    "pi_matrix": (1e-3, 40.0),
    "nadh_matrix": (1e-6, 3.0),
    "nad_matrix": (1e-6, 3.0),
    "ubiquinol": (1e-6, 1.4),
    "ubiquinone": (1e-6, 1.4),
    "cytochrome_c_reduced": (1e-6, 2.7),
    "cytochrome_c_oxidised": (1e-6, 2.7),
}
# An affinity sums terms of up to 440 kJ/mol, each right to 1e-16 relative, and passes through an exponential
# of up to 200 in the law: below this its sign is rounding.
AFFINITY_FLOOR = 1e-10  # kJ/mol


def worst_dissipation(model, size=500, seed=4):
    """Driven fluxes that run against their affinity at random states, with how far above rounding."""
    rng = np.random.default_rng(seed)
    values = model.evaluate({name: drawn(rng, *RANDOM_STATES[name], size) for name in model.program.states})
    found = {}
    for name, here in model.program.fluxes.items():
        if here.law.driven:
            J, A = values[name], values[f"affinity_{name}"]
            against = np.broadcast_to((J * A < 0) & (np.abs(A) > AFFINITY_FLOOR), (size,))
            if against.any():
                found[name] = float(np.min(J * A))
    return found


# --- who is held to it ---------------------------------------------------------------------------------------------


CLASSES = [getattr(components, name) for name in components.__all__]
INSTANCES = [pytest.param(WIRED.get(c.__name__, lambda x: x)(c()), id=c.__name__) for c in CLASSES]
DRUGS = [pytest.param(item, id=name) for name, item in drugs.items()]


class TestEveryComponent(ComponentContract):
    @pytest.fixture(params=[*INSTANCES, *DRUGS])
    def item(self, request):
        return request.param


def test_all_exported_names_are_components():
    assert all(issubclass(c, Component) for c in CLASSES)
    assert {"FCCP", "CCCP", "rotenone", "antimycin", "cyanide", "oligomycin", "carboxyatractyloside"} <= set(drugs)


# --- the contract can fail -----------------------------------------------------------------------------------------


@component
class MicromolarForMillimolar(Component):
    """Uncoupler whose dose in µM is taken for mM: a thousand times too much.

    Parameters
    ----------
    dose : uM
        In the chamber.

    References
    ----------
    A mistake.
    """

    dose: float = parameter(0.1, "uM", bounds=(0, None), range=(0.01, 1), source="assumed: a mistake")

    @derived("nmol/mg", local=True)
    def load(self, volume_bath):
        """Bound, per protein"""
        return self.dose * volume_bath


@component
class WrongSign(SinhLeak):
    """Leak that posts protons the wrong way.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=+1, h_matrix=-1)
    def J_leak(self, pmf):
        """Protons out"""
        return self.amplitude * self.steepness * pmf


@component
class Branching(SinhLeak):
    """Leak with an `if` on a quantity.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak of one direction"""
        return self.amplitude * self.steepness * pmf if pmf > 0 else 0.0


@component
class NumpyExponential(SinhLeak):
    """Leak that calls NumPy.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * (np.exp(self.steepness * pmf) - 1)


@component
class MillivoltsInAnExponential(SinhLeak):
    """Leak that forgets to make its exponent dimensionless.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * (exp(0.035 * pmf) - 1)


@component
class SecondsForMinutes(SinhLeak):
    """Leak declared per second with a per-minute amplitude.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/s/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * self.steepness * pmf


@component
class Clipped(SinhLeak):
    """Leak cut off below zero by an absolute value: not zero at zero force, perpetual motion.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * exp(self.steepness * pmf)


@component
class Undocumented(Component):
    conductance: float = parameter(1.0, "nmol/min/mg/mV", range=(-5, math.inf), source="Nobody1900")

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_undocumented(self, pmf):
        return self.conductance * pmf


CONTRACT = ComponentContract()


@pytest.mark.parametrize(
    ("broken", "clause", "error"),
    [
        (MicromolarForMillimolar(), CONTRACT.test_units_close, AssertionError),
        (MillivoltsInAnExponential(), CONTRACT.test_units_close, pint.DimensionalityError),
        (SecondsForMinutes(), CONTRACT.test_units_close, LookupError),  # no model takes it: its pools fill per minute
        (WrongSign(), CONTRACT.test_fluxes_run_down_their_affinity, AssertionError),
        (Clipped(), CONTRACT.test_fluxes_run_down_their_affinity, AssertionError),
        (Branching(), CONTRACT.test_a_law_read_on_symbols_is_its_equation, ModelError),
        (NumpyExponential(), CONTRACT.test_a_law_read_on_symbols_is_its_equation, ModelError),
        (Undocumented(), CONTRACT.test_docstring_says_what_it_is_and_where_it_is_from, AssertionError),
        (Undocumented(), CONTRACT.test_every_parameter_is_described_with_its_unit, AssertionError),
        (Undocumented(), CONTRACT.test_every_parameter_has_unit_bounds_range_and_source, AssertionError),
    ],
)
def test_the_contract_catches(broken, clause, error):
    with pytest.raises(error):
        clause(broken)


def test_the_error_for_an_if_says_what_to_write():
    with pytest.raises(ModelError, match=r"Branching.J_leak uses `if`.*where\(condition"):
        Branching().J_leak(sympy.Symbol("pmf"))


def test_the_error_for_numpy_says_what_to_import():
    with pytest.raises(ModelError, match=r"NumpyExponential.J_leak calls a function .* from mitochem instead of numpy"):
        NumpyExponential().J_leak(sympy.Symbol("pmf"))


def test_a_component_is_used_alone_before_it_is_ever_used_in_a_model():
    # 0.618 sinh(0.035 * 180) = 0.618 * 272.285 by a pocket calculator
    assert SinhLeak().J_leak(180.0) == pytest.approx(0.618 * 272.28503, rel=1e-6)
    assert Membrane().pmf(170.0, 0.25, 61.54) == 185.385
    assert Environment().thermal_voltage(8.31446261815324e-3 * 310.15) == pytest.approx(26.727, abs=5e-4)
