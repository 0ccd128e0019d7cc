"""Control and dissipation: theorems, worked numbers, and what is refused."""

import math

import numpy as np
import pytest

from mitochem import ParameterError, SolveError, analysis, components, drugs

STATE_3 = {"load.capacity": 1200.0}
CELL_LIKE = {"load.capacity": 180.0}
FIXED = ("pH_matrix", "K_matrix", "atp_bath", "adp_bath", "pi_bath")
H13 = {
    "potassium_uniport.permeability": 0.0,
    "potassium_proton_exchange.activity": 0.0,
    "electron_transport.oxygen_half_saturation": 0.0,
    "pH_matrix": 7.4,
}
"""Section L: oxygen factor 1, K+ cycle off, constant pH, ADP and phosphate."""


# --- control -------------------------------------------------------------------------------------------------------


def test_state_4_is_controlled_by_leak_and_chain(mitochondria):
    """H13: chain 0.2463, leak 0.7537; printed to four digits."""
    ds = analysis.control_coefficients(mitochondria, H13 | {"phosphorylation.capacity": 0.0}, clamped=FIXED)
    control = ds["flux_control"].sel(flux="J_O2")
    assert float(control.sel(step="electron_transport_J_coupled")) == pytest.approx(0.2463, abs=5e-5)
    assert float(control.sel(step="J_leak")) == pytest.approx(0.7537, abs=5e-5)


def test_state_3_shares_control_between_phosphorylation_and_chain(mitochondria):
    """H13 at 0.25 mM ADP: Δp 157.772; chain 0.4465, leak 0.0289, phosphorylation 0.5246."""
    conditions = H13 | {"adp_bath": 0.25, "atp_bath": 0.25, "pi_bath": 5.25}
    ds = analysis.control_coefficients(mitochondria, conditions, clamped=FIXED)
    control = ds["flux_control"].sel(flux="J_O2")
    assert float(ds["value"].sel(quantity="pmf")) == pytest.approx(157.772, abs=5e-4)
    found = [float(control.sel(step=s)) for s in ("electron_transport_J_coupled", "J_leak", "J_ATP")]
    np.testing.assert_allclose(found, [0.4465, 0.0289, 0.5246], atol=5e-5)


def test_control_of_a_linear_battery_is_its_closed_form(minimal):
    """C of Δp over each block is its flux over D = Σ slopes; C over respiration follows with the chain's slope."""
    ds = analysis.control_coefficients(minimal)
    g_e, g_L, g_P, E_e, E_P = 18.0, 1.2, 30.0, 220.0, 150.0  # nmol/min/mg/mV and mV, worked example H1
    D = g_e + g_L + g_P
    pmf = (g_e * E_e + g_P * E_P) / D
    J = {"electron_transport_J_coupled": g_e * (E_e - pmf), "J_leak": g_L * pmf, "J_ATP": g_P * (pmf - E_P)}
    for sign, (step, flux) in zip((1, -1, -1), J.items()):
        assert float(ds["response"].sel(quantity="pmf", step=step)) == pytest.approx(sign * flux / D, rel=1e-9)
        own = float(step == "electron_transport_J_coupled")
        expected = own - g_e / J["electron_transport_J_coupled"] * sign * flux / D
        assert float(ds["flux_control"].sel(flux="J_O2", step=step)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("conditions", [{}, CELL_LIKE, STATE_3])
@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
def test_the_theorems_hold(substrate, conditions, mitochondria, succinate):
    model = mitochondria if substrate == "NADH" else succinate
    ds = analysis.control_coefficients(model.with_component(drugs.FCCP), conditions | {"FCCP.dose": 0.05})
    flowing = np.isfinite(ds["flux_summation"].values)
    assert flowing.sum() >= 6
    # The root is right to 1e-10, of which an inverse of condition 1e5 leaves 1e-7 at worst.
    np.testing.assert_allclose(ds["flux_summation"].values[flowing], 1, atol=1e-7)
    np.testing.assert_allclose(ds["summation"], 0, atol=1e-7)
    assert ds["flux_connectivity"].max() < 1e-7
    assert ds["connectivity"].max() < 1e-7
    for words in ("= 1", "= 0", "elasticity"):
        assert words in ds.attrs["theorems"]
    table = analysis.control_table(ds)
    np.testing.assert_allclose(table["sum"].dropna(), 1, atol=1e-7)


PARAMETER_OF = {
    "electron_transport_J_coupled": ("electron_transport.capacity", "electron_transport.reverse_capacity"),
    "J_ATP": ("phosphorylation.capacity", "phosphorylation.reverse_capacity"),
    "J_leak": ("leak.amplitude",),
    "J_K_uniport": ("potassium_uniport.permeability",),
    "J_KH_exchange": ("potassium_proton_exchange.activity",),
    "J_load": ("load.capacity",),
}


@pytest.mark.parametrize("conditions", [CELL_LIKE, STATE_3])
@pytest.mark.parametrize("step", PARAMETER_OF)
def test_coefficients_are_finite_differences_of_steady_states(step, conditions, mitochondria):
    ds = analysis.control_coefficients(mitochondria, conditions)
    model = mitochondria.replace(conditions)
    h = 1e-4
    up, down = (
        model.replace({a: model[a] * factor for a in PARAMETER_OF[step]}).steady_state() for factor in (1 + h, 1 - h)
    )
    for flux in ("J_O2", "J_ATP", "J_leak", "J_K_uniport"):
        slope = float(np.log(up[flux] / down[flux])) / (np.log1p(h) - np.log1p(-h))
        # central difference: relative error h² ~ 1e-8, and 1e-10/h ~ 1e-6 from the roots
        assert float(ds["flux_control"].sel(flux=flux, step=step)) == pytest.approx(slope, rel=1e-4, abs=1e-5)
    for quantity in ("delta_psi", "pH_matrix", "adp_bath", "pmf"):
        slope = float(up[quantity] - down[quantity]) / (np.log1p(h) - np.log1p(-h))
        size = abs(float(ds["value"].sel(quantity=quantity)))
        assert float(ds["response"].sel(quantity=quantity, step=step)) == pytest.approx(
            slope, rel=1e-4, abs=1e-5 * size
        )


def test_control_over_nothing_is_not_a_number_and_says_why(mitochondria):
    ds = analysis.control_coefficients(mitochondria)  # state 4: no ATP is made, no work is done
    for flux in ("J_ATP", "J_load", "electron_transport_J_slip"):
        assert np.isnan(ds["flux_control"].sel(flux=flux)).all()
        assert "nothing flows" in str(ds["reason"].sel(flux=flux).item())
    assert str(ds["reason"].sel(flux="J_O2").item()) == ""
    assert "J_load" in analysis.theorems(ds)


def test_control_along_a_load_moves_from_leak_to_phosphorylation_to_chain(mitochondria):
    loads = np.geomspace(1.0, 1200.0, 12)
    ds = analysis.control_coefficients(mitochondria, {"load.capacity": loads}, blocks="top_down", fluxes=["J_O2"])
    control = ds["flux_control"].sel(flux="J_O2")
    assert control.dims == ("load_capacity", "step")
    np.testing.assert_allclose(control.sum("step"), 1, atol=1e-7)
    assert control.isel(load_capacity=0).idxmax("step").item() == "leak"
    assert int(control.sel(step="phosphorylation").values.argmax()) not in (0, 11)  # Hafner, Brown & Brand 1990
    assert (np.diff(control.sel(step="leak")) < 0).all()


def test_blocks_add_up_their_steps(mitochondria):
    alone = analysis.control_coefficients(mitochondria, STATE_3)["flux_control"].sel(flux="J_O2")
    blocks = {"cycle": ["J_K_uniport", "J_KH_exchange"], "chain": ["J_O2"]}
    ds = analysis.control_coefficients(mitochondria, STATE_3, blocks=blocks)
    together = ds["flux_control"].sel(flux="J_O2")
    assert float(together.sel(step="cycle")) == pytest.approx(
        float(alone.sel(step="J_K_uniport") + alone.sel(step="J_KH_exchange")), rel=1e-9
    )
    assert set(ds["step"].values.tolist()) == {"cycle", "chain", "J_ATP", "J_leak", "J_load"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"fluxes": ["J_leek"]}, "J_leek.*J_leak"),
        ({"fluxes": "J_leak"}, "not a sequence"),
        ({"quantities": ["pmff"]}, "pmff.*pmf"),
        ({"quantities": ["oxygen"]}, "held"),
        ({"blocks": "bottom_up"}, "top_down"),
        ({"blocks": {"a": ["J_leek"]}}, "J_leek"),
        ({"blocks": {"a": ["J_leak"], "b": ["J_leak"]}}, "in block 'a' and in block 'b'"),
        ({"clamped": ["delta_pis"]}, "delta_pis"),
        ({"zero_flux": math.nan}, "zero_flux"),
        ({"conditions": {"leak.amplitude": math.nan}}, "amplitude"),
        ({"conditions": {"leek.amplitude": 1.0}}, "leek"),
    ],
)
def test_control_refuses_by_name(options, words, mitochondria):
    with pytest.raises(ParameterError, match=words):
        analysis.control_coefficients(mitochondria, **options)


def test_control_needs_a_steady_state(mitochondria):
    model = mitochondria.with_component(components.ConstantDemand(demand=5000.0))
    with pytest.raises(SolveError):
        analysis.control_coefficients(model)


# --- dissipation ---------------------------------------------------------------------------------------------------


def test_dissipation_table(mitochondria):
    """H12 at 3 nmol/s/mg from Δψ(0) = 200 mV, in µW/mg; half a unit of the last digit printed."""
    ds = analysis.dissipation(mitochondria, {"delta_psi": 200.0, **CELL_LIKE})
    expected = {
        "electron_transport_J_coupled": 46.897,
        "J_ATP": 12.038,
        "J_leak": 36.567,
        "J_K_uniport": 0.375,
        "J_KH_exchange": 0.031,
        "J_load": 128.275,
    }
    for process, power in expected.items():
        assert float(ds["power"].sel(process=process)) == pytest.approx(power, abs=6e-4)
    assert float(ds["total"]) == pytest.approx(224.182, abs=6e-4)
    assert float(ds["balance"]) == pytest.approx(0, abs=1e-7)
    assert float(ds["efficiency"]) == pytest.approx(0.57, abs=0.005)
    assert ds["power"].attrs["units"] == "uW/mg"


def test_dissipation_is_positive_term_by_term_along_a_titration(mitochondria):
    ds = analysis.dissipation(mitochondria.titrate("FCCP", np.geomspace(0.01, 5, 12), CELL_LIKE))
    driven = [n for n, flux in mitochondria.with_component(drugs.FCCP).program.fluxes.items() if flux.law.driven]
    assert set(driven) <= set(ds["process"].values.tolist())
    assert (ds["power"].sel(process=driven) >= -1e-12).all()


def test_what_is_supplied_and_not_used_is_being_stored(mitochondria):
    """A run into the steady state: the balance dies away."""
    ds = analysis.dissipation(mitochondria.simulate(t_end=60, conditions=CELL_LIKE))
    balance = np.abs(ds["balance"].values)
    assert balance[-1] < 1e-4 * float(ds["supply"][-1]) < balance[1]


def test_atp_made_for_a_reservoir_is_work(minimal):
    ds = analysis.dissipation(minimal)
    steady = minimal.steady_state()
    assert float(ds["work"]) == pytest.approx(float(steady["J_ATP"]) * minimal["delta_Gp"] / 60, rel=1e-12)
    assert float(ds["balance"]) == pytest.approx(0, abs=1e-6)
    assert 0 < float(ds["efficiency"]) < 1


def test_efficiency_of_coupled_processes(mitochondria):
    """Work over what drives it: 20 F Δp of the span, ΔG_P of n F Δp; a leak couples nothing."""
    four = mitochondria.steady_state(STATE_3)
    ds = analysis.dissipation(mitochondria, STATE_3)["coupling_efficiency"]
    chain, synthase = (float(ds.sel(process=p)) for p in ("electron_transport_J_coupled", "J_ATP"))
    assert chain == pytest.approx(20 * float(four["pmf"]) / (4 * 1093.5), rel=1e-9)
    work = 11 / 3 * mitochondria["faraday"] * float(four["pmf"])
    assert synthase == pytest.approx(float(four["delta_Gp"]) / work, rel=1e-9)
    assert np.isnan(ds.sel(process="J_leak"))


def test_dissipation_refuses_by_name(mitochondria):
    ds = mitochondria.steady_state()
    for attempt, words in (
        (lambda: analysis.dissipation(ds[["pmf"]]), "affinity"),
        (lambda: analysis.dissipation(3.0), "float"),
        (lambda: analysis.dissipation(ds, CELL_LIKE), "conditions"),
        (lambda: analysis.dissipation(mitochondria, work=["J_lod"]), "J_lod"),
        (lambda: analysis.dissipation(mitochondria, {"leak.amplitude": math.nan}), "amplitude"),
    ):
        with pytest.raises(ParameterError, match=words):
            attempt()
