"""The model under verification, with what several cases need of it: states to try, steady states, books."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from ..components import Inhibitor
from ..core.errors import ModelError
from ..core.model import Model
from .report import NotApplicable

__all__ = ["Subject"]

_RANGES = {
    "mV": (-100.0, 250.0),
    "mM": (1e-6, 10.0),
    "nmol/mg": (1.0, 300.0),
}
_PH = (6.0, 9.0)
HOUSE_UNITS = {
    **dict.fromkeys(("delta_psi", "pmf", "nernst_slope", "thermal_voltage", "potassium_potential"), "mV"),
    **dict.fromkeys(("mu_charge_ims", "mu_h_matrix", "mu_k_matrix", "delta_Gp", "thermal_energy"), "kJ/mol"),
    **dict.fromkeys(("atp_bath", "adp_bath", "pi_bath", "potassium_bath", "standard_concentration", "oxygen"), "mM"),
    **dict.fromkeys(("pH_matrix", "pH_bath", "delta_pH"), "1"),
    "faraday": "kJ/mol/mV",
    "gas_constant": "kJ/mol/K",
    "micromolar": "mM/uM",
    "microlitres": "uL/mL",
    "temperature": "K",
    "protein": "mg/mL",
    "volume_bath": "uL/mg",
    "volume_matrix": "uL/mg",
    "K_matrix": "nmol/mg",
}
_CELL_LIKE_LOAD = 180.0
"""ATP use (nmol/min/mg) at which isolated mitochondria are neither at rest nor at their limit."""


class Subject:
    """A model, and what can be asked of it without knowing its components."""

    def __init__(self, model: Model, seed: int = 0) -> None:
        self.model, self.seed = model, seed
        self.program = model.program
        self.free = tuple(n for n in model.program.states if n not in model.held("steady_state"))
        self.scale = {n: float(law.options["scale"]) for n, (_, law) in model.program.states.items()}

    def classes(self) -> dict[str, str]:
        """Name of the class of each component."""
        return {name: type(item).__name__ for name, item in self.model.components.items()}

    def program_statements(self) -> frozenset[str]:
        """Names of the computed quantities."""
        return frozenset(s.name for s in self.program.statements)

    def comes_from(self, name: str, *classes: str) -> bool:
        """True if a quantity is provided by a component of one of these classes."""
        owner = next((s.owner for s in self.program.statements if s.name == name), "")
        owner = owner or self.program.shared.get(name, ("", ""))[0]
        return bool(owner) and type(self.model.components[owner]).__name__ in classes

    def one(self, *classes: str) -> str:
        """The only component of one of these classes."""
        found = [name for name, kind in self.classes().items() if kind in classes]
        if len(found) != 1:
            raise NotApplicable(f"the model has {len(found) or 'no'} {' or '.join(classes)}")
        return found[0]

    def run(self, states: Mapping[str, Any], model: Model | None = None) -> dict[str, Any]:
        """Every computed quantity at given states (arrays allowed), with parameters by shared name."""
        model = model or self.model
        with np.errstate(all="ignore"):
            return model.program.run(model.components, {**model.initial, **states})

    def random_states(self, size: int) -> dict[str, Any]:
        """States all over the physical range."""
        random = np.random.default_rng(self.seed)
        drawn = {}
        for name, (_, law) in self.program.states.items():
            low, high = law.options["bounds"]
            if law.unit in _RANGES:
                a, b = _RANGES[law.unit]
            elif law.unit == "1" and high == 14:
                a, b = _PH
            elif low is not None and low >= 0:
                a, b = max(low, 1e-3 * self.scale[name]), 10 * self.scale[name]
            else:
                a, b = (self.model.initial[name] + s * 3 * self.scale[name] for s in (-1, 1))
            a, b = a if low is None else max(a, low), b if high is None else min(b, high)
            if a > 0 and b / a > 3:
                drawn[name] = np.exp(random.uniform(np.log(a), np.log(b), size))
            else:
                drawn[name] = random.uniform(a, b, size)
        return drawn

    @functools.cached_property
    def unit_of(self) -> dict[str, str]:
        """Unit of every computed quantity, state and shared parameter."""
        found = {s.name: s.unit for s in self.program.statements}
        found |= {n: law.unit for n, (_, law) in self.program.states.items()}
        for name, (owner, parameter) in self.program.shared.items():
            found[name] = self.model.components[owner].declared_parameters[parameter].unit
        return found

    def in_house_units(self, values: dict[str, Any]) -> dict[str, Any]:
        """The quantities that are what they are called: those of a foreign unit are left out."""
        return {n: v for n, v in values.items() if self.unit_of.get(n) == HOUSE_UNITS.get(n, self.unit_of.get(n))}

    # --- states and parameters to try ---------------------------------------------------------

    @functools.cached_property
    def variants(self) -> tuple[Model, ...]:
        """The model as it is, and with other parameters: a factor that happens to be 1 or 0 must not hide.

        Parameters with a plausible range are drawn from it, once at random and once near its upper end, and every
        activity has one more inhibitor.
        """
        random = np.random.default_rng(self.seed + 1)
        probed = self.model
        factors = [s.name for s in self.program.statements if s.kind == "factor"]
        probes = [
            Inhibitor(dose=1.0 + i, half_dose=2.0).rewire(activity=name).named(f"probe_{i}")
            for i, name in enumerate(factors)
        ]
        try:
            probed = self.model.with_component(*probes)
        except ModelError:  # a model that keeps a factor to itself
            probes = []
        made = [self.model]
        for low_end in (0.0, 0.9):
            drawn = {}
            for address in self.model.values:
                declared = self.model.declared(address)
                if declared.range:
                    low, high = declared.range
                    part = random.uniform(low_end, 1.0)
                    drawn[address] = float(low * (high / low) ** part if low > 0 else low + part * (high - low))
            made.append(probed.replace(drawn))
        return tuple(made)

    def samples(self, size: int) -> Iterator[tuple[Model, dict[str, Any]]]:
        """Each variant with all its quantities at random states."""
        for model in self.variants:
            yield model, self.run(self.random_states(size), model)

    # --- steady states ------------------------------------------------------------------------

    @functools.cached_property
    def working(self) -> Model:
        """The model with a load, if it has one that is off: at rest many fluxes are zero."""
        off = {
            f"{name}.capacity": _CELL_LIKE_LOAD
            for name, kind in self.classes().items()
            if kind == "SaturatingLoad" and self.model[f"{name}.capacity"] == 0
        }
        return self.model.replace(off) if off else self.model

    @functools.cached_property
    def steady(self) -> dict[str, float]:
        """States at the steady state of the working model."""
        if not self.free:
            raise NotApplicable("no state is free")
        found = self.working.steady_state()
        if not bool(found["success"]):
            raise NotApplicable(str(found["message"].values))
        return {name: float(found[name]) for name in self.program.states}

    @functools.cached_property
    def at_rest(self) -> dict[str, Any]:
        """Every quantity at the steady state of the working model."""
        return self.run(self.steady, self.working)

    # --- books --------------------------------------------------------------------------------

    def posts(self, values: dict[str, Any], model: Model | None = None) -> dict[str, dict[str, Any]]:
        """Coefficient of each flux in each pool, by pool."""
        model = model or self.model
        table: dict[str, dict[str, Any]] = {}
        for flux in model.program.fluxes.values():
            for pool in flux.posts:
                table.setdefault(pool, {})[flux.name] = model.program.coefficient(flux, pool, model.components, values)
        return table

    def free_pools(self) -> set[str]:
        """Pools whose contents are a state that is solved for."""
        return {pool for state in self.free for pool in self.program.state_pools[state]}

    def handle(self, candidates: Iterable[str] = ("delta_psi", "pmf", "pH_matrix")) -> tuple[str, ...]:
        """States to move a driving force with: potentials first, then whatever there is."""
        present = [name for name in candidates if name in self.program.states]
        return (*present, *(n for n in self.program.states if n not in present))
