"""The machinery: declarations, wiring, compilation, solvers. It knows no biology."""
