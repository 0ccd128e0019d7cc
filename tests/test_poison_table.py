"""The poison table: what each drug does to respiration, Δψ, ΔpH and ATP synthesis in state 3, one sign per cell.

Start: state 3 (20 nmol/s/mg of ATP use offered), NADH-linked but for malonate, K+ medium. The bath's ATP, ADP and Pi
stay as they were in state 3, as in the first minutes after an addition to a large bath; so the synthase can reverse.

Every cell names its source: a paper whose abstract or data were read, one recalled, or none. A cell that the lumped
model cannot express stands in NOT_EXPRESSIBLE with its reason, and a test holds that table to be exactly the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from mitochem.components import UCP1

# --- sources -------------------------------------------------------------------------------------------------------

BROWN = "Brown1986 (abstract read): respiration can be inhibited far with a small drop of Δp"
CADONIC = "Cadonic2016 (data read): 229 pmol/s/mL in OXPHOS, 354 at 375 nM FCCP, 347 at 500 nM, after oligomycin"
CHAO = "Chao & Davis, Biochemistry (abstract read): phosphorylating respiration stopped by atractyloside or without Pi"
ERNSTER = "Ernster, Dallner & Azzone (1963) J. Biol. Chem. 238, 1124 (recalled)"
GNAIGER = "Gnaiger2003: no oxygen, no respiration"
HOFER = "Hofer & Pressman (1966) Biochemistry 5 (abstract read): respiration raised by valinomycin and K+"
KEILIN = "Keilin (1936) Proc. R. Soc. B 121, 165, azide; Keilin & Hartree (1939) 127, 167, cyanide (recalled)"
KLINGENBERG = "Klingenberg (2008) Biochim. Biophys. Acta 1778, 1978 (recalled)"
KOMLODI = "Komlodi et al. (2018), PMC6209044 (abstract read)"
LARDY = "Lardy, Johnson & McMurray (1958) Arch. Biochem. Biophys. 78, 587 (recalled)"
LOOMIS = "Loomis & Lipmann (1948) J. Biol. Chem. 173, 807, DNP (recalled)"
MORELAND = (
    "Moreland & Novitzky, Effects of inhibitors on the membrane potential of mung bean mitochondria (abstract read)"
)
NICHOLLS = "Nicholls1974 (values read): 220 mV by ATP hydrolysis alone, 0 with rotenone and uncoupler, 170 to 228 mV"
PHOSPHATE = "PMC3471468, table 1 (read): ΔpH 0.81 without Pi, 0.22 at 4 mM"
POTTER = "Potter & Reif (1952) J. Biol. Chem. 194, 287 (recalled)"
QUASTEL = "Quastel & Wooldridge (1928) Biochem. J. 22, 689 (recalled)"
RUAS = "Ruas2016 (abstract read): uncoupled respiration depends on the dose"
SHABALINA = (
    "Shabalina et al. (2004) J. Biol. Chem. 279, 38236 (abstract read): UCP1 quadruples respiration, GDP competes"
)
TERADA = "Terada1990 (abstract read): uncouplers stop ATP synthesis, not the chain"
TYLER = "Tyler (1969) Biochem. J. 111, 665 (abstract read): mersalyl blocks Pi entry, ATP synthesis and its respiration"
UCP1_H = "PMC3782081 (abstract read): fatty acid raises the H+ conductance, heat is made rather than ATP"
NO_SOURCE = "none named: no separate measurement from this start is known to us; it follows if "
DELTA_PH_FALLS = NO_SOURCE + "Δp falls and K+ is free to redistribute"
DELTA_PH_RISES = NO_SOURCE + "Δp rises towards state 4 and K+ is free to redistribute; " + NICHOLLS

# --- the table -----------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    sign: str
    source: str


class Row(NamedTuple):
    conditions: dict[str, float]
    J_O2: Cell
    delta_psi: Cell
    delta_pH: Cell
    J_ATP: Cell
    substrate: str = "NADH"


FCCP, DNP = 0.32, 65.0  # µM, the doses of highest respiration; held to that below
ROWS = {
    "rotenone": Row(
        {"rotenone.dose": 1.0},
        Cell("--", ERNSTER), Cell("-", MORELAND), Cell("-", DELTA_PH_FALLS), Cell("--", ERNSTER),
    ),
    "malonate": Row(
        {"malonate.dose": 5000.0},
        Cell("--", QUASTEL), Cell("-", BROWN), Cell("-", DELTA_PH_FALLS), Cell("--", QUASTEL), "succinate",
    ),
    "antimycin": Row(
        {"antimycin.dose": 1.0},
        Cell("--", POTTER), Cell("-", MORELAND), Cell("-", DELTA_PH_FALLS), Cell("--", POTTER),
    ),
    "cyanide": Row(
        {"cyanide.dose": 1000.0},
        Cell("--", KEILIN), Cell("held", NICHOLLS), Cell("-", DELTA_PH_FALLS), Cell("<=0", NICHOLLS),
    ),
    "azide": Row(
        {"azide.dose": 5000.0},
        Cell("--", KEILIN), Cell("held", NICHOLLS), Cell("-", DELTA_PH_FALLS), Cell("<=0", NICHOLLS),
    ),
    "anoxia": Row(
        {"oxygen": 0.0},
        Cell("--", GNAIGER), Cell("held", NICHOLLS), Cell("-", DELTA_PH_FALLS), Cell("<=0", NICHOLLS),
    ),
    "oligomycin": Row(
        {"oligomycin.dose": 1.0},
        Cell("to state 4", MORELAND), Cell("+", MORELAND), Cell("+", DELTA_PH_RISES), Cell("to 0", LARDY),
    ),
    "carboxyatractyloside": Row(
        {"carboxyatractyloside.dose": 2.0},
        Cell("to state 4", CHAO), Cell("+", NO_SOURCE + "protons no longer return"), Cell("+", DELTA_PH_RISES),
        Cell("to 0", KLINGENBERG),
    ),
    "no Pi": Row(
        {"pi_bath": 1e-6},
        Cell("to state 4", CHAO), Cell("+", NO_SOURCE + "protons no longer return"), Cell("+", PHOSPHATE),
        Cell("to 0", CHAO),
    ),
    "mersalyl": Row(
        {"mersalyl.dose": 100.0},
        Cell("to state 4", TYLER), Cell("+", NO_SOURCE + "protons no longer return"), Cell("+", DELTA_PH_RISES),
        Cell("to 0", TYLER),
    ),
    "FCCP optimal": Row(
        {"FCCP.dose": FCCP},
        Cell("+", CADONIC), Cell("--", MORELAND), Cell("--", NICHOLLS), Cell("falls below 0", TERADA),
    ),
    "DNP optimal": Row(
        {"DNP.dose": DNP},
        Cell("+", LOOMIS), Cell("--", MORELAND), Cell("--", NICHOLLS), Cell("falls below 0", LOOMIS),
    ),
    "FCCP excess": Row(
        {"FCCP.dose": 20 * FCCP},
        Cell("below its maximum", RUAS + "; " + CADONIC), Cell("--", MORELAND), Cell("to 0", NICHOLLS),
        Cell("<0", NO_SOURCE + "the synthase runs backwards where Δp is gone and ATP is there"),
    ),
    "nigericin": Row(
        {"nigericin.dose": 0.1},
        # Inhibition by nigericin has been reported, with loss of K+ from the matrix; a K+ medium prevents that.
        Cell("0", NO_SOURCE + "Δp is the same, only split otherwise"), Cell("+", KOMLODI), Cell("to 0", KOMLODI),
        Cell("0", NO_SOURCE + "Δp is the same, only split otherwise"),
    ),
    "valinomycin": Row(
        {"valinomycin.dose": 1e-3},
        Cell("+", HOFER), Cell("-", KOMLODI), Cell("+", KOMLODI),
        # Hofer & Pressman saw phosphorylation rise with K+ and valinomycin, in mitochondria that need K+: not a
        # matter of Δp, and not in this model.
        Cell("-", NO_SOURCE + "K+ cycling takes its share of Δp"),
    ),
    "UCP1": Row(
        {"ucp1.fatty_acid": 1.0},
        Cell("+", SHABALINA), Cell("-", UCP1_H), Cell("-", DELTA_PH_FALLS), Cell("-", UCP1_H),
    ),
}  # fmt: skip
COLUMNS = ("J_O2", "delta_psi", "delta_pH", "J_ATP")
CELLS = [(row, column) for row in ROWS for column in COLUMNS]

# --- what the lumped model has no variable for ---------------------------------------------------------------------

NO_NADH = "the substrate couple is one clamped redox span: NADH/NAD+ is no variable of the lumped chain"
NO_CYTOCHROME = "the chain is one step from substrate to oxygen: cytochrome c is no variable of it"
NOT_EXPRESSIBLE = {
    **{(row, "NADH/NAD+"): NO_NADH for row in ROWS},
    **{(row, "cytochrome c reduced"): NO_CYTOCHROME for row in ROWS},
    ("antimycin", "rescued by TMPD and ascorbate"): "electrons cannot enter the lumped chain at cytochrome c",
    ("carboxyatractyloside", "bongkrekate alike"): "matrix and bath face of the translocator are one lumped step",
    ("mersalyl", "phosphate no longer follows ΔpH"): "phosphate is in the bath only; its carrier is part of one step",
    ("FCCP excess", "substrate uptake fails"): "substrate is a saturation, not carried by ΔpH or Δψ",
}
MISSING_NAMES = ("nadh", "nad_", "cytochrome", "cyt_c", "ubiquinol", "pi_matrix", "tmpd", "substrate_matrix")


def test_the_table_is_complete_and_what_is_missing_is_exactly_what_the_model_cannot_say(mitochondria):
    whole = {(r, c) for r in ROWS for c in (*COLUMNS, "NADH/NAD+", "cytochrome c reduced")}
    extra = {
        ("antimycin", "rescued by TMPD and ascorbate"),
        ("carboxyatractyloside", "bongkrekate alike"),
        ("mersalyl", "phosphate no longer follows ΔpH"),
        ("FCCP excess", "substrate uptake fails"),
    }
    assert set(NOT_EXPRESSIBLE) == (whole - set(CELLS)) | extra
    assert not set(NOT_EXPRESSIBLE) & set(CELLS)
    assert all(len(reason.split()) > 5 for reason in NOT_EXPRESSIBLE.values())
    quantities = [name.lower() for name in (*mitochondria.program.states, *mitochondria.statements)]
    assert not [q for q in quantities if any(word in q for word in MISSING_NAMES)], "express the cell, then"


def test_every_cell_names_a_source_or_says_that_it_has_none():
    for row, column in CELLS:
        source = getattr(ROWS[row], column).source
        assert "(19" in source or "(20" in source or "read)" in source or source.startswith(("none named", "Gnaiger"))


# --- the runs ------------------------------------------------------------------------------------------------------

STATE_3 = {"load.capacity": 1200.0}
BATH = ("atp_bath", "adp_bath", "pi_bath")


class Runs:
    """State 3, state 4, and state 3 with an addition, each solved once."""

    def __init__(self, models):
        self.models = {k: m.with_component(UCP1()) for k, m in models.items()}
        self.state_3 = {k: m.steady_state(STATE_3) for k, m in self.models.items()}
        self.state_4 = {k: m.steady_state() for k, m in self.models.items()}
        self.known = {}

    def added(self, substrate, conditions):
        key = (substrate, *((name, np.asarray(value).tobytes()) for name, value in conditions.items()))
        if key not in self.known:
            model, before = self.models[substrate], self.state_3[substrate]
            start = {name: float(before[name]) for name in model.program.states}
            found = model.steady_state({**STATE_3, **conditions}, start=start, clamped=BATH)
            assert bool(found["success"].all()), found["message"].values
            self.known[key] = found
        return self.known[key]


@pytest.fixture(scope="module")
def runs(mitochondria, succinate):
    return Runs({"NADH": mitochondria, "succinate": succinate})


# Changes above 1e-4 are counted as changes: the solver is right to 1e-8, and the smallest effect (valinomycin on
# synthesis, 2e-3 mV of Δp) is 1e-3. "Unchanged" is within 1 %; "--" is a tenth of a flux, four fifths of a force.
CHANGED, SAME, STATE_4 = 1e-4, 0.01, 0.1


def check(sign, column, after, before, runs, row):
    x, x0 = float(after[column]), float(before[column])
    strong = 0.1 if column.startswith("J_") else 0.8
    match sign:
        case "+":
            return x > (1 + CHANGED) * x0
        case "-":
            return x < (1 - CHANGED) * x0
        case "--":
            return x < strong * x0
        case "0":
            return abs(x - x0) < SAME * abs(x0)
        case "to 0":
            return abs(x) < 0.05 * abs(x0)
        case "<0":
            return x < 0
        case "<=0":
            return x <= 0
        case "to state 4":
            x4 = float(runs.state_4[row.substrate][column])
            return x < (1 - CHANGED) * x0 and abs(x - x4) < STATE_4 * x4
        case "held":  # lower than in state 3, yet held by ATP hydrolysis: oligomycin takes it away
            let_go = runs.added(row.substrate, {**row.conditions, "oligomycin.dose": 5.0})
            return 0.5 * x0 < x < (1 - CHANGED) * x0 and float(let_go[column]) < 0.5 * x
        case "falls below 0":
            drug, dose = next(iter(row.conditions.items()))
            scan = runs.added(row.substrate, {drug: dose * np.array([0.01, 0.25, 0.5, 1.0, 2.0, 4.0])})[column]
            return bool((np.diff(scan) < 0).all()) and float(scan[0]) > 0 and float(scan[-1]) < 0 and x < 0.1 * x0
        case "below its maximum":
            return x < 0.9 * float(runs.added(row.substrate, ROWS["FCCP optimal"].conditions)[column])
    raise AssertionError(f"unknown sign {sign!r}")


@pytest.mark.parametrize(("name", "column"), CELLS, ids=[f"{r}-{c}" for r, c in CELLS])
def test_poison_table(name, column, runs):
    row = ROWS[name]
    cell = getattr(row, column)
    before, after = runs.state_3[row.substrate], runs.added(row.substrate, row.conditions)
    assert check(cell.sign, column, after, before, runs, row), (
        f"{name}: {column} goes from {float(before[column]):.5g} to {float(after[column]):.5g}, "
        f"expected {cell.sign!r} ({cell.source})"
    )


# --- what the table says beside its signs --------------------------------------------------------------------------


@pytest.mark.parametrize(("drug", "dose"), [("FCCP", FCCP), ("DNP", DNP)])
def test_the_optimal_doses_are_optimal(drug, dose, runs):
    rate = runs.added("NADH", {f"{drug}.dose": dose * np.array([0.5, 0.7, 1.0, 1.5, 2.0])})["J_O2"].values
    assert rate.argmax() == 2


def test_from_state_4_the_rise_with_uncoupler_is_larger_than_from_state_3(runs):
    model = runs.models["NADH"]
    from_4 = float(model.titrate("FCCP", [FCCP])["J_O2"][0] / runs.state_4["NADH"]["J_O2"])
    from_3 = float(runs.added("NADH", {"FCCP.dose": FCCP})["J_O2"] / runs.state_3["NADH"]["J_O2"])
    assert from_4 > 5 > 2 > from_3 > 1


@pytest.mark.parametrize("poison", ["oligomycin", "carboxyatractyloside", "mersalyl"])
def test_uncoupler_rescues_respiration_but_not_synthesis(poison, runs):
    """Oligomycin and CAT by the table; mersalyl after Tyler (1969): slight effect on uncoupled respiration."""
    poisoned = ROWS[poison].conditions
    rescued = runs.added("NADH", {**poisoned, "FCCP.dose": FCCP})
    assert float(rescued["J_O2"]) > float(runs.state_3["NADH"]["J_O2"])
    assert abs(float(rescued["J_ATP"])) < 0.02 * float(runs.state_3["NADH"]["J_ATP"])


def test_succinate_goes_round_rotenone_and_nadh_round_malonate(runs):
    for substrate, poison in (("succinate", "rotenone"), ("NADH", "malonate")):
        after, before = runs.added(substrate, ROWS[poison].conditions), runs.state_3[substrate]
        for quantity in COLUMNS:
            assert float(after[quantity]) == pytest.approx(float(before[quantity]), rel=1e-6)


def test_nothing_but_oxygen_rescues_a_blocked_oxidase(runs):
    for poison in ("cyanide", "azide", "anoxia"):
        rescued = runs.added("succinate", {**ROWS[poison].conditions, "FCCP.dose": FCCP})
        assert float(rescued["J_O2"]) < 0.01 * float(runs.state_3["succinate"]["J_O2"])


def test_phosphate_rescues_mitochondria_without_phosphate(runs):
    levels = runs.added("NADH", {"pi_bath": np.array([1e-6, 0.5, 5.0])})
    assert (np.diff(levels["J_ATP"]) > 100).all()


def test_gdp_rescues_from_ucp1(runs):
    after = runs.added("NADH", {"ucp1.fatty_acid": 0.05, "ucp1.nucleotide": 1e4})
    for quantity in COLUMNS:
        assert float(after[quantity]) == pytest.approx(float(runs.state_3["NADH"][quantity]), rel=0.01)


def test_valinomycin_raises_respiration_while_potassium_enters_and_hardly_afterwards(mitochondria):
    """The cell is right in sign, but small once K+ is distributed: the native exchange limits the cycle (0.2 %)."""
    from mitochem import Protocol

    protocol = Protocol().set(STATE_3).wait(20).add(valinomycin=1e-3).wait(20)
    samples = np.concatenate([[19.9], 20 + np.geomspace(1e-3, 19.9, 60)])
    run = mitochondria.simulate(protocol, samples=samples)
    after = run["J_O2"].values[run["time"].values > 20]
    before = float(mitochondria.steady_state(STATE_3)["J_O2"])
    assert 1.02 < after.max() / before < 1.1
    assert 1 + CHANGED < after[-1] / before < 1.003


def test_without_a_bath_that_holds_atp_the_force_is_lost_too(mitochondria):
    """ "Held if ATP is present": where the load has used it up, cyanide takes Δψ away."""
    after = mitochondria.steady_state({**STATE_3, "cyanide.dose": 1000.0})
    assert float(after["atp_bath"]) < 1e-3
    assert float(after["delta_psi"]) < 20
    assert float(after["J_ATP"]) == pytest.approx(0.0, abs=1e-3)
