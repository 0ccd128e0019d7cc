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
# # What can be identified?
#
# A fit always gives numbers. Whether the data *determine* them is another question, and most of a report of a fit is the
# answer to it. In this notebook you
#
# 1. read the report of a fit: errors, intervals, verdicts, warnings,
# 2. see two constants of which only a product is known, and one that the data never touch,
# 3. follow a **profile likelihood**, and see an interval that is open on one side,
# 4. ask the same question by bootstrap and by a posterior distribution,
# 5. choose parameters so that they *can* be known: the leak at a reference potential,
# 6. report a measured maximum instead of a fitted one,
# 7. fit the whole model of a mitochondrion, and find out how many of its parameters sixteen numbers can pay for,
# 8. start a search where it cannot move.

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc
from mitochem.fitting import (
    Experiment,
    Free,
    Law,
    Problem,
    Scale,
    bootstrap,
    compare,
    dose_response,
    fit,
    leak_curve,
    michaelis_menten,
    posterior,
    profile,
)

# %% [markdown]
# ## 1. A fit and its report
#
# Respiration of permeabilised heart fibres against ADP (Stride 2013), without creatine. The offset is what the fibres
# respire without added ADP.

# %%
stride = mc.datasets.load("stride_2014_adp_titration_heart")
adp, J = stride.adp, stride.J_O2.sel(creatine="-creatine")

offset = michaelis_menten(adp, J, offset=True, label="-creatine")
offset

# %% [markdown]
# Every unknown has a **verdict**. It is one of five:
#
# | verdict | what it means |
# |---|---|
# | identified | the data determine it, to within its interval |
# | practically unidentifiable | they could, but these data are too few, too noisy or in the wrong place |
# | structurally unidentifiable | they cannot, however good they are: only a combination of it with others matters |
# | at bound | the search ended on a bound; the number is the bound, not a measurement |
# | did not move | the search never left its start; the number is the one that was put in |

# %%
offset.table[["value", "se", "low_95", "high_95", "verdict"]].round(3)

# %% [markdown]
# The constant depends on the law as much as on the data. AICc compares laws of the same data; a difference below 2 decides
# nothing.

# %%
laws = {
    "plain": michaelis_menten(adp, J),
    "offset": offset,
    "Hill": michaelis_menten(adp, J, hill=True),
}
table = compare(*laws.values())
table[["fit", "unknowns", "rmse", "AICc", "delta", "warnings"]].round(2)

# %%
for name, result in laws.items():
    print(f"{name:8} Km {result['Km']:.3f} ± {result.stderr['Km']:.3f} mM")
print()
print("\n".join(laws["Hill"].warnings))
assert laws["Hill"].aicc > laws["offset"].aicc - 2

# %% [markdown]
# The Hill law fits as well, and what it says is quite different: half saturation at 0.6 instead of 0.5 mM looks harmless,
# but its plateau lies a third above anything that was measured, and plateau and constant are traded against each other.
#
# ## 2. A product of which only the product is known
#
# The protein in a chamber and the sensitivity of the electrode both multiply the measured rate. No experiment of this kind can
# tell them apart, and the fit says so: the two are *structurally* unidentifiable, and which combination is known.

# %%
model = mc.models.isolated_mitochondria()
ADP = np.array([0.01, 0.03, 0.1, 0.3, 1.0])
clamped = {"adp_bath": ADP, "atp_bath": 5 - ADP, "pi_bath": np.full(5, 5.0)}
noise = np.random.default_rng(3).normal(0, 1.0, len(ADP))

# What an experiment would give, ADP held by an ATP-using enzyme, with some noise.
import xarray

rows = {name: xarray.DataArray(values, dims="point") for name, values in clamped.items()}
measured = model.steady_state(rows, clamped=tuple(clamped)).J_O2.values + noise
titration = Experiment(clamped, {"J_O2": measured})

both = fit(
    Problem(
        model,
        titration,
        free=["leak.amplitude"],
        nuisance={"protein": Scale("J_O2", start=1.1), "sensitivity": Scale("J_O2", start=0.9)},
    )
)
both.table[["value", "se", "verdict", "why"]]

# %% [markdown]
# `leak.amplitude` keeps its error: what is not known does not spoil what is. And a parameter that these data do not touch at
# all (ADP was held, whatever the ATP-using enzyme would have liked) is named too:

# %%
untouched = fit(Problem(model, titration, free=["leak.amplitude", "load.K_atp"]))
print(untouched.verdicts)
print(untouched.reasons["load.K_atp"])
assert untouched.verdicts["load.K_atp"] == both.verdicts["protein"] == "structurally unidentifiable"

# %% [markdown]
# ## 3. Profile likelihood
#
# The standard error describes the bottom of the valley. The **profile likelihood** walks out of it: one unknown is held
# further and further from its estimate, all others are fitted again, and the rise of the misfit is followed until it passes
# the threshold. Drawn as a root, in standard errors, it is a straight V where the usual error is right.

# %%
profiles = profile(offset)
profiles.plot()
plt.show()

# %%
profiles

# %% [markdown]
# Now stop the titration at 0.5 mM. The data still look like a curve that bends, all intervals close, and they exclude
# what the whole titration gives.

# %%
low = adp.values <= 0.5
short = michaelis_menten(adp.values[low], J.values[low], offset=True, label="up to 0.5 mM")
print(f"up to 0.5 mM   Km {short['Km']:.2f} mM,  95 % {profile(short)['Km'].interval}")
print(f"up to 5 mM     Km {offset['Km']:.2f} mM,  95 % {profiles['Km'].interval}")

# %% [markdown]
# An interval holds *if the law is right*. Fibres are not one site with one constant, and the constant that is found is that
# of the part of the curve one looked at.
#
# Some intervals do not close. Heart mitochondria at 5 mM phosphate, five points for three unknowns (Bazil 2016):

# %%
bazil = mc.datasets.load("bazil_2016_heart_respiratory_control")
five = bazil.sel(phosphate=5)
few = michaelis_menten(five.adp_bath, five.J_O2, offset=True, label="Pi 5 mM")
few_profiles = profile(few)
few_profiles.plot()
plt.show()

# %%
few_profiles

# %% [markdown]
# Km may be anything: its valley is open on both sides. With the profile in hand the verdicts are stricter than those of the
# standard errors alone.

# %%
print(few.verdicts)
print(few.with_profiles(few_profiles).verdicts)
assert few_profiles["Km"].closed == (False, False)

# %% [markdown]
# Shared with the titration at 1 mM, the constant is known to a factor of three; each series keeps its own plateau.

# %%
groups = np.repeat(["Pi 1 mM", "Pi 5 mM"], 5)
joint = michaelis_menten(
    bazil.adp_bath.values.ravel(), bazil.J_O2.values.ravel(), offset=True, groups=groups, shared=["Km"],
    units=("mM", "nmol/min/UCS"),
)  # fmt: skip
joint.table[["value", "unit", "low_95", "high_95", "verdict"]].round(3)

# %% [markdown]
# ## 4. The same question, three ways
#
# * the **linearised** interval, from the curvature at the minimum (free),
# * the **bootstrap**, from fits of data that might have been measured instead,
# * the **posterior**, from a random walk through all values in proportion to their probability (needs `mitochem[bayes]`).

# %%
resampled = bootstrap(offset, 400, seed=1)

try:
    walked = posterior(offset, steps=2500, burn=500, seed=1)
    posterior_interval = tuple(np.quantile(walked.posterior["Km"], [0.025, 0.975]))
except mc.FitError as error:
    print(error)
    posterior_interval = (np.nan, np.nan)

rows = {
    "linearised": offset.intervals["Km"],
    "profile": profiles["Km"].interval,
    "bootstrap": resampled.intervals["Km"],
    "posterior": posterior_interval,
}
figure, ax = plt.subplots(figsize=(6, 2.4), layout="constrained")
for i, (name, (low_end, high_end)) in enumerate(rows.items()):
    ax.plot([low_end, high_end], [i, i], lw=3, solid_capstyle="butt")
    print(f"{name:11} {low_end:.3f} to {high_end:.3f} mM")
ax.axvline(offset["Km"], color="black", lw=1)
ax.set_yticks(range(len(rows)), rows)
ax.invert_yaxis()
ax.set_xlabel("Km of ADP / mM, 95 %")
plt.show()

# %% [markdown]
# The bootstrap is narrower: with eight points and three unknowns, a percentile interval does not know how badly the noise
# itself is known, which Student's t does. With so few points trust the wider ones.
#
# ## 5. Choose what can be known
#
# The leak grows steeply with the potential, and is measured over a window of some 30 mV. Written as $a\,e^{b\Delta\psi}$, the
# amplitude $a$ is the leak at *zero* potential, where nobody ever measured: it is known to a quarter, and only together
# with $b$. The leak **at the middle of the window** is known to two per cent. These points are simulated.

# %%
rng = np.random.default_rng(5)
psi = np.array([150.0, 156, 162, 168, 174, 180])
leak = 0.02 * np.exp(0.04 * psi) * (1 + 0.04 * rng.normal(size=len(psi)))

exponential = Law(
    lambda psi, a, b: a * np.exp(b * psi),
    "J",
    {"J": "nmol/min/mg", "psi": "mV", "a": "nmol/min/mg", "b": "1/mV"},
    bounds={"a": (0, None), "b": (0, None)},
)
naive = fit(
    Problem(
        exponential,
        Experiment({"psi": psi}, {"J": leak}),
        free={"a": Free(start=0.05), "b": Free(start=0.03)},
        title="leak told at zero potential",
    )
)
better = leak_curve(psi, leak, law="exponential", units=("mV", "nmol/min/mg"))

print("told at 0 mV:     correlation", round(naive.correlation.iloc[0, 1], 4))
print(naive.table[["value", "se"]].to_string(), "\n")
print("told at the middle: correlation", round(better.correlation.iloc[0, 1], 4))
print(better.table[["value", "se"]].to_string())
better.plot()
plt.show()
assert abs(better.correlation.iloc[0, 1]) < 0.95 < abs(naive.correlation.iloc[0, 1])

# %% [markdown]
# The two curves cannot be told apart by eye (the second law is zero at zero potential, as a leak must be). Only the questions
# were changed.
#
# ## 6. A measured maximum
#
# Brain mitochondria, oligomycin and four steps of FCCP (Cadonic 2015). A saturating law is the habit; look at what it claims.

# %%
brain = mc.datasets.load("cadonic_2015_fccp_titration_brain")
steps = brain.sel(chamber="A").isel(step=np.isfinite(brain.fccp.values))
uncoupled = dose_response(steps.fccp, steps.J_O2, label="chamber A")
uncoupled

# %% [markdown]
# Its plateau is a third above the largest rate that was measured, is known together with the half-dose only, and the dose is
# nominal. What the experiment *did* measure stands under "derived": the largest rate, and the dose that gave it.
#
# ## 7. The whole model
#
# Sixteen numbers (oxygen consumption and Δψ of heart mitochondria at several ADP and two phosphate concentrations, Bazil 2016)
# against a model with dozens of parameters. How many can be free? Two, and a scale:

# %%
problem = mc.fitting.examples.adp_titration_heart()
heart = fit(problem, starts=6, seed=0)
heart.table[["value", "unit", "se", "verdict"]]

# %%
heart.attempts[["cost", "same", "leak.amplitude"]].round(3)

# %% [markdown]
# All six starts end at one minimum. Now ask for two parameters more: the capacity of the chain, which acts almost as the scale
# does, and the steepness of the leak, which acts almost as its amplitude does.

# %%
import dataclasses

greedy = fit(
    dataclasses.replace(problem, free={**problem.free, "electron_transport.capacity": None, "leak.steepness": None})
)
greedy.table[["value", "se", "verdict", "why"]]

# %%
print(f"AICc {heart.aicc:.1f} with three unknowns, {greedy.aicc:.1f} with five")
for warning in greedy.warnings:
    print(f"- [{warning.kind}] {warning}")

# %% [markdown]
# The fit is hardly closer, AICc has risen by eight, the leak has run to a bound that no mitochondrion has ever seen, and the
# errors of the others are given that it stays there. The report of the smaller fit says which parameters were held, and the
# profiles show that what it claims, it knows:

# %%
profile(heart).plot()
plt.show()

# %% [markdown]
# ## 8. A start that cannot move
#
# A search follows slopes. Where there is none it stays, "converges" at once, and returns the start as if it were a result.
# Here the half-saturation begins at a millionth of the concentrations: the prediction is flat, and changing it a little
# changes nothing.

# %%
saturating = Law(
    mc.fitting.hill_law,
    "J",
    {"adp": "mM", "Vmax": "1", "Km": "mM", "h": "1", "J": "1"},
    defaults={"J0": 0.0},
    bounds={"Vmax": (0, None), "Km": (0, None), "h": (0.1, 20)},
)
x = np.array([0.5, 1.0, 2.0, 4.0])
stuck = Problem(
    saturating,
    Experiment({"adp": x, "h": 9.0}, {"J": x**9 / (1 + x**9)}),
    free={"Vmax": Free(start=1.0), "Km": Free(start=1e-6, low=1e-9)},
)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    still = fit(stuck)
print(still.verdicts)
print(*(f"{w.category.__name__}: {w.message}" for w in caught), sep="\n")

# %% [markdown]
# The cure is another start, or several:

# %%
again = Problem(stuck.model, stuck.experiments, free={"Vmax": Free(start=1.0), "Km": Free(start=0.8)})
moved = fit(again, starts=8)
print({name: round(value, 4) for name, value in moved.values.items()}, moved.verdicts)
print(int(moved.attempts["same"].sum()), "of 8 starts end here")
assert still.verdicts["Km"] == "did not move"

# %% [markdown]
# ## What to remember
#
# * Report an interval and a verdict with every number, and say what was held.
# * A standard error of the usual kind is the bottom of the valley; a profile shows its sides.
# * If two unknowns go together, change the question (a reference point, a ratio, a measured maximum), or do another experiment.
# * Choose among laws by AICc, believe differences above 2 only, and remember that the choice is not in the error.
# * `result.save("fit.json")` keeps everything; `mc.fitting.replay("fit.json")` runs it again.
