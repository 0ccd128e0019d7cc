"""Two published models in foreign units, several drugs on one target, one component in two compartments.

They are here to find where the core resists: other units and another clock, compartments, a buffer that depends on the
state, stoichiometries made of another component's parameter.
"""

import numpy as np
import pytest
import sympy
import xarray

import mitochem as mc
from mitochem import Model, Protocol
from mitochem.components import Adenylates, Inhibitor, SaturatingLoad
from mitochem.core.component import Component, component
from mitochem.core.declarations import derived, factor, flux, parameter
from mitochem.core.units import registry, unit
from mitochem.models import korzeniewski_heart, qamas_in_vitro

# Names of the reference files, and what one of theirs is in ours (Δψ negative inside, ΔG of hydrolysis, mV).
QAMAS = {
    "delta_psi": "DPsi_V", "atp_matrix": "ATP_x_M", "adp_matrix": "ADP_x_M", "pi_matrix": "Pi_x_M", "nadh": "NADH_x_M",
    "qh2": "QH2_x_M", "c_reduced": "cred_i_M", "atp_bath": "ATP_c_M", "adp_bath": "ADP_c_M", "pi_bath": "Pi_c_M",
}  # fmt: skip
QAMAS_FLUXES = {
    "J_DH": "J_DH", "J_C1": "J_C1", "J_C3": "J_C3", "J_C4": "J_C4", "J_F": "J_F", "J_ANT": "J_ANT", "J_PiC": "J_PiC",
    "J_leak": "J_H",
}  # fmt: skip
QAMAS_READINGS = {
    "J_O2": ("JO2_nmol_min_UCS", 1), "delta_Gp_matrix": ("dG_ATP_x_kJ", -1), "delta_Gp_bath": ("dG_ATP_c_kJ", -1),
    "pmf": ("pmf_mV", 1e-3),
}  # fmt: skip
HEART = {
    "nadh": "NADH_uM", "qh2": "UQH2_uM", "c_reduced": "c2_uM", "proton_matrix": "Hi_uM", "atp_matrix": "ATPi_uM",
    "pi_matrix": "Pii_uM", "atp_cytosol": "ATPe_uM", "adp_cytosol": "ADPe_uM", "pi_cytosol": "Pie_uM", "pcr": "PCr_uM",
}  # fmt: skip
HEART_FLUXES = {
    "J_DH": "vDH_uM_min", "J_C1": "vC1_uM_min", "J_C3": "vC3_uM_min", "J_O2": "vC4_uM_min", "J_SN": "vSN_uM_min",
    "J_EX": "vEX_uM_min", "J_PI": "vPI_uM_min", "J_load": "vUT_uM_min", "J_leak": "vLK_uM_min", "J_CK": "vCK_uM_min",
}  # fmt: skip
HEART_READINGS = {"pH_matrix": ("pHi", 1), "pmf": ("dp_mV", 1), "delta_psi": ("dPsi_mV", -1)}

# Relative, at every point of every state. The files have 12 digits from a solver at rtol 1e-10 to 1e-11, ours runs at
# 1e-10; both lose some in transients, where a state falls through four decades. 1e-6 is what was asked, found is 3e-8.
RTOL = 1e-6
# Near equilibrium a flux is the small difference of two large terms: compared with the largest flux of the run.
FLUX = 1e-6


@pytest.fixture(scope="module")
def qamas():
    return qamas_in_vitro()


@pytest.fixture(scope="module")
def heart():
    return korzeniewski_heart()


@pytest.fixture(scope="module")
def table(shared_folder):
    """A file of reference numbers as a pandas table."""
    import pandas

    def read(name):
        path = shared_folder / "reference" / name
        if not path.is_file():
            pytest.skip(f"no reference file {name}")
        return pandas.read_csv(path)

    return read


def compare(ds, ref, names, fluxes, readings):
    for name, column in names.items():
        smallest = 1e-14 * ref[column].abs().max()  # a concentration that is zero but for rounding
        np.testing.assert_allclose(ds[name].values, ref[column], rtol=RTOL, atol=smallest, err_msg=name)
    largest = ref[list(fluxes.values())].abs().max().max()
    for name, column in fluxes.items():
        np.testing.assert_allclose(ds[name].values, ref[column], rtol=RTOL, atol=FLUX * largest, err_msg=name)
    for name, (column, per_unit) in readings.items():
        known = ref[column].notna().values  # ΔG of a bath without ATP is not defined
        np.testing.assert_allclose(
            ds[name].values[known], per_unit * ref[column][known], rtol=RTOL, atol=1e-9, err_msg=name
        )


# --- trajectories --------------------------------------------------------------------------------------------------

EMPTY = {"nadh": 0.0, "atp_bath": 0.0, "adp_bath": 0.0, "pi_bath": 5e-3}
TO_STATE_3 = (
    Protocol()
    .set({"dehydrogenase.activity": 0.001})
    .wait(25)
    .set({"dehydrogenase.activity": 0.1732})
    .wait("50 s")
    .set({"adp_bath": "0.375 mM"})
)
QAMAS_RUNS = {
    "traj_fig8_states1234": (EMPTY, TO_STATE_3.wait(125)),
    "traj_state3_uncoupled": (EMPTY, TO_STATE_3.wait(35).set({"leak.activity": 2e4}).wait(50)),
    "traj_demand_step": (
        {"pi_bath": 5e-3},
        Protocol().wait("5 min").set({"load.demand": 2e-6}).wait(300).set({"load.demand": 5e-6}).wait(600),
    ),
}
HEART_RUNS = {
    "traj_low_high_low": Protocol()
    .wait(3)
    .set({"load.capacity": 61220.0})
    .wait(3)
    .set({"load.capacity": 12244.0})
    .wait("360 s"),
    "traj_uncoupler": Protocol().wait(3).set({"leak.amplitude": 85.758}).wait(2),
}


@pytest.mark.shared
@pytest.mark.parametrize("run", QAMAS_RUNS)
def test_time_courses_of_qamas_are_those_of_the_authors_code(qamas, table, run):
    ref = table(f"qamas_invitro/{run}.csv")
    start, protocol = QAMAS_RUNS[run]
    ds = qamas.simulate(protocol, start=start, samples=ref["t_s"].unique(), rtol=1e-10)
    assert ds["time"].attrs["units"] == "s"
    np.testing.assert_allclose(ds["time"], ref["t_s"], rtol=1e-12)
    compare(ds, ref, QAMAS, QAMAS_FLUXES, QAMAS_READINGS)


@pytest.mark.shared
@pytest.mark.parametrize("run", HEART_RUNS)
def test_time_courses_of_the_heart_are_those_of_the_reference(heart, table, run):
    ref = table(f"korzeniewski_heart/{run}.csv")
    ds = heart.simulate(HEART_RUNS[run], samples=ref["t_min"].unique(), rtol=1e-10)
    assert ds["time"].attrs["units"] == "min"
    np.testing.assert_allclose(ds["time"], ref["t_min"], rtol=1e-12)
    compare(ds, ref, HEART, HEART_FLUXES, HEART_READINGS)


# --- steady states -------------------------------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.parametrize("name", ["steady_fig9", "steady_perturb"])
def test_steady_states_of_qamas_depend_on_their_start_as_published(qamas, table, name):
    ref = table(f"qamas_invitro/{name}.csv")
    assert (ref["status"] == "steady").all()
    columns = {
        "load.demand": ref["X_AtC"],
        "leak.activity": 1000.0 * ref["X_H_factor"],
        "suspension.oxygen_tension": ref["PO2_mmHg"],
        "pi_bath": ref["Pi_c0_M"],
    }
    ds = qamas.steady_state({k: xarray.DataArray(v.to_numpy(float), dims="row") for k, v in columns.items()})
    assert ds["success"].all()
    assert ds["residual"].attrs["units"] == "1/s"
    compare(ds, ref, QAMAS, QAMAS_FLUXES, QAMAS_READINGS)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["steady_work", "steady_perturb"])
def test_steady_states_of_the_heart_are_those_of_the_reference(heart, table, name):
    ref = table(f"korzeniewski_heart/{name}.csv")
    halved = ref["condition"] == "C1_half"
    columns = {
        "load.capacity": ref["kUT"],
        "leak.amplitude": 8.5758 * ref["kLK1_factor"],
        "cell.oxygen": ref["O2_uM"],
        "complex_I.conductance": 819.61 * np.where(halved, 0.5, 1.0),
    }
    ds = heart.steady_state({k: xarray.DataArray(np.array(v, float), dims="row") for k, v in columns.items()})
    assert ds["success"].all()
    compare(ds, ref, HEART, HEART_FLUXES, HEART_READINGS)


# --- control -------------------------------------------------------------------------------------------------------

CAPACITIES = {
    "kEX": "exchanger.capacity", "kDH": "dehydrogenation.capacity", "kC1": "complex_I.conductance",
    "kC3": "complex_III.conductance", "kC4": "complex_IV.activity", "kSN": "synthase.capacity",
    "kPI": "phosphate_carrier.activity", "kLK1": "leak.amplitude",
}  # fmt: skip


def published_coefficient(heart, capacity, oxygen):
    """Relative gain of PCr/ATP per relative gain of an activity of 1 %, which is how the paper has it.

    The differential coefficient is another number: 0.002 away, and 0.003 from print, since the curve bends in that 1 %.
    """
    address = CAPACITIES[capacity.removesuffix("x3")]
    base = heart[address] * (3 if capacity.endswith("x3") else 1)
    ds = heart.steady_state({address: base * np.array([1.0, 1.01]), "cell.oxygen": oxygen})
    ratio = (ds["pcr"] / ds["atp_cytosol"]).values
    return float(ratio[1] / ratio[0] - 1) / 0.01


@pytest.mark.shared
def test_all_27_published_control_coefficients_come_out(heart, table):
    ref = table("korzeniewski_heart/published_control_coefficients.csv")
    assert len(ref) == 27
    found = np.array([published_coefficient(heart, *row) for row in zip(ref["parameter_raised_1pct"], ref["O2_uM"])])
    # printed to 0.001; at 2.4 µM O2 four are off by more than half of that (worst 0.00094), in the reference run too
    np.testing.assert_allclose(found, ref["published_C_PCr_over_ATP"], atol=1e-3)
    # the independent run: steady states to 1e-9 (its solver's rtol 1e-11, accumulated), divided by 0.01
    np.testing.assert_allclose(found, ref["reference_run"], atol=1e-6)


# --- the same without the folder: numbers typed from it ------------------------------------------------------------


def test_qamas_by_a_few_numbers(qamas):
    """State 4 of figure 9 with 1 mM phosphate, and state 2 of figure 8."""
    ds = qamas.steady_state()
    assert float(ds["delta_psi"]) == pytest.approx(0.18631476025, rel=RTOL)
    assert float(ds["nadh"]) == pytest.approx(0.00247604186319, rel=RTOL)
    assert float(ds["adp_bath"]) == pytest.approx(8.74475218559e-06, rel=RTOL)
    assert float(ds["delta_Gp_bath"]) == pytest.approx(70.2682305828, rel=RTOL)
    state_2 = qamas.simulate(TO_STATE_3.wait(125), start=EMPTY, samples=[74.9, 75.5], rtol=1e-10)
    assert float(state_2["J_O2"].sel(time=74.9, method="nearest")) == pytest.approx(7.5591, rel=1e-5)  # as printed
    assert float(state_2["J_O2"].sel(time=75.5, method="nearest")) == pytest.approx(175.11, rel=1e-4)
    too_much = qamas.steady_state({"load.demand": 1e-5})
    assert not too_much["success"]
    assert "J_load" in str(too_much["message"].values)


def test_heart_by_a_few_numbers(heart):
    """Steady states at low and high work, and three published coefficients."""
    ds = heart.steady_state({"load.capacity": [12244.0, 61220.0]})
    assert ds["success"].all()
    low = ds.isel(load_capacity=0)
    assert float(low["pcr"]) == pytest.approx(12315.1976497, rel=RTOL)
    assert float(low["proton_matrix"]) == pytest.approx(0.0371468695338, rel=RTOL)
    assert float(low["delta_psi"]) == pytest.approx(157.252057704, rel=RTOL)
    assert float(low["J_O2"]) == pytest.approx(2538.0985523, rel=RTOL)
    for capacity, oxygen, printed in (("kEX", 240.0, 0.143), ("kC4", 2.4, 0.259), ("kLK1x3", 24.0, -0.1)):
        assert published_coefficient(heart, capacity, oxygen) == pytest.approx(printed, abs=1e-3)


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


# --- several drugs on one target -----------------------------------------------------------------------------------


def test_two_uncouplers_at_once_add_their_currents(mitochondria):
    doses = {"FCCP.dose": 0.1, "CCCP.dose": 0.3}
    both = mitochondria.steady_state(doses)
    assert float(both["J_uncoupler"]) == pytest.approx(
        float(both["FCCP_J_carried"] + both["CCCP_J_carried"]), rel=1e-12
    )
    for one in doses:
        alone = mitochondria.steady_state({one: doses[one]})
        assert float(alone["J_O2"]) < float(both["J_O2"])
        assert float(alone["pmf"]) > float(both["pmf"])
    added = mitochondria.simulate(Protocol().wait(5).add(FCCP=0.1, CCCP=0.3).wait(60))
    assert float(added["pmf"][-1]) == pytest.approx(float(both["pmf"]), rel=1e-5)


def test_one_uncoupler_under_two_names_is_one_uncoupler(mitochondria):
    """Half a dose each of twins is the whole dose of one, where neither inhibits the chain."""
    harmless = mc.drugs.FCCP.replace(inhibition=1e12)
    twins = mitochondria.with_component(harmless.named("one"), harmless.named("other"))
    split = twins.steady_state({"one.dose": 0.1, "other.dose": 0.1})
    whole = twins.steady_state({"one.dose": 0.2})
    for name in ("pmf", "J_O2", "J_uncoupler", "pH_matrix"):
        assert float(split[name]) == pytest.approx(float(whole[name]), rel=1e-7), name


@component
class Antagonised(Inhibitor):
    """Inhibitor whose half dose is raised by whatever competes for its site.

    References
    ----------
    Gaddum 1937.
    """

    competition = factor("Half dose relative to that without an antagonist")

    @derived("1", into="activity")
    def remaining(self, competition):
        """Activity left at this dose"""
        return 1 / (1 + (self.dose / (self.half_dose * competition)) ** self.hill)


@component
class Antagonist(Component):
    """Competes with an inhibitor without an effect of its own: half dose times 1 + dose/K.

    References
    ----------
    Schild 1947.
    """

    dose: float = parameter(0.0, "uM", bounds=(0, None), source="assumed: none until added")
    affinity_constant: float = parameter(1.0, "uM", bounds=(1e-9, None), source="assumed: an example")

    @derived("1", into="competition")
    def shift(self):
        """Dose ratio of Schild"""
        return 1 + self.dose / self.affinity_constant


def test_an_inhibitor_and_its_antagonist(mitochondria):
    site = dict(activity="activity_phosphorylation", competition="competition_oligomycin")
    inhibitor = Antagonised(half_dose=0.01, hill=2.0).rewire(**site).named("oligo")
    model = mitochondria.with_component(inhibitor, Antagonist().rewire(competition=site["competition"]))
    model = model.replace({"load.capacity": 600.0})
    ds = model.steady_state({"oligo.dose": [0.0, 0.05], "antagonist.dose": [0.0, 9.0, 1e6]})
    free, inhibited = ds["J_ATP"].isel(oligo_dose=0), ds["J_ATP"].isel(oligo_dose=1)
    assert np.ptp(free.values) == pytest.approx(0, abs=1e-9 * float(free[0])), "no effect of its own"
    assert float(inhibited[0]) < float(inhibited[1]) < float(inhibited[2])
    assert float(inhibited[2]) == pytest.approx(float(free[0]), rel=1e-6), "surmountable"
    # Schild: against 9 K of antagonist it takes ten times the inhibitor.
    shifted = model.steady_state({"oligo.dose": 0.5, "antagonist.dose": 9.0})
    assert float(shifted["J_ATP"]) == pytest.approx(float(inhibited[0]), rel=1e-9)
    # A second inhibitor of the site, out of reach of that antagonist: its own competition, and the factors multiply.
    other = inhibitor.rewire(competition="competition_other").named("other")
    two = model.with_component(other).evaluate()
    assert two["activity_phosphorylation"] == 1
    two = (
        model.with_component(other).replace({"oligo.dose": 0.01, "other.dose": 0.01, "antagonist.dose": 1.0}).evaluate()
    )
    assert two["activity_phosphorylation"] == pytest.approx(1 / (1 + 1 / 4) / 2, rel=1e-12)


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
