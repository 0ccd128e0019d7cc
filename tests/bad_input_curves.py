"""Rows of bad input to the curve fits; see `bad_input`."""

import numpy as np
import xarray as xr
from bad_input import INF, NAN, Row

from mitochem import FitError, ParameterError, fitting

X = np.array([120.0, 140.0, 150.0, 165.0, 180.0])
UP = np.array([1.0, 4.0, 9.0, 15.0, 19.0])
DOWN = UP[::-1]
RATIO = np.exp(UP)
IN_GRAMS = xr.DataArray(X, dims="p", attrs={"units": "g"})


def put(values, where, what):
    out = np.array(values, float)
    out[where] = what
    return out


def line_of_equilibria(pmf=X, ratio=RATIO, temperature="25 degC", unit="1/M", **options):
    return lambda x: fitting.equilibrium_line(pmf, ratio, temperature=temperature, unit=unit, **options)


def concentrations(**options):
    return lambda x: fitting.equilibrium_line(X, **({"temperature": 298.0} | options))


def rate(pmf=X, rate=UP, **options):
    return lambda x: fitting.rate_against_pmf(pmf, rate, **({"law": "boltzmann"} | options))


def reversible(**options):
    told = {"law": "reversible", "h_per_atp": 3.9, "delta_Gp": 55.0, "temperature": 298.0}
    return rate(**(told | options))


def leak(force=X, J=UP, **options):
    return lambda x: fitting.leak_curve(force, J, **options)


def dose(doses=(0.0, 0.1, 0.2, 0.4, 0.8), J=UP, **options):
    return lambda x: fitting.dose_response(doses, J, **({"units": ("uM", "")} | options))


def carrier(pH=(5.0, 6.0, 7.0, 8.0), conductance=(1.0, 3.0, 3.0, 1.0), **options):
    told = {"dose": 1.0, "voltage": 10.0, "temperature": "25 degC", "unit": "S/cm^2"}
    return lambda x: fitting.carrier_conductance(pH, conductance, **(told | options))


def warm(temperature=(10.0, 20.0, 30.0, 40.0), rates=(1.0, 2.0, 4.0, 8.0), **options):
    return lambda x: fitting.arrhenius(temperature, rates, **({"units": ("degC", "1/s")} | options))


def straight(x=X, y=UP, **options):
    return lambda _: fitting.line(x, y, **options)


def modules(oxidation=(X, 100 - 0.5 * X), leak=(X, UP), **options):
    return lambda x: fitting.modular_kinetics(oxidation=oxidation, leak=leak, **options)


CURVES = [
    ("equilibrium_line", line_of_equilibria(put(X, 2, NAN)), r"pmf\[2\] = nan is not finite"),
    ("equilibrium_line", line_of_equilibria(None), "give the force once"),
    ("equilibrium_line", line_of_equilibria(delta_psi=X, delta_pH=X), "give the force once"),
    ("equilibrium_line", line_of_equilibria(None, delta_psi=X), "delta_pH is missing"),
    ("equilibrium_line", line_of_equilibria(X[:4]), "columns must be of one length"),
    ("equilibrium_line", line_of_equilibria(X[:1], (2.0,)), "1 points cannot determine 2 unknowns"),
    ("equilibrium_line", line_of_equilibria(np.full(5, 150.0)), "pmf is 150 throughout"),
    ("equilibrium_line", line_of_equilibria(IN_GRAMS), "pmf is in 'g', which is no unit of the kind of mV"),
    ("equilibrium_line", line_of_equilibria(X.reshape(5, 1)), "pmf has the shape"),
    ("equilibrium_line", line_of_equilibria([]), "pmf is empty"),
    ("equilibrium_line", line_of_equilibria(ratio=put(np.exp(UP), 1, 0.0)), r"ratio\[1\] = 0; it must be above 0"),
    ("equilibrium_line", line_of_equilibria(ratio=put(np.exp(UP), 1, INF)), r"ratio\[1\] = inf"),
    ("equilibrium_line", line_of_equilibria(unit=None), "ratio has no unit; say it with unit="),
    ("equilibrium_line", line_of_equilibria(unit="mV"), "ratio is in 'mV', which is no unit of the kind of 1/M"),
    ("equilibrium_line", line_of_equilibria(unit="apples"), "the unit of ratio = 'apples'"),
    ("equilibrium_line", line_of_equilibria(unit=3), "the unit of ratio = 3"),
    ("equilibrium_line", line_of_equilibria(temperature=None), "the temperature was not told"),
    ("equilibrium_line", line_of_equilibria(energy_error=0.0), r"energy_error\[0\] = 0; .* above 0"),
    ("equilibrium_line", line_of_equilibria(energy_error=[1.0, 2.0]), "energy_error has 2 values"),
    ("equilibrium_line", line_of_equilibria(pmf_error=1.0), "with pmf_error the energy_error is needed"),
    ("equilibrium_line", line_of_equilibria(errors="some"), "errors = 'some'"),
    ("equilibrium_line", line_of_equilibria(errors="declared"), "needs the noise of RT_ln_Q"),
    ("equilibrium_line", line_of_equilibria(label=3), "label = 3 is not a text"),
    ("equilibrium_line", line_of_equilibria(source=3), "source = 3"),
    ("equilibrium_line", line_of_equilibria(pH=8.0), "mg is missing"),
    ("equilibrium_line", concentrations(atp=X, adp=X, unit="mM"), "give Q once"),
    ("equilibrium_line", concentrations(), "give Q once"),
    ("equilibrium_line", concentrations(atp=X, adp=X, pi=X), "atp has no unit"),
    ("equilibrium_line", concentrations(atp=X, adp=X, pi=-X, unit="mM"), r"pi\[0\] = -120"),
    ("standard_energy_at", lambda x: fitting.standard_energy_at(37.0, {"pH": 8.0}, {}), "mg, temperature must be told"),
    ("standard_energy_at", lambda x: fitting.standard_energy_at(37.0, {"ph": 8.0}, {}), "Did you mean pH"),
    ("standard_energy_at", lambda x: fitting.standard_energy_at(37.0, 3, {}), "measured = 3"),
    ("rate_against_pmf", rate(rate=put(UP, 0, NAN)), r"rate\[0\] = nan"),
    ("rate_against_pmf", rate(rate=put(UP, 0, -3.0)), r"rate\[0\] = -3 is negative: net hydrolysis is real"),
    ("rate_against_pmf", rate(rate=np.zeros(5)), "no rate above zero"),
    ("rate_against_pmf", rate(X[:2], UP[:2]), "2 points cannot determine 3"),
    ("rate_against_pmf", rate(np.full(5, 150.0)), "pmf is 150 throughout"),
    ("rate_against_pmf", rate(X - 120.0, law="hill"), "a Hill curve takes forces above 0"),
    ("rate_against_pmf", rate(law="sigmoid"), "law = 'sigmoid' is not known"),
    ("rate_against_pmf", rate(origin="guessed"), "origin = 'guessed'"),
    ("rate_against_pmf", rate(units="mV"), "units = 'mV' are not a pair"),
    ("rate_against_pmf", rate(units=("kg", "")), "pmf is in 'kg'"),
    ("rate_against_pmf", rate(rate_error=-1.0), r"rate_error\[0\] = -1"),
    ("rate_against_pmf", reversible(h_per_atp=None), "h_per_atp is missing"),
    ("rate_against_pmf", reversible(delta_Gp=None), "delta_Gp is missing"),
    ("rate_against_pmf", reversible(delta_Gp=[50.0, 55.0]), "columns must be of one length"),
    ("rate_against_pmf", reversible(temperature=None), "the temperature was not told"),
    ("michaelis_menten", lambda x: fitting.michaelis_menten(X, UP, substrate=3), "substrate = 3"),
    ("michaelis_menten", lambda x: fitting.michaelis_menten(X, UP, shared="Km"), "shared = 'Km' is not a sequence"),
    ("leak_curve", leak(J=put(UP, 1, NAN)), r"J\[1\] = nan"),
    ("leak_curve", leak(J=put(UP, 1, -2.0)), r"J\[1\] = -2 at a force of 140 mV: a leak runs with the force"),
    ("leak_curve", leak(J=np.zeros(5)), "J is zero throughout"),
    ("leak_curve", leak(np.full(5, 150.0)), "force is 150 throughout"),
    ("leak_curve", leak(X[:1], UP[:1]), "1 points cannot determine 2"),
    ("leak_curve", leak(law="quadratic"), "law = 'quadratic' is not known"),
    ("leak_curve", leak(axis="volts"), "axis = 'volts'"),
    ("leak_curve", leak(reference=300.0), "reference = 300 mV must lie inside the data"),
    ("leak_curve", leak(reference=NAN), "reference = nan"),
    ("leak_curve", leak(reference=-1.0), "reference = -1 mV must lie inside"),
    ("leak_curve", leak(-X, -UP), "no force is above 0"),
    ("leak_curve", leak(J=put(UP, 1, 1e200)), r"J\[1\] = 1e\+200 cannot be squared"),
    ("leak_curve", leak(units=("s", "")), "force is in 's'"),
    ("dose_response", dose(J=put(UP, 1, NAN)), r"J\[1\] = nan"),
    ("dose_response", dose(J=put(UP, 1, -2.0)), r"J\[1\] = -2; it must be 0 or more: oxygen is only consumed"),
    ("dose_response", dose((0.0, 0.1, -0.2, 0.4, 0.8)), r"dose\[2\] = -0.2"),
    ("dose_response", dose((0.1,) * 5), "no rate is above that at the lowest dose|dose is 0.1 throughout"),
    ("dose_response", dose(J=DOWN), "no rate is above that at the lowest dose"),
    ("dose_response", dose((0.0, 0.1), (1.0, 2.0)), "2 points cannot determine 3"),
    ("dose_response", dose(units=("", "")), "dose has no unit"),
    ("dose_response", dose(law="sigmoid"), "law = 'sigmoid'"),
    ("carrier_conductance", carrier(pH=(5.0, 6.0, 7.0, 18.0)), r"pH\[3\] = 18"),
    ("carrier_conductance", carrier(conductance=(1.0, NAN, 3.0, 1.0)), r"conductance\[1\] = nan"),
    ("carrier_conductance", carrier(conductance=(1.0, -1.0, 3.0, 1.0)), r"conductance\[1\] = -1"),
    ("carrier_conductance", carrier(conductance=(0.0,) * 4), "conductance is zero throughout"),
    ("carrier_conductance", carrier(unit=None), "conductance has no unit"),
    ("carrier_conductance", carrier(unit="mV"), "conductance is in 'mV'"),
    ("carrier_conductance", carrier(pH=(6.0,) * 4), "pH is 6 throughout"),
    ("carrier_conductance", carrier(voltage=0.0), "voltage = 0"),
    ("carrier_conductance", carrier(dose=0.0), r"dose\[0\] = 0"),
    ("carrier_conductance", carrier(temperature=None), "the temperature was not told"),
    ("carrier_conductance", carrier(compound="DNP"), "does not carry protons as HA and A"),
    ("carrier_conductance", carrier(free=("k_A",)), "'k_A' is no unknown of the steady conductance"),
    ("carrier_conductance", carrier(free=()), "nothing is free"),
    ("arrhenius", warm(rates=(1.0, 0.0, 4.0, 8.0)), r"rate\[1\] = 0; it must be above 0"),
    ("arrhenius", warm(rates=(1.0, -1.0, 4.0, 8.0)), r"rate\[1\] = -1"),
    ("arrhenius", warm(rates=(1.0, INF, 4.0, 8.0)), r"rate\[1\] = inf"),
    ("arrhenius", warm(units=("", "")), "temperature has no unit"),
    ("arrhenius", warm(units=("K", "1/s")), r"temperature\[0\] = 10; it must be from 200 to 500 K"),
    ("arrhenius", warm(units=("mV", "1/s")), "temperature is in 'mV'"),
    ("arrhenius", warm((25.0,) * 4), "temperature is 298.15 throughout"),
    ("arrhenius", warm((25.0,), (1.0,)), "1 points cannot determine 2"),
    ("arrhenius", warm(law="eyring"), "law = 'eyring'"),
    ("line", straight(y=put(UP, 3, NAN)), r"y\[3\] = nan"),
    ("line", straight(np.ones(5)), "x is 1 throughout"),
    ("line", straight(X[:1], UP[:1]), "1 points cannot determine 2"),
    ("line", straight(X[:3]), "columns must be of one length"),
    ("line", straight(x_error=1.0), "with x_error the y_error is needed"),
    ("line", straight(names="x"), "names = 'x' are not a pair"),
    ("modular_kinetics", modules(leak=X), "leak = .* is not a pair"),
    ("modular_kinetics", modules(leak=(X, put(UP, 0, -1.0))), r"flux of leak\[0\] = -1"),
    ("modular_kinetics", modules(leak=(X, put(UP, 0, NAN))), r"flux of leak\[0\] = nan"),
    ("modular_kinetics", modules(oxidation=(X[:2], UP)), "columns must be of one length"),
    ("modular_kinetics", modules(phosphorylation=(X, UP), working=(X, UP)), "not both"),
    ("modular_kinetics", modules(leak_law="cubic"), "leak_law = 'cubic'"),
    ("modular_kinetics", modules(oxidation_law="cubic"), "oxidation_law = 'cubic'"),
    ("modular_kinetics", modules(phosphorylation_law="cubic"), "phosphorylation_law = 'cubic'"),
    ("modular_kinetics", modules(axis="volts"), "axis = 'volts'"),
    ("FitResult", lambda x: fitting.line(X, UP).of_derived("r_square"), "Did you mean r_squared"),
]

OF_PHYSICS = [
    ("equilibrium_line", line_of_equilibria("many"), "pmf = 'many'"),
    ("rate_against_pmf", rate(profile="yes"), "profile = 'yes'"),
    ("rate_against_pmf", reversible(reverse=INF), "reverse = inf"),
    ("michaelis_menten", lambda x: fitting.michaelis_menten(X, UP, offset="yes"), "offset = 'yes'"),
    ("equilibrium_line", line_of_equilibria(temperature=25.0), "temperature = 25 K"),
    ("equilibrium_line", line_of_equilibria(structural=-1.0), "structural = -1"),
    ("equilibrium_line", line_of_equilibria(structural="chloroplasts"), "Did you mean chloroplast"),
    ("equilibrium_line", line_of_equilibria(pH=80.0, mg=1.0), "pH = 80"),
    ("rate_against_pmf", reversible(h_per_atp=0.0), "h_per_atp = 0"),
    ("rate_against_pmf", reversible(h_per_atp="three"), "h_per_atp = 'three'"),
    ("carrier_conductance", carrier(voltage=NAN), "voltage = nan"),
    ("carrier_conductance", carrier(compound="FCPP"), "Did you mean FCCP"),
    ("carrier_conductance", carrier(adsorption_length=0.0), "adsorption_length = 0"),
    ("arrhenius", warm(reference=25.0), "reference = 25 K"),
]

ROWS = [Row(f"fitting.{name}", call, FitError, words) for name, call, words in CURVES]
ROWS += [Row(f"fitting.{name}", call, ParameterError, words) for name, call, words in OF_PHYSICS]
