"""What cells in a well have besides mitochondria: glycolysis, other uses of oxygen, and their number."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, flux, parameter
from ..core.functions import log
from ..core.primitives import logistic


@component
class Glycolysis(Component):
    """Glucose to lactate, called for by ADP: ``J = capacity · ADP/(K_adp + ADP)``, in ATP.

    Takes over the supply of ATP when phosphorylation in the mitochondria stops, and sets free one lactic acid per
    ATP. Glucose is in excess and lactate leaves; allosteric control beyond ADP is left out.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, in ATP.
    K_adp : mM
        Cytosolic ADP at half rate.

    References
    ----------
    Two ATP and two lactic acids per glucose, so one proton per ATP: Mookerjee et al. 2017.
    """

    role = "glycolysis"

    capacity: float = parameter(
        500.0, "nmol/min/mg", bounds=(0, None), range=(30, 2000), status="assumed", symbol="V_G",
        source="assumed: enough to carry the load of a cultured cell alone",
    )  # fmt: skip
    K_adp: float = parameter(
        0.3, "mM", bounds=(1e-9, None), range=(0.01, 1), status="assumed", symbol="K_G",
        source="assumed: above the ADP of respiring cells, so that glycolysis follows it",
    )  # fmt: skip

    @flux(
        "nmol/min/mg",
        symbol="J_G",
        affinity=None,
        reason="glucose is in excess and lactate leaves, so that it runs far from equilibrium",
        adp_bath=-1,
        pi_bath=-1,
        atp_bath=+1,
    )
    def J_glycolysis(self, adp_bath):
        """ATP made by glycolysis"""
        return self.capacity * adp_bath / (self.K_adp + adp_bath)


@component
class NonMitochondrialOxygenUse(Component):
    """Oxygen used outside the respiratory chain: what rotenone and antimycin leave.

    ``J = rate · O2/(K + O2)``; pumps nothing.

    Parameters
    ----------
    rate : nmol/min/mg
        O2 used with plenty of it.
    oxygen_half_saturation : mM
        O2 at half rate.

    References
    ----------
    Respiration after rotenone and antimycin of fibroblasts: Yepez et al. 2018.
    """

    role = "oxidases"

    rate: float = parameter(
        12.0, "nmol/min/mg", bounds=(0, None), range=(1, 50), status="calibrated", symbol="V_{ox}", source="Yepez2018"
    )
    oxygen_half_saturation: float = parameter(
        5e-3, "mM", bounds=(1e-9, None), range=(1e-3, 5e-2), status="assumed",
        source="assumed: oxidases bind oxygen ten times more weakly than cytochrome oxidase",
    )  # fmt: skip

    @flux(
        "nmol/min/mg",
        into="J_O2",
        affinity=None,
        reason="oxidases of many substrates, none of which comes near equilibrium",
        electron_donor=-4,
        oxygen=-1,
    )
    def J_used(self, oxygen):
        """Oxygen used outside the mitochondria"""
        return self.rate * oxygen / (self.oxygen_half_saturation + oxygen)

    @derived("nmol/min/mg", symbol=r"J_{\mathrm{O_2,other}}")
    def J_O2_non_mitochondrial(self, J_used):
        """Oxygen consumption outside the mitochondria"""
        return 1 * J_used


@component
class CultureWell(Component):
    """Cells in a well: their number, their cytosol, and the rates that an instrument reads of a well.

    Everything else of the model is per mg of mitochondrial protein. ``ocr = J_O2 · protein · well_volume`` is all
    oxygen used in the well, and ``per`` the acid set free into it: lactic acid of glycolysis, and carbonic acid of
    respiration as far as it dissociates, ``co2_per_o2 · 10^(pH−pK)/(1 + 10^(pH−pK))`` per mitochondrial O2. The
    medium is buffered; its pH is held.

    Parameters
    ----------
    well_volume : mL
        Medium in a well.
    protein_per_cell : mg
        Mitochondrial protein of a cell.
    volume_cytosol : uL/mg
        Cytosolic water per mitochondrial protein.
    acid_per_atp : 1
        Lactic acid per ATP of glycolysis.
    co2_per_o2 : 1
        CO2 per O2 used by mitochondria.
    pK_carbonic : 1
        pK of carbonic acid in the medium.
    pH_medium : 1
        pH of the medium.
    picomoles : pmol/nmol
        Converts nmol of the model into pmol of a well.

    References
    ----------
    Acid per O2 and per ATP: Mookerjee et al. 2017. Respiration of a fibroblast: Yepez et al. 2018.
    """

    role = "well"

    well_volume: float = parameter(
        0.18, "mL", bounds=(1e-6, None), range=(0.05, 1), status="assumed", symbol="V_w",
        source="assumed: usual medium of a well of a 96-well plate",
    )  # fmt: skip
    protein_per_cell: float = parameter(
        4.5e-8, "mg", bounds=(1e-12, None), range=(1e-8, 3e-7), status="calibrated", source="Yepez2018"
    )
    volume_cytosol: float = parameter(
        40.0, "uL/mg", bounds=(1e-3, None), range=(5, 100), status="assumed", shared=True, symbol="V_c",
        source="assumed: a cell with 1.8 pL of cytosol and 45 pg of mitochondrial protein",
    )  # fmt: skip
    acid_per_atp: float = parameter(1.0, "1", bounds=(0, 2), range=(0.5, 1), status="derived", source="Mookerjee2017")
    co2_per_o2: float = parameter(
        1.0, "1", bounds=(0, 2), range=(0.7, 1.2), status="derived", source="assumed: glucose burnt to CO2 and water"
    )
    pK_carbonic: float = parameter(
        6.1, "1", bounds=(0, 14), range=(6.0, 6.2), status="recalled",
        source="assumed: recalled of carbonic acid in plasma at 37 degC",
    )  # fmt: skip
    pH_medium: float = parameter(
        7.4, "1", bounds=(0, 14), range=(7.2, 7.6), status="assumed", source="assumed: usual assay medium"
    )
    picomoles: float = parameter(
        1000.0, "pmol/nmol", bounds=(0, None), status="derived", source="assumed: definition of the units"
    )

    @derived("mg")
    def protein_per_well(self, protein):
        """Mitochondrial protein in a well"""
        return protein * self.well_volume

    @derived("1")
    def cells_per_well(self, protein_per_well):
        """Cells in a well"""
        return protein_per_well / self.protein_per_cell

    @derived("nmol/min/mg", symbol=r"J_\mathrm{CO_2}")
    def J_carbonic_acid(self, J_O2, J_O2_non_mitochondrial):
        """Acid that the CO2 of respiration sets free"""
        dissociated = logistic(log(10) * (self.pH_medium - self.pK_carbonic))
        return self.co2_per_o2 * dissociated * (J_O2 - J_O2_non_mitochondrial)

    @derived("pmol/min", symbol=r"\mathrm{OCR}")
    def ocr(self, J_O2, protein_per_well):
        """Oxygen consumption rate of a well"""
        return self.picomoles * protein_per_well * J_O2

    @derived("pmol/min", symbol=r"\mathrm{PER}")
    def per(self, J_glycolysis, J_carbonic_acid, protein_per_well):
        """Proton production rate of a well"""
        return self.picomoles * protein_per_well * (self.acid_per_atp * J_glycolysis + J_carbonic_acid)
