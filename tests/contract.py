"""What every component promises, whoever writes it: one contract, inherited by all.

A law is one thing read in several ways: on floats, arrays, DataArrays, symbols and quantities. The readings are held
to each other at random parameters (drawn from the declared ranges) and random inputs; the units by pint. A flux runs
down its affinity. Every number has a unit, bounds and a source.
"""

import dataclasses
import inspect
import math
import pickle
import re

import numpy as np
import pytest
import sympy
import xarray
from readings import POINTS, RTOL, drawn, home, random_parameters, readings, scale_of, unit_of_result

from mitochem import components
from mitochem.core.bibliography import known
from mitochem.core.errors import ParameterError
from mitochem.core.units import registry, unit


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
            before = getattr(here, law.name)(**inputs)  # on arrays too: floats differ from it by rounding
            for name, value in inputs.items():
                moved = inputs | {name: 1.37 * value + 0.11 * np.abs(value).max()}
                found = getattr(here, law.name)(**moved)
                assert np.any(found != before) or not floats.any(), f"{law.name} does not depend on {name}"

    def test_every_parameter_makes_a_difference(self, item):
        """Each private number enters a law, a coefficient or an expression of the component."""
        read_by_laws = set()
        for law, parameters, inputs, _, _ in readings(item):
            before = getattr(item.replace(**parameters), law.name)(**inputs)  # on arrays too, as above
            for name, value in parameters.items():
                declared = item.declared_parameters[name]
                moved = np.clip(0.83 * value + 1e-3, declared.lower, declared.upper)
                found = getattr(item.replace(**(parameters | {name: moved})), law.name)(**inputs)
                if np.any(found != before):
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
        """By the class itself, or by the base it has the parameter from."""
        texts = [inspect.cleandoc(base.__dict__.get("__doc__") or "") for base in type(item).__mro__]
        for name, declared in item.declared_parameters.items():
            assert item.describe(name), f"{name} is not described"
            nearest = next(text for text in texts if re.search(rf"^{name} : ", text, re.M))
            shown = f"{name} : {declared.unit}\n"
            assert shown in nearest, f"the docstring does not say {shown!r}"

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
    "pH_lumen": (4.0, 9.0),
    "potassium_lumen": (0.1, 150.0),
    "atp_cytosol": (1e-6, 10.0),
    "adp_cytosol": (1e-6, 10.0),
    "pi_cytosol": (1e-3, 20.0),
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
