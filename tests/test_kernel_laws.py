"""The reversible laws of the detailed chain and the carriers, against the kernel they are rearranged from.

Typed by hand from the description of the model: ``J = (e^X − 1)/(e^X/v_f + 1/v_r)`` with capacities that are Michaelis
products of donors and acceptors. The components multiply the concentrations out; nothing of theirs is used here.
"""

from __future__ import annotations

import math
import random

import pytest

from mitochem.components import (
    AdenineNucleotideTranslocase,
    AdenylateKinase,
    ATPSynthase,
    ComplexI,
    ComplexII,
    ComplexIII,
    ComplexIV,
    CreatineKinase,
    Dehydrogenase,
    ElectronTransport,
    PhosphateCarrier,
    Phosphorylation,
)

RT = 2.578


def kernel(x: float, v_f: float, v_r: float) -> float:
    return (math.exp(x) - 1) / (math.exp(x) / v_f + 1 / v_r)


def saturation(c: float, k: float) -> float:
    return c / (k + c)


def points(*names: str, count: int = 20):
    """Concentrations around and beyond every half-saturation, and a modest standard affinity."""
    draw = random.Random(11)
    for _ in range(count):
        yield {n: 10 ** draw.uniform(-2, 1) for n in names} | {"standard_affinity": draw.uniform(-8, 8)}


def same(found: float, expected: float) -> None:
    assert found == pytest.approx(expected, rel=1e-9)  # near X = 0 the difference of exponentials loses digits


def test_dehydrogenase():
    e = Dehydrogenase(substrate=0.7)
    for p in points("nad_matrix", "nadh_matrix"):
        x = p["standard_affinity"] / RT + math.log(p["nad_matrix"] / p["nadh_matrix"])
        v_f = 240 * saturation(p["nad_matrix"], 0.5)
        v_r = 100 * saturation(p["nadh_matrix"], 0.5)
        same(e.J_dehydrogenase(thermal_energy=RT, activity_dehydrogenase=0.5, **p), 0.35 * kernel(x, v_f, v_r))


def test_complex_I():
    e = ComplexI()
    for p in points("nadh_matrix", "nad_matrix", "ubiquinone", "ubiquinol"):
        ratio = p["nadh_matrix"] * p["ubiquinone"] / (p["nad_matrix"] * p["ubiquinol"])
        v_f = 500 * saturation(p["nadh_matrix"], 0.1) * saturation(p["ubiquinone"], 0.3)
        v_r = 200 * saturation(p["nad_matrix"], 1.0) * saturation(p["ubiquinol"], 0.3)
        x = p["standard_affinity"] / RT + math.log(ratio)
        same(e.J_complex_I(thermal_energy=RT, activity_complex_I=0.5, **p), 0.5 * kernel(x, v_f, v_r))


def test_complex_II():
    e = ComplexII(substrate=0.6)
    for p in points("ubiquinone", "ubiquinol"):
        x = p["standard_affinity"] / RT + math.log(p["ubiquinone"] / p["ubiquinol"])
        v_f, v_r = 500 * saturation(p["ubiquinone"], 0.3), 50 * saturation(p["ubiquinol"], 0.3)
        same(e.J_complex_II(thermal_energy=RT, activity_complex_II=0.5, **p), 0.3 * kernel(x, v_f, v_r))


def test_complex_III():
    e = ComplexIII()
    for p in points("ubiquinol", "ubiquinone", "cytochrome_c_oxidised", "cytochrome_c_reduced"):
        ox, red = p["cytochrome_c_oxidised"], p["cytochrome_c_reduced"]
        x = p["standard_affinity"] / RT + math.log(p["ubiquinol"] * ox**2 / (p["ubiquinone"] * red**2))
        v_f = e.capacity * saturation(p["ubiquinol"], e.K_ubiquinol) * saturation(ox, 0.2) ** 2
        v_r = e.reverse_capacity * saturation(p["ubiquinone"], e.K_ubiquinone) * saturation(red, 0.2) ** 2
        found = e.J_complex_III(thermal_energy=RT, activity_complex_III=0.5, activity_chain=0.4, **p)
        same(found, 0.2 * kernel(x, v_f, v_r))


def test_complex_IV():
    e = ComplexIV()
    for p in points("cytochrome_c_oxidised", "cytochrome_c_reduced", "oxygen"):
        ox, red, oxygen = p["cytochrome_c_oxidised"], p["cytochrome_c_reduced"], p["oxygen"]
        x = p["standard_affinity"] / RT + math.log(red**4 * oxygen / 1000 / ox**4)
        v_f = e.capacity * 0.3 * red / (red + ox) * saturation(oxygen, e.oxygen_half_saturation)
        v_r = e.reverse_capacity * ox / (red + ox)
        found = e.J_complex_IV(
            thermal_energy=RT, standard_concentration=1000.0, unloaded=0.3, activity_complex_IV=0.5, **p
        )
        same(found, 0.5 * kernel(x, v_f, v_r))
    # Half the capacity is left where the mean of Δp and Δψ is pmf_half.
    assert e.unloaded(e.pmf_half + 7, e.pmf_half - 7) == pytest.approx(0.5)
    assert e.unloaded(e.pmf_half + e.pmf_width, e.pmf_half + e.pmf_width) == pytest.approx(1 / (1 + math.e))


def test_translocase():
    e = AdenineNucleotideTranslocase()
    for p in points("atp_matrix", "adp_matrix", "atp_bath", "adp_bath"):
        x = p["standard_affinity"] / RT + math.log(p["atp_matrix"] * p["adp_bath"] / (p["adp_matrix"] * p["atp_bath"]))
        v_f = e.capacity * saturation(p["atp_matrix"], e.K_atp_matrix) * saturation(p["adp_bath"], e.K_adp_bath)
        v_r = e.reverse_capacity * saturation(p["adp_matrix"], e.K_adp_matrix) * saturation(p["atp_bath"], e.K_atp_bath)
        same(e.J_translocase(thermal_energy=RT, activity_translocase=0.5, **p), 0.5 * kernel(x, v_f, v_r))


def test_phosphate_carrier():
    e = PhosphateCarrier()
    for p in points("pi_bath", "pi_matrix"):
        x = p["standard_affinity"] / RT + math.log(p["pi_bath"] / p["pi_matrix"])
        v_f, v_r = 2000 * saturation(p["pi_bath"], 1.61), 2000 * saturation(p["pi_matrix"], 10.0)
        same(e.J_phosphate(thermal_energy=RT, activity_phosphate_carrier=0.5, **p), 0.5 * kernel(x, v_f, v_r))


@pytest.mark.parametrize("law", [ATPSynthase(), Phosphorylation()], ids=lambda e: type(e).__name__)
def test_synthase_opens_with_the_force(law):
    """Half its capacity at pmf_half, e-fold per pmf_width below."""
    assert law.forward_capacity(law.pmf_half) == pytest.approx(law.capacity / 2)
    assert law.forward_capacity(law.pmf_half + law.pmf_width) == pytest.approx(law.capacity / (1 + 1 / math.e))
    assert law.forward_capacity(law.pmf_half - 10 * law.pmf_width) == pytest.approx(
        law.capacity * math.exp(-10), rel=1e-4
    )


def test_kinases_are_mass_action():
    ck, ak = CreatineKinase(), AdenylateKinase()
    e = math.exp(-3 / RT)
    found = ck.J_creatine_kinase(
        **{"standard_affinity": 3.0, "thermal_energy": RT, "adp_bath": 0.2, "atp_bath": 0.5}
        | {"phosphocreatine_bath": 4.0, "creatine_bath": 6.0}
    )
    assert found == pytest.approx(ck.rate_constant * (0.2 * 4 - e * 0.5 * 6))
    found = ak.J_adenylate_kinase(standard_affinity=3.0, thermal_energy=RT, adp_bath=0.2, atp_bath=0.5, amp_bath=0.03)
    assert found == pytest.approx(ak.rate_constant * (0.2**2 - e * 0.5 * 0.03))


def test_standard_energy_of_amp_follows_from_the_equilibrium():
    """K = ATP·AMP/ADP²: μ°(ATP) + μ°(AMP) − 2 μ°(ADP) = −RT ln K, whatever the zero of the scale."""
    ak = AdenylateKinase()
    mu0 = ak.mu0_amp_bath(mu0_atp_bath=33.0, mu0_adp_bath=5.0, thermal_energy=RT)
    assert 33.0 + mu0 - 2 * 5.0 == pytest.approx(-RT * math.log(ak.equilibrium))


def test_standard_energy_of_phosphocreatine_follows_from_the_equilibrium():
    """K = ATP·Cr/(ADP·PCr): μ°(PCr) = μ°(ATP) − μ°(ADP) + RT ln K, whatever the zero of the scale."""
    conditions = {"pH_bath": 7.2, "magnesium": 1.0, "temperature": 310.15, "ionic_strength": 0.15}
    ck = CreatineKinase()
    low, high = (
        ck.mu0_phosphocreatine_bath(mu0_atp_bath=33.0, mu0_adp_bath=adp, thermal_energy=RT, **conditions)
        for adp in (0.0, 5.0)
    )
    assert low - high == pytest.approx(5.0)


def test_slip_is_a_path_of_its_own_with_its_own_affinity():
    e = ElectronTransport(slip_capacity=3.0)
    for affinity in (-2.0, 0.0, 1.5, 40.0):
        found = e.J_slip(affinity=affinity, thermal_energy=RT, activity=0.5, oxygen_saturation=0.8)
        assert found == pytest.approx(3 * 0.5 * 0.8 * (1 - math.exp(-affinity / (2 * RT))))
