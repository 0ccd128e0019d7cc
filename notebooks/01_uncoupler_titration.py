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
# # Uncoupling a mitochondrion
#
# A mitochondrion is a rechargeable battery. Its respiratory chain burns fuel with oxygen and pumps protons out of the
# matrix; the protons pull on the membrane with the **proton-motive force**
#
# $$\Delta p = \Delta\psi + Z\,\Delta\mathrm{pH}, \qquad Z = \ln(10)\,RT/F = 61.5\ \mathrm{mV\ at\ 37\,^\circ C}$$
#
# and come back through ATP synthase, which makes ATP. An *uncoupler* such as FCCP carries protons back without making
# anything: it short-circuits the battery. In this notebook you
#
# 1. look at a model mitochondrion at rest and at work,
# 2. add FCCP step by step, as in a respirometer,
# 3. titrate it, and find out why respiration rises, passes a maximum and falls,
# 4. write a law of your own and see what it changes.
#
# Nothing here needs earlier experience with the package. Signs: Δψ and ΔpH are positive in an energised mitochondrion.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc

# %% [markdown]
# ## 1. At rest and at work
#
# `isolated_mitochondria()` is liver-like: isolated mitochondria in a respirometer, 1 mg of protein per mL, 37 °C, with
# NADH-linked fuel.

# %%
model = mc.models.isolated_mitochondria()
model

# %% [markdown]
# Each line is a *component*: a few numbers with units and sources, and a few short laws. A law can be read as a number,
# as a curve, or as an equation:

# %%
leak = mc.components.SinhLeak()
leak.J_leak(180.0)  # protons leaking back at 180 mV, in nmol/min/mg

# %%
model.equations("J_leak")

# %% [markdown]
# Without work to do, respiration only makes up for the leak: **state 4**. With plenty of ATP being used, ATP synthase runs
# fast, the force falls, and respiration speeds up: **state 3**. Their ratio is the respiratory control ratio (RCR).

# %%
state_4 = model.steady_state()
state_3 = model.steady_state({"load.capacity": 1200.0})

for name in ("pmf", "delta_psi", "delta_pH", "J_O2", "J_ATP"):
    unit = (
        state_4[name].attrs["units"].replace("1", "", 1)
        if state_4[name].attrs["units"] == "1"
        else state_4[name].attrs["units"]
    )
    print(f"{name:<10} state 4 {float(state_4[name]):8.2f}   state 3 {float(state_3[name]):8.2f}   {unit}")

print(f"\nRCR {mc.readouts.rcr(state_3, state_4):.2f}")
print(f"P/O in state 3 {mc.readouts.p_over_o(state_3):.2f} ATP per oxygen atom")

# %% [markdown]
# `J_O2` counts O₂ molecules; older books count oxygen *atoms*, which gives twice the number. P/O is per atom.

# %% [markdown]
# ## 2. Adding FCCP step by step
#
# An experiment is a `Protocol`: what is added, and how long we wait. Bath species are added in mM, drugs in µM.

# %%
protocol = (
    mc.Protocol()
    .wait(2, "state 4")
    .add(ADP=0.2)
    .wait(3, "ADP")
    .add(oligomycin=1.0)
    .wait(2, "oligomycin")
    .add(FCCP=0.1)
    .wait(2)
    .add(FCCP=0.2)
    .wait(2)
    .add(FCCP=0.7)
    .wait(2)
)
run = model.simulate(protocol)
mc.plot.trace(run, variables=("J_O2", "delta_psi", "delta_pH"))
plt.show()

# %% [markdown]
# Look at the trace before you read on.
#
# * ADP makes respiration jump and Δψ dip, until all of it has become ATP.
# * Oligomycin blocks ATP synthase. Hardly anything happens: why?
# * Small doses of FCCP *raise* respiration. The last, large one *lowers* it.

# %% [markdown]
# ## 3. The titration
#
# `titrate` gives the steady state at every dose. Here the mitochondria also have some work to do, and the ATP and ADP of the
# bath are held where they were before the drug, as they would be in a large volume.

# %%
doses = np.linspace(0, 1, 101)
titration = model.titrate("FCCP", doses, {"load.capacity": 300.0})
mc.plot.titration(titration)
plt.show()

# %%
best = int(titration.J_O2.argmax("FCCP_dose"))
stops = float(np.interp(0, -titration.J_ATP, doses))
print(f"respiration is largest at {doses[best]:.2f} µM FCCP")
print(f"ATP synthesis stops at {stops:.3f} µM; above that, ATP is hydrolysed")

# %% [markdown]
# **Why does respiration rise?** The chain pumps against Δp. FCCP lowers Δp, so the chain meets less resistance.
#
# **Why does it fall?** FCCP anions gather in the membrane and inhibit the chain. Take that effect out, and there is no
# maximum:

# %%
fccp_without_inhibition = mc.drugs.FCCP.replace(inhibition=np.inf)
harmless = model.with_component(fccp_without_inhibition).titrate("FCCP", doses, {"load.capacity": 300.0})

fig, ax = plt.subplots(figsize=(5, 3))
ax.plot(doses, titration.J_O2, label="FCCP")
ax.plot(doses, harmless.J_O2, "--", label="FCCP that does not inhibit the chain")
ax.set(xlabel="FCCP / µM", ylabel="oxygen use / nmol O$_2$ min$^{-1}$ mg$^{-1}$")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# **Does it matter how the mitochondria are suspended?** FCCP binds to membranes. With less protein in the chamber there is
# more FCCP per membrane, and less is needed. An array in the conditions becomes a dimension of the result:

# %%
protein = np.array([0.2, 0.5, 1.0])
by_protein = model.titrate("FCCP", np.linspace(0.02, 1, 99), {"protein": protein})
for mg in protein:
    curve = by_protein.J_O2.sel(environment_protein=mg)
    print(f"{mg:.1f} mg/mL: largest respiration at {float(curve.FCCP_dose[curve.argmax('FCCP_dose')]):.2f} µM")

# %% [markdown]
# **What is the force made of?** In this model most of it is Δψ. Nigericin swaps K⁺ for H⁺ and takes ΔpH away, and Δψ rises to
# make up for it. Valinomycin lets K⁺ in and does the opposite.

# %%
conditions = {"control": model}
for drug, dose in (("nigericin", 0.1), ("valinomycin", 0.0003)):
    treated = model.with_component(mc.drugs.get(drug))
    conditions[drug] = treated.replace({f"{drug}.dose": dose})
mc.plot.pmf_components({name: m.steady_state() for name, m in conditions.items()})
plt.show()

# %% [markdown]
# ## 4. A law of your own
#
# Suppose that the pump sometimes *slips*: an electron pair goes to oxygen and no proton is moved, the more often the higher
# Δp. Ten lines make it a component. Its argument names say what it needs; `into="J_O2"` says that it uses oxygen; the posts
# (`oxygen=-1`, `electron_donor=-4`) say what it moves: no charge, no proton.


# %%
@mc.component
class RedoxSlip(mc.Component):
    """Electrons that reach oxygen without pumping, more often at high Δp."""

    capacity: float = mc.parameter(8.0, "nmol/min/mg", bounds=(0, None), source="assumed: to see what it does")
    pmf_half: float = mc.parameter(180.0, "mV", bounds=(0, None), source="assumed: slips near state 4")
    width: float = mc.parameter(6.0, "mV", bounds=(0.1, None), source="assumed: to see what it does")

    @mc.flux("nmol/min/mg", into="J_O2", affinity=None, reason="a sketch", oxygen=-1, electron_donor=-4)
    def J_slip(self, pmf):
        return self.capacity * mc.logistic((pmf - self.pmf_half) / self.width)


slipping = model.with_component(RedoxSlip())

# %% [markdown]
# The model is assembled again, its conservation laws are checked, and its equations are compiled. What changes?

# %%
for name, m in (("pump without slip", model), ("slipping pump", slipping)):
    rest, work = m.steady_state(), m.steady_state({"load.capacity": 1200.0})
    print(
        f"{name:<18} state 4 {float(rest.J_O2):5.2f} nmol O2/min/mg at {float(rest.pmf):.1f} mV,  "
        f"RCR {mc.readouts.rcr(work, rest):.2f},  P/O {mc.readouts.p_over_o(work):.3f}"
    )

# %% [markdown]
# Slip raises state 4 respiration and hardly touches Δp: by respiration alone it looks like a leak. How could you tell them
# apart? (Leak depends on Δp but not on the rate of respiration. Titrate the chain with an inhibitor and plot respiration
# against Δp.)

# %%
slow_chain = np.linspace(1.0, 0.02, 40)
fig, ax = plt.subplots(figsize=(5, 3))
leaky = model.replace({"leak.amplitude": 1.0})
for name, m, style in (("control", model, "-"), ("more leak", leaky, "--"), ("slip", slipping, ":")):
    states = m.steady_state({"electron_transport.substrate": slow_chain})
    ax.plot(states.pmf, states.J_O2, style, label=name)
ax.set(xlabel=r"$\Delta p$ / mV", ylabel="oxygen use / nmol O$_2$ min$^{-1}$ mg$^{-1}$")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# ## Your turn
#
# 1. Repeat the titration with `substrate="succinate"`. Is the best dose the same? Should it be?
# 2. Replace the leak by an ohmic one (`model.with_component(mc.components.OhmicLeak())`). What happens to state 4?
# 3. Titrate with `clamped=()`. The bath ATP then falls as FCCP rises. What is `J_ATP` now, and why?
# 4. Add 1 µM oligomycin before FCCP. Is more or less FCCP needed? Why?
#
# Where the numbers come from: `model.parameters` lists every value with its unit, range and source, and
# `print(model.cite())` gives the references.

# %%
model.parameters[["value", "unit", "status", "source"]].head(12)
