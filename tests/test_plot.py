"""Figures: what is drawn is what the Dataset says, every axis has its unit, every addition its line."""

import itertools
import json

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib import colors
from matplotlib import pyplot as plt

import mitochem as mc
from mitochem import plot
from mitochem.components import OhmicLeak, Phosphorylation, SinhLeak
from mitochem.plot.marks import spread_out
from mitochem.plot.style import LOOKS, look, shades, unit_text

mpl.use("Agg")

STEPS = 12


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def model():
    return mc.models.isolated_mitochondria()


@pytest.fixture(scope="module")
def titrated(model):
    return model.titrate("FCCP", np.linspace(0, 1, 30), {"load.capacity": 300})


@pytest.fixture(scope="module")
def run(model):
    protocol = mc.Protocol().wait(2, "state 4").add(ADP=0.2).wait(3).add(oligomycin=1.0).wait(2).add(FCCP=0.1).wait(2)
    return model.simulate(protocol, samples=60)


@pytest.fixture(scope="module")
def many(model):
    protocol = mc.Protocol().wait(2)
    for _ in range(STEPS):
        protocol = protocol.add(FCCP=0.05).wait(0.5)
    return model.simulate(protocol, samples=20)


def by_gid(ax, gid):
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


def curves(ax):
    return [line for line in ax.lines if line.get_gid() is None]


# --- labels and colours ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("nmol/min/mg", "nmol min⁻¹ mg⁻¹"),
        ("nmol/(min mg)", "nmol min⁻¹ mg⁻¹"),
        ("nmol/(min*mg)", "nmol min⁻¹ mg⁻¹"),
        ("nmol min-1 mg-1", "nmol min⁻¹ mg⁻¹"),
        ("cm^2/mg", "cm² mg⁻¹"),
        ("cm**2", "cm²"),
        ("uM", "µM"),
        ("uL/mg", "µL mg⁻¹"),
        ("1/min", "min⁻¹"),
        ("nmol H+/min", "nmol H+ min⁻¹"),
        ("mV", "mV"),
        ("%", "%"),
        ("1", ""),
    ],
)
def test_units_are_printed_as_a_reader_writes_them(unit, text):
    assert unit_text(unit) == text


def test_labels_come_from_attributes_with_their_unit(titrated):
    assert plot.label(titrated["pmf"]) == r"$\Delta p$ / mV"
    assert plot.label(titrated["J_O2"]) == r"$J_{\mathrm{O_2}}$ / nmol min⁻¹ mg⁻¹"
    assert plot.label(titrated["FCCP_dose"]) == "FCCP / µM"
    assert plot.label(titrated["delta_pH"], words=True) == "pH difference\n$\\Delta\\mathrm{pH}$"
    assert plot.label(SinhLeak().J_leak) == "$J_L$ / nmol min⁻¹ mg⁻¹"


def test_every_house_colour_is_of_one_quantity_only():
    assert len({look(name).colour for name in LOOKS}) == len(LOOKS)
    assert look("something_else") == look("something_else")


def test_shades_differ_in_grey():
    for name in LOOKS:
        grey = [np.dot(tone, (0.3, 0.59, 0.11)) for tone in shades(look(name).colour, 4)]
        assert (np.diff(grey) < -0.03).all()


def test_a_quantity_has_the_same_colour_in_every_figure(titrated, run):
    drawn = [
        curves(plot.trace(run, "J_O2")[0])[0],
        curves(plot.titration(titrated)[0])[0],
        curves(plot.oxygen_trace(run)[1])[0],
        curves(plot.flux_against(titrated, ax=plt.figure().subplots()))[0],
    ]
    assert {colors.to_hex(line.get_color()).upper() for line in drawn} == {look("J_O2").colour}


def test_global_style_is_left_alone(titrated, run):
    before = dict(mpl.rcParams)
    plot.trace(run)
    plot.titration(titrated)
    with pytest.raises(mc.ParameterError):
        plot.trace(titrated)
    assert dict(mpl.rcParams) == before


# --- time courses ------------------------------------------------------------------------------------------


def test_a_trace_draws_the_numbers_of_the_run(run):
    names = ("J_O2", "pmf", "atp_bath")
    axes = plot.trace(run, names)
    assert axes.shape == (3,)
    for ax, name in zip(axes, names):
        (line,) = curves(ax)
        np.testing.assert_array_equal(line.get_xdata(), run["time"])
        np.testing.assert_array_equal(line.get_ydata(), run[name])
        assert plot.label(run[name]) in ax.get_ylabel()
    assert axes[-1].get_xlabel() == "time / min"


def test_every_addition_has_one_line_in_every_panel_and_a_label(run):
    axes = plot.trace(run)
    for ax in axes:
        at = [line.get_xdata()[0] for line in by_gid(ax, "addition")]
        np.testing.assert_allclose(at, [2, 5, 7])
    assert [t.get_text() for t in by_gid(axes[0], "addition label")] == ["ADP 0.2 mM", "oligomycin 1 µM", "FCCP 0.1 µM"]
    assert [t.get_text() for t in by_gid(axes[0], "stretch label")] == ["state 4"]


def test_many_steps_keep_their_lines_and_their_labels_do_not_overlap(many):
    (ax,) = plot.trace(many, "J_O2")
    assert len(by_gid(ax, "addition")) == STEPS
    labels = by_gid(ax, "addition label")
    assert [t.get_text() for t in labels] == ["FCCP 0.05 µM"] + ["+0.05"] * (STEPS - 1)
    ax.figure.canvas.draw()
    boxes = [mpl.text.Text.get_window_extent(t) for t in labels]
    assert all(left.x1 <= right.x0 + 1 for left, right in itertools.pairwise(boxes))


def test_an_addition_at_the_start_is_drawn_and_a_bare_wait_is_not(model):
    protocol = mc.Protocol().add(ADP=0.1, FCCP="0.05 uM").wait(1, "state 3").wait(1).set({"load.capacity": 50}).wait(1)
    found = plot.events(model.simulate(protocol, samples=10))
    assert [(round(e.time, 9), e.label) for e in found if e.marked] == [
        (0, "ADP 0.1 mM + FCCP 0.05 µM"),
        (2, "load.capacity = 50"),
    ]


def test_a_change_of_a_parameter_goes_by_the_name_of_its_stretch(model):
    start = mc.Protocol().set({"electron_transport.substrate": 0}).wait(1, "state 1")
    run = model.simulate(start.set({"electron_transport.substrate": 1}).wait(2, "state 2").add(ADP=0.1).wait(2))
    (ax,) = plot.trace(run, "J_O2")
    np.testing.assert_allclose([line.get_xdata()[0] for line in by_gid(ax, "addition")], [1, 3])
    assert [t.get_text() for t in by_gid(ax, "stretch label")] == ["state 1", "state 2"]
    assert [t.get_text() for t in by_gid(ax, "addition label")] == ["ADP 0.1 mM"]


def test_a_cut_of_a_run_keeps_the_additions_that_are_in_it(run):
    (ax,) = plot.trace(run.sel(time=slice(4, 6)), "J_O2")
    assert [t.get_text() for t in by_gid(ax, "addition label")] == ["oligomycin 1 µM"]


def test_measured_data_show_where_their_segments_change():
    time = np.linspace(0, 6, 7)
    ds = xr.Dataset(
        {"ocr": ("time", time**2, {"units": "pmol/min"})},
        {"time": ("time", time, {"units": "min"}), "segment": ("time", ["basal"] * 3 + ["FCCP"] * 4)},
    )
    (ax,) = plot.trace(ds, "ocr")
    assert [line.get_xdata()[0] for line in by_gid(ax, "addition")] == [3.0]
    assert ax.get_ylabel() == "ocr / pmol min⁻¹"


def test_members_of_a_batch_are_lines_with_a_legend(model):
    ds = model.simulate(t_end=2, conditions={"load.capacity": np.array([0.0, 50.0, 100.0])}, samples=10)
    axes = plot.trace(ds, ("J_O2", "pmf"))
    assert [len(curves(ax)) for ax in axes] == [3, 3]
    legend = axes[0].figure.legends[0]
    assert [t.get_text() for t in legend.get_texts()] == ["0", "50", "100"]
    assert "nmol min⁻¹ mg⁻¹" in legend.get_title().get_text()


def test_two_runs_share_axes_and_their_additions_are_labelled_once(run):
    axes = plot.trace(run, label="a")
    assert plot.trace(run, axes=axes, label="b", linestyle="--") is not None
    assert len(by_gid(axes[0], "addition label")) == 3
    assert axes[0].get_legend_handles_labels()[1] == ["a", "b"]


def test_oxygen_falls_by_what_is_respired(model):
    closed = mc.models.isolated_mitochondria(closed=True)
    protocol = mc.Protocol(closed=True).wait(1).add(ADP=0.1).wait(2)
    ds = closed.simulate(protocol, samples=200)
    axes = plot.oxygen_trace(ds)
    (measured,) = curves(axes[0])
    np.testing.assert_allclose(measured.get_ydata(), 1e3 * ds["oxygen"])
    assert "µM" in axes[0].get_ylabel()
    assert [t.get_text() for t in by_gid(axes[0], "rate")]
    held = model.simulate(mc.Protocol().wait(1).add(ADP=0.1).wait(2), samples=200)
    axes = plot.oxygen_trace(held)
    (used,) = curves(axes[0])
    total = np.trapezoid(held["J_O2"], held["time"])
    assert used.get_ydata()[-1] == pytest.approx(-total)
    assert axes[0].get_ylabel().endswith("nmol mg⁻¹")


# --- titrations and forces ---------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_titration_draws_the_dataset_and_marks_maximal_respiration(titrated, scale):
    axes = plot.titration(titrated, scale=scale)
    best = float(titrated["FCCP_dose"][int(titrated["J_O2"].values.argmax())])
    for ax, name in zip(axes, ("J_O2", "delta_psi", "delta_pH", "J_ATP")):
        (line,) = curves(ax)
        np.testing.assert_array_equal(line.get_ydata(), titrated[name])
        assert by_gid(ax, "maximum")[0].get_xdata()[0] == best
        assert plot.label(titrated[name]) in ax.get_ylabel()
    assert axes[-1].get_xlabel() == "FCCP / µM"
    assert {t.get_text() for t in by_gid(axes[3], "side")} == {"synthesis", "hydrolysis"}
    assert by_gid(axes[3], "zero")


def test_doses_without_a_steady_state_are_gaps_with_a_note(titrated):
    ds = titrated.copy(deep=True)
    ds["success"][10:13] = False
    axes = plot.titration(ds)
    for ax in axes:
        assert np.isnan(curves(ax)[0].get_ydata()[10:13]).all()
        assert np.isfinite(curves(ax)[0].get_ydata()).sum() == ds.sizes["FCCP_dose"] - 3
    np.testing.assert_array_equal(by_gid(axes[0], "failed")[0].get_xdata(), ds["FCCP_dose"][10:13])
    assert "3 of 30" in axes[0].get_title(loc="left")


def test_a_family_of_titrations_is_drawn_along_the_chosen_dose(model):
    ds = model.titrate("FCCP", np.linspace(0, 1, 12), {"load.capacity": np.array([0.0, 300.0])})
    with pytest.raises(mc.ParameterError, match="choose one, such as dose="):
        plot.titration(ds)
    axes = plot.titration(ds, dose="FCCP_dose")
    assert [len(curves(ax)) for ax in axes] == [2, 2, 2, 2]
    assert len(by_gid(axes[0], "maximum")) == 2


def test_a_law_is_drawn_against_its_force():
    pmf = np.linspace(-50, 220, 40)
    ax = plot.flux_force(SinhLeak().J_leak, pmf, color="k")
    (line,) = curves(ax)
    np.testing.assert_array_equal(line.get_ydata(), SinhLeak().J_leak(pmf))
    assert line.get_color() == "k"
    assert ax.get_xlabel() == r"$\Delta p$ / mV"
    assert ax.get_ylabel().endswith("nmol min⁻¹ mg⁻¹")
    force = xr.DataArray(pmf, dims="x", name="pmf", attrs={"units": "mV", "symbol": r"\Delta p"})
    assert plot.flux_force(OhmicLeak().J_leak, force, ax=ax) is ax
    assert len(curves(ax)) == 2
    assert plot.flux_force(OhmicLeak().J_leak, force).figure is not ax.figure


def test_a_law_of_more_than_the_force_says_what_else_it_takes():
    with pytest.raises(mc.ParameterError, match="given="):
        plot.flux_force(Phosphorylation().J_ATP, np.linspace(0, 200, 5))


def test_fluxes_against_a_quantity_follow_the_dataset(titrated):
    ax = plot.flux_against(titrated, "delta_psi", ["J_leak", "J_uncoupler"])
    for line, name in zip(curves(ax), ["J_leak", "J_uncoupler"]):
        np.testing.assert_array_equal(line.get_xdata(), titrated["delta_psi"])
        np.testing.assert_array_equal(line.get_ydata(), titrated[name])
    assert len({str(line._unscaled_dash_pattern) for line in curves(ax)}) == 2
    assert ax.get_ylabel() == "flux / nmol min⁻¹ mg⁻¹"
    with pytest.raises(mc.ParameterError, match="different units"):
        plot.flux_against(titrated, "pmf", ["J_O2", "delta_psi"])


def test_the_parts_of_the_force_add_up_even_when_they_oppose_each_other(model):
    control = model.steady_state()
    opposed = control.assign(delta_pH=control["delta_pH"] * 0 - 0.5)
    ax = plot.pmf_components({"control": control, "acid inside": opposed})
    electrical, chemical = ax.containers
    for i, ds in enumerate((control, opposed)):
        assert electrical[i].get_height() == pytest.approx(float(ds["delta_psi"]))
        assert chemical[i].get_height() == pytest.approx(float(ds["nernst_slope"] * ds["delta_pH"]))
    assert chemical[0].get_y() == pytest.approx(float(control["delta_psi"]))
    assert chemical[1].get_y() == 0
    total = float(opposed["delta_psi"] - 0.5 * opposed["nernst_slope"])
    assert by_gid(ax, "total")[1].get_text() == f"{total:.0f}"
    assert "mV" in ax.get_ylabel()
    assert [t.get_text() for t in ax.get_xticklabels()] == ["control", "acid inside"]


def test_a_run_gives_a_bar_for_the_end_of_each_segment(run):
    ax = plot.pmf_components(run)
    assert len(ax.containers[0]) == 4
    assert ax.containers[0][3].get_height() == pytest.approx(float(run["delta_psi"][-1]))


# --- fits, and errors ----------------------------------------------------------------------------------------


def test_data_model_and_residuals_share_the_look_of_their_group():
    x, fine = np.arange(4.0), np.linspace(0, 3, 30)
    axes = plot.data_and_model(
        {"a": (x, x), "b": (x, 2 * x, 0.1 * np.ones(4))},
        {"a": (fine, fine), "b": (fine, 2 * fine)},
        residuals={"a": 0 * x + 0.1, "b": 0 * x - 0.1},
        xlabel="dose / µM",
        ylabel="J / nmol min⁻¹",
    )
    points = [c.lines[0] for c in axes[0].containers]
    models = by_gid(axes[0], "model")
    assert [p.get_color() for p in points] == [m.get_color() for m in models]
    assert [p.get_marker() for p in points] == ["o", "s"]
    np.testing.assert_array_equal(points[1].get_ydata(), 2 * x)
    np.testing.assert_array_equal(axes[1].containers[1].lines[0].get_ydata(), -0.1 * np.ones(4))
    assert axes[1].get_ylabel() == "residual /\nnmol min⁻¹"
    assert axes[1].get_xlabel() == "dose / µM"
    assert [t.get_text() for t in axes[0].get_legend().get_texts()] == ["a", "b"]


def test_residuals_can_be_read_off_the_curves():
    x = np.array([0.0, 1.0, 2.0])
    axes = plot.data_and_model({"a": (x, x + 0.5)}, {"a": (x, x)}, residuals=True, xlabel="t / min", ylabel="J / mV")
    np.testing.assert_allclose(axes[1].containers[0].lines[0].get_ydata(), 0.5)
    assert len(plot.data_and_model({"a": (x, x)}, residuals=False, xlabel="t / min", ylabel="J / mV")) == 1


def test_errors_name_the_nearest_variable_or_what_to_do_instead(titrated, run, model):
    with pytest.raises(mc.ParameterError, match="Did you mean delta_psi"):
        plot.trace(run, "delta_pi")
    with pytest.raises(mc.ParameterError, match="Did you mean"):
        plot.flux_against(titrated, "pmv")
    with pytest.raises(mc.ParameterError, match=r"plot\.titration"):
        plot.trace(titrated)
    with pytest.raises(mc.ParameterError, match=r"plot\.trace"):
        plot.titration(run)
    with pytest.raises(mc.ParameterError, match="single point"):
        plot.titration(model.steady_state())
    with pytest.raises(mc.ParameterError, match="4 panels"):
        plot.titration(titrated, axes=plt.figure().subplots(1, 3))
    with pytest.raises(mc.ParameterError, match="'linear' or 'log'"):
        plot.titration(titrated, scale="logit")
    with pytest.raises(mc.ParameterError, match="labels has 1"):
        plot.pmf_components([model.steady_state()] * 2, ["one"])
    with pytest.raises(mc.ParameterError, match="Did you mean a"):
        plot.data_and_model({"a": ([0, 1], [0, 1])}, residuals={"A": [0, 0]}, xlabel="x", ylabel="y")


def test_labels_are_spread_without_overlap_and_no_further_than_needed():
    sizes = np.full(4, 10.0)
    np.testing.assert_allclose(spread_out(np.array([10.0, 40.0, 70.0, 90.0]), sizes, 0, 100), [10, 40, 70, 90])
    spread = spread_out(np.array([50.0, 50.0, 50.0, 50.0]), sizes, 0, 100)
    np.testing.assert_allclose(spread, [35, 45, 55, 65])
    assert spread_out(np.zeros(4), sizes, 0, 30) is None


def test_a_run_read_back_from_json_attributes_keeps_its_additions(run):
    assert [e.time for e in plot.events(run) if e.added] == json.loads(run.attrs["additions"])
