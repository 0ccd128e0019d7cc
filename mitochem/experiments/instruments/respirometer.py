"""A virtual oxygen electrode (O2k, Clark): oxygen of a closed chamber through a lagging, drifting, noisy sensor."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from ...core.arguments import whole_number
from ...core.errors import ParameterError
from .base import Instrument, events_of, house_values, one_time_course, setting

if TYPE_CHECKING:
    import xarray

__all__ = ["Respirometer"]

_VOLUMES = 1e6 / 60  # mM/min is 1e6 pmol/mL in 60 s
_RECALLED = dict(status="recalled", source="assumed: default instrumental background of an O2k, as recalled")
_TRACE = dict(status="derived", source="Cadonic2016")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Respirometer(Instrument):
    """An oxygen electrode in a closed chamber: what it shows lags, drifts and wanders, and its slope lags more.

    Oxygen of the run first loses what the chamber itself consumes, then passes the sensor, which follows with a
    first-order lag, and its calibration:

    ``d(chamber)/dt = d(run)/dt − (background + background_slope · chamber)``,
    ``response_time · d(sensor)/dt = chamber − sensor``,
    ``oxygen = zero + (1 − zero/calibration) · sensor + drift · t + e`` with normal ``e``.

    The instrument's own rate, ``ocr_recorded``, is minus the slope of a line through the last ``smoothing`` points.
    What each does to readouts:

    * ``response_time``: on a ramp the reading is late by it, so too high by rate · response_time; a step of the rate
      shows as an exponential. Steady rates are right, short ones (a small ADP pulse) are flattened, and oxygen used
      until a corner is wrong by the lag on both sides, which mostly cancels.
    * ``smoothing``: ``ocr_recorded`` is further late by half its window; for a window after each addition it mixes two
      states. ``ocr``, through a window centred on its time, is not late but smears as far in both directions.
    * ``background``: adds to every rate; small rates (LEAK, residual) suffer most. Not subtracted, as in an export of
      the uncorrected slope. Where it is negative oxygen diffuses in.
    * ``zero``: a sensor whose current at zero oxygen was not measured shows ``zero`` in anoxia and rates that are too
      small by the factor ``1 − zero/calibration``.
    * ``drift``: adds minus itself to every rate.
    * ``noise``: of the slope of n points at interval d it leaves a standard deviation of ``noise·√12/(d·√(n³ − n))``.

    Mitochondria respire as in the run: that the chamber's consumption takes oxygen from them is left out, as is the
    time that mixing takes.

    Parameters
    ----------
    interval : s
        Between two points.
    response_time : s
        Time constant of the sensor.
    noise : uM
        Standard deviation of each point.
    drift : uM/h
        Of the reading; positive is upwards.
    background : pmol/(s*mL)
        Consumption by the chamber and sensor without oxygen; negative where oxygen leaks in.
    background_slope : pmol/(s*mL)/mM
        How that consumption rises with oxygen.
    zero : uM
        Reading without oxygen, not known to the calibration at ``calibration``.
    calibration : uM
        Oxygen at which the reading is right.
    smoothing : int
        Points of the line whose slope is the rate, at least 3.
    seed : int
        The same seed gives the same noise.

    Raises
    ------
    ParameterError
        If a setting does not exist, or is not a number inside its bounds.

    References
    ----------
    Interval, noise and smoothing from an exported O2k trace (Cadonic2016): the recorded slope is that of a line
    through the 40 points up to then, to within 2 pmol/(s mL) over rates up to 200. The noise is from second
    differences over 10 s, so an upper limit.
    """

    OFF = dict.fromkeys(("response_time", "noise", "drift", "background", "background_slope", "zero"), 0.0)

    interval: float = setting(2.0, "s", bounds=(1e-3, 3600), **_TRACE)
    response_time: float = setting(
        3.0, "s", bounds=(0, 600), source="assumed: a thin membrane answers in seconds; a Clark electrode takes longer"
    )
    noise: float = setting(0.025, "uM", bounds=(0, 100), **_TRACE)
    drift: float = setting(0.0, "uM/h", bounds=(-1e3, 1e3), source="assumed: calibrated on the day")
    background: float = setting(-2.0, "pmol/(s*mL)", bounds=(-1e3, 1e3), **_RECALLED)
    background_slope: float = setting(25.0, "pmol/(s*mL)/mM", bounds=(0, 1e4), **_RECALLED)
    zero: float = setting(0.0, "uM", bounds=(-100, 100), source="assumed: calibrated with dithionite")
    calibration: float = setting(200.0, "uM", bounds=(1, 2000), source="assumed: air saturation at 37 degC, about")
    smoothing: int = 40

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "smoothing", whole_number(self.smoothing, "smoothing", 3))
        if self.zero >= self.calibration:
            raise ParameterError(f"zero = {self.zero:g} uM is not below calibration = {self.calibration:g} uM.")

    @property
    def slope_delay(self) -> float:
        """How late the recorded slope is against that of the trace, s: half the window of its line."""
        return (self.smoothing - 1) * self.interval / 2

    def record(self, run: xarray.Dataset) -> xarray.Dataset:
        """What the electrode shows of a run in a closed chamber.

        Parameters
        ----------
        run : Dataset
            A time course with ``oxygen``, ``J_O2``, ``volume_bath`` and ``segment``, run from a protocol with
            ``closed=True`` (or ``.in_closed_chamber()``).

        Returns
        -------
        Dataset
            Over time (min, every ``interval``): ``oxygen`` (mM) as recorded; ``ocr`` (pmol/(s*mL)), minus the slope of
            a line through ``smoothing`` points around each time (one more if they are even); ``ocr_recorded``, the
            same through the points up to it; and, hidden in a real experiment, ``oxygen_true`` and ``ocr_true`` of the
            mitochondria alone. Rates are NaN where their window is not full.

        Raises
        ------
        ParameterError
            If the chamber was open, the run is shorter than the window, or units are of another kind.
        """
        one_time_course(run, "Respirometer.record", "oxygen", "J_O2", "volume_bath")
        time, oxygen = house_values(run, "time", "min"), house_values(run, "oxygen", "mM")
        flux = house_values(run, "J_O2", "nmol/min/mg")
        if "oxygen" in json.loads(run.attrs.get("clamped", "[]")) or (np.ptp(oxygen) == 0 and np.any(flux != 0)):
            raise ParameterError(
                "the chamber was open: oxygen was held. Run the protocol with closed=True, or .in_closed_chamber()."
            )
        ends = time[0], time[-1]
        count = math.floor((ends[1] - ends[0]) * 60 / self.interval * (1 + 1e-12)) + 1
        if count <= self.smoothing:
            raise ParameterError(f"the run gives {count} points, and smoothing = {self.smoothing} takes more of them.")
        sampled = np.minimum(ends[0] + np.arange(count) * self.interval / 60, ends[1])
        # On the points of both, what is linear between points of the run passes chamber and sensor exactly.
        every = np.union1d(time, sampled)
        chamber = self._chamber(every, np.interp(every, time, oxygen))
        sensor = _lagged(every, chamber, self.response_time / 60)
        seen = self._calibrated(sampled, np.interp(sampled, every, sensor))
        rate = flux / house_values(run, "volume_bath", "uL/mg") * _VOLUMES
        truth = np.interp(sampled, time, oxygen), np.interp(sampled, time, rate)
        return self._dataset(run, time, sampled, seen, truth)

    def _chamber(self, time: Any, run: Any) -> Any:
        """Oxygen of the chamber, which also consumes on its own."""
        constant, slope = self.background / _VOLUMES, self.background_slope / _VOLUMES
        since = time - time[0]
        if slope == 0:
            return run - constant * since
        # What the chamber consumes in proportion takes away exactly what a sensor of time constant 1/slope has
        # followed of the run, from zero on.
        return run - _lagged(time, run, 1 / slope, start=0.0) + constant / slope * np.expm1(-slope * since)

    def _calibrated(self, time: Any, sensor: Any) -> Any:
        """The reading in mM."""
        noise = self.noise * self.random("noise").standard_normal(len(time))
        wrong = self.zero + self.drift * (time - time[0]) / 60 + noise
        return (1 - self.zero / self.calibration) * sensor + wrong * 1e-3

    def _slope(self, oxygen: Any, points: int, ahead: int) -> Any:
        """Minus the slope of a line through so many points, of which so many lie ahead of each time."""
        x = np.arange(points) - (points - 1) / 2
        weights = x / np.sum(x * x) / (self.interval / 60)
        out = np.full(len(oxygen), np.nan)
        out[points - 1 - ahead : len(oxygen) - ahead] = -np.convolve(oxygen, weights[::-1], mode="valid") * _VOLUMES
        return out

    def _dataset(
        self, run: xarray.Dataset, time: Any, sampled: Any, seen: Any, truth: tuple[Any, Any]
    ) -> xarray.Dataset:
        import xarray

        odd = self.smoothing | 1  # so that there is a middle point
        around, before = self._slope(seen, odd, odd // 2), self._slope(seen, self.smoothing, 0)
        level, rate = {"units": "mM"}, {"units": "pmol/(s*mL)"}
        where = np.searchsorted(time, sampled, side="right") - 1
        data = {
            "oxygen": ("time", seen, level | {"long_name": "oxygen, as recorded"}),
            "ocr": ("time", around, rate | {"long_name": "oxygen consumption rate, recomputed from the trace"}),
            "ocr_recorded": ("time", before, rate | {"long_name": "oxygen consumption rate, the instrument's slope"}),
            "oxygen_true": ("time", truth[0], level | {"long_name": "oxygen of the run"}),
            "ocr_true": ("time", truth[1], rate | {"long_name": "oxygen consumption rate of the mitochondria"}),
        }
        coordinates = {
            "time": ("time", sampled, {"units": "min", "long_name": "time"}),
            "segment": ("time", run["segment"].values[where], {"long_name": "what was done last"}),
        }
        more = {"events": events_of(run), "instrument": self.described()}
        return xarray.Dataset(data, coordinates, run.attrs | more)


def _lagged(time: Any, values: Any, constant: float, start: float | None = None) -> Any:
    """What follows the values with a first-order lag, exact where they are linear between points.

    It begins at the first value, or at ``start``. A jump (two points at one time) is followed from there on.
    """
    if constant == 0:
        return values
    out = np.array(values, dtype=float)
    out[0] = values[0] if start is None else start
    for i, step in enumerate(np.diff(time)):
        change = values[i + 1] - values[i]
        met = -constant / step * math.expm1(-step / constant) if step else 1.0
        out[i + 1] = values[i + 1] + (out[i] - values[i]) * math.exp(-step / constant) - change * met
    return out
