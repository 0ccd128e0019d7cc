"""Constants of nature in house units.

Those of ``scipy.constants`` (CODATA 2018 and 2022, exact since the SI of 2019), typed out so that importing them costs
nothing; a test compares them with SciPy's.
"""

__all__ = ["BODY_TEMPERATURE", "FARADAY", "GAS_CONSTANT", "STANDARD_CONCENTRATION"]

FARADAY = 0.0964853321233
"""Charge of a mole of protons, kJ/mol/mV (which is also C/µmol)."""

GAS_CONSTANT = 8.31446261815324e-3
"""Molar gas constant, kJ/mol/K."""

BODY_TEMPERATURE = 310.15
"""37 °C in K: the default temperature everywhere."""

STANDARD_CONCENTRATION = 1000.0
"""The standard state of solutes, 1 M, in mM: what concentrations inside logarithms are relative to."""
