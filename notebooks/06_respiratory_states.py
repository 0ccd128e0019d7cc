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
# # The respiratory states
#
# In 1955 Chance and Williams added things to mitochondria in a closed chamber, one after the other, watched the oxygen go,
# and numbered what they saw:
#
# | state | what is there | what limits respiration |
# |---|---|---|
# | 1 | mitochondria alone | substrate |
# | 2 | substrate, no ADP (authors differ: *they* meant ADP without substrate) | the way back of the protons |
# | 3 | substrate and ADP | the chain, and ATP synthase |
# | 4 | ADP used up | the way back of the protons: the leak |
# | 5 | no oxygen | oxygen |
#
# The trace gives two numbers that are in every paper on mitochondria: the **respiratory control ratio** (RCR) and **ADP/O**.
# In this notebook you
#
# 1. run the experiment and draw the construction with a ruler,
# 2. see what ADP/O is, what RCR is, and what RCR is *not*,
# 3. watch what holds Δψ when the oxygen is gone,
# 4. find out what uncouplers do to ATP synthase (less than many think),
# 5. learn the second language for the same states, LEAK, OXPHOS and ET,
# 6. look at the mitochondria through a slow electrode.
#
# `J_O2` counts O₂ molecules; the O in ADP/O is one oxygen *atom*. Hence the factors 2.

# %%
import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc

# %% [markdown]
# ## 1. Two pulses of ADP, and then no oxygen
#
# The chamber is closed and holds 200 µM O₂. With 0.5 mg/mL of protein, that lasts for twenty minutes. Before you run on,
# draw the oxygen trace on paper: where is it steep, where is it flat, and how long is each?

# %%
model = mc.models.isolated_mitochondria().replace({"environment.protein": 0.5})
protocol = mc.experiments.respiratory_states(adp=0.3, to_anoxia=True, step_wait=4)
protocol = protocol.add(oligomycin=1.0).wait(3, "oligomycin")
times = np.arange(0, 60, 0.01)  # a point every 0.6 s, as long as the run lasts
run = model.simulate(protocol, samples=times)
mc.plot.oxygen_trace(run)
plt.show()

# %% [markdown]
# Upper panel: what the electrode shows. Lower panel: the flux, which is its slope. (The short burst at the start of state 2
# charges the membrane: there is no Δp yet to pump against.)
#
# Now the ruler. One tangent along state 3, one along state 4: they meet where the ADP is used up. The oxygen from the
# addition to there goes with the ADP that was added.

# %%
mc.plot.adp_over_o(run)
plt.show()

# %%
pulses = mc.readouts.pulses(run)
pulses[["adp_over_o", "rcr", "adp_phosphorylated", "oxygen_used", "half_time"]].to_dataframe()

# %% [markdown]
# The second pulse repeats the first, although 40 % of the oxygen is gone by then. That is a control of the experiment:
# if it did not, something would have run out or broken.

# %%
first, second = pulses.adp_over_o.values
assert abs(second / first - 1) < 0.02
print(f"by hand: 300 µM ADP / (2 × {1e3 * float(pulses.oxygen_used[0]):.1f} µM O2) = {first:.2f}")

# %% [markdown]
# ## 2. What ADP/O is
#
# A model knows more than an electrode. Add up all ATP that was made while the ADP lasted, and all oxygen that was used:


# %%
def while_it_lasts(number):
    """The run from an addition of ADP to where the tangents meet."""
    part = run.isel(time=run.segment.values == f"state 3-4 ({number})")
    return part.sel(time=slice(None, float(pulses.time_intersection.sel(pulse=number))))


for number in (1, 2):
    part = while_it_lasts(number)
    made, used = part.J_ATP.integrate("time"), part.J_O2.integrate("time")
    ruler, books = float(pulses.adp_over_o.sel(pulse=number)), float(made / (2 * used))
    print(f"pulse {number}: ruler {ruler:.2f}, ATP made / (2 O2 used) {books:.2f}")
    assert abs(ruler / books - 1) < 0.05

# %% [markdown]
# The two agree to a few percent. They do not agree exactly, because respiration slows down gradually and two straight lines
# have a corner.
#
# What is the most that could be had? The chain pumps 10 H⁺ per oxygen atom (NADH), and an ATP outside costs 11/3 H⁺: 8/3 at
# a synthase with 8 c-subunits, and one to bring phosphate and ADP in and ATP out.

# %%
mechanistic = (model["electron_transport.h_per_o2"] / 2) / (model["phosphorylation.c_ring"] / 3 + 1)
part = while_it_lasts(1)
leak_share = float(part.J_leak.integrate("time") / (model["electron_transport.h_per_o2"] * part.J_O2.integrate("time")))
books = float(part.J_ATP.integrate("time") / (2 * part.J_O2.integrate("time")))
print(f"mechanistic P/O {mechanistic:.2f};  share of the protons that leak {leak_share:.1%}")
print(f"mechanistic P/O less that share {mechanistic * (1 - leak_share):.2f};  found {books:.2f}")
assert books < first < mechanistic
assert abs(mechanistic * (1 - leak_share) / books - 1) < 0.01

# %% [markdown]
# **The leak is all that is missing.** So P/O is not a constant of nature. It depends on how hard the mitochondria work:

# %%
work = model.steady_state({"load.capacity": np.linspace(0, 1500, 61)})
fig, ax = plt.subplots(figsize=(5, 3.3), layout="constrained")
ax.plot(work.J_O2, mc.readouts.p_over_o(work), label="effective P/O")
ax.axhline(mechanistic, color="0.5", linestyle="--", label="mechanistic P/O")
ax.axhline(first, color="0.5", linestyle=":", label="ADP/O of the first pulse")
ax.set(xlabel="oxygen use / nmol O$_2$ min$^{-1}$ mg$^{-1}$", ylabel="P/O", ylim=(0, 3))
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# In state 4 respiration goes on and P/O is zero. In state 3 Δp is lower, so that less leaks, and most protons come back
# through the synthase.
#
# ## 3. What RCR is not
#
# RCR = state 3 / state 4. A high RCR means *well coupled*. Does it mean *fast*? Three preparations:
#
# * a good one;
# * one that is half something else: per mg of protein there is half as much of everything;
# * one whose membranes leak twice as much.

# %%
everything = [
    *("electron_transport.capacity", "electron_transport.reverse_capacity"),
    *("phosphorylation.capacity", "phosphorylation.reverse_capacity"),
    *("leak.amplitude", "potassium_uniport.permeability", "potassium_proton_exchange.activity"),
]
preparations = {
    "good": ({}, 1200.0),
    "half is something else": ({name: model[name] / 2 for name in everything}, 600.0),
    "leaks twice as much": ({"leak.amplitude": 2 * model["leak.amplitude"]}, 1200.0),
}
control, speed = {}, {}
for name, (change, load) in preparations.items():
    state_3 = model.steady_state(change | {"load.capacity": load})
    state_4 = model.steady_state(change)
    control[name], speed[name] = float(mc.readouts.rcr(state_3, state_4)), float(state_3.J_O2)
    print(
        f"{name:<24} state 3 {speed[name]:5.1f}   state 4 {float(state_4.J_O2):5.1f} nmol O2/min/mg"
        f"   RCR {control[name]:.2f}   P/O {float(mc.readouts.p_over_o(state_3)):.2f}"
    )

assert np.isclose(control["good"], control["half is something else"])
assert speed["half is something else"] < 0.51 * speed["good"]
assert control["leaks twice as much"] < 0.7 * control["good"]
assert speed["leaks twice as much"] > speed["good"]

# %% [markdown]
# The second has the RCR of the first at half its speed. The third is *faster* than the first in state 3 and has the worst RCR:
# almost all of the difference is in state 4. **RCR tells about coupling, not about speed.** Report both rates.
#
# ## 4. State 5: who holds Δψ?
#
# The oxygen is gone and no proton is pumped by the chain. What happens to Δψ? Guess, then look at the end of the run:

# %%
late = run.sel(time=slice(float(run.time[-1]) - 12, None))
axes = mc.plot.trace(late, variables=("J_O2", "delta_psi", "J_ATP"))
plt.show()

# %%
labels = run.segment.values
state_4 = run.isel(time=np.flatnonzero(labels == "state 3-4 (2)")[-1])
state_5 = run.isel(time=np.flatnonzero(labels == "state 5")[-1])
after = run.isel(time=-1)
for name, ds in (("state 4", state_4), ("state 5", state_5), ("state 5 + oligomycin", after)):
    print(
        f"{name:<22} Δψ {float(ds.delta_psi):6.1f} mV   oxygen use {float(ds.J_O2):5.1f}   "
        f"ATP made {float(ds.J_ATP):6.1f} nmol/min/mg   bath ATP {1e3 * float(ds.atp_bath):5.0f} µM"
    )

assert float(state_5.delta_psi) > 130
assert float(state_5.J_O2) < 0.01
assert float(state_5.J_ATP) < -10
assert abs(float(after.delta_psi)) < 5

# %% [markdown]
# Four minutes into anoxia Δψ is still 140 mV. `J_ATP` is negative: ATP synthase **runs backwards**, splits the ATP that was
# made from the two pulses, and pumps protons out with it. Oligomycin blocks the synthase in both directions, and Δψ is gone
# within half a minute. A high Δψ does not show that mitochondria respire.
#
# ## 5. "Uncouplers inhibit ATP synthase"
#
# They do not, though little ATP is made with either. How do you tell? By respiration. Mitochondria at work, with
# oligomycin, with FCCP, with both:

# %%
additions = {
    "control": {},
    "oligomycin": {"oligomycin.dose": 1.0},
    "FCCP": {"FCCP.dose": 0.2},
    "both": {"oligomycin.dose": 1.0, "FCCP.dose": 0.2},
}
at_work = {name: model.steady_state(doses | {"load.capacity": 300.0}) for name, doses in additions.items()}
for name, ds in at_work.items():
    print(
        f"{name:<11} oxygen use {float(ds.J_O2):5.1f}   ATP made {float(ds.J_ATP):6.1f} nmol/min/mg   Δp {float(ds.pmf):6.1f} mV"
    )

rate = {name: float(ds.J_O2) for name, ds in at_work.items()}
force = {name: float(ds.pmf) for name, ds in at_work.items()}
assert rate["oligomycin"] < rate["control"] < rate["FCCP"]
assert force["FCCP"] < force["control"] < force["oligomycin"]
assert abs(rate["both"] / rate["FCCP"] - 1) < 0.05
assert 0 < float(at_work["FCCP"].J_ATP) < 0.2 * float(at_work["control"].J_ATP)

# %% [markdown]
# Oligomycin takes a way back from the protons: Δp **rises**, respiration **falls**. FCCP opens another way back: Δp **falls**,
# respiration **rises**. They are opposites. Little ATP is made with FCCP because the force is too low, not because the enzyme
# is blocked: block it as well, and respiration hardly notices. And oligomycin alone does not stop respiration: what is left
# is the leak.
#
# The same in the chamber, one after the other. (Here the chamber is open, oxygen is held, and the upper panel is the oxygen used.)

# %%
steps = model.simulate(mc.experiments.respiratory_states(adp=0.3, fccp=[0.2]))
mc.plot.oxygen_trace(steps)
plt.show()

# %% [markdown]
# ## 6. The same thing in another language: SUIT
#
# In high-resolution respirometry one adds substrates, uncouplers and inhibitors in a fixed order (**SUIT**), always at
# saturating doses, and gives the states names that say what is measured:
#
# | Chance and Williams | SUIT | what it is |
# |---|---|---|
# | state 2, 4, 4o | LEAK (L) | respiration that makes up for the leak |
# | state 3, with ADP in excess | OXPHOS capacity (P) | respiration coupled to making ATP |
# | state 3u | ET capacity (E) | what the chain can do, with the best dose of an uncoupler |
# | inhibited | residual (Rox) | what is not the chain; taken off all others |

# %%
dilute = model.replace({"environment.protein": 0.05})  # little enough that the oxygen lasts
titration = dilute.simulate(mc.experiments.suit(closed=True))
table = mc.readouts.suit_table(titration)
mc.plot.suit(table)
plt.show()

# %%
suit = table.isel(chamber=0)
L, P, E = (float(suit[name]) for name in ("leak_respiration", "oxphos_capacity", "et_capacity"))
print(f"L {L:.1f}   P {P:.1f}   E {E:.1f} nmol O2/min/mg")
print(f"RCR = P/L = {float(suit.rcr):.2f}")
print(f"j(P-L) = (P - L)/P = {float(suit.oxphos_coupling_efficiency):.3f} = 1 - 1/RCR = {1 - 1 / float(suit.rcr):.3f}")
print(f"P/E = {float(suit.p_over_e):.2f}: the chain could do more than the phosphorylation system asks of it")

by_pulse = float(pulses.rcr[0])
assert np.isclose(float(suit.oxphos_coupling_efficiency), 1 - 1 / float(suit.rcr))
assert abs(L / float(state_4.J_O2) - 1) < 0.02
assert P < E
assert by_pulse < float(suit.rcr)

# %% [markdown]
# Two things to notice. L is the state 4 of section 1. And P is a little higher than the state 3 of section 1: with 2.5 mM
# ADP the transport of ADP is saturated, with 0.3 mM not quite, and it soon is less. **State 3 depends on how much ADP is added;
# OXPHOS capacity is where more ADP no longer helps.**
#
# RCR goes from 1 to infinity, (P−L)/P from 0 to 1. They say the same, but an RCR of 20 instead of 10 is 95 % instead of 90 %:
# less of a difference than it sounds.
#
# ## 7. Through an electrode
#
# So far the oxygen was read without error. A real electrode lags behind, wanders, and takes a little oxygen itself. Here is one
# that answers with a time constant of 10 s:

# %%
Respirometer = mc.experiments.instruments.Respirometer
recorded = Respirometer(response_time=10, noise=0.2, seed=1).record(run)
mc.plot.adp_over_o(recorded, segments=["state 3-4 (1)"], adp=0.3)
plt.show()

# %% [markdown]
# The record does not know how much ADP there was: we have to say it (`adp=0.3`). Slopes are per volume now; the electrode
# knows no protein. How much does the lag matter? Switch off everything else (`ideal`), and vary it, for a large
# pulse of ADP and a small one:

# %%
lags = [0.0, 3.0, 10.0, 20.0, 30.0]
small = model.simulate(mc.experiments.respiratory_states(adp=0.05, to_anoxia=True), samples=times)
seen = {}
for adp, course in ((0.3, run), (0.05, small)):
    records = [Respirometer.ideal(interval=1.0, response_time=lag).record(course) for lag in lags]
    seen[adp] = [mc.readouts.pulses(record, adp=adp, window=0.15).isel(pulse=0) for record in records]

fig, axes = plt.subplots(1, 2, figsize=(8, 3.3), layout="constrained")
for ax, name, text in zip(axes, ("rcr", "adp_over_o"), ("RCR", "ADP/O")):
    for adp, course, colour, style in ((0.3, run, "tab:blue", "o-"), (0.05, small, "tab:orange", "s--")):
        ax.plot(lags, [float(row[name]) for row in seen[adp]], style, color=colour, label=f"{1e3 * adp:.0f} µM ADP")
        ax.axhline(float(mc.readouts.pulses(course)[name][0]), color=colour, linewidth=1, linestyle=":")
    ax.set(xlabel="response time / s", ylabel=text)
    ax.set_ylim(bottom=0)
axes[0].legend(frameon=False, loc="lower left")
plt.show()

# %% [markdown]
# Dotted: what the mitochondria do. The steady slope of state 4 is right whatever the lag. State 3 lasts a minute or two, and
# a slow electrode has not caught up before it is over: **RCR reads low, the more so the shorter the pulse**. ADP/O suffers
# less, since both corners are late by about the same time. (Without any lag the RCR of the small pulse is still too low. A
# tangent is a line through points, here those of 9 s, and the maximum is sharper than that.)

# %%
true_rcr = {adp: float(mc.readouts.pulses(course).rcr[0]) for adp, course in ((0.3, run), (0.05, small))}
loss = {adp: 1 - float(seen[adp][2].rcr) / true_rcr[adp] for adp in true_rcr}
print(", ".join(f"{1e3 * adp:.0f} µM ADP: RCR reads {share:.0%} too low with 10 s" for adp, share in loss.items()))
for adp in seen:
    assert (np.diff([float(row.rcr) for row in seen[adp]]) < 0).all()
assert loss[0.05] > 2 * loss[0.3] > 0

# %% [markdown]
# ## Your turn
#
# 1. Do the experiment with succinate (`mc.models.isolated_mitochondria("succinate")`) and 0.2 mM ADP. Predict ADP/O first: how
#    many H⁺ does the chain pump per oxygen atom when complex I is left out? Why does 0.3 mM ADP not work?
# 2. Make the leak three times as large. Which of RCR, ADP/O, L, P, E change much, and which hardly?
# 3. In state 5, double the leak. How much faster does the bath ATP fall?
# 4. In section 5, go back to 0.05 µM FCCP. Why is respiration with both now *below* the control? Does that change the argument?
# 5. Give the electrode a `background` (`Respirometer.ideal(background=10)`). Which is off more, state 3 or state 4? What
#    does that do to RCR?
