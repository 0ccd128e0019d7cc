"""Running summaries over members: right, mergeable, and the same however the members are dealt out."""

from __future__ import annotations

import functools

import numpy as np
import pytest
import xarray

import mitochem as mc
from mitochem.core.ensemble import Extremes, Histogram, Moments, Quantiles, Sobol, draws, saltelli
from mitochem.core.ensemble.layout import fold
from mitochem.core.ensemble.reductions import from_spec

RNG = np.random.default_rng(20)
VALUES = np.stack([1e6 + RNG.normal(size=1000), np.exp(3 * RNG.normal(size=1000)), RNG.normal(size=1000)], axis=1)
VALUES[::17] = np.nan
GOOD = VALUES[np.isfinite(VALUES[:, 0])]


def reduced(reduction, values, cuts):
    return reduction.result(fold(reduction, [reduction.block(part) for part in np.split(values, cuts)]))


@pytest.mark.parametrize("cuts", [[], [500], [1, 2, 700], list(range(64, 1000, 64))])
def test_moments_and_extremes_are_those_of_all_members(cuts):
    found = reduced(Moments(), VALUES, cuts) | reduced(Extremes(), VALUES, cuts)
    # 1e6 + noise: a sum of squares would lose 12 of 16 digits, merged deviations lose none to speak of
    np.testing.assert_allclose(found["mean"][1], GOOD.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(found["sd"][1], GOOD.std(axis=0, ddof=1), rtol=1e-10)
    assert (found["min"][1] == GOOD.min(axis=0)).all()
    assert (found["max"][1] == GOOD.max(axis=0)).all()
    assert (found["n"][1] == len(GOOD)).all()


@pytest.mark.parametrize("accuracy", [1e-2, 1e-4])
@pytest.mark.parametrize("cuts", [[], [1, 300, 301]])
def test_quantiles_are_members_to_the_stated_accuracy(accuracy, cuts):
    probabilities = (0.0, 0.01, 0.25, 0.5, 0.9, 1.0)
    reduction = Quantiles(*probabilities, accuracy=accuracy)
    found = reduced(reduction, VALUES, cuts)["quantile"][1]
    exact = np.quantile(GOOD, probabilities, axis=0, method="lower")
    assert (np.abs(found - exact) <= accuracy * np.abs(exact) * (1 + 1e-9)).all()


def test_quantiles_of_zeros_and_both_signs():
    values = np.array([[-2.0], [0.0], [0.0], [0.0], [3.0]])
    found = reduced(Quantiles(0, 0.5, 1, accuracy=1e-3), values, [])["quantile"][1][:, 0]
    np.testing.assert_allclose(found, [-2, 0, 3], rtol=1e-3)
    assert np.isnan(reduced(Quantiles(0.5), np.full((3, 1), np.nan), [])["quantile"][1]).all()


def test_a_sketch_stays_small():
    values = np.exp(np.random.default_rng(0).normal(size=(100_000, 1)))
    state = Quantiles(accuracy=1e-3).block(values)
    assert len(state["bucket"]) < 5000  # 9 e-folds of range at 500 buckets each


def test_a_histogram_counts_every_member_once():
    reduction = Histogram(-1.0, 1.0, 4)
    counts = reduced(reduction, GOOD, [10, 400])["histogram"][1]
    assert (counts.sum(axis=0) == len(GOOD)).all()
    inside = np.clip(GOOD[:, 2], -1, 1 - 1e-12)
    assert (counts[:, 2] == np.histogram(inside, 4, (-1, 1))[0]).all()


def ishigami(x):
    a, b, c = np.moveaxis(x, -1, 0)
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def ishigami_table(n=256):
    table = saltelli(dict.fromkeys("abc", (-np.pi, np.pi)), n, seed=2)
    return table, np.stack(list(table.columns(0, table.size).values()), axis=1)


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_sobol_indices_are_those_of_salib(offset):
    analyze = pytest.importorskip("SALib.analyze.sobol", reason="SALib is not installed").analyze
    table, x = ishigami_table()
    y = ishigami(x) + offset
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[-np.pi, np.pi]] * 3}
    theirs = analyze(problem, y, calc_second_order=False, seed=1)
    ours = reduced(Sobol(("a", "b", "c")), y[:, None], list(range(65, table.size, 65)))
    # the same sums in another order; the offset costs SALib and us four digits of sixteen
    np.testing.assert_allclose(ours["sobol_first"][1][:, 0], theirs["S1"], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(ours["sobol_total"][1][:, 0], theirs["ST"], rtol=1e-9, atol=1e-11)


def test_sobol_indices_approach_the_closed_form():
    _, x = ishigami_table(2**13)
    found = reduced(Sobol(("a", "b", "c")), ishigami(x)[:, None], [])
    # Ishigami & Homma (1990) with a = 7, b = 0.1; quasi-random error at 8192 base points
    np.testing.assert_allclose(found["sobol_first"][1][:, 0], [0.3139, 0.4424, 0.0], atol=0.01)
    np.testing.assert_allclose(found["sobol_total"][1][:, 0], [0.5576, 0.4424, 0.2437], atol=0.01)


def test_a_group_with_a_failed_member_is_left_out_of_sobol_indices():
    _, x = ishigami_table()
    y = ishigami(x)[:, None]
    broken = y.copy()
    broken[7] = np.nan  # in the second group of five
    found = reduced(Sobol(("a", "b", "c")), broken, [])
    expected = reduced(Sobol(("a", "b", "c")), np.delete(y, slice(5, 10), axis=0), [])
    np.testing.assert_allclose(found["sobol_first"][1], expected["sobol_first"][1], rtol=1e-11)
    assert found["sobol_groups"][1] == 255


def test_merging_is_associative_where_the_order_does_not_matter():
    for reduction in (Extremes(), Quantiles(0.3), Histogram(0, 1, 5)):
        parts = [reduction.block(p) for p in np.split(VALUES, [100, 333, 800])]
        left = functools.reduce(reduction.merge, parts)
        right = functools.reduce(reduction.merge, parts[::-1])
        for key in left:
            assert (left[key] == right[key]).all()


@pytest.mark.parametrize("reduction", [Moments(), Extremes(("max",)), Quantiles(0.1), Histogram(0, 1), Sobol(("a",))])
def test_a_reduction_is_made_again_from_its_plain_data(reduction):
    again = from_spec(reduction.spec())
    assert type(again) is type(reduction)
    assert again.spec() == reduction.spec()


@pytest.mark.parametrize("chunk", [1, 100, 1000])
@pytest.mark.parametrize("workers", [1, 4])
def test_the_bits_do_not_depend_on_chunks_and_threads(minimal, chunk, workers):
    options = {
        "outputs": ["J_O2"],
        "reduce": ["mean", "sd", "min", "max", "quantiles", Histogram(0, 100, of="J_O2")],
    }
    table = draws({"leak.conductance": ("lognormal", 0.2, 0.5)}, 300, seed=1)
    expected = minimal.ensemble(table, **options)
    found = minimal.ensemble(table, chunk=chunk, workers=workers, **options)
    xarray.testing.assert_identical(found, expected)


def test_reductions_are_those_of_the_members(minimal):
    table = draws({"leak.conductance": ("lognormal", 0.2, 0.5)}, 40, seed=1)
    options = {"outputs": ["J_O2"], "t_end": 1.0, "samples": 6, "rtol": 1e-6}
    ds = minimal.ensemble(table, reduce=["mean", "sd"], **options)
    members = minimal.ensemble(table, **options)
    np.testing.assert_allclose(ds.J_O2_mean, members.J_O2.mean("member"), rtol=1e-12)
    np.testing.assert_allclose(ds.J_O2_sd, members.J_O2.std("member", ddof=1), rtol=1e-9, atol=1e-12)
    assert ds.J_O2_mean.dims == ("time",)
    assert ds.J_O2_mean.attrs["units"] == "nmol/min/mg"
    assert ds.J_O2_n.attrs["units"] == "1"


def test_failed_members_are_listed_where_members_are_not_kept(minimal):
    table = draws({"leak.conductance": ("normal", 0.1, 0.1)}, 50, seed=3)
    ds = minimal.ensemble(table, outputs=["J_O2"], reduce=["mean"])
    bad = np.flatnonzero(table.columns(0, 50)["leak.conductance"] < 0)
    assert ds.failed_member.values.tolist() == bad.tolist()
    assert all("outside" in m for m in ds.failed_message.values)
    assert ds.J_O2_n == 50 - len(bad)


def test_a_model_gives_sobol_indices(minimal):
    table = saltelli({"leak.conductance": (0.05, 0.5), "electron_transport.conductance": (5.0, 20.0)}, 64)
    ds = minimal.ensemble(table, outputs=["J_O2", "pmf"], reduce="sobol")
    assert ds.parameter.values.tolist() == ["leak.conductance", "electron_transport.conductance"]
    assert (ds.pmf_sobol_total > -0.01).all()
    # two parameters: what they explain alone and together adds up to all of it
    assert float(ds.J_O2_sobol_first.sum()) == pytest.approx(1, abs=0.15)


def test_sobol_indices_need_a_saltelli_table(minimal):
    with pytest.raises(mc.ParameterError, match=r"no Saltelli table.*saltelli"):
        minimal.ensemble(draws({"leak.conductance": (0.1, 0.2)}, 64), reduce="sobol")
    with pytest.raises(mc.ParameterError, match="power of 2"):
        saltelli({"leak.conductance": (0.1, 0.2)}, 10)
    with pytest.raises(mc.ParameterError, match="Did you mean lognormal"):
        draws({"leak.conductance": ("lognorml", 0.1, 0.2)}, 64)
