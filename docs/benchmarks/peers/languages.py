"""The equations as text in the languages of the peers."""

from __future__ import annotations

from .equations import Infix, System

__all__ = ["TEXTS"]


def antimony_text(system: System) -> str:
    """Reactions with stoichiometry between species; a membrane potential is a species of a compartment ``C``."""
    problem = system.problem
    matrix, volumes, fluxes = system.reactions
    statements = system.assignments(jacobian=False, cse=False)
    wanted = [system.expression(f) for f in fluxes]
    needed = system.reached(statements, wanted)
    kept = {s: e for s, e in statements.items() if s in needed}
    names = system.names(statements)
    printer = Infix(names, power="pow({}, {})", functions={"log": "ln"})
    text = ["model bench()"]
    for i, (volume, value) in enumerate(zip(volumes.tolist(), problem.y0.tolist())):
        text += [f"  compartment c{i} = {volume!r};"]
        text += [f"  {'' if i in system.free else 'const '}species y{i} in c{i}; y{i} = {value!r};"]
    text += [f"  p{i} = {value!r};" for i, value in enumerate(problem.defaults.tolist())]
    laws = {str(system.quantities[f]): f for f in fluxes if not system.expression(f).is_number}
    text += [f"  {names[s]} := {printer.doprint(e)};" for s, e in kept.items() if str(s) not in laws]
    for j, flux in enumerate(fluxes):
        expression = system.expression(flux)
        if expression == 0 or not matrix[:, j].any():
            continue
        law = printer.doprint(statements.get(expression, expression))
        sides = []
        for sign in (-1, 1):
            sides.append(" + ".join(f"{abs(c)!r} y{i}" for i, c in enumerate(matrix[:, j].tolist()) if sign * c > 0))
        name = names.get(expression, f"J{j}")
        text += [f"  {name}: {sides[0]} -> {sides[1]}; {law};"]
    return "\n".join([*text, "end"])


def sbml(system: System) -> str:
    import antimony

    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(antimony_text(system)) < 0:
        raise RuntimeError(antimony.getLastError())
    return antimony.getSBMLString("bench")


def diffsl_text(system: System) -> str:
    """The model; the start values are inputs after the dials."""
    lines, rates = system.lines(lambda names: Infix(names, power="pow({}, {})"))
    n, m = len(system.states), len(system.dials)
    names = [f"p{i}" for i in range(m)] + [f"s{i}" for i in range(n)]
    text = [f"in_i {{ {', '.join(f'{name} = 1.0' for name in names)} }}"]
    text += ["u_i {", *(f"  y{i} = s{i}," for i in range(n)), "}"]
    text += [f"{name} {{ {body} }}" for name, body in lines]
    text += ["F_i {", *(f"  {rate}," for rate in rates), "}"]
    return "\n".join(text)


def mmt_text(system: System) -> str:
    lines, rates = system.lines(lambda names: Infix(names, power="{} ^ {}"))
    problem = system.problem
    text = ["[[model]]", "name: bench"]
    text += [f"m.y{i} = {value!r}" for i, value in enumerate(problem.y0.tolist())]
    text += ["", "[engine]", "time = 0 bind time", "", "[m]"]
    text += [f"p{i} = {value!r}" for i, value in enumerate(problem.defaults.tolist())]
    text += [f"{name} = {body}" for name, body in lines]
    text += [f"dot(y{i}) = {rate}" for i, rate in enumerate(rates)]
    return "\n".join(text)


TEXTS = {"python": lambda system: system.source, "sbml": sbml, "diffsl": diffsl_text, "mmt": mmt_text}
"""By name; "python" is what CasADi, jax, numba and SciPy execute."""
