"""Virtual instruments: a simulation seen through a plate respirometer or an oxygen electrode, beside the truth.

Every imperfection is a setting with a unit and a source, is off in ``PlateReader.ideal()``, and is drawn from a seed.
"""

from __future__ import annotations

from .plate_reader import PlateReader
from .respirometer import Respirometer
from .truth import inferred_against_true, truth_of_stress_test

__all__ = ["PlateReader", "Respirometer", "inferred_against_true", "truth_of_stress_test"]
