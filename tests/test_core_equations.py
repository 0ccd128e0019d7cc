"""What a model computes: values at a point, exact Jacobian, equations, stoichiometry and conservation laws."""

import numpy as np
import pytest
import sympy
import xarray

import mitochem as mc
from mitochem import Model, ParameterError, flux, parameter
from mitochem.components import Environment, Membrane, OhmicLeak, Potassium
from mitochem.core.component import Component, component


@component
class Battery(Component):
    """A constant proton pump.

    Parameters
    ----------
    current : nmol/min/mg
        Protons pumped.

    References
    ----------
    A test.
    """

    current: float = parameter(100.0, "nmol/min/mg", bounds=(0, None), source="assumed: a test")

    @flux("nmol/min/mg", affinity=None, reason="a test's constant source", charge_ims=1, h_matrix=-1)
    def J_pump(self):
        """Protons out"""
        return self.current


@pytest.fixture
def small():
    """Membrane, pump and leak: the least that has a proton-motive force."""
    return Model(Environment(), Membrane(), Battery(), OhmicLeak())


# --- evaluate, Jacobian, equations ---------------------------------------------------------------------------------


def test_evaluate_gives_plain_numbers(mitochondria):
    values = mitochondria.evaluate({"delta_psi": 160, "pH_matrix": 7.7})
    assert values["pmf"] == pytest.approx(160 + 0.5 * 61.540, abs=1e-3)
    assert values["delta_pH"] == pytest.approx(0.5)
    assert {type(v) for v in values.values()} <= {int, float}
    assert not any(name.startswith("net_") for name in values)
    assert values["affinity_J_leak"] == pytest.approx(0.0964853321 * values["pmf"], rel=1e-9)


def test_evaluate_takes_arrays_also_where_a_logarithm_is_infinite(mitochondria):
    values = mitochondria.evaluate({"delta_psi": np.linspace(0, 200, 5), "ADP": np.linspace(0, 0.4, 5)})
    assert values["J_leak"].shape == (5,)
    assert values["J_ATP"].shape == (5,)
    assert np.isneginf(values["mu_adp_bath"][0])


STATES = {
    "delta_psi": 160.0,
    "pH_matrix": 7.4,
    "oxygen": 0.001,
    "atp_bath": 0.4,
    "adp_bath": 0.1,
    "pi_bath": 4.0,
    "K_matrix": 118.0,
}


@pytest.mark.parametrize("drugged", [False, True])
def test_the_exact_jacobian_is_the_finite_difference(mitochondria, drugged):
    model = mitochondria.replace({"load.capacity": 300.0, "electron_transport.slip_capacity": 3.0})
    if drugged:
        model = model.with_component(mc.drugs.FCCP, mc.drugs.get("rotenone"))
        model = model.replace({"FCCP.dose": 0.2, "rotenone.dose": 0.01})
    exact = model.jacobian(STATES)
    for column in model.program.states:
        step = 1e-5 * max(abs(STATES[column]), 1e-3)
        up, down = (model.evaluate(STATES | {column: STATES[column] + s * step}) for s in (1, -1))
        for row in model.program.states:
            secant = (up[f"d_{row}"] - down[f"d_{row}"]) / (2 * step)
            scale = float(np.abs(exact.sel(rate=row)).max())
            # central difference: error of (step/scale)^2 = 1e-10 and rounding of 1e-16/1e-5 of the largest entry
            assert float(exact.sel(rate=row, state=column)) == pytest.approx(secant, rel=1e-5, abs=1e-9 * scale)


def test_jacobian_has_named_rows_and_columns(minimal):
    assert minimal.jacobian().dims == ("rate", "state")
    # C = 0.005; pump, synthase and leak are resistances in parallel: -(18 + 30 + 1.2)/0.005 per minute
    assert minimal.jacobian({"pmf": 100.0}).item() == pytest.approx(-49.2 / 0.005, rel=1e-12)


def test_equations_are_the_laws(mitochondria):
    leak = mitochondria.equations("J_leak")
    named = {symbol.name: symbol for symbol in leak.free_symbols}
    A, k, p, f = (named[n] for n in ("leak.amplitude", "leak.steepness", "pmf", "velocity_factor"))
    assert sympy.simplify(leak.rhs - f * A * sympy.sinh(k * p)) == 0
    everything = mitochondria.equations()
    assert {"pmf", "J_ATP", "d_delta_psi", "delta_Gp"} <= set(everything)
    assert mitochondria.equations("delta_psi").lhs == everything["d_delta_psi"].lhs
    with pytest.raises(ParameterError, match="Did you mean J_leak"):
        mitochondria.equations("J_leek")


def test_equations_show_as_latex(mitochondria):
    text = mitochondria.equations()._repr_latex_()
    assert text.startswith("$$")
    assert r"\sinh" in text
    assert r"\Delta\psi" in text or r"\Delta \psi" in text, "symbols that are declared are used"
    assert "NADH" not in text


def test_symbols_and_compiled_code_are_one_model(mitochondria):
    from mitochem.core.symbolic import read_equations

    read = read_equations(mitochondria.program, mitochondria.components)
    expression = read.substituted("d_delta_psi")
    values = {read.parameters[a]: sympy.Float(v, 30) for a, v in mitochondria.values.items()}
    values |= {read.states[s]: sympy.Float(v, 30) for s, v in STATES.items()}
    rate = float(expression.xreplace(values).evalf(20))
    assert mitochondria.evaluate(STATES)["d_delta_psi"] == pytest.approx(rate, rel=1e-9)
    kernel = mitochondria.kernel
    constants = kernel.prepare([mitochondria.values[a] for a in kernel.addresses])
    compiled = kernel.rates([STATES[s] for s in mitochondria.program.states], constants)
    assert dict(zip(mitochondria.program.states, compiled))["delta_psi"] == pytest.approx(rate, rel=1e-9)


def test_velocities_follow_temperature_once_for_all_fluxes(mitochondria):
    """Q10 = 2: ten degrees colder, every flux at the same state is half; forces do not know of it."""
    cold = mitochondria.replace({"environment.temperature": 300.15})
    state = {"delta_psi": 160.0, "pH_matrix": 7.5, "adp_bath": 0.1}
    warm_values = (
        mitochondria.replace({"kinetics.q10": 1.0}).replace({"environment.temperature": 300.15}).evaluate(state)
    )
    cold_values = cold.evaluate(state)
    for name in ("J_leak", "J_ATP", "J_K_uniport", "J_KH_exchange", "electron_transport_J_coupled"):
        assert cold_values[name] == pytest.approx(warm_values[name] / 2, rel=1e-12)
    assert cold_values["pmf"] == warm_values["pmf"]


# --- stoichiometry and conservation --------------------------------------------------------------------------------


def test_stoichiometry_is_a_named_table(mitochondria):
    table = mitochondria.stoichiometry
    table = table() if callable(table) else table
    assert table.dims == ("pool", "flux")
    assert float(table.sel(pool="charge_ims", flux="electron_transport_J_coupled")) == 20
    assert float(table.sel(pool="h_matrix", flux="J_ATP")) == pytest.approx(11 / 3)
    assert float(table.sel(pool="charge_ims", flux="electron_transport_J_slip")) == 0
    assert table.sel(flux="J_KH_exchange").where(lambda t: t != 0, drop=True).to_series().to_dict() == {
        "h_matrix": 1.0,
        "k_matrix": -1.0,
    }


def test_stoichiometry_is_an_attribute(mitochondria):
    """The stable name of the design is `model.stoichiometry`, as `model.parameters`, without a call."""
    assert isinstance(mitochondria.stoichiometry, xarray.DataArray)


def test_conservation_laws_by_name(mitochondria):
    text = str(mitochondria.conservation_laws())
    assert "charge: 0.005·delta_psi + K_matrix − 22·pH_matrix = constant" in text
    assert "adenylate: atp_bath + adp_bath = constant" in text
    assert "phosphate: pi_bath − adp_bath = constant" in text


def test_conservation_scales_with_capacitance_buffer_and_protein(mitochondria):
    law = mitochondria.replace({"membrane.capacitance": 0.01, "membrane.buffer": 10.0}).conservation_laws()[0]
    assert law.coefficients == pytest.approx({"delta_psi": 0.01, "pH_matrix": -10.0, "K_matrix": 1.0})
    names = [law.name for law in mitochondria.replace({"environment.protein": 0.3}).conservation_laws()]
    assert names == ["charge", "adenylate", "phosphate"]


def test_conservation_where_there_is_none_or_nothing_moves(minimal, small):
    assert str(minimal.conservation_laws()) == "none"
    assert "one degree of freedom lost: delta_psi and pH_matrix" in str(small.conservation_laws())
    still = Model(Environment(), Membrane(), Battery(), OhmicLeak(), Potassium())
    assert "K_matrix (no flux moves it)" in str(still.conservation_laws())
