"""Wiring: from components to one ordered program of named statements, by argument name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .component import Component
from .declarations import Law
from .errors import ModelError, nearest
from .expressions import read
from .program import Components, Flux, Program, Statement, Values, expression_inputs, resolver

__all__ = ["assemble"]


def assemble(components: Iterable[Component]) -> Program:
    """Wire components into a program, or say by name why they do not fit together."""
    return _Assembly(tuple(components)).program()


class _Assembly:
    def __init__(self, components: tuple[Component, ...]) -> None:
        self.components: dict[str, Component] = {}
        for item in components:
            if not isinstance(item, Component):
                raise ModelError(f"a model is made of components, and {item!r} is not one (a class without ()?).")
            if item.name in self.components:
                raise ModelError(f"two components are called {item.name!r}; give one another name with .named('...').")
            self.components[item.name] = item
        self.states: dict[str, tuple[str, Law]] = {}
        self.shared: dict[str, tuple[str, str]] = {}
        self.fluxes: dict[str, Flux] = {}
        self.contents: dict[str, dict[str, float]] = {}
        self.state_pools: dict[str, tuple[str, ...]] = {}
        self.aliases: dict[str, str] = {}
        self.joined: dict[str, list[str]] = {}
        self.provided: dict[str, str] = {}
        self.statements: dict[str, Statement] = {}

    def program(self) -> Program:
        for name, item in self.components.items():
            self._declare(name, item)
        self._pools = {p for flux in self.fluxes.values() for p in flux.posts}
        for name, item in self.components.items():
            self._laws(name, item)
        self._aggregates()
        self._pool_sums()
        self._affinities()
        self._check_inputs()
        return Program(
            self.states,
            self.shared,
            self.fluxes,
            self._ordered(),
            self.state_pools,
            self.aliases,
            self.contents,
        )

    # --- what there is ---------------------------------------------------------------------

    def _provide(self, name: str, by: str) -> None:
        if name in self.provided:
            raise ModelError(
                f"{name!r} is provided twice, by {self.provided[name]} and by {by}; rename one with "
                ".rewire(...) or leave one component out."
            )
        self.provided[name] = by

    def _declare(self, owner: str, item: Component) -> None:
        for parameter in item.declared_parameters.values():
            if parameter.shared:
                name = item.wired(parameter.name)
                self._provide(name, f"{owner}.{parameter.name}")
                self.shared[name] = (owner, parameter.name)
        for law in item.declared_laws.values():
            name = item.output(law)
            self._provide(name, f"{owner}.{law.name}")
            if law.kind == "state":
                self.states[name] = (owner, law)
                alias = law.options["alias"]
                if name == law.name or alias in dict(item.wiring):  # a renamed state keeps no alias by itself
                    self._alias(item.wired(alias), name)
            if law.options.get("into"):
                self.joined.setdefault(item.wired(law.into), []).append(name)
            if law.kind == "flux":
                posts = {item.wired(pool): coefficient for pool, coefficient in law.posts.items()}
                self.fluxes[name] = Flux(name, owner, law, posts)
        for pool, contents in item.contents.items():
            known = self.contents.setdefault(item.wired(pool), {})
            for name, amount in contents.items():
                content = item.wired(name)
                if known.setdefault(content, amount) != amount:
                    raise ModelError(
                        f"pool {item.wired(pool)!r} is said to contain {known[content]:g} and {amount:g} {content}."
                    )

    def _alias(self, alias: str, state: str) -> None:
        """What an experimenter calls a state must mean one state only."""
        if alias and alias in self.aliases:
            raise ModelError(
                f"{alias!r} would mean both {self.aliases[alias]} and {state}; give one of them another name with "
                f".rewire({alias}='...')."
            )
        if alias:
            self.aliases[alias] = state

    def _laws(self, owner: str, item: Component) -> None:
        local = {law.name for law in item.declared_laws.values() if item.output(law) != item.wired(law.name)}
        for law in item.declared_laws.values():
            name = item.output(law)
            sources = {}
            for argument in law.inputs:
                if argument in ("affinity", "standard_affinity") and law.kind == "flux":
                    sources[argument] = f"{argument}_{name}"
                elif argument in local:
                    sources[argument] = item.output(item.declared_laws[argument])
                else:
                    sources[argument] = item.wired(argument)
            factor = item.wired(law.options.get("scaled_by") or "")
            factor = factor if factor in self.provided else ""
            if law.kind == "state":
                nets = (v.removeprefix("net_") for v in sources.values() if v.startswith("net_"))
                self.state_pools[name] = tuple(nets)
            self._add(
                Statement(
                    name=f"d_{name}" if law.kind == "state" else name,
                    kind="rate" if law.kind == "state" else law.kind,
                    unit=law.unit,
                    inputs=(*sources.values(), *([factor] if factor else [])),
                    read=_law_reader(owner, law, sources, factor),
                    owner=owner,
                    law=law,
                    long_name=law.long_name,
                    symbol=law.options.get("symbol", ""),
                )
            )

    def _aggregates(self) -> None:
        known: dict[str, str] = {}
        for owner, item in self.components.items():
            for declared in item.declared_aggregates.values():
                name = item.wired(declared.name)
                if known.setdefault(name, declared.kind) != declared.kind:
                    raise ModelError(f"{name!r} is declared both as a total and as a factor.")
                if name not in self.provided:
                    self._provide(name, owner)
                    parts = tuple(self.joined.get(name, ()))
                    self._add(
                        Statement(
                            name,
                            declared.kind,
                            declared.unit,
                            parts,
                            _aggregate_reader(declared.kind, parts),
                            owner=owner,
                            long_name=declared.why,
                            symbol=declared.symbol,
                        )
                    )
        for name, contributors in self.joined.items():
            if name not in known:
                raise ModelError(
                    f"{contributors[0]} goes into {name!r}, which no component of this model reads."
                    + nearest(name, known)
                )

    def _pool_sums(self) -> None:
        wanted = {pool for pools in self.state_pools.values() for pool in pools}
        potentials = {n.removeprefix("mu_") for n in self.provided if n.startswith("mu_")}
        # A reservoir needs no potential if nothing that draws on it is driven by one.
        driven = {pool for flux in self.fluxes.values() if flux.law.driven for pool in flux.posts}
        reservoirs = set(self.contents) - driven
        for pool in sorted(self._pools - wanted - potentials - reservoirs):
            poster = next(f.name for f in self.fluxes.values() if pool in f.posts)
            raise ModelError(
                f"{poster} posts to pool {pool!r}, which is neither a state nor a reservoir with a potential "
                f"mu_{pool}." + nearest(pool, wanted | potentials)
            )
        usual = next((flux.law.unit for flux in self.fluxes.values()), "1")
        asked = {i for s in self.statements.values() for i in s.inputs if i.startswith("net_")}
        for pool in sorted(wanted | {a.removeprefix("net_") for a in asked}):
            posters = [flux for flux in self.fluxes.values() if pool in flux.posts]
            for flux in posters:
                if flux.law.unit != posters[0].law.unit:
                    raise ModelError(
                        f"{flux.name} is in {flux.law.unit} and {posters[0].name} in {posters[0].law.unit}, but both "
                        f"fill pool {pool!r}; a model has one set of units."
                    )
            unit = posters[0].law.unit if posters else usual
            inputs = {f.name for f in posters}
            for flux in posters:
                inputs |= expression_inputs(self.components[flux.owner], flux.posts[pool])
            self._add(
                Statement(
                    f"net_{pool}",
                    "net",
                    unit,
                    tuple(sorted(inputs)),
                    _net_reader(pool, posters),
                    long_name=f"Sum of all fluxes into pool {pool}",
                )
            )
            self.provided[f"net_{pool}"] = "the model"

    def _affinities(self) -> None:
        for flux in self.fluxes.values():
            for kind, prefixes in (("affinity", ("mu_",)), ("standard_affinity", ("mu0_", "mu_"))):
                name = f"{kind}_{flux.name}"
                potentials = {
                    pool: next((p + pool for p in prefixes if p + pool in self.provided), "") for pool in flux.posts
                }
                missing = [pool for pool, found in potentials.items() if not found]
                if missing:
                    if kind in flux.law.inputs:
                        raise ModelError(
                            f"{flux.name} needs its {kind}, and pool {missing[0]!r} has no mu_{missing[0]}."
                        )
                    continue
                if kind == "standard_affinity" and kind not in flux.law.inputs:
                    continue
                inputs = set(potentials.values())
                for coefficient in flux.posts.values():
                    inputs |= expression_inputs(self.components[flux.owner], coefficient)
                self._add(
                    Statement(
                        name,
                        kind,
                        "kJ/mol",
                        tuple(sorted(inputs)),
                        _affinity_reader(flux, potentials),
                        long_name=f"Affinity that drives {flux.name}",
                    )
                )
                self.provided[name] = flux.owner

    # --- does it fit ------------------------------------------------------------------------

    def _add(self, statement: Statement) -> None:
        self.statements[statement.name] = statement

    def _check_inputs(self) -> None:
        for statement in self.statements.values():
            for name in statement.inputs:
                if name not in self.provided:
                    who = f"{statement.owner}.{statement.law.name}" if statement.law is not None else statement.name
                    hint = self._private_hint(name) or nearest(name, self.provided)
                    raise ModelError(f"{who} needs {name!r}, which no component provides.{hint}")

    def _private_hint(self, name: str) -> str:
        for owner, item in self.components.items():
            if name in item.declared_parameters:
                return f" {owner}.{name} is a private parameter; declare it with shared=True to let others read it."
        return ""

    def _ordered(self) -> tuple[Statement, ...]:
        done: dict[str, Statement] = {}
        path: list[str] = []

        def visit(name: str) -> None:
            if name in done or name not in self.statements:
                return
            if name in path:
                cycle = " -> ".join([*path[path.index(name) :], name])
                raise ModelError(f"these quantities need each other in a circle: {cycle}.")
            path.append(name)
            for source in self.statements[name].inputs:
                visit(source)
            path.pop()
            done[name] = self.statements[name]

        for name in self.statements:
            visit(name)
        return tuple(done.values())


# --- readers: how each kind of statement is computed ---------------------------------------------


def _law_reader(owner: str, law: Law, sources: Mapping[str, str], factor: str) -> Callable[[Components, Values], Any]:
    def run(components: Components, values: Values) -> Any:
        value = law.read_with(components[owner], {a: values[s] for a, s in sources.items()})
        return values[factor] * value if factor else value

    return run


def _aggregate_reader(kind: str, parts: tuple[str, ...]) -> Callable[[Components, Values], Any]:
    def run(components: Components, values: Values) -> Any:
        if not parts:
            return 0 if kind == "total" else 1
        result = values[parts[0]]
        for part in parts[1:]:
            result = result + values[part] if kind == "total" else result * values[part]
        return result

    return run


def _net_reader(pool: str, fluxes: list[Flux]) -> Callable[[Components, Values], Any]:
    def run(components: Components, values: Values) -> Any:
        terms = [
            read(flux.posts[pool], resolver(components[flux.owner], values)) * values[flux.name] for flux in fluxes
        ]
        return sum(terms[1:], start=terms[0]) if terms else 0

    return run


def _affinity_reader(flux: Flux, potentials: Mapping[str, str]) -> Callable[[Components, Values], Any]:
    def run(components: Components, values: Values) -> Any:
        resolve = resolver(components[flux.owner], values)
        terms = [-read(flux.posts[pool], resolve) * values[mu] for pool, mu in potentials.items()]
        return sum(terms[1:], start=terms[0])

    return run
