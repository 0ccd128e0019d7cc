"""What starting costs: whole processes, from the shell's point of view.

Run alone (``python docs/benchmarks/startup.py``) it prints its section of the report.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from contest import save
from measure import interleaved, ratios, spread, table

ROUNDS = 7
MITOCHEM = str(Path(sys.executable).parent / "mitochem")
TITRATE = ["titrate", "FCCP", "--no-files"]
REFERENCE = "`import numpy`"


def main_after(arguments: list[str]) -> str:
    """Code that does what the command does and then writes how many modules it took to standard error."""
    return (
        "import sys\nfrom mitochem.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print(len(sys.modules), file=sys.stderr)"
    )


def code_after(code: str) -> str:
    return f"{code}\nimport sys\nprint(len(sys.modules), file=sys.stderr)"


def report() -> str:
    """Measure; the section of the report as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder) / "warm"
        python = [sys.executable, "-c"]
        cases = {
            "`pass`": ([*python, "pass"], code_after("pass")),
            REFERENCE: ([*python, "import numpy"], code_after("import numpy")),
            "`import mitochem`": ([*python, "import mitochem"], code_after("import mitochem")),
            "`mitochem --help`": ([MITOCHEM, "--help"], main_after(["--help"])),
            "`import scipy.integrate, xarray`": (
                [*python, "import scipy.integrate, xarray"],
                code_after("import scipy.integrate, xarray"),
            ),
            "`mitochem titrate FCCP --no-files`, later": ([MITOCHEM, *TITRATE], main_after(TITRATE)),
            "`mitochem titrate FCCP --no-files`, first": ([MITOCHEM, *TITRATE], main_after(TITRATE)),
        }

        def run(command: list[str], first: bool) -> str:
            with tempfile.TemporaryDirectory() as empty:
                environment = os.environ | {"MITOCHEM_CACHE": empty if first else str(warm)}
                done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            return done.stderr

        run([MITOCHEM, *TITRATE], first=False)  # writes the bytecode and the warm cache, so that nothing below does
        modules = {
            name: run([*python, probe], name.endswith("first")).split()[-1] for name, (_, probe) in cases.items()
        }
        tasks = {name: partial(run, command, name.endswith("first")) for name, (command, _) in cases.items()}
        seconds = interleaved(tasks, ROUNDS)
    rows = [
        [name, spread(times, 1e3), spread(ratios(times, seconds[REFERENCE])), modules[name]]
        for name, times in seconds.items()
    ]
    return f"""\
## Start-up

Whole processes, interpreter included, on one Python; median [smallest–largest] of {ROUNDS} rounds. *later* finds the
generated code of an earlier run in `$MITOCHEM_CACHE`; *first* starts with that folder empty and so imports SymPy and
derives the equations. `titrate` solves 101 doses and prints a table.

{table(["process", "ms", "time / `import numpy`", "modules loaded"], rows)}
"""


if __name__ == "__main__":
    save("startup", report(), {}, quick="--quick" in sys.argv)
