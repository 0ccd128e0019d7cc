"""Observation models: each law against a value typed by hand, its inverse, and the sign of what it shows."""

import math
import warnings

import contract
import numpy as np
import pytest
import readings
import sympy
import xarray
from assembled import detailed
from contract import ComponentContract

import mitochem as mc
from mitochem import ParameterError, component, state
from mitochem.core.component import Component
from mitochem.electrochemistry import thermal_voltage
from mitochem.experiments.observation import (
    BCECF,
    AmineQuench,
    Luciferase,
    NADHFluorescence,
    TMRMNonQuench,
    TMRMQuench,
    delta_delta_psi,
)

BODY = float(thermal_voltage())  # 26.73 mV


@component
class Clock(Component):
    """Time as a state, for a law that asks for it."""

    @state("min", initial=0.0)
    def time(self):
        return 1.0


INSTANCES = [
    TMRMNonQuench(),
    TMRMQuench(),
    AmineQuench().rewire(pH_out="pH_bath", pH_in="pH_matrix"),
    BCECF(),
    NADHFluorescence(),
    Luciferase(),
]


class TestEveryObservationModel(ComponentContract):
    """Numbers, arrays, DataArrays, symbols and units agree; every parameter has unit, bounds and source."""

    @pytest.fixture(params=INSTANCES, ids=lambda item: type(item).__name__)
    def item(self, request, monkeypatch):
        models = tuple(model.with_component(Clock()) for model in (mc.models.isolated_mitochondria(), detailed()))
        monkeypatch.setattr(readings, "surroundings", lambda: models)
        monkeypatch.setitem(contract.RANDOM_STATES, "time", (0.0, 30.0))
        monkeypatch.setitem(readings.BY_NAME, "time", (0.0, 30.0))
        monkeypatch.setitem(readings.BY_NAME, "pH_out", (7.0, 9.0))
        monkeypatch.setitem(readings.BY_NAME, "pH_in", (4.0, 7.0))
        return request.param


# --- there and back ------------------------------------------------------------------------------------------------

ROUND_TRIPS = {
    "TMRM, non-quench": (
        lambda x: TMRMNonQuench(offset=3.0).tmrm_signal(x, BODY),
        lambda s: TMRMNonQuench(offset=3.0).delta_psi(s, BODY),
        (0.0, 200.0),
    ),
    "TMRM, quench": (
        lambda x: TMRMQuench(quenched=0.2).tmrm_signal(TMRMQuench().tmrm_free(x, BODY)),
        lambda s: TMRMQuench(quenched=0.2).delta_psi(s, BODY),
        (0.0, 200.0),
    ),
    "amine": (
        lambda x: AmineQuench(full=70.0).amine_signal(AmineQuench().amine_quench(8.0, 8.0 - x)),
        AmineQuench(full=70.0).delta_pH,
        (1.0, 4.0),
    ),
    "BCECF": (BCECF().bcecf_ratio, BCECF().pH, (5.5, 8.5)),
    "NADH": (NADHFluorescence().nadh_signal, lambda s: NADHFluorescence().percent_reduced(s) / 100, (0.05, 0.95)),
    "luciferase": (
        lambda x: Luciferase(blank=40.0, adenylate_kinase=1e-3).luminescence(x, 7.0),
        lambda s: Luciferase(blank=40.0, adenylate_kinase=1e-3).atp(s, 7.0),
        (0.0, 1.0),
    ),
}


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_the_inverse_gives_back_what_was_observed(name):
    forward, inverse, ends = ROUND_TRIPS[name]
    x = np.linspace(*ends, 9)
    signal = forward(x)
    assert len(set(np.sign(np.diff(signal)))) == 1, "one signal for each value"
    np.testing.assert_allclose(inverse(signal), x, rtol=1e-9, atol=1e-9)
    assert inverse(float(signal[3])) == pytest.approx(x[3], rel=1e-9, abs=1e-9)
    named = xarray.DataArray(signal, {"time": np.arange(9.0)}, ("time",))
    assert inverse(named).dims == ("time",)
    np.testing.assert_allclose(inverse(named), x, rtol=1e-9, atol=1e-9)
    gap = inverse(np.where(np.arange(9) == 4, np.nan, signal))
    assert np.isnan(gap).tolist() == [i == 4 for i in range(9)]


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_the_inverse_reads_on_symbols_as_on_numbers(name):
    forward, inverse, ends = ROUND_TRIPS[name]
    s = sympy.Symbol("s", positive=True)
    for x in np.linspace(*ends, 4)[1:3]:
        signal = float(forward(float(x)))
        assert float(inverse(s).subs(s, signal).evalf()) == pytest.approx(x, rel=1e-9)


# --- TMRM ----------------------------------------------------------------------------------------------------------


def test_dye_in_the_matrix_grows_tenfold_with_61_millivolts():
    """ln(10)·RT/F at 37 °C is 61.5 mV."""
    seen = TMRMNonQuench()
    assert seen.tmrm_signal(161.54, BODY) / seen.tmrm_signal(100.0, BODY) == pytest.approx(10, rel=1e-3)
    assert seen.tmrm_signal(0.0, BODY) == 0.01


def test_half_of_the_dye_is_free_where_accumulation_makes_up_for_volume():
    """At RT/F·ln(1/0.0036) = 26.73·5.627 = 150.4 mV."""
    seen = TMRMQuench()
    assert seen.tmrm_free(BODY * math.log(1 / 0.0036), BODY) == pytest.approx(0.5, rel=1e-12)
    assert BODY * math.log(1 / 0.0036) == pytest.approx(150.4, abs=0.05)
    assert seen.tmrm_signal(0.25) == 0.25, "dye in the matrix is dark"
    assert TMRMQuench(quenched=0.4).tmrm_signal(0.25) == pytest.approx(0.25 + 0.4 * 0.75)


def test_the_two_modes_have_opposite_signs(mitochondria):
    """An uncoupler makes non-quenched mitochondria darker and a quenched suspension brighter."""
    run = mc.Protocol().set({"load.capacity": 400.0}).wait(5, "state 3").add(oligomycin=1.0).wait(5, "state 4")
    run = run.add(FCCP=0.3).wait(5, "uncoupled")
    for mode, sign in ((TMRMNonQuench(), +1), (TMRMQuench(), -1)):
        ds = mitochondria.with_component(mode).simulate(run)
        ends = [float(ds["tmrm_signal"].values[ds["segment"].values == label][-1]) for label in
                ("state 3", "state 4", "uncoupled")]  # fmt: skip
        assert sign * (ends[1] - ends[0]) > 0
        assert sign * (ends[2] - ends[1]) < 0
        assert ds["tmrm_signal"].attrs["long_name"].startswith("TMRM signal")


def test_differences_of_potential_do_not_need_the_volume():
    free = TMRMQuench(volume_ratio=0.02).tmrm_free(np.array([170.0, 150.0, 90.0]), BODY)
    np.testing.assert_allclose(delta_delta_psi(free, free[2]), [80.0, 60.0, 0.0], rtol=1e-9, atol=1e-9)
    # 26.73 mV per unit of the logarithm of (1 − f)/f: f = 0.5 against 0.75 is ln 3.
    assert delta_delta_psi(0.5, 0.75) == pytest.approx(BODY * math.log(3), rel=1e-12)
    assert delta_delta_psi(0.5, 0.75, "25 degC") == pytest.approx(25.693 * math.log(3), rel=1e-4)


def test_a_published_titration_gives_its_relative_potentials():
    """Brain mitochondria, from oligomycin to 500 nM FCCP: from 58.1 and 53.1 mV down to 0 at the last dose."""
    ds = mc.datasets.load("cadonic_2015_fccp_titration_brain")
    for row, expected in zip(ds["mtMPrel"].values, ((58.1, 33.0, 15.5, 4.2, 0.0), (53.1, 27.7, 11.4, 2.4, 0.0))):
        found = delta_delta_psi(row[-6:-1], row[-2])
        np.testing.assert_allclose(found, expected, atol=0.06)


# --- pH ------------------------------------------------------------------------------------------------------------


def test_quench_is_half_where_the_difference_makes_up_for_the_volumes():
    """ΔpH = log10(Q/(100 − Q)·V_out/V_in): 1/1000 of the volume and Q = 50 % are 3; 1/100 and 80 % are 2.602."""
    assert AmineQuench().amine_quench(8.0, 5.0) == pytest.approx(0.5, rel=1e-12)
    seen = AmineQuench(volume_ratio=0.01)
    assert seen.delta_pH(0.2) == pytest.approx(math.log10(80 / 20 * 100), rel=1e-12)
    assert seen.delta_pH(0.2) == pytest.approx(2.602, abs=5e-4)


def test_an_alkaline_inside_is_hardly_seen_by_an_amine():
    assert AmineQuench().amine_quench(7.2, 7.8) < 1e-3


def test_bcecf_is_half_way_at_its_pK_and_ten_elevenths_one_unit_above():
    seen = BCECF(ratio_acid=1.0, ratio_base=12.0)
    assert seen.bcecf_ratio(7.0) == pytest.approx(6.5, rel=1e-12)
    assert seen.bcecf_ratio(8.0) == pytest.approx(1 + 11 * 10 / 11, rel=1e-12)
    assert seen.pH(6.5) == pytest.approx(7.0, rel=1e-12)
    falling = BCECF(ratio_acid=12.0, ratio_base=1.0)
    assert falling.pH(falling.bcecf_ratio(7.4)) == pytest.approx(7.4, rel=1e-12)


# --- NADH and ATP --------------------------------------------------------------------------------------------------


def test_nadh_is_read_between_its_two_ends():
    seen = NADHFluorescence(signal_oxidised=100.0, signal_reduced=300.0)
    assert seen.nadh_reduced(0.6, 2.4) == pytest.approx(0.2)
    assert seen.nadh_signal(0.2) == pytest.approx(140.0)
    assert seen.percent_reduced(140.0) == pytest.approx(20.0)
    with pytest.warns(UserWarning, match="more than fully oxidised or reduced"):
        assert seen.percent_reduced(310.0) == pytest.approx(105.0)


def test_light_fades_and_grows_with_adenylate_kinase():
    """1 µM at 10⁶ per mM after 10 min at 1.8 %/min: 1000·exp(−0.18) = 835.3."""
    assert Luciferase().luminescence(1e-3, 10.0) == pytest.approx(835.27, abs=0.01)
    assert Luciferase(blank=50.0).luminescence(0.0, 10.0) == 50.0
    assert Luciferase(adenylate_kinase=2e-4, decay=0.0).luminescence(1e-3, 10.0) == pytest.approx(3000.0)


def test_fading_that_is_ignored_makes_a_rate_of_synthesis_too_small():
    """ATP rises 1 µM/min; at 10 min the light falls behind by exp(−0.18)."""
    light = Luciferase().luminescence(1e-3 * 10, 10.0)
    assert Luciferase(decay=0.0).atp(light, 10.0) == pytest.approx(0.01 * math.exp(-0.18), rel=1e-12)
    assert Luciferase().atp(light, 10.0) == pytest.approx(0.01, rel=1e-12)


def test_a_standard_gives_the_gain_at_its_time():
    true = Luciferase(gain=3.3e5, blank=20.0, decay=0.02)
    before, after = true.luminescence(2e-3, 15.0), true.luminescence(2e-3 + 2.5e-4, 15.0)
    found = Luciferase(blank=20.0, decay=0.02).calibrated(before, after, "0.25 uM", 15.0)
    assert found.gain == pytest.approx(3.3e5, rel=1e-9)
    assert found.atp(true.luminescence(7e-3, 4.0), 4.0) == pytest.approx(7e-3, rel=1e-9)


def test_light_of_a_run_is_read_off_its_result(mitochondria):
    run = mitochondria.simulate(mc.Protocol().add(ADP=0.1).wait(4))
    light = Luciferase().luminescence(run["atp_bath"], run["time"])
    assert light.dims == ("time",)
    np.testing.assert_allclose(Luciferase().atp(light, run["time"]), run["atp_bath"], rtol=1e-12)


# --- data that no state gives --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inverse", "bad", "good", "words"),
    [
        (lambda x: delta_delta_psi(x, 0.7), (0.0, 1.0, 1.2, -0.1), 0.5, "fraction of free dye is not between 0 and 1"),
        (lambda x: TMRMNonQuench(offset=1.0).delta_psi(x, BODY), (1.0, 0.5), 2.0, "not above its offset"),
        (lambda x: TMRMQuench(quenched=0.2).delta_psi(x, BODY), (0.2, 0.1, 1.0, 1.5), 0.5, "share of free dye"),
        (AmineQuench().delta_pH, (1.0, 1.1, 0.0, -0.1), 0.5, "the quench is not between 0 and 1"),
        (BCECF().pH, (1.0, 0.5, 8.0, 9.0), 3.0, "not between ratio_acid and ratio_base"),
    ],
)
def test_what_no_state_gives_is_nan_with_a_warning(inverse, bad, good, words):
    for value in bad:
        with pytest.warns(UserWarning, match=words):
            assert np.isnan(inverse(value))
    with pytest.warns(UserWarning, match=words):
        assert np.isnan(inverse(np.array([*bad, good]))).tolist() == [True] * len(bad) + [False]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(inverse(good))
        assert np.isnan(inverse(np.nan)), "a gap is no reason to warn"


def test_a_signal_that_says_nothing_is_not_read_back():
    with pytest.raises(ParameterError, match="same at every potential"):
        TMRMQuench(quenched=1.0).delta_psi(0.5, BODY)
    with pytest.raises(ParameterError, match="same at every pH"):
        BCECF(ratio_acid=2.0, ratio_base=2.0).pH(2.0)
    with pytest.raises(ParameterError, match="does not depend on NADH"):
        NADHFluorescence(signal_oxidised=1.0, signal_reduced=1.0).percent_reduced(1.0)
