"""Dyes that show pH, and the fluorescence of NADH."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ...core.component import Component, component
from ...core.declarations import derived, parameter
from ...core.errors import ParameterError
from ...core.functions import is_symbolic, log, logistic
from .inverting import data_in, log_of_positive

__all__ = ["BCECF", "AmineQuench", "NADHFluorescence"]


@component
class AmineQuench(Component):
    """Quench of a fluorescent amine (ACMA, 9-aminoacridine) that collects in an acid inside.

    ``Q/(1 − Q) = volume_ratio · 10^(pH_out − pH_in)``, ``signal = full · (1 − Q)``, with Q from 0 to 1.

    **A textbook idealisation.** The amine is taken to spread as its uncharged form equalises, and to be dark inside.
    What is seen is largely excimers at charged lipid, so Q depends on lipid and dye, and a pH from it is apparent.
    For vesicles that are acid inside: submitochondrial particles, chloroplasts, liposomes after an acid bath. In
    inverted particles the outside is the matrix side, and ``pH_out − pH_in`` is the ``delta_pH`` of this package.
    In a model say which are meant, as in ``AmineQuench().rewire(pH_out="pH_bath", pH_in="pH_matrix")``.

    Parameters
    ----------
    volume_ratio : 1
        Inner over outer volume.
    full : 1
        Signal without a pH difference worth seeing (after an uncoupler), in the units of the instrument.

    References
    ----------
    The idealisation: any textbook. What really quenches: Grzesiek1989.
    """

    role = "amine"

    volume_ratio: float = parameter(
        1e-3, "1", bounds=(1e-12, None), range=(1e-4, 1e-2), source="assumed: 1 uL of vesicles in 1 mL"
    )
    full: float = parameter(1.0, "1", bounds=(1e-30, None), range=(0.1, 10), source="assumed: relative to uncoupled")

    @derived("1", symbol="Q")
    def amine_quench(self, pH_out: Any, pH_in: Any) -> Any:
        """Quenched share of the amine's fluorescence"""
        return logistic(log(self.volume_ratio) + log(10) * (pH_out - pH_in))

    @derived("1")
    def amine_signal(self, amine_quench: Any) -> Any:
        """Fluorescence of the amine"""
        return self.full * (1 - amine_quench)

    def delta_pH(self, signal: Any) -> Any:
        """``pH_out − pH_in = log10(Q/(1 − Q) / volume_ratio)`` from the signal, with ``Q = 1 − signal/full``.

        NaN with a warning where Q is not between 0 and 1. A quench of 0 says only that the difference is small, not
        that it is 0.
        """
        quench = 1 - data_in(signal, "signal") / self.full
        problem = "the quench is not between 0 and 1"
        ratio = log_of_positive(quench, problem) - log_of_positive(1 - quench, problem)
        return (ratio - log(self.volume_ratio)) / log(10)


@component
class BCECF(Component):
    """Ratio of a dye that loses a proton (BCECF, pyranine), excited at two wavelengths, in the matrix.

    ``ratio = ratio_acid + (ratio_base − ratio_acid) / (1 + 10^(apparent_pK − pH))``.

    A ratio does not feel how much dye there is; it feels both end ratios, which a calibration with nigericin in K+
    gives.
    Far from the pK the curve is flat and noise in the ratio becomes large in pH.

    Parameters
    ----------
    ratio_acid : 1
        Ratio of fully protonated dye.
    ratio_base : 1
        Ratio of fully deprotonated dye.
    apparent_pK : 1
        pH half way, the pK shifted by the brightness of both forms at the denominator's wavelength.

    References
    ----------
    Calibration of a ratiometric dye with one proton.
    """

    role = "bcecf"

    ratio_acid: float = parameter(
        1.0, "1", bounds=(0, None), range=(0.5, 2), source="assumed: of an instrument; calibrate"
    )
    ratio_base: float = parameter(
        8.0, "1", bounds=(0, None), range=(5, 15), source="assumed: of an instrument; calibrate"
    )
    apparent_pK: float = parameter(
        7.0,
        "1",
        bounds=(0, 14),
        range=(6.8, 7.3),
        status="recalled",
        source="assumed: pK of BCECF, recalled as about 7",
    )

    @derived("1", symbol="R")
    def bcecf_ratio(self, pH_matrix: Any) -> Any:
        """Ratio of the dye at two wavelengths"""
        return self.ratio_acid + (self.ratio_base - self.ratio_acid) * logistic(
            log(10) * (pH_matrix - self.apparent_pK)
        )

    def pH(self, ratio: Any) -> Any:
        """pH from the ratio; NaN with a warning where that is not between its two ends."""
        ratio = data_in(ratio, "ratio")
        if self.ratio_base == self.ratio_acid:
            raise ParameterError("ratio_base = ratio_acid: the ratio is the same at every pH and cannot be read back.")
        share = (ratio - self.ratio_acid) / (self.ratio_base - self.ratio_acid)
        problem = "the ratio is not between ratio_acid and ratio_base"
        return self.apparent_pK + (log_of_positive(share, problem) - log_of_positive(1 - share, problem)) / log(10)


@component
class NADHFluorescence(Component):
    """Fluorescence of NADH in the matrix, which NAD+ does not have.

    ``signal = signal_oxidised + (signal_reduced − signal_oxidised) · NADH/(NADH + NAD)``.

    Both ends are read in the same sample, oxidised with an uncoupler and reduced with a blocker of the chain. If these
    do not reach the ends, every percentage is stretched; NADPH, which shines too, is part of the oxidised end.

    Parameters
    ----------
    signal_oxidised : 1
        Signal with none of the pool reduced, in the units of the instrument.
    signal_reduced : 1
        Signal with all of it reduced.

    References
    ----------
    Normalisation to both ends, as read from traces since Chance and Williams.
    """

    role = "nadh_fluorescence"

    signal_oxidised: float = parameter(
        0.2, "1", bounds=(0, None), range=(0.1, 0.5), source="assumed: NADPH and background in arbitrary units"
    )
    signal_reduced: float = parameter(
        1.0, "1", bounds=(0, None), range=(0.8, 2), source="assumed: relative to the reduced end"
    )

    @derived("1")
    def nadh_reduced(self, nadh_matrix: Any, nad_matrix: Any) -> Any:
        """Reduced share of the matrix NAD pool"""
        return nadh_matrix / (nadh_matrix + nad_matrix)

    @derived("1")
    def nadh_signal(self, nadh_reduced: Any) -> Any:
        """Fluorescence of NADH"""
        return self.signal_oxidised + (self.signal_reduced - self.signal_oxidised) * nadh_reduced

    def percent_reduced(self, signal: Any) -> Any:
        """Per cent reduced from the signal. Noise takes it past 0 and 100, where it warns and is left as it is."""
        signal = data_in(signal, "signal")
        if self.signal_reduced == self.signal_oxidised:
            raise ParameterError("signal_reduced = signal_oxidised: the signal does not depend on NADH.")
        share = (signal - self.signal_oxidised) / (self.signal_reduced - self.signal_oxidised)
        if not is_symbolic(share) and np.any((share < 0) | (share > 1)):
            warnings.warn(
                "NADH is more than fully oxidised or reduced somewhere: noise, or ends not reached.", stacklevel=2
            )
        return 100 * share
