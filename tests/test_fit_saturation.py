"""Respiration against ADP and phosphate: titrations in groups, inhibition, and what is shared."""

import numpy as np
import pytest

from mitochem import FitError, datasets, fitting
from mitochem.fitting import michaelis_menten

UNITS = ("mM", "nmol/min/UCS")


@pytest.fixture(scope="module")
def heart():
    """ADP (mM), respiration and phosphate of the titrations of Bazil et al. 2016, as columns."""
    ds = datasets.load("bazil_2016_heart_respiratory_control")
    labels = np.repeat([f"Pi {p:g}" for p in ds.phosphate.values], ds.sizes["point"])
    return ds.adp_bath.values.ravel(), ds.J_O2.values.ravel(), labels


@pytest.mark.parametrize(
    ("phosphate", "J0", "Vmax", "Km"),
    [("Pi 1", (12, 7), (104, 11), (0.113, 0.045)), ("Pi 5", (30, 13), (139, 36), (0.11, 0.09))],
)
def test_each_phosphate_by_itself_gives_the_reference_fit(heart, phosphate, J0, Vmax, Km):
    adp, J, labels = heart
    at = labels == phosphate
    result = michaelis_menten(adp[at], J[at], offset=True, units=UNITS)
    for name, (value, se), digit in (("J0", J0, 1), ("Vmax", Vmax, 1), ("Km", Km, 0.001 if Km[0] == 0.113 else 0.01)):
        assert result[name] == pytest.approx(value, abs=0.51 * digit)
        assert result.stderr[name] == pytest.approx(se, abs=max(0.51 * digit, 0.08 * se))
    assert any(w.kind == "few_points" for w in result.warnings)


def test_both_phosphates_together_share_a_km(heart):
    adp, J, labels = heart
    shared = michaelis_menten(adp, J, offset=True, groups=labels, shared=("Km",), units=UNITS)
    local = michaelis_menten(adp, J, offset=True, groups=labels, units=UNITS)
    assert set(shared.names) == {"Km", "Vmax[Pi 1]", "Vmax[Pi 5]", "J0[Pi 1]", "J0[Pi 5]"}
    assert set(local.names) == {f"{name}[Pi {p}]" for name in ("Km", "Vmax", "J0") for p in (1, 5)}
    assert shared["Km"] == pytest.approx(0.112, abs=0.002)
    assert shared.stderr["Km"] < min(local.stderr["Km[Pi 1]"], local.stderr["Km[Pi 5]"])
    # Both Km are 0.11: the one that is shared is enough.
    table = fitting.compare(shared, local)
    assert "shared Km" in table.fit[0]
    assert table.delta[1] > 2


def test_groups_by_themselves_are_separate_fits(heart):
    adp, J, labels = heart
    together = michaelis_menten(adp, J, offset=True, groups=labels, units=UNITS)
    for group in ("Pi 1", "Pi 5"):
        alone = michaelis_menten(adp[labels == group], J[labels == group], offset=True, units=UNITS)
        for name, value in alone.values.items():
            assert together[f"{name}[{group}]"] == pytest.approx(value, rel=1e-4)


def test_a_shared_unknown_is_the_least_squares_over_both():
    """Against the closed form: with Km known, two titrations through zero are two regressions on s/(Km + s)."""
    s = np.array([0.02, 0.05, 0.1, 0.3, 1.0])
    y = [vmax * s / (0.1 + s) + off for vmax, off in ((10.0, np.array([0.1, -0.2, 0.1, 0.1, -0.1])), (25.0, 0.0))]
    result = michaelis_menten(np.tile(s, 2), np.concatenate(y), groups=list("aaaaabbbbb"), shared=("Km",))

    def misfit(km):
        x = s / (km + s)
        return sum(((one - (x @ one) / (x @ x) * x) ** 2).sum() for one in y)

    grid = np.linspace(0.08, 0.12, 40001)
    assert result["Km"] == pytest.approx(grid[np.argmin([misfit(k) for k in grid])], abs=2e-6)


def test_phosphate_takes_the_place_of_adp():
    pi = np.array([0.1, 0.3, 0.7, 1.5, 3.0, 5.0])
    v = 27 * pi / (0.7 + pi)  # E. coli: 27/s, Km of phosphate 0.7 mM
    result = michaelis_menten(pi, v, substrate="phosphate", units=("mM", "1/s"))
    assert result.values == pytest.approx({"Vmax": 27.0, "Km": 0.7}, rel=1e-5)
    assert result.plot()[-1].get_xlabel() == "phosphate / mM"
    assert "phosphate" in result.equation


def test_a_substrate_that_inhibits():
    s = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0])
    v = 2.0 + 30 * s / (0.1 + s + s**2 / 4)
    result = michaelis_menten(s, v, offset=True, inhibition=True)
    assert result.values == pytest.approx({"Vmax": 30.0, "Km": 0.1, "Ki": 4.0, "J0": 2.0}, rel=1e-4)


def test_the_order_of_points_and_groups_does_not_matter(heart):
    adp, J, labels = heart
    order = np.random.default_rng(0).permutation(len(adp))
    here = michaelis_menten(adp, J, offset=True, groups=labels, shared=("Km",), units=UNITS)
    there = michaelis_menten(adp[order], J[order], offset=True, groups=labels[order], shared=("Km",), units=UNITS)
    assert there.values == pytest.approx(here.values, rel=1e-5)


def test_extrapolation_is_told_by_group():
    s = np.array([0.01, 0.03, 0.1, 0.3, 1.0])
    J = np.concatenate([10 * s / (0.05 + s), 40 * s / (4.0 + s)])
    result = michaelis_menten(np.tile(s, 2), J, groups=["near"] * 5 + ["far"] * 5)
    text = "\n".join(w for w in result.warnings if w.kind == "extrapolation")
    assert "plateau of far" in text
    assert "Km of far" in text
    assert "near" not in text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"shared": ("Km",)}, "shared unknowns need groups"),
        ({"groups": list("aabb"), "shared": ("Kmm",)}, "Did you mean Km"),
        ({"groups": list("aab")}, "groups has 3 labels for 4 points"),
        ({"groups": "aabb"}, "not a label for each point"),
        ({"hill": True, "inhibition": True}, "choose one"),
    ],
)
def test_groups_that_make_no_sense_are_refused(options, words):
    with pytest.raises(FitError, match=words):
        michaelis_menten([0.1, 0.2, 0.4, 0.8], [1.0, 2.0, 3.0, 3.5], **options)
