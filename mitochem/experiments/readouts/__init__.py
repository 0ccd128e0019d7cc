"""What is read off a result, simulated or measured: control and coupling, ADP/O, stress tests, SUIT protocols, ATP,
plates and groups of wells.

All take a Dataset with the house names (``J_O2`` in nmol O2/min/mg, or ``ocr`` in the unit it was measured in) and
return numbers or Datasets with units. Where the data break an assumption they warn, and say NaN or flag the row; they
never clip.
"""

from .adp_pulses import adp_over_o, pulses
from .atp_rates import atp_rates
from .contrasts import compare_groups
from .coupling import coupling_states
from .log_ratios import stress_test_log_ratios
from .plate_rates import plate_rates
from .plateaus import plateaus
from .respiration import coupling_efficiency, p_over_o, rcr
from .stress_test import stress_test_table
from .suit import suit_table

__all__ = [
    "adp_over_o",
    "atp_rates",
    "compare_groups",
    "coupling_efficiency",
    "coupling_states",
    "p_over_o",
    "plate_rates",
    "plateaus",
    "pulses",
    "rcr",
    "stress_test_log_ratios",
    "stress_test_table",
    "suit_table",
]
