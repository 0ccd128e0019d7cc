"""Two published models in foreign units, against their authors' code, reference runs and printed numbers.

They are here to find where the core resists: other units and another clock, a buffer that depends on the state,
stoichiometries made of another component's parameter.
"""

import numpy as np
import pytest
import xarray

from mitochem import Protocol

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
