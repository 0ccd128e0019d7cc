"""Assays and files of instruments on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import mitochem as mc
from mitochem.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> dict:
    """What a command says as JSON."""
    assert main([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert not list(Path().glob("*.nc"))
    return captured.err


def test_the_assays_are_listed(capsys):
    assert main(["run", "--list"]) == 0
    text = capsys.readouterr().out
    for name in mc.experiments.list().index:
        assert name in text
    assert main(["run"]) == 0
    assert capsys.readouterr().out == text


@pytest.mark.parametrize("name", mc.experiments.list().index)
def test_every_assay_runs_on_its_own_model(capsys, name):
    found = told(capsys, "run", name.replace("_", "-"), "--samples", "20")
    assert found["model"] == mc.experiments.get(name).model_name
    for file in found["files"]:
        assert Path(file).stat().st_size > 0
    assert {Path(f).suffix for f in found["files"]} >= {".nc", ".csv", ".png"}


def test_a_stress_test_tells_inferred_and_true(capsys):
    rows = {r["readout"]: r for r in told(capsys, "run", "stress-test", "--no-files")["parameters"]}
    assert rows["proton_leak"]["inferred"] > 1.5 * rows["proton_leak"]["true"]
    assert rows["basal_respiration"]["inferred"] == pytest.approx(rows["basal_respiration"]["true"], rel=1e-3)
    assert rows["coupling_efficiency_percent"]["inferred"] < rows["coupling_efficiency_percent"]["true"]
    noisy = {r["readout"]: r for r in told(capsys, "run", "stress-test", "--no-files", "--seed", "3")["parameters"]}
    assert noisy["basal_respiration"]["inferred"] != pytest.approx(rows["basal_respiration"]["inferred"], rel=1e-2)
    assert noisy["basal_respiration"]["true"] == rows["basal_respiration"]["true"]


def test_arguments_of_an_assay_can_be_given(capsys):
    found = told(capsys, "run", "suit", "--no-files", "--with", "fccp=0.1,0.2", "--samples", "20")
    assert found["coupling"]["et_capacity"] > found["coupling"]["oxphos_capacity"]
    succinate = told(capsys, "run", "suit", "--no-files", "--substrate", "succinate", "--samples", "20")
    assert succinate["coupling"]["oxphos_capacity"] != pytest.approx(found["coupling"]["oxphos_capacity"], rel=1e-2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "stres-test"), "Did you mean stress_test"),
        (("run", "stress-test", "--with", "fcp=1"), "Did you mean fccp"),
        (("run", "stress-test", "--with", "fccp"), "write NAME=VALUE"),
        (("run", "stress-test", "--with", "fccp=lots"), "FCCP = 'lots'"),
        (("run", "stress-test", "--with", "fccp=-1"), "FCCP = -1"),
        (("run", "suit", "--overlay", "mine.csv"), "--column"),
        (("run", "suit", "--overlay", "mine.csv", "--column", "J_O2"), "write NAME="),
        (("run", "suit", "--model", "sut"), "sut"),
        (("analyse", "nothing.xlsx"), "does not exist"),
        (("analyse", "nothing.csv"), "does not exist"),
    ],
)
def test_what_is_not_possible_is_refused(capsys, arguments, said):
    assert said in refusal(capsys, *arguments)


def test_a_file_of_no_known_kind_is_refused(capsys):
    Path("mine.csv").write_text("a,b\n1,2\n", "utf-8")
    assert "name its columns" in refusal(capsys, "analyse", "mine.csv")


def test_own_measurements_are_laid_over_a_run(capsys):
    Path("mine.csv").write_text("Time (min);OCR (nmol/min/mg)\n0,5;12,1\n1,5;11,0\n3,0;80,5\n", "utf-8")
    columns = ("--column", "time=Time (min)", "--column", "J_O2=OCR (nmol/min/mg)")
    found = told(capsys, "run", "respiratory-states", "--overlay", "mine.csv", *columns, "--samples", "20")
    assert any(f.endswith("_overlay.png") for f in found["files"])
    read = told(capsys, "analyse", "mine.csv", *columns)
    assert read["kind"] == "table"
    assert read["rows"] == 3


def test_what_the_virtual_instruments_write_can_be_analysed(capsys):
    told(capsys, "run", "stress-test", "--seed", "3", "--instrument-file", "-o", "practice")
    read = told(capsys, "analyse", "practice_plate.xlsx")
    assert read["kind"] == "wave"
    seen = {r["readout"]: r["inferred"] for r in told(capsys, "run", "stress-test", "--seed", "3")["parameters"]}
    (row,) = read["parameters"]
    assert row["basal_respiration"] == pytest.approx(seen["basal_respiration"], rel=1e-6)
    protein = ("--set", "environment.protein=0.05")
    told(capsys, "run", "suit", "--closed", "--instrument-file", "-o", "practice", *protein)
    read = told(capsys, "analyse", "practice_datlab.csv")
    assert read["kind"] == "datlab"
    assert read["chambers"]
