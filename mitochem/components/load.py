"""What uses ATP outside the mitochondria, and the near-equilibrium enzymes that buffer it."""

from __future__ import annotations

from ..core.component import Component, component
from ..core.declarations import derived, flux, parameter, state
from ..core.door import inside
from ..core.functions import Function, exp, log
from ..thermodynamics import creatine_kinase_constant

# Kept whole, as the energy of ATP is: a page of binding polynomials would hide the equations of a model.
_law = inside(creatine_kinase_constant)
constant_of_creatine_kinase = Function(
    "constant_of_creatine_kinase",
    lambda *conditions: float(_law(*conditions)),
    _law,
    formula=_law,
    on_quantities=creatine_kinase_constant,
)


@component
class SaturatingLoad(Component):
    """ATP-using work that saturates with ATP, ``J_load = capacity · ATP/(K_atp + ATP)``; phosphate returns.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate of ATP use; 0 is state 4, 1200 the state 3 of the reference run.
    K_atp : mM
        ATP at half rate.

    References
    ----------
    Michaelis-Menten; constants set by the experimenter's ATPase.
    """

    role = "load"

    capacity: float = parameter(
        0.0, "nmol/min/mg", bounds=(0, None), range=(1, 1500), status="assumed", symbol="V_W",
        source="assumed: no ATP-using work in a resting suspension",
    )  # fmt: skip
    K_atp: float = parameter(
        0.15, "mM", bounds=(1e-9, None), range=(0.02, 1), status="assumed", symbol="K_W",
        source="assumed: affinity of a typical added ATPase",
    )  # fmt: skip

    @flux(
        "nmol/min/mg",
        symbol="J_W",
        affinity=None,
        reason="ATP-using work is taken as irreversible",
        atp_bath=-1,
        adp_bath=+1,
        pi_bath=+1,
    )
    def J_load(self, atp_bath):
        """ATP used by work"""
        return self.capacity * atp_bath / (self.K_atp + atp_bath)


@component
class ConstantDemand(Component):
    """ATP-using work at a constant rate, whatever the ATP: above capacity there is no steady state.

    Parameters
    ----------
    demand : nmol/min/mg
        Rate of ATP use.

    References
    ----------
    Zero-order demand; it would drive ATP below zero where it cannot be met, and solvers say so.
    """

    role = "load"

    demand: float = parameter(
        100.0, "nmol/min/mg", bounds=(0, None), range=(1, 300), status="assumed", symbol="J_W",
        source="assumed: a moderate load on liver mitochondria",
    )  # fmt: skip

    @flux(
        "nmol/min/mg",
        symbol="J_W",
        affinity=None,
        reason="ATP-using work is taken as irreversible",
        scaled_by="",
        atp_bath=-1,
        adp_bath=+1,
        pi_bath=+1,
    )
    def J_load(self):
        """ATP used by work"""
        return self.demand


@component
class Hexokinase(Component):
    """Hexokinase with glucose: uses ATP as a load does, but keeps its phosphate in glucose 6-phosphate.

    ``J = capacity · ATP/(K_atp + ATP) · glucose/(K_glucose + glucose)``. Unlike an ATPase it does not return
    phosphate, so Pi of the bath falls while it works, and with it, in the end, the synthesis of ATP: hold Pi, or
    take the state at hand, where a steady state is asked for. Glucose is in excess.

    Parameters
    ----------
    capacity : nmol/min/mg
        Largest rate, set by the enzyme added.
    K_atp : mM
        ATP at half rate.
    glucose : mM
        Glucose of the medium, held.
    K_glucose : mM
        Glucose at half rate.

    References
    ----------
    Michaelis-Menten in both substrates; constants of a typical yeast hexokinase.
    """

    role = "hexokinase"
    contents = {"glucose_6_phosphate_bath": {"phosphate": 1}}

    capacity: float = parameter(
        0.0, "nmol/min/mg", bounds=(0, None), range=(1, 1500), status="assumed", symbol="V_{HK}",
        source="assumed: none until added",
    )  # fmt: skip
    K_atp: float = parameter(
        0.15, "mM", bounds=(1e-9, None), range=(0.05, 1), status="assumed", symbol="K_{HK}",
        source="assumed: as for the other added ATPase",
    )  # fmt: skip
    glucose: float = parameter(
        10.0, "mM", bounds=(0, None), range=(1, 50), status="assumed", source="assumed: usual glucose of such a medium"
    )
    K_glucose: float = parameter(
        0.1, "mM", bounds=(1e-9, None), range=(0.03, 0.5), status="assumed",
        source="assumed: tenths of a millimolar for yeast hexokinase",
    )  # fmt: skip

    @state("mM", initial=0.0, alias="G6P", bounds=(0, None), held=("steady_state", "titrate"), symbol=r"\mathrm{G6P}")
    def glucose_6_phosphate_bath(self, net_glucose_6_phosphate_bath, volume_bath):
        """Glucose 6-phosphate of the bath"""
        return net_glucose_6_phosphate_bath / volume_bath

    @flux(
        "nmol/min/mg",
        symbol="J_{HK}",
        affinity=None,
        reason="the phosphorylation of glucose is taken as irreversible",
        atp_bath=-1,
        adp_bath=+1,
        glucose_6_phosphate_bath=+1,
    )
    def J_hexokinase(self, atp_bath):
        """ATP used to phosphorylate glucose"""
        supplied = self.glucose / (self.K_glucose + self.glucose)
        return self.capacity * supplied * atp_bath / (self.K_atp + atp_bath)


@component
class CreatineKinase(Component):
    """Creatine kinase near equilibrium: phosphocreatine as a store behind ATP.

    ``J = rate_constant · (ADP · PCr − ATP · Cr/K')``, towards ATP; ``K'`` follows pH, Mg2+, temperature and ionic
    strength. Mass action with a rate constant large enough keeps the four close to
    ``ATP · Cr/(ADP · PCr) = K'``; how large does not matter then. The proton that goes with it stays in the buffer.

    Parameters
    ----------
    rate_constant : nmol/min/mg/mM^2
        Speed of the approach to equilibrium.

    References
    ----------
    Equilibrium with bound protons and Mg2+: Golding, Teague & Dobson 1995.
    """

    role = "creatine_kinase"
    contents = {"phosphocreatine_bath": {"phosphate": 1, "creatine": 1}, "creatine_bath": {"creatine": 1}}

    rate_constant: float = parameter(
        1e4, "nmol/min/mg/mM^2", bounds=(0, None), range=(1e2, 1e6), status="assumed", symbol="k_{CK}",
        source="assumed: in excess over the use of ATP, so that the reaction stays near equilibrium",
    )  # fmt: skip

    @state("mM", initial=0.0, alias="PCr", bounds=(0, None), held=("titrate",), symbol=r"\mathrm{PCr}")
    def phosphocreatine_bath(self, net_phosphocreatine_bath, volume_bath):
        """Phosphocreatine of the bath"""
        return net_phosphocreatine_bath / volume_bath

    @state("mM", initial=0.0, alias="Cr", bounds=(0, None), held=("titrate",), symbol=r"\mathrm{Cr}")
    def creatine_bath(self, net_creatine_bath, volume_bath):
        """Creatine of the bath"""
        return net_creatine_bath / volume_bath

    @derived("kJ/mol")
    def mu0_phosphocreatine_bath(
        self, mu0_atp_bath, mu0_adp_bath, pH_bath, magnesium, temperature, ionic_strength, thermal_energy
    ):
        """Standard energy of phosphocreatine, over creatine"""
        constant = constant_of_creatine_kinase(pH_bath, magnesium, temperature, ionic_strength)
        return mu0_atp_bath - mu0_adp_bath + thermal_energy * log(constant)

    @derived("kJ/mol")
    def mu0_creatine_bath(self, thermal_energy):
        """Standard energy of creatine: the zero of the scale"""
        return 0 * thermal_energy

    @derived("kJ/mol")
    def mu_phosphocreatine_bath(
        self, mu0_phosphocreatine_bath, phosphocreatine_bath, thermal_energy, standard_concentration
    ):
        """Chemical potential of phosphocreatine"""
        return mu0_phosphocreatine_bath + thermal_energy * log(phosphocreatine_bath / standard_concentration)

    @derived("kJ/mol")
    def mu_creatine_bath(self, mu0_creatine_bath, creatine_bath, thermal_energy, standard_concentration):
        """Chemical potential of creatine"""
        return mu0_creatine_bath + thermal_energy * log(creatine_bath / standard_concentration)

    @flux(
        "nmol/min/mg",
        symbol="J_{CK}",
        phosphocreatine_bath=-1,
        adp_bath=-1,
        creatine_bath=+1,
        atp_bath=+1,
    )
    def J_creatine_kinase(
        self, standard_affinity, thermal_energy, adp_bath, phosphocreatine_bath, atp_bath, creatine_bath
    ):
        """ATP made from phosphocreatine"""
        backward = exp(-standard_affinity / thermal_energy) * atp_bath * creatine_bath
        return self.rate_constant * (adp_bath * phosphocreatine_bath - backward)


@component
class AdenylateKinase(Component):
    """Adenylate kinase near equilibrium, ``2 ADP ⇌ ATP + AMP``, with AMP as a state.

    ``J = rate_constant · (ADP² − ATP · AMP/K')``. ATP + ADP + AMP is conserved, ATP + ADP no longer.

    Parameters
    ----------
    rate_constant : nmol/min/mg/mM^2
        Speed of the approach to equilibrium.
    equilibrium : 1
        ``K' = ATP · AMP/ADP²``, of totals.

    References
    ----------
    K' of 0.4 to 1 under the conditions of cells, recalled.
    """

    role = "adenylate_kinase"
    contents = {"amp_bath": {"adenylate": 1, "phosphate": 1}}

    rate_constant: float = parameter(
        1e4, "nmol/min/mg/mM^2", bounds=(0, None), range=(1e2, 1e6), status="assumed", symbol="k_{AK}",
        source="assumed: in excess over the use of ATP, so that the reaction stays near equilibrium",
    )  # fmt: skip
    equilibrium: float = parameter(
        0.5, "1", bounds=(1e-6, None), range=(0.4, 1), status="recalled", symbol="K'_{AK}",
        source="assumed: recalled as 0.4 to 1, depending on Mg2+; not read",
    )  # fmt: skip

    @state("mM", initial=0.0, alias="AMP", bounds=(0, None), scale=0.1, held=("titrate",), symbol=r"\mathrm{AMP}")
    def amp_bath(self, net_amp_bath, volume_bath):
        """AMP of the bath"""
        return net_amp_bath / volume_bath

    @derived("kJ/mol")
    def mu0_amp_bath(self, mu0_atp_bath, mu0_adp_bath, thermal_energy):
        """Standard energy of AMP, over ADP"""
        return 2 * mu0_adp_bath - mu0_atp_bath - thermal_energy * log(self.equilibrium)

    @derived("kJ/mol")
    def mu_amp_bath(self, mu0_amp_bath, amp_bath, thermal_energy, standard_concentration):
        """Chemical potential of AMP"""
        return mu0_amp_bath + thermal_energy * log(amp_bath / standard_concentration)

    @flux("nmol/min/mg", symbol="J_{AK}", adp_bath=-2, atp_bath=+1, amp_bath=+1)
    def J_adenylate_kinase(self, standard_affinity, thermal_energy, adp_bath, atp_bath, amp_bath):
        """ADP turned into ATP and AMP"""
        return self.rate_constant * (adp_bath**2 - exp(-standard_affinity / thermal_energy) * atp_bath * amp_bath)
