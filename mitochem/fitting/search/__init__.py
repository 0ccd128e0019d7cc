"""Least squares from one start, and from several."""
