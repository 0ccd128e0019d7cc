"""``mitochem fit`` and ``mitochem replay``: own tables by any law, doubts on request, a fit run again."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas
import pytest

from mitochem.cli import main

DOSES = np.array([0, 50, 100, 200, 300, 400, 500])


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def strains() -> Path:
    """Two strains, decimal commas, doses in nM in the heading, an error column."""
    rng = np.random.default_rng(1)
    lines = ["strain;FCCP (nM);OCR (pmol/(s*mL));sd"]
    for strain, top in (("wild", 300.0), ("mutant", 200.0)):
        for dose in DOSES:
            rate = 60 + top * dose / (120 + dose) + rng.normal(0, 2.0)
            lines.append(f"{strain};{dose};{rate:.2f};2".replace(".", ","))
    path = Path("strains.csv")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def said(capsys, *arguments: str, status: int = 0) -> str:
    assert main(list(arguments)) == status
    return str(capsys.readouterr().out)


def test_published_fits_and_laws_are_listed(capsys):
    assert "heart" in said(capsys, "fit")
    text = said(capsys, "fit", "--laws")
    for law in ("michaelis-menten", "equilibrium", "leak", "arrhenius", "carrier"):
        assert law in text
    laws = json.loads(said(capsys, "fit", "--laws", "--json"))
    assert {row["law"] for row in laws} >= {"dose-response", "rate-against-pmf"}


def test_groups_of_a_table_are_fitted_apart(capsys, strains):
    out = said(
        capsys, "fit", "--data", str(strains), "--law", "dose-response", "-x", "FCCP", "-y", "OCR", "--group", "strain",
        "--column", "J_error=sd", "-o", "out",
    )  # fmt: skip
    assert "FCCP / nM" not in out  # that is for the axis
    table = pandas.read_csv("out.csv").set_index(["fit", "parameter"])
    assert table.loc[("wild", "Jm"), "value"] == pytest.approx(360, rel=0.1)
    assert table.loc[("mutant", "Jm"), "value"] == pytest.approx(260, rel=0.1)
    assert table.loc[("wild", "K"), "unit"] in ("nM", "uM")
    for name in ("out.png", "out_residuals.csv", "out_wild.json", "out_mutant.json"):
        assert Path(name).stat().st_size > 100


def test_groups_share_a_constant(capsys, strains):
    text = said(
        capsys, "fit", "--data", str(strains), "-x", "FCCP", "-y", "OCR", "--group", "strain",
        "--option", "shared=Km", "--no-files", "--json",
    )  # fmt: skip
    (found,) = json.loads(text).values() if "files" not in json.loads(text) else [json.loads(text)["strains"]]
    assert {"Vmax[wild]", "Vmax[mutant]", "Km"} <= set(found)
    assert found["Km"]["value"] == pytest.approx(120, rel=0.2)
    assert found["Km"]["verdict"] == "identified"


def test_doubts_on_request(capsys, strains):
    text = said(
        capsys, "fit", "--data", str(strains), "--law", "dose-response", "-x", "FCCP", "-y", "OCR", "--group", "strain",
        "--profile", "--bootstrap", "20", "--starts", "4", "-o", "out",
    )  # fmt: skip
    assert "profile likelihood, wild" in text
    assert "4 of 4 starts end at the best fit" in text
    assert "bootstrap, mutant: 20 of 20 samples" in text
    for name in ("out_profiles.csv", "out_profiles_wild.png", "out_bootstrap.csv"):
        assert Path(name).stat().st_size > 100


def test_options_of_a_law(capsys):
    kelvin = np.array([278.0, 288, 298, 308, 318])
    rates = 3.0 * np.exp(-55 / 8.31446e-3 * (1 / kelvin - 1 / 298)) * (1 + 0.01 * np.array([1, -1, 1, -1, 1]))
    rows = "\n".join(f"{t - 273.15},{v}" for t, v in zip(kelvin, rates))
    Path("t.csv").write_text(f"temperature (degC),rate\n{rows}\n", "utf-8")
    found = json.loads(
        said(
            capsys,
            "fit",
            "--data",
            "t.csv",
            "--law",
            "arrhenius",
            "--option",
            "reference=25 degC",
            "--no-files",
            "--json",
        )
    )["t"]
    assert found["activation_energy"]["value"] == pytest.approx(55, rel=0.02)
    assert found["activation_energy"]["unit"] == "kJ/mol"


def test_an_equilibrium_line_from_columns_by_name(capsys):
    # RT ln Q = n F pmf - G, hand-typed: n 4, G 37 kJ/mol, 25 degC
    pmf = np.array([120.0, 135, 150, 165, 180])
    q = np.exp((4 * 0.0964853 * pmf - 37.0) / (8.31446e-3 * 298.15))
    rows = "\n".join(f"{p},{v}" for p, v in zip(pmf, q * (1 + 0.02 * np.array([1, -1, 1, 1, -1]))))
    Path("line.csv").write_text(f"pmf (mV),ratio\n{rows}\n", "utf-8")
    arguments = ("fit", "--data", "line.csv", "--law", "equilibrium", "--option", "temperature=25 degC", "--no-files")
    found = json.loads(said(capsys, *arguments, "--unit", "ratio=1/M", "--json"))["line"]
    assert found["h_per_atp_thermodynamic"]["value"] == pytest.approx(4.0, rel=0.01)
    assert found["standard_energy"]["value"] == pytest.approx(37.0, rel=0.01)
    assert found["pmf_at_unity"]["value"] == pytest.approx(37 / (4 * 0.0964853), rel=0.01)
    assert main([*arguments, "--quiet"]) == 2
    assert "--unit ratio=" in capsys.readouterr().err


def test_a_recorded_fit_is_run_again(capsys, strains):
    said(capsys, "fit", "--data", str(strains), "-x", "FCCP", "-y", "OCR", "-o", "one")
    first = pandas.read_csv("one.csv")
    record = json.loads(Path("one.json").read_text("utf-8"))
    assert record["provenance"]["data"]["file"] == "strains.csv"
    strains.unlink()
    text = said(capsys, "replay", "one.json", "-o", "two")
    assert "Km" in text
    second = pandas.read_csv("two.csv")
    assert second.value.tolist() == first.value.tolist()
    assert second.se.tolist() == pytest.approx(first.se.tolist(), nan_ok=True)


def test_a_changed_record_is_refused(capsys, strains):
    said(capsys, "fit", "--data", str(strains), "-x", "FCCP", "-y", "OCR", "-o", "one")
    record = json.loads(Path("one.json").read_text("utf-8"))
    values = record["problem"]["experiments"][0]["observed"]
    next(iter(values.values()))[0] += 1
    Path("one.json").write_text(json.dumps(record), "utf-8")
    assert main(["replay", "one.json", "--no-files"]) == 1
    assert "digests differ" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--law", "leek"), "Did you mean leak?"),
        (("--law", "leak", "-x", "FCCP"), "no line has the heading"),
        (("-x", "FCPC", "-y", "OCR"), "FCPC"),
        (("-x", "FCCP", "-y", "OCR", "--group", "stran"), "stran"),
        (("-x", "FCCP", "-y", "OCR", "--column", "K=sd"), "takes no column 'K'"),
        (("-x", "FCCP", "-y", "OCR", "--column", "sd"), "NAME=HEADING"),
        (("-x", "FCCP", "-y", "OCR", "--option", "offst=true"), "has no option 'offst'"),
        (("-x", "FCCP", "-y", "OCR", "--option", "inhibition=perhaps"), "neither true nor false"),
        (("-x", "FCCP", "-y", "OCR", "--unit", "z=mM"), "'z' is not among the columns"),
        (("-x", "FCCP", "-y", "strain"), "wild"),
        (("-x", "FCCP", "-y", "OCR", "--starts", "0"), "--starts"),
        (("-x", "FCCP", "-y", "OCR", "--bootstrap", "1"), "--bootstrap"),
        (("heart", "-x", "FCCP"), "not both"),
    ],
)
def test_bad_usage_is_explained(capsys, strains, arguments, said):
    assert main(["fit", "--data", str(strains), *arguments, "--no-files"]) in (1, 2)
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_options_of_tables_do_not_go_with_published_fits(capsys):
    assert main(["fit", "heart", "--law", "leak", "--no-files"]) == 2
    assert "--law belongs to --data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("adp,rate\n0.1,1\n0.2,nan\n0.5,3\n", "not finite"),
        ("adp,rate\n0.1,1\n0.2,\n0.5,3\n", "not finite"),
        ("adp,rate\n0.1,1\n0.2,two\n0.5,3\n", "two"),
        ("adp,rate\n0.1,1\n0.2,2\n", "cannot determine"),
        ("adp,rate\n-0.1,1\n0.2,2\n0.5,3\n", "-0.1"),
        ("", "empty"),
        ("adp,rate\n", "no lines"),
    ],
)
def test_bad_tables_are_refused_by_what_is_wrong(capsys, text, said):
    Path("bad.csv").write_text(text, "utf-8")
    assert main(["fit", "--data", "bad.csv"]) in (1, 2)
    err = capsys.readouterr().err
    assert said in err
    assert [p.name for p in Path().iterdir()] == ["bad.csv"]


def test_the_order_of_lines_does_not_matter(capsys):
    x = np.array([0.02, 0.05, 0.1, 0.2, 0.5, 1, 3])
    y = 3 + 20 * x / (0.1 + x) + 0.1 * np.cos(np.arange(7))
    found = []
    for order in (np.arange(7), np.array([3, 0, 6, 1, 5, 2, 4])):
        rows = "\n".join(f"{a},{b}" for a, b in zip(x[order], y[order]))
        Path("t.csv").write_text(f"adp,rate\n{rows}\n", "utf-8")
        found.append(json.loads(said(capsys, "fit", "--data", "t.csv", "--no-files", "--json"))["t"])
    for name in ("Vmax", "Km", "J0"):
        assert found[0][name]["value"] == pytest.approx(found[1][name]["value"], rel=1e-6)
        assert math.isfinite(found[0][name]["standard_error"])


def test_an_interrupt_after_the_fit_keeps_it(capsys, strains, monkeypatch):
    def stopped(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("mitochem.fitting.profile", stopped)
    assert main(["fit", "--data", str(strains), "-x", "FCCP", "-y", "OCR", "--profile", "-o", "out"]) == 1
    captured = capsys.readouterr()
    assert "Vmax" in captured.out
    assert "the fit is done" in captured.err
    assert Path("out.csv").exists()
    assert Path("out.json").exists()
