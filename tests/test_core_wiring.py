"""What an assembled model refuses, and how it says so; how names, aggregates and rewiring join its components."""

import pytest

import mitochem as mc
from mitochem import Model, ModelError, derived, factor, flux, parameter, quantity, state, total
from mitochem.components import Environment, Membrane, OhmicLeak, SinhLeak
from mitochem.core.component import Component, component


def law_of(argument, **options):
    """A leak-like component whose one law takes the given argument."""
    space = {}
    exec(f"def J_probe(self, {argument}):\n    '''Probe'''\n    return 0.001 * {argument}", space)
    made = flux("nmol/min/mg", **({"charge_ims": -1, "h_matrix": +1} | options))(space["J_probe"])
    return component(type("Probe", (Component,), {"J_probe": made, "__doc__": "Probe.", "__annotations__": {}}))()


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
