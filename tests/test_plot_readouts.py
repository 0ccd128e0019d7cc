"""Figures of readouts: the construction on the chart is the one that was calculated, bars are the rows of the table."""

import json
import warnings

import matplotlib as mpl
import numpy as np
import pytest
import xarray
from matplotlib import pyplot as plt
from plates import plate, run_of

from mitochem import experiments, plot, readouts
from mitochem.plot.style import look

ONE = [110, 105, 100, 34, 30, 31, 180, 200, 190, 12, 10, 11]
TWO = [120, 115, 120, 40, 38, 36, 90, 80, 70, 16, 18, 17]


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def closed(mitochondria):
    return mitochondria.simulate(experiments.respiratory_states(to_anoxia=True))


@pytest.fixture(scope="module")
def wells():
    return plate({"A02": ("a", ONE), "A03": ("a", 1.1 * np.array(ONE)), "A04": ("b", TWO), "A05": ("b", TWO)})


@pytest.fixture(scope="module")
def table(wells):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return readouts.stress_test_table(wells)


def by_gid(ax, gid):
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


# --- the construction of ADP/O -------------------------------------------------------------------------------------


def test_tangents_meet_on_the_chart_where_they_were_calculated(closed):
    ax = plot.adp_over_o(closed)
    table = readouts.pulses(closed)
    rings, tangents = by_gid(ax, "intersection"), by_gid(ax, "tangent")
    assert len(rings) == 2
    assert len(tangents) == 4
    for i, ring in enumerate(rings):
        (x,), (y,) = ring.get_data()
        row = table.isel(pulse=i)
        assert x == pytest.approx(float(row["time_intersection"]))
        assert y == pytest.approx(1e3 * float(row["oxygen_addition"] - row["oxygen_used"]), rel=1e-9)
        for line in tangents[2 * i : 2 * i + 2]:
            at = np.interp(x, *line.get_data()) if line.get_xdata()[-1] >= x else np.nan
            assert at == pytest.approx(y, abs=1e-6), "both lines pass through the ring"
    assert "ADP/O 2.62" in by_gid(ax, "result")[0].get_text()
    assert "38.1 µM" in by_gid(ax, "result")[0].get_text()
    assert ax.get_ylabel() == "oxygen / µM"
    assert ax.get_xlabel() == "time / min"


def test_the_arrow_is_as_long_as_the_oxygen_used(closed):
    ax = plot.adp_over_o(closed, segments="state 3-4 (1)")
    (arrow,) = by_gid(ax, "oxygen used")
    used = float(readouts.adp_over_o(closed)["oxygen_used"])
    assert abs(arrow.xyann[1] - arrow.xy[1]) == pytest.approx(1e3 * used, rel=1e-9)


def test_where_oxygen_was_held_the_chart_begins_at_zero(mitochondria):
    run = mitochondria.simulate(experiments.respiratory_states())
    ax = plot.adp_over_o(run, color="black")
    x, y = ax.lines[0].get_data()
    assert np.interp(2.5, x, y) == pytest.approx(0, abs=1e-9)
    assert ax.get_ylabel() == "change of oxygen / µM"
    assert ax.lines[0].get_color() == "black"
    assert "nmol min⁻¹ mg⁻¹" in by_gid(ax, "unit of slopes")[0].get_text()
    assert len(by_gid(ax, "addition")) == 2
    assert not by_gid(plot.adp_over_o(run, additions=False), "addition")


def test_a_pulse_without_state_3_is_drawn_without_a_construction(mitochondria):
    run = mitochondria.simulate(experiments.respiratory_states())
    flat = run.assign(J_O2=run["J_O2"] * 0 + 10.0)
    with pytest.warns(UserWarning, match="no state 3"):
        ax = plot.adp_over_o(flat, segments="state 3-4 (1)")
    assert not by_gid(ax, "tangent")
    assert ax.lines


# --- stress tests --------------------------------------------------------------------------------------------------


def test_a_line_for_each_group_with_its_spread(wells):
    ax = plot.stress_test(wells)
    containers = {c.get_label(): c for c in ax.containers}
    assert list(containers) == ["a", "b"]
    line = containers["a"].lines[0]
    np.testing.assert_allclose(line.get_ydata(), 1.05 * np.array(ONE))
    (segments,) = containers["a"].lines[2]
    first = segments.get_segments()[0]
    half = np.std([110, 121], ddof=1)
    np.testing.assert_allclose(first[:, 1], [115.5 - half, 115.5 + half])
    assert ax.get_legend() is not None
    assert ax.get_ylim()[0] == 0


def test_ports_lie_between_measurements_or_where_they_were_noted(wells):
    ax = plot.stress_test(wells)
    time = wells["time"].values
    ports = [line.get_xdata()[0] for line in by_gid(ax, "addition")]
    assert ports == pytest.approx([(time[i - 1] + time[i]) / 2 for i in (3, 6, 9)])
    assert [t.get_text() for t in by_gid(ax, "phase label")][:3] == ["basal", "oligomycin", "FCCP"]
    noted = [{"time": t, "name": "port", "chamber": None, "text": ""} for t in (15.0, 35.0, 54.0)]
    ax = plot.stress_test(wells.assign_attrs(events=json.dumps(noted)))
    assert [line.get_xdata()[0] for line in by_gid(ax, "addition")] == [15.0, 35.0, 54.0]


def test_units_stand_on_the_axes(wells, table):
    assert "pmol min⁻¹ well⁻¹" in plot.stress_test(wells).get_ylabel()
    assert plot.stress_test(wells).get_xlabel() == "time / min"
    rates, percent = plot.stress_test_parameters(table)
    assert rates.get_ylabel() == "respiration / pmol min⁻¹ well⁻¹"
    assert percent.get_ylabel() == "%"


def test_a_single_trace_has_the_colour_of_respiration():
    trace = run_of(("basal", 5, 100), ("oligomycin", 5, 30), ("FCCP", 5, 200), ("antimycin", 5, 10))
    ax = plot.stress_test(trace)
    assert ax.lines[0].get_color() == look("J_O2").colour
    assert ax.get_legend() is None


def test_bars_are_the_rows_of_the_table(table):
    axes = plot.stress_test_parameters(table)
    bars = {c.get_label(): [bar.get_height() for bar in c] for c in axes[0].containers if hasattr(c, "patches")}
    names = ["non_mitochondrial", "basal_respiration", "proton_leak", "atp_linked_respiration", "maximal_respiration"]
    for i, name in enumerate([*names, "spare_capacity"]):
        assert [bars["a"][i], bars["b"][i]] == pytest.approx(table[name].values.tolist())
    assert bars["b"][-1] < 0, "a negative spare capacity is drawn below zero"
    (only,) = plot.stress_test_parameters(table, "cell_rcr")
    assert only.get_ylabel() == "ratio"


def test_wells_are_points_on_the_mean_of_their_group(wells):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        single = readouts.stress_test_table(wells, average=None)
    axes = plot.stress_test_parameters(single, ["basal_respiration"])
    (bars,) = [[b.get_height() for b in c] for c in axes[0].containers if c.get_label() == "a"]
    points = by_gid(axes[0], "wells")[0].get_ydata()
    assert bars[0] == pytest.approx(np.mean(points)) == pytest.approx((90 + 99) / 2)


def test_a_missing_parameter_is_marked(wells):
    with pytest.warns(UserWarning, match="no phase 'FCCP'"):
        part = readouts.stress_test_table(wells.isel(time=[0, 1, 2, 3, 4, 5, 9, 10, 11]))
    axes = plot.stress_test_parameters(part, ["basal_respiration", "maximal_respiration"])
    assert len(by_gid(axes[0], "missing")) == 2


# --- coupling control ----------------------------------------------------------------------------------------------


def suit_of(uncoupled):
    return run_of(("1PM", 3, 20), ("2D", 3, 90), ("3U", 3, uncoupled), ("4Ama", 3, 4))


def test_the_ladder_has_the_rates_and_what_is_between_them():
    (ax,) = plot.suit(readouts.suit_table(suit_of(120)))
    heights = [bar.get_height() for container in ax.containers for bar in container]
    assert heights == pytest.approx([16, 86, 116])
    texts = [t.get_text() for t in by_gid(ax, "net") if t.get_text()]
    assert texts == ["P−L\n70", "E−P\n30"]
    arrows = [a for a in by_gid(ax, "net") if not a.get_text()]
    assert [(a.xyann[1], a.xy[1]) for a in arrows] == [(16, 86), (86, 116)]
    assert ax.get_ylabel() == "respiration − Rox / pmol s⁻¹ mL⁻¹"
    assert "j(P−L) 0.81" in ax.get_xlabel()


def test_too_much_uncoupler_points_down():
    with pytest.warns(UserWarning, match="E below P"):
        table = readouts.suit_table(suit_of(70))
    (ax,) = plot.suit(table)
    assert "E−P\n−20" in [t.get_text() for t in by_gid(ax, "net")]
    (arrow,) = [a for a in by_gid(ax, "net") if not a.get_text() and a.xyann[1] == 86]
    assert arrow.xy[1] == 66


def test_global_style_is_left_alone_and_given_axes_are_used(wells, table, closed):
    before = dict(mpl.rcParams)
    _, (one, two, three, four) = plt.subplots(1, 4)
    assert plot.stress_test(wells, ax=one) is one
    assert plot.adp_over_o(closed, ax=two) is two
    assert plot.stress_test_parameters(table, axes=[three, four])[1] is four
    _, five = plt.subplots()
    assert plot.suit(readouts.suit_table(suit_of(120)), axes=five)[0] is five
    assert dict(mpl.rcParams) == before


def test_a_measurement_is_laid_over_a_run_in_the_units_of_the_run(mitochondria):
    run = mitochondria.simulate(t_end=2.0, samples=5)
    seconds = xarray.DataArray([30.0, 60.0], dims="time", attrs={"units": "s"})
    values = ("time", [0.170, 0.180], {"units": "V"})
    measured = xarray.Dataset({"delta_psi": values, "label": ("time", ["a", "b"])}, {"time": seconds})
    (ax,) = plot.compare(run, measured)
    (points,) = [c for c in ax.containers if hasattr(c, "lines")]
    np.testing.assert_allclose(points.lines[0].get_xdata(), [0.5, 1.0])
    np.testing.assert_allclose(points.lines[0].get_ydata(), [170.0, 180.0])
    plate = xarray.concat([measured[["delta_psi"]], 1.1 * measured[["delta_psi"]]], "well")
    plate["delta_psi"].attrs["units"] = "V"
    (ax,) = plot.compare(run, plate.assign_coords(time=seconds), "delta_psi")
    (points,) = [c for c in ax.containers if hasattr(c, "lines")]
    np.testing.assert_allclose(points.lines[0].get_ydata(), [178.5, 189.0])
    assert points.has_yerr
    plt.close("all")
