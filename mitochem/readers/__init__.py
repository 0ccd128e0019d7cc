"""Files of instruments, read into Datasets of the shape that simulations have, and written so that they read back.

``read_wave`` (Agilent Seahorse Wave), ``read_datlab`` (Oroboros DatLab), ``read_o2view`` (Hansatech O2view) and
``read_table`` (any csv or xlsx, by a mapping of its columns) return Datasets with units, events and the SHA-256 of the
file; ``read_columns`` reads a table line by line, as fits take it. What they do not recognise they refuse with a
`ReaderError` that names the file, what was found and what was expected; what they had to assume or leave out they say
in a warning, and in the attribute ``warnings``.
"""

from .datlab import read_datlab
from .datlab_writer import write_datlab
from .o2view import read_o2view
from .table import read_columns, read_table
from .wave import read_wave
from .wave_writer import write_wave

__all__ = [
    "read_columns",
    "read_datlab",
    "read_o2view",
    "read_table",
    "read_wave",
    "write_datlab",
    "write_wave",
]
