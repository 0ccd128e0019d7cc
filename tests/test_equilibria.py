"""Creatine kinase and adenylate kinase at equilibrium. Numbers typed by hand."""

import numpy as np
import pytest
import sympy as sp
import xarray as xr

from mitochem.core.errors import ParameterError
from mitochem.core.units import registry
from mitochem.equilibria import adenylate_kinase_equilibrium, creatine_kinase_clamp, creatine_kinase_equilibrium
from mitochem.thermodynamics import creatine_kinase_constant

RNG = np.random.default_rng(7)
AMOUNTS = RNG.uniform(0, 10, (4, 2000)) * (RNG.random((4, 2000)) > 0.1)


def test_constant_of_creatine_kinase_as_tabulated():
    """Section G, set G: 186.8 at pH 7, pMg 3, 38 degC, and 111.37 at pH 7.1, 0.408 mM Mg, I 0.216, 37 degC."""
    assert creatine_kinase_constant(7.0, 1.0, 311.15, 0.25) == pytest.approx(186.8, rel=0.03)
    assert creatine_kinase_constant(7.1, 0.408, 310.15, 0.216) == pytest.approx(111.37, abs=0.01)


def test_creatine_kinase_by_hand():
    """K' = 2, from ADP 1, PCr 1: x² = 2 (1 − x)², so x = 2 − √2."""
    found = creatine_kinase_equilibrium(0.0, 1.0, 1.0, 0.0, 2.0)
    assert found.extent == pytest.approx(0.585786437627, rel=1e-11)
    assert found == pytest.approx((0.585786437627, 0.414213562373, 0.414213562373, 0.585786437627, 0.585786437627))


@pytest.mark.parametrize("constant", [1e-3, 0.5, 1.0, 1.0 + 1e-12, 166.0, 1e6])
def test_creatine_kinase_takes_the_root_between_the_pools(constant):
    t, d, p, c = AMOUNTS
    found = creatine_kinase_equilibrium(t, d, p, c, constant)
    assert min(pool.min() for pool in found[:4]) >= 0
    np.testing.assert_allclose(found.atp + found.adp, t + d, rtol=1e-12)
    np.testing.assert_allclose(found.phosphocreatine + found.creatine, p + c, rtol=1e-12)
    np.testing.assert_allclose(found.atp - found.creatine, t - c, atol=1e-12)
    terms = found.atp * found.creatine, constant * found.adp * found.phosphocreatine
    np.testing.assert_allclose(*terms, rtol=1e-8, atol=1e-9 * (t * c + constant * d * p).max())


def test_creatine_kinase_ratio_is_the_constant_after_each_of_several_additions():
    """A public notebook has a sign slip from its second step on."""
    pools = creatine_kinase_equilibrium(5.0, 0.0, 20.0, 10.0, 166.0)
    for _ in range(5):
        pools = creatine_kinase_equilibrium(pools.atp, pools.adp + 0.3, pools.phosphocreatine, pools.creatine, 166.0)
        ratio = pools.atp * pools.creatine / (pools.adp * pools.phosphocreatine)
        assert ratio == pytest.approx(166.0, rel=1e-9)
    assert pools.atp + pools.adp == pytest.approx(6.5)


def test_nothing_to_react_stays_as_it_is():
    assert creatine_kinase_equilibrium(0.0, 0.0, 0.0, 0.0, 166.0) == (0, 0, 0, 0, 0)
    assert creatine_kinase_equilibrium(5.0, 0.0, 10.0, 0.0, 166.0)[:4] == (5, 0, 10, 0)
    assert adenylate_kinase_equilibrium(0.0, 0.0, 0.0) == (0, 0, 0, 0)


def test_clamped_adp():
    # 5 · 10/(166 · 20) = 0.0150602
    assert creatine_kinase_clamp(5.0, 20.0, 10.0, 166.0) == pytest.approx(0.0150602, rel=1e-5)


def test_adenylate_kinase_by_hand():
    """K' = 1/4 from ADP 1: x² = (1 − 2x)²/4, so x = 1/4; K' = 1: x² = (1 − 2x)², x = 1/3."""
    assert adenylate_kinase_equilibrium(0.0, 1.0, 0.0, 0.25) == pytest.approx((0.25, 0.5, 0.25, 0.25))
    assert adenylate_kinase_equilibrium(0.0, 1.0, 0.0, 1.0) == pytest.approx((1 / 3, 1 / 3, 1 / 3, 1 / 3))


@pytest.mark.parametrize("constant", [1e-3, 0.25, 0.25 + 1e-13, 0.5, 1.0, 1e3])
def test_adenylate_kinase_takes_the_root_between_the_pools(constant):
    t, d, m = AMOUNTS[:3]
    found = adenylate_kinase_equilibrium(t, d, m, constant)
    assert min(pool.min() for pool in found[:3]) >= 0
    np.testing.assert_allclose(found.atp + found.adp + found.amp, t + d + m, rtol=1e-12)
    np.testing.assert_allclose(2 * found.atp + found.adp, 2 * t + d, rtol=1e-12)
    terms = found.atp * found.amp, constant * found.adp**2
    np.testing.assert_allclose(*terms, rtol=1e-8, atol=1e-9 * (t * m + constant * d**2).max())


# --- the door --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf, None, "much", [1.0, -2.0]])
def test_senseless_amounts_are_refused_by_name(bad):
    with pytest.raises(ParameterError, match="phosphocreatine"):
        creatine_kinase_equilibrium(1.0, 1.0, bad, 1.0, 166.0)
    with pytest.raises(ParameterError, match="adp"):
        adenylate_kinase_equilibrium(1.0, bad, 1.0)


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan, np.inf])
def test_senseless_constants_are_refused(bad):
    for call in (
        lambda: creatine_kinase_equilibrium(1.0, 1.0, 1.0, 1.0, bad),
        lambda: adenylate_kinase_equilibrium(1.0, 1.0, 1.0, bad),
        lambda: creatine_kinase_clamp(1.0, 1.0, 1.0, bad),
    ):
        with pytest.raises(ParameterError, match="constant"):
            call()
    with pytest.raises(ParameterError, match="phosphocreatine"):
        creatine_kinase_clamp(1.0, 0.0, 1.0, 166.0)


def test_shapes_must_match():
    with pytest.raises(ParameterError, match="broadcast"):
        creatine_kinase_equilibrium(np.ones(3), np.ones(4), 1.0, 1.0, 166.0)


def test_dataarrays_quantities_strings_and_symbols():
    table = xr.DataArray([0.1, 1.0], dims="dose")
    assert creatine_kinase_equilibrium(5.0, table, 10.0, 5.0, 166.0).adp.dims == ("dose",)
    mM = registry().Quantity(1000.0, "uM")
    found = creatine_kinase_equilibrium(0.0, mM, "1 mM", 0.0, 2.0)
    assert found.extent.m_as("mM") == pytest.approx(0.585786437627)
    x = sp.Symbol("x", positive=True)
    assert float(adenylate_kinase_equilibrium(0.0, x, 0.0, 0.25).amp.subs(x, 1.0)) == pytest.approx(0.25)
