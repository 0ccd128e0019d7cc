"""``mitochem fit`` on what students bring: clashing groups, missing units, workbooks of several sheets, lost files."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas
import pytest

from mitochem import plot
from mitochem.cli import main
from mitochem.core.errors import FitError
from mitochem.fitting import arrhenius, dose_response, equilibrium_line, leak_curve, michaelis_menten, modular_kinetics
from mitochem.fitting.results.report import smoothness

ADP = np.array([0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 3])
RATE = 10 + 100 * ADP / (0.1 + ADP) + 0.3 * np.cos(7 * np.arange(8))
QUIET = ("--no-files", "--json")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(name: str, heading: str, *groups: str) -> str:
    """A table of the rates above, for each group if there are any, the rates of the second doubled and so on."""
    rows = [
        ",".join([*([g] if groups else []), str(x), str(y * (i + 1))])
        for i, g in enumerate(groups or ("",))
        for x, y in zip(ADP, RATE)
    ]
    Path(name).write_text("\n".join([heading, *rows]) + "\n", "utf-8")
    return name


def found(capsys, *arguments: str) -> dict:
    assert main(["fit", *arguments, *QUIET]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments: str) -> str:
    assert main(["fit", *arguments]) in (1, 2)
    return capsys.readouterr().err


def test_the_file_that_is_read_is_not_written_over(capsys):
    data = written("mine.csv", "adp (mM),rate")
    before = Path(data).read_bytes()
    assert "write over mine.csv" in refused(capsys, "--data", data, "-o", "mine")
    residuals = written("a_residuals.csv", "adp (mM),rate")
    assert "write over" in refused(capsys, "--data", residuals, "-o", "a")
    assert Path(data).read_bytes() == before
    assert main(["fit", "--data", data, "-o", "sub/mine", "-q"]) == 0
    assert main(["replay", "sub/mine.json", "-o", "sub/mine"]) == 2
    assert main(["replay", "sub/mine.json", "-o", "sub/again", "-q"]) == 0


def test_every_group_has_its_own_file(capsys):
    long = "genotype " * 40
    data = written("s.csv", "g,adp,rate", "A/1", "A 1", "a_1", long + "1", long + "2")
    assert main(["fit", "--data", data, "--group", "g", "-o", "out", "-q"]) == 0
    records = [json.loads(p.read_text("utf-8")) for p in Path().glob("out*.json")]
    assert len(records) == 5
    assert len({p.name.casefold() for p in Path().glob("out*.json")}) == 5
    assert len({json.dumps(r["problem"]["experiments"]) for r in records}) == 5


def test_a_unit_that_is_not_said_is_not_claimed(capsys):
    bare = found(capsys, "--data", written("bare.csv", "adp,rate"))["bare"]
    assert bare["Km"]["unit"] == ""
    assert found(capsys, "--data", written("mM.csv", "adp (mM),rate"))["mM"]["Km"]["unit"] == "mM"
    told = found(capsys, "--data", "bare.csv", "--unit", "adp=uM")["bare"]
    assert told["Km"]["unit"] == "uM"


def test_the_substrate_is_that_of_the_heading(capsys):
    written("s.csv", "succinate (mM),rate")
    assert main(["fit", "--data", "s.csv", "-x", "succinate", "--no-files"]) == 0
    out = capsys.readouterr().out
    assert "Vmax·succinate/(Km + succinate)" in out
    assert "ADP" not in out


def test_errors_may_be_all_that_is_named(capsys):
    x = np.arange(8.0)
    rows = "\n".join(f"{a},{1 + 2 * a + 0.1 * np.cos(5 * a)},0.1" for a in x)
    Path("l.csv").write_text(f"x,y,sd\n{rows}\n", "utf-8")
    line = found(capsys, "--data", "l.csv", "--law", "line", "--column", "y_error=sd")["l"]
    assert line["slope"]["value"] == pytest.approx(2, abs=0.05)


def test_a_unit_may_be_told_by_the_heading(capsys):
    written("d.csv", "FCCP,OCR")
    arguments = ("--data", "d.csv", "--law", "dose-response", "-x", "FCCP", "-y", "OCR")
    assert found(capsys, *arguments, "--unit", "FCCP=nM")["d"]["K"]["unit"] == "nM"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--option", "substrate=a", "--option", "substrate=b"), "substrate is told twice, first as a"),
        (("--column", "adp=adp", "-x", "rate"), "adp is told twice, first as adp"),
        (("--unit", "adp=mM", "--unit", "x=uM"), "adp is told twice, first as mM"),
    ],
)
def test_what_is_told_twice_is_refused(capsys, arguments, said):
    assert said in refused(capsys, "--data", written("t.csv", "adp,rate"), *arguments, "--no-files")


def test_what_is_wrong_says_in_which_group(capsys):
    written("g.csv", "g,adp,rate", "wild")
    with Path("g.csv").open("a") as file:
        file.write("lonely,0.1,50\n")
    assert "group 'lonely': adp is 0.1 throughout" in refused(capsys, "--data", "g.csv", "--group", "g")


def test_a_sheet_is_chosen(capsys):
    with pandas.ExcelWriter("b.xlsx") as book:
        pandas.DataFrame({"note": ["x"]}).to_excel(book, sheet_name="notes", index=False)
        pandas.DataFrame({"adp": ADP, "rate": RATE}).to_excel(book, sheet_name="rates", index=False)
    assert "--sheet" in refused(capsys, "--data", "b.xlsx", "--no-files")
    assert found(capsys, "--data", "b.xlsx", "--sheet", "rates")["b"]["Km"]["value"] == pytest.approx(0.1, rel=0.05)
    assert "--sheet belongs to --data" in refused(capsys, "heart", "--sheet", "rates", "--no-files")


def test_warnings_are_said_without_the_code(capsys):
    written("t.csv", "adp (mM),rate")
    assert main(["fit", "--data", "t.csv", "--unit", "adp=uM", "--no-files"]) == 0
    err = capsys.readouterr().err
    assert err == "mitochem: t.csv: column adp is headed in mM, and read in uM as given\n"


@pytest.mark.parametrize(("number", "beside"), [(3, False), (40, True)])
def test_a_legend_leaves_the_points_free(number, beside):
    groups = {f"{'strain of a long name ' * 4}{i}": (ADP, RATE) for i in range(number)}
    (ax,) = plot.data_and_model(groups, xlabel="ADP / mM", ylabel="rate")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # no room for the axes is a warning
        ax.figure.canvas.draw()
    legend = ax.get_legend()
    box, axes, whole = legend.get_window_extent(), ax.get_window_extent(), ax.figure.bbox
    assert bool(box.x0 >= axes.x1) is beside
    assert box.x1 <= whole.x1
    assert box.y0 >= whole.y0
    texts = [text.get_text() for text in legend.get_texts()]
    assert len(set(texts)) == number
    plt.close(ax.figure)


# --- what the curves say -----------------------------------------------------------------------------


def test_a_rate_that_falls_again_asks_for_a_bell():
    dose = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2])
    falling = np.array([60, 124, 168, 222, 244, 234, 177, 115.0])
    told = [str(w) for w in dose_response(dose, falling, units=("uM", "")).warnings]
    assert any("falls to 115 beyond its largest, 244" in text and "law='bell'" in text for text in told)
    flat = np.array([60, 124, 168, 222, 240, 250, 252, 250.0])
    assert not any("bell" in str(w) for w in dose_response(dose, flat, units=("uM", "")).warnings)


def test_the_reference_of_a_leak_has_a_unit():
    force = np.array([100, 115, 130, 140, 150, 165.0])
    leak = 2 * np.exp(0.035 * (force - 140)) * (1 + 0.01 * np.cos(5 * force))
    assert leak_curve(force, leak, reference="0.14 V")["J_reference"] == pytest.approx(
        leak_curve(force, leak, reference=140)["J_reference"], rel=1e-12
    )
    with pytest.raises(FitError, match="positive when energised"):
        leak_curve(-force, leak)


def test_celsius_is_explained_and_kelvin_not_rounded():
    celsius = np.array([5.0, 15, 25, 35])
    with pytest.raises(FitError, match="Celsius is written degC"):
        arrhenius(celsius, np.exp(celsius / 10), units=("C", ""))
    pmf = np.array([110.0, 130, 150, 170])
    ratio = np.exp((3 * 0.0964853 * pmf - 32) / (8.31446e-3 * 298.15)) * np.array([1.01, 0.99, 0.99, 1.01])
    result = equilibrium_line(pmf, ratio, temperature="25 degC", unit="1/M")
    assert "298.15 K" in repr(result)


def test_a_p_of_zero_is_never_claimed():
    assert 0 < smoothness(np.arange(20.0)) < 0.001


def test_volts_taken_for_millivolts_are_suspected():
    force = np.array([0.10, 0.12, 0.14, 0.16, 0.18])
    told = [str(w) for w in leak_curve(force, np.exp(force / 0.03)).warnings]
    assert any("if they are in V, say so" in text for text in told)
    told = [str(w) for w in leak_curve(force, np.exp(force / 0.03), units=("V", "")).warnings]
    assert not any("in V" in text for text in told)


def test_rates_below_zero_are_said():
    told = [str(w) for w in michaelis_menten(ADP, RATE - 30, offset=True).warnings]
    assert any("reach down to -19.7" in text and "none below 0" in text for text in told)
    assert not any("below 0" in str(w) for w in michaelis_menten(ADP, RATE, offset=True).warnings)


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("adp,rate\n0.1,1\n0.2,low\n0.5,3\n", (), "line 3, column 2 is 'low'"),
        ("adp;rate\n0,1;1,5\n0,2;2.5\n", (), "commas (as in line 2, column 1)"),
        ("g,adp,rate\nA,0.1,1\n,0.2,2\nA,0.5,3\n", ("--group", "g"), "1 of 3 lines have no group"),
        ("adp,rate\n0.1,1\n0.2,2\n0.5,3\n", ("-x", "rate"), "one heading stands for two columns"),
    ],
)
def test_a_place_in_the_file_is_named(capsys, text, arguments, said):
    Path("t.csv").write_text(text, "utf-8")
    assert said in refused(capsys, "--data", "t.csv", *arguments, "--no-files")


def test_the_minus_of_typesetters_is_a_minus(capsys):
    rows = "\n".join(f"{x},{2 * x - 3}".replace("-", "\N{MINUS SIGN}") for x in range(5))
    Path("m.csv").write_text(f"x,y\n{rows}\n", "utf-8")
    assert found(capsys, "--data", "m.csv", "--law", "line")["m"]["intercept"]["value"] == pytest.approx(-3)


def test_a_module_without_scatter_or_without_an_error():
    psi = np.array([180.0, 172, 165, 158, 150])
    leak, made = np.array([20.0, 14, 10, 7, 5]), np.array([150.0, 110, 80, 52, 20])
    exact = modular_kinetics(oxidation=(psi, 920 - 5 * psi), leak=(psi, leak), phosphorylation=(psi, made))
    working = exact.table.sel(state="working")
    assert float(working.operating_force) == pytest.approx(165.27, abs=0.01)
    assert 0 < float(working.operating_force_se) < 1
    volts = modular_kinetics(oxidation=(psi / 1000, 920 - 5 * psi), leak=(psi / 1000, leak))
    assert any("if they are in V, say so" in str(w) for w in volts.warnings)
    assert np.isnan(volts.table.operating_force_se).all()


def test_a_group_that_cannot_be_fitted_stops_no_other(capsys):
    rows = [f"a,{x},{3 + 20 * x / (0.1 + x):.3f}" for x in (0.02, 0.05, 0.1, 0.5, 2)] + ["b,0.1,5", "b,0.2,6"]
    Path("g.csv").write_text("strain,adp,rate\n" + "\n".join(rows) + "\n", "utf-8")
    assert main(["fit", "--data", "g.csv", "--group", "strain", "--no-files", "--json"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["a"]["Vmax"]["value"] == pytest.approx(20, rel=1e-2)
    assert "group 'b': 2 points cannot determine 3 unknowns" in captured.err


def test_replicates_side_by_side_are_points(capsys):
    x = np.array([0.02, 0.05, 0.1, 0.2, 0.5, 2])
    y = 3 + 20 * x / (0.1 + x)
    lines = [f"{a},{b + 0.1:.4f},{b - 0.1:.4f},{b:.4f}" for a, b in zip(x, y)]
    Path("r.csv").write_text("adp,rate 1,rate 2,rate 3\n" + "\n".join(lines) + "\n", "utf-8")
    assert main(["fit", "--data", "r.csv", "-y", "rate 1", "rate 2", "rate 3", "--no-files", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["r"]
    assert found["points"] == 18
    assert found["Vmax"]["value"] == pytest.approx(20, rel=1e-3)
