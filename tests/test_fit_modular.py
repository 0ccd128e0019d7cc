"""Lines, and modular kinetics from measured points."""

import math

import numpy as np
import pytest
import xarray as xr

from mitochem import FitError, analysis, datasets
from mitochem.experiments.observation import delta_delta_psi
from mitochem.fitting import line, modular_kinetics

UNITS = ("mV", "nmol/min/mg")

# --- a line --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def brain():
    """Oligomycin leak and four steps of FCCP in two chambers: free fraction of TMRM, respiration."""
    ds = datasets.load("cadonic_2015_fccp_titration_brain")
    return ds.sel(step=np.isfinite(ds.fccp.values))


@pytest.mark.parametrize(
    ("chamber", "potentials", "slope", "se", "r2", "first_four"),
    [
        (0, (58.1, 33.0, 15.5, 4.2, 0.0), -4.8, 0.4, 0.982, 0.997),
        (1, (53.1, 27.7, 11.4, 2.4, 0.0), -4.8, 0.3, 0.990, 0.999),
    ],
)
def test_substrate_oxidation_of_brain_mitochondria_is_a_line(brain, chamber, potentials, slope, se, r2, first_four):
    free, J = brain.mtMPrel.values[chamber], brain.J_O2.values[chamber]
    delta = delta_delta_psi(free, free[-1], "37 degC")
    np.testing.assert_allclose(delta, potentials, atol=0.06)
    result = line(delta, J, units=("mV", "pmol/s/mL"), names=("ΔΔψ", "respiration"))
    assert result["slope"] == pytest.approx(slope, abs=0.05)
    assert result.stderr["slope"] == pytest.approx(se, abs=0.05)
    assert result.of_derived("r_squared").value == pytest.approx(r2, abs=6e-4)
    assert line(delta[:4], J[:4]).of_derived("r_squared").value == pytest.approx(first_four, abs=6e-4)
    axes = result.plot()
    assert (axes[-1].get_xlabel(), axes[0].get_ylabel()) == ("ΔΔψ / mV", "respiration / pmol/s/mL")


def test_a_line_is_the_textbook_regression():
    x, y = np.array([1.0, 2.0, 4.0, 7.0]), np.array([2.0, 3.5, 5.0, 9.0])
    result = line(x, y)
    slope = ((x - 3.5) * (y - y.mean())).sum() / ((x - 3.5) ** 2).sum()
    rest = y - y.mean() - slope * (x - 3.5)
    assert result["slope"] == pytest.approx(slope, rel=1e-7)
    assert result["intercept"] == pytest.approx(y.mean() - slope * 3.5, rel=1e-6)
    assert result.stderr["slope"] == pytest.approx(math.sqrt((rest**2).sum() / 2 / ((x - 3.5) ** 2).sum()), rel=1e-5)
    through = line(x, y, through_zero=True)
    assert through.names == ("slope",)
    assert through["slope"] == pytest.approx((x @ y) / (x @ x), rel=1e-7)


def test_a_line_takes_names_and_units_from_the_data():
    x = xr.DataArray([0.0, 1.0, 2.0], dims="p", name="dose", attrs={"units": "uM", "long_name": "dye"})
    y = xr.DataArray([0.1, 1.2, 1.9], dims="p", name="signal", attrs={"units": "V"})
    result = line(x, y)
    assert result.units["slope"] == "V/uM"
    assert result.plot()[-1].get_xlabel() == "dye / uM"


# --- modular kinetics ----------------------------------------------------------------------------------------

X = np.linspace(130.0, 180.0, 11)
WORKING = np.linspace(120.0, 155.0, 8)


def test_two_lines_cross_where_the_closed_form_says():
    """Oxidation a − b·x, leak g·x, phosphorylation p·(x − q): everything follows by hand."""
    a, b, g, p, q = 600.0, 3.0, 0.4, 4.0, 115.0
    m = modular_kinetics(
        oxidation=(X, a - b * X), leak=(X, g * X), phosphorylation=(WORKING, p * (WORKING - q)),
        leak_law="ohmic", units=UNITS,
    )  # fmt: skip
    rest, work = (m.table.sel(state=s) for s in ("state 4", "working"))
    at4, at3 = a / (b + g), (a + p * q) / (b + g + p)
    assert float(rest.operating_force) == pytest.approx(at4, rel=1e-7)
    assert float(work.operating_force) == pytest.approx(at3, rel=1e-7)
    assert float(work.operating_J_O2) == pytest.approx(a - b * at3, rel=1e-6)
    fluxes = {"substrate_oxidation": a - b * at3, "phosphorylation": p * (at3 - q), "leak": g * at3}
    slopes = {"substrate_oxidation": -b, "phosphorylation": p, "leak": g}
    for block, flux in fluxes.items():
        assert float(work.module_flux.sel(block=block)) == pytest.approx(flux, rel=1e-5)
        assert float(work.elasticity.sel(block=block)) == pytest.approx(slopes[block] / flux, rel=1e-5)
    # Respiration after a change of 1 % in a module, from the crossing of the changed lines.
    for block in fluxes:
        k = {name: 1.01 if name == block else 1.0 for name in fluxes}
        s, w, e = (k[name] for name in ("substrate_oxidation", "phosphorylation", "leak"))
        there = (s * a + w * p * q) / (s * b + e * g + w * p)
        change = math.log(s * (a - b * there) / (a - b * at3)) / math.log(1.01)
        assert float(work.respiration_control.sel(block=block)) == pytest.approx(change, abs=0.01)
    assert float(work.respiration_control.sum()) == pytest.approx(1.0, abs=1e-9)
    assert float(rest.respiration_control.sel(block="phosphorylation")) == 0.0


def test_errors_of_a_crossing_are_those_of_repeated_experiments():
    rng = np.random.default_rng(0)
    exact = (600 - 3 * X, 0.2 * np.expm1(0.035 * X))
    found, errors = [], []
    for _ in range(60):
        ox, leak = (y + rng.normal(0, 2.0, len(X)) for y in exact)
        here = modular_kinetics(oxidation=(X, ox), leak=(X, leak), units=UNITS).table.sel(state="state 4")
        control = here.respiration_control.sel(block="leak"), here.respiration_control_se.sel(block="leak")
        found.append((float(here.operating_force), float(here.operating_J_O2), float(control[0])))
        errors.append((float(here.operating_force_se), float(here.operating_J_O2_se), float(control[1])))
    # 60 repeats know a standard deviation to 10 %.
    np.testing.assert_allclose(np.mean(errors, axis=0), np.std(found, axis=0, ddof=1), rtol=0.3)


def test_points_of_a_model_give_the_control_of_the_model(mitochondria):
    ds = analysis.modular_kinetics(mitochondria, {"load.capacity": 1200.0}, force="delta_psi")
    there = ds.sel(state="working")
    given = {}
    for name in ("substrate_oxidation", "leak", "phosphorylation"):
        near = ds[name].dropna("force")
        near = near.where(abs(near.force - float(there.operating_force)) < 10, drop=True)
        given[name] = near.force.values, near.values
    oxidation, leak, made = given.values()
    options = {"oxidation": oxidation, "leak": leak, "phosphorylation": made, "leak_law": "sinh", "units": UNITS}
    work = modular_kinetics(oxidation_law="falling", phosphorylation_law="boltzmann", **options).table.sel(
        state="working"
    )
    assert float(work.operating_force) == pytest.approx(float(there.operating_force), abs=0.1)
    np.testing.assert_allclose(work.respiration_control, there.respiration_control, atol=0.01)
    # Control rests on slopes, which straight lines do not have right.
    lines = modular_kinetics(**options).table.sel(state="working")
    assert abs(lines.respiration_control - there.respiration_control).max() > 0.05


def test_the_working_state_less_the_leak_is_phosphorylation():
    leak = 0.2 * np.expm1(0.035 * WORKING)
    made = 4.0 * (WORKING - 115.0)
    given = {"oxidation": (X, 600 - 3 * X), "leak": (X, 0.2 * np.expm1(0.035 * X)), "units": UNITS}
    one = modular_kinetics(phosphorylation=(WORKING, made), **given)
    other = modular_kinetics(working=(WORKING, made + leak), **given)
    # A line through the sum of a line and an exponential is not quite it.
    np.testing.assert_allclose(one.table.operating_force, other.table.operating_force, atol=0.3)
    assert "working" in other.fits
    with pytest.raises(FitError, match="not both"):
        modular_kinetics(phosphorylation=(WORKING, made), working=(WORKING, made), **given)


def test_curves_that_do_not_cross_inside_the_data_have_no_operating_point():
    m = modular_kinetics(oxidation=(X, 900 - 3 * X), leak=(X, 0.4 * X), leak_law="ohmic", units=UNITS)
    assert math.isnan(m.table.operating_force.item())
    assert any("do not cross" in w and w.kind == "extrapolation" for w in m.warnings)


def test_modules_are_drawn_with_units():
    m = modular_kinetics(oxidation=(X, 600 - 3 * X), leak=(X, 0.4 * X), leak_law="ohmic", units=UNITS)
    (axes,) = m.plot()
    assert axes.get_xlabel() == "membrane potential / mV"
    assert axes.get_ylabel() == "respiration / nmol/min/mg"
    assert "state 4" in repr(m)
    assert m.table.elasticity.attrs["units"] == "1/mV"


def test_fluxes_in_different_units_do_not_cross():
    leak = xr.DataArray(0.4 * X, dims="p", attrs={"units": "pmol/s/mL"})
    with pytest.raises(FitError, match="crossings need one unit"):
        modular_kinetics(oxidation=(X, 600 - 3 * X), leak=(X, leak), units=UNITS)


@pytest.mark.parametrize(("phosphate", "slope", "low", "high"), [(1, -0.213, 162.4, 183.2), (5, -0.195, 156.3, 183.5)])
def test_force_against_respiration_of_heart_mitochondria_is_a_line(phosphate, slope, low, high):
    # Bazil 2016, three potentials at each phosphate: 183.0 mV at zero flux in both.
    data = datasets.load("bazil_2016_heart_respiratory_control").sel(phosphate=phosphate)
    data = data.isel(point=np.isfinite(data.delta_psi.values))
    result = line(data.J_O2, data.delta_psi)
    assert result["slope"] == pytest.approx(slope, abs=6e-4)
    assert result["intercept"] == pytest.approx(183.0, abs=0.1)
    assert result.units["slope"] == "mV/(nmol/min/UCS)"
    assert (float(data.delta_psi.min()), float(data.delta_psi.max())) == pytest.approx((low, high), abs=0.05)
