"""ATP by the light of luciferase, with a standard added at the end."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from ...core.component import Component, component
from ...core.declarations import derived, parameter
from ...core.door import KINDS, match_shapes
from ...core.errors import ParameterError
from ...core.functions import exp
from ...core.units import magnitude
from .inverting import data_in

__all__ = ["Luciferase"]


@component
class Luciferase(Component):
    """Light of luciferase in the chamber: proportional to ATP, fading with time.

    ``luminescence = blank + gain · exp(−decay · time) · (ATP + adenylate_kinase · time)``, with the time since
    luciferase was added.

    What each does to a rate of ATP synthesis read off the light with one calibration: ``decay`` lowers the rate by
    ``decay · ATP`` and bends a straight line down; ``adenylate_kinase`` adds itself to it, is the same with oligomycin,
    and so goes out with the oligomycin-insensitive rate or with Ap5A; ``blank`` shifts ATP and no rate. Above some
    µM of ATP the light saturates, which is left out. ``time`` is no quantity of a model: give the law the
    columns of a result, ``Luciferase().luminescence(run.atp_bath, run.time)``.

    Parameters
    ----------
    gain : 1/mM
        Light of 1 mM ATP at once, in the units of the instrument. A standard gives it (`calibrated`).
    blank : 1
        Light without ATP.
    decay : 1/min
        Fading of the light by product and by the enzyme's own decay.
    adenylate_kinase : mM/min
        ATP that adenylate kinase makes of ADP beside the mitochondria, as a constant rate; 0 with Ap5A.

    References
    ----------
    Decay of 1.4 to 2.2 % per minute: read of an assay on mitochondria of Fischer-344 rats, citation not recorded.
    """

    role = "luciferase"

    gain: float = parameter(
        1e6,
        "1/mM",
        bounds=(1e-30, None),
        range=(1e4, 1e8),
        source="assumed: of an instrument; calibrate with a standard",
    )
    blank: float = parameter(
        0.0, "1", bounds=(-1e12, None), range=(10, 1000), source="assumed: subtracted by the instrument"
    )
    decay: float = parameter(
        0.018, "1/min", bounds=(0, 10), range=(0.014, 0.022),
        source="assumed: middle of 1.4 to 2.2 % per minute, read of one assay whose citation was not recorded",
    )  # fmt: skip
    adenylate_kinase: float = parameter(
        0.0, "mM/min", bounds=(0, None), range=(1e-4, 1e-2), source="assumed: blocked with Ap5A"
    )

    @derived("1")
    def luminescence(self, atp_bath: Any, time: Any) -> Any:
        """Luminescence"""
        return self.blank + self.gain * exp(-self.decay * time) * (atp_bath + self.adenylate_kinase * time)

    def atp(self, luminescence: Any, time: Any) -> Any:
        """ATP of the mitochondria (mM) from the light at a time (min since luciferase was added).

        Noise takes it below 0 where there is none, and it is left so: an average would be wrong without.
        """
        luminescence, time = data_in(luminescence, "luminescence"), data_in(time, "time")
        match_shapes("atp", luminescence=luminescence, time=time)
        return (luminescence - self.blank) / (self.gain * exp(-self.decay * time)) - self.adenylate_kinase * time

    def calibrated(self, before: float, after: float, spike: Any, time: float) -> Self:
        """The same with the gain that a standard shows: ``spike`` mM ATP at ``time`` (min) raised the light.

        Parameters
        ----------
        before, after : float
            Light just before and just after the addition.
        spike : mM
            ATP added, as its concentration in the chamber; a number, or a text such as ``"0.25 uM"``.
        time : min
            Since luciferase was added: what faded until then is put back.

        Raises
        ------
        ParameterError
            If the light did not rise, or a value is not one finite number.
        """
        spike = KINDS["concentration"].check("spike", magnitude(spike, "mM", "spike"))
        given = {"before": before, "after": after, "spike": spike, "time": time}
        for name, value in given.items():
            number = data_in(value, name)
            if not isinstance(number, float) or np.isnan(number):
                raise ParameterError(f"{name} = {value!r} is not one finite number.")
        if not after > before:
            raise ParameterError(f"the light did not rise with the standard: before = {before:g}, after = {after:g}.")
        return self.replace(gain=(after - before) / (spike * exp(-self.decay * float(time))))
