"""The virtual respirometer: without imperfections it gives the truth, and each imperfection does what it says."""

import math

import numpy as np
import pandas as pd
import pytest
from recorded_runs import STRESS_TEST, by_hand, robust

import mitochem as mc
from mitochem import ParameterError
from mitochem.experiments.instruments import (
    Respirometer,
)


@pytest.fixture(scope="module")
def stress_test(mitochondria):
    return mitochondria.simulate(STRESS_TEST)


# --- respirometer --------------------------------------------------------------------------------------------------


def electrode(oxygen, minutes=10.0, rate=None, points=601):
    """A run in a closed chamber of 1 mg/mL whose oxygen (mM) is a function of time; the rate is for the truth alone."""
    time = np.linspace(0, minutes, points)
    rate = np.zeros(points) if rate is None else rate(time)
    return by_hand(
        lambda t, _: rate, minutes, ("start",), points,
        oxygen=("time", oxygen(time), {"units": "mM"}), volume_bath=((), 1000.0, {"units": "uL/mg"}),
    )  # fmt: skip


def falling(t):
    """6 µM/min from 200 µM: 100 pmol/(s mL)."""
    return 0.2 - 0.006 * t


def test_without_imperfections_oxygen_is_that_of_the_run(mitochondria):
    run = mitochondria.simulate(mc.experiments.respiratory_states(to_anoxia=True))
    seen = Respirometer.ideal().record(run)
    np.testing.assert_array_equal(seen["oxygen"], np.interp(seen["time"], run["time"], run["oxygen"]))
    np.testing.assert_array_equal(seen["oxygen"], seen["oxygen_true"])
    np.testing.assert_allclose(np.diff(seen["time"]) * 60, 2.0, rtol=1e-9)
    assert list(dict.fromkeys(seen["segment"].values)) == list(dict.fromkeys(run["segment"].values))
    assert seen["oxygen"].attrs["units"] == "mM"
    # In state 2 respiration is steady: the slope is the flux of the mitochondria, 1 nmol/min/mg being 16.67 pmol/s/mL.
    late = seen.isel(time=int(np.flatnonzero(seen["segment"] == "state 2")[-1]))
    assert float(late["ocr_recorded"]) == pytest.approx(float(late["ocr_true"]), rel=1e-3)
    flux = run["J_O2"].values[run["segment"].values == "state 2"][-1]
    assert float(late["ocr_true"]) == pytest.approx(flux * 1000 / 60, rel=1e-6)


def test_rates_of_a_straight_line_are_its_slope():
    seen = Respirometer.ideal().record(electrode(falling))
    for name in ("ocr", "ocr_recorded"):
        values = seen[name].values
        np.testing.assert_allclose(values[np.isfinite(values)], 100.0, rtol=1e-9)
    assert np.isnan(seen["ocr"].values).sum() == 40
    assert np.isnan(seen["ocr_recorded"].values).sum() == 39
    assert seen["ocr"].attrs["units"] == "pmol/(s*mL)"


def test_a_sensor_lags_a_ramp_by_its_response_time():
    """After the start-up the reading is too high by rate · response_time, 0.1 µM/s · 12 s = 1.2 µM."""
    seen = Respirometer.ideal(response_time=12.0).record(electrode(falling))
    seconds = seen["time"].values * 60
    late = 1e-4 * 12 * (1 - np.exp(-seconds / 12))
    np.testing.assert_allclose(seen["oxygen"] - seen["oxygen_true"], late, rtol=1e-8, atol=1e-14)
    assert float(seen["ocr"].isel(time=-30)) == pytest.approx(100.0, rel=1e-6), "a steady rate is right"


def test_a_sensor_follows_a_step_as_an_exponential():
    """0.1 mM is added at once at 5 min: the lag is 0.1·exp(-t/12 s) from there on."""
    run = electrode(lambda t: np.where(t < 5, 0.1, 0.2), points=6001)
    time = run["time"].values.copy()
    time[3000] = np.nextafter(time[2999], np.inf)
    seen = Respirometer.ideal(response_time=12.0).record(run.assign_coords(time=("time", time, {"units": "min"})))
    after = seen["time"].values > 5.01
    since = (seen["time"].values[after] - time[3000]) * 60
    np.testing.assert_allclose(0.2 - seen["oxygen"].values[after], 0.1 * np.exp(-since / 12), rtol=1e-9, atol=1e-15)


def test_the_recorded_slope_is_late_by_half_its_window():
    """On oxygen falling as t² the slope at t − 39 s: 40 points 2 s apart span 78 s."""
    seen = Respirometer.ideal().record(electrode(lambda t: 0.2 - 0.001 * t**2, points=6001))
    assert Respirometer().slope_delay == 39.0
    time = seen["time"].values[60:-60]
    slope = 0.002 * 1e6 / 60
    np.testing.assert_allclose(seen["ocr_recorded"].values[60:-60], slope * (time - 39 / 60), rtol=1e-4)
    np.testing.assert_allclose(seen["ocr"].values[60:-60], slope * time, rtol=1e-4)


def test_the_chamber_consumes_on_its_own():
    """A constant 60 pmol/(s mL) takes 3.6 µM/min; one of k·O2 makes it exp(-kt); both: (c + a/k)·exp(-kt) − a/k."""
    run = electrode(lambda t: np.full_like(t, 0.2))
    constant = Respirometer.ideal(background=60.0).record(run)
    t = constant["time"].values
    np.testing.assert_allclose(constant["oxygen"], 0.2 - 0.0036 * t, rtol=1e-12)
    np.testing.assert_allclose(constant["ocr"].values[50], 60.0, rtol=1e-9)
    k = 500 * 60 / 1e6
    alone = Respirometer.ideal(background_slope=500.0).record(run)
    np.testing.assert_allclose(alone["oxygen"], 0.2 * np.exp(-k * t), rtol=1e-12)
    both = Respirometer.ideal(background_slope=500.0, background=-20.0).record(run)
    a = -20 * 60 / 1e6
    np.testing.assert_allclose(both["oxygen"], (0.2 + a / k) * np.exp(-k * t) - a / k, rtol=1e-12)
    ramp = Respirometer.ideal(background_slope=500.0).record(electrode(falling))
    # dc/dt = −s − kc from 0.2.
    np.testing.assert_allclose(ramp["oxygen"], (0.2 + 0.006 / k) * np.exp(-k * t) - 0.006 / k, rtol=1e-9)


def test_a_wrong_zero_makes_rates_small_and_anoxia_oxic():
    """A zero of 10 µM unknown at 200 µM: rates by 0.95, and 0 is read as 10."""
    seen = Respirometer.ideal(zero=10.0).record(electrode(lambda t: np.maximum(falling(6 * t), 0.0)))
    assert float(seen["oxygen"][0]) == pytest.approx(0.2, rel=1e-12)
    assert float(seen["oxygen"][-1]) == pytest.approx(0.010, rel=1e-12)
    assert float(seen["ocr"][30]) == pytest.approx(0.95 * 600, rel=1e-9)


def test_drift_adds_to_every_rate():
    """36 µM/h upwards is 10 pmol/(s mL) less."""
    seen = Respirometer.ideal(drift=36.0).record(electrode(falling))
    assert float(seen["oxygen"][-1]) == pytest.approx(falling(10) + 0.006, rel=1e-12)
    np.testing.assert_allclose(seen["ocr"].values[50], 90.0, rtol=1e-9)


def test_noise_is_added_and_leaves_a_known_error_of_the_slope():
    """Of n points at interval d: noise·√12/(d·√(n³ − n)), here 0.025·3.4641/(2·√63960) µM/s, or 0.171 pmol/(s mL)."""
    seen = Respirometer.ideal(noise=0.025, seed=3).record(electrode(falling, minutes=3000.0))
    error = (seen["oxygen"] - seen["oxygen_true"]).values * 1e3
    n = len(error)
    assert error.std() == pytest.approx(0.025, abs=3 * 0.025 / math.sqrt(2 * n))
    assert error.mean() == pytest.approx(0, abs=3 * 0.025 / math.sqrt(n))
    slopes = seen["ocr_recorded"].values[39::40]
    assert slopes.std() == pytest.approx(0.1712, rel=3 / math.sqrt(2 * len(slopes)))
    again, other = (Respirometer.ideal(noise=0.025, seed=s).record(electrode(falling)) for s in (3, 4))
    assert again.identical(Respirometer.ideal(noise=0.025, seed=3).record(electrode(falling)))
    assert (again["oxygen"] != other["oxygen"]).any()


def test_an_open_chamber_has_no_trace(stress_test):
    with pytest.raises(ParameterError, match="the chamber was open"):
        Respirometer().record(stress_test)


@pytest.mark.shared
def test_smoothing_is_that_of_an_exported_trace(shared_folder):
    """Of all windows that end at the point, that of about 40 points of 2 s gives the exported slope best."""
    raw = pd.read_csv(shared_folder / "data" / "raw" / "datlab_fccp_tmrm_20150721_thinned.csv")
    time = raw["Time [s]"].to_numpy()
    even = np.arange(1240.0, time[-1] + 1, 2.0)
    for chamber in "AB":
        oxygen = np.interp(even, time, raw[f"O2 Concentration  ({chamber}) [nmol/ml]"])
        slope = raw[f"O2 Slope uncorr.  ({chamber}) [pmol/(s*ml)]"].to_numpy()
        misses = {}
        for n in range(20, 61, 2):
            x = np.arange(n) - (n - 1) / 2
            own = -np.convolve(oxygen, x[::-1] / (2 * (x @ x)), mode="valid") * 1000
            there = (time > 1380) & (time < 1990)
            found = np.interp(time[there], even[n - 1 :], own)
            misses[n] = np.sqrt(np.mean((found - slope[there]) ** 2))
        best = min(misses, key=misses.get)
        assert abs(best - Respirometer().smoothing) <= 2
        assert misses[40] < 2.5
        # The trace was thinned to 10 or 20 s; second differences over 10 s leave noise and some curvature.
        steps_of_ten = [i for i in range(1, len(time) - 1) if time[i] - time[i - 1] == 10 == time[i + 1] - time[i]]
        level = raw[f"O2 Concentration  ({chamber}) [nmol/ml]"].to_numpy()
        second = [level[i + 1] - 2 * level[i] + level[i - 1] for i in steps_of_ten]
        assert robust(second) / math.sqrt(6) == pytest.approx(Respirometer().noise, rel=0.25)
