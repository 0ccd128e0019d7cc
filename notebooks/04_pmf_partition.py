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
# # What the proton-motive force is made of
#
# The proton-motive force has two parts, an electrical and a chemical one:
#
# $$\Delta p = \Delta\psi + Z\,\Delta\mathrm{pH}, \qquad Z = \ln(10)\,RT/F = 61.5\ \mathrm{mV\ at\ 37\,^\circ C}$$
#
# A proton that comes back releases the same energy whichever part pulls it, so ATP synthase, the leak and the chain ask for
# the sum. But the parts are not interchangeable: other ions feel only Δψ, and pH-driven carriers only ΔpH. What decides
# how the force is split? Two ionophores answer the question:
#
# * **nigericin** swaps K⁺ for H⁺, one for one: no charge moves;
# * **valinomycin** lets K⁺ through alone: charge moves, no proton does.
#
# Before you run on, guess: which of the two lowers Δψ, and which lowers ΔpH? What do both together do?
#
# Signs: Δψ is outside minus matrix, ΔpH is matrix minus outside. Both are positive in an energised mitochondrion.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc

model = mc.models.isolated_mitochondria()
model.equations("pmf")

# %% [markdown]
# ## 1. Why most of the force is electrical
#
# The membrane is a tiny capacitor, and the matrix a large buffer. How many protons must be pumped for 180 mV, and how many
# for one unit of pH?

# %%
charge = model["membrane.capacitance"] * 180.0
buffer = model["membrane.buffer"] * 1.0
print(f"180 mV:      {charge:5.2f} nmol of charge per mg")
print(f"one pH unit: {buffer:5.1f} nmol H+ per mg, {buffer / charge:.0f} times as many")

# %% [markdown]
# The first nanomole of protons sets up Δψ, and then the pump stalls. For the matrix to become alkaline, many more protons
# have to leave, and **another charge must move to pay for each of them**. Here this is K⁺, which creeps in along Δψ and is
# taken out again in exchange for H⁺. The books are kept by the model:

# %%
model.conservation_laws()

# %% [markdown]
# Remove the K⁺ pathways, and Δψ and ΔpH become a single variable:

# %%
model.without("potassium", "potassium_uniport", "potassium_proton_exchange").conservation_laws()

# %% [markdown]
# ## 2. Nigericin, valinomycin, both
#
# State 4 (no ATP is made), in a KCl medium with 120 mM K⁺. Doses are µM in the chamber. The stacked bars are drawn up from
# zero where a part helps Δp and down where it opposes it; the black mark is Δp.

# %%
nigericin, valinomycin = {"nigericin.dose": 1.0}, {"valinomycin.dose": 0.1}
doses = {"control": {}, "nigericin": nigericin, "valinomycin": valinomycin, "both": nigericin | valinomycin}
high = {name: model.steady_state(conditions) for name, conditions in doses.items()}
mc.plot.pmf_components(high)
plt.show()

# %%
print(f"{'':<12}{'Δψ/mV':>9}{'Z·ΔpH/mV':>10}{'Δp/mV':>9}{'E_K/mV':>9}{'O2':>8}")
for name, ds in high.items():
    chemical = float(ds.nernst_slope * ds.delta_pH)
    print(
        f"{name:<12}{float(ds.delta_psi):9.1f}{chemical:10.1f}{float(ds.pmf):9.1f}"
        f"{float(ds.potassium_potential):9.1f}{float(ds.J_O2):8.1f}"
    )

# %% [markdown]
# `E_K` is the Δψ at which K⁺ is at equilibrium; oxygen use is in nmol O₂ min⁻¹ mg⁻¹. Read the table row by row.
#
# **Nigericin** brings K⁺ and H⁺ into equilibrium *with each other*: Z·ΔpH → −E_K. In a medium with about as much K⁺ as the
# matrix, E_K is near zero, and ΔpH is gone. It moves no charge, so it is no short circuit: the chain pumps on, and **Δψ
# rises** until Δp is nearly what it was.
#
# **Valinomycin** brings K⁺ into equilibrium with Δψ: Δψ → E_K. K⁺ flows in until Δψ is spent, every K⁺ that enters pays for
# a proton that leaves, and **ΔpH rises**. Respiration hardly changes: some 60 nmol of K⁺ per mg moved once, and what leaks out
# again by native K⁺/H⁺ exchange is little. (A matrix of pH 10 is what a constant buffer and a constant volume give. Real
# mitochondria would swell and run into the limits of their buffer; the direction is right, the size is not.)
#
# **Both** close a circle: K⁺ comes in with its charge by valinomycin and goes out for a proton by nigericin. The net effect
# of a turn is one proton in, with its charge. That is an uncoupler: **Δp collapses** and respiration runs at its maximum.
# Neither drug is an uncoupler alone.

# %%
run = model.simulate(
    mc.Protocol().wait(3, "state 4").add(nigericin=1.0).wait(4, "nigericin").add(valinomycin=0.1).wait(4, "both")
)
mc.plot.trace(run, variables=("J_O2", "delta_psi", "delta_pH"))
plt.show()

# %% [markdown]
# ## 3. The medium matters
#
# "Nigericin abolishes ΔpH" is true only where K⁺ is about equal on both sides. With little K⁺ outside, E_K is large, and both
# drugs do something else. Guess before you run: a medium with 20 mM K⁺, a sixth of what the matrix has.

# %%
low_K = model.replace({"potassium.potassium_bath": 20.0})
low = {name: low_K.steady_state(conditions) for name, conditions in doses.items()}

fig, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharey=True, layout="constrained")
for ax, title, results in zip(axes, ("120 mM K$^+$ outside", "20 mM K$^+$ outside"), (high, low)):
    mc.plot.pmf_components(results, ax=ax)
    ax.set_title(title)
axes[0].get_legend().remove()
plt.show()

# %%
for name, ds in low.items():
    chemical = float(ds.nernst_slope * ds.delta_pH)
    print(
        f"{name:<12} Δψ {float(ds.delta_psi):6.1f}   Z·ΔpH {chemical:7.1f}   Δp {float(ds.pmf):6.1f}"
        f"   E_K {float(ds.potassium_potential):6.1f} mV"
    )

# %% [markdown]
# With nigericin, Z·ΔpH = −E_K is now **negative**: K⁺ leaves along its gradient and drags protons in, so that the matrix
# becomes acid, and Δψ has to be larger than Δp. Even the control, given time, goes this way. With valinomycin, Δψ stops
# near E_K, far from zero. That is how valinomycin and a series of K⁺ concentrations calibrate a probe of Δψ.
#
# (More than about 200 mV across a real membrane would not last: its leak steepens with Δψ. The leak of this model feels Δp.)
#
# And without any Δp? Stop respiration with rotenone, uncouple with FCCP, block the synthase, in 3 mM K⁺ at 20 °C:

# %%
stopped = {"rotenone.dose": 10.0, "FCCP.dose": 10.0, "oligomycin.dose": 5.0}
cold = {"potassium.potassium_bath": 3.0, "environment.temperature": 293.15}
ds = model.steady_state(stopped | cold)
print(f"Δp {float(ds.pmf):.1f} mV   Δψ {float(ds.delta_psi):.0f} mV   ΔpH {float(ds.delta_pH):.2f}")

# %% [markdown]
# Δψ and Z·ΔpH are still there, equal and opposite: no work can be got from them with protons. Nicholls (1974) measured
# +85 mV and −1.46 in such mitochondria. (How large the two are is no test of the model: the 3 mM K⁺ were chosen to give
# 85 mV. That ΔpH then cancels it is the prediction.) **A large Δψ is no proof of energisation.**

# %%
outside = np.geomspace(20.0, 150.0, 25)
fig, ax = plt.subplots(figsize=(5.2, 3.6), layout="constrained")
for name, style in (("control", "-"), ("nigericin", "--"), ("both", ":"), ("valinomycin", "-.")):
    ds = model.steady_state(doses[name] | {"potassium.potassium_bath": outside})
    ax.plot(outside, ds.delta_psi, style, label=name)
ax.plot(outside, ds.potassium_potential, color="0.7", lw=5, zorder=0, label="$E_K$ with valinomycin")
ax.set(xlabel="K$^+$ outside / mM", ylabel=r"$\Delta\psi$ / mV")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# ## 4. Does ATP synthase care?
#
# In energy it cannot: at equilibrium ΔG_P = (11/3) F Δp however Δp is split. In this model it does not in speed either.
# (A real synthase may; that needs a law that takes Δψ and ΔpH apart.) At work:

# %%
for name in ("control", "nigericin", "valinomycin", "both"):
    ds = model.steady_state(doses[name] | {"load.capacity": 300.0})
    print(
        f"{name:<12} Δp {float(ds.pmf):6.1f} mV   ATP {float(ds.J_ATP):6.1f} nmol/min/mg"
        f"   P/O {mc.readouts.p_over_o(ds):.2f}"
    )

# %% [markdown]
# Where does the energy go? `dissipation` gives the power of every process. With both drugs, the K⁺ cycle takes it all:

# %%
for name in ("control", "nigericin", "valinomycin", "both"):
    power = mc.analysis.dissipation(model, doses[name]).power
    cycle = float(power.sel(process=["J_K_uniport", "J_KH_exchange"]).sum())
    print(f"{name:<12} leak {float(power.sel(process='J_leak')):6.2f}   K+ cycle {cycle:6.2f} µW/mg")

# %% [markdown]
# ## Your turn
#
# 1. Titrate valinomycin (`model.titrate("valinomycin", np.geomspace(1e-5, 1e-2, 40))`). At which dose do Δψ and Z·ΔpH cross?
# 2. Add nigericin first and valinomycin second, and then the other way round. Do the end states differ? Should they?
# 3. In which medium would nigericin leave ΔpH exactly as it was?
# 4. A matrix buffer twice as large: which changes, the steady state or the time to get there?
#    (`model.linearise().time_constant` gives the times.)
# 5. Acetate and phosphate carry acid, too. Which of the two drugs does added phosphate resemble?
