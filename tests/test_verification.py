"""`verify`: green on right models, and red on wrong ones. Each wrong model has one slip that the literature knows."""

import json

import pandas
import pytest

import mitochem as mc
from mitochem import components, drugs, symbolic
from mitochem.cli import main
from mitochem.components import Adenylates as RightAdenylates
from mitochem.components import Membrane as RightMembrane
from mitochem.components import OhmicLeak as RightOhmicLeak
from mitochem.components import Phosphorylation as RightPhosphorylation
from mitochem.components import PotassiumProtonExchange as RightExchange
from mitochem.components import SinhLeak as RightSinhLeak
from mitochem.verification import CASES


def report(model):
    found = mc.verify(model)
    assert found.ok == (not found.failures)
    return found


# --- right models -------------------------------------------------------------------------------


def uncoupled(model):
    return model.with_component(drugs.FCCP).replace({"FCCP.dose": 0.3})


@pytest.mark.parametrize("drug", ["nothing", "FCCP"])
@pytest.mark.parametrize("substrate", ["NADH", "succinate"])
def test_isolated_mitochondria_are_verified(substrate, drug):
    model = mc.models.isolated_mitochondria(substrate)
    found = report(uncoupled(model) if drug == "FCCP" else model)
    assert found.ok, found
    cases = set(found.table["case"])
    assert {"reference", "H5", "H6", "H11", "H12", "H15", "units", "directions", "zeros", "Jacobian", "root"} <= cases
    assert ("H7" in cases) == (drug == "FCCP")
    assert len(found.checks) > 60


def test_minimal_is_verified(minimal):
    found = report(minimal)
    assert found.ok, found
    assert {"H1", "H5", "H12", "closed form"} <= set(found.table["case"])
    assert "H7 protonophore cycle" in found.skipped


@pytest.mark.parametrize("name", ["qamas_in_vitro", "korzeniewski_heart"])
def test_published_models_are_verified_as_far_as_cases_apply(name):
    found = report(mc.models.get(name))
    assert found.ok, found
    assert {"units", "directions", "zeros", "Jacobian", "root", "books", "H6", "H12"} <= set(found.table["case"])


@pytest.mark.parametrize(
    ("form", "case"),
    [
        (symbolic.exponential_leak, "H3"),
        (symbolic.potassium_cycle, "H4"),
        (symbolic.bell_shaped_titration, "H14"),
    ],
)
def test_models_of_closed_forms_are_compared_with_the_typed_ones(form, case):
    found = report(form().model)
    assert found.ok, found
    assert case in set(found.table["case"])


@pytest.mark.parametrize(
    "leak",
    ["EyringLeak", "GHKLeak", "ThresholdLeak", "ConductanceLeak", "OhmicLeak", "ExponentialLeak", "PotentialLeak"],
)
def test_other_leaks_are_verified(mitochondria, leak):
    found = report(mitochondria.with_component(getattr(components, leak)()))
    assert found.ok, found
    assert "leak.J_leak" in set(found.table["quantity"])


@mc.component
class Spring(mc.Component):
    """A law of one's own: something that decays to a resting amount.

    References
    ----------
    None.
    """

    stiffness: float = mc.parameter(1.0, "nmol/min/mg/mM", bounds=(0, None), source="assumed: for a test")
    rest: float = mc.parameter(1.0, "mM", bounds=(0, None), source="assumed: for a test")
    size: float = mc.parameter(2.0, "uL/mg", bounds=(0, None), source="assumed: for a test")

    @mc.state("mM", initial=3.0, bounds=(0, None))
    def weight(self, net_weight):
        """Weight"""
        return net_weight / self.size

    @mc.flux("nmol/min/mg", affinity=None, reason="a spring has no chemical potential here", weight=-1)
    def J_back(self, weight):
        """Way back"""
        return self.stiffness * (weight - self.rest)


def test_a_model_of_ones_own_is_verified_and_what_does_not_apply_has_a_reason():
    found = report(mc.Model(Spring(), name="spring"))
    assert found.ok, found
    assert {"root", "closed form", "Jacobian", "H6", "units"} <= set(found.table["case"])
    assert set(found.skipped) < set(CASES)
    assert all(len(reason) > 10 for reason in found.skipped.values())


@mc.component
class BareRate(mc.Component):
    """A state whose rate is written out, not summed from fluxes: dx/dt = −k (x − rest).

    References
    ----------
    None.
    """

    k: float = mc.parameter(1.0, "1/min", bounds=(0, None), source="assumed: for a test")
    rest: float = mc.parameter(1.0, "mM", bounds=(0, None), source="assumed: for a test")

    @mc.state("mM", initial=3.0, bounds=(0, None))
    def bare(self, displaced):
        """Something"""
        return -self.k * displaced

    @mc.derived("mM")
    def displaced(self, bare):
        """Displacement"""
        return bare - self.rest


def test_a_state_that_is_not_fed_by_fluxes_is_not_conserved():
    """x* = rest = 1: the solver must not take a state for conserved because no flux moves it."""
    found = report(mc.Model(BareRate(), name="bare"))
    assert found.ok, found


def test_a_law_of_ones_own_under_another_name_is_held_to_general_physics_only(mitochondria):
    @mc.component
    class SteeperLeak(RightSinhLeak):
        """Leak twice as large."""

        @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
        def J_leak(self, pmf):
            """Proton leak"""
            return 2 * self.amplitude * mc.sinh(self.steepness * pmf)

    found = report(mitochondria.with_component(SteeperLeak()))
    assert found.ok, found
    assert "leak.J_leak" not in set(found.table["quantity"])
    assert "SteeperLeak" in found.skipped["reference run"] or "SinhLeak" in found.skipped["reference run"]


# --- wrong models -------------------------------------------------------------------------------
# Each has the name of the component it claims to be, with one slip.


@mc.component
class OhmicLeak(RightOhmicLeak):
    """Sign flipped: a leak that pumps."""

    @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return -self.conductance * pmf


@mc.component
class SinhLeak(RightSinhLeak):
    """A factor dropped: the amplitude."""

    @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak"""
        return 0.7 * self.amplitude * mc.sinh(self.steepness * pmf)


@mc.component
class Adenylates(RightAdenylates):
    """mM taken for M inside the logarithm."""

    @mc.derived("kJ/mol")
    def mu_pi_bath(self, mu0_pi_bath, pi_bath, thermal_energy, standard_concentration):
        """Chemical potential of phosphate"""
        return mu0_pi_bath + thermal_energy * mc.log(1000 * pi_bath / standard_concentration)


@mc.component
class Membrane(RightMembrane):
    """pH sides swapped: ΔpH outside minus matrix."""

    @mc.derived("1")
    def delta_pH(self, pH_matrix, pH_bath):
        """pH difference"""
        return pH_bath - pH_matrix


@mc.component
class PotassiumProtonExchange(RightExchange):
    """Protons of the two sides swapped in the exchange."""

    @mc.flux("nmol/min/mg", k_matrix=-1, h_matrix=+1)
    def J_KH_exchange(
        self, pH_matrix, pH_bath, K_matrix, volume_matrix, potassium_bath, standard_concentration, exchange_activity
    ):
        """K+ out for H+ in"""
        proton_bath = standard_concentration * mc.exp(-mc.log(10) * pH_matrix)
        proton_matrix = standard_concentration * mc.exp(-mc.log(10) * pH_bath)
        gradient = K_matrix / volume_matrix * proton_bath - potassium_bath * proton_matrix
        return self.activity * exchange_activity * gradient


@mc.component
class Phosphorylation(RightPhosphorylation):
    """8/3 protons for external ATP: transport forgotten. Charge, matter and the second law are all respected."""

    h_per_atp = RightPhosphorylation.h_per_atp_structural * 1

    @mc.flux(
        "nmol/min/mg", charge_ims=-h_per_atp, h_matrix=h_per_atp, adp_bath=-1, pi_bath=-1, atp_bath=1
    )  # fmt: skip
    def J_ATP(self, affinity, thermal_energy, forward_capacity, activity_phosphorylation, activity_hydrolysis):
        """ATP synthesis"""
        backward = self.reverse_capacity * activity_hydrolysis
        return activity_phosphorylation * mc.kernel(affinity / thermal_energy, forward_capacity, backward)


WRONG = {
    "sign flipped": (OhmicLeak(), {"directions", "law"}),
    "factor dropped": (SinhLeak(), {"law", "reference"}),
    "mM for M": (Adenylates(), {"potentials", "directions", "zeros"}),
    "pH sides swapped in the membrane": (Membrane(), {"pmf"}),
    "pH sides swapped in the exchanger": (PotassiumProtonExchange(), {"directions", "zeros", "law"}),
    "wrong stoichiometry": (Phosphorylation(), {"books", "H5", "H15"}),
}


@pytest.mark.parametrize("slip", WRONG)
def test_a_wrong_model_is_noticed(mitochondria, slip):
    item, cases = WRONG[slip]
    found = report(mitochondria.with_component(item))
    assert not found.ok
    assert cases <= {check.case for check in found.failures}, found.failures
    assert "FAILED" in repr(found)


def test_minimal_with_a_pumping_leak_is_noticed(minimal):
    found = report(minimal.with_component(OhmicLeak()))
    assert {"directions", "H1"} <= {check.case for check in found.failures}


def test_a_wrong_law_under_its_own_name_is_still_caught_by_the_second_law(mitochondria):
    """Perpetual motion needs no hand-typed law to be noticed: a leak that does not vanish at Δp = 0 (trap)."""

    @mc.component
    class OffsetLeak(RightOhmicLeak):
        """Leak with an offset."""

        @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
        def J_leak(self, pmf, thermal_voltage):
            """Proton leak"""
            return self.conductance * (pmf - thermal_voltage)

    found = report(mitochondria.with_component(OffsetLeak()))
    assert {"directions", "zeros"} <= {check.case for check in found.failures}


def test_a_wrong_constant_of_an_uncoupler_law_is_noticed(mitochondria):
    @mc.component
    class Protonophore(components.Protonophore):
        """The matrix side taken for the outer one."""

        @mc.derived("1", local=True)
        def protonated_bath(self, pH_matrix):
            """Protonated fraction at the outer face"""
            return mc.logistic(mc.log(10) * (self.pK - pH_matrix))

    found = report(mitochondria.with_component(Protonophore(dose=0.3).named("FCCP")))
    assert not found.ok


# --- the report and the command -----------------------------------------------------------------


def test_report_is_a_table(minimal):
    found = report(minimal)
    assert isinstance(found.table, pandas.DataFrame)
    assert list(found.table.columns) == [
        "case", "quantity", "assumption", "symbolic", "numeric", "difference", "tolerance", "ok",
    ]  # fmt: skip
    assert found.table["ok"].all()
    assert "not applicable:" in repr(found)
    assert "comparisons hold" in repr(found)
    assert "<table" in found._repr_html_()


def test_command_prints_the_table(capsys):
    assert main(["verify", "--model", "minimal"]) == 0
    assert "verification of minimal" in capsys.readouterr().out
    assert main(["verify", "--model", "minimal", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert found["checks"][0].keys() >= {"case", "symbolic", "numeric", "difference", "ok"}
    assert main(["verify", "--model", "minimal", "-q"]) == 0
    assert capsys.readouterr().out == ""


def test_command_reports_failure_by_its_status(capsys, monkeypatch, minimal):
    wrong = minimal.with_component(OhmicLeak())
    monkeypatch.setattr("mitochem.cli.verify.model_of", lambda options: wrong)
    assert main(["verify"]) == 1
    assert "FAILED" in capsys.readouterr().out


def test_command_takes_values_and_drugs(capsys):
    assert main(["verify", "--set", "FCCP.dose=0.3"]) == 0
    assert "H7" in capsys.readouterr().out
