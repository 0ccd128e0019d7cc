"""Books, affinities, units and equations of two published models; and one component in two compartments."""

import numpy as np
import pytest
import sympy

import mitochem as mc
from mitochem import Model, Protocol
from mitochem.components import Adenylates, SaturatingLoad
from mitochem.core.component import Component, component
from mitochem.core.declarations import flux, parameter
from mitochem.core.units import registry, unit

# --- the books -----------------------------------------------------------------------------------------------------


def spans(laws, states, rows):
    """Whether the reported laws are the known ones, up to the choice of their combination."""
    found = np.array([[law.coefficients.get(name, 0.0) for name in states] for law in laws])
    known = np.array([[row.get(name, 0.0) for name in states] for row in rows])
    found, known = (m / np.linalg.norm(m, axis=1)[:, None] for m in (found, known))
    ranks = [np.linalg.matrix_rank(m, tol=1e-9) for m in (found, known, np.vstack([found, known]))]
    return len(found) == len(known) and len(set(ranks)) == 1


def test_qamas_conserves_three_pools(qamas):
    """Adenylates on each side, and phosphate: V_c W_c (2 ATP + ADP + Pi) of the bath, V_m W_x of the matrix."""
    matrix, bath = 5e-4 * 0.9 * 0.7238, 1.0
    phosphate = {"atp_matrix": 2 * matrix, "adp_matrix": matrix, "pi_matrix": matrix}
    phosphate |= {"atp_bath": 2 * bath, "adp_bath": bath, "pi_bath": bath}
    adenylates = [{"atp_matrix": 1, "adp_matrix": 1}, {"atp_bath": 1, "adp_bath": 1}]
    laws = qamas.conservation_laws()
    assert spans(laws, list(qamas.program.states), [*adenylates, phosphate])
    assert {law.name for law in laws} == {"matrix adenylate", "bath adenylate", "phosphate"}
    assert laws.excluded == ()
    ds = qamas.simulate(Protocol().wait(60).set({"load.demand": 3e-6}).wait(200), rtol=1e-10)
    for law in laws:
        total = law.total(ds).values
        np.testing.assert_allclose(total, total[0], rtol=1e-9, err_msg=law.name)


def test_heart_conserves_phosphate_and_names_the_buffer_it_did_not_examine(heart):
    known = {
        "atp_matrix": 1 / 3.35,
        "pi_matrix": 1 / 3.35,
        "atp_cytosol": 2,
        "adp_cytosol": 1,
        "pi_cytosol": 1,
        "pcr": 1,
    }
    laws = heart.conservation_laws()
    assert spans(laws, list(heart.program.states), [known])
    assert laws.excluded == ("proton_matrix",)


@pytest.mark.parametrize("name", ["qamas", "heart"])
def test_driven_fluxes_of_the_canaries_run_down_their_affinity(name, request):
    model, rng = request.getfixturevalue(name), np.random.default_rng(5)
    # Up to the start values, every state is inside the totals that the models hold constant.
    spread = {k: np.maximum(v, 1e-6) * rng.uniform(0.3, 1.0, 2000) for k, v in model.initial.items()}
    values = model.evaluate(spread)
    driven = [n for n, f in model.program.fluxes.items() if f.law.driven]
    assert len(driven) == {"qamas": 8, "heart": 7}[name]
    for flux_name in driven:
        J, A = values[flux_name], values[f"affinity_{flux_name}"]
        assert np.isfinite(A).all(), flux_name
        assert not ((J * A < 0) & (np.abs(A) > 1e-9)).any(), flux_name
        assert (np.abs(J) > 0).all(), flux_name


@pytest.mark.parametrize("name", ["qamas", "heart"])
def test_units_of_the_canaries_close_on_their_own_clock(name, request):
    """Every law read on quantities, converted to the declared unit, is the law on floats."""
    model = request.getfixturevalue(name)
    quantity, values = registry().Quantity, model.program.run(model.components, model.initial | {"adp_bath": 1e-5})
    units = {n: law.unit for n, (_, law) in model.program.states.items()}
    units |= {n: model.declared(n).unit for n in model.program.shared} | {
        n: s.unit for n, s in model.statements.items()
    }
    for s in (s for s in model.statements.values() if s.law is not None):
        item = model.components[s.owner]
        own = {k: quantity(v, unit(item.declared_parameters[k].unit)) for k, v in item.values.items()}
        given = {a: quantity(values[n], unit(units[n])) for a, n in zip(s.law.inputs, s.inputs)}
        found = quantity(getattr(item.reading(own), s.law.name)(**given))
        expected = unit(s.unit) / unit(model.time_unit) if s.kind == "rate" else unit(s.unit)
        assert found.to(expected).magnitude == pytest.approx(values[s.name], rel=1e-9, abs=1e-30), s.name


def test_equations_of_a_canary_read_as_published(heart):
    leak = heart.equations("J_leak").rhs.rewrite(sympy.exp)
    k1, k2, pmf = (sympy.Symbol(n, real=True) for n in ("leak.amplitude", "leak.steepness", "pmf"))
    assert sympy.simplify(leak - k1 * (sympy.exp(k2 * pmf) - 1)) == 0


# --- one component in two compartments -----------------------------------------------------------------------------


@component
class Exchange(Component):
    """ATP for ADP, and phosphate, between bath and cytosol, down their potentials.

    References
    ----------
    Linear force-flow relations, for a test.
    """

    volume_cytosol: float = parameter(50.0, "uL/mg", bounds=(0, None), shared=True, source="assumed: an example")
    conductance: float = parameter(40.0, "nmol/min/mg", bounds=(0, None), source="assumed: an example")

    @flux("nmol/min/mg", atp_bath=-1, adp_bath=+1, atp_cytosol=+1, adp_cytosol=-1)
    def J_exchange(self, affinity, thermal_energy):
        """ATP to the cytosol for ADP"""
        return self.conductance * affinity / thermal_energy

    @flux("nmol/min/mg", pi_bath=-1, pi_cytosol=+1)
    def J_phosphate(self, affinity, thermal_energy):
        """Phosphate to the cytosol"""
        return self.conductance * affinity / thermal_energy


def test_adenylates_of_two_compartments_keep_their_own_books_and_balance(mitochondria):
    move = {n: n.replace("bath", "cytosol") for n in ("atp_bath", "adp_bath", "pi_bath", "volume_bath")}
    cytosol = Adenylates().named("cytosol").rewire(**move, delta_Gp="delta_Gp_cytosol")
    work = SaturatingLoad(capacity=60.0).named("work").rewire(**move, J_load="J_work")
    start = {"adp_bath": 0.01, "adp_cytosol": 0.1, "pi_cytosol": 2.0}  # a linear law has no value without ADP
    model = mitochondria.with_component(cytosol, work, Exchange()).replace(start)
    bath = 1000.0
    adenylate = {"atp_bath": bath, "adp_bath": bath, "atp_cytosol": 50, "adp_cytosol": 50}
    # An exchange one for one keeps the adenylates of each side apart.
    sides = [{n: v for n, v in adenylate.items() if n.endswith(side)} for side in ("bath", "cytosol")]
    phosphate = {n: (2 if n.startswith("atp") else 1) * v for n, v in adenylate.items()}
    phosphate |= {"pi_bath": bath, "pi_cytosol": 50}
    laws = model.conservation_laws()
    moved = [law for law in laws if any(n.endswith(("_bath", "_cytosol")) for n in law.coefficients)]
    assert spans(moved, list(model.program.states), [*sides, phosphate])
    ds = model.steady_state()
    assert ds["success"]
    work_done = float(ds["J_work"])
    assert work_done > 1
    for name in ("J_exchange", "J_ATP"):  # made, moved, used
        assert float(ds[name]) == pytest.approx(work_done, rel=1e-6)
    assert float(ds["J_phosphate"]) == pytest.approx(-work_done, rel=1e-6)
    assert float(ds["delta_Gp"]) > float(ds["delta_Gp_cytosol"])
    run = model.simulate(Protocol().wait(200), rtol=1e-10)
    assert float(run["atp_cytosol"][-1]) == pytest.approx(float(ds["atp_cytosol"]), rel=1e-5)


def test_two_copies_in_two_compartments_of_a_published_model(qamas):
    """The two sides of QAMAS are one set of laws: at equal pH, ions and levels they say the same."""
    here = {"suspension.pH_matrix": 7.2, "suspension.potassium_matrix": 0.14}
    levels = {"atp_matrix": 3e-3, "adp_matrix": 1e-4, "pi_matrix": 2e-3}
    values = qamas.replace(here).evaluate(levels | {k.replace("matrix", "bath"): v for k, v in levels.items()})
    for name in ("atp_unbound", "adp_unbound", "dihydrogen_phosphate", "delta_Gp", "mu_atp", "mu0_pi"):
        assert values[f"{name}_matrix"] == values[f"{name}_bath"], name
    assert values["matrix_phosphates_atp_polynomial"] == values["bath_phosphates_atp_polynomial"]


def test_a_component_in_two_compartments_is_refused_under_one_name():
    with pytest.raises(mc.ModelError, match=r"two components are called 'adenylates'"):
        Model(Adenylates(), Adenylates())
