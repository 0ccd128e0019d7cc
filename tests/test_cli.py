"""The command line as a student and as a careless user meet it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mitochem.cli import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, status: tuple[int, ...] = (1, 2)) -> str:
    """Run a command that must fail with a plain message and leave no file behind."""
    try:
        code = main(list(arguments))
    except SystemExit as stop:  # argparse ends this way
        code = int(stop.code or 0)
    captured = capsys.readouterr()
    assert code in status, captured
    assert "Traceback" not in captured.err
    assert not list(Path().glob("*")), "something half written was left"
    return captured.err


def test_help_teaches_and_every_command_has_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    for command in [
        "run",
        "titrate",
        "steady",
        "fit",
        "params",
        "equations",
        "models",
        "figure",
        "cite",
        "doctor",
        "demo",
    ]:
        assert command in text
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0
    assert "uM" in text
    assert "titrate FCCP" in text


def test_no_command_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "commands:" in capsys.readouterr().out


def test_titrate_writes_dataset_table_and_picture(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["titrate", "FCCP", "--doses", "0:1:21", "--set", "load.capacity=300", "-o", "out/fccp"]) == 0
    assert "largest respiration" in capsys.readouterr().out
    assert sorted(p.name for p in Path("out").iterdir()) == ["fccp.csv", "fccp.nc", "fccp.png"]
    from mitochem import load

    ds = load("out/fccp.nc")
    assert ds.sizes == {"FCCP_dose": 21}
    assert ds["pmf"].attrs["units"] == "mV"
    assert "mitochem" in ds.attrs["source"]


def test_titrate_json_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["titrate", "FCCP", "--doses", "0,0.4,1", "--json", "--no-files"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["dose_of_maximal_respiration_uM"] == 0.4
    assert found["failed"] == 0


def test_run_reads_a_protocol_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.toml").write_text(
        '[[steps]]\nwait = 1\nlabel = "state 4"\n[[steps]]\nadd = {ADP = 0.1}\n[[steps]]\nwait = 1\n', "utf-8"
    )
    assert main(["run", "p.toml", "-o", "r", "--samples", "20", "--format", "svg"]) == 0
    assert "state 4" in capsys.readouterr().out
    assert Path("r.nc").exists()
    assert Path("r.svg").exists()


def test_run_named_assay_and_closed_chamber(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "respiratory_states", "--closed", "--no-files", "--json"]) == 0
    segments = json.loads(capsys.readouterr().out)["segments"]
    assert segments[-1]["segment"] == "state 5"


def test_steady_at_a_point_and_along_a_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steady", "--no-files"]) == 0
    assert "184.949 mV" in capsys.readouterr().out
    assert main(["steady", "--sweep", "load.capacity=0:1200:3", "--substrate", "succinate", "-o", "s"]) == 0
    assert Path("s.csv").read_text("utf-8").startswith("load_capacity,")


def test_values_with_units_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steady", "--no-files", "--set", "environment.temperature=30 degC"]) == 0
    assert "mV" in capsys.readouterr().out


def test_tables_and_equations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["params", "--search", "leak", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"leak.amplitude", "leak.steepness"} <= {row["parameter"] for row in rows}
    assert main(["equations", "J_leak"]) == 0
    assert capsys.readouterr().out.strip() == "J_leak = leak.amplitude*velocity_factor*sinh(leak.steepness*pmf)"
    assert main(["equations", "pmf", "--latex"]) == 0
    assert "=" in capsys.readouterr().out
    assert main(["models"]) == 0
    assert "isolated_mitochondria" in capsys.readouterr().out
    assert main(["cite"]) == 0
    assert "@software{mitochem" in capsys.readouterr().out


def test_doctor_checks_a_known_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"]
    assert all(check["ok"] for check in report["checks"].values())


def test_figures_of_the_gallery(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figure", "--list"]) == 0
    assert "uncoupler_titration" in capsys.readouterr().out
    assert main(["figure", "leak_curve", "-o", "leak"]) == 0
    assert Path("leak.png").stat().st_size > 5000
    assert Path("leak.csv").exists()


def test_fit_of_a_published_titration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "adp_titration", "-o", "f"]) == 0
    assert "Vmax" in capsys.readouterr().out
    assert Path("f.csv").exists()
    assert Path("f.png").exists()


def test_fit_of_my_own_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = "\n".join(f"{x},{3 + 20 * x / (0.1 + x)}" for x in (0.02, 0.05, 0.1, 0.2, 0.5, 1, 3))
    Path("mine.csv").write_text(f"adp,rate\n{rows}\n", "utf-8")
    assert main(["fit", "--data", "mine.csv", "--no-files", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["mine"]["Vmax"]["value"] == pytest.approx(20, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("titrate", "FCPP"), "Did you mean FCCP?"),
        (("titrate", "FCCP", "--doses", "a:b:c"), "START:STOP:COUNT"),
        (("titrate", "FCCP", "--doses=-1:1:5"), "FCCP"),
        (("titrate", "FCCP", "--doses", "log:0:1:5"), "log:START:STOP:COUNT"),
        (("steady", "--set", "leak.amplitude=-1"), "leak.amplitude"),
        (("steady", "--set", "leak.amplitud=1"), "Did you mean leak.amplitude?"),
        (("steady", "--set", "leak.amplitude"), "NAME=VALUE"),
        (("steady", "--set", "leak.amplitude=5 mV"), "mV"),
        (("steady", "--model", "isolated_mitochondira"), "isolated_mitochondria"),
        (("steady", "--sweep", "load.capacity"), "NAME=VALUES"),
        (("run", "nothing.toml"), "nothing.toml"),
        (("run", "respiratory_stats"), "respiratory_states"),
        (("params", "--search", "zebra"), "zebra"),
        (("equations", "J_leek"), "J_leak"),
        (("figure", "leak_curv"), "leak_curve"),
        (("fit", "adp_titraton"), "adp_titration"),
        (("fit", "--data", "nothing.csv"), "nothing.csv"),
        (("nonsense",), "invalid choice"),
    ],
)
def test_bad_usage_is_explained_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(capsys, *arguments)


def test_a_demand_above_capacity_is_said_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["steady", "--load", "constant", "--set", "load.demand=1000", "--no-files"])
    assert status == 1
    assert "no steady state" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be made read-only this way on Windows")
def test_an_unwritable_place_is_refused_before_the_work(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    assert main(["titrate", "FCCP", "-o", str(blocked / "deeper" / "out")]) == 1
    assert "cannot write to" in capsys.readouterr().err


def test_broken_protocol_files_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {
        "a.toml": "this is = not [toml",
        "b.toml": "[[steps]]\nwiat = 2\n",
        "c.json": '{"steps": [{"wait": -1}]}',
        "d.csv": "time,what\n1,2\n",
        "e.toml": "[[steps]]\nadd = {ADP = 0.1}\n",
        "f.toml": "steps = []\n",
    }.items():
        Path(name).write_text(text, "utf-8")
        assert main(["run", name, "--no-files"]) == 2, name
        message = capsys.readouterr().err
        assert message.startswith("mitochem: ")
        assert message.count("\n") == 1


def test_a_closed_pipe_is_not_an_error() -> None:
    command = f"{sys.executable} -m mitochem params | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
