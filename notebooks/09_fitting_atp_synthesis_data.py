# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---


# %% [markdown]
# # Fitting ATP-synthesis data
#
# How many protons does an ATP cost, how fast is it made, and what does the rate depend on? In this notebook you
#
# 1. look at what is published, with its conditions and errors,
# 2. find H⁺/ATP and ΔG°′ from forces at which ATP is neither made nor split, and why the two are known together only,
# 3. fit rates against the proton-motive force, by thermodynamics and by a sigmoid, and read what each can tell,
# 4. fit ADP titrations: Michaelis-Menten, with the laws side by side,
# 5. fit the model of a whole mitochondrion to one titration, **predict another**, and see how honest the error is,
# 6. fit two observables at once: oxygen and a dye for Δψ, along an uncoupler,
# 7. read an ATP assay through its light,
# 8. write a fit down, and run it again.
#
# Where points are simulated the text says so: the tables of rates against force that are cited everywhere stand in figures only.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc
from mitochem.fitting import (
    arrhenius,
    compare,
    equilibrium_line,
    examples,
    fit,
    michaelis_menten,
    prediction,
    profile,
    rate_against_pmf,
    replay,
    standard_energy_at,
)

# %% [markdown]
# ## 1. What is published
#
# Small tables ship with the package, each with its citation, conditions and caveats.

# %%
mc.datasets.list()[["name", "layout", "points"]]

# %% [markdown]
# H⁺/ATP of proteoliposomes, measured at equilibrium:

# %%
mc.datasets.facts("turina_petersen_h_per_atp", quantity="H_per_ATP")[
    ["enzyme", "organism", "value", "uncertainty", "pH_out", "note"]
]

# %% [markdown]
# Four of them are of the chloroplast enzyme with an error. Their mean, weighted by the inverse of the variance, is 3.95 ± 0.12. The
# ring of that enzyme has 14 subunits for 3 catalytic sites: by structure it should cost 14/3 = 4.67 protons. The *thermodynamic*
# and the *structural* ratio are two numbers with two names, and never stand in for each other here.

# %%
measured = mc.datasets.facts("turina_petersen_h_per_atp", quantity="H_per_ATP", enzyme="CF0F1").dropna(
    subset=["uncertainty"]
)
weight = 1 / measured.uncertainty**2
mean, error = (weight * measured.value).sum() / weight.sum(), weight.sum() ** -0.5
print(f"thermodynamic {mean:.2f} ± {error:.2f},   structural {14 / 3:.2f}")
assert abs(mean - 3.95) < 0.005

# %% [markdown]
# ## 2. The equilibrium line
#
# ATP synthase is let loose on a force across the membrane at a given [ATP]/([ADP][Pi]) = Q, and the force is found at which the
# net rate is zero. There $RT\ln Q = n\,F\Delta p - \Delta G^{\circ\prime}$: a line, whose slope is H⁺/ATP. The published points
# stand in a figure, so these are simulated, with the published result (n 3.9, ΔG°′ 37 kJ/mol, pH 8.45) and errors of that size.

# %%
rng = np.random.default_rng(2)
kelvin = 298.15
force = np.linspace(128, 172, 8)  # mV
energy = 3.9 * mc.constants.FARADAY * force - 37.0  # kJ/mol
energy_error, force_error = 0.6, 1.5
ratio = np.exp((energy + rng.normal(0, energy_error, 8)) / (mc.constants.GAS_CONSTANT * kelvin))

line = equilibrium_line(
    force + rng.normal(0, force_error, 8),
    ratio,
    unit="1/M",
    temperature="25 degC",
    pH=8.45,
    mg=1.0,
    energy_error=energy_error,
    pmf_error=force_error,
    structural="chloroplast",
    errors="declared",
    label="simulated",
)
line

# %%
line.plot()
plt.show()

# %% [markdown]
# Force and energy both have errors, so the line is fitted by *orthogonal distances*: the true forces are found along with it.
#
# Slope and intercept are known **together**. All points lie between 128 and 172 mV, far from zero force: a steeper line has a lower
# intercept. The ellipse shows it; the force at which Q = 1 is known better than the two errors alone would make it.

# %%
n, g = line.names
covariance = line.covariance.to_numpy()
values, vectors = np.linalg.eigh(covariance)
angle = np.linspace(0, 2 * np.pi, 200)
ellipse = vectors @ (np.sqrt(5.991 * values)[:, None] * np.array([np.cos(angle), np.sin(angle)]))  # chi squared, 95 %
figure, ax = plt.subplots(figsize=(4.6, 3.6), layout="constrained")
ax.plot(line[n] + ellipse[0], line[g] + ellipse[1])
ax.plot(3.9, 37.0, "k+", ms=12)
ax.axvline(14 / 3, color="grey", ls="--")
ax.annotate("c/β", (14 / 3, ax.get_ylim()[0]), ha="right", va="bottom", rotation=90, color="grey")
ax.set_xlabel("H⁺/ATP, thermodynamic")
ax.set_ylabel("ΔG°′ / kJ/mol")
plt.show()
print(line.of_derived("pmf_at_unity"))

# %% [markdown]
# ΔG°′ belongs to its conditions: above pH 7.5 nearly one proton is used per ATP, 5.7 kJ/mol for each unit of pH. Told the
# conditions, the package says what its own constants give there, and refers the fitted value to others.

# %%
here = {"pH": 8.45, "mg": 1.0, "temperature": kelvin}
for other in ({"pH": 8.05}, {"pH": 7.2}, {"mg": 0.1}, {"temperature": 310.15}):
    print(f"{other!s:24} ΔG°′ {standard_energy_at(line[g], here, other):.1f} kJ/mol")

# %% [markdown]
# ## 3. Rate against force
#
# **Simulated**, by the reversible law with n = 3.9 and the phosphorylation potential of the medium. The rate is zero at equilibrium,
# and negative below: there ATP is split.

# %%
gp = 45.0  # kJ/mol, in the medium
pmf = np.linspace(95, 205, 14)


def synthesis(pmf):
    """Net rate in 1/s: at most 200 forward and 30 backward."""
    x = (3.9 * mc.constants.FARADAY * pmf - gp) / (mc.constants.GAS_CONSTANT * kelvin)
    return 200 * (1 - np.exp(-x)) / (1 + 200 / 30 * np.exp(-x))


rate = synthesis(pmf) + rng.normal(0, 5, len(pmf))

thermodynamic = rate_against_pmf(
    pmf, rate, h_per_atp=3.9, delta_Gp=gp, temperature="25 degC", units=("mV", "1/s"), origin="synthetic"
)
thermodynamic

# %% [markdown]
# H⁺/ATP is *told* here, not fitted. A sigmoid describes the rising part as well, and has a "steepness", which is no H⁺/ATP: it is that
# of the kinetics.

# %%
up = rate > 0
sigmoid = rate_against_pmf(pmf[up], rate[up], law="boltzmann", units=("mV", "1/s"), origin="synthetic")
sigmoid.plot()
plt.show()
print(sigmoid.table[["value", "unit", "low_95", "high_95", "verdict"]].round(2).to_string())

# %% [markdown]
# And what if the experiment never got above the knee? Seven points up to 128 mV say where the threshold is. Of the maximum, which was 200,
# they say nothing; what the fit says of it is the shape of the law, carried on. The warning is the result here, not the number.

# %%
foot = np.linspace(122, 128, 7)
low = rate_against_pmf(
    foot, synthesis(foot) + rng.normal(0, 2, 7), law="boltzmann", units=("mV", "1/s"), origin="synthetic"
)
print("vmax, 95 %:", tuple(round(end) for end in low.profiles["vmax"].interval))
print(*low.warnings, sep="\n")
assert any(w.kind == "extrapolation" for w in low.warnings)

# %% [markdown]
# ## 4. Respiration and ADP
#
# Permeabilised heart fibres with creatine (Stride 2013). The plain law misfits; an offset is needed, and changes the constant 2.5 fold.

# %%
stride = mc.datasets.load("stride_2014_adp_titration_heart")
adp, J = stride.adp, stride.J_O2.sel(creatine="+creatine")
plain, offset = michaelis_menten(adp, J), michaelis_menten(adp, J, offset=True)
print(compare(plain, offset)[["fit", "rmse", "AICc", "delta"]].round(2).to_string())
print(f"Km {plain['Km']:.3f} or {offset['Km']:.3f} mM")
offset.plot()
plt.show()

# %% [markdown]
# Temperature acts on rates through an activation energy. The chloroplast enzyme has 55 kJ/mol (abstract; 5 to 45 °C). Points simulated
# with that value give it back, with its error:

# %%
celsius = np.array([5.0, 15, 25, 35, 45])
speed = 10 * np.exp(-55 / mc.constants.GAS_CONSTANT * (1 / (celsius + 273.15) - 1 / kelvin)) * rng.normal(1, 0.05, 5)
warm = arrhenius(celsius, speed, units=("degC", "1/s"))
print(f"Ea {warm['activation_energy']:.0f} ± {warm.stderr['activation_energy']:.0f} kJ/mol")

# %% [markdown]
# ## 5. The model of a mitochondrion: fit one titration, predict another
#
# Heart mitochondria, oxygen consumption and Δψ along ADP, at 1 and 5 mM phosphate (Bazil 2016). The default model is fitted to **1 mM
# alone**: eight numbers, two parameters and a scale.

# %%
one = fit(examples.adp_titration_heart(phosphate=(1.0,)))
one.table[["value", "unit", "se", "verdict"]]

# %%
five = examples.adp_titration_heart(phosphate=(5.0,)).experiments
predicted = prediction(one, five)
seen = predicted[predicted.observed.notna()]
print(f"{int(seen.inside.sum())} of {len(seen)} points at 5 mM lie within their 95 % prediction interval")
seen[["observable", "adp_bath", "observed", "predicted", "low", "high", "inside"]].round(4)

# %%
figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
for ax, name in zip(axes, ("J_O2", "delta_psi")):
    mc.plot.predicted(predicted, "adp_bath", observable=name, xlabel="ADP / mM", ax=ax)
plt.show()

# %% [markdown]
# Five of eight, where 95 % were promised. The interval knows the scatter of eight numbers that the model fits well; it does *not* know that
# one Michaelis constant for ADP is too coarse at a few µM. This is what a prediction is for: a model that fits is not yet one that
# predicts. Fitted to both:

# %%
both = fit(examples.adp_titration_heart(), profile=True)
both

# %%
profile(both).plot()
plt.show()

# %% [markdown]
# ## 6. Two observables along an uncoupler
#
# Brain mitochondria with oligomycin, FCCP in four steps; oxygen, and the free share of TMRM (Cadonic 2015). The dye goes through its
# observation model *inside* the fit: Δψ itself was never measured.

# %%
brain = fit(examples.fccp_titration_brain())
brain.table[["value", "unit", "low_95", "high_95", "verdict"]]

# %%
mc.plot.uncoupling(examples.fccp_readings(brain), examples.fccp_readings(brain, points=60))
plt.show()

# %% [markdown]
# The rate rises and the reading of the dye falls with the dose, as they must. What these data cannot tell:
#
# * the dose is nominal: `effectiveness` holds what is free, what binds, and how much protein there was;
# * protein and capacity of the chain are one number, the factor of each chamber;
# * **how far Δψ falls.** By Nernst's law the dye reads 53 to 58 mV. A tenth of it never comes free, even after antimycin, and if that is
#   allowed for, Δψ of the model falls by more than twice as much. Only a calibration could decide.
#
# The measured curve of flux against ΔΔψ is that of substrate oxidation, and nearly a line:

# %%
from mitochem.fitting import line as straight

for chamber, (_, flux, ddpsi) in examples.fccp_readings(brain).items():
    slope = straight(ddpsi, flux, units=("mV", "pmol/s/mL"))
    print(f"chamber {chamber}: {slope['slope']:.1f} ± {slope.stderr['slope']:.1f} pmol/s/mL/mV")

# %% [markdown]
# ## 7. An ATP assay, through its light
#
# Luciferase makes light in proportion to ATP; a standard calibrates it; the signal fades; adenylate kinase makes ATP that oligomycin does
# not stop. No raw record was at hand, so the runs are **simulated**, and fitted through the same observation.

# %%
assay = fit(examples.luciferase_time_course())
assay.plot()
plt.show()
assay.table[["value", "unit", "low_95", "high_95", "verdict"]]

# %%
for name, truth in examples.LUCIFERASE_TRUTH.items():
    low_end, high_end = assay.intervals[name]
    print(f"{name:28} put in {truth:<10.4g} found {low_end:.4g} to {high_end:.4g}")

# %% [markdown]
# ## 8. Written down, and run again
#
# A record holds the model with all values, the data, the start, the seed, the versions, and a digest of what was fitted.

# %%
with tempfile.TemporaryDirectory() as folder:
    path = both.save(Path(folder) / "heart.json")
    again = replay(path)
print({name: bool(np.isclose(again[name], value, rtol=1e-6)) for name, value in both.values.items()})
assert all(np.isclose(again[name], value, rtol=1e-6) for name, value in both.values.items())
