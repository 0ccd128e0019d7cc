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
# # Write a component
#
# Everything in a mitochem model is a *component*: some numbers with units and sources, and a few short laws. In this notebook
# you write one, a leak that opens when the membrane is over-charged, and learn on the way
#
# * how a law is read as a number, a curve, an equation and a unit check,
# * what it means that a flux *posts*,
# * how the model protects you from books that do not balance and from names that do not exist,
# * how components talk to each other without knowing each other.

# %%
import matplotlib.pyplot as plt
import numpy as np
import sympy

import mitochem as mc

# %% [markdown]
# ## A law is a method
#
# Its argument names are its inputs, its own name is what others ask for. Numbers with units are *parameters*, never literals.


# %%
@mc.component
class Valve(mc.Component):
    """A proton leak that opens above a threshold: a safety valve.

    ``J_valve = conductance · width · softplus((Δp − opening)/width)`` is smooth, near zero below the opening
    and ohmic above it.

    Parameters
    ----------
    conductance : nmol/min/mg/mV
        Slope once open.
    opening : mV
        Δp at which it opens.
    width : mV
        How gradually.

    References
    ----------
    An illustration; leaks do rise steeply above about 200 mV (Nicholls 1974).
    """

    conductance: float = mc.parameter(20.0, "nmol/min/mg/mV", bounds=(0, None), source="assumed: an illustration")
    opening: float = mc.parameter(178.0, "mV", bounds=(0, None), source="assumed: an illustration")
    width: float = mc.parameter(3.0, "mV", bounds=(0.1, None), source="assumed: an illustration")

    @mc.flux(
        "nmol/min/mg",
        charge_ims=-1,
        h_matrix=+1,
        affinity=None,
        reason="an illustration: does not close completely when the force reverses",
    )
    def J_valve(self, pmf):
        """Protons through the valve"""
        return self.conductance * self.width * mc.softplus((pmf - self.opening) / self.width)


# %% [markdown]
# One law, four readings:

# %%
valve = Valve()
print("a number:   ", valve.J_valve(185.0))
print("a curve:    ", valve.J_valve(np.array([150.0, 175.0, 200.0])).round(2))

g, opening, width, pmf = sympy.symbols("g p_0 w p", positive=True)
print("an equation:", Valve(conductance=g, opening=opening, width=width).J_valve(pmf))

# %% [markdown]
# The equation keeps `softplus` whole: it is a primitive, with an implementation that does not overflow and an exact
# derivative. `mc.softplus.formula(x)` shows what it stands for.

# %%
ax = mc.plot.flux_force(mc.components.SinhLeak().J_leak, np.linspace(0, 210, 211), label="leak", linestyle="-")
mc.plot.flux_force(valve.J_valve, np.linspace(0, 210, 211), ax=ax, label="valve", linestyle=":")
ax.set_ylabel("protons returned / nmol min$^{-1}$ mg$^{-1}$")
ax.legend(frameon=False)
plt.show()

# %% [markdown]
# ## A flux posts
#
# `charge_ims=-1, h_matrix=+1` says what one unit of the flux moves: a charge leaves the outer side, a proton arrives in the
# matrix. From the posts of all fluxes the model derives every balance. Add the valve, and ask what changed:

# %%
model = mc.models.isolated_mitochondria()
with_valve = model.with_component(valve)
print(with_valve.fluxes.loc[["J_leak", "J_valve"], ["posts", "driven_by"]].to_string(), "\n")

for name, m in (("without", model), ("with valve", with_valve)):
    state = m.steady_state()
    print(f"{name:<11} Δp {float(state.pmf):.1f} mV, respiration {float(state.J_O2):.1f} nmol O2/min/mg")

# %% [markdown]
# A force that wants to be higher is cut off, and respiration pays for it.
#
# ## The model keeps the books
#
# Forget one side of the transfer, and the model is refused: charge would be made from nothing.

# %%


@mc.component
class BrokenValve(mc.Component):
    """Moves a charge and forgets the proton."""

    @mc.flux("nmol/min/mg", charge_ims=-1, affinity=None, reason="broken on purpose")
    def J_broken(self, pmf):
        return 0.1 * pmf


try:
    model.with_component(BrokenValve())
except mc.ModelError as error:
    print(error)

# %% [markdown]
# Ask for a name that nobody provides, and you are told which one you may have meant:

# %%


@mc.component
class Misspelt(mc.Component):
    """Reads a quantity that does not exist."""

    @mc.derived("mV")
    def twice(self, pmv):
        return 2 * pmv


try:
    model.with_component(Misspelt())
except mc.ModelError as error:
    print(error)

# %% [markdown]
# Write `if` on a quantity, and you learn why that cannot be an equation:

# %%


@mc.component
class Abrupt(mc.Component):
    """A law with an if."""

    @mc.derived("mV")
    def above(self, pmf):
        return pmf if pmf > 150 else 0 * pmf


try:
    model.with_component(Abrupt()).equations("above")
except mc.ModelError as error:
    print(error)

# %% [markdown]
# ## Components talk by name
#
# The valve could be a drug target. It *reads* a factor, and drugs *post* to it; neither knows the other. `factor` is 1 when
# nobody posts. `rewire` tells a general inhibitor where to act.


# %%
@mc.component
class DruggableValve(Valve):
    """The same valve, with a site for inhibitors."""

    activity_valve = mc.factor("Activity of the valve")

    @mc.flux("nmol/min/mg", charge_ims=-1, h_matrix=+1, affinity=None, reason="see Valve")
    def J_valve(self, pmf, activity_valve):
        """Protons through the valve"""
        return activity_valve * self.conductance * self.width * mc.softplus((pmf - self.opening) / self.width)


blocker = mc.components.Inhibitor(half_dose=0.5).rewire(activity="activity_valve").named("blocker")
drugged = model.with_component(DruggableValve(), blocker)

titration = drugged.titrate("blocker", np.linspace(0, 10, 51))
ax = mc.plot.flux_against(titration, x="blocker_dose", y="J_O2")
plt.show()

# %% [markdown]
# ## What you get without asking
#
# The changed model has an exact Jacobian, conserved totals, citations and equations, because all of them are derived from
# the laws:

# %%
print(drugged.conservation_laws(), "\n")
print(drugged.jacobian({"delta_psi": 165.0}).sel(rate="delta_psi", state="delta_psi").item(), "per min\n")
drugged.equations("J_valve")

# %% [markdown]
# ## Your turn
#
# 1. Make the valve close completely at zero force and reverse with it, so that it can drop `affinity=None`. (Multiply by
#    `mc.tanh(pmf / width)`, say. Then check: `J_valve * affinity_J_valve` is never negative.)
# 2. Give the valve its own temperature dependence: `scaled_by=""` in `@mc.flux` switches the common one off.
# 3. Write a phosphate leak. Which pools does it post to?
