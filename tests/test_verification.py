"""`verify` holds for the models of the package, and does not for models made wrong in one place."""

from __future__ import annotations

import pytest

import mitochem as mc
from mitochem.cli import main
from mitochem.components import Adenylates, Membrane, Phosphorylation, PotassiumProtonExchange, SinhLeak


@pytest.mark.parametrize(
    "model",
    [
        mc.models.minimal(),
        mc.models.isolated_mitochondria(),
        mc.models.isolated_mitochondria("succinate"),
        mc.models.isolated_mitochondria().with_component(mc.drugs.FCCP.replace(dose=0.1)),
    ],
    ids=["minimal", "NADH", "succinate", "FCCP"],
)
def test_the_models_of_the_package_hold(model):
    report = mc.verify(model)
    assert report.ok, report.table.loc[~report.table.ok]
    assert len(report.table) > 20


@mc.component
class Outward(SinhLeak):
    """A leak with the sign of the force lost."""

    @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        return -self.amplitude * mc.sinh(self.steepness * pmf)


@mc.component
class Millimolar(Adenylates):
    """Millimolar concentrations taken for molar ones in the potential of ATP."""

    @mc.derived("kJ/mol")
    def mu_atp_bath(self, mu0_atp_bath, atp_bath, thermal_energy):
        return mu0_atp_bath + thermal_energy * mc.log(atp_bath)


@mc.component
class Swapped(Membrane):
    """The two sides of the membrane mistaken for each other."""

    @mc.derived("1")
    def delta_pH(self, pH_matrix, pH_bath):
        return pH_bath - pH_matrix


@mc.component
class TwoPerTurn(Phosphorylation):
    """A rotor with two catalytic sites."""

    atp_per_turn: float = mc.parameter(2.0, "1", bounds=(1, None), source="assumed: wrong on purpose")


@mc.component
class OneWay(PotassiumProtonExchange):
    """An exchanger that cannot run backwards: a factor was dropped."""

    @mc.flux("nmol/min/mg", k_matrix=-1, h_matrix=+1)
    def J_KH_exchange(self, pH_bath, K_matrix, volume_matrix, standard_concentration, exchange_activity):
        return self.activity * exchange_activity * K_matrix / volume_matrix * standard_concentration * 10 ** (-pH_bath)


@pytest.mark.parametrize("wrong", [Outward(), Millimolar(), Swapped(), OneWay()], ids=lambda c: type(c).__name__)
def test_a_wrong_law_is_noticed(wrong):
    assert not mc.verify(mc.models.isolated_mitochondria().with_component(wrong)).ok


def test_a_changed_stoichiometry_is_not_a_wrong_law_but_shows_in_the_yield():
    """Another rotor is legitimate; what it yields follows from what it posts."""
    report = mc.verify(mc.models.isolated_mitochondria().replace({"phosphorylation.c_ring": 10.0}))
    row = report.table[report.table.quantity == "largest P/O"].iloc[0]
    assert row.symbolic == pytest.approx(10 / (10 / 3 + 1))


def test_the_command_says_so(capsys):
    assert main(["verify", "--model", "minimal"]) == 0
    assert "comparisons hold" in capsys.readouterr().out


def test_a_form_is_found_where_there_is_one_and_refused_with_a_reason_where_there_is_none():
    found = mc.symbolic.steady_state(mc.models.minimal())
    assert found.numeric()["pmf"] == pytest.approx(171.951219512, rel=1e-8)
    with pytest.raises(mc.MitochemError):
        mc.symbolic.steady_state(mc.models.isolated_mitochondria())
