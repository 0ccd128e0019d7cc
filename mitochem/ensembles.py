"""Many members: tables drawn from distributions, summaries that never hold all members, stores.

`Model.ensemble` runs them; here is what goes into it and comes out of its store.
"""

from __future__ import annotations

from .core.ensemble import Extremes, Histogram, Moments, Quantiles, Sobol, draws, open_store, saltelli

__all__ = ["Extremes", "Histogram", "Moments", "Quantiles", "Sobol", "draws", "open_store", "saltelli"]
