"""Several starts and the global search: out of the wrong minimum, the same for the same seed."""

import numpy as np
import pandas.testing
import pytest
from fits import SCATTER, X, saturation

import mitochem as mc
from mitochem.fitting import Experiment, Free, Law, Problem


def wave(x, a, size):
    return size * np.sin(a * x)


def nowhere(x, top, half):
    return np.where(half > 20, np.nan, saturation(x, top, half))


WAVE = Law(wave, "y", {"x": "1", "a": "1", "size": "1", "y": "1"}, bounds={"a": (0.05, 3.0)})


def waves(start):
    """A frequency has many minima; that at 1 is right."""
    free = {"a": Free(start=start, log=False), "size": Free(start=0.9)}
    return Problem(WAVE, Experiment({"x": X}, {"y": np.sin(X) + 0.1 * SCATTER}), free)


def test_a_plain_start_may_end_in_the_wrong_minimum_and_several_do_not():
    wrong = mc.fit(waves(1.9))
    assert abs(wrong["a"] - 1) > 0.5
    right = mc.fit(waves(1.9), starts=20)
    assert right["a"] == pytest.approx(1, abs=0.02)
    assert right.found.cost < wrong.found.cost / 10


def test_the_global_search_finds_the_right_minimum():
    result = mc.fit(waves(1.9), method="differential_evolution", seed=3)
    assert result["a"] == pytest.approx(1, abs=0.02)
    assert result.attempts is None
    assert mc.fit(waves(1.9), method="differential_evolution", seed=3).values == result.values


def test_the_global_search_never_ends_above_its_start():
    # The start is in the first generation, however small the share of the range that has a prediction.
    law = Law(nowhere, "y", {"x": "1", "top": "1", "half": "1", "y": "1"})
    free = {"top": Free(0.0, None, 9.0), "half": Free(0.0, 1e5, 2.5)}
    result = mc.fit(
        Problem(law, Experiment({"x": X}, {"y": saturation(X, 10.0, 3.0) + SCATTER}), free),
        method="differential_evolution",
    )
    assert result["half"] == pytest.approx(3, abs=0.7)


def test_attempts_tell_where_each_start_was_and_ended():
    result = mc.fit(waves(1.9), starts=8, seed=2)
    table = result.attempts
    assert len(table) == 8
    assert table.cost.is_monotonic_increasing
    assert table.loc[0, "start of a"] == pytest.approx(1.9)  # the first is the problem's own
    assert table.cost.iloc[0] == result.found.cost
    assert table.a.iloc[0] == pytest.approx(result["a"])
    assert table.same.iloc[0]
    assert not table.same.iloc[-1]
    assert (table.same == (table.cost <= 1.001 * table.cost.min())).all()
    assert table["start of a"].between(0.05, 3.0).all()
    assert table["start of a"].nunique() == 8


def test_a_seed_gives_the_same_starts():
    first, same, other = (mc.fit(waves(1.9), starts=5, seed=seed).attempts for seed in (1, 1, 2))
    pandas.testing.assert_frame_equal(first, same)
    assert not np.array_equal(first.sort_index()["start of a"], other.sort_index()["start of a"])


def test_starts_fill_the_plausible_range_of_a_model(mitochondria):
    low, high = mitochondria.declared("leak.amplitude").range
    experiment = Experiment({"load.capacity": [0.0, 100.0, 1200.0]}, {"J_O2": [10.0, 40.0, 90.0]})
    starts = mc.fit(Problem(mitochondria, experiment, ["leak.amplitude"]), starts=9).attempts
    others = np.sort(np.log(starts["start of leak.amplitude"].drop(0) / low) / np.log(high / low))
    assert (np.floor(others * 8) == np.arange(8)).all()  # one in each eighth of the range


def test_a_start_without_a_prediction_is_told_and_the_others_go_on():
    law = Law(nowhere, "y", {"x": "1", "top": "1", "half": "1", "y": "1"}, bounds={"half": (0, None)})
    free = {"top": Free(start=9.0), "half": Free(start=15.0)}
    experiment = Experiment({"x": X}, {"y": saturation(X, 10.0, 3.0) + SCATTER})
    result = mc.fit(Problem(law, experiment, free), starts=10)
    assert result["half"] == pytest.approx(3, abs=0.7)
    failed = result.attempts[result.attempts.cost.isna()]
    assert len(failed)
    assert failed.message.str.contains("could not begin|nothing can be predicted").all()


def test_a_search_that_ends_on_its_way_is_said():
    """Two unknowns of units fifteen orders apart, one begun nine orders off: the last step looks small beside it."""

    def law(x, p, q):
        return 1e-9 * p * x + 1e6 * q * x**2

    x = np.linspace(0.1, 3, 12)
    y = law(x, 3e9, 2e-6) + 0.05 * np.cos(9 * np.arange(12))
    units = dict.fromkeys(("y", "x", "p", "q"), "1")
    experiment = Experiment({"x": x}, {"y": y})
    found = [
        mc.fit(
            Problem(Law(law, "y", units), experiment, {n: Free(start=s, log=False) for n, s in (("p", p), ("q", q))})
        )
        for p, q in ((1.0, 1.0), (1e9, 1e-6))
    ]
    assert [any(w.kind == "not_converged" for w in r.warnings) for r in found] == [True, False]
    assert found[1]["p"] == pytest.approx(3e9, rel=0.02)
