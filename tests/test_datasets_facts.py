"""Published facts: complete, cited one by one, as their sources have them, and chosen without guessing."""

import hashlib
import json
import math
import re

import pytest
from test_datasets import TABLES

from mitochem import datasets
from mitochem.core import bibliography
from mitochem.core.errors import ParameterError

TURINA = "turina_petersen_h_per_atp"
FISCHER = "fischer_cf0f1_ef0f1_rates"
FENIOUK = "feniouk_2004_f0_conductance"
BENZ = "benz_kasianowicz_protonophores"
NICHOLLS = "nicholls_1974_liver_pmf"
HINKLE = "hinkle_brand_coupling_values"
LEMIEUX = "lemieux_2011_suit_heart"
FACTS = {TURINA: 10, FISCHER: 17, FENIOUK: 6, BENZ: 8, NICHOLLS: 8, HINKLE: 9}
ALL = (*FACTS, LEMIEUX)
CHARGE = 1.602176634e-19  # C, exact in the SI


def number(name, **chosen):
    """A fact as the tuple (value, uncertainty, unit); NaN is None, so that it compares."""
    fact = datasets.fact(name, **chosen)
    value, uncertainty = (None if math.isnan(x) else x for x in (fact.value, fact.uncertainty))
    return value, uncertainty, fact.unit


# --- what ships -----------------------------------------------------------------------------------------------------


def test_the_list_shows_what_kind_each_set_is():
    table = datasets.list().set_index("name")
    assert set(ALL) < set(table.index)
    assert dict(table["points"][table["layout"] == "facts"]) == FACTS
    assert table["layout"][LEMIEUX] == "series"
    assert table["points"][LEMIEUX] == 7


def test_tables_are_small_and_those_that_may_not_ship_do_not():
    files = {path.name for path in TABLES.iterdir()}
    assert {path.suffix or path.name for path in TABLES.iterdir()} == {".csv", ".toml", "NOTICE"}
    assert not [name for name in files if re.search("yepez|seahtrue|barneche|klabacka|raw|xlsx|datlab|ceas", name)]
    for path in TABLES.glob("*.csv"):
        assert path.stat().st_size < 10_000, path.name
        assert path.with_suffix(".toml").is_file()


@pytest.mark.parametrize("name", ALL)
def test_every_set_is_described_cited_and_noticed(name):
    ds = datasets.load(name)
    for key in ("title", "citation", "doi", "caveats", "inferred", "licence", "references"):
        assert ds.attrs[key], key
    for variable in ds.variables:
        assert ds[variable].attrs["units"], variable
        assert ds[variable].attrs["long_name"], variable
    assert json.loads(ds.attrs["conditions"])["temperature"]
    assert ds.attrs["source_sha256"] == hashlib.sha256((TABLES / f"{name}.csv").read_bytes()).hexdigest()
    for key in ds.attrs["references"].split("; "):
        assert f"{{{key}," in datasets.citation(name)
    assert f"{name}.csv" in (TABLES / "NOTICE").read_text("utf-8")


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_number_a_unit_and_a_reference(name):
    ds = datasets.load(name)
    assert dict(ds.sizes) == {"fact": FACTS[name]}
    assert set(ds.data_vars) == {"value", "uncertainty", "value_low", "value_high"}
    table = datasets.facts(name)
    assert list(table.columns[:6]) == ["quantity", "value", "uncertainty", "value_low", "value_high", "unit"]
    assert "caveats" in table.attrs
    for _, row in table.iterrows():
        assert row["unit"]
        assert math.isnan(row["value"]) != (math.isnan(row["value_low"]) and math.isnan(row["value_high"]))
        if row.get("study") == "ChloroplastMixQuench":
            assert row["reference"] == ""
        else:
            assert row["reference"] in bibliography.known()


@pytest.mark.parametrize("name", ALL)
def test_sets_survive_netcdf(name, tmp_path):
    import xarray

    ds = datasets.load(name)
    ds.to_netcdf(tmp_path / "set.nc", engine="scipy")
    with xarray.open_dataset(tmp_path / "set.nc", engine="scipy") as again:
        xarray.testing.assert_equal(again.load().astype(ds.dtypes), ds)


@pytest.mark.parametrize(
    "key", ["Steigmiller2008", "RichardGraber1992", "Fischer1994", "Kasianowicz1984", "Lemieux2011"]
)
def test_what_is_recalled_of_a_citation_says_so(key):
    assert re.search(r"note = \{.*recalled", bibliography.known()[key])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (TURINA, "thermodynamic ratio.*not the structural ratio"),
        (TURINA, "size of the c-ring, not c/beta"),
        (TURINA, "Junge 1970.*lower limit"),
        (TURINA, "conditional on pH_out"),
        (FISCHER, "is an upper limit"),
        (FISCHER, "Do not cite the rapid mix-quench"),
        (FISCHER, "Verify before citing"),
        (BENZ, "lipids differ"),
        (BENZ, "k_A depends on voltage"),
        (LEMIEUX, "unit of the oxygen flux was not read"),
    ],
)
def test_caveats_that_must_not_be_lost(name, words):
    assert re.search(words, datasets.load(name).attrs["caveats"])


# --- the numbers, typed by hand -------------------------------------------------------------------------------------


def test_protons_per_atp_from_the_equilibrium_of_synthesis():
    line = {"name": TURINA, "enzyme": "CF0F1", "study": "Turina2003"}
    assert number(**line, quantity="H_per_ATP", pH_out=8.45) == (3.9, 0.2, "mol/mol")
    assert number(**line, quantity="dG0_prime_ATP_synthesis", pH_out=8.45) == (37, 2, "kJ/mol")
    assert number(**line, quantity="H_per_ATP", pH_out=8.05) == (4.0, 0.3, "mol/mol")
    assert number(**line, quantity="dG0_prime_ATP_synthesis", pH_out=8.05) == (36, 3, "kJ/mol")
    assert number(TURINA, study="Petersen2012", enzyme="MF0F1") == (2.9, 0.2, "mol/mol")
    assert number(TURINA, study="Petersen2012", enzyme="CF0F1") == (3.9, 0.3, "mol/mol")
    assert number(TURINA, enzyme="EF0F1") == (4.0, 0.3, "mol/mol")


def test_the_mean_of_four_ratios_of_chloroplasts():
    four = datasets.facts(TURINA, quantity="H_per_ATP", enzyme="CF0F1").dropna(subset="uncertainty")
    assert len(four) == 4
    weight = four["uncertainty"] ** -2
    assert round((weight * four["value"]).sum() / weight.sum(), 2) == 3.95
    assert round(weight.sum() ** -0.5, 2) == 0.12


def test_thermodynamic_and_structural_ratio_stay_apart():
    both = datasets.facts(TURINA, study="Petersen2012").set_index("enzyme")
    assert dict(both["c_ring_n_structural"]) == {"MF0F1": 10, "CF0F1": 14}
    assert (both["value"] < both["c_ring_n_structural"] / 3).all()  # both ratios are below c/beta


def test_a_lower_limit_is_no_value():
    junge = datasets.fact(TURINA, study="Junge1970")
    assert (junge.value_low, junge.unit) == (3, "mol/mol")
    assert math.isnan(junge.value)
    assert math.isnan(junge.value_high)
    assert str(junge) == "H_per_ATP ≥ 3 mol/mol (Junge1970)"


def test_rates_of_synthase_in_liposomes():
    assert number(FISCHER, enzyme="EF0F1", quantity="turnover_max") == (27, 8, "1/s")
    assert number(FISCHER, enzyme="EF0F1", quantity="Km_phosphate") == (0.7, 0.2, "mM")
    assert number(FISCHER, enzyme="EF0F1", quantity="Km_ADP") == (27, 7, "uM")
    for state, turnover in (("oxidized", 0.5), ("reduced", 2.0)):
        assert number(FISCHER, quantity="Vmax", redox_state=state, delta_pH=1.8) == (turnover, None, "1/s")
        assert number(FISCHER, quantity="Km_ADP", redox_state=state) == (8, None, "uM")
    assert number(FISCHER, quantity="activation_energy_synthesis") == (55, None, "kJ/mol")
    thresholds = datasets.facts(FISCHER, quantity="threshold_delta_pH")
    assert dict(
        zip(thresholds["system"].str.removeprefix("class C chloroplasts, steady light, + "), thresholds["value"])
    ) == {
        "nigericin": 2.9,
        "valinomycin": 3.5,
    }
    synthesis = datasets.fact(FISCHER, quantity="turnover_max")
    acid_bath = ("pH_in", "pH_out", "K_in", "K_out")
    assert [synthesis.conditions[c] for c in acid_bath] == [5.0, 8.3, 0.6, 100.0]


def test_ranges_have_two_ends_and_no_mean():
    expected = [(FISCHER, {"quantity": "threshold_pmf"}, 140, 190, "mV")]
    for state in ("oxidized", "oxidized or reduced, not energized"):
        chosen = {"quantity": "hydrolysis_rate_uncoupled", "redox_state": state}
        expected.append((FISCHER, chosen, 1, 2, "1/s"))
    expected += [
        (BENZ, {"quantity": "pK_surface"}, 6.0, 6.4, "pH"),
        (FENIOUK, {"quantity": "ohmic_range"}, 7, 70, "mV"),
        (HINKLE, {"system": "rat hepatocytes", "study": "Brand2000"}, 20, 25, "percent"),
        (HINKLE, {"system": "perfused rat muscle"}, 35, 50, "percent"),
        (HINKLE, {"quantity": "fraction_of_basal_conductance_via_ANT"}, 0.5, 0.667, "ratio"),
    ]
    for name, chosen, low, high, unit in expected:
        fact = datasets.fact(name, **chosen)
        assert (fact.value_low, fact.value_high, fact.unit) == (low, high, unit)
        assert math.isnan(fact.value)
        assert f"= {low:g} to {high:g} {unit}" in str(fact)
    assert datasets.fact(FISCHER, temperature_low=5).conditions["temperature_high"] == 45


def test_conductance_of_f0_carries_the_flux_that_is_printed_with_it():
    conductance, flux = (datasets.fact(FENIOUK, quantity=q) for q in ("conductance_max", "proton_flux"))
    assert (conductance.value, conductance.unit) == (10, "fS")
    assert (flux.value, flux.unit) == (6240, "H+/s")
    per_second = conductance.value * 1e-15 * flux.conditions["delta_psi"] * 1e-3 / CHARGE
    assert round(per_second, 0) == 6242
    assert per_second == pytest.approx(flux.value, rel=1e-3)
    assert [number(FENIOUK, quantity=f"pK_relay_{i}")[0] for i in (1, 2)] == [6, 10]


def test_constants_of_the_protonophores_name_their_membrane():
    assert number(BENZ, compound="FCCP", quantity="k_HA") == (1e4, None, "1/s")
    assert number(BENZ, compound="FCCP", quantity="beta_A") == (3e-3, None, "cm")
    assert number(BENZ, compound="FCCP", quantity="k_A") == (700, None, "1/s")
    assert number(BENZ, compound="CCCP", quantity="k_A") == (175, None, "1/s")
    assert number(BENZ, compound="CCCP", quantity="k_HA") == (12000, None, "1/s")
    assert {number(BENZ, compound="CCCP", quantity=f"beta_{i}") for i in ("A", "HA")} == {(1.4e-3, None, "cm")}
    assert "chlorodecane" in datasets.fact(BENZ, compound="FCCP", quantity="k_A").conditions["membrane"]
    assert datasets.fact(BENZ, compound="FCCP", quantity="k_HA").reference == "BenzMcLaughlin1983"


def test_uncoupling_leaves_two_components_that_cancel():
    for state, pmf in (("state_4", 228), ("state_3", 170), ("ATP_hydrolysis", 220), ("non_ohmic_threshold", 200)):
        assert number(NICHOLLS, quantity="delta_p", state=state) == (pmf, None, "mV")
    delta_psi, _, _ = number(NICHOLLS, quantity="delta_psi")
    delta_pH, _, _ = number(NICHOLLS, quantity="delta_pH")
    left, _, _ = number(NICHOLLS, quantity="delta_p", state="rotenone_plus_uncoupler")
    assert (delta_psi, delta_pH, left) == (85, 1.46, -0.6)
    rounding = 0.5 + 58 * 0.005  # half of the last digits printed
    slope = 58.17  # mV per pH unit at 20 °C; the temperature was not read, at 25 °C it is 59.16
    assert delta_psi - slope * delta_pH == pytest.approx(left, abs=rounding)
    assert delta_psi - 59.16 * delta_pH == pytest.approx(left, abs=rounding)


def test_coupling_by_consensus():
    for system, nadh, succinate in (("mitochondria, consensus", 2.5, 1.5), ("if H+/ATP = 10/3", 2.3, 1.4)):
        assert number(HINKLE, system=system, quantity="P_per_O_NADH_substrates") == (nadh, None, "mol/mol")
        assert number(HINKLE, system=system, quantity="P_per_O_succinate") == (succinate, None, "mol/mol")
    assert datasets.fact(HINKLE, study="BrandPNS1990").reference == "Brand1990"


def test_flux_control_ratios_of_the_heart():
    rate = datasets.load(LEMIEUX)["J_O2"]
    assert rate.dims == ("state",)
    assert "not read" in rate.attrs["units"]
    leak, oxphos, ets = (float(rate.sel(state=s)) for s in ("LEAK_PM", "OXPHOS_PM", "ETS_PMG"))
    assert round(oxphos / leak, 2) == 4.75
    assert round(float(rate.sel(state="OXPHOS_PMG")) / ets, 2) == 0.48
    assert round(leak / ets, 3) == 0.096


# --- choosing -------------------------------------------------------------------------------------------------------


def test_a_number_may_have_a_unit_of_its_own():
    assert str(datasets.fact(FISCHER, adp="0.2 mM")) == "Km_phosphate = 0.7 ± 0.2 mM (Fischer1994)"
    assert str(datasets.fact(FISCHER, adp=200)) == "Km_phosphate = 0.7 ± 0.2 mM (Fischer1994)"
    assert datasets.fact(FISCHER, phosphate="5000 uM").quantity == "Km_ADP"


def test_several_facts_are_not_one():
    with pytest.raises(ParameterError, match=r"2 facts of .* fit; choose by .*compound \(FCCP, CCCP\)"):
        datasets.fact(BENZ, quantity="k_HA")
    assert str(datasets.fact(TURINA, enzyme="MF0F1")) == "H_per_ATP = 2.9 ± 0.2 mol/mol (Petersen2012)"
