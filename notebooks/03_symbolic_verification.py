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
# # Can the numbers be trusted?
#
# A simulation that runs is not yet a simulation that is right: a wrong law agrees with itself perfectly. This notebook shows how
# mitochem is held to account by things it did not compute:
#
# 1. closed forms, derived with algebra from the laws and typed by hand from the theory,
# 2. `verify`, which compares a model with everything that is known independently of its laws,
# 3. a law made wrong on purpose, and what notices it.

# %%
import numpy as np

import mitochem as mc

# %% [markdown]
# ## 1. The battery as algebra
#
# In the smallest model the pump, ATP synthase and the leak are three resistors on one capacitor. At steady state the rate of
# Δp is zero. SymPy reads the laws as equations and solves:

# %%
form = mc.symbolic.weighted_mean()
form

# %%
for assumption in form.assumptions:
    print("-", assumption)

# %% [markdown]
# Δp is a mean of two batteries, weighted by their conductances, with the leak pulling towards zero. Three witnesses, none of which knows
# the others: the derived expression, the formula typed from the textbook, and the numerical solver.

# %%
model = mc.models.minimal()

derived = form(model)["pmf"]
g_e, g_L, g_P, E_e, E_P = 18.0, 1.2, 30.0, 220.0, 150.0
by_hand = (g_e * E_e + g_P * E_P) / (g_e + g_L + g_P)
numeric = float(model.steady_state().pmf)

print(f"derived {derived:.9f} mV\nby hand {by_hand:.9f} mV\nsolver  {numeric:.9f} mV")

# %% [markdown]
# The respiratory control ratio comes out of the same algebra: how many times faster respiration is with ATP synthase at work than
# without.

# %%
print(f"RCR of the linear model: {form(model)['rcr']:.4f}")
print(f"with half the leak:      {form(model, leak_conductance=0.6)['rcr']:.4f}")

# %% [markdown]
# A leak that rises exponentially gives state 4 through the Lambert W function:

# %%
mc.symbolic.exponential_leak()

# %% [markdown]
# All closed forms that come with the package:

# %%
for name, closed in mc.symbolic.closed_forms().items():
    print(f"{name:<28} {closed.title}")

# %% [markdown]
# ## 2. Verify a whole model
#
# The default model has six free states and no closed form. Still, much is known of it: books must balance, dissipation must equal the
# power put in, phosphorylation must stop where n F Δp equals ΔG_P, and the numbers of the published reference run must come out.

# %%
report = mc.verify(mc.models.isolated_mitochondria())
print("everything holds:", report.ok, "-", len(report.table), "comparisons")
report.table[["case", "quantity", "symbolic", "numeric", "difference"]].iloc[::6]

# %% [markdown]
# ## 3. A law made wrong on purpose
#
# Somebody types the leak with the sign of the force the wrong way round, so that it flows out of the matrix:


# %%
@mc.component
class ForgetfulLeak(mc.components.SinhLeak):
    """A leak that flows out of the matrix: the sign of the force is lost.

    Parameters
    ----------
    amplitude : nmol/min/mg
        As in SinhLeak.
    steepness : 1/mV
        As in SinhLeak.
    """

    @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1)
    def J_leak(self, pmf):
        """Proton leak, with a mistake"""
        return self.amplitude * mc.sinh(-self.steepness * pmf)


wrong = mc.verify(mc.models.isolated_mitochondria().with_component(ForgetfulLeak()))
print("everything holds:", wrong.ok)
wrong.table.loc[~wrong.table.ok, ["case", "quantity", "assumption"]].head(8)

# %% [markdown]
# The second law notices first: a passive leak cannot run against its force.
#
# The package does this to itself systematically: every law of every component is made wrong in one place at a time, and
# `docs/mutants.md` lists what noticed it (`make mutants`).
#
# ## Your turn
#
# 1. Write a leak with `cosh` in place of `sinh`. Which comparison fails, and why?
# 2. `mc.verify` your own model from the notebook on components.
# 3. `model.linearise()` gives the time constants. Compare them with the slope of a simulated relaxation.

# %%
np.round(mc.models.isolated_mitochondria().linearise().time_constant.values, 5)
