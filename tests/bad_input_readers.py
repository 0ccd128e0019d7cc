"""Rows of bad input to the readers and writers of instrument files; see `bad_input`."""

import tempfile
from pathlib import Path

from bad_input import NAN, Row

from mitochem import ParameterError, ReaderError, readers

FOLDER = Path(tempfile.gettempdir())
ABSENT = "absent-file"


def read(name, *arguments, path=None, **options):
    """A reader of a file that is not there: what it is asked is looked at before the file is."""
    suffix = ".xlsx" if name == "read_wave" else ".csv"
    return lambda x: getattr(readers, name)(f"{ABSENT}{suffix}" if path is None else path, *arguments, **options)


def write(name, path=None):
    return lambda x: getattr(readers, name)(x.steady, path or FOLDER / f"{ABSENT}.pdf")


COLUMNS = {"time": "t", "J_O2": "J"}
PATHS = [
    (
        f"readers.{name}",
        read(name, *((COLUMNS,) if name in ("read_table", "read_columns") else ()), path=bad),
        ParameterError,
        "is not a path",
    )
    for name in ("read_wave", "read_datlab", "read_o2view", "read_table", "read_columns")
    for bad in (3, NAN, [])
]
FILES = [
    (
        f"readers.{name}",
        read(name, *((COLUMNS,) if name in ("read_table", "read_columns") else ())),
        ReaderError,
        f"{ABSENT}.* does not exist",
    )
    for name in ("read_wave", "read_datlab", "read_o2view", "read_table", "read_columns")
]
OPTIONS = [
    ("readers.read_wave", read("read_wave", sheet=3), "sheet = 3 is not a text"),
    ("readers.read_wave", read("read_wave", background=3), "background = 3 is not a sequence"),
    ("readers.read_wave", read("read_wave", keep_unselected="no"), "keep_unselected = 'no' is neither"),
    ("readers.read_wave", read("read_wave", normalised=1), "normalised = 1 is neither"),
    ("readers.read_wave", read("read_wave", max_bytes=NAN), "max_bytes = nan"),
    ("readers.read_datlab", read("read_datlab", window=NAN), "window = nan"),
    ("readers.read_datlab", read("read_datlab", window="3 kg"), "wrong kind of unit"),
    ("readers.read_datlab", read("read_datlab", max_bytes=None), "max_bytes = None"),
    ("readers.read_o2view", read("read_o2view", window=-1), "window = -1"),
    ("readers.read_o2view", read("read_o2view", oxygen_unit="mV"), "oxygen_unit = 'mV'"),
    ("readers.read_o2view", read("read_o2view", oxygen_unit=3), "oxygen_unit = 3"),
    ("readers.read_columns", read("read_columns", 3), "columns = 3 is not a mapping"),
    ("readers.read_columns", read("read_columns", COLUMNS, {"J_O3": "1"}), "Did you mean J_O2"),
    ("readers.read_columns", read("read_columns", COLUMNS, texts=["tim"]), "Did you mean time"),
    ("readers.read_columns", read("read_columns", COLUMNS, texts=["time", "J_O2"]), "no column of numbers"),
    ("readers.read_table", read("read_table", 3), "columns = 3 is not a mapping"),
    ("readers.read_table", read("read_table", {"time": NAN}), r"columns\['time'\] = nan"),
    ("readers.read_table", read("read_table", COLUMNS, 3), "units = 3 is not a mapping"),
    ("readers.read_table", read("read_table", COLUMNS, {"J_O3": "1"}), "Did you mean J_O2"),
    ("readers.read_table", read("read_table", COLUMNS, over="tim"), "Did you mean time"),
    ("readers.write_wave", lambda x: readers.write_wave(3, FOLDER / "a.xlsx"), "takes a Dataset"),
    ("readers.write_wave", lambda x: readers.write_wave(x.run, FOLDER / "a.xlsx"), "needs 'ocr'"),
    ("readers.write_wave", write("write_wave"), "a workbook exported by Seahorse Wave is called .xlsx"),
    ("readers.write_wave", write("write_wave", 3), "path = 3 is not a path"),
    ("readers.write_datlab", lambda x: readers.write_datlab(None, FOLDER / "a.csv"), "takes a Dataset"),
    ("readers.write_datlab", lambda x: readers.write_datlab(x.steady, FOLDER / "a.csv"), "needs 'time'"),
    ("readers.write_datlab", lambda x: readers.write_datlab(x.run, FOLDER / "a.csv", decimals=NAN), "decimals = nan"),
    ("readers.write_datlab", write("write_datlab"), "a csv exported by Oroboros DatLab is called .csv"),
    ("readers.write_datlab", write("write_datlab", 3), "path = 3 is not a path"),
]
ROWS = [
    *(Row(name, call, ParameterError, words) for name, call, words in OPTIONS),
    *(Row(name, call, error, words) for name, call, error, words in PATHS + FILES),
]
