"""Solvers: steps written once, and who takes them: SciPy one by one, NumPy in batches, machine code in tiles."""
