"""What the command line takes; written so that ``--help`` teaches."""

from __future__ import annotations

import argparse
from typing import Any

from .. import __version__

__all__ = ["build_parser"]

_EPILOG = """\
examples:
  mitochem titrate FCCP --set load.capacity=300
  mitochem run respiratory-states
  mitochem run stress-test --with fccp=0.5 --seed 3
  mitochem analyse plate.xlsx
  mitochem run protocol.toml --closed -o my_run
  mitochem steady --sweep load.capacity=0:1200:60
  mitochem fit adp_titration
  mitochem params --search leak
  mitochem figure --list

Concentrations are mM for what is in the bath and uM for drugs; times are minutes; rates are nmol/min/mg protein, oxygen
as O2 (not O). Values may carry a unit: --set environment.temperature='25 degC'.
"""

_VALUES = "numbers as START:STOP:COUNT, as a list 0,0.1,0.2, or log:START:STOP:COUNT"


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=110)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command."""
    parser = argparse.ArgumentParser(
        prog="mitochem",
        description="Mitochondrial chemiosmosis: simulate, titrate and fit the proton battery of the cell.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"mitochem {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, help: str, description: str = "", **kinds: bool) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=description or help, formatter_class=_Formatter)
        sub.set_defaults(command=name.replace("-", "_"))
        if kinds.get("model"):
            _model_options(sub)
        if kinds.get("writes"):
            _output_options(sub, name)
        sub.add_argument("--json", action="store_true", help="print the result as JSON, for other programs")
        sub.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
        return sub

    run = command(
        "run",
        "run an experiment in time: an assay, or a protocol of your own",
        "Run an assay by its name (mitochem run --list shows them), or a .toml, .json or .csv file of steps. In TOML, "
        "the file is a list of [[steps]] such as  wait = 2,  add = {ADP = 0.2},  set = {\"load.capacity\" = 600}.",
        model=True,
        writes=True,
    )  # fmt: skip
    run.add_argument("protocol", nargs="?", help="assay (stress-test, suit, respiratory-states, ...) or protocol file")
    run.add_argument("--list", action="store_true", dest="listing", help="list the assays and what can be varied")
    run.add_argument(
        "--with",
        action="append",
        default=[],
        dest="arguments",
        metavar="NAME=VALUE",
        help="argument of the assay, e.g. fccp=0.5 or fccp=0.1,0.1,0.2; repeat",
    )
    run.add_argument("--closed", action="store_true", help="closed chamber: oxygen is used up")
    run.add_argument("--samples", type=int, default=200, help="points per segment (default 200)")
    run.add_argument("--overlay", metavar="FILE", help="your own csv or xlsx, drawn over the run; needs --column")
    _column_options(run)
    instrument = run.add_argument_group("instrument (stress-test, suit)")
    instrument.add_argument("--seed", type=int, help="record with the noise of the instrument; by default without")
    instrument.add_argument(
        "--instrument-file", action="store_true", help="also write the file that the instrument would export"
    )
    _convention(instrument)

    analyse = command(
        "analyse",
        "read a file of an instrument",
        "Read a Wave workbook (.xlsx), a DatLab or O2view csv, or a table of your own with --column, and tell what it "
        "was measured for: the parameters of a stress test, or the plateaus and coupling states of a trace.",
        writes=True,
    )
    analyse.add_argument("file", help="the file")
    analyse.add_argument("--kind", choices=["wave", "datlab", "o2view", "table"], help="by default told by its looks")
    analyse.add_argument("--protein", type=float, metavar="MG_PER_ML", help="protein in the chamber, for J_O2 per mg")
    analyse.add_argument(
        "--average",
        choices=["parameters", "rates"],
        default="parameters",
        help="over wells: their parameters, or their rates first",
    )
    _convention(analyse)
    _column_options(analyse)

    titrate = command(
        "titrate",
        "steady states along doses of a drug",
        "Steady states along doses of a drug. Bath nucleotides are held at their values before the drug, so "
        "that ATP synthesis can turn into hydrolysis; --free lets them follow.",
        model=True,
        writes=True,
    )
    titrate.add_argument("drug", help="FCCP, CCCP, oligomycin, rotenone, ... (mitochem models lists them)")
    titrate.add_argument("--doses", default="0:1:101", metavar="VALUES", help=f"uM in the chamber: {_VALUES}")
    titrate.add_argument("--free", action="store_true", help="let the bath nucleotides follow")

    steady = command("steady", "steady states, at one point or along sweeps", model=True, writes=True)
    steady.add_argument(
        "--sweep", action="append", default=[], metavar="NAME=VALUES", help=f"{_VALUES}; repeat for a grid"
    )

    fit = command(
        "fit",
        "fit published data, or your own table",
        "Fit data, say what they determine and what they do not, and draw them. Without a name, lists the published\n"
        "fits. With --data, fits a law to your own csv or xlsx: --laws lists them with their columns and options.\n"
        "STEM.json holds everything to run the fit again (mitochem replay STEM.json).\n\n"
        "  mitochem fit --data titration.csv --law dose-response -x FCCP -y OCR --unit x=nM --group strain\n"
        "  mitochem fit --data line.csv --law equilibrium --option temperature='25 degC' --unit ratio=1/M",
        writes=True,
    )
    fit.add_argument("name", nargs="?", help="a published fit, such as adp_titration or heart")
    own = fit.add_argument_group("your own table")
    own.add_argument("--data", metavar="FILE", help="csv or xlsx with one line of headings")
    own.add_argument("--sheet", metavar="NAME", help="sheet of a workbook that has several")
    own.add_argument("--law", help="what to fit (default michaelis-menten-offset)")
    own.add_argument("--laws", action="store_true", help="list the laws, their columns and options")
    own.add_argument("-x", metavar="HEADING", help="heading of the law's first column (default: its name)")
    own.add_argument(
        "-y",
        metavar="HEADING",
        nargs="+",
        help="heading of its second (default: its name, or rate), or of its replicates",
    )
    own.add_argument("--group", metavar="HEADING", help="fit each group apart (--option shared=Km: jointly)")
    _column_assignments(own)
    own.add_argument(
        "--option", action="append", default=[], dest="options", metavar="NAME=VALUE",
        help="of the law, e.g. temperature='25 degC'; repeat",
    )  # fmt: skip
    own.add_argument("--plain", action="store_true", help="Michaelis-Menten without an offset")
    doubts = fit.add_argument_group("how sure is it")
    doubts.add_argument("--profile", action="store_true", help="profile likelihood of every unknown, with a figure")
    doubts.add_argument("--bootstrap", type=int, default=0, metavar="N", help="intervals from N resampled fits")
    doubts.add_argument("--starts", type=int, default=1, metavar="N", help="search from N places and keep the best")
    doubts.add_argument("--seed", type=int, default=0, metavar="N", help="of starts and resampling (default 0)")

    replay = command("replay", "run a recorded fit again, and say what comes out differently", writes=True)
    replay.set_defaults(profile=False, bootstrap=0, seed=0)
    replay.add_argument("record", metavar="JSON", help="what mitochem fit wrote")

    params = command("params", "table of parameters with units, ranges and sources", model=True)
    params.add_argument("--search", default="", metavar="TEXT", help="only rows that contain this text")

    equations = command("equations", "the equations of a model", model=True)
    equations.add_argument("quantity", nargs="?", default="", help="one quantity (default: all)")
    equations.add_argument("--latex", action="store_true", help="as LaTeX")

    command(
        "verify",
        "check a model against what is known of it",
        "Compare a model with what is known of it independently of its laws: algebra, second law, books, units, "
        "hand-typed laws and printed numbers. Exit status 1 if a comparison fails.",
        model=True,
    )
    command("models", "the models and drugs that come with the package")
    cite = command("cite", "BibTeX of what a model uses", model=True)
    cite.add_argument("--dataset", default="", metavar="NAME", help="of a data set instead")

    figure = command("figure", "draw a figure of the gallery", writes=True)
    figure.add_argument("name", nargs="?", help="which figure")
    figure.add_argument("--list", action="store_true", dest="listing", help="list them")
    figure.add_argument("--all", action="store_true", dest="every", help="draw all of them")

    doctor = command(
        "doctor",
        "check the installation and run a small known case",
        "Say what is installed and run a small known case. With --compile, make the machine code of the built-in "
        "models now, so that no later sweep or ensemble waits for it.",
    )
    doctor.add_argument("--compile", action="store_true", help="make machine code of the built-in models")
    command("demo", "uncouple a mitochondrion and fit an ADP titration", writes=True)
    return parser


def _convention(group: Any) -> None:
    group.add_argument(
        "--convention",
        choices=["agilent", "fixed"],
        default="agilent",
        help="stress test: lowest and highest of a phase (agilent, the default), or fixed measurements",
    )


def _column_options(sub: Any) -> None:
    _column_assignments(sub.add_argument_group("table of your own"))


def _column_assignments(group: Any) -> None:
    group.add_argument(
        "--column", action="append", default=[], dest="columns", metavar="NAME=HEADING", help="what is where; repeat"
    )
    group.add_argument(
        "--unit", action="append", default=[], dest="units", metavar="NAME=UNIT", help="if the heading has none"
    )


def _model_options(sub: Any) -> None:
    group = sub.add_argument_group("model")
    group.add_argument("--model", help="model (default isolated_mitochondria, or what the assay is meant for)")
    group.add_argument("--substrate", choices=["NADH", "succinate"], help="what feeds the chain (default NADH)")
    group.add_argument("--load", choices=["saturating", "constant"], help="kind of ATP-using work (default saturating)")
    group.add_argument(
        "--set",
        action="append",
        default=[],
        dest="assignments",
        metavar="NAME=VALUE",
        help="parameter or start value, e.g. leak.amplitude=0.9; repeat",
    )


def _output_options(sub: Any, name: str) -> None:
    group = sub.add_argument_group("output")
    group.add_argument("-o", "--output", metavar="STEM", help=f"files are STEM.nc, STEM.csv, ... (default {name}_...)")
    group.add_argument("--format", choices=["png", "svg", "pdf"], default="png", help="picture format (default png)")
    group.add_argument("--no-files", action="store_true", help="only print")
