"""The books of a model: what each flux conserves, stoichiometry, and what is conserved in total."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from .errors import ModelError
from .expressions import Expression, read
from .program import Components, Flux, Program, expression_inputs, resolver

__all__ = ["ConservationLaw", "ConservationLaws", "check_balance", "conservation_laws", "stoichiometry"]


class _Anything(dict[str, Any]):
    """A random positive number for every name: an identity that holds for these holds always."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.random = random.Random(seed)

    def __missing__(self, name: str) -> float:
        return self.setdefault(name, self.random.uniform(0.5, 2.0))


def check_balance(program: Program) -> None:
    """Refuse a flux that makes or destroys a content (charge, adenine, ...) without saying so.

    Coefficients may be expressions, so the balance is an identity in their parameters; it is tested
    by evaluating it at random values of all of them.
    """
    for flux in program.fluxes.values():
        contents = sorted({c for pool in flux.posts for c in program.contents.get(pool, {})})
        for content in contents:
            if content in flux.law.unbalanced:
                continue
            surplus = _surplus(program, flux, content)
            if surplus:
                posts = ", ".join(f"{pool}={value}" for pool, value in flux.posts.items())
                raise ModelError(
                    f"{flux.name} makes {surplus:+.3g} {content} per turn (posts {posts}). Post the other side "
                    f"too, or say unbalanced={{{content!r}: 'why'}}."
                )


def _surplus(program: Program, flux: Flux, content: str) -> float:
    for seed in (1, 2):
        names = _Anything(seed)

        def resolve(leaf: Expression, names: _Anything = names) -> float:
            return names[leaf.name]

        terms = [
            read(coefficient, resolve) * program.contents.get(pool, {}).get(content, 0.0)
            for pool, coefficient in flux.posts.items()
        ]
        if abs(sum(terms)) > 1e-9 * sum(map(abs, terms)):
            return float(sum(terms))
    return 0.0


def stoichiometry(program: Program, components: Components, values: dict[str, Any]) -> Any:
    """Coefficients at given values, as a DataArray over (pool, flux)."""
    import xarray

    pools = list(dict.fromkeys(p for flux in program.fluxes.values() for p in flux.posts))
    table = np.zeros((len(pools), len(program.fluxes)))
    for j, flux in enumerate(program.fluxes.values()):
        resolve = resolver(components[flux.owner], values)
        for pool, coefficient in flux.posts.items():
            table[pools.index(pool), j] = read(coefficient, resolve)
    return xarray.DataArray(
        table,
        {"pool": pools, "flux": list(program.fluxes)},
        ("pool", "flux"),
        name="stoichiometry",
        attrs={"units": "1", "long_name": "amount added to a pool per unit of flux"},
    )


@dataclasses.dataclass(frozen=True)
class ConservationLaw:
    """A weighted sum of states that no flux changes."""

    name: str
    coefficients: dict[str, float]
    note: str = ""
    whole: dict[str, float] = dataclasses.field(default_factory=dict)
    """The same before other laws were subtracted for display: the content of each state."""

    def total(self, states: Mapping[str, Any]) -> Any:
        """Value of the conserved sum at the given states."""
        return sum(c * states[name] for name, c in self.coefficients.items())

    def __str__(self) -> str:
        text = ""
        for name, c in sorted(self.coefficients.items(), key=lambda item: item[1] < 0):
            size = "" if abs(c) == 1 else f"{abs(c):g}·"
            text += (" − " if c < 0 else " + ") + size + name
        text = text.removeprefix(" + ").replace(" − ", "−", 1) if text.startswith(" − ") else text[3:]
        return f"{self.name}: {text} = constant" + (f"  ({self.note})" if self.note else "")


class ConservationLaws(tuple[ConservationLaw, ...]):
    """All conservation laws of a model; prints one a line."""

    excluded: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [str(law) for law in self] or ["none"]
        lines += [f"not examined (its rate law depends on the state): {name}" for name in self.excluded]
        return "\n".join(lines)

    __repr__ = __str__


def state_response(program: Program, components: Components, states: Mapping[str, float]) -> tuple[Any, list[str]]:
    """d(rate of state)/d(flux) as a matrix (state, flux), and the states whose row depends on the state.

    Each rate is linear in the sums of posts it reads, so the matrix follows from unit fluxes.
    """
    first = _response_at(program, components, _context(program, components, states))
    elsewhere = {name: 1.1 * value + 0.1 for name, value in states.items()}
    second = _response_at(program, components, _context(program, components, elsewhere))
    varies = np.any(~np.isclose(first, second, rtol=1e-9, atol=0), axis=1)
    varies |= _moves_by_itself(program, components, states) | _moves_by_itself(program, components, elsewhere)
    return first, [name for name, v in zip(program.states, varies) if v]


def _context(program: Program, components: Components, states: Mapping[str, float]) -> dict[str, Any]:
    """What the rates read besides the sums of posts, and what the coefficients of the posts are made of."""
    rates = [s for s in program.statements if s.kind == "rate"]
    wanted = {name for s in rates for name in s.inputs if not name.startswith("net_")}
    for flux in program.fluxes.values():
        for coefficient in flux.posts.values():
            wanted |= expression_inputs(components[flux.owner], coefficient)
    return program.run(components, states, tuple(wanted))


def _moves_by_itself(program: Program, components: Components, states: Mapping[str, float]) -> Any:
    """Which states change though no flux feeds them, like a gate: no sum with them is conserved."""
    values = _context(program, components, states)
    by_name = {s.name: s for s in program.statements}
    still = {f"net_{pool}": 0.0 for pools in program.state_pools.values() for pool in pools}
    with np.errstate(all="ignore"):
        rates = [by_name[f"d_{state}"].read(components, values | still) for state in program.states]
    return np.array([bool(rate != 0) for rate in rates])


def responses(program: Program, components: Components, states: Mapping[str, float], points: int) -> Any:
    """As `state_response`, where parameters are arrays along ``points``: shape (point, state, flux)."""
    rows = _response_at(program, components, _context(program, components, states), (points,))
    return np.moveaxis(rows, -1, 0)


def _response_at(program: Program, components: Components, values: dict[str, Any], shape: tuple[int, ...] = ()) -> Any:
    by_name = {s.name: s for s in program.statements}
    out = np.zeros((len(program.states), len(program.fluxes), *shape))
    for i, state in enumerate(program.states):
        for pool in program.state_pools[state]:
            at = [
                by_name[f"d_{state}"].read(
                    components, values | {f"net_{p}": float(one and p == pool) for p in program.state_pools[state]}
                )
                for one in (False, True)
            ]
            for j, flux in enumerate(program.fluxes.values()):
                if pool in flux.posts:
                    out[i, j] += (at[1] - at[0]) * program.coefficient(flux, pool, components, values)
    return out


def conservation_laws(program: Program, components: Components, states: Mapping[str, float]) -> ConservationLaws:
    """Left null vectors of d(rate)/d(flux), named by the contents of the pools where possible."""
    matrix, excluded = state_response(program, components, states)
    names = [name for name in program.states if name not in excluded]
    rows = matrix[[list(program.states).index(n) for n in names]]
    size = np.abs(rows).max(axis=1, initial=0.0)
    still = size == 0
    scaled = rows / np.where(still, 1.0, size)[:, None]
    null_dimension = len(names) - (np.linalg.matrix_rank(scaled, tol=1e-9) if rows.size else 0)

    laws: list[ConservationLaw] = []
    basis = np.zeros((0, len(names)))

    def accept(name: str, vector: Any) -> None:
        nonlocal basis
        reduced = vector.astype(float)
        for row in basis:  # keep each law free of the leading state of those before it
            lead = np.flatnonzero(row)[0]
            reduced = reduced - row * reduced[lead] / row[lead]
        reduced[np.abs(reduced) < 1e-12 * np.abs(vector).max(initial=1e-300)] = 0
        if not reduced.any():
            return
        basis = np.vstack([basis, reduced])
        reduced = -reduced if (reduced <= 0).all() else reduced
        note = _note(program, names, reduced) if name in ("charge", "unnamed") else ""
        whole = {n: float(c) for n, c in zip(names, vector) if c}
        laws.append(ConservationLaw(name, _tidy(names, reduced), note, whole))

    for i in np.flatnonzero(still):
        accept(f"{names[i]} (no flux moves it)", np.eye(len(names))[i])
    for content in dict.fromkeys(c for contents in program.contents.values() for c in contents):
        vector = _content_vector(program, components, states, names, content)
        if vector.any() and np.allclose(vector @ rows, 0, atol=1e-9 * (np.abs(vector) @ np.abs(rows)).max(initial=0)):
            accept(content, vector)
    for vector in _remaining(scaled, basis * np.where(still, 1.0, size), null_dimension):
        accept("unnamed", vector / np.where(still, 1.0, size))
    found = ConservationLaws(laws)
    found.excluded = tuple(excluded)
    return found


def _content_vector(
    program: Program, components: Components, states: Mapping[str, float], names: list[str], content: str
) -> Any:
    """Amount of a content held per unit of each state: contents of its pool over d(rate)/d(net)."""
    values = _context(program, components, states)
    by_name = {s.name: s for s in program.statements}
    vector = np.zeros(len(names))
    for i, state in enumerate(names):
        for pool in program.state_pools[state]:
            amount = program.contents.get(pool, {}).get(content, 0.0)
            if amount:
                nets = {f"net_{p}": 0.0 for p in program.state_pools[state]}
                low = by_name[f"d_{state}"].read(components, values | nets)
                high = by_name[f"d_{state}"].read(components, values | nets | {f"net_{pool}": 1.0})
                vector[i] += amount / (high - low)
    return vector


def _remaining(scaled: Any, known: Any, dimension: int) -> Any:
    """Null vectors beyond the known ones."""
    if dimension <= len(known):
        return []
    null: Any = np.linalg.svd(scaled.T, full_matrices=True)[2][scaled.shape[0] - dimension :] if scaled.size else []
    if len(known):
        q = np.linalg.qr(known.T)[0]
        null = null - null @ q @ q.T
    u = np.linalg.svd(null)[2][: dimension - len(known)]
    return u


def _tidy(names: list[str], vector: Any) -> dict[str, float]:
    """Divide by the smallest coefficient where that makes small whole numbers."""
    present = np.abs(vector[vector != 0])
    ratio = vector / present.min()
    whole = np.allclose(ratio, np.round(ratio), atol=1e-9) and np.abs(ratio).max() <= 12
    nice = np.round(ratio) if whole else vector
    return {name: float(c) for name, c in zip(names, nice) if c != 0}


def _note(program: Program, names: list[str], vector: Any) -> str:
    """Say so when a membrane potential and one other state are a single variable."""
    involved = [names[i] for i in np.flatnonzero(vector)]
    if len(involved) != 2:
        return ""
    charged = [n for n in involved if any("charge" in program.contents.get(p, {}) for p in program.state_pools[n])]
    if len(charged) != 2:
        return ""
    return (
        f"one degree of freedom lost: {involved[0]} and {involved[1]} are a single variable, because every flux "
        "between them moves charge. Add an electroneutral path, such as cation/H+ or phosphate/H+ exchange"
    )
