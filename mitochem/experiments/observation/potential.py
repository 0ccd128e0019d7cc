"""Membrane potential as a cation that accumulates shows it: TMRM in both modes."""

from __future__ import annotations

from typing import Any

from ...constants import BODY_TEMPERATURE
from ...core.component import Component, component
from ...core.declarations import derived, parameter
from ...core.door import KINDS, match_shapes
from ...core.errors import ParameterError
from ...core.functions import exp, log, logistic
from ...core.units import in_units
from ...electrochemistry import thermal_voltage
from .inverting import data_in, log_of_positive

__all__ = ["TMRMNonQuench", "TMRMQuench", "delta_delta_psi"]


@in_units("mV", fraction="1", reference="1", temperature="K")
def delta_delta_psi(fraction: Any, reference: Any, temperature: Any = BODY_TEMPERATURE) -> Any:
    """Difference of Δψ from that of a reference, by the free fraction of a dye that is taken up, in mV.

    ``ΔΔψ = RT/F · ln{[(1 − f)/f] / [(1 − f_ref)/f_ref]}``: positive where more is taken up than in the reference.
    Only differences: the volume of the matrix and the binding of the dye cancel, as long as both stay the same.

    Parameters
    ----------
    fraction, reference : float, array or DataArray
        Free fraction of the dye, above 0 and below 1, here and in the reference (fully uncoupled, say). NaN are gaps.
    temperature : K
        As a number, or a text such as ``"30 degC"``.

    Returns
    -------
    Same shape as the data. NaN, with a warning, where a fraction is not between 0 and 1: that much dye there is not.

    References
    ----------
    Nernst distribution of all dye between medium and matrix; applied to the traces of Cadonic (2016).
    """
    temperature = KINDS["temperature"].check("temperature", temperature)
    fraction, reference = data_in(fraction, "fraction"), data_in(reference, "reference")
    match_shapes("delta_delta_psi", fraction=fraction, reference=reference, temperature=temperature)
    return thermal_voltage(temperature) * (_taken_up(fraction, "fraction") - _taken_up(reference, "reference"))


def _taken_up(free: Any, what: str) -> Any:
    """Logarithm of the dye taken up over that left free."""
    problem = f"the {what} of free dye is not between 0 and 1"
    return log_of_positive(1 - free, problem) - log_of_positive(free, problem)


@component
class TMRMNonQuench(Component):
    """Brightness of mitochondria in a little TMRM: the dye in the matrix follows Δψ by Nernst and shines.

    ``signal = offset + gain · exp(Δψ·F/RT)``: rises with Δψ. The dye outside is taken as constant, which holds for a
    few nM around few mitochondria and not for a cuvette full of them; in cells it follows the plasma membrane too,
    which is left out. Too much dye quenches itself, and then the sign turns: `TMRMQuench`.

    Parameters
    ----------
    gain : 1
        Signal of the mitochondria at Δψ = 0, in the units of the instrument: dye outside, binding and brightness.
    offset : 1
        Signal that is there without mitochondria.

    References
    ----------
    The two modes and their signs: Perry et al. (2011).
    """

    role = "tmrm"

    gain: float = parameter(
        0.01, "1", bounds=(1e-30, None), range=(1e-3, 0.1), source="assumed: arbitrary units of an instrument"
    )
    offset: float = parameter(
        0.0, "1", bounds=(-1e12, None), range=(0.01, 1), source="assumed: subtracted by the instrument"
    )

    @derived("1")
    def tmrm_signal(self, delta_psi: Any, thermal_voltage: Any) -> Any:
        """TMRM signal, non-quench mode"""
        return self.offset + self.gain * exp(delta_psi / thermal_voltage)

    def delta_psi(self, signal: Any, thermal_voltage: Any) -> Any:
        """Δψ (mV) from the signal; only differences are known unless ``gain`` was calibrated.

        NaN with a warning where the signal is not above ``offset``.
        """
        signal, thermal_voltage = data_in(signal, "signal"), KINDS["positive"].check("thermal_voltage", thermal_voltage)
        match_shapes("delta_psi", signal=signal, thermal_voltage=thermal_voltage)
        return thermal_voltage * log_of_positive(
            (signal - self.offset) / self.gain, "the signal is not above its offset"
        )


@component
class TMRMQuench(Component):
    """Signal of a suspension in TMRM: the mitochondria take up much of the dye, and in the matrix it quenches itself.

    A share ``f = 1/(1 + volume_ratio · exp(Δψ·F/RT))`` of the dye stays free, and

    ``signal = full · (f + quenched · (1 − f))``: falls as Δψ rises, and rises on uncoupling.

    Where nearly all or nearly no dye is taken up the signal hardly moves: it is a measure of Δψ only around
    ``RT/F · ln(1/volume_ratio)``. With ``quenched`` above 1 the law is that of dye brighter in the matrix.

    Parameters
    ----------
    volume_ratio : 1
        Matrix over medium volume, times how much more the dye binds in the matrix.
    full : 1
        Signal of all the dye free, in the units of the instrument.
    quenched : 1
        Brightness of dye in the matrix, relative to free dye; below 1 it quenches.

    References
    ----------
    Distribution: as the free fraction ``mtMPrel`` of Cadonic (2016). Modes and signs: Perry et al. (2011).
    """

    role = "tmrm"

    volume_ratio: float = parameter(
        0.0036, "1", bounds=(1e-12, None), range=(3e-4, 0.03),
        source="assumed: half of the dye is taken up at 150 mV, as 1 uL/mg and some binding at 1 mg/mL give",
    )  # fmt: skip
    full: float = parameter(
        1.0, "1", bounds=(1e-30, None), range=(0.1, 10), source="assumed: relative to the signal without mitochondria"
    )
    quenched: float = parameter(
        0.0, "1", bounds=(0, None), range=(0.01, 0.5), source="assumed: dye in the matrix is dark"
    )

    @derived("1", symbol="f")
    def tmrm_free(self, delta_psi: Any, thermal_voltage: Any) -> Any:
        """Free fraction of TMRM"""
        return logistic(-log(self.volume_ratio) - delta_psi / thermal_voltage)

    @derived("1")
    def tmrm_signal(self, tmrm_free: Any) -> Any:
        """TMRM signal, quench mode"""
        return self.full * (tmrm_free + self.quenched * (1 - tmrm_free))

    def delta_psi(self, signal: Any, thermal_voltage: Any) -> Any:
        """Δψ (mV) from the signal; only differences are known unless ``volume_ratio`` was calibrated.

        NaN with a warning where the signal is not between those of all dye free and of all dye taken up.
        """
        signal, thermal_voltage = data_in(signal, "signal"), KINDS["positive"].check("thermal_voltage", thermal_voltage)
        match_shapes("delta_psi", signal=signal, thermal_voltage=thermal_voltage)
        if self.quenched == 1:
            raise ParameterError("quenched = 1: the signal is the same at every potential and cannot be read back.")
        free = (signal / self.full - self.quenched) / (1 - self.quenched)
        return thermal_voltage * (_taken_up(free, "share") - log(self.volume_ratio))
