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
# # Reading the files of instruments
#
# What an instrument exports and what a model computes should meet in one kind of table. Here they do: a Seahorse Wave
# workbook, a DatLab csv and a spreadsheet of your own all become Datasets of the same shape as a simulation, with units,
# events and the fingerprint of the file. The same functions then read respiratory control off either.
#
# There is no raw file in this notebook. A virtual instrument writes files in the layout of the real ones, so that you can
# practise, and so that you know what the right answer is. To work on your own file, change the path.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import mitochem as mc

folder = Path(tempfile.mkdtemp())

# %% [markdown]
# ## 1. A Wave workbook
#
# Two groups of cells in one plate: a control, and cells whose membrane leaks three times as much. The plate reader has the
# noise of a real one.

# %%
cells = mc.models.cultured_cell()
leaky = cells.replace({"leak.amplitude": 3 * cells["leak.amplitude"]})
test = mc.experiments.stress_test()
runs = {name: m.simulate(test, start=m.steady_state()) for name, m in (("control", cells), ("leaky", leaky))}
plate = mc.experiments.instruments.PlateReader(seed=8).record(runs)
workbook = mc.readers.write_wave(plate, folder / "plate.xlsx")

read = mc.readers.read_wave(workbook)
read

# %% [markdown]
# Everything was found by its label: groups, wells, the times, what was injected from which port, and so which measurement
# belongs to which phase. Rates keep the unit of the instrument, pmol/min per well.

# %%
mc.plot.stress_test(read)
plt.show()

# %%
table = mc.readouts.stress_test_table(read)
table[["basal_respiration", "proton_leak", "maximal_respiration", "coupling_efficiency_percent"]].to_dataframe().T

# %% [markdown]
# What was written comes back, to the last digit that the workbook holds:

# %%
np.testing.assert_allclose(read.ocr.sel(well=plate.well), plate.ocr, rtol=1e-9)
assert table.proton_leak.sel(group="leaky") > 1.5 * table.proton_leak.sel(group="control")

# %% [markdown]
# On the command line the same is `mitochem analyse plate.xlsx`, with `--convention fixed` for the other convention.
#
# ## 2. A DatLab csv
#
# An oxygraph records oxygen every two seconds, with marks where something was added. SUIT-006, in a closed chamber with
# little protein:

# %%
mitochondria = mc.models.isolated_mitochondria().replace({"environment.protein": 0.05})
run = mitochondria.simulate(mc.experiments.suit(closed=True, adp=1.0))
record = mc.experiments.instruments.Respirometer(seed=8).record(run)
trace = mc.readers.write_datlab(record, folder / "suit.csv")
print("\n".join(trace.read_text("utf-8").splitlines()[:4]))

# %%
chamber = mc.readers.read_datlab(trace, protein=0.05)
chamber = chamber.isel(chamber=0) if "chamber" in chamber.dims else chamber
axes = mc.plot.trace(chamber, ("oxygen", "ocr"))
plt.show()

# %% [markdown]
# The slope that the instrument itself records lags, because it is smoothed over the last readings. The reader therefore
# calculates the flux anew from oxygen, with a window centred on each point, and keeps the other as `ocr_recorded`.
#
# Names of marks such as `1PM`, `2D` or `3Omy` are recognised as coupling states; others can be named with `states=`.

# %%
measured = mc.readouts.suit_table(chamber)
true = mc.readouts.suit_table(run)
for name in ("l_over_e", "p_over_e", "oxphos_coupling_efficiency"):
    print(f"{name:28} measured {measured[name].item():.3f}, in the model {true[name].item():.3f}")

# %%
assert abs(measured.oxphos_coupling_efficiency.item() - true.oxphos_coupling_efficiency.item()) < 0.05

# %% [markdown]
# ## 3. A table of your own
#
# Name your columns once; decimal commas and semicolons are understood. Units are taken from the headings, or given. They
# are never guessed.

# %%
own = folder / "mine.csv"
own.write_text(
    "Zeit (min);Rate (nmol/min/mg);Potential (mV)\n"
    "1,0;10,2;176\n2,0;10,0;175\n2,6;72,5;158\n2,8;70,1;158\n4,0;10,3;172\n6,0;10,1;171\n",
    "utf-8",
)
mine = mc.readers.read_table(own, {"time": "Zeit (min)", "J_O2": "Rate (nmol/min/mg)", "delta_psi": "Potential (mV)"})
protocol = mc.Protocol().wait(2.5, "state 2").add(ADP=0.2).wait(4, "state 3-4")
model = mc.models.isolated_mitochondria()
simulated = model.simulate(protocol, conditions={"atp_bath": 0.0}, start=model.steady_state({"atp_bath": 0.0}))
axes = mc.plot.compare(simulated, mine)
plt.show()

# %% [markdown]
# ## 4. What is refused
#
# A reader that guesses is worse than none. A damaged file, a missing column or a formula without a value is an error that
# says where it is and what was expected:

# %%
broken = folder / "broken.xlsx"
broken.write_bytes(workbook.read_bytes()[:4000])
for path, reader in ((broken, mc.readers.read_wave), (own, mc.readers.read_datlab)):
    try:
        reader(path)
    except mc.ReaderError as error:
        print(str(error).replace(str(folder), "…"), end="\n\n")

# %% [markdown]
# ## Exercises
#
# 1. Record the same plate with `seed=9`. Which parameters of the table change most, which least, and why?
# 2. Give the respirometer a `response_time` of 10 s, write the file anew and compare L/E. Which state suffers most?
# 3. Delete a well's rows from the workbook in a spreadsheet program and read it again. What does the table say?
