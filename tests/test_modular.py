"""Modular kinetics: curves as experimenters get them, crossing where the model is, and the control that follows."""

import math

import numpy as np
import pytest

from mitochem import ParameterError, analysis, plot

STATE_3 = {"load.capacity": 1200.0}


@pytest.fixture(scope="module")
def titrated(mitochondria):
    return analysis.modular_kinetics(mitochondria, STATE_3)


@pytest.fixture(scope="module")
def clamped(mitochondria):
    return analysis.modular_kinetics(mitochondria, STATE_3, method="clamp")


@pytest.mark.parametrize("method", ["titration", "clamp"])
@pytest.mark.parametrize("force", ["pmf", "delta_psi"])
def test_curves_cross_at_the_steady_states(method, force, mitochondria):
    ds = analysis.modular_kinetics(mitochondria, STATE_3, method=method, force=force)
    # 121 points a curve, interpolated, and a K+ cycle that knows of Δψ and ΔpH each
    np.testing.assert_allclose(ds["operating_force"], ds["steady_force"], atol=0.02)
    np.testing.assert_allclose(ds["operating_J_O2"], ds["steady_J_O2"], rtol=5e-4)


def test_shapes_of_the_modules(titrated):
    """Oxidation falls with the force, leak rises steeply, phosphorylation has a threshold."""
    known = titrated.where(np.isfinite(titrated["phosphorylation"]), drop=True)
    assert (np.diff(titrated["substrate_oxidation"]) < 0).all()
    assert (np.diff(titrated["leak"].dropna("force")) > 0).all()
    assert (np.diff(known["phosphorylation"]) > 0).all()
    leak = titrated["leak"].dropna("force")
    slope = np.gradient(leak.values, leak["force"].values)
    assert slope[-1] > 3 * slope[len(slope) // 2]  # not ohmic


def test_titration_and_clamp_measure_the_same(titrated, clamped):
    at = clamped["force"].where((clamped["force"] > 130) & (clamped["force"] < 155), drop=True)
    for name in ("substrate_oxidation", "leak", "phosphorylation"):
        np.testing.assert_allclose(
            titrated[name].dropna("force").interp(force=at), clamped[name].sel(force=at), rtol=0.02, err_msg=name
        )


def test_leak_curve_is_the_leak_of_the_model(mitochondria, titrated):
    leak = mitochondria.components["leak"]
    at = titrated["force"].where(titrated["force"] > 120, drop=True)
    measured = titrated["leak_protons"].sel(force=at)
    true = leak.J_leak(at.values)
    assert (measured >= true * (1 - 1e-3)).all()  # the K+ cycle brings protons back, too
    np.testing.assert_allclose(measured, true, rtol=0.04)


def test_protons_are_oxygen_times_twenty(titrated):
    np.testing.assert_allclose(titrated["leak_protons"], 20 * titrated["leak"])


def test_control_from_elasticities_is_that_from_the_jacobian(mitochondria, titrated, clamped):
    for state, conditions in (("state 4", {}), ("working", STATE_3)):
        exact = analysis.control_coefficients(mitochondria, conditions, blocks="top_down", fluxes=["J_O2"])
        exact = exact["flux_control"].isel(flux=0)
        for ds, tolerance in ((clamped, 1e-3), (titrated, 0.01)):  # slopes of interpolated curves
            found = ds["respiration_control"].sel(state=state)
            assert float(found.sum()) == pytest.approx(1, abs=tolerance)
            for block in found["block"].values:
                expected = float(exact.sel(step=block)) if np.isfinite(exact.sel(step=block)) else 0.0
                assert float(found.sel(block=block)) == pytest.approx(expected, abs=tolerance)


def test_linear_battery(minimal):
    """H1: the crossings are 206.25 and 171.951220 mV."""
    ds = analysis.modular_kinetics(minimal)
    np.testing.assert_allclose(ds["operating_force"], [206.25, 171.951220], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "nothing is phosphorylated"),
        ({"conditions": STATE_3, "force": "delta_pH"}, "delta_pH"),
        ({"conditions": STATE_3, "method": "guess"}, "guess"),
        ({"conditions": STATE_3, "points": 3}, "points"),
        ({"conditions": {"load.capacity": [1.0, 2.0]}}, "2 values"),
        ({"conditions": {"load.capacity": math.nan}}, "capacity"),
        ({"conditions": {"lod.capacity": 1.0}}, "lod"),
        ({"conditions": STATE_3, "inhibitor": "cyanid"}, "cyanid"),
        ({"conditions": STATE_3, "blocker": "FCCP"}, "FCCP is not an inhibitor"),
        ({"conditions": STATE_3, "h_per_o2": -1.0}, "h_per_o2"),
    ],
)
def test_modular_kinetics_refuses_by_name(options, words, mitochondria):
    with pytest.raises(ParameterError, match=words):
        analysis.modular_kinetics(mitochondria, **options)


@pytest.mark.parametrize("flux", ["oxygen", "protons"])
def test_figure_marks_the_operating_points(flux, titrated):
    ax = plot.modular_kinetics(titrated, flux=flux)
    texts = {t.get_text() for t in ax.texts}
    assert texts == {"state 4", "working"}
    marked = next(line for line in ax.get_lines() if line.get_gid() == "operating point")
    np.testing.assert_allclose(marked.get_xdata(), titrated["operating_force"])
    assert len(ax.get_lines()) == 5
    assert "mV" in ax.get_xlabel()
    ax.figure.clear()


def test_figure_refuses_other_data(titrated, mitochondria):
    with pytest.raises(ParameterError, match="modular_kinetics"):
        plot.modular_kinetics(mitochondria.steady_state())
    with pytest.raises(ParameterError, match="electrons"):
        plot.modular_kinetics(titrated, flux="electrons")
