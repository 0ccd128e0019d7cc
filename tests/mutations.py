"""Laws changed in one place: a sign flipped, a factor dropped, a coefficient changed, the sides swapped."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import operator
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

SIDES = {
    "pH_matrix": "pH_bath",
    "proton_matrix": "proton_bath",
    "protonated_matrix": "protonated_bath",
    "atp_matrix": "atp_bath",
    "adp_matrix": "adp_bath",
    "pi_matrix": "pi_bath",
}
SIDES |= {b: a for a, b in SIDES.items()}
UNITS = {"standard_concentration", "micromolar", "microlitres"}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One change in one law."""

    component: str
    law: str
    kind: str
    text: str
    apply: Callable[[], None]

    @property
    def name(self) -> str:
        return f"{self.component}.{self.law}: {self.text}"


class _OneChange(ast.NodeTransformer):
    """Applies the ``number``-th possible change and says what it did."""

    def __init__(self, number: int) -> None:
        self.left, self.kind, self.text = number, "", ""

    def _takes(self) -> bool:
        self.left -= 1
        return self.left == -1

    def _done(self, kind: str, before: ast.AST, after: ast.AST) -> ast.AST:
        self.kind, self.text = kind, f"{ast.unparse(before)}  ->  {ast.unparse(after)}"
        return after

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, ast.Add | ast.Sub) and self._takes():
            other: ast.operator = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            return self._done("sign", node, ast.BinOp(node.left, other, node.right))
        if isinstance(node.op, ast.Mult | ast.Div):
            if not _is_one(node.right) and self._takes():
                return self._done(self._kind_of(node.right), node, node.left)
            if isinstance(node.op, ast.Mult) and not _is_one(node.left) and self._takes():
                return self._done(self._kind_of(node.left), node, node.right)
        if isinstance(node.op, ast.Pow) and self._takes():
            return self._done("factor", node, node.left)
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        if isinstance(node.op, ast.USub) and self._takes():
            return self._done("sign", node, node.operand)
        return self.generic_visit(node)

    @staticmethod
    def _kind_of(dropped: ast.AST) -> str:
        names = {n.id for n in ast.walk(dropped) if isinstance(n, ast.Name)}
        names |= {n.attr for n in ast.walk(dropped) if isinstance(n, ast.Attribute)}
        return "mM for M" if names & UNITS else "factor"


def _is_one(node: ast.AST) -> bool:
    """A factor whose loss changes nothing."""
    return isinstance(node, ast.Constant) and node.value == 1


class _SwapSides(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(SIDES.get(node.id, node.id), node.ctx)


def _function(law: Any) -> ast.FunctionDef:
    tree = ast.parse(textwrap.dedent(inspect.getsource(law.function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    return tree


def _compiled(tree: ast.FunctionDef, law: Any) -> Any:
    module = ast.fix_missing_locations(ast.Module([tree], []))
    space: dict[str, Any] = {}
    exec(compile(module, "<mutant>", "exec"), law.function.__globals__, space)
    return space[tree.name]


def _of_law(component: str, law: Any) -> Iterator[Mutant]:
    seen: set[str] = set()
    for number in range(1000):
        change = _OneChange(number)
        tree = change.visit(_function(law))
        if not change.kind:
            break
        if change.text in seen:
            continue
        seen.add(change.text)
        mutated = _compiled(tree, law)
        yield Mutant(component, law.name, change.kind, change.text, lambda f=mutated: setattr(law, "function", f))
    swapped = _function(law)
    swapped.body = [_SwapSides().visit(s) for s in swapped.body]
    if ast.unparse(swapped) != ast.unparse(_function(law)):
        names = sorted(set(law.inputs) & set(SIDES))
        if all(SIDES[n] in law.inputs for n in names):
            mutated = _compiled(swapped, law)
            yield Mutant(component, law.name, "sides", "sides swapped", lambda: setattr(law, "function", mutated))


def _of_posts(component: str, law: Any) -> Iterator[Mutant]:
    posts = law.options.get("posts", {})
    for pool, coefficient in posts.items():
        for text, value in ((f"-({coefficient})", -coefficient), (f"2*({coefficient})", 2 * coefficient)):
            changed = posts | {pool: value}
            yield Mutant(
                component, law.name, "stoichiometry", f"post {pool} = {text}",
                lambda c=changed: law.options.__setitem__("posts", c),
            )  # fmt: skip
        dropped = {k: v for k, v in posts.items() if k != pool}
        yield Mutant(
            component, law.name, "stoichiometry", f"post {pool} dropped",
            lambda c=dropped: law.options.__setitem__("posts", c),
        )  # fmt: skip


def _of_expression(component: str, name: str, node: Any) -> Iterator[Mutant]:
    """Changes of a class-body expression such as ``c_ring / 3 + 1``: every operator in turn."""
    other = {
        operator.add: operator.sub,
        operator.sub: operator.add,
        operator.mul: lambda a, b: a,
        operator.truediv: lambda a, b: a,
    }
    if node.op in other and not (node.op is operator.mul and node.right == 1):
        kind = "sign" if node.op in (operator.add, operator.sub) else "factor"
        yield Mutant(
            component, name, kind, f"operator of {node}", lambda: setattr(node, "op", other[node.op])
        )  # fmt: skip
    for side in (node.left, node.right):
        if hasattr(side, "op"):
            yield from _of_expression(component, name, side)


def mutants(pattern: str = "") -> list[Mutant]:
    """Every mutant of every exported component whose name contains the pattern."""
    from mitochem import components

    found: list[Mutant] = []
    done: set[int] = set()
    for name in components.__all__:
        for law in getattr(components, name).declared_laws.values():
            if id(law) not in done:  # an inherited law is one law
                done.add(id(law))
                found += _of_law(name, law)
                found += _of_posts(name, law)
        for attribute, expression in getattr(components, name).declared_expressions.items():
            if id(expression) not in done:
                done.add(id(expression))
                found += _of_expression(name, attribute, expression)
    return [m for m in found if pattern.lower() in m.name.lower()]
