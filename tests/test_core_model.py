"""The assembled model: what it refuses and how it says so, what it can tell about itself, and what never changes."""

import json
import os
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest
import sympy
import xarray

import mitochem as mc
from mitochem import Model, ModelError, ParameterError, derived, factor, flux, parameter, quantity, state, total
from mitochem.components import Environment, Membrane, OhmicLeak, Potassium, SinhLeak
from mitochem.core import cache
from mitochem.core.component import Component, component

# --- components of these tests -------------------------------------------------------------------------------------


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


def law_of(argument, **options):
    """A leak-like component whose one law takes the given argument."""
    space = {}
    exec(f"def J_probe(self, {argument}):\n    '''Probe'''\n    return 0.001 * {argument}", space)
    made = flux("nmol/min/mg", **({"charge_ims": -1, "h_matrix": +1} | options))(space["J_probe"])
    return component(type("Probe", (Component,), {"J_probe": made, "__doc__": "Probe.", "__annotations__": {}}))()


@pytest.fixture
def small():
    """Membrane, pump and leak: the least that has a proton-motive force."""
    return Model(Environment(), Membrane(), Battery(), OhmicLeak())


# --- wiring --------------------------------------------------------------------------------------------------------


def test_a_misspelt_argument_is_refused_with_the_nearest_name():
    with pytest.raises(ModelError, match=r"probe.J_probe needs 'pmv', which no component provides. Did you mean pmf"):
        Model(Environment(), Membrane(), law_of("pmv"))


def test_a_private_parameter_of_another_component_is_hinted_at():
    with pytest.raises(ModelError, match=r"membrane.capacitance is a private parameter; declare it with shared=True"):
        Model(Environment(), Membrane(), law_of("capacitance"))


def test_two_components_of_one_name_are_refused():
    with pytest.raises(ModelError, match=r"two components are called 'leak'.*\.named"):
        Model(Environment(), Membrane(), SinhLeak(), OhmicLeak())


def test_a_quantity_provided_twice_is_refused_with_both_providers():
    with pytest.raises(ModelError, match=r"'J_leak' is provided twice, by leak.J_leak and by second.J_leak"):
        Model(Environment(), Membrane(), SinhLeak(), OhmicLeak().named("second"))


def test_a_class_in_place_of_a_component_is_refused():
    with pytest.raises(ModelError, match=r"a class without \(\)"):
        Model(Environment(), Membrane)


def test_quantities_that_need_each_other_are_refused_with_their_path():
    @component
    class Chicken(Component):
        """Circle."""

        @derived("1")
        def chicken(self, egg):
            """From the egg"""
            return egg

        @derived("1")
        def egg(self, chicken):
            """From the chicken"""
            return chicken

    with pytest.raises(ModelError, match=r"in a circle: chicken -> egg -> chicken|in a circle: egg -> chicken -> egg"):
        Model(Chicken())


def test_a_coefficient_that_needs_its_own_flux_is_a_circle_too():
    @component
    class Ouroboros(Component):
        """Circle through a coefficient."""

        @state("1", initial=0.0)
        def level(self, net_level):
            """Level"""
            return net_level

        @derived("1")
        def mu_level(self, J_in):
            """Potential that asks for the flux"""
            return J_in

        @flux("1/min", level=quantity("mu_level"))
        def J_in(self, affinity):
            """Flux that asks for the potential"""
            return affinity

    with pytest.raises(ModelError, match="in a circle"):
        Model(Ouroboros())


@pytest.mark.parametrize(
    ("posts", "surplus"), [({"charge_ims": -1}, "-1 charge"), ({"charge_ims": -1, "h_matrix": 2}, r"\+1 charge")]
)
def test_a_flux_that_makes_charge_is_refused(posts, surplus):
    @component
    class Unbalanced(Component):
        """Moves charge without a carrier."""

        @flux("nmol/min/mg", **posts)
        def J_bad(self, pmf):
            """Bad"""
            return pmf

    with pytest.raises(ModelError, match=rf"J_bad makes {surplus} per turn"):
        Model(Environment(), Membrane(), Unbalanced())


def test_an_unbalanced_flux_may_say_why():
    @component
    class Electrode(Component):
        """Voltage clamp."""

        @flux("nmol/min/mg", unbalanced={"charge": "an electrode brings it"}, charge_ims=1)
        def J_electrode(self, delta_psi):
            """Current"""
            return 0.001 * delta_psi

    assert "J_electrode" in Model(Environment(), Membrane(), Electrode()).program.fluxes


def test_a_pool_nobody_keeps_is_refused_with_the_nearest_name():
    with pytest.raises(ModelError, match=r"posts to pool 'charge_imz'.*Did you mean charge_ims"):
        Model(Environment(), Membrane(), law_of("pmf", charge_ims=0, charge_imz=-1))


def test_what_goes_into_an_aggregate_that_nobody_reads_is_refused():
    with pytest.raises(
        ModelError, match=r"inhibitor_remaining goes into 'activity_chian'.*Did you mean activity_chain"
    ):
        mc.models.isolated_mitochondria().with_component(mc.components.Inhibitor().rewire(activity="activity_chian"))


def test_laws_take_plain_names_only():
    with pytest.raises(ModelError, match="argument 'gain' must be a plain name"):

        @flux("1/min")
        def J(self, pmf, gain=2.0):
            return gain * pmf


def test_an_affinity_is_computed_and_cannot_be_written():
    with pytest.raises(ModelError, match="computed from the posts"):
        flux("1/min", affinity="pmf")
    with pytest.raises(ModelError, match="needs reason="):
        flux("1/min", affinity=None)


def test_a_parameter_needs_a_source():
    with pytest.raises(ModelError, match="needs a source"):
        parameter(1.0, "1")


# --- names, aggregates ---------------------------------------------------------------------------------------------


def test_named_instances_live_side_by_side(mitochondria):
    two = mitochondria.with_component(mc.drugs.FCCP, mc.drugs.CCCP).replace({"FCCP.dose": 0.1, "CCCP.dose": 0.2})
    values = two.evaluate({"delta_psi": 160.0})
    assert values["J_uncoupler"] == pytest.approx(values["FCCP_J_carried"] + values["CCCP_J_carried"], rel=1e-14)
    assert values["activity_chain"] == pytest.approx(values["FCCP_inhibited"] * values["CCCP_inhibited"], rel=1e-14)
    assert mitochondria.evaluate()["J_uncoupler"] == 0
    assert mitochondria.evaluate()["activity_chain"] == 1


def test_totals_add_and_factors_multiply():
    @component
    class Reader(Component):
        """Declares the aggregates."""

        gain = factor("gain")
        heat = total("heat", unit="1")

        @derived("1")
        def seen(self, gain, heat):
            """What comes out"""
            return gain * heat

    @component
    class Part(Component):
        """Joins them."""

        size: float = parameter(2.0, "1", source="assumed: a test")

        @derived("1", into="gain")
        def more(self):
            """A factor"""
            return self.size

        @derived("1", into="heat")
        def warm(self):
            """A term"""
            return self.size

    assert Model(Reader()).evaluate()["seen"] == 0
    three = Model(Reader(), Part().named("a"), Part(size=5.0).named("b"), Part(size=0.5).named("c"))
    assert three.evaluate()["seen"] == (2 * 5 * 0.5) * (2 + 5 + 0.5)


def test_rewiring_renames_a_quantity_with_its_pool_and_potential():
    load = mc.components.SaturatingLoad().rewire(
        atp_bath="atp_cytosol", adp_bath="adp_cytosol", pi_bath="pi_cytosol", J_load="J_work"
    )
    assert load.wired("net_atp_bath") == "net_atp_cytosol"
    assert load.wired("mu_atp_bath") == "mu_atp_cytosol"
    assert load.wired("mu0_adp_bath") == "mu0_adp_cytosol"
    assert load.wired("pmf") == "pmf"
    cytosol = mc.components.Adenylates().named("cytosol")
    names = ("atp_bath", "adp_bath", "pi_bath")
    # The whole component under other names keeps books of its own.
    renamed = cytosol.rewire(**{n: n.replace("bath", "cytosol") for n in names}, delta_Gp="delta_Gp_cytosol")
    model = mc.models.isolated_mitochondria().with_component(renamed, load.named("cytosolic_load"))
    assert {"atp_bath", "atp_cytosol"} <= set(model.program.states)
    assert set(model.program.fluxes["J_work"].posts) == {"atp_cytosol", "adp_cytosol", "pi_cytosol"}
    assert set(model.program.fluxes["J_load"].posts) == {"atp_bath", "adp_bath", "pi_bath"}
    assert len(model.conservation_laws()) == 5


# --- variations leave the original alone ---------------------------------------------------------------------------


def test_replace_is_a_new_model(mitochondria):
    changed = mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1, "temperature": "30 degC"})
    assert (changed["leak.amplitude"], changed["adp_bath"]) == (0.9, 0.1)
    assert changed["environment.temperature"] == pytest.approx(303.15)
    assert (mitochondria["leak.amplitude"], mitochondria["adp_bath"]) == (0.618, 0.0)
    assert changed != mitochondria
    assert changed.replace({"leak.amplitude": 0.618, "adp_bath": 0.0, "temperature": 310.15}) == mitochondria
    with pytest.raises(TypeError):
        mitochondria.components["leak"] = SinhLeak()


def test_with_component_takes_the_place_of_its_namesake_and_without_takes_away(mitochondria):
    ohmic = mitochondria.with_component(OhmicLeak())
    assert isinstance(ohmic.components["leak"], OhmicLeak)
    assert list(ohmic.components) == list(mitochondria.components)
    tight = mitochondria.without("leak")
    assert "J_leak" not in tight.program.fluxes
    assert "J_leak" in mitochondria.program.fluxes
    with pytest.raises(ModelError, match=r"no component 'leek'. Did you mean leak"):
        mitochondria.without("leek")
    with pytest.raises(ModelError, match="J_K_uniport posts to pool 'k_matrix'"):
        mitochondria.without("potassium")


def test_variations_keep_start_values_and_clamps(mitochondria):
    model = mitochondria.replace({"adp_bath": 0.2}).clamp("ATP").release("O2").with_component(OhmicLeak())
    assert model.initial["adp_bath"] == 0.2
    assert model.held("simulate") == ("atp_bath",)


def test_clamped_states_stay_where_they_are(mitochondria):
    model = mitochondria.clamp("delta_psi")
    ds = model.simulate(t_end=1, start={"delta_psi": 150.0})
    assert (ds["delta_psi"] == 150.0).all()
    assert json.loads(ds.attrs["clamped"]) == ["delta_psi", "oxygen"]
    at = model.steady_state({"delta_psi": [120.0, 150.0]}) if "delta_psi" in model.held("steady_state") else None
    assert at["success"].all()
    np.testing.assert_array_equal(at["delta_psi"], [120.0, 150.0])
    assert mitochondria.held("simulate") == ("oxygen",)
    with pytest.raises(ParameterError, match=r"'leak.amplitude' is a parameter, not a state"):
        model.clamp("leak.amplitude")
    with pytest.raises(ParameterError, match="delta_psy"):
        model.clamp("delta_psy")


def test_an_open_chamber_holds_oxygen_and_a_closed_one_uses_it(mitochondria):
    assert float(mitochondria.simulate(t_end=1)["oxygen"][-1]) == 0.2
    assert float(mitochondria.release("oxygen").simulate(t_end=1)["oxygen"][-1]) < 0.2
    assert float(mc.models.isolated_mitochondria(closed=True).simulate(t_end=1)["oxygen"][-1]) < 0.2


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


# --- what it says of itself ----------------------------------------------------------------------------------------


def test_parameter_table(mitochondria):
    table = mitochondria.parameters
    row = table.loc["leak.amplitude"]
    assert (row["value"], row["unit"], row["lower"], row["status"]) == (0.618, "nmol/min/mg", 0, "calibrated")
    assert row["description"].startswith("Twice the pre-factor")
    assert len(table) == len(mitochondria.values)


def test_tables_of_states_and_fluxes(mitochondria):
    states = mitochondria.states
    assert states.loc["adp_bath", "add_as"] == "ADP"
    assert "simulate" in states.loc["oxygen", "held_in"]
    assert "h_matrix +1" in mitochondria.fluxes.loc["J_leak", "posts"]


def test_models_show_themselves(mitochondria, minimal):
    assert "SinhLeak()" in repr(mitochondria)
    assert "<table" in minimal._repr_html_()
    assert "<table" in SinhLeak()._repr_html_()
    listed = mc.models.list()
    assert listed.loc["isolated_mitochondria", "states"] == 7
    assert listed.loc["minimal", "states"] == 1


def test_citations_are_of_what_is_used(mitochondria, minimal):
    text = mitochondria.cite()
    for key in ("mitochem", "Nicholls1974", "Gnaiger2003", "JinBethke2002", "Golding1995"):
        assert f"{{{key}," in text
    assert text.count("@") == len(set(mitochondria.reference_keys)) + 1
    assert "BenzMcLaughlin1983" not in text
    assert "BenzMcLaughlin1983" in mitochondria.with_component(mc.drugs.FCCP).cite()
    assert "Golding1995" not in minimal.cite()


def test_diff_says_what_changed(mitochondria, succinate):
    table = mc.diff(mitochondria, mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1}))
    assert set(table.index) == {"leak.amplitude", "start of adp_bath"}
    assert table.loc["leak.amplitude"].tolist() == [0.618, 0.9]
    assert mc.diff(mitochondria, mitochondria).empty
    assert "electron_transport.h_per_o2" in mc.diff(mitochondria, succinate).index
    drugged = mc.diff(mitochondria, mitochondria.with_component(mc.drugs.FCCP))
    assert drugged.loc["FCCP.dose", "a"] == "absent"
    results = mc.diff(mitochondria.steady_state(), mitochondria.steady_state({"load.capacity": 600.0}))
    assert "conditions" in results.index
    assert mc.diff(mitochondria.simulate(t_end=1), mitochondria.simulate(t_end=1)).empty
    with pytest.raises(ParameterError, match="not str"):
        mc.diff(mitochondria, "a model")


def test_diff_sees_clamps(mitochondria):
    assert not mc.diff(mitochondria, mitochondria.release("oxygen")).empty


def test_models_are_pickled_and_compared(mitochondria):
    model = mitochondria.replace({"leak.amplitude": 0.9, "adp_bath": 0.1}).clamp("ATP")
    copy = pickle.loads(pickle.dumps(model))
    assert copy == model
    assert hash(copy) == hash(model)
    assert copy.held("simulate") == model.held("simulate")
    assert float(copy.steady_state()["pmf"]) == float(model.steady_state()["pmf"])
    assert model != mitochondria


def test_results_say_how_to_make_them_again(mitochondria):
    ds = mitochondria.simulate(mc.Protocol().wait(1).add(FCCP=0.2).wait(1))
    attrs = ds.attrs
    assert attrs["source"] == f"mitochem {mc.__version__}"
    assert json.loads(attrs["parameters"])["leak.amplitude"] == 0.618
    protocol = json.loads(attrs["protocol"])
    again = mitochondria.simulate(mc.Protocol(protocol["steps"], closed=protocol["closed"]), rtol=attrs["rtol"])
    xarray.testing.assert_identical(ds, again)
    for name in ("delta_psi", "pmf", "J_O2", "J_leak"):
        assert {"units", "long_name", "symbol"} <= set(ds[name].attrs)
    without = [n for n in ds.data_vars if "units" not in ds[n].attrs or "long_name" not in ds[n].attrs]
    assert without == []


# --- a component of one's own --------------------------------------------------------------------------------------


@component
class RedoxSlip(Component):
    """Electrons that reach oxygen without pumping, more of them the higher the force.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Oxygen used per millivolt above the threshold.

    References
    ----------
    A user's hypothesis.
    """

    conductance: float = parameter(0.05, "nmol/min/mg/mV", bounds=(0, None), source="assumed: a hypothesis")
    threshold: float = parameter(150.0, "mV", source="assumed: a hypothesis")

    @flux("nmol/min/mg", into="J_O2", electron_donor=-4, oxygen=-1)
    def J_redox_slip(self, pmf):
        """Oxygen consumption without pumping"""
        return self.conductance * 8.0 * mc.softplus((pmf - self.threshold) / 8.0)


def test_a_slip_of_ones_own_raises_oxygen_use_and_lowers_p_over_o(mitochondria):
    slipping = mitochondria.with_component(RedoxSlip())
    load = {"load.capacity": 300.0}
    plain, slip = mitochondria.steady_state(load), slipping.steady_state(load)
    assert float(slip["redox_slip_J_redox_slip"]) > 0.5
    # It pumps nothing, so the force and all else are the same; oxygen use is more by just the slip.
    assert float(slip["pmf"]) == pytest.approx(float(plain["pmf"]), rel=1e-8)
    more = float(slip["J_O2"]) - float(plain["J_O2"])
    assert more == pytest.approx(float(slip["redox_slip_J_redox_slip"]), rel=1e-6)
    ratio = mc.readouts.p_over_o
    assert float(ratio(slip)) < float(ratio(plain))
    assert "RedoxSlip" in repr(slipping)
    assert "redox_slip.conductance" in slipping.parameters.index
    assert np.isfinite(slipping.simulate(t_end=1)["J_O2"]).all()


# --- the cache of generated code -----------------------------------------------------------------------------------


RUN = """
    import sys, json
    import mitochem as mc
    m = mc.models.isolated_mitochondria()
    ds = m.simulate(mc.Protocol().wait(1).add(FCCP=0.3).wait(1))
    st = m.steady_state({"load.capacity": [0.0, 600.0]})
    print(json.dumps([float(ds["pmf"][-1]), float(st["pmf"][1]), "sympy" in sys.modules, "pint" in sys.modules]))
"""


def run_in_a_fresh_python(folder):
    env = os.environ | {"MITOCHEM_CACHE": str(folder)}
    code = textwrap.dedent(RUN)
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_a_cached_start_imports_no_sympy(tmp_path):
    first = run_in_a_fresh_python(tmp_path)
    assert first[2], "the first start has to derive the equations"
    second = run_in_a_fresh_python(tmp_path)
    assert second[:2] == first[:2]
    assert not second[2], "the second has them on disk"


@pytest.fixture
def forgetful(tmp_path, monkeypatch):
    """As in a new session: nothing in memory, an empty folder on disk; gives the results of two structures."""
    from mitochem.core import compile as compiler

    monkeypatch.setenv("MITOCHEM_CACHE", str(tmp_path))

    def session():
        monkeypatch.setattr(compiler, "_memory", {})
        return [
            float(model.steady_state({"delta_pH": 0.2} if name == "minimal" else {})["pmf"])
            for name in ("minimal", "isolated_mitochondria")
            for model in [mc.models.get(name)]
        ]

    return session


@pytest.mark.parametrize("damage", ["truncate", "garbage", "binary", "foreign", "folder"])
def test_a_damaged_cache_is_made_again_without_a_word(forgetful, tmp_path, damage):
    expected = forgetful()
    entries = sorted(tmp_path.glob("*.py"))
    assert len(entries) == 2
    texts = {e: e.read_bytes() for e in entries}
    for i, entry in enumerate(entries):
        if damage == "truncate":
            entry.write_bytes(texts[entry][: len(texts[entry]) // 2])
        elif damage == "garbage":
            entry.write_text("import nothing_of_that_name\n")
        elif damage == "binary":
            entry.write_bytes(bytes(range(256)))
        elif damage == "foreign":  # whole and sealed, but of another model: the files have been swapped
            entry.write_bytes(texts[entries[1 - i]])
        else:
            entry.unlink()
            entry.mkdir()
    assert forgetful() == expected
    if damage != "folder":
        assert {e: e.read_bytes() for e in entries} == texts, "and the entry is whole again"


def test_a_cache_that_cannot_be_written_is_done_without(forgetful, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MITOCHEM_CACHE", str(tmp_path / "file" / "cache"))
    assert np.isfinite(forgetful()).all()


def test_components_of_ones_own_are_never_cached(mitochondria):
    assert cache.key(mitochondria.components)
    assert cache.key(mitochondria.with_component(RedoxSlip()).components) == ""


def test_a_changed_value_compiles_nothing(mitochondria):
    assert mitochondria.replace({"leak.amplitude": 0.9}).kernel is mitochondria.kernel
    assert mc.models.isolated_mitochondria("succinate").kernel is mitochondria.kernel


def test_importing_mitochem_imports_none_of_the_heavy_packages():
    heavy = ("sympy", "scipy", "xarray", "pandas", "matplotlib", "lmfit", "pint")
    code = f"import sys, mitochem; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


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
