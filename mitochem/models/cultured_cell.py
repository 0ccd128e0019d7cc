"""Cultured cells in the wells of a plate: mitochondria in their cytosol, with what else uses oxygen and makes acid."""

from __future__ import annotations

import numpy as np

from .. import drugs
from ..components import (
    Adenylates,
    CultureWell,
    ElectronTransport,
    Environment,
    Glycolysis,
    Membrane,
    NonMitochondrialOxygenUse,
    Oxygen,
    Phosphorylation,
    Potassium,
    PotassiumProtonExchange,
    PotassiumUniport,
    SaturatingLoad,
    SinhLeak,
    TemperatureDependence,
)
from ..core.door import KINDS
from ..core.errors import ParameterError
from ..core.model import Model
from ..core.units import magnitude
from .presets import Origin, with_origins

CYTOSOL = {"atp_bath": "atp_cytosol", "adp_bath": "adp_cytosol", "pi_bath": "pi_cytosol"}
"""Where the mitochondria of a cell find what they find in the bath when they are isolated."""

_GLYCOLYSIS = "assumed: a third of the ATP in the basal state, and all of it after oligomycin"
VALUES: dict[str, Origin] = {
    "load.capacity": (390.0, "calibrated", "Yepez2018"),
    "leak.amplitude": (0.36, "calibrated", "Yepez2018"),
    "glycolysis.capacity": (500.0, "assumed", _GLYCOLYSIS),
    "glycolysis.K_adp": (0.3, "assumed", _GLYCOLYSIS),
    "FCCP.adsorption_length": (
        2.7e-4, "assumed",
        "assumed: respiration is largest near 1 µM in the well, since plastic, serum and other membranes hold the rest",
    ),
}  # fmt: skip
"""What differs from isolated mitochondria of the liver."""


def cultured_cell(cells: float = 20000.0) -> Model:
    """Cultured cells in a well: mitochondria in a cytosol with a load and glycolysis, and other uses of oxygen.

    Mitochondria as in `isolated_mitochondria`, all rates per mg of mitochondrial protein; ``ocr`` and ``per`` are those
    of the well, in pmol/min. ATP, ADP and phosphate are those of the cytosol, ``atp_cytosol`` and so on, and cannot be
    added; drugs are in the medium. Starts energised, near its basal state.

    Calibrated to medians of control fibroblasts on four plates (Yepez et al. 2018): coupling 83 to 90 %, maximal over
    basal 152 to 221 %, other uses of oxygen 18 to 21 % of the basal reading, 1.2 to 3.3 pmol O2/min per thousand cells.
    Here 85 %, 215 %, 21 % and 2.0.

    Parameters
    ----------
    cells : float
        Cells in a well. Sets ``environment.protein``, and through it all that is read of a well.

    Notes
    -----
    ``pH_bath`` and ``potassium.potassium_bath`` are what surrounds the mitochondria, the cytosol. The plasma membrane
    and its potential are left out: drugs and oxygen pass it at once, and FCCP is as potent as calibrated, not as
    accumulated. ATP use does not fall when ATP becomes scarce, other than by its own saturation. Substrate supply is
    not limiting and does not depend on ATP, so that oligomycin does not lower the maximum that FCCP reaches.

    References
    ----------
    Respiration of fibroblasts: Yepez et al. 2018. Acid per ATP and per O2: Mookerjee et al. 2017.
    """
    count = KINDS["positive"].check("cells", magnitude(cells, "1", "cells"))
    if np.ndim(count):
        raise ParameterError(f"cells has the shape {np.shape(count)}; it takes one number. Sweep environment.protein.")
    well = CultureWell()
    model = Model(
        Environment(),
        TemperatureDependence(),
        Membrane(),
        Oxygen(),
        ElectronTransport(),
        Adenylates().rewire(**CYTOSOL, volume_bath="volume_cytosol"),
        Phosphorylation().rewire(**CYTOSOL),
        SinhLeak(),
        Potassium(),
        PotassiumUniport(),
        PotassiumProtonExchange(),
        SaturatingLoad().rewire(**CYTOSOL),
        Glycolysis().rewire(**CYTOSOL),
        NonMitochondrialOxygenUse(),
        well,
        drugs.get("FCCP"),
        name="cultured_cell",
        description="cultured cells in a well: mitochondria, load, glycolysis and other uses of oxygen",
        references=("Yepez2018", "Mookerjee2017"),
        initial={"atp_cytosol": 5.0, "adp_cytosol": 0.1, "pi_cytosol": 5.0, "delta_psi": 157.0, "pH_matrix": 7.38},
    )
    density = float(count) * well.protein_per_cell / well.well_volume
    return with_origins(model, VALUES | {"environment.protein": (density, "derived", f"assumed: {count:g} cells")})
