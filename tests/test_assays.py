"""The register of assays, and titrations in time: labels, signs of every step, and what is read off them."""

import re

import numpy as np
import pytest

from mitochem import ParameterError, Protocol, analysis, drugs, experiments, models, plot, readouts

SLOPE = np.log(10) * 8.314462618e-3 * 310.15 / 0.09648533212  # mV per pH unit at 37 degC


def labels(ds):
    return list(dict.fromkeys(ds["segment"].values.tolist()))


def at_end(ds, label, name="J_O2"):
    return float(ds[name].values[ds["segment"].values == label][-1])


# --- the register --------------------------------------------------------------------------------------------------

NAMES = list(experiments.list().index)


NO_ASSAYS = {"Assay", "get", "list", "atp_yield", "instruments", "observation", "rates", "readouts"}


def test_the_table_says_what_each_is_for_and_on_which_model():
    table = experiments.list()
    assert set(NAMES) == set(experiments.__all__) - NO_ASSAYS
    assert table["purpose"].str.len().between(20, 80).all(), "one line each"
    assert set(table["model"]) <= set(models.list().index)
    assert table.loc["stress_test", "model"] == "cultured_cell"
    assert "oligomycin" in table.loc["stress_test", "arguments"]


@pytest.mark.parametrize("name", NAMES)
def test_every_assay_runs_on_its_model_and_is_plain_data(name):
    assay = experiments.get(name.replace("_", "-"))
    assert assay is experiments.get(name)
    protocol = assay.protocol()
    assert assay.protocol is getattr(experiments, name)
    assert Protocol(protocol.rows).rows == protocol.rows
    run = assay.model().simulate(protocol, samples=20)
    planned = [step.label for step in protocol.steps if step.action.startswith("wait")]
    assert all(planned), "every stretch has a name"
    assert labels(run) == list(dict.fromkeys(planned))
    described = {*re.findall(r"``([^`]+)``", assay.protocol.__doc__ or "")}
    first_words = {text.split(" ")[0] for text in described} | set(drugs.list().index)
    assert {label.split(" ")[0] for label in planned} <= first_words, "the docstring says what they are called"


def test_an_unknown_assay_is_refused_with_the_nearest():
    with pytest.raises(ParameterError, match="Did you mean stress_test"):
        experiments.get("stres-test")


# --- Chance and Williams, as a lecturer checks them ----------------------------------------------------------------


@pytest.mark.parametrize(("substrate", "low", "high"), [("NADH", 2.3, 30 / 11), ("succinate", 1.4, 18 / 11)])
def test_states_are_those_of_the_textbook(substrate, low, high):
    """RCR 3 to 10, ADP/O below its mechanistic limit, Δψ 15 to 35 mV lower in state 3."""
    run = models.isolated_mitochondria(substrate).simulate(experiments.respiratory_states())
    assert 3 < readouts.rcr(run) < 10
    assert low < float(readouts.adp_over_o(run)["adp_over_o"]) < high
    pulse = run.isel(time=np.flatnonzero(run["segment"].values == "state 3-4 (1)"))
    assert 15 < float(pulse["delta_psi"][-1] - pulse["delta_psi"].min()) < 35


def test_potential_outlives_oxygen(mitochondria):
    """State 5: no oxygen and no respiration, and bath ATP holds most of Δψ."""
    run = mitochondria.simulate(experiments.respiratory_states(to_anoxia=True))
    assert labels(run)[-2:] == ["to anoxia", "state 5"]
    assert at_end(run, "state 5") < 0.01
    assert at_end(run, "state 5", "J_ATP") < 0
    assert at_end(run, "state 5", "delta_psi") > 0.7 * at_end(run, "state 2", "delta_psi")


# --- SUIT ----------------------------------------------------------------------------------------------------------

STEPS = [f"4U (FCCP {dose:g})" for dose in np.cumsum([0.05] * 8)]


@pytest.fixture(scope="module")
def titration(mitochondria):
    return mitochondria.simulate(experiments.suit())


def test_suit_steps_are_labelled_as_on_a_titration_sheet(titration):
    assert labels(titration) == ["0mt", "1PM", "2D", "2c", "3Omy", *STEPS, "5Ama"]


def test_suit_states_stand_in_order(titration):
    leak, oxphos, omy, rest = (at_end(titration, s) for s in ("1PM", "2D", "3Omy", "5Ama"))
    capacity = [at_end(titration, s) for s in STEPS]
    best = int(np.argmax(capacity))
    assert leak == pytest.approx(omy, rel=0.01), "L(n) and L(Omy)"
    assert leak < oxphos < max(capacity)
    assert 0 < best < len(STEPS) - 1, "the optimum is passed"
    assert (np.diff(capacity[: best + 1]) > 0).all()
    assert (np.diff(capacity[best:]) < 0).all()
    assert rest < 0.01 * leak
    assert at_end(titration, "0mt") == 0
    assert 0.05 < leak / max(capacity) < 0.2, "L/E of coupled mitochondria"


def test_cytochrome_c_changes_nothing_where_the_outer_membrane_is_whole(titration):
    segment = titration["segment"].values
    before, after = titration["J_O2"].values[segment == "2D"][-1], titration["J_O2"].values[segment == "2c"][0]
    assert before == after


def test_suit_with_succinate(succinate):
    run = succinate.simulate(experiments.suit(substrate="succinate", fccp=(0.1, 0.1)))
    assert labels(run) == ["0mt", "1Rot", "2S", "3D", "3c", "4Omy", "5U (FCCP 0.1)", "5U (FCCP 0.2)", "6Ama"]
    assert at_end(run, "1Rot") == 0
    assert at_end(run, "2S") == pytest.approx(at_end(run, "4Omy"), rel=0.01)
    assert at_end(run, "3D") > 5 * at_end(run, "2S")
    assert at_end(run, "6Ama") < 0.05


def test_a_closed_chamber_shows_oxygen_falling(mitochondria):
    run = mitochondria.replace({"environment.protein": 0.05}).simulate(experiments.suit(closed=True, fccp=(0.05, 0.05)))
    oxygen = run["oxygen"].values
    assert oxygen[0] == 0.2
    assert 0.05 < oxygen[-1] < 0.2
    assert (np.diff(oxygen) <= 1e-12).all()
    slope = -np.gradient(oxygen, run["time"].values) * 1000 / 0.05
    inside = np.flatnonzero(run["segment"].values == "2D")[50:-2]
    np.testing.assert_allclose(slope[inside], run["J_O2"].values[inside], rtol=0.02)


# --- FCCP ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("oligomycin", [0.0, 1.0])
def test_respiration_is_bell_shaped_and_the_force_falls_throughout(mitochondria, oligomycin):
    run = mitochondria.simulate(experiments.fccp_titration(oligomycin=oligomycin))
    first = ["control", "oligomycin"] if oligomycin else ["control"]
    names = labels(run)
    assert names[: len(first)] == first
    assert names[len(first) :] == [f"FCCP {d:g}" for d in np.cumsum([0.05] * 12)]
    respiration = [at_end(run, label) for label in names]
    best = int(np.argmax(respiration))
    assert 0 < best < len(names) - 1
    assert respiration[best] > 5 * respiration[0]
    assert respiration[-1] < respiration[best]
    force = [at_end(run, label, "pmf") for label in names[len(first) - 1 :]]
    assert (np.diff(force) < 0).all()
    uncoupled = run["J_ATP"].values[run["segment"].values == "FCCP 0.3"]
    if oligomycin:
        assert np.abs(uncoupled).max() < 0.1
    else:
        assert uncoupled.min() < -50, "the synthase has turned round"


def test_in_time_as_in_steady_state(mitochondria):
    run = mitochondria.simulate(experiments.fccp_titration(fccp=(0.1, 0.1, 0.2), step_wait=10.0))
    ds = mitochondria.titrate("FCCP", [0.1, 0.2, 0.4], {"oligomycin.dose": 1.0})
    found = [at_end(run, f"FCCP {d:g}") for d in (0.1, 0.2, 0.4)]
    np.testing.assert_allclose(found, ds["J_O2"], rtol=1e-3)


# --- modular kinetics ----------------------------------------------------------------------------------------------


def curve(run, skip=0):
    names = labels(run)[skip:]
    x, y = (np.array([at_end(run, label, name) for label in names]) for name in ("pmf", "J_O2"))
    return x, y


@pytest.fixture(scope="module")
def modules(mitochondria):
    return analysis.modular_kinetics(mitochondria, {"load.capacity": 1200.0})


@pytest.fixture(scope="module")
def titrated(mitochondria):
    def run(block):
        options = {"nigericin": 0.0, "step_wait": 8.0}
        return mitochondria.simulate(experiments.modular_titration(block=block, **options))

    return {block: run(block) for block in ("leak", "substrate_oxidation", "phosphorylation")}


def test_blocks_are_titrated_from_their_own_state(titrated):
    assert labels(titrated["leak"])[:2] == ["state 4", "cyanide 3"]
    assert labels(titrated["substrate_oxidation"])[:2] == ["state 4", "FCCP 0.02"]
    assert labels(titrated["phosphorylation"])[:2] == ["state 3", "cyanide 3"]
    for block, run in titrated.items():
        force, rate = curve(run)
        assert (np.diff(force) < 0).all(), block
        assert (np.diff(rate) * (1 if block == "substrate_oxidation" else -1) > 0).all(), block


def test_leak_and_substrate_oxidation_are_those_of_modular_kinetics(titrated, modules):
    for block, tolerance in (("leak", 0.02), ("substrate_oxidation", 0.05)):
        x, y = curve(titrated[block])
        inside = (x > float(modules["force"].min())) & (x < float(modules["force"].max()))
        assert inside.sum() >= 3
        expected = np.interp(x[inside], modules["force"], modules[block])
        np.testing.assert_allclose(y[inside], expected, rtol=tolerance, err_msg=block)


def test_phosphorylation_is_what_leak_leaves(titrated, modules):
    x, y = curve(titrated["phosphorylation"])
    force, leak = curve(titrated["leak"])
    # between points of the titration leak is near exponential
    phosphorylation = y - np.exp(np.interp(x, force[::-1], np.log(leak[::-1])))
    inside = (x > float(modules["force"].min())) & (x < float(modules["force"].max())) & (x > force.min())
    expected = np.interp(x[inside], modules["force"], modules["phosphorylation"])
    known = np.isfinite(expected)  # not above the force of state 3
    assert known.sum() >= 5
    np.testing.assert_allclose(phosphorylation[inside][known], expected[known], rtol=5e-3)


def test_in_the_leak_titration_all_respiration_pays_for_leak(titrated):
    run = titrated["leak"]
    for label in labels(run):
        back = at_end(run, label, "J_leak") + at_end(run, label, "J_K_uniport")
        assert 20 * at_end(run, label) == pytest.approx(back, rel=0.02)


def test_nigericin_makes_the_force_all_potential(mitochondria):
    run = mitochondria.simulate(experiments.modular_titration())
    for label in labels(run):
        assert at_end(run, label, "delta_psi") == pytest.approx(at_end(run, label, "pmf"), abs=0.5)


# --- nigericin, valinomycin ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def partition(mitochondria):
    return mitochondria.simulate(experiments.pmf_partition())


def test_four_chambers_side_by_side(partition):
    assert partition["treatment"].values.tolist() == ["control", "nigericin", "valinomycin", "both"]
    assert labels(partition) == ["before", "ionophores"]
    before = partition.isel(time=int(np.flatnonzero(partition["segment"].values == "before")[-1]))
    np.testing.assert_allclose(before["pmf"], before["pmf"][0], rtol=1e-12)


def test_ionophores_move_the_parts_as_they_should(partition):
    last = partition.isel(time=-1)
    psi, chemical = last["delta_psi"], SLOPE * last["delta_pH"]
    control, nigericin, valinomycin, both = range(4)
    assert float(psi[nigericin]) > float(psi[control]) > float(psi[valinomycin])
    assert float(chemical[nigericin]) < 0.1 * float(chemical[control]) < float(chemical[valinomycin])
    for alone in (nigericin, valinomycin):
        assert float(last["pmf"][alone]) == pytest.approx(float(last["pmf"][control]), rel=0.01)
    assert float(last["pmf"][both]) < 0.4 * float(last["pmf"][control])
    assert float(last["J_O2"][both]) > 5 * float(last["J_O2"][control])
    np.testing.assert_allclose(psi + chemical, last["pmf"], rtol=1e-9)


def test_partition_is_drawn_as_bars(partition):
    ax = plot.pmf_components(partition.isel(time=-1))
    assert [t.get_text() for t in ax.get_xticklabels()] == ["control", "nigericin", "valinomycin", "both"]
