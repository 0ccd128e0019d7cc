"""The contract can fail: components with one mistake each, and the clause that catches it."""

import math

import numpy as np
import pint
import pytest
import sympy
from contract import ComponentContract

from mitochem import exp, flux, parameter
from mitochem.components import Environment, Membrane, SinhLeak
from mitochem.core.component import Component, component
from mitochem.core.declarations import derived
from mitochem.core.errors import ModelError


@component
class MicromolarForMillimolar(Component):
    """Uncoupler whose dose in µM is taken for mM: a thousand times too much.

    Parameters
    ----------
    dose : uM
        In the chamber.

    References
    ----------
    A mistake.
    """

    dose: float = parameter(0.1, "uM", bounds=(0, None), range=(0.01, 1), source="assumed: a mistake")

    @derived("nmol/mg", local=True)
    def load(self, volume_bath):
        """Bound, per protein"""
        return self.dose * volume_bath


@component
class WrongSign(SinhLeak):
    """Leak that posts protons the wrong way.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=+1, h_matrix=-1)
    def J_leak(self, pmf):
        """Protons out"""
        return self.amplitude * self.steepness * pmf


@component
class Branching(SinhLeak):
    """Leak with an `if` on a quantity.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak of one direction"""
        return self.amplitude * self.steepness * pmf if pmf > 0 else 0.0


@component
class NumpyExponential(SinhLeak):
    """Leak that calls NumPy.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * (np.exp(self.steepness * pmf) - 1)


@component
class MillivoltsInAnExponential(SinhLeak):
    """Leak that forgets to make its exponent dimensionless.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * (exp(0.035 * pmf) - 1)


@component
class SecondsForMinutes(SinhLeak):
    """Leak declared per second with a per-minute amplitude.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/s/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * self.steepness * pmf


@component
class Clipped(SinhLeak):
    """Leak cut off below zero by an absolute value: not zero at zero force, perpetual motion.

    References
    ----------
    A mistake.
    """

    role = "leak"

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Leak"""
        return self.amplitude * exp(self.steepness * pmf)


@component
class Undocumented(Component):
    conductance: float = parameter(1.0, "nmol/min/mg/mV", range=(-5, math.inf), source="Nobody1900")

    @flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_undocumented(self, pmf):
        return self.conductance * pmf


CONTRACT = ComponentContract()


@pytest.mark.parametrize(
    ("broken", "clause", "error"),
    [
        (MicromolarForMillimolar(), CONTRACT.test_units_close, AssertionError),
        (MillivoltsInAnExponential(), CONTRACT.test_units_close, pint.DimensionalityError),
        (SecondsForMinutes(), CONTRACT.test_units_close, LookupError),  # no model takes it: its pools fill per minute
        (WrongSign(), CONTRACT.test_fluxes_run_down_their_affinity, AssertionError),
        (Clipped(), CONTRACT.test_fluxes_run_down_their_affinity, AssertionError),
        (Branching(), CONTRACT.test_a_law_read_on_symbols_is_its_equation, ModelError),
        (NumpyExponential(), CONTRACT.test_a_law_read_on_symbols_is_its_equation, ModelError),
        (Undocumented(), CONTRACT.test_docstring_says_what_it_is_and_where_it_is_from, AssertionError),
        (Undocumented(), CONTRACT.test_every_parameter_is_described_with_its_unit, AssertionError),
        (Undocumented(), CONTRACT.test_every_parameter_has_unit_bounds_range_and_source, AssertionError),
    ],
)
def test_the_contract_catches(broken, clause, error):
    with pytest.raises(error):
        clause(broken)


def test_the_error_for_an_if_says_what_to_write():
    with pytest.raises(ModelError, match=r"Branching.J_leak uses `if`.*where\(condition"):
        Branching().J_leak(sympy.Symbol("pmf"))


def test_the_error_for_numpy_says_what_to_import():
    with pytest.raises(ModelError, match=r"NumpyExponential.J_leak calls a function .* from mitochem instead of numpy"):
        NumpyExponential().J_leak(sympy.Symbol("pmf"))


def test_a_component_is_used_alone_before_it_is_ever_used_in_a_model():
    # 0.618 sinh(0.035 * 180) = 0.618 * 272.285 by a pocket calculator
    assert SinhLeak().J_leak(180.0) == pytest.approx(0.618 * 272.28503, rel=1e-6)
    assert Membrane().pmf(170.0, 0.25, 61.54) == 185.385
    assert Environment().thermal_voltage(8.31446261815324e-3 * 310.15) == pytest.approx(26.727, abs=5e-4)
